"""Reviewed claims: in the file whatever was decided, in the graph if they were accepted."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import jsonschema
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from kg import annotation
from kg.edtf import Edtf
from kg.errors import AnnotationError
from kg.mapping.keys import claim_names
from kg.mapping.read import from_graph
from kg.mapping.times import dates
from kg.model import (
    Annotation,
    Judgement,
    Mention,
    Passage,
    Quantity,
    Ref,
    Review,
    Slug,
    Span,
    Stance,
    ordered,
    standing,
)
from kg.vocab import KG, PROV, RDF, RDFS, SKOS, concept
from tests.strategies import LAW, Case, cases
from tests.test_mapping import IRIS, SHA256, H, claim, graph, small, subjects

if TYPE_CHECKING:
    from tests.conftest import NewWorkspace, Run

ACCEPTED = Review(status="accepted", by="Ines Calder", when=Edtf("2031-05-06"), because="I asked.")
REJECTED = Review(status="rejected", by="Ines Calder", when=Edtf("2031-05-06"))


@st.composite
def reviewed(draw: st.DrawFn) -> Annotation:
    """An annotation of which some claims were reviewed."""
    case: Case = draw(cases())
    names = st.sampled_from(["Ines Calder", "井 上", 'A "B" C', "x/y"])
    words = st.none() | st.sampled_from(["So it is.", "no", "a: b", 'say "no"\n'])
    reviews = st.none() | st.builds(
        Review,
        status=st.sampled_from(["accepted", "accepted", "rejected"]),
        by=names,
        when=st.sampled_from([Edtf("2031-05-06"), Edtf("2031")]),
        because=words,
    )
    claims = tuple(replace(c, review=draw(reviews)) for c in case.complete.claims)
    return replace(case.complete, claims=claims)


@LAW
@given(reviewed())
def test_a_graph_gives_all_but_what_was_rejected_back(found: Annotation) -> None:
    rejected = {c.id for c in found.claims if c.review and c.review.status == "rejected"}
    event(f"rejected: {min(len(rejected), 2)}")
    made = graph(found)
    again = from_graph(made.content, made.provenance, IRIS)
    assert again == ordered(found)
    assert {c.id for c in again.claims} == {c.id for c in found.claims} - rejected
    assert made == graph(replace(standing(found), claims=found.claims))


@LAW
@given(reviewed())
def test_what_was_decided_is_read_as_it_was_written(found: Annotation) -> None:
    kinds = {"a": "actor"}
    bare = small(*(claim(f"c{i}", review=c.review) for i, c in enumerate(found.claims)))
    bare = replace(bare, claims=tuple(replace(c, source=(Ref("a"),)) for c in bare.claims))
    for name in ("a.yaml", "a.json"):
        content = annotation.write(bare, name).encode()
        again = annotation.read(content, name, text=lambda _: None, kinds=kinds)
        assert [c.review for c in again.claims] == [c.review for c in bare.claims]
        data = json.loads(annotation.write(bare, "a.json"))
        jsonschema.Draft202012Validator(annotation.json_schema()).validate(data)


def test_an_accepted_claim_has_its_reviewer_and_the_date() -> None:
    found = graph(small(claim("c1", review=ACCEPTED)))
    node = IRIS.thing("claim", f"{H}-0-5")
    agent = IRIS.agent("Ines Calder")
    assert {
        Triple(node, KG.status, concept("status", "accepted")),
        Triple(node, KG.reviewedBy, agent),
        Triple(node, KG.reviewed, IRIS.date("2031-05-06")),
        Triple(node, SKOS.editorialNote, Literal("I asked.")),
        Triple(agent, RDF.type, PROV.Agent),
        Triple(agent, RDFS.label, Literal("Ines Calder")),
    } == found.content - graph(small(claim("c1"))).content
    assert dates(found.content, IRIS) == {"2031-05-06"}


def test_a_claim_without_a_review_is_written_as_ever() -> None:
    found = graph(small(claim("c1")))
    assert not {t for t in found.content if t.predicate in {KG.status, KG.reviewed, KG.reviewedBy}}


def test_a_rejected_claim_leaves_nothing_and_no_reference() -> None:
    stance = Stance(actor=Ref("japan"), issue=Ref("c1"), stance="opposes")
    judgement = Judgement(
        from_=Ref("c2"), relation="contradicts", to=Ref("c1"), confidence=Decimal(1),
        when=Edtf("2031"), by="me",
    )  # fmt: skip
    gone = claim(
        "c1", (0, 5), (20, 25), review=REJECTED, cue=(Span(40, 43),),
        quantities=(Quantity(of=Ref("japan"), value=Decimal(2), unit="person"),),
    )  # fmt: skip
    refers = claim(
        "c2", (0, 9), (20, 25), about=(Ref("c1"), Ref("japan")), asserts=(Ref("c1"),),
        supports=(Slug("c1"),), stances=(stance,),
    )  # fmt: skip
    passages = [(0, 5), (0, 9), (20, 25), (40, 43), (50, 55)]
    whole = replace(
        small(gone, refers),
        judgements=(judgement,),
        mentions=(Mention(span=Span(50, 55), of=Ref("japan")),),
        passages=tuple(Passage(span=Span(*span), sha256=SHA256) for span in passages),
    )
    found = graph(whole)
    assert subjects(found.content, KG.Claim) == {f"{IRIS.base}id/claim/{H}-0-9"}
    for class_ in (KG.Stance, KG.Quantity, KG.Judgement):
        assert subjects(found.content, class_) == set()
    kept_passages = subjects(found.content, KG.Passage) | subjects(found.content, KG.Mention)
    assert {iri.partition("=")[2] for iri in kept_passages} == {"0,9", "20,25", "50,55"}
    left = claim("c2", (0, 9), (20, 25), about=(Ref("japan"),))
    kept = tuple(
        passage for passage in whole.passages if passage.span in {(0, 9), (20, 25), (50, 55)}
    )
    bare = replace(small(left), mentions=whole.mentions, passages=kept)
    assert found.content == graph(bare).content
    assert standing(whole) == bare
    assert standing(bare) is bare


def test_the_names_of_other_claims_do_not_change_when_one_is_rejected() -> None:
    before = small(claim("c1"), claim("c2"), claim("c3"))
    after = replace(before, claims=(replace(before.claims[0], review=REJECTED), *before.claims[1:]))
    assert claim_names(before) == claim_names(after)
    names = subjects(graph(before).content, KG.Claim)
    assert names - subjects(graph(after).content, KG.Claim) == {f"{IRIS.base}id/claim/{H}-0-5"}


def test_a_judgement_keeps_why_it_was_made() -> None:
    judgement = Judgement(
        from_=Ref("c1"), relation="contradicts", to=Ref("c2"), confidence=Decimal("0.5"),
        when=Edtf("2031"), by="me", note="They name two days.",
    )  # fmt: skip
    whole = replace(small(claim("c1"), claim("c2", (9, 12))), judgements=(judgement,))
    found = graph(whole)
    notes = [t.object for t in found.content if t.predicate == SKOS.editorialNote]
    assert notes == [Literal("They name two days.")]
    assert from_graph(found.content, found.provenance, IRIS).judgements == (judgement,)


FAULTS: dict[str, str] = {
    "review: {status: proposed, by: A, when: 2031}": "expected accepted or rejected, found 'proposed'",
    "review: {status: acepted, by: A, when: 2031}": "did you mean accepted?",
    "review: accepted": "expected keys with values (status, by, when, because), found 'accepted'",
    "review: {status: accepted, when: 2031}": "by is missing",
    "review: {status: accepted, by: A, when: yesterday}": "found 'yesterday'",
    "review: {status: accepted, by: '', when: 2031}": "expected words, found ''",
    "review: {status: accepted, by: A, when: 2031, why: x}": "unknown key",
}


@pytest.mark.parametrize("line", FAULTS)
def test_what_is_wrong_with_a_review_is_said_with_its_place(line: str) -> None:
    assert len(FAULTS) == 7
    made = small(claim("c1"))
    content = annotation.write(made, "a.yaml").replace(
        "  certainty: certain\n", f"  certainty: certain\n  {line}\n"
    )
    assert line in content
    with pytest.raises(AnnotationError) as error:
        annotation.read(content.encode(), "a.yaml", text=lambda _: None, kinds={"japan": "actor"})
    (problem,) = error.value.problems
    assert FAULTS[line] in str(problem)
    assert problem.line == content[: content.index(line)].count("\n") + 1
    assert "claims 1" in problem.message


TEXT = """\
Bridge to close for a week

The bridge at Orrin will close on Monday, Mayor Tilda Marsh said.
"It is not safe," Marsh said. Marsh denied that the town had known of the cracks.
"""


def test_what_is_decided_shows_in_the_graph_and_conforms(new: NewWorkspace, run: Run) -> None:
    workspace = new()
    (workspace.articles / "bridge.txt").write_text(TEXT)
    assert run("build", cwd=workspace.root).code == 0
    rows = json.loads(run("review", "claims", "-f", "json", cwd=workspace.root).out)
    assert len(rows) >= 2
    first, second, *others = [row["id"] for row in rows]
    checked = run("validate", cwd=workspace.root)
    answer = run(
        *("review", "--by", "Ines Calder", "--accept", first, "--reject", second),
        cwd=workspace.root,
    )
    assert (answer.code, answer.err) == (0, "")
    assert run("validate", cwd=workspace.root).code == checked.code == 0
    left = json.loads(run("review", "-f", "json", cwd=workspace.root).out)
    assert [row["id"] for row in left] == others
    accepted = NamedNode(f"{workspace.settings.base}id/{first.replace(':', '/')}")
    gone = NamedNode(f"{workspace.settings.base}id/{second.replace(':', '/')}")
    with workspace.reading() as store:
        assert bool(store.query(f"ASK {{ {accepted} {KG.reviewedBy} ?by ; {KG.reviewed} ?date }}"))
        assert not bool(store.query(f"ASK {{ {{ {gone} ?p ?o }} UNION {{ ?s ?p {gone} }} }}"))
        assert bool(store.query(f"ASK {{ {accepted} {KG.reviewed}/{SKOS.notation} ?edtf }}"))
    before = (workspace.articles / "bridge.yaml").read_bytes()
    answer = run("build", cwd=workspace.root)
    assert (answer.code, answer.err) == (0, "1 file unchanged\n")
    assert run("add", "--with", "rules", workspace.articles / "bridge.txt", cwd=workspace.root)
    assert (workspace.articles / "bridge.yaml").read_bytes() == before
    again = run(
        "review", "--by", "I", "--withdraw", first, "--withdraw", second, cwd=workspace.root
    )
    assert again.code == 0
    assert json.loads(run("review", "-f", "json", cwd=workspace.root).out) == rows

"""The same item in several articles: one node, as long as the links stand and nobody says otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import NamedNode

from kg.analysis import Judge, Judgement
from kg.build import build
from kg.errors import ConfigError
from kg.link.judging import SELF
from kg.link.linking import link
from kg.names import resolve
from kg.review.opening import opened
from kg.review.queue import Pair, waiting
from kg.vocab import DCTERMS, KG, SKOS, WIKIDATA
from kg.workspace import Workspace
from tests.conftest import copied, files
from tests.link_world import World

if TYPE_CHECKING:
    from pathlib import Path

    from kg.link.outcome import Report
    from kg.review.deciding import Desk
    from tests.conftest import Run

MIRA = Judge(name="Mira")
ITEM = "Q900000011"
WIRE = NamedNode(WIKIDATA + ITEM)
THING = "  - {{id: {}, type: actor, kind: {}, label: Lantern Wire}}\n"


@pytest.fixture
def wires(tmp_path: Path, built_sample: Workspace) -> Workspace:
    """Two articles, each with a news agency of its own that the register does not know."""
    workspace = copied(built_sample, tmp_path / "sample")
    with (workspace.root / "kg.toml").open("a") as file:
        file.write('gate = "off"\n')
    workspace = Workspace.open(workspace.root)
    for name in ("ferry", "harbour"):
        give(workspace, name, THING.format("lantern-wire", "media"))
    return workspace


def give(workspace: Workspace, article: str, thing: str) -> None:
    file = workspace.articles / f"{article}.yaml"
    content = file.read_text()
    assert content.count("\nthings:\n") == 1
    file.write_text(content.replace("\nthings:\n", f"\nthings:\n{thing}"))


def run_link(workspace: Workspace, **options: Any) -> Report:
    with workspace.writing() as store:
        assert not build(workspace, store).problems
        report = link(workspace, store, World(), **{"whole": True, "accept": 0.5, **options})
        assert not build(workspace, store).problems
    return report


def own(workspace: Workspace, article: str, id_: str = "lantern-wire") -> NamedNode:
    text = (workspace.articles / f"{article}.yaml").read_text()
    return workspace.iris.thing("actor", f"{text.partition('sha256: ')[2][:12]}-{id_}")


def found(workspace: Workspace, name: str = ITEM) -> NamedNode:
    with workspace.reading() as store:
        return resolve(store, workspace.prefixes, name, KG.Actor)


def merges(workspace: Workspace) -> list[Judgement]:
    judged = workspace.analysis().judgements.values()
    return [judgement for judgement in judged if judgement.relation == DCTERMS.isReplacedBy]


def decided(workspace: Workspace, *judgements: Judgement) -> None:
    analysis = workspace.analysis()
    assert all(analysis.decide(judgement) for judgement in judgements)
    with workspace.writing() as store:
        workspace.keep(analysis)
        assert not build(workspace, store).problems


def made(from_: NamedNode, relation: NamedNode, to: NamedNode, status: Any) -> Judgement:
    return Judgement(from_=from_, relation=relation, to=to, confidence=Decimal(1), status=status,
                     by=MIRA, method="review", when="2031-04-02")  # fmt: skip


def desk_of(workspace: Workspace) -> Desk:
    with workspace.writing() as store:
        graphs = build(workspace, store).graphs
    desk = opened(workspace, graphs)
    desk.by = "Mira"
    return desk


def test_the_same_item_in_two_articles_is_one_node(wires: Workspace) -> None:
    report = run_link(wires)
    (merge,) = merges(wires)
    things = {own(wires, "ferry"), own(wires, "harbour")}
    assert {merge.from_, merge.to} == things
    assert (merge.status, merge.by, merge.method) == ("accepted", SELF, "identifier-lookup")
    assert merge.note == f"both are {ITEM}"
    links = [j for thing in things for _, j in wires.analysis().about(thing)
             if j.relation == SKOS.exactMatch]  # fmt: skip
    assert len(links) == 2
    assert merge.confidence <= min(each.confidence for each in links)
    assert [(gone.node, kept.node) for gone, kept in report.merged] == [(merge.from_, merge.to)]
    assert found(wires) == found(wires, "Lantern Wire") == merge.to
    before = files(wires)
    assert run_link(wires).merged == []
    assert files(wires) == before


def test_an_entry_of_the_register_stays(wires: Workspace) -> None:
    file = wires.root / "entities.ttl"
    entry = (
        f'\nactor:wire a kg:Actor ; rdfs:label "Lantern Wire"@en ; kg:kind kgs:actor-media ;'
        f"\n    skos:exactMatch <{WIRE.value}> .\n"
    )
    file.write_text(file.read_text() + entry)
    run_link(wires)
    assert {merge.to for merge in merges(wires)} == {wires.iris.thing("actor", "wire")}
    assert len(merges(wires)) == 2
    assert found(wires) == wires.iris.thing("actor", "wire")


def test_a_refused_merge_is_not_made_again(wires: Workspace) -> None:
    run_link(wires)
    (merge,) = merges(wires)
    decided(wires, made(merge.from_, DCTERMS.isReplacedBy, merge.to, "rejected"))
    assert run_link(wires).merged == []
    assert [each.status for each in merges(wires)] == ["rejected"]
    with pytest.raises(ConfigError, match="is the name of several"):
        found(wires)


@pytest.mark.parametrize("kind", ["person", "state"])
def test_what_cannot_be_one_stays_two(wires: Workspace, kind: str) -> None:
    file = wires.articles / "ferry.yaml"
    file.write_text(file.read_text().replace("kind: media, label: Lantern", f"kind: {kind}, label: Lantern"))  # fmt: skip  # noqa: E501
    decided(wires, *(made(own(wires, name), SKOS.exactMatch, WIRE, "accepted")
                      for name in ("ferry", "harbour")))  # fmt: skip
    run_link(wires)
    assert merges(wires) == []


def test_what_one_article_tells_apart_waits_for_a_person(wires: Workspace) -> None:
    give(wires, "ferry", THING.format("other-wire", "media"))
    file = wires.articles / "ferry.yaml"
    mention = "mentions:\n  - {{span: [0, 3], of: {}}}\n  - {{span: [4, 7], of: {}}}\n"
    content = file.read_text()
    assert content.count("\nmentions:\n") == 1
    file.write_text(
        content.replace("\nmentions:\n", "\n" + mention.format("lantern-wire", "other-wire"))
    )
    decided(wires, *(made(own(wires, *name), SKOS.exactMatch, WIRE, "accepted")
                      for name in (("ferry",), ("ferry", "other-wire"), ("harbour",))))  # fmt: skip
    run_link(wires)
    (merge,) = merges(wires)
    ferry = {own(wires, "ferry"), own(wires, "ferry", "other-wire")}
    assert len({merge.from_, merge.to} & ferry) == 1


def test_a_merge_falls_with_the_link_behind_it(wires: Workspace) -> None:
    run_link(wires)
    (merge,) = merges(wires)
    desk = desk_of(wires)
    deeds = desk.relate(merge.from_, SKOS.exactMatch, WIRE, "rejected", "Another agency.")
    assert [deed.status for deed in deeds] == ["rejected", "proposed"]
    (loose,) = merges(wires)
    assert (loose.status, loose.note) == ("proposed", f"no longer: both are {ITEM}")
    desk.undo()
    assert [(each.status, each.note) for each in merges(wires)] == [("accepted", merge.note)]
    analysis = wires.analysis()
    key = wires.iris.judgement_key(merge.from_, SKOS.exactMatch, WIRE)
    desk.withdraw(wires.iris.thing("judgement", key))
    assert analysis.judgements[key].status == "accepted"
    assert wires.analysis().judgements[key].status == "proposed"
    assert [each.status for each in merges(wires)] == ["proposed"]


def test_a_link_that_fell_elsewhere_is_noticed_at_the_next_run(wires: Workspace) -> None:
    run_link(wires)
    (merge,) = merges(wires)
    decided(wires, made(merge.to, SKOS.exactMatch, WIRE, "rejected"))
    report = run_link(wires)
    assert (report.merged, report.parted) == ([], 1)
    assert [each.status for each in merges(wires)] == ["proposed"]


def test_a_dry_run_says_what_it_would_merge_and_writes_nothing(wires: Workspace) -> None:
    with wires.writing() as store:
        build(wires, store)
    before = files(wires)
    with wires.reading() as store:
        report = link(wires, store, World(), whole=True, accept=0.5, dry_run=True)
    assert len(report.merged) == 1
    assert files(wires) == before


def test_only_what_was_named_is_merged(wires: Workspace) -> None:
    links = [made(own(wires, name), SKOS.exactMatch, WIRE, "accepted")
             for name in ("ferry", "harbour")]  # fmt: skip
    decided(wires, *links)
    entry = next(iter(wires.register().kinds))
    assert run_link(wires, only=[wires.register().iri(entry)]).merged == []
    assert len(run_link(wires, only=[own(wires, "ferry")]).merged) == 1


def test_what_a_person_accepted_is_accepted_by_the_program_once_that_is_withdrawn(
    wires: Workspace,
) -> None:
    run_link(wires)
    thing = own(wires, "ferry")
    key = wires.iris.judgement_key(thing, SKOS.exactMatch, WIRE)
    before = wires.analysis().judgements[key]
    desk, node = desk_of(wires), wires.iris.thing("judgement", key)
    for verdict in ("rejected", "accepted"):
        desk.decide(node, "rejected" if verdict == "rejected" else "accepted")
    (deed, *_) = desk.withdraw(node)
    after = wires.analysis().judgements[key]
    assert deed.status == after.status == "accepted"
    assert (after.by, after.confidence, after.note) == (
        before.by, before.confidence, before.note)  # fmt: skip
    (deed, *_) = desk.withdraw(node)
    assert deed.status == wires.analysis().judgements[key].status == "proposed"


def proposed(workspace: Workspace) -> list[Judgement]:
    """Two things of articles that may be an entry, and the entry."""
    kept = workspace.iris.thing("actor", "wire")
    file = workspace.root / "entities.ttl"
    file.write_text(file.read_text() + '\nactor:wire a kg:Actor ; rdfs:label "The Wire"@en .\n')
    pairs = [made(own(workspace, name), DCTERMS.isReplacedBy, kept, "proposed")
             for name in ("ferry", "harbour")]  # fmt: skip
    decided(workspace, *pairs)
    return pairs


def test_all_that_goes_into_one_thing_is_decided_and_undone_at_once(wires: Workspace) -> None:
    pairs = proposed(wires)
    desk = desk_of(wires)
    with wires.reading() as store:
        items = waiting(store, desk.analysis, desk.graphs, wires.iris)
    keys = [item.key for item in items if isinstance(item, Pair)]
    assert len(keys) == len(pairs) == 2
    before = files(wires)
    deeds = desk.decide_all(keys, "accepted", "One agency.")
    assert [deed.status for deed in deeds] == ["accepted", "accepted"]
    assert {each.note for each in merges(wires)} == {"One agency."}
    assert [deed.status for deed in desk.undo()] == ["proposed", "proposed"]
    assert {each.status for each in merges(wires)} == {"proposed"}
    assert files(wires).keys() == before.keys()
    assert desk.undo() == []


def test_the_command_decides_on_all_that_go_into_a_thing(wires: Workspace, run: Run) -> None:
    proposed(wires)
    by = ("--by", "Mira")
    for wrong in (("--accept", "all"), ("merges", "wire", "--withdraw", "all")):
        answer = run("review", *wrong, *by, cwd=wires.root)
        assert answer.code == 2, answer.err
        assert "all: " in answer.err
    answer = run("review", "merges", "wire", "--accept", "all", *by, cwd=wires.root)
    assert answer.code == 0, answer.err
    assert len(answer.out.splitlines()) == 2
    assert {each.status for each in merges(wires)} == {"accepted"}
    answer = run("review", "merges", "wire", "--reject", "all", *by, cwd=wires.root)
    assert (answer.code, "nothing waits to go into it" in answer.err) == (3, True)


def test_people_come_first_among_what_was_decided(wires: Workspace, run: Run) -> None:
    run_link(wires)
    (merge,) = merges(wires)
    decided(wires, made(merge.to, SKOS.exactMatch, NamedNode(WIKIDATA + "Q900000008"), "rejected"))
    answer = run("review", "links", "--decided", cwd=wires.root)
    lines = [line for line in answer.out.splitlines() if " by " in line]
    assert len(lines) > 2
    assert "rejected by Mira, 2031-04-02" in lines[0]

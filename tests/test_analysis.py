"""Judgements in analysis.ttl: decided, put back, and written with everything else as it was."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from kg.analysis import FEATURES, Analysis, Judge, Judgement, merges
from kg.errors import InputError, StoreError
from kg.link.features import NAMES as SCORED
from kg.mapping.iris import Iris, wikidata
from kg.register import read
from kg.turtle import statements
from kg.vocab import DCTERMS, KG, PROV, RDF, RDFS, SKOS, XSD, concept
from kg.workspace import Workspace
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

IRIS = Iris("https://example.org/kg/")
PROGRAM = Judge(name="newskg", version="0.1.0")
MIRA = Judge(name="Mira Ost")
JOVAN = Judge(name="Jovan / Tell")
HALDRIA = IRIS.thing("actor", "haldria")
PELLOVIA = IRIS.thing("actor", "pellovia")
VASK = IRIS.thing("actor", "edrin-vask")
MINISTER = IRIS.thing("actor", "5bbbcd00fa76-minister")
ITEM, OTHER = wikidata("Q900000001"), wikidata("Q900000002")
AUTHORITY = NamedNode("http://www.wikidata.org/")


def link(**fields: Any) -> Judgement:
    """A link as a program proposes it, or as some other fields have it."""
    return replace(
        Judgement(
            from_=HALDRIA,
            relation=SKOS.exactMatch,
            to=ITEM,
            confidence=Decimal("0.97"),
            status="proposed",
            by=PROGRAM,
            method="string-match",
            when="2031-04-01",
            features={"name": 1.0, "type": 0.5},
            source="items-2031.json.gz",
        ),
        **fields,
    )


def merge(gone: NamedNode, kept: NamedNode, **fields: Any) -> Judgement:
    return link(from_=gone, relation=DCTERMS.isReplacedBy, to=kept, **fields)


def by(judge: Judge, status: Any, judgement: Judgement | None = None, **fields: Any) -> Judgement:
    """A judgement as a person decides it."""
    decided = judgement or link()
    return replace(decided, status=status, by=judge, method="review", source=None, **fields)


def empty() -> Analysis:
    return Analysis(b"", IRIS)


def after(*judgements: Judgement) -> Analysis:
    """An analysis in which some judgements have been decided one after the other, and all went in."""
    analysis = empty()
    for judgement in judgements:
        assert analysis.decide(judgement)
    assert Analysis(analysis.content, IRIS).judgements == analysis.judgements
    return analysis


def only(analysis: Analysis) -> Judgement:
    (judgement,) = analysis.judgements.values()
    return judgement


@pytest.mark.parametrize("corpus", ["abductions", "newsroom"])
def test_reading_a_file_changes_no_byte_of_it(corpus: str) -> None:
    content = (ROOT / "examples" / corpus / "analysis.ttl").read_bytes()
    analysis = Analysis(content, IRIS)
    assert analysis.content == content
    found = {t.subject for t in read(content, "a.ttl", IRIS) if t.object == KG.Judgement}
    assert {IRIS.thing("judgement", key) for key in analysis.judgements} == found
    assert len(found) == {"abductions": 34, "newsroom": 21}[corpus]
    for key, judgement in analysis.judgements.items():
        assert key == IRIS.judgement_key(*judgement.parts)
        assert judgement.by == Judge(name="newskg founders")


def test_a_judgement_is_read_with_all_that_is_said_of_it() -> None:
    content = (ROOT / "examples" / "newsroom" / "analysis.ttl").read_bytes()
    judgement = Analysis(content, IRIS).judgements["7ed35634f88ba0e5"]
    assert judgement.from_ == IRIS.thing("claim", "be016585dd78-1148-1180")
    assert judgement.relation == KG.contradicts
    assert judgement.to == IRIS.thing("claim", "3d8b0be33622-608-734")
    assert (judgement.confidence, judgement.status) == (Decimal("0.4"), "proposed")
    assert (judgement.when, judgement.method) == ("2026-11-22", "manual")
    assert judgement.note is not None
    assert "23:52 in Brennick is 0:52" in judgement.note
    assert (judgement.features, judgement.source, judgement.changes) == ({}, None, ())


def test_a_new_judgement_is_appended_in_the_manner_of_the_file() -> None:
    content = (ROOT / "examples" / "newsroom" / "analysis.ttl").read_bytes()
    analysis = Analysis(content, IRIS)
    key = IRIS.judgement_key(HALDRIA, SKOS.exactMatch, ITEM)
    assert analysis.decide(link(note="The only state of this name."))
    lines = analysis.content.decode().splitlines()
    activity = next(line for line in lines if line.startswith("activity:linking-"))
    name = activity.partition(" ")[0]
    start = lines.index(f"judgement:{key} a kg:Judgement ;")
    assert lines[start - 7 :] == [
        r"agent:newskg\/0.1.0 a prov:SoftwareAgent ;",
        '    rdfs:label "newskg 0.1.0" .',
        f"{name} a prov:Activity ;",
        '    rdfs:label "linking by newskg 0.1.0, with items-2031.json.gz" ;',
        "    kg:kind kgs:method-string-match ;",
        r"    prov:wasAssociatedWith agent:newskg\/0.1.0 ;",
        "    prov:used <id/source/items-2031.json.gz> .",
        f"judgement:{key} a kg:Judgement ;",
        "    kg:from actor:haldria ;",
        "    kg:relation skos:exactMatch ;",
        "    kg:to wd:Q900000001 ;",
        "    kg:confidence 0.97 ;",
        "    kg:nameSimilarity 1.0 ;",
        "    kg:typeFit 0.5 ;",
        "    kg:status kgs:status-proposed ;",
        "    kg:when date:2031-04-01 ;",
        r"    prov:wasAttributedTo agent:newskg\/0.1.0 ;",
        f"    prov:wasGeneratedBy {name} ;",
        '    skos:editorialNote "The only state of this name." .',
    ]
    prefixes = ["@prefix actor: <id/actor/> .", "@prefix wd: <http://www.wikidata.org/entity/> ."]
    before = content.decode().splitlines()
    assert [line for line in lines[: start - 7] if line not in prefixes] == before
    last = before.index("@prefix graph: <graph/> .")
    assert set(lines[last + 1 : last + 3]) == set(prefixes)
    added = read(analysis.content, "a.ttl", IRIS) - read(content, "a.ttl", IRIS)
    node = IRIS.thing("judgement", key)
    assert {triple for triple in added if triple.subject == node} == {
        Triple(node, RDF.type, KG.Judgement),
        Triple(node, KG.from_, HALDRIA),
        Triple(node, KG.relation, SKOS.exactMatch),
        Triple(node, KG.to, ITEM),
        Triple(node, KG.confidence, Literal("0.97", datatype=XSD.decimal)),
        Triple(node, KG.nameSimilarity, Literal("1.0", datatype=XSD.decimal)),
        Triple(node, KG.typeFit, Literal("0.5", datatype=XSD.decimal)),
        Triple(node, KG.status, concept("status", "proposed")),
        Triple(node, KG.when, IRIS.date("2031-04-01")),
        Triple(node, PROV.wasAttributedTo, IRIS.agent("newskg", "0.1.0")),
        Triple(node, PROV.wasGeneratedBy, IRIS.thing("activity", name.partition(":")[2])),
        Triple(node, SKOS.editorialNote, Literal("The only state of this name.")),
    }


def test_who_and_how_are_described_once_in_a_file() -> None:
    analysis = after(
        link(), link(to=OTHER), link(from_=VASK), link(from_=PELLOVIA, when="2031-04-02")
    )
    starts = [s.subject for s in statements(analysis.content.decode()) if not s.is_directive]
    assert [s.partition(":")[0] for s in starts].count("agent") == 1
    assert [s.partition(":")[0] for s in starts].count("activity") == 2
    assert len(starts) == 4 + 1 + 2


def test_a_changed_judgement_keeps_its_place_and_its_history() -> None:
    analysis = after(link(note="A state."), link(from_=VASK))
    before = analysis.content.decode()
    assert analysis.decide(by(MIRA, "accepted", when="2031-04-02", note="As the map shows."))
    assert analysis.decide(by(JOVAN, "rejected", when="2031-04-03", note="A province."))
    key = IRIS.judgement_key(HALDRIA, SKOS.exactMatch, ITEM)
    assert next(iter(analysis.judgements)) == key
    assert analysis.judgements[key].changes == (
        "2031-04-01: proposed by newskg 0.1.0, confidence 0.97: A state.",
        "2031-04-02: accepted by Mira Ost: As the map shows.",
        "2031-04-03: rejected by Jovan / Tell: A province.",
    )
    old, new = statements(before), statements(analysis.content.decode())
    place = [s.subject for s in old].index(f"judgement:{key}")
    assert analysis.content.decode()[: new[place].start] == before[: old[place].start]
    assert before[old[place].end :] in analysis.content.decode()
    assert Analysis(analysis.content, IRIS).judgements == analysis.judgements


def test_what_happens_twice_on_a_day_is_told_twice() -> None:
    analysis = after(*[by(MIRA, status) for status in ("accepted", "rejected", "accepted")])
    assert analysis.decide(by(MIRA, "rejected"))
    told = "2031-04-01: {} by Mira Ost"
    assert only(analysis).changes == (
        told.format("accepted"),
        told.format("rejected"),
        told.format("accepted") + " (2)",
        told.format("rejected") + " (2)",
    )


def test_what_followed_from_a_decision_and_is_decided_again_is_told_once() -> None:
    analysis = after(link(status="accepted"), by(MIRA, "accepted", link(to=OTHER)))
    rejected = by(
        MIRA, "rejected", confidence=Decimal(0), note="wd:Q900000002 was accepted instead"
    )
    assert analysis.decide(rejected)
    judgement = analysis.judgements[IRIS.judgement_key(*rejected.parts)]
    assert judgement.confidence == 0
    assert [change.split(" ")[1] for change in judgement.changes] == ["accepted", "rejected"]


def test_the_same_said_again_changes_nothing() -> None:
    analysis = after(link())
    before = analysis.content
    assert analysis.decide(link(when="2031-05-01"))
    assert analysis.content == before
    assert analysis.decide(link(when="2031-05-01", confidence=Decimal("0.9")))
    assert analysis.content != before


@pytest.mark.parametrize("status", ["accepted", "rejected"])
@pytest.mark.parametrize("again", ["accepted", "rejected", "proposed"])
def test_no_program_overwrites_a_person(status: Any, again: Any) -> None:
    analysis = after(link(), by(MIRA, status))
    before = analysis.content
    assert not analysis.decide(link(status=again, confidence=Decimal(1)))
    assert analysis.content == before
    assert only(analysis).by == MIRA


def test_a_person_overwrites_a_program_and_another_person() -> None:
    analysis = after(link(status="accepted"), by(MIRA, "rejected"), by(JOVAN, "accepted"))
    assert (only(analysis).status, only(analysis).by) == ("accepted", JOVAN)


def test_what_spoke_for_a_link_stays_when_a_person_decides() -> None:
    assert only(after(link(), by(MIRA, "accepted", features={}))).features == link().features


@pytest.mark.parametrize(
    "said",
    [
        link(to=OTHER),
        link(to=OTHER, status="accepted"),
        link(relation=KG.absentFrom, to=AUTHORITY, status="accepted"),
        link(relation=KG.absentFrom, to=AUTHORITY),
    ],
    ids=["another item", "accepting one", "none", "perhaps none"],
)
def test_where_a_person_has_accepted_an_item_no_program_names_another(said: Judgement) -> None:
    analysis = after(link(), by(MIRA, "accepted"))
    before = analysis.content
    assert not analysis.decide(said)
    assert analysis.content == before


def test_where_a_person_says_that_there_is_no_item_no_program_proposes_one() -> None:
    analysis = after(by(MIRA, "accepted", link(relation=KG.absentFrom, to=AUTHORITY)))
    assert not analysis.decide(link())
    assert analysis.decide(link(to=NamedNode("https://places.example/900000001")))


def test_a_refused_item_does_not_stand_against_another() -> None:
    analysis = after(link(), by(MIRA, "rejected"))
    assert analysis.decide(link(to=OTHER, status="accepted"))
    decided = analysis.decided(HALDRIA, SKOS.exactMatch)
    assert decided is not None
    assert decided.to == OTHER


def test_accepting_an_item_rejects_the_one_that_was_accepted_before() -> None:
    analysis = after(
        link(status="accepted"),
        link(relation=KG.absentFrom, to=AUTHORITY),
        by(MIRA, "accepted", link(to=OTHER), when="2031-04-02"),
    )
    states = {judgement.to: judgement.status for judgement in analysis.judgements.values()}
    assert states == {ITEM: "rejected", AUTHORITY: "proposed", OTHER: "accepted"}
    rejected = analysis.judgements[IRIS.judgement_key(HALDRIA, SKOS.exactMatch, ITEM)]
    assert rejected.by == MIRA
    assert rejected.changes[-1] == (
        "2031-04-02: rejected by Mira Ost: wd:Q900000002 was accepted instead"
    )


def test_no_item_and_an_item_do_not_hold_together() -> None:
    nil = link(relation=KG.absentFrom, to=AUTHORITY, status="accepted", note="Nobody like that.")
    analysis = after(nil)
    assert analysis.decided(HALDRIA, KG.absentFrom) is not None
    assert analysis.decide(link(status="accepted"))
    assert analysis.decided(HALDRIA, KG.absentFrom) is None
    assert analysis.decide(nil)
    assert analysis.decided(HALDRIA, SKOS.exactMatch) is None


def test_what_a_person_accepted_goes_before_what_a_program_accepted() -> None:
    here, there = NamedNode("https://a.example/1"), NamedNode("https://b.example/1")
    analysis = after(
        link(to=here, status="accepted"), by(MIRA, "accepted", link(to=there, status="accepted"))
    )
    decided = analysis.decided(HALDRIA, SKOS.exactMatch)
    assert decided is not None
    assert decided.to == there
    assert analysis.decided(VASK, SKOS.exactMatch) is None


def test_a_withdrawn_decision_waits_again_as_the_program_proposed_it() -> None:
    proposed = link(note="A state.")
    analysis = after(proposed, by(MIRA, "accepted", confidence=Decimal(1), note="Sure."))
    (key,) = analysis.judgements
    assert analysis.withdraw(key, JOVAN, "2031-04-03", "pressed the wrong key")
    assert replace(only(analysis), when=proposed.when, changes=()) == proposed
    assert only(analysis).changes[-1] == (
        "2031-04-03: withdrawn by Jovan / Tell: pressed the wrong key"
    )
    assert Analysis(analysis.content, IRIS).judgements == analysis.judgements
    assert not analysis.withdraw(key, JOVAN, "2031-04-03")
    assert analysis.decide(link(status="accepted"))


def test_a_withdrawn_decision_that_no_program_proposed_waits_as_a_persons() -> None:
    analysis = after(by(MIRA, "rejected"))
    (key,) = analysis.judgements
    assert analysis.withdraw(key, JOVAN, "2031-04-03")
    assert (only(analysis).status, only(analysis).by) == ("proposed", JOVAN)
    assert analysis.decide(link(status="accepted"))


def test_what_a_person_proposes_is_not_overwritten_by_a_program() -> None:
    assert not after(by(MIRA, "proposed")).decide(link(status="accepted"))


def test_claims_that_do_not_contradict_do_not_the_other_way_round_either() -> None:
    one, two = IRIS.thing("claim", "5bbbcd00fa76-1-9"), IRIS.thing("claim", "5bbbcd00fa76-20-30")
    against = link(from_=one, relation=KG.contradicts, to=two)
    analysis = after(by(MIRA, "rejected", against))
    assert not analysis.decide(link(from_=two, relation=KG.contradicts, to=one))
    assert analysis.decide(link(from_=two, relation=DCTERMS.replaces, to=one))
    assert analysis.vetoed(two, KG.contradicts, one)
    assert not analysis.vetoed(two, DCTERMS.replaces, one)


def test_an_item_is_described_once_in_the_languages_that_there_are() -> None:
    analysis = after(link())
    labels = {"en": "Haldria", "no language": "?", "ja": "ハルドリア"}
    analysis.describe(ITEM.value, labels, {"en": 'a "state"'})
    content = analysis.content
    analysis.describe(ITEM.value, {"en": "Other"}, {})
    analysis.describe(OTHER.value, {}, {})
    assert analysis.content == content
    for found in (analysis, Analysis(content, IRIS)):
        assert found.described(ITEM.value) == (
            {"en": "Haldria", "ja": "ハルドリア"},
            {"en": 'a "state"'},
        )
        assert found.described(OTHER.value) == ({}, {})
    assert Triple(ITEM, RDFS.label, Literal("Haldria", language="en")) in read(
        content, "a.ttl", IRIS
    )


def test_merges_are_followed_to_what_stays() -> None:
    analysis = after(
        merge(MINISTER, VASK, status="accepted"),
        merge(HALDRIA, PELLOVIA),
        merge(VASK, IRIS.thing("actor", "edrin-vask-2"), status="accepted"),
    )
    kept = f"{IRIS.base}id/actor/edrin-vask-2"
    assert analysis.merges() == {MINISTER.value: kept, VASK.value: kept}


def test_a_refused_merge_is_a_veto_in_both_directions() -> None:
    analysis = after(merge(HALDRIA, PELLOVIA), by(MIRA, "rejected", merge(HALDRIA, PELLOVIA)))
    assert analysis.vetoed(PELLOVIA, DCTERMS.isReplacedBy, HALDRIA)
    assert not analysis.decide(merge(PELLOVIA, HALDRIA))
    assert analysis.merges() == {}


def test_a_merge_into_another_takes_the_place_of_the_first() -> None:
    analysis = after(
        merge(MINISTER, VASK, status="accepted"), by(MIRA, "accepted", merge(MINISTER, PELLOVIA))
    )
    assert analysis.merges() == {MINISTER.value: PELLOVIA.value}
    assert not analysis.decide(merge(MINISTER, HALDRIA))


def test_a_circle_of_merges_is_refused_before_it_is_written() -> None:
    analysis = after(
        merge(HALDRIA, PELLOVIA, status="accepted"), merge(PELLOVIA, VASK, status="accepted")
    )
    before = analysis.content
    with pytest.raises(InputError, match="actor:edrin-vask would be replaced by itself") as caught:
        analysis.decide(merge(VASK, HALDRIA, status="accepted"))
    assert caught.value.hint is not None
    with pytest.raises(InputError, match="itself"):
        analysis.decide(merge(VASK, VASK, status="accepted"))
    assert analysis.content == before
    assert analysis.decide(merge(VASK, HALDRIA))


STATED = """
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix a: <id/actor/> .
@prefix e: <id/event/> .
@prefix j: <id/judgement/> .
"""


def stated(number: int, from_: str, to: str) -> str:
    return (
        f"j:{number} a kg:Judgement ; kg:from {from_} ; kg:relation dcterms:isReplacedBy ;"
        f" kg:to {to} ; kg:status kgs:status-accepted .\n"
    )


@pytest.mark.parametrize(
    ("merges", "message"),
    [
        (stated(1, "a:x", "a:y") + stated(2, "a:y", "a:x"), "would be replaced by itself"),
        (stated(1, "a:x", "a:y") + stated(2, "a:x", "a:z"), "replaced by actor:z and by actor:y"),
        (stated(1, "a:x", "e:y"), "actor:x is replaced by event:y, which is of another kind"),
    ],
    ids=["a circle", "two others", "another kind"],
)
def test_merges_that_cannot_be_are_reported_with_the_file_and_what_to_do(
    merges: str, message: str
) -> None:
    analysis = Analysis((STATED + merges).encode(), IRIS, "analysis.ttl")
    with pytest.raises(InputError, match=message) as caught:
        analysis.merges()
    assert str(caught.value).startswith("analysis.ttl: ")
    assert caught.value.hint is not None


THINGS = [IRIS.thing("actor", id_) for id_ in "abcd"]


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(THINGS),
            st.sampled_from(THINGS),
            st.sampled_from(["proposed", "accepted", "rejected"]),
            st.sampled_from([PROGRAM, MIRA]),
        ),
        max_size=12,
    )
)
def test_whatever_is_decided_merges_lead_to_what_stays(decisions: list[Any]) -> None:
    analysis = empty()
    for gone, kept, status, judge in decisions:
        with contextlib.suppress(InputError):
            analysis.decide(merge(gone, kept, status=status, by=judge))
    found = analysis.merges()
    assert found == merges(read(analysis.content, "analysis.ttl", IRIS), IRIS, "analysis.ttl")
    assert not found.keys() & set(found.values())
    accepted = [j for j in analysis.judgements.values() if j.status == "accepted"]
    assert found.keys() == {judgement.from_.value for judgement in accepted}
    assert len(found) == len(accepted)


def test_every_feature_of_a_score_has_a_property() -> None:
    assert set(FEATURES) == set(SCORED)
    assert len(set(FEATURES.values())) == len(FEATURES)


def test_what_a_person_wrote_beside_a_judgement_stays_with_it() -> None:
    text = (
        STATED
        + """
# a heading
j:mine a kg:Judgement , prov:Entity ; # a remark
    kg:from a:haldria ; kg:relation skos:exactMatch ;
    kg:to <http://www.wikidata.org/entity/Q900000001> ;
    kg:status kgs:status-proposed ; # why "so" .
    skos:editorialNote "Vielleicht."@de , "Perhaps."@en ;
    dcterms:identifier "7" .
# another
a:z a kg:Actor .
j:mine kg:confidence .5 .
"""
    )
    analysis = Analysis(text.encode(), IRIS)
    assert analysis.decide(replace(only(analysis), status="accepted", when="2031-04-02"))
    assert list(analysis.judgements) == ["mine"]
    head, _, tail = analysis.content.decode().partition("# a heading\n")
    declared = [line for line in head.splitlines() if line.startswith("@prefix")]
    assert "\n".join(declared[:8]) == STATED.strip()
    assert set(declared[8:]) == {
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "@prefix wd: <http://www.wikidata.org/entity/> .",
        "@prefix date: <id/date/> .",
        "@prefix agent: <id/agent/> .",
        "@prefix activity: <id/activity/> .",
    }
    assert tail.startswith('# a remark\n# why "so" .\nj:mine a kg:Judgement , prov:Entity ;\n')
    assert "\n# another\na:z a kg:Actor .\n" in tail
    assert '"Vielleicht."@de , "Perhaps."@en' in tail
    assert 'dcterms:identifier "7"' in tail
    assert tail.count("kg:confidence") == 1
    assert "kg:confidence 0.5 ;" in tail
    assert Analysis(analysis.content, IRIS).judgements == analysis.judgements


def test_a_file_whose_prefixes_mean_something_else_is_still_written_rightly() -> None:
    text = "@prefix actor: <http://a.example/> .\n@prefix kg: <http://b.example/> .\n"
    analysis = Analysis(text.encode(), IRIS)
    assert analysis.decide(link())
    again = Analysis(analysis.content, IRIS)
    assert again.judgements == analysis.judgements
    assert only(again).from_ == HALDRIA
    assert analysis.content.startswith(text.encode())


def test_a_judgement_between_the_prefixes_is_rewritten_without_them() -> None:
    text = (
        "@prefix k: <https://w3id.org/newskg/ontology#> .\n<id/judgement/m> a k:Judgement ;\n"
        " k:from <id/actor/haldria> ; k:relation <http://www.w3.org/2004/02/skos/core#exactMatch> ;\n"
        " k:to <http://www.wikidata.org/entity/Q900000001> ;\n"
        " k:status <https://w3id.org/newskg/scheme/status-proposed> .\n"
        "@prefix k: <http://b.example/> .\n"
    )
    analysis = Analysis(text.encode(), IRIS)
    assert analysis.decide(by(MIRA, "accepted"))
    again = Analysis(analysis.content, IRIS)
    assert only(again) == only(analysis)
    assert only(again).status == "accepted"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_and_line_ends_of_other_systems_stay(mark: bytes, end: str) -> None:
    content = mark + (STATED + stated(1, "a:x", "a:y")).replace("\n", end).encode()
    analysis = Analysis(content, IRIS)
    assert analysis.content == content
    assert analysis.decide(link())
    assert analysis.content.startswith(mark)
    lines = analysis.content.count(b"\n")
    assert lines > 20
    assert analysis.content.count(end.encode()) == lines


def test_judgements_that_say_too_little_are_left_to_the_shapes() -> None:
    text = STATED + "j:1 a kg:Judgement ; kg:from a:x .\na:y kg:from a:x .\n"
    analysis = Analysis(text.encode(), IRIS)
    assert analysis.judgements == {}
    assert analysis.content == text.encode()


def test_what_is_no_turtle_is_reported_with_its_line() -> None:
    with pytest.raises(InputError, match=r"analysis\.ttl:2:"):
        Analysis(b"@prefix a: <b> .\na:x a .\n", IRIS)
    with pytest.raises(InputError, match="without a name"):
        Analysis(b"<a> a [] .\n", IRIS)


def test_words_that_are_not_unicode_are_refused() -> None:
    analysis = empty()
    with pytest.raises(InputError, match="not Unicode"):
        analysis.decide(link(note="a\ud800"))


WORDS = st.text(max_size=40) | st.text("\"'\\\n\r\t .;#@<>()\u2028\u200f\u202e😀", max_size=12)
NAMES = st.text("ab /.%:#é日😀\"'", min_size=1, max_size=8)
JUDGES = st.builds(Judge, name=NAMES, version=st.none() | NAMES)
ENDS = st.sampled_from([ITEM, OTHER, AUTHORITY, VASK, NamedNode("https://a.example/b?c=d#é")])
JUDGEMENTS = st.builds(
    Judgement,
    from_=st.sampled_from([HALDRIA, PELLOVIA, MINISTER]),
    relation=st.sampled_from([SKOS.exactMatch, SKOS.closeMatch, KG.contradicts]),
    to=ENDS,
    confidence=st.decimals(0, 1, places=4),
    status=st.sampled_from(["proposed", "accepted", "rejected"]),
    by=JUDGES,
    method=st.sampled_from(["manual", "review", "string-match", "identifier-lookup"]),
    when=st.sampled_from(["2031-04-01", "2031-04", "2031-04-01/2031-04-03", "2031~"]),
    features=st.dictionaries(
        st.sampled_from(sorted(FEATURES)), st.integers(0, 10_000).map(lambda n: n / 10_000)
    ),
    source=st.none() | NAMES | st.just("https://a.example/dump"),
    note=st.none() | WORDS.filter(bool),
)


@settings(max_examples=120)
@given(st.lists(JUDGEMENTS, max_size=6), st.sampled_from(["", STATED, "# a note on it"]))
def test_what_is_decided_is_read_again_as_it_was_decided(
    judgements: list[Judgement], head: str
) -> None:
    analysis = Analysis(head.encode(), IRIS)
    for judgement in judgements:
        decided = analysis.decide(judgement)
        found = analysis.judgements.get(IRIS.judgement_key(*judgement.parts))
        assert decided or found is None or found != judgement
    again = Analysis(analysis.content, IRIS)
    assert [(key, reread(j)) for key, j in again.judgements.items()] == [
        (key, reread(j)) for key, j in analysis.judgements.items()
    ]
    assert again.content == analysis.content
    assert [s.subject for s in statements(analysis.content.decode())].count("") == 0


def reread(judgement: Judgement) -> Judgement:
    """A judgement without what a file does not tell apart: the places of zeros."""
    return replace(judgement, confidence=judgement.confidence.normalize())


@settings(max_examples=60)
@given(st.lists(JUDGEMENTS, min_size=1, max_size=8), JUDGEMENTS)
def test_one_decision_changes_at_most_one_thing_of_a_file(
    judgements: list[Judgement], last: Judgement
) -> None:
    analysis = empty()
    for judgement in judgements:
        analysis.decide(judgement)
    before = statements_of(analysis)
    analysis.decide(last)
    changed = [old for old in before if old not in statements_of(analysis)]
    rivals = [j for j in analysis.judgements.values() if j.from_ == last.from_]
    assert len(changed) <= len(rivals)
    assert all(old.startswith("judgement:") for old in changed)


def statements_of(analysis: Analysis) -> list[str]:
    text = analysis.content.decode()
    return [text[s.start : s.end] for s in statements(text)]


def test_a_workspace_keeps_what_is_decided(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    head = (tmp_path / "analysis.ttl").read_bytes()
    with workspace.locked():
        analysis = workspace.analysis()
        workspace.keep(analysis)
        assert (tmp_path / "analysis.ttl").read_bytes() == head
        assert analysis.decide(link())
        workspace.keep(analysis)
        assert analysis.decide(by(MIRA, "accepted"))
        workspace.keep(analysis)
    assert only(workspace.analysis()) == only(analysis)
    assert (tmp_path / "analysis.ttl").read_bytes().startswith(head)


def test_a_workspace_does_not_overwrite_what_somebody_edited_meanwhile(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    file = tmp_path / "analysis.ttl"
    analysis = workspace.analysis()
    assert analysis.decide(link())
    edited = file.read_bytes() + b"# mine\n"
    file.write_bytes(edited)
    with workspace.locked(), pytest.raises(StoreError, match="edited meanwhile"):
        workspace.keep(analysis)
    assert file.read_bytes() == edited


def test_a_workspace_without_the_file_gets_one(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    (tmp_path / "analysis.ttl").unlink()
    analysis = workspace.analysis()
    assert analysis.decide(link())
    with workspace.writing():
        workspace.keep(analysis)
    assert only(workspace.analysis()) == only(analysis)


def test_only_one_process_at_a_time_has_the_files(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    with workspace.locked(), pytest.raises(StoreError, match="in use"), workspace.writing():
        pass

"""Proposals to merge: which things of several articles are one, which stay apart, and what that costs."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from pyoxigraph import NamedNode

from kg.add import add
from kg.analysis import Judge, Judgement
from kg.build import build
from kg.link.alike import Account, days_fit, events_alike, kinds_fit, named_alike
from kg.link.judging import SELF
from kg.link.merging import COMPARED, HUBS, Merging, match, suggest
from kg.link.own import RegisterIndex, keys
from kg.link.thing import Thing
from kg.link.things import Things
from kg.vocab import DCTERMS, SKOS, WIKIDATA
from kg.workspace import Workspace
from tests.conftest import ROOT, copied, files, make
from tests.link_world import crowd

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

MIRA = Judge(name="Mira")


class Story(NamedTuple):
    """A made-up report: its words, the things that it alone knows, those of the register, its events.

    A thing is named by the words of its label; `other` says what the register calls it.
    """

    name: str
    day: str
    text: str
    own: tuple[tuple[str, str, str, str], ...]
    known: tuple[tuple[str, str], ...]
    events: tuple[tuple[str, str, str, tuple[str, ...]], ...] = ()


STORIES = (
    Story(
        "patrol", "2031-05-01",
        "Vask was back on the Steadfast on Thursday. The Coast Guard would not say whether Haldria"
        " means to keep him there, or what he wrote of the night when the Amaranta went down.",
        (("vask", "actor", "person", "Vask"),),
        (("steadfast", "Steadfast"), ("haldrian-coast-guard", "Coast Guard"),
         ("haldria", "Haldria"), ("amaranta", "Amaranta")),
    ),
    Story(
        "envoy", "2031-05-02",
        "Orla Fenwick, whom Haldria sends to Veyle, met Ilka Tarrock in Brennick before she left."
        " The CLSS will chair the talks, Orla Fenwick said. Pellovia has yet to name anyone.",
        (("orla-fenwick", "actor", "person", "Orla Fenwick"),
         ("clss", "actor", "intergovernmental-body", "CLSS"),
         ("harbour-pact", "event", "agreement", "signing of the harbour pact")),
        (("haldria", "Haldria"), ("veyle", "Veyle"), ("ilka-tarrock", "Ilka Tarrock"),
         ("brennick", "Brennick"), ("pellovia", "Pellovia")),
        (("harbour-pact", "2031-05-02", "veyle", ("orla-fenwick", "ilka-tarrock")),),
    ),
    Story(
        "pact", "2031-05-04",
        "The pact was signed in Veyle by Orla Fenwick, and Ilka Tarrock stood beside her. For"
        " Haldria it is the first in years; Pellovia wants more.",
        (("fenwick", "actor", "person", "Orla Fenwick"),
         ("pact-signed", "event", "agreement", "the harbour pact is signed")),
        (("veyle", "Veyle"), ("ilka-tarrock", "Ilka Tarrock"), ("haldria", "Haldria"),
         ("pellovia", "Pellovia")),
        (("pact-signed", "2031-05-02", "veyle", ("fenwick", "ilka-tarrock")),),
    ),
    Story(
        "match", "2033-09-09",
        "Orla Fenwick scored twice for Tamsin Rovers and Dunmere City had nothing to set against"
        " her. Orla Fenwick is seventeen.",
        (("orla-fenwick", "actor", "person", "Orla Fenwick"),
         ("tamsin-rovers", "actor", "civil-society", "Tamsin Rovers"),
         ("dunmere-city", "actor", "civil-society", "Dunmere City"),
         ("harbour-pact", "event", "agreement", "signing of the harbour pact")),
        (),
        (("harbour-pact", "2033-09-08", "", ("tamsin-rovers", "dunmere-city")),),
    ),
)  # fmt: skip
PAIRS = {
    ("patrol:vask", "edrin-vask"),
    ("envoy:clss", "lantern-sea-council"),
    ("pact:fenwick", "envoy:orla-fenwick"),
    ("pact:pact-signed", "envoy:harbour-pact"),
}
"""What is one and the same, by the story and the id; the second is the one that stays."""


def written(story: Story, folder: Path) -> Path:
    (folder / f"{story.name}.txt").write_text(story.text + "\n")
    lines = [
        "kg: 1", "article:", f"  headline: {story.name}", "  language: en",
        f'  published: {{date: "{story.day}"}}', f"text: {{file: {story.name}.txt}}",
        'made: {by: A. Tester, at: "2031-12-01T12:00:00Z"}', "things:",
    ]  # fmt: skip
    lines += [
        f"  - {{id: {id_}, type: {type_}, kind: {kind}, label: {label}}}"
        for id_, type_, kind, label in story.own
    ]
    lines.append("mentions:")
    for id_, words in (*((own[0], own[3]) for own in story.own), *story.known):
        lines += [
            f"  - {{span: [{found.start()}, {found.end()}], of: {id_}}}"
            for found in re.finditer(rf"\b{re.escape(words)}\b", story.text)
        ]
    if story.events:
        lines.append("events:")
    for id_, day, place, parts in story.events:
        at = f", at: [{place}]" if place else ""
        who = ", ".join(f"{{actor: {part}, role: participant}}" for part in parts)
        lines.append(f'  - {{id: {id_}, when: {{date: "{day}"}}{at}, participants: [{who}]}}')
    file = folder / f"{story.name}.yaml"
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.fixture(scope="module")
def built_world(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("merging")
    workspace = make(folder / "world", ROOT / "examples" / "newsroom")
    with (workspace.root / "kg.toml").open("a") as file:
        file.write('gate = "off"\n')
    workspace = Workspace.open(workspace.root)
    with workspace.writing() as store:
        report = add(workspace, store, [written(story, folder) for story in STORIES])
    assert not report.problems, report.problems
    return workspace


@pytest.fixture
def world(built_world: Workspace, tmp_path: Path) -> Workspace:
    return copied(built_world, tmp_path / "world")


def suggested(workspace: Workspace, run: Any = suggest, **options: Any) -> Merging:
    with workspace.writing() as store:
        build(workspace, store)
        found = run(workspace, store, **options)
        build(workspace, store)
    assert isinstance(found, Merging)
    return found


def named(workspace: Workspace, node: NamedNode) -> str:
    """A thing by its story and id; those of the register by their id alone."""
    local = node.value.rpartition("/")[2]
    key, _, id_ = local.partition("-")
    for file in workspace.articles.glob("*.yaml"):
        if f"sha256: {key}" in file.read_text():
            return f"{file.stem}:{id_}"
    return local


def pairs(workspace: Workspace, found: Merging) -> set[tuple[str, str]]:
    return {(named(workspace, p.gone.node), named(workspace, p.kept.node)) for p in found.proposals}


def own(workspace: Workspace, name: str) -> NamedNode:
    with workspace.reading() as store:
        things = Things(store, workspace.iris).all
    (found,) = [t.node for t in things.values() if named(workspace, t.node) == name]
    return found


def decided(workspace: Workspace, judgement: Judgement) -> None:
    analysis = workspace.analysis()
    assert analysis.decide(judgement)
    with workspace.writing():
        workspace.keep(analysis)


def merge(gone: NamedNode, kept: NamedNode, status: Any, by: Judge = MIRA) -> Judgement:
    return Judgement(from_=gone, relation=DCTERMS.isReplacedBy, to=kept, confidence=Decimal(1),
                     status=status, by=by, method="review", when="2031-12-02")  # fmt: skip


def item(thing: NamedNode, id_: str) -> Judgement:
    return Judgement(from_=thing, relation=SKOS.exactMatch, to=NamedNode(WIKIDATA + id_),
                     confidence=Decimal(1), status="accepted", by=MIRA, method="review",
                     when="2031-12-02")  # fmt: skip


def test_what_is_one_is_proposed_and_namesakes_stay_apart(world: Workspace) -> None:
    found = suggested(world)
    assert pairs(world, found) == PAIRS
    assert not any(proposal.accepted for proposal in found.proposals)
    judgements = [
        j for j in world.analysis().judgements.values() if j.relation == DCTERMS.isReplacedBy
    ]
    assert {j.status for j in judgements} == {"proposed"}
    assert {j.by for j in judgements} == {SELF}
    assert all(j.note and j.features for j in judgements)
    assert len(judgements) == len(PAIRS)


def test_the_register_stays_and_else_the_more_mentioned(world: Workspace) -> None:
    found = suggested(world, dry_run=True)
    assert all(p.gone.own for p in found.proposals)
    mentions = [(p.gone.mentions, p.kept.mentions) for p in found.proposals if p.kept.own]
    assert len(mentions) == 2
    assert all(less <= more for less, more in mentions)


def test_suggesting_twice_gives_nothing_new(world: Workspace) -> None:
    suggested(world)
    before = files(world)
    again = suggested(world)
    assert not again.changed
    assert pairs(world, again) == PAIRS
    assert files(world) == before


def test_a_dry_run_writes_nothing(world: Workspace) -> None:
    before = files(world)
    assert pairs(world, suggested(world, dry_run=True)) == PAIRS
    assert files(world) == before


def test_what_was_refused_is_not_proposed_again(world: Workspace) -> None:
    gone, kept = own(world, "pact:fenwick"), own(world, "envoy:orla-fenwick")
    decided(world, merge(gone, kept, "rejected"))
    assert ("pact:fenwick", "envoy:orla-fenwick") not in pairs(world, suggested(world))
    decided(world, merge(gone, kept, "accepted"))
    assert len(world.analysis().merges()) == 1


def test_a_refusal_holds_the_other_way_round(world: Workspace) -> None:
    gone, kept = own(world, "pact:fenwick"), own(world, "envoy:orla-fenwick")
    decided(world, merge(kept, gone, "rejected"))
    found = pairs(world, suggested(world))
    assert (
        not {("pact:fenwick", "envoy:orla-fenwick"), ("envoy:orla-fenwick", "pact:fenwick")} & found
    )


def test_what_a_person_merged_elsewhere_is_left_alone(world: Workspace) -> None:
    elsewhere = world.iris.thing("actor", "tilda-rosk")
    vask = own(world, "patrol:vask")
    decided(world, merge(vask, elsewhere, "accepted"))
    found = suggested(world, accept=0.5)
    assert "patrol:vask" not in {pair[0] for pair in pairs(world, found)}
    assert world.analysis().merges()[vask.value] == elsewhere.value


def test_two_of_one_name_with_other_items_are_two(world: Workspace) -> None:
    decided(world, item(own(world, "pact:fenwick"), "Q900000020"))
    decided(world, item(own(world, "envoy:orla-fenwick"), "Q900000021"))
    assert ("pact:fenwick", "envoy:orla-fenwick") not in pairs(world, suggested(world))


def test_two_with_one_item_are_one_whatever_they_are_called(world: Workspace) -> None:
    for thing in (own(world, "match:tamsin-rovers"), world.iris.thing("actor", "tarn-institute")):
        decided(world, item(thing, "Q900000022"))
    found = suggested(world)
    (proposal,) = [p for p in found.proposals if p.gone.label == "Tamsin Rovers"]
    assert (proposal.kept.label, proposal.score) == ("Tarn Institute", 0.97)
    assert "Q900000022" in proposal.reason


def test_two_entries_of_one_article_are_two_unless_they_have_one_item(world: Workspace) -> None:
    pair = [world.iris.thing("actor", id_) for id_ in ("edrin-vask", "ansgar-tveld")]
    with (world.root / "entities.ttl").open("a") as file:
        file.write('actor:ansgar-tveld skos:altLabel "Edrin Vask"@en .\n')
    gone = {p.gone.node for p in suggested(world, dry_run=True).proposals}
    assert not set(pair) & gone
    for thing in pair:
        decided(world, item(thing, "Q900000023"))
    gone = {p.gone.node for p in suggested(world, dry_run=True).proposals}
    assert set(pair) & gone


def test_nothing_is_accepted_unless_asked_for(world: Workspace) -> None:
    found = suggested(world, accept=0.8)
    accepted = {p.gone.node.value for p in found.proposals if p.accepted}
    assert accepted == {p.gone.node.value for p in found.proposals if p.score >= 0.8}
    assert accepted
    assert world.analysis().merges().keys() == accepted


def test_an_accepted_merge_is_followed_by_names(world: Workspace, run: Run) -> None:
    found = suggested(world)
    (proposal,) = [p for p in found.proposals if named(world, p.gone.node) == "pact:fenwick"]
    decided(world, merge(proposal.gone.node, proposal.kept.node, "accepted"))
    assert run("build", cwd=world.root).code == 0
    assert "pact:fenwick" not in {pair[0] for pair in pairs(world, suggested(world))}


def test_only_what_was_named_is_proposed(world: Workspace) -> None:
    found = suggested(world, only=[own(world, "patrol:vask")])
    assert pairs(world, found) == {("patrol:vask", "edrin-vask")}


def test_the_register_is_a_source_of_items(world: Workspace) -> None:
    with world.reading() as store:
        index = RegisterIndex(Things(store, world.iris))
    found = index.search(["Vask", "CLSS", "Nobody"])
    assert found["Vask"][0].id == "edrin-vask"
    assert found["Vask"][0].classes == ("person",)
    assert "haldrian-coast-guard" in found["Vask"][0].related
    assert [each.id for each in found["CLSS"]] == ["lantern-sea-council"]
    assert found["Nobody"] == []
    assert index.items(["edrin-vask", "nobody"])["nobody"] is None
    assert index.source == "register"


def test_own_things_are_matched_with_the_register_by_the_scorer(world: Workspace) -> None:
    found = suggested(world, match)
    assert ("envoy:clss", "lantern-sea-council") in pairs(world, found)
    assert all(p.gone.own and not p.kept.own for p in found.proposals)
    assert all(p.features.keys() >= {"name", "type", "context"} for p in found.proposals)
    assert not suggested(world, match).changed


def test_the_two_ways_of_looking_do_not_write_over_each_other(world: Workspace) -> None:
    suggested(world)
    suggested(world, match)
    before = files(world)
    assert not suggested(world).changed
    assert not suggested(world, match).changed
    assert files(world) == before


def test_the_command_proposes_merges(world: Workspace, run: Run) -> None:
    answer = run("link", "--merge-suggestions", "-f", "json", cwd=world.root)
    assert answer.code == 0
    rows = json.loads(answer.out)
    assert len(rows) == len(PAIRS)
    assert {row["outcome"] for row in rows} == {"proposed"}
    assert {row["id"] for row in rows} >= {"actor:edrin-vask", "actor:lantern-sea-council"}
    assert "4 merges proposed" in answer.err
    assert "kg review" in answer.err
    table = run("link", "--source", "register", "-n", cwd=world.root, env={"COLUMNS": "300"})
    assert table.code == 0
    assert "Council of Lantern Sea States" in table.out
    assert run("link", "--merge-suggestions", "haldria", cwd=world.root).code == 1


def thing(id_: str, label: str, kind: Any = "person", type_: Any = "actor") -> Thing:
    return Thing(node=NamedNode(f"https://example.org/kg/id/{type_}/{id_}"), type=type_, kind=kind,
                 own=True, names=(label,), language="en", note="", mentions=1, articles=())  # fmt: skip


KINDS = [
    ("person", "person", 1.0),
    ("person", None, 0.5),
    (None, None, 0.5),
    ("media", "company", 0.4),
    ("visit", "visit", 1.0),
    ("other", "other", 0.5),
    ("person", "company", None),
    ("state", "government-body", None),
    ("group", "person", None),
]


@pytest.mark.parametrize(("one", "other", "fit"), KINDS)
def test_kinds_fit_or_do_not(one: Any, other: Any, fit: float | None) -> None:
    type_ = "event" if one in {"visit", "other"} else "actor"
    pair = thing("a", "A", one, type_), thing("b", "B", other, type_)
    assert kinds_fit(*pair) == kinds_fit(*reversed(pair)) == fit


def test_a_thing_is_not_merged_with_itself_or_with_what_is_no_such_thing() -> None:
    assert kinds_fit(thing("a", "A"), thing("a", "A")) is None
    assert kinds_fit(thing("a", "A", None, "place"), thing("a", "A", None)) is None


NAMES = [
    # names, share of company, and whether that is proposed
    ("Orla Fenwick", "Orla Fenwick", 0.3, True),
    ("Orla Fenwick", "Orla Fenwick", 0.15, True),
    ("Orla Fenwick", "Orla Fenwick", 0.0, False),
    ("Orla Fenwick", "Orla Fenwick", None, True),
    ("Orla Fenwick", "Fenwick", 0.4, True),
    ("Orla Fenwick", "Fenwick", 0.1, False),
    ("Orla Fenwick", "O. Fenwick", 0.3, True),
    ("Orla Fenwick", "Maud Fenwick", 0.9, False),
    ("Orla Fenwick", "Orla Brannagh", 0.9, False),
    ("CLSS", "Council of Lantern Sea States", 0.4, True),
    ("Reuben", "Reuben", 0.0, False),
    ("Reuben", "Reuben", 0.5, True),
]


SORTS = [
    ("Haldria", "state", 0.0, True),
    ("Veyle", "place", 0.1, True),
    ("Upper Wick", "place", 0.0, True),
    ("Tarn Institute", "body", 0.0, True),
    ("CLSS", "body", 0.0, True),
    ("Ministry of Defence", "body", 0.05, False),
    ("Ministry of Defence", "body", 0.4, True),
    ("Ministry of Defence of Haldria", "body", 0.05, True),
    ("Supreme Court", "body", 0.0, False),
    ("Ida Holt", "person", 0.0, False),
]
"""Names that two things have, their sort, the share of company, and whether they are likely one."""


@pytest.mark.parametrize(("name", "sort", "company", "likely"), SORTS)
def test_what_a_name_is_worth_hangs_on_what_bears_it(
    name: str, sort: Any, company: float, likely: bool
) -> None:
    found = named_alike([name], [name], 1.0, company, sort)
    assert found is not None
    assert (found.score >= 0.5) == likely


@pytest.mark.parametrize(("one", "other", "company", "likely"), NAMES)
def test_names_and_company_say_who_is_who(
    one: str, other: str, company: float | None, likely: bool
) -> None:
    found = named_alike([one], [other], 1.0, company)
    assert (found is not None and found.score >= 0.5) == likely
    back = named_alike([other], [one], 1.0, company)
    assert back == found


def account(day: str = "", place: str = "", *parts: str) -> Account:
    return Account(
        frozenset([day] if day else []), frozenset([place] if place else []), frozenset(parts)
    )


EVENTS = [
    ("signing of the pact", "signing of the pact", account(), account(), False),
    ("signing of the pact", "signing of the pact", account("2031-05-02"), account("2031-05-02"), True),
    ("signing of the pact", "the pact is signed", account("2031-05-02", "veyle", "a", "b"),
     account("2031-05-02", "veyle", "a", "b"), True),
    ("signing of the pact", "signing of the pact", account("2031-05-02"), account("2033"), False),
    ("talks in Veyle", "talks in Veyle", account("2031-05-02", "", "a"),
     account("2031-05-20", "", "a"), False),
    ("collision off Merrow", "the ships collide", account("2031-03-03", "", "a", "b"),
     account("2031-03-04", "", "a", "b"), False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "a", "b", "likely"), EVENTS)
def test_events_are_told_apart_by_label_date_place_and_parts(
    one: str, other: str, a: Account, b: Account, likely: bool
) -> None:
    assert (events_alike([one], [other], 1.0, (a, b)).score >= 0.5) == likely
    assert events_alike([other], [one], 1.0, (b, a)) == events_alike([one], [other], 1.0, (a, b))


def test_the_cases_are_counted() -> None:
    counts = tuple(map(len, (STORIES, PAIRS, KINDS, NAMES, SORTS, EVENTS)))
    assert counts == (4, 4, 9, 12, 10, 6)


def test_days_that_newspapers_disagree_on_are_near() -> None:
    assert days_fit("2031-05-02", "2031-05-04") == 0.5
    assert days_fit("2031-05", "2031-06") == 0.0
    assert days_fit("../2031", "2031-05-02") == 1.0


def test_keys_are_words_and_initials() -> None:
    assert keys("Edrin Vask") & keys("Vask") == {"vask"}
    assert keys("CLSS") <= keys("Council of Lantern Sea States")


def test_what_it_costs_grows_with_the_corpus_and_not_with_its_square(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "crowd")
    compared = []
    for articles in (20, 40, 80):
        with crowd(articles) as store:
            found = suggest(workspace, store, dry_run=True)
        compared.append(found.compared)
        assert found.proposals == []
    assert compared[2] <= 4 * 80 * COMPARED
    assert compared[2] - compared[1] <= 2.5 * (compared[1] - compared[0])
    assert compared[0] > 0
    assert HUBS >= COMPARED

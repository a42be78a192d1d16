"""`kg link`: what is looked up, what is written about it, and what is left alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import NamedNode, QuerySolutions

from kg.analysis import Judge, Judgement
from kg.build import build
from kg.cli import linking as cli
from kg.cli.line import Line
from kg.config import Settings
from kg.link import finding, linking
from kg.link.item import Candidate, Item, Resolution
from kg.link.judging import AUTHORITY, SELF
from kg.link.linking import link
from kg.link.merging import suggest
from kg.link.scoring import DEFAULT_ACCEPT
from kg.query import run as ask
from kg.query import stored
from kg.vocab import KG, SKOS, WIKIDATA
from tests.conftest import ROOT, copied, files
from tests.link_world import ITEMS, World, item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.link.item import EntityIndex, Wanted
    from kg.link.outcome import Report
    from kg.workspace import Workspace
    from tests.conftest import Run

MIRA = Judge(name="Mira")


def number(id_: int) -> str:
    return f"Q9000000{id_:02}"


EXPECTED = {
    "haldria": ("accepted", 1),
    "pellovia": ("accepted", 2),
    "brennick": ("accepted", 3),
    "sant-orel": ("accepted", 4),
    "lantern-sea": ("accepted", 5),
    "luco-maradi": ("accepted", 8),
    "lantern-sea-council": ("accepted", 10),
    "lantern-wire": ("accepted", 11),
    "maritime-court": ("accepted", 12),
    "veyle": ("proposed", 14),
    "ilka-tarrock": ("absent", None),
    "amaranta": ("absent", None),
}


@pytest.fixture
def newsroom(ungated_newsroom: Workspace, tmp_path: Path) -> Workspace:
    return copied(ungated_newsroom, tmp_path / "newsroom")


def linked(workspace: Workspace, index: EntityIndex, **options: Any) -> Report:
    with workspace.writing() as store:
        build(workspace, store)
        report = link(workspace, store, index, **{"whole": True, **options})
        build(workspace, store)
    return report


def node(workspace: Workspace, id_: str) -> NamedNode:
    return workspace.register().iri(id_)


def judged(workspace: Workspace, id_: str) -> dict[str, str]:
    """What is said of the items of a thing: the status by the id of the item, or `none`."""
    return {
        "none" if found.to == AUTHORITY else found.to.value.removeprefix(WIKIDATA): found.status
        for _, found in workspace.analysis().about(node(workspace, id_))
    }


def decided(workspace: Workspace, id_: str, to: NamedNode, status: Any = "accepted") -> None:
    """Have a person decide on an item."""
    relation = KG.absentFrom if to == AUTHORITY else SKOS.exactMatch
    analysis = workspace.analysis()
    assert analysis.decide(
        Judgement(from_=node(workspace, id_), relation=relation, to=to, confidence=Decimal(1),
                  status=status, by=MIRA, method="review", when="2031-04-02")
    )  # fmt: skip
    with workspace.writing():
        workspace.keep(analysis)


def wd(id_: int) -> NamedNode:
    return NamedNode(WIKIDATA + number(id_))


@pytest.mark.parametrize("id_", EXPECTED)
def test_each_thing_has_the_outcome_that_it_should(id_: str, ungated_newsroom: Workspace) -> None:
    with ungated_newsroom.reading() as store:
        only = [node(ungated_newsroom, id_)]
        report = link(ungated_newsroom, store, World(), whole=True, dry_run=True)
    found = {outcome.thing.node: outcome for outcome in report.outcomes}[only[0]]
    happened, expected = EXPECTED[id_]
    assert found.happened == happened
    assert found.item == (None if expected is None else wd(expected))
    assert bool(found.reason) == (happened != "accepted")


def test_the_threshold_of_the_settings_is_that_of_the_scorer() -> None:
    assert Settings().link_accept == DEFAULT_ACCEPT


def test_the_outcomes_are_counted() -> None:
    assert len(EXPECTED) == 12


def test_what_is_found_becomes_judgements_with_their_evidence(newsroom: Workspace) -> None:
    report = linked(newsroom, World())
    assert report.changed
    assert report.failure is None
    (key, found), *others = newsroom.analysis().about(node(newsroom, "haldria"))
    assert not others
    assert key == newsroom.iris.judgement_key(*found.parts)
    assert (found.relation, found.to, found.status) == (SKOS.exactMatch, wd(1), "accepted")
    assert (found.by, found.method) == (SELF, "string-match")
    assert found.confidence > Decimal("0.95")
    assert found.features.keys() == {"name", "type", "context", "dates", "popularity", "rivals"}
    assert found.source == "https://items.example.org/w/api.php"
    content = newsroom.analysis().content.decode()
    assert 'wd:Q900000001 rdfs:label "Haldria"@en' in content
    assert '"country on the Lantern Sea"@en' in content


def test_candidates_and_their_absence_are_proposed_with_the_reason(newsroom: Workspace) -> None:
    linked(newsroom, World())
    assert judged(newsroom, "veyle") == {number(14): "proposed", number(15): "proposed"}
    notes = [j.note for _, j in newsroom.analysis().about(node(newsroom, "veyle"))]
    assert "nothing tells them apart" in str(notes[0])
    ((_, absent),) = newsroom.analysis().about(node(newsroom, "ilka-tarrock"))
    assert (absent.relation, absent.to, absent.status) == (KG.absentFrom, AUTHORITY, "accepted")
    assert absent.note == "no item has this name"
    assert absent.confidence < 1


def test_items_of_what_is_accepted_to_have_none_wait_for_nobody(newsroom: Workspace) -> None:
    analysis = newsroom.analysis()
    elsewhere = NamedNode("https://items.example.org/vask")
    judgements: list[tuple[str, NamedNode, Any, str]] = [
        ("edrin-vask", wd(6), "proposed", "0.4"),
        ("edrin-vask", elsewhere, "proposed", "0.3"),
        ("edrin-vask", AUTHORITY, "accepted", "0.6"),
        ("luco-maradi", wd(8), "proposed", "0.5"),
        ("luco-maradi", AUTHORITY, "proposed", "0.2"),
        ("haldria", AUTHORITY, "rejected", "0.1"),
        ("haldria", wd(1), "proposed", "0.1"),
    ]
    for id_, to, status, confidence in judgements:
        relation = KG.absentFrom if to == AUTHORITY else SKOS.exactMatch
        assert analysis.decide(
            Judgement(from_=node(newsroom, id_), relation=relation, to=to,
                      confidence=Decimal(confidence), status=status, by=SELF,
                      method="string-match", when="2031-04-02")
        )  # fmt: skip
    with newsroom.writing() as store:
        newsroom.keep(analysis)
        build(newsroom, store)
        query = stored.load(stored.find([])["pending-judgements"])
        found = ask(store, query, {}, newsroom.prefixes)
        assert isinstance(found, QuerySolutions)
        rows = [(row["from"].value, row["to"].value) for row in found]
    ours = {node(newsroom, id_).value: id_ for id_ in ("edrin-vask", "luco-maradi", "haldria")}
    assert [(ours[from_], to) for from_, to in rows if from_ in ours] == [
        ("luco-maradi", wd(8).value),
        ("edrin-vask", elsewhere.value),
        ("luco-maradi", AUTHORITY.value),
        ("haldria", wd(1).value),
    ]


@pytest.mark.parametrize(
    ("best", "none", "happened", "written"),
    [
        (0.95, 0.05, "accepted", {number(1): "accepted"}),
        (0.6, 0.4, "proposed", {number(1): "proposed"}),
        (0.3, 0.7, "open", {number(1): "proposed", "none": "proposed"}),
        (0.01, 0.99, "absent", {"none": "accepted"}),
    ],
)
def test_the_scores_say_what_is_written(
    newsroom: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    best: float,
    none: float,
    happened: str,
    written: dict[str, str],
) -> None:
    def resolve(
        wanted: Wanted, items: Iterable[Item], /, *, accept: float, **_: object
    ) -> Resolution:
        found = [Candidate(item=each, features={"name": 1.0}, score=best) for each in items]
        nil = None if best >= accept else "because"
        return Resolution(wanted=wanted, candidates=tuple(found[:1]), nil=nil, nil_score=none)

    monkeypatch.setattr(linking, "resolve", resolve)
    (outcome,) = linked(newsroom, World(), only=[node(newsroom, "haldria")]).outcomes
    assert (outcome.happened, outcome.score) == (happened, max(best, none))
    assert judged(newsroom, "haldria") == written
    notes = [found.note for _, found in newsroom.analysis().about(node(newsroom, "haldria"))]
    assert ("because" in notes) == (happened != "accepted")


def test_the_store_has_the_links_after_a_build(newsroom: Workspace) -> None:
    linked(newsroom, World())
    with newsroom.reading() as store:
        ask = f"ASK {{ {node(newsroom, 'haldria')} {SKOS.exactMatch} {wd(1)} }}"
        assert bool(store.query(ask))
        proposed = f"ASK {{ {node(newsroom, 'veyle')} {SKOS.exactMatch} ?any }}"
        assert not bool(store.query(proposed))


def test_what_was_linked_first_speaks_for_the_others(newsroom: Workspace) -> None:
    related = item(30, "Ansgar Tveld", "", "person", related=(1,))
    without = item(31, "Ansgar Tveld", "", "person")
    index = World()
    index.known |= {related.id: related, without.id: without}
    report = linked(newsroom, index)
    tveld = next(o for o in report.outcomes if o.thing.label == "Ansgar Tveld")
    assert [c.item.id for c in tveld.candidates] == [related.id, without.id]
    context = [candidate.features["context"] for candidate in tveld.candidates]
    assert context[0] > context[1]


def test_two_entries_do_not_share_an_item_while_another_bears_the_name(
    newsroom: Workspace,
) -> None:
    index = World()
    # The capital's name is one of the state's, as some sources have it.
    index.known[number(1)] = replace(ITEMS[0], aliases={"en": ("Brennick",)})
    index.known[number(3)] = replace(ITEMS[2], descriptions={}, classes=(), sitelinks=0)
    linked(newsroom, index)
    assert judged(newsroom, "haldria") == {number(1): "accepted"}
    assert judged(newsroom, "brennick") == {number(3): "accepted"}


def test_an_entry_made_twice_gets_the_same_item_and_is_proposed_to_be_merged(
    newsroom: Workspace,
) -> None:
    with (newsroom.root / "entities.ttl").open("a") as file:
        file.write('actor:haldrian-state a kg:Actor ; rdfs:label "Haldria"@en ;'
                   " kg:kind kgs:actor-state .\n")  # fmt: skip
    linked(newsroom, World())
    assert judged(newsroom, "haldrian-state") == {number(1): "accepted"}
    with newsroom.writing() as store:
        found = suggest(newsroom, store)
    assert ("haldrian-state", "haldria") in {
        (p.gone.node.value.rpartition("/")[2], p.kept.node.value.rpartition("/")[2])
        for p in found.proposals
    }


def test_a_workspace_without_judgements_gets_them(newsroom: Workspace) -> None:
    (newsroom.root / "analysis.ttl").unlink()
    linked(newsroom, World(), only=[node(newsroom, "haldria")])
    assert judged(newsroom, "haldria") == {number(1): "accepted"}


def test_linking_twice_gives_nothing_new(newsroom: Workspace) -> None:
    linked(newsroom, World())
    before = files(newsroom)
    index = World()
    report = linked(newsroom, index)
    assert (report.outcomes, report.changed) == ([], False)
    assert report.before == 39
    assert index.searched == []
    assert files(newsroom) == before


def test_looking_again_at_the_same_gives_the_same_bytes(newsroom: Workspace) -> None:
    linked(newsroom, World())
    before = files(newsroom)
    report = linked(newsroom, World(), again=True)
    assert len(report.outcomes) == 39
    assert not report.changed
    assert files(newsroom) == before


def test_a_dry_run_writes_nothing(newsroom: Workspace) -> None:
    before = files(newsroom)
    with newsroom.reading() as store:
        report = link(newsroom, store, World(), dry_run=True)
    assert report.count("accepted") >= 9
    assert not report.changed
    assert files(newsroom) == before


@pytest.mark.parametrize("to", [wd(16), AUTHORITY], ids=["another item", "no item"])
def test_a_persons_decision_is_never_overwritten(newsroom: Workspace, to: NamedNode) -> None:
    decided(newsroom, "haldria", to)
    before = newsroom.analysis().about(node(newsroom, "haldria"))
    for options in ({}, {"again": True}, {"only": [node(newsroom, "haldria")]}):
        report = linked(newsroom, World(), **options)
        assert report.by_person == 1
        assert newsroom.analysis().about(node(newsroom, "haldria")) == before
    (outcome,) = report.outcomes
    assert outcome.happened == "decided"
    assert outcome.reason == "accepted by Mira"


def test_an_item_that_a_person_refused_is_no_candidate_again(newsroom: Workspace) -> None:
    decided(newsroom, "luco-maradi", wd(8), "rejected")
    report = linked(newsroom, World())
    maradi = next(o for o in report.outcomes if o.thing.label == "Luco Maradi")
    assert [candidate.item.id for candidate in maradi.candidates] == [number(9)]
    assert judged(newsroom, "luco-maradi")[number(8)] == "rejected"


def test_a_link_that_the_register_states_is_a_persons(newsroom: Workspace) -> None:
    with (newsroom.root / "entities.ttl").open("a") as file:
        file.write(f"actor:haldria skos:exactMatch <{wd(16).value}> .\n")
    report = linked(newsroom, World())
    assert report.by_person == 1
    assert judged(newsroom, "haldria") == {}


def test_an_item_of_another_authority_says_nothing_about_this_one(newsroom: Workspace) -> None:
    elsewhere = NamedNode("https://names.example.org/id/7")
    decided(newsroom, "haldria", elsewhere)
    report = linked(newsroom, World())
    assert report.by_person == 0
    assert judged(newsroom, "haldria") == {elsewhere.value: "accepted", number(1): "accepted"}
    before = files(newsroom)
    assert linked(newsroom, World(), again=True).by_person == 0
    assert files(newsroom) == before


def test_unlinking_and_linking_again_leave_a_trace(newsroom: Workspace) -> None:
    linked(newsroom, World())
    decided(newsroom, "haldria", wd(1), "rejected")
    report = linked(newsroom, World())
    assert judged(newsroom, "haldria")[number(1)] == "rejected"
    assert report.by_person == 0  # a refusal of one item leaves the others open
    decided(newsroom, "haldria", wd(1))
    ((_, found), *_) = newsroom.analysis().about(node(newsroom, "haldria"))
    assert found.status == "accepted"
    said = [change.partition(" by ")[0] for change in found.changes]
    assert [line.rpartition(" ")[2] for line in said] == ["accepted", "rejected", "accepted"]


def test_a_later_look_up_takes_the_place_of_an_earlier_one(newsroom: Workspace) -> None:
    linked(newsroom, World())
    assert judged(newsroom, "ilka-tarrock") == {"none": "accepted"}
    index = World()
    new = item(40, "Ilka Tarrock", "spokeswoman of the foreign ministry of Haldria", "person",
               related=(1,), sitelinks=3)  # fmt: skip
    index.known[new.id] = new
    linked(newsroom, index, only=[node(newsroom, "ilka-tarrock")], accept=0.6)
    assert judged(newsroom, "ilka-tarrock") == {"none": "rejected", new.id: "accepted"}
    linked(newsroom, World(), again=True)
    # The old source does not know the item: that says nothing about it.
    assert judged(newsroom, "ilka-tarrock") == {"none": "rejected", new.id: "accepted"}


def test_another_source_may_find_what_the_first_did_not(newsroom: Workspace) -> None:
    linked(newsroom, World(known={}))
    assert judged(newsroom, "haldria") == {"none": "accepted"}
    report = linked(newsroom, World(source="another"))
    assert report.before == 0
    assert judged(newsroom, "haldria") == {"none": "rejected", number(1): "accepted"}


def test_an_item_that_was_merged_into_another_is_followed(newsroom: Workspace) -> None:
    linked(newsroom, World())
    report = linked(newsroom, World(merged={number(1): number(16)}))
    assert [(thing.label, old, new) for thing, old, new in report.moved] == [
        ("Haldria", wd(1), wd(16))
    ]
    assert report.redirected == []
    assert judged(newsroom, "haldria") == {number(1): "rejected", number(16): "accepted"}
    old, new = (found for _, found in newsroom.analysis().about(node(newsroom, "haldria")))
    assert f"{number(1)} was merged into {number(16)}" in str(new.note)
    assert len(old.changes) == 2
    assert (old.by, new.by) == (SELF, SELF)
    before = files(newsroom)
    assert linked(newsroom, World(merged={number(1): number(16)})).moved == []
    assert files(newsroom) == before


@pytest.mark.parametrize("refused", [False, True], ids=["decided on", "decided on, new refused"])
def test_where_a_person_decided_a_merged_item_is_not_followed_in_their_name(
    newsroom: Workspace, refused: bool
) -> None:
    if refused:
        decided(newsroom, "haldria", wd(16), "rejected")
    decided(newsroom, "haldria", wd(1))
    before = newsroom.analysis().about(node(newsroom, "haldria"))
    report = linked(newsroom, World(merged={number(1): number(16)}))
    assert report.moved == []
    ((thing, old, new, why),) = report.redirected
    assert (thing.label, old, new) == ("Haldria", wd(1), wd(16))
    assert why == f"Mira decided on {number(1)}"
    assert newsroom.analysis().about(node(newsroom, "haldria")) == before
    assert {j.by for _, j in before} == {MIRA}


def test_an_item_that_was_merged_into_a_refused_one_waits_for_a_person(
    newsroom: Workspace,
) -> None:
    decided(newsroom, "haldria", wd(16), "rejected")
    linked(newsroom, World(known={number(1): ITEMS[0]}), accept=0.5)
    analysis = newsroom.analysis()  # where one was refused, nothing is accepted by a program
    ((_, waits),) = [
        each for each in analysis.about(node(newsroom, "haldria")) if each[1].to == wd(1)
    ]
    assert analysis.decide(replace(waits, status="accepted"))
    with newsroom.writing():
        newsroom.keep(analysis)
    report = linked(newsroom, World(merged={number(1): number(16)}))
    assert report.moved == []
    assert [why for *_, why in report.redirected] == [f"Mira refused {number(16)}"]
    assert judged(newsroom, "haldria") == {number(16): "rejected", number(1): "proposed"}
    found = {j.to: j for _, j in newsroom.analysis().about(node(newsroom, "haldria"))}
    assert (found[wd(16)].by, found[wd(1)].by) == (MIRA, SELF)
    assert f"was merged into {number(16)}, but Mira refused" in str(found[wd(1)].note)


def test_only_a_whole_source_says_surely_that_there_is_no_item(newsroom: Workspace) -> None:
    part = linked(newsroom, World(known={}), whole=False, only=[node(newsroom, "haldria")])
    assert [outcome.happened for outcome in part.outcomes] == ["open"]
    assert judged(newsroom, "haldria") == {"none": "proposed"}
    ((_, found),) = newsroom.analysis().about(node(newsroom, "haldria"))
    assert found.note == "not in https://items.example.org/w/api.php: no item has this name"
    whole = linked(newsroom, World(known={}), again=True)
    assert {outcome.happened for outcome in whole.outcomes} == {"absent"}
    assert judged(newsroom, "haldria") == {"none": "accepted"}
    less = World(known={}, source="less")
    assert {each.happened for each in linked(newsroom, less, whole=False).outcomes} == {"kept"}
    assert judged(newsroom, "haldria") == {"none": "accepted"}


def test_what_a_lesser_source_lacks_stays_proposed(newsroom: Workspace) -> None:
    linked(newsroom, World())
    assert judged(newsroom, "veyle") == {number(14): "proposed", number(15): "proposed"}
    linked(newsroom, World(known={}, source="less"), whole=False, again=True)
    assert judged(newsroom, "veyle")[number(14)] == "proposed"
    linked(newsroom, World(known={}, source="more"), again=True)
    assert judged(newsroom, "veyle")[number(14)] == "rejected"


def test_what_one_source_left_open_another_is_asked_about(newsroom: Workspace) -> None:
    linked(newsroom, World())
    with newsroom.reading() as store:
        report = link(newsroom, store, World(source="another"), whole=True, dry_run=True)
    looked_up = {outcome.thing.label for outcome in report.outcomes}
    assert {"Veyle", "Ilka Tarrock"} <= looked_up
    assert "Haldria" not in looked_up


def test_none_is_not_sure_where_a_person_refused_an_item(newsroom: Workspace) -> None:
    decided(newsroom, "haldria", wd(1), "rejected")
    linked(newsroom, World(known={number(1): ITEMS[0]}))
    assert judged(newsroom, "haldria") == {number(1): "rejected", "none": "proposed"}
    notes = [j.note for _, j in newsroom.analysis().about(node(newsroom, "haldria"))]
    assert f"{number(1)} was refused; no other item has this name" in notes


def test_beside_a_refused_item_the_next_one_waits(newsroom: Workspace) -> None:
    decided(newsroom, "haldria", wd(16), "rejected")
    linked(newsroom, World())
    assert judged(newsroom, "haldria") == {number(16): "rejected", number(1): "proposed"}
    (_, found) = newsroom.analysis().about(node(newsroom, "haldria"))[1]
    assert str(found.note).startswith(f"{number(16)} was refused, so a person should look")


def test_a_name_that_is_one_letter_off_is_put_forward(newsroom: Workspace) -> None:
    index = World(known={number(1): replace(ITEMS[0], labels={"en": "Haldrja"})})
    (outcome,) = linked(newsroom, index, only=[node(newsroom, "haldria")]).outcomes
    assert outcome.happened in {"open", "proposed"}
    assert judged(newsroom, "haldria")[number(1)] == "proposed"
    assert "accepted" not in judged(newsroom, "haldria").values()


def test_what_was_not_written_is_not_reported_as_found(newsroom: Workspace) -> None:
    decided(newsroom, "ilka-tarrock", AUTHORITY, "rejected")
    (outcome,) = linked(newsroom, World(), only=[node(newsroom, "ilka-tarrock")]).outcomes
    assert (outcome.happened, outcome.reason) == ("kept", "kept as decided by Mira")
    assert judged(newsroom, "ilka-tarrock") == {"none": "rejected"}


def test_the_neighbours_of_candidates_are_asked_for_at_once_where_that_is_cheap(
    newsroom: Workspace,
) -> None:
    class Counting(World):
        def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
            asked.append(list(ids))
            return super().items(asked[-1])

    asked: list[list[str]] = []
    linked(newsroom, Counting(), dry_run=True)
    (related,) = [ids for ids in asked if number(2) in ids]
    assert len(related) == len(set(related)) <= finding.NEIGHBOURS
    asked.clear()
    linked(newsroom, Counting(), dry_run=True, whole=False)
    assert not any(asked)


def test_an_item_that_is_gone_is_reported_and_its_link_kept(newsroom: Workspace) -> None:
    linked(newsroom, World())
    index = World()
    del index.known[number(1)]
    report = linked(newsroom, index)
    assert [(thing.label, item) for thing, item in report.gone] == [("Haldria", wd(1))]
    assert judged(newsroom, "haldria") == {number(1): "accepted"}


def test_what_was_decided_before_a_source_failed_is_kept(
    newsroom: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "AT_ONCE", 5)
    report = linked(newsroom, World(fails_after=12))
    assert report.failure is not None
    assert report.failure.exit_code == 5
    assert 0 < len(report.outcomes) < 39
    assert report.changed
    assert judged(newsroom, "haldria") == {number(1): "accepted"}
    rest = linked(newsroom, World())
    assert len(rest.outcomes) + len(report.outcomes) == 39


def test_what_somebody_wrote_meanwhile_is_not_written_over(newsroom: Workspace) -> None:
    file = newsroom.root / "analysis.ttl"

    class Editing(World):
        def search(
            self, names: Sequence[str], /, *, limit: int = 10
        ) -> Mapping[str, Sequence[Item]]:
            file.write_text(file.read_text() + "# a line of somebody's\n")
            return super().search(names, limit=limit)

    before = file.read_text()
    report = linked(newsroom, Editing())
    assert report.failure is not None
    assert report.failure.exit_code == 4
    assert "edited meanwhile" in str(report.failure)
    assert file.read_text() == before + "# a line of somebody's\n"
    assert report.outcomes
    assert linked(newsroom, World()).failure is None


def test_own_things_of_one_name_are_searched_once_and_judged_each(
    tmp_path: Path, built_sample: Workspace
) -> None:
    workspace = copied(built_sample, tmp_path / "sample")
    for file in sorted(workspace.articles.glob("*.yaml")):
        content = file.read_text()
        thing = "  - {id: edrin-vask, type: actor, kind: person, label: Edrin Vask}\n"
        assert content.count("\nthings:\n") == 1
        file.write_text(content.replace("\nthings:\n", f"\nthings:\n{thing}"))
    index = World()
    report = linked(workspace, index)
    own = [o for o in report.outcomes if o.thing.label == "Edrin Vask"]
    assert len(own) == len(list(workspace.articles.glob("*.yaml"))) == 2
    assert index.searched.count("Edrin Vask") == 1
    assert len({o.thing.node for o in own}) == 2


def test_hostile_names_and_descriptions_survive_in_the_file(newsroom: Workspace) -> None:
    nasty = 'an "island" \\ of\nHaldria \U0001f30a \u202eetirw'
    index = World()
    index.known[number(1)] = replace(ITEMS[0], descriptions={"en": nasty})
    linked(newsroom, index)
    before = files(newsroom)
    assert judged(newsroom, "haldria") == {number(1): "accepted"}
    linked(newsroom, index, again=True)
    assert files(newsroom) == before


KILLED = """
import sys, time
from tests.link_world import World
from kg.build import build
from kg.link import finding, linking
from kg.link.item import Candidate, Item, Resolution
from kg.workspace import Workspace

class Slow(World):
    def search(self, names, /, *, limit=10):
        print(len(self.searched), flush=True)
        time.sleep(0.05)
        return super().search(names, limit=limit)

linking.AT_ONCE, linking.EVERY = 2, 0.0
workspace = Workspace.open(sys.argv[1])
with workspace.writing() as store:
    build(workspace, store)
    linking.link(workspace, store, Slow())
"""


def test_a_killed_run_loses_no_decision(newsroom: Workspace) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), newsroom.root],
        cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    batches = 6
    for _ in range(batches + 1):
        assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    found = {j.from_ for j in newsroom.analysis().judgements.values() if j.by == SELF}
    assert len(found) >= 2 * batches - 1
    report = linked(newsroom, World())
    assert report.before == len(found)
    assert len(report.outcomes) == 39 - len(found)


# The command itself


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A source in the place of Wikidata, for `kg link` as the program runs it."""
    index = World()

    @contextmanager
    def source(*_: object, **__: object) -> Iterator[Any]:
        yield cli._Source(index, AUTHORITY, True, Line("things"))

    monkeypatch.setattr(cli, "_index", source)
    return index


def test_the_command_prints_what_it_found_and_updates_the_store(
    newsroom: Workspace, run: Run, world: World
) -> None:
    answer = run("link", cwd=newsroom.root)
    assert answer.code == 0
    assert "Haldria" in answer.out
    assert "wd:Q900000001" in answer.out
    assert "39 things looked up" in answer.err
    counts = re.search(r"(\d+) accepted, (\d+) proposed, (\d+) without an item", answer.err)
    assert counts
    assert sum(map(int, counts.groups())) == 39
    assert "kg review" in answer.err
    shown = run("query", "-e", "SELECT ?i WHERE { ?x skos:exactMatch ?i } ORDER BY ?i",
                "-f", "csv", cwd=newsroom.root)  # fmt: skip
    assert len(shown.out.splitlines()) == 1 + int(counts[1])
    again = run("link", cwd=newsroom.root)
    assert (again.code, again.out) == (0, "")
    assert "39 things looked up before" in again.err
    assert world.searched


def test_named_things_are_looked_at_and_the_exit_code_says_whether_they_were_found(
    newsroom: Workspace, run: Run, world: World
) -> None:
    answer = run("link", "Edrin Vask", "haldria", "-f", "json", cwd=newsroom.root)
    assert answer.code == 0
    found = json.loads(answer.out)
    assert [row["thing"] for row in found] == ["actor:edrin-vask", "actor:haldria"] or [
        row["thing"] for row in found
    ] == ["actor:haldria", "actor:edrin-vask"]
    vask = next(row for row in found if row["thing"] == "actor:edrin-vask")
    assert [c["item"] for c in vask["candidates"]] == [wd(6).value, wd(7).value]
    assert vask["candidates"][0]["features"]["name"] == 1.0
    assert vask["candidates"][0]["features"]["margin"] == 0.5
    assert set(world.searched) == {"Edrin Vask", "Haldria", "government of Haldria"}
    assert run("link", "Ilka Tarrock", cwd=newsroom.root).code == 1
    assert run("link", "Nobody At All", cwd=newsroom.root).code == 3


def test_a_claim_has_no_item(newsroom: Workspace, run: Run, world: World) -> None:
    claim = next(iter(newsroom.analysis().judgements.values())).from_
    answer = run("link", claim.value, cwd=newsroom.root)
    assert answer.code == 2
    assert "is no actor, place, topic or event" in answer.err
    assert world.searched == []


def test_a_dry_run_of_the_command_writes_nothing(
    newsroom: Workspace, run: Run, world: World
) -> None:
    before = files(newsroom)
    answer = run("link", "--dry-run", cwd=newsroom.root)
    assert answer.code == 0
    assert "accepted" in answer.out
    assert "Nothing was written" in answer.err
    assert files(newsroom) == before
    assert world.searched


def test_a_failing_service_is_said_and_nothing_else_is_lost(
    newsroom: Workspace, run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "AT_ONCE", 5)
    world.fails_after = 12
    answer = run("link", cwd=newsroom.root)
    assert answer.code == 5
    assert "items.example.org: answers with 503" in answer.err
    assert "wd:Q900000001" in answer.out
    shown = run("query", "-e", "ASK { ?x skos:exactMatch wd:Q900000001 }", cwd=newsroom.root)
    assert shown.code == 0


def test_an_item_that_is_gone_is_a_no(newsroom: Workspace, run: Run, world: World) -> None:
    assert run("link", cwd=newsroom.root).code == 0
    del world.known[number(1)]
    answer = run("link", cwd=newsroom.root)
    assert answer.code == 1
    assert "no longer has wd:Q900000001" in answer.err


def test_a_hostile_label_does_not_reach_the_terminal(
    newsroom: Workspace, run: Run, world: World
) -> None:
    file = newsroom.root / "entities.ttl"
    file.write_text(file.read_text().replace('"Haldria"@en', r'"Hal\u001b[31mdria"@en'))
    world.known[number(1)] = replace(ITEMS[0], labels={"en": "Hal\x1b[31mdria"})
    assert "\x1b" not in run("link", cwd=newsroom.root).out
    del world.known[number(1)]
    answer = run("link", cwd=newsroom.root)
    assert answer.code == 1
    assert "Hal [31mdria" in answer.err
    assert "\x1b" not in answer.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--accept", "2"], 2, "--accept"),
        (["--accept", "nan"], 2, "expected a number from 0 to 1"),
        (["--accept", "inf"], 2, "--accept"),
        (["--merge-suggestions", "--source", "live"], 2, "goes with no --source"),
        (["-f", "yaml"], 2, "expected table, json"),
        (["--offline", "--refresh"], 2, "leave one out"),
        (["--source", "nowhere.kgi"], 2, "no such index file"),
        (["--source", "ftp://example.org/"], 2, "expected an http"),
        ([], 2, "contact"),
    ],
)
def test_wrong_usage_is_said(
    newsroom: Workspace, run: Run, arguments: list[str], code: int, said: str
) -> None:
    before = files(newsroom)
    answer = run("link", *arguments, cwd=newsroom.root)
    assert answer.code == code
    assert said in answer.err
    assert files(newsroom) == before


def test_who_was_not_asked_is_not_said_to_be_of_today(newsroom: Workspace, run: Run) -> None:
    answer = run("link", cwd=newsroom.root)
    assert answer.code == 2
    assert "looked up" not in answer.err


def test_a_decision_of_a_person_is_shown_with_its_item(
    newsroom: Workspace, run: Run, world: World
) -> None:
    assert run("link", "haldria", cwd=newsroom.root).code == 0
    decided(newsroom, "haldria", wd(1))
    found = json.loads(run("link", "haldria", "-f", "json", cwd=newsroom.root).out)
    assert [(row["outcome"], row["itemLabel"], row["reason"]) for row in found] == [
        ("decided", "Haldria", "accepted by Mira")
    ]
    assert found[0]["description"] == "country on the Lantern Sea"
    assert world.searched


def test_what_is_no_index_is_no_source(newsroom: Workspace, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "items.kgi"
    file.write_text("no index at all")
    before = files(newsroom)
    answer = run("link", "--source", file, cwd=newsroom.root)
    assert answer.code == 4
    assert "items.kgi" in answer.err
    assert files(newsroom) == before


def test_a_workspace_without_a_store_can_be_linked(
    newsroom: Workspace, run: Run, world: World
) -> None:
    with (newsroom.root / "kg.toml").open("a") as file:
        file.write('store = "memory:"\n')
    assert run("link", cwd=newsroom.root).code == 0
    assert judged(newsroom, "haldria") == {number(1): "accepted"}
    shutil.rmtree(newsroom.derived)
    assert run("link", "-n", "haldria", cwd=newsroom.root).code == 0
    assert world.searched


def test_waiting_is_told_once_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = Line("things")
    for seconds in (3.0, 2.0, 1.0, 0.0):
        line.waiting(seconds, "items.example.org: busy")
    line.advance("Haldria", 3)
    line.clear()
    assert capsys.readouterr().err == "kg: waiting 3 s: items.example.org: busy\n"


def test_a_terminal_has_one_line_that_is_written_over(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    line = Line("things")
    line.advance("Haldria", 3)
    assert capsys.readouterr().err == ""  # it has only begun
    line.begun = line.shown = time.monotonic() - 2
    line.advance("Hal\x1b[31mdria " * 20, 4)
    shown = capsys.readouterr().err
    assert shown.startswith("\r\x1b[K2 things, 1 a second, 4 s left: Hal [31mdria")
    assert len(shown) <= len("\r\x1b[K") + 59
    for seconds in (2.0, 1.0, 0.0):
        line.waiting(seconds, "busy")
    assert capsys.readouterr().err == (
        "\r\x1b[Kkg: waiting 2 s: busy\r\x1b[Kkg: waiting 1 s: busy\r\x1b[K"
    )

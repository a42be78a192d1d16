"""What is known of a source: what an index cannot know, and that a fuller or later one is another."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from kg.build import build
from kg.link.finding import neighbours
from kg.link.item import Wanted
from kg.link.linking import link
from kg.link.offline import OfflineIndex
from kg.link.offline.building import build as make_index
from kg.link.offline.types import Wish, wanted
from kg.link.service import NeverAskedError
from kg.link.source import Source
from kg.link.thing import Thing
from tests.conftest import copied
from tests.link_world import ITEMS, World
from tests.wikidata_items import HALDRIA, world

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from kg.link.item import EntityIndex, Item
    from kg.link.outcome import Outcome
    from kg.model import Kind, ThingType
    from kg.workspace import Workspace

LACKS: list[tuple[str, ThingType, Kind | None, str | None]] = [
    ("people", "actor", "person", None),
    ("people", "actor", "state", "states"),
    ("people", "actor", "company", "organisations"),
    ("people,organisations", "actor", "media", "publications"),
    ("people", "actor", None, "organisations and states"),
    ("people,organisations,states", "actor", "group", None),
    ("states", "place", None, "places"),
    ("places", "place", None, None),
    ("people,events", "event", None, None),
    ("people", "event", None, "events"),
    ("people,organisations,states,places,events,publications", "topic", None, "topics"),
    ("ships=Q900000077", "topic", None, None),
]


@pytest.fixture
def newsroom(ungated_newsroom: Workspace, tmp_path: Path) -> Workspace:
    return copied(ungated_newsroom, tmp_path / "newsroom")


def index(
    folder: Path, types: Sequence[str], roots: Sequence[str] = (), day: str = "2031-03-01"
) -> OfflineIndex:
    """An index of our world's items."""
    dump = folder / "items-all.json"
    dump.write_text("[\n" + ",\n".join(json.dumps(entity) for entity in world()) + "\n]\n")
    file = folder / f"{'-'.join(types) or 'all'}-{day}.kgi"
    make_index(dump, file, Wish(types=wanted(types, roots), languages=("en",), day=day))
    return OfflineIndex(file)


def looked(workspace: Workspace, source: EntityIndex) -> list[Outcome]:
    with workspace.writing() as store:
        build(workspace, store)
        haldria = workspace.iris.thing("actor", "haldria")
        report = link(workspace, store, source, only=[haldria])
        build(workspace, store)
    return report.outcomes


@pytest.mark.parametrize(("types", "type_", "kind", "lacks"), LACKS)
def test_what_an_index_of_some_types_cannot_know(
    types: str, type_: ThingType, kind: Kind | None, lacks: str | None
) -> None:
    thing = Thing(
        node=NamedNode("https://example.org/x"), type=type_, kind=kind, own=False,
        names=("Haldria",), language="en", note="", mentions=1, articles=(),
    )  # fmt: skip
    source = Source(name="items.json", day="2031-03-01", types=tuple(types.split(",")))
    assert source.lacks(thing) == lacks
    assert Source(name="https://items.example.org/").lacks(thing) is None


def test_an_index_that_has_no_states_says_so_and_a_fuller_one_is_asked(
    newsroom: Workspace, tmp_path: Path
) -> None:
    before = newsroom.analysis().content
    with index(tmp_path, ["people"]) as people:
        (outcome,) = looked(newsroom, people)
    assert outcome.happened == "open"
    assert outcome.reason == "items-all.json of 2031-03-01 does not hold states"
    assert newsroom.analysis().content == before
    with index(tmp_path, [], ["states=Q6256"]) as everything:
        (outcome,) = looked(newsroom, everything)
        assert outcome.happened == "accepted"
        assert outcome.item is not None
        assert outcome.item.value.endswith(HALDRIA)


def test_what_another_day_or_other_types_lack_is_looked_up_again(
    newsroom: Workspace, tmp_path: Path
) -> None:
    haldria = newsroom.iris.thing("actor", "haldria")
    with index(tmp_path, ["states"]) as states:  # the class of Haldria is not under a state there
        assert [o.happened for o in looked(newsroom, states)] == ["open"]
    ((_, found),) = newsroom.analysis().about(haldria)
    assert found.status == "proposed"
    assert found.source == "items-all.json of 2031-03-01 (states)"
    assert str(found.note).startswith("not in items-all.json of 2031-03-01: no item has this name")
    for other in (
        index(tmp_path, ["states"]),
        index(tmp_path, ["states"], day="2031-04-01"),
        index(tmp_path, ["states", "people"]),
    ):
        with other, newsroom.reading() as store:
            report = link(newsroom, store, other, dry_run=True)
        again = haldria in {outcome.thing.node for outcome in report.outcomes}
        assert again == (str(Source.of(other)) != found.source)


def test_the_file_says_from_which_day_its_source_is(newsroom: Workspace, tmp_path: Path) -> None:
    with index(tmp_path, [], ["states=Q6256"], day="2031-05-05") as everything:
        looked(newsroom, everything)
        source = Source.of(everything)
    assert str(source) == (
        "items-all.json of 2031-05-05 (people, organisations, states=Q7275+Q6256, places, events,"
        " publications)"
    )
    content = newsroom.analysis().content.decode()
    assert 'rdfs:label "items-all.json of 2031-05-05"@en' in content
    ((_, found), *_) = newsroom.analysis().about(newsroom.iris.thing("actor", "haldria"))
    assert found.source == str(source)


def test_a_source_that_is_asked_as_it_is_now_is_the_same_tomorrow() -> None:
    today, tomorrow = World(as_of="2031-04-01"), World(as_of="2031-04-02")
    assert Source.of(today) == Source.of(tomorrow)
    assert str(Source.of(today, whole=True)) == today.source


def test_offline_neighbours_that_were_never_asked_for_are_left_out() -> None:
    class Offline(World):
        def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
            asked = list(ids)
            if capital in asked:
                raise NeverAskedError(f"what {capital} is was never asked for")
            return super().items(asked)

    state, capital = ITEMS[1], ITEMS[3].id
    found = {"x": {state.id: replace(state, related=(ITEMS[0].id, capital))}}
    asked = [Wanted(id="x", names=("Pellovia",), type="actor")]
    assert neighbours(World(), asked, found) == {ITEMS[0].id: "Haldria", capital: "Sant Orel"}
    assert neighbours(Offline(), asked, found) == {ITEMS[0].id: "Haldria"}


def test_the_cases_are_counted() -> None:
    assert len(LACKS) == 12

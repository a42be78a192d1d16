"""What of a workspace is to be linked, and what is known of it that tells namesakes apart."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from kg.build import build
from kg.link.gathered import COMPANY, SAMPLED
from kg.link.links import Links, id_of, linked
from kg.link.naming import around, has_name, is_name
from kg.link.thing import Thing
from kg.link.things import Things, batched
from kg.store import open_store
from kg.vocab import DCTERMS, KG, RDFS, SKOS
from tests.conftest import ROOT, copied, make
from tests.link_world import IRIS, crowd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.link.item import Wanted
    from kg.store import GraphStore
    from kg.workspace import Workspace

NEWSROOM = ROOT / "examples" / "newsroom"
NAMES = {
    "Edrin Vask": (True, True),
    "the Red Brigades": (True, True),
    "The Brennick Courier": (True, True),
    "eBay": (True, True),
    "日本": (True, True),
    "2031 Veyle Summit": (True, True),
    "Stockholm Agreement": (True, True),
    "Council of Lantern Sea States": (True, True),
    "Danish fishermen": (True, False),
    "Haldria detains the crew of a trawler": (True, False),
    "newspapers in Sant Orel": (False, False),
    "a harbour pilot": (False, False),
    "talks in Veyle": (False, False),
    "the": (False, False),
    "Haldria, Pellovia and Veyle": (True, False),
    "The Ministry For The Defence Of The Ports And Of The Sea Of Haldria": (True, False),
}


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make(tmp_path_factory.mktemp("things") / "newsroom", NEWSROOM)


@pytest.fixture
def store(newsroom: Workspace) -> Iterator[GraphStore]:
    with newsroom.reading() as store:
        yield store


def wanted(workspace: Workspace, store: GraphStore, id_: str) -> Wanted:
    things = Things(store, workspace.iris)
    thing = things.all[f"{workspace.settings.base}id/{id_}"]
    (found,) = things.wanted([thing], workspace.text_of(), {})
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_told_from_a_description_by_its_capitals(name: str) -> None:
    assert (is_name(name, strict=False), is_name(name, strict=True)) == NAMES[name]


def test_the_names_are_counted() -> None:
    assert len(NAMES) == 16


def test_what_has_no_name_of_its_own_is_not_linked(newsroom: Workspace, store: GraphStore) -> None:
    things = Things(store, newsroom.iris)
    labels = {thing.label for thing in things.named()}
    assert {"Haldria", "Edrin Vask", "Brennick", "Lantern Wire"} <= labels
    left = {thing.label for thing in things.all.values()} - labels
    assert {"police in Brennick", "newspapers in Sant Orel", "people aboard the Amaranta"} <= left
    assert not any(thing.kind == "unidentified" for thing in filter(has_name, things.all.values()))
    assert [thing.mentions for thing in things.named()] == sorted(
        (thing.mentions for thing in things.named()), reverse=True
    )


def test_an_acronym_makes_no_name_of_a_description() -> None:
    def topic(*names: str) -> bool:
        return has_name(
            Thing(node=IRIS.thing("topic", "x"), type="topic", kind=None, own=False, names=names,
                  language="en", note="", mentions=1, articles=())
        )  # fmt: skip

    assert topic("Lantern Sea Treaty")
    assert topic("treaty on the sea", "Lantern Sea Treaty")
    assert not topic("treaty on the sea", "LST")


def test_a_name_that_another_thing_goes_by_is_left_out(newsroom: Workspace, tmp_path: Path) -> None:
    workspace = copied(newsroom, tmp_path / "metonyms")
    with (workspace.root / "entities.ttl").open("a") as file:
        file.write('actor:haldria skos:altLabel "Brennick"@en .\n')
    with workspace.writing() as store:
        build(workspace, store)
        assert wanted(workspace, store, "actor/haldria").names == (
            "Haldria",
            "government of Haldria",
        )
        assert wanted(workspace, store, "place/brennick").names == ("Brennick",)


def test_the_words_around_its_mentions_are_the_context(
    newsroom: Workspace, store: GraphStore
) -> None:
    found = wanted(newsroom, store, "actor/edrin-vask")
    assert found.names == ("Edrin Vask", "Vask")
    assert (found.type, found.kind) == ("actor", "person")
    assert {"commander", "spokesman", "coast", "guard"} <= found.context
    assert {"Haldria", "Haldrian Coast Guard"} <= found.others_named
    assert "Edrin Vask" not in found.others_named


def test_what_the_register_notes_of_a_thing_is_context_too(
    newsroom: Workspace, tmp_path: Path
) -> None:
    workspace = copied(newsroom, tmp_path / "noted")
    with (workspace.root / "entities.ttl").open("a") as file:
        file.write('topic:amaranta skos:scopeNote "A beam trawler built in Wexmoor."@en .\n')
    with workspace.writing() as store:
        build(workspace, store)
        assert {"trawler", "wexmoor"} <= wanted(workspace, store, "topic/amaranta").context


def test_who_is_spoken_of_must_have_been_born_and_who_speaks_is_there(
    newsroom: Workspace, store: GraphStore
) -> None:
    speaker = wanted(newsroom, store, "actor/edrin-vask")
    assert set(speaker.dates) >= {"../2031-03-05", "2031-03-05"}
    assert wanted(newsroom, store, "place/brennick").dates == ()
    event = wanted(newsroom, store, "event/albarin-hearing")
    assert "2031-03-10" in event.dates


def test_without_the_texts_the_claims_are_the_context(newsroom: Workspace, tmp_path: Path) -> None:
    bare = copied(newsroom, tmp_path / "bare")
    for text in bare.articles.glob("*.txt"):
        text.unlink()
    with bare.reading() as store:
        found = wanted(bare, store, "actor/edrin-vask")
    assert found.context
    assert "commander" not in found.context  # that stands in the text alone


def test_some_things_are_known_as_well_as_among_all(newsroom: Workspace, store: GraphStore) -> None:
    node = newsroom.iris.thing("actor", "luco-maradi")
    alone = Things(store, newsroom.iris, [node])
    whole = Things(store, newsroom.iris)
    found = [
        things.wanted([things.all[node.value]], newsroom.text_of(), {node.value: {"Q1"}})
        for things in (alone, whole)
    ]
    assert found[0] == found[1]


def test_the_items_of_its_company_are_known_to_a_thing(
    newsroom: Workspace, store: GraphStore
) -> None:
    things = Things(store, newsroom.iris)
    haldria = newsroom.iris.thing("actor", "haldria").value
    vask = things.all[newsroom.iris.thing("actor", "edrin-vask").value]
    (found,) = things.wanted([vask], newsroom.text_of(), {haldria: {"Q900000001"}})
    assert found.others == {"Q900000001"}


def test_what_was_merged_is_not_looked_up() -> None:
    gone, kept = IRIS.thing("actor", "old-name"), IRIS.thing("actor", "haldria")
    with open_store("memory:") as store:
        store.update(
            f"INSERT DATA {{ GRAPH {IRIS.entities} {{"
            f" {gone} a {KG.Actor} ; {RDFS.label} 'Old Haldria' ; {DCTERMS.isReplacedBy} {kept} ."
            f" {kept} a {KG.Actor} ; {RDFS.label} 'Haldria' }} }}"
        )
        assert [thing.label for thing in Things(store, IRIS).named()] == ["Haldria"]


def test_the_words_around_a_stretch_are_few_however_long_the_text() -> None:
    text = "word " * 10_000
    assert around(text, 25_000, 25_004) == {"word"}
    numbered = " ".join(f"w{number}" for number in range(1000))
    start = numbered.index("w500 ")
    assert len(around(numbered, start, start + 4)) == 80


def test_links_are_known_both_ways_round() -> None:
    with open_store("memory:") as store:
        haldria = IRIS.thing("actor", "haldria")
        store.update(
            f"INSERT DATA {{ GRAPH {IRIS.analysis} {{ {haldria} {SKOS.exactMatch}"
            f" <http://www.wikidata.org/entity/Q900000001> }} }}"
        )
        links = Links(store, IRIS)
    assert (links.of, links.holders) == (
        {haldria.value: {"Q900000001"}},
        {"Q900000001": {haldria.value}},
    )
    links.remove(haldria.value, "Q900000001")
    assert not links.of[haldria.value]
    assert not links.holders["Q900000001"]


def test_ids_of_items_and_batches() -> None:
    assert id_of(NamedNode("https://items.example.org/id#4")) == "4"
    with crowd(2) as store:
        named = Things(store, IRIS).named()
    assert [len(batch) for batch in batched(named, 4)] == [4, 4, 1]
    assert list(batched([], 4)) == []


def test_what_a_thing_costs_does_not_grow_with_the_crowd() -> None:
    seconds = []
    for articles in (100, 400, 1600):
        with crowd(articles) as store:
            begun = time.process_time()
            things = Things(store, IRIS)
            named = things.named()
            found = things.wanted(named[:50], lambda _: "a text of our own " * 20, {})
            seconds.append(time.process_time() - begun)
            assert len(named) == 4 * articles + 1
            state = named[0]
            assert (state.label, state.mentions) == ("Haldria", articles)
            assert len(state.articles) == SAMPLED
            assert len(found[0].others_named) <= SAMPLED * COMPANY
    # Sixteen times the articles: linear would be 16, and the square of that 256.
    assert seconds[2] < 40 * seconds[0] + 0.5
    assert linked(crowd(1), IRIS) == {}

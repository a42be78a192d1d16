"""Indexes made from dumps: what goes in, what is found, and what the command tells of it."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.errors import InputError, StoreError
from kg.link.dump import dated, recognised
from kg.link.offline import OfflineIndex
from kg.link.offline import building as building_module
from kg.link.offline.building import build
from kg.link.offline.types import Wish, wanted
from tests.link_dump import (
    DAILY,
    DAY,
    GAZETTE,
    HALDRIA,
    ISLAND_REPUBLIC,
    MERGED,
    NAMESAKE,
    PELLOVIA,
    PREMIER,
    SEA,
    STONE,
    SUMMIT,
    TELLUS,
    VASK,
    WISH,
    array,
    content,
    packed,
    world,
    written,
)
from tests.link_dump import entity as entity_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Run

FORMS = [
    f"wikidata-20260105-{what}{packing}"
    for what in ("all.json", "truthy.nt")
    for packing in ("", ".gz", ".bz2", ".zst")
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfflineIndex]:
    """An index of our world."""
    folder = tmp_path_factory.mktemp("index")
    build(written(folder), folder / "world.kgi", WISH)
    with OfflineIndex(folder / "world.kgi") as found:
        yield found


def found(index: OfflineIndex, name: str, limit: int = 10) -> list[str]:
    return [item.id for item in index.search([name], limit=limit)[name]]


@pytest.mark.parametrize("name", FORMS)
def test_a_dump_says_the_same_however_it_is_written_and_packed(
    index: OfflineIndex, name: str, tmp_path: Path
) -> None:
    build(written(tmp_path, name), tmp_path / "other.kgi", WISH)
    with OfflineIndex(tmp_path / "other.kgi") as other:
        ids = [
            f"Q{number}" for number in (*range(900000001, 900000010), *range(900000101, 900000109))
        ]
        assert other.items(ids) == index.items(ids)
        assert other.source == name


def test_the_ways_in_which_dumps_come_are_all_there() -> None:
    assert len(FORMS) == 8


def test_an_item_comes_back_whole(index: OfflineIndex) -> None:
    haldria = index.items([HALDRIA])[HALDRIA]
    assert haldria is not None
    assert haldria.labels == {"en": "Haldria", "ja": "ハルドリア", "ru": "Халдрия"}
    assert haldria.aliases == {"en": ("Republic of Haldria", "HLD")}
    assert haldria.descriptions == {"en": "island republic in the Tellan Sea"}
    assert (haldria.classes, haldria.related) == ((ISLAND_REPUBLIC,), (TELLUS,))
    assert (haldria.began, haldria.coordinates, haldria.sitelinks) == (
        "1921-03-04",
        (12.5, -30.25),
        40,
    )
    vask = index.items([VASK])[VASK]
    assert vask is not None
    assert (vask.born, vask.died, vask.related) == ("1961-08-09", None, (HALDRIA, PREMIER))
    assert vask.iri == f"http://www.wikidata.org/entity/{VASK}"


SEARCHED = [
    ("Haldria", [HALDRIA, GAZETTE]),  # the name itself, then a name with it
    ("haldria", [HALDRIA, GAZETTE]),
    ("HLD", [HALDRIA]),  # an alias
    ("Republic of Haldria", [HALDRIA]),
    ("ハルドリア", [HALDRIA]),  # another script
    ("Халдрия", [HALDRIA]),
    ("エドリン・ヴァスク", [VASK]),
    ("Edrin Vask", [VASK, NAMESAKE]),  # the one with more articles first
    ("Vask, Edrin", [VASK, NAMESAKE]),
    ("Vask", [VASK, NAMESAKE]),
    ("Edryn Wasck", [VASK, NAMESAKE]),  # sounds alike
    ("Edirn Vaxk", [VASK, NAMESAKE]),  # a slip
    ("Edrin Tal Vask", [VASK, NAMESAKE]),  # an alias; then a name without the middle one
    ("E. Vask", [VASK, NAMESAKE]),
    ("Port Tellan", [TELLUS, SUMMIT]),  # a label that holds in all languages
    ("Port Tellan summit", [SUMMIT, TELLUS]),
    ("Haldria Gazete", [GAZETTE]),
    ("Ohne Namen", []),  # a label in a language that nobody asked for
    ("On the stones of Haldria", []),  # a scholarly article
    ("Premier of Haldria", []),  # what others refer to is not found by name
    ("stone", []),
    ("Zzyzx", []),
    ("", []),
    ("!?", []),
    ('" OR words : "vask', []),  # what is no name asks for no more than its words
]


@pytest.mark.parametrize(("name", "expected"), SEARCHED)
def test_items_are_found_by_their_names_and_by_near_spellings(
    index: OfflineIndex, name: str, expected: list[str]
) -> None:
    assert found(index, name)[: len(expected) or None] == expected


def test_the_table_of_searches_is_whole() -> None:
    assert len(SEARCHED) == 25


def test_no_more_are_found_than_asked_for(index: OfflineIndex) -> None:
    assert found(index, "Edrin Vask", limit=1) == [VASK]
    assert found(index, "Haldria", limit=1) == [HALDRIA]


def test_many_names_are_answered_at_once_and_each_once(index: OfflineIndex) -> None:
    answers = index.search(["Vask", "HLD", "Vask"])
    assert list(answers) == ["Vask", "HLD"]


def test_ids_lead_to_items_and_by_way_of_redirects(index: OfflineIndex) -> None:
    answers = index.items([MERGED, PREMIER, STONE, "Q900000999", "P31", "Q", ""])
    assert {name: item.id if item else None for name, item in answers.items()} == {
        MERGED: HALDRIA,
        PREMIER: PREMIER,  # the office that an item refers to
        STONE: None,  # a class of that office, which no item wanted refers to
        "Q900000999": None,
        "P31": None,
        "Q": None,
        "": None,
    }


def test_an_index_says_what_it_is_from(index: OfflineIndex) -> None:
    assert (index.source, index.as_of) == (DAY, "2026-01-05")
    counts = json.loads(index.facts["counts"])
    assert counts == {
        "lines": 19,
        "entities": 17,
        "nameless": 1,
        "broken": 0,
        "items": 8,
        "referred": 4,  # three classes and the office
        "names": 15,
        "redirects": 1,
        "of type people": 2,
        "of type organisations": 1,
        "of type states": 2,
        "of type places": 2,
        "of type events": 1,
        "of type publications": 1,
    }


def test_only_the_types_wanted_are_taken_in_and_their_roots_can_be_added_to(tmp_path: Path) -> None:
    dump = written(tmp_path)
    wish = Wish(types=wanted(["people"], [f"stones={STONE}"]), languages=("en",))
    build(dump, tmp_path / "some.kgi", wish)
    with OfflineIndex(tmp_path / "some.kgi") as some:
        sampled = {item.id: types for item, types in some.sample(100)}
        assert sampled == {VASK: ("people",), NAMESAKE: ("people",), PREMIER: ("stones",)}


def test_a_class_is_of_a_type_by_the_classes_above_it(index: OfflineIndex) -> None:
    types = {item.id: types for item, types in index.sample(100)}
    assert types[GAZETTE] == ("organisations", "publications")
    assert types[HALDRIA] == ("states",)
    assert types[SUMMIT] == ("events",)
    assert types[SEA] == ("places",)


def test_classes_in_a_circle_end_and_some_are_passed_over_whatever_else_an_item_is(
    tmp_path: Path,
) -> None:
    first, second, lists = (f"Q{number}" for number in range(900000201, 900000204))
    entities = [
        entity_of("Q900000211", {"en": "Orla Brenn"}, P31=first),
        entity_of("Q900000212", {"en": "list of Brenns"}, P31=f"{lists} Q5"),
        entity_of("Q900000213", {"en": "Brenn"}, P31="Q900000299"),
        entity_of(first, {"en": "minstrel"}, P279=second),
        entity_of(second, {"en": "singer"}, P279=f"{first} Q5"),
        entity_of(lists, {"en": "list"}, P279="Q17442446"),
    ]
    build(written(tmp_path, content=array(entities)), tmp_path / "circle.kgi", WISH)
    with OfflineIndex(tmp_path / "circle.kgi") as circle:
        assert {item.id: types for item, types in circle.sample(10)} == {"Q900000211": ("people",)}


def test_lines_without_an_array_around_them_are_a_dump(tmp_path: Path, index: OfflineIndex) -> None:
    lines = array(world()).removeprefix(b"[\n").removesuffix(b"\n]\n").replace(b"},\n{", b"}\n{")
    build(written(tmp_path, "e.jsonl.zst", lines), tmp_path / "lines.kgi", WISH)
    assert content(tmp_path / "lines.kgi")["items"] == content(index.path)["items"]


def test_a_sample_is_from_all_over_the_index(index: OfflineIndex) -> None:
    assert [item.id for item, _ in index.sample(2)] == [HALDRIA, TELLUS]
    assert list(index.sample(0)) == []


def test_what_is_no_index_is_refused_with_its_name(tmp_path: Path, index: OfflineIndex) -> None:
    missing, nothing, strange, newer, short = (
        tmp_path / name for name in ("missing", "nothing", "strange", "newer", "short")
    )
    nothing.write_bytes(b"")
    strange.write_bytes(b"this is no database at all\n" * 100)
    whole = index.path.read_bytes()
    newer.write_bytes(whole)
    with contextlib.closing(sqlite3.connect(newer)) as kept:
        kept.execute("PRAGMA user_version = 99")
    short.write_bytes(whole[:-8192])
    for file, reason in (
        (missing, "there is no such index"),
        (nothing, "is no index of kg"),
        (strange, "is no index of kg"),
        (newer, "is an index of version 99, this kg reads version 1"),
        (short, "is cut off"),
    ):
        with pytest.raises(StoreError, match=reason) as error:
            OfflineIndex(file).search(["Haldria"])
        assert str(file) in str(error.value)


def test_an_index_can_be_handed_to_another_process(index: OfflineIndex) -> None:
    with pickle.loads(pickle.dumps(index)) as other:  # noqa: S301
        assert found(other, "Vask") == [VASK, NAMESAKE]


def test_the_day_of_a_dump_is_told_by_its_name_or_by_the_time_of_the_file(tmp_path: Path) -> None:
    named = [
        dated(Path(name)) for name in ("wikidata-20240304-all.json.bz2", "dump-2025-11-30.nt.gz")
    ]
    assert [day for day, _ in named] == ["2024-03-04", "2025-11-30"]
    latest = written(tmp_path, "latest-all.json")
    os.utime(latest, (1_700_000_000, 1_700_000_000))
    assert dated(latest) == ("2023-11-14", "the time of the file, as its name has none")


def test_what_is_no_dump_is_refused(tmp_path: Path) -> None:
    for name in ("dump.xml", "dump.zip", "dump"):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(InputError, match="the name tells no kind of dump"):
            recognised(tmp_path / name)
    with pytest.raises(InputError, match="no such file"):
        recognised(tmp_path / "missing.json")


def test_the_command_makes_an_index_and_tells_of_it(tmp_path: Path, run: Run) -> None:
    dump = written(tmp_path, "latest-all.json.gz")
    options = ("--languages", "en, ja", "--types", "people,states", "--dated", "2026-01-05")
    answer = run("index", dump, "-o", tmp_path / "a.kgi", *options, "--sample", "2")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        "id\tlabel\tdescription\ttypes",
        f"{HALDRIA}\tHaldria\tisland republic in the Tellan Sea\tstates",
        f"{VASK}\tEdrin Vask\tpremier of Haldria\tpeople",
    ]
    assert "from latest-all.json.gz of 2026-01-05 (by the option --dated)" in answer.err
    assert "  people: 2\n  states: 2\n" in answer.err
    info = run("index", tmp_path / "a.kgi", "--info")
    assert info.code == 0
    assert info.out.splitlines()[2:4] == ["languages: en, ja", "4 items with 10 names:"]
    again = run("index", dump, "-o", tmp_path / "a.kgi", *options)
    assert again.code == 0
    assert "is there already" in again.err


def test_the_command_tells_of_broken_lines_with_its_exit_code(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building_module, "LISTED", 1)
    lines = array(world()).split(b"\n")
    lines[2] = lines[4] = b"{,"
    dump = written(tmp_path, content=b"\n".join(lines))
    answer = run("index", dump, "-o", tmp_path / "a.kgi")
    assert answer.code == 1
    assert f"kg: error: {dump}:3: the line is cut off" in answer.err
    assert f"kg: error: {dump}: 1 more line cannot be read" in answer.err


WRONG = [
    ((), "where should the index go?", 2),
    (("-o", "a.kgi", "--types", "ships"), "there is no type ships", 2),
    (("-o", "a.kgi", "--type-root", "ships"), "expected a name and one class", 2),
    (("-o", "a.kgi", "--dated", "yesterday"), "--dated yesterday: expected a date", 2),
    (("-o", "missing/a.kgi"), "there is no such folder", 4),
    (("--info",), "is no index of kg", 4),
]


@pytest.mark.parametrize(("options", "reason", "code"), WRONG)
def test_wrong_options_are_refused(
    options: tuple[str, ...], reason: str, code: int, tmp_path: Path, run: Run
) -> None:
    answer = run("index", written(tmp_path), *options, cwd=tmp_path)
    assert (answer.code, reason in answer.err) == (code, True), answer.err


def test_the_wrong_options_are_all_there() -> None:
    assert len(WRONG) == 6


def test_a_dump_of_recorded_entities_gives_namesakes_in_the_order_of_fame(
    shared: Path, tmp_path: Path
) -> None:
    folder = shared / "data" / "wikidata-api-cassettes"
    if not folder.is_dir():
        pytest.skip("the recorded answers are not here")
    answers = [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))]
    entities = [
        each for answer in answers for each in answer["entities"].values() if "claims" in each
    ]
    assert len(entities) == 66
    build(written(tmp_path, content=array(entities)), tmp_path / "recorded.kgi", WISH)
    with OfflineIndex(tmp_path / "recorded.kgi") as recorded:
        assert json.loads(recorded.facts["counts"])["of type people"] == 15
        assert set(found(recorded, "Vladimir Putin")[:3]) == {"Q7747", "Q19300851", "Q130234762"}
        assert found(recorded, "Vladimir Putin")[0] == "Q7747"
        assert found(recorded, "Владимир Путин")[:1] == ["Q7747"]
        assert found(recorded, "Lyudmila Putina")[:1] == ["Q233282"]


def test_padding_shows_that_the_fixtures_are_packed(tmp_path: Path) -> None:
    assert packed(b"x" * 100, "gz")[:2] == b"\x1f\x8b"
    assert written(tmp_path, "a.json.zst").read_bytes()[:4] == b"\x28\xb5\x2f\xfd"
    assert {PELLOVIA, DAILY} <= {each["id"] for each in world() if "id" in each}


def test_a_type_of_which_nothing_was_found_is_warned_of(tmp_path: Path, run: Run) -> None:
    dump = written(tmp_path)
    options = ("--types", "people", "--type-root", "ships=Q900000777")
    answer = run("index", dump, "-o", tmp_path / "a.kgi", *options)
    assert answer.code == 0
    assert "kg: warning: no ships:" in answer.err
    assert "--type-root" in answer.err
    assert "no people" not in answer.err

"""What came by the bulk road is checked once, and no more of the store is looked at than has to be."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, parse

from kg import bulk, gate, shacl, supply, validate
from kg.build import Report, build
from kg.bulk import Wishes
from kg.errors import StoreError
from kg.shards import manifest, part
from kg.store import named_graphs
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace

NUMBER = 5


@pytest.fixture
def supplied(new: NewWorkspace, tmp_path: Path) -> Workspace:
    """A workspace with some articles that came by the bulk road, which speak of many days."""
    file = tmp_path / "news.jsonl"
    records = [
        {
            "id": f"bridge-{n}",
            "title": f"Bridge {n}",
            "date": f"2031-03-{n + 1:02}",
            "text": f"The bridge was closed on {n + 3} March 2031, Ada Brenn said on Tuesday.\n",
        }
        for n in range(NUMBER)
    ]
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    workspace = new("supplied")
    taken = bulk.add(workspace, [str(file)], Wishes(documents=2))
    assert taken.articles == NUMBER
    return workspace


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many graphs of articles were there each time the gate looked at the store."""
    seen: list[int] = []
    check = validate.check

    def counted(store: GraphStore, *arguments: object, **more: object) -> object:
        seen.append(sum("article-" in graph.value for graph in named_graphs(store)))
        return check(store, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(gate, "check", counted)
    return seen


def built(workspace: Workspace) -> Report:
    with workspace.writing() as store:
        return build(workspace, store)


def counts(report: Report) -> Mapping[str, int]:
    return {severity: number for severity, number in report.checked.items() if number}


def test_the_gate_does_not_look_at_what_the_bulk_road_has_checked(
    new: NewWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: list[int]
) -> None:
    """Not even at what its days are linked to: that would be all of it, in memory."""

    def affected(*_: object, **__: object) -> object:
        raise AssertionError("the neighbours of days are looked for")

    workspace = new("quick")
    built(workspace)
    looks.clear()
    monkeypatch.setattr(shacl, "affected", affected)
    file = tmp_path / "news.jsonl"
    file.write_text(json.dumps({"title": "Bridge", "text": "It closed on 3 March 2031."}) + "\n")
    assert bulk.add(workspace, [str(file)], Wishes()).articles == 1
    assert looks == []


def test_a_store_made_anew_is_checked_before_it_is_given_the_shards(
    supplied: Workspace, looks: list[int]
) -> None:
    shutil.rmtree(supplied.derived)
    report = built(supplied)
    assert report.supplied[0] == NUMBER
    assert looks == [0]
    assert not report.checked_all


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The graphs in each piece that a store was given; pieces are as small as can be."""
    seen: list[int] = []
    load = EmbeddedStore.load

    def counted(store: EmbeddedStore, quads: bytes) -> None:
        found = parse(quads, format=RdfFormat.N_QUADS)
        seen.append(sum("/article-" in name for name in {str(q.graph_name) for q in found}))
        load(store, quads)

    monkeypatch.setattr(EmbeddedStore, "load", counted)
    monkeypatch.setattr(supply, "AT_ONCE", 1)
    return seen


def assert_given_once(
    workspace: Workspace,
    seen: list[int],
    expected: list[int],
    export_of: Callable[[Workspace], bytes],
) -> None:
    """A store that is gone is given everything as expected, and nothing the next time."""
    before = export_of(workspace)
    shutil.rmtree(workspace.derived)
    assert built(workspace).supplied[0] == NUMBER
    assert seen == expected
    assert export_of(workspace) == before
    assert built(workspace).supplied[0] == 0
    assert seen == expected


def test_the_store_is_given_piece_by_piece(
    supplied: Workspace, loads: list[int], export_of: Callable[[Workspace], bytes]
) -> None:
    parts = manifest.read(supplied.root / manifest.FOLDER).values()
    assert_given_once(supplied, loads, [len(line.keys) for line in parts], export_of)


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The pieces of each stream that a store was given; there is one, however little it is."""
    seen: list[int] = []
    stream = EmbeddedStore.stream

    def counted(store: EmbeddedStore, pieces: Iterable[memoryview]) -> None:
        found = [*pieces]
        seen.append(len(found))
        stream(store, found)

    monkeypatch.setattr(EmbeddedStore, "stream", counted)
    monkeypatch.setattr(supply, "STREAMED", 1)
    return seen


def test_very_many_quads_are_given_in_one_stream(
    supplied: Workspace, streams: list[int], export_of: Callable[[Workspace], bytes]
) -> None:
    assert_given_once(supplied, streams, [NUMBER], export_of)


@pytest.mark.parametrize(("way", "expected"), [("loads", [2, 1, 2]), ("streams", [NUMBER - 2, 2])])
def test_a_damaged_part_does_not_keep_the_others_from_the_store(
    supplied: Workspace,
    way: str,
    expected: list[int],
    export_of: Callable[[Workspace], bytes],
    request: pytest.FixtureRequest,
) -> None:
    given = request.getfixturevalue(way)
    before = export_of(supplied)
    folder = supplied.root / manifest.FOLDER
    first, *_ = manifest.read(folder)
    files = [part.file(folder, first, kind) for kind in (part.ARTICLES, part.SHARD)]
    sound = {file: file.read_bytes() for file in files}
    shutil.rmtree(supplied.derived)
    for file in files:
        file.unlink()
    report = built(supplied)
    assert [problem.file for problem in report.problems] == [f"bulk/{first}"]
    assert report.supplied[0] == NUMBER - 2
    for file, content in sound.items():
        file.write_bytes(content)
    assert built(supplied).supplied[0] == 2
    assert given == expected
    assert export_of(supplied) == before


@pytest.mark.parametrize("streamed", [1, supply.STREAMED])
def test_what_a_store_was_not_given_it_is_given_again(
    supplied: Workspace,
    streamed: int,
    monkeypatch: pytest.MonkeyPatch,
    export_of: Callable[[Workspace], bytes],
) -> None:
    before = export_of(supplied)
    shutil.rmtree(supplied.derived)
    monkeypatch.setattr(supply, "STREAMED", streamed)
    quads = part.quads

    def failing(*arguments: object) -> Iterator[memoryview]:
        yield from quads(*arguments)  # type: ignore[arg-type]
        raise StoreError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(part, "quads", failing)
        with pytest.raises(StoreError, match="no space left"):
            built(supplied)
    with supplied.reading() as store:
        assert not any("article-" in graph.value for graph in named_graphs(store))
    assert built(supplied).supplied[0] == NUMBER
    assert export_of(supplied) == before


def _another_kg(workspace: Workspace) -> None:
    _in_manifest(workspace, lambda line: line | {"made_by": [0, "0.0.0", "https://other.example/"]})


def _not_looked_at(workspace: Workspace) -> None:
    _in_manifest(workspace, lambda line: line | {"found": None})


def _in_manifest(
    workspace: Workspace, change: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    file = workspace.root / manifest.FOLDER / manifest.NAME
    lines = [change(json.loads(line)) for line in file.read_text().splitlines()]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))


@pytest.mark.parametrize("change", [_another_kg, _not_looked_at])
def test_what_nobody_has_checked_is_checked_with_the_rest(
    change: Callable[[Workspace], None], supplied: Workspace, looks: list[int]
) -> None:
    shutil.rmtree(supplied.derived)
    change(supplied)
    assert built(supplied).supplied[0] == NUMBER
    assert looks == [NUMBER]


def test_a_file_that_changes_is_checked_with_the_articles_that_are_there(
    supplied: Workspace, looks: list[int]
) -> None:
    nameless = "<https://example.org/own/quay> a <http://schema.org/Place> ."
    (supplied.graphs / "quay.ttl").write_text(nameless)
    report = built(supplied)
    assert looks == [NUMBER]
    assert counts(report) == {"Violation": 1}
    # Where the store is made anew, that is found at the cost of the files, and the rest is known.
    shutil.rmtree(supplied.derived)
    known = Counter({"Violation": 1})
    for line in manifest.read(supplied.root / manifest.FOLDER).values():
        known.update(line.found or {})
    assert known.total() > 1
    assert counts(built(supplied)) == known
    assert looks == [NUMBER, 0]

"""The graphs of new articles on their way to the store: checked alone, together, or elsewhere."""

from __future__ import annotations

import os
import pickle
import stat
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pyoxigraph import RdfFormat, parse

from kg import loading, shacl
from kg.add import add
from kg.annotate import FEW, Annotated, Reader
from kg.errors import StoreError
from kg.files import settle, write_file
from kg.intake import Raw
from kg.loading import ArticleQuads, Loading
from kg.store import named_graphs
from kg.store.embedded import EmbeddedStore
from kg.validate import shapes_of
from kg.validate.finding import severity_of
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace


class Case(NamedTuple):
    name: str
    text: str


CASES = (
    Case(
        "dated",
        "Quay reopens\n\n4 March 2031\n\nThe quay at Port Ellery is open again, the harbour office"
        " said on Tuesday. It had been closed for nine weeks.\n",
    ),
    Case(
        "undated",
        "Bridge to be painted\n\nThe bridge will be painted green, said Ines Calder, the mayor."
        " “It has been grey for too long,” she said.\n",
    ),
    Case(
        "told",
        "Two boats collide\n\n5 March 2031\n\nTwo boats collided off Port Ellery. Nobody was hurt,"
        " according to the coast guard.\n",
    ),
)


class Made(NamedTuple):
    graphs: list[ArticleQuads]
    screen: loading.Screen
    workspace: Workspace
    store: GraphStore


def read(workspace: Workspace, case: Case, name: str | None = None) -> ArticleQuads:
    reader = Reader(workspace.settings, workspace.register(), workspace.iris)
    raw = Raw(name=name or f"{case.name}.txt", place=case.name, content=case.text.encode())
    made = reader.read(raw)
    assert isinstance(made, Annotated)
    return made.made


@pytest.fixture
def made(fresh_sample: Workspace) -> Iterator[Made]:
    with fresh_sample.writing() as store:
        screen = Loading(fresh_sample, store).screen
        assert screen is not None
        yield Made([read(fresh_sample, case) for case in CASES], screen, fresh_sample, store)


def counts(made: Iterable[ArticleQuads]) -> list[dict[str, int]]:
    return [dict(one.found or {}) for one in made]


def test_what_is_found_in_an_article_is_the_same_alone_and_among_others(made: Made) -> None:
    assert len(CASES) == 3
    for one, found in zip(made.graphs, counts(made.screen.checked(made.graphs)), strict=True):
        assert counts(made.screen.checked([one])) == [found]
        # What the screen counts is what a check of all data finds in the nodes of the article.
        with EmbeddedStore() as memory:
            for graph in named_graphs(made.store):
                memory.put(graph, made.store.get(graph))
            memory.load(one.quads)
            report = shacl.validate(memory, shapes_of(None), prefixes=PREFIXES)
        own = [r for r in report.results if one.entry["article"] in str(r.focus)]
        assert found == Counter(severity_of(result.severity) for result in own)
        assert found["Info"] == 1  # nobody says when the text was fetched


def test_a_screen_finds_the_same_in_the_process_that_it_is_sent_to(made: Made) -> None:
    here = made.screen.checked(made.graphs)
    sent: loading.Screen = pickle.loads(pickle.dumps(made.screen))  # noqa: S301
    assert sent.checked(made.graphs) == here


def test_a_text_that_came_twice_is_checked_as_if_it_had_come_once(made: Made) -> None:
    twice = read(made.workspace, CASES[1], "other.txt")
    assert twice.quads != made.graphs[1].quads  # the two name their files
    checked = made.screen.checked([made.graphs[1], twice, made.graphs[1]])
    assert counts(checked) == counts(made.screen.checked([made.graphs[1]])) * 3


def test_what_was_checked_elsewhere_is_not_checked_again(made: Made) -> None:
    elsewhere = made.graphs[0]._replace(found={"Violation": 7})
    checked = made.screen.checked([elsewhere, made.graphs[1]])
    assert counts(checked[:1]) == [{"Violation": 7}]
    assert counts(checked[1:]) == counts(made.screen.checked(made.graphs[1:2]))


def test_many_articles_are_checked_some_at_a_time(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made.screen.checked(made.graphs)
    monkeypatch.setattr(loading, "TOGETHER", 1)
    assert made.screen.checked(made.graphs) == before


def test_shapes_compiled_once_find_in_each_store_what_they_find_compiled_anew(made: Made) -> None:
    shapes = shapes_of(None)
    validator: shacl.Validator | None = None
    for one in made.graphs:
        with EmbeddedStore() as memory:
            memory.engine.extend(parse(one.quads, format=RdfFormat.N_QUADS))
            validator = validator or shacl.Validator(memory, shapes, PREFIXES)
            anew = shacl.validate(memory, shapes, prefixes=PREFIXES)
            assert validator.validate(memory).results == anew.results
        assert anew.results


def test_a_run_counts_the_same_with_any_number_of_processes(
    new: NewWorkspace, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(FEW + 6):
        case = CASES[number % len(CASES)]
        (texts / f"{number:02}.txt").write_text(f"{case.text}\nNote {number}.\n")
    found = []
    for workers in (1, 2):
        workspace = new(f"with-{workers}")
        with workspace.writing() as store:
            report = add(workspace, store, [texts], workers=workers)
        assert len(report.made) == FEW + 6
        found.append(report.checked)
    assert found[0] == found[1]
    assert found[0]["Info"] == FEW + 6


def test_a_store_that_cannot_take_a_graph_says_so_before_the_run_ends(
    fresh_sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("no space left on the disk")

    graph = read(fresh_sample, CASES[0])
    file = next(fresh_sample.articles.glob("*.yaml"))
    monkeypatch.setattr(EmbeddedStore, "load", full)
    with fresh_sample.writing() as store, Loading(fresh_sample, store) as going:
        assert going.add("articles/dated.yaml", file, graph)
        with pytest.raises(StoreError, match="no space left"):
            going.flush()


def test_the_end_of_a_loading_waits_for_what_the_store_is_taking_in(
    fresh_sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "AT_ONCE", 1)
    graph = read(fresh_sample, CASES[0])
    file = next(fresh_sample.articles.glob("*.yaml"))
    with fresh_sample.writing() as store:
        with Loading(fresh_sample, store) as going:
            assert going.add("articles/dated.yaml", file, graph)
        assert graph.graph in {node.value for node in named_graphs(store)}


def test_many_files_are_settled_by_one_look_at_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        synced.append("folder" if is_folder else "file")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write_file(tmp_path / "a", b"a", settled=False)
    write_file(tmp_path / "b", b"b", settled=False)
    settle(tmp_path)
    assert synced == ["file", "file", "folder"]
    write_file(tmp_path / "c", b"c")
    assert synced[3:] == ["file", "folder"]
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == dict(
        zip("abc", "abc", strict=True)
    )

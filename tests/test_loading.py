"""The graphs of new articles on their way to the store: checked alone, together, or elsewhere."""

from __future__ import annotations

import os
import pickle
import stat
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg import loading, resources, shacl
from kg.add import add
from kg.annotate import FEW, Annotated, Reader
from kg.build import build
from kg.edtf import Edtf
from kg.errors import StoreError
from kg.files import settle, write_file
from kg.intake import Raw
from kg.loading import ArticleQuads, Loading, article_quads, noted_lines
from kg.mapping.iris import Iris
from kg.mapping.times import date_triples
from kg.mapping.write import CLASSES
from kg.model import Review
from kg.shacl.terms import SH
from kg.store import named_graphs, select
from kg.store.embedded import EmbeddedStore
from kg.validate import shapes_of
from kg.validate.finding import severity_of
from kg.vocab import KG, OA, ONTOLOGY, PREFIXES, RDF, SCHEMA, SKOS
from tests.strategies import LAW, REGISTER, Case, cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from random import Random

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace


IRIS = Iris("https://example.org/kg/")


class Item(NamedTuple):
    name: str
    text: str


CASES = (
    Item(
        "dated",
        "Quay reopens\n\n4 March 2031\n\nThe quay at Port Ellery is open again, the harbour office"
        " said on Tuesday. It had been closed for nine weeks.\n",
    ),
    Item(
        "undated",
        "Bridge to be painted\n\nThe bridge will be painted green, said Ines Calder, the mayor."
        " “It has been grey for too long,” she said.\n",
    ),
    Item(
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


def read(workspace: Workspace, case: Item, name: str | None = None) -> ArticleQuads:
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


@cache
def everything() -> tuple[EmbeddedStore, shacl.Validator]:
    """A store with the ontology, and a validator that knows all shapes."""
    memory = EmbeddedStore()
    ontology = resources.folder("ontology") / "newskg.ttl"
    memory.engine.load(path=ontology, format=RdfFormat.TURTLE, to_graph=ONTOLOGY)
    return memory, shacl.Validator(memory, shapes_of(None), PREFIXES)


def failing(quads: bytes) -> set[object]:
    """The shapes that some quads do not have, with the ontology beside them."""
    ontology, validator = everything()
    with EmbeddedStore() as memory:
        memory.engine.extend(ontology.engine)
        memory.load(quads)
        return {result.shape for result in validator.validate(memory).results}


@LAW
@given(cases(), st.booleans())
def test_the_shapes_that_are_not_asked_hold_whatever_an_annotation_says(
    case: Case, reviewed: bool
) -> None:
    review = Review(status="accepted", by="Ines Calder", when=Edtf("2031-03-04"))
    claims = tuple(
        replace(claim, review=review if reviewed else None) for claim in case.complete.claims
    )
    nodes = {id_: IRIS.thing(kind, id_) for id_, kind in REGISTER.items()}
    made, entry = noted_lines(replace(case.complete, claims=claims), IRIS, nodes.__getitem__)
    register = (Triple(nodes[id_], RDF.type, CLASSES[kind]) for id_, kind in REGISTER.items())
    days = (triple for day in entry["dates"] for triple in date_triples(day, IRIS))
    known = "".join(f"{t} {IRIS.entities} .\n" for t in (*register, *days))
    found = failing(made.quads(IRIS.provenance) + known.encode())
    event(f"other shapes that fail: {len(found)}")
    assert not found & loading.HELD


def test_the_shapes_that_are_not_asked_are_there_and_can_fail() -> None:
    shapes = shapes_of(None)
    assert len(loading.HELD) == 24
    assert {t.subject for t in shapes} >= loading.HELD
    broken = """
        PREFIX kg: <https://w3id.org/newskg/ontology#> PREFIX oa: <http://www.w3.org/ns/oa#>
        INSERT DATA { GRAPH <urn:g> {
          <urn:m> a kg:Mention . <urn:d> a kg:Claim . [] a kg:Event .
          <urn:c> a kg:Claim ; kg:evidence 1 ; kg:cue <urn:p> ; kg:sourceSpan 1 ; kg:polarity 1 ;
            kg:certainty 1 ; kg:modality 1 ; kg:kind 1 ; kg:quantity 1 ; kg:supports 1 ;
            kg:status 1 ; kg:reviewedBy 1 ; kg:reviewed 1 ;
            <http://schema.org/appearance> <urn:a> .
          <urn:p> a kg:Passage ; oa:start 1 ; oa:end 9 ; kg:inText <urn:t> .
          <urn:t> a kg:SourceText ; oa:start 1 ; oa:end 5, 6 } }"""
    with EmbeddedStore() as memory:
        memory.update(broken)
        found = failing(memory.engine.dump(format=RdfFormat.N_QUADS) or b"")
    passage = NamedNode("https://w3id.org/newskg/shapes#Passage")
    assert loading.HELD - found == {passage}  # which reports by its property shapes
    assert found & {t.object for t in shapes if (t.subject, t.predicate) == (passage, SH.property)}


def test_what_is_asked_of_an_article_leaves_out_what_no_shape_names(made: Made) -> None:
    for one in made.screen.checked(made.graphs):
        lines = one.quads.decode().splitlines()
        asked = made.screen._asked_of(one.quads).decode().splitlines()
        assert [line for line in lines if line in asked] == asked  # in order, and each whole
        assert len(asked) < 0.5 * len(lines)
        left = {line.split(" ")[1] for line in set(lines) - set(asked)} - {str(RDF.type)}
        proofs = {str(OA.exact), str(KG.inText), str(KG.evidence), str(KG.polarity)}
        assert left >= proofs
        assert not left & {line.split(" ")[1] for line in asked}
        assert not left & {str(KG.refersTo), str(KG.source), str(SCHEMA.about), str(KG.cue)}


class Everything(frozenset[bytes]):
    """Has whatever is asked for."""

    def __contains__(self, _: object) -> bool:
        return True


@cache
def screens() -> tuple[loading.Screen, loading.Screen]:
    """A screen as it is, and one that leaves nothing out."""
    some, whole = (loading.Screen(IRIS, everything()[0]) for _ in range(2))
    for screen in (some, whole):
        with EmbeddedStore() as memory:
            screen._prepared(memory)
    whole._asked, whole._known = Everything(), whole._ontology
    return some, whole


@LAW
@given(cases(), st.randoms(use_true_random=False), st.sampled_from([0.0, 0.02, 0.3]))
def test_what_is_left_out_changes_nothing_in_what_is_found(
    case: Case, random: Random, damaged: float
) -> None:
    """Not even where the graph lacks lines that the mapping of an annotation makes."""
    nodes = {id_: IRIS.thing(kind, id_).value for id_, kind in REGISTER.items()}
    made = article_quads(case.complete, IRIS, nodes)
    lines = [line for line in made.quads.splitlines(keepends=True) if random.random() >= damaged]
    made = made._replace(quads=b"".join(lines))
    some, whole = (screen.checked([made]) for screen in screens())
    assert some == whole
    event(f"found: {sum((some[0].found or {}).values())}")


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


def test_the_dates_of_articles_that_were_checked_are_not_looked_at_again(
    fresh_sample: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Iterable[Triple]] = []

    def affected(_: object, __: object, changed: Iterable[Triple], ___: object) -> dict[str, None]:
        looked.append(changed)
        return {}

    monkeypatch.setattr(shacl, "affected", affected)
    names = []
    for item in CASES:
        (tmp_path / f"{item.name}.txt").write_text(item.text)
        names.append(str(tmp_path / f"{item.name}.txt"))
    with fresh_sample.writing() as store:
        assert len(add(fresh_sample, store, names).made) == len(CASES)
        notations = f"SELECT ?edtf {{ GRAPH {IRIS.dates} {{ ?date {SKOS.notation} ?edtf }} }}"
        assert "2031-03-05" in {str(row["edtf"].value) for row in select(store, notations)}
    assert looked == []
    own = fresh_sample.graphs / "day.ttl"
    own.write_text(f"<id/event/e> <{KG.when.value}> <id/date/2031-03-06> .\n")
    with fresh_sample.writing() as store:
        build(fresh_sample, store)
    (changed,) = looked
    assert IRIS.date("2031-03-06") in {triple.subject for triple in changed}


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

"""Validation gives the same report on Virtuoso and Oxigraph's server as on Oxigraph in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg import resources, shacl
from kg.store.embedded import EmbeddedStore
from kg.validate import shapes_of, validate_store
from tests.engines import emptied, filled
from tests.test_shacl_against_pyshacl import NEGATIVES, negatives, turtle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.workspace import Workspace
    from tests.conftest import Run

pytestmark = pytest.mark.xdist_group("virtuoso")
ENGINES = ("virtuoso", "oxigraph")
SHAPES = shapes_of(None)
ONTOLOGY = turtle(resources.folder("ontology") / "newskg.ttl")
BASE = turtle(NEGATIVES / "_base.ttl")
GRAPH = ox.NamedNode("https://example.org/data")
PARTS = 4


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


def reports(url: str, data: Iterable[ox.Triple]) -> tuple[shacl.Report, shacl.Report]:
    triples = list(data)
    with EmbeddedStore() as own, emptied(url) as other:
        own.put(GRAPH, triples)
        other.put(GRAPH, triples)
        return shacl.validate(own, SHAPES), shacl.validate(other, SHAPES)


@pytest.mark.parametrize("built_one", ["built", "built_newsroom"])
def test_a_corpus_has_the_same_report(
    built_one: str, url: str, request: pytest.FixtureRequest
) -> None:
    workspace: Workspace = request.getfixturevalue(built_one)
    with workspace.reading() as own, filled(url, own) as other:
        reports = [validate_store(store, SHAPES) for store in (own, other)]
    assert reports[0] == reports[1]
    assert reports[0].conforms()
    assert {finding.severity for finding in reports[0].findings} <= {"Warning", "Info"}


@pytest.mark.parametrize("part", range(PARTS))
def test_what_breaks_a_rule_each_has_the_same_report(part: int, url: str) -> None:
    files = negatives()[part::PARTS]
    assert len(files) > 20
    own, other = reports(url, [*ONTOLOGY, *BASE, *(t for file in files for t in turtle(file))])
    nameless = any(isinstance(r.focus, ox.BlankNode) for r in own.results)
    if nameless:  # each store has names of its own for these
        assert len(own.results) == len(other.results)
    else:
        assert own == other
    assert len(own.results) > 20


def test_an_engine_is_checked_on_the_command_line(url: str, run: Run) -> None:
    with emptied(url) as store:
        store.put(GRAPH, [*ONTOLOGY, *BASE])
        assert run("validate", "--store", url).code == 0
        store.put(GRAPH, [*ONTOLOGY, *BASE, *turtle(NEGATIVES / "claim-kind.ttl")])
    found = run("validate", "--store", url)
    assert (found.code, found.out.count("claim-kind")) == (1, 1)

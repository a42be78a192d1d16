"""The same validation over a SPARQL endpoint gives the same report: Oxigraph's server on loopback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg import resources, shacl
from kg.store import open_store
from kg.store.embedded import EmbeddedStore
from kg.validate import shapes_of, validate_store
from tests.test_shacl_against_pyshacl import NEGATIVES, negatives, turtle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import Run

SHAPES = shapes_of(None)
ONTOLOGY = turtle(resources.folder("ontology") / "newskg.ttl")
GRAPH = ox.NamedNode("https://example.org/data")
MORE = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/own#> .
@prefix kg: <https://w3id.org/newskg/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:limited a sh:NodeShape ; sh:targetClass kg:Actor ;
    sh:sparql [ sh:select "SELECT $this ?value WHERE { $this a ?value } ORDER BY ?value LIMIT 1" ] .
ex:nested a sh:NodeShape ; sh:targetClass kg:Claim ;
    sh:xone ( [ sh:property [ sh:path kg:source ; sh:qualifiedMinCount 1 ;
                              sh:qualifiedValueShape [ sh:property [ sh:path rdfs:label ; sh:minCount 2 ] ] ] ]
              [ sh:not [ sh:property [ sh:path ( kg:source kg:kind ) ; sh:minCount 1 ] ] ] ) .
ex:looped a sh:NodeShape ; sh:targetSubjectsOf kg:supports ;
    sh:property [ sh:path kg:supports ; sh:node ex:looped ; sh:minCount 1 ] .
"""


def filled(store: GraphStore, data: Iterable[ox.Triple]) -> GraphStore:
    store.update("DROP ALL")
    store.put(GRAPH, data)
    return store


def reports(
    server: str, data: list[ox.Triple], shapes: list[ox.Triple]
) -> tuple[shacl.Report, shacl.Report]:
    with EmbeddedStore() as local, open_store(server) as remote:
        return (
            shacl.validate(filled(local, data), shapes),
            shacl.validate(filled(remote, data), shapes),
        )


def test_the_founding_corpus_has_the_same_report_over_the_protocol(
    server: str, built: Workspace
) -> None:
    with built.reading() as local, open_store(server) as remote:
        remote.update("DROP ALL")
        for graph in sorted({quad.graph_name for quad in local.engine}, key=str):  # type: ignore[attr-defined]
            remote.put(graph, local.get(graph))
        own, other = (validate_store(store, SHAPES) for store in (local, remote))
    assert own == other
    assert len(own.findings) == 3


@pytest.mark.parametrize("part", range(7))
def test_the_negatives_have_the_same_report_over_the_protocol(part: int, server: str) -> None:
    files = [*negatives()[part::7], NEGATIVES / "_base.ttl"]
    data = [*ONTOLOGY, *(triple for file in files for triple in turtle(file))]
    own, other = reports(server, data, SHAPES)
    if any(isinstance(term, ox.BlankNode) for triple in data for term in triple):
        assert len(own.results) == len(other.results)  # each store has names of its own for these
    else:
        assert own == other
    assert len(own.results) > 10


def test_what_is_asked_one_by_one_or_by_pyshacl_is_the_same_over_the_protocol(server: str) -> None:
    data = [*ONTOLOGY, *turtle(NEGATIVES / "_base.ttl")]
    shapes = [quad.triple for quad in ox.parse(MORE, format=ox.RdfFormat.TURTLE)]
    own, other = reports(server, data, shapes)
    assert own == other
    assert [note.rpartition(": ")[2] for note in own.notes] == ["checked by pySHACL"]
    assert len({result.shape for result in own.results}) >= 2


def test_an_endpoint_is_checked_on_the_command_line(server: str, run: Run) -> None:
    with open_store(server) as store:
        filled(
            store,
            [*ONTOLOGY, *turtle(NEGATIVES / "claim-kind.ttl"), *turtle(NEGATIVES / "_base.ttl")],
        )
    found = run("validate", "--store", server, "-f", "json")
    assert found.code == 1
    shapes = {result["shape"].rpartition("#")[2] for result in json.loads(found.out)["results"]}
    assert shapes == {"claim-kind"}
    with open_store(server) as store:
        filled(store, [*ONTOLOGY, *turtle(NEGATIVES / "_base.ttl")])
    assert run("validate", "--store", server).code == 0


def test_an_endpoint_that_does_not_answer_is_a_store_that_fails(run: Run) -> None:
    found = run("validate", "--store", "http://127.0.0.1:9/")
    assert found.code == 4
    assert found.err.startswith("kg: error: http://127.0.0.1:9/")

"""The description of the endpoint (SPARQL 1.1 Service Description): what it can, and which graphs it has."""

# ruff: noqa: N815 (terms keep the case of their vocabulary)

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.catalogue.terms import VOID
from kg.store import named_graphs, select
from kg.vocab import RDF, Vocabulary
from kg.web.protocol import results
from kg.web.protocol.formats import FORMATS, ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import QuerySolution

    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

GRAPHS: Final = 200
"""Named graphs that are described at most, in the order of their names; to count one takes a millisecond."""
_COUNT: Final = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH GRAPH_IRI { ?s ?p ?o } }"


class SD(metaclass=Vocabulary, base="http://www.w3.org/ns/sparql-service-description#"):
    """SPARQL 1.1 Service Description."""

    BasicFederatedQuery: NamedNode
    Dataset: NamedNode
    Graph: NamedNode
    NamedGraph: NamedNode
    SPARQL11Query: NamedNode
    Service: NamedNode
    UnionDefaultGraph: NamedNode
    defaultDataset: NamedNode
    defaultGraph: NamedNode
    endpoint: NamedNode
    feature: NamedNode
    graph: NamedNode
    name: NamedNode
    namedGraph: NamedNode
    resultFormat: NamedNode
    supportedLanguage: NamedNode


_NAMES: Final = [each.name for each in (ROWS | FORMATS).values() if each.name]


def service(reading: Reading, *, address: str, media_type: str) -> Reply:
    """The description of the endpoint at an address."""
    return results.graph(
        _described(reading, NamedNode(address)),
        reading,
        media_type,
        {"Vary": "Accept"},
        {**reading.prefixes, "sd": SD.base, "void": VOID.base},
    )


def _described(reading: Reading, endpoint: NamedNode) -> Iterator[Triple]:
    node, dataset, union = BlankNode("service"), BlankNode("dataset"), BlankNode("union")
    yield Triple(node, RDF.type, SD.Service)
    yield Triple(node, SD.endpoint, endpoint)
    yield Triple(node, SD.supportedLanguage, SD.SPARQL11Query)
    yield Triple(node, SD.feature, SD.UnionDefaultGraph)
    if reading.workspace.settings.endpoints:
        yield Triple(node, SD.feature, SD.BasicFederatedQuery)
    for name in _NAMES:
        yield Triple(node, SD.resultFormat, NamedNode(f"http://www.w3.org/ns/formats/{name}"))
    yield Triple(node, SD.defaultDataset, dataset)
    yield Triple(dataset, RDF.type, SD.Dataset)
    yield Triple(dataset, SD.defaultGraph, union)
    yield Triple(union, RDF.type, SD.Graph)
    found = heapq.nsmallest(GRAPHS, named_graphs(reading.store), key=str)
    for number, graph in enumerate(found, 1):
        yield from _graph(reading, dataset, graph, number)


def _graph(reading: Reading, dataset: BlankNode, graph: NamedNode, number: int) -> Iterator[Triple]:
    (row,) = select(reading.store, _COUNT.replace("GRAPH_IRI", str(graph)))
    named, inside = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
    yield Triple(dataset, SD.namedGraph, named)
    yield Triple(named, RDF.type, SD.NamedGraph)
    yield Triple(named, SD.name, graph)
    yield Triple(named, SD.graph, inside)
    yield Triple(inside, RDF.type, SD.Graph)
    yield Triple(inside, VOID.triples, _number(row))


def _number(row: QuerySolution) -> Literal:
    number = row["n"]
    assert isinstance(number, Literal)  # noqa: S101 - a count has a value
    return number

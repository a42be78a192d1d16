"""A store that rdflib queries, for tests: a second engine behind the same protocol.

It shows that the protocol is one, and that our queries mean the same to both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pyoxigraph as ox
import rdflib
import rdflib.plugins.sparql
from pyparsing import ParseException

from kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store import Results

XSD = "http://www.w3.org/2001/XMLSchema#"


class RdflibStore:
    """A store in memory that rdflib queries; its answers become pyoxigraph's."""

    def __init__(self) -> None:
        self._data = rdflib.Dataset(default_union=True)

    def query(self, sparql: str, /) -> Results:
        """The answer to a SPARQL query."""
        try:
            found = self._data.query(sparql)
        except ParseException as error:
            raise InputError(f"SPARQL: line {error.lineno}, column {error.column}") from error
        except Exception as error:
            raise InputError(f"SPARQL: {error}") from error
        if found.graph is not None:
            graph = ox.Store()
            graph.extend(ox.Quad(*_triple(triple)) for triple in found.graph)
            answer = graph.query("CONSTRUCT WHERE { ?s ?p ?o }")
            assert isinstance(answer, ox.QueryTriples)
            return answer
        content = found.serialize(format="json")
        assert content is not None
        return ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)

    def update(self, sparql: str, /) -> None:
        """Carry out an update; where it fails in the middle, all is put back."""
        before = list(self._data.quads())
        try:
            self._data.update(sparql)
        except Exception as error:
            self._data = rdflib.Dataset(default_union=True)
            self._data.addN((s, p, o, self._data.graph(g)) for s, p, o, g in before)
            raise InputError(f"SPARQL: {error}") from error

    def get(self, graph: ox.NamedNode, /) -> Iterator[ox.Triple]:
        """The triples of a named graph."""
        if self._has(graph):
            yield from map(_triple, self._data.graph(rdflib.URIRef(graph.value)))

    def put(self, graph: ox.NamedNode, triples: Iterable[ox.Triple], /) -> None:
        """Replace a named graph."""
        content = [tuple(map(_to_rdflib, triple)) for triple in triples]
        self.delete(graph)
        for s, p, o in content:
            self._data.graph(rdflib.URIRef(graph.value)).add((s, p, o))

    def load(self, quads: bytes, /) -> None:
        """Add quads."""
        for quad in ox.parse(quads, format=ox.RdfFormat.N_QUADS):
            graph = self._data.graph(rdflib.URIRef(quad.graph_name.value))
            s, p, o = map(_to_rdflib, quad.triple)
            graph.add((s, p, o))

    def delete(self, graph: ox.NamedNode, /) -> None:
        """Remove a named graph."""
        if self._has(graph):
            self._data.remove_graph(rdflib.URIRef(graph.value))

    def optimize(self) -> None:
        """There is no order to put it in."""

    def flush(self) -> None:
        """There is no disk to wait for."""

    def close(self) -> None:
        """Let go of everything."""
        self._data.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _has(self, graph: ox.NamedNode) -> bool:
        return rdflib.URIRef(graph.value) in {g.identifier for g in self._data.graphs()}


def _triple(triple: Iterable[rdflib.term.Node]) -> ox.Triple:
    s, p, o = map(_to_oxigraph, triple)
    return ox.Triple(s, p, o)


def _to_oxigraph(node: rdflib.term.Node) -> Any:
    if not isinstance(node, rdflib.Literal):
        return ox.NamedNode(str(node))
    if node.language:
        return ox.Literal(str(node), language=node.language)
    if node.datatype is None:
        return ox.Literal(str(node))
    return ox.Literal(str(node), datatype=ox.NamedNode(node.datatype))


def _to_rdflib(term: Any) -> rdflib.term.Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == f"{XSD}string":
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)

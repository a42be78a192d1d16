"""Where the graphs are kept: one protocol, the SPARQL 1.1 Protocol and the Graph Store Protocol in Python.

Terms and results are pyoxigraph's, whatever the engine. Queries see the union of all named graphs
as the default graph; the default graph of the store itself stays empty. A triple that several graphs
have may be matched once for each of them: queries that list or count say DISTINCT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, Self, runtime_checkable

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.store.access import Stated

Results = QuerySolutions | QueryBoolean | QueryTriples


class GraphStore(Protocol):
    """A dataset of named graphs. Failures of the engine are StoreError, bad SPARQL is InputError."""

    def query(self, sparql: str, /) -> Results:
        """The answer to a SPARQL query; consume it before the store is closed."""

    def update(self, sparql: str, /) -> None:
        """Carry out a SPARQL update, wholly or not at all."""

    def get(self, graph: NamedNode, /) -> Iterator[Triple]:
        """The triples of a named graph; none where there is no such graph."""

    def put(self, graph: NamedNode, triples: Iterable[Triple], /) -> None:
        """Replace a named graph as a whole, in one step; with no triples it is gone."""

    def delete(self, graph: NamedNode, /) -> None:
        """Remove a named graph; nothing happens where there is none."""

    def load(self, quads: bytes, /) -> None:
        """Add quads (N-Quads), as fast as the engine can; what is cut off may have been added in part."""

    def optimize(self) -> None:
        """Put in order what was loaded, for the queries to come, where the store has to be told."""

    def flush(self) -> None:
        """Have all changes so far outlast a power cut, where the store can."""

    def close(self) -> None:
        """Let go of the store; it is of no use afterwards."""

    def __enter__(self) -> Self:
        """The store, to be closed at the end of the block."""

    def __exit__(self, *_: object) -> None:
        """Close the store."""


@runtime_checkable
class Listing(Protocol):
    """A store that knows the names of its graphs by another way than a query of everybody's."""

    def named_graphs(self) -> set[NamedNode]:
        """The names of all graphs but those of the engine itself."""


MARKS: Final = "urn:x-newskg:state:"
"""What the graphs are named by in which `kg.note` marks the state of a store: none of the data."""
MARKED: Final = NamedNode(MARKS.removesuffix(":"))
"""Says the mark in such a graph: a predicate that no data have, so that no rule about data applies."""


def open_store(
    location: str | Path, *, read_only: bool = False, settings: Stated | None = None
) -> GraphStore:
    """The store at a location: a folder, `memory:` for one that is gone when it is closed, or a URL.

    A URL that ends in `/` has the endpoints `query` and `update` below it, as Oxigraph's server does;
    any other takes queries and updates itself. Nothing is asked of it yet. The settings say how a URL
    is reached; without them nobody logs in there.

    Raises StoreError where the folder holds no store (when `read_only`) or is locked, ConfigError
    where a URL is none.
    """
    if str(location).lower().startswith(("http://", "https://")):
        from kg.store.access import Access
        from kg.store.remote import RemoteStore

        access = Access.of(str(location), settings)
        return RemoteStore(str(location), access=access, read_only=read_only)

    from kg.store.embedded import EmbeddedStore

    if str(location) == "memory:":
        return EmbeddedStore()
    workers = settings.processes if settings is not None else 1
    return EmbeddedStore(location, read_only=read_only, workers=workers)


def select(store: GraphStore, sparql: str) -> QuerySolutions:
    """The solutions of a SELECT query."""
    results = store.query(sparql)
    if not isinstance(results, QuerySolutions):
        raise TypeError("not a SELECT query")
    return results


def nodes(store: GraphStore, pattern: str) -> set[NamedNode]:
    """The IRIs that a pattern has in the place of `?x`."""
    rows = select(store, f"SELECT DISTINCT ?x WHERE {{ {pattern} }}")
    return {node for row in rows if isinstance(node := row["x"], NamedNode)}


def counts(store: GraphStore, pattern: str) -> dict[str, int]:
    """How many different things a pattern has in the place of `?n`, by the IRI in that of `?x`."""
    rows = select(
        store, f"SELECT ?x (COUNT(DISTINCT ?n) AS ?count) WHERE {{ {pattern} }} GROUP BY ?x"
    )
    return {node.value: int(row["count"].value) for row in rows if (node := row["x"]) is not None}


def construct(store: GraphStore, sparql: str) -> QueryTriples:
    """The triples of a CONSTRUCT query."""
    results = store.query(sparql)
    if not isinstance(results, QueryTriples):
        raise TypeError("not a CONSTRUCT query")
    return results


def named_graphs(store: GraphStore) -> set[NamedNode]:
    """The names of all graphs but those that the engine keeps for itself."""
    if isinstance(store, Listing):
        return store.named_graphs()
    rows = select(store, "SELECT ?g WHERE { GRAPH ?g { } }")
    return {graph for row in rows if isinstance(graph := row["g"], NamedNode)}


def is_mark(graph: NamedNode) -> bool:
    """Whether a graph has the mark of a store, and none of the data."""
    return graph.value.startswith(MARKS)


def batches(nodes: Iterable[NamedNode]) -> Iterator[str]:
    """Nodes as SPARQL for a VALUES clause, as many at a time as one request may name.

    >>> list(batches([NamedNode("urn:b"), NamedNode("urn:a")]))
    ['<urn:a> <urn:b>']
    """
    ordered = sorted(map(str, nodes))
    for first in range(0, len(ordered), AT_ONCE):
        yield " ".join(ordered[first : first + AT_ONCE])


AT_ONCE = 500
"""Nodes that one query names: more would make a request that servers refuse."""


def insertion(graph: NamedNode, triples: Iterable[Triple]) -> str:
    """The SPARQL update that adds triples to a graph."""
    data = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    return f"INSERT DATA {{ GRAPH {graph} {{\n{data}}} }}" if data else ""


def replacement(graph: NamedNode, triples: Iterable[Triple]) -> str:
    """The SPARQL update that puts triples in the place of all that a graph had; one request is atomic."""
    return ";\n".join(filter(None, (f"DROP SILENT GRAPH {graph}", insertion(graph, triples))))


def removals(graph: NamedNode, nodes: Iterable[NamedNode]) -> Iterator[str]:
    """The SPARQL updates that take away all that a graph says of some nodes."""
    inside = f"GRAPH {graph} {{ ?node ?p ?o }}"
    for some in batches(nodes):
        yield f"DELETE {{ {inside} }} WHERE {{ VALUES ?node {{ {some} }} {inside} }}"

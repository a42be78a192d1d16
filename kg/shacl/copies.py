"""The data of a store where checks can be asked of them: with some engines, in a copy."""

from __future__ import annotations

import contextlib
import tempfile
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store import named_graphs, select
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import GraphStore


@contextlib.contextmanager
def at_hand(store: GraphStore) -> Iterator[GraphStore]:
    """The store itself, or a copy in a temporary folder where its engine gets compiled checks wrong.

    Which engines do is in `kg.store.dialects`. Raises StoreError where the engine hands out less than
    it says it has: limits on the rows of an answer would leave triples unchecked.
    """
    dialect = getattr(store, "dialect", None)  # stores in this process have none
    if dialect is None or dialect.checks:
        yield store
        return
    with tempfile.TemporaryDirectory(prefix="kg-checks-") as folder, EmbeddedStore(folder) as copy:
        for graph in sorted(named_graphs(store), key=str):
            quads = [
                ox.Quad(triple.subject, triple.predicate, triple.object, graph)
                for triple in store.get(graph)
            ]
            _complete(store, graph, len(quads))
            copy.load(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
        yield copy


def _complete(store: GraphStore, graph: ox.NamedNode, number: int) -> None:
    (row,) = select(store, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    held = int(row["n"].value)
    if number < held:
        raise StoreError(
            f"{graph.value}: has {held} triples, but the engine hands out {number}",
            hint="raise its limit of rows, in Virtuoso ResultSetMaxRows",
        )

"""Graphs as the Graph Store Protocol gives them: each by its IRI, or all of them as one."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.errors import InputError, NotFoundError, bounded
from kg.store import is_mark, named_graphs
from kg.web.protocol import results

if TYPE_CHECKING:
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply


def graph(reading: Reading, *, iri: str, media_type: str) -> Reply:
    """A named graph in one of the formats of `results.GRAPH`.

    Raises InputError where the name is no IRI, NotFoundError where there is no such graph.
    """
    name = node(iri)
    triples = iter(()) if is_mark(name) else reading.store.get(name)
    first = next(triples, None)
    if first is None:
        raise NotFoundError(f"{bounded(iri)}: there is no such graph, or an empty one")
    found = itertools.chain([first], triples)
    return results.graph(found, reading, media_type, {"Vary": "Accept"})


def default(reading: Reading, *, media_type: str) -> Reply:
    """The default graph: the triples of all graphs, those of the ontology among them."""
    store = reading.store
    graphs = sorted(named_graphs(store), key=str)
    found = itertools.chain.from_iterable(store.get(each) for each in graphs)
    return results.graph(found, reading, media_type, {"Vary": "Accept"})


def node(iri: str) -> NamedNode:
    """An IRI that somebody gave. Raises InputError where it is none."""
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise InputError(f"{bounded(iri)}: {bounded(str(error), 100)}") from error

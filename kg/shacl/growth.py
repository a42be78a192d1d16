"""Whether a check takes time that grows faster than the data: measured on copies of the data.

The data are multiplied in memory, and every query that a shape is compiled to is timed at several
sizes. Copies are made in two ways, since a check may be slow for two reasons:

* apart: nodes and strings of one copy are not those of another. What grows here faster than the data
  looks at everything for each node.
* shared: strings, and the nodes that many others point at (actors, texts), are the same in all
  copies. What grows only here goes from node to node by way of such a hub, as in a search for pairs
  of claims by the same actor, and is slow where hubs get many neighbours.

It cannot see: what is slow only on data unlike those at hand (a property that they do not use, long
chains: copies make the data wider and not deeper), what other stores than Oxigraph make of a query,
and shapes that are left to pySHACL.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.shacl.compiler import Compiler
from kg.shacl.graph import Graph
from kg.shacl.lint import Names
from kg.shacl.queries import EACH, UncompilableError
from kg.shacl.terms import CLASSES, SH, SUB_CLASS_OF
from kg.store import named_graphs, select
from kg.store.embedded import EmbeddedStore
from kg.vocab import RDF, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.shacl.queries import Check
    from kg.shacl.terms import Node, Term
    from kg.store import GraphStore

EXPONENT = 1.5
"""Time that grows like this power of the data is too much; sorting and caches stay well below."""
SIGNIFICANT = 0.004
"""Seconds at the largest size below which a check is no trouble, and clocks are not to be trusted."""
NOISE = 0.0002
"""Seconds that a measurement may be wrong by."""
SLOW = 0.5
"""Seconds after which a check is not tried at four times the size, nor a second time."""
START = 4_000
"""Triples that the smallest size has at least."""
ENOUGH = 20_000
"""Triples that `sample` takes before it stops."""
GRAPH = NamedNode("urn:kg:copies")

Seconds: TypeAlias = "Callable[[EmbeddedStore, Asked], float]"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of a shape; `part` is its constraint or component, or None where it is for all at once.

    `root` is the shape with targets that led to it. With `foci` it is asked for each of these alone.
    """

    root: Node
    shape: Node
    part: Node | None
    query: str
    foci: str | None = None


@dataclass(frozen=True, slots=True)
class Growth:
    """A check that takes `factor` times as long for `times` as many data, in the end `seconds`.

    `shared` says that it does so only where copies share the nodes that many others point at.
    """

    name: str
    part: str | None
    times: int
    factor: float
    seconds: float
    shared: bool

    def __str__(self) -> str:
        what = f"{self.part} takes" if self.part else "looking for nodes that fail takes"
        where = " around the nodes that many others point at" if self.shared else ""
        return (
            f"{self.name}: {what} {self.factor:.0f} times as long"
            f" for {self.times} times the data{where} ({self.seconds * 1000:.0f} ms)"
        )


def growth(
    data: Iterable[ox.Triple],
    shapes: Iterable[ox.Triple],
    prefixes: Mapping[str, str] | None = None,
    *,
    seconds: Seconds | None = None,
) -> list[Growth]:
    """The checks whose time grows faster than the data, by the names of their shapes.

    The data should be some thousand triples of the kind that the shapes are for, with their
    ontology: see `sample`. `seconds` measures one asking.
    """
    graph = Graph(shapes)
    names = Names(graph, prefixes or {})
    triples = sorted(set(data), key=str)
    timer = seconds or elapsed
    found: dict[Asked, Growth] = {}
    for shared in (False, True):
        sizes = _Sizes(_Copies(triples, graph, shared=shared))
        if sizes.base == 0:
            break
        for asked in _queries(sizes.store(0), graph, prefixes or {}):
            key = replace(asked, query="", foci=None)
            if key in found:
                continue
            grown = _grown(partial(_at_size, timer, sizes, asked))
            if grown is not None:
                part = names.short(asked.part) if isinstance(asked.part, NamedNode) else None
                if asked.part is not None and part is None:
                    part = "its SPARQL constraint"
                found[key] = Growth(names.of(asked.shape), part, *grown, shared)
    # What a check takes, the look at all at once takes too: it is told where nothing explains it.
    explained = {asked.root for asked in found if asked.part is not None}
    told = {one for asked, one in found.items() if asked.part or asked.root not in explained}
    return sorted(told, key=lambda one: (one.shared, one.name, one.part or ""))


def _at_size(seconds: Seconds, sizes: _Sizes, asked: Asked, size: int) -> float:
    return seconds(sizes.store(size), asked)


def _grown(seconds: Callable[[int], float]) -> tuple[int, float, float] | None:
    """How many times the data, how many times as long, and how long; None where that is as it should be.

    `seconds` measures once at a size, which is a number of copies; 0 is the ontology alone, for what
    a query takes before it looks at any data. Most checks are done after two looks at the clock.
    """

    def least(size: int, runs: int) -> float:
        return min(seconds(size) for _ in range(runs))

    def factor(small: int, large: int, runs: int) -> tuple[float, float]:
        start, low, high = (least(size, runs) for size in (0, small, large))
        return (high - start) / max(low - start, NOISE), high

    def too_much(ratio: float, times: int) -> bool:
        return ratio > float(times**EXPONENT)

    if seconds(1) > SLOW:  # four times of it may be sixteen times as long
        ratio, high = factor(1, 2, 1)
        return (2, ratio, high) if too_much(ratio, 2) else None
    first = seconds(4)
    if first < SIGNIFICANT:
        return None
    ratio, high = factor(1, 4, 3 if first < SLOW else 1)
    if high < SIGNIFICANT or not too_much(ratio, 4):
        return None
    if high > SLOW:
        return 4, ratio, high
    # Once more, to be sure, and with more data: an accident does not come twice.
    again, _ = factor(1, 4, 5)
    further, high = factor(2, 8, 2)
    if too_much(again, 4) and too_much(further, 4):
        return 4, further, high
    return None


def elapsed(store: EmbeddedStore, asked: Asked) -> float:
    """The seconds that a query takes, all its solutions read.

    They are those of the processor, in this thread: the engine works in it, and what else goes on in
    the machine would make long queries look longer, and short ones not.
    """
    begin = time.thread_time()
    if asked.foci is None:
        for _ in select(store, asked.query):
            pass
        return time.thread_time() - begin
    for (focus,) in select(store, asked.foci):
        if not isinstance(focus, BlankNode):
            for _ in select(store, asked.query.replace(EACH, str(focus))):
                pass
    return time.thread_time() - begin


def _queries(store: GraphStore, graph: Graph, prefixes: Mapping[str, str]) -> Iterator[Asked]:
    """What the shapes ask: for each shape the screen, and every check of all focus nodes."""
    compiler = Compiler(graph, store, prefixes)
    for node, targets in compiler.targeted().items():
        try:
            compiled = compiler.compile(node, targets)
            checks = [
                *compiled.checks(compiled.others),
                *compiled.checks(compiled.screened),
            ]
        except UncompilableError:
            continue
        # One look at each node is what a store in memory is asked, scans what one on disk is.
        for many in (False, True):
            yield from (Asked(node, node, None, query) for query in compiled.screens(many=many))
        yield from (_asked(node, check) for check in checks if not check.copied)


def _asked(root: Node, check: Check) -> Asked:
    part = check.constraint or check.component
    return Asked(root, check.shape.node, part, check.query, check.foci)


def sample(store: GraphStore, most: int = ENOUGH) -> list[ox.Triple]:
    """Some data of a store to measure with: graphs that declare classes, then others until it is enough."""
    declaring = f"SELECT DISTINCT ?g {{ VALUES ?c {{ {' '.join(map(str, CLASSES))} }} GRAPH ?g {{ ?x a ?c }} }}"
    first = {graph for row in select(store, declaring) if isinstance(graph := row[0], NamedNode)}
    others = named_graphs(store) - first
    found: dict[ox.Triple, None] = {}
    for graph in [*sorted(first, key=str), *sorted(others, key=str)]:
        if len(found) < most or graph in first:
            found |= dict.fromkeys(store.get(graph))
    return list(found)


class _Copies:
    """The data in many copies, which differ in the IRIs and blank nodes of what is not ontology."""

    def __init__(self, triples: list[ox.Triple], shapes: Graph, *, shared: bool) -> None:
        kept = _vocabulary(triples) | {
            term for triple in shapes.triples() for term in (triple.subject, triple.object)
        }
        self.fixed = [triple for triple in triples if triple.subject in kept]
        strings = {triple.object for triple in self.fixed if isinstance(triple.object, Literal)}
        rest = [triple for triple in triples if triple.subject not in kept]
        described = {triple.subject for triple in rest}
        hubs: set[Term] = set()
        if shared:
            degrees = Counter(triple.object for triple in rest if triple.object in described)
            many = max(5, len(described) // 100)
            hubs = {term for term, degree in degrees.items() if degree >= many}  # type: ignore[misc]
        self.fixed += [triple for triple in rest if triple.subject in hubs]
        self.moving = [triple for triple in rest if triple.subject not in hubs]
        self.nodes = described - hubs
        self.strings = None if shared else kept | strings

    def __len__(self) -> int:
        return len(self.moving)

    def quads(self, copies: range) -> Iterator[ox.Quad]:
        """Some of the copies; number 0 is what they have in common."""
        for copy in copies:
            for subject, predicate, object_ in self.moving if copy else self.fixed:
                here, there = (self._renamed(term, copy) for term in (subject, object_))
                yield ox.Quad(here, predicate, there, GRAPH)  # type: ignore[arg-type]

    def _renamed(self, term: Term, copy: int) -> Term:
        if copy == 0:
            return term
        if isinstance(term, Literal):
            if self.strings is None or term in self.strings:
                return term
            if term.language:
                return Literal(f"{term.value} {copy}", language=term.language)
            return Literal(f"{term.value} {copy}") if term.datatype == XSD.string else term
        if term not in self.nodes:
            return term
        # In front, so that IRIs that are made of other IRIs are so in the copies as well.
        kind = BlankNode if isinstance(term, BlankNode) else NamedNode
        return kind(f"c{copy}{term.value}" if kind is BlankNode else f"urn:c{copy}:{term.value}")


def _vocabulary(triples: list[ox.Triple]) -> set[Term]:
    """The nodes that say how data are to be written: classes, properties, concepts, shapes."""
    found: set[Term] = {triple.predicate for triple in triples}
    spaces = ("http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#")
    for subject, predicate, object_ in triples:
        if predicate == RDF.type:
            found.add(object_)
            space = isinstance(object_, NamedNode) and object_.value.startswith((*spaces, SH.base))
            if space or object_ in {SKOS.Concept, *CLASSES, _PROPERTY, _SCHEME}:
                found.add(subject)
        elif predicate == SUB_CLASS_OF:
            found |= {subject, object_}
    return found


_PROPERTY = NamedNode(f"{RDF.base}Property")
_SCHEME = NamedNode("http://www.w3.org/2004/02/skos/core#ConceptScheme")


class _Sizes:
    """Stores with as many copies of the data as are asked for, made when they are."""

    def __init__(self, copies: _Copies) -> None:
        self._copies = copies
        self.base = -(-START // len(copies)) if copies else 0
        self._stores: dict[int, EmbeddedStore] = {}

    def store(self, size: int) -> EmbeddedStore:
        """The store with so many times the data."""
        if size not in self._stores:
            store = EmbeddedStore()
            store.engine.bulk_extend(self._copies.quads(range(1 + size * self.base)))
            self._stores[size] = store
        return self._stores[size]

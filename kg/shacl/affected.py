"""Which focus nodes a change of the data can affect: those whose results need to be asked anew.

For each shape it is worked out which triples it reads, and how far from the focus node they are:
the steps of its paths, and for a SPARQL constraint the patterns that link a pattern to `$this`. From
a changed triple the same way is gone backwards. That is done in the data as they are, before or
after the change: of all changed triples that a focus node's results depend on, the way to the first
one is unchanged.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.shacl import shapes, sparql
from kg.shacl.compiler import Compiler, chunks
from kg.shacl.copies import at_hand
from kg.shacl.graph import Graph
from kg.shacl.paths import Path
from kg.shacl.patterns import linked, patterns
from kg.shacl.queries import UncompilableError
from kg.shacl.shapes import is_true
from kg.shacl.terms import SH, SUB_CLASS_OF
from kg.store import select
from kg.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Triple

    from kg.shacl.patterns import Pattern
    from kg.shacl.shapes import Targets
    from kg.shacl.terms import Node, Term
    from kg.store import GraphStore

_FOCUS, _THIS, _NODE = "?_focus", "?_this", "?_node"
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_LISTS = (SH.and_, SH.or_, SH.xone)
_SHAPES = (SH.property, SH.node, SH.not_, SH.qualifiedValueShape)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Triples that a shape reads: those with one of some predicates (None is any), of which one end
    is a node that `way` leads to from the focus node. None is no way that is known."""

    predicates: frozenset[NamedNode] | None
    subject: bool
    way: str | None
    other: str | None = None  # the other end, where it is a term
    nullable: bool = False  # whether the way may lead from a node to itself as well

    def node(self, triple: Triple) -> Term | None:
        """The end of a triple to go back from, if the triple is one of these."""
        if self.predicates is not None and triple.predicate not in self.predicates:
            return None
        ends = (triple.subject, triple.object)
        near, far = ends if self.subject else ends[::-1]
        if self.other is not None and self.other != str(far):
            return None
        return near  # type: ignore[return-value]


def affected(
    store: GraphStore,
    graph: Iterable[Triple],
    changed: Iterable[Triple],
    prefixes: Mapping[str, str] | None = None,
) -> dict[Node, frozenset[Term] | None]:
    """The focus nodes, by shapes with targets, whose results may differ after triples came or went.

    None stands for all focus nodes of a shape; a shape that is not in the answer has the results
    that it had. Nodes may be among them that are no focus nodes. `prefixes` are those that
    `validate` is given.
    """
    with at_hand(store) as data:
        return _affected(data, graph, changed, prefixes or {})


def _affected(
    store: GraphStore,
    graph: Iterable[Triple],
    changed: Iterable[Triple],
    prefixes: Mapping[str, str],
) -> dict[Node, frozenset[Term] | None]:
    triples = list(changed)
    everything = any(
        triple.predicate == SUB_CLASS_OF or isinstance(triple.object, BlankNode)
        for triple in triples
    ) or any(isinstance(triple.subject, BlankNode) for triple in triples)
    index = Graph(graph)
    compiler = Compiler(index, store, prefixes)
    by_predicate: dict[NamedNode, list[Triple]] = defaultdict(list)
    for triple in triples:
        by_predicate[triple.predicate].append(triple)
    walked: dict[tuple[str, frozenset[Term]], frozenset[Term]] = {}
    found: dict[Node, frozenset[Term] | None] = {}
    for node, targets in compiler.targeted().items():
        if everything:
            found[node] = None
            continue
        try:
            readings = list(_readings(index, node, targets, compiler))
        except UncompilableError:  # pySHACL checks it, which takes no focus nodes
            found[node] = None
            continue
        starts = _starts(readings, by_predicate, triples)
        if starts is None:
            found[node] = None
            continue
        nodes: set[Term] = set()
        for way, ends in starts.items():
            key = way, frozenset(ends)
            if key not in walked:
                walked[key] = frozenset(_back(store, *key))
            nodes |= walked[key]
        if nodes:
            named = not any(isinstance(term, BlankNode) for term in nodes)
            found[node] = frozenset(nodes) if named else None
    return found


def _starts(
    readings: Iterable[_Reading],
    by_predicate: Mapping[NamedNode, list[Triple]],
    triples: list[Triple],
) -> dict[str, set[Term]] | None:
    """The nodes to go back from, by the way; None where no way is known."""
    starts: dict[str, set[Term]] = defaultdict(set)
    for reading in set(readings):
        some = triples
        if reading.predicates is not None:
            some = [t for predicate in reading.predicates for t in by_predicate.get(predicate, ())]
        ends = {end for triple in some if (end := reading.node(triple)) is not None}
        if ends and reading.way is None:
            return None
        if ends and reading.way is not None:
            starts[reading.way] |= ends
            if reading.nullable:  # SPARQL has no such path for nodes that the data do not have
                starts[""] |= ends
    return starts


def _back(store: GraphStore, way: str, ends: frozenset[Term]) -> Iterator[Term]:
    """The nodes from which a way leads to one of some nodes."""
    if not way:
        yield from ends
        return
    for chunk in chunks(sorted(ends, key=str)):
        values = " ".join(map(str, chunk))
        query = f"SELECT DISTINCT {_FOCUS} {{ VALUES {_NODE} {{ {values} }} {way} }}"
        for row in select(store, query):
            yield row[0]


def _readings(graph: Graph, node: Node, targets: Targets, compiler: Compiler) -> Iterator[_Reading]:
    """What a shape with targets reads, the triples that make nodes its targets among it."""
    for class_ in targets.classes:
        for sub in compiler.subclasses(class_):
            yield _Reading(frozenset({RDF.type}), True, "", str(sub))
    if targets.others:
        yield _Reading(None, True, None)
    if targets.subjects_of:
        yield _Reading(frozenset(targets.subjects_of), True, "")
    if targets.objects_of:
        yield _Reading(frozenset(targets.objects_of), False, "")
    yield from _Reader(graph, compiler).shape(node, (), ())


class _Reader:
    def __init__(self, graph: Graph, compiler: Compiler) -> None:
        self.graph = graph
        self.compiler = compiler
        self.custom = shapes.parameters(graph)

    def shape(
        self, node: Term, prefix: tuple[Path, ...], inside: tuple[Term, ...]
    ) -> Iterator[_Reading]:
        """What a shape reads at the nodes that the paths of `prefix` lead to."""
        graph, read = self.graph, shapes.read(self.graph, node)
        if read.deactivated:
            return
        given = graph.predicates(read.node)
        if node in inside or given & self.custom or SH.target in given:
            yield _Reading(None, True, None)
            return
        inside = (*inside, node)
        values = prefix
        if read.path is not None:
            values = (*prefix, read.path)
            yield from _along(read.path, prefix)
        if SH.class_ in given:
            yield _reading({RDF.type}, True, values)
        if is_true(graph.value(node, SH.closed)):
            yield _reading(None, True, values)
        pairs = [term for pair in _PAIRS for term in graph.objects(node, pair)]
        for term in pairs:
            if isinstance(term, NamedNode):
                yield _reading({term}, True, prefix)
        others = [term for predicate in _SHAPES for term in graph.objects(node, predicate)]
        others += [
            member
            for predicate in _LISTS
            for head in graph.objects(node, predicate)
            for member in graph.items(head)
        ]
        if is_true(graph.value(node, SH.qualifiedValueShapesDisjoint)):
            others += sorted(shapes.siblings(graph, read.node), key=str)
        for other in others:
            yield from self.shape(other, values, inside)
        for constraint in graph.objects(node, SH.sparql):
            yield from self._sparql(constraint, read, prefix)

    def _sparql(
        self, constraint: Term, shape: shapes.Shape, prefix: tuple[Path, ...]
    ) -> Iterator[_Reading]:
        """What a SPARQL constraint reads: each pattern, with the chain that links it to `$this`."""
        body = None
        if not isinstance(constraint, Literal):
            body = sparql.body(self.graph, constraint, self.compiler.prefixes)
        found = patterns(body) if body is not None else None
        if found is None:
            yield _Reading(None, True, None)
            return
        this = _FOCUS if not prefix else _THIS
        before = f"{_FOCUS} {_joined(prefix)} {_THIS} . " if prefix else ""
        path = f"({shape.path})" if shape.path is not None else None

        def named(pattern: Pattern) -> Pattern:
            parts = (pattern.subject, pattern.verb, pattern.object)
            subject, verb, object_ = (
                this if part in {"$this", "?this"} else _apart(part) for part in parts
            )
            if pattern.verb in {"$PATH", "?PATH"} and path is not None:
                verb = path
            return replace(pattern, subject=subject, verb=verb, object=object_)

        for pattern, chain in linked([named(pattern) for pattern in found], this):
            yield from _pattern(pattern, chain, this, before)


def _pattern(pattern: Pattern, chain: list[Pattern], this: str, before: str) -> Iterator[_Reading]:
    """The readings of a pattern: from that end of it which is linked to `$this`."""
    predicates = _predicates(pattern.verb)
    if "!" in _signs(pattern.verb):  # it reads just those that it does not name
        yield _Reading(None, True, None)
        return
    if chain == [pattern]:
        yield _Reading(predicates, True, None)
        return
    for end in sorted({this} if not chain else pattern.ends & chain[0].ends):
        if predicates is not None and set(_signs(pattern.verb)) & set("*+/?^"):
            # The triple may be anywhere on the path.
            steps = "|".join(f"{iri}|^{iri}" for iri in sorted(map(str, predicates)))
            way = f"{before}{' '.join(map(str, chain))} {end} ({steps})* {_NODE} ."
            yield _Reading(predicates, True, way, nullable=True)
            yield _Reading(predicates, False, way, nullable=True)
            continue
        links = [
            replace(link, subject=_at(link.subject, end), object=_at(link.object, end))
            for link in chain
        ]
        way = f"{before}{' '.join(map(str, links))}"
        if not chain:
            way = before.replace(_THIS, _NODE)
        signs = re.sub(r"<[^>]*>|[?$]\w+", "", way)
        for subject in (True, False):
            if end == (pattern.subject if subject else pattern.object):
                far = pattern.object if subject else pattern.subject
                other = far if far[:1] == "<" else None
                nullable = bool({"*", "?"} & set(signs))
                yield _Reading(predicates, subject, way, other, nullable)


def _apart(part: str) -> str:
    """A variable of a query under a name that none of ours has; anything else as it is."""
    return f"?of_{part[1:]}" if part[:1] in {"?", "$"} else part


def _at(term: str, end: str) -> str:
    return _NODE if term == end else term


def _signs(verb: str) -> str:
    """A path without its IRIs; nothing for a variable."""
    return re.sub(r"<[^>]*>", "", verb) if verb[:1] not in "?$" else ""


def _predicates(verb: str) -> frozenset[NamedNode] | None:
    """The predicates of a path as it is written; None for a variable."""
    if "<" not in verb:
        return None
    return frozenset(NamedNode(iri) for iri in re.findall(r"<([^>]*)>", verb))


def _along(path: Path, prefix: tuple[Path, ...], *, inverse: bool = False) -> Iterator[_Reading]:
    """The triples along a path, each with the way to it."""

    def directed(part: Path) -> Path:
        return Path("^", (part,)) if inverse else part

    match path.kind:
        case "iri":
            yield _reading(set(path.predicates()), not inverse, prefix)
        case "^":
            yield from _along(path.parts[0], prefix, inverse=not inverse)
        case "/":
            for part in reversed(path.parts) if inverse else path.parts:
                yield from _along(part, prefix, inverse=inverse)
                prefix = (*prefix, directed(part))
        case "|":
            for part in path.parts:
                yield from _along(part, prefix, inverse=inverse)
        case _:
            part = path.parts[0]
            further = prefix if path.kind == "?" else (*prefix, Path("*", (directed(part),)))
            yield from _along(part, further, inverse=inverse)


def _reading(
    predicates: set[NamedNode] | None, subject: bool, prefix: tuple[Path, ...]
) -> _Reading:
    """Triples at the end of some paths."""
    way = f"{_FOCUS} {_joined(prefix)} {_NODE} ." if prefix else ""
    nullable = all(path.nullable for path in prefix)
    named = frozenset(predicates) if predicates is not None else None
    return _Reading(named, subject, way, nullable=nullable)


def _joined(prefix: tuple[Path, ...]) -> str:
    return str(prefix[0] if len(prefix) == 1 else Path("/", prefix))

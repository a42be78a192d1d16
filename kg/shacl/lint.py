"""What is wrong with shapes themselves: faults that forbid their use, and what looks like a mistake."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import InputError
from kg.shacl import paths, sparql
from kg.shacl.compiler import Compiler
from kg.shacl.graph import Graph
from kg.shacl.queries import UncompilableError
from kg.shacl.run import validate
from kg.shacl.shapes import Targets, is_true, targeted
from kg.shacl.terms import RDF_FIRST, RDF_REST, SH
from kg.sparql import undeclared
from kg.store import select
from kg.store.embedded import EmbeddedStore
from kg.vocab import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping

    from kg.shacl.report import Result
    from kg.shacl.terms import Node, Term
    from kg.store import GraphStore

_STANDARD = {"sh": SH.base, "rdf": RDF.base, "xsd": XSD.base}
_REFERRING = (SH.property, SH.node, SH.not_, SH.qualifiedValueShape)
_LISTING = (SH.and_, SH.or_, SH.xone)
_QUERIES = (SH.select, SH.ask)
_TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_BOOLEAN = NamedNode(f"{XSD.base}boolean")
_ENTAILMENT = NamedNode(f"{SH.base}entailment")
_PROPERTY = NamedNode(f"{RDF.base}Property")
_OWL = "http://www.w3.org/2002/07/owl#"
_DECLARED = (
    _PROPERTY,
    NamedNode("http://www.w3.org/2000/01/rdf-schema#Class"),
    *(NamedNode(f"{_OWL}{kind}") for kind in ("Class", "ObjectProperty", "DatatypeProperty")),
    NamedNode(f"{_OWL}AnnotationProperty"),
)
"""The types by which an ontology says which classes and properties there are."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What makes shapes unfit for use: `name` is how people know the `node` that it is about."""

    node: Node
    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


class Names:
    """What people call the nodes of a shapes graph.

    >>> line = '<urn:x#s> <http://www.w3.org/ns/shacl#property> _:p .'
    >>> triples = [quad.triple for quad in ox.parse(line, ox.RdfFormat.TURTLE)]
    >>> Names(Graph(triples), {"x": "urn:x#"}).of(triples[0].object)
    'property shape of x:s'
    """

    def __init__(self, graph: Graph, prefixes: Mapping[str, str]) -> None:
        self._graph = graph
        self.prefixes = _STANDARD | dict(prefixes)
        self._above: dict[Term, list[tuple[Node, NamedNode]]] = defaultdict(list)
        for triple in graph.triples():
            self._above[triple.object].append((triple.subject, triple.predicate))  # type: ignore[index,arg-type]

    def of(self, node: Node) -> str:
        """An IRI in its short form; a blank node as a part of the nearest node with an IRI above it."""
        if isinstance(node, NamedNode):
            return self.short(node)
        waiting: deque[Node] = deque([node])
        seen = {node}
        while waiting:
            for parent, _ in self._above[waiting.popleft()]:
                if isinstance(parent, NamedNode):
                    return f"{self._kind(node)} of {self.short(parent)}"
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        return f"{self._kind(node)} without a name"

    def _kind(self, node: Node) -> str:
        by = {predicate for _, predicate in self._above[node]}
        if SH.property in by or self._graph.objects(node, SH.path):
            return "property shape"
        if SH.sparql in by:
            return "SPARQL constraint"
        return "target" if SH.target in by else "shape"

    def parents(self, node: Term) -> list[tuple[Node, NamedNode]]:
        """The nodes that have a node for something, and for what."""
        return self._above[node]

    def short(self, term: Term) -> str:
        """A term as people write it in Turtle."""
        if isinstance(term, BlankNode):
            return "a blank node"
        if isinstance(term, Literal):
            if term.datatype in {XSD.integer, _BOOLEAN}:
                return term.value
            text = str(Literal(term.value))
            if term.language:
                return f"{text}@{term.language}"
            return text if term.datatype == XSD.string else f"{text}^^{self.short(term.datatype)}"
        fitting = [(iri, name) for name, iri in self.prefixes.items() if term.value.startswith(iri)]
        iri, name = max(fitting, key=lambda pair: len(pair[0]), default=("", ""))
        local = term.value.removeprefix(iri)
        return f"{name}:{local}" if fitting and local else term.value


# Faults


def ill_formed(
    shapes: Iterable[ox.Triple], prefixes: Mapping[str, str] | None = None
) -> list[Fault]:
    """The faults that forbid the use of shapes; `prefixes` are for their names.

    That shapes are recursive shows when they are compiled.
    """
    graph = Graph(shapes)
    names = Names(graph, prefixes or {})
    found = set(_shacl_shacl(graph, names))
    found |= {Fault(node, names.of(node), message) for node, message in _beyond(graph, names)}
    known = {fault.node for fault in found}
    for node in graph.subjects(SH.path):
        for path in graph.objects(node, SH.path):
            if node not in known and not _is_path(graph, path):  # one that leads back to itself
                found.add(Fault(node, names.of(node), "sh:path is no well-formed path"))
    return sorted(found, key=str)


@cache
def _asset(name: str) -> tuple[ox.Triple, ...]:
    """A data file of pySHACL's.

    The shapes for shapes are appendix C of the specification. pySHACL, which we need anyway, brings
    them and the vocabulary of SHACL: so no text of W3C's is copied here. It is found without being
    imported, which takes half a second.
    """
    package = find_spec("pyshacl")
    if package is None or package.origin is None:
        raise InputError("pyshacl, which has the shapes for shapes, is not installed")
    file = Path(package.origin).with_name("assets") / name
    return tuple(quad.triple for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE))


def _shacl_shacl(graph: Graph, names: Names) -> Iterator[Fault]:
    """What the shapes for shapes find."""
    rules = _asset("shacl-shacl.ttl")
    with EmbeddedStore() as store:
        store.engine.bulk_extend(ox.Quad(*triple) for triple in graph.triples())
        results = validate(store, rules).results
    said = Graph(rules)
    plain = {result.focus for result in results if not _is_general(result)}
    for result in results:
        focus = result.focus
        # "Neither this nor that kind of shape" tells nothing where something else is said as well.
        hidden = _is_general(result) and focus in plain
        hidden |= result.value in plain and result.value != focus
        # Nor does what is missing where nothing is said at all: see `_beyond`.
        if hidden or isinstance(focus, Literal) or not graph.predicates(focus):
            continue
        node = _shape_at(names, focus)
        yield Fault(node, names.of(node), _words(result, said, graph, names))


def _is_general(result: Result) -> bool:
    return result.path is None


def _shape_at(names: Names, node: Node) -> Node:
    """The shape that has a list, of whose nodes the node may be one."""
    seen: set[Node] = set()
    while isinstance(node, BlankNode) and node not in seen:
        seen.add(node)
        parents = names.parents(node)
        if len(parents) != 1 or parents[0][1] not in {RDF_REST, *_LISTING}:
            break
        node = parents[0][0]
    return node


def _words(result: Result, rules: Graph, graph: Graph, names: Names) -> str:
    """A result of the shapes for shapes as a sentence."""
    value = names.short(result.value) if result.value is not None else ""
    kind = result.component.value.removeprefix(SH.base).removesuffix("ConstraintComponent")
    if result.path is None:
        if kind == "Or":
            return "is a class as well, and has no IRI"
        if kind == "NodeKind":
            return "is no IRI"
        for predicate in sorted(_WITH_PATH & graph.predicates(result.focus), key=str):  # type: ignore[arg-type]
            if not graph.objects(result.focus, SH.path):
                return f"{names.short(predicate)} is for property shapes, and there is no sh:path"
        return "is neither a node shape nor a property shape with one well-formed path"
    if result.path.iri is None:
        ends = [names.short(iri) for iri in result.path.predicates() if iri not in _IN_LISTS]
        return (
            f"{value} in the list of {ends[0]} is not allowed" if ends else f"{value} is no shape"
        )
    name = names.short(result.path.iri)
    match kind:
        case "MaxCount":
            most = rules.value(result.shape, SH.maxCount)
            if most == Literal(0):
                return f"{name} is for property shapes only"
            return f"{name} may be said once only"
        case "MinCount":
            return f"{name} is missing"
        case "Datatype":
            return f"{name} {value} is no {names.short(_only(rules, result, SH.datatype))}"
        case "NodeKind":
            wanted = _only(rules, result, SH.nodeKind)
            return f"{name} {value} is no {'literal' if wanted == SH.Literal else 'IRI'}"
        case "Node":
            return f"{name} {value} is no well-formed list"
        case "Or" if result.path.iri == SH.path:
            return f"{name} {value} is no well-formed path"
        case _:
            return f"{name} {value} is not allowed"


_IN_LISTS = {RDF_FIRST, RDF_REST}
_WITH_PATH = {
    *(SH.lessThan, SH.lessThanOrEquals, SH.maxCount, SH.minCount, SH.uniqueLang),
    SH.qualifiedValueShape,
}


def _only(rules: Graph, result: Result, predicate: NamedNode) -> Term:
    return rules.objects(result.shape, predicate)[0]


def _beyond(graph: Graph, names: Names) -> Iterator[tuple[Node, str]]:
    """The faults that the shapes for shapes do not see."""
    for node, predicate, member in _references(graph):
        if isinstance(member, Literal):
            yield node, f"{names.short(predicate)} {names.short(member)} is no shape"
        elif not graph.predicates(member):
            # SHACL takes it for a shape that everything has: never what anybody meant.
            yield node, f"{names.short(predicate)} {names.short(member)} is not in the shapes"
    for node in graph.subjects(SH.sparql):
        for constraint in graph.objects(node, SH.sparql):
            queries = graph.objects(constraint, SH.select)
            if isinstance(constraint, Literal) or not queries:
                yield node, "sh:sparql has no query, as sh:select"
            elif len(queries) > 1:
                yield node, "sh:sparql has several queries, and may have one"
    for predicate in (SH.select, SH.ask):
        for node in graph.subjects(predicate):
            if len(graph.objects(node, predicate)) == 1:
                problem = sparql.fault(graph, node, predicate, names.prefixes)
                if problem:
                    yield node, f"{names.short(predicate)}: {problem}"
    for node in graph.subjects(SH.pattern):
        flags = [flag for flag in graph.objects(node, SH.flags) if isinstance(flag, Literal)]
        for pattern in graph.objects(node, SH.pattern):
            problem = _regex_problem(pattern, flags) if isinstance(pattern, Literal) else None
            if problem:
                yield node, f"sh:pattern {names.short(pattern)} is no regular expression: {problem}"
    for node in graph.subjects(_ENTAILMENT):
        for regime in graph.objects(node, _ENTAILMENT):
            # SHACL wants a failure where a processor does not support it.
            yield (
                node,
                f"sh:entailment {names.short(regime)} is asked for, and there is no inference",
            )


def _is_path(graph: Graph, node: Term) -> bool:
    try:
        paths.read(graph, node)
    except InputError:
        return False
    return True


def _references(graph: Graph) -> Iterator[tuple[Node, NamedNode, Term]]:
    """Which shapes refer to which, and by what. Lists that are none are passed over."""
    for predicate in _REFERRING:
        for node in graph.subjects(predicate):
            for member in graph.objects(node, predicate):
                yield node, predicate, member
    for predicate in _LISTING:
        for node in graph.subjects(predicate):
            for head in graph.objects(node, predicate):
                for member in _items(graph, head):
                    yield node, predicate, member


def _items(graph: Graph, head: Term) -> list[Term]:
    try:
        return graph.items(head)
    except InputError:
        return []


def _regex_problem(pattern: Literal, flags: list[Literal]) -> str | None:
    """What is wrong with a regular expression that neither Oxigraph nor pySHACL can read."""
    arguments = ", ".join(str(Literal(given.value)) for given in (pattern, *flags[:1]))
    with EmbeddedStore() as store:
        (row,) = select(store, f'SELECT (REGEX("", {arguments}) AS ?found) {{}}')
    if row[0] is not None:
        return None
    try:
        re.compile(pattern.value)
    except re.error as error:
        return error.msg
    return None


# Warnings


def warnings(
    store: GraphStore,
    shapes: Iterable[ox.Triple],
    prefixes: Mapping[str, str],
    *,
    settled: Container[Node] = (),
) -> list[str]:
    """What looks like a mistake in shapes that are well-formed, a line each.

    The targets of the `settled` shapes may match nothing: those that come with kg wait for data of
    many kinds, and a workspace need not have them all. Shapes that are deactivated, or that nothing
    leads to, are passed over; the latter are named. Raises InputError where `ill_formed` finds faults.
    """
    graph = Graph(shapes)
    lint = _Lint(store, graph, prefixes)
    found = {
        *lint.unknown_to_shacl(),
        *lint.never_asked(),
        *lint.unmatched(settled),
        *lint.unknown_terms(),
        *lint.undeclared_prefixes(),
    }
    return sorted(found)


class _Lint:
    def __init__(self, store: GraphStore, graph: Graph, prefixes: Mapping[str, str]) -> None:
        self.store = store
        self.graph = graph
        self.names = Names(graph, prefixes)
        self.targeted = targeted(graph)
        self.live = set(self._live())
        self.uses = sorted(set(self._uses()), key=str)
        self.unknown = self._unknown({term for _, term, _, _ in self.uses})

    def _off(self, node: Term) -> bool:
        return any(is_true(value) for value in self.graph.objects(node, SH.deactivated))

    def _live(self) -> Iterator[Node]:
        """The shapes that are asked of something: with targets, or referred to from such shapes."""
        waiting: list[Term] = [*self.targeted, *self.graph.subjects(SH.target)]
        seen = set[object](waiting)
        while waiting:
            node = waiting.pop()
            if isinstance(node, Literal) or self._off(node):
                continue
            yield node
            below = [member for by in _REFERRING for member in self.graph.objects(node, by)]
            lists = [head for by in _LISTING for head in self.graph.objects(node, by)]
            below += [member for head in lists for member in self.graph.items(head)]
            waiting += [member for member in below if member not in seen]
            seen |= set(below)

    def unknown_to_shacl(self) -> Iterator[str]:
        """Terms in the namespace of SHACL that it does not have."""
        vocabulary = Graph(_asset("shacl.ttl"))
        known = {node for node in vocabulary.subjects(RDF.type) if isinstance(node, NamedNode)}
        properties = {node for node in known if vocabulary.is_a(node, _PROPERTY)}
        for triple in self.graph.triples():
            for term, among in ((triple.predicate, properties), (triple.object, known)):
                foreign = not isinstance(term, NamedNode) or not term.value.startswith(SH.base)
                if foreign or term in among or self.graph.predicates(term):  # type: ignore[arg-type]
                    continue
                if self._dead(triple.subject):  # type: ignore[arg-type]
                    continue
                name = self.names.of(triple.subject)  # type: ignore[arg-type]
                term_ = self.names.short(term)  # type: ignore[arg-type]
                meant = self._nearest(term, among)  # type: ignore[arg-type]
                yield f"{name}: SHACL has no {term_}{meant}"

    def _dead(self, node: Node) -> bool:
        """Whether a node is deactivated, or a part of nodes that all are."""
        waiting, seen = [node], {node}
        while waiting:
            part = waiting.pop()
            if self._off(part):
                continue
            parents = {parent for parent, _ in self.names.parents(part)}
            if isinstance(part, NamedNode) or not parents:
                return False
            waiting += parents - seen
            seen |= parents
        return True

    def never_asked(self) -> Iterator[str]:
        """Shapes without a target to which nothing refers."""
        kinds = (SH.NodeShape, SH.PropertyShape)
        makers = (*_REFERRING, *_LISTING, SH.sparql, SH.path)
        nodes = {node for node in self.graph.subjects(RDF.type) if self.graph.is_a(node, *kinds)}
        nodes |= {node for by in makers for node in self.graph.subjects(by)}
        for node in nodes - self.live:
            if not self.names.parents(node) and not self._off(node) and node not in self.targeted:
                yield f"{self.names.of(node)}: has no target, and no shape refers to it"
        if not self.live:
            yield "no shape that is active has a target: nothing is checked"

    def unmatched(self, settled: Container[Node]) -> Iterator[str]:
        """Targets that match nothing, of the terms that the data know."""
        compiler = Compiler(self.graph, self.store, {})
        for node, targets in self.targeted.items():
            if node in settled or self._off(node):
                continue
            patterns: list[tuple[NamedNode, Term, str]] = [
                *((SH.targetClass, t, _instances(compiler, t)) for t in targets.classes),
                *((SH.targetSubjectsOf, t, f"?focus {t} ?o") for t in targets.subjects_of),
                *((SH.targetObjectsOf, t, f"?s {t} ?focus") for t in targets.objects_of),
                *((SH.targetNode, t, _occurrence(t)) for t in targets.nodes),
            ]
            lacking = sorted(
                f"{self.names.short(by)} {self.names.short(term)}"
                for by, term, pattern in patterns
                if (by == SH.targetNode or term not in self.unknown) and not self._any(pattern)
            )
            if lacking:
                more = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
                said = ", ".join(lacking[:SHOWN]) + more
                verb = "matches" if len(lacking) == 1 else "match"
                yield f"{self.names.of(node)}: {said} {verb} nothing in the data"

    def _any(self, pattern: str) -> bool:
        return next(select(self.store, f"SELECT * {{ {pattern} }} LIMIT 1"), None) is not None

    def unknown_terms(self) -> Iterator[str]:
        """Properties and classes that the data neither describe nor use.

        Where the data have no ontology in them only what looks like a misspelling is named.
        """
        uses, unknown = self.uses, self.unknown
        if not unknown:
            return
        declared = self._declared()
        known = declared | {term for _, term, _, _ in uses} - unknown
        if any(not self._nearest(term, known) for term in unknown):
            known |= self._used()
        for node, term, is_class, by in uses:
            if term not in unknown:
                continue
            meant = self._nearest(term, known)
            if meant or declared:
                what = "class" if is_class else "property"
                name, said = self.names.of(node), self.names.short(term)
                yield f"{name}: the data do not know the {what} {said} of {by}{meant}"

    def _uses(self) -> Iterator[tuple[Node, NamedNode, bool, str]]:
        """The terms that the shapes name: the shape, the term, whether it is a class, and where."""
        graph = self.graph
        pairs = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
        for node in self.live:
            for path in graph.objects(node, SH.path):
                for predicate in paths.read(graph, path).predicates():
                    yield node, predicate, False, "sh:path"
            for by in (*pairs, SH.targetSubjectsOf, SH.targetObjectsOf):
                for term in graph.objects(node, by):
                    if isinstance(term, NamedNode):
                        yield node, term, False, self.names.short(by)
            for head in graph.objects(node, SH.ignoredProperties):
                for term in graph.items(head):
                    if isinstance(term, NamedNode):
                        yield node, term, False, "sh:ignoredProperties"
            for by in (SH.class_, SH.targetClass):
                for term in graph.objects(node, by):
                    if isinstance(term, NamedNode):
                        yield node, term, True, self.names.short(by)

    def _unknown(self, terms: Collection[NamedNode]) -> set[NamedNode]:
        """The terms of which the data say nothing and which they do not use."""
        if not terms:
            return set()
        values = " ".join(map(str, sorted(terms, key=str)))
        lacking = (
            "!EXISTS { ?term ?p ?o }",
            "!EXISTS { ?s ?term ?v }",
            f"!EXISTS {{ ?i {RDF.type} ?term }}",
        )
        query = f"SELECT ?term {{ VALUES ?term {{ {values} }} FILTER({' && '.join(lacking)}) }}"
        found = {term for row in select(self.store, query) if isinstance(term := row[0], NamedNode)}
        return {term for term in found if term.value.partition("#")[0] not in _BUILT_IN}

    def _declared(self) -> set[NamedNode]:
        """The classes and properties that an ontology in the data declares."""
        kinds = " ".join(map(str, _DECLARED))
        query = f"SELECT DISTINCT ?term {{ VALUES ?kind {{ {kinds} }} ?term {RDF.type} ?kind }}"
        return {term for row in select(self.store, query) if isinstance(term := row[0], NamedNode)}

    def _used(self) -> set[NamedNode]:
        """The properties and classes in use; this looks at all of the data."""
        queries = (
            "SELECT DISTINCT ?term { ?s ?term ?o }",
            f"SELECT DISTINCT ?term {{ ?s {RDF.type} ?term }}",
        )
        return {
            term
            for query in queries
            for row in select(self.store, query)
            if isinstance(term := row[0], NamedNode)
        }

    def _nearest(self, term: NamedNode, known: Iterable[NamedNode]) -> str:
        """A term of the same namespace that may be meant, as a hint; or nothing."""
        namespace, local = _split(term)
        others: dict[str, NamedNode] = {}
        for node in sorted(known, key=str):
            space, name = _split(node)
            if space == namespace and name:
                others.setdefault(name.lower(), node)
        close = get_close_matches(local.lower(), others, n=1, cutoff=CLOSE)
        return f"; did you mean {self.names.short(others[close[0]])}?" if close else ""

    def undeclared_prefixes(self) -> Iterator[str]:
        """Queries with prefixes that they do not declare, which other engines refuse."""
        for by in _QUERIES:
            for node in self.graph.subjects(by):
                if self._is_unused(node):
                    continue
                declared = sparql.declarations(self.graph, node).keys()
                for query in self.graph.objects(node, by):
                    lacking = (
                        undeclared(query.value) - declared if isinstance(query, Literal) else ()
                    )
                    if lacking:
                        said = ", ".join(f"{prefix}:" for prefix in sorted(lacking))
                        yield (
                            f"{self.names.of(node)}: {self.names.short(by)} uses {said},"
                            " which sh:prefixes does not declare; other engines refuse that"
                        )

    def _is_unused(self, node: Node) -> bool:
        """Whether a query is deactivated, or a constraint of nothing but shapes that are not live."""
        owners = [parent for parent, by in self.names.parents(node) if by == SH.sparql]
        return self._off(node) or (bool(owners) and not self.live & set(owners))


CLOSE = 0.75
"""How alike names have to be (difflib's ratio) for one to be meant by the other."""
_BUILT_IN = {space.removesuffix("#") for space in (RDF.base, _OWL, SH.base)} | {
    "http://www.w3.org/2000/01/rdf-schema"
}
"""Vocabularies that no data need to describe."""


SHOWN = 3
"""Targets of one shape that match nothing and are named; the others are counted."""


def _instances(compiler: Compiler, class_: NamedNode) -> str:
    """The pattern of the instances of a class; with a subclass that has no IRI there are some."""
    try:
        return compiler.pattern(Targets(classes=(class_,)), "?focus")
    except UncompilableError:
        return "BIND(1 AS ?focus)"


def _occurrence(term: Term) -> str:
    """The pattern for where a term stands in the data."""
    if isinstance(term, BlankNode):
        return "?s ?p ?o"  # which names no node of the data: nothing can be said
    found = f"?s ?p {term}"
    return f"{{ {term} ?p ?o }} UNION {{ {found} }}" if isinstance(term, NamedNode) else found


def _split(term: NamedNode) -> tuple[str, str]:
    """Namespace and local name."""
    found = re.fullmatch(r"(.*[#/:])(.*)", term.value, re.DOTALL)
    return (found[1], found[2]) if found else ("", term.value)

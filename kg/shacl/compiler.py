"""From shapes to checks: the queries whose solutions are the validation results."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.shacl import constraints, core, shapes, sparql
from kg.shacl.queries import (
    FALSE,
    TRUE,
    Place,
    UncompilableError,
    conjunction,
    disjunction,
    negated,
    related,
)
from kg.shacl.terms import SH, SUB_CLASS_OF
from kg.store import select
from kg.vocab import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.shacl.graph import Graph
    from kg.shacl.queries import Check, Constraint
    from kg.shacl.shapes import Shape, Targets
    from kg.shacl.terms import Node, Term
    from kg.store import GraphStore

_ADVANCED = {
    SH.target: "sh:target",
    SH.rule: "sh:rule",
    SH.expression: "sh:expression",
    SH.js: "sh:js",
}
"""What the shape may have that is not SHACL Core or SHACL-SPARQL."""


@dataclass(slots=True)
class Compiled:
    """A shape with targets, compiled.

    The focus nodes that fail one of the `screened` constraints are found by `screens`, and the
    checks of these constraints need to be asked of these nodes alone. `conditions` are what the
    screened constraints ask of a focus node. The checks of the `others` have to be asked of all.
    """

    compiler: Compiler
    shape: Shape
    targets: Targets
    focus: str
    screened: list[Constraint] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    others: list[Constraint] = field(default_factory=list)

    def place(self, nodes: Sequence[Term] | None = None) -> Place:
        """The focus nodes as a place: all of them, or those given, which have to be some of them."""
        if nodes is None:
            pattern = self.compiler.pattern(self.targets, self.focus)
        else:
            pattern = f"VALUES {self.focus} {{ {' '.join(map(str, nodes))} }}"
        return Place(self.shape, pattern, self.focus)

    def screens(self, nodes: Sequence[Term] | None = None, *, many: bool = False) -> Iterator[str]:
        """Queries for the focus nodes that fail: one that looks at each, or for many several scans."""
        place = self.place(nodes)
        if nodes is None and many:
            scans, conditions = self.compiler.scans(self, place)
            yield from scans
        else:
            conditions = self.conditions
        failing = negated(conjunction(conditions))
        if failing != FALSE:
            # Each focus node once, though several graphs say that it is one.
            targets = f"{{ SELECT DISTINCT {self.focus} {{ {place.targets} }} }}"
            yield f"SELECT {self.focus} {{ {targets} FILTER({failing}) }}"

    def telling(self, nodes: Sequence[Term] | None = None) -> str | None:
        """The query for the focus nodes that fail, with which constraints each fulfils; None for none.

        Nodes fail mostly for the same few reasons, so this saves asking them about all the others.
        Our own engine can do it; others may not take EXISTS where a value is asked for.
        """
        if negated(conjunction(self.conditions)) == FALSE:
            return None
        told = [f"{self.focus}c{number}" for number in range(len(self.conditions))]
        binds = " ".join(
            f"BIND({condition} AS {name})"
            for condition, name in zip(self.conditions, told, strict=True)
        )
        targets = f"{{ SELECT DISTINCT {self.focus} {{ {self.place(nodes).targets} }} }}"
        failing = f"FILTER({negated(conjunction(told))})"
        return f"SELECT {self.focus} {' '.join(told)} {{ {targets} {binds} {failing} }}"

    def checks(
        self, constraints: Iterable[Constraint], nodes: Sequence[Term] | None = None
    ) -> Iterator[Check]:
        """The checks of some constraints."""
        place = self.place(nodes)
        for constraint in constraints:
            yield from self.compiler.of(constraint, place)


def _unused(graph: Graph) -> str:
    """A beginning for names of variables that no query of the shapes has."""
    texts = [
        text.value
        for predicate in (SH.select, SH.ask)
        for node in graph.subjects(predicate)
        for text in graph.objects(node, predicate)
    ]
    prefix = "_"
    while any(f"{sign}{prefix}" in text for sign in "?$" for text in texts):
        prefix += "_"
    return prefix


CHUNK = 500
"""Nodes that one query names at most."""


def chunks(nodes: Sequence[Term], size: int = CHUNK) -> Iterator[Sequence[Term]]:
    """Nodes in parts that a query can name."""
    for first in range(0, len(nodes), size):
        yield nodes[first : first + size]


class Compiler:
    """Compiles the shapes of a graph for a store, which it asks for subclasses and what it can do."""

    def __init__(self, graph: Graph, store: GraphStore, prefixes: Mapping[str, str]) -> None:
        self.graph = graph
        self._store = store
        self.prefixes = prefixes
        self._variables = 0
        self._prefix = _unused(graph)
        self._unnamed: set[NamedNode] = set()  # classes that have subclasses without an IRI
        self._inside: list[Node] = []
        self.screening = False
        self._shape = cache(lambda node: shapes.read(graph, node))
        self._constraints = cache(self._read_constraints)
        self.constant = cache(self._constant)
        self.targeted = cache(lambda: shapes.targeted(graph))
        self.compile = cache(self._compile)
        self._closure: dict[NamedNode, list[NamedNode]] | None = None

    def fresh(self) -> str:
        """A variable that no query has yet."""
        self._variables += 1
        return f"?{self._prefix}{self._variables}"

    def subclasses(self, class_: NamedNode) -> Sequence[NamedNode]:
        """A class and all its subclasses in the data."""
        if self._closure is None:
            self._closure = self._read_subclasses()
        if class_ in self._unnamed:
            raise UncompilableError(f"{class_} has a subclass without an IRI")
        return self._closure.get(class_, [class_])

    def _read_subclasses(self) -> dict[NamedNode, list[NamedNode]]:
        """The subclasses of all classes that the shapes name, read in one query."""
        named = {
            node
            for predicate in (SH.class_, SH.targetClass)
            for shape in self.graph.subjects(predicate)
            for node in self.graph.objects(shape, predicate)
        }
        named |= {node for found in self.targeted().values() for node in found.classes}
        iris = sorted((node for node in named if isinstance(node, NamedNode)), key=str)
        closure = {node: [node] for node in iris}
        rows = select(
            self._store,
            f"SELECT DISTINCT ?class ?sub {{ VALUES ?class {{ {' '.join(map(str, iris))} }}"
            f" ?sub {SUB_CLASS_OF}+ ?class }}",
        )
        for class_, sub in sorted(((row["class"], row["sub"]) for row in rows), key=str):
            if isinstance(sub, BlankNode):
                self._unnamed.add(class_)
            elif sub not in closure[class_]:
                closure[class_].append(sub)
        return closure

    def _constant(self, expression: str) -> Term | None:
        """What the store makes of an expression without variables; None where that is an error."""
        (row,) = select(self._store, f"SELECT ({expression} AS ?found) {{}}")
        found: Term | None = row["found"]
        return found

    def derived_integers(self) -> bool:
        """Whether the store keeps xsd:int and its like apart from xsd:integer."""
        derived = NamedNode(f"{XSD.base}int")
        return bool(self.constant(f'DATATYPE("1"^^{derived})') == derived)

    def _compile(self, node: Node, targets: Targets) -> Compiled:
        """A shape with its targets, ready to be asked.

        Raises UncompilableError where the shape is recursive or beyond SPARQL 1.1, InputError where it
        is not well-formed.
        """
        self._inside.clear()
        shape, focus = self._shape(node), self.fresh()
        compiled = Compiled(self, shape, targets, focus)
        if shape.deactivated:
            return compiled
        self._enter(shape)
        for constraint in self._constraints(shape):
            inside = [*self._inside]
            try:
                self.screening = True
                compiled.conditions.append(constraint.holds(self, shape, focus))
                compiled.screened.append(constraint)
            except UncompilableError:
                self._inside = inside
                self.screening = False
                compiled.others.append(constraint)
        self.screening = False
        return compiled

    def scans(self, compiled: Compiled, place: Place) -> tuple[list[str], list[str]]:
        """Scans for the focus nodes that fail, and the conditions of constraints that need no scan."""
        queries: list[str] = []
        conditions: list[str] = []
        member = self.member(compiled.targets, place.focus)
        for constraint, condition in zip(compiled.screened, compiled.conditions, strict=True):
            # The values of a property shape with targets are no focus nodes of these.
            if compiled.shape.path or not isinstance(constraint, constraints.Property):
                conditions.append(condition)
                continue
            shape = self._shape(constraint.shape)
            if shape.deactivated:
                continue
            self._inside = [compiled.shape.node, shape.node]
            found, rest = constraints.scans(shape, self._constraints(shape), place, member)
            queries += found
            conditions.append(constraints.condition(self, shape, rest, place.focus))
        return queries, conditions

    def _classes(self, targets: Targets) -> tuple[NamedNode, ...]:
        """The classes whose instances are targets, with their subclasses."""
        found = (sub for class_ in targets.classes for sub in self.subclasses(class_))
        return tuple(dict.fromkeys(found))

    def member(self, targets: Targets, node: str) -> str:
        """The condition that a node is a focus node."""
        classes = self._classes(targets)
        iris = tuple(term for term in targets.nodes if isinstance(term, NamedNode))
        literals = [term for term in targets.nodes if isinstance(term, Literal)]
        return disjunction(
            [
                constraints.instance(self, node, classes) if classes else FALSE,
                constraints.among(node, iris),
                *(f"sameTerm({node}, {term})" for term in literals),
                *(related(node, predicate, self.fresh()) for predicate in targets.subjects_of),
                *(related(self.fresh(), predicate, node) for predicate in targets.objects_of),
            ]
        )

    def pattern(self, targets: Targets, focus: str) -> str:
        """The pattern that binds the focus nodes."""
        found = []
        named = [str(node) for node in targets.nodes if not isinstance(node, BlankNode)]
        if named:
            found.append(f"VALUES {focus} {{ {' '.join(named)} }}")
        classes = self._classes(targets)
        if len(classes) == 1:
            found.append(f"{focus} {RDF.type} {classes[0]} .")
        elif classes:
            type_ = self.fresh()
            values = " ".join(map(str, classes))
            found.append(f"VALUES {type_} {{ {values} }} {focus} {RDF.type} {type_} .")
        found += [f"{focus} {predicate} {self.fresh()} ." for predicate in targets.subjects_of]
        found += [f"{self.fresh()} {predicate} {focus} ." for predicate in targets.objects_of]
        if len(found) == 1 and (targets.nodes or len(classes) == 1):
            return found[0]
        # A node that is a target several times is to be looked at once.
        union = " UNION ".join(f"{{ {pattern} }}" for pattern in found)
        return f"{{ SELECT DISTINCT {focus} {{ {union} }} }}" if union else f"VALUES {focus} {{}}"

    def checks(self, shape: Term, place: Place) -> Iterator[Check]:
        """The checks of a shape that the value nodes of a place have to have, by sh:property."""
        inner = self._shape(shape)
        if place.shape.path is None:
            here = replace(place, shape=inner)
        else:
            before = (*place.before, place.focus)
            here = Place(inner, place.values, place.value, before)
        yield from self._checks(inner, here)

    def _checks(self, shape: Shape, place: Place) -> Iterator[Check]:
        if shape.deactivated:
            return
        self._enter(shape)
        for constraint in self._constraints(shape):
            yield from constraint.checks(self, place)
        self._inside.pop()

    def of(self, constraint: Constraint, place: Place) -> Iterator[Check]:
        """The checks of a constraint of the shape of a place."""
        self._inside = [place.shape.node]
        yield from constraint.checks(self, place)

    def conforms(self, shape: Term, node: str) -> str:
        """The condition that a node, a variable or a term, has a shape."""
        found = self._shape(shape)
        if found.deactivated:
            return TRUE
        self._enter(found)
        condition = constraints.condition(self, found, self._constraints(found), node)
        self._inside.pop()
        return condition

    def _enter(self, shape: Shape) -> None:
        if shape.node in self._inside:
            raise UncompilableError(f"{shape.node} refers to itself")
        for predicate in _ADVANCED.keys() & self.graph.predicates(shape.node):
            raise UncompilableError(
                f"{shape.node} has {_ADVANCED[predicate]}, of SHACL Advanced Features"
            )
        self._inside.append(shape.node)

    def _read_constraints(self, shape: Shape) -> tuple[Constraint, ...]:
        return (
            *core.constraints(self, shape),
            *sparql.constraints(self, shape, self.prefixes),
        )

"""Shapes as a shapes graph describes them (SHACL, 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.errors import InputError
from kg.shacl import paths
from kg.shacl.terms import CLASSES, SH
from kg.vocab import RDF

if TYPE_CHECKING:
    from kg.shacl.graph import Graph
    from kg.shacl.paths import Path
    from kg.shacl.terms import Node, Term

TARGETS = {SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target}
_TRUE = {"true", "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A node shape, or with a path a property shape."""

    node: Node
    path: Path | None
    severity: NamedNode
    messages: tuple[Literal, ...]
    deactivated: bool


@dataclass(frozen=True, slots=True)
class Targets:
    """What declares the focus nodes of a shape; `classes` count with their subclasses.

    `others` are targets of SHACL Advanced Features.
    """

    nodes: tuple[Term, ...] = ()
    classes: tuple[NamedNode, ...] = ()
    subjects_of: tuple[NamedNode, ...] = ()
    objects_of: tuple[NamedNode, ...] = ()
    others: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return any((self.nodes, self.classes, self.subjects_of, self.objects_of, self.others))


def read(graph: Graph, node: Term) -> Shape:
    """The shape at a node; InputError where it is not well-formed."""
    if isinstance(node, Literal):
        raise InputError(f"{node}: a literal is no shape")
    path = graph.value(node, SH.path)
    severity = graph.value(node, SH.severity) or SH.Violation
    if not isinstance(severity, NamedNode):
        raise InputError(f"{node}: sh:severity {severity} is no IRI")
    messages = graph.objects(node, SH.message)
    return Shape(
        node=node,
        path=paths.read(graph, path) if path is not None else None,
        severity=severity,
        messages=tuple(message for message in messages if isinstance(message, Literal)),
        deactivated=is_true(graph.value(node, SH.deactivated)),
    )


def is_true(term: Term | None) -> bool:
    """Whether a term is the boolean true."""
    return isinstance(term, Literal) and term.value in _TRUE


def targeted(graph: Graph) -> dict[Node, Targets]:
    """The shapes that have targets, by their nodes; a class that is a shape has its instances for targets."""
    nodes = {node for predicate in TARGETS for node in graph.subjects(predicate)}
    nodes |= {node for node in graph.subjects(RDF.type) if is_class(graph, node)}
    return {node: targets for node in sorted(nodes, key=str) if (targets := _targets(graph, node))}


def is_class(graph: Graph, node: Node) -> bool:
    """Whether a shape is a class as well, and so an implicit class target (SHACL, 2.1.3.3)."""
    return (
        isinstance(node, NamedNode)
        and graph.is_a(node, *CLASSES)
        and graph.is_a(node, SH.NodeShape, SH.PropertyShape)
    )


def siblings(graph: Graph, node: Node) -> set[Term]:
    """The sibling shapes of a property shape with a qualified value shape (SHACL, 4.7.3)."""
    own = graph.objects(node, SH.qualifiedValueShape)
    found: set[Term] = set()
    for parent in graph.subjects(SH.property):
        properties = graph.objects(parent, SH.property)
        if node in properties:
            for other in properties:
                found.update(graph.objects(other, SH.qualifiedValueShape))
    return found.difference(own)


def parameters(graph: Graph) -> set[Term]:
    """The predicates by which shapes use constraint components of the shapes graph's own."""
    return {
        path
        for component in graph.subjects(SH.parameter)
        for parameter in graph.objects(component, SH.parameter)
        for path in graph.objects(parameter, SH.path)
    }


def _targets(graph: Graph, node: Node) -> Targets:
    def iris(predicate: NamedNode) -> tuple[NamedNode, ...]:
        found = graph.objects(node, predicate)
        for term in found:
            if not isinstance(term, NamedNode):
                raise InputError(f"{node}: {predicate} {term} is no IRI")
        return tuple(term for term in found if isinstance(term, NamedNode))

    classes = iris(SH.targetClass)
    if isinstance(node, NamedNode) and is_class(graph, node):
        classes = (*classes, node)
    return Targets(
        nodes=tuple(graph.objects(node, SH.targetNode)),
        classes=classes,
        subjects_of=iris(SH.targetSubjectsOf),
        objects_of=iris(SH.targetObjectsOf),
        others=tuple(graph.objects(node, SH.target)),
    )

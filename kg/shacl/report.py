"""The validation report (SHACL, 3.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.shacl.terms import SH
from kg.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.shacl.paths import Path
    from kg.shacl.terms import Node, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One validation result; `constraint` is the node of a SPARQL-based constraint."""

    focus: Term
    path: Path | None
    value: Term | None
    shape: Node
    component: NamedNode
    constraint: Node | None
    severity: NamedNode
    messages: tuple[Literal, ...]

    def order(self) -> tuple[str, ...]:
        """What results are sorted by, so that the same ones always come in the same order."""
        terms = (self.shape, self.component, self.focus, self.path, self.value, self.constraint)
        return *(str(term) if term is not None else "" for term in terms), *map(str, self.messages)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    `omitted` counts the results beyond the limit, by shape and severity. `notes` say in a line
    each what was done otherwise than by SPARQL. `sources` describes the shapes without an IRI.
    """

    results: tuple[Result, ...]
    omitted: Mapping[tuple[Node, NamedNode], int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sources: tuple[Triple, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether there is no result of any severity, which is what SHACL calls to conform."""
        return not self.results and not self.omitted

    def triples(self) -> Iterator[Triple]:
        """The report as RDF, its blank nodes numbered in the order of the results."""
        prefix = "report"
        terms = (
            term for result in self.results for term in (result.focus, result.value, result.shape)
        )
        taken = [term.value for term in terms if isinstance(term, BlankNode)]
        while any(label.startswith(prefix) for label in taken):
            prefix += "_"
        report = BlankNode(prefix)
        yield Triple(report, RDF.type, SH.ValidationReport)
        yield Triple(report, SH.conforms, Literal(self.conforms))
        for (shape, _), number in sorted(self.omitted.items(), key=str):
            said = Literal(f"{number} more results of {shape} are counted and not listed.")
            yield Triple(report, NamedNode("http://www.w3.org/2000/01/rdf-schema#comment"), said)
        for number, result in enumerate(sorted(self.results, key=Result.order), 1):
            node = BlankNode(f"{prefix}{number:06}")
            yield Triple(report, SH.result, node)
            yield from _result(node, result)
        yield from self.sources


def _result(node: BlankNode, result: Result) -> Iterator[Triple]:
    yield Triple(node, RDF.type, SH.ValidationResult)
    yield Triple(node, SH.focusNode, result.focus)
    if result.path is not None:
        labels: dict[BlankNode, BlankNode] = {}

        def named(term: Term) -> Term:
            if not isinstance(term, BlankNode):
                return term
            return labels.setdefault(term, BlankNode(f"{node.value}path{len(labels) + 1}"))

        path, triples = result.path.describe()
        yield Triple(node, SH.resultPath, named(path))
        for triple in triples:
            subject, object_ = named(triple.subject), named(triple.object)  # type: ignore[arg-type]
            yield Triple(subject, triple.predicate, object_)  # type: ignore[arg-type]
    if result.value is not None:
        yield Triple(node, SH.value, result.value)
    yield Triple(node, SH.sourceShape, result.shape)
    yield Triple(node, SH.sourceConstraintComponent, result.component)
    if result.constraint is not None:
        yield Triple(node, SH.sourceConstraint, result.constraint)
    yield Triple(node, SH.resultSeverity, result.severity)
    for message in result.messages:
        yield Triple(node, SH.resultMessage, message)

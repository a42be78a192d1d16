"""pySHACL, for the shapes that SPARQL cannot ask: on a copy in memory of what they look at."""

from __future__ import annotations

import contextlib
import logging
import re
import warnings
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from pyoxigraph import NamedNode

from kg.errors import InputError
from kg.shacl import paths
from kg.shacl.report import Result
from kg.shacl.shapes import TARGETS, is_class, parameters
from kg.shacl.sparql import declarations
from kg.shacl.terms import RDF_FIRST, RDF_REST, SH, SUB_CLASS_OF
from kg.sparql import undeclared
from kg.store import construct
from kg.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    import rdflib
    from rdflib.term import Node as RdflibNode

    from kg.shacl.graph import Graph
    from kg.shacl.terms import Node, Term
    from kg.store import GraphStore

_LEADING = {
    *(SH.path, SH.inversePath, SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals),
    *(SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath, SH.targetSubjectsOf),
    *(SH.targetObjectsOf, SH.alternativePath, RDF_FIRST),
}
_ANYTHING = {SH.closed, SH.sparql, SH.target, SH.rule, SH.expression, SH.js}


def check(
    store: GraphStore, graph: Graph, nodes: Collection[Node], prefixes: Mapping[str, str]
) -> Iterator[Result]:
    """The results of some shapes with targets, and of no others.

    `prefixes` are declared for queries that use them undeclared. Raises InputError where pySHACL
    fails.
    """
    needed = _needed(graph, nodes)
    pattern = "?s ?p ?o"
    if needed is not None:
        pattern = f"VALUES ?p {{ {' '.join(map(str, needed))} }} {pattern}"
    data = construct(store, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")
    kept = (triple for triple in graph.triples() if not _targets_another(graph, triple, nodes))
    report = run(data, [*kept, *_declared(graph, prefixes)])
    yield from _results(report, graph)


def _declared(graph: Graph, prefixes: Mapping[str, str]) -> Iterator[ox.Triple]:
    """Declarations of the prefixes that queries use and do not declare."""
    for predicate in (SH.select, SH.ask):
        for node in graph.subjects(predicate):
            used = {
                name for text in graph.objects(node, predicate) for name in undeclared(text.value)
            }
            for name in sorted((used - declarations(graph, node).keys()) & prefixes.keys()):
                source, declaration = ox.BlankNode(), ox.BlankNode()
                yield ox.Triple(node, SH.prefixes, source)
                yield ox.Triple(source, SH.declare, declaration)
                yield ox.Triple(declaration, SH.prefix, ox.Literal(name))
                yield ox.Triple(declaration, SH.namespace, ox.Literal(prefixes[name]))


def _needed(graph: Graph, nodes: Collection[Node]) -> list[NamedNode] | None:
    """The predicates of all triples that the shapes look at; None where that may be any."""
    found = {RDF.type, SUB_CLASS_OF}
    own = parameters(graph)
    waiting, seen = list[Any](nodes), set[object](nodes)
    while waiting:
        subject = waiting.pop()
        for predicate in graph.predicates(subject):
            custom = not predicate.value.startswith(SH.base) and predicate in own
            if predicate in _ANYTHING or custom:
                return None
            for object_ in graph.objects(subject, predicate):
                if predicate in _LEADING and isinstance(object_, NamedNode):
                    found.add(object_)
                followed = predicate.value.startswith(SH.base) or predicate in {RDF_FIRST, RDF_REST}
                if followed and object_ not in seen:
                    seen.add(object_)
                    waiting.append(object_)
    return sorted(found, key=str)


def _targets_another(graph: Graph, triple: ox.Triple, nodes: Collection[Node]) -> bool:
    """Whether a triple gives targets to a shape that is not wanted here."""
    subject, predicate, _ = triple
    if subject in nodes:
        return False
    return predicate in TARGETS or (predicate == RDF.type and is_class(graph, subject))


def run(data: Iterable[ox.Triple], shapes: Iterable[ox.Triple]) -> rdflib.Graph:
    """The report of pySHACL. Raises InputError where it fails."""
    import pyshacl
    import rdflib
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure

    data_graph, shapes_graph = (rdflib.Graph(bind_namespaces="none") for _ in range(2))
    try:
        with silence():
            for graph, triples in ((data_graph, data), (shapes_graph, shapes)):
                for triple in triples:
                    subject, predicate, object_ = map(to_rdflib, triple)
                    graph.add((subject, predicate, object_))
            _, report, text = pyshacl.validate(
                data_graph, shacl_graph=shapes_graph, inference="none", advanced=True
            )
    except (ReportableRuntimeError, ShapeLoadError, ValidationFailure) as error:
        raise InputError(f"SHACL cannot be checked: {str(error).splitlines()[0]}") from error
    except Exception as error:  # whatever the Python below pySHACL trips over in the data
        raise InputError(f"SHACL cannot be checked: {type(error).__name__}: {error}") from error
    if not isinstance(report, rdflib.Graph):
        # pySHACL hands a failure back in the place of the report and raises nothing.
        raise InputError(f"SHACL cannot be checked: {str(report or text).splitlines()[0]}")
    return report


def _results(report: rdflib.Graph, graph: Graph) -> Iterator[Result]:
    from rdflib import SH as REPORT

    # Only what the report itself names: results may hang below others, as their sh:detail.
    for node in report.objects(None, REPORT.result):

        def one(predicate: Any, node: RdflibNode = node) -> Any:
            found = report.value(node, predicate)
            return _from_rdflib(found) if found is not None else None

        shape, path = one(REPORT.sourceShape), one(REPORT.resultPath)
        own_path = graph.value(shape, SH.path)
        read = None
        if isinstance(path, NamedNode):
            read = paths.read(graph, path)
        elif own_path is not None:
            read = paths.read(graph, own_path)
        messages = [
            message
            for found in report.objects(node, REPORT.resultMessage)
            if isinstance(message := _from_rdflib(found), ox.Literal)
        ]
        yield Result(
            focus=one(REPORT.focusNode),
            path=read,
            value=one(REPORT.value),
            shape=shape,
            component=one(REPORT.sourceConstraintComponent),
            constraint=one(REPORT.sourceConstraint),
            severity=one(REPORT.resultSeverity),
            messages=tuple(sorted(messages, key=str)),
        )


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """No log and no warnings: what rdflib and pySHACL say there, the report or an error says too."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _from_rdflib(term: RdflibNode) -> Term:
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if not isinstance(term, rdflib.Literal):
        raise TypeError(f"{term!r} cannot stand in a report")
    if term.language:
        return ox.Literal(str(term), language=term.language)
    datatype = NamedNode(str(term.datatype)) if term.datatype else None
    return ox.Literal(str(term), datatype=datatype)


def to_rdflib(term: Term) -> RdflibNode:
    """A term of rdflib's, with its lexical form untouched, but for years that Python has not."""
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = rdflib.URIRef(term.datatype.value)
    if datatype == rdflib.XSD.string:
        return rdflib.Literal(term.value)
    value = _clamped(term.value) if datatype == rdflib.XSD.dateTime else term.value
    literal = rdflib.Literal(value, datatype=datatype, normalize=False)
    return _ill_typed(value, datatype) if literal.ill_typed else literal


def _ill_typed(value: str, datatype: RdflibNode) -> RdflibNode:
    """A literal that compares with nothing: rdflib's own raises TypeError, where SHACL wants a result."""
    import rdflib

    class IllTyped(rdflib.Literal):
        def _no(self, _: object) -> bool:
            return False

        __lt__ = __le__ = __gt__ = __ge__ = _no

    return IllTyped(value, datatype=str(datatype), normalize=False)


def _clamped(instant: str) -> str:
    """An instant inside the years 1 to 9999: rdflib takes all others for ill-typed.

    >>> _clamped("-0044-03-15T12:00:00Z"), _clamped("17000-01-01T00:00:00Z")
    ('0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z')
    """
    year = re.match(r"(-?)([0-9]{4,})-", instant)
    if year and (year[1] or int(year[2]) == 0):
        return "0001-01-01T00:00:00Z"
    return "9999-12-31T23:59:59Z" if year and len(year[2]) > 4 else instant

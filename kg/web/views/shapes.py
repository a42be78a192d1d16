"""The shapes as a page: what is checked of what, how serious it is, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from kg.errors import InputError
from kg.names import curie
from kg.shacl import paths
from kg.shacl.graph import Graph
from kg.shacl.shapes import Targets, targeted
from kg.shacl.terms import SH
from kg.show.blocks import clean
from kg.vocab import DCTERMS, KGSH, RDF
from kg.web import terms
from kg.web.pages.html import page as html
from kg.web.protocol.formats import beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.shacl.terms import Node, Term
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

_NAME: Final = NamedNode("http://www.w3.org/ns/shacl#name")
_CHECKED: Final = {
    SH.minCount: "at least {}",
    SH.maxCount: "at most {}",
    SH.class_: "a {}",
    SH.datatype: "of the type {}",
    SH.nodeKind: "a node of the kind {}",
    SH.hasValue: "{} among them",
    SH.in_: "one of {}",
    SH.or_: "one of {}",
    SH.pattern: "of the form {}",
    SH.minInclusive: "{} or more",
    SH.maxInclusive: "{} or less",
    SH.maxLength: "at most {} characters",
    SH.uniqueLang: "one for each language",
    SH.lessThan: "less than {}",
    SH.lessThanOrEquals: "no more than {}",
    SH.disjoint: "none of {}",
    SH.equals: "the same as {}",
    SH.closed: "no other properties",
}
"""What shapes check, in words; what is not listed is said by the name of SHACL."""
_LONG: Final = 120
"""Characters of what a rule names: the pattern of dates has 600, and those who need it take the data."""
_TOLD: Final = {
    SH.path, SH.severity, SH.message, SH.description, SH.property, SH.sparql, SH.deactivated,
    SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.flags,
    SH.ignoredProperties, _NAME,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What is asked of one path, or by one query, of what a shape is about."""

    anchor: str | None
    name: str
    path: str
    rules: tuple[str, ...]
    severity: str
    message: str
    advice: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A shape with what it is about, by a word and a term: every claim. Without one, others use it."""

    anchor: str | None
    name: str
    iri: str
    targets: tuple[tuple[str, str], ...]
    severity: str
    message: str
    advice: str
    rules: tuple[str, ...]
    checks: tuple[Check, ...]
    own: bool


def page(reading: Reading) -> Reply:
    """The page of the shapes: those that come with kg, and those of the workspace."""
    found, fault = _shapes(reading)
    count = dict.fromkeys(("violation", "warning", "info"), 0)
    for shape in found:
        for each in shape.checks or (shape,):
            count[each.severity] = count.get(each.severity, 0) + 1
    node = terms.FILES["shapes"]
    known = Graph(terms.triples("shapes"))
    return html(
        reading,
        "shapes.html",
        here="shapes",
        iri=node.value,
        title=_text(known, node, terms.TITLE),
        edition=_text(known, node, terms.VERSION),
        licence=next(
            (t.value for t in known.objects(node, DCTERMS.license) if isinstance(t, NamedNode)),
            None,
        ),
        shapes=[shape for shape in found if not shape.own],
        own=[shape for shape in found if shape.own],
        fault=fault,
        count=count,
        alternates=beside("shapes"),
        headers={"Vary": "Accept"},
    )


def _shapes(reading: Reading) -> tuple[list[Shape], str | None]:
    """The shapes, those with targets first, and what is wrong with those of the workspace, if anything is."""
    from kg.validate import shapes_of

    fault = None
    try:
        triples = shapes_of(reading.workspace)
    except InputError as error:
        fault = str(error)
        triples = shapes_of(None)
    graph = Graph(triples)
    prefixes = {**reading.prefixes, "kgsh": KGSH, "sh": SH.base}
    found = targeted(graph)
    named = [node for node in graph.subjects(RDF.type) if graph.is_a(node, SH.NodeShape)]
    ordered = [node for node in named if node in found]
    ordered += [node for node in found if node not in ordered]
    ordered += [node for node in named if node not in found and isinstance(node, NamedNode)]
    return [_shape(graph, node, found.get(node, Targets()), prefixes) for node in ordered], fault


def _shape(graph: Graph, node: Node, targets: Targets, prefixes: Mapping[str, str]) -> Shape:
    parts = [each for each in graph.objects(node, SH.property) if not isinstance(each, Literal)]
    checks = [_check(graph, each, prefixes) for each in parts]
    severity, advice = _severity(graph, node), _text(graph, node, SH.description)
    for each in graph.objects(node, SH.sparql):
        if isinstance(each, Literal):
            continue
        checks.append(
            Check(
                anchor=_anchor(each),
                name="",
                path="",
                rules=(),
                severity=_severity(graph, each) if graph.objects(each, SH.severity) else severity,
                message=_text(graph, each, SH.message),
                advice=_text(graph, each, SH.description) or advice,
                query=_text(graph, each, SH.select).strip(),
            )
        )
    if graph.objects(node, SH.path):  # a property shape with a target of its own
        checks.insert(0, _check(graph, node, prefixes))
    return Shape(
        anchor=_anchor(node),
        name=_named(node, prefixes),
        iri=node.value,
        targets=tuple(_targets(targets)),
        severity=severity,
        message=_text(graph, node, SH.message),
        advice=advice if not any(check.advice == advice for check in checks) else "",
        rules=tuple(_rules(graph, node, prefixes)),
        checks=tuple(checks),
        own=not node.value.startswith(KGSH),
    )


def _check(graph: Graph, node: Node, prefixes: Mapping[str, str]) -> Check:
    path = graph.value(node, SH.path)
    return Check(
        anchor=_anchor(node),
        name=_text(graph, node, _NAME),
        path=_way(paths.read(graph, path), prefixes) if path is not None else "",
        rules=tuple(_rules(graph, node, prefixes)),
        severity=_severity(graph, node),
        message=_text(graph, node, SH.message),
        advice=_text(graph, node, SH.description),
        query="",
    )


def _way(path: paths.Path, prefixes: Mapping[str, str]) -> str:
    """A path with short names, as SPARQL writes it."""
    if path.iri is not None:
        return curie(path.iri, prefixes)
    inner = [_way(part, prefixes) for part in path.parts]
    inner = [
        text if part.kind == "iri" else f"({text})"
        for text, part in zip(inner, path.parts, strict=True)
    ]
    match path.kind:
        case "^":
            return f"^{inner[0]}"
        case "/" | "|":
            return f" {path.kind} ".join(inner)
    return f"{inner[0]}{path.kind}"


def _targets(targets: Targets) -> Iterator[tuple[str, str]]:
    """What a shape is about: how, and which term."""
    for how, found in (
        ("every", targets.classes),
        ("all that has", targets.subjects_of),
        ("all that is value of", targets.objects_of),
        ("this one", targets.nodes),
    ):
        yield from ((how, each.value) for each in found)


def _rules(graph: Graph, node: Node, prefixes: Mapping[str, str]) -> Iterator[str]:
    """What a shape checks by components of SHACL's core, in words."""
    for predicate in sorted(graph.predicates(node) - _TOLD - {RDF.type}, key=_rank):
        for value in graph.objects(node, predicate):
            yield _rule(graph, predicate, value, prefixes)


def _rank(predicate: NamedNode) -> tuple[int, str]:
    known = list(_CHECKED)
    return (known.index(predicate) if predicate in known else len(known), predicate.value)


def _rule(graph: Graph, predicate: NamedNode, value: Term, prefixes: Mapping[str, str]) -> str:
    words = _CHECKED.get(predicate, f"{curie(predicate, prefixes)} {{}}")
    if predicate in {SH.in_, SH.or_, SH.and_, SH.xone}:
        shown = ", ".join(_shown(each, prefixes) for each in graph.items(value))
    else:
        shown = _shown(value, prefixes)
    return words.replace("{}", clean(shown, _LONG))


def _shown(term: Term, prefixes: Mapping[str, str]) -> str:
    return curie(term, prefixes) if isinstance(term, NamedNode) else term.value


def _anchor(node: Node) -> str | None:
    """The fragment of a shape of ours."""
    return node.value.removeprefix(KGSH) if node.value.startswith(KGSH) else None


def _named(node: Node, prefixes: Mapping[str, str]) -> str:
    return curie(node, prefixes) if isinstance(node, NamedNode) else "a shape without a name"


def _severity(graph: Graph, node: Node) -> str:
    """How serious it is not to fit, in a word."""
    found = graph.objects(node, SH.severity)
    return found[0].value.rpartition("#")[2].lower() if found else "violation"


def _text(graph: Graph, node: Node, predicate: NamedNode) -> str:
    return " ".join(
        each.value for each in graph.objects(node, predicate) if isinstance(each, Literal)
    )

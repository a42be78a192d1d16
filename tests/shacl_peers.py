"""Validators behind one function each, and what it takes to compare their reports.

`kg`, pySHACL and pyrudof take triples of pyoxigraph's and give back the report as such triples. A
report is compared with another as a graph (`canonical`), where multiplicities count, or as a set of
results (`results`). Used by the tests and by `bench/conformance.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import rdflib

from kg import shacl
from kg.errors import InputError
from kg.shacl import fallback
from kg.shacl.fallback import silence
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    Triples = list[ox.Triple]
    Validator = Callable[[Triples, Triples, Mapping[str, str]], Triples]
    """Data, shapes and the prefixes of the shapes' file in, the report out.

    Raises InputError where the shapes are refused.
    """

SH = "http://www.w3.org/ns/shacl#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE = ox.NamedNode(f"{RDF}type")


def sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


# The validators


NO_PREFIXES: Mapping[str, str] = MappingProxyType({})


def report_of_kg(data: Triples, shapes: Triples) -> shacl.Report:
    """What `kg.shacl` says of data in a store in memory."""
    with EmbeddedStore() as store:
        store.engine.extend(quad(triple, ox.NamedNode("urn:data")) for triple in data)
        return shacl.validate(store, shapes)


def with_kg(data: Triples, shapes: Triples, _: Mapping[str, str] = NO_PREFIXES) -> Triples:
    """The report of `kg.shacl` over a store in memory."""
    return list(report_of_kg(data, shapes).triples())


def with_pyshacl(
    data: Triples, shapes: Triples, prefixes: Mapping[str, str] = NO_PREFIXES
) -> Triples:
    """The report of pySHACL, without inference.

    It reads SPARQL with the prefixes that the data's own file happens to declare, and passes a test
    of the suite (`sparql/node/prefixes-001`) only because data and shapes are one file there.
    """
    import pyshacl

    try:
        with silence():
            graph = to_rdflib(data)
            for prefix, iri in prefixes.items():
                graph.bind(prefix, iri)
            _, report, text = pyshacl.validate(
                graph, shacl_graph=to_rdflib(shapes), inference="none"
            )
    except Exception as error:
        raise InputError(f"pySHACL: {type(error).__name__}: {error}") from error
    if not isinstance(report, rdflib.Graph):
        raise InputError(f"pySHACL: {report or text}")
    # What hangs below a result as its sh:detail is not in the report itself.
    written = report.serialize(format="nt", encoding="utf-8")
    return [quad.triple for quad in ox.parse(written, format=ox.RdfFormat.N_TRIPLES)]


def with_pyrudof(data: Triples, shapes: Triples, _: Mapping[str, str] = NO_PREFIXES) -> Triples:
    """The report of rudof, its native engine."""
    import pyrudof  # type: ignore[import-not-found,unused-ignore]

    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    try:
        rudof.read_data(n_triples(data), pyrudof.RDFFormat.NTriples)
        rudof.read_shacl(n_triples(shapes), pyrudof.ShaclFormat.NTriples)
        rudof.validate_shacl()
        written = rudof.serialize_shacl_validation_results(
            pyrudof.ResultShaclValidationFormat.NTriples
        )
    except BaseException as error:  # a panic of Rust's is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise InputError(f"pyrudof: {type(error).__name__}: {error}") from error
    return [quad.triple for quad in ox.parse(written, format=ox.RdfFormat.N_TRIPLES)]


def n_triples(triples: Triples) -> str:
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def to_rdflib(triples: Triples) -> rdflib.Graph:
    """A graph of rdflib's with the same labels for blank nodes, and literals that it can compare."""
    graph = rdflib.Graph(bind_namespaces="none")
    for triple in triples:
        subject, predicate, value = map(fallback.to_rdflib, triple)
        graph.add((subject, predicate, value))
    return graph


# Triples


def read(path: Path) -> tuple[Triples, dict[str, str]]:
    """The triples of a Turtle file, whose own IRI is the base of the IRIs in it, and its prefixes."""
    parser = ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=path.resolve().as_uri())
    triples = [quad.triple for quad in parser]
    return triples, parser.prefixes


def quad(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph = ox.DefaultGraph()) -> ox.Quad:  # noqa: B008
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def stored(triples: Iterable[ox.Triple]) -> Triples:
    """The triples as Oxigraph gives them back once it has stored them.

    It keeps numbers, dates and times by value, in canonical form, and all derived integer types as
    xsd:integer: what is expected, or found by another program, has to pass it before comparison.
    """
    store = ox.Store()
    store.extend(quad(triple) for triple in triples)
    return [quad.triple for quad in store]


class Graph:
    """Triples, to be asked for the objects of a subject and a predicate."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._of: dict[Term, list[tuple[ox.NamedNode, Term]]] = {}
        for triple in triples:
            self._of.setdefault(triple.subject, []).append((triple.predicate, triple.object))

    def about(self, node: Term) -> list[tuple[ox.NamedNode, Term]]:
        return self._of.get(node, [])

    def all(self, node: Term, predicate: ox.NamedNode) -> list[Term]:
        return [found for name, found in self.about(node) if name == predicate]

    def one(self, node: Term, predicate: ox.NamedNode) -> Term:
        (found,) = self.all(node, predicate)
        return found

    def maybe(self, node: Term, predicate: ox.NamedNode) -> Term | None:
        found = self.all(node, predicate)
        return found[0] if found else None

    def items(self, node: Term) -> Iterator[Term]:
        """The members of a list."""
        while node != ox.NamedNode(f"{RDF}nil"):
            yield self.one(node, ox.NamedNode(f"{RDF}first"))
            node = self.one(node, ox.NamedNode(f"{RDF}rest"))

    def reports(self) -> list[Term]:
        report = sh("ValidationReport")
        return [node for node, said in self._of.items() if (TYPE, report) in said]


# Reports as sets of results


class Result(NamedTuple):
    """What two validators have to agree on."""

    focus: str
    path: str
    value: str
    shape: str
    component: str
    severity: str


def results(report: Iterable[ox.Triple]) -> set[Result]:
    """The results that a report lists at its top, literals as Oxigraph has them."""
    graph = Graph(stored(report))

    def text(node: Term, name: str) -> str:
        found = graph.maybe(node, sh(name))
        return "" if found is None else str(found)

    def result(node: Term) -> Result:
        path = graph.maybe(node, sh("resultPath"))
        return Result(
            text(node, "focusNode"),
            "" if path is None else path_text(graph, path),
            text(node, "value"),
            text(node, "sourceShape"),
            text(node, "sourceConstraintComponent").removeprefix(f"<{SH}").removesuffix(">"),
            text(node, "resultSeverity"),
        )

    return {result(node) for top in graph.reports() for node in graph.all(top, sh("result"))}


def path_text(graph: Graph, path: Term) -> str:
    """A property path in the syntax of SPARQL, every step in brackets."""
    if isinstance(path, ox.NamedNode):
        return str(path)
    if graph.all(path, ox.NamedNode(f"{RDF}first")):
        return "/".join(f"({path_text(graph, step)})" for step in graph.items(path))
    for name, before, after in (
        ("inversePath", "^", ""),
        ("zeroOrMorePath", "", "*"),
        ("oneOrMorePath", "", "+"),
        ("zeroOrOnePath", "", "?"),
    ):
        for step in graph.all(path, sh(name)):
            return f"{before}({path_text(graph, step)}){after}"
    either = graph.one(path, sh("alternativePath"))
    return "|".join(f"({path_text(graph, step)})" for step in graph.items(either))


# Reports as graphs

_ALWAYS = (
    "focusNode",
    "value",
    "resultSeverity",
    "sourceConstraintComponent",
    "sourceShape",
)
_WHERE_EXPECTED = ("sourceConstraint", "resultMessage")
"""What the suite leaves to the validator, unless the expected report has it."""


def canonical(
    report: Iterable[ox.Triple],
    named: Mapping[ox.BlankNode, ox.NamedNode],
    properties: Iterable[str] = (*_ALWAYS, *_WHERE_EXPECTED),
) -> list[str]:
    """A report in canonical N-Triples: of each result these properties, and the path with its structure.

    `named` gives an IRI to blank nodes that mean the same on both sides; all others are compared up
    to isomorphism. Results that say the same stay as many as they are.
    """
    graph = Graph(stored(report))
    dataset = ox.Dataset()
    top = ox.BlankNode()

    def add(subject: ox.BlankNode, predicate: ox.NamedNode, value: Term) -> None:
        if isinstance(value, ox.BlankNode):
            value = named.get(value, value)
        dataset.add(ox.Quad(subject, predicate, value))

    def copied(node: Term) -> Term:
        """A path with blank nodes of its own: a validator may share them between results or not."""
        if not isinstance(node, ox.BlankNode):
            return node
        copy = ox.BlankNode()
        for predicate, value in graph.about(node):
            dataset.add(ox.Quad(copy, predicate, copied(value)))
        return copy

    (node,) = graph.reports()
    for conforms in graph.all(node, sh("conforms")):
        add(top, sh("conforms"), conforms)
    for number, result in enumerate(graph.all(node, sh("result"))):
        copy = ox.BlankNode(f"result{number}")
        add(top, sh("result"), copy)
        for path in graph.all(result, sh("resultPath")):
            dataset.add(ox.Quad(copy, sh("resultPath"), copied(path)))
        for name in properties:
            for value in graph.all(result, sh(name)):
                add(copy, sh(name), value)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(str(quad) for quad in dataset)


# The W3C suite


@dataclass(frozen=True, slots=True)
class Case:
    """An entry of the suite; `expected` is the report, or None where a failure is due."""

    iri: str
    name: str
    data: Triples
    shapes: Triples
    prefixes: dict[str, str]
    expected: Triples | None
    named: dict[ox.BlankNode, ox.NamedNode]
    """IRIs for the blank nodes of the shapes and data, where the manifest is the same file."""


def cases(folder: Path) -> Iterator[Case]:
    """The entries of all manifests in a folder and below it.

    Files are looked for rather than followed from the first manifest: there is one with a test
    (`sparql/component/nodeValidator-001`) that the suite's manifests forget to include.
    """
    folder = folder.resolve()
    for manifest in sorted(folder.rglob("*.ttl")):
        whole = read(manifest)
        graph = Graph(whole[0])
        for entries in graph.all(ox.NamedNode(manifest.as_uri()), ox.NamedNode(f"{MF}entries")):
            for entry in graph.items(entries):
                yield _case(entry, whole, graph, manifest, folder)


def _case(
    entry: Term,
    whole: tuple[Triples, dict[str, str]],
    graph: Graph,
    manifest: Path,
    root: Path,
) -> Case:
    action = graph.one(entry, ox.NamedNode(f"{MF}action"))
    parts = {}
    for name in ("dataGraph", "shapesGraph"):
        path = _path(graph.one(action, ox.NamedNode(SHT + name)))
        # A file is read once: its blank nodes have the same labels wherever they occur.
        parts[name] = whole if path == manifest else read(path)
    result = graph.one(entry, ox.NamedNode(f"{MF}result"))
    expected = None if result == ox.NamedNode(f"{SHT}Failure") else list(_below(graph, result))
    named = {}
    if whole in parts.values():
        for triple in whole[0]:
            for node in (triple.subject, triple.object):
                if isinstance(node, ox.BlankNode):
                    named[node] = ox.NamedNode(f"urn:blank:{node.value}")
    assert isinstance(entry, ox.NamedNode)
    name = f"{manifest.parent.relative_to(root).as_posix()}/{entry.value.rpartition('/')[2]}"
    data, _ = parts["dataGraph"]
    return Case(entry.value, name, data, *parts["shapesGraph"], expected, named)


def _path(iri: Term) -> Path:
    assert isinstance(iri, ox.NamedNode)
    return Path(unquote(urlsplit(iri.value).path))


def _below(graph: Graph, node: Term) -> Iterator[ox.Triple]:
    """What is said of a report, its results and their paths; not of the shapes that they name."""
    for predicate, value in graph.about(node):
        assert isinstance(node, (ox.NamedNode, ox.BlankNode))
        yield ox.Triple(node, predicate, value)
        inner = predicate.value.removeprefix(SH) in {"result", "resultPath", *_STEPS}
        if inner and isinstance(value, ox.BlankNode):
            yield from _below(graph, value)


_STEPS = (
    f"{RDF}first",
    f"{RDF}rest",
    "inversePath",
    "alternativePath",
    "zeroOrMorePath",
    "oneOrMorePath",
    "zeroOrOnePath",
)


def passes(case: Case, found: Triples | None, *, blank: bool = False) -> bool:
    """Whether a report (None: a failure) is the expected one; see `difference`."""
    wanted, got = difference(case, found, blank=blank)
    return wanted == got


def difference(
    case: Case, found: Triples | None, *, blank: bool = False
) -> tuple[list[str], list[str]]:
    """The expected and the found report in the form in which they must be equal.

    With `blank`, all blank nodes that are focus nodes, values or shapes are taken for one: not every
    validator's report keeps their labels.
    """
    if case.expected is None or found is None:
        return [str(case.expected is None)], [str(found is None)]
    said = {triple.predicate.value.removeprefix(SH) for triple in case.expected}
    properties = [*_ALWAYS, *(name for name in _WHERE_EXPECTED if name in said)]
    pair = []
    for report in (case.expected, found):
        named: Mapping[ox.BlankNode, ox.NamedNode] = case.named
        if blank:
            anyone = ox.NamedNode("urn:blank")
            graph = Graph(report)
            named = {
                node: anyone
                for top in graph.reports()
                for result in graph.all(top, sh("result"))
                for name in properties
                for node in graph.all(result, sh(name))
                if isinstance(node, ox.BlankNode)
            }
        pair.append(canonical(report, named, properties))
    return pair[0], pair[1]


def passes_loosely(case: Case, found: Triples | None) -> bool:
    """Whether focus nodes, paths, values, components and severities are the expected ones, as a set."""
    if case.expected is None or found is None:
        return case.expected is found
    wanted, got = (
        {
            tuple(
                "_:" if part.startswith("_:") else part
                for part in (one.focus, one.path, one.value, one.component, one.severity)
            )
            for one in results(report)
        }
        for report in (case.expected, found)
    )
    return wanted == got

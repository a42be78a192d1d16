"""`kg validate`: SHACL, and a report that says where to look and how to mend it.

The checking itself is one function, `check`: graphs in, findings out.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from kg import rdf, resources
from kg.errors import InputError
from kg.names import curie
from kg.store import select
from kg.table import table
from kg.vocab import KG, KGSH, OA, PREFIXES, RDFS, SCHEMA, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pyoxigraph as ox
    from rdflib import Graph
    from rdflib.term import Node

    from kg.store import GraphStore

Severity = Literal["Violation", "Warning", "Info"]
SEVERITIES: tuple[Severity, ...] = ("Violation", "Warning", "Info")
WORDS = 60
"""Characters of the text that a finding shows around its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of a validation, in the words of SHACL; `mend` is the shape's sh:description.

    `article`, `label`, `start`, `end` and `words` say where to look: the article's file, the name
    of the focus node, its offsets and what the text says there. They are absent where they are not
    known.
    """

    severity: Severity
    focus: str
    path: str | None
    value: str | None
    shape: str
    component: str
    message: str
    mend: str | None = None
    article: str | None = None
    label: str | None = None
    start: int | None = None
    end: int | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All findings, and the report as SHACL has it, in Turtle."""

    findings: tuple[Finding, ...]
    turtle: bytes

    def counts(self) -> dict[str, int]:
        """The number of findings by severity, the worst first."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in SEVERITIES}

    def conforms(self, fail_on: Severity = "Violation") -> bool:
        """Whether nothing of that severity or a worse one was found."""
        bad = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return not any(finding.severity in bad for finding in self.findings)


def validate_store(
    store: GraphStore, shapes: Sequence[Path] = (), texts: Mapping[str, Path] | None = None
) -> ValidationReport:
    """Check the union of all graphs of a store against the packaged shapes and further ones.

    `texts` has the files of the texts that are at hand, by the IRI of the text.
    """
    results = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    report = check((_triple(t) for t in results), _shapes(shapes))  # type: ignore[union-attr]
    return _located(report, store, texts or {})


def validate_files(
    files: Sequence[Path], base: str, shapes: Sequence[Path] = ()
) -> ValidationReport:
    """Check RDF files as one graph, together with the ontology. Raises InputError where one is not RDF."""
    quads: list[ox.Quad] = []
    for file in (resources.folder("ontology") / "newskg.ttl", *files):
        if file.suffix.lower() not in rdf.FORMATS:
            known = ", ".join(rdf.FORMATS)
            raise InputError(f"{file}: not known as RDF", hint=f"known extensions: {known}")
        try:
            quads += rdf.read(file.read_bytes(), str(file), base=base)
        except OSError as error:
            raise InputError(f"{file}: {(error.strerror or str(error)).lower()}") from error
    return check((_triple(quad.triple) for quad in quads), _shapes(shapes))


def check(data: Iterable[tuple[Node, Node, Node]], shapes: Graph) -> ValidationReport:
    """Check triples against shapes with pySHACL.

    Raises InputError where the shapes are at fault.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
    from rdflib import SH, Graph

    graph = Graph(bind_namespaces="none")
    for triple in data:
        graph.add(triple)
    try:
        _, report, text = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    except (ReportableRuntimeError, ShapeLoadError, ValidationFailure) as error:
        raise InputError(f"the shapes are at fault: {error}") from error
    if not isinstance(report, Graph):
        # pySHACL hands a failure back in the place of the report and raises nothing.
        raise InputError(f"the shapes are at fault: {report or text}")
    findings = [
        _finding(report, shapes, node) for node in report.subjects(None, SH.ValidationResult)
    ]
    return ValidationReport(tuple(sorted(findings, key=_order)), _turtle(report))


def shorten(shape: str) -> str:
    """The short name of a shape, for people to look up."""
    return f"kgsh:{shape.removeprefix(KGSH)}" if shape.startswith(KGSH) else shape


def as_json(report: ValidationReport) -> str:
    """The report as JSON: conforms, counts, and one object per finding."""
    counts = report.counts()
    results = [
        {key: value for key, value in asdict(finding).items() if value is not None}
        for finding in report.findings
    ]
    data = {"conforms": not report.findings, "counts": counts, "results": results}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_table(report: ValidationReport, prefixes: Mapping[str, str]) -> str:
    """The report as a table, a line per finding."""
    columns = ["severity", "check", "article", "focus", "at", "message"]
    rows = [
        [
            finding.severity,
            shorten(finding.shape).removeprefix("kgsh:"),
            finding.article or "",
            _short(finding.focus, prefixes),
            f"{finding.start}-{finding.end}" if finding.start is not None else "",
            finding.message,
        ]
        for finding in report.findings
    ]
    return table(columns, rows)


def as_text(report: ValidationReport, prefixes: Mapping[str, str], limit: int = 10) -> str:
    """The report for an analyst: by article, the worst first, and how to mend each kind of fault.

    Of the places with the same fault, `limit` are shown and the rest is counted.
    """
    lines: list[str] = []
    by_article: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_article[finding.article or "not in one article"].append(finding)
    ranked = sorted(by_article.items(), key=lambda item: (min(_rank(f) for f in item[1]), item[0]))
    for article, findings in ranked:
        lines += [article, "=" * len(article)]
        kinds: dict[tuple[int, str, str], list[Finding]] = defaultdict(list)
        for finding in findings:
            kinds[_rank(finding), finding.shape, finding.message].append(finding)
        for (_, shape, message), same in sorted(kinds.items()):
            times = f" ({len(same)} times)" if len(same) > 1 else ""
            lines += ["", f"{same[0].severity.upper()}: {message}{times}"]
            for finding in same[:limit]:
                lines.append(f"  - {_where(finding, prefixes)}")
                if finding.words:
                    lines.append(f"    “{finding.words}”")
            if len(same) > limit:
                lines.append(f"  - and {len(same) - limit} more")
            if same[0].mend:
                lines.append(f"  To mend: {same[0].mend}")
            lines.append(f"  Check: {shorten(shape)}")
        lines.append("")
    return "".join(f"{line}\n" for line in lines)


def _where(finding: Finding, prefixes: Mapping[str, str]) -> str:
    name = _short(finding.focus, prefixes)
    offsets = f" [{finding.start}, {finding.end}]" if finding.start is not None else ""
    value = f", value {_short(finding.value, prefixes)}" if finding.value else ""
    label = f"{_clip(finding.label)} " if finding.label else ""
    return f"{label}({name}){offsets}{value}"


def _short(term: str, prefixes: Mapping[str, str]) -> str:
    import pyoxigraph as ox

    try:
        return curie(ox.NamedNode(term), prefixes)
    except ValueError:
        return repr(_clip(term))


def _clip(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:78]}…"


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)


def _order(finding: Finding) -> tuple[int, str, str, str, str]:
    return (
        _rank(finding),
        finding.shape,
        finding.focus,
        finding.value or "",
        finding.message,
    )


@cache
def _packaged() -> Graph:
    return _parse([*sorted(resources.folder("shapes").glob("*.ttl"))])


def _shapes(further: Sequence[Path]) -> Graph:
    graph = _packaged()
    return graph + _parse(further) if further else graph


def _parse(files: Sequence[Path]) -> Graph:
    from rdflib import Graph

    graph = Graph(bind_namespaces="none")
    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise InputError(f"{file}: {(error.strerror or str(error)).lower()}") from error
        for quad in rdf.read(content, str(file), base=file.resolve().as_uri()):
            graph.add(_triple(quad.triple))
    return graph


def _triple(triple: ox.Triple) -> tuple[Node, Node, Node]:
    return _term(triple.subject), _term(triple.predicate), _term(triple.object)


def _term(term: Any) -> Node:
    """A term of rdflib's, with its lexical form untouched."""
    import pyoxigraph as ox
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
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def _finding(report: Graph, shapes: Graph, node: Node) -> Finding:
    from rdflib import SH, URIRef

    def one(predicate: URIRef) -> Node | None:
        return report.value(node, predicate)

    shape = one(SH.sourceShape)
    severity = str(one(SH.resultSeverity)).rpartition("#")[2]
    message = report.value(node, SH.resultMessage)
    mend = shapes.value(shape, SH.description) if shape is not None else None
    value = one(SH.value)
    path = one(SH.resultPath)
    return Finding(
        severity=severity if severity in SEVERITIES else "Violation",
        focus=str(one(SH.focusNode)),
        path=str(path) if isinstance(path, URIRef) else None,
        value=str(value) if value is not None else None,
        shape=str(shape),
        component=str(one(SH.sourceConstraintComponent)),
        message=str(message or "This node does not have the shape that it should have."),
        mend=str(mend) if mend is not None else None,
    )


def _turtle(report: Graph) -> bytes:
    """The report as Turtle, the same bytes for the same findings."""
    import pyoxigraph as ox

    nodes = ox.parse(report.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES)
    canonical = ox.Dataset(nodes)
    canonical.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    prefixes = PREFIXES | {"sh": "http://www.w3.org/ns/shacl#", "kgsh": KGSH}
    return rdf.write((quad.triple for quad in canonical), ox.RdfFormat.TURTLE, prefixes)


_PLACES = f"""
SELECT ?focus ?graph (SAMPLE(?name) AS ?label) (SAMPLE(?file) AS ?article)
       (SAMPLE(?text) AS ?in) (MIN(?from) AS ?start) (MIN(?until) AS ?end) WHERE {{
  VALUES ?focus {{ FOCUS }}
  GRAPH ?graph {{ ?focus ?any ?thing }}
  OPTIONAL {{ ?focus {RDFS.label}|{SCHEMA.headline}|{SCHEMA.text}|{OA.exact}|{SKOS.notation} ?name }}
  OPTIONAL {{ GRAPH ?graph {{ ?a a {KG.Article} ; {SCHEMA.encoding}/{SCHEMA.name} ?file }} }}
  OPTIONAL {{
    ?focus {KG.evidence}? ?passage .
    ?passage {KG.inText} ?text ; {OA.start} ?from ; {OA.end} ?until
  }}
}} GROUP BY ?focus ?graph ORDER BY ?focus ?graph
"""


def _located(
    report: ValidationReport, store: GraphStore, texts: Mapping[str, Path]
) -> ValidationReport:
    """The findings with the article, the label and the words to look at."""
    import pyoxigraph as ox

    focuses = sorted({f.focus for f in report.findings if "://" in f.focus})
    places: dict[str, dict[str, str]] = {}
    for first in range(0, len(focuses), 200):
        nodes = " ".join(str(ox.NamedNode(iri)) for iri in focuses[first : first + 200])
        for row in select(store, _PLACES.replace("FOCUS", nodes)):
            names = ("label", "article", "in", "start", "end")
            found = {name: str(row[name].value) for name in names if row[name] is not None}
            iri = str(row["focus"].value)
            if iri not in places or ("article" in found and "article" not in places[iri]):
                places[iri] = found

    @cache
    def text(iri: str) -> str | None:
        file = texts.get(iri)
        return file.read_bytes().decode() if file is not None and file.exists() else None

    located = []
    for finding in report.findings:
        place = places.get(finding.focus, {})
        start = int(place["start"]) if "start" in place else None
        end = int(place["end"]) if "end" in place else None
        whole = text(place["in"]) if "in" in place else None
        words = None
        if whole is not None and start is not None and end is not None:
            words = " ".join(whole[start : min(end, start + WORDS)].split())
            words += " …" if end > start + WORDS else ""
        located.append(
            replace(
                finding,
                label=place.get("label"),
                article=place.get("article"),
                start=start,
                end=end,
                words=words,
            )
        )
    return ValidationReport(tuple(located), report.turtle)

"""`kg validate`: SHACL, and a report that says where to look and how to mend it.

The checking itself is one function, `check`: graphs in, findings out.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import warnings
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
    from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    `constraint` is the source constraint, which tells the checks of one shape apart.
    `article`, `headline`, `label`, `start`, `end` and `words` say where to look: the file of the
    article's text and its headline, the name of the focus node, its offsets and what the text says
    there. They are absent where they are not known.
    """

    severity: Severity
    focus: str
    path: str | None
    value: str | None
    shape: str
    component: str
    message: str
    constraint: str | None = None
    mend: str | None = None
    article: str | None = None
    headline: str | None = None
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
    report = _checked(results, shapes)  # type: ignore[arg-type]
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
    return _checked((quad.triple for quad in quads), shapes)


def _checked(data: Iterable[ox.Triple], further: Sequence[Path]) -> ValidationReport:
    shapes = _shapes(further)
    try:
        return check((_triple(triple) for triple in data), shapes)
    except InputError as error:
        hint = f"look at {', '.join(map(str, further))}" if further else None
        raise InputError(str(error), hint=hint) from error


def check(data: Iterable[tuple[Node, Node, Node]], shapes: Graph) -> ValidationReport:
    """Check triples against shapes with pySHACL.

    Raises InputError where the shapes are at fault.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
    from rdflib import SH, Graph

    graph = Graph(bind_namespaces="none")
    try:
        with _silence():
            for triple in data:
                graph.add(triple)
            _, report, text = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    except (ReportableRuntimeError, ShapeLoadError, ValidationFailure) as error:
        raise InputError(f"SHACL cannot be checked: {str(error).splitlines()[0]}") from error
    except Exception as error:  # whatever the Python below pySHACL trips over in the data
        raise InputError(f"SHACL cannot be checked: {type(error).__name__}: {error}") from error
    if not isinstance(report, Graph):
        # pySHACL hands a failure back in the place of the report and raises nothing.
        raise InputError(f"SHACL cannot be checked: {str(report or text).splitlines()[0]}")
    # Only what the report itself names: results may hang below others, as their sh:detail.
    findings = [_finding(report, shapes, node) for node in report.objects(None, SH.result)]
    return ValidationReport(tuple(sorted(findings, key=_order)), _turtle(report))


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """No log and no warnings: what rdflib and pySHACL say there, the report or an error says too."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def shorten(shape: str) -> str:
    """The short name of a shape, for people to look up."""
    return f"kgsh:{shape.removeprefix(KGSH)}" if shape.startswith(KGSH) else shape


def as_json(report: ValidationReport, fail_on: Severity = "Violation") -> str:
    """The report as JSON: conforms, counts, and one object per finding."""
    counts = report.counts()
    results = [
        {key: value for key, value in asdict(finding).items() if value is not None}
        for finding in report.findings
    ]
    data = {"conforms": report.conforms(fail_on), "counts": counts, "results": results}
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
        by_article[_heading(finding)].append(finding)
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


def _heading(finding: Finding) -> str:
    """What an article goes by: its headline, and the file of its text."""
    if finding.article is None:
        return "not in one article"
    return f"{finding.headline} ({finding.article})" if finding.headline else finding.article


def _where(finding: Finding, prefixes: Mapping[str, str]) -> str:
    name = _short(finding.focus, prefixes)
    offsets = f" [{finding.start}, {finding.end}]" if finding.start is not None else ""
    value = f", value {_short(finding.value, prefixes)}" if finding.value else ""
    named = f"{_clip(finding.label)} ({name})" if finding.label else name
    return f"{named}{offsets}{value}"


def _short(term: str, prefixes: Mapping[str, str]) -> str:
    import pyoxigraph as ox

    try:
        return curie(ox.NamedNode(term), prefixes)
    except ValueError:
        return repr(_clip(term))


def _clip(text: str, length: int = 80) -> str:
    """The beginning of a text, up to the end of a word."""
    if len(text) <= length:
        return text
    return f"{text[:length].rpartition(' ')[0] or text[:length]} …"


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
    """The packaged shapes with further ones, each file of which is checked first."""
    whole = _packaged()
    graphs = {file: _parse([file]) for file in further}
    for graph in graphs.values():
        whole = whole + graph
    for file, graph in graphs.items():
        _check_shapes(file, graph, whole)
    return whole


def _check_shapes(file: Path, graph: Graph, whole: Graph) -> None:
    """Refuse a file of shapes that are not well-formed: pySHACL would skip some of them in silence.

    `whole` is what the file may refer to: all shapes together. Raises InputError.
    """
    from rdflib import SH

    fault = _misshapen(graph, whole)
    if fault:
        raise InputError(f"{file}: not well-formed SHACL: {fault}")
    for pattern in graph.objects(None, SH.pattern):
        try:
            re.compile(str(pattern))
        except re.error as error:
            raise InputError(f"{file}: sh:pattern {str(pattern)!r}: {error}") from error
    for predicate in (SH.select, SH.ask):
        for constraint, query in graph.subject_objects(predicate):
            fault = _bad_sparql(str(query), list(whole.objects(constraint, SH.prefixes)), whole)
            if fault:
                raise InputError(f"{file}: sh:{predicate.fragment}: {fault}")


def _misshapen(shapes: Graph, whole: Graph) -> str | None:
    """What the shapes of SHACL itself (SHACL, appendix C) find wrong with some shapes."""
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError
    from rdflib import Graph

    graph = Graph() + shapes
    referred = set(graph.objects())
    while referred:  # what other files say of the shapes that these refer to
        said = Graph()
        for node in referred - set(graph.subjects()):
            whole.cbd(node, target_graph=said)
        graph += said
        referred = set(said.objects())
    try:
        with _silence():
            pyshacl.validate(Graph(), shacl_graph=graph, meta_shacl=True, inference="none")
    except (ReportableRuntimeError, ShapeLoadError) as error:
        found = [
            re.search(rf"^\s*{key}: (.*)$", str(error), re.MULTILINE)
            for key in ("Focus Node", "Message")
        ]
        focus, message = (match[1] if match else "" for match in found)
        return f"{focus}: {message}" if message else str(error).splitlines()[0]
    return None


def _bad_sparql(query: str, sources: Sequence[Node], shapes: Graph) -> str | None:
    """What is wrong with the SPARQL of a constraint, whose prefixes `sources` declare."""
    import pyoxigraph as ox
    from rdflib import SH

    from kg.store.embedded import brief

    head = ""
    for declaration in (part for source in sources for part in shapes.objects(source, SH.declare)):
        prefix, iri = shapes.value(declaration, SH.prefix), shapes.value(declaration, SH.namespace)
        head += f"PREFIX {prefix}: <{iri}> "
    try:
        answer = ox.Store().query(head + query.replace("$PATH", "<urn:path>"))
    except SyntaxError as error:
        return re.sub(r"^line 1, column \d+: ", "line 1: ", brief(error))
    except RuntimeError as error:  # it can be read, and needs more than an empty store
        return str(error)
    if isinstance(answer, ox.QuerySolutions) and ox.Variable("this") not in answer.variables:
        return "the SELECT does not have $this"
    return None


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
    """A term of rdflib's, with its lexical form untouched, but for years that Python has not."""
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
    value = _clamped(term.value) if datatype == rdflib.XSD.dateTime else term.value
    literal = rdflib.Literal(value, datatype=datatype, normalize=False)
    return _ill_typed(value, datatype) if literal.ill_typed else literal


def _ill_typed(value: str, datatype: Node) -> Node:
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
    constraint = one(SH.sourceConstraint)
    return Finding(
        severity=severity if severity in SEVERITIES else "Violation",
        focus=str(one(SH.focusNode)),
        path=str(path) if isinstance(path, URIRef) else None,
        value=str(value) if value is not None else None,
        shape=str(shape),
        component=str(one(SH.sourceConstraintComponent)),
        constraint=str(constraint) if isinstance(constraint, URIRef) else None,
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
SELECT ?focus ?graph (SAMPLE(?name) AS ?label) (SAMPLE(?file) AS ?article) (SAMPLE(?title) AS ?headline)
       (SAMPLE(?text) AS ?in) (MIN(?from) AS ?start) (MIN(?until) AS ?end) WHERE {{
  VALUES ?focus {{ FOCUS }}
  GRAPH ?graph {{ ?focus ?any ?thing }}
  OPTIONAL {{ ?focus {RDFS.label}|{SCHEMA.headline}|{SCHEMA.text}|{OA.exact}|{SKOS.notation} ?name }}
  OPTIONAL {{
    GRAPH ?graph {{
      ?a a {KG.Article} ; {SCHEMA.encoding}/{SCHEMA.name} ?file .
      OPTIONAL {{ ?a {SCHEMA.headline} ?title }}
    }}
  }}
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
            names = ("label", "article", "headline", "in", "start", "end")
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
            words = _clip(" ".join(whole[start:end].split()), WORDS)
        located.append(
            replace(
                finding,
                label=place.get("label"),
                article=place.get("article"),
                headline=place.get("headline"),
                start=start,
                end=end,
                words=words,
            )
        )
    return ValidationReport(tuple(located), report.turtle)

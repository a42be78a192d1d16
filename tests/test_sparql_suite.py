"""The W3C's SPARQL 1.1 suites through what `kg query` does: query evaluation, syntax, result formats.

The suites are not part of the repository: `KG_SUITES` names the folder that holds `sparql11`. The
data of a test lie in named graphs, since `kg` has no other: those of the default graph in one that
a `Dataset` makes the default, so that nothing is asked but what the test names. Numbers and dates
are compared in the form in which the store writes them, blank nodes by isomorphism.
"""

from __future__ import annotations

import csv
import io
import itertools
import os
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from kg.errors import InputError
from kg.query import ask, results
from kg.query.dataset import Dataset, View, within
from kg.sparql.structure import read
from kg.store import named_graphs, open_store
from tests.conftest import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tests.conftest import NewWorkspace, Run

SUITES = Path(os.environ.get("KG_SUITES", SHARED / "suites")) / "sparql11"
BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
"""Where the manifests say that the suites lie; the files of the tests have IRIs below it."""

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DEFAULT = ox.NamedNode("urn:x-test:default")
INCLUDED = ("query", "results")
COUNTS = {
    "QueryEvaluationTest": 232,
    "PositiveSyntaxTest11": 63,
    "NegativeSyntaxTest11": 40,
    "CSVResultFormatTest": 3,
}
_TAGGED = (
    "GROUP_CONCAT gives a plain string (18.5.1.7), the engine keeps the language tag that all of the"
    " strings have. The working group has not approved this test"
)
_ABSENT = (
    "A path of length zero leads from a term to itself, whether or not the data have the term"
    " (18.4); the engine finds it only where the data have it"
)
ENGINE: Mapping[str, str] = {
    "aggregates/agg-groupconcat-04": _TAGGED,
    "aggregates/agg-groupconcat-06": _TAGGED,
    "aggregates/agg-empty-group-count-graph": (
        "Inside GRAPH ?g a query is answered for each graph by itself (18.6); the engine counts over"
        " all named graphs together, and leaves ?g unbound"
    ),
    "bindings/graph": (
        "Inside GRAPH ?g the rows of VALUES stand beside each graph's name (18.6); the engine does"
        " not join them with the names"
    ),
    "csv-tsv-res/csv03": (
        "The engine keeps the value of a double, not how it was written: 1.0E6 comes back as 1000000"
    ),
    "functions/bnode01": (
        "BNODE of a string makes another blank node in each solution (17.4.2.9); the engine makes"
        " the same one in all"
    ),
    "negation/graph-minus": (
        "Inside GRAPH ?g both sides of MINUS are matched before ?g is joined, so that they share no"
        " variable and nothing is taken away (18.6); the engine has them share ?g"
    ),
    "property-path/zero_or_more_set_end": _ABSENT,
    "property-path/zero_or_more_set_start": _ABSENT,
    "property-path/zero_or_one_set_end": _ABSENT,
    "property-path/zero_or_one_set_start": _ABSENT,
    "syntax-query/test_4": (
        "The query calls a function that nobody has defined. It is taken for SPARQL, and refused for"
        " the function: nothing but the answer shows that a query has been understood"
    ),
}
"""Tests that `kg` does not pass since Oxigraph does not, by the end of their IRI."""

needs_suite = pytest.mark.skipif(
    not SUITES.is_dir(), reason="the W3C suites are not here; KG_SUITES names their folder"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test of a manifest; `result` is the file with what must come back."""

    kind: str
    query: str
    data: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    result: str | None = None


def file_of(iri: str) -> Path:
    return SUITES / iri.removeprefix(BASE)


class Manifest:
    """A manifest as RDF, with what it takes to walk through it."""

    def __init__(self, path: str) -> None:
        iri = f"{BASE}{path}"
        self.graph = ox.Store()
        self.graph.load(file_of(iri).read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=iri)
        self.node = ox.NamedNode(iri)

    def all(self, subject: Any, property_: str) -> list[Any]:
        found = self.graph.quads_for_pattern(subject, ox.NamedNode(property_), None, None)
        return [quad.object for quad in found]

    def one(self, subject: Any, property_: str) -> Any:
        return next(iter(self.all(subject, property_)), None)

    def items(self, property_: str) -> Iterator[Any]:
        for head in self.all(self.node, property_):
            while head.value != f"{RDF}nil":
                yield self.one(head, f"{RDF}first")
                head = self.one(head, f"{RDF}rest")


@cache
def suite() -> dict[str, Case]:
    """All tests, by the ends of their IRIs."""
    found: dict[str, Case] = {}
    if not SUITES.is_dir():
        return found
    for part in INCLUDED:
        for included in Manifest(f"manifest-sparql11-{part}.ttl").items(f"{MF}include"):
            manifest = Manifest(included.value.removeprefix(BASE))
            for test in manifest.items(f"{MF}entries"):
                action = manifest.one(test, f"{MF}action")
                syntax = isinstance(action, ox.NamedNode)
                result = manifest.one(test, f"{MF}result")
                found[test.value.removeprefix(BASE).replace("/manifest#", "/")] = Case(
                    kind=manifest.one(test, f"{RDF}type").value.removeprefix(MF),
                    query=(action if syntax else manifest.one(action, f"{QT}query")).value,
                    data=tuple(node.value for node in manifest.all(action, f"{QT}data")),
                    graphs=tuple(node.value for node in manifest.all(action, f"{QT}graphData")),
                    result=result.value if result else None,
                )
    return found


def parameters(names: Iterable[str]) -> list[object]:
    """The names of tests; those that are known to fail must fail."""
    found: list[object] = []
    for name in names:
        known = ENGINE.get(name)
        marks = [pytest.mark.xfail(reason=known, strict=True)] if known else []
        found.append(pytest.param(name, marks=marks, id=name))
    return found


def of_kind(kind: str) -> list[str]:
    return [name for name, case in suite().items() if case.kind == kind]


def formats() -> list[str]:
    return [name for name in suite() if name.startswith(("csv-tsv-res/", "json-res/"))]


def sparql_of(case: Case) -> str:
    """The query, with the IRI of its file as its base, as for whoever would have fetched it."""
    text = file_of(case.query).read_bytes().decode()
    return f"BASE <{case.query}>\n{text}"


def triples(iri: str) -> list[ox.Triple]:
    form = ox.RdfFormat.from_extension(file_of(iri).suffix[1:])
    return [q.triple for q in ox.parse(file_of(iri).read_bytes(), format=form, base_iri=iri)]


def answer(case: Case, form: str) -> bytes:
    """What `kg query` writes for a test."""
    with open_store("memory:") as store:
        store.put(DEFAULT, itertools.chain.from_iterable(map(triples, case.data)))
        for graph in case.graphs:
            store.put(ox.NamedNode(graph), triples(graph))
        dataset = Dataset(
            default=(DEFAULT,), named=tuple(ox.NamedNode(graph) for graph in case.graphs)
        )
        found = ask(View(store, dataset), sparql_of(case), case.query)
        return results.write(found, form, prefixes={}, headings={})


def form_of(case: Case) -> str:
    return read(sparql_of(case)).select.form


def is_ordered(case: Case) -> bool:
    return any(token.text.upper() == "ORDER" for token in read(sparql_of(case)).select.modifiers)


def plainly(case: Case) -> Any:
    """What the engine answers by itself, with the default graph and the named ones as it has them."""
    store = ox.Store()
    for iri in case.data:
        store.extend(ox.Quad(*triple) for triple in triples(iri))
    for iri in case.graphs:
        graph = ox.NamedNode(iri)
        store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples(iri))
    return store.query(sparql_of(case))


# Comparison


def canonical(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """A graph with the literals as the store writes them, and blank nodes by canonical labels."""
    store = ox.Store()
    store.extend(quads)
    found = ox.Dataset(store)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


def solutions(answer: Any, *, ordered: bool) -> tuple[set[str], set[ox.Quad]] | bool:
    """Solutions in a form in which equal ones are equal: each a blank node that has its bindings."""
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)
    names = {variable.value for variable in answer.variables}
    rows = [{name: row[name] for name in names if row[name] is not None} for row in answer]
    return names, encoded(rows, ordered=ordered)


def encoded(rows: list[dict[str, Any]], *, ordered: bool) -> set[ox.Quad]:
    quads = []
    for number, row in enumerate(rows):
        node = ox.BlankNode()
        place = ox.Literal(number if ordered else 0)
        quads.append(ox.Quad(node, ox.NamedNode("urn:x-test:row"), place))
        for name, value in row.items():
            quads.append(ox.Quad(node, ox.NamedNode(f"urn:x-test:variable:{name}"), value))
    return canonical(quads)


def wanted(case: Case) -> Any:
    """What the result file of a test says."""
    assert case.result is not None
    content, ordered = file_of(case.result).read_bytes(), is_ordered(case)
    suffix = file_of(case.result).suffix
    if suffix in {".srx", ".srj", ".tsv"}:
        form = {
            ".srx": ox.QueryResultsFormat.XML,
            ".srj": ox.QueryResultsFormat.JSON,
            ".tsv": ox.QueryResultsFormat.TSV,
        }[suffix]
        return solutions(ox.parse_query_results(content, format=form), ordered=ordered)
    found = triples(case.result)
    if form_of(case) == "CONSTRUCT":
        return canonical(ox.Quad(*triple) for triple in found)
    return result_set(found)


def result_set(found: list[ox.Triple]) -> tuple[set[str], set[ox.Quad]]:
    """Solutions that are written as RDF."""

    def objects(subject: Any, name: str) -> list[Any]:
        property_ = ox.NamedNode(f"{RS}{name}")
        return [t.object for t in found if t.subject == subject and t.predicate == property_]

    (node,) = [
        triple.subject for triple in found if triple.object == ox.NamedNode(f"{RS}ResultSet")
    ]
    rows = [
        {
            objects(binding, "variable")[0].value: objects(binding, "value")[0]
            for binding in objects(solution, "binding")
        }
        for solution in objects(node, "solution")
    ]
    names = {name.value for name in objects(node, "resultVariable")}
    return names, encoded(rows, ordered=False)


FORMS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "tsv": ox.QueryResultsFormat.TSV,
}


@needs_suite
def test_the_number_of_tests_is_known() -> None:
    assert Counter(case.kind for case in suite().values()) == COUNTS
    forms = Counter(
        form_of(case) for case in suite().values() if case.kind == "QueryEvaluationTest"
    )
    assert forms == {"SELECT": 207, "ASK": 18, "CONSTRUCT": 7}
    assert ENGINE.keys() <= suite().keys()
    assert len(ENGINE) == 12


@pytest.mark.parametrize("name", parameters(of_kind("QueryEvaluationTest")))
def test_the_answer_is_the_one_that_the_suite_expects(name: str) -> None:
    """In every format that keeps the terms."""
    case = suite()[name]
    if form_of(case) == "CONSTRUCT":
        for form, syntax in (("nt", ox.RdfFormat.N_TRIPLES), ("ttl", ox.RdfFormat.TURTLE)):
            assert canonical(ox.parse(answer(case, form), format=syntax)) == wanted(case)
        return
    for form, kind in FORMS.items():
        if form == "tsv" and form_of(case) == "ASK":
            continue
        found = ox.parse_query_results(answer(case, form), format=kind)
        assert solutions(found, ordered=is_ordered(case)) == wanted(case)


@needs_suite
def test_what_is_missed_is_missed_by_the_engine_itself() -> None:
    """Neither the union as default graph nor what is done to a query loses a test."""
    missed = set()
    for name, case in suite().items():
        if case.kind == "CSVResultFormatTest":
            written = plainly(case).serialize(format=ox.QueryResultsFormat.CSV).decode()
            expected = file_of(str(case.result)).read_text()
            # The engine has the columns of a star in an order of its own.
            here, there = (sorted(zip(*cells(t, "_:"), strict=True)) for t in (written, expected))
            same = here == there
        elif case.kind == "QueryEvaluationTest":
            found = plainly(case)
            if isinstance(found, ox.QueryTriples):
                same = canonical(ox.Quad(*triple) for triple in found) == wanted(case)
            else:
                same = solutions(found, ordered=is_ordered(case)) == wanted(case)
        else:
            continue
        if not same:
            missed.add(name)
    assert missed == {name for name in ENGINE if not name.startswith("syntax")}
    assert len(missed) == 11


@needs_suite
def test_the_comparison_misses_no_solution() -> None:
    """Otherwise nothing above would prove anything: with a row less, the answer is another one."""
    taken = 0
    for case in suite().values():
        if case.kind != "QueryEvaluationTest" or form_of(case) != "SELECT":
            continue
        names, quads = wanted(case)
        rows = {quad.subject for quad in quads}
        for row in rows:
            left = canonical(quad for quad in quads if quad.subject != row)
            assert (names, left) != wanted(case)
            taken += 1
    assert taken == 819


@pytest.mark.parametrize("name", parameters(of_kind("PositiveSyntaxTest11")))
def test_what_is_sparql_is_taken(name: str) -> None:
    with open_store("memory:") as store:
        ask(store, sparql_of(suite()[name]))


@pytest.mark.parametrize("name", parameters(of_kind("NegativeSyntaxTest11")))
def test_what_is_no_sparql_is_refused(name: str) -> None:
    with open_store("memory:") as store, pytest.raises(InputError):
        ask(store, sparql_of(suite()[name]))


# The result formats, through the program


@needs_suite
def test_the_number_of_tests_of_formats_is_known() -> None:
    assert Counter(file_of(str(suite()[name].result)).suffix for name in formats()) == {
        ".csv": 3,
        ".tsv": 3,
        ".srj": 4,
    }


@pytest.mark.parametrize("name", parameters(formats()))
def test_the_program_writes_the_formats_as_the_suite_has_them(
    name: str, new: NewWorkspace, run: Run, tmp_path: Path
) -> None:
    """From a workspace with the file in graphs/, asked of its graph alone.

    The names that blank nodes get there (RDF 1.1, 3.5) are taken back.
    """
    case = suite()[name]
    (data,) = map(file_of, case.data)
    workspace = new("suite", data)
    with workspace.reading() as store:
        (graph,) = [graph for graph in named_graphs(store) if graph.value.endswith(data.name)]
    file = tmp_path / "query.rq"
    file.write_text(within(sparql_of(case), Dataset(default=(graph,), named=())))
    suffix = file_of(str(case.result)).suffix
    form = {".csv": "csv", ".tsv": "tsv", ".srj": "json"}[suffix]
    found = run("query", file, "-f", form, cwd=workspace.root)
    assert found.err == ""
    genid = f"{workspace.settings.base}.well-known/genid/"
    if form == "csv":
        assert found.code == 0
        expected = file_of(str(case.result)).read_text()
        assert cells(found.data.decode(), genid) == cells(expected, "_:")
        assert found.data.endswith(b"\r\n"), "lines end so in RFC 4180"
        return
    kind = FORMS[form]
    answer = ox.parse_query_results(found.data, format=kind)
    if isinstance(answer, ox.QueryBoolean):
        assert bool(answer) == wanted(case)
        assert found.code == (0 if wanted(case) else 1)
        return
    assert found.code == 0
    names = [variable.value for variable in answer.variables]
    there = ox.parse_query_results(file_of(str(case.result)).read_bytes(), format=kind)
    assert isinstance(there, ox.QuerySolutions)
    assert names == [variable.value for variable in there.variables]
    rows = [
        {name: unnamed(row[name], genid) for name in names if row[name] is not None}
        for row in answer
    ]
    assert (set(names), encoded(rows, ordered=is_ordered(case))) == wanted(case)


def unnamed(term: Any, genid: str) -> Any:
    if isinstance(term, ox.NamedNode) and term.value.startswith(genid):
        return ox.BlankNode(term.value.rpartition("/")[2])
    return term


def cells(text: str, blank: str) -> list[list[str]]:
    """The cells of a CSV file, with blank nodes numbered as they come."""
    numbers: dict[str, str] = {}
    return [
        [
            numbers.setdefault(cell, f"_:{len(numbers)}") if cell.startswith(blank) else cell
            for cell in row
        ]
        for row in csv.reader(io.StringIO(text))
    ]

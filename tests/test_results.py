"""Answers: exact for programs, pleasant for people."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.collection import Collection
from rich.cells import cell_len

from kg.errors import ConfigError
from kg.mapping.iris import Iris
from kg.query import ask, results, run, stored
from kg.store import open_store
from kg.table import markdown, table
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import Run

BASE = "https://example.org/kg/"
KNOWN = PREFIXES | Iris(BASE).prefixes()
G = ox.NamedNode(f"{BASE}graph/g")
DATA = """
@prefix ex: <https://example.org/kg/id/topic/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:a rdfs:label "one, \\"two\\"\\nthree\\t| \\\\ four" , "fünf"@de ; rdfs:seeAlso 17 , 0.5 , 1e6 , true , ex:b .
"""


@pytest.fixture(scope="module")
def store() -> Iterator[GraphStore]:
    with open_store("memory:") as store:
        store.put(G, {quad.triple for quad in ox.parse(DATA, format=ox.RdfFormat.TURTLE)})
        yield store


def answer(store: GraphStore, sparql: str, form: str | None, width: int = 100) -> str:
    found = ask(store, sparql, prefixes=KNOWN)
    return results.write(found, form, prefixes=KNOWN, headings={}, base=BASE, width=width).decode()


LABELS = "SELECT ?x ?label ?none { ?x rdfs:label ?label } ORDER BY LANG(?label)"


def test_csv_is_that_of_sparql(store: GraphStore) -> None:
    assert answer(store, LABELS, "csv") == (
        "x,label,none\r\n"
        'https://example.org/kg/id/topic/a,"one, ""two""\nthree\t| \\ four",\r\n'
        "https://example.org/kg/id/topic/a,fünf,\r\n"
    )


def test_tsv_is_that_of_sparql(store: GraphStore) -> None:
    assert answer(store, LABELS, "tsv") == (
        "?x\t?label\t?none\n"
        '<https://example.org/kg/id/topic/a>\t"one, \\"two\\"\\nthree\\t| \\\\ four"\t\n'
        '<https://example.org/kg/id/topic/a>\t"fünf"@de\t\n'
    )
    values = "SELECT ?v { ?x rdfs:seeAlso ?v FILTER(ISNUMERIC(?v)) } ORDER BY ?v"
    assert answer(store, values, "tsv").split("\n")[:3] == ["?v", "0.5", "17"]


def test_json_is_that_of_sparql(store: GraphStore) -> None:
    found = json.loads(answer(store, LABELS, "json"))
    assert found["head"] == {"vars": ["x", "label", "none"]}
    assert found["results"]["bindings"][1] == {
        "x": {"type": "uri", "value": "https://example.org/kg/id/topic/a"},
        "label": {"type": "literal", "value": "fünf", "xml:lang": "de"},
    }


def test_xml_is_that_of_sparql(store: GraphStore) -> None:
    text = answer(store, LABELS, "xml")
    assert text.startswith("<?xml")
    assert 'xmlns="http://www.w3.org/2005/sparql-results#"' in text
    found = rdflib.query.Result.parse(io.BytesIO(text.encode()), format="xml")
    assert [str(variable) for variable in found.vars or ()] == ["x", "label", "none"]
    assert {str(row[rdflib.Variable("label")]) for row in found.bindings} == {
        'one, "two"\nthree\t| \\ four', "fünf"
    }  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "md", "table"])
def test_an_empty_answer_has_its_columns(store: GraphStore, form: str) -> None:
    text = answer(store, "SELECT ?first ?second { ?first a ?second }", form)
    assert text.index("first") < text.index("second")
    if form in {"csv", "tsv"}:
        assert len(text.splitlines()) == 1


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_what_is_written_can_be_read_back(store: GraphStore, form: str) -> None:
    sparql = "SELECT ?x ?y ?z { ?x ?y ?z } ORDER BY ?y STR(?z)"
    text = answer(store, sparql, form)
    if form == "csv":  # which does not tell the kinds of terms apart
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) == 8
        assert all(len(row) == 3 for row in rows)
        return
    parsed = ox.parse_query_results(text, format=results.ROWS[form])
    straight = ask(store, sparql)
    assert isinstance(parsed, ox.QuerySolutions)
    assert isinstance(straight, ox.QuerySolutions)
    assert [tuple(row) for row in parsed] == [tuple(row) for row in straight]


# The W3C's suites of result formats. Our engine keeps numbers in their canonical form and derived
# integers as integers; the order of rows is that of ORDER BY, except that blank nodes have no names.

SUITES = {"csv-tsv-res": 6, "json-res": 4}
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
CANONICAL = {
    "1.0E6": "1000000",
    "1.0e6": '"1000000"^^<http://www.w3.org/2001/XMLSchema#double>',
    '"-3"^^<http://www.w3.org/2001/XMLSchema#negativeInteger>': "-3",
}


def entries(suite: Path) -> list[tuple[str, Path, Path, Path]]:
    graph = rdflib.Graph().parse(suite / "manifest.ttl")
    found = []
    for head in graph.objects(None, MF.entries):
        for case in Collection(graph, head):
            action = graph.value(case, MF.action)
            files = (
                graph.value(action, QT.query),
                graph.value(action, QT.data),
                graph.value(case, MF.result),
            )
            paths = [suite / str(file).rpartition("/")[2] for file in files]
            found.append((str(case).rpartition("#")[2], paths[0], paths[1], paths[2]))
    return found


@pytest.mark.parametrize("suite", SUITES)
def test_the_w3c_suite_of_a_result_format_passes(shared: Path, suite: str) -> None:
    cases = entries(shared / "suites" / "sparql11" / suite)
    assert len(cases) == SUITES[suite]
    for name, query, data, expected in cases:
        with open_store("memory:") as store:
            quads = ox.parse(data.read_bytes(), format=ox.RdfFormat.TURTLE)
            store.put(G, {quad.triple for quad in quads})
            form = {".srj": "json"}.get(expected.suffix, expected.suffix[1:])
            found = answer(store, query.read_text(encoding="utf-8"), form)
        wanted = expected.read_bytes().decode()
        if form == "json":
            got, want = json.loads(found), json.loads(wanted)
            for row in (
                row for x in (got, want) for row in x.get("results", {}).get("bindings", ())
            ):
                for term in row.values():
                    term.update({"value": "_"} if term["type"] == "bnode" else {})
            assert got == want, name
            continue
        for lexical, canonical in CANONICAL.items():
            wanted = re.sub(rf"(?<=[,\t]){re.escape(lexical)}(?=\r?\n)", canonical, wanted)
        blank = re.compile(r"_:\w+")
        assert blank.sub("_:", found).splitlines() == blank.sub("_:", wanted).splitlines(), name


# Yes and no, and graphs


def test_a_yes_or_no_is_a_word_and_an_exit_code(run: Run, built_sample: Workspace) -> None:
    for pattern, word, code in (("?s a kg:Claim", "yes", 0), ("?s a kg:Nothing", "no", 1)):
        found = run("query", "-e", f"ASK {{ {pattern} }}", cwd=built_sample.root)
        assert (found.out, found.code) == (f"{word}\n", code)
        found = run("query", "-e", f"ASK {{ {pattern} }}", "-f", "json", cwd=built_sample.root)
        assert (json.loads(found.out)["boolean"], found.code) == (code == 0, code)
        found = run("query", "-e", f"ASK {{ {pattern} }}", "-f", "xml", cwd=built_sample.root)
        assert (f"<boolean>{str(code == 0).lower()}</boolean>" in found.out, found.code) == (
            True,
            code,
        )


RDF_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    None: ox.RdfFormat.TURTLE,
}


def triples(text: str, form: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(text, format=form)}


@pytest.mark.parametrize("form", RDF_FORMATS)
@pytest.mark.parametrize(
    "sparql", ["CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "DESCRIBE <https://example.org/kg/id/topic/a>"]
)  # fmt: skip
def test_a_graph_is_written_as_rdf(store: GraphStore, sparql: str, form: str | None) -> None:
    text = answer(store, sparql, form)
    assert triples(text, RDF_FORMATS[form]) == set(store.get(G))
    if form == "jsonld":
        assert json.loads(text)["@context"]["id"] == f"{BASE}id/"
        assert '"id:topic/a"' in text


def test_an_empty_graph_is_written(store: GraphStore) -> None:
    for form in ("ttl", "nt", "rdfxml", "jsonld"):
        text = answer(store, "CONSTRUCT WHERE { ?s a ?o }", form)
        assert triples(text, RDF_FORMATS[form]) == set()


@pytest.mark.parametrize(
    ("sparql", "forms", "kind"),
    [
        ("ASK { }", ["csv", "tsv", "md", "ttl", "jsonld", "xls"], "ASK"),
        ("SELECT ?s { ?s ?p ?o }", ["ttl", "nt", "rdfxml", "jsonld", "xls"], "SELECT"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", ["csv", "json", "table", "md", "xls"], "CONSTRUCT and DESCRIBE"),
    ],
)  # fmt: skip
def test_a_format_of_another_kind_is_refused_with_those_there_are(
    store: GraphStore, sparql: str, forms: list[str], kind: str
) -> None:
    for form in forms:
        with pytest.raises(ConfigError) as caught:
            answer(store, sparql, form)
        assert str(caught.value) == f"{form} is no format for the answer of {kind}"
        assert str(caught.value.hint).startswith("it can be ")


# Tables


def test_a_table_has_headings_short_names_and_numbers_to_the_right(built: Workspace) -> None:
    query = stored.named("shared-actors", [])
    with built.reading() as store:
        found = run_query(store, query, {}, built, 100)
    assert found.splitlines()[:4] == [
        "Actor                             Name                                       Articles  Mentions",
        "────────────────────────────────  ─────────────────────────────────────────  ────────  ────────",
        "actor:japan                       Japan                                             2        51",
        "actor:north-korea                 North Korea                                       2        34",
    ]


def run_query(
    store: GraphStore, query: stored.StoredQuery, values: dict[str, str], workspace: Workspace, width: int
) -> str:  # fmt: skip
    found = run(store, query, values, workspace.prefixes)
    content = results.write(
        found, "table", prefixes=workspace.prefixes, headings=query.columns, width=width
    )
    return content.decode()


@pytest.mark.parametrize("width", [60, 80, 100, 140, 300])
def test_every_stored_query_fits_its_width(built: Workspace, width: int) -> None:
    with built.reading() as store:
        for name in stored.find([]):
            if name == "checks" and width < 80:  # no rows: nothing but ten headings
                continue
            query = stored.named(name, [])
            values = {key: str(query.parameters[key].example) for key in query.required}
            text = run_query(store, query, values, built, width)
            assert text
            assert max(map(cell_len, text.splitlines())) <= width, name
            assert not any(line.endswith(" ") for line in text.splitlines())


def test_days_and_short_words_stay_whole(built: Workspace) -> None:
    with built.reading() as store:
        text = run_query(store, stored.named("wikidata-links", []), {}, built, 100)
    assert "2026-11-21" in text
    assert "wd:Q473239" in text


def test_a_row_that_does_not_fit_becomes_a_block() -> None:
    columns = ["first", "second", "third"]
    rows = [["a" * 30, "", "words " * 10], ["b", "17", "c"]]
    assert table(columns, rows, 40) == (
        "first  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
        "third  words words words words words\n"
        "       words words words words words\n"
        "\n"
        "first   b\n"
        "second  17\n"
        "third   c\n"
    ).replace("first  a", "first   a").replace("third  w", "third   w").replace(
        "       w", "        w"
    )


def test_rows_of_one_line_stand_close_and_others_apart() -> None:
    assert table(["a", "b"], [["x", "y"], ["z", "w"]], 20) == "a  b\n─  ─\nx  y\nz  w\n"
    text = table(["a", "b"], [["x", "some words"], ["z", "w"]], 9)
    assert text == "a  b\n─  ──────\nx  some\n   words\n\nz  w\n"


def test_long_iris_are_broken_at_their_joints() -> None:
    iri = "claim:f3ba54f74531-1230-1334"
    assert table(["claim"], [[iri]], 14).splitlines()[2:] == [
        "claim:",
        "f3ba54f74531-",
        "1230-1334",
    ]


@pytest.mark.parametrize(
    ("cells", "right"),
    [
        (["1", "20"], True),
        (["0.5", "-17", "+3", "1e6", ".5"], True),
        (["1", ""], True),
        (["", ""], False),
        (["1", "two"], False),
        (["nan", "inf"], False),
        (["1_000", "2"], False),
        (["2007-12-11", "2002"], False),
    ],
)
def test_columns_of_numbers_are_set_to_the_right(cells: list[str], right: bool) -> None:
    lines = table(["a heading", "next"], [[cell, "x"] for cell in cells], 80).splitlines()[2:]
    for line, cell in zip(lines, cells, strict=True):
        assert line.startswith(cell.rjust(9) if right else cell.ljust(9))


def test_wide_and_combining_characters_keep_the_columns_in_line() -> None:
    rows = [["東京", "x"], ["Łódź", "x"], ["e\u0301a", "x"], ["👩", "x"], ["plain", "x"]]
    lines = table(["name", "next"], rows, 40).splitlines()[2:]
    assert {cell_len(line.rpartition("x")[0]) for line in lines} == {7}


def test_control_characters_do_not_reach_the_terminal() -> None:
    text = table(["a"], [["red \x1b[31m\x07\u202eabc\u2066"]], 40)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text


CELLS = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Mn", "Me"], exclude_characters="─"
    ),
    max_size=40,
)


@settings(max_examples=200)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=4), st.integers(10, 100)
)
def test_no_character_of_any_cell_is_lost(rows: list[list[str]], width: int) -> None:
    def letters(string: str) -> list[str]:
        return sorted(character for character in string if not character.isspace())

    text = table(["a", "b", "c"], rows, width)
    if "─" in text:
        names = ["a", "b", "c"]
    else:
        names = [
            name for row in rows for name, cell in zip("abc", row, strict=True) if cell.split()
        ]
    cells = "".join("".join(row) for row in rows)
    assert letters(text.replace("─", "")) == sorted([*letters(cells), *names])
    assert all(cell_len(line) <= width for line in text.splitlines())


def test_markdown_escapes_what_would_break_the_table() -> None:
    text = markdown(["a|b", "c"], [["x\ny | z", "\\"], ["", "<b>"]])
    assert text == "| a\\|b | c |\n| --- | --- |\n| x y \\| z | \\\\ |\n|  | <b> |\n"


def test_a_piped_answer_is_csv_and_a_file_tells_its_format(
    run: Run, built_sample: Workspace, tmp_path: Path
) -> None:
    found = run("query", "articles", cwd=built_sample.root)
    assert found.out.startswith("article,headline,")
    for name, head in (
        ("a.csv", b"article,"), ("a.tsv", b"?article\t"), ("a.json", b'{"head"'), ("a.srj", b'{"head"'),
        ("a.xml", b"<?xml"), ("a.srx", b"<?xml"), ("a.md", b"| Article |"),
    ):  # fmt: skip
        file = tmp_path / name
        assert run("query", "articles", "-o", file, cwd=built_sample.root).code == 0
        assert file.read_bytes().startswith(head)
    assert run("query", "articles", "-o", tmp_path / "a.xls", cwd=built_sample.root).code == 2
    assert not (tmp_path / "a.xls").exists()

"""Rows for Python and rows with labels: terms arrive as they are, labels beside them change nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import ConfigError, KgError, NotFoundError
from kg.names import labels
from kg.query import bound, rows, run, stored
from kg.query.answer import Answer, Row, Term, solutions
from kg.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import Run

QUERIES = {name: stored.load(path) for name, path in stored.find([]).items()}
XSD = "http://www.w3.org/2001/XMLSchema#"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
HOSTILE = [
    '"',
    "'",
    "\\",
    "\n\r\t",
    "\x00\x1b",
    "}",
    '"}]}',
    "</literal>",
    "\u202e\ufeff\u2028",
    "👩‍👩‍👧",
]


# --- from Python -----------------------------------------------------------------------------------


def test_a_row_is_a_mapping_of_terms_with_labels(built: Workspace) -> None:
    answer = built.query("claims-by-actor", actor="Shinzo Abe")
    assert answer.columns == tuple(QUERIES["claims-by-actor"].columns)
    assert answer.headings == QUERIES["claims-by-actor"].columns
    assert len(answer) == len(list(answer)) == len(answer.rows) == 1
    row = answer[0]
    assert isinstance(row, Mapping)
    assert list(row) == list(answer.columns)
    assert len(row) == len(answer.columns)
    assert row["article"] == ox.NamedNode("https://example.org/kg/id/article/cc212dc1fd1e")
    assert str(row.label("article")).startswith("After North Korea, Pompeo")
    assert row.label("claim") == row.label("text")  # a claim is called what it says
    assert row.label("polarity") == "positive"
    assert row["reference"] is None
    assert row.label("reference") is None
    assert row.why == ()
    with pytest.raises(KeyError):
        row["nothing"]
    with pytest.raises(KeyError):
        row.label("nothing")


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("claims-by-actor", {"actor": "Shinzo Abe"}, {"actor": "shinzo-abe"}),
        (
            "claims-by-actor",
            {"actor": ox.NamedNode("https://example.org/kg/id/actor/japan")},
            {"actor": "actor/japan"},
        ),
        ("claims-by-actor", {"actor": ox.Literal("Japan")}, {"actor": "japan"}),
        ("events-between", {"from": 2002, "until": date(2002, 12, 31)}, {"from": "2002", "until": "2002"}),
        ("events-between", {"from": "2002", "until": None}, {"from": "2002"}),
        ("numbers", {"population": None, "actor": "japan"}, {"actor": "actor:japan"}),
    ],
)  # fmt: skip
def test_values_are_what_a_program_has(
    built: Workspace, name: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    found = built.query(name, **one)
    assert len(found)
    assert found == built.query(name, **other)


@pytest.mark.parametrize(
    ("name", "given", "error", "words"),
    [
        ("nothing-like-it", {}, NotFoundError, "nothing-like-it"),
        ("claim-by-actor", {}, NotFoundError, "claims-by-actor"),
        ("claims-by-actor", {}, ConfigError, "actor"),
        ("claims-by-actor", {"actor": None}, ConfigError, "actor"),
        ("claims-by-actor", {"actor": "Nobody At All"}, NotFoundError, "Nobody At All"),
        ("claims-by-actor", {"actor": "abduction-issue"}, NotFoundError, "no kg:Actor"),
        ("claims-by-actor", {"actor": "japan", "colour": "red"}, ConfigError, "colour"),
        ("events-between", {"from": "soon"}, ConfigError, "soon"),
        ("events-between", {"from": "2002-13"}, ConfigError, "2002-13"),
    ],
)
def test_what_is_wrong_is_said(
    built: Workspace, name: str, given: dict[str, Any], error: type[KgError], words: str
) -> None:
    with pytest.raises(error) as caught:
        built.query(name, **given)
    assert words in f"{caught.value} {caught.value.hint}"


def test_a_part_of_the_rows_is_that_part(built: Workspace) -> None:
    whole = built.query("claims-about-topic", topic="abduction-issue", why=True)
    ordered = built.query("claims-about-topic", topic="abduction-issue", limit=10_000, why=True)
    assert sorted(map(repr, whole)) == sorted(map(repr, ordered))
    parts = [
        row
        for offset in range(0, len(whole), 7)
        for row in built.query(
            "claims-about-topic", topic="abduction-issue", limit=7, offset=offset, why=True
        )
    ]
    assert parts == list(ordered)
    assert list(built.query("articles", offset=1)) == list(
        built.query("articles", limit=9, offset=1)
    )
    assert not len(built.query("articles", limit=0))


def test_a_query_that_asks_elsewhere_is_not_asked_of_the_workspace(fresh: Workspace) -> None:
    (fresh.root / "queries").mkdir()
    (fresh.root / "queries" / "away.rq").write_text(
        "#+ summary: Somewhere else\n#+ endpoint: https://example.org/sparql\nSELECT * { ?s ?p ?o }\n"
    )
    file = fresh.root / "kg.toml"
    file.write_text(file.read_text() + 'endpoints = ["https://example.org/sparql"]\n')
    with pytest.raises(ConfigError, match="not a workspace"):
        type(fresh).open(fresh.root).query("away")


def test_a_data_frame_has_numbers_as_numbers_and_the_rest_as_text(built: Workspace) -> None:
    pandas = pytest.importorskip("pandas")
    frame = built.query("numbers").to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert len(frame) == len(built.query("numbers"))
    assert list(frame.columns)[:4] == ["population", "source", "quantifier", "value"]
    place = list(frame.columns).index("claim")
    assert list(frame.columns)[place : place + 2] == ["claim", "claimLabel"]
    assert str(frame["value"].dtype) == "float64"
    assert frame["value"].max() > 0
    assert set(map(type, frame["source"])) == {str}
    assert all(claim.startswith("https://example.org/kg/id/claim/") for claim in frame["claim"])
    articles = built.query("articles").to_pandas()
    assert list(articles["published"]) == ["2007-12-11T07:18:00", "2018-06-17/2018-07"]
    counts = built.query("shared-actors").to_pandas()
    assert str(counts["mentions"].dtype) == "int64"
    assert counts["mentions"].sum() == 126
    empty = built.query("articles", limit=0).to_pandas()
    assert list(empty.columns) == list(QUERIES["articles"].columns)
    assert len(empty) == 0


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (ox.Literal("5", datatype=ox.NamedNode(f"{XSD}integer")), 5),
        (ox.Literal("1.50", datatype=ox.NamedNode(f"{XSD}decimal")), 1.5),
        (ox.Literal("1e3", datatype=ox.NamedNode(f"{XSD}double")), 1000.0),
        (ox.Literal("true", datatype=ox.NamedNode(f"{XSD}boolean")), True),
        (ox.Literal("0", datatype=ox.NamedNode(f"{XSD}boolean")), False),
        (ox.Literal("ten", datatype=ox.NamedNode(f"{XSD}integer")), "ten"),
        (ox.Literal("2007-12", datatype=ox.NamedNode(f"{XSD}gYearMonth")), "2007-12"),
        (ox.Literal("2007-12-11", datatype=ox.NamedNode(f"{XSD}date")), "2007-12-11"),
        (ox.Literal("5"), "5"),
        (ox.Literal("fünf", language="de"), "fünf"),
        (ox.NamedNode("urn:x"), "urn:x"),
        (ox.BlankNode("b"), "b"),
        (None, None),
    ],
)
def test_a_value_in_a_frame_is_one_of_python(literal: Term | None, value: object) -> None:
    pytest.importorskip("pandas")
    frame = Answer(columns=("x",), rows=(Row({"x": literal}),)).to_pandas()
    found = frame["x"].astype(object).iloc[0]
    assert (found is None or found != found) if value is None else found == value
    assert value is None or type(value) in type(found).__mro__ or isinstance(found, type(value))


def test_without_pandas_it_is_said_how_to_get_it(
    built: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(ConfigError, match="pandas is not installed"):
        built.query("articles").to_pandas()


# --- terms -----------------------------------------------------------------------------------------

IRIS = st.builds("urn:x:{}".format, st.text("abcé東/?=&,;:", max_size=20)).map(ox.NamedNode)
LANGUAGES = st.sampled_from(["en", "de-at", "zh-hant", "x-private"])
DATATYPES = st.sampled_from(
    ["integer", "date", "dateTime", "boolean", "decimal", "anyURI", "string"]
)


@st.composite
def literals(draw: st.DrawFn) -> ox.Literal:
    text = draw(st.one_of(TEXT, st.sampled_from(HOSTILE)))
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return ox.Literal(text, language=draw(LANGUAGES))
    if kind == 1:
        return ox.Literal(text, datatype=ox.NamedNode(f"{XSD}{draw(DATATYPES)}"))
    if kind == 2:
        return ox.Literal(text, datatype=draw(IRIS))
    return ox.Literal(text)


SIMPLE = st.one_of(IRIS, literals(), st.builds("b{}".format, st.integers(0, 9)).map(ox.BlankNode))
TERMS: st.SearchStrategy[Term] = st.one_of(
    SIMPLE,
    st.builds(ox.Triple, IRIS, IRIS, st.one_of(literals(), IRIS)),
)
NAMES = st.lists(
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True),
    min_size=1,
    max_size=4,
    unique=True,
)


def tables(columns: list[str]) -> st.SearchStrategy[tuple[list[str], list[dict[str, Term]]]]:
    """Rows that have a term in some of the columns."""
    row = st.fixed_dictionaries({}, optional=dict.fromkeys(columns, TERMS))
    return st.tuples(st.just(columns), st.lists(row, max_size=5))


@given(NAMES.flatmap(tables))
@example((["x"], [{"x": ox.Literal(text)} for text in HOSTILE]))
@example((["x", "y"], [{}, {"y": ox.Literal("")}]))
def test_rows_come_back_as_they_went_in(made: tuple[list[str], list[dict[str, Term]]]) -> None:
    columns, given_rows = made
    found = solutions(columns, given_rows)
    assert [variable.value for variable in found.variables] == columns
    back = [{name: row[name] for name in columns if row[name] is not None} for row in found]
    assert len(back) == len(given_rows)
    for one, other in zip(back, given_rows, strict=True):
        assert shape(one) == shape(other)


def shape(row: Mapping[str, Term]) -> dict[str, str]:
    """A row with its terms spelled out, and blank nodes as such: their labels are nobody's business."""
    return {
        name: "_:" if isinstance(term, ox.BlankNode) else str(term) for name, term in row.items()
    }


def test_blank_nodes_that_are_one_stay_one() -> None:
    nodes = [ox.BlankNode("a"), ox.BlankNode("b"), ox.BlankNode("a")]
    back = [row["x"] for row in solutions(["x"], [{"x": node} for node in nodes])]
    assert back[0] == back[2] != back[1]


@given(st.lists(st.fixed_dictionaries({"x": TERMS, "y": st.one_of(st.none(), TERMS)}), max_size=4))
def test_an_answer_is_written_with_its_labels_beside(made: list[dict[str, Term | None]]) -> None:
    answer = Answer(
        columns=("x", "y"),
        rows=tuple(
            Row(row, {"x": "called"} if isinstance(row["x"], ox.NamedNode) else {}) for row in made
        ),
    )
    named = any(isinstance(row["x"], ox.NamedNode) for row in made)
    assert answer.labelled == (("x",) if named else ())
    found = answer.solutions()
    columns = ["x", "xLabel", "y"] if named else ["x", "y"]
    assert [variable.value for variable in found.variables] == columns
    for row, solution in zip(made, found, strict=True):
        if named:
            has = isinstance(row["x"], ox.NamedNode)
            assert solution["xLabel"] == (ox.Literal("called") if has else None)
        if not isinstance(row["x"], (ox.BlankNode, ox.Triple)):
            assert solution["x"] == row["x"]
    plain = answer.solutions(with_labels=False)
    assert [variable.value for variable in plain.variables] == ["x", "y"]


# --- labels ------------------------------------------------------------------------------------------

NAMED = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { GRAPH <urn:g> { %s } }"""


@pytest.mark.parametrize(
    ("triples", "meant"),
    [
        ("<urn:x> rdfs:label 'plain', 'english'@en, 'deutsch'@de", "english"),
        ("<urn:x> rdfs:label 'plain', 'deutsch'@de", "plain"),
        ("<urn:x> rdfs:label 'français'@fr, 'deutsch'@de", "deutsch"),
        ("<urn:x> rdfs:label 'b'@en, 'a'@en", "a"),
        ("<urn:x> rdfs:label 'nom'@fr ; schema:headline 'headline'@en", "nom"),
        ("<urn:x> schema:headline 'headline' ; schema:text 'text'@en", "headline"),
        ("<urn:x> schema:text 'text' ; skos:notation '2007'", "text"),
        ("<urn:x> skos:notation '2007' ; skos:altLabel 'other'", "2007"),
        ("<urn:x> rdfs:label ''@en", ""),
        ("<urn:x> rdfs:label <urn:y>", None),
        ("<urn:y> rdfs:label 'y'", None),
        ("<urn:x> rdfs:label '<urn:y> } \\\\u0041 \"'", '<urn:y> } \\u0041 "'),
    ],
)
def test_the_label_of_a_thing(triples: str, meant: str | None) -> None:
    with open_store("memory:") as store:
        store.update(NAMED % triples)
        store.update((NAMED % triples).replace("urn:g", "urn:h"))  # in two graphs, and still one
        found = labels(store, [ox.NamedNode("urn:x")])
    assert found == ({} if meant is None else {ox.NamedNode("urn:x"): meant})


def test_labels_of_many_things_are_asked_for_in_portions() -> None:
    nodes = [ox.NamedNode(f"urn:x{number}") for number in range(1203)]
    with open_store("memory:") as store:
        store.update(NAMED % " ".join(f"{node} rdfs:label '{node.value}' ." for node in nodes))
        assert labels(store, nodes) == {node: node.value for node in nodes}
        assert labels(store, []) == {}


@pytest.fixture(scope="module")
def store(built: Workspace) -> Iterator[GraphStore]:
    with built.reading() as opened:
        yield opened


def table_of(text: str) -> tuple[list[str], list[list[str]]]:
    head, *lines = csv.reader(io.StringIO(text))
    return head, lines


@pytest.mark.parametrize("name", QUERIES)
def test_labels_change_nothing_but_to_add_columns(
    name: str, store: GraphStore, built: Workspace
) -> None:
    query = QUERIES[name]
    given = {key: str(query.parameters[key].example) for key in query.required}
    text = bound(store, query, given, built.prefixes)
    plain = run(store, query, given, built.prefixes)
    assert isinstance(plain, ox.QuerySolutions)
    labelled = rows(store, text, name, built.prefixes)
    added = [f"{column}Label" for column in labelled.labelled]
    found = labelled.solutions()
    columns = [variable.value for variable in found.variables]
    kept = [column for column in columns if column not in added]
    assert kept == [variable.value for variable in plain.variables]
    assert [column for column in columns if column in added] == added
    assert not set(added) & set(kept)
    for column in labelled.labelled:
        assert columns.index(f"{column}Label") == columns.index(column) + 1
    for one, other in zip(plain, found, strict=True):
        assert [one[column] for column in kept] == [other[column] for column in kept]


@pytest.mark.parametrize("name", ["claims-by-actor", "wikidata-links", "shared-actors", "timeline"])
def test_the_csv_without_the_columns_of_labels_is_the_csv_without_labels(
    run: Run, built: Workspace, name: str
) -> None:
    given = ["--actor", "japan"] if name == "claims-by-actor" else []
    plain = run("query", name, *given, "-f", "csv", cwd=built.root)
    head, lines = table_of(run("query", name, *given, "--labels", "-f", "csv", cwd=built.root).out)
    kept = [place for place, column in enumerate(head) if column in QUERIES[name].columns]
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [[line[place] for place in kept] for line in (head, *lines)]
    )
    assert out.getvalue().encode() == plain.data
    assert len(head) > len(kept)


def test_a_query_that_has_labels_keeps_its_own(run: Run, built: Workspace) -> None:
    text = "SELECT ?a ('mine' AS ?aLabel) ?b { VALUES (?a ?b) { (actor:japan actor:japan) } }"
    answer = run("query", "-e", text, "--labels", "-f", "csv", cwd=built.root)
    assert table_of(answer.out) == (
        ["a", "aLabel", "b", "bLabel"],
        [["https://example.org/kg/id/actor/japan", "mine", "https://example.org/kg/id/actor/japan", "Japan"]],
    )  # fmt: skip


def test_a_table_has_the_label_and_the_id(run: Run, built: Workspace) -> None:
    text = "SELECT ?a { VALUES ?a { actor:japan <urn:unknown> 'word' } }"
    answer = run("query", "-e", text, "--labels", "-f", "table", cwd=built.root)
    assert [line.strip() for line in answer.out.splitlines()[2:]] == [
        "Japan (actor:japan)",
        "urn:unknown",
        "word",
    ]
    plain = run("query", "-e", text, "-f", "table", cwd=built.root)
    assert "actor:japan\n" in plain.out
    assert "Japan" not in plain.out


def test_numbers_from_python_are_written_as_people_write_them() -> None:
    from kg.workspace import _written

    assert [_written(value) for value in (True, False, 7, Decimal("0.90"), date(2007, 12, 1))] == [
        "true",
        "false",
        "7",
        "0.90",
        "2007-12-01",
    ]

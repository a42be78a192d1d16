"""The query API: what comes over HTTP is what Python and the command line give, in every type."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest

from kg.query import stored
from kg.web.readers.reading import Reading
from kg.web.server import running
from kg.web.views.queries import result
from tests.own_queries import path, with_queries
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.query.answer import Answer
    from kg.workspace import Workspace
    from tests.conftest import Run
    from tests.web import Got

QUERIES = {name: stored.load(path) for name, path in stored.find([]).items()}
CASES = [(name, dict(case.values)) for name, query in QUERIES.items() for case in query.cases]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def own_site(built_sample: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of the sample with queries of the user's own."""
    with running(with_queries(built_sample, tmp_path_factory.mktemp("own"))) as address:
        yield Site(address)


def plain(cell: dict[str, Any] | None) -> object:
    """What a cell says, in a form in which two can be compared."""
    if cell is None:
        return None
    if "iri" in cell:
        return cell["iri"]
    return str(cell["value"]), cell.get("language")


def expected(answer: Answer) -> list[list[object]]:
    def said(term: object) -> object:
        if term is None:
            return None
        if isinstance(term, ox.NamedNode):
            return term.value
        assert isinstance(term, ox.Literal)
        kind = term.datatype.value.rpartition("#")[2]
        value: object = term.value
        if kind == "integer":
            value = int(term.value)
        elif kind == "decimal":
            value = float(term.value)
        elif kind == "boolean":
            value = term.value == "true"
        return str(value), term.language

    return [[said(row[column]) for column in answer.columns] for row in answer]


# ---- the faces of a query agree ------------------------------------------------------------------


def test_all_tests_of_the_stored_queries_are_asked() -> None:
    assert (len(QUERIES), len(CASES)) == (46, 82)


@pytest.mark.parametrize(("name", "values"), CASES, ids=lambda value: str(value)[:60])
def test_rows_over_http_are_those_of_python_and_of_the_command_line(
    name: str, values: dict[str, str], site: Site, built: Workspace, run: Run
) -> None:
    given: dict[str, Any] = {"from_" if key == "from" else key: values[key] for key in values}
    answer = built.query(name, **given)
    got = site.get(path(name, values))
    assert got.status == 200, got.text
    document = got.json
    columns = [column["name"] for column in document["columns"]]
    assert columns == list(answer.columns)
    assert [[plain(row[column]) for column in columns] for row in document["rows"]] == expected(
        answer
    )
    labels = [
        {column: cell["label"] for column, cell in row.items() if cell and "label" in cell}
        for row in document["rows"]
    ]
    assert labels == [dict(row.labels) for row in answer]
    flags = [word for key, value in values.items() for word in (f"--{key}", value)]
    for form in ("csv", "json"):
        typed = run("query", name, *flags, "-f", form, cwd=built.root)
        extension = {"csv": "csv", "json": "srj"}[form]
        served = site.get(path(f"{name}.{extension}", values)).body
        assert served.split() == typed.data.split(), form  # blanks at the end of JSON differ


def test_labels_and_passages_are_those_of_the_command_line(
    newsroom_site: Site, built_newsroom: Workspace, run: Run
) -> None:
    for flags in (["--why"], ["--labels"], ["--why", "--labels"]):
        typed = run("query", "articles", "-f", "csv", *flags, cwd=built_newsroom.root)
        words = "&".join(f"{flag[2:]}=1" for flag in flags)
        assert newsroom_site.get(f"/query/articles.csv?{words}").body == typed.data
    document = newsroom_site.get("/query/attributed-claims?why=1").json
    answer = built_newsroom.query("attributed-claims", why=True)
    assert len(document["why"]) == len(document["rows"]) == len(answer) > 10
    for found, row in zip(document["why"], answer, strict=True):
        assert [one["node"] for one in found] == [one.node for one in row.why]
        assert [one["words"] for one in found] == [one.words for one in row.why]


# ---- types ---------------------------------------------------------------------------------------

TYPES = [
    ("names", "*/*", "application/json"),
    ("names", None, "application/json"),
    ("names", BROWSER, "text/html"),
    ("names", "application/sparql-results+json", "application/sparql-results+json"),
    ("names", "application/sparql-results+xml", "application/sparql-results+xml"),
    ("names", "text/csv", "text/csv"),
    ("names", "text/tab-separated-values", "text/tab-separated-values"),
    ("names", "text/turtle;q=0.9, text/csv;q=0.5", "text/csv"),
    ("names.csv", BROWSER, "text/csv"),
    ("names.tsv", None, "text/tab-separated-values"),
    ("names.json", BROWSER, "application/json"),
    ("names.srj", None, "application/sparql-results+json"),
    ("names.srx", None, "application/sparql-results+xml"),
    ("names.xml", None, "application/sparql-results+xml"),
    ("names.html", None, "text/html"),
    ("drawn", "*/*", "text/turtle"),
    ("drawn", BROWSER, "text/html"),
    ("drawn", "application/ld+json", "application/ld+json"),
    ("drawn", "application/n-triples", "application/n-triples"),
    ("drawn", "application/rdf+xml", "application/rdf+xml"),
    ("drawn.ttl", None, "text/turtle"),
    ("drawn.jsonld", None, "application/ld+json"),
    ("drawn.nt", None, "application/n-triples"),
    ("drawn.rdf", None, "application/rdf+xml"),
    ("any-named?name=Northline", "*/*", "application/json"),
    (
        "any-named?name=Northline",
        "application/sparql-results+json",
        "application/sparql-results+json",
    ),
    ("any-named.srx?name=Northline", None, "application/sparql-results+xml"),
]


def test_every_type_is_asked_for() -> None:
    assert len(TYPES) == 27


@pytest.mark.parametrize(("name", "accept", "wanted"), TYPES)
def test_an_answer_is_of_the_type_that_is_wanted(
    name: str, accept: str | None, wanted: str, own_site: Site
) -> None:
    got = own_site.get(f"/query/{name}", accept)
    assert (got.status, got.type) == (200, wanted), got.text
    assert "accept" in got.headers["vary"].lower()
    match wanted:
        case "application/json":
            assert "rows" in got.json or got.json["answer"] is True
        case "application/sparql-results+json" | "application/sparql-results+xml":
            form = ox.QueryResultsFormat.from_media_type(wanted)
            assert form is not None
            ox.parse_query_results(got.body, format=form)
        case "text/csv":
            assert next(csv.reader(io.StringIO(got.text))) == ["actor", "name"]
        case (
            "text/turtle" | "application/ld+json" | "application/n-triples" | "application/rdf+xml"
        ):
            found = ox.RdfFormat.from_media_type(wanted)
            assert found is not None
            names = {str(quad.object) for quad in ox.parse(got.body, format=found)}
            assert names >= {'"Ines Calder"@en', '"I. Calder"@en', '"Northline"@en'}


@pytest.mark.parametrize(
    ("name", "accept", "status"),
    [
        ("names", "image/png", 406),
        ("names", "text/turtle", 406),
        ("names.ttl", None, 406),
        ("drawn", "text/csv", 406),
        ("any-named.csv?name=x", None, 406),
        ("nothing.csv", None, 404),
        ("names.pdf", None, 404),
    ],
)
def test_what_there_is_not_is_refused(
    name: str, accept: str | None, status: int, own_site: Site
) -> None:
    got = own_site.get(f"/query/{name}", accept)
    assert (got.status, got.type) == (status, "application/problem+json")


def test_values_of_all_types_come_back_as_json_has_them(own_site: Site) -> None:
    row = own_site.get(path("typed", {"words": "ōkami <b>", "part": "-1.25"})).json["rows"][0]
    assert row["whole"] == {"value": 7, "datatype": "xsd:integer"}
    assert row["part"] == {"value": -1.25, "datatype": "xsd:decimal"}
    assert row["sure"] == {"value": True, "datatype": "xsd:boolean"}
    assert row["tongue"] == {"value": "en"}
    assert row["words"] == {"value": "ōkami <b>"}
    assert row["year"] == {"value": "2019", "datatype": "xsd:gYear"}
    assert row["day"] == {"value": "2019-03-01", "datatype": "xsd:date"}
    assert row["huge"] == {"value": "99999999999999999", "datatype": "xsd:integer"}
    assert row["tagged"] == {"value": "ja", "language": "de"}
    assert row["nothing"] is None
    assert list(row["node"]) == ["blank"]


def test_json_says_which_thing_a_name_was_taken_for(own_site: Site) -> None:
    found = [
        own_site.get(path("mentions-of-actor", {"actor": name})).json["parameters"]["actor"]
        for name in ("Ines CALDER", "ines-calder", "actor:ines-calder")
    ]
    assert [each["thing"]["id"] for each in found] == ["actor:ines-calder"] * 3
    assert [each["thing"]["label"] for each in found] == ["Ines Calder"] * 3
    assert found[0]["given"] == "Ines CALDER"


# ---- pages ---------------------------------------------------------------------------------------


def links(got: Got) -> dict[str, str]:
    """Where the pages are that an answer links to, by their relations."""
    found = re.findall(r'<([^>]*)>; rel="([a-z]+)"', got.headers.get("link", ""))
    return {relation: target for target, relation in found}


@pytest.mark.parametrize("extension", ["", ".csv", ".srj"])
def test_the_pages_of_an_answer_are_all_of_it(extension: str, site: Site) -> None:
    def lines(got: Got) -> list[str]:
        if extension == ".csv":
            return got.text.splitlines()[1:]
        rows = got.json["rows"] if extension == "" else got.json["results"]["bindings"]
        return [json.dumps(row, sort_keys=True) for row in rows]

    start = f"/query/attributed-claims{extension}?actor="
    whole, pages = lines(site.get(start)), list[str]()
    got = site.get(f"{start}&limit=7")
    while True:
        pages += lines(got)
        assert got.headers["kg-row-limit"] == "7"
        assert "kg-truncated" not in got.headers
        if "next" not in links(got):
            break
        got = site.get(urljoin(start, links(got)["next"]))
    assert pages == whole
    assert len(whole) == 40
    assert links(got)["prev"].endswith("limit=7&offset=28")
    assert links(got)["first"].endswith("limit=7&offset=0")


def test_a_query_has_pages_of_the_size_that_it_says(own_site: Site) -> None:
    got = own_site.get("/query/names")
    assert got.json["page"] == {"offset": 0, "limit": 2, "more": True}
    assert got.headers["kg-truncated"] == "true"  # nobody asked for two
    assert links(got) == {"first": "?limit=2&offset=0", "next": "?limit=2&offset=2"}
    assert own_site.get("/query/names?limit=7").json["page"]["more"] is False
    assert own_site.get("/query/names?limit=0").json["rows"] == []
    assert "link" not in own_site.get("/query/names?limit=0").headers


def test_the_cap_of_the_server_is_told(built_sample: Workspace) -> None:
    with built_sample.reading() as store:
        reading = Reading(workspace=built_sample, store=store, generation="1")
        reply = result(
            reading,
            name="articles",
            given=(("limit", "5"),),
            types=("application/json",),
            most=1,
        )
    assert reply.headers["Kg-Row-Limit"] == "1"
    assert reply.headers["Kg-Truncated"] == "true"
    assert isinstance(reply.body, bytes)
    assert len(json.loads(reply.body)["rows"]) == 1


def test_what_was_known_by_a_date_is_asked_alone(site: Site, built: Workspace) -> None:
    values = {"topic": "abduction-issue"}
    got = site.get(path("claims-about-topic", values, as_of="2008"))
    answer = built.query("claims-about-topic", topic="abduction-issue", as_of="2008")
    assert len(got.json["rows"]) == len(answer) > 0
    assert got.json["as_of"] == {"date": "2008", "later": 1, "undated": []}
    assert got.headers["kg-left-out"] == "1"


# ---- what is kept, and what is not ----------------------------------------------------------------


def test_an_answer_has_an_etag_and_need_not_be_sent_again(site: Site) -> None:
    first = site.get("/query/articles")
    again = site.ask("GET", "/query/articles", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    other = site.ask("GET", "/query/articles.csv", headers={"If-None-Match": first.headers["etag"]})
    assert other.status == 200


def test_an_answer_that_changes_by_itself_is_not_kept(own_site: Site) -> None:
    first = own_site.get("/query/clock")
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers
    assert own_site.get("/query/clock").json["rows"] != first.json["rows"]


def test_head_has_the_headers_of_get(site: Site) -> None:
    got, head = (site.ask(method, "/query/articles?limit=1") for method in ("GET", "HEAD"))
    assert head.body == b""
    assert head.headers["link"] == got.headers["link"]
    assert head.headers["etag"] == got.headers["etag"]


def test_only_reading_is_allowed(site: Site) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        got = site.ask(method, "/query/articles", body=b"")
        assert (got.status, got.headers["allow"]) == (405, "GET, HEAD")

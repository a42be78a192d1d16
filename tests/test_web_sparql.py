"""The SPARQL endpoint: formats, graphs that are asked, what is refused and in which words."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from kg.web.protocol import results
from kg.web.server import running
from tests.web import Site
from tests.web_sparql import ASK, JSON, SELECT, XML, asked

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import NewWorkspace
    from tests.web import Got

CONSTRUCT = "CONSTRUCT { ?claim schema:text ?text } WHERE { ?claim a kg:Claim ; schema:text ?text }"
TURTLE = "text/turtle"


# Formats

FORMATS = [
    (SELECT, None, JSON),
    (SELECT, "*/*", JSON),
    (SELECT, "application/json", "application/json"),
    (SELECT, XML, XML),
    (SELECT, f"{XML};q=0.5, {JSON};q=0.9", JSON),
    (SELECT, "text/csv", "text/csv"),
    (SELECT, "text/tab-separated-values", "text/tab-separated-values"),
    (SELECT, "text/*", "text/csv"),
    (ASK, None, JSON),
    (ASK, XML, XML),
    (ASK, "text/csv, */*;q=0.1", JSON),
    (CONSTRUCT, None, TURTLE),
    (CONSTRUCT, "application/n-triples", "application/n-triples"),
    (CONSTRUCT, "application/ld+json", "application/ld+json"),
    (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
    (CONSTRUCT, "application/trig", "application/trig"),
    ("DESCRIBE kg:Claim", "application/n-triples", "application/n-triples"),
]


@pytest.mark.parametrize(("query", "accept", "media_type"), FORMATS)
def test_the_format_is_the_one_that_is_wanted_most(
    site: Site, query: str, accept: str | None, media_type: str
) -> None:
    found = asked(site, query, accept)
    assert (found.status, found.type) == (200, media_type), found.text
    assert "Accept" in found.headers["vary"]
    if media_type.startswith("text/"):
        assert found.headers["content-type"].endswith("charset=utf-8")
    assert content(found) == content(asked(site, query))


def content(found: Got) -> Any:
    """What an answer says, whatever its format; comparable."""
    if found.type in {"text/csv", "text/tab-separated-values"}:
        delimiter = "," if found.type == "text/csv" else "\t"
        (head, *rows) = csv.reader(io.StringIO(found.text), delimiter=delimiter)
        return len(rows), [name.removeprefix("?") for name in head]
    tabular = ox.QueryResultsFormat.from_media_type(found.type)
    if tabular is not None:
        parsed = ox.parse_query_results(found.body, format=tabular)
        if isinstance(parsed, ox.QueryBoolean):
            return bool(parsed)
        return len(list(parsed)), [variable.value for variable in parsed.variables]
    form = ox.RdfFormat.from_media_type(found.type)
    assert form is not None
    return {quad.triple for quad in ox.parse(found.body, format=form)}


def test_the_number_of_formats_is_known() -> None:
    assert len(FORMATS) == 17
    assert {*results.ROWS, *results.GRAPH} == {media_type for _, _, media_type in FORMATS}


def test_iris_with_a_comma_stay_one_cell(newsroom_site: Site) -> None:
    query = "SELECT DISTINCT ?p { ?c kg:evidence ?p } LIMIT 3"
    found = asked(newsroom_site, query, "text/csv")
    rows = list(csv.reader(io.StringIO(found.text)))
    assert len(rows) == 4
    assert all(len(row) == 1 and "#char=" in row[0] and "," in row[0] for row in rows[1:])


def test_columns_of_a_star_come_as_they_are_named(site: Site) -> None:
    found = asked(site, "SELECT * { ?subject ?property ?object } LIMIT 1")
    assert found.json["head"]["vars"] == ["subject", "property", "object"]


@pytest.mark.parametrize("method", ["form", "direct", "mixed"])
def test_a_query_may_be_posted(site: Site, method: str) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    graph = urlencode({"default-graph-uri": "https://example.org/kg/graph/entities"})
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    if method == "form":
        found = site.ask("POST", f"/sparql?{graph}", fields={"query": query})
    elif method == "direct":
        found = site.ask("POST", f"/sparql?{graph}", headers=headers, body=query.encode())
    else:
        fields = {"query": query, "default-graph-uri": "https://example.org/kg/graph/entities"}
        found = site.ask("POST", "/sparql", fields=fields)
    assert found.status == 200
    assert found.json == site.get(f"/sparql?{urlencode({'query': query})}&{graph}").json


def test_head_says_what_get_would(site: Site) -> None:
    path = f"/sparql?{urlencode({'query': SELECT})}"
    head, get = site.ask("HEAD", path), site.get(path)
    assert head.body == b""
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


# Graphs

E, A = "https://example.org/kg/graph/entities", "https://example.org/kg/graph/analysis"
COUNT = "SELECT (COUNT(*) AS ?n) {from} {{ ?s ?p ?o }}"
GRAPHS = "SELECT DISTINCT ?g {from} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
DATASETS: list[tuple[str, str, list[tuple[str, str]], str]] = [
    # query, what it names itself, what the request names, which graphs answer in its place
    (COUNT, "", [("default", E)], f"FROM <{E}>"),
    (COUNT, "", [("default", E), ("default", A)], f"FROM <{E}> FROM <{A}>"),
    (COUNT, f"FROM <{A}>", [("default", E)], f"FROM <{E}>"),
    (COUNT, f"FROM <{A}>", [], f"FROM <{A}>"),
    (COUNT, "", [("named", E)], f"FROM NAMED <{E}>"),
    (COUNT, "", [("default", "urn:x:nothing")], "FROM <urn:x:nothing>"),
    (GRAPHS, "", [("named", E), ("named", A)], f"FROM NAMED <{E}> FROM NAMED <{A}>"),
    (GRAPHS, "", [("default", E)], f"FROM <{E}>"),
    (GRAPHS, f"FROM NAMED <{E}>", [("default", E)], f"FROM <{E}>"),
    (GRAPHS, f"FROM <{E}>", [("default", A), ("named", A)], f"FROM <{A}> FROM NAMED <{A}>"),
]


@pytest.mark.parametrize(("query", "own", "graphs", "same"), DATASETS)
def test_the_graphs_of_the_request_take_the_place_of_those_of_the_query(
    site: Site, query: str, own: str, graphs: list[tuple[str, str]], same: str
) -> None:
    named = [(f"{name}-graph-uri", iri) for name, iri in graphs]
    sent = urlencode(
        [("query", query.replace("{from}", own).replace("{{", "{").replace("}}", "}"))]
    )
    plain = query.replace("{from}", same).replace("{{", "{").replace("}}", "}")
    found = site.get(f"/sparql?{sent}&{urlencode(named)}")
    assert found.status == 200, found.text
    assert found.json == asked(site, plain).json


def test_the_default_graph_is_the_union_of_all(site: Site) -> None:
    one = asked(site, "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }").json
    other = asked(site, "SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }").json
    assert len(one["results"]["bindings"]) == len(other["results"]["bindings"]) > 1000
    assert len(DATASETS) == 10


# What is refused

Q = {"Content-Type": "application/sparql-query"}
F = {"Content-Type": "application/x-www-form-urlencoded"}
BAD: list[tuple[str, str, dict[str, str], bytes | None, int, str]] = [
    ("GET", "?query=ASK%20%7B", {}, None, 400, "SPARQL: line 1, column 6: not expected here\n"),
    ("GET", "?query=ASK%0A{%20?x%20a%20kg:A%20}}", {}, None, 400, "line 2, column 15"),
    ("GET", "?query=ASK{?x%20a%20nope:A}", {}, None, 400, "declare it: PREFIX nope:"),
    ("GET", "?query=SELECT%20*{?x%20?y%20?z}%0A%0ALIMIT%20x", {}, None, 400, "line 3, column 7"),
    ("POST", "", Q, b"SELECT*" + b"{SELECT*" * 9000 + b"}" * 9000, 400, "250 deep"),
    ("POST", "", Q, b"ASK{FILTER" + b"(" * 9000 + b"1" + b")" * 9000 + b"}", 400, "250 deep"),
    ("GET", "?query=ASK{}&query=ASK{}", {}, None, 400, "several"),
    ("GET", "?query=%FF", {}, None, 400, "UTF-8"),
    ("GET", "?query=ASK{}&default-graph-uri=x", {}, None, 400, "no IRI"),
    ("GET", "?query=ASK{}&" + "a=&" * 2000, {}, None, 400, "2,000 fields"),
    ("GET", "?query=CLEAR%20ALL", {}, None, 400, "updates are not possible here"),
    ("GET", "?query=LOAD%20%3Chttp://127.0.0.1:9/%3E", {}, None, 400, "updates are not possible"),
    ("GET", "?update=CLEAR%20ALL", {}, None, 403, "updates are not possible here"),
    ("POST", "", F, b"update=CLEAR%20ALL", 403, "updates are not possible here"),
    ("POST", "", {"Content-Type": "application/sparql-update"}, b"CLEAR ALL", 403, "updates"),
    ("POST", "", F, b"", 400, "no query"),
    ("POST", "", F, b"query=%FF", 400, "UTF-8"),
    ("POST", "", Q, b"ASK { \xff }", 400, "UTF-8"),
    ("POST", "?query=ASK{}", Q, b"ASK {}", 400, "several"),
    ("POST", "", {"Content-Type": "text/plain"}, b"ASK {}", 415, "application/sparql-query"),
    ("POST", "", {}, b"ASK {}", 415, "application/sparql-query"),
    ("POST", "", {"Content-Type": "application/sparql-query; charset=utf-16"}, b"", 415, "UTF-8"),
    ("POST", "", Q, b"ASK {} #" + b"x" * 1_000_000, 413, "1,000,000 bytes"),
    ("GET", "?query=ASK{}", {"Accept": "text/csv"}, None, 406, JSON),
    ("GET", "?query=ASK{}", {"Accept": "image/png"}, None, 406, JSON),
    ("GET", "?query=SELECT*{}", {"Accept": TURTLE}, None, 406, JSON),
    ("GET", "?query=CONSTRUCT{}WHERE{}", {"Accept": JSON}, None, 406, TURTLE),
    ("GET", "", {"Accept": JSON}, None, 406, TURTLE),
    ("GET", "?query=ASK{SERVICE%20%3Chttp://127.0.0.1:9/%3E{}}", {}, None, 400, "SERVICE would"),
    ("PUT", "?query=ASK{}", {}, None, 405, ""),
    ("DELETE", "", {}, None, 405, ""),
]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "words"),
    BAD,
    ids=[f"{number}-{case[4]}" for number, case in enumerate(BAD)],  # bodies may be long
)
def test_what_breaks_the_protocol_is_refused_in_plain_words(
    site: Site,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes | None,
    status: int,
    words: str,
) -> None:
    found = site.ask(method, f"/sparql{path}", headers=headers, body=body)
    assert found.status == status, found.text
    assert words in found.text
    if status not in {405, 413}:
        assert found.headers["content-type"] == "text/plain; charset=utf-8"
        assert found.headers["x-content-type-options"] == "nosniff"


def test_the_number_of_refusals_is_known() -> None:
    assert len(BAD) == 31


def test_errors_are_problem_details_for_whoever_says_so(site: Site) -> None:
    found = asked(site, "ASK {", f"{JSON}, application/problem+json")
    assert (found.status, found.type) == (400, "application/problem+json")
    assert found.json["detail"] == "SPARQL: line 1, column 6: not expected here"


def test_other_origins_may_ask(site: Site) -> None:
    headers = {
        "Origin": "https://other.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    for path in ("/sparql", "/graph"):
        found = site.ask("OPTIONS", path, headers=headers)
        assert found.status == 200
        assert found.headers["access-control-allow-origin"] == "*"
        assert "POST" in found.headers["access-control-allow-methods"]
        assert "access-control-allow-credentials" not in found.headers
    found = site.get(f"/sparql?{urlencode({'query': SELECT})}", Origin="https://other.example")
    assert found.headers["access-control-allow-origin"] == "*"
    assert "Kg-Truncated" in found.headers["access-control-expose-headers"]


# People, and those who ask for too much

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/sparql", 200, "<textarea"),
        (f"/sparql?{urlencode({'query': SELECT})}", 200, "<table"),
        (f"/sparql?{urlencode({'query': SELECT})}&edit=1", 200, "<textarea"),
        (f"/sparql?{urlencode({'query': '<script>alert(1)</script>'})}", 400, "&lt;script&gt;"),
    ],
)
def test_people_get_the_editor(site: Site, path: str, status: int, words: str) -> None:
    found = site.get(path, BROWSER)
    assert (found.status, found.type) == (status, "text/html")
    assert words in found.text
    assert "<script>alert" not in found.text
    assert ("<table" in found.text) == (words == "<table")
    assert "Accept" in found.headers["vary"]


def test_the_server_goes_on_after_an_answer_that_took_too_long(
    new: NewWorkspace, corpus: Path
) -> None:
    workspace = new("slow", corpus)
    worst = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?g) }"
    with running(workspace, seconds=2, processes=2) as address:
        found = asked(Site(address), worst)
        assert found.status == 503
        assert found.text.startswith("took longer than 2 seconds, and was ended\n")
        assert asked(Site(address), ASK).json["boolean"]

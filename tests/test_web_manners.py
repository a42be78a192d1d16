"""What HTTP asks of every server: what varies, what counts, and what is said where nothing is found."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest

if TYPE_CHECKING:
    from tests.web import Site

HTML = "text/html"
JSON_LD = "application/ld+json"
GRAPH = "https://example.org/kg/graph/dates"
CONSTRUCT = "CONSTRUCT { ?x a ?y } WHERE { ?x a ?y } LIMIT 5"

VARYING = [
    ("/query", HTML, 200),
    ("/query", "application/json", 200),
    ("/query/articles", HTML, 200),
    ("/query/articles", "text/csv", 200),
    ("/query/articles?nothing=1", HTML, 400),
    ("/query/articles?nothing=1", "application/json", 400),
    ("/nothing", HTML, 404),
    ("/nothing", "application/json", 404),
]


@pytest.mark.parametrize(("path", "accept", "status"), VARYING)
def test_what_depends_on_accept_says_so(site: Site, path: str, accept: str, status: int) -> None:
    got = site.get(path, accept)
    assert got.status == status
    assert "Accept" in got.headers["vary"].split(", ")


GRAPHS = [
    f"/graph?{urlencode({'graph': GRAPH})}",
    "/graph?default",
    "/graph/dates",
    f"/sparql?{urlencode({'query': CONSTRUCT})}",
    "/sparql",
    "/.well-known/void",
    "/.well-known/sparql-examples",
    "/ontology",
]


@pytest.mark.parametrize("path", GRAPHS)
@pytest.mark.parametrize(
    ("accept", "wanted"), [("application/json", JSON_LD), ("text/plain", "application/n-triples")]
)
def test_what_some_call_a_format_is_understood_everywhere(
    site: Site, path: str, accept: str, wanted: str
) -> None:
    got = site.get(path, accept)
    assert (got.status, got.type) == (200, wanted)
    if wanted == JSON_LD:
        assert got.json


LINES = [
    # what stands on the lines, and what that comes to
    (("text/csv;q=0.5", "text/tab-separated-values"), "text/tab-separated-values"),
    (("text/tab-separated-values", "text/csv;q=0.5"), "text/tab-separated-values"),
    (("image/png", "text/csv"), "text/csv"),
    (("text/csv",), "text/csv"),
]


@pytest.mark.parametrize(("lines", "wanted"), LINES)
def test_all_lines_of_a_list_count(site: Site, lines: tuple[str, ...], wanted: str) -> None:
    answer = _raw(site, "/query/articles", *(f"Accept: {line}" for line in lines))
    assert f"content-type: {wanted}" in answer.lower()


def test_all_lines_with_tags_count(site: Site) -> None:
    tag = site.get("/").headers["etag"]
    answer = _raw(site, "/", 'If-None-Match: "another"', f"If-None-Match: {tag}")
    assert answer.startswith("HTTP/1.1 304 ")


@pytest.mark.parametrize("second", ["localhost", "evil.example"])
def test_a_request_names_one_host(site: Site, second: str) -> None:
    answer = _raw(site, "/", f"Host: {second}")
    assert answer.startswith("HTTP/1.1 400 ")
    assert "names several" in answer


def _raw(site: Site, path: str, *headers: str) -> str:
    """What comes to a request that is written out, with more headers than clients usually send."""
    place = urlsplit(site.address)
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=30) as client:
        client.sendall("\r\n".join(lines).encode())
        parts = []
        while part := client.recv(100_000):
            parts.append(part)
    return b"".join(parts).decode("utf-8", "replace")


REFUSED = [
    ("GET", "/nothing/here", 404, "nothing here has the address /nothing/here", "/search?q="),
    ("GET", "/static/nothing.css", 404, "nothing here has the address", "/docs"),
    ("POST", "/search", 405, "POST is not possible at this address", "it answers GET, HEAD"),
    ("DELETE", "/", 405, "DELETE is not possible at this address", "it answers GET, HEAD"),
    ("PUT", "/sparql", 405, "PUT is not possible", "it answers GET, HEAD, POST"),
    ("POST", "/static/kg.css", 405, "POST is not possible", "it answers GET, HEAD"),
    ("PATCH", "/", 405, "PATCH is not possible", "it answers GET, HEAD"),
]


@pytest.mark.parametrize(("method", "path", "status", "detail", "hint"), REFUSED)
def test_a_refusal_says_what_is_wrong_and_what_helps(
    site: Site, method: str, path: str, status: int, detail: str, hint: str
) -> None:
    got = site.ask(method, path)
    assert (got.status, got.type) == (status, "application/problem+json")
    assert got.json["detail"].startswith(detail)
    assert hint in got.json["hint"]
    if status == 405:
        assert got.headers["allow"] == got.json["hint"].removeprefix("it answers ")


def test_a_page_of_a_refusal_escapes_the_address(site: Site) -> None:
    got = site.get("/<b>%3Ci%3E", HTML)
    assert (got.status, got.type) == (404, HTML)
    assert "<b>" not in got.text.partition("<h1>")[2].partition("<ul>")[0].replace("</b>", "")
    assert "No page here has the address" in got.text


@pytest.mark.parametrize("path", ["/static/kg.css", "/static/vendor/yasgui/yasgui.min.js"])
def test_files_are_kept_and_asked_for_again(site: Site, path: str) -> None:
    got = site.get(path)
    assert got.headers["cache-control"] == "no-cache"
    again = site.get(path, If_None_Match=got.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["void", "sparql-examples"])
def test_a_browser_shows_descriptions_of_the_data(site: Site, name: str) -> None:
    shown, turtle = (site.get(f"/.well-known/{name}", each) for each in (HTML, "text/turtle"))
    assert (shown.status, shown.type) == (200, "text/plain")
    assert shown.body == turtle.body
    assert shown.headers["etag"] != turtle.headers["etag"]


def test_so_many_cases_are_tried() -> None:
    assert (len(VARYING), len(GRAPHS), len(LINES), len(REFUSED)) == (8, 8, 4, 7)

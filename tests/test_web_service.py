"""The SPARQL endpoint and other servers: whom SERVICE may ask, and how the endpoint describes itself."""

from __future__ import annotations

import contextlib
import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import InputError, ServiceError
from kg.store.embedded import EmbeddedStore
from kg.web.protocol import results
from kg.web.readers.reading import Reading
from kg.web.views import description
from tests.web_sparql import JSON, asked, body, view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.workspace import Workspace
    from tests.web import Got, Site

ENTITIES = "https://example.org/kg/graph/entities"


class Elsewhere(ThreadingHTTPServer):
    """Another endpoint: answers one row, or redirects; notes who came."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.to = ""
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sparql"


class _Handler(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.asked.append(self.path)
        row = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"hi"}}]}}'
        status, _, to = self.server.to.partition(" ")
        self.send_response(int(status or 200))
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(len(row)))
        if to:
            self.send_header("Location", to)
        self.end_headers()
        self.wfile.write(row)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[Callable[[], Elsewhere]]:
    with contextlib.ExitStack() as stack:

        def start() -> Elsewhere:
            server = Elsewhere()
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            stack.callback(server.server_close)
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return server

        yield start


def allowing(built: Workspace, *endpoints: str) -> Workspace:
    return replace(built, settings=replace(built.settings, endpoints=endpoints))


def test_service_asks_the_endpoints_of_the_settings_and_nobody_else(
    built: Workspace, elsewhere: Callable[[], Elsewhere]
) -> None:
    friend, stranger = elsewhere(), elsewhere()
    workspace = allowing(built, friend.address)
    group = "{ ?s ?p ?x }"
    with built.reading() as store:
        reading = Reading(workspace=workspace, store=store, generation="1")
        found = view(reading, f"SELECT ?x {{ SERVICE <{friend.address}> {group} }}")
        assert json.loads(body(found))["results"]["bindings"][0]["x"]["value"] == "hi"
        assert friend.asked == ["/sparql"]
        for query in (
            f"SELECT ?x {{ SERVICE <{stranger.address}> {group} }}",
            f"SELECT ?x {{ SERVICE SILENT <{stranger.address}> {group} }}",
            f"SELECT ?x {{ VALUES ?u {{ <{stranger.address}> }} SERVICE ?u {group} }}",
            f"SELECT ?x {{ VALUES ?u {{ <{friend.address}> }} SERVICE ?u {group} }}",
            f"PREFIX f: <{friend.address}> SELECT ?x {{ SERVICE f: {group} }}",
            f"BASE <{friend.address}> SELECT ?x {{ SERVICE <> {group} }}",
            f"SELECT ?x {{ SERVICE <{friend.address}?to={stranger.address}> {group} }}",
            f"SELECT ?x {{ SERVICE <{friend.address}> {{ SERVICE <{stranger.address}> {group} }} }}",
        ):
            with pytest.raises(InputError, match="nothing leaves this machine") as refused:
                view(reading, query)
            assert friend.address in (refused.value.hint or "")
    assert (friend.asked, stranger.asked) == (["/sparql"], [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirection_leads_to_another_server(
    built: Workspace, elsewhere: Callable[[], Elsewhere], status: int
) -> None:
    friend, stranger = elsewhere(), elsewhere()
    friend.to = f"{status} {stranger.address}"
    with built.reading() as store:
        reading = Reading(workspace=allowing(built, friend.address), store=store, generation="1")
        with pytest.raises(ServiceError, match="SERVICE: "):
            view(reading, f"SELECT ?x {{ SERVICE <{friend.address}> {{ ?s ?p ?x }} }}")
    assert (friend.asked, stranger.asked) == (["/sparql"], [])


def test_a_service_that_fails_is_no_fault_of_ours(built: Workspace) -> None:
    gone = "http://127.0.0.1:9/sparql"
    with built.reading() as store:
        reading = Reading(workspace=allowing(built, gone), store=store, generation="1")
        with pytest.raises(ServiceError, match="query: SERVICE: "):
            view(reading, f"SELECT ?x {{ SERVICE <{gone}> {{ ?s ?p ?x }} }}")


# The description

SD = "http://www.w3.org/ns/sparql-service-description#"


def described(site: Site, accept: str = "application/n-triples", **headers: str) -> ox.Store:
    found = site.get("/sparql", accept, **headers)
    assert (found.status, found.type) == (200, accept)
    store = ox.Store()
    store.load(found.body, format=ox.RdfFormat.from_media_type(accept))
    return store


def objects(store: ox.Store, name: str) -> set[str]:
    property_ = ox.NamedNode(f"{SD}{name}")
    found = store.quads_for_pattern(None, property_, None)
    return {str(quad.object).strip("<>") for quad in found}


@pytest.mark.parametrize("accept", list(results.GRAPH))
def test_the_service_describes_itself(site: Site, accept: str) -> None:
    store = described(site, accept)
    assert objects(store, "endpoint") == {f"{site.address}sparql"}
    assert objects(store, "supportedLanguage") == {f"{SD}SPARQL11Query"}
    assert objects(store, "feature") == {f"{SD}UnionDefaultGraph"}
    assert len(objects(store, "resultFormat")) == 9
    assert not objects(store, "languageExtension")
    graphs = asked(site, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").json["results"]["bindings"]
    assert objects(store, "name") == {row["g"]["value"] for row in graphs}


def test_graphs_are_described_with_their_size(site: Site) -> None:
    void = "http://rdfs.org/ns/void#triples"
    pattern = f"{{ ?g <{SD}name> <{ENTITIES}> ; <{SD}graph> [ <{void}> ?n ] }}"
    found = described(site).query(f"SELECT ?n {pattern}")
    assert isinstance(found, ox.QuerySolutions)
    counted = asked(site, f"SELECT (COUNT(*) AS ?n) FROM <{ENTITIES}> {{ ?s ?p ?o }}")  # noqa: S608
    assert found.serialize(format=ox.QueryResultsFormat.CSV) == asked_csv(counted)


def asked_csv(found: Got) -> bytes:
    """The rows of an answer as CSV."""
    parsed = ox.parse_query_results(found.body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(parsed, ox.QuerySolutions)
    return parsed.serialize(format=ox.QueryResultsFormat.CSV) or b""


def test_the_description_has_the_address_that_was_asked(site: Site) -> None:
    port = site.address.rstrip("/").rpartition(":")[2]
    store = described(site, Host=f"localhost:{port}")
    assert objects(store, "endpoint") == {f"http://localhost:{port}/sparql"}


def test_the_description_is_bounded_and_says_what_may_be_asked(
    built: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(description, "GRAPHS", 2)
    with built.reading() as store:
        assert isinstance(store, EmbeddedStore)
        reading = Reading(
            workspace=allowing(built, "http://127.0.0.1:9/"), store=store, generation="1"
        )
        found = description.service(
            reading, address="http://x.example/sparql", media_type="application/n-triples"
        )
        assert body(found).count(b"#NamedGraph>") == 2
        assert b"#BasicFederatedQuery>" in body(found)


def test_the_description_is_asked_again_only_when_the_data_change(site: Site) -> None:
    found = site.get("/sparql", "text/turtle")
    again = site.get("/sparql", "text/turtle", If_None_Match=found.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    other = site.get("/sparql", "application/n-triples", If_None_Match=found.headers["etag"])
    assert other.status == 200

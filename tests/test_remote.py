"""The store behind a URL: what it sends, and what it makes of servers that do not answer as they should.

What it has in common with the other stores is in `contract/test_store.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from kg.errors import ConfigError, InputError, KgError, StoreError
from kg.store import answer as module
from kg.store import open_store, select
from kg.store.access import Access
from kg.store.remote import RemoteStore
from kg.store.sending import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.store import GraphStore
    from tests.engines import Server

G, S = ox.NamedNode("https://example.org/g"), ox.NamedNode("https://example.org/s")
ALL = "SELECT ?s ?o WHERE { ?s ?p ?o }"
IN_G = f"SELECT ?o WHERE {{ GRAPH {G} {{ ?s ?p ?o }} }}"
ROWS = {"Content-Type": "application/sparql-results+json"}
PAGE = {"Content-Type": "text/html; charset=utf-8"}
NO_ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
NO_ROWS_XML = (
    b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head>'
    b"<results></results></sparql>"
)
TRIPLE = f"{S} {S} {S} .\n".encode()


@dataclass
class Endpoint:
    """A server that gives one answer to every request and notes what it was asked."""

    url: str = ""
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)


@contextmanager
def answering(
    status: int = 200,
    headers: dict[str, str] = ROWS,
    body: bytes = NO_ROWS,
    *,
    length: int | None = None,
    hang: bool = False,
    after: int = 0,
) -> Iterator[Endpoint]:
    """Answer so, on a port of its own.

    With `length` as if the body were that long, with `after` this status to a GET.
    """
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            endpoint.requests.append((self.command, self.path, dict(self.headers), asked))
            if hang:
                endpoint.done.wait(60)
                return
            self.send_response(after if after and self.command == "GET" else status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the name is http.server's

        def log_message(self, format: str, *_: Any) -> None:  # noqa: A002
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        endpoint.url = f"http://127.0.0.1:{httpd.server_port}/sparql"
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield endpoint
        finally:
            endpoint.done.set()
            httpd.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again is tried at once."""
    monkeypatch.setattr(Clock, "sleep", lambda _self, _seconds: None)


def known(url: str) -> RemoteStore:
    """A store that need not be asked what it is."""
    return RemoteStore(url, access=Access(dialect="standard"))


def failing(action: Callable[[], object]) -> KgError:
    with pytest.raises(KgError) as caught:
        action()
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300
    return caught.value


def actions(store: GraphStore) -> list[Callable[[], object]]:
    """All that makes a store ask its server."""
    return [
        lambda: store.query(ALL),
        lambda: store.query("ASK { ?s ?p ?o }"),
        lambda: store.query("DESCRIBE <https://example.org/s>"),
        lambda: store.update("DROP ALL"),
        lambda: store.get(G),
        lambda: store.put(G, [ox.Triple(S, S, S)]),
        lambda: store.delete(G),
    ]


# Where requests go


@pytest.mark.parametrize(
    ("url", "query", "update"),
    [
        ("http://h:7878/", "http://h:7878/query", "http://h:7878/update"),
        ("http://h:7878", "http://h:7878/query", "http://h:7878/update"),
        ("https://h/kg/", "https://h/kg/query", "https://h/kg/update"),
        ("https://h/sparql", "https://h/sparql", "https://h/sparql"),
        ("https://h/sparql?a=b#c", "https://h/sparql?a=b", "https://h/sparql?a=b"),
        ("https://h/kg/?a=b/", "https://h/kg/query?a=b/", "https://h/kg/update?a=b/"),
        ("HTTP://[::1]:1/q", "http://[::1]:1/q", "http://[::1]:1/q"),
    ],
)
def test_a_url_says_where_queries_and_updates_go(url: str, query: str, update: str) -> None:
    with open_store(url) as store:
        assert isinstance(store, RemoteStore)
        assert (store.query_url, store.update_url) == (query, update)


def test_updates_can_have_a_url_of_their_own() -> None:
    access = Access(update="https://h/repositories/kg/statements")
    store = RemoteStore("https://h/repositories/kg", access=access)
    assert store.query_url == "https://h/repositories/kg"
    assert store.update_url == "https://h/repositories/kg/statements"


@pytest.mark.parametrize(
    "url",
    ["http://", "http:///x", "http://h:port/", "http://h:70000/", "http://h:0/", "http://[::1/",
     "http://h/a b", "http://h/\n", "http://łódź/", "https://?q"],
)  # fmt: skip
def test_what_is_no_url_is_a_config_error(url: str) -> None:
    assert isinstance(failing(lambda: open_store(url)), ConfigError)


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    for url in ("https://me:secret@h/", "https://me:secret@h:port/", "https://me:se cret@h/"):
        error = failing(lambda url=url: open_store(url))  # type: ignore[misc]
        assert isinstance(error, ConfigError)
        assert "cret" not in str(error)


def test_sparql_is_posted_as_it_is_to_any_length() -> None:
    sparql = f"# DELETE\n{ALL} # {'ł' * 100_000}"
    with answering() as endpoint:
        store = known(f"{endpoint.url}?key=a%26b&union-default-graph")
        assert list(select(store, sparql)) == []
        store.update(sparql)
    (asked, updated) = endpoint.requests
    for method, path, _, body in (asked, updated):
        assert (method, path) == ("POST", "/sparql?key=a%26b&union-default-graph=")
        assert body.decode() == sparql
    assert asked[2]["Content-Type"] == "application/sparql-query"
    assert asked[2]["Accept"].startswith("application/sparql-results+json")
    assert updated[2]["Content-Type"] == "application/sparql-update"


def test_an_update_that_comes_as_a_query_is_not_sent() -> None:
    with answering() as endpoint:
        store = open_store(endpoint.url)
        for sparql in (
            "DROP ALL",
            "PREFIX a: <http://a/> INSERT DATA { a:b a:b a:b }",
            "",
            "# ASK",
        ):
            assert isinstance(failing(lambda sparql=sparql: store.query(sparql)), InputError)  # type: ignore[misc]
    assert endpoint.requests == []


def test_a_store_opened_to_read_sends_no_update() -> None:
    access = Access(dialect="standard")
    with (
        answering() as endpoint,
        RemoteStore(endpoint.url, access=access, read_only=True) as store,
    ):
        for change in (
            lambda: store.update("DROP ALL"), lambda: store.delete(G), lambda: store.put(G, [])
        ):  # fmt: skip
            assert isinstance(failing(change), StoreError)
        assert list(select(store, ALL)) == []
    assert len(endpoint.requests) == 1


def test_text_that_cannot_be_sent_is_an_input_error() -> None:
    with answering() as endpoint:
        error = failing(lambda: open_store(endpoint.url).query("SELECT ('\ud800' AS ?x) { }"))
    assert isinstance(error, InputError)


# Answers


def test_a_hundred_thousand_rows_arrive(new_server: Callable[[], Server]) -> None:
    with open_store(new_server().url) as store:
        nodes = [ox.NamedNode(f"https://example.org/{n}") for n in range(100_000)]
        store.put(G, (ox.Triple(node, S, ox.Literal("x" * 50)) for node in nodes))
        assert {row["s"] for row in select(store, ALL)} == set(nodes)
        assert {triple.subject for triple in store.get(G)} == set(nodes)


def test_long_answers_are_kept_on_the_disk(monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    monkeypatch.setattr(module, "_IN_MEMORY", 100)
    with open_store(server) as store:
        store.put(G, [ox.Triple(S, S, ox.Literal(n)) for n in range(100)])
        assert len(list(store.get(G))) == len(list(select(store, IN_G))) == 100
        next(store.get(G))  # the rest is let go of without a warning
        next(select(store, IN_G))


def test_an_answer_can_be_read_while_its_graph_changes_and_after_the_store_is_closed(
    server: str,
) -> None:
    with open_store(server) as store:
        store.put(G, [ox.Triple(S, S, ox.Literal(n)) for n in range(10)])
        rows = select(store, IN_G)
        next(rows)
        store.delete(G)
    assert len(list(rows)) == 9


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/sparql-results+json; charset=utf-8", NO_ROWS),
        ("application/json", NO_ROWS),
        ("application/sparql-results+xml", NO_ROWS_XML),
    ],
)
def test_rows_are_read_in_the_formats_of_the_standard(media_type: str, body: bytes) -> None:
    with answering(headers={"Content-Type": media_type}, body=body) as endpoint:
        rows = select(open_store(endpoint.url), ALL)
        assert [variable.value for variable in rows.variables] == ["s"]


@pytest.mark.parametrize(
    "media_type", ["application/n-triples", "text/turtle;charset=utf-8", "text/plain"]
)
def test_graphs_are_read_in_the_formats_of_the_standard(media_type: str) -> None:
    with answering(headers={"Content-Type": media_type}, body=TRIPLE) as endpoint:
        assert list(open_store(endpoint.url).get(G)) == [ox.Triple(S, S, S)]


def test_blank_nodes_of_two_turtle_answers_are_not_one() -> None:
    body = b"_:b0 <a:b> _:b0 ."
    with answering(headers={"Content-Type": "text/turtle"}, body=body) as endpoint:
        store = open_store(endpoint.url)
        (one,), (two,) = store.get(G), store.get(G)
    assert one.subject == one.object
    assert one.subject != two.subject


def test_rdflib_has_no_part_in_it() -> None:
    code = """
import sys
from kg.store import open_store
store = open_store(sys.argv[1])
assert list(store.query("SELECT ?s { ?s ?p ?o }")) == []
assert "SPARQLWrapper" in sys.modules and "rdflib" not in sys.modules
"""
    with answering() as endpoint:
        subprocess.run([sys.executable, "-c", code, endpoint.url], check=True, timeout=60)


# Servers that fail


def test_where_nothing_listens_is_a_store_error(new_server: Callable[[], Server]) -> None:
    gone = new_server()
    gone.stop()
    with open_store(gone.url) as store:
        for action in actions(store):
            error = failing(action)
            assert isinstance(error, StoreError)
            assert str(error).startswith(gone.url)
            assert str(error).endswith("nothing listens there")
            assert error.hint


def test_a_host_that_does_not_exist_is_a_store_error() -> None:
    error = failing(lambda: open_store("http://no-such-host.invalid/").query(ALL))
    assert isinstance(error, StoreError)
    assert str(error).startswith("http://no-such-host.invalid/query: ")


def test_a_server_that_dies_is_a_store_error(new_server: Callable[[], Server]) -> None:
    started = new_server()
    with open_store(started.url) as store:
        store.put(G, [ox.Triple(S, S, S)])
        started.stop()
        for action in actions(store):
            assert isinstance(failing(action), StoreError)


def test_an_answer_that_breaks_off_is_a_store_error() -> None:
    for body, media_type in ((NO_ROWS, ROWS["Content-Type"]), (TRIPLE, "application/n-triples")):
        headers = {"Content-Type": media_type}
        with answering(headers=headers, body=body, length=len(body) + 9) as endpoint:
            store = open_store(endpoint.url)
            ask = (lambda: store.query(ALL)) if body is NO_ROWS else (lambda: store.get(G))  # noqa: B023
            error = failing(ask)
        assert isinstance(error, StoreError)
        assert "broke off" in str(error)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        NO_ROWS[:-1],
        NO_ROWS[:30],
        NO_ROWS + b"]",
        b"Virtuoso 42000 Error",
        b'{"head":{},"boolean":true}',
        json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": [
            {"s": {"type": "uri", "value": "no IRI"}}]}}).encode(),
        b"\xff\xfe\x00",
    ],
)  # fmt: skip
def test_damaged_rows_are_a_store_error(body: bytes) -> None:
    with answering(body=body) as endpoint:
        error = failing(lambda: open_store(endpoint.url).query(ALL))
        assert isinstance(error, StoreError)
        assert str(error).startswith(f"{endpoint.url}: the answer is cut short or damaged")


@pytest.mark.parametrize(
    "body", [TRIPLE[:-3], TRIPLE + b"<a", b"<html>", b"\xff", b"<a> <b> <c> ."]
)
def test_a_damaged_graph_is_a_store_error(body: bytes) -> None:
    for media_type in ("application/n-triples", "text/turtle"):
        with answering(headers={"Content-Type": media_type}, body=body) as endpoint:
            store = open_store(endpoint.url)
            for action in (lambda: store.get(G), lambda: store.query(f"DESCRIBE {S}")):  # noqa: B023
                assert isinstance(failing(action), StoreError)


def test_a_server_that_does_not_answer_is_given_up() -> None:
    with answering(hang=True) as endpoint:
        error = failing(lambda: RemoteStore(endpoint.url, access=Access(timeout=1)).query(ALL))
    assert isinstance(error, StoreError)
    assert str(error) == f"{endpoint.url}: no answer in 1 s"
    assert error.hint


def test_a_web_page_is_no_answer() -> None:
    for headers in (PAGE, {"Content-Type": "text/csv"}, {"Content-Type": "\x1b[31mred"}, {}):
        with answering(headers=headers, body=b"<!DOCTYPE html><p>Welcome!") as endpoint:
            for ask in actions(open_store(endpoint.url))[:3]:
                error = failing(ask)
                assert isinstance(error, StoreError)
                assert "not with SPARQL results" in str(error)
                assert "/query" not in str(error)


PAGE_401 = (
    b"<html><head><title>401</title></head><body><h1>Log &amp; in</h1><hr>nginx</body></html>"
)


@pytest.mark.parametrize(
    ("status", "body", "message", "kind"),
    [
        (400, b"error at 1:7: expected one of A, B", "SPARQL: line 1, column 7: not expected here", InputError),
        (400, b"Parse error:\n  at line 1", "SPARQL: Parse error: at line 1", InputError),
        (400, b"", "SPARQL: 400 Bad Request", InputError),
        (400, b"<!doctype html><style>p{}</style><p>No.", "SPARQL: No.", InputError),
        (500, b"The custom function <http://a/f> is not supported",
         "SPARQL: the custom function <http://a/f> is not supported", InputError),
        (401, PAGE_401, "URL: 401 Unauthorized: Log & in nginx", StoreError),
        (403, b"", "URL: 403 Forbidden", StoreError),
        (404, b"no\x1b[2J\x00\xff", "URL: 404 Not Found: no [2J \ufffd", StoreError),
        (406, b"", "URL: 406 Not Acceptable", StoreError),
        (414, b"", "URL: 414 Request-URI Too Long", StoreError),
        (429, b"slow down", "URL: 429 Too Many Requests: slow down", StoreError),
        (500, b"java.lang.Exception\n\tat a.b(C.java:1)\n" * 9999, None, StoreError),
        (502, PAGE_401 * 9999, None, StoreError),
        (503, b"", "URL: 503 Service Unavailable", StoreError),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_what_a_status_means(
    status: int, body: bytes, message: str | None, kind: type[KgError]
) -> None:
    with answering(status=status, headers=PAGE, body=body) as endpoint:
        for action in actions(open_store(endpoint.url)):
            error = failing(action)
            assert isinstance(error, kind)
            if message is None:
                assert str(error).startswith(f"{endpoint.url}: {status} ")
                assert str(error).endswith("…")
            else:
                assert str(error) == message.replace("URL", endpoint.url)
            assert (error.hint is None) == (kind is InputError)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_is_said_and_not_followed_blindly(status: int) -> None:
    with (
        answering() as new,
        answering(status=status, headers={"Location": f"{new.url}/new?secret"}) as old,
    ):
        for action in actions(open_store(old.url)):
            error = failing(action)
            assert isinstance(error, StoreError)
            assert str(error) == f"{old.url}: has moved to {new.url}/new"


@pytest.mark.parametrize("place", ["ftp://127.0.0.1/", "", "?", "http://h:port/", "//"])
def test_a_redirection_to_nowhere_is_a_store_error(place: str) -> None:
    for status in (301, 308):
        with answering(status=status, headers={"Location": place}) as endpoint:
            for action in actions(open_store(endpoint.url)):
                assert isinstance(failing(action), StoreError)


def test_an_update_that_is_redirected_to_a_page_at_the_same_place_is_not_taken_for_done() -> None:
    with answering(status=303, headers={"Location": "?login"}, after=200) as endpoint:
        for action in actions(known(endpoint.url)):
            endpoint.requests.clear()
            assert isinstance(failing(action), StoreError)
            assert [method for method, *_ in endpoint.requests] == ["POST"]


def test_what_does_not_speak_http_is_a_store_error() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

        thread = threading.Thread(target=speak)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
        error = failing(lambda: open_store(url).query(ALL))
        thread.join()
    assert isinstance(error, StoreError)
    assert str(error).startswith(url)

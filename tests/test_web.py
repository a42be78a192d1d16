"""The server as such: who may ask, what every answer carries, and how errors are said."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from kg.web import connection
from kg.web.app import application, guarded
from kg.web.protocol.negotiation import chosen
from kg.web.readers.pool import Readers
from kg.web.readers.reply import Refused
from kg.web.readers.snapshot import Snapshots
from kg.web.service import Options, Service
from kg.web.views import load

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from kg.workspace import Workspace
    from tests.web import Site


def test_every_answer_says_what_browsers_may_do(site: Site) -> None:
    for path in ("/", "/nothing", "/static/kg.css"):
        headers = site.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8010", 200),
        ("127.0.0.1:1", 200),
        ("[::1]:8010", 200),
        ("evil.example", 421),
        ("localhost.evil.example:8010", 421),
        ("127.0.0.1.evil.example", 421),
        ("evil.example@localhost", 421),
        ("[::1].evil.example", 421),
        ("localhost:anything", 421),
        ("", 421),
        ("\x1b[31m", 400),
    ],
)
def test_the_server_answers_under_its_own_names_only(site: Site, host: str, status: int) -> None:
    answer = site.get("/", Host=host)
    assert answer.status == status
    if status == 421:
        assert answer.type == "application/problem+json"
    assert "\x1b" not in answer.text


def test_what_is_not_there_is_a_problem(site: Site) -> None:
    answer = site.get("/nothing/here", "application/json")
    assert (answer.status, answer.type) == (404, "application/problem+json")
    assert answer.json["title"] == "Not Found"


def test_head_has_the_headers_of_get_and_no_body(site: Site) -> None:
    get, head = site.get("/"), site.ask("HEAD", "/")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.body))
    assert head.headers["etag"] == get.headers["etag"]


def test_who_has_it_already_is_not_sent_it_again(site: Site) -> None:
    tag = site.get("/").headers["etag"]
    for header in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        answer = site.get("/", If_None_Match=header)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == tag
    assert site.get("/", If_None_Match='"other"').status == 200


def test_a_body_that_is_too_large_is_refused(site: Site) -> None:
    answer = site.ask("POST", "/sparql", body=b"x" * 1_000_001)
    assert answer.status == 413


def test_a_body_that_turns_out_too_large_is_refused(site: Site) -> None:
    place = urlsplit(site.address)
    assert place.hostname is not None
    with socket.create_connection((place.hostname, place.port or 0), timeout=30) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/sparql-query\r\n\r\n"
        )
        part = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        try:
            for _ in range(80):
                client.sendall(part)
        except ConnectionError:
            pass  # the server has closed already
        assert b" 413 " in client.recv(1000).split(b"\r\n")[0]


@pytest.mark.parametrize(
    "words",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET /static/../../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /static/%2e%2e/%2e%2e/app.py HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /static/..%2f..%2fapp.py HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /static//etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_hostile_requests_are_refused_and_the_server_goes_on(site: Site, words: bytes) -> None:
    place = urlsplit(site.address)
    assert place.hostname is not None
    with socket.create_connection((place.hostname, place.port or 0), timeout=30) as client:
        client.sendall(words)
        status = client.recv(100).split(b"\r\n")[0].split(b" ")
    assert status[1].startswith(b"4"), status
    assert site.get("/").status == 200


def test_headers_that_never_end_are_cut_off(site: Site) -> None:
    place = urlsplit(site.address)
    assert place.hostname is not None
    with socket.create_connection((place.hostname, place.port or 0), timeout=30) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
        sent = 0
        try:
            while sent < 10_000_000:
                sent += client.send(b"a" * 100_000)
        except ConnectionError:
            pass
        assert sent < 10_000_000
    assert site.get("/").status == 200


def test_who_says_nothing_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SECONDS", 0.3)  # the server runs in this process
    place = urlsplit(site.address)
    assert place.hostname is not None
    for words in (b"", b"GET / HTTP/1.1\r\nHost:"):
        with socket.create_connection((place.hostname, place.port or 0), timeout=30) as client:
            client.sendall(words)
            assert client.recv(100) == b""


def test_a_long_address_is_taken(site: Site) -> None:
    assert site.get(f"/search?q={'a' * 30_000}").status < 500


def test_pages_of_other_origins_may_read_and_not_write(site: Site) -> None:
    origin = {"Origin": "https://tools.example"}
    assert site.ask("GET", "/", headers=origin).headers["access-control-allow-origin"] == "*"
    asked = origin | {"Access-Control-Request-Method": "POST"}
    assert site.ask("OPTIONS", "/sparql", headers=asked).status == 200
    for more in (
        {"Access-Control-Request-Method": "PUT"},
        asked | {"Access-Control-Request-Headers": "authorization"},
    ):
        assert site.ask("OPTIONS", "/graph", headers=origin | more).status == 400


def test_what_a_path_does_not_take_is_refused_with_what_it_takes(site: Site) -> None:
    for method, path, allowed in (
        ("POST", "/", "GET, HEAD"),
        ("DELETE", "/reconcile", "GET, HEAD, POST"),
        ("PATCH", "/graph/x", "GET, HEAD"),
    ):
        answer = site.ask(method, path)
        assert (answer.status, answer.headers["allow"]) == (405, allowed), path


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost:3333", True),
        ("http://127.0.0.1:8010", True),
        ("https://[::1]", True),
        ("https://tools.example", False),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1.evil.example:80", False),
        ("null", False),
    ],
)
def test_what_is_only_on_this_machine_is_not_for_pages_of_the_web(
    newsroom_site: Site, origin: str, allowed: bool
) -> None:
    answer = newsroom_site.get("/dump.nq", Origin=origin)
    assert answer.status == 200
    assert answer.headers.get("access-control-allow-origin") == (origin if allowed else None)


def test_a_bug_is_answered_with_the_same_headers(
    built: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    service = Service(
        workspace=built,
        readers=Readers(workspace=built, source=Snapshots(built), load=load),
        options=Options(hosts=("localhost",)),
    )
    app = application(service)

    @app.get("/bug")
    def bug() -> None:
        raise ZeroDivisionError

    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/bug",
        "raw_path": b"/bug",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
    }
    with pytest.raises(ZeroDivisionError):  # for whoever runs the server
        asyncio.run(guarded(app, service)(scope, receive, send))
    headers = dict(sent[0]["headers"])
    assert sent[0]["status"] == 500
    assert b"default-src 'none'" in headers[b"content-security-policy"]
    assert "GET /bug 500" in capsys.readouterr().err
    assert b"ZeroDivisionError" not in sent[1]["body"]


OFFERED = ("text/turtle", "application/ld+json", "application/rdf+xml")


def cases() -> Iterator[tuple[str | None, str | None]]:
    yield None, "text/turtle"
    yield "", "text/turtle"
    yield "*/*", "text/turtle"
    yield "application/ld+json", "application/ld+json"
    yield "application/*", "application/ld+json"
    yield "text/turtle;q=0.1, */*;q=0.5", "application/ld+json"
    yield "text/turtle;q=0.5,application/rdf+xml;q=0.9", "application/rdf+xml"
    yield "APPLICATION/RDF+XML ; Q=1.0", "application/rdf+xml"
    yield "text/turtle;q=nan, application/rdf+xml;q=0.1", "application/rdf+xml"
    yield "text/turtle;q=0, */*", "application/ld+json"
    yield "text/turtle;charset=utf-8", "text/turtle"
    yield "image/png", None
    yield "*/*;q=0", None
    yield ";;;,,,=", None


def test_the_media_type_that_is_wanted_most_is_chosen() -> None:
    found = list(cases())
    assert len(found) == 14
    for accept, expected in found:
        if expected is None:
            with pytest.raises(Refused, match="nothing here is of the type") as refused:
                chosen(accept, OFFERED)
            assert refused.value.status == 406
        else:
            assert chosen(accept, OFFERED) == expected, accept

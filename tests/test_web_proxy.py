"""Behind a web server with TLS under the host of the base: addresses are its, and clients are told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request

from kg.web.protocol.requests import client
from kg.web.protocol.tokens import FREE
from kg.web.server import TOKEN, running
from tests.conftest import copied
from tests.reviewer import ANN, SECRET
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.workspace import Workspace
    from tests.web import Got

BASE = "https://example.org/kg/"
HOST = "example.org"
TURTLE = "text/turtle"


@pytest.fixture(scope="module")
def proxied(built_sample: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that may be written to, and answers for the host of its base too."""
    workspace = copied(built_sample, tmp_path_factory.mktemp("proxied") / "news")
    assert workspace.settings.base == BASE
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TOKEN, SECRET)
        with running(workspace, write=True, hosts=(HOST,), processes=1) as address:
            yield Site(address)


SAID = [
    ("/sparql", TURTLE, "sparql>"),
    ("/.well-known/void", TURTLE, "dump.trig>"),
    ("/.well-known/void.nt", None, "sparql>"),
    ("/.well-known/sparql-examples", TURTLE, "sparql>"),
    ("/docs", "text/html", "query/"),
    ("/opensearch.xml", None, "search?q="),
    ("/reconcile", None, "reconcile"),
]


@pytest.mark.parametrize(("path", "accept", "inside"), SAID)
def test_the_addresses_are_those_that_clients_know(
    proxied: Site, path: str, accept: str | None, inside: str
) -> None:
    itself = proxied.get(path, accept).text
    assert proxied.address + inside in itself
    behind = proxied.get(path, accept, Host=HOST).text
    assert BASE + inside in behind
    assert f"http://{HOST}" not in behind
    assert proxied.address not in behind


def test_a_graph_is_known_by_the_address_that_it_was_given(proxied: Site) -> None:
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": TURTLE, "Host": HOST}
    made = proxied.ask("POST", "/graph", headers=headers, body=b"<urn:x:a> <urn:x:p> 1 .")
    assert made.status == 201
    location = made.headers["location"]
    assert location.startswith(f"{BASE}graph/added-")
    name = location.removeprefix(BASE)
    for asked in (f"/{name}", f"/graph?graph={location}"):
        assert "urn:x:a" in proxied.get(asked, TURTLE, Host=HOST).text
    assert "urn:x:a" in proxied.get(f"/graph?graph={proxied.address}{name}", TURTLE).text
    assert proxied.ask("DELETE", f"/graph?graph={location}", headers=headers).status == 204


def sign_in(site: Site, token: str, **headers: str) -> Got:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = {"name": ANN, "token": token}
    return site.ask("POST", "/review/sign-in", headers=sent, fields=fields)


def test_the_cookie_is_for_https_alone(proxied: Site) -> None:
    behind = sign_in(proxied, SECRET, Host=HOST)
    assert "; secure" in behind.headers["set-cookie"].lower()
    assert "; secure" not in sign_in(proxied, SECRET).headers["set-cookie"].lower()


def test_who_tries_tokens_keeps_nobody_else_out(proxied: Site) -> None:
    one = {"Host": HOST, "X_Forwarded_For": "198.51.100.1"}
    codes = [sign_in(proxied, str(number), **one).status for number in range(FREE + 1)]
    assert codes == [403] * FREE + [429]
    for headers, status in (
        (one, 429),
        ({"Host": HOST, "X_Forwarded_For": "203.0.113.9, 198.51.100.1"}, 429),
        ({"Host": HOST, "X_Forwarded_For": "198.51.100.1, 203.0.113.9"}, 303),
        ({"X_Forwarded_For": "198.51.100.1"}, 303),
        ({"Host": HOST}, 303),
    ):
        assert sign_in(proxied, SECRET, **headers).status == status, headers


CLIENTS = [
    ("127.0.0.1", HOST, ["198.51.100.1"], "198.51.100.1"),
    ("::1", HOST.upper(), ["198.51.100.1 , 2001:db8::1"], "2001:db8::1"),
    ("127.0.0.1", HOST, ["198.51.100.1", "198.51.100.2"], "198.51.100.2"),
    ("127.0.0.1", HOST, [], "127.0.0.1"),
    ("127.0.0.1", HOST, ["198.51.100.1,"], "127.0.0.1"),
    ("127.0.0.1", "localhost:8010", ["198.51.100.1"], "127.0.0.1"),
    ("192.0.2.7", HOST, ["198.51.100.1"], "192.0.2.7"),
    ("127.0.0.1", HOST, ["x" * 5000], "x" * 64),
    (None, HOST, ["198.51.100.1"], ""),
    ("a-socket", HOST, ["198.51.100.1"], "a-socket"),
]


@pytest.mark.parametrize(("peer", "host", "forwarded", "who"), CLIENTS)
def test_only_a_proxy_here_says_who_asks(
    peer: str | None, host: str, forwarded: list[str], who: str
) -> None:
    headers = [(b"host", host.encode()), *((b"x-forwarded-for", f.encode()) for f in forwarded)]
    scope = {"type": "http", "headers": headers, "client": (peer, 1234) if peer else None}
    assert client(Request(scope), BASE) == who


def test_so_many_cases_are_tried() -> None:
    assert len(SAID) == 7
    assert len(CLIENTS) == 10

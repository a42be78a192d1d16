"""The table of engines, and what a store behind a URL does by it."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg import config
from kg.errors import StoreError
from kg.store import named_graphs, open_store, select
from kg.store.access import Access
from kg.store.address import places
from kg.store.dialects import DIALECTS, UNKNOWN, Dialect, recognised
from kg.store.remote import RemoteStore
from tests.test_remote_hostile import JSON, Still, reply, saying

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = {"name", "title", "documented", "tried"}
G, S = ox.NamedNode("https://example.org/g"), ox.NamedNode("https://example.org/s")
ALL = "SELECT ?s WHERE { ?s ?p ?o }"
IN_G = "SELECT ?s FROM <https://example.org/g> WHERE { ?s ?p ?o }"


def test_every_engine_of_the_settings_is_in_the_table() -> None:
    assert tuple(DIALECTS) == config.ENGINES
    assert len(DIALECTS) == 9


@pytest.mark.parametrize("name", DIALECTS)
def test_what_is_said_of_an_engine_is_documented_by_it_or_was_tried(name: str) -> None:
    dialect, plain = DIALECTS[name], Dialect(name="", title="")
    special = {
        part.name
        for part in fields(Dialect)
        if part.name not in NAMES and getattr(dialect, part.name) != getattr(plain, part.name)
    }
    if name == "standard":
        assert special == {"union"}  # whoever names it says so
        return
    assert special <= dialect.documented.keys() | dialect.tried
    assert (dialect.documented.keys() | dialect.tried) - NAMES <= {
        part.name for part in fields(Dialect)
    }
    assert all(page.startswith("https://") for page in dialect.documented.values())
    assert dialect.documented
    if dialect.tried:  # only those that run in our tests
        assert name in {"virtuoso", "oxigraph"}


REPO = "repositories/kg"
PLACES = [
    ("virtuoso", "http://h/", False, "sparql", "sparql", "sparql-graph-crud"),
    ("virtuoso", "http://h/", True, "sparql", "sparql-auth", "sparql-graph-crud-auth"),
    ("virtuoso", "http://h/sparql", True, "sparql", "sparql-auth", "sparql-graph-crud-auth"),
    ("virtuoso", "http://h/sparql-auth", True, "sparql-auth", "sparql-auth", "sparql-graph-crud-auth"),
    ("oxigraph", "http://h/", False, "query", "update", "store"),
    ("oxigraph", "http://h/query", False, "query", "query", None),
    ("fuseki", "http://h/ds", False, "ds", "ds", "ds"),
    ("fuseki", "http://h/ds/", True, "ds/query", "ds/update", "ds/data"),
    ("graphdb", f"http://h/{REPO}", False, REPO, f"{REPO}/statements", f"{REPO}/rdf-graphs/service"),
    ("graphdb", "http://h/proxy", False, "proxy", "proxy", None),
    ("qlever", "http://h/api/kg", True, "api/kg", "api/kg", "api/kg"),
    ("blazegraph", "http://h/bigdata/sparql", False, "bigdata/sparql", "bigdata/sparql", None),
    ("neptune", "http://h/sparql", False, "sparql", "sparql", "sparql/gsp/"),
    ("stardog", "http://h/db/", False, "db/query", "db/update", "db/"),
    ("standard", "http://h/", False, "query", "update", None),
    ("standard", "http://h/x", False, "x", "x", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "url", "login", "query", "update", "graphs"), PLACES)
def test_where_an_engine_answers_what(
    name: str, url: str, login: bool, query: str, update: str, graphs: str | None
) -> None:
    found = places(url, DIALECTS[name], login=login)
    whole = tuple(None if part is None else f"http://h/{part}" for part in (query, update, graphs))
    assert found == whole


def test_an_engine_is_told_by_its_header_at_the_first_request_and_asked_once() -> None:
    assert recognised("Oxigraph/0.5.13").name == "oxigraph"
    assert recognised("") is recognised("nginx/1.0") is UNKNOWN
    virtuoso = reply(b"", "404 None", Server="Virtuoso/07.20.3229 (Linux)")
    with saying(virtuoso, reply()) as server:
        store = RemoteStore(server.url.removesuffix("sparql"), clock=Still())
        for _ in range(2):
            assert len(list(select(store, ALL))) == 1
    first, *others = server.heads
    assert first.startswith("GET /query?query=ASK")
    assert len(others) == 2
    for head in others:  # as a form, which Virtuoso wants
        assert head.startswith("POST /sparql HTTP")
        assert "application/x-www-form-urlencoded" in head


@pytest.mark.parametrize("status", ["400 No", "401 Who", "403 No", "405 No", "500 Oh"])
def test_a_server_that_does_not_take_the_first_question_is_asked_all_the_same(status: str) -> None:
    with saying(reply(b"", status), reply(NONE), reply()) as server:
        assert len(list(select(RemoteStore(server.url, clock=Still()), ALL))) == 1


def test_oxigraph_is_asked_for_the_union_unless_the_query_names_its_graphs() -> None:
    with saying(reply(Server="Oxigraph/0.5.13")) as server:
        store = RemoteStore(server.url, clock=Still())
        store.query(ALL)
        store.query(IN_G)
    assert [head.split()[1].partition("?")[2] for head in server.heads[1:]] == [
        "union-default-graph=",
        "default-graph-uri=https%3A//example.org/g",
    ]


YES, NO = b'{"head":{},"boolean":true}', b'{"head":{},"boolean":false}'


def rows(*found: dict[str, str]) -> bytes:
    """Rows of IRIs as JSON."""
    bindings = [{name: {"type": "uri", "value": iri} for name, iri in row.items()} for row in found]
    head = {"vars": list(found[0])}
    return json.dumps({"head": head, "results": {"bindings": bindings}}).encode()


NONE = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
ONE = rows({"s": "a:b", "p": "a:b", "o": "a:c"})
GRAPHS = rows({"g": "a:g"}, {"g": "a:h"})


def test_an_unknown_endpoint_is_asked_whether_its_default_graph_is_the_union() -> None:
    with saying(reply(YES), reply(ONE), reply(YES), reply()) as server:
        store = RemoteStore(server.url, clock=Still())
        store.query(ALL)
        store.query(ALL)
        assert len(server.requests) == 5
        assert b"ASK { <a:b> <a:b> <a:c> }" in server.requests[2]
        assert all("graph-uri" not in head for head in server.heads)


def test_where_it_is_not_every_graph_is_named() -> None:
    with saying(reply(YES), reply(ONE), reply(NO), reply(GRAPHS), reply()) as server:
        store = RemoteStore(server.url, clock=Still())
        store.query(ALL)
    named = server.heads[4].split()[1].partition("?")[2]
    assert sorted(named.split("&")) == [
        *("default-graph-uri=a%3Ag", "default-graph-uri=a%3Ah"),
        *("named-graph-uri=a%3Ag", "named-graph-uri=a%3Ah"),
    ]


def test_a_special_graph_stands_for_all_where_an_engine_has_one() -> None:
    for name in ("fuseki", "stardog"):
        with saying(reply(ONE), reply(NO), reply()) as server:
            store = RemoteStore(server.url, access=Access(dialect=name), clock=Still())
            store.query(ALL)
        assert server.heads[2].split()[1].count("graph-uri=") == 1
    with saying(reply(ONE), reply(NO), reply(GRAPHS), reply()) as server:
        store = RemoteStore(server.url, access=Access(dialect="fuseki"), clock=Still())
        store.query("SELECT ?s WHERE { ?s ?p ?o GRAPH ?g { ?s ?q ?x } }")
    named = server.heads[3].split()[1]
    assert named.count("default-graph-uri=urn") == 1
    assert named.count("named-graph-uri=") == 2


def test_too_many_graphs_to_name_are_said() -> None:
    graphs = rows(*({"g": f"a:{n}"} for n in range(2_001)))
    with saying(reply(YES), reply(ONE), reply(NO), reply(graphs)) as server:
        store = RemoteStore(server.url, clock=Still())
        with pytest.raises(StoreError, match="not the union of its 2,001 graphs") as caught:
            store.query(ALL)
        assert "store_dialect" in (caught.value.hint or "")


def test_oxigraph_without_its_flag_shows_the_union_all_the_same(plain_oxigraph: str) -> None:
    with open_store(plain_oxigraph) as store:
        store.put(G, [ox.Triple(S, S, ox.Literal("1"))])
        store.put(S, [ox.Triple(S, S, ox.Literal("2"))])
        assert len(list(select(store, ALL))) == 2
        assert named_graphs(store) == {G, S}
        assert len(list(select(store, IN_G))) == 1


def test_virtuosos_ways_to_say_yes_and_no_are_understood() -> None:
    row = b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[%s]}}'
    one = b'{"__ASK_RETVAL":{"type":"typed-literal","value":"1"}}'
    for body, answer in ((row % b"", False), (row % one, True), (YES, True), (NO, False)):
        with saying(reply(body, media_type=JSON)) as server:
            store = RemoteStore(server.url, access=Access(dialect="virtuoso"), clock=Still())
            assert bool(store.query("ASK { ?s ?p ?o }")) is answer


BOOLEAN = b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "1"'


def test_virtuosos_results_are_repaired_wherever_a_block_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from kg.store import answer

    row = b'{"s": {"type": "typed-literal", %s}}' % BOOLEAN
    node = b'{"s": {"type": "bnode", "value": "nodeID://b1"}}'
    body = b'{"head":{"vars":["s"]},"results":{"bindings":[%s]}}' % b",".join([row, node] * 50)
    for size in (1, 7, 64, 100, 1000):
        monkeypatch.setattr(answer, "_BLOCK", size)
        with saying(reply(body)) as server:
            store = RemoteStore(server.url, access=Access(dialect="virtuoso"), clock=Still())
            values = [row["s"] for row in select(store, ALL)]
        assert values[0].value == "true"
        assert values[1] == ox.BlankNode("b1")
        assert len(values) == 100
        assert len(set(map(str, values))) == 2


@pytest.fixture(scope="module")
def plain_oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Oxigraph's server as it starts by itself: its default graph is not the union."""
    program = Path(sys.executable).with_name("oxigraph")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    line = [str(program), "serve", "--bind", f"127.0.0.1:{port}"]
    log = tmp_path_factory.mktemp("oxigraph") / "log"
    with log.open("wb") as out, subprocess.Popen(line, stdout=out, stderr=out) as process:
        try:
            for _ in range(1000):
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.kill()

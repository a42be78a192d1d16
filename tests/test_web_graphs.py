"""The Graph Store Protocol: reading graphs, and writing them as files of the workspace."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from kg.web.protocol.results import GRAPH
from kg.web.server import running
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.workspace import Workspace
    from tests.web import Got

BASE = "https://example.org/kg/"
ENTITIES, ANALYSIS = f"{BASE}graph/entities", f"{BASE}graph/analysis"
NT, TURTLE = "application/n-triples", "text/turtle"
OWN = "https://other.example/people/1"


def path(graph: str) -> str:
    return f"/graph?{urlencode({'graph': graph})}"


def triples(content: bytes, media_type: str = NT) -> set[ox.Triple]:
    form = ox.RdfFormat.from_media_type(media_type)
    return {quad.triple for quad in ox.parse(content, format=form)}


# Reading


@pytest.mark.parametrize("media_type", list(GRAPH))
def test_a_graph_is_had_by_its_iri_in_every_format(
    site: Site, built: Workspace, media_type: str
) -> None:
    found = site.get(path(ENTITIES), media_type)
    assert (found.status, found.type) == (200, media_type)
    with built.reading() as store:
        graph = set(store.get(ox.NamedNode(ENTITIES)))
    assert triples(found.body, media_type) == graph
    assert len(graph) > 100


def test_all_who_ask_for_a_graph_get_the_same(site: Site) -> None:
    by_iri = site.get(path(ENTITIES), NT)
    for other in (f"{site.address}graph/entities", ENTITIES):
        assert site.get(path(other), NT).body == by_iri.body
    assert triples(site.get("/graph/entities", NT).body) == triples(by_iri.body)


def test_the_default_graph_is_the_union(site: Site) -> None:
    found = triples(site.get("/graph?default", NT).body)
    assert triples(site.get(path(ENTITIES), NT).body) < found
    query = urlencode({"query": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"})
    assert found == triples(site.get(f"/sparql?{query}", NT).body)


def test_a_graph_is_sent_again_only_when_the_data_change(site: Site) -> None:
    found = site.get(path(ENTITIES), TURTLE)
    again = site.get(path(ENTITIES), TURTLE, If_None_Match=found.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert site.get(path(ENTITIES), NT, If_None_Match=found.headers["etag"]).status == 200
    head = site.ask("HEAD", path(ENTITIES), accept=TURTLE)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == found.headers["content-length"]


NOT_READ: list[tuple[str, str | None, int, str]] = [
    (path("urn:x:nothing"), None, 404, "there is no such graph"),
    (path(f"{BASE}graph/nothing"), None, 404, "there is no such graph"),
    (path("<script>"), None, 400, "code point"),
    (path("people/1"), None, 400, "scheme"),
    (path("http://a b/"), None, 400, "code point"),
    ("/graph?graph=%FF", None, 400, "UTF-8"),
    ("/graph", None, 400, "which graph is meant"),
    ("/graph?default&graph=urn:x", None, 400, "which graph is meant"),
    ("/graph?graph=urn:x&graph=urn:y", None, 400, "which graph is meant"),
    (path(ENTITIES), "image/png", 406, TURTLE),
]


@pytest.mark.parametrize(("address", "accept", "status", "words"), NOT_READ)
def test_what_cannot_be_read_is_said(
    site: Site, address: str, accept: str | None, status: int, words: str
) -> None:
    found = site.get(address, accept)
    assert (found.status, found.type) == (status, "application/problem+json")
    assert words in found.json["detail"]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ["/graph", path(OWN), "/graph/file-x.ttl"])
def test_nobody_writes_to_a_server_that_only_reads(site: Site, method: str, address: str) -> None:
    headers = {"Content-Type": TURTLE, "Authorization": "Bearer "}
    found = site.ask(method, address, headers=headers, body=b"<a:a> <a:b> <a:c> .")
    assert found.status == (405 if method == "PATCH" else 403)


# Writing, over HTTP

ONE = b"<urn:x:a> <urn:x:p> 1 ."
TOKEN = "a token of some length"  # noqa: S105


@pytest.fixture(scope="module")
def written(
    tmp_path_factory: pytest.TempPathFactory, sample: Path
) -> Iterator[tuple[Site, Workspace]]:
    """A server of a workspace of the sample that may be written to."""
    from tests.conftest import make

    workspace = make(tmp_path_factory.mktemp("written") / "sample", sample)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TOKEN", TOKEN)
        with running(workspace, write=True) as address:
            yield Site(address), workspace


def write(
    site: Site, method: str, address: str, body: bytes | None = None, media_type: str = TURTLE
) -> Got:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": media_type}
    return site.ask(method, address, headers=headers, body=body)


def test_what_was_written_is_there_when_the_answer_comes(
    written: tuple[Site, Workspace],
) -> None:
    site, workspace = written
    assert write(site, "PUT", path(OWN), ONE).status == 201
    assert triples(site.get(path(OWN), NT).body) == triples(ONE, TURTLE)
    assert write(site, "PUT", path(OWN), ONE).status == 204
    assert write(site, "POST", path(OWN), b"<urn:x:a> <urn:x:p> 2 .").status == 204
    query = urlencode({"query": f"SELECT ?o {{ GRAPH <{OWN}> {{ ?s ?p ?o }} }} ORDER BY ?o"})
    found = site.get(f"/sparql?{query}").json["results"]["bindings"]
    assert [row["o"]["value"] for row in found] == ["1", "2"]
    assert len(list(workspace.graphs.iterdir())) == 1
    assert write(site, "DELETE", path(OWN)).status == 204
    assert site.get(path(OWN)).status == 404
    assert write(site, "DELETE", path(OWN)).status == 404
    assert not list(workspace.graphs.iterdir())


def test_a_graph_without_a_name_gets_one(written: tuple[Site, Workspace]) -> None:
    site, _ = written
    found = write(site, "POST", "/graph", b"<> <urn:x:p> 1 .")
    assert found.status == 201
    location = found.headers["location"]
    assert location.startswith(f"{site.address}graph/added-")
    name = location.removeprefix(site.address)
    (triple,) = triples(site.get(path(location), NT).body)
    assert triple.subject == ox.NamedNode(f"{BASE}{name}")
    assert triples(site.get(f"/{name}", NT).body) == {triple}
    assert write(site, "DELETE", f"/{name}").status == 204


def test_a_graph_may_be_added_to_in_several_files(written: tuple[Site, Workspace]) -> None:
    site, _ = written
    boundary = "----x"
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="{number}.ttl"\r\n'
        f"Content-Type: text/turtle; charset=utf-8\r\n\r\n<urn:x:{number}> <urn:x:p> 1 .\r\n"
        for number in range(3)
    )
    kind = f"multipart/form-data; boundary={boundary}"
    body = f"{parts}--{boundary}--\r\n".encode()
    assert write(site, "POST", "/graph/file-parts.ttl", body, kind).status == 201
    assert len(triples(site.get("/graph/file-parts.ttl", NT).body)) == 3
    assert write(site, "DELETE", "/graph/file-parts.ttl").status == 204


REFUSED: list[tuple[str, str, str, bytes, int]] = [
    ("PUT", path(OWN), "text/plain", ONE, 415),
    ("PUT", path(OWN), "application/json", ONE, 415),
    ("PUT", path(OWN), "multipart/form-data; boundary=x", ONE, 415),
    ("PUT", path(OWN), f"{TURTLE}; charset=utf-16", ONE, 415),
    ("POST", path(OWN), "multipart/form-data; boundary=x", b"--x\r\n\r\n", 400),
    ("POST", path(OWN), "multipart/form-data", b"--x\r\n\r\n", 400),
    (
        "POST",
        path(OWN),
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\nwords\r\n--x--\r\n',
        400,
    ),
    ("PUT", path(OWN), TURTLE, b"<urn:x:a> .", 400),
    ("PUT", path("nothing"), TURTLE, ONE, 400),
    ("PUT", "/graph", TURTLE, ONE, 400),
    ("PUT", "/graph?default", TURTLE, ONE, 409),
    ("PUT", "/graph/entities", TURTLE, ONE, 409),
    ("DELETE", path(ENTITIES), TURTLE, b"", 409),
]


@pytest.mark.parametrize(("method", "address", "media_type", "body", "status"), REFUSED)
def test_what_cannot_be_written_changes_nothing(
    written: tuple[Site, Workspace],
    method: str,
    address: str,
    media_type: str,
    body: bytes,
    status: int,
    files_of: Callable[[Workspace], dict[str, bytes]],
) -> None:
    site, workspace = written
    before = files_of(workspace)
    found = write(site, method, address, body, media_type)
    assert (found.status, found.type) == (status, "application/problem+json"), found.text
    assert files_of(workspace) == before


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}"],
)
def test_whoever_has_no_token_does_not_write(
    written: tuple[Site, Workspace], given: str | None
) -> None:
    site, _ = written
    headers = {"Content-Type": TURTLE} | ({} if given is None else {"Authorization": given})
    for method in ("PUT", "POST", "DELETE"):
        found = site.ask(method, path(OWN), headers=headers, body=ONE)
        assert found.status == 401
        assert found.headers["www-authenticate"].startswith("Bearer")
        assert TOKEN not in found.text
    assert write(site, "DELETE", path(OWN)).status == 404  # and who has it has guessed nothing
    assert site.get(path(OWN)).status == 404


LARGE = b" " * 1_000_001
LIMITS = [
    ("PUT", path(OWN), f"Bearer {TOKEN}", 201),
    ("PUT", "/graph/file-large.ttl", f"bearer  {TOKEN}", 201),
    ("PUT", path(OWN), f"Bearer {TOKEN}x", 413),
    ("PUT", path(OWN), "Bearer", 413),
    ("PUT", "/graphs", f"Bearer {TOKEN}", 413),
    ("POST", "/sparql", f"Bearer {TOKEN}", 413),
    ("POST", "/reconcile/match", f"Bearer {TOKEN}", 413),
    ("POST", "/review/sign-in", f"Bearer {TOKEN}", 413),
]


@pytest.mark.parametrize(("method", "address", "given", "status"), LIMITS)
def test_only_who_writes_graphs_may_send_much(
    written: tuple[Site, Workspace], site: Site, method: str, address: str, given: str, status: int
) -> None:
    assert len(LIMITS) == 8
    headers = {"Authorization": given, "Content-Type": TURTLE}
    found = written[0].ask(method, address, headers=headers, body=ONE + LARGE)
    assert found.status == status, found.text
    if found.status == 201:
        assert write(written[0], "DELETE", address).status == 204
    # No token is that of a server that only reads.
    assert site.ask(method, address, headers=headers, body=ONE + LARGE).status == 413


def test_pages_of_other_origins_do_not_write(written: tuple[Site, Workspace]) -> None:
    site, _ = written
    headers = {
        "Origin": "https://other.example",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization",
    }
    found = site.ask("OPTIONS", path(OWN), headers=headers)
    assert found.status == 400
    assert "PUT" not in found.headers.get("access-control-allow-methods", "")


def test_those_who_write_at_the_same_time_come_one_after_the_other(
    written: tuple[Site, Workspace], rebuilt: Callable[[Workspace], bytes]
) -> None:
    site, workspace = written
    found: list[int] = []

    def post(number: int) -> None:
        body = f"<urn:x:{number}> <urn:x:p> {number} .".encode()
        found.append(write(site, "POST", path(OWN), body).status)

    threads = [threading.Thread(target=post, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [201, 204, 204, 204]
    assert len(triples(site.get(path(OWN), NT).body)) == 4
    assert b"urn:x:3" in rebuilt(workspace)
    assert write(site, "DELETE", path(OWN)).status == 204


def test_a_name_is_escaped_wherever_it_is_said(site: Site) -> None:
    found = site.get(f"/graph?graph={quote('<img src=x onerror=alert(1)>')}", "text/html, */*")
    assert found.status == 400
    assert found.type == "application/problem+json"


def test_so_many_cases_are_tried() -> None:
    assert len(NOT_READ) == 10
    assert len(REFUSED) == 13

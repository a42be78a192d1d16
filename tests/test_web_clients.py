"""Clients that others wrote, on loopback: SPARQLWrapper, rdflib, curl, Comunica, and our own store."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from rdflib import Dataset, Graph, Literal, URIRef, Variable
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import GET, JSON, POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from kg.errors import InputError, StoreError
from kg.store import construct, named_graphs, open_store, select

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.web import Site

KG = "https://w3id.org/newskg/ontology#"
GRAPH = "https://example.org/kg/graph/entities"
SELECT = f"SELECT ?claim {{ ?claim a <{KG}Claim> }} ORDER BY ?claim"
ASK = f"ASK {{ ?claim a <{KG}Claim> }}"
CONSTRUCT = f"CONSTRUCT {{ ?claim a <{KG}Claim> }} WHERE {{ ?claim a <{KG}Claim> }}"


@pytest.fixture
def claims(built: Workspace) -> list[str]:
    with built.reading() as store:
        return [str(row["claim"]).strip("<>") for row in select(store, SELECT)]


# SPARQLWrapper

WRAPPED: list[tuple[str, str]] = [
    *((SELECT, form) for form in ("json", "xml", "csv", "tsv")),
    *((ASK, form) for form in ("json", "xml")),
    *((CONSTRUCT, form) for form in ("turtle", "rdf+xml", "json-ld", "n3", "xml")),
]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # SPARQLWrapper's own
@pytest.mark.parametrize("way", ["get", "form", "direct"])
@pytest.mark.parametrize(("query", "form"), WRAPPED)
def test_sparqlwrapper_reads_every_format(
    site: Site, claims: list[str], query: str, form: str, way: str
) -> None:
    client = SPARQLWrapper(f"{site.address}sparql")
    client.setMethod(GET if way == "get" else POST)
    client.setRequestMethod(POSTDIRECTLY if way == "direct" else URLENCODED)
    client.setReturnFormat(form)
    client.setQuery(query)
    found: Any = client.query().convert()
    assert len(claims) > 10
    if query == ASK:
        answer = found["boolean"] if form == "json" else found.toxml()
        assert answer is True or "<boolean>true</boolean>" in answer
    elif query == CONSTRUCT:
        if not isinstance(found, Graph):
            found = Graph().parse(data=found, format="turtle" if form == "n3" else form)
        assert sorted(map(str, found.subjects())) == claims
    elif form == "json":
        assert [row["claim"]["value"] for row in found["results"]["bindings"]] == claims
    elif form == "xml":
        assert [node.firstChild.data for node in found.getElementsByTagName("uri")] == claims
    else:
        lines = found.decode().split()
        assert [line.strip("<>") for line in lines[1:]] == claims


def test_sparqlwrapper_shows_people_what_is_wrong(site: Site) -> None:
    client = SPARQLWrapper(f"{site.address}sparql")
    client.setReturnFormat(JSON)
    client.setQuery("SELECT ?x\n{ ?x a }")
    with pytest.raises(QueryBadFormed, match=r"SPARQL: line 2, column 9: not expected here"):
        client.query()


def test_sparqlwrapper_names_graphs(site: Site, built: Workspace) -> None:
    client = SPARQLWrapper(f"{site.address}sparql", defaultGraph=GRAPH)
    client.setReturnFormat(JSON)
    client.setQuery("SELECT ?s ?p ?o { ?s ?p ?o }")
    found: Any = client.queryAndConvert()
    with built.reading() as store:
        assert len(found["results"]["bindings"]) == len(list(store.get(ox.NamedNode(GRAPH))))


# rdflib


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_asks_our_endpoint(site: Site, claims: list[str], method: str, form: str) -> None:
    store = SPARQLStore(f"{site.address}sparql", method=method, returnFormat=form)
    graph = Dataset(store=store, default_union=True)
    found = graph.query(SELECT).bindings
    assert [str(row[Variable("claim")]) for row in found] == claims
    graph.close()


def test_rdflib_walks_through_a_graph_at_our_endpoint(site: Site, claims: list[str]) -> None:
    store = SPARQLStore(f"{site.address}sparql")
    graph = Graph(store=store)
    found = graph.triples((None, URIRef(f"{KG}nothing"), Literal("x")))
    assert list(found) == []
    subjects = {str(s) for s, _, _ in graph.triples((None, None, URIRef(f"{KG}Claim")))}
    assert subjects >= set(claims)
    assert len(graph) > 1000
    found_ask = graph.query(ASK)
    assert found_ask.askAnswer is True
    assert len(graph.query(CONSTRUCT).graph or ()) == len(claims)
    named = Graph(store=SPARQLStore(f"{site.address}sparql"), identifier=URIRef(GRAPH))
    assert 0 < len(list(named.triples((None, None, None)))) < len(graph)


# curl


@pytest.fixture(scope="module")
def curl() -> str:
    found = shutil.which("curl")
    if found is None:
        pytest.skip("curl is not here")
    return found


CURL: list[tuple[list[str], str]] = [
    (["--get", "--data-urlencode", f"query={ASK}"], '"boolean":true'),
    (["--data-urlencode", f"query={ASK}"], '"boolean":true'),
    (["-H", "Content-Type: application/sparql-query", "--data-binary", ASK], '"boolean":true'),
    (["-H", "Accept: application/sparql-results+xml", "--data-urlencode", f"query={ASK}"], "<?xml"),
    (["-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}"], "claim\r\nhttps://"),
    (["-H", "Accept: text/turtle"], "sd:Service"),
    (["-H", "Expect: 100-continue", "--data-urlencode", f"query={ASK}"], '"boolean":true'),
    (["-H", "Transfer-Encoding: chunked", "--data-urlencode", f"query={ASK}"], '"boolean":true'),
    (["--http1.0", "--data-urlencode", f"query={ASK}"], '"boolean":true'),
]


@pytest.mark.parametrize(("arguments", "words"), CURL)
def test_curl_gets_an_answer(site: Site, curl: str, arguments: list[str], words: str) -> None:
    command = [curl, "--silent", "--show-error", "--fail", "--max-time", "30", *arguments]
    found = subprocess.run(
        [*command, f"{site.address}sparql"], capture_output=True, check=True, timeout=60
    )
    assert words in found.stdout.decode()


# Our own store


@pytest.fixture
def remote(site: Site) -> Iterator[GraphStore]:
    with open_store(f"{site.address}sparql") as store:
        yield store


def test_a_workspace_may_ask_another_ones_server(
    remote: GraphStore, built: Workspace, claims: list[str]
) -> None:
    with built.reading() as store:
        assert named_graphs(remote) == named_graphs(store)
        for graph in named_graphs(store):
            assert set(remote.get(graph)) == set(store.get(graph))
        for query in (
            "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g",
            f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH}> {{ ?s ?p ?o }}",  # noqa: S608
            f"SELECT (COUNT(*) AS ?n) FROM NAMED <{GRAPH}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",  # noqa: S608
        ):
            form = ox.QueryResultsFormat.CSV
            there, ours = select(remote, query), select(store, query)
            assert there.serialize(format=form) == ours.serialize(format=form)
    assert [str(row["claim"]).strip("<>") for row in select(remote, SELECT)] == claims
    assert bool(remote.query(ASK))
    assert len(list(construct(remote, CONSTRUCT))) == len(claims)
    assert list(remote.get(ox.NamedNode("urn:x:nothing"))) == []


def test_the_errors_of_a_server_are_those_of_a_store(remote: GraphStore, built: Workspace) -> None:
    with built.reading() as store:
        for query in ("SELECT ?x { ?x a", "SELECT ?x\n{ ?x ex:a 1 }", "ASK { ?x a 1 . FILTER }"):
            messages = []
            for each in (store, remote):
                with pytest.raises(InputError) as error:
                    each.query(query)
                messages.append(str(error.value).partition(" declare it")[0])
            assert messages[0] == messages[1]
    with pytest.raises(StoreError, match="403"):
        remote.update("CLEAR ALL")
    with pytest.raises(StoreError, match="403"):
        remote.put(ox.NamedNode("urn:x:g"), [])


# Comunica

COMUNICA = os.environ.get("KG_COMUNICA", "")
"""A folder into which `npm install @comunica/query-sparql@4` was run: 82 MB from the network, in 50 s.

Version 5 needs Node 22.
"""


@pytest.mark.skipif(
    not COMUNICA or shutil.which("node") is None,
    reason="KG_COMUNICA names no folder with @comunica/query-sparql, or there is no node",
)
@pytest.mark.parametrize("context", ["sparql@", ""])
def test_comunica_asks_our_endpoint(site: Site, claims: list[str], context: str) -> None:
    program = Path(COMUNICA) / "node_modules" / ".bin" / "comunica-sparql"
    form = "application/sparql-results+json"
    found = subprocess.run(
        [program, f"{context}{site.address}sparql", SELECT, "-t", form],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert found.returncode == 0, found.stderr.decode()
    rows = json.loads(found.stdout)["results"]["bindings"]
    assert [row["claim"]["value"] for row in rows] == claims


def test_so_many_cases_are_tried() -> None:
    assert len(CURL) == 9

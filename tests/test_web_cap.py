"""Answers of the SPARQL endpoint: the cap on their rows, the way over the disk, what is kept of queries."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import InputError
from kg.store import open_store
from kg.web.protocol import results
from kg.web.readers.reading import Reading
from kg.web.readers.reply import Refused
from kg.web.views.sparql import answer, queries
from tests.web_sparql import ASK, SELECT, asked, body, view

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.web.readers.reply import Reply
    from kg.workspace import Workspace
    from tests.web import Site


@pytest.fixture
def reading(built: Workspace) -> Iterator[Reading]:
    with built.reading() as store:
        yield Reading(workspace=built, store=store, generation="1")


@contextlib.contextmanager
def over(built: Workspace, triples: Sequence[ox.Triple]) -> Iterator[Reading]:
    """A reading of a store of its own, in memory."""
    with open_store("memory:") as store:
        store.put(ox.NamedNode("urn:x:graph"), triples)
        yield Reading(workspace=built, store=store, generation="1")


def rows(reply: Reply) -> int:
    content, form = body(reply), ox.QueryResultsFormat.from_media_type(reply.media_type)
    if reply.media_type == "text/csv":
        return len(list(csv.reader(io.StringIO(content.decode())))) - 1
    assert form is not None
    parsed = ox.parse_query_results(content, format=form)
    assert isinstance(parsed, ox.QuerySolutions)
    return len(list(parsed))


NINE = "VALUES ?x { 1 2 3 4 5 6 7 8 9 }"
CAPS: list[tuple[str, int, bool]] = [
    (f"SELECT ?x {{ {NINE} }}", 5, True),
    (f"SELECT ?x {{ {NINE} }} LIMIT 9", 5, True),
    (f"SELECT ?x {{ {NINE} }} LIMIT 6", 5, True),
    (f"SELECT ?x {{ {NINE} }} LIMIT 5", 5, False),
    (f"SELECT ?x {{ {NINE} }} LIMIT 4 # LIMIT 7", 4, False),
    (f"SELECT ?x {{ {NINE} }} LIMIT 0", 0, False),
    (f"SELECT ?x {{ {NINE} }} OFFSET 3", 5, True),
    (f"SELECT ?x {{ {NINE} }} OFFSET 4", 5, False),
    (f"SELECT ?x {{ {NINE} }} OFFSET 5 # the end", 4, False),
    (f"SELECT ?x {{ {NINE} }} OFFSET 4 LIMIT 9", 5, False),
    (f"SELECT ?x {{ {NINE} }} LIMIT 7 OFFSET 1", 5, True),
    (f"SELECT * {{ {NINE} }} ORDER BY DESC(?x)", 5, True),
    (f"SELECT ?x {{ {{ SELECT ?x {{ {NINE} }} LIMIT 9 }} }}", 5, True),
    (f"SELECT ?x {{ {{ SELECT ?x {{ {NINE} }} LIMIT 5 }} }}", 5, False),
    (f"SELECT ?x (COUNT(*) AS ?n) {{ {NINE} }} GROUP BY ?x HAVING (?x > 3)", 5, True),
    (f"SELECT ?x (COUNT(*) AS ?n) {{ {NINE} }} GROUP BY ?x HAVING (?x > 4)", 5, False),
    (f"SELECT ?x {{ }} {NINE}", 5, True),
    ("SELECT ?y { VALUES ?x { 1 2 3 4 5 6 } }", 5, True),
    ("SELECT ?y { VALUES ?x { 1 2 3 4 5 } }", 5, False),
    ('SELECT ?x { VALUES ?x { "},{ },{ },{ },{\\n\\n\\n\\n<result><result><result>" } }', 1, False),
]


@pytest.mark.parametrize("accept", list(results.ROWS))
@pytest.mark.parametrize(("query", "number", "cut"), CAPS)
def test_no_more_rows_come_than_the_cap_and_it_is_said(
    reading: Reading, query: str, number: int, cut: bool, accept: str
) -> None:
    found = view(reading, query, accept)
    assert rows(found) == number or accept == "text/csv"  # where csv has no word for an empty row
    assert found.headers["Kg-Row-Limit"] == "5"
    assert found.headers.get("Kg-Truncated") == ("true" if cut else None)


def test_the_number_of_caps_is_known() -> None:
    assert len(CAPS) == 20


def test_rows_that_are_cut_are_the_first_of_their_order(reading: Reading) -> None:
    found = view(reading, f"SELECT ?x {{ {NINE} }} ORDER BY DESC(?x)")
    values = [row["x"]["value"] for row in json.loads(body(found))["results"]["bindings"]]
    assert values == ["9", "8", "7", "6", "5"]


def test_the_cap_is_announced_where_nothing_is_cut(site: Site) -> None:
    found = asked(site, SELECT)
    assert found.headers["kg-row-limit"] == "100000"
    assert "kg-truncated" not in found.headers
    assert "kg-row-limit" not in asked(site, ASK).headers


@pytest.mark.parametrize("accept", [*results.ROWS, *results.GRAPH])
def test_large_answers_go_over_the_disk_and_say_the_same(
    built: Workspace, accept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    triples = [
        ox.Triple(ox.NamedNode(f"urn:x:{i}"), ox.NamedNode("urn:x:p"), ox.Literal(f"}},{{{i}\n"))
        for i in range(2000)
    ]
    query = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s"
    if accept in results.GRAPH:
        query = "CONSTRUCT WHERE { ?s ?p ?o }"
    with over(built, triples) as reading:
        small = view(reading, query, accept, rows=1900)
        monkeypatch.setattr(results, "LARGE", 20_000)
        large = view(reading, query, accept, rows=1900)
        assert isinstance(small.body, bytes)
        assert isinstance(large.body, bytes) == (accept == "application/rdf+xml")
        assert large.headers == small.headers
        assert ("Kg-Truncated" in large.headers) == (accept in results.ROWS)
        assert body(large) == small.body
        monkeypatch.setattr(results, "MOST", 30_000)
        if accept != "application/rdf+xml":
            made = [reading.spool()]
            monkeypatch.setattr(reading, "spool", lambda: made[0])
            with pytest.raises(Refused, match="more than 30,000 bytes"):
                view(reading, query, accept, rows=1900)
            assert [path.exists() for path in made] == [False]


def test_a_separator_on_the_edge_of_two_writes_counts_once(reading: Reading) -> None:
    for step in range(1, 8):
        whole = b'{"a":1},{"a":2},{"a":3},{}' * 5
        made = results.Body(reading, b"},{")
        for start in range(0, len(whole), step):
            made._count(whole[start : start + step])
        assert made._seen == whole.count(b"},{") == 15


def test_the_same_query_is_taken_apart_once(reading: Reading) -> None:
    first = view(reading, SELECT)
    known = reading.once(queries)
    before = dict(known)
    assert view(reading, SELECT) == first
    assert known == before
    for number in range(600):
        view(reading, f"ASK {{ ?s ?p {number} }}")
    assert 0 < len(known) <= 500


def test_relative_iris_count_from_the_address(site: Site) -> None:
    found = asked(site, "CONSTRUCT { <s> <#p> <> } WHERE {}", "application/n-triples")
    place = f"{site.address}sparql"
    assert found.text.startswith(f"<{site.address}s> <{place}#p> <{place}> .")


def test_a_remote_store_is_asked_like_our_own(built: Workspace, server: str) -> None:
    graphs = {name: ox.NamedNode(f"urn:x:{name}") for name in "ab"}
    with open_store(server) as store:
        store.update("DROP ALL")
        for graph in graphs.values():
            store.put(graph, [ox.Triple(graph, graph, graph)])
        reading = Reading(workspace=built, store=store, generation="1")
        query = "SELECT * { ?s ?p ?o }"
        assert rows(view(reading, query)) == 2
        found = answer(
            reading, sparql=query, accept=None, rows=5, base="http://x/", default=["urn:x:a"]
        )
        assert rows(found) == 1
        with pytest.raises(InputError, match="line 1, column"):
            view(reading, "SELECT ?s { ")


def test_a_large_answer_comes_whole_and_leaves_nothing_behind(site: Site) -> None:
    folder = Path(tempfile.gettempdir())
    before = set(folder.glob("kg-reply-*"))
    query = "SELECT ?a ?b { ?a a ?x . ?b a ?y }"
    found = asked(site, query, "text/tab-separated-values")
    assert found.status == 200
    assert found.headers["kg-truncated"] == "true"
    assert len(found.body) > results.LARGE
    assert int(found.headers["content-length"]) == len(found.body)
    assert found.body.count(b"\n") == 1 + int(found.headers["kg-row-limit"]) == 100_001
    until = time.monotonic() + 10  # the file is deleted when all of it has been sent
    while not set(folder.glob("kg-reply-*")) <= before:
        assert time.monotonic() < until
        time.sleep(0.05)

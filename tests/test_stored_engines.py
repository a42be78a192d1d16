"""Every stored query gives the same rows on Oxigraph in memory, in a folder and as a server, and on rdflib."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import yaml

from kg.query import bound, results, stored
from kg.query.answer import solutions
from kg.store import named_graphs, open_store, select
from tests.conftest import SLOW
from tests.rdflib_store import RdflibStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.engines import Server

pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own

EXPECTED = Path(__file__).with_name("expected")
QUERIES = {name: stored.load(path) for name, path in stored.find([]).items()}
Engines = dict[str, "GraphStore"]


def calls(query: stored.StoredQuery) -> list[dict[str, str]]:
    """As its expected rows and its tests call it, with its examples, and with each option alone."""
    given = {key: str(p.example) for key, p in query.parameters.items()}
    need = {key: given[key] for key in query.required}
    found = [need, given, *(need | {key: value} for key, value in given.items())]
    found += [dict(case.values) for case in query.cases]
    file = EXPECTED / f"{query.name}.yaml"
    expected: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    for case in expected:
        found.append({key: str(v) for key, v in (case.get("parameters") or {}).items()})
    return [call for number, call in enumerate(found) if call not in found[:number]]


LONG: tuple[tuple[str, dict[str, str]], ...] = (
    ("changes-between-articles", {"from": "article/f3ba54f74531", "to": "article/cc212dc1fd1e"}),
    ("causes", {}),
    ("causes", {"event": "north-korea-closes-special-panel"}),
    ("causes", {"event": "pompeo-visits-tokyo"}),
)
"""Calls that rdflib takes long for, since it joins sub-SELECTs row by row, the first one a minute: with
KG_SLOW=1 the rest of them are asked of it, too."""
LEFT_OUT = LONG[:1] if SLOW else LONG

CALLS = [(name, call) for name, query in QUERIES.items() for call in calls(query)]


@pytest.fixture(scope="module")
def engines(built: Workspace, new_server: Callable[[], Server]) -> Iterator[Engines]:
    """The founding corpus in each of them."""
    with (
        built.reading() as disk,
        open_store(new_server().url) as server,
        open_store("memory:") as memory,
        RdflibStore() as rdflib,
    ):
        for other in (memory, server, rdflib):
            for graph in named_graphs(disk):
                other.put(graph, disk.get(graph))
        yield {"disk": disk, "memory": memory, "server": server, "rdflib": rdflib}


def answered(store: GraphStore, sparql: str) -> tuple[list[str], list[dict[str, Any]]]:
    """The columns and the rows, without those that have no value.

    For a GROUP BY over nothing rdflib has a row without values, where SPARQL has no row.
    """
    found = select(store, sparql)
    names = [variable.value for variable in found.variables]
    rows = [{name: row[name] for name in names if row[name] is not None} for row in found]
    return names, [row for row in rows if row]


def test_every_query_is_asked_of_every_engine(engines: Engines) -> None:
    assert list(engines) == ["disk", "memory", "server", "rdflib"]
    assert engines["disk"].folder is not None  # type: ignore[attr-defined]
    assert engines["memory"].folder is None  # type: ignore[attr-defined]
    sizes = {sum(1 for g in named_graphs(s) for _ in s.get(g)) for s in engines.values()}
    assert len(sizes) == 1
    assert min(sizes) > 4000
    files = {path.stem for path in (Path(__file__).parents[1] / "queries").glob("*.rq")}
    assert {name for name, _ in CALLS} == files
    assert len(files) >= 26
    assert len(CALLS) >= 3 * len(files)
    for long in LONG:
        assert long in CALLS
        assert any(one[0] == long[0] for one in CALLS if one not in LONG)


@pytest.mark.parametrize(("name", "call"), CALLS, ids=str)
def test_all_engines_give_the_same_rows(
    name: str, call: dict[str, str], engines: Engines, built: Workspace
) -> None:
    """The same terms in the same order, and the same bytes of CSV."""
    query = QUERIES[name]
    sparql = bound(engines["disk"], query, call, built.prefixes)
    assert {bound(store, query, call, built.prefixes) for store in engines.values()} == {sparql}
    answers = {
        engine: answered(store, sparql)
        for engine, store in engines.items()
        if engine != "rdflib" or (name, call) not in LEFT_OUT
    }
    same = {engine for engine, answer in answers.items() if answer == answers["disk"]}
    assert same == answers.keys()
    tables = {
        results.write(solutions(*answer), "csv", prefixes=built.prefixes, headings=query.columns)
        for answer in answers.values()
    }
    assert len(tables) == 1


@pytest.mark.parametrize("name", QUERIES)
def test_the_order_of_the_rows_is_left_to_no_engine(
    name: str, engines: Engines, built: Workspace
) -> None:
    """No two rows that differ have the same place: a page would have one of them twice, or never."""
    query = QUERIES[name]
    assert "ORDER BY" in query.sparql
    for call in calls(query)[:2]:
        sparql = bound(engines["disk"], query, call, built.prefixes)
        _, rows = answered(engines["memory"], sparql)
        assert rows == answered(engines["memory"], sparql)[1]
        assert len({str(sorted(row.items())) for row in rows}) == len(rows)


def test_terms_that_are_alike_are_not_taken_for_the_same() -> None:
    """What the comparison above rests on."""
    one, other = ox.Literal("1"), ox.Literal("1", datatype=ox.NamedNode("urn:x"))
    assert one != other
    assert ox.Literal("a", language="en") != ox.Literal("a")

"""Every stored query gives the same rows on Virtuoso and Oxigraph's server as on Oxigraph in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kg.query import bound, results
from kg.query.answer import solutions
from kg.store import named_graphs, select
from tests.engines import filled
from tests.test_stored_engines import QUERIES, answered
from tests.test_stored_engines import calls as founding_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.query.parameters import Parameter
    from kg.query.stored import StoredQuery
    from kg.store import GraphStore
    from kg.workspace import Workspace

pytestmark = pytest.mark.xdist_group("virtuoso")
CORPORA = {"founding": "built", "newsroom": "built_newsroom"}
ANY = "VALUES ?class { kg:Actor kg:Event skos:Concept } ?x a ?class"
"""What a parameter without a class may be."""
AT_MOST = 4
"""Ways to call a query that are asked: Virtuoso takes seconds to compile the long ones, each time anew."""
LACKING = {
    (
        "newsroom",
        "disputed-dates",
    ): "Virtuoso's GROUP_CONCAT has several bases in an order of its own"
}
JOINED = 3
"""Sub-SELECTs beyond which Virtuoso 7.2.5 may lose rows of a join: one server does, the next does not."""
LOST = 6, 0.25
"""Rows that may be lost so, by number or by share. Others than there are, or another order, are never right."""
Engines = dict[str, "GraphStore"]
Answer = tuple[list[str], list[dict[str, Any]]]


@pytest.fixture(scope="module", params=CORPORA)
def corpus_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def workspace(corpus_name: str, request: pytest.FixtureRequest) -> Workspace:
    found: Workspace = request.getfixturevalue(CORPORA[corpus_name])
    return found


@pytest.fixture(scope="module")
def engines(workspace: Workspace, virtuoso_url: str, oxigraph_url: str) -> Iterator[Engines]:
    """A corpus in each of them."""
    with (
        workspace.reading() as own,
        filled(virtuoso_url, own) as virtuoso,
        filled(oxigraph_url, own) as oxigraph,
    ):
        yield {"own": own, "virtuoso": virtuoso, "oxigraph": oxigraph}


def calls(query: StoredQuery, corpus_name: str, store: GraphStore) -> list[dict[str, str]]:
    """As the founding corpus is asked; another, with the things it says most of in place of the examples."""
    if corpus_name == "founding":
        return founding_calls(query)[:AT_MOST]
    values = {name: found(store, parameter) for name, parameter in query.parameters.items()}
    # Two parameters of a kind are two things: from one article to another.
    need = {name: values[name][number] for number, name in enumerate(query.required)}
    options = values.keys() - need.keys()
    return [need, *(need | {name: values[name][0]} for name in sorted(options))]


def found(store: GraphStore, parameter: Parameter) -> list[str]:
    """Some values of a parameter: the things of its class that most is said of, or two days."""
    if parameter.type == "date":
        return ["2031-03-05", "2031-03-12"]
    kind = f"?x a {parameter.class_}" if parameter.class_ else ANY
    rows = select(
        store,
        "PREFIX kg: <https://w3id.org/newskg/ontology#> "
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        f"SELECT ?x (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {kind} . ?s ?p ?x . ?x ?q ?o "
        f"FILTER(CONTAINS(STR(?x), '/id/')) }} GROUP BY ?x ORDER BY DESC(?n) ?x LIMIT 2",
    )
    return [row["x"].value for row in rows]


def test_each_engine_has_all_that_the_own_store_has(engines: Engines) -> None:
    held = [
        {(graph, triple) for graph in named_graphs(store) for triple in store.get(graph)}
        for store in engines.values()
    ]
    assert len(held) == 3
    assert len(held[0]) > 4_000
    assert held[0] == held[1] == held[2]


@pytest.mark.parametrize("name", QUERIES)
def test_a_stored_query_has_the_same_rows(
    name: str,
    corpus_name: str,
    engines: Engines,
    workspace: Workspace,
    request: pytest.FixtureRequest,
) -> None:
    """The same terms in the same order, and the same bytes of CSV, however it is called."""
    if (corpus_name, name) in LACKING:
        # Not strict: the order may be that of another plan on the next server.
        mark = pytest.mark.xfail(reason=LACKING[corpus_name, name], strict=False)
        request.applymarker(mark)
    query = QUERIES[name]
    for call in calls(query, corpus_name, engines["own"]):
        sparql = bound(engines["own"], query, call, workspace.prefixes)
        answers = {engine: answered(store, sparql) for engine, store in engines.items()}
        assert answers["oxigraph"] == answers["own"], call
        if sparql.count("SELECT") > JOINED:
            answers["virtuoso"] = with_what_was_lost(answers["virtuoso"], answers["own"])
        assert answers["virtuoso"] == answers["own"], call
        tables = {
            results.write(
                solutions(*answer), "csv", prefixes=workspace.prefixes, headings=query.columns
            )
            for answer in answers.values()
        }
        assert len(tables) == 1


def with_what_was_lost(answer: Answer, whole: Answer) -> Answer:
    """An answer with the rows that it lacks, if they are few and it has no others."""
    (columns, rows), (_, all_rows) = answer, whole
    number, share = LOST
    lost, left = len(all_rows) - len(rows), iter(all_rows)
    few = 0 < lost <= max(number, share * len(all_rows))
    return (columns, all_rows) if few and all(row in left for row in rows) else answer


def test_only_rows_that_are_missing_count_as_lost() -> None:
    rows = [{"n": number} for number in range(30)]
    for answer, known in [
        (rows[:7] + rows[8:], True),
        (rows[7:], True),
        (rows[8:], False),
        ([*rows[1::-1], *rows[3:]], False),
        ([*rows[:7], {"n": 99}, *rows[9:]], False),
        ([*rows[:-1], rows[0]], False),
    ]:
        found = with_what_was_lost((["n"], answer), (["n"], rows))
        assert (found == (["n"], rows)) == known


def test_queries_are_asked_in_many_ways_and_have_rows(
    corpus_name: str, engines: Engines, workspace: Workspace
) -> None:
    """Comparisons of nothing with nothing show nothing."""
    asked = [
        (name, answered(engines["own"], bound(engines["own"], query, call, workspace.prefixes))[1])
        for name, query in QUERIES.items()
        for call in calls(query, corpus_name, engines["own"])
    ]
    assert len(QUERIES) >= 46
    assert len(asked) >= 2 * len(QUERIES)
    assert len({name for name, rows in asked if rows}) >= 40

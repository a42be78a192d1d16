"""The stored queries, asked of the founding corpus.

`expected/NAME.yaml` has what a reader of the two articles expects of a query, written down before
the query was ever run: parameters, columns, and the rows in any order.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import yaml

from kg import resources
from kg.names import resolve
from kg.query import bound, results, run, stored
from kg.query.parameters import TYPES
from kg.sparql import calls_out
from kg.store import named_graphs, open_store, select

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import GraphStore
    from kg.workspace import Workspace

EXPECTED = Path(__file__).with_name("expected")
QUERIES = {name: stored.load(path) for name, path in stored.find([]).items()}
WITH_ROWS = {name: query for name, query in QUERIES.items() if name != "checks"}
"""Those that have rows in the founding corpus; what Wikidata says is compared in a module of its own."""


def cases() -> list[tuple[str, dict[str, Any]]]:
    return [
        (path.stem, case)
        for path in sorted(EXPECTED.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def parameters(case: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in (case.get("parameters") or {}).items()}


def examples(query: stored.StoredQuery) -> dict[str, str]:
    return {name: str(parameter.example) for name, parameter in query.parameters.items()}


@pytest.fixture(scope="module")
def store(built: Workspace) -> Iterator[GraphStore]:
    with built.reading() as opened:
        yield opened


def written(term: Any, workspace: Workspace) -> str | None:
    """A term as the files of expected rows write it."""
    if term is None:
        return None
    for iri, short in ((f"{workspace.settings.base}id/", ""), (workspace.settings.base, "")):
        if isinstance(term, ox.NamedNode) and term.value.startswith(iri):
            return short + term.value.removeprefix(iri)
    return str(term.value).replace("http://www.wikidata.org/entity/", "wd:")


def test_every_query_has_expected_rows() -> None:
    assert len(QUERIES) == 46
    assert {name for name, _ in cases()} == QUERIES.keys()
    assert len(cases()) == 124
    assert sum(len(case["rows"]) for _, case in cases()) == 866


@pytest.mark.parametrize(("name", "case"), cases(), ids=lambda value: str(value)[:60])
def test_a_query_gives_the_rows_that_a_reader_expects(
    name: str, case: dict[str, Any], store: GraphStore, built: Workspace
) -> None:
    answer = run(store, QUERIES[name], parameters(case), built.prefixes)
    assert isinstance(answer, ox.QuerySolutions)
    rows = [[written(row[column], built) for column in case["columns"]] for row in answer]
    wanted = [[None if cell is None else str(cell) for cell in row] for row in case["rows"]]
    assert sorted(rows, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_the_header_says_what_a_person_needs(query: stored.StoredQuery) -> None:
    assert re.fullmatch(r"[A-Z].{15,79}[^.]", query.summary)
    assert query.description
    assert query.question
    assert query.tags
    for parameter in query.parameters.values():
        assert parameter.help
        assert parameter.example
        assert parameter.type in TYPES
    text = stored.describe(query)
    assert all(len(line) <= 100 for line in text.splitlines())
    assert text.splitlines()[-1].startswith(f"Example: kg query {query.name}")


def test_each_query_answers_a_question_of_its_own() -> None:
    questions = sorted(str(query.question) for query in QUERIES.values())
    assert questions == [f"CQ{number:02}" for number in range(1, 47)]
    assert len({query.summary for query in QUERIES.values()}) == 46


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_the_columns_are_those_of_the_header_in_its_order(
    query: stored.StoredQuery, store: GraphStore, built: Workspace
) -> None:
    answer = select(store, bound(store, query, examples(query), built.prefixes))
    assert [variable.value for variable in answer.variables] == list(query.columns)


@pytest.mark.parametrize("query", WITH_ROWS.values(), ids=WITH_ROWS.keys())
def test_the_examples_lead_to_rows(
    query: stored.StoredQuery, store: GraphStore, built: Workspace
) -> None:
    """All of them together, and each by itself with those that are required."""
    given = examples(query)
    required = {name: given[name] for name in query.required}
    calls = [given, *(required | {name: value} for name, value in given.items()), required]
    for call in calls:
        assert list(select(store, bound(store, query, call, built.prefixes))), call


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_an_option_left_out_means_any(
    query: stored.StoredQuery, store: GraphStore, built: Workspace
) -> None:
    """Whatever comes with an optional parameter comes without it too."""
    given = examples(query)
    required = {name: given[name] for name in query.required}

    def keys(call: dict[str, str]) -> set[tuple[str, ...]]:
        found = select(store, bound(store, query, call, built.prefixes))
        return {tuple(map(str, row)) for row in found}

    for name in given.keys() - required.keys():
        assert keys(required | {name: given[name]}) <= keys(required)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_a_query_is_sparql_as_it_stands_and_asks_nobody_else(query: stored.StoredQuery) -> None:
    with open_store("memory:") as empty:
        assert isinstance(empty.query(query.sparql), ox.QuerySolutions)
    assert not calls_out(query.sparql)


@pytest.mark.parametrize("name", QUERIES)
def test_rows_do_not_hang_on_the_order_of_loading(
    name: str, shuffled: list[GraphStore], built: Workspace
) -> None:
    query = QUERIES[name]
    calls = [parameters(case) for other, case in cases() if other == name]
    for call in calls:
        answers = {
            results.write(
                run(store, query, call, built.prefixes),
                "csv",
                prefixes=built.prefixes,
                headings=query.columns,
            )
            for store in shuffled
        }
        assert len(answers) == 1


@pytest.fixture(scope="module")
def shuffled(store: GraphStore) -> list[GraphStore]:
    """The corpus in three stores, loaded in three orders."""
    graphs = {graph: sorted(store.get(graph), key=str) for graph in named_graphs(store)}
    stores: list[GraphStore] = []
    for seed in range(3):
        order = random.Random(seed)  # noqa: S311
        other = open_store("memory:")
        for graph in order.sample(sorted(graphs, key=str), len(graphs)):
            other.put(graph, order.sample(graphs[graph], len(graphs[graph])))
        stores.append(other)
    return stores


def test_a_query_of_the_users_own_comes_before_ours(tmp_path: Path) -> None:
    (tmp_path / "gaps.rq").write_text("#+ summary: Our own gaps\nSELECT ?x WHERE { ?x ?y ?z }\n")
    assert stored.named("gaps", [tmp_path]).summary == "Our own gaps"
    assert stored.named("gaps", []).summary != "Our own gaps"
    assert len(stored.find([tmp_path])) == 46


def test_the_examples_of_things_are_ids_and_not_only_labels(
    store: GraphStore, built: Workspace
) -> None:
    for query in QUERIES.values():
        for parameter in query.parameters.values():
            if parameter.type == "iri":
                node = resolve(store, built.prefixes, str(parameter.example))
                assert node.value.endswith(str(parameter.example).rpartition("/")[2])


def test_the_folder_has_nothing_but_stored_queries() -> None:
    files = {path.name for path in resources.folder("queries").iterdir()}
    assert files == {f"{name}.rq" for name in QUERIES}

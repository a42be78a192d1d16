"""The tests that a stored query carries in its header, tried on a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import QueryBoolean, QuerySolutions

from kg.errors import KgError
from kg.query import run
from kg.query.results import spell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.query.parameters import Case, StoredQuery
    from kg.store import GraphStore


def failure(
    store: GraphStore, query: StoredQuery, case: Case, prefixes: Mapping[str, str]
) -> str | None:
    """What is wrong with the answer to a case of a query; None where it is as expected."""
    try:
        answer = run(store, query, case.values, prefixes)
    except KgError as error:
        return str(error)
    if isinstance(answer, QueryBoolean):
        if case.ask is None:
            return "asks yes or no, and the test expects rows"
        said = "yes" if answer else "no"
        return None if bool(answer) == case.ask else f"the answer is {said}"
    if not isinstance(answer, QuerySolutions):
        number = sum(1 for _ in answer)
        return (
            None if case.rows in {None, number} else f"{case.rows} triples expected, {number} found"
        )
    names = [variable.value for variable in answer.variables]
    rows = [{name: spell(row[name], prefixes) for name in names} for row in answer]
    if case.rows is not None and case.rows != len(rows):
        return f"{case.rows} rows expected, {len(rows)} found"
    for wanted in case.has:
        unknown = wanted.keys() - set(names)
        if unknown:
            return f"no column {min(unknown)}"
        if not any(wanted.items() <= row.items() for row in rows):
            told = ", ".join(f"{name}: {value}" for name, value in wanted.items())
            return f"no row with {told}"
    return "a test of yes or no, and the answer has rows" if case.ask is not None else None

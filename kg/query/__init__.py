"""`kg query`: stored queries and ad-hoc SPARQL, read-only, over the union of all graphs.

`stored` finds and reads query files, `bind` puts values in the place of parameters, `results`
writes what came back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import QuerySolutions

from kg.errors import ConfigError, InputError
from kg.names import resolve
from kg.query.bind import bind
from kg.sparql import calls_out, first_keyword, spelled_out, undeclared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import NamedNode

    from kg.query.stored import StoredQuery
    from kg.store import GraphStore, Results


def run(
    store: GraphStore,
    query: StoredQuery,
    values: Mapping[str, str],
    prefixes: Mapping[str, str],
) -> Results:
    """The answer to a stored query with values for its parameters, by their names.

    Raises ConfigError where a value is missing or not of its type, NotFoundError where it names
    nothing that is known.
    """
    return ask(store, bound(store, query, values, prefixes), query.name)


def bound(
    store: GraphStore,
    query: StoredQuery,
    values: Mapping[str, str],
    prefixes: Mapping[str, str],
) -> str:
    """The SPARQL of a stored query with its parameters replaced."""

    def find(name: str, class_: str | None) -> NamedNode:
        return resolve(store, prefixes, name, _class(class_, prefixes))

    return bind(query, values, find)


def ask(
    store: GraphStore,
    sparql: str,
    name: str = "query",
    prefixes: Mapping[str, str] | None = None,
) -> Results:
    """The answer to any SPARQL query; `name` is how messages call it.

    Of `prefixes`, those are declared that the query uses without declaring them. Raises InputError
    where it is no query, or one that asks another server.
    """
    if calls_out(sparql):
        raise InputError(
            f"{name}: SERVICE would ask another server, and nothing leaves this machine"
        )
    known = prefixes or {}
    declared = [f"PREFIX {p}: <{known[p]}>" for p in sorted(undeclared(sparql)) if p in known]
    whole = "\n".join([*declared, sparql])
    try:
        results = store.query(whole)
        if not isinstance(results, QuerySolutions):
            return results
        # Engines put the columns of SELECT * in an order of their own.
        ordered = spelled_out(whole, [variable.value for variable in results.variables])
        return results if ordered is None else store.query(ordered)
    except InputError as error:
        hint = error.hint
        unknown = sorted(undeclared(sparql) - known.keys())
        if first_keyword(sparql) in _UPDATES:
            hint = "updates are not possible here: edit the files of the workspace, then kg build"
        elif "prefix not found" in str(error) and unknown:
            hint = f"declare it: PREFIX {unknown[0]}: <…>"
        message = re.sub(
            r"line (\d+)",
            lambda found: f"line {int(found[1]) - len(declared)}",
            str(error),
            count=1,
        )
        raise InputError(f"{name}: {message}", hint=hint) from error


_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"}


def _class(name: str | None, prefixes: Mapping[str, str]) -> NamedNode | None:
    from pyoxigraph import NamedNode

    if name is None:
        return None
    prefix, _, local = name.partition(":")
    if prefix not in prefixes:
        raise ConfigError(f"class {name}: unknown prefix {prefix}")
    return NamedNode(prefixes[prefix] + local)

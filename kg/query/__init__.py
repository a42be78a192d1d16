"""`kg query`: stored queries and ad-hoc SPARQL, read-only, over the union of all graphs.

`stored` finds query files and `header` (with `declared` and `entries`) reads them, `bind` puts
values in the place of parameters, `page` and `dataset` say which rows and which graphs, `witness`
and `why` lead from a row to the words behind it, `answer` has rows for Python, `results` and
`explained` write them, `trial` tries the tests of a query.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, QuerySolutions

from kg.errors import ConfigError, InputError
from kg.names import resolve
from kg.query.bind import bind
from kg.query.page import paged
from kg.sparql import first_keyword, services, spelled_out, stars, undeclared

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from kg.query.answer import Answer
    from kg.query.page import Page
    from kg.query.parameters import StoredQuery
    from kg.store import GraphStore, Results


def run(
    store: GraphStore,
    query: StoredQuery,
    values: Mapping[str, str],
    prefixes: Mapping[str, str],
    *,
    page: Page | None = None,
) -> Results:
    """The answer to a stored query with values for its parameters, by their names.

    Raises ConfigError where a value is missing or not of its type, NotFoundError where it names
    nothing that is known.
    """
    return ask(store, bound(store, query, values, prefixes), query.name, prefixes, page=page)


def bound(
    store: GraphStore,
    query: StoredQuery,
    values: Mapping[str, str],
    prefixes: Mapping[str, str],
) -> str:
    """The SPARQL of a stored query with its parameters replaced."""

    def find(name: str, class_: str | None) -> NamedNode:
        return resolve(store, prefixes, name, class_of(class_, prefixes))

    return bind(query, values, find)


def ask(
    store: GraphStore,
    sparql: str,
    name: str = "query",
    prefixes: Mapping[str, str] | None = None,
    *,
    page: Page | None = None,
) -> Results:
    """The answer to any SPARQL query; `name` is how messages call it.

    Of `prefixes`, those are declared that the query uses without declaring them. Raises InputError
    where it is no query, or one that asks another server, ConfigError where it has no pages.
    """
    known = prefixes or {}
    refuse_service(sparql, name)
    whole = f"{declarations(sparql, known)}{sparql}"
    try:
        asked = ordered(store, whole)
        if page is not None:
            store.query(whole)  # what is wrong has its place in the words of whoever asks
            asked = paged(asked, page)
        return store.query(asked)
    except InputError as error:
        raise blamed(error, sparql, name, known) from error


def refuse_service(sparql: str, name: str, endpoints: Collection[str] = ()) -> None:
    """Raise InputError where a query asks servers by SERVICE that are not among some endpoints."""
    others = [endpoint for endpoint in services(sparql) if endpoint not in endpoints]
    if others:
        raise InputError(
            f"{name}: SERVICE would ask another server, and nothing leaves this machine",
            hint=f"it may ask {', '.join(endpoints)}" if endpoints else None,
        )


def blamed(error: InputError, sparql: str, name: str, prefixes: Mapping[str, str]) -> InputError:
    """What an engine says of a query with its declarations, as said of the query that was written."""
    unknown = sorted(undeclared(sparql) - prefixes.keys())
    hint = error.hint
    if first_keyword(sparql) in _UPDATES:
        hint = "updates are not possible here: edit the files of the workspace, then kg build"
    elif "prefix not found" in str(error) and unknown:
        hint = f"declare it: PREFIX {unknown[0]}: <…>"
    added = declarations(sparql, prefixes).count("\n")
    message = re.sub(
        r"line (\d+)", lambda found: f"line {int(found[1]) - added}", str(error), count=1
    )
    return InputError(f"{name}: {message}", hint=hint)


def rows(
    store: GraphStore,
    sparql: str,
    name: str = "query",
    prefixes: Mapping[str, str] | None = None,
    *,
    page: Page | None = None,
    headings: Mapping[str, str] | None = None,
    with_labels: bool = True,
    with_why: bool = False,
    text: Callable[[str], str | None] = lambda _: None,
) -> Answer:
    """The rows of a SELECT, with what things are called, and with the passages that they rest on.

    `text` gives the text of an IRI where it is at hand. Raises what `ask` does, and ConfigError
    where the query has no rows.
    """
    from kg.query.answer import answer

    results = ask(store, sparql, name, prefixes, page=page)
    if not isinstance(results, QuerySolutions):
        raise ConfigError(f"{name}: only the rows of a SELECT have labels and passages")
    return answer(
        store,
        results,
        ordered(store, f"{declarations(sparql, prefixes or {})}{sparql}"),
        headings=headings,
        with_labels=with_labels,
        with_why=with_why,
        text=text,
    )


def declarations(sparql: str, prefixes: Mapping[str, str]) -> str:
    """The lines that declare the prefixes which a query uses and does not declare."""
    names = sorted(undeclared(sparql) & prefixes.keys())
    return "".join(f"PREFIX {name}: <{prefixes[name]}>\n" for name in names)


def ordered(store: GraphStore, sparql: str) -> str:
    """A query with its columns in the order in which it names them first, in the place of a star.

    Engines put the columns of a star in an order of their own.
    """
    if not stars(sparql):
        return sparql
    results = store.query(sparql)
    if not isinstance(results, QuerySolutions):
        return sparql
    return spelled_out(sparql, [variable.value for variable in results.variables]) or sparql


_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"}


def class_of(name: str | None, prefixes: Mapping[str, str]) -> NamedNode | None:
    """The class that a CURIE names. Raises ConfigError where its prefix is not known."""
    if name is None:
        return None
    prefix, _, local = name.partition(":")
    if prefix not in prefixes:
        raise ConfigError(f"class {name}: unknown prefix {prefix}")
    return NamedNode(prefixes[prefix] + local)

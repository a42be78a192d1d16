"""Queries by the SPARQL 1.1 Protocol: what is asked of which graphs, and in which format it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.errors import InputError, ServiceError, StoreError, bounded
from kg.query import blamed, declarations, refuse_service
from kg.query.dataset import Dataset, View
from kg.query.page import capped
from kg.sparql import calls_out, first_keyword, spelled_out, stars
from kg.sparql.structure import refuse_deep
from kg.store.embedded import EmbeddedStore
from kg.web.protocol import results as bodies
from kg.web.protocol.formats import CUT, LIMIT, of_graph
from kg.web.protocol.negotiation import chosen
from kg.web.readers.reply import Refused, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import NamedNode

    from kg.store import GraphStore, Results
    from kg.web.readers.reading import Reading

NAME: Final = "query"
_KEPT: Final = 500
"""Queries of which is kept what was made of them: programs ask the same ones again and again."""
_LONGEST: Final = 20_000
"""Characters that such a query has at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A query as the engine is asked it; `beyond` has a row where the rows of `text` are not all."""

    text: str
    beyond: str | None


def answer(
    reading: Reading,
    *,
    sparql: str,
    accept: str | None,
    rows: int,
    base: str,
    default: Sequence[str] | None = None,
    named: Sequence[str] | None = None,
) -> Reply:
    """The answer to a query, over the graphs `default` and `named` where these are given.

    Relative IRIs count from `base`. Raises InputError where it is no query, Refused (406) where its
    answer is in none of the formats that are accepted, ServiceError where SERVICE fails.
    """
    refuse_service(sparql, NAME, reading.workspace.settings.endpoints)
    refuse_deep(sparql)
    asking = Asking(reading.store, _nodes(default), _nodes(named), base)
    try:
        query = prepared(reading, asking, sparql, rows)
        return _told(reading, query, asking, accept, rows)
    except (StoreError, RuntimeError, OSError) as error:
        if not calls_out(sparql):
            raise
        raise ServiceError(f"{NAME}: SERVICE: {bounded(str(error))}") from error
    except InputError as error:
        raise _worded(reading, asking, sparql, error) from error


def _worded(reading: Reading, asking: Asking, sparql: str, error: InputError) -> InputError:
    """What is wrong with a query, with the place in the query as it was written."""
    known = reading.prefixes
    try:
        asking.ask(f"{declarations(sparql, known)}{sparql}")
    except InputError as other:
        error = other
    found = blamed(error, sparql, NAME, known)
    return InputError(str(found).removeprefix(f"{NAME}: "), hint=found.hint)


@dataclass(frozen=True, slots=True)
class Asking:
    """A store with the graphs that one request asks, and what its relative IRIs count from."""

    store: GraphStore
    default: Sequence[NamedNode] | None
    named: Sequence[NamedNode] | None
    base: str

    def ask(self, sparql: str) -> Results:
        """The answer of the engine."""
        store = self.store
        if isinstance(store, EmbeddedStore):
            return store.query(sparql, default=self.default, named=self.named, base=self.base)
        if self.default is None and self.named is None:
            return store.query(sparql)
        dataset = Dataset(default=tuple(self.default or ()), named=tuple(self.named or ()))
        return View(store, dataset).query(sparql)


def prepared(reading: Reading, asking: Asking, sparql: str, rows: int) -> Prepared:
    """What the engine is asked in the place of a query: with prefixes, columns in order, and a cap."""
    known = reading.once(queries)
    found = known.get((sparql, rows))
    if found is not None:
        return found
    text = f"{declarations(sparql, reading.prefixes)}{sparql}"
    beyond = None
    if first_keyword(sparql) == "SELECT":
        text = _with_columns(asking, text)
        text, beyond = capped(text, rows) or (text, None)
    made = Prepared(text=text, beyond=beyond)
    if len(sparql) <= _LONGEST:
        if len(known) >= _KEPT:
            known.clear()
        known[sparql, rows] = made
    return made


def queries(_: Reading) -> dict[tuple[str, int], Prepared]:
    """The queries of a reading that are known already, by their texts and how many rows they may give."""
    return {}


def _with_columns(asking: Asking, sparql: str) -> str:
    """A query with its columns in the order in which it names them first, in the place of a star."""
    if not stars(sparql):
        return sparql
    results = asking.ask(sparql)
    if not isinstance(results, ox.QuerySolutions):
        return sparql
    return spelled_out(sparql, [variable.value for variable in results.variables]) or sparql


def _nodes(iris: Sequence[str] | None) -> list[ox.NamedNode] | None:
    """Graphs by their IRIs. Raises Refused where one of them is no IRI."""
    try:
        return None if iris is None else [ox.NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise Refused(400, f"the name of a graph is no IRI: {bounded(str(error), 100)}") from error


def _told(
    reading: Reading, query: Prepared, asking: Asking, accept: str | None, rows: int
) -> Reply:
    """The answer in the format that is wanted most."""
    found = asking.ask(query.text)
    headers = {"Vary": "Accept"}
    if isinstance(found, ox.QueryTriples):
        return bodies.graph(found, reading, of_graph(accept, list(bodies.GRAPH)), headers)
    if isinstance(found, ox.QueryBoolean):
        media_type = chosen(accept, list(bodies.BOOLEAN))
        content = bodies.boolean(found, bodies.BOOLEAN[media_type])
        return Reply(body=content, media_type=media_type, headers=headers)
    media_type = chosen(accept, list(bodies.ROWS))
    body, most = bodies.rows(found, reading, bodies.ROWS[media_type])
    headers[LIMIT] = str(rows)
    try:
        # Only where there may be so many is it worth asking once more whether there is another.
        if query.beyond is not None and most >= rows and _any(asking.ask(query.beyond)):
            headers[CUT] = "true"
    except BaseException:
        body.drop()
        raise
    return body.reply(media_type, headers)


def _any(found: Results) -> bool:
    return isinstance(found, ox.QuerySolutions) and next(found, None) is not None

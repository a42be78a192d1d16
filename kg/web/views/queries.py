"""The answers of stored queries for programs: rows, yes or no, or triples, in the types that are wanted.

JSON is our own form: rows with what things are called and, on request, the passages behind each.
The other types are those of SPARQL and RDF, as `kg query` writes them.
"""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pyoxigraph as ox

from kg import query as asking
from kg.errors import KgError, NotFoundError
from kg.names import resolve
from kg.query import explained, results
from kg.query.answer import Answer
from kg.query.bind import bind
from kg.query.dataset import known
from kg.query.page import Page
from kg.sparql import tokens
from kg.web.protocol import formats
from kg.web.protocol.formats import CUT, LEFT_OUT, LIMIT
from kg.web.protocol.problems import MEDIA_TYPE as PROBLEM
from kg.web.protocol.problems import content
from kg.web.protocol.results import graph
from kg.web.queries.asked import Asked, Wrong, asked, library, named, wrong
from kg.web.queries.documents import FORMS, JSON, Answered, described, document, form_of
from kg.web.readers.reply import Refused, Reply, as_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.store import GraphStore, Results
    from kg.web.readers.reading import Reading


def listing(reading: Reading) -> Reply:
    """All stored queries with their parameters and columns, as JSON."""
    found = [described(query) for query in library(reading).values()]
    return Reply(body=as_json({"queries": found}), media_type=JSON, headers={"Vary": "Accept"})


def result(
    reading: Reading,
    *,
    name: str,
    given: tuple[tuple[str, str], ...],
    types: tuple[str, ...],
    most: int,
) -> Reply:
    """The answer of a stored query in the first of some media types that it has.

    `given` is the query string as it came, `types` are those that are wanted, `most` is how many
    rows an answer may have.
    """
    query = named(reading, name)
    offered = FORMS[form_of(query)]
    media_type = next((wanted for wanted in types if wanted in offered), None)
    if media_type is None:
        raise Refused(406, f"{name} does not answer so; its types are: {', '.join(offered)}")
    try:
        question = asked(query, given)
        found = answered(
            reading,
            question,
            most=most,
            with_labels=media_type == JSON if question.labels is None else question.labels,
        )
    except Wrong as error:
        return problem(error)
    if isinstance(found.result, tuple):
        return graph(found.result, reading, media_type, headers(found, given))
    if media_type == JSON:
        body = as_json(document(reading, found))
    else:
        form = formats.ROWS[offered[media_type]].form
        body = _written(found.result, form, reading.prefixes, with_why=question.why)
    return Reply(body=body, media_type=media_type, headers=headers(found, given))


def answered(reading: Reading, question: Asked, *, most: int, with_labels: bool = True) -> Answered:
    """The answer to a stored query, of at most so many rows or triples.

    Raises Wrong where a value is not the name of anything, or of several things.
    """
    query = question.query
    wanted = question.limit if question.limit is not None else query.pagination
    limit = most if wanted is None else min(wanted, most)
    form = form_of(query)
    things: dict[str, ox.NamedNode] = {}
    with known(reading.store, question.as_of) as (store, left_out):
        sparql = _bound(reading, store, question, things)
        result: Answer | bool | tuple[ox.Triple, ...]
        more = False
        if form == "SELECT":
            # One more than wanted tells whether there are others.
            result = asking.rows(
                store,
                sparql,
                query.name,
                reading.prefixes,
                page=Page(limit=limit + 1, offset=question.offset),
                headings=query.columns,
                with_labels=with_labels,
                with_why=question.why,
                text=reading.text,
            )
            more = len(result) > limit
            if more:
                result = Answer(
                    columns=result.columns, rows=result.rows[:limit], headings=result.headings
                )
        else:
            _refuse_pages(question)
            found: Results = asking.ask(store, sparql, query.name, reading.prefixes)
            if isinstance(found, ox.QueryTriples):
                triples = tuple(itertools.islice(found, most + 1))
                more = len(triples) > most
                result = triples[:most]
            else:
                result = bool(found)
    return Answered(
        asked=question, result=result, limit=limit, more=more, things=things, left_out=left_out
    )


def _bound(
    reading: Reading, store: GraphStore, question: Asked, things: dict[str, ox.NamedNode]
) -> str:
    """The SPARQL of a query with its values in place; `things` gets what they are the names of."""
    parameters = question.query.parameters

    def find(value: str, class_: str | None) -> ox.NamedNode:
        # The same value of the same class is the same thing, whichever parameter it is of.
        parameter = next(
            parameter
            for name, parameter in parameters.items()
            if parameter.class_ == class_
            and parameter.type == "iri"
            and question.values.get(name, parameter.default) == value
        )
        try:
            node = resolve(
                store, reading.prefixes, value, asking.class_of(class_, reading.prefixes)
            )
        except KgError as error:
            status = 404 if isinstance(error, NotFoundError) else 400
            detail = f"{parameter.name}: {error}"
            raise wrong(parameter, detail, status=status, hint=error.hint) from error
        things[parameter.name] = node
        return node

    return bind(question.query, question.values, find)


def _refuse_pages(question: Asked) -> None:
    """Refuse what only rows have."""
    for name, used in (
        ("limit", question.limit is not None),
        ("offset", question.offset > 0),
        ("why", question.why),
        ("labels", question.labels),
    ):
        if used:
            raise Wrong(name, f"{question.query.name} has no rows, so {name} says nothing here")


def _written(
    result: Answer | bool, form: str, prefixes: Mapping[str, str], *, with_why: bool
) -> bytes:
    """Rows or a yes or no in one of the formats of `kg query -f`, with the labels that rows have."""
    if isinstance(result, Answer):
        return explained.write(result, form, prefixes=prefixes, with_why=with_why)
    yes = ox.parse_query_results(
        as_json({"head": {}, "boolean": result}), format=ox.QueryResultsFormat.JSON
    )
    return results.write(yes, form, prefixes={}, headings={})


def headers(found: Answered, given: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What the headers of an answer tell: how many rows it may have, and where the others are."""
    told = {"Vary": "Accept"}
    if found.left_out is not None:
        told[LEFT_OUT] = str(found.left_out.later + len(found.left_out.undated))
    if _changes(found.asked.query.sparql):
        told["Cache-Control"] = "no-store"
    if isinstance(found.result, bool):
        return told
    told[LIMIT] = str(found.limit)
    if found.cut:
        told[CUT] = "true"
    offset, limit = found.asked.offset, found.limit
    pages = {}
    if isinstance(found.result, Answer) and limit and (found.more or offset):
        pages["first"] = 0
        if offset:
            pages["prev"] = max(offset - limit, 0)
        if found.more:
            pages["next"] = offset + limit
    kept = [(name, value) for name, value in given if name not in {"limit", "offset"} and value]
    # An address of nothing but a query string is the same path, whatever stands before it.
    links = [
        f'<?{urlencode([*kept, ("limit", limit), ("offset", start)])}>; rel="{relation}"'
        for relation, start in pages.items()
    ]
    if links:
        told["Link"] = ", ".join(links)
    return told


@lru_cache(maxsize=1000)
def _changes(sparql: str) -> bool:
    """Whether a query may answer anew each time though the data stay as they are."""
    return any(token.kind == "word" and token.text.upper() in _CHANGING for token in tokens(sparql))


_CHANGING = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


def problem(error: Wrong) -> Reply:
    """What is wrong with a parameter, as problem details."""
    body = content(
        error.status,
        error.detail,
        hint=error.hint,
        parameter=error.parameter,
        expected=error.expected,
        example=error.example,
    )
    return Reply(body=body, media_type=PROBLEM, status=error.status, headers={"Vary": "Accept"})

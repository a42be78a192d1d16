"""The stored queries for people: the list of them, a form for each with its answer, and the editor."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

from pyoxigraph import NamedNode, QueryBoolean

from kg import rdf
from kg.errors import ConfigError, InputError
from kg.names import labels
from kg.query import ask, bound, declarations, rows
from kg.query.answer import Answer
from kg.query.page import capped
from kg.sparql import first_keyword
from kg.sparql.structure import refuse_deep
from kg.store import select
from kg.web.guard import CONTENT_SECURITY_POLICY
from kg.web.pages.html import link
from kg.web.pages.html import page as html
from kg.web.protocol import formats
from kg.web.queries.asked import Asked, Wrong, asked, expected, library, named
from kg.web.queries.charts import chart
from kg.web.queries.documents import FORMS, Answered, form_of
from kg.web.queries.examples import tried
from kg.web.queries.linked import linked
from kg.web.queries.tables import laid_out
from kg.web.views import queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.query.parameters import Parameter, StoredQuery
    from kg.web.queries.charts import Chart
    from kg.web.queries.tables import Table
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

ROWS: Final = 50
"""Rows of a page where the query does not say how many: two or three screens."""
MOST: Final = 500
"""Rows of a page at most: to find what each of more rests on takes too long."""
LINES: Final = 400
"""Lines of a graph that are shown; a download has all."""
RELATED: Final = 6
"""Other questions that a page names."""
_NAMES: Final = {
    each.extension: each.title
    for each in sorted(
        (*formats.ROWS.values(), *formats.ONE_GRAPH.values()),
        key=lambda each: not each.media_type.startswith("text/"),
    )
}
_NO: Final = frozenset({"0", "false"})
_FIELDS: Final = frozenset({"limit", "as_of"})
"""What a form asks besides the parameters: what is wrong with it stands there as well."""
_FIRST: Final = """\
SELECT ?actor ?name (COUNT(?claim) AS ?claims) WHERE {
  ?claim kg:source ?actor .
  ?actor rdfs:label ?name .
}
GROUP BY ?actor ?name
ORDER BY DESC(?claims)
LIMIT 20
"""
"""A query to begin with: it works on any data, and shows how things get their names."""


class Field(NamedTuple):
    """A parameter as a form asks for it: what was given, and what is wrong with that.

    `kind` is the kind of thing that it names, where one is asked for.
    """

    name: str
    label: str
    help: str
    type: str
    kind: str | None
    required: bool
    value: str
    placeholder: str
    choices: Sequence[str]
    expected: str
    wrong: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer as a page shows it: a table and its picture, a yes or no, or a graph as Turtle.

    `more` says that there is more of it than is shown.
    """

    table: Table | None = None
    chart: Chart | None = None
    yes: bool | None = None
    graph: str | None = None
    more: bool = False


def listing(reading: Reading) -> Reply:
    """All stored queries, by what they are about."""
    by_tag: dict[str, list[StoredQuery]] = defaultdict(list)
    for query in library(reading).values():
        by_tag[query.tags[0] if query.tags else "others"].append(query)
    groups = sorted(by_tag.items(), key=lambda group: (-len(group[1]), group[0]))
    return html(
        reading,
        "queries.html",
        here="query",
        groups=groups,
        count=len(library(reading)),
        headers={"Vary": "Accept"},
    )


def result(reading: Reading, *, name: str, given: Mapping[str, str]) -> Reply:
    """The form of a stored query, and its answer where what was given is enough for one.

    `given` is what the query string has. What is wrong is said where it was given, with status
    400. Raises NotFoundError where there is no such query.
    """
    query = named(reading, name)
    pairs = [(key, value.strip()) for key, value in given.items() if value.strip()]
    values = dict(pairs)
    wrong = {fault.parameter: fault for fault in _faults(query, pairs)}
    shown, sparql, question, found = None, None, None, None
    if not wrong and all(name in values for name in query.required):
        question = _paged(query, asked(query, pairs), with_why=values.get("why") not in _NO)
        try:
            found = queries.answered(reading, question, most=MOST)
        except Wrong as error:
            wrong[error.parameter] = error
        else:
            shown = _shown(reading, found, f"query/{name}")
            sparql = bound(reading.store, query, question.values, reading.prefixes)
    if any(key in query.parameters for key in given):
        for key in query.required:
            if key not in values:
                about = query.parameters[key].help or "this"
                wrong.setdefault(key, Wrong(key, f"is needed: {about}"))
    return html(
        reading,
        "query.html",
        here=f"query/{name}",
        status=400 if wrong else 200,
        query=query,
        fields=[_field(p, values, wrong) for p in query.parameters.values()],
        values=values,
        wrong=wrong,
        others=[
            w for key, w in wrong.items() if key not in query.parameters and key not in _FIELDS
        ],
        question=question,
        shown=shown,
        about=_about(reading, found),
        left_out=found.left_out if found is not None else None,
        sparql=None if sparql is None else _readable(sparql, reading.prefixes),
        downloads=_downloads(query, values),
        pages=_pages(query, question, shown, pairs),
        example=urlencode(tried(reading, query)),
        related=_related(reading, query),
    )


def _faults(query: StoredQuery, pairs: Iterable[tuple[str, str]]) -> Iterable[Wrong]:
    """What is wrong with each value by itself."""
    optional = {name: replace(p, required=False) for name, p in query.parameters.items()}
    for pair in pairs:
        try:
            asked(replace(query, parameters=optional), [pair])
        except Wrong as error:
            yield error


def _paged(query: StoredQuery, question: Asked, *, with_why: bool) -> Asked:
    """What is asked, as pages for people ask it: so many rows, and what they rest on."""
    if form_of(query) != "SELECT":
        return replace(question, limit=None, offset=0, why=False, labels=None)
    limit = question.limit if question.limit is not None else query.pagination or ROWS
    return replace(question, limit=max(1, min(limit, MOST)), why=with_why, labels=None)


def _shown(reading: Reading, found: Answered, here: str) -> Shown:
    if isinstance(found.result, Answer):
        table = laid_out(found.result)
        drawn = chart(table, lambda iri: link(iri, here, reading.iris.base))
        return Shown(table=linked(reading.store, table), chart=drawn, more=found.more)
    if isinstance(found.result, bool):
        return Shown(yes=found.result)
    lines = rdf.write(found.result, rdf.GRAPHS["ttl"], reading.prefixes).decode().splitlines()
    return Shown(graph="\n".join(lines[:LINES]), more=found.more or len(lines) > LINES)


def _field(parameter: Parameter, values: Mapping[str, str], wrong: Mapping[str, Wrong]) -> Field:
    name = parameter.name
    example = f"such as {parameter.example}" if parameter.example is not None else ""
    return Field(
        name=name,
        label=name.replace("_", " ").capitalize(),
        help=parameter.help,
        type=parameter.type,
        kind=parameter.class_.partition(":")[2].lower() if parameter.class_ else None,
        required=parameter.required and parameter.default is None,
        value=values.get(name, ""),
        placeholder=f"{parameter.default} if left empty" if parameter.default else example,
        choices=("true", "false") if parameter.type == "boolean" else parameter.enumeration,
        expected=expected(parameter),
        wrong=_said(parameter, wrong[name]) if name in wrong else None,
    )


def _said(parameter: Parameter, fault: Wrong) -> str:
    """What is wrong with a value, for people who see its field."""
    detail = fault.detail.removeprefix(f"{parameter.name}: ")
    if parameter.class_ is not None:
        detail = detail.replace(parameter.class_, parameter.class_.partition(":")[2].lower())
    hint = fault.hint or (f"such as {fault.example}" if fault.example else None)
    return f"{detail} ({hint})" if hint else detail


def _about(reading: Reading, found: Answered | None) -> list[tuple[str, str, str]]:
    """The things that were asked about: the name of the parameter, the IRI, what it is called."""
    if found is None:
        return []
    called = labels(reading.store, set(found.things.values()))
    return [(name, n.value, called.get(n, "")) for name, n in found.things.items()]


def _downloads(query: StoredQuery, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """The paths of the answer as data, all of its rows, with what each format is called."""
    kept = {name: v for name, v in values.items() if name not in {"limit", "offset", "why"}}
    extensions = FORMS[form_of(query)].values()
    path = f"query/{query.name}"
    found = [(_with(f"{path}.{each}", kept), _NAMES[each]) for each in _NAMES if each in extensions]
    if form_of(query) == "SELECT":
        found.append((_with(f"{path}.json", {**kept, "why": "1"}), "JSON with the passages"))
    return found


def _with(path: str, given: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(given)}" if given else path


def _pages(
    query: StoredQuery,
    question: Asked | None,
    shown: Shown | None,
    pairs: Iterable[tuple[str, str]],
) -> dict[str, str]:
    """The paths of the pages before and after this one."""
    if question is None or shown is None or question.limit is None:
        return {}
    kept = [pair for pair in pairs if pair[0] != "offset"]
    starts = {}
    if question.offset:
        starts["prev"] = max(question.offset - question.limit, 0)
    if shown.more:
        starts["next"] = question.offset + question.limit
    return {
        relation: f"query/{query.name}?{urlencode([*kept, ('offset', start)])}"
        for relation, start in starts.items()
    }


def _related(reading: Reading, query: StoredQuery) -> list[StoredQuery]:
    """Other questions about the same, those with most in common first."""
    others = [other for other in library(reading).values() if other.name != query.name]
    common = {other.name: len(set(other.tags) & set(query.tags)) for other in others}
    others.sort(key=lambda other: (-common[other.name], other.name))
    return [other for other in others if common[other.name]][:RELATED]


def _readable(sparql: str, prefixes: Mapping[str, str]) -> str:
    """A query that stands by itself: without its header, and with its prefixes declared."""
    lines = [line for line in sparql.splitlines() if not line.startswith("#+")]
    return declarations(sparql, prefixes) + "\n".join(lines).strip() + "\n"


# ---- the editor ---------------------------------------------------------------------------------


def editor(
    reading: Reading,
    *,
    query: str = "",
    name: str = "",
    run: bool = False,
    refusal: tuple[int, str, str | None] | None = None,
) -> Reply:
    """The SPARQL editor with a query in it, or with a stored one; and with its answer if it is to run.

    `refusal` is why there is none: a status, what is wrong, and what helps.
    """
    if name:
        found = named(reading, name)
        sparql = bound(reading.store, found, tried(reading, found), reading.prefixes)
        query = _readable(sparql, reading.prefixes)
    shown, status = None, 200
    wrong: tuple[str, str | None] | None = None
    if refusal is not None:
        status, *_ = refusal
        wrong = refusal[1:]
    elif run and query.strip():
        try:
            shown = _ran(reading, query)
        except (ConfigError, InputError) as error:
            status, wrong = 400, (str(error).removeprefix("query: "), error.hint)
    return html(
        reading,
        "editor.html",
        here="sparql",
        status=status,
        query=query or declarations(_FIRST, reading.prefixes) + _FIRST,
        shown=shown,
        wrong=wrong,
        most=MOST,
        name=name,
        stored=sorted(library(reading).values(), key=lambda each: each.name),
        settings={
            "prefixes": dict(sorted(reading.prefixes.items())),
            "terms": _terms(reading),
            "tab": name or "Query",
            "given": bool(query),
            "base": reading.iris.base,
        },
        headers={"Content-Security-Policy": _EDITOR_POLICY},
    )


_GRIPS: Final = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
"""The style that Yasgui adds to a table for the grips between its columns, and no other."""
_EDITOR_POLICY: Final = CONTENT_SECURITY_POLICY.replace(
    "style-src 'self'", f"style-src 'self' {_GRIPS}"
)


def _ran(reading: Reading, sparql: str) -> Shown:
    """The answer to any query, of at most so many rows."""
    refuse_deep(sparql)
    if first_keyword(sparql) == "SELECT":
        answer = _first_rows(reading, sparql)
        cut = Answer(columns=answer.columns, rows=answer.rows[:MOST])
        return Shown(table=laid_out(cut), more=len(answer) > MOST)
    results = ask(reading.store, sparql, prefixes=reading.prefixes)
    if isinstance(results, QueryBoolean):
        return Shown(yes=bool(results))
    from kg.query.results import write

    made = write(results, "ttl", prefixes=reading.prefixes, headings={}, base=reading.iris.base)
    lines = made.decode().splitlines()
    return Shown(graph="\n".join(lines[:LINES]), more=len(lines) > LINES)


def _first_rows(reading: Reading, sparql: str) -> Answer:
    """So many rows of any SELECT, and one more; the engine stops there."""
    try:
        limited, _ = capped(sparql, MOST + 1) or (sparql, None)
        return rows(reading.store, limited, prefixes=reading.prefixes)
    except InputError:
        ask(reading.store, sparql, prefixes=reading.prefixes)  # says it by the words as they stand
        raise


def _terms(reading: Reading) -> Mapping[str, list[str]]:
    """The classes and the properties that the ontology knows, to complete what is typed."""
    found: dict[str, set[str]] = {"class": set(), "property": set()}
    for row in select(reading.store, _TERMS):
        term, kind = row["term"], row["kind"]
        if isinstance(term, NamedNode) and isinstance(kind, NamedNode):
            found["class" if kind.value.endswith("#Class") else "property"].add(term.value)
    return {name: sorted(terms) for name, terms in found.items()}


_TERMS: Final = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT DISTINCT ?term ?kind WHERE {
  VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty }
  ?term a ?kind
}
"""

"""Answers, and the stored queries themselves, in our own JSON: what each thing is called stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg.errors import ConfigError
from kg.names import curie, labels
from kg.query.answer import Answer
from kg.query.why import Support
from kg.sparql.structure import read
from kg.vocab import XSD
from kg.web.protocol import formats
from kg.web.queries.asked import Asked, expected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.query.dataset import AsOf
    from kg.query.parameters import Parameter, StoredQuery
    from kg.web.readers.reading import Reading

JSON: Final = formats.ROWS["json"].media_type
ROWS, YES_OR_NO, TRIPLES = (
    {each.media_type: each.extension for each in table.values()}
    for table in (formats.ROWS, formats.TRUTH, formats.ONE_GRAPH)
)
FORMS: Final = {"SELECT": ROWS, "ASK": YES_OR_NO, "CONSTRUCT": TRIPLES, "DESCRIBE": TRIPLES}
"""The media types of answers, with the extensions that ask for them, by the form of the query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer to what was asked: rows, yes or no, or triples; `more` says that there are others.

    `limit` is how many rows it could have, `cut` whether the server chose that number, `things` are
    the things that values of parameters stand for, and `left_out` is what it leaves out as of a date.
    """

    asked: Asked
    result: Answer | bool | tuple[ox.Triple, ...]
    limit: int
    more: bool = False
    things: Mapping[str, ox.NamedNode]
    left_out: AsOf | None = None

    @property
    def cut(self) -> bool:
        """Whether there would be more rows if the server let them."""
        return self.more and self.asked.limit != self.limit


def form_of(query: StoredQuery) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE."""
    return _form(query.sparql)


@lru_cache(maxsize=1000)
def _form(sparql: str) -> str:
    return read(sparql).select.form


def described(query: StoredQuery) -> dict[str, Any]:
    """A stored query as JSON says it."""
    form = form_of(query)
    return _filled(
        name=query.name,
        href=f"/query/{query.name}",
        summary=query.summary,
        description=query.description,
        question=query.question,
        form=form,
        tags=list(query.tags),
        parameters=[_parameter(parameter) for parameter in query.parameters.values()],
        columns=[{"name": name, "heading": words} for name, words in query.columns.items()],
        types=list(FORMS[form]),
    )


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return _filled(
        name=parameter.name,
        type=parameter.type,
        required=parameter.required,
        help=parameter.help,
        expected=expected(parameter),
        default=parameter.default,
        enumeration=list(parameter.enumeration),
        example=parameter.example,
        **{"class": parameter.class_},
    )


def document(reading: Reading, found: Answered) -> dict[str, Any]:
    """An answer in our own JSON."""
    question = found.asked
    base: dict[str, Any] = {
        "query": question.query.name,
        "summary": question.query.summary,
        "parameters": _understood(reading, found),
    }
    if found.left_out is not None:
        base["as_of"] = {
            "date": question.as_of,
            "later": found.left_out.later,
            "undated": list(found.left_out.undated),
        }
    result = found.result
    if isinstance(result, bool):
        return base | {"answer": result}
    if not isinstance(result, Answer):
        raise ConfigError("triples are not written in this form")
    spelt = _Terms(reading.prefixes)
    base["columns"] = [
        {"name": name, "heading": result.headings.get(name, name)} for name in result.columns
    ]
    base["rows"] = [
        {name: spelt.cell(term, row.labels.get(name)) for name, term in row.items()}
        for row in result
    ]
    if question.why:
        base["why"] = [[_told(support) for support in row.why] for row in result]
    base["page"] = {"offset": question.offset, "limit": found.limit, "more": found.more}
    return base


def _understood(reading: Reading, found: Answered) -> dict[str, Any]:
    """The values of the parameters, with the things that they were taken for."""
    spelt = _Terms(reading.prefixes)
    called = labels(reading.store, set(found.things.values()))
    values = {}
    for name, parameter in found.asked.query.parameters.items():
        value = found.asked.values.get(name, parameter.default)
        if value is not None:
            node = found.things.get(name)
            thing = spelt.cell(node, called.get(node)) if node is not None else None
            values[name] = _filled(given=value, thing=thing)
    return values


class _Terms:
    """Writes terms as JSON; IRIs come often, and their short forms are looked for once."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._short: dict[str, str] = {}

    def cell(self, term: object, label: str | None) -> dict[str, Any] | None:
        """A term with what it is called."""
        match term:
            case None:
                return None
            case ox.NamedNode():
                short = self._short.get(term.value)
                if short is None:
                    short = self._short[term.value] = curie(term, self._prefixes)
                return _filled(
                    iri=term.value, id=short if short != term.value else None, label=label
                )
            case ox.Literal():
                return self._literal(term)
            case ox.BlankNode():
                return {"blank": term.value}
            case ox.Triple():
                parts = ("subject", "predicate", "object")
                return {"triple": {part: self.cell(getattr(term, part), None) for part in parts}}
        raise TypeError(f"no term: {term!r}")

    def _literal(self, term: ox.Literal) -> dict[str, Any]:
        if term.language is not None:
            return {"value": term.value, "language": term.language}
        if term.datatype == XSD.string:
            return {"value": term.value}
        return {"value": _native(term), "datatype": curie(term.datatype, self._prefixes)}


def _native(term: ox.Literal) -> str | int | float | bool:
    """A number or a truth value as JSON has them; what would lose digits stays text.

    >>> _native(ox.Literal("12", datatype=XSD.integer)), _native(ox.Literal("9" * 18, datatype=XSD.integer))
    (12, '999999999999999999')
    """
    kind = term.datatype.value.removeprefix(XSD.base)
    if kind == "boolean" and term.value in {"true", "false"}:
        return term.value == "true"
    if kind in {"integer", "decimal", "double", "float"} and len(term.value) <= _DIGITS:
        try:
            number = int(term.value) if kind == "integer" else float(term.value)
        except ValueError:
            return term.value
        if number - number == 0:  # neither infinite nor no number
            return number
    return term.value


_DIGITS = 15
"""Digits that a double, which is all that many readers of JSON have, holds exactly."""


def _told(support: Support) -> dict[str, str | int]:
    return _filled(**{field.name: getattr(support, field.name) for field in fields(Support)})


def _filled(**values: Any) -> dict[str, Any]:
    """The values that say something."""
    return {name: value for name, value in values.items() if value not in (None, "", [], ())}

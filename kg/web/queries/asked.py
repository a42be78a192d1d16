"""What a request asks of a stored query: values for its parameters, which rows, and how they are told.

What is wrong with a value is said with the parameter's name, with what is expected and an example.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.edtf import Edtf, bounds
from kg.errors import ConfigError, NotFoundError
from kg.names import brief
from kg.query import stored
from kg.query.bind import mistaken
from kg.web.readers.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.query.parameters import Parameter, StoredQuery
    from kg.web.readers.reading import Reading

NUMBER: Final = "a whole number, 0 or more"
YES_OR_NO: Final = "1 or 0"
DATE: Final = "a day, a month, a year or another date of EDTF, such as 2007-12"
OPTIONS: Final = {
    "limit": (NUMBER, "10"),
    "offset": (NUMBER, "20"),
    "as_of": (DATE, "2007-12"),
    "why": (YES_OR_NO, "1"),
    "labels": (YES_OR_NO, "0"),
}
"""What can be asked of every query besides its parameters: what is expected, and an example."""

MOST: Final = 2**53 - 1
"""The greatest number that all readers of JSON tell from the next."""

_FLAGS = {"1": True, "true": True, "0": False, "false": False}
_TYPES = {
    "iri": "an id, a name, a CURIE, a Wikidata id or an IRI",
    "text": "text",
    "integer": "a whole number",
    "decimal": "a number",
    "boolean": "true or false",
    "lang": "the tag of a language, such as en",
    "date": DATE,
}


class Wrong(Refused):
    """A parameter of a request is wrong, missing or unknown."""

    def __init__(
        self,
        parameter: str,
        detail: str,
        *,
        status: int = 400,
        expected: str | None = None,
        example: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(status, detail, hint=hint)
        self.parameter = parameter
        self.expected = expected
        self.example = example


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A stored query with values for its parameters; `labels` is None where nothing is said of them."""

    query: StoredQuery
    values: Mapping[str, str]
    limit: int | None = None
    offset: int = 0
    as_of: str | None = None
    why: bool = False
    labels: bool | None = None


def library(reading: Reading) -> dict[str, StoredQuery]:
    """The stored queries that are asked of this workspace, by their names."""
    return {name: query for name, query in reading.queries.items() if query.endpoint is None}


def named(reading: Reading, name: str) -> StoredQuery:
    """The stored query of a name.

    Raises NotFoundError with the nearest names, InputError where its file is broken, and ConfigError
    where it is asked of another server.
    """
    query = reading.queries.get(name)
    if query is None:
        broken = stored.find([reading.workspace.root / "queries"]).get(name)
        if broken is not None:
            query = stored.load(broken, reading.workspace.settings.endpoints)
    if query is None:
        close = difflib.get_close_matches(name, reading.queries, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(close)}?" if close else "/query lists them all"
        raise NotFoundError(f"no stored query is called {brief(name)}", hint=hint)
    if query.endpoint is not None:
        raise ConfigError(f"{name} asks {query.endpoint}, and nothing leaves this machine")
    return query


def asked(query: StoredQuery, given: Iterable[tuple[str, str]]) -> Asked:
    """What the query string of a request asks; what it leaves empty counts as not given.

    Whether a name is that of something is found out when the query is asked. Raises Wrong.
    """
    values: dict[str, str] = {}
    for name, value in given:
        if name not in query.parameters and name not in OPTIONS:
            raise _unknown(query, name)
        if name in values:
            raise Wrong(name, f"{name} is given twice, and has one value")
        if value:
            values[name] = value
    for name, parameter in query.parameters.items():
        if name not in values:
            if parameter.required:
                about = f": {parameter.help}" if parameter.help else ""
                raise wrong(parameter, f"{query.name} needs {name}{about}")
        elif fault := mistaken(parameter, values[name]):
            raise wrong(parameter, f"{name} {brief(values[name])}: {fault}")
    return Asked(
        query=query,
        values={name: value for name, value in values.items() if name in query.parameters},
        limit=_number(values, "limit"),
        offset=_number(values, "offset") or 0,
        as_of=_date(values, "as_of"),
        why=_flag(values, "why") or False,
        labels=_flag(values, "labels"),
    )


def wrong(
    parameter: Parameter, detail: str, *, status: int = 400, hint: str | None = None
) -> Wrong:
    """What to say of a parameter whose value is none of its own."""
    return Wrong(
        parameter.name,
        detail,
        status=status,
        expected=expected(parameter),
        example=parameter.example,
        hint=hint,
    )


def expected(parameter: Parameter) -> str:
    """What a parameter expects, in words."""
    if parameter.enumeration:
        return f"one of {', '.join(parameter.enumeration)}"
    words = _TYPES.get(parameter.type, f"a value of type {parameter.type}")
    kind = (parameter.class_ or "").partition(":")[2]
    return f"{words}, of a thing of class {kind}" if kind else words


def _unknown(query: StoredQuery, name: str) -> Wrong:
    known = [*query.parameters, *OPTIONS]
    close = difflib.get_close_matches(name.replace("-", "_"), known, n=1, cutoff=0.6)
    hint = f"did you mean {close[0]}?" if close else f"it has: {', '.join(known)}"
    return Wrong(brief(name), f"{query.name} has no parameter {brief(name)}", hint=hint)


def _option(name: str, value: str) -> Wrong:
    wanted, example = OPTIONS[name]
    detail = f"{name} {brief(value)}: expected {wanted}"
    return Wrong(name, detail, expected=wanted, example=example)


def _number(values: Mapping[str, str], name: str) -> int | None:
    value = values.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= _DIGITS and int(value) <= MOST):
        raise _option(name, value)
    return int(value)


_DIGITS = len(str(MOST))


def _flag(values: Mapping[str, str], name: str) -> bool | None:
    value = values.get(name)
    if value is None:
        return None
    if value not in _FLAGS:
        raise _option(name, value)
    return _FLAGS[value]


def _date(values: Mapping[str, str], name: str) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    try:
        end = bounds(Edtf(value)).latest
    except ValueError:
        end = None
    if end is None:
        raise _option(name, value)
    return value

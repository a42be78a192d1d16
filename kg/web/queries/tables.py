"""An answer as a page shows it: things by their names and as links, dates in words, nothing twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import pyoxigraph as ox

from kg.edtf import bounds
from kg.vocab import XSD
from kg.web.pages.html import figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.query.answer import Answer, Row
    from kg.query.why import Support

Kind = Literal["date", "number", "words", "plain"]
_LONG: Final = 60
"""Characters from which a column is one of words: what is shorter seldom needs a second line."""
_NUMBERS: Final = frozenset({XSD.integer, XSD.decimal})
_TIMES: Final = frozenset({XSD.date, XSD.dateTime})
_FRACTION: Final = re.compile(r"\.[0-9]+(?=Z?$)")
_READING: Final = r"[a-z]+(?: [a-z]+)* -?[0-9]+(?:\.[0-9]+)?"
_READINGS: Final = re.compile(rf"{_READING}(?: \| {_READING})*")
"""What a count was given as, one or several (`more than 20000 | about 30000`), and nothing else."""


class Cell(NamedTuple):
    """What stands in one place of a table: words, the thing that they name, and their language."""

    text: str = ""
    iri: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name in the query, its heading, and what is in it.

    `things` is the column of IRIs that these words name, where they do.
    """

    name: str
    heading: str
    kind: Kind
    things: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The columns that have something in them, the cells of each row, and what each row rests on."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    why: tuple[tuple[Support, ...], ...] = ()


def laid_out(answer: Answer) -> Table:
    """The table of an answer, without columns that only say again what another one has.

    Those are things that words of another column name, and the instants that rows are sorted by.
    """
    naming = _naming(answer)
    left_out = {*naming.values(), *_bounding(answer)}
    columns = [
        Column(
            name=name,
            heading=answer.headings.get(name, name),
            kind=_kind(answer, name),
            things=naming.get(name),
        )
        for name in answer.columns
        if name not in left_out and any(row[name] is not None for row in answer.rows)
    ]
    return Table(
        columns=tuple(columns),
        rows=tuple(tuple(_cell(row, column) for column in columns) for row in answer.rows),
        why=tuple(row.why for row in answer.rows),
    )


def _naming(answer: Answer) -> dict[str, str]:
    """The columns of words that name the things of another column, with that column."""
    found: dict[str, str] = {}
    for things in answer.columns:
        if not any(things in row.labels for row in answer.rows):
            continue
        for words in answer.columns:
            if (
                words != things
                and words not in found
                and all(_names(row, words, things) for row in answer.rows)
            ):
                found[words] = things
                break
    return found


def _names(row: Row, words: str, things: str) -> bool:
    said = row[words]
    if row[things] is None:
        return said is None
    return isinstance(said, ox.Literal) and row.labels.get(things) == said.value


def _bounding(answer: Answer) -> list[str]:
    """The columns of instants that are an end of the date in another column, in every row."""
    return [
        name
        for name in answer.columns
        if answer.rows
        and any(
            other != name and all(_bounds(row[name], row[other]) for row in answer.rows)
            for other in answer.columns
        )
    ]


def _bounds(instant: object, date: object) -> bool:
    if not isinstance(instant, ox.Literal) or instant.datatype != XSD.dateTime:
        return False
    if not isinstance(date, ox.Literal) or date.datatype != XSD.string:
        return False
    try:
        return instant.value in bounds(date.value)
    except ValueError:
        return False


def _kind(answer: Answer, name: str) -> Kind:
    terms = [term for row in answer.rows if (term := row[name]) is not None]
    literals = [term for term in terms if isinstance(term, ox.Literal)]
    if literals and len(literals) == len(terms):
        if all(literal.datatype in _NUMBERS for literal in literals):
            return "number"
        given = [literal for literal in literals if literal.value]
        if given and all(map(_is_date, given)):
            return "date"
    longest = max((len(row.label(name) or "") for row in answer.rows), default=0)
    return "words" if longest >= _LONG else "plain"


def _is_date(literal: ox.Literal) -> bool:
    """Whether a literal is a date: by its datatype, or because it is written as one (EDTF)."""
    if literal.datatype in _TIMES:
        return True
    if literal.datatype != XSD.string:
        return False
    try:
        bounds(literal.value)
    except ValueError:
        return False
    return True


def _cell(row: Row, column: Column) -> Cell:
    term = row[column.name]
    if isinstance(term, ox.NamedNode):
        return Cell(row.labels.get(column.name, ""), term.value)
    if column.things is not None:
        thing = row[column.things]
        return Cell(_text(term), thing.value if isinstance(thing, ox.NamedNode) else None)
    if isinstance(term, ox.Literal):
        return Cell(_spelt(term, column.kind), None, term.language)
    return Cell(_text(term))


def _spelt(literal: ox.Literal, kind: Kind) -> str:
    """The words of a literal; moments without fractions of seconds, thousands apart."""
    if kind == "date":
        return _FRACTION.sub("", literal.value)
    if kind == "number":
        try:
            return f"{Decimal(literal.value):,f}"
        except InvalidOperation:  # a number by its datatype alone
            return literal.value
    return figures(literal.value) if _READINGS.fullmatch(literal.value) else literal.value


def _text(term: object) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.Literal) else str(term)


def numbers(table: Table, place: int) -> Sequence[float | None]:
    """The numbers of a column, None where a row has none."""
    return [_number(row[place].text) for row in table.rows]


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None

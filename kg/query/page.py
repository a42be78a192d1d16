"""A part of an answer: LIMIT and OFFSET put into the query, with an order that leaves nothing to chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import ConfigError
from kg.sparql.structure import clauses, columns, read, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.sparql import Token
    from kg.sparql.structure import Select


MOST = 2**63 - 1
"""The greatest number of rows that engines can count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """So many rows after so many others; without a limit, all the others.

    Raises ConfigError where one of the numbers is none.
    """

    limit: int | None = None
    offset: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no number of rows: it goes into the query as it is."""
        for name, number in (("limit", self.limit), ("offset", self.offset)):
            if number is None and name == "limit":
                continue
            if type(number) is not int or not 0 <= number <= MOST:
                raise ConfigError(f"{name} {number!r}: expected a number of rows")


def paged(sparql: str, page: Page) -> str:
    """The query for one page of its rows, whose own LIMIT and OFFSET still hold.

    Rows that the query leaves in any order are put into one, so that each row is on one page.
    A star must be spelled out before. Raises ConfigError where the query has no rows.

    >>> paged("SELECT ?x ?y { ?x ?y ?z } ORDER BY ?y", Page(limit=5)).partition("CONCAT")[0]
    'SELECT ?x ?y { ?x ?y ?z } ORDER BY ?y ?x '
    """
    select = read(sparql).select
    named = columns(select) if select.form == "SELECT" else None
    if named is None:
        raise ConfigError("only the rows of a SELECT have pages")
    parts = clauses(select.modifiers)
    order = text_of(sparql, parts["ORDER"]) if "ORDER" in parts else "ORDER BY"
    order += _rest(parts.get("ORDER", ()), [column.name for column in named])
    limit, offset = _number(parts.get("LIMIT")), _number(parts.get("OFFSET")) or 0
    rest = None if limit is None else max(limit - page.offset, 0)
    limit = min((n for n in (rest, page.limit) if n is not None), default=None)
    return _with(sparql, select, order, limit, offset + page.offset)


def _rest(order: Sequence[Token], names: Sequence[str]) -> str:
    """The keys by which rows that an order leaves equal have one.

    The columns themselves, and then one key for all, since Virtuoso takes no more than 20: engines may
    hold terms of different kinds for equal, and what is said of them tells them apart.
    """
    plain = set(_plain(order))
    keys = [f"?{name}" for name in names if name not in plain]
    # COALESCE, since what is unbound or no literal has none of these.
    said = [
        f'COALESCE({what}, ""), "\\t"'
        for name in names
        for what in (f"STR(?{name})", f"LANG(?{name})", f"STR(DATATYPE(?{name}))")
    ]
    keys.append(f"CONCAT({', '.join(said)})")
    return f" {' '.join(keys)}"


def _plain(order: Sequence[Token]) -> Iterator[str]:
    """The variables by which an order sorts as they are, up or down."""
    depth = 0
    for at, token in enumerate(order):
        if token.kind == "variable":
            turned = (
                depth == 1 and order[at - 2].text.upper() in _TURNS and order[at + 1].text == ")"
            )
            if depth == 0 or turned:
                yield token.text[1:]
        depth += (token.text == "(") - (token.text == ")")


_TURNS = {"ASC", "DESC"}


def capped(sparql: str, rows: int) -> tuple[str, str] | None:
    """A SELECT for so many rows at most, and one that has a row where there are more than those.

    The rows come in the order in which the query gives them. None where it asks for no more rows by
    itself.

    >>> capped("SELECT ?x { ?x ?y ?z } OFFSET 7", 5)
    ('SELECT ?x { ?x ?y ?z } LIMIT 5 OFFSET 7', 'SELECT ?x { ?x ?y ?z } LIMIT 1 OFFSET 12')
    >>> capped("SELECT ?x { ?x ?y ?z } LIMIT 5", 5)
    """
    select = read(sparql).select
    parts = clauses(select.modifiers)
    limit, offset = _number(parts.get("LIMIT")), _number(parts.get("OFFSET")) or 0
    if limit is not None and limit <= rows:
        return None
    order = text_of(sparql, parts["ORDER"]) if "ORDER" in parts else ""
    return (
        _with(sparql, select, order, rows, offset),
        _with(sparql, select, order, 1, offset + rows),
    )


def _with(sparql: str, select: Select, order: str, limit: int | None, offset: int) -> str:
    """A query with another order, and other rows of it."""
    parts = clauses(select.modifiers)
    kept = [text_of(sparql, parts[name]) for name in ("GROUP", "HAVING") if name in parts]
    if order:
        kept.append(order)
    if limit is not None:
        kept.append(f"LIMIT {limit}")
    if offset:
        kept.append(f"OFFSET {offset}")
    if "VALUES" in parts:
        kept.append(text_of(sparql, parts["VALUES"]))
    last = select.group[-1]
    return f"{sparql[: last.start + 1]} {' '.join(kept)}"


def _number(clause: Sequence[Token] | None) -> int | None:
    return int(clause[1].text) if clause else None

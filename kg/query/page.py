"""A part of an answer: LIMIT and OFFSET put into the query, with an order that leaves nothing to chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import ConfigError
from kg.sparql.structure import clauses, columns, read, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.sparql import Token


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

    >>> paged("SELECT ?x { ?x ?y ?z } ORDER BY ?x", Page(limit=5)).partition("COALESCE")[0]
    'SELECT ?x { ?x ?y ?z } ORDER BY ?x ?x '
    """
    select = read(sparql).select
    named = columns(select) if select.form == "SELECT" else None
    if named is None:
        raise ConfigError("only the rows of a SELECT have pages")
    parts = clauses(select.modifiers)
    order = text_of(sparql, parts["ORDER"]) if "ORDER" in parts else "ORDER BY"
    # Engines may hold terms of different kinds for equal: what is said of them tells them apart.
    # COALESCE, since rdflib cannot sort by expressions that have no value in several rows.
    for column in named:
        x = f"?{column.name}"
        order += f" {x}"
        for said in (f"STR({x})", f"LANG({x})", f"STR(DATATYPE({x}))"):
            order += f' COALESCE({said}, "")'
    limit, offset = _number(parts.get("LIMIT")), _number(parts.get("OFFSET")) or 0
    rest = None if limit is None else max(limit - page.offset, 0)
    limit = min((n for n in (rest, page.limit) if n is not None), default=None)
    offset += page.offset
    kept = [text_of(sparql, parts[name]) for name in ("GROUP", "HAVING") if name in parts]
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

"""A picture of an answer, where its columns ask for one: counts, dates, or who is joined to whom.

What is drawn is in the table below it as well. Sizes and places are attributes and colours are
classes, since pages may have no style of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from markupsafe import Markup

from kg.edtf import bounds
from kg.show.card import When
from kg.show.picture import lettering
from kg.show.picture.timeline import span
from kg.web.pages.pictures import network, timeline
from kg.web.pages.pictures.network import Edge, Node, Wording
from kg.web.pages.pictures.timeline import Item
from kg.web.queries.tables import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.web.queries.tables import Cell, Table

_COUNTS: Final = frozenset({"claims", "mentions", "articles", "sources", "readings", "negative"})
"""Columns that count things of the graph; other numbers are not to be compared by their length."""
_BARS: Final = 30
"""Rows that are drawn: more are read faster in the table."""
_DATED: Final = 80
"""Events in one picture, and"""
_NODES: Final = 40
"""actors: as many as on the pages of their own (`views.pictures`)."""
_WIDE: Final = 760
_ROW: Final = 26
_NAME: Final = lettering.Face(size=13)
_ROOM: Final = 222
"""Pixels for the name of a bar; the whole of it is in its tooltip and in the table."""
_LEANING: Final = frozenset({"about", "by", "from", "in", "of", "on", "to", "with"})
"""Headings that say nothing on their own: a title does without them."""


class Bar(NamedTuple):
    """What is counted, its name as far as there is room for it, and how long its bar is."""

    label: Cell
    name: str
    words: str
    length: float
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture: bars as numbers, others as they are drawn; `left_out` rows are in the table only.

    Its key is made of what is `counted`, the `most` of it that one sign stands for, and the kinds of
    `marks` that are in it.
    """

    kind: Literal["bars", "dates", "network"]
    title: str
    width: int = _WIDE
    height: int = 0
    bars: tuple[Bar, ...] = ()
    drawing: str = ""
    left_out: int = 0
    counted: str = ""
    most: str = ""
    marks: frozenset[str] = frozenset()

    @property
    def counted_one(self) -> str:
        """What is counted, where there is one of it."""
        return self.counted.removesuffix("s")


def chart(table: Table, to: Callable[[str], str | None]) -> Chart | None:
    """The picture of a table; None where none says more than the table itself.

    `to` is where the page links an IRI to. Two columns of things and a count make a network, a column of
    things and a count bars, events with their dates a timeline.
    """
    if len(table.rows) < 2:
        return None
    columns = table.columns
    counts = [
        i for i, column in enumerate(columns) if column.kind == "number" and column.name in _COUNTS
    ]
    things = [
        i
        for i, column in enumerate(columns)
        if column.kind in {"plain", "words"} and all(row[i].iri for row in table.rows)
    ]
    dates = [i for i, column in enumerate(columns) if column.kind == "date"]
    if len(things) == 2 and counts and _people(table, things):
        return _network(table, things[0], things[1], counts[0], to)
    named = [i for i in things if len({row[i].iri for row in table.rows}) == len(table.rows)]
    if named and counts and not dates:
        return _bars(table, named[0], counts[0])
    if things and len(dates) == 1 and _events(table, things[0]):
        return _dates(table, things[0], dates[0], to)
    return None


def _people(table: Table, things: list[int]) -> bool:
    return all("/id/actor/" in (row[i].iri or "") for row in table.rows for i in things)


def _events(table: Table, thing: int) -> bool:
    return all("/id/event/" in (row[thing].iri or "") for row in table.rows)


def _bars(table: Table, label: int, count: int) -> Chart:
    found = numbers(table, count)
    rows = [(row[label], n) for row, n in zip(table.rows, found, strict=True) if n is not None]
    most = max((n for _, n in rows), default=0) or 1
    bars = tuple(
        Bar(cell, _name(cell), f"{n:,.12g}", round(440 * n / most, 1), _ROW * i)
        for i, (cell, n) in enumerate(rows[:_BARS])
    )
    heading, what = table.columns[count].heading, table.columns[label].heading
    return Chart(
        kind="bars",
        title=heading if what.lower() in _LEANING else f"{heading} by {what[:1].lower()}{what[1:]}",
        height=_ROW * len(bars),
        bars=bars,
        left_out=len(table.rows) - len(bars),
        counted=heading[:1].lower() + heading[1:],
        most=f"{most:,.12g}",
    )


def _name(cell: Cell) -> str:
    return next(iter(lettering.wrap(lettering.clean(cell.text), _ROOM, _NAME, 1)), "")


def _dates(table: Table, label: int, date: int, to: Callable[[str], str | None]) -> Chart | None:
    """The events over time, each with all the dates that rows give it."""
    given: dict[str, dict[str, When]] = defaultdict(dict)
    names: dict[str, str] = {}
    spans = set()
    drawn = 0
    for row in table.rows:
        event, edtf = row[label], row[date].text
        if event.iri is None or not edtf or (event.iri not in given and len(given) == _DATED):
            continue
        found = bounds(edtf)
        when = When(edtf=edtf, earliest=found.earliest, latest=found.latest)
        if span(when) != (None, None):
            spans.add(span(when))
            given[event.iri][edtf] = when
            names.setdefault(event.iri, event.text)
            drawn += 1
    if len(spans) < 2:
        return None
    items = [
        Item(address=to(iri) or "#", name=names[iri], dates=tuple(dates.values()))
        for iri, dates in given.items()
    ]
    drawing = timeline.svg(items)
    return Chart(
        kind="dates",
        title=f"{table.columns[label].heading}: when",
        drawing=Markup(drawing),  # noqa: S704 - escapes itself
        left_out=len(table.rows) - drawn,
        marks=_marks(drawing, timeline.MARKS),
    )


def _network(
    table: Table, from_: int, about: int, count: int, to: Callable[[str], str | None]
) -> Chart | None:
    """Those with the highest counts, and what the rows count between them."""
    weights: dict[tuple[str, str], int] = defaultdict(int)
    denials: dict[tuple[str, str], int] = defaultdict(int)
    rows: dict[tuple[str, str], int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    called: dict[str, str] = {}
    negative = next(
        (i for i, column in enumerate(table.columns) if column.name == "negative"), None
    )
    denied = numbers(table, negative) if negative is not None else [None] * len(table.rows)
    for row, number, no in zip(table.rows, numbers(table, count), denied, strict=True):
        left, right = row[from_], row[about]
        if left.iri is None or right.iri is None or left.iri == right.iri or (number or 0) < 1:
            continue
        pair = (left.iri, right.iri)
        weight = int(number or 0)
        weights[pair] += weight
        denials[pair] += int(no or 0)
        rows[pair] += 1
        for cell in (left, right):
            called[cell.iri or ""] = cell.text
            total[cell.iri or ""] += weight
    chosen = sorted(total, key=lambda iri: (-total[iri], iri))[:_NODES]
    if len(chosen) < 3:
        return None
    place = {iri: number for number, iri in enumerate(chosen)}
    drawn = [pair for pair in sorted(weights) if place.keys() >= set(pair)]
    own: dict[str, int] = defaultdict(int)
    for left_iri, right_iri in drawn:
        own[left_iri] += weights[left_iri, right_iri]
    edges = [
        Edge(
            source=place[pair[0]],
            about=place[pair[1]],
            claims=weights[pair],
            negative=denials[pair],
        )
        for pair in drawn
    ]
    title = f"{table.columns[from_].heading} → {table.columns[about].heading}"
    nodes = [Node(address=to(iri) or "#", name=called[iri], claims=own[iri]) for iri in chosen]
    counted = table.columns[count].name
    wording = Wording(title, "→", "to the others here", counted.removesuffix("s"), counted)
    drawing = network.svg(nodes, edges, wording)
    return Chart(
        kind="network",
        title=title,
        drawing=Markup(drawing),  # noqa: S704 - escapes itself
        left_out=len(table.rows) - sum(rows[pair] for pair in drawn),
        counted=counted,
        most=f"{max((weights[pair] for pair in drawn), default=0):,}",
        marks=_marks(drawing, network.MARKS),
    )


def _marks(drawing: str, kinds: Iterable[str]) -> frozenset[str]:
    """The kinds of marks that are in a drawing: the classes of its elements, which no name can forge."""
    used = {word for words in re.findall('class="([^"]*)"', drawing) for word in words.split()}
    return frozenset(used) & frozenset(kinds)

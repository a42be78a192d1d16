"""Events and articles along a line of time, packed so that nothing covers anything else.

Each date is a mark: a disc or a square for a day, a bar for what is vaguer, dashed where it is
uncertain, with an arrow where an end is open. Accounts that differ have a mark each, under each
other. Places in time are given as parts of the whole, so that a script can spread them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.show.picture import dates, lettering
from kg.show.picture.lettering import Face, escape, number
from kg.show.picture.timeline import span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.show.card import When

WIDTH: Final = 1200
LEFT: Final = 24
RIGHT: Final = WIDTH - LEFT
_HEAD: Final = 44
_NAME: Final = Face(size=13)
_SMALL: Final = Face(size=11.5)
_LINE: Final = 17
_MARK: Final = 15
_RADIUS: Final = 5
_WIDEST: Final = 460
"""Pixels of a name; the rest of it is in the tooltip and in the table."""
_GAP: Final = 14
_BAND: Final = 24
_DAY: Final = 1.2
"""Up to so many days a date is one day: a clock time without a zone allows for all zones."""
_TICKS: Final = 10
MARKS: Final = ("article", "exact", "within", "unsure", "open", "differ")
"""Kinds of marks, by the classes that they have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article or an event, with each of its dates; `address` is where its page is.

    `note` is what else there is to know at first sight.
    """

    address: str
    name: str
    dates: tuple[When, ...]
    note: str = ""
    article: bool = False


class Mark(NamedTuple):
    """A date on the line: from where to where, None at an open end."""

    start: float | None
    end: float | None
    unsure: bool
    words: str

    @property
    def exact(self) -> bool:
        """Whether it is one day."""
        return self.start is not None and self.end is not None and self.end - self.start < _DAY


class _Box(NamedTuple):
    """Room that an item takes."""

    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The time that is drawn, in days."""

    start: float
    end: float

    def part(self, day: float) -> float:
        """Where a day lies, from 0 to 1; what lies outside is at the edge."""
        return min(max((day - self.start) / (self.end - self.start), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class _Placed:
    """An item with its marks and the anchor of its name, before it has a height."""

    item: Item
    marks: tuple[tuple[float, float, Mark], ...]
    words: str
    at: float
    flush: bool
    left: float
    right: float

    @property
    def height(self) -> float:
        return _LINE + _MARK * len(self.marks) + 4


def placeable(item: Item) -> bool:
    """Whether any of its dates has a place in time."""
    return any(span(when) != (None, None) for when in item.dates)


def svg(items: Sequence[Item], window: tuple[float | None, float | None] = (None, None)) -> str:
    """The picture of some items, or nothing where none has a place in time.

    `window` are the days that were asked for, where the picture is of a period.
    """
    shown = [item for item in items if placeable(item)]
    if not shown:
        return ""
    axis = _axis(shown, window)
    out: list[str] = []
    top: float = _HEAD + 8
    for title, band in (
        ("Articles", [item for item in shown if item.article]),
        ("Events", [item for item in shown if not item.article]),
    ):
        if band:
            out.append(f'<text class="band" x="{LEFT}" y="{number(top + 14)}">{title}</text>')
            top = _band(out, axis, band, top + _BAND)
            out.append(_line("grid", LEFT, top, RIGHT, top))
            top += 8
    height = round(top + 4)
    count = f"{len(shown)} articles and events"
    begin = (
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {height}" role="group" '
        f'aria-labelledby="timeline-title timeline-desc" data-zoom="time" '
        f'data-start="{axis.start:.3f}" data-end="{axis.end:.3f}" data-left="{LEFT}" '
        f'data-right="{RIGHT}">'
    )
    about = (
        '<desc id="timeline-desc">Time runs from left to right, to scale. '
        "The table below has the same dates in words.</desc>"
    )
    title = f'<title id="timeline-title">Timeline of {count}</title>'
    ticks = f'<g class="ticks" data-bottom="{height}" aria-hidden="true">'
    return "\n".join((begin, title, about, ticks, *_ticks(axis, height), "</g>", *out, "</svg>"))


def _axis(items: Sequence[Item], window: tuple[float | None, float | None]) -> Axis:
    """The time from the first date to the last; of what was asked for, where it is within that."""
    spans = [span(when) for item in items for when in item.dates]
    known = [day for pair in spans for day in pair if day is not None]
    start, end = min(known), max(known)
    if window[0] is not None and window[0] < end:
        start = max(start, window[0])
    if window[1] is not None and window[1] > start:
        end = min(end, window[1])
    room = max((end - start) * 0.03, (7 - (end - start)) / 2, 0.5)
    return Axis(start=start - room, end=end + room)


def _x(part: float) -> float:
    return LEFT + part * (RIGHT - LEFT)


def _marks(item: Item) -> Iterator[Mark]:
    for when in item.dates:
        start, end = span(when)
        if (start, end) != (None, None):
            unsure = when.basis == "inferred" or dates.doubtful(when.edtf)
            basis = f" ({when.basis})" if when.basis not in {None, "stated"} else ""
            yield Mark(start, end, unsure, lettering.clean(f"{dates.words(when.edtf)}{basis}"))


def _placed(axis: Axis, item: Item) -> _Placed:
    """Where an item lies from left to right: its name starts with its mark, or ends with it."""
    marks = tuple(
        (
            axis.part(mark.start) if mark.start is not None else 0.0,
            axis.part(mark.end) if mark.end is not None else 1.0,
            mark,
        )
        for mark in _marks(item)
    )
    differ = len(marks) > 1
    said = ("accounts differ" if differ else marks[0][2].words, lettering.clean(item.note))
    note = " · ".join(filter(None, said))
    (name,) = lettering.wrap(lettering.clean(item.name) or "no name", _WIDEST, _NAME, 1)
    words = f'{escape(name)} <tspan class="below">{escape(note)}</tspan>'
    wide = lettering.width(f"{name} ", _NAME) + lettering.width(note, _SMALL)
    # Where a date is open its known end is what it is known by.
    first = min(end if mark.start is None else start for start, end, mark in marks)
    last = max(start if mark.end is None else end for start, end, mark in marks)
    flush = _x(first) + wide > RIGHT
    at = last if flush else first
    left = min([_x(at) - wide if flush else _x(at), *(_x(start) for start, _, _ in marks)])
    right = max([_x(at) if flush else _x(at) + wide, *(_x(end) for _, end, _ in marks)])
    if differ:  # each mark has its date beside it
        beside = max(_x(e) + 12 + lettering.width(m.words, _SMALL) for _, e, m in marks)
        right = max(right, min(beside, RIGHT))
    return _Placed(item, marks, words, at, flush, left - _RADIUS, right + _RADIUS)


def _band(out: list[str], axis: Axis, items: Sequence[Item], top: float) -> float:
    """Draw items, each as high up as there is room for it; return the bottom."""
    taken: list[_Box] = []
    bottom = top
    order = [_placed(axis, item) for item in items]
    order.sort(key=lambda p: (p.left, p.item.name, p.item.address))
    for placed in order:
        y = top
        beside = [
            box
            for box in taken
            if box.left < placed.right + _GAP and placed.left - _GAP < box.right
        ]
        for _ in range(len(beside) + 1):
            box = _Box(placed.left - _GAP, y, placed.right + _GAP, y + placed.height)
            hit = max((other.bottom for other in beside if other.covers(box)), default=-inf)
            if hit == -inf:
                break
            y = min(other.bottom for other in beside if other.bottom > y)
        taken.append(_Box(placed.left, y, placed.right, y + placed.height))
        bottom = max(bottom, y + placed.height)
        out.extend(_item(placed, y))
    return bottom + 6


def _item(placed: _Placed, top: float) -> Iterator[str]:
    """An item as a link with its name and its marks."""
    item = placed.item
    differ = " differ" if len(placed.marks) > 1 else ""
    kind = "article" if item.article else "event"
    said = "; ".join(mark.words for _, _, mark in placed.marks)
    yield f'<a class="item {kind}{differ}" href="{escape(item.address)}">'
    yield lettering.tooltip(": ".join(filter(None, (item.name, said, item.note))))
    width, height = placed.right - placed.left + 8, placed.height
    yield (
        f'<rect class="focus" x="{number(placed.left - 4)}" y="{number(top - 1)}" '
        f'width="{number(width)}" height="{number(height)}" rx="3"/>'
    )
    anchor = ' text-anchor="end"' if placed.flush else ""
    yield (
        f'<text class="name" x="{number(_x(placed.at))}" y="{number(top + 12)}" '
        f'data-at="{placed.at:.6f}"{anchor}>{placed.words}</text>'
    )
    begins = []
    for place, (start, end, mark) in enumerate(placed.marks):
        y = top + _LINE + _MARK * (place + 0.5)
        begin = end if mark.start is None else (start + end) / 2 if mark.exact else start
        begins.append(f"{number(_x(begin))},{number(y)}")
    if differ:
        yield f'<polyline class="joint" points="{" ".join(begins)}"/>'
    for place, (start, end, mark) in enumerate(placed.marks):
        y = top + _LINE + _MARK * (place + 0.5)
        yield _mark(start, end, mark, y, square=item.article)
        if differ:
            room = lettering.width(mark.words, _SMALL) + 12
            flush = _x(end) + room > RIGHT
            at, shift = (start, -10) if flush else (end, 10)
            anchor = ' text-anchor="end"' if flush else ""
            yield (
                f'<text class="below" x="{number(_x(at) + shift)}" y="{number(y + 4)}" '
                f'data-at="{at:.6f}" data-shift="{shift}"'
                f"{anchor}>{escape(mark.words)}</text>"
            )
    yield "</a>"


def _mark(start: float, end: float, mark: Mark, y: float, *, square: bool) -> str:
    """A date: a disc or a square for a day, a bar for more, an arrow head at an open end."""
    place = f'data-from="{start:.6f}" data-to="{end:.6f}" data-y="{number(y)}"'
    left, right = _x(start), _x(end)
    style = "unsure" if mark.unsure else "exact" if mark.exact else "within"
    if mark.exact and not square:
        return (
            f'<circle class="mark {style}" cx="{number((left + right) / 2)}" cy="{number(y)}" '
            f'r="{_RADIUS}" {place}/>'
        )
    wide = max(right - left, 2 * _RADIUS)
    x = (left + right - wide) / 2
    drawn = (
        f'<rect class="mark {style}" x="{number(x)}" y="{number(y - _RADIUS)}" '
        f'width="{number(wide)}" height="{2 * _RADIUS}" {place}/>'
    )
    for is_open, edge, inward in ((mark.start is None, 0.0, 1), (mark.end is None, 1.0, -1)):
        if is_open:
            tip = _x(edge) - 4 * inward
            drawn += (
                f'<path class="open" data-edge="{edge:g}" d="M{number(tip + 8 * inward)} '
                f"{number(y - 7)}L{number(tip)} {number(y)}L{number(tip + 8 * inward)} "
                f'{number(y + 7)}"/>'
            )
    return drawn


def _ticks(axis: Axis, bottom: float) -> Iterator[str]:
    """The labels of the axis, with lines down through the picture."""
    yield _line("axis", LEFT, _HEAD, RIGHT, _HEAD)
    before = -inf
    for tick in dates.ticks(axis.start, axis.end, _TICKS):
        x = _x(axis.part(tick.day))
        wide = max(lettering.width(words, _NAME) for words in (tick.label, tick.year))
        middle = min(max(x, LEFT + wide / 2), RIGHT - wide / 2)
        if middle - wide / 2 < before + 8:
            continue
        before = middle + wide / 2
        yield _line("grid", x, _HEAD - 5, x, bottom)
        for words, y in ((tick.year, 16), (tick.label, 33)):
            if words:
                yield (
                    f'<text class="tick" x="{number(middle)}" y="{y}" '
                    f'text-anchor="middle">{escape(words)}</text>'
                )


def _line(style: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line class="{style}" x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" '
        f'y2="{number(y2)}"/>'
    )

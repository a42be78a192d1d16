"""Articles and events on a line of time, a row for each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Final

from kg.show.card import Dated
from kg.show.picture import dates, lettering, page
from kg.show.picture.lettering import BODY, INK, RULE, SMALL, Face, number, strong
from kg.show.picture.page import LEFT, RIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.show.card import Card, Happening, When

ARTICLES: Final = 60
EVENTS: Final = 300
CLOSE_UPS: Final = 6
UNDATED: Final = 40
ACCOUNTS: Final = 6

_GUTTER: Final = 440
_PLOT: Final = LEFT + _GUTTER + 30
_TICK: Final = SMALL
_RADIUS: Final = 6
_AGAIN: Final = 1100
"""After so much of rows the axis is written again."""

_DAY: Final = 1.2
"""Up to so many days a date is one day: a clock time without a zone allows for all zones."""

_GREY: Final = "#b5b5b5"
_EXACT: Final = f'fill="{INK}"'
_WITHIN: Final = f'fill="{_GREY}" stroke="{INK}" stroke-width="1.2"'
_UNCERTAIN: Final = f'fill="#fff" stroke="{INK}" stroke-width="1.4" stroke-dasharray="3 2.5"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Time on a line from left to right, to scale."""

    start: float
    end: float
    left: float
    right: float

    def at(self, day: float) -> float:
        """Where a day lies."""
        return self.left + (day - self.start) / (self.end - self.start) * (self.right - self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a row is of: its name, what is said below it, and its dates with who gives them."""

    name: str
    below: str
    dates: tuple[Dated, ...]
    article: bool = False

    @property
    def first(self) -> tuple[float, float, str]:
        """The order of rows: by the first instant that a date allows, or by the last if it has none."""
        spans = [span(dated.when) for dated in self.dates]
        starts = [start if start is not None else end for start, end in spans]
        ends = [end if end is not None else inf for _, end in spans]
        return min((s for s in starts if s is not None), default=inf), min(ends), self.name


def span(when: When) -> tuple[float | None, float | None]:
    """The first and the last day that a date allows; of two that are the wrong way round, none."""
    start, end = dates.day(when.earliest), dates.day(when.latest)
    return (None, None) if start is not None and end is not None and end < start else (start, end)


def dated(row: Row) -> Row | None:
    """The row with those of its dates that have a place in time; None without any."""
    placed = tuple(given for given in row.dates if span(given.when) != (None, None))
    return replace(row, dates=placed) if placed else None


def rows(card: Card) -> tuple[list[Row], list[Row], list[Row]]:
    """Articles and events in order of time, and what has no date."""
    articles = [
        Row(
            name=lettering.clean(article.headline) or "no headline",
            below=", ".join(
                lettering.isolated(who) for who in (article.author, article.publisher) if who
            ),
            dates=(Dated(when=article.published, accounts=()),) if article.published else (),
            article=True,
        )
        for article in page.articles(card)
    ]
    events = [
        Row(
            name=lettering.clean(happening.label) or "no label",
            below=_below(happening, card.name),
            dates=happening.dates,
        )
        for happening in card.timeline
    ]
    placed = [[found for row in part if (found := dated(row))] for part in (articles, events)]
    undated = [row for row in (*articles, *events) if dated(row) is None]
    first, second = (sorted(part, key=lambda row: row.first) for part in placed)
    return first, second, undated


def draw(out: list[str], card: Card, top: float, prefix: str) -> float:
    """Draw the timeline of a card; return the bottom."""
    articles, events, undated = rows(card)
    shown_articles, shown_events = articles[:ARTICLES], events[:EVENTS]
    shown = [*shown_articles, *shown_events]
    if shown:
        top = page.heading(
            out,
            top,
            "Timeline",
            "Each row is an article or an event. Time runs from left to right, to scale.",
        )
        axis = axis_of(shown)
        top = _key(out, shown, top)
        for title, part in (("Articles", shown_articles), ("Events", shown_events)):
            if part:
                top = _part(out, axis, title, part, top, prefix)
        for row in _cramped(axis, shown)[:CLOSE_UPS]:
            close = axis_of([row])
            top = _part(out, close, "Close-up, to a scale of its own", [row], top, prefix)
    left_out = [
        page.count(gone, one, several)
        for gone, one, several in (
            (max(page.total(card, "articles", 0) - len(page.articles(card)), 0)
             + len(articles) - len(shown_articles), "more article", "more articles"),
            (page.total(card, "timeline", len(card.timeline)) - len(card.timeline)
             + len(events) - len(shown_events), "more event", "more events"),
        )
        if gone
    ]  # fmt: skip
    if left_out:
        top = page.more(out, top, f"and {' and '.join(left_out)}, not drawn here")
    return _undated(out, undated, top) if undated else top


def axis_of(shown: Sequence[Row]) -> Axis:
    """The axis that all dates of some rows fit on."""
    spans = [span(given.when) for row in shown for given in row.dates]
    known = [day for pair in spans for day in pair if day is not None]
    start, end = min(known), max(known)
    room = max(7 - (end - start), 0) / 2
    # An open end runs on to the edge, for which it needs some way to go.
    before = 60 if any(first is None for first, _ in spans) else 14
    after = 60 if any(last is None for _, last in spans) else 14
    return Axis(start=start - room, end=end + room, left=_PLOT + before, right=RIGHT - after)


def _cramped(axis: Axis, shown: Sequence[Row]) -> list[Row]:
    """Events on whose day accounts differ by so little that it cannot be seen on the axis."""
    found = []
    for row in shown:
        if len(row.dates) < 2 or not all(_exact(given.when) for given in row.dates):
            continue
        starts = [start for given in row.dates if (start := span(given.when)[0]) is not None]
        if axis.at(max(starts)) - axis.at(min(starts)) < 5 * _RADIUS:
            found.append(row)
    return found


def _below(happening: Happening, thing: str) -> str:
    """The kind of an event, who else takes part in it, and how it is asserted if not as certain."""
    ways = [way.strip() for way in happening.factuality.split(",")]
    sure = "positive certain" in ways and not any(way.startswith("negative") for way in ways)
    others = dict.fromkeys(name for _, name in happening.participants if name != thing)
    parts = [
        lettering.isolated(happening.kind or ""),
        "" if sure else _asserted(lettering.clean(happening.factuality)),
        ", ".join(map(lettering.isolated, others)),
    ]
    return " · ".join(filter(None, parts))


def _asserted(factuality: str) -> str:
    return factuality if factuality in {"", "not asserted"} else f"asserted as {factuality}"


def _part(
    out: list[str], axis: Axis, title: str, part: Sequence[Row], top: float, prefix: str
) -> float:
    """Draw the rows of articles or events under an axis."""
    lettering.block(out, LEFT, top + 10, _GUTTER, title, Face(size=16, bold=True))
    grid = top = _ticks(out, axis, top)
    at = len(out)
    for row in part:
        if top - grid > _AGAIN:
            out[at:at] = _grid(axis, grid, top)
            grid = top = _ticks(out, axis, top)
            at = len(out)
        top = _row(out, axis, row, top, prefix)
        page.rule(out, top)
    # The grid lies under the marks, and its lines end where the axis is written again.
    out[at:at] = _grid(axis, grid, top)
    return top + 10


def _ticks(out: list[str], axis: Axis, top: float) -> float:
    """Write the labels of an axis; return where its rows begin."""
    before = -inf
    for tick in dates.ticks(axis.start, axis.end, 10):
        wide = max(lettering.width(words, _TICK) for words in (tick.label, tick.year))
        middle = min(axis.at(tick.day), RIGHT - wide / 2)
        if middle - wide / 2 < before + 10:
            continue
        before = middle + wide / 2
        if tick.year:
            out.append(lettering.letters(middle, top + 17, tick.year, _TICK, anchor="middle"))
        out.append(lettering.letters(middle, top + 34, tick.label, _TICK, anchor="middle"))
    out.append(page.line(LEFT, top + 44, RIGHT, top + 44, INK, 1))
    return top + 44


def _grid(axis: Axis, top: float, bottom: float) -> list[str]:
    return [
        page.line(axis.at(tick.day), top - 6, axis.at(tick.day), bottom, RULE)
        for tick in dates.ticks(axis.start, axis.end, 10)
    ]


def _row(out: list[str], axis: Axis, row: Row, top: float, prefix: str) -> float:
    """Draw an article or an event; return the bottom."""
    out.append(f'<g class="{"article" if row.article else "event"}">')
    y = lettering.block(out, LEFT, top + 8, _GUTTER, row.name, strong(BODY), 2)
    shown = row.dates[:ACCOUNTS]
    several = len(row.dates) > 1
    if several:
        y = lettering.block(out, LEFT, y, _GUTTER, row.below, SMALL)
        y = lettering.block(out, LEFT, y, _GUTTER, apart(row.dates), Face(size=13, bold=True))
    heights = []
    for given in shown:
        heights.append(y + SMALL.line / 2)
        y = lettering.block(out, LEFT, y, _GUTTER, _date(given.when), Face(size=13))
        if several and given.accounts:
            accounts = "; ".join(map(lettering.isolated, given.accounts))
            y = lettering.block(out, LEFT, y, _GUTTER, f"according to {accounts}", SMALL)
    if len(row.dates) > len(shown):
        rest = page.count(len(row.dates) - len(shown), "more date", "more dates")
        y = lettering.block(out, LEFT, y, _GUTTER, f"and {rest}", SMALL)
    if not several:
        y = max(lettering.block(out, LEFT, y, _GUTTER, row.below, SMALL), top + 34)
        heights = [(top + y + 8) / 2]
    y += 8
    drawn: list[str] = []
    marks = [
        (_mark(drawn, axis, row, given.when, height, prefix), height)
        for given, height in zip(shown, heights, strict=True)
    ]
    if len(marks) > 1:
        points = " ".join(f"{number(x)},{number(height)}" for x, height in marks)
        out.append(f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.5"/>')
    out += drawn
    out.append("</g>")
    return y


def apart(given: Sequence[Dated]) -> str:
    """How the dates of one event stand to each other."""
    spans = [span(one.when) for one in given]
    starts = [start if start is not None else -inf for start, _ in spans]
    ends = [end if end is not None else inf for _, end in spans]
    gap = max(starts) - min(ends)
    if gap < 0:
        return "Accounts differ, and overlap" if len(given) == 2 else "Accounts differ"
    if all(end - start < _DAY for start, end in zip(starts, ends, strict=True)):
        days = round(max(starts) - min(starts))
        return f"Accounts differ by {page.count(days, 'day', 'days')}"
    return "Accounts differ"


def _date(when: When) -> str:
    basis = f" · {lettering.clean(when.basis)}" if when.basis else ""
    return f"{page.date_words(when.edtf)}{basis}"


def _uncertain(when: When) -> bool:
    return when.basis == "inferred" or dates.doubtful(when.edtf)


def _exact(when: When) -> bool:
    start, end = span(when)
    return start is not None and end is not None and end - start < _DAY and not _uncertain(when)


def _mark(out: list[str], axis: Axis, row: Row, when: When, y: float, prefix: str) -> float:
    """Draw a date; return the middle of its mark."""
    start, end = span(when)
    left = axis.at(start) if start is not None else _PLOT
    right = axis.at(end) if end is not None else RIGHT
    title = lettering.tooltip(f"{when.edtf[:100]}: {row.name[:100]}")
    if start is None or end is None:
        fill = (
            "none" if _uncertain(when) else f"url(#{prefix}-{'until' if start is None else 'from'})"
        )
        out.append(f'<g class="mark">{title}{_open(left, right, y, fill, until=start is None)}</g>')
        return right if start is None else left
    style = _EXACT if _exact(when) else _UNCERTAIN if _uncertain(when) else _WITHIN
    middle = (left + right) / 2
    square = row.article or right - left >= 2 * _RADIUS
    out.append(f'<g class="mark">{title}{_shape(left, right, y, style, square=square)}</g>')
    return middle


def _shape(left: float, right: float, y: float, style: str, *, square: bool) -> str:
    """A bar; where it would be narrower than high, a square or a disc in its middle."""
    middle = (left + right) / 2
    if not square:
        return f'<circle cx="{number(middle)}" cy="{number(y)}" r="{_RADIUS}" {style}/>'
    wide = max(right - left, 2 * _RADIUS)
    return (
        f'<rect x="{number(middle - wide / 2)}" y="{number(y - _RADIUS)}" '
        f'width="{number(wide)}" height="{2 * _RADIUS}" {style}/>'
    )


def _open(left: float, right: float, y: float, fill: str, *, until: bool) -> str:
    """A bar that has only one end, and an arrow head at the edge instead of the other."""
    edge, inward, known = (left, 9, right) if until else (right, -9, left)
    tip = edge + 2 * inward
    dashes = ' stroke-dasharray="3 2.5"' if fill == "none" else ""
    return (
        f'<rect x="{number(left)}" y="{number(y - _RADIUS)}" width="{number(right - left)}" '
        f'height="{2 * _RADIUS}" fill="{fill}"/>'
        f'<path d="M{number(tip)} {number(y - _RADIUS)}H{number(known)}v{2 * _RADIUS}'
        f'H{number(tip)}" fill="none" stroke="{INK}" stroke-width="1.3"{dashes}/>'
        f'<path d="M{number(edge + inward)} {number(y - _RADIUS)}L{number(edge)} {number(y)}'
        f'l{inward} {_RADIUS}" fill="none" stroke="{INK}" stroke-width="1.6"/>'
    )


def fades(prefix: str) -> str:
    """The gradients of open ends, from paper to the grey of other bars and back."""
    return "".join(
        f'<linearGradient id="{prefix}-{name}"><stop offset="0" stop-color="{first}"/>'
        f'<stop offset="1" stop-color="{last}"/></linearGradient>'
        for name, first, last in (("until", "#fff", _GREY), ("from", _GREY, "#fff"))
    )


def _key(out: list[str], shown: Sequence[Row], top: float) -> float:
    """Explain those marks that occur, side by side."""
    x, y = float(LEFT), top
    for wide, words, sample in _samples(shown):
        whole = wide + 8 + lettering.width(words, SMALL)
        if x > LEFT and x + whole > RIGHT:
            x, y = LEFT, y + 26
        out.append(f'<g transform="translate({number(x)} {number(y + 12)})">{sample}</g>')
        out.append(lettering.letters(x + wide + 8, y + 16.5, words, SMALL))
        x += whole + 22
    return y + 30


def _samples(shown: Sequence[Row]) -> Iterator[tuple[float, str, str]]:
    """The width, the meaning and the drawing of those marks that occur."""
    given = [(row.article, one.when) for row in shown for one in row.dates]
    closed = [(article, when) for article, when in given if None not in span(when)]
    exact = [article for article, when in closed if _exact(when)]
    if True in exact:
        yield 14, "article, on that day", _shape(6, 6, 0, _EXACT, square=True)
    if False in exact:
        yield 14, "event, on that day", _shape(6, 6, 0, _EXACT, square=False)
    for occurs, words, style in (
        (any(not _exact(when) and not _uncertain(when) for _, when in closed),
         "at some time within, or throughout", _WITHIN),
        (any(_uncertain(when) for _, when in given), "uncertain or inferred", _UNCERTAIN),
    ):  # fmt: skip
        if occurs:
            bar, disc = _shape(0, 28, 0, style, square=True), _shape(41, 41, 0, style, square=False)
            yield 48, words, bar + disc
    if len(closed) < len(given):
        yield 46, "open", _open(0, 46, 0, "none", until=False)
    if any(len(row.dates) > 1 for row in shown):
        ends = "".join(
            f'<circle cx="{x}" cy="{y}" r="4" fill="{INK}"/>' for x, y in ((4, -5), (28, 5))
        )
        yield 34, "accounts differ", page.line(4, -5, 28, 5, INK, 1.5) + ends


def _undated(out: list[str], without: Sequence[Row], top: float) -> float:
    """Name what has no place on the line, in two columns."""
    top = page.heading(out, top, "Without a date", "Articles and events whose time is not known.")
    shown = without[:UNDATED]
    for pair in (shown[at : at + 2] for at in range(0, len(shown), 2)):
        bottoms = []
        for x, row in zip((LEFT, LEFT + 575), pair, strict=False):
            y = lettering.block(out, x, top, 545, row.name, BODY, 2)
            bottoms.append(lettering.block(out, x, y, 545, row.below, SMALL))
        top = max(bottoms) + 7
    if len(without) > len(shown):
        top = page.more(out, top, f"and {len(without) - len(shown):,} more")
    return top

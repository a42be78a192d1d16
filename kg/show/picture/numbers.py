"""Numbers that differ, on a scale for each population."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING, Final

from kg.show.picture import lettering, page
from kg.show.picture.lettering import BODY, INK, RULE, SMALL, Face, number, strong
from kg.show.picture.page import LEFT, RIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.show.card import Card, Numbers, Reading

POPULATIONS: Final = 40
READINGS: Final = 24
AGREED: Final = 24

_GUTTER: Final = 400
_PLOT: Final = LEFT + _GUTTER + 30
_END: Final = RIGHT - 270
_WORDS: Final = _END + 30
_HUGE: Final = 1e300
_SIGNS: Final = {
    "exactly": "=",
    "about": "~",
    "at least": ">=",
    "more than": ">",
    "at most": "<=",
    "less than": "<",
}
"""The quantifiers of the ontology by their labels."""

_NUMBER: Final = "[-+]?[0-9]*[.]?[0-9]+(?:[eE][-+]?[0-9]+)?"
_READING: Final = re.compile(
    f"(?:({'|'.join(_SIGNS)}) )?({_NUMBER})(?: to ({_NUMBER}))?(?: (.*))?", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Numbers on a line from left to right; `whole` if all that are given are."""

    start: float
    end: float
    whole: bool

    def at(self, value: float) -> float:
        """Where a number lies; there is room for an arrow at both ends."""
        part = (value - self.start) / (self.end - self.start)
        return _PLOT + 60 + part * (_END - _PLOT - 120)


def draw(out: list[str], card: Card, top: float) -> float:
    """Draw the numbers of a card; return the bottom."""
    differing = [population for population in card.numbers if population.differ]
    agreed = [population for population in card.numbers if not population.differ]
    if differing:
        top = page.heading(
            out,
            top,
            "Numbers that differ",
            "A dot is the number given. An arrow leads to where the true one may lie as well; "
            "from a hollow dot, the number itself is excluded. A dashed ring stands for about.",
        )
        for population in differing[:POPULATIONS]:
            top = _population(out, population, top) + 12
        if len(differing) > POPULATIONS:
            rest = page.count(len(differing) - POPULATIONS, "more count", "more counts")
            top = page.more(out, top, f"and {rest} that differ, not drawn here")
    if agreed:
        top = _agreed(out, agreed, top)
    if absent := page.total(card, "numbers", len(card.numbers)) - len(card.numbers):
        counts = page.count(absent, "more count", "more counts")
        top = page.more(out, top, f"and {counts}, not drawn here")
    return top


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What a reading says in numbers: the least and the most that it allows, None without a bound.

    `sign` is `=`, `~`, `>=`, `>`, `<=` or `<`.
    """

    sign: str
    least: float | None
    most: float | None
    unit: str


def amount(words: str) -> Amount | None:
    """The numbers in the words of a reading; None if there are none to draw.

    >>> amount("more than 17 persons")
    Amount(sign='>', least=17.0, most=None, unit='persons')
    """
    found = _READING.fullmatch(words)
    if not found:
        return None
    sign = _SIGNS[found[1] or "exactly"]
    first, last = float(found[2]), float(found[3] or found[2])
    if not -_HUGE < first <= last < _HUGE:
        return None
    return Amount(
        sign=sign,
        least=None if sign.startswith("<") else first,
        most=None if sign.startswith(">") else last,
        unit=found[4] or "",
    )


def ticks(start: float, end: float, room: float, *, whole: bool = False) -> list[tuple[float, str]]:
    """Round numbers between two, in the smallest step whose labels fit side by side.

    Where only `whole` numbers are given, nothing lies between them.
    """
    step = 10.0 ** floor(log10((end - start) / 50))
    for times in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        size = step * times
        if (end - start) / size > 12 or (whole and size < 1):
            continue
        first = floor(start / size)
        values = [size * n for n in range(first, first + 16) if start <= size * n <= end]
        labels = [_label(value, size) for value in values]
        wide = max((lettering.width(label, SMALL) for label in labels), default=0) + 14
        if wide <= room * size / (end - start):
            return list(zip(values, labels, strict=True))
    return []


def _around(scale: Scale) -> list[tuple[float, str]]:
    """The ticks of a scale, a little beyond what is given; below 0 only if something is."""
    room = _END - _PLOT - 120
    beyond = (scale.end - scale.start) * 45 / room
    start = scale.start - beyond if scale.start < 0 else max(scale.start - beyond, 0)
    return ticks(start, scale.end + beyond, room + 90, whole=scale.whole)


def _label(value: float, step: float) -> str:
    """A number with the digits that its step needs.

    >>> _label(1500.0, 500.0), _label(0.25, 0.05), _label(2e15, 1e15)
    ('1,500', '0.25', '2e+15')
    """
    if abs(value) >= 1e12 or step < 1e-6:
        return f"{value:g}"
    return f"{value + 0:,.{max(0, -floor(log10(step)))}f}"


def scale_of(amounts: Sequence[Amount]) -> Scale:
    """The scale that some amounts fit on."""
    known = [value for one in amounts for value in (one.least, one.most) if value is not None]
    start, end = min(known), max(known)
    room = (abs(end) / 10 or 1.0) if end - start <= abs(end) * 1e-9 else 0.0
    whole = all(value.is_integer() for value in known)
    return Scale(start=start - room, end=end + room, whole=whole)


def _population(out: list[str], population: Numbers, top: float) -> float:
    """Draw the readings of one population, a scale for each unit; return the bottom."""
    name = lettering.clean(population.population) or "no label"
    top = lettering.block(out, LEFT, top, RIGHT - LEFT, name, Face(size=16, bold=True), 2)
    shown = population.readings[:READINGS]
    units: dict[str | None, list[tuple[Reading, Amount | None]]] = {}
    for reading in shown:
        found = amount(reading.words)
        units.setdefault(found.unit if found else None, []).append((reading, found))
    for readings in units.values():
        top = _readings(out, readings, top)
    if (rest := max(population.total, len(population.readings)) - len(shown)) > 0:
        top = page.more(out, top, f"and {page.count(rest, 'more number', 'more numbers')}")
    return top


def _readings(
    out: list[str], readings: Sequence[tuple[Reading, Amount | None]], top: float
) -> float:
    """Draw readings that can be compared, on one scale; return the bottom."""
    amounts = [found for _, found in readings if found]
    scale = scale_of(amounts) if amounts else None
    marks = _around(scale) if scale else []
    if scale:
        for value, label in marks:
            out.append(lettering.letters(scale.at(value), top + 16, label, SMALL, anchor="middle"))
        top += 26
    page.rule(out, top, INK)
    grid, at = top, len(out)
    for reading, found in readings:
        drawn = _dots(reading, found, scale, top + 7 + BODY.line / 2) if found and scale else ""
        top = _reading(out, reading, drawn, top)
        page.rule(out, top)
    if scale:
        out[at:at] = [
            page.line(scale.at(value), grid - 5, scale.at(value), top, RULE) for value, _ in marks
        ]
    return top + 8


def _reading(out: list[str], reading: Reading, drawn: str, top: float) -> float:
    """Draw one reading beside who gives it; return the bottom."""
    out.append('<g class="reading">')
    said = reading.said
    y = lettering.block(out, LEFT, top + 7, _GUTTER, page.sources(said), strong(BODY), 2)
    where = " · ".join(filter(None, (*page.unusual(said), page.appearance(said))))
    y = lettering.block(out, LEFT, y, _GUTTER, where, SMALL, 3)
    words = lettering.clean(reading.words)
    bottom = max(lettering.block(out, _WORDS, top + 7, RIGHT - _WORDS, words, BODY, 3), y) + 7
    out.append(f"{drawn}</g>")
    return bottom


def _dots(reading: Reading, found: Amount, scale: Scale, y: float) -> str:
    """The number of a reading as a dot, its range as a bar, a bound as a dot with an arrow."""
    least, most = found.least, found.most
    title = lettering.tooltip(f"{reading.words}: {reading.said.text}")
    hollow = found.sign in {">", "<"}
    ends = [scale.at(value) for value in (least, most) if value is not None]
    parts = []
    if least is None or most is None:
        edge, inward = (_PLOT, 9) if least is None else (_END, -9)
        parts.append(page.line(ends[0], y, edge, y, INK, 2))
        parts.append(
            f'<path d="M{number(edge + inward)} {number(y - 6)}L{number(edge)} {number(y)}'
            f'L{number(edge + inward)} {number(y + 6)}" fill="none" stroke="{INK}" '
            f'stroke-width="2"/>'
        )
    elif most > least:
        parts.append(page.line(ends[0], y, ends[1], y, INK, 5))
    fill = "#fff" if hollow else INK
    parts.extend(
        f'<circle cx="{number(x)}" cy="{number(y)}" r="6" fill="{fill}" stroke="{INK}" '
        f'stroke-width="2"/>'
        for x in dict.fromkeys(ends)
    )
    if found.sign == "~":
        parts.extend(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="10" fill="none" stroke="{INK}" '
            f'stroke-width="1.3" stroke-dasharray="3 2.5"/>'
            for x in dict.fromkeys(ends)
        )
    return f'<g class="number">{title}{"".join(parts)}</g>'


def _agreed(out: list[str], agreed: Sequence[Numbers], top: float) -> float:
    """List the numbers on which nobody differs."""
    top = page.heading(out, top, "Other numbers", "Given by one side only, or alike by all.")
    for population in agreed[:AGREED]:
        who = "; ".join(
            dict.fromkeys(page.sources(reading.said) for reading in population.readings)
        )
        words = " | ".join(
            dict.fromkeys(lettering.isolated(reading.words) for reading in population.readings)
        )
        name = lettering.clean(population.population) or "no label"
        bottoms = (
            lettering.block(out, LEFT, top + 4, 520, name, BODY, 2),
            lettering.block(out, LEFT + 540, top + 4, 280, words, strong(BODY), 2),
            lettering.block(out, LEFT + 840, top + 4, 280, who, BODY, 2),
        )
        top = max(bottoms)
    if len(agreed) > AGREED:
        top = page.more(out, top, f"and {len(agreed) - AGREED:,} more")
    return top

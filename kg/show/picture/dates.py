"""Dates in a drawing: in words, as days on a line, and the ticks of an axis."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_SEASONS: Final = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_DATE: Final = re.compile(
    "(?:(?P<year>-?[0-9]{4}|Y-?[0-9]{5,})(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?"
    "|(?P<decade>[0-9]{3})X|(?P<century>[0-9]{2})XX)"
    "(?:T(?P<clock>[0-9]{2}:[0-9]{2})(?::[0-9]{2})?(?P<zone>.*))?(?P<doubt>[?~%]?)"
)
_INSTANT: Final = re.compile(
    "(-?[0-9]{4,})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2}(?:[.][0-9]+)?)Z?"
)
_CYCLE: Final = 146_097
"""The days of 400 years, after which the calendar repeats itself."""

_STEPS: Final = ((1, "day"), (2, "day"), (7, "day"), (1, "month"), (3, "month"), (6, "month"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on an axis, with its label; `year` where the label leaves it out."""

    day: float
    label: str
    year: str = ""


def words(edtf: str) -> str:
    """A date in words; what is not known as a date is left as it is.

    >>> words("2018-06-17/2018-07")
    '17 June 2018 – July 2018'
    >>> words("../2016~")
    'until about 2016'
    """
    start, slash, end = edtf.partition("/")
    if not slash:
        return _words(start)
    if start in {"", ".."} and end in {"", ".."}:
        return "at a time not known"
    if start in {"", ".."}:
        return f"until {_words(end)}"
    if end in {"", ".."}:
        return f"from {_words(start)} on"
    return f"{_words(start)} – {_words(end)}"


def doubtful(edtf: str) -> bool:
    """Whether a date says of itself that it is uncertain or approximate."""
    return any(sign in edtf for sign in "?~%")


def day(instant: str | None) -> float | None:
    """An xsd:dateTime as days of the proleptic Gregorian calendar; None if it is not one.

    >>> day("0001-01-01T12:00:00Z")
    1.5
    """
    found = _INSTANT.fullmatch(instant or "")
    if not found:
        return None
    year, month, number, hours, minutes = map(int, found.groups()[:5])
    try:
        whole = ordinal(year, month, number)
    except ValueError:
        return None
    return whole + (hours * 3600 + minutes * 60 + float(found[6])) / 86_400


def ordinal(year: int, month: int = 1, number: int = 1) -> int:
    """The number of a day; years below 1 are astronomical (0 is 1 BC)."""
    cycles, rest = divmod(year, 400)
    # datetime.date knows the years 1 to 9999 only.
    return date(2000 + rest, month, number).toordinal() + (cycles - 5) * _CYCLE


def ticks(start: float, end: float, fit: int) -> list[Tick]:
    """The ticks between two days, in the smallest step of which no more than `fit` are needed."""
    for step, unit in _STEPS:
        length = 1 if unit == "day" else 30.44
        if (end - start) / (step * length) <= fit:
            found = _days(start, end, step) if unit == "day" else _months(start, end, step)
            return list(_with_years(found))
    step = 1
    while (end - start) / (step * 365.2425) > fit:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return [tick for tick in _years(start, end, step) if start <= tick.day <= end]


def _days(start: float, end: float, step: int) -> Iterator[tuple[Tick, int]]:
    for number in range(int(start), int(end) + 1):
        if start <= number <= end and number % step == (1 if step == 7 else 0):
            year, month, day_ = _civil(number)
            yield Tick(day=number, label=f"{day_} {_MONTHS[month - 1][:3]}"), year


def _months(start: float, end: float, step: int) -> Iterator[tuple[Tick, int]]:
    first, last = _civil(int(start))[0], _civil(int(end))[0]
    for year in range(first, last + 1):
        for month in range(1, 13, step):
            number = ordinal(year, month)
            if start <= number <= end:
                yield Tick(day=number, label=_MONTHS[month - 1][:3]), year


def _with_years(found: Iterator[tuple[Tick, int]]) -> Iterator[Tick]:
    """Ticks with the year written at the first one and wherever it changes."""
    before = None
    for tick, year in found:
        yield Tick(day=tick.day, label=tick.label, year="" if year == before else _year(year))
        before = year


def _years(start: float, end: float, step: int) -> Iterator[Tick]:
    """Round years; there is no year 0, so that round years BC are not round when counted on."""
    first, last = _civil(int(start))[0], _civil(int(end))[0]
    for count in range((1 - first) // step, 0, -1):
        yield Tick(day=ordinal(1 - count * step), label=_year(1 - count * step))
    if first < 1 and step > 1:
        yield Tick(day=ordinal(1), label=_year(1))
    for count in range(max(first // step, 1), last // step + 1):
        yield Tick(day=ordinal(count * step), label=_year(count * step))


def _civil(number: int) -> tuple[int, int, int]:
    """The year, month and day of a day's number."""
    cycles, rest = divmod(number - 1, _CYCLE)
    there = date.fromordinal(rest + 1 + 4 * _CYCLE)
    return there.year - 1600 + 400 * cycles, there.month, there.day


def _words(side: str) -> str:
    """One side of an interval in words."""
    found = _DATE.fullmatch(side)
    if not found:
        return side
    text = _calendar(found) or side
    if found["clock"]:
        zone = found["zone"]
        text += f", {found['clock']}"
        text += " UTC" if zone == "Z" else f" UTC{zone}" if zone else ""
    about = "about " if found["doubt"] in {"~", "%"} else ""
    return f"{about}{text}{' (uncertain)' if found['doubt'] in {'?', '%'} else ''}"


def _calendar(found: re.Match[str]) -> str | None:
    """Year, month and day of an EDTF date in words; None if there is no such month."""
    if found["decade"]:
        return f"{found['decade']}0s"
    if found["century"]:
        return f"{found['century']}00 – {found['century']}99"
    year = _year(int(found["year"].removeprefix("Y")))
    if found["month"] is None:
        return year
    if found["month"] == "XX":
        return f"{year}, month not known"
    month = int(found["month"])
    if month in _SEASONS:
        return f"{_SEASONS[month]} {year}"
    if not 1 <= month <= 12:
        return None
    if found["day"] is None:
        return f"{_MONTHS[month - 1]} {year}"
    if found["day"] == "XX":
        return f"{_MONTHS[month - 1]} {year}, day not known"
    return f"{int(found['day'])} {_MONTHS[month - 1]} {year}"


def _year(year: int) -> str:
    if year < 1:
        return f"{1 - year} BC"
    return f"AD {year}" if year < 100 else str(year)

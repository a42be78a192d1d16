"""Dates at the precision known (EDTF, levels 0 and 1 of ISO 8601-2), and the instants they span.

A news text says "in September 2002", "until 2016", "about 1977". EDTF writes that as it is, in one
string; `bounds` works out the first and the last instant that the string allows, which is what
stores sort and compare. Three readings go beyond the letter of the standard: a season may be
qualified and may stand in an interval, and so may a year of more than four digits.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Self

from kg.checked import Checked

_YEAR: Final = "-?[0-9]{4}"
_MONTH: Final = "(0[1-9]|1[0-2])"
_DAY: Final = "(0[1-9]|[12][0-9]|3[01])"
# Twelve digits: Oxigraph computes with years of up to 5,391,559,471,919 and no further.
_DATE: Final = (
    f"({_YEAR}(-({_MONTH}(-({_DAY}|XX))?|2[1-4]|XX(-XX)?))?"
    "|-?[0-9]{2}[0-9X]X|Y-?[1-9][0-9]{4,11})[?~%]?"
)
_CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_ZONE: Final = "(Z|[+-](0[0-9]|1[0-3])(:[0-5][0-9])?|[+-]14(:00)?)"
PATTERN: Final = (
    f"{_DATE}(/({_DATE}|[.][.])?)?|([.][.])?/{_DATE}|{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}{_ZONE}?"
)
"""The form of an EDTF string, in the part of the language that XPath and Python share."""

_FORM: Final = re.compile(PATTERN)
_EXPECTED: Final = (
    "expected a date in EDTF form, such as "
    "2007-12-11, 2007-12, 2007, 197X, 2002~, 2014/2016 or ../2016"
)
_SIGNED_ZERO: Final = "the year 0000 has no sign"
_LONG_YEAR: Final = re.compile("Y-?[1-9][0-9]{12,}[?~%]?")
_INSTANT: Final = re.compile(
    f"([0-9]{{4}})-{_MONTH}-{_DAY}T({_CLOCK})([.][0-9]{{1,18}})?"
    "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_EARLY: Final = "T00:00:00Z"
_LATE: Final = "T23:59:59Z"


class Bounds(NamedTuple):
    """The first and the last instant of a date, as xsd:dateTime in UTC; None at an open end."""

    earliest: str | None
    latest: str | None


class _Day(NamedTuple):
    """A day of the proleptic Gregorian calendar, with astronomical years (0 is 1 BC)."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return f"{_lexical_year(self.year)}-{self.month:02}-{self.day:02}"


class Edtf(Checked):
    """A date at the precision known: a string of EDTF level 0 or 1.

    Making one of another form, of a day that no calendar has, or of an interval that ends before
    it starts raises ValueError with the reason. From YAML and JSON a bare year (`date: 2007`) is
    taken as well.

    >>> Edtf("2002-09~")
    '2002-09~'
    """

    __slots__ = ()
    form = _FORM

    def __new__(cls, value: str) -> Self:
        """Check the date; ValueError says what is wrong with it."""
        bounds(value)
        return str.__new__(cls, value)

    @classmethod
    def from_outside(cls, value: object) -> object:
        """A bare year, which YAML reads as a number, is a date as well."""
        return str(value) if type(value) is int and 1000 <= value <= 9999 else value


class Instant(Checked):
    """A moment: an xsd:dateTime, turned to UTC and to the one spelling that Oxigraph keeps.

    A time zone is required; a fraction of a second keeps up to 18 digits.

    >>> Instant("2026-11-21T21:00:00.500+09:00")
    '2026-11-21T12:00:00.5Z'
    """

    __slots__ = ()
    form = _INSTANT

    def __new__(cls, value: str) -> Self:
        """Check and convert; ValueError says what is wrong."""
        found = _INSTANT.fullmatch(value)
        if not found:
            raise ValueError(
                "expected a date and time with a time zone, such as "
                "2026-11-21T12:00:00Z or 2026-11-21T21:00:00+09:00"
            )
        year, month, day, clock, _, fraction, zone, _ = found.groups()
        at = _clock(_real(int(year), int(month), int(day)), clock, _minutes(zone))
        fraction = (fraction or "").rstrip("0").rstrip(".")
        return str.__new__(cls, f"{at[:-1]}{fraction}Z")


def bounds(edtf: str) -> Bounds:
    """Return the first and the last instant that a date allows.

    What is no date raises ValueError with the reason. A date without a clock time is read in UTC.
    A date-time without a zone is widened to all zones there are (+14:00 to -12:00), so that no
    search misses it for want of one. The qualifiers `?`, `~` and `%` widen nothing: the standard
    gives them no width, and a made-up one would pass for knowledge. Seasons are those of northern
    meteorology; a winter runs from December to the next February. Of an interval, the first
    instant is the start's and the last one the end's; an end that is open (`..`) or unknown
    (empty) has none. Years below 1 are astronomical: `0000` is 1 BC, `-0043` is 44 BC.

    >>> bounds("2002-09")
    Bounds(earliest='2002-09-01T00:00:00Z', latest='2002-09-30T23:59:59Z')
    """
    if not _FORM.fullmatch(edtf):
        if any(_LONG_YEAR.fullmatch(side) for side in edtf.split("/")):
            raise ValueError("the year has more than 12 digits, which no store can compute with")
        raise ValueError(_EXPECTED)
    if "T" in edtf:
        return _moment(edtf)
    start, slash, end = edtf.partition("/")
    first = _days(start)
    last = _days(end) if slash else first
    if first and last and first[0] > last[1]:
        raise ValueError(f"the interval {edtf} ends before it starts")
    return Bounds(
        f"{first[0]}{_EARLY}" if first else None,
        f"{last[1]}{_LATE}" if last else None,
    )


def _days(date: str) -> tuple[_Day, _Day] | None:
    """Return the first and the last day of one side of an interval; None if open or unknown."""
    date = date.rstrip("?~%")
    if date in {"", ".."}:
        return None
    if date.startswith("Y"):
        year = int(date[1:])
        return _Day(year, 1, 1), _Day(year, 12, 31)
    sign, digits = (-1, date[1:]) if date.startswith("-") else (1, date)
    year_digits, month, day = (*digits.split("-"), "XX", "XX")[:3]
    low, high = (int(year_digits.replace("X", nine)) for nine in "09")
    if sign < 0:
        if not high:
            raise ValueError(_SIGNED_ZERO)
        low, high = -high, -max(low, 1)
    if month == "XX":
        return _Day(low, 1, 1), _Day(high, 12, 31)
    number = int(month)
    if number > 20:  # 21 to 24: spring to winter
        begin = 3 * (number - 20)
        over, end = divmod(begin + 2, 12)
        return _Day(low, begin, 1), _Day(low + over, end, _length(low + over, end))
    if day == "XX":
        return _Day(low, number, 1), _Day(low, number, _length(low, number))
    only = _real(low, number, int(day))
    return only, only


def _moment(edtf: str) -> Bounds:
    """Return the bounds of a date with a clock time."""
    date, _, time = edtf.partition("T")
    year, month, day = date.rsplit("-", 2)
    if year == "-0000":
        raise ValueError(_SIGNED_ZERO)
    on = _real(int(year), int(month), int(day))
    clock, zone = time[:8], time[8:]
    if zone:
        at = _clock(on, clock, _minutes(zone))
        return Bounds(at, at)
    return Bounds(_clock(on, clock, 14 * 60), _clock(on, clock, -12 * 60))


def _clock(day: _Day, clock: str, offset: int) -> str:
    """Write a local time in UTC; `offset` is the zone's, in minutes east."""
    hour, minute, second = map(int, clock.split(":"))
    # The calendar repeats itself every 400 years, and datetime knows the years 1 to 9999 only.
    cycles, year = divmod(day.year, 400)
    there = datetime(2000 + year, day.month, day.day, hour, minute, second)
    here = there - timedelta(minutes=offset)
    return f"{_Day(here.year - 2000 + 400 * cycles, here.month, here.day)}T{here:%H:%M:%S}Z"


def _minutes(zone: str) -> int:
    """Return how many minutes a zone lies east of UTC: `Z`, `+04`, `-04:30`."""
    if zone == "Z":
        return 0
    hours, _, minutes = zone[1:].partition(":")
    east = 60 * int(hours) + int(minutes or 0)
    return -east if zone[0] == "-" else east


def _real(year: int, month: int, day: int) -> _Day:
    """Return the day if the calendar has it."""
    if day > (length := _length(year, month)):
        name = f"{_MONTHS[month - 1]} {_lexical_year(year)}"
        raise ValueError(f"there is no day {day} in {name}, which has {length} days")
    return _Day(year, month, day)


def _length(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def _lexical_year(year: int) -> str:
    """Write a year as xsd:dateTime does: four digits at least, the sign before them."""
    return f"{'-' if year < 0 else ''}{abs(year):04}"

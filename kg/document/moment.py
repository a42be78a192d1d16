"""Dates and times as the heads of articles print them, in EDTF at the precision printed.

Only whole lines and labels are read here, where a date can be nothing else; the dates of running
text are another matter. What could be two days (03/04/2014) is none, and so is a day without a year.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from kg.edtf import Edtf

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_ZONES: Final = {
    **dict.fromkeys(("z", "gmt", "utc", "wet"), "Z"),
    **dict.fromkeys(("bst", "cet", "wat"), "+01:00"),
    **dict.fromkeys(("cest", "eet", "sast", "cat"), "+02:00"),
    **dict.fromkeys(("eest", "msk", "eat", "trt"), "+03:00"),
    "gst": "+04:00",
    "pkt": "+05:00",
    "npt": "+05:45",
    **dict.fromkeys(("ict", "wib"), "+07:00"),
    **dict.fromkeys(("hkt", "sgt", "myt", "pht", "awst", "wita"), "+08:00"),
    **dict.fromkeys(("jst", "kst"), "+09:00"),
    **dict.fromkeys(("acst",), "+09:30"),
    "aest": "+10:00",
    "aedt": "+11:00",
    "nzst": "+12:00",
    "nzdt": "+13:00",
    "est": "-05:00",
    **dict.fromkeys(("edt",), "-04:00"),
    "cdt": "-05:00",
    **dict.fromkeys(("mst", "pdt"), "-07:00"),
    "mdt": "-06:00",
    "pst": "-08:00",
    "akst": "-09:00",
    "akdt": "-08:00",
    "hst": "-10:00",
    "brt": "-03:00",
    "nst": "-03:30",
}
"""Abbreviations of time zones that mean one offset in the press; ET, IST and CST mean several."""

_CITIES: Final = {
    "Africa": "Cairo Johannesburg Lagos Nairobi",
    "America": "Bogota Chicago Denver Lima Los_Angeles Mexico_City New_York Sao_Paulo Toronto "
    "Vancouver",
    "Asia": "Baghdad Bangkok Beirut Colombo Dhaka Dubai Hong_Kong Jakarta Jerusalem Kabul Karachi "
    "Kathmandu Kolkata Kuala_Lumpur Manila Riyadh Seoul Shanghai Singapore Taipei Tehran Tokyo "
    "Yangon",
    "Australia": "Adelaide Brisbane Canberra Darwin Hobart Melbourne Perth Sydney",
    "Europe": "Amsterdam Athens Berlin Brussels Budapest Copenhagen Dublin Helsinki Istanbul Kyiv "
    "Lisbon London Madrid Moscow Oslo Paris Prague Rome Stockholm Vienna Warsaw Zurich",
    "Pacific": "Auckland Fiji Honolulu",
}
_CLOCKS: Final = {
    city.replace("_", " ").lower(): f"{area}/{city}"
    for area, cities in _CITIES.items()
    for city in cities.split()
} | {"beijing": "Asia/Shanghai", "washington": "America/New_York", "delhi": "Asia/Kolkata"}
"""Cities whose clocks pages show, with their zone in the tz database."""

_WEEKDAY: Final = (
    r"(?:mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b\.?"
)
_MONTH: Final = r"(?P<{0}>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY: Final = r"(?P<{0}>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<{0}>(?:1[6-9]|20)\d\d)(?!\d)"
_DATE: Final = (
    rf"(?:{_WEEKDAY},?\s{{1,3}})?(?:the\s)?(?:"
    + _DAY.format("d1")
    + r"(?:\sof|\sday\sof)?[\s.-]{1,3}"
    + _MONTH.format("m1")
    + r"[\s,.-]{1,3}"
    + _YEAR.format("y1")
    + "|"
    + _MONTH.format("m2")
    + r"\s{1,3}(?:the\s)?"
    + _DAY.format("d2")
    + r"(?:,\s{0,3}|\s{1,3})"
    + _YEAR.format("y2")
    + "|"
    + _YEAR.format("y3")
    + r"(?P<s3>[-/.])(?P<m3>[01]?\d)(?P=s3)(?P<d3>[0-3]?\d)(?!\d)"
    + r"|(?P<d4>[0-3]?\d)(?P<s4>[-/.])(?P<m4>[0-3]?\d)(?P=s4)"
    + _YEAR.format("y4")
    + "|"
    + _YEAR.format("y5")
    + r"\s?[年년]\s?(?P<m5>[01]?\d)\s?[月월]\s?(?P<d5>[0-3]?\d)\s?[日일]"
    + "|"
    + _MONTH.format("m6")
    + r",?\s{1,3}"
    + _YEAR.format("y6")
    + rf")(?:,?\s{{1,3}}\(?{_WEEKDAY}\)?)?"
)
_TIME: Final = (
    r"(?P<h>[0-2]?\d)(?:[:.h](?P<min>[0-5]\d)(?:[:.](?P<sec>[0-5]\d)(?:[.,]\d{1,6})?)?)?"
    r"(?:\s{0,2}(?P<half>[ap])\.?m\b\.?)?(?:\s?(?:hrs|hours|uhr|o[’']clock)\b)?"
    r"(?:\s{0,2}\(?(?P<zone>z\b|(?:utc|gmt)?\s?[+-−]\d\d?(?::?\d\d)?|[a-z]{2,5}\b|local\stime)\)?)?"
)
_APART: Final = r"(?:\s{1,3}|\s{0,3}[,|·•@–—-]\s{0,3}|T)(?:at\s{1,3}|um\s{1,3})?"
_FIRST: Final = re.compile(rf"{_DATE}(?:{_APART}{_TIME})?", re.IGNORECASE)
_BARE: Final = re.compile(_DATE, re.IGNORECASE)
_LAST: Final = re.compile(rf"{_TIME}{_APART}(?:on\s{{1,3}})?{_DATE}", re.IGNORECASE)
_STARTS: Final = re.compile(rf"{_WEEKDAY}\b", re.IGNORECASE)


class Moment(NamedTuple):
    """A date found in a line, from `start` to `end` of it; `clock` says that it has a time of day."""

    date: Edtf
    start: int
    end: int
    clock: bool
    weekday: bool


def whole(line: str) -> Edtf | None:
    """The date that a line is, if it is nothing else.

    >>> whole("Tuesday, 11 December 2007, 7.18 am"), whole("3 June"), whole("June 2014")
    ('2007-12-11T07:18:00', None, '2014-06')
    """
    if len(line) > 90 or not line:
        return None
    line = line.rstrip(" .;")
    for pattern in (_FIRST, _LAST):
        found = pattern.fullmatch(line)
        if found and (date := _edtf(found)):
            return date
    return None


def leading(line: str) -> Moment | None:
    """The date that a line begins with; its time of day only where nothing else can be meant."""
    head = line[:90]
    for pattern in (_FIRST, _BARE, _LAST):
        found = pattern.match(head)
        if found and not head[found.end() : found.end() + 1].isalnum() and (date := _edtf(found)):
            return Moment(date, 0, found.end(), "T" in date, bool(_STARTS.match(head)))
    return None


def somewhere(line: str) -> Moment | None:
    """The first full date in a short line."""
    for found in _BARE.finditer(line[:200]):
        if date := _edtf(found):
            return Moment(date, found.start(), found.end(), False, False)
    return None


def clock(line: str) -> Edtf | None:
    """The time that a page's clock shows: date, time and place, in any order, between bars.

    >>> clock("Wednesday 06 Oct 2021 | 18:41 | SYDNEY")
    '2021-10-06T18:41:00+11:00'
    """
    parts = [part.strip() for part in re.split(r"[|·•]", line[:120]) if part.strip()]
    if not 2 <= len(parts) <= 5:
        return None
    dates = [part for part in parts if _BARE.fullmatch(part)]
    times = [part for part in parts if ":" in part and re.fullmatch(_TIME, part, re.IGNORECASE)]
    rest = [part for part in parts if part not in dates and part not in times]
    if len(dates) == 1 and len(times) == 1 and rest:
        date = whole(f"{dates[0]} {times[0]}")
    elif len(dates) == 0 and len(times) == 0:
        moments = [part for part in parts if (found := whole(part)) and "T" in found]
        rest = [part for part in parts if part not in moments]
        date = whole(moments[0]) if len(moments) == 1 and rest else None
    else:
        return None
    if date is None or not all(_is_place(part) for part in rest):
        return None
    return _placed(date, rest[0])


def _is_place(words: str) -> bool:
    """Whether words are a city with a clock, or a place in capitals; a section is no place."""
    return words.lower() in _CLOCKS or (
        len(words.split()) <= 3 and words.isupper() and words.replace(" ", "").isalpha()
    )


def _placed(date: Edtf, place: str) -> Edtf:
    """A local time with the offset that the clocks of a city had; as it is where that is not known."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    zone = _CLOCKS.get(place.lower())
    if zone is None or len(date) != len("2021-10-06T18:41:00"):
        return date
    try:
        local = datetime.fromisoformat(date).replace(tzinfo=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return date
    offset = local.utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return Edtf(f"{date}{sign}{hours:02}:{rest:02}")


def _edtf(found: re.Match[str]) -> Edtf | None:
    """What a match says, in EDTF, if the calendar has it."""
    groups = found.groupdict()
    form = next((form for form in "123456" if groups.get(f"y{form}")), None)
    if form is None:
        return None
    year, month = int(groups[f"y{form}"]), groups[f"m{form}"]
    number = _MONTHS.get(month.lower()) or int(month)
    if form == "6":
        return _valid(f"{year}-{number:02}")
    day = int(groups[f"d{form}"])
    if form == "4":
        if number > 12 >= day:
            day, number = number, day
        elif day <= 12 and day != number:
            return None  # the third of April, or the fourth of March
    date = _valid(f"{year}-{number:02}-{day:02}")
    if date is None or groups.get("h") is None:
        return date
    time = _time(groups)
    return _valid(f"{date}T{time}") if time else None


def _time(groups: dict[str, str | None]) -> str | None:
    """The time of day in a match, with its offset where it gives one; None where it is no time."""
    hour, half = int(groups["h"] or 0), (groups["half"] or "").lower()
    if groups["min"] is None and not half:
        return None  # a bare number
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23:
        return None
    zone = _zone((groups["zone"] or "").lower())
    if zone is None:
        return None
    return f"{hour:02}:{groups['min'] or '00'}:{groups['sec'] or '00'}{zone}"


def _zone(words: str) -> str | None:
    """The offset that a zone has, '' where none is known; None where the words are no zone."""
    if words in {"", "local time", "et", "ct", "mt", "pt", "ist", "cst", "ast", "time"}:
        return ""
    if words in _ZONES:
        return _ZONES[words]
    figures = re.fullmatch(r"(?:utc|gmt)?\s?([+−-])(\d\d?)(?::?(\d\d))?", words)
    if figures is None or int(figures[2]) > 14:
        return None
    sign = "+" if figures[1] == "+" else "-"
    return f"{sign}{int(figures[2]):02}:{figures[3] or '00'}"


def _valid(value: str) -> Edtf | None:
    try:
        return Edtf(value)
    except ValueError:
        return None

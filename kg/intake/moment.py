"""Dates as feeds, records and headers state them, in EDTF."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from kg.document.moment import whole
from kg.edtf import Edtf

_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ]+(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)? ?"
    r"(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"(\d{4})(?:([-/.]?)(\d\d)(?:\2(\d\d))?)?")
_STAMP: Final = re.compile(r"(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)(Z?)")
# Counted from 1970: numbers below are years or days, those above are milliseconds.
_SECONDS: Final = range(10**8, 10**11)


def edtf(value: object) -> Edtf | None:
    """A date in EDTF, as precise as it was stated; None where it is none or could be read in two ways.

    >>> edtf("Fri, 20 Nov 2026 14:05:00 +0900"), edtf("2026-11-20 14:05"), edtf(20261120)
    ('2026-11-20T14:05:00+09:00', '2026-11-20T14:05:00', '2026-11-20')
    >>> edtf("20 November 2026"), edtf(1795151100), edtf("03/04/2026")
    ('2026-11-20', '2026-11-20T05:05:00Z', None)
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    if not isinstance(value, str):
        return _counted(value) or _checked(_bare(str(value)))
    text = value.strip()
    if len(text) > 100:
        return None
    return _checked(_iso(text) or _bare(text) or _mail(text)) or whole(text)


def now() -> Edtf:
    """This moment, to the second."""
    return Edtf(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")


def _checked(date: str | None) -> Edtf | None:
    try:
        return Edtf(date) if date else None
    except ValueError:
        return None


def _counted(number: float) -> Edtf | None:
    """Seconds or milliseconds since 1970."""
    if not abs(number) < 10**15:  # not a number, either
        return None
    seconds = int(number)
    if seconds not in _SECONDS:
        seconds //= 1000
    if seconds not in _SECONDS:
        return None
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return _checked(f"{moment:%Y-%m-%dT%H:%M:%SZ}")


def _iso(text: str) -> str | None:
    if not (found := _ISO.fullmatch(text)):
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    date = f"{year}-{month}-{day}"
    if hour is None:
        return date
    zone = (zone or "").upper()
    if zone in {"UTC", "GMT"}:
        zone = "Z"
    elif len(zone) == 3:
        zone += ":00"
    elif len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"{date}T{hour}:{minute}:{second or '00'}{zone}"


def _bare(text: str) -> str | None:
    if found := _STAMP.fullmatch(text):
        year, month, day, hour, minute, second, zone = found.groups()
        return f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone}"
    if not (found := _BARE.fullmatch(text)):
        return None
    year, apart, month, day = found.groups()
    if month and not apart and not day:  # six digits may be a year with a month or a day of 19yy
        return None
    return "-".join(part for part in (year, month, day) if part)


def _mail(text: str) -> str | None:
    """A date of RFC 5322, as in e-mail and RSS."""
    from email.utils import parsedate_to_datetime

    if not re.match(r"(?:[A-Za-z]{3,9},? )?\d{1,2}[ -][A-Za-z]{3}", text) or ":" not in text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")

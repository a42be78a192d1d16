"""From the words of a date to EDTF: what a reading of the calendar's words comes to.

A `Moment` holds what the words say and no more. Reckoning adds the day of publication where the
words lean on it: its year, its week, the day itself.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kg.edtf import Edtf, bounds

if TYPE_CHECKING:
    from kg.model import Basis, When

Day = datetime.date
Sides = tuple[str, str]
"""The first and the last part of a time, in EDTF; the same twice where the time is one string."""

_THIRDS: Final = {"early": ("01", "10~"), "mid": ("11~", "20~"), "late": ("21~", "")}
"""Days of the beginning, the middle and the end of a month: thirds, which nobody measures."""

_SEASONS: Final = {"early": ("01", "04~"), "mid": ("05~", "08~"), "late": ("09~", "12")}
"""The same for the months of a year."""

_YEARS: Final = {"early": ("0", "3~"), "mid": ("4~", "6~"), "late": ("7~", "9")}
"""The same for the years of a decade."""

_DECADES: Final = {"early": ("00", "33~"), "mid": ("34~", "66~"), "late": ("67~", "99")}
"""The same for the years of a century."""

_NEAR: Final = 14
_FAR: Final = 330
"""Days: who says "on 5 March" on 8 March hardly means that of another year, whatever the tense."""


class Moment(NamedTuple):
    """One time as its words give it; `end` is the word behind it, `stop` the offset behind it.

    `kind` is `date` (year, month or season, day, weekday as far as said), `fixed` (an EDTF string
    as it is), or one that leans on the day of publication: `day` (n days off), `unit` (the n-th
    day, week, month … off), `ago`, `span` (n units up to now, or from now on if negative), and
    `weekday` with `which` of them. `since` is the first of several days, `day` then the last.
    """

    end: int
    stop: int
    kind: Literal["date", "fixed", "day", "unit", "ago", "span", "weekday"] = "date"
    fixed: str = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    since: int = 0
    weekday: int | None = None
    unit: str = ""
    size: int = 1
    n: int = 0
    which: str = ""
    part: str = ""
    mark: str = ""

    @property
    def leans(self) -> bool:
        """Whether the day of publication is needed to say when it is."""
        return self.kind != "fixed" and not (self.kind == "date" and self.year is not None)


class Reading(NamedTuple):
    """A time expression: the words from `first` to before `end`, and what they say.

    `form` is `point`, `since`, `until` or `between`; of the last two, `right` is the end.
    `direction` is 1 where the sentence speaks of the time to come, -1 where of the past, else 0.
    """

    first: int
    end: int
    start: int
    stop: int
    form: Literal["point", "since", "until", "between"]
    left: Moment
    right: Moment | None = None
    direction: int = 0


def anchor(published: When | None) -> tuple[Day, Day] | None:
    """The first and the last day on which the article may have come out; None where nobody knows."""
    if published is None:
        return None
    date = str(published.date)
    if "T" in date:  # the day that the page shows, in whatever zone
        first = last = date[:10]
    else:
        earliest, latest = bounds(date)
        if earliest is None or latest is None:
            return None
        first, last = earliest[:10], latest[:10]
    try:
        return Day.fromisoformat(first), Day.fromisoformat(last)
    except ValueError:  # a year that the calendar of the standard library does not reach
        return None


def reckon(
    reading: Reading, published: tuple[Day, Day] | None, basis: Basis
) -> tuple[Edtf, Basis] | None:
    """What a reading comes to, and how it is known; None where that cannot be said.

    Of an article that came out on an unknown day of several, a time counts where it comes out the
    same for the first and for the last of them.
    """
    sides = [side for side in (reading.left, reading.right) if side is not None]
    if all(side.leans for side in sides) or any(
        side.leans and side.kind != "date" for side in sides
    ):
        if published is None:
            return None
    else:
        edtf = _edtf(reading, None)
        return None if edtf is None else (edtf, "stated")
    first, last = published
    edtf = _edtf(reading, first)
    if edtf is None or (first != last and _edtf(reading, last) != edtf):
        return None
    return edtf, basis


def _edtf(reading: Reading, today: Day | None) -> Edtf | None:
    left, right = reading.left, reading.right
    try:
        if right is None:
            one = _sides(left, today, reading.direction)
            if one is None:
                return None
            low, high = one
        else:
            left, right = _shared(left, right, today, reading.direction)
            ends = _sides(left, today, reading.direction), _sides(right, today, reading.direction)
            if ends[0] is None or ends[1] is None:
                return None
            (low, _), (_, high) = ends[0], ends[1]
        if reading.form == "since":
            return Edtf(f"{low}/..")
        if reading.form == "until":
            return Edtf(f"../{high}")
        return Edtf(low if low == high else f"{low}/{high}")
    except (ValueError, OverflowError):  # 31 June, or before the calendar begins
        return None


def _shared(
    left: Moment, right: Moment, today: Day | None, direction: int
) -> tuple[Moment, Moment]:
    """Both ends of an interval, each with what only the other says: its year, its month."""
    if left.kind == right.kind == "weekday" and today is not None:
        end = _weekday(right, today, direction)
        start = end - datetime.timedelta((end.weekday() - (left.weekday or 0)) % 7 or 7)
        return _on(left, start), _on(right, end)
    if left.kind != "date" or right.kind != "date":
        return left, right
    if left.month is None and left.day is not None:
        left = left._replace(month=right.month)
    if right.month is None and right.day is not None:
        right = right._replace(month=left.month)
    if left.year is None and right.year is None and today is not None:
        if direction > 0:  # what still goes on may have begun: "is to run from January to March"
            right = right._replace(year=_year(right, today, direction))
        else:
            left = left._replace(year=_year(left, today, direction))
    before = (left.month or 0, left.day or 0) > (right.month or 0, right.day or 0)
    if left.year is None and right.year is not None:
        left = left._replace(year=right.year - before)
    elif right.year is None and left.year is not None:
        right = right._replace(year=left.year + before)
    return left, right


def _on(moment: Moment, day: Day) -> Moment:
    return moment._replace(kind="date", year=day.year, month=day.month, day=day.day, weekday=None)


def _sides(moment: Moment, today: Day | None, direction: int) -> Sides | None:
    """The first and the last part of a moment, qualified as its words are."""
    if moment.kind == "fixed":
        sides: Sides | None = _part_of_years(moment)
    elif moment.kind == "date":
        sides = _date(moment, today, direction)
    else:
        sides = None if today is None else _relative(moment, today, direction)
    if sides is None or not moment.mark:
        return sides
    low, high = (side if side[-1] in "?~%" else side + moment.mark for side in sides)
    return low, high


def _part_of_years(moment: Moment) -> Sides:
    fixed = moment.fixed
    if moment.part and "/" not in fixed and fixed.endswith("X") and not fixed.startswith("-"):
        stem = fixed.rstrip("X")
        low, high = (_YEARS if len(stem) == 3 else _DECADES)[moment.part]
        return stem + low, stem + high
    low, slash, high = fixed.partition("/")
    return (low, high) if slash else (fixed, fixed)


def _date(moment: Moment, today: Day | None, direction: int) -> Sides | None:
    year, month, day = moment.year, moment.month, moment.day
    if year is None:
        if today is None:
            return None
        year = _year(moment, today, direction)
        if year is None:
            return None
    said = f"{year:05}" if year < 0 else f"{year:04}"
    if month is None:
        return _year_part(said, moment.part)
    said = f"{said}-{month:02}"
    if day is None:
        if month > 12 or not moment.part:
            return said, said
        low, high = _THIRDS[moment.part]
        return f"{said}-{low}", f"{said}-{high or bounds(said).latest[8:10]}"  # type: ignore[index]
    if moment.since:
        return f"{said}-{moment.since:02}", f"{said}-{day:02}"
    said = f"{said}-{day:02}"
    odd = (
        moment.weekday is not None
        and moment.year is not None
        and 1 <= year <= 9999
        and Day(year, month, day).weekday() != moment.weekday
    )
    said += "?" if odd else ""  # the day of the week says that something is wrong with the date
    return said, said


def _year_part(year: str, part: str) -> Sides:
    if not part:
        return year, year
    low, high = _SEASONS[part]
    return f"{year}-{low}", f"{year}-{high}"


def _year(moment: Moment, today: Day, direction: int) -> int | None:
    """The year of a day or a month that is said without one."""
    month, day = moment.month, moment.day
    if month is None:
        return None
    if moment.which.startswith("year"):
        return today.year + int(moment.which[4:])
    if moment.which in {"last", "this", "next"}:
        direction = {"last": -1, "this": 0, "next": 1}[moment.which]
        if moment.which == "this":
            return today.year
    if month > 12:
        month = 3 * (month - 20)
    found: list[tuple[int, int]] = []  # days from today, year
    for year in range(max(today.year - 8, 1), min(today.year + 9, 9999)):
        if day is None:
            when = Day(year, month, 1)
            off = 31 * ((year - today.year) * 12 + month - today.month)
        else:
            try:
                when = Day(year, month, day)
            except ValueError:
                continue  # 29 February
            off = (when - today).days
        if day is not None and moment.weekday == when.weekday() and abs(off) <= 366:
            return year  # 12 June falls on a Tuesday in one year of six
        found.append((off, year))
    strict = moment.which in {"last", "next"}
    past = [item for item in found if item[0] < 0 or (item[0] == 0 and not strict)]
    ahead = [item for item in found if item[0] > 0 or (item[0] == 0 and not strict)]
    if ahead and past and day is not None and not moment.which:
        near, far = sorted((ahead[0][0], -past[-1][0]))
        if near <= _NEAR and far >= _FAR and direction == (1 if ahead[0][0] == far else -1):
            return None  # the verb and the calendar do not agree
    if direction > 0 and ahead:
        return ahead[0][1]
    if direction == 0 and ahead and past and ahead[0][0] < -past[-1][0]:
        return ahead[0][1]  # nothing says which: the nearer one
    return past[-1][1] if past else None


def _weekday(moment: Moment, today: Day, direction: int) -> Day:
    want, now = moment.weekday or 0, today.weekday()
    which = moment.which
    if which.startswith("week"):
        return today + datetime.timedelta(want - now + 7 * int(which[4:]))
    if which == "last":
        return today - datetime.timedelta((now - want) % 7 or 7)
    if which == "next":
        return today + datetime.timedelta((want - now) % 7 or 7)
    if direction > 0 or (which == "this" and direction == 0):
        return today + datetime.timedelta((want - now) % 7)
    return today - datetime.timedelta((now - want) % 7)


def _relative(moment: Moment, today: Day, direction: int) -> Sides | None:
    n = moment.n
    if moment.kind == "day":
        return _one(today + datetime.timedelta(n))
    if moment.kind == "weekday":
        return _one(_weekday(moment, today, direction))
    if moment.kind == "unit":
        return _period(moment, today, direction)
    then = _away(moment.unit, moment.size * n, today)
    if moment.kind == "ago":
        vague = (
            "~" if moment.size > 1 else ""
        )  # "three weeks ago" is no day, "a decade ago" no year
        return then + vague, then + vague
    now = _away(moment.unit, 0, today)
    return (then, now) if n >= 0 else (now, then)


def _one(day: Day) -> Sides:
    return day.isoformat(), day.isoformat()


def _away(unit: str, n: int, today: Day) -> str:
    """The day, the month or the year so many units before today."""
    if unit == "day":
        return (today - datetime.timedelta(n)).isoformat()
    if unit == "month":
        years, month = divmod(today.year * 12 + today.month - 1 - n, 12)
        return f"{_real(years)}-{month + 1:02}"
    return _real(today.year - n)


def _real(year: int) -> str:
    if not 1 <= year <= 9999:
        raise ValueError("before the calendar begins, or after it ends")
    return f"{year:04}"


def _period(moment: Moment, today: Day, direction: int) -> Sides | None:
    """This week, last month, next year: the n-th period of its kind, counted from the current one."""
    n = moment.n
    if moment.unit == "week":
        monday = today - datetime.timedelta(today.weekday() - 7 * n)
        return monday.isoformat(), (monday + datetime.timedelta(6)).isoformat()
    if moment.unit == "weekend":
        over = n == 0 and direction < 0 and today.weekday() < 5  # "this weekend he was …"
        saturday = today + datetime.timedelta(5 - today.weekday() + 7 * (n - over))
        return saturday.isoformat(), (saturday + datetime.timedelta(1)).isoformat()
    if moment.unit == "month":
        year, month = divmod(today.year * 12 + today.month - 1 + n, 12)
        there = Moment(0, 0, year=year, month=month + 1, part=moment.part)
        return _date(there, None, 0) if year > 0 else None
    if moment.unit == "year":
        return _year_part(_real(today.year + n), moment.part)
    if moment.unit == "decade":
        return _part_of_years(moment._replace(fixed=_real((today.year // 10 + n) * 10)[:3] + "X"))
    return _part_of_years(moment._replace(fixed=_real((today.year // 100 + n) * 100)[:2] + "XX"))

"""Time expressions of English news, each read from its first word on."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from kg.extract.almanac import (
    ABOUT,
    ALL_MONTHS,
    DAYS,
    DECADES,
    FUTURE,
    INTENT,
    MONTHS,
    NAMED_DAYS,
    NO_PASTS,
    ORDINALS,
    PAPERS,
    PARTS,
    PAST,
    SEASONS,
    SHORT_DAYS,
    SHORT_MONTHS,
    UNITS,
)
from kg.extract.counting import COUNTS
from kg.extract.moments import Moment, Reading
from kg.extract.monthdays import DAY, DAYS_RANGE, Days
from kg.extract.years import YEAR

_NEAR_DAYS: Final = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_WHICH: Final = {
    "last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1,
}  # fmt: skip
_DAY_PARTS: Final = frozenset("morning afternoon evening night lunchtime".split())
_PERIODS: Final = frozenset("week weekend month year decade century".split())
_TO: Final = frozenset({"to", "until", "till", "through", "thru", "-", "–", "/"})
_WITHIN: Final = frozenset("over in during within for throughout across of".split())
_VAGUE: Final = frozenset(
    "about around almost nearly some over than roughly approximately least under".split()
)
_POSSESSIVE: Final = frozenset([*MONTHS, *DAYS, *_NEAR_DAYS, *SEASONS, *_PERIODS, *UNITS])
TRIGGERS: Final = frozenset(
    [
        *(word + ending for word in _POSSESSIVE - _PERIODS - set(UNITS) for ending in ("", "'s")),
        *SHORT_MONTHS,
        *SHORT_DAYS,
        *DECADES,
        *ORDINALS,
        *(f"{word}-century" for word in ORDINALS),
        *PARTS,
        *ABOUT,
        *_WHICH,
        *("between", "from", "since", "until", "till", "ago", "ad", "a.d.", "mid", "'"),
    ]
)
_WINDOW: Final = 12
"""Words on either side of a date in which a verb says whether it is past or to come."""


class Expressions(Days):
    """Reads one time expression from a word on, within a paragraph."""

    def reading(self, i: int) -> Reading | None:
        """The time expression that begins with a word (or ends with it: `ago`)."""
        word = self.lower[i]
        if word == "ago":
            return self._ago(i)
        if word in {"between", "from"}:
            return self._between(i, "and" if word == "between" else "to")
        if word in {"since", "until", "till"}:
            moment = self._qualified(i + 1, led=True)
            if moment is None or moment.kind == "span":
                return None
            return self._reading(i, moment, "since" if word == "since" else "until")
        moment = self._qualified(i)
        if moment is None:
            return None
        first = i
        if word == "yesterday" and self.at(i - 1) == "before" and self.at(i - 2) == "day":
            first, moment = i - 2, moment._replace(n=-2)
        elif word == "tomorrow" and self.at(i - 1) == "after" and self.at(i - 2) == "day":
            first, moment = i - 2, moment._replace(n=2)
        right = self._end(moment, bare=True)
        if right is not None:
            return self._reading(first, moment, "between", right)
        return self._reading(first, moment, "point")

    def directed(self, reading: Reading) -> Reading:
        """The reading with the direction of its sentence, if it leans on one."""
        left = reading.left
        if not (left.leans and (left.kind in {"date", "weekday"} or left.unit == "weekend")):
            return reading
        sentences = self.prose.sentences
        number = bisect_right(sentences, (reading.first, len(self.lower) + 1)) - 1
        begin, end = sentences[max(number, 0)]
        before = range(reading.first - 1, max(begin, reading.first - _WINDOW) - 1, -1)
        after = range(reading.end, min(end, reading.end + _WINDOW))
        for i in (*before, *after):
            direction = self._tense(i, begin)
            if direction:
                return reading._replace(direction=direction)
        if reading.form == "until" or self.lower[reading.first - 1 : reading.first] == ["by"]:
            return reading._replace(direction=1)
        return reading

    def _tense(self, i: int, begin: int) -> int:
        """Whether a word speaks of the time to come (1) or of the past (-1)."""
        word = self.lower[i]
        before = self.lower[i - 1] if i > begin else ""
        if word in FUTURE or (word == "going" and self.lower[i + 1 : i + 2] == ["to"]):
            return 1
        if word == "to":  # the infinitive of an intention, not the way to a place
            verb = self.words[i + 1] if i + 1 < len(self.words) else ""
            near = self.lower[max(begin, i - 4) : i]
            return int(verb.islower() and not INTENT.isdisjoint(near))
        regular = len(word) > 3 and word.endswith("ed") and word not in NO_PASTS and "-" not in word
        if not regular and word not in PAST:
            return 0
        if before == "be":
            return 1  # "is to be held", "will be signed"
        if before in {"is", "are", "being"} or (regular and before in {"the", "a", "an"}):
            return 0  # "is held", "the disputed reef"
        return -1

    def _reading(self, first: int, left: Moment, form: str, right: Moment | None = None) -> Reading:
        last = right or left
        start = self.prose.starts[first]
        return Reading(first, last.end, start, last.stop, form, left, right)  # type: ignore[arg-type]

    def _between(self, i: int, joint: str) -> Reading | None:
        left = self._qualified(i + 1, led=True)
        if left is None or left.kind == "span":
            return None
        right = self._end(left, joint=joint)
        if right is not None:
            return self._reading(i, left, "between", right)
        first = i + 1 + (self.at(i + 1) == "the")
        return self._reading(first, left, "point")

    def _end(self, left: Moment, joint: str = "", *, bare: bool = False) -> Moment | None:
        """The other end of an interval whose first end is read: "to March", "– 1994", "and 1980s"."""
        i = left.end
        word = self.at(i)
        if left.part and left.kind == "fixed" and not word:
            return None
        if word == "and" and bare:
            j = i + 1 + (self.at(i + 1) == "the")
            if left.kind == "fixed":  # "the 1970s and 1980s"
                right = self._core(j, led=False)
                return (
                    right if right and right.kind == "fixed" and right.fixed > left.fixed else None
                )
            return None
        if word == "/" and not (left.month and not left.day):
            return None
        if word == joint or (word in _TO and joint != "and"):
            right = self._qualified(i + 1, led=True)
            if right is None or right.kind in {"span", "ago"} or right.end <= i + 1:
                return None
            if left.kind == right.kind == "date" and bool(left.day) != bool(right.day):
                return None if bare else right
            if bare and left.kind != right.kind:
                return None
            return right
        return None

    def _qualified(self, i: int, *, led: bool = False) -> Moment | None:
        """A moment with the words before it: "around", "the", "early in", "the end of"."""
        word = self.at(i)
        mark = part = ""
        if word in ABOUT:
            mark, led = "~", True
            i += 1 + (self.at(i + 1) == "." and word in {"c", "ca", "approx"})
            word = self.at(i)
        if word == "the":
            i += 1
            word = self.at(i)
        if word in PARTS:
            part, led = PARTS[word], True
            i += 1
            noun = word in {"middle", "beginning", "start", "end", "close"}
            if self.at(i) == "of" or (not noun and self.at(i) == "in"):
                i += 1 + (self.at(i + 1) == "the")
            elif noun:
                return None
            elif self.at(i) == "-":
                i += 1
        elif word[:4] == "mid-":
            moment = self._inside(i, word[4:])
        if word[:4] != "mid-":
            moment = self._core(i, led=led)
        if moment is None:
            return None
        if mark and moment.kind in {"day", "unit", "span", "weekday"}:
            return None  # "around last week" is no words for a date
        if moment.day is not None:
            part = ""
        return moment._replace(mark=mark or moment.mark, part=part or moment.part)

    def _inside(self, i: int, word: str) -> Moment | None:
        """The moment in a word that begins with "mid-": mid-June, mid-1990s, mid-2018."""
        if word in MONTHS:
            return self.month(i, MONTHS[word])._replace(part="mid")
        if YEAR.fullmatch(word):
            return self.moment(i, year=int(word), part="mid")
        decade = self.decade(i, word, shift=4)
        if decade is not None:
            return decade._replace(part="mid")
        if word.removesuffix("-century") in ORDINALS or word[:1].isdigit():
            century = self.century(i, word)
            return century and century._replace(part="mid")
        return None

    def _core(self, i: int, *, led: bool) -> Moment | None:
        word = self.at(i)
        if not word:
            return None
        if "0" <= word < ":":
            return self._number(i, led=led)
        own = word.removesuffix("'s")
        capital = self.words[i][0].isupper()
        if own in ALL_MONTHS and capital:
            if own in MONTHS:
                return self.month_or_none(i, own, led=led)
            moment = self.month(i, SHORT_MONTHS[own])
            return moment if moment.day or moment.year else None
        if own in SHORT_DAYS or own in DAYS:
            return self._weekday(i, own) if capital else None
        if word in _WHICH:
            return self._relative(i, word)
        if own in _NEAR_DAYS:
            return self.moment(i, kind="day", n=_NEAR_DAYS[own], cut=len(word) - len(own))
        if own in SEASONS:
            return self.season(i, own)
        if word in DECADES:
            if self.at(i - 1) != "the" and not led:
                return None
            return self.moment(i, kind="fixed", fixed=f"19{DECADES[word] // 10}X")
        if word.endswith("-century"):
            return self.century(i, word)
        if word in ORDINALS:
            return self.ordinal(i, ORDINALS[word])
        if word in {"ad", "a.d."} and self.at(i + 1).isdigit() and self.words[i] != "ad":
            return self.numbered_year(i + 1)
        if word == "'" and self.at(i + 1)[:1].isdigit():
            return self.decade(i + 1, self.at(i + 1))
        return None

    def _number(self, i: int, *, led: bool) -> Moment | None:
        word = self.lower[i]
        if len(word) > 24:
            return None
        moment = self.numeric(i, word)
        if moment is not None:
            return moment
        found = DAY.fullmatch(word)
        if found:
            day, j = int(found[1]), i + 1
            if found[2]:
                if self.at(j) in {"century", "centuries"}:
                    return self.century(i, word)
                if self.at(j) in {"quarter", "half"}:
                    return self.ordinal(i, day)
            moment = self.day_month(day, j)
            if moment is not None:
                return moment
            if found[2] and self.at(j) in {"and", "to", "or", "-", "–"} and led is not None:
                return self.century_pair(day, j)
            return self.numbered_year(i) if self.era(i + 1) else self.bare_day(i, day)
        found = DAYS_RANGE.fullmatch(word)
        if found:
            return self.days(self.day_month(int(found[2]), i + 1), int(found[1]))
        if YEAR.fullmatch(word):
            return self.year(i, int(word), led=led)
        if self.era(i + 1) and word.isdigit() and len(word) <= 4:
            return self.numbered_year(i)
        return self.decade(i, word) or self.century(i, word)

    def _weekday(self, i: int, name: str) -> Moment | None:
        day = DAYS.get(name, SHORT_DAYS.get(name, 0))
        j = i + 1
        j += self.at(j) == "."
        j += self.at(j) == ","
        j += self.at(j) == "the"
        date = (
            self._core(j, led=False)
            if self.at(j) in ALL_MONTHS or self.at(j)[:1].isdigit()
            else None
        )
        if date is not None and date.kind == "date" and date.day:
            return date._replace(weekday=day)
        if (
            name not in DAYS
            or self.at(i - 1) in NAMED_DAYS
            or self.at(i - 1) in {"a", "every", "each", "any", "alternate"}
        ):
            return None
        after = self.at(i + 1)
        if after in PAPERS and self.words[i + 1][0].isupper():
            return None
        if self.at(i - 1) in {"next", "following"} and self.at(i - 2) == "the":
            return None
        if self.at(i - 1) == "on" and self.at(i - 2) == "mail":
            return None
        cut = len(self.lower[i]) - len(name)
        if after in {"last", "this", "next"} and self.at(i + 2) == "week":
            return self.moment(i + 2, kind="weekday", weekday=day, which=f"week{_WHICH[after]}")
        return self.moment(i, kind="weekday", weekday=day, cut=cut)

    def _relative(self, i: int, word: str) -> Moment | None:
        """Last week, this morning, next Friday, the past 30 years."""
        n, after = _WHICH[word], self.at(i + 1)
        own = after.removesuffix("'s")
        cut = len(after) - len(own)
        usual = word in {"last", "this", "next"}
        if own in DAYS and self.words[i + 1][0].isupper():
            if word == "next" and self.at(i - 1) == "the":
                return None  # the next one after a day that was told before
            which = "next" if word == "coming" else word
            if which not in {"last", "this", "next"}:
                return None
            return self.moment(i + 1, kind="weekday", weekday=DAYS[own], which=which, cut=cut)
        if own in MONTHS and usual and self.words[i + 1][0].isupper():
            if self.at(i + 2)[:1].isdigit():
                return None
            return self.moment(i + 1, month=MONTHS[own], which=word, cut=cut)
        if own in SEASONS and usual:
            return self.moment(i + 1, month=SEASONS[own], which=word, cut=cut)
        if own in _DAY_PARTS:
            if word == "this" and own != "night":
                return self.moment(i + 1, kind="day", n=0, cut=cut)
            return (
                self.moment(i + 1, kind="day", n=-1, cut=cut)
                if word == "last" and own in {"night", "evening"}
                else None
            )
        if own in _PERIODS:
            the = self.at(i - 1) == "the"
            led = the and own != "century" and (self.at(i - 2) in _WITHIN or own == "decade")
            if word in {"past", "last"} and (led or word == "past") and own != "weekend":
                if word == "past" and self.at(i - 1) not in {"the", "this"}:
                    return None
                unit, size = UNITS[own]
                return self.moment(i + 1, kind="span", unit=unit, size=size, n=1, cut=cut)
            if word in {"past", "previous"} or (word == "coming" and own == "century"):
                return None
            return self.moment(i + 1, kind="unit", unit=own, n=n, cut=cut)
        number, end = self.count(i + 1)
        if number and n and word != "previous":
            unit = self.at(end)
            if unit in {"hours", "hour"} and number % 24 == 0:
                return self.moment(end, kind="span", unit="day", n=-n * (number // 24))
            if unit in UNITS and (
                word != "past" or self.at(i - 1) in {"the", "these", "this", "for"}
            ):
                kind, size = UNITS[unit]
                return self.moment(end, kind="span", unit=kind, size=size, n=-n * number)
        return None

    def _ago(self, i: int) -> Reading | None:
        """So many units before: read backwards from "ago"."""
        unit = UNITS.get(self.at(i - 1))
        if unit is None:
            return None
        j = i - 2
        word = self.at(j)
        n = 1 if word in {"a", "an"} else COUNTS.get(word, 0)
        if not n and word.isdigit() and word.isascii() and len(word) <= 4:
            n = int(word)
        mark = ""
        if word == "of" and self.at(j - 1) == "couple":
            n, mark, j = 2, "~", j - 2
        elif word == "half" or (word in {"a", "an"} and self.at(j - 1) == "half"):
            return None
        if not n or (self.begin < j and self.stuck(j)):
            return None
        if self.at(j - 1) in _VAGUE:
            mark = "~"
        moment = self.moment(i, kind="ago", unit=unit[0], size=unit[1], n=n, mark=mark)
        return self._reading(j, moment, "point")

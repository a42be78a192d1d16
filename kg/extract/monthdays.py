"""Days and months in words and figures: what the names of months say with the numbers beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from kg.extract.almanac import ALL_MONTHS, MONTHS, NOT_AFTER_YEAR, ORDINALS, SEASONS, SHORT_MONTHS
from kg.extract.years import YEAR, Years

if TYPE_CHECKING:
    from kg.extract.moments import Moment

_MONTH_LEADS: Final = frozenset(
    "in since until till by during from through between to after before early mid late of"
    " throughout for".split()
)
_NAMELIKE: Final = frozenset({"march", "april", "may", "june", "august"})
"""Months that people or verbs are called as well."""
_FIRM: Final = frozenset("in since until till during early mid late throughout".split())
"""Words after which even those are months."""
DAY: Final = re.compile(r"([0-9]{1,2})(st|nd|rd|th)?")
DAYS_RANGE: Final = re.compile(r"([0-9]{1,2})[-‑]([0-9]{1,2})")
_WINTER: Final = re.compile(r"[12][0-9]{3}-[0-9]{2,4}")


class Days(Years):
    """Reads a day, a month or a season at a word."""

    def bare_day(self, i: int, day: int) -> Moment | None:
        """A day whose month is said with the end of the interval: "12 – 14 June", "12 to 14 June"."""
        if self.at(i + 1) not in {"-", "–", "to", "and"} or not 1 <= day <= 31:
            return None
        found = DAY.fullmatch(self.at(i + 2))
        if not found or int(found[1]) <= day:
            return None
        return self.days(self.day_month(int(found[1]), i + 3), day)

    def days(self, last: Moment | None, first: int) -> Moment | None:
        """Several days of one month as one moment, its EDTF made here if the year is said."""
        if last is None or last.day is None or not 1 <= first < last.day:
            return None
        return last._replace(since=first)

    def day_month(self, day: int, j: int) -> Moment | None:
        """A day before its month: "11 December 2007", "11th of December"."""
        if self.at(j) == "of":
            j += 1
        month = ALL_MONTHS.get(self.at(j).removesuffix("'s"))
        if month is None or not self.words[j][0].isupper() or not 1 <= day <= 31:
            return None
        cut = 2 if self.at(j).endswith("'s") else 0
        end = j + 1
        if self.at(j) in SHORT_MONTHS and self.at(end) == "." and self.tight(j):
            end += 1
        return self.with_year(end, month=month, day=day, cut=cut)

    def month_or_none(self, i: int, name: str, *, led: bool) -> Moment | None:
        """The month at a word, if its neighbours show that it is no name and no verb."""
        moment = self.month(i, MONTHS[name])
        if moment.day or moment.year or led:
            return moment
        before, after = self.at(i - 1), self.at(i + 1)
        joined = after in {"-", "–", "/", "to", "and", "through", "or"}
        if joined and ALL_MONTHS.get(self.at(i + 2)) and name not in {"may", "march"}:
            return moment
        if before not in _MONTH_LEADS:
            return None
        if name in _NAMELIKE and before not in _FIRM:
            following = self.words[i + 1] if after else ""
            if following[:1].isupper() or before in {"of", "for"}:
                return None
        return moment

    def month(self, i: int, month: int) -> Moment:
        """A month with the day or the year behind it: "June 12, 2018", "June 12-14", "June of 2018"."""
        word = self.lower[i]
        cut = 2 if word.endswith("'s") else 0
        j = i + 1
        if word in SHORT_MONTHS and self.at(j) == "." and self.tight(i):
            j += 1
        if not cut:
            day, end, first = self.day_after(j)
            if day:
                moment = self.with_year(end, month=month, day=day)
                return self.days(moment, first) or moment if first else moment
            end = j + (self.at(j) in {",", "of"})
            if YEAR.fullmatch(self.at(end)) and self.plain_year(end):
                return self.moment(end, year=int(self.at(end)), month=month)
        return self.moment(i, month=month, cut=cut)

    def day_after(self, j: int) -> tuple[int, int, int]:
        """The day of the month at word `j`, the word behind it, and the first day of several."""
        j += self.at(j) == "the"
        word = self.at(j)
        if word in ORDINALS:
            return ORDINALS[word], j + 1, 0
        found = DAYS_RANGE.fullmatch(word)
        if found and 1 <= int(found[1]) < int(found[2]) <= 31:
            return int(found[2]), j + 1, int(found[1])
        found = DAY.fullmatch(word)
        if not found or not 1 <= int(found[1]) <= 31 or self.stuck(j):
            return 0, j, 0
        if self.at(j + 1) in NOT_AFTER_YEAR and self.at(j + 1) not in {"local", "est", "gmt"}:
            return 0, j, 0
        day = int(found[1])
        if self.at(j + 1) in {"-", "–", "to", "and"}:
            last = DAY.fullmatch(self.at(j + 2))
            if last and day < int(last[1]) <= 31 and not self.stuck(j + 2):
                return int(last[1]), j + 3, day
        return day, j + 1, 0

    def season(self, i: int, name: str) -> Moment | None:
        """A season with its year: "spring 2018", "the winter of 1969-70"."""
        if self.lower[i] != name:
            return None
        end = i + 1 + (self.at(i + 1) in {"of", ","})
        word = self.at(end)
        if (YEAR.fullmatch(word) and self.plain_year(end)) or _WINTER.fullmatch(word):
            return self.moment(end, year=int(word[:4]), month=SEASONS[name])
        return None

    def ordinal(self, i: int, number: int) -> Moment | None:
        """What an ordinal in words begins: a century, a quarter, half a year, a day of a month."""
        after = self.at(i + 1)
        if after in {"century", "centuries"}:
            return self.century(i, self.lower[i])
        if after in {"quarter", "half"} and number <= (4 if after == "quarter" else 2):
            j = i + 2 + (self.at(i + 2) == "of")
            if YEAR.fullmatch(self.at(j)) and self.plain_year(j):
                months = 3 if after == "quarter" else 6
                year = self.at(j)
                first, last = (number - 1) * months + 1, number * months
                return self.moment(j, kind="fixed", fixed=f"{year}-{first:02}/{year}-{last:02}")
            return None
        if after == "of" and self.at(i + 2) in MONTHS:
            return self.day_month(number, i + 1)
        if after in {"and", "to"}:
            return self.century_pair(number, i + 1)
        return None

"""Years, decades, centuries and dates in figures: what digits can say of the calendar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from kg.extract.almanac import ALL_MONTHS, EVENT_NAMES, NOT_AFTER_YEAR, ORDINALS
from kg.extract.counting import COUNTS
from kg.extract.moments import Moment

if TYPE_CHECKING:
    from kg.extract.prose import Prose

YEAR: Final = re.compile(r"[12][0-9]{3}")
_ISO: Final = re.compile(r"([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?:t[0-9]{2})?")
_SHORT: Final = re.compile(r"([12][0-9]{3})[-‑]([0-9]{2})")
_LONG: Final = re.compile(r"([12][0-9]{3})[-‑]([12][0-9]{3})")
_DECADE: Final = re.compile(r"([12][0-9])?([0-9])0(?:'?s)")
_CENTURY: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)(-century)?")
_SLASHED: Final = re.compile(r"([0-9]{1,2})([/.])([0-9]{1,2})\2([12][0-9]{3})(?![0-9/])")
_YEAR_FIRST: Final = re.compile(r"([12][0-9]{3})/([01][0-9])/([0-3][0-9])(?![0-9/])")

_ERAS: Final = {
    "bc": -1,
    "b.c.": -1,
    "bce": -1,
    "b.c.e.": -1,
    "ad": 1,
    "a.d.": 1,
    "ce": 1,
    "c.e.": 1,
}
_OFFSETS: Final = {"last": -1, "this": 0, "next": 1}
_BEFORE: Final = frozenset(
    "in since until till by during before after from between early mid late year circa"
    " throughout through".split()
)
"""Words after which four digits are a year."""
_PERHAPS: Final = frozenset("of for to around about than and".split())
"""Words after which they are one where no noun that could be counted follows."""
_OWNERS: Final = frozenset("the this his her its their our a an that whose my your".split())
_VERBS: Final = frozenset("was is will saw has had would became marked brought".split())
_AFTER_NOUN: Final = frozenset(
    "is was has his its this as us thus plus versus perhaps always afterwards besides unless across"
    " towards yes less campaigns elections olympics games talks sanctions attacks protests events riots"
    " floods fires bombings championships finals awards primaries polls wars sports".split()
)
"""Words in -s that a round year may have behind it all the same."""


class Years:
    """What digits say of time, read at a word within a paragraph of which nothing else is looked at."""

    def __init__(self, prose: Prose) -> None:
        self.prose = prose
        self.lower = prose.lower
        self.words = prose.words
        self.begin = 0
        self.limit = 0

    def at(self, i: int) -> str:
        """The word in small letters; empty beyond the paragraph or what is read already."""
        return self.lower[i] if self.begin <= i < self.limit else ""

    def tight(self, i: int) -> bool:
        """Whether the next word follows without a space."""
        return i + 1 < self.limit and self.prose.ends[i] == self.prose.starts[i + 1]

    def stuck(self, i: int) -> bool:
        """Whether digits go on behind a word, as in 12:30, 2,014 and 3.5, or are a share or a price."""
        if (
            self.begin < i
            and self.tight(i - 1)
            and self.lower[i - 1] in {"$", "£", "€", "¥", "#", ":", "@"}
        ):
            return True
        if not self.tight(i):
            return False
        after = self.lower[i + 1]
        if after in {"%", "°"}:
            return True
        return after in {":", ",", "."} and self.tight(i + 1) and self.lower[i + 2][:1].isdigit()

    def moment(self, last: int, *, cut: int = 0, **said: Any) -> Moment:
        """A moment whose last word is `last`, but for the last `cut` characters of it."""
        return Moment(last + 1, self.prose.ends[last] - cut, **said)

    def count(self, i: int) -> tuple[int, int]:
        """A small number in words or digits, and the word behind it; 0 where there is none."""
        word = self.at(i)
        number = COUNTS.get(word, 0)
        if not number and word.isdigit() and word.isascii() and len(word) <= 3:
            number = int(word)
        return number, i + 1

    def with_year(self, end: int, *, month: int, day: int, cut: int = 0) -> Moment:
        """The day of a month with the year that follows it, if one does."""
        j = end + (self.at(end) in {",", "-", "–"})
        year = YEAR.fullmatch(self.at(j)) and self.at(end) not in {"-", "–"}
        if not cut and year and self.plain_year(j):
            return self.moment(j, year=int(self.at(j)), month=month, day=day)
        if not cut and self.at(j) in _OFFSETS and self.at(j + 1) == "year":
            which = f"year{_OFFSETS[self.at(j)]}"
            return self.moment(j + 1, month=month, day=day, which=which)
        return self.moment(end - 1, month=month, day=day, cut=cut)

    def plain_year(self, i: int) -> bool:
        """Whether four digits behind a month can be its year."""
        return not self.stuck(i) and self.at(i + 1) not in NOT_AFTER_YEAR

    def year(self, i: int, year: int, *, led: bool) -> Moment | None:
        """Four digits, where the words beside them make them a year."""
        era = self.era(i + 1)
        if era:
            return self.numbered_year(i)
        before, after = self.at(i - 1), self.at(i + 1)
        pair = self._slash_pair(i, year)
        if not self._is_year(i, year, before, after, led=led):
            return None
        return pair or self.moment(i, year=year)

    def _is_year(self, i: int, year: int, before: str, after: str, *, led: bool) -> bool:
        if year >= 2100 or self.stuck(i) or after in NOT_AFTER_YEAR:
            return False
        noun = after.isalpha() and self.words[i + 1][0].islower() and after not in _FUNCTION
        many = noun and after.endswith("s") and after not in _AFTER_NOUN
        if year % 100 == 0 and many:
            return False  # "in 2000 villages"
        if before in _BEFORE:
            return True
        if after in {"–", "-"} and YEAR.fullmatch(self.at(i + 2)) and self.at(i + 2) > str(year):
            return self.tight(i) and not self.stuck(i + 2)
        if led or before in _PERHAPS:
            return not noun
        if year < 1900:
            return False
        if before in {"(", "[", "–", "-"}:
            return after in {")", "]", "–", "-", ",", ";"} or before in {"–", "-"}
        if before in _OWNERS or before.endswith("'s") or before in {"'s", "'"}:
            return after.isalpha() and not (many and before in {"a", "an"})
        if before in EVENT_NAMES or (before == "," and self.at(i - 2) in ALL_MONTHS):
            return True
        return (not before or i == self.begin or before in {".", "”", '"'}) and after in _VERBS

    def _slash_pair(self, i: int, year: int) -> Moment | None:
        """Two years that make a season: 2018/19."""
        if self.at(i + 1) != "/" or not self.tight(i) or not self.tight(i + 1):
            return None
        second = self.at(i + 2)
        if second in {f"{(year + 1) % 100:02}", f"{year + 1}"}:
            return self.moment(i + 2, kind="fixed", fixed=f"{year}/{year + 1}")
        return None

    def era(self, i: int) -> int:
        """-1 before Christ, 1 after, 0 where the word names no era."""
        if not self.at(i) or self.words[i].islower():
            return 0
        return _ERAS.get(self.at(i), 0)

    def numbered_year(self, i: int) -> Moment | None:
        """A year of an era: 44 BC, AD 79."""
        word = self.at(i)
        if not (word.isdigit() and word.isascii() and 1 <= len(word) <= 4) or int(word) == 0:
            return None
        year = int(word)
        era = self.era(i + 1)
        if not era:
            return self.moment(i, year=year)
        return self.moment(i + 1, year=1 - year if era < 0 else year)

    def decade(self, i: int, word: str, *, shift: int = 0) -> Moment | None:
        """A decade in figures: 1990s, the '90s; a bare "90s" only after "the" or an apostrophe."""
        found = _DECADE.fullmatch(word)
        if not found:
            return None
        century, tens = found.groups()
        if century is None:
            before = self.at(i - 1)
            if not shift and before not in {"the", "'", "‘"}:
                return None
            if (
                before == "the"
                and self.at(i - 2) == "in"
                and self.at(i + 1) in {"fahrenheit", "celsius"}
            ):
                return None
            century = "20" if tens in "01" else "19"
        fixed = f"{century}XX" if tens == "0" and century != "20" else f"{century}{tens}X"
        return self.moment(i, kind="fixed", fixed=fixed)

    def century(self, i: int, word: str) -> Moment | None:
        """A century: "19th century", "nineteenth-century", "5th century BC"."""
        own = word.removesuffix("-century")
        found = _CENTURY.fullmatch(word)
        number = int(found[1]) if found else ORDINALS.get(own, 0)
        last = i
        if own == word:
            if self.at(i + 1) not in {"century", "centuries"}:
                return None
            last = i + 1
        if not 1 <= number <= 21:
            return None
        if self.era(last + 1) < 0:
            return self.moment(last + 1, kind="fixed", fixed=f"-{number - 1:02}XX")
        return self.moment(last, kind="fixed", fixed=f"{number - 1:02}XX")

    def century_pair(self, first: int, j: int) -> Moment | None:
        """Two centuries with one noun: "the 19th and 20th centuries"."""
        k = j + 1 + (self.at(j + 1) in {"early", "late", "mid"})
        found = _CENTURY.fullmatch(self.at(k))
        second = int(found[1]) if found else ORDINALS.get(self.at(k), 0)
        if self.at(k + 1) not in {"century", "centuries"} or not 1 <= first < second <= 21:
            return None
        return self.moment(k + 1, kind="fixed", fixed=f"{first - 1:02}XX/{second - 1:02}XX")

    def numeric(self, i: int, word: str) -> Moment | None:
        """A date all in figures: 2007-12-11, 13/11/2007, 2003-2009, 2008-09."""
        if (
            self.begin < i
            and self.tight(i - 1)
            and self.lower[i - 1] in {"/", ".", "-", "_", "=", "#"}
        ):
            return None
        text, start = self.prose.text, self.prose.starts[i]
        if len(word) <= 2 and self.tight(i):
            found = _SLASHED.match(text, start, start + 11)
            return self._slashed(found) if found else None
        if len(word) == 4 and self.tight(i) and self.lower[i + 1] == "/":
            found = _YEAR_FIRST.match(text, start, start + 11)
            if found:
                year, month, day = map(int, found.groups())
                return self._figures(found.end(), year, month, day)
        found = _ISO.fullmatch(word)
        if found:
            year, month, day = map(int, found.groups())
            return self._figures(start + 10, year, month, day)
        found = _LONG.fullmatch(word)
        if found:
            low, high = found.groups()
            return (
                self.moment(i, kind="fixed", fixed=f"{low}/{high}") if low < high < "2100" else None
            )
        found = _SHORT.fullmatch(word)
        if not found:
            return None
        year, short = int(found[1]), found[2]
        if int(short) == (year + 1) % 100:  # a season or a fiscal year, more often than a month
            return self.moment(i, kind="fixed", fixed=f"{year}/{year + 1}")
        if "01" <= short <= "12":
            return self.moment(i, year=year, month=int(short))
        later = year // 100 * 100 + int(short)
        return self.moment(i, kind="fixed", fixed=f"{year}/{later}") if later > year else None

    def _slashed(self, found: re.Match[str]) -> Moment | None:
        """A day and a month in either order; None where the order cannot be told."""
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if first > 12 >= second:
            first, second = second, first
        elif not (first == second or first <= 12 < second):
            return None
        return self._figures(found.end(), year, first, second)

    def _figures(self, stop: int, year: int, month: int, day: int) -> Moment | None:
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        return Moment(self.prose.word_at(stop - 1) + 1, stop, year=year, month=month, day=day)


_FUNCTION: Final = frozenset(
    "a about after again against all alone also although an and are as at back be because been before"
    " both but by can could did do does during each either even for from had has have he her here his"
    " how however i if in including into is it its itself just later left like made many may might more"
    " most much must near no nor not now of off on once one only onto or other our out over own per"
    " perhaps said saw says she should since so some still such than that the their them then there"
    " these they this those though through thus to too toward under until up upon us versus was we were"
    " what when where whether which while who whose why will with within without would yet you your"
    " alone onwards onward afterwards ended began went came became rose fell led followed saw took"
    " when amid despite following according".split()
)
"""Words that cannot be what a number counts."""

"""What a number counts: the noun phrase behind it, its unit of measure, its currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.counting import COUNTS, Figure
from kg.extract.measures import (
    ADJECTIVES,
    AMBIGUOUS,
    CLOCK,
    CODES,
    CURRENCIES,
    DOLLAR_NATIONS,
    DOLLARS,
    LABELS,
    LETTER_UNITS,
    MAGNITUDE_WORDS,
    NOT_COUNTED,
    PERCENT,
    PERSONS,
    PLURALS,
    STARTERS,
    SYMBOLS,
    UNITS,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from kg.extract.prose import Prose

_PHRASE: Final = 6
"""Words of the noun phrase that is counted, its noun included."""
DETERMINERS: Final = frozenset(
    "the all its his her their these those our my your this that".split()
)


class Noun(NamedTuple):
    """What is counted: its words from `first` to before `end`, and the unit that they give."""

    first: int
    end: int
    unit: str


class Counted:
    """Reads what stands beside a number; nothing before `begin` or from `limit` on is looked at."""

    def __init__(self, prose: Prose) -> None:
        self.prose = prose
        self.lower = prose.lower
        self.words = prose.words
        self.start = self.begin = self.limit = 0

    def at(self, i: int) -> str:
        """The word in small letters; empty where nothing is looked at."""
        return self.lower[i] if self.begin <= i < self.limit else ""

    def tight(self, i: int) -> bool:
        """Whether a word stands close to the next one."""
        return self.begin <= i < self.limit - 1 and self.prose.ends[i] == self.prose.starts[i + 1]

    def currency_before(self, i: int) -> tuple[int, str]:
        """Where a number with its currency sign begins, and the currency."""
        before = self.at(i - 1)
        if before in SYMBOLS:
            if before == "$" and self._dollars(i - 2):
                return i - 2, DOLLARS[self.at(i - 2)]
            return i - 1, SYMBOLS[before]
        if before in CODES and self.words[i - 1][0].isupper():
            return i - 1, CODES[before]
        if before == "." and self.at(i - 2) == "rs":
            return i - 2, CODES["rs"]
        return i, ""

    def _dollars(self, i: int) -> bool:
        """Whether the word before a dollar sign says whose dollar it is: US$5, NZ $5."""
        return self.at(i) in DOLLARS and (
            self.tight(i) or (len(self.words[i]) > 1 and self.words[i].isupper())
        )

    def unit_after(self, end: int, value: Decimal) -> tuple[str, int]:
        """The unit of measure behind a number, and the word behind that."""
        word = self.at(end)
        if word in PERCENT:
            return "percent", end + 1
        if word == "per" and self.at(end + 1) == "cent":
            return "percent", end + 2
        if word in {"percentage", "basis"} and self.at(end + 1) in {"point", "points"}:
            return f"{word} points", end + 2
        if word in CURRENCIES:
            if word in AMBIGUOUS and value < 1000:
                return "", end
            return CURRENCIES[word], end + 1
        if word in CODES and self.words[end].isupper():
            return CODES[word], end + 1
        for j in (end + 1, end + 2):
            if self.at(j) in {"dollar", "dollars"} and self.at(j - 1) in DOLLAR_NATIONS:
                return f"{DOLLAR_NATIONS[self.at(j - 1)]} dollars", j + 1
            if self.at(j) in CURRENCIES and self.words[j - 1][0].isupper() and j == end + 1:
                return f"{self.words[j - 1]} {CURRENCIES[self.at(j)]}", j + 1
        if word in {"square", "cubic", "nautical", "metric"} and self.at(end + 1) in UNITS:
            return f"{word} {UNITS[self.at(end + 1)]}", end + 2
        if word == "°" and self.at(end + 1) in {"c", "f"}:
            return UNITS["°" + self.at(end + 1)], end + 2
        if word in UNITS and word != "percentage":
            unit, end = UNITS[word], end + 1
            if unit == "degrees" and self.at(end) in {"celsius", "fahrenheit"}:
                return f"degrees {self.at(end).capitalize()}", end + 1
            if word in {"pounds", "pound"} and self.at(end) == "sterling":
                return "pounds sterling", end + 1
            if (self.at(end) in PERSONS or self.plural(self.at(end))) and self.words[end].islower():
                return "", end - 1  # "20 year groups" counts groups
            return unit, end
        return "", end

    def noun_of(self, end: int) -> Noun | None:
        """What a share or a measure is of: "83 percent of respondents"; all words up to the next small one."""
        if self.at(end) != "of":
            return None
        first = end + 1
        while self.at(first) in DETERMINERS or self._numeral(first):
            first += 1  # "ten of the eleven men" counts men
        found = self.phrase(first)
        if found is None:
            return None
        stop = found.end
        for i in range(first, stop):
            if self.plural(
                self.at(i)
            ):  # what follows its plural noun is a verb more often than not
                stop = i + 1
                while stop < found.end and self._heads(stop):
                    stop += 1
                break
        while stop > first and (
            self.at(stop - 1).endswith("'s")
            or (stop > first + 1 and self.at(stop - 1).endswith("ed"))
            or self._adverb(stop - 1)
        ):
            stop -= 1
        return Noun(first, stop, "") if stop > first else None

    def _numeral(self, i: int) -> bool:
        word = self.at(i)
        return word in COUNTS or (word.isdigit() and len(word) < 4)  # longer ones may be years

    def _adverb(self, i: int) -> bool:
        word = self.at(i)
        return len(word) > 4 and word.endswith("ly") and word not in ADJECTIVES

    def next_word(self, end: int, noun: Noun) -> int:
        """From where to read on: a number inside "ten of the eleven men" is one of its own."""
        inside = (j for j in range(end, noun.first) if self._numeral(j))
        return next(inside, max(end, noun.first))

    def noun(self, end: int, *, one: bool = False) -> Noun | None:
        """The noun phrase behind a number: up to its plural noun, "Danish sailors" behind "17".

        Behind `one` a singular for a person will do.
        """
        first = end
        if self.at(first) == "of":
            found = self.noun_of(end)
            if found is None or not self.plural(self.at(found.end - 1)):
                return None
            return found._replace(unit=self._unit(found.end - 1))
        if self.at(first) == "more" and self.at(first + 1) not in {"than", ""}:
            first += 1
        stop = first
        while stop < first + _PHRASE and self._nominal(stop):
            word = self.at(stop)
            if (
                self.plural(word)
                or word in {"person", "man", "woman", "child"}
                or (one and self.words[stop].islower() and self._somebody(word))
            ):
                further = stop + 1
                while further < first + _PHRASE and self._nominal(further) and self._heads(further):
                    further += 1
                return Noun(first, further, self._unit(further - 1))
            stop += 1
        return None

    def _somebody(self, word: str) -> bool:
        return word + "s" in PERSONS or word.endswith(("man", "woman"))

    def _heads(self, i: int) -> bool:
        """Whether a plural follows a plural, as in "sports officials"; names behind are another matter."""
        return self.plural(self.at(i)) and self.words[i].islower() and self.at(i) != "others"

    def _nominal(self, i: int) -> bool:
        """Whether a word can stand in the noun phrase behind a number."""
        word = self.at(i)
        if not word or word in NOT_COUNTED or not (word[0].isalpha() or word[0] in "'’"):
            return False
        return self.prose.inside[i] == self.prose.inside[max(i - 1, 0)]

    def plural(self, word: str) -> bool:
        """Whether a word is a plural noun, as far as its form can tell."""
        if word in PLURALS or word in PERSONS:
            return word not in {"person", "man", "woman", "child"}
        if word.endswith("men"):
            return word not in {"specimen", "regimen", "abdomen", "omen", "acumen", "amen"}
        return (
            len(word) > 3
            and word[-1] == "s"
            and word[-2:] not in {"ss", "us", "is", "'s"}
            and word not in UNITS
        )

    def _unit(self, i: int) -> str:
        word = self.at(i)
        if word in PERSONS or word.endswith("men") or (word[-1] != "s" and self._somebody(word)):
            return "persons"
        if self.words[i][0].isupper() and word.endswith(("ans", "ese", "ians", "ers")):
            return "persons"
        return self.words[i] if self.words[i].istitle() else word

    def phrase(self, first: int) -> Noun | None:
        """All words from one on that can stand in a noun phrase."""
        stop = first
        while stop < first + _PHRASE and self._nominal(stop):
            stop += 1
        while stop > first and self._adverb(stop - 1):
            stop -= 1
        return Noun(first, stop, "") if stop > first else None

    def stuck(self, i: int, one: Figure) -> bool:
        """Whether the digits are part of something else: 18:41, 10/12, #5, 1.2.3, 10th, 17-year-old."""
        before, after = self.at(i - 1), self.at(one.end)
        if self.tight(i - 1) and (
            before in {"#", ":", "/", "@", "_", "=", "+", "."} or before.isalnum()
        ):
            return True
        if (
            one.end <= self.limit
            and self.tight(one.end - 1)
            and (after in {":", "/", "_", "@", "=", "°", "²"} and after != "°")
        ):
            return True
        pointed = after in {".", ","} and self.tight(one.end - 1) and self.tight(one.end)
        if pointed and self.at(one.end + 1)[:1].isdigit():
            return True  # an address, a version
        if one.letters and one.letters not in LETTER_UNITS and one.letters not in {"m", "k", "b"}:
            return True
        if self.prose.ends[one.end - 1] != one.stop:
            return self.lower[one.end - 1][:1].isdigit() and not self.dashed(i)
        if after in CLOCK or (before == "'" and self.tight(i - 1)):
            return True
        digits = "0" <= self.lower[i] < ":"
        before = self.lower[i - 1] if i > self.start else ""
        return digits and (
            (after[:1].isdigit() and after not in COUNTS)
            or before[:1].isdigit()
            or before == "aged"
        )

    def dashed(self, i: int) -> bool:
        """Whether a word is two numbers with a hyphen, as in 10-15."""
        low, dash, high = self.lower[i].replace("‑", "-").partition("-")
        return bool(dash) and low.isdigit() and high.isdigit() and low.isascii() and high.isascii()

    def named(self, i: int, one: Figure) -> bool:
        """Whether the number is a name or part of one: Boeing 747, page 5, the Group of Seven."""
        before = self.at(i - 1)
        if before in LABELS or (
            before == "." and self.at(i - 2) in {"no", "nos", "pp", "p", "vol"}
        ):
            return self.at(one.end) not in PERCENT and self.at(one.end) not in MAGNITUDE_WORDS
        if before.isalpha() and self.words[i - 1][0].isupper() and before not in STARTERS:
            after = self.at(one.end)
            plain = after in PERSONS or after in PERCENT or after in UNITS or before in CODES
            return not plain and not (i - 1 == self.begin and after.islower())
        word = self.words[i]
        if (
            word[0].isupper()
            and i > self.begin
            and self.at(i - 1) not in {".", "“", '"', ":", "!", "?"}
        ):
            following = self.words[one.end] if one.end < self.limit else ""
            return not following[:1].isupper() or word.isupper()
        return False

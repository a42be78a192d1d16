"""What the words around a number make of it: a bound, the end of a range, a count of victims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.counting import COUNTS
from kg.extract.measures import BOUNDS, LONGEST_BOUND, MAGNITUDE_WORDS, STRICKEN
from kg.extract.sized import Sized

if TYPE_CHECKING:
    from decimal import Decimal

    from kg.extract.counting import Figure
    from kg.model import Quantifier

_DASHES: Final = frozenset({"-", "–", "‑"})
_CHANGE: Final = frozenset(
    "rose risen rise rises fell fallen fall falls increase increased increases grew grown grow dropped"
    " drop drops declined decline cut raised raise went go jumped climbed reduced slashed widened doubled"
    " up down shrank surged slipped soared plunged expanded moved changed".split()
)
"""Words before "from 10 to 15" that make it a change, not a range."""

_BOUNDING: Final = frozenset(words[-1] for words in BOUNDS)
"""Words that stand before a number which they bound, by themselves or with others."""


class Bounded(Sized):
    """Reads, beside what is counted, how the words around a number bound it."""

    def bound(self, first: int) -> tuple[Quantifier, int]:
        """What the words before a number make of it, and where they begin; the longest phrase wins."""
        found: Quantifier = "exactly"
        start = first
        if not first or self.lower[first - 1] not in _BOUNDING:
            return found, start
        for length in range(LONGEST_BOUND, 0, -1):
            if first - length < self.begin:
                continue
            words = tuple(self.lower[first - length : first])
            quantifier = BOUNDS.get(words)
            if quantifier is not None:
                found = quantifier
                start = first if found == "exactly" else first - length
                break
        return found, start

    def joint(self, first: int, end: int) -> int:
        """How many words join a number to the upper end of its range; 0 where none do."""
        word, before = self.at(end), self.at(first - 1)
        if word == "and":
            return int(before == "between")
        if word == "to":
            changed = before == "from" and any(
                self.at(j) in _CHANGE for j in range(max(self.begin, first - 7), first - 1)
            )
            return int(not changed)
        if word == "or" and self.at(end + 1) in COUNTS:
            return 1
        return int(word in _DASHES and self.tight(end) == self.tight(end - 1))

    def same_scale(self, i: int, one: Figure, high: Decimal) -> Decimal:
        """The lower end with the magnitude that only the upper one has: "2 to 3 million"."""
        low = one.value
        if self.lower[one.end - 1] in MAGNITUDE_WORDS or low >= 1000 or one.end - i > 2:
            return low
        for scale in (10**12, 10**9, 10**6, 1000, 100):
            if high >= scale > 100 and high / scale < 1000 and low < high / scale:
                return low * scale if high % scale == 0 or high / scale < 100 else low
        return low

    def scale_range(self, low: Decimal, high: Decimal, end: int) -> tuple[Decimal, Decimal, int]:
        """Both ends of a range with the magnitude behind it, and where that ends: "2-3 million"."""
        scale = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}.get(
            self.at(end)
        )
        return (low * scale, high * scale, end + 1) if scale else (low, high, end)

    def stricken(self, end: int) -> bool:
        """Whether words behind a number say what befell so many: "17 dead", "five were freed"."""
        if self.at(end) in {"were", "was", "are", "is", "have", "has", "had"}:
            end += 1 + (self.at(end + 1) in {"been", "reportedly", "also", "later", "either"})
        return self.at(end) in STRICKEN

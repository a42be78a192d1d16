"""What words and stretches of words in capitals look like: common, a title, an office, a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.gazetteer import bare
from kg.extract.names import places, usage
from kg.extract.names.bodies import HEADS, LEGAL, TOPICS
from kg.extract.names.people import AFTER, MEN, PARTICLES, WOMEN
from kg.extract.names.tables import facts, peoples
from kg.extract.names.titles import PERSONS, PORTFOLIOS, TITLES
from kg.extract.names.words import CALENDAR, COMMON, NO_NAMES, plain

if TYPE_CHECKING:
    from kg.extract.names.tables import Fact
    from kg.extract.prose import Prose

FIRST_NAMES: Final = MEN | WOMEN


class Look:
    """Judges the words of one text by their letters, their places and the lists of the language."""

    def __init__(
        self, prose: Prose, marks: bytearray, solid: frozenset[str], adjectives: frozenset[str]
    ) -> None:
        self.prose = prose
        self.marks = marks
        self.solid = solid
        self.small = frozenset(prose.words)
        self.facts = facts()
        self.peoples = peoples() | adjectives

    def is_common(self, i: int, j: int) -> bool:
        """Whether a word that begins a sentence has its capital from that only."""
        lower = self.prose.lower
        low = lower[i]
        if low in _AUXILIARY and j - i > 1 and self._asks(i):
            return True
        if low in TITLES or low in FIRST_NAMES:
            return low in self.small and j - i == 1
        if j - i > 1:
            if low in COMMON:
                end = self.head(i, j)
                return end is None or low not in usage.NAMING
            return low in self.small and low not in self.solid
        if low in self.solid:
            return False
        return plain(low) or low in self.small or not self._acts(i)

    def _asks(self, i: int) -> bool:
        """Whether the words behind a word end in a question mark: `Will Loria pay?`."""
        words = self.prose.words[i : i + _QUESTION]
        end = next((word for word in words if word in {".", "!", "?", ";"}), "")
        return end == "?"

    def _acts(self, i: int) -> bool:
        """Whether the words behind a single capitalised word show that it is a name."""
        prose = self.prose
        low = prose.lower[i]
        if low.endswith("'s") or (prose.words[i].isupper() and len(low) > 1):
            return True
        if i + 1 >= len(prose.words):
            return False
        after = prose.lower[i + 1]
        return after in usage.VERBS and not low.endswith("s")

    def trails(self, i: int, first: int) -> bool:
        """Whether the last word of a stretch does not belong to a name."""
        low = self.prose.lower[i]
        if i == first:
            return False
        if low in CALENDAR:
            before = self.prose.lower[i - 1]
            return before not in FIRST_NAMES and before not in TITLES
        return low in usage.TRAILING and not self.is_form(i)

    def is_people(self, i: int, j: int) -> bool:
        """Whether a word is an adjective or the name of a people."""
        lower = self.prose.lower
        base = lower[i].removesuffix("'s")
        if base in self.peoples:
            return True
        return j - i > 1 and base in usage.COMPASS and lower[i + 1] in self.peoples

    def known(self, i: int, j: int) -> Fact | None:
        """The longest well-known name that begins with word `i`."""
        words = self.prose.words
        word = words[i]
        known = self.facts.get(word)
        if known is None and word.endswith(("'s", "’s", "'S", "’S")):
            known = self.facts.get(word[:-2])
        if known is None and word.isupper() and len(word) > _ARTICLE:
            known = self.facts.get(word.capitalize())
        for fact in known or ():
            end = i + len(fact.words)
            if end <= j and (len(fact.words) == 1 or self._same(fact.words, i)):
                return fact
        return None

    def _same(self, named: tuple[str, ...], i: int) -> bool:
        words = self.prose.words
        for k, word in enumerate(named):
            stands = words[i + k]
            if stands != word and (
                not stands.endswith(("'s", "’s")) or stands[:-2] != word or k + 1 < len(named)
            ):
                return False
        return True

    def head(self, i: int, j: int) -> int | None:
        """The word that makes the stretch an organisation, a place or a topic by its look."""
        lower = self.prose.lower
        last = j - 1
        if lower[last] == "." and last > i:
            last -= 1
        base = lower[last].removesuffix("'s")
        for k in range(i + 1, j - 1):
            if lower[k] in {"of", "for", "on"}:
                before = lower[k - 1]
                if (
                    before in HEADS
                    or before in TOPICS
                    or before in places.HEADS
                    or before in usage.OFS
                ):
                    titled = any(w in TITLES and w not in PORTFOLIOS for w in lower[k + 2 : j])
                    return None if titled else k - 1
        formal = last > i and self.is_form(last)
        if formal or ((base in HEADS or base in places.HEADS or base in TOPICS) and last > i):
            return last
        if (lower[i] in usage.FIRST_HEADS or lower[i] in usage.FIRST_TOPICS) and last > i:
            return i
        if lower[i] in places.FIRST and j - i > 1 and lower[i] in usage.PLACE_FIRST:
            return i
        for k in range(last, i, -1):
            if lower[k] in TITLES:
                return None
            if lower[k] in usage.INNER:
                return k
        return None

    def is_form(self, k: int) -> bool:
        """Whether a word is the form of a company behind its name; one of shouting is none."""
        words = self.prose.words
        return (
            bare(words[k]) in LEGAL
            and k > 0
            and not (words[k].isalpha() and words[k].isupper() and words[k - 1].isupper())
        )

    def is_title(self, k: int, j: int) -> bool:
        """Whether a word is a title, and not the last name of somebody with that name."""
        lower = self.prose.lower
        low = lower[k]
        low = low.removesuffix("'s")
        return low in TITLES and not (low in FIRST_NAMES and k + 1 == j)

    def is_person(self, i: int, j: int) -> bool:
        """Whether a stretch begins with a given name and has a person's length."""
        lower = self.prose.lower
        words = [word for word in lower[i:j] if word not in {".", "'"}]
        given = lower[i] in FIRST_NAMES or (i > 0 and self.prose.words[i - 1] in PERSONS)
        if not 1 < len(words) <= PERSON_WORDS or not given or lower[i] in self.small:
            return False
        last = words[-1].removesuffix("'s")
        if last in HEADS or last in places.HEADS or last in TOPICS:
            middle = len(words) == 3 and lower[i] in FIRST_NAMES and lower[i + 1] not in HEADS
            named = (len(words) == 2 or middle) and not (i and lower[i - 1] == "the")
            return named and last in usage.SURNAMES
        return not any(word in {"of", "for", "and", "&"} for word in words)

    def labels(self, i: int, j: int) -> bool:
        """Whether `MS` is a form of address: with a full stop, or in the label of a speaker."""
        return self.prose.words[i + 1] == "." or self.prose.words[j : j + 1] == [":"]

    def is_head(self, i: int) -> bool:
        """Whether names of bodies or places end with a word."""
        low = bare(self.prose.lower[i])
        return low in HEADS or low in places.HEADS

    def has_title(self, i: int, j: int) -> bool:
        """Whether a stretch has a title in it."""
        return any(self.is_title(k, j) for k in range(i, j))

    def among_small(self, i: int) -> bool:
        """Whether a word in small letters follows, so that capitals are not all that is there."""
        return self.prose.words[i + 1 : i + 2] != [] and self.prose.words[i + 1].islower()

    def is_money(self, i: int) -> bool:
        """Whether a word is a part of a currency's sign: US$, NZ$."""
        prose = self.prose
        return prose.words[i + 1 : i + 2] == ["$"] and len(prose.words[i]) <= _CURRENCY

    def given(self, i: int) -> bool:
        """Whether a word has a capital."""
        return self.prose.words[i][0].isupper()

    def adherent(self, low: str) -> bool:
        """Whether a word before a person's name says what they are: Scientologist Jane Doe."""
        return low not in FIRST_NAMES and (plain(low) or low.endswith(("ist", "crat", "ite")))

    def personal(self, k: int) -> bool:
        """Whether a word may stand in a person's name."""
        word, low = self.prose.words[k], self.prose.lower[k]
        if low in PARTICLES or low in AFTER or word == ".":
            return True
        short = len(word) > _INITIALS and word.isupper() and not self.marks[k]
        short = short or (word.isupper() and len(word) > 1 and k > 0 and self.given(k - 1))
        upper = (word[0].isupper() or "-" in word) and low not in NO_NAMES
        return upper and not short and low not in self.peoples and low not in COMMON

    def near(self, i: int) -> bool:
        """Whether one space is between a word and the one before."""
        return self.prose.starts[i] - self.prose.ends[i - 1] == 1


_AUXILIARY: Final = frozenset({"will", "may"})
"""Verbs that begin questions, and are given names too."""
_QUESTION: Final = 40
"""Words of the longest question that is looked through."""
_ARTICLE: Final = 4
"""Letters up to which a word in capitals is an acronym: NATO, but PARIS."""
PERSON_WORDS: Final = 5
"""Words of the longest name of a person that is taken for one by its look."""
_CURRENCY: Final = 3
"""Letters of the longest name before a dollar sign: R$, US$, CAN$."""
_INITIALS: Final = 2
"""Letters of the initials that stand for given names: JK Rowling."""

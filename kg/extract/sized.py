"""What a number is the size of: the subject of its verb, what money is paid for."""

from __future__ import annotations

from typing import Final

from kg.extract.counted import DETERMINERS, Counted, Noun
from kg.extract.measures import (
    CODES,
    CURRENCIES,
    DOLLAR_NATIONS,
    DOLLARS,
    PAID,
    PERSONS,
    SYMBOLS,
    UNITS,
)

MONEY: Final = frozenset(
    [*SYMBOLS.values(), *DOLLARS.values(), *CODES.values(), *CURRENCIES.values()]
    + [f"{nation} dollars" for nation in DOLLAR_NATIONS.values()]
)
"""Units of money."""
_SUBJECT: Final = 10
"""Words of the longest subject that is looked through."""
_ARTICLES: Final = DETERMINERS | {"a", "an"}
_BEING: Final = frozenset("is are was were".split())
_REACHING: Final = frozenset("reached reaches hit totalled totaled totals cost costs".split())
_BEYOND: Final = frozenset("exceeded exceeds topped surpassed".split())
_MOVING: Final = frozenset(
    "fell falls fallen rose rises risen dropped drops climbed climbs grew grown jumped increased"
    " decreased declined sank soared slipped shrank amounted amounts came".split()
)
"""Verbs that say with `to` what something has come to."""
_ARRIVING: Final = frozenset("amounted amounts came".split())
_PAYING: Final = frozenset(
    "lost loses lose cost costs spent spends spend paid pays pay raised raises raise earned earns earn"
    " owes owed owe made makes donated donates invested invests invest received receives borrowed"
    " wants wanted demands demanded seeks sought saved saves".split()
)
"""Verbs before a sum of money that somebody or something gets, gives or asks for."""
_BETWEEN: Final = frozenset(
    "has have had now then also already would will could may might can".split()
)
_LENGTHS: Final = frozenset("metres kilometres centimetres miles feet yards inches".split())
_EXTENTS: Final = frozenset("long high wide deep tall thick".split())
"""What makes a length one of the subject: 3 miles long, not 3 miles away."""
_OF_PERSONS: Final = frozenset({"toll", "population"})
_APART: Final = frozenset(
    ", ; : . ? ! ( ) – — that and but or which who said says saying while as because when if although so"
    ' “ ” "'.split()
)
"""What stands before a subject."""
_AFTER: Final = frozenset("of in to at on for from by with from aboard between among".split())
"""Prepositions of what follows the noun of a subject: the damage to the port."""


class Sized(Counted):
    """Reads, beside what is counted, what has a number for its size or its price."""

    def paid(self, first: int, end: int) -> Noun | None:
        """What a sum of money from `first` to before `end` is paid for: a fine of it, its damage."""
        if self.at(end) == "worth":
            return self.noun_of(end + 1)
        for j in range(end, end + 3):
            if not self._nominal(j):
                break
            if self.at(j) in PAID:
                return Noun(end, j + 1, "")
        if self.at(end) == "in":
            j = end + 1
            while self._nominal(j) and j < end + 4 and self.at(j) not in PAID:
                j += 1
            return Noun(end + 1, j + 1, "") if self.at(j) in PAID else None
        if self.at(end) in {"for", "on"} and self.at(first - 1) in _PAYING:
            return self._bought(end + 1)
        if self.at(first - 1) == "of" and self.at(first - 2) in PAID:
            return Noun(first - 2, first - 1, "")
        if self.at(first - 1) == "at":
            for j in range(first - 2, first - 8, -1):
                if self.at(j) in PAID and self.at(j - 1) in DETERMINERS:
                    return Noun(j, j + 1, "")
        return None

    def _bought(self, first: int) -> Noun | None:
        """What money goes for: "spent 3 million dollars on the bridge"."""
        while self.at(first) in _ARTICLES or self._numeral(first):
            first += 1
        found = self.phrase(first)
        if found is None or not self.words[found.end - 1].islower():
            return None
        last = self.at(found.end - 1)
        no = last in UNITS or last in PERSONS or last.endswith(("ing", "ed"))
        return None if no else found

    def put_at(self, first: int) -> Noun | None:
        """What a number is put at: "put the number of people aboard at 15"."""
        if self.at(first - 1) != "at":
            return None
        for j in range(first - 3, max(self.begin, first - 2 - _SUBJECT), -1):
            if self.at(j) in _APART:
                return None
            if self.at(j) in {"number", "numbers"} and self.at(j - 1) == "the":
                found = self.noun_of(j + 1)
                if found is None or not self.plural(self.at(found.end - 1)):
                    return None
                return found._replace(unit=self._unit(found.end - 1))
        return None

    def subject(self, first: int, end: int, unit: str) -> Noun | None:
        """What has a number from `first` to before `end` for its size: "inflation fell to 3 percent"."""
        money = unit in MONEY
        verb = self._level(first, unit)
        told = verb + 1 if self._changes(verb, first) else 0
        if verb < 0 or (unit in _LENGTHS and self.at(end) not in _EXTENTS):
            return None
        while self.at(verb - 1) in _BETWEEN or self._adverb(verb - 1):
            verb -= 1
        start = verb
        while start > verb - _SUBJECT and self.at(start - 1) and self.at(start - 1) not in _APART:
            start -= 1
        if self.at(start - 1) and start <= verb - _SUBJECT:
            return None
        if self.at(start) in _AFTER:  # "on Friday the price"
            later = (k for k in range(start + 2, verb) if self.at(k) in _ARTICLES)
            start = next((k for k in later if self.at(k - 1) not in _AFTER), verb)
        start += self.at(start) in _ARTICLES
        stop = start
        while (
            stop < verb
            and (self._nominal(stop) or self.at(stop) in {"cost", "costs"})
            and self.at(stop) not in _AFTER
        ):
            stop += 1
        if stop == start or (stop < verb and self.at(stop) not in _AFTER):
            return None
        if self.at(stop - 1) == "number" and self.at(stop) == "of":
            found = self.noun_of(stop)
            known = found is not None and found.end <= verb and self.plural(self.at(found.end - 1))
            return found._replace(unit=self._unit(found.end - 1)) if found and known else None
        head = self.words[stop - 1]
        named = not head.islower() and stop - 1 > self.start
        if named and not money and self.at(stop - 2) not in {".", ""}:
            return None  # a name has no size, but it can lose money
        if not unit and self.at(stop - 1) not in _OF_PERSONS:
            return None
        # by how much something changes is not how much of it there is: that counts its rise
        return Noun(start, max(stop, told), unit or "persons")

    def _changes(self, verb: int, first: int) -> bool:
        """Whether a verb before a number says by how much something moves, not to where."""
        return self.at(verb) in _MOVING and self.at(first - 1) in {"by", self.at(verb)}

    def _level(self, first: int, unit: str) -> int:
        """The verb before a number that is the size of its subject; -1 where there is none."""
        before = self.at(first - 1)
        if unit in MONEY and before in _PAYING:
            return first - 1
        if unit in {"percent", "percentage points"}:
            by = before == "by"
            if self.at(first - 1 - by) in _MOVING - _ARRIVING:
                return first - 1 - by  # "rose 3 percent", "fell by a fifth"
        if self.at(first) in _BEYOND:
            return first
        if before in _BEING or before in _REACHING:
            return first - 1
        if before == "to" and self.at(first - 2) in _MOVING:
            return first - 2
        if before == "at" and self.at(first - 2) in {"stood", "stands"}:
            return first - 2
        if before == "worth" and self.at(first - 2) in _BEING:
            return first - 2
        return -1

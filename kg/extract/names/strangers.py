"""Persons who speak in a text without being named: a clerk, a woman from the village."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.lexicon import VERBS
from kg.extract.names.titles import PERSONS

if TYPE_CHECKING:
    from kg.extract.names.entity import Mentioned
    from kg.extract.prose import Prose


def stranger(names: Mentioned, prose: Prose, words: tuple[int, int], gender: str) -> bool:
    """Whether somebody unnamed, whom `he` or `she` could mean, speaks or is the subject there.

    Persons in another's speech do not count, nor do those whom the text names elsewhere by the
    same office.
    """
    first, end = words
    lower, inside = prose.lower, prose.inside
    low = max(first, end - _REACH)
    opening = first
    while opening < min(end, first + _PHRASE) and not lower[opening][0].isalnum():
        opening += 1
    if opening < end and inside[opening] < 0 and lower[opening] in _NEW:
        head = _head(prose, opening + 1, end)
        if _is_person(lower[head], gender):
            return True
    for i in range(low, end):
        verb = VERBS.get(lower[i])
        if verb is None or inside[i] >= 0 or "q" not in verb.frames or verb.form not in _FINITE:
            continue
        if i + 1 < end and lower[i + 1] in _ARTICLES:
            inverted = i > first and not lower[i - 1][0].isalnum() and "o" not in verb.frames
            place = i + 1 if inverted else -1
        else:
            place = _article(prose, i - 1, low)
        if place < 0 or inside[place] >= 0:
            continue
        noun = lower[_head(prose, place + 1, end)]
        known = lower[place] == "the" and noun in names.bearers
        if not known and _is_person(noun, gender):
            return True
    return False


def _article(prose: Prose, last: int, low: int) -> int:
    """The article of the noun phrase that ends with word `last`; -1 if none."""
    lower = prose.lower
    if last > low and lower[last] == ",":  # a clerk, who saw it, said
        last = next((k - 1 for k in range(last - 1, low, -1) if lower[k] == ","), last)
    found = -1
    for k in range(last, max(low - 1, last - _PHRASE), -1):
        if not lower[k][0].isalnum() or lower[k] in VERBS:
            break
        if lower[k] in _ARTICLES:
            found = k
    return found


def _head(prose: Prose, first: int, end: int) -> int:
    """The noun of a phrase: the word before what hangs on it."""
    lower = prose.lower
    k = first
    stop = min(end, first + _PHRASE)
    while k + 1 < stop:
        after = lower[k + 1]
        if after in _HANGING or after in VERBS or not after[0].isalnum():
            break
        if lower[k] in PERSONS and lower[k + 1] not in PERSONS:
            break  # a clerk at work, a teacher there
        k += 1
    return min(k, len(lower) - 1)


def _is_person(noun: str, gender: str) -> bool:
    """Whether a noun is one for a person whom `he` or `she` can mean.

    >>> _is_person("clerk", "she"), _is_person("spokesman", "she"), _is_person("board", "she")
    (True, False, False)
    """
    if noun not in PERSONS and not noun.endswith(_PERSONAL):
        return False
    if noun in _WOMEN or noun.endswith("woman"):
        return gender == "she"
    if noun in _MEN or noun.endswith("man"):
        return gender == "he"
    return True


_REACH: Final = 150
"""Words of a sentence that are looked over; longer ones are lists."""
_PHRASE: Final = 14
"""Words of the longest description of a speaker."""
_FINITE: Final = frozenset(("s", "d", "dn", "bd", "bdn"))
_NEW: Final = frozenset("a an another one".split())
_ARTICLES: Final = _NEW | {"the"}
_HANGING: Final = frozenset(
    "of for from at in with on to by near who whom whose which that speaking close familiar".split()
)
_PERSONAL: Final = (
    "man", "woman", "person", "ist", "ian", "worker", "holder", "keeper", "owner", "driver",
    "goer", "lord", "lady", "mate",
)  # fmt: skip
"""Endings of nouns for persons."""
_WOMEN: Final = frozenset(
    "girl mother daughter wife widow sister aunt actress queen princess duchess nun heiress".split()
)
_MEN: Final = frozenset(
    "boy father son husband uncle brother widower king prince duke monk actor".split()
)

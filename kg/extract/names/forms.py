"""How the name of a body is made: whose it is, and in which order its words go."""

from __future__ import annotations

from typing import Final

from kg.extract.names.draft import plain_words
from kg.extract.names.lands import SURE_ENDINGS
from kg.extract.names.look import FIRST_NAMES
from kg.extract.names.tables import PLACE, STATE, facts
from kg.extract.names.usage import COMPASS


def owned_by(words: tuple[str, ...], adjectives: frozenset[str]) -> int:
    """How many words at the beginning of a name say whose body it is: Norwegian, South Lorian, US."""
    for count in (1, 2):
        low = words[count - 1].lower().replace("’", "'")
        if low in adjectives or (low.endswith(SURE_ENDINGS) and low not in FIRST_NAMES):
            return count
        fact = next((f for f in facts().get(words[0], ()) if f.words == words[:count]), None)
        if fact is not None and fact.what in {STATE, PLACE}:
            return count
        if low not in COMPASS:
            break
    return next((k for k in range(1, len(words) - 1) if _is_known(words[k:])), 0)


def _is_known(words: tuple[str, ...]) -> bool:
    return any(fact.words == words for fact in facts().get(words[0], ()))


def canonical(name: tuple[str, ...]) -> tuple[str, ...]:
    """The words of an organisation's name in one order: the Ministry of Trade is the Trade Ministry."""
    words = plain_words(name)
    known = facts().get(name[0], ())
    if len(words) > 2 and any(len(f.words) == 1 and f.what == STATE for f in known):
        words = words[1:]
    if len(words) > 2 and words[1] == "of" and words[0] in _TURNED:
        return (*words[2:], words[0])
    return words


_TURNED: Final = frozenset({"ministry", "department", "office", "bureau"})

"""Which things have a name of their own, and what the words around a mention are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.link.thing import Thing

AROUND = 40
"""Words before and after a mention that are its context: a paragraph or two."""
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_THE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_SMALL = frozenset("a an and at by for from in of on or the to with".split())


def has_name(thing: Thing) -> bool:
    """Whether a thing is called by a name of its own, and not only described.

    What starts with a small letter is a description (`newspapers in Sant Orel`); of a group, a
    topic or an event all words of weight must be those of a name.

    >>> is_name("the Red Brigades", strict=True), is_name("Danish fishermen", strict=True)
    (True, False)
    """
    if thing.kind == "unidentified":
        return False
    label, *others = thing.names
    if thing.kind == "group" or thing.type in {"topic", "event"}:
        longer = [name for name in others if " " in name]  # an acronym may shorten a description
        return any(is_name(name, strict=True) for name in (label, *longer))
    return is_name(label, strict=False)


def is_name(name: str, *, strict: bool) -> bool:
    """Whether words are a name by how they are spelt: the first one, or all of weight where `strict`."""
    words = _THE.sub("", name, count=1).split() if _THE.match(name) else name.split()
    if not strict:
        return bool(words) and _capital(words[0])
    heavy = [word for word in words if word.lower() not in _SMALL]
    listed = any(word.endswith(",") for word in words)
    return len(words) <= _LONGEST and bool(heavy) and not listed and all(map(_capital, heavy))


_LONGEST = 8
"""Words of the name of an agreement or a summit; what is longer is a sentence in capitals."""


def _capital(word: str) -> bool:
    """Whether a word is spelt as that of a name: not all in small letters (eBay is one, Japan's too)."""
    return not word.islower()


def around(text: str, start: int, end: int) -> set[str]:
    """The words of a text around a stretch of it, in small letters.

    >>> sorted(around("The old ferry left Veyle at noon.", 19, 24))
    ['at', 'ferry', 'left', 'noon', 'old', 'the']
    """
    room = AROUND * _LETTERS
    before = _WORD.findall(text[max(start - room, 0) : start])[-AROUND:]
    after = _WORD.findall(text[end : end + room])[:AROUND]
    return {word.lower() for word in (*before, *after)}


_LETTERS = 12
"""Characters that are read for each word wanted: twice what an English word takes with its space."""


def words_of(text: str) -> set[str]:
    """The words of a text, in small letters."""
    return {word.lower() for word in _WORD.findall(text)}

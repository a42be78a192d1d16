"""The form of an index file: its tables, how an item is packed, and what names are found by.

Names are numbered so that the order of their numbers is that in which they are offered: those of
items with many articles first. Whoever asks for ten names then reads ten rows and no more.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import orjson

from kg.link.item import Item
from kg.vocab import WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION: Final = 1
APPLICATION: Final = 0x4B474958  # "KGIX", which SQLite keeps in the header of the file

TABLES: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, types INTEGER NOT NULL, item BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS names
  (rank INTEGER PRIMARY KEY, name TEXT NOT NULL, sound INTEGER NOT NULL, outline INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS redirects (id INTEGER PRIMARY KEY, target INTEGER NOT NULL);
"""
INDEXES: Final = {
    column: f"CREATE INDEX IF NOT EXISTS names_by_{column} ON names ({column})"
    for column in ("name", "sound", "outline")
}
WORDS: Final = """
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
  name, content='', columnsize=0, detail=none, tokenize='ascii'
)
"""
"""The words of each name, by its number; the names themselves are in `names`."""

MOST: Final = (
    1023  # articles or names of one item that are told apart: 400 Wikipedias, 600 names at most
)
_NUMBER_BITS: Final = 10
_ID_BITS: Final = 32

_DIGRAPHS: Final = re.compile("sch|tch|ck|ph|[gkszct]h|t[sz]|dz")
_DIGRAPH: Final = {"tch": "k", "ck": "k", "ph": "f", "ts": "s", "tz": "s", "dz": "s", "zh": "s"}
_ALIKE: Final = str.maketrans("cqzxvw", "kkssff", "aeiouhyj")
_TWICE: Final = re.compile(r"([a-z])(?=\1)")


def rank(sitelinks: int, identifier: int, number: int) -> int:
    """Return the number of an item's name: by its articles, then by the item, then by the name."""
    least = MOST - min(sitelinks, MOST)
    return ((least << _ID_BITS | identifier) << _NUMBER_BITS) | min(number, MOST)


def ranked(number: int) -> int:
    """Return the item that a name's number belongs to.

    >>> ranked(rank(40, 900000001, 3))
    900000001
    """
    return number >> _NUMBER_BITS & ((1 << _ID_BITS) - 1)


def pack(item: Item) -> bytes:
    """Write an item in few bytes."""
    return orjson.dumps(
        (
            int(item.id[1:]),
            *(item.labels, item.aliases, item.descriptions),
            *([int(name[1:]) for name in names] for names in (item.classes, item.related)),
            *(item.born, item.died, item.began, item.ended),
            *(item.coordinates, item.sitelinks),
        )
    )


def unpack(row: Any) -> Item:
    """Return the item that a row stands for."""
    number, labels, aliases, descriptions, classes, related, *dates, coordinates, sitelinks = row
    born, died, began, ended = dates
    return Item(
        id=f"Q{number}",
        iri=f"{WIKIDATA}Q{number}",
        labels=labels,
        aliases={language: tuple(texts) for language, texts in aliases.items()},
        descriptions=descriptions,
        classes=tuple([f"Q{name}" for name in classes]),
        related=tuple([f"Q{name}" for name in related]),
        born=born,
        died=died,
        began=began,
        ended=ended,
        coordinates=(coordinates[0], coordinates[1]) if coordinates else None,
        sitelinks=sitelinks,
    )


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Return what is left of a word in small letters where its spellings differ: its consonants.

    Romanisations and slips differ in vowels, in doubled letters and in letters that sound alike. A
    vowel that a word begins with stays as `a`; a word of one letter is an initial and stays.

    >>> sound("muhammad"), sound("mohamed"), sound("romanov"), sound("romanoff"), sound("edrin")
    ('mmd', 'mmd', 'rmnf', 'rmnf', 'adrn')
    """
    if len(word) == 1:
        return word
    first = "a" if word[0] in "aeiou" else "j" if word[0] in "jy" else "h" if word[0] == "h" else ""
    plain = _DIGRAPHS.sub(_simple, _TWICE.sub("", word)).translate(_ALIKE)
    return first + plain or word


def _simple(digraph: re.Match[str]) -> str:
    """The one letter that some letters together sound like."""
    return _DIGRAPH.get(digraph[0], digraph[0][0])


def outline(word: str) -> str:
    """Return where a word begins and ends, which slips of the pen between them leave as it is.

    >>> outline("edrin"), outline("edirn"), outline("vask"), outline("tal")
    ('edn', 'edn', 'vak', 'tal')
    """
    return word if len(word) < 4 else word[:2] + word[-1]


def keys(name: str) -> tuple[int, int]:
    """Return numbers that names have in common which sound alike, or have the same outlines.

    The order of words does not count, nor do initials beside words. Names that have a number in
    common by chance, one pair in four milliards, are told apart when they are compared.

    >>> keys("edrin vask") == keys("vask e edrin"), keys("edrin vask")[0] == keys("edrin wask")[0]
    (True, True)
    """
    words = sorted(word for word in name.split() if len(word) > 1) or [name]
    return _key(map(sound, words)), _key(map(outline, words))


def _key(words: Iterable[str]) -> int:
    """A number of four bytes, as SQLite keeps them, for some words in any order."""
    return crc32(" ".join(sorted(words)).encode()) - (1 << 31)

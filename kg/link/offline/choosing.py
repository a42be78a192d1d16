"""What a worker does with a piece of what was read: which of its items are wanted, with their names."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from kg.link.offline.form import keys, rank
from kg.link.offline.types import NEVER
from kg.link.similarity import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CLASSES, _RELATED = 4, 5  # places in a packed item, as `kg.link.offline.form` writes it
_SITELINKS = -1


class Choice(NamedTuple):
    """What is wanted: the classes of the types, in order, each with a bit for each type that it is of.

    `referred` are the items that items of those types refer to.
    """

    classes: array[int]
    masks: array[int]
    referred: Numbers


class Numbers:
    """A set of numbers as bits, in pages of 8 kB: millions of them in little room.

    >>> some = Numbers()
    >>> some.add([5, 900000001])
    >>> 5 in some, 6 in some, 900000001 in some
    (True, False, True)
    """

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, numbers: Iterable[int]) -> None:
        """Take in some numbers."""
        for number in numbers:
            page = self._pages.get(number >> 16)
            if page is None:
                page = self._pages[number >> 16] = bytearray(1 << 13)
            page[(number & 0xFFFF) >> 3] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        page = self._pages.get(number >> 16)
        return page is not None and bool(page[(number & 0xFFFF) >> 3] >> (number & 7) & 1)


def refer(choice: Choice, packed: bytes) -> array[int]:
    """Return the items that the items wanted refer to: their classes, countries, offices and so on."""
    found: set[int] = set()
    for _, row in _rows(packed):
        if _types(choice, row[_CLASSES]):
            found.update(row[_CLASSES], row[_RELATED])
    return array("I", found)


def choose(
    choice: Choice, packed: bytes
) -> tuple[list[tuple[int, int, bytes]], list[tuple[int, str, int, int]]]:
    """Return the rows of items that an index takes, and those of the names they are found by.

    Items that others refer to have no type, and are not found by name.
    """
    rows = []
    names = []
    for line, row in _rows(packed):
        number = row[0]
        types = _types(choice, row[_CLASSES])
        if types:
            for place, name in enumerate(_names(row)):
                names.append((rank(row[_SITELINKS], number, place), name, *keys(name)))
        elif number not in choice.referred:
            continue
        rows.append((number, types, line))
    names.sort()
    return rows, names


def _rows(packed: bytes) -> Iterator[tuple[bytes, Any]]:
    """Yield the packed items of a piece, as bytes and parsed."""
    import zstandard

    for line in zstandard.ZstdDecompressor().decompress(packed).split(b"\n"):
        if line:
            yield line, orjson.loads(line)


def _types(choice: Choice, classes: Iterable[int]) -> int:
    """Return the types of an item with some classes; none for one that is to be passed over."""
    mask = 0
    for name in classes:
        place = bisect_left(choice.classes, name)
        if place < len(choice.classes) and choice.classes[place] == name:
            mask |= choice.masks[place]
    return 0 if mask & NEVER else mask


def _names(row: Any) -> dict[str, None]:
    """Return the names of an item as look-ups compare them: labels first."""
    _, labels, aliases, *_ = row
    found = dict.fromkeys(map(normal, labels.values()))
    for texts in aliases.values():
        found.update(dict.fromkeys(map(normal, texts)))
    found.pop("", None)
    return found

"""Items from an index file, made once from a dump: the same answers as the live service, at once.

`building` makes the file, `form` is what it looks like. Here it is read.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import orjson
from rapidfuzz.fuzz import token_sort_ratio

from kg.errors import StoreError
from kg.link.offline.form import APPLICATION, VERSION, keys, ranked, unpack
from kg.link.similarity import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.link.item import Item

_NEAR: Final = 100  # names looked at for near spellings: a millisecond's worth
_ALIKE: Final = 60.0  # of 100: below it two names share little but a word
_HEADER: Final = 100  # bytes, in which SQLite says what a file is and how long
_STEPS: Final = 5  # redirects in a row; Wikidata's own bots leave none of two
_NAMED: Final = "SELECT rank FROM names WHERE name = ? ORDER BY rank LIMIT ?"
_WITH: Final = (
    "SELECT rank, name FROM names WHERE rank IN"
    " (SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid LIMIT ?)"
)
_SOUNDING: Final = "SELECT rank, name FROM names WHERE sound = ? ORDER BY rank LIMIT ?"
_OUTLINED: Final = "SELECT rank, name FROM names WHERE outline = ? ORDER BY rank LIMIT ?"
_ITEMS: Final = "SELECT id, item FROM items WHERE id IN (SELECT value FROM json_each(?))"
_REDIRECTS: Final = "SELECT id, target FROM redirects WHERE id IN (SELECT value FROM json_each(?))"


class OfflineIndex:
    """Items of an index file, which is opened when it is first asked, and for reading only.

    Raises StoreError where the file is no index, is of another version, or is damaged. It can be
    handed to other processes.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._file: sqlite3.Connection | None = None
        self._facts: dict[str, str] | None = None

    def __getstate__(self) -> Path:
        return self.path

    def __setstate__(self, path: Path) -> None:
        self.__init__(path)  # type: ignore[misc]  # the state is what it was made with

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next question opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def facts(self) -> Mapping[str, str]:
        """What the index says of itself: the dump, its day, languages, types, counts."""
        if self._facts is None:
            self._facts = dict(self._rows("SELECT key, value FROM meta"))
        return self._facts

    @property
    def source(self) -> str:
        """The name of the dump."""
        return self.facts["dump"]

    @property
    def as_of(self) -> str:
        """The day of the dump."""
        return self.facts["day"]

    @property
    def types(self) -> tuple[str, ...]:
        """The types that it has items of, in the order of their bits."""
        return tuple(json.loads(self.facts["types"]))

    def search(self, names: Sequence[str], /, *, limit: int = 10) -> Mapping[str, Sequence[Item]]:
        """Return the items that may bear each name: those that do, then those of near spellings.

        Among those that bear it the ones with the most articles come first; of the others those
        whose name is most alike.
        """
        found: dict[str, Sequence[Item]] = {}
        for name in dict.fromkeys(names):
            ids = self._named(normal(name), limit)
            packed = self._packed(ids)
            found[name] = [unpack(packed[number]) for number in ids if number in packed]
        return found

    def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
        """Return the items with some ids, by way of redirects as far as the dump had them."""
        asked = list(dict.fromkeys(ids))
        numbers = {
            name: int(name[1:]) for name in asked if name[:1] == "Q" and name[1:].isdecimal()
        }
        for _ in range(_STEPS):
            targets = self._pairs(_REDIRECTS, numbers.values())
            if not targets:
                break
            numbers = {name: targets.get(number, number) for name, number in numbers.items()}
        packed = self._packed(numbers.values())
        return {
            name: unpack(packed[numbers[name]]) if numbers.get(name) in packed else None
            for name in asked
        }

    def sample(self, number: int) -> Iterator[tuple[Item, tuple[str, ...]]]:
        """Yield so many items, spread evenly over the index, with their types."""
        (count,) = self._rows("SELECT count(*) FROM items WHERE types")[0]
        step = max(count // number, 1) if number else 1
        rows = self._rows(
            "SELECT types, item FROM (SELECT types, item, row_number() OVER (ORDER BY id) - 1 AS place"
            " FROM items WHERE types) WHERE place % ? = 0 LIMIT ?",
            (step, number),
        )
        for types, packed in rows:
            names = (name for place, name in enumerate(self.types) if types >> place & 1)
            yield unpack(orjson.loads(packed)), tuple(names)

    def _named(self, name: str, limit: int) -> list[int]:
        """Return the items that a name in its normal form may mean.

        First those with that name, then those with all its words and more of them, then those that
        are spelt otherwise, last those that lack one of three words or more.
        """
        if not name:
            return []
        found = dict.fromkeys(ranked(number) for (number,) in self._rows(_NAMED, (name, limit)))
        words = [word for word in name.split() if len(word) > 1] or [name]
        sound, outline = keys(name)
        match = " AND ".join(f'"{word}"' for word in dict.fromkeys(words))
        for query, value, least in (
            (_WITH, match, 0.0),
            (_SOUNDING, sound, _ALIKE),
            (_OUTLINED, outline, _ALIKE),
        ):
            if len(found) >= limit:
                break
            alike = [
                (-token_sort_ratio(name, other), number)
                for number, other in self._rows(query, (value, _NEAR))
            ]
            near = (ranked(number) for score, number in sorted(alike) if -score >= least)
            found.update(dict.fromkeys(near))
        if len(words) > 2 and len(found) < limit:
            for place in range(len(words)):
                fewer = " ".join(words[:place] + words[place + 1 :])
                rows = self._rows(_NAMED, (fewer, limit))
                found.update(dict.fromkeys(ranked(number) for (number,) in rows))
        return list(found)[:limit]

    def _packed(self, numbers: Iterable[int]) -> dict[int, Any]:
        found = self._pairs(_ITEMS, numbers)
        return {number: orjson.loads(packed) for number, packed in found.items()}

    def _pairs(self, query: str, numbers: Iterable[int]) -> dict[int, Any]:
        """Return the rows of a query with some ids, by id."""
        listed = json.dumps(list(numbers))
        return dict(self._rows(query, (listed,)))

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        try:
            if self._file is None:
                self._file = self._opened()
            return self._file.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(
                f"{self.path}: cannot be read as an index: {error}", hint="kg index makes it anew"
            ) from error

    def _opened(self) -> sqlite3.Connection:
        if not self.path.is_file():
            raise StoreError(
                f"{self.path}: there is no such index", hint="kg index makes one from a dump"
            )
        with self.path.open("rb") as start:
            header = start.read(_HEADER)
        if not header.startswith(b"SQLite format 3\0") or len(header) < _HEADER:
            raise StoreError(f"{self.path}: is no index of kg")
        (page,) = struct.unpack_from(">H", header, 16)
        (pages,) = struct.unpack_from(">I", header, 28)
        (version,) = struct.unpack_from(">I", header, 60)
        (application,) = struct.unpack_from(">I", header, 68)
        if application != APPLICATION:
            raise StoreError(f"{self.path}: is no index of kg")
        if version != VERSION:
            raise StoreError(
                f"{self.path}: is an index of version {version}, this kg reads version {VERSION}",
                hint="kg index makes it anew",
            )
        if pages * (page if page > 1 else 1 << 16) > self.path.stat().st_size:
            raise StoreError(f"{self.path}: is cut off", hint="copy it again, or make it anew")
        place = self.path.resolve().as_uri()
        file = sqlite3.connect(f"{place}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        file.execute("PRAGMA mmap_size = 1073741824")
        return file

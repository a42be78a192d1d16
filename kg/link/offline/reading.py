"""What a worker does with a piece of a dump: the items in it with a name, packed, and the classes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

from kg.link.dump import entity
from kg.link.entity import item, redirect, superclasses
from kg.link.offline.form import pack
from kg.link.offline.types import PASSED_OVER
from kg.link.truthy import Statements, subject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.link.item import Item

_ID: Final = re.compile(r"Q[1-9][0-9]{0,8}")
_LEVEL: Final = 3  # of zstandard: a fifth of the size for a fiftieth of the time of parsing
_PASSED_OVER: Final = frozenset(PASSED_OVER)


class Source(NamedTuple):
    """What all pieces of a dump have in common."""

    path: Path
    triples: bool
    languages: tuple[str, ...]


class Piece(NamedTuple):
    """Lines of a dump, by where they start and end in what is unpacked; `data` are they, if at hand."""

    start: int
    end: int
    data: bytes | None


class Found(NamedTuple):
    """What was in a piece. `broken` are lines, counted from 1 within it, and what is wrong with them."""

    end: int
    lines: int
    entities: int
    kept: int
    nameless: int
    items: bytes
    subclasses: list[tuple[int, int]]
    redirects: list[tuple[int, int]]
    broken: list[tuple[int, str]]


def read(source: Source, piece: Piece) -> Found:
    """Return what is in a piece of a dump."""
    data = piece.data
    if data is None:
        with source.path.open("rb") as file:
            file.seek(piece.start)
            data = file.read(piece.end - piece.start)
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    gathered = _Gathered()
    if source.triples:
        _triples(lines, source.languages, gathered)
    else:
        _entities(lines, source.languages, gathered)
    return gathered.found(piece.end, len(lines))


class _Gathered:
    """What has been found so far."""

    def __init__(self) -> None:
        self.entities = 0
        self.nameless = 0
        self.items: list[bytes] = []
        self.subclasses: list[tuple[int, int]] = []
        self.redirects: list[tuple[int, int]] = []
        self.broken: list[tuple[int, str]] = []

    def add(self, found: Item | None, above: Iterable[str]) -> None:
        """Take in an item, where it is one, and what it is a subclass of."""
        self.entities += 1
        if found is None:
            return
        if not _ID.fullmatch(found.id):
            raise ValueError(f"{found.id} is no id of an item")
        classes = [name for name in above if _ID.fullmatch(name)]
        number = int(found.id[1:])
        self.subclasses.extend((number, int(name[1:])) for name in classes)
        if not found.labels:
            self.nameless += 1
        elif (found.classes or classes) and _PASSED_OVER.isdisjoint(found.classes):
            self.items.append(pack(found))

    def lead(self, pair: tuple[str, str]) -> None:
        """Take in a redirect."""
        if all(_ID.fullmatch(name) for name in pair):
            self.redirects.append((int(pair[0][1:]), int(pair[1][1:])))

    def found(self, end: int, lines: int) -> Found:
        import zstandard

        packed = zstandard.ZstdCompressor(level=_LEVEL).compress(b"\n".join(self.items))
        counts = (lines, self.entities, len(self.items), self.nameless)
        return Found(end, *counts, packed, self.subclasses, self.redirects, self.broken)


def _entities(lines: list[bytes], languages: tuple[str, ...], gathered: _Gathered) -> None:
    """Take in lines of JSON."""
    for number, line in enumerate(lines, 1):
        try:
            found = entity(line)
            if found is None:
                continue
            if pair := redirect(found):
                gathered.lead(pair)
            gathered.add(item(found, languages), superclasses(found))
        except orjson.JSONDecodeError as error:
            gathered.broken.append((number, str(error).partition(": line")[0]))
        except ValueError as error:
            gathered.broken.append((number, str(error)))
        except (AttributeError, KeyError, TypeError):
            gathered.broken.append((number, "this is not of the form of an entity"))


def _triples(lines: list[bytes], languages: tuple[str, ...], gathered: _Gathered) -> None:
    """Take in lines of N-Triples, of which those on one entity follow each other."""
    current: Statements | None = None
    name: bytes | None = None
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if not line or line.startswith(b"#"):
            continue
        try:
            about = subject(line)
            if about is not None and about != name:
                if current is not None:
                    _finish(current, gathered)
                current, name = Statements(about, languages), about
            if current is not None:
                current.add(line)
            elif not line.endswith(b"."):
                raise ValueError("this is no N-Triple")
        except ValueError as error:
            gathered.broken.append((number, str(error).partition(": line")[0]))
    if current is not None:
        _finish(current, gathered)


def _finish(statements: Statements, gathered: _Gathered) -> None:
    """Take in an entity of which all is known."""
    if statements.redirect:
        gathered.lead((statements.entity, statements.redirect))
    gathered.add(statements.item(), statements.superclasses)

"""Wikidata's dumps: what they are packed in, what day they are from, and the entity on a line.

A dump is one JSON array with an entity on each line, of some 14 kB on average; a truthy dump has a
statement on each line (`kg.link.truthy`).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from kg.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_DATED: Final = re.compile(r"(?<!\d)(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_BRACKETS: Final = frozenset({b"", b"[", b"]", b"[]"})


class Dump(NamedTuple):
    """A dump file: what its name and its first bytes say of it."""

    path: Path
    packing: str
    """What it is compressed with: gz, bz2, zst, or nothing."""
    triples: bool
    """Whether it has truthy N-Triples in place of JSON."""


class Dated(NamedTuple):
    """The day that a dump is from, and how that is known."""

    day: str
    how: str


def recognised(path: Path) -> Dump:
    """Return what kind of dump a file is; InputError for none."""
    from kg.files import read_file

    if not path.is_file():
        read_file(path)  # which says what is wrong with it
    names = path.name.lower().split(".")
    packing = names.pop() if names[-1] in {"gz", "bz2", "zst"} else ""
    if names[-1] in {"json", "jsonl", "ndjson"}:
        return Dump(path, packing, triples=False)
    if names[-1] == "nt":
        return Dump(path, packing, triples=True)
    raise InputError(
        f"{path}: the name tells no kind of dump",
        hint="dumps end in .json or .nt, and in .gz, .bz2 or .zst where they are compressed",
    )


def dated(path: Path) -> Dated:
    """Return the day that a dump is from: by its name, else by the time of the file.

    >>> from pathlib import Path
    >>> dated(Path("wikidata-20260105-all.json.gz"))
    Dated(day='2026-01-05', how='its name')
    """
    for found in _DATED.finditer(path.name):
        try:
            return Dated(date(*map(int, found.groups())).isoformat(), "its name")
        except ValueError:
            continue
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Dated(at.date().isoformat(), "the time of the file, as its name has none")


def unpacked(dump: Dump, raw: IO[bytes]) -> IO[bytes]:
    """Return what is in a dump, given its open file; several streams in a row are one."""
    if dump.packing == "gz":
        import gzip

        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]  # it reads as one
    if dump.packing == "bz2":
        import bz2

        return bz2.BZ2File(raw)
    if dump.packing == "zst":
        import io

        import zstandard

        reader = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(
            raw, read_across_frames=True, read_size=2**20
        )
        return io.BufferedReader(reader, 2**20)
    return raw


def entity(line: bytes) -> dict[str, Any] | None:
    """Return the entity on a line; None for a line without one: a bracket, or nothing.

    ValueError says what is wrong with any other.

    >>> entity(b'{"type": "item", "id": "Q900000001", "labels": {}},')
    {'type': 'item', 'id': 'Q900000001', 'labels': {}}
    """
    line = line.strip(b" \t\r\n,\xef\xbb\xbf")
    if line in _BRACKETS:
        return None
    if line.startswith(b"{") and not line.endswith(b"}"):
        raise ValueError("the line is cut off")
    found = orjson.loads(line)
    if not isinstance(found, dict) or not ("id" in found or "entity" in found):
        raise ValueError("this is no entity")
    return found

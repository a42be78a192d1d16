"""A dump in pieces: whole lines, in N-Triples all those on one entity, and where each piece ends.

Places are those in what is unpacked, so that reading goes on from one whatever the file is packed
in: what comes before is unpacked again, but not parsed.
"""

from __future__ import annotations

import os
import zlib
from typing import IO, TYPE_CHECKING, Final

import zstandard

from kg.link.dump import unpacked
from kg.link.offline.reading import Piece
from kg.link.truthy import subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.link.dump import Dump

PIECE: Final = 1 << 22  # bytes of a dump at a time: 300 items, a quarter of a second of work
_DAMAGED: Final = (EOFError, OSError, zlib.error, zstandard.ZstdError)
"""What unpacking fails with."""


class CutOffError(Exception):
    """A dump ends before its end, or what it is packed in is broken."""


def pieces(dump: Dump, raw: IO[bytes], start: int) -> Iterator[Piece]:
    """Yield the pieces of a dump from some place on, which is where one ended.

    A line that is cut off at the end of the file is in none of them: CutOffError tells of it.
    """
    array = not dump.triples and _first(dump) == b"["
    if not dump.packing and not dump.triples:
        yield from _places(raw, start, array=array)
        return
    stream = unpacked(dump, raw)
    try:
        ending = _skip(stream, start)
        pending = b""
        while data := stream.read(PIECE):
            pending += data
            ending = data.rstrip()[-1:] or ending
            cut = pending.rfind(b"\n") + 1
            if dump.triples:
                cut = _between(pending, cut)
            if cut:
                end = start + cut
                yield Piece(start, end, pending[:cut])
                start, pending = end, pending[cut:]
    except _DAMAGED as error:
        raise CutOffError("the file ends too soon or is damaged") from error
    if ending != b"]" if array else dump.triples and ending not in b".":
        raise CutOffError("the file ends too soon")
    if pending:
        yield Piece(start, start + len(pending), pending)


def _places(file: IO[bytes], start: int, *, array: bool) -> Iterator[Piece]:
    """Yield pieces of a file that is not packed, which workers read for themselves."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - 16, 0))
    whole = not array or file.read().rstrip().endswith(b"]")
    while start < size:
        file.seek(min(start + PIECE, size))
        file.readline()
        end = file.tell()
        if end == size and not whole:
            file.seek(start)
            end = start + file.read().rfind(b"\n") + 1
            if end > start:
                yield Piece(start, end, None)
            raise CutOffError("the file ends too soon")
        yield Piece(start, end, None)
        start = end
    if not whole:
        raise CutOffError("the file ends too soon")


def _skip(stream: IO[bytes], to: int) -> bytes:
    """Go to some place in what is unpacked, and return the last letter before it."""
    ending = b""
    while to:
        data = stream.read(min(to, 1 << 20))
        if not data:
            raise EOFError
        ending = data.rstrip()[-1:] or ending
        to -= len(data)
    return ending


def _first(dump: Dump) -> bytes:
    """Return the first letter of a dump."""
    with dump.path.open("rb") as raw:
        try:
            return unpacked(dump, raw).read(64).strip(b" \t\r\n\xef\xbb\xbf")[:1]
        except _DAMAGED as error:
            raise CutOffError("the file is not what its name says, or damaged") from error


def _between(data: bytes, end: int) -> int:
    """Return the last place before some end of a line where the lines on one entity end."""
    last: bytes | None = None
    while end:
        start = data.rfind(b"\n", 0, end - 1) + 1
        about = subject(data[start:end])
        if about is not None:
            if last is not None and about != last:
                return end
            last = about
        end = start
    return 0

"""What a server answers: received whole, repaired, and read through while it comes."""

from __future__ import annotations

import http.client
import tempfile
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Check = Callable[["Body", str], None]

_IN_MEMORY = 1 << 24  # bytes of an answer; what is longer waits on the disk
_LIMIT: int = 1 << 36
"""Bytes of an answer, 64 GiB: what has no end must not fill every disk."""
_BLOCK: Final = 1 << 18


class DamagedError(Exception):
    """What came is not what it says it is, or breaks off; the cause says why."""


class Answer(tempfile.SpooledTemporaryFile[bytes]):
    """A body received whole, to be read by a parser; on the disk where it is long.

    `check` reads it while it comes, with its media type: so it takes no longer than to receive it.
    Raises DamagedError where the check fails. `framed` says that the end is known: a body that only
    ends with the line may have been cut off.
    """

    def __init__(
        self,
        response: http.client.HTTPResponse,
        repairs: tuple[tuple[bytes, bytes], ...] = (),
        check: Check | None = None,
    ) -> None:
        super().__init__(_IN_MEMORY)
        self.type = response.headers.get("Content-Type", "")
        self.framed = response.chunked or response.length is not None
        blocks = _received(response)
        tee = Body(_repaired(blocks, repairs) if repairs else blocks, self)
        if check is not None:
            try:
                check(tee, self.type)
            except (SyntaxError, ValueError, TypeError) as error:
                if tee.fault is None:
                    raise DamagedError(str(error)) from error
            if tee.fault is not None:
                raise tee.fault
        tee.rest()
        self.seek(0)

    def __del__(self) -> None:
        self.close()  # pyoxigraph lets go of what it reads without closing it


def _received(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """A body, as it comes, that has an end."""
    left = _LIMIT
    while block := response.read(_BLOCK):
        left -= len(block)
        if left < 0:
            raise TooLongError(_LIMIT)
        yield block
    if response.length:  # a body shorter than announced is no error to http.client
        raise http.client.IncompleteRead(b"", response.length)


def _repaired(blocks: Iterable[bytes], repairs: tuple[tuple[bytes, bytes], ...]) -> Iterator[bytes]:
    """A body with some bytes for others, wherever a block ends."""
    keep = max(len(wrong) for wrong, _ in repairs) - 1
    rest = b""
    for received in blocks:
        block = rest + received
        for wrong, right in repairs:
            block = block.replace(wrong, right)
        yield block[:-keep]
        rest = block[-keep:]
    yield rest


class Body:
    """A body that is kept while it is read; where it breaks off it seems to end, and `fault` says why."""

    def __init__(self, blocks: Iterator[bytes], file: IO[bytes]) -> None:
        self.fault: Exception | None = None
        self._blocks = blocks
        self._file = file
        self._block = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """So many bytes at most, none at the end."""
        while not self._block:
            try:
                block = next(self._blocks, None)
            except Exception as error:  # noqa: BLE001 - a parser would tell of it in its own words
                self.fault = error
                return b""
            if block is None:
                return b""
            self._file.write(block)
            self._block = memoryview(block)
        part = self._block if size < 0 else self._block[:size]
        self._block = self._block[len(part) :]
        return bytes(part)

    def rest(self) -> None:
        """Keep what nobody has read."""
        for block in self._blocks:
            self._file.write(block)


class TooLongError(Exception):
    """An answer that has no end."""

"""Web archives (WARC, ISO 28500; also `.gz`): an article to a record that holds a page or a text.

Read as it comes, one record in memory at a time. What is broken is told and passed over: after damage the
next member of the gzip file, or the next line that begins a record, is looked for. (warcio, which most
tools use, takes what a broken member gave so far for the whole, and ends at the first garbage.)
"""

from __future__ import annotations

import http.client
import io
import re
import zlib
from typing import IO, TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from kg.errors import bounded
from kg.http.packed import unpacked
from kg.intake.moment import edtf
from kg.intake.raw import Fault, Raw, named_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from kg.intake.raw import Options

_GZIP: Final = b"\x1f\x8b\x08"
_BLOCK: Final = 1 << 16
_LINE: Final = 1 << 16
"""The longest line of a header, as in http.client."""
_FIELDS: Final = 200
_DAMAGES: Final = 1000
"""Damaged places after which a file is given up: each costs a search, and a hostile file is nothing else."""
_VERSION: Final = re.compile(rb"WARC/\d\.\d+\s*\Z")
_INSIDE: Final = re.compile(rb"(?<=\n)WARC/\d\.\d+[ \t]*\r?\n")
_EMPTY: Final = re.compile(rb"\n\r?\n")
_ESSENTIAL: Final = {"warc-type", "content-length"}
"""What tells the header of a record from a line of a page that only says `WARC/1.0`."""
_PAGES: Final = {"text/html", "application/xhtml+xml", "text/plain"}
_TYPES: Final = {"response", "resource", "conversion"}


class _DamageError(Exception):
    """What is wrong with the place that was just read; reading may go on behind it."""


class _Record(NamedTuple):
    """A record: its fields, as much of its block as can be of use, and how long that is."""

    fields: dict[str, str]
    block: bytes
    length: int


def records(file: IO[bytes], *, place: str, options: Options) -> Iterator[Raw | Fault]:
    """The articles of a WARC file, which can be sought in."""
    start = file.read(len(_GZIP))
    file.seek(0)
    stream = io.BufferedReader(_Inflated(file), _BLOCK) if start == _GZIP else file
    # As long as a page may be, with a header, and with what chunks and compression may add to it.
    reader = _Reader(stream, options.limit + options.limit // 8 + 1_000_000)
    found = 0
    number = 0
    damages = 0
    while True:
        number += 1
        where = f"{place}: record {number}"
        try:
            record = reader.record()
        except OSError as error:
            yield Fault(place=where, message=bounded(error.strerror or str(error)).lower())
            return
        except _DamageError as error:
            yield Fault(place=where, message=str(error))
            damages += 1
            if damages == _DAMAGES:
                yield Fault(
                    place=place, message="too much damage; the rest of the file is not read"
                )
                return
            continue
        if record is None:
            break
        if article := _article(record, where, options.limit):
            found += 1
            yield article
    if not found and not damages:
        yield Fault(place=place, message="a web archive without pages or texts")


class _Inflated(io.RawIOBase):
    """What the members of a gzip file hold, as one stream; damage is told once, and then passed over."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self.file = file
        self.input = b""
        self.member: zlib._Decompress | None = None
        self.damaged = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while True:
            if self.damaged and not self._next():
                return 0
            if not self.input and not (self.member and self.member.unconsumed_tail):
                self.input = self.file.read(_BLOCK)
                if not self.input:
                    if self.member is None:
                        return 0
                    self.member = None
                    raise _DamageError("the file is cut off in the middle of a record")
            if self.member is None:
                self.input = self.input.lstrip(b"\0")  # some pad members
                if not self.input:
                    continue
                if len(self.input) < len(_GZIP):
                    self.input += self.file.read(_BLOCK)
                if not self.input.startswith(_GZIP):
                    self.damaged = True
                    raise _DamageError("something that is not gzip between the records")
                self.member = zlib.decompressobj(16 + zlib.MAX_WBITS)
            given = self.input
            try:
                data = self.member.decompress(given, len(buffer))
            except zlib.error as error:
                self.damaged = True
                # What is searched for the next member must not begin with the one that broke.
                self.input = given[1:]
                raise _DamageError(f"its gzip is damaged: {error}") from None
            self.input = self.member.unconsumed_tail
            if self.member.eof:
                self.input = self.member.unused_data
                self.member = None
            if data:
                buffer[: len(data)] = data
                return len(data)

    def _next(self) -> bool:
        """Go to the next member that begins a record, if there is one."""
        self.member = None
        while True:
            at = self.input.find(_GZIP)
            if at < 0:
                more = self.file.read(_BLOCK)
                if not more:
                    self.input = b""
                    return False
                self.input = self.input[-2:] + more
                continue
            self.input = self.input[at:]
            if len(self.input) < 1024:
                self.input += self.file.read(_BLOCK)
            try:
                begin = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(self.input[:1024], 5)
            except zlib.error:
                begin = b""
            if begin == b"WARC/":
                self.damaged = False
                return True
            self.input = self.input[1:]


class _Reader:
    """Records of a stream; what is too long to be of use is passed over without being held."""

    def __init__(self, stream: IO[bytes], longest: int) -> None:
        self.stream = stream
        self.longest = longest
        self.lost = False
        self.waiting = b""
        self.again = io.BytesIO()  # what is to be read once more

    def record(self) -> _Record | None:
        """The next record, None at the end. After damage it is looked for."""
        if self.lost:
            fields = self._search()
            if fields is None:
                return None
        else:
            line = self._first()
            if not line:
                return None
            # Until the record is whole: whatever breaks off in between, the next one is looked for.
            self.lost = True
            if not _VERSION.match(line):
                raise _DamageError("something that is no record")
            fields = self._fields()
        try:
            length = int(fields["content-length"])
        except (KeyError, ValueError):
            length = -1
        if length < 0:
            raise _DamageError("a record that does not say how long it is")
        # Of those of no use too: it is where the next one is looked for if this one is too long.
        block = self._take(min(length, self.longest))
        end = b""
        try:
            self._skip(length - len(block))
            # Two empty lines follow; some writers leave them out.
            end = self._line()
            if _VERSION.match(end):
                self.waiting = end
            elif end.strip():
                raise _DamageError("a record that is not as long as it says")
        except _DamageError:
            # Shorter than it says, it has taken what follows it along.
            if (at := _next_record(block)) is not None:
                self.again = io.BytesIO(block[at:] + end + self.again.read())
            raise
        self.lost = False
        return _Record(fields, block, length)

    def _first(self) -> bytes:
        """The line that begins the next record, or what stands in its place."""
        if line := self.waiting:
            self.waiting = b""
            return line
        while line := self._line():
            if line.strip():
                return line
        return b""

    def _search(self) -> dict[str, str] | None:
        """The fields of the next record, if there is one."""
        begins = True
        while line := self._line():
            if begins and _VERSION.match(line):
                fields = self._fields()
                if fields.keys() >= _ESSENTIAL:
                    return fields
                begins = True
            else:
                begins = line.endswith(b"\n")
        return None

    def _fields(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        for _ in range(_FIELDS):
            line = self._line()
            if not line.strip():
                return fields
            name, _, value = line.decode(errors="replace").partition(":")
            fields.setdefault(name.strip().lower(), value.strip())
        raise _DamageError("a record whose header does not end")

    def _take(self, length: int) -> bytes:
        data = self.again.read(length)
        return data + self.stream.read(length - len(data)) if length > len(data) else data

    def _line(self) -> bytes:
        line = self.again.readline(_LINE)
        if line.endswith(b"\n") or len(line) == _LINE:
            return line
        return line + self.stream.readline(_LINE - len(line))

    def _skip(self, length: int) -> None:
        while length > 0:
            passed = len(self._take(min(length, _BLOCK)))
            if not passed:
                raise _DamageError("the file is cut off in the middle of a record")
            length -= passed


def _next_record(block: bytes) -> int | None:
    """Where in a block the header of another record begins, perhaps cut off by the end."""
    for found in _INSIDE.finditer(block):
        header = block[found.end() : found.end() + _LINE]
        end = _EMPTY.search(header)
        lines = header[: end.start() if end else None].split(b"\n")
        names = {line.partition(b":")[0].strip().lower().decode(errors="replace") for line in lines}
        cut = len(header) < _LINE and all(b":" in line for line in lines[:-1])
        if names >= _ESSENTIAL if end else cut:
            return found.start()
    return None


def _article(record: _Record, where: str, limit: int) -> Raw | Fault | None:
    """The page or text in a record; None where it holds something else."""
    fields, block, _ = record
    kind = fields.get("warc-type", "").lower()
    if kind not in _TYPES:
        return None
    url = fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">").strip()
    if _path(url) == "/robots.txt":
        return None
    where = f"{where} {bounded(url)}" if url else where
    media = fields.get("content-type", "")
    body = block
    if kind == "response":
        if not media.lower().startswith("application/http"):
            return None
        found = _response(block)
        if found is None:
            return Fault(place=where, message="no answer of HTTP in the record")
        status, headers, body = found
        media = str(headers.get("Content-Type", ""))
        if status != 200:
            return None
    type_ = media.partition(";")[0].strip().lower()
    if type_ not in _PAGES:
        return None
    if reason := fields.get("warc-truncated"):
        return Fault(place=where, message=f"the crawler cut it off ({bounded(reason)})")
    if record.length > len(block):
        return Fault(place=where, message=f"has more than {limit:,} bytes")
    if kind == "response":
        try:
            body = _decoded(body, headers, limit)
        except ValueError as error:
            return Fault(place=where, message=str(error))
    if len(body) > limit:
        return Fault(place=where, message=f"has more than {limit:,} bytes")
    if not body.strip():
        return None
    return Raw(
        name=named_page(url, body),
        place=where,
        content=body,
        media=bounded(media),
        url=url if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", url, re.IGNORECASE) else None,
        retrieved=edtf(fields.get("warc-date", "")),
    )


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _response(block: bytes) -> tuple[int, Message, bytes] | None:
    """The status, the header and the body of an answer of HTTP."""
    stream = io.BytesIO(block)
    status = re.match(rb"HTTP/\d(?:\.\d)? (\d{3})\b", stream.readline(_LINE))
    if not status:
        return None
    try:
        headers = http.client.parse_headers(stream)
    except http.client.HTTPException:
        return None
    return int(status[1]), headers, stream.read()


def _decoded(body: bytes, headers: Message, limit: int) -> bytes:
    """A body without chunks and compression; many crawlers undo them and leave the header as it was."""
    if "chunked" in str(headers.get("Transfer-Encoding", "")).lower():
        body = _whole(body)
    return unpacked(body, str(headers.get("Content-Encoding", "")), limit)


def _whole(body: bytes) -> bytes:
    """A body of which the chunks are put together; one that has none as it is."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\n", at, at + 1024)
        size = (
            re.fullmatch(rb"\s*([0-9A-Fa-f]{1,8})\s*(?:;.*)?", body[at:end]) if end >= 0 else None
        )
        if not size:
            if not parts:
                return body
            raise ValueError("its chunks are cut off")
        length = int(size[1], 16)
        if not length:
            return b"".join(parts)
        start = end + 1
        if start + length > len(body):
            raise ValueError("its chunks are cut off")
        parts.append(body[start : start + length])
        at = start + length
        at += 2 if body[at : at + 2] == b"\r\n" else 1

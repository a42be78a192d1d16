"""One source read by what it is: opened, sniffed, and handed to who knows that kind."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import tempfile
import zlib
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Final, NamedTuple, cast
from urllib.parse import urlsplit

from kg.errors import bounded
from kg.intake import feed, lines, message, sniff
from kg.intake.raw import CONTAINER_LIMIT, Fault, Raw, named_page
from kg.intake.sniff import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.edtf import Edtf
    from kg.intake.raw import Options
    from kg.intake.web import Page, Web

_GZIP_DAMAGE: Final = (EOFError, zlib.error, gzip.BadGzipFile)
_IN_MEMORY: Final = 1 << 24
_BLOCK: Final = 1 << 20


class _Origin(NamedTuple):
    """Where something came from: for messages, by name, and what is known of it as a whole."""

    place: str
    name: str
    media: str | None = None
    url: str | None = None
    retrieved: Edtf | None = None
    public: bool = True


class Reading:
    """The reading of one source, with the web at hand where it is needed."""

    def __init__(self, options: Options, web: Web | None) -> None:
        self.options = options
        self.given = web

    def path(self, source: str) -> Iterator[Raw | Fault]:
        """The articles in a file or a folder."""
        path = Path(source)
        try:
            status = path.stat()
        except FileNotFoundError:
            yield Fault(place=_shown(path), message="no such file or folder")
            return
        except (OSError, ValueError) as error:  # ValueError: a name with U+0000
            yield _unreadable(path, error)
            return
        if not stat.S_ISDIR(status.st_mode):
            yield from self._file(path)
            return
        empty = True
        for file in files(path):
            empty = False
            if isinstance(file, Fault):
                yield file
            else:
                yield from self._file(file)
        if empty:
            yield Fault(place=_shown(path), message="nothing in this folder can be read")

    def stdin(self, stream: IO[bytes] | None) -> Iterator[Raw | Fault]:
        """The articles on standard input: kept on the disk where it is long, since some are sought in."""
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
            stream = stream or sys.stdin.buffer
            head = stream.read(sniff.HEAD)
            copy.write(head)
            whole = kind_of(head, "stdin") in {"gzip", "lines", "parquet", "warc"}
            while block := stream.read(_BLOCK):
                copy.write(block)
                if not whole and copy.tell() > max(CONTAINER_LIMIT, self.options.limit):
                    break
            copy.seek(0)
            yield from self._contents(copy, _Origin("standard input", "stdin"))

    def address(self, url: str) -> Iterator[Raw | Fault]:
        """The articles at an address."""
        page = self._fetched(url, from_public=False)
        if isinstance(page, Fault):
            yield page
            return
        name = PurePath(urlsplit(page.url).path).name or "page"
        origin = _Origin(url, name, page.media, page.url, page.retrieved, page.public)
        yield from self._contents(io.BytesIO(page.content), origin)

    def _fetched(self, url: str, *, from_public: bool) -> Page | Fault:
        from kg.http.url import FetchError, shown
        from kg.intake.web import Web

        if self.given is None:
            self.given = Web(self.options)
        try:
            return self.given.fetch(url, from_public=from_public)
        except FetchError as error:
            return Fault(place=shown(url), message=str(error), hint=error.hint, remote=error.remote)

    def _file(self, path: Path) -> Iterator[Raw | Fault]:
        place = _shown(path)
        try:
            if not stat.S_ISREG(path.stat().st_mode):  # a pipe would have us wait for ever
                yield Fault(place=place, message="is not a regular file")
                return
            with path.open("rb") as file:
                yield from self._contents(file, _Origin(place, PurePath(place).name))
        except OSError as error:
            yield _unreadable(path, error)

    def _contents(self, stream: IO[bytes], origin: _Origin) -> Iterator[Raw | Fault]:
        """The articles in something opened that can be sought in."""
        head = stream.read(sniff.HEAD)
        stream.seek(0)
        kind = kind_of(head, origin.name, origin.media)
        if kind == "gzip":
            yield from self._gzip(stream, origin)
        elif kind == "lines":
            yield from lines.lines(
                stream, place=origin.place, limit=self.options.limit, retrieved=origin.retrieved
            )
        elif kind == "warc":
            from kg.intake import archive

            yield from archive.records(stream, place=origin.place, options=self.options)
        elif kind == "parquet":
            from kg.intake import columns

            yield from columns.rows(stream, place=origin.place, limit=self.options.limit)
        elif kind == "tar":
            yield Fault(place=origin.place, message="a tar archive", hint="unpack it first")
        elif kind == "xml":
            yield Fault(
                place=origin.place,
                message="XML, but neither a feed nor a page",
                hint="RSS, Atom and XHTML are read",
            )
        else:
            yield from self._whole(stream, kind, origin)

    def _whole(self, stream: IO[bytes], kind: sniff.Kind, origin: _Origin) -> Iterator[Raw | Fault]:
        """The articles in something that is read whole."""
        place, name, media, url, retrieved, public = origin
        limit = self.options.limit if kind == "article" else CONTAINER_LIMIT
        data = stream.read(limit + 1)
        if len(data) > limit:
            hint = "give one article to a file" if kind == "article" else "part it"
            yield Fault(place=place, message=f"has more than {limit:,} bytes", hint=hint)
        elif kind == "feed":

            def fetch(link: str) -> Raw | Fault:
                return self._linked(link, from_public=public)

            yield from feed.entries(
                data,
                place=place,
                charset=_charset(media),
                url=url,
                retrieved=retrieved,
                fetch=fetch if self.options.follow else None,
            )
        elif kind == "json":
            yield from lines.objects(data, place=place, retrieved=retrieved)
        elif kind == "message":
            yield message.message(data, place=place, name=name, retrieved=retrieved)
        else:
            yield Raw(
                name=named_page(url, data) if url else name,
                place=place,
                content=data,
                media=_media(media, name),
                url=url,
                retrieved=retrieved,
            )

    def _gzip(self, stream: IO[bytes], origin: _Origin) -> Iterator[Raw | Fault]:
        name = origin.name.removesuffix(".gz").removesuffix(".GZ")
        inside = cast("IO[bytes]", gzip.GzipFile(fileobj=stream, mode="rb"))
        try:
            head = inside.read(sniff.HEAD)
        except _GZIP_DAMAGE as error:
            head = b"WARC/" if PurePath(name).suffix.lower() == ".warc" else b""
            if not head:
                yield _damaged(origin.place, error)
                return
        kind = kind_of(head, name)
        if kind == "gzip":
            yield Fault(place=origin.place, message="a gzip archive in a gzip archive")
        elif kind == "warc":
            from kg.intake import archive

            stream.seek(0)
            yield from archive.records(stream, place=origin.place, options=self.options)
        else:
            inside.seek(0)
            try:
                yield from self._contents(inside, origin._replace(name=name, media=None))
            except _GZIP_DAMAGE as error:
                yield _damaged(origin.place, error)

    def _linked(self, link: str, *, from_public: bool) -> Raw | Fault:
        """The page that an entry of a feed links to."""
        page = self._fetched(link, from_public=from_public)
        if isinstance(page, Fault):
            return page
        kind = kind_of(page.content[: sniff.HEAD], "", page.media)
        if kind != "article":
            return Fault(place=link, message="no page, but something else")
        return Raw(
            name=named_page(page.url, page.content),
            place=link,
            content=page.content,
            media=page.media,
            url=page.url,
            retrieved=page.retrieved,
        )


def files(folder: Path) -> Iterator[Path | Fault]:
    """The files of a folder that may hold articles, sorted; hidden ones and links to folders are not followed.

    JSON may be an annotation and XML may be RDF: those are given only where they are feeds.
    """
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        if here.is_dir():
            try:
                with os.scandir(here) as found:
                    entries = [
                        Path(entry.path)
                        for entry in found
                        if not entry.name.startswith(".") and not _links_to_folder(entry)
                    ]
            except OSError as error:
                yield _unreadable(here, error)
                continue
            waiting += sorted(entries, reverse=True)
        elif _may_hold_articles(here):
            yield here


def _links_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_symlink() and entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _may_hold_articles(file: Path) -> bool:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    packed = suffixes[-1:] == [".gz"]
    suffix = (suffixes[:-1] if packed else suffixes)[-1:]
    if not suffix or suffix[0] not in sniff.READ_IN_FOLDERS or not file.is_file():
        return False
    if suffix[0] not in {".json", ".xml"}:
        return True
    try:
        with gzip.open(file) if packed else file.open("rb") as stream:
            head = stream.read(sniff.HEAD)
    except (OSError, *_GZIP_DAMAGE):
        return suffix[0] == ".xml"
    if suffix[0] == ".json":
        return b"jsonfeed.org/version" in head.replace(b"\\/", b"/")
    return kind_of(head, file.name) == "feed"


def _media(media: str | None, name: str) -> str | None:
    """The media type of an article, by its name where no server says it."""
    if not media:
        return "text/html" if PurePath(name).suffix.lower() in sniff.PAGES else None
    type_, semicolon, rest = media.partition(";")
    # XML that is an article is a page: see kind_of.
    return f"text/html{semicolon}{rest}" if type_.strip().lower().endswith("/xml") else media


def _charset(media: str | None) -> str | None:
    """The charset that a media type names, if Python knows it."""
    from email.message import Message

    from kg.encoding import codec_of

    header = Message()
    header["Content-Type"] = media or ""
    charset = header.get_content_charset()
    return charset if charset and codec_of(charset) else None


def _shown(path: Path) -> str:
    """A path for messages: not every file name is Unicode, nor in one line."""
    name = str(path).encode(errors="replace").decode()
    return "".join(c if c.isprintable() else "\ufffd" for c in name)


def _unreadable(path: Path, error: Exception) -> Fault:
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    hint = "look at its permissions" if isinstance(error, PermissionError) else None
    return Fault(place=_shown(path), message=f"cannot be read: {reason}", hint=hint)


def _damaged(place: str, error: Exception) -> Fault:
    if isinstance(error, EOFError):
        return Fault(place=place, message="its gzip is cut off; what follows is missing")
    return Fault(place=place, message=f"its gzip is damaged: {bounded(str(error))}")

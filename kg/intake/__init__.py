"""Where texts come from: files, folders, standard input, addresses, feeds, records, archives, messages.

`sources` gives the articles in one source, one at a time, as the bytes that came and what was stated
beside them; what cannot be read is a `Fault` among them, and the rest goes on. `document` reads the bytes;
it can run in another process. Nothing is fetched unless the source is an address or `follow` is set.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

from kg.intake.raw import Fault, Options, Raw

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from kg.document import Document
    from kg.intake.web import Web

__all__ = ["Fault", "Options", "Raw", "document", "is_address", "sources"]

T = TypeVar("T")
_PAGE: Final = re.compile(rb"<(?:html|!doctype\s+html|head|title|meta|body)\b", re.IGNORECASE)


def is_address(source: str) -> bool:
    """Whether a source is an address, and not a file.

    >>> is_address("https://example.org/feed.xml"), is_address("feeds/a.xml")
    (True, False)
    """
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", source))


def sources(
    source: str, *, options: Options, web: Web | None = None, stdin: IO[bytes] | None = None
) -> Iterator[Raw | Fault]:
    """The articles in a source: a file, a folder, `-` for standard input, or an address.

    What kind of file it is, its first bytes tell, and then its name. With one `web` for all sources of a
    run, each robots.txt is asked for once, and no server too often.
    """
    from kg.intake.reading import Reading

    reading = Reading(options, web)
    if source == "-":
        yield from reading.stdin(stdin)
    elif is_address(source):
        yield from reading.address(source)
    else:
        yield from reading.path(source)


def document(raw: Raw, *, limit: int, encoding: str | None = None) -> Document:
    """The document that the bytes of an article hold, with what was stated beside them.

    A page speaks for itself, and what was stated beside it fills the gaps. A plain text or the part of a
    page that a feed carries has no statement of its own, only first lines that look like one: there, what
    was stated beside it goes first. When it was retrieved is known best by who did. An `encoding` is for
    what comes without one.
    Raises InputError, which begins with the place.
    """
    from dataclasses import replace

    from kg.document import parse
    from kg.model import When

    media = (raw.media or "").lower()
    markup = media.startswith(("text/html", "application/xhtml"))
    head = raw.content[:10_000]
    part = markup and not _PAGE.search(head) and b"\0" not in head  # UTF-16 hides its tags
    content = _wrapped(raw.content) if part else raw.content
    if "charset=" in media:
        encoding = None
    found = parse(content, raw.place, media=raw.media, encoding=encoding, limit=limit)
    page = found.format.startswith("text/html") and not part

    return replace(
        found,
        name=raw.file,
        headline=_first(page, found.headline, raw.headline),
        author=_first(page, found.author, raw.author),
        publisher=_first(page, found.publisher, raw.publisher),
        published=_first(
            page, found.published, When(date=raw.published) if raw.published else None
        ),
        retrieved=When(date=raw.retrieved) if raw.retrieved else found.retrieved,
        section=_first(page, found.section, raw.section),
        language=_first(page, found.language, raw.language),
        url=_first(page, found.url, raw.url),
    )


def _first(page: bool, own: T, beside: T) -> T:
    return (own or beside) if page else (beside or own)


def _wrapped(part: bytes) -> bytes:
    """A part of a page as a page of which nothing but the article is there; readers of pages expect one."""
    return b"<!doctype html><html><body><article>" + part + b"</article></body></html>"

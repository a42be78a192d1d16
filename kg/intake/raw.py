"""What comes out of a source: the bytes of an article with what was stated beside it, or a fault."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from kg.edtf import Edtf

CONTAINER_LIMIT: Final = 64_000_000
"""The most bytes of what has to be held whole to be read: a feed, a JSON file, a message.

The longest feeds of newspapers have under 5 MB. JSON Lines and WARC are read as they come and have no limit.
"""
NAME_LIMIT: Final = 80
"""Characters of a name at most: more do not fit into a column of a listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How sources are read.

    `limit` is the most bytes that one article may have. `follow` fetches the pages that a feed links to,
    in place of the texts that it carries. The rest is for requests: `contact` is an address or a page
    where somebody who runs a server can find us, `deadline` is how many seconds a request may take in
    all, `patience` how many its server may be silent, and `pause` how many lie at least between two
    requests to one server.
    """

    limit: int = 10_000_000
    follow: bool = False
    contact: str = ""
    deadline: float = 60
    patience: float = 15
    pause: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One article as it came, not yet read.

    `name` is one for a file, neither unique nor with an ending where the source had none; `place` is for
    messages: `news.jsonl:17`. `media` is the media type with the charset, where something states them.
    What follows was stated beside the content, in a feed or a record, with dates in EDTF.
    """

    name: str
    place: str
    content: bytes
    media: str | None = None
    url: str | None = None
    retrieved: Edtf | None = None
    headline: str | None = None
    author: tuple[str, ...] = ()
    publisher: str | None = None
    published: Edtf | None = None
    section: str | None = None
    language: str | None = None

    @property
    def file(self) -> str:
        """What the text is called, before and after it is taken in: a text without an ending is a .txt.

        >>> Raw(name="talks-resume", place="news.jsonl:17", content=b"").file
        'talks-resume.txt'
        """
        return self.name if PurePath(self.name).suffix else f"{self.name}.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that could not be read, and was passed over; `remote` where a server is to blame."""

    place: str
    message: str
    hint: str | None = None
    remote: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def named(*candidates: str | None) -> str:
    """The first candidate of which anything is left as the name of a file, in small letters.

    Of an address it is the last part of the path that has letters, without its ending.

    >>> named(None, "Talks resume: “what next?”"), named("https://example.org/2026/harbour.html?x=1")
    ('talks-resume-what-next', 'harbour')
    """
    for candidate in candidates:
        words = candidate or ""
        if re.match("https?://", words, re.IGNORECASE):
            words = _last_part(words)
        # Longer ones are cut below; what a hostile title has beyond that is not worth normalising.
        plain = unicodedata.normalize("NFC", words[:1000]).lower().replace("’", "").replace("'", "")
        name = "-".join(re.findall(r"[^\W_]+", plain))
        if len(name) > NAME_LIMIT:
            name = name[: NAME_LIMIT + 1].rpartition("-")[0] or name[:NAME_LIMIT]
        if name:
            return name
    return "article"


def named_page(url: str, content: bytes) -> str:
    """A page as the name of a file: by its address, or by its title where the address has only numbers.

    >>> named_page("https://example.org/1", b"<title>Harbour opens | The Gull</title>")
    'harbour-opens'
    >>> named_page("https://example.org/1", b"<p>The harbour opens.</p>")
    'example-org'
    """
    stem = "" if _stem(url) else _title(content)
    return named(stem, url)


def _title(content: bytes) -> str:
    """The title of a page in HTML, without the name of the site behind it, if that is easily told."""
    found = re.search(rb"<title\b[^<>]{0,200}>([^<]{1,1000})", content[:_HEAD], re.IGNORECASE)
    try:
        words = html.unescape(found[1].decode()) if found else ""
    except UnicodeDecodeError:  # which encoding it is, is found out later
        return ""
    return words.partition("|")[0]


_HEAD: Final = 1 << 16
"""Bytes of a page in which its title is looked for: it stands before scripts and styles more often than not."""


def _last_part(url: str) -> str:
    try:
        return _stem(url) or urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _stem(url: str) -> str:
    """The last part of the path of an address that has letters, without its ending."""
    try:
        path = unquote(urlsplit(url).path, errors="replace")
    except ValueError:  # brackets that are no address of IPv6
        return ""
    for part in reversed(path.split("/")):
        stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", part)
        if re.search(r"[^\W\d_]", stem) and stem.lower() != "index":
            return stem
    return ""

"""An article as it was saved or sent, read into exact text: plain text in any common encoding, or HTML.

Offsets, quotes and hashes all hang on this text, so nothing here repairs or guesses in silence.
Newlines stay as they are, nothing is normalised, and an encoding that the bytes do not give away
is asked for instead of assumed. What the text says of itself, and which of its lines are no running
text, is noted beside it.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kg.document import page
from kg.document.heading import Heading, heading
from kg.document.lines import language
from kg.encoding import codec_of, decode, label, meant
from kg.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LIMIT: Final = 10_000_000
"""The most bytes a file may have; the longest articles of large newspapers have under 1 % of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Heading):
    """The text of one article, and what it says about itself.

    `name` has no folders. `text` is exactly what was decoded (a byte-order mark is no part of it)
    or what was found to be the article in a page. `format` is the media type with the encoding of
    the bytes, such as `text/html; charset=windows-1252`. The rest is as the page or the lines
    around the article state it, and absent where they do not: `published` and `retrieved` say on
    what basis they are known, `language` may be told by the words of a text, `author` has persons
    only. `parts` are the stretches of the text that are no running text, in its order.
    """

    name: str
    text: str
    format: str


def read(path: Path, *, encoding: str | None = None, limit: int = LIMIT) -> Document:
    """Read a file, plain text or HTML; InputError says in one line why it cannot be read.

    With an `encoding` the bytes must be in it. Without one it is found: from a byte-order mark,
    by being valid UTF-8, from what an HTML page says, or from the words that come out, if they
    come out in one encoding only.
    """
    codec = _codec(str(path), encoding)
    html = path.suffix.lower() in {".html", ".htm", ".xhtml"}
    return _document(_bytes(path, limit), str(path), path.name, codec, html=html)


def parse(
    content: bytes,
    name: str,
    *,
    media: str | None = None,
    encoding: str | None = None,
    limit: int = LIMIT,
) -> Document:
    """Read what came from elsewhere than a file: an answer of a server, a record of an archive.

    `media` is the media type that came with it, which may name an encoding: it is believed where
    the bytes do not tell against it. `name` is an address or a file name; messages begin with it,
    and the document is named after its last part.

    >>> parse(b"Talks resume\\n\\nThey met again on Monday.", "https://a.example/talks").headline
    'Talks resume'
    """
    codec = _codec(name, encoding)
    if len(content) > limit:
        raise InputError(
            f"{name}: has {len(content):,} bytes; the limit is {limit:,}",
            hint="give one article to a file",
        )
    kind, _, rest = (media or "").partition(";")
    kind = kind.strip().lower()
    if kind and not kind.startswith("text/") and kind not in _READABLE:
        raise InputError(f"{name}: is {kind}, not text", hint="give plain text or HTML")
    if codec is None and (charset := _CHARSET.search(rest)):
        codec = _believed(content, meant(charset[1]))
    path = re.split(r"[?#]", name, maxsplit=1)[0] if "://" in name else name
    short = next((part for part in reversed(re.split(r"[/\\]", path)) if part), name)
    return _document(content, name, short, codec, html=kind in _PAGES)


# ---------------------------------------------------------------------------- bytes

_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_READABLE: Final = _PAGES | {"application/octet-stream", "binary/octet-stream"}
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_MAGIC: Final = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive (or an office document)",
    b"\x89PNG\r\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"{\\rtf": "a rich text document",
}
_HTML: Final = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--(?:(?!-->).)*-->\s*)*<(!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


def _codec(name: str, encoding: str | None) -> str | None:
    codec = codec_of(encoding) if encoding is not None else None
    if encoding is not None and codec is None:
        raise InputError(
            f"{name}: there is no encoding {encoding!r}",
            hint="name one such as utf-8, windows-1252 or shift_jis",
        )
    return codec


def _believed(content: bytes, codec: str | None) -> str | None:
    """The encoding that a server names, if the bytes are in it and are not plainly UTF-8."""
    if codec is None:
        return None
    for other in ("utf-8", codec):
        try:
            content.decode(other)
        except UnicodeError:
            continue
        return codec if other == codec else None
    return None


def _document(content: bytes, name: str, short: str, codec: str | None, *, html: bool) -> Document:
    """What the bytes of an article say; `name` is for messages, `short` for the document."""
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            raise InputError(
                f"{name}: {what}, not text", hint="save the article as plain text or HTML"
            )
    html = html or bool(_HTML.match(content))
    text, codec = decode(name, content, codec, html=html)
    _check(name, text)
    # UTF-16 and UTF-32 hide their first letters from the look at the bytes.
    if html or _HTML.match(text[:1000].encode()):
        media = "text/html"
        text, head = page.parse(text, name)
        _check(name, text)
    else:
        media = "text/plain"
        head = replace(heading(text), language=language(text))
    return Document(
        name=short,
        text=text,
        format=f"{media}; charset={label(codec)}",
        headline=head.headline,
        author=head.author,
        publisher=head.publisher,
        published=head.published,
        retrieved=head.retrieved,
        section=head.section,
        language=head.language,
        url=head.url,
        parts=head.parts,
    )


def _bytes(path: Path, limit: int) -> bytes:
    """Return what is in a file, if it is a file of a fair size."""
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise InputError(f"{path}: is a folder", hint="name the files in it")
        if not stat.S_ISREG(info.st_mode):
            raise InputError(f"{path}: is not a regular file")
        with path.open("rb") as file:
            # One byte more: the size of a file may change, and that of some is stated as 0.
            data = file.read(limit + 1) if info.st_size <= limit else b""
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except PermissionError:
        raise InputError(f"{path}: may not be read", hint="look at its permissions") from None
    except (OSError, ValueError) as error:  # a name with U+0000, a loop of links, a broken disk
        raise InputError(f"{path!s}: cannot be read: {getattr(error, 'strerror', error)}") from None
    if info.st_size > limit or len(data) > limit:
        size = max(info.st_size, len(data))
        raise InputError(
            f"{path}: has {size:,} bytes; the limit is {limit:,}",
            hint="give one article to a file",
        )
    return data


def _check(name: str, text: str) -> None:
    """Refuse what decodes but is no text."""
    if not text or text.isspace():
        raise InputError(f"{name}: is empty" if not text else f"{name}: has only white space")
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) / 100:
        raise InputError(
            f"{name}: is binary, not text",
            hint="if it is text in UTF-16 without a mark, say --encoding utf-16-le or utf-16-be",
        )
    if surrogate := _SURROGATE.search(text):
        raise InputError(
            f"{name}: character {surrogate.start()} is half of a surrogate pair, which is no text"
        )


_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

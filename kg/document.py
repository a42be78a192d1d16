"""A file as it was saved, read into exact text: plain text in any common encoding, or HTML.

Offsets, quotes and hashes all hang on this text, so nothing here repairs or guesses in silence.
Newlines stay as they are, nothing is normalised, and an encoding that the bytes do not give away
is asked for instead of assumed.
"""

from __future__ import annotations

import json
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.edtf import Edtf
from kg.encoding import codec_of, decode, label
from kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT: Final = 10_000_000
"""The most bytes a file may have; the longest articles of large newspapers have under 1 % of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text of one file, and what its HTML says about the article.

    `name` has no folders. `text` is exactly what was decoded (a byte-order mark is no part of it)
    or what was found to be the article in a page. `format` is the media type with the encoding of
    the bytes, such as `text/html; charset=windows-1252`. The rest is from the page's metadata, as
    stated there; plain text has none.
    """

    name: str
    text: str
    format: str
    headline: str | None = None
    author: tuple[str, ...] = ()
    publisher: str | None = None
    published: Edtf | None = None
    language: str | None = None
    url: str | None = None


def read(path: Path, *, encoding: str | None = None, limit: int = LIMIT) -> Document:
    """Read a file, plain text or HTML; InputError says in one line why it cannot be read.

    With an `encoding` the bytes must be in it. Without one it is found: from a byte-order mark,
    by being valid UTF-8, from what an HTML page says, or from the words that come out, if they
    come out in one encoding only.
    """
    codec = codec_of(encoding) if encoding is not None else None
    if encoding is not None and codec is None:
        raise InputError(
            f"{path}: there is no encoding {encoding!r}",
            hint="name one such as utf-8, windows-1252 or shift_jis",
        )
    data = _bytes(path, limit)
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise InputError(
                f"{path}: {what}, not text", hint="save the article as plain text or HTML"
            )
    html = path.suffix.lower() in {".html", ".htm", ".xhtml"} or bool(_HTML.match(data))
    text, codec = decode(path, data, codec, html=html)
    _check(path, text)
    # UTF-16 and UTF-32 hide their first letters from the look at the bytes.
    if html or _HTML.match(text[:1000].encode()):
        return _page(path, text, codec)
    return Document(name=path.name, text=text, format=f"text/plain; charset={label(codec)}")


# ---------------------------------------------------------------------------- bytes

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


def _check(path: Path, text: str) -> None:
    """Refuse what decodes but is no text."""
    if not text or text.isspace():
        raise InputError(f"{path}: is empty" if not text else f"{path}: has only white space")
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) / 100:
        raise InputError(
            f"{path}: is binary, not text",
            hint="if it is text in UTF-16 without a mark, say --encoding utf-16-le or utf-16-be",
        )
    if surrogate := _SURROGATE.search(text):
        raise InputError(
            f"{path}: character {surrogate.start()} is half of a surrogate pair, which is no text"
        )


_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


# ----------------------------------------------------------------------------- HTML

_ADDRESS: Final = re.compile(r"https?://[^\x00-\x20<>\"{}|^`\\]+", re.IGNORECASE)
_ISO_DATE: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,]\d+)? ?(Z|[+-]\d\d:?\d\d)?)?"
)
_DATE_NAMES: Final = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dcterms.issued",
    "dc.date.issued",
    "citation_publication_date",
    "publishdate",
    "publish-date",
    "publication_date",
    "pubdate",
    "dcterms.date",
    "dc.date",
    "date",
)


def _page(path: Path, text: str, codec: str) -> Document:
    """Return the article of an HTML page; nothing is fetched."""
    import logging
    import warnings

    import trafilatura

    # What these say of a page goes to logs that nobody reads; the fault is reported here.
    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # An XML declaration would make lxml decode what is decoded already.
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = trafilatura.load_html(markup)
            found = trafilatura.bare_extraction(
                tree if tree is not None else markup,
                with_metadata=True,
                include_comments=False,
                include_tables=False,
                # Deduplication remembers what other pages had: never.
                deduplicate=False,
                date_extraction_params={"extensive_search": False, "original_date": True},
            )
        except Exception as error:  # noqa: BLE001  # whatever a parser stumbles over in a page
            raise InputError(f"{path}: its HTML cannot be read: {error}") from None
    if tree is None or found is None or isinstance(found, dict) or not (body := found.text):
        raise InputError(
            f"{path}: no article found in the page", hint="save its text as a .txt file"
        )
    _check(path, body)
    return Document(
        name=path.name,
        text=body,
        format=f"text/html; charset={label(codec)}",
        headline=found.title or None,
        author=tuple(name for one in (found.author or "").split(";") if (name := one.strip())),
        publisher=_publisher(found),
        published=_published(tree),
        language=_language(tree),
        url=_url(tree),
    )


def _publisher(found: Any) -> str | None:
    """Return the name of the site, unless it is only the host of its address."""
    name, host = found.sitename, found.hostname or ""
    return None if not name or name.lower() == host.removeprefix("www.").lower() else name


def _metas(tree: Any) -> Iterator[tuple[str, str]]:
    """Yield the names, in small letters, and the contents of what a page says about itself."""
    for element in tree.iter("meta", "time"):
        content = (element.get("content") or element.get("datetime") or "").strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := element.get(key)):
                yield name.strip().lower(), content


def _published(tree: Any) -> Edtf | None:
    """Return the publication date that a page states about itself, at the precision stated.

    Dates of changes, dates in addresses and in the running text are not looked at: a page clock
    or a copyright year is no publication date.
    """
    for value in _linked_dates(tree):
        if date := _edtf(value):
            return date
    metas = [*_metas(tree)]
    for wanted in _DATE_NAMES:
        for name, content in metas:
            if name == wanted and (date := _edtf(content)):
                return date
    return None


def _linked_dates(tree: Any) -> Iterator[str]:
    """Yield the publication dates in the JSON-LD of a page, of articles only."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            queue = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while queue:
            node = queue.pop(0)
            if isinstance(node, list):
                queue += node
            elif isinstance(node, dict):
                queue.append(node.get("@graph"))
                value = node.get("datePublished")
                if isinstance(value, str) and re.search(
                    "Article|Posting|Report", str(node.get("@type"))
                ):
                    yield value


def _edtf(value: str) -> Edtf | None:
    """Return a date as found in HTML, in EDTF.

    >>> _edtf("2026-11-20 14:05:00.000+0900"), _edtf("Fri, 20 Nov 2026 14:05:00 GMT")
    ('2026-11-20T14:05:00+09:00', '2026-11-20T14:05:00Z')
    """
    value = value.strip()
    if iso := _ISO_DATE.fullmatch(value):
        date, minute, second, zone = iso.groups()
        zone = re.sub(r"(?<=\d\d)(?=\d\d$)", ":", zone or "")
        value = f"{date}T{minute}{second or ':00'}{zone}" if minute else date
    elif re.match("[A-Z][a-z]{2}, ", value):
        from email.utils import parsedate_to_datetime

        try:
            value = parsedate_to_datetime(value).isoformat().replace("+00:00", "Z")
        except ValueError:
            return None
    else:
        value = re.sub(r"^(\d{4})([/.]?)(\d\d)\2(\d\d)$", r"\1-\3-\4", value)
    try:
        return Edtf(value)
    except ValueError:
        return None


def _language(tree: Any) -> str | None:
    """Return the language of a page as a BCP 47 code, if it states one."""
    root = tree.getroottree().getroot()
    metas = dict(_metas(tree))
    stated = (
        root.get("lang"),
        root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        root.get("xml:lang"),
        metas.get("content-language"),
        metas.get("og:locale"),
    )
    for value in stated:
        first, *rest = (value or "").strip().replace("_", "-").split("-")
        code = "-".join((first.lower(), *rest))
        if re.fullmatch("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code):
            return code
    return None


def _url(tree: Any) -> str | None:
    """Return the address that a page gives for itself."""
    links = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    for value in (*links, dict(_metas(tree)).get("og:url", "")):
        if _ADDRESS.fullmatch(value.strip()):
            return value.strip()
    return None

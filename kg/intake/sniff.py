"""What kind of source some bytes are, told from how they begin and from what they are called."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath
from typing import Final, Literal

Kind = Literal[
    "article", "feed", "json", "lines", "message", "parquet", "warc", "gzip", "tar", "xml"
]
"""`xml` is XML that is neither a feed nor a page."""

HEAD: Final = 8192
"""How many bytes tell: the prolog of an XML file, the header of a message."""
LINES: Final = {".jsonl", ".ndjson", ".jsonlines"}
MESSAGES: Final = {".eml", ".mht", ".mhtml"}
FEEDS: Final = {".rss", ".atom", ".rdf"}
PAGES: Final = {".html", ".htm", ".xhtml"}
TEXTS: Final = {".txt", ".text", ".md"} | PAGES
READ_IN_FOLDERS: Final = (
    (TEXTS - {".md"})
    | LINES
    | MESSAGES
    | (FEEDS - {".rdf"})
    | {".xml", ".json", ".parquet", ".warc"}
)
"""Endings of the files of a folder that are looked at, with or without `.gz`; a README is no article."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PROLOG: Final = re.compile(
    rb"\s+|<\?[^>]*>|<!--(?:(?!-->).)*-->|<!doctype[^>\[]*(?:\[[^\]]*\]\s*)?>",
    re.DOTALL | re.IGNORECASE,
)
_ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_FEED_NAMESPACES: Final = (b"http://purl.org/rss/", b"netscape.com/rdf/simple")
_FIELD: Final = re.compile(rb"[!-9;-~]+:[ \t]")
_OF_MESSAGES: Final = re.compile(
    rb"^(?:mime-version|message-id|content-transfer-encoding|received|delivered-to|return-path):",
    re.IGNORECASE | re.MULTILINE,
)


def kind_of(head: bytes, name: str, media: str | None = None) -> Kind:
    r"""The kind of what begins with `head` and is called `name`; `media` is what a server calls it.

    >>> kind_of(b'<?xml version="1.0"?>\n<rss version="2.0">', "news"), kind_of(b"A report.", "a.txt")
    ('feed', 'article')
    """
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"WARC/"):
        return "warc"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head[257:262] == b"ustar":
        return "tar"
    type_ = (media or "").partition(";")[0].strip().lower()
    suffix = PurePath(name).suffix.lower()
    plain = _unmarked(head)
    root, start = _root(plain)
    if root in {"rss", "feed", "RDF"} and (root != "RDF" or _is_rss(start)):
        return "feed"
    if suffix in MESSAGES or type_ in {"message/rfc822", "multipart/related"}:
        return "message"
    if suffix in LINES or "ndjson" in type_ or "jsonl" in type_:
        return "lines"
    known = suffix in TEXTS
    if suffix == ".json" or type_.endswith(("/json", "+json")) or _is_json(plain, known=known):
        return "lines" if _has_lines(plain) else "json"
    if known or root == "html" or type_ in {"text/html", "application/xhtml+xml"}:
        return "article"
    if suffix in FEEDS - {".rdf"} or type_ in {"application/rss+xml", "application/atom+xml"}:
        return "feed"
    if suffix == ".xml" or type_.endswith(("/xml", "+xml")) or plain.startswith(b"<?xml"):
        return "xml"
    return "message" if _is_message(plain) else "article"


def _unmarked(head: bytes) -> bytes:
    """The beginning in UTF-8, without a byte-order mark."""
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(codec, errors="ignore").encode(errors="ignore")
    return head


def _root(head: bytes) -> tuple[str, bytes]:
    """The name of the root element, without its prefix, and what follows it."""
    at = 0
    while found := _PROLOG.match(head, at):
        at = found.end()
    found = _ROOT.match(head, at)
    return (found[1].decode(), head[found.end() :]) if found else ("", b"")


def _is_rss(start: bytes) -> bool:
    return any(namespace in start for namespace in _FEED_NAMESPACES)


def _is_json(head: bytes, *, known: bool) -> bool:
    """Whether something of no known ending is JSON: an article may begin with a brace as well."""
    return not known and bool(re.match(rb"""\s*(?:\{\s*["}]|\[\s*[{\]])""", head))


def _has_lines(head: bytes) -> bool:
    """Whether this is a record to a line: the first line is an object, and another one follows."""
    first, newline, rest = head.lstrip().partition(b"\n")
    return bool(
        newline and first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.strip()
    ) and rest.lstrip().startswith(b"{")


def _is_message(head: bytes) -> bool:
    """Whether it begins as an e-mail does: with fields, one of them of e-mail only."""
    header = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    lines = header.splitlines()
    return bool(
        _OF_MESSAGES.search(header)
        and _FIELD.match(header)
        and all(
            _FIELD.match(line) or line[:1] in b" \t" or line.endswith(b":") for line in lines[:-1]
        )
    )

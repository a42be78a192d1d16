"""RSS (0.9x, 1.0, 2.0) and Atom: an article to an entry.

lxml reads the XML. A feed that declares entities is refused, since that is how a few lines are made to
stand for gigabytes or for a file of this machine; the named characters of HTML (`&nbsp;`) and the bare
ampersands that many feeds have are known. From XML that is not well-formed otherwise, what can be read is
taken, and the fault is told. (feedparser takes 9 s for 50 kB of empty lines before the first tag, and 3 GB
for 130 kB of entities.)
"""

from __future__ import annotations

import contextlib
import html
import io
import re
from html.entities import html5
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from kg.encoding import meant
from kg.errors import bounded
from kg.intake.moment import edtf
from kg.intake.raw import Fault, Raw, named
from kg.intake.stated import language, names, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.edtf import Edtf

_CORE: Final = {
    "http://www.w3.org/2005/Atom",
    "http://purl.org/atom/ns#",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://channel.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss2",
    "http://backend.userland.com/RSS2",
    "http://blogs.law.harvard.edu/tech/rss",
}
_PREFIXES: Final = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
_AMPERSAND: Final = re.compile(
    rb"<!\[CDATA\[(?:.*?\]\]>|.*\Z)"
    rb"|&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,30});)?",
    re.DOTALL,
)
_CLOSED: Final = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>")
_MARKS: Final = (
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)
_DECLARED: Final = re.compile(
    rb"""\s*<\?xml[^>]{1,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']"""
)
FOLLOW: Final = "--follow fetches the page that it links to"


def entries(
    data: bytes,
    *,
    place: str,
    charset: str | None = None,
    url: str | None = None,
    retrieved: Edtf | None = None,
    fetch: Callable[[str], Raw | Fault] | None = None,
) -> Iterator[Raw | Fault]:
    """The articles of a feed, which came from `url`; with `fetch`, those that its entries link to."""
    from lxml import etree

    try:
        data = _repaired(_decoded(data, charset).encode())
    except UnicodeDecodeError as error:
        what = f"not in {error.encoding}: byte 0x{data[error.start]:02X} at {error.start}"
        yield Fault(place=place, message=what)
        return
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        yield Fault(place=place, message=f"not a feed: {bounded(str(error))}")
        return
    if root is None:
        yield Fault(place=place, message="not a feed: no XML in it")
        return
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None) is not None:
        yield Fault(place=place, message="declares entities, which no feed needs; not read")
        return
    channel = _Entry(next((e for e in root if _key(e) == "channel"), root), url)
    found = [e for e in root.iter("{*}item", "{*}entry") if _key(e) in {"item", "entry"}]
    fault = next(iter(parser.error_log.filter_from_errors()), None)
    if fault and len(found) > len(_CLOSED.findall(data)):
        found.pop()  # its text may be cut off as well
    for number, element in enumerate(found, 1):
        where = f"{place}: entry {number}"
        yield _article(_Entry(element, url), channel, where, retrieved, fetch)
    if fault:
        yield Fault(
            place=place,
            message=f"not well-formed in line {fault.line}: {bounded(fault.message)}",
            hint=f"{len(found)} entries could be read; more may be missing",
        )
    elif not found:
        yield Fault(place=place, message="a feed without entries")


class _Entry:
    """The parts of an entry, or of the feed itself, by their names."""

    def __init__(self, element: Any, url: str | None) -> None:
        self.element = element
        self.url = url
        self.parts: dict[str, list[Any]] = {}
        for part in element:
            self.parts.setdefault(_key(part), []).append(part)

    def text(self, *keys: str) -> str | None:
        """The first text that there is under any of the names."""
        for key in keys:
            for part in self.parts.get(key, ()):
                if text := _text(part).strip():
                    return text
        return None

    def line(self, key: str) -> str | None:
        """A title or a name, without markup."""
        for part in self.parts.get(key, ()):
            text = _text(part)
            usual = "text" if "/atom" in part.tag.lower() else "html"
            if part.get("type", usual) not in {"text", "text/plain", "xhtml"}:
                text = html.unescape(_TAG.sub("", text))
            if line := words(text):
                return line
        return None

    @property
    def link(self) -> str | None:
        """The address of the article."""
        found = [self.text("feedburner:origLink")]
        found += [
            part.get("href") or _text(part)
            for part in self.parts.get("link", ())
            if part.get("rel", "alternate") == "alternate"
        ]
        found += [
            _text(part)
            for part in self.parts.get("guid", ())
            if part.get("isPermaLink", "true") != "false"
        ]
        for candidate in found:
            address = (candidate or "").strip()
            try:
                address = urljoin(self.base or "", address) if address else ""
            except ValueError:
                continue
            if re.match(r"https?://[^\s<>\"{}|\\^`]+\Z", address, re.IGNORECASE):
                return address
        return None

    @property
    def base(self) -> str | None:
        """What relative addresses start from."""
        element = self.element
        while element is not None:
            if base := str(element.get(_BASE) or ""):
                return urljoin(self.url or "", base)
            element = element.getparent()
        return self.url

    @property
    def content(self) -> tuple[str, str] | None:
        """The fullest text, with its media type."""
        for key in ("content:encoded", "content", "description", "summary"):
            for part in self.parts.get(key, ()):
                if found := _content(part, "text" if key in {"content", "summary"} else "html"):
                    return found
        return None

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote it, as far as names go: RSS has addresses as well."""
        found: list[str] = []
        for key in ("dc:creator", "author"):
            for part in self.parts.get(key, ()):
                nested = [_text(e) for e in part if _key(e) == "name"]
                found += nested or names(_without_address(_text(part)))
            if found:
                break
        return tuple(dict.fromkeys(name for one in found if (name := words(one))))

    @property
    def published(self) -> Edtf | None:
        """The date of publication; that of the last change is none."""
        # RSS 1.0 has no date but that of Dublin Core.
        keys = ("published", "issued", "pubDate", "dcterms:issued", "dc:date")
        return next((date for key in keys if (date := edtf(self.text(key)))), None)

    @property
    def section(self) -> str | None:
        """The one category; several are key words."""
        found = self.parts.get("category", [])
        if len(found) != 1:
            return None
        return words(found[0].get("label") or found[0].get("term") or _text(found[0]))

    @property
    def source(self) -> str | None:
        """The name of the feed that an entry was taken from."""
        for part in self.parts.get("source", ()):
            return _Entry(part, None).line("title") or words(part.text)
        return None

    @property
    def language(self) -> str | None:
        """The language, from the entry or from what it stands in."""
        found = self.text("dc:language", "language")
        element = self.element
        while element is not None and not found:
            found = element.get(_LANG)
            element = element.getparent()
        return language(found)


def _article(
    entry: _Entry,
    channel: _Entry,
    place: str,
    retrieved: Edtf | None,
    fetch: Callable[[str], Raw | Fault] | None,
) -> Raw | Fault:
    link, headline = entry.link, entry.line("title")
    page: Raw | Fault | None = fetch(link) if fetch and link else None
    if isinstance(page, Fault):
        return Fault(
            place=f"{place} {link}", message=page.message, hint=page.hint, remote=page.remote
        )
    found = entry.content
    if page is None and found is None:
        return Fault(
            place=f"{place}{f' {link}' if link else ''}",
            message="has no text",
            hint=FOLLOW if link and not fetch else None,
        )
    text, media = found or ("", "")
    media = f"{media}; charset=utf-8"
    return Raw(
        name=named(headline, link, entry.text("guid", "id")),
        place=place,
        content=page.content if page else text.encode(),
        media=page.media if page else media,
        url=page.url if page else link,
        retrieved=page.retrieved if page else retrieved,
        headline=headline,
        author=entry.authors,
        publisher=words(entry.text("dc:publisher"))
        or entry.source
        or words(channel.text("dc:publisher"))
        or channel.line("title"),
        published=entry.published,
        section=entry.section,
        language=entry.language or channel.language,
    )


def _decoded(data: bytes, charset: str | None) -> str:
    """The XML as text. The server's word on the charset goes before the file's, and the bytes before both."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec).removeprefix("\ufeff")
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode()
    stated = _DECLARED.match(data)
    return data.decode(meant(charset or (stated[1].decode() if stated else "utf-8")) or "utf-8")


def _repaired(data: bytes) -> bytes:
    """The XML with characters of HTML as numbers, and with what only looks like one as it stands."""
    out = io.BytesIO()
    at = 0
    for found in _AMPERSAND.finditer(data):
        if found[0].startswith(b"<"):
            continue  # CDATA is as it is
        out.write(data[at : found.start()])
        at = found.end()
        characters = html5.get(f"{found[1].decode()};") if found[1] else None
        if characters:
            out.write("".join(f"&#{ord(c)};" for c in characters).encode())
        else:
            out.write(b"&amp;" + found[0][1:])
    out.write(data[at:])
    return out.getvalue()


def _key(element: Any) -> str:
    """The name of an element: bare in RSS and Atom, with a prefix in what extends them."""
    if element is None or not isinstance(element.tag, str):
        return ""
    namespace, _, name = element.tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    if not namespace or namespace in _CORE:
        return name
    return f"{_PREFIXES.get(namespace, '?:')}{name}"


def _text(element: Any) -> str:
    return "".join(element.itertext())


def _content(part: Any, usual: str) -> tuple[str, str] | None:
    """What an element holds, as HTML or as plain text."""
    from lxml import etree

    type_ = part.get("type", usual).lower()
    if part.get("src") or not (
        type_ in {"text", "html", "xhtml"} or type_.startswith("text/") or "xhtml" in type_
    ):
        return None
    if "xhtml" in type_ or len(part):
        inner = [html.escape(part.text or "")]
        inner += [etree.tostring(e, encoding="unicode", method="html") for e in part]
        markup = "".join(inner).strip()
        return (markup, "text/html") if _text(part).strip() else None
    text = part.text or ""
    if type_ in {"text", "text/plain"}:
        return (text, "text/plain") if text.strip() else None
    if _TAG.search(text):
        return (text, "text/html") if html.unescape(_TAG.sub(" ", text)).strip() else None
    text = html.unescape(text)
    return (text, "text/plain") if text.strip() else None


def _without_address(text: str) -> str:
    """The name in `jane@example.org (Jane Doe)` or `Jane Doe <jane@example.org>`."""
    if "@" not in text:
        return text
    if found := re.search(r"\(([^()]+)\)", text):
        return found[1]
    return " ".join(word for word in re.sub(r"<[^<>]*>", "", text).split() if "@" not in word)

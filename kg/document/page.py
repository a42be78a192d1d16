"""An HTML page: the text of its article, and what the page says of it.

What is stated in several places is taken from the first of these that has it:

1. JSON-LD (schema.org): written for machines, about one article, with a kind for everything;
2. meta elements: Open Graph, Dublin Core, Highwire's citation_, those of Parse.ly and Sailthru;
3. attributes in the page: itemprop, rel=author, time;
4. the head of the article's text (`kg.document.heading`), as in plain text.

The language is that of the root element first, which browsers go by. Dates of changes, dates in
addresses and in the running text are no dates of publication.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.document.heading import Heading, heading
from kg.document.lines import language, said
from kg.document.linked import Linked, linked
from kg.document.people import byline, is_person, plain
from kg.document.stated import address
from kg.edtf import Edtf
from kg.errors import InputError
from kg.model import Language, Part, When

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ISO_DATE: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,]\d{1,12})? ?(Z|[+-]\d\d:?\d\d)?)?"
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
    "citation_online_date",
    "citation_date",
    "publishdate",
    "publish-date",
    "publication_date",
    "pubdate",
    "dcterms.date",
    "dc.date",
    "date",
)
_AUTHOR_NAMES: Final = (
    "citation_author",
    "author",
    "article:author",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "twitter:creator",
)
_PUBLISHER_NAMES: Final = (
    "og:site_name",
    "article:publisher",
    "citation_publisher",
    "citation_journal_title",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
)
_SECTION_NAMES: Final = (
    "article:section",
    "og:article:section",
    "parsely-section",
    "articlesection",
    "section",
)
_TITLE_NAMES: Final = ("citation_title", "headline", "sailthru.title", "dc.title", "dcterms.title")
_CHANGED: Final = re.compile("updat|modif|chang|revis", re.IGNORECASE)
_POSTED: Final = re.compile(
    "publi|posted|entry-date|dateline|post-date|date-created", re.IGNORECASE
)
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The text of an article, and what its page says of it."""

    text: str
    headline: str | None
    author: tuple[str, ...]
    publisher: str | None
    published: When | None
    retrieved: When | None
    section: str | None
    language: str | None
    url: str | None
    parts: tuple[Part, ...]


def parse(markup: str, name: str) -> Page:
    """The article of an HTML page; nothing is fetched. `name` is what a message calls the page."""
    import logging
    import warnings

    import trafilatura

    # What these say of a page goes to logs that nobody reads; the fault is reported here.
    for logger in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(logger).setLevel(logging.CRITICAL + 1)
    # An XML declaration would make lxml decode what is decoded already.
    declared = _DECLARATION.match(markup)
    markup = markup[declared.end() :] if declared else markup
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = trafilatura.load_html(markup)
            stated = _stated(tree) if tree is not None else None
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
            raise InputError(f"{name}: its HTML cannot be read: {error}") from None
    if stated is None or found is None or isinstance(found, dict) or not (body := found.text):
        raise InputError(
            f"{name}: no article found in the page", hint="save its text as a .txt file"
        )
    return _page(body, stated, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """What the elements of a page state, taken before the text is cut out of it."""

    linked: Linked
    metas: tuple[tuple[str, str], ...]
    title: str | None
    author: tuple[str, ...]
    times: tuple[str, ...]
    language: str | None
    url: str | None


def _stated(tree: Any) -> _Stated:
    metas = tuple(_metas(tree))
    url = _url(tree, metas)
    scripts = [
        script.text or ""
        for script in tree.iter("script")
        if "ld+json" in (script.get("type") or "").lower()
    ]
    headings = [" ".join(one.itertext()).split() for one in tree.iter("h1")]
    titles = [" ".join(words) for words in headings if words]
    return _Stated(
        linked=linked(scripts, url),
        metas=metas,
        title=titles[0] if len(titles) == 1 else None,
        author=tuple(_marked_authors(tree)),
        times=tuple(_times(tree)),
        language=_language(tree, metas),
        url=url,
    )


def _page(body: str, stated: _Stated, found: Any) -> Page:
    link = stated.linked
    headline = _headline(stated, found)
    read: Heading = heading(body, headline)
    dates = (*link.published, *_values(stated.metas, _DATE_NAMES), *stated.times)
    published = next((date for value in dates if (date := edtf(value))), None)
    codes = [code for value in (link.language or "",) if (code := _code(value))]
    return Page(
        text=body,
        headline=headline or read.headline,
        author=_authors(stated, found) or read.author,
        publisher=said(link.publisher) or said(_publisher(stated, found)) or read.publisher,
        published=When(date=published) if published else read.published,
        retrieved=read.retrieved,
        section=said(link.section)
        or said(next(_values(stated.metas, _SECTION_NAMES), None))
        or read.section,
        language=stated.language or next(iter(codes), None) or language(body),
        url=stated.url or address(link.url or "") or read.url,
        parts=read.parts,
    )


def _headline(stated: _Stated, found: Any) -> str | None:
    """The headline; that of the page itself where metadata cut it short."""
    for value in (stated.linked.headline, *_values(stated.metas, _TITLE_NAMES), found.title):
        headline = said(value)
        if headline is None:
            continue
        short = headline.rstrip(".… ")
        if short != headline and stated.title and stated.title.startswith(short):
            return stated.title
        return headline
    return None


def _authors(stated: _Stated, found: Any) -> tuple[str, ...]:
    """The names of the authors, one by one."""
    given = [stated.linked.author]
    given += [tuple(_values(stated.metas, (name,))) for name in _AUTHOR_NAMES]
    given += [stated.author, tuple((found.author or "").split(";"))]
    for values in given:
        names = [name for value in values for name in _split(value)]
        if names:
            return tuple(dict.fromkeys(names))
    return ()


def _split(value: str) -> Iterator[str]:
    """Yield the names in what a page gives for an author: an address or a handle is none."""
    value = said(value) or ""
    if not value or "://" in value or value.startswith("@") or len(value) > 200:
        return
    found = byline(value) or byline(f"By {value}")
    if found is not None:
        yield from found.names
    elif is_person(value.removeprefix("By ")) or not value.lower().startswith("by "):
        yield plain(value)


def _publisher(stated: _Stated, found: Any) -> str | None:
    """Return the name of the site, unless it is only the host of its address."""
    host = (found.hostname or "").removeprefix("www.").lower()
    for name in (*_values(stated.metas, _PUBLISHER_NAMES), found.sitename or ""):
        if name and "://" not in name and name.lower().removeprefix("www.") != host:
            return name
    return None


def _values(metas: Iterable[tuple[str, str]], names: Iterable[str]) -> Iterator[str]:
    """Yield the contents of metas, in the order of the names."""
    metas = tuple(metas)
    for wanted in names:
        for name, content in metas:
            if name == wanted:
                yield content


def _metas(tree: Any) -> Iterator[tuple[str, str]]:
    """Yield the names, in small letters, and the contents of what a page says about itself."""
    for element in tree.iter("meta", "time"):
        content = (element.get("content") or element.get("datetime") or "").strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := element.get(key)):
                yield name.strip().lower(), content


def _times(tree: Any) -> Iterator[str]:
    """Yield what the time elements of a page say that are marked as the time of publication.

    Where none is marked and the page has one time only, that is it.
    """
    every: list[str] = []
    for element in tree.iter("time"):
        value = (element.get("datetime") or "").strip()
        marks = " ".join(element.get(key) or "" for key in ("class", "itemprop", "id", "property"))
        if value and not _CHANGED.search(marks):
            every.append(value)
            if element.get("pubdate") is not None or _POSTED.search(marks):
                yield value
    if len(set(every)) == 1:
        yield every[0]


def _marked_authors(tree: Any) -> Iterator[str]:
    """Yield the authors that a page marks by itemprop or rel."""
    marked = [
        one for one in tree.iter() if isinstance(one.tag, str) and one.get("itemprop") == "author"
    ]
    for one in marked:
        inner = [
            part
            for part in one.iter()
            if isinstance(part.tag, str) and part.get("itemprop") == "name"
        ]
        for part in inner or [one]:
            yield part.get("content") or " ".join(" ".join(part.itertext()).split())[:200]
    if not marked:
        for link in tree.iter("a"):
            if "author" in (link.get("rel") or "").lower().split():
                yield " ".join(" ".join(link.itertext()).split())[:200]


def edtf(value: str) -> Edtf | None:
    """Return a date as found in HTML, in EDTF.

    >>> edtf("2026-11-20 14:05:00.000+0900"), edtf("Fri, 20 Nov 2026 14:05:00 GMT")
    ('2026-11-20T14:05:00+09:00', '2026-11-20T14:05:00Z')
    """
    value = value.strip()[:80]
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
        from kg.document.moment import whole

        return whole(value)


def _language(tree: Any, metas: Iterable[tuple[str, str]]) -> str | None:
    """Return the language of a page as a BCP 47 code, if it states one."""
    root = tree.getroottree().getroot()
    named = dict(metas)
    stated = (
        root.get("lang"),
        root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        root.get("xml:lang"),
        named.get("content-language"),
        named.get("og:locale"),
    )
    return next((code for value in stated if (code := _code(value or ""))), None)


def _code(value: str) -> str | None:
    first, *rest = value.strip().replace("_", "-").split("-")
    code = "-".join((first.lower(), *rest))
    try:
        return str(Language(code))
    except ValueError:
        return None


def _url(tree: Any, metas: Iterable[tuple[str, str]]) -> str | None:
    """Return the address that a page gives for itself."""
    links = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    values = (*links, dict(metas).get("og:url", ""))
    return next((found for value in values if (found := address(value))), None)

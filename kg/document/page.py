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
from typing import TYPE_CHECKING, Any, Final

from kg.document.elements import Stated, code, elements
from kg.document.heading import Heading, heading
from kg.document.lines import key, language, said
from kg.document.people import byline, is_person, is_section, plain
from kg.document.stated import address
from kg.edtf import Edtf
from kg.errors import InputError
from kg.model import When

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
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]*\?>")


def parse(markup: str, name: str) -> tuple[str, Heading]:
    """The article of an HTML page, and what the page says of it; nothing is fetched.

    `name` is what a message calls the page.
    """
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
            stated, menu = None, False
            if tree is not None:
                menu = not _says(tree)
                _shorten(tree)
                stated = elements(tree)
                _tame(tree)
            found = _extracted(tree if tree is not None else markup)
            if tree is not None and found is not None and "\n" not in (found.text or ""):
                found = _in_lines(markup, found)
        except Exception as error:  # noqa: BLE001  # whatever a parser stumbles over in a page
            raise InputError(f"{name}: its HTML cannot be read: {error}") from None
    body = found.text if found is not None else None
    if stated is None or not body or menu:
        raise InputError(
            f"{name}: no article found in the page", hint="save its text as a .txt file"
        )
    return body, _about(body, stated, found)


def _extracted(tree: Any, smallest: int | None = None) -> Any:
    """What trafilatura finds in a page; it has other means for what is shorter than `smallest`."""
    import trafilatura
    from trafilatura.settings import DEFAULT_CONFIG, use_config

    config = DEFAULT_CONFIG
    if smallest is not None:
        config = use_config()
        config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(smallest)
    return trafilatura.bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        # Deduplication remembers what other pages had: never.
        deduplicate=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
        config=config,
    )


def _in_lines(markup: str, flat: Any) -> Any:
    """A short article with its paragraphs: trafilatura's means for those run all into one line."""
    import trafilatura

    if len(flat.text or "") > _FLAT:
        return flat
    tree = trafilatura.load_html(markup)
    _shorten(tree)
    _tame(tree)
    found = _extracted(tree, _BRIEF)
    text = found.text if found is not None else None
    return found if text and "\n" in text and len(text) > len(flat.text or "") / 2 else flat


_BRIEF: Final = 25
"""Characters of the shortest article: a sentence of five words."""
_FLAT: Final = 1_000
"""Longer than what trafilatura finds too short (250 characters) and puts into one line."""


def _says(tree: Any) -> bool:
    """Whether a page has words outside of its menus: a page of menus alone has no article."""
    from lxml import etree

    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        hidden = element.tag in _UNSAID
        words = element.tail if event == "end" else "" if hidden else element.text
        if words and not words.isspace() and isinstance(element.tag, str):
            return True
        if event == "start" and hidden:
            walk.skip_subtree()
    return False


_UNSAID: Final = frozenset({"head", "nav", "noscript", "script", "style", "template"})


def _shorten(tree: Any) -> None:
    """Take out of the head of a page what is too long for a name, a title, a date or an address.

    The time that trafilatura takes over the name of an author grows with the square of its length.
    """
    for element in tree.iter("meta"):
        if len(element.get("content") or "") > _LONGEST:
            element.set("content", "")
    for element in tree.iter("script"):
        if element.text and "ld+json" in (element.get("type") or "").lower():
            element.text = _STRING.sub(_emptied, element.text)


_LONGEST: Final = 500
_STRING: Final = re.compile(
    r'(?P<key>"[A-Za-z@:]{1,40}"\s*+:\s*+)?"(?P<value>[^"\\]*+(?:\\.[^"\\]*+)*)"', re.DOTALL
)
"""A string of JSON, with the key that it is the value of."""
_BODIES: Final = frozenset({"articlebody", "text"})


def _emptied(string: re.Match[str]) -> str:
    key = string["key"] or ""
    if len(string["value"]) <= _LONGEST or key.rstrip(": \t\r\n").strip('"').lower() in _BODIES:
        return string[0]
    return f'{key}""'


def _tame(tree: Any) -> None:
    """Take the `<` out of JSON-LD that has many: trafilatura looks for the end of each tag to the last."""
    for element in tree.iter("script"):
        if element.text and len(_OPENING.findall(element.text)) > _TAGS:
            element.text = _OPENING.sub(" ", element.text)


_OPENING: Final = re.compile(r"<|\\u003c", re.IGNORECASE)
_TAGS: Final = 1_000
"""More than an article in HTML has, and few enough to be looked at in no time."""


def _about(body: str, stated: Stated, found: Any) -> Heading:
    link = stated.linked
    headline = _headline(stated, found)
    read = heading(body, headline)
    dates = (*link.published, *_values(stated.metas, _DATE_NAMES), *stated.times)
    published = next((date for value in dates if (date := edtf(value))), None)
    spoken = code(link.language or "")
    return Heading(
        headline=headline or read.headline,
        author=_authors(stated, found) or read.author,
        publisher=said(link.publisher)
        or said(_publisher(stated, found))
        or read.publisher
        or said(_site(stated)),
        published=When(date=published) if published else read.published,
        retrieved=read.retrieved,
        section=said(link.section)
        or said(next(_values(stated.metas, _SECTION_NAMES), None))
        or read.section,
        language=stated.language or spoken or language(body),
        url=stated.url or address(link.url or "") or read.url,
        parts=read.parts,
    )


def _headline(stated: Stated, found: Any) -> str | None:
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


def _authors(stated: Stated, found: Any) -> tuple[str, ...]:
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


def _publisher(stated: Stated, found: Any) -> str | None:
    """Return the name of the site, unless it is only the host of its address."""
    host = (found.hostname or "").removeprefix("www.").lower()
    for name in (*_values(stated.metas, _PUBLISHER_NAMES), found.sitename or ""):
        if name and "://" not in name and name.lower().removeprefix("www.") != host:
            return name
    return None


def _site(stated: Stated) -> str | None:
    """The name of the site behind the headline, in the title of a window: `Boat sinks | The Gull`."""
    title, window = stated.title or "", stated.window or ""
    if not title or not key(window).startswith(key(title)):
        return None
    _, *pieces = _BEHIND.split(window[len(title) :])
    name = pieces[-1] if pieces else ""
    plausible = name[:1].isupper() and len(name.split()) <= 5 and not name.endswith((".", "…"))
    return name if plausible and not is_section(name) and not is_person(name) else None


_BEHIND: Final = re.compile(r" ?[|·•»] ?| (?:[–—-]|::) ")


def _values(metas: Iterable[tuple[str, str]], names: Iterable[str]) -> Iterator[str]:
    """Yield the contents of metas, in the order of the names."""
    metas = tuple(metas)
    for wanted in names:
        for name, content in metas:
            if name == wanted:
                yield content


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

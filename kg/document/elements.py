"""What the elements of an HTML page state, apart from its text: meta, time, h1, rel, itemprop, lang."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.document.linked import Linked, linked
from kg.document.stated import address
from kg.model import Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHANGED: Final = re.compile("updat|modif|chang|revis", re.IGNORECASE)
_POSTED: Final = re.compile(
    "publi|posted|entry-date|dateline|post-date|date-created", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the elements of a page state, taken before the text is cut out of it.

    `title` is the heading of the first level, `window` what a browser shows above the page.
    """

    linked: Linked
    metas: tuple[tuple[str, str], ...]
    title: str | None
    window: str | None
    author: tuple[str, ...]
    times: tuple[str, ...]
    language: str | None
    url: str | None


def elements(tree: Any) -> Stated:
    """What the elements of a page state."""
    metas = tuple(_metas(tree))
    url = _url(tree, metas)
    scripts = [
        script.text or ""
        for script in tree.iter("script")
        if "ld+json" in (script.get("type") or "").lower()
    ]
    headings = [" ".join(one.itertext()).split() for one in tree.iter("h1")]
    titles = [" ".join(words) for words in headings if words]
    return Stated(
        linked=linked(scripts, url),
        metas=metas,
        title=titles[0] if len(titles) == 1 else None,
        window=" ".join((tree.findtext(".//title") or "").split()[:100]) or None,
        author=tuple(_marked_authors(tree)),
        times=tuple(_times(tree)),
        language=_language(tree, metas),
        url=url,
    )


def code(value: str) -> str | None:
    """The BCP 47 code that a language or a locale is stated by; none where it is no code.

    >>> code("en_GB"), code("English, mostly")
    ('en-GB', None)
    """
    first, *rest = value.strip().replace("_", "-").split("-")
    tag = "-".join((first.lower(), *rest))
    try:
        return str(Language(tag))
    except ValueError:
        return None


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
    return next((tag for value in stated if (tag := code(value or ""))), None)


def _url(tree: Any, metas: Iterable[tuple[str, str]]) -> str | None:
    """Return the address that a page gives for itself."""
    links = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    values = (*links, dict(metas).get("og:url", ""))
    return next((found for value in values if (found := address(value))), None)

"""Records in JSON: JSON Lines, JSON Feed, and files with one record or a list of them.

A record is an object, with these keys (capitals, `_` and `-` make no difference; of several the first
one here that says something counts):

::

    text        text, articlebody, body, bodytext, maintext, fulltext, contenttext, content
    HTML        html, contenthtml, bodyhtml, rawhtml
    headline    headline, title
    published   published, datepublished, publishedat, publicationdate, publisheddate, pubdate,
                publishdate, datepublish, webpublicationdate, date
    url         url, link, permalink, canonicalurl, weburl, externalurl
    author      authors, author, byline, creator
    publisher   publisher, publication, outlet, newspaper, sitename, sourcename, source
    section     section, articlesection, sectionname, category
    language    language, lang, inlanguage
    retrieved   retrieved, retrievedat, datedownload, crawled, crawledat, crawldate, fetchedat, scrapedat
    id          id, guid, uuid, articleid

A text may be a list of paragraphs; one in `content` or `body` that has HTML's tags in it is HTML. A
name may be an object with a `name` or `title`. A feed's items have a `summary` where they have no text.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Final

from kg.intake.moment import edtf
from kg.intake.raw import Fault, Raw, named
from kg.intake.stated import language, names, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.edtf import Edtf

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        *("text", "articlebody", "body", "bodytext", "maintext"),
        *("fulltext", "contenttext", "content"),
    ),
    "html": ("html", "contenthtml", "bodyhtml", "rawhtml"),
    "headline": ("headline", "title"),
    "published": (
        *("published", "datepublished", "publishedat", "publicationdate", "publisheddate"),
        *("pubdate", "publishdate", "datepublish", "webpublicationdate", "date"),
    ),
    "url": ("url", "link", "permalink", "canonicalurl", "weburl", "externalurl"),
    "author": ("authors", "author", "byline", "creator"),
    "publisher": (
        *("publisher", "publication", "outlet", "newspaper", "sitename", "sourcename", "source"),
    ),
    "section": ("section", "articlesection", "sectionname", "category"),
    "language": ("language", "lang", "inlanguage"),
    "retrieved": (
        *("retrieved", "retrievedat", "datedownload", "crawled", "crawledat", "crawldate"),
        *("fetchedat", "scrapedat"),
    ),
    "id": ("id", "guid", "uuid", "articleid"),
}
"""The keys of a record for each thing that can be stated, in the order in which they count."""
_LISTS: Final = ("items", "articles")
_MARKUP: Final = re.compile(
    r"<(?:p|div|br|h[1-6]|article|section|html|ul|ol|span|blockquote)\b[^<>]*>", re.IGNORECASE
)
_WHOLE_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_NO_TEXT: Final = "has no text under any of the keys known"
_KNOWN: Final = f"such as {', '.join(KEYS['text'][:4])}, {', '.join(KEYS['html'][:2])}"


def lines(
    stream: IO[bytes], *, place: str, limit: int, retrieved: Edtf | None = None
) -> Iterator[Raw | Fault]:
    """The articles of JSON Lines, one line in memory at a time.

    A line of JSON may take a few more bytes than the article in it: `limit` is for the article, and the
    line may have six times as many, as `\\u00e9` takes six bytes.
    """
    longest = 6 * limit + 100_000
    number = 0
    while line := stream.readline(longest + 1):
        number += 1
        where = f"{place}:{number}"
        if len(line) > longest and not line.endswith(b"\n"):
            while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
                pass
            yield Fault(place=where, message=f"a line of more than {longest:,} bytes")
            continue
        line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not line.strip():
            continue
        found = _parsed(line.rstrip(b"\r\n"), where)
        yield (
            found
            if isinstance(found, Fault)
            else record(found[0], place=where, retrieved=retrieved)
        )


def objects(data: bytes, *, place: str, retrieved: Edtf | None = None) -> Iterator[Raw | Fault]:
    """The articles of a JSON file: of a JSON Feed, of a list of records, or the one that it is."""
    parsed = _parsed(data.removeprefix(b"\xef\xbb\xbf"), place)
    if isinstance(parsed, Fault):
        yield parsed
        return
    value = parsed[0]
    publisher = tongue = None
    if isinstance(value, dict) and "jsonfeed.org/version" in str(value.get("version"))[:100]:
        publisher = words(_string(value.get("title")))
        tongue = language(value.get("language"))
    many = value if isinstance(value, list) else _list(value)
    if many is None:
        yield record(value, place=place, retrieved=retrieved)
        return
    if not many:
        yield Fault(place=place, message="a list without articles")
    for number, item in enumerate(many, 1):
        found = record(item, place=f"{place}: item {number}", retrieved=retrieved)
        if isinstance(found, Raw):
            found = replace(
                found,
                publisher=found.publisher or publisher,
                language=found.language or tongue,
            )
        yield found


def record(value: object, *, place: str, retrieved: Edtf | None = None) -> Raw | Fault:
    """The article in a record."""
    if not isinstance(value, dict):
        return Fault(place=place, message="not an object", hint="a record is {…} with a text in it")
    known = {re.sub("[_-]", "", str(key)).lower(): part for key, part in reversed(value.items())}
    text, media = _body(known)
    if not text.strip():
        return Fault(place=place, message=_NO_TEXT, hint=_KNOWN)
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        return Fault(
            place=place, message=f"character {error.start} of its text is half of a surrogate pair"
        )
    headline = _line(_first(known, "headline"))
    url = _address(known)
    return Raw(
        name=named(headline, url, _string(_first(known, "id"))),
        place=place,
        content=content,
        media=f"{media}; charset=utf-8",
        url=url,
        retrieved=next(_dates(known, "retrieved"), retrieved),
        headline=headline,
        author=_authors(known),
        publisher=_publisher(known),
        published=next(_dates(known, "published"), None),
        section=words(_string(_first(known, "section"))),
        language=language(_string(_first(known, "language"))),
    )


def _parsed(data: bytes, place: str) -> tuple[object] | Fault:
    """The value of a JSON text, in a tuple since None is one."""
    try:
        return (json.loads(data.decode()),)
    except UnicodeDecodeError as error:
        return Fault(
            place=place,
            message=f"not UTF-8: byte 0x{data[error.start]:02X} at {error.start}",
            hint="JSON is always in UTF-8",
        )
    except RecursionError:
        return Fault(place=place, message="not JSON that can be read: nested too deep")
    except json.JSONDecodeError as error:
        at = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}"
        return Fault(place=place, message=f"not JSON: {error.msg}, {at}")
    except ValueError:  # a number of thousands of digits
        return Fault(place=place, message="not JSON that can be read: a number is too long")


def _list(value: object) -> list[object] | None:
    """The records in an object that wraps them, if it is no record itself."""
    if isinstance(value, dict) and not any(key in value for key in ("text", "body", "content")):
        return next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
    return None


def _first(known: Mapping[str, Any], what: str) -> Any:
    return next((known[key] for key in KEYS[what] if known.get(key)), None)


def _string(value: object) -> str:
    """What a value says: an object by its name, a list by its first."""
    for _ in range(4):
        if isinstance(value, dict):
            value = next(
                (value[key] for key in ("rendered", "name", "title", "value") if value.get(key)), ""
            )
        elif isinstance(value, list):
            value = value[0] if value else ""
    return str(value) if isinstance(value, (str, int, float)) and value is not True else ""


def _line(value: object) -> str | None:
    """A headline without markup; WordPress has its own with characters of HTML."""
    return words(html.unescape(_WHOLE_TAG.sub("", _string(value))))


def _body(known: Mapping[str, Any]) -> tuple[str, str]:
    """The text, and whether it is plain or HTML."""
    for key in KEYS["text"]:
        value = known.get(key)
        if isinstance(value, (int, float)):
            continue  # a length or an id, no text
        if isinstance(value, list):
            if not all(isinstance(part, (str, dict)) for part in value):
                continue  # numbers in a list are no text either
            if all(isinstance(part, str) for part in value):
                value = "\n\n".join(value)
        if (text := _string(value)).strip():
            # Many write the HTML of an article under a name as plain as "content".
            is_html = key in {"content", "body", "articlebody"} and bool(_MARKUP.search(text))
            return text, "text/html" if is_html else "text/plain"
    if (text := _string(_first(known, "html"))).strip():
        return text, "text/html"
    return _string(known.get("summary")), "text/plain"


def _address(known: Mapping[str, Any]) -> str | None:
    found = (_string(known.get(key)).strip() for key in (*KEYS["url"], *KEYS["id"]))
    return next((url for url in found if _ADDRESS.fullmatch(url)), None)


def _authors(known: Mapping[str, Any]) -> tuple[str, ...]:
    value = _first(known, "author")
    many = value if isinstance(value, list) else [value]
    found = [name for one in many[:100] for name in names(_string(one)) if not _ADDRESS.match(name)]
    return tuple(dict.fromkeys(found))


def _publisher(known: Mapping[str, Any]) -> str | None:
    """The name of who published it; an address is no name."""
    found = (words(_string(known.get(key))) for key in KEYS["publisher"])
    return next((name for name in found if name and not _ADDRESS.match(name)), None)


def _dates(known: Mapping[str, Any], what: str) -> Iterator[Edtf]:
    for key in KEYS[what]:
        value = known.get(key)
        if date := edtf(value if isinstance(value, (int, float)) else _string(value)):
            yield date

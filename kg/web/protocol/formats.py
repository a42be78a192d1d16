"""The formats in which things, graphs and terms are served as data, and how clients learn of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from kg.web.protocol.negotiation import chosen
from kg.web.readers.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence


class Format(NamedTuple):
    """A format by the extension of its files; `form` is what `-f` of the program calls it.

    `name` is what it is called below https://www.w3.org/ns/formats/.
    """

    extension: str
    media_type: str
    form: str
    title: str
    name: str = ""


def _table(*formats: Format) -> dict[str, Format]:
    return {each.extension: each for each in formats}


FORMATS: Final = _table(
    Format("ttl", "text/turtle", "ttl", "Turtle", "Turtle"),
    Format("trig", "application/trig", "trig", "TriG", "TriG"),
    Format("nt", "application/n-triples", "nt", "N-Triples", "N-Triples"),
    Format("jsonld", "application/ld+json", "jsonld", "JSON-LD", "JSON-LD"),
    Format("rdf", "application/rdf+xml", "rdfxml", "RDF/XML", "RDF_XML"),
)
"""The formats of a graph; the first is what those get who take anything: programs ask for data."""
ONE_GRAPH: Final = _table(*(each for each in FORMATS.values() if each.extension != "trig"))
"""Those that have no room for the name of a graph."""
TRUTH: Final = _table(
    Format("json", "application/json", "json", "JSON"),
    Format("srj", "application/sparql-results+json", "json", "SPARQL JSON", "SPARQL_Results_JSON"),
    Format("srx", "application/sparql-results+xml", "xml", "SPARQL XML", "SPARQL_Results_XML"),
)
"""The formats of a yes or no; the first is our own where a stored query is answered."""
ROWS: Final = TRUTH | _table(
    Format("csv", "text/csv", "csv", "CSV", "SPARQL_Results_CSV"),
    Format("tsv", "text/tab-separated-values", "tsv", "TSV", "SPARQL_Results_TSV"),
)
"""The formats of rows."""
DATASETS: Final = _table(
    FORMATS["trig"], Format("nq", "application/n-quads", "nq", "N-Quads", "N-Quads")
)
"""The formats of the whole, which has named graphs."""
PAGE: Final = "text/html"
_ALSO: Final = {
    "application/json": FORMATS["jsonld"].media_type,
    "text/plain": FORMATS["nt"].media_type,  # as clients of the first RDF ask for it
}
"""What some clients call formats of a graph."""
_BY_TYPE: Final = {each.media_type: each.extension for each in FORMATS.values()}
_EXTENSIONS: Final = (
    _BY_TYPE
    | {PAGE: "html", "application/xhtml+xml": "html"}
    | {name: _BY_TYPE[media_type] for name, media_type in _ALSO.items()}
)
LIMIT, CUT, LEFT_OUT = "Kg-Row-Limit", "Kg-Truncated", "Kg-Left-Out"
"""The headers of rows: how many there can be, that there are more, what is left out as of a date."""


def wanted(accept: str | None) -> str:
    """The extension of what is accepted: a format, or `html` for the page. Raises Refused (406).

    >>> wanted("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"), wanted("application/rdf+xml"), wanted(None)
    ('html', 'rdf', 'ttl')
    """
    return _EXTENSIONS[chosen(accept, list(_EXTENSIONS))]


def of_graph(accept: str | None, offered: Sequence[str]) -> str:
    """The media type of a graph, among those on offer, that is accepted. Raises Refused (406).

    >>> of_graph("application/json", ["text/turtle", "application/ld+json"])
    'application/ld+json'
    """
    also = [name for name, media_type in _ALSO.items() if media_type in offered]
    best = chosen(accept, [*offered, *also])
    return best if best in offered else _ALSO[best]


def asked(path: str, accept: str | None) -> str:
    """What is accepted as `wanted` has it; where that is nothing, what the extension of the path says.

    >>> asked("id/actor/japan.ttl", "image/png")
    'ttl'
    """
    try:
        return wanted(accept)
    except Refused:
        extension = split(path)[1]
        if extension is None:
            raise
        return extension


def split(path: str) -> tuple[str, str | None]:
    """A path without its extension, and that, where it is one of a format or of pages.

    >>> split("id/actor/japan.ttl"), split("id/agent/newskg/0.1.0")
    (('id/actor/japan', 'ttl'), ('id/agent/newskg/0.1.0', None))
    """
    name, dot, extension = path.rpartition(".")
    return (
        (name, extension) if dot and (extension in FORMATS or extension == "html") else (path, None)
    )


def sent(path: str) -> str:
    """A path as it stands in addresses and headers: ASCII, what is encoded already left as it is.

    >>> sent("id/actor/shinzō"), sent("id/date/2014%2F2016")
    ('id/actor/shinz%C5%8D', 'id/date/2014%2F2016')
    """
    return quote(path, safe="%/:?#[]@!$&'()*+,;=~")


_ENCODED: Final = re.compile("(?:%[0-9A-Fa-f]{2})+")


def spellings(path: str) -> list[str]:
    """A path as it came, and as IRIs are usually written: letters of all scripts not encoded.

    >>> spellings("id/actor/shinz%C5%8D%2f1")
    ['id/actor/shinz%C5%8D%2f1', 'id/actor/shinzō%2F1']
    """

    def plain(found: re.Match[str]) -> str:
        try:
            text = bytes.fromhex(found[0].replace("%", "")).decode()
        except UnicodeDecodeError:
            return found[0].upper()
        return "".join(
            c if c > "\x9f" or c.isalnum() or c in "-._~" else f"%{ord(c):02X}" for c in text
        )

    found = [path, _ENCODED.sub(plain, path)]
    if re.fullmatch(r"id/[a-z]+%2F[^/]+", path, re.IGNORECASE):
        # Who puts the id of an entity, actor/japan, into an address encodes its slash.
        found += [each.replace("%2F", "/", 1) for each in list(found)]
    return list(dict.fromkeys(found))


def alternates(inside: str) -> list[tuple[str, str, str]]:
    """The data about a thing or a graph: media type, path and title of each format.

    >>> alternates("id/actor/japan")[0]
    ('text/turtle', 'data/id/actor/japan.ttl', 'Turtle')
    """
    return beside(f"data/{inside}")


def beside(path: str) -> list[tuple[str, str, str]]:
    """The data that stand beside a page, under its own path with an extension."""
    return [
        (each.media_type, f"{sent(path)}.{each.extension}", each.title) for each in FORMATS.values()
    ]

"""Reading Wikidata's truthy dumps: N-Triples, the statements of the best rank without their details.

What they lack: the precision of dates. Midnight of 1 January is how they write a year and that of
the first of a month how they write a month, so both are read so: rather vaguer than the truth than
more exact. Sitelinks are counted where the file has them, as the links or as their number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import orjson

from kg.link.entity import IN_ALL, MULTIPLE, PER_PROPERTY, RELATED, articles
from kg.link.item import Item
from kg.vocab import WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Collection

_ENTITY: Final = b"<http://www.wikidata.org/entity/"
_DATA: Final = b"<https://www.wikidata.org/wiki/Special:EntityData/"
_ABOUT: Final = b" <http://schema.org/about> <http://www.wikidata.org/entity/"
_DIRECT: Final = b"<http://www.wikidata.org/prop/direct/"
_LABEL: Final = b"<http://www.w3.org/2000/01/rdf-schema#label>"
_ALIAS: Final = b"<http://www.w3.org/2004/02/skos/core#altLabel>"
_DESCRIPTION: Final = b"<http://schema.org/description>"
_SITELINKS: Final = b"<http://wikiba.se/ontology#sitelinks>"
_SAME: Final = b"<http://www.w3.org/2002/07/owl#sameAs>"
_TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')
_ESCAPE: Final = re.compile(rb"\\U([0-9A-Fa-f]{8})|\\(.)")
_DATE: Final = re.compile(rb'"(-?\d{4,})-(\d\d)-(\d\d)T')
_NUMBER: Final = re.compile(rb'"\+?(\d+)"')
_POINT: Final = re.compile(rb'"Point\((-?[\d.E+-]+) (-?[\d.E+-]+)\)"', re.IGNORECASE)
_TRIPLE: Final = re.compile(rb"(?:<[^>]*>|_:\S+) <[^>]*> .+\.")
_ARTICLE: Final = re.compile(rb"<https?://([a-z-]+)\.wikipedia\.org/")
_DATES: Final = {
    b"P569": ("born", 0),
    b"P570": ("died", 0),
    b"P571": ("began", 0),
    b"P580": ("began", 1),
    b"P585": ("began", 2),
    b"P577": ("began", 3),
    b"P576": ("ended", 0),
    b"P582": ("ended", 1),
}
_RELATED: Final = {name.encode(): place for place, name in enumerate(RELATED)}


def subject(line: bytes) -> bytes | None:
    """Return the entity that a line says something of; None for an entity's own small parts.

    >>> subject(b'<http://www.wikidata.org/entity/Q900000001> <http://e.org/p> "x" .')
    b'Q900000001'
    """
    for start in (_ENTITY, _DATA):
        if line.startswith(start):
            return line[len(start) : line.find(b">", len(start))]
    at = line.find(_ABOUT)
    if at < 0:
        return None
    return line[at + len(_ABOUT) : line.find(b">", at + len(_ABOUT))]


class Statements:
    """What a truthy dump says of one entity, line by line."""

    def __init__(self, entity: bytes, languages: Collection[str]) -> None:
        self.entity = entity.decode()
        self.redirect: str | None = None
        self.superclasses: list[str] = []
        self._languages = frozenset(languages) | {MULTIPLE} if languages else None
        self._order = tuple(languages)
        self._labels: dict[str, str] = {}
        self._descriptions: dict[str, str] = {}
        self._aliases: dict[str, list[str]] = {}
        self._classes: list[str] = []
        self._related: list[list[str]] = [[] for _ in RELATED]
        self._dates: dict[str, tuple[int, str]] = {}
        self._coordinates: tuple[float, float] | None = None
        self._articles: list[str] = []
        self._sitelinks: int | None = None

    def add(self, line: bytes) -> None:
        """Take in a line; ValueError says what is wrong with it.

        Lines are split, not parsed, as most say nothing of use: 0.7 million a second with all that
        is made of them, where pyoxigraph takes half of that time before anything is made of them.
        """
        if not line.startswith(_ENTITY):
            if not _TRIPLE.fullmatch(line):
                raise ValueError("this is no N-Triple")
            if found := _ARTICLE.match(line):
                self._articles.append(found[1].decode() + "wiki")
            elif _SITELINKS in line and (number := _NUMBER.search(line)):
                self._sitelinks = int(number[1])
            return
        _, _, rest = line.partition(b" ")
        predicate, space, value = rest.partition(b" ")
        if not space or not value.endswith(b"."):
            raise ValueError("this is no N-Triple")
        if predicate.startswith(_DIRECT):
            self._state(predicate[len(_DIRECT) : -1], value)
        elif predicate == _LABEL:
            self._text(self._labels, value)
        elif predicate == _DESCRIPTION:
            self._text(self._descriptions, value)
        elif predicate == _ALIAS:
            language, text = self._read(value)
            if text is not None:
                self._aliases.setdefault(language, []).append(text)
        elif predicate == _SITELINKS and (number := _NUMBER.match(value)):
            self._sitelinks = int(number[1])
        elif predicate == _SAME and value.startswith(_ENTITY):
            self.redirect = _item(value)

    def item(self) -> Item | None:
        """Return the item that has been read; None for what is no item."""
        if not self.entity.startswith("Q") or self.redirect:
            return None
        dates = {name: date for name, (_, date) in self._dates.items()}
        related = (
            item for items in self._related for item in [*dict.fromkeys(items)][:PER_PROPERTY]
        )
        return Item(
            id=self.entity,
            iri=WIKIDATA + self.entity,
            labels=self._filled(self._labels),
            aliases={language: tuple(texts) for language, texts in self._aliases.items()},
            descriptions=self._filled(self._descriptions),
            classes=tuple(dict.fromkeys(self._classes)),
            related=tuple(dict.fromkeys(related))[:IN_ALL],
            born=dates.get("born"),
            died=dates.get("died"),
            began=dates.get("began"),
            ended=dates.get("ended"),
            coordinates=self._coordinates,
            sitelinks=articles(self._articles) if self._sitelinks is None else self._sitelinks,
        )

    def _state(self, stated: bytes, value: bytes) -> None:
        """Take in a statement."""
        if stated in _RELATED or stated in {b"P31", b"P279"}:
            named = _item(value)
            if named:
                if stated == b"P31":
                    self._classes.append(named)
                elif stated == b"P279":
                    self.superclasses.append(named)
                else:
                    self._related[_RELATED[stated]].append(named)
        elif stated in _DATES:
            self._date(stated, value)
        elif stated == b"P625" and self._coordinates is None and (found := _POINT.match(value)):
            self._coordinates = (float(found[2]), float(found[1]))

    def _date(self, stated: bytes, value: bytes) -> None:
        """Take in a date, of which some properties say it better than others; the first one counts."""
        name, place = _DATES[stated]
        found = _date(value)
        if not found:
            return
        if name not in self._dates or place < self._dates[name][0]:
            self._dates[name] = (place, found)
        if stated == b"P585":  # what is at a point in time ends there, unless its end is stated
            self._dates.setdefault("ended", (place, found))

    def _text(self, texts: dict[str, str], value: bytes) -> None:
        """Take in a label or a description."""
        language, text = self._read(value)
        if text is not None:
            texts[language] = text

    def _read(self, value: bytes) -> tuple[str, str | None]:
        """Return a text and its language; None in place of the text where nobody asks for it."""
        end = value.rfind(b'"@')
        if end < 0:
            raise ValueError("a text in a language was expected")
        language = value[end + 2 : value.find(b" ", end)].decode().lower()
        if self._languages is not None and language not in self._languages:
            return language, None
        if not _TEXT.fullmatch(value[: end + 1]):
            raise ValueError("a text in a language was expected")
        return language, _unescaped(value[: end + 1])

    def _filled(self, texts: dict[str, str]) -> dict[str, str]:
        """Return texts with that which holds in all languages in the place of those that lack one."""
        if not self._order or MULTIPLE not in texts:
            return texts
        found = {name: texts.get(name, texts[MULTIPLE]) for name in self._order if name != MULTIPLE}
        return found or texts


def _item(value: bytes) -> str | None:
    """Return the item that an IRI names."""
    if not value.startswith(_ENTITY + b"Q"):
        return None
    return value[len(_ENTITY) : value.find(b">")].decode()


def _date(value: bytes) -> str | None:
    """Return a date as EDTF, as vague as it may be meant."""
    found = _DATE.match(value)
    if not found:
        return None
    year, month, day = found[1].decode(), found[2].decode(), found[3].decode()
    if len(year.lstrip("-")) > 4:
        return f"Y{int(year)}"
    if day in {"00", "01"}:
        return year if month in {"00", "01"} else f"{year}-{month}"
    return f"{year}-{month}-{day}"


def _unescaped(quoted: bytes) -> str:
    """Return the text of a literal of N-Triples, whose escapes are those of JSON and two more."""
    if b"\\U" in quoted or b"\\'" in quoted:
        quoted = _ESCAPE.sub(
            lambda m: chr(int(m[1], 16)).encode() if m[1] else b"'" if m[2] == b"'" else m[0],
            quoted,
        )
    text: str = orjson.loads(quoted)
    return text

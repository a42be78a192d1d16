"""What single lines of a text state of the article: labels, bylines, dates, rights.

A `Stated` is filled line by line; the first line that states something is believed, but for the
publisher, whom some lines name more surely than others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.document import moment, noise
from kg.document.labels import LABELS, PUBLISHED, RETRIEVED, STARTS, UPDATED, date
from kg.document.lines import PARAGRAPH
from kg.document.people import (
    Byline,
    bare,
    byline,
    is_desk,
    is_outlet,
    is_person,
    is_section,
)
from kg.model import Iri, When

if TYPE_CHECKING:
    from kg.edtf import Edtf
    from kg.model import PartKind

_FIELD: Final = re.compile(
    r"(headline|title|section|category|publisher|publication|source|url|link|web address)\s*:\s*",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"https?://[^\x00-\x20<>\"{}|^`\\]{4,500}", re.IGNORECASE)
_TOWN: Final = re.compile(r"[A-Z][\w.'’-]{1,30}(?: [A-Z][\w.'’-]{1,30}){0,3}")
_SEGMENT: Final = re.compile(r"\s*[|•·]\s*|\s+[–—-]{1,2}\s+|\t+\s*")
_BEFORE: Final = re.compile(r"\b(?:on|published|posted|updated|date|at)$", re.IGNORECASE)
_AFTER: Final = re.compile(r"^[\s,|•·–—-]+")
_COLON: Final = re.compile(r"^[\s,:|•·–—-]+")
_CHANGED: Final = re.compile(r"\b(?:updated|modified)\s*:?\s*$", re.IGNORECASE)
_HOLDER: Final = re.compile(
    r"(?:(?:©|\(c\)|copyright|copr\.|℗)\s*){1,3}:?\s*"
    r"(?:(?:19|20)\d\d\s*(?:[-–—/,]\s*(?:19|20)?\d\d\s*)?[,.:]?\s*)?"
    r"(?:by\s+)?(?P<name>[^.,|;()\d\n]{2,60})",
    re.IGNORECASE,
)
_BEYOND: Final = re.compile(r"\s(?:all|some|via|and its|or its)\s", re.IGNORECASE)
_FIRST_IN: Final = re.compile(
    r"\b(?:first|originally|previously) (?:appeared|published|ran|posted) (?:in|on|at|by) "
    r"(?P<name>(?:the |The )?[A-Z][^.,;()]{1,60}?)(?= (?:on|in|and|under|as)\b|[.,;()]|$)"
)
_BELIEVED: Final = ("label", "rights", "title", "masthead", "agency", "source", "first")
"""What names a publisher, from the surest on: an agency may be quoted by whoever holds the rights."""


@dataclass(slots=True)
class Stated:
    """What the lines looked at so far have stated.

    `printed` has the dates that stand by themselves, each with the number of its line; `labelled`
    is the one that is called the date of publication. `title` is the line that is labelled so.
    """

    author: tuple[str, ...] = ()
    publishers: dict[str, str] = field(default_factory=dict)
    labelled: Edtf | None = None
    printed: list[tuple[int, Edtf]] = field(default_factory=list)
    retrieved: When | None = None
    section: str | None = None
    url: str | None = None
    title: tuple[int, str] | None = None

    def publisher(self) -> str | None:
        """The publisher, by the surest line that names one."""
        return next((self.publishers[how] for how in _BELIEVED if how in self.publishers), None)

    def wrote(self, found: Byline) -> None:
        """Note whom a byline names."""
        self.author = self.author or found.names
        if found.agency:
            self.publishers.setdefault("agency", found.agency)

    def kind(self, number: int, line: str) -> PartKind | None:
        """What a line is by its wording, wherever it stands."""
        if len(line) > noise.LONG:
            return None
        if len(line) <= PARAGRAPH and (kind := self._labelled(number, line)):
            return kind
        found = noise.kind(line)
        if found == "boilerplate":
            self._rights(line)
        return found

    def row(self, number: int, line: str) -> PartKind | None:
        """What a line of the head is with byline, date, section and paper in a row, and no more."""
        if len(line) > PARAGRAPH:
            return None
        split = _row(line)
        if split is None:
            return None
        when, segments = split
        people: list[Byline] = []
        papers: list[str] = []
        section = None
        for segment in segments:
            person = byline(segment) or (bare(segment) if when or people else None)
            if is_outlet(segment) or segment.lower() in noise.AGENCIES:
                papers.append(segment)
            elif person or is_desk(segment):
                people.append(person or Byline(()))
            elif is_section(segment):
                section = section or segment
            elif not (
                UPDATED.match(segment) or noise.kind(segment) or (when and _is_short(segment))
            ):
                return None
        if when is None and not people:
            return None
        for one in people:
            self.wrote(one)
        for paper in papers:
            self.publishers.setdefault("masthead", paper)
        self.section = self.section or section
        if when:
            self.printed.append((number, when))
        return "byline" if people else "date"

    def _labelled(self, number: int, line: str) -> PartKind | None:
        """What a line is by the label that it begins with."""
        if line[0].isdigit() or line[:3].lower() in STARTS or "|" in line:
            clock = moment.clock(line)
            if clock is not None:
                self.retrieved = self.retrieved or When(date=clock, basis="inferred")
                return "clock"
        if line[:2].lower() not in LABELS:
            return None
        if (found := RETRIEVED.match(line)) and (at := moment.whole(line[found.end() :])):
            self.retrieved = When(date=at)
            return "clock"
        if (found := UPDATED.match(line)) and moment.leading(line[found.end() :]):
            return "date"
        if (found := PUBLISHED.match(line)) and (when := date(line[found.end() :])):
            self.labelled = self.labelled or when
            return "date"
        return self._field(number, line)

    def _field(self, number: int, line: str) -> PartKind | None:
        """What a line of the form `Label: value` says."""
        found = _FIELD.match(line)
        value = line[found.end() :] if found else ""
        if not found or not value:
            return None
        label, words = found[1].lower(), len(value.split())
        if found_url := address(value):
            self.url = self.url or found_url
            return "navigation"
        if label in {"section", "category"} and words <= 5:
            self.section = self.section or value
            return "section"
        if label in {"publisher", "publication"} and words <= 8:
            self.publishers.setdefault("label", value)
            return "credit"
        if label == "source" and (is_outlet(value) or value.lower() in noise.AGENCIES):
            self.publishers.setdefault("source", value)
            return "credit"
        if label in {"headline", "title"} and self.title is None:
            self.title = (number, value)
        return None

    def _rights(self, line: str) -> None:
        """Note whom a line of rights names as the publisher; a person is none."""
        found = _HOLDER.match(line)
        name = " ".join(found["name"].split()) if found else ""
        name = _BEYOND.split(f"{name} ", maxsplit=1)[0].strip(" -–—:")
        if (
            name[:1].isupper()
            and len(name.split()) <= 6
            and (is_outlet(name) or not is_person(name))
        ):
            self.publishers.setdefault("rights", name)
        elif first := _FIRST_IN.search(line):
            self.publishers.setdefault("first", first["name"].strip())


def _row(line: str) -> tuple[Edtf | None, list[str]] | None:
    """The date of a line and what stands around it, piece by piece; None where it cannot be a row."""
    when = None
    rest = line
    if found := moment.somewhere(line):
        exact = moment.leading(line[found.start :])
        when = exact.date if exact else found.date
        if _CHANGED.search(line[: found.start]):
            return None
        rest = _around(line, found.start, found.start + exact.end if exact else found.end)
    segments = [segment for segment in _SEGMENT.split(rest) if segment]
    return None if (when is None and len(segments) < 2) or len(segments) > 4 else (when, segments)


def is_signed(line: str) -> bool:
    """Whether a line begins with a byline that a date or the like stands behind.

    >>> is_signed("By Jo Hansen, 5 May 2024"), is_signed("By Monday, 5 May 2024, all was over")
    (True, False)
    """
    if len(line) > PARAGRAPH or line[:2].lower() not in SIGNS:
        return False
    split = _row(line)
    return split is not None and byline(split[1][0] if split[1] else "") is not None


SIGNS: Final = frozenset({"by", "wr", "re", "wo", "te", "st", "au"})
"""How the words begin that lead to a byline; a look at them spares the rest."""


def address(words: str) -> str | None:
    """The address that words are, if they are one that RDF can write.

    >>> address(" https://pier.example/a?b=c "), address("https://[pier"), address("pier.example")
    ('https://pier.example/a?b=c', None, None)
    """
    words = words.strip()
    if not _ADDRESS.fullmatch(words):
        return None
    try:
        return str(Iri(words))
    except ValueError:
        return None


def town_and_date(line: str) -> Edtf | None:
    """The date that a line is, alone or with a town before it.

    >>> town_and_date("Bergen, 3 June 2014"), town_and_date("The Pier Post, 3 June 2014")
    ('2014-06-03', None)
    """
    found = moment.somewhere(line) if len(line) <= PARAGRAPH else None
    if found is None:
        return None
    exact = moment.leading(line[found.start :])
    end = found.start + exact.end if exact else found.end
    if _around(line, found.start, end):
        return None
    return exact.date if exact else found.date


def _around(line: str, start: int, end: int) -> str:
    """What stands before and behind a date in a line; the town of `Bergen, 3 June 2014` is left out."""
    before = _unlabelled(line[max(0, start - PARAGRAPH) : start])
    after = _AFTER.sub("", line[end:])
    mark = line[len(before) : len(before) + 1]
    if mark in {",", ":"} and _TOWN.fullmatch(before) and not (is_outlet(before) or byline(before)):
        before = ""
    return f"{before} | {after}" if before and after else before or after


def _unlabelled(words: str) -> str:
    """What stands before a date without the word that leads to the date, and without marks at the end.

    >>> _unlabelled("Oslo – published on: "), _unlabelled("Ada Lind | Updated ")
    ('Oslo', 'Ada Lind')
    """
    # Backwards, since a pattern that looks for an end tries every place. "Published on" are two words.
    for marks in (_COLON, _AFTER):
        words = _BEFORE.sub("", marks.sub("", words[::-1])[::-1])
    return _AFTER.sub("", words[::-1])[::-1]


def _is_short(segment: str) -> bool:
    """Whether a piece of a line with a date may be a place, a section or a tag that nobody knows."""
    return len(segment.split()) <= 3 and not segment[0].islower() and not noise.ends(segment)

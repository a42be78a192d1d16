"""The head of a plain text: headline, byline, date, section, and what is not running text.

A text is read line by line. What its lines say by their wording (`kg.document.noise`,
`kg.document.stated`) holds anywhere; what only their place says, such as that two words above a
headline are a section, holds in the head: the lines above the first paragraph. Nothing is guessed
that is not printed: a day without a year is no date of publication, and a name in a copyright line
is no author.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.document import moment, noise
from kg.document.labels import PUBLISHED, RETRIEVED, UPDATED, dateline
from kg.document.lines import is_paragraph, joined, key, lines, said
from kg.document.people import (
    Byline,
    bare,
    byline,
    has_office,
    is_letterhead,
    is_office,
    is_outlet,
    is_section,
    plain,
)
from kg.document.speech import speakers
from kg.document.stated import Stated, address, is_signed, town_and_date
from kg.model import Part, PartKind, Span, When

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.document.lines import Line

HEAD: Final = 40
"""Lines that a head has at most; those with long menus above the headline come near it."""
_TITLE: Final = re.compile(r"\s+[|–—-]{1,2}\s+|\s+::\s+")
_ABOUT: Final = re.compile(
    r"(?:,[^,.]{1,80},)? (?:is|was|are|writes|covers|teaches|works|serves|reports)\b"
)
_STANDFIRST: Final = 2
"""Lines of a standfirst; more are paragraphs that happen to be short."""
_FURNITURE: Final = frozenset({"byline", "date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What is said about a text, by its own lines or its page; `parts` in the order of the text."""

    headline: str | None = None
    author: tuple[str, ...] = ()
    publisher: str | None = None
    published: When | None = None
    retrieved: When | None = None
    section: str | None = None
    language: str | None = None
    url: str | None = None
    parts: tuple[Part, ...] = ()


def heading(text: str, headline: str | None = None) -> Heading:
    """What a text says about itself, with its parts; `headline` where that is known from elsewhere."""
    return _Reader(text, headline).read()


class _Reader:
    """Reads one text; `kinds` has by line what it is, `top` the line of the headline, `body` the first."""

    def __init__(self, text: str, headline: str | None) -> None:
        self.text = text
        self.stated = Stated()
        self.lines = joined(lines(text))
        self.kinds: list[PartKind | None] = [
            self.stated.kind(i, line.text) for i, line in enumerate(self.lines)
        ]
        self.parts: list[Part] = []
        self.marked: list[Span] = []
        self.body = self._first_paragraph()
        self.top = -1
        self.headline = headline
        if headline is not None:
            wanted = key(headline)
            places = (i for i, line in enumerate(self.lines[:HEAD]) if key(line.text) == wanted)
            self.top = next(places, -1)
        elif self.stated.title is not None and self.stated.title[0] < self.body:
            self.top, self.headline = self.stated.title
        else:
            self.top = self._choose_headline()

    def read(self) -> Heading:
        if self.top >= 0:
            self._mark_headline()
        self._head()
        self._paragraphs()
        self._tail()
        published = self._published()
        return Heading(
            headline=said(self.headline),
            author=tuple(name for one in self.stated.author if (name := said(one))),
            publisher=said(self.stated.publisher()),
            published=published,
            retrieved=self.stated.retrieved,
            section=said(self.stated.section),
            url=self.stated.url,
            parts=tuple(sorted(set(self._all_parts()), key=lambda part: (part.span, part.kind))),
        )

    # ------------------------------------------------------------------ where the body begins

    def _first_paragraph(self) -> int:
        """The number of the line that the body begins with."""
        limit = min(len(self.lines), HEAD)
        body = next((i for i in range(limit) if self._is_body(i)), -1)
        while 0 <= body < limit - 1 and self._is_standfirst(body):
            following = next((i for i in range(body + 1, limit) if self._is_body(i)), -1)
            if following < 0:
                break
            body = following
        if body >= 0:
            return body
        # No paragraph: the first sentence below the first line.
        sentences = (
            i for i in range(1, limit) if self.kinds[i] is None and noise.ends(self.lines[i].text)
        )
        return next(sentences, 0 if len(self.lines) == 1 else min(limit, 12))

    def _is_body(self, i: int) -> bool:
        line = self.lines[i].text
        return self.kinds[i] is None and (
            is_paragraph(line) or (len(line) > 70 and dateline(line) is not None)
        )

    def _is_standfirst(self, i: int) -> bool:
        """Whether a sentence stands above the byline, the date or the headline once more."""
        line = self.lines[i].text
        if len(line) > 300 or i == 0 or line.count(". ") > 1 or dateline(line):
            return False
        above = {key(other.text) for other in self.lines[:i]}
        for j in range(i + 1, min(i + 5, len(self.lines))):
            if self._is_furniture(j) or key(self.lines[j].text) in above:
                return True
            if self._is_body(j):
                return False
        return False

    def _is_furniture(self, i: int) -> bool:
        """Whether a line is a byline or a date."""
        line = self.lines[i].text
        return self.kinds[i] in _FURNITURE or bool(
            moment.whole(line) or byline(line) or has_office(line) or is_signed(line)
        )

    # ------------------------------------------------------------------ headline

    def _choose_headline(self) -> int:
        """The line of the head that is repeated, or the first that looks like a headline; -1 for none."""
        candidates = [
            i
            for i in range(min(self.body, HEAD))
            if (self.kinds[i] is None or self._is_notice(i))
            and not self._is_furniture(i)
            and len(self.lines[i].text) < 250
            and not self.lines[i].text.endswith((",", ";"))
        ]
        if not candidates:
            return -1
        keys = [key(line.text) for line in self.lines[: self.body]]
        for i in candidates:
            if len(keys[i].split()) >= 3 and any(
                other == keys[i] or _suffix(other, keys[i])
                for j, other in enumerate(keys)
                if j != i
            ):
                return i
        return next((i for i in candidates if not self._is_above(i, candidates)), candidates[0])

    def _is_notice(self, i: int) -> bool:
        """Whether a text is a correction by its first line, which then is its headline."""
        return self.kinds[i] == "correction" and i == 0 and not noise.ends(self.lines[i].text)

    def _is_above(self, i: int, candidates: list[int]) -> bool:
        """Whether a line is more likely to stand above a headline than to be it."""
        line = self.lines[i].text
        later = [j for j in candidates if j > i]
        if not later:
            return False
        few = len(line.split())
        if is_section(line) or is_letterhead(line) or (is_outlet(line) and few <= 4):
            return True
        longer = next((j for j in later if len(self.lines[j].text.split()) >= 4), None)
        # Two words and then something longer: a kicker, unless the byline or date is between.
        return (
            few <= 2
            and longer is not None
            and not any(self._is_furniture(j) for j in range(i, longer))
        )

    def _mark_headline(self) -> None:
        line = self.lines[self.top]
        end = line.end
        if self.headline is None:
            self.headline = " ".join(line.text.split())
            *_, last = [None, *_TITLE.finditer(line.text)]
            if last is not None and is_outlet(line.text[last.end() :]):
                end = line.start + last.start()
                self.headline = " ".join(line.text[: last.start()].split())
                self.stated.publishers.setdefault("title", line.text[last.end() :])
        self.kinds[self.top] = None
        self.marked.append(Span(line.start, end))
        self.parts.append(Part(span=self.marked[0], kind="headline"))

    # ------------------------------------------------------------------ head

    def _head(self) -> None:
        """What the lines above the body are by their place."""
        seen: dict[str, int] = {}
        title = key(self.headline or "")
        for i in range(self.body):
            line = self.lines[i].text
            name = key(line)
            suffix = _suffix(name, title) if title else ""
            if i == self.top or self.kinds[i] not in {None, "section", "navigation"}:
                pass
            elif suffix:
                if is_outlet(outlet := line[len(line) - len(suffix) :]):
                    self.stated.publishers.setdefault("title", outlet)
                self.kinds[i] = "repeated"
            elif (title and name == title) or name in seen:
                self.kinds[i] = "repeated"
                first = seen.get(name, i)
                if first < self.top and self.kinds[first] == "section":
                    self.stated.section = self.stated.section or line
            elif self.kinds[i] is None:
                self.kinds[i] = self._head_line(i)
            seen.setdefault(name, i)

    def _head_line(self, i: int) -> PartKind | None:
        line = self.lines[i].text
        if when := moment.whole(line):
            label = self.lines[i - 1].text if i else ""
            if not (UPDATED.fullmatch(label) or RETRIEVED.fullmatch(label)):
                self.stated.printed.append((i, when))
            return "date"
        if PUBLISHED.fullmatch(line) or UPDATED.fullmatch(line) or RETRIEVED.fullmatch(line):
            return "date"  # the date itself is in the next line
        if line.lower() in noise.AGENCIES:
            self.stated.publishers.setdefault("agency", line)
            return "byline"
        if kind := self.stated.row(i, line):
            return kind
        if found := byline(line) or (bare(line) if has_office(line) else None):
            self.stated.wrote(found)
            return "byline"
        if found_url := address(line):
            self.stated.url = self.stated.url or found_url
            return "navigation"
        if i < self.top:
            return self._above(line)
        return self._below(i, line) if self.top >= 0 else None

    def _above(self, line: str) -> PartKind | None:
        """What a line above the headline is."""
        if is_outlet(line) and not is_section(line):
            self.stated.publishers.setdefault("masthead", line)
            return "navigation"
        if is_letterhead(line):
            self.stated.publishers.setdefault("masthead", plain(line))
            return "byline"
        if len(line.split()) > 3 or noise.ends(line):
            return None
        if is_section(line):
            self.stated.section = self.stated.section or line
        return "section"

    def _below(self, i: int, line: str) -> PartKind | None:
        """What a line between headline and body is."""
        if is_outlet(line):
            self.stated.publishers.setdefault("masthead", line)
            return "byline"
        if found := self._bare(i):
            self.stated.wrote(found)
            return "byline"
        if i and self.kinds[i - 1] == "byline" and is_office(line):
            return "byline"
        if is_section(line):
            self.stated.section = self.stated.section or line
            return "section"
        title = key(self.headline or "")
        below = (
            j
            for j in range(i + 1, self.body)
            if self._is_furniture(j) or key(self.lines[j].text) == title
        )
        last = next(below, None)
        if last is None or len(line.split()) <= 4:
            return None
        between = (j for j in range(self.top + 1, last) if self.kinds[j] in {None, "standfirst"})
        lines = sum(len(self.lines[j].text.split()) > 4 for j in between)
        return "standfirst" if lines <= _STANDFIRST else None

    def _bare(self, i: int) -> Byline | None:
        """The byline that a name by itself is, between headline and body."""
        found = bare(self.lines[i].text)
        if found is None or self.stated.author:
            return None
        dated = any(
            self.kinds[j] == "date" or moment.whole(self.lines[j].text)
            for j in (i - 1, i + 1)
            if j < len(self.lines)
        )
        top = i - 1 == self.top or self.kinds[i - 1] in {"standfirst", "repeated"}
        office = i + 1 < len(self.lines) and is_office(self.lines[i + 1].text)
        return found if dated or office or (top and i + 1 == self.body) else None

    # ------------------------------------------------------------------ body and tail

    def _paragraphs(self) -> None:
        """Mark the dateline, and in the rest of the text what says the headline again or leads elsewhere."""
        if self.body < len(self.lines) and self.kinds[self.body] is None:
            self._dateline(self.lines[self.body])
        title = key(self.headline or "")
        for i in range(self.body, len(self.lines)):
            line = self.lines[i].text
            if title and i != self.top and len(line) <= len(title) + 8 and key(line) == title:
                self.kinds[i] = "repeated"
            elif self.kinds[i] == "navigation" and noise.is_list(line) and i + 1 < len(self.lines):
                following = self.lines[i + 1].text
                short = len(following) <= 120 and not noise.ends(following)
                if self.kinds[i + 1] is None and short:
                    self.kinds[i + 1] = "navigation"

    def _dateline(self, line: Line) -> None:
        """Mark the dateline of the body, and note its agency and its date."""
        if found := dateline(line.text):
            end = line.start + len(line.text[: found.end()].rstrip())
            self.parts.append(Part(span=Span(line.start, end), kind="dateline"))
            if found["agency"]:
                self.stated.publishers.setdefault("agency", found["agency"].strip())
            if when := moment.whole(found["day"] or found["day2"] or ""):
                self.stated.printed.append((self.body, when))
            return
        day = moment.leading(line.text)
        behind = line.text[day.end : day.end + 8] if day else ""
        if day and (day.weekday or day.clock) and re.match(r"\s*[–—-]?\s+[A-Z“\"]", behind):
            self.stated.printed.append((self.body, day.date))
            self.parts.append(Part(span=Span(line.start, line.start + day.end), kind="date"))

    def _tail(self) -> None:
        """What stands below the last paragraph: lists of links, a date, a word on the author."""
        count = len(self.lines)
        bodies = (i for i in range(count - 1, self.body, -1) if self._is_body(i))
        listed = False
        for i in range(next(bodies, self.body) + 1, count):
            line = self.lines[i].text
            if self.kinds[i] is not None:
                listed = listed or (self.kinds[i] == "navigation" and noise.is_list(line))
            elif when := town_and_date(line):
                self.stated.printed.append((i, when))
                self.kinds[i] = "date"
            elif found := byline(line.strip("()[] ")):
                self.stated.wrote(found)
                self.kinds[i] = "credit" if "report" in line[:12].lower() else "byline"
            elif listed and not noise.ends(line):
                self.kinds[i] = "navigation"
        for i in [i for i in range(self.body + 1, count) if self.kinds[i] is None][-3:]:
            line = self.lines[i].text
            if len(line) <= 600 and any(
                line.startswith(name) and _ABOUT.match(line[len(name) :][:120])
                for name in self.stated.author
            ):
                self.kinds[i] = "boilerplate"

    # ------------------------------------------------------------------ what follows from it all

    def _published(self) -> When | None:
        """The date of publication: the one called so, or printed below, above or behind the headline."""
        printed = self.stated.printed
        below = [when for i, when in printed if self.top < i <= self.body]
        above = [(i, when) for i, when in printed if i < self.top]
        behind = [when for i, when in printed if i > self.body]
        date = self.stated.labelled or next(iter([*below, *(d for _, d in above), *behind]), None)
        if (self.stated.labelled or below) and above and "T" in above[0][1]:
            # A page shows the hour above the headline, and the article has its own date below.
            self.stated.retrieved = self.stated.retrieved or When(
                date=above[0][1], basis="inferred"
            )
            for i, _ in above:
                self.kinds[i] = "clock"
        return When(date=date) if date else None

    def _all_parts(self) -> Iterator[Part]:
        yield from self.parts
        marked = list(self.marked)
        said = []
        for i, (line, kind) in enumerate(zip(self.lines, self.kinds, strict=True)):
            if kind is not None:
                marked.append(Span(line.start, line.end))
                yield Part(span=marked[-1], kind=kind)
            elif i != self.top:
                said.append((line.start, line.text))
        for span in speakers(said):
            yield Part(span=span, kind="speaker")
        marked.sort()
        for span in noise.joints(self.text):
            before = bisect_right(marked, Span(span.start, len(self.text))) - 1
            if before < 0 or marked[before].end <= span.start:
                yield Part(span=span, kind="joint")


def _suffix(name: str, title: str) -> str:
    """What the title of a page has behind the headline."""
    if not name.startswith(title) or len(name) == len(title):
        return ""
    found = re.match(r"\s+[|–—-]{1,2}\s+|\s*::\s*", name[len(title) :])
    return name[len(title) + found.end() :] if found else ""

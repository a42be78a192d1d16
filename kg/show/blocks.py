"""What a card is written in: titles, pairs, items, two sides that face each other, dated entries.

Each kind of block writes itself as lines of text no wider than asked, wherever words allow, and as
lines of Markdown. Labels and claims may be anyone's: `clean` takes out what would move the cursor,
and cuts what is too long to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from kg.table import length, printable, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME, TEXT = 200, 1000
"""Characters of a name and of a claim that a person can be asked to read."""

_BESIDE = (
    70  # from this width on, two sides stand next to each other; below, lines would be too short
)
_LABELLED = 50  # from this width on, names and dates have a column of their own


@dataclass(frozen=True, slots=True)
class Title:
    """What the card is of."""

    words: str

    def text(self, width: int) -> Iterator[str]:
        """Lines of at most a width."""
        lines = wrap(self.words, width)
        yield from lines
        yield "═" * max(map(length, lines))

    def markdown(self) -> Iterator[str]:
        """Lines of Markdown."""
        yield f"# {_escaped(self.words)}"
        yield ""


@dataclass(frozen=True, slots=True)
class Section:
    """The heading of a part."""

    words: str

    def text(self, width: int) -> Iterator[str]:
        """Lines of at most a width."""
        lines = wrap(self.words, width)
        yield ""
        yield from lines
        yield "─" * max(map(length, lines))

    def markdown(self) -> Iterator[str]:
        """Lines of Markdown."""
        yield ""
        yield f"## {_escaped(self.words)}"
        yield ""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names with values."""

    rows: Sequence[tuple[str, str]]

    def text(self, width: int) -> Iterator[str]:
        """Lines of at most a width."""
        column = max((length(name) for name, _ in self.rows), default=0) + 2
        for name, value in self.rows:
            if width >= _LABELLED:
                yield from _hanging(
                    value, width, name + " " * (column - length(name)), " " * column
                )
            else:
                yield from _hanging(f"{name}: {value}", width, "", "  ")

    def markdown(self) -> Iterator[str]:
        """Lines of Markdown."""
        yield from (f"- **{_escaped(name)}**: {_escaped(value)}" for name, value in self.rows)


@dataclass(frozen=True, slots=True)
class Line:
    """A line by itself: a heading within a section, or a remark. A headline need not be whole."""

    words: str
    depth: int = 0
    space: bool = False
    whole: bool = True

    def text(self, width: int) -> Iterator[str]:
        """Lines of at most a width."""
        if self.space:
            yield ""
        indent = "  " * self.depth
        yield from (_hanging if self.whole else _first)(self.words, width, indent, indent)

    def markdown(self) -> Iterator[str]:
        """Lines of Markdown."""
        if self.words:
            yield f"{'  ' * self.depth}- {_escaped(self.words)}"


@dataclass(frozen=True, slots=True)
class Item:
    """Something said, with a line of what else there is to know of it."""

    words: str
    notes: str
    depth: int

    def text(self, width: int) -> Iterator[str]:
        """Lines of at most a width."""
        indent = "  " * self.depth
        yield from _hanging(self.words, width, f"{indent}- ", f"{indent}  ")
        yield from _hanging(self.notes, width, f"{indent}  ", f"{indent}  ")

    def markdown(self) -> Iterator[str]:
        """Lines of Markdown."""
        yield f"{'  ' * self.depth}- {_escaped(self.words)} ({_escaped(self.notes)})"


@dataclass(frozen=True, slots=True)
class Facing:
    """Two sides next to each other, under what is judged of them; `place` is where both stand."""

    head: str
    left: Sequence[str]
    right: Sequence[str]
    place: str | None
    note: str | None
    space: bool

    def text(self, width: int) -> Iterator[str]:
        """Lines of at most a width."""
        if self.space:
            yield ""
        yield from _hanging(self.head, width, "", "  ")
        if width >= _BESIDE:
            column = (width - 5) // 2
            sides = [
                [line for part in side for line in wrap(part, column)]
                for side in (self.left, self.right)
            ]
            for left, right in zip_longest(*sides, fillvalue=""):
                yield f"  {left}{' ' * (column - length(left))} │ {right}"
        else:
            yield from (
                line for part in self.left for line in _hanging(part, width, "  │ ", "  │ ")
            )
            yield "  against"
            yield from (
                line for part in self.right for line in _hanging(part, width, "  │ ", "  │ ")
            )
        if self.place:
            yield from _first(f"Both: {self.place}", width, "  ", "  ")
        if self.note:
            yield from _hanging(f"Note: {self.note}", width, "  ", "  ")

    def markdown(self) -> Iterator[str]:
        """Lines of Markdown."""
        sides = ["<br>".join(map(_escaped, side)) for side in (self.left, self.right)]
        yield ""
        yield _escaped(self.head)
        yield ""
        yield f"| {' | '.join(sides)} |"
        yield "| --- | --- |"
        for name, words in (("Both", self.place), ("Note", self.note)):
            if words:
                yield ""
                yield f"{name}: {_escaped(words)}"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something behind its date or number; `column` is the width of these in the list."""

    keys: Sequence[str]
    lines: Sequence[str]
    column: int
    indent: str = ""

    def text(self, width: int) -> Iterator[str]:
        """Lines of at most a width."""
        if width < _LABELLED:
            for key in self.keys:
                yield from _hanging(key, width, self.indent, f"{self.indent}  ")
            for line in self.lines:
                yield from _hanging(line, width, f"{self.indent}  ", f"{self.indent}    ")
            return
        column = min(self.column, width // 3)
        keys = [line for key in self.keys for line in wrap(key, column)]
        room = width - column - 2 - len(self.indent)
        lines = [
            line
            for number, part in enumerate(self.lines)
            for line in _hanging(part, room, "", "  " if number else "")
        ]
        for key, line in zip_longest(keys, lines, fillvalue=""):
            yield f"{self.indent}{key}{' ' * (column + 2 - length(key))}{line}"

    def markdown(self) -> Iterator[str]:
        """Lines of Markdown."""
        first, *others = map(_escaped, self.lines)
        yield f"- {_escaped(' '.join(self.keys))}: {first}"
        yield from (f"  - {line}" for line in others)


Block = Title | Section | Pairs | Line | Item | Facing | Entry


def clean(text: str, most: int = TEXT) -> str:
    """A text on one line, without what would move the cursor, and no longer than can be read."""
    line = " ".join(printable(text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _hanging(text: str, width: int, first: str, rest: str) -> Iterator[str]:
    """A text wrapped behind an indent; the indent goes where it would leave no room."""
    room = width - max(length(first), length(rest))
    if room < 8:
        first = rest = ""
        room = width
    for number, line in enumerate(wrap(text, room)):
        yield (rest if number else first) + line


def _first(text: str, width: int, first: str, rest: str) -> Iterator[str]:
    """As much of a text as goes on one line."""
    line, *others = _hanging(text, width, first, rest)
    if others:
        line = f"{next(_hanging(text, max(width - 2, 1), first, rest))} …"
    yield line


def _escaped(text: str) -> str:
    """A text in which Markdown sees no signs of its own."""
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", text)

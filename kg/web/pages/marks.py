"""A text with what stands where in it, as HTML: overlapping stretches are split where they begin and end.

Every stretch that has a name in the graph gets its RFC 5147 fragment as an id (`char=16,20`), so that
`#char=16,20` leads to it in any browser. Behind the last of a claim's words stands its number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Layer = Literal["claim", "source", "cue", "mention", "part"]
LAYERS: Final[tuple[Layer, ...]] = ("claim", "source", "cue", "mention", "part")
_AT_ONCE: Final = 20
"""Claims that one stretch names; texts in which more overlap are not read for them one by one."""


class Stretch(NamedTuple):
    """A stretch of a text, and what it is: `value` is a claim's number, a link or a kind of part."""

    start: int
    end: int
    layer: Layer
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch without an inner boundary, with all that covers it."""

    start: int
    end: int
    over: tuple[Stretch, ...]


def segments(length: int, stretches: Iterable[Stretch]) -> Iterator[Segment]:
    """A text of a length cut wherever a stretch begins or ends; what lies outside of it is left out.

    >>> cut = segments(9, [Stretch(0, 6, "claim", "1"), Stretch(4, 9, "mention", "#x")])
    >>> [(part.start, part.end, len(part.over)) for part in cut]
    [(0, 4, 1), (4, 6, 2), (6, 9, 1)]
    """
    inside = [one for one in stretches if 0 <= one.start < one.end <= length]
    begin: dict[int, list[Stretch]] = defaultdict(list)
    end: dict[int, list[Stretch]] = defaultdict(list)
    for one in inside:
        begin[one.start].append(one)
        end[one.end].append(one)
    over: dict[Stretch, None] = {}
    for here, there in pairwise(sorted({0, length, *begin, *end})):
        for one in end.get(here, ()):
            over.pop(one, None)
        over.update(dict.fromkeys(begin.get(here, ())))
        yield Segment(start=here, end=there, over=tuple(over))


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines of a text that say anything begin and end, without what ends them.

    >>> list(lines("One\\n\\n two"))
    [(0, 3), (5, 9)]
    """
    for found in re.finditer(r"[^\r\n]*[^\s][^\r\n]*", text):
        yield found.span()


def html(text: str, stretches: Sequence[Stretch], claims: Mapping[str, str]) -> str:
    """The text as paragraphs with its stretches marked; `claims` says what to call each number."""
    bounds = list(lines(text))
    # A line is a paragraph of the page, so what runs over several of them is cut there.
    cut = [Stretch(start, end, "part", "") for start, end in bounds]
    marks = _Marks(text, stretches, claims)
    out: list[str] = []
    parts = segments(len(text), [*stretches, *cut])
    waiting = next(parts, None)
    last = 0
    for start, end in bounds:
        words: list[str] = []
        whole: set[str] | None = None
        while waiting is not None and waiting.start < end:
            if waiting.start >= start:
                words.append(marks.of(waiting))
                kinds = {one.value for one in waiting.over if one.layer == "part" and one.value}
                if text[waiting.start : waiting.end].strip():
                    whole = kinds if whole is None else whole & kinds
            elif text[waiting.start : waiting.end]:
                marks.skip(waiting)
            waiting = next(parts, None)
        style = "".join(f" part--{escape(kind)}" for kind in sorted(whole or ()))
        near = " near" if text[last:start].count("\n") == 1 and last else ""
        about = f' data-part="{escape(", ".join(sorted(whole or ())))}"' if whole else ""
        out.append(f'<p class="line{near}{style}" dir="auto" data-at="{start}"{about}>')
        out.extend(words)
        out.append("</p>\n")
        last = end
    return "".join(out)


class _Marks:
    """Writes the segments of one text; knows which names have been given already."""

    def __init__(self, text: str, stretches: Sequence[Stretch], claims: Mapping[str, str]) -> None:
        self._text = text
        self._claims = claims
        self._names: dict[int, list[str]] = defaultdict(list)
        self._numbers: dict[int, list[str]] = defaultdict(list)
        self._waiting: list[str] = []
        self._left = ""
        for one in dict.fromkeys(stretches):
            name = f"char={one.start},{one.end}"
            if one.layer != "part" and name not in self._names[one.start]:
                self._names[one.start].append(name)
            if one.layer == "claim" and one.value not in self._numbers[one.end]:
                self._numbers[one.end].append(one.value)

    def skip(self, segment: Segment) -> None:
        """Keep the names of what begins between two lines, and the numbers of what ends there."""
        self._waiting += self._names.pop(segment.start, [])
        self._left += self._refs(segment.end)

    def of(self, segment: Segment) -> str:
        """One segment: a link where it names a thing, with the numbers of the claims that end here."""
        words = escape(self._text[segment.start : segment.end], quote=False)
        names = self._waiting + self._names.pop(segment.start, [])
        left, self._waiting, self._left = self._left, [], ""
        more = "".join(f'<span id="{name}"></span>' for name in names[1:])
        attributes = f' id="{names[0]}"' if names else ""
        layers = {one.layer for one in segment.over if one.value}
        classes = [f"in-{layer}" for layer in LAYERS if layer in layers and layer != "part"]
        classes += sorted(
            {f"part--{o.value}" for o in segment.over if o.layer == "part" and o.value}
        )
        numbers = [one.value for one in segment.over if one.layer == "claim"][:_AT_ONCE]
        if classes:
            attributes += f' class="{escape(" ".join(classes))}"'
        if numbers:
            attributes += f' data-claims="{escape(" ".join(numbers))}"'
        mentions = [one for one in segment.over if one.layer == "mention"]
        if mentions:  # of those within each other, the closest
            nearest = min(mentions, key=lambda one: (one.end - one.start, one.value))
            marked = f'<a href="{escape(nearest.value)}"{attributes}>{words}</a>'
        elif attributes:
            marked = f"<span{attributes}>{words}</span>"
        else:
            marked = words
        return left + more + marked + self._refs(segment.end)

    def _refs(self, end: int) -> str:
        numbers = self._numbers.pop(end, [])
        if not numbers:
            return ""
        links = " ".join(
            f'<a href="#claim-{escape(n)}" aria-label="{escape(self._claims.get(n, n))}">{escape(n)}</a>'
            for n in numbers
        )
        return f'<sup class="refs">{links}</sup>'

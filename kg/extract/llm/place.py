"""Where the words that a model quotes stand in the text: exactly there, or nowhere."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.extract.prose import Prose

_RUN: Final = re.compile(r"\s+")
_MOST_PLACES: Final = 50
"""Places among which is chosen where nothing stands firm; beyond that all is everywhere."""


class NotPlacedError(ValueError):
    """Words that cannot be given a place in the text; the message says why."""


class Wanted(NamedTuple):
    """Words to be found, and what they are in a claim."""

    role: str
    words: str


class Stretch:
    """A stretch of a text, in which words are looked up."""

    def __init__(self, prose: Prose, span: Span) -> None:
        self.text = prose.text
        self.span = span
        self._sentences = [prose.starts[first] for first, _ in prose.sentences]
        self._found: dict[str, list[Span]] = {}
        self._even: tuple[str, list[int]] | None = None

    def places(self, words: str) -> list[Span]:
        """All places where the words stand as whole words, letter by letter.

        If there are none, the one place where they stand but for the kind and the number of the
        white space between them. Raises NotPlacedError where there is no place, or several of that
        second sort.
        """
        if words not in self._found:
            self._found[words] = self._exact(words) or self._evened(words)
        if not self._found[words]:
            raise NotPlacedError(f"the text does not say {clip(words)}{self._instead(words)}")
        return self._found[words]

    def spelt(self, name: str) -> str:
        """A name as the text spells it; only its white space and its capitals may differ.

        Raises NotPlacedError where the text does not have it.
        """
        try:
            start, end = self.places(name)[0]
        except NotPlacedError:
            start, end = self._other_capitals(name.strip())
            if end == start:
                raise
        return " ".join(self.text[start:end].split())

    def _other_capitals(self, name: str) -> Span:
        """The first place of a name with other capitals: at the start of a sentence, in a headline."""
        text, words = self.text[slice(*self.span)].lower(), name.lower()
        offset = self.span.start
        start = text.find(words) if len(text) == self.span.end - offset else -1
        while start >= 0:
            span = Span(offset + start, offset + start + len(words))
            if whole(self.text, span):
                return span
            start = text.find(words, start + 1)
        return Span(offset, offset)

    def _exact(self, words: str) -> list[Span]:
        if not words.strip():
            return []
        found: list[Span] = []
        start = self.text.find(words, *self.span)
        while start >= 0:
            span = Span(start, start + len(words))
            if whole(self.text, span):
                found.append(span)
            start = self.text.find(words, start + 1, self.span.end)
        return found

    def _evened(self, words: str) -> list[Span]:
        """The only place of words whose white space differs from that of the text."""
        words = " ".join(words.split())
        if not words:
            return []
        text, offsets = self._on_one_line()
        found: list[Span] = []
        start = text.find(words)
        while start >= 0 and len(found) < 2:
            span = Span(offsets[start], offsets[start + len(words) - 1] + 1)
            if whole(self.text, span):
                found.append(span)
            start = text.find(words, start + 1)
        if len(found) > 1:
            raise NotPlacedError(
                f"the text has {clip(words)} with other white space in more than one place"
            )
        return found

    def _on_one_line(self) -> tuple[str, list[int]]:
        """The stretch with a space for every run of white space, and where its characters stand."""
        if self._even is None:
            parts: list[str] = []
            offsets: list[int] = []
            start = self.span.start
            for run in _RUN.finditer(self.text, *self.span):
                parts += (self.text[start : run.start()], " ")
                offsets += range(start, run.start() + 1)
                start = run.end()
            parts.append(self.text[start : self.span.end])
            offsets += range(start, self.span.end)
            self._even = "".join(parts), offsets
        return self._even

    def _instead(self, words: str) -> str:
        """What a person may want to know of words that are not there: that they almost are."""
        if _like(words) and _like(words) in _like(self.text[slice(*self.span)]):
            return ", though it does with other quotation marks, hyphens or capitals"
        return ""

    # ---------------------------------------------------------------- several places

    def choose(self, wanted: Sequence[Wanted], near: Sequence[list[Span]] = ()) -> list[Span]:
        """One place for each of several expressions that belong together.

        What has several places takes the one nearest to the others, and to some place of each list
        in `near`: in the same sentence first, then by characters. Raises NotPlacedError where no
        place is the nearest.
        """
        options = [self._named_places(one) for one in wanted]
        chosen: dict[int, Span] = {}
        order = sorted(range(len(wanted)), key=lambda i: len(options[i]))
        if order and 1 < len(options[order[0]]) <= _MOST_PLACES:
            first, *others = order
            around = [*near, *(options[i] for i in others)]
            chosen[first] = self._nearest(wanted[first], options[first], around)
        for i in order:
            if i not in chosen:
                places = _outside(options[i], chosen, wanted)
                anchors = [*near, *([span] for span in chosen.values())]
                if len(places) > 1 and anchors:
                    # Whatever is nearest to all of them is next to one of them.
                    next_to = (_around(places, anchor) for spans in anchors for anchor in spans)
                    places = sorted({place for some in next_to for place in some})
                chosen[i] = self._nearest(wanted[i], places, anchors)
        return [chosen[i] for i in range(len(wanted))]

    def _named_places(self, one: Wanted) -> list[Span]:
        try:
            return self.places(one.words)
        except NotPlacedError as error:
            raise NotPlacedError(f"{one.role}: {error}") from None

    def _nearest(self, one: Wanted, places: Sequence[Span], anchors: Sequence[list[Span]]) -> Span:
        """The place nearest to the anchors, each of which may have several places itself."""
        if len(places) == 1:
            return places[0]
        ranked = sorted((self._distance(place, anchors), place) for place in places)
        if not anchors or ranked[0][0] == ranked[1][0]:
            raise NotPlacedError(
                f"{one.role}: the text says {clip(one.words)} {len(self._found[one.words])} times,"
                " and nothing tells which is meant"
            )
        return ranked[0][1]

    def _distance(self, place: Span, anchors: Iterable[list[Span]]) -> tuple[int, int]:
        sentences = characters = 0
        for places in anchors:
            apart = min(self._apart(place, anchor) for anchor in _around(places, place))
            sentences += apart[0]
            characters += apart[1]
        return sentences, characters

    def _apart(self, one: Span, other: Span) -> tuple[int, int]:
        """How many ends of sentences, and how many characters, lie between two spans."""
        left, right = sorted((one, other))
        if right.start < left.end:
            return 0, 0
        first = bisect_right(self._sentences, left.end - 1)
        return bisect_right(self._sentences, right.start) - first, right.start - left.end


def _outside(places: list[Span], chosen: dict[int, Span], wanted: Sequence[Wanted]) -> list[Span]:
    """The places that do not lie in a quote that was chosen, if there are any."""
    quotes = [span for i, span in chosen.items() if wanted[i].role == QUOTE]
    free = [
        place
        for place in places
        if not any(quote.start < place.end and place.start < quote.end for quote in quotes)
    ]
    return free or places


QUOTE: Final = "quote"


def _around(places: list[Span], place: Span) -> list[Span]:
    """The places before and behind a place; one of them is the nearest."""
    i = bisect_left(places, place)
    return places[max(0, i - 1) : i + 1]


def whole(text: str, span: Span) -> bool:
    """Whether a span cuts no word and no character in two.

    Scripts without small letters are let be: many of them write words without spaces.

    >>> whole("the party", Span(5, 8)), whole("the party", Span(4, 9)), whole("東京都", Span(0, 2))
    (False, True, True)
    """
    start, end = span
    return not (_joins(text, start) or _joins(text, end))


def _joins(text: str, offset: int) -> bool:
    """Whether the characters before and behind an offset belong together."""
    if not 0 < offset < len(text):
        return False
    before, behind = text[offset - 1], text[offset]
    kinds = {unicodedata.category(before), unicodedata.category(behind)}
    if unicodedata.category(behind).startswith("M") or "\u200d" in {before, behind}:
        return True
    return "Lo" not in kinds and before.isalnum() and behind.isalnum()


_ALIKE: Final = {
    **dict.fromkeys(map(ord, "“”„‟«»\"‘’‚‛'`´"), None),
    **dict.fromkeys(map(ord, "‐‑‒–—―-"), "-"),
}


def _like(text: str) -> str:
    """Text without what models like to better."""
    return " ".join(text.translate(_ALIKE).lower().split())


def clip(words: str) -> str:
    """Words in quotation marks, short enough for a message, and with nothing that steers a screen.

    >>> clip("over\\nthe bridge")
    '“over the bridge”'
    """
    words = " ".join(printable(words).split())
    return f"“{words if len(words) <= _CLIPPED else f'{words[: _CLIPPED - 2]} …'}”"


_CLIPPED: Final = 60


def printable(words: str) -> str:
    """Words without what cannot be seen."""
    return "".join(c if c.isprintable() else " " for c in words)

"""When words were said: the date that stands with the words that report them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from kg.extract.happenings import BREAKS, PREPOSITIONS, TRIGGERS
from kg.extract.neighbours import BE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.attribution import Attribution
    from kg.extract.dates import Dated
    from kg.extract.prose import Prose
    from kg.model import Span

_BREAKS: Final = frozenset(
    "; : — – ( ) . who whom which whose that when while after before because since until although though"
    " if where but and or".split()
)
"""Words and marks behind which another clause begins, with a time of its own."""
_OPENING: Final = 5
"""Words into a sentence in which its opening time begins: "In a report of 5 March …, they wrote"."""
_MOST: Final = 8
"""Claims around one date that are looked at; nobody reports at the eighth hand."""


_DATES: Final = 12
"""Dates in the longest sentence of which one is looked for: tables have more, and no time of saying."""
_VIEWS: Final = frozenset(
    "call describe condemn praise criticise criticize admit confess deny reject dismiss blame accuse"
    " welcome denounce deplore plead".split()
)
"""Verbs of a view on what is there already, so that a time behind their object is their own."""
_VIEW: Final = 4
"""Words of such an object."""
_FURTHER: Final = PREPOSITIONS | BREAKS | BE | frozenset({"to", ",", "and", "has", "have", "had"})
"""Words behind which a time belongs to something else in the object."""


class Sayings:
    """Finds when words were said, given the dates of a text and who says what in it."""

    def __init__(
        self, prose: Prose, dated: Sequence[Dated], attributions: Sequence[Attribution]
    ) -> None:
        self._prose = prose
        self._attributions = attributions
        self._dated = sorted(dated, key=lambda date: date.span)
        self._starts = [date.span.start for date in self._dated]
        self._sentences = [prose.starts[first] for first, _ in prose.sentences]
        self._by_sentence: dict[int, list[Dated]] = {}
        for date in self._dated:
            self._by_sentence.setdefault(self._sentence(date.span.start), []).append(date)
        self._cues: dict[int, int] = {}
        self._told: dict[Span, list[int]] = {}
        for number, one in enumerate(attributions if dated else ()):
            for span in one.cue:
                self._cues[span.start] = number
            for span in one.content:
                for date in self._within(span.start, span.end):
                    self._told.setdefault(date.span, []).append(number)

    def when(self, number: int) -> Dated | None:
        """The only date in the clause of a cue that belongs to no other words."""
        one = self._attributions[number]
        sentence = self._sentence(one.cue[0].start)
        dates = self._by_sentence.get(sentence)
        if dates is None or len(dates) > _DATES:
            return None
        found = None
        for date in dates:
            if self._of_saying(date, number, self._prose.sentences[sentence][0]):
                if found is not None:
                    return None
                found = date
        return self._of_view(one) if found is None and one.verb in _VIEWS else found

    def _sentence(self, offset: int) -> int:
        """The number of the sentence that a place in the text belongs to."""
        return max(bisect_right(self._sentences, offset) - 1, 0)

    def _of_view(self, one: Attribution) -> Dated | None:
        """The date behind what somebody takes a view of: "called that blackmail on Monday"."""
        if one.kind == "direct" or len(one.content) != 1:
            return None
        dates = self._within(*one.content[0])
        if len(dates) != 1 or len(self._told[dates[0].span]) > 1:
            return None
        first = self._prose.word_at(one.content[0].start)
        end = self._prose.word_at(dates[0].span.start)
        words = self._prose.lower[first : end - (self._prose.lower[end - 1] == "on")]
        words = words[words[:1] == ["that"] and one.verb == "call" :]  # "called that blackmail"
        plain = words and len(words) <= _VIEW and _FURTHER.isdisjoint(words)
        return dates[0] if plain and words[-1] not in TRIGGERS else None

    def _within(self, start: int, end: int) -> list[Dated]:
        first = bisect_left(self._starts, start)
        dates = self._dated[first : bisect_left(self._starts, end, first)]
        return [date for date in dates if date.span.end <= end]

    def _of_saying(self, date: Dated, number: int, first: int) -> bool:
        """Whether a date is told by whoever tells of the cue, and no clause ends between the two."""
        one = self._attributions[number]
        told = self._told.get(date.span, ())
        if number in told or len(told) > _MOST:
            return False
        start, stop = one.cue[0]
        if not all(
            any(span.start <= start and stop <= span.end for span in self._attributions[k].content)
            for k in told
        ):
            return False
        if any(span.start < date.span.end and date.span.start < span.end for span in one.source):
            return False
        cue = self._prose.word_at(start)
        begin = self._prose.word_at(date.span.start)
        end = self._prose.word_at(date.span.end - 1) + 1
        if begin > cue:
            return self._joined(number, cue + 1, begin)
        opens = begin - first < _OPENING
        return self._joined(number, end, cue, comma=opens)

    def _joined(self, number: int, first: int, end: int, *, comma: bool = True) -> bool:
        """Whether only words of one clause stand between two places, besides who says it and what."""
        prose, one = self._prose, self._attributions[number]
        quote = prose.inside[end if comma else first]
        apart = sorted((*one.source, *one.content, *one.cue))
        i = first
        while i < end:
            span = next((s for s in apart if s.start <= prose.starts[i] < s.end), None)
            if span is not None:
                i = max(i + 1, prose.word_at(span.end - 1) + 1)
                continue
            if prose.inside[i] == quote or prose.inside[i] < 0:
                word = prose.lower[i]
                if word in _BREAKS or (word == "," and not comma):
                    return False
                if self._cues.get(prose.starts[i], number) != number:
                    return False
            i += 1
        return True

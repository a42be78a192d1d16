"""A text in stretches that a model can read at a time, cut where paragraphs end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.extract.prose import Prose

_OVERLAP: Final = 8
"""The part of a window that the next one reads again: about two paragraphs of a usual window.

A pronoun has its name there, and a quotation that goes on has its speaker.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of a text, in paragraphs, or in sentences where a paragraph is too long."""

    number: int
    paragraphs: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """The whole stretch."""
        return Span(self.paragraphs[0].start, self.paragraphs[-1].end)

    def __str__(self) -> str:
        start, end = self.span
        return f"characters {start} to {end}"


def windows(prose: Prose, size: int) -> list[Window]:
    """The text in overlapping windows of `size` characters at most; what is not read is in none.

    >>> from kg.extract.prose import Prose
    >>> [window.span for window in windows(Prose("One.\\nTwo.\\nThree."), 10)]
    [Span(start=0, end=9), Span(start=10, end=16)]
    """
    found: list[Window] = []
    current: list[Span] = []
    taken = 0  # characters of `current`
    for piece in _pieces(prose, size):
        length = piece.end - piece.start
        if current and taken + length > size:
            found.append(Window(number=len(found) + 1, paragraphs=tuple(current)))
            current = _tail(current, min(size // _OVERLAP, size - length))
            taken = sum(end - start for start, end in current)
        current.append(piece)
        taken += length
    if current:
        found.append(Window(number=len(found) + 1, paragraphs=tuple(current)))
    return found


def _tail(pieces: list[Span], room: int) -> list[Span]:
    """The last pieces that have room together."""
    first = len(pieces)
    while first > 1 and (room := room - (pieces[first - 1].end - pieces[first - 1].start)) >= 0:
        first -= 1
    return pieces[first:]


def _pieces(prose: Prose, size: int) -> Iterator[Span]:
    """The paragraphs; of those that are too long, runs of sentences; of a sentence like that, parts."""
    sentences = iter(prose.sentences)
    for paragraph in prose.paragraphs:
        own: list[Span] = []
        for sentence in sentences:
            own.append(prose.span(*sentence))
            if sentence[1] >= paragraph[1]:
                break
        whole = prose.span(*paragraph)
        if whole.end - whole.start <= size:
            yield whole
            continue
        start = end = own[0].start
        for sentence_start, sentence_end in own:
            if sentence_end - start > size and end > start:
                yield Span(start, end)
                start = sentence_start
            while sentence_end - start > size:
                cut = _cut(prose, start, start + size)
                yield Span(start, cut)
                start = cut
            end = sentence_end
        if end > start:
            yield Span(start, end)


def _cut(prose: Prose, start: int, end: int) -> int:
    """Where a sentence that is too long can be cut: between two words, if there are two."""
    word = prose.word_at(end) - 1  # the last word that ends here or before
    if word >= 0 and prose.ends[word] > start:
        return prose.ends[word]
    return end

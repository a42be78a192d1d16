"""Where a capital letter says little: at the beginning of sentences, and in headlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kg.extract.prose import Prose

FIRST: Final = 1
"""Mark of a word that begins a sentence or a quotation."""
HEADLINE: Final = 2
"""Mark of words in a line where most words have a capital."""

_LONGEST_HEADLINE: Final = 24
_SHARE: Final = 0.7
_OPENING: Final = frozenset("\"“„«‘'(:[–—•*>`")


def marks(prose: Prose) -> bytearray:
    """By word, where it stands: 0 within a sentence, or one of the marks."""
    found = bytearray(len(prose.words))
    for first, end in prose.sentences:
        i = first
        while i < end and not prose.words[i][0].isalpha():
            i += 1
        if i < end:
            found[i] = FIRST
    for quotation in prose.quotations:
        if quotation.first + 1 < quotation.end:
            found[quotation.first + 1] = FIRST
    words = prose.words
    for i in [i for i, word in enumerate(words) if word in _OPENING]:
        if i + 1 < len(words):
            found[i + 1] = FIRST
    for first, end in prose.paragraphs:
        if end - first <= _LONGEST_HEADLINE and _is_headline(words[first:end]):
            found[first:end] = bytes([HEADLINE]) * (end - first)
    return found


def _is_headline(words: list[str]) -> bool:
    """Whether a line is no sentence, and its long words have capitals."""
    if words[-1] in {".", "!", "…", "”", '"', ":"} or words[0].lower() == "by":
        return False
    long = [word for word in words if len(word) > _SHORT and word[0].isalpha()]
    if len(long) < _FEWEST:
        return all(word.isupper() for word in long) and bool(long)
    return sum(word[0].isupper() for word in long) >= _SHARE * len(long)


_SHORT: Final = 3
_FEWEST: Final = 3

"""Words made of words of the text: paraphrases, and ids."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kg.annotation.check import TEXT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.model import Span

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_PAIRS: Final = (("“„", "”“"), ("«", "»"), ('"', '"'))
_MARK: Final = re.compile('[“„”«»"]')
_CLAUSAL: Final = frozenset(
    "say add tell write note state according : — claim argue believe think announce report find show"
    " suggest insist explain reply answer declare warn predict estimate conclude recall point out"
    " confirm reveal admit acknowledge stress know hear learn feel fear hope expect".split()
)
"""Verbs of saying and thinking whose content is a sentence; the others need their own word to read as one."""
_FINITE: Final = frozenset(
    "is are was were am has have had do does did will would can could may might shall should must"
    " isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't can't"
    " couldn't cannot".split()
)
_LEADING: Final = frozenset("to of for on about against with from in as me us him her them".split())
"""Words that begin no sentence, but the object of a verb."""


def plain(words: str) -> str:
    """Words on one line without the control characters that no label may have.

    >>> plain("the\\x1b old\\nport")
    'the old port'
    """
    return " ".join(_CONTROL.sub(" ", words).split())


def paraphrase(text: str, cue: Sequence[Span], content: Sequence[Span], verb: str) -> str:
    """The words of a claim on one line, at the length that a paraphrase may have.

    A machine that reads by rules cannot put it in other words; a person may. Where the content is
    no sentence by itself ("all charges"), the word for saying goes before it ("denied all charges").

    >>> text = "She denied all charges."
    >>> from kg.model import Span
    >>> paraphrase(text, [Span(4, 10)], [Span(11, 22)], "deny")
    'denied all charges'
    """
    pieces = [" ".join(text[slice(*span)].split()) for span in content]
    between = [text[a.end : b.start] for a, b in pairwise(content)]
    words = pieces[0] if pieces else ""
    signal = [" ".join(text[slice(*span)].split()) for span in cue]
    for gap, piece in zip(between, pieces[1:], strict=True):
        inside = " ".join(gap.split()).strip(_ENDS)
        if inside in signal:  # "the captain | is accused | of fishing"
            words = f"{words} {inside} {piece}"
        else:
            # Only the words for who says it stood between the two, or others did.
            near = len(gap.split()) <= _NEAR
            words = f"{words.rstrip(',') if near else words + ' …'} {piece}"
    words = _CONTROL.sub(" ", words).strip().removeprefix("that ").rstrip(_ENDS)
    words = _balanced(words)
    first, *rest = words.lower().split() or [""]
    clause = verb in _CLAUSAL or not _FINITE.isdisjoint(rest)
    before = bool(cue and content) and verb.isalpha() and cue[0].start < content[0].start
    if before and (first in _LEADING or not clause):
        words = f"{signal[-1]} {words}".rstrip(_ENDS)
    words = words or "…"
    if len(words) > TEXT_LIMIT:
        cut = words.rfind(" ", 0, TEXT_LIMIT - 2)
        words = words[: cut if cut > 0 else TEXT_LIMIT - 2] + " …"
    return words


_NEAR: Final = 6
"""Words between two parts of a content that may be no more than the words for who says it."""
_ENDS: Final = ",;:–— "


def _balanced(words: str) -> str:
    """Words without the quotation marks around them all, and without one whose other half is missing."""
    for opening, closing in _PAIRS if _MARK.search(words) else ():
        inner = words[1:-1]
        marks = set(opening + closing)
        if words[:1] in opening and words[-1:] in closing and marks.isdisjoint(inner):
            words = inner
        elif sum(words.count(mark) for mark in marks) == 1:
            words = "".join(c for c in words if c not in marks)
    return words.strip().rstrip(_ENDS)

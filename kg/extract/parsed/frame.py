"""A report found in a tree, as ranges of its tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.extract.parsed.phrases import Range, trim

if TYPE_CHECKING:
    from kg.extract.parsed.clauses import Cue
    from kg.extract.parsed.tree import Tree

_NEGATIONS: Final = frozenset(
    "not n't never decline declined declines declining refuse refused refuses refusing".split()
)
"""Words in a cue that say that nothing was said; `she refused to pay` has its verb for cue."""
_AROUND: Final = frozenset(["quotation behind", "quotation between", "set in"])
"""Patterns whose cue and source stand together beside the content or within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A cue with its source and content as ranges of tokens, and the pattern that found it."""

    source: Range | None
    cue: Range
    content: tuple[Range, ...]
    verb: str
    at: int
    pattern: str
    negated: bool


def frame(tree: Tree, at: Cue, content: list[Range], *, verb: str, pattern: str) -> Frame | None:
    """Put a frame together: the cue and its source are no part of the content."""
    holes = [at.words]
    if at.source:
        holes.append(at.source)
        if pattern in _AROUND:
            holes.append((min(at.words[0], at.source[0]), max(at.words[1], at.source[1])))
    ranges = sorted(_without(content, holes))
    kept: list[Range] = []
    for found in ranges:
        first, last = trim(tree, *found)
        end = _closed(tree, first, last)
        end = min([end, *(start for start, _ in holes if start >= last)])
        if not any(tree.words[i][0].isalnum() for i in range(first, end)):
            continue
        if kept and first <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((first, end))
    if not kept:
        return None
    return Frame(
        source=at.source,
        cue=at.words,
        content=tuple(kept),
        verb=verb,
        at=at.verb,
        pattern=pattern,
        negated=any(tree.lower[i] in _NEGATIONS for i in range(*at.words) if i != at.verb),
    )


def _without(ranges: list[Range], holes: list[Range]) -> list[Range]:
    for start, stop in holes:
        ranges = [
            part
            for first, end in ranges
            for part in ((first, min(end, start)), (max(first, stop), end))
            if part[0] < part[1]
        ]
    return ranges


def _closed(tree: Tree, first: int, end: int) -> int:
    """The end of a range with the closing mark of a quotation that was opened inside."""
    if first < end and tree.quotes[end - 1] >= 0:
        opened, closed = tree.quotations[tree.quotes[end - 1]]
        rest = range(end, closed)
        if opened >= first and not any(tree.words[i][0].isalnum() for i in rest):
            return max(end, closed)
    return end

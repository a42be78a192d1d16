"""Two readings of a text into one: what rules see best, and what a tree sees best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.attribution import Attribution
from kg.extract.lexicon import NOUNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.parsed.frame import Frame
    from kg.extract.parsed.phrases import Range
    from kg.extract.parsed.tree import Tree
    from kg.extract.prose import Prose
    from kg.model import ReportKind, Span

_SURFACE: Final = frozenset([":", "according"])
"""Cues of the rules that no tree has anything to say about."""
_FIRM: Final = frozenset(["according", "adjective", "clause", "set in"])
"""Patterns of the tree that stand by themselves.

On annotated news most of what was found by one of these alone was right, and next to nothing of
what was found by another of the tree's patterns alone.
"""


def as_attributions(tree: Tree, found: Sequence[Frame]) -> list[Attribution]:
    """Frames as places in the text."""
    return [
        Attribution(
            source=(tree.span(frame.source),) if frame.source else (),
            cue=(tree.span(frame.cue),),
            content=tuple(map(tree.span, frame.content)),
            verb=frame.verb,
            kind=_kind(tree, frame.content),
            negated=frame.negated,
        )
        for frame in found
    ]


def merged(tree: Tree, ruled: Sequence[Attribution], found: Sequence[Frame]) -> list[Attribution]:
    """One list of attributions, in the order of their cues.

    Where both found a cue, the rules have it if what it reports stands in quotation marks, for
    that is a matter of typography; else the tree has it, for where a clause begins and ends is
    grammar. What only one of the two found is kept where the other can say little: from the rules
    quotations, nouns, labels, and headlines, which are not the sentences that a parser was taught;
    from the tree clauses that it shows to be the cue's own. All else needs both.
    """
    prose = tree.prose
    by_word: dict[int, Attribution] = {}
    for one in ruled:
        for word in _words(prose, one.cue):
            by_word.setdefault(word, one)
    kept: list[Attribution] = []
    matched: set[int] = set()
    for one, frame in zip(as_attributions(tree, found), found, strict=True):
        same = next((by_word[word] for word in _words(prose, one.cue) if word in by_word), None)
        if same is None:
            if frame.pattern in _FIRM and (one.kind != "direct" or tree.quotes[frame.at] >= 0):
                kept.append(one)
            continue
        matched.add(id(same))
        # The tree has it also where the rules saw but one half of a split quotation.
        by_tree = same.kind == "indirect" or len(one.content) > len(same.content)
        kept.append(one if by_tree else same)
    kept += [
        one
        for one in ruled
        if id(one) not in matched and (one.kind == "direct" or _beyond(tree, one))
    ]
    return sorted(dict.fromkeys(kept), key=lambda one: (one.cue, one.content))


def _beyond(tree: Tree, one: Attribution) -> bool:
    """Whether a cue is of a kind that no tree shows."""
    if one.verb in _SURFACE:
        return True
    last = tree.at(one.cue[-1][1] - 1)
    if last < 0:
        return True
    if tree.lower[last] in NOUNS and tree.tags[last] in {"NN", "NNS"}:
        return True
    end = tree.sentences[tree.sentence[last]][1]
    return tree.words[end - 1][-1].isalnum()


def _words(prose: Prose, spans: Sequence[Span]) -> list[int]:
    words: list[int] = []
    for start, end in spans:
        words += range(prose.word_at(start), prose.word_at(end - 1) + 1)
    return words


def _kind(tree: Tree, content: Sequence[Range]) -> ReportKind:
    """Whether all, some or none of the words said stand in quotation marks."""
    words = [i for first, end in content for i in range(first, end) if tree.words[i][0].isalnum()]
    quoted = sum(tree.quotes[i] >= 0 for i in words)
    if not quoted:
        return "indirect"
    return "direct" if quoted == len(words) else "mixed"

"""A tree read from its first token to its last for whatever reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.lexicon import ADJECTIVES, PARTICLES, VERBS
from kg.extract.parsed.others import according, adjective
from kg.extract.parsed.verbs import verbal

if TYPE_CHECKING:
    from kg.extract.parsed.frame import Frame
    from kg.extract.parsed.tree import Tree

_DEPENDENT: Final = frozenset("amod compound aux aux:pass case".split())
"""What a verb's form hangs by where it is no verb: `the said report`."""
_LONGEST: Final = 1000
"""Tokens of the longest sentence that is read; what has more is a table or a machine's output."""


def frames_of(tree: Tree) -> list[Frame]:
    """All attributions of a tree, in the order of their cues, those within others included."""
    found: list[Frame] = []
    for first, end in tree.sentences:
        if end - first > _LONGEST:
            continue
        for i in range(first, end):
            frame = _at(tree, i, end, found[-1] if found else None)
            if frame is not None:
                found.append(frame)
    return found


def _at(tree: Tree, i: int, end: int, previous: Frame | None) -> Frame | None:
    """What a token reports, if it is a cue."""
    word = tree.lower[i]
    if word == "according":
        return according(tree, i) if tree.lower[i + 1 : i + 2] == ["to"] and i + 2 < end else None
    if word in ADJECTIVES and tree.tags[i] in {"JJ", "VBN"}:
        frame = adjective(tree, i)
        if frame is not None:
            return frame
    if word not in VERBS and word not in PARTICLES and word != "put":
        return None
    if not tree.verbal(i) or tree.relations[i] in _DEPENDENT:
        return None
    return verbal(tree, i, previous)

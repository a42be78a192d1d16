"""Cues that are no verbs: `according to`, and adjectives of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.parsed.clauses import Cue, clause
from kg.extract.parsed.frame import Frame, frame
from kg.extract.parsed.phrases import RELATIVE, cue, phrase, subject, trim

if TYPE_CHECKING:
    from kg.extract.parsed.tree import Tree

_INSIDE: Final = frozenset("that which and but who because while as where when if although".split())
"""Words behind which `according to` belongs to what follows it."""


def according(tree: Tree, i: int) -> Frame | None:
    """`According to X, C`; `C, according to X`; `the talks, according to X, will resume`."""
    begins, limit = tree.sentences[tree.sentence[i]]
    before = i - 1
    while before >= begins and not tree.words[before][0].isalnum():
        before -= 1
    front = before < begins or i - begins <= 2 or tree.lower[before] in _INSIDE
    first, end = trim(tree, i + 2, _according_source(tree, i + 2, limit, front=front))
    if first >= end:
        return None
    content = [(end, limit)]
    if not front:
        content = [(begins, i)]
        if end + 1 < limit and tree.words[end] == "," and tree.lower[end + 1] not in RELATIVE:
            content.append((end, limit))
    at = Cue(i, (i, i + 2), "", (first, end))
    return frame(tree, at, content, verb="according", pattern="according")


def _according_source(tree: Tree, first: int, limit: int, *, front: bool) -> int:
    """Where the source behind `according to` ends."""
    head = first
    for i in range(first, limit):
        if tree.words[i] == ",":
            head = max(head, i - 1)
            break
        if tree.nominal(i) and not first <= tree.heads[i] < limit:
            head = i
            break
        if tree.nominal(i) and tree.relations[i] in {"obl", "pobj", "nsubj", "root", "parataxis"}:
            head = i
            break
    end = min(max(tree.rights[head], head) + 1, limit)
    for i in range(first, end):
        if tree.words[i] == "," and front:
            # The comma of an apposition has another one behind it.
            following = tree.tags[i + 1] if i + 1 < limit else ""
            opens = following in {"VBN", "VBG", "WP", "WDT", "WP$"} or (
                tree.relations[tree.heads[i]] == "appos" and not following.startswith("NNP")
            )
            if not opens or "," not in tree.words[i + 1 : limit]:
                return i
            end = max(end, tree.words.index(",", i + 1))
        if tree.finite(i) and tree.quotes[i] < 0:
            head = i
            for _ in range(4):
                if tree.relations[head] == "acl:relcl":
                    break
                head = tree.heads[head]
            if tree.relations[head] != "acl:relcl":
                return next((k for k in range(first + 1, i) if tree.words[k] == ","), i)
    return end


def adjective(tree: Tree, i: int) -> Frame | None:
    """`X is confident that C`, `X made it clear that C`."""
    head = tree.child(i, "ccomp", "advcl")
    if head is None or head < i:
        return None
    first = tree.lefts[head]
    if not any(map(tree.finite, range(first, tree.rights[head] + 1))):
        return None
    if tree.relations[head] == "advcl" and tree.lower[first] not in {
        "that",
        "the",
        "he",
        "she",
        "they",
        "it",
    }:
        return None
    whose, _ = subject(tree, i)
    if whose is None or tree.lower[whose] == "it":
        return None
    words = cue(tree, i)
    be = tree.heads[i]
    if tree.lower[i] == "clear":
        # made clear, made it clear, is clear: only somebody makes it so
        make = i - 2 if tree.lower[i - 1] == "it" else i - 1
        if make < 0 or tree.lower[make] not in {"made", "make", "makes", "making"}:
            return None
        words = (cue(tree, make)[0], i + 1)
    elif be == i - 1 and tree.relations[i] == "attr":
        words = (cue(tree, be)[0], i + 1)
    source = phrase(tree, whose, words)
    if source is None:
        return None
    at = Cue(i, words, "tc", source)
    return frame(tree, at, clause(tree, at, head), verb=tree.lower[i], pattern="adjective")

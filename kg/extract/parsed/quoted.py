"""What is reported in quotation marks: which quotations belong to a cue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.lexicon import VERBS
from kg.extract.parsed.clauses import Cue, behind_hearer, clause_end

if TYPE_CHECKING:
    from kg.extract.parsed.phrases import Range
    from kg.extract.parsed.tree import Tree

_LINKING: Final = frozenset(", : — – -".split())
_GAP: Final = 30
"""The most words between a quotation and its verb: a name with its apposition has fewer."""


def quoted(tree: Tree, cue: Cue, head: int | None) -> tuple[list[Range], str]:
    """The quotations that belong to a cue, and on which side of it they stand."""
    verb = cue.verb
    begins, limit = tree.sentences[tree.sentence[verb]]
    after = _after(tree, verb, limit)
    before = _before(tree, cue, begins, alone=after is None and head is None)
    if before and after and tree.words[before[1] - 2][-1] == ".":
        before = None  # the sentence before had its own
    if before and after:
        return [before, after], "between"
    if before:
        first = tree.sentences[tree.sentence[before[0]]][0]
        mixed = any(tree.words[i][0].isalnum() for i in range(first, before[0])) and not any(
            tree.lower[i] in VERBS and tree.verbal(i) for i in range(first, before[0])
        )
        if mixed and tree.words[before[0] - 1] not in {":", ","}:
            before = (first, before[1])  # The offer was “an insult,” she said.
        return [before], "behind"
    if not after or (head is not None and after[1] <= head):
        return [], ""
    first, end = after
    direct = tree.words[first - 1] in _LINKING
    if not direct or tree.lower[first - 1] == "that":
        start = behind_hearer(tree, cue)
        that = next((i for i in range(verb + 1, first) if tree.lower[i] == "that"), None)
        if that is not None:
            first = that
        elif start < first and not (cue.source and cue.source[0] >= cue.words[1]):
            first = start
    if not direct:
        limit = tree.sentences[tree.sentence[end - 1]][1]
        if any(tree.words[i][0].isalnum() for i in range(end, limit)):
            end = clause_end(tree, verb, end if head is None else min(end, head), limit)
    return [(first, end)], "ahead"


def _after(tree: Tree, verb: int, limit: int) -> Range | None:
    i = verb + 1
    while i < limit and tree.quotes[i] < 0:
        i += 1
    if i >= limit or not tree.speech(tree.quotes[i]):
        return None
    found = tree.quotations[tree.quotes[i]]
    return None if _parted(tree, verb + 1, found[0], verb) else found


def _before(tree: Tree, cue: Cue, begins: int, *, alone: bool) -> Range | None:
    """The last quotation before a cue: in its sentence, or the whole sentence before it."""
    i = cue.verb - 1
    while i >= begins and tree.quotes[i] < 0:
        i -= 1
    whole = False
    if tree.relations[cue.verb] == "acl:relcl":
        return None
    if i < begins:
        if i < 0 or not alone or cue.before() - begins > 1 or tree.quotes[i] < 0:
            return None
        # “Why?” Mr Lee asked.
        whole = tree.words[i - 1][-1] in ",?!…—-" and not tree.parted(i, begins)
        if not whole:
            return None
    if not tree.speech(tree.quotes[i]):
        return None
    first, end = tree.quotations[tree.quotes[i]]
    if end - 2 < first or cue.verb - end > _GAP or _parted(tree, end, cue.words[0], cue.verb):
        return None
    closed = tree.words[end - 2][-1] in ",.?!…—–-" or tree.words[end] == ","
    if not whole and not closed:
        return None
    if cue.source and first < cue.source[1] and cue.source[0] < end:
        return None
    return first, end


def _parted(tree: Tree, first: int, end: int, verb: int) -> bool:
    """Whether words between a cue and a quotation show that the two do not belong together."""
    for i in range(first, end):
        entry = VERBS.get(tree.lower[i])
        if entry is not None and tree.verbal(i) and "q" in entry.frames and tree.tags[i] != "VBN":
            return True
        if tree.words[i] == ";":
            return True
        if not tree.finite(i) or tree.quotes[i] >= 0:
            continue
        if tree.relations[i] in {"aux", "aux:pass", "cop"} and tree.heads[i] == verb:
            continue
        head = i
        for _ in range(6):  # what is inside a relative clause does not count
            if tree.relations[head] == "acl:relcl":
                break
            head = tree.heads[head]
        if tree.relations[head] != "acl:relcl":
            return True
    return False

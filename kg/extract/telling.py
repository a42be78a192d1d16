"""Attributions as claims are made of them: which are told apart, and which tells which."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from kg.extract.attribution import Attribution
    from kg.extract.prose import Prose
    from kg.model import Place

FIRST_PERSONS: Final = frozenset({"i", "we", "me", "us"})
_FEWEST: Final = 4
"""Words of a sentence in a speaker's turn that may be a claim: greetings and a plain yes are none."""
_NESTED: Final = 16
"""Reports inside reports that are told apart; people lose track at three."""


def told_apart(
    attributions: Iterable[Attribution], prose: Prose, speakers: AbstractSet[Place]
) -> tuple[list[Attribution], list[int | None]]:
    """Attributions in the order of the text, and for each the number of the one that tells it.

    Each is there once; turns of speakers are taken apart; what only says how sure its teller is, or
    what its teller does by saying it ("I think", "we urge", "is expected"), is no report of its own.
    """
    found: dict[object, Attribution] = {}
    for one in attributions:
        for piece in _turns(one, prose, speakers):
            if piece.content and piece.cue:
                found.setdefault((piece.content, piece.source), piece)
    kept = sorted(found.values(), key=lambda one: (one.cue[0], one.content))
    reports = [
        one
        for one, teller in zip(kept, _tellers(kept), strict=True)
        if teller is None or not _is_hedge(one, prose)
    ]
    return reports, _tellers(reports)


def _is_hedge(one: Attribution, prose: Prose) -> bool:
    """Whether a report inside the words of another is only the other's own attitude to them."""
    if not one.source:
        return True
    if len(one.source) != 1 or prose.text[slice(*one.source[0])].lower() not in FIRST_PERSONS:
        return False
    last = prose.text[slice(*one.cue[-1])].lower().split()[-1]
    return last == one.verb.partition(" ")[0]  # a past saying is reported: "I told him"


def _turns(one: Attribution, prose: Prose, speakers: AbstractSet[Place]) -> Iterator[Attribution]:
    """The sentences of a speaker's turn, one by one; any other attribution as it is.

    A turn of a transcript says many things, and a claim is one of them.
    """
    if speakers.isdisjoint(one.source):
        yield one
        return
    for start, end in one.content:
        first, last = prose.word_at(start), prose.word_at(end - 1)
        number = max(bisect_right(prose.sentences, (first, len(prose.words))) - 1, 0)
        while number < len(prose.sentences) and prose.sentences[number][0] <= last:
            begin, stop = prose.sentences[number]
            begin, stop = max(begin, first), min(stop, last + 1)
            if sum(word[0].isalnum() for word in prose.words[begin:stop]) >= _FEWEST:
                yield replace(one, content=(prose.span(begin, stop),), kind="direct")
            number += 1


def _tellers(attributions: Sequence[Attribution]) -> list[int | None]:
    """For each attribution, the nearest other one among whose words its cue stands.

    Ties are told apart by length: the smallest stretch around a cue is the nearest.
    """
    spans = sorted(
        (span.start, -span.end, i) for i, one in enumerate(attributions) for span in one.content
    )
    order = sorted(range(len(attributions)), key=lambda i: attributions[i].cue[0].start)
    tellers: list[int | None] = [None] * len(attributions)
    around: list[tuple[int, int, int]] = []  # end, minus start, number: the nearest is the least
    place = 0
    for i in order:
        cue = attributions[i].cue[0]
        while place < len(spans) and spans[place][0] <= cue.start:
            start, end, number = spans[place]
            around.append((-end, -start, number))
            place += 1
        around = sorted([content for content in around if content[0] >= cue.end])[:_NESTED]
        tellers[i] = next((number for _, _, number in around if number != i), None)
    return _without_circles(tellers)


def _without_circles(tellers: list[int | None]) -> list[int | None]:
    """Two broken-up claims can each have the other's cue: then the first of them is told by nobody."""
    done: set[int] = set()
    for i in range(len(tellers)):
        path: set[int] = set()
        node: int | None = i
        while node is not None and node not in done:
            path.add(node)
            teller = tellers[node]
            if teller in path:
                tellers[node] = teller = None
            node = teller
        done |= path
    return tellers

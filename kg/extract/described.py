"""What a text mentions without a name: bodies by their noun, sources by a description, counted people."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Final

from kg.annotation.check import QUOTE_LIMIT
from kg.extract.counting import COUNTS
from kg.extract.gazetteer import bare
from kg.extract.measures import PERCENT
from kg.extract.measures import PERSONS as COUNTED_PERSONS
from kg.extract.names.bodies import HEADS
from kg.extract.names.holders import DOCUMENTS, RULERS
from kg.extract.names.titles import BODIES, HIDDEN, PERSONS, TITLES
from kg.extract.neighbours import FOLLOWS
from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.extract.names import Names
    from kg.extract.numbers import Number
    from kg.extract.prose import Prose

_LOOSE: Final = frozenset(
    "group force forces team state country nation kingdom republic empire regime government"
    " administration site body network channel station daily weekly house command fund order".split()
)
"""Nouns that "the" before them does not bind to the one body that is called so."""
_SHORT: Final = (BODIES & HEADS.keys()) - _LOOSE
_COMPANIES: Final = frozenset({"company", "firm"})
"""Nouns for which the kind of a body stands, since few bear them in their names."""
_OWNERS: Final = frozenset("his her its their our my your the a an some".split())
_BEHIND: Final = frozenset(
    ", ( of for from in with on to by about who which that close familiar".split()
)
"""Words behind the noun of a description."""
_SPEAKING: Final = (
    PERSONS | COUNTED_PERSONS | BODIES | HIDDEN | frozenset("prosecution defence defense".split())
) - DOCUMENTS
"""Nouns for people and bodies, in the singular or the plural."""
_ANYBODY: Final = frozenset("people others some many most all everyone everybody anyone".split())
"""Words that alone describe nobody."""
_FURTHER: Final = 4
"""Words behind "of" that go on with a phrase for people."""
_FORMS: Final = {noun + owned: noun for noun in _SHORT | _COMPANIES for owned in ("", "'s", "’s")}
_POINTING: Final = frozenset({"the", "that", "this"})


def bodies(prose: Prose, names: Names) -> Iterator[tuple[Span, int]]:
    """Where "the council", "that union" means the one body named before that is called so.

    The number of the entity goes with each. A noun that only leads to another one ("the court
    order") means nobody.
    """
    if not names.mentions:
        return
    named: dict[int, int] = {}
    for i in prose.where(_FORMS.keys()):
        if not i or prose.lower[i - 1] not in _POINTING:
            continue
        word = prose.lower[i]
        noun = _FORMS[word]
        if not prose.words[i][0].islower():
            continue
        if noun == word and i + 1 < len(prose.words) and not _ends(prose, i + 1):
            continue
        if noun in _COMPANIES and prose.lower[i + 1 : i + 2] == ["of"]:
            continue  # who is in good company
        key = "a company" if noun in _COMPANIES else f"the {noun}"
        bearers = names.bearers.get(key, ())
        if len(bearers) != 1:
            continue
        if not named:
            for span, number in reversed(names.mentions):
                named[number] = span.start
        if named.get(bearers[0], prose.starts[i]) < prose.starts[i]:
            yield Span(prose.starts[i], prose.starts[i] + len(noun)), bearers[0]


def _ends(prose: Prose, i: int, *, names: bool = True) -> bool:
    """Whether a word can stand behind the end of a noun phrase; a name can, where `names` says so."""
    word = prose.lower[i]
    return (
        not word[0].isalnum()
        or word in FOLLOWS
        or word.endswith(("ly", "ed", "ing"))
        or (names and prose.words[i][0].isupper())
    )


def people(prose: Prose, number: Number) -> Span | None:
    """The words for people whom a number counts, without those that bound it: "12 sailors"."""
    counted = number.counted
    if number.unit != "persons" or counted is None or counted.start < number.span.start:
        return None
    i = prose.word_at(number.span.start)
    end = prose.word_at(counted.end - 1) + 1
    while i < end and not (prose.lower[i][0].isdigit() or prose.lower[i] in COUNTS):
        i += 1
    if i >= end:
        return None
    whose = end - i == 2 and prose.lower[i + 1] == "members"  # of what, is all that it says
    return prose.span(i, _aboard(prose, end, whose=whose))


def _aboard(prose: Prose, end: int, *, whose: bool) -> int:
    """Where a phrase for people ends that goes on with where they are, or `whose` they are."""
    lower = prose.lower
    if lower[end : end + 1] == ["aboard"]:
        return end + 1
    if lower[end : end + 2] == ["on", "board"]:
        return end + 2
    while whose and lower[end : end + 1] == ["of"]:
        first = end + 1 + (lower[end + 1 : end + 2] == ["the"])
        last = first
        while last < min(first + _FURTHER, len(lower)) and not _ends(prose, last, names=False):
            last += 1
        if last == first:
            break
        end = last
    return end


def speaker(prose: Prose, words: Span, *, known: bool) -> Span | None:
    """The words that describe a source, without a possessive; None where they are of no actor.

    Papers say things, too, but nobody speaks in them. Unless it is `known` who is meant, "the
    minister" and "the government" are left out: the reader knows them by a name, so that neither
    is somebody else.
    """
    first, end = prose.word_at(words.start), prose.word_at(words.end - 1) + 1
    new = first == 0 or prose.lower[first - 1] in {"a", "an"} or prose.lower[first] in _OWNERS
    while first < end - 1 and prose.lower[first] in _OWNERS:
        first += 1
    end = next((i for i in range(first + 1, end) if prose.lower[i] == "at"), end)
    edge = next((i for i in range(first + 1, end) if prose.lower[i] in _BEHIND), end)
    noun = bare(prose.lower[edge - 1])
    if not known and (noun in RULERS or (noun in TITLES and not new)):
        return None
    one = noun.removesuffix("s")
    actors = noun in _SPEAKING or one in _SPEAKING or noun.endswith(("man", "men", "woman"))
    actors = actors and one not in DOCUMENTS and noun == prose.lower[edge - 1]
    counted = any(word in PERCENT or word[0].isdigit() for word in prose.lower[first:edge])
    owns = bare(prose.lower[end - 1]) != prose.lower[end - 1]
    anybody = end - first == 1 and noun in _ANYBODY
    return prose.span(first, end) if actors and not (counted or owns or anybody) else None


def apart(named: Sequence[Span], others: Iterable[Span]) -> list[Span]:
    """Those of the others that lie in no named stretch, are one of none, and cross nothing."""
    taken = sorted(named)
    names = set(named)
    found = []
    for span in sorted(others, key=lambda span: (span.start, -span.end)):
        near = taken[
            bisect_left(taken, (span.start - QUOTE_LIMIT, 0)) : bisect_left(taken, (span.end, 0))
        ]
        if span.end - span.start <= QUOTE_LIMIT and not any(
            one == span
            or (one.start < span.start < one.end < span.end)
            or (span.start < one.start < span.end < one.end)
            or (one in names and one.start <= span.start and span.end <= one.end)
            for one in near
        ):
            insort(taken, span)
            found.append(span)
    return found

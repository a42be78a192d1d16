"""Attributions by a passive: `it was reported that …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.attribution import phrases, subjects
from kg.extract.attribution.adjuncts import adjuncts
from kg.extract.attribution.bodies import content_of, mark_behind, quoted, speech_at
from kg.extract.attribution.clauses import clause, end_of_content
from kg.extract.lexicon import VERBS

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading, Words
    from kg.extract.lexicon import Verb


class Told(NamedTuple):
    """What a passive tells: by whom, if it says so, in which words, and what."""

    source: list[Words]
    cue: list[Words]
    content: list[Words]


def passive(reading: Reading, verb: Verb, cue: Words, low: int, high: int) -> Told | None:
    """`It was reported that …`, `he is believed to …`, `she was told by police that …`."""
    tags, words = reading.tags, reading.low
    start, end = cue
    subject = subjects.subject(reading, start, low)
    if end >= high:
        return None
    told = _as_saying(reading, end, high) if subject else -1
    if told > 0 and subject:
        said = [(start, told + 2)] if told == end else [cue, (told, told + 2)]
        body = content_of(reading, VERBS["say"], told + 2, high) if told + 2 < high else None
        body = body or quoted(reading, subject[0] - 1, low)
        return Told([subject], said, body) if body else None
    agent: list[Words] = []
    after = end
    if words[end] == "by":
        stop = phrases.right(reading, end + 1, high)
        if stop > end + 1:
            agent, after = [(end + 1, stop)], stop
    if after >= high:
        return None
    body = None
    impersonal = subject is not None and words[subject[0]] == "it" and subject[1] == subject[0] + 1
    if impersonal:
        after = max(adjuncts(reading, after, high), mark_behind(reading, after, high))
        if after >= high:
            return None
    if tags[after] == "T" and (impersonal or "o" in verb.frames):
        body = [(after, end_of_content(reading, after + 1, high))]
    elif verb.lemma in _ASKED and not agent and clause(reading, after, high, weak=False):
        body = [(after, end_of_content(reading, after, high))]
    elif set(verb.frames) & set("ow") and speech_at(reading, verb.frames, after, high):
        body = speech_at(reading, verb.frames, after, high)
    elif impersonal and "t" in verb.frames and clause(reading, after, high, weak=False):
        body = [(after, end_of_content(reading, after, high))]
    elif subject is None:
        return None
    elif (
        (tags[after] == "E" and set(verb.frames) & set("nct") and verb.sense != "urge")
        or ("a" in verb.frames and words[after] in {"of", "with"})
        or ("j" in verb.frames and words[after] == "as")
    ):
        body = [subject, (after, end_of_content(reading, after, high))]
    return Told(agent, [cue], body) if body else None


def _as_saying(reading: Reading, end: int, high: int) -> int:
    """Where `as saying` stands behind a passive, by whom and when passed over; -1 if nowhere."""
    tags, words = reading.tags, reading.low
    for k in range(end, min(end + _REACH, high - 1)):
        if words[k] == "as":
            return k if words[k + 1] in {"saying", "telling", "writing"} else -1
        if tags[k] not in "PDNXKfY":
            break
    return -1


_REACH: Final = 12
"""Words of those who quoted, the place and the day: was quoted by the agency on Friday as saying."""
_ASKED: Final = frozenset("tell inform assure warn".split())
"""Verbs whose passive has its hearer for subject: he was told he could leave."""

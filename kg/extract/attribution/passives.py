"""Attributions by a passive: `it was reported that …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.attribution import phrases
from kg.extract.attribution.adjuncts import adjuncts
from kg.extract.attribution.bodies import content_of, mark_behind, speech_at
from kg.extract.attribution.clauses import clause, end_of_content
from kg.extract.lexicon import VERBS

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading, Words
    from kg.extract.lexicon import Verb


class Told(NamedTuple):
    """What a passive tells: by whom, if it says so, in which words, and what."""

    source: list[Words]
    cue: Words
    content: list[Words]


def passive(reading: Reading, verb: Verb, cue: Words, low: int, high: int) -> Told | None:
    """`It was reported that …`, `he is believed to …`, `she was told by police that …`."""
    tags, words = reading.tags, reading.low
    start, end = cue
    subject = phrases.subject(reading, start, low)
    if end >= high:
        return None
    if words[end] == "as" and end + 1 < high and words[end + 1] in {"saying", "telling", "writing"}:
        body = content_of(reading, VERBS["say"], end + 2, high)
        if subject and body:
            return Told([subject], (start, end + 2), body)
        return None
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
    return Told(agent, cue, body) if body else None


_ASKED: Final = frozenset("tell inform assure warn".split())
"""Verbs whose passive has its hearer for subject: he was told he could leave."""

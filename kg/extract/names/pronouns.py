"""Whom pronouns mean, where only one can be meant."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, cast

from kg.extract.names.entity import Holder
from kg.extract.names.evidence import SPEECH
from kg.extract.names.strangers import stranger

if TYPE_CHECKING:
    from kg.extract.names.entity import Mentioned
    from kg.extract.prose import Prose
    from kg.model import ActorKind, Span

PRONOUNS: Final = frozenset("he she it they i we you who which himself herself".split())
_GENDERED: Final = {"he": "he", "himself": "he", "she": "she", "herself": "she"}
_ACTORS: Final = frozenset(
    "person state government-body intergovernmental-body political-party media"
    " research-organisation"
    " company civil-society armed-force group unidentified".split()
)


def kind_of(kind: str | None) -> ActorKind:
    """The kind of an actor; of what is no actor, unidentified."""
    return cast("ActorKind", kind) if kind in _ACTORS else "unidentified"


def pronoun(names: Mentioned, prose: Prose, word: int) -> Holder:
    """Whom a pronoun means, where only one can be meant."""
    said = prose.lower[word].partition("'")[0]
    label = f"{said if said != 'i' else 'I'} (unresolved)"
    number = -1
    if said in _GENDERED:
        number = _antecedent(names, prose, word, _GENDERED[said])
    elif said in {"who", "which"}:
        number = _before(names, prose, word)
    elif said in {"it", "they"}:
        number = _body(names, prose, word, plural=said == "they")
    if number < 0:
        return Holder(entity=None, how="unresolved", label=label)
    thing = names.entities[number]
    return Holder(entity=number, how="pronoun", label=thing.label, kind=kind_of(thing.kind))


def _before(names: Mentioned, prose: Prose, word: int) -> int:
    """The actor named right before a relative pronoun, perhaps with a comma between; -1 if none."""
    number = names.at(prose.starts[word]) - 1
    if number < 0:
        return -1
    span, entity = names.mentions[number]
    near = prose.starts[word] - span.end <= _NEAR
    return entity if near and names.entities[entity].type == "actor" else -1


_NEAR: Final = 2


def _between(names: Mentioned, start: int, stop: int) -> list[tuple[Span, int]]:
    """The last mentions between two offsets, as many as a reader keeps in mind."""
    end = names.at(stop)
    return names.mentions[max(names.at(start), end - _KEPT) : end]


_KEPT: Final = 40


def _antecedent(names: Mentioned, prose: Prose, word: int, gender: str) -> int:
    """The one person whom `he` or `she` can mean: the nearest sentence that names any decides."""
    starts = names.sentences
    at = bisect_right(starts, prose.starts[word]) - 1
    stop = prose.starts[word]
    for back in range(_SENTENCES):
        if at - back < 0:
            break
        start = starts[at - back]
        people = [
            (span, entity)
            for span, entity in _between(names, start, stop)
            if names.entities[entity].kind == "person"
            and names.traits[entity].gender in {"", gender}
            and not _perhaps_place(names, prose, span, entity)
        ]
        if stranger(names, prose, (prose.word_at(start), prose.word_at(stop)), gender):
            return -1  # Mayor Ann Lee left. “No,” a clerk said. She wept.
        stop = start
        distinct = list(dict.fromkeys(entity for _, entity in people))
        if len(distinct) == 1:
            return distinct[0]
        if distinct:
            acting = [entity for span, entity in people if _is_subject(prose, span)]
            subjects = list(dict.fromkeys(acting))
            if len(subjects) == 1:
                return subjects[0]
            sure = [entity for entity in distinct if names.traits[entity].gender == gender]
            return sure[0] if len(sure) == 1 and not subjects else -1
    return -1


def _perhaps_place(names: Mentioned, prose: Prose, span: Span, entity: int) -> bool:
    """Whether a person is no more than one word behind `from` or `in`: a man from Solby."""
    seen = names.traits[entity]
    first = prose.word_at(span.start)
    bare_name = " " not in names.entities[entity].label and names.entities[entity].ref is None
    return (
        bare_name
        and not (seen.gender or seen.roles)
        and first > 0
        and prose.lower[first - 1] in {"from", "in", "at", "near"}
    )


_SENTENCES: Final = 6
"""Sentences that a pronoun may lead back over: speech of one person in a row names them once."""


def _is_subject(prose: Prose, span: Span) -> bool:
    """Whether a person speaks or acts: a verb of speech beside the name, or the sentence begins so."""
    first, end = prose.word_at(span.start), prose.word_at(span.end - 1) + 1
    lower = prose.lower
    after = lower[end] if end < len(lower) else ""
    before = lower[first - 1] if first else ""
    return after in SPEECH or before in SPEECH or after in {"has", "had", "was", "is", "also"}


def _body(names: Mentioned, prose: Prose, word: int, *, plural: bool) -> int:
    """The one organisation, state or group that the sentence before speaks of; -1 if unclear."""
    starts = names.sentences
    at = bisect_right(starts, prose.starts[word]) - 1
    for back in range(1, min(_BODIES, at) + 1):
        between = _between(names, starts[at - back], prose.starts[word])
        if between:
            break
    else:
        return -1
    kinds = [names.entities[entity].kind for _, entity in between]
    found = {
        entity
        for (_, entity), kind in zip(between, kinds, strict=True)
        if kind not in {None, "person"}
    }
    span, entity = between[0]
    near = prose.word_at(span.start) - prose.word_at(starts[at - back]) <= _FIRST_WORDS
    sure = near and found == {entity} and not (plural and "person" in kinds)
    return entity if sure else -1


_FIRST_WORDS: Final = 3
"""Words before the subject of a sentence that begins with it: `In Oslo` would be more."""


_BODIES: Final = 3
"""Sentences that `it` and `they` may lead back over."""

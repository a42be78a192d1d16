"""Who says what, found by rules: the sources, cues and contents of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.extract.attribution.following import following
from kg.extract.attribution.others import others
from kg.extract.attribution.reading import Found, Reading
from kg.extract.attribution.verbs import Verbs

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Words
    from kg.extract.prose import Prose
    from kg.model import ReportKind, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Words that name a source, words that report, and the words that say what.

    `source` is empty where the text names none. `verb` is the lemma of the cue, or `according`,
    `:`; `negated` says that the report is (`did not say that`), not what is reported.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    verb: str
    kind: ReportKind
    negated: bool = False


def attributions(prose: Prose) -> list[Attribution]:
    """All attributions of a text by the place of their cue, those within others included.

    >>> from kg.extract.prose import Prose
    >>> found = attributions(Prose("“It is over,” said Ann Lee, a nurse."))[0]
    >>> found.source, found.verb, found.kind
    ((Span(start=19, end=35),), 'say', 'direct')
    """
    reading = Reading(prose)
    found = Verbs(reading).found
    found.extend(others(reading, frozenset(one.cue[0][1] - 1 for one in found)))
    found.extend(following(reading, found))
    found.sort(key=lambda one: (one.cue[0], one.content))
    return [_spans(reading, one) for one in found]


def _spans(reading: Reading, found: Found) -> Attribution:
    return Attribution(
        source=tuple(reading.prose.span(*words) for words in found.source),
        cue=tuple(reading.prose.span(*words) for words in found.cue),
        content=tuple(reading.prose.span(*words) for words in found.content),
        verb=found.verb,
        kind=_kind(reading, found.content),
        negated=found.negated,
    )


def _kind(reading: Reading, content: list[Words]) -> ReportKind:
    """Whether all, some or none of what is said stands in quotation marks."""
    quote, quoted = reading.prose.inside, reading.quoted
    if all(quoted[first] == quoted[end] for first, end in content):
        return "indirect"
    bare = any(
        quote[i] < 0 and reading.prose.words[i][0].isalnum()
        for first, end in content
        for i in range(first, end)
    )
    return "mixed" if bare else "direct"

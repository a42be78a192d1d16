"""How far what was found agrees with a gold standard: precision, recall and F1 in several views.

The three views of attributions are those of the literature on quotations (PARC, PolNeAR): exact
spans for each role, characters, and relations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kg.model import Span

HALF: Final = 0.5
"""Intersection over union of contents from which on two claims are taken for the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed:
    """An attribution: who says it, by which words that is told, and what."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All of one article that is scored; None for what the standard does not mark.

    `mentions` are spans with the class of what they name; `dates` and `numbers` have each as often
    as it is given; `metadata` what is stated of the article.
    """

    attributions: tuple[Attributed, ...] = ()
    mentions: frozenset[tuple[Span, str]] | None = None
    dates: Counter[str] | None = None
    numbers: Counter[str] | None = None
    metadata: Mapping[str, str] | None = None


class Tally(NamedTuple):
    """Hits, and how many were found and how many there are to find."""

    hits: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: object) -> Tally:
        if not isinstance(other, Tally):
            return NotImplemented
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what there is to find that was found."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both.

        >>> Tally(1, 2, 2).f1
        0.5
        """
        return 2 * self.hits / (self.found + self.gold) if self.found + self.gold else 0.0


class Pair(NamedTuple):
    """A claim of the standard with the one that was found for it; one of them may be missing."""

    gold: Attributed | None
    found: Attributed | None
    overlap: float

    @property
    def hit(self) -> bool:
        """Whether both are the same claim: contents half the same, sources and cues overlapping."""
        gold, found = self.gold, self.found
        if gold is None or found is None or self.overlap < HALF:
            return False
        sources = _touch(gold.source, found.source) or not (gold.source or found.source)
        return sources and _touch(gold.cue, found.cue)


@dataclass(slots=True)
class Scores:
    """Tallies by what they are of, and the pairs of claims, of one article."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)


def score(text: str, gold: Reading, found: Reading) -> Scores:
    """The scores of what was found in a text."""
    scores = Scores()
    tallies = scores.tallies
    scores.pairs = list(_paired(gold.attributions, found.attributions))
    tallies["relation"] = Tally(
        sum(pair.hit for pair in scores.pairs), len(found.attributions), len(gold.attributions)
    )
    for role in ("source", "cue", "content"):
        ours = {span for one in found.attributions for span in _trimmed(text, getattr(one, role))}
        theirs = {span for one in gold.attributions for span in _trimmed(text, getattr(one, role))}
        tallies[role] = _of(ours, theirs)
    tallies["content, characters"] = _of(
        _covered(text, (span for one in found.attributions for span in one.content)),
        _covered(text, (span for one in gold.attributions for span in one.content)),
    )
    if gold.mentions is not None and found.mentions is not None:
        ones, others = (
            {(_bare(text, span), kind) for span, kind in mentions}
            for mentions in (found.mentions, gold.mentions)
        )
        tallies["mentions"] = _of({span for span, _ in ones}, {span for span, _ in others})
        for kind in sorted({kind for _, kind in others}):
            tallies[f"mentions, {kind}"] = _of(
                {span for span, k in ones if k == kind}, {span for span, k in others if k == kind}
            )
    for name in ("dates", "numbers"):
        here, there = getattr(found, name), getattr(gold, name)
        if here is not None and there is not None:
            tallies[name] = Tally((here & there).total(), here.total(), there.total())
    if gold.metadata is not None and found.metadata is not None:
        right = sum(gold.metadata.get(k) == found.metadata.get(k) for k in gold.metadata)
        tallies["metadata"] = Tally(right, len(gold.metadata), len(gold.metadata))
    return scores


def outermost(attributions: Sequence[Attributed]) -> tuple[Attributed, ...]:
    """Those whose cue does not stand among the words of another one."""
    contents = [(span, one) for one in attributions for span in one.content]
    return tuple(
        one
        for one in attributions
        if not any(
            span.start <= cue.start and cue.end <= span.end and other is not one
            for cue in one.cue[:1]
            for span, other in contents
        )
    )


def _paired(gold: Sequence[Attributed], found: Sequence[Attributed]) -> Iterator[Pair]:
    """Claims one to one, those that overlap most first; then those that are left alone."""
    ours = [_characters(one.content) for one in found]
    theirs = [_characters(one.content) for one in gold]
    overlaps = sorted(
        (
            (-len(a & b) / len(a | b), i, j)
            for i, a in enumerate(theirs)
            for j, b in enumerate(ours)
            if a & b
        ),
    )
    left, right = dict(enumerate(gold)), dict(enumerate(found))
    for overlap, i, j in overlaps:
        if i in left and j in right:
            yield Pair(left.pop(i), right.pop(j), -overlap)
    for one in left.values():
        yield Pair(one, None, 0.0)
    for one in right.values():
        yield Pair(None, one, 0.0)


def _of(found: Collection[object], gold: Collection[object]) -> Tally:
    return Tally(len(set(found) & set(gold)), len(found), len(gold))


def _characters(spans: Iterable[Span]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def _covered(text: str, spans: Iterable[Span]) -> set[int]:
    return {place for place in _characters(spans) if not text[place].isspace()}


def _trimmed(text: str, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Spans without white space at their ends."""
    for start, end in spans:
        words = text[start:end]
        if words.strip():
            yield start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def _bare(text: str, span: Span) -> tuple[int, int]:
    """A name without "the" before it and the possessive behind: standards differ in these."""
    start, end = span
    if text[start : start + 4].lower() == "the ":
        start += 4
    if text[end - 2 : end].lower() in {"'s", "’s"}:
        end -= 2
    return start, end


def _touch(some: Iterable[Span], others: Sequence[Span]) -> bool:
    return any(a.start < b.end and b.start < a.end for a in some for b in others)

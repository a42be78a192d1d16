"""From the replies about an article's windows to one extraction: all that stands in the text, once.

What a reply says is taken over only where its words are found. Whatever is not is listed, with the
reason; nothing is mended.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.extract.dates import dates
from kg.extract.extraction import Extraction
from kg.extract.llm.things import Things
from kg.extract.numbers import numbers
from kg.model import Event, Language, Mention, Quantity, Ref, Slug, Span, When

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.document import Document
    from kg.extract.gazetteer import Gazetteer
    from kg.extract.prose import Prose
    from kg.model import Claim, ReportKind


class Reading:
    """What the replies about one article say, put together as they come."""

    def __init__(self, document: Document, prose: Prose, known: Gazetteer) -> None:
        self.prose = prose
        self.text = prose.text
        language = Language(document.language) if document.language else None
        self.things = Things(prose, known, language)
        self._dated = dates(prose, document.published)
        self._numbers = sorted(numbers(prose), key=lambda number: number.span)
        self._mentions: dict[Span, Ref] = {}
        self._events: dict[Ref, Event] = {}
        self._claims: dict[str, Claim] = {}
        self._windows: dict[str, int] = {}
        self._cues: dict[tuple[Span, ...], Slug] = {}
        self._evidence: dict[Span, Slug] = {}
        self._asserts: dict[str, dict[Ref, None]] = {}

    def extraction(self) -> Extraction:
        """All that was taken over, in the order of the text; things that nothing leads to are left out."""
        claims = sorted(self._claims.values(), key=lambda claim: claim.evidence)
        names: dict[str, str] = {claim.id: f"c{number}" for number, claim in enumerate(claims, 1)}
        claims = [
            replace(
                claim,
                id=Slug(names[claim.id]),
                asserts=tuple(Ref(names.get(ref, ref)) for ref in self._asserts[claim.id]),
            )
            for claim in claims
        ]
        used = {*self._mentions.values(), *self._events}
        for event in self._events.values():
            used.update(event.at, (part.actor for part in event.participants))
        for claim in claims:
            used.update(claim.source, claim.about, (quantity.of for quantity in claim.quantities))
            for stance in claim.stances:
                used.update((stance.actor, stance.issue))
        return Extraction(
            things=tuple(thing for ref, thing in self.things.own.items() if ref in used),
            mentions=tuple(
                Mention(span=span, of=ref) for span, ref in sorted(self._mentions.items())
            ),
            events=tuple(self._events.values()),
            claims=tuple(claims),
        )

    def mention(self, span: Span, ref: Ref) -> bool:
        """Note what a span names; whether it does not name something else already."""
        return self._mentions.setdefault(span, ref) == ref

    def event(self, event: Event) -> None:
        """Take over an account of an event; another window's adds to it."""
        told = self._events.get(event.id)
        if told is not None:
            event = Event(
                id=event.id,
                when=told.when or event.when,
                at=tuple(dict.fromkeys((*told.at, *event.at))),
                participants=tuple(dict.fromkeys((*told.participants, *event.participants))),
            )
        self._events[event.id] = event

    def claim(self, claim: Claim, window: int) -> Slug:
        """Take over a claim; its id, or that of the same claim out of another window.

        What has the same cue or the same first passage is the same claim where two windows overlap.
        Within a window a cue may have several claims.
        """
        main = claim.evidence[0]
        for same in (self._cues.get(_spans(claim.cue)), self._evidence.get(_span(main))):
            if same is not None and self._windows[same] != window:
                return same
        id_ = Slug(f"c{len(self._claims) + 1}")
        self._claims[id_] = replace(claim, id=id_)
        self._windows[id_] = window
        self._asserts[id_] = {}
        if claim.cue:
            self._cues.setdefault(_spans(claim.cue), id_)
        self._evidence.setdefault(_span(main), id_)
        return id_

    def reports(self, id_: Slug, ref: Ref) -> bool:
        """Note that a claim tells of an event or of another claim; not where that goes in a circle."""
        if ref in self._claims and self._reaches(ref, id_):
            return False
        self._asserts[id_][ref] = None
        return True

    def _reaches(self, start: str, goal: str) -> bool:
        seen, queue = {start}, [start]
        while queue:
            id_ = queue.pop()
            if id_ == goal:
                return True
            following = {str(ref) for ref in self._asserts[id_] if ref in self._claims} - seen
            seen |= following
            queue += following
        return False

    def date(self, span: Span) -> When | None:
        """The date that some words give, as the rules for dates in texts read it."""
        found = [
            dated
            for dated in self._dated
            if dated.span.start < span.end and span.start < dated.span.end
        ]
        return When(date=found[0].edtf, basis=found[0].basis) if len(found) == 1 else None

    def quantities(self, evidence: Sequence[Span]) -> tuple[Quantity, ...]:
        """The numbers in some passages, as far as it is said what they count."""
        found: dict[Quantity, None] = {}
        for span in evidence:
            first = bisect_left(self._numbers, span.start, key=lambda number: number.span.start)
            for number in self._numbers[first:]:
                if number.span.start >= span.end:
                    break
                if number.counted is None or not number.unit or number.span.end > span.end:
                    continue
                quantity = Quantity(
                    of=self._counted(number.counted),
                    quantifier=number.quantifier,
                    value=number.value,
                    min=number.min,
                    max=number.max,
                    unit=number.unit,
                )
                found[quantity] = None
        return tuple(found)

    def _counted(self, span: Span) -> Ref:
        label = " ".join(self.text[slice(*span)].split())[:_LONGEST_LABEL]
        found = self.things.find(label)
        if found is None:
            found = self.things.make(("counted", label.casefold()), "topic", None, label)
        return found.ref

    def kind(self, evidence: Sequence[Span]) -> ReportKind:
        """How the words of a source are reported: by the quotation marks that stand in the text."""
        quoted: set[bool] = set()
        prose = self.prose
        for start, end in evidence:
            i = prose.word_at(start)
            while i < len(prose.words) and prose.starts[i] < end:
                if prose.words[i][0].isalnum():
                    quoted.add(prose.inside[i] >= 0)
                i += 1
        if quoted == {True}:
            return "direct"
        return "mixed" if quoted == {True, False} else "indirect"


_LONGEST_LABEL: Final = 300


def _spans(places: Sequence[object]) -> tuple[Span, ...]:
    return tuple(map(_span, places))


def _span(place: object) -> Span:
    assert isinstance(place, Span)  # noqa: S101  # a reading locates before it keeps
    return place

"""From what was found in a text to the parts of an annotation: things, mentions, events, claims.

Here all extractors that read grammar meet: whoever found the attributions, the rest is the same.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, Generic, TypeVar, cast

from kg.annotation.check import QUOTE_LIMIT, TEXT_LIMIT
from kg.extract.dates import dates, time_expressions
from kg.extract.described import apart, bodies, people, speaker
from kg.extract.events import events
from kg.extract.extraction import AUTHOR, Extraction
from kg.extract.factuality import factuality
from kg.extract.gazetteer import Entry, Gazetteer
from kg.extract.names import names
from kg.extract.names.holders import holders
from kg.extract.numbers import numbers
from kg.extract.prose import Prose
from kg.extract.sayings import Sayings
from kg.extract.telling import FIRST_PERSONS, told_apart
from kg.extract.wording import paraphrase, plain
from kg.model import (
    NOISE,
    Claim,
    Event,
    Mention,
    Participant,
    Quantity,
    Ref,
    Slug,
    Span,
    Thing,
    When,
)
from kg.register import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.document import Document
    from kg.extract.attribution import Attribution
    from kg.extract.dates import Dated
    from kg.extract.events import Happening
    from kg.extract.names import Entity, Holder, Names
    from kg.extract.numbers import Number
    from kg.model import Kind, Place, ThingType

UNNAMED: Final = "unnamed source"
"""The label of a source that the text does not name by any word."""


def prose_of(document: Document) -> Prose:
    """The words of a document, without those parts of it that say nothing of its matter."""
    skip = [part.span for part in document.parts if part.kind in NOISE]
    return Prose(document.text, [span for span in skip if isinstance(span, Span)])


def compose(
    document: Document,
    prose: Prose,
    attributions: Sequence[Attribution],
    known: Gazetteer,
    *,
    own: bool = False,
) -> Extraction:
    """What a document says, given who says what in it; with `own`, also what its author asserts."""
    return _Composition(document, prose, attributions, known).extraction(own=own)


class _Composition:
    def __init__(
        self,
        document: Document,
        prose: Prose,
        attributions: Sequence[Attribution],
        known: Gazetteer,
    ) -> None:
        self.document = document
        self.known = known
        self.prose = prose
        self.text = prose.text
        speakers: set[Place] = {p.span for p in document.parts if p.kind == "speaker"}
        self.attributions, self._tellers = told_apart(attributions, prose, speakers)
        self.speakers = speakers
        self.names: Names = names(prose, known, document.language)
        readings = time_expressions(prose)
        dated = dates(prose, document.published, readings)
        self.dated = _Placed((date.span, date) for date in dated)
        self.numbers = _Placed((number.span, number) for number in numbers(prose, readings))
        cues = _Placed((span, span) for one in self.attributions for span in one.cue)
        self.happenings = [  # what is a word for saying is no event besides
            happening
            for happening in events(prose, self.names, dated)
            if not cues.within((happening.span,))
        ]
        self._sayings = Sayings(prose, dated, self.attributions)
        self.named = dict(self.names.mentions)
        self.holders = {
            span: holders(self.names, prose, span)
            for one in self.attributions
            for span in one.source
        }
        self.speaking = {holder.entity for found in self.holders.values() for holder in found}
        self.things: dict[str, Thing] = {}
        self._taken: set[str] = {*known.kinds, AUTHOR}
        self._refs: dict[object, Ref] = {}
        self._speakers: dict[int, int | None] = {}
        self.counted: dict[Number, Ref] = {}

    def extraction(self, *, own: bool) -> Extraction:
        """All that was found, in the order of the text."""
        mentions = [
            Mention(span=span, of=self._entity(number))
            for span, number in self.names.mentions
            if span.end - span.start <= QUOTE_LIMIT
        ]
        happened = [(happening, self._event(happening)) for happening in self.happenings]
        tellings = [
            (span, ref) for happening, ref in happened for span in (happening.span, *happening.also)
        ]
        mentions += [
            Mention(span=span, of=ref)
            for span, ref in tellings
            if span.end - span.start <= QUOTE_LIMIT
        ]
        mentions += self._beside()
        self.happened = _Placed(tellings)
        claims = self._claims()
        if own:
            claims += self._assertions(claims)
        mentions += self._nameless(mentions)
        return Extraction(
            things=tuple(self.things.values()),
            mentions=tuple(sorted(dict.fromkeys(mentions), key=_where)),
            events=tuple(self._account(happening, ref) for happening, ref in happened),
            claims=tuple(claims),
        )

    # ------------------------------------------------------------------ things

    def _thing(
        self, key: object, type_: ThingType, kind: Kind | None, label: str, alt: Iterable[str] = ()
    ) -> Ref:
        """The reference to something that the register does not have; the same key, the same thing."""
        if key not in self._refs:
            label = plain(label) or UNNAMED
            id_ = slug(label, type_, self._taken)
            self._taken.add(id_)
            others = tuple(name for name in dict.fromkeys(alt) if name != label)
            self.things[id_] = Thing(id=Slug(id_), type=type_, kind=kind, label=label, alt=others)
            self._refs[key] = Ref(id_)
        return self._refs[key]

    def _entity(self, number: int) -> Ref:
        """The reference to what a name stands for; whoever says something is an actor."""
        entity: Entity = self.names.entities[number]
        if entity.ref is not None:
            return entity.ref
        type_, kind = entity.type, entity.kind
        if type_ != "actor" and number in self.speaking:
            type_, kind = "actor", "unidentified"
        return self._thing(("entity", number), type_, kind, entity.label, entity.alt)

    def _beside(self) -> Iterator[Mention]:
        """Where a byline, a credit line or a repeated title names somebody whom the body names, too."""
        parts = [
            part.span
            for part in self.document.parts
            if part.kind in _NAMING and isinstance(part.span, Span)
        ]
        if not parts:
            return
        own = Gazetteer(
            (name, Entry(Ref(f"n{number}"), entity.type, entity.kind, entity.label))
            for number, entity in enumerate(self.names.entities)
            for name in (entity.label, *entity.alt)
        )
        beside = Prose(self.text, _between(parts, len(self.text)))
        found = {(first, end): entry.ref for first, end, entry in self.known.find(beside)}
        for first, end, entry in own.find(beside):
            found[first, end] = self._entity(int(entry.ref[1:]))
        for words, ref in found.items():
            span = beside.span(*words)
            if span.end - span.start <= QUOTE_LIMIT:
                yield Mention(span=span, of=ref)

    def _nameless(self, mentions: Sequence[Mention]) -> list[Mention]:
        """Where somebody is mentioned without a name: what crosses other mentions is left out."""
        found: dict[Span, Ref] = {}
        for span, several in self.holders.items():
            for holder in several if span not in self.speakers else ():
                if holder.words is None:
                    continue
                known = holder.entity is not None
                described = speaker(self.prose, holder.words, known=known)
                if described is not None:
                    found[described] = self._holder(holder, span)
        for span, entity in bodies(self.prose, self.names):
            found[span] = self._entity(entity)
        for number, ref in self.counted.items():
            words = people(self.prose, number)
            if words is not None:
                found.setdefault(words, ref)
        named = cast("list[Span]", [mention.span for mention in mentions])
        # A file of an annotation quotes the words of its mentions, so they hold no control character.
        return [
            Mention(span=span, of=found[span])
            for span in apart(named, found)
            if plain(self.text[slice(*span)]) == " ".join(self.text[slice(*span)].split())
        ]

    def _holder(self, holder: Holder, span: Span) -> Ref:
        """The reference to who stands behind the words for a source."""
        entity = self.names.entities[holder.entity] if holder.entity is not None else None
        if entity is not None and (entity.ref is None or entity.type == "actor"):
            return self._entity(cast("int", holder.entity))
        kind = holder.kind if entity is None else "unidentified"
        # Two pronouns that nobody can resolve need not stand for the same one.
        key = span if holder.how == "unresolved" else holder.label.lower()
        return self._thing(("holder", key), "actor", kind, holder.label)

    def _source(self, number: int) -> tuple[Ref, ...]:
        """Who says it: those whom the words for the source stand for.

        "I" and "we" are whoever speaks, and outside of all speech the author.
        """
        speaker = self._speaker(number)
        if speaker is None:
            return (AUTHOR,)
        found = dict.fromkeys(
            self._holder(holder, span)
            for span in self.attributions[speaker].source
            for holder in self.holders[span]
        )
        return tuple(found) or (self._thing((UNNAMED, speaker), "actor", "unidentified", UNNAMED),)

    def _speaker(self, number: int) -> int | None:
        """The attribution that says who speaks in one whose source is "I"; otherwise itself.

        Each is looked up once: who tells what somebody tells could go on for the whole text.
        """
        passed: list[int] = []
        speaker: int | None = number
        while speaker is not None and self._is_first_person(self.attributions[speaker].source):
            if speaker in self._speakers:
                speaker = self._speakers[speaker]
                break
            passed.append(speaker)
            speaker = self._tellers[speaker]
        self._speakers.update(dict.fromkeys(passed, speaker))
        return speaker

    def _is_first_person(self, source: Sequence[Span]) -> bool:
        return len(source) == 1 and self.text[slice(*source[0])].lower() in FIRST_PERSONS

    # ------------------------------------------------------------------ events

    def _event(self, happening: Happening) -> Ref:
        return self._thing(("event", happening.span), "event", happening.kind, happening.label)

    def _account(self, happening: Happening, ref: Ref) -> Event:
        participants = [
            Participant(actor=self._entity(number), role=role)
            for number, role in happening.participants
            if self.names.entities[number].type == "actor"
        ]
        at = [
            self._entity(number)
            for number in happening.at
            if self.names.entities[number].type in {"actor", "place"}
        ]
        return Event(
            id=ref,
            when=_when(happening.when),
            at=tuple(dict.fromkeys(at)),
            participants=tuple(dict.fromkeys(participants)),
        )

    # ------------------------------------------------------------------ claims

    def _claims(self) -> list[Claim]:
        """One claim for each attribution; one whose cue lies in the words of another is told by it."""
        ids = [Slug(f"c{number}") for number in range(1, len(self.attributions) + 1)]
        told: dict[int, list[Slug]] = {}
        for i, teller in enumerate(self._tellers):
            if teller is not None:
                told.setdefault(teller, []).append(ids[i])
        return [self._claim(id_, i, told.get(i, ())) for i, id_ in enumerate(ids)]

    def _claim(self, id_: Slug, number: int, told: Sequence[Slug]) -> Claim:
        attribution = self.attributions[number]
        content = attribution.content
        found = factuality(self.prose, attribution, content)
        quantities = self._quantities(content)
        return Claim(
            id=id_,
            source=self._source(number),
            source_span=attribution.source,
            cue=tuple(map(self._clipped, attribution.cue)),
            evidence=content,
            text=paraphrase(self.text, attribution.cue, content, attribution.verb),
            polarity=found.polarity,
            certainty=found.certainty,
            modality=found.modality,
            kind=attribution.kind,
            when=self._said(number),
            about=self._about(content, quantities),
            asserts=(*self.happened.within(content), *map(Ref, told)),
            quantities=quantities,
        )

    def _assertions(self, claims: Sequence[Claim]) -> list[Claim]:
        """What the author says without naming a source: the sentences with no cue and no quotation."""
        spoken = bytearray(len(self.text))
        for claim in claims:
            for span in (*claim.evidence, *claim.cue, *claim.source_span):
                if isinstance(span, Span):
                    spoken[span.start : span.end] = b"\1" * (span.end - span.start)
        found: list[Claim] = []
        for first, end in self.prose.sentences:
            span = self.prose.span(first, end)
            words = self.prose.lower[first:end]
            if (
                1 in spoken[span.start : span.end]
                or len(words) < _FEWEST
                or words[-1][-1] not in ".!?"
            ):
                continue
            sense = factuality(self.prose, None, (span,))
            quantities = self._quantities((span,))
            found.append(
                Claim(
                    id=Slug(f"c{len(claims) + len(found) + 1}"),
                    source=(AUTHOR,),
                    evidence=(span,),
                    text=paraphrase(self.text, (), (span,), ""),
                    polarity=sense.polarity,
                    certainty=sense.certainty,
                    modality=sense.modality,
                    about=self._about((span,), quantities),
                    asserts=self.happened.within((span,)),
                    quantities=quantities,
                )
            )
        return found

    def _clipped(self, span: Span) -> Span:
        """A cue at the length that a graph may quote, cut behind a word."""
        if span.end - span.start <= QUOTE_LIMIT:
            return span
        cut = self.text.rfind(" ", span.start, span.start + QUOTE_LIMIT)
        return Span(span.start, cut if cut > span.start else span.start + QUOTE_LIMIT)

    def _about(self, content: Sequence[Span], quantities: Sequence[Quantity]) -> tuple[Ref, ...]:
        """What some words name, and what they count."""
        named = map(self._entity, self.names.within(content))
        return tuple(dict.fromkeys((*named, *(quantity.of for quantity in quantities))))

    def _said(self, number: int) -> When | None:
        """When the words were said, if the text says so.

        A speaker's turn is one long sentence of that kind, so its dates tell nothing.
        """
        if not self.speakers.isdisjoint(self.attributions[number].source):
            return None
        return _when(self._sayings.when(number))

    def _quantities(self, content: Sequence[Span]) -> tuple[Quantity, ...]:
        """The numbers among some words, as far as it is said what they count."""
        return tuple(
            dict.fromkeys(
                self._quantity(number, number.counted)
                for number in self.numbers.within(content)
                if number.counted is not None and number.unit
            )
        )

    def _quantity(self, number: Number, counted: Span) -> Quantity:
        if counted in self.named:
            of = self._entity(self.named[counted])
        else:
            label = " ".join(self.text[slice(*counted)].split())[:TEXT_LIMIT]
            type_, kind = _COUNTED.get(number.unit, ("topic", None))
            of = self._thing(("counted", type_, label.lower()), type_, kind, label)
            self.counted[number] = of
        return Quantity(
            of=of,
            quantifier=number.quantifier,
            value=number.value,
            min=number.min,
            max=number.max,
            unit=number.unit,
        )


_COUNTED: Final[dict[str, tuple[ThingType, Kind | None]]] = {"persons": ("actor", "group")}
"""What a number counts by its unit; anything but people is a topic."""


_FEWEST: Final = 5
"""Words that a sentence has at least if it asserts something; the rest are crossheads and exclamations."""


_NAMING: Final = frozenset({"byline", "clock", "credit", "dateline", "repeated"})
"""The parts beside the body whose names count as mentions."""


def _between(spans: Sequence[Span], length: int) -> list[Span]:
    """What lies outside of some stretches of a text."""
    edges = [0, *(edge for span in sorted(spans) for edge in span), length]
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]


T = TypeVar("T")


class _Placed(Generic[T]):
    """Things by where they stand in the text, to be found by stretches of it."""

    def __init__(self, items: Iterable[tuple[Span, T]]) -> None:
        self._items = sorted(items, key=lambda item: item[0])
        self._starts = [span.start for span, _ in self._items]

    def within(self, content: Sequence[Span]) -> tuple[T, ...]:
        """Those that lie wholly in one of some stretches, each once, in the order of the text."""
        found: dict[T, None] = {}
        for start, end in sorted(content):
            first = bisect_left(self._starts, start)
            last = bisect_left(self._starts, end, first)
            for span, item in self._items[first:last]:
                if span.end <= end:
                    found[item] = None
        return tuple(found)


def _where(mention: Mention) -> tuple[int, int]:
    """The outer of two mentions that begin together goes first."""
    start, end = cast("Span", mention.span)
    return start, -end


def _when(dated: Dated | None) -> When | None:
    return When(date=dated.edtf, basis=dated.basis) if dated is not None else None

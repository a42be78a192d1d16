"""What of a reply about one window can be taken over, and what has to be rejected, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.annotation.check import QUOTE_LIMIT, TEXT_LIMIT
from kg.extract.extraction import AUTHOR
from kg.extract.llm.exchange import Rejection
from kg.extract.llm.place import QUOTE, NotPlacedError, Stretch, Wanted, clip
from kg.model import Claim, Event, Participant, Ref, Slug, Span, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.extract.llm.reading import Reading
    from kg.extract.llm.reply import Named, Reply, Said, Speaker, Told
    from kg.extract.llm.things import Known
    from kg.extract.llm.windows import Window
    from kg.model import ThingType, When

_MOST_PARTS: Final = 40
"""Expressions that a claim may be made of; a claim of more is a list gone wrong."""
_PRONOUNS: Final = frozenset("he she it they we i you him her them us who this that".split())
"""Words that stand for somebody else each time; some models list them as names."""
_PLACES: Final[tuple[ThingType, ...]] = ("place", "actor")
_ACTORS: Final[tuple[ThingType, ...]] = ("actor",)
_ANY: Final[tuple[ThingType, ...]] = ("actor", "place", "topic", "event")


def take(
    reading: Reading, window: Window, reply: Reply, *, own_assertions: bool
) -> list[Rejection]:
    """Take over what a reply about a window says; what of it is rejected, and why."""
    taking = _Taking(reading, window, own_assertions=own_assertions)
    for named in reply.names:
        taking.name(named)
    taking.mention()
    for told in reply.events:
        taking.event(told)
    for said in reply.claims:
        taking.claim(said)
    for said in reply.claims:
        taking.reports(said)
    return taking.rejected


class _Taking:
    def __init__(self, reading: Reading, window: Window, *, own_assertions: bool) -> None:
        self.reading = reading
        self.window = window
        self.own_assertions = own_assertions
        self.stretch = Stretch(reading.prose, window.span)
        self.rejected: list[Rejection] = []
        self.names: dict[str, Known] = {}
        self.events: dict[str, Ref] = {}
        self.claims: dict[str, Slug] = {}
        self._linked: set[str] = set()
        self._mentions: list[tuple[Span, Ref]] = []

    def _reject(self, what: str, why: object) -> None:
        self.rejected.append(Rejection(what=what, why=str(why), where=str(self.window)))

    # ------------------------------------------------------------------ names

    def name(self, named: Named) -> None:
        """Take over a name and what else the thing is called."""
        things = self.reading.things
        if _key(named.name) in _PRONOUNS:
            self._reject(f"name {clip(named.name)}", "a pronoun names nobody")
            return
        try:
            known = things.named(self.stretch, named.name, named.kind)
        except NotPlacedError as error:
            self._reject(f"name {clip(named.name)}", error)
            return
        thing = things.own.get(known.ref)
        if thing is not None and (thing.kind or thing.type) != named.kind:
            kind = thing.kind or thing.type
            self._reject(
                f"kind {named.kind} of {clip(named.name)}", f"it is of kind {kind} already"
            )
        self.names[_key(named.name)] = known
        self._forms(known, named.name)
        for other in named.also:
            try:
                things.also(self.stretch, known, other)
            except NotPlacedError as error:
                self._reject(f"name {clip(other)} for {clip(named.name)}", error)
                continue
            self.names.setdefault(_key(other), known)
            self._forms(known, other)

    def _forms(self, known: Known, name: str) -> None:
        """Note the places of a name; one that is too long for a mention is a source or topic only."""
        try:
            places = self.stretch.places(name)
        except NotPlacedError:  # it stands there with other capitals
            places = self.stretch.places(self.stretch.spelt(name))
        for place in places:
            if place.end - place.start <= QUOTE_LIMIT:
                self._mentions.append((place, known.ref))

    def mention(self) -> None:
        """Take over the places of names: the longest first, and none inside one of the same thing."""
        covered: dict[Ref, set[int]] = {}
        for span, ref in sorted(self._mentions, key=lambda one: (one[0].start - one[0].end, one)):
            own = covered.setdefault(ref, set())
            if span.start in own and span.end - 1 in own:
                continue
            own.update(range(*span))
            self._mention(span, ref)

    def _mention(self, span: Span, ref: Ref) -> None:
        if not self.reading.mention(span, ref):
            words = clip(self.reading.text[slice(*span)])
            self._reject(f"mention {words}", "it is one of something else already")

    def _known(self, name: str, types: Sequence[ThingType]) -> Known:
        """What a name stands for. Raises NotPlacedError where that is nothing, or of the wrong type."""
        known = self.names.get(_key(name)) or self.reading.things.find(name)
        if known is None:
            raise NotPlacedError(f"{clip(name)} is not among the names")
        self.stretch.spelt(name)
        if known.type not in types:
            raise NotPlacedError(f"{clip(name)} is a thing of type {known.type}")
        return known

    def _all_known(
        self, names: Iterable[str], types: Sequence[ThingType], what: str
    ) -> tuple[Ref, ...]:
        """What some names stand for, without those that stand for nothing."""
        found: dict[Ref, None] = {}
        for name in names:
            try:
                found[self._known(name, types).ref] = None
            except NotPlacedError as error:
                self._reject(what, error)
        return tuple(found)

    # ------------------------------------------------------------------ events

    def event(self, told: Told) -> None:
        """Take over an account of an event."""
        what = f"event {clip(told.words)}"
        if told.id in self.events:
            self._reject(what, f"the id {clip(told.id)} is used twice")
            return
        try:
            span = self.stretch.choose([Wanted("words", told.words)], self._near(told))[0]
        except NotPlacedError as error:
            self._reject(what, error)
            return
        if span.end - span.start > QUOTE_LIMIT:
            self._reject(what, f"{span.end - span.start} characters; {QUOTE_LIMIT} at most")
            return
        things = self.reading.things
        entry = things.find(told.words)
        if entry is None or entry.type != "event":
            label = self.stretch.spelt(told.words)
            entry = things.make(("event", span), "event", told.kind, label)
        participants: dict[Participant, None] = {}
        for part in told.participants:
            for ref in self._all_known([part.actor], _ACTORS, f"{what}, participant"):
                participants[Participant(actor=ref, role=part.role)] = None
        self.events[told.id] = entry.ref
        self._mention(span, entry.ref)
        self.reading.event(
            Event(
                id=entry.ref,
                when=self._when(told, what, span),
                at=self._all_known(told.where, _PLACES, f"{what}, place"),
                participants=tuple(participants),
            )
        )

    def _near(self, told: Told) -> list[list[Span]]:
        """Where the words stand that the account has besides those of the event itself."""
        found = []
        others = (*(part.actor for part in told.participants), *told.where, told.when or "")
        for words in others[:_MOST_PARTS]:
            try:
                found.append(self.stretch.places(words))
            except NotPlacedError:
                continue
        return found

    def _when(self, told: Told, what: str, event: Span) -> When | None:
        if told.when is None:
            return None
        try:
            span = self.stretch.choose([Wanted("words", told.when)], [[event]])[0]
        except NotPlacedError as error:
            self._reject(f"{what}, date", error)
            return None
        when = self.reading.date(span)
        if when is None:
            self._reject(f"{what}, date", f"no date can be read from {clip(told.when)}")
        return when

    # ------------------------------------------------------------------ claims

    def claim(self, said: Said) -> None:
        """Take over a claim, if all of its words are found."""
        what = f"claim {clip(said.quotes[0] if said.quotes else said.text)}"
        if said.id in self.claims:
            self._reject(what, f"the id {clip(said.id)} is used twice")
            return
        try:
            claim = self._claim(said)
        except NotPlacedError as error:
            self._reject(what, error)
            return
        claim = replace(
            claim,
            about=self._all_known(said.about, _ANY, f"{what}, about"),
            stances=tuple(self._stances(said, what)),
        )
        self.claims[said.id] = self.reading.claim(claim, self.window.number)

    def _claim(self, said: Said) -> Claim:
        """The claim with its places. Raises NotPlacedError where any of them is not found."""
        if not said.quotes:
            raise NotPlacedError("there is no quote")
        if not said.source and not self.own_assertions:
            raise NotPlacedError(
                "there is no source, and the author's own claims are not asked for"
            )
        if len(said.quotes) + len(said.cue) + len(said.source) > _MOST_PARTS:
            raise NotPlacedError(f"it is made of more than {_MOST_PARTS} expressions")
        text = " ".join(said.text.split())
        if len(text) > TEXT_LIMIT:
            raise NotPlacedError(f"text: {len(text)} characters; {TEXT_LIMIT} at most")
        wanted = [
            *(Wanted(QUOTE, words) for words in said.quotes),
            *(Wanted("cue", words) for words in said.cue),
            *(Wanted("source", speaker.words) for speaker in said.source),
        ]
        spans = self.stretch.choose(wanted)
        quotes, cues = len(said.quotes), len(said.quotes) + len(said.cue)
        evidence = tuple(sorted(set(spans[:quotes])))
        cue = tuple(sorted(set(spans[quotes:cues])))
        for start, end in cue:
            if end - start > QUOTE_LIMIT:
                raise NotPlacedError(f"cue: {end - start} characters; {QUOTE_LIMIT} at most")
        sources: dict[Ref, None] = {}
        for speaker, span in zip(said.source, spans[cues:], strict=True):
            sources |= dict.fromkeys(self._source(speaker, span))
        return Claim(
            id=Slug("c0"),
            source=tuple(sources) or (AUTHOR,),
            source_span=tuple(sorted(set(spans[cues:]))),
            cue=cue,
            evidence=evidence,
            text=text,
            polarity=said.polarity,
            certainty=said.certainty,
            modality=said.modality,
            kind=self.reading.kind(evidence) if sources else None,
            quantities=self.reading.quantities(evidence),
        )

    def _source(self, speaker: Speaker, span: Span) -> list[Ref]:
        """Who says it: somebody among the names, or else whoever stands behind the words.

        Raises NotPlacedError where the text does not have the name, or it is that of no actor.
        """
        things = self.reading.things
        try:
            if _key(speaker.name) in self.names or things.find(speaker.name):
                return [self._known(speaker.name, _ACTORS).ref]
            self.stretch.spelt(speaker.name)
        except NotPlacedError as error:
            raise NotPlacedError(f"source: {error}") from None
        found = things.standing(span)
        if not found or any(known.type not in _ACTORS for known in found):
            raise NotPlacedError(f"source: {clip(speaker.words)} is nobody who can say anything")
        return [known.ref for known in found]

    def _stances(self, said: Said, what: str) -> Iterator[Stance]:
        for side in said.stances:
            actor = self._all_known([side.actor], _ACTORS, f"{what}, stance")
            issue = self._all_known([side.issue], _ANY, f"{what}, stance")
            if actor and issue:
                yield Stance(actor=actor[0], issue=issue[0], stance=side.stance)

    def reports(self, said: Said) -> None:
        """Link a claim to the events and the claims that it tells of."""
        own = self.claims.get(said.id)
        if own is None or said.id in self._linked:
            return
        self._linked.add(said.id)
        what = f"claim {clip(said.quotes[0])}, reports"
        for id_ in said.reports:
            ref = self.events.get(id_)
            if id_ in self.claims:
                ref = Ref(self.claims[id_])
            if ref is None:
                self._reject(what, f"{clip(id_)} is no claim and no event that was taken over")
            elif not self.reading.reports(own, ref):
                self._reject(what, f"{clip(id_)} would report itself")


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()

"""Annotations to try laws on: a text, a register, and an annotation whose references all lead somewhere.

`cases` draws both what somebody may write (quotations, no hashes) and the complete annotation that
this has to mean, worked out here a second time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from kg import model
from kg.annotation.check import QUOTE_LIMIT
from kg.edtf import Edtf, Instant
from kg.model import (
    Annotation,
    Article,
    Claim,
    Event,
    Hash,
    Iri,
    Judgement,
    Key,
    Language,
    Made,
    Mention,
    Part,
    Participant,
    Passage,
    Place,
    Quantity,
    Quote,
    Ref,
    Slug,
    Span,
    Stance,
    Text,
    Thing,
    When,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kg.model import Quantifier, ThingType

T = TypeVar("T")

LAW = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

REGISTER: Mapping[str, str] = {
    **dict.fromkeys(["japan", "shinzo-abe", "123", "true", "1e5", "a"], "actor"),
    **dict.fromkeys(["tokyo", "null", "0x1f"], "place"),
    **dict.fromkeys(["trade", "no", "abduction-issue"], "topic"),
    **dict.fromkeys(["talks-2018", "2002-09-17", "y"], "event"),
}
"""Ids and their kinds, among them words that YAML readers like to take for something else."""

_WORDS = (
    *("Japan", "said", "it", "Tokyo", "“talks”", "1,500", "5", "no", "N.", "l’été", "naïve"),
    *(
        "日本",
        "は",
        "首相",
        "한국",
        "Ελλάδα",
        "مرحبا",
        "e\u0301",
        "\U0001f5fe",
        "\U00020bb7野家",
        "ß",
        "İ",
    ),
)
_GAPS = (" ", " ", " ", "\n", "\n\n", "\u3000", "\u2028", "  ", ", ", "\t")
_TRICKY = (
    *("yes", "no", "null", "~", "true", "1", "-1", "1.5", "1e5", "0x1F", "0o7", "010", "12:30:45"),
    *("2018-01-01", "2018-01-01T00:00:00Z", "=", "<<", ".nan", "-", "- a", "? a", "a: b", "a #b"),
    *("#a", "!a", "&a", "*a", "%a", "@a", "`a", "|", ">", "{a}", "[a]", "a, b", "'", '"', "a'b\"c"),
    *(
        "\\",
        "a\\nb",
        " a",
        "a ",
        "a\nb",
        "a\n\nb\n",
        "\ta",
        "a\r\nb",
        "a\u2028b",
        "a\x85b",
        "...",
        "---",
    ),
    *(
        "日本",
        "\U0001f5fe",
        "e\u0301",
        "\ufeffa",
        "\xa0a",
        "…",
        "a/b",
        "..",
        "a.b",
        "100%",
        "x" * 200,
    ),
)
_DATES = (
    *(
        "2018",
        "2018-06",
        "2018-06-12",
        "2002~",
        "201X",
        "2014/2016",
        "../2016",
        "2016/..",
        "Y17000",
    ),
    *("-0044-03-15", "2018-06-12T10:30:00+09:00", "2018-06-12T10:30:00", "2001-21?", "1984-XX"),
)
_IRIS = (
    *("https://example.org/", "http://example.org/a/../b?q=ü#x", "urn:isbn:0", "mailto:a@b"),
    *("https://ja.wikipedia.org/wiki/日本", "https://example.org/%E6%97%A5", "http://[::1]/'()*"),
)
_LANGUAGES = ("en", "ja", "zh-Hant", "de-1996", "sr-Latn-RS")


@dataclass(frozen=True, slots=True)
class Case:
    """One annotation as written, what it means, and the text that it is about."""

    text: str
    written: Annotation
    complete: Annotation


@dataclass(frozen=True, slots=True)
class Words:
    """A text with the places of its words."""

    text: str
    spans: tuple[Span, ...]


@st.composite
def texts(draw: st.DrawFn) -> Words:
    text, spans = draw(st.sampled_from(["", "", "\n", "« "])), []
    known = draw(st.sampled_from([_WORDS, _WORDS, _WORDS[:3], _WORDS[9:12]]))
    for word in draw(st.lists(st.sampled_from(known), min_size=4, max_size=25)):
        spans.append(Span(len(text), len(text) + len(word)))
        text += word + draw(st.sampled_from(_GAPS))
    return Words(text, tuple(spans))


def words() -> st.SearchStrategy[str]:
    """What a label, a headline or a unit may be."""
    alphabet = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    return st.sampled_from(_TRICKY).filter(str.strip) | st.text(
        alphabet, min_size=1, max_size=20
    ).filter(str.strip)


def slugs() -> st.SearchStrategy[str]:
    return st.from_regex("[a-z0-9]{1,5}(-[a-z0-9]{1,3})?", fullmatch=True).filter(
        lambda slug: slug not in REGISTER
    )


def whens() -> st.SearchStrategy[When]:
    dates = st.sampled_from(_DATES).map(Edtf)
    return st.builds(When, date=dates, basis=st.sampled_from(get_args(model.Basis)))


def hashes() -> st.SearchStrategy[Hash]:
    return st.binary(min_size=32, max_size=32).map(lambda data: Hash(data.hex()))


def languages() -> st.SearchStrategy[Language]:
    return st.sampled_from(_LANGUAGES).map(Language)


def numbers() -> st.SearchStrategy[Decimal]:
    whole = st.integers(-(10**25), 10**25).map(Decimal)
    exact = st.decimals(-(10**6), 10**6, places=3, allow_nan=False, allow_infinity=False)
    return (
        whole | exact | st.sampled_from([Decimal("0.1"), Decimal("1." + "3" * 25), Decimal("-0.0")])
    )


@st.composite
def quantities(draw: st.DrawFn, of: Sequence[str]) -> Quantity:
    quantifier: Quantifier = draw(st.sampled_from(get_args(model.Quantifier)))
    low, high = sorted((draw(numbers()), draw(numbers())))
    given: dict[str, Decimal | None] = {
        "min": low if draw(st.booleans()) else None,
        "max": high if draw(st.booleans()) else None,
    }
    match quantifier:
        case "exactly" | "about":
            given["value"] = draw(numbers())
        case "at-least" | "more-than":
            given["min"] = low
        case _:
            given["max"] = high
    return Quantity(
        of=Ref(draw(st.sampled_from(of))),
        quantifier=quantifier,
        unit=draw(words()),
        **cast("Any", given),
    )


def refs(ids: Sequence[str], most: int = 3, least: int = 0) -> st.SearchStrategy[tuple[Ref, ...]]:
    if not ids:
        return st.just(())
    found = st.lists(st.sampled_from(ids).map(Ref), min_size=least, max_size=most)
    return found.map(tuple)


class _Drawer:
    """Draws the parts of one annotation, and remembers what its spans have to be proved by."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.words = draw(texts())
        self.sha256 = hashlib.sha256(self.words.text.encode()).hexdigest()
        self.ids: dict[str, str] = dict(REGISTER)
        self.proved: dict[Span, bool] = {}  # whether its words go into the graph
        self.named: set[Span] = set()  # whose words go there if they are few
        self.mentioned: list[tuple[Place, Span]] = []
        self.parted: list[tuple[Place, Span]] = []

    def of(self, *kinds: str) -> list[str]:
        return [id_ for id_, kind in self.ids.items() if kind in kinds]

    def maybe(self, strategy: st.SearchStrategy[T]) -> T | None:
        return self.draw(st.none() | strategy)

    def some(self, make: Callable[[], T], most: int) -> tuple[T, ...]:
        return tuple(make() for _ in range(self.draw(st.integers(0, most))))

    def place(self, length: int, *, quoted: bool) -> tuple[Place, Span]:
        """A place as written, and the span that it means."""
        first = self.draw(st.integers(0, len(self.words.spans) - 1))
        last = min(first + self.draw(st.integers(0, length - 1)), len(self.words.spans) - 1)
        span = Span(self.words.spans[first].start, self.words.spans[last].end)
        self.proved[span] = self.proved.get(span, False) or quoted
        if not self.draw(st.booleans()):
            return span, span
        quote = self.words.text[slice(*span)]
        before = [
            start for start in range(span.start + 1) if self.words.text.startswith(quote, start)
        ]
        once = self.words.text.find(quote, span.start + 1) < 0 and len(before) == 1
        nth = None if once and self.draw(st.booleans()) else len(before)
        return Quote(quote=quote, nth=nth), span

    def places(self, least: int, most: int, length: int, *, quoted: bool) -> tuple[Any, Any]:
        count = self.draw(st.integers(least, most))
        found = [self.place(length, quoted=quoted) for _ in range(count)]
        return tuple(place for place, _ in found), tuple(span for _, span in found)

    def new_id(self, kind: str) -> Slug:
        id_ = self.draw(slugs().filter(lambda slug: slug not in self.ids))
        self.ids[id_] = kind
        return Slug(id_)

    def part(self) -> tuple[Part, Part]:
        again = bool(self.parted) and self.draw(st.booleans())
        found = self.draw(st.sampled_from(self.parted)) if again else self.place(6, quoted=False)
        self.parted.append(found)
        place, span = found
        kind = self.draw(st.sampled_from(get_args(model.PartKind)))
        return Part(span=place, kind=kind), Part(span=span, kind=kind)

    def thing(self) -> Thing:
        type_: ThingType = self.draw(st.sampled_from(get_args(model.ThingType)))
        kinds = {"actor": get_args(model.ActorKind), "event": get_args(model.EventKind)}
        return Thing(
            id=self.new_id(type_),
            type=type_,
            kind=self.draw(st.sampled_from(kinds[type_])) if type_ in kinds else None,
            label=self.draw(words()),
            alt=self.draw(st.lists(words(), max_size=2).map(tuple)),
        )

    def mention(self) -> tuple[Mention, Mention]:
        again = self.mentioned and not self.draw(st.integers(0, 2))
        found = self.draw(st.sampled_from(self.mentioned)) if again else self.place(2, quoted=True)
        self.mentioned.append(found)
        place, span = found
        of = Ref(self.draw(st.sampled_from(self.of("actor", "place", "topic", "event"))))
        return Mention(span=place, of=of), Mention(span=span, of=of)

    def events(self) -> tuple[Event, ...]:
        ids = self.draw(st.lists(st.sampled_from(self.of("event")), unique=True, max_size=3))
        events = []
        for number, id_ in enumerate(ids):
            participant = st.builds(
                Participant,
                actor=st.sampled_from(self.of("actor")).map(Ref),
                role=st.sampled_from(get_args(model.Role)),
            )
            event = Event(
                id=Ref(id_),
                when=self.maybe(whens()),
                at=self.draw(refs(self.of("place", "actor"), 2)),
                part_of=self.draw(refs(ids[:number], 2)),
                caused_by=self.draw(refs(ids[:number], 2)),
                participants=self.draw(st.lists(participant, max_size=2).map(tuple)),
            )
            events.append(event)
        return tuple(events)

    def claim(self, before: Sequence[str]) -> tuple[Claim, Claim]:
        evidence = self.places(1, 3, 8, quoted=False)
        cue = self.places(0, 2, 2, quoted=True)
        source_span = self.places(0, 2, 2, quoted=False)
        if not self.draw(st.integers(0, 3)):  # a long one: all of the text
            whole = Span(self.words.spans[0].start, self.words.spans[-1].end)
            self.proved.setdefault(whole, False)
            source_span = ((*source_span[0], whole), (*source_span[1], whole))
        self.named.update(source_span[1])
        things = self.of("actor", "place", "topic", "event")
        stance = st.builds(
            Stance,
            actor=st.sampled_from(self.of("actor")).map(Ref),
            issue=st.sampled_from([*things, *before]).map(Ref),
            stance=st.sampled_from(get_args(model.StanceValue)),
            when=st.none() | whens(),
        )
        claim = Claim(
            id=self.new_id("claim"),
            source=self.draw(refs(self.of("actor"), 3, 1)),
            source_span=source_span[1],
            cue=cue[1],
            evidence=evidence[1],
            text=self.draw(words()),
            polarity=self.draw(st.sampled_from(get_args(model.Polarity))),
            certainty=self.draw(st.sampled_from(get_args(model.Certainty))),
            modality=self.draw(st.sampled_from(get_args(model.Modality))),
            kind=self.maybe(st.sampled_from(get_args(model.ReportKind))),
            when=self.maybe(whens()),
            about=self.draw(refs([*things, *before], 2)),
            asserts=self.draw(refs([*self.of("event"), *before], 2)),
            stances=self.draw(st.lists(stance, max_size=2).map(tuple)),
            quantities=self.draw(st.lists(quantities(things), max_size=2).map(tuple)),
            supports=tuple(map(Slug, self.draw(refs(before, 2)))),
            citation=self.draw(st.lists(st.sampled_from(_IRIS).map(Iri), max_size=2).map(tuple)),
        )
        written = replace(claim, source_span=source_span[0], cue=cue[0], evidence=evidence[0])
        return written, claim

    def judgements(self) -> tuple[Judgement, ...]:
        far = ["wd:Q17", "claim/0123456789ab-0-5", "claim/0123456789ab-7-9-2"]
        found: dict[tuple[str, ...], Judgement] = {}
        for _ in range(self.draw(st.integers(0, 2))):
            # Far ends come up as often as near ones, however many ids there are.
            end = st.sampled_from([*self.ids, *far]) | st.sampled_from(far)
            from_, to = self.draw(st.lists(end, min_size=2, max_size=2, unique=True))
            judgement = Judgement(
                from_=Ref(from_),
                relation=self.draw(st.sampled_from(get_args(model.Relation))),
                to=Ref(to),
                confidence=self.draw(st.decimals(0, 1, places=3)),
                status=self.draw(st.sampled_from(get_args(model.Status))),
                when=Edtf(self.draw(st.sampled_from(_DATES))),
                by=self.draw(words()),
                method=self.draw(st.sampled_from(get_args(model.MethodKind))),
            )
            found[from_, judgement.relation, to] = judgement
        return tuple(found.values())

    def other_texts(self) -> tuple[Text, ...]:
        text = st.builds(
            Text,
            file=words(),
            sha256=hashes().filter(lambda found: found[:12] != self.sha256[:12]),
            length=st.integers(1, 10**6),
            retrieved=st.none() | whens(),
            format=st.none() | words(),
        )
        return self.draw(
            st.lists(text, max_size=2, unique_by=lambda text: str(text.sha256)[:12]).map(tuple)
        )

    def passages(self) -> tuple[Passage, ...]:
        passages = []
        for span, quoted in sorted(self.proved.items()):
            passage = self.words.text[slice(*span)]
            sha256 = Hash(hashlib.sha256(passage.encode()).hexdigest())
            form = " ".join(passage.split())
            shown = quoted or (span in self.named and len(form) <= QUOTE_LIMIT)
            passages.append(Passage(span=span, sha256=sha256, exact=form if shown else None))
        return tuple(passages)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    drawer = _Drawer(draw)
    parts = drawer.some(drawer.part, 3)
    things = drawer.some(drawer.thing, 3)
    events = drawer.events()
    mentions = drawer.some(drawer.mention, 4)
    claims: list[tuple[Claim, Claim]] = []
    for _ in range(draw(st.integers(0, 4))):
        claims.append(drawer.claim([claim.id for _, claim in claims]))
    key = drawer.maybe(hashes().map(lambda found: Key(found[:12])))
    actors = drawer.of("actor")
    text = Text(file=draw(words()), retrieved=drawer.maybe(whens()), format=drawer.maybe(words()))
    written = Annotation(
        language=drawer.maybe(languages()),
        article=Article(
            id=key,
            headline=drawer.maybe(words()),
            language=drawer.maybe(languages()),
            author=draw(refs(actors, 2)),
            publisher=draw(refs(actors, 2)),
            published=drawer.maybe(whens()),
            section=drawer.maybe(words()),
            url=drawer.maybe(st.sampled_from(_IRIS).map(Iri)),
            other_texts=drawer.other_texts(),
        ),
        text=text,
        made=Made(
            by=draw(words()),
            version=drawer.maybe(words()),
            method=draw(st.sampled_from(get_args(model.MethodKind))),
            at=draw(
                st.datetimes(datetime(1, 1, 2), timezones=st.just(UTC)).map(
                    lambda at: Instant(at.isoformat())
                )
            ),
            licence=draw(st.sampled_from([*_IRIS, model.CC0]).map(Iri)),
        ),
        parts=tuple(part for part, _ in parts),
        things=things,
        mentions=tuple(mention for mention, _ in mentions),
        events=events,
        claims=tuple(claim for claim, _ in claims),
        judgements=drawer.judgements(),
    )
    complete = replace(
        written,
        text=replace(text, sha256=Hash(drawer.sha256), length=len(drawer.words.text)),
        parts=tuple(part for _, part in parts),
        mentions=tuple(mention for _, mention in mentions),
        claims=tuple(claim for _, claim in claims),
        passages=drawer.passages(),
    )
    return Case(drawer.words.text, written, complete)

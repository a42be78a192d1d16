"""The annotation of one article, as frozen data with no RDF in it.

These dataclasses are the annotation format: what an extractor returns, what a person edits, what a
language model replies with. `kg.annotation` reads and writes them as YAML and JSON, `kg.mapping`
turns them into quads and back. References are ids: of a claim or a thing in the same annotation,
or of an entry in the register.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, Self, TypeVar

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from kg.checked import Checked
from kg.edtf import Edtf, Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

T = TypeVar("T")

ThingType = Literal["actor", "place", "topic", "event"]
Polarity = Literal["positive", "negative"]
Certainty = Literal["certain", "probable", "possible", "unspecified"]
Modality = Literal[
    "assertion",
    "belief",
    "evaluation",
    "prediction",
    "recommendation",
    "commitment",
    "demand",
    "conditional",
    "question",
]
StanceValue = Literal["supports", "opposes", "conditional", "doubts", "ambivalent", "neutral"]
Quantifier = Literal["exactly", "at-least", "more-than", "at-most", "less-than", "about"]
Basis = Literal["stated", "computed", "inferred", "external"]
Status = Literal["proposed", "accepted", "rejected"]
Verdict = Literal["accepted", "rejected"]
Role = Literal[
    "agent",
    "participant",
    "host",
    "guest",
    "speaker",
    "target",
    "victim",
    "affected",
    "organiser",
    "respondent",
]
OrganisationKind = Literal[
    "government-body",
    "intergovernmental-body",
    "political-party",
    "media",
    "research-organisation",
    "company",
    "civil-society",
    "armed-force",
]
ActorKind = Literal[
    "person",
    "state",
    OrganisationKind,
    "group",
    "unidentified",
]
EventKind = Literal[
    "visit",
    "meeting",
    "negotiation",
    "agreement",
    "statement",
    "policy-decision",
    "sanction",
    "abduction",
    "release",
    "death",
    "investigation",
    "weapons-activity",
    "campaign",
    "survey",
    "tension",
    "other",
]
Kind = Literal[ActorKind, EventKind]
ReportKind = Literal["direct", "indirect", "mixed"]
MethodKind = Literal[
    "manual", "rule", "model", "string-match", "identifier-lookup", "import", "review"
]
Relation = Literal["contradicts", "agrees-with", "replaces", "exact-match", "close-match"]
PartKind = Literal[
    "headline",
    "standfirst",
    "byline",
    "date",
    "dateline",
    "section",
    "caption",
    "credit",
    "navigation",
    "clock",
    "repeated",
    "boilerplate",
    "correction",
    "speaker",
    "joint",
]
NOISE: frozenset[PartKind] = frozenset(
    {
        "byline",
        "date",
        "dateline",
        "section",
        "credit",
        "navigation",
        "clock",
        "repeated",
        "boilerplate",
    }
)
"""The parts of a text that say nothing of what the article is about: no claim is read from them.

They may name actors and places all the same. A caption tells what a picture shows, and a speaker
whose words follow; both are read.
"""


class Slug(Checked):
    """The id of a thing or a claim: `shinzo-abe`, `c12`.

    >>> Slug("shinzo-abe")
    'shinzo-abe'
    """

    __slots__ = ()
    form = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
    expected = "an id of small letters, digits and single hyphens, such as shinzo-abe"


class Ref(Checked):
    """A reference: the id of a claim, a thing or a register entry; in judgements also an address.

    An address is what follows `id/` in an IRI of the workspace (`claim/f3ba54f74531-976-1038`), or
    a Wikidata item (`wd:Q17`).
    """

    __slots__ = ()
    form = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/([A-Za-z0-9.~_-]|%[0-9A-F]{2})+)?|wd:Q[1-9][0-9]*")
    expected = "an id such as shinzo-abe"


class Hash(Checked):
    """A SHA-256 in lower-case hexadecimal."""

    __slots__ = ()
    form = re.compile(r"[0-9a-f]{64}")
    expected = "a SHA-256: 64 digits of 0-9 and a-f"


class Key(Checked):
    """What names an article or a text in IRIs: the first digits of the text's SHA-256."""

    __slots__ = ()
    form = re.compile(r"[0-9a-f]{12}")
    expected = "the first 12 digits of a text's SHA-256"


class Language(Checked):
    """A language code (BCP 47) as SHACL shape `article-language` wants it: `en`, `zh-Hant`."""

    __slots__ = ()
    form = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
    expected = "a language code such as en or ja"

    def __new__(cls, value: str) -> Self:
        """Check the code; the last word is the RDF library's, which will have to write it."""
        code = super().__new__(cls, value)
        try:
            RdfLiteral("", language=value)
        except ValueError:
            raise ValueError(f"expected {cls.expected}") from None
        return code


class Iri(Checked):
    """An absolute IRI (RFC 3987) with none of the characters that SPARQL and Turtle forbid."""

    __slots__ = ()
    form = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
    expected = "an absolute IRI such as https://creativecommons.org/licenses/by/4.0/"

    def __new__(cls, value: str) -> Self:
        """Check the IRI; the last word is the RDF library's, which will have to write it."""
        iri = super().__new__(cls, value)
        try:
            NamedNode(value)
        except ValueError:
            raise ValueError(f"expected {cls.expected}") from None
        return iri


CC0 = Iri("https://creativecommons.org/publicdomain/zero/1.0/")


class _Whole:
    """A whole number, not a text or a truth value that could be taken for one."""

    @staticmethod
    def check(value: object) -> object:
        if type(value) is not int:
            raise ValueError("expected a whole number")
        return value

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: Callable[..., Any]) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(cls.check, handler(source))


class _Exact:
    """A number in decimal digits; a text or a truth value is none."""

    @staticmethod
    def check(value: object) -> Decimal:
        number = Decimal(value) if type(value) is int else value
        if not isinstance(number, Decimal) or not number.is_finite():
            raise ValueError("expected a number such as 3 or 2.5")
        return number

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: Callable[..., Any]) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(cls.check)

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, _handler: Callable[..., Any]) -> Any:
        return {"type": "number"}


class _Words:
    """Text that says something, and holds no character that RDF/XML and people's screens lack."""

    form: ClassVar = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

    @classmethod
    def check(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("expected words")
        found = cls.form.search(value)
        if found:
            raise ValueError(f"expected words without the control character U+{ord(found[0]):04X}")
        return value

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: Callable[..., Any]) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(cls.check, handler(source))

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Callable[..., Any]) -> Any:
        return handler(schema) | {"pattern": r"\S"}


Whole = Annotated[int, _Whole]
Number = Annotated[Decimal, _Exact]
Words = Annotated[str, _Words]


class Record:
    """What all parts of an annotation share: unknown keys are refused, `from_` is written `from`."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "alias_generator": lambda name: name.rstrip("_"),
        "allow_inf_nan": False,
    }


class Span(NamedTuple):
    """A stretch of a text: half open, in code points of the UTF-8 text as stored."""

    start: int
    end: int

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: Callable[..., Any]) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(_span)

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, _handler: Callable[..., Any]) -> Any:
        offset = {"type": "integer", "minimum": 0}
        return {"type": "array", "items": offset, "minItems": 2, "maxItems": 2}


def _span(value: object) -> Span:
    if isinstance(value, list) and len(value) == 2 and all(type(part) is int for part in value):
        return Span(*value)
    raise ValueError("expected [start, end] in whole numbers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Record):
    """A span given by its words; `nth` counts from 1 and picks one of several places."""

    quote: str
    nth: Whole | None = None


class _SpanOrQuote:
    """Tells by its look which of the two a place is, so that what is wrong with it can be said."""

    @staticmethod
    def check(value: object, quote: Callable[[object], Quote]) -> Span | Quote:
        if isinstance(value, dict):
            return quote(value)
        if isinstance(value, list):
            return _span(value)
        raise ValueError('expected [start, end] or {quote: "few words"}')

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: Any) -> Any:
        from pydantic_core import core_schema

        quote = handler.generate_schema(Quote)
        return core_schema.no_info_wrap_validator_function(cls.check, quote)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Callable[..., Any]) -> Any:
        return {"anyOf": [Span.__get_pydantic_json_schema__(None, handler), handler(schema)]}


Place = Annotated[Span | Quote, _SpanOrQuote]


@dataclass(frozen=True, slots=True, kw_only=True)
class When(Record):
    """A date at the precision known, and how it is known."""

    date: Edtf
    basis: Basis = "stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Record):
    """One immutable copy of the article's text; `length` counts code points.

    `format` is the media type and the character encoding of what was read, such as
    `text/html; charset=windows-1252`. The copy itself is always UTF-8.
    """

    file: Words
    sha256: Hash | None = None
    length: Whole | None = None
    retrieved: When | None = None
    format: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Record):
    """What is known of the article itself; `id` only where it was first registered under another text."""

    id: Key | None = None
    headline: Words | None = None
    language: Language | None = None
    author: tuple[Ref, ...] = ()
    publisher: tuple[Ref, ...] = ()
    published: When | None = None
    section: Words | None = None
    url: Iri | None = None
    other_texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made(Record):
    """Who made the annotation: a person, or an extractor with its version.

    `sha256` is the seal of a machine (`kg.annotation.seal`).
    """

    by: Words
    version: Words | None = None
    method: MethodKind = "manual"
    at: Instant
    licence: Iri = CC0
    sha256: Hash | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Record):
    """A stretch of the text that is not its running text, and what it is instead."""

    span: Place
    kind: PartKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Record):
    """Something that only this article knows, such as its unnamed author."""

    id: Slug
    type: ThingType
    kind: Kind | None = None
    label: Words
    alt: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Record):
    """A place in the text that names something."""

    span: Place
    of: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant(Record):
    """The part of one actor in an event."""

    actor: Ref
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Record):
    """This article's account of an event; its name and kind are in the register."""

    id: Ref
    when: When | None = None
    at: tuple[Ref, ...] = ()
    part_of: tuple[Ref, ...] = ()
    caused_by: tuple[Ref, ...] = ()
    participants: tuple[Participant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance(Record):
    """The position of one actor on one issue, as the claim has it."""

    actor: Ref
    issue: Ref
    stance: StanceValue
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Record):
    """A number: `value` when exact or approximate, `min` or `max` when it is a bound."""

    of: Ref
    quantifier: Quantifier = "exactly"
    value: Number | None = None
    min: Number | None = None
    max: Number | None = None
    unit: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Record):
    """What a person decided on a claim, and why."""

    status: Verdict
    by: Words
    when: Edtf
    because: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """One statement of one source (or several together); the first evidence passage names the claim.

    `text` is a paraphrase. `asserts` leads to events and to claims that this claim reports;
    `supports` to claims for which this one is given as a reason. A claim that was rejected stays in
    the annotation, so that nobody brings it back unawares, and is in no graph.
    """

    id: Slug
    source: tuple[Ref, ...]
    source_span: tuple[Place, ...] = ()
    cue: tuple[Place, ...] = ()
    evidence: tuple[Place, ...]
    text: Words
    polarity: Polarity = "positive"
    certainty: Certainty
    modality: Modality = "assertion"
    kind: ReportKind | None = None
    when: When | None = None
    about: tuple[Ref, ...] = ()
    asserts: tuple[Ref, ...] = ()
    stances: tuple[Stance, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    supports: tuple[Slug, ...] = ()
    citation: tuple[Iri, ...] = ()
    review: Review | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement(Record):
    """A reviewable statement that two things stand in a relation."""

    from_: Ref
    relation: Relation
    to: Ref
    confidence: Number
    status: Status = "proposed"
    when: Edtf
    by: Words
    method: MethodKind = "manual"
    note: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage(Record):
    """Proof of a span, for use where the text is not at hand: its hash, and the words of mentions and cues.

    The words of a source are there as well, where they are as few.
    """

    span: Span
    sha256: Hash
    exact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Record):
    """All that is said about one article; `language` is that of the paraphrases, if not the article's."""

    kg: Annotated[Literal[1], _Whole] = 1
    language: Language | None = None
    article: Article
    text: Text
    made: Made
    parts: tuple[Part, ...] = ()
    things: tuple[Thing, ...] = ()
    mentions: tuple[Mention, ...] = ()
    events: tuple[Event, ...] = ()
    claims: tuple[Claim, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    passages: tuple[Passage, ...] = ()


def standing(annotation: Annotation) -> Annotation:
    """The annotation without the claims that were rejected, and without what leads to them.

    Passages go with the last part that marks them.
    """
    gone: set[str] = {
        claim.id
        for claim in annotation.claims
        if claim.review is not None and claim.review.status == "rejected"
    }
    if not gone:
        return annotation
    claims = tuple(
        replace(
            claim,
            about=_but(claim.about, gone),
            asserts=_but(claim.asserts, gone),
            supports=_but(claim.supports, gone),
            stances=tuple(stance for stance in claim.stances if stance.issue not in gone),
        )
        for claim in annotation.claims
        if claim.id not in gone
    )
    marked: set[Place] = {part.span for part in annotation.parts}
    marked.update(mention.span for mention in annotation.mentions)
    for claim in claims:
        marked.update((*claim.source_span, *claim.cue, *claim.evidence))
    return replace(
        annotation,
        claims=claims,
        judgements=tuple(j for j in annotation.judgements if not {j.from_, j.to} & gone),
        passages=tuple(passage for passage in annotation.passages if passage.span in marked),
    )


def _but(references: tuple[T, ...], gone: AbstractSet[str]) -> tuple[T, ...]:
    return tuple(reference for reference in references if reference not in gone)


def ordered(annotation: Annotation) -> Annotation:
    """The same annotation with all that has no order of its own sorted, and repetitions gone.

    A graph has no order, so this is the form in which an annotation comes back from one; claims
    that were rejected do not. The first evidence passage of a claim stays first, since it names the
    claim, and claims that share it stay in their order, which tells their names apart. Spans must
    be located.
    A graph knows the language of the paraphrases by their tags, which are in small letters, so it
    goes where it is the article's or there are no paraphrases.
    """
    annotation = standing(annotation)
    article = annotation.article
    language = annotation.language
    if not (annotation.claims or annotation.things) or (
        language and language.lower() == (article.language or "").lower()
    ):
        language = None
    return replace(
        annotation,
        language=language and Language(language.lower()),
        article=replace(
            article,
            author=_sorted(article.author),
            publisher=_sorted(article.publisher),
            other_texts=_sorted(article.other_texts),
        ),
        parts=_sorted(annotation.parts),
        things=_sorted(replace(thing, alt=_sorted(thing.alt)) for thing in annotation.things),
        mentions=_sorted(annotation.mentions),
        events=_sorted(
            _ordered_event(event)
            for event in annotation.events
            if event != Event(id=event.id)  # an empty account says nothing
        ),
        claims=tuple(
            sorted(
                (_ordered_claim(claim) for claim in annotation.claims),
                key=lambda claim: _key(claim.evidence[0]),
            )
        ),
        judgements=_sorted(annotation.judgements),
        passages=_sorted(annotation.passages),
    )


def _ordered_event(event: Event) -> Event:
    return replace(
        event,
        at=_sorted(event.at),
        part_of=_sorted(event.part_of),
        caused_by=_sorted(event.caused_by),
        participants=_sorted(event.participants),
    )


def _ordered_claim(claim: Claim) -> Claim:
    main, *further = claim.evidence
    return replace(
        claim,
        source=_sorted(claim.source),
        source_span=_sorted(claim.source_span),
        cue=_sorted(claim.cue),
        evidence=(main, *(place for place in _sorted(further) if place != main)),
        about=_sorted(claim.about),
        asserts=_sorted(claim.asserts),
        stances=_sorted(claim.stances),
        quantities=_sorted(claim.quantities),
        supports=_sorted(claim.supports),
        citation=_sorted(claim.citation),
    )


def _sorted(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(set(items), key=_key))


def _key(item: object) -> tuple[Any, ...]:
    """A sort key for any part of an annotation: by its fields in turn, what is absent first."""
    if item is None:
        return (0,)
    if is_dataclass(item):
        return (1, *(_key(getattr(item, part.name)) for part in fields(item)))
    if isinstance(item, tuple):
        return (1, *map(_key, item))
    return (1, item)

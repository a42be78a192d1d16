"""What is known of one thing, gathered from the store: the same data for the terminal and the picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date as given (EDTF), with the instants that it allows (None at an open end) and its basis."""

    edtf: str
    earliest: str | None = None
    latest: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as far as a card names it."""

    iri: str
    headline: str
    published: When | None = None
    author: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A claim: who says what, how surely, when and where; `reference` is of claims from outside.

    `made` is a date of the claim's own; without one, that of the article stands for it. `start` and
    `end` are those of the evidence that names the claim.
    """

    iri: str
    text: str
    sources: tuple[str, ...]
    polarity: str
    certainty: str
    modality: str
    made: When | None = None
    article: Article | None = None
    start: int | None = None
    end: int | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Two claims that a judgement sets against each other; `status` is accepted, proposed or rejected.

    `left` is the side of the thing that the card is of, where it takes one.
    """

    left: Said
    right: Said
    status: str
    confidence: str | None = None
    judge: str | None = None
    judged: When | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A number as somebody gives it: `at least 17 persons`."""

    words: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers given for one population; `differ` where not all of them are the same.

    `total` is how many readings there are, where `readings` is a selection.
    """

    iri: str
    population: str
    readings: tuple[Reading, ...]
    differ: bool
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date of an event, and by whose account: headlines of articles, or `analysis`."""

    when: When
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event with every date that it is given, who takes part, and how surely it is asserted."""

    iri: str
    label: str
    kind: str | None
    dates: tuple[Dated, ...]
    participants: tuple[tuple[str, str], ...]  # role, name
    factuality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The stance that somebody takes on an issue, and the claim that says so."""

    iri: str
    holder: str
    stance: str
    issue: str
    said: Said
    when: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How another claim stands to the one that the card is of: `reported by`, `agrees with`, `supports`.

    `depth` counts the steps of reported speech; `status`, `confidence` and `judge` are those of the
    judgement where there is one.
    """

    words: str
    said: Said
    depth: int = 1
    status: str | None = None
    confidence: str | None = None
    judge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to another dataset, with the judgement behind it; `close` where it is nearly the same.

    `words` are the label and the description of the item, where the graph has them. With `none`
    the dataset has no such item, and `note` says why that is thought.
    """

    iri: str
    words: str = ""
    close: bool = False
    none: bool = False
    note: str | None = None
    status: str | None = None
    confidence: str | None = None
    judge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A thing and what the corpus says about it.

    `kind` is actor, place, topic, event, claim or article; `what` says it in words (`state`,
    `meeting`). `facts` are names with values, `says` are its own claims (of an actor or an
    article), `about` those of others about it; `subject` is the claim itself where the thing is one.
    `totals` says for each part how much of it there is, where the card has a selection.
    """

    iri: str
    name: str
    kind: str
    what: str
    aliases: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    subject: Said | None = None
    says: tuple[Said, ...] = ()
    about: tuple[Said, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    relations: tuple[Relation, ...] = ()
    positions: tuple[Position, ...] = ()
    numbers: tuple[Numbers, ...] = ()
    timeline: tuple[Happening, ...] = ()
    articles: tuple[Article, ...] = ()
    totals: tuple[tuple[str, int], ...] = ()

"""The page of a claim: who says what, in which words, by way of whom, and what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from kg.query.why import context
from kg.vocab import KG, SCHEMA
from kg.web.pages.facts import facts
from kg.web.pages.html import page as html
from kg.web.pages.html import passage
from kg.web.pages.judgements import judgements
from kg.web.pages.told import claims_of, events, named, told
from kg.web.protocol.formats import alternates, sent

if TYPE_CHECKING:
    from kg.query.why import Support
    from kg.show.card import Card, Relation
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

AROUND = 280
"""Characters of the text before and after the words of a claim: two or three sentences."""


class Quoted(NamedTuple):
    """The words of a claim with what stands around them; without the text at hand they are None."""

    support: Support
    before: str
    words: str | None
    after: str


def page(reading: Reading, card: Card) -> Reply:
    """The page of the claim that a card is of."""
    node = NamedNode(card.iri)
    inside = sent(reading.iris.relative(node))
    here = f"page/{inside}"
    known = told(reading, claims_of(card))
    stances = [NamedNode(position.iri) for position in card.positions]
    speech = ("reported by", "reports")
    return html(
        reading,
        "claim.html",
        here=here,
        card=card,
        said=card.subject,
        told=known,
        quotes=[quoted(reading, one) for one in known.passages.get(card.iri, ())],
        facts=facts(card, reading.prefixes),
        above=_chain(card, "reported by")[::-1],
        below=_chain(card, "reports"),
        relations=[one for one in card.relations if one.words not in speech],
        judged=judgements(reading, node),
        events=events(reading, (event.iri for event in card.timeline)),
        holders=named(reading, stances, str(KG.actor)),
        issues=named(reading, stances, str(SCHEMA.about)),
        alternates=alternates(inside),
    )


def _chain(card: Card, words: str) -> list[Relation]:
    """The claims on one side of it in a chain of reported speech, the nearest first."""
    return sorted((one for one in card.relations if one.words == words), key=lambda one: one.depth)


def quoted(reading: Reading, support: Support) -> Quoted:
    """The words of a passage with more of the text around them than an answer shows."""
    place = passage(support.passage or "")
    whole = reading.text(place[0]) if place else None
    if place is None or whole is None or support.words is None:
        return Quoted(support, "", support.words, "")
    _, start, end = place
    before, after = context(whole, start, end, AROUND)
    return Quoted(support, before, support.words, after)

"""The pages of things: the card of `kg show`, with links, with the words, and with who decided what."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from pyoxigraph import NamedNode

from kg.errors import InputError
from kg.names import curie
from kg.show.gather import card as gathered
from kg.show.picture import picture as drawn
from kg.vocab import KG, SCHEMA
from kg.web.pages.facts import facts
from kg.web.pages.html import page as html
from kg.web.pages.judgements import LINKS, judgements
from kg.web.pages.told import claims_of, events, named, told
from kg.web.protocol.formats import alternates, sent
from kg.web.readers.reply import Reply
from kg.web.views import claim, described
from kg.web.views.linked_data import thing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.show.card import Card, Said
    from kg.web.readers.reading import Reading

MOST = 40
"""Items of each part on a page: what one reads at a sitting; the stored queries have all of them."""


class Part(NamedTuple):
    """A part of a card by its anchor: what it is called, how much there is and where all of it is."""

    anchor: str
    title: str
    total: int
    every: str


class Group(NamedTuple):
    """Claims that have something in common, which is said once above them."""

    head: Said
    claims: tuple[Said, ...]


def page(reading: Reading, *, path: str) -> Reply:
    """The page of whatever has an IRI under the base; `path` is `id/KIND/NAME`."""
    node = thing(reading, path, f"page/{path}")
    if isinstance(node, Reply):
        return node
    try:
        card = gathered(reading.store, node, reading.prefixes, MOST)
    except InputError:  # of a kind that has no card
        return described.page(reading, node)
    if card.kind == "claim":
        return claim.page(reading, card)
    return _page(reading, node, card)


def picture(reading: Reading, *, path: str) -> Reply:
    """The card of a thing as one drawing."""
    node = thing(reading, path, f"picture/{path}.svg")
    if isinstance(node, Reply):
        return node
    card = gathered(reading.store, node, reading.prefixes, MOST)
    return Reply(body=drawn(card).encode("utf-8", "replace"), media_type="image/svg+xml")


def _page(reading: Reading, node: NamedNode, card: Card) -> Reply:
    inside = sent(reading.iris.relative(node))
    here = f"page/{inside}"
    happenings = events(reading, (event.iri for event in card.timeline))
    stances = [NamedNode(position.iri) for position in card.positions]
    judged = judgements(reading, node)
    return html(
        reading,
        "card.html",
        here=here,
        card=card,
        told=told(reading, claims_of(card)),
        facts=facts(card, reading.prefixes),
        links=[one for one in judged if one.relation in LINKS],
        plain_links=[link for link in card.links if link.status is None],
        judged=[one for one in judged if one.relation not in LINKS],
        parts=parts(card, curie(node, reading.prefixes)),
        own=by_article(card.says),
        others=by_source(card.about),
        events=happenings,
        holders=named(reading, stances, str(KG.actor)),
        issues=named(reading, stances, str(SCHEMA.about)),
        drawing=f"picture/{inside}.svg" if _drawn(card) else None,
        alternates=alternates(inside),
    )


def _drawn(card: Card) -> bool:
    """Whether a picture would show more than the name of a thing."""
    return bool(card.timeline or card.disputes or card.numbers or card.articles)


def by_article(claims: Iterable[Said]) -> list[Group]:
    """Claims in order, under where each stands."""

    def place(said: Said) -> tuple[str, str]:
        return (said.article.iri if said.article else "", said.reference or "")

    return [_group(same) for _, same in groupby(claims, key=place)]


def by_source(claims: Iterable[Said]) -> list[Group]:
    """Claims under who makes them, in the order in which each first speaks."""
    found: dict[tuple[str, ...], list[Said]] = {}
    for said in claims:
        found.setdefault(said.sources, []).append(said)
    return [_group(same) for same in found.values()]


def _group(claims: Iterable[Said]) -> Group:
    same = tuple(claims)
    return Group(same[0], same)


def parts(card: Card, short: str) -> dict[str, Part]:
    """The parts that a card has, in the order in which they are shown."""
    me = quote(short, safe=":/")
    kind = card.kind
    about = {"actor": f"query/said-about-actor?actor={me}"}
    happened = {"actor": f"query/events-of-actor?actor={me}", "topic": f"timeline?topic={me}"}
    by = f"?actor={me}" if kind == "actor" else ""
    stances = f"query/stances?{'actor' if kind == 'actor' else 'issue'}={me}"
    found = {
        "disputes": ("disputed", "Disputed", card.disputes, f"query/contradictions{by}"),
        "says": ("says", "What it says", card.says, f"query/claims-by-actor?actor={me}"),
        "about": (
            "about",
            "What others say about it" if kind == "actor" else "What is said about it",
            card.about,
            about.get(kind, f"query/claims-about-topic?topic={me}"),
        ),
        "positions": ("positions", "Positions", card.positions, stances),
        "numbers": ("numbers", "Numbers compared", card.numbers, f"query/numbers{by}"),
        "timeline": (
            "timeline",
            "When it was, and what goes with it" if kind == "event" else "What happened when",
            card.timeline,
            happened.get(kind, "timeline"),
        ),
        "articles": (
            "articles",
            "Articles",
            card.articles,
            f"query/mentions-of-actor?actor={me}",
        ),
    }
    order = list(found)
    if kind == "event":  # the date of an event is the first thing to know of it
        order.insert(0, order.pop(order.index("timeline")))
    totals = dict(card.totals)
    return {
        name: Part(
            found[name][0], found[name][1], totals.get(name, len(found[name][2])), found[name][3]
        )
        for name in order
        if found[name][2]
    }

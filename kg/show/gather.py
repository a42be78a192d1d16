"""From the store to the card of one thing, in a number of queries that does not grow with the data.

Every query starts from the thing. Those that find claims, events and judgements bring back no more
than it takes to choose among them (`thing`); what is chosen is then read as subjects with their
properties (`known`), so that no query multiplies sources with evidence with topics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.show.card import Card
from kg.show.claims import disputes, numbers, positions, relations, says_and_about
from kg.show.events import timeline
from kg.show.facts import aliases, articles, facts, links, what
from kg.show.thing import Thing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import NamedNode

    from kg.store import GraphStore


def card(
    store: GraphStore, node: NamedNode, prefixes: Mapping[str, str], limit: int | None = None
) -> Card:
    """All that the graph says about a thing; with a limit, a fair selection for each part.

    What the limit leaves out is counted in `totals`. Raises NotFoundError where nothing is known of
    the thing, InputError where it is of a kind that has no card.
    """
    thing = Thing(store, node, prefixes, limit)
    known = thing.known
    known.load(thing.parts)
    says, about = says_and_about(thing)
    return Card(
        iri=node.value,
        name=known.name(node),
        kind=thing.kind,
        what=what(thing),
        aliases=aliases(thing),
        facts=tuple(facts(thing)),
        links=links(thing),
        subject=known.said(node) if thing.kind == "claim" else None,
        says=says,
        about=about,
        disputes=disputes(thing),
        relations=relations(thing),
        positions=positions(thing),
        numbers=numbers(thing),
        timeline=timeline(thing),
        articles=articles(thing),
        totals=tuple(sorted(thing.totals.items())),
    )

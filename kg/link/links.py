"""Which things of ours have which items, both ways round."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.store import select
from kg.vocab import SKOS

if TYPE_CHECKING:
    from kg.mapping.iris import Iris
    from kg.store import GraphStore


class Links:
    """The items of things by the IRIs of these, and the other way round; what is linked meanwhile counts."""

    def __init__(self, store: GraphStore, iris: Iris) -> None:
        self.of: dict[str, set[str]] = defaultdict(set)
        self.holders: dict[str, set[str]] = defaultdict(set)
        for iri, items in linked(store, iris).items():
            for item in items:
                self.add(iri, item)

    def add(self, iri: str, item: str) -> None:
        """Let a thing have an item."""
        self.of[iri].add(item)
        self.holders[item].add(iri)

    def remove(self, iri: str, item: str) -> None:
        """Let a thing no longer have an item."""
        self.of[iri].discard(item)
        self.holders[item].discard(iri)


def linked(store: GraphStore, iris: Iris) -> dict[str, set[str]]:
    """The items that things have by now, by the IRI of the thing: what any graph states of them."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in select(
        store, f"SELECT DISTINCT ?thing ?item WHERE {{ ?thing {SKOS.exactMatch} ?item }}"
    ):
        thing, item = row["thing"], row["item"]
        if isinstance(thing, NamedNode) and isinstance(item, NamedNode) and iris.local(thing):
            found[thing.value].add(id_of(item))
    return found


def id_of(item: NamedNode) -> str:
    """The id of an item, by which its authority knows it.

    >>> id_of(NamedNode("http://www.wikidata.org/entity/Q17"))
    'Q17'
    """
    return re.split(r"[/#]", item.value.rstrip("/#"))[-1]

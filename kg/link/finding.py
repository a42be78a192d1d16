"""What a source has for some things: candidates by name, what they are and what they are related to."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.link.features import name
from kg.link.judging import searched
from kg.link.kinds import sorts
from kg.link.scoring import BORNE
from kg.link.service import NeverAskedError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kg.link.item import EntityIndex, Item, Wanted

FOUND: Final = 15
"""Items that a search for one name may bring."""
RELATED: Final = 8
"""Neighbours of a candidate whose names are held against the articles: the nearest come first."""
NEIGHBOURS: Final = 500
"""Items whose names are asked for in all, for things that are looked up together: ten requests of
Wikidata's API."""


def candidates(
    index: EntityIndex, wanted: Sequence[Wanted], before: Mapping[str, Collection[str]]
) -> dict[str, dict[str, Item]]:
    """The items that each of some things may be, by their ids: found by name, or linked `before`."""
    names = {want.id: searched(want.names) for want in wanted}
    hits = index.search(
        list(dict.fromkeys(name for found in names.values() for name in found)), limit=FOUND
    )
    known = index.items(sorted({id_ for ids in before.values() for id_ in ids}))
    found: dict[str, dict[str, Item]] = {}
    for want in wanted:
        items = {item.id: item for name in names[want.id] for item in hits.get(name, ())}
        items |= {item.id: item for id_ in before[want.id] if (item := known.get(id_)) is not None}
        found[want.id] = dict(sorted(items.items()))
    return found


def neighbours(
    index: EntityIndex, wanted: Sequence[Wanted], found: Mapping[str, Mapping[str, Item]]
) -> dict[str, str]:
    """The labels of the classes of candidates that bear the name, and of what these are related to.

    They are by id, asked for at once, worth having and no more: offline, those that were never asked
    for are left out.
    """
    bearing = [
        item
        for want in wanted
        for item in found[want.id].values()
        if (item.related or item.classes) and name(want, item) >= BORNE
    ]
    classes = (id_ for item in bearing for id_ in item.classes if not sorts(id_))
    related = (id_ for item in bearing for id_ in item.related[:RELATED])
    asked = list(dict.fromkeys((*classes, *related)))[:NEIGHBOURS]
    known: dict[str, Item | None] = {}
    try:
        known.update(index.items(asked) if asked else {})
    except NeverAskedError:
        for id_ in asked:
            with contextlib.suppress(NeverAskedError):
                known.update(index.items([id_]))
    return {id_: item.label("en", "mul") for id_, item in known.items() if item is not None}


def classed(
    found: Mapping[str, Mapping[str, Item]], labels: Mapping[str, str]
) -> dict[str, dict[str, Item]]:
    """Candidates with the names of their classes in place of ids, which tell nothing themselves."""

    def named(item: Item) -> Item:
        classes = tuple(id_ if sorts(id_) else labels.get(id_, id_) for id_ in item.classes)
        return item if classes == item.classes else replace(item, classes=classes)

    return {
        thing: {id_: named(item) for id_, item in items.items()} for thing, items in found.items()
    }

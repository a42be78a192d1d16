"""What a source has for some things: candidates by name, and what these are related to."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from kg.link.features import name
from kg.link.judging import searched
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
"""The same for all things that are looked up together: ten requests of Wikidata's API."""


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
    """The labels of what candidates that bear the name are related to, by id, asked for at once.

    They are worth having and no more: offline, those that were never asked for are left out.
    """
    ids = dict.fromkeys(
        id_
        for want in wanted
        for item in found[want.id].values()
        if item.related and name(want, item) >= BORNE
        for id_ in item.related[:RELATED]
    )
    asked = list(ids)[:NEIGHBOURS]
    known: dict[str, Item | None] = {}
    try:
        known.update(index.items(asked) if asked else {})
    except NeverAskedError:
        for id_ in asked:
            with contextlib.suppress(NeverAskedError):
                known.update(index.items([id_]))
    return {id_: item.label("en") for id_, item in known.items() if item is not None}

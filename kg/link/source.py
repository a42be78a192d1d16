"""What is known of a source of items: what it is, of which day, and what it can tell.

That an item is not there says that there is none only where all items are. An index holds the
items of some types, as they were on a day; a fuller or later one is another source.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.link.offline import OfflineIndex
from kg.link.offline.types import ROOTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.link.item import EntityIndex
    from kg.link.thing import Thing

_HELD: Final[Mapping[str, tuple[str, ...]]] = {
    "person": ("people",),
    "state": ("states",),
    "media": ("organisations", "publications"),
    "actor": ("people", "organisations", "states"),
    "place": ("places",),
    "event": ("events",),
}
"""The types that an index must have for what is not in it to say anything, by kind or type of a thing.

Topics are not there: they are of no type, and an index has those that are items of one by chance.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of items: `whole` if it has all of its authority, as no index of a dump has.

    `day` is that of the dump and `types` what it holds; None where the source is asked as it is now.
    `related` says that it knows items by id at little cost, so that their neighbours can be asked for.
    """

    name: str
    day: str | None = None
    types: tuple[str, ...] | None = None
    whole: bool = False
    related: bool = False

    @classmethod
    def of(cls, index: EntityIndex, *, whole: bool = False) -> Source:
        """What is known of an index of items."""
        if not isinstance(index, OfflineIndex):
            return cls(name=index.source, whole=whole, related=whole)
        roots: dict[str, list[str]] = json.loads(index.facts["types"])
        types = tuple(
            name if tuple(found) == ROOTS.get(name) else f"{name}={'+'.join(found)}"
            for name, found in roots.items()
        )
        return cls(name=index.source, day=index.as_of, types=types, related=True)

    def __str__(self) -> str:
        """What judgements name as their source: another day or other types make another one.

        >>> str(Source(name="wikidata.json.gz", day="2031-03-01", types=("people", "states")))
        'wikidata.json.gz of 2031-03-01 (people, states)'
        """
        held = "" if self.types is None else f" ({self.told})"
        return f"{self.shown}{held}" if self.day else self.name

    @property
    def shown(self) -> str:
        """Its name and day, for people.

        >>> Source(name="wikidata.json.gz", day="2031-03-01").shown
        'wikidata.json.gz of 2031-03-01'
        """
        return f"{self.name} of {self.day}" if self.day else self.name

    @property
    def told(self) -> str:
        """The types that it holds, in words."""
        return "all types" if self.types == tuple(ROOTS) else ", ".join(self.types or ())

    def lacks(self, thing: Thing) -> str | None:
        """The word for what a thing is, where the source does not hold all of those; None where it does."""
        if self.types is None:
            return None
        held = {name.partition("=")[0] for name in self.types}
        if thing.type != "actor":
            needed: Sequence[str] = _HELD.get(thing.type, ())
        elif thing.kind in {None, "group", "unidentified"}:
            needed = _HELD["actor"]
        else:
            needed = _HELD.get(str(thing.kind), ("organisations",))
        if not needed:
            return None if held - ROOTS.keys() else f"{thing.type}s"
        missing = [name for name in needed if name not in held]
        return " and ".join(missing) or None

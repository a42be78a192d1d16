"""The workspace's own register as a source of items, in the form in which all others answer."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg.link.item import Item
from kg.link.similarity import names_alike, normal
from kg.moment import today

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.link.thing import Thing
    from kg.link.things import Things

REGISTER = "register"
"""The name of this source."""
LEAST = 0.3
"""How alike a name must be to be worth a look: less than a common word is nothing."""


class RegisterIndex:
    """The entries of the register as items: their ids are the ids of the register.

    An entry is described by its scope note, and related to the entries that share its articles.
    """

    def __init__(self, things: Things) -> None:
        self.source = REGISTER
        self.as_of = today()
        entries = [thing for thing in things.all.values() if not thing.own]
        self._ids = {thing.node.value: local(thing) for thing in entries}
        self._things = things
        self._entries = {local(thing): thing for thing in entries}
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for id_, thing in sorted(self._entries.items()):
            for word in sorted({key for name in thing.names for key in keys(name)}):
                self._by_word[word].append(id_)

    def search(self, names: Sequence[str], /, *, limit: int = 10) -> Mapping[str, Sequence[Item]]:
        """The entries that may bear each name, the likest first."""
        return {name: self._found(name, limit) for name in names}

    def _found(self, name: str, limit: int) -> list[Item]:
        near = {id_ for key in keys(name) for id_ in self._by_word.get(key, ())}
        alike = {
            id_: max(names_alike(name, other) for other in self._entries[id_].names) for id_ in near
        }
        best = sorted((-score, id_) for id_, score in alike.items() if score >= LEAST)
        return [self._item(self._entries[id_]) for _, id_ in best[:limit]]

    def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
        """The entries with some ids."""
        return {
            id_: self._item(self._entries[id_]) if id_ in self._entries else None for id_ in ids
        }

    def company(self, thing: Thing) -> list[str]:
        """The ids of the entries that share the articles of a thing."""
        company = self._things.company(thing)
        return sorted(self._ids[iri] for iri in company if iri in self._ids)

    def _item(self, thing: Thing) -> Item:
        label, *aliases = thing.names
        return Item(
            id=local(thing),
            iri=thing.node.value,
            labels={thing.language: label},
            aliases={thing.language: tuple(aliases)} if aliases else {},
            descriptions={thing.language: thing.note} if thing.note else {},
            classes=classes(thing),
            related=tuple(self.company(thing)),
        )


def local(thing: Thing) -> str:
    """The id of an entry: the last part of its IRI."""
    return thing.node.value.rpartition("/")[2]


def classes(thing: Thing) -> tuple[str, ...]:
    """The words of `kg.link.kinds` for what a thing is; none where that is unknown."""
    if thing.type in {"place", "event"}:
        return (thing.type,)
    if thing.type == "topic" or thing.kind in {None, "group", "unidentified"}:
        return ()
    return (str(thing.kind),)


def keys(name: str) -> set[str]:
    """What the names of one thing have in common: their words, and the initials of several.

    >>> sorted(keys("Council of Lantern Sea States"))
    ['clss', 'council', 'lantern', 'of', 'sea', 'states']
    """
    words = normal(name).split()
    heavy = [word for word in words if word not in {"of", "the", "and", "for"}]
    initials = "".join(word[0] for word in heavy)
    return set(words) | ({initials} if len(initials) > 2 else set())

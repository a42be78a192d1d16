"""What the reconciliation services are over: the entries of the register, and the items of an index.

Both say of their entities what they are called, of which types they are and what else is known of
them, in the words of the Reconciliation API.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.link.item import Item
    from kg.model import Kind, ThingType

Value = dict[str, Any]
"""A value of a property as both versions of the API have it: {"str": …}, {"date": …}, {"id": …, "name": …}."""


class Term(NamedTuple):
    """A type or a property; `above` are the ids of wider types."""

    id: str
    name: str
    description: str = ""
    above: tuple[str, ...] = ()


class Entities(Protocol):
    """A set of entities that tables can be matched to."""

    @property
    def title(self) -> str:
        """What they are called."""

    @property
    def space(self) -> str:
        """What the IRI of an entity is before its id."""

    @property
    def view(self) -> str:
        """The address of the page of an entity, with `{}` for its id; without a scheme below this server."""

    @property
    def types(self) -> Sequence[Term]:
        """The types that a search can be limited to."""

    @property
    def properties(self) -> Sequence[Term]:
        """What is known of entities."""

    def search(self, name: str, /, *, limit: int) -> Sequence[Item]:
        """The entities that may bear a name, with the ids that the services use."""

    def known(self, ids: Iterable[str], /) -> Mapping[str, Item]:
        """The entities with some ids; those that are unknown are left out."""

    def starting(self, prefix: str, /, *, limit: int) -> Sequence[Item]:
        """The entities whose id or name starts so, as far as the source can tell."""

    def types_of(self, items: Sequence[Item], /) -> Mapping[str, Sequence[Term]]:
        """The types of entities by their ids, the narrowest first."""

    def fits(self, item: Item, type_: ThingType, kind: Kind | None, /) -> bool:
        """Whether an entity can be of a type and kind, as far as the source is sure of it."""

    def values(
        self, ids: Sequence[str], properties: Sequence[str], /
    ) -> Mapping[str, Mapping[str, Sequence[Value]]]:
        """What is known of entities, by id and property."""


def as_value(text: str, language: str | None = None) -> Value:
    """A text as a value; a full date as an instant, which is all that the API has.

    >>> as_value("1961-08-09"), as_value("1961")
    ({'date': '1961-08-09T00:00:00Z'}, {'str': '1961'})
    """
    if _DAY.fullmatch(text):
        return {"date": f"{text}T00:00:00Z"}
    return {"str": text, "lang": language} if language else {"str": text}


_DAY: Final = re.compile(r"-?[0-9]{4}-[0-9]{2}-[0-9]{2}")

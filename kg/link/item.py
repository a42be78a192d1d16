"""What is sought, and what sources answer: the same form whoever answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.model import Kind, ThingType


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of an authority, as far as its source describes it.

    Names and descriptions are by language. `classes` are the items that it is an instance of (P31),
    `related` those that its other statements name, such as its country or office, nearest first.
    Dates are EDTF; `born` and `died` are those of a person, `began` and `ended` those of all else.
    `sitelinks` counts the articles about it.
    """

    id: str
    iri: str
    labels: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    born: str | None = None
    died: str | None = None
    began: str | None = None
    ended: str | None = None
    coordinates: tuple[float, float] | None = None
    sitelinks: int = 0

    def label(self, *languages: str) -> str:
        """Its label in the first of some languages that has one, in any else; its id without one.

        >>> Item(id="Q17", iri="http://www.wikidata.org/entity/Q17", labels={"en": "Japan"}).label("ja", "en")
        'Japan'
        """
        return _first(self.labels, languages) or self.id

    def description(self, *languages: str) -> str:
        """Its description in the first of some languages that has one, in any else; '' without one."""
        return _first(self.descriptions, languages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A thing of ours that may have an item: all that helps to tell it from its namesakes.

    `names` has its label first. `context` are the words of the articles around its mentions, in
    small letters; `others` the items of what else these articles speak of, `others_named` the names
    of those. `dates` are the EDTF dates at which it acts or is spoken of as being there; `mentions`
    counts how often it is named.
    """

    id: str
    names: tuple[str, ...]
    type: ThingType
    kind: Kind | None = None
    context: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    others_named: frozenset[str] = frozenset()
    dates: tuple[str, ...] = ()
    mentions: int = 1
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An item with how well it fits: `features` from 0 to 1 by their names, and the score they make.

    `score` is the probability that this is the item, over all candidates and none of them.
    """

    item: Item
    features: Mapping[str, float]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What came of looking for a thing: its candidates, the best first, or why it has none.

    `nil` is the reason for which none of the candidates is it ('no item has this name', 'the best
    of 3 candidates is a place'); None where the first one is proposed. `nil_score` is how sure that is.
    """

    wanted: Wanted
    candidates: tuple[Candidate, ...]
    nil: str | None
    nil_score: float


class EntityIndex(Protocol):
    """A source of items."""

    @property
    def source(self) -> str:
        """Where the answers are from: an address, or the name of a dump."""

    @property
    def as_of(self) -> str:
        """The EDTF date of what it knows: that of the dump, or of today."""

    def search(self, names: Sequence[str], /, *, limit: int = 10) -> Mapping[str, Sequence[Item]]:
        """The items that may bear each name, the likeliest first; labels, aliases and near spellings.

        Raises ServiceError where a service fails, StoreError where an index cannot be read.
        """

    def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
        """The items with some ids: an id that was merged leads to the item it was merged into, one
        that was deleted or never given to None.
        """


def _first(texts: Mapping[str, str], languages: tuple[str, ...]) -> str:
    """The text in the first of some languages that has one, else in that whose name sorts first."""
    for language in languages:
        if language in texts:
            return texts[language]
    return texts[min(texts)] if texts else ""

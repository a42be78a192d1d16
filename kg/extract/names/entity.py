"""What a text names, and who stands behind a source: the answers of this package."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import ActorKind, Kind, Ref, ThingType

Gender = Literal["he", "she", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing that a text names: the fullest form in the text, and the others; `ref` if registered.

    Actors always have a kind, `group` where the text shows an organisation but not what it is.
    """

    type: ThingType
    kind: Kind | None = None
    label: str
    alt: tuple[str, ...] = ()
    ref: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a text lets see of somebody: the pronoun, offices and callings, the head of the name."""

    gender: Gender = ""
    roles: frozenset[str] = frozenset()
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who a source is: one of the entities, or somebody whom only these words name.

    Where `entity` is None, `label` and `kind` are for a thing of its own, which the text does not
    name. `how` says what the answer rests on; `words` is where a description stands.
    """

    entity: int | None
    how: Literal["name", "short", "pronoun", "definite", "unresolved"]
    label: str
    kind: ActorKind = "unidentified"
    words: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """The named things of a text, and where it mentions them, in text order, the outer first.

    `traits` go with the entities; `sentences` are the offsets where sentences begin;
    `bearers` leads from the words of an office, the head of a name and a kind to the entities.
    """

    mentions: list[tuple[Span, int]]
    entities: list[Entity]
    traits: list[Traits]
    sentences: list[int]
    bearers: dict[str, list[int]]

    def within(self, spans: Iterable[Span]) -> list[int]:
        """The entities that are mentioned inside some stretches, in text order, each once."""
        found: dict[int, int] = {}
        for start, end in spans:
            first = self.at(start)
            for span, entity in self.mentions[first : max(first, self.at(end))]:
                if span.end <= end and span.start < found.get(entity, end):
                    found[entity] = span.start
        return sorted(found, key=lambda entity: (found[entity], entity))

    def at(self, offset: int) -> int:
        """The number of the first mention that begins at an offset or behind it."""
        return bisect_left(self.mentions, (Span(offset, 0), -1))

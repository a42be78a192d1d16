"""A thing of ours that may have an item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from kg.model import Kind, ThingType


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing of the register, or one that its article alone knows (`own`).

    `names` has its label first; `mentions` counts all references to it; `articles` are the graphs
    of a sample of the articles that speak of it.
    """

    node: NamedNode
    type: ThingType
    kind: Kind | None
    own: bool
    names: tuple[str, ...]
    language: str
    note: str
    mentions: int
    articles: tuple[str, ...]

    @property
    def label(self) -> str:
        """What it is called."""
        return self.names[0]


def rank(thing: Thing) -> tuple[int, str]:
    """What puts the most mentioned first."""
    return (-thing.mentions, thing.node.value)

"""What came of linking: for each thing, and for a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from kg.errors import KgError
    from kg.link.item import Candidate
    from kg.link.thing import Thing

Happened = Literal["accepted", "proposed", "absent", "open", "kept", "decided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of looking for the item of a thing.

    `accepted` and `proposed` have the best item; `absent` and `open` say why there is none
    (`absent` surely, `open` not); `kept` is a program's earlier link whose item this source does
    not know; `decided` is a person's, which is not looked at again.
    """

    thing: Thing
    happened: Happened
    item: NamedNode | None = None
    label: str = ""
    description: str = ""
    score: float = 0.0
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class Report:
    """What linking did: an outcome for each thing looked at, and how many were passed over.

    `moved` are links that followed an item into the one it was merged into, `redirected` those that
    did not because a person has decided otherwise, and why; `gone` those whose item the source no
    longer has. `merged` are things of articles with what they went into, since both are one item;
    `parted` counts earlier merges of that sort that lost their ground. `failure` ended the run
    early; what was decided before it is kept.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    by_person: int = 0
    before: int = 0
    moved: list[tuple[Thing, NamedNode, NamedNode]] = field(default_factory=list)
    redirected: list[tuple[Thing, NamedNode, NamedNode, str]] = field(default_factory=list)
    gone: list[tuple[Thing, NamedNode]] = field(default_factory=list)
    merged: list[tuple[Thing, Thing]] = field(default_factory=list)
    parted: int = 0
    failure: KgError | None = None
    changed: bool = False

    def count(self, happened: Happened) -> int:
        """How many things had this outcome."""
        return sum(outcome.happened == happened for outcome in self.outcomes)

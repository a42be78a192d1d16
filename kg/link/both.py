"""Whether two things can be one, by what they are: nothing is a state and a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from kg.link.alike import kinds_fit
from kg.link.thing import Thing

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from kg.model import Kind, ThingType

_OPEN: Final = frozenset({"unidentified", "group"})
"""Kinds that say little: whoever knows more may find anything behind them."""


class Sort(NamedTuple):
    """What a thing is: `actor` and `state`, or `place` without a kind."""

    type: str
    kind: str | None = None

    def __str__(self) -> str:
        word = (self.kind or self.type).replace("-", " ")
        return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def can_be_one(one: tuple[NamedNode, Sort], other: tuple[NamedNode, Sort]) -> bool:
    """Whether a person may say that two things are one."""
    if one[1].type == other[1].type and {one[1].kind, other[1].kind} & _OPEN:
        return True
    return kinds_fit(_thing(*one), _thing(*other)) is not None


def _thing(node: NamedNode, sort: Sort) -> Thing:
    """A thing of which nothing but its sort is known."""
    return Thing(
        node=node,
        type=cast("ThingType", sort.type),
        kind=cast("Kind | None", sort.kind),
        own=False,
        names=("",),
        language="en",
        note="",
        mentions=0,
        articles=(),
    )

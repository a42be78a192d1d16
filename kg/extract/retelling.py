"""One event told twice: the same kind, "the" before it, and nothing that speaks against it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.extract.dates import Dated
    from kg.model import EventKind, Role, Span

_BACK: Final = 6
"""Events of a kind that a later telling may mean: "the talks" are hardly those of a page before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event as one clause tells it; participants and places are numbers of `Names.entities`.

    `span` is the word for it, `also` are the words of its further tellings; `label` is made of
    words of the text.
    """

    span: Span
    kind: EventKind
    label: str
    when: Dated | None
    participants: tuple[tuple[int, Role], ...]
    at: tuple[int, ...]
    also: tuple[Span, ...] = ()


class Telling(NamedTuple):
    """A happening and how it is told: by which word, as one already known, as a bare noun.

    `stem` is empty for a verb; `ordered` is said to be another than the one before.
    """

    happening: Happening
    stem: str
    definite: bool
    ordered: bool
    bare: bool


def joined(tellings: Iterable[Telling]) -> list[Happening]:
    """The events that some tellings in the order of the text come to."""
    found: list[Happening] = []
    stems: list[str] = []
    ofkind: dict[EventKind, list[int]] = {}
    for telling in tellings:
        happening = telling.happening
        earlier = ofkind.setdefault(happening.kind, [])
        before = next(
            (k for k in reversed(earlier[-_BACK:]) if _same(found[k], telling, stems[k])), -1
        )
        if before >= 0:
            found[before] = _merged(found[before], happening)
        elif not telling.bare:
            earlier.append(len(found))
            found.append(happening)
            stems.append(telling.stem)
    once: dict[object, Happening] = {}
    for happening in found:
        where = happening.at if happening.kind == "visit" else ()
        parts = frozenset(happening.participants) or happening.label.lower()
        key = (happening.kind, parts, happening.when and happening.when.edtf, where)
        once[key] = _merged(once[key], happening) if key in once else happening
    return list(once.values())


def _same(before: Happening, telling: Telling, stem: str) -> bool:
    """Whether a telling means the event before; a word of another stem is another event."""
    if not telling.definite or telling.ordered:
        return False
    if stem != telling.stem and (stem or before.kind == "other"):
        return False
    happening = telling.happening
    if before.when and happening.when and before.when.edtf != happening.when.edtf:
        return False
    if before.at and happening.at and set(before.at).isdisjoint(happening.at):
        return False
    if not (before.participants and happening.participants):
        return True
    actors = {number for number, _ in before.participants}
    if actors.isdisjoint(number for number, _ in happening.participants):
        return False
    roles = {role: number for number, role in before.participants}
    return all(
        role == "participant" or roles.get(role, number) == number
        for number, role in happening.participants
    )


def _merged(before: Happening, again: Happening) -> Happening:
    parts = dict(before.participants)
    for number, role in again.participants:
        parts.setdefault(number, role)
    at = dict.fromkeys((*before.at, *again.at))
    return replace(
        before,
        when=before.when or again.when,
        participants=tuple(parts.items()),
        at=tuple(number for number in at if number not in parts),
        also=(*before.also, again.span, *again.also),
    )

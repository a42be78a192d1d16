"""The well-known names in one table, to be looked up by their words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg.extract.names.bodies import KNOWN, SAME
from kg.extract.names.places import PLACES
from kg.extract.names.states import OTHER_PEOPLES, STATES
from kg.extract.prose import Prose

if TYPE_CHECKING:
    from kg.model import Kind, ThingType


class What(NamedTuple):
    """The type and kind of a thing."""

    type: ThingType
    kind: Kind | None = None


PERSON = What("actor", "person")
STATE = What("actor", "state")
PLACE = What("place")
TOPIC = What("topic")
GROUP = What("actor", "group")


class Fact(NamedTuple):
    """What is known of a name: what it names, and by which key it is the same as other names.

    `seat` is the key of the state whose capital a place is.
    """

    words: tuple[str, ...]
    what: What
    key: str
    seat: str = ""


@cache
def facts() -> dict[str, list[Fact]]:
    """The well-known names by their first word, the longest first."""
    named: dict[tuple[str, ...], Fact] = {}
    same = {name: group[0] for group in SAME for name in group}
    for name in sorted(PLACES):
        _add(named, name, PLACE, name)
    for name, kind in KNOWN.items():
        _add(named, name, What("actor", kind), same.get(name, name))
    for state in STATES:
        for name in state.names:
            _add(named, name, STATE, state.names[0])
        for name in state.capitals:
            _add(named, name, PLACE, name, state.names[0])
    table: dict[str, list[Fact]] = {}
    for fact in named.values():
        table.setdefault(fact.words[0], []).append(fact)
    for known in table.values():
        known.sort(key=lambda fact: -len(fact.words))
    return table


def _add(
    named: dict[tuple[str, ...], Fact], name: str, what: What, key: str, seat: str = ""
) -> None:
    for form in dict.fromkeys((name, name.replace("'", "’"))):
        simple = form.replace(" ", "").replace("-", "").isalpha()
        words = tuple(form.split()) if simple else tuple(Prose(form).words)
        named[words] = Fact(words, what, key.removeprefix("The "), seat)


@cache
def peoples() -> frozenset[str]:
    """Nationalities and other peoples, in small letters: `japanese`, `korean`, `arab`."""
    known = {name.lower().split()[-1] for state in STATES for name in state.people}
    return OTHER_PEOPLES | known


@cache
def states_of_peoples() -> dict[str, frozenset[str]]:
    """The names of the state, by what its people are called, in small letters."""
    return {name.lower(): frozenset(state.names) for state in STATES for name in state.people}

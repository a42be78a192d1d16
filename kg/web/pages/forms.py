"""What people choose in the forms above pictures and comparisons, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from kg.edtf import bounds
from kg.errors import KgError
from kg.names import curie, labels, resolve
from kg.show.picture import dates
from kg.store import select

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.web.readers.reading import Reading

LISTED = 200
"""Things that a list offers; where there are more, their names are typed."""


Given = tuple[tuple[str, str], ...]
"""What a form sent: pairs of fields and values, which can be kept, as a mapping cannot."""


class Choice(NamedTuple):
    """What a list offers: the value that is sent, and the words for it."""

    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What was filled in, by field, and what is wrong, by field."""

    reading: Reading
    given: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    meant: dict[str, str] = field(default_factory=dict)  # the ids of the things that were named

    def value(self, name: str) -> str:
        """What a field has now: the id of the thing that was named, or else what was filled in."""
        return self.meant.get(name, self.words(name))

    def words(self, name: str) -> str:
        """What was filled in."""
        return self.given.get(name, "")

    def thing(self, name: str, class_: NamedNode | None = None) -> NamedNode | None:
        """The thing that is named in a field."""
        if name not in self.given:
            return None
        try:
            node = resolve(self.reading.store, self.reading.prefixes, self.given[name], class_)
        except KgError as error:
            said = f"{error}; {error.hint}" if error.hint else str(error)
            self.errors[name] = said.replace("kg:Actor", "actor").replace("kg:Article", "article")
            return None
        self.meant[name] = curie(node, self.reading.prefixes)
        return node

    def day(self, name: str, *, last: bool = False) -> float | None:
        """The first day that a date allows, or the last one."""
        if name not in self.given:
            return None
        try:
            found = bounds(self.given[name])
        except ValueError:
            self.errors[name] = "write a year, a month or a day: 2007, 2007-12 or 2007-12-11"
            return None
        return dates.day(found.latest if last else found.earliest)

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        """One of some words; the first where none of them was given."""
        value = self.given.get(name, choices[0])
        if value not in choices:
            self.errors[name] = f"one of: {', '.join(filter(None, choices))}"
            return choices[0]
        return value

    @property
    def status(self) -> int:
        """The status of a page with this form."""
        return 400 if self.errors else 200


def form(reading: Reading, given: Given) -> Form:
    """The form that was sent; empty fields count as not filled in."""
    filled = {name: value.strip() for name, value in given if value.strip()}
    return Form(reading=reading, given=filled)


def things(reading: Reading, class_: NamedNode) -> list[Choice]:
    """The things of a class by name, for a list to choose from; none where there are too many."""
    return reading.once(_things, class_)


def _things(reading: Reading, class_: NamedNode) -> list[Choice]:
    rows = select(reading.store, f"SELECT DISTINCT ?x WHERE {{ ?x a {class_} }} LIMIT {LISTED + 1}")
    nodes = {node for row in rows if isinstance(node := row["x"], NamedNode)}
    called = labels(reading.store, nodes) if len(nodes) <= LISTED else {}
    ours = {node: name for node, name in called.items() if reading.iris.local(node)}
    return sorted(
        (Choice(curie(node, reading.prefixes), name) for node, name in ours.items()),
        key=lambda choice: (choice.words.casefold(), choice.value),
    )

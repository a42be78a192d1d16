"""The types of things that an index is about, each by the classes at the root of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "people": ("Q5",),  # human
    "organisations": ("Q43229",),  # organization
    "states": ("Q7275",),  # state
    "places": ("Q2221906",),  # geographic location
    "events": (
        "Q1190554",
    ),  # occurrence, which has elections, wars, meetings and disasters under it
    "publications": ("Q732577",),  # publication
}
"""What a dump's own statements of subclasses (P279) are followed down from.

Each was looked up: Q5 and Q43229 in stored answers of Wikidata's API (the test data of
opensanctions/nomenklatura and of wetneb/openrefine-wikibase), the others in public code and queries
that name them (`?item wdt:P31/wdt:P279* wd:Q7275`, a type constraint of Wikidata with Q2221906).
"""

PASSED_OVER: Final = (
    "Q13442814",  # scholarly article: 45 million items that no news speaks of by name
    "Q17442446",  # Wikimedia internal item: lists, categories, disambiguation pages
)
"""Classes whose items are left out even where another of their classes is wanted."""

NEVER: Final = 1 << 30
"""The bit of those."""

_ID: Final = re.compile(r"Q[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be in an index: which types with which classes at their roots, in which languages."""

    types: Mapping[str, tuple[str, ...]]
    languages: tuple[str, ...]
    day: str | None = None


def wanted(names: Sequence[str], more: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return the types with some names, and the classes at their roots; all of them where none is named.

    `more` are roots that a user adds, to a type that is there or to a new one.

    >>> wanted(["people"], ["ships=Q900000077"])
    {'people': ('Q5',), 'ships': ('Q900000077',)}
    """
    for name in names:
        if name not in ROOTS:
            raise ConfigError(
                f"there is no type {name}",
                hint=f"choose from {', '.join(ROOTS)}; --type-root adds others",
            )
    found = {name: ROOTS[name] for name in ROOTS if name in names or not names}
    for text in more:
        name, equals, root = text.partition("=")
        if not equals or not name.isidentifier() or not _ID.fullmatch(root):
            raise ConfigError(
                f"--type-root {text}: expected a name and one class, such as people=Q5",
                hint="repeat --type-root for further classes",
            )
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), root)))
    return found

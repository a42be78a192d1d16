"""One decision on many at once, on the command line of `kg review`: all merges into one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.review.queue import Item
    from kg.store import GraphStore
    from kg.workspace import Workspace

ALL: Final = "all"
"""Stands for all merges into a thing, in the place of an id."""


def meant(given: Sequence[tuple[str, str]]) -> bool:
    """Whether all of a group is to be decided. Raises ConfigError where something else is as well."""
    found = [verdict for verdict, name in given if name == ALL]
    if found and (len(given) > 1 or not found[0]):
        raise ConfigError(f"{ALL}: goes with one --accept or --reject, and nothing else")
    return bool(found)


def into(
    store: GraphStore,
    items: Iterable[Item],
    workspace: Workspace,
    what: str | None,
    about: str | None,
) -> list[str]:
    """The keys of the merges that wait to go into a thing."""
    from kg.names import resolve
    from kg.review.queue import Pair

    if what != "merges" or about is None:
        raise ConfigError(f"{ALL}: all of what?", hint="kg review merges THING --accept all")
    node = resolve(store, workspace.prefixes, about)
    return [
        item.key
        for item in items
        if isinstance(item, Pair) and item.file is None and item.judgement.to == node
    ]

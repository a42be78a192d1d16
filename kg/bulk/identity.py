"""Which things of shards are one and the same: each part proposes, and one step decides.

What a part proposes is what its graphs say of the things that they name: found by the queries that
are asked of a store that has all, in processes of their own, a part at a time. Put together, it is
what such a store would have said, whatever the number of parts and their order. What decides is
`kg.link.merging`, which knows no difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.annotate.pool import Pool, in_order
from kg.bulk.operator import keys_in
from kg.errors import InputError
from kg.link.gathered import gathered_whole
from kg.shards import manifest, part
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.link.gathered import Gathered
    from kg.mapping.iris import Iris
    from kg.store import GraphStore
    from kg.workspace import Workspace


class _Given(NamedTuple):
    folder: Path
    iris: Iris


class _Task(NamedTuple):
    """A part, and the articles of it that no earlier part has, nor the store."""

    line: manifest.Part
    keys: frozenset[str]


def proposed(
    workspace: Workspace, folder: Path, *, store: GraphStore | None = None, workers: int = 1
) -> Iterator[Gathered]:
    """What each part of a folder says of things, in the order of the manifest.

    What a `store` has says so itself, and is left out. Raises InputError where there are no parts, or
    where one is damaged.
    """
    lines = manifest.read(folder)
    if not lines:
        raise InputError(
            f"{folder}: has no shards", hint="kg add --bulk SOURCE… --shards DIR makes them"
        )
    given = _Given(folder, workspace.iris)
    tasks = _tasks(lines.values(), keys_in(store, workspace.iris) if store is not None else set())
    with Pool(given, workers if len(lines) > 1 else 1) as pool:
        for _, found in in_order(pool, _proposed, tasks, lambda task: _proposed(given, task)):
            yield found


def _tasks(lines: Iterable[manifest.Part], there: set[str]) -> Iterator[_Task]:
    seen = {*there}
    for line in lines:
        keys = frozenset(line.keys) - seen
        seen |= keys
        if keys:
            yield _Task(line, keys)


def _proposed(given: _Given, task: _Task) -> Gathered:
    """What the graphs of a part say of things."""
    folder, line = given.folder, task.line
    items = [
        item
        for item in part.index(folder, line.part, line.sha256[part.INDEX])
        if item.key in task.keys
    ]
    with EmbeddedStore() as store:
        store.load(b"".join(part.quads(folder, line.part, items, line.sha256[part.SHARD])))
        return gathered_whole(store, given.iris)

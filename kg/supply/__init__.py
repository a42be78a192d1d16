"""What came by the bulk road is given to the store, as far as the store does not have it.

`bulk/` is the truth for these articles, as files are for others, and .kg/bulk.json says which of its
shards the store has taken in. A shard is loaded as it is; where the register, a merge or kg itself
has changed since it was made, the articles concerned are made once more from their annotations.

To load a shard is no transaction, and need not be: quads are a set, so that to load one once more
changes nothing. What a cut left undone, the next build does.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from kg import note
from kg.errors import InputError, KgError, StoreError
from kg.files import write_file
from kg.shards import manifest, part
from kg.store.embedded import EmbeddedStore
from kg.supply.remaking import Maker, remade

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from kg.shards.manifest import Part
    from kg.shards.part import Indexed
    from kg.store import GraphStore
    from kg.supply.remaking import Remade, Standing
    from kg.workspace import Workspace

AT_ONCE: Final = 64_000_000
"""Bytes of N-Quads that the store takes at once."""
STREAMED: Final = 20_000_000
"""Quads from which on an embedded store is given all in one stream.

It joins what it was given piece by piece, the more often the more there is, and a stream when all is
there: 71 million quads take a stream 14 minutes, and pieces had not ended after 26. In return a stream
takes 2 GB of memory where pieces take 600 MB, and begins anew after a cut.
"""
_PAUSE: Final = 5.0
"""Seconds between two notes on what has been loaded: what a cut may have one load once more."""


class _Loaded(NamedTuple):
    """A shard that the store has: its hash, and the keys of articles that were left out."""

    shard: str
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a build knows when the files are done.

    `files` are the graphs that files make: a file goes before what came by the bulk road. `present`
    are those that the store has. `forget` takes graphs away, with their provenance. `progress` is
    called with how many of how many articles have been looked at.
    """

    files: Collection[str]
    present: Collection[str]
    standing: Standing
    forget: Callable[[Iterable[str]], None]
    progress: Callable[[int, int], None] | None = None


@dataclass(slots=True)
class Brought:
    """What the store was given: articles and quads, and what was found in them, by severity.

    `failed` are the parts and articles that could not be, by their names in messages.
    """

    articles: int = 0
    quads: int = 0
    found: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[str, KgError]] = field(default_factory=list)


class Supply:
    """The articles of `bulk/` on their way to the store.

    With `vouched` the note of the last build is there; without it, nothing is known of the store.
    """

    def __init__(self, workspace: Workspace, store: GraphStore, *, vouched: bool = True) -> None:
        self.workspace = workspace
        self.store = store
        self.folder = workspace.root / manifest.FOLDER
        self.parts = manifest.read(self.folder)
        self.brought = Brought()
        self._graph = workspace.iris.graph("article-").value
        self._maker = note.maker(workspace)
        self._left: dict[str, set[str]] = {}
        self._loaded: dict[str, _Loaded] = {}
        self._mark = ""
        self._written: bytes | None = None
        self._going: list[str] = []  # the parts that the store is being given
        self._done = 0  # articles that were looked at
        self._noted = time.monotonic()
        if vouched and not workspace.in_memory:
            self._recall()

    @property
    def graphs(self) -> set[str]:
        """The IRIs of the graphs that `bulk/` has, in the store or not."""
        return {self._graph + key for line in self.parts.values() for key in line.keys}

    def has(self, graph: str) -> bool:
        """Whether a graph is one of `bulk/`, in the store or not."""
        return graph.startswith(self._graph) and graph.removeprefix(self._graph) in self._keys

    @cached_property
    def _keys(self) -> set[str]:
        """The keys of all articles, which are a third of the memory that the IRIs of graphs take."""
        return {key for line in self.parts.values() for key in line.keys}

    def is_apart(self, present: Collection[str]) -> bool:
        """Whether none of this is in the store yet, and all of it was checked when it was made."""
        lines = [line for line in self.parts.values() if line.keys]
        if not lines or any(line.found is None or line.made_by != self._maker for line in lines):
            return False
        return not any(self._graph + key in present for line in lines for key in line.keys)

    @property
    def size(self) -> int:
        """How many quads `bulk/` has."""
        return sum(line.quads for line in self.parts.values())

    def dates(self) -> set[str]:
        """The dates that the articles point to which the store has from here."""
        found: set[str] = set()
        for name, line in self.parts.items():
            left = self._left.get(name)
            items: list[Indexed] = []
            if left:
                with contextlib.suppress(InputError):  # told when it was to be loaded
                    items = self._index(line)
            if left and items:
                found.update(*(i.entry["dates"] for i in items if i.key not in left))
            else:
                found.update(line.dates)
        return found

    def bring(self, now: Situation) -> Brought:
        """Give the store what it does not have, and put what is made otherwise now in its place."""
        if not self.parts and not self._loaded:
            return self.brought
        mark = now.standing.mark
        settled, self._mark = self._mark == mark, ""
        self._leave_out(now.files)
        names, streamed = iter([*self.parts]), self._is_streamed()
        while True:
            pieces = self._pieces(names, now, settled=settled, most=None if streamed else AT_ONCE)
            first = next(pieces, None)
            if first is None:
                break
            try:
                self._give(chain((first,), pieces), streamed=streamed)
            except InputError as error:  # what some engine does not take
                self.brought.failed.append((f"{manifest.FOLDER}/", error))
            if time.monotonic() - self._noted > _PAUSE:
                self._note()
        self._loaded = {name: self._loaded[name] for name in self.parts if name in self._loaded}
        self._mark = "" if self.brought.failed else mark
        self._note()
        self.store.optimize()
        return self.brought

    def _leave_out(self, files: Collection[str]) -> None:
        """Find what of each part an earlier one has, or a file."""
        seen: set[str] = set()
        for name, line in self.parts.items():
            self._left[name] = {k for k in line.keys if k in seen or self._graph + k in files}
            seen.update(line.keys)

    def _is_streamed(self) -> bool:
        """Whether the store takes what it does not have in one stream."""
        wanted = (line.quads for name, line in self.parts.items() if name not in self._loaded)
        return isinstance(self.store, EmbeddedStore) and sum(wanted) >= STREAMED

    def _pieces(
        self, names: Iterator[str], now: Situation, *, settled: bool, most: int | None
    ) -> Iterator[memoryview]:
        """What the store does not have of the next parts, until it is more than `most` bytes."""
        size, total = 0, sum(len(line.keys) for line in self.parts.values())
        self._going = []
        for name in names:
            try:
                for piece in self._bring(name, now, settled=settled):
                    size += len(piece)
                    yield piece
            except StoreError:
                raise  # the next part would fare no better
            except KgError as error:
                self.brought.failed.append((f"{manifest.FOLDER}/{name}", error))
            self._done += len(self.parts[name].keys)
            if now.progress is not None:
                now.progress(self._done, total)
            if most is not None and size >= most:
                return

    def _bring(self, name: str, now: Situation, *, settled: bool) -> Iterator[memoryview]:
        """What the store does not have of one part; it counts as loaded when all of it was taken."""
        line, left, loaded = self.parts[name], self._left[name], self._loaded.get(name)
        wanted = {key for key in line.keys if key not in left}
        give: set[str] = set()
        found: Remade | None = None
        if line.keys and (not settled or loaded is None or line.made_by != self._maker):
            is_loaded = loaded is not None and loaded.shard == line.sha256[part.SHARD]
            found = self._made_up(line, now)
            give = found.again - left
            if is_loaded and loaded is not None:
                loaded = _Loaded(found.line.sha256[part.SHARD], loaded.left)
        shard = self.parts[name].sha256.get(part.SHARD, "")
        if loaded is None or loaded.shard != shard:
            give = wanted
        else:
            give |= set(loaded.left) - left
            if any(self._graph + key not in now.present for key in wanted - give):
                give = wanted  # somebody has been at the store
        if give:
            if found is None:  # what is read now may have been damaged since
                found = self._made_up(line, now)
                give |= found.again - left
                shard = found.line.sha256[part.SHARD]
            graphs = (self._graph + key for key in sorted(give))
            now.forget(graph for graph in graphs if graph in now.present)
            items = [item for item in found.items if item.key in give]
            yield from part.quads(self.folder, name, items)
            self.brought.articles += len(items)
            self.brought.quads += sum(item.entry["quads"] for item in items)
            for item in items:
                self.brought.found.update(item.found or {})
            self._going.append(name)
        self._loaded[name] = _Loaded(shard, tuple(sorted(left)))

    def _give(self, pieces: Iterator[memoryview], *, streamed: bool) -> None:
        """Give the store what comes; where it does not take it, none of these parts counts as loaded."""
        try:
            if streamed and isinstance(self.store, EmbeddedStore):
                self.store.stream(pieces)
            else:
                self.store.load(b"".join(pieces))
        except KgError:
            for name in self._going:
                self._loaded.pop(name, None)
            raise

    def _made_up(self, line: Part, now: Situation) -> Remade:
        """A part whose shard is as it would be made now."""
        found = remade(line, Maker(self.folder, self.workspace.iris, self._maker), now.standing)
        self.brought.failed += found.failed
        self.parts[line.part] = found.line
        return found

    def _index(self, line: Part) -> list[Indexed]:
        return part.index(self.folder, line.part, line.sha256[part.INDEX]) if line.keys else []

    def _recall(self) -> None:
        """What the last build has written down, unless it was of another kg."""
        with contextlib.suppress(*note.UNREADABLE):
            content = (self.workspace.derived / note.STATE).read_bytes()
            data = json.loads(content)
            if data["made_by"] == self._maker:
                self._loaded = {
                    name: _Loaded(shard, tuple(left))
                    for name, (shard, left) in data["parts"].items()
                }
                self._mark = data["agreed"]
                self._written = content

    def _note(self) -> None:
        """Write down which shards the store has."""
        data = {"made_by": self._maker, "agreed": self._mark, "parts": self._loaded}
        content = json.dumps(data).encode()
        if self.workspace.in_memory or content == self._written:
            return
        self.store.flush()
        note.mark(self.workspace, self.store)
        write_file(self.workspace.derived / note.STATE, content)
        self._written, self._noted = content, time.monotonic()

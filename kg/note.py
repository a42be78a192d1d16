"""What the store was made from, so that only what changed is made again: the note in .kg/built.jsonl.

A server may be put back to an older state, or another one in its place, without anybody telling. So a
store behind a URL has a mark, another one whenever a note comes to vouch for more, and the same mark is
kept beside the notes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Triple

from kg import __version__, rdf, resources
from kg.errors import InputError, NotFoundError
from kg.files import write_file, writing_file
from kg.mapping.iris import short
from kg.shards import manifest
from kg.store import MARKED, MARKS, select
from kg.vocab import ONTOLOGY
from kg.workspace import ANALYSIS, ENTITIES, FACTS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

    from kg.store import GraphStore
    from kg.workspace import Workspace

NOTE = "built.jsonl"
STATE = "bulk.json"
MARK = "mark.json"
UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What comes of reading a note that is missing, or not as it was written."""
ONTOLOGY_FILE = "ontology"
FORMAT = 3
"""Raised whenever the same files make other quads than before, so that stores are made anew."""


class Note(MutableMapping[str, Mapping[str, Any]]):
    """What the store was made from: for each graph its file, their hashes, and the register ids in use.

    What is noted of a graph is held as its line in the file, which is a quarter of what the objects in
    it take, and read whenever it is asked for. `files` has the graph of each file.
    """

    def __init__(self, graphs: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.files: dict[str, str] = {}
        self._lines: dict[str, bytes] = {}
        self.update(graphs or {})

    @classmethod
    def read(cls, workspace: Workspace) -> Note:
        """The note of the last build; an empty one where it is missing, broken, or of another kind."""
        found = cls()
        if workspace.in_memory:
            return found
        with (
            contextlib.suppress(*UNREADABLE),
            (workspace.derived / NOTE).open("rb") as lines,
        ):
            if json.loads(lines.readline())["made_by"] != maker(workspace):
                return cls()
            for line in lines:
                found._read(line)
            return found
        return cls()

    def _read(self, line: bytes) -> None:
        """Take a line of the file. Raises ValueError, TypeError or KeyError where it is none."""
        graph, entry = json.loads(line)
        kinds = {"file": str, "stamps": dict, "hashes": dict}
        if not line.endswith(b"\n") or not isinstance(graph, str):
            raise ValueError
        if not all(isinstance(entry[key], kind) for key, kind in kinds.items()):
            raise TypeError
        self._lines[graph], self.files[entry["file"]] = line, graph

    def write(self, workspace: Workspace) -> None:
        """Replace the note: JSON Lines, what made it and then a line for each graph."""
        with writing_file(workspace.derived / NOTE) as file:
            file.write(json.dumps({"made_by": maker(workspace)}).encode() + b"\n")
            file.writelines(self._lines[graph] for graph in sorted(self._lines))

    def take(self, file: str, other: Note) -> None:
        """Have what another note says of the graph of a file."""
        graph = other.files[file]
        self._lines[graph], self.files[file] = other._lines[graph], graph

    def doubted(self, but: Container[str] = ()) -> Note:
        """The same of graphs that may be others by now, all but those of some files."""
        found = Note()
        for file, graph in self.files.items():
            if file in but:
                found.take(file, self)
            else:
                found[graph] = {**self[graph], "stamps": {}, "hashes": {}}
        return found

    def __getitem__(self, graph: str) -> dict[str, Any]:
        _, entry = json.loads(self._lines[graph])
        found: dict[str, Any] = entry
        return found

    def __setitem__(self, graph: str, entry: Mapping[str, Any]) -> None:
        if graph in self:
            del self[graph]
        self._lines[graph] = json.dumps([graph, entry]).encode() + b"\n"
        self.files[entry["file"]] = graph

    def __delitem__(self, graph: str) -> None:
        file = self[graph]["file"]
        del self._lines[graph]
        if self.files.get(file) == graph:
            del self.files[file]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, graph: object) -> bool:
        return graph in self._lines

    def __eq__(self, other: object) -> bool:
        return self._lines == other._lines if isinstance(other, Note) else NotImplemented


def holds(workspace: Workspace, store: GraphStore) -> bool:
    """Whether the store is the one that the notes tell of, in that state; one of our own always is."""
    if not workspace.remote:
        return True
    mark = _mark(workspace)
    rows = select(store, f"SELECT ?x WHERE {{ GRAPH {mark} {{ {mark} {MARKED} ?x }} }}")
    found = {str(row["x"].value) for row in rows}
    return len(found) == 1 and found <= set(_known(workspace))


def mark(workspace: Workspace, store: GraphStore) -> None:
    """Give a store behind a URL another mark, before a note vouches for what it has now.

    As long as it may have either, both are known; the note is an older one then, and vouches for less.
    """
    if not workspace.remote:
        return
    file, graph, new = workspace.derived / MARK, _mark(workspace), secrets.token_hex(8)
    write_file(file, json.dumps([*_known(workspace), new]).encode())
    store.put(graph, [Triple(graph, MARKED, Literal(new))])
    write_file(file, json.dumps([new]).encode())


def _mark(workspace: Workspace) -> NamedNode:
    """The graph of the mark: a store may have several workspaces, each with a base of its own."""
    return NamedNode(MARKS + hashlib.sha256(workspace.iris.base.encode()).hexdigest()[:16])


def _known(workspace: Workspace) -> list[str]:
    """The marks that the store may have."""
    with contextlib.suppress(*UNREADABLE):
        return [str(one) for one in json.loads((workspace.derived / MARK).read_bytes())]
    return []


def changes(workspace: Workspace) -> list[str]:
    """The files that were changed, added or removed since the last build, by their names."""
    noted = Note.read(workspace)
    files = {name: path for name, path, _ in sources(workspace)}
    differ = {name for name, path in files.items() if _is_other(noted, name, path)}
    return sorted({*differ, *(noted.files.keys() - files.keys()), *_waiting(workspace)})


def _is_other(noted: Note, name: str, path: Path) -> bool:
    """Whether a file is none of those that are noted, or another than it was."""
    graph = noted.files.get(name)
    if graph is None:
        return True
    entry = noted[graph]
    return any(differs(entry, key, file, stamp(file)) for key, file in parts(path).items())


def _waiting(workspace: Workspace) -> set[str]:
    """The parts of `bulk/` that the store has not been given yet, or that are no longer there."""
    try:
        parts = manifest.read(workspace.root / manifest.FOLDER).keys()
    except InputError:  # the next build tells
        return {f"{manifest.FOLDER}/{manifest.NAME}"}
    loaded: set[str] = set()
    with contextlib.suppress(*UNREADABLE):
        loaded = {*json.loads((workspace.derived / STATE).read_bytes())["parts"]}
    return {f"{manifest.FOLDER}/{part}" for part in parts ^ loaded}


def is_ours(workspace: Workspace, graph: str, noted: Container[str]) -> bool:
    """Whether a graph of the store is the workspace's: on a server, there may be those of others."""
    if not workspace.remote or graph in noted:
        return True
    return graph.startswith((workspace.iris.graph("").value, ONTOLOGY.value))


def maker(workspace: Workspace) -> list[Any]:
    """What a store was made by and for: with another one, the same files make other quads."""
    made_by = [FORMAT, __version__, workspace.settings.base]
    # A folder is beside the note; what is noted of one server is not true of another.
    return [*made_by, workspace.settings.store] if workspace.remote else made_by


def sources(workspace: Workspace) -> Iterator[tuple[str, Path, str]]:
    """Every file that makes a graph: its name in messages, its path, and what kind of file it is."""
    ontology = resources.folder("ontology") / "newskg.ttl"
    yield ONTOLOGY_FILE, ontology, "ontology"
    for name in (ENTITIES, ANALYSIS, FACTS):
        if (workspace.root / name).exists():
            yield name, workspace.root / name, "shared"
    for path in sorted(workspace.graphs.glob("[!.]*")):
        if path.suffix.lower() in rdf.FORMATS:
            yield f"graphs/{path.name}", path, "graph"
    for path in sorted(workspace.articles.glob("[!.]*.yaml")):
        yield f"articles/{path.name}", path, "article"


def annotation_of(workspace: Workspace, sha256: str) -> tuple[str, Path]:
    """The name and the file of the annotation of a text that the store has. Raises NotFoundError."""
    for entry in Note.read(workspace).values():
        if entry.get("text") == short(sha256):
            return entry["file"], workspace.root / entry["file"]
    raise NotFoundError("the workspace has no annotation of this text", hint="kg add takes it in")


def parts(path: Path) -> dict[str, Path]:
    """The files on which a graph depends: the source itself, and for an annotation its text."""
    return {"file": path} | ({"text": path.with_suffix(".txt")} if path.suffix == ".yaml" else {})


def stamp(path: Path) -> list[int] | None:
    """What tells a changed file without reading it; None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ino]


def differs(entry: Mapping[str, Any], key: str, path: Path, stamp: list[int] | None) -> bool:
    """Whether a file is another than the one noted; the same stamp stands for the same file, as in git."""
    if stamp == entry["stamps"].get(key):
        return False
    return bool(digest(path) != entry["hashes"].get(key))


def taken(name: str, path: Path) -> dict[str, Any]:
    """What is noted of the files that a graph is made from, before they are read: a later change shows."""
    found = parts(path)
    return {
        "file": name,
        "stamps": {key: stamp(part) for key, part in found.items()},
        "hashes": {key: digest(part) for key, part in found.items()},
    }


def digest(path: Path) -> str | None:
    """The SHA-256 of a file; None where there is none that can be read."""
    try:
        if not path.is_file():  # a pipe would have us wait for ever
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None

"""What the store was made from, so that only what changed is made again: the note in .kg/built.json."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import __version__, rdf, resources
from kg.errors import InputError, NotFoundError
from kg.files import read_file, write_file
from kg.mapping.iris import short
from kg.workspace import ANALYSIS, ENTITIES, FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.workspace import Workspace

NOTE = "built.json"
ONTOLOGY_FILE = "ontology"
FORMAT = 2
"""Raised whenever the same files make other quads than before, so that stores are made anew."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the store was made from: for each graph its file, their hashes, and the register ids in use."""

    graphs: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, workspace: Workspace) -> Note:
        """The note of the last build; an empty one where it is missing, broken, or of another kind."""
        if workspace.in_memory:
            return cls({})
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            data = json.loads((workspace.derived / NOTE).read_bytes())
            if data["made_by"] == _maker(workspace) and all(
                isinstance(entry["file"], str)
                and isinstance(entry["stamps"], dict)
                and isinstance(entry["hashes"], dict)
                for entry in data["graphs"].values()
            ):
                return cls(data["graphs"])
        return cls({})

    def write(self, workspace: Workspace) -> None:
        """Replace the note."""
        data = {"made_by": _maker(workspace), "graphs": dict(sorted(self.graphs.items()))}
        write_file(workspace.derived / NOTE, json.dumps(data, indent=1).encode())


def changes(workspace: Workspace) -> list[str]:
    """The files that were changed, added or removed since the last build, by their names."""
    noted = {entry["file"]: entry for entry in Note.read(workspace).graphs.values()}
    files = {name: path for name, path, _ in sources(workspace)}
    differ = [
        name
        for name, path in files.items()
        if name not in noted
        or any(differs(noted[name], key, file, stamp(file)) for key, file in parts(path).items())
    ]
    return sorted({*differ, *(noted.keys() - files.keys())})


def _maker(workspace: Workspace) -> list[Any]:
    return [FORMAT, __version__, workspace.settings.base]


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
    for entry in Note.read(workspace).graphs.values():
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
        return hashlib.sha256(read_file(path)).hexdigest()
    except InputError:
        return None

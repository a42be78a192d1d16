"""Graphs of articles made once more from their annotations, where what they were made of has changed.

The articles of a part are its truth. Its shard and its index follow from them, and are made again, too,
where a cut between their writing and the line of the manifest has left others than the line tells of.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import annotation
from kg.analysis.merging import Merges
from kg.errors import InputError, KgError
from kg.loading import noted_lines
from kg.shards import manifest, part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kg.mapping.iris import Iris
    from kg.model import Annotation
    from kg.register import Register
    from kg.shards.manifest import Part
    from kg.shards.part import Indexed, Kept
    from kg.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What graphs are made of besides their files: the register, with what is merged."""

    register: Register
    merges: Merges

    @classmethod
    def of(cls, workspace: Workspace) -> Standing:
        """That of a workspace, as its files are."""
        merges = Merges(workspace.merges(), workspace.iris)
        return cls(register=workspace.register(merges.kept), merges=merges)

    @property
    def mark(self) -> str:
        """What is another one with anything that could make a graph another."""
        ids = sorted((id_, self.register.iri(id_).value) for id_ in self.register.kinds)
        content = json.dumps([ids, sorted(self.merges.kept.items())]).encode()
        return hashlib.sha256(content).hexdigest()[:16]

    def agrees(self, entry: Mapping[str, Any]) -> bool:
        """Whether the graph of an article would be made of the same as what is noted of it."""
        return self.knows(entry) and self.replaced(entry) == entry.get("merged", {})

    def knows(self, entry: Mapping[str, Any]) -> bool:
        """Whether the register has what a graph takes from it, and nothing that is the graph's own."""
        for id_, iri in entry.get("ids", {}).items():
            if id_ not in self.register.kinds or self.register.iri(id_).value != iri:
                return False
        # An id that was the article's own may have come into the register since.
        return not self.register.kinds.keys() & set(entry.get("own", ()))

    def replaced(self, entry: Mapping[str, Any]) -> dict[str, str]:
        """What is replaced of an article's own things, and by what."""
        return self.merges.of_article(entry.get("text", ""), entry.get("own", ()))


class Maker(NamedTuple):
    """Where the parts are, whose graphs they have, and what made them, as `kg.note` has it."""

    folder: Path
    iris: Iris
    made_by: Sequence[Any]


@dataclass(slots=True)
class Remade:
    """A part as it is now, with its index; the keys of what was made again, and what could not be."""

    line: Part
    items: list[Indexed]
    again: set[str] = field(default_factory=set)
    failed: list[tuple[str, KgError]] = field(default_factory=list)


def remade(line: Part, maker: Maker, now: Standing) -> Remade:
    """Have the files of a part as they would be made now, and note that they are.

    What cannot be made stays as it was. Raises KgError where there is nothing of it to keep.
    """
    folder = maker.folder
    sound = line.made_by == maker.made_by and part.is_sound(
        folder, line.part, part.SHARD, line.sha256[part.SHARD]
    )
    try:
        items = part.index(folder, line.part, line.sha256[part.INDEX])
    except InputError:
        items, sound = part.indexed_again(folder, line.part, line.sha256[part.ARTICLES]), False
        items = [item for item in items if item.key in {*line.keys}]
    pieces: dict[str, bytes] = {}
    again = {item.key for item in items if not sound or not now.agrees(item.entry)}
    found = Remade(line, items, again)
    if not found.again:
        return found
    if sound:
        for item, piece in zip(items, part.quads(folder, line.part, items), strict=True):
            pieces[item.key] = bytes(piece)
    after = _again(found, items, pieces, maker, now)
    hashes = part.write_shard(folder, line.part, after, [pieces[item.key] for item in after])
    found.line = replace(
        line,
        quads=sum(item.entry["quads"] for item in after),
        dates=sorted({day for item in after for day in item.entry["dates"]}),
        found=None,
        made_by=maker.made_by,
        sha256={**line.sha256, **hashes},
    )
    manifest.append(folder, found.line)
    found.items = part.index(folder, line.part, hashes[part.INDEX])
    return found


def _again(
    found: Remade, items: Sequence[Indexed], pieces: dict[str, bytes], maker: Maker, now: Standing
) -> list[Indexed]:
    """Make the graphs that are to be made again; those that cannot be stay as they were.

    Raises KgError where one cannot be and there is nothing of it to keep.
    """
    after: list[Indexed] = []
    line = found.line
    for item, kept in part.articles(maker.folder, line.part, items, line.sha256[part.ARTICLES]):
        if item.key not in found.again:
            after.append(item)
            continue
        name = f"{maker.folder.name}/{line.part}: {kept.name}"
        try:
            made = _read(kept, name, now.register)
            lines, entry = noted_lines(made, maker.iris, now.register.iri, now.merges.kept)
        except KgError as error:
            if item.key not in pieces:
                raise
            found.failed.append((name, error))
            found.again.discard(item.key)
            after.append(item)
            continue
        quads = pieces[item.key] = lines.quads(maker.iris.provenance)
        entry |= {"merged": now.replaced(entry), "quads": quads.count(b"\n")}
        after.append(replace(item, entry=entry, found=None))
    return after


def _read(kept: Kept, name: str, register: Register) -> Annotation:
    return annotation.read(
        kept.annotation.encode(), name, text=lambda _: kept.text, kinds=register.kinds
    )

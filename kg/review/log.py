"""Decisions in the order in which they were made, for taking them back."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.files import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyoxigraph import NamedNode

    from kg.workspace import Workspace

LOG: Final = "review.jsonl"
"""The file of the log: in .kg, since it may be lost."""


class Deed(NamedTuple):
    """What became of one claim or judgement, and why."""

    node: NamedNode
    status: str
    because: str | None = None


class Act(NamedTuple):
    """A deed, with what there was before: None for what nobody had decided."""

    deed: Deed
    was: dict[str, Any] | None


class Entry(NamedTuple):
    """One decision: the addresses of all that it changed, each with what there was before."""

    acts: list[dict[str, Any]]

    @property
    def node(self) -> str:
        """What was decided on."""
        return str(self.acts[0]["node"])

    def was(self, node: str) -> dict[str, Any] | None:
        """What there was before of one of the others."""
        return next((act["was"] for act in self.acts if act["node"] == node), None)


def file(workspace: Workspace) -> Path:
    """Where the log of a workspace is."""
    return workspace.derived / LOG


def read(workspace: Workspace) -> list[Entry]:
    """The decisions that have not been taken back; what a power cut left of a line is none."""
    try:
        lines = file(workspace).read_bytes().splitlines(keepends=True)
    except OSError:
        return []
    return [Entry(json.loads(line)) for line in lines if line.endswith(b"]\n")]


def replace(workspace: Workspace, entries: Sequence[Entry]) -> None:
    """Have the log tell of some decisions only."""
    write_file(file(workspace), b"".join(map(_line, entries)))


def note(workspace: Workspace, acts: Sequence[Act]) -> list[Deed]:
    """Note what was done, so that it can be taken back; a log that cannot be written is no harm."""
    entry = Entry([{"node": act.deed.node.value, "was": act.was} for act in acts])
    with contextlib.suppress(OSError), file(workspace).open("ab") as log:
        log.write(_line(entry))
    return [act.deed for act in acts]


def last(workspace: Workspace, node: NamedNode) -> Entry | None:
    """The last decision on a claim or a judgement."""
    return next((e for e in reversed(read(workspace)) if e.node == node.value), None)


def forget(workspace: Workspace, node: NamedNode) -> None:
    """Take the last decision on something out, because it has been taken back."""
    entries = read(workspace)
    places = [i for i, entry in enumerate(entries) if entry.node == node.value]
    if places:
        del entries[places[-1]]
        with contextlib.suppress(OSError):
            replace(workspace, entries)


def _line(entry: Entry) -> bytes:
    return json.dumps(entry.acts).encode() + b"\n"

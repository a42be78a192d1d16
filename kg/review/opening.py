"""A desk over a workspace, as its last build has it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kg.review.annotations import Annotations
from kg.review.deciding import Desk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.workspace import Workspace


def opened(workspace: Workspace, graphs: Mapping[str, Mapping[str, Any]], *, by: str = "") -> Desk:
    """The desk of a person; `graphs` are those that the note of a build has."""
    files = {entry["text"]: entry["file"] for entry in graphs.values() if entry.get("text")}
    return Desk(
        workspace,
        by=by,
        today=datetime.now(UTC).date().isoformat(),
        articles=Annotations(workspace, files),
        graphs={graph: entry["file"] for graph, entry in graphs.items()},
        ids={id_ for entry in graphs.values() for id_ in entry.get("own", ())},
    )

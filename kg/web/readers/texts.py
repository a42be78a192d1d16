"""The texts of a workspace as the pages show them: only where they are what the graph was made from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from kg.errors import InputError
from kg.files import read_file
from kg.note import Note

if TYPE_CHECKING:
    from pathlib import Path

    from kg.shards.texts import Texts as Bulk
    from kg.workspace import Workspace

State = Literal["here", "changed", "absent"]


@dataclass(frozen=True)
class Texts:
    """The texts by their IRIs.

    A file is read and looked at each time: people edit texts while a server runs, and the places of
    claims are others then.
    """

    workspace: Workspace

    def text(self, iri: str) -> str | None:
        """The text with an IRI, or None where its file is not there or is not that text any more."""
        file = self._files.get(iri)
        if file is None:
            return self._bulk.text(iri.rpartition("/")[2])
        try:
            content = read_file(file) if file.exists() else None
        except InputError:
            return None
        if content is None or self._iri(hashlib.sha256(content).hexdigest()) != iri:
            return None
        try:
            return content.decode()
        except UnicodeDecodeError:
            return None

    def read(self, iri: str) -> tuple[State, str | None]:
        """How it stands with the text of an IRI, and its words where its file still has them."""
        words = self.text(iri)
        if words is not None:
            return "here", words
        file = self._files.get(iri)
        return ("changed" if file is not None and file.exists() else "absent"), None

    @cached_property
    def _bulk(self) -> Bulk:
        """The texts that have no file of their own; nobody edits those."""
        return self.workspace.bulk_texts()

    @cached_property
    def _files(self) -> dict[str, Path]:
        """The files of the texts, as the last build noted them, there or not.

        To hash all texts instead, as `Workspace.texts` does, takes a second for ten thousand of them.
        """
        workspace = self.workspace
        return {
            workspace.iris.thing("text", entry["text"]).value: workspace.text(
                workspace.root / entry["file"]
            )
            for entry in Note.read(workspace).values()
            if isinstance(entry.get("text"), str)
        }

    def _iri(self, sha256: str) -> str:
        return self.workspace.iris.text(sha256).value

"""What a reader has: the store as it was at one build, and the workspace around it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from kg.errors import InputError
from kg.query import stored
from kg.web.readers.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from kg.mapping.iris import Iris
    from kg.query.parameters import StoredQuery
    from kg.store import GraphStore
    from kg.workspace import Workspace

T = TypeVar("T")


@dataclass(kw_only=True)
class Reading:
    """The store to read from, with what else views need; one for each reader process.

    `generation` names the state of the data: it is another one after each build that changed
    anything. `writing` is whether the server lets people write, `spools` the folder for large
    bodies. `kept` is what has been worked out `once` for all requests.
    """

    workspace: Workspace
    store: GraphStore
    generation: str
    writing: bool = False
    spools: Path | None = None
    kept: dict[Hashable, object] = field(default_factory=dict)

    def once(self, make: Callable[..., T], *of: Hashable) -> T:
        """What a function makes of the reading and of more, made when it is first asked for.

        What is made is shared: who asks must not change it.
        """
        if (make, *of) not in self.kept:
            self.kept[make, *of] = make(self, *of)
        return cast("T", self.kept[make, *of])

    @property
    def iris(self) -> Iris:
        """The IRI policy under the workspace's base."""
        return self.workspace.iris

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """All prefixes of the workspace."""
        return self.workspace.prefixes

    @cached_property
    def queries(self) -> Mapping[str, StoredQuery]:
        """The stored queries by their names, the workspace's own among them.

        What cannot be read is left out: one broken file takes no other query away.
        """
        settings = self.workspace.settings
        found = {}
        for name, file in stored.find([self.workspace.root / "queries"]).items():
            with contextlib.suppress(InputError):
                found[name] = stored.load(file, settings.endpoints)
        return found

    @cached_property
    def texts(self) -> Texts:
        """The texts of the workspace."""
        return Texts(self.workspace)

    def text(self, iri: str) -> str | None:
        """The text with an IRI, or None where it is not at hand as the graph knows it."""
        return self.texts.text(iri)

    def spool(self) -> Path:
        """A new file for a body that is too large for memory; the server deletes it."""
        prefix = f"{os.getpid()}-"
        with tempfile.NamedTemporaryFile(dir=self.spools, prefix=prefix, delete=False) as file:
            return Path(file.name)

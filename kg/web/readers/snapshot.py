"""Snapshots of the store: what readers open, while the store itself goes on changing.

A snapshot consists of hard links to the files of the store, which the engine never changes once
they are written: it takes a millisecond and no room, whatever the size.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.build import build
from kg.config import FILE
from kg.errors import ConfigError, StoreError
from kg.note import NOTE
from kg.store import open_store
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from kg.config import Settings
    from kg.workspace import Workspace

FOLDER = "serving"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Where a state of the store is, and the name of that state; without one it may change unseen."""

    location: str
    generation: str


class Snapshots:
    """The snapshots that one server makes of the store of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._folder = workspace.derived / FOLDER
        self._sweep()

    def changed(self, latest: Snapshot) -> bool:
        """Whether anything has been built or set anew since a snapshot was taken."""
        if not Path(latest.location).exists():  # somebody has deleted .kg
            return True
        return not self.workspace.in_memory and self._generation() != latest.generation

    def take(self) -> Snapshot:
        """A snapshot of the store as it is. Raises StoreError where there is none, or it is being written."""
        if self.workspace.in_memory:
            return self._built()
        place = self._folder / f"{os.getpid()}-{secrets.token_hex(8)}"
        with self.workspace.reading() as store:
            if not isinstance(store, EmbeddedStore):
                raise StoreError(f"{self.workspace.settings.store}: no store on this disk")
            generation = self._generation()
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                store.engine.backup(str(place))
            except (OSError, RuntimeError) as error:
                raise StoreError(
                    f"{place}: {error}", hint="the folder .kg has to be writable for kg serve"
                ) from error
        return Snapshot(location=str(place), generation=generation)

    def _built(self) -> Snapshot:
        """A store of its own for a workspace that keeps none, as its files are now."""
        place = tempfile.mkdtemp(prefix="kg-serving-")
        with EmbeddedStore(place) as store:
            build(self.workspace, store)
        return Snapshot(location=place, generation=secrets.token_hex(8))

    def drop(self, snapshot: Snapshot) -> None:
        """Let go of a snapshot that nobody reads any more."""
        shutil.rmtree(snapshot.location, ignore_errors=True)

    def _generation(self) -> str:
        """The name of a state: a hash of when the store, the settings and the own queries changed."""
        root = self.workspace.root
        files = (self.workspace.derived / NOTE, root / FILE, *root.glob("queries/*.rq"))
        seen = []
        for file in sorted(files):
            with contextlib.suppress(OSError):
                status = file.stat()
                seen.append(f"{file.name} {status.st_mtime_ns} {status.st_size} {status.st_ino}")
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]

    def _sweep(self) -> None:
        """Delete what servers have left that no longer run."""
        for place in self._folder.glob("*-*"):
            process = place.name.split("-")[0]
            if process.isdecimal() and not Path(f"/proc/{process}").exists():
                with contextlib.suppress(OSError):
                    shutil.rmtree(place)


class Elsewhere:
    """A store behind a URL, which is read as it is; nobody tells when it changes.

    Raises ConfigError where that is no URL.
    """

    def __init__(self, url: str, settings: Settings | None = None) -> None:
        if not url.lower().startswith(("http://", "https://")):
            raise ConfigError(f"{url}: no URL of a SPARQL endpoint")
        self.url = url
        self.settings = settings

    def take(self) -> Snapshot:
        """The store itself. Raises StoreError where it does not answer."""
        with open_store(self.url, read_only=True, settings=self.settings) as store:
            store.query("ASK {}")
        return Snapshot(location=self.url, generation="")

    def changed(self, latest: Snapshot) -> bool:
        """Never, as far as can be known here."""
        return latest.location != self.url

    def drop(self, _: Snapshot) -> None:
        """Nothing was taken."""

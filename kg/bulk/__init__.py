"""`kg add --bulk`: many documents, with no file for each, in memory that does not grow with them.

Documents are read part by part in processes of their own. What is made of a part is written, noted
in the manifest, and given to the store when all are there, by the build: `kg.shards` says what the
files are, `kg.supply` how the store comes to have them. A run that was cut off is taken up by the
same command: what the manifest has is not read again.

The documents are read from their files in this process, which does nothing else: that takes 0.1 ms
for one in JSON Lines, where it takes a process 10 ms to say what is in it. So they are the documents
of the ordinary road, with the same faults in the same places, and no kind of file needs a splitter.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
import threading
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from kg import note
from kg.annotate import Reader
from kg.annotate.pool import Pool
from kg.build import Report, build
from kg.bulk import finding, operator
from kg.bulk.making import DOCUMENTS, Task, parted, told
from kg.bulk.workers import Given, parts
from kg.errors import ConfigError, InputError, StoreError
from kg.extract import extractor as make_extractor
from kg.files import reporting
from kg.intake import Fault, Options
from kg.loading import screen_of
from kg.shards import manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.annotate.pool import Workers
    from kg.config import Settings
    from kg.extract.extraction import Extractor
    from kg.workspace import Workspace


class Progress(NamedTuple):
    """How far a run is: documents done, of how many where that is known by now, and where."""

    step: str
    done: int
    total: int | None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How documents are read; `add` says what each of these means."""

    shards: Path | None = None
    extractor: str | None = None
    encoding: str | None = None
    workers: int = 1
    scheduler: str | None = None
    documents: int = DOCUMENTS
    progress: Callable[[Progress], None] | None = None
    announce: Callable[[str], None] | None = None
    complain: Callable[[Fault], None] | None = None


@dataclass(slots=True)
class Taken:
    """What a run did: articles taken in, with their quads; documents that were known already, or failed.

    `found` counts what was found in the new articles' own nodes, by severity; where some were not
    looked at, `unchecked` says so. `built` is the report on the build that gave them to the store.
    """

    articles: int = 0
    quads: int = 0
    known: int = 0
    failed: int = 0
    found: Counter[str] = field(default_factory=Counter)
    unchecked: bool = False
    built: Report | None = None

    @property
    def exit_code(self) -> int:
        """0 if all went well, 1 if some documents failed, 3 if all did."""
        if self.failed and not (self.articles or self.known):
            return InputError.exit_code
        return 1 if self.failed or (self.built is not None and self.built.problems) else 0


def add(workspace: Workspace, sources: Sequence[str], wishes: Wishes) -> Taken:
    """Take the documents of files and folders into the workspace, with none of them in a file of its own.

    With `shards`, their graphs are left in that folder for another engine, and the store stays as it
    is. `encoding` is that of plain texts, found out where it is not given; `extractor` reads them, that
    of the settings where none is named, in so many `workers`, or in those of the Dask cluster that a
    `scheduler` has. `progress` is called with how far it
    is, `announce` with lines that extractors remark, `complain` with each document that cannot be read.

    The workspace can be read while documents are: only what comes before and after needs it alone.
    """
    finding.refuse(sources)
    settings = _settings(workspace, wishes)
    made = _extractor(settings)
    folder = wishes.shards or workspace.root / manifest.FOLDER
    with workspace.writing() as store:
        before = build(workspace, store)
        with reporting(folder):
            folder.mkdir(parents=True, exist_ok=True)
        screen = screen_of(workspace, store)
        known = {str(entry["text"]) for entry in before.graphs.values() if "text" in entry}
        for line in manifest.read(workspace.root / manifest.FOLDER).values():
            known.update(line.keys)
        register = workspace.register()
    taken = Taken(unchecked=screen is None and workspace.settings.gate != "off")
    with _alone(folder):
        manifest.sweep(folder)
        there = manifest.read(folder)
        for line in there.values():
            if wishes.shards is not None and line.made_by != note.maker(workspace):
                raise ConfigError(
                    f"{folder}: has shards for another base, or of another kg",
                    hint="name another folder",
                )
            known.update(line.keys)
        reader = Reader(
            settings,
            register,
            workspace.iris,
            encoding=wishes.encoding,
            taken=known,
            made=made,
            screen=screen,
        )
        run = _Run(workspace, folder, reader, wishes, taken, there)
        run.make(sources)
        if wishes.shards is not None:
            with workspace.writing() as store:
                for fault in operator.finish(workspace, store, folder):
                    run.complain(fault)
            return taken
    with workspace.writing() as store:
        taken.built = build(workspace, store, progress=run.loading)
    return taken


def _settings(workspace: Workspace, wishes: Wishes) -> Settings:
    """The settings, with the extractor that is wished for."""
    settings = workspace.settings
    return dataclasses.replace(settings, extractor=wishes.extractor or settings.extractor)


def _extractor(settings: Settings) -> Extractor:
    """What reads texts. Raises ConfigError where that, or the gate, goes with no bulk road."""
    if settings.gate == "strict":
        raise ConfigError(
            "the strict gate takes changes back one by one, which the bulk road cannot",
            hint='set gate = "lenient" in kg.toml, and let kg validate tell; or leave --bulk out',
        )
    made = make_extractor(settings)
    if hasattr(made, "estimate") or getattr(made, "in_turn", False):
        raise ConfigError(
            f"the extractor {settings.extractor} asks a service, one article after the other",
            hint="leave --bulk out: what it costs is then told before it is spent",
        )
    return made


class _Run:
    """The reading of documents, part by part."""

    def __init__(
        self,
        workspace: Workspace,
        folder: Path,
        reader: Reader,
        wishes: Wishes,
        taken: Taken,
        there: Mapping[str, manifest.Part],
    ) -> None:
        self.workspace = workspace
        self.folder = folder
        self.reader = reader
        self.wishes = wishes
        self.taken = taken
        self.there = dict(there)
        self.done = 0
        self.total: int | None = None
        self.options = Options(limit=workspace.settings.text_limit)

    def make(self, sources: Sequence[str]) -> None:
        """Have all parts made that are not there, and noted."""
        if self.wishes.progress is not None:
            threading.Thread(target=self._count, args=(sources,), daemon=True).start()
        seen = {key for line in self.there.values() for key in line.keys}
        tasks = self._tasks(sources)
        first = [*islice(tasks, 2)]
        if not first:
            return
        with self._workers(len(first)) as (workers, given):
            for task, done in parts(workers, chain(first, tasks), self.folder, given):
                manifest.append(self.folder, done.line)
                self.there[task.part] = done.line
                for fault in done.faults:
                    self.complain(fault)
                for remark in done.remarks:
                    if self.wishes.announce is not None:
                        self.wishes.announce(remark)
                new = [key for key in done.line.keys if key not in seen]
                seen.update(new)
                self.taken.articles += len(new)
                self.taken.known += len(task.raws) - len(done.faults) - len(new)
                self.taken.quads += done.line.quads
                self.taken.found.update(done.line.found or {})
                self._advance(len(task.raws), task.raws[-1].place)

    @contextlib.contextmanager
    def _workers(self, tasks: int) -> Iterator[tuple[Workers, Given]]:
        """Who makes parts, and what they are given; this process where there is only one part."""
        given = Given(self.reader, note.maker(self.workspace))
        if self.wishes.scheduler is None:
            given = given._replace(folder=self.folder)
            with Pool(given, self.wishes.workers if tasks > 1 else 1, self.folder) as pool:
                yield pool, given
            return
        from kg.bulk.cluster import cluster

        with cluster(
            self.wishes.scheduler,
            given,
            self.folder,
            workers=self.wishes.workers,
            announce=self.wishes.announce,
        ) as found:
            yield found, given

    def _tasks(self, sources: Sequence[str]) -> Iterator[Task]:
        """The parts that are to be made; those that are there count as known."""
        salt = self.wishes.encoding or ""
        going: set[str] = set()
        for source, found in finding.found(sources, self.options):
            for task in parted(source, found, salt=salt, documents=self.wishes.documents):
                if isinstance(task, Fault):
                    self.complain(task)
                    continue
                line = self.there.get(task.part)
                if line is None and task.part not in going:
                    going.add(task.part)
                    yield task
                    continue
                faults = told(task, line) if line is not None else []
                for fault in faults:
                    self.complain(fault)
                self.taken.known += len(task.raws) - len(faults)
                self._advance(len(task.raws), task.raws[-1].place)

    def complain(self, fault: Fault) -> None:
        """Tell of something that cannot be taken in, and count it."""
        self.taken.failed += 1
        if self.wishes.complain is not None:
            self.wishes.complain(fault)

    def _advance(self, documents: int, place: str) -> None:
        self.done += documents
        if self.wishes.progress is not None:
            self.wishes.progress(Progress("articles", self.done, self.total, place))

    def loading(self, done: int, total: int) -> None:
        """Tell how far the store is with what it is given."""
        if self.wishes.progress is not None:
            self.wishes.progress(Progress("loaded", done, total))

    def _count(self, sources: Sequence[str]) -> None:
        """Find out how many documents there are, while the first ones are read."""
        with contextlib.suppress(OSError, ValueError, InputError):  # told by who reads them
            files = (found for _, found in finding.found(sources, self.options))
            self.total = sum(1 for one in chain.from_iterable(files) if not isinstance(one, Fault))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs from writing to a folder; the system lets go of it for a killed process."""
    place = folder / ".lock"
    with reporting(place):
        handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"{folder}: another kg add --bulk writes there",
                hint="wait until it has ended, then try again",
            ) from None
        yield
    finally:
        os.close(handle)

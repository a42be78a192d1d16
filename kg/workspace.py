"""A workspace: a folder whose text files are the truth, and from which the store is derived.

::

    kg.toml            settings
    articles/NAME.txt  one immutable copy of each text, UTF-8
    articles/NAME.yaml its annotation
    entities.ttl       the register
    analysis.ttl       judgements and outside claims
    wikidata.ttl       facts about the items that things are linked to
    graphs/            RDF that the user brings along
    exchanges/         what language models were asked and replied
    bulk/              articles that came by the bulk road, many to a file, with their annotations
    queries/ shapes/   the user's own, beside the packaged ones
    .kg/               derived: delete it and `kg build` makes it again

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     Workspace.create(Path(folder)).settings.base
'https://example.org/kg/'
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import sys
import weakref
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg import config, rdf
from kg.errors import ConfigError, InputError, NotFoundError, StoreError
from kg.files import HINTS, TEMPORARY, read_file, reporting, write_file
from kg.mapping.iris import Iris
from kg.store import open_store
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pyoxigraph import Triple
    from rdflib import Dataset

    from kg.analysis import Analysis
    from kg.config import Settings
    from kg.query.answer import Answer
    from kg.register import Register
    from kg.shards.texts import Texts
    from kg.store import GraphStore

ENTITIES = "entities.ttl"
ANALYSIS = "analysis.ttl"
FACTS = "wikidata.ttl"
_HEADS = {
    ENTITIES: "The register: actors, places, topics and events that articles share.",
    ANALYSIS: "Judgements: contradictions, agreement, links accepted and rejected, outside claims.",
}
_PREFIX_LINES = """\
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder and its settings; make one with `open` or `create`."""

    root: Path
    settings: Settings

    @classmethod
    def create(cls, root: Path, base: str = config.DEFAULT_BASE) -> Workspace:
        """A new, empty workspace in a folder, which is made where it is missing.

        Raises InputError where there is one already, ConfigError where the base is no base IRI.
        """
        file = root / config.FILE
        if file.exists():
            raise InputError(f"{root}: there is a workspace already", hint="cd there and run kg")
        settings = config.Settings(base=config.checked("base", base, "--base"))
        with reporting(root):
            root.mkdir(parents=True, exist_ok=True)
            workspace = cls(root.resolve(), settings)
            for part in (workspace.articles, workspace.graphs):
                part.mkdir(exist_ok=True)
        for name, about in _HEADS.items():
            if not (root / name).exists():
                write_file(root / name, f"# {about}\n{_PREFIX_LINES}".encode())
        ignore = root / ".gitignore"
        if not ignore.exists():
            write_file(ignore, b".kg/\n")
        text = f'# Settings of this workspace; see the README of kg.\nbase = "{base}"\n'
        write_file(file, text.encode())
        return workspace

    @classmethod
    def open(cls, start: Path | str = ".") -> Workspace:
        """The workspace that a folder is in: the nearest folder upward with a kg.toml.

        Raises NotFoundError where there is none.
        """
        here = Path(start).resolve()
        for folder in (here, *here.parents):
            if (folder / config.FILE).is_file():
                workspace = cls(folder, config.load(folder / config.FILE))
                workspace._refuse_other_prefixes()
                return workspace
        raise NotFoundError(f"{here}: not in a workspace", hint="kg init makes one here")

    @property
    def iris(self) -> Iris:
        """The IRI policy under the workspace's base."""
        return Iris(self.settings.base)

    @property
    def prefixes(self) -> dict[str, str]:
        """All prefixes: ours, those of the workspace's things, and those of kg.toml."""
        return PREFIXES | self.iris.prefixes() | dict(self.settings.prefixes)

    def _refuse_other_prefixes(self) -> None:
        """Stored queries and exports count on ours: with another IRI they would find nothing, silently."""
        ours = PREFIXES | self.iris.prefixes()
        for name, iri in self.settings.prefixes.items():
            if ours.get(name, iri) != iri:
                raise ConfigError(
                    f"{self.root / config.FILE}: the prefix {name} stands for {ours[name]}",
                    hint="choose another name for yours",
                )

    @property
    def articles(self) -> Path:
        """The folder of texts and annotations."""
        return self.root / "articles"

    @property
    def graphs(self) -> Path:
        """The folder of RDF that the user brought along."""
        return self.root / "graphs"

    @property
    def exchanges(self) -> Path:
        """The folder of exchanges with language models."""
        return self.root / "exchanges"

    @property
    def derived(self) -> Path:
        """The folder that can be deleted."""
        return self.root / ".kg"

    @property
    def in_memory(self) -> bool:
        """Whether the settings keep no store on disk."""
        return self.settings.store == "memory:"

    @property
    def remote(self) -> bool:
        """Whether the settings keep the store behind a URL."""
        return self.settings.store.lower().startswith(("http://", "https://"))

    @property
    def location(self) -> str | Path:
        """Where the store is: a folder, `memory:` or a URL."""
        elsewhere = self.in_memory or self.remote
        return self.settings.store if elsewhere else self.root / self.settings.store

    def register(self, merges: Mapping[str, str] | None = None) -> Register:
        """The register as the file has it, with what is merged by judgement; empty where there is none.

        `merges` are those of the analysis, where somebody has read them already.
        """
        from kg.register import Register

        register = Register(self.triples(ENTITIES), self.iris, ENTITIES)
        return register.merged(self.merges() if merges is None else merges, ANALYSIS)

    def merges(self) -> dict[str, str]:
        """The IRIs of what is replaced with those of what stays, by the accepted judgements.

        Raises InputError where something is replaced in a circle, by two others, or by something of
        another kind.
        """
        from kg.analysis import merges
        from kg.register import read

        file = self.root / ANALYSIS
        content = rdf.content_of(file, ANALYSIS) if file.exists() else b""
        if b"isReplacedBy" not in content:  # most have none, and need not be read for that
            return {}
        return merges(read(content, ANALYSIS, self.iris), self.iris, ANALYSIS)

    def analysis(self) -> Analysis:
        """The judgements as the file has them; none where there is none."""
        from kg.analysis import Analysis

        file = self.root / ANALYSIS
        content = rdf.content_of(file, ANALYSIS) if file.exists() else b""
        return Analysis(content, self.iris, ANALYSIS)

    def keep(self, analysis: Analysis) -> None:
        """Write the judgements to their file, as a whole or not at all; call it while `writing` or `locked`.

        Raises StoreError where the file is no longer what the judgements were read from: somebody
        has edited it meanwhile.
        """
        if analysis.content == analysis.original:
            return
        file = self.root / ANALYSIS
        if (read_file(file, ANALYSIS) if file.exists() else b"") != analysis.original:
            raise StoreError(
                f"{ANALYSIS}: was edited meanwhile", hint="nothing was written; run it again"
            )
        write_file(file, analysis.content)
        analysis.original = analysis.content

    def triples(self, name: str) -> set[Triple]:
        """The triples of the register or analysis file; none where there is no such file."""
        from kg.register import read

        file = self.root / name
        return read(rdf.content_of(file, name) if file.exists() else b"", name, self.iris)

    def texts(self) -> dict[str, Path]:
        """The files of the texts that are at hand, by the IRI of the text."""
        files = (file for file in self.articles.glob("[!.]*.txt") if file.is_file())
        return {
            self.iris.text(hashlib.sha256(file.read_bytes()).hexdigest()).value: file
            for file in files
        }

    def bulk_texts(self) -> Texts:
        """The texts that have no file of their own, by the digits of their hashes."""
        from kg.shards.texts import Texts

        return Texts(self.root / "bulk")

    def text(self, annotation: Path) -> Path:
        """Where the text of an annotation in the workspace is, if it is at hand."""
        return annotation.with_suffix(".txt")

    @contextlib.contextmanager
    def writing(self) -> Iterator[GraphStore]:
        """The store, to write to; no other process reads or writes meanwhile.

        Raises StoreError where another process holds the workspace.
        """
        with self._lock(exclusive=True):
            self._sweep()
            with reporting(self.root):
                for folder in (self.articles, self.graphs):  # git does not keep empty ones
                    folder.mkdir(exist_ok=True)
                if isinstance(self.location, Path):
                    self.location.parent.mkdir(parents=True, exist_ok=True)
            with self._advising(), open_store(self.location, settings=self.settings) as store:
                yield store

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """The files, to write to, without the store; no other process reads or writes meanwhile.

        Raises StoreError where another process holds the workspace.
        """
        with self._lock(exclusive=True):
            self._sweep()
            yield

    @contextlib.contextmanager
    def reading(self) -> Iterator[GraphStore]:
        """The store, to read from; others may read at the same time.

        Raises StoreError where there is none yet, or another process writes.
        """
        if self.in_memory:
            raise self._without_store()
        with (
            self._lock(exclusive=False),
            self._advising(),
            open_store(self.location, read_only=True, settings=self.settings) as store,
        ):
            yield store

    def query(
        self,
        name: str,
        /,
        *,
        why: bool = False,
        as_of: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        **values: object,
    ) -> Answer:
        """The answer to a stored query with values for its parameters, as rows of terms with labels.

        A parameter whose name is a word of Python gets a `_` behind it (`from_`). With `why`, each
        row has the passages that it rests on; `as_of` leaves out what articles
        published later say (EDTF). Raises what `kg query` complains about: ConfigError for a wrong
        value, NotFoundError for an unknown name.
        """
        from kg.query import bound, rows, stored
        from kg.query.dataset import known
        from kg.query.page import Page

        query = stored.named(name, [self.root / "queries"], self.settings.endpoints)
        if query.endpoint is not None:
            raise ConfigError(f"{name} asks {query.endpoint}, not a workspace")
        given = {
            key.removesuffix("_"): _written(value)
            for key, value in values.items()
            if value is not None
        }
        page = Page(limit=limit, offset=offset) if limit is not None or offset else None
        with self.reading() as store, known(store, as_of) as (seen, _):
            return rows(
                seen,
                bound(seen, query, given, self.prefixes),
                query.name,
                self.prefixes,
                page=page,
                headings=query.columns,
                with_why=why,
                text=self.text_of(),
            )

    def text_of(self) -> Callable[[str], str | None]:
        """A function that gives the text with an IRI, or None where its file is not there or has changed."""
        files: dict[str, Path] | None = None
        bulk = self.bulk_texts()

        def text(iri: str) -> str | None:
            nonlocal files
            files = self.texts() if files is None else files
            try:
                content = files[iri].read_bytes() if iri in files else None
            except OSError:  # deleted since
                return None
            if iri not in files:
                return bulk.text(iri.rpartition("/")[2])
            # A file may be another text by now, in which the places of claims are others.
            if content is None or self.iris.text(hashlib.sha256(content).hexdigest()).value != iri:
                return None
            return content.decode()

        return text

    def _without_store(self) -> StoreError:
        return StoreError(
            f"{self.root}: keeps no store", hint="set store in kg.toml to a folder, then kg build"
        )

    def dataset(self) -> Dataset:
        """An rdflib Dataset over the same store, read-only, with the union as its default graph.

        The store stays open, and so locked against writers, as long as the dataset is in use.
        """
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        from kg.store.embedded import EmbeddedStore

        if self.in_memory:
            raise self._without_store()
        if self.remote:
            raise StoreError(
                f"{self.settings.store}: no store of this process",
                hint="rdflib's SPARQLStore asks endpoints",
            )
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._lock(exclusive=False))
            store = EmbeddedStore(self.root / self.settings.store, read_only=True)
            dataset = Dataset(store=OxigraphStore(store=store.engine), default_union=True)
            for prefix, iri in self.prefixes.items():
                dataset.bind(prefix, iri, override=True, replace=True)
            weakref.finalize(dataset, stack.pop_all().close)
            return dataset

    @contextlib.contextmanager
    def _advising(self) -> Iterator[None]:
        """What to do about a store that fails for reasons of its own, such as a damaged disk."""
        store = self.root / self.settings.store
        hint = f"delete {self.derived}, then kg build makes it again"
        try:
            yield
        except StoreError as error:
            if str(error).startswith(f"{store}: "):
                error.hint = error.hint or hint
            raise
        except RuntimeError as error:  # out of an answer that is being read
            if not str(error).startswith(("Corruption", "IO error")):
                raise
            raise StoreError(f"{store}: {error}", hint=hint) from error

    def _sweep(self) -> None:
        for folder in (self.root, self.articles, self.graphs, self.derived):
            for left in folder.glob("*".join(TEMPORARY)):
                with contextlib.suppress(OSError):
                    left.unlink()

    @contextlib.contextmanager
    def _lock(self, *, exclusive: bool) -> Iterator[None]:
        """Many readers or one writer, by a lock that the system takes back from a killed process."""
        file = self.derived / "lock"
        try:
            self.derived.mkdir(exist_ok=True)
            handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            if exclusive or error.errno not in {errno.EROFS, errno.EACCES}:
                raise StoreError(
                    f"{error.filename or self.root}: {(error.strerror or str(error)).lower()}",
                    hint=HINTS.get(error.errno or 0),
                ) from error
            try:  # what may not be written to may still be read, and locked against who may write
                handle = os.open(file, os.O_RDONLY)
            except OSError:
                yield
                return
        try:
            try:
                fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(handle, 200, 0).decode(errors="replace").strip()
                raise StoreError(
                    f"{self.root}: in use by {holder if _runs(holder) else 'another process'}",
                    hint="wait until it has ended, then try again",
                ) from None
            myself = _myself().encode()
            if exclusive or not _runs(os.pread(handle, 200, 0).decode(errors="replace")):
                with contextlib.suppress(OSError):  # a full disk must not keep anybody from reading
                    os.ftruncate(handle, 0)
                    os.pwrite(handle, myself, 0)
            try:
                yield
            finally:
                with contextlib.suppress(OSError):
                    if os.pread(handle, 200, 0) == myself:
                        os.ftruncate(handle, 0)
        finally:
            os.close(handle)


def _written(value: object) -> str:
    """A value of Python as people write it on the command line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value.value) if isinstance(value, (NamedNode, Literal)) else str(value)


def _myself() -> str:
    program = Path(sys.argv[0] or "python").name
    program = "kg" if program == "__main__.py" else program
    words = " ".join((program, *sys.argv[1:2]))
    return f"process {os.getpid()} ({words}, since {datetime.now(UTC):%H:%M:%S} UTC)\n"


def _runs(holder: str) -> bool:
    """Whether the process that the lock file names still runs: another may have taken over from it."""
    pid = holder.split(" ")[1] if holder.startswith("process ") else ""
    return pid.isdecimal() and Path(f"/proc/{pid}").exists()

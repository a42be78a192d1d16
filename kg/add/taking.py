"""Taking sources into a workspace one by one, knowing what is there already."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import unicodedata
from collections import ChainMap
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from kg import annotation, rdf
from kg.add.finding import ANNOTATIONS, SHARED
from kg.analysis import merges
from kg.annotate import Annotated, Reader, annotated
from kg.annotation.seal import untouched
from kg.build import ANNOTATION_LIMIT, dates_of
from kg.document import read as read_document
from kg.errors import InputError
from kg.extract import extractor as make_extractor
from kg.files import read_file, write_file
from kg.intake import Fault, Options, is_address, sources
from kg.intake.web import Web
from kg.mapping.iris import short
from kg.mapping.keys import article_key
from kg.names import curie
from kg.register import Register, to_turtle
from kg.register import read as read_register
from kg.shards import manifest
from kg.vocab import DCTERMS
from kg.workspace import ANALYSIS, ENTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from kg.config import Settings
    from kg.extract.extraction import Extractor
    from kg.files import Together
    from kg.intake import Raw
    from kg.loading import Loading
    from kg.model import Text
    from kg.workspace import Workspace


NAME_LIMIT = 200
"""Bytes that the name of a new annotation has at most, without its extension; file systems take 255."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How sources are taken in, as `add` has it."""

    texts: Sequence[Path] = ()
    encoding: str | None = None
    replace: bool = False
    extractor: str | None = None
    workers: int = 1
    follow: bool = False
    progress: Callable[[str], None] | None = None
    announce: Callable[[str], None] | None = None


class Adding:
    """Takes sources into the workspace one by one; knows what is there already."""

    def __init__(
        self, workspace: Workspace, known: Mapping[str, Mapping[str, Any]], wishes: Wishes
    ) -> None:
        self.workspace = workspace
        self.wishes = wishes
        self.texts = wishes.texts
        self.encoding = wishes.encoding
        self.replace = wishes.replace
        self.remote = False  # whether some server was to blame for a failure
        self.register: Register = workspace.register()
        self.by_key: dict[str, str] = {}  # names of files in articles/, by the key of the article
        self.by_text: dict[str, str] = {}  # and by the digits of their text
        self.given: set[str] = set()  # digits of texts whose annotations are among the sources
        self.failed: list[tuple[Path, bytes]] = []  # annotations that could not be taken in
        self.refusable = workspace.settings.gate == "strict"  # whether the build may refuse files
        self.written: dict[Path, bytes | None] = {}  # such, with what was in them before
        self.touched: set[Path] = set()  # such that the source at hand is in
        bulk = manifest.read(workspace.root / manifest.FOLDER).values()
        self.by_bulk = {key: line.part for line in bulk for key in line.keys}  # parts, likewise
        for entry in known.values():
            if "article" in entry:
                name = PurePath(entry["file"]).name
                self.by_key[entry["article"]] = self.by_text[entry["text"]] = name

    def source(self, path: Path) -> None:
        """Take one file in. Raises KgError with nothing of it written."""
        suffix = path.suffix.lower()
        if path.name in SHARED:
            self._shared(path)
        elif suffix in ANNOTATIONS:
            self._annotation(path)
        else:
            self._graph(path)

    def take_back(self, names: Iterable[str]) -> set[Path]:
        """Put the files of some sources of the workspace back as they were; which ones these are."""
        files = {self.workspace.root / name for name in names}
        files |= {self.workspace.text(file) for file in files if file.suffix == ".yaml"}
        files &= self.written.keys()
        for file in files:
            content = self.written[file]
            if content is None:
                file.unlink(missing_ok=True)
            else:
                write_file(file, content)
        return files

    def _write(self, file: Path, content: bytes, together: Together | None = None) -> None:
        """Write a file, unless it has that content already; a new one `together` with others."""
        if self.refusable:
            self.touched.add(file)
        try:
            present = file.read_bytes()
        except FileNotFoundError:
            present = None
        if present != content:
            if self.refusable:
                self.written.setdefault(file, present)
            if present is None and together is not None:
                together.write(file, content)
            else:
                write_file(file, content)

    def _shared(self, path: Path) -> None:
        """Add the entries that the register or the analysis does not have yet.

        An entry that is there and differs is refused, unless it shall be replaced: two labels or
        kinds for one thing would be the result. One that was merged into another stays merged.
        """
        content = rdf.content_of(path)
        given = read_register(content, str(path), self.workspace.iris)
        file = self.workspace.root / path.name
        present = self.workspace.triples(path.name)
        dates_of(given, self.workspace.iris, str(path))
        merged = {t.subject for t in present if t.predicate == DCTERMS.isReplacedBy}
        known = {triple.subject for triple in present}
        new = {triple for triple in given - present if triple.subject not in merged}
        differing = {triple.subject for triple in new} & known
        after = {triple for triple in present if triple.subject not in differing}
        after |= {triple for triple in given if triple.subject not in merged}
        register = (
            Register(after, self.workspace.iris, str(path)) if path.name == ENTITIES else None
        )
        if differing and not self.replace:
            nodes = (node for node in differing if isinstance(node, NamedNode))
            names = ", ".join(sorted(curie(node, self.workspace.prefixes) for node in nodes)[:5])
            raise InputError(
                f"{path}: {path.name} of the workspace says something else of {names}",
                hint="--replace puts what is here in its place",
            )
        if path.name == ANALYSIS:  # merges that cannot be would stop the build
            (register or self.register).merged(merges(after, self.workspace.iris, str(path)))
        self.register = register or self.register
        if not new:
            return
        if differing:
            content = to_turtle(after, self.workspace.iris)
        elif present:
            addition = to_turtle(new, self.workspace.iris)
            content = file.read_bytes().rstrip() + b"\n\n# Added from another file.\n" + addition
        self._write(file, content)

    def _annotation(self, path: Path) -> None:
        content = read_file(path, limit=ANNOTATION_LIMIT)
        try:
            self._take_annotation(path, content)
        except InputError:
            self.failed.append((path, content))
            raise

    def _take_annotation(self, path: Path, content: bytes) -> None:
        found: list[bytes] = []
        hashless = False

        def find(text: Text) -> str | None:
            nonlocal hashless
            hashless = text.sha256 is None
            data = self._find_text(path, text)
            found.extend([data] if data is not None else [])
            return data.decode() if data is not None else None

        entry = annotation.read(content, str(path), text=find, kinds=self.register.kinds)
        if path.suffix.lower() == ".json":
            content = annotation.write(entry).encode()
        elif hashless:
            # Without it another copy of the text could take the place of this one unnoticed.
            content = _with_hash(content, str(entry.text.sha256))
        key, digits = article_key(entry), short(str(entry.text.sha256))
        file = self._file(self.by_key.get(key))
        present = file.read_bytes() if file is not None else content
        if file is not None and not (present == content or self.replace or untouched(present)):
            raise InputError(
                f"{path}: articles/{file.name} annotates the same article and differs",
                hint="--replace puts this one in its place",
            )
        data = found[0] if found else None
        file = file or self._free(path.stem, data)
        text = self.workspace.text(file)
        if data is not None:
            self._write(text, data)
        elif text.exists() and hashlib.sha256(text.read_bytes()).hexdigest() != entry.text.sha256:
            raise InputError(
                f"{path}: annotates another copy of the text than articles/{text.name}",
                hint="put that copy beside the annotation",
            )
        self._write(file, content)
        self.by_key[key] = self.by_text[digits] = file.name
        self.given.add(digits)

    def _find_text(self, path: Path, text: Text) -> bytes | None:
        """The bytes of the text that an annotation names: in the workspace, beside it, or in `texts`."""
        known = self._file(self.by_text.get(short(text.sha256))) if text.sha256 else None
        candidates = [self.workspace.text(known)] if known else []
        name = Path(text.file).name
        candidates += [folder / name for folder in (path.parent, *self.texts)]
        found = None
        for candidate in candidates:
            if candidate.is_file():
                document = read_document(
                    candidate, encoding=self.encoding, limit=self.workspace.settings.text_limit
                )
                data = document.text.encode()
                if text.sha256 in {None, hashlib.sha256(data).hexdigest()}:
                    return data
                found = found or data  # another copy, to be complained of if there is no right one
        return found

    def _graph(self, path: Path) -> None:
        content = rdf.content_of(path)
        quads = rdf.read(content, str(path), base=self.workspace.iris.base)
        dates_of((quad.triple for quad in quads), self.workspace.iris, str(path))
        file = self.workspace.graphs / path.name
        if file.exists() and file.read_bytes() != content and not self.replace:
            raise InputError(
                f"{path}: graphs/{file.name} is there already and differs",
                hint="--replace puts this one in its place",
            )
        self._write(file, content)

    @property
    def settings(self) -> Settings:
        """The settings, with the extractor that is wished for."""
        settings = self.workspace.settings
        wished = self.wishes.extractor or settings.extractor
        return dataclasses.replace(settings, extractor=wished)

    def extractor(self) -> Extractor:
        """What reads texts. Raises ConfigError where there is no such thing, or it lacks something."""
        return make_extractor(self.settings, exchanges=self.workspace.exchanges)

    def read(
        self, sources: Sequence[str], made: Extractor | None, loading: Loading | None
    ) -> Iterator[Annotated | Fault | None]:
        """What an extractor makes of the articles in some sources; what `loading` checks is checked there."""
        if not sources:
            return
        reader = Reader(
            self.settings,
            self.register,
            self.workspace.iris,
            encoding=self.encoding,
            taken=self._taken(),
            exchanges=self.workspace.exchanges,
            made=made,
            screen=loading.screen if loading is not None else None,
        )
        raws: Iterable[Raw | Fault] = self._raws(sources)
        if hasattr(reader.extractor, "estimate"):  # what costs is known before it is spent
            raws = list(raws)
            self._announce(reader.estimate(raws))
        for outcome in annotated(raws, reader, workers=self.wishes.workers):
            yield outcome
            for remark in outcome.remarks if isinstance(outcome, Annotated) else ():
                self._announce(f"{outcome.place}: {remark}" if outcome is not None else remark)
            if self.wishes.progress is not None:
                self.wishes.progress(outcome.place if outcome is not None else "")

    def _announce(self, line: str) -> None:
        if self.wishes.announce is not None:
            self.wishes.announce(line)

    def _raws(self, names: Sequence[str]) -> Iterator[Raw | Fault]:
        """The raw articles of some sources; the text of an annotation at fault waits until it is mended."""
        settings = self.workspace.settings
        options = Options(
            limit=settings.text_limit, follow=self.wishes.follow, contact=settings.contact
        )
        web = Web(options)
        for name in names:
            path = Path(name)
            failed = next(
                (
                    file.name
                    for file, content in (() if name == "-" or is_address(name) else self.failed)
                    if path.stem == file.stem or os.fsencode(path.name) in content
                ),
                None,
            )
            if failed is not None:
                yield Fault(place=name, message=f"not taken in, since {failed} was not")
            else:
                yield from sources(name, options=options, web=web)

    def _taken(self) -> Collection[str]:
        """Digits of texts that are not read: those with an annotation that nothing is to replace."""
        return self.given if self.replace else ChainMap(self.by_text, self.by_bulk)

    def article(self, outcome: Annotated | Fault | None, loading: Loading | None) -> None:
        """Keep the text of an article and what was read from it, and give the store its graph.

        Raises InputError where that cannot be, with nothing of it written.
        """
        if outcome is None or (isinstance(outcome, Annotated) and outcome.digits in self._taken()):
            return
        if isinstance(outcome, Fault):
            self.remote = self.remote or outcome.remote
            raise InputError(outcome.message, hint=outcome.hint)
        together = loading.files if loading is not None else None
        file = self._file(self.by_text.get(outcome.digits))
        if file is not None and together is not None and file in together:
            together.settle()  # the same text came twice, and the latter is to count
        if file is None:
            file = self._free(Path(outcome.name).stem, outcome.text, together)
        elif not untouched(file.read_bytes()):
            raise InputError(
                f"articles/{file.name} is the work of a person, and stays",
                hint="kg extract --diff shows what would be different",
            )
        self._write(self.workspace.text(file), outcome.text, together)
        self._write(file, outcome.content, together)
        self.by_text[outcome.digits] = self.by_key[outcome.made.entry["article"]] = file.name
        if loading is not None:
            loading.add(f"articles/{file.name}", file, outcome.made)

    def _file(self, name: str | None) -> Path | None:
        return self.workspace.articles / name if name is not None else None

    def _free(self, stem: str, text: bytes | None, together: Together | None = None) -> Path:
        """A name for a new annotation, like that of its source, which nothing in the workspace has.

        What was cut off between the text and its annotation has left the text: it is taken up again.
        """
        plain = unicodedata.normalize("NFC", re.sub(r"[\x00-\x1f/\\]", "-", stem)).lstrip(".-")
        plain = plain.encode(errors="replace")[:NAME_LIMIT].decode(errors="ignore") or "article"
        file = self.workspace.articles / f"{plain}.yaml"
        number = 2
        taken = together if together is not None else ()
        while file.exists() or file in taken or self._differs(self.workspace.text(file), text):
            file = self.workspace.articles / f"{plain}-{number}.yaml"
            number += 1
        return file

    @staticmethod
    def _differs(file: Path, content: bytes | None) -> bool:
        return file.exists() and (not file.is_file() or file.read_bytes() != content)


def _with_hash(content: bytes, sha256: str) -> bytes:
    """A YAML annotation with the hash of its text put in; all else stays as it was written."""
    import yaml

    text = content.decode("utf-8-sig")
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    record = next(value for key, value in root.value if key.value == "text")
    for key, value in record.value:
        if key.value == "sha256":  # there, but empty
            start, end = value.start_mark.index, value.end_mark.index
            return f"{text[:start].rstrip()} {sha256}{text[end:]}".encode()
    start = record.value[0][0].start_mark
    apart = ", " if record.flow_style else "\n" + " " * start.column
    return f"{text[: start.index]}sha256: {sha256}{apart}{text[start.index :]}".encode()

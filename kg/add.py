"""`kg add`: take files into the workspace, then build.

A source is checked as a whole before anything of it is written, the text is written before the
annotation that needs it, and the store comes last: whatever is cut off in between, the files are
whole, and `kg build` goes on from them.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from kg import __version__, annotation, rdf
from kg.build import ANNOTATION_LIMIT, Report, build, dates_of
from kg.document import read as read_document
from kg.edtf import Instant
from kg.errors import InputError
from kg.files import read_file, write_file
from kg.mapping.iris import short
from kg.mapping.write import article_key
from kg.model import (
    ActorKind,
    Annotation,
    Article,
    Hash,
    Iri,
    Language,
    Made,
    Ref,
    Slug,
    Text,
    Thing,
    When,
)
from kg.names import curie
from kg.register import Register, to_turtle
from kg.register import read as read_register
from kg.vocab import DCTERMS
from kg.workspace import ANALYSIS, ENTITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.document import Document
    from kg.store import GraphStore
    from kg.workspace import Workspace

ANNOTATIONS = {".yaml", ".yml", ".json"}
TEXTS = {".txt", ".text", ".md", ".html", ".htm", ".xhtml"}
_ORDER = (ENTITIES, ANALYSIS)
NAME_LIMIT = 200
"""Bytes that the name of a new annotation has at most, without its extension; file systems take 255."""


def add(
    workspace: Workspace,
    store: GraphStore,
    sources: Sequence[Path],
    *,
    texts: Sequence[Path] = (),
    encoding: str | None = None,
    replace: bool = False,
) -> Report:
    """Take files and folders into the workspace and build.

    Annotations look for their texts beside themselves and in `texts`; `encoding` is that of plain
    texts, found out where it is not given. With `replace`, an annotation takes the place of one
    that the workspace has of the same article; otherwise a different one is refused. A source
    that fails does not stop the others. What the strict gate refuses leaves no file behind.
    """
    failures = Report()
    before = build(workspace, store)
    adding = _Adding(workspace, before.graphs, texts, encoding, replace=replace)
    touched: list[set[Path]] = []  # by each source that could be taken in
    for source in _expand(sources, failures):
        adding.touched = set()
        try:
            adding.source(source)
            touched.append(adding.touched)
        except InputError as error:
            failures.fail(str(source), error)
    report = build(workspace, store)
    refused = adding.take_back(report.refused)
    report.problems[:0] = failures.problems
    report.all_failed = all(files & refused for files in touched)
    if not report.checked:
        report.checked, report.checked_all = before.checked, before.checked_all
    report.made = sorted({*before.made, *report.made})
    report.unchanged = [name for name in report.unchanged if name not in before.made]
    return report


def _expand(sources: Iterable[Path], failures: Report) -> Iterator[Path]:
    """The files to add: what is shared first, then annotations, then what may be the text of one."""
    found: list[Path] = []
    for source in sources:
        try:
            found += _files(source)
        except InputError as error:
            failures.fail(str(source), error)

    def rank(file: Path) -> int:
        if file.name in _ORDER:
            return _ORDER.index(file.name)
        return 2 if file.suffix.lower() in ANNOTATIONS else 3

    yield from sorted(found, key=rank)


def _files(source: Path) -> list[Path]:
    try:
        if not stat.S_ISDIR(source.stat().st_mode):
            return [source]
    except FileNotFoundError:
        raise InputError(f"{source}: no such file or folder") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{source}: {reason.lower()}") from error
    known = ANNOTATIONS | TEXTS - {".md"} | set(rdf.FORMATS)
    files = [
        file
        for file in sorted(source.rglob("*"))
        if file.is_file()
        and file.suffix.lower() in known
        and not any(part.startswith(".") for part in file.relative_to(source).parts)
    ]
    if not files:
        raise InputError(f"{source}: nothing in this folder can be added")
    return files


class _Adding:
    """Takes sources into the workspace one by one; knows what is there already."""

    def __init__(
        self,
        workspace: Workspace,
        known: Mapping[str, Mapping[str, Any]],
        texts: Sequence[Path],
        encoding: str | None,
        *,
        replace: bool,
    ) -> None:
        self.workspace = workspace
        self.texts = texts
        self.encoding = encoding
        self.replace = replace
        self.register: Register = workspace.register()
        self.by_key: dict[str, Path] = {}  # annotations of the workspace, by the key of the article
        self.by_text: dict[str, Path] = {}  # and by the digits of their text
        self.failed: list[tuple[Path, bytes]] = []  # annotations that could not be taken in
        self.written: dict[Path, bytes | None] = {}  # files, with what was in them before
        self.touched: set[Path] = set()  # files that the source at hand is in
        for entry in known.values():
            if "article" in entry:
                file = workspace.root / entry["file"]
                self.by_key[entry["article"]] = self.by_text[entry["text"]] = file

    def source(self, path: Path) -> None:
        """Take one file in. Raises KgError with nothing of it written."""
        suffix = path.suffix.lower()
        if path.name in _ORDER:
            self._shared(path)
        elif suffix in ANNOTATIONS:
            self._annotation(path)
        elif suffix in rdf.FORMATS:
            self._graph(path)
        else:
            self._text(path)

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

    def _write(self, file: Path, content: bytes) -> None:
        """Write a file, unless it has that content already."""
        self.touched.add(file)
        present = file.read_bytes() if file.exists() else None
        if present != content:
            self.written.setdefault(file, present)
            write_file(file, content)

    def _shared(self, path: Path) -> None:
        """Add the entries that the register or the analysis does not have yet.

        An entry that is there and differs is refused, unless it shall be replaced: two labels or
        kinds for one thing would be the result. One that was merged into another stays merged.
        """
        content = read_file(path)
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
        file = self.by_key.get(key)
        if file is not None and file.read_bytes() != content and not self.replace:
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
        self.by_key[key] = self.by_text[digits] = file

    def _find_text(self, path: Path, text: Text) -> bytes | None:
        """The bytes of the text that an annotation names: in the workspace, beside it, or in `texts`."""
        known = self.by_text.get(short(text.sha256)) if text.sha256 else None
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
        content = read_file(path)
        quads = rdf.read(content, str(path), base=self.workspace.iris.base)
        dates_of((quad.triple for quad in quads), self.workspace.iris, str(path))
        file = self.workspace.graphs / path.name
        if file.exists() and file.read_bytes() != content and not self.replace:
            raise InputError(
                f"{path}: graphs/{file.name} is there already and differs",
                hint="--replace puts this one in its place",
            )
        self._write(file, content)

    def _text(self, path: Path) -> None:
        """Keep the text, with an annotation that says as much as is known: a person goes on from there.

        The text of an annotation that failed waits until that is mended.
        """
        for annotation_file, content in self.failed:
            if path.stem == annotation_file.stem or os.fsencode(path.name) in content:
                raise InputError(f"{path}: not taken in, since {annotation_file.name} was not")
        document = read_document(
            path, encoding=self.encoding, limit=self.workspace.settings.text_limit
        )
        data = document.text.encode()
        digits = short(hashlib.sha256(data).hexdigest())
        if digits in self.by_text:
            return
        file = self._free(path.stem, data)
        self._write(self.workspace.text(file), data)
        self._write(file, annotation.write(outline(document)).encode())
        self.by_key[digits] = self.by_text[digits] = file

    def _free(self, stem: str, text: bytes | None) -> Path:
        """A name for a new annotation, like that of its source, which nothing in the workspace has.

        What was cut off between the text and its annotation has left the text: it is taken up again.
        """
        plain = unicodedata.normalize("NFC", re.sub(r"[\x00-\x1f/\\]", "-", stem)).lstrip(".-")
        plain = plain.encode(errors="replace")[:NAME_LIMIT].decode(errors="ignore") or "article"
        file = self.workspace.articles / f"{plain}.yaml"
        number = 2
        while file.exists() or self._differs(self.workspace.text(file), text):
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


def outline(document: Document) -> Annotation:
    """The annotation of a document that nobody has read yet: its text, and what its HTML states.

    An author or publisher that is not stated is a thing of kind unidentified, so that unknown can
    be told from forgotten.
    """
    name = document.name.encode(errors="replace").decode()  # not every file name is Unicode
    sha256 = hashlib.sha256(document.text.encode()).hexdigest()
    things: list[Thing] = []

    def actors(names: Sequence[str], role: str) -> tuple[Ref, ...]:
        refs = []
        for number, stated in enumerate(names or [""], 1):
            id_ = role if len(names) < 2 else f"{role}-{number}"
            kind: ActorKind = "unidentified"
            if stated:
                kind = "person" if role == "author" else "media"
            label = stated or f"unnamed {role} of {name}"
            things.append(Thing(id=Slug(id_), type="actor", kind=kind, label=label))
            refs.append(Ref(id_))
        return tuple(refs)

    article = Article(
        headline=document.headline,
        language=Language(document.language) if document.language else None,
        author=actors(document.author, "author"),
        publisher=actors([document.publisher] if document.publisher else [], "publisher"),
        published=When(date=document.published) if document.published else None,
        url=Iri(document.url) if document.url else None,
    )
    text = Text(
        file=name,
        sha256=Hash(sha256),
        length=len(document.text),
        format=document.format,
    )
    now = Instant(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    made = Made(by="kg add", version=__version__, method="import", at=now)
    return Annotation(article=article, text=text, made=made, things=tuple(things))

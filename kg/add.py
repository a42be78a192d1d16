"""`kg add`: take files into the workspace, then build.

A source is checked as a whole before anything of it is written, the text is written before the
annotation that needs it, and the store comes last: whatever is cut off in between, the files are
whole, and `kg build` goes on from them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import __version__, annotation, rdf
from kg.build import Report, build
from kg.document import read as read_document
from kg.edtf import Instant
from kg.errors import InputError, KgError, NotFoundError
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
from kg.register import Register, to_turtle
from kg.register import read as read_register
from kg.workspace import ANALYSIS, ENTITIES, reporting, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.document import Document
    from kg.store import GraphStore
    from kg.workspace import Workspace

ANNOTATIONS = {".yaml", ".yml", ".json"}
TEXTS = {".txt", ".text", ".md", ".html", ".htm", ".xhtml"}
_ORDER = (ENTITIES, ANALYSIS)


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
    that fails does not stop the others.
    """
    failures = Report()
    before = build(workspace, store)
    adding = _Adding(workspace, before.graphs, texts, encoding, replace=replace)
    for source in _expand(sources, failures):
        try:
            adding.source(source)
        except KgError as error:
            failures.fail(error)
    report = build(workspace, store)
    report.problems[:0] = failures.problems
    report.made = sorted({*before.made, *report.made})
    report.unchanged = [name for name in report.unchanged if name not in before.made]
    return report


def _expand(sources: Iterable[Path], failures: Report) -> Iterator[Path]:
    """The files to add: what is shared first, then annotations, then what may be the text of one."""
    found: list[Path] = []
    for source in sources:
        try:
            with reporting(source):
                found += _files(source)
        except KgError as error:
            failures.fail(error)

    def rank(file: Path) -> int:
        if file.name in _ORDER:
            return _ORDER.index(file.name)
        return 2 if file.suffix.lower() in ANNOTATIONS else 3

    yield from sorted(found, key=rank)


def _files(source: Path) -> list[Path]:
    if not source.exists():
        raise NotFoundError(f"{source}: no such file or folder")
    if not source.is_dir():
        return [source]
    known = ANNOTATIONS | TEXTS - {".md"} | set(rdf.FORMATS)
    files = [
        file
        for file in sorted(source.rglob("*"))
        if file.is_file()
        and file.suffix.lower() in known
        and not any(part.startswith(".") for part in file.relative_to(source).parts)
    ]
    if not files:
        raise NotFoundError(f"{source}: nothing in this folder can be added")
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

    def _shared(self, path: Path) -> None:
        """Add what the register or the analysis does not have yet; what it has stays as it stands there."""
        with reporting(path):
            content = path.read_bytes()
        given = read_register(content, str(path), self.workspace.iris)
        file = self.workspace.root / path.name
        present = self.workspace.triples(path.name)
        new = given - present
        if path.name == ENTITIES:
            register = Register(present | given, self.workspace.iris, str(path))
            self.register = register
        if not new:
            return
        if present:
            addition = to_turtle(new, self.workspace.iris)
            content = file.read_bytes().rstrip() + b"\n\n# Added from another file.\n" + addition
        write_file(file, content)

    def _annotation(self, path: Path) -> None:
        with reporting(path):
            content = path.read_bytes()
        found: list[bytes] = []

        def find(text: Text) -> str | None:
            data = self._find_text(path, text)
            found.extend([data] if data is not None else [])
            return data.decode() if data is not None else None

        entry = annotation.read(content, str(path), text=find, kinds=self.register.kinds)
        if path.suffix == ".json":
            content = annotation.write(entry).encode()
        key, digits = article_key(entry), short(str(entry.text.sha256))
        file = self.by_key.get(key)
        if file is not None and file.read_bytes() != content and not self.replace:
            raise InputError(
                f"{path}: articles/{file.name} annotates the same article and differs",
                hint="--replace puts this one in its place",
            )
        file = file or self._free(path.stem)
        text = self.workspace.text(file)
        if found and not text.exists():
            write_file(text, found[0])
        if not file.exists() or file.read_bytes() != content:
            write_file(file, content)
        self.by_key[key] = self.by_text[digits] = file

    def _find_text(self, path: Path, text: Text) -> bytes | None:
        """The bytes of the text that an annotation names: in the workspace, beside it, or in `texts`."""
        known = self.by_text.get(short(text.sha256)) if text.sha256 else None
        candidates = [self.workspace.text(known)] if known else []
        name = Path(text.file).name
        candidates += [folder / name for folder in (path.parent, *self.texts)]
        for candidate in candidates:
            if candidate.is_file():
                document = read_document(
                    candidate, encoding=self.encoding, limit=self.workspace.settings.text_limit
                )
                return document.text.encode()
        return None

    def _graph(self, path: Path) -> None:
        with reporting(path):
            content = path.read_bytes()
        rdf.read(content, str(path), base=self.workspace.iris.base)
        file = self.workspace.graphs / path.name
        if file.exists() and file.read_bytes() != content and not self.replace:
            raise InputError(
                f"{path}: graphs/{file.name} is there already and differs",
                hint="--replace puts this one in its place",
            )
        if not file.exists() or file.read_bytes() != content:
            write_file(file, content)

    def _text(self, path: Path) -> None:
        """Keep the text, with an annotation that says as much as is known: a person goes on from there."""
        document = read_document(
            path, encoding=self.encoding, limit=self.workspace.settings.text_limit
        )
        data = document.text.encode()
        digits = short(hashlib.sha256(data).hexdigest())
        if digits in self.by_text:
            return
        file = self._free(path.stem)
        write_file(self.workspace.text(file), data)
        write_file(file, annotation.write(outline(document)).encode())
        self.by_key[digits] = self.by_text[digits] = file

    def _free(self, stem: str) -> Path:
        """A name for a new annotation, like that of its source, which nothing in the workspace has."""
        plain = unicodedata.normalize("NFC", re.sub(r"[\x00-\x1f/\\]", "-", stem)).lstrip(".-")
        file = self.workspace.articles / f"{plain or 'article'}.yaml"
        number = 2
        while file.exists() or self.workspace.text(file).exists():
            file = self.workspace.articles / f"{plain or 'article'}-{number}.yaml"
            number += 1
        return file


def outline(document: Document) -> Annotation:
    """The annotation of a document that nobody has read yet: its text, and what its HTML states.

    An author or publisher that is not stated is a thing of kind unidentified, so that unknown can
    be told from forgotten.
    """
    sha256 = hashlib.sha256(document.text.encode()).hexdigest()
    things: list[Thing] = []

    def actors(names: Sequence[str], role: str) -> tuple[Ref, ...]:
        refs = []
        for number, name in enumerate(names or [""], 1):
            id_ = role if len(names) < 2 else f"{role}-{number}"
            kind: ActorKind = "unidentified"
            if name:
                kind = "person" if role == "author" else "media"
            label = name or f"unnamed {role} of {document.name}"
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
        file=document.name,
        sha256=Hash(sha256),
        length=len(document.text),
        format=document.format,
    )
    now = Instant(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    made = Made(by="kg add", version=__version__, method="import", at=now)
    return Annotation(article=article, text=text, made=made, things=tuple(things))

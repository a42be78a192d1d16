"""The annotations of a workspace, to look single claims and judgements up in and to change them."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import NamedNode

from kg.annotation.edit import edited
from kg.build import ANNOTATION_LIMIT, read_annotation
from kg.errors import InputError, NotFoundError
from kg.files import read_file, write_file
from kg.link.both import Sort
from kg.mapping.iris import short, wikidata
from kg.mapping.keys import claim_names
from kg.mapping.write import RELATIONS
from kg.names import curie
from kg.note import stamp
from kg.workspace import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.model import Annotation
    from kg.register import Register
    from kg.workspace import Workspace


class Trouble(NamedTuple):
    """Why nothing can be decided on what an annotation has, in the file of that name; and what to do."""

    file: str
    what: str
    hint: str


@dataclass(slots=True)
class Annotations:
    """The annotations of a workspace, each read again when its file has changed.

    `files` has the annotation of each text, by the digits of its hash; `judged` the annotations
    that have judgements, by the keys of these.
    """

    workspace: Workspace
    files: Mapping[str, str] = field(default_factory=dict)
    judged: Mapping[str, str] = field(default_factory=dict)
    _register: tuple[list[int] | None, Register] | None = None
    _last: tuple[Any, Annotation | InputError] | None = None

    @property
    def register(self) -> Register:
        """The register as its file has it now."""
        found = stamp(self.workspace.root / ENTITIES)
        if self._register is None or found != self._register[0]:
            self._register = (found, self.workspace.register())
        return self._register[1]

    def sort(self, node: NamedNode) -> Sort | None:
        """What a thing is in the register, or in its article, whatever it was merged into."""
        type_, local = self.workspace.iris.local(node) or ("", "")
        register = self.workspace.register({})
        if local in register.kinds:
            return Sort(type_, register.kind(local))
        key, _, id_ = local.partition("-")
        annotation = self.of_text(key)
        things = annotation.things if annotation is not None else ()
        return next((Sort(t.type, t.kind) for t in things if (t.type, t.id) == (type_, id_)), None)

    def read(self, name: str) -> Annotation:
        """The annotation in a file of the workspace."""
        file = self.workspace.root / name
        text = self.workspace.text(file)
        mark = (name, stamp(file), stamp(text), stamp(self.workspace.root / ENTITIES))
        if self._last is None or self._last[0] != mark:
            try:
                self._last = (mark, read_annotation(file, name, text, self.register))
            except InputError as error:  # of a long annotation it takes its time as well
                self._last = (mark, error)
        if isinstance(self._last[1], InputError):
            raise self._last[1].with_traceback(None)
        return self._last[1]

    def of_text(self, key: str) -> Annotation | None:
        """The annotation of the text whose hash starts with some digits."""
        return self.read(self.files[key]) if key in self.files else None

    def claim(self, node: NamedNode) -> tuple[str, Annotation, int]:
        """The file that has a claim, what is in it, and which of its claims it is.

        Raises NotFoundError where no annotation has it.
        """
        _, local = self.workspace.iris.local(node) or ("", "")
        name = self.files.get(local.partition("-")[0])
        if name is None:
            raise self.unknown(node)
        annotation = self.read(name)
        names = list(claim_names(annotation).values())
        if local not in names:
            raise self.unknown(node)
        return name, annotation, names.index(local)

    def judgement(self, key: str) -> tuple[str, Annotation, int]:
        """The file that has a judgement, what is in it, and which of its judgements it is.

        Raises NotFoundError where no annotation has it.
        """
        iris = self.workspace.iris
        name = self.judged.get(key)
        if name is None:
            raise self.unknown(iris.thing("judgement", key))
        annotation = self.read(name)
        text = short(str(annotation.text.sha256))
        own = {id_: iris.thing("claim", local) for id_, local in claim_names(annotation).items()}
        own |= {str(t.id): iris.thing(t.type, f"{text}-{t.id}") for t in annotation.things}
        kept = self.workspace.merges()

        def node(ref: str) -> NamedNode:
            kind, slash, rest = ref.partition("/")
            if ref.startswith("wd:"):
                return wikidata(ref.removeprefix("wd:"))
            found = iris.thing(kind, rest) if slash else own.get(ref) or self.register.iri(ref)
            return NamedNode(kept.get(found.value, found.value))

        for i, found in enumerate(annotation.judgements):
            parts = (node(found.from_), RELATIONS[found.relation], node(found.to))
            if iris.judgement_key(*parts) == key:
                return name, annotation, i
        raise self.unknown(iris.thing("judgement", key))

    def trouble(self, node: NamedNode) -> Trouble | None:
        """What keeps people from deciding on a claim or a judgement of an annotation; None for nothing.

        It may have been decided then, or never have been there.
        """
        kind, local = self.workspace.iris.local(node) or ("", "")
        key = local.partition("-")[0]
        name = self.judged.get(local) if kind == "judgement" else self.files.get(key)
        if name is None:
            return None
        try:
            self.read(name)
        except InputError as error:
            return self._why(name, error)
        return None

    def _why(self, name: str, error: InputError) -> Trouble:
        """Why an annotation cannot be read: more often than not since somebody edited the text."""
        annotation = self.workspace.root / name
        if not annotation.exists():
            return Trouble(
                name, "The annotation is gone", f"put {name} back, or let kg build forget it"
            )
        file = self.workspace.text(annotation)
        known = {short(key) for key, of in self.files.items() if of == name}
        if not file.exists():
            what = "The text of the article is no longer there"
            return Trouble(name, what, f"put {file.name} back beside {name}")
        with contextlib.suppress(OSError):
            if short(hashlib.sha256(file.read_bytes()).hexdigest()) not in known:
                return Trouble(
                    name,
                    "The text of the article has changed since it was read",
                    f"put {file.name} back as it was; or have the new text read by kg add, which"
                    f" takes it in as another article, and remove {name}",
                )
        first = str(error).splitlines()[0]
        return Trouble(name, "The annotation cannot be read", f"to be mended: {first}")

    def edit(self, name: str, path: tuple[str | int, ...], values: Mapping[str, Any]) -> None:
        """Write other values for some keys of an entry into a file; None takes a key away."""
        file = self.workspace.root / name
        content = read_file(file, name, limit=ANNOTATION_LIMIT)
        write_file(file, edited(content, name, path, values))

    def unknown(self, node: NamedNode) -> NotFoundError:
        """The error for what no file has."""
        name = curie(node, self.workspace.prefixes)
        hint = "kg review --list has what waits"
        return NotFoundError(f"{name}: no claim or judgement goes by that name", hint=hint)

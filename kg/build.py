"""`kg build`: bring the store up to date with the files of the workspace, as far as they changed.

Each source file makes one graph (an article's provenance goes into a graph that all share), and
each graph is replaced in one step. What the store was made from is noted in .kg/built.json, after
the store has it; where the note is missing or older, a graph is made once more, with the same
result. So a build that was cut off anywhere is mended by the next one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from kg import __version__, annotation, rdf, resources
from kg.errors import AnnotationError, InputError, KgError, Problem
from kg.mapping.iris import escape, short
from kg.mapping.write import article_key, derive, to_graph
from kg.store import insertion, named_graphs, replacement
from kg.vocab import ONTOLOGY, PROV
from kg.workspace import ANALYSIS, ENTITIES, reporting, write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pyoxigraph import Triple

    from kg.mapping.write import ArticleGraph
    from kg.model import Annotation, Text
    from kg.register import Register
    from kg.store import GraphStore
    from kg.workspace import Workspace

NOTE = "built.json"
FORMAT = 1
"""Raised whenever the same files make other quads than before, so that stores are made anew."""


@dataclass(slots=True)
class Report:
    """What a build or an addition did, by the names of files; `problems` are those of files that failed.

    `graphs` is what the store now holds and what each graph was made from, as `Note` has it.
    """

    made: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    without_text: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    graphs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 if all went well, 1 if some files failed, 3 if all did."""
        if not self.problems:
            return 0
        return 1 if self.made or self.unchanged else InputError.exit_code

    def fail(self, error: KgError) -> None:
        """Note that a file failed, with all that is wrong with it."""
        if isinstance(error, AnnotationError):
            self.problems += error.problems
        else:
            self.problems.append(Problem(file="", message=str(error), hint=error.hint))


@dataclass(frozen=True, slots=True)
class Note:
    """What the store was made from: for each graph its file, their hashes, and the register ids in use."""

    graphs: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, workspace: Workspace) -> Note:
        """The note of the last build; an empty one where it is missing, broken, or of another kind."""
        with contextlib.suppress(OSError, ValueError):
            data = json.loads((workspace.derived / NOTE).read_bytes())
            if data["made_by"] == _maker(workspace):
                return cls(data["graphs"])
        return cls({})

    def write(self, workspace: Workspace) -> None:
        """Replace the note."""
        data = {"made_by": _maker(workspace), "graphs": dict(sorted(self.graphs.items()))}
        write_file(workspace.derived / NOTE, json.dumps(data, indent=1).encode())


def build(workspace: Workspace, store: GraphStore) -> Report:
    """Bring the store up to date; a file at fault is reported, and its graph stays as it was.

    Raises InputError where the register itself cannot be read: nothing can be built without it.
    """
    return _Build(workspace, store).run()


def changes(workspace: Workspace) -> list[str]:
    """The files that were changed, added or removed since the last build, by their names."""
    noted = {entry["file"]: entry for entry in Note.read(workspace).graphs.values()}
    files = {name: path for name, path, _ in _sources(workspace)}
    differ = [
        name
        for name, path in files.items()
        if name not in noted
        or any(_stamp(file) != noted[name]["stamps"].get(key) for key, file in _parts(path).items())
    ]
    return sorted({*differ, *(noted.keys() - files.keys())})


def read_annotation(file: Path, name: str, text: Path | None, register: Register) -> Annotation:
    """The complete annotation in a file of the workspace, checked against its text where that is at hand."""

    def find(_: Text) -> str | None:
        return text.read_bytes().decode() if text is not None and text.exists() else None

    with reporting(file):
        return annotation.read(file.read_bytes(), name, text=find, kinds=register.kinds)


def _maker(workspace: Workspace) -> list[Any]:
    return [FORMAT, __version__, workspace.settings.base]


def _sources(workspace: Workspace) -> Iterator[tuple[str, Path, str]]:
    """Every file that makes a graph: its name in messages, its path, and what kind of file it is."""
    ontology = resources.folder("ontology") / "newskg.ttl"
    yield "ontology", ontology, "ontology"
    for name in (ENTITIES, ANALYSIS):
        if (workspace.root / name).exists():
            yield name, workspace.root / name, "shared"
    for path in sorted(workspace.graphs.glob("[!.]*")):
        if path.suffix.lower() in rdf.FORMATS:
            yield f"graphs/{path.name}", path, "graph"
    for path in sorted(workspace.articles.glob("[!.]*.yaml")):
        yield f"articles/{path.name}", path, "article"


def _parts(path: Path) -> dict[str, Path]:
    """The files on which a graph depends: the source itself, and for an annotation its text."""
    return {"file": path} | ({"text": path.with_suffix(".txt")} if path.suffix == ".yaml" else {})


def _stamp(path: Path) -> list[int] | None:
    """What tells a changed file without reading it; None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ino]


class _Build:
    def __init__(self, workspace: Workspace, store: GraphStore) -> None:
        self.workspace = workspace
        self.store = store
        self.iris = workspace.iris
        self.report = Report()
        self.before = Note.read(workspace).graphs
        self.by_file = {entry["file"]: graph for graph, entry in self.before.items()}
        self.present = {graph.value for graph in named_graphs(store)}
        self.after: dict[str, dict[str, Any]] = {}

    def run(self) -> Report:
        self.register = self.workspace.register()
        make: dict[str, Callable[[Path], tuple[NamedNode, set[Triple]]]] = {
            "ontology": self._ontology,
            "shared": self._shared,
            "graph": self._graph,
        }
        for name, path, kind in _sources(self.workspace):
            try:
                if kind == "article":
                    self._article(name, path)
                else:
                    self._whole(name, path, make[kind])
            except InputError as error:
                self.report.fail(error)
                self._keep(name)
        self._remove()
        flush = getattr(self.store, "flush", None)
        if flush:
            flush()
        if not self.workspace.in_memory and self.after != self.before:
            Note(self.after).write(self.workspace)
        self.report.graphs = self.after
        return self.report

    def _keep(self, name: str) -> None:
        """Leave the graph of a file at fault as it was; the file will be read again next time."""
        graph = self.by_file.get(name)
        if graph is not None and graph not in self.after:
            self.after[graph] = {**self.before[graph], "stamps": {}}

    def _fresh(self, name: str, path: Path) -> str | None:
        """The graph that a file made, if neither the file nor what it refers to has changed."""
        graph = self.by_file.get(name)
        if graph is None or graph not in self.present:
            return None
        entry = self.before[graph]
        for key, part in _parts(path).items():
            # An unchanged stamp is taken for an unchanged file, as git and make do.
            if _stamp(part) != entry["stamps"].get(key) and _digest(part) != entry["hashes"].get(
                key
            ):
                return None
        for id_, iri in entry.get("ids", {}).items():
            if id_ not in self.register.kinds or self.register.iri(id_).value != iri:
                return None
        return graph

    def _note(self, graph: str, name: str, path: Path, **more: Any) -> None:
        parts = _parts(path)
        self.after[graph] = more | {
            "file": name,
            "stamps": {key: _stamp(part) for key, part in parts.items()},
            "hashes": {key: _digest(part) for key, part in parts.items()},
        }

    def _unchanged(self, name: str, path: Path) -> bool:
        graph = self._fresh(name, path)
        if graph is None or graph in self.after:
            return False
        self._note(graph, name, path, **self.before[graph])
        self.report.unchanged.append(name)
        return True

    def _whole(
        self, name: str, path: Path, make: Callable[[Path], tuple[NamedNode, set[Triple]]]
    ) -> None:
        if self._unchanged(name, path):
            return
        graph, triples = make(path)
        self.store.put(graph, triples)
        self._note(graph.value, name, path)
        self.report.made.append(name)

    def _ontology(self, path: Path) -> tuple[NamedNode, set[Triple]]:
        quads = rdf.read(path.read_bytes(), path.name, base=ONTOLOGY.value)
        return ONTOLOGY, set(rdf.skolemize(quads, f"{ONTOLOGY.value}/genid/"))

    def _shared(self, path: Path) -> tuple[NamedNode, set[Triple]]:
        graph = self.iris.graph(path.stem)
        try:
            return graph, derive(self.workspace.triples(path.name), self.iris)
        except ValueError as error:
            raise InputError(f"{path.name}: {error}") from error

    def _graph(self, path: Path) -> tuple[NamedNode, set[Triple]]:
        with reporting(path):
            quads = rdf.read(path.read_bytes(), path.name, base=self.iris.base)
        genid = f"{self.iris.base}.well-known/genid/{escape(path.name)}/"
        return self.iris.graph(f"file-{escape(path.name)}"), set(rdf.skolemize(quads, genid))

    def _article(self, name: str, path: Path) -> None:
        text = self.workspace.text(path)
        if not text.exists():
            self.report.without_text.append(name)
        if self._unchanged(name, path):
            return
        entry = read_annotation(path, name, text, self.register)
        ids: dict[str, str] = {}

        def resolve(id_: str) -> NamedNode:
            node = self.register.iri(id_)
            ids[id_] = node.value
            return node

        graph = to_graph(entry, self.iris, resolve)
        if graph.name.value in self.after:
            other = self.after[graph.name.value]["file"]
            message = f"annotates the same article as {other}"
            hint = "one article has one annotation; give a new copy of its text as other_texts"
            raise AnnotationError([Problem(file=name, message=message, hint=hint)])
        self.store.update(self._replacement(graph))
        key, text_key = article_key(entry), short(str(entry.text.sha256))
        self._note(graph.name.value, name, path, article=key, text=text_key, ids=ids)
        self.report.made.append(name)

    def _replacement(self, graph: ArticleGraph) -> str:
        return ";\n".join(
            (
                replacement(graph.name, graph.content),
                self._forgetting(graph.name),
                insertion(self.iris.provenance, graph.provenance),
            )
        )

    def _forgetting(self, graph: NamedNode) -> str:
        """The update that takes the provenance of a graph away, and agents with nothing left to their name."""
        inside = f"GRAPH {self.iris.provenance}"
        return (
            f"DELETE {{ {inside} {{ ?s ?p ?o }} }} WHERE {{ {inside} {{"
            f" {{ BIND({graph} AS ?s) ?s ?p ?o }}"
            f" UNION {{ {graph} {PROV.wasGeneratedBy} ?s . ?s ?p ?o }} }} }} ;\n"
            f"DELETE {{ {inside} {{ ?s ?p ?o }} }} WHERE {{ {inside} {{"
            f" ?s a ?class ; ?p ?o . FILTER(?class IN ({PROV.Agent}, {PROV.SoftwareAgent}))"
            f" FILTER NOT EXISTS {{ ?any {PROV.wasAttributedTo} ?s }} }} }}"
        )

    def _remove(self) -> None:
        """Delete the graphs of files that are no longer there."""
        for graph in sorted(self.present - self.after.keys() - {self.iris.provenance.value}):
            node = NamedNode(graph)
            self.store.update(f"DROP SILENT GRAPH {node} ;\n{self._forgetting(node)}")
            self.report.removed.append(self.before.get(graph, {}).get("file", graph))


def _digest(path: Path) -> str | None:
    """The SHA-256 of a file; None where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None

"""Writing graphs over HTTP: what is put lands in a file of the workspace, and the store is built from it.

The store is derived, so a graph that was put is a file in graphs/, to be read, edited and kept in
git like any other. Graphs that are made from other files are refused with the name of the file.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import rdf
from kg.build import build
from kg.errors import KgError
from kg.files import reporting, write_file
from kg.mapping.graphs import file_of_graph
from kg.mapping.iris import HASH_DIGITS, escape
from kg.note import Note
from kg.store import is_mark
from kg.vocab import ONTOLOGY
from kg.web.readers.reply import Refused
from kg.workspace import ANALYSIS, ENTITIES, FACTS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from kg.store import GraphStore
    from kg.workspace import Workspace

EXTENSIONS: Final[Mapping[str, str]] = {
    form.media_type: extension for extension, form in rdf.FORMATS.items() if extension != ".owl"
}
"""The extensions of the media types in which a graph can be sent."""
_LINES: Final = {".ttl", ".trig", ".nt", ".nq"}
"""The formats to which N-Triples can be added at the end: what people wrote there stays as it is."""


def triples_of(
    content: bytes, media_type: str, graph: ox.NamedNode, workspace: Workspace
) -> list[ox.Triple]:
    """The triples of a body that was sent for a graph, with IRIs for its blank nodes.

    The IRIs depend on the content: what is sent later gets others, and the same the same. Raises
    InputError with the place where it is not in its format, Refused where it is of another graph.
    """
    quads = rdf.read(content, f"body{EXTENSIONS[media_type]}", base=graph.value)
    others = {quad.graph_name for quad in quads} - {ox.DefaultGraph(), graph}
    if others:
        raise Refused(400, f"the body names other graphs than {graph.value}")
    name = file_of_graph(graph, workspace.iris, rdf.FORMATS)
    digits = hashlib.sha256(content).hexdigest()[:HASH_DIGITS]
    genid = f"{workspace.iris.base}.well-known/genid/{escape(name)}/{digits}/"
    return rdf.skolemize(quads, genid)


def put(workspace: Workspace, graph: ox.NamedNode, triples: Collection[ox.Triple]) -> bool:
    """Put triples in the place of a graph; without any, it is gone. Whether there was one before."""
    with workspace.writing() as store:
        file = _file(workspace, graph)
        content = _content(workspace, file, graph, triples) if triples else None
        return _written(workspace, store, file, content)


def add(workspace: Workspace, graph: ox.NamedNode, triples: Collection[ox.Triple]) -> bool:
    """Add triples to a graph. Whether there was one before."""
    with workspace.writing() as store:
        file = _file(workspace, graph)
        new = set(triples) - set(store.get(graph))
        before = file.read_bytes() if file.exists() else None
        if not new:
            return before is not None
        if before is None:
            content = _content(workspace, file, graph, new)
        elif file.suffix.lower() in _LINES and file.name != _named(workspace, graph):
            lines = ox.serialize(sorted(new, key=str), format=ox.RdfFormat.N_TRIPLES) or b""
            content = before + (b"" if before.endswith(b"\n") or not before else b"\n") + lines
        else:
            quads = rdf.read(before, file.name, base=workspace.iris.base)
            content = _content(workspace, file, graph, {*(quad.triple for quad in quads), *new})
        return _written(workspace, store, file, content)


def delete(workspace: Workspace, graph: ox.NamedNode) -> None:
    """Remove a graph. Raises Refused (404) where there is none."""
    with workspace.writing() as store:
        if not _written(workspace, store, _file(workspace, graph), None):
            raise Refused(404, f"{graph.value}: there is no such graph")


def _named(workspace: Workspace, graph: ox.NamedNode) -> str:
    """The name of the TriG file of a graph whose IRI is not made of a file's name."""
    return file_of_graph(graph, workspace.iris, ())


def _file(workspace: Workspace, graph: ox.NamedNode) -> Path:
    """The file of graphs/ that makes a graph. Raises Refused (409) where another file or none does."""
    iris = workspace.iris
    entry = Note.read(workspace).get(graph.value, {"file": ""})
    made = {iris.graph(file.removesuffix(".ttl")).value: file for file in _SHARED}
    source = entry["file"] or made.get(graph.value, "")
    if source.startswith("graphs/"):
        return workspace.root / source
    if graph in {iris.provenance, iris.dates, ONTOLOGY} or is_mark(graph):
        raise Refused(409, f"{graph.value}: is made by kg itself", hint="it cannot be changed")
    if source:
        hint = f"edit {source}, then kg build"
        raise Refused(409, f"{graph.value}: is made from {source}", hint=hint)
    if graph.value.startswith(iris.graph("article-").value):
        raise Refused(409, f"{graph.value}: is a name for articles", hint="kg add takes them in")
    return workspace.graphs / file_of_graph(graph, iris, rdf.FORMATS)


_SHARED: Final = (ENTITIES, ANALYSIS, FACTS)


def _content(
    workspace: Workspace, file: Path, graph: ox.NamedNode, triples: Collection[ox.Triple]
) -> bytes:
    """What is in the file of a graph: sorted, so that git shows what changed."""
    form = rdf.FORMATS[file.suffix.lower()]
    if file.name == _named(workspace, graph):
        return rdf.write([ox.Quad(s, p, o, graph) for s, p, o in triples], form, workspace.prefixes)
    return rdf.write(triples, form, workspace.prefixes)


def _written(workspace: Workspace, store: GraphStore, file: Path, content: bytes | None) -> bool:
    """Write or delete a file and build; where that fails, all is as before. Whether it was there before.

    Raises Refused (409) where the file cannot be built: the gate is strict, and it does not conform.
    """
    before = file.read_bytes() if file.exists() else None
    if content == before:
        return before is not None
    try:
        _keep(file, content)
        report = build(workspace, store)
        name = f"graphs/{file.name}"
        problems = [str(problem) for problem in report.problems if problem.file == name]
    except KgError as error:
        problems = [str(error)]
    except BaseException:
        _keep(file, before)  # whatever it was: what would not build must not stay
        raise
    if problems:
        with contextlib.suppress(KgError):
            _keep(file, before)
            build(workspace, store)
        raise Refused(409, f"nothing was changed: {'; '.join(problems)}")
    return before is not None


def _keep(file: Path, content: bytes | None) -> None:
    if content is None:
        with reporting(file):
            file.unlink(missing_ok=True)
    else:
        write_file(file, content)

"""The graphs of new articles, given to the store as they are made, many at a time.

What the files of an article make is known when they are written, so nothing is read again, and the
engine takes many graphs at once several times faster than one by one. They are checked on the way,
each batch in memory with what of the register it speaks of: what that costs hangs on the batch, and
not on how much the store has already.

It is no transaction: a marker says that a loading goes on, and after a cut the next build mends what
was left half done.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from kg import note, shacl
from kg.files import write_file
from kg.gate import BUDGET
from kg.mapping.iris import short
from kg.mapping.write import article_key, date_triples, to_lines
from kg.store import batches, construct, named_graphs
from kg.store.embedded import EmbeddedStore
from kg.validate import shapes_of
from kg.validate.finding import severity_of
from kg.vocab import ONTOLOGY, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from pyoxigraph import Triple

    from kg.mapping.iris import Iris
    from kg.mapping.write import ArticleLines
    from kg.model import Annotation
    from kg.store import GraphStore
    from kg.workspace import Workspace

AT_ONCE: Final = 16_000_000
"""Bytes of N-Quads that the store takes at once: the graphs of some hundred articles."""
_KEY: Final = re.compile("(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])")


class ArticleQuads(NamedTuple):
    """The graph of an article as N-Quads with its provenance, and what the note says of it.

    `shared` are the lines about nodes that are not the article's own, such as its account of an
    event of the register.
    """

    graph: str
    quads: bytes
    shared: tuple[str, ...]
    entry: dict[str, Any]


def article_quads(annotation: Annotation, iris: Iris, resolve: Mapping[str, str]) -> ArticleQuads:
    """The graph of a complete annotation; `resolve` has the IRIs of the register by their ids."""
    lines, entry = noted_lines(annotation, iris, lambda id_: NamedNode(resolve[id_]))
    keys = {entry["article"], entry["text"]}
    shared = tuple(line for line in lines.content if not _own(line.partition(" ")[0], keys))
    return ArticleQuads(lines.name.value, lines.quads(iris.provenance), shared, entry)


def noted_lines(
    annotation: Annotation, iris: Iris, resolve: Callable[[str], NamedNode]
) -> tuple[ArticleLines, dict[str, Any]]:
    """The graph of a complete annotation, and what the note says of it."""
    ids: dict[str, str] = {}

    def noted(id_: str) -> NamedNode:
        node = resolve(id_)
        ids[id_] = node.value
        return node

    lines = to_lines(annotation, iris, noted)
    return lines, {
        "article": article_key(annotation),
        "text": short(str(annotation.text.sha256)),
        "ids": ids,
        "own": [thing.id for thing in annotation.things]
        + [claim.id for claim in annotation.claims],
        "dates": list(lines.dates),
        "triples": len(lines.content),
    }


class Loading:
    """The new articles of one run; `entries` has the graph of each file and what is noted of it.

    `checked` counts what was found in their own nodes, by severity. `changed` are the triples about
    others, and where they were not checked here, all `unchecked` of them as far as they are few.
    """

    def __init__(self, workspace: Workspace, store: GraphStore) -> None:
        self.workspace = workspace
        self.store = store
        self.entries: dict[str, tuple[str, dict[str, Any]]] = {}
        self.checked: Counter[str] = Counter()
        self.changed: set[Triple] = set()
        self.unchecked = 0
        graphs = named_graphs(store)
        self._present = {graph.value for graph in graphs}
        self._spoken_of = _spoken_of(store, graphs, workspace.iris)
        self._screen = _screen(workspace, store)
        self._waiting: list[ArticleQuads] = []
        self._size = 0

    def add(self, name: str, path: Path, made: ArticleQuads) -> bool:
        """Take the graph of an article whose files have been written; False where it has to be built.

        That is so where it is not a new one, and where others speak of it already.
        """
        keys = {made.entry["article"], made.entry["text"]}
        if made.graph in self._present or keys & self._spoken_of:
            return False
        self._present.add(made.graph)
        self.entries[name] = (made.graph, note.taken(name, path) | made.entry)
        self._waiting.append(made)
        self._size += len(made.quads)
        if self._size > AT_ONCE:
            self.flush()
        return True

    def flush(self) -> None:
        """Give the store what waits, and check it."""
        if not self._waiting:
            return
        if not self.workspace.in_memory:
            write_file(marker(self.workspace), b"")
        batch, self._waiting, self._size = self._waiting, [], 0
        self._give(batch)

    def _give(self, batch: list[ArticleQuads]) -> None:
        quads = b"".join(made.quads for made in batch)
        self.store.load(quads)
        lines: Iterable[str] = (line for made in batch for line in made.shared)
        if self._screen is not None:
            self.checked += self._screen.check(batch, quads)
        elif self.workspace.settings.gate == "off":
            lines = ()
        elif self.unchecked <= BUDGET:
            self.changed |= {quad.triple for quad in parse(quads, format=RdfFormat.N_QUADS)}
            self.unchecked += sum(made.entry["triples"] for made in batch)
            lines = ()
        content = "".join(f"{line} .\n" for line in lines).encode()
        self.changed |= {quad.triple for quad in parse(content, format=RdfFormat.N_TRIPLES)}


def marker(workspace: Workspace) -> Path:
    """The file that says that a loading goes on, or was cut off."""
    return workspace.derived / "loading"


def _own(node: str, keys: set[str]) -> bool:
    """Whether the name of a node has the key of an article, as those of its own nodes have."""
    found = _KEY.search(node)
    return found is not None and found[0] in keys


def _spoken_of(store: GraphStore, graphs: Iterable[NamedNode], iris: Iris) -> set[str]:
    """The keys of articles that something else than their own graphs speaks of."""
    found: set[str] = set()
    article = iris.graph("article-").value
    silent = {iris.entities, iris.provenance, iris.dates, ONTOLOGY}
    for graph in graphs:
        if not graph.value.startswith(article) and graph not in silent:
            for triple in store.get(graph):
                for node in (triple.subject, triple.object):
                    if isinstance(node, NamedNode):
                        found.update(_KEY.findall(node.value))
    return found


def _screen(workspace: Workspace, store: GraphStore) -> _Screen | None:
    """What checks new graphs by themselves; none where there is no gate, or shapes may look further.

    The shapes that come with kg look from an article's own nodes no further than to what the
    register says of those that they name.
    """
    if workspace.settings.gate != "lenient" or any((workspace.root / "shapes").glob("[!.]*.ttl")):
        return None
    return _Screen(workspace, store)


class _Screen:
    """Checks the graphs of new articles in memory."""

    def __init__(self, workspace: Workspace, store: GraphStore) -> None:
        self.iris = workspace.iris
        self.store = store
        self.shapes = shapes_of(workspace)
        self.ontology = _in(ONTOLOGY, store.get(ONTOLOGY))

    def check(self, batch: Iterable[ArticleQuads], quads: bytes) -> Counter[str]:
        """How much was found in the own nodes of some articles, by severity."""
        entries = [made.entry for made in batch]
        nodes = {NamedNode(iri) for entry in entries for iri in entry["ids"].values()}
        dates = {edtf for entry in entries for edtf in entry["dates"]}
        with EmbeddedStore() as memory:
            memory.load(self.ontology)
            memory.load(quads)
            memory.load(_in(self.iris.entities, self._described(nodes)))
            memory.load(
                _in(self.iris.dates, (t for d in sorted(dates) for t in date_triples(d, self.iris)))
            )
            report = shacl.validate(memory, self.shapes, prefixes=PREFIXES)
        keys = {entry[key] for entry in entries for key in ("article", "text")}
        return Counter(
            severity_of(result.severity)
            for result in report.results
            if isinstance(result.focus, NamedNode) and _own(result.focus.value, keys)
        )

    def _described(self, nodes: set[NamedNode]) -> Iterable[Triple]:
        """What the register says of some nodes."""
        for names in batches(nodes):
            yield from construct(
                self.store,
                f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {names} }}"
                f" GRAPH {self.iris.entities} {{ ?s ?p ?o }} }}",
            )


def _in(graph: NamedNode, triples: Iterable[Triple]) -> bytes:
    quads = (Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return serialize(quads, format=RdfFormat.N_QUADS) or b""

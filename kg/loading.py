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
from bisect import bisect_left
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from kg import note, shacl
from kg.files import Together, write_file
from kg.gate import BUDGET
from kg.mapping.iris import short
from kg.mapping.keys import article_key
from kg.mapping.times import date_triples
from kg.mapping.write import NOTHING, to_lines
from kg.store import named_graphs
from kg.store.embedded import EmbeddedStore
from kg.validate import shapes_of
from kg.validate.finding import severity_of
from kg.vocab import ONTOLOGY, PREFIXES, RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from pyoxigraph import Triple

    from kg.mapping.graphs import ArticleLines
    from kg.mapping.iris import Iris
    from kg.model import Annotation
    from kg.store import GraphStore
    from kg.workspace import Workspace

AT_ONCE: Final = 64_000_000
"""Bytes of N-Quads that the store takes at once: the graphs of some five hundred articles.

The engine joins what it was given once it has been given something four times, so that half as much
would cost it a tenth more, and save 200 MB of memory.
"""
TOGETHER: Final = 64
"""Articles that are checked together at most: with more, the queries cost no less for each."""
_SHAPES: Final = "https://w3id.org/newskg/shapes#"
HELD: Final = frozenset(
    NamedNode(f"{_SHAPES}{name}")
    for name in (
        *("no-blank-nodes", "text-hash", "text-start", "text-length"),
        *("Passage", "passage-inside", "passage-iri", "claim-evidence-text"),
        *("mention-target", "mention-form", "claim-text", "claim-where", "claim-evidence"),
        *("claim-passages", "claim-source-span", "claim-polarity", "claim-certainty"),
        *("claim-modality", "claim-kind", "claim-quantity", "claim-supports", "claim-status"),
        *("claim-reviewed-by", "claim-reviewed-when"),
    )
)
"""Shapes that the graph of every complete annotation has: the check of it and the mapping see to that.

They are about the most nodes, and to ask for them again would take most of the time of the gate.
"""
_TYPE: Final = str(RDF.type).encode()
_LAST: Final = chr(0x10FFFF)
"""Comes behind all that may stand in a line."""
_KEY: Final = re.compile("(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])")


class ArticleQuads(NamedTuple):
    """The graph of an article as N-Quads with its provenance, and what the note says of it.

    `shared` are the lines about nodes that are not the article's own, such as its account of an
    event of the register. `found` counts by severity what was found in the nodes that are its own;
    None where nobody has looked.
    """

    graph: str
    quads: bytes
    shared: tuple[str, ...]
    entry: dict[str, Any]
    found: Mapping[str, int] | None = None

    @property
    def keys(self) -> frozenset[str]:
        """What the names of the article's own nodes have in them."""
        return frozenset((self.entry["article"], self.entry["text"]))


def article_quads(annotation: Annotation, iris: Iris, resolve: Mapping[str, str]) -> ArticleQuads:
    """The graph of a complete annotation; `resolve` has the IRIs of the register by their ids."""
    lines, entry = noted_lines(annotation, iris, lambda id_: NamedNode(resolve[id_]))
    keys = {entry["article"], entry["text"]}
    rest = lines.content
    # Nearly all lines are about these nodes, and stand together: the lines are in order.
    for kind in ("claim", "text"):
        own = f"<{iris.base}id/{kind}/{entry['text']}"
        first, end = bisect_left(rest, own), bisect_left(rest, f"{own}{_LAST}")
        rest = rest[:first] + rest[end:]
    subjects = {line[: line.index(" ")] for line in rest}
    others = {subject for subject in subjects if _key(subject) not in keys}
    shared = [line for line in rest if line[: line.index(" ")] in others]
    return ArticleQuads(lines.name.value, lines.quads(iris.provenance), tuple(shared), entry)


def noted_lines(
    annotation: Annotation,
    iris: Iris,
    resolve: Callable[[str], NamedNode],
    merged: Mapping[str, str] = NOTHING,
) -> tuple[ArticleLines, dict[str, Any]]:
    """The graph of a complete annotation, and what the note says of it."""
    ids: dict[str, str] = {}

    def noted(id_: str) -> NamedNode:
        node = resolve(id_)
        ids[str(id_)] = node.value
        return node

    lines = to_lines(annotation, iris, noted, merged)
    return lines, {
        "article": article_key(annotation),
        "text": short(str(annotation.text.sha256)),
        "ids": ids,
        "own": [str(thing.id) for thing in annotation.things]
        + [str(claim.id) for claim in annotation.claims],
        "dates": list(lines.dates),
        "triples": len(lines.content),
    }


class Loading:
    """The new articles of one run; `entries` has what is noted of their graphs.

    `files` takes what is written of them; they have their names by the time the store has the graphs.
    `checked` counts what was found in their own nodes, by severity. `changed` are the triples about
    others, and where they were not checked here, all `unchecked` of them as far as they are few.
    """

    def __init__(self, workspace: Workspace, store: GraphStore) -> None:
        self.workspace = workspace
        self.store = store
        self.files = Together()
        self.entries = note.Note()
        self.checked: Counter[str] = Counter()
        self.changed: set[Triple] = set()
        self.unchecked = 0
        graphs = named_graphs(store)
        self._present = {graph.value for graph in graphs}
        noted = note.Note.read(workspace) if workspace.remote else ()
        ours = {graph for graph in graphs if note.is_ours(workspace, graph.value, noted)}
        self._spoken_of = _spoken_of(store, ours, workspace.iris)
        self.screen = screen_of(workspace, store)
        self._waiting: list[tuple[str, Path, ArticleQuads]] = []
        self._size = 0
        self._loader: ThreadPoolExecutor | None = None
        self._load: Future[None] | None = None

    def __enter__(self) -> Self:
        """The loading; at the end of the block nothing is under way any more."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Wait for what the store is doing; StoreError where that failed, and the block did not."""
        self.files.settle()
        if self._loader is not None:
            self._loader.shutdown()
            self._loader = None
        if kind is None:
            self._taken_in()

    def add(self, name: str, path: Path, made: ArticleQuads) -> bool:
        """Take the graph of an article that was written to `files`; False where it has to be built.

        That is so where it is not a new one, and where others speak of it already.
        """
        if made.graph in self._present or made.keys & self._spoken_of:
            return False
        self._present.add(made.graph)
        self._waiting.append((name, path, made))
        self._size += len(made.quads)
        if self._size > AT_ONCE:
            self._give()
        return True

    def flush(self) -> None:
        """Give the store what waits, and come back when it has taken it in and all is checked.

        It puts in order what it has while the block goes on.
        """
        self._give()
        self._taken_in()
        if self._loader is not None:
            self._load = self._loader.submit(self.store.optimize)

    def _taken_in(self) -> None:
        """Wait for what the store is taking in."""
        load, self._load = self._load, None
        if load is not None:
            load.result()

    def _give(self) -> None:
        """Have the store take in what waits, while other articles are made, and check it."""
        self._taken_in()
        self.files.settle()
        if not self._waiting:
            return
        if not self.workspace.in_memory:
            write_file(marker(self.workspace), b"")
        for name, path, made in self._waiting:
            self.entries[made.graph] = note.taken(name, path) | made.entry
        batch = [made for _, _, made in self._waiting]
        self._waiting, self._size = [], 0
        quads = b"".join(made.quads for made in batch)
        self._loader = self._loader or ThreadPoolExecutor(1)
        self._load = self._loader.submit(self.store.load, quads)
        lines: Iterable[str] = (line for made in batch for line in made.shared)
        if self.screen is not None:
            for made in self.screen.checked(batch):
                self.checked.update(made.found or {})
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


def _key(node: str) -> str | None:
    """The key of an article in the name of a node, as its own nodes have it."""
    found = _KEY.search(node)
    return found[0] if found is not None else None


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


def screen_of(workspace: Workspace, store: GraphStore) -> Screen | None:
    """What checks new graphs by themselves; none where there is no gate, or shapes may look further.

    The shapes that come with kg look from an article's own nodes no further than to what the
    register says of those that they name.
    """
    if workspace.settings.gate != "lenient" or any((workspace.root / "shapes").glob("[!.]*.ttl")):
        return None
    return Screen(workspace.iris, store)


class Screen:
    """Checks the graphs of new articles in memory, with what the register says of the nodes they name.

    It has all of that with it, so that it can be sent to the processes that make the graphs.
    """

    def __init__(self, iris: Iris, store: GraphStore) -> None:
        self.iris = iris
        self._ontology = _in(ONTOLOGY, store.get(ONTOLOGY))
        described: dict[str, list[Triple]] = defaultdict(list)
        for triple in store.get(iris.entities):
            if isinstance(triple.subject, NamedNode):
                described[triple.subject.value].append(triple)
        self._described = {node: _in(iris.entities, found) for node, found in described.items()}
        self._made: shacl.Validator | None = None
        self._asked: frozenset[bytes] = frozenset()  # the IRIs that the queries of that name,
        self._known = b""  # and what the ontology says with these

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_made": None}  # each process makes its own

    def checked(self, batch: Sequence[ArticleQuads]) -> list[ArticleQuads]:
        """The same graphs, with what was found in those that nobody has looked at."""
        after = list(batch)
        waiting = [place for place, made in enumerate(batch) if made.found is None]
        while waiting:
            owners: dict[
                str, int
            ] = {}  # the places by what the names of the own nodes have in them
            later: list[int] = []
            for place in waiting:
                # One text may have come twice, and only one of the two will be kept.
                if len(owners) >= TOGETHER or batch[place].keys & owners.keys():
                    later.append(place)
                else:
                    owners |= dict.fromkeys(batch[place].keys, place)
            places = dict.fromkeys(owners.values())
            found = self._found([batch[place] for place in places], owners)
            for place in places:
                after[place] = batch[place]._replace(found=found[place])
            waiting = later
        return after

    def _found(
        self, batch: Sequence[ArticleQuads], owners: Mapping[str, int]
    ) -> dict[int, Counter[str]]:
        """How much was found in the own nodes of some articles, by severity."""
        nodes = {iri for made in batch for iri in made.entry["ids"].values()}
        days = sorted({edtf for made in batch for edtf in made.entry["dates"]})
        found: dict[int, Counter[str]] = defaultdict(Counter)
        with EmbeddedStore() as memory:
            validator = self._prepared(memory)
            dates = _in(self.iris.dates, (t for day in days for t in date_triples(day, self.iris)))
            known = b"".join(self._described.get(node, b"") for node in sorted(nodes))
            quads = b"".join((*(made.quads for made in batch), known, dates))
            quads = self._known + self._asked_of(quads)
            # One thread of its own is quicker here than the threads of a bulk load.
            memory.engine.load(quads, format=RdfFormat.N_QUADS, lenient=True)
            report = validator.validate(memory)
        for result in report.results:
            key = _key(result.focus.value) if isinstance(result.focus, NamedNode) else None
            if key is not None and key in owners:
                found[owners[key]][severity_of(result.severity)] += 1
        return found

    def _prepared(self, memory: EmbeddedStore) -> shacl.Validator:
        """The shapes that come with kg but those that hold anyway, compiled for the ontology."""
        if self._made is None:
            memory.engine.load(self._ontology, format=RdfFormat.N_QUADS, lenient=True)
            shapes = [t for t in shapes_of(None) if not {t.subject, t.object} & HELD]
            self._made = shacl.Validator(memory, shapes, PREFIXES)
            # Only what is asked about judgements has variables for predicates, and no article has those.
            self._asked = frozenset(iri.encode() for iri in self._made.named)
            self._known = self._asked_of(self._ontology)
        return self._made

    def _asked_of(self, quads: bytes) -> bytes:
        """Some quads without those that no query of the shapes asks for: most of an article."""
        asked = self._asked
        return b"".join(
            [
                line
                for line in quads.splitlines(keepends=True)
                if (predicate := line.split(b" ", 2)[1]) in asked
                and (predicate != _TYPE or line.split(b" ", 3)[2] in asked)
            ]
        )


def _in(graph: NamedNode, triples: Iterable[Triple]) -> bytes:
    quads = (Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return serialize(quads, format=RdfFormat.N_QUADS) or b""

"""An article graph: as triples, and as lines that are quick to make and to load; files and their graphs."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.mapping.iris import HASH_DIGITS, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Quad

    from kg.mapping.iris import Iris


@dataclass(frozen=True, slots=True)
class ArticleGraph:
    """The triples of one article: what it says, and who wrote that down."""

    name: NamedNode
    content: frozenset[Triple]
    provenance: frozenset[Triple]


@dataclass(frozen=True, slots=True)
class ArticleLines:
    """An article graph as lines of N-Triples, and the dates that it points to; quick to make and to load."""

    name: NamedNode
    content: tuple[str, ...]
    provenance: tuple[Triple, ...]
    dates: tuple[str, ...]

    def graph(self) -> ArticleGraph:
        """The graph as triples."""
        content = "".join(f"{line} .\n" for line in self.content).encode()
        triples = frozenset(quad.triple for quad in parse(content, format=RdfFormat.N_TRIPLES))
        return ArticleGraph(self.name, triples, frozenset(self.provenance))

    def quads(self, provenance: NamedNode) -> bytes:
        """The lines as N-Quads of their graph, with those of the graph `provenance`."""
        own = f" {self.name} .\n"
        lines = [own.join((*self.content, ""))]
        lines += [f"{t.subject} {t.predicate} {t.object} {provenance} .\n" for t in self.provenance]
        return "".join(lines).encode()


def graph_of_file(name: str, quads: Iterable[Quad], iris: Iris) -> NamedNode:
    """The graph that a file of `graphs/` makes: named after the file, or as `file_of_graph` has noted it.

    >>> from kg.mapping.iris import Iris
    >>> graph_of_file("notes.ttl", [], Iris("https://example.org/kg/")).value
    'https://example.org/kg/graph/file-notes.ttl'
    """
    graphs = {quad.graph_name for quad in quads}
    if len(graphs) == 1:
        (graph,) = graphs
        if isinstance(graph, NamedNode) and name.endswith(_ending(graph)):
            return graph
    return iris.graph(f"file-{escape(name)}")


def file_of_graph(graph: NamedNode, iris: Iris, extensions: Iterable[str]) -> str:
    """The name of the file of `graphs/` that makes a graph.

    A graph with any IRI is in a TriG file that names it; a hash at the end of the file's name says
    that it is meant, and not by chance.

    >>> from kg.mapping.iris import Iris
    >>> iris = Iris("https://example.org/kg/")
    >>> file_of_graph(iris.graph("file-notes.ttl"), iris, [".ttl"])
    'notes.ttl'
    >>> file_of_graph(NamedNode("https://example.com/people/1"), iris, [".ttl"])
    'example-com-people-1-dba9c9fa8711.trig'
    """
    local = graph.value.removeprefix(iris.graph("file-").value)
    name = unquote(local)
    plain = local != graph.value and _PLAIN.fullmatch(name) and escape(name) == local
    if plain and name.lower().endswith(tuple(extensions)):
        return name
    words = re.sub("[^A-Za-z0-9]+", "-", graph.value.partition(":")[2])[-_LONGEST:].strip("-")
    return f"{words or 'graph'}{_ending(graph)}"


_PLAIN = re.compile(r"[^\W_.-][\w.-]{0,150}")
"""Names of files that mean the same to all file systems, and lead nowhere else."""
_LONGEST = 60


def _ending(graph: NamedNode) -> str:
    return f"-{hashlib.sha256(graph.value.encode()).hexdigest()[:HASH_DIGITS]}.trig"

"""An article graph: as triples, and as lines that are quick to make and to load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, Triple, parse

if TYPE_CHECKING:
    from pyoxigraph import NamedNode


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
        lines = [f"{line}{own}" for line in self.content]
        lines += [f"{t.subject} {t.predicate} {t.object} {provenance} .\n" for t in self.provenance]
        return "".join(lines).encode()

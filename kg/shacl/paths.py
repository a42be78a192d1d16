"""Property paths (SHACL, 2.3.1): read from RDF, written as SPARQL and as RDF."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Triple

from kg.errors import InputError
from kg.shacl.terms import RDF_FIRST, RDF_NIL, RDF_REST, SH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.shacl.graph import Graph
    from kg.shacl.terms import Node, Term

_REPEATED = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


@dataclass(frozen=True, slots=True)
class Path:
    """A property path; as text it is SPARQL.

    `kind` is one of: iri, ^ (inverse), / (sequence), | (alternative), *, + and ?. An IRI has no
    parts; of the others, all but sequences and alternatives have one.
    """

    kind: str
    parts: tuple[Path, ...] = ()
    iri: NamedNode | None = None
    _text: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        inner = [part._text if part.kind == "iri" else f"({part._text})" for part in self.parts]
        match self.kind:
            case "iri":
                text = str(self.iri)
            case "^":
                text = f"^{inner[0]}"
            case "/" | "|":
                text = self.kind.join(inner)
            case _:
                text = f"{inner[0]}{self.kind}"
        object.__setattr__(self, "_text", text)

    def __str__(self) -> str:
        return self._text

    @property
    def nullable(self) -> bool:
        """Whether the path leads from every node to itself, even from one that the data do not have."""
        match self.kind:
            case "*" | "?":
                return True
            case "|":
                return any(part.nullable for part in self.parts)
            case "/" | "^" | "+":
                return all(part.nullable for part in self.parts)
            case _:
                return False

    def steps(self) -> tuple[Path, ...]:
        """The paths that one goes one after the other, none of which is a sequence.

        >>> a, b = Path("iri", iri=NamedNode("http://e/a")), Path("iri", iri=NamedNode("http://e/b"))
        >>> [str(step) for step in Path("^", (Path("/", (a, b)),)).steps()]
        ['^<http://e/b>', '^<http://e/a>']
        """
        if self.kind == "/":
            return tuple(step for part in self.parts for step in part.steps())
        if self.kind == "^" and self.parts[0].kind == "/":
            return tuple(
                Path("^", (step,)) if step.kind != "^" else step.parts[0]
                for step in reversed(self.parts[0].steps())
            )
        return (self,)

    def predicates(self) -> Iterator[NamedNode]:
        """All predicates that the path goes along."""
        if self.iri is not None:
            yield self.iri
        for part in self.parts:
            yield from part.predicates()

    def describe(self) -> tuple[Node, list[Triple]]:
        """The path as RDF: its node, and the triples with fresh blank nodes."""
        if self.iri is not None:
            return self.iri, []
        described = [part.describe() for part in self.parts]
        triples = [triple for _, inner in described for triple in inner]
        node: Node = BlankNode()
        if self.kind in "/|":
            items: Node = RDF_NIL
            for part, _ in reversed(described):
                cell = BlankNode()
                triples += [Triple(cell, RDF_FIRST, part), Triple(cell, RDF_REST, items)]
                items = cell
            if self.kind == "/":
                return items, triples
            triples.append(Triple(node, SH.alternativePath, items))
        else:
            names = {sign: name for name, sign in _REPEATED.items()} | {"^": SH.inversePath}
            triples.append(Triple(node, names[self.kind], described[0][0]))
        return node, triples


def read(graph: Graph, node: Term, inside: frozenset[Term] = frozenset()) -> Path:
    """The path that a node of a shapes graph stands for; InputError where it is not well-formed."""
    if isinstance(node, NamedNode):
        return Path("iri", iri=node)
    if node in inside or not isinstance(node, BlankNode):
        raise InputError(f"{node}: not a well-formed path")
    inside |= {node}
    if graph.objects(node, RDF_FIRST):
        parts = tuple(read(graph, item, inside) for item in graph.items(node))
        return _several("/", parts, node)
    inverse = graph.value(node, SH.inversePath)
    if inverse is not None:
        return Path("^", (read(graph, inverse, inside),))
    alternatives = graph.value(node, SH.alternativePath)
    if alternatives is not None:
        parts = tuple(read(graph, item, inside) for item in graph.items(alternatives))
        return _several("|", parts, node)
    for name, sign in _REPEATED.items():
        part = graph.value(node, name)
        if part is not None:
            return Path(sign, (read(graph, part, inside),))
    raise InputError(f"{node}: not a well-formed path")


def _several(kind: str, parts: tuple[Path, ...], node: Term) -> Path:
    if len(parts) < 2:
        raise InputError(f"{node}: a path of this kind has two parts or more")
    return Path(kind, parts)

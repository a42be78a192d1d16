"""The files that people keep in Turtle: what they say of each node, changed one node at a time.

Every other byte stays as it was: comments, order and lay-out are the user's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg import rdf
from kg.errors import InputError
from kg.turtle import TurtleText, comments, spelled
from kg.vocab import PREFIXES, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Triple

    from kg.mapping.iris import Iris

Node = NamedNode | Literal
Properties = dict[NamedNode, list[Node]]


class Nodes:
    """The nodes of a file with their properties, both in the order of the file.

    Raises InputError with line and column where the file is not Turtle.
    """

    def __init__(self, content: bytes, iris: Iris, name: str) -> None:
        self.iris = iris
        self._known: dict[NamedNode, Properties] = {}
        for subject, predicate, value in ordered(content, name, iris):
            if isinstance(subject, NamedNode) and isinstance(value, (NamedNode, Literal)):
                found = self._known.setdefault(subject, defaultdict(list))
                found[predicate].append(value)
        self._text = TurtleText(content.decode())
        parser = parse(content.removeprefix(_BOM), format=RdfFormat.TURTLE, base_iri=iris.base)
        for _ in parser:  # the prefixes are known at the end
            pass
        self.prefixes: dict[str, str] = dict(parser.prefixes)
        self._base = iris.base if parser.base_iri in {None, iris.base} else ""
        self._places = self._text.subjects(iris.base)

    def __iter__(self) -> Iterator[NamedNode]:
        return iter(list(self._places))

    def __getitem__(self, node: NamedNode) -> Mapping[NamedNode, list[Node]]:
        """What the file says of a node; nothing of one that it does not describe."""
        return self._known.get(node, {})

    @property
    def content(self) -> bytes:
        """The file as it is now."""
        return str(self._text).encode()

    def add(self, node: NamedNode, properties: Properties) -> None:
        """Describe a node at the end of the file."""
        self._known[node] = properties
        self._declare(node, properties)
        statement = written(node, properties, self.prefixes, self._base)
        self._places.setdefault(node, []).append(self._text.append(statement))

    def change(self, node: NamedNode, properties: Properties) -> None:
        """Say other things of a node, all of them where it was described first; comments go before it."""
        self._known[node] = properties
        first, *others = self._places[node]
        prefixes = self.prefixes if self._text.after_directives(first) else {}
        if prefixes:
            self._declare(node, properties)
        said = [line for number in (first, *others) for line in comments(self._text[number])]
        statement = written(node, properties, prefixes, self._base if prefixes else "")
        self._text.replace(first, "\n".join([*said, statement]))
        for number in others:
            self._text.remove(number)
        self._places[node] = [first]

    def _declare(self, node: NamedNode, properties: Properties) -> None:
        """Declare the prefixes that some nodes need and the file lacks."""
        ours = PREFIXES | self.iris.prefixes()
        free = {name: iri for name, iri in ours.items() if name not in self.prefixes}
        needed: dict[str, str] = {}
        values = (value for values in properties.values() for value in values)
        for term in (node, *(properties.keys() - {RDF.type}), *values):
            if isinstance(term, NamedNode) and spelled(term, self.prefixes).startswith("<"):
                name = spelled(term, free).partition(":")[0]
                if name in free:
                    needed[name] = free[name]
        self.prefixes |= needed
        self._text.declare({n: needed[n].removeprefix(self._base) for n in ours if n in needed})


def written(
    node: NamedNode,
    properties: Mapping[NamedNode, Iterable[Node]],
    prefixes: Mapping[str, str],
    base: str = "",
) -> str:
    """What is said of a node as one statement of Turtle, in the order given."""
    lines = []
    for predicate, values in properties.items():
        verb = "a" if predicate == RDF.type else spelled(predicate, prefixes)
        lines.append(f"{verb} {' , '.join(spelled(value, prefixes, base) for value in values)}")
    return f"{spelled(node, prefixes, base)} " + " ;\n    ".join(lines) + " ."


def read(content: bytes, name: str, iris: Iris) -> set[Triple]:
    """The triples of a register or analysis file; relative IRIs count from the workspace's base.

    Raises InputError with line and column where it is not Turtle, or written for another base.
    """
    return set(ordered(content, name, iris))


def ordered(content: bytes, name: str, iris: Iris) -> list[Triple]:
    """The triples of a register or analysis file as `read` has them, in the order of the file."""
    triples = [quad.triple for quad in rdf.read(content, name, base=iris.base)]
    if any(isinstance(node, BlankNode) for t in triples for node in (t.subject, t.object)):
        raise InputError(
            f"{name}: a node without a name ([ … ] or _:…)",
            hint="give it an IRI: what has no name cannot be cited, compared or merged",
        )
    head = re.search(rb"^\s*(?:@base|BASE)\s+<([^>]*)>", content, re.MULTILINE | re.IGNORECASE)
    if head and head[1].decode() != iris.base:
        raise InputError(
            f"{name}: written for the base {head[1].decode()}, but the workspace has {iris.base}",
            hint="delete the @base line: the file then takes the workspace's base",
        )
    return triples


_BOM = b"\xef\xbb\xbf"

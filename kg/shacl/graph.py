"""A shapes graph in memory, asked by subject and predicate."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.errors import InputError
from kg.shacl.terms import RDF_FIRST, RDF_NIL, RDF_REST, SUB_CLASS_OF
from kg.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.shacl.terms import Node, Term


class Graph:
    """Triples by subject and predicate, in the order in which they came."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[Node, dict[NamedNode, list[Term]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._with: dict[NamedNode, dict[Node, None]] = defaultdict(dict)
        self._triples = dict.fromkeys(triples)
        for subject, predicate, object_ in self._triples:
            self._about[subject][predicate].append(object_)
            self._with[predicate][subject] = None

    def triples(self) -> Iterator[Triple]:
        """All of it."""
        yield from self._triples

    def objects(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """What a node has for a predicate."""
        if isinstance(subject, Literal) or subject not in self._about:
            return []
        return self._about[subject].get(predicate, [])

    def value(self, subject: Term, predicate: NamedNode) -> Term | None:
        """The one thing that a node has for a predicate; InputError where it has several."""
        found = self.objects(subject, predicate)
        if len(found) > 1:
            raise InputError(f"{subject}: has {predicate} {len(found)} times, and may have it once")
        return found[0] if found else None

    def subjects(self, predicate: NamedNode) -> list[Node]:
        """The nodes that have a predicate."""
        return list(self._with.get(predicate, ()))

    def predicates(self, subject: Node) -> set[NamedNode]:
        """The predicates of a node."""
        return set(self._about[subject]) if subject in self._about else set()

    def items(self, head: Term) -> list[Term]:
        """The members of a list; InputError where it is not well-formed."""
        found: list[Term] = []
        seen: set[Term] = set()
        node: Term | None = head
        while node != RDF_NIL:
            first = self.objects(node, RDF_FIRST) if node is not None else []
            rest = self.objects(node, RDF_REST) if node is not None else []
            if len(first) != 1 or len(rest) != 1 or node in seen or node is None:
                raise InputError(f"{head}: not a well-formed list")
            seen.add(node)
            found.append(first[0])
            node = rest[0]
        return found

    def is_a(self, node: Node, *classes: NamedNode) -> bool:
        """Whether a node is an instance of one of the classes, or of a subclass that the graph names."""
        waiting, seen = list(self.objects(node, RDF.type)), set[object]()
        while waiting:
            found = waiting.pop()
            if found in classes:
                return True
            if found not in seen:
                seen.add(found)
                waiting += self.objects(found, SUB_CLASS_OF)
        return False

    def described(self, node: Node) -> list[Triple]:
        """The triples about a node, and about the blank nodes that they lead to."""
        found, waiting, seen = [], [node], {node}
        while waiting:
            subject = waiting.pop()
            for predicate, objects in self._about.get(subject, {}).items():
                for object_ in objects:
                    found.append(Triple(subject, predicate, object_))
                    if isinstance(object_, BlankNode) and object_ not in seen:
                        seen.add(object_)
                        waiting.append(object_)
        return found

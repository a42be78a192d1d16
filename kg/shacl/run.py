"""Asks the checks of a store, and makes the report of the answers."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import InputError
from kg.shacl.compiler import Compiler, chunks
from kg.shacl.copies import at_hand
from kg.shacl.graph import Graph
from kg.shacl.paths import Path
from kg.shacl.queries import EACH, UncompilableError
from kg.shacl.report import Report, Result
from kg.shacl.sparql import SHAPES_GRAPH
from kg.store import construct, select
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.shacl.compiler import Compiled
    from kg.shacl.queries import Check, Constraint
    from kg.shacl.shapes import Targets
    from kg.shacl.terms import Node, Term
    from kg.store import GraphStore

Solution: TypeAlias = "Mapping[str, Term]"

FEW = 10_000
"""Focus nodes with results up to which these alone are asked again for what is wrong with them."""
MANY = 2_000
"""Focus nodes from which on it is quicker to scan the values of all nodes than to look at each node's."""
_HOLDS = Literal(True)
_IRI = re.compile(r"<[^<>\"{}|^`\\\s]*>")
_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


def validate(
    store: GraphStore,
    shapes: Iterable[ox.Triple],
    *,
    limit: int | None = None,
    focus: Mapping[Node, Iterable[Term] | None] | None = None,
    prefixes: Mapping[str, str] | None = None,
) -> Report:
    """Check the data of a store against shapes.

    The data are what `store.query` takes for the default graph. At most `limit` results are listed
    for each shape, and the others counted. With `focus`, only the shapes that it names are checked,
    and only these nodes where it gives some, as `affected` does. `prefixes` help queries that use
    more prefixes than their sh:prefixes declares. Raises InputError where the shapes are not
    well-formed.
    """
    with at_hand(store) as data:
        return _Run(data, Compiler(Graph(shapes), data, prefixes or {}), limit).report(focus)


class Validator:
    """Shapes that are compiled once, for stores one after the other which have the same classes.

    That is so for batches of data, each with the same ontology beside it; `store` has the ontology.
    Shapes whose targets are all named one by one are passed over: it is the data that are checked.
    """

    def __init__(
        self, store: GraphStore, shapes: Iterable[ox.Triple], prefixes: Mapping[str, str]
    ) -> None:
        self._compiler = Compiler(Graph(shapes), store, prefixes)
        self._focus = {
            node: None
            for node, targets in self._compiler.targeted().items()
            if targets.classes or targets.subjects_of or targets.objects_of or targets.others
        }

    @cached_property
    def named(self) -> frozenset[str]:
        """The IRIs that its queries name: no data with other predicates, or of other classes, matter.

        That is so for shapes whose queries have no variable in the place of a predicate.
        """
        found: set[str] = set()
        for node in self._focus:
            compiled = self._compiler.compile(node, self._compiler.targeted()[node])
            found.update(_IRI.findall(compiled.telling() or ""))
            for check in compiled.checks((*compiled.screened, *compiled.others)):
                found.update(_IRI.findall(f"{check.query} {check.foci}"))
        return frozenset(found)

    def validate(self, store: GraphStore) -> Report:
        """Check all data of a store, as `validate` does."""
        return _Run(store, self._compiler, None).report(self._focus)


class _Run:
    def __init__(self, store: GraphStore, compiler: Compiler, limit: int | None) -> None:
        self.store = store
        self.graph = compiler.graph
        self.limit = limit
        self.compiler = compiler
        self.results: list[Result] = []
        self.listed: Counter[Node] = Counter()
        self.omitted: Counter[tuple[Node, NamedNode]] = Counter()
        self.others: dict[Node, str] = {}  # the shapes that are not compiled, and why
        self.copied: set[Node] = set()  # the shapes that were asked of a copy of the data
        self._with_shapes: ox.Store | None = None

    def report(self, focus: Mapping[Node, Iterable[Term] | None] | None) -> Report:
        """Ask all checks, or those of some shapes and nodes, and tell what was found."""
        for node, targets in self.compiler.targeted().items():
            if focus is None or node in focus:
                nodes = focus[node] if focus is not None else None
                self.shape(node, targets, sorted(nodes, key=str) if nodes is not None else None)
        self.hand_over()
        return self._report()

    def shape(self, node: Node, targets: Targets, focus: Sequence[Term] | None) -> None:
        """Ask all checks of a shape with targets, or remember why that cannot be."""
        before = len(self.results), self.listed.copy(), self.omitted.copy()
        try:
            compiled = self.compiler.compile(node, targets)
            if focus is None:
                self._focus_nodes(compiled, None)
                return
            for chunk in chunks(focus):
                members = self._members(targets, chunk)
                if members:
                    self._focus_nodes(compiled, members)
        except UncompilableError as error:
            self.others[node] = str(error)
            del self.results[before[0] :]
            self.listed, self.omitted = before[1:]
        except RecursionError as error:
            raise InputError(f"{node}: shapes inside shapes are too deep here") from error

    def _focus_nodes(self, compiled: Compiled, nodes: Sequence[Term] | None) -> None:
        """Ask all checks of a shape of its focus nodes, or of some of these."""
        for check in compiled.checks(compiled.others, nodes):
            self._ask(check)
        failing = self._failing(compiled, nodes)
        if failing is None:
            failing = [(constraint, nodes) for constraint in compiled.screened]
        for constraint, failed in failing:
            for chunk in chunks(failed) if failed is not None else (None,):
                for check in compiled.checks((constraint,), chunk):
                    self._ask(check)

    def _failing(
        self, compiled: Compiled, nodes: Sequence[Term] | None
    ) -> list[tuple[Constraint, Sequence[Term] | None]] | None:
        """The constraints that focus nodes may fail, each with these nodes; None where they are many.

        Nodes that cannot be named count for many.
        """
        many = nodes is None and self._has_many(compiled)
        telling = not many and isinstance(self.store, EmbeddedStore)
        queries = [compiled.telling(nodes)] if telling else compiled.screens(nodes, many=many)
        found: dict[Term, Sequence[Term | None]] = {}
        for query in filter(None, queries):
            for row in select(self.store, f"{query} LIMIT {FEW + 1}"):
                found[row[0]] = [*row][1:] if telling else ()
                if len(found) > FEW or isinstance(row[0], BlankNode):
                    return None
        rows = sorted(found.items(), key=lambda row: str(row[0]))
        return [
            (constraint, failed)
            for number, constraint in enumerate(compiled.screened)
            if (failed := [node for node, told in rows if not told or told[number] != _HOLDS])
        ]

    def _has_many(self, compiled: Compiled) -> bool:
        """Whether a shape has so many focus nodes that scans are worth it; in memory they never are."""
        if isinstance(self.store, EmbeddedStore) and self.store.folder is None:
            return False
        targets = compiled.place().targets
        query = f"SELECT {compiled.focus} {{ {targets} }} OFFSET {MANY} LIMIT 1"
        return any(True for _ in select(self.store, query))

    def _members(self, targets: Targets, focus: Sequence[Term]) -> list[Term]:
        """Those of some nodes that are focus nodes of a shape."""
        named = " ".join(map(str, focus))
        member = self.compiler.member(targets, "?focus")
        query = f"SELECT ?focus {{ VALUES ?focus {{ {named} }} FILTER({member}) }}"
        return [row[0] for row in select(self.store, query)]

    def _ask(self, check: Check) -> None:
        if check.foci is None:
            self._collect(check, check.query)
            return
        for row in select(self.store, check.foci):
            focus = row[check.focus]
            if isinstance(focus, BlankNode):
                raise UncompilableError(f"{check.constraint} has a LIMIT, and blank nodes to check")
            self._collect(check, check.query.replace(EACH, str(focus)))

    def _collect(self, check: Check, query: str) -> None:
        shape = check.shape
        if self.limit is None:
            self._take(check, self._select(check, query))
            return
        room = self.limit - self.listed[shape.node]
        some = query if check.foci is None else f"SELECT * {{ {{ {query} }} }}"  # it has a LIMIT
        solutions = self._select(check, f"{some} LIMIT {room + 1}")
        taken = self._take(check, islice(solutions, room))
        self.listed[shape.node] += taken
        if next(solutions, None) is not None:
            count = f"SELECT (COUNT(*) AS ?number) {{ {{ {query} }} }}"
            number = next(iter(self._select(check, count)))["number"]
            more = int(number.value) - taken
            self.omitted[shape.node, shape.severity] += more

    def _take(self, check: Check, solutions: Iterable[Solution]) -> int:
        before = len(self.results)
        self.results += (_result(check, solution) for solution in solutions)
        return len(self.results) - before

    def _select(self, check: Check, query: str) -> Iterator[Solution]:
        """The solutions of a query, each with the terms that it has by their variables."""
        found = self._query(check, query)
        names = [variable.value for variable in found.variables]
        for row in found:
            yield {name: term for name, term in zip(names, row, strict=True) if term is not None}

    def _query(self, check: Check, query: str) -> ox.QuerySolutions:
        if not check.copied:
            return select(self.store, query)
        self.copied.add(check.shape.node)
        if self._with_shapes is None:
            data = construct(self.store, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
            self._with_shapes = ox.Store()
            self._with_shapes.extend(ox.Quad(*triple) for triple in data)
            self._with_shapes.extend(
                ox.Quad(triple.subject, triple.predicate, triple.object, SHAPES_GRAPH)
                for triple in self.graph.triples()
            )
        return self._with_shapes.query(query)  # type: ignore[return-value]

    def hand_over(self) -> None:
        """Have pySHACL check what is not compiled, which it does for all focus nodes."""
        if not self.others:
            return
        from kg.shacl.fallback import check

        for result in check(self.store, self.graph, self.others, self.compiler.prefixes):
            if self.limit is not None and self.listed[result.shape] >= self.limit:
                self.omitted[result.shape, result.severity] += 1
                continue
            self.listed[result.shape] += 1
            self.results.append(result)

    def _report(self) -> Report:
        """What was found, and what was done otherwise than by asking the store."""
        anonymous = {r.shape for r in self.results if isinstance(r.shape, BlankNode)}
        sources = (t for node in sorted(anonymous, key=str) for t in self.graph.described(node))
        return Report(
            results=tuple(sorted(self.results, key=Result.order)),
            omitted=dict(self.omitted),
            notes=(
                *(
                    f"{reason}: checked by pySHACL"
                    for reason in dict.fromkeys(self.others.values())
                ),
                *(f"{node}: asked of a copy in memory" for node in sorted(self.copied, key=str)),
            ),
            sources=tuple(sources),
        )


def _result(check: Check, found: Solution) -> Result:
    focus = found[check.focus]
    value = found.get(check.value) if check.value is not None else None
    path = check.shape.path
    if check.path is not None and isinstance(found_path := found.get(check.path), NamedNode):
        path = Path("iri", iri=found_path)
    if check.template:
        if found.get("failure") == Literal(True):
            raise InputError(f"{check.constraint}: reports a failure for {focus}")
        if value is None and check.shape.path is None:
            value = focus
    return Result(
        focus=focus,
        path=path,
        value=value,
        shape=check.shape.node,
        component=check.component,
        constraint=check.constraint,
        severity=check.shape.severity,
        messages=_messages(check, found, focus) if check.template else check.messages,
    )


def _messages(check: Check, found: Mapping[str, Term], focus: Term) -> tuple[Literal, ...]:
    """The messages with the values of a solution in the place of {?variables}; or its own ?message."""
    own = found.get("message")
    if isinstance(own, Literal):
        return (own,)
    known = {**check.values, **found, "this": focus}
    if check.value is not None and check.value in found:
        known["value"] = found[check.value]

    def fill(match: re.Match[str]) -> str:
        return known[match[1]].value if match[1] in known else match[0]

    return tuple(
        Literal(text, language=message.language) if message.language else Literal(text)
        for message in check.messages
        for text in (_PLACEHOLDER.sub(fill, message.value),)
    )

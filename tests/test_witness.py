"""The nodes behind rows, held against a SPARQL evaluator that is as simple as its definition.

The evaluator below joins solutions in nested loops and carries with each the nodes it was made of.
Random queries over random datasets must give the same rows, and `behind` the same nodes, neither
more nor less.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kg.errors import ConfigError
from kg.query import bound, declarations, ordered, stored
from kg.query.witness import behind, rewritten
from kg.store import named_graphs, open_store, select
from tests.conftest import SLOW
from tests.rdflib_store import RdflibStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import GraphStore
    from kg.workspace import Workspace

EXPECTED = Path(__file__).with_name("expected")

# --- a small algebra, and what it means -----------------------------------------------------------

Binding = dict[str, str]
Solution = tuple[Binding, frozenset[str]]


@dataclass(frozen=True)
class Triple:
    s: str
    p: str
    o: str


@dataclass(frozen=True)
class Group:
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Optional:
    group: Group


@dataclass(frozen=True)
class Minus:
    group: Group


@dataclass(frozen=True)
class Union:
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class InGraph:
    name: str
    group: Group


@dataclass(frozen=True)
class Expression:
    """`bound ?x`, `same ?x ?y`, `copy ?x`, `str ?x`, `else ?x <iri>`, `iri <iri>`, `exists`; negated."""

    kind: str
    terms: tuple[str, ...] = ()
    group: Group | None = None
    negated: bool = False


@dataclass(frozen=True)
class Filter:
    test: Expression


@dataclass(frozen=True)
class Bind:
    value: Expression
    name: str


@dataclass(frozen=True)
class Values:
    names: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True)
class Query:
    """A SELECT; `columns` are names with what computes them, none stands for a star.

    An aggregate is `count ?x`; the keys of a group are names with what computes them.
    """

    columns: tuple[tuple[str, Expression | None], ...]
    group: Group
    distinct: bool = False
    keys: tuple[tuple[str, Expression | None], ...] | None = None
    having: str | None = None
    limited: bool = False
    values: Values | None = None

    @property
    def grouped(self) -> bool:
        return self.keys is not None or any(e and e.kind == "count" for _, e in self.columns)


Entry = tuple[str, Expression | None]
Part = Triple | Group | Optional | Minus | Union | InGraph | Filter | Bind | Values | Query


def written(part: Part | Expression) -> str:
    match part:
        case Triple(s, p, o):
            return f"{s} {p} {o} ."
        case Group(parts):
            return "{ " + " ".join(map(written, parts)) + " }"
        case Optional(group):
            return f"OPTIONAL {written(group)}"
        case Minus(group):
            return f"MINUS {written(group)}"
        case Union(groups):
            return " UNION ".join(map(written, groups))
        case InGraph(name, group):
            return f"GRAPH {name} {written(group)}"
        case Filter(test):
            return f"FILTER({written(test)})"
        case Bind(value, name):
            return f"BIND({written(value)} AS {name})"
        case Values(names, rows):
            lines = (f"({' '.join(term or 'UNDEF' for term in row)})" for row in rows)
            return f"VALUES ({' '.join(names)}) {{ {' '.join(lines)} }}"
        case Query():
            return "{ " + text_of(part) + " }"
        case Expression():
            return spelled(part)


def spelled(expression: Expression) -> str:
    terms = expression.terms
    match expression.kind:
        case "bound":
            text = f"BOUND({terms[0]})"
        case "same":
            text = f"sameTerm({terms[0]}, {terms[1]})"
        case "exists":
            assert expression.group is not None
            return f"{'NOT ' * expression.negated}EXISTS {written(expression.group)}"
        case "str":
            text = f"STR({terms[0]})"
        case "else":
            text = f"COALESCE({terms[0]}, {terms[1]})"
        case "count":
            text = f"COUNT({' '.join(terms)})"
        case _:
            text = terms[0]
    return f"{'!' * expression.negated}{text}"


def entry(name: str, value: Expression | None) -> str:
    return name if value is None else f"({spelled(value)} AS {name})"


def text_of(query: Query) -> str:
    text = ["SELECT"]
    text += ["DISTINCT"] * query.distinct
    text += [entry(*column) for column in query.columns] or ["*"]
    text += ["WHERE", written(query.group)]
    if query.keys:
        text += ["GROUP BY", *(entry(*key) for key in query.keys)]
    if query.having is not None:
        text.append(f"HAVING (COUNT(DISTINCT {query.having}) > 1)")
    if query.limited:
        text.append("LIMIT 1000 OFFSET 0")
    if query.values is not None:
        text.append(written(query.values))
    return " ".join(text)


def nodes_in(binding: Binding) -> frozenset[str]:
    return frozenset(term for term in binding.values() if term.startswith("<"))


def compatible(a: Binding, b: Binding) -> bool:
    return all(b.get(name, term) == term for name, term in a.items())


def joined(left: list[Solution], right: list[Solution]) -> list[Solution]:
    return [(a | b, m | n) for a, m in left for b, n in right if compatible(a, b)]


@dataclass(frozen=True)
class Evaluator:
    """SPARQL 1.1, section 18, for the algebra above; each triple is in one graph."""

    quads: tuple[tuple[str, str, str, str], ...]

    def part(self, before: list[Solution], part: Part, graph: str | None) -> list[Solution]:
        """What a part of a group makes of the solutions of the parts before it."""
        match part:
            case Optional(group):
                tests = [p.test for p in group.parts if isinstance(p, Filter)]
                rest = Group(tuple(p for p in group.parts if not isinstance(p, Filter)))
                right = self.group(rest, graph)
                found = []
                for one in before:
                    met = [
                        both
                        for both in joined([one], right)
                        if all(self.true(test, both[0], graph) for test in tests)
                    ]
                    found += met or [one]
                return found
            case Minus(group):
                right = self.group(group, graph)
                return [
                    (a, m)
                    for a, m in before
                    if not any(a.keys() & b.keys() and compatible(a, b) for b, _ in right)
                ]
            case Bind(value, name):
                return [self.extended(solution, value, name) for solution in before]
            case Filter():
                return before
            case _:
                return joined(before, self.whole(part, graph))

    def whole(self, part: Part, graph: str | None) -> list[Solution]:
        match part:
            case Triple(s, p, o):
                found = []
                for *terms, name in self.quads:
                    if graph is not None and name != graph:
                        continue
                    binding: Binding = {}
                    for slot, term in zip((s, p, o), terms, strict=True):
                        if slot.startswith("?"):
                            if binding.setdefault(slot, term) != term:
                                break
                        elif slot != term:
                            break
                    else:
                        found.append((binding, nodes_in(binding)))
                return found
            case Group():
                return self.group(part, graph)
            case Union(groups):
                return [solution for group in groups for solution in self.group(group, graph)]
            case InGraph(name, group):
                found = []
                for one in sorted({quad[3] for quad in self.quads}):
                    if name.startswith("?"):
                        named = [({name: one}, frozenset([one]))]
                        found += joined(self.group(group, one), named)
                    elif name == one:
                        found += self.group(group, one)
                return found
            case Values(names, rows):
                bindings = [
                    {n: t for n, t in zip(names, row, strict=True) if t is not None} for row in rows
                ]
                return [(binding, nodes_in(binding)) for binding in bindings]
            case Query():
                found = self.query(part, graph)
                if part.limited or (part.grouped and not part.keys):
                    # What such a query was made of is not looked into.
                    found = [(binding, nodes_in(binding)) for binding, _ in found]
                return found
            case _:
                raise AssertionError(part)

    def group(self, group: Group, graph: str | None) -> list[Solution]:
        found: list[Solution] = [({}, frozenset())]
        for part in group.parts:
            found = self.part(found, part, graph)
        tests = [part.test for part in group.parts if isinstance(part, Filter)]
        return [(a, m) for a, m in found if all(self.true(test, a, graph) for test in tests)]

    def true(self, test: Expression, binding: Binding, graph: str | None) -> bool:
        match test.kind:
            case "bound":
                return (test.terms[0] in binding) != test.negated
            case "same":
                a, b = (binding.get(term) for term in test.terms)
                return a is not None and b is not None and (a == b) != test.negated
            case "exists":
                assert test.group is not None
                met = joined([(binding, frozenset())], self.group(test.group, graph))
                return bool(met) != test.negated
        raise AssertionError(test)

    def extended(self, solution: Solution, value: Expression, name: str) -> Solution:
        binding, nodes = solution
        term = self.value(value, binding)
        if term is None:
            return solution
        added = {name: term}
        return binding | added, nodes | nodes_in(added)

    def value(self, value: Expression, binding: Binding) -> str | None:
        first = value.terms[0]
        match value.kind:
            case "copy":
                return binding.get(first)
            case "str":
                return re.sub(r'^[<"]([^>"]*).*$', r'"\1"', binding.get(first, "")) or None
            case "else":
                return binding.get(first, value.terms[1])
        return first

    def query(self, query: Query, graph: str | None = None) -> list[Solution]:
        """The rows of a query with the nodes behind each, as `behind` promises them."""
        found = self.group(query.group, graph)
        if query.values is not None:
            found = joined(found, self.whole(query.values, graph))
        if query.grouped:
            found = self.groups(query, found)
        elif query.columns:
            found = [self.row(query, solution) for solution in found]
        if query.distinct:
            merged: dict[tuple[tuple[str, str], ...], frozenset[str]] = {}
            for binding, nodes in found:
                key = tuple(sorted(binding.items()))
                merged[key] = merged.get(key, frozenset()) | nodes
            found = [(dict(key), nodes) for key, nodes in merged.items()]
        return found

    def row(self, query: Query, solution: Solution) -> Solution:
        for name, value in query.columns:
            if value is not None:
                solution = self.extended(solution, value, name)
        binding, nodes = solution
        shown = {name for name, _ in query.columns}
        return {name: term for name, term in binding.items() if name in shown}, nodes

    def groups(self, query: Query, found: list[Solution]) -> list[Solution]:
        keys = query.keys or ()
        for name, value in keys:
            if value is not None:
                found = [self.extended(solution, value, name) for solution in found]
        collected: dict[tuple[str | None, ...], list[Solution]] = defaultdict(list)
        if not keys:
            collected[()] = []
        for binding, nodes in found:
            collected[tuple(binding.get(name) for name, _ in keys)].append((binding, nodes))
        rows = []
        for values, members in collected.items():
            if query.having is not None:
                several = {binding.get(query.having) for binding, _ in members} - {None}
                if len(several) < 2:
                    continue
            row = {n: v for (n, _), v in zip(keys, values, strict=True) if v is not None}
            shown: Binding = {}
            for name, value in query.columns:
                if value is None and name in row:
                    shown[name] = row[name]
                elif value is not None:
                    counted = [b[value.terms[-1]] for b, _ in members if value.terms[-1] in b]
                    number = len(set(counted) if len(value.terms) > 1 else counted)
                    shown[name] = f'"{number}"^^<http://www.w3.org/2001/XMLSchema#integer>'
            behind_it = frozenset().union(*(nodes for _, nodes in members))
            rows.append((shown, behind_it | nodes_in(shown)))
        return rows


def seen(part: Part) -> set[str]:
    """The variables that a part shows to what stands around it."""
    match part:
        case Triple(s, p, o):
            return {term for term in (s, p, o) if term.startswith("?")}
        case Group(parts):
            return set().union(*map(seen, parts))
        case Optional(group):
            return seen(group)
        case Union(groups):
            return set().union(*map(seen, groups))
        case InGraph(name, group):
            return seen(group) | ({name} if name.startswith("?") else set())
        case Bind(_, name):
            return {name}
        case Values(names, _):
            return set(names)
        case Query():
            return {name for name, _ in part.columns} or seen(part.group)
    return set()


def used(group: Group) -> set[str]:
    return set(re.findall(r"\?\w+", written(group)))


# --- random datasets and queries ------------------------------------------------------------------

NAMES = ("?a", "?b", "?c", "?d", "?e")
THINGS = tuple(f"<urn:{name}>" for name in "rst")
LINKS = ("<urn:p>", "<urn:q>")
GRAPHS = ("<urn:g>", "<urn:h>")
WORDS = ('"v"', '"w"')

names = st.sampled_from(NAMES)
quads = st.lists(
    st.tuples(
        st.sampled_from(THINGS),
        st.sampled_from(LINKS),
        st.sampled_from(THINGS + WORDS),
        st.sampled_from(GRAPHS),
    ),
    min_size=6,
    max_size=12,
    unique_by=lambda quad: quad[:3],
).map(tuple)


@st.composite
def triples(draw: st.DrawFn) -> Triple:
    """Mostly variables and few links, so that most queries have rows."""
    subject, other = draw(st.permutations(NAMES))[:2]
    if not draw(st.integers(0, 7)):
        subject = draw(st.sampled_from(THINGS))
    if not draw(st.integers(0, 7)):
        other = draw(st.sampled_from((*THINGS, *WORDS, subject)))
    link = draw(st.sampled_from(LINKS)) if draw(st.integers(0, 9)) else draw(names)
    return Triple(subject, link, other)


@st.composite
def groups(draw: st.DrawFn, depth: int) -> Group:
    parts: list[Part] = [draw(triples())]
    for _ in range(draw(st.integers(1, 2) if depth else st.integers(0, 1))):
        kinds = ["triple", "values", "test", "bind", "bind"]
        if depth:
            kinds += ["optional", "minus", "union", "graph", "exists", "query", "query", "query"]
            kinds += ["query", "query", "query", "group"]
        visible = set().union(*map(seen, parts))
        match draw(st.sampled_from(kinds)):
            case "triple":
                parts.append(draw(triples()))
            case "values":
                columns = tuple(draw(st.lists(names, min_size=1, max_size=2, unique=True)))
                cell = st.one_of(st.none(), st.sampled_from(THINGS + WORDS))
                rows = st.lists(st.tuples(*(cell for _ in columns)), min_size=1, max_size=2)
                parts.append(Values(columns, tuple(draw(rows))))
            case "test":
                parts.append(Filter(draw(conditions())))
            case "bind":
                free = sorted(set(NAMES) - visible)
                if free:
                    parts.append(Bind(draw(expressions()), draw(st.sampled_from(free))))
            case "optional":
                # Oxigraph lets what is outside into the BIND and the OPTIONAL of an OPTIONAL.
                inside: list[Part] = [draw(triples())]
                if draw(st.booleans()):
                    inside.append(Filter(draw(conditions())))
                if draw(st.booleans()):
                    inside.append(draw(queries(depth - 1)))
                group = Group(tuple(inside))
                parts.append(Optional(group))
            case "minus":
                parts.append(Minus(draw(groups(depth - 1))))
            case "union":
                parts.append(Union((draw(groups(depth - 1)), draw(groups(depth - 1)))))
            case "graph":
                # Oxigraph 0.5 lets a variable that names graphs into inner SELECTs and OPTIONALs.
                constant = draw(st.booleans())
                group = draw(groups(depth - 1 if constant else 0))
                free = sorted(set(NAMES) - used(group))
                if constant or free:
                    name = draw(st.sampled_from(GRAPHS if constant else free))
                    parts.append(InGraph(name, group))
            case "group":
                parts.append(draw(groups(depth - 1)))
            case "exists":
                # Inside, filters would see what is outside: the definition has two readings.
                met = [draw(triples()) for _ in range(draw(st.integers(1, 2)))]
                test = Expression("exists", group=Group(tuple(met)), negated=draw(st.booleans()))
                parts.append(Filter(test))
            case "query":
                parts.append(draw(queries(depth - 1)))
    return Group(tuple(parts))


@st.composite
def conditions(draw: st.DrawFn) -> Expression:
    negated = draw(st.booleans())
    if draw(st.booleans()):
        return Expression("bound", (draw(names),), negated=negated)
    return Expression("same", (draw(names), draw(names)), negated=negated)


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    kind = draw(st.sampled_from(["copy", "str", "else", "iri"]))
    if kind == "iri":
        return Expression(kind, (draw(st.sampled_from(THINGS)),))
    terms = (draw(names), draw(st.sampled_from(THINGS)))
    return Expression(kind, terms if kind == "else" else terms[:1])


@st.composite
def queries(draw: st.DrawFn, depth: int, *, top: bool = False) -> Query:
    group = draw(groups(depth))
    visible = sorted(seen(group))
    assume(visible)
    free = sorted(set(NAMES) - set(visible))
    values = None
    distinct = draw(st.booleans())
    limited = not top and draw(st.integers(0, 7)) == 0
    if draw(st.integers(0, 2)) == 0:
        keys: list[tuple[str, Expression | None]] = [
            (name, None)
            for name in draw(st.lists(st.sampled_from(visible), max_size=2, unique=True))
        ]
        computed = draw(st.integers(0, 5)) == 0 and free
        if computed:
            keys.append((free.pop(), Expression("str", (draw(st.sampled_from(visible)),))))
        columns: list[Entry] = [(name, None) for name, _ in keys if top or draw(st.integers(0, 3))]
        if free and (not columns or draw(st.booleans())):
            distinctly = ("DISTINCT",) * draw(st.booleans())
            counted = Expression("count", (*distinctly, draw(st.sampled_from(visible))))
            columns.append((free.pop(), counted))
        assume(columns)
        grouped = tuple(keys) if keys else None
        assume(keys or any(value is not None for _, value in columns))
        having = draw(st.sampled_from(visible)) if draw(st.integers(0, 3)) == 0 else None
        return Query(
            tuple(columns),
            group,
            distinct=distinct,
            keys=grouped,
            having=having,
            limited=limited,
        )
    columns = []
    if draw(st.integers(0, 3)) == 0:
        columns += [(name, None) for name in visible] if top else []
    else:
        shown = st.lists(st.sampled_from(visible), min_size=0 if free else 1, unique=True)
        columns += [(name, None) for name in draw(shown)]
        if free and (not columns or draw(st.integers(0, 3)) == 0):
            columns.append((free.pop(), draw(expressions())))
    if draw(st.integers(0, 5)) == 0:
        rows = draw(st.lists(st.tuples(st.sampled_from(THINGS)), min_size=1, max_size=2))
        values = Values((draw(st.sampled_from(visible)),), tuple(rows))
    return Query(tuple(columns), group, distinct=distinct, limited=limited, values=values)


def filled(quads: tuple[tuple[str, str, str, str], ...]) -> GraphStore:
    store = open_store("memory:")
    for s, p, o, g in quads:
        store.update(f"INSERT DATA {{ GRAPH {g} {{ {s} {p} {o} }} }}")
    return store


def asked(store: GraphStore, text: str) -> tuple[list[str], list[tuple[object, ...]]]:
    """The columns and the rows of a query."""
    results = select(store, text)
    return [variable.value for variable in results.variables], [tuple(row) for row in results]


def spelt(row: tuple[object, ...]) -> tuple[str | None, ...]:
    return tuple(None if term is None else str(term) for term in row)


DEPTHS = st.sampled_from((0, 1, 2, 2))


@settings(max_examples=500)
@given(quads, DEPTHS.flatmap(lambda depth: queries(depth, top=True)), st.booleans())
def test_a_row_has_behind_it_exactly_what_it_was_made_of(
    data: tuple[tuple[str, str, str, str], ...], query: Query, some: bool
) -> None:
    columns = [name for name, _ in query.columns]
    text = text_of(query)
    meant: dict[tuple[str | None, ...], frozenset[str]] = defaultdict(frozenset)
    for binding, nodes in Evaluator(data).query(query):
        meant[tuple(binding.get(name) for name in columns)] |= nodes
    with filled(data) as store:
        names_of_it, rows = asked(store, text)
        assert names_of_it == [name[1:] for name in columns]
        assert set(map(spelt, rows)) == meant.keys(), text
        if some:  # one page of many
            rows = rows[::2]
        found = behind(store, text, names_of_it, rows)
        for row, told in zip(rows, found, strict=True):
            assert {str(node) for node in told} == meant[spelt(row)], text


@settings(max_examples=300)
@given(quads, DEPTHS.flatmap(lambda depth: queries(depth, top=True)))
def test_the_rewritten_query_has_the_same_rows_by_its_keys(
    data: tuple[tuple[str, str, str, str], ...], query: Query
) -> None:
    query = replace(query, having=None)  # what filters whole groups is left out of it
    with filled(data) as store:
        names_of_it, rows = asked(store, text_of(query))
        for found in rewritten(text_of(query)):
            if found.keys or not query.grouped:
                places = [names_of_it.index(key) for key in found.keys]
                there, solutions = asked(store, found.sparql)
                others = [there.index(key) for key in found.keys]
                assert {tuple(str(row[place]) for place in places) for row in rows} == {
                    tuple(str(row[place]) for place in others) for row in solutions
                }


# --- what random queries seldom have ---------------------------------------------------------------

DATA = """
<urn:c1> <urn:by> <urn:A> ; <urn:on> 'x' . <urn:c2> <urn:by> <urn:A> .
<urn:c3> <urn:by> <urn:B> ; <urn:q> <urn:X> .
"""
ONE, TWO, THREE = "c1", "c2", "c3"
CASES = {
    "a key of an inner group that is not shown": (
        "SELECT ?n { { SELECT (COUNT(?c) AS ?n) { ?c <urn:by> ?a } GROUP BY ?a } }",
        [{"A", ONE, TWO}, {"B", THREE}],
    ),
    "an inner group whose key is computed": (
        "SELECT ?s { { SELECT ?s (COUNT(?c) AS ?n) { ?c <urn:by> ?a } GROUP BY (STR(?a) AS ?s) } }",
        [{"A", ONE, TWO}, {"B", THREE}],
    ),
    "an inner group whose key is unbound": (
        "SELECT ?k {{SELECT ?k (COUNT(*) AS ?n) {?c <urn:by> ?a OPTIONAL {?c <urn:on> ?k}} GROUP BY ?k}}",
        [{"A", "B", TWO, THREE}, {"A", ONE}],
    ),
    "an inner group by what has no name is not looked into": (
        "SELECT ?n { { SELECT (COUNT(?c) AS ?n) { ?c <urn:by> ?a } GROUP BY STR(?a) } }",
        [set(), set()],
    ),
    "labels of blank nodes, which may stand in one pattern only": (
        "SELECT ?a { { SELECT ?a (COUNT(?c) AS ?n) { ?c <urn:by> ?a . ?a ^<urn:by> _:x.} GROUP BY ?a } }",
        [{"A", ONE, TWO}, {"B", THREE}],
    ),
    "names that are taken": (
        "SELECT $a ?b__0 { ?b__0 <urn:q> ?x . { SELECT ?a { ?b <urn:by> ?a ; <urn:on> ?x } } }",
        [{"A", "X", ONE, THREE}],
    ),
    "VALUES behind groups, which meet the groups": (
        "SELECT ?a (COUNT(?c) AS ?n) { ?c <urn:by> ?a } GROUP BY ?a VALUES ?c { <urn:c1> }",
        [{"A", ONE, TWO}, {"B", THREE}],
    ),
    "braces and variables in strings and comments": (
        "SELECT ?c # } ?z {\n{ ?c <urn:by> <urn:B> BIND('{ ?z SELECT }' AS ?s) } # GROUP BY ?a",
        [{THREE}],
    ),
    "keywords in any case": (
        "select distinct ?a where{{select distinct ?a where{?c <urn:by> ?a}order by ?c}}order by ?a",
        [{"A", ONE, TWO}, {"B", THREE}],
    ),
    "its own graphs": ("SELECT ?a FROM <urn:other> WHERE { ?c <urn:by> ?a }", []),
    "inner EXISTS, of which nothing is told": (
        "SELECT ?c { ?c <urn:q> ?x FILTER EXISTS { SELECT ?y { ?y <urn:by> ?z } } }",
        [{THREE, "X"}],
    ),
    "what is counted as a whole": (
        "SELECT (COUNT(?c) AS ?n) { ?c <urn:by> ?a }",
        [{"A", "B", ONE, TWO, THREE}],
    ),
    "nothing, counted": ("SELECT (COUNT(?c) AS ?n) { ?c <urn:none> ?a }", [set()]),
    "columns computed from one another": (
        "SELECT (STR(?c) AS ?s) (CONCAT(?s, '!') AS ?t) { ?c <urn:q> ?x }",
        [{THREE, "X"}],
    ),
}


@pytest.mark.parametrize(("text", "meant"), CASES.values(), ids=CASES.keys())
def test_what_random_queries_seldom_have(text: str, meant: list[set[str]]) -> None:
    assert len(CASES) == 14
    with open_store("memory:") as store:
        store.update(f"INSERT DATA {{ GRAPH <urn:g> {{ {DATA} }} }}")
        names_of_it, rows = asked(store, text)
        found = behind(store, text, names_of_it, rows)
        told = [{node.value.removeprefix("urn:") for node in nodes} for nodes in found]
        assert sorted(told, key=sorted) == sorted(meant, key=sorted), rewritten(text)


def test_a_page_has_nothing_from_solutions_that_are_not_on_it() -> None:
    """What is unbound in another row must not take the value that the page has."""
    text = "SELECT ?c ?x { { ?c <urn:by> ?z } UNION { ?c <urn:q> ?x } }"
    with open_store("memory:") as store:
        store.update(f"INSERT DATA {{ GRAPH <urn:g> {{ {DATA} }} }}")
        row = (ox.NamedNode("urn:c3"), ox.NamedNode("urn:X"))
        assert row in asked(store, text)[1]
        assert behind(store, text, ["c", "x"], [row]) == [set(row)]


def test_what_two_inner_selects_hide_does_not_multiply() -> None:
    """Each of 200 claims with each of 200 others would be 40,000 solutions for one row."""
    text = """SELECT ?a ?n {
      { SELECT DISTINCT ?a { ?c <urn:by> ?a } }
      { SELECT ?a (COUNT(?d) AS ?n) { ?d <urn:on> ?a } GROUP BY ?a } }"""
    with open_store("memory:") as store:
        lines = (f"<urn:c{n}> <urn:by> <urn:A> . <urn:d{n}> <urn:on> <urn:A> ." for n in range(200))
        store.update(f"INSERT DATA {{ GRAPH <urn:g> {{ {' '.join(lines)} }} }}")
        names_of_it, rows = asked(store, text)
        found = rewritten(text)
        assert [len(asked(store, one.sparql)[1]) for one in found] == [200, 200]
        assert [len(told) for told in behind(store, text, names_of_it, rows)] == [401]


def test_groups_that_differ_in_nothing_that_is_shown_share_their_nodes() -> None:
    """A known limit: the counts 1 and 2 have no key that would tell them apart."""
    text = "SELECT (COUNT(?c) AS ?n) { ?c <urn:by> ?a } GROUP BY ?a"
    with open_store("memory:") as store:
        store.update(f"INSERT DATA {{ GRAPH <urn:g> {{ {DATA} }} }}")
        names_of_it, rows = asked(store, text)
        assert len(rows) == 2
        assert [len(nodes) for nodes in behind(store, text, names_of_it, rows)] == [
            5,
            5,
        ]


@pytest.mark.parametrize(
    "text", ["ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <urn:x>"]
)
def test_only_rows_have_something_behind_them(text: str) -> None:
    with pytest.raises(ConfigError, match="only the rows of a SELECT"):
        rewritten(text)


# --- the stored queries -----------------------------------------------------------------------------

QUERIES = {name: stored.load(path) for name, path in stored.find([]).items()}


def calls() -> list[tuple[str, dict[str, str]]]:
    """Each stored query with its examples, and with all parameters that its expected rows have."""
    found = []
    for name, query in QUERIES.items():
        given = {key: str(parameter.example) for key, parameter in query.parameters.items()}
        found += [(name, given), (name, {key: given[key] for key in query.required})]
        file = EXPECTED / f"{name}.yaml"
        for case in yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else ():
            values = {key: str(value) for key, value in (case.get("parameters") or {}).items()}
            if (name, values) not in found:
                found.append((name, values))
    return found


@pytest.fixture(scope="module")
def store(built: Workspace) -> Iterator[GraphStore]:
    with built.reading() as opened:
        yield opened


def texts(name: str, store: GraphStore, workspace: Workspace) -> Iterator[str]:
    """A stored query as SPARQL, for each of its calls."""
    for other, values in calls():
        if other == name:
            text = bound(store, QUERIES[name], values, workspace.prefixes)
            yield ordered(store, f"{declarations(text, workspace.prefixes)}{text}")


def test_there_are_calls_of_every_stored_query() -> None:
    assert {name for name, _ in calls()} == QUERIES.keys()
    assert len(calls()) >= 100


@pytest.mark.parametrize("name", QUERIES)
def test_a_stored_query_leads_back_to_its_nodes(
    name: str, store: GraphStore, built: Workspace
) -> None:
    for text in texts(name, store, built):
        names_of_it, rows = asked(store, text)
        for found in rewritten(text):
            there, solutions = asked(store, found.sparql)
            # What a HAVING drops is in it, and no row of the query is missing.
            places = [names_of_it.index(key) for key in found.keys]
            others = [there.index(key) for key in found.keys]
            keys = {tuple(str(row[place]) for place in places) for row in rows}
            assert keys <= {tuple(str(row[place]) for place in others) for row in solutions}
        wide = behind(store, text, names_of_it, rows)
        assert all(
            {term for term in row if isinstance(term, ox.NamedNode)} <= nodes
            for row, nodes in zip(rows, wide, strict=True)
        )
        few = slice(0, 3)
        assert behind(store, text, names_of_it, rows[few]) == wide[few]


LONG = "causes"
"""rdflib takes long for what is behind it: KG_SLOW=1 asks for that, too."""


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize("name", [name for name in QUERIES if SLOW or name != LONG])
def test_both_engines_lead_back_to_the_same_nodes(
    name: str, store: GraphStore, other: GraphStore, built: Workspace
) -> None:
    text = next(texts(name, store, built))
    names_of_it, rows = asked(store, text)
    rows = rows[:5]
    found = [behind(one, text, names_of_it, rows) for one in (store, other)]
    assert found[0] == found[1]


@pytest.fixture(scope="module")
def other(store: GraphStore) -> GraphStore:
    """The founding corpus in a store that rdflib queries."""
    made = RdflibStore()
    for graph in named_graphs(store):
        made.put(graph, store.get(graph))
    return made

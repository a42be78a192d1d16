"""The nodes behind a row: the query rewritten so that it also says what its rows were made of.

A query that counts or lists tells nothing about the claims that it counted. `rewritten` gives the
same query without what drops them: groups are opened, orders and limits left out, and an inner
SELECT projects all its variables (renamed, so that none meets another of the same name). Each SELECT
has a query of its own, since the solutions of two that have little to do with each other would
multiply. All solutions, put together by the columns of a row, have every node that the row came from:
why-provenance in the sense of Buneman, Khanna and Tan (2001), for all of SPARQL's SELECT that has a
row to explain. Not looked into are inner SELECTs with a limit, and those that group by nothing or by
what has no name; groups that differ in nothing but what is counted share their nodes.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.errors import ConfigError
from kg.sparql.structure import Column, aggregates, clauses, columns, read, text_of
from kg.store import select as ask_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.sparql import Token
    from kg.sparql.structure import Query, Select
    from kg.store import GraphStore

Row = tuple[object | None, ...]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A query that has, for every row of another, its columns `keys` and the nodes behind it."""

    sparql: str
    keys: tuple[str, ...]
    nodes: tuple[str, ...]


def behind(
    store: GraphStore, sparql: str, names: Sequence[str], rows: Sequence[Row]
) -> list[set[NamedNode]]:
    """For each row of an answer to a SELECT, the nodes that it was made of, those in it among them.

    `names` are the columns of the rows, which may be some of many: all solutions are asked for, since
    engines take longer when they are told which rows are wanted (12 times, for contradictions).
    """
    found = rewritten(sparql)
    keys = found[0].keys if found else ()
    places = [names.index(key) for key in keys]
    nodes: dict[tuple[str, ...], set[NamedNode]] = {
        tuple(str(row[place]) for place in places): set() for row in rows
    }
    for one in found:
        for solution in ask_rows(store, one.sparql):
            known = nodes.get(tuple(str(solution[key]) for key in keys))
            if known is not None:
                known.update(
                    term for name in one.nodes if isinstance(term := solution[name], NamedNode)
                )
    own = ({term for term in row if isinstance(term, NamedNode)} for row in rows)
    return [
        nodes[tuple(str(row[place]) for place in places)] | terms
        for row, terms in zip(rows, own, strict=True)
    ]


def rewritten(sparql: str) -> tuple[Rewritten, ...]:
    """The queries for what is behind the rows of a SELECT whose columns are spelled out.

    Raises ConfigError where the query has no rows.

    >>> (found,) = rewritten("SELECT (COUNT(?c) AS ?n) ?a { ?c <urn:by> ?a } GROUP BY ?a")
    >>> print(found.sparql)
    SELECT DISTINCT ?a ?c WHERE { ?c <urn:by> ?a }
    """
    query = read(sparql)
    named = columns(query.select) if query.select.form == "SELECT" else None
    if named is None:
        raise ConfigError("only the rows of a SELECT can be explained")
    found = (_rewritten(query, named, path) for path in _paths(query.select))
    return tuple(one for one in found if one.nodes)


def _paths(select: Select, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """The ways from a query to each SELECT in it that can be opened, by where they start."""
    yield path
    for inner in select.inner:
        if _opens(inner):
            yield from _paths(inner, (*path, inner.start))


def _opens(select: Select) -> bool:
    """Whether the rows of an inner SELECT can be told from what it hides."""
    parts = clauses(select.modifiers)
    if "LIMIT" in parts or "OFFSET" in parts:  # more columns would make it choose other rows
        return False
    keys = _keys(parts.get("GROUP", ()))
    return not _groups(select) or (bool(keys) and all(key.name for key in keys))


def _rewritten(query: Query, named: Sequence[Column], path: tuple[int, ...]) -> Rewritten:
    """The query for what the SELECT at the end of a path hides."""
    select, sparql = query.select, query.text
    parts = clauses(select.modifiers)
    kept = _not_aggregated(named) if _groups(select) else named
    writer = _Writer(sparql, path)
    body, exposed = writer.group(select, {})
    computed = [key for key in _keys(parts.get("GROUP", ())) if key.name and key.expression]
    groups = [f"BIND({text_of(sparql, key.expression)} AS ?{key.name})" for key in computed]
    # The VALUES of a query that groups meet its groups and not what is in them.
    values = () if _groups(select) else parts.get("VALUES", ())
    if values or groups:
        body = " ".join(["{", body, text_of(sparql, values), *groups, "}"])
    wanted = [
        f"({text_of(sparql, column.expression)} AS ?{column.name})"
        if column.expression
        else f"?{column.name}"
        for column in kept
    ]
    shown = {column.name for column in (*named, *computed)}
    nodes = exposed if path else [name for name in writer.scope(select) if name not in shown]
    head = " ".join(["SELECT DISTINCT", *wanted, *(f"?{name}" for name in nodes), *_from(select)])
    return Rewritten(
        f"{query.prologue}{head} WHERE {body}",
        tuple(column.name for column in kept),
        tuple(nodes),
    )


@dataclass(slots=True)
class _Writer:
    """Writes groups with other names for some variables, and with what one SELECT in them hides.

    `path` leads to that SELECT, by where those start that it stands in.
    """

    sparql: str
    path: tuple[int, ...]
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def group(self, select: Select, names: Mapping[str, str]) -> tuple[str, list[str]]:
        """The group of a SELECT, and the variables that are no longer hidden in it."""
        text: list[str] = []
        exposed: list[str] = []
        place, end = 0, select.group[0].start
        inner = iter(select.inner)
        following = next(inner, None)
        while place < len(select.group):
            token = select.group[place]
            if following is not None and token.start == following.start:
                written, further = self.inner(following, names)
                text += (" ", written, " ")
                exposed += further
                end = following.end
                while place < len(select.group) and select.group[place].start < end:
                    place += 1
                following = next(inner, None)
                continue
            text += (" " if token.start > end else "", _named(token, names))
            end = token.start + len(token.text)
            place += 1
        return "".join(text), exposed

    def inner(self, select: Select, names: Mapping[str, str]) -> tuple[str, list[str]]:
        """An inner SELECT, and the variables that it adds where it leads to what is looked for."""
        named = columns(select)
        shown = self.scope(select) if named is None else [column.name for column in named]
        outside = {name: names.get(name, name) for name in shown}
        if select.start not in self.path:
            return self.plain(select, outside), []
        if _groups(select):
            return self.groups(select, outside)
        inside = {name: outside.get(name) or self.fresh(name) for name in self.scope(select)}
        body, exposed = self.group(select, outside | inside)
        added = [inside[name] for name in inside if name not in outside]
        added = added if select.start == self.path[-1] else exposed
        head = ["*"]
        if named is not None:
            head = [self.column(column, outside | inside) for column in named]
            head += [f"?{name}" for name in added]
        values = _written(clauses(select.modifiers).get("VALUES", ()), outside | inside)
        return f"SELECT DISTINCT {' '.join(head)} WHERE {body} {values}".rstrip(), added

    def groups(self, select: Select, outside: Mapping[str, str]) -> tuple[str, list[str]]:
        """An inner SELECT that groups, joined with what is in its groups by what they group by."""
        keys = _keys(clauses(select.modifiers).get("GROUP", ()))
        names = [key.name for key in keys]
        scope = self.scope(select)
        inside = {name: self.fresh(name) for name in dict.fromkeys([*scope, *names])}
        inside |= {name: outside[name] for name in names if name in outside}
        hidden = {name: inside[name] for name in names if name not in outside}
        body, exposed = self.group(select, inside)
        added = [inside[name] for name in scope if name not in outside or name not in names]
        added = added if select.start == self.path[-1] else exposed
        named = [f"BIND{self.column(key, inside)}" for key in keys if key.expression]
        # An unbound key would join with every other, so that what it is is told by a second one.
        marks = {self.fresh(name): inside[name] for name in names}
        told = [
            f'BIND(COALESCE(CONCAT("=", STR(?{x})), "") AS ?{mark})' for mark, x in marks.items()
        ]
        joins = [f"?{name}" for name in (*(inside[name] for name in names), *marks, *added)]
        plain = ["{", "{", self.plain(select, outside, hidden), "}", *told, "}"]
        opened = ["{ SELECT DISTINCT", *dict.fromkeys(joins), "{", body, *named, *told, "} }"]
        return " ".join([*plain, *opened]), added

    def column(self, column: Column, names: Mapping[str, str]) -> str:
        """A column of a projection, under the names that its variables now have."""
        name = names.get(column.name, column.name)
        if not column.expression:
            return f"?{name}"
        return f"({_written(column.expression, names)} AS ?{name})"

    def plain(
        self, select: Select, names: Mapping[str, str], further: Mapping[str, str] | None = None
    ) -> str:
        """An inner SELECT as it is, but for the names of what it shows; it may show further variables."""
        more = further or {}
        shown = {**names, **more}
        head = [token for token in select.head if token.text.upper() != "WHERE"]
        pieces = [*head, *select.group, *select.modifiers]
        hidden = {
            name: self.fresh(name)
            for name in dict.fromkeys(_name(token) for token in pieces)
            if name and name not in shown
        }
        every = {**hidden, **shown}
        parts = (_written(part, every) for part in (select.group, select.modifiers))
        return " ".join([_written(head, every), *(f"?{x}" for x in more.values()), *parts])

    def fresh(self, name: str) -> str:
        """A name that no other variable has."""
        names = (f"{name}__{number}" for number in self.numbers)
        return next(found for found in names if found not in self.sparql)

    def scope(self, select: Select) -> list[str]:
        """The variables that the group of a SELECT shows to what stands around it, in their order."""
        spans = [(inner.start, inner.end) for inner in select.inner]
        found = [
            token.text[1:]
            for token in select.group
            if token.kind == "variable"
            and not any(start <= token.start < end for start, end in spans)
        ]
        for inner in select.inner:
            named = columns(inner)
            found += self.scope(inner) if named is None else [column.name for column in named]
        return list(dict.fromkeys(found))


def _written(pieces: Sequence[Token], names: Mapping[str, str]) -> str:
    """Tokens under the names that their variables now have, apart where they stood apart."""
    text: list[str] = []
    end = pieces[0].start if pieces else 0
    for token in pieces:
        text += (" " if token.start > end else "", _named(token, names))
        end = token.start + len(token.text)
    return "".join(text)


def _name(token: Token) -> str:
    """The name of a variable, the label of a blank node with `_:` before it; else nothing."""
    if token.kind == "variable":
        return token.text[1:]
    return token.text.rstrip(".") if token.text.startswith("_:") else ""


def _named(token: Token, names: Mapping[str, str]) -> str:
    name = _name(token)
    if not name:
        return token.text
    found = names.get(name, name)
    return token.text.replace(name, found, 1) if name.startswith("_:") else f"?{found}"


def _groups(select: Select) -> bool:
    """Whether the rows of a SELECT are groups of solutions."""
    parts = clauses(select.modifiers)
    named = columns(select) or []
    return "GROUP" in parts or "HAVING" in parts or any(aggregates(c.expression) for c in named)


def _not_aggregated(named: Sequence[Column]) -> list[Column]:
    """The columns that a single solution of a group has as well."""
    lost: set[str] = set()
    kept = []
    for column in named:
        uses = {token.text[1:] for token in column.expression if token.kind == "variable"}
        if aggregates(column.expression) or uses & lost:
            lost.add(column.name)
        else:
            kept.append(column)
    return kept


def _keys(group: Sequence[Token]) -> list[Column]:
    """What a GROUP BY clause groups by; an expression without a name has an empty one."""
    found = []
    parts = iter(group[2:])
    for token in parts:
        if token.kind == "variable":
            found.append(Column(token.text[1:]))
            continue
        called = token.text != "("  # a function, whose arguments are to come
        inside: list[Token] = []
        depth = 0 if called else 1
        for part in parts:
            depth += (part.text == "(") - (part.text == ")")
            if depth == 0:
                break
            inside.append(part)
        if not called and len(inside) > 1 and inside[-2].text.upper() == "AS":
            found.append(Column(inside[-1].text[1:], tuple(inside[:-2])))
        else:
            found.append(Column("", tuple(inside)))
    return found


def _from(select: Select) -> list[str]:
    """The dataset clauses of a query."""
    words = [token.text.upper() for token in select.head]
    if "FROM" not in words:
        return []
    pieces = select.head[words.index("FROM") :]
    return [token.text for token in pieces if token.text.upper() != "WHERE"]

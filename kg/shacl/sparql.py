"""SHACL-SPARQL: constraints and constraint components written in SPARQL (SHACL, 5 and 6).

The specification has one query for each focus node, with `$this` bound beforehand in all its parts.
Here one query asks for all focus nodes: the pattern that binds them is put into every part of the
query in which `$this` would otherwise not be bound, and the parts are joined by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from kg.errors import InputError
from kg.shacl.queries import EACH, Check, UncompilableError, negated, reaches, syntax
from kg.shacl.shapes import is_true
from kg.shacl.terms import IMPORTS, SH
from kg.sparql import Token, tokens, undeclared
from kg.store.embedded import brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.shacl.graph import Graph
    from kg.shacl.queries import Compiling, Constraint, Place
    from kg.shacl.shapes import Shape
    from kg.shacl.terms import Node, Term

_FORBIDDEN = {"MINUS", "VALUES", "SERVICE", "FROM"}
_COUNTING = {"COUNT", "SUM", "AVG", "GROUP_CONCAT"}
SHAPES_GRAPH = NamedNode("urn:x-shacl:shapes-graph")
"""The name under which queries that ask for $shapesGraph find it."""


def constraints(
    compiling: Compiling, shape: Shape, prefixes: Mapping[str, str]
) -> Iterator[Constraint]:
    """The SPARQL-based constraints of a shape; InputError where one is not well-formed.

    `prefixes` are used where a query does not declare its own by sh:prefixes.
    """
    graph = compiling.graph
    for node in graph.objects(shape.node, SH.sparql):
        if isinstance(node, Literal):
            raise InputError(f"{shape.node}: sh:sparql {node} is no constraint")
        if not is_true(graph.value(node, SH.deactivated)):
            query = _named(graph, node, SH.select, prefixes)
            messages = _messages(graph, node) or shape.messages
            yield Select(SH.SPARQLConstraintComponent, query, messages, shape, constraint=node)
    given = graph.predicates(shape.node)
    for component in graph.subjects(SH.parameter):
        if isinstance(component, NamedNode) and graph.is_a(component, SH.ConstraintComponent):
            yield from _custom(graph, shape, component, given, prefixes)


def _custom(
    graph: Graph,
    shape: Shape,
    component: NamedNode,
    given: set[NamedNode],
    prefixes: Mapping[str, str],
) -> Iterator[Constraint]:
    """The constraint that a shape has by a component of the shapes graph's own (SHACL, 6)."""
    parameters = {
        path: is_true(graph.value(node, SH.optional))
        for node in graph.objects(component, SH.parameter)
        if isinstance(path := graph.value(node, SH.path), NamedNode)
    }
    if not all(optional or path in given for path, optional in parameters.items()):
        return
    if not parameters.keys() & given:
        return
    kind = SH.nodeValidator if shape.path is None else SH.propertyValidator
    special, general = graph.objects(component, kind), graph.objects(component, SH.validator)
    if not special and not general:
        raise InputError(f"{component}: has no validator for {shape.node}")
    validator = (special or general)[0]
    if isinstance(validator, Literal):
        raise InputError(f"{component}: {validator} is no validator")
    messages = _messages(graph, validator) or _messages(graph, component) or shape.messages
    query = _named(graph, validator, SH.select if special else SH.ask, prefixes)
    made = Select if special else Ask
    own = sorted(parameters.keys() & given, key=str)
    if len(parameters) == 1:  # a constraint for each of its values
        combinations = [{own[0]: value} for value in graph.objects(shape.node, own[0])]
    else:
        values = {path: graph.value(shape.node, path) for path in own}
        combinations = [{path: value for path, value in values.items() if value is not None}]
    for combination in combinations:
        named = {_local_name(path): value for path, value in combination.items()}
        yield made(component, query, messages, shape, values=named)


def _read(graph: Graph, node: Node, predicate: NamedNode, prefixes: Mapping[str, str]) -> _Query:
    """The query of a constraint or validator; InputError where SHACL does not allow it."""
    text = graph.value(node, predicate)
    if not isinstance(text, Literal):
        raise InputError(f"needs a query, as sh:{predicate.value.partition('#')[2]}")
    declared = {**prefixes, **declarations(graph, node)}
    return _parsed(text.value, tuple(declared.items()), predicate == SH.ask)


@lru_cache(maxsize=1000)
def _parsed(text: str, prefixes: tuple[tuple[str, str], ...], ask: bool) -> _Query:
    """The query that a text is with these prefixes; the same shapes come again with every change."""
    declared = dict(prefixes)
    head = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in prefixes)
    readable = re.sub(r"[$?]PATH\b", "<urn:path>", text)
    try:
        ox.Store().query(f"{head}\n{readable}")
    except SyntaxError as error:
        lacking = ", ".join(f"{prefix}:" for prefix in sorted(undeclared(text) - declared.keys()))
        hint = f"sh:prefixes declares no {lacking}" if lacking else None
        message = re.sub(r"^line (\d+)", lambda found: f"line {int(found[1]) - 1}", brief(error))
        raise InputError(message, hint=hint) from error
    except RuntimeError:
        pass  # it can be read, and needs more than an empty store
    return _Query.parse(_spelled_out(text, declared), ask=ask)


def _named(graph: Graph, node: Node, predicate: NamedNode, prefixes: Mapping[str, str]) -> _Query:
    try:
        return _read(graph, node, predicate, prefixes)
    except InputError as error:
        raise type(error)(f"{node}: {error}", hint=error.hint) from error


def fault(
    graph: Graph, node: Node, predicate: NamedNode, prefixes: Mapping[str, str]
) -> str | None:
    """What is wrong with the query of a constraint or validator, if anything is."""
    try:
        _read(graph, node, predicate, prefixes)
    except UncompilableError:
        return None
    except InputError as error:
        return f"{error} ({error.hint})" if error.hint else str(error)
    return None


def _local_name(path: NamedNode) -> str:
    """The variable of a parameter: the part of its IRI that is an XML name (SHACL, 6.2.1)."""
    found = re.search(r"[^\W\d][\w-]*$", path.value)
    return found[0] if found else path.value


def _messages(graph: Graph, node: Node) -> tuple[Literal, ...]:
    found = graph.objects(node, SH.message)
    return tuple(message for message in found if isinstance(message, Literal))


@dataclass(slots=True)
class _Part:
    """A group of a query while it is read: where it begins and how `$this` is used in it."""

    opening: int
    depth: int
    exists: bool
    where: bool = False
    wrapper: bool = False  # it has nothing but a SELECT in it
    filtered: bool = False  # $this is used in an expression, and may not be bound there


@dataclass(frozen=True, slots=True)
class _Query:
    """The tokens of a constraint, with what has to be known to put focus nodes into them.

    `openings` are the braces behind which focus nodes are to be bound, `head` is where the columns
    of the outermost SELECT begin, `body` its WHERE group, `projections` all columns.
    """

    pieces: tuple[Token, ...]
    openings: frozenset[int]
    head: int
    body: tuple[int, int]
    projections: frozenset[int]
    distinct: bool
    star: bool
    aggregates: bool
    counts: bool
    slices: bool

    @classmethod
    def parse(cls, pieces: tuple[Token, ...], *, ask: bool) -> _Query:
        """The query of these tokens; InputError where SHACL does not allow it."""
        bound = {"this", "value"} if ask else {"this"}
        stack: list[_Part] = []
        openings, projections = set[int](), set[int]()
        selects: list[
            tuple[int, int]
        ] = []  # the keywords whose WHERE is yet to come, with their depth
        head, body, depth = 0, (0, 0), 0
        found = dict.fromkeys(("distinct", "star", "aggregates", "counts", "slices"), False)
        before, previous, last = "", "", -1
        for index, piece in enumerate(pieces):
            if piece.kind == "space":
                continue
            word = piece.text.upper() if piece.kind == "word" else piece.text
            if piece.kind == "word" and word in _FORBIDDEN:
                raise InputError(f"SHACL does not allow {word} here")
            if piece.kind == "word" and word in {"SELECT", "ASK"}:
                selects.append((index, depth))
                if stack and stack[-1].opening == last:
                    stack[-1].wrapper = True
            elif word == "{":
                part = _Part(index, depth, previous == "EXISTS" or bool(stack and stack[-1].exists))
                if selects and selects[-1][1] == depth:
                    start, _ = selects.pop()
                    columns = [
                        piece for piece in pieces[start + 1 : index] if piece.kind != "space"
                    ]
                    part.where = True
                    projections |= _top(pieces, start + 1, index)
                    if not stack:
                        once = bool(columns) and columns[0].text.upper() in {"DISTINCT", "REDUCED"}
                        star = [piece.text for piece in columns[once : once + 1]] == ["*"]
                        head = start + 1 if not once else pieces.index(columns[0]) + 1
                        found |= {"distinct": once, "star": star}
                    if not (ask and not stack) and not (found["star"] and not stack):
                        _project_this(columns, inner=bool(stack))
                    if not stack:
                        body = (index, index)
                stack.append(part)
            elif word == "}" and stack:
                part = stack.pop()
                if (part.where or part.filtered) and not part.exists and not part.wrapper:
                    openings.add(part.opening)
                if not stack:
                    body = (body[0], index)
            elif word in {"(", ")"}:
                depth += 1 if word == "(" else -1
            elif piece.kind == "variable" and piece.text[1:] in bound:
                if previous == "AS":
                    raise InputError(f"SHACL does not allow AS {piece.text} here")
                if stack and depth > stack[-1].depth:
                    stack[-1].filtered = True
            if previous == "(" and before in _COUNTING and word != "DISTINCT":
                found["counts"] = True  # so it matters how often a triple is there
            if piece.kind == "word":
                found["aggregates"] |= word in {"GROUP", "HAVING"}
                found["slices"] |= word in {"LIMIT", "OFFSET"}
            before, previous, last = previous, word, index
        return cls(
            pieces=pieces,
            openings=frozenset(openings),
            head=head,
            body=body,
            projections=frozenset(projections),
            **found,
        )

    def written(self, names: Mapping[str, str], *, targets: str = "", columns: str = "") -> str:
        """The query with variables renamed or replaced, `targets` bound, and further `columns`."""
        return self._joined(names, range(len(self.pieces)), targets, columns)

    def condition(self, names: Mapping[str, str]) -> str:
        """The WHERE group alone, with variables renamed or replaced."""
        return self._joined(names, range(self.body[0], self.body[1] + 1))

    def _joined(
        self, names: Mapping[str, str], indices: range, targets: str = "", columns: str = ""
    ) -> str:
        out: list[str] = []
        words: list[int] = []  # where in `out` the words and signs are
        for index in indices:
            piece = self.pieces[index]
            text = piece.text
            if index == self.head and columns:
                out.append(f" {columns} ")
            if piece.kind == "variable" and text[1:] in names:
                name = names[text[1:]]
                if name.startswith("?") or text[1:] == "PATH":
                    text = name
                elif "".join(out[word] for word in words[-2:]).upper() == "BOUND(":
                    out[words[-2]], text = "", "1 = 1"  # BOUND takes no constants
                else:
                    text = f"({name} AS {text})" if index in self.projections else name
            if piece.kind != "space":
                words.append(len(out))
            out.append(text)
            if index in self.openings and targets:
                out.append(f" {targets} ")
        return "".join(out)

    def uses(self, name: str) -> bool:
        """Whether a variable is in the query."""
        return any(piece.kind == "variable" and piece.text[1:] == name for piece in self.pieces)


def body(graph: Graph, node: Node, prefixes: Mapping[str, str]) -> tuple[Token, ...] | None:
    """The WHERE group of a SELECT constraint, its names spelled out; None where it cannot be compiled."""
    try:
        query = _read(graph, node, SH.select, prefixes)
    except UncompilableError:
        return None
    return query.pieces[query.body[0] : query.body[1] + 1]


def _top(pieces: tuple[Token, ...], first: int, last: int) -> set[int]:
    """The tokens of a projection that are columns by themselves, and not in an expression."""
    found, depth = set[int](), 0
    for index in range(first, last):
        text = pieces[index].text
        depth += (text == "(") - (text == ")")
        if depth == 0:
            found.add(index)
    return found


def _project_this(columns: list[Token], *, inner: bool) -> None:
    if not {"$this", "?this"} & {piece.text for piece in columns}:
        which = "a SELECT inside the query" if inner else "the SELECT"
        raise InputError(f"{which} does not have $this")


def _spelled_out(text: str, prefixes: Mapping[str, str]) -> tuple[Token, ...]:
    """The tokens of a query without comments, and with IRIs in the place of prefixed names."""
    known, base = dict(prefixes), ""
    out: list[Token] = []
    declaring: list[str] = []  # the words of a PREFIX or BASE so far
    for piece in tokens(text):
        kind, content = piece.kind, piece.text
        if kind == "other" and content == "\\":
            raise UncompilableError("a name in a SPARQL constraint has a backslash")
        if kind == "comment":
            out.append(Token("space", " ", piece.start))
        elif kind == "word" and content.upper() in {"PREFIX", "BASE"}:
            declaring = [content.upper()]
        elif declaring:
            declaring += [content] if kind != "space" else []
            if kind == "iri" and declaring[0] == "BASE":
                base, declaring = _resolved(base, content), []
            elif kind == "iri":
                known[declaring[1].rstrip(":")] = _resolved(base, content)
                declaring = []
        elif kind == "iri":
            out.append(Token("iri", f"<{_resolved(base, content)}>", piece.start))
        elif kind == "word" and ":" in content and not content.startswith("_:"):
            name = content.rstrip(".")
            prefix, _, local = name.partition(":")
            if prefix not in known:  # read otherwise than by the engine, which knew it
                raise UncompilableError("a name in a SPARQL constraint has an escape")
            out.append(Token("iri", f"<{known[prefix]}{local}>", piece.start))
            if name != content:
                out.append(Token("other", content[len(name) :], piece.start + len(name)))
        else:
            out.append(piece)
    return tuple(out)


def _resolved(base: str, reference: str) -> str:
    """The IRI that `<reference>` is, counted from a base."""
    iri = reference[1:-1]
    if not base or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri):
        return iri
    joined = urljoin(base, iri)
    return f"{joined}#" if iri.endswith("#") and not joined.endswith("#") else joined


def declarations(graph: Graph, node: Node) -> dict[str, str]:
    """The namespaces that a constraint declares, by their prefixes (SHACL, 5.2.1)."""
    declared: dict[str, str] = {}
    waiting, seen = list(graph.objects(node, SH.prefixes)), set[object]()
    while waiting:
        source = waiting.pop()
        if source in seen:
            continue
        seen.add(source)
        waiting += graph.objects(source, IMPORTS)
        for declaration in graph.objects(source, SH.declare):
            prefix = graph.value(declaration, SH.prefix)
            namespace = graph.value(declaration, SH.namespace)
            if not isinstance(prefix, Literal) or not isinstance(namespace, Literal):
                raise InputError(f"{source}: a sh:declare needs sh:prefix and sh:namespace")
            if declared.setdefault(prefix.value, namespace.value) != namespace.value:
                raise InputError(f"{source}: declares the prefix {prefix.value} for two namespaces")
    return declared


@dataclass(frozen=True, slots=True)
class Select:
    """A constraint whose solutions are the results: sh:sparql, or a validator with sh:select."""

    component: NamedNode
    query: _Query
    messages: tuple[Literal, ...]
    shape: Shape
    values: Mapping[str, Term] = field(default_factory=dict)
    constraint: Node | None = None

    def _names(self, focus: str, shape: Shape) -> dict[str, str]:
        names = {"this": focus} | {name: syntax(term) for name, term in self.values.items()}
        if self.query.uses("PATH"):
            if shape.path is None:
                raise InputError(f"{shape.node}: $PATH is for property shapes")
            names["PATH"] = f"({shape.path})" if shape.path.kind != "iri" else str(shape.path)
        if self.query.uses("currentShape"):
            names["currentShape"] = syntax(shape.node)
        if self.query.uses("shapesGraph"):
            names["shapesGraph"] = str(SHAPES_GRAPH)
        return names

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:  # noqa: ARG002
        """The query over all focus nodes, or where it has a LIMIT the query for each."""
        query, focus = self.query, place.focus
        targets, foci = place.targets, None
        if query.slices:
            columns = " ".join((*place.before, focus))
            foci, targets = (
                f"SELECT DISTINCT {columns} {{ {targets} }}",
                f"VALUES {focus} {{ {EACH} }}",
            )
        elif query.aggregates or query.star:
            targets = f"{{ SELECT DISTINCT {focus} {{ {targets} }} }}"
        kept = "" if query.aggregates or query.star or foci else " ".join(place.before)
        once = "" if query.distinct else "DISTINCT "
        yield Check(
            shape=place.shape,
            component=self.component,
            query=query.written(
                self._names(focus, place.shape), targets=targets, columns=once + kept
            ),
            focus=focus[1:],
            value="value",
            path="path",
            constraint=self.constraint,
            messages=self.messages,
            template=True,
            values=self.values,
            foci=foci,
            copied=query.counts or query.uses("shapesGraph"),
        )

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:
        """The query has no solution for the node."""
        query = self.query
        if compiling.screening:
            raise UncompilableError(f"{shape.node} may look at much")
        if query.aggregates or query.slices or query.uses("shapesGraph"):
            raise UncompilableError(
                f"the SPARQL constraint of {shape.node} stands in another shape"
            )
        return negated(f"EXISTS {query.condition(self._names(node, shape))}")


@dataclass(frozen=True, slots=True)
class Ask:
    """A validator with sh:ask, which value nodes fulfil."""

    component: NamedNode
    query: _Query
    messages: tuple[Literal, ...]
    shape: Shape
    values: Mapping[str, Term] = field(default_factory=dict)

    def _test(self, value: str, focus: str) -> str:
        query = self.query
        if query.uses("shapesGraph"):
            raise UncompilableError(f"{self.shape.node} asks for the shapes graph")
        names = {"this": focus, "value": value}
        names |= {name: syntax(term) for name, term in self.values.items()}
        if query.uses("currentShape"):
            names["currentShape"] = syntax(self.shape.node)
        return f"EXISTS {query.condition(names)}"

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:  # noqa: ARG002
        """One result for each value node of which the answer is no."""
        columns = " ".join(dict.fromkeys((*place.before, place.focus, place.value)))
        test = negated(self._test(place.value, place.focus))
        yield Check(
            shape=place.shape,
            component=self.component,
            query=f"SELECT DISTINCT {columns} {{ {place.values} FILTER({test}) }}",
            focus=place.focus[1:],
            value=place.value[1:],
            messages=self.messages,
            template=True,
            values=self.values,
        )

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:
        """The answer is yes for every value node."""
        if compiling.screening:
            raise UncompilableError(f"{shape.node} may look at much")
        if shape.path is None:
            return self._test(node, node)
        return negated(
            reaches(compiling, node, shape.path, lambda value: negated(self._test(value, node)))
        )

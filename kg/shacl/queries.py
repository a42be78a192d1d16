"""What constraints are compiled to: queries whose solutions are validation results, and conditions.

A constraint is asked in two ways. As part of a shape that has targets it becomes a `Check`, a query
over all focus nodes at once. Inside a shape that others refer to (`sh:node`, `sh:not`, `sh:or` …) it
becomes a condition on one node, which stands in a FILTER.

Conditions look from one node to the next by EXISTS with a single triple pattern, one inside the
other, and never by several patterns in one EXISTS: engines that join these first (Oxigraph among
them) would do so anew for each focus node. They never end in an error, so that they can be negated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pyoxigraph import BlankNode

from kg.errors import InputError
from kg.shacl.paths import Path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pyoxigraph import Literal, NamedNode

    from kg.shacl.graph import Graph
    from kg.shacl.shapes import Shape
    from kg.shacl.terms import Node, Term

TRUE, FALSE = "true", "false"
DEEP = 500
"""Conditions that stand beside each other at most: engines read them as one inside the other."""


class UncompilableError(InputError):
    """A shape says something that SPARQL 1.1 cannot, or not in reasonable time."""


@dataclass(frozen=True, slots=True)
class Place:
    """The focus nodes of a shape in a query: `targets` is a pattern that binds `focus` and `before`.

    `before` has the focus nodes of the shapes that led here by sh:property: what is reached from
    several of them is reported for each.
    """

    shape: Shape
    targets: str
    focus: str
    before: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """The variable of the value nodes; the focus node is the one value node of a node shape."""
        return self.focus if self.shape.path is None else f"{self.focus}v"

    @property
    def values(self) -> str:
        """A pattern that binds all focus nodes and value nodes."""
        path = self.shape.path
        if path is None:
            return self.targets
        found = f"{self.targets} {self.focus} {path} {self.value} ."
        if not path.nullable:
            return found
        # SPARQL's paths of length zero start from the nodes of the data alone.
        return f"{{ {found} }} UNION {{ {self.targets} BIND({self.focus} AS {self.value}) }}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A constraint of a shape at a place: each solution of `query` is one validation result.

    `focus`, `value` and `path` name the variables that hold these. With `foci`, which asks for the
    focus nodes, the query is to be asked for each of them alone, put in the place of `EACH`. With
    `copied` it is to be asked of a copy of the data in which each triple stands once, with the
    shapes graph beside it as a named graph. A message that is a `template` has
    {?variables} of the solution in it, or those of `values`.
    """

    shape: Shape
    component: NamedNode
    query: str
    focus: str
    value: str | None = None
    path: str | None = None
    constraint: Node | None = None
    messages: tuple[Literal, ...] = ()
    template: bool = False
    values: Mapping[str, Term] = field(default_factory=dict)
    foci: str | None = None
    copied: bool = False


EACH = "\0"


class Compiling(Protocol):
    """What constraints need of the compiler."""

    graph: Graph
    screening: bool
    """Whether what is compiled has to be quick to ask of one node after the other."""

    def fresh(self) -> str:
        """A variable that no query has yet."""

    def subclasses(self, class_: NamedNode) -> Sequence[NamedNode]:
        """A class and all its subclasses in the data."""

    def constant(self, expression: str) -> Term | None:
        """What the store makes of an expression without variables; None where that is an error."""

    def derived_integers(self) -> bool:
        """Whether the store keeps xsd:int and its like apart from xsd:integer."""

    def conforms(self, shape: Term, node: str) -> str:
        """The condition that a node, a variable or a term, has a shape."""

    def checks(self, shape: Term, place: Place) -> Iterator[Check]:
        """The checks of a shape that the value nodes of a place have to have, by sh:property."""


class Constraint(Protocol):
    """One constraint of a shape."""

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:
        """The queries for its validation results at a place."""

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:
        """The condition that a node fulfils it."""


def syntax(term: Term) -> str:
    """A term as SPARQL has it; UncompilableError for a blank node, which SPARQL cannot name."""
    if isinstance(term, BlankNode):
        raise UncompilableError(f"{term}: a blank node cannot be named in SPARQL")
    return str(term)


def negated(condition: str) -> str:
    """The opposite of a condition."""
    opposite = {TRUE: FALSE, FALSE: TRUE}
    return opposite.get(condition, f"!({condition})")


def conjunction(conditions: Sequence[str]) -> str:
    """The condition that all of some conditions hold."""
    if FALSE in conditions:
        return FALSE
    needed = [f"({condition})" for condition in conditions if condition != TRUE]
    if len(needed) > DEEP:
        raise UncompilableError(f"it asks for {len(needed)} things at once")
    return " && ".join(needed) or TRUE


def disjunction(conditions: Sequence[str]) -> str:
    """The condition that some of the conditions holds."""
    return negated(conjunction([negated(condition) for condition in conditions]))


def related(start: str, step: Path | NamedNode | str, end: str, condition: str = TRUE) -> str:
    """The condition that one step leads from a node to another one that fulfils a condition."""
    rest = f" FILTER({condition})" if condition != TRUE else ""
    return FALSE if condition == FALSE else f"EXISTS {{ {start} {step} {end}{rest} }}"


def reaches(
    compiling: Compiling,
    start: str,
    path: Path | None,
    condition: Callable[[str], str] = lambda _: TRUE,
    end: str | None = None,
) -> str:
    """The condition that a path leads from a node to a value that fulfils a condition.

    With `end`, a variable or a term, it has to be that value. Without a path, the node is the value.
    """

    def onward(node: str, steps: tuple[Path, ...]) -> str:
        last = len(steps) == 1
        next_ = end if last and end is not None else compiling.fresh()
        return related(
            node, steps[0], next_, condition(next_) if last else onward(next_, steps[1:])
        )

    at_once = conjunction([condition(start), f"sameTerm({start}, {end})" if end else TRUE])
    if path is None:
        return at_once
    found = onward(start, path.steps())
    # SPARQL's paths of length zero start from the nodes of the data alone.
    return disjunction([at_once, found]) if path.nullable else found


def each(path: Path | None) -> Path | None:
    """The path that leads to the same values, to each of them once.

    The union of named graphs has a triple as often as there are graphs with it (Oxigraph's issue
    1919), and what compares all values of a node would compare each of these; paths come once.
    """
    return Path("|", (path, path)) if path is not None and path.kind == "iri" else path


def reaches_several(
    compiling: Compiling,
    start: str,
    path: Path | None,
    number: int,
    condition: Callable[[str], str] = lambda _: TRUE,
    others: tuple[str, ...] = (),
) -> str:
    """The condition that a path leads from a node to so many different values that fulfil a condition."""
    if number == 0:
        return TRUE
    if number > MOST:
        raise UncompilableError(f"it counts to {number} inside another shape")

    def further(value: str) -> str:
        different = [f"!sameTerm({value}, {other})" for other in others]
        more = reaches_several(compiling, start, path, number - 1, condition, (*others, value))
        return conjunction([*different, condition(value), more])

    return reaches(compiling, start, each(path) if number > 1 else path, further)


MOST = 4
"""How far conditions count: they try all combinations of so many values."""

"""The kinds of constraint that SHACL Core has, and how the values of a shape are asked for several at once.

A kind is about each value node, about the focus node, about a number of values, and so on; which
component of SHACL makes which constraint is in `kg.shacl.core`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.shacl.queries import (
    FALSE,
    TRUE,
    Check,
    conjunction,
    disjunction,
    each,
    negated,
    reaches,
    reaches_several,
    related,
)
from kg.shacl.terms import SH
from kg.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.shacl.queries import Compiling, Constraint, Place
    from kg.shacl.shapes import Shape
    from kg.shacl.terms import Term


def _check(
    place: Place,
    component: NamedNode,
    message: str,
    pattern: str,
    condition: str = TRUE,
    *,
    value: str | None = None,
    path: str | None = None,
    apart: tuple[str, ...] = (),
    group: str = "",
) -> Check:
    """A check whose results are the solutions of a pattern that fulfil a condition.

    `apart` are further variables that tell results from each other; `group` is what follows a
    GROUP BY of the focus nodes.
    """
    columns = [*place.before, place.focus, *([value] if value else []), *apart]
    columns += [path] if path else []
    named = " ".join(dict.fromkeys(columns))
    body = f"{{ {pattern} }}" if condition == TRUE else f"{{ {pattern} FILTER({condition}) }}"
    query = f"SELECT DISTINCT {named} {body}"
    if group:
        query = f"SELECT {named} {body} GROUP BY {named} {group}"
    return Check(
        shape=place.shape,
        component=component,
        query=query,
        focus=place.focus[1:],
        value=value[1:] if value else None,
        path=path[1:] if path else None,
        messages=place.shape.messages or (Literal(message, language="en"),),
    )


def anything(_: str) -> str:
    """The condition that every value fulfils."""
    return TRUE


@dataclass(frozen=True, slots=True)
class OfValues:
    """A constraint that each value node fulfils by itself: `test` takes value node and focus node.

    `classes` are those of sh:class.
    """

    component: NamedNode
    message: str
    test: Callable[[str, str], str]
    classes: tuple[NamedNode, ...] = ()

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:  # noqa: ARG002
        """One result for each value node that does not."""
        test = negated(self.test(place.value, place.focus))
        if test != FALSE:
            yield _check(place, self.component, self.message, place.values, test, value=place.value)

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:
        """No value node fails."""
        if shape.path is None:
            return self.test(node, node)
        return negated(
            reaches(compiling, node, shape.path, lambda value: negated(self.test(value, node)))
        )


@dataclass(frozen=True, slots=True)
class OfFocus:
    """A constraint on all value nodes together: `test` takes a focus node; `term` is that of sh:hasValue."""

    component: NamedNode
    message: str
    test: Callable[[str], str]
    term: str | None = None

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:  # noqa: ARG002
        """One result for the focus node."""
        test = negated(self.test(place.focus))
        if test != FALSE:
            yield _check(place, self.component, self.message, place.targets, test)

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:  # noqa: ARG002
        """The test itself."""
        return self.test(node)


@dataclass(frozen=True, slots=True)
class Count:
    """A constraint on the number of value nodes that fulfil a condition."""

    component: NamedNode
    message: str
    least: int | None = None
    most: int | None = None
    condition: Callable[[str], str] = anything

    @property
    def plain(self) -> bool:
        """Whether it asks for a value at least, or at most, of whatever kind."""
        return (self.least, self.most) in {(1, None), (None, 1)} and self.condition is anything

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:
        """One result for the focus node."""
        path = place.shape.path
        if (self.least or 0) <= 1 and (self.most or 0) <= 1:  # found by looking, not by counting
            shape = place.shape

            def test(focus: str) -> str:
                return self.holds(compiling, shape, focus)

            yield from OfFocus(self.component, self.message, test).checks(compiling, place)
            return
        condition = self.condition(place.value)
        counted = f"COUNT(DISTINCT {place.value})"
        if self.most is not None:
            pattern, having = place.values, f"HAVING({counted} > {self.most})"
            if condition != TRUE:
                pattern += f" FILTER({condition})"
        else:
            filtered = f" FILTER({condition})" if condition != TRUE else ""
            values = f"{place.focus} {path} {place.value}{filtered}"
            if path is not None and path.nullable:
                values = f"{place.values}{filtered}"
            pattern = f"{place.targets} OPTIONAL {{ {values} }}"
            having = f"HAVING({counted} < {self.least})"
        yield _check(place, self.component, self.message, pattern, group=having)

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:
        """There are enough of them, and not too many."""
        path, condition = shape.path, self.condition
        if self.most is not None:
            return negated(reaches_several(compiling, node, path, self.most + 1, condition))
        return reaches_several(compiling, node, path, self.least or 0, condition)


@dataclass(frozen=True, slots=True)
class UniqueLang:
    """sh:uniqueLang."""

    component: NamedNode
    message: str

    @staticmethod
    def _repeated(compiling: Compiling, place_or_shape: Shape, node: str, value: str) -> str:
        def same(other: str) -> str:
            return f"!sameTerm({value}, {other}) && LCASE(LANG({value})) = LCASE(LANG({other}))"

        again = reaches(compiling, node, place_or_shape.path, lambda other: sure(same(other)))
        return conjunction([sure(f'LANG({value}) != ""'), again])

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:
        """One result for each language that is used more than once."""
        language = f"{place.focus}l"
        repeated = self._repeated(compiling, place.shape, place.focus, place.value)
        pattern = (
            f"{place.values} FILTER({repeated}) BIND(LCASE(LANG({place.value})) AS {language})"
        )
        yield _check(place, self.component, self.message, pattern, apart=(language,))

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:
        """No language is used more than once."""
        return negated(
            reaches(
                compiling,
                node,
                each(shape.path),
                lambda value: self._repeated(compiling, shape, node, value),
            )
        )


@dataclass(frozen=True, slots=True)
class Equals:
    """sh:equals: the value nodes are just the objects of `predicate`."""

    component: NamedNode
    message: str
    predicate: NamedNode

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:
        """One result for each value on one side only."""
        shape, focus, value = place.shape, place.focus, f"{place.focus}v"
        present = "" if shape.path else f" BIND({focus} AS {value})"
        only_here = f"{place.values}{present} FILTER({self._lacks(focus, value)})"
        lacking = negated(reaches(compiling, focus, shape.path, end=value))
        only_there = f"{place.targets} {focus} {self.predicate} {value} FILTER({lacking})"
        pattern = f"{{ {only_here} }} UNION {{ {only_there} }}"
        yield _check(place, self.component, self.message, pattern, value=value)

    def _lacks(self, focus: str, value: str) -> str:
        return negated(related(focus, self.predicate, value))

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:
        """No value is on one side only."""
        other = compiling.fresh()
        lacking = negated(reaches(compiling, node, shape.path, end=other))
        return conjunction(
            [
                negated(
                    reaches(compiling, node, shape.path, lambda value: self._lacks(node, value))
                ),
                negated(related(node, self.predicate, other, lacking)),
            ]
        )


@dataclass(frozen=True, slots=True)
class Less:
    """sh:lessThan and sh:lessThanOrEquals: each value node is below each object of `predicate`."""

    component: NamedNode
    message: str
    predicate: NamedNode
    sign: str

    def fails(self, value: str, bound: str) -> str:
        """The condition that two values are not in order."""
        literals = (
            f"isLiteral({value}) && isLiteral({bound})"  # an engine may let an IRI equal itself
        )
        return negated(sure(f"{literals} && {value} {self.sign} {bound}"))

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:  # noqa: ARG002
        """One result for each pair that is not in order, or not comparable."""
        bound = f"{place.focus}w"
        pattern = f"{place.values} {place.focus} {self.predicate} {bound}"
        fails = self.fails(place.value, bound)
        yield _check(
            place, self.component, self.message, pattern, fails, value=place.value, apart=(bound,)
        )

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:
        """Every pair is in order."""

        def failing(value: str) -> str:
            bound = compiling.fresh()
            return related(node, self.predicate, bound, self.fails(value, bound))

        return negated(reaches(compiling, node, shape.path, failing))


@dataclass(frozen=True, slots=True)
class Closed:
    """sh:closed: value nodes have no other predicates than `allowed`."""

    component: NamedNode
    message: str
    allowed: tuple[NamedNode, ...]

    def _foreign(self, predicate: str) -> str:
        return negated(among(predicate, self.allowed))

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:  # noqa: ARG002
        """One result for each triple with another predicate."""
        predicate, value = f"{place.focus}p", f"{place.focus}o"
        pattern = f"{place.values} {place.value} {predicate} {value}"
        foreign, apart = self._foreign(predicate), (place.value,)
        yield _check(
            place,
            self.component,
            self.message,
            pattern,
            foreign,
            value=value,
            path=predicate,
            apart=apart,
        )

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:
        """There is no such triple."""

        def open_(value: str) -> str:
            predicate = compiling.fresh()
            return related(value, predicate, compiling.fresh(), self._foreign(predicate))

        return negated(reaches(compiling, node, shape.path, open_))


@dataclass(frozen=True, slots=True)
class Property:
    """sh:property: the value nodes have a property shape, and it is that shape's results that are reported."""

    shape: Term

    def checks(self, compiling: Compiling, place: Place) -> Iterator[Check]:
        """The checks of the property shape, with the value nodes as focus nodes."""
        yield from compiling.checks(self.shape, place)

    def holds(self, compiling: Compiling, shape: Shape, node: str) -> str:
        """Every value node has the property shape."""
        test = compiling.conforms
        return OfValues(SH.property, "", lambda value, _: test(self.shape, value)).holds(
            compiling, shape, node
        )


def condition(
    compiling: Compiling, shape: Shape, constraints: Sequence[Constraint], node: str
) -> str:
    """The condition that a node fulfils all constraints of a shape.

    What is asked of each value of a property shape, and whether there is one and no other, is asked
    in one look at the values.
    """
    if shape.path is None:
        return conjunction([made.holds(compiling, shape, node) for made in constraints])
    once = [made for made in constraints if isinstance(made, Count) and made.plain]
    needed, single = (any(getattr(made, name) == 1 for made in once) for name in ("least", "most"))
    tests = [made.test for made in constraints if isinstance(made, OfValues)]
    rest = [made for made in constraints if made not in once and not isinstance(made, OfValues)]

    def good(value: str) -> str:
        conditions = [test(value, node) for test in tests]
        if single:

            def another(other: str) -> str:
                return f"!sameTerm({value}, {other})"

            conditions.append(negated(reaches(compiling, node, shape.path, another)))
        return conjunction(conditions)

    conditions = [made.holds(compiling, shape, node) for made in rest]
    if needed and single:
        conditions.append(reaches(compiling, node, shape.path, good))
    else:
        if needed:
            conditions.append(reaches(compiling, node, shape.path))
        if tests or single:
            path = each(shape.path) if single else shape.path
            bad = reaches(compiling, node, path, lambda value: negated(good(value)))
            conditions.append(negated(bad))
    return conjunction(conditions)


def scans(
    shape: Shape, constraints: Sequence[Constraint], place: Place, member: str
) -> tuple[list[str], list[Constraint]]:
    """Queries that together find the focus nodes that fail, and the constraints that they leave out.

    `place` is where the focus nodes of the property shape are, and `member` the condition that a
    node is one of them. Here the values are looked at first, all in the order in which the store
    keeps them, and what nodes they belong to is asked of the bad ones alone: on disk that is many
    times sooner than going from each focus node to its values. The inner SELECT keeps the engine
    from asking the condition first.
    """
    path, focus = shape.path, place.focus
    if path is None or path.nullable or any(step.kind in "*+" for step in path.steps()):
        return [], list(constraints)
    value, other = f"{focus}v", f"{focus}w"
    values = f"{focus} {path} {value}"
    bad: list[str] = []  # what is wrong with a value by itself
    found: list[str] = []  # patterns for focus nodes that may be of other shapes
    missing: list[str] = []
    rest: list[Constraint] = []
    for made in constraints:
        match made:
            case OfValues(classes=(first, *more)):
                types = f"{value} {RDF.type} {first}"
                if more:
                    type_ = f"{focus}t"
                    named = " ".join(map(str, made.classes))
                    types = f"VALUES {type_} {{ {named} }} {value} {RDF.type} {type_}"
                found.append(f"SELECT DISTINCT {focus} {{ {values} MINUS {{ {types} }} }}")
            case OfValues() if "EXISTS" not in (test := made.test(value, focus)):
                bad.append(negated(test))
            case Count(least=1) if made.plain:
                missing.append(f"{focus} {path} {value}")
            case OfFocus(term=str(term)):
                missing.append(f"{focus} {path} {term}")
            case Count(most=int(most), condition=condition) if condition is anything and most:
                having = f"HAVING(COUNT(DISTINCT {value}) > {most})"
                found.append(f"SELECT {focus} {{ {values} }} GROUP BY {focus} {having}")
            case Less():
                one = f"{{ SELECT DISTINCT {focus} {value} {{ {values} }} }}"
                two = f"{focus} {made.predicate} {other}"
                two = f"{{ SELECT DISTINCT {focus} {other} {{ {two} }} }}"
                fails = made.fails(value, other)
                found.append(f"SELECT DISTINCT {focus} {{ {one} {two} FILTER({fails}) }}")
            case _:
                rest.append(made)
    if bad:
        found.append(f"SELECT DISTINCT {focus} {{ {values} FILTER({disjunction(bad)}) }}")
    queries = [f"SELECT {focus} {{ {{ {inner} }} FILTER({member}) }}" for inner in found]
    queries += [
        f"SELECT DISTINCT {focus} {{ {{ {place.targets} }} MINUS {{ {pattern} }} }}"
        for pattern in missing
    ]
    return queries, rest


def sure(condition: str) -> str:
    """A condition that is false where it would be an error."""
    return f"COALESCE({condition}, false)"


def among(expression: str, terms: Sequence[NamedNode]) -> str:
    """The condition that an expression is one of some IRIs."""
    if len(terms) > 1:
        return f"{expression} IN ({', '.join(map(str, terms))})"
    # The engine compares terms sooner than values.
    return " || ".join(f"sameTerm({expression}, {term})" for term in terms) or FALSE


def instance(compiling: Compiling, node: str, classes: Sequence[NamedNode]) -> str:
    """The condition that a node has one of some types."""
    if len(classes) == 1:
        return related(node, RDF.type, str(classes[0]))
    type_ = compiling.fresh()
    return related(node, RDF.type, type_, among(type_, classes))

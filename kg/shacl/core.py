"""The constraint components of SHACL Core (SHACL, 4): what each parameter of a shape asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg import datatypes
from kg.errors import InputError
from kg.shacl.constraints import (
    Closed,
    Count,
    Equals,
    Less,
    OfFocus,
    OfValues,
    Property,
    UniqueLang,
    among,
    instance,
    sure,
)
from kg.shacl.queries import (
    FALSE,
    UncompilableError,
    conjunction,
    disjunction,
    negated,
    reaches,
    related,
    syntax,
)
from kg.shacl.shapes import is_true, siblings
from kg.shacl.terms import SH, component
from kg.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.shacl.paths import Path
    from kg.shacl.queries import Compiling, Constraint
    from kg.shacl.shapes import Shape
    from kg.shacl.terms import Term


LONG = 20
"""Literals in a list that are compared one by one at most."""
GREATEST = 2**62
"""Counts and lengths are not compared with more: no data have so much, and engines stop at 64 bits."""
_OTHERWISE = re.compile(r"\[[^\]]*(&&|--|~~|-\[)")
"""Classes of characters that XPath, which SPARQL follows, and the engine's Rust read differently."""


def constraints(compiling: Compiling, shape: Shape) -> Iterator[Constraint]:
    """The constraints of SHACL Core that a shape has; InputError where one is not well-formed."""
    given = compiling.graph.predicates(shape.node)
    for parameter, make in _COMPONENTS.items():
        if parameter in given:
            for value in compiling.graph.objects(shape.node, parameter):
                yield from make(compiling, shape, value)
    for parameter in _ONCE & given:
        compiling.graph.value(shape.node, parameter)  # complains where there are several


def _integer(shape: Shape, value: Term) -> int:
    if not isinstance(value, Literal) or not value.value.lstrip("+-").isdecimal():
        raise InputError(f"{shape.node}: {value} is no whole number")
    return min(int(value.value), GREATEST)


def _iri(shape: Shape, value: Term) -> NamedNode:
    if not isinstance(value, NamedNode):
        raise InputError(f"{shape.node}: {value} is no IRI")
    return value


def _text(shape: Shape, value: Term) -> str:
    if not isinstance(value, Literal):
        raise InputError(f"{shape.node}: {value} is no literal")
    return str(Literal(value.value))


def _path(shape: Shape, name: str) -> Path:
    if shape.path is None:
        raise InputError(f"{shape.node}: sh:{name} is for property shapes")
    return shape.path


def _class(compiling: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    classes = tuple(compiling.subclasses(_iri(shape, value)))

    def test(node: str, _: str) -> str:
        return instance(compiling, node, classes)

    yield OfValues(component(SH.class_), f"The value is no instance of {value}.", test, classes)


def _datatype(compiling: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    datatype = _iri(shape, value)
    pattern, bounds = datatypes.pattern(datatype), datatypes.RANGES.get(datatype.value)
    accepted = [datatype]
    if bounds and not compiling.derived_integers():
        accepted = [datatype, XSD.integer]  # all that such a store can say of them

    def test(node: str, _: str) -> str:
        conditions = [f"isLiteral({node})", among(f"DATATYPE({node})", accepted)]
        if pattern:
            conditions.append(f"REGEX(STR({node}), {Literal(pattern)})")
        for sign, bound in zip((">=", "<="), bounds or (), strict=False):
            if bound is not None:
                conditions.append(sure(f"{node} {sign} {bound}"))
        return conjunction(conditions)

    yield OfValues(component(SH.datatype), f"The value is no {datatype}.", test)


_KINDS = {
    SH.IRI: ("isIRI",),
    SH.BlankNode: ("isBlank",),
    SH.Literal: ("isLiteral",),
    SH.BlankNodeOrIRI: ("isBlank", "isIRI"),
    SH.BlankNodeOrLiteral: ("isBlank", "isLiteral"),
    SH.IRIOrLiteral: ("isIRI", "isLiteral"),
}


def _node_kind(_: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    kinds = _KINDS.get(_iri(shape, value))
    if kinds is None:
        raise InputError(f"{shape.node}: {value} is no kind of node")

    def test(node: str, _: str) -> str:
        return " || ".join(f"{kind}({node})" for kind in kinds)

    words = " or ".join(kind.removeprefix("is").replace("Blank", "blank node") for kind in kinds)
    yield OfValues(component(SH.nodeKind), f"The value is no {words}.", test)


def _min_count(_: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    _path(shape, "minCount")
    least = _integer(shape, value)
    if least > 0:
        yield Count(component(SH.minCount), f"There are fewer than {least} values.", least=least)


def _max_count(_: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    _path(shape, "maxCount")
    most = _integer(shape, value)
    yield Count(component(SH.maxCount), f"There are more than {most} values.", most=most)


def _ranged(name: NamedNode, sign: str) -> Callable[[Compiling, Shape, Term], Iterator[Constraint]]:
    def make(_: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
        if not isinstance(value, Literal):
            raise InputError(f"{shape.node}: {value} is no literal")

        def test(node: str, _: str) -> str:
            return sure(f"{node} {sign} {value}")

        yield OfValues(component(name), f"The value is not {sign} {value.value}.", test)

    return make


def _length(name: NamedNode, sign: str) -> Callable[[Compiling, Shape, Term], Iterator[Constraint]]:
    def make(_: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
        length = _integer(shape, value)

        def test(node: str, _: str) -> str:
            return f"!isBlank({node}) && STRLEN(STR({node})) {sign} {length}"

        yield OfValues(component(name), f"The length is not {sign} {length}.", test)

    return make


def _pattern(compiling: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    pattern = _text(shape, value)
    flags = compiling.graph.value(shape.node, SH.flags)
    arguments = f"{pattern}, {_text(shape, flags)}" if flags is not None else pattern
    if _OTHERWISE.search(pattern):
        raise UncompilableError(f"engines do not agree on the regular expression {pattern}")
    if compiling.constant(f'REGEX("", {arguments})') is None:
        raise UncompilableError(f"the store does not know the regular expression {pattern}")

    def test(node: str, _: str) -> str:
        return f"!isBlank({node}) && REGEX(STR({node}), {arguments})"

    yield OfValues(
        component(SH.pattern), f"The value does not match the pattern {value.value}.", test
    )


def _language_in(compiling: Compiling, _: Shape, value: Term) -> Iterator[Constraint]:
    items = compiling.graph.items(value)
    tags = [str(Literal(item.value)) for item in items if isinstance(item, Literal)]

    def test(node: str, _: str) -> str:
        fits = " || ".join(f"LANGMATCHES(LANG({node}), {tag})" for tag in tags) or FALSE
        return f"isLiteral({node}) && ({fits})"

    message = f"The language is not among {', '.join(tags)}."
    yield OfValues(component(SH.languageIn), message, test)


def _unique_lang(_: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    _path(shape, "uniqueLang")
    # SHACL 4.4.5 asks for the term true itself, not for another literal with its value.
    if value == Literal(True):
        yield UniqueLang(component(SH.uniqueLang), "A language is used more than once.")


def _equals(_: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    predicate = _iri(shape, value)
    message = f"The values are not the same as those of {predicate}."
    yield Equals(component(SH.equals), message, predicate)


def _disjoint(_: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    predicate = _iri(shape, value)

    def test(node: str, focus: str) -> str:
        return negated(related(focus, predicate, node))

    yield OfValues(component(SH.disjoint), f"The value is one of {predicate} too.", test)


def _less(name: NamedNode, sign: str) -> Callable[[Compiling, Shape, Term], Iterator[Constraint]]:
    def make(_: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
        _path(shape, name.value.partition("#")[2])
        predicate = _iri(shape, value)
        message = f"The value is not {sign} that of {predicate}."
        yield Less(component(name), message, predicate, sign)

    return make


def _not(compiling: Compiling, _: Shape, value: Term) -> Iterator[Constraint]:
    def test(node: str, _: str) -> str:
        return negated(compiling.conforms(value, node))

    yield OfValues(component(SH.not_), "The value has the shape that it must not have.", test)


def _and(compiling: Compiling, _: Shape, value: Term) -> Iterator[Constraint]:
    members = compiling.graph.items(value)

    def test(node: str, _: str) -> str:
        return conjunction([compiling.conforms(member, node) for member in members])

    yield OfValues(component(SH.and_), "The value does not have all of the shapes.", test)


def _or(compiling: Compiling, _: Shape, value: Term) -> Iterator[Constraint]:
    members = compiling.graph.items(value)

    def test(node: str, _: str) -> str:
        return disjunction([compiling.conforms(member, node) for member in members])

    yield OfValues(component(SH.or_), "The value has none of the shapes.", test)


def _xone(compiling: Compiling, _: Shape, value: Term) -> Iterator[Constraint]:
    members = compiling.graph.items(value)

    def test(node: str, _: str) -> str:
        held = (f"IF({compiling.conforms(member, node)}, 1, 0)" for member in members)
        return f"({' + '.join(held) or '0'}) = 1"

    yield OfValues(component(SH.xone), "The value does not have just one of the shapes.", test)


def _node(compiling: Compiling, _: Shape, value: Term) -> Iterator[Constraint]:
    def test(node: str, _: str) -> str:
        return compiling.conforms(value, node)

    named = f" {value}" if isinstance(value, NamedNode) else ""
    message = f"The value does not have the shape{named} that it should have."
    yield OfValues(component(SH.node), message, test)


def _property(_: Compiling, __: Shape, value: Term) -> Iterator[Constraint]:
    yield Property(value)


def _qualified(compiling: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    _path(shape, "qualifiedValueShape")
    graph = compiling.graph
    disjoint = is_true(graph.value(shape.node, SH.qualifiedValueShapesDisjoint))
    others = sorted(siblings(graph, shape.node), key=str) if disjoint else []

    def qualifies(node: str) -> str:
        unlike = [negated(compiling.conforms(other, node)) for other in others]
        return conjunction([compiling.conforms(value, node), *unlike])

    least = graph.value(shape.node, SH.qualifiedMinCount)
    most = graph.value(shape.node, SH.qualifiedMaxCount)
    if least is not None and _integer(shape, least) > 0:
        name = NamedNode(f"{SH.base}QualifiedMinCountConstraintComponent")
        number = _integer(shape, least)
        message = f"Fewer than {number} values have the qualifying shape."
        yield Count(name, message, least=number, condition=qualifies)
    if most is not None:
        name = NamedNode(f"{SH.base}QualifiedMaxCountConstraintComponent")
        number = _integer(shape, most)
        message = f"More than {number} values have the qualifying shape."
        yield Count(name, message, most=number, condition=qualifies)


def _closed(compiling: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    if not is_true(value):
        return
    graph = compiling.graph
    ignored = graph.value(shape.node, SH.ignoredProperties)
    allowed = set(graph.items(ignored)) if ignored is not None else set()
    for property_ in graph.objects(shape.node, SH.property):
        allowed |= set(graph.objects(property_, SH.path))
    predicates = sorted((term for term in allowed if isinstance(term, NamedNode)), key=str)
    yield Closed(component(SH.closed), "The property is not allowed here.", tuple(predicates))


def _has_value(compiling: Compiling, shape: Shape, value: Term) -> Iterator[Constraint]:
    term = syntax(value)

    def test(focus: str) -> str:
        return reaches(compiling, focus, shape.path, end=term)

    yield OfFocus(component(SH.hasValue), f"The value {value} is missing.", test, term)


def _in(compiling: Compiling, _: Shape, value: Term) -> Iterator[Constraint]:
    items = compiling.graph.items(value)
    iris = tuple(item for item in items if isinstance(item, NamedNode))
    literals_ = [item for item in items if isinstance(item, Literal)]

    def test(node: str, _: str) -> str:
        if len(literals_) > LONG:  # as a chain of conditions it would be too deep for the engine
            item = compiling.fresh()
            members = " ".join(map(str, (*iris, *literals_)))
            return f"EXISTS {{ VALUES {item} {{ {members} }} FILTER(sameTerm({node}, {item})) }}"
        same = [f"sameTerm({node}, {literal})" for literal in literals_]
        named = [f"isIRI({node}) && {among(node, iris)}"] if iris else []
        return disjunction([*named, *same])

    yield OfValues(component(SH.in_), "The value is not in the list of allowed values.", test)


_COMPONENTS: dict[NamedNode, Callable[[Compiling, Shape, Term], Iterator[Constraint]]] = {
    SH.class_: _class,
    SH.datatype: _datatype,
    SH.nodeKind: _node_kind,
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    SH.minExclusive: _ranged(SH.minExclusive, ">"),
    SH.minInclusive: _ranged(SH.minInclusive, ">="),
    SH.maxExclusive: _ranged(SH.maxExclusive, "<"),
    SH.maxInclusive: _ranged(SH.maxInclusive, "<="),
    SH.minLength: _length(SH.minLength, ">="),
    SH.maxLength: _length(SH.maxLength, "<="),
    SH.pattern: _pattern,
    SH.languageIn: _language_in,
    SH.uniqueLang: _unique_lang,
    SH.equals: _equals,
    SH.disjoint: _disjoint,
    SH.lessThan: _less(SH.lessThan, "<"),
    SH.lessThanOrEquals: _less(SH.lessThanOrEquals, "<="),
    SH.not_: _not,
    SH.and_: _and,
    SH.or_: _or,
    SH.xone: _xone,
    SH.node: _node,
    SH.property: _property,
    SH.qualifiedValueShape: _qualified,
    SH.closed: _closed,
    SH.hasValue: _has_value,
    SH.in_: _in,
}
_ONCE = {
    *(SH.datatype, SH.nodeKind, SH.minCount, SH.maxCount, SH.minExclusive, SH.minInclusive),
    *(SH.maxExclusive, SH.maxInclusive, SH.minLength, SH.maxLength, SH.languageIn, SH.uniqueLang),
    *(SH.closed, SH.in_),
}

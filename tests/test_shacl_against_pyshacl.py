"""The results of `kg.shacl` are those of pySHACL: on the corpus, on all negatives, on random cases.

Compared are sets of (focus node, path, value, shape, component, severity). Two kinds of random cases
are made: the clean data of `negatives/_base.ttl` damaged in a few places, under the packaged shapes;
and small shapes graphs with every constraint component, target and path of SHACL Core over data of
a few nodes. `KG_EXAMPLES` multiplies their number.

pySHACL is not right in everything. What it has otherwise than the specification is not generated,
and is named where it would have been.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, note, reject, settings
from hypothesis import strategies as st

from kg import resources
from kg.vocab import KG, OA, SCHEMA, XSD
from tests import shacl_peers as peers

if TYPE_CHECKING:
    from kg.workspace import Workspace

TIMES = int(os.environ.get("KG_EXAMPLES", "1"))
RANDOM = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
NEGATIVES = Path(__file__).with_name("negatives")
GROUPS = 3 if TIMES == 1 else 98
"""pySHACL takes half a second for every run over the packaged shapes: negatives are taken together."""

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


class ItselfError(AssertionError):
    """A shape came to refer to itself, as it may among siblings that have to be disjoint."""


def compared(data: peers.Triples, shapes: peers.Triples) -> tuple[set[peers.Result], ...]:
    """What pySHACL finds, and what `kg` finds without it; literals in the forms that the store has."""
    data, shapes = peers.stored(data), peers.stored(shapes)
    theirs = peers.results(peers.with_pyshacl(data, shapes))
    report = peers.report_of_kg(data, shapes)
    if any("refers to itself" in line for line in report.notes):
        raise ItselfError
    assert report.notes == ()  # nothing was handed to pySHACL
    ours = peers.results(report.triples())
    return theirs, ours


# The packaged shapes


@cache
def turtle(path: Path) -> tuple[ox.Triple, ...]:
    return tuple(peers.read(path)[0])


def packaged() -> peers.Triples:
    return [*turtle(resources.folder("shapes") / "newskg.ttl")]


@cache
def base() -> tuple[ox.Triple, ...]:
    """The clean data and the ontology."""
    return turtle(NEGATIVES / "_base.ttl") + turtle(resources.folder("ontology") / "newskg.ttl")


def negatives() -> list[Path]:
    return sorted(path for path in NEGATIVES.glob("*.ttl") if path.stem != "_base")


def test_the_founding_corpus_has_the_same_results(built: Workspace) -> None:
    with built.reading() as store:
        data = list(store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))  # type: ignore[arg-type]
    theirs, ours = compared(data, packaged())
    assert len(theirs) == 3
    assert ours == theirs


def test_the_number_of_negatives_is_known() -> None:
    assert len(negatives()) == 111


@pytest.mark.parametrize("group", range(GROUPS))
def test_the_negatives_have_the_same_results(group: int) -> None:
    paths = negatives()[group::GROUPS]
    data = [*base(), *(triple for path in paths for triple in turtle(path))]
    theirs, ours = compared(data, packaged())
    assert len({result.shape for result in theirs}) >= len(paths) // 2
    assert ours == theirs


# Damage


@dataclass(frozen=True, slots=True)
class Damage:
    """Damaged data, and what has been done to them, to be read in a failure."""

    data: tuple[ox.Triple, ...]
    done: tuple[str, ...]


DATATYPES = ("string", "integer", "decimal", "dateTime", "date", "anyURI", "boolean")
INSTANT, NUMBER = {XSD.dateTime}, {XSD.integer, XSD.decimal}
ORDERED = {
    KG.earliest: INSTANT,
    KG.latest: INSTANT,
    OA.start: NUMBER,
    OA.end: NUMBER,
    SCHEMA.value: NUMBER,
    SCHEMA.minValue: NUMBER,
    SCHEMA.maxValue: NUMBER,
    KG.confidence: NUMBER,
    KG.nameSimilarity: NUMBER,
    KG.typeFit: NUMBER,
    KG.contextFit: NUMBER,
    KG.dateFit: NUMBER,
    KG.popularity: NUMBER,
    KG.margin: NUMBER,
}
"""What our shapes compare, and the datatypes that may meet there.

An instant is neither before nor after a number (SPARQL 1.1, section 17.3: no such operator, so an
error); rdflib, which evaluates pySHACL's queries, puts them into an order.
"""


def ordered(triple: ox.Triple) -> bool:
    value, datatypes = triple.object, ORDERED.get(triple.predicate)
    return not datatypes or not isinstance(value, ox.Literal) or value.datatype in datatypes


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    own = turtle(NEGATIVES / "_base.ttl")
    nodes = sorted({triple.subject for triple in own}, key=str)
    objects = sorted({triple.object for triple in own}, key=str)
    predicates = sorted({triple.predicate for triple in own}, key=str)
    classes = sorted({t.object for t in own if t.predicate == peers.TYPE}, key=str)
    extra = draw(st.sampled_from([None, *negatives()]))
    data = [*own, *(turtle(extra) if extra else ())]
    done = [extra.stem] if extra else []
    for _ in range(draw(st.integers(1, 4))):
        index = draw(st.integers(0, len(data) - 1))
        old = data[index]
        how = draw(
            st.sampled_from(["remove", "add", "retype", "retag", "object", "predicate", "blank"])
        )
        match how:
            case "remove":
                new = None
            case "add":
                new = ox.Triple(old.subject, old.predicate, draw(st.sampled_from(objects)))
                index = len(data)
            case "retype":
                typed = [i for i, triple in enumerate(data) if triple.predicate == peers.TYPE]
                index = draw(st.sampled_from(typed))
                old = data[index]
                new = ox.Triple(old.subject, old.predicate, draw(st.sampled_from(classes)))
            case "retag":
                literals = [
                    (i, t, t.object) for i, t in enumerate(data) if isinstance(t.object, ox.Literal)
                ]
                index, old, literal = draw(st.sampled_from(literals))
                new = ox.Triple(old.subject, old.predicate, draw(retagged(literal.value)))
            case "object":
                value = draw(st.sampled_from(objects) | st.sampled_from(nodes))
                new = ox.Triple(old.subject, old.predicate, value)
            case "predicate":
                new = ox.Triple(old.subject, draw(st.sampled_from(predicates)), old.object)
            case _:
                new = ox.Triple(ox.BlankNode(f"b{index}"), old.predicate, old.object)
        if new is not None and not ordered(new):
            continue
        done.append(f"{how}: {old if how != 'add' else ''} -> {new}")
        data[index : index + 1] = [] if new is None else [new]
    return Damage(tuple(data), tuple(done))


def retagged(value: str) -> st.SearchStrategy[ox.Literal]:
    return st.sampled_from(
        [
            *(ox.Literal(value, datatype=ox.NamedNode(XSD.base + name)) for name in DATATYPES),
            *(ox.Literal(value, language=tag) for tag in ("en", "de", "ja")),
        ]
    )


@settings(RANDOM, max_examples=8 * TIMES)
@given(damages())
def test_damaged_data_have_the_same_results(damage: Damage) -> None:
    for line in damage.done:
        note(line)
    ontology = turtle(resources.folder("ontology") / "newskg.ttl")
    theirs, ours = compared([*damage.data, *ontology], packaged())
    assert ours == theirs


def test_damage_is_found_by_many_shapes() -> None:
    found: set[str] = set()
    ontology = turtle(resources.folder("ontology") / "newskg.ttl")

    @settings(RANDOM, max_examples=40, phases=[Phase.generate], derandomize=True, database=None)
    @given(damages())
    def look(damage: Damage) -> None:
        report = peers.with_kg([*damage.data, *ontology], packaged())
        found.update(result.shape for result in peers.results(report))

    look()
    assert len(found) > 30


# Shapes that nobody would write

NODES = ("ex:a", "ex:b", "ex:c", "ex:d", "_:e")
PREDICATES = ("ex:p", "ex:q", "ex:r")
VALUES = "ex:v"
"""A predicate with literals only, for sh:lessThan: pySHACL puts two IRIs into an order too."""
CLASSES = ("ex:A", "ex:B", "ex:C")
NUMBERS = ("1", "2", "3", "2.5", "1.0e0", "-1")
DATES = ('"2020-01-01"^^xsd:date', '"2021-05-04"^^xsd:date', '"2019-12-31"^^xsd:date')
INSTANTS = (
    '"2020-01-01T00:00:00Z"^^xsd:dateTime',
    '"2020-01-01T12:00:00Z"^^xsd:dateTime',
    '"2020-01-01T13:00:00+02:00"^^xsd:dateTime',
)
STRINGS = ('"a"', '"ab"', '"b c"', '""', '"A"')
TAGGED = ('"a"@en', '"b"@en', '"c"@en', '"a"@en-gb', '"a"@de')
OTHERS = ("true", "false", '"a"^^ex:own', '"http://a"^^xsd:anyURI')
ILL_TYPED = ('"x"^^xsd:integer', '"2020-13-45"^^xsd:date', '"2"^^xsd:boolean')


@dataclass(frozen=True, slots=True)
class Family:
    """Literals that may meet in one case, those of them that are bounds, and whether values are compared.

    SHACL has a result where two values cannot be compared (sections 4.3 and 4.5: "cannot be
    compared"). pySHACL orders some such pairs as rdflib does for ORDER BY (numbers before dates, an
    IRI before a string, strings with and without a language), and stops where sh:lessThan meets a
    blank node. What may meet here is what it gets right; the other pairs have a test of their own.
    """

    literals: tuple[str, ...]
    bounds: tuple[str, ...] = ()
    compares: bool = False

    @property
    def nodes(self) -> tuple[str, ...]:
        return NODES[:4] if self.compares else NODES


FAMILIES = (
    Family(NUMBERS, NUMBERS, compares=True),
    Family(DATES, DATES, compares=True),
    Family(INSTANTS, INSTANTS, compares=True),
    Family(STRINGS, STRINGS),
    Family(NUMBERS + STRINGS + TAGGED, NUMBERS),
    Family(TAGGED),
    Family(TAGGED[:3]),
    Family(NUMBERS + DATES + INSTANTS + STRINGS + TAGGED + OTHERS + ILL_TYPED),
)
DATATYPES_OF_SHAPES = (
    "xsd:integer", "xsd:decimal", "xsd:double", "xsd:string", "xsd:date", "xsd:dateTime",
    "xsd:boolean", "xsd:anyURI", "rdf:langString", "ex:own",
)  # fmt: skip
SEVERITIES = ("Info", "Warning", "Violation")
KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
PATTERNS = ('"^a"', '"b"', '"^.$"', r'"\\d"', '"^[a-z]+:"', '"^$"', r'"\\s|A"', '"^a?b{0,2}$"')
EVERYWHERE = (
    "class", "datatype", "nodeKind", "minExclusive", "minInclusive", "maxExclusive",
    "maxInclusive", "minLength", "maxLength", "pattern", "languageIn", "equals", "disjoint", "not",
    "and", "or", "xone", "node", "property", "closed", "hasValue", "in",
)  # fmt: skip
ON_PROPERTIES = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualified")
BOUNDS = ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
COMPARISONS = ("lessThan", "lessThanOrEquals")
NESTING = ("not", "and", "or", "xone", "node", "property", "qualified")


@dataclass(slots=True)
class Shapes:
    """Draws a shapes graph; every shape has an IRI, and refers only to shapes drawn before it ends."""

    draw: st.DrawFn
    family: Family
    text: list[str] = field(default_factory=list)
    made: dict[str, list[str]] = field(default_factory=lambda: {"node": [], "property": []})
    number: int = 0

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def some(self, choices: tuple[str, ...], least: int = 0, most: int = 3) -> str:
        """A list of RDF's."""
        found = self.draw(st.lists(st.sampled_from(choices), min_size=least, max_size=most))
        return f"( {' '.join(found)} )"

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == one_in

    def path(self, depth: int = 2) -> str:
        if depth == 0 or self.draw(st.booleans()):
            return self.pick(*PREDICATES, VALUES, VALUES)
        inner = [self.path(depth - 1) for _ in range(2)]
        # pySHACL takes the inverse of a sequence for the sequence of the inverses, in the old order.
        inverse = inner[0] if "( " not in inner[0] else self.pick(*PREDICATES, VALUES)
        return self.pick(
            f"[ sh:inversePath {inverse} ]",
            f"( {' '.join(inner)} )",
            f"[ sh:alternativePath ( {' '.join(inner)} ) ]",
            f"[ sh:zeroOrMorePath {inner[0]} ]",
            f"[ sh:oneOrMorePath {inner[0]} ]",
            f"[ sh:zeroOrOnePath {inner[0]} ]",
        )

    def shape(self, depth: int, kind: str | None = None) -> str:
        """The name of a shape, a new one or one that there is already."""
        kind = kind or self.pick("node", "property")
        if self.made[kind] and self.chance(4):
            return self.pick(*self.made[kind])
        return self.new(depth, kind)

    def new(self, depth: int, kind: str, *further: str) -> str:
        self.number += 1
        name = f"ex:shape{self.number}"
        said = [f"a sh:{kind.capitalize()}Shape", *further]
        names = [*EVERYWHERE]
        if kind == "property":
            said.append(f"sh:path {self.path()}")
            names += 3 * ON_PROPERTIES  # it takes more luck than for others to violate them
            names += 3 * (("uniqueLang",) if TAGGED[0] in self.family.literals else ())
        left_out: set[str] = set(NESTING if depth == 0 else ())
        left_out.update(() if self.family.bounds else BOUNDS)
        left_out.update(() if self.family.compares else COMPARISONS)
        names = [name for name in names if name not in left_out]
        components = self.draw(
            st.lists(st.sampled_from(names), min_size=2, max_size=4, unique=True)
        )
        for component in components:
            said += self.constraint(component, depth)
        if self.chance(4):
            said.append(f"sh:severity {self.pick('sh:Info', 'sh:Warning', 'sh:Violation')}")
        if self.chance(12):
            said.append(f"sh:deactivated {self.pick('true', 'false')}")
        self.text.append(f"{name} {' ; '.join(said)} .")
        self.made[kind].append(name)
        return name

    def constraint(self, component: str, depth: int) -> list[str]:
        match component:
            case "class":
                value = self.pick(*CLASSES)
            case "datatype":
                value = self.pick(*DATATYPES_OF_SHAPES)
            case "nodeKind":
                value = f"sh:{self.pick(*KINDS)}"
            case "minExclusive" | "minInclusive" | "maxExclusive" | "maxInclusive":
                value = self.pick(*self.family.bounds)
            case "minLength":
                # Section 4.4.1: with 0 too, a blank node violates it; pySHACL has no result then.
                value = str(self.draw(st.integers(1, 4)))
            case "maxLength" | "maxCount":
                value = str(self.draw(st.integers(0, 2)))
            case "minCount":
                value = str(self.draw(st.integers(1, 3)))
            case "pattern":
                value = self.pick(*PATTERNS)
                if self.chance(3):
                    return [f"sh:pattern {value}", 'sh:flags "i"']
            case "languageIn":
                value = self.some(('"en"', '"de"', '"en-GB"'), 1)
            case "equals" | "disjoint":
                value = self.pick(*PREDICATES)
            case "lessThan" | "lessThanOrEquals":
                value = VALUES
            case "not":
                value = self.shape(depth - 1)
            case "and" | "or" | "xone":
                count = self.draw(st.integers(1, 3))
                value = f"( {' '.join(self.shape(depth - 1) for _ in range(count))} )"
            case "node":
                value = self.shape(depth - 1, "node")
            case "property":
                count = self.draw(st.integers(1, 2))
                value = " , ".join(self.shape(depth - 1, "property") for _ in range(count))
            case "closed":
                ignored = self.some((*PREDICATES, "rdf:type"))
                return ["sh:closed true", f"sh:ignoredProperties {ignored}"]
            case "hasValue":
                value = self.pick(*NODES[:4], *self.family.literals)
            case "in":
                value = self.some((*NODES[:4], *self.family.literals), 1, 4)
            case "uniqueLang":
                value = "true"
            case _:
                return self.qualified(depth)
        return [f"sh:{component} {value}"]

    def qualified(self, depth: int) -> list[str]:
        said = [f"sh:qualifiedValueShape {self.shape(depth - 1)}"]
        low, high = (self.draw(st.none() | st.integers(0, most)) for most in (2, 1))
        if low is not None or high is None:
            said.append(f"sh:qualifiedMinCount {low if low is not None else 1}")
        if high is not None:
            said.append(f"sh:qualifiedMaxCount {high}")
        if self.draw(st.booleans()):
            said.append("sh:qualifiedValueShapesDisjoint true")
        return said

    def target(self) -> str:
        return self.pick(
            f"sh:targetClass {self.pick(*CLASSES)}",
            f"sh:targetNode {self.pick(*NODES[:4], *self.family.literals)}",
            f"sh:targetSubjectsOf {self.pick(*PREDICATES)}",
            f"sh:targetObjectsOf {self.pick(*PREDICATES, VALUES)}",
            "a rdfs:Class",
        )


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, str]:
    """Data and shapes, in Turtle without its prefixes."""
    family = draw(st.sampled_from(FAMILIES))
    subjects = st.sampled_from(family.nodes)
    links = st.tuples(
        subjects, st.sampled_from(PREDICATES), subjects | st.sampled_from(family.literals)
    )
    types = st.tuples(subjects, st.just("a"), st.sampled_from((*CLASSES, "ex:shape1")))
    classes = st.tuples(
        st.sampled_from(CLASSES), st.just("rdfs:subClassOf"), st.sampled_from(CLASSES)
    )
    values = st.tuples(subjects, st.just(VALUES), st.sampled_from(family.literals))
    triples = draw(st.lists(links | values | values, min_size=10, max_size=20, unique=True))
    triples += draw(st.lists(types, max_size=5, unique=True))
    triples += draw(st.lists(classes, max_size=2, unique=True))
    shapes = Shapes(draw, family)
    for _ in range(draw(st.integers(2, 4))):
        targets = [shapes.target() for _ in range(draw(st.integers(1, 2)))]
        shapes.new(2, shapes.pick("node", "property"), *targets)
    return "\n".join(f"{' '.join(triple)} ." for triple in triples), "\n".join(shapes.text)


def parsed(text: str) -> peers.Triples:
    return [quad.triple for quad in ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)]


@settings(RANDOM, max_examples=150 * TIMES)
@given(cases())
def test_random_shapes_have_the_same_results(case: tuple[str, str]) -> None:
    data, shapes = case
    note(f"{PREFIXES}\n# data\n{data}\n# shapes\n{shapes}")
    try:
        theirs, ours = compared(parsed(data), parsed(shapes))
    except ItselfError:
        reject()  # pySHACL checks that one
    assert ours == theirs


CORE = (
    "Class", "Datatype", "NodeKind", "MinCount", "MaxCount", "MinExclusive", "MinInclusive",
    "MaxExclusive", "MaxInclusive", "MinLength", "MaxLength", "Pattern", "LanguageIn", "UniqueLang",
    "Equals", "Disjoint", "LessThan", "LessThanOrEquals", "Not", "And", "Or", "Xone", "Node",
    "QualifiedMinCount", "QualifiedMaxCount", "Closed", "HasValue", "In",
)  # fmt: skip
"""All constraint components of SHACL Core but sh:property, whose results are those of its shapes."""


def test_every_component_of_the_core_has_results() -> None:
    """And there are cases without any, all severities, paths, and literals as focus nodes."""
    left = {f"{name}ConstraintComponent" for name in CORE}
    left |= {str(peers.sh(name)) for name in SEVERITIES} | {"a path", "a literal", "no result"}

    @settings(RANDOM, max_examples=300, phases=[Phase.generate], derandomize=True, database=None)
    @given(cases())
    def look(case: tuple[str, str]) -> None:
        if not left:
            return
        data, shapes = map(parsed, case)
        results = peers.results(peers.with_kg(data, shapes))
        for result in results:
            left.difference_update({result.component, result.severity})
            left.difference_update({"a path"} if "(" in result.path else ())
            left.difference_update({"a literal"} if result.focus.startswith('"') else ())
        left.difference_update({"no result"} if not results else ())

    look()
    assert len(CORE) == 28
    assert left == set()


# What pySHACL does not get right, by the words of the specification


def values(path: str, data: str) -> set[tuple[str, str]]:
    """All pairs of a node and what a path leads to from it."""
    targets = " , ".join(NODES[:4])
    shapes = (
        f"ex:s a sh:PropertyShape ; sh:targetNode {targets} ; sh:path {path} ; sh:class ex:None ."
    )
    found = peers.results(peers.with_kg(parsed(data), parsed(shapes)))
    return {(result.focus, result.value) for result in found}


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("( ex:p ex:q )", "( [ sh:inversePath ex:q ] [ sh:inversePath ex:p ] )"),
        ("( ex:p [ sh:inversePath ex:q ] )", "( ex:q [ sh:inversePath ex:p ] )"),
        (
            "[ sh:zeroOrMorePath ( ex:p ex:q ) ]",
            "[ sh:zeroOrMorePath ( [ sh:inversePath ex:q ] [ sh:inversePath ex:p ] ) ]",
        ),
    ],
)
def test_the_inverse_of_a_sequence_runs_backwards(path: str, same: str) -> None:
    """Section 2.3.1.2 and SPARQL 1.1, section 18.4: pySHACL inverts the steps and not their order."""
    data = "ex:a ex:p ex:b . ex:b ex:q ex:c . ex:c ex:p ex:d , ex:a . ex:d ex:q ex:a ."
    inverse = values(f"[ sh:inversePath {path} ]", data)
    assert inverse == values(same, data)
    assert inverse == {(to, from_) for from_, to in values(path, data)}
    assert inverse


def test_a_blank_node_violates_a_minimum_length_of_nothing() -> None:
    """Section 4.4.1: "the constraint is still violated if the value node is a blank node"."""
    data = parsed('ex:a ex:p [] , "" , ex:b .')
    shapes = parsed("ex:s sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:minLength 0 ] .")
    (result,) = peers.results(peers.with_kg(data, shapes))
    assert result.value.startswith("_:")


SYMBOLS = {"minInclusive": "<=", "minExclusive": "<", "maxInclusive": ">=", "maxExclusive": ">"}
ALL = NUMBERS + DATES + INSTANTS + STRINGS + TAGGED + OTHERS
PAIRED = {"lessThan": "<", "lessThanOrEquals": "<="}


@pytest.mark.parametrize("component", SYMBOLS)
def test_what_cannot_be_compared_with_a_bound_violates_it(component: str) -> None:
    """Section 4.3: a result unless SPARQL's `bound < value` is true, errors among the results.

    Whether two literals can be compared is a matter of the engine, which has more orders than
    SPARQL must have; it is asked, and IRIs and blank nodes are never in an order.
    """
    data = parsed(" ".join(f"ex:a ex:p {value} ." for value in (*ALL, *NODES)))
    for bound in ALL:
        text = f"ex:s sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:{component} {bound} ] ."
        found = {result.value for result in peers.results(peers.with_kg(data, parsed(text)))}
        for value in ALL:
            term = str(term_of(value))
            assert (term not in found) == true(f"{bound} {SYMBOLS[component]} {value}"), text
        assert sum(not value.startswith('"') for value in found) == len(NODES)


@pytest.mark.parametrize("component", PAIRED)
def test_what_cannot_be_compared_with_another_value_is_not_less(component: str) -> None:
    """Sections 4.5.3 and 4.5.4: a result for each pair where `<` or `<=` is false or an error.

    For pySHACL every term, an IRI too, is less than or equal to itself.
    """
    shapes = parsed(
        f"ex:s sh:targetSubjectsOf ex:q ; sh:property [ sh:path ex:p ; sh:{component} ex:q ] ."
    )
    pairs = [(one, other) for one in (*ALL, *NODES) for other in (*ALL, *NODES)]
    lines = [f"ex:n{i} ex:p {one} ; ex:q {other} ." for i, (one, other) in enumerate(pairs)]
    found = {
        result.focus for result in peers.results(peers.with_kg(parsed("\n".join(lines)), shapes))
    }
    for number, (one, other) in enumerate(pairs):
        known = one in ALL and other in ALL
        less = known and true(f"{one} {PAIRED[component]} {other}")
        assert (f"<https://example.org/n{number}>" not in found) == less, f"{one} {other}"


def term_of(literal: str) -> peers.Term:
    (triple,) = peers.stored(parsed(f"ex:a ex:p {literal} ."))
    return triple.object


def true(expression: str) -> bool:
    """Whether an expression of SPARQL is true: neither false nor an error."""
    prefixes = "PREFIX ex: <https://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"
    return bool(ox.Store().query(f"{prefixes} ASK {{ FILTER({expression}) }}"))

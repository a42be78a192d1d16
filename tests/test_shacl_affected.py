"""Checking what a change can affect gives what checking everything gives.

The law: the results on all data after a change are those before it, without the results that the
affected focus nodes had, and with those that they have now.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import pytest
from hypothesis import Phase, given, note, settings

from kg import resources
from kg.shacl import affected, validate
from kg.store.embedded import EmbeddedStore
from kg.validate import shapes_of
from tests.test_shacl_against_pyshacl import (
    NEGATIVES,
    RANDOM,
    TIMES,
    cases,
    damages,
    parsed,
    turtle,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.shacl import Result
    from kg.shacl.terms import Node, Term
    from tests.test_shacl_against_pyshacl import Damage

ONTOLOGY = turtle(resources.folder("ontology") / "newskg.ttl")
SHAPES = shapes_of(None)
Focus: TypeAlias = "Mapping[Node, frozenset[Term] | None]"


class Checked:
    """Data in a store, with what a whole validation finds."""

    def __init__(self, data: Iterable[ox.Triple], shapes: Iterable[ox.Triple]) -> None:
        self.store = EmbeddedStore()
        self.store.engine.bulk_extend(ox.Quad(*triple) for triple in data)
        self.shapes = list(shapes)
        self.whole = self.found()

    def triples(self) -> set[ox.Triple]:
        return {quad.triple for quad in self.store.engine}

    def found(self, focus: Focus | None = None) -> Counter[Result]:
        return Counter(validate(self.store, self.shapes, focus=focus).results)

    def affected(self, changed: Iterable[ox.Triple]) -> Focus:
        return affected(self.store, self.shapes, changed)


def check(before: Checked, after: Checked) -> tuple[Focus, Focus]:
    """The law, with the affected nodes worked out in the data before and in those after."""
    changed = before.triples() ^ after.triples()
    both = before.affected(changed), after.affected(changed)
    for focus in both:
        gone, come = before.found(focus), after.found(focus)
        assert not gone - before.whole
        assert before.whole - gone + come == after.whole
    return both


def without_blank_nodes(text: str) -> str:
    return text.replace("_:e", "ex:e")


@settings(RANDOM, max_examples=30 * TIMES)
@given(damages(), damages())
def test_a_change_of_our_data_is_checked_as_a_whole_validation_does(
    one: Damage, two: Damage
) -> None:
    for line in (*one.done, "to", *two.done):
        note(line)
    check(*(Checked([*damage.data, *ONTOLOGY], SHAPES) for damage in (one, two)))


@settings(RANDOM, max_examples=80 * TIMES)
@given(cases(), cases())
def test_a_change_under_random_shapes_is_checked_as_a_whole_validation_does(
    one: tuple[str, str], two: tuple[str, str]
) -> None:
    (data, shapes), (other, _) = one, two
    note(f"# before\n{data}\n# after\n{other}\n# shapes\n{shapes}")
    before, after = without_blank_nodes(data), without_blank_nodes(other)
    check(Checked(parsed(before), parsed(shapes)), Checked(parsed(after), parsed(shapes)))


@settings(RANDOM, max_examples=40 * TIMES)
@given(cases())
def test_a_single_triple_that_comes_or_goes_is_checked_as_a_whole_validation_does(
    case: tuple[str, str],
) -> None:
    data, shapes = without_blank_nodes(case[0]), parsed(case[1])
    triples = parsed(data)
    before = Checked(triples, shapes)
    for index in range(0, len(triples), 4):
        check(before, Checked(triples[:index] + triples[index + 1 :], shapes))


def test_not_everything_is_affected_by_a_change_in_our_data() -> None:
    sizes: Counter[str] = Counter()

    @settings(RANDOM, max_examples=30, phases=[Phase.generate], derandomize=True, database=None)
    @given(damages())
    def look(damage: Damage) -> None:
        before = Checked(ONTOLOGY + turtle(NEGATIVES / "_base.ttl"), SHAPES)
        changed = before.triples() ^ {*damage.data, *ONTOLOGY}
        if any(isinstance(term, ox.BlankNode) for triple in changed for term in triple):
            return
        for shape, nodes in before.affected(changed).items():
            sizes["all" if nodes is None else "some"] += 1
            if nodes is None:
                sizes[str(shape)] += 1

    look()
    assert sizes["some"] > 10 * sizes["all"] > 0
    # The checks of the whole graph are the ones that nothing links to their focus node.
    whole = {name for name in sizes if name.startswith("<")}
    assert whole == {"<https://w3id.org/newskg/shapes#whole-graph>"}


SPARQL = """
ex:s a sh:NodeShape ; sh:targetClass ex:T ; sh:sparql [ sh:select "SELECT $this WHERE { BODY }" ] .
"""
BODIES = {
    "$this <https://example.org/p> ?x . ?x <https://example.org/q> ?y": {"a", "b"},
    "$this <https://example.org/p>/<https://example.org/q> ?y": {"a", "b"},
    "$this ^<https://example.org/up> ?x . OPTIONAL { ?x <https://example.org/q> ?y }": {"c"},
    "$this <https://example.org/p> ?x FILTER NOT EXISTS { ?x <https://example.org/q> 1, 2 }": {
        "a",
        "b",
    },
    "$this ?any ?x . ?x <https://example.org/q> ?y": {"a", "b"},
    "$this <https://example.org/none> ?x . ?x <https://example.org/q> ?y": set(),
    "$this !<https://example.org/p> ?x": None,
    "?x (^a)* $this": set(),
    "$this (<https://example.org/p>|a)/<https://example.org/q> 5": {"a", "b", "c"},
    "$this <https://example.org/p> ?x . { ?x <https://example.org/q> ?y }": {"a", "b"},
    "{ $this <https://example.org/p> ?x } UNION { $this <https://example.org/r> ?x } "
    "?x <https://example.org/q> ?y": None,
    "?x <https://example.org/q> ?y FILTER(?y = $this)": None,
    "BIND($this AS ?t) ?t <https://example.org/q> ?x": None,
}


WAYS = {
    "$this ^<https://example.org/up> ?x": ("ex:x ex:up ex:c .", "c"),
    "$this ^<https://example.org/up>/<https://example.org/p> ?x": ("ex:x ex:up ex:c .", "c"),
    "$this ^a ?x": ("ex:x a ex:c .", "c"),
    "$this (<https://example.org/p>/^<https://example.org/up>)+ ?x": ("ex:y ex:up ex:x .", "a"),
    "$this (^<https://example.org/up>)* ?x . ?x <https://example.org/q> 1": ("ex:n ex:q 1 .", "n"),
    "$this <https://example.org/none>* ?x . ?x <https://example.org/q> ?y": ("ex:n ex:q 1 .", "n"),
}


@pytest.mark.parametrize("body", WAYS)
def test_what_is_gone_from_a_path_is_traced_back_in_the_data_after(body: str) -> None:
    gone, name = WAYS[body]
    shapes = SPARQL.replace("BODY", body) + "ex:s sh:targetNode ex:n ."
    after = Checked(parsed("ex:a a ex:T ; ex:p ex:x . ex:c a ex:T . ex:x a ex:U ."), parsed(shapes))
    found = after.affected(parsed(gone))[ox.NamedNode("https://example.org/s")]
    assert found is None or ox.NamedNode(f"https://example.org/{name}") in found


def test_a_target_node_that_is_gone_from_the_data_is_affected() -> None:
    shapes = "ex:s sh:targetNode ex:n ; sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:minCount 2 ] ."
    data = "ex:m ex:p ex:o ."
    check(
        Checked(parsed(f"{data} ex:n ex:p ex:o ."), parsed(shapes)),
        Checked(parsed(data), parsed(shapes)),
    )


def test_blank_nodes_are_affected_with_all_others() -> None:
    shapes = (
        "ex:s sh:targetSubjectsOf ex:k ; sh:property [ sh:path ( ex:k ex:p ) ; sh:minCount 1 ] ."
    )
    store = Checked(parsed("_:x ex:k ex:a . ex:b ex:k ex:a ."), parsed(shapes))
    assert store.affected(parsed("ex:a ex:p 1 .")) == {ox.NamedNode("https://example.org/s"): None}


@pytest.mark.parametrize("body", BODIES)
def test_a_pattern_is_traced_back_to_the_focus_node(body: str) -> None:
    data = """ex:a a ex:T ; ex:p ex:x . ex:b a ex:T ; ex:p ex:x . ex:c a ex:T ; ex:p ex:z .
    ex:x ex:up ex:c ."""
    store = Checked(parsed(data), parsed(SPARQL.replace("BODY", body)))
    found = store.affected(parsed("ex:x ex:q 5 ."))
    nodes = found.get(ox.NamedNode("https://example.org/s"), frozenset())
    expected = BODIES[body]
    if expected is None:
        assert nodes is None
    else:
        assert nodes is not None
        names = {str(node)[len("<https://example.org/") : -1] for node in nodes}
        assert names & {"a", "b", "c"} == expected

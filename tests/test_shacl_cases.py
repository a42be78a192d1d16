"""Cases that the W3C's suite does not have: where compiled queries could differ from SHACL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, note, settings

from kg import shacl
from kg.errors import InputError
from kg.shacl import run
from kg.store.embedded import EmbeddedStore
from tests.test_shacl_against_pyshacl import RANDOM, TIMES, cases, parsed

if TYPE_CHECKING:
    from pathlib import Path

    from kg.shacl import Report

EX = "https://example.org/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DATA = """
ex:a a ex:T ; ex:p 1, 2, 3 ; ex:q "x" ; ex:k ex:b .
ex:b a ex:T ; ex:p 4 ; ex:k ex:c .
ex:c a ex:T ; ex:q "y" .
"""
EXPECTED: dict[str, tuple[str, set[str]]] = {
    "a SELECT with a LIMIT, for each focus node": (
        (
            'ex:s sh:targetClass ex:T ; sh:sparql [ sh:select "SELECT $this ?value {'
            ' $this <https://example.org/p> ?value } ORDER BY DESC(?value) LIMIT 1" ] .'
        ),
        {"a 3", "b 4"},
    ),
    "a variable with an underscore of the user's own": (
        (
            'ex:s sh:targetClass ex:T ; sh:sparql [ sh:select "SELECT $this ?value {'
            ' $this <https://example.org/p> ?value ; <https://example.org/q> ?_1 . $this a ?__2 }" ] .'
        ),
        {"a 1", "a 2", "a 3"},
    ),
    "a BASE": (
        (
            'ex:s sh:targetClass ex:T ; sh:sparql [ sh:select "BASE <https://example.org/> SELECT $this {'
            ' $this <q> ?q }" ] .'
        ),
        {"a a", "c c"},
    ),
    "a PREFIX and a comment inside": (
        (
            'ex:s sh:targetClass ex:T ; sh:sparql [ sh:select """PREFIX e: <https://example.org/> # { $this\n'
            'SELECT $this { $this e:q ?q . }""" ] .'
        ),
        {"a a", "c c"},
    ),
    "counts, of a triple that stands in two graphs": (
        (
            'ex:s sh:targetClass ex:T ; sh:sparql [ sh:select "SELECT $this { $this'
            ' <https://example.org/p> ?v } GROUP BY $this HAVING (COUNT(?v) > 1)" ] .'
        ),
        {"a a"},
    ),
    "counts inside, listed once": (
        (
            'ex:s sh:targetClass ex:T ; sh:sparql [ sh:select "SELECT $this { { SELECT $this (COUNT(?v) AS ?n)'
            ' { $this <https://example.org/p> ?v } GROUP BY $this } FILTER(?n > 2) $this a ?t }" ] .'
        ),
        {"a a"},
    ),
    "nothing of which just one could hold": (
        "ex:s sh:targetNode ex:a ; sh:xone () .",
        {"a a"},
    ),
    "an instance of a class without an IRI": (
        "ex:s sh:targetClass ex:Super ; sh:property [ sh:path ex:none ; sh:minCount 1 ] .",
        {"z"},
    ),
    "a property shape with targets and a shape below it": (
        (
            "ex:s a sh:PropertyShape ; sh:targetClass ex:T ; sh:path ex:k ;"
            " sh:property [ sh:path ex:q ; sh:minCount 1 ] ."
        ),
        {"b"},
    ),
    "a value that is the node itself, and that the data do not have": (
        "ex:s sh:targetNode ex:nowhere ; sh:property [ sh:path [ sh:zeroOrMorePath ex:k ] ; sh:minCount 2 ] .",
        {"nowhere"},
    ),
}  # fmt: skip
MORE = "ex:z a [ rdfs:subClassOf ex:Super ] ."


def report_on(data: str, shapes: str, limit: int | None = None) -> Report:
    """The report on data that stand in two graphs alike."""
    with EmbeddedStore() as store:
        for graph in ("one", "two"):
            store.engine.bulk_extend(
                ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(EX + graph))
                for t in parsed(data)
            )
        return shacl.validate(store, parsed(shapes), limit=limit)


def told(report: Report) -> set[str]:
    return {
        " ".join(
            term.value.removeprefix(EX) for term in (result.focus, result.value) if term is not None
        )
        for result in report.results
    }


@pytest.mark.parametrize(("shapes", "expected"), EXPECTED.values(), ids=EXPECTED)
@pytest.mark.parametrize("limit", [None, 100])
def test_a_case_has_the_results_of_shacl(
    shapes: str, expected: set[str], limit: int | None
) -> None:
    data = DATA + (MORE if "Super" in shapes else "")
    report = report_on(data, shapes, limit)
    assert told(report) == expected
    assert len(report.results) == len(expected)


def test_the_number_of_cases_is_known() -> None:
    assert len(EXPECTED) == 10


def test_what_is_not_asked_of_the_store_is_said() -> None:
    counting = next(shapes for name, (shapes, _) in EXPECTED.items() if name.startswith("counts,"))
    report = report_on(DATA, counting)
    assert report.notes == (f"<{EX}s>: asked of a copy in memory",)
    unnamed = next(shapes for shapes, _ in EXPECTED.values() if "Super" in shapes)
    assert report_on(DATA + MORE, unnamed).notes == (
        f"<{EX}Super> has a subclass without an IRI: checked by pySHACL",
    )


def test_the_values_of_a_component_are_filled_into_its_messages() -> None:
    shapes = """
    ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:max ] ; sh:propertyValidator [
        sh:message "{$value} is over {$max}" ;
        sh:select "SELECT $this ?value (CONCAT(STR(?value), '>', STR($max)) AS ?message) {
            $this $PATH ?value FILTER(?value > $max && BOUND($max)) }" ] .
    ex:D a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] ; sh:validator [
        sh:message "{$value} is over {?most}" ; sh:ask "ASK { FILTER($value <= $most) }" ] .
    ex:s a sh:PropertyShape ; sh:targetNode ex:a ; sh:path ex:p ; ex:max 2 ; ex:most 2 ."""
    messages = {
        result.component.value.removeprefix(EX): result.messages[0].value
        for result in report_on(DATA, shapes.replace("\n", " ")).results
    }
    assert messages == {"C": "3>2", "D": "3 is over 2"}


def test_prefixes_that_a_query_does_not_declare_help_pyshacl_as_well() -> None:
    shapes = """ex:s sh:targetNode ex:a ; sh:node [ sh:sparql [ sh:select
    "SELECT $this { $this e:p ?v } GROUP BY $this" ] ] ."""
    with EmbeddedStore() as store:
        store.engine.bulk_extend(ox.Quad(*triple) for triple in parsed(DATA))
        report = shacl.validate(store, parsed(shapes.replace("\n", " ")), prefixes={"e": EX})
    assert told(report) == {"a a"}
    assert len(report.notes) == 1


def test_long_lists_and_large_numbers_are_no_trouble() -> None:
    members = " ".join(f'"v{number}"' for number in range(3000))
    shapes = f"""ex:s sh:targetNode ex:l ; sh:property [ sh:path ex:p ; sh:in ( {members} ) ;
    sh:minLength {10**30} ; sh:minCount {10**30} ; sh:maxCount {10**30} ; sh:maxLength {10**30} ] ."""
    report = report_on('ex:l ex:p "v5", "v3000" .', shapes.replace("\n", " "))
    names = [result.component.value.partition("#")[2] for result in report.results]
    found = sorted(name.removesuffix("ConstraintComponent") for name in names)
    assert found == ["In", "MinCount", "MinLength", "MinLength"]


@pytest.mark.parametrize("nested", ["sh:property [ sh:path ex:p ; ", "sh:not [ "])
def test_shapes_that_are_too_deep_are_an_error(nested: str) -> None:
    with pytest.raises(InputError, match="too deep"):
        report_on(
            DATA, f"ex:s sh:targetNode ex:a ; {nested * 500} sh:nodeKind sh:IRI {']' * 500} ."
        )


def test_a_query_that_names_its_graphs_is_refused() -> None:
    shapes = 'ex:s sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT $this FROM <urn:x> { $this a ?t }" ] .'
    with pytest.raises(InputError, match="FROM"):
        report_on(DATA, shapes)


@pytest.mark.parametrize("pattern", ["^[a-z&&b]$", "^[a-z-[aeiou]]$", "^(?=x)x$"])
def test_patterns_that_engines_read_differently_go_to_pyshacl(pattern: str) -> None:
    shapes = f'ex:s sh:targetNode ex:c ; sh:property [ sh:path ex:q ; sh:pattern "{pattern}" ] .'
    (line,) = report_on(DATA, shapes).notes
    assert line.endswith("checked by pySHACL")


def test_a_report_has_no_blank_node_of_the_data() -> None:
    shapes = "ex:s sh:targetClass ex:T ; sh:nodeKind sh:IRI ."
    with EmbeddedStore() as store:
        for label in ("report", "report000001", "report_"):
            type_, class_ = ox.NamedNode(RDF_TYPE), ox.NamedNode(f"{EX}T")
            store.engine.add(ox.Quad(ox.BlankNode(label), type_, class_))
        report = shacl.validate(store, parsed(shapes))
    focus = {result.focus for result in report.results}
    nodes = {triple.subject for triple in report.triples()}
    assert len(focus) == 3
    assert not focus & nodes


def test_what_two_nodes_lead_to_is_counted_once_for_each() -> None:
    shapes = """ex:s sh:targetClass ex:T ; sh:property [ sh:path ex:k ; sh:property [ sh:path ex:q ;
    sh:sparql [ sh:select "SELECT $this { $this $PATH ?v } GROUP BY $this HAVING (COUNT(?v) > 1)" ] ] ] ."""
    data = "ex:a a ex:T ; ex:k ex:c . ex:b a ex:T ; ex:k ex:c . ex:c ex:q 1 ."
    assert told(report_on(data, shapes.replace("\n", " "))) == set()


# Scans of the values find what looking at each focus node finds


@settings(RANDOM, max_examples=100 * TIMES)
@given(cases())
def test_scans_find_the_focus_nodes_that_conditions_find(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[str, str]
) -> None:
    data, shapes = case
    note(f"{data}\n# shapes\n{shapes}")
    scanned(tmp_path_factory.mktemp("scans"), data, shapes)


@pytest.mark.parametrize(("shapes", "_"), EXPECTED.values(), ids=EXPECTED)
def test_scans_find_it_in_these_cases(shapes: str, _: set[str], tmp_path: Path) -> None:
    scanned(tmp_path, DATA + MORE, shapes)


def scanned(folder: Path, data: str, shapes: str) -> None:
    triples = parsed(data)
    with (
        EmbeddedStore() as memory,
        EmbeddedStore(folder / "store") as disk,
        pytest.MonkeyPatch.context() as patch,
    ):
        for store in (memory, disk):
            store.engine.extend(ox.Quad(*triple) for triple in triples)
        one = shacl.validate(memory, parsed(shapes))
        patch.setattr(run, "MANY", 0)
        other = shacl.validate(disk, parsed(shapes))

    def comparable(report: Report) -> list[tuple[object, ...]]:
        """Blank nodes have names of each store's own, and shapes without an IRI of each reading's."""
        return sorted(
            (
                str(r.component),
                *("_:" if isinstance(t, ox.BlankNode) else str(t) for t in (r.focus, r.value)),
            )
            for r in report.results
        )

    assert comparable(one) == comparable(other)

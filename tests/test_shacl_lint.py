"""Shapes are checked too: faults that forbid their use, mistakes, and checks that grow faster than the data."""

from __future__ import annotations

import math
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg import shacl
from kg.errors import InputError
from kg.shacl import growth as growing
from kg.shacl import lint
from kg.shacl.graph import Graph
from kg.shacl.terms import SH
from kg.store import open_store
from kg.store.embedded import EmbeddedStore
from kg.vocab import KGSH, PREFIXES, RDF
from tests import shacl_peers as peers
from tests.conftest import ROOT
from tests.test_shacl_suite import COUNTS, needs_suite, suite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.workspace import Workspace

NAMES = {**PREFIXES, "kgsh": KGSH, "ex": "https://example.org/own#"}
HEAD = "".join(
    f"@prefix {name}: <{iri}> .\n" for name, iri in {**NAMES, "sh": SH.base}.items()
)  # fmt: skip


def triples(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(HEAD + turtle, format=ox.RdfFormat.TURTLE)]


def read(*parts: str) -> list[ox.Triple]:
    found, _ = peers.read(ROOT.joinpath(*parts))
    return found


SHAPES = read("shapes", "newskg.ttl")
ONTOLOGY = read("ontology", "newskg.ttl")
PACKAGED = set(Graph(SHAPES).subjects(RDF.type))


def loaded(*graphs: list[ox.Triple]) -> EmbeddedStore:
    store = EmbeddedStore()
    store.engine.extend(peers.quad(triple) for graph in graphs for triple in graph)
    return store


@pytest.fixture(scope="module")
def base() -> Iterator[EmbeddedStore]:
    """The base of the negative examples with the ontology; not to be changed."""
    with loaded(ONTOLOGY, read("tests", "negatives", "_base.ttl")) as store:
        yield store


# Faults

FAULTS = {
    # What the shapes for shapes find.
    "sh:property [ sh:minCount 5 ]": "property shape of ex:s: sh:path is missing",
    'sh:property [ sh:path kg:cue ; sh:minCount "x" ]': (
        'property shape of ex:s: sh:minCount "x" is no xsd:integer'
    ),
    "sh:property [ sh:path kg:cue ; sh:maxCount 1.0 ]": (
        'property shape of ex:s: sh:maxCount "1"^^xsd:decimal is no xsd:integer'
    ),
    "sh:property [ sh:path kg:cue ; sh:minCount 1 , 2 ]": (
        "property shape of ex:s: sh:minCount may be said once only"
    ),
    "sh:property [ sh:path kg:cue , kg:source ]": (
        "property shape of ex:s: sh:path may be said once only"
    ),
    "sh:property [ sh:path kg:cue ; sh:nodeKind ex:Foo ]": (
        "property shape of ex:s: sh:nodeKind ex:Foo is not allowed"
    ),
    'sh:property [ sh:path kg:cue ; sh:datatype "x" ]': (
        'property shape of ex:s: sh:datatype "x" is no IRI'
    ),
    "sh:property [ sh:path ( kg:cue ) ]": (
        "property shape of ex:s: sh:path a blank node is no well-formed path"
    ),
    "sh:property [ sh:path [ sh:inversePath 5 ] ]": (
        "property shape of ex:s: sh:path a blank node is no well-formed path"
    ),
    "sh:path [ ]": "ex:s: is neither a node shape nor a property shape with one well-formed path",
    "sh:minCount 1": "ex:s: sh:minCount is for property shapes, and there is no sh:path",
    "sh:node [ sh:lessThan kg:cue ]": "shape of ex:s: sh:lessThan is for property shapes only",
    "sh:in ex:nolist": "ex:s: sh:in ex:nolist is no well-formed list",
    "sh:in ( 1 ) , ( 2 )": "ex:s: sh:in may be said once only",
    "sh:or [ ]": "ex:s: sh:or a blank node is no well-formed list",
    "sh:or ( [ sh:nodeKind 5 ] )": "shape of ex:s: sh:nodeKind 5 is not allowed",
    "sh:closed true ; sh:ignoredProperties ( 5 )": (
        "ex:s: 5 in the list of sh:ignoredProperties is not allowed"
    ),
    "sh:targetSubjectsOf 5": "ex:s: sh:targetSubjectsOf 5 is no IRI",
    "sh:message 5": "ex:s: sh:message 5 is not allowed",
    "sh:property [ a rdfs:Class , sh:NodeShape ; sh:path kg:cue ]": (
        "property shape of ex:s: is a class as well, and has no IRI"
    ),
    # What they do not see.
    "sh:property ex:undefined": "ex:s: sh:property ex:undefined is not in the shapes",
    "sh:node ex:undefined": "ex:s: sh:node ex:undefined is not in the shapes",
    "sh:node 5": "ex:s: sh:node 5 is no shape",
    "sh:and ( 5 )": "ex:s: sh:and 5 is no shape",
    "sh:or _:l . _:l rdf:first kg:x ; rdf:rest _:l": (
        "ex:s: sh:or a blank node is no well-formed list"
    ),
    "sh:not ex:undefined": "ex:s: sh:not ex:undefined is not in the shapes",
    "sh:xone ( ex:undefined )": "ex:s: sh:xone ex:undefined is not in the shapes",
    'sh:sparql [ sh:message "m" ; sh:ask "ASK { }" ]': "ex:s: sh:sparql has no query, as sh:select",
    'sh:sparql "SELECT $this { }"': "ex:s: sh:sparql has no query, as sh:select",
    'sh:sparql [ sh:select "SELECT $this { }" , "SELECT $this { ?s ?p ?o }" ]': (
        "ex:s: sh:sparql has several queries, and may have one"
    ),
    'sh:property [ sh:path kg:cue ; sh:pattern "(" ]': (
        'property shape of ex:s: sh:pattern "(" is no regular expression:'
        " missing ), unterminated subpattern"
    ),
    "sh:entailment <http://www.w3.org/ns/entailment/RDFS>": (
        "ex:s: sh:entailment http://www.w3.org/ns/entailment/RDFS is asked for,"
        " and there is no inference"
    ),
}


@pytest.mark.parametrize(("shape", "message"), FAULTS.items(), ids=FAULTS)
def test_a_fault_is_told_once_with_the_shape_and_what_is_wrong(shape: str, message: str) -> None:
    shapes = triples(f"ex:s a sh:NodeShape ; sh:targetClass kg:Claim ; {shape} .")
    assert [str(fault) for fault in lint.ill_formed(shapes, NAMES)] == [message]


def test_the_number_of_planted_faults_is_known() -> None:
    assert len(FAULTS) == 32


def test_several_faults_are_sorted_and_have_their_nodes() -> None:
    found = lint.ill_formed(triples("ex:b sh:in 1 . ex:a sh:in 2 ; sh:minCount 1 ."), NAMES)
    assert [(fault.name, fault.node) for fault in found] == [
        (f"ex:{name}", ox.NamedNode(f"https://example.org/own#{name}")) for name in "ab"
    ]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { $this ",
        "SELECT $this WHERE { $this zz:a ?x }",
        "SELECT ?x WHERE { ?x ?y ?z }",
        "SELECT $this { SERVICE <urn:x> { $this ?p ?x } }",
        "SELECT $this WHERE { BIND(1 AS $this) }",
    ],
)
def test_faults_of_sparql_are_found_before_and_when_it_is_compiled(
    query: str, base: EmbeddedStore
) -> None:
    shapes = triples(f'ex:s sh:targetClass kg:Claim ; sh:sparql [ sh:select "{query}" ] .')
    (fault,) = lint.ill_formed(shapes, NAMES)
    assert str(fault).startswith("SPARQL constraint of ex:s: sh:select: ")
    with pytest.raises(InputError):
        shacl.validate(base, shapes)


def test_the_packaged_shapes_have_no_faults() -> None:
    assert lint.ill_formed(SHAPES) == []


@needs_suite
def test_no_shape_of_the_suite_that_has_a_report_has_a_fault() -> None:
    cases = [case for part in COUNTS for case in suite(part).values() if case.expected is not None]
    assert len(cases) == 114
    # All at once, which is much sooner: what the files say something about gets a name of its own.
    shapes: list[ox.Triple] = []
    for number, case in enumerate(cases):
        own = {
            node: ox.NamedNode(f"urn:{number}:{node.value}")
            for triple in case.shapes
            if isinstance(node := triple.subject, ox.NamedNode)
        }
        for subject, predicate, value in case.shapes:
            shapes.append(ox.Triple(own.get(subject, subject), predicate, own.get(value, value)))
    found = {int(fault.name.split(":")[1]) for fault in lint.ill_formed(shapes)}
    # A node that is a list and an inverse path at once: SHACL-SHACL has it that this is no path.
    assert {cases[number].name for number in found} == {"path/path-strange-002"}


def test_pyshacl_is_not_imported_for_its_files() -> None:
    code = (
        "import sys; from kg.shacl.lint import ill_formed; ill_formed([]);"
        " sys.exit('pyshacl' in sys.modules or 'rdflib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Warnings

WARNINGS = {
    # Targets that match nothing
    "ex:s sh:targetClass schema:Place": [
        "ex:s: sh:targetClass schema:Place matches nothing in the data"
    ],
    "ex:s sh:targetSubjectsOf kg:contradicts": [
        "ex:s: sh:targetSubjectsOf kg:contradicts matches nothing in the data"
    ],
    "ex:s sh:targetObjectsOf kg:contradicts": [
        "ex:s: sh:targetObjectsOf kg:contradicts matches nothing in the data"
    ],
    "ex:s sh:targetNode ex:nobody , 5": [
        "ex:s: sh:targetNode 5, sh:targetNode ex:nobody match nothing in the data"
    ],
    "kg:Quantity a rdfs:Class , sh:NodeShape ; sh:targetNode ex:1 , ex:2 , ex:3 , ex:4": [
        ("kg:Quantity: sh:targetNode ex:1, sh:targetNode ex:2, sh:targetNode ex:3"
        " and 1 more match nothing in the data")
    ],
    # Terms that the data do not know
    "ex:s sh:targetClass kg:Klaim": [
        "ex:s: the data do not know the class kg:Klaim of sh:targetClass; did you mean kg:Claim?"
    ],
    "ex:s sh:targetClass kg:claim": [
        "ex:s: the data do not know the class kg:claim of sh:targetClass; did you mean kg:Claim?"
    ],
    "ex:s sh:targetSubjectsOf kg:sourec": [
        ("ex:s: the data do not know the property kg:sourec of sh:targetSubjectsOf;"
        " did you mean kg:source?")
    ],
    "ex:s sh:targetClass kg:Claim ; sh:property [ sh:path [ sh:inversePath kg:asertts ] ]": [
        ("property shape of ex:s: the data do not know the property kg:asertts of sh:path;"
        " did you mean kg:asserts?")
    ],
    "ex:s sh:targetClass kg:Claim ; sh:property [ sh:path kg:cue ; sh:class ex:Cue ]": [
        "property shape of ex:s: the data do not know the class ex:Cue of sh:class"
    ],
    "ex:s sh:targetClass kg:Claim ; sh:disjoint ex:p ; sh:equals kg:kinds": [
        "ex:s: the data do not know the property ex:p of sh:disjoint",
        "ex:s: the data do not know the property kg:kinds of sh:equals; did you mean kg:kind?",
    ],
    "ex:s sh:targetClass kg:Claim ; sh:closed true ; sh:ignoredProperties ( rdf:type ex:p )": [
        "ex:s: the data do not know the property ex:p of sh:ignoredProperties"
    ],
    # Terms that SHACL does not know
    "ex:s sh:targetClass kg:Claim ; sh:property [ sh:path kg:cue ; sh:minCuont 1 ]": [
        "property shape of ex:s: SHACL has no sh:minCuont; did you mean sh:minCount?"
    ],
    "ex:s sh:targetClass kg:Claim ; sh:Property ex:p . ex:p sh:path kg:cue": [
        "ex:s: SHACL has no sh:Property; did you mean sh:property?",
    ],
    "ex:s a sh:NodShape ; sh:targetClass kg:Claim ; sh:severity ex:Grave": [
        "ex:s: SHACL has no sh:NodShape; did you mean sh:NodeShape?"
    ],
    "ex:s sh:targetClass kg:Claim ; sh:node _:a . _:a sh:node _:b . _:b sh:no 1 ; sh:node _:a": [
        "shape of ex:s: SHACL has no sh:no; did you mean sh:not?"
    ],
    # Shapes that are never asked
    "ex:s a sh:NodeShape ; sh:class kg:Klaim": [
        "ex:s: has no target, and no shape refers to it",
        "no shape that is active has a target: nothing is checked",
    ],
    "": ["no shape that is active has a target: nothing is checked"],
    # Prefixes that are not declared
    'ex:s sh:targetClass kg:Claim ; sh:sparql [ sh:select "SELECT $this { $this kg:cue ?c, schema:x }" ]': [
        ("SPARQL constraint of ex:s: sh:select uses kg:, schema:, which sh:prefixes does not declare;"
        " other engines refuse that")
    ],
    'ex:s sh:targetClass kg:Claim ; sh:sparql ex:q . ex:q sh:prefixes ex:o ;'
    ' sh:select "SELECT $this { $this kg:cue rdf:nil }" .'
    ' ex:o sh:declare [ sh:prefix "rdf" ; sh:namespace "http://www.w3.org/1999/02/22-rdf-syntax-ns#" ]': [
        "ex:q: sh:select uses kg:, which sh:prefixes does not declare; other engines refuse that"
    ],
    # What is as it should be
    "ex:s sh:targetClass kg:Claim ; sh:severity ex:Grave ; sh:property [ sh:path ( kg:source rdf:type ) ]": [],
    "ex:s sh:targetClass prov:Agent": [],
    'ex:s sh:targetClass kg:Claim ; sh:sparql ex:q .'
    ' ex:q sh:select "PREFIX kg: <urn:x> SELECT $this { $this kg:a 1 }"': [],
    # What is deactivated
    "ex:t sh:targetClass kg:Claim . ex:s sh:deactivated true ; sh:targetClass kg:Klaim ; sh:minCuont 1 ;"
    ' sh:sparql [ sh:select "SELECT $this { $this kg:cue 1 }" ] ; sh:property [ sh:path kg:no ; sh:no 1 ]': [],
    "ex:s sh:targetClass kg:Claim ; sh:property [ sh:path kg:no ; sh:deactivated true ] ;"
    ' sh:sparql [ sh:deactivated true ; sh:select "SELECT $this { $this kg:cue 1 }" ]': [],
}  # fmt: skip


@pytest.mark.parametrize(("shape", "messages"), WARNINGS.items(), ids=WARNINGS)
def test_what_looks_like_a_mistake_is_a_line_with_the_name_of_the_shape(
    shape: str, messages: list[str], base: EmbeddedStore
) -> None:
    shapes = triples(f"{shape} ." if shape else "")
    assert lint.ill_formed(shapes, PREFIXES | NAMES) == []
    assert lint.warnings(base, shapes, NAMES) == messages


def test_the_number_of_planted_mistakes_is_known() -> None:
    assert len(WARNINGS) == 25


def test_a_shape_without_an_iri_is_named_by_what_it_is_part_of(base: EmbeddedStore) -> None:
    shapes = triples(
        "ex:s sh:targetClass kg:Claim ; sh:or ( [ sh:class kg:A ] [ sh:not [ sh:class kg:B ] ] ) ."
        " [] sh:targetClass kg:C ."
    )
    assert {line.partition(": ")[0] for line in lint.warnings(base, shapes, NAMES)} == {
        "shape of ex:s",
        "shape without a name",
    }


def test_the_packaged_shapes_are_clean_on_the_founding_corpus(built: Workspace) -> None:
    with built.reading() as store:
        assert lint.warnings(store, SHAPES, NAMES) == []


def test_the_packaged_shapes_wait_for_data_without_a_word(base: EmbeddedStore) -> None:
    assert lint.warnings(base, SHAPES, NAMES, settled=PACKAGED) == []
    with loaded(ONTOLOGY) as store:
        assert lint.warnings(store, SHAPES, NAMES, settled=PACKAGED) == []
        own = triples("ex:s sh:targetClass kg:Claim .")
        assert lint.warnings(store, SHAPES + own, NAMES, settled=PACKAGED) == [
            "ex:s: sh:targetClass kg:Claim matches nothing in the data"
        ]


def test_no_term_of_the_packaged_shapes_is_missing_in_the_ontology() -> None:
    with loaded(ONTOLOGY) as store:
        found = lint.warnings(store, SHAPES, NAMES)
    assert all(line.endswith("nothing in the data") for line in found)
    with EmbeddedStore() as store:
        assert not any("do not know" in line for line in lint.warnings(store, SHAPES, NAMES))


def test_without_an_ontology_only_what_looks_misspelt_is_a_mistake() -> None:
    shapes = triples(
        "ex:s sh:targetClass ex:Person ; sh:property [ sh:path ex:nmae ] , [ sh:path ex:nick ] ."
    )
    data = triples('ex:a a ex:Person ; ex:name "A" .')
    line = "property shape of ex:s: the data do not know the property ex:{} of sh:path"
    with loaded(data) as store:
        assert lint.warnings(store, shapes, NAMES) == [
            f"{line.format('nmae')}; did you mean ex:name?"
        ]
    with loaded(data, triples("ex:Person a rdfs:Class .")) as store:
        assert lint.warnings(store, shapes, NAMES) == [
            line.format("nick"),
            f"{line.format('nmae')}; did you mean ex:name?",
        ]


def test_the_same_is_said_over_an_endpoint(server: str, base: EmbeddedStore) -> None:
    shapes = [*SHAPES, *triples("ex:s sh:targetClass kg:Klaim ; sh:targetNode 5 .")]
    here = lint.warnings(base, shapes, NAMES)
    assert len(here) > 2
    with open_store(server) as remote:
        remote.update("DROP ALL")
        remote.put(ox.NamedNode("urn:g"), [quad.triple for quad in base.engine])
        assert lint.warnings(remote, shapes, NAMES) == here
        remote.update("DROP ALL")


# Growth

DATA = triples(
    "kg:Claim a <http://www.w3.org/2002/07/owl#Class> ."
    ' <urn:t> a kg:SourceText ; rdfs:label "text" .'
    + "".join(
        f' <urn:t#{i}> a kg:Claim ; kg:inText <urn:t> ; rdfs:label "{i}"@en ; oa:start {i} .'
        f" [] kg:evidence <urn:t#{i}> ; kg:kind <urn:concept> ."
        for i in range(20)
    )
    + " <urn:concept> a skos:Concept ."
)
CLAIM = "ex:s sh:targetClass kg:Claim ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ] ."

CLOCKS: dict[str, tuple[Callable[[int], float], tuple[int, int] | None, int]] = {
    "linear": (lambda n: n * 0.005, None, 4),
    "sorting": (lambda n: n * math.log(n * 1000 + 1) * 0.001, None, 4),
    "quadratic": (lambda n: n * n * 0.005, (4, 16), 8),
    "quadratic after a long start": (lambda n: 0.1 + n * n * 0.005, (4, 16), 8),
    "cubic": (lambda n: n**3 * 0.001, (4, 64), 8),
    "quadratic and nothing": (lambda n: n * n * 0.0001, None, 4),
    "slow and quadratic": (lambda n: n * n * 0.7, (2, 4), 2),
    "slow and linear": (lambda n: n * 0.7, None, 2),
    "slow at four": (lambda n: n * n * 0.1, (4, 16), 4),
}
"""Seconds for so many copies; how many times the data and the time, if told; the most copies tried."""


@pytest.mark.parametrize("name", CLOCKS)
def test_time_that_grows_like_the_data_is_told_from_time_that_grows_faster(name: str) -> None:
    seconds, expected, most = CLOCKS[name]
    asked: Counter[int] = Counter()

    def clock(copies: int) -> float:
        asked[copies] += 1
        return seconds(copies)

    found = growing._grown(clock)
    assert (found and (found[0], round(found[1]))) == expected
    assert max(asked) == most
    assert sum(asked.values()) < 40


def test_an_accident_of_the_clock_is_no_growth() -> None:
    asked = 0

    def clock(_: EmbeddedStore, __: growing.Asked) -> float:
        nonlocal asked
        asked += 1
        return 0.0 if asked < 9 else 0.4  # it stalls, and does so for good

    assert growing.growth(DATA, triples(CLAIM), NAMES, seconds=clock) == []


def test_growth_is_told_with_shape_part_and_figures() -> None:
    def clock(store: EmbeddedStore, asked: growing.Asked) -> float:
        return float(len(store.engine) ** 2 * 1e-10) if asked.part else 0.0

    found = growing.growth(DATA, triples(CLAIM), NAMES, seconds=clock)
    assert [str(one) for one in found] == [
        (
            "property shape of ex:s: sh:MinCountConstraintComponent takes 16 times as long"
            " for 4 times the data (104 ms)"
        )
    ]


def test_what_a_check_explains_is_not_told_of_its_shape_again() -> None:
    def clock(store: EmbeddedStore, _: growing.Asked) -> float:
        return float(len(store.engine) ** 2 * 1e-10)

    (one,) = growing.growth(DATA, triples(CLAIM), NAMES, seconds=clock)
    assert one.part is not None

    def screens(store: EmbeddedStore, asked: growing.Asked) -> float:
        return 0.0 if asked.part else clock(store, asked)

    (one,) = growing.growth(DATA, triples(CLAIM), NAMES, seconds=screens)
    assert str(one).startswith("ex:s: looking for nodes that fail takes 16 times as long")


def copies(*, shared: bool) -> list[ox.Triple]:
    made = growing._Copies(DATA, Graph(triples(CLAIM)), shared=shared)
    return [quad.triple for quad in made.quads(range(4))]


def test_copies_are_apart_or_meet_in_what_many_point_at() -> None:
    concept, text = ox.NamedNode("urn:concept"), ox.NamedNode("urn:t")
    for shared in (False, True):
        found = copies(shared=shared)
        assert len(found) == len(set(found))
        kinds = Counter(t.object for t in found if t.predicate.value.endswith("#type"))
        assert kinds[ox.NamedNode(f"{NAMES['kg']}Claim")] == 60
        assert kinds[ox.NamedNode(f"{NAMES['kg']}SourceText")] == (1 if shared else 3)
        assert sum(t.object == concept for t in found) == 60  # the concept is not copied
        assert sum(t.subject == concept for t in found) == 1
        assert sum(t.object == text for t in found) == (60 if shared else 0)
        labels = {t.object for t in found if t.predicate.value.endswith("#label")}
        assert len(labels) == (21 if shared else 63)
        starts = {t.object for t in found if t.predicate.value.endswith("oa#start")}
        assert len(starts) == 20
    # An IRI that begins with another one does so in the copies.
    node = next(t for t in copies(shared=False) if t.predicate.value.endswith("inText"))
    assert str(node.subject).startswith(str(node.object)[:-1])


def test_a_sample_has_the_ontology_and_whole_graphs_until_it_is_enough(built: Workspace) -> None:
    with built.reading() as store:
        everything = growing.sample(store)
        few = growing.sample(store, most=1_500)
    assert len(everything) == len(set(everything)) > 6_000
    assert set(ONTOLOGY) - set(everything) == set()
    assert set(ONTOLOGY) < set(few) < set(everything)


def test_the_packaged_shapes_grow_like_the_data_and_a_quadratic_one_is_found(
    built: Workspace,
) -> None:
    # What we once had: several patterns in NOT EXISTS, which the engine joins anew for every node.
    planted = triples(
        """
        ex:judged sh:targetSubjectsOf kg:contradicts , kg:agreesWith , skos:exactMatch ;
            sh:sparql ex:judged-sparql .
        ex:judged-sparql sh:select '''SELECT $this ?value {
            $this ?r ?value FILTER(?r IN (kg:contradicts, kg:agreesWith, skos:exactMatch))
            FILTER NOT EXISTS { ?j kg:status kgs:status-accepted ; kg:relation ?r ;
                                   kg:from $this ; kg:to ?value }
            FILTER NOT EXISTS { ?j kg:status kgs:status-accepted ; kg:relation ?r ;
                                   kg:from ?value ; kg:to $this } }''' .
        ex:pairs sh:targetClass kg:Claim ; sh:sparql ex:pairs-sparql .
        ex:pairs-sparql sh:select '''SELECT DISTINCT $this ?other {
            $this kg:source ?source . ?other kg:source ?source .
            FILTER(STR(?other) = CONCAT(STR($this), "x")) }''' .
        """
    )
    with built.reading() as store:
        data = growing.sample(store)
    found = growing.growth(data, [*SHAPES, *planted], NAMES)
    assert {(one.name, one.part, one.shared) for one in found} == {
        ("ex:judged", "ex:judged-sparql", False),
        ("ex:pairs", "ex:pairs-sparql", True),
    }
    for one in found:
        assert one.factor > 8

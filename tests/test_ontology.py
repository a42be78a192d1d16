"""The ontology, its JSON-LD context, and that shapes and queries use no term that it lacks."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS
from rdflib.plugins.sparql import prepareQuery

ROOT = Path(__file__).parents[1]
ONTOLOGY = ROOT / "ontology" / "newskg.ttl"
CONTEXT = ROOT / "ontology" / "context.jsonld"
SHAPES = ROOT / "shapes" / "newskg.ttl"
QUERIES = sorted((ROOT / "queries").glob("*.rq"))
BASE = Path(__file__).with_name("negatives") / "_base.ttl"

IRI = rdflib.URIRef("https://w3id.org/newskg/ontology")
KG = rdflib.Namespace("https://w3id.org/newskg/ontology#")
KGS = rdflib.Namespace("https://w3id.org/newskg/scheme/")
SCHEMA = rdflib.Namespace("http://schema.org/")
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
LANGUAGE = (str(RDF), str(RDFS), str(OWL))
"""RDF, RDFS and OWL need no declaration."""


@cache
def read(path: Path) -> rdflib.Graph:
    return rdflib.Graph(bind_namespaces="none").parse(path)


@cache
def ontology() -> rdflib.Graph:
    return read(ONTOLOGY)


def instances(*classes: rdflib.URIRef) -> set[str]:
    return {str(s) for class_ in classes for s in ontology().subjects(RDF.type, class_)}


def own(*classes: rdflib.URIRef) -> set[str]:
    return {iri for iri in instances(*classes) if iri.startswith((str(KG), str(KGS)))}


def local(iri: str) -> str:
    return re.split("[#/]", iri)[-1]


def used_terms(path: Path) -> set[str]:
    """The terms of our two namespaces in the text of a file, comments and SPARQL included."""
    names = re.findall(r"(?<![\w-])(kgs?):([A-Za-z][\w-]*)", path.read_text(encoding="utf-8"))
    return {str({"kg": KG, "kgs": KGS}[prefix][name]) for prefix, name in names}


def test_rdflib_and_oxigraph_read_the_same_triples() -> None:
    store = pyoxigraph.Store()
    store.load(path=str(ONTOLOGY))
    assert len(store) == len(ontology())


def test_the_ontology_and_the_shapes_have_no_blank_nodes_but_paths_and_lists() -> None:
    assert not [node for node in ontology().all_nodes() if isinstance(node, rdflib.BNode)]
    shapes = read(SHAPES)
    for node in {s for s in shapes.subjects() if isinstance(s, rdflib.BNode)}:
        assert set(shapes.predicates(node)) <= {
            RDF.first,
            RDF.rest,
            SH.alternativePath,
            SH.inversePath,
        }


def test_the_terms_are_counted() -> None:
    assert len(own(OWL.Class)) == 11
    assert len(own(OWL.ObjectProperty)) + len(own(OWL.DatatypeProperty)) == 40
    assert len(own(SKOS.ConceptScheme)) == 13
    assert len(own(SKOS.Concept)) == 97


def test_types_and_cardinality_are_left_to_the_shapes() -> None:
    for predicate in (RDFS.domain, RDFS.range, OWL.imports):
        assert not list(ontology().subject_objects(predicate))
    assert not instances(OWL.FunctionalProperty, OWL.InverseFunctionalProperty)


def test_every_own_term_has_a_label_a_definition_and_a_home() -> None:
    for iri in own(OWL.Class, *PROPERTIES, SKOS.ConceptScheme, SKOS.Concept):
        term = rdflib.URIRef(iri)
        for predicate in (RDFS.label, SKOS.definition):
            assert [getattr(o, "language", None) for o in ontology().objects(term, predicate)] == [
                "en"
            ], iri
        assert ontology().value(term, RDFS.isDefinedBy) == IRI, iri


def test_own_properties_say_where_they_belong() -> None:
    for iri in own(*PROPERTIES):
        for predicate in (SCHEMA.domainIncludes, SCHEMA.rangeIncludes):
            assert list(ontology().objects(rdflib.URIRef(iri), predicate)), iri


def test_every_concept_is_in_one_scheme() -> None:
    for iri in own(SKOS.Concept):
        schemes = list(ontology().objects(rdflib.URIRef(iri), SKOS.inScheme))
        assert len(schemes) == 1
        assert str(schemes[0]) in own(SKOS.ConceptScheme)


def test_every_term_that_the_ontology_uses_is_declared_once() -> None:
    kinds = (OWL.Class, *PROPERTIES)
    declared = [iri for kind in kinds for iri in instances(kind)]
    assert len(declared) == len(set(declared))
    used = {str(p) for p in ontology().predicates()} | {
        str(o)
        for predicate in (RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, SCHEMA.domainIncludes)
        for o in ontology().objects(None, predicate)
    }
    assert {iri for iri in used if not iri.startswith(LANGUAGE)} <= set(declared)


def test_shapes_and_queries_use_only_terms_of_the_ontology() -> None:
    known = own(OWL.Class, *PROPERTIES, SKOS.ConceptScheme, SKOS.Concept)
    for path in (SHAPES, BASE, *QUERIES):
        assert used_terms(path) <= known, path.name


def test_every_own_class_and_property_is_checked_by_a_shape() -> None:
    assert own(OWL.Class, *PROPERTIES) <= used_terms(SHAPES)


def test_every_shape_that_reports_has_a_message_and_a_severity() -> None:
    shapes = read(SHAPES)
    properties = set(shapes.subjects(RDF.type, SH.PropertyShape))
    constraints = set(shapes.subjects(RDF.type, SH.SPARQLConstraint))
    assert set(shapes.objects(None, SH.property)) == properties
    assert set(shapes.objects(None, SH.sparql)) == constraints
    for shape in properties | constraints:
        messages = list(shapes.objects(shape, SH.message))
        assert [getattr(message, "language", None) for message in messages] == ["en"], shape
    for shape in properties | set(shapes.subjects(SH.sparql)):
        severity = shapes.value(shape, SH.severity)
        assert severity in {SH.Violation, SH.Warning, SH.Info}, shape
    for shape in properties:
        assert shapes.value(shape, SH.path), shape
        assert shapes.value(shape, SH.name), shape
    for shape in shapes.subjects(SH.sparql):
        assert shapes.value(shape, SH.description), shape


def test_every_shape_that_reports_says_how_to_mend_the_fault() -> None:
    shapes = read(SHAPES)
    no_constraint = {RDF.type, SH.property, SH.severity, SH.name, SH.message, SH.description}
    targets = {SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf}
    # A node shape without a target stands in an sh:or, and the shape with the sh:or reports.
    nodes = {
        shape
        for shape in shapes.subjects(RDF.type, SH.NodeShape)
        if (found := set(shapes.predicates(shape))) & targets and found - targets - no_constraint
    }
    assert set(shapes.subjects(SH.sparql)) < nodes
    for shape in nodes | set(shapes.subjects(RDF.type, SH.PropertyShape)):
        (mend,) = shapes.objects(shape, SH.description)
        assert isinstance(mend, rdflib.Literal), shape
        assert mend.language == "en", shape
        assert re.fullmatch(r"[A-Z][^\n]+\.", mend), shape


def test_every_constraint_is_a_query_with_exactly_the_declared_prefixes() -> None:
    shapes = read(SHAPES)
    home = shapes.value(predicate=RDF.type, object=OWL.Ontology)
    head = "".join(
        f"PREFIX {shapes.value(node, SH.prefix)}: <{shapes.value(node, SH.namespace)}>\n"
        for node in shapes.objects(home, SH.declare)
    )
    text = SHAPES.read_text(encoding="utf-8")
    for prefix, namespace in re.findall(r"PREFIX (\w+): <(.+)>", head):
        assert re.search(rf"@prefix {prefix}: +<{re.escape(namespace)}> \.", text)
    selects = list(shapes.subject_objects(SH.select))
    assert len(selects) == len(set(shapes.subjects(RDF.type, SH.SPARQLConstraint))) == 21
    for constraint, select in selects:
        assert shapes.value(constraint, SH.prefixes) == home, constraint
        assert not re.search(r"\b(MINUS|VALUES|SERVICE)\b", str(select)), constraint
        assert re.search(r"\$this (a|kg:|oa:|schema:|\?)", str(select)), constraint
        pyoxigraph.Store().query(head + str(select))
        prepareQuery(head + str(select))


def context() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(CONTEXT.read_text(encoding="utf-8"))["@context"]
    return loaded


def expanded(value: str) -> str:
    prefix, _, name = value.partition(":")
    return str(context()[prefix]) + name


def terms() -> dict[str, tuple[str, str | None]]:
    """The IRI and the coercion of every term of the context that is no prefix."""
    return {
        name: (expanded(value["@id"]), value["@type"])
        if isinstance(value, dict)
        else (expanded(value), None)
        for name, value in context().items()
        if isinstance(value, dict) or (isinstance(value, str) and "//" not in value)
    }


def test_the_context_has_every_term_of_the_ontology_under_its_own_name() -> None:
    declared = instances(OWL.Class, *PROPERTIES)
    assert {iri for iri, _ in terms().values()} <= declared | {
        str(RDFS.label),
        str(RDFS.comment),
        str(RDFS.isDefinedBy),
    }
    for name, (iri, _) in terms().items():
        assert local(iri) == name
    missing = declared - {iri for iri, _ in terms().values()}
    # Terms above ours of the same name stay out: data use ours.
    above = {
        str(o) for p in (RDFS.subClassOf, RDFS.subPropertyOf) for o in ontology().objects(None, p)
    }
    assert missing <= above
    assert {local(iri) for iri in missing} == {"Actor", "Article", "Claim", "Event"}


def test_the_context_coerces_links_and_datatypes_and_no_language() -> None:
    for name, (iri, type_) in terms().items():
        if iri in instances(OWL.ObjectProperty):
            assert type_ == "@id", name
        if iri in instances(OWL.DatatypeProperty) and type_ is not None:
            assert type_ in {"xsd:dateTime", "xsd:decimal", "xsd:integer"}, name
        range_ = ontology().value(rdflib.URIRef(iri), SCHEMA.rangeIncludes)
        if iri in own(OWL.DatatypeProperty):
            assert expanded(str(type_)) == str(range_), name
    assert "@language" not in CONTEXT.read_text(encoding="utf-8")


def test_the_context_ties_no_data_to_a_base() -> None:
    assert "example.org" not in CONTEXT.read_text(encoding="utf-8")
    assert not {"@base", "@vocab", "id"} & context().keys()


AWKWARD = """
@prefix ex: <https://example.org/kg/id/x/> .
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:awkward a kg:Claim , schema:Claim , schema:Country ;
    rdfs:label "塔"@ja , "tour"@fr , "tower"@en-GB , "tower" , "17" , "" ;
    schema:text "برج"@ar , "true" , "2020-05-01"^^xsd:date ;
    schema:value 17 , "17"^^xsd:decimal , 0.5 ;
    schema:url <https://example.org/a?b=c#d> , "https://example.org/a" ;
    schema:about "ex:tower" ;
    oa:start 5 , "5" ;
    kg:confidence 0.7 , "1"^^xsd:decimal , 1 ;
    kg:earliest "2020-05-01T00:00:00Z"^^xsd:dateTime , "2020-05-01T00:00:00"^^xsd:dateTime ;
    prov:generatedAtTime "2020-05-01T00:00:00.5Z"^^xsd:dateTime , "2020" .
"""


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # inside rdflib
@pytest.mark.parametrize("source", [ONTOLOGY, BASE, AWKWARD], ids=["ontology", "data", "awkward"])
def test_a_graph_survives_the_way_through_json_ld(
    source: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    graph = rdflib.Graph(bind_namespaces="none")
    if isinstance(source, Path):
        graph.parse(source)
    else:
        graph.parse(data=source, format="turtle")
    written = graph.serialize(format="json-ld", context=context())
    assert isomorphic(graph, rdflib.Graph().parse(data=written, format="json-ld"))
    store, same = pyoxigraph.Store(), pyoxigraph.Store()
    store.load(input=written.encode(), format=pyoxigraph.RdfFormat.JSON_LD)
    same.load(input=graph.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert set(store) == set(same)


def test_json_ld_uses_the_short_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    written = json.loads(read(BASE).serialize(format="json-ld", context=context()))
    keys = {key for node in written["@graph"] for key in node}
    assert not [key for key in keys if ":" in key]
    claims = [node for node in written["@graph"] if node.get("@type") == "Claim"]
    assert {claim["certainty"] for claim in claims} == {"kgs:certainty-probable"}


def test_the_ontology_says_its_version_and_licence() -> None:
    version = str(ontology().value(IRI, OWL.versionInfo))
    assert str(ontology().value(IRI, OWL.versionIRI)) == f"{IRI}/{version}"
    assert str(ontology().value(IRI, DCTERMS.license)).startswith("https://creativecommons.org/")

"""The code's vocabularies, the ontology and the model name the same terms."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
import rdflib
from rdflib.namespace import OWL, RDF, SKOS

from kg import model, vocab
from kg.mapping.write import CLASSES, RELATIONS
from kg.vocab import KG, KGS, concept, concept_value, terms

ONTOLOGY = rdflib.Graph(bind_namespaces="none").parse(
    Path(__file__).parents[1] / "ontology" / "newskg.ttl"
)
DECLARED = {
    str(term)
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    for term in ONTOLOGY.subjects(RDF.type, kind)
}
VOCABULARIES = {
    name: found for name, found in vars(vocab).items() if isinstance(found, vocab.Vocabulary)
}
LANGUAGE = {"RDF", "RDFS", "XSD"}
"""What every ontology may use undeclared."""

SCHEMES: dict[str, object] = {
    "actor": model.ActorKind,
    "basis": model.Basis,
    "certainty": model.Certainty,
    "event": model.EventKind,
    "method": model.MethodKind,
    "modality": model.Modality,
    "part": model.PartKind,
    "polarity": model.Polarity,
    "quantifier": model.Quantifier,
    "report": model.ReportKind,
    "role": model.Role,
    "stance": model.StanceValue,
    "status": model.Status,
}


def test_there_are_as_many_vocabularies_and_terms_as_there_were() -> None:
    assert sorted(VOCABULARIES) == [
        *("DCTERMS", "KG", "OA", "PROV", "RDF", "RDFS", "SCHEMA", "SKOS", "TIME", "XSD")
    ]
    assert len(terms(KG)) == 51


def test_the_code_knows_each_of_our_terms_and_no_others() -> None:
    own = {iri for iri in DECLARED if iri.startswith(KG.base)}
    assert {node.value for node in terms(KG).values()} == own


@pytest.mark.parametrize("name", sorted(VOCABULARIES.keys() - LANGUAGE))
def test_each_term_is_declared_in_the_ontology(name: str) -> None:
    nodes = terms(VOCABULARIES[name])
    assert nodes
    assert {node.value for node in nodes.values()} <= DECLARED


@pytest.mark.parametrize("name", sorted(LANGUAGE))
def test_each_term_of_the_languages_exists(name: str) -> None:
    namespace = getattr(rdflib.namespace, name)
    for local, node in terms(VOCABULARIES[name]).items():
        assert str(namespace[local]) == node.value


def concepts(family: str) -> set[str]:
    found = map(str, ONTOLOGY.subjects(RDF.type, SKOS.Concept))
    return {iri for iri in found if iri.startswith(f"{KGS}{family}-")}


def test_there_are_as_many_schemes_in_the_ontology_as_in_the_model() -> None:
    schemes = set(ONTOLOGY.subjects(RDF.type, SKOS.ConceptScheme))
    assert len(schemes) == len(SCHEMES) == 13
    own = {str(c) for c in ONTOLOGY.subjects(RDF.type, SKOS.Concept) if str(c).startswith(KGS)}
    assert set.union(*map(concepts, SCHEMES)) == own
    assert len(own) == sum(len(get_args(words)) for words in SCHEMES.values()) == 97


@pytest.mark.parametrize("family", SCHEMES)
def test_the_words_of_the_model_are_the_concepts_of_the_scheme(family: str) -> None:
    words = get_args(SCHEMES[family])
    assert {concept(family, word).value for word in words} == concepts(family)
    assert [concept_value(family, concept(family, word)) for word in words] == list(words)
    schemes = {
        scheme
        for c in concepts(family)
        for scheme in ONTOLOGY.objects(rdflib.URIRef(c), SKOS.inScheme)
    }
    assert len(schemes) == 1


def test_each_relation_of_the_model_is_a_property_of_the_ontology() -> None:
    assert list(RELATIONS) == list(get_args(model.Relation))
    assert {node.value for node in RELATIONS.values()} <= DECLARED
    assert len({*RELATIONS.values()}) == len(RELATIONS)


def test_each_type_of_thing_is_a_class_of_the_ontology() -> None:
    assert list(CLASSES) == list(get_args(model.ThingType))
    classes = {str(term) for term in ONTOLOGY.subjects(RDF.type, OWL.Class)}
    assert {node.value for node in CLASSES.values()} <= classes


def test_a_term_that_is_not_listed_is_an_error() -> None:
    with pytest.raises(AttributeError):
        _ = KG.assert_  # type: ignore[attr-defined]
    assert KG.from_.value == f"{KG.base}from"
    assert vocab.PREFIXES["schema"] == "http://schema.org/"
    assert len({*vocab.PREFIXES.values()}) == len(vocab.PREFIXES)

"""One class per vocabulary, one attribute per term that `kg` reads or writes.

>>> PROV.wasDerivedFrom.value
'http://www.w3.org/ns/prov#wasDerivedFrom'

A term that is not listed here is an AttributeError at run time and an error to the type checker. A
name that is a Python keyword carries an underscore (`KG.from_` is `kg:from`).
"""

from __future__ import annotations

from typing import Any

from pyoxigraph import NamedNode


class Vocabulary(type):
    """Makes a NamedNode of every annotated attribute."""

    base: str

    def __new__(
        mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], *, base: str
    ) -> Vocabulary:
        """The class, with the terms that it annotates."""
        terms = {
            term: NamedNode(base + term.rstrip("_")) for term in body.get("__annotations__", ())
        }
        cls = super().__new__(mcs, name, bases, body | terms)
        cls.base = base
        return cls

    def __init__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any], **_: Any) -> None:
        super().__init__(name, bases, body)


def terms(vocabulary: Vocabulary) -> dict[str, NamedNode]:
    """The terms of a vocabulary by their local names."""
    return {
        node.value.removeprefix(vocabulary.base): node
        for node in vars(vocabulary).values()
        if isinstance(node, NamedNode)
    }


class KG(metaclass=Vocabulary, base="https://w3id.org/newskg/ontology#"):
    """The ontology of this project."""

    Actor: NamedNode
    Article: NamedNode
    Claim: NamedNode
    Event: NamedNode
    Judgement: NamedNode
    Mention: NamedNode
    Participation: NamedNode
    Passage: NamedNode
    Quantity: NamedNode
    SourceText: NamedNode
    Stance: NamedNode
    absentFrom: NamedNode
    actor: NamedNode
    agreesWith: NamedNode
    asserts: NamedNode
    basis: NamedNode
    causedBy: NamedNode
    certainty: NamedNode
    confidence: NamedNode
    contextFit: NamedNode
    contradicts: NamedNode
    cue: NamedNode
    dateFit: NamedNode
    earliest: NamedNode
    evidence: NamedNode
    from_: NamedNode
    inText: NamedNode
    kind: NamedNode
    latest: NamedNode
    margin: NamedNode
    modality: NamedNode
    nameSimilarity: NamedNode
    participation: NamedNode
    polarity: NamedNode
    popularity: NamedNode
    population: NamedNode
    quantifier: NamedNode
    quantity: NamedNode
    refersTo: NamedNode
    relation: NamedNode
    reviewed: NamedNode
    reviewedBy: NamedNode
    role: NamedNode
    source: NamedNode
    sourceSpan: NamedNode
    stance: NamedNode
    status: NamedNode
    supports: NamedNode
    to: NamedNode
    typeFit: NamedNode
    when: NamedNode


class SCHEMA(metaclass=Vocabulary, base="http://schema.org/"):
    """schema.org, in its http form."""

    Dataset: NamedNode
    OrganizationRole: NamedNode
    Place: NamedNode
    about: NamedNode
    addressCountry: NamedNode
    appearance: NamedNode
    articleSection: NamedNode
    author: NamedNode
    birthDate: NamedNode
    citation: NamedNode
    deathDate: NamedNode
    description: NamedNode
    encoding: NamedNode
    encodingFormat: NamedNode
    hasOccupation: NamedNode
    headline: NamedNode
    inLanguage: NamedNode
    latitude: NamedNode
    location: NamedNode
    longitude: NamedNode
    maxValue: NamedNode
    minValue: NamedNode
    name: NamedNode
    nationality: NamedNode
    publisher: NamedNode
    sha256: NamedNode
    superEvent: NamedNode
    text: NamedNode
    unitText: NamedNode
    url: NamedNode
    value: NamedNode


class PROV(metaclass=Vocabulary, base="http://www.w3.org/ns/prov#"):
    """PROV-O."""

    Activity: NamedNode
    Agent: NamedNode
    Entity: NamedNode
    SoftwareAgent: NamedNode
    generatedAtTime: NamedNode
    used: NamedNode
    wasAssociatedWith: NamedNode
    wasAttributedTo: NamedNode
    wasDerivedFrom: NamedNode
    wasGeneratedBy: NamedNode


class OA(metaclass=Vocabulary, base="http://www.w3.org/ns/oa#"):
    """Web Annotation."""

    end: NamedNode
    exact: NamedNode
    start: NamedNode


class SKOS(metaclass=Vocabulary, base="http://www.w3.org/2004/02/skos/core#"):
    """SKOS."""

    Concept: NamedNode
    altLabel: NamedNode
    broader: NamedNode
    changeNote: NamedNode
    closeMatch: NamedNode
    editorialNote: NamedNode
    exactMatch: NamedNode
    inScheme: NamedNode
    notation: NamedNode
    scopeNote: NamedNode


class DCTERMS(metaclass=Vocabulary, base="http://purl.org/dc/terms/"):
    """Dublin Core terms."""

    identifier: NamedNode
    isReplacedBy: NamedNode
    license: NamedNode
    replaces: NamedNode


class TIME(metaclass=Vocabulary, base="http://www.w3.org/2006/time#"):
    """OWL-Time."""

    TemporalEntity: NamedNode


class RDF(metaclass=Vocabulary, base="http://www.w3.org/1999/02/22-rdf-syntax-ns#"):
    """RDF."""

    type: NamedNode


class RDFS(metaclass=Vocabulary, base="http://www.w3.org/2000/01/rdf-schema#"):
    """RDF Schema."""

    label: NamedNode
    subClassOf: NamedNode


class XSD(metaclass=Vocabulary, base="http://www.w3.org/2001/XMLSchema#"):
    """XML Schema datatypes."""

    boolean: NamedNode
    date: NamedNode
    dateTime: NamedNode
    decimal: NamedNode
    integer: NamedNode
    string: NamedNode


KGS = "https://w3id.org/newskg/scheme/"
KGSH = "https://w3id.org/newskg/shapes#"
ONTOLOGY = NamedNode("https://w3id.org/newskg/ontology")
WIKIDATA = "http://www.wikidata.org/entity/"

PREFIXES: dict[str, str] = {
    "kg": KG.base,
    "kgs": KGS,
    "schema": SCHEMA.base,
    "prov": PROV.base,
    "oa": OA.base,
    "skos": SKOS.base,
    "dcterms": DCTERMS.base,
    "time": TIME.base,
    "rdf": RDF.base,
    "rdfs": RDFS.base,
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": XSD.base,
    "wd": WIKIDATA,
}
"""The prefixes that need no declaration on the command line; those of the data come from the base IRI."""


def concept(family: str, value: str) -> NamedNode:
    """The concept of one of our schemes.

    >>> concept("certainty", "probable").value
    'https://w3id.org/newskg/scheme/certainty-probable'
    """
    return NamedNode(f"{KGS}{family}-{value}")


def concept_value(family: str, node: NamedNode) -> str:
    """The word that a concept stands for in an annotation; the reverse of `concept`.

    >>> concept_value("certainty", concept("certainty", "probable"))
    'probable'
    """
    return node.value.removeprefix(f"{KGS}{family}-")

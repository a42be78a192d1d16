"""The vocabularies of descriptions, which the data do not use."""

# ruff: noqa: N815 (terms keep the case of their vocabularies)

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.vocab import DCTERMS, RDF, RDFS, Vocabulary

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

QUERIES = ".well-known/sparql-examples"
"""Where queries stand below the base: the path that the SIB's endpoints have for theirs."""

DATASET = ".well-known/void"
"""Where the description of the dataset stands below the base (VoID, 7.2; RFC 8615 at a host's root)."""

LANGUAGE = "en"
"""The language of our own words, and the one that headers of queries are taken to be in."""


class SH(metaclass=Vocabulary, base="http://www.w3.org/ns/shacl#"):
    """SHACL, as far as it describes queries and their parameters."""

    IRI: NamedNode
    Parameter: NamedNode
    PrefixDeclaration: NamedNode
    SPARQLAskExecutable: NamedNode
    SPARQLConstructExecutable: NamedNode
    SPARQLExecutable: NamedNode
    SPARQLSelectExecutable: NamedNode
    ask: NamedNode
    class_: NamedNode
    construct: NamedNode
    datatype: NamedNode
    declare: NamedNode
    defaultValue: NamedNode
    description: NamedNode
    in_: NamedNode
    languageIn: NamedNode
    name: NamedNode
    namespace: NamedNode
    nodeKind: NamedNode
    optional: NamedNode
    order: NamedNode
    parameter: NamedNode
    path: NamedNode
    prefix: NamedNode
    prefixes: NamedNode
    select: NamedNode


class SPEX(metaclass=Vocabulary, base="https://purl.expasy.org/sparql-examples/ontology#"):
    """What SHACL has no words for and the SIB's examples need."""

    SPARQLDescribeExecutable: NamedNode
    describe: NamedNode


class SDO(metaclass=Vocabulary, base="https://schema.org/"):
    """schema.org in its https form: what reads SPARQL examples looks for that one."""

    keywords: NamedNode
    target: NamedNode
    workExample: NamedNode


class CSVW(metaclass=Vocabulary, base="http://www.w3.org/ns/csvw#"):
    """CSV on the Web: the columns of a table."""

    Column: NamedNode
    Schema: NamedNode
    column: NamedNode
    name: NamedNode
    tableSchema: NamedNode
    title: NamedNode


class VOID(metaclass=Vocabulary, base="http://rdfs.org/ns/void#"):
    """VoID."""

    Dataset: NamedNode
    DatasetDescription: NamedNode
    Linkset: NamedNode
    class_: NamedNode
    classPartition: NamedNode
    classes: NamedNode
    dataDump: NamedNode
    distinctObjects: NamedNode
    distinctSubjects: NamedNode
    entities: NamedNode
    exampleResource: NamedNode
    feature: NamedNode
    linkPredicate: NamedNode
    objectsTarget: NamedNode
    properties: NamedNode
    property: NamedNode
    propertyPartition: NamedNode
    sparqlEndpoint: NamedNode
    subjectsTarget: NamedNode
    subset: NamedNode
    triples: NamedNode
    uriSpace: NamedNode
    vocabulary: NamedNode


class DCAT(metaclass=Vocabulary, base="http://www.w3.org/ns/dcat#"):
    """DCAT."""

    DataService: NamedNode
    Dataset: NamedNode
    Distribution: NamedNode
    distribution: NamedNode
    downloadURL: NamedNode
    endpointURL: NamedNode
    mediaType: NamedNode
    servesDataset: NamedNode


class FOAF(metaclass=Vocabulary, base="http://xmlns.com/foaf/0.1/"):
    """FOAF."""

    primaryTopic: NamedNode


class DC(metaclass=Vocabulary, base=DCTERMS.base):
    """The terms of Dublin Core that only descriptions use."""

    description: NamedNode
    format: NamedNode
    license: NamedNode
    modified: NamedNode
    title: NamedNode


class LIST(metaclass=Vocabulary, base=RDF.base):
    """The lists of RDF, and the datatype of words in a language."""

    first: NamedNode
    langString: NamedNode
    nil: NamedNode
    rest: NamedNode


class DOC(metaclass=Vocabulary, base=RDFS.base):
    """What RDF Schema has to explain a thing with."""

    comment: NamedNode


class OWL(metaclass=Vocabulary, base="http://www.w3.org/2002/07/owl#"):
    """OWL."""

    Ontology: NamedNode


_PREFIXES = {
    "csvw": CSVW.base,
    "dcat": DCAT.base,
    "foaf": FOAF.base,
    "sdo": SDO.base,
    "sh": SH.base,
    "spex": SPEX.base,
    "void": VOID.base,
}


def prefixes(base: str) -> dict[str, str]:
    """Prefixes to write descriptions with, beside those of the workspace.

    >>> prefixes("https://example.org/kg/")["query"]
    'https://example.org/kg/.well-known/sparql-examples/'
    """
    return _PREFIXES | {"query": f"{base}{QUERIES}/", "about": f"{base}{DATASET}#"}

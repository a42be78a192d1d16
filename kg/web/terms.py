"""What is published under https://w3id.org/newskg/, read from the files that come with kg."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Triple

from kg import rdf, resources
from kg.errors import NotFoundError
from kg.names import brief
from kg.shacl.graph import Graph
from kg.vocab import KGS, KGSH, ONTOLOGY, RDF, SKOS

if TYPE_CHECKING:
    from pathlib import Path

PUBLISHED: Final = KGS.removesuffix("scheme/")
"""What the IRIs of our terms start with; the rest is the path that this server has them at."""
FILES: Final = {"ontology": ONTOLOGY, "shapes": NamedNode(KGSH.removesuffix("#"))}
"""What is published as one file, with the IRI of its graph."""
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_SCHEMA: Final = "http://schema.org/"
CLASS: Final = NamedNode(f"{_OWL}Class")
LINK: Final = NamedNode(f"{_OWL}ObjectProperty")
VALUE: Final = NamedNode(f"{_OWL}DatatypeProperty")
NOTE: Final = NamedNode(f"{_OWL}AnnotationProperty")
CONCEPT: Final = NamedNode(f"{SKOS.base}Concept")
SCHEME: Final = NamedNode(f"{SKOS.base}ConceptScheme")
DEFINITION: Final = NamedNode(f"{SKOS.base}definition")
COMMENT: Final = NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
ABOVE: Final = NamedNode("http://www.w3.org/2000/01/rdf-schema#subPropertyOf")
TITLE: Final = NamedNode("http://purl.org/dc/terms/title")
CREATED: Final = NamedNode("http://purl.org/dc/terms/created")
VERSION: Final = NamedNode(f"{_OWL}versionInfo")
DOMAIN: Final = NamedNode(f"{_SCHEMA}domainIncludes")
RANGE: Final = NamedNode(f"{_SCHEMA}rangeIncludes")
_TRAITS: Final = {
    NamedNode(f"{_OWL}SymmetricProperty"): "goes both ways",
    NamedNode(f"{_OWL}AsymmetricProperty"): "never goes both ways",
    NamedNode(f"{_OWL}IrreflexiveProperty"): "never leads to itself",
}


def file_of(path: str) -> Path:
    """The file that is published at a path of `FILES`."""
    return resources.folder("ontology" if path == "ontology" else "shapes") / "newskg.ttl"


@cache
def triples(path: str) -> tuple[Triple, ...]:
    """The triples of a published file; blank nodes have the same labels each time (RDFC-1.0)."""
    quads = rdf.read(file_of(path).read_bytes(), f"{path}.ttl", base=f"{PUBLISHED}{path}")
    if any(isinstance(term, BlankNode) for quad in quads for term in quad.triple):
        dataset = Dataset(quads)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        quads = list(dataset)
    return tuple(quad.triple for quad in quads)


@cache
def ontology() -> Graph:
    """The ontology with its schemes."""
    return Graph(triples("ontology"))


@cache
def of_type(class_: NamedNode) -> tuple[NamedNode, ...]:
    """The terms of a class, in the order of the ontology."""
    known = ontology()
    return tuple(
        each
        for each in known.subjects(RDF.type)
        if isinstance(each, NamedNode) and class_ in known.objects(each, RDF.type)
    )


def said(node: NamedNode, predicate: NamedNode) -> str:
    """What the ontology says of a term in words; nothing where it is silent."""
    found = ontology().objects(node, predicate)
    return " ".join(each.value for each in found if isinstance(each, Literal))


def leads_to(node: NamedNode, predicate: NamedNode) -> tuple[str, ...]:
    """The terms that a term has for a predicate."""
    found = ontology().objects(node, predicate)
    return tuple(each.value for each in found if isinstance(each, NamedNode))


def leading_to(node: NamedNode, predicate: NamedNode) -> tuple[str, ...]:
    """The terms that have a term for a predicate."""
    known = ontology()
    return tuple(
        each.value
        for each in known.subjects(predicate)
        if isinstance(each, NamedNode) and node in known.objects(each, predicate)
    )


def traits(node: NamedNode) -> tuple[str, ...]:
    """What kind of relation a property is, in words.

    >>> traits(NamedNode("https://w3id.org/newskg/ontology#agreesWith"))
    ('goes both ways',)
    """
    types = ontology().objects(node, RDF.type)
    return tuple(words for type_, words in _TRAITS.items() if type_ in types)


def scheme_or_concept(path: str) -> NamedNode:
    """What stands at a path such as `scheme/polarity`; NotFoundError where the ontology has nothing."""
    name = path.removeprefix("scheme/")
    for each in (*of_type(SCHEME), *of_type(CONCEPT)):
        if each.value == f"{KGS}{name}":
            return each
    schemes = ", ".join(local(each) for each in of_type(SCHEME))
    raise NotFoundError(f"there is no scheme or concept {brief(name)}", hint=f"schemes: {schemes}")


def members(scheme: NamedNode) -> list[NamedNode]:
    """The concepts of a scheme, in the order of the ontology."""
    known = ontology()
    return [each for each in of_type(CONCEPT) if scheme in known.objects(each, SKOS.inScheme)]


def local(node: NamedNode) -> str:
    """The name of a scheme or a concept."""
    return node.value.removeprefix(KGS)


def page_path(iri: str) -> str | None:
    """Where a term stands on the pages, without a redirection; None for what is no term of ours.

    >>> page_path("https://w3id.org/newskg/scheme/stance-opposes")
    'scheme/stances#stance-opposes'
    >>> page_path("https://w3id.org/newskg/ontology#Claim")
    'ontology#Claim'
    """
    if not iri.startswith(PUBLISHED):
        return None
    scheme = _schemes().get(iri)
    if scheme is not None:
        return f"scheme/{scheme}#{iri.removeprefix(KGS)}"
    return iri.removeprefix(PUBLISHED)


@cache
def _schemes() -> dict[str, str]:
    """The names of the schemes that concepts are in, by the IRIs of the concepts."""
    return {each.value: local(scheme) for scheme in of_type(SCHEME) for each in members(scheme)}

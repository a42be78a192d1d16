"""The ontology, the schemes and the shapes, as pages and as data."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
import rdflib
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad
from rdflib.namespace import OWL, RDF, SH, SKOS

from kg import rdf
from kg.store import select
from kg.vocab import KG, KGS, KGSH, ONTOLOGY
from kg.web import terms
from kg.web.protocol.formats import FORMATS
from kg.web.server import running
from tests.conftest import ROOT, copied
from tests.web import Site

if TYPE_CHECKING:
    from pathlib import Path

    from kg.workspace import Workspace

PUBLISHED = {"ontology": "ontology/newskg.ttl", "shapes": "shapes/newskg.ttl"}
SCHEMES = 13
OWN = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/own#short> a sh:NodeShape ; sh:targetClass kg:Actor ; sh:property [
    sh:path rdfs:label ; sh:maxLength 90 ; sh:severity sh:Info ; sh:message "<img src=x> is long" ] .
"""


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ROOT / PUBLISHED["ontology"])


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(ROOT / PUBLISHED["shapes"])


def page(site: Site, path: str) -> str:
    answer = site.get(path, "text/html,*/*;q=0.8")
    assert (answer.status, answer.type) == (200, "text/html"), path
    return answer.text


def anchors(text: str) -> list[str]:
    return re.findall(r' id="([^"]+)"', text)


def names(graph: rdflib.Graph, namespace: str, *classes: rdflib.URIRef) -> set[str]:
    """The local names of the terms of a namespace that are of one of some classes."""
    found = {str(node) for class_ in classes for node in graph.subjects(RDF.type, class_)}
    return {iri.removeprefix(namespace) for iri in found if iri.startswith(namespace)}


def canonical(content: bytes, name: str) -> set[Quad]:
    """The triples of a file, their blank nodes named by what is said of them."""
    dataset = Dataset(Quad(*quad.triple) for quad in rdf.read(content, name, base="urn:x"))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def test_every_term_has_its_place_on_the_page_of_the_ontology(
    site: Site, ontology: rdflib.Graph
) -> None:
    text = page(site, "/ontology")
    wanted = names(ontology, KG.base, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    source = (ROOT / PUBLISHED["ontology"]).read_text(encoding="utf-8")
    assert len(wanted) == len(re.findall(r"^kg:\S+ a owl:", source, re.MULTILINE)) > 50
    assert wanted <= set(anchors(text))
    assert len(anchors(text)) == len(set(anchors(text)))
    for name in wanted:
        (definition,) = ontology.objects(rdflib.URIRef(KG.base + name), SKOS.definition)
        assert html.escape(str(definition), quote=False).replace("'", "&#39;") in text, name


def test_the_ontology_says_how_often_the_data_use_it(site: Site, built: Workspace) -> None:
    text = page(site, "/ontology")
    with built.reading() as store:
        for pattern, counting, word in (
            (f"?s a {KG.Claim}", "COUNT(DISTINCT ?s)", "things"),
            (f"?s {KG.evidence} ?o", "COUNT(*)", "statements"),
        ):
            sparql = f"SELECT ({counting} AS ?n) WHERE {{ GRAPH ?g {{ {pattern} }} FILTER(?g != {ONTOLOGY}) }}"
            (row,) = select(store, sparql)
            assert f"{int(row['n'].value):,} {word}, such as <a href=" in text


def test_each_scheme_lists_its_values_each_in_its_place(site: Site, ontology: rdflib.Graph) -> None:
    schemes = names(ontology, KGS, SKOS.ConceptScheme)
    assert len(schemes) == SCHEMES
    for name in schemes:
        concepts = {
            str(node).removeprefix(KGS)
            for node in ontology.subjects(SKOS.inScheme, rdflib.URIRef(KGS + name))
        }
        assert concepts <= set(anchors(page(site, f"/scheme/{name}"))), name


def test_a_value_leads_to_its_place_in_its_scheme(site: Site, ontology: rdflib.Graph) -> None:
    concepts = names(ontology, KGS, SKOS.Concept)
    source = (ROOT / PUBLISHED["ontology"]).read_text(encoding="utf-8")
    assert len(concepts) == len(re.findall(r"^kgs:\S+ a skos:Concept\b", source, re.MULTILINE)) > 90
    for name in concepts:
        answer = site.get(f"/scheme/{name}", "text/html")
        assert answer.status == 303
        path = urljoin(f"/scheme/{name}", answer.headers["location"]).removeprefix("/")
        assert path == terms.page_path(KGS + name)
        (scheme,) = ontology.objects(rdflib.URIRef(KGS + name), SKOS.inScheme)
        assert path == f"scheme/{str(scheme).removeprefix(KGS)}#{name}"


def test_the_list_of_schemes_is_on_the_page_of_the_ontology(site: Site) -> None:
    for path in ("/scheme", "/scheme/"):
        answer = site.get(path, "text/html")
        assert urljoin(path, answer.headers["location"]) == "/ontology#schemes"
    assert "schemes" in anchors(page(site, "/ontology"))


def test_every_shape_has_its_place_with_what_it_says(site: Site, shapes: rdflib.Graph) -> None:
    text = page(site, "/shapes")
    wanted = names(shapes, KGSH, SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)
    declared = r"^kgsh:\S+ a sh:(?:NodeShape|PropertyShape|SPARQLConstraint)\b"
    source = (ROOT / PUBLISHED["shapes"]).read_text(encoding="utf-8")
    assert len(wanted) == len(re.findall(declared, source, re.MULTILINE)) > 140
    assert wanted <= set(anchors(text))
    assert len(anchors(text)) == len(set(anchors(text)))
    messages = [str(message) for message in shapes.objects(None, SH.message)]
    assert len(messages) > 100
    for message in messages:
        assert html.escape(message, quote=False).replace("'", "&#39;").replace('"', "&#34;") in text


@pytest.mark.parametrize("path", PUBLISHED)
@pytest.mark.parametrize("extension", FORMATS)
def test_what_is_published_is_the_same_in_all_formats(
    site: Site, path: str, extension: str
) -> None:
    file = ROOT / PUBLISHED[path]
    answer = site.get(f"/{path}.{extension}")
    assert (answer.status, answer.type) == (200, FORMATS[extension].media_type)
    assert site.get(f"/{path}", FORMATS[extension].media_type).body == answer.body
    if extension == "ttl":
        assert answer.body == file.read_bytes()
        return
    assert canonical(answer.body, f"a.{extension}") == canonical(file.read_bytes(), "a.ttl")


def test_a_scheme_and_a_value_are_had_as_data(site: Site) -> None:
    graph = rdflib.Graph().parse(f"{site.address}scheme/polarity", format="turtle")
    polarity = rdflib.URIRef(f"{KGS}polarity")
    assert len(set(graph.subjects(SKOS.inScheme, polarity))) == 2
    graph = rdflib.Graph().parse(data=site.get("/scheme/polarity-negative.nt").body, format="nt")
    negative = rdflib.URIRef(f"{KGS}polarity-negative")
    assert (negative, SKOS.inScheme, polarity) in graph
    assert (polarity, RDF.type, SKOS.ConceptScheme) in graph
    assert (rdflib.URIRef(f"{KGS}polarity-positive"), None, None) not in graph


PATHS = ("/ontology", "/shapes", "/scheme/polarity", "/scheme/actor-kinds")


@pytest.mark.parametrize("path", PATHS)
def test_links_among_these_pages_lead_to_places_that_are_there(site: Site, path: str) -> None:
    text = page(site, path)
    base = site.address.rstrip("/")
    found = {urljoin(base + path, html.unescape(to)) for to in re.findall(r' href="([^"]+)"', text)}
    ours = {
        to.removeprefix(base)
        for to in found
        if to.startswith((f"{base}/ontology", f"{base}/shapes", f"{base}/scheme/"))
    }
    assert len(ours) > 5
    for to in ours:
        place, _, fragment = to.partition("#")
        answer = site.get(place, "text/html")
        if answer.status == 303:
            place, _, fragment = urljoin(place, answer.headers["location"]).partition("#")
            answer = site.get(place, "text/html")
        assert answer.status == 200, to
        assert not fragment or fragment in anchors(answer.text), to


@pytest.mark.parametrize("path", [*PATHS, "/scheme/polarity.ttl"])
def test_what_has_not_changed_is_not_sent_again(site: Site, path: str) -> None:
    tag = site.get(path, "text/html").headers["etag"]
    assert site.get(path, "text/html", If_None_Match=tag).status == 304
    head = site.ask("HEAD", path, accept="text/html")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", tag)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ontology.xyz", 404),
        ("/shapes.csv", 404),
        ("/scheme/nothing", 404),
        ("/scheme/nothing.ttl", 404),
        ("/scheme/%3Cb%3E", 404),
        ("/ontology/deeper", 404),
    ],
)
def test_what_is_not_published_is_not_found(site: Site, path: str, status: int) -> None:
    assert site.get(path).status == status


def test_pages_of_terms_forbid_other_types(site: Site) -> None:
    assert site.get("/ontology", "image/png").status == 406
    assert site.get("/ontology.ttl", "image/png").status == 200


def test_shapes_of_the_workspace_are_shown_and_escaped(
    built_sample: Workspace, tmp_path: Path
) -> None:
    workspace = copied(built_sample, tmp_path / "own")
    (workspace.root / "shapes").mkdir(exist_ok=True)
    file = workspace.root / "shapes" / "own.ttl"
    file.write_text(OWN, encoding="utf-8")
    with running(workspace) as address:
        text = page(Site(address), "/shapes")
        assert "Shapes of this workspace" in text
        assert "&lt;img src=x&gt; is long" in text
        assert "<img src=x>" not in text
        assert "at most 90 characters" in text
    file.write_text(f"{OWN} <a>", encoding="utf-8")
    with running(workspace) as address:
        text = page(Site(address), "/shapes")
        assert "cannot be read" in text
        assert "Shapes that come with kg" in text

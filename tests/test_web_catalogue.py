"""What there is to ask: the list of the stored queries, descriptions in RDF, and all of the data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.query import stored

if TYPE_CHECKING:
    from kg.workspace import Workspace
    from tests.conftest import Run
    from tests.web import Site

QUERIES = stored.find([])
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_the_list_of_queries_says_how_to_ask_each(site: Site) -> None:
    found = {each["name"]: each for each in site.get("/query").json["queries"]}
    assert found.keys() == QUERIES.keys()
    one = found["claims-by-actor"]
    assert one["form"] == "SELECT"
    assert one["parameters"] == [
        {
            "name": "actor",
            "type": "iri",
            "class": "kg:Actor",
            "required": True,
            "help": "whose claims",
            "expected": "an id, a name, a CURIE, a Wikidata id or an IRI, of a thing of class Actor",
            "example": "north-korea",
        }
    ]
    assert site.get(one["href"] + "?actor=japan").status == 200
    assert site.get("/query", BROWSER).type == "text/html"


@pytest.mark.parametrize("name", ["void", "sparql-examples"])
@pytest.mark.parametrize(
    ("accept", "extension", "wanted"),
    [
        (None, "", "text/turtle"),
        (BROWSER, "", "text/plain"),  # there is no page, and browsers would not show Turtle
        ("text/html", "", "text/plain"),
        ("application/json", "", "application/ld+json"),
        ("application/ld+json", "", "application/ld+json"),
        ("application/n-triples", "", "application/n-triples"),
        ("application/rdf+xml", "", "application/rdf+xml"),
        ("text/turtle", ".nt", "application/n-triples"),
        (None, ".jsonld", "application/ld+json"),
    ],
)
def test_descriptions_come_in_all_formats(
    name: str, accept: str | None, extension: str, wanted: str, site: Site
) -> None:
    got = site.get(f"/.well-known/{name}{extension}", accept)
    assert (got.status, got.type) == (200, wanted)
    form = ox.RdfFormat.from_media_type("text/turtle" if wanted == "text/plain" else wanted)
    assert form is not None
    turtle = ox.parse(site.get(f"/.well-known/{name}").body, format=ox.RdfFormat.TURTLE)
    assert set(ox.parse(got.body, format=form)) == set(turtle)
    assert site.get(f"/.well-known/{name}.pdf").status == 404
    assert site.get(f"/.well-known/{name}", "image/png").status == 406


def test_the_description_of_the_data_has_real_addresses(site: Site) -> None:
    text = site.get("/.well-known/void.nt").text
    endpoint = f"<{site.address}sparql>"
    assert f"<http://rdfs.org/ns/void#sparqlEndpoint> {endpoint}" in text
    dumps = re.findall(r"<http://rdfs.org/ns/void#dataDump> <([^>]*)>", text)
    assert sorted(dumps) == [f"{site.address}dump.nq", f"{site.address}dump.trig"]
    for dump in dumps:
        assert site.get(dump.removeprefix(site.address.rstrip("/"))).status == 200
    examples = site.get("/.well-known/sparql-examples.nt").text
    assert examples.count("<https://schema.org/target>") > 46
    assert set(re.findall(r"schema.org/target> (<[^>]*>)", examples)) == {endpoint}


@pytest.mark.parametrize(
    ("extension", "form"), [("trig", ox.RdfFormat.TRIG), ("nq", ox.RdfFormat.N_QUADS)]
)
def test_the_dump_is_what_the_command_line_exports(
    extension: str, form: ox.RdfFormat, site: Site, built: Workspace, run: Run
) -> None:
    exported = run("export", "-f", extension, cwd=built.root).data
    got = site.get(f"/dump.{extension}")
    assert "attachment" in got.headers["content-disposition"]
    assert set(ox.parse(got.body, format=form)) == set(ox.parse(exported, format=form))
    assert site.get("/dump.ttl").status == 404

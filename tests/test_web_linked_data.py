"""Linked data: each IRI of the base leads to a page and to data, in every format, for real clients."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
import rdflib
from pyoxigraph import NamedNode
from starlette.requests import Request

from kg.build import build
from kg.store import named_graphs, select
from kg.vocab import ONTOLOGY
from kg.web.protocol.formats import FORMATS
from kg.web.protocol.requests import site_of
from kg.web.readers.reading import Reading
from kg.web.server import running
from kg.web.views import linked_data
from tests.test_merges import COMPANY, LONG, SHORT, merge
from tests.test_merges import built as decided
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.workspace import Workspace
    from tests.conftest import Run
    from tests.web import Got

JAPAN = "/id/actor/japan"
ACCEPTED = {
    None: "/data/id/actor/japan.ttl",
    "*/*": "/data/id/actor/japan.ttl",
    "text/turtle": "/data/id/actor/japan.ttl",
    "application/trig": "/data/id/actor/japan.trig",
    "application/n-triples": "/data/id/actor/japan.nt",
    "application/ld+json": "/data/id/actor/japan.jsonld",
    "application/json": "/data/id/actor/japan.jsonld",
    "application/rdf+xml": "/data/id/actor/japan.rdf",
    "application/rdf+xml;q=0.4, text/turtle;q=0.9": "/data/id/actor/japan.ttl",
    "text/html": "/page/id/actor/japan",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "/page/id/actor/japan",
    "text/*;q=0.5, application/ld+json": "/data/id/actor/japan.jsonld",
}
OWN = """
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@base <https://example.org/kg/id/actor/> .
<zo\u00eb-\u014dta> a kg:Actor ; kg:kind kgs:actor-person ; rdfs:label "Zo\u00eb \u014cta"@en .
<a%2Fb> a kg:Actor ; kg:kind kgs:actor-group ; rdfs:label "<b>a & b</b>"@en .
<notes.ttl> a kg:Actor ; kg:kind kgs:actor-group ; rdfs:label "Notes"@en .
<two/parts> a kg:Actor ; kg:kind kgs:actor-group ; rdfs:label "Parts"@en .
"""


@pytest.fixture(scope="module")
def odd_site(tmp_path_factory: pytest.TempPathFactory, built_sample: Workspace) -> Iterator[Site]:
    """A server of the sample with things whose names are hard on addresses, and one that was merged."""
    from tests.conftest import copied

    workspace = copied(built_sample, tmp_path_factory.mktemp("odd") / "odd")
    (workspace.graphs / "mine.ttl").write_text(OWN, encoding="utf-8")
    decided(workspace, merge(SHORT, LONG))
    with workspace.writing() as store:
        build(workspace, store)
        assert workspace.iris.graph("file-mine.ttl") in named_graphs(store)
    with running(workspace) as address:
        yield Site(address)


def located(site: Site, path: str, answer: Got) -> str:
    """The path that a redirection leads to."""
    return urljoin(f"{site.address.rstrip('/')}{path}", answer.headers["location"]).removeprefix(
        site.address.rstrip("/")
    )


def linked(site: Site, path: str, answer: Got) -> list[tuple[str, str, str]]:
    """The links of a header: relation, type, and the path that each leads to."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', answer.headers["link"])
    base = site.address.rstrip("/")
    return [(rel, type_, urljoin(base + path, to).removeprefix(base)) for to, rel, type_ in found]


def things(workspace: Workspace) -> list[str]:
    """The paths of all things of ours that a store speaks of, without those of passages."""
    with workspace.reading() as store:
        rows = select(
            store,
            f"SELECT DISTINCT ?x WHERE {{ GRAPH ?g {{ {{ ?x ?p ?o }} UNION {{ ?s ?p ?x }} }} "
            f"FILTER(?g != {ONTOLOGY} && STRSTARTS(STR(?x), '{workspace.iris.base}id/')) }}",
        )
        found = {row["x"].value.partition("#")[0] for row in rows}
    return sorted(iri.removeprefix(workspace.iris.base) for iri in found)


@pytest.mark.parametrize(("accept", "target"), ACCEPTED.items(), ids=str)
def test_an_iri_leads_to_what_is_accepted(site: Site, accept: str | None, target: str) -> None:
    answer = site.get(JAPAN, accept)
    assert (answer.status, located(site, JAPAN, answer)) == (303, target)
    assert "Accept" in answer.headers["vary"]


def test_every_thing_leads_to_a_page_and_to_data(site: Site, built: Workspace) -> None:
    paths = things(built)
    assert len(paths) == 446
    for path in paths:
        answer = site.ask("HEAD", f"/{path}", accept="text/html")
        assert (answer.status, located(site, f"/{path}", answer)) == (303, f"/page/{path}"), path
    kinds = {path.split("/")[1]: path for path in paths}
    assert len(kinds) == 14
    for path in kinds.values():
        for extension in FORMATS:
            answer = site.get(f"/data/{path}.{extension}")
            assert (answer.status, bool(answer.body)) == (200, True), path


@pytest.mark.parametrize("extension", FORMATS)
def test_data_are_what_export_writes(
    site: Site, built: Workspace, run: Run, extension: str
) -> None:
    form = FORMATS[extension]
    answer = site.get(f"/data{JAPAN}.{extension}")
    assert (answer.status, answer.type) == (200, form.media_type)
    assert answer.body == run("export", "actor:japan", "-f", form.form, cwd=built.root).data
    answer = site.get(f"/data/graph/entities.{extension}")
    assert (answer.status, answer.type) == (200, form.media_type)
    written = run("export", "--graph", "entities", "-f", form.form, cwd=built.root)
    assert answer.body == written.data


@pytest.mark.parametrize("extension", FORMATS)
def test_an_extension_works_whatever_is_accepted(site: Site, extension: str) -> None:
    path = f"{JAPAN}.{extension}"
    answer = site.get(path, "text/html")
    assert (answer.status, located(site, path, answer)) == (303, f"/data{JAPAN}.{extension}")
    assert site.get(f"/graph/dates.{extension}", "text/html").type == FORMATS[extension].media_type


def test_the_extension_of_pages_leads_to_the_page(site: Site) -> None:
    answer = site.get(f"{JAPAN}.html")
    assert located(site, f"{JAPAN}.html", answer) == f"/page{JAPAN}"


def test_each_answer_names_the_other_forms(site: Site) -> None:
    forms = {(form.media_type, f"/data{JAPAN}.{form.extension}") for form in FORMATS.values()}
    page = ("text/html", f"/page{JAPAN}")
    answer = site.get(JAPAN)
    found = linked(site, JAPAN, answer)
    assert {(type_, to) for rel, type_, to in found if rel == "alternate"} == forms | {page}
    assert ("describedby", "text/turtle", f"/data{JAPAN}.ttl") in found
    path = f"/data{JAPAN}.ttl"
    found = linked(site, path, site.get(path))
    own = ("text/turtle", path)
    assert {(type_, to) for rel, type_, to in found if rel == "alternate"} == (forms | {page}) - {
        own
    }
    assert ("describes", "", JAPAN) in found


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    path = f"/data{JAPAN}.ttl"
    tag = site.get(path).headers["etag"]
    again = site.get(path, If_None_Match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert site.get(f"/data{JAPAN}.nt", If_None_Match=tag).status == 200
    graph = site.get("/graph/dates", "text/html")
    assert site.get("/graph/dates", "text/turtle").headers["etag"] != graph.headers["etag"]


@pytest.mark.parametrize("path", [JAPAN, f"/data{JAPAN}.jsonld", "/graph/entities"])
def test_asking_for_the_head_gives_the_head(site: Site, path: str) -> None:
    head, whole = site.ask("HEAD", path), site.get(path)
    assert (head.status, head.body) == (whole.status, b"")
    same = {"content-type", "content-length", "link", "etag", "location"} & whole.headers.keys()
    assert {name: head.headers[name] for name in same} == {
        name: whole.headers[name] for name in same
    }


@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", "application/n-triples"])
def test_rdflib_follows_an_iri(site: Site, accept: str) -> None:
    format_ = {"text/turtle": "turtle", "application/rdf+xml": "xml"}.get(accept, "nt")
    graph = rdflib.Graph().parse(f"{site.address}id/actor/japan", format=format_)
    name = graph.value(rdflib.URIRef("https://example.org/kg/id/actor/japan"), rdflib.RDFS.label)
    assert str(name) == "Japan"


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("127.0.0.1:8010", "http://127.0.0.1:8010/"),
        ("news.example", "https://news.example/kg/"),
        ("NEWS.example", "https://news.example/kg/"),
        ("news.example:8443", "http://news.example:8443/"),
    ],
)
def test_behind_a_proxy_the_server_has_the_address_of_the_base(host: str, site: str) -> None:
    scope = {"type": "http", "scheme": "http", "server": ("127.0.0.1", 8010), "path": "/reconcile"}
    asked = Request({**scope, "headers": [(b"host", host.encode())]})
    assert site_of(asked, "https://news.example/kg/") == site


WITH_DATA = [
    ("/page/id/actor/edrin-vask", False),
    ("/page/id/article/71c721f1e711", False),
    ("/page/id/claim/2f03bc0f5780-110-169", False),
    ("/page/id/judgement/7ed35634f88ba0e5", False),
    ("/graph/entities", True),
    ("/ontology", True),
    ("/shapes", True),
    ("/scheme/polarity", True),
]


@pytest.mark.parametrize(("path", "negotiated"), WITH_DATA)
def test_a_page_names_its_data_and_varies_where_it_is_chosen(
    newsroom_site: Site, path: str, negotiated: bool
) -> None:
    assert len(WITH_DATA) == 8
    site = newsroom_site
    answer = site.get(path, "text/html")
    others = linked(site, path, answer)
    assert [type_ for _, type_, _ in others] == [each.media_type for each in FORMATS.values()]
    assert all(site.get(to).status == 200 for _, _, to in others)
    same = site.get(path, "text/html", If_None_Match=answer.headers["etag"])
    assert same.status == 304
    for found in (answer, same):
        assert ("Accept" in found.headers.get("vary", "")) == negotiated


def test_what_is_unknown_is_not_found_and_the_nearest_is_named(site: Site) -> None:
    for path in ("/id/actor/japn", "/data/id/actor/japn.ttl"):
        answer = site.get(path)
        assert (answer.status, answer.type) == (404, "application/problem+json")
        assert "Japan" in answer.json["hint"]
    assert site.get("/id/actor/japn", "text/html").status == 404


WRONG = {
    "/id/": 404,
    "/id/actor/": 404,
    "/id/actor/%00": 404,
    "/id/actor/%FF%FE": 404,
    "/id/actor/%ED%A0%80": 404,
    "/id/actor/%3Cscript%3Ealert(1)%3C/script%3E": 404,
    "/id/../../etc/passwd": 404,
    "/id/actor/japan%0D%0AX-Evil:%201": 404,
    "/id/actor/japan.xyz": 404,
    "/data/id/actor/japan": 404,
    "/data/id/actor/japan.html": 404,
    "/data/kg.toml": 404,
    "/data/id/actor/..%2f..%2fkg.toml.ttl": 404,
    "/graph/nothing": 404,
    "/graph/entities.xyz": 404,
    "/graph/%3E%20%7B%7D": 404,
}


@pytest.mark.parametrize(("path", "status"), WRONG.items())
def test_what_is_no_address_of_a_thing_is_refused(site: Site, path: str, status: int) -> None:
    for accept in (None, "text/html"):
        answer = site.get(path, accept)
        assert answer.status == status
        assert answer.type != "text/html" or "<script>" not in answer.text
        assert "x-evil" not in answer.headers


def test_a_type_that_nothing_has_is_not_acceptable(site: Site) -> None:
    for path in (JAPAN, "/graph/entities"):
        answer = site.get(path, "image/png")
        assert answer.status == 406
        assert "text/turtle" in answer.json["detail"]


def test_writing_to_a_thing_is_not_allowed(site: Site) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert site.ask(method, JAPAN, body=b"").status == 405


ODD = {
    "/id/actor/zo%C3%AB-%C5%8Dta": "/id/actor/zo%C3%AB-%C5%8Dta",
    "/id/actor/zo%c3%ab-%c5%8dta": "/id/actor/zo%C3%AB-%C5%8Dta",
    "/id/actor/%7Ao%C3%AB-%C5%8Dta": "/id/actor/zo%C3%AB-%C5%8Dta",
    "/id/actor/a%2Fb": "/id/actor/a%2Fb",
    "/id/actor/a%2fb": "/id/actor/a%2Fb",
    "/id/actor/notes.ttl": "/id/actor/notes.ttl",
    "/id/actor/two/parts": "/id/actor/two/parts",
}


@pytest.mark.parametrize(("path", "written"), ODD.items())
def test_names_are_found_however_they_are_encoded(odd_site: Site, path: str, written: str) -> None:
    answer = odd_site.get(path)
    assert (answer.status, located(odd_site, path, answer)) == (303, f"/data{written}.ttl")
    assert odd_site.get(f"/data{written}.ttl").status == 200
    answer = odd_site.get(f"{path}.rdf")
    assert located(odd_site, path, answer) == f"/data{written}.rdf"


def test_a_slash_in_a_name_is_another_name(odd_site: Site) -> None:
    assert odd_site.get("/id/actor/a/b").status == 404


def test_what_was_merged_is_gone_and_says_where_it_went(odd_site: Site) -> None:
    path = f"/id/actor/{SHORT.value.rpartition('/')[2]}"
    replaced = "http://purl.org/dc/terms/isReplacedBy"
    for asked, accept in (
        (path, "text/turtle"),
        (path, "text/html"),
        (f"/page{path}", "text/html"),
        (f"/picture{path}.svg", "image/svg+xml"),
        (f"{path}.ttl", None),
        (f"/data{path}.ttl", None),
    ):
        answer = odd_site.get(asked, accept)
        assert answer.status == 410
        ((relation, _, to),) = linked(odd_site, asked, answer)
        assert (relation, to) == (replaced, f"/id/actor/{LONG.value.rpartition('/')[2]}")
        if answer.type == "text/html":
            link = f'href="{"../" * (asked.count("/") - 1)}page{to}"'
            assert f"{link}>Ines Calder</a>" in answer.text
            continue
        graph = rdflib.Graph().parse(data=answer.body, format="turtle")
        gone, kept = rdflib.URIRef(SHORT.value), rdflib.URIRef(LONG.value)
        assert (gone, rdflib.URIRef(replaced), kept) in graph


def test_what_others_were_merged_into_stays(odd_site: Site) -> None:
    for node in (LONG, COMPANY):
        assert odd_site.get(f"/id/actor/{node.value.rpartition('/')[2]}").status == 303


def test_the_page_of_a_graph_says_what_it_holds(site: Site, built: Workspace) -> None:
    with built.reading() as store:
        graphs = sorted(graph.value for graph in named_graphs(store) - {ONTOLOGY})
        sizes = {graph: len(set(store.get(NamedNode(graph)))) for graph in graphs}
    assert len(graphs) == 6
    for graph, number in sizes.items():
        path = f"/{graph.removeprefix(built.iris.base)}"
        answer = site.get(path, "text/html")
        assert (answer.status, answer.type) == (200, "text/html")
        assert f"<dd>{number:,}</dd>" in answer.text
        assert (
            f'<link rel="alternate" type="text/turtle" title="Turtle" href="../data{path}.ttl">'
            in (answer.text)
        )
    article = next(path for path in graphs if "article-" in path)
    text = site.get(f"/{article.removeprefix(built.iris.base)}", "text/html").text
    assert "21 November 2026" in text
    assert "newskg founders" in text


def test_a_graph_is_had_by_its_name(site: Site) -> None:
    answer = site.get("/graph/entities", "text/turtle")
    assert answer.body == site.get("/data/graph/entities.ttl").body
    assert "Accept" in answer.headers["vary"]
    assert ("describes", "", "/graph/entities") in linked(site, "/graph/entities", answer)


def test_a_graph_whose_name_ends_in_an_extension_is_had_in_all_formats(odd_site: Site) -> None:
    path = "/graph/file-mine.ttl"
    page = odd_site.get(path, "text/html")
    assert (page.status, page.type) == (200, "text/html")
    assert odd_site.get(path, "application/n-triples").type == "application/n-triples"
    for asked in (f"{path}.nt", f"/data{path}.nt"):
        answer = odd_site.get(asked, "image/png")
        assert (answer.status, answer.type) == (200, "application/n-triples")
        assert b"two/parts" in answer.body


def test_a_graph_that_is_too_large_to_sort_is_sent_as_it_comes(
    built: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with built.reading() as store:
        reading = Reading(workspace=built, store=store, generation="1")
        asked = {"path": "graph/entities", "here": "data/graph/entities.nt", "extension": "nt"}
        whole = linked_data.document(reading, **asked)
        monkeypatch.setattr(linked_data, "SORTED", 10)
        large = linked_data.document(reading, **asked)
    assert large.headers == whole.headers
    body = large.body if isinstance(large.body, bytes) else large.body.read_bytes()
    assert isinstance(whole.body, bytes)
    assert sorted(body.splitlines()) == sorted(whole.body.splitlines())


def test_so_many_cases_are_tried() -> None:
    assert len(ACCEPTED) == 12
    assert len(FORMATS) == 5
    assert len(WRONG) == 16
    assert len(ODD) == 7

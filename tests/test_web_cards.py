"""The pages of things: everything has one, with the words, with links, with both sides of disputes."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html as parser
from pyoxigraph import NamedNode

from kg.build import build
from kg.show.gather import card as gathered
from kg.store import named_graphs, select
from kg.store.embedded import EmbeddedStore
from kg.vocab import SCHEMA
from kg.web.pages import told
from kg.web.pages.facts import Piece, pieces
from kg.web.pages.judgements import LINKS, judgements
from kg.web.pages.told import sureness
from kg.web.readers.reading import Reading
from kg.web.server import running
from kg.web.views import cards
from tests.browser import visit
from tests.conftest import make
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from kg.workspace import Workspace

KINDS = {  # how many things of each kind the founding corpus has
    "activity": 6,
    "actor": 47,
    "agent": 1,
    "article": 2,
    "claim": 140,
    "date": 17,
    "event": 36,
    "judgement": 34,
    "participation": 71,
    "place": 5,
    "quantity": 14,
    "stance": 38,
    "text": 2,
    "topic": 33,
}

# Paths of the newsroom, with what stands on the page, and with what has to be linked there.
SHOWN = {
    "id/actor/pellovia": (
        ["Also called government of Pellovia", "Disputed 1", "One man lost his life.",
         "two fishermen are still missing", "the numbers differ", "All of it as one drawing"],
        ["id/claim/5bbbcd00fa76-1036-1067", "id/article/5bbbcd00fa76#char=1036,1067",
         "id/actor/haldria", "id/topic/crew-release", "id/event/veyle-talks"],
    ),
    "id/place/merrow-bank": (
        ["place", "collision of the Amaranta with the Steadfast"],
        ["id/event/amaranta-collision"],
    ),
    "id/event/amaranta-collision": (
        ["accounts differ", "3 March 2031 (computed)", "4 March 2031", "the Amaranta sinks, by the account of"],
        ["id/place/merrow-bank", "id/article/be016585dd78", "id/event/amaranta-sinks"],
    ),
    "id/topic/crew-release": (
        ["What is said about it", "Positions", "supports"],
        ["id/actor/pellovia"],
    ),
    "id/claim/2f03bc0f5780-332-355": (
        ["Pellovian Ministry of Fisheries says so.", "two others were missing",
         "At least one fisherman died and", "said to be so", "“according to”",
         "What stands against it 1", "nobody was unaccounted for", "95 % sure",
         "If nobody is missing, no two are."],
        ["id/article/2f03bc0f5780#char=332,355", "id/actor/pellovia-fisheries-ministry",
         "id/claim/2f03bc0f5780-562-588", "id/judgement/bac9beb9dbbfcc08",
         "id/actor/missing-fishermen", "id/agent/newskg%20founders"],
    ),
    "id/judgement/bac9beb9dbbfcc08": (
        ["contradicts", "accepted", "If nobody is missing, no two are."],
        ["id/claim/2f03bc0f5780-562-588", "id/claim/2f03bc0f5780-332-355"],
    ),
    "id/date/2031-03-05": (["as given 2031-03-05"], []),
}  # fmt: skip


def tree(site: Site, path: str, status: int = 200) -> parser.HtmlElement:
    answer = site.get(path, "text/html")
    assert (answer.status, answer.type) == (status, "text/html"), path
    return parser.document_fromstring(answer.text)


def words(node: parser.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def main_part(page: parser.HtmlElement) -> parser.HtmlElement:
    (found,) = page.xpath("//main")
    return found


def links(page: parser.HtmlElement, path: str) -> set[str]:
    """The pages that a page leads to, by their paths."""
    hrefs = page.xpath("//main//a/@href")
    return {urljoin(f"/{path}", href).removeprefix("/") for href in hrefs}


def test_every_thing_of_the_base_has_a_page(reading: Reading) -> None:
    base = reading.iris.base
    rows = select(
        reading.store,
        "SELECT DISTINCT ?x WHERE { { ?x ?p ?o } UNION { ?s ?q ?x } "
        f"FILTER(STRSTARTS(STR(?x), '{base}id/') && !CONTAINS(STR(?x), '#')) }}",
    )
    iris = [row["x"].value for row in rows]
    for iri in iris:
        reply = cards.page(reading, path=iri.removeprefix(base))
        assert (reply.status, reply.media_type) == (200, "text/html"), iri
        assert isinstance(reply.body, bytes)
        assert reply.body.count(b"<h1") == 1, iri
    assert Counter(iri.removeprefix(f"{base}id/").partition("/")[0] for iri in iris) == KINDS


@pytest.mark.parametrize("path", SHOWN)
def test_pages_say_what_they_have_to_and_lead_on(newsroom_site: Site, path: str) -> None:
    said, led = SHOWN[path]
    page = tree(newsroom_site, f"/page/{path}")
    text = words(main_part(page))
    assert not [expected for expected in said if expected not in text]
    found = links(page, f"page/{path}")
    assert not [expected for expected in led if f"page/{expected}" not in found]


def test_so_many_pages_are_read() -> None:
    assert len(SHOWN) == 7
    assert sum(len(said) + len(led) for said, led in SHOWN.values()) == 46


def test_what_pages_link_to_is_there(newsroom_site: Site) -> None:
    found: set[str] = set()
    for path in SHOWN:
        page = tree(newsroom_site, f"/page/{path}")
        targets = links(page, f"page/{path}")
        found |= {target.partition("#")[0] for target in targets if "//" not in target}
    missing = [
        path
        for path in sorted(found)
        if newsroom_site.get(f"/{path}", "text/html").status not in {200, 303}  # terms of schemes
    ]
    assert not missing
    assert len(found) > 80


def test_a_claim_without_its_text_still_says_where_its_words_are(site: Site) -> None:
    page = tree(site, "/page/id/claim/cc212dc1fd1e-2992-3036")
    text = words(main_part(page))
    assert "The text is not at hand here. The words are characters 2992 to 3036" in text
    found = links(page, "page/id/claim/cc212dc1fd1e-2992-3036")
    assert "page/id/article/cc212dc1fd1e#char=2992,3036" in found


def test_chains_run_from_who_reports_to_who_is_reported(reading: Reading) -> None:
    (row,) = select(
        reading.store,
        "PREFIX kg: <https://w3id.org/newskg/ontology#> SELECT ?one ?other WHERE "
        "{ ?one kg:asserts ?other . ?one a kg:Claim . ?other a kg:Claim } ORDER BY ?one LIMIT 1",
    )
    one, other = (row[name].value.removeprefix(reading.iris.base) for name in ("one", "other"))
    for path, place in ((one, 0), (other, 1)):
        reply = cards.page(reading, path=path)
        assert isinstance(reply.body, bytes)
        page = parser.document_fromstring(reply.body.decode())
        chain = page.xpath("//ol[@class='chain']/li")
        current = [number for number, item in enumerate(chain) if item.get("aria-current")]
        assert current == [place]
        assert len(chain) >= 2


def test_links_elsewhere_come_with_who_decided_and_why(reading: Reading) -> None:
    node = NamedNode(f"{reading.iris.base}id/actor/north-korea")
    (link,) = [one for one in judgements(reading, node) if one.relation in LINKS]
    assert (link.words, link.other.iri) == ("same as", "http://www.wikidata.org/entity/Q423")
    assert (link.status, link.confidence) == ("accepted", "0.99")
    assert [judge.name for judge in link.judges] == ["newskg founders"]
    assert link.note
    assert link.when is not None
    assert link.when.edtf == "2026-11-21"


LINKED = """
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/judgement/00000000000000aa> a kg:Judgement ; kg:from <id/actor/northline> ;
  kg:relation kg:absentFrom ; kg:to <http://www.wikidata.org/> ; kg:confidence 0.9 ;
  kg:status kgs:status-accepted ; kg:when <id/date/2026-11-22> ;
  prov:wasAttributedTo <id/agent/mira> ;
  skos:editorialNote "Too small to have one."@en ;
  skos:changeNote "2026-11-21: proposed by newskg 0.1.0, confidence 0.7"@en .
<id/judgement/00000000000000bb> a kg:Judgement ; kg:from <id/actor/ines-calder> ;
  kg:relation skos:exactMatch ; kg:to <http://www.wikidata.org/entity/Q1> ; kg:confidence 0.61 ;
  kg:nameSimilarity 0.9 ; kg:margin 0.25 ;
  kg:status kgs:status-proposed ; kg:when <id/date/2026-11-22> ;
  prov:wasAttributedTo <id/agent/mira> .
"""


@pytest.fixture
def linked(fresh_sample: Workspace) -> Iterator[Reading]:
    """The sample with a link that waits for review, and somebody who has no item."""
    with (fresh_sample.root / "analysis.ttl").open("a") as file:
        file.write(LINKED)
    with fresh_sample.writing() as store:
        report = build(fresh_sample, store)
        assert not report.problems
        yield Reading(workspace=fresh_sample, store=store, generation="0" * 12)


def test_links_show_what_speaks_for_them_and_what_became_of_them(linked: Reading) -> None:
    shown = {
        "northline": ["not in Wikidata", "accepted 90 % sure", "Too small to have one.",
                      "What became of it", "proposed by newskg 0.1.0"],
        "ines-calder": ["same as wd:Q1", "proposed 61 % sure", "name 90 % 90 %", "margin 25 %"],
    }  # fmt: skip
    for name, expected in shown.items():
        reply = cards.page(linked, path=f"id/actor/{name}")
        assert isinstance(reply.body, bytes)
        page = parser.document_fromstring(reply.body.decode())
        (section,) = page.xpath("//section[@aria-labelledby='links']")
        text = words(section)
        assert not [one for one in expected if one not in text], text


def test_where_an_article_has_no_headline_its_graph_stands_for_the_account(
    reading: Reading,
) -> None:
    node = f"{reading.iris.base}id/event/kim-jong-il-admits-abductions"
    before = accounts(reading, node)
    with EmbeddedStore() as without:
        for graph in named_graphs(reading.store):
            without.put(graph, reading.store.get(graph))
        without.update(f"DELETE WHERE {{ GRAPH ?g {{ ?article {SCHEMA.headline} ?words }} }}")
        changed = Reading(workspace=reading.workspace, store=without, generation="0" * 12)
        after = accounts(changed, node)
    assert len(after) == len(before)
    assert after - before
    assert all(re.fullmatch("article-[0-9a-f]{12}", name) for name in after - before)


def accounts(reading: Reading, event: str) -> set[str]:
    """By whose accounts an event has its dates."""
    (found,) = told.events(reading, [event])
    return {by.name for account in found.accounts for by in account.by}


def test_a_page_has_some_of_many_and_leads_to_all(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "MOST", 2)
    reply = cards.page(reading, path="id/actor/north-korea")
    assert isinstance(reply.body, bytes)
    page = parser.document_fromstring(reply.body.decode())
    every = {words(a): a.get("href") for a in page.xpath("//p[@class='every']/a")}
    assert every["All 37"] == "../../../query/said-about-actor?actor=actor:north-korea"
    assert every["All 4"].startswith("../../../query/")
    assert every["All 13"] == "../../../query/events-of-actor?actor=actor:north-korea"
    assert "2 of 37 are here" in words(main_part(page))


def test_the_ways_to_all_lead_to_stored_queries_that_there_are(reading: Reading) -> None:
    for kind in ("actor", "topic", "event", "place"):
        for node in ("actor/north-korea", "topic/abduction-issue", "event/stockholm-agreement"):
            card = gathered(
                reading.store, NamedNode(f"{reading.iris.base}id/{node}"), reading.prefixes
            )
            for part in cards.parts(card, f"{kind}:x").values():
                name = re.match("query/([a-z-]+)", part.every)
                assert part.every.startswith("timeline") or (name and name[1] in reading.queries)


def test_a_picture_is_an_svg_document_of_its_own(newsroom_site: Site) -> None:
    answer = newsroom_site.get("/picture/id/actor/pellovia.svg")
    assert (answer.status, answer.type) == (200, "image/svg+xml")
    assert answer.body.startswith(b"<?xml")
    assert newsroom_site.get("/picture/id/actor/nobody.svg").status == 404


def test_pages_are_asked_for_again_only_when_the_data_change(site: Site) -> None:
    answer = site.get("/page/id/actor/japan", "text/html")
    assert 'rel="alternate"; type="text/turtle"' in answer.headers["link"]
    again = site.get("/page/id/actor/japan", "text/html", If_None_Match=answer.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert site.ask("HEAD", "/page/id/actor/japan").status == 200


@pytest.mark.parametrize(
    "path",
    ["id/actor/nobody", "id/actor/", "id/nothing", "id/actor/..%2Fjapan", "id/%00", "id/%FF"],
)
def test_what_is_not_known_has_no_page(site: Site, path: str) -> None:
    assert site.get(f"/page/{path}").status == 404


HOSTILE = """<script>alert(1)</script>"'&{{7*7}}</title><img src=x onerror=alert(1)>"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Iterator[Site]:
    """The sample with names and claims that want to be more than words."""
    folder = tmp_path_factory.mktemp("hostile")
    source = shutil.copytree(sample, folder / "source")
    quoted = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    register = source / "entities.ttl"
    text = register.read_text()
    for name in ("Ines Calder", "Northline", "harbour wall", "storm of 2019", "Port Ellery"):
        text = text.replace(f'"{name}"', f'"{name} {quoted}"')
    register.write_text(text)
    for file in source.glob("*.yaml"):
        text = file.read_text()
        yaml = HOSTILE.replace("'", "''")
        file.write_text(re.sub("(?m)^(    text|  headline): (.*)$", rf"\1: '\2 {yaml}'", text))
    workspace = make(folder / "workspace", source)
    with running(workspace) as address:
        yield Site(address)


def test_names_and_claims_are_words_and_nothing_else(hostile: Site) -> None:
    claims = [
        urlsplit(urljoin("/page/id/actor/", href)).path
        for href in tree(hostile, "/page/id/actor/ines-calder").xpath("//main//a/@href")
        if "claim/" in href
    ]
    paths = [
        "/page/id/actor/ines-calder",
        "/page/id/actor/northline",
        "/page/id/topic/harbour-wall",
        "/page/id/event/storm-2019",
        "/page/id/place/port-ellery",
        "/timeline",
        "/network",
        "/compare",
        "/timeline?actor=%3Cscript%3Ealert(1)%3C/script%3E&from=%22%3E%3Cscript%3E",
        "/network?actor=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/compare?left=%22%3E%3Cscript%3E&right=%3Cscript%3E&topic=%3Cscript%3E",
        *("/" + "/".join(path.split("/")[-4:]) for path in sorted(set(claims))),
    ]
    for path in paths:
        answer = hostile.get(path, "text/html")
        assert answer.status in {200, 400}, path
        assert "<script>" not in answer.text, path
        assert "<img src=x" not in answer.text, path
        page = parser.document_fromstring(answer.text)
        assert not page.xpath("//@*[starts-with(name(), 'on')] | //@style"), path
        for href in page.xpath("//@href"):
            assert urlsplit(href).scheme in {"", "http", "https"}, href
    assert len(paths) >= 13
    assert "49" not in words(tree(hostile, "/page/id/actor/ines-calder").xpath("//h1")[0])
    drawing = hostile.get("/picture/id/actor/ines-calder.svg")
    assert drawing.status == 200
    assert b"<script" not in drawing.body


def test_the_address_of_a_passage_leads_to_its_words(browser: Browser, newsroom_site: Site) -> None:
    with visit(browser, newsroom_site.address) as at:
        at.go("/page/id/text/2f03bc0f5780#char=332,355")
        at.page.wait_for_url("**/page/id/article/2f03bc0f5780#char=332,355")


FACTS: dict[str, list[tuple[str, str | None]]] = {
    "Japan (actor:japan)": [("Japan", "u:japan")],
    "A (actor:a); B, of it (actor:b); and 3 more": [
        ("A", "u:a"), ("; ", None), ("B, of it", "u:b"), ("; and 3 more", None),
    ],
    "words only (in brackets)": [("words only (in brackets)", None)],
    "x (unknown:prefix)": [("x (unknown:prefix)", None)],
    "collision (actor:c), by the account of R and 1 more": [
        ("collision", "u:c"), (", by the account of R and 1 more", None),
    ],
    "": [],
}  # fmt: skip


@pytest.mark.parametrize("value", FACTS)
def test_facts_fall_into_words_and_names(value: str) -> None:
    assert list(pieces(value, {"actor": "u:"})) == [Piece(*piece) for piece in FACTS[value]]


SURE = {
    (("positive", "certain"),): "",
    (("positive", "certain"), ("negative", "certain")): "asserted and denied",
    (("negative", "certain"),): "denied",
    (("positive", "probable"), ("positive", "possible")): "asserted only as possible or probable",
    (("unspecified", "certain"),): "neither asserted nor denied",
}


@pytest.mark.parametrize("ways", SURE)
def test_how_surely_something_is_asserted_is_said_in_words(
    ways: tuple[tuple[str, str], ...],
) -> None:
    assert sureness(ways) == SURE[ways]


def test_so_many_cases_are_tried() -> None:
    assert len(FACTS) == 6
    assert len(SURE) == 5

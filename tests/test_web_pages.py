"""The frame of all pages, the start page, the lists, search, and errors as pages."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from lxml import html as parser

from kg.store import open_store, select
from kg.vocab import KG, concept
from kg.web.pages.html import around, link, page_of, percent
from kg.web.readers.reading import Reading
from kg.web.views import lists, search, start
from kg.workspace import Workspace
from tests.browser import visit

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from kg.web.readers.reply import Reply
    from tests.web import Site

BASE = "https://example.org/kg/"
PAGES = {
    "/": "Who says what, and who says otherwise",
    "/articles": "Articles",
    "/actors": "Actors",
    "/actors?kind=person&sort=name&order=down": "Actors",
    "/claims": "Claims",
    "/claims?modality=prediction&page=1": "Claims",
    "/topics": "Topics",
    "/events": "Events",
    "/places": "Places",
    "/search": "Search",
    "/search?q=haldria": "Search: haldria",
    "/search?q=a%20b%26c%3Cd%3E": "Search: a b&c<d>",
    "/search?q=the&kind=claim": "Search: the",
    "/page/id/article/2f03bc0f5780": (
        "Haldria detains crew after trawler sinks on disputed fishing ground"
    ),
    "/nothing/of/the/kind": "There is no such page",
}


def tree(site: Site, path: str) -> parser.HtmlElement:
    answer = site.get(path, "text/html")
    assert answer.type == "text/html", path
    return parser.document_fromstring(answer.text)


def body(reply: Reply) -> str:
    assert isinstance(reply.body, bytes)
    return reply.body.decode()


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_whole(newsroom_site: Site, path: str) -> None:
    page = tree(newsroom_site, path)
    assert page.get("lang") == "en"
    assert [" ".join(h.text_content().split()) for h in page.xpath("//h1")] == [PAGES[path]]
    depths = [int(h.tag[1]) for h in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert all(after <= before + 1 for before, after in pairwise(depths))
    for landmark in ("header", "nav[@aria-label='Sections']", "main[@id='main']", "footer"):
        assert len(page.xpath(f"//body//{landmark}[not(ancestor::main)]")) == 1, landmark
    assert page.xpath("string(//body/a[1]/@href)") == "#main"
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_script_and_no_style_of_their_own(newsroom_site: Site, path: str) -> None:
    page = tree(newsroom_site, path)
    assert not page.xpath("//script[not(@src)] | //style | //*[@style]")
    assert not [name for name in page.xpath("//@*") if name.attrname.startswith("on")]


def test_links_are_relative_and_lead_somewhere(newsroom_site: Site) -> None:
    ours = re.compile(
        "/(|articles|claims|actors|topics|events|places|search|static/.*|opensearch.xml|page/id/article/.*)"
    )
    targets = set()
    for path in PAGES:
        page = tree(newsroom_site, path)
        for address in {*page.xpath("//@href"), *page.xpath("//@src")}:
            assert not address.startswith(("/", "http://127", "javascript:")), address
            at = urljoin("http://site" + path, address)
            assert at.startswith(("http://site/", "https://")), address
            targets.add(at.removeprefix("http://site").partition("#")[0])
    targets = {target for target in targets if ours.fullmatch(target.partition("?")[0])}
    for target in targets:
        assert newsroom_site.get(target, "*/*").status == 200, target
    assert len(targets) > 50


def test_there_are_so_many_pages() -> None:
    assert len(PAGES) == 15


def test_the_start_page_says_what_is_there(newsroom_site: Site) -> None:
    page = tree(newsroom_site, "/")
    figures = {
        item.xpath("string(.//span)"): item.xpath("string(.//b)")
        for item in page.xpath("//ul[@class='figures']/li")
    }
    assert figures == {
        "articles": "6",
        "claims": "206",
        "actors": "58",
        "events": "16",
        "topics": "16",
        "places": "7",
    }
    for name, number in figures.items():
        said = "//p[@role='status']" if name == "claims" else "//caption"
        assert f"{number} {name}" in tree(newsroom_site, f"/{name}").xpath(f"string({said})")
    disputes = page.xpath("//article[@class='dispute']")
    assert len(disputes) == start.DISPUTES
    assert all(len(one.xpath(".//div[@class='side']//blockquote//mark")) == 2 for one in disputes)
    assert "9 accepted, 1 proposed, 1 rejected" in page.xpath("string(//main)")
    assert "5 March 2031 to 20 March 2031" in " ".join(page.xpath("string(//main)").split())


def test_the_start_page_counts_what_its_questions_list(reading: Reading) -> None:
    firm = {
        row["x"].value
        for row in select(
            reading.store,
            f"SELECT ?x WHERE {{ ?c {KG.asserts} ?x ; {KG.polarity} {concept('polarity', 'positive')} ;"
            f" {KG.certainty} {concept('certainty', 'certain')} }}",
        )
    }
    events = {row["x"].value for row in select(reading.store, f"SELECT ?x {{ ?x a {KG.Event} }}")}
    said = " ".join(parser.document_fromstring(body(start.page(reading))).text_content().split())
    assert 1 < len(events - firm) < len(events)
    assert f"{len(events - firm)} events that nobody asserts firmly" in said


def test_an_empty_workspace_has_pages_as_well(tmp_path: Path) -> None:
    with open_store("memory:") as store:
        reading = Reading(workspace=Workspace.create(tmp_path / "n"), store=store, generation="0")
        assert "nothing in this corpus yet" in body(start.page(reading))
        for what in lists.LISTS:
            assert "There are none" in body(lists.page(reading, what=what))
        nothing = search.page(reading, q="x", kind=None, number=1)
        assert "Nothing here goes by that name" in body(nothing)


# ---- lists --------------------------------------------------------------------------------------

ORDERS: dict[str, list[str]] = {
    "/articles": ["How not to lose a sea", "“They were our people, in our sea”"],
    "/articles?sort=date&order=up": [
        "Haldria detains crew after trawler sinks on disputed fishing ground",
        "CORRECTION: Haldria detained 11 crew members, not 12",
    ],
    "/articles?sort=claims": [
        "“They were our people, in our sea”",
        "Transcript: Press conference on the Amaranta",
    ],
    "/actors?sort=mentions&kind=state": ["Haldria", "Pellovia"],
    "/actors?sort=name&kind=state": ["Haldria", "Pellovia"],
    "/actors?sort=name&order=down&kind=state": ["Pellovia", "Haldria"],
}


@pytest.mark.parametrize("path", ORDERS)
def test_lists_are_sorted(newsroom_site: Site, path: str) -> None:
    page = tree(newsroom_site, path)
    names = [cell.xpath("string(a)") for cell in page.xpath("//tbody/tr/th")]
    assert names[: len(ORDERS[path])] == ORDERS[path]
    assert len(page.xpath("//thead//th[@aria-sort]")) == 1


def test_so_many_orders_are_looked_at() -> None:
    assert len(ORDERS) == 6


def test_the_head_of_a_column_turns_its_order_round(newsroom_site: Site) -> None:
    def names(path: str) -> tuple[list[str], str]:
        page = tree(newsroom_site, path)
        heads = page.xpath("//thead//th[@aria-sort]/a/@href")
        return [row.text_content() for row in page.xpath("//tbody/tr/th")], heads[0]

    first, turned = names("/actors?sort=name")
    second, back = names(f"/{turned}")
    assert second == first[::-1]
    assert names(f"/{back}")[0] == first


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/actors?sort=height", 400),
        ("/actors?order=sideways", 400),
        ("/actors?page=0", 400),
        ("/actors?page=2", 404),
        ("/actors?page=x", 400),
        ("/actors?kind=nothing", 200),
        ("/actors?kind=%E6%97%A5%0A%22", 200),
        ("/claims?modality=%E6%97%A5%0A%22", 200),
        ("/claims?page=99", 404),
        ("/search?q=a&page=0", 400),
        ("/search?q=a&kind=animal", 400),
        ("/search?q=a&page=99", 200),
        ("/search?q=" + "x" * 5000, 200),
        ("/search?q=%FF%00%0a", 200),
    ],
)
def test_wrong_values_are_said(newsroom_site: Site, path: str, status: int) -> None:
    assert newsroom_site.get(path, "text/html").status == status


def test_claims_are_chosen_by_what_they_are(newsroom_site: Site) -> None:
    page = tree(newsroom_site, "/claims")
    counts = {
        (link.get("href").partition("?")[2], int(link.xpath("string(span)")))
        for link in page.xpath("//ul[@class='chips']//a[@href!='claims']")
    }
    assert sum(number for asked, number in counts if asked.startswith("modality")) == 206
    assert sum(number for asked, number in counts if asked.startswith("polarity")) == 206
    for asked, number in counts:
        (status,) = tree(newsroom_site, f"/claims?{asked}").xpath("//p[@role='status']/text()")
        assert re.match(f"{number} claims?[, ]", status), asked
    seen: list[str] = []
    for number in range(1, 6):
        page = tree(newsroom_site, f"/claims?page={number}")
        seen += page.xpath("//p[@class='claim__what']/a/@href")
    assert len(seen) == len(set(seen)) == 206
    both = tree(newsroom_site, "/claims?modality=prediction&polarity=negative")
    cards = both.xpath("//ul[@class='claims']/li")
    assert cards
    assert all({"negative", "prediction"} <= set(card.xpath(".//span/text()")) for card in cards)


# ---- errors as pages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("text/html", "text/html"),
        ("*/*", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("text/turtle", "application/problem+json"),
        (None, "application/problem+json"),
    ],
)
def test_errors_are_pages_for_those_who_read_pages(
    newsroom_site: Site, accept: str | None, type_: str
) -> None:
    answer = newsroom_site.get("/nothing/edrin-vask", accept)
    assert (answer.status, answer.type) == (404, type_)
    assert "Accept" in answer.headers["vary"]


def test_an_error_page_knows_a_way_on(newsroom_site: Site) -> None:
    page = tree(newsroom_site, "/nothing/%3Cb%3E/edrin-vask")
    links = [urljoin("/nothing/x/edrin-vask", at) for at in page.xpath("//main//a/@href")]
    assert links == ["/search?q=edrin%20vask", "/", "/query"]
    assert not page.xpath("//main//b")


# ---- helpers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iri", "path", "address"),
    [
        (f"{BASE}id/actor/japan", "page/id/actor/japan", "../page/id/actor/japan"),
        (f"{BASE}id/date/2014%2F2016", "page/id/date/2014%2F2016", "../page/id/date/2014%2F2016"),
        (f"{BASE}graph/entities", "graph/entities", "../graph/entities"),
        ("https://w3id.org/newskg/ontology#Claim", "ontology#Claim", "../ontology#Claim"),
        ("http://www.wikidata.org/entity/Q17", None, "https://www.wikidata.org/wiki/Q17"),
        ("https://news.example/a?b", None, "https://news.example/a?b"),
        ("javascript:alert(1)", None, None),
        ("data:text/html,x", None, None),
        (f"{BASE}id/actor/../../x", None, f"{BASE}id/actor/../../x"),
        (f"{BASE}elsewhere", None, f"{BASE}elsewhere"),
        ("urn:x", None, None),
    ],
)
def test_iris_lead_to_pages(iri: str, path: str | None, address: str | None) -> None:
    assert page_of(iri, BASE) == path
    assert link(iri, "page/x", BASE) == address


def test_numbers_are_said_as_people_say_them() -> None:
    assert [percent(value) for value in ("0.85", 1, "x", "inf")] == ["85 %", "100 %", "x", "inf"]
    assert [around(1, 1), around(1, 3), around(4, 9)] == [
        [1],
        [1, 2, 3],
        [1, 2, 3, 4, 5, None, 9],
    ]


# ---- in a browser -------------------------------------------------------------------------------


def test_suggestions_are_chosen_with_the_keyboard(browser: Browser, newsroom_site: Site) -> None:
    with visit(browser, newsroom_site.address) as at:
        page = at.page
        at.go("/")
        box = page.get_by_role("combobox", name="Find anything")
        box.type("hald")
        options = page.get_by_role("option")
        options.first.wait_for()
        assert box.get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert options.nth(1).get_attribute("aria-selected") == "true"
        assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
        page.keyboard.press("Escape")
        assert box.get_attribute("aria-expanded") == "false"
        box.type("ria")
        options.first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/page/id/*/*")


@pytest.mark.parametrize("path", ["/", "/network", "/search?q=coast"])
@pytest.mark.parametrize("width", [320, 360])
def test_the_box_stays_in_its_column(
    browser: Browser, newsroom_site: Site, width: int, path: str
) -> None:
    with visit(browser, newsroom_site.address, width=width) as at:
        at.go(path)
        button = at.page.locator("form[role=search] button").first.bounding_box()
        column = at.page.locator(".masthead__nav").bounding_box()
        assert button is not None
        assert column is not None
        assert button["x"] + button["width"] <= column["x"] + column["width"] + 0.5


def test_the_box_searches_without_a_script(browser: Browser, newsroom_site: Site) -> None:
    with visit(browser, newsroom_site.address, scripts=False, width=320) as at:
        page = at.page
        at.go("/")
        page.get_by_role("searchbox").fill("edrin vask")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?*")
        assert page.url.endswith("search?q=edrin+vask")
        assert page.get_by_role("main").get_by_role("link", name="Edrin Vask").first.is_visible()

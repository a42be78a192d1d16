"""Finding things by what people type, long lists of them, and strange names among them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from lxml import etree
from lxml import html as parser
from pyoxigraph import NamedNode, RdfFormat, parse

from kg.mapping.iris import Iris
from kg.store import open_store
from kg.vocab import PREFIXES
from kg.web.readers.reading import Reading
from kg.web.readers.reply import Refused
from kg.web.search.finding import NEAR, index
from kg.web.search.wording import Sayings, pattern
from kg.web.views import lists, search
from kg.workspace import Workspace
from tests.browser import visit
from tests.test_web_pages import body, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.web import Site

BASE = "https://example.org/kg/"
STRANGE = "<script>alert(1)</script> & “Co”"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """Two hundred and fifty actors, one of them merged into another, and one with a strange name."""

    def actor(local: str, *names: str) -> Iterator[str]:
        yield f"actor:{local} a kg:Actor ; rdfs:label {json.dumps(names[0])} ."
        yield from (f"actor:{local} skos:altLabel {json.dumps(name)} ." for name in names[1:])

    lines = [f"PREFIX {name}: <{iri}>" for name, iri in (PREFIXES | Iris(BASE).prefixes()).items()]
    lines += (line for n in range(250) for line in actor(f"a{n:03}", f"Actor number {n:03}"))
    lines += actor("strange", STRANGE)
    lines += actor("abe", "Shinzō Abe", "安倍晋三", "Prime Minister Abe")
    lines += actor("old", "Abe the Elder")
    lines += (
        "actor:old dcterms:isReplacedBy actor:abe .",
        "actor:abe skos:exactMatch wd:Q132345 .",
        'claim:c1 a kg:Claim ; schema:text "Müller’s plan <b>failed</b> in June" .',
    )
    triples = parse("\n".join(lines).encode(), format=RdfFormat.TURTLE)
    workspace = Workspace.create(tmp_path_factory.mktemp("many") / "many")
    with open_store("memory:") as store:
        store.put(NamedNode(f"{BASE}graph/entities"), (quad.triple for quad in triples))
        yield Reading(workspace=workspace, store=store, generation="0")


def test_long_lists_come_in_pages(many: Reading) -> None:
    seen: list[str] = []
    for number in (1, 2, 3):
        reply = lists.page(many, what="actors", sort="name", number=number)
        page = parser.document_fromstring(body(reply))
        seen += page.xpath("//tbody//th/a/text()")
        current = page.xpath("//nav[@class='pager']//a[@aria-current='page']/text()")
        assert current == [str(number)]
    assert len(seen) == len(set(seen)) == 252
    assert seen.index("Actor number 001") < seen.index("Actor number 240")
    with pytest.raises(Refused):
        lists.page(many, what="actors", number=4)


FOUND: list[tuple[str, str, str]] = [
    # what is typed, what is found first, and how
    ("Shinzō Abe", "abe", "exact"),
    ("shinzo abe", "abe", "exact"),
    ("  SHINZO   ABE ", "abe", "exact"),
    ("安倍晋三", "abe", "exact"),
    ("shin", "abe", "beginning"),
    ("abe", "abe", "id"),
    ("minister", "abe", "word"),
    ("abe prime", "abe", "words"),
    ("abe pri", "abe", "words"),
    ("Shinso Abe", "abe", "like"),
    ("minsiter", "abe", "like"),
    ("Abe the Elder", "abe", "exact"),
    ("Q132345", "abe", "id"),
    ("wd:Q132345", "abe", "id"),
    ("https://www.wikidata.org/wiki/Q132345", "abe", "id"),
    ("actor:abe", "abe", "id"),
    ("actor/abe", "abe", "id"),
    (f"{BASE}id/actor/abe", "abe", "id"),
    (f"<{BASE}id/actor/abe>", "abe", "id"),
    ("<script>", "strange", "beginning"),
    ("co", "strange", "word"),
    ("number 007", "a007", "word"),
]


@pytest.mark.parametrize(("typed", "local", "how"), FOUND)
def test_things_are_found_by_what_people_type(
    many: Reading, typed: str, local: str, how: str
) -> None:
    found = index(many).find(typed)
    assert (found[0].thing.id, found[0].how) == (local, how)
    assert len({one.thing.iri for one in found}) == len(found)


def test_so_many_ways_to_find_are_looked_at() -> None:
    assert len(FOUND) == 22


@pytest.mark.parametrize("typed", ["", " ", "Q99", "zzzzzz", "actor:nobody", "event:abe", "́"])
def test_what_is_not_there_is_not_found(many: Reading, typed: str) -> None:
    assert index(many).find(typed) == []


def test_a_name_that_is_there_is_not_mixed_with_what_is_like_it(many: Reading) -> None:
    assert [one.thing.id for one in index(many).find("Actor number 001")] == ["a001"]
    assert len(index(many).find("Actor number 0x1")) == NEAR


def test_strange_names_are_names(many: Reading) -> None:
    for reply in (
        search.page(many, q="<script>", kind=None, number=1),
        search.page(many, q="failed", kind=None, number=1),
        lists.page(many, what="actors", sort="name", number=1),
    ):
        words = body(reply)
        assert "<script>alert" not in words
        assert "<b>failed" not in words
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “Co”" in words


@pytest.mark.parametrize(
    ("typed", "number"),
    [("muller's", 1), ("MÜLLER’S PLAN", 1), ("june plan", 1), ("plan x", 0), ("<b>", 1), ("in", 0)],
)
def test_words_in_claims_are_found(many: Reading, typed: str, number: int) -> None:
    assert len(many.once(Sayings.of).find(typed)) == number


CLAIMS = [
    ("claim:c1", 1),
    ("claim/c1", 1),
    ("c1", 1),
    (" c1 ", 1),
    (f"{BASE}id/claim/c1", 1),
    (f"<{BASE}id/claim/c1>", 1),
    ("id/claim/c1", 1),
    ("claim:c", 0),
    ("claim:", 0),
    ("actor:abe", 0),
]


@pytest.mark.parametrize(("typed", "number"), CLAIMS)
def test_claims_are_found_by_what_identifies_them(many: Reading, typed: str, number: int) -> None:
    assert many.once(Sayings.of).named(typed, BASE) == [f"{BASE}id/claim/c1"][:number]


HEARING = "Captain of sunken trawler denies all charges"
FILES = [
    "2031-03-10-hearing.html",
    "2031-03-10-HEARING.html",
    "2031-03-10-hearing",
    "text:3d8b0be33622",
    f"{BASE}id/text/3d8b0be33622",
]


@pytest.mark.parametrize("typed", FILES)
def test_articles_are_found_by_the_files_of_their_texts(newsroom_site: Site, typed: str) -> None:
    found = newsroom_site.get(f"/search?{urlencode({'q': typed})}", "application/json").json
    assert [(one["name"], one["how"]) for one in found["results"]] == [(HEARING, "file")]
    shown = newsroom_site.get(f"/search?{urlencode({'q': typed})}", "text/html").text
    assert "by the file of its text" in shown


def test_a_claim_is_found_by_its_iri(newsroom_site: Site) -> None:
    article = newsroom_site.get("/search?q=hearing&kind=claim", "application/json").json
    claim = article["claims"][0]
    for typed in (claim["iri"], "claim:" + claim["iri"].rpartition("/")[2]):
        found = newsroom_site.get(f"/search?{urlencode({'q': typed})}", "application/json").json
        assert [one["iri"] for one in found["claims"]] == [claim["iri"]]
    assert (len(CLAIMS), len(FILES)) == (10, 5)


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("abe's plan", "the ABE’S\nplan", "ABE’S\nplan"),
        ("muller", "Herr Müller", "Müller"),
        ("muller", "Herr Mu\u0308ller", "Mu\u0308ller"),
        ("Müller", "Muller", "Muller"),
        ("a.c", "abc a.c", "a.c"),
        ("(x", "f(x)", "(x"),
        ("łódź", "Łódź", "Łódź"),
    ],
)
def test_words_in_texts_are_found_whatever_their_accents(typed: str, text: str, found: str) -> None:
    hit = pattern(typed).search(text)
    assert hit is not None
    assert hit[0] == found


# ---- search over HTTP ---------------------------------------------------------------------------


def test_search_says_where_words_stand(newsroom_site: Site, newsroom: Path) -> None:
    answer = newsroom_site.get("/search?q=rammed+the", "application/json")
    assert answer.type == "application/json"
    assert "Accept" in answer.headers["vary"]
    content: dict[str, Any] = answer.json
    words = (newsroom / "2031-03-05-trawler-sinks.txt").read_text()
    found = next(one for one in content["texts"] if one["article"].endswith("2f03bc0f5780"))
    (place,) = found["places"]
    assert words[place["start"] : place["end"]] == place["words"] == "rammed the"
    around_it = place["before"] + place["words"] + place["after"]
    assert around_it in words
    page = tree(newsroom_site, "/search?q=rammed+the")
    assert f"page/id/article/2f03bc0f5780#char={place['start']},{place['end']}" in page.xpath(
        "//@href"
    )


def test_suggestions_are_names_with_their_pages(newsroom_site: Site) -> None:
    answer = newsroom_site.get("/search?q=vas&names=1&limit=5", "application/json")
    assert answer.json["results"][0] == {
        "iri": f"{BASE}id/actor/edrin-vask",
        "id": "edrin-vask",
        "kind": "actor",
        "what": "person",
        "name": "Edrin Vask",
        "matched": "Vask",
        "how": "beginning",
        "page": "page/id/actor/edrin-vask",
    }
    of_kind = newsroom_site.get("/search?q=m&names=1&kind=place", "application/json").json
    assert {one["kind"] for one in of_kind["results"]} == {"place"}
    assert (
        len(newsroom_site.get("/search?q=a&names=1&limit=3", "application/json").json["results"])
        == 3
    )


def test_all_of_a_kind_are_paged(newsroom_site: Site) -> None:
    total = newsroom_site.get("/search?q=the", "application/json").json["total"]["claim"]
    assert total > search.SIZE
    seen: list[str] = []
    for number in range(1, total // search.SIZE + 2):
        page = tree(newsroom_site, f"/search?q=the&kind=claim&page={number}")
        seen += page.xpath("//p[@class='claim__what']/a/@href")
    assert len(seen) == len(set(seen)) == total


def test_browsers_can_take_the_search_as_their_own(newsroom_site: Site) -> None:
    answer = newsroom_site.get("/opensearch.xml")
    assert answer.type == "application/opensearchdescription+xml"
    (url,) = etree.fromstring(answer.body).findall("{*}Url")
    assert url.get("template") == f"{newsroom_site.address}search?q={{searchTerms}}"


# ---- suggestions --------------------------------------------------------------------------------

# What is typed where, and what the first suggestion gives.
BOXES = {
    "the search box leads to the page": ("/", "#q", "vask", "page"),
    "a question's box for a name takes the id": (
        "/query/claims-by-actor",
        "#p-actor",
        "vask",
        "id",
    ),
}


@pytest.mark.parametrize("case", BOXES)
def test_names_are_suggested_as_one_types(newsroom_site: Site, browser: Browser, case: str) -> None:
    path, box, words, gives = BOXES[case]
    found = newsroom_site.get(f"/search?q={words}&names=1", "application/json").json["results"]
    with visit(browser, newsroom_site.address) as visited:
        visited.go(path)
        field = visited.page.locator(box)
        field.press_sequentially(words)
        visited.page.locator(".suggestions [role=option]").first.wait_for()
        field.press("ArrowDown")
        assert field.get_attribute("aria-activedescendant")
        field.press("Enter")
        if gives == "page":
            visited.page.wait_for_url(f"**/{found[0]['page']}")
        else:
            assert field.input_value() == found[0]["id"]
            assert field.get_attribute("aria-expanded") == "false"


def test_so_many_cases_are_tried() -> None:
    assert len(BOXES) == 2

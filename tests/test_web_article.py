"""The page of an article: the text as it is, what is marked in it, and its claims beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as parser

from kg.store import select
from kg.vocab import KG, OA
from kg.web.pages.marks import LAYERS, Stretch, html, segments
from kg.web.server import running
from tests.browser import visit
from tests.web import Site

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace

ARTICLES = {  # by the keys of their texts: the claims of each, and those set against another by a judgement
    "2f03bc0f5780": (32, 5),
    "3d8b0be33622": (25, 5),
    "5bbbcd00fa76": (43, 3),
    "71c721f1e711": (36, 2),
    "be016585dd78": (56, 3),
    "fd4d1b7fe906": (14, 1),
}


def tree(site: Site, path: str) -> parser.HtmlElement:
    answer = site.get(path, "text/html")
    assert (answer.status, answer.type) == (200, "text/html"), path
    return parser.document_fromstring(answer.text)


def shown(page: parser.HtmlElement) -> dict[int, str]:
    """The lines of the text that a page shows, by where they begin; without the numbers of claims."""
    for refs in page.xpath("//sup[@class='refs']"):
        refs.drop_tree()
    return {
        int(line.get("data-at")): line.text_content()
        for line in page.xpath("//*[@id='text']/p[@data-at]")
    }


def passages(workspace: Workspace, predicate: object) -> dict[str, set[tuple[int, int]]]:
    """Where what claims have stands, by the text."""
    found = defaultdict(set)
    with workspace.reading() as store:
        for row in select(
            store,
            f"SELECT ?t ?s ?e WHERE {{ ?x {predicate} ?p . "
            f"?p {KG.inText} ?t ; {OA.start} ?s ; {OA.end} ?e }}",
        ):
            place = (int(row["s"].value), int(row["e"].value))
            found[row["t"].value.rpartition("/")[2]].add(place)
    return found


def test_the_newsroom_has_the_articles_that_are_looked_at() -> None:
    assert (len(ARTICLES), sum(claims for claims, _ in ARTICLES.values())) == (6, 206)


@pytest.mark.parametrize("key", ARTICLES)
def test_the_text_is_shown_as_it_is(
    newsroom_site: Site, built_newsroom: Workspace, key: str
) -> None:
    words = next(
        file.read_bytes().decode()
        for iri, file in built_newsroom.texts().items()
        if iri.endswith(key)
    )
    lines = shown(tree(newsroom_site, f"/page/id/article/{key}"))
    assert all(words[at : at + len(line)] == line for at, line in lines.items())
    assert "".join("".join(lines.values()).split()) == "".join(words.split())


@pytest.mark.parametrize("key", ARTICLES)
def test_every_piece_of_evidence_is_marked_and_leads_to_its_claim_and_back(
    newsroom_site: Site, built_newsroom: Workspace, key: str
) -> None:
    page = tree(newsroom_site, f"/page/id/article/{key}")
    ids = set(page.xpath("//@id"))
    evidence = passages(built_newsroom, KG.evidence)[key]
    assert {f"char={start},{end}" for start, end in evidence} <= ids
    claims = page.xpath("//ol[@class='claims']/li")
    assert len(claims) == ARTICLES[key][0]
    assert {f"claim-{n}" for n in range(1, len(claims) + 1)} <= ids
    to_words = set(page.xpath("//a[@class='to-words']/@href"))
    assert to_words == {f"#char={start},{end}" for start, end in evidence}
    refs = page.xpath("//sup[@class='refs']/a/@href")
    assert {ref.removeprefix("#") for ref in refs} == {claim.get("id") for claim in claims}


@pytest.mark.parametrize("key", ARTICLES)
def test_what_is_marked_for_a_claim_are_its_words(
    newsroom_site: Site, built_newsroom: Workspace, key: str
) -> None:
    page = tree(newsroom_site, f"/page/id/article/{key}")
    places = {
        claim.get("data-claim"): [
            re.findall("[0-9]+", href) for href in claim.xpath(".//a[@class='to-words']/@href")
        ]
        for claim in page.xpath("//ol[@class='claims']/li")
    }
    words = next(
        file.read_bytes().decode()
        for iri, file in built_newsroom.texts().items()
        if iri.endswith(key)
    )
    for number, of in places.items():
        marked = page.xpath(
            f"//*[@id='text']//*[contains(concat(' ', @data-claims, ' '), ' {number} ')]"
        )
        wanted = "".join(
            words[int(start) : int(end)] for start, end in sorted(of, key=lambda p: int(p[0]))
        )
        found = "".join(node.text or "" for node in marked)
        assert "".join(found.split()) == "".join(wanted.split()), number


@pytest.mark.parametrize("key", ARTICLES)
def test_sources_and_cues_are_marked(
    newsroom_site: Site, built_newsroom: Workspace, key: str
) -> None:
    page = tree(newsroom_site, f"/page/id/article/{key}")
    for layer, predicate in (("source", KG.sourceSpan), ("cue", KG.cue)):
        places = passages(built_newsroom, predicate)[key]
        marked = page.xpath(f"//*[@id='text']//*[contains(@class, 'in-{layer}')]")
        assert bool(marked) == bool(places)
        ids = set(page.xpath("//@id"))
        assert {f"char={start},{end}" for start, end in places} <= ids


@pytest.mark.parametrize("key", ARTICLES)
def test_disputes_stand_at_the_claims(newsroom_site: Site, key: str) -> None:
    page = tree(newsroom_site, f"/page/id/article/{key}")
    disputed = page.xpath("//ol[@class='claims']/li[.//span[@class='badge badge--disputed']]")
    assert len(disputed) == ARTICLES[key][1]
    assert all(claim.xpath(".//b[.='contradicts']") for claim in disputed)


@pytest.mark.parametrize(("key", "number"), [("f3ba54f74531", 39), ("cc212dc1fd1e", 100)])
def test_without_the_text_claims_stand_with_their_places(site: Site, key: str, number: int) -> None:
    page = tree(site, f"/page/id/article/{key}")
    assert not page.xpath("//*[@id='text']")
    assert "not in this workspace" in page.xpath("string(//*[@class='note'])")
    claims = page.xpath("//ol[@class='claims']/li")
    assert len(claims) == number
    assert all(re.search("at characters [0-9,]+–[0-9,]+", claim.text_content()) for claim in claims)
    assert not page.xpath("//ol[@class='claims']//a[starts-with(@href, '#char')]")


@pytest.mark.parametrize(("key", "number"), [("f3ba54f74531", 121), ("cc212dc1fd1e", 335)])
def test_without_the_text_every_passage_has_its_place_on_the_page(
    site: Site, built: Workspace, key: str, number: int
) -> None:
    page = tree(site, f"/page/id/article/{key}")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    found: set[tuple[int, int]] = set()
    for predicate in (KG.evidence, KG.cue, KG.sourceSpan, f"^{KG.refersTo}"):
        found |= passages(built, predicate)[key]
    assert len(found) == number
    assert {f"char={start},{end}" for start, end in found} <= set(ids)
    for start, end in passages(built, KG.evidence)[key]:
        (held,) = page.xpath(f"//ol[@class='claims']/li[.//*[@id='char={start},{end}']]")
        assert f"{start:,}–{end:,}" in held.text_content()


@pytest.mark.parametrize(
    "path",
    ["nope", "f3ba54f74531/x", "%3Cb%3E", "2f03bc0f5780%20", "", "2f03bc0f5780?text=abc"],
)
def test_what_is_no_article_is_not_found(newsroom_site: Site, path: str) -> None:
    answer = newsroom_site.get(f"/page/id/article/{path}", "text/html")
    assert (answer.status, answer.type) == (404, "text/html")
    assert "<b>" not in answer.text


# ---- texts that change, and texts that would like to be pages -----------------------------------

TEXT = (
    "Harbour & <Wall>\r\n\r\nBy A. Writer\n"
    "Home | News\n\n"
    '<script>alert("x")</script> said 😀 “Mayor” Calder: <b>the wall\nwill rise</b>.\n'
    "العربية يقول عمدة\n"
)
CLAIM = "<img src=x onerror=alert(1)> The wall & all of it"


@pytest.fixture
def hostile(new: NewWorkspace, tmp_path: Path) -> Workspace:
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "wall.txt").write_bytes(TEXT.encode())
    at = {quote: TEXT.index(quote) for quote in ("Harbour & <Wall>", "By A. Writer", "Home | News")}
    parts = "".join(
        f"  - {{span: [{at[quote]}, {at[quote] + len(quote)}], kind: {kind}}}\n"
        for quote, kind in zip(at, ("headline", "byline", "navigation"), strict=True)
    )
    start, end = TEXT.index("<b>"), TEXT.index("</b>")
    (folder / "wall.yaml").write_text(
        'kg: 1\narticle:\n  headline: "Harbour & <Wall>"\n  language: en\n'
        "  author: [author]\n  publisher: [author]\n"
        '  published: {date: "2024-05-04"}\n  url: "https://news.example/<wall>?a=1&b=2"\n'
        "text: {file: wall.txt}\n"
        'made: {by: A. Tester, at: "2026-11-21T12:00:00Z"}\n'
        f"parts:\n{parts}"
        'things:\n  - {id: author, type: actor, kind: person, label: "A. <i>Writer</i>"}\n'
        f"mentions:\n  - {{span: [{start + 3}, {end}], of: author}}\n"
        "claims:\n  - id: c1\n    source: [author]\n    cue: [{quote: said}]\n"
        f"    evidence: [{{span: [{start}, {end}]}}]\n"
        f'    text: "{CLAIM}"\n    certainty: possible\n    polarity: negative\n'.replace(
            f"[{{span: [{start}, {end}]}}]", f"[[{start}, {end}]]"
        ).replace('  url: "https://news.example/<wall>?a=1&b=2"\n', "")
    )
    return new("hostile-news", folder)


def only(site: Site) -> str:
    found = tree(site, "/articles").xpath("//tbody//a/@href")
    assert len(found) == 1
    return f"/{found[0]}"


def test_a_text_is_a_text_whatever_it_says(hostile: Workspace) -> None:
    with running(hostile) as address:
        site = Site(address)
        path = only(site)
        answer = site.get(path, "text/html")
        page = parser.document_fromstring(answer.text)
    assert not page.xpath("//script[not(@src)] | //img | //b[.='the wall'] | //i | //*[@onerror]")
    assert all(f"<{tag}" not in answer.text for tag in ("img", "wall", "Wall"))
    assert CLAIM in page.xpath("string(//p[@class='claim__what'])")
    lines = shown(page)
    assert all(TEXT[at : at + len(line)] == line for at, line in lines.items())
    assert len(lines) == 6
    evidence = page.xpath("//*[@data-claims='1']")
    assert "".join(node.text for node in evidence) == "<b>the wallwill rise"
    classes = page.xpath("//*[@id='text']/p/@class")
    assert [re.findall("part--([a-z]+)", each) for each in classes[:3]] == [
        ["headline"],
        ["byline"],
        ["navigation"],
    ]


def test_a_text_that_has_changed_is_not_marked(hostile: Workspace) -> None:
    (file,) = hostile.articles.glob("*.txt")
    with running(hostile) as address:
        site = Site(address)
        path = only(site)
        assert tree(site, path).xpath("//*[@id='text']")
        tag = site.get(path, "text/html").headers["etag"]
        assert site.get(path, "text/html", If_None_Match=f'"x", {tag}').status == 304
        file.write_bytes(TEXT.replace("rise", "fall").encode())
        assert site.get(path, "text/html", If_None_Match=tag).status == 200
        changed = tree(site, path)
        file.write_bytes(b"\xff\xfe")
        broken = tree(site, path)
        file.unlink()
        gone = tree(site, path)
    for page in (changed, broken, gone):
        assert not page.xpath("//*[@id='text'] | //*[@data-claims]")
        assert len(page.xpath("//ol[@class='claims']/li")) == 1
    assert "no longer what the claims were read from" in changed.xpath("string(//main)")
    assert "no longer what the claims were read from" in broken.xpath("string(//main)")
    assert "not in this workspace" in gone.xpath("string(//main)")


# ---- the marks themselves -----------------------------------------------------------------------

SIZE = 12
STRETCH = st.builds(
    lambda start, length, layer, value: Stretch(start, start + length, layer, value),
    st.integers(-2, SIZE + 1),
    st.integers(0, SIZE),
    st.sampled_from(LAYERS),
    st.sampled_from("12"),
)


@given(st.lists(STRETCH, max_size=6))
def test_segments_are_the_text_with_all_that_covers_it(stretches: list[Stretch]) -> None:
    parts = list(segments(SIZE, stretches))
    assert [part.start for part in parts] + [SIZE] == [0] + [part.end for part in parts]
    inside = {one for one in stretches if 0 <= one.start < one.end <= SIZE}
    for part in parts:
        over = {one for one in inside if one.start <= part.start and part.end <= one.end}
        assert set(part.over) == over
    cuts = {0, SIZE} | {place for one in inside for place in (one.start, one.end)}
    assert {part.start for part in parts} | {SIZE} == cuts


@given(
    st.text(alphabet="ab <&\n\r\"'😀", min_size=0, max_size=SIZE),
    st.lists(STRETCH, max_size=5),
)
def test_a_marked_text_reads_as_the_text(text: str, stretches: list[Stretch]) -> None:
    made = html(text, stretches, {})
    page = parser.document_fromstring(f"<div id='text'>{made}</div>")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    lines = shown(page)
    for at, line in lines.items():
        # A browser reads a carriage return as the end of a line; here none is left within one.
        assert text[at : at + len(line)] == line
    assert "".join("".join(lines.values()).split()) == "".join(text.split())


def test_a_stretch_over_several_lines_is_cut_between_them() -> None:
    made = html(
        "one\ntwo\n", [Stretch(0, 7, "claim", "1"), Stretch(4, 7, "claim", "2")], {"1": "A"}
    )
    assert made == (
        '<p class="line" dir="auto" data-at="0">'
        '<span id="char=0,7" class="in-claim" data-claims="1">one</span></p>\n'
        '<p class="line near" dir="auto" data-at="4">'
        '<span id="char=4,7" class="in-claim" data-claims="1 2">two</span>'
        '<sup class="refs"><a href="#claim-1" aria-label="A">1</a> '
        '<a href="#claim-2" aria-label="2">2</a></sup></p>\n'
    )


# ---- in a browser -------------------------------------------------------------------------------


def test_an_address_leads_to_any_stretch_of_the_text(browser: Browser, newsroom_site: Site) -> None:
    with visit(browser, newsroom_site.address) as at:
        page = at.page
        at.go("/page/id/article/2f03bc0f5780#char=417,463")
        assert "".join(page.locator(".target").all_inner_texts()) == (
            "the number of people aboard the Amaranta at 15"
        )
        assert page.locator(".target").first.is_visible()
        at.page.evaluate("location.hash = '#char=1390,1395'")
        found = "[...CSS.highlights.get('place')].map(range => range.toString())"
        page.wait_for_function("CSS.highlights.get('place')?.size === 1")
        page.wait_for_function(f"{found}[0] === 'ldria'")
        page.locator("a[href='#claim-31']").first.click()
        assert page.locator("#claim-31").is_visible()
        page.wait_for_function("!CSS.highlights.has('place')")


def test_claims_and_their_words_light_each_other_up(browser: Browser, newsroom_site: Site) -> None:
    with visit(browser, newsroom_site.address) as at:
        page = at.page
        at.go("/page/id/article/2f03bc0f5780")
        page.locator("#claim-5").hover()
        lit = "".join(page.locator("#text .lit").all_inner_texts())
        assert lit == "the number of people aboard the Amaranta at 15"
        page.locator("#text [data-claims~='9']").first.hover()
        assert page.locator(".claims .lit").get_attribute("id") == "claim-9"


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [1280, 360])
def test_without_the_text_a_link_to_words_leads_to_the_claim_that_rests_on_them(
    browser: Browser, site: Site, scripts: bool, width: int
) -> None:
    with visit(browser, site.address, width=width, scripts=scripts) as at:
        at.go("/page/id/article/cc212dc1fd1e#char=2818,2863")
        claim = at.page.locator(".claims .claim:has(:target)")
        assert "at characters 2,818–2,863" in claim.inner_text()
        box = claim.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 900
        plain = at.page.locator("#claim-1").evaluate(BACKGROUND)
        assert claim.evaluate(BACKGROUND) != plain
        at.go("/page/id/article/f3ba54f74531#char=362,367")
        words = at.page.locator("li:target")
        assert "Japan" in words.inner_text()
        assert words.evaluate(BACKGROUND) != plain


BACKGROUND = "node => getComputedStyle(node).backgroundColor"
INSIDE = """(node) => {
  const [own, list] = [node, node.closest(".said")].map((one) => one.getBoundingClientRect());
  return own.top >= list.top && own.bottom <= list.bottom;
}"""


def test_a_reference_lights_its_claim_and_the_list_follows(
    browser: Browser, newsroom_site: Site
) -> None:
    with visit(browser, newsroom_site.address) as at:
        page = at.page
        page.emulate_media(reduced_motion="reduce")
        at.go("/page/id/article/be016585dd78")
        claim, said = page.locator("#claim-40"), page.locator(".said")
        assert not claim.evaluate(INSIDE)
        page.locator("#text .refs a[href='#claim-40']").focus()
        assert page.locator(".claims .lit").get_attribute("id") == "claim-40"
        page.wait_for_function("document.querySelector('.said').scrollTop > 0")
        assert claim.evaluate(INSIDE)
        before = page.evaluate("scrollY"), said.evaluate("node => node.scrollTop")
        claim.hover()  # the list does not run away from who is in it
        assert (page.evaluate("scrollY"), said.evaluate("node => node.scrollTop")) == before


@pytest.mark.parametrize("scripts", [True, False])
def test_layers_are_switched_without_a_script(
    browser: Browser, newsroom_site: Site, scripts: bool
) -> None:
    with visit(browser, newsroom_site.address, scripts=scripts) as at:
        page = at.page
        at.go("/page/id/article/2f03bc0f5780")
        claim = page.locator("#text .in-claim").first
        before = claim.evaluate("node => getComputedStyle(node).backgroundColor")
        page.get_by_label("claims", exact=True).uncheck()
        after = claim.evaluate("node => getComputedStyle(node).backgroundColor")
        assert (before != after, after) == (True, "rgba(0, 0, 0, 0)")
        assert not page.locator("#text .refs").first.is_visible()

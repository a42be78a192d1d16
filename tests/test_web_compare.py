"""The page that compares: two articles side by side, or a topic up to a date and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from lxml import html as parser

from tests.browser import visit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Browser

    from tests.web import Site

FOUNDING = {"left": "article:f3ba54f74531", "right": "article:cc212dc1fd1e"}


def page(site: Site, given: Mapping[str, str], status: int = 200) -> parser.HtmlElement:
    answer = site.get(f"/compare?{urlencode(given)}", "text/html")
    assert (answer.status, answer.type) == (status, "text/html")
    return parser.document_fromstring(answer.text)


def words(node: parser.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def section(found: parser.HtmlElement, name: str) -> parser.HtmlElement:
    (one,) = found.xpath(f"//section[@aria-labelledby='{name}']")
    return one


def counts(found: parser.HtmlElement) -> dict[str, int]:
    """How much each section says that it has."""
    return {
        one.get("aria-labelledby"): int(one.xpath(".//span[@class='count']")[0].text)
        for one in found.xpath("//main//section")
    }


def test_two_articles_are_put_beside_each_other(site: Site) -> None:
    found = page(site, FOUNDING)
    assert counts(found) == {
        "pairs": 7,
        "numbers": 1,
        "events": 2,
        "topics": 13,
        "actors": 5,
    }
    heads = [words(cell) for cell in found.xpath("//main//table[1]//td")[:2]]
    assert heads[0].startswith("11 December 2007")
    assert heads[1].startswith("17 June 2018 – July 2018 (inferred)")
    numbers = words(section(found, "numbers"))
    assert "differ" in numbers
    assert "at least 17 persons" in numbers
    actors = words(section(found, "actors"))
    assert "Shinzo Abe" in actors
    assert "Taro Kono" in actors


def test_what_was_judged_stands_face_to_face(site: Site) -> None:
    pairs = section(page(site, FOUNDING), "pairs")
    assert [words(heading) for heading in pairs.xpath(".//h3")] == [
        "The one agrees with the other",
        "The one contradicts the other",
    ]
    signs = [sign.text for sign in pairs.xpath(".//p[@class='two-sides__against']")]
    assert (signs.count("≈"), signs.count("≠")) == (5, 2)
    assert len(pairs.xpath(".//div[@class='side']")) == 14


def test_left_and_right_change_places(site: Site) -> None:
    found = page(site, FOUNDING)
    turned = page(site, {"left": FOUNDING["right"], "right": FOUNDING["left"]})
    assert counts(found) == counts(turned)
    for one, other in (("left", "right"), ("right", "left")):
        path = "//section[@aria-labelledby='topics']//td[@class='{}']//p[@class='claim__what']"
        ours, theirs = found.xpath(path.format(one)), turned.xpath(path.format(other))
        assert sorted(map(words, ours)) == sorted(map(words, theirs))
        assert len(ours) > 10


def test_every_claim_stands_on_the_side_of_its_article(site: Site) -> None:
    found = page(site, FOUNDING)
    for side in ("left", "right"):
        key = FOUNDING[side].partition(":")[2]
        claims = found.xpath(
            f"//section[@aria-labelledby='topics']//td[@class='{side}']"
            "//p[@class='claim__what']/a/@href"
        )
        assert claims
        assert all(f"/claim/{key}-" in href for href in claims)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("f3ba54f74531", "cc212dc1fd1e"),
        ("article/f3ba54f74531", "After North Korea, Pompeo Visits Japan to Meet With US Allies"),
    ],
)
def test_articles_go_by_their_names(site: Site, left: str, right: str) -> None:
    found = page(site, {"left": left, "right": right})
    assert counts(found) == counts(page(site, FOUNDING))
    # The lists have what was meant.
    chosen = found.xpath("//select/option[@selected]/@value")
    assert chosen == [FOUNDING["left"], FOUNDING["right"]]


# A topic and dates, with how many claims come before, after, and on neither side.
TIMES = {
    ("us-japan-alliance", "2007", ""): (8, 2, 0),
    ("us-japan-alliance", "2007", "2017"): (8, 0, 0),
    ("us-japan-alliance", "1999", ""): (0, 10, 0),
    ("korean-peninsula-denuclearisation", "2018-06-30", ""): (1, 0, 2),
    ("alliance of the United States and Japan", "2030", ""): (10, 0, 0),
}


@pytest.mark.parametrize("given", TIMES)
def test_two_times_are_put_beside_each_other(site: Site, given: tuple[str, str, str]) -> None:
    topic, start, until = given
    found = page(site, {"topic": topic, "from": start, "until": until})
    times = section(found, "times")
    before, after = (
        len(times.xpath(f".//td[@class='{side}']//div[contains(@class, 'claim')]"))
        for side in ("left", "right")
    )
    around = len(times.xpath(".//ul[@class='claims']/li"))
    assert (before, after, around) == TIMES[given]


WRONG = {
    ("left=nothing&right=article:f3ba54f74531", "left"): "no article goes by the name",
    ("left=f3ba54f74531&right=article/f3ba54f74531", "right"): "choose another article",
    ("left=actor:japan&right=article:f3ba54f74531", "left"): "is no article",
    ("topic=us-japan-alliance&from=2007&until=2006", "until"): "is not after",
    ("topic=us-japan-alliance&from=2007&until=2007", "until"): "is not after",
    ("topic=nothing-of-that-name", "topic"): "goes by the name",
    ("topic=us-japan-alliance&from=soon", "from"): "write a year, a month or a day",
    ("topic=us-japan-alliance&from=2007&until=2007-02-30", "until"): "write a year",
    ("topic=nothing-of-that-name&from=2007", "topic"): "goes by the name",
}


@pytest.mark.parametrize("given", WRONG)
def test_what_is_wrong_is_said_at_its_field(site: Site, given: tuple[str, str]) -> None:
    query, field = given
    answer = site.get(f"/compare?{query}", "text/html")
    assert answer.status == 400
    found = parser.document_fromstring(answer.text)
    (error,) = found.xpath(f"//p[@id='{field}-error']")
    assert WRONG[given] in words(error)


MISSING = {
    "left=article:f3ba54f74531": "Choose the other article.",
    "right=article:f3ba54f74531": "Choose the other article.",
    "topic=us-japan-alliance": "Give a date",
    "from=2007": "Choose a topic.",
    "topic=us-japan-alliance&until=2018": "Give a date",
}


@pytest.mark.parametrize("query", MISSING)
def test_what_is_still_missing_is_asked_for_in_the_form_with_what_is_there(
    site: Site, query: str
) -> None:
    answer = site.get(f"/compare?{query}", "text/html")
    assert answer.status == 200
    found = parser.document_fromstring(answer.text)
    assert words(found.xpath("//*[@role='status']")[0]).startswith(MISSING[query])
    kept = [*found.xpath("//option[@selected]/@value"), *found.xpath("//main//input/@value")]
    named = [value.rpartition(":")[2] for value in kept if value]
    assert named == [part.partition("=")[2].rpartition(":")[2] for part in query.split("&")]
    assert not found.xpath("//main//section")


def test_captions_are_as_wide_as_their_tables_in_a_narrow_window(
    browser: Browser, newsroom_site: Site
) -> None:
    with visit(browser, newsroom_site.address, width=360) as at:
        at.go("/compare?left=article:5bbbcd00fa76&right=article:2f03bc0f5780")
        widths = at.page.evaluate(
            "[...document.querySelectorAll('.versus caption:not(.hidden)')]"
            ".map(caption => caption.getBoundingClientRect().width)"
        )
        assert [width for width in widths if width and width < 300] == []
        assert any(widths)


def test_without_a_choice_there_are_the_forms(site: Site) -> None:
    found = page(site, {})
    assert len(found.xpath("//main//form")) == 2
    assert not found.xpath("//main//section")
    assert len(found.xpath("//select[@id='left']/option")) == 3


def test_so_many_cases_are_tried() -> None:
    assert len(TIMES) == 5
    assert len(WRONG) == 9
    assert len(MISSING) == 5

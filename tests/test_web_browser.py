"""The main paths in a real browser, every page by the rules of accessibility, and with the cable pulled."""

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING

import pytest

from kg.build import build
from kg.web.server import running
from tests.browser import visit
from tests.conftest import SLOW, copied
from tests.test_merges import LONG, SHORT, merge
from tests.test_merges import built as decided
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from kg.workspace import Workspace
    from tests.browser import Visit

PATHS = (
    "/",
    "/articles",
    "/actors",
    "/topics",
    "/events",
    "/places",
    "/search?q=trawler",
    "/search?q=nothing-goes-by-this",
    "/page/id/actor/edrin-vask",
    "/page/id/topic/crew-release",
    "/page/id/event/amaranta-sinks",
    "/page/id/place/brennick",
    "/page/id/article/71c721f1e711",
    "/timeline",
    "/network",
    "/compare",
    "/query",
    "/query/claims-by-actor",
    "/query/claims-by-actor?actor=edrin-vask&why=1",
    "/query/most-discussed-actors",
    "/sparql",
    "/ontology",
    "/scheme/polarity",
    "/shapes",
    "/graph/entities",
    "/docs",
    "/claims",
    "/claims?actor=edrin-vask",
    "/page/id/claim/2f03bc0f5780-110-169",
    "/page/id/judgement/7ed35634f88ba0e5",
    "/compare?left=article:2f03bc0f5780&right=article:fd4d1b7fe906",
    "/compare?topic=crew-release&from=2031-03-05&until=2031-03-10",
)
ASKED = [
    (path, width)
    for number, path in enumerate((*PATHS, "/reconcile/preview?id=actor/edrin-vask"))
    for width in (1280, 320)
    if width > 320 or number % 2 == 0 or SLOW
]
"""The narrow half of every other page takes its turn with KG_SLOW: each takes a second or more."""


@pytest.fixture(scope="module")
def merged_site(
    tmp_path_factory: pytest.TempPathFactory, built_sample: Workspace
) -> Iterator[Site]:
    """A server of the sample with one thing that was merged into another."""
    workspace = copied(built_sample, tmp_path_factory.mktemp("merged") / "news")
    decided(workspace, merge(SHORT, LONG))
    with workspace.writing() as store:
        build(workspace, store)
    with running(workspace) as address:
        yield Site(address)


@pytest.fixture(scope="module")
def window(browser: Browser, newsroom_site: Site) -> Iterator[Callable[[int, bool], Visit]]:
    """A window of a width, with scripts or without, for one page after the other of the sample.

    A new window takes as long as all that is looked at in it.
    """
    with ExitStack() as windows:

        @cache
        def one(width: int, scripts: bool) -> Visit:
            address = newsroom_site.address
            return windows.enter_context(visit(browser, address, width=width, scripts=scripts))

        yield one


def test_from_a_search_to_the_words_in_the_article(browser: Browser, newsroom_site: Site) -> None:
    with visit(browser, newsroom_site.address) as at:
        page = at.page
        at.go("/")
        page.locator("#q").fill("edrin vask")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("main").get_by_role("link", name="Edrin Vask").first.click()
        assert page.get_by_role("heading", level=1).inner_text() == "Edrin Vask"
        disputed = page.locator("section[aria-labelledby=disputed]")
        quote = disputed.locator("mark").first.inner_text()
        disputed.get_by_role(
            "link", name=re.compile("words in the article", re.IGNORECASE)
        ).first.click()
        found = re.search(r"#char=(\d+),(\d+)$", page.url)
        assert found
        words = page.locator(".target")
        words.first.wait_for()
        assert "".join(words.all_inner_texts()).strip() == quote.strip()
        assert words.first.is_visible()


def test_a_stored_query_is_run_by_a_label(browser: Browser, newsroom_site: Site) -> None:
    with visit(browser, newsroom_site.address) as at:
        page = at.page
        at.go("/query")
        page.get_by_role("main").get_by_role("link", name="claims-by-actor").first.click()
        page.locator("[name=actor]").fill("Luco Maradi")
        page.get_by_role("button", name=re.compile("^(Ask|Run|Show)")).click()
        rows = page.locator("table tbody tr")
        rows.first.wait_for()
        assert rows.count() > 5
        assert "actor=" in page.url


@pytest.mark.parametrize(("path", "width"), ASKED)
def test_pages_keep_the_rules_of_accessibility_and_ask_nobody_else(
    window: Callable[[int, bool], Visit], path: str, width: int
) -> None:
    at = window(width, True)
    at.go(path)
    accessible(at.page, width)
    at.over()


@pytest.mark.parametrize("width", [1280, 320])
def test_what_is_not_there_is_told_accessibly(
    browser: Browser, merged_site: Site, width: int
) -> None:
    with visit(browser, merged_site.address, width=width) as at:
        at.go("/page/id/actor/nobody", 404)
        accessible(at.page, width)
        at.go(f"/id/actor/{SHORT.value.rpartition('/')[2]}", 410)
        at.page.get_by_role("main").get_by_role("link", name="Ines Calder").wait_for()
        accessible(at.page, width)


def accessible(page: Page, width: int) -> None:
    """Assert that a page keeps the rules of accessibility, and is no wider than the window."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [
        (rule["id"], rule["help"], [node["target"] for node in rule["nodes"]][:5])
        for rule in found
        if rule["impact"] in {"serious", "critical"}
    ]
    assert not serious
    across = page.evaluate("document.documentElement.scrollWidth")
    assert across <= width, f"{page.url} is {across} wide"


@pytest.mark.parametrize("path", PATHS)
def test_pages_can_be_read_without_scripts(window: Callable[[int, bool], Visit], path: str) -> None:
    at = window(1280, False)
    at.go(path)
    assert at.page.get_by_role("heading", level=1).count() == 1
    assert len(at.page.get_by_role("main").inner_text()) > 40
    at.over()


def test_so_many_pages_are_looked_at() -> None:
    assert len(PATHS) == len(set(PATHS)) == 32
    assert len(set(ASKED)) == (66 if SLOW else 50)

"""The SPARQL editor: a form that works by itself, and Yasgui in a real browser, which asks this server only."""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from kg.web.pages.html import STATIC
from kg.web.server import running
from kg.web.views.querypages import MOST
from tests.browser import visit
from tests.pages import find, page, words
from tests.web import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from kg.workspace import Workspace

VENDOR = STATIC / "vendor"
ACTORS = "SELECT ?x ?name WHERE { ?x a kg:Actor ; rdfs:label ?name } ORDER BY ?x LIMIT 3"


# ---- without scripts ----------------------------------------------------------------------------


def test_there_is_a_query_to_begin_with_and_it_runs(site: Site) -> None:
    found = page(site, "/sparql")
    (form,) = find(found, "form[data-editing]")
    assert (form.get("action"), form.get("method")) == (f"{site.address}sparql", "get")
    query = found.get_element_by_id("query").text_content()
    ran = page(site, f"/sparql?{urlencode({'query': query})}")
    assert len(find(ran, "table.answer tbody")) == 20
    assert ran.get_element_by_id("query").text_content().strip() == query.strip()


def test_every_stored_query_can_be_opened_and_the_prefixes_are_at_hand(site: Site) -> None:
    found = page(site, "/sparql")
    names = [option.get("value") for option in find(found, "select[name=name] option")][1:]
    assert len(names) == 46
    for name in names:
        opened = page(site, f"/sparql?name={name}")
        query = opened.get_element_by_id("query").text_content()
        assert "SELECT" in query
        assert not find(opened, "table.answer")  # it is opened, and not run
        page(site, f"/sparql?{urlencode({'query': query})}")
    assert "https://w3id.org/newskg/ontology#" in words(find(found, "details.prefixes")[0])


def test_every_stored_query_can_be_opened_on_data_without_its_example(newsroom_site: Site) -> None:
    site = newsroom_site
    names = [option.get("value") for option in find(page(site, "/sparql"), "select option")][1:]
    assert len(names) == 46
    for name in names:
        opened = page(site, f"/sparql?name={name}")
        query = opened.get_element_by_id("query").text_content()
        ran = site.get(f"/sparql?{urlencode({'query': query})}", "application/sparql-results+json")
        assert ran.status == 200, name


ANSWERS = [
    (ACTORS, "table.answer tbody", 3),
    ("ASK { ?x a kg:Actor }", ".verdict", 1),
    ("CONSTRUCT WHERE { ?x a kg:Actor }", "pre.graph", 1),
    ("SELECT ?x WHERE { ?x a kg:Nothing }", ".nothing", 1),
    ("SELECT * WHERE { ?x ?y ?z }", ".note", 1),
]


@pytest.mark.parametrize(("query", "selector", "count"), ANSWERS)
def test_answers_of_each_form_are_shown(site: Site, query: str, selector: str, count: int) -> None:
    found = page(site, f"/sparql?{urlencode({'query': query})}")
    assert len(find(found, selector)) == count


WRONG = [
    ("SELECT ?x WHERE { ?x", "line 1"),
    ("SELECT ?x WHERE { ?x nope:a ?y }", "declare it: PREFIX nope"),
    ("INSERT DATA { <http://a/> a <http://b/> }", "updates are not possible"),
    ("SELECT ?x { SERVICE <http://a/> { ?x ?y ?z } }", "nothing leaves this machine"),
    ("ASK " + "{" * 300 + "}" * 300, "nested more than 250 deep"),
]


def test_only_so_many_rows_are_made_as_are_shown(site: Site) -> None:
    every = "SELECT * { ?s ?p ?o . ?a ?b ?c }"  # a billion rows
    begun = time.monotonic()
    found = page(site, f"/sparql?{urlencode({'query': every})}")
    assert len(find(found, "table.answer tbody")) == MOST
    assert find(found, ".note")
    assert time.monotonic() - begun < 20


def test_where_it_takes_too_long_the_editor_says_so(built: Workspace) -> None:
    every = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f }"
    # Two processes, for the page comes from another one than was ended.
    with running(built, seconds=4, processes=2) as address:
        found = page(Site(address), f"/sparql?{urlencode({'query': every})}", 503)
        assert words(found.get_element_by_id("query-error"))
        assert found.get_element_by_id("query").text_content().strip() == every


@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK{}&query=ASK{}", "/sparql?update=x", "/sparql?name=no"]
)
def test_what_is_no_query_is_told_to_people_as_a_page(site: Site, path: str) -> None:
    got = site.get(path, accept="text/html")
    assert (got.status // 100, got.type) == (4, "text/html")


@pytest.mark.parametrize(("query", "message"), WRONG)
def test_what_is_wrong_with_a_query_is_said_and_the_query_stays(
    site: Site, query: str, message: str
) -> None:
    found = page(site, f"/sparql?{urlencode({'query': query})}", 400)
    assert message in words(found.get_element_by_id("query-error"))
    assert found.get_element_by_id("query").text_content().strip() == query


def test_only_styles_of_this_server_and_one_more_are_let_in(site: Site) -> None:
    policy = site.get("/sparql", accept="text/html").headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == "'self'"
    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/=]+'", rules["style-src"])


# ---- what others made ---------------------------------------------------------------------------


def test_vendored_files_are_as_they_were_published() -> None:
    told = {
        name: digest
        for digest, name in re.findall(
            r"^([0-9a-f]{64})  (\S+)$", (VENDOR / "README.md").read_text(), re.MULTILINE
        )
    }
    there = {
        str(file.relative_to(VENDOR)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDOR.rglob("*")
        if file.suffix in {".js", ".css"}
    }
    assert there == told
    assert len(there) == 2
    assert "MIT" in (VENDOR / "yasgui" / "LICENSES.txt").read_text()


# ---- with scripts -------------------------------------------------------------------------------


def write(page: Page, query: str) -> None:
    """Put a query into the editor, with the cursor at its end."""
    page.evaluate(
        """query => {
          const editor = document.querySelector(".CodeMirror").CodeMirror;
          editor.setValue(query);
          editor.focus();
          editor.setCursor(editor.lineCount(), 0);
        }""",
        query,
    )


def test_a_stored_query_is_opened_and_run(browser: Browser, site: Site) -> None:
    with visit(browser, site.address) as at:
        at.go("/sparql")
        at.page.get_by_label("Begin with a stored question").select_option("sides")
        at.page.get_by_role("button", name="Open").click()
        at.page.locator(".tab.active", has_text="sides").wait_for()
        at.page.locator(".yasqe_queryButton:visible").click()
        rows = at.page.locator(".yasr:visible table tbody tr")
        rows.first.wait_for()
        assert rows.count() == 2
        assert "us-japan-alliance" in rows.first.inner_text()
        assert not at.page.locator("textarea#query").is_visible()


def test_the_editor_completes_prefixes_and_terms_of_the_workspace(
    browser: Browser, site: Site
) -> None:
    with visit(browser, site.address) as at:
        at.go("/sparql")
        hints = at.page.locator(".CodeMirror-hint")
        write(at.page, "PREFIX ")
        at.page.keyboard.type("kg")
        hints.first.wait_for()
        assert hints.all_inner_texts() == [
            "kg: <https://w3id.org/newskg/ontology#>",
            "kgs: <https://w3id.org/newskg/scheme/>",
        ]
        at.page.keyboard.press("Escape")
        for typed, terms in (("?c a kg:Cla", ["kg:Claim"]), ("?c kg:pola", ["kg:polarity"])):
            write(at.page, f"PREFIX kg: <https://w3id.org/newskg/ontology#> SELECT * {{ {typed}")
            at.page.keyboard.press("End")
            at.page.keyboard.press("Control+Space")
            at.page.wait_for_function(
                "document.querySelector('.CodeMirror-hint, .cm-done')", timeout=5000
            )
            assert hints.all_inner_texts() == terms
            at.page.keyboard.press("Escape")


def test_a_link_to_share_opens_the_same_query_in_another_browser(
    browser: Browser, site: Site
) -> None:
    query = "SELECT ?z WHERE { ?z a kg:Topic } # & + ü"
    with visit(browser, site.address) as at:
        at.go("/sparql")
        write(at.page, query)
        at.page.locator(".yasqe_share:visible").click()
        link = at.page.locator(".yasqe_sharePopup input").input_value()
    assert link.startswith(f"{site.address}sparql?query=SELECT")
    assert "#" not in link
    # As Yasgui has its own links, which people may have kept.
    theirs = f"/sparql#{urlencode({'query': query, 'endpoint': 'https://evil.example/sparql'})}"
    for path in (link.removeprefix(site.address.rstrip("/")), theirs):
        with visit(browser, site.address) as at:  # with nothing kept
            at.go(path)
            at.page.locator(".tabPanel.active .CodeMirror").wait_for()
            shown = "document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.getValue()"
            assert at.page.evaluate(shown).strip() == query
            at.page.locator(".yasqe_queryButton:visible").click()
            at.page.locator(".yasr:visible table tbody tr").first.wait_for()


def test_what_is_wrong_is_seen_beside_the_editor(browser: Browser, site: Site) -> None:
    query, message = WRONG[0]
    with visit(browser, site.address) as at:
        at.go(f"/sparql?{urlencode({'query': query})}", 400)
        at.page.locator(".tabPanel.active .CodeMirror").wait_for()
        assert message in at.page.get_by_role("alert").inner_text()


def test_things_in_the_answer_lead_to_their_pages_here(browser: Browser, site: Site) -> None:
    with visit(browser, site.address) as at:
        at.go(f"/sparql?{urlencode({'query': ACTORS, 'edit': ''})}")
        at.page.locator(".yasqe_queryButton:visible").click()
        link = at.page.locator(".yasr table tbody a.iri").first
        link.wait_for()
        iri = link.get_attribute("href") or ""
        assert iri.startswith("https://example.org/kg/id/actor/")
        link.evaluate("link => link.removeAttribute('target')")
        link.click()
        at.page.wait_for_url(f"{site.address}page/id/actor/*")
        assert at.page.url.rsplit("/", 1)[1] == iri.rsplit("/", 1)[1]


def test_a_name_is_suggested_and_taken_by_the_keyboard(browser: Browser, site: Site) -> None:
    with visit(browser, site.address) as at:
        at.go("/query/claims-by-actor")
        box = at.page.get_by_label("Actor")
        box.fill("")
        box.press_sequentially("north kor")
        option = at.page.get_by_role("option").first
        option.wait_for()
        assert "North Korea" in option.inner_text()
        box.press("ArrowDown")
        box.press("Enter")
        assert box.input_value().endswith("north-korea")
        box.press("Enter")
        at.page.locator("table.answer").wait_for()
        assert at.page.url.endswith("?actor=north-korea")  # and nothing that was left empty


def test_the_list_gets_narrower_as_one_types(browser: Browser, site: Site) -> None:
    with visit(browser, site.address) as at:
        at.go("/query")
        links = at.page.locator(".questions li:visible")
        assert links.count() == 46
        at.page.get_by_label("Only those with these words").fill("contradict each other")
        assert "contradict" in links.first.inner_text()
        assert links.count() < 5
        assert at.page.get_by_role("status").inner_text() == f"{links.count()} of 46"


def test_so_many_cases_are_tried() -> None:
    assert len(ANSWERS) == 5
    assert len(WRONG) == 5

"""Review over HTTP: what waits, what is decided lands in the files, and nothing is lost."""

from __future__ import annotations

import asyncio
import multiprocessing
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kg.errors import StoreError
from kg.mapping.keys import claim_names
from kg.review.annotations import Annotations
from kg.vocab import DCTERMS
from kg.web.writing import following
from tests.browser import chromium, visit
from tests.pages import HTML, find, page, tree, words
from tests.reviewer import (
    ANN,
    BEN,
    SECRET,
    Reviewer,
    open_site,
    sent_by,
    shown,
    site_of,
    status,
    until,
    writing,
)
from tests.test_review import JUDGEMENTS, TRAWLER, Proposals, claims, proposals, proposed

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from kg.workspace import Workspace
    from tests.web import Site

__all__ = ["open_site", "proposals", "proposed", "shown", "site_of"]


# ---- what waits ---------------------------------------------------------------------------------


def test_the_list_has_all_that_waits_and_parts_of_it(open_site: Site) -> None:
    ann = Reviewer(open_site, ANN)
    found = ann.get("/review")
    counts = {words(each.find("span")): words(each.find("b")) for each in find(found, ".figures a")}
    assert counts == {"Links": "2", "Merges": "1", "Relations": "1", "Claims": "24"}
    assert len(find(found, "table.waiting tbody tr")) == 28
    assert len(find(ann.get("/review?part=merges"), "table.waiting tbody tr")) == 1
    about = ann.get("/review?about=Edrin+Vask")
    assert "Edrin Vask" in words(find(about, "table.waiting tbody th")[0])
    assert len(find(about, "table.waiting tbody tr")) < 28
    wrong = ann.get("/review?about=nobody-at-all", 400)
    assert "nobody-at-all" in words(wrong.get_element_by_id("about-error"))


def test_a_link_shows_its_candidates_side_by_side_with_the_words(open_site: Site) -> None:
    found = Reviewer(open_site, ANN).get("/review/item?of=actor/edrin-vask")
    heads = [words(head) for head in find(found, "table.candidates thead th")]
    assert heads[0] == "Edrin Vask wd:Q900000001"
    assert "\x1b" not in heads[1]
    assert "\u202e" not in heads[1]
    rows = {
        words(row.find("th")): [words(cell) for cell in row.findall("td")]
        for row in find(found, "table.candidates tbody tr")
    }
    assert rows["Sure"] == ["81 % 81 %", "12 % 12 %"]
    assert rows["Name"] == ["98 % 98 %", "90 % 90 %"]
    assert rows["Type"] == ["100 % 100 %", "–"]
    assert {mark.text_content() for mark in find(found, "blockquote mark")} <= {
        "Edrin Vask",
        "Vask",
    }
    assert all("#char=" in link.get("href") for link in find(found, "p.where a"))


def test_a_claim_shows_its_words_and_a_pair_both_sides(shown: tuple[Proposals, Site]) -> None:
    proposals, site = shown
    ann = Reviewer(site, ANN)
    claim = claims(proposals.workspace)[0]
    found = ann.get(f"/review/item?of={claim}")
    text = (proposals.workspace.root / TRAWLER).with_suffix(".txt").read_text()
    start, end = map(int, claim.split("-")[1:3])
    assert find(found, "blockquote mark")[0].text_content() == text[start:end]
    pair = ann.get(f"/review/item?of=judgement/{proposals.keys['merge']}")
    sides = [words(side) for side in find(pair, ".two-sides .side")]
    assert sides[0].startswith("Haldria")
    assert sides[1].startswith("Pellovia")


def test_a_claim_calls_what_it_is_about_by_its_name(shown: tuple[Proposals, Site]) -> None:
    proposals, site = shown
    ann = Reviewer(site, ANN)
    called: set[str] = set()
    for claim in claims(proposals.workspace):
        facts = find(ann.get(f"/review/item?of={claim}"), "dl.facts dt")
        called |= {
            name
            for fact in facts
            if words(fact) == "About"
            for name in words(fact.getnext()).split(", ")
        }
    assert len(called) > 3
    assert not {name for name in called if re.fullmatch("[a-z0-9]+(-[a-z0-9]+)+", name)}


def test_what_does_not_wait_is_said_to_be_gone(open_site: Site) -> None:
    ann = Reviewer(open_site, ANN)
    assert "This does not wait" in words(ann.get("/review/item?of=actor/pellovia", 404))
    answer = open_site.get("/review/item?of=%3Cb%3E", accept=HTML, Cookie=ann.cookie)
    assert answer.status == 404
    assert "<b>" not in answer.text


def test_what_was_read_from_a_text_that_has_changed_says_so_and_what_to_do(
    proposals: Proposals, site_of: Site
) -> None:
    file = (proposals.workspace.root / TRAWLER).with_suffix(".txt")
    content = file.read_bytes()
    ann = Reviewer(site_of, ANN)
    claim = claims(proposals.workspace)[0]
    sent = ann.form(claim)
    counts = words(find(ann.get("/review"), ".figures")[0])
    for change, told, hint in CHANGED:
        if change is None:
            file.unlink()
        else:
            file.write_bytes(content + change)
        found = ann.get(f"/review/item?of={claim}", 404)
        assert words(find(found, "p.kicker")[1]) == "Cannot be decided now"
        note = words(find(found, "[role=note]")[0])
        assert told in note
        assert hint in note
        assert not [each for each in find(found, "form") if "decide" in each.get("action")]
        (note,) = map(words, find(ann.get("/review"), "[role=note]"))
        assert note.startswith("18 decisions cannot be made")
        assert told[1:] in note
        answer = ann.post("/review/decide", sent | {"verdict": "accept"})
        assert answer.status == 409
        alert = words(find(tree(site_of, "/review/decide", answer), "[role=alert]")[0])
        assert told in alert
        assert "Somebody" not in alert
    file.write_bytes(content)
    assert words(find(ann.get("/review"), ".figures")[0]) == counts
    assert ann.post("/review/decide", sent | {"verdict": "accept"}).status == 303
    found = ann.get(f"/review/item?of={claim}", 404)
    assert words(find(found, "p.kicker")[1]) == "Decided"
    assert f"accepted by {ANN}" in words(find(found, ".nothing")[0])


CHANGED = [
    (b"\nOne line more.\n", "The text of the article has changed since it was read", "kg add"),
    (None, "The text of the article is no longer there", "back beside"),
]


def test_an_annotation_that_cannot_be_read_is_not_said_to_be_decided(
    proposals: Proposals, site_of: Site
) -> None:
    file = proposals.workspace.root / TRAWLER
    content = file.read_bytes()
    ann = Reviewer(site_of, ANN)
    claim = claims(proposals.workspace)[0]
    file.write_bytes(b"kg: [")
    found = ann.get(f"/review/item?of={claim}", 404)
    assert "The annotation cannot be read" in words(find(found, "[role=note]")[0])
    file.unlink()
    found = ann.get(f"/review/item?of={claim}", 404)
    assert "The annotation is gone" in words(find(found, "[role=note]")[0])
    file.write_bytes(content)
    assert find(ann.get(f"/review/item?of={claim}"), "button[value=accept]")


# ---- decisions ----------------------------------------------------------------------------------


def test_an_accepted_link_is_in_the_file_and_on_the_page(
    proposals: Proposals, site_of: Site
) -> None:
    workspace, keys = proposals.workspace, proposals.keys
    ann = Reviewer(site_of, ANN)
    ann.decide("actor/edrin-vask", f"accept {keys['officer']}", "the rank fits")
    assert status(workspace, keys["officer"]) == ("accepted", ANN, "the rank fits")
    assert status(workspace, keys["singer"])[0] == "rejected"
    analysis = (workspace.root / "analysis.ttl").read_text()
    assert ANN in analysis

    def linked() -> str:
        found = page(site_of, "/query/wikidata-links")
        return next(words(row) for row in find(found, "table.answer tbody") if "Vask" in words(row))

    until(lambda: "accepted" in linked())
    assert ANN in linked()
    told = words(find(ann.get("/review"), ".told")[0])
    assert told.startswith("Accepted: actor:edrin-vask is wd:Q900000001: the rank fits")
    assert "What was decided" in words(ann.get("/review/decided"))


def test_a_rejected_candidate_leaves_the_others_and_none_of_these_rejects_them(
    proposals: Proposals, site_of: Site
) -> None:
    workspace, keys = proposals.workspace, proposals.keys
    ann = Reviewer(site_of, ANN)
    answer = ann.decide("actor/edrin-vask", f"reject {keys['singer']}", "he sings")
    assert "of=actor%2Fedrin-vask" in answer.headers["location"]
    assert status(workspace, keys["singer"]) == ("rejected", ANN, "he sings")
    assert len(find(ann.get("/review/item?of=actor/edrin-vask"), "table.candidates thead th")) == 1
    answer = ann.decide("actor/edrin-vask", "none")
    assert "edrin-vask" not in answer.headers["location"]
    assert status(workspace, keys["officer"])[0] == "rejected"


def test_a_claim_is_decided_in_its_annotation_and_undone(
    proposals: Proposals, site_of: Site
) -> None:
    workspace = proposals.workspace
    file = workspace.root / TRAWLER
    before = file.read_bytes()
    ann = Reviewer(site_of, ANN)
    first, second, *_ = claims(workspace)
    answer = ann.decide(first, "reject", "said by nobody")
    assert f"of={second.replace('/', '%2F')}" in answer.headers["location"]
    review = Annotations(workspace).read(TRAWLER).claims[0].review
    assert review is not None
    assert (review.status, review.by, review.because) == ("rejected", ANN, "said by nobody")

    def links() -> set[str]:
        found = page(site_of, "/query/attributed-claims?limit=500")
        return {link.get("href") for link in find(found, "table.answer a")}

    address = f"{site_of.address}page/id/"
    until(lambda: f"{address}{first}" not in links())  # it is in no graph any more
    assert f"{address}{second}" in links()
    undo = find(ann.get("/review"), ".told form")[0]
    fields = {name: value or "" for name, value in undo.form_values()}
    answer = ann.post("/review/take-back", fields)
    assert answer.headers["location"] == f"item?of={first.replace('/', '%2F')}"
    assert file.read_bytes() == before
    path = f"/review/item?of={first}"
    until(lambda: site_of.get(path, accept=HTML, Cookie=ann.cookie).status == 200)
    assert find(ann.get(path), "button[value=accept]")


def test_claims_that_were_decided_on_are_listed_and_taken_back(
    proposals: Proposals, site_of: Site
) -> None:
    ann = Reviewer(site_of, ANN)
    first, second, *_ = claims(proposals.workspace)
    ann.decide(first, "reject", "said by nobody")
    ann.decide(second, "accept", "as it says")
    listed = find(ann.get("/review/decided"), "table.waiting tbody tr")
    told = [
        words(row) for row in listed if "said by nobody" in words(row) or "as it says" in words(row)
    ]
    assert ["accepted" in told[0], "rejected" in told[1]] == [True, True]
    (row,) = (row for row in listed if "said by nobody" in words(row))
    fields = {name: value or "" for name, value in find(row, "form")[0].form_values()}
    ann.post("/review/take-back", fields)
    found = Annotations(proposals.workspace).read(TRAWLER).claims
    assert [claim.review and claim.review.status for claim in found[:2]] == [None, "accepted"]


def test_what_was_decided_can_be_taken_back_from_the_list(
    proposals: Proposals, site_of: Site
) -> None:
    key = proposals.keys["officer"]
    ann = Reviewer(site_of, ANN)
    ann.decide("actor/edrin-vask", f"accept {key}")
    ann.decide(f"judgement/{proposals.keys['merge']}", "reject")
    listed = ann.get("/review/decided")
    row = next(
        row for row in find(listed, "tbody tr") if "accepted" in words(row) and "Vask" in words(row)
    )
    fields = {name: value or "" for name, value in find(row, "form")[0].form_values()}
    assert ann.post("/review/take-back", fields).headers["location"] == "decided"
    assert status(proposals.workspace, key)[0] == "proposed"
    assert status(proposals.workspace, proposals.keys["singer"])[0] == "proposed"
    assert status(proposals.workspace, proposals.keys["merge"])[0] == "rejected"


def test_a_judgement_of_an_annotation_is_decided_there(fresh_sample: Workspace) -> None:
    articles = Annotations(fresh_sample)
    first, second = (
        f"claim/{min(claim_names(articles.read(f'articles/{name}.yaml')).values())}"
        for name in ("ferry", "harbour")
    )
    file = fresh_sample.articles / "ferry.yaml"
    added = JUDGEMENTS.replace("stop", first).replace("start", second)
    file.write_bytes(file.read_bytes().rstrip(b"\n") + b"\n" + added.encode())
    with writing(fresh_sample) as site:
        ann = Reviewer(site, ANN)
        (link,) = find(ann.get("/review"), "table.waiting tbody th a")
        of = parse_qs(urlsplit(link.get("href")).query)["of"][0]
        assert ann.form(of)["file"] == "articles/ferry.yaml"
        ann.decide(of, "reject", "two other ferries")
        (found,) = articles.read("articles/ferry.yaml").judgements
        assert (found.status, found.by, found.note) == ("rejected", ANN, "two other ferries")
        assert find(ann.get(f"/review/item?of={of}", 404), ".nothing")
        undo = {n: v or "" for n, v in find(ann.get("/review"), "form")[1].form_values()}
        del undo["secret"]
        assert not undo  # what was told once is not told again


def merging(proposals: Proposals) -> list[str]:
    """Have two more merges wait, into the same thing; the addresses of both."""
    for thing in ALIKE:
        to = "actor/edrin-vask"
        proposals.propose(thing, f"actor/{thing}", DCTERMS.isReplacedBy, to, "0.6")
    return [f"judgement/{proposals.keys[thing]}" for thing in ALIKE]


ALIKE = ("luco-maradi", "ilka-tarrock")


@pytest.mark.parametrize(("verb", "became"), [("accept", "accepted"), ("reject", "rejected")])
def test_all_that_would_go_into_one_thing_are_decided_in_one_step(
    proposals: Proposals, verb: str, became: str
) -> None:
    first, second = merging(proposals)
    workspace = proposals.workspace

    def statuses() -> set[tuple[str, str, str | None]]:
        return {status(workspace, proposals.keys[thing]) for thing in ALIKE}

    before = (workspace.root / "analysis.ttl").read_bytes()
    with writing(workspace) as site:
        ann = Reviewer(site, ANN)
        found = ann.get(f"/review/item?of={first}")
        (whole,) = find(found, "section.together")
        buttons = [words(each) for each in find(whole, "button")]
        assert buttons == ["Accept all 2", "Reject all 2"]
        assert "All 2 that would go into Edrin Vask" in words(whole)
        assert len(find(whole, "li")) == 2
        assert not find(
            ann.get(f"/review/item?of=judgement/{proposals.keys['merge']}"), "section.together"
        )
        sent = sent_by(found) | {"because": "one person", "verdict": f"{verb}-all"}
        assert ann.post("/review/decide", sent | {"secret": ""}).status == 403
        assert {found[0] for found in statuses()} == {"proposed"}
        answer = ann.post("/review/decide", sent)
        assert answer.status == 303
        for each in (first, second):  # where it leads is none of those
            assert each.replace("/", "%2F") not in answer.headers["location"]
        assert statuses() == {(became, ANN, "one person")}
        assert status(workspace, proposals.keys["merge"])[0] == "proposed"
        page_ = ann.get("/review")
        assert f"{became.capitalize()}: actor:" in words(find(page_, ".told")[0])
        undo = dict(find(page_, ".told form")[0].form_values())
        ann.decide("actor/haldria", "none")  # something else meanwhile
        ann.post("/review/take-back", undo)
        assert {found[0] for found in statuses()} == {"proposed"}
        assert status(workspace, proposals.keys["state"])[0] == "rejected"
    assert before != (workspace.root / "analysis.ttl").read_bytes()


def test_of_many_decided_at_once_one_is_taken_back_alone_from_the_list(
    proposals: Proposals,
) -> None:
    first, _ = merging(proposals)
    with writing(proposals.workspace) as site:
        ann = Reviewer(site, ANN)
        sent = sent_by(ann.get(f"/review/item?of={first}")) | {"verdict": "reject-all"}
        ann.post("/review/decide", sent)
        undo = dict(find(ann.get("/review"), ".told form")[0].form_values())
        ann.post("/review/take-back", undo)
        found = [status(proposals.workspace, proposals.keys[thing])[0] for thing in ALIKE]
        assert found == ["proposed", "proposed"]
        sent = sent_by(ann.get(f"/review/item?of={first}")) | {"verdict": "reject-all"}
        ann.post("/review/decide", sent)
        one = {"secret": ann.secret(), "of": undo["of"] or "", "file": ""}
        assert ann.post("/review/take-back", one).status == 303
        left = sorted(status(proposals.workspace, proposals.keys[thing])[0] for thing in ALIKE)
        assert left == ["proposed", "rejected"]


def test_what_was_not_seen_among_many_is_not_decided_with_them(proposals: Proposals) -> None:
    first, second = merging(proposals)
    with writing(proposals.workspace) as site:
        ann, ben = Reviewer(site, ANN), Reviewer(site, BEN)
        seen = sent_by(ann.get(f"/review/item?of={first}")) | {"verdict": "accept-all"}
        ben.decide(second, "reject")
        answer = ann.post("/review/decide", seen)
        assert answer.status == 409
        alert = words(find(tree(site, "/review/decide", answer), "[role=alert]")[0])
        assert "What would go into the same thing has changed meanwhile" in alert
        assert status(proposals.workspace, proposals.keys[ALIKE[0]])[0] == "proposed"
        alone = ann.form(first) | {"verdict": "accept-all"}  # there is no such button any more
        assert "group" not in alone
        assert ann.post("/review/decide", alone).status == 409
        claim = claims(proposals.workspace)[0]
        answer = ann.post("/review/decide", ann.form(claim) | {"verdict": "accept-all"})
        assert answer.status == 400


def test_many_are_decided_with_the_keyboard(proposals: Proposals) -> None:
    from axe_playwright_python.sync_playwright import Axe

    first, _ = merging(proposals)
    with (
        writing(proposals.workspace) as site,
        chromium() as browser,
        visit(browser, site.address) as at,
    ):
        name, _, value = Reviewer(site, ANN).cookie.partition("=")
        cookie: Any = {"name": name, "value": value, "url": site.address}
        at.page.context.add_cookies([cookie])
        at.go(f"/review/item?of={first}")
        found = Axe().run(at.page, options={"resultTypes": ["violations"]}).response["violations"]
        assert not [rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}]
        at.page.get_by_label("Because").focus()
        at.page.keyboard.type("one person")
        for _ in range(30):
            at.page.keyboard.press("Tab")
            focused = at.page.evaluate("document.activeElement.textContent")
            if focused == "Accept all 2":
                break
        at.page.keyboard.press("Enter")
        at.page.get_by_role("status").get_by_text("Accepted: ").first.wait_for()
        found = {status(proposals.workspace, proposals.keys[thing]) for thing in ALIKE}
        assert found == {("accepted", ANN, "one person")}


def test_the_second_of_two_is_told_and_changes_nothing(proposals: Proposals, site_of: Site) -> None:
    key = proposals.keys["officer"]
    ann, ben = Reviewer(site_of, ANN), Reviewer(site_of, BEN)
    of = "actor/edrin-vask"
    seen = ben.form(of)
    ann.decide(of, f"accept {key}", "the rank fits")
    content = (proposals.workspace.root / "analysis.ttl").read_bytes()
    answer = ben.post("/review/decide", seen | {"verdict": f"reject {key}", "because": "no"})
    assert answer.status == 409
    alert = words(find(tree(site_of, "/review/decide", answer), "[role=alert]")[0])
    assert "Somebody has decided on this meanwhile" in alert
    assert f"accepted by {ANN}" in alert
    assert "the rank fits" in alert
    assert (proposals.workspace.root / "analysis.ttl").read_bytes() == content


def test_two_at_the_same_time_do_not_both_decide(proposals: Proposals, site_of: Site) -> None:
    from concurrent.futures import ThreadPoolExecutor

    of = claims(proposals.workspace)[0]
    people = [Reviewer(site_of, f"Person {i}") for i in range(6)]
    forms = [each.form(of) for each in people]
    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(
            pool.map(
                lambda pair: pair[0].post("/review/decide", pair[1] | {"verdict": "accept"}),
                zip(people, forms, strict=True),
            )
        )
    codes = sorted(answer.status for answer in answers)
    assert codes[0] == 303
    assert set(codes[1:]) <= {409, 503}  # told so, or told to come again on a busy machine
    review = Annotations(proposals.workspace).read(TRAWLER).claims[0].review
    (made,) = (each for each, answer in zip(people, answers, strict=True) if answer.status == 303)
    assert review is not None
    assert review.by == made.name


def hold(workspace: Workspace, held: Event, done: Event) -> None:
    with workspace.locked():
        held.set()
        done.wait(60)


def test_while_another_process_writes_nothing_is_lost(proposals: Proposals, site_of: Site) -> None:
    ann = Reviewer(site_of, ANN)
    key = proposals.keys["officer"]
    form = ann.form("actor/edrin-vask")
    sent = form | {"verdict": f"accept {key}", "because": "typed with care"}
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(proposals.workspace, held, done))
    other.start()
    try:
        assert held.wait(60)
        with pytest.raises(StoreError), proposals.workspace.locked():
            pass
        answer = ann.post("/review/decide", sent)
        assert answer.status == 503
        assert answer.headers["retry-after"] == "10"
        found = tree(site_of, "/review/decide", answer)
        assert "Nothing was written: the workspace is in use" in words(
            find(found, "[role=alert]")[0]
        )
        assert found.get_element_by_id("because").get("value") == "typed with care"
        assert status(proposals.workspace, key)[0] == "proposed"
    finally:
        done.set()
        other.join()
    again = sent_by(found)
    assert again["because"] == "typed with care"
    assert ann.post("/review/decide", again | {"verdict": f"accept {key}"}).status == 303
    assert status(proposals.workspace, key) == ("accepted", ANN, "typed with care")


BAD = [
    ({"verdict": "perhaps"}, 400, "not said what is decided"),
    ({"verdict": "accept 0123456789abcdef"}, 400, "no such candidate"),
    ({"verdict": "none", "because": "x" * 2001}, 400, "A reason is words"),
    ({"verdict": "none", "because": "a\x1b[2Jb"}, 400, "A reason is words"),
    ({"verdict": "none", "state": "0" * 16}, 409, "meanwhile"),
]


@pytest.mark.parametrize(("fields", "code", "message"), BAD)
def test_what_cannot_be_decided_is_told_on_the_page(
    shown: tuple[Proposals, Site], fields: dict[str, str], code: int, message: str
) -> None:
    proposals, site = shown
    ann = Reviewer(site, ANN)
    before = (proposals.workspace.root / "analysis.ttl").read_bytes()
    sent = ann.form("actor/edrin-vask") | {"verdict": "none"} | fields
    answer = ann.post("/review/decide", sent)
    assert answer.status == code
    assert message in words(find(tree(site, "/review/decide", answer), "[role=alert]")[0])
    assert (proposals.workspace.root / "analysis.ttl").read_bytes() == before


def test_hostile_names_and_reasons_stay_words(proposals: Proposals, site_of: Site) -> None:
    evil = '<script>alert("x")</script>'
    ann = Reviewer(site_of, evil)
    ann.decide("actor/edrin-vask", f"accept {proposals.keys['officer']}", evil)
    paths = ("/review", "/review/decided", "/query/wikidata-links")
    until(lambda: evil in words(page(site_of, paths[-1])))
    for path in paths:
        answer = site_of.get(path, accept=HTML, Cookie=ann.cookie)
        assert evil in words(tree(site_of, path, answer))
        assert evil not in answer.text


# ---- at a browser -------------------------------------------------------------------------------


def test_a_link_is_accepted_in_a_browser(proposals: Proposals, site_of: Site) -> None:
    key = proposals.keys["officer"]
    with chromium() as browser, visit(browser, site_of.address) as at:
        at.go("/review")
        at.page.get_by_label("Your name").fill(ANN)
        at.page.get_by_label("Token").fill(SECRET)
        at.page.get_by_role("button", name="Sign in").click()
        at.page.get_by_role("link", name="Edrin Vask").first.click()
        at.page.get_by_label("Because").fill("the rank fits")
        at.page.get_by_role("button", name="Accept").first.click()
        at.page.get_by_role("status").get_by_text("Accepted: actor:edrin-vask").wait_for()
        assert status(proposals.workspace, key) == ("accepted", ANN, "the rank fits")
        at.go("/page/id/actor/edrin-vask")
        assert "Q900000001" in at.page.get_by_role("main").inner_text()
        at.go("/review/decided")
        at.page.get_by_role("button", name="Take back").first.click()
        at.page.get_by_role("status").get_by_text("Taken back").first.wait_for()
        assert status(proposals.workspace, key)[0] == "proposed"


def test_pages_of_review_keep_the_rules_of_accessibility(shown: tuple[Proposals, Site]) -> None:
    proposals, site = shown
    from axe_playwright_python.sync_playwright import Axe

    paths = [
        "/review",
        "/review/decided",
        "/review/item?of=actor/edrin-vask",
        f"/review/item?of=judgement/{proposals.keys['merge']}",
        f"/review/item?of={claims(proposals.workspace)[0]}",
    ]
    ann = Reviewer(site, ANN)
    name, _, value = ann.cookie.partition("=")
    with chromium() as browser:
        for width in (1280, 320):
            with visit(browser, site.address, width=width) as at:
                cookie: Any = {"name": name, "value": value, "url": site.address}
                for path in ["/review/sign-in", *paths]:
                    if path == paths[0]:
                        at.page.context.add_cookies([cookie])
                    at.go(path)
                    options = {"resultTypes": ["violations"]}
                    found = Axe().run(at.page, options=options).response["violations"]
                    assert not [
                        (path, rule["id"], [node["target"] for node in rule["nodes"]])
                        for rule in found
                        if rule["impact"] in {"serious", "critical"}
                    ]
                    across = at.page.evaluate("document.documentElement.scrollWidth")
                    assert across <= width, path


def test_a_build_that_takes_long_begins_when_nobody_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(following, "QUIET", 0.05)  # a tenth of it is really slept
    monkeypatch.setattr(following, "LATEST", 1.0)
    now = 0.0
    built: list[float] = []

    def rebuild() -> list[str]:
        nonlocal now
        now += 2 * following.QUICK
        built.append(now)
        return ["told"]

    class Readers:
        async def refresh(self) -> None:
            raise StoreError("being written")

    service: Any = SimpleNamespace(writing=asyncio.Lock(), readers=Readers())

    async def decide() -> None:
        nonlocal now
        followed = following.Following(service, rebuild, lambda: now)
        assert await followed.follow() == ["told"]  # at once: how long it takes is not known
        for _ in range(5):
            now += 0.8 * following.QUIET
            assert await followed.follow() == []
            await asyncio.sleep(0.02)
        assert len(built) == 1
        now += 1.1 * following.QUIET
        while followed.is_behind:
            await asyncio.sleep(0.01)
        assert len(built) == 2
        begun = now
        while len(built) == 2:  # and not never, where somebody goes on deciding
            now += 0.8 * following.QUIET
            assert await followed.follow() == []
            await asyncio.sleep(0.02)
        assert built[-1] - begun >= following.LATEST

    asyncio.run(asyncio.wait_for(decide(), 60))


def test_copies_are_decided_on_and_never_the_original(proposed: Proposals) -> None:
    assert status(proposed.workspace, proposed.keys["officer"])[0] == "proposed"


def test_so_many_cases_are_tried() -> None:
    assert len(BAD) == 5
    assert len(CHANGED) == 2

"""The timeline and the network: what is drawn, that nothing covers anything else, and how one looks closer."""

from __future__ import annotations

import re
from itertools import combinations
from math import hypot
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as parser
from pyoxigraph import Literal, NamedNode

from kg.edtf import bounds
from kg.query import bound, rows
from kg.show.card import When
from kg.web.pages.corpus import ARTICLE, Entry, entries, involved, speech
from kg.web.pages.pictures import network, timeline
from kg.web.pages.pictures.layout import Box, apart, drawing, parts, places
from kg.web.pages.pictures.network import Edge, Node
from kg.web.pages.pictures.timeline import Item
from kg.web.views import pictures
from tests.browser import visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from kg.query.answer import Row
    from kg.web.readers.reading import Reading
    from tests.web import Site

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> etree._Element:
    """A picture as XML: well-formed, with one name space."""
    return etree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def when(edtf: str, basis: str = "stated") -> When:
    found = bounds(edtf)
    return When(edtf=edtf, earliest=found.earliest, latest=found.latest, basis=basis)


def item(name: str, *dates: str, article: bool = False, basis: str = "stated") -> Item:
    return Item(
        address="page/x",
        name=name,
        dates=tuple(when(date, basis) for date in dates),
        article=article,
    )


def words(node: parser.HtmlElement) -> str:
    return " ".join(node.text_content().split())


# ---- the timeline -------------------------------------------------------------------------------

AROUND = (item("one", "2000-01-01"), item("other", "2020-12-31"))

# A date, with the shape that it has and how that is drawn, and the arrows at open ends.
SHAPES = {
    ("2007-12-11", "stated"): ("circle", "exact", 0),
    ("2007-12-11T07:18:00", "stated"): ("circle", "exact", 0),
    ("2007-12-11T07:18:00Z", "stated"): ("circle", "exact", 0),
    ("2007-12", "stated"): ("rect", "within", 0),
    ("2007", "computed"): ("rect", "within", 0),
    ("200X", "stated"): ("rect", "within", 0),
    ("2007/2016", "stated"): ("rect", "within", 0),
    ("2007~", "stated"): ("rect", "unsure", 0),
    ("2007?", "stated"): ("rect", "unsure", 0),
    ("2007-12-11", "inferred"): ("circle", "unsure", 0),
    ("2007-12", "inferred"): ("rect", "unsure", 0),
    ("../2016", "stated"): ("rect", "within", 1),
    ("2007/..", "stated"): ("rect", "within", 1),
    ("2007/", "stated"): ("rect", "within", 1),
}


@pytest.mark.parametrize("given_date", SHAPES)
def test_a_date_is_drawn_as_vaguely_as_it_is_given(given_date: tuple[str, str]) -> None:
    edtf, basis = given_date
    drawn = parsed(timeline.svg([*AROUND, item("it", edtf, basis=basis)]))
    (link,) = [a for a in drawn.iter(f"{SVG}a") if "it" in (a.findtext(f"{SVG}title") or "")[:3]]
    (mark,) = [n for n in link if "mark" in n.get("class", "")]
    shape, style, opens = SHAPES[given_date]
    assert mark.tag == SVG + shape
    assert mark.get("class") == f"mark {style}"
    assert len([n for n in link if n.get("class") == "open"]) == opens


# What is far away or close together; all of it has an axis with labels.
FAR = (
    ("Y-100000", "2020"),
    ("Y200000000000", "2020"),
    ("-0043-03-15", "2020-01-01"),
    ("0000", "9999"),
    ("2020-01-01T10:00:00Z", "2020-01-01T10:00:01Z"),
    ("2020-01-01",),
    ("../2020",),
    ("2020/..", "../2019"),
)


@pytest.mark.parametrize("given_dates", FAR)
def test_any_time_has_an_axis(given_dates: tuple[str, ...]) -> None:
    drawn = parsed(timeline.svg([item(date, date) for date in given_dates]))
    labels = [n for n in drawn.iter(f"{SVG}text") if n.get("class") == "tick"]
    assert 2 <= len(labels) <= 24
    for node in drawn.iter():
        for name in ("x", "x1", "cx", "width"):
            assert 0 <= float(node.get(name, "0")) <= timeline.WIDTH


def test_marks_lie_to_scale() -> None:
    drawn = parsed(
        timeline.svg([item("a", "2000-01-01"), item("b", "2005-01-01"), item("c", "2010-01-01")])
    )
    at = [float(n.get("cx")) for n in drawn.iter(f"{SVG}circle")]
    assert at == sorted(at)
    assert abs((at[1] - at[0]) - (at[2] - at[1])) < 1
    assert at[0] > timeline.LEFT
    assert at[2] < timeline.RIGHT


def test_accounts_that_differ_stand_under_each_other() -> None:
    drawn = parsed(timeline.svg([*AROUND, item("collision", "2007-03-03", "2007-03-04")]))
    (link,) = drawn.findall(f"{SVG}a[@class='item event differ']")
    ys = [float(n.get("cy")) for n in link.iter(f"{SVG}circle")]
    assert ys[1] - ys[0] > 10
    assert "accounts differ" in "".join(link.itertext())
    assert [n.text for n in link.findall(f"{SVG}text[@class='below']")] == [
        "3 March 2007",
        "4 March 2007",
    ]


def test_without_a_date_there_is_nothing_to_draw() -> None:
    assert timeline.svg([]) == ""
    assert timeline.svg([item("undated")]) == ""


def test_names_are_words_and_nothing_else() -> None:
    name = "<script>\"'&]]>\x00\u202e" * 20
    drawn = parsed(timeline.svg([item(name, "2007"), item(name, "2008", "2009")]))
    assert not list(drawn.iter(f"{SVG}script"))
    nodes = [Node(address='page/"><script>', name=name, claims=3) for _ in range(3)]
    edge = Edge(source=0, about=1, claims=9, negative=9, unsure=9, address="\"'><script>")
    drawn = parsed(network.svg(nodes, [edge]))
    assert not list(drawn.iter(f"{SVG}script"))
    assert not [n for n in drawn.iter() if any(key.startswith("on") for key in n.attrib)]


DATES = st.one_of(
    st.dates().map(lambda day: f"{day:%Y-%m-%d}".rjust(10, "0")),
    st.integers(1900, 2030).map(str),
    st.tuples(st.integers(1900, 1990), st.integers(1991, 2030)).map(lambda y: f"{y[0]}/{y[1]}"),
    st.integers(1900, 2030).map(lambda year: f"../{year}"),
    st.integers(1900, 2030).map(lambda year: f"{year}~"),
)
ITEMS = st.lists(
    st.builds(
        lambda name, dates, article: item(name, *dates, article=article),
        st.text(min_size=1, max_size=60),
        st.lists(DATES, min_size=1, max_size=3, unique=True),
        st.booleans(),
    ),
    min_size=1,
    max_size=25,
)


@given(ITEMS)
@settings(max_examples=60)
def test_nothing_on_the_line_covers_anything_else(items: list[Item]) -> None:
    drawn = parsed(timeline.svg(items))
    boxes = []
    for focus in drawn.iter(f"{SVG}rect"):
        if focus.get("class") == "focus":
            x, y, wide, high = (float(focus.get(k)) for k in ("x", "y", "width", "height"))
            boxes.append((x + 4, y + 1, x + wide - 4, y + high + 1))
    assert len(boxes) == len(items)
    for one, other in combinations(boxes, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        along = min(one[3], other[3]) - max(one[1], other[1])
        assert across <= 0.2 or along <= 0.2


# What a form asks of the founding corpus, with how many articles and events are drawn.
ASKED = {
    "": (2, 16),
    "actor=North+Korea": (2, 6),
    "actor=actor:japan&kind=events": (0, 4),
    "topic=abduction-issue": (2, 5),
    "kind=articles": (2, 0),
    "kind=visit": (0, 3),
    "from=2003": (2, 14),
    "until=2003": (0, 4),
    "from=2014&until=2016": (0, 4),
    "from=2031": (0, 0),
}


@pytest.mark.parametrize("query", ASKED)
def test_the_timeline_shows_what_is_asked_for(site: Site, query: str) -> None:
    answer = site.get(f"/timeline?{query}", "text/html")
    assert answer.status == 200
    page = parser.document_fromstring(answer.text)
    drawn = [
        link.get("class").split()[1] for link in page.xpath("//a[starts-with(@class, 'item')]")
    ]
    assert (drawn.count("article"), drawn.count("event")) == ASKED[query]
    # The tables behind it have the same.
    events = page.xpath("//table[caption='Events in order of time']/tbody/tr")
    articles = page.xpath("//table[caption='Articles in order of time']/tbody/tr")
    assert (len(articles), len(events)) == ASKED[query]


WRONG = {
    "/timeline?actor=nobody-of-that-name": "actor",
    "/timeline?topic=nothing-of-that-name": "topic",
    "/timeline?kind=feast": "kind",
    "/timeline?from=yesterday": "from",
    "/timeline?until=2018-02-30": "until",
    "/timeline?from=2018&until=2007": "until",
    "/timeline?most=1000000": "most",
    "/network?actor=nobody-of-that-name": "actor",
    "/network?most=1000000": "most",
}


@pytest.mark.parametrize("path", WRONG)
def test_what_is_wrong_is_said_at_its_field(site: Site, path: str) -> None:
    answer = site.get(path, "text/html")
    assert answer.status == 400
    page = parser.document_fromstring(answer.text)
    assert page.xpath(f"//p[@id='{WRONG[path]}-error']")
    assert not page.xpath("//figure//svg")


def test_of_too_many_those_are_drawn_that_are_told_of_most(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "DRAWN", ("5",))
    reply = pictures.timeline(reading)
    assert isinstance(reply.body, bytes)
    page = parser.document_fromstring(reply.body.decode())
    drawn = {link.get("href") for link in page.xpath("//a[starts-with(@class, 'item')]")}
    told = [entry for entry in entries(reading) if entry.dated]
    assert drawn == {entry.iri.replace(reading.iris.base, "page/") for entry in told[:5]}
    assert told[4].told >= told[5].told
    assert "5 of 18 dated articles and events are here" in words(page.xpath("//main")[0])


def test_a_period_has_what_may_have_been_in_it() -> None:
    open_end = Entry("x", ARTICLE, 1, True, 10.0, None)
    closed = Entry("y", ARTICLE, 1, True, 10.0, 20.0)
    undated = Entry("z", ARTICLE, 1, False, None, None)
    assert open_end.within(100, None)
    assert not open_end.within(None, 5)
    assert closed.within(20, 30)
    assert not closed.within(21, None)
    assert undated.within(None, None)
    assert not undated.within(0, None)


def test_both_an_actor_and_a_topic_narrow_it_down(reading: Reading) -> None:
    actor, topic = (
        reading.iris.thing(*of) for of in (("actor", "japan"), ("topic", "abduction-issue"))
    )
    one, other, both = (
        involved(reading, *of) for of in ((actor, None), (None, topic), (actor, topic))
    )
    assert one
    assert other
    assert both == one & other
    assert involved(reading, None, None) is None


# ---- the network --------------------------------------------------------------------------------


def test_the_network_counts_as_the_stored_query_does(reading: Reading) -> None:
    query = reading.queries["who-speaks-about-whom"]
    sparql = bound(reading.store, query, {}, reading.prefixes)
    answer = rows(reading.store, sparql, query.name, reading.prefixes)

    def value(row: Row, name: str) -> str:
        term = row[name]
        assert isinstance(term, NamedNode | Literal)
        return term.value

    expected = {
        (value(row, "source"), value(row, "actor")): tuple(
            int(value(row, name)) for name in ("claims", "negative", "articles")
        )
        for row in answer
    }
    found = {(o.source, o.about): (o.claims, o.negative, o.articles) for o in speech(reading)}
    assert found == expected
    assert len(found) == 59
    assert sum(one.unsure for one in speech(reading)) > 10


def test_the_network_is_drawn_with_a_table_behind_it(site: Site) -> None:
    page = parser.document_fromstring(site.get("/network", "text/html").text)
    edges, nodes = page.xpath("//a[starts-with(@class, 'edge')]"), page.xpath("//a[@class='node']")
    table = page.xpath("//table/tbody/tr")
    assert len(nodes) == 40
    assert len(table) == 56
    assert 50 <= len(edges) <= 56  # discs that touch have no arrow between them
    assert "40 of 43 actors are here" in words(page.xpath("//main")[0])
    hrefs = {edge.get("href") for edge in edges}
    assert "query/said-about-actor?actor=actor:japan&source=actor:malcolm-cook" in hrefs
    assert hrefs <= set(page.xpath("//table//a/@href"))
    assert not page.xpath("//a[starts-with(@class, 'edge')][not(title)]")


def test_a_network_around_somebody_has_those_beside_him(site: Site) -> None:
    page = parser.document_fromstring(
        site.get(f"/network?{urlencode({'actor': 'Kim Jong-il'})}", "text/html").text
    )
    names = {
        words(node.find("title")).partition(":")[0] for node in page.xpath("//a[@class='node']")
    }
    assert "Kim Jong-il" in names
    assert "North Korea" in names
    assert 3 <= len(names) < 10


GRAPHS = st.integers(1, 22).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
                lambda pair: pair[0] != pair[1]
            ),
            max_size=40,
        ),
    )
)


@given(GRAPHS, st.lists(st.integers(5, 90), min_size=22, max_size=22))
@settings(max_examples=60)
def test_no_node_covers_another(graph: tuple[int, list[tuple[int, int]]], wide: list[int]) -> None:
    count, links = graph
    boxes = [Box(half=half, up=12, down=30) for half in wide[:count]]
    at, width, height = drawing(boxes, set(links), (190.0, 125.0))
    for (one, box), (other, beside) in combinations(zip(at, boxes, strict=True), 2):
        across = box.half + beside.half - abs(one[0] - other[0])
        along = 42 - abs(one[1] - other[1])
        assert across <= 0.01 or along <= 0.01
    for (x, y), box in zip(at, boxes, strict=True):
        assert x - box.half >= -0.01
        assert x + box.half <= width + 0.01
        assert y - box.up >= -0.01
        assert y + box.down <= height + 0.01
    assert (at, width, height) == drawing(boxes, set(links), (190.0, 125.0))


def test_linked_nodes_are_nearer_than_others() -> None:
    ring = [(n, (n + 1) % 8) for n in range(8)]
    at = places(8, ring)
    linked = [hypot(at[a][0] - at[b][0], at[a][1] - at[b][1]) for a, b in ring]
    across = [hypot(at[n][0] - at[n + 4][0], at[n][1] - at[n + 4][1]) for n in range(4)]
    assert max(linked) < min(across)
    assert max(linked) < 1.5 * min(linked)


def test_what_is_not_linked_is_laid_out_apart() -> None:
    assert parts(5, [(3, 4), (0, 1)]) == [[0, 1], [3, 4], [2]]
    assert parts(0, []) == []
    assert apart([(0.0, 0.0)], [Box(1, 1, 1)]) == [(0.0, 0.0)]


# What is counted of the claims between two, with how the arrow is drawn.
ARROWS = {
    (1, 0, 0): "edge",
    (4, 1, 1): "edge",
    (4, 2, 0): "edge denied",
    (4, 0, 2): "edge unsure",
    (1, 1, 1): "edge denied unsure",
}


@pytest.mark.parametrize("counted", ARROWS)
def test_arrows_show_what_is_denied_and_what_is_not_certain(counted: tuple[int, int, int]) -> None:
    claims, negative, unsure = counted
    nodes = [Node(address="a", name="A", claims=claims), Node(address="b", name="B", claims=0)]
    edge = Edge(source=0, about=1, claims=claims, negative=negative, unsure=unsure, address="c")
    svg = network.svg(nodes, [edge])
    assert re.findall('<a class="(edge[^"]*)"', svg) == [ARROWS[counted]]
    assert network.svg([], []) == ""


# ---- in a browser -------------------------------------------------------------------------------


def test_time_is_spread_out_by_buttons_and_keys(browser: Browser, newsroom_site: Site) -> None:
    with visit(browser, newsroom_site.address) as at:
        page = at.page
        at.go("/timeline")
        marks = page.locator("svg[data-zoom] .mark:visible")
        whole, ticks = marks.count(), page.locator(".ticks .tick").all_text_contents()
        page.get_by_role("button", name="Closer").click()
        page.locator(".picture__view").focus()
        for _ in range(6):
            page.keyboard.press("+")
        assert page.locator("output").inner_text() == f"{1.4**7:.1f} times"
        closer = page.locator(".ticks .tick").all_text_contents()
        assert closer != ticks
        assert any("Mar" in label for label in closer)
        assert 3 < marks.count() < whole
        for _ in range(30):
            page.keyboard.press("ArrowLeft")
        assert marks.count() <= 2  # all but the first is out of sight
        page.keyboard.press("0")
        assert marks.count() == whole
        assert page.locator(".ticks .tick").all_text_contents() == ticks
        page.get_by_role("link", name="the Amaranta sinks").first.click()
        page.wait_for_url("**/page/id/event/amaranta-sinks")


def test_the_network_is_enlarged_and_moved(browser: Browser, newsroom_site: Site) -> None:
    with visit(browser, newsroom_site.address) as at:
        page = at.page
        at.go("/network")
        svg = page.locator("svg[data-zoom]")
        whole = svg.get_attribute("viewBox")
        node = page.locator(".node").first
        node.focus()
        lit = svg.locator(".node.lit").count()
        assert 1 < lit < page.locator(".node").count()
        page.get_by_role("button", name="Closer").click()
        enlarged = svg.get_attribute("viewBox")
        assert enlarged != whole
        box = svg.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 2 - 80, box["y"] + box["height"] / 2, steps=5)
        page.mouse.up()
        assert svg.get_attribute("viewBox") != enlarged
        assert page.url.endswith("/network")  # who drags follows no link
        page.get_by_role("button", name="The whole picture").click()
        assert svg.get_attribute("viewBox") == whole


FRAME = """() => {
  const frame = document.querySelector(".picture__view");
  return [frame.scrollLeft, frame.scrollWidth, frame.clientWidth];
}"""
STARTS = {  # by the width of the window: whether the picture is seen whole when one comes
    1280: True,
    900: True,
    360: False,
}


@pytest.mark.parametrize("path", ["/network", "/timeline"])
@pytest.mark.parametrize("width", STARTS)
def test_a_picture_starts_whole_where_it_can_be_read_so_and_where_most_of_it_is_else(
    browser: Browser, newsroom_site: Site, width: int, path: str
) -> None:
    with visit(browser, newsroom_site.address, width=width) as at:
        at.go(path)
        left, across, frame = at.page.evaluate(FRAME)
        assert (across <= frame) is STARTS[width]
        assert (left > 0) is not STARTS[width]
        seen = at.page.evaluate(SEEN)
        assert seen["article"] >= (1 if path == "/timeline" else 0)
        assert seen["all"] >= 10
        said = at.page.locator("output").inner_text()
        assert (said == "whole") is STARTS[width]


SEEN = """() => {
  const frame = document.querySelector(".picture__view").getBoundingClientRect();
  const within = (node) => {
    const box = node.getBoundingClientRect();
    return box.left >= frame.left && box.right <= frame.right;
  };
  const count = (which) => [...document.querySelectorAll(which)].filter(within).length;
  return { all: count(".mark, .node circle"), article: count(".article .mark") };
}"""


def test_in_a_narrow_window_the_whole_fits_and_arrows_scroll(
    browser: Browser, newsroom_site: Site
) -> None:
    with visit(browser, newsroom_site.address, width=360) as at:
        page = at.page
        at.go("/network")
        button = {
            name: page.get_by_role("button", name=name)
            for name in (
                "Closer",
                "Further away",
                "To the left",
                "To the right",
                "The whole picture",
            )
        }
        start = page.evaluate(FRAME)
        button["To the right"].click()
        right = page.evaluate(FRAME)
        assert right[0] > start[0]
        button["To the left"].click()
        assert page.evaluate(FRAME)[0] < right[0]
        button["The whole picture"].click()
        left, across, frame = page.evaluate(FRAME)
        assert (left, across) == (0, frame)
        assert page.locator("output").inner_text() == "whole"
        button["Closer"].click()
        assert page.evaluate(FRAME)[1] > frame
        assert page.locator("output").inner_text() == "1.4 times"
        for _ in range(5):
            button["Further away"].click()
        assert page.evaluate(FRAME)[1] == frame


def test_so_many_cases_are_tried() -> None:
    assert len(STARTS) == 3
    assert len(SHAPES) == 14
    assert len(FAR) == 8
    assert len(ASKED) == 10
    assert len(WRONG) == 9
    assert len(ARROWS) == 5

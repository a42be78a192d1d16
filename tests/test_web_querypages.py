"""The pages of stored queries: the list, forms, answers with their words, pictures, and what is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from lxml import html

from kg.query import stored
from kg.query.answer import Answer, Row
from kg.show.picture import lettering
from kg.vocab import XSD
from kg.web.queries.charts import chart
from kg.web.queries.tables import laid_out
from kg.web.server import running
from kg.web.views.querypages import ROWS
from tests.pages import HTML, find, page, words
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.workspace import Workspace

QUERIES = {name: stored.named(name, []) for name in stored.find([])}
CASES = [
    (name, case) for name, query in QUERIES.items() for case in query.cases if case.rows is not None
]
HOSTILE = '<script>alert("x")</script>'


def asked(name: str, values: Mapping[str, Any]) -> str:
    return f"/query/{name}?{urlencode(values)}" if values else f"/query/{name}"


def test_the_list_leads_to_every_stored_query(site: Site) -> None:
    found = page(site, "/query")
    addresses = {link.get("href") for link in find(found, ".questions a")}
    assert addresses == {f"{site.address}query/{name}" for name in QUERIES}
    assert len(addresses) == 46


@pytest.mark.parametrize(
    ("name", "case"), CASES, ids=[f"{name}:{case.line}" for name, case in CASES]
)
def test_a_page_has_the_rows_that_the_query_is_tested_for(site: Site, name: str, case: Any) -> None:
    found = page(site, asked(name, {**case.values, "limit": 500}))
    assert len(find(found, "table.answer tbody")) == case.rows
    if case.rows == 0:
        assert words(find(found, ".nothing")[0]) == "Nothing in the corpus answers this."


def test_so_many_answers_are_compared() -> None:
    assert len(CASES) == 82


@pytest.mark.parametrize("name", [n for n, query in QUERIES.items() if query.required])
def test_without_what_is_needed_there_is_a_form_and_an_example(site: Site, name: str) -> None:
    found = page(site, f"/query/{name}")
    assert not find(found, "table.answer, [role=alert], [aria-invalid]")
    for parameter in QUERIES[name].parameters:
        assert find(found, f"label[for='p-{parameter}']")
    example = next(link for link in find(found, "form a") if words(link) == "Try an example").get(
        "href"
    )
    tried = page(site, example.removeprefix(site.address.rstrip("/")))
    assert find(tried, "table.answer tbody")


def test_examples_are_of_the_data_at_hand(newsroom_site: Site) -> None:
    count = rows = 0
    for name in QUERIES:
        links = find(page(newsroom_site, f"/query/{name}"), "form a")
        tries = [link.get("href") for link in links if words(link) == "Try an example"]
        assert len(tries) == bool(QUERIES[name].parameters), name
        for address in tries:
            tried = page(newsroom_site, address.removeprefix(newsroom_site.address.rstrip("/")))
            rows += bool(find(tried, "table.answer tbody"))
            count += 1
    assert count == 37  # the others take nothing
    assert rows >= 25


WRONG = [
    ("claims-by-actor", "actor=", "actor", "is needed: whose claims"),
    ("claims-by-actor", "actor=nobody-at-all", "actor", "no actor goes by the name"),
    ("claims-by-actor", "actor=North+Kore", "actor", "did you mean"),
    ("timeline", "from=yesterday", "from", "expected"),
    ("timeline", "from=2002&until=2001-13", "until", "expected"),
    ("timeline", "limit=0x10", "limit", "a whole number"),
    ("timeline", "as_of=soon", "as_of", "2007-12"),
    ("changes-between-dates", "topic=us-japan-alliance", "from", "is needed: the last day"),
]


@pytest.mark.parametrize(("name", "query", "field", "message"), WRONG)
def test_what_is_wrong_stands_at_its_field(
    site: Site, name: str, query: str, field: str, message: str
) -> None:
    found = page(site, f"/query/{name}?{query}", 400)
    (box,) = find(found, "[aria-invalid=true]")
    assert box.get("id") == f"p-{field}"
    error = found.get_element_by_id(f"p-{field}-error")
    assert error.get("id") in box.get("aria-describedby")
    assert message in words(error)
    assert not find(found, "table.answer")


def test_all_wrong_values_are_told_at_once_and_what_was_typed_is_kept(site: Site) -> None:
    found = page(site, "/query/timeline?from=yesterday&until=soon&nonsense=1", 400)
    assert [box.get("value") for box in find(found, "[aria-invalid]")] == ["yesterday", "soon"]
    assert "timeline has no parameter nonsense" in words(find(found, "[role=alert]")[0])


def test_an_unknown_query_is_not_found(site: Site) -> None:
    answer = site.get("/query/claims-by-actors", accept=HTML)
    assert answer.status == 404
    assert "claims-by-actor" in answer.text


def test_names_are_taken_as_on_the_command_line_and_told_what_they_stand_for(site: Site) -> None:
    for name in ("north-korea", "North Korea", "NORTH KOREA", "actor:north-korea", "wd:Q423"):
        found = page(site, asked("claims-by-actor", {"actor": name}))
        (thing,) = found.xpath("//section//p[starts-with(., 'About actor')]/a")
        assert (words(thing), thing.get("href")) == (
            "North Korea",
            f"{site.address}page/id/actor/north-korea",
        )
        assert len(find(found, "table.answer tbody")) == 4


def test_labels_are_links_dates_are_words_and_nothing_is_said_twice(site: Site) -> None:
    found = page(site, "/query/events-between?from=2002&until=2002")
    heads = [words(head) for head in find(found, "table.answer th")]
    assert heads == ["What happens", "Kind", "Date"]
    rows = [
        [words(cell) for cell in find(row, "td")]
        for row in find(found, "table.answer tbody tr:first-child")
    ]
    assert ["Kim Jong-il admits abductions", "statement", "17 September 2002"] in rows
    links = find(found, "table.answer tbody tr:first-child td a")
    assert all("/page/id/event/" in link.get("href") for link in links)
    assert len(links) == len(rows) > 2


def test_each_row_has_the_words_that_it_rests_on(
    newsroom_site: Site, built_newsroom: Workspace
) -> None:
    answer = built_newsroom.query("claims-by-actor", actor="edrin-vask", why=True)
    found = page(newsroom_site, "/query/claims-by-actor?actor=edrin-vask")
    grounds = find(found, "table.answer .why")
    assert len(grounds) == len(answer.rows) > 3
    for row, ground in zip(answer.rows, grounds, strict=True):
        quoted = [mark.text_content() for mark in find(ground, "mark")]
        assert quoted == [support.words for support in row.why[:10]]
        places = [link.get("href") for link in find(ground, ".grounds__where a")]
        for support in row.why[:10]:
            assert any(place.endswith(f"#char={support.start},{support.end}") for place in places)


def test_without_the_texts_the_places_are_told(site: Site) -> None:
    found = page(site, "/query/claims-by-actor?actor=north-korea")
    assert not find(found, "mark")
    assert re.search(r"characters \d+ to \d+", words(find(found, ".why")[0]))


def test_who_does_not_ask_why_is_not_told(site: Site) -> None:
    found = page(site, "/query/claims-by-actor?actor=north-korea&why=0")
    assert len(find(found, "table.answer tbody")) == 4
    assert not find(found, ".why")


def test_pages_of_rows_make_up_the_whole_answer(site: Site, built: Workspace) -> None:
    seen: list[str] = []
    path = "/query/most-discussed-actors?limit=10"
    pages = 0
    while True:
        found = page(site, path)
        seen += [words(row) for row in find(found, "table.answer tbody tr:first-child")]
        pages += 1
        after = find(found, "a[rel=next]")
        if not after:
            break
        path = after[0].get("href").removeprefix(site.address.rstrip("/"))
    whole = built.query("most-discussed-actors")
    assert pages == 4
    assert len(seen) == len(set(seen)) == len(whole)
    assert find(found, "a[rel=prev]")[0].get("href").endswith("limit=10&offset=20")


def test_a_page_has_so_many_rows_if_nothing_is_said(site: Site) -> None:
    found = page(site, "/query/who-speaks-about-whom")
    assert len(find(found, "table.answer tbody")) == ROWS


def test_what_was_known_by_a_date_leaves_out_later_articles(site: Site) -> None:
    found = page(site, "/query/articles?as_of=2010")
    assert len(find(found, "table.answer tbody")) == 1
    assert "As known on 2010: 1 later article left out" in words(find(found, ".note")[0])


PICTURES = {
    "most-discussed-actors": "bars",
    "topics": "bars",
    "shared-actors": "bars",
    "who-speaks-about-whom": "network",
    "who-cites-whom": "network",
    "timeline": "dates",
    "events-between?from=2002": "dates",
    "articles": None,
    "claims-by-actor?actor=north-korea": None,
    "wikidata-links": None,
    "numbers": None,
}


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_is_drawn_where_the_columns_ask_for_one(site: Site, path: str) -> None:
    found = page(site, f"/query/{path}")
    drawn = [figure.get("class").split("--")[1] for figure in find(found, "figure.picture")]
    assert drawn == ([PICTURES[path]] if PICTURES[path] else [])
    for svg in find(found, ".picture__view svg"):
        assert svg.get("aria-label") or svg.xpath("./*[local-name()='title']")
        assert not svg.xpath(".//*[@style]")


DOWNLOADS = ["csv", "tsv", "json", "srj", "srx", "json"]


def test_an_answer_can_be_taken_along_with_all_its_rows(site: Site) -> None:
    found = page(site, "/query/claims-by-actor?actor=North+Korea&limit=2")
    links = [link.get("href") for link in find(found, ".downloads a")]
    assert [re.sub(r".*\.|\?.*", "", link) for link in links] == DOWNLOADS
    for link in links:
        answer = site.get(link.removeprefix(site.address.rstrip("/")))
        assert answer.status == 200
        assert "html" not in answer.type
    passages = site.get(links[-1].removeprefix(site.address.rstrip("/"))).json["why"]
    assert [len(each) for each in passages] == [1, 1, 2, 2]
    lines = site.get(links[0].removeprefix(site.address.rstrip("/"))).text.split("\r\n")
    assert len(lines) == 1 + 4 + 1


def test_the_query_behind_an_answer_goes_to_the_editor(site: Site) -> None:
    found = page(site, "/query/claims-by-actor?actor=North+Korea")
    (form,) = find(found, ".behind form")
    sparql = dict(form.form_values())["query"]
    assert "<https://example.org/kg/id/actor/north-korea>" in sparql
    assert "#+" not in sparql
    opened = page(site, f"/sparql?{urlencode({'query': sparql, 'edit': ''})}")
    box = opened.get_element_by_id("query").text_content()
    assert box.split() == sparql.split()


@pytest.fixture(scope="module")
def own_site(built_sample: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with queries of the workspace's own: of each form, with hostile words, and a broken one."""
    from tests.conftest import copied

    workspace = copied(built_sample, tmp_path_factory.mktemp("own") / "sample")
    folder = workspace.root / "queries"
    folder.mkdir(exist_ok=True)
    for name, text in {
        "yes": f"#+ summary: Is it so {HOSTILE}\nASK {{ ?x ?y ?z }}",
        "graph": "#+ summary: A graph\nCONSTRUCT WHERE { ?x a <http://www.w3.org/ns/prov#Agent> }",
        "hostile": (
            "#+ summary: Words of anybody\n#+ params:\n#+   words: {type: text, default: a}\n"
            "#+ columns: {x: '<i>X</i>'}\n"
            f"SELECT ?x ?iri ?words WHERE {{ BIND('{HOSTILE}\\u202e' AS ?x)"
            " BIND(<javascript:alert(1)> AS ?iri) BIND(?_words AS ?words) }"
        ),
        "broken": "#+ summary: Broken\nSELECT ?x WHERE { ?x",
    }.items():
        (folder / f"{name}.rq").write_text(text)
    with running(workspace) as address:
        yield Site(address)


def test_yes_or_no_and_graphs_have_their_pages(own_site: Site) -> None:
    found = page(own_site, "/query/yes")
    assert words(find(found, ".verdict")[0]) == "Yes"
    assert words(find(found, "h1")[0]) == f"Is it so {HOSTILE}"
    graph = find(page(own_site, "/query/graph"), "pre.graph")[0].text_content()
    assert "prov:Agent" in graph
    kinds = [words(link) for link in find(page(own_site, "/query/graph"), ".downloads a")]
    assert kinds == ["Turtle", "N-Triples", "JSON-LD", "RDF/XML"]


def test_whatever_words_there_are_they_stay_words(own_site: Site) -> None:
    answer = own_site.get(f"/query/hostile?{urlencode({'words': HOSTILE})}", accept=HTML)
    assert HOSTILE not in answer.text
    found = html.fromstring(answer.text)
    assert not found.xpath("//script[not(@src)]")
    assert not found.xpath("//a[starts-with(@href, 'javascript')]")
    cells = [words(cell) for cell in find(found, "table.answer tr:first-child td")]
    assert cells[0].startswith(HOSTILE)
    assert "\u202e" not in cells[0]
    assert "javascript:alert(1)" in cells
    assert found.get_element_by_id("p-words").get("value") == HOSTILE
    assert words(find(found, "table.answer th")[0]) == "<i>X</i>"


def test_a_broken_query_of_the_workspace_takes_no_other_along(own_site: Site) -> None:
    names = {
        link.get("href").rsplit("/", 1)[1]
        for link in find(page(own_site, "/query"), ".questions a")
    }
    assert {"yes", "graph", "hostile"} <= names
    assert "broken" not in names
    assert own_site.get("/query/broken", accept=HTML).status == 400


# ---- tables and pictures by themselves ----------------------------------------------------------


def answer_of(columns: tuple[str, ...], *rows: tuple[object, ...]) -> Answer:
    """An answer; what is a pair is a thing with its label."""
    made = []
    for row in rows:
        terms: dict[str, Any] = {}
        called: dict[str, str] = {}
        for column, value in zip(columns, row, strict=True):
            if isinstance(value, tuple):
                value, called[column] = value
            terms[column] = value
        made.append(Row(terms, called))
    return Answer(columns=columns, rows=tuple(made))


def thing(kind: str, name: str) -> tuple[ox.NamedNode, str]:
    return ox.NamedNode(f"https://example.org/kg/id/{kind}/{name.lower()}"), name


def number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=XSD.integer)


TABLES = [
    # columns, a row, the names, kinds and words of what is shown
    (("a", "name"), (thing("actor", "Mira"), ox.Literal("Mira", language="en")), [("name", "plain", "Mira")]),
    (("a", "name"), (thing("actor", "Mira"), ox.Literal("M. V.")),
     [("a", "plain", "Mira"), ("name", "plain", "M. V.")]),
    (("when",), (ox.Literal("2031-03?"),), [("when", "date", "2031-03?")]),
    (("when",), (ox.Literal("2031-03-05T01:02:03.45Z", datatype=XSD.dateTime),),
     [("when", "date", "2031-03-05T01:02:03Z")]),
    (("key", "when"),
     (ox.Literal("2031-03-01T00:00:00Z", datatype=XSD.dateTime), ox.Literal("2031-03")),
     [("when", "date", "2031-03")]),
    (("file",), (ox.Literal("2031-03-05.txt"),), [("file", "plain", "2031-03-05.txt")]),
    (("n",), (number(12345),), [("n", "number", "12,345")]),
    (("n",), (ox.Literal("40000000.5", datatype=XSD.decimal),), [("n", "number", "40,000,000.5")]),
    (("list",), (ox.Literal("exactly 40000000 | less than 20000000"),),
     [("list", "plain", "exactly 40,000,000 | less than 20,000,000")]),
    (("id",), (ox.Literal("run 20310305 again"),), [("id", "plain", "run 20310305 again")]),
    (("sure",), (ox.Literal("0.5", datatype=XSD.decimal),), [("sure", "number", "0.5")]),
    (("text",), (ox.Literal("w" * 60),), [("text", "words", "w" * 60)]),
    (("a", "b"), (None, number(1)), [("b", "number", "1")]),
    (("b",), (ox.BlankNode("x"),), [("b", "plain", "_:x")]),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "row", "shown"), TABLES)
def test_a_table_shows_each_thing_once_in_its_own_way(
    columns: tuple[str, ...], row: tuple[object, ...], shown: list[tuple[str, str, str]]
) -> None:
    table = laid_out(answer_of(columns, row))
    found = [
        (column.name, column.kind, cell.text)
        for column, cell in zip(table.columns, table.rows[0], strict=True)
    ]
    assert found == shown


KEYS = {
    "most-discussed-actors": ("the longer the bar, the more",),
    "who-speaks-about-whom": (
        "Thin arrow: 1 claim",
        "Thick arrow: more claims, up to",
        "large disc",
    ),
    "timeline": ("Disc: event, on that day", "Bar: at some time within"),
}


@pytest.mark.parametrize("path", KEYS)
def test_a_picture_has_a_key_in_words(site: Site, path: str) -> None:
    found = page(site, f"/query/{path}")
    (key,) = find(found, "figure.picture figcaption .key")
    for said in KEYS[path]:
        assert said in words(key)
    assert all(svg.get("aria-hidden") == "true" for svg in find(key, "svg"))
    assert all(words(item) for item in find(key, "li"))


def test_the_key_says_only_what_is_in_the_picture() -> None:
    def marks(*dates: tuple[str, str]) -> set[str]:
        # A name cannot have a mark appear that is not there.
        rows = [
            ((thing("event", name)[0], f'{name} class="article"'), ox.Literal(when))
            for name, when in dates
        ]
        drawn = chart(laid_out(answer_of(("event", "when"), *rows)), str)
        assert drawn is not None
        return set(drawn.marks)

    assert marks(("A", "2001-02-03"), ("B", "2004-02-03")) == {"exact"}
    assert marks(("A", "2001-02-03"), ("A", "2002"), ("B", "2004?")) == {
        "exact", "within", "unsure", "differ",
    }  # fmt: skip
    assert marks(("A", "../2001-02-03"), ("B", "2004-02-03")) >= {"open"}
    pairs = [("A", "B", 4, 3), ("B", "C", 2, 0)]
    for denied, expected in ((True, {"denied"}), (False, set())):
        rows = [
            (thing("actor", a), thing("actor", b), number(n), number(no if denied else 0))
            for a, b, n, no in pairs
        ]
        drawn = chart(laid_out(answer_of(("source", "actor", "claims", "negative"), *rows)), str)
        assert drawn is not None
        assert drawn.marks == expected
        assert (drawn.counted, drawn.counted_one, drawn.most) == ("claims", "claim", "4")


def test_bars_are_as_long_as_their_numbers() -> None:
    rows = [(thing("actor", name), number(n)) for name, n in (("A", 10), ("B", 5), ("C", 0))]
    drawn = chart(laid_out(answer_of(("who", "claims"), *rows)), str)
    assert drawn is not None
    assert [bar.length for bar in drawn.bars] == [440, 220, 0]


def test_bars_have_a_title_that_says_something_and_names_that_fit() -> None:
    long = "WWWWW crew members of the Amaranta who were detained"
    rows = [
        ((thing("actor", key)[0], name), number(n))
        for key, name, n in (("a", long, 40_000_000), ("b", "B", 5))
    ]
    for heading, title in (("Of", "Claims"), ("Name", "Claims by name")):
        answer = answer_of(("who", "claims"), *rows)
        headed = Answer(
            columns=answer.columns,
            rows=answer.rows,
            headings={"who": heading, "claims": "Claims"},
        )
        drawn = chart(laid_out(headed), str)
        assert drawn is not None
        assert (drawn.title, drawn.most) == (title, "40,000,000")
        name = drawn.bars[0].name
        assert name.startswith("WWWWW crew")
        assert name.endswith("…")
        assert lettering.width(name, lettering.Face(size=13)) <= 222


LINKED = {"Source": "/id/actor/", "Other source": "/id/actor/", "Judge": "/id/agent/"}


def test_sources_and_judges_are_links_where_one_thing_is_called_so(site: Site) -> None:
    found = page(site, "/query/contradictions")
    heads = [words(head) for head in find(found, "table.answer thead th")]
    rows = [row.find("tr").findall("td") for row in find(found, "table.answer tbody")]
    assert len(rows) > 3
    for heading, kind in LINKED.items():
        for row in rows:
            (link,) = row[heads.index(heading)].findall("a")
            assert kind in link.get("href")
    for row in rows[:3]:
        for heading in LINKED:
            (link,) = row[heads.index(heading)].findall("a")
            assert words(link) in words(
                page(site, link.get("href").removeprefix(site.address.rstrip("/")))
            )


def test_no_bars_of_numbers_that_are_not_counts() -> None:
    rows = [(thing("actor", name), number(n)) for name, n in (("A", 10), ("B", 5))]
    assert chart(laid_out(answer_of(("who", "start"), *rows)), str) is None


def test_dates_stand_where_they_lie_and_open_ones_at_their_end() -> None:
    rows = [
        (thing("event", "First"), ox.Literal("2000")),
        (thing("event", "First"), ox.Literal("2001")),
        (thing("event", "Last"), ox.Literal("2010-12-31")),
        (thing("event", "Until"), ox.Literal("../2005")),
        (thing("event", "Undated"), None),
    ]
    drawn = chart(laid_out(answer_of(("event", "when"), *rows)), str)
    assert drawn is not None
    assert drawn.left_out == 1
    svg = html.fromstring(drawn.drawing)
    until, first, again, last = (
        (float(mark.get("data-from")), float(mark.get("data-to"))) for mark in find(svg, ".mark")
    )
    assert first < again < last
    assert until[0] == 0
    assert again[1] < until[1] < last[0]
    assert words(find(svg, "a.item")[1].xpath("./title")[0]) == "First: 2000; 2001"


def test_a_network_leaves_out_whom_it_has_no_room_for_and_says_so() -> None:
    names = [f"N{i:02}" for i in range(50)]
    rows = [
        (thing("actor", names[0]), thing("actor", name), number(100 - i), number(0 if i else 60))
        for i, name in enumerate(names[1:])
    ]
    drawn = chart(laid_out(answer_of(("source", "actor", "claims", "negative"), *rows)), str)
    assert drawn is not None
    svg = html.fromstring(drawn.drawing)
    nodes, edges = find(svg, ".node"), find(svg, ".edge")
    assert (len(nodes), len(edges), drawn.left_out) == (40, 39, 10)
    assert {words(node.xpath("./text")[0]) for node in nodes} == set(names[:40])
    said = [words(edge.xpath("./title")[0]) for edge in edges]
    assert "N00 → N01: 100 claims, 60 negative" in said
    assert [edge.get("class") for edge in edges].count("edge denied") == 1
    assert not svg.xpath("//*[local-name()='g'][@href]")


def test_so_many_cases_are_tried() -> None:
    assert len(WRONG) == 8
    assert len(PICTURES) == 11
    assert len(KEYS) == 3
    assert len(TABLES) == 14
    assert len(LINKED) == 3

"""The picture of a card: an SVG that any reader takes, in which nothing lies on top of anything."""

from __future__ import annotations

import hashlib
import itertools
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.namespace import RDFS, SKOS

from kg.edtf import bounds
from kg.names import resolve
from kg.show import gather
from kg.show.card import (
    Article,
    Card,
    Dated,
    Dispute,
    Happening,
    Numbers,
    Reading,
    Said,
    When,
)
from kg.show.picture import dates, lettering, numbers, page, picture, timeline
from tests.strategies import LAW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.workspace import Workspace

SVG = "{http://www.w3.org/2000/svg}"

HOSTILE = (
    "</text><script>alert(1)</script>",
    "]]> & <![CDATA[ <!-- -- > --> &lt; &#0;",
    '" onload="x" \' style=',
    "<!DOCTYPE svg [<!ENTITY a 'b'>]> &a;",
    "\x00\x01\x08\x0b\x1f\x7f\x85\ufffe\uffff\ud800\udfff",
    "\u202egnirts\u202c \u2066\u2067 \u200f\u200e \u061c",
    "e" + "\u0301" * 40 + " \u0e01\u0e49\u0e49\u0e49\u0e49\u0e49\u0e49",
    "اختطاف المواطنين (1977)، وما بعدها.",
    "חטיפת אזרחים יפנים 17 (א)",
    "北朝鮮による日本人拉致問題について、政府は全員の帰国を実現するため全力を尽くす。",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 4,
    "https://example.org/" + "a/b-c_d/" * 30,
    "👨‍👩‍👧‍👦🗾 family",
    "\u200d".join("👨👩👧👦" * 30),
    "\u200b\u2060\ufeff",
    "ﷺ ﷽ ⸻ ꧅ 𒐫 W̃",
    "line\nbreak\ttab\r\nreturn\u2028separator\u2029",
    "x" * 5_000,
    "",
    " ",
)
assert len(HOSTILE) == 20

EDTF = (
    *("1977", "2002-09", "2002-09-17", "197X", "19XX", "2002~", "2002?", "2002-09%", "2002-22"),
    *("2007-12-10/2007-12-16", "../2016", "2016/..", "/2016~", "2016?/", "../..", "-0043-03-15"),
    *("2007-12-11T07:18:00", "2007-12-11T07:18:00Z", "Y17000", "2002-XX", "2002-09-XX", "0000"),
)
assert len(EDTF) == 22


def when(edtf: str, basis: str | None = None) -> When:
    earliest, latest = (None, None) if edtf == "../.." else bounds(edtf)
    return When(edtf=edtf, earliest=earliest, latest=latest, basis=basis)


def said(text: str, *, source: str = "Japan", name: str = "a", **more: object) -> Said:
    usual = Said(
        iri=f"urn:claim:{name}",
        text=text,
        sources=(source,),
        polarity="positive",
        certainty="certain",
        modality="assertion",
        article=ARTICLE,
    )
    return replace(usual, **more)  # type: ignore[arg-type]  # the fields are those of Said


ARTICLE = Article(iri="urn:article", headline="Talks in Tokyo", published=when("2018-06-17"))


def event(label: str, *given: str, basis: str | None = None) -> Happening:
    return Happening(
        iri=f"urn:{label}",
        label=label,
        kind="meeting",
        dates=tuple(Dated(when=when(edtf, basis), accounts=(f"account {edtf}",)) for edtf in given),
        participants=(("agent", "Japan"),),
        factuality="positive certain",
    )


def dispute(status: str, left: str = "It is so.", right: str = "It is not so.") -> Dispute:
    return Dispute(
        left=said(left, name="left"),
        right=said(right, source="North Korea", name="right"),
        status=status,
        confidence="0.7",
        judge="the desk",
        judged=when("2026-11-21"),
    )


def reading(given: str) -> Reading:
    return Reading(words=given, said=said(given))


def thing(**parts: object) -> Card:
    return Card(
        iri="urn:thing",
        name="North Korea",
        kind="actor",
        what="state",
        **parts,  # type: ignore[arg-type]
    )


LABELS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(), max_size=60),
    st.lists(st.sampled_from(["talks", "of", "ministers", "日本", "وزارة", "«été»", "17"])).map(
        " ".join
    ),
)
WHENS = st.builds(
    when,
    st.sampled_from(EDTF),
    st.sampled_from([None, "stated", "computed", "inferred", "external"]),
)
ARTICLES = st.builds(
    Article,
    iri=st.sampled_from(["urn:a1", "urn:a2", "urn:a3"]),
    headline=LABELS,
    published=st.none() | WHENS,
    author=st.none() | LABELS,
    publisher=st.none() | LABELS,
)
SAIDS = st.builds(
    Said,
    iri=st.just("urn:claim"),
    text=LABELS,
    sources=st.lists(LABELS, max_size=3).map(tuple),
    polarity=st.sampled_from(["positive", "negative"]),
    certainty=st.sampled_from(["certain", "possible"]),
    modality=st.sampled_from(["assertion", "belief"]) | LABELS,
    made=st.none() | WHENS,
    article=st.none() | ARTICLES,
    reference=st.none() | LABELS,
)
READINGS = st.builds(
    "{} {}{}".format,
    st.sampled_from(["exactly", "about", "at least", "more than", "at most", "less than"]),
    st.sampled_from(
        ["17", "0", "-3.5", "1e300", "1e-9", "NaN", "?", "2000000", "3 to 5", "9 to 2"]
    ),
    st.sampled_from(["", " persons", " percent"]),
)
CARDS = st.builds(
    Card,
    iri=LABELS,
    name=LABELS,
    kind=st.just("topic"),
    what=LABELS,
    aliases=st.lists(LABELS, max_size=3).map(tuple),
    facts=st.lists(st.tuples(LABELS, LABELS), max_size=3).map(tuple),
    subject=st.none() | SAIDS,
    disputes=st.lists(
        st.builds(
            Dispute,
            left=SAIDS,
            right=SAIDS,
            status=st.sampled_from(["accepted", "proposed", "rejected"]) | LABELS,
            confidence=st.none() | st.sampled_from(["0.5", "1", "2", "high"]),
            judge=st.none() | LABELS,
            judged=st.none() | WHENS,
            note=st.none() | LABELS,
        ),
        max_size=2,
    ).map(tuple),
    numbers=st.lists(
        st.builds(
            Numbers,
            iri=st.just("urn:n"),
            population=LABELS,
            readings=st.lists(
                st.builds(
                    Reading,
                    words=READINGS | LABELS | READINGS,
                    said=SAIDS,
                ),
                min_size=1,
                max_size=3,
            ).map(tuple),
            differ=st.sampled_from([True, True, False]),
        ),
        max_size=2,
    ).map(tuple),
    timeline=st.lists(
        st.builds(
            Happening,
            iri=st.just("urn:e"),
            label=LABELS,
            kind=st.none() | LABELS,
            dates=st.lists(
                st.builds(Dated, when=WHENS, accounts=st.lists(LABELS, max_size=2).map(tuple)),
                max_size=3,
            ).map(tuple),
            participants=st.lists(st.tuples(st.just("agent"), LABELS), max_size=2).map(tuple),
            factuality=st.sampled_from(["positive certain", "not asserted"]),
        ),
        max_size=4,
    ).map(tuple),
    articles=st.lists(ARTICLES, max_size=3).map(tuple),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A stretch of the page."""

    left: float
    top: float
    right: float
    bottom: float
    what: str = ""

    def touches(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


def parsed(svg: str) -> ElementTree.Element:
    assert "<!DOCTYPE" not in svg.replace("&lt;", "")
    assert "<!ENTITY" not in svg
    return ElementTree.fromstring(svg.encode())  # noqa: S314  # our own, and without a DTD


def words(element: ElementTree.Element) -> str:
    """What is written in an element, its tooltips left out."""
    return " ".join(text_of(text) for text in element.iter(f"{SVG}text"))


def text_of(text: ElementTree.Element) -> str:
    return "".join([text.text or "", *(child.tail or "" for child in text)])


def text_boxes(root: ElementTree.Element) -> Iterator[Box]:
    for text in root.iter(f"{SVG}text"):
        size = float(text.get("font-size", ""))
        shown = text_of(text)
        wide = lettering.width(
            shown, lettering.Face(size=size, bold=text.get("font-weight") == "bold")
        )
        anchor = text.get("text-anchor", "start")
        if text.get("direction") == "rtl":
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        x, y = float(text.get("x", "")), float(text.get("y", ""))
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        # A tenth of a unit is what coordinates are rounded to.
        yield Box(left + 0.1, y - 0.78 * size, left + wide - 0.1, y + 0.22 * size, shown)


def shapes(root: ElementTree.Element) -> Iterator[Box]:
    """Lines, bars and discs: the background and the key, whose samples are moved, left out."""
    moved = {
        id(shape) for group in root.iter(f"{SVG}g") if group.get("transform") for shape in group
    }
    for shape in root.iter():
        kind = shape.tag.removeprefix(SVG)
        if id(shape) in moved or (kind == "rect" and shape.get("x") is None):
            continue
        if kind == "line":
            x1, y1, x2, y2 = (float(shape.get(name, "")) for name in ("x1", "y1", "x2", "y2"))
            yield Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), "line")
        elif kind == "rect":
            x, y, w, h = (float(shape.get(name, "")) for name in ("x", "y", "width", "height"))
            yield Box(x, y, x + w, y + h, "rect")
        elif kind == "circle":
            x, y, r = (float(shape.get(name, "")) for name in ("cx", "cy", "r"))
            yield Box(x - r, y - r, x + r, y + r, "circle")
        elif kind == "polyline":
            points = [tuple(map(float, p.split(","))) for p in shape.get("points", "").split()]
            xs, ys = zip(*points, strict=True)
            yield Box(min(xs), min(ys), max(xs), max(ys), "polyline")


def groups(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [g for g in root.iter(f"{SVG}g") if name in (g.get("class") or "").split()]


def marks(root: ElementTree.Element) -> list[Box]:
    found = []
    for mark in groups(root, "mark"):
        boxes = list(shapes(mark))
        assert len(boxes) == 1
        found.append(boxes[0])
    return found


@LAW
@given(CARDS)
def test_any_card_is_drawn_as_well_formed_xml_with_nothing_from_elsewhere(card: Card) -> None:
    svg = picture(card)
    root = parsed(svg)
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {
        *("svg", "title", "desc", "defs", "linearGradient", "stop", "g", "rect", "line", "circle"),
        *("path", "polyline", "text"),
    }
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert not name.endswith(("href", "src", "style"))
            assert all(place.startswith("#") for place in re.findall(r"url\((.*?)\)", value))
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert all(unicodedata.category(c) not in {"Cc", "Cs"} or c == "\n" for c in svg)


@settings(LAW, max_examples=120)
@given(CARDS)
def test_no_text_lies_on_another_or_on_a_line_and_none_leaves_the_page(card: Card) -> None:
    check_overlaps(parsed(picture(card)))


def check_overlaps(root: ElementTree.Element) -> None:
    texts = list(text_boxes(root))
    for one, other in itertools.combinations(texts, 2):
        assert not one.touches(other), (one, other)
    for shape, text in itertools.product(shapes(root), texts):
        assert not shape.touches(text) or (shape.what == "rect" and shape.holds(text)), (
            shape,
            text,
        )
    sheet = Box(0, 0, page.WIDTH, float(root.get("height", "")))
    assert all(sheet.holds(text) for text in texts)
    assert root.get("viewBox") == f"0 0 {page.WIDTH} {root.get('height')}"


def test_the_random_cards_are_worth_drawing() -> None:
    drawn: Counter[str] = Counter()

    @settings(LAW, max_examples=150, derandomize=True, database=None)
    @given(CARDS)
    def look(card: Card) -> None:
        root = parsed(picture(card))
        drawn.update(group.get("class", "") for group in root.iter(f"{SVG}g"))
        drawn.update(text.get("direction", "") for text in root.iter(f"{SVG}text"))

    look()
    for part in ("article", "event", "mark", "dispute accepted", "reading", "number", "rtl"):
        assert drawn[part] > 3, (part, drawn)


@LAW
@given(st.lists(WHENS, min_size=1, max_size=8))
def test_marks_lie_in_the_order_of_time_and_within_the_axis(whens: list[When]) -> None:
    row = timeline.Row(name="x", below="", dates=tuple(Dated(when=w, accounts=()) for w in whens))
    placed = timeline.dated(row)
    if placed is None:
        assert all(timeline.span(w) == (None, None) for w in whens)
        return
    axis = timeline.axis_of([placed])
    days = sorted(day for d in placed.dates for day in timeline.span(d.when) if day is not None)
    at = [axis.at(day) for day in days]
    assert at == sorted(at)
    assert axis.left - 1e-6 <= at[0]
    assert at[-1] <= axis.right + 1e-6
    for earlier, later in itertools.pairwise(days):
        assert later == earlier or later - earlier < 1e-3 or axis.at(earlier) < axis.at(later)


def test_exact_imprecise_uncertain_and_open_dates_are_drawn_differently() -> None:
    cases = {
        "exact": event("exact", "2002-09-17"),
        "within": event("within", "2004"),
        "about": event("about", "2006~"),
        "inferred": event("inferred", "2008", basis="inferred"),
        "until": event("until", "../2010"),
        "from": event("from", "2010/.."),
    }
    assert len(cases) == 6
    root = parsed(picture(thing(timeline=tuple(cases.values()))))
    drawn = {
        words(row).split()[0]: "".join(
            f"{shape.tag}{shape.get('fill')}{shape.get('stroke-dasharray')}"
            for shape in groups(row, "mark")[0].iter()
            if shape.tag != f"{SVG}title"
        )
        for row in groups(root, "event")
    }
    assert set(drawn) == set(cases)
    assert drawn["about"] == drawn["inferred"]
    assert len(set(drawn.values())) == len(cases) - 1
    assert "uncertain or inferred" in words(root)


def test_an_open_date_runs_to_the_edge_on_its_open_side_only() -> None:
    card = thing(timeline=(event("until", "../2010"), event("from", "2012/..")))
    until, onwards = marks(parsed(picture(card)))
    assert until.left == timeline._PLOT
    assert until.right < onwards.right == page.RIGHT
    assert until.right < onwards.left


def test_two_dates_of_one_event_stand_in_one_row_joined_and_with_their_accounts() -> None:
    card = thing(timeline=(event("admission", "2002-09-11", "2002-09-17"),))
    (row,) = groups(parsed(picture(card)), "event")
    first, second = marks(row)
    assert first.left < second.left
    assert len(list(row.iter(f"{SVG}polyline"))) == 1
    assert "Accounts differ by 6 days" in words(row)
    for given_ in ("11 September 2002", "17 September 2002"):
        assert given_ in words(row)
    for account in ("account 2002-09-11", "account 2002-09-17"):
        assert f"according to {account}" in words(row)


def test_accounts_that_differ_by_too_little_for_the_axis_are_seen_close_up() -> None:
    near = event("admission", "2002-09-11", "2002-09-17")
    root = parsed(picture(thing(timeline=(near, event("long ago", "1950")))))
    assert "Close-up" in words(root)
    _, *main, first, second = marks(root)
    assert len(main) == 2
    assert main[1].left - main[0].left < 1
    assert second.left - first.right > 100
    assert "Close-up" not in words(parsed(picture(thing(timeline=(near,)))))


APART = {
    ("2002-09-11", "2002-09-12"): "Accounts differ by 1 day",
    ("2002", "2004"): "Accounts differ",
    ("197X", "1977/2007"): "Accounts differ, and overlap",
    ("../1999", "1998/.."): "Accounts differ, and overlap",
    ("2001", "2002", "2001/2002"): "Accounts differ",
}


@pytest.mark.parametrize("given_", APART)
def test_accounts_that_differ_are_compared_in_words(given_: tuple[str, ...]) -> None:
    assert len(APART) == 5
    assert timeline.apart(event("x", *given_).dates) == APART[given_]


def test_events_stand_in_the_order_of_time_and_those_without_a_date_apart() -> None:
    card = thing(
        timeline=(event("third", "2018"), event("never"), event("first", "../1977"),
                  event("second", "2002-09"), event("nobody knows", "../.."))
    )  # fmt: skip
    root = parsed(picture(card))
    assert [words(row).split()[0] for row in groups(root, "event")] == ["first", "second", "third"]
    assert "Without a date" in words(root)
    after = words(root).partition("Without a date")[2]
    assert "never" in after
    assert "nobody knows" in after


def test_an_event_that_nobody_is_sure_of_is_not_drawn_as_one_that_happened() -> None:
    doubts = {
        "positive certain": None,
        "positive certain, positive possible": None,
        "positive possible": "asserted as positive possible",
        "negative certain, positive certain": "asserted as negative certain, positive certain",
        "not asserted": "not asserted",
    }
    assert len(doubts) == 5
    for edtf in ("2002", "../.."):
        for factuality, shown in doubts.items():
            doubted = replace(event("attempt", edtf), factuality=factuality)
            below = words(parsed(picture(thing(timeline=(doubted,)))))
            assert (shown or "attempt") in below
            assert ("asserted" in below) is bool(shown)


def test_a_long_timeline_has_its_axis_again_and_the_grid_lies_under_the_marks() -> None:
    card = thing(timeline=tuple(event(f"event {year}", str(year)) for year in range(1960, 2000)))
    root = parsed(picture(card))
    check_overlaps(root)
    assert [text_of(text) for text in root.iter(f"{SVG}text")].count("1980") == 4  # axes and event
    inner = list(root)
    upright = [
        n for n, e in enumerate(inner) if e.get("x1") is not None and e.get("x1") == e.get("x2")
    ]
    rows = [n for n, e in enumerate(inner) if e.get("class") == "event"]
    assert len(rows) == 40
    assert len(upright) >= 3 * 8
    assert upright[0] < rows[0]
    # Each stretch of the grid is drawn before the rows that it lies under.
    for at in upright:
        line, row = inner[at], inner[next(n for n in rows if n > at)]
        (mark,) = marks(row)
        assert float(line.get("y1", "")) < mark.top


def test_without_any_date_there_is_no_axis() -> None:
    shown = words(parsed(picture(thing(timeline=(event("undated"),)))))
    assert "undated" in shown
    assert "Timeline" not in shown


@pytest.mark.parametrize("status", ["accepted", "proposed", "rejected", "withdrawn"])
def test_both_sides_of_a_dispute_face_each_other_with_its_status_in_words(status: str) -> None:
    root = parsed(picture(thing(disputes=(dispute(status), dispute(status)))))
    pairs = groups(root, "dispute")
    assert len(pairs) == 2
    for pair in pairs:
        boxes = {box.what: box for box in text_boxes(pair)}
        left, middle, right = boxes["It is so."], boxes[status], boxes["It is not so."]
        assert left.right < middle.left
        assert middle.right < right.left
        assert left.top == right.top
        frames = [box for box in shapes(pair) if box.bottom - box.top > 20]
        assert len(frames) == 2
        assert frames[0].top == frames[1].top
        assert frames[0].bottom == frames[1].bottom
        assert frames[0].holds(left)
        assert frames[1].holds(right)
        shown = words(pair)
        for part in ("Japan", "North Korea", "“Talks in Tokyo” (17 June 2018)", "confidence 0.7",
                     "the desk", "21 November 2026"):  # fmt: skip
            assert part in shown


def test_a_status_is_told_by_the_line_and_no_colour_tells_anything() -> None:
    card = thing(
        disputes=tuple(map(dispute, ("accepted", "proposed", "rejected"))),
        timeline=tuple(event(f"e{n}", edtf) for n, edtf in enumerate(EDTF)),
        numbers=(Numbers(iri="urn:n", population="people", differ=True,
                         readings=(reading("exactly 17"), reading("about 9"))),),
    )  # fmt: skip
    svg = picture(card)
    root = parsed(svg)
    lines = {
        pair.get("class"): next(iter(pair.iter(f"{SVG}rect"))).get("stroke-dasharray")
        for pair in groups(root, "dispute")
    }
    assert len(lines) == len(set(lines.values())) == 3
    colours = set(re.findall(r'(?:fill|stroke|stop-color)="([^"]*)"', svg))
    greys = {colour for colour in colours if re.fullmatch(r"#(.)\1\1|#(..)\2\2", colour)}
    assert len(greys) >= 4
    assert all(
        colour in greys or colour == "none" or colour.startswith("url(#") for colour in colours
    )


def test_what_is_unusual_of_a_claim_is_said_and_what_is_usual_is_not() -> None:
    doubted = replace(dispute("proposed"), left=said(
        "It may be.", certainty="possible", modality="prediction", polarity="negative",
        article=None, reference="https://example.org/page",
    ))  # fmt: skip
    shown = words(parsed(picture(thing(disputes=(doubted,)))))
    for part in ("possible", "prediction", "negative", "https://example.org/page"):
        assert part in shown
    for part in ("certain", "assertion", "positive"):
        assert part not in shown.split()


QUANTIFIERS: dict[str, tuple[float | None, float | None]] = {
    "exactly 17 persons": (17, 17),
    "about 17 persons": (17, 17),
    "at least 17 persons": (17, None),
    "more than 17 persons": (17, None),
    "at most 17 persons": (None, 17),
    "less than 17 persons": (None, 17),
    "exactly 15 to 17.5 persons": (15, 17.5),
    "about 15 to 17.5 persons": (15, 17.5),
}


def test_the_quantifiers_are_those_of_the_ontology() -> None:
    graph = rdflib.Graph().parse(Path(__file__).parent.parent / "ontology" / "newskg.ttl")
    scheme = rdflib.URIRef("https://w3id.org/newskg/scheme/quantifiers")
    concepts = list(graph.subjects(SKOS.inScheme, scheme))
    labels = {str(label) for concept in concepts for label in graph.objects(concept, RDFS.label)}
    assert labels == set(numbers._SIGNS)


def test_each_way_of_giving_a_number_is_drawn_differently_and_bounds_as_arrows() -> None:
    assert len(QUANTIFIERS) == 8
    drawn = set()
    for text, limits in QUANTIFIERS.items():
        found = numbers.amount(text)
        assert found is not None
        assert (found.least, found.most, found.unit) == (*limits, "persons")
        readings = (reading(text), reading("exactly 30 persons"))
        card = thing(
            numbers=(Numbers(iri="n", population="people", readings=readings, differ=True),)
        )
        first, second = groups(parsed(picture(card)), "reading")
        assert text in words(first)
        assert "Japan" in words(first)
        (shape,) = groups(first, "number")
        assert bool(list(shape.iter(f"{SVG}path"))) is (None in limits)
        dots = [box for box in shapes(shape) if box.what == "circle"]
        (exact,) = [box for box in shapes(second) if box.what == "circle"]
        assert all(dot.right < exact.left for dot in dots)
        arrows = {
            re.sub("[0-9. ]+", " ", path.get("d", "")) + str(path.get("d", "")[1:4])
            for path in shape.iter(f"{SVG}path")
        }
        drawn.add(
            (
                tuple((s.tag, s.get("fill"), s.get("r"), s.get("stroke-width")) for s in shape[1:]),
                tuple(sorted(arrows)),
            )
        )
    assert len(drawn) == len(QUANTIFIERS)


@pytest.mark.parametrize(
    "text", ["many", "exactly ? persons", "9 to 2 persons", "1e999", "NaN", ""]
)
def test_what_is_no_number_is_written_and_not_drawn(text: str) -> None:
    assert numbers.amount(text) is None
    readings = (reading(text), reading("exactly 30"))
    card = thing(numbers=(Numbers(iri="n", population="people", readings=readings, differ=True),))
    root = parsed(picture(card))
    assert text in words(root)
    assert len(groups(root, "reading")) == 2
    assert len(groups(root, "number")) == 1


def test_between_whole_numbers_there_are_no_ticks() -> None:
    assert [label for _, label in numbers.ticks(15.3, 18.7, 300, whole=True)] == ["16", "17", "18"]
    assert "17.5" in [label for _, label in numbers.ticks(15.3, 18.7, 300)]
    assert numbers.ticks(0.2, 0.8, 300, whole=True) == []


def test_units_are_not_mixed_on_one_scale() -> None:
    readings = (reading("exactly 17 persons"), reading("exactly 83 percent"))
    card = thing(numbers=(Numbers(iri="n", population="people", readings=readings, differ=True),))
    first, second = (next(shapes(g)) for g in groups(parsed(picture(card)), "number"))
    assert first.left == second.left


def test_numbers_on_which_nobody_differs_are_listed_without_a_scale() -> None:
    one = Numbers(
        iri="n", population="people", readings=(reading("exactly 5 persons"),), differ=False
    )
    root = parsed(picture(thing(numbers=(one,))))
    assert "Other numbers" in words(root)
    assert "exactly 5 persons" in words(root)
    assert not groups(root, "number")


@LAW
@given(st.floats(-1e15, 1e15, allow_nan=False), st.floats(1e-3, 1e15, allow_nan=False))
def test_ticks_of_numbers_lie_within_the_scale_and_their_labels_apart(
    start: float, length: float
) -> None:
    end = start + length
    if end - start <= abs(end) * 1e-9:
        return
    found = numbers.ticks(start, end, 500)
    assert [value for value, _ in found] == sorted({value for value, _ in found})
    assert all(start <= value <= end for value, _ in found)
    boxes = [
        ((value - start) / (end - start) * 500, lettering.width(label, lettering.SMALL))
        for value, label in found
    ]
    for (x, wide), (x2, wide2) in itertools.pairwise(boxes):
        assert x + wide / 2 < x2 - wide2 / 2


WORDS = {
    "2007": "2007",
    "0044": "AD 44",
    "0000": "1 BC",
    "-0043-03-15": "15 March 44 BC",
    "2002-09": "September 2002",
    "2002-09-17": "17 September 2002",
    "2002-21": "spring 2002",
    "2002-24~": "about winter 2002",
    "197X": "1970s",
    "19XX": "1900 – 1999",
    "2002~": "about 2002",
    "2002?": "2002 (uncertain)",
    "2002%": "about 2002 (uncertain)",
    "2002-XX": "2002, month not known",
    "2002-09-XX": "September 2002, day not known",
    "2007-12-10/2007-12-16": "10 December 2007 – 16 December 2007",
    "197X/198X": "1970s – 1980s",
    "../2016": "until 2016",
    "/2016": "until 2016",
    "2016/..": "from 2016 on",
    "2016~/": "from about 2016 on",
    "../..": "at a time not known",
    "2007-12-11T07:18:00": "11 December 2007, 07:18",
    "2007-12-11T07:18:00Z": "11 December 2007, 07:18 UTC",
    "2021-10-06T18:41:00+11:00": "6 October 2021, 18:41 UTC+11:00",
    "Y17000": "17000",
    "Y-17000": "17001 BC",
    "2002-99": "2002-99",
    "yesterday": "yesterday",
    "": "",
}


@pytest.mark.parametrize("edtf", WORDS)
def test_dates_are_written_in_words(edtf: str) -> None:
    assert len(WORDS) == 30
    if edtf == "":
        assert dates.words(edtf) == ""
    else:
        assert dates.words(edtf) == WORDS[edtf]


@LAW
@given(st.floats(-4e6, 4e6), st.floats(7, 4e6))
def test_ticks_of_time_are_few_in_order_and_within_the_axis(start: float, length: float) -> None:
    end = start + length
    found = dates.ticks(start, end, 10)
    days = [tick.day for tick in found]
    assert days == sorted(set(days))
    assert all(start <= day <= end for day in days)
    assert 2 <= len(found) <= 13
    assert all(tick.label for tick in found)
    assert len({(tick.label, tick.year) for tick in found if tick.year}) == len(
        [tick for tick in found if tick.year]
    )


@given(st.integers(-4_000_000, 4_000_000))
def test_days_are_numbered_without_gaps(number: int) -> None:
    year, month, day = dates._civil(number)
    assert dates.ordinal(year, month, day) == number
    sign = "-" if year < 0 else ""
    assert dates.day(f"{sign}{abs(year):04}-{month:02}-{day:02}T12:00:00Z") == number + 0.5


@pytest.mark.parametrize("instant", [None, "", "2002", "2002-02-30T00:00:00Z", "2002-09-17"])
def test_what_is_no_instant_has_no_place_in_time(instant: str | None) -> None:
    assert dates.day(instant) is None


@LAW
@given(LABELS, st.floats(120, 400), st.integers(1, 4), st.booleans())
def test_text_is_broken_into_lines_that_fit_and_nothing_is_lost(
    label: str, room: float, most: int, bold: bool
) -> None:
    face = lettering.Face(bold=bold)
    text = lettering.isolated(label)
    lines = lettering.wrap(text, room, face, most)
    assert len(lines) <= most
    assert all(lettering.width(line, face) <= room for line in lines)
    assert all(line.count("\u2068") == line.count("\u2069") for line in lines)
    bare = "".join(lines).translate({0x2068: None, 0x2069: None, 0x20: None})
    whole = lettering.clean(label).replace(" ", "")
    assert bare == whole or (bare.endswith("…") and whole.startswith(bare.rstrip("…")))
    free = lettering.wrap(text, room, face, 10_000)
    assert "".join(free).translate({0x2068: None, 0x2069: None, 0x20: None}) == whole


MEASURED = {
    "Kim Jong-il admits abductions": (1487, 1687),
    "WILLIAM MCMAHON & SONS, 1,024%": (1863, 2085),
    "illicit filling; jilted": (852, 998),
    "Çağdaş Łódź naïve façade": (1312, 1462),
    "Владимир Путин": (887, 972),
    "Ελληνική Δημοκρατία": (1094, 1224),
    "وزارة الخارجية اليابانية": (925, 1118),
    "משרד החוץ": (494, 540),
    "日本政府は拉致問題": (900, 900),
}
"""Widths at size 100, regular and bold, as drawn: of Liberation and DejaVu Sans the wider one."""


@pytest.mark.parametrize("text", MEASURED)
def test_text_is_reckoned_at_least_as_wide_as_it_is_drawn(text: str) -> None:
    assert len(MEASURED) == 9
    for bold, measured in zip((False, True), MEASURED[text], strict=True):
        reckoned = lettering.width(text, lettering.Face(size=100, bold=bold))
        assert measured <= reckoned < 1.8 * measured


@LAW
@given(LABELS)
def test_cleaning_leaves_a_line_that_cleaning_leaves_alone(label: str) -> None:
    text = lettering.clean(label)
    assert lettering.clean(text) == text
    assert len(text) <= lettering.MOST
    assert not set(text) & set("\n\r\t\0\u202e\u2066\ufffe\ufeff")


def test_what_is_cut_short_is_whole_in_the_tooltip() -> None:
    label = "a very long name " * 30
    root = parsed(picture(thing(timeline=(event(label, "2002"),))))
    (row,) = groups(root, "event")
    cut = [text for text in row.iter(f"{SVG}text") if text_of(text).endswith("…")]
    assert len(cut) == 1
    assert cut[0].findtext(f"{SVG}title") == label.strip()


def test_a_text_from_right_to_left_keeps_its_place() -> None:
    label = "اختطاف المواطنين اليابانيين من قبل كوريا الشمالية"
    root = parsed(picture(thing(timeline=(event(label, "2002"),))))
    (row,) = groups(root, "event")
    turned = [text for text in row.iter(f"{SVG}text") if text.get("direction") == "rtl"]
    assert turned
    (mark,) = marks(row)
    assert all(box.right < mark.left for box in text_boxes(row))


def test_the_founding_corpus_is_drawn_without_overlaps(built: Workspace) -> None:
    things = {
        "north-korea": ("Claims that contradict each other", "accepted", "rejected", "until 2016"),
        "abduction-issue": (
            "Accounts differ by 6 days",
            "Close-up",
            "1970s – 1980s",
            "at least 17",
        ),
        "kim-jong-il-admits-abductions": ("11 September 2002", "17 September 2002", "Malcolm Cook"),
        "article:f3ba54f74531": ("11 December 2007, 07:18", "proposed", "more than 17 persons"),
        "claim:cc212dc1fd1e-820-866": ("unnamed critics of United States policy", "Mike Pompeo"),
        "tokyo": ("Pompeo visits Tokyo", "uncertain or inferred"),
        "europe": ("Europe", "place"),
    }
    assert len(things) == 7
    with built.reading() as store:
        for name, parts in things.items():
            node = resolve(store, built.prefixes, name)
            root = parsed(picture(gather.card(store, node, built.prefixes)))
            check_overlaps(root)
            shown = words(root)
            for part in parts:
                assert part in shown, (name, part)


def test_an_empty_card_says_that_there_is_nothing_to_draw() -> None:
    shown = words(parsed(picture(thing())))
    assert "North Korea" in shown
    assert "Nothing to draw" in shown


def test_the_title_and_the_description_say_what_is_drawn() -> None:
    card = thing(disputes=(dispute("accepted"),), timeline=(event("a", "2002"), event("b")))
    root = parsed(picture(card))
    assert root.findtext(f"{SVG}title") == "North Korea"
    described = root.findtext(f"{SVG}desc")
    assert described == ("state: 1 article, 2 events, 1 pair of claims that contradict each other.")
    named = (root.get("aria-labelledby") or "").split()
    assert named == [root.find(f"{SVG}{name}").get("id") for name in ("title", "desc")]  # type: ignore[union-attr]


def test_a_large_card_stays_within_a_megabyte_and_says_what_it_leaves_out() -> None:
    label = "a name of some length for an event that went on " * 2
    card = thing(
        timeline=tuple(event(f"{label}{n}", str(1000 + n)) for n in range(400)),
        disputes=tuple(dispute("proposed", f"{label * 5} {n}", label * 5) for n in range(120)),
        numbers=(Numbers(iri="n", population="people", readings=(), differ=False),),
        totals=(("disputes", 150), ("numbers", 9), ("timeline", 1_400)),
    )
    svg = picture(card)
    root = parsed(svg)
    assert len(svg.encode()) < 1_000_000
    assert len(groups(root, "event")) == timeline.EVENTS == 300
    assert len(groups(root, "dispute")) == 100
    assert "and 1,100 more events, not drawn here" in words(root)
    assert "and 50 more pairs, not drawn here" in words(root)
    assert "and 8 more counts, not drawn here" in words(root)


def test_the_same_card_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import hashlib; from kg.show.card import Card; from kg.show.picture import picture; "
        "from tests.test_picture import *; "
        "print(hashlib.sha256(picture(thing(disputes=(dispute('accepted'),), "
        "timeline=tuple(event(e, e) for e in EDTF))).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    card = thing(disputes=(dispute("accepted"),), timeline=tuple(event(e, e) for e in EDTF))
    assert seen == {hashlib.sha256(picture(card).encode()).hexdigest()}

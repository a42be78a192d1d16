"""Cards of things in the founding corpus and in the sample, and of things that are hard to show.

`golden/show` has whole cards as they read at 80 columns; delete one and it is written again.
"""

from __future__ import annotations

import json
import random
import re
import shlex
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError, NotFoundError
from kg.names import resolve
from kg.query import run, stored
from kg.show.card import Card
from kg.show.gather import card
from kg.show.known import chronological, moment
from kg.show.text import as_json, as_markdown, as_text
from kg.show.thing import KINDS, Found, Row, Thing, fair
from kg.store import named_graphs, open_store, select
from kg.table import length
from kg.vocab import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.store import GraphStore
    from kg.workspace import Workspace

GOLDEN = Path(__file__).with_name("golden") / "show"
GOLDEN_CARDS = {
    "admission": "event:kim-jong-il-admits-abductions",
    "denial": "claim:cc212dc1fd1e-2992-3036",
    "pompeo": "actor:mike-pompeo",
}


@pytest.fixture(scope="module")
def store(built: Workspace) -> Iterator[GraphStore]:
    with built.reading() as opened:
        yield opened


@pytest.fixture(scope="module")
def show(store: GraphStore, built: Workspace) -> Callable[..., Card]:
    """The card of something in the founding corpus, by its name."""

    def show(name: str, limit: int | None = None) -> Card:
        return card(store, resolve(store, built.prefixes, name), built.prefixes, limit)

    return show


@pytest.fixture(scope="module")
def everything(store: GraphStore) -> list[ox.NamedNode]:
    """All that has a card, but of the claims every seventh."""
    found = []
    for class_ in KINDS.values():
        rows = select(store, f"SELECT DISTINCT ?x {{ ?x a {class_} }}")
        things = {x for row in rows if isinstance(x := row["x"], ox.NamedNode)}
        # The concepts of our own schemes are topics as well, but nobody's.
        own = sorted(x for x in map(str, things) if "example.org" in x)
        found += own[::7] if class_ == KINDS["claim"] else own
    return [ox.NamedNode(x[1:-1]) for x in dict.fromkeys(found)]


def short(iri: str) -> str:
    return iri.removeprefix("https://example.org/kg/id/")


# What a reader of the two articles expects


def test_an_actor_comes_with_kind_names_and_link(show: Callable[..., Card]) -> None:
    found = show("North Korea")
    assert (found.name, found.kind, found.what) == ("North Korea", "actor", "state")
    assert found.aliases == ("North Korean regime", "the North")
    (link,) = found.links
    assert link.iri == "http://www.wikidata.org/entity/Q423"
    assert (link.status, link.confidence, link.close) == ("accepted", "0.99", False)


def test_an_actors_own_claims_stand_apart_from_those_of_others(show: Callable[..., Card]) -> None:
    found = show("North Korea")
    assert [short(said.iri) for said in found.says] == [
        "claim/cc212dc1fd1e-2965-2987",
        "claim/cc212dc1fd1e-2992-3036",
        "claim/cc212dc1fd1e-4288-4358",
        "claim/cc212dc1fd1e-4399-4425",
    ]
    assert found.says[1].polarity == "negative"
    assert (found.says[1].start, found.says[1].end) == (2992, 3036)
    assert found.says[2].modality == "demand"
    assert len(found.about) == 37
    assert not {said.iri for said in found.says} & {said.iri for said in found.about}
    assert all(found.name not in said.sources for said in found.about)


def test_a_claims_date_is_its_own_or_that_of_the_article(show: Callable[..., Card]) -> None:
    by_iri = {short(said.iri): said for said in show("North Korea").about}
    admission = by_iri["claim/f3ba54f74531-1000-1015"]
    assert admission.made is not None
    assert (admission.made.edtf, admission.made.basis) == ("2002-09-11", "stated")
    figure = by_iri["claim/f3ba54f74531-369-398"]
    assert figure.made is None
    assert figure.article is not None
    assert figure.article.author == "Malcolm Cook"
    assert figure.article.published is not None
    assert figure.article.published.edtf == "2007-12-11T07:18:00"


def test_a_dispute_has_the_things_own_side_on_the_left(show: Callable[..., Card]) -> None:
    disputes = show("North Korea").disputes
    assert [dispute.status for dispute in disputes] == [
        *("accepted", "proposed"),  # its own come first, then those about it
        *("accepted", "proposed", "proposed", "rejected"),
    ]
    assert [dispute.left.sources for dispute in disputes[:2]] == [("North Korea",)] * 2
    assert disputes[0].right.text == (
        "By official count, 17 people are victims of abduction by North Korea."
    )
    assert (disputes[0].confidence, disputes[0].judge) == ("0.9", "newskg founders")
    assert disputes[0].note is not None
    other = show("Japan").disputes
    assert [d.left.sources for d in other if short(d.right.iri).endswith("2992-3036")] == [
        ("Japan",)
    ]


def test_numbers_that_differ_say_who_gives_which(show: Callable[..., Card]) -> None:
    numbers = show("abduction issue").numbers
    assert len(numbers) == 7
    assert [n.population for n in numbers if n.differ] == [
        "Japanese citizens abducted by North Korea"
    ]
    assert [(r.words, r.said.sources, short(r.said.iri)) for r in numbers[0].readings] == [
        ("at least 17 persons", ("Japan",), "claim/f3ba54f74531-369-398"),
        ("more than 17 persons", ("Japan",), "claim/f3ba54f74531-448-464"),
        ("more than 17 persons", ("Japan",), "claim/cc212dc1fd1e-2884-2904"),
    ]
    assert numbers[0].total == 3


def test_what_is_counted_has_its_numbers_first(show: Callable[..., Card]) -> None:
    numbers = show("actor:recognised-abductees").numbers
    assert [r.words for r in numbers[0].readings] == ["exactly 17 persons"]
    assert short(numbers[0].iri) == "actor/recognised-abductees"


def test_an_event_has_both_dates_and_by_whose_account(show: Callable[..., Card]) -> None:
    (event,) = show("event:kim-jong-il-admits-abductions").timeline
    assert [(date.when.edtf, date.when.basis, date.accounts) for date in event.dates] == [
        ("2002-09-11", "stated", ("North Korea 'abducting' the US-Japan alliance",)),
        ("2002-09-17", "external", ("analysis",)),
    ]
    assert event.participants == (("speaker", "Kim Jong-il"),)
    assert event.kind == "statement"
    assert event.factuality == "positive certain"


def test_an_event_has_the_claims_that_assert_it_and_its_parts(show: Callable[..., Card]) -> None:
    found = show("event:us-north-korea-summit")
    assert [short(event.iri) for event in found.timeline] == [
        "event/kim-denuclearisation-pledge",
        "event/us-north-korea-summit",
    ]
    assert dict(found.facts)["Parts"] == (
        "Kim Jong Un pledges denuclearisation (event:kim-denuclearisation-pledge)"
    )
    assert "claim/cc212dc1fd1e-1337-1403" in {short(said.iri) for said in found.about}
    admission = show("event:kim-jong-il-admits-abductions")
    assert [said.sources for said in admission.about] == [
        ("Malcolm Cook",),
        ("Ministry of Foreign Affairs of Japan",),
    ]


def test_a_cause_says_by_whose_account(show: Callable[..., Card]) -> None:
    elevated = show("event:abduction-issue-elevated")
    friction = show("event:us-japan-friction-over-abductions")
    causes = [value for name, value in friction.facts if name == "Caused by"]
    assert [cause.partition("), by the account of ")[::2] for cause in causes] == [
        (
            "Abe puts the abductions level with the weapons (event:abe-elevates-abduction-issue",
            "After North Korea, Pompeo Visits Japan to Meet With US Allies",
        ),
        (
            f"{elevated.name} (event:abduction-issue-elevated",
            "North Korea 'abducting' the US-Japan alliance",
        ),
    ]
    assert "Led to" in dict(elevated.facts)
    assert {short(event.iri) for event in elevated.timeline} >= {
        "event/us-japan-friction-over-abductions",
        "event/abduction-issue-elevated",
    }


def test_a_topic_takes_in_its_narrower_topics(show: Callable[..., Card]) -> None:
    found = show("topic:abduction-issue")
    assert dict(found.facts)["Part of"].endswith("(topic:japan-north-korea-relations)")
    assert len(found.about) == 62
    wider = show("topic:japan-north-korea-relations")
    assert {said.iri for said in found.about} < {said.iri for said in wider.about}
    assert {d.left.iri for d in found.disputes} <= {d.left.iri for d in wider.disputes}
    assert len(found.disputes) == 7
    assert len(found.timeline) == 18


def test_positions_say_who_holds_them_and_who_says_so(show: Callable[..., Card]) -> None:
    positions = show("topic:abduction-solution").positions
    assert [(p.holder, p.stance, p.said.sources) for p in positions] == [
        ("Japan", "supports", ("Japan",)),
        ("North Korea", "conditional support", ("North Korea",)),
        ("North Korea", "opposes", ("North Korea",)),
    ]


def test_a_claim_has_its_chain_of_reporters(show: Callable[..., Card]) -> None:
    found = show("claim:cc212dc1fd1e-1894-1975")
    assert found.subject is not None
    assert found.subject.sources == ("Japanese respondents of the joint survey",)
    chain = [(r.words, r.depth, r.said.sources) for r in found.relations]
    assert chain == [
        ("reported by", 1, ("The Hankook Ilbo", "The Yomiuri Shimbun")),
        ("reported by", 2, ("unnamed author of the 2018 article",)),
    ]
    outer = show("claim:cc212dc1fd1e-1846-1975")
    assert [(r.words, short(r.said.iri)) for r in outer.relations] == [
        ("reported by", "claim/cc212dc1fd1e-1786-1844"),
        ("reports", "claim/cc212dc1fd1e-1894-1975"),
        ("supports", "claim/cc212dc1fd1e-1731-1771"),
    ]


def test_a_claim_has_what_agrees_with_it_and_what_it_is_a_reason_for(
    show: Callable[..., Card], store: GraphStore
) -> None:
    (agreement,) = show("claim:f3ba54f74531-369-398").relations
    assert (agreement.words, agreement.status) == ("agrees with", "accepted")
    assert agreement.confidence == "0.85"
    assert short(agreement.said.iri) == "claim/cc212dc1fd1e-2818-2863"
    rows = list(
        select(
            store,
            "PREFIX kg: <https://w3id.org/newskg/ontology#>"
            "SELECT DISTINCT ?a ?b { ?a kg:supports ?b } ORDER BY ?a ?b LIMIT 1",
        )
    )
    reason, claim = (row.value for row in rows[0])
    assert ("supports", claim) in {(r.words, r.said.iri) for r in show(reason).relations}
    assert ("supported by", reason) in {(r.words, r.said.iri) for r in show(claim).relations}


def test_a_claim_from_outside_has_its_reference(show: Callable[..., Card]) -> None:
    found = show("claim:mofa-2002-09-17-admission")
    assert found.subject is not None
    assert found.subject.article is None
    assert found.subject.reference == "https://www.mofa.go.jp/region/asia-paci/n_korea/pmv0209/"
    assert [short(d.left.iri) for d in found.disputes] == ["claim/mofa-2002-09-17-admission"]


def test_an_article_has_who_wrote_it_and_all_that_it_says(show: Callable[..., Card]) -> None:
    found = show("article:cc212dc1fd1e")
    facts = dict(found.facts)
    assert facts["Published"] == "2018-06-17/2018-07 (inferred)"
    assert facts["Author"].startswith("unnamed author of the 2018 article (actor:")
    assert facts["Text"] == ("003_584a8cfb245f9747.txt, 6146 characters, retrieval date not known")
    assert len(found.says) == 100
    starts = [said.start for said in found.says if said.made is None]
    assert starts == sorted(starts, key=lambda start: start or 0)
    assert not found.about
    assert not found.articles
    assert len(found.timeline) > 10


def test_a_place_has_its_events_and_the_links_that_were_refused(show: Callable[..., Card]) -> None:
    found = show("Pyongyang")
    assert found.kind == "place"
    assert [(link.iri.rpartition("/")[2], link.status) for link in found.links] == [
        ("Q18808", "accepted"),
        ("Q109386", "rejected"),
    ]
    assert [short(event.iri) for event in found.timeline] == ["event/pompeo-visits-pyongyang"]
    assert [short(article.iri) for article in found.articles] == ["article/cc212dc1fd1e"]


def test_the_sample_has_cards_too(built_sample: Workspace) -> None:
    with built_sample.reading() as store:
        prefixes = built_sample.prefixes
        mayor = card(store, resolve(store, prefixes, "Ines Calder"), prefixes)
        ferries = card(store, resolve(store, prefixes, "topic:ferries"), prefixes)
    assert [(said.text, said.modality) for said in mayor.says] == [
        ("The wall of the harbour will gain two metres or more by winter.", "prediction"),
        ("All ferries keep running while the wall is built.", "commitment"),
    ]
    assert {said.sources for said in ferries.about} == {("Ines Calder",), ("Northline",)}
    assert [reading.words for reading in ferries.numbers[0].readings] == ["exactly 2 ship"]


# A choice where there is much


def test_of_numbers_only_those_are_read_that_are_shown(
    show: Callable[..., Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def recorded(thing: Thing, sparql: str) -> list[Row]:
        asked.append(sparql)
        return rows(thing, sparql)

    rows = Thing.rows
    for name in ("abduction issue", "actor:japan", "actor:north-korea"):
        whole = show(name)
        assert len(whole.numbers) > 1
        for limit in (1, 2, 5):
            with monkeypatch.context() as patch:
                patch.setattr(Thing, "rows", recorded)
                asked.clear()
                some = show(name, limit)
            assert [n.iri for n in some.numbers] == [n.iri for n in whole.numbers[:limit]]
            assert [(n.total, n.differ) for n in some.numbers] == [
                (n.total, n.differ) for n in whole.numbers[:limit]
            ]
            read = [q for q in asked if str(SCHEMA.unitText) in q]
            assert sum(q.count("/id/") for q in read) == min(limit, len(whole.numbers))


def test_a_limit_leaves_out_and_says_how_much(show: Callable[..., Card]) -> None:
    whole, some = show("topic:abduction-issue"), show("topic:abduction-issue", 5)
    parts = ("says", "about", "disputes", "positions", "numbers", "timeline", "articles")
    totals = {part: len(getattr(whole, part)) for part in parts}
    assert dict(some.totals) == {part: n for part, n in totals.items() if n > 5}
    assert {part: len(getattr(some, part)) for part in parts} == {
        part: min(n, 5) for part, n in totals.items()
    }
    assert whole.totals == ()
    for part in ("about", "disputes", "positions", "timeline"):
        chosen = getattr(some, part)
        assert [x for x in getattr(whole, part) if x in chosen] == list(chosen)


def test_the_choice_hears_every_source_before_any_twice(show: Callable[..., Card]) -> None:
    whole = show("topic:abduction-issue")
    sources = {said.sources for said in whole.about}
    for limit in (3, 5, len(sources), 20):
        chosen = [said.sources for said in show("topic:abduction-issue", limit).about]
        assert len(set(chosen)) == min(limit, len(sources))


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(1, 9)), max_size=40
    ),
    st.integers(0, 12),
    st.randoms(use_true_random=False),
)
def test_the_choice_is_fair_and_does_not_hang_on_the_order(
    items: list[tuple[str, str, int]], limit: int, order: random.Random
) -> None:
    found = [
        Found((ox.NamedNode(f"x:{n}"),), group, subgroup, f"200{year}-01-01T00:00:00Z")
        for n, (group, subgroup, year) in enumerate(items)
    ]
    chosen = fair(found, limit)
    assert len(chosen) == min(limit, len(found))
    assert chosen == fair(order.sample(found, len(found)), limit)
    counts = {g: sum(f.group == g for f in chosen) for g, _, _ in items}
    sizes = {g: sum(f.group == g for f in found) for g, _, _ in items}
    for one in counts:
        for other in counts:
            assert counts[one] >= min(sizes[one], counts[other] - 1)


def test_the_number_of_queries_does_not_grow_with_the_data(
    store: GraphStore, built: Workspace, everything: list[ox.NamedNode]
) -> None:
    asked: list[str] = []

    class Counting:
        def query(self, sparql: str) -> Any:
            asked.append(sparql)
            return store.query(sparql)

    counts = {}
    for node in everything:
        asked.clear()
        card(Counting(), node, built.prefixes)  # type: ignore[arg-type]
        counts[node] = len(asked)
    assert len(counts) == 143
    assert max(counts.values()) <= 45


def test_what_is_left_out_is_to_be_had_by_the_command_that_is_named(
    show: Callable[..., Card], store: GraphStore, built: Workspace
) -> None:
    queries = {name: stored.load(path) for name, path in stored.find([]).items()}
    commands: set[str] = set()
    names = ("actor:north-korea", "topic:abduction-issue", "article:cc212dc1fd1e")
    for name in (*names, "event:abductions-of-japanese-citizens"):
        text = as_text(show(name, 1), built.prefixes, 1000)
        commands |= set(re.findall(r"more: kg query (.*)", text))
        assert len(re.findall(r"\d more", text)) == text.count("more: kg ")
        assert set(re.findall(r"more: kg show (.*)", text)) <= {f"{name} -f json"}
    assert len(commands) == 15
    for command in commands:
        name, *words = shlex.split(command)
        values = {
            option.removeprefix("--"): value
            for option, value in zip(words[::2], words[1::2], strict=True)
        }
        answer = run(store, queries[name], values, built.prefixes)
        assert isinstance(answer, ox.QuerySolutions)
        assert len(list(answer)) > 1, command


# On paper


@pytest.mark.parametrize("name", GOLDEN_CARDS)
def test_the_cards_read_as_they_did(name: str, show: Callable[..., Card], built: Workspace) -> None:
    file = GOLDEN / f"{name}.txt"
    text = as_text(show(GOLDEN_CARDS[name], 20), built.prefixes, 80)
    if not file.exists():
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_there_are_as_many_golden_cards_as_there_were() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == GOLDEN_CARDS.keys()
    assert len(GOLDEN_CARDS) == 3


def test_both_sides_stand_next_to_each_other_where_there_is_room(
    show: Callable[..., Card], built: Workspace
) -> None:
    found = show("claim:cc212dc1fd1e-2992-3036")
    for width in (70, 80, 120):
        lines = as_text(found, built.prefixes, width).splitlines()
        (beside,) = [line for line in lines if line.endswith("│ Japan")]
        assert beside.startswith("  North Korea ")
        columns = {line.index("│") for line in lines if "│" in line}
        assert len(columns) == 1
    lines = as_text(found, built.prefixes, 69).splitlines()
    assert "  │ North Korea" in lines
    assert lines.index("  │ North Korea") < lines.index("  against") < lines.index("  │ Japan")


@pytest.mark.parametrize("width", [20, 21, 34, 49, 50, 69, 70, 71, 80, 100, 131, 200])
def test_no_line_is_wider_than_asked(
    width: int, store: GraphStore, built: Workspace, everything: list[ox.NamedNode]
) -> None:
    for node in everything[:: 5 if width == 80 else 23]:
        text = as_text(card(store, node, built.prefixes, 20), built.prefixes, width)
        assert max(map(length, text.splitlines())) <= width
        assert not re.search(r" $|\n\n\n|\n\Z\n", text, re.MULTILINE)


def test_what_is_usual_is_not_said_of_every_claim(
    show: Callable[..., Card], built: Workspace
) -> None:
    text = as_text(show("North Korea"), built.prefixes, 80)
    assert "positive" not in text
    assert "assertion" not in text
    assert "negative · claim:cc212dc1fd1e-2992-3036" in text
    assert "    claim:cc212dc1fd1e-2965-2987\n" in text
    own = as_text(show("claim:cc212dc1fd1e-2965-2987"), built.prefixes, 80)
    assert "positive, certain, assertion" in own


def test_json_has_all_fields_in_a_stable_order(show: Callable[..., Card]) -> None:
    found = show("North Korea")
    data = json.loads(as_json(found))
    assert list(data) == [field.name for field in fields(Card)]
    assert data == json.loads(as_json(show("North Korea")))

    def same(value: Any, plain: Any) -> bool:
        if is_dataclass(value):
            return all(same(getattr(value, f.name), plain[f.name]) for f in fields(value))
        if isinstance(value, tuple):
            return len(value) == len(plain) and all(map(same, value, plain))
        return bool(value == plain)

    assert same(found, data)


def test_markdown_has_what_the_text_has(show: Callable[..., Card], built: Workspace) -> None:
    for name in GOLDEN_CARDS.values():
        found = show(name)
        text, markdown = as_text(found, built.prefixes, 10_000), as_markdown(found, built.prefixes)
        assert markdown.startswith("# ")
        assert markdown.count("| --- | --- |") == len(found.disputes)
        plain = markdown.replace("\\", "")
        assert set(re.findall(r"\w+", text)) <= set(re.findall(r"\w+", plain)), name


# What is hard to show


HEAD = """
@prefix kg: <https://w3id.org/newskg/ontology#> . @prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix schema: <http://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix x: <http://x.example/> .
"""
PREFIXES = {"x": "http://x.example/", "kgs": "https://w3id.org/newskg/scheme/"}


def small(turtle: str) -> GraphStore:
    store = open_store("memory:")
    triples = [quad.triple for quad in ox.parse(HEAD + turtle, format=ox.RdfFormat.TURTLE)]
    store.put(ox.NamedNode("http://x.example/graph"), triples)
    return store


def of(store: GraphStore, name: str, limit: int | None = None) -> Card:
    return card(store, ox.NamedNode(f"http://x.example/{name}"), PREFIXES, limit)


HOSTILE = [
    "plain",
    "esc\x1b[31mred\x1b[0m bell\x07 null-ish\x01",
    "right\u202eto\u202cleft \u2066isolated\u2069 \u200fmark",
    "two\nlines\r\nand\ttabs\u2028separated\u2029",
    "東京の拉致問題" * 9,
    "שלום עולם مرحبا بالعالم",
    "e\u0301" * 60,
    "long " * 1000,
    "x" * 5000,
    "| pipe ` tick * star _ under < less & amp [link](x) # hash",
    "   ",
    "\U0001f469\u200d\U0001f52c emoji",
]


@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_no_label_moves_the_cursor_or_breaks_a_line(label: str) -> None:
    literal = ox.Literal(label)
    store = small(
        f"""
        x:a a kg:Actor ; rdfs:label {literal} ; skos:altLabel {literal} ; skos:scopeNote {literal} .
        x:b a kg:Article ; schema:headline {literal} ; schema:author x:a ; schema:encoding x:text .
        x:m kg:refersTo x:a ; kg:inText x:text .
        x:c a kg:Claim ; kg:source x:a ; schema:text {literal} ; schema:appearance x:b ;
            schema:about x:d ; kg:quantity x:q ; kg:asserts x:e , x:s .
        x:d a kg:Claim ; kg:source x:f ; schema:text {literal} ; schema:about x:a .
        x:f a kg:Actor ; rdfs:label {literal} .
        x:q kg:population x:a ; kg:quantifier kgs:quantifier-about ; schema:value 3 ;
            schema:unitText {literal} .
        x:e a kg:Event ; rdfs:label {literal} ; kg:kind kgs:event-other ; kg:participation x:p .
        x:p kg:actor x:a ; kg:role kgs:role-agent .
        x:s a kg:Stance ; kg:actor x:a ; schema:about x:f ; kg:stance kgs:stance-doubts .
        x:j a kg:Judgement ; kg:from x:d ; kg:relation kg:contradicts ; kg:to x:c ;
            kg:status kgs:status-accepted ; skos:editorialNote {literal} .
        """
    )
    for name in ("a", "b", "c", "d", "e", "f"):
        found = of(store, name)
        for width in (20, 49, 80, 200):
            text = as_text(found, PREFIXES, width)
            assert not re.search(
                r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", text
            )
            assert max(map(length, text.split("\n"))) <= width
            assert len(text) < 40_000
        markdown = as_markdown(found, PREFIXES)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\u2028-\u202e]", markdown)
        json.loads(as_json(found))
    whole = of(store, "a")
    assert whole.name == (label if label.strip() else "x:a")
    assert json.loads(as_json(whole))["name"] == whole.name
    assert [len(getattr(whole, part)) for part in _PARTS] == [1, 1, 1, 1, 1, 1, 1]


_PARTS = ("says", "about", "disputes", "positions", "numbers", "timeline", "articles")


def test_what_has_no_label_goes_by_its_short_iri() -> None:
    store = small(
        "x:a a kg:Actor . x:c a kg:Claim ; kg:source x:a , x:b ; schema:about x:t . "
        "x:t a skos:Concept ."
    )
    assert of(store, "a").name == "x:a"
    claim = of(store, "c")
    assert claim.subject is not None
    assert (claim.name, claim.subject.text) == ("x:c", "x:c")
    assert claim.subject.sources == ("x:a", "x:b")
    assert claim.subject.polarity == ""
    text = as_text(of(store, "t"), PREFIXES, 80)
    assert "x:a, x:b\n" in text
    assert "from outside\n" in text


def test_what_nothing_is_said_about_says_so() -> None:
    text = as_text(of(small('x:p a schema:Place ; rdfs:label "Nowhere" .'), "p"), PREFIXES, 80)
    assert text == (
        "Nowhere\n═══════\nplace · x:p\n\nNo article, claim or event has anything about it.\n"
    )


def test_dates_may_be_open_uncertain_or_far_away() -> None:
    dates = {
        "before": ("../1999", None, "1999-12-31T23:59:59Z"),
        "after": ("2001/..", "2001-01-01T00:00:00Z", None),
        "about": ("2000~", "2000-01-01T00:00:00Z", "2000-12-31T23:59:59Z"),
        "rome": ("-0043", "-0043-01-01T00:00:00Z", "-0043-12-31T23:59:59Z"),
        "far": ("Y12000", "12000-01-01T00:00:00Z", "12000-12-31T23:59:59Z"),
        "bare": ("", None, None),
    }
    turtle = "x:a a kg:Actor . x:none a kg:Event ; kg:participation x:part . "
    turtle += "x:part kg:actor x:a ; kg:role kgs:role-agent . "
    for name, (edtf, earliest, latest) in dates.items():
        turtle += f"x:{name} a kg:Event ; kg:participation x:part ; kg:when x:d-{name} . "
        turtle += f'x:d-{name} skos:notation "{edtf}" . ' if edtf else ""
        turtle += f'x:d-{name} kg:earliest "{earliest}" . ' if earliest else ""
        turtle += f'x:d-{name} kg:latest "{latest}" . ' if latest else ""
    found = of(small(turtle), "a").timeline
    assert [event.label for event in found] == [
        *("x:rome", "x:before", "x:about", "x:after", "x:far"),
        *("x:bare", "x:none"),
    ]
    assert [event.dates[0].when.edtf for event in found if event.dates] == [
        *("-0043", "../1999", "2000~", "2001/..", "Y12000"),
        "d-bare",
    ]
    text = as_text(of(small(turtle), "a"), PREFIXES, 80)
    assert [line.split()[0] for line in text.splitlines() if " x:" in line and line[0] != " "] == [
        *("actor", "-0043", "../1999", "2000~", "2001/..", "Y12000", "d-bare", "no"),
    ]


def test_instants_sort_by_time_and_not_by_letter() -> None:
    ordered = ["-0043-03-15T00:00:00Z", "0001-01-01T00:00:00Z", "2007-12-11T00:00:00Z"]
    ordered += ["2007-12-11T00:00:01Z", "12000-01-01T00:00:00Z", "~"]
    assert sorted(ordered, key=moment) == ordered
    assert chronological(None) > (1,)


def test_a_ring_of_reports_and_of_topics_comes_to_an_end() -> None:
    store = small(
        "x:a a kg:Claim ; kg:asserts x:b . x:b a kg:Claim ; kg:asserts x:a . "
        "x:s a skos:Concept ; skos:broader x:t . x:t a skos:Concept ; skos:broader x:s ."
    )
    assert [(r.words, r.depth) for r in of(store, "a").relations] == [
        ("reported by", 1),
        ("reports", 1),
    ]
    assert dict(of(store, "s").facts) == {"Part of": "x:t (x:t)", "Covers": "x:t (x:t)"}


def test_events_say_how_surely_they_are_asserted() -> None:
    def timeline(*ways: str) -> str:
        turtle = "x:a a kg:Actor . x:p kg:actor x:a ; kg:role kgs:role-agent . "
        turtle += 'x:e a kg:Event ; rdfs:label "it" ; kg:participation x:p . '
        for number, way in enumerate(ways):
            polarity, certainty = way.split()
            turtle += (
                f"x:c{number} a kg:Claim ; kg:asserts x:e ; kg:polarity kgs:polarity-{polarity} ; "
                f"kg:certainty kgs:certainty-{certainty} . "
            )
        turtle += "".join(
            f'kgs:{family}-{word} rdfs:label "{word}" . '
            for family, word in (
                *(("polarity", word) for word in ("positive", "negative")),
                *(("certainty", word) for word in ("certain", "possible", "probable")),
            )
        )
        return as_text(of(small(turtle), "a"), PREFIXES, 80).splitlines()[-1].strip()

    cases = {
        (): "no claim asserts it · x:e",
        ("positive certain",): "x:e",
        ("positive certain", "positive possible"): "x:e",
        ("positive possible",): "asserted only as possible · x:e",
        ("positive possible", "positive probable"): "asserted only as possible or probable · x:e",
        ("negative certain",): "denied · x:e",
        ("positive certain", "negative certain"): "asserted and denied · x:e",
        ("positive possible", "negative certain"): "asserted only as possible, denied · x:e",
    }
    assert {ways: timeline(*ways) for ways in cases} == cases
    assert len(cases) == 8


def test_data_that_no_shape_would_pass_have_cards_all_the_same() -> None:
    store = small(
        """
        x:a a kg:Actor ; rdfs:label x:label ; skos:altLabel 5 ; kg:kind "person" ;
            skos:exactMatch _:match , "Q1" .
        _:c a kg:Claim ; kg:source x:a ; schema:about x:a , x:t ; kg:quantity _:q .
        _:q kg:population x:a ; schema:value "many" .
        x:c a kg:Claim ; kg:source x:a , _:b , "somebody" ; schema:about x:t ; kg:when "2002" ;
            kg:evidence x:p ; kg:polarity "positive" ; kg:asserts _:e , x:e , "e" , _:s , x:s ;
            schema:appearance _:article , "article" ; kg:quantity x:q .
        x:p <http://www.w3.org/ns/oa#start> "one" ; <http://www.w3.org/ns/oa#end> "two" .
        x:q kg:population x:a ; kg:quantifier "about" .
        x:s a kg:Stance ; kg:actor x:a ; schema:about "issue" .
        _:s a kg:Stance ; kg:actor x:a ; schema:about x:t .
        x:e a kg:Event ; kg:when _:t , "2002" , x:when ; kg:participation _:p .
        x:when kg:earliest "soon" ; kg:latest 7 . _:p kg:actor x:a ; kg:role "agent" .
        _:j kg:from x:c ; kg:relation kg:contradicts ; kg:to x:d .
        x:j kg:from x:c ; kg:relation kg:contradicts ; kg:to x:d , _:c ; kg:status "who knows" ;
            kg:confidence "high" .
        x:k kg:from x:c ; kg:relation kg:contradicts .
        x:t a skos:Concept ; skos:broader _:w . x:d a kg:Claim ; kg:supports x:c , _:c .
        """
    )
    cards = {name: of(store, name, limit) for name in "acetd" for limit in (None, 1)}
    for found in cards.values():
        assert max(map(length, as_text(found, PREFIXES, 60).splitlines())) <= 60
        assert as_markdown(found, PREFIXES)
        assert as_json(found)
    assert [said.iri for said in of(store, "a").says] == ["http://x.example/c"]
    assert [d.status for d in cards["c"].disputes] == ["unknown"]
    assert [event.label for event in of(store, "a").timeline] == ["x:e"]
    assert [r.words for r in of(store, "c").relations] == ["supported by"]
    assert [reading.words for reading in cards["a"].numbers[0].readings] == ["?"]


def test_what_has_no_card_says_what_has(store: GraphStore, built: Workspace) -> None:
    judgement = resolve(store, built.prefixes, "judgement:2bdef10af48ee78e")
    with pytest.raises(InputError, match="judgement:2bdef10af48ee78e has no card") as caught:
        card(store, judgement, built.prefixes)
    assert not isinstance(caught.value, NotFoundError)
    assert (
        caught.value.hint == "kg export judgement:2bdef10af48ee78e has what the graph says about it"
    )
    with pytest.raises(NotFoundError, match="nothing is known of actor:nobody"):
        card(store, built.iris.thing("actor", "nobody"), built.prefixes)


def test_a_merged_thing_leads_to_the_kept_one() -> None:
    store = small('x:old dcterms:isReplacedBy x:new . x:new a kg:Actor ; rdfs:label "New" .')
    assert card(store, resolve(store, PREFIXES, "x:old"), PREFIXES).name == "New"


def test_the_kind_is_found_through_subclasses() -> None:
    store = small("x:Ministry rdfs:subClassOf kg:Actor . x:m a x:Ministry .")
    assert of(store, "m").kind == "actor"


def test_labels_in_other_languages_are_other_names() -> None:
    store = small(
        'x:j a kg:Actor , schema:Place ; rdfs:label "Japan"@en , "日本"@ja , "Japon"@fr ; '
        'skos:altLabel "Nippon" .'
    )
    found = of(store, "j")
    assert (found.kind, found.name) == ("actor", "Japan")
    assert found.aliases == ("Japon", "日本", "Nippon")


# Wherever the data are


def test_the_card_does_not_hang_on_the_order_of_loading(
    store: GraphStore, built: Workspace, everything: list[ox.NamedNode]
) -> None:
    graphs = {graph: sorted(store.get(graph), key=str) for graph in named_graphs(store)}
    order = random.Random(7)  # noqa: S311
    other = open_store("memory:")
    for graph in order.sample(sorted(graphs, key=str), len(graphs)):
        other.put(graph, order.sample(graphs[graph], len(graphs[graph])))
    for node in everything[::3]:
        for limit in (None, 3):
            assert card(store, node, built.prefixes, limit) == card(
                other, node, built.prefixes, limit
            )


class _Rdflib:
    """As much of a store as a card needs, on rdflib: the union of all graphs is the default."""

    def __init__(self, store: GraphStore) -> None:
        import rdflib

        self.dataset = rdflib.Dataset(default_union=True)
        quads = [
            ox.Quad(triple.subject, triple.predicate, triple.object, graph)
            for graph in named_graphs(store)
            for triple in store.get(graph)
        ]
        data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
        self.dataset.parse(data=data, format="nquads")

    def query(self, sparql: str) -> ox.QuerySolutions:
        data = self.dataset.query(sparql).serialize(format="json")
        assert data is not None
        found = ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)
        assert isinstance(found, ox.QuerySolutions)
        return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own, of its own parts
def test_rdflib_gives_the_same_cards(
    store: GraphStore, built: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "rdflib.NORMALIZE_LITERALS", False
    )  # else it writes other dates than it read
    other: Any = _Rdflib(store)
    for name, limit in (
        ("actor/mike-pompeo", None),
        ("topic/us-japan-alliance", 3),
        ("event/us-japan-friction-over-abductions", None),
        ("event/kim-jong-il-admits-abductions", 3),
        ("claim/cc212dc1fd1e-1894-1975", None),
    ):
        node = built.iris.thing(*name.split("/"))
        mine, theirs = (card(each, node, built.prefixes, limit) for each in (store, other))
        assert mine == theirs, name


def test_an_endpoint_gives_the_same_cards(store: GraphStore, built: Workspace, server: str) -> None:
    with open_store(server) as remote:
        remote.update("DROP ALL")
        for graph in named_graphs(store):
            remote.put(graph, list(store.get(graph)))
        for name in ("north-korea", "japan"):
            node = built.iris.thing("actor", name)
            assert card(remote, node, built.prefixes, 9) == card(store, node, built.prefixes, 9)


@settings(max_examples=30)
@given(st.text(max_size=300), st.integers(20, 140))
def test_any_text_is_shown_within_the_width(text: str, width: int) -> None:
    literal = ox.Literal("".join(c for c in text if not 0xD800 <= ord(c) <= 0xDFFF))
    found = of(small(f"x:a a kg:Claim ; schema:text {literal} ; kg:source x:b ."), "a")
    lines = as_text(found, PREFIXES, width).split("\n")
    assert max(map(length, lines)) <= width
    assert lines[-1] == ""

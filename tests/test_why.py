"""From rows to the words: what a reader of the two articles would point at, written down by hand.

The passages of `EXPECTED` were taken from the annotations and not from what the program says:
the year of the article, the offsets, whose words they are, and the words that signal it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from kg.errors import ConfigError
from kg.query import ask, bound, dataset, rows, stored
from kg.query.explained import SHOWN, write
from kg.query.why import AROUND, Support
from kg.store import open_store
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.query.answer import Answer, Row
    from kg.store import GraphStore
    from tests.conftest import NewWorkspace, Run

QUERIES = {name: stored.load(path) for name, path in stored.find([]).items()}
FILES = {"000_dfd6985768308075.txt": "2007", "003_584a8cfb245f9747.txt": "2018"}
MOFA = "https://www.mofa.go.jp/region/asia-paci/n_korea/pmv0209/"
AUTHOR = "unnamed author of the 2018 article"
COOK = "2007 {} Malcolm Cook".format

# query, parameters, the row by some of its columns (how they end), and what it rests on
EXPECTED: list[tuple[str, dict[str, str], dict[str, str], set[str]]] = [
    (
        "claims-by-actor",
        {"actor": "north-korea"},
        {"claim": "cc212dc1fd1e-4399-4425"},
        {"2018 4399-4425 North Korea (insists)", "2018 4338-4358 North Korea (insists)"},
    ),
    (
        "claims-by-actor",
        {"actor": "kim-jong-il"},
        {"claim": "1000-1015"},
        {"2007 1000-1015 Kim Jong-il (admitted to)"},
    ),
    (
        "claims-about-topic",
        {"topic": "us-japan-relations"},
        {"claim": "1929-1958"},
        {COOK("1817-1893"), COOK("1929-1958")},
    ),
    (
        "contradictions",
        {"actor": "north-korea"},
        {"from": "2992-3036", "to": "2818-2863"},
        {
            "2018 2992-3036 North Korea (claims)",
            "2018 2818-2863 Japan (officially recognizes)",
            "accepted: contradicts, confidence 0.9 by newskg founders on 2026-11-21",
        },
    ),
    (
        "corroborated-claims",
        {},
        {"a": "f3ba54f74531-369-398", "b": "cc212dc1fd1e-2818-2863"},
        {
            "2007 369-398 Japan (According to)",
            "2007 465-533 Japan (According to)",
            "2018 2818-2863 Japan (officially recognizes)",
            "accepted: agreesWith, confidence 0.85 by newskg founders on 2026-11-21",
        },
    ),
    (
        "demands",
        {"actor": "japan"},
        {"claim": "cc212dc1fd1e-4327-4358"},
        {"2018 4327-4358 Japan (request)"},
    ),
    (
        "disputed-dates",
        {"event": "kim-jong-il-admits-abductions"},
        {"event": "kim-jong-il-admits-abductions"},
        {
            COOK("976-1038"),
            f"outside Ministry of Foreign Affairs of Japan {MOFA}",
        },
    ),
    (
        "events-between",
        {"from": "2002", "until": "2002"},
        {"event": "five-abductees-repatriated"},
        {f"2018 2906-2935 {AUTHOR}"},
    ),
    (
        "events-of-actor",
        {"actor": "malcolm-cook"},
        {"event": "cook-visits-japan"},
        {COOK("165-240")},
    ),
    (
        "mentions-in-article",
        {"article": "article/f3ba54f74531"},
        {"actor": "kim-jong-il"},
        {"2007 976-987 mention"},
    ),
    (
        "mentions-of-actor",
        {"actor": "kim-jong-un"},
        {"form": "Chairman Kim"},
        {"2018 4237-4249 mention"},
    ),
    (
        "numbers",
        {"population": "other-six-party-states"},
        {"claim": "1721-1815"},
        {COOK("1721-1815")},
    ),
    (
        "differing-numbers",
        {},
        {"thing": "abducted-japanese-citizens"},
        {
            "2007 369-398 Japan (According to)",
            "2007 465-533 Japan (According to)",
            "2007 448-464 Japan (According to)",
            "2018 2884-2904 Japan (suspects)",
        },
    ),
    (
        "predictions",
        {"actor": "malcolm-cook"},
        {"claim": "1960-2030"},
        {COOK("1960-2030"), COOK("2071-2114")},
    ),
    # The second passage is shared with another claim, which is not the one that was asked about.
    (
        "provenance",
        {"claim": "claim/f3ba54f74531-369-398"},
        {"start": "465"},
        {"2007 465-533 Japan (According to)"},
    ),
    (
        "reasons",
        {"claim": "claim/f3ba54f74531-79-124"},
        {"reason": "645-736"},
        {COOK("645-736")},
    ),
    (
        "replaced-claims",
        {},
        {"newer": "947-985"},
        {
            "2018 947-985 United States (phraseology)",
            "2018 1054-1109 Japan, South Korea, United States (agreed-upon language)",
            "accepted: replaces, confidence 0.7 by newskg founders on 2026-11-21",
        },
    ),
    (
        "reported-speech",
        {"source": "kim-jong-il"},
        {"inner": "1000-1015"},
        {COOK("976-1038"), "2007 1000-1015 Kim Jong-il (admitted to)"},
    ),
    (
        "stances",
        {"issue": "us-japan-alliance", "actor": "japanese-conservatives"},
        {"claim": "857-962"},
        {"2007 857-962 Japanese conservatives (seeing)"},
    ),
    ("timeline", {}, {"event": "cook-visits-japan"}, {COOK("165-240")}),
    # Two passages say that it may have happened, and one speaks of it without saying so.
    (
        "unconfirmed-events",
        {},
        {"event": "sneddon-abduction"},
        {f"2018 {place} {AUTHOR}" for place in ("4960-5017", "5004-5017", "5037-5082")},
    ),
    (
        "attributed-claims",
        {"actor": "mike-pompeo"},
        {"claim": "4138-4256"},
        {"2018 4138-4256 Mike Pompeo (emphasized)"},
    ),
    # The friction is told in both articles; that its cause was raising the issue, in the first.
    (
        "causes",
        {"event": "us-japan-friction-over-abductions"},
        {"cause": "abduction-issue-elevated"},
        {COOK("536-644"), COOK("645-736")},
    ),
    (
        "wikidata-links",
        {},
        {"actor": "actor/japan"},
        {"accepted: exactMatch, confidence 0.99 by newskg founders on 2026-11-21"},
    ),
    ("articles", {}, {"article": "f3ba54f74531"}, {"article f3ba54f74531"}),
]
NOTHING_BEHIND = {
    "articles": "its rows are articles",
    "gaps": "its rows are about what articles do not say",
    "wikidata-links": "an actor that was never judged has nothing behind it",
}


def briefly(support: Support) -> str:
    """A support as it is written above."""
    if support.kind == "judgement":
        return f"{support.says} by {support.by} on {support.at}"
    if support.kind == "outside claim":
        return f"outside {support.source} {support.reference}"
    if support.kind == "article":
        return f"article {support.node.rpartition('/')[2]}"
    place = f"{FILES[str(support.file)]} {support.start}-{support.end}"
    if support.kind == "mention":
        return f"{place} mention"
    return f"{place} {support.source}" + (f" ({support.cue})" if support.cue else "")


def value_of(term: object) -> str:
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else ""


@pytest.fixture(scope="module")
def store(built: Workspace) -> Iterator[GraphStore]:
    with built.reading() as opened:
        yield opened


def asked(
    store: GraphStore, workspace: Workspace, name: str, given: dict[str, str], **options: Any
) -> Answer:
    text = bound(store, QUERIES[name], given, workspace.prefixes)
    return rows(store, text, name, workspace.prefixes, with_why=True, **options)


def calls(name: str) -> list[dict[str, str]]:
    query = QUERIES[name]
    given = {key: str(parameter.example) for key, parameter in query.parameters.items()}
    return [given, {key: given[key] for key in query.required}]


@pytest.mark.parametrize(
    ("name", "given", "row", "meant"), EXPECTED, ids=[f"{e[0]}-{e[2]}" for e in EXPECTED]
)
def test_a_row_rests_on_what_a_reader_would_point_at(
    name: str,
    given: dict[str, str],
    row: dict[str, str],
    meant: set[str],
    store: GraphStore,
    built: Workspace,
) -> None:
    found = [
        one
        for one in asked(store, built, name, given)
        if all(value_of(one[column]).endswith(end) for column, end in row.items())
    ]
    assert found
    for one in found:
        assert {briefly(support) for support in one.why} == meant


def test_the_table_of_passages_is_of_many_queries() -> None:
    assert len(EXPECTED) == 25
    assert len({name for name, *_ in EXPECTED}) == 24
    assert {name for name, *_ in EXPECTED} <= QUERIES.keys()


@pytest.mark.parametrize("name", sorted(QUERIES.keys() - {"checks"}))  # has no rows here
def test_every_row_rests_on_something(name: str, store: GraphStore, built: Workspace) -> None:
    kinds = set()
    for given in calls(name):
        answer = asked(store, built, name, given)
        assert len(answer)
        for row in answer:
            kinds |= {support.kind for support in row.why}
            if name not in NOTHING_BEHIND:
                assert row.why, row
            for support in row.why:
                complete(support)
            assert len(set(row.why)) == len(row.why)
    if name in NOTHING_BEHIND:
        assert kinds <= {"article", "judgement"}
    else:
        assert kinds & {"claim", "mention", "outside claim"}


def complete(support: Support) -> None:
    """That a support says all that its kind has to say."""
    assert support.by == "newskg founders"
    assert support.how
    assert re.match(r"2026-11-21", str(support.at))
    if support.kind in {"claim", "mention"}:
        assert support.says
        assert support.start is not None
        assert support.end is not None
        assert support.start < support.end
        assert str(support.passage).endswith(f"#char={support.start},{support.end}")
        assert support.headline
        assert support.published
        assert support.file in FILES
        assert support.words is None or support.kind == "mention"  # the texts are not here
    if support.kind in {"claim", "outside claim"}:
        assert support.source
    if support.kind == "outside claim":
        assert str(support.reference).startswith("https://")
        assert support.start is None
    if support.kind == "judgement":
        assert re.match(r"(accepted|proposed|rejected): \w+, confidence [01]", str(support.says))
        assert support.reference


def test_queries_without_anything_behind_them_are_known() -> None:
    assert NOTHING_BEHIND.keys() <= QUERIES.keys()
    assert len(NOTHING_BEHIND) == 3


# --- the words -------------------------------------------------------------------------------------


def check_words(answer: Answer, texts: dict[str, str]) -> int:
    """That passages are what the texts say where they are said to be; how many there are."""
    number = 0
    for support in {support for row in answer for support in row.why}:
        if support.start is None:
            assert (support.words, support.before, support.after) == (None, None, None)
            continue
        number += 1
        text = texts[str(support.file)]
        start, end = support.start, int(str(support.end))
        before, words, after = map(str, (support.before, support.words, support.after))
        assert words == text[start:end]
        assert text[:start].endswith(before)
        assert text[end:].startswith(after)
        assert len(before) <= AROUND
        assert len(after) <= AROUND
        # What is cut is cut between words: no word here is so long that it is all there is.
        first, last = start - len(before), end + len(after)
        assert first == 0 or text[first - 1].isspace()
        assert last == len(text) or text[last].isspace()
    return number


def test_the_words_of_the_sample_are_those_of_its_texts(built_sample: Workspace) -> None:
    texts = {file.name: file.read_text(encoding="utf-8") for file in built_sample.texts().values()}
    assert texts.keys() == {"ferry.txt", "harbour.txt"}
    number = 0
    with built_sample.reading() as store:
        for name, query in QUERIES.items():
            if query.required:
                continue
            answer = asked(store, built_sample, name, {}, text=built_sample.text_of())
            number += check_words(answer, texts)
        answer = asked(
            store,
            built_sample,
            "claims-by-actor",
            {"actor": "ines-calder"},
            text=built_sample.text_of(),
        )
    assert number > 20
    promise = next(s for row in answer for s in row.why if s.cue == "promised")
    assert promise.words == "no ferry would be cancelled meanwhile"
    assert str(promise.before).endswith("the winter.\nShe promised that ")
    assert str(promise.after).startswith(".\n“We know what the storm")


def test_the_words_of_the_founding_corpus_are_those_of_its_texts(
    new: NewWorkspace, corpus: Path, seeds: Path
) -> None:
    workspace = new("news", corpus, texts=seeds)
    texts = {file: (seeds / file).read_bytes().decode() for file in FILES}
    number = 0
    with workspace.reading() as store:
        for name in QUERIES:
            for given in calls(name):
                answer = asked(store, workspace, name, given, text=workspace.text_of())
                number += check_words(answer, texts)
    assert number > 1000


@pytest.mark.parametrize(
    ("text", "place", "meant"),
    ids=["short", "words", "one word", "boundary", "lines", "scripts"],
    argvalues=[
        ("word", (0, 4), ("", "word", "")),
        ("a b c", (2, 3), ("a ", "b", " c")),
        ("x" * 100 + "Y" + "z" * 100, (100, 101), ("x" * AROUND, "Y", "z" * AROUND)),
        ("ab " * 30 + "Y" + " cd" * 30, (90, 91), ("ab " * 20, "Y", " cd" * 20)),
        ("a\n" + "b " * 40 + "Y" + "\nlong" * 20, (82, 83), ("b " * 30, "Y", "\nlong" * 12)),
        ("👩 " * 40 + "Łódź", (80, 84), ("👩 " * 30, "Łódź", "")),
    ],
)
def test_what_stands_around_a_passage_has_no_halves_of_words(
    text: str, place: tuple[int, int], meant: tuple[str, str, str]
) -> None:
    start, end = place
    with open_store("memory:") as store:
        store.update(
            f"""PREFIX kg: <https://w3id.org/newskg/ontology#> PREFIX oa: <http://www.w3.org/ns/oa#>
            INSERT DATA {{ GRAPH <urn:g> {{
              <urn:m> a kg:Mention ; kg:inText <urn:t> ; oa:start {start} ; oa:end {end} ;
                      oa:exact "x" . }} }}"""
        )
        found = rows(
            store, "SELECT ?m { ?m a <https://w3id.org/newskg/ontology#Mention> }", with_why=True,
            text={"urn:t": text}.get,
        )  # fmt: skip
    (support,) = found[0].why
    assert (support.before, support.words, support.after) == meant


# --- what has nothing simple behind it --------------------------------------------------------------

HEAD = """
PREFIX kg: <https://w3id.org/newskg/ontology#>
PREFIX kgs: <https://w3id.org/newskg/scheme/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX prov: <http://www.w3.org/ns/prov#>
"""
GRAPH = """
<urn:article> a kg:Article ; schema:encoding <urn:text> ; schema:headline "News" .
<urn:copy> a kg:Article ; schema:encoding <urn:text> ; schema:headline "News, again" .
<urn:text> schema:name "news.txt" .
<urn:p1> a kg:Passage ; kg:inText <urn:text> ; oa:start 0 ; oa:end 4 .
<urn:p2> a kg:Passage, kg:Mention ; kg:inText <urn:text> ; oa:start 5 ; oa:end 9 ; oa:exact "Anna" ;
  kg:refersTo <urn:anna> .
<urn:m> a kg:Passage, kg:Mention ; kg:inText <urn:text> ; oa:start 20 ; oa:end 24 ; oa:exact "Anna" ;
  kg:refersTo <urn:anna>, <urn:mentioned> .
<urn:anna> a kg:Actor ; rdfs:label "Anna" .
<urn:bob> a kg:Actor ; rdfs:label "Bob" .
<urn:c1> a kg:Claim ; kg:evidence <urn:p1>, <urn:p2> ; kg:source <urn:anna>, <urn:bob> ;
  schema:text "It rains." ; kg:asserts <urn:event>, <urn:stance> ; kg:quantity <urn:q> ;
  schema:about <urn:town> .
<urn:c2> a kg:Claim ; schema:text "Nobody proves it." ; kg:source <urn:bob> ; schema:about <urn:discussed> .
<urn:c3> a kg:Claim ; kg:evidence <urn:p1> ; schema:text "It pours." ; kg:source <urn:bob> .
<urn:event> a kg:Event ; kg:participation <urn:part> .
<urn:part> a kg:Participation ; kg:actor <urn:anna> .
<urn:discussed> a kg:Event . <urn:mentioned> a kg:Event . <urn:forgotten> a kg:Event .
<urn:argued> a kg:Event . <urn:stance> a kg:Stance ; schema:about <urn:argued> ; kg:actor <urn:bob> .
<urn:q> a kg:Quantity ; kg:population <urn:town> .
<urn:town> a schema:Place .
<urn:j> a kg:Judgement ; kg:from <urn:c1> ; kg:to <urn:c2> ; kg:relation kg:contradicts .
"""
SHORT = {
    "?c { ?c a kg:Claim ; schema:text 'It rains.' }": {"c1 0-4", "c1 5-9"},
    "?c { ?c schema:text 'Nobody proves it.' }": {"c2"},
    "(COUNT(*) AS ?n) { ?c a kg:Claim }": {"c1 0-4", "c1 5-9", "c2", "c3 0-4"},
    "?a ?b { ?a schema:text 'It rains.' . ?b schema:text 'Nobody proves it.' }": {
        "c1 0-4", "c1 5-9", "c2", "j",
    },
    "?j { ?j a kg:Judgement }": {"j"},
    "?s { ?s a kg:Stance }": {"c1 0-4", "c1 5-9"},
    "?q { ?q kg:population ?p }": {"c1 0-4", "c1 5-9"},
    "?e { ?e kg:participation ?p }": {"c1 0-4", "c1 5-9"},
    "?p { ?p a kg:Participation }": {"c1 0-4", "c1 5-9"},
    "?e { VALUES ?e { <urn:discussed> } ?e a kg:Event }": {"c2"},
    "?e { VALUES ?e { <urn:mentioned> } ?e a kg:Event }": {"m 20-24"},
    "?e { VALUES ?e { <urn:forgotten> <urn:argued> } ?e a kg:Event }": set(),
    "?m { ?m kg:refersTo <urn:mentioned> }": {"m 20-24"},
    # A passage that is both a mention and evidence stands for the claim, where that is in the row.
    "?c ?p { ?c kg:evidence ?p . ?p a kg:Mention }": {"c1 5-9"},
    "?start { ?c kg:evidence ?p ; schema:text 'It rains.' . ?p oa:start ?start FILTER(?start = 0) }": {
        "c1 0-4",
    },
    "?start { <urn:c3> kg:evidence ?p . ?p oa:start ?start }": {"c3 0-4"},
    "?a { ?a a kg:Article ; schema:headline 'News' }": {"article"},
    "?x { ?x a kg:Actor }": set(),
    "?x { ?x a schema:Place }": set(),
    "?l { <urn:anna> rdfs:label ?l }": set(),
    "(1 AS ?one) {}": set(),
}  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Iterator[GraphStore]:
    with open_store("memory:") as store:
        store.update(f"{HEAD} INSERT DATA {{ GRAPH <urn:g> {{ {GRAPH} }} }}")
        yield store


@pytest.mark.parametrize(("text", "meant"), SHORT.items())
def test_what_leads_to_what(small: GraphStore, text: str, meant: set[str]) -> None:
    assert len(SHORT) == 21
    answer = rows(small, f"{HEAD} SELECT {text}", with_why=True)
    assert len(answer)
    told = set()
    for row in answer:
        for support in row.why:
            place = f" {support.start}-{support.end}" if support.start is not None else ""
            told.add(f"{support.node.removeprefix('urn:')}{place}")
    assert told == meant


def test_a_claim_of_several_has_all_their_names_and_one_article(small: GraphStore) -> None:
    """A text that two articles have is shown with the first of them."""
    (row,) = rows(small, f"{HEAD} SELECT ?c {{ ?c schema:text 'It rains.' }}", with_why=True)
    assert [(s.kind, s.source, s.headline) for s in row.why] == [
        ("claim", "Anna, Bob", "News"),
        ("claim", "Anna, Bob", "News"),
    ]


def test_a_claim_without_evidence_is_from_outside(small: GraphStore) -> None:
    (row,) = rows(
        small, f"{HEAD} SELECT ?c {{ ?c schema:text 'Nobody proves it.' }}", with_why=True
    )
    (support,) = row.why
    assert (support.kind, support.reference, support.says) == (
        "outside claim",
        None,
        "Nobody proves it.",
    )


def test_a_judgement_without_particulars_is_still_told(small: GraphStore) -> None:
    (row,) = rows(small, f"{HEAD} SELECT ?j {{ ?j a kg:Judgement }}", with_why=True)
    assert row.why[0].says == "judged: contradicts"


def test_what_was_merged_rests_on_what_is_said_of_the_one_that_is_kept(
    fresh_sample: Workspace,
) -> None:
    file = fresh_sample.root / "entities.ttl"
    file.write_text(
        file.read_text(encoding="utf-8")
        + "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        + "actor:i-calder dcterms:isReplacedBy actor:ines-calder .\n",
        encoding="utf-8",
    )
    from kg.build import build

    with fresh_sample.writing() as store:
        assert not build(fresh_sample, store).problems
    for name in ("I. Calder", "i-calder", "ines-calder"):
        answer = fresh_sample.query("claims-by-actor", actor=name, why=True)
        assert sorted(str(s.cue) for row in answer for s in row.why) == ["promised", "said"]


def test_a_text_that_is_gone_leaves_the_offsets(fresh_sample: Workspace) -> None:
    whole = fresh_sample.query("predictions", why=True)
    for file in fresh_sample.texts().values():
        file.unlink()
    bare = fresh_sample.query("predictions", why=True)
    assert len(bare) == len(whole) == 2
    for one, other in zip(whole, bare, strict=True):
        assert [s.words for s in one.why] != [None] * len(one.why)
        assert [s.words for s in other.why] == [None] * len(other.why)
        assert [(s.start, s.end) for s in one.why] == [(s.start, s.end) for s in other.why]


# --- on the command line -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(QUERIES.keys() - {"checks"}))  # has no rows here
def test_blocks_are_no_wider_than_the_terminal(
    name: str, store: GraphStore, built: Workspace
) -> None:
    answer = asked(store, built, name, calls(name)[0])
    for width in (40, 80):
        text = write(answer, "table", prefixes=built.prefixes, width=width, with_why=True).decode()
        for line in text.splitlines():
            if len(line) > width:  # one word that is longer than a line, with what introduces it
                assert len(line.split()[-1]) > width // 2, line
            assert line == line.rstrip()
        assert text.count("\n  Why\n") == len(answer)


def table_of(data: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data), delimiter=delimiter))


def test_each_format_has_all_that_there_is_to_say(run: Run, built_sample: Workspace) -> None:
    call = ("query", "claims-by-actor", "--actor", "Ines Calder", "--why")
    there = built_sample.root
    found = run(*call, "-f", "json", cwd=there)
    document = json.loads(found.out)
    bindings = document["results"]["bindings"]
    assert found.code == 0
    assert len(document["why"]) == len(bindings) == 2
    passages = [support for row in document["why"] for support in row]
    assert [support["cue"] for support in passages] in (["said", "promised"], ["promised", "said"])
    assert {"kind", "node", "says", "source", "start", "end", "words", "before", "by", "at"} <= set(
        passages[0]
    )
    assert ox.parse_query_results(found.out, format=ox.QueryResultsFormat.JSON)

    lines = table_of(run(*call, "-f", "csv", cwd=there).out)
    columns = [f"why{key[0].upper()}{key[1:]}" for key in passages[0]]
    assert [{column: line[column] for column in columns} for line in lines] == [
        {column: str(value) for column, value in zip(columns, support.values(), strict=True)}
        for support in passages
    ]
    assert table_of(run(*call, cwd=there).out) == lines  # what is piped is CSV

    tsv = run(*call, "-f", "tsv", cwd=there).out
    assert tsv.splitlines()[0].split("\t")[-1] == "?whyAt"
    assert '"no ferry would be cancelled meanwhile"' in tsv
    assert len(tsv.splitlines()) == 3

    xml = run(*call, "-f", "xml", cwd=there).data
    parsed = ox.parse_query_results(xml, format=ox.QueryResultsFormat.XML)
    assert isinstance(parsed, ox.QuerySolutions)
    assert [value_of(row["whyWords"]) for row in parsed] == [line["whyWords"] for line in lines]

    md = run(*call, "-f", "md", cwd=there).out.splitlines()
    assert md[0].endswith("| Why |")
    assert len(md) == 4
    assert "[no ferry would be cancelled meanwhile]" in "\n".join(md[2:])


def test_a_row_with_nothing_behind_it_stays_a_row(run: Run, built: Workspace) -> None:
    plain = table_of(run("query", "wikidata-links", "-f", "csv", cwd=built.root).out)
    told = table_of(run("query", "wikidata-links", "--why", "-f", "csv", cwd=built.root).out)
    assert len(told) == len(plain)
    assert {line["whyKind"] for line in told} == {"judgement", ""}
    document = json.loads(run("query", "wikidata-links", "--why", "-f", "json", cwd=built.root).out)
    assert [bool(row) for row in document["why"]] == [line["whyKind"] != "" for line in told]


def test_blocks_show_some_passages_and_say_how_many_more(run: Run, built: Workspace) -> None:
    text = run("query", "shared-actors", "--why", "-f", "table", cwd=built.root).out
    japan = text.split("\n\n")[0]
    assert japan.count("\n    - ") == SHOWN
    assert f"and {51 - SHOWN} more" in japan


def test_any_query_can_be_asked_why(run: Run, built_sample: Workspace, tmp_path: Path) -> None:
    text = "SELECT ?c WHERE { ?c a kg:Claim ; schema:about topic:ferries } # nothing else"
    file = tmp_path / "own.rq"
    file.write_text(text, encoding="utf-8")
    answers = [
        run("query", *call, "--why", "-f", "json", cwd=built_sample.root, stdin=text.encode())
        for call in (("-e", text), (file,), ("-",))
    ]
    assert [answer.code for answer in answers] == [0, 0, 0]
    assert len({answer.out for answer in answers}) == 1
    assert [len(row) for row in json.loads(answers[0].out)["why"]] == [1, 1]


def test_a_star_can_be_asked_why(run: Run, built_sample: Workspace) -> None:
    call = ("query", "-e", "SELECT * { ?c kg:cue ?cue ; kg:evidence ?p }", "--why", "-f", "csv")
    lines = table_of(run(*call, cwd=built_sample.root).out)
    assert len(lines) == 3
    assert all(line["p"] == line["whyPassage"] for line in lines)


@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
@pytest.mark.parametrize("flag", ["--why", "--labels"])
def test_only_rows_can_be_asked_why(
    run: Run, built_sample: Workspace, text: str, flag: str
) -> None:
    answer = run("query", "-e", text, flag, cwd=built_sample.root)
    assert answer.code == 2
    assert answer.out == ""
    assert "only the rows of a SELECT" in answer.err


@pytest.mark.parametrize("form", ["ttl", "jsonld", "nope"])
def test_rows_with_passages_have_the_formats_of_rows(
    run: Run, built_sample: Workspace, form: str
) -> None:
    answer = run("query", "predictions", "--why", "-f", form, cwd=built_sample.root)
    assert answer.code == 2
    assert "no format" in answer.err


def test_pages_have_the_passages_of_their_rows(store: GraphStore, built: Workspace) -> None:
    from kg.query.page import Page

    whole = asked(store, built, "claims-about-topic", {"topic": "us-japan-relations"})
    parts: list[Row] = []
    for offset in range(0, len(whole), 5):
        page = Page(limit=5, offset=offset)
        given = {"topic": "us-japan-relations"}
        parts += asked(store, built, "claims-about-topic", given, page=page)
    assert {(str(row["claim"]), row.why) for row in parts} == {
        (str(row["claim"]), row.why) for row in whole
    }


HOSTILE = "a\x1b[31mb\x07\u202ec\x9bd | e\n<script>"


def test_control_characters_never_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "news")
    graph = GRAPH.replace('"News"', f'"""{HOSTILE}"""').replace('"Bob"', f'"""{HOSTILE}"""')
    graph = graph.replace('"It pours."', f'"""{HOSTILE}"""').replace(
        '"news.txt"', f'"""{HOSTILE}"""'
    )
    (workspace.graphs / "own.ttl").write_text(
        HEAD.replace("PREFIX", "@prefix").replace(">\n", "> .\n") + graph, encoding="utf-8"
    )
    from kg.build import build

    with workspace.writing() as store:
        build(workspace, store)
    text = "SELECT ?c { ?c schema:text ?t ; kg:source <urn:bob> }"
    for form in ("table", "md"):
        answer = run("query", "-e", text, "--why", "--labels", "-f", form, cwd=workspace.root)
        assert answer.code == 0, answer.err
        assert "<script>" in answer.out
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", answer.out)


def test_why_asks_a_bounded_number_of_questions(store: GraphStore, built: Workspace) -> None:
    """However many rows there are: a question for each row would be thousands."""
    number = 0

    class Counting(dataset.View):
        def query(self, sparql: str, /) -> Any:
            nonlocal number
            number += 1
            return store.query(sparql)

    answer = asked(
        Counting(store, dataset.Dataset(default=(), named=())), built, "who-speaks-about-whom", {}
    )
    assert len(answer) > 50
    assert number < 60


def test_what_is_no_row_is_no_error_of_ours(small: GraphStore) -> None:
    with pytest.raises(ConfigError, match="only the rows"):
        rows(small, "ASK {}", with_why=True)
    assert bool(ask(small, "ASK {}"))

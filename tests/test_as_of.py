"""What was known by a date: nothing that an article published later says, by whatever road.

The measure is a workspace that never had the later articles.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.edtf import Edtf, bounds
from kg.errors import ConfigError, InputError, StoreError
from kg.query import bound, results, rows, run, stored
from kg.query import dataset as graphs
from kg.query.dataset import Dataset, View, as_of, known, only, within
from kg.store import named_graphs, open_store, select
from tests.conftest import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace, Run
    from tests.engines import Server

QUERIES = {name: stored.load(path) for name, path in stored.find([]).items()}
# Dates of articles, in the order in which they become known; the last is known of none.
DATES = [
    "2019",
    "2020-02",
    "2020-02-29",
    "2020-06-01T10:00:00Z",
    "2020-12/2021-01",
    "2022-05",
    None,
]

REGISTER = """\
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
@prefix actor: <id/actor/> .
@prefix topic: <id/topic/> .
@prefix event: <id/event/> .
actor:ann a kg:Actor ; rdfs:label "Ann"@en ; kg:kind kgs:actor-person .
actor:bob a kg:Actor ; rdfs:label "Bob"@en ; kg:kind kgs:actor-person .
topic:rain a skos:Concept ; rdfs:label "rain"@en .
event:flood a kg:Event ; rdfs:label "the flood"@en ; kg:kind kgs:event-other .
"""
TEXT = "Report {0}\nAnn said that {0} houses were under water. Bob was not there in the flood.\n"
ANNOTATION = """\
kg: 1
article:
  headline: Report {0}
  language: en
  author: [ann]
  publisher: [bob]{1}
text: {{file: report-{0}.txt}}
made: {{by: A. Tester, at: "2026-11-21T12:00:00Z"}}
mentions:
  - {{span: {{quote: Ann}}, of: ann}}
  - {{span: {{quote: the flood}}, of: flood}}
events:
  - id: flood
    when: {{date: "20{2:02}", basis: stated}}
    participants: [{{actor: bob, role: participant}}]
claims:
  - id: houses
    source: [bob]
    cue: [{{quote: said}}]
    evidence: [{{quote: "{0} houses were under water"}}]
    text: "{0} houses stood in the water."
    certainty: certain
    modality: prediction
    about: [rain, flood]
    asserts: [flood]
    quantities: [{{of: rain, value: {2}, unit: houses}}]
    stances: [{{actor: bob, issue: rain, stance: opposes}}]
"""


def reports(folder: Path, dates: list[str | None]) -> Path:
    """A folder with a register and a report for each date."""
    folder.mkdir()
    (folder / "entities.ttl").write_text(REGISTER, encoding="utf-8")
    for number, date in enumerate(dates, 10):
        published = f'\n  published: {{date: "{date}"}}' if date else ""
        (folder / f"report-{number}.txt").write_text(TEXT.format(number), encoding="utf-8")
        text = ANNOTATION.format(number, published, number % 90)
        (folder / f"report-{number}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Workspace]:
    """Workspaces with the first so many reports, with none, and with all."""
    folder = tmp_path_factory.mktemp("papers")
    return {
        number: make(folder / f"of-{number}", reports(folder / f"from-{number}", DATES[:number]))
        for number in range(len(DATES) + 1)
    }


@pytest.fixture(scope="module")
def full(papers: dict[int, Workspace]) -> Iterator[GraphStore]:
    with papers[len(DATES)].reading() as store:
        yield store


def told(store: GraphStore, workspace: Workspace, name: str) -> bytes:
    """The rows of a stored query with what they rest on, as bytes."""
    query = QUERIES[name]
    given = {key: PARAMETERS[key] for key in query.required}
    text = bound(store, query, given, workspace.prefixes)
    answer = rows(store, text, name, workspace.prefixes, with_why=True, text=workspace.text_of())
    found = [({key: str(term) for key, term in row.items()}, row.why) for row in answer]
    return "\n".join(sorted(map(repr, found))).encode()


FIRST = TEXT.format(10)
TEXT_HASH = hashlib.sha256(FIRST.encode()).hexdigest()[:12]
CLAIM_AT = FIRST.index("10 houses")
PARAMETERS = {
    "actor": "bob",
    "topic": "rain",
    "article": "Report 10",
    "claim": f"claim/{TEXT_HASH}-{CLAIM_AT}-{CLAIM_AT + len('10 houses were under water')}",
    "event": "flood",
    "from": "2019",
    "until": "2021",
    "population": "rain",
    "issue": "rain",
    "thing": "bob",
}


@pytest.mark.parametrize(
    ("date", "number"),
    [
        ("2018", 0),
        ("2019-12-30", 0),
        ("2020-01", 1),
        ("2020-02-28", 1),
        ("2020-03", 3),
        ("2020-06-01T09:59:59Z", 3),
        ("2020-06-01T10:00:00Z", 4),
        ("2020-06-01", 4),
        ("2020-12", 4),
        ("2021-01-30", 4),
        ("2021", 5),
        ("2019/2021", 5),
        ("2022-05", 6),
        ("2999", 6),
    ],
)
def test_what_was_known_is_what_a_workspace_of_those_articles_has(
    papers: dict[int, Workspace], full: GraphStore, date: str, number: int
) -> None:
    with papers[number].reading() as measure, known(full, date) as (seen, found):
        assert found is not None
        assert found.later + len(found.undated) == len(DATES) - number
        assert "Report 16" in found.undated  # which has no date
        for name in LIKE_BUILT if number else []:
            assert told(seen, papers[number], name) == told(measure, papers[number], name), name


# What was made of later articles but is not in them stays: that there is a file and its hash, and
# what was judged. These queries tell nothing of that.
LIKE_BUILT = sorted(
    QUERIES.keys() - {"changes-between-articles"}  # which asks for two articles
)


def test_nearly_all_queries_are_held_against_such_a_workspace() -> None:
    assert len(LIKE_BUILT) == len(QUERIES) - 1


EDTF = st.sampled_from(
    [
        "2019",
        "2020",
        "2020-01",
        "2020-02-29",
        "202X",
        "2020~",
        "2019/2021",
        "../2020",
        "2020/..",
        "1999-12-31",
        "2020-06-01T10:00:00",
        "2020-06-01T10:00:00Z",
        "2020-06-01T23:30:00-05:00",
    ]
)


@settings(max_examples=60)
@given(EDTF, EDTF)
def test_an_article_is_known_when_all_of_its_date_is_past(published: str, date: str) -> None:
    limit, last = bounds(Edtf(date)).latest, bounds(Edtf(published)).latest
    with open_store("memory:") as store:
        store.update(STORE.format(published=published, bounds=time_of(published)))
        if limit is None:
            with pytest.raises(ConfigError, match="has no end"):
                as_of(store, date)
            return
        found = as_of(store, date)
        is_known = last is not None and last <= limit
        assert (ox.NamedNode("urn:g") in found.dataset.default) == is_known
        assert {ox.NamedNode("urn:register"), ox.NamedNode("urn:own")} <= set(found.dataset.named)
        first = bounds(Edtf(published)).earliest
        assert found.later == (not is_known and first is not None and first > limit)
        assert len(found.undated) == (not is_known) - found.later


def time_of(date: str) -> str:
    found = bounds(Edtf(date))
    ends = {"earliest": found.earliest, "latest": found.latest}
    return " ".join(
        f'<urn:t> kg:{name} "{end}"^^<http://www.w3.org/2001/XMLSchema#dateTime> .'
        for name, end in ends.items()
        if end is not None
    )


STORE = """PREFIX kg: <https://w3id.org/newskg/ontology#> PREFIX schema: <http://schema.org/>
INSERT DATA {{
  GRAPH <urn:g> {{ <urn:a> a kg:Article ; kg:when <urn:t> ; schema:headline "A" . {bounds} }}
  GRAPH <urn:register> {{ <urn:x> a kg:Actor }}
  GRAPH <urn:own> {{ <urn:x> kg:when <urn:t> }}
}}"""


@pytest.mark.parametrize("date", ["", "soon", "2020-13", "2020-02-30", "../2020-", "2020/..", ".."])
def test_what_is_no_date_is_refused(run: Run, built_sample: Workspace, date: str) -> None:
    answer = run("query", "articles", "--as-of", date, cwd=built_sample.root)
    assert answer.code == 2
    assert answer.err.startswith(f"kg: error: --as-of {date}: ")
    assert "2007-12" in answer.err
    assert answer.out == ""


def test_what_is_left_out_is_named(run: Run, built: Workspace) -> None:
    """The second article was published on some day from 17 June 2018 to the end of July."""
    name = "After North Korea, Pompeo Visits Japan to Meet With US Allies"
    for date, rows_left, words in (
        ("2018-07", 2, ""),
        ("2018", 2, ""),
        ("2018-06", 1, f"kg: as of 2018-06: without 1 article that may have been published later: {name}\n"),
        ("2018-05", 1, "kg: as of 2018-05: without 1 article published later\n"),
        ("2007-12-09", 0, "kg: as of 2007-12-09: without 2 articles published later\n"),
    ):  # fmt: skip
        answer = run("query", "articles", "--as-of", date, "-f", "csv", cwd=built.root)
        assert (answer.code, answer.err) == (0, words)
        assert len(answer.out.splitlines()) == rows_left + 1


def test_articles_without_a_date_are_left_out_and_named(
    run: Run, papers: dict[int, Workspace]
) -> None:
    answer = run("query", "articles", "--as-of", "2999", "-f", "csv", cwd=papers[7].root)
    assert answer.err == (
        "kg: as of 2999: without 1 article that may have been published later: Report 16\n"
    )
    assert "Report 15" in answer.out
    assert "Report 16" not in answer.out


def test_the_register_and_judgements_stay(built: Workspace) -> None:
    with built.reading() as store, known(store, "2000") as (seen, found):
        assert found is not None
        assert found.later == 2
        kept = named_graphs(seen)
        left_out = named_graphs(store) - kept
        assert len(left_out) == 2
        assert all("graph/article-" in graph.value for graph in left_out)
        assert list(run_of(seen, built, "wikidata-links")) == list(
            run_of(store, built, "wikidata-links")
        )
        assert not list(run_of(seen, built, "contradictions"))


def run_of(store: GraphStore, workspace: Workspace, name: str) -> list[list[str]]:
    found = run(store, QUERIES[name], {}, workspace.prefixes)
    assert isinstance(found, ox.QuerySolutions)
    return [[str(term) for term in row] for row in found]


# --- the roads ---------------------------------------------------------------------------------------

HIDDEN = "graph:article-cc212dc1fd1e"
OTHERS = [
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g",
    "SELECT DISTINCT ?g { GRAPH ?g {} } ORDER BY ?g",
    f"SELECT (COUNT(*) AS ?n) {{ GRAPH {HIDDEN} {{ ?s ?p ?o }} }}",
    "SELECT (COUNT(*) AS ?n) { ?s a kg:Claim } VALUES ?s { <urn:x> UNDEF }",
    "SELECT ?c { { SELECT ?c { ?c a kg:Claim } ORDER BY ?c LIMIT 3 } }",
    "ASK { ?s schema:headline ?h FILTER(CONTAINS(?h, 'Pompeo')) }",
    f"ASK {{ GRAPH {HIDDEN} {{}} }}",
    "ASK { ?s kg:source/rdfs:label 'Malcolm Cook'@en }",
    "CONSTRUCT { ?s a kg:Claim } WHERE { ?s a kg:Claim }",
    "CONSTRUCT WHERE { ?s a kg:Claim }",
    "DESCRIBE claim:cc212dc1fd1e-2992-3036",
    "SELECT (COUNT(*) AS ?n) FROM graph:article-cc212dc1fd1e { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM graph:article-cc212dc1fd1e FROM graph:entities WHERE { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM NAMED graph:article-cc212dc1fd1e { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * FROM graph:entities FROM NAMED graph:article-cc212dc1fd1e { GRAPH ?g { ?s ?p ?o } }",
    f"ASK FROM {HIDDEN} {{ ?s ?p ?o }}",
    f"CONSTRUCT FROM {HIDDEN} WHERE {{ ?s a kg:Claim }}",
    f"DESCRIBE claim:cc212dc1fd1e-2992-3036 FROM {HIDDEN}",
    "select(count(*)as?n)from<https://example.org/kg/graph/article-cc212dc1fd1e>{?s?p?o}",
    "BASE <https://example.org/kg/graph/> SELECT (COUNT(*) AS ?n) FROM <article-cc212dc1fd1e> { ?s ?p ?o }",
    f"SELECT (COUNT(*) AS ?n) {{ ?s a kg:Claim FILTER NOT EXISTS {{ GRAPH {HIDDEN} {{ ?s a ?o }} }} }}",
]  # fmt: skip


def answered(store: GraphStore, workspace: Workspace, text: str) -> bytes:
    from kg.query import ask

    found = ask(store, text, "query", workspace.prefixes)
    if isinstance(found, ox.QueryTriples):
        return "\n".join(sorted(map(str, found))).encode()
    form = "json" if isinstance(found, ox.QueryBoolean) else "csv"
    return results.write(found, form, prefixes={}, headings={})


@pytest.fixture(scope="module")
def measure(built: Workspace) -> Iterator[tuple[GraphStore, GraphStore]]:
    """The founding corpus, and a store that never had its second article."""
    with built.reading() as store, open_store("memory:") as first:
        for graph in named_graphs(store):
            if not graph.value.endswith("article-cc212dc1fd1e"):
                first.put(graph, store.get(graph))
        yield store, first


@pytest.mark.parametrize("text", OTHERS)
@pytest.mark.parametrize("few", [0, 1000], ids=["copied", "named in the query"])
def test_no_query_sees_what_was_published_later(
    monkeypatch: pytest.MonkeyPatch,
    measure: tuple[GraphStore, GraphStore],
    built: Workspace,
    text: str,
    few: int,
) -> None:
    assert len(OTHERS) == 22
    monkeypatch.setattr(graphs, "FEW", few)
    store, first = measure
    with known(store, "2008") as (seen, _):
        assert isinstance(seen, View) == bool(few)
        assert answered(seen, built, text) == answered(first, built, text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROMNAMED u:article-cc212dc1fd1e { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * FROMu:article-cc212dc1fd1e { ?s ?p ?o }",
        "SELECT * FROM NAMEDu:article-cc212dc1fd1e { GRAPH ?g { ?s ?p ?o } }",
        "ASKFROM u:article-cc212dc1fd1e { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o }FROMu:article-cc212dc1fd1e WHERE { ?s ?p ?o }",
        "SELECT (1 AS ?x)FROMu:article-cc212dc1fd1e { ?s ?p ?o }",
    ],
)  # fmt: skip
def test_keywords_that_run_into_names_lead_round_nothing(
    measure: tuple[GraphStore, GraphStore], built: Workspace, text: str
) -> None:
    """The engine reads them as FROM: it must not see a graph that we did not see."""
    with (
        known(measure[0], "2008") as (seen, _),
        pytest.raises(InputError, match=r"needs a blank|no query"),
    ):
        answered(seen, built, f"PREFIX u: <https://example.org/kg/graph/> {text}")


@pytest.mark.parametrize("few", [0, 1000], ids=["copied", "named in the query"])
def test_no_passage_of_a_later_article_is_shown(
    monkeypatch: pytest.MonkeyPatch, run: Run, built: Workspace, few: int
) -> None:
    monkeypatch.setattr(graphs, "FEW", few)
    number = 0
    for name, query in QUERIES.items():
        given = [
            word
            for key in query.required
            for word in (f"--{key}", str(query.parameters[key].example))
        ]
        if any("cc212dc1fd1e" in word for word in given):
            continue
        call = ("query", name, *given, "--why", "--as-of", "2008", "-f", "json")
        answer = run(*call, cwd=built.root)
        assert answer.code == 0, answer.err
        for row in json.loads(answer.out)["why"]:
            for support in row:
                number += 1
                article = "" if support["kind"] == "judgement" else support.get("article", "")
                assert "cc212dc1fd1e" not in article
                assert "cc212dc1fd1e" not in support.get("passage", "")
    assert number > 200


def test_a_server_is_asked_for_the_same(
    built: Workspace, new_server: Callable[[], Server], measure: tuple[GraphStore, GraphStore]
) -> None:
    store, first = measure
    with open_store(new_server().url) as remote:
        for graph in named_graphs(store):
            remote.put(graph, store.get(graph))
        with known(remote, "2008") as (seen, found):
            assert found is not None
            assert found.later == 1
            assert isinstance(seen, View)
            for text in OTHERS:
                if not text.startswith("DESCRIBE"):
                    assert answered(seen, built, text) == answered(first, built, text), text
            for name in ("claims-about-topic", "disputed-dates", "timeline", "shared-actors"):
                given = {
                    key: str(QUERIES[name].parameters[key].example)
                    for key in QUERIES[name].required
                }
                found_rows = [
                    [str(term) for row in answer for term in row]
                    for one in (seen, first)
                    if isinstance(answer := run_stored(one, built, name, given), ox.QuerySolutions)
                ]
                assert len(found_rows) == 2
                assert found_rows[0] == found_rows[1]


def run_stored(
    store: GraphStore, workspace: Workspace, name: str, given: dict[str, str]
) -> ox.QuerySolutions:
    return select(store, bound(store, QUERIES[name], given, workspace.prefixes))


def test_many_graphs_are_copied_and_few_are_not(new: NewWorkspace, tmp_path: Path) -> None:
    dates: list[str | None] = [f"20{year:02}" for year in range(10, 10 + graphs.FEW + 5)]
    workspace = new("many", reports(tmp_path / "reports", dates))
    with workspace.reading() as store:
        for year, road in (("2011", View), ("2099", type(store))):
            with known(store, year) as (seen, _):
                assert isinstance(seen, road)
        with known(store, "2099") as (copy, _):
            assert told(copy, workspace, "numbers") == told(store, workspace, "numbers")
            assert named_graphs(copy) == named_graphs(store)


def test_without_a_date_the_store_is_as_it_is(built: Workspace) -> None:
    with built.reading() as store, known(store, None) as (seen, found):
        assert seen is store
        assert found is None


def test_no_graph_at_all_is_nothing(built: Workspace) -> None:
    with built.reading() as store, only(store, Dataset(default=(), named=())) as nothing:
        for text in ("ASK { ?s ?p ?o }", "ASK { GRAPH ?g { ?s ?p ?o } }"):
            assert not nothing.query(text)


def test_a_view_cannot_be_changed(built: Workspace) -> None:
    graph = ox.NamedNode("https://example.org/kg/graph/entities")
    with built.reading() as store:
        view = View(store, Dataset(default=(graph,), named=(graph,)))
        with pytest.raises(StoreError, match="cannot be changed"):
            view.update("CLEAR ALL")
        with pytest.raises(StoreError, match="cannot be changed"):
            view.put(graph, [])
        with pytest.raises(StoreError, match="cannot be changed"):
            view.delete(graph)
        assert list(view.get(graph)) == list(store.get(graph))
        assert list(view.get(ox.NamedNode("https://example.org/kg/graph/analysis"))) == []
        with view:
            view.flush()
        assert list(store.get(graph))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT * FROM <urn:a> FROM NAMED <urn:b> { ?s ?p ?o }"),
        ("SELECT*WHERE{?s ?p ?o}#x", "SELECT* FROM <urn:a> FROM NAMED <urn:b> WHERE {?s ?p ?o}#x"),
        (
            "SELECT * FROM <urn:b> FROM <urn:c> FROM NAMED <urn:a> WHERE { ?s ?p ?o } LIMIT 1",
            "SELECT * FROM <urn:b> FROM NAMED <urn:a> WHERE { ?s ?p ?o } LIMIT 1",
        ),
        ("DESCRIBE <urn:x>", "DESCRIBE <urn:x> FROM <urn:a> FROM NAMED <urn:b>"),
        ("DESCRIBE <urn:x> FROM <urn:c>", "DESCRIBE <urn:x> FROM <urn:x-kg:nowhere>"),
        (
            "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
            "CONSTRUCT { ?s ?p ?o } FROM <urn:a> FROM NAMED <urn:b> WHERE { ?s ?p ?o }",
        ),
        (
            "PREFIX u: <urn:> ASK # from\n FROM u:a { ?from ?p 'FROM' }",
            "PREFIX u: <urn:> ASK FROM <urn:a> { ?from ?p 'FROM' }",
        ),
    ],
)
def test_a_query_over_a_dataset_says_so(text: str, meant: str) -> None:
    data = Dataset(default=(ox.NamedNode("urn:a"),), named=(ox.NamedNode("urn:b"),))
    assert within(text, data) == meant


def test_python_has_it_too(built: Workspace) -> None:
    before = built.query("claims-about-topic", topic="abduction-issue", as_of="2008", why=True)
    after = built.query("claims-about-topic", topic="abduction-issue", why=True)
    assert 0 < len(before) < len(after)
    article = "https://example.org/kg/id/article/f3ba54f74531"  # or none: a claim from outside
    assert {row["article"] for row in before} == {ox.NamedNode(article), None}
    assert {support.article for row in before for support in row.why} == {article, None}

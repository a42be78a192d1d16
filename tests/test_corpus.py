"""The founding corpus: true to its texts where they are at hand, and complete without them."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg import annotation, export
from kg.query import run, stored
from kg.store import select

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Annotation
    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace, Run

ROOT = Path(__file__).parents[1]
ARTICLES = {
    "2007-north-korea-abducting-the-alliance": ("f3ba54f74531", 39, 72, 9),
    "2018-pompeo-visits-japan": ("cc212dc1fd1e", 100, 204, 29),
}
ONTOLOGY_PREFIXES = """
PREFIX kg: <https://w3id.org/newskg/ontology#>
PREFIX kgs: <https://w3id.org/newskg/scheme/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@pytest.fixture(scope="module")
def store(built: Workspace) -> Iterator[GraphStore]:
    with built.reading() as opened:
        yield opened


@pytest.fixture(scope="module")
def texts(seeds: Path) -> dict[str, str]:
    """The two texts by the first digits of their hash."""
    found = {}
    for file in sorted(seeds.glob("*.txt")):
        content = file.read_bytes()
        found[hashlib.sha256(content).hexdigest()[:12]] = content.decode()
    return found


def read(workspace: Workspace, name: str) -> Annotation:
    file = workspace.articles / f"{name}.yaml"
    kinds = workspace.register().kinds
    return annotation.read(file.read_bytes(), file.name, text=lambda _: None, kinds=kinds)


def rows(store: GraphStore, sparql: str) -> list[tuple[str | None, ...]]:
    found = select(store, ONTOLOGY_PREFIXES + sparql)
    return [tuple(None if term is None else str(term.value) for term in row) for row in found]


@pytest.mark.parametrize("name", ARTICLES)
def test_each_article_has_as_much_as_the_readme_says(
    name: str, built: Workspace, corpus: Path
) -> None:
    entry = read(built, name)
    _, claims, mentions, events = ARTICLES[name]
    assert (len(entry.claims), len(entry.mentions), len(entry.events)) == (claims, mentions, events)
    readme = (corpus / "README.md").read_text(encoding="utf-8")
    assert f"{claims} claims, {mentions} mentions, {events} events" in readme
    assert str(entry.text.sha256) in readme
    assert f"| {entry.text.length} |" in readme


def test_every_span_of_both_annotations_is_in_the_text(
    store: GraphStore, texts: dict[str, str]
) -> None:
    """Words or hash, and both where white space was normalised, against what stands from start to end."""
    found = rows(
        store,
        "SELECT DISTINCT ?text ?start ?end ?hash ?exact { ?p kg:inText ?text ; oa:start ?start ;"
        " oa:end ?end OPTIONAL { ?p schema:sha256 ?hash } OPTIONAL { ?p oa:exact ?exact } }",
    )
    assert len(found) == 456
    assert sum(row[4] is not None for row in found) == 311
    assert sum(row[3] is not None for row in found) == 149
    for text, start, end, digest, exact in found:
        words = texts[str(text).rpartition("/")[2]][int(str(start)) : int(str(end))]
        assert words
        assert words == words.strip()
        assert exact == words or hashlib.sha256(words.encode()).hexdigest() == digest
        assert exact in {None, " ".join(words.split())}  # white space is normalised in names


def test_every_passage_has_its_words_or_a_hash_and_names_have_words(store: GraphStore) -> None:
    of_both = "SELECT DISTINCT ?p { VALUES ?type { kg:Passage kg:Mention } ?p a ?type "
    assert len(rows(store, f"{of_both} }}")) == 456
    without = f"{of_both} FILTER NOT EXISTS {{ ?p schema:sha256|oa:exact ?proof }} }}"
    assert rows(store, without) == []
    mentions = "SELECT DISTINCT ?p { ?p kg:refersTo ?x FILTER NOT EXISTS { ?p oa:exact ?words } }"
    assert rows(store, mentions) == []
    # What claims rest on is given by offsets and hash alone, unless it is a name or a cue too.
    words = [row[0] for row in rows(store, "SELECT DISTINCT ?w { ?p oa:exact ?w }")]
    assert max(len(str(text).split()) for text in words) < 9


@pytest.mark.parametrize("name", ARTICLES)
def test_the_texts_are_those_that_were_annotated(
    name: str, built: Workspace, texts: dict[str, str]
) -> None:
    entry = read(built, name)
    text = texts[ARTICLES[name][0]]
    assert hashlib.sha256(text.encode()).hexdigest() == entry.text.sha256
    assert len(text) == entry.text.length


def test_with_the_texts_the_graph_is_the_same(
    new: NewWorkspace, built: Workspace, corpus: Path, seeds: Path
) -> None:
    workspace = new("with-texts", corpus, texts=seeds)
    assert len(list(workspace.articles.glob("*.txt"))) == 2
    with workspace.reading() as one, built.reading() as other:
        assert export.dataset(one) == export.dataset(other)


def test_without_the_texts_it_builds_says_so_and_answers(
    run: Run, tmp_path: Path, corpus: Path
) -> None:
    assert run("init", cwd=tmp_path).code == 0
    found = run("add", corpus, cwd=tmp_path)
    assert found.code == 0
    assert "Texts not at hand" in found.err
    for name in ARTICLES:
        assert f"{name}.yaml" in found.err
    found = run("build", cwd=tmp_path)
    assert found.code == 0
    assert "Texts not at hand" in found.err
    for name, path in stored.find([]).items():
        query = stored.load(path)
        values = [f"--{key}={query.parameters[key].example}" for key in query.required]
        found = run("query", name, *values, cwd=tmp_path)
        assert (found.code, found.err) == (0, "")
        assert found.out.startswith(",".join(query.columns))
        empty = name == "checks"  # no facts about items are there to compare with
        assert (len(found.out.splitlines()) == 1) == empty


def test_wikidata_items_are_accepted_on_evidence_only(store: GraphStore, shared: Path) -> None:
    file = shared / "data" / "politicians" / "qid-evidence.tsv"
    if not file.is_file():
        pytest.skip("the evidence is not here")
    with file.open(encoding="utf-8", newline="") as lines:
        evidence = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    verified = {row[1] for row in evidence if row[2] == "verified"}
    links = rows(
        store,
        "SELECT ?item ?status { ?j a kg:Judgement ; kg:relation skos:exactMatch ; kg:to ?item ;"
        " kg:status ?status }",
    )
    accepted = {
        str(item).rpartition("/")[2] for item, status in links if str(status).endswith("accepted")
    }
    assert accepted
    assert accepted <= verified
    stated = {
        str(row[0]).rpartition("/")[2] for row in rows(store, "SELECT ?i { ?x skos:exactMatch ?i }")
    }
    assert stated == accepted  # fmt: skip


def test_a_wrong_date_is_kept_as_it_stands_and_contradicted(
    store: GraphStore, built: Workspace
) -> None:
    event = built.iris.thing("event", "kim-jong-il-admits-abductions")
    dates = rows(
        store,
        f"SELECT DISTINCT ?g ?date ?basis {{ GRAPH ?g {{ {event} kg:when ?t }}"
        f" GRAPH ?g {{ {event} kg:basis/^skos:exactMatch? ?b }}"
        " ?t skos:notation ?date BIND(REPLACE(STR(?b), '^.*basis-', '') AS ?basis) }",
    )
    base = f"{built.settings.base}graph/"
    assert sorted(dates) == [
        (f"{base}analysis", "2002-09-17", "external"),
        (f"{base}article-f3ba54f74531", "2002-09-11", "stated"),
    ]
    found = run(store, stored.named("contradictions", []), {}, built.prefixes)
    assert isinstance(found, ox.QuerySolutions)
    (row,) = (row for row in found if str(row["to"].value).endswith("mofa-2002-09-17-admission"))
    assert row["from"].value == f"{built.settings.base}id/claim/f3ba54f74531-976-1038"
    assert (row["status"].value, row["confidence"].value) == ("accepted", "0.95")
    reference = rows(store, f"SELECT ?r {{ <{row['to'].value}> schema:citation ?r }}")
    assert [str(iri) for (iri,) in reference] == [str(reference[0][0])]
    assert str(reference[0][0]).startswith("http")


def test_every_claim_has_a_source_and_a_place_in_a_text_or_a_reference(store: GraphStore) -> None:
    claims = rows(
        store,
        "SELECT DISTINCT ?c ?passage ?reference { ?c a kg:Claim ; kg:source ?s"
        " OPTIONAL { ?c kg:evidence ?passage } OPTIONAL { ?c schema:citation ?reference } }",
    )
    assert len({claim for claim, _, _ in claims}) == 140
    outside = {claim for claim, passage, _ in claims if passage is None}
    assert len(outside) == 1
    assert {reference for claim, _, reference in claims if claim in outside} != {None}


def runs_of_nine(text: str) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", text.casefold().replace("’", "").replace("'", ""))
    return {tuple(found[i : i + 9]) for i in range(len(found) - 8)}


def test_no_nine_words_on_end_of_the_articles_are_in_the_repository(texts: dict[str, str]) -> None:
    # A headline and a byline are how an article is called, and no sentence of it.
    called = runs_of_nine("After North Korea, Pompeo Visits Japan to Meet With US Allies")
    called |= runs_of_nine("North Korea 'abducting' the US-Japan alliance Malcolm Cook")
    taken = {run for text in texts.values() for run in runs_of_nine(text)} - called
    assert len(taken) > 1200
    folders = ("examples", "queries", "ontology", "shapes", "kg", "tests", "bench")
    files = [file for name in folders for file in sorted((ROOT / name).rglob("*.*"))]
    checked = 0
    for file in (*files, *ROOT.glob("*.md")):
        if "__pycache__" not in file.parts and file.is_file():
            found = runs_of_nine(file.read_text(encoding="utf-8", errors="replace"))
            assert found & taken == set(), file.relative_to(ROOT)
            checked += 1
    assert checked > 150

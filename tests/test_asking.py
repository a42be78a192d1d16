"""`kg query`, `kg show`, `kg export` and `kg validate --queries` as people type them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.query import stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace, Run
    from tests.engines import Server

CLAIMS = "SELECT ?c WHERE { ?c a kg:Claim }"
MINE = """\
#+ summary: Claims that somebody makes
#+ pagination: 2
#+ params: {actor: {type: iri, class: kg:Actor, required: true, help: who, example: north-korea}}
#+ columns: {claim: Claim}
#+ tests:
#+   - {params: {actor: north-korea}, rows: 4, has: [{claim: "claim:cc212dc1fd1e-2992-3036"}]}
PREFIX kg: <https://w3id.org/newskg/ontology#>
SELECT DISTINCT ?claim WHERE { ?claim a kg:Claim ; kg:source ?_actor_iri } ORDER BY ?claim
"""


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def own_query(workspace: Workspace, text: str, name: str = "mine") -> Path:
    file = workspace.root / "queries" / f"{name}.rq"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


# Pages


def test_pages_put_together_are_the_answer(run: Run, built: Workspace) -> None:
    whole = run("query", "-e", CLAIMS, cwd=built.root)
    assert len(rows(whole.out)) == 140
    pages = [
        run("query", "-e", CLAIMS, "--limit", "30", "--page", str(page), cwd=built.root)
        for page in range(1, 7)
    ]
    found = [row["c"] for page in pages for row in rows(page.out)]
    assert [len(rows(page.out)) for page in pages] == [30, 30, 30, 30, 20, 0]
    assert sorted(found) == sorted(row["c"] for row in rows(whole.out))
    assert found == sorted(found)


def test_a_query_can_say_how_many_rows_a_page_has(run: Run, fresh: Workspace) -> None:
    own_query(fresh, MINE)
    words = ("query", "mine", "--actor", "north-korea")
    first, second = (run(*words, "--page", page, cwd=fresh.root).out for page in "12")
    whole = run(*words, cwd=fresh.root).out
    assert rows(first) + rows(second) == rows(whole)
    assert len(rows(first)) == 2
    assert len(rows(run(*words, "--page", "1", "--limit", "3", cwd=fresh.root).out)) == 3
    after = run(*words, "--offset", "3", cwd=fresh.root).out
    assert rows(after) == rows(whole)[3:]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-e", CLAIMS, "--page", "2"), "--page needs to know how many rows a page has"),
        (("-e", CLAIMS, "--page", "2", "--offset", "1", "--limit", "1"), "--page and --offset"),
        (("-e", "ASK {}", "--limit", "1"), "only the rows of a SELECT have pages"),
        (("-e", "ASK {}", "--why"), "only the rows of a SELECT have labels and passages"),
        (("-e", CLAIMS, "--as-of", "soon"), "--as-of soon: expected a date in EDTF form"),
        (("-e", CLAIMS, "--as-of", "2007/.."), "--as-of 2007/..: has no end"),
        (("-e", CLAIMS, "-f", "ttl", "--labels"), "ttl is no format for the answer of SELECT"),
        (("timeline", "--from", "soon"), "--from soon: expected a date in EDTF form"),
        (("timeline", "--page", "1"), "--page needs to know"),
        (("timeline", "--actor", "japan", "--actor", "north-korea"), "--actor is given twice"),
        (("timeline", "--limit", "5", "--page", str(2**62)), "expected a number of rows"),
        (("claims-by-actor", "--actor", "kim"), "no kg:Actor goes by the name 'kim'"),
    ],
)
def test_what_does_not_fit_is_one_line(
    words: tuple[str, ...], message: str, run: Run, built: Workspace
) -> None:
    found = run("query", *words, cwd=built.root)
    assert found.code in {2, 3}
    assert found.err.startswith("kg: error: ")
    assert message in found.err
    assert found.out == ""


def test_a_fault_keeps_its_place_on_a_page(run: Run, built: Workspace) -> None:
    found = run("query", "-e", "SELECT ?c {\n ?c kg:source )\n}", "--limit", "5", cwd=built.root)
    assert found.code == 3
    assert "line 2, column 15" in found.err


def test_an_iri_with_a_comma_is_one_field(run: Run, built: Workspace) -> None:
    """Passages have one; the engine's own CSV does not put it in quotes."""
    found = run("query", "-e", "SELECT ?p ?c { ?c kg:evidence ?p }", "-f", "csv", cwd=built.root)
    cells = list(csv.reader(io.StringIO(found.out, newline="")))
    assert len(cells) > 100
    assert {len(row) for row in cells} == {2}
    assert all("#char=" in row[0] and "," in row[0] for row in cells[1:])


def test_what_an_event_lacks_is_not_made_up(run: Run, new: NewWorkspace) -> None:
    """An event with a date and nothing else has none of the labels that others have."""
    workspace = new("events")
    (workspace.root / "entities.ttl").write_text(
        "@prefix kg: <https://w3id.org/newskg/ontology#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix event: <id/event/> . @prefix date: <id/date/> . @prefix actor: <id/actor/> .\n"
        'event:flood a kg:Event ; rdfs:label "flood"@en ; kg:when date:2002 .\n'
        'actor:decoy a kg:Actor ; rdfs:label "Decoy"@en .\n'
    )
    assert run("build", cwd=workspace.root).code == 0
    tried = 0
    for name, path in stored.find([]).items():
        if stored.load(path).required:
            continue
        found = run("query", name, "-f", "csv", cwd=workspace.root)
        assert found.code == 0
        assert "Decoy" not in found.out or name in {"wikidata-links", "most-discussed-actors"}
        tried += 1
    assert tried > 30
    (row,) = rows(run("query", "timeline", cwd=workspace.root).out)
    assert (row["participants"], row["basis"]) == ("none named", "not given")


# Endpoints


def test_an_endpoint_is_asked_only_where_the_settings_allow_it(
    run: Run, fresh: Workspace, new_server: Callable[[], Server]
) -> None:
    server = new_server()
    own_query(fresh, f"#+ summary: Elsewhere\n#+ endpoint: {server.url}\nASK {{ ?s ?p ?o }}")
    refused = run("query", "mine", cwd=fresh.root)
    assert refused.code == 3
    assert "mine.rq:2:14: endpoint: the settings do not allow this endpoint" in refused.err
    allowed = run("query", "mine", cwd=fresh.root, env={"KG_ENDPOINTS": server.url})
    assert (allowed.code, allowed.out) == (1, "no\n")
    assert f"asking {server.url}" in allowed.err


# Tests in headers


OTHER = (
    "queries/other.rq:6: kg query other --actor north-korea: "
    "no row with claim: claim:cc212dc1fd1e-1-2"
)


def test_the_tests_of_a_query_are_tried(run: Run, fresh: Workspace) -> None:
    own_query(fresh, MINE)
    assert run("validate", "--queries", cwd=fresh.root).err == "1 test of queries, none failed\n"
    own_query(fresh, MINE.replace("rows: 4", "rows: 5"))
    own_query(fresh, MINE.replace("2992-3036", "1-2"), "other")
    own_query(
        fresh, "#+ summary: x\n#+ tests: [{ask: true}, {ask: false}]\nASK { ?s ?s ?s }", "ask"
    )
    own_query(fresh, "#+ summry: x\nASK {}", "broken")
    found = run("validate", "--queries", cwd=fresh.root)
    assert found.code == 1
    assert found.out.splitlines() == [
        "queries/ask.rq:2: kg query ask: the answer is no",
        "queries/mine.rq:6: kg query mine --actor north-korea: 5 rows expected, 4 found",
        OTHER,
    ]
    assert "summry: unknown key (did you mean summary?)" in found.err
    assert "5 tests of queries, 4 failed" in found.err


# Cards


def test_a_card_is_for_reading_for_programs_and_a_picture(
    run: Run, built: Workspace, tmp_path: Path
) -> None:
    card = run("show", "Shinzo Abe", cwd=built.root)
    assert card.code == 0
    assert card.out.startswith("Shinzo Abe\n══════════\n")
    assert all(len(line) <= 100 for line in card.out.splitlines())
    assert (
        json.loads(run("show", "shinzo-abe", "-f", "json", cwd=built.root).out)["kind"] == "actor"
    )
    assert run("show", "shinzo-abe", "-f", "md", cwd=built.root).out.startswith("# Shinzo Abe")
    place = tmp_path / "abe.svg"
    found = run("show", "shinzo-abe", "--picture", place, "-o", tmp_path / "abe.md", cwd=built.root)
    assert found.out == ""
    assert found.err == f"Wrote {place}\n"
    assert (tmp_path / "abe.md").read_text().startswith("# Shinzo Abe")
    assert ElementTree.fromstring(place.read_text()).tag.endswith("svg")  # noqa: S314
    assert run("show", "shinzo-abe", "--picture", "-", cwd=built.root).out == place.read_text()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("Shinzo Ape",), 3, "did you mean Shinzo Abe"),
        (("graph:entities",), 3, "graph:entities"),
        (("japan", "-f", "xml"), 2, "--format xml: expected text, md, json"),
        (("japan", "-o", "japan.xml"), 2, "the extension tells no format"),
        (("japan", "--picture", "none/japan.svg"), 4, "there is no such folder"),
        (("japan", "--picture", "japan.png"), 2, "japan.png: is drawn as SVG"),
    ],
)
def test_a_card_that_cannot_be_is_one_line(
    words: tuple[str, ...], code: int, message: str, run: Run, built: Workspace
) -> None:
    found = run("show", *words, cwd=built.root)
    assert found.code == code
    assert found.out == ""
    assert message in found.err


# Descriptions


@pytest.mark.parametrize("flag", ["--queries", "--void"])
def test_descriptions_are_rdf_in_every_form(
    flag: str, run: Run, built: Workspace, tmp_path: Path
) -> None:
    graphs = []
    for extension, form in (
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ):
        file = tmp_path / f"about.{extension}"
        assert run("export", flag, "-o", file, cwd=built.root).code == 0
        graphs.append({quad.triple for quad in ox.parse(file.read_bytes(), format=form)})
    assert all(graph == graphs[0] for graph in graphs)
    assert graphs[0]


def test_the_users_own_queries_are_described_too(run: Run, fresh: Workspace) -> None:
    own_query(fresh, MINE)
    found = run("export", "--queries", "-f", "nt", cwd=fresh.root).out
    assert found.count("#SPARQLSelectExecutable> .") >= len(stored.find([])) + 1
    assert "sparql-examples/mine>" in found


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--queries", "--void"), "give --queries or --void, not both"),
        (("japan", "--void"), "give a thing or --void, not both"),
        (("--void", "-f", "trig"), "trig: expected ttl, nt, rdfxml, jsonld"),
        (("--queries", "-o", "x.yaml"), "yaml: expected ttl"),
    ],
)
def test_one_thing_is_exported_at_a_time(
    words: tuple[str, ...], message: str, run: Run, built: Workspace
) -> None:
    found = run("export", *words, cwd=built.root)
    assert found.code == 2
    assert message in found.err


# Python


def test_a_workspace_without_a_store_says_so(built: Workspace) -> None:
    workspace = replace(built, settings=replace(built.settings, store="memory:"))
    with pytest.raises(StoreError, match="keeps no store"):
        workspace.query("articles")


def test_a_parameter_may_be_a_word_of_python(built: Workspace) -> None:
    found = built.query("timeline", from_=2002, until="2002")
    assert len(found) == 5
    assert found[0].label("event") == found[0].label("label")

"""From files to store: only what changed, and always the same as from nothing."""

from __future__ import annotations

import os
import re
import shutil
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg import build as building
from kg import note
from kg.add import add
from kg.build import Report, build
from kg.errors import AnnotationError, InputError, Problem, StoreError
from kg.note import changes
from kg.register import to_turtle
from kg.store import select
from kg.store.embedded import EmbeddedStore
from kg.vocab import KG
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.store import GraphStore
    from tests.conftest import NewWorkspace

    Export = Callable[[Workspace], bytes]

# An analysis.ttl as empty as kg init makes it is not spoken of.
FILES = ["articles/ferry.yaml", "articles/harbour.yaml", "entities.ttl"]


def built(workspace: Workspace) -> Report:
    with workspace.writing() as store:
        return build(workspace, store)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def count(workspace: Workspace, pattern: str) -> int:
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in workspace.prefixes.items())
    with workspace.reading() as store:
        return len(list(select(store, f"{prefixes} SELECT DISTINCT * WHERE {{ {pattern} }}")))


def made_and_unchanged(report: Report) -> tuple[list[str], list[str]]:
    return sorted(report.made), sorted(report.unchanged)


# ----------------------------------------------------------------- only what changed


def test_a_second_build_has_nothing_to_do(
    fresh_sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(fresh_sample)  # the copy has files with other stamps
    before = (fresh_sample.derived / note.NOTE).stat().st_mtime_ns

    def untouched(*_: object) -> None:
        raise AssertionError("nothing has changed")

    monkeypatch.setattr(EmbeddedStore, "update", untouched)
    monkeypatch.setattr(note, "digest", untouched)
    assert made_and_unchanged(built(fresh_sample)) == ([], FILES)
    assert (fresh_sample.derived / note.NOTE).stat().st_mtime_ns == before


def test_a_touched_file_is_looked_into_and_found_unchanged(fresh_sample: Workspace) -> None:
    (fresh_sample.articles / "harbour.yaml").touch()
    assert changes(fresh_sample) == []
    assert made_and_unchanged(built(fresh_sample)) == ([], FILES)
    (fresh_sample.articles / "harbour.yaml").write_text("kg: 1")
    assert changes(fresh_sample) == ["articles/harbour.yaml"]


def test_an_edited_annotation_replaces_its_graph_and_no_other(
    fresh_sample: Workspace, rebuilt: Export, export_of: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(fresh_sample.articles / "harbour.yaml", "by: A. Tester", "by: C. Tester")
    edit(fresh_sample.articles / "harbour.yaml", "min: 2", "min: 3")
    built_graphs: list[str] = []
    update = EmbeddedStore.update

    def noted(self: EmbeddedStore, sparql: str) -> None:
        built_graphs.append(sparql.splitlines()[0])
        update(self, sparql)

    monkeypatch.setattr(EmbeddedStore, "update", noted)
    assert "articles/harbour.yaml" in changes(fresh_sample)
    report = built(fresh_sample)
    assert report.made == ["articles/harbour.yaml"]
    assert report.exit_code == 0
    assert [line.split("/graph/")[-1] for line in built_graphs] == ["article-996e80636243>;"]
    assert export_of(fresh_sample) == rebuilt(fresh_sample)
    assert count(fresh_sample, "?agent a prov:Agent ; rdfs:label 'A. Tester'") == 0
    assert count(fresh_sample, "?agent a prov:Agent ; rdfs:label 'C. Tester'") == 1


def test_an_agent_stays_as_long_as_something_is_to_its_name(
    fresh_sample: Workspace, rebuilt: Export, export_of: Export
) -> None:
    agents = "?agent a prov:Agent ; rdfs:label ?label"
    edit(fresh_sample.articles / "ferry.yaml", "by: B. Tester", "by: A. Tester")
    built(fresh_sample)
    assert count(fresh_sample, agents) == 1
    (fresh_sample.articles / "harbour.yaml").unlink()
    assert built(fresh_sample).removed == ["articles/harbour.yaml"]
    assert count(fresh_sample, agents) == 1
    assert export_of(fresh_sample) == rebuilt(fresh_sample)
    (fresh_sample.articles / "ferry.yaml").unlink()
    built(fresh_sample)
    assert count(fresh_sample, agents) == 0
    assert count(fresh_sample, "GRAPH graph:provenance { ?s ?p ?o }") == 0
    assert export_of(fresh_sample) == rebuilt(fresh_sample)


def test_only_the_time_nodes_that_come_and_go_are_described_anew(
    fresh_sample: Workspace, rebuilt: Export, export_of: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    def events(*days: int) -> str:
        return "".join(
            f"<id/event/e{day}> <{KG.when.value}> <id/date/2031-03-{day:02}> .\n" for day in days
        )

    updates: list[str] = []
    update = EmbeddedStore.update

    def noted(self: EmbeddedStore, sparql: str) -> None:
        if "GRAPH <https://example.org/kg/graph/dates>" in sparql:
            updates.append(sparql)
        update(self, sparql)

    def described() -> list[set[str]]:
        return [set(re.findall(r"id/date/([0-9-]+)", sparql)) for sparql in updates]

    monkeypatch.setattr("kg.build.DATES", 2)
    monkeypatch.setattr(EmbeddedStore, "update", noted)
    file = fresh_sample.graphs / "days.ttl"
    file.write_text(events(1, 2, 3))
    built(fresh_sample)
    assert described() == [{"2031-03-01", "2031-03-02"}, {"2031-03-03"}]
    assert export_of(fresh_sample) == rebuilt(fresh_sample)
    updates.clear()
    file.write_text(events(2, 3, 4))
    built(fresh_sample)
    assert described() == [{"2031-03-01"}, {"2031-03-04"}]
    assert export_of(fresh_sample) == rebuilt(fresh_sample)
    updates.clear()
    file.unlink()
    built(fresh_sample)
    assert described() == [{"2031-03-02", "2031-03-03", "2031-03-04"}]
    assert export_of(fresh_sample) == rebuilt(fresh_sample)


def test_what_is_described_and_no_date_of_ours_is_swept_out(
    fresh_sample: Workspace, export_of: Export
) -> None:
    before = export_of(fresh_sample)
    with fresh_sample.writing() as store:
        store.update(
            "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> INSERT DATA {"
            " GRAPH <https://example.org/kg/graph/dates> {"
            ' <urn:x:a> skos:notation "yesterday" . <urn:x:b> skos:notation <urn:x:c> } }'
        )
    built(fresh_sample)
    assert export_of(fresh_sample) == before


def test_a_merge_in_the_register_makes_only_the_articles_anew_that_use_it(
    fresh_sample: Workspace, rebuilt: Export, export_of: Export
) -> None:
    register = fresh_sample.register().merge("i-calder", "ines-calder")
    (fresh_sample.root / "entities.ttl").write_bytes(to_turtle(register.triples, fresh_sample.iris))
    report = built(fresh_sample)
    assert made_and_unchanged(report) == (
        ["articles/ferry.yaml", "entities.ttl"],
        ["articles/harbour.yaml"],
    )
    assert count(fresh_sample, "?mention kg:refersTo actor:ines-calder") == 3
    assert count(fresh_sample, "?mention kg:refersTo actor:i-calder") == 0
    assert export_of(fresh_sample) == rebuilt(fresh_sample)


def test_a_better_label_makes_no_article_anew(fresh_sample: Workspace) -> None:
    edit(fresh_sample.root / "entities.ttl", '"Northline"@en', '"Northline Ltd"@en')
    assert built(fresh_sample).made == ["entities.ttl"]


def test_an_id_that_comes_into_the_register_is_found_to_be_taken(fresh_sample: Workspace) -> None:
    with (fresh_sample.root / "entities.ttl").open("a") as file:
        file.write('actor:author a kg:Actor ; rdfs:label "Arthur"@en ; kg:kind kgs:actor-person .')
    report = built(fresh_sample)
    assert {problem.file for problem in report.problems} == {
        "articles/ferry.yaml",
        "articles/harbour.yaml",
    }
    assert "the id author is that of an actor in the register" in report.problems[0].message


def test_a_renamed_annotation_keeps_its_graph(fresh_sample: Workspace, export_of: Export) -> None:
    before = export_of(fresh_sample)
    for suffix in (".yaml", ".txt"):
        (fresh_sample.articles / f"harbour{suffix}").rename(fresh_sample.articles / f"a{suffix}")
    report = built(fresh_sample)
    assert report.made == ["articles/a.yaml"]
    assert report.removed == ["articles/harbour.yaml"]
    assert export_of(fresh_sample) == before.replace(b"harbour.yaml", b"a.yaml")


def test_another_base_moves_everything(
    fresh_sample: Workspace, rebuilt: Export, export_of: Export
) -> None:
    (fresh_sample.root / "kg.toml").write_text('base = "https://data.example.net/"\n')
    moved = Workspace.open(fresh_sample.root)
    assert sorted(built(moved).made) == FILES
    assert b"example.org" not in export_of(moved)
    assert export_of(moved) == rebuilt(moved)


# ---------------------------------------------------------------------- user's graphs


def test_graphs_of_the_user_come_and_go_with_their_files(
    fresh_sample: Workspace, rebuilt: Export, export_of: Export
) -> None:
    before = export_of(fresh_sample)
    files = {
        "a b.ttl": b"<x> <http://e.org/p> [] .",
        "two.trig": b"<g> { <x> <http://e.org/p> <y> } <h> { <x> <http://e.org/p> <z> }",
        "caps.TTL": b"<x> <http://e.org/p> 1 .",
        "page.rdf": b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        "odd.jsonld": b'{"@id": "http://e.org/x", "http://e.org/p": "v"}',
    }
    for name, content in files.items():
        (fresh_sample.graphs / name).write_bytes(content)
    (fresh_sample.graphs / "notes.md").write_text("no RDF")
    (fresh_sample.graphs / ".hidden.ttl").write_text("not RDF either")
    report = built(fresh_sample)
    assert sorted(report.made) == sorted(f"graphs/{name}" for name in files)
    assert count(fresh_sample, "GRAPH ?g { ?s <http://e.org/p> ?o }") == 5
    assert count(fresh_sample, "?s <http://e.org/p> ?o FILTER(isBlank(?o))") == 0
    assert export_of(fresh_sample) == rebuilt(fresh_sample)
    assert made_and_unchanged(built(fresh_sample))[0] == []
    for name in files:
        (fresh_sample.graphs / name).unlink()
    assert sorted(built(fresh_sample).removed) == sorted(f"graphs/{name}" for name in files)
    assert export_of(fresh_sample) == before


# ------------------------------------------------------------------- files at fault


def broken_yaml(workspace: Workspace) -> tuple[str, str]:
    edit(workspace.articles / "harbour.yaml", "certainty: certain", "certainty: sure")
    return "articles/harbour.yaml", "sure"


def unknown_id(workspace: Workspace) -> tuple[str, str]:
    edit(workspace.articles / "harbour.yaml", "of: port-ellery", "of: port-elery")
    return "articles/harbour.yaml", "port-elery"


def text_changed(workspace: Workspace) -> tuple[str, str]:
    edit(workspace.articles / "harbour.txt", "two metres", "ten metres")
    return "articles/harbour.yaml", "the text has the SHA-256"


def text_no_longer_utf8(workspace: Workspace) -> tuple[str, str]:
    text = workspace.articles / "harbour.txt"
    text.write_bytes(text.read_text().encode("cp1252"))
    return "articles/harbour.txt", "not UTF-8"


def a_folder(workspace: Workspace) -> tuple[str, str]:
    (workspace.articles / "harbour.yaml").unlink()
    (workspace.articles / "harbour.yaml").mkdir()
    return "articles/harbour.yaml", "is a folder"


def a_pipe(workspace: Workspace) -> tuple[str, str]:
    (workspace.articles / "harbour.yaml").unlink()
    os.mkfifo(workspace.articles / "harbour.yaml")
    return "articles/harbour.yaml", "is not a regular file"


def too_big(workspace: Workspace) -> tuple[str, str]:
    os.truncate(workspace.articles / "harbour.yaml", 50_000_000)
    return "articles/harbour.yaml", "has 50,000,000 bytes; the limit is 10,000,000"


def empty(workspace: Workspace) -> tuple[str, str]:
    (workspace.articles / "harbour.yaml").write_bytes(b"")
    return "articles/harbour.yaml", "the file is empty"


@pytest.mark.parametrize(
    "spoil",
    [
        broken_yaml,
        unknown_id,
        text_changed,
        text_no_longer_utf8,
        a_folder,
        a_pipe,
        too_big,
        empty,
    ],
)
def test_a_file_at_fault_keeps_its_graph_and_stops_no_other(
    fresh_sample: Workspace,
    export_of: Export,
    spoil: Callable[[Workspace], tuple[str, str]],
) -> None:
    before = export_of(fresh_sample)
    name, message = spoil(fresh_sample)
    report = built(fresh_sample)
    assert report.exit_code == 1
    assert {problem.file for problem in report.problems} == {name}
    assert message in str(report.problems[0])
    assert export_of(fresh_sample) == before
    edit(fresh_sample.articles / "ferry.yaml", "by: B. Tester", "by: Another")
    assert built(fresh_sample).made == ["articles/ferry.yaml"]
    assert b"Another" in export_of(fresh_sample)
    assert built(fresh_sample).problems == report.problems  # said again until it is mended


def test_a_mended_file_is_taken_in(fresh_sample: Workspace, export_of: Export) -> None:
    before = export_of(fresh_sample)
    file = fresh_sample.articles / "harbour.yaml"
    good = file.read_bytes()
    for bad in (b"", b"kg: 2", b"\xff"):
        file.write_bytes(bad)
        assert built(fresh_sample).exit_code == 1
    file.write_bytes(good)
    assert built(fresh_sample).exit_code == 0
    assert export_of(fresh_sample) == before


@pytest.mark.parametrize("name", ["entities.ttl", "analysis.ttl"])
def test_shared_files_at_fault_name_line_and_column(
    fresh_sample: Workspace, export_of: Export, name: str
) -> None:
    before = export_of(fresh_sample)
    with (fresh_sample.root / name).open("a") as file:
        file.write("\n<x> <y> .")
    if name == "entities.ttl":  # nothing can be built without the register
        with pytest.raises(InputError, match=r"entities\.ttl:\d+:\d+: not Turtle"):
            built(fresh_sample)
    else:
        report = built(fresh_sample)
        assert report.exit_code == 1
        assert [problem.file for problem in report.problems] == [name]
    assert export_of(fresh_sample) == before


def test_a_broken_graph_of_the_user_is_reported_once_with_its_place(
    fresh_sample: Workspace,
) -> None:
    (fresh_sample.graphs / "x.ttl").write_text("<a> <b> .")
    problem = built(fresh_sample).problems
    assert len(problem) == 1
    assert str(problem[0]).startswith("graphs/x.ttl: x.ttl:1:9: not Turtle")


def test_a_time_node_that_is_no_date_writes_nothing(
    fresh_sample: Workspace, export_of: Export
) -> None:
    before = export_of(fresh_sample)
    with (fresh_sample.root / "analysis.ttl").open("a") as file:
        file.write("<id/event/x> kg:when <id/date/yesterday> .")
    report = built(fresh_sample)
    assert "id/date/yesterday" in report.problems[0].message
    assert export_of(fresh_sample) == before


def test_two_annotations_of_one_article_are_one_too_many(
    fresh_sample: Workspace, export_of: Export
) -> None:
    before = export_of(fresh_sample)
    for suffix in (".yaml", ".txt"):
        shutil.copy(
            fresh_sample.articles / f"harbour{suffix}", fresh_sample.articles / f"zz{suffix}"
        )
    report = built(fresh_sample)
    assert [str(problem) for problem in report.problems] == [
        (
            "articles/zz.yaml: annotates the same article as articles/harbour.yaml"
            " (one article has one annotation; give a new copy of its text as other_texts)"
        )
    ]
    assert export_of(fresh_sample) == before


def test_a_report_fails_wholly_only_if_nothing_went_well() -> None:
    report = Report()
    assert report.exit_code == 0
    report.fail("a.yaml", InputError("a.yaml: no such file", hint="look again"))
    report.fail("b.yaml", AnnotationError([Problem(file="b.yaml", message="wrong", line=3)]))
    assert [str(problem) for problem in report.problems] == [
        "a.yaml: no such file (look again)",
        "b.yaml:3: wrong",
    ]
    assert report.exit_code == 1
    report.all_failed = True
    assert report.exit_code == 3


# ---------------------------------------------------------------- texts not at hand


def test_texts_that_are_not_at_hand_are_named(built: Workspace) -> None:
    with built.reading():
        pass
    assert len(note.Note.read(built)) == 5
    missing = [path.name for path in built.articles.glob("*.yaml")]
    assert len(missing) == 2
    assert not list(built.articles.glob("*.txt"))


def test_a_text_that_goes_away_needs_proof_in_the_annotation(
    fresh_sample: Workspace, export_of: Export
) -> None:
    before = export_of(fresh_sample)
    text = fresh_sample.articles / "harbour.txt"
    kept = text.read_bytes()
    text.unlink()
    report = built(fresh_sample)
    assert report.without_text == ["articles/harbour.yaml"]
    assert report.exit_code == 1
    assert "the text 'harbour.txt' is not at hand" in str(report.problems[0])
    assert export_of(fresh_sample) == before
    text.write_bytes(kept)
    assert built(fresh_sample).exit_code == 0
    assert export_of(fresh_sample) == before


# ----------------------------------------------------------- what is derived is lost


@pytest.mark.parametrize("lost", ["", "store", note.NOTE, "lock"])
def test_what_is_deleted_in_the_derived_folder_is_made_again(
    fresh_sample: Workspace, export_of: Export, lost: str
) -> None:
    before = export_of(fresh_sample)
    gone = fresh_sample.derived / lost
    if gone.is_dir():
        shutil.rmtree(gone)
    else:
        gone.unlink()
    report = built(fresh_sample)
    assert report.exit_code == 0
    assert export_of(fresh_sample) == before
    assert built(fresh_sample).made == []


GARBAGE: list[Any] = [
    b"",
    b"garbage",
    b"\xff\x00",
    b"[]\n",
    b"{}\n",
    b"3\n",
    b'{"made_by": null}\n',
    pytest.param(b"[" * 100_000, id="deep"),
    [],
    ["3"],
    ["[]"],
    ["{}"],
    ['["x"]'],
    ['["x", 3]'],
    pytest.param(["[" * 100_000], id="deep line"),
    ['["x", {}]'],
    ['["x", {"file": 3, "stamps": {}, "hashes": {}}]'],
    ['["x", {"file": "articles/harbour.yaml", "stamps": [], "hashes": null}]'],
    ['[3, {"file": "articles/harbour.yaml", "stamps": {}, "hashes": {}}]'],
    ['["x", {"file": "articles/harb'],
]
"""Whole notes, and lines that come in the place of those of graphs."""


@pytest.mark.parametrize("content", GARBAGE, ids=str)
def test_a_note_that_is_garbage_is_no_note(
    fresh_sample: Workspace, export_of: Export, rebuilt: Export, content: Any
) -> None:
    before = export_of(fresh_sample)
    file = fresh_sample.derived / note.NOTE
    made_by, *_ = file.read_text().splitlines()
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text("\n".join([made_by, *content, ""]))
    assert not note.Note.read(fresh_sample)
    assert "articles/harbour.yaml" in changes(fresh_sample)
    assert built(fresh_sample).exit_code == 0
    assert export_of(fresh_sample) == before == rebuilt(fresh_sample)


def test_a_note_that_was_cut_off_is_none_or_vouches_for_less(
    fresh_sample: Workspace, export_of: Export
) -> None:
    before = export_of(fresh_sample)
    file = fresh_sample.derived / note.NOTE
    whole = file.read_bytes()
    for end in range(0, len(whole), 97):
        if not whole[:end].endswith(b"\n"):
            file.write_bytes(whole[:end])
            assert not note.Note.read(fresh_sample)
    ends = [end for end, byte in enumerate(whole, 1) if byte == ord("\n")]
    for graphs, end in enumerate(ends):
        file.write_bytes(whole[:end])
        assert len(note.Note.read(fresh_sample)) == graphs
        built(fresh_sample)
        assert export_of(fresh_sample) == before
        assert len(file.read_bytes()) == len(whole)


def test_what_a_note_says_is_not_the_note_itself(
    fresh_sample: Workspace,
) -> None:
    noted = note.Note.read(fresh_sample)
    assert noted == note.Note(dict(noted.items())) != note.Note()
    assert all(noted[graph]["file"] == file for file, graph in noted.files.items())
    graph = noted.files["articles/harbour.yaml"]
    noted[graph]["stamps"]["file"] = None
    assert noted == note.Note.read(fresh_sample)
    noted[graph] = {**noted[graph], "file": "articles/pier.yaml"}
    assert "articles/harbour.yaml" not in noted.files
    del noted[graph]
    assert "articles/pier.yaml" not in noted.files
    assert graph not in noted
    doubted = note.Note.read(fresh_sample).doubted(but={"ontology"})
    assert [file for file, g in doubted.files.items() if doubted[g]["hashes"]] == ["ontology"]


def test_a_note_takes_hardly_more_memory_than_its_file(fresh_sample: Workspace) -> None:
    noted = note.Note.read(fresh_sample)
    entry = noted[noted.files["articles/harbour.yaml"]]
    many = {f"urn:x:{n}": entry | {"file": f"articles/{n}.yaml"} for n in range(2_000)}
    note.Note(many).write(fresh_sample)
    size = (fresh_sample.derived / note.NOTE).stat().st_size
    tracemalloc.start()
    try:
        found = note.Note.read(fresh_sample)
        held, _ = tracemalloc.get_traced_memory()
        found.write(fresh_sample)
        doubted = found.doubted(but=found.files)
        assert sum(entry["triples"] for entry in doubted.values()) == 2_000 * entry["triples"]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) == 2_000
    assert size < held < 1.5 * size  # a line, and its place in two dictionaries
    assert peak < 2 * size


def test_what_nobody_noted_is_swept_out_of_the_store(
    fresh_sample: Workspace, export_of: Export
) -> None:
    before = export_of(fresh_sample)
    with fresh_sample.writing() as store:
        store.update(
            "INSERT DATA { GRAPH <https://e.org/g> { <https://e.org/x> a <https://e.org/y> }"
            " GRAPH <https://example.org/kg/graph/provenance> { <urn:x> a <urn:y> } }"
        )
    (fresh_sample.derived / note.NOTE).unlink()
    built(fresh_sample)
    assert export_of(fresh_sample) == before


def test_a_note_of_another_version_is_no_note(
    fresh_sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(fresh_sample)
    monkeypatch.setattr(note, "FORMAT", note.FORMAT + 1)
    assert sorted(built(fresh_sample).made) == FILES
    assert built(fresh_sample).made == []


def test_a_build_in_memory_leaves_no_note(new: NewWorkspace, sample: Path) -> None:
    workspace = new()
    (workspace.root / "kg.toml").write_text('store = "memory:"\n')
    in_memory = Workspace.open(workspace.root)
    with in_memory.writing() as store:
        report = add(in_memory, store, [sample])
        assert report.exit_code == 0
        assert len(list(select(store, f"SELECT ?c {{ ?c a {KG.Claim} }}"))) == 3
    assert not (workspace.derived / note.NOTE).exists()
    assert not (workspace.derived / "store").exists()


# --------------------------------------------------------- what is cut off in between


def test_a_file_put_back_after_a_build_that_was_cut_off_is_taken_in_again(
    fresh_sample: Workspace, export_of: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store had the new file, the note still the old one: the old file must not look unchanged."""
    built(fresh_sample)
    before = export_of(fresh_sample)
    file = fresh_sample.articles / "harbour.yaml"
    old, status = file.read_bytes(), file.stat()
    update = EmbeddedStore.update

    def cut_off(self: EmbeddedStore, sparql: str) -> None:
        update(self, sparql)
        raise KeyboardInterrupt

    edit(file, "min: 2", "min: 3")
    with monkeypatch.context() as patch:
        patch.setattr(EmbeddedStore, "update", cut_off)
        with pytest.raises(KeyboardInterrupt):
            built(fresh_sample)
    assert export_of(fresh_sample) != before
    file.write_bytes(old)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert built(fresh_sample).made == ["articles/harbour.yaml"]
    assert export_of(fresh_sample) == before


def test_a_file_that_changes_while_it_is_read_is_read_again(
    fresh_sample: Workspace, export_of: Export, rebuilt: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(fresh_sample)
    file = fresh_sample.articles / "harbour.yaml"
    edit(file, "min: 2", "min: 3")
    read = building.read_annotation

    def read_and_change(*arguments: Any) -> Any:
        found = read(*arguments)
        edit(file, "min: 3", "min: 4")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(building, "read_annotation", read_and_change)
        built(fresh_sample)
    assert changes(fresh_sample) == ["articles/harbour.yaml"]
    assert built(fresh_sample).made == ["articles/harbour.yaml"]
    assert export_of(fresh_sample) == rebuilt(fresh_sample)


def test_a_store_that_refuses_leaves_a_note_that_promises_nothing(
    fresh_sample: Workspace, export_of: Export, rebuilt: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(fresh_sample)
    edit(fresh_sample.articles / "harbour.yaml", "min: 2", "min: 3")

    def full(self: EmbeddedStore, sparql: str) -> None:  # noqa: ARG001
        raise StoreError("no space left on the disk")

    with monkeypatch.context() as patch:
        patch.setattr(EmbeddedStore, "update", full)
        with pytest.raises(StoreError):
            built(fresh_sample)
    assert built(fresh_sample).made == ["articles/harbour.yaml"]
    assert export_of(fresh_sample) == rebuilt(fresh_sample)


# -------------------------------------------------------------------- the law of it


ARTICLES = ("harbour", "ferry")
ANNOTATIONS = [
    ("by: ", "by: A "),
    ("certainty: certain", "certainty: probable"),
    ("made: {", "made: {version: '2', method: rule, "),
    ("  language: en\n", "  language: en\n  id: 0123456789ab\n"),
    ("of: ines-calder", "of: northline"),
]
REGISTERS = [
    ("", ""),
    ('"Northline"@en', '"Northline Ltd"@en'),
    (
        'actor:i-calder a kg:Actor ; rdfs:label "I. Calder"@en',
        (
            "actor:i-calder <http://purl.org/dc/terms/isReplacedBy> actor:ines-calder ;"
            ' rdfs:label "I. C."@en ; a kg:Actor'
        ),
    ),
    ("topic:ferries", "topic:ferry-services"),
]
STEPS = st.one_of(
    st.just(("build",)),
    st.tuples(st.just("write"), st.sampled_from(ARTICLES), st.integers(0, len(ANNOTATIONS))),
    st.tuples(st.just("add"), st.sampled_from(ARTICLES), st.integers(0, len(ANNOTATIONS))),
    st.tuples(st.just("remove"), st.sampled_from(ARTICLES)),
    st.tuples(st.just("rename"), st.sampled_from(ARTICLES)),
    st.tuples(st.just("spoil"), st.sampled_from(ARTICLES)),
    st.tuples(st.just("register"), st.integers(0, len(REGISTERS) - 1)),
    st.tuples(st.just("graph"), st.sampled_from(["", "<x> <http://e.org/p> [] .", "<x"])),
    st.tuples(st.just("judge"), st.booleans()),
    st.just(("forget",)),
)


def annotation_of(sample: Path, name: str, variant: int) -> str:
    text = (sample / f"{name}.yaml").read_text()
    if variant < len(ANNOTATIONS):
        text = text.replace(*ANNOTATIONS[variant])
    return text


def take(workspace: Workspace, sample: Path, step: Any) -> None:
    match step:
        case ("build",):
            built(workspace) if register_is_good(workspace) else None
        case ("write", name, variant):
            (workspace.articles / f"{name}.yaml").write_text(annotation_of(sample, name, variant))
            shutil.copy(sample / f"{name}.txt", workspace.articles)
        case ("add", name, variant):
            source = workspace.root.parent / f"{name}.yaml"
            source.write_text(annotation_of(sample, name, variant))
            shutil.copy(sample / f"{name}.txt", source.parent)
            with workspace.writing() as store:
                add(workspace, store, [source], replace=True)
        case ("remove", name):
            (workspace.articles / f"{name}.yaml").unlink(missing_ok=True)
        case ("rename", name):
            for file in workspace.articles.glob(f"{name}.*"):
                file.rename(file.with_stem(f"z-{name}"))
        case ("spoil", name):
            (workspace.articles / f"{name}.yaml").write_text("kg: [")
        case ("register", variant):
            text = (sample / "entities.ttl").read_text().replace(*REGISTERS[variant])
            (workspace.root / "entities.ttl").write_text(text)
        case ("graph", content):
            file = workspace.graphs / "x.ttl"
            file.write_text(content) if content else file.unlink(missing_ok=True)
        case ("judge", yes):
            head = "@prefix schema: <http://schema.org/> . @prefix graph: <graph/> .\n"
            more = "graph:analysis a schema:Dataset ." if yes else ""
            (workspace.root / "analysis.ttl").write_text(head + more)
        case ("forget",):
            (workspace.derived / note.NOTE).unlink(missing_ok=True)


def register_is_good(workspace: Workspace) -> bool:
    return workspace.register() is not None


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, max_size=8))
@example(steps=[("register", 2), ("build",), ("register", 0)])
@example(steps=[("write", "ferry", 3), ("build",), ("write", "ferry", 0)])
@example(steps=[("write", "ferry", 2), ("build",), ("write", "ferry", 0)])
@example(steps=[("rename", "ferry"), ("write", "ferry", 1), ("build",), ("remove", "ferry")])
@example(steps=[("spoil", "ferry"), ("build",), ("forget",), ("add", "ferry", 1)])
def test_whatever_happened_to_the_files_the_store_is_as_if_built_from_them(
    built_sample: Workspace,
    sample: Path,
    tmp_path_factory: pytest.TempPathFactory,
    export_of: Export,
    rebuilt: Export,
    steps: list[Any],
) -> None:
    root = tmp_path_factory.mktemp("steps") / "news"
    shutil.copytree(built_sample.root, root)
    workspace = Workspace.open(root)
    for step in steps:
        take(workspace, sample, step)
    report = built(workspace)
    if report.problems:
        # What is at fault keeps the graph that it had, which the files alone do not tell: away with it.
        for problem in report.problems:
            (root / problem.file).unlink(missing_ok=True)
        assert not built(workspace).problems
    assert export_of(workspace) == rebuilt(workspace)
    again = built(workspace)
    assert (again.made, again.removed) == ([], [])
    shutil.rmtree(root.parent)


def test_the_steps_do_occur_that_make_the_law_worth_having(
    built_sample: Workspace, sample: Path, tmp_path: Path
) -> None:
    """A register that makes an article fail, one that moves its nodes, and a graph that is broken."""
    outcomes = {}
    for step in [
        ("register", 2),
        ("register", 3),
        ("graph", "<x"),
        ("spoil", "ferry"),
        ("write", "ferry", 3),
    ]:
        root = tmp_path / str(step)
        shutil.copytree(built_sample.root, root)
        workspace = Workspace.open(root)
        take(workspace, sample, step)
        report = built(workspace)
        outcomes[step] = (len(report.made), len(report.removed), bool(report.problems))
    assert outcomes == {
        ("register", 2): (2, 0, False),
        ("register", 3): (1, 0, True),
        ("graph", "<x"): (0, 0, True),
        ("spoil", "ferry"): (0, 0, True),
        ("write", "ferry", 3): (1, 0, False),
    }


def test_the_founding_corpus_is_the_same_from_nothing(
    built: Workspace, export_of: Export, rebuilt: Export
) -> None:
    assert export_of(built) == rebuilt(built)


def test_an_article_is_replaced_in_one_update(
    fresh_sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One update is one transaction: graph and provenance change together or not at all."""
    updates: list[str] = []

    def record(_: GraphStore, sparql: str) -> None:
        updates.append(sparql)

    edit(fresh_sample.articles / "harbour.yaml", "min: 2", "min: 3")
    monkeypatch.setattr(EmbeddedStore, "update", record)
    built(fresh_sample)
    assert len(updates) == 1
    for part in ("DROP SILENT GRAPH", "INSERT DATA", "graph/provenance", "generatedAtTime"):
        assert part in updates[0]

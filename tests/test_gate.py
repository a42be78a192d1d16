"""The gate: what a change does to the graph is checked before the change counts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg import shacl
from kg.build import build
from kg.errors import StoreError
from kg.gate import UNDO, WHOLE_GRAPH, Gate
from kg.note import changes
from kg.store import named_graphs
from kg.store.embedded import EmbeddedStore
from kg.validate import check, shapes_of
from kg.vocab import KG, RDF, SCHEMA
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.build import Report
    from kg.validate import ValidationReport
    from tests.conftest import Run

    Export = Callable[[Workspace], bytes]
    Files = Callable[[Workspace], dict[str, bytes]]

STRICT = {"KG_GATE": "strict"}
PREFIXES = """\
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix schema: <http://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/own/> .
"""
GOOD = f'{PREFIXES}ex:quay a schema:Place ; rdfs:label "the quay"@en .'
BAD = f"{PREFIXES}ex:quay a schema:Place ."
NAMELESS = "The place or topic needs one preferred name per language."


def strict(workspace: Workspace) -> Workspace:
    return replace(workspace, settings=replace(workspace.settings, gate="strict"))


def built(workspace: Workspace) -> Report:
    with workspace.writing() as store:
        return build(workspace, store)


def validated(workspace: Workspace) -> ValidationReport:
    with workspace.reading() as store:
        return check(store, shapes_of(workspace))


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """A text without a headline."""
    file = tmp_path / "note.txt"
    file.write_text("ferries were late on tuesday, as a clerk of the port said.\n" * 3)
    return file


SHARED = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <https://example.org/own/> .
e:P a sh:PropertyShape ; sh:path e:p ; sh:minCount 1 ; sh:message "It needs a p." .
""" + "".join(
    f"e:N{n} a sh:NodeShape ; sh:targetClass e:C{n} ; sh:property e:P .\n" for n in range(9)
)


def test_the_lenient_gate_stores_what_does_not_conform_and_says_so(
    run: Run, fresh_sample: Workspace, note: Path
) -> None:
    found = run("add", note, cwd=fresh_sample.root)
    assert found.code == 0
    assert found.err.startswith("1 file taken in, ")
    assert "does not conform: 1 violation, " in found.err
    assert found.err.rstrip().endswith("kg validate says where")
    assert run("validate", cwd=fresh_sample.root).code == 1


def test_the_strict_gate_refuses_what_does_not_conform_and_leaves_no_trace(
    run: Run, fresh_sample: Workspace, note: Path, files_of: Files, export_of: Export
) -> None:
    files, graph = files_of(fresh_sample), export_of(fresh_sample)
    found = run("add", note, cwd=fresh_sample.root, env=STRICT)
    assert found.code == 3
    assert "articles/note.yaml: refused: The article needs one headline per language." in found.err
    assert "(mend it, or have the gate lenient in kg.toml)" in found.err
    assert "Traceback" not in found.err
    assert files_of(fresh_sample) == files
    assert export_of(fresh_sample) == graph
    assert changes(fresh_sample) == []
    assert not (fresh_sample.derived / UNDO).exists()


def test_one_refused_file_does_not_stop_the_others(
    run: Run,
    fresh_sample: Workspace,
    note: Path,
    tmp_path: Path,
    export_of: Export,
    rebuilt: Export,
) -> None:
    (tmp_path / "good.ttl").write_text(GOOD)
    found = run("add", note, tmp_path / "good.ttl", cwd=fresh_sample.root, env=STRICT)
    assert found.code == 1
    assert found.err.count("refused: ") == 1
    assert (fresh_sample.graphs / "good.ttl").exists()
    assert not (fresh_sample.articles / "note.txt").exists()
    assert export_of(fresh_sample) == rebuilt(fresh_sample)


def test_what_conforms_passes_the_strict_gate(
    tmp_path: Path, run: Run, sample: Path, export_of: Export, built_sample: Workspace
) -> None:
    Workspace.create(tmp_path / "news")
    found = run("add", sample, cwd=tmp_path / "news", env=STRICT)
    assert found.code == 0
    assert export_of(Workspace.open(tmp_path / "news")) == export_of(built_sample)


def test_without_a_gate_nothing_is_said(run: Run, fresh_sample: Workspace, note: Path) -> None:
    found = run("add", note, cwd=fresh_sample.root, env={"KG_GATE": "off"})
    assert found.code == 0
    assert "conform" not in found.err


def test_an_edited_file_is_refused_until_it_is_mended_and_the_graph_stays_as_it_was(
    fresh_sample: Workspace, export_of: Export, rebuilt: Export
) -> None:
    workspace = strict(fresh_sample)
    file = workspace.graphs / "quay.ttl"
    file.write_text(GOOD)
    assert built(workspace).problems == []
    before = export_of(workspace)
    file.write_text(BAD)
    for _ in range(2):
        report = built(workspace)
        assert [(p.file, p.message) for p in report.problems] == [
            ("graphs/quay.ttl", f"refused: {NAMELESS} (https://example.org/own/quay)")
        ]
        assert (report.refused, report.made, report.exit_code) == (["graphs/quay.ttl"], [], 1)
        assert export_of(workspace) == before
        assert file.read_text() == BAD
    file.write_text(GOOD.replace("the quay", "the long quay"))
    assert built(workspace).made == ["graphs/quay.ttl"]
    assert export_of(workspace) == rebuilt(workspace)


def test_a_file_that_others_rely_on_is_not_removed(
    fresh_sample: Workspace, export_of: Export
) -> None:
    workspace = strict(fresh_sample)
    event = 'ex:strike a kg:Event ; rdfs:label "the strike"@en ; kg:kind kgs:event-meeting .'
    part = 'ex:talks a kg:Event ; rdfs:label "the talks"@en ; kg:kind kgs:event-meeting ; '
    part += "schema:superEvent ex:strike ."
    (workspace.graphs / "strike.ttl").write_text(PREFIXES + event)
    (workspace.graphs / "talks.ttl").write_text(PREFIXES + part)
    assert built(workspace).problems == []
    before = export_of(workspace)
    (workspace.graphs / "strike.ttl").unlink()
    report = built(workspace)
    assert [problem.file for problem in report.problems] == ["graphs/strike.ttl"]
    assert report.problems[0].message == (
        "refused: The larger event is not a registered event. (https://example.org/own/talks)"
    )
    assert export_of(workspace) == before
    (workspace.graphs / "talks.ttl").unlink()
    assert sorted(built(workspace).removed) == ["graphs/strike.ttl", "graphs/talks.ttl"]


def test_what_relied_on_a_refused_file_is_refused_with_it(
    fresh_sample: Workspace, export_of: Export
) -> None:
    workspace = strict(fresh_sample)
    before = export_of(workspace)
    event = "ex:strike a kg:Event ; kg:kind kgs:event-meeting ."  # it has no label
    part = 'ex:talks a kg:Event ; rdfs:label "the talks"@en ; kg:kind kgs:event-meeting ; '
    part += "schema:superEvent ex:strike ."
    (workspace.graphs / "strike.ttl").write_text(PREFIXES + event)
    (workspace.graphs / "talks.ttl").write_text(PREFIXES + part)
    report = built(workspace)
    assert sorted(report.refused) == ["graphs/strike.ttl", "graphs/talks.ttl"]
    assert export_of(workspace) == before


def test_many_findings_are_told_in_a_few_lines(fresh_sample: Workspace) -> None:
    workspace = strict(fresh_sample)
    places = "".join(f"ex:place{number} a schema:Place . " for number in range(30))
    (workspace.graphs / "places.ttl").write_text(PREFIXES + places)
    report = built(workspace)
    assert len(report.problems) == 4
    assert report.problems[-1].message == "refused: and 27 more violations"


def test_what_was_wrong_before_is_nobodys_fault(
    fresh_sample: Workspace, export_of: Export, rebuilt: Export
) -> None:
    bad, good = fresh_sample.graphs / "bad.ttl", fresh_sample.graphs / "good.ttl"
    bad.write_text(BAD)
    assert built(fresh_sample).problems == []  # by the lenient gate
    good.write_text(GOOD.replace("ex:quay", "ex:mole"))
    report = built(strict(fresh_sample))
    assert (report.problems, report.made) == ([], ["graphs/good.ttl"])
    # Nor is it where more is said of the same node.
    good.write_text(f'{PREFIXES}ex:quay schema:description "long" .')
    assert built(strict(fresh_sample)).problems == []
    assert export_of(fresh_sample) == rebuilt(fresh_sample)


def test_only_the_change_that_brings_a_violation_is_refused(fresh_sample: Workspace) -> None:
    """A node is described by a changed file, and broken by another that is removed."""
    workspace = strict(fresh_sample)
    event = 'ex:strike a kg:Event ; rdfs:label "the strike"@en ; kg:kind kgs:event-other .'
    part = 'ex:talks a kg:Event ; rdfs:label "the talks"@en ; kg:kind kgs:event-meeting ; '
    part += "schema:superEvent ex:strike ."
    strike, talks = (workspace.graphs / f"{name}.ttl" for name in ("strike", "talks"))
    strike.write_text(PREFIXES + event)
    talks.write_text(PREFIXES + part)
    assert built(workspace).problems == []
    strike.unlink()
    talks.write_text(PREFIXES + part.replace("the talks", "long talks"))
    report = built(workspace)
    assert (report.refused, report.made) == (["graphs/strike.ttl"], ["graphs/talks.ttl"])


@pytest.mark.parametrize("budget", [0, 3, 200_000])
def test_however_many_triples_have_changed_the_right_file_is_refused(
    fresh_sample: Workspace, monkeypatch: pytest.MonkeyPatch, budget: int
) -> None:
    monkeypatch.setattr("kg.gate.BUDGET", budget)
    workspace = strict(fresh_sample)
    for name in ("a", "b", "c"):
        (workspace.graphs / f"{name}.ttl").write_text(GOOD.replace("ex:quay", f"ex:{name}"))
    assert built(workspace).problems == []
    (workspace.graphs / "a.ttl").write_text(BAD.replace("ex:quay", "ex:a"))
    (workspace.graphs / "b.ttl").write_text(GOOD.replace("ex:quay", "ex:b").replace("the", "a"))
    report = built(workspace)
    assert (report.refused, report.made) == (["graphs/a.ttl"], ["graphs/b.ttl"])


def test_changes_that_only_together_bring_a_violation_are_refused_together(
    fresh_sample: Workspace, export_of: Export
) -> None:
    workspace = strict(fresh_sample)
    before = export_of(workspace)
    label = 'ex:quay rdfs:label "LABEL"@en .'
    place = f'{PREFIXES}ex:quay a schema:Place ; rdfs:label "one"@en .'
    (workspace.graphs / "place.ttl").write_text(place)
    assert built(workspace).problems == []
    for name in ("two", "three"):
        (workspace.graphs / f"{name}.ttl").write_text(PREFIXES + label.replace("LABEL", name))
    report = built(workspace)
    assert sorted(report.refused) == ["graphs/three.ttl", "graphs/two.ttl"]
    (workspace.graphs / "place.ttl").unlink()
    for name in ("two", "three"):
        (workspace.graphs / f"{name}.ttl").unlink()
    built(workspace)
    assert export_of(workspace) == before


def test_a_change_that_cannot_be_taken_back_is_an_error_with_the_file(
    fresh_sample: Workspace,
) -> None:
    (fresh_sample.derived / UNDO).write_text('{"undo": "no update", "redo": ""}\n')
    with pytest.raises(StoreError) as caught:
        built(fresh_sample)
    assert str(caught.value).startswith(str(fresh_sample.derived / UNDO))
    assert caught.value.hint == "delete .kg, and kg build makes the store anew"


# A build that is cut off


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("moment", ["check", "refuse", "close"])
def test_a_build_cut_off_at_the_gate_is_taken_back_by_the_next(
    fresh_sample: Workspace, export_of: Export, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = strict(fresh_sample)
    file = workspace.graphs / "quay.ttl"
    file.write_text(GOOD)
    built(workspace)
    before = export_of(workspace)
    file.write_text(GOOD.replace("the quay", "quay") if moment == "close" else BAD)

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Gate, moment, die)
        with pytest.raises(Killed):
            built(workspace)
    assert (workspace.derived / UNDO).exists()
    assert "graphs/quay.ttl" in changes(workspace)
    # The next build takes it back, and then finds the same file.
    file.write_text(GOOD)
    built(workspace)
    assert export_of(workspace) == before
    assert not (workspace.derived / UNDO).exists()
    file.write_text(BAD)
    assert built(workspace).refused == ["graphs/quay.ttl"]
    assert export_of(workspace) == before


def test_an_undo_file_that_was_cut_off_itself_is_read_as_far_as_it_goes(
    fresh_sample: Workspace, export_of: Export
) -> None:
    before = export_of(fresh_sample)
    undo = "DROP SILENT GRAPH <https://example.org/kg/graph/file-quay.ttl>"
    lines = [json.dumps({"undo": undo, "redo": ""}), '{"undo": "DROP']
    (fresh_sample.derived / UNDO).write_text("\n".join(lines))
    with fresh_sample.writing() as store:
        store.update(
            "INSERT DATA { GRAPH <https://example.org/kg/graph/file-quay.ttl> { <urn:a> <urn:b> 1 } }"
        )
    built(strict(fresh_sample))
    assert export_of(fresh_sample) == before


# Only what a change can affect is looked at, with the findings that a whole validation has


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_the_gate_finds_what_a_whole_validation_finds(
    built_sample: Workspace, data: st.DataObject
) -> None:
    """Triples of one graph come and go; the new findings are those of the gate."""
    with EmbeddedStore() as store:
        memory = replace(
            built_sample, settings=replace(built_sample.settings, store="memory:", gate="off")
        )
        build(memory, store)
        shapes = shapes_of(memory)
        (graph,) = (name for name in named_graphs(store) if name.value.endswith("996e80636243"))
        old = list(store.get(graph))
        before = set(check(store, shapes).shacl.results)
        gone = data.draw(st.lists(st.sampled_from(old), max_size=4))
        kept = [triple for triple in old if triple not in gone]
        store.put(graph, kept)
        gate = Gate(memory, store, shapes)
        gate.before("articles/harbour.yaml", graph, "", "", set(old) - set(kept))
        found = gate.check((), 10**9)  # as if the store were large: only what is affected
        after = set(check(store, shapes).shacl.results)
        assert (found is None) == (not gone)
        seen = set(found.shacl.results) if found else set()
        assert after - before <= seen <= after


def test_a_small_change_asks_for_few_focus_nodes(
    built_sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:

    asked: list[object] = []
    whole = shacl.validate

    def noted(*arguments: object, **settings: object) -> object:
        asked.append(settings["focus"])
        return whole(*arguments, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(shacl, "validate", noted)
    with EmbeddedStore() as store:
        memory = replace(built_sample, settings=replace(built_sample.settings, store="memory:"))
        build(memory, store)
        gate = Gate(memory, store, shapes_of(memory))
        (graph,) = (name for name in named_graphs(store) if name.value.endswith("996e80636243"))
        changed = [triple for triple in store.get(graph) if "certainty" in triple.predicate.value]
        gate.before("articles/harbour.yaml", graph, "", "", changed)
        gate.check((), 10**9)
    focus = asked[-1]
    assert isinstance(focus, dict)
    assert {str(shape).rpartition("#")[2] for shape in focus} == {"Claim>", "relation-judged>"}


TERMS = (
    # what a graph says, the subject apart, and whether the check of all terms is asked again
    (f"{KG.when} <urn:a>", False),
    (f"{RDF.type} {KG.Claim}", False),
    (f"{RDF.type} {SCHEMA.Place}", False),
    ("<http://schema.org/name> 1", False),
    ("<urn:else> <urn:a>", False),
    (f"<{KG.base}whem> <urn:a>", True),
    (f"{RDF.type} <{KG.base}Clame>", True),
    (f"<{KG.base}Claim> <urn:a>", False),  # a class in the place of a property is in the ontology
    (f"{RDF.type} <{KG.base}when>", True),
    ("<https://schema.org/name> 1", True),
    (f"{RDF.type} <https://schema.org/Place>", True),
)


def test_that_all_terms_are_known_is_asked_again_where_a_change_brings_others(
    built_sample: Workspace,
) -> None:
    assert len(TERMS) == 11
    graph = NamedNode("https://example.org/kg/graph/file-new.ttl")
    with EmbeddedStore() as store:
        memory = replace(built_sample, settings=replace(built_sample.settings, store="memory:"))
        build(memory, store)
        for says, again in TERMS:
            for subject in ("urn:new", f"{KG.base}when"):
                store.update(f"INSERT DATA {{ GRAPH {graph} {{ <{subject}> {says} }} }}")
                gate = Gate(memory, store, shapes_of(memory))
                gate.before("graphs/new.ttl", graph, "", "", list(store.get(graph)))
                report = gate.check((), 10**9)
                assert gate._focus is not None
                # The ontology may always have changed with what is said of its terms.
                assert (WHOLE_GRAPH in gate._focus) == (again or subject != "urn:new"), says
                found = {result.shape for result in report.shacl.results} if report else set()
                assert (WHOLE_GRAPH in found) == again, says
                store.delete(graph)

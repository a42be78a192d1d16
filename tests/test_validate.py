"""Validation: what is wrong, where it stands, and how to mend it; and never a wrong 'conforms'."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, SH

from kg import rdf, resources, validate
from kg.edtf import Edtf, bounds
from kg.errors import InputError
from kg.mapping.iris import Iris
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from kg.validate import Finding, ValidationReport
    from kg.workspace import Workspace
    from tests.conftest import Run

NEGATIVES = Path(__file__).with_name("negatives")
CLEAN = NEGATIVES / "_base.ttl"
BASE = "https://example.org/kg/"
CLAIMS = {
    "2df6e1df3239-89-155": ("ferry.txt", 89, 155),
    "996e80636243-176-213": ("harbour.txt", 176, 213),
    "996e80636243-83-156": ("harbour.txt", 83, 156),
}


# The founding corpus


@pytest.fixture(scope="session")
def founding(built: Workspace) -> ValidationReport:
    """The one validation of the founding corpus; it takes its time."""
    with built.reading() as store:
        return validate.validate_store(store)


def test_the_founding_corpus_conforms_with_the_warnings_that_are_explained_beside_it(
    founding: ValidationReport, corpus: Path
) -> None:
    readme = (corpus / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| ([^|]+) \|", readme, re.MULTILINE)
    explained = sorted((shape, severity) for shape, severity, _ in rows)
    found = sorted((f.shape.rpartition("#")[2], str(f.severity)) for f in founding.findings)
    assert found == explained
    assert founding.counts() == {"Violation": 0, "Warning": 2, "Info": 1}
    places = " ".join(place for _, _, place in rows)
    for finding in founding.findings:
        assert finding.label is None or finding.label in places


def test_what_fails_is_a_choice(founding: ValidationReport) -> None:
    assert founding.conforms()
    assert founding.conforms("Violation")
    assert not founding.conforms("Warning")
    assert not founding.conforms("Info")


# The report on faults that we made


def faults() -> str:
    """A third certainty and a second polarity for every claim of the sample."""
    lines = ["@prefix kg: <https://w3id.org/newskg/ontology#> ."]
    lines += ["@prefix kgs: <https://w3id.org/newskg/scheme/> ."]
    for claim in CLAIMS:
        lines.append(
            f"<id/claim/{claim}> kg:polarity kgs:polarity-negative , kgs:polarity-positive ;"
            " kg:certainty kgs:certainty-sure ."
        )
    return "\n".join(lines)


@pytest.fixture(scope="session")
def spoilt(built_sample: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A copy of the sample with faults in it."""
    from kg.build import build
    from kg.workspace import Workspace as Opened

    root = tmp_path_factory.mktemp("spoilt") / "sample"
    shutil.copytree(built_sample.root, root)
    (root / "graphs" / "faults.ttl").write_text(faults(), encoding="utf-8")
    workspace = Opened.open(root)
    with workspace.writing() as store:
        assert not build(workspace, store).problems
    return workspace


@pytest.fixture(scope="session")
def report(spoilt: Workspace) -> ValidationReport:
    with spoilt.reading() as store:
        return validate.validate_store(store, texts=spoilt.texts())


def violations(report: ValidationReport) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity == "Violation"]


def test_a_finding_says_where_to_look(report: ValidationReport, spoilt: Workspace) -> None:
    found = violations(report)
    assert len(found) == 9
    for finding in found:
        claim = finding.focus.rpartition("/")[2]
        assert (finding.article, finding.start, finding.end) == CLAIMS[claim]
        text = (spoilt.articles / str(finding.article)).read_bytes().decode()
        words = " ".join(text[finding.start : finding.end].split())
        assert finding.words is not None
        assert len(finding.words) <= 62
        assert finding.words == words or words.startswith(finding.words.removesuffix("…"))
        assert finding.label
    assert {finding.shape for finding in found} == {
        "https://w3id.org/newskg/shapes#claim-certainty",
        "https://w3id.org/newskg/shapes#claim-polarity",
    }
    assert {finding.value for finding in found} == {
        None, "https://w3id.org/newskg/scheme/certainty-sure"
    }  # fmt: skip


def test_without_the_texts_there_are_offsets_and_no_words(spoilt: Workspace) -> None:
    with spoilt.reading() as store:
        found = violations(validate.validate_store(store))
    assert {finding.words for finding in found} == {None}
    assert all(finding.start is not None for finding in found)


def test_the_text_is_grouped_by_article_with_the_worst_first(report: ValidationReport) -> None:
    text = validate.as_text(report, PREFIXES | Iris(BASE).prefixes())
    heads = re.findall(r"^(.+)\n=+$", text, re.MULTILINE)
    assert heads == [
        "Ferries to stop for harbour works (ferry.txt)",
        "Harbour wall to rise before winter (harbour.txt)",
        "not in one article",
    ]
    for part in re.split(r"^.+\n=+$", text, flags=re.MULTILINE)[1:]:
        ranks = [
            ["VIOLATION", "WARNING", "INFO"].index(word)
            for word in re.findall(r"^([A-Z]+): ", part, re.MULTILINE)
        ]
        assert ranks == sorted(ranks)
    assert (
        "VIOLATION: Polarity must be positive or negative, once.\n"
        "  - Two ferries stay in port during the works on the wall."
        " (claim:2df6e1df3239-89-155) [89, 155]\n"
        "    “two of its ferries would not sail while the harbour wall is …”\n"
        "  To mend: Write kg:polarity once; take negative if the claim says that something is not so.\n"
        "  Check: kgsh:claim-polarity\n"
    ) in text
    assert "once. (4 times)\n" in text
    assert ", value kgs:certainty-sure\n" in text


def test_repeated_faults_are_shown_up_to_a_limit_and_counted(report: ValidationReport) -> None:
    text = validate.as_text(report, PREFIXES, limit=1)
    assert text.count("  - and 3 more\n") == 1
    assert text.count("  - and 1 more\n") == 2
    assert "more\n" not in validate.as_text(report, PREFIXES, limit=4)


def test_how_to_mend_it_is_told_once_for_each_kind(founding: ValidationReport) -> None:
    text = validate.as_text(founding, PREFIXES)
    assert re.search(r"^  To mend: Compare the accounts", text, re.MULTILINE)
    assert "Check: kgsh:event-one-date" in text


def test_the_json_has_every_finding(report: ValidationReport) -> None:
    data = json.loads(validate.as_json(report))
    assert data["conforms"] is False
    assert data["counts"] == {"Violation": 9, "Warning": 1, "Info": 2}
    assert len(data["results"]) == 12
    first = data["results"][0]
    assert first["focus"] == f"{BASE}id/claim/2df6e1df3239-89-155"
    assert (first["article"], first["start"], first["end"]) == ("ferry.txt", 89, 155)
    assert first["shape"] == "https://w3id.org/newskg/shapes#claim-certainty"
    assert None not in first.values()


def test_the_json_conforms_as_the_command_says(founding: ValidationReport) -> None:
    assert json.loads(validate.as_json(founding))["conforms"] is True
    assert json.loads(validate.as_json(founding, "Warning"))["conforms"] is False


def test_the_table_has_a_row_for_each_finding(
    report: ValidationReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = validate.as_table(report, PREFIXES | Iris(BASE).prefixes()).splitlines()
    assert lines[0].split() == ["severity", "check", "article", "focus", "at", "message"]
    assert len(lines) == 2 + 12
    assert [line.split()[0] for line in lines[2:]] == 9 * ["Violation"] + ["Warning"] + 2 * ["Info"]


def test_the_turtle_is_a_report_of_shacl(report: ValidationReport) -> None:
    graph = rdflib.Graph().parse(data=report.turtle, format="turtle")
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    results = set(graph.objects(node, SH.result))
    assert results == set(graph.subjects(RDF.type, SH.ValidationResult))
    assert len(results) == 12
    assert [str(value) for value in graph.objects(node, SH.conforms)] == ["false"]
    for result in results:
        for predicate in (
            SH.focusNode,
            SH.resultSeverity,
            SH.sourceShape,
            SH.sourceConstraintComponent,
            SH.resultMessage,
        ):
            assert graph.value(result, predicate) is not None
    assert b"@prefix sh: <http://www.w3.org/ns/shacl#> ." in report.turtle


def test_a_clean_report_is_one_too() -> None:
    report = validate.validate_files([CLEAN], BASE)
    assert report.findings == ()
    assert report.conforms("Info")
    graph = rdflib.Graph().parse(data=report.turtle, format="turtle")
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert [str(value) for value in graph.objects(node, SH.conforms)] == ["true"]
    assert validate.as_text(report, PREFIXES) == ""


def test_the_same_faults_give_the_same_bytes() -> None:
    files = [CLEAN, NEGATIVES / "claim-kind.ttl", NEGATIVES / "event-label.ttl"]
    one = validate.validate_files(files, BASE)
    other = validate.validate_files(files[::-1], BASE)
    assert one == other
    shapes = {finding.shape.rpartition("#")[2] for finding in one.findings}
    assert shapes >= {"claim-kind", "event-label"}


# The command


def test_the_exit_code_follows_the_mildest_severity_that_fails(
    run: Run, spoilt: Workspace, built_sample: Workspace
) -> None:
    found = run("validate", cwd=spoilt.root)
    assert found.code == 1
    assert found.err == "Does not conform: 9 violations, 1 warning, 2 notes\n"
    found = run("validate", cwd=built_sample.root)
    assert (found.code, found.err) == (0, "Conforms: 0 violations, 1 warning, 2 notes\n")
    assert "VIOLATION" not in found.out
    found = run("validate", "--fail-on", "Warning", "-f", "json", cwd=built_sample.root)
    assert (found.code, json.loads(found.out)["conforms"]) == (1, False)
    assert found.err.startswith("Does not conform: ")


def test_files_are_checked_with_the_ontology_and_without_a_workspace(
    run: Run, tmp_path: Path
) -> None:
    found = run("validate", CLEAN, cwd=tmp_path)
    assert (found.code, found.out) == (0, "")
    found = run(
        "validate", CLEAN, NEGATIVES / "claim-kind.ttl", "-o", "r.ttl", "-f", "ttl", cwd=tmp_path
    )
    assert found.code == 1
    assert b"claim-kind" in (tmp_path / "r.ttl").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--fail-on", "error"], 2, "--fail-on error: expected violation, warning, info"),
        (["-f", "xml"], 2, "--format xml: expected text, table, json or ttl"),
        (["none.ttl"], 3, "none.ttl: no such file or directory"),
        (["notes.txt"], 3, "notes.txt: not known as RDF"),
        (["broken.ttl"], 3, "broken.ttl:2:1: not Turtle: "),
    ],
)
def test_what_cannot_be_checked_is_named(
    arguments: list[str], code: int, message: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "broken.ttl").write_text("<a> <b>\n. .")
    found = run("validate", *arguments, cwd=tmp_path)
    assert found.code == code
    assert found.out == ""
    assert found.err.startswith(f"kg: error: {message}")


# Shapes of the user's own

HEAD = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix ex: <https://example.org/own#> .
ex:s a sh:NodeShape ; sh:targetClass kg:Claim ;
"""
BROKEN = {
    "sh:property [ sh:path kg:cue ; sh:minCount 1": "own.ttl:6:45: not Turtle: ",
    "sh:property [ sh:minCount 5 ] .": "own.ttl: not well-formed SHACL: ",
    'sh:property [ sh:path kg:cue ; sh:minCount "x" ] .': "own.ttl: not well-formed SHACL: ",
    "sh:property [ sh:path kg:cue ; sh:minCount 1 , 2 ] .": "own.ttl: not well-formed SHACL: ",
    "sh:property [ sh:path kg:cue ; sh:nodeKind ex:Foo ] .": "own.ttl: not well-formed SHACL: ",
    'sh:property [ sh:path kg:cue ; sh:datatype "x" ] .': "own.ttl: not well-formed SHACL: ",
    "sh:property ex:undefined .": "own.ttl: not well-formed SHACL: ",
    "sh:in ex:nolist .": "own.ttl: not well-formed SHACL: ",
    'sh:property [ sh:path kg:cue ; sh:pattern "(" ] .': "own.ttl: sh:pattern '(': missing )",
    'sh:sparql [ sh:select "SELECT $this WHERE { $this " ] .': (
        "own.ttl: sh:select: line 1: not expected here"
    ),
    'sh:sparql [ sh:select "SELECT $this WHERE { $this zz:a ?x }" ] .': (
        "own.ttl: sh:select: line 1: prefix not found"
    ),
    'sh:sparql [ sh:select "SELECT ?x WHERE { ?x ?y ?z }" ] .': (
        "own.ttl: sh:select: the SELECT does not have $this"
    ),
    'sh:sparql [ sh:message "m" ; sh:ask "ASK { }" ] .': "SHACL cannot be checked: ",
    'sh:sparql [ sh:select "SELECT $this { SERVICE <urn:x> { $this ?p ?x } }" ] .': (
        "SHACL cannot be checked: "
    ),
    'sh:sparql [ sh:select "SELECT $this WHERE { BIND(1 AS $this) }" ] .': (
        "SHACL cannot be checked: "
    ),
}  # fmt: skip


@pytest.mark.parametrize(("shape", "message"), BROKEN.items(), ids=BROKEN)
def test_broken_shapes_are_an_error_and_never_conform(
    shape: str, message: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(HEAD + shape)
    with pytest.raises(InputError) as caught:
        validate.validate_files([CLEAN], BASE, [own])
    assert str(caught.value).removeprefix(f"{tmp_path}/").startswith(message)
    assert "\n" not in str(caught.value)
    assert "own.ttl" in f"{caught.value}{caught.value.hint}"
    assert capfd.readouterr() == ("", "")


def test_own_shapes_of_a_workspace_are_checked_as_well(run: Run, fresh_sample: Workspace) -> None:
    folder = fresh_sample.root / "shapes"
    folder.mkdir()
    (folder / "own.ttl").write_text(
        f"""{HEAD} sh:description "Do not say so." ; sh:message "Says something." ;
        sh:sparql [
            sh:prefixes <https://example.org/own> ;
            sh:select "SELECT DISTINCT $this WHERE {{ $this ?p ?x FILTER(?p != own:none) }}"
        ] .
        <https://example.org/own> sh:declare [
            sh:prefix "own" ; sh:namespace "https://example.org/own#"
        ] ."""
    )
    (folder / "more.ttl").write_text(f"{HEAD.replace('ex:s', 'ex:t')} sh:node ex:s .")
    found = run("validate", cwd=fresh_sample.root)
    assert found.code == 1
    # Three claims, each against both shapes; what is wrong below a result is not counted again.
    assert "Does not conform: 6 violations, " in found.err
    assert "VIOLATION: Says something." in found.out
    assert "Check: https://example.org/own#s" in found.out
    assert "To mend: Do not say so." in found.out
    (folder / "own.ttl").write_text("nonsense")
    found = run("validate", cwd=fresh_sample.root)
    assert (found.code, found.out) == (3, "")
    assert "own.ttl:1:" in found.err


# What Python's dates and rdflib's literals do not take


@pytest.mark.parametrize(
    "edtf", ["Y17000", "Y-17000", "-0044", "0000", "-0044/Y17000", "../-0044", "Y17000/.."]
)
def test_years_that_python_has_not_conform(edtf: str) -> None:
    low, high = bounds(Edtf(edtf))
    lines = [f'<urn:d> a time:TemporalEntity ; skos:notation "{edtf}"']
    lines += [f'kg:earliest "{low}"^^xsd:dateTime'] if low else []
    lines += [f'kg:latest "{high}"^^xsd:dateTime'] if high else []
    assert fired(" ; ".join(lines) + " .") == set()


def test_years_that_python_has_not_are_still_compared() -> None:
    late = 'kg:earliest "17000-01-01T00:00:00Z"^^xsd:dateTime ; kg:latest "2020-01-01T00:00:00Z"^^xsd:dateTime'
    assert fired(f'<urn:d> a time:TemporalEntity ; skos:notation "Y17000" ; {late} .') == {
        "time-order"
    }


@pytest.mark.parametrize(
    "literal",
    [
        '"abc"^^xsd:dateTime',
        '"2020-13-01T00:00:00Z"^^xsd:dateTime',
        '"2020"^^xsd:gYear',
        '"2020"',
        "5",
        '"x"@en',
    ],
)
def test_ill_typed_literals_are_findings_and_no_crash(
    literal: str, capfd: pytest.CaptureFixture[str]
) -> None:
    latest = 'kg:latest "2020-12-31T23:59:59Z"^^xsd:dateTime'
    found = fired(
        f'<urn:d> a time:TemporalEntity ; skos:notation "2020" ; kg:earliest {literal} ; {latest} .'
    )
    assert "time-bounds" in found
    assert capfd.readouterr() == ("", "")


def test_what_no_check_can_handle_is_an_error_and_no_crash() -> None:
    with pytest.raises(InputError, match="SHACL cannot be checked: "):
        fired('<urn:j> a kg:Judgement ; kg:confidence "NaN"^^xsd:double .')


def fired(turtle: str) -> set[str]:
    """The shapes that a few triples violate, checked with the ontology and nothing else."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    ontology = resources.folder("ontology") / "newskg.ttl"
    quads = [
        *rdf.read(ontology.read_bytes(), ontology.name, base=BASE),
        *ox.parse(prefixes + turtle, format=ox.RdfFormat.TURTLE),
    ]
    report = validate.check((triple(quad) for quad in quads), validate._packaged())
    return {finding.shape.rpartition("#")[2] for finding in report.findings}


def triple(quad: ox.Quad) -> Any:
    return validate._triple(quad.triple)

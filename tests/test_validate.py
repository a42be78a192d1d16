"""Validation: what is wrong, where it stands, and how to mend it; and never a wrong 'conforms'."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, SH

from kg import resources, validate
from kg.edtf import Edtf, bounds
from kg.errors import InputError
from kg.mapping.iris import Iris
from kg.store.embedded import EmbeddedStore
from kg.validate import views
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from kg.validate import Finding, ValidationReport
    from kg.workspace import Workspace
    from tests.conftest import Run

NEGATIVES = Path(__file__).with_name("negatives")
CLEAN = NEGATIVES / "_base.ttl"
BASE = "https://example.org/kg/"
ONTOLOGY = resources.folder("ontology") / "newskg.ttl"
SHAPES = validate.shapes_of(None)
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
        return validate.validate_store(store, SHAPES)


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
        return validate.validate_store(store, SHAPES, spoilt.texts())


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
        found = violations(validate.validate_store(store, SHAPES))
    assert {finding.words for finding in found} == {None}
    assert all(finding.start is not None for finding in found)


def test_the_text_is_grouped_by_article_with_the_worst_first(report: ValidationReport) -> None:
    text = views.as_text(report, PREFIXES | Iris(BASE).prefixes())
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
    text = views.as_text(report, PREFIXES, limit=1)
    assert text.count("  - and 3 more\n") == 1
    assert text.count("  - and 1 more\n") == 2
    assert "more\n" not in views.as_text(report, PREFIXES, limit=4)


def test_how_to_mend_it_is_told_once_for_each_kind(founding: ValidationReport) -> None:
    text = views.as_text(founding, PREFIXES)
    assert re.search(r"^  To mend: Compare the accounts", text, re.MULTILINE)
    assert "Check: kgsh:event-one-date" in text


def test_the_json_has_every_finding(report: ValidationReport) -> None:
    data = json.loads(views.as_json(report))
    assert data["conforms"] is False
    assert data["counts"] == {"Violation": 9, "Warning": 1, "Info": 2}
    assert len(data["results"]) == 12
    first = data["results"][0]
    assert first["focus"] == f"{BASE}id/claim/2df6e1df3239-89-155"
    assert (first["article"], first["start"], first["end"]) == ("ferry.txt", 89, 155)
    assert first["shape"] == "https://w3id.org/newskg/shapes#claim-certainty"
    assert None not in first.values()


def test_the_json_conforms_as_the_command_says(founding: ValidationReport) -> None:
    assert json.loads(views.as_json(founding))["conforms"] is True
    assert json.loads(views.as_json(founding, "Warning"))["conforms"] is False


def test_the_table_has_a_row_for_each_finding(
    report: ValidationReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = views.as_table(report, PREFIXES | Iris(BASE).prefixes()).splitlines()
    assert lines[0].split() == ["severity", "check", "article", "focus", "at", "message"]
    assert len(lines) == 2 + 12
    assert [line.split()[0] for line in lines[2:]] == 9 * ["Violation"] + ["Warning"] + 2 * ["Info"]


def test_the_turtle_is_a_report_of_shacl(report: ValidationReport) -> None:
    graph = rdflib.Graph().parse(data=views.as_turtle(report), format="turtle")
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
    assert b"@prefix sh: <http://www.w3.org/ns/shacl#> ." in views.as_turtle(report)


def test_a_clean_report_is_one_too() -> None:
    report = checked(CLEAN)
    assert report.findings == ()
    assert report.conforms("Info")
    graph = rdflib.Graph().parse(data=views.as_turtle(report), format="turtle")
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert [str(value) for value in graph.objects(node, SH.conforms)] == ["true"]
    assert views.as_text(report, PREFIXES) == ""


def test_the_same_faults_give_the_same_bytes() -> None:
    files = [CLEAN, NEGATIVES / "claim-kind.ttl", NEGATIVES / "event-label.ttl"]
    one = checked(*files)
    other = checked(*files[::-1])
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
        (["none.ttl"], 3, "none.ttl: no such file"),
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
    'sh:property [ sh:path kg:cue ; sh:minCount 1': (
        'own.ttl:6:45: not Turtle: Unexpected end'
    ),
    'sh:property [ sh:minCount 5 ] .': (
        'property shape of https://example.org/own#s: sh:path is missing'
    ),
    'sh:property [ sh:path kg:cue ; sh:minCount "x" ] .': (
        'property shape of https://example.org/own#s: sh:minCount "x" is no xsd:integer'
    ),
    'sh:property [ sh:path kg:cue ; sh:minCount 1 , 2 ] .': (
        'property shape of https://example.org/own#s: sh:minCount may be said once only'
    ),
    'sh:property [ sh:path kg:cue ; sh:nodeKind ex:Foo ] .': (
        'property shape of https://example.org/own#s: sh:nodeKind https://example.org/own#Foo is not allowed'
    ),
    'sh:property [ sh:path kg:cue ; sh:datatype "x" ] .': (
        'property shape of https://example.org/own#s: sh:datatype "x" is no IRI'
    ),
    'sh:property ex:undefined .': (
        'https://example.org/own#s: sh:property https://example.org/own#undefined is not in the shapes'
    ),
    'sh:in ex:nolist .': (
        'https://example.org/own#s: sh:in https://example.org/own#nolist is no well-formed list'
    ),
    'sh:property [ sh:path kg:cue ; sh:pattern "(" ] .': (
        'property shape of https://example.org/own#s: sh:pattern "(" is no regular expression: '
        'missing ), unterminated subpattern'
    ),
    'sh:sparql [ sh:select "SELECT $this WHERE { $this " ] .': (
        'SPARQL constraint of https://example.org/own#s: sh:select: line 1, column 28: not expected here'
    ),
    'sh:sparql [ sh:select "SELECT $this WHERE { $this zz:a ?x }" ] .': (
        'SPARQL constraint of https://example.org/own#s: sh:select: '
        'line 1, column 32: prefix not found (sh:prefixes declares no zz:)'
    ),
    'sh:sparql [ sh:select "SELECT ?x WHERE { ?x ?y ?z }" ] .': (
        'SPARQL constraint of https://example.org/own#s: sh:select: the SELECT does not have $this'
    ),
    'sh:sparql [ sh:message "m" ; sh:ask "ASK { }" ] .': (
        'https://example.org/own#s: sh:sparql has no query, as sh:select'
    ),
    'sh:sparql [ sh:select "SELECT $this { SERVICE <urn:x> { $this ?p ?x } }" ] .': (
        'SPARQL constraint of https://example.org/own#s: sh:select: SHACL does not allow SERVICE here'
    ),
    'sh:sparql [ sh:select "SELECT $this WHERE { BIND(1 AS $this) }" ] .': (
        'SPARQL constraint of https://example.org/own#s: sh:select: SHACL does not allow AS $this here'
    ),
}  # fmt: skip


@pytest.mark.parametrize(("shape", "message"), BROKEN.items(), ids=BROKEN)
def test_broken_shapes_are_an_error_and_never_conform(
    shape: str, message: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(HEAD + shape)
    with pytest.raises(InputError) as caught:
        validate.validate_files([CLEAN], BASE, validate.read_shapes([own]))
    said = str(caught.value).removeprefix(f"{tmp_path}/")
    assert said.removeprefix("own.ttl: not well-formed SHACL: ") == message
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


def test_a_number_that_compares_with_nothing_is_a_finding() -> None:
    assert "judgement-confidence" in fired(
        '<urn:j> a kg:Judgement ; kg:confidence "NaN"^^xsd:double .'
    )


def fired(turtle: str) -> set[str]:
    """The shapes that a few triples violate, checked with the ontology and nothing else."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    with EmbeddedStore() as store:
        store.engine.load(path=ONTOLOGY, format=ox.RdfFormat.TURTLE)
        store.engine.load(prefixes + turtle, format=ox.RdfFormat.TURTLE)
        report = validate.check(store, SHAPES)
    return {finding.shape.rpartition("#")[2] for finding in report.findings}


def checked(*files: Path) -> ValidationReport:
    """Files checked with the ontology, against the shapes of kg."""
    return validate.validate_files([ONTOLOGY, *files], BASE, SHAPES)


# Anyone's files against anyone's shapes

PERSON = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix ex: <https://example.com/> .
ex:Person a sh:NodeShape ; sh:targetClass foaf:Person ;
    sh:property [ sh:path foaf:name ; sh:minCount 1 ; sh:message "Has no name." ] ;
    sh:property ex:age .
ex:age sh:path [ sh:alternativePath ( foaf:age [ sh:inversePath foaf:years ] ) ] ; sh:maxCount 1 ;
    sh:severity sh:Warning .
"""
PEOPLE = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix ex: <https://example.com/> .
ex:a a foaf:Person ; foaf:name "A" ; foaf:age 5 .
"""
NAMELESS = "".join(f"ex:n{number} a foaf:Person ; foaf:age 1, 2 . " for number in range(20))


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A folder with shapes that are not ours, and data that conform to them."""
    (tmp_path / "person.ttl").write_text(PERSON)
    (tmp_path / "people.ttl").write_text(PEOPLE)
    return tmp_path


def test_files_that_conform_to_shapes_of_their_own(run: Run, people: Path) -> None:
    found = run("validate", "people.ttl", "--shapes", "person.ttl", cwd=people)
    assert (found.code, found.out) == (0, "")
    assert found.err == "Conforms: 0 violations, 0 warnings, 0 notes\n"


def test_files_that_do_not_conform_to_shapes_of_their_own(run: Run, people: Path) -> None:
    (people / "people.ttl").write_text(PEOPLE + NAMELESS)
    found = run("validate", "people.ttl", "--shapes", "person.ttl", cwd=people)
    assert found.code == 1
    assert found.err == "Does not conform: 20 violations, 20 warnings, 0 notes\n"
    assert "VIOLATION: Has no name. (20 times)\n  - 'https://example.com/n0'" not in found.out
    assert "VIOLATION: Has no name. (20 times)\n  - https://example.com/n0\n" in found.out
    assert "  - and 10 more\n" in found.out
    found = run("validate", "people.ttl", "--shapes", "person.ttl", "-f", "json", cwd=people)
    results = json.loads(found.out)["results"]
    assert len(results) == 40
    assert {result.get("path") for result in results} == {
        "http://xmlns.com/foaf/0.1/name",
        "<http://xmlns.com/foaf/0.1/age>|(^<http://xmlns.com/foaf/0.1/years>)",
    }


def test_results_beyond_the_limit_are_counted(run: Run, people: Path) -> None:
    (people / "people.ttl").write_text(PEOPLE + NAMELESS)
    arguments = ("validate", "people.ttl", "--shapes", "person.ttl", "--limit", "3")
    found = run(*arguments, cwd=people)
    assert found.err == "Does not conform: 20 violations, 20 warnings, 0 notes\n"
    assert "https://example.com/age: 17 more that are counted and not listed\n" in found.out
    data = json.loads(run(*arguments, "-f", "json", cwd=people).out)
    assert len(data["results"]) == 6
    assert sorted(data["omitted"].values()) == [17, 17]
    assert data["counts"] == {"Violation": 20, "Warning": 20, "Info": 0}
    graph = rdflib.Graph().parse(data=run(*arguments, "-f", "ttl", cwd=people).out, format="turtle")
    assert len(list(graph.objects(None, SH.result))) == 6
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert len(list(graph.objects(report, rdflib.RDFS.comment))) == 2
    # The shape without an IRI is described, so that the report can be read by itself.
    anonymous = {
        node for node in graph.objects(None, SH.sourceShape) if isinstance(node, rdflib.BNode)
    }
    assert {str(graph.value(node, SH.message)) for node in anonymous} == {"Has no name."}


def test_a_shape_without_an_iri_is_called_by_what_it_is_part_of(run: Run, people: Path) -> None:
    (people / "people.ttl").write_bytes(b"\xef\xbb\xbf" + (PEOPLE + NAMELESS).encode())
    arguments = ("validate", "people.ttl", "--shapes", "person.ttl")
    first, again = (run(*arguments, cwd=people) for _ in range(2))
    assert first.out == again.out
    assert (
        "Check: property shape of https://example.com/Person along <http://xmlns.com/foaf/0.1/name>\n"
    ) in first.out


def test_no_control_character_reaches_the_terminal(run: Run, people: Path) -> None:
    (people / "person.ttl").write_text(PERSON.replace("Has no name.", "a\\u0007b\\u001b[31mc"))
    (people / "people.ttl").write_text(PEOPLE + NAMELESS)
    found = run("validate", "people.ttl", "--shapes", "person.ttl", cwd=people)
    assert "VIOLATION: a b [31mc (20 times)\n" in found.out


def test_data_with_a_class_without_an_iri_are_checked(run: Run, people: Path) -> None:
    some = "ex:z a [ <http://www.w3.org/2000/01/rdf-schema#subClassOf> foaf:Person ] ."
    (people / "people.ttl").write_text(PEOPLE + some)
    found = run("validate", "people.ttl", "--shapes", "person.ttl", cwd=people)
    assert found.code == 1
    assert "https://example.com/z" in found.out
    assert "checked by pySHACL" in found.err


@pytest.mark.parametrize(
    ("shapes", "code", "said"),
    [
        ("nonsense", 3, "kg: error: own.ttl:1:"),
        (PERSON.replace("minCount 1", "minCount 1.5"), 3, "kg: error: own.ttl: not well-formed SHACL: "),
        (PERSON.replace("foaf:Person", "foaf:Persn"), 0, "kg: warning: "),
        (PERSON.replace("foaf:name", "foaf:naem"), 1, "kg: warning: "),
        (PERSON.replace("sh:maxCount", "sh:maxCuont"), 0, "kg: warning: "),
    ],
)  # fmt: skip
def test_doubtful_shapes_are_warned_of_and_broken_ones_refused(
    shapes: str, code: int, said: str, run: Run, people: Path
) -> None:
    (people / "own.ttl").write_text(shapes)
    found = run("validate", "people.ttl", "--shapes", "own.ttl", cwd=people)
    assert found.code == code
    assert found.err.startswith(said)
    assert "Traceback" not in found.err


def test_shapes_that_are_not_there_are_an_error(run: Run, people: Path) -> None:
    found = run("validate", "people.ttl", "--shapes", "none.ttl", cwd=people)
    assert (found.code, found.err) == (3, "kg: error: none.ttl: no such file\n")
    found = run("validate", "people.ttl", "--store", "http://127.0.0.1:9/", cwd=people)
    assert found.code == 2


def test_what_grows_too_fast_is_named_where_that_is_measured(run: Run, people: Path) -> None:
    pairs = """ex:pairs a sh:NodeShape ; sh:targetClass foaf:Person ; sh:sparql [ sh:select
    "SELECT $this WHERE { $this a ?t . ?other a ?t . FILTER($this < ?other) }" ] ."""
    (people / "own.ttl").write_text(PERSON + pairs)
    crowd = "".join(f'ex:n{i} a foaf:Person ; foaf:name "{i}" . ' for i in range(150))
    (people / "people.ttl").write_text(PEOPLE + crowd)
    found = run("validate", "people.ttl", "--shapes", "own.ttl", "--measure", cwd=people)
    assert "kg: warning: https://example.com/pairs: its SPARQL constraint takes " in found.err
    assert "ex:Person" not in found.err

"""Annotations for other tools: brat's standoff format, and columns of words as of CoNLL."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from kg import annotation
from kg.extract.prose import Prose
from kg.extract.standoff import to_brat, to_conll
from kg.model import Annotation, Span
from tests.strategies import LAW, REGISTER, Case, cases

TEXT = "The pier is safe,\nsaid Ines\r\nCalder. Tam Orrin disagreed: “No.”\n"


def place(words: str) -> str:
    start = TEXT.index(words)
    return f"[{start}, {start + len(words)}]"


NAME = place("Ines\r\nCalder")
FILE = f"""\
kg: 1
article: {{author: [desk], publisher: [desk]}}
text: {{file: pier.txt}}
made: {{by: A. Tester, at: "2031-05-04T00:00:00Z"}}
things:
  - {{id: desk, type: actor, kind: unidentified, label: the desk}}
  - {{id: calder, type: actor, kind: person, label: Ines Calder}}
mentions:
  - {{span: {NAME}, of: calder}}
  - {{span: {place("pier")}, of: port}}
claims:
  - id: c1
    source: [calder]
    source_span: [{NAME}]
    cue: [{place("said")}]
    evidence: [{place("The pier is safe")}]
    text: The pier is safe.
    certainty: probable
  - id: c2
    source: [desk]
    evidence: [{place("Tam Orrin disagreed")}]
    text: Somebody disagreed.
    polarity: negative
    certainty: certain
"""


def example() -> Annotation:
    return annotation.read(FILE.encode(), "a.yaml", text=lambda _: TEXT, kinds={"port": "place"})


def test_an_annotation_in_brat() -> None:
    lines = to_brat(example(), TEXT, {"port": "place"}).splitlines()
    assert lines == [
        "T1\tActor 23 27;29 35\tInes Calder",
        "T2\tPlace 4 8\tpier",
        "T3\tContent 0 16\tThe pier is safe",
        "T4\tClaim 18 22\tsaid",
        "T5\tSource 23 27;29 35\tInes Calder",
        "E1\tClaim:T4 Source:T5 Content:T3",
        "A1\tPolarity E1 positive",
        "A2\tCertainty E1 probable",
        "A3\tModality E1 assertion",
        "T6\tContent 37 56\tTam Orrin disagreed",
        "A4\tPolarity T6 negative",
        "A5\tCertainty T6 certain",
        "A6\tModality T6 assertion",
        "#1\tAnnotatorNotes T1\tcalder",
        "#2\tAnnotatorNotes T2\tport",
    ]


def test_an_annotation_in_columns() -> None:
    lines = to_conll(example(), TEXT, {"port": "place"}).splitlines()
    assert lines[0] == "# newskg columns: id form start end mention source cue content"
    rows = [line.split("\t") for line in lines[1:] if line]
    assert {len(row) for row in rows} == {8}
    by_word = {row[1]: row[4:] for row in rows}
    assert by_word["The"] == ["O", "O", "O", "B-c1"]
    assert by_word["pier"] == ["B-place:port", "O", "O", "I-c1"]
    assert by_word["said"] == ["O", "O", "B-c1", "O"]
    assert by_word["Ines"] == ["B-actor:calder", "B-c1", "O", "O"]
    assert by_word["Calder"] == ["I-actor:calder", "I-c1", "O", "O"]
    assert by_word["Orrin"] == ["O", "O", "O", "I-c2"]
    assert [row[0] for row in rows][:3] == ["1", "2", "3"]
    assert lines[-1] == ""


_T = re.compile(r"(T\d+)\t([A-Z][a-z]+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")
_E = re.compile(r"E\d+\tClaim:(T\d+) (?:Source:(T\d+) )?Content:(T\d+)")
_A = re.compile(r"A\d+\t(?:Polarity|Certainty|Modality) ([TE]\d+) [a-z-]+")
_NOTE = re.compile(r"#\d+\tAnnotatorNotes (T\d+)\t\S+")


def check_brat(written: str, text: str) -> int:
    """Hold a file to brat's rules; how many stretches of the text it has."""
    known: set[str] = set()
    lines = written.split("\n")
    assert lines.pop() == ""
    for line in lines:
        if found := _T.fullmatch(line):
            name, _, offsets, words = found.groups()
            spans = [tuple(map(int, pair.split())) for pair in offsets.split(";")]
            assert " ".join(text[start:end] for start, end in spans) == words
            assert all(start < end for start, end in spans)
            assert name not in known
            known.add(name)
        elif line[0] == "E":
            event = _E.fullmatch(line)
            assert event, line
            assert known.issuperset(filter(None, event.groups()))
            known.add(line.partition("\t")[0])
        else:
            other = _A.fullmatch(line) or _NOTE.fullmatch(line)
            assert other, line
            assert other[1] in known
    names = [line.partition("\t")[0] for line in lines]
    assert len(names) == len(set(names))
    return sum(name[0] == "T" for name in names)


@LAW
@given(cases())
def test_brats_offsets_and_words_agree_with_any_text(case: Case) -> None:
    number = check_brat(to_brat(case.complete, case.text, REGISTER), case.text)
    assert number >= bool(case.complete.claims)


@LAW
@given(cases())
def test_columns_have_every_word_of_any_text_once_and_in_its_place(case: Case) -> None:
    written = to_conll(case.complete, case.text, REGISTER)
    rows = [line.split("\t") for line in written.split("\n")[1:] if line]
    prose = Prose(case.text)
    assert [(row[1], int(row[2]), int(row[3])) for row in rows] == [
        (case.text[start:end], start, end)
        for start, end in zip(prose.starts, prose.ends, strict=True)
    ]
    assert all(len(row) == 8 for row in rows)
    for row in rows:
        assert all(re.fullmatch(r"O|[BI]-\S+", tag) for tag in row[4:]), row
    tagged = {int(row[2]) for row in rows if row[7] != "O"}
    spans = [span for claim in case.complete.claims for span in claim.evidence]
    inside = {
        start
        for start, end in zip(prose.starts, prose.ends, strict=True)
        if any(isinstance(s, Span) and start < s.end and s.start < end for s in spans)
    }
    assert tagged == inside


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\u2028", "\x0b", "\x0c", "\x85", "\n\n \n"])
def test_no_line_of_a_file_is_broken_by_the_text(gap: str) -> None:
    text = f"Ines{gap}Calder said the pier{gap}is safe."
    start = text.index("the pier")
    content = FILE.partition("mentions:")[0] + (
        f"mentions:\n  - {{span: [0, {10 + len(gap)}], of: calder}}\n"
        f"claims:\n  - {{id: c1, source: [calder], evidence: [[{start}, {len(text)}]],"
        " text: It is safe., certainty: certain}\n"
    )
    found = annotation.read(content.encode(), "a.yaml", text=lambda _: text, kinds={})
    written = to_brat(found, text, {})
    assert check_brat(written, text) == 2
    assert len(written.splitlines()) == written.count("\n") == 6
    columns = to_conll(found, text, {})
    assert len(columns.splitlines()) == columns.count("\n")

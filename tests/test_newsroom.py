"""The newsroom corpus: six texts of our own with their annotations, from files to answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg import annotation, validate
from kg.document import read as read_document
from kg.model import Span
from kg.query import run, stored
from tests.conftest import make

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import Annotation, Place
    from kg.workspace import Workspace

NEWSROOM = Path(__file__).parents[1] / "examples" / "newsroom"
ARTICLES = {
    "2031-03-05-trawler-sinks.txt": (32, 63, 6),
    "2031-03-06-correction.txt": (14, 28, 3),
    "2031-03-10-hearing.html": (25, 56, 6),
    "2031-03-12-press-conference.txt": (43, 54, 5),
    "2031-03-15-interview.txt": (56, 51, 4),
    "2031-03-20-commentary.txt": (36, 54, 7),
}


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace of the six articles with their texts: read only."""
    return make(tmp_path_factory.mktemp("built") / "newsroom", NEWSROOM)


def entry(workspace: Workspace, name: str) -> tuple[Annotation, str]:
    """An annotation as it lies in the folder, and the text that is read from the file beside it."""
    file = (NEWSROOM / name).with_suffix(".yaml")
    text = read_document(NEWSROOM / name).text
    kinds = workspace.register().kinds
    found = annotation.read(file.read_bytes(), file.name, text=lambda _: text, kinds=kinds)
    return found, text


def spans(places: Iterable[Place]) -> list[Span]:
    """The places of an annotation that was read, which are all located."""
    return [place for place in places if isinstance(place, Span)]


@pytest.mark.parametrize("name", ARTICLES)
def test_each_article_has_as_much_as_the_readme_says(name: str, newsroom: Workspace) -> None:
    found, text = entry(newsroom, name)
    claims, mentions, events = ARTICLES[name]
    assert (len(found.claims), len(found.mentions), len(found.events)) == ARTICLES[name]
    line = f"| {len(text)} | {claims} claims, {mentions} mentions, {events} events |"
    rows = (NEWSROOM / "README.md").read_text(encoding="utf-8").splitlines()
    assert [row.endswith(line) for row in rows if row.startswith(f"| `{name}`")] == [True]


def test_all_articles_of_the_folder_are_known_here() -> None:
    assert len(ARTICLES) == 6
    files = {path.name for path in NEWSROOM.iterdir() if path.suffix in {".txt", ".html"}}
    assert files == set(ARTICLES)


@pytest.mark.parametrize("name", ARTICLES)
def test_spans_lie_on_the_borders_of_words(name: str, newsroom: Workspace) -> None:
    """An offset that has slipped by one cuts a word, or takes in white space or a quotation mark."""
    found, text = entry(newsroom, name)
    marked = set(spans(mention.span for mention in found.mentions))
    for claim in found.claims:
        marked |= {*spans(claim.evidence), *spans(claim.source_span), *spans(claim.cue)}
    assert len(marked) > 20
    for start, end in sorted(marked):
        words = text[start:end]
        assert words.strip(" \n.,;“”\"‘'") == words
        assert not re.search(r"\w\w", text[max(start - 1, 0) : start + 1])
        assert not re.search(r"\w\w", text[end - 1 : end + 1])


@pytest.mark.parametrize("name", ARTICLES)
def test_the_words_behind_the_spans_are_those_of_the_text(name: str) -> None:
    """The comments are for people: they must say what the offsets say."""
    text = read_document(NEWSROOM / name).text
    lines = (NEWSROOM / name).with_suffix(".yaml").read_text(encoding="utf-8").splitlines()
    checked = 0
    for line in lines:
        data, mark, comment = line.partition("]  # ")
        data, mark, comment = line.partition("}  # ") if not mark else (data, mark, comment)
        if not mark:
            continue
        offsets = [(int(a), int(b)) for a, b in re.findall(r"\[(\d+), (\d+)\b", data)]
        for (start, end), shown in zip(offsets, comment.split(" | "), strict=True):
            first, _, last = shown.partition(" … ")
            words = " ".join(text[start:end].split())
            assert words == shown or (words.startswith(first) and words.endswith(last))
            checked += 1
    assert checked > 60


def test_what_is_said_within_a_claim_lies_within_its_words(newsroom: Workspace) -> None:
    nested = 0
    for name in ARTICLES:
        found, _ = entry(newsroom, name)
        claims = {str(claim.id): claim for claim in found.claims}
        for outer in found.claims:
            for inner in (claims[ref] for ref in outer.asserts if ref in claims):
                (start, end), (first, last) = spans(outer.evidence)[0], spans(inner.evidence)[0]
                assert start <= first
                assert last <= end
                nested += 1
    assert nested == 24


def test_paraphrases_are_no_copies_of_the_text(newsroom: Workspace) -> None:
    for name in ARTICLES:
        found, text = entry(newsroom, name)
        for claim in found.claims:
            assert claim.text.rstrip(".") not in text


def test_it_conforms_with_what_is_explained_in_the_readme(newsroom: Workspace) -> None:
    with newsroom.reading() as store:
        report = validate.validate_store(store, validate.shapes_of(None))
    assert report.counts() == {"Violation": 0, "Warning": 1, "Info": 5}
    readme = (NEWSROOM / "README.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", readme, re.MULTILINE))
    assert {(f.shape.rpartition("#")[2], str(f.severity)) for f in report.findings} == explained


ANSWERS: list[tuple[str, dict[str, str], str, list[str]]] = [
    (
        "differing-numbers",
        {},
        "list",
        [
            "about 20 | exactly 12",
            "about 300 | more than 1000",
            "at least 1 | exactly 1 | exactly 3",
            "exactly 11 | exactly 12",
            "exactly 13 | exactly 15",
            "exactly 40000000 | less than 20000000",
        ],
    ),
    ("disputed-dates", {}, "date2", ["2031-03-04"]),
    (
        "replaced-claims",
        {},
        "source",
        ["Haldria", "Haldrian Coast Guard", "Lantern Wire", "Luco Maradi", "Marit Osgrave"],
    ),
    ("changed-positions", {"actor": "Luco Maradi"}, "stance", ["opposes", "opposes", "supports"]),
    ("contradictions", {}, "status", ["accepted"] * 9 + ["proposed", "rejected"]),
    ("contradictions", {"actor": "Renzo Albarin"}, "toSource", ["Edrin Vask", "Renzo Albarin"]),
    (
        "predictions",
        {"actor": "Luco Maradi"},
        "polarity",
        ["negative", "positive", "positive"],
    ),
    ("demands", {"actor": "Pellovia"}, "made", ["2031-03-13"] * 3),
    (
        "unconfirmed-events",
        {},
        "factuality",
        [
            "negative probable, positive possible",
            "not asserted",
            "not asserted",
            "positive probable",
        ],
    ),
    (
        "numbers-over-time",
        {"population": "detained crew members of the Amaranta", "until": "2031-03-06"},
        "value",
        ["11", "11", "12", "12"],
    ),
]


@pytest.mark.parametrize(("query", "values", "column", "wanted"), ANSWERS)
def test_stored_queries_answer_across_the_articles(
    query: str, values: dict[str, str], column: str, wanted: list[str], newsroom: Workspace
) -> None:
    with newsroom.reading() as store:
        answer = run(store, stored.named(query, []), values, newsroom.prefixes)
        assert isinstance(answer, ox.QuerySolutions)
        found = sorted(str(row[column].value) for row in answer)
        del answer  # a result keeps the store open
    assert found == wanted


def test_there_are_ten_questions() -> None:
    assert len(ANSWERS) == 10

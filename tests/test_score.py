"""Scores, held against examples that were worked out by hand."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from kg.document import Document
from kg.errors import InputError
from kg.extract.extraction import AUTHOR, Extraction
from kg.mapping.iris import Iris
from kg.model import Claim, Mention, Ref, Slug, Span, Thing
from kg.register import Register
from kg.score import Article, as_json, as_text, misses, scored, total
from kg.score.gold import Gold, read
from kg.score.measure import Attributed, Pair, Reading, Tally, outermost, score

if TYPE_CHECKING:
    from pathlib import Path

    from kg.extract.gazetteer import Gazetteer
    from kg.model import MethodKind

IRIS = Iris("https://example.org/kg/")
#       0         1         2         3         4         5
#       0123456789012345678901234567890123456789012345678901234567
TEXT = "Calder said the pier is safe. Orrin denied that it was so."


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def one(source: str, cue: str, content: str) -> Attributed:
    return Attributed(
        source=(at(source),) if source else (),
        cue=(at(cue),) if cue else (),
        content=(at(content),) if content else (),
    )


CALDER = one("Calder", "said", "the pier is safe")
ORRIN = one("Orrin", "denied", "that it was so")
GOLD = Reading(attributions=(CALDER, ORRIN))

VIEWS: dict[str, tuple[tuple[Attributed, ...], dict[str, tuple[int, int, int]]]] = {
    "all right": (
        (CALDER, ORRIN),
        {
            "relation": (2, 2, 2),
            "source": (2, 2, 2),
            "cue": (2, 2, 2),
            "content": (2, 2, 2),
            "content, characters": (13 + 11, 24, 24),
        },
    ),
    "nothing found": (
        (),
        {
            "relation": (0, 0, 2),
            "source": (0, 0, 2),
            "cue": (0, 0, 2),
            "content": (0, 0, 2),
            "content, characters": (0, 0, 24),
        },
    ),
    "white space at the ends counts for nothing": (
        (one("Calder ", " said ", " the pier is safe"),),
        {"relation": (1, 1, 2), "source": (1, 1, 2), "cue": (1, 1, 2), "content": (1, 1, 2)},
    ),
    "half of the content is the same claim, and no exact one": (
        (one("Calder", "said", "pier is safe"),),  # 12 of 16 places
        {"relation": (1, 1, 2), "content": (0, 1, 2), "content, characters": (10, 10, 24)},
    ),
    "less than half is another claim": (
        (one("Calder", "said", "is safe"),),  # 7 of 16 places
        {"relation": (0, 1, 2), "content": (0, 1, 2), "content, characters": (6, 6, 24)},
    ),
    "another source, another claim": (
        (one("Orrin", "said", "the pier is safe"),),
        {"relation": (0, 1, 2), "source": (1, 1, 2), "content": (1, 1, 2)},
    ),
    "another cue, another claim": (
        (one("Calder", "denied", "the pier is safe"),),
        {"relation": (0, 1, 2), "cue": (1, 1, 2)},
    ),
    "no source where there is one": (
        (one("", "said", "the pier is safe"),),
        {"relation": (0, 1, 2), "source": (0, 0, 2)},
    ),
    "a part of the source is enough": (
        (one("Cal", "sai", "the pier is safe"),),
        {"relation": (1, 1, 2), "source": (0, 1, 2), "cue": (0, 1, 2)},
    ),
    "one claim answers to one": (
        (CALDER, CALDER),
        {"relation": (1, 2, 2), "content": (1, 1, 2)},
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_each_view_is_as_worked_out_by_hand(name: str) -> None:
    found, expected = VIEWS[name]
    tallies = score(TEXT, GOLD, Reading(attributions=found)).tallies
    assert {view: tuple(tallies[view]) for view in expected} == expected


def test_the_views_are_these() -> None:
    assert len(VIEWS) == 10
    assert list(score(TEXT, GOLD, GOLD).tallies) == [
        *("relation", "source", "cue", "content", "content, characters")
    ]


def test_claims_pair_with_those_that_they_overlap_most() -> None:
    near, nearer = one("Calder", "said", "the pier"), one("Calder", "said", "the pier is")
    pairs = score(TEXT, Reading(attributions=(CALDER,)), Reading(attributions=(near, nearer))).pairs
    assert pairs == [Pair(CALDER, nearer, 11 / 16), Pair(None, near, 0.0)]
    assert [pair.hit for pair in pairs] == [True, False]


def test_claims_without_source_on_both_sides_agree_in_that() -> None:
    bare = one("", "said", "the pier is safe")
    assert score(TEXT, Reading(attributions=(bare,)), Reading(attributions=(bare,))).pairs[0].hit


def test_precision_recall_and_f1() -> None:
    tally = Tally(3, 4, 6)
    assert (tally.precision, tally.recall, tally.f1) == (0.75, 0.5, 0.6)
    assert (Tally().precision, Tally().recall, Tally().f1) == (0.0, 0.0, 0.0)
    assert Tally(1, 2, 3) + Tally(3, 2, 1) == Tally(4, 4, 4)


def test_mentions_are_scored_by_span_and_by_kind() -> None:
    gold = Reading(
        mentions=frozenset(
            {(at("Calder"), "person"), (at("Orrin"), "person"), (at("the pier"), "place")}
        )
    )
    found = Reading(
        mentions=frozenset(
            {(at("Calder"), "person"), (at("Orrin"), "place"), (at("pier"), "place")}
        )
    )
    tallies = score(TEXT, gold, found).tallies
    assert tuple(tallies["mentions"]) == (3, 3, 3)  # "the" before a name counts for nothing
    assert tuple(tallies["mentions, person"]) == (1, 1, 2)
    assert tuple(tallies["mentions, place"]) == (1, 2, 1)
    assert "mentions" not in score(TEXT, GOLD, found).tallies  # what a standard does not mark


def test_a_possessive_belongs_to_no_name() -> None:
    text = "Calder's pier and Orrin’s"
    gold = Reading(mentions=frozenset({(Span(0, 6), "person"), (Span(18, 23), "person")}))
    found = Reading(mentions=frozenset({(Span(0, 8), "person"), (Span(18, 25), "person")}))
    assert tuple(score(text, gold, found).tallies["mentions"]) == (2, 2, 2)


def test_dates_and_numbers_count_as_often_as_they_are_given() -> None:
    gold = Reading(dates=Counter(["2031", "2031", "2031-05"]), numbers=Counter(["exactly 3 None"]))
    found = Reading(dates=Counter(["2031", "2031-05", "2032"]), numbers=Counter())
    tallies = score(TEXT, gold, found).tallies
    assert tuple(tallies["dates"]) == (2, 3, 3)
    assert tuple(tallies["numbers"]) == (0, 0, 1)


def test_metadata_are_right_or_wrong_one_by_one() -> None:
    gold = Reading(metadata={"headline": "A", "author": "", "published": "2031"})
    found = Reading(metadata={"headline": "A", "author": "B", "published": "2031"})
    assert tuple(score(TEXT, gold, found).tallies["metadata"]) == (2, 3, 3)


def test_a_report_inside_a_report_is_left_out() -> None:
    outer = Attributed(source=(Span(0, 5),), cue=(Span(6, 10),), content=(Span(11, 60),))
    inner = Attributed(source=(Span(11, 15),), cue=(Span(16, 20),), content=(Span(21, 60),))
    beside = Attributed(source=(Span(61, 65),), cue=(Span(66, 70),), content=(Span(71, 80),))
    cueless = Attributed(source=(), cue=(), content=(Span(21, 30),))
    assert outermost((outer, inner, beside, cueless)) == (outer, beside, cueless)
    # A cue that stands among its own words does not hide itself.
    within = Attributed(source=(), cue=(Span(5, 9),), content=(Span(0, 20),))
    assert outermost((within,)) == (within,)


# ------------------------------------------------------------------------- an extractor scored


@dataclass
class Fixed:
    """An extractor that finds what it is told."""

    claims: list[tuple[str, str, str]]
    names: list[str] = field(default_factory=list)
    name: str = "fixed"
    version: str = "1"
    method: MethodKind = "rule"

    def extract(self, document: Document, known: Gazetteer, /) -> Extraction:  # noqa: ARG002
        return Extraction(
            things=(Thing(id=Slug("p"), type="actor", kind="person", label="P"),),
            mentions=tuple(Mention(span=at(name), of=Ref("p")) for name in self.names),
            claims=tuple(
                Claim(
                    id=Slug(f"c{n}"),
                    source=(Ref("p") if source or cue else AUTHOR,),
                    source_span=one(source, cue, content).source,
                    cue=one(source, cue, content).cue,
                    evidence=one(source, cue, content).content,
                    text="x",
                    certainty="certain",
                )
                for n, (source, cue, content) in enumerate(self.claims, 1)
            ),
        )


def gold(*, outermost: bool, mentions: frozenset[tuple[Span, str]] | None = None) -> Gold:
    return Gold(
        name="pier",
        document=Document(name="pier.txt", text=TEXT, format="text/plain; charset=utf-8"),
        reading=Reading(attributions=(CALDER, ORRIN), mentions=mentions),
        outermost=outermost,
        register=Register((), IRIS),
    )


def tallies(articles: list[Article]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tally) for name, tally in total(articles).items()}


def test_what_the_author_asserts_is_no_attribution() -> None:
    reader = Fixed([("Calder", "said", "the pier is safe"), ("", "", "it was so")])
    assert tallies(scored([gold(outermost=False)], reader))["relation"] == (1, 1, 2)


def test_nested_claims_and_small_letters_are_left_out_where_the_standard_has_none() -> None:
    claims = [("Orrin", "denied", "that it was so"), ("it", "was", "so")]
    marked = frozenset({(at("Calder"), "person")})
    reader = Fixed(claims, ["Calder", "pier"])
    found = tallies(scored([gold(outermost=True, mentions=marked)], reader))
    assert (found["relation"], found["mentions"]) == ((1, 1, 2), (1, 1, 1))
    found = tallies(scored([gold(outermost=False, mentions=marked)], reader))
    assert (found["relation"], found["mentions"]) == ((1, 2, 2), (1, 2, 1))


def test_scores_are_shown_in_percent_for_each_article_and_for_all() -> None:
    good = Fixed([("Calder", "said", "the pier is safe")])
    articles = [*scored([gold(outermost=True)], good), *scored([gold(outermost=True)], Fixed([]))]
    assert tallies(articles)["relation"] == (1, 1, 4)
    shown = as_text(articles, "md", 100, per_article=False)
    assert shown.startswith("all 2 articles\n\n|")
    (row,) = [line for line in shown.splitlines() if line.startswith("| relation")]
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        *("relation", "100.0", "25.0", "40.0", "1", "1", "4")
    ]
    assert as_text(articles, "table", 100, per_article=True).count("pier\n\n") == 2
    assert as_text(articles[:1], "table", 100, per_article=True).startswith("pier\n\n")
    data = json.loads(as_json(articles))
    assert data["all"]["relation"] == {
        "hits": 1, "found": 1, "gold": 4, "precision": 1.0, "recall": 0.25, "f1": 0.4
    }  # fmt: skip


def test_the_worst_misses_are_shown_in_context() -> None:
    reader = Fixed([("Calder", "said", "is safe"), ("", "it", "was")])
    articles = scored([gold(outermost=False)], reader)
    assert misses(articles, 0) == []
    shown = misses(articles, 10)
    assert [one.splitlines() for one in shown] == [
        [
            "pier at 12: read otherwise",
            "  gold:  Calder | said | the pier is safe",
            "  found: Calder | said | is safe",
        ],
        [
            "pier at 43: read otherwise",
            "  gold:  Orrin | denied | that it was so",
            "  found: – | it | was",
        ],
    ]
    assert misses(articles, 1) == shown[:1]
    (lost, other) = misses(scored([gold(outermost=False)], Fixed([])), 10)
    assert lost == "pier at 12: missed\n  gold:  Calder | said | the pier is safe"
    assert other.startswith("pier at 43: missed\n")
    made_up = Fixed(
        [
            ("Calder", "said", "the pier is safe"),
            ("Orrin", "denied", "that it was so"),
            ("safe", "Orrin", "said"),
        ]
    )
    (shown_up,) = misses(scored([gold(outermost=False)], made_up), 10)
    assert shown_up == "pier at 7: made up\n  found: safe | Orrin | said"


# --------------------------------------------------------------------- standards that are read


LINE = {
    "id": "one",
    "text": TEXT,
    "date": "2031-05-04",
    "attributions": [
        {"source": [[0, 6]], "cue": [[7, 11]], "content": [[12, 28]], "polarity": "positive"}
    ],
    "entities": [
        {"start": 0, "end": 6, "type": "person"},
        {"start": 16, "end": 20, "type": "location", "kind": "nominal"},
    ],
}


def test_a_line_of_json_is_an_article_of_a_standard(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(f"{json.dumps(LINE)}\n\n{json.dumps(LINE | {'id': 'two'})}\n")
    one, two = read([file], [], IRIS)
    assert (one.name, two.name, one.outermost) == ("one", "two", True)
    assert one.reading.attributions == (CALDER,)
    assert one.reading.mentions == frozenset({(Span(0, 6), "person")})
    assert one.document.published is not None
    assert one.document.published.date == "2031-05-04"
    assert one.reading.metadata is None


BAD_LINES = {
    "not JSON": "{",
    "no text": '{"attributions": []}',
    "no attributions": '{"text": "x"}',
    "a list": "[]",
    "a span outside": json.dumps(LINE | {"attributions": [{"source": [[0, 99]], "cue": [], "content": []}]}),
    "a span backwards": json.dumps(LINE | {"attributions": [{"source": [[5, 2]], "cue": [], "content": []}]}),
    "a span in words": json.dumps(LINE | {"attributions": [{"source": ["Calder"], "cue": [], "content": []}]}),
    "no role": json.dumps(LINE | {"attributions": [{"source": [[0, 6]]}]}),
    "no such date": json.dumps(LINE | {"date": "soon"}),
    "an entity outside": json.dumps(LINE | {"entities": [{"start": 0, "end": 999, "type": "person"}]}),
    "text that is a number": json.dumps(LINE | {"text": 5}),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_line_that_is_no_article_is_told_by_its_number(tmp_path: Path, name: str) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(f"{json.dumps(LINE)}\n{BAD_LINES[name]}\n")
    with pytest.raises(InputError) as caught:
        read([file], [], IRIS)
    assert str(caught.value).startswith(f"{file}:2: not an article with attributions: ")
    assert "\n" not in str(caught.value)
    assert caught.value.hint

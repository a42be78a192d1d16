"""Who says what: our own sentences in attributions.yaml, hostile texts, and Wikinews where it is there."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import find, given, settings
from hypothesis import strategies as st

from kg.extract.attribution import Attribution, attributions
from kg.extract.lexicon import VERBS, forms
from kg.extract.prose import Prose
from tests.conftest import SHARED, timed

if TYPE_CHECKING:
    from kg.model import Span

GROUPS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "attributions.yaml").read_text(encoding="utf-8")
)
CASES = [case for cases in GROUPS.values() for case in cases]
WIKINEWS = SHARED / "data" / "wikinews" / "wikinews.jsonl"
KINDS = [
    ("“It is over,” said Lee.", "say", "direct", False),
    ("Lee said that it was over.", "say", "indirect", False),
    ("Lee said that it was “all over”.", "say", "mixed", False),
    ("Lee said that it was “all over now”.", "say", "mixed", False),
    ("Lee did not say that it was over.", "say", "indirect", True),
    ("Lee doesn’t think it is over.", "think", "indirect", True),
    ("Lee refused to say whether it was over.", "say", "indirect", True),
    ("According to Lee, it is over.", "according", "indirect", False),
    ("Minister: it is over", ":", "indirect", False),
    ("Lee pointed out that it was over.", "point out", "indirect", False),
    ("Lee rejected claims that it was over.", "reject", "indirect", False),
    ("Lee is sure that it is over.", "sure", "indirect", False),
    ("Lee has no evidence that it is over.", "find", "indirect", True),
]
HOSTILE = [
    '"', "said ", ", who said", "according to according to ", "Lee said that ", "he said, ", "told him ",
    "the claim that ", '"a b c d," he said. ', "Lee, the man, ", "as he said, ", "of the man ", 'said "',
    ", saying that ", "and he said the man ", "Minister: ", "“a b c d ", "'a b c ", "is believed to ",
    "sure that ", "called it a ", "— ", "(", "it was said that ", "he said “a b c” and ",
    "in his view ", "the man's request to ", "he sees it as and the ", "the fear is that ", "said (",
    "; that ", "while the men claimed ", "none of the ", "שלום said ", "🙂 he said\r\n",
    "Lee, Ann, and Bo said, ", '"No", ', "“a b\n", "was quoted by the Times as ",
]  # fmt: skip


def parts(text: str, one: Attribution) -> str:
    spans = (one.source, one.cue, one.content)
    return " | ".join(" ... ".join(text[s.start : s.end] for s in role) for role in spans)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:70])
def test_what_a_text_attributes(case: dict[str, Any]) -> None:
    text = case["text"]
    assert [parts(text, one) for one in attributions(Prose(text))] == case["found"]


def test_how_many_cases_there_are() -> None:
    assert (len(GROUPS), len(CASES), len(KINDS), len(HOSTILE)) == (17, 571, 13, 39)


@pytest.mark.parametrize(("text", "verb", "kind", "negated"), KINDS)
def test_the_verb_the_kind_and_the_negation(text: str, verb: str, kind: str, negated: bool) -> None:
    found = attributions(Prose(text))
    assert [(one.verb, one.kind, one.negated) for one in found] == [(verb, kind, negated)]


def test_the_forms_of_verbs() -> None:
    assert dict(forms("deny")) == {"deny": "b", "denies": "s", "denied": "dn", "denying": "g"}
    assert dict(forms("write")) == {
        "write": "b", "writes": "s", "wrote": "d", "written": "n", "writing": "g"
    }  # fmt: skip
    assert {"admitted", "admitting", "urges", "swore", "told", "stresses", "replied"} <= set(VERBS)


def check(text: str) -> list[Attribution]:
    found = attributions(Prose(text))
    assert found == attributions(Prose(text))
    for one in found:
        assert one.cue
        assert one.content
        for span in (*one.source, *one.cue, *one.content):
            assert 0 <= span.start < span.end <= len(text)
            assert not text[span.start].isspace()
            assert not text[span.end - 1].isspace()
        spans = sorted((*one.source, *one.cue, *one.content))
        assert all(left.end <= right.start for left, right in pairwise(spans))
    assert [one.cue[0] for one in found] == sorted(one.cue[0] for one in found)
    return found


WORDS = [
    *HOSTILE, "Lee ", "the minister ", "said ", "that ", "it was over", ", ", ". ", "“", "”", '"', "\n",
    "and ", "told ", "who ", "claims ", "sure ", "Monday", "’s ", "5 ", "said", "\n\n",
    "reports ", "is ", "accused ", "of ", "by ", "to ", "not ",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=40))
@settings(max_examples=400)
def test_spans_are_stretches_of_any_text_in_order(words: list[str]) -> None:
    check("".join(words))


def test_the_texts_of_the_property_attribute_something() -> None:
    texts = st.lists(st.sampled_from(WORDS), max_size=12)
    find(texts, lambda words: len(attributions(Prose("".join(words)))) > 1)


@given(st.text(max_size=80))
@settings(max_examples=100)
def test_texts_in_any_script_are_read(text: str) -> None:
    check(text)


@timed
@pytest.mark.parametrize("unit", HOSTILE)
def test_reading_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        prose = Prose(unit * (size // len(unit)))
        begin = time.process_time()
        attributions(prose)
        return time.process_time() - begin

    def steep() -> bool:
        small = max(seconds(15_000), seconds(15_000), 0.01)
        return seconds(120_000) > small * 8 * 2.5

    assert not all(steep() for _ in range(3))  # others use this machine, too


def words(spans: list[list[int]] | tuple[Span, ...]) -> set[int]:
    return {i for start, end in spans for i in range(start, end)}


def outermost(found: list[Attribution]) -> list[Attribution]:
    """Those whose cue is in no other's content, as the gold has them."""
    contents = [words(one.content) for one in found]
    return [
        one
        for i, one in enumerate(found)
        if not any(i != j and words(one.cue) <= content for j, content in enumerate(contents))
    ]


@pytest.mark.skipif(not WIKINEWS.exists(), reason="the Wikinews texts are not here")
def test_attributions_of_wikinews_are_found() -> None:
    hits = predicted = wanted = 0
    for line in WIKINEWS.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        gold = [one for one in article["attributions"] if one["content"]]
        found = outermost(attributions(Prose(article["text"])))
        pairs = sorted(
            (
                (len(words(one["content"]) & words(other.content))
                 / len(words(one["content"]) | words(other.content)), i, j)
                for i, one in enumerate(gold)
                for j, other in enumerate(found)
            ),
            reverse=True,
        )  # fmt: skip
        taken: set[tuple[str, int]] = set()
        for overlap, i, j in pairs:
            if overlap < 0.5 or ("gold", i) in taken or ("found", j) in taken:
                continue
            taken |= {("gold", i), ("found", j)}
            source, cue = words(gold[i]["source"]), words(gold[i]["cue"])
            same = source & words(found[j].source) or not (source or found[j].source)
            hits += bool(same and cue & words(found[j].cue))
        predicted += len(found)
        wanted += len(gold)
    assert wanted == 141
    assert 2 * hits / (predicted + wanted) >= 0.69

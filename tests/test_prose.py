"""Texts as words, sentences and quotations: what ends a sentence, and where speech begins."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.prose import Prose
from kg.model import Span

SENTENCES = [
    ["Mr. Okafor met Dr. Lindqvist.", "They left."],
    ["She flew to the U.S. on Monday.", "He stayed."],
    ["She lives in the U.S.", "He does not."],
    ["The U.S. Senate met at 9 a.m. in Room 3.5 of the annex.", "It rose at noon."],
    ["J. K. Duarte wrote it.", "Nobody read it."],
    ["Acme Inc. grew.", "So did Norte Ltd.", "The rest shrank."],
    ["Profits rose 3.5 percent to $1.2 billion.", "See kg.toml for more."],
    ["Is it over?", "No!", "It has begun…", "We wait."],
    ["“It is over.”", "He left."],
    ['"Is it over?" Okafor asked.', "He left."],
    ['"It is over!" shouted the man.', "He left."],
    ['"It is over?"', "Nobody knew."],
    ["He came on Jan. 5 with Sgt. Ruiz.", "Then he left."],
    ["See No. 5.", "He said no.", "It was late."],
    ["The man (a thief.) ran.", "He fell."],
    ["‘It is over.’", "He left."],
]
QUOTATIONS = [
    ('He said: "One. Two." Then he left.', ['"One. Two."']),
    ("He said: “One. Two.” Then he left.", ["“One. Two.”"]),
    ("He said: „One. Two.“ Then he left.", ["„One. Two.“"]),
    ("He said: «One. Two.» Then he left.", ["«One. Two.»"]),
    ("He said: ``One. Two.'' Then he left.", ["``One. Two.''"]),
    ("He said: 'One. Two.' Then he left.", ["'One. Two.'"]),
    ("‘The workers’ union is here,’ he said.", ["‘The workers’ union is here,’"]),
    ("It's John's dog, and the workers' cat.", []),
    ("He grew up in the '90s, 'tis said.", []),
    ("\"He said 'no' to me,\" she said.", ["\"He said 'no' to me,\""]),
    ("'He said \"no\" to me,' she said.", ["'He said \"no\" to me,'"]),
    ('He said "one\nTwo follows.', ['"one']),
    ('He said "one\n"Two" he said.', ['"one', '"Two"']),
    ('He said "one\nTwo." Then "three" came.', ['"one', 'Two."', '"three"']),
    ('A 5" pipe lay there.', []),
    ('He said "one "two" three.', ['"one', '"two"']),
]
FOLLOWING = [
    ("He said “one\n“Two” he said.", [False, True]),
    ("He said “one”\n“Two” he said.", [False, False]),
    ('He said "one\nTwo." Then "three" came.', [False, True, False]),
]
HOSTILE = [
    '"', "“", "'a ", "‘a ", ". ", "A. ", "U.S. ", "(", "“a”", "''", "...", "\n", "\u2028a", "a\u200bb ",
    "é́", "🙂 ", "שלום ", "\r\n\f", '"a ', "it's ", "! Lee asked ",
]  # fmt: skip


def quotations(prose: Prose) -> list[str]:
    return [prose.text[slice(*prose.span(q.first, q.end))] for q in prose.quotations]


@pytest.mark.parametrize("sentences", SENTENCES, ids=" / ".join)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    prose = Prose(" ".join(sentences))
    assert [prose.text[slice(*prose.span(*s))] for s in prose.sentences] == sentences


@pytest.mark.parametrize(("text", "expected"), QUOTATIONS)
def test_quotation_marks_are_paired(text: str, expected: list[str]) -> None:
    assert quotations(Prose(text)) == expected


@pytest.mark.parametrize(("text", "follows"), FOLLOWING)
def test_a_quotation_left_open_goes_on_in_the_next_paragraph(
    text: str, follows: list[bool]
) -> None:
    assert [quotation.follows for quotation in Prose(text).quotations] == follows


def test_how_many_cases_there_are() -> None:
    assert (len(SENTENCES), len(QUOTATIONS), len(FOLLOWING), len(HOSTILE)) == (16, 16, 3, 21)


def test_what_is_hidden_is_not_read() -> None:
    prose = Prose("He left. (Photo: Lee) She stayed.", [Span(9, 21)])
    assert prose.words == ["He", "left", ".", "She", "stayed", "."]
    assert prose.text[slice(*prose.span(3, 5))] == "She stayed"


def test_a_word_is_found_by_its_place() -> None:
    prose = Prose("One two three")
    assert [prose.word_at(offset) for offset in (0, 3, 5, 8, 13)] == [0, 1, 1, 2, 3]


def check(text: str) -> None:
    prose = Prose(text)
    assert len(prose.words) == len(prose.lower) == len(prose.starts) == len(prose.inside)
    for word, start, end in zip(prose.words, prose.starts, prose.ends, strict=True):
        assert text[start:end] == word
    assert [i for first, end in prose.sentences for i in range(first, end)] == [
        *range(len(prose.words))
    ]
    assert all(first < end for first, end in prose.paragraphs)
    last = 0
    for number, (first, end, _) in enumerate(prose.quotations):
        assert last <= first < end
        assert prose.inside[first:end] == [number] * (end - first)
        last = end


@given(st.lists(st.sampled_from([*HOSTILE, "Lee ", "said", ", ", "he ", "5 "]), max_size=30))
@settings(max_examples=300)
def test_words_are_stretches_of_any_text_and_each_is_in_one_sentence(parts: list[str]) -> None:
    check("".join(parts))


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_words_are_stretches_of_texts_in_any_script(text: str) -> None:
    check(text)


@pytest.mark.parametrize("unit", HOSTILE)
def test_reading_takes_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        Prose(text)
        return time.process_time() - begin

    small = max(seconds(30_000), seconds(30_000), 0.01)
    assert seconds(240_000) < small * 8 * 4

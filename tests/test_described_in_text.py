"""Who is mentioned without a name: bodies by their noun, sources by a description, counted people."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.annotation.check import QUOTE_LIMIT
from kg.document import Document
from kg.extract import annotate
from kg.extract.described import apart
from kg.extract.gazetteer import Gazetteer
from kg.extract.rules import Rules
from kg.model import Span

# A text, and the mentions in it that are not by a name, with the label of what they mean where that
# is another.
DESCRIBED = [
    ("The Sava Council met. “No,” the council said.", ["council=Sava Council"]),
    ("The Sava Council met. It left the council's house.", ["council=Sava Council"]),
    ("The Free Sea Party lost. Ada Hill leads that party.", ["party=Free Sea Party"]),
    ("The Union of Sava Nurses wept. He left the union.", ["union=Union of Sava Nurses"]),
    ("Bigco Holdings Ltd. sank. He left the company.", ["company=Bigco Holdings Ltd."]),
    ("“No,” two officials with knowledge of the case said.", ["two officials with knowledge of the case"]),
    ("“No,” his sister said.", ["sister=his sister"]),
    ("“No,” an expert at the Tarn Institute said.", ["expert=expert at the Tarn Institute"]),
    ("Critics of the plan say that it is bad.", ["Critics of the plan"]),
    ("“No,” a Norvian officer said.", ["Norvian officer"]),
    ("“No,” the police said.", ["police"]),
    ("He said that at least 12 young sailors died.", ["12 young sailors=young sailors"]),
    ("He said that about 15 people aboard died.", ["15 people aboard=people"]),
    ("He said ten members of the crew of the Orca left.", ["ten members of the crew of the Orca=members"]),
    ("Foreign Minister Ada Hill left. The minister said that it is over.", ["minister=Ada Hill"]),
]  # fmt: skip

NAMES = (
    "Sava Council", "Oslo Council", "Free Sea Party", "Ada Hill", "Union of Sava Nurses", "Oslo",
    "Bigco Holdings Ltd.", "Tarn Institute", "Orca", "Acme", "Acme's",
)  # fmt: skip

UNDESCRIBED = [
    "The council met. The Sava Council wept.",
    "The Sava Council met the Oslo Council. He left the council.",
    "The Sava Council met. He broke the council order.",
    "The Sava Council met. He leads a council.",
    "Bigco Holdings Ltd. sank. He is in the company of thieves.",
    "“No,” she said.",
    "“No,” the harbour master said.",
    "“No,” the government said.",
    "The report said that it is over.",
    "People say that it is over.",
    "Acme's survey says that it is over.",
    "He said that 12 boats sank.",
    "About 12 sailors died.",
]


def described(text: str) -> list[str]:
    document = Document(name="a.txt", text=text, format="text/plain", language="en")
    annotation = annotate(document, Rules(), Gazetteer([]))
    things = {str(thing.id): thing for thing in annotation.things}
    found = []
    for mention in annotation.mentions:
        assert isinstance(mention.span, Span)
        words, thing = text[slice(*mention.span)], things[mention.of]
        if thing.type != "event" and words not in NAMES:
            found.append(words if words == thing.label else f"{words}={thing.label}")
    return found


@pytest.mark.parametrize(("text", "expected"), DESCRIBED)
def test_descriptions_are_mentions_of_whom_they_mean(text: str, expected: list[str]) -> None:
    assert described(text) == expected


@pytest.mark.parametrize("text", UNDESCRIBED)
def test_what_means_nobody_for_sure_is_no_mention(text: str) -> None:
    assert described(text) == []


def test_the_tables_are_whole() -> None:
    assert (len(DESCRIBED), len(UNDESCRIBED)) == (15, 13)


SPANS = st.tuples(st.integers(0, 90), st.integers(1, 80)).map(lambda s: Span(s[0], s[0] + s[1]))


@given(st.lists(SPANS, max_size=6), st.lists(SPANS, max_size=12))
def test_no_description_crosses_another_mention_or_lies_in_a_name(
    named: list[Span], others: list[Span]
) -> None:
    named = [span for span in named if span.end - span.start <= QUOTE_LIMIT]
    found = apart(named, others)
    assert set(found) <= set(others)
    for span in found:
        assert span.end - span.start <= QUOTE_LIMIT
        assert not any(one.start <= span.start and span.end <= one.end for one in named)
        for one in (*named, *found):
            assert not one.start < span.start < one.end < span.end


def test_a_description_with_a_control_character_has_a_label_without_it_and_no_mention() -> None:
    document = Document(
        name="a.txt",
        text="“No,” two \x1b officials of the port said.",
        format="text/plain",
        language="en",
    )
    annotation = annotate(document, Rules(), Gazetteer([]))
    labels = [thing.label for thing in annotation.things]
    assert "two officials of the port" in labels
    assert annotation.mentions == ()


@pytest.mark.parametrize("unit", ["the Sava Council and the council ", "“No,” 12 men said. "])
def test_reading_takes_linear_time(unit: str) -> None:
    def seconds(repeats: int) -> float:
        document = Document(name="a.txt", text=unit * repeats, format="text/plain", language="en")
        begin = time.perf_counter()
        Rules().extract(document, Gazetteer([]))
        return time.perf_counter() - begin

    seconds(50)
    short = min(seconds(100) for _ in range(3))
    assert min(seconds(400) for _ in range(3)) < 12 * short + 0.05

"""When words were said, as the text tells it beside the words that report them."""

from __future__ import annotations

import time

import pytest

from kg.edtf import Edtf
from kg.extract.attribution import attributions
from kg.extract.dates import dates
from kg.extract.prose import Prose
from kg.extract.sayings import Sayings
from kg.model import When

PUBLISHED = When(date=Edtf("2018-06-20"))  # a Wednesday

# A sentence, and for each word that reports in it the day of its saying.
SAYINGS = [
    ("Norway will pay, Ada Hill said on Monday.", {"said": "2018-06-18"}),
    ("On Monday, Ada Hill said that Norway will pay.", {"said": "2018-06-18"}),
    ("Ada Hill on Monday denied that Norway paid.", {"denied": "2018-06-18"}),
    ("Ada Hill told reporters in Oslo on Monday that it is over.", {"told": "2018-06-18"}),
    ("In a letter of 5 June, Ada Hill wrote that it is over.", {"wrote": "2018-06-05"}),
    (
        "Ben Lake said that Ada Hill announced yesterday that she will go on 1 July.",
        {"said": "", "announced": "2018-06-19"},
    ),
    ("Ada Hill called that blackmail on Monday.", {"called": "2018-06-18"}),
    ("Ada Hill said that it ended on Monday.", {"said": ""}),
    ("The visit ended on Monday, and Ada Hill said that it went well.", {"said": ""}),
    ("Ada Hill, who was held on Monday, said that it is over.", {"said": ""}),
    ("He was freed on Monday when Ada Hill said that it is over.", {"said": ""}),
    ("It is over, Ada Hill said on Monday, adding on Tuesday that it was bad.", {"said": "2018-06-18"}),
    ("Ada Hill denied that Ben Lake left on Monday.", {"denied": ""}),
    ("Ada Hill denied the attack on Monday.", {"denied": ""}),
    ("Ada Hill denied the use of force on Monday.", {"denied": ""}),
]  # fmt: skip


def said(text: str) -> dict[str, str]:
    prose = Prose(text)
    found = attributions(prose)
    sayings = Sayings(prose, dates(prose, PUBLISHED), found)
    return {
        text[slice(*one.cue[0])]: str(when.edtf) if when else ""
        for one, when in ((one, sayings.when(n)) for n, one in enumerate(found))
    }


@pytest.mark.parametrize(("text", "expected"), SAYINGS)
def test_the_time_of_saying_is_that_of_the_clause_of_its_verb(
    text: str, expected: dict[str, str]
) -> None:
    assert said(text).items() >= expected.items()


def test_the_table_is_whole() -> None:
    assert len(SAYINGS) == 15
    times = [when for _, expected in SAYINGS for when in expected.values()]
    assert 0 < times.count("") < len(times)


@pytest.mark.parametrize(
    "unit", ["Ada said on Monday that ", "on Monday, ", "“It is”, he said, and on 5 May, "]
)
def test_reading_takes_linear_time(unit: str) -> None:
    def seconds(repeats: int) -> float:
        prose = Prose(unit * repeats)
        found = attributions(prose)
        sayings = Sayings(prose, dates(prose, PUBLISHED), found)
        begin = time.perf_counter()
        for number in range(len(found)):
            sayings.when(number)
        return time.perf_counter() - begin

    seconds(50)
    short = min(seconds(200) for _ in range(3))
    assert min(seconds(800) for _ in range(3)) < 12 * short + 0.05

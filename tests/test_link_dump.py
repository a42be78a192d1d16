"""The parts that an index is made with: lines of dumps, packed items, ranks, workers, sets."""

from __future__ import annotations

import json
import random

import pytest

from kg.link.dump import entity
from kg.link.entity import item
from kg.link.offline.choosing import Numbers
from kg.link.offline.form import pack, rank, ranked, unpack
from kg.link.offline.workers import Workers
from kg.link.truthy import Statements
from tests.link_dump import LANGUAGES, world


def test_dates_of_triples_are_as_vague_as_they_may_be_meant() -> None:
    day = b'<http://www.wikidata.org/prop/direct/P569> "%b"^^<http://www.w3.org/2001/XMLSchema#dateTime> .'
    expected = {
        b"1961-08-09T00:00:00Z": "1961-08-09",
        b"1961-01-01T00:00:00Z": "1961",
        b"1961-08-01T00:00:00Z": "1961-08",
        b"-0043-01-01T00:00:00Z": "-0043",
        b"-13000-01-01T00:00:00Z": "Y-13000",
    }
    for written_so, meant in expected.items():
        statements = Statements(b"Q900000001", ("en",))
        statements.add(b"<http://www.wikidata.org/entity/Q900000001> " + day % written_so)
        read = statements.item()
        assert read is not None
        assert read.born == meant
    assert len(expected) == 5


def test_letters_that_triples_escape_are_read() -> None:
    statements = Statements(b"Q900000001", ())
    label = (
        rb'<http://www.w3.org/2000/01/rdf-schema#label> "\U0001D400 \"h\u00e4l\" \'x\' \\U" @en .'
    )
    statements.add(b"<http://www.wikidata.org/entity/Q900000001> " + label.replace(b'" @', b'"@'))
    read = statements.item()
    assert read is not None
    assert read.labels == {"en": "𝐀 \"häl\" 'x' \\U"}


def test_links_to_articles_are_counted_where_a_file_has_them() -> None:
    statements = Statements(b"Q900000001", ())
    for language in ("en", "ja"):
        article = f"<https://{language}.wikipedia.org/wiki/Haldria>".encode()
        statements.add(
            article + b" <http://schema.org/about> <http://www.wikidata.org/entity/Q900000001> ."
        )
    read = statements.item()
    assert read is not None
    assert read.sitelinks == 2


def test_packing_an_item_loses_nothing() -> None:
    for each in world():
        before = item(each, LANGUAGES) if "id" in each else None
        if before is not None:
            assert unpack(json.loads(pack(before))) == before


def test_names_are_in_the_order_of_articles_then_items() -> None:
    order = [
        rank(2000, 9, 0),
        rank(1023, 10, 0),
        rank(5, 900000002, 1),
        rank(5, 900000003, 0),
        rank(0, 1, 0),
    ]
    assert order == sorted(order)
    assert [ranked(number) for number in order] == [9, 10, 900000002, 900000003, 1]


def test_lines_of_a_dump_are_read_with_and_without_what_is_around_them() -> None:
    assert [entity(line) for line in (b"[", b"]", b"", b"\xef\xbb\xbf[\r", b"  ")] == [None] * 5
    assert entity(b' {"id":"Q900000001"} ,\r') == {"id": "Q900000001"}


def _double(state: int, task: int) -> int:
    if task == 13:
        raise ValueError("thirteen")
    return state * task


@pytest.mark.parametrize("number", [0, 3])
def test_workers_give_results_in_order_and_pass_errors_on(number: int) -> None:
    with Workers(number, _double, 2) as crew:
        assert list(crew.run(range(10))) == [2 * n for n in range(10)]
        with pytest.raises(ValueError, match="thirteen"):
            list(crew.run([1, 13]))


def test_a_set_of_numbers_is_one() -> None:
    luck = random.Random(3)  # noqa: S311
    some = {luck.randrange(1 << 20) for _ in range(1000)}
    numbers = Numbers()
    numbers.add(some)
    assert {number for number in range(1 << 20) if number in numbers} == some

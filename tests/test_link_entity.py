"""Entities of Wikidata as items: texts, ranks, dates, places; and the recorded answers of its API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from kg.edtf import Edtf
from kg.link.entity import IN_ALL, PER_PROPERTY, articles, edtf, item, redirect, superclasses

if TYPE_CHECKING:
    from pathlib import Path

    from kg.link.item import Item

GREGORIAN = "http://www.wikidata.org/entity/Q1985727"
JULIAN = "http://www.wikidata.org/entity/Q1985786"


def snak(value: object) -> dict[str, Any]:
    return {"snaktype": "value", "datavalue": {"value": value}}


def statement(value: object, rank: str = "normal") -> dict[str, Any]:
    return {"mainsnak": snak(value), "rank": rank}


def named(number: int, rank: str = "normal") -> dict[str, Any]:
    identifier = {"entity-type": "item", "numeric-id": number, "id": f"Q{number}"}
    return statement(identifier, rank)


def time(
    written: str, precision: int, rank: str = "normal", calendar: str = GREGORIAN
) -> dict[str, Any]:
    return statement({"time": written, "precision": precision, "calendarmodel": calendar}, rank)


def made(claims: dict[str, list[dict[str, Any]]], **parts: object) -> Item:
    found = item({"type": "item", "id": "Q900000001", "claims": claims, **parts}, ["en"])
    assert found is not None
    return found


DATES = [
    ("+2007-12-11T00:00:00Z", 11, GREGORIAN, "2007-12-11"),
    ("+2007-12-00T00:00:00Z", 10, GREGORIAN, "2007-12"),
    ("+2007-00-00T00:00:00Z", 9, GREGORIAN, "2007"),
    ("+2007-12-11T00:00:00Z", 9, GREGORIAN, "2007"),
    ("+2007-12-11T14:30:00Z", 14, GREGORIAN, "2007-12-11"),
    ("+1970-00-00T00:00:00Z", 8, GREGORIAN, "197X"),
    ("+1977-00-00T00:00:00Z", 8, GREGORIAN, "197X"),
    ("+0476-00-00T00:00:00Z", 8, GREGORIAN, "047X"),
    ("+1900-00-00T00:00:00Z", 7, GREGORIAN, "1801/1900"),
    ("+1901-00-00T00:00:00Z", 7, GREGORIAN, "1901/2000"),
    ("+2000-00-00T00:00:00Z", 6, GREGORIAN, "1001/2000"),
    ("-0300-00-00T00:00:00Z", 7, GREGORIAN, "-0299/-0200"),
    ("-0044-03-15T00:00:00Z", 11, JULIAN, "-0043-03-13"),
    ("-0044-00-00T00:00:00Z", 9, GREGORIAN, "-0043"),
    ("-0001-00-00T00:00:00Z", 9, GREGORIAN, "0000"),
    ("-0040-00-00T00:00:00Z", 8, GREGORIAN, "-0048/-0039"),
    ("+1582-10-04T00:00:00Z", 11, JULIAN, "1582-10-14"),
    ("+1917-10-25T00:00:00Z", 11, JULIAN, "1917-11-07"),
    ("+1900-02-29T00:00:00Z", 11, JULIAN, "1900-03-13"),
    ("+1917-10-00T00:00:00Z", 10, JULIAN, "1917-10~"),
    ("+1616-00-00T00:00:00Z", 9, JULIAN, "1616"),
    ("+00000002013-01-05T00:00:00Z", 11, GREGORIAN, "2013-01-05"),
    ("+12345-00-00T00:00:00Z", 9, GREGORIAN, "Y12345"),
    ("-13000-00-00T00:00:00Z", 9, GREGORIAN, "Y-12999"),
    ("-4500000000-00-00T00:00:00Z", 3, GREGORIAN, None),  # vaguer than a millennium
    ("+2007-02-30T00:00:00Z", 11, GREGORIAN, None),
    ("+2007-13-01T00:00:00Z", 11, GREGORIAN, None),
    ("+2007-00-00T00:00:00Z", 11, GREGORIAN, "2007"),  # less is stated than is claimed
    ("+0000-00-00T00:00:00Z", 9, GREGORIAN, None),  # Wikibase knows no year 0
    ("unknown", 11, GREGORIAN, None),
]


@pytest.mark.parametrize(("written", "precision", "calendar", "expected"), DATES)
def test_a_date_keeps_its_precision(
    written: str, precision: int, calendar: str, expected: str | None
) -> None:
    found = edtf({"time": written, "precision": precision, "calendarmodel": calendar})
    assert found == expected
    assert found is None or Edtf(found)


def test_the_table_of_dates_is_whole() -> None:
    assert len(DATES) == 30


SEVERAL = [
    ((("+1950-00-00T00:00:00Z", 9), ("+1950-05-04T00:00:00Z", 11)), "1950-05-04"),
    ((("+1950-05-04T00:00:00Z", 11), ("+1951-00-00T00:00:00Z", 9)), "1950-05-04/1951-12-31"),
    ((("+1950-05-04T00:00:00Z", 11), ("+1950-05-04T00:00:00Z", 11)), "1950-05-04"),
    ((("+1900-00-00T00:00:00Z", 7), ("+1880-00-00T00:00:00Z", 8)), "188X"),
    ((("-0044-00-00T00:00:00Z", 9), ("-0060-00-00T00:00:00Z", 9)), "-0059-01-01/-0043-12-31"),
]


@pytest.mark.parametrize(("dates", "expected"), SEVERAL)
def test_of_several_dates_the_one_within_all_counts_or_else_their_span(
    dates: tuple[tuple[str, int], ...], expected: str
) -> None:
    found = made({"P569": [time(*date) for date in dates]}).born
    assert found == expected
    assert Edtf(found)


def test_of_several_dates_the_cases_are_all_there() -> None:
    assert len(SEVERAL) == 5


def test_a_preferred_statement_hides_the_normal_ones_and_a_deprecated_one_never_counts() -> None:
    found = made(
        {
            "P31": [
                named(900000011),
                named(900000012, "preferred"),
                named(900000013, "deprecated"),
            ],
            "P17": [named(900000014, "deprecated")],
            "P569": [
                time("+1950-00-00T00:00:00Z", 9, "deprecated"),
                time("+1951-00-00T00:00:00Z", 9),
            ],
        }
    )
    assert (found.classes, found.related, found.born) == (("Q900000012",), (), "1951")


def test_values_that_are_unknown_or_absent_are_no_values() -> None:
    unknown = {"mainsnak": {"snaktype": "somevalue"}, "rank": "preferred"}
    absent = {"mainsnak": {"snaktype": "novalue"}, "rank": "normal"}
    found = made({"P31": [unknown, named(900000011)], "P570": [absent], "P625": [unknown]})
    assert (found.classes, found.died, found.coordinates) == (("Q900000011",), None, None)


def test_related_items_come_in_the_order_of_use_and_are_limited() -> None:
    offices = [named(900000100 + number) for number in range(20)]
    found = made({"P106": [named(900000050)], "P39": offices, "P27": [named(900000002)]})
    assert found.related[:2] == ("Q900000002", "Q900000100")
    assert found.related[-1] == "Q900000050"
    assert len(found.related) == 2 + PER_PROPERTY
    many = {
        stated: [named(900000000 + 100 * place + n) for n in range(9)]
        for place, stated in enumerate(("P17", "P27", "P39", "P106", "P463"))
    }
    assert len(made(many).related) == IN_ALL


def test_dates_of_what_is_no_person_go_by_the_best_property() -> None:
    war = {"P580": [time("+1990-08-02T00:00:00Z", 11)], "P582": [time("+1991-02-28T00:00:00Z", 11)]}
    summit = {"P585": [time("+2018-06-12T00:00:00Z", 11)]}
    firm = war | {
        "P571": [time("+1975-00-00T00:00:00Z", 9)],
        "P576": [time("+2001-00-00T00:00:00Z", 9)],
    }
    assert [(found.began, found.ended) for found in map(made, (war, summit, firm))] == [
        ("1990-08-02", "1991-02-28"),
        ("2018-06-12", "2018-06-12"),
        ("1975", "2001"),
    ]


def test_a_place_on_another_world_is_no_place() -> None:
    earth = {"latitude": 35.5, "longitude": -139.25, "globe": "http://www.wikidata.org/entity/Q2"}
    moon = earth | {"globe": "http://www.wikidata.org/entity/Q405"}
    assert made({"P625": [statement(moon), statement(earth)]}).coordinates == (35.5, -139.25)
    assert made({"P625": [statement(moon)]}).coordinates is None


def test_texts_are_kept_in_the_languages_asked_for_and_mul_stands_in() -> None:
    entity = {
        "type": "item",
        "id": "Q900000001",
        "labels": {lang: {"value": f"Haldria {lang}"} for lang in ("de", "mul", "ja")},
        "descriptions": {"en": {"value": "island republic"}, "de": {"value": "Inselrepublik"}},
        "aliases": {
            "mul": [{"value": "HLD"}],
            "ja": [{"value": "ハ国"}],
            "fr": [{"value": "l'île"}],
        },
    }
    found = item(entity, ["en", "ja"])
    assert found is not None
    assert found.labels == {"en": "Haldria mul", "ja": "Haldria ja"}
    assert found.descriptions == {"en": "island republic"}
    assert found.aliases == {"ja": ("ハ国",), "mul": ("HLD",)}
    everything = item(entity)
    assert everything is not None
    assert set(everything.labels) == {"de", "mul", "ja"}
    assert set(everything.aliases) == {"mul", "ja", "fr"}
    alone = item(entity, ["mul"])
    assert alone is not None
    assert alone.labels == {"mul": "Haldria mul"}


def test_empty_parts_that_php_writes_as_lists_are_empty() -> None:
    parts: dict[str, list[str]] = {
        name: [] for name in ("labels", "descriptions", "aliases", "claims", "sitelinks")
    }
    found = item({"type": "item", "id": "Q900000001", **parts})
    assert found is not None
    assert (found.labels, found.aliases, found.classes, found.sitelinks) == ({}, {}, (), 0)


@pytest.mark.parametrize(
    "entity",
    [
        {"id": "Q900000001", "missing": ""},
        {"type": "property", "id": "P31", "labels": {}},
        {"type": "lexeme", "id": "L1"},
        {"entity": "Q900000002", "redirect": "Q900000001"},
        {},
    ],
)
def test_what_is_gone_or_no_item_has_none(entity: dict[str, Any]) -> None:
    assert item(entity) is None


def test_both_ways_of_stating_a_redirect_are_read() -> None:
    assert redirect({"entity": "Q900000002", "redirect": "Q900000001"}) == (
        "Q900000002",
        "Q900000001",
    )
    answered = {"id": "Q900000001", "redirects": {"from": "Q900000002", "to": "Q900000001"}}
    assert redirect(answered) == ("Q900000002", "Q900000001")
    assert redirect({"id": "Q900000001"}) is None


def test_only_wikipedias_count_as_articles() -> None:
    sites = "enwiki jawiki be_x_oldwiki commonswiki specieswiki wikidatawiki metawiki enwikinews dewikivoyage"
    assert articles(sites.split()) == 3


def test_old_dumps_that_number_their_items_are_read() -> None:
    old = statement({"entity-type": "item", "numeric-id": 900000011})
    assert made({"P31": [old]}).classes == ("Q900000011",)


def test_superclasses_are_those_of_the_best_rank() -> None:
    claims = {"P279": [named(900000021), named(900000022, "deprecated")]}
    assert list(superclasses({"claims": claims})) == ["Q900000021"]


def test_every_recorded_answer_of_the_api_is_read(shared: Path) -> None:
    folder = shared / "data" / "wikidata-api-cassettes"
    if not folder.is_dir():
        pytest.skip("the recorded answers are not here")
    answers = [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))]
    entities = [entity for answer in answers for entity in answer["entities"].values()]
    found = {entity["id"]: item(entity, ["en"]) for entity in entities}
    assert len(answers) == 189
    assert sum(entry is not None for entry in found.values()) == len(
        {entity["id"] for entity in entities if entity["type"] == "item"}
    )
    assert {name for name, entry in found.items() if entry is None} == {
        "P26",
        "P40",
        "P451",
        "P1038",
    }
    people = [entry for entry in found.values() if entry is not None and "Q5" in entry.classes]
    assert len(people) == 15
    assert len([Edtf(entry.born) for entry in people if entry.born]) == 14
    human = found["Q5"]
    assert human is not None
    assert human.labels["en"] == "human"
    whole = [entity for entity in entities if "claims" in entity]
    assert len(whole) == 66
    assert sum(1 for entity in whole if list(superclasses(entity))) == 51

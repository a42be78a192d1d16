"""The names of the register, found in texts."""

from __future__ import annotations

import pickle
import time

import pytest

from kg.extract.gazetteer import Entry, Gazetteer
from kg.extract.prose import Prose
from kg.mapping.iris import Iris
from kg.model import Ref
from kg.register import Register, read

REGISTER = b"""
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix actor: <id/actor/> .
@prefix place: <id/place/> .
@prefix topic: <id/topic/> .

actor:lorland a kg:Actor ; rdfs:label "Lorland"@en ; kg:kind kgs:actor-state ;
    skos:altLabel "the South"@en , "Port Lor"@en , "LOR"@en .
actor:ana-sol a kg:Actor ; rdfs:label "Ana Sol"@en ; kg:kind kgs:actor-person ;
    skos:altLabel "Sol"@en , "Anna Sol"@en .
actor:ben-sol a kg:Actor ; rdfs:label "Ben Sol"@en ; kg:kind kgs:actor-person ; skos:altLabel "Sol"@en .
actor:old-sol a kg:Actor ; dcterms:isReplacedBy actor:ana-sol .
actor:moodys a kg:Actor ; rdfs:label "Moody's"@en ; kg:kind kgs:actor-company .
place:port-lor a <http://schema.org/Place> ; rdfs:label "Port Lor"@en .
topic:dam-dispute a skos:Concept ; rdfs:label "dispute over the dam"@en ;
    skos:altLabel "dam dispute"@en , "dam"@en , "Lorland dam treaty"@en .
"""


@pytest.fixture(scope="module")
def known() -> Gazetteer:
    iris = Iris("https://example.org/kg/")
    return Gazetteer.of(Register(read(REGISTER, "entities.ttl", iris), iris))


CASES = [
    ("Lorland voted.", ["Lorland=lorland"]),
    ("Lorland’s vote and LORLAND's vote", ["Lorland’s=lorland", "LORLAND's=lorland"]),
    ("lorland in small letters", []),
    ("News from the South and from the south", ["the South=lorland"]),
    ("A lor is no LOR, nor a Lor.", ["LOR=lorland"]),
    ("Ana Sol spoke; Anna Sol’s brother did not.", ["Ana Sol=ana-sol", "Anna Sol’s=ana-sol"]),
    ("Sol could be either of two.", []),
    ("Two dams and the dam disputes", ["dams=dam-dispute", "dam disputes=dam-dispute"]),
    ("The Dam Dispute goes on.", ["Dam Dispute=dam-dispute"]),
    (
        "The Lorland dam treaty holds.",
        ["Lorland dam treaty=dam-dispute", "Lorland=lorland"],
    ),
    ("BEN SOL: no. Ben Sol left.", ["BEN SOL=ben-sol", "Ben Sol=ben-sol"]),
    ("Moody's rated it; a moody man did not.", ["Moody's=moodys"]),
    ("Madam, the damage is adamant.", []),
    ("", []),
]


def test_there_are_as_many_cases_as_counted() -> None:
    assert len(CASES) == 14


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_names_of_the_register_are_found_by_their_words(
    known: Gazetteer, text: str, expected: list[str]
) -> None:
    prose = Prose(text)
    found = known.find(prose)
    said = [f"{text[slice(*prose.span(a, b))]}={entry.ref}" for a, b, entry in found]
    assert said == expected


def test_an_entry_keeps_its_label_type_and_kind(known: Gazetteer) -> None:
    assert known.named("Anna  Sol") == Entry(Ref("ana-sol"), "actor", "person", "Ana Sol")
    assert known.named("dam dispute") == Entry(
        Ref("dam-dispute"), "topic", None, "dispute over the dam"
    )


def test_a_name_of_several_entries_names_none_alone(known: Gazetteer) -> None:
    assert known.named("Sol") is None
    assert known.named("Port Lor") is None
    (found,) = known.candidates(Prose("They reached Port Lor."))
    assert [entry.ref for entry in found[2]] == ["lorland", "port-lor"]


def test_a_gazetteer_survives_the_road_to_another_process(known: Gazetteer) -> None:
    text = Prose("Ana Sol left Lorland over the dam.")
    assert pickle.loads(pickle.dumps(known)).find(text) == known.find(text)  # noqa: S301


def test_looking_takes_no_longer_with_many_names() -> None:
    names = [
        (f"Name{n} of the Place{n}", Entry(Ref(f"n{n}"), "actor", None, f"n{n}"))
        for n in range(5000)
    ]
    names += [("of the of", Entry(Ref("x"), "topic", None, "of the of"))]
    prose = Prose("of the of the of the " * 10_000)
    begin = time.process_time()
    found = Gazetteer(names).find(prose)
    assert len(found) == 30_000 // 2
    assert time.process_time() - begin < 5

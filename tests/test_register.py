"""The register: what articles share, by ids that never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg import annotation, register
from kg.errors import InputError, NotFoundError
from kg.mapping.iris import Iris
from kg.mapping.write import to_graph
from kg.register import Register, add_entry, to_turtle
from kg.vocab import DCTERMS, KG, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import ThingType

BASE = "https://example.org/kg/"
IRIS = Iris(BASE)
HEAD = """\
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix actor: <id/actor/> .
@prefix place: <id/place/> .
@prefix topic: <id/topic/> .
@prefix event: <id/event/> .
"""
ENTRIES = """
actor:japan a kg:Actor, schema:Country ; rdfs:label "Japan"@en, "日本"@ja ;
    skos:altLabel "Nippon"@en ; kg:kind kgs:actor-state .
actor:nippon a kg:Actor ; rdfs:label "State of Japan"@en, "日本"@ja ; skos:altLabel "JP" ;
    kg:kind kgs:actor-group ; skos:scopeNote "The same."@en .
actor:abe a kg:Actor ; rdfs:label "Shinzo Abe"@en ; kg:memberOf actor:nippon .
place:tokyo a schema:Place ; rdfs:label "Tokyo"@en ; schema:containedInPlace actor:nippon .
topic:trade a skos:Concept ; rdfs:label "trade"@en .
topic:tariffs a skos:Concept ; rdfs:label "tariffs"@en ; skos:broader topic:trade .
event:talks a kg:Event ; rdfs:label "talks"@en ; kg:kind kgs:event-meeting .
<http://elsewhere.example/x> a kg:Actor .
"""


def read(entries: str, iris: Iris = IRIS) -> Register:
    content = (HEAD + entries).encode()
    return Register(register.read(content, "entities.ttl", iris), iris, "entities.ttl")


def actor(id_: str) -> NamedNode:
    return IRIS.thing("actor", id_)


def names(entries: Register, id_: str, predicate: NamedNode) -> set[str]:
    return {
        str(t.object)
        for t in entries.triples
        if t.subject == entries.iri(id_) and t.predicate == predicate
    }


def test_ids_of_all_kinds_are_read() -> None:
    assert read(ENTRIES).kinds == {
        **dict.fromkeys(["japan", "nippon", "abe"], "actor"),
        "tokyo": "place",
        "trade": "topic",
        "tariffs": "topic",
        "talks": "event",
    }
    assert read(ENTRIES).iri("talks") == IRIS.thing("event", "talks")
    with pytest.raises(NotFoundError, match="the register has no entry paris"):
        read(ENTRIES).iri("paris")


@pytest.mark.parametrize(
    ("entries", "message", "hint"),
    [
        (
            "place:japan a schema:Place .",
            "entities.ttl: actor:japan and place:japan share an id",
            "annotations refer to an entry by its id alone; choose another",
        ),
        (
            "place:nara a kg:Actor .",
            "entities.ttl: place:nara is not a http://schema.org/Place",
            "the folder of an IRI says its class",
        ),
        (
            "actor:Shinzo-Abe a kg:Actor .",
            "entities.ttl: 'Shinzo-Abe' cannot be an id",
            "ids have small letters, digits and single hyphens",
        ),
        (
            "<id/actor/a/b> a kg:Actor .",
            "entities.ttl: 'a/b' cannot be an id",
            "ids have small letters, digits and single hyphens",
        ),
        (
            "actor:a dcterms:isReplacedBy actor:b . actor:b dcterms:isReplacedBy actor:a .",
            "entities.ttl: actor:a is merged into itself",
            None,
        ),
        (
            "actor:a dcterms:isReplacedBy actor:a .",
            "entities.ttl: actor:a is merged into itself",
            None,
        ),
        (
            "actor:a dcterms:isReplacedBy actor:abe, actor:japan .",
            "entities.ttl: actor:a is merged into more than one entry",
            None,
        ),
        (
            "actor:a dcterms:isReplacedBy actor:nobody .",
            "entities.ttl: actor:a is merged into actor:nobody, which is not there",
            None,
        ),
        (
            "actor:a dcterms:isReplacedBy place:tokyo .",
            "entities.ttl: actor:a is merged into place:tokyo, which is of another kind",
            None,
        ),
    ],
)
def test_what_would_mislead_references_is_refused(
    entries: str, message: str, hint: str | None
) -> None:
    with pytest.raises(InputError) as error:
        read(ENTRIES + entries)
    assert (str(error.value), error.value.hint) == (message, hint)


def test_a_better_label_changes_no_iri_and_the_old_one_stays_findable() -> None:
    before = read(ENTRIES)
    after = before.relabel("japan", "State of Japan")
    assert after.iri("japan") == before.iri("japan") == actor("japan")
    assert names(after, "japan", RDFS.label) == {'"State of Japan"@en', '"日本"@ja'}
    assert names(after, "japan", SKOS.altLabel) == {'"Nippon"@en', '"Japan"@en'}
    # To an earlier name and back: nothing is both the label and another name.
    back = after.relabel("japan", "Japan").relabel("japan", "Nippon")
    assert names(back, "japan", RDFS.label) == {'"Nippon"@en', '"日本"@ja'}
    assert names(back, "japan", SKOS.altLabel) == {'"State of Japan"@en', '"Japan"@en'}
    assert before.relabel("japan", "Japan").triples == before.triples
    assert names(before.relabel("japan", "Japon", "FR"), "japan", RDFS.label) == {
        *('"Japan"@en', '"日本"@ja', '"Japon"@fr')
    }


def test_another_name_is_added_once() -> None:
    before = read(ENTRIES)
    after = before.add_alias("japan", "Land of the Rising Sun")
    assert len(after.triples) == len(before.triples) + 1
    assert after.add_alias("japan", "Land of the Rising Sun").triples == after.triples
    assert before.add_alias("japan", "Japan").triples == before.triples
    assert after.kinds == before.kinds


def test_merging_keeps_ids_and_moves_what_is_said() -> None:
    before = read(ENTRIES)
    after = before.merge("nippon", "japan")
    assert after.kinds == before.kinds
    assert after.iri("nippon") == after.iri("japan") == actor("japan")
    assert names(after, "japan", RDFS.label) == {'"Japan"@en', '"日本"@ja'}
    assert names(after, "japan", SKOS.altLabel) == {'"Nippon"@en', '"State of Japan"@en', '"JP"'}
    assert names(after, "japan", KG.kind) == {"<https://w3id.org/newskg/scheme/actor-state>"}
    scope = NamedNode(f"{SKOS.base}scopeNote")
    assert names(after, "japan", scope) == {'"The same."@en'}
    assert {t for t in after.triples if t.subject == actor("nippon")} == {
        Triple(actor("nippon"), DCTERMS.isReplacedBy, actor("japan"))
    }
    assert Triple(actor("abe"), NamedNode(f"{KG.base}memberOf"), actor("japan")) in after.triples
    # Read back from its file, the register is the same.
    again = Register(register.read(after.to_turtle(), "entities.ttl", IRIS), IRIS)
    assert (again.triples, again.kinds, again.iri("nippon")) == (
        after.triples,
        after.kinds,
        actor("japan"),
    )


def test_merging_in_steps_leads_to_the_last_entry() -> None:
    merged = read(ENTRIES).merge("abe", "nippon").merge("nippon", "japan")
    assert merged.iri("abe") == merged.iri("nippon") == actor("japan")
    assert merged.merge("abe", "japan").triples == merged.triples
    assert merged.merge("japan", "abe").triples == merged.triples
    assert merged.relabel("abe", "Japan!").iri("japan") == actor("japan")


def test_a_chain_written_by_hand_is_followed_to_its_end() -> None:
    chain = "actor:a dcterms:isReplacedBy actor:b . actor:b dcterms:isReplacedBy actor:japan ."
    entries = read(ENTRIES + chain)
    assert entries.iri("a") == entries.iri("b") == actor("japan")
    assert entries.merge("a", "abe").iri("b") == actor("abe")


def test_what_points_from_one_merged_entry_to_the_other_is_no_loop() -> None:
    merged = read(ENTRIES).merge("tariffs", "trade")
    trade = IRIS.thing("topic", "trade")
    assert not [t for t in merged.triples if t.subject == t.object == trade]
    assert names(merged, "trade", SKOS.altLabel) == {'"tariffs"@en'}
    other = read(ENTRIES).merge("trade", "tariffs")
    assert not [t for t in other.triples if t.subject == t.object]
    assert other.iri("trade") == IRIS.thing("topic", "tariffs")


def test_entries_of_different_kinds_are_not_merged() -> None:
    with pytest.raises(InputError, match=r"^place:tokyo and actor:japan are of different kinds$"):
        read(ENTRIES).merge("tokyo", "japan")
    with pytest.raises(NotFoundError, match="no entry paris"):
        read(ENTRIES).merge("paris", "tokyo")


def test_an_article_that_names_a_merged_entry_gets_the_kept_one() -> None:
    content = b"""\
kg: 1
article: {publisher: [nippon]}
text: {file: a.txt}
made: {by: me, at: "2026-11-21T12:00:00Z"}
mentions: [{span: [0, 5], of: nippon}, {span: [0, 5], of: japan}]
"""
    entries = read(ENTRIES).merge("nippon", "japan")
    found = annotation.read(content, "a.yaml", text=lambda _: "Japan.", kinds=entries.kinds)
    graph = to_graph(found, IRIS, entries.iri).content
    assert {t.object for t in graph if t.predicate == KG.refersTo} == {actor("japan")}
    assert not [t for t in graph if actor("nippon") in tuple(t)]


def test_turtle_is_sorted_free_of_the_base_and_the_same_when_read_again() -> None:
    entries = read(ENTRIES)
    content = entries.to_turtle()
    assert content.decode().startswith(
        "@prefix actor: <id/actor/> .\n@prefix event: <id/event/> .\n"
    )
    assert BASE not in content.decode()
    again = Register(register.read(content, "entities.ttl", IRIS), IRIS)
    assert again.triples == entries.triples
    assert (
        again.to_turtle()
        == content
        == to_turtle(sorted(entries.triples, key=str, reverse=True), IRIS)
    )


def test_words_that_look_like_a_prefix_are_left_alone() -> None:
    entries = read(ENTRIES).add_alias("japan", f"@prefix x: <{BASE}\n@prefix y: <{BASE}")
    again = register.read(entries.to_turtle(), "entities.ttl", IRIS)
    assert again == entries.triples


def test_another_base_moves_all_entries() -> None:
    other = Iris("http://localhost/news/")
    moved = Register(register.read(read(ENTRIES).to_turtle(), "entities.ttl", other), other)
    assert moved.kinds == read(ENTRIES).kinds
    assert not [t for t in moved.triples for term in t if str(term).startswith(f"<{BASE}")]
    assert moved.iri("japan").value == "http://localhost/news/id/actor/japan"
    assert moved.to_turtle() == read(ENTRIES).to_turtle()


@pytest.mark.parametrize(
    "line",
    ["@base <https://other.example/kg/> .", "BASE <https://other.example/kg/>", "  @base <x/> ."],
)
def test_a_file_written_for_another_base_is_refused(line: str) -> None:
    with pytest.raises(InputError) as error:
        register.read(f"# x\n{line}\n{HEAD}".encode(), "entities.ttl", IRIS)
    written = line.partition("<")[2].partition(">")[0]
    assert str(error.value) == (
        f"entities.ttl: written for the base {written}, but the workspace has {BASE}"
    )
    assert error.value.hint == ("delete the @base line: the file then takes the workspace's base")


def test_the_own_base_may_be_written_down() -> None:
    content = f"@base <{BASE}> .\n{HEAD}{ENTRIES}".encode()
    assert register.read(content, "entities.ttl", IRIS) == read(ENTRIES).triples


def test_syntax_errors_name_line_and_column() -> None:
    with pytest.raises(InputError, match=r"^entities.ttl:12:\d+: not Turtle: "):
        read("\nactor:japan a kg:Actor rdfs:label .")


def test_the_sample_and_the_corpus_can_be_read_and_written(sample: Path, corpus: Path) -> None:
    for folder in (sample, corpus):
        content = (folder / "entities.ttl").read_bytes()
        entries = Register(register.read(content, "entities.ttl", IRIS), IRIS)
        assert register.read(entries.to_turtle(), "entities.ttl", IRIS) == entries.triples
        for id_, kind in entries.kinds.items():
            assert entries.iri(id_) == IRIS.thing(kind, id_)
            assert Triple(entries.iri(id_), RDF.type, NamedNode("urn:x")) not in entries.triples


def test_labels_are_literals_of_their_language() -> None:
    after = read(ENTRIES).relabel("trade", 'a "quoted" \\ name\n', "de")
    found = register.read(after.to_turtle(), "entities.ttl", IRIS)
    label = Literal('a "quoted" \\ name\n', language="de")
    assert Triple(IRIS.thing("topic", "trade"), RDFS.label, label) in found


def test_an_entry_is_added_at_the_end_and_nothing_else_changes() -> None:
    content = (HEAD + "\n# People\n" + ENTRIES + "# the end").encode()
    added, id_ = add_entry(
        content, IRIS, "actor", "person", "Señora Ñandú", ["Ñandú", "Señora Ñandú", "Ñandú"]
    )
    assert id_ == "senora-nandu"
    assert added.decode() == content.decode() + (
        "\nactor:senora-nandu a kg:Actor ;\n"
        '    rdfs:label "Señora Ñandú"@en ;\n'
        '    skos:altLabel "Ñandú"@en ;\n'
        "    kg:kind kgs:actor-person .\n"
    )
    entries = Register(register.read(added, "entities.ttl", IRIS), IRIS)
    assert (entries.label(id_), entries.kind(id_)) == ("Señora Ñandú", "person")


def test_an_added_entry_gets_an_id_that_nothing_else_has() -> None:
    content = (HEAD + ENTRIES).encode()
    cases: list[tuple[str, ThingType, tuple[str, ...], str]] = [
        ("Talks", "actor", (), "talks-2"),
        ("Talks", "actor", ("talks-2", "talks-3"), "talks-4"),
        ("東京", "place", (), "place"),
        ("c17", "topic", (), "c17-2"),
        ("x" * 80, "topic", (), "x" * 60),
    ]
    for label, type_, taken, expected in cases:
        added, id_ = add_entry(content, IRIS, type_, None, label, taken=taken)
        assert id_ == expected
        assert Register(register.read(added, "entities.ttl", IRIS), IRIS).label(id_) == label


def test_an_entry_is_added_to_a_register_that_is_not_there_yet() -> None:
    added, id_ = add_entry(b"", IRIS, "place", None, "Sant Orel", language="ca")
    entries = Register(register.read(added, "entities.ttl", IRIS), IRIS)
    assert entries.kinds == {id_: "place"}
    labels = {t.object for t in entries.triples if t.predicate == RDFS.label}
    assert labels == {Literal("Sant Orel", language="ca")}

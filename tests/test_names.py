"""Names: what people type leads to the thing that they mean, or to what they could have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import ConfigError, NotFoundError
from kg.mapping.iris import Iris
from kg.names import curie, fold, resolve
from kg.store import open_store
from kg.vocab import KG, PREFIXES, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import GraphStore
    from kg.workspace import Workspace

BASE = "https://example.org/kg/"
KNOWN = PREFIXES | Iris(BASE).prefixes()
GRAPH = ox.NamedNode(f"{BASE}graph/entities")

REGISTER = """
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix actor: <id/actor/> . @prefix place: <id/place/> .
@prefix topic: <id/topic/> . @prefix event: <id/event/> .

kg:Actor rdfs:label "Actor" .
kg:Reporter rdfs:subClassOf kg:Actor .
actor:lodz-council a kg:Actor ; rdfs:label "Łódź City Council"@en ; skos:altLabel "Łódź" , "the Council" .
actor:rene a kg:Actor ; rdfs:label "René Müller"@en ; skos:exactMatch wd:Q5 .
actor:mueller a kg:Actor ; rdfs:label "Maria Müller"@en ; skos:altLabel "Müller" .
actor:other-mueller a kg:Actor ; rdfs:label "Hans Müller"@en ; skos:altLabel "Müller" .
actor:reporter a kg:Reporter ; rdfs:label "the reporter"@en .
actor:o-neill a kg:Actor ; rdfs:label "O'Neill" ; skos:exactMatch wd:Q6 .
actor:old a kg:Actor ; rdfs:label "Old Name"@en ; dcterms:isReplacedBy actor:newer .
actor:newer a kg:Actor ; dcterms:isReplacedBy actor:newest .
actor:newest a kg:Actor ; rdfs:label "New Name"@en ; skos:altLabel "Old Name" .
place:lodz a schema:Place ; rdfs:label "Łódź"@pl .
place:harbour a schema:Place ; rdfs:label "Harbour"@en .
topic:harbour-fees a skos:Concept ; rdfs:label "fees of the harbour"@en .
event:strike a kg:Event ; rdfs:label "strike"@en .
<id/actor/f3ba54f74531-somebody> a kg:Actor ; rdfs:label "somebody"@en .
<id/article/f3ba54f74531> a kg:Article ; schema:headline "Harbour strikes"@en .
<id/claim/f3ba54f74531-1-9> a kg:Claim .
"""


@pytest.fixture(scope="module")
def store() -> Iterator[GraphStore]:
    with open_store("memory:") as store:
        quads = ox.parse(REGISTER.encode(), format=ox.RdfFormat.TURTLE, base_iri=BASE)
        store.put(GRAPH, {quad.triple for quad in quads})
        yield store


NAMES = [
    ("lodz-council", "actor/lodz-council"),  # an id
    ("f3ba54f74531-somebody", "actor/f3ba54f74531-somebody"),
    ("strike", "event/strike"),
    ("f3ba54f74531", "article/f3ba54f74531"),
    ("actor/lodz-council", "actor/lodz-council"),  # kind and id
    ("article/f3ba54f74531", "article/f3ba54f74531"),
    ("actor:lodz-council", "actor/lodz-council"),  # a CURIE
    ("claim:f3ba54f74531-1-9", "claim/f3ba54f74531-1-9"),
    (f"{BASE}id/actor/rene", "actor/rene"),  # an IRI
    (f"<{BASE}id/actor/rene>", "actor/rene"),
    ("Q5", "actor/rene"),  # a Wikidata item
    ("wd:Q5", "actor/rene"),
    ("René Müller", "actor/rene"),  # a label
    ("Maria Müller", "actor/mueller"),
    ("Harbour strikes", "article/f3ba54f74531"),
    ("the Council", "actor/lodz-council"),  # an alias
    ("renÉ mÜLLER", "actor/rene"),  # case
    ("THE COUNCIL", "actor/lodz-council"),
    ("rene muller", "actor/rene"),  # accents
    ("Harboür", "place/harbour"),
    ("  René   Müller ", "actor/rene"),  # blanks
    ("o’neill", "actor/o-neill"),  # apostrophes
    ("harbour", "place/harbour"),
    ("old", "actor/newest"),  # merged
    ("actor:newer", "actor/newest"),
    ("Old Name", "actor/newest"),
]


@pytest.mark.parametrize(("name", "found"), NAMES, ids=[name for name, _ in NAMES])
def test_a_name_leads_to_its_thing(store: GraphStore, name: str, found: str) -> None:
    assert resolve(store, KNOWN, name) == ox.NamedNode(f"{BASE}id/{found}")


def test_the_class_decides_between_things_of_one_name(store: GraphStore) -> None:
    with pytest.raises(ConfigError):
        resolve(store, KNOWN, "Łódź")
    for class_, found in ((KG.Actor, "actor/lodz-council"), (SKOS.Concept, "topic/harbour-fees")):
        name = "Łódź" if class_ == KG.Actor else "harbour-fees"
        assert resolve(store, KNOWN, name, class_) == ox.NamedNode(f"{BASE}id/{found}")


def test_an_id_of_another_class_does_not_hide_a_label(store: GraphStore) -> None:
    assert resolve(store, KNOWN, "lodz").value.endswith("place/lodz")
    with pytest.raises(NotFoundError, match=r"'lodz' \(place:lodz\) is no skos:Concept"):
        resolve(store, KNOWN, "lodz", SKOS.Concept)
    # As an actor, only the label can be meant, the accents forgiven but for the barred Ł.
    assert resolve(store, KNOWN, "łodz", KG.Actor).value.endswith("actor/lodz-council")


def test_things_of_a_narrower_class_fit(store: GraphStore) -> None:
    assert resolve(store, KNOWN, "reporter", KG.Actor).value.endswith("actor/reporter")


def test_an_ambiguous_name_is_refused_with_the_candidates(store: GraphStore) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(store, KNOWN, "müller", KG.Actor)
    assert str(caught.value) == (
        "'müller' is the name of several: "
        "actor:mueller (Maria Müller), actor:other-mueller (Hans Müller)"
    )
    assert caught.value.hint == "name one of them by its id"
    assert caught.value.exit_code == 2


def test_of_many_candidates_a_few_are_named() -> None:
    label = ox.Literal("The Gull")
    many = [ox.NamedNode(f"{BASE}id/actor/gull-{number:03}") for number in range(400)]
    with open_store("memory:") as store:
        store.put(
            ox.NamedNode(f"{BASE}graph/g"), [ox.Triple(node, RDFS.label, label) for node in many]
        )
        with pytest.raises(ConfigError) as caught:
            resolve(store, KNOWN, "The Gull")
    named = ", ".join(f"actor:gull-{number:03} (The Gull)" for number in range(5))
    assert str(caught.value) == f"'The Gull' is the name of several: {named} and 395 more"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Rene Muler", "did you mean René Müller"),
        ("Hans", "did you mean Hans Müller"),
        ("reporters", "did you mean the reporter"),
        ("new-name", "did you mean New Name"),
        ("lodz-coun", "did you mean the Council or Łódź City Council"),  # near an id
        ("zzzzzzzz", None),
        ("", None),
    ],
)
def test_an_unknown_name_is_met_with_the_nearest(
    store: GraphStore, name: str, hint: str | None
) -> None:
    with pytest.raises(NotFoundError) as caught:
        resolve(store, KNOWN, name, KG.Actor)
    assert str(caught.value) == f"no kg:Actor goes by the name {name!r}"
    assert (caught.value.hint or "").startswith(hint or "")
    assert (caught.value.hint is None) == (hint is None)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("harbour", "'harbour' (place:harbour) is no kg:Actor"),
        ("place:harbour", "place:harbour is no kg:Actor"),
        ("actor:nobody", "no kg:Actor goes by the name 'actor:nobody'"),
        ("actor/nobody", "no kg:Actor goes by the name 'actor/nobody'"),
        ("https://example.org/nobody", "no kg:Actor goes by the name 'https://example.org/nobody'"),
        ("Q999", "no kg:Actor goes by the name 'Q999'"),
        ("ex:unknown-prefix", "no kg:Actor goes by the name 'ex:unknown-prefix'"),
    ],
)
def test_what_is_not_of_the_class_or_not_known_is_refused(
    store: GraphStore, name: str, message: str
) -> None:
    with pytest.raises(NotFoundError) as caught:
        resolve(store, KNOWN, name, KG.Actor)
    assert str(caught.value) == message


def test_without_a_class_an_unknown_iri_is_refused_too(store: GraphStore) -> None:
    for name in ("actor:nobody", "https://example.org/nobody"):
        with pytest.raises(NotFoundError, match="no thing goes by the name"):
            resolve(store, KNOWN, name)


def test_an_iri_has_its_shortest_form() -> None:
    assert curie(ox.NamedNode(f"{BASE}id/actor/japan"), KNOWN) == "actor:japan"
    assert curie(KG.Claim, KNOWN) == "kg:Claim"
    assert curie(ox.NamedNode("https://w3id.org/newskg/scheme/x"), KNOWN) == "kgs:x"
    assert curie(ox.NamedNode("urn:other"), KNOWN) == "urn:other"
    assert curie(ox.NamedNode(KG.base), KNOWN) == KG.base
    longest = {"a": "https://a/", "b": "https://a/b/"}
    assert curie(ox.NamedNode("https://a/b/c"), longest) == "b:c"


def test_folding_twice_changes_nothing_more() -> None:
    for name in ("Shinzō Abe", "ＡＢＣ", "Straße", "O’Neill", "ﬁne  print"):
        assert fold(fold(name)) == fold(name)
    assert fold("Shinzō  ABE") == "shinzo abe"


def test_the_names_of_the_founding_corpus(built: Workspace) -> None:
    with built.reading() as store:
        for name, found in (
            ("the North", "actor/north-korea"),
            ("tokyo", "actor/japan"),  # the state, since an actor is asked for
            ("Shinzō Abe", "actor/shinzo-abe"),
            ("Q423", "actor/north-korea"),
        ):
            node = resolve(store, built.prefixes, name, KG.Actor)
            assert node.value == f"{built.settings.base}id/{found}"
        assert resolve(store, built.prefixes, "tokyo").value.endswith("place/tokyo")

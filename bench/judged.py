"""What people and language models find beyond what rules do, put into a corpus for growth.py.

Rules take no stances, causes or reasons from a text, and nobody judges a made corpus; without them the
queries about those would be measured where there is nothing to find. The shares are much as in the two
founding articles and in examples/newsroom: of a hundred claims twelve assert a stance, twenty give a
reason, and one or two contradict another one, agree with it or replace it; every other judgement waits.

What is in the register and every twentieth of other actors and events is linked to an item, of which as
much is told as Wikidata tells: when a person lived and held an office, when an event was and how many died.
One of ten items is wrong, or the articles are. The items are made up, with numbers beyond Wikidata's.

What is taken hangs on the IRIs of claims, events and actors alone, so that it grows as the corpus does.
"""

from __future__ import annotations

import tempfile
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from kg.analysis import form
from kg.analysis.judgement import Judge, Judgement
from kg.link.enrich import as_turtle
from kg.link.sparql_service import Facts, Statement
from kg.mapping.derived import accepted
from kg.mapping.iris import wikidata
from kg.mapping.times import date_triples, dates
from kg.store import select
from kg.store.embedded import EmbeddedStore
from kg.vocab import DCTERMS, KG, RDF, RDFS, SCHEMA, SKOS, WIKIDATA, concept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.mapping.iris import Iris
    from kg.model import Status
    from kg.store import GraphStore


class Source(NamedTuple):
    """Where facts are from, as as_turtle writes it down."""

    source: str
    as_of: str


CLAIMS: Final = f"""SELECT ?g ?claim ?actor ?about {{
  GRAPH ?g {{ ?claim a {KG.Claim} ; {KG.source} ?actor ; {SCHEMA.about} ?about }}
}}"""
EVENTS: Final = f"SELECT ?g ?event ?time {{ GRAPH ?g {{ ?event a {KG.Event} ; {KG.when} ?time }} }}"
THINGS: Final = f"""SELECT ?g ?thing ?class ?label ?day {{
  GRAPH ?g {{ ?thing a ?class ; {RDFS.label} ?label }}
  FILTER(?class IN ({KG.Actor}, {KG.Event}))
  OPTIONAL {{ GRAPH ?g {{ ?thing {KG.when} ?time }} ?time {SKOS.notation} ?day }}
}} ORDER BY ?thing ?g"""
JUDGE, DAY = Judge(name="reviewer"), "2026-01-01"
SOURCE: Final = Source("https://example.org/sparql", DAY)
STANCES: Final = ("supports", "opposes", "doubts", "conditional")
OFFICES: Final = {
    f"Q{10**13 + number}": {"en": name}
    for number, name in enumerate(
        ("president of the republic", "minister of fisheries", "mayor of Veyle")
    )
}


def add(place: Path, iris: Iris) -> None:
    """Add them to the store at a place."""
    with tempfile.NamedTemporaryFile(suffix=".nq", dir=place.parent) as file:
        with EmbeddedStore(place, read_only=True) as store:
            for found in (
                judge(iris),
                of_claims(store, iris),
                of_events(store),
                of_items(store, iris),
            ):
                serialize(found, file, RdfFormat.N_QUADS)
        file.flush()
        with EmbeddedStore(place) as store:
            store.engine.bulk_load(path=file.name, format=RdfFormat.N_QUADS)
            store.engine.optimize()


def judge(iris: Iris) -> Iterator[Quad]:
    """Who judges, and when."""
    for triple in said(form.agent(JUDGE, iris), form.agent_properties(JUDGE)):
        yield Quad(*triple, iris.analysis)
    for triple in date_triples(DAY, iris):
        yield Quad(*triple, iris.dates)


def of_claims(store: GraphStore, iris: Iris) -> Iterator[Quad]:
    """Stances that claims assert, reasons, judgements and claims that replace others."""
    # The claim before: of the same article, about the same thing, by the same actor.
    inside: dict[NamedNode, NamedNode] = {}
    beside: dict[NamedNode, NamedNode] = {}
    before: dict[NamedNode, NamedNode] = {}
    for row in select(store, CLAIMS):
        graph, claim, actor, about = (row[name] for name in ("g", "claim", "actor", "about"))
        draw = number(claim)
        match draw % 100:
            case lot if lot < 12:
                stance = iris.thing("stance", f"{iris.relative(claim)}.{iris.relative(about)}")
                kind = concept("stance", STANCES[draw // 100 % len(STANCES)])
                yield Quad(claim, KG.asserts, stance, graph)
                yield Quad(stance, RDF.type, KG.Stance, graph)
                yield Quad(stance, KG.actor, actor, graph)
                yield Quad(stance, KG.stance, kind, graph)
                yield Quad(stance, SCHEMA.about, about, graph)
            case lot if lot < 32 and graph in inside:
                yield Quad(claim, KG.supports, inside[graph], graph)
            case 32 | 33 if about in beside:
                yield from judged(iris, claim, KG.contradicts, beside[about], draw)
            case 34 | 35 if about in beside:
                yield from judged(iris, claim, KG.agreesWith, beside[about], draw)
            case 36 if actor in before:
                yield Quad(claim, DCTERMS.replaces, before[actor], iris.analysis)
            case 37 if draw // 100 % 10 == 0:
                page = NamedNode(f"https://example.org/records/{draw % 1_000_000}")
                yield Quad(claim, SCHEMA.citation, page, iris.analysis)
        inside[graph] = beside[about] = before[actor] = claim


def judged(
    iris: Iris, claim: NamedNode, relation: NamedNode, other: NamedNode, draw: int
) -> Iterator[Quad]:
    """A judgement, and where it is accepted what it says."""
    if claim == other:
        return
    yield from decided(
        iris, claim, relation, other, draw, ("accepted", "proposed")[draw // 100 % 2]
    )


def decided(
    iris: Iris, thing: NamedNode, relation: NamedNode, other: NamedNode, draw: int, status: Status
) -> Iterator[Quad]:
    judgement = Judgement(
        from_=thing,
        relation=relation,
        to=other,
        confidence=Decimal(draw // 1_000 % 90 + 10) / 100,
        status=status,
        by=JUDGE,
        method="manual",
        when=DAY,
    )
    node = iris.thing("judgement", iris.judgement_key(*judgement.parts))
    found = set(said(node, form.properties(judgement, iris)))
    found |= set(said(form.activity(judgement, iris), form.activity_properties(judgement, iris)))
    for triple in found | accepted(found):
        yield Quad(*triple, iris.analysis)


def said(node: NamedNode, properties: form.Properties) -> Iterator[Triple]:
    """The triples of a node."""
    for predicate, objects in properties.items():
        for object_ in objects:
            yield Triple(node, predicate, object_)


def of_events(store: GraphStore) -> Iterator[Quad]:
    """Causes of events, and other dates for them in other accounts."""
    inside: dict[NamedNode, NamedNode] = {}
    other: tuple[NamedNode, NamedNode] | None = None
    for row in select(store, EVENTS):
        graph, event, time = (row[name] for name in ("g", "event", "time"))
        draw = number(event) % 100
        if draw < 10 and inside.get(graph, event) != event:
            yield Quad(event, KG.causedBy, inside[graph], graph)
        if 10 <= draw < 12 and other is not None:
            account, day = other
            yield Quad(event, KG.when, day, account)
        inside[graph], other = event, (graph, time)


def of_items(store: GraphStore, iris: Iris) -> Iterator[Quad]:
    """Links to items, and what is told of these."""
    told: dict[str, Facts] = {}
    for row in select(store, THINGS):
        thing, draw = row["thing"], number(row["thing"])
        item = f"Q{10**12 + draw % 10**12}"
        if item in told or (draw % 20 and row["g"] != iris.graph("entities")):
            continue
        is_actor = row["class"] == KG.Actor
        statements = of_actor(item, draw) if is_actor else of_event(item, row["day"], draw)
        told[item] = Facts(
            item=item, labels={"en": row["label"].value}, statements=tuple(statements)
        )
        yield from decided(iris, thing, SKOS.exactMatch, wikidata(item), draw, "accepted")
    content = as_turtle(told, OFFICES, SOURCE, ["en"], iris)
    triples = [quad.triple for quad in parse(content, RdfFormat.TURTLE, base_iri=iris.base)]
    for triple in triples:
        yield Quad(*triple, iris.graph("wikidata"))
    for edtf in sorted(dates(triples, iris)):
        for triple in date_triples(edtf, iris):
            yield Quad(*triple, iris.dates)


def of_actor(item: str, draw: int) -> Iterator[Statement]:
    """When it lived, and an office that it held; one of ten is dead when the articles are written."""
    born = 1940 + draw // 100 % 50
    yield stated(item, "P569", str(born))
    if draw // 10_000 % 10 == 0:
        yield stated(item, "P570", "2028")
    office = list(OFFICES)[draw // 10_000 % len(OFFICES)]
    yield stated(item, "P39", office, str(born + 40), str(born + 44))


def of_event(item: str, day: Literal | None, draw: int) -> Iterator[Statement]:
    """Its date, with one of ten in another year, and sometimes how many died."""
    if day is not None:
        yield stated(item, "P585", day.value if draw // 100 % 10 else "1999")
    if draw // 1_000 % 5 == 0:
        yield stated(item, "P1120", str(draw // 10_000 % 20 + 2))


def stated(
    item: str, property_: str, value: str, start: str | None = None, end: str | None = None
) -> Statement:
    id_ = f"{WIKIDATA}statement/{item}-{property_}"
    return Statement(id=id_, property=property_, value=value, start=start, end=end)


def number(node: NamedNode) -> int:
    """A number that is the same for a node wherever it is."""
    return int.from_bytes(sha256(node.value.encode()).digest()[:8])

"""What people and language models find beyond what rules do, put into a corpus for growth.py.

Rules take no stances, causes or reasons from a text, and nobody judges a made corpus; without them the
queries about those would be measured where there is nothing to find. The shares are much as in the two
founding articles and in examples/newsroom: of a hundred claims twelve assert a stance, twenty give a
reason, and one or two contradict another one, agree with it or replace it; every other judgement waits.

What is taken hangs on the IRIs of claims and events alone, so that it grows as the corpus does.
"""

from __future__ import annotations

import tempfile
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from kg.mapping.times import date_triples
from kg.store import select
from kg.store.embedded import EmbeddedStore
from kg.vocab import DCTERMS, KG, PROV, RDF, RDFS, SCHEMA, XSD, concept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timing import Data

    from kg.mapping.iris import Iris
    from kg.store import GraphStore

PREFIXES: Final = """PREFIX kg: <https://w3id.org/newskg/ontology#>
PREFIX schema: <http://schema.org/>
"""
CLAIMS: Final = """SELECT ?g ?claim ?actor ?about {
  GRAPH ?g { ?claim a kg:Claim ; kg:source ?actor ; schema:about ?about }
}"""
EVENTS: Final = "SELECT ?g ?event ?time { GRAPH ?g { ?event a kg:Event ; kg:when ?time } }"
JUDGE, DAY = "reviewer", "2026-01-01"
STANCES: Final = ("supports", "opposes", "doubts", "conditional")


def add(data: Data, iris: Iris) -> None:
    """Add them to the store of a corpus."""
    with tempfile.NamedTemporaryFile(suffix=".nq", dir=data.root) as file:
        with EmbeddedStore(data.store, read_only=True) as store:
            for found in (judge(iris), of_claims(store, iris), of_events(store)):
                serialize(found, file, RdfFormat.N_QUADS)
        file.flush()
        with EmbeddedStore(data.store) as store:
            store.engine.bulk_load(path=file.name, format=RdfFormat.N_QUADS)
            store.engine.optimize()


def judge(iris: Iris) -> Iterator[Quad]:
    """Who judges, and when."""
    yield Quad(iris.agent(JUDGE), RDFS.label, Literal(JUDGE), iris.analysis)
    for triple in date_triples(DAY, iris):
        yield Quad(*triple, iris.dates)


def of_claims(store: GraphStore, iris: Iris) -> Iterator[Quad]:
    """Stances that claims assert, reasons, judgements and claims that replace others."""
    # The claim before: of the same article, about the same thing, by the same actor.
    inside: dict[NamedNode, NamedNode] = {}
    beside: dict[NamedNode, NamedNode] = {}
    before: dict[NamedNode, NamedNode] = {}
    for row in select(store, PREFIXES + CLAIMS):
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
    status = ("accepted", "proposed")[draw // 100 % 2]
    judgement = iris.thing("judgement", iris.judgement_key(claim, relation, other))
    confidence = Literal(f"0.{draw // 1_000 % 90 + 10}", datatype=XSD.decimal)
    for predicate, object_ in (
        (RDF.type, KG.Judgement),
        (KG.from_, claim),
        (KG.to, other),
        (KG.relation, relation),
        (KG.confidence, confidence),
        (KG.status, concept("status", status)),
        (PROV.wasAttributedTo, iris.agent(JUDGE)),
        (KG.when, iris.date(DAY)),
    ):
        yield Quad(judgement, predicate, object_, iris.analysis)
    if status == "accepted":
        yield Quad(claim, relation, other, iris.analysis)


def of_events(store: GraphStore) -> Iterator[Quad]:
    """Causes of events, and other dates for them in other accounts."""
    inside: dict[NamedNode, NamedNode] = {}
    other: tuple[NamedNode, NamedNode] | None = None
    for row in select(store, PREFIXES + EVENTS):
        graph, event, time = (row[name] for name in ("g", "event", "time"))
        draw = number(event) % 100
        if draw < 10 and inside.get(graph, event) != event:
            yield Quad(event, KG.causedBy, inside[graph], graph)
        if 10 <= draw < 12 and other is not None:
            account, day = other
            yield Quad(event, KG.when, day, account)
        inside[graph], other = event, (graph, time)


def number(node: NamedNode) -> int:
    """A number that is the same for a node wherever it is."""
    return int.from_bytes(sha256(node.value.encode()).digest()[:8])

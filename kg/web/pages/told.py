"""What pages say of claims and events besides what a card has: the words of the text, and who is who.

A card names people by their names; a page links them. Both are asked for whole pages at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.names import labels
from kg.query.why import related, why
from kg.show.events import ACCOUNT
from kg.show.known import Known, chronological, natural
from kg.store import batches, select
from kg.vocab import KG, RDFS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kg.query.why import Support
    from kg.show.card import Card, When
    from kg.web.readers.reading import Reading


class Named(NamedTuple):
    """A thing, and what it is called."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The passages that claims stand in, and who makes them, by the IRIs of the claims.

    It is empty where neither was asked for: a claim then has the names and the place of its card.
    """

    passages: Mapping[str, tuple[Support, ...]] = field(default_factory=dict)
    sources: Mapping[str, tuple[Named, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A date of an event, and the graphs that give it: articles by their headlines, or others by name."""

    when: When
    by: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event with every date that it is given, who takes part, and how surely it is asserted.

    `sure` is in words; empty where somebody asserts it as certain and nobody denies it.
    """

    iri: str
    label: str
    kind: str | None
    accounts: tuple[Account, ...]
    who: tuple[tuple[str, tuple[Named, ...]], ...]  # by role
    sure: str

    @property
    def differ(self) -> bool:
        """Whether accounts give it different dates."""
        return len({account.when.edtf for account in self.accounts}) > 1


def claims_of(card: Card) -> Iterator[str]:
    """The claims that a card shows anywhere."""
    if card.subject:
        yield card.subject.iri
    yield from (said.iri for said in (*card.says, *card.about))
    for dispute in card.disputes:
        yield from (dispute.left.iri, dispute.right.iri)
    yield from (relation.said.iri for relation in card.relations)
    yield from (position.said.iri for position in card.positions)
    yield from (reading.said.iri for of in card.numbers for reading in of.readings)


def told(reading: Reading, claims: Iterable[str]) -> Told:
    """What there is to tell about some claims."""
    nodes = sorted({NamedNode(iri) for iri in claims}, key=str)
    rows = [(node,) for node in nodes]
    records = why(reading.store, _CLAIMS, ["claim"], rows, reading.text) if rows else []
    found = {
        node.value: tuple(
            sorted(
                (one for one in of if one.node == node.value and one.passage),
                # The words that the claim's IRI names come before further evidence.
                key=lambda one: f"-{one.start}-{one.end}" not in one.node,
            )
        )
        for node, of in zip(nodes, records, strict=True)
    }
    return Told(passages=found, sources=named(reading, nodes, str(KG.source)))


_CLAIMS = f"SELECT ?claim WHERE {{ ?claim a {KG.Claim} }}"


def named(
    reading: Reading, nodes: Collection[NamedNode], path: str
) -> dict[str, tuple[Named, ...]]:
    """What a property path leads to from each of some things, by name."""
    found = related(reading.store, nodes, path)
    called = labels(reading.store, set().union(*found.values()))
    return {
        node.value: tuple(sorted((_named(reading, to, called) for to in of), key=_by_name))
        for node, of in found.items()
    }


def _named(reading: Reading, node: NamedNode, called: Mapping[NamedNode, str]) -> Named:
    return Named(node.value, called.get(node) or reading.iris.relative(node))


def _by_name(of: Named) -> tuple[str, str]:
    return of.name, of.iri


def events(reading: Reading, iris: Iterable[str]) -> tuple[Event, ...]:
    """Some events in order of time; those without a date come last."""
    nodes = sorted({NamedNode(iri) for iri in iris}, key=natural)
    known = Known(reading.store, reading.prefixes)
    known.load(nodes)
    dates, who, sure = _dates(reading, known, nodes), _who(reading, nodes), _sure(reading, nodes)
    found = [
        Event(
            iri=node.value,
            label=known.name(node),
            kind=known.value("event", node, KG.kind),
            accounts=dates.get(node, ()),
            who=who.get(node, ()),
            sure=sure.get(node, "no claim asserts it"),
        )
        for node in nodes
    ]
    return tuple(
        sorted(
            found,
            key=lambda e: (
                *chronological(e.accounts[0].when if e.accounts else None),
                e.label,
                e.iri,
            ),
        )
    )


def _rows(
    reading: Reading, nodes: Iterable[NamedNode], names: Sequence[str], pattern: str
) -> Iterator[_Row]:
    """What a pattern has under some names for some things in the place of `?x`."""
    wanted = " ".join(f"?{name}" for name in names)
    for values in batches(nodes):
        answer = select(
            reading.store,
            f"SELECT DISTINCT {wanted} WHERE {{ VALUES ?x {{ {values} }} {pattern} }}",
        )
        for row in answer:
            yield {
                name: term for name in names if isinstance(term := row[name], NamedNode | Literal)
            }


_Row = dict[str, NamedNode | Literal]


def _node(row: _Row, name: str) -> NamedNode | None:
    return node if isinstance(node := row.get(name), NamedNode) else None


def _dates(
    reading: Reading, known: Known, nodes: Iterable[NamedNode]
) -> dict[NamedNode, tuple[Account, ...]]:
    """The dates of events, each with whose account it is."""
    pattern = (
        f"GRAPH ?graph {{ ?x {KG.when} ?time }} "
        f"OPTIONAL {{ GRAPH ?graph {{ ?x {KG.basis} ?basis }} }} {ACCOUNT}"
    )
    wanted = ("x", "time", "basis", "graph", "article", "headline")
    rows = list(_rows(reading, nodes, wanted, pattern))
    known.load(node for row in rows for name in ("time", "basis") if (node := _node(row, name)))
    by: dict[NamedNode, dict[tuple[NamedNode, NamedNode | None], set[Named]]] = {}
    for row in rows:
        event, time, graph = (_node(row, name) for name in ("x", "time", "graph"))
        if event is not None and time is not None and graph is not None:
            article = _node(row, "article")
            account = Named(graph.value, graph.value.rpartition("/")[2])
            if article is not None and "headline" in row:
                account = Named(article.value, row["headline"].value)
            of = by.setdefault(event, {}).setdefault((time, _node(row, "basis")), set())
            of.add(account)
    return {
        event: tuple(
            sorted(
                (
                    Account(
                        when=known.date(time, known.name(basis) if basis else None),
                        by=tuple(sorted(accounts, key=_by_name)),
                    )
                    for (time, basis), accounts in of.items()
                ),
                key=lambda account: chronological(account.when),
            )
        )
        for event, of in by.items()
    }


def _who(
    reading: Reading, nodes: Iterable[NamedNode]
) -> dict[NamedNode, tuple[tuple[str, tuple[Named, ...]], ...]]:
    """Who takes part in events, by role."""
    pattern = (
        f"?x {KG.participation} ?part . ?part {KG.actor} ?actor ; {KG.role}/{RDFS.label} ?role"
    )
    rows = list(_rows(reading, nodes, ("x", "actor", "role"), pattern))
    called = labels(reading.store, {node for row in rows if (node := _node(row, "actor"))})
    found: dict[NamedNode, dict[str, set[Named]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        event, actor = _node(row, "x"), _node(row, "actor")
        if event is not None and actor is not None:
            found[event][row["role"].value].add(_named(reading, actor, called))
    return {
        event: tuple(
            (role, tuple(sorted(actors, key=_by_name))) for role, actors in sorted(of.items())
        )
        for event, of in found.items()
    }


def _sure(reading: Reading, nodes: Iterable[NamedNode]) -> dict[NamedNode, str]:
    """How surely events are asserted, where it is not simply as certain."""
    pattern = (
        f"?claim {KG.asserts} ?x ; {KG.polarity}/{RDFS.label} ?polarity ; "
        f"{KG.certainty}/{RDFS.label} ?certainty"
    )
    ways: dict[NamedNode, set[tuple[str, str]]] = defaultdict(set)
    for row in _rows(reading, nodes, ("x", "polarity", "certainty"), pattern):
        if event := _node(row, "x"):
            ways[event].add((row["polarity"].value, row["certainty"].value))
    return {event: sureness(of) for event, of in ways.items()}


def sureness(ways: Iterable[tuple[str, str]]) -> str:
    """How surely something is asserted, by polarity and certainty; empty where it simply is.

    >>> sureness([("positive", "possible"), ("negative", "certain")])
    'asserted only as possible, and denied'
    """
    given = sorted(ways)
    denied = any(polarity == "negative" for polarity, _ in given)
    positive = [certainty for polarity, certainty in given if polarity == "positive"]
    if "certain" in positive:
        return "asserted and denied" if denied else ""
    if not positive:
        return "denied" if denied else "neither asserted nor denied"
    return f"asserted only as {' or '.join(positive)}{', and denied' if denied else ''}"

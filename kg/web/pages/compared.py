"""Two articles beside each other: what both speak of, in which numbers, and what was judged of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.show.card import Reading as Number
from kg.show.claims import amount
from kg.show.known import Known, said_order
from kg.store import nodes, select
from kg.vocab import KG, SCHEMA
from kg.web.pages.judgements import words_of
from kg.web.pages.told import Named, events, named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kg.show.card import Article, Dispute, Position, Said
    from kg.web.pages.told import Event
    from kg.web.readers.reading import Reading

MOST = 300
"""Claims of an article that are compared: a long report has about a hundred."""
NAMES = 40
"""Actors and topics of one article alone that are named."""


class Sides(NamedTuple):
    """What stands on the left and on the right, under what both have in common."""

    head: Named
    left: tuple[Said, ...]
    right: tuple[Said, ...]

    @property
    def ours(self) -> int:
        """How many claims stand on the left."""
        return len(self.left)

    @property
    def theirs(self) -> int:
        """How many claims stand on the right."""
        return len(self.right)

    @property
    def voice(self) -> str:
        """Whether somebody speaks on both sides."""
        return "in both" if self.left and self.right else "gone" if self.left else "new"


class Topic(NamedTuple):
    """A topic that claims of both sides are about, by who makes them."""

    topic: Named
    sources: tuple[Sides, ...]


class Counted(NamedTuple):
    """A number that both articles give."""

    population: Named
    left: tuple[Number, ...]
    right: tuple[Number, ...]

    @property
    def differ(self) -> bool:
        """Whether they do not give the same ones."""
        return {one.words for one in self.left} != {one.words for one in self.right}


class Held(NamedTuple):
    """What somebody holds on an issue by the account of both articles."""

    holder: str
    issue: str
    left: tuple[Position, ...]
    right: tuple[Position, ...]

    @property
    def differ(self) -> bool:
        """Whether the positions are not the same."""
        return {one.stance for one in self.left} != {one.stance for one in self.right}


class Shared(NamedTuple):
    """An actor with how often each article mentions it."""

    actor: Named
    left: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A claim of each article with how the one was judged to stand to the other."""

    words: str
    dispute: Dispute


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An article with what it says: `says` are its first claims, `total` is how many there are."""

    article: Article
    says: tuple[Said, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """Two articles beside each other."""

    left: Side
    right: Side
    shared: tuple[Shared, ...]
    only: tuple[tuple[Named, ...], tuple[Named, ...]]
    pairs: tuple[Pair, ...]
    numbers: tuple[Counted, ...]
    positions: tuple[Held, ...]
    events: tuple[Event, ...]
    topics: tuple[Topic, ...]
    alone: tuple[tuple[tuple[Named, int], ...], tuple[tuple[Named, int], ...]]

    @property
    def claims(self) -> Iterator[str]:
        """The claims that are shown."""
        yield from (said.iri for side in (self.left, self.right) for said in side.says)
        yield from (one.said.iri for of in self.numbers for one in (*of.left, *of.right))
        yield from (one.said.iri for of in self.positions for one in (*of.left, *of.right))


def articles(reading: Reading, left: NamedNode, right: NamedNode) -> Articles:
    """All that two articles have in common, and where they differ."""
    known = Known(reading.store, reading.prefixes)
    one, other = (_side(reading, known, node) for node in (left, right))
    shared, only = _actors(reading, left, right)
    topics, alone = _topics(reading, one.says, other.says)
    told_of = (
        nodes(reading.store, f"?claim {SCHEMA.appearance} {a} ; {_TOLD} ?x . ?x a {KG.Event}")
        for a in (left, right)
    )
    return Articles(
        left=one,
        right=other,
        shared=shared,
        only=only,
        pairs=_pairs(reading, one, other),
        numbers=tuple(_numbers(reading, known, left, right)),
        positions=tuple(_positions(reading, known, left, right)),
        events=events(reading, (node.value for node in set.intersection(*told_of))),
        topics=topics,
        alone=alone,
    )


_TOLD = f"({SCHEMA.about}|{KG.asserts})"


def _side(reading: Reading, known: Known, article: NamedNode) -> Side:
    claims = nodes(reading.store, f"?x {SCHEMA.appearance} {article} ; a {KG.Claim}")
    known.load([article, *claims])
    says = sorted(map(known.said, claims), key=said_order)
    return Side(article=known.article(article), says=tuple(says[:MOST]), total=len(says))


def _actors(
    reading: Reading, left: NamedNode, right: NamedNode
) -> tuple[tuple[Shared, ...], tuple[tuple[Named, ...], tuple[Named, ...]]]:
    """The actors that both mention, and those that only one does, those most mentioned first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for side, article in enumerate((left, right)):
        for row in select(
            reading.store,
            f"SELECT ?x (COUNT(DISTINCT ?m) AS ?n) WHERE {{ {article} {SCHEMA.encoding} ?text . "
            f"?m {KG.inText} ?text ; {KG.refersTo} ?x . ?x a {KG.Actor} }} GROUP BY ?x",
        ):
            counts[row["x"].value][side] = int(row["n"].value)
    names = _names(reading, counts)
    order = sorted(counts, key=lambda iri: (-sum(counts[iri]), names[iri].name, iri))
    return (
        tuple(Shared(names[iri], *counts[iri]) for iri in order if all(counts[iri])),
        (
            tuple(names[iri] for iri in order if not counts[iri][1])[:NAMES],
            tuple(names[iri] for iri in order if not counts[iri][0])[:NAMES],
        ),
    )


def _names(reading: Reading, iris: Iterable[str]) -> dict[str, Named]:
    known = Known(reading.store, reading.prefixes)
    nodes = [NamedNode(iri) for iri in iris]
    known.load(nodes)
    return {node.value: Named(node.value, known.name(node)) for node in nodes}


def _pairs(reading: Reading, left: Side, right: Side) -> tuple[Pair, ...]:
    """The claims of the one that were judged beside those of the other; rejected judgements aside."""
    ours = {said.iri: said for said in left.says}
    theirs = {said.iri: said for said in right.says}
    rows = select(
        reading.store,
        "SELECT DISTINCT ?j ?one ?other WHERE { "
        f"{{ SELECT ?one WHERE {{ ?one {SCHEMA.appearance} <{left.article.iri}> }} }} "
        f"{{ ?j {KG.from_} ?one ; {KG.to} ?other }} UNION {{ ?j {KG.to} ?one ; {KG.from_} ?other }} "
        f"?other {SCHEMA.appearance} <{right.article.iri}> }}",
    )
    judged = [(row["j"], row["one"].value, row["other"].value) for row in rows]
    known = Known(reading.store, reading.prefixes)
    known.load(node for node, _, _ in judged if isinstance(node, NamedNode))
    found = []
    for node, one, other in judged:
        if not isinstance(node, NamedNode) or one not in ours or other not in theirs:
            continue
        dispute, relation = known.dispute(node), known.one(node, KG.relation)
        if dispute is None or dispute.status == "rejected" or relation is None:
            continue
        forwards = NamedNode(one) in known.nodes(node, KG.from_)
        dispute = replace(dispute, left=ours[one], right=theirs[other])
        found.append(Pair(words=words_of(relation, forwards=forwards), dispute=dispute))
    return tuple(
        sorted(
            found,
            key=lambda p: (
                p.dispute.status,
                p.words != "contradicts",
                p.words,
                said_order(p.dispute.left),
                said_order(p.dispute.right),
            ),
        )
    )


def _numbers(
    reading: Reading, known: Known, left: NamedNode, right: NamedNode
) -> Iterator[Counted]:
    """The numbers that both give for the same thing, those that differ first."""
    sides: list[dict[NamedNode, set[Number]]] = [defaultdict(set), defaultdict(set)]
    for side, article in zip(sides, (left, right), strict=True):
        rows = _rows(
            reading,
            f"?claim {SCHEMA.appearance} {article} ; {KG.quantity} ?q . ?q {KG.population} ?of "
            f"OPTIONAL {{ ?q {KG.quantifier} ?quantifier }} OPTIONAL {{ ?q {SCHEMA.value} ?value }} "
            f"OPTIONAL {{ ?q {SCHEMA.minValue} ?min }} OPTIONAL {{ ?q {SCHEMA.maxValue} ?max }} "
            f"OPTIONAL {{ ?q {SCHEMA.unitText} ?unit }}",
        )
        named_by = {
            row[name] for row in rows for name in ("claim", "of", "quantifier") if name in row
        }
        known.load(node for node in named_by if isinstance(node, NamedNode))
        for row in rows:
            of, claim = row.get("of"), row.get("claim")
            if isinstance(of, NamedNode) and isinstance(claim, NamedNode):
                side[of].add(Number(words=amount(known, row), said=known.said(claim)))
    found = [
        Counted(Named(of.value, known.name(of)), *(_in_order(side[of]) for side in sides))
        for of in sides[0].keys() & sides[1].keys()
    ]
    yield from sorted(found, key=lambda of: (not of.differ, of.population.name))


def _in_order(numbers: Iterable[Number]) -> tuple[Number, ...]:
    return tuple(sorted(numbers, key=lambda one: (*said_order(one.said), one.words)))


def _positions(reading: Reading, known: Known, left: NamedNode, right: NamedNode) -> Iterator[Held]:
    """The positions of the same people on the same issues, those that differ first."""
    sides: list[dict[tuple[str, str], list[Position]]] = [defaultdict(list), defaultdict(list)]
    for side, article in zip(sides, (left, right), strict=True):
        rows = _rows(
            reading,
            f"?claim {SCHEMA.appearance} {article} ; {KG.asserts} ?stance . "
            f"?stance a {KG.Stance} ; {SCHEMA.about} ?issue",
        )
        known.load(node for row in rows for node in row.values() if isinstance(node, NamedNode))
        pairs = {(row["stance"], row["claim"]) for row in rows}
        for stance, claim in sorted(pairs, key=str):
            if isinstance(stance, NamedNode) and isinstance(claim, NamedNode):
                one = known.position(stance, claim)
                side[one.holder, one.issue].append(one)
    both = sides[0].keys() & sides[1].keys()
    found = [Held(*key, *(tuple(side[key]) for side in sides)) for key in both]
    yield from sorted(found, key=lambda held: (not held.differ, held.issue, held.holder))


Row = dict[str, NamedNode | Literal]


def _rows(reading: Reading, pattern: str) -> list[Row]:
    """The solutions of a pattern, without what is no IRI or literal."""
    answer = select(reading.store, f"SELECT DISTINCT * WHERE {{ {pattern} }}")
    names = [variable.value for variable in answer.variables]
    return [
        {name: term for name in names if isinstance(term := row[name], NamedNode | Literal)}
        for row in answer
    ]


def _topics(
    reading: Reading, left: Collection[Said], right: Collection[Said]
) -> tuple[tuple[Topic, ...], tuple[tuple[tuple[Named, int], ...], tuple[tuple[Named, int], ...]]]:
    """What both speak about, by topic and source; and how many claims each has on what only it does."""
    claims = [NamedNode(said.iri) for said in (*left, *right)]
    about = named(reading, claims, str(SCHEMA.about))
    sides: list[dict[Named, list[Said]]] = [defaultdict(list), defaultdict(list)]
    for side, of in zip(sides, (left, right), strict=True):
        for said in of:
            for topic in about.get(said.iri, ()):
                side[topic].append(said)
    both = sides[0].keys() & sides[1].keys()

    def weight(topic: Named) -> tuple[int, str, str]:
        return (-sum(len(side[topic]) for side in sides), topic.name, topic.iri)

    alone = [
        tuple(
            (topic, len(side[topic]))
            for topic in sorted(side.keys() - both, key=lambda t: (-len(side[t]), t))
        )
        for side in sides
    ]
    return (
        tuple(
            Topic(topic, tuple(by_source(sides[0][topic], sides[1][topic])))
            for topic in sorted(both, key=weight)
        ),
        (alone[0][:NAMES], alone[1][:NAMES]),
    )


def by_source(left: Iterable[Said], right: Iterable[Said]) -> Iterator[Sides]:
    """Claims beside each other, by who makes them: who speaks on both sides first."""
    sides: list[dict[tuple[str, ...], list[Said]]] = [defaultdict(list), defaultdict(list)]
    for side, of in zip(sides, (left, right), strict=True):
        for said in of:
            side[said.sources].append(said)
    found = [
        Sides(Named("", ", ".join(who)), *(tuple(side.get(who, ())) for side in sides))
        for who in sides[0].keys() | sides[1].keys()
    ]
    order = {"in both": 0, "gone": 1, "new": 2}
    yield from sorted(found, key=lambda side: (order[side.voice], side.head.name))

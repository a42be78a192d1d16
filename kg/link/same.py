"""Things of several articles that are one item: merged, for as long as both links stand.

That both are one item is what two accepted links say already; so nobody is asked once more. It is a
judgement all the same, with that as its reason: who rejects it has two things again, and who
rejects one of the links as well. What one article tells apart waits for a person, and so do two
entries of the register that have one item.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from pyoxigraph import NamedNode

from kg.analysis import Judgement
from kg.link.both import Sort, can_be_one
from kg.link.judging import SELF, confidence
from kg.link.links import id_of
from kg.link.things import Things
from kg.store import select
from kg.vocab import DCTERMS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from kg.analysis import Analysis
    from kg.link.thing import Thing
    from kg.mapping.iris import Iris
    from kg.store import GraphStore

SOURCE: Final = "workspace"
"""Where that two things are one item is found: in what the workspace itself has accepted."""
_SURE: Final = 1.0
"""How sure a link is that somebody has stated in the register."""


class United(NamedTuple):
    """What came of it: what goes, with what stays, and how many merges lost their ground."""

    pairs: list[tuple[Thing, Thing]]
    parted: int


def reason(item: NamedNode) -> str:
    """Why two things are one.

    >>> reason(NamedNode("http://www.wikidata.org/entity/Q17"))
    'both are Q17'
    """
    return f"both are {id_of(item)}"


def resting(analysis: Analysis, links: Iterable[Judgement]) -> list[Judgement]:
    """The merges that a program made because of some links of what goes or of what stays."""
    because = {(link.from_, reason(link.to)) for link in links}
    return [
        judgement
        for judgement in analysis.judgements.values()
        if _automatic(judgement)
        and {(judgement.from_, judgement.note), (judgement.to, judgement.note)} & because
    ]


def parted(merge: Judgement, day: str) -> Judgement:
    """A merge that waits, since one of its links no longer stands."""
    note = f"no longer: {merge.note}"
    return replace(merge, status="proposed", by=SELF, when=day, note=note, changes=())


def unite(
    analysis: Analysis,
    store: GraphStore,
    iris: Iris,
    day: str,
    *,
    only: AbstractSet[NamedNode] | None = None,
) -> United:
    """Accept that things of articles are one where their accepted links have one item.

    `only` are things that are to be among them. What a person has decided stands.
    """
    items = _Items(analysis, store, iris)
    lost = [merge for merge in analysis.judgements.values()
            if _automatic(merge) and not items.shared(merge)]  # fmt: skip
    for merge in lost:
        analysis.decide(parted(merge, day))
    gone = {NamedNode(iri) for iri in analysis.merges()} - {merge.from_ for merge in lost}
    groups = [
        (item, nodes - gone)
        for item, nodes in sorted(items.holders.items(), key=lambda pair: pair[0].value)
        if len(nodes - gone) > 1 and (only is None or nodes & only)
    ]
    wanted = {node for _, nodes in groups for node in nodes}
    if not wanted:
        return United([], len(lost))
    uniting = _Uniting(analysis, Things(store, iris, wanted))
    made: list[tuple[Thing, Thing]] = []
    for item, nodes in groups:
        for gone_, stays in uniting.merges(nodes):
            if analysis.decide(_judgement(gone_, stays, item, items, day)):
                made.append((gone_, stays))
    return United(made, len(lost))


class _Items:
    """Which things have which items by now: accepted by anybody, or stated in the register."""

    def __init__(self, analysis: Analysis, store: GraphStore, iris: Iris) -> None:
        self.sure: dict[tuple[NamedNode, NamedNode], float] = {}
        for judgement in analysis.judgements.values():
            if judgement.relation == SKOS.exactMatch and judgement.status == "accepted":
                self.sure[judgement.from_, judgement.to] = float(judgement.confidence)
        rows = select(
            store,
            f"SELECT ?x ?item WHERE {{ GRAPH {iris.entities} {{ ?x {SKOS.exactMatch} ?item }} }}",
        )
        for row in rows:
            if isinstance(row["x"], NamedNode) and isinstance(row["item"], NamedNode):
                self.sure.setdefault((row["x"], row["item"]), _SURE)
        self.holders: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._reasons: dict[NamedNode, set[str]] = defaultdict(set)
        for thing, item in self.sure:
            self.holders[item].add(thing)
            self._reasons[thing].add(reason(item))

    def shared(self, merge: Judgement) -> bool:
        """Whether two things still have the item for which they were merged."""
        ends = (merge.from_, merge.to)
        return all(merge.note in self._reasons.get(end, ()) for end in ends)


def _automatic(judgement: Judgement) -> bool:
    """Whether a judgement is a merge that rests on two links."""
    return (
        judgement.relation == DCTERMS.isReplacedBy
        and judgement.status == "accepted"
        and judgement.by.is_program
        and judgement.method == "identifier-lookup"
    )


class _Uniting:
    """What goes into what; what went already is left out."""

    def __init__(self, analysis: Analysis, things: Things) -> None:
        self.analysis = analysis
        self.things = things
        self.gone: set[NamedNode] = set()
        self.into: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for gone, stays in analysis.merges().items():
            self.into[NamedNode(stays)].add(NamedNode(gone))

    def merges(self, nodes: AbstractSet[NamedNode]) -> Iterator[tuple[Thing, Thing]]:
        """What goes and what stays of things with one item, by their types."""
        all_ = self.things.all
        found = [all_[node.value] for node in nodes - self.gone if node.value in all_]
        for type_ in sorted({thing.type for thing in found}):
            same = sorted((t for t in found if t.type == type_), key=self._standing)
            if len(same) > 1 and same[1].own:  # of two entries, which one would be meant?
                yield from self._of(same[0], same[1:])

    def _of(self, stays: Thing, others: Sequence[Thing]) -> Iterator[tuple[Thing, Thing]]:
        members = {stays.node} | self.into[stays.node]
        kinds = {stays.kind}
        for gone in others:
            coming = {gone.node} | self.into[gone.node]
            together = self.things.company(gone) & {node.value for node in members}
            refused = any(
                self.analysis.vetoed(one, DCTERMS.isReplacedBy, other)
                for one in coming
                for other in members
            )
            fit = all(
                can_be_one((gone.node, Sort(gone.type, gone.kind)),
                           (stays.node, Sort(stays.type, kind)))
                for kind in kinds
            )  # fmt: skip
            if not together and not refused and fit:
                members |= coming
                kinds.add(gone.kind)
                self.gone.add(gone.node)
                self.into[stays.node] |= coming
                yield gone, stays

    def _standing(self, thing: Thing) -> tuple[bool, bool, bool, int, str, str]:
        """What puts first what stays: an entry, what others went into, what is best known."""
        vague = thing.kind in {None, "unidentified"}
        first = (thing.own, not self.into[thing.node], vague)
        return *first, -thing.mentions, self.things.since(thing), thing.node.value


def _judgement(gone: Thing, stays: Thing, item: NamedNode, items: _Items, day: str) -> Judgement:
    sure = items.sure[gone.node, item] * items.sure[stays.node, item]
    return Judgement(
        from_=gone.node,
        relation=DCTERMS.isReplacedBy,
        to=stays.node,
        confidence=confidence(sure),
        status="accepted",
        by=SELF,
        method="identifier-lookup",
        when=day,
        source=SOURCE,
        note=reason(item),
    )

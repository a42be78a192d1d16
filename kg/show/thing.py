"""The thing that a card is of: its kind and parts, its claims, and a fair choice where there are many."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.errors import InputError, NotFoundError
from kg.show.known import Known, moment, natural
from kg.store import select
from kg.vocab import KG, RDFS, SCHEMA, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from kg.store import GraphStore

Row = dict[str, NamedNode | Literal]

KINDS: dict[str, NamedNode] = {
    "claim": KG.Claim,
    "article": KG.Article,
    "event": KG.Event,
    "actor": KG.Actor,
    "topic": SKOS.Concept,
    "place": SCHEMA.Place,
}
"""What has a card. The first that fits counts: a state is a place as well, but first an actor."""

PLACED = f"OPTIONAL {{ ?claim {SCHEMA.appearance} ?article }} OPTIONAL {{ ?claim {KG.when} ?time }}"
"""The article of a claim, and a time of its own: what it takes to choose among claims."""

_UNDATED = "~"


@dataclass(frozen=True, slots=True)
class Found:
    """What a part of the card may show, and what it takes to choose fairly."""

    nodes: tuple[NamedNode, ...]
    group: str
    subgroup: str
    date: str = _UNDATED


class Thing:
    """The thing of a card, and what has been read for it so far.

    Raises NotFoundError where nothing is known of it, InputError where its kind has no card.
    """

    def __init__(
        self, store: GraphStore, node: NamedNode, prefixes: Mapping[str, str], limit: int | None
    ) -> None:
        self.node = node
        self.limit = limit
        self.known = Known(store, prefixes)
        self.totals: dict[str, int] = {}
        self._store = store
        self._instants: dict[str, str] = {}
        self.kind = self._kind()
        self.parts = self._parts()

    def rows(self, sparql: str) -> list[Row]:
        """The solutions of a query, without what is no IRI or literal."""
        answer = select(self._store, sparql)
        names = [variable.value for variable in answer.variables]
        return [
            {
                name: term
                for name in names
                if isinstance(term := solution[name], NamedNode | Literal)
            }
            for solution in answer
        ]

    def _kind(self) -> str:
        classes = " ".join(map(str, KINDS.values()))
        found = {
            row["class"]
            for row in self.rows(
                f"SELECT DISTINCT ?class WHERE {{ {self.node} a ?type . "
                f"?type {RDFS.subClassOf}* ?class VALUES ?class {{ {classes} }} }}"
            )
        }
        for kind, class_ in KINDS.items():
            if class_ in found:
                return kind
        short = self.known.short(self.node)
        if self.rows(f"SELECT ?p WHERE {{ {self.node} ?p ?o }} LIMIT 1"):
            raise InputError(
                f"{short} has no card: it is no actor, place, topic, event, claim or article",
                hint=f"kg export {short} has what the graph says about it",
            )
        raise NotFoundError(f"nothing is known of {short}")

    def _parts(self) -> list[NamedNode]:
        """The thing, and what is part of it: narrower topics, events that make up an event."""
        part = {"topic": SKOS.broader, "event": SCHEMA.superEvent}.get(self.kind)
        if part is None:
            return [self.node]
        rows = self.rows(f"SELECT DISTINCT ?x WHERE {{ ?x {part}+ {self.node} }}")
        return [self.node, *sorted(nodes(rows, "x") - {self.node}, key=natural)]

    @property
    def among_parts(self) -> str:
        """The part of a pattern by which `?thing` is the thing or one of its parts."""
        return values("thing", self.parts)

    @property
    def claims(self) -> dict[str, str]:
        """The patterns that lead from the thing to its claims: its own, and those about it."""
        about = f"{self.among_parts} ?claim {SCHEMA.about} ?thing"
        match self.kind:
            case "actor":
                return {"says": f"?claim {KG.source} {self.node}", "about": about}
            case "article":
                return {"says": f"?claim {SCHEMA.appearance} {self.node}"}
            case "event":
                told = f"{SCHEMA.about}|{KG.asserts}"
                return {"about": f"{self.among_parts} ?claim {told} ?thing"}
        return {"about": about}

    @property
    def any_claim(self) -> list[str]:
        """The patterns that lead to all of its claims; to itself, where the thing is a claim."""
        return [values("claim", [self.node])] if self.kind == "claim" else [*self.claims.values()]

    def count(self, part: str, number: int) -> None:
        """Note how much there is of a part of which the limit leaves some out."""
        if self.limit is not None and number > self.limit:
            self.totals[part] = number

    def choose(self, part: str, found: list[Found]) -> list[tuple[NamedNode, ...]]:
        """As many of a part as the limit allows: every group has its turn, and in it every subgroup."""
        self.count(part, len(found))
        return [item.nodes for item in fair(found, self.limit)]

    def found(self, rows: Collection[Row], *names: str) -> list[Found]:
        """One for each combination of nodes that rows have under names; several `?group` are one group."""
        merged: dict[tuple[NamedNode, ...], list[Row]] = defaultdict(list)
        for row in rows:
            key = tuple(node for name in names if isinstance(node := row.get(name), NamedNode))
            if len(key) == len(names):
                merged[key].append(row)
        dates = self.dates(rows)
        return [
            Found(
                key,
                " ".join(sorted({text(row, "group") or "" for row in same})),
                min(text(row, "article") or "" for row in same),
                min((dates(row) for row in same), key=moment),
            )
            for key, same in merged.items()
        ]

    def dates(self, rows: Iterable[Row]) -> Callable[[Row], str]:
        """The first instant of each row's time, or else of its article.

        They are asked for apart, since thousands of claims share few of them; and not at all where
        nothing is left out, so that nothing needs to be chosen.
        """
        if self.limit is not None:
            self._read_instants(
                {str(row[name]) for row in rows for name in ("article", "time") if name in row}
            )

        def date(row: Row) -> str:
            stand = [
                self._instants.get(str(row.get(name)), _UNDATED) for name in ("time", "article")
            ]
            return stand[1] if stand[0] == _UNDATED else stand[0]

        return date

    def _read_instants(self, wanted: set[str]) -> None:
        new = sorted(wanted - self._instants.keys())
        if not new:
            return
        self._instants.update(dict.fromkeys(new, _UNDATED))
        for row in self.rows(
            f"SELECT DISTINCT ?x ?instant WHERE {{ VALUES ?x {{ {' '.join(new)} }} "
            f"{{ ?x {KG.when} ?time . ?time {KG.earliest} ?instant }} UNION "
            f"{{ ?x {KG.earliest} ?instant }} }}"
        ):
            key, instant = str(row["x"]), row["instant"].value
            self._instants[key] = min(self._instants[key], instant, key=moment)


def fair(found: Iterable[Found], limit: int | None) -> list[Found]:
    """The first in a round in which every group has its turn, those of many members before others.

    In a group every subgroup has its turn in the same way, so that all articles of a source are
    heard; in a subgroup the earliest comes first.
    """
    turns: Counter[tuple[str, str]] = Counter()
    ranked: list[tuple[int, Found]] = []
    # The shorter IRI first, so that the claim at 976 comes before that at 1000.
    for item in sorted(
        found, key=lambda f: (moment(f.date), [(len(n.value), n.value) for n in f.nodes])
    ):
        turns[item.group, item.subgroup] += 1
        ranked.append((turns[item.group, item.subgroup], item))
    ranked.sort(key=lambda pair: pair[0])
    sizes = Counter(item.group for _, item in ranked)
    rounds: Counter[str] = Counter()
    order: list[tuple[int, int, str, Found]] = []
    for _, item in ranked:
        rounds[item.group] += 1
        order.append((rounds[item.group], -sizes[item.group], item.group, item))
    order.sort(key=lambda entry: entry[:3])
    return [item for *_, item in order[:limit]]


def nodes(rows: Iterable[Row], *names: str) -> set[NamedNode]:
    """The IRIs that rows have under names."""
    return {node for row in rows for name in names if isinstance(node := row.get(name), NamedNode)}


def text(row: Row, name: str) -> str | None:
    """What a row has under a name, without its type."""
    return row[name].value if name in row else None


def values(name: str, of: Iterable[NamedNode]) -> str:
    """The part of a pattern by which a variable is one of some things."""
    return f"VALUES ?{name} {{ {' '.join(map(str, of))} }}"


def union(patterns: Iterable[str], rest: str) -> str:
    """A pattern for any of several with the same rest.

    The rest stands in every branch: behind the union, the engine would read all that fits the rest,
    whatever the branches find, and join then.
    """
    return " UNION ".join(f"{{ {pattern} . {rest} }}" for pattern in patterns)

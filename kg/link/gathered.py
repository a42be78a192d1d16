"""What the graphs of a store say of things, gathered so that it can be put together with that of others.

A store may have the whole dataset, or only the graphs of some articles: what is gathered from several
of them and put together is what the whole would have given, in whatever order.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar, get_args

from pyoxigraph import Literal, NamedNode

from kg.edtf import bounds
from kg.link.links import linked
from kg.mapping.write import CLASSES
from kg.model import ActorKind, EventKind
from kg.store import batches, select
from kg.vocab import DCTERMS, KG, RDFS, SCHEMA, SKOS, concept

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Any

    from kg.mapping.iris import Iris
    from kg.model import Kind, ThingType
    from kg.store import GraphStore

Each = TypeVar("Each")

SAMPLED = 20
"""Articles of a thing that are looked at: a few tell the namesakes apart, and states are in all."""
COMPANY = 60
"""Things of an article that count as the company of its others: the most mentioned, as in a long one."""

_REFERENCES = (KG.refersTo, KG.source, KG.actor, KG.population, SCHEMA.about, SCHEMA.author,
               SCHEMA.publisher, SCHEMA.location, KG.asserts)  # fmt: skip
_KINDS: dict[NamedNode, Kind] = {
    concept(family, kind): kind
    for family, kinds in (("actor", ActorKind), ("event", EventKind))
    for kind in get_args(kinds)
}
_TYPES: dict[str, ThingType] = {
    "actor": "actor", "place": "place", "topic": "topic", "event": "event"}  # fmt: skip
_ACCOUNT = {
    "dates": f"?x {KG.when} ?value",
    "places": f"?x {SCHEMA.location} ?value",
    "parts": f"?x {KG.participation} ?part . ?part {KG.actor} ?value",
}


class Told(NamedTuple):
    """What articles say of an event: EDTF strings, and the IRIs of places and of who took part."""

    dates: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(slots=True)
class Gathered:
    """What is said of things, all by IRIs.

    `articles` is a sample of the graphs that name a thing; `days` and `within` say of these when they
    were published, at the latest, and who is in them, the most mentioned first. `outside` are things
    that not only articles describe, `replaced` those that a merge has made others of. `accounts` and
    `links` are there where `gathered_whole` was asked.
    """

    articles: dict[str, list[str]] = field(default_factory=dict)
    mentions: Counter[str] = field(default_factory=Counter)
    days: dict[str, str] = field(default_factory=dict)
    within: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: dict[str, frozenset[Kind]] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)
    labels: dict[str, tuple[Literal, ...]] = field(default_factory=dict)
    others: dict[str, tuple[Literal, ...]] = field(default_factory=dict)
    notes: dict[str, tuple[Literal, ...]] = field(default_factory=dict)
    accounts: dict[str, Told] = field(default_factory=dict)
    links: dict[str, set[str]] = field(default_factory=dict)

    def add(self, more: Gathered) -> None:
        """Put what was gathered elsewhere, from graphs of other articles, together with this."""
        for iri, graphs in more.articles.items():
            both = {*self.articles.get(iri, ()), *map(sys.intern, graphs)}
            self.articles[sys.intern(iri)] = sorted(both)[:SAMPLED]
        self.mentions.update(more.mentions)
        self.days.update(more.days)
        for graph, things in more.within.items():
            self.within[sys.intern(graph)] = tuple(map(sys.intern, things))
        self.outside |= more.outside
        self.replaced |= more.replaced
        for iri, kinds in more.kinds.items():
            self.kinds[sys.intern(iri)] = _one(self.kinds.get(iri, frozenset()) | kinds)
        for own, theirs in (
            (self.labels, more.labels),
            (self.others, more.others),
            (self.notes, more.notes),
        ):
            for iri, texts in theirs.items():
                own[sys.intern(iri)] = _both(own.get(iri, ()), texts)
        for iri, told in more.accounts.items():
            self.accounts[sys.intern(iri)] = Told(*map(_both, self.accounts.get(iri, Told()), told))
        for iri, items in more.links.items():
            self.links.setdefault(iri, set()).update(items)


def gathered(store: GraphStore, iris: Iris, only: Collection[NamedNode] | None = None) -> Gathered:
    """What a store says of its things; of `only` some, and of their company."""
    found = Gathered()
    _references(found, store, iris, only)
    within = sorted({graph for graphs in found.articles.values() for graph in graphs})
    _described(found, store, iris, None if only is None else within)
    found.within = {graph: found.within.get(graph, ()) for graph in within}
    wanted = set(only or ()) | {NamedNode(iri) for each in found.within.values() for iri in each}
    _things(found, store, iris, None if only is None else wanted)
    return found


def gathered_whole(store: GraphStore, iris: Iris) -> Gathered:
    """What a store says of its things, with the accounts of events, and the items that things have."""
    found = gathered(store, iris)
    found.links = linked(store, iris)
    things = map(NamedNode, sorted(found.kinds))
    events = [node for node in things if type_of(iris, node) == "event"]
    for what, pattern in _ACCOUNT.items():
        for row in rows(store, "?x", events, pattern, "?x ?value"):
            x, value = row["x"], row["value"]
            if isinstance(x, NamedNode) and isinstance(value, NamedNode):
                text = iris.edtf(value) if what == "dates" else value.value
                if text:
                    told = found.accounts.get(x.value, Told())
                    both = _both(getattr(told, what), (sys.intern(text),))
                    found.accounts[sys.intern(x.value)] = told._replace(**{what: both})
    return found


@lru_cache(maxsize=1000)
def _one(kinds: frozenset[Kind]) -> frozenset[Kind]:
    """The same kinds as one object: there are few, and many things that are of them."""
    return kinds


def _both(one: tuple[Each, ...], other: tuple[Each, ...]) -> tuple[Each, ...]:
    """All of both in an order: for so few, a tuple takes a fifth of the memory of a set."""
    return tuple(sorted({*one, *other}, key=str)) if one and one != other else other


def type_of(iris: Iris, node: NamedNode) -> ThingType | None:
    """What sort of thing an IRI of ours names."""
    local = iris.local(node)
    return _TYPES.get(local[0]) if local else None


def rows(
    store: GraphStore,
    variable: str,
    only: Collection[NamedNode] | None,
    pattern: str,
    columns: str,
    end: str = "",
) -> Iterator[Any]:
    """The solutions of a pattern: all, or those in which a variable is one of some nodes."""
    distinct = "" if end else "DISTINCT "
    for values in [""] if only is None else batches(only):
        limit = f"VALUES {variable} {{ {values} }} " if values else ""
        yield from select(store, f"SELECT {distinct}{columns} WHERE {{ {limit}{pattern} }} {end}")


def _references(
    found: Gathered, store: GraphStore, iris: Iris, only: Collection[NamedNode] | None
) -> None:
    """In which articles things are named, of many a sample, and how often in all."""
    for row in rows(store, "?thing", only, _among("?thing"), "?g ?thing (COUNT(*) AS ?n)",
                    "GROUP BY ?g ?thing"):  # fmt: skip
        thing, graph = row["thing"], row["g"]
        if isinstance(thing, NamedNode) and type_of(iris, thing) is not None:
            iri = sys.intern(thing.value)
            found.mentions[iri] += int(row["n"].value)
            graphs = found.articles.setdefault(iri, [])
            graphs.append(sys.intern(graph.value))
            if len(graphs) > 2 * SAMPLED:  # names of graphs are hashes: the first are a sample
                graphs[:] = sorted(graphs)[:SAMPLED]
    for graphs in found.articles.values():
        graphs[:] = sorted(graphs)[:SAMPLED]


def _described(
    found: Gathered, store: GraphStore, iris: Iris, graphs: Sequence[str] | None
) -> None:
    """When articles were published, and who is in them: of all, or of some."""
    only = None if graphs is None else [NamedNode(graph) for graph in graphs]
    pattern = f"GRAPH ?g {{ ?x a {KG.Article} ; {KG.when} ?when }}"
    for row in rows(store, "?g", only, pattern, "?g ?when"):
        edtf = iris.edtf(row["when"]) if isinstance(row["when"], NamedNode) else None
        latest = bounds(edtf).latest if edtf else None
        if latest:
            graph = sys.intern(row["g"].value)
            found.days[graph] = max(found.days.get(graph, ""), latest[:10])
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(store, "?g", only, _among("?thing"), "?g ?thing (COUNT(*) AS ?n)",
                    "GROUP BY ?g ?thing"):  # fmt: skip
        if isinstance(row["thing"], NamedNode) and type_of(iris, row["thing"]) is not None:
            counted[sys.intern(row["g"].value)][sys.intern(row["thing"].value)] = int(
                row["n"].value
            )
    for graph, things in counted.items():
        ranked = sorted(things, key=lambda iri: (-things[iri], iri))
        found.within[graph] = tuple(ranked[:COMPANY])


def _things(
    found: Gathered, store: GraphStore, iris: Iris, only: Collection[NamedNode] | None
) -> None:
    """What things are called, of which kind they are, and who describes them."""
    types = " ".join(str(node) for node in CLASSES.values())
    mark = iris.graph("article-").value
    pattern = (
        f"VALUES ?class {{ {types} }}"
        f" GRAPH ?g {{ ?thing a ?class . OPTIONAL {{ ?thing {KG.kind} ?kind }} }}"
    )
    for row in rows(store, "?thing", only, pattern, "?g ?thing ?kind"):
        thing = row["thing"]
        if isinstance(thing, NamedNode) and type_of(iris, thing) is not None:
            iri = sys.intern(thing.value)
            kind = _KINDS.get(row["kind"]) if isinstance(row["kind"], NamedNode) else None
            kinds = found.kinds.get(iri, frozenset())
            found.kinds[iri] = _one(kinds if kind is None else kinds | {kind})
            if not row["g"].value.startswith(mark):
                found.outside.add(iri)
    pattern = f"?thing {DCTERMS.isReplacedBy} ?kept"
    found.replaced = {
        row["thing"].value
        for row in rows(store, "?thing", only, pattern, "?thing")
        if isinstance(row["thing"], NamedNode)
    }
    found.labels = _texts(store, iris, only, RDFS.label)
    found.others = _texts(store, iris, only, SKOS.altLabel)
    found.notes = _texts(store, iris, only, SKOS.scopeNote)


def _texts(
    store: GraphStore, iris: Iris, only: Collection[NamedNode] | None, predicate: NamedNode
) -> dict[str, tuple[Literal, ...]]:
    found: dict[str, tuple[Literal, ...]] = {}
    for row in rows(store, "?thing", only, f"?thing {predicate} ?text", "?thing ?text"):
        thing, text = row["thing"], row["text"]
        ours = isinstance(thing, NamedNode) and type_of(iris, thing) is not None
        if ours and isinstance(text, Literal) and text.value.strip():
            found[sys.intern(thing.value)] = _both(found.get(thing.value, ()), (text,))
    return found


def _among(variable: str) -> str:
    """The pattern for what an article refers to or gives an account of, in whatever way."""
    paths = "|".join(str(predicate) for predicate in _REFERENCES)
    account = f"{KG.participation}|{KG.when}|{SCHEMA.location}"
    return (
        f"GRAPH ?g {{ ?about a {KG.Article} }}"
        f" GRAPH ?g {{ {{ ?s {paths} {variable} }} UNION {{ {variable} {account} ?told }} }}"
    )

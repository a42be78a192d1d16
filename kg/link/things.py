"""What of a workspace may have an item: the named things of the register and of its articles.

What helps to tell a thing from its namesakes is gathered from at most so many of its articles, and
for some fifty things at a time: what one thing costs does not grow with the corpus.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, get_args

from pyoxigraph import Literal, NamedNode

from kg.edtf import bounds
from kg.link.item import Wanted
from kg.link.naming import around, has_name, words_of
from kg.link.similarity import normal
from kg.link.thing import Thing, rank
from kg.mapping.write import CLASSES
from kg.model import ActorKind, EventKind
from kg.rdf import preference
from kg.store import batches, select
from kg.vocab import DCTERMS, KG, OA, RDFS, SCHEMA, SKOS, concept

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from kg.mapping.iris import Iris
    from kg.model import Kind, ThingType
    from kg.store import GraphStore

SAMPLED = 20
"""Articles of a thing that are looked at: a few tell the namesakes apart, and states are in all."""
PASSAGES = 5
"""Mentions of a thing that are looked at in each of these articles."""
COMPANY = 60
"""Things of an article that count as the company of its others: the most mentioned, as in a long one."""
NAMES = 8
"""Names of a thing that are compared: a register entry may have dozens of spellings."""

_REFERENCES = (KG.refersTo, KG.source, KG.actor, KG.population, SCHEMA.about, SCHEMA.author,
               SCHEMA.publisher, SCHEMA.location, KG.asserts)  # fmt: skip
_ACTING = frozenset(
    concept("role", role)
    for role in "agent participant host guest speaker organiser respondent victim".split()
)
"""Roles that only those have who are there."""
_KINDS: dict[NamedNode, Kind] = {
    concept(family, kind): kind
    for family, kinds in (("actor", ActorKind), ("event", EventKind))
    for kind in get_args(kinds)
}


class _Article(NamedTuple):
    """The last day on which an article may have been published, and who is in it."""

    day: str | None
    things: tuple[str, ...]


class Things:
    """The things of a store by their IRIs, and the company they keep; `only` some and their company."""

    def __init__(
        self, store: GraphStore, iris: Iris, only: Collection[NamedNode] | None = None
    ) -> None:
        self._store = store
        self._iris = iris
        articles, mentions = self._references(only)
        within = sorted({graph for found in articles.values() for graph in found})
        self._articles = self._described(within, whole=only is None)
        wanted = set(only or ()) | {
            NamedNode(iri) for article in self._articles.values() for iri in article.things
        }
        self.all = self._things(None if only is None else wanted, articles, mentions)
        self._by_label = self._registered()

    def _references(
        self, only: Collection[NamedNode] | None
    ) -> tuple[dict[str, list[str]], Counter[str]]:
        """In which articles things are named, of many a sample, and how often in all."""
        articles: dict[str, list[str]] = defaultdict(list)
        mentions: Counter[str] = Counter()
        for row in self._rows("?thing", only, f"{_among('?thing')}", "?g ?thing (COUNT(*) AS ?n)",
                              "GROUP BY ?g ?thing"):  # fmt: skip
            thing, graph = row["thing"], row["g"]
            if isinstance(thing, NamedNode) and self._type(thing) is not None:
                mentions[thing.value] += int(row["n"].value)
                graphs = articles[thing.value]
                graphs.append(graph.value)
                if len(graphs) > 2 * SAMPLED:  # names of graphs are hashes: the first are a sample
                    graphs[:] = sorted(graphs)[:SAMPLED]
        return {iri: sorted(graphs)[:SAMPLED] for iri, graphs in articles.items()}, mentions

    def _described(self, graphs: Sequence[str], *, whole: bool) -> dict[str, _Article]:
        """The articles by their graphs: when they were published, and who is in them."""
        only = None if whole else [NamedNode(graph) for graph in graphs]
        day: dict[str, str] = {}
        for row in self._rows("?g", only, f"GRAPH ?g {{ ?x a {KG.Article} ; {KG.when} ?when }}",
                              "?g ?when"):  # fmt: skip
            edtf = self._iris.edtf(row["when"]) if isinstance(row["when"], NamedNode) else None
            latest = bounds(edtf).latest if edtf else None
            if latest:
                day[row["g"].value] = latest[:10]
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self._rows("?g", only, _among("?thing"), "?g ?thing (COUNT(*) AS ?n)",
                              "GROUP BY ?g ?thing"):  # fmt: skip
            if isinstance(row["thing"], NamedNode) and self._type(row["thing"]) is not None:
                found[row["g"].value][row["thing"].value] = int(row["n"].value)
        return {
            graph: _Article(
                day.get(graph),
                tuple(sorted(found[graph], key=lambda iri: (-found[graph][iri], iri))[:COMPANY]),
            )
            for graph in graphs
        }

    def _things(
        self,
        only: Collection[NamedNode] | None,
        articles: Mapping[str, Sequence[str]],
        mentions: Mapping[str, int],
    ) -> dict[str, Thing]:
        types = " ".join(str(node) for node in CLASSES.values())
        kinds: dict[str, Kind | None] = {}
        own: dict[str, bool] = {}
        mark = self._iris.graph("article-").value
        pattern = (
            f"VALUES ?class {{ {types} }}"
            f" GRAPH ?g {{ ?thing a ?class . OPTIONAL {{ ?thing {KG.kind} ?kind }} }}"
            f" OPTIONAL {{ ?thing {DCTERMS.isReplacedBy} ?kept }} FILTER(!BOUND(?kept))"
        )
        for row in self._rows("?thing", only, pattern, "?g ?thing ?kind"):
            thing = row["thing"]
            if isinstance(thing, NamedNode) and self._type(thing) is not None:
                kind = _KINDS.get(row["kind"]) if isinstance(row["kind"], NamedNode) else None
                kinds[thing.value] = kinds.get(thing.value) or kind
                inside = row["g"].value.startswith(mark)
                own[thing.value] = own.get(thing.value, True) and inside
        labels = self._texts(only, RDFS.label)
        others = self._texts(only, SKOS.altLabel)
        notes = self._texts(only, SKOS.scopeNote)
        found = {}
        for iri in sorted(kinds.keys() & labels.keys()):
            node = NamedNode(iri)
            type_ = self._type(node)
            if type_ is None:
                continue
            ranked = sorted(labels[iri], key=preference) + sorted(
                others.get(iri, ()), key=preference
            )
            found[iri] = Thing(
                node=node,
                type=type_,
                kind=kinds[iri],
                own=own[iri],
                names=tuple(dict.fromkeys(" ".join(name.value.split()) for name in ranked))[:NAMES],
                language=ranked[0].language or "en",
                note=" ".join(note.value for note in sorted(notes.get(iri, ()), key=preference)),
                mentions=mentions.get(iri, 0),
                articles=tuple(articles.get(iri, ())),
            )
        return found

    def _registered(self) -> dict[str, set[str]]:
        """The IRIs of the entries of the register by their labels."""
        found: dict[str, set[str]] = defaultdict(set)
        pattern = f"GRAPH {self._iris.entities} {{ ?thing {RDFS.label} ?label }}"
        for row in self._rows("?thing", None, pattern, "?thing ?label"):
            found[normal(row["label"].value)].add(row["thing"].value)
        return found

    def _texts(
        self, only: Collection[NamedNode] | None, predicate: NamedNode
    ) -> dict[str, set[Literal]]:
        found: dict[str, set[Literal]] = defaultdict(set)
        for row in self._rows("?thing", only, f"?thing {predicate} ?text", "?thing ?text"):
            if isinstance(row["text"], Literal) and row["text"].value.strip():
                found[row["thing"].value].add(row["text"])
        return found

    def _rows(
        self,
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
            yield from select(
                self._store, f"SELECT {distinct}{columns} WHERE {{ {limit}{pattern} }} {end}"
            )

    def _type(self, node: NamedNode) -> ThingType | None:
        local = self._iris.local(node)
        kinds: dict[str, ThingType] = {
            "actor": "actor", "place": "place", "topic": "topic", "event": "event"}  # fmt: skip
        return kinds.get(local[0]) if local else None

    def named(self) -> list[Thing]:
        """The things that have a name of their own, the most mentioned first."""
        return sorted(filter(has_name, self.all.values()), key=rank)

    def company(self, thing: Thing) -> frozenset[str]:
        """The IRIs of what else its articles speak of."""
        found = {iri for graph in thing.articles for iri in self._articles[graph].things}
        return frozenset(found - {thing.node.value})

    def since(self, thing: Thing) -> str:
        """The day of the first of its articles; a late one where none has a date."""
        return min(
            (day for graph in thing.articles if (day := self._articles[graph].day)), default="~"
        )

    def wanted(
        self,
        things: Sequence[Thing],
        text_of: Callable[[str], str | None],
        links: Mapping[str, Collection[str]],
    ) -> list[Wanted]:
        """What is known of some things that helps to find their items.

        `text_of` gives the text with an IRI where it is at hand; `links` are the items that things
        have by now, by the IRI of the thing.
        """
        context = self._contexts(things, lru_cache(maxsize=64)(text_of))
        dates = self._dates(things)
        found = []
        for thing in things:
            company = self.company(thing)
            items = {item for iri in company for item in links.get(iri, ())}
            words = context[thing.node.value] | words_of(thing.note)
            found.append(
                Wanted(
                    id=thing.node.value,
                    names=self._telling(thing),
                    type=thing.type,
                    kind=thing.kind,
                    context=frozenset(words),
                    others=frozenset(items),
                    others_named=frozenset(
                        self.all[iri].label for iri in company if iri in self.all
                    ),
                    dates=tuple(sorted(dates[thing.node.value])),
                    mentions=max(thing.mentions, 1),
                    language=thing.language,
                )
            )
        return found

    def _telling(self, thing: Thing) -> tuple[str, ...]:
        """The names of a thing but for those that another thing goes by: Tokyo may stand for Japan."""
        label, *others = thing.names
        return (label, *(name for name in others if not self._labelled(name, thing)))

    def _labelled(self, name: str, but: Thing) -> bool:
        return bool(self._by_label.get(normal(name), set()) - {but.node.value})

    def _contexts(
        self, things: Sequence[Thing], text_of: Callable[[str], str | None]
    ) -> dict[str, set[str]]:
        """The words around the mentions of each thing; without their texts those of its claims."""
        spans: dict[str, dict[str, set[tuple[str, int, int]]]] = defaultdict(
            lambda: defaultdict(set)
        )
        sampled = {thing.node.value: set(thing.articles) for thing in things}
        nodes = [thing.node for thing in things]
        pattern = (
            f"GRAPH ?g {{ ?m {KG.refersTo} ?thing ; {KG.inText} ?text ;"
            f" {OA.start} ?start ; {OA.end} ?end }}"
        )
        for row in self._rows("?thing", nodes, pattern, "?g ?thing ?text ?start ?end"):
            iri, graph = row["thing"].value, row["g"].value
            if graph in sampled[iri]:
                span = (row["text"].value, int(row["start"].value), int(row["end"].value))
                spans[iri][graph].add(span)
        found: dict[str, set[str]] = {thing.node.value: set() for thing in things}
        for iri, by_graph in spans.items():
            for graph in by_graph:
                for text, start, end in sorted(by_graph[graph])[:PASSAGES]:
                    content = text_of(text)
                    if content is not None:
                        found[iri] |= around(content, start, end)
        bare = [thing.node for thing in things if not found[thing.node.value]]
        if bare:
            pattern = (
                f"GRAPH ?g {{ ?claim {KG.source}|{SCHEMA.about} ?thing ; {SCHEMA.text} ?words }}"
            )
            for row in self._rows("?thing", bare, pattern, "?g ?thing ?words"):
                if row["g"].value in sampled[row["thing"].value]:
                    found[row["thing"].value] |= words_of(row["words"].value)
        return found

    def _dates(self, things: Sequence[Thing]) -> dict[str, set[str]]:
        """When things acted: took part in something, or said something, which news report at once.

        Who is only spoken of may have died long before, but must have been born: an article of 2018
        says `../2018` of all its actors.
        """
        nodes = [thing.node for thing in things]
        found: dict[str, set[str]] = {thing.node.value: set() for thing in things}
        acts = f"?x {KG.participation} ?part . ?part {KG.actor} ?thing ; {KG.role} ?role"
        says = f"GRAPH ?g {{ ?x {KG.source} ?thing }} OPTIONAL {{ ?x {KG.when} ?when }}"
        patterns = (f"{acts} . ?x {KG.when} ?when", says, f"?thing {KG.when} ?when")
        for pattern in patterns:
            for row in self._rows("?thing", nodes, pattern, "?g ?thing ?role ?when"):
                role, when, graph = row["role"], row["when"], row["g"]
                edtf = self._iris.edtf(when) if isinstance(when, NamedNode) else None
                if edtf is None and graph is not None and graph.value in self._articles:
                    edtf = self._articles[graph.value].day
                if edtf and (role is None or role in _ACTING):
                    found[row["thing"].value].add(edtf)
        for thing in things:
            days = [day for graph in thing.articles if (day := self._articles[graph].day)]
            if thing.type == "actor" and days:
                found[thing.node.value].add(f"../{min(days)}")
        return found


def _among(variable: str) -> str:
    """The pattern for what an article refers to or gives an account of, in whatever way."""
    paths = "|".join(str(predicate) for predicate in _REFERENCES)
    account = f"{KG.participation}|{KG.when}|{SCHEMA.location}"
    return (
        f"GRAPH ?g {{ ?about a {KG.Article} }}"
        f" GRAPH ?g {{ {{ ?s {paths} {variable} }} UNION {{ {variable} {account} ?told }} }}"
    )


def batched(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """Things, some at a time."""
    batch: list[Thing] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch

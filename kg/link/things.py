"""What of a workspace may have an item: the named things of the register and of its articles.

What helps to tell a thing from its namesakes is gathered from at most so many of its articles, and
for some fifty things at a time: what one thing costs does not grow with the corpus.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.link.gathered import gathered, rows, type_of
from kg.link.item import Wanted
from kg.link.naming import around, has_name, words_of
from kg.link.similarity import normal
from kg.link.thing import Thing, rank
from kg.rdf import preference
from kg.vocab import KG, OA, RDFS, SCHEMA, concept

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from kg.link.gathered import Gathered
    from kg.mapping.iris import Iris
    from kg.store import GraphStore

PASSAGES = 5
"""Mentions of a thing that are looked at in each of these articles."""
NAMES = 8
"""Names of a thing that are compared: a register entry may have dozens of spellings."""

_ACTING = frozenset(
    concept("role", role)
    for role in "agent participant host guest speaker organiser respondent victim".split()
)
"""Roles that only those have who are there."""


class Things:
    """The things of a store by their IRIs, and the company they keep; `only` some and their company.

    What was gathered otherwise, from the store and from what it has not, may be given instead.
    """

    def __init__(
        self,
        store: GraphStore,
        iris: Iris,
        only: Collection[NamedNode] | None = None,
        *,
        found: Gathered | None = None,
    ) -> None:
        self._store = store
        self._iris = iris
        self._found = found or gathered(store, iris, only)
        self.all = self._things()
        self._by_label = self._registered()

    def _things(self) -> dict[str, Thing]:
        found = self._found
        things = {}
        for iri in sorted((found.kinds.keys() & found.labels.keys()) - found.replaced):
            node = NamedNode(iri)
            type_ = type_of(self._iris, node)
            if type_ is None:
                continue
            ranked = sorted(found.labels[iri], key=preference) + sorted(
                found.others.get(iri, ()), key=preference
            )
            things[iri] = Thing(
                node=node,
                type=type_,
                kind=min(found.kinds[iri], default=None),
                own=iri not in found.outside,
                names=tuple(dict.fromkeys(" ".join(name.value.split()) for name in ranked))[:NAMES],
                language=ranked[0].language or "en",
                note=" ".join(
                    note.value for note in sorted(found.notes.get(iri, ()), key=preference)
                ),
                mentions=found.mentions.get(iri, 0),
                articles=tuple(found.articles.get(iri, ())),
            )
        return things

    def _registered(self) -> dict[str, set[str]]:
        """The IRIs of the entries of the register by their labels."""
        found: dict[str, set[str]] = defaultdict(set)
        pattern = f"GRAPH {self._iris.entities} {{ ?thing {RDFS.label} ?label }}"
        for row in self._rows("?thing", None, pattern, "?thing ?label"):
            found[normal(row["label"].value)].add(row["thing"].value)
        return found

    def _rows(
        self, variable: str, only: Collection[NamedNode] | None, pattern: str, columns: str
    ) -> Iterator[Any]:
        return rows(self._store, variable, only, pattern, columns)

    def named(self) -> list[Thing]:
        """The things that have a name of their own, the most mentioned first."""
        return sorted(filter(has_name, self.all.values()), key=rank)

    def company(self, thing: Thing) -> frozenset[str]:
        """The IRIs of what else its articles speak of."""
        found = {iri for graph in thing.articles for iri in self._found.within[graph]}
        return frozenset(found - {thing.node.value})

    def since(self, thing: Thing) -> str:
        """The day of the first of its articles; a late one where none has a date."""
        return min(
            (day for graph in thing.articles if (day := self._found.days.get(graph))), default="~"
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
                if edtf is None and graph is not None and graph.value in self._found.within:
                    edtf = self._found.days.get(graph.value)
                if edtf and (role is None or role in _ACTING):
                    found[row["thing"].value].add(edtf)
        for thing in things:
            days = [day for graph in thing.articles if (day := self._found.days.get(graph))]
            if thing.type == "actor" and days:
                found[thing.node.value].add(f"../{min(days)}")
        return found


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

"""The entries of the register as entities that tables can be matched to."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.link.item import Item
from kg.link.own import LEAST
from kg.link.similarity import names_alike
from kg.names import labels
from kg.rdf import preference
from kg.store import batches, select
from kg.vocab import KG, KGS, RDFS, SCHEMA, SKOS, WIKIDATA
from kg.web import terms
from kg.web.reconcile.entities import Term, as_value
from kg.web.search import finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.model import Kind, ThingType
    from kg.web.readers.reading import Reading
    from kg.web.reconcile.entities import Value

_FAMILIES: Final = ("actor", "place", "topic", "event")
_NAMES: Final = ("any kind of actor", "place", "topic", "event")
"""The types of entries, by names that nobody takes for a profession."""
_PROPERTIES: Final = {
    Term("alias", "also known as", "other names"): str(SKOS.altLabel),
    Term("description", "description", "what tells it from others"): str(SKOS.scopeNote),
    Term("kind", "kind", "what sort of actor or event it is"): str(KG.kind),
    Term("broader", "broader topic", "the topic that this one is part of"): str(SKOS.broader),
    Term("item", "Wikidata item", "the item that it is linked to"): str(SKOS.exactMatch),
    Term("born", "date of birth", "by the item"): f"{SKOS.exactMatch}/{SCHEMA.birthDate}",
    Term("died", "date of death", "by the item"): f"{SKOS.exactMatch}/{SCHEMA.deathDate}",
    Term("country", "country", "by the item: of citizenship, or where it lies"): (
        f"{SKOS.exactMatch}/({SCHEMA.nationality}|{SCHEMA.addressCountry})"
    ),
}
"""What the service tells of entries, each with the path that leads there."""
_ITEM: Final = re.compile(r"(?:wd:)?(Q[1-9][0-9]*)")
_WORD: Final = re.compile(r"\w+")
_ACRONYM: Final = re.compile(r"[A-Z]{3,8}")
_COMPARED: Final = 60
"""Things whose names are compared closely with what is sought."""
_COMMON: Final = frozenset({"of", "the", "and", "for", "in", "a", "an"})


class _Entry(NamedTuple):
    """An entry, with what it is."""

    item: Item
    type: ThingType
    kind: Kind | None


class RegisterEntities:
    """The entries of the register; their ids are what their IRIs have behind the space: actor/japan.

    Names are looked for in the index that the pages search in; what else is known of an entry is
    read when it is a candidate, and kept.
    """

    def __init__(self, reading: Reading) -> None:
        self._store = reading.store
        self._index = finding.index(reading)
        self._articles = reading.iris.graph("article-").value
        self._entries: dict[str, _Entry | None] = {}
        self.title = f"{reading.workspace.root.name}: register"
        self.space = f"{reading.iris.base}id/"
        self.view = "id/{}"
        self.types = _types()
        self.properties = tuple(_PROPERTIES)

    def search(self, name: str, /, *, limit: int) -> Sequence[Item]:
        """The entries that may bear a name, the likest first: who has some of its words is looked at."""
        likest = iter(self._near(name))
        found: list[tuple[float, str, Item]] = []
        while len(found) < limit and (ids := list(itertools.islice(likest, limit))):
            for entry in self._read(ids).values():  # what only its article knows is no entry
                alike = max(names_alike(name, other) for other in _names(entry.item))
                if alike >= LEAST:
                    found.append((-alike, entry.item.id, entry.item))
        return [item for *_, item in sorted(found, key=lambda each: each[:2])[:limit]]

    def _near(self, name: str) -> list[str]:
        """The ids of things that have the name, words of it, or it for their initials; the likest first."""
        from rapidfuzz.fuzz import token_sort_ratio

        words = [word for word in _WORD.findall(name) if word.casefold() not in _COMMON]
        initials = "".join(word[0] for word in words)
        likeness: dict[int, float] = {}
        for asked in dict.fromkeys([name, *words, *([initials] if len(initials) > 2 else [])]):
            folded = finding.folded_name(name)
            for hit in self._index.hits(asked, _FAMILIES):
                matched = self._index.names[hit.name].folded if hit.name >= 0 else folded
                alike = token_sort_ratio(folded, matched)
                likeness[hit.thing] = max(likeness.get(hit.thing, 0.0), alike)
        if _ACRONYM.fullmatch(name):
            likeness |= dict.fromkeys(self._initials.get(name.casefold(), ()), 100.0)
        ordered = sorted(likeness, key=lambda thing: (-likeness[thing], thing))[:_COMPARED]
        return [self._id(self._index.things[thing].iri) for thing in ordered]

    @cached_property
    def _initials(self) -> dict[str, list[int]]:
        """Things by the initials of their names of several words."""
        found: dict[str, list[int]] = defaultdict(list)
        for name in self._index.names:
            words = [word for word in name.folded.split() if word not in _COMMON]
            if len(words) > 2:
                found["".join(word[0] for word in words)].append(name.thing)
        return found

    def _id(self, iri: str) -> str:
        return iri.removeprefix(self.space)

    def known(self, ids: Iterable[str], /) -> Mapping[str, Item]:
        """The entries with some ids: their own, their IRIs, those of the items that they are linked to."""
        wanted = {id_: self._id(id_) for id_ in ids}
        linked = {id_: found[1] for id_ in wanted if (found := _ITEM.fullmatch(id_))}
        by_item = self._linked(linked.values())
        wanted |= {id_: by_item[item] for id_, item in linked.items() if item in by_item}
        entries = self._read(dict.fromkeys(wanted.values()))
        return {id_: entries[name].item for id_, name in wanted.items() if name in entries}

    def _linked(self, items: Iterable[str]) -> dict[str, str]:
        """The ids of entries by the items that they are linked to."""
        found = {}
        for values in batches(
            NamedNode(WIKIDATA + item) for item in items if _ITEM.fullmatch(item)
        ):
            pattern = f"VALUES ?item {{ {values} }} ?thing {SKOS.exactMatch} ?item"
            for row in select(self._store, f"SELECT ?thing ?item WHERE {{ {pattern} }}"):
                found[row["item"].value.removeprefix(WIKIDATA)] = self._id(row["thing"].value)
        return found

    def starting(self, prefix: str, /, *, limit: int) -> Sequence[Item]:
        """The entries whose id or name starts so, then those with a word that does."""
        if prefix.strip():
            exact = [item.id for item in self.known([prefix]).values()]
            family, slash, local = self._id(prefix).partition("/")
            if slash and family in _FAMILIES:  # the beginning of an id
                hits = self._index.hits(local.replace("-", " "), [family])
            else:
                hits = self._index.hits(prefix, _FAMILIES)
            found = (self._id(self._index.things[hit.thing].iri) for hit in hits)
            ids = list(dict.fromkeys([*exact, *found]))
        else:
            ids = [self._id(each.iri) for each in self._index.things if each.kind in _FAMILIES]
        items: list[Item] = []
        while ids and len(items) < limit:  # what only its article knows is no entry
            some, ids = ids[: 2 * limit], ids[2 * limit :]
            items += [entry.item for entry in self._read(some).values()]
        return items[:limit]

    def types_of(self, items: Sequence[Item], /) -> Mapping[str, Sequence[Term]]:
        """The kind of an entry, or else what it is at all."""
        return {item.id: self._types(self._read([item.id])[item.id]) for item in items}

    def _types(self, entry: _Entry) -> list[Term]:
        ids: list[str] = [entry.kind] if entry.kind else []
        if entry.type != "actor":  # of actors the kind says it all
            ids.append(entry.type)
        return [each for id_ in ids for each in self.types if each.id == id_]

    def fits(self, item: Item, type_: ThingType, kind: Kind | None, /) -> bool:
        """Whether an entry is an actor, place, topic or event as wanted; of events the kind counts too.

        Readers often differ in which kind an actor is, so that is left to the score.
        """
        entry = self._read([item.id])[item.id]
        return entry.type == type_ and (type_ != "event" or kind in {None, entry.kind})

    def values(
        self, ids: Sequence[str], properties: Sequence[str], /
    ) -> Mapping[str, Mapping[str, Sequence[Value]]]:
        """What the register says of entries, and what the facts say of the items they are linked to."""
        found: dict[str, dict[str, list[Value]]] = {
            id_: {name: [] for name in properties} for id_ in ids
        }
        nodes = [NamedNode(self.space + id_) for id_ in self._read(ids)]
        rows: list[tuple[str, str, NamedNode | Literal]] = []
        for named, path in _PROPERTIES.items():
            for values in batches(nodes if named.id in properties else ()):
                pattern = f"VALUES ?thing {{ {values} }} ?thing {path} ?value"
                sparql = f"SELECT DISTINCT ?thing ?value WHERE {{ {pattern} }} ORDER BY ?value"
                rows += [
                    (self._id(row["thing"].value), named.id, row["value"])
                    for row in select(self._store, sparql)
                    if isinstance(row["value"], NamedNode | Literal)
                ]
        called = labels(self._store, {value for *_, value in rows if isinstance(value, NamedNode)})
        linked = self._linked(
            {v.value.removeprefix(WIKIDATA) for _, n, v in rows if n == "country"}
        )
        for id_, name, value in rows:
            found[id_][name].append(self._value(name, value, called, linked))
        return found

    def _value(
        self,
        name: str,
        value: NamedNode | Literal,
        called: Mapping[NamedNode, str],
        linked: Mapping[str, str],
    ) -> Value:
        if isinstance(value, Literal):
            return as_value(value.value, value.language)
        item = value.value.removeprefix(WIKIDATA)
        if name == "item":
            return {"str": item}
        id_ = linked.get(item) or self._id(value.value)
        if name in {"country", "broader"} and id_ in (entries := self._read([id_])):
            return {"id": id_, "name": entries[id_].item.label("en")}
        return {"str": called.get(value, item)}

    def _read(self, ids: Iterable[str]) -> dict[str, _Entry]:
        """The entries among some ids, in their order."""
        wanted = list(ids)
        new = [id_ for id_ in wanted if id_ not in self._entries]
        if new:
            if len(self._entries) > _KEPT:
                self._entries.clear()
            self._entries |= dict.fromkeys(new)
            self._entries |= dict(self._described(new))
        return {id_: entry for id_ in wanted if (entry := self._entries.get(id_)) is not None}

    def _described(self, ids: Sequence[str]) -> Iterator[tuple[str, _Entry]]:
        """What the store says of some things that more than one article may speak of."""
        nodes = []
        for id_ in ids:
            with contextlib.suppress(ValueError):  # what somebody types is not always an id
                if id_.partition("/")[0] in _FAMILIES:
                    nodes.append(NamedNode(self.space + id_))
        rows: dict[str, list[tuple[NamedNode, Any, bool]]] = defaultdict(list)
        for values in batches(nodes):
            # One property at a time: with a variable in its place engines look at everything.
            for property_ in (RDFS.label, SKOS.altLabel, SKOS.scopeNote, KG.kind):
                pattern = f"VALUES ?x {{ {values} }} GRAPH ?g {{ ?x {property_} ?o }}"
                for row in select(self._store, f"SELECT ?g ?x ?o WHERE {{ {pattern} }}"):
                    shared = not row["g"].value.startswith(self._articles)
                    rows[self._id(row["x"].value)].append((property_, row["o"], shared))
        for id_, some in rows.items():
            if any(shared for *_, shared in some) and any(p == RDFS.label for p, *_ in some):
                yield id_, self._entry(id_, some)

    def _entry(self, id_: str, rows: Sequence[tuple[NamedNode, Any, bool]]) -> _Entry:
        texts: dict[NamedNode, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        kind: Any = None
        literals = [(p, value) for p, value, _ in rows if isinstance(value, Literal)]
        for property_, value in sorted(literals, key=lambda pair: preference(pair[1])):
            same = texts[property_][value.language or "mul"]
            if (text := " ".join(value.value.split())) not in same:
                same.append(text)
        for property_, value, _ in rows:
            if property_ == KG.kind and isinstance(value, NamedNode):
                kind = value.value.removeprefix(KGS).partition("-")[2]
        type_: Any = id_.partition("/")[0]
        item = Item(
            id=id_,
            iri=self.space + id_,
            labels={code: some[0] for code, some in texts[RDFS.label].items()},
            aliases={code: tuple(some) for code, some in texts[SKOS.altLabel].items()},
            descriptions={code: " ".join(some) for code, some in texts[SKOS.scopeNote].items()},
            classes=_classes(type_, kind),
        )
        return _Entry(item, type_, kind)


_KEPT: Final = 20_000
"""Entries that are kept at once."""


def _names(item: Item) -> Iterator[str]:
    yield from item.labels.values()
    for names in item.aliases.values():
        yield from names


def _classes(type_: ThingType, kind: Kind | None) -> tuple[str, ...]:
    """The words of `kg.link.kinds` for what an entry is; none where that is open."""
    if type_ in {"place", "event"}:
        return (type_,)
    return () if type_ == "topic" or kind in {None, "group", "unidentified"} else (str(kind),)


def _types() -> tuple[Term, ...]:
    """The types of entries: what there is, and the kinds of the ontology, by the words of annotations."""
    found = [Term(id_, name) for id_, name in zip(_FAMILIES, _NAMES, strict=True)]
    for family in ("actor", "event"):
        found += [
            Term(
                terms.local(node).removeprefix(f"{family}-"),
                terms.said(node, RDFS.label),
                terms.said(node, terms.DEFINITION),
                (family,),
            )
            for node in terms.members(NamedNode(f"{KGS}{family}-kinds"))
        ]
    return tuple(found)

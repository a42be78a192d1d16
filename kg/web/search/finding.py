"""Finding things by what people type: names, ids, Q-ids and IRIs, with a forgiving eye for spelling.

An index of all names is made in memory when it is first asked, once for each state of the data. What
is typed is looked for as it is, then as the beginning of a name, then as that of its words, and only
where that finds nothing as something like it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pyoxigraph import Literal as Words
from pyoxigraph import NamedNode

from kg.names import fold
from kg.rdf import preference
from kg.store import select
from kg.vocab import DCTERMS, KG, RDFS, SCHEMA, SKOS, WIKIDATA, concept_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kg.web.readers.reading import Reading

KINDS: Final = ("actor", "place", "topic", "event", "article", "claim")
"""What can be found, in the order in which it is shown."""
How = Literal["id", "file", "exact", "beginning", "word", "words", "like"]
_WAYS: Final[tuple[How, ...]] = ("id", "file", "exact", "beginning", "word", "words", "like")
_ID, _FILE, _EXACT, _BEGINNING, _WORD, _ANY, _SIMILAR = range(7)
_WORDS: Final = re.compile(r"\w+")
NEAR: Final = 20
"""Names that are merely like the question."""
_LIKE: Final = 78
"""Per cent of likeness from which a name may have been meant: one letter in five wrong."""
_SHORTEST: Final = 3
"""Characters below which everything is like everything."""
LONGEST: Final = 200
"""Characters of a question that are looked at."""


_ITEM: Final = re.compile(
    r"(?:wd:|https?://www\.wikidata\.org/(?:wiki|entity)/)?(Q[1-9][0-9]*)", re.IGNORECASE
)


class Name(NamedTuple):
    """One of the names of a thing, folded, with the thing's number in the index."""

    folded: str
    thing: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What can be found: `name` is its first name, `what` its kind in a word."""

    iri: str
    id: str
    kind: str
    what: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A thing that was found, in which way and by which of its names."""

    thing: Thing
    how: How
    matched: str


class Hit(NamedTuple):
    """A thing in which way and by which of its names it was found; the lesser, the likelier.

    `worse` is how long the name is, or how unlike; `name` is its place among the names, -1 for an id or a file.
    """

    rank: int
    worse: int
    name: int
    thing: int


class Index:
    """The names of all things, sorted, and their words; `items` are things by the Q-ids of their links.

    `texts` are articles by what their texts are called: files and ids, in lower case.
    """

    def __init__(
        self,
        things: Sequence[Thing],
        names: Iterable[Name],
        items: Mapping[str, Collection[int]],
        texts: Mapping[str, Collection[int]],
    ) -> None:
        self.things = things
        self.names = sorted(names)
        self._items = items
        self._texts = texts
        self._folded = [name.folded for name in self.names]
        self._by_iri = {thing.iri: number for number, thing in enumerate(things)}
        self._ids: dict[str, list[int]] = defaultdict(list)
        for number, thing in enumerate(things):
            self._ids[thing.id.casefold()].append(number)
        self._holding: dict[str, list[int]] = defaultdict(list)
        for at, folded in enumerate(self._folded):
            for word in set(_WORDS.findall(folded)):
                self._holding[word].append(at)
        self._words = sorted(self._holding)

    def find(
        self, typed: str, *, kinds: Collection[str] = KINDS, limit: int | None = None
    ) -> list[Found]:
        """The things of some kinds that may be meant, the likeliest first; each of them once."""
        return [self.found(hit, typed) for hit in self.hits(typed, kinds)[:limit]]

    def found(self, hit: Hit, typed: str) -> Found:
        """What was found, for people to read."""
        matched = self.names[hit.name].words if hit.name >= 0 else typed
        return Found(thing=self.things[hit.thing], how=_WAYS[hit.rank], matched=matched)

    def hits(self, typed: str, kinds: Collection[str] = KINDS) -> list[Hit]:
        """What may be meant, by numbers of things and names: one letter finds thousands, and few are shown."""
        typed = " ".join(typed[:LONGEST].split())
        folded = folded_name(typed)
        if not folded:
            return []
        best: dict[int, Hit] = {}

        def take(rank: int, worse: int, at: int, thing: int) -> None:
            hit = Hit(rank, worse, at, thing)
            if thing not in best or hit < best[thing]:
                best[thing] = hit

        for thing in self._named(typed):
            take(_ID, 0, -1, thing)
        for thing in self._texts.get(typed.strip("<>").casefold(), ()):
            take(_FILE, 0, -1, thing)
        for at in range(*_prefixed(self._folded, folded)):
            name = self.names[at]
            take(_EXACT if name.folded == folded else _BEGINNING, len(name.words), at, name.thing)
        for at in self._with_words(_WORDS.findall(folded)):
            name = self.names[at]
            take(_WORD if folded in name.folded else _ANY, len(name.words), at, name.thing)
        if not best and len(folded) >= _SHORTEST and not _ITEM.fullmatch(typed):
            for at, likeness in self._like(folded):
                take(_SIMILAR, round(1000 - 10 * likeness), at, self.names[at].thing)
        wanted = set(kinds)
        return sorted(hit for hit in best.values() if self.things[hit.thing].kind in wanted)

    def _named(self, typed: str) -> Iterator[int]:
        """The things that are called so by an id, a short IRI, an IRI or a Q-id."""
        item = _ITEM.fullmatch(typed)
        if item:
            yield from self._items.get(item[1].upper(), ())
        if typed.strip("<>") in self._by_iri:
            yield self._by_iri[typed.strip("<>")]
        kind, _, local = typed.casefold().replace(":", "/", 1).partition("/")
        for thing in self._ids.get(local or kind, ()):
            if not local or self.things[thing].kind == kind:
                yield thing

    def _with_words(self, pieces: Sequence[str]) -> Iterator[int]:
        """The names in which every word that was typed begins a word, in whatever order."""
        if not pieces:
            return
        longest = max(pieces, key=len)
        others = [piece for piece in pieces if piece is not longest]
        for word in self._words[slice(*_prefixed(self._words, longest))]:
            for at in self._holding[word]:
                words = _WORDS.findall(self._folded[at]) if others else ()
                if all(any(word.startswith(other) for word in words) for other in others):
                    yield at

    def _like(self, folded: str) -> Iterator[tuple[int, float]]:
        """The names that are most like what was typed; where that is one word, like one of theirs."""
        from rapidfuzz import fuzz, process

        for among, names in ((self._folded, None), (self._words, self._holding)):
            if names is not None and " " in folded:
                return
            near = process.extract(folded, among, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=NEAR)
            for word, likeness, at in near:
                if names is None:
                    yield at, likeness
                else:  # a whole name is likelier meant than one word of another
                    yield from ((place, likeness - 1) for place in names[word][:NEAR])


def _prefixed(words: Sequence[str], beginning: str) -> tuple[int, int]:
    """From where to where sorted words begin so."""
    return bisect_left(words, beginning), bisect_right(words, beginning + "\U0010ffff")


def folded_name(name: str) -> str:
    """A name as `kg.names.fold` has it, in a quarter of the time where it is ASCII."""
    return " ".join(name.casefold().split()) if name.isascii() else fold(name)


def index(reading: Reading) -> Index:
    """The index of a reading, made when it is first asked for."""
    return reading.once(make)


def make(reading: Reading) -> Index:
    """Read all names of things of the workspace."""
    base = f"{reading.iris.base}id/"
    kept = {
        row["gone"].value: row["kept"].value
        for row in select(
            reading.store, f"SELECT ?gone ?kept WHERE {{ ?gone {DCTERMS.isReplacedBy} ?kept }}"
        )
    }
    called: dict[str, set[str]] = defaultdict(set)
    first: dict[str, tuple[int, tuple[int, str, str]]] = {}
    for order, naming in enumerate((RDFS.label, SCHEMA.headline, SKOS.altLabel)):
        for row in select(reading.store, f"SELECT ?x ?name WHERE {{ ?x {naming} ?name }}"):
            node, name = row["x"], row["name"]
            if not (isinstance(node, NamedNode) and isinstance(name, Words)):
                continue
            iri = _last(kept, node.value)
            if not iri.startswith(base) or not name.value.strip():
                continue
            called[iri].add(name.value)
            key = (order + (iri != node.value), preference(name))
            first[iri] = min(first.get(iri, key), key)
    fine = _fine(reading)
    things: list[Thing] = []
    names: list[Name] = []
    for iri, words in sorted(called.items()):
        kind, _, local = iri.removeprefix(base).partition("/")
        if kind not in KINDS:
            continue
        number = len(things)
        things.append(
            Thing(
                iri=iri,
                id=local,
                kind=kind,
                what=fine.get(iri, kind),
                name=" ".join(first[iri][1][-1].split()),
            )
        )
        names += [Name(folded_name(word), number, " ".join(word.split())) for word in sorted(words)]
    numbers = {thing.iri: number for number, thing in enumerate(things)}
    items: dict[str, set[int]] = defaultdict(set)
    for row in select(reading.store, f"SELECT ?x ?item WHERE {{ ?x {SKOS.exactMatch} ?item }}"):
        iri, item = _last(kept, row["x"].value), row["item"].value
        if iri in numbers and item.startswith(WIKIDATA):
            items[item.removeprefix(WIKIDATA)].add(numbers[iri])
    return Index(things, names, items, _texts(reading, numbers))


def _texts(reading: Reading, numbers: Mapping[str, int]) -> dict[str, set[int]]:
    """The articles, by their numbers, whose texts have a file, or an id, of such a name."""
    start = reading.iris.prefixes()["text"]
    found: dict[str, set[int]] = defaultdict(set)
    for row in select(
        reading.store,
        f"SELECT ?x ?text ?file WHERE {{ ?x {SCHEMA.encoding} ?text . ?text {SCHEMA.name} ?file }}",
    ):
        number = numbers.get(row["x"].value)
        if number is None:
            continue
        iri, file = row["text"].value, row["file"].value
        name, local = file.rpartition("/")[2], iri.removeprefix(start)
        for called in (file, name, name.rpartition(".")[0], iri, local, f"text:{local}"):
            found[called.casefold()].add(number)
    return found


def _last(kept: dict[str, str], iri: str) -> str:
    """What stays in the place of a thing, however often it was merged."""
    seen = set()
    while iri in kept and iri not in seen:
        seen.add(iri)
        iri = kept[iri]
    return iri


def _fine(reading: Reading) -> dict[str, str]:
    """The kinds of actors and events in a word."""
    labels = {
        row["kind"].value: row["label"].value
        for row in select(
            reading.store,
            f"SELECT DISTINCT ?kind ?label WHERE {{ ?kind a {SKOS.Concept} ; {RDFS.label} ?label }}",
        )
        if isinstance(row["label"], Words) and row["label"].language in {None, "en"}
    }
    found: dict[str, str] = {}
    for family, class_ in (("actor", KG.Actor), ("event", KG.Event)):
        rows = select(reading.store, f"SELECT ?x ?kind WHERE {{ ?x a {class_} ; {KG.kind} ?kind }}")
        for row in rows:
            kind = row["kind"]
            if isinstance(kind, NamedNode):
                found[row["x"].value] = labels.get(kind.value) or concept_value(family, kind)
    return found

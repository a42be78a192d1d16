"""Items assembled from the lists in ../shared/data, and an index of them that lives in memory.

What each list tells and no more: titles with Q-ids (the words in brackets of a title are its
description), states with their names in many languages, research organisations, newspapers,
members of the Congress of the United States, and recorded answers of Wikidata's entity service.
No list counts encyclopaedias, so popularity is unknown throughout.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import yaml

from kg.link.entity import item as item_of
from kg.link.item import Item
from kg.link.similarity import names_alike, normal
from kg.vocab import WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path


def items(data: Path) -> dict[str, Item]:
    """All items that the lists know, by their ids; what several lists tell of one is put together."""
    found: dict[str, Item] = {}
    for item in _all(data):
        found[item.id] = _both(found[item.id], item) if item.id in found else item
    return found


def evidence(data: Path) -> dict[str, str | None]:
    """The entities of the founding corpus: their Q-ids, None for those that no list has."""
    with (data / "politicians" / "qid-evidence.tsv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    return {row[0]: row[1] or None for row in rows[1:]}


def _all(data: Path) -> Iterator[Item]:
    yield from _recorded(data / "wikidata-api-cassettes")
    yield from _states(data / "territories")
    yield from _people(data / "politicians" / "us-congress-2016-12.tsv")
    yield from _executive(data / "politicians" / "us-executive.yaml")
    yield from _titles(data / "wikinews" / "wikipedia-title-to-qid.tab")
    yield from _organisations(data / "organisations" / "ror-names-qids.tsv")
    yield from _newspapers(data / "newspapers" / "newspapers-wdqs.tsv")


def _item(id_: str, label: str, **more: Any) -> Item:
    return Item(id=id_, iri=WIKIDATA + id_, labels={"en": label}, **more)


def _both(one: Item, other: Item) -> Item:
    """One item of two: the first has the label, the other's are aliases."""
    names = [*other.labels.values(), *(name for some in other.aliases.values() for name in some)]
    aliases = dict.fromkeys((*one.aliases.get("en", ()), *names))
    return replace(
        one,
        labels=one.labels or other.labels,
        aliases={**one.aliases, "en": tuple(aliases)},
        descriptions=one.descriptions or other.descriptions,
        classes=one.classes or other.classes,
        related=one.related or other.related,
        born=one.born or other.born,
    )


def _recorded(folder: Path) -> Iterator[Item]:
    for file in sorted(folder.glob("*.json")):
        for entity in json.loads(file.read_text("utf-8")).get("entities", {}).values():
            found = item_of(entity, ["en", "mul"])
            if found is not None and found.labels:
                yield replace(found, sitelinks=0)  # the answers were cut: their counts are too low


def _states(folder: Path) -> Iterator[Item]:
    for file in sorted(folder.glob("*.yml")):
        told = yaml.safe_load(file.read_text("utf-8"))
        names = [told.get("full_name"), *told.get("names_strong", ())]  # the weak ones have cities
        aliases = tuple(dict.fromkeys(str(name) for name in names if name))
        yield _item(
            told["qid"],
            told["name"],
            aliases={"en": aliases},
            descriptions={"en": f"country in {told['subregion']}"},
            classes=("state",),
        )


def _people(file: Path) -> Iterator[Item]:
    for row in _rows(file):
        yield _item(
            row["qid"],
            _title(row["wikipedia"]) or row["name"],
            aliases={"en": (row["name"],)},
            descriptions={"en": "American politician, member of Congress"},
            classes=("person",),
            born=row["birthday"] or None,
        )


def _executive(file: Path) -> Iterator[Item]:
    """The presidents and vice-presidents of the list that come with a Q-id, which few do."""
    for one in yaml.safe_load(file.read_text("utf-8")):
        if id_ := one["id"].get("wikidata"):
            yield _item(
                id_,
                one["id"].get("wikipedia") or f"{one['name']['first']} {one['name']['last']}",
                descriptions={"en": "American politician"},
                classes=("person",),
                born=one["bio"].get("birthday"),
            )


def _organisations(file: Path) -> Iterator[Item]:
    for row in _rows(file):
        first, *rest = (name.strip() for name in row["names(|-separated)"].split(" | "))
        yield _item(
            row["qid"],
            re.sub(r"\s*\([^()]*\)$", "", first),
            aliases={"en": (first, *rest)},
            classes=()
            if re.match(r"(?:State|City|County|Province) of ", first)
            else ("organisation",),
        )


def _newspapers(file: Path) -> Iterator[Item]:
    for row in _rows(file):
        countries = tuple(row["country_qids"].replace("|", " ").replace(",", " ").split())
        yield _item(
            row["qid"],
            row["label_en"],
            descriptions={"en": "newspaper"},
            classes=("media",),
            related=countries,
        )


def _titles(file: Path) -> Iterator[Item]:
    """Titles: what stands in brackets, or behind a comma if it is a title itself, describes."""
    rows = [row for row in _rows(file) if re.fullmatch(r"Q\d+", row["WikidataID"])]
    titles = {row["WikidataID"]: unquote(row["#FormattedTitle"]).replace("_", " ") for row in rows}
    known = {_title(title) for title in titles.values()}
    for id_, title in titles.items():
        hint = re.search(r"\s*\(([^()]*)\)$", title)
        first, _, last = title.partition(", ")
        if hint:
            yield _item(id_, _title(title), descriptions={"en": hint[1]})
        elif last in known:
            yield _item(id_, first, aliases={"en": (title,)}, descriptions={"en": last})
        else:
            yield _item(id_, title)


def _title(title: str) -> str:
    """The name in the title of an article, without what tells it from its namesakes."""
    return re.sub(r"\s*\([^()]*\)$", "", title.replace("_", " ")).strip()


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


class Memory:
    """An index of some items: by their names, by the words of names, by their initials."""

    source = "lists"
    as_of = "2026"

    def __init__(self, items: Iterable[Item]) -> None:
        self.known: dict[str, Item] = {item.id: item for item in items}
        self.names: dict[str, tuple[str, ...]] = {}
        self.exact: defaultdict[str, set[str]] = defaultdict(set)
        self.worded: defaultdict[str, set[str]] = defaultdict(set)
        for item in self.known.values():
            aliases = (name for some in item.aliases.values() for name in some)
            self.names[item.id] = tuple(dict.fromkeys((*item.labels.values(), *aliases)))
            for name in self.names[item.id]:
                for key in self._keys(name, initials=True):
                    self.exact[key].add(item.id)
                for word in normal(name).split():
                    self.worded[word].add(item.id)

    @staticmethod
    def _keys(name: str, *, initials: bool = False) -> set[str]:
        """What a name is looked up by: its words, in any order, without titles; what may shorten it."""
        plain, bare = normal(name), normal(name, bare=True)
        words = [word for word in bare.split() if word not in {"of", "the", "and", "for"}]
        keys = {plain, bare, plain.replace(" ", ""), " ".join(sorted(words))}
        if initials and len(words) > 1:
            keys |= {"".join(w[0] for w in words), "".join(w[0] for w in bare.split())}
        return keys

    def search(self, names: Sequence[str], /, *, limit: int = 10) -> Mapping[str, Sequence[Item]]:
        """The items with the likest names; of those as alike, the first in the order of ids."""
        return {name: self._search(name, limit) for name in names}

    def _search(self, name: str, limit: int) -> list[Item]:
        ids = {id_ for key in self._keys(name) for id_ in self.exact.get(key, ())}
        sets = [self.worded.get(word, set()) for word in normal(name, bare=True).split()]
        if sets and all(sets):
            ids |= set.intersection(*sets)
        if sets and len(sets) > 1 and sets[-1]:
            ids |= {id_ for id_ in sets[-1] if sum(id_ in some for some in sets) > 1}
        near = {id_: max(names_alike(name, other) for other in self.names[id_]) for id_ in ids}
        best = sorted(ids, key=lambda id_: (-near[id_], int(re.sub(r"\D", "", id_) or 0), id_))
        return [self.known[id_] for id_ in best[:limit]]

    def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
        """The items with some ids."""
        return {id_: self.known.get(id_) for id_ in ids}

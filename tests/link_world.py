"""Items of an authority that we made up for the newsroom's invented world, and an index of them.

Ids like Q900000001 are nobody's. `World` answers as any source of items does; it can be told to fail
after so many questions, and which of its items were merged or deleted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.errors import ServiceError
from kg.link.item import Item
from kg.link.similarity import names_alike
from kg.mapping.iris import Iris
from kg.mapping.literals import integer
from kg.model import Span
from kg.store import open_store
from kg.vocab import KG, OA, RDF, RDFS, WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyoxigraph import NamedNode

    from kg.store import GraphStore

IRIS = Iris("https://example.org/kg/")


def item(
    number: int,
    label: str,
    description: str,
    *classes: str,
    aliases: tuple[str, ...] = (),
    related: tuple[int, ...] = (),
    born: str | None = None,
    died: str | None = None,
    sitelinks: int = 0,
) -> Item:
    id_ = f"Q9000000{number:02}"
    return Item(
        id=id_,
        iri=WIKIDATA + id_,
        labels={"en": label},
        aliases={"en": aliases} if aliases else {},
        descriptions={"en": description},
        classes=classes,
        related=tuple(f"Q9000000{other:02}" for other in related),
        born=born,
        died=died,
        sitelinks=sitelinks,
    )


ITEMS = (
    item(1, "Haldria", "country on the Lantern Sea", "state", related=(3,), sitelinks=120),
    item(2, "Pellovia", "country on the Lantern Sea", "state", related=(4,), sitelinks=110),
    item(3, "Brennick", "port and capital of Haldria", "place", related=(1,), sitelinks=60),
    item(4, "Sant Orel", "capital of Pellovia", "place", related=(2,), sitelinks=55),
    item(5, "Lantern Sea", "sea between Haldria and Pellovia", "place", related=(1, 2)),
    item(6, "Edrin Vask", "Haldrian officer and spokesman of the coast guard", "person",
         related=(1,), born="1984"),
    item(7, "Edrin Vask", "Pellovian opera singer (1850-1912)", "person", related=(2,),
         born="1850", died="1912"),
    item(8, "Luco Maradi", "Pellovian politician, minister of fisheries", "person", related=(2,)),
    item(9, "Luco Maradi", "footballer", "person", born="2009"),
    item(10, "Council of Lantern Sea States", "intergovernmental organisation of the Lantern Sea",
         "intergovernmental-body", aliases=("CLSS",), related=(1, 2)),
    item(11, "Lantern Wire", "news agency of Haldria", "media", related=(1,)),
    item(12, "Maritime Court", "court of Haldria in Brennick", "government-body", related=(1, 3)),
    item(13, "The Brennick Couriers", "football club of Brennick", "organisation", related=(3,)),
    item(14, "Veyle", "town", "place"),
    item(15, "Veyle", "town", "place"),
    item(16, "Old Haldria", "country on the Lantern Sea", "state", sitelinks=120),
)  # fmt: skip


@dataclass
class World:
    """A source of items that fails where it is told to."""

    known: dict[str, Item] = field(default_factory=lambda: {each.id: each for each in ITEMS})
    merged: dict[str, str] = field(default_factory=dict)
    source: str = "https://items.example.org/w/api.php"
    as_of: str = "2031-04-01"
    fails_after: int | None = None
    searched: list[str] = field(default_factory=list)

    def search(self, names: Sequence[str], /, *, limit: int = 10) -> Mapping[str, Sequence[Item]]:
        self.searched += names
        if self.fails_after is not None and len(self.searched) > self.fails_after:
            raise ServiceError("items.example.org: answers with 503")
        return {name: self._named(name)[:limit] for name in names}

    def _named(self, name: str) -> list[Item]:
        alike = {
            each.id: max(
                names_alike(name, own) for own in (each.labels["en"], *each.aliases.get("en", ()))
            )
            for each in self.known.values()
            if each.id not in self.merged
        }
        found = sorted((-likeness, id_) for id_, likeness in alike.items() if likeness >= 0.5)
        return [self.known[id_] for _, id_ in found]

    def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
        return {id_: self.known.get(self.merged.get(id_, id_)) for id_ in ids}


def crowd(articles: int) -> GraphStore:
    """So many made-up articles of one paragraph, each with a state and four people of its own."""

    def quads(graph: NamedNode, *triples: tuple[object, object, object]) -> None:
        lines.extend(
            f"{subject} {predicate} {value} {graph} ." for subject, predicate, value in triples
        )

    store = open_store("memory:")
    lines: list[str] = []
    state = IRIS.thing("actor", "haldria")
    quads(IRIS.entities, (state, RDF.type, KG.Actor), (state, RDFS.label, '"Haldria"@en'))
    for number in range(articles):
        key = f"{number:012x}"
        graph = IRIS.graph(f"article-{key}")
        quads(graph, (IRIS.thing("article", key), RDF.type, KG.Article))
        people = [IRIS.thing("actor", f"{key}-p{n}") for n in range(4)]
        for n, person in enumerate(people):
            label = f'"Person {key} {n}"@en'
            quads(graph, (person, RDF.type, KG.Actor), (person, RDFS.label, label))
        text = IRIS.thing("text", key)
        for n, thing in enumerate([state, *people]):
            span = Span(n * 10, n * 10 + 5)
            passage = IRIS.passage(text, span)
            quads(
                graph,
                (passage, KG.refersTo, thing),
                (passage, KG.inText, text),
                (passage, OA.start, integer(span.start)),
                (passage, OA.end, integer(span.end)),
            )
    store.load("\n".join(lines).encode())
    return store

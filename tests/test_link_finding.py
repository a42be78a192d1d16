"""What is asked about the candidates of some things: what their classes are called, and their neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.link.features import name
from kg.link.finding import NEIGHBOURS, RELATED, classed, neighbours
from kg.link.item import Item, Wanted
from kg.link.kinds import fit
from kg.link.scoring import BORNE
from kg.link.service import NeverAskedError
from kg.vocab import WIKIDATA
from tests.link_world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PORT, TRAWLER, COAST = "Q900000070", "Q900000071", "Q900000072"
ASKED = Wanted(id="x", names=("Arvena",), type="place")


def made(id_: str, label: str, *classes: str, related: tuple[str, ...] = ()) -> Item:
    return Item(id=id_, iri=WIKIDATA + id_, labels={"en": label}, classes=classes, related=related)


NAMED = {
    PORT: made(PORT, "fishing port"),
    TRAWLER: made(TRAWLER, "fishing trawler"),
    COAST: made(COAST, "Lantern Coast"),
}
TOWN = made("Q900000051", "Arvena", PORT, "Q5", related=(COAST,))
OTHER = made("Q900000052", "Sant Orel", TRAWLER)


@dataclass
class Asked(World):
    """A world that remembers which items were asked for; offline, it knows some only."""

    asked: list[list[str]] = field(default_factory=list)
    never: frozenset[str] = frozenset()

    def items(self, ids: Iterable[str], /) -> Mapping[str, Item | None]:
        self.asked.append(list(ids))
        if self.never & {*self.asked[-1]}:
            raise NeverAskedError("never asked")
        return {id_: self.known.get(id_) for id_ in self.asked[-1]}


def test_the_names_of_unknown_classes_and_of_neighbours_are_asked_for_at_once() -> None:
    index = Asked(known=NAMED)
    assert name(ASKED, OTHER) < BORNE
    found = {ASKED.id: {TOWN.id: TOWN, OTHER.id: OTHER}}
    labels = neighbours(index, [ASKED], found)
    assert index.asked == [[PORT, COAST]]
    assert labels == {PORT: "fishing port", COAST: "Lantern Coast"}


def test_candidates_are_of_the_classes_that_were_named() -> None:
    found = {ASKED.id: {TOWN.id: TOWN, OTHER.id: OTHER}}
    after = classed(found, {PORT: "fishing port", COAST: "Lantern Coast"})[ASKED.id]
    assert after[TOWN.id].classes == ("fishing port", "Q5")
    assert after[OTHER.id] == OTHER
    assert fit(ASKED, after[TOWN.id]).sort == "place"
    assert fit(ASKED, TOWN).sort == "person"


def test_what_was_never_asked_for_is_left_out() -> None:
    index = Asked(known=NAMED, never=frozenset({COAST}))
    assert neighbours(index, [ASKED], {ASKED.id: {TOWN.id: TOWN}}) == {PORT: "fishing port"}
    assert index.asked == [[PORT, COAST], [PORT], [COAST]]


def test_no_more_is_asked_for_than_tells() -> None:
    many = tuple(f"Q9000{number:05}" for number in range(700))
    crowd = {
        f"Q90000{n:04}": made(f"Q90000{n:04}", "Arvena", many[n], related=many[n + 1 :])
        for n in range(99)
    }
    index = Asked(known={})
    assert neighbours(index, [ASKED], {ASKED.id: crowd}) == {}
    ((*asked,),) = index.asked
    assert len(asked) <= NEIGHBOURS
    assert asked[:99] == list(many[:99])
    assert len(asked) == 99 + RELATED
    assert neighbours(index, [ASKED], {ASKED.id: {}}) == {}
    assert len(index.asked) == 1

"""The items of an index file as entities that tables can be matched to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from kg.errors import NotFoundError
from kg.vocab import WIKIDATA
from kg.web.reconcile.entities import Term, as_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.link.item import Item
    from kg.link.offline import OfflineIndex
    from kg.model import Kind, ThingType
    from kg.web.readers.reading import Reading
    from kg.web.reconcile.entities import Value

_ITEM_TYPES: Final = (
    Term("person", "person"),
    Term("state", "state"),
    Term("organisation", "organisation"),
    Term("place", "place"),
    Term("event", "event"),
)
_DATES: Final = {"P569": "born", "P570": "died", "P571": "began", "P576": "ended"}
_ITEM_PROPERTIES: Final = (
    Term("P31", "instance of"),
    Term("P569", "date of birth"),
    Term("P570", "date of death"),
    Term("P571", "inception"),
    Term("P576", "dissolved, abolished or demolished"),
    Term("P625", "coordinate location"),
)
_TEXTS: Final = {"L": "label", "A": "also known as", "D": "description"}


class ItemEntities:
    """The items of an index file; their ids are those of Wikidata."""

    def __init__(self, index: OfflineIndex) -> None:
        self._index = index
        self.title = f"Wikidata, {index.source}"
        self.space = WIKIDATA
        self.view = "https://www.wikidata.org/wiki/{}"
        self.types = _ITEM_TYPES
        codes: list[str] = json.loads(index.facts["languages"])
        self.properties = (
            *(
                Term(f"{letter}{code}", f"{name} ({code})")
                for letter, name in _TEXTS.items()
                for code in codes
            ),
            *_ITEM_PROPERTIES,
        )

    @classmethod
    def of(cls, reading: Reading) -> ItemEntities:
        """Those of the index file that the settings name."""
        from kg.link.offline import OfflineIndex

        name = reading.workspace.settings.link_source
        file = reading.workspace.root / name
        if "://" in name or name in {"live", "register"} or not file.is_file():
            raise NotFoundError(
                "there is no index of items here",
                hint="set link_source in kg.toml to a file that kg index made",
            )
        return cls(OfflineIndex(file))

    def search(self, name: str, /, *, limit: int) -> Sequence[Item]:
        """The items that may bear a name, the best known first."""
        return self._index.search([name], limit=limit)[name]

    def known(self, ids: Iterable[str], /) -> Mapping[str, Item]:
        """The items with some ids; one that was merged is the one it was merged into."""
        wanted = {id_: id_.removeprefix(WIKIDATA).removeprefix("wd:") for id_ in ids}
        found = self._index.items(wanted.values())
        return {id_: item for id_, name in wanted.items() if (item := found[name]) is not None}

    def starting(self, prefix: str, /, *, limit: int) -> Sequence[Item]:
        """The items with an id or with all words so far: an index of words knows no beginnings."""
        found = {item.id: item for item in self.known([prefix]).values()}
        found |= {item.id: item for item in self.search(prefix, limit=limit)} if prefix else {}
        return list(found.values())[:limit]

    def types_of(self, items: Sequence[Item], /) -> Mapping[str, Sequence[Term]]:
        """What items are instances of."""
        wanted = {class_ for item in items for class_ in item.classes}
        known = self._index.items(wanted)
        names = {id_: item.label("en", "mul") if item else id_ for id_, item in known.items()}
        return {item.id: [Term(id_, names[id_]) for id_ in item.classes] for item in items}

    def fits(self, item: Item, type_: ThingType, kind: Kind | None, /) -> bool:  # noqa: ARG002
        """True: of what type an item is, only its classes tell, and the score weighs them."""
        return True

    def values(
        self, ids: Sequence[str], properties: Sequence[str], /
    ) -> Mapping[str, Mapping[str, Sequence[Value]]]:
        """What the index knows of items."""
        known = self.known(ids)
        types = self.types_of(list(known.values())) if "P31" in properties else {}
        return {
            id_: {
                name: self._values(known[id_], name, types) if id_ in known else []
                for name in properties
            }
            for id_ in ids
        }

    def _values(
        self, item: Item, name: str, types: Mapping[str, Sequence[Term]]
    ) -> Sequence[Value]:
        if name == "P31":
            return [{"id": each.id, "name": each.name} for each in types[item.id]]
        if name == "P625" and item.coordinates:
            return [{"str": f"{item.coordinates[0]},{item.coordinates[1]}"}]
        if name in _DATES:
            date = getattr(item, _DATES[name])
            return [as_value(date)] if date else []
        code = name[1:]
        match name[:1]:
            case "L" if code in item.labels:
                return [as_value(item.labels[code], code)]
            case "D" if code in item.descriptions:
                return [as_value(item.descriptions[code], code)]
            case "A":
                return [as_value(alias, code) for alias in item.aliases.get(code, ())]
        return []

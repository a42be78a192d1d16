"""Who and what the names in replies stand for: entries of the register, and things of the article."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.extract.extraction import AUTHOR
from kg.extract.llm.place import NotPlacedError, clip
from kg.extract.names import names
from kg.model import Ref, Slug, Thing
from kg.register import slug

if TYPE_CHECKING:
    from kg.extract.gazetteer import Gazetteer
    from kg.extract.llm.place import Stretch
    from kg.extract.llm.reply import NameKind
    from kg.extract.names import Names
    from kg.extract.prose import Prose
    from kg.model import Kind, Language, Span, ThingType


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a name stands for."""

    ref: Ref
    type: ThingType


class Things:
    """The things of one article, each once, whatever window it was named in.

    Two names are one thing where the register has one entry for both, where the rules for names in
    texts take both for the same (a surname after the full name, letters after what they stand for),
    or where they are the same but for capitals and white space.
    """

    def __init__(self, prose: Prose, known: Gazetteer, language: Language | None) -> None:
        self.prose = prose
        self.known = known
        self.own: dict[Ref, Thing] = {}
        self._rules: Names = names(prose, known, language)
        self._entities: dict[str, int | None] = {}
        for number, entity in enumerate(self._rules.entities):
            for name in (entity.label, *entity.alt):
                known_as = self._entities.setdefault(_key(name), number)
                if known_as != number:
                    self._entities[_key(name)] = None  # two have that name
        self._things: dict[object, Known] = {}
        self._taken: set[str] = {*known.kinds, AUTHOR}

    def named(self, stretch: Stretch, name: str, kind: NameKind) -> Known:
        """The thing with a name, made if there is none yet.

        Raises NotPlacedError where the text does not have the name.
        """
        label = stretch.spelt(name)
        found = self.find(name)
        if found is None:
            key = self._identity(name)
            match kind:
                case "place" | "topic":
                    found = self.make(key, kind, None, label)
                case _:
                    found = self.make(key, "actor", kind, label)
        self._things.setdefault(_key(name), found)
        return found

    def make(self, key: object, type_: ThingType, kind: Kind | None, label: str) -> Known:
        """The thing with a key, made if there is none yet; its label stands in the text, on one line."""
        if key not in self._things:
            label = " ".join(label.split())
            id_ = slug(label, type_, self._taken)
            self._taken.add(id_)
            self.own[Ref(id_)] = Thing(id=Slug(id_), type=type_, kind=kind, label=label)
            self._things[key] = Known(ref=Ref(id_), type=type_)
        return self._things[key]

    def find(self, name: str) -> Known | None:
        """The thing with a name, if the register or the article has one."""
        if _key(name) in self._things:
            return self._things[_key(name)]
        entry = self.known.named(name)
        if entry is not None:
            return Known(ref=entry.ref, type=entry.type)
        number = self._entities.get(_key(name))
        if number is not None:
            entity = self._rules.entities[number]
            if entity.ref is not None:
                return Known(ref=entity.ref, type=entity.type)
        return self._things.get(self._identity(name))

    def also(self, stretch: Stretch, found: Known, name: str) -> None:
        """Note another name for a thing. Raises NotPlacedError where it is another thing's, or nowhere."""
        label = stretch.spelt(name)
        other = self.find(name)
        if other is not None and other != found:
            raise NotPlacedError(f"{clip(name)} stands for something else already")
        self._things.setdefault(_key(name), found)
        thing = self.own.get(found.ref)
        if thing is not None and label != thing.label and label not in thing.alt:
            self.own[found.ref] = replace(thing, alt=(*thing.alt, label))

    def standing(self, span: Span) -> list[Known]:
        """Who stands behind the words for a source, as the rules for names in texts see it.

        That may be somebody whom the text does not name, or whom it leaves open.
        """
        found = []
        for holder in self._rules.holders(self.prose, span):
            if holder.entity is None:
                key: object = ("holder", _key(holder.label))
                found.append(self.make(key, "actor", holder.kind, holder.label))
                continue
            entity = self._rules.entities[holder.entity]
            known = self.find(entity.label)
            if known is None:
                known = self.make(("entity", holder.entity), entity.type, entity.kind, entity.label)
            found.append(known)
        return found

    def _identity(self, name: str) -> object:
        """What makes a name the same thing as another: being taken for the same by the rules."""
        number = self._entities.get(_key(name))
        return _key(name) if number is None else ("entity", number)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()

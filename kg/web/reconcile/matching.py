"""Which entities the queries of a reconciliation service find, and how likely each is.

Scores are those of `kg.link.scoring`, as per cent; what properties say makes a candidate likelier or
less likely, and never decides alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, get_args

from kg.edtf import bounds
from kg.link.item import Wanted
from kg.link.kinds import NEUTRAL, sorts
from kg.link.scoring import MARGIN, against, resolve
from kg.link.similarity import names_alike
from kg.model import ActorKind, EventKind, Kind, ThingType
from kg.names import fold
from kg.web.reconcile.batch import LIMIT, MOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.link.item import Item
    from kg.web.reconcile.batch import Condition, Query
    from kg.web.reconcile.entities import Entities, Value

AGREES: Final = 4.0
"""How much likelier a property that agrees makes a candidate, and how much less one that differs: by
hand, for want of tables with known matches. A name weighs some hundred times that.
"""
TELLING: Final = 30.0
"""The same for what few have in common: days of birth and death, links to items."""
_TELLING: Final = frozenset({"born", "died", "item", "P569", "P570"})
LEAST: Final = 0.0005
"""The score below which a candidate is none: it would be shown as 0."""
ALIKE: Final = 0.9
"""Likeness from which two texts are taken for the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A candidate with its score from 0 to 1, and whether it can be taken without a person.

    One is `objected` to where something speaks against it however high its score is.
    """

    item: Item
    score: float
    taken: bool
    objected: bool = False
    features: dict[str, float | bool] = field(default_factory=dict)


# ---- what is found ------------------------------------------------------------------------------


def matches(known: Entities, query: Query, *, accept: float) -> list[Match]:
    """The entities that a query may mean, the likeliest first."""
    if query.id is not None or query.name is None:
        named = _named(known, query)
    else:
        exact = known.known([query.name])
        if exact:  # whoever writes an id means what has it
            named = [Match(item=item, score=1.0, taken=True) for item in exact.values()]
        else:
            named = _alike(known, query, accept)
    return _conditioned(known, query, named, accept)[: query.limit]


def _named(known: Entities, query: Query) -> list[Match]:
    """What an id means; without one and without a name, what a property names by id."""
    ids = [query.id] if query.id is not None else []
    if not ids:
        ids = [v for c in query.conditions if c.quantifier != "none" for v in c.values][:MOST]
    items = {item.id: item for item in known.known(ids).values()}
    return [
        Match(item=item, score=1 / len(items), taken=len(items) == 1) for item in items.values()
    ]


def _alike(known: Entities, query: Query, accept: float) -> list[Match]:
    """The entities whose names are like the one that is sought, of the type where one is given."""
    items = known.search(str(query.name), limit=max(query.limit, LIMIT))
    meant = _meant(query.types)
    scored = [_bare(item) for item in items] if meant is None else list(items)
    type_, kind = meant or ("actor", None)
    wanted = Wanted(
        id="", names=(str(query.name),), type=type_, kind=kind, language=query.language or "en"
    )
    found = resolve(wanted, scored, accept=accept)
    whole = {item.id: item for item in items}
    fitting = {
        one.item.id
        for one in found.candidates
        if meant is None
        or (one.features["type"] >= NEUTRAL and known.fits(whole[one.item.id], type_, kind))
    }
    return [
        Match(
            item=whole[one.item.id],
            score=one.score,
            taken=place == 0 and found.nil is None,
            objected=against(wanted, one.item, one.features) is not None,
            features=dict(one.features),
        )
        for place, one in enumerate(found.candidates)
        if one.item.id in fitting and one.score >= LEAST
    ]


def _bare(item: Item) -> Item:
    """An item without what says of what sort it is, for queries that do not say it either."""
    return replace(item, classes=(), descriptions={}, born=None, died=None)


def _meant(types: Sequence[str]) -> tuple[ThingType, Kind | None] | None:
    """What a thing is to be by the ids of types; None where none is known here.

    >>> _meant(["person"]), _meant(["Q5"]), _meant(["state", "company"])
    (('actor', 'person'), ('actor', 'person'), ('actor', None))
    """
    found = [one for each in types if (one := _one(each)) is not None]
    if not found:
        return None
    if len({type_ for type_, _ in found}) > 1:
        return None
    return found[0] if len(set(found)) == 1 else (found[0][0], None)


def _one(id_: str) -> tuple[ThingType, Kind | None] | None:
    if id_ in _TYPES:
        return (_TYPES[id_], None)
    for family, kinds in _FAMILIES.items():
        if id_ in kinds:
            return (family, kinds[id_])
    for sort in sorts(id_):
        if sort in _ACTORS:
            return ("actor", _ACTORS[sort])
        if sort in {"organisation", "place", "event"}:
            return ("actor" if sort == "organisation" else _TYPES[sort], None)
    return None


_TYPES: Final[dict[str, ThingType]] = {type_: type_ for type_ in get_args(ThingType)}
_ACTORS: Final[dict[str, Kind]] = {kind: kind for kind in get_args(ActorKind)}
_EVENTS: Final[dict[str, Kind]] = {kind: kind for kind in get_args(EventKind)}
_FAMILIES: Final[dict[ThingType, dict[str, Kind]]] = {"actor": _ACTORS, "event": _EVENTS}


# ---- what properties say ------------------------------------------------------------------------


def _conditioned(
    known: Entities, query: Query, found: Sequence[Match], accept: float
) -> list[Match]:
    """Candidates by how their properties agree with what is asked; where nothing is asked as they are."""
    if not query.conditions or not found:
        return list(found)
    told = known.values(
        [match.item.id for match in found], list({each.property for each in query.conditions})
    )
    weighed: list[tuple[Match, float]] = []
    for match in found:
        agreed = {
            each.property: _agrees(told[match.item.id][each.property], each)
            for each in query.conditions
        }
        if any(agreed[each.property] is not True for each in query.conditions if each.required):
            continue
        features = match.features | {
            f"property:{name}": said for name, said in agreed.items() if said is not None
        }
        differs = False in agreed.values()
        factor = math.prod(
            _weight(name) if said else 1 / _weight(name)
            for name, said in agreed.items()
            if said is not None
        )
        changed = replace(match, features=features, objected=match.objected or differs)
        weighed.append((changed, match.score * factor))
    none = max(0.0, 1 - math.fsum(match.score for match in found))
    whole = none + math.fsum(score for _, score in weighed)
    shared = sorted(
        (replace(match, score=score / whole if whole else 0.0) for match, score in weighed),
        key=lambda match: (-match.score, match.item.id),
    )
    return [
        replace(match, taken=place == 0 and _is_taken(shared, accept))
        for place, match in enumerate(shared)
    ]


def _weight(name: str) -> float:
    return TELLING if name in _TELLING else AGREES


def _is_taken(ordered: Sequence[Match], accept: float) -> bool:
    """Whether the first of some candidates can be taken without a person, as in `kg.link.scoring`."""
    best, second = ordered[0], ordered[1].score if ordered[1:] else -1.0
    return best.score >= accept and best.score - second >= MARGIN and not best.objected


def _agrees(values: Sequence[Value], condition: Condition) -> bool | None:
    """Whether the values of a property are what they should be; None where there are none."""
    if not values or not condition.values:
        return None
    found = [any(_same(value, wanted) for value in values) for wanted in condition.values]
    match condition.quantifier:
        case "all":
            return all(found)
        case "none":
            return not any(found)
    return any(found)


def _same(value: Value, wanted: str) -> bool:
    """Whether a value is what is meant: by its id, as a time that overlaps, or by its words.

    >>> _same({"date": "1954-09-21T00:00:00Z"}, "1954"), _same({"str": "1954"}, "1955")
    (True, False)
    """
    if value.get("id") == wanted:
        return True
    text = str(value.get("date", value.get("name", value.get("str", ""))))
    text = text.removesuffix("T00:00:00Z")
    try:
        one, other = bounds(text), bounds(wanted.removesuffix("T00:00:00Z"))
    except ValueError:
        return fold(text) == fold(wanted) or names_alike(text, wanted) >= ALIKE
    return (one.earliest or "") <= (other.latest or "~") and (other.earliest or "") <= (
        one.latest or "~"
    )

"""What is asked of a reconciliation service, in either version of the API: read strictly, and bounded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.errors import bounded
from kg.web.readers.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BATCH: Final = 50
"""Queries of one request: OpenRefine sends ten."""
LIMIT: Final = 10
"""Candidates of a query that does not say how many."""
MOST: Final = 100
"""Candidates of a query whatever it says."""
LENGTH: Final = 500
"""Characters of a name: what is longer is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a property of a candidate should be: one of some values, all of them, or none of them."""

    property: str
    values: tuple[str, ...]
    required: bool = False
    quantifier: str = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query: a name or an id, or only properties; `types` are ids that the service may not know."""

    name: str | None
    id: str | None = None
    types: tuple[str, ...] = ()
    limit: int = LIMIT
    conditions: tuple[Condition, ...] = ()
    language: str | None = None


def parsed(text: str | bytes, what: str) -> Any:
    """JSON that a client has sent; Refused (400) where it is none, or has halves of characters."""
    try:
        data = json.loads(text)
        json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"{what}: no JSON: {bounded(str(error), 100)}") from error
    return data


def final_batch(text: str) -> dict[str, Query]:
    """The queries of a batch of 0.2, by their keys."""
    data = an_object(parsed(text, "queries"), "queries")
    _bound(len(data))
    return {key: _final(an_object(value, f"queries.{key}"), key) for key, value in data.items()}


def _final(data: Mapping[str, Any], key: str) -> Query:
    place = f"queries.{bounded(key, 20)}"
    name = data.get("query")
    if name is not None and not isinstance(name, str):
        raise Refused(400, f"{place}.query: expected a text")
    types = data.get("type", [])
    types = [types] if isinstance(types, str) else types
    conditions = []
    for number, each in enumerate(an_array(data.get("properties", []), f"{place}.properties")):
        at = f"{place}.properties.{number}"
        stated = an_object(each, at)
        if "pid" not in stated or "v" not in stated:
            raise Refused(400, f"{at}: expected pid and v")
        conditions.append(Condition(property=str(stated["pid"]), values=_values(stated["v"], at)))
    if not (name or "").strip() and not conditions:
        raise Refused(400, f"{place}: expected a query or properties")
    return Query(
        name=_name(name, place),
        types=tuple(map(_type, an_array(types, f"{place}.type"))),
        limit=_limit(data.get("limit"), place),
        conditions=tuple(conditions),
    )


def draft_batch(body: bytes) -> list[Query]:
    """The queries of a batch of the draft of 1.0, in their order."""
    data = an_object(parsed(body, "the body"), "the body")
    queries = an_array(data.get("queries"), "queries")
    _bound(len(queries))
    return [
        _draft(an_object(each, f"queries.{n}"), f"queries.{n}") for n, each in enumerate(queries)
    ]


def _draft(data: Mapping[str, Any], place: str) -> Query:
    stated = an_array(data.get("conditions"), f"{place}.conditions")
    if not stated:
        raise Refused(400, f"{place}.conditions: expected at least one")
    found: dict[str, str] = {}
    conditions = []
    for number, each in enumerate(stated):
        at = f"{place}.conditions.{number}"
        condition = an_object(each, at)
        values = _values(condition.get("propertyValue"), at)
        match condition.get("matchType"):
            case "name" | "id" as kind:
                found.setdefault(kind, values[0] if values else "")
            case "property":
                conditions.append(_condition(condition, values, at))
            case _:
                raise Refused(400, f"{at}.matchType: expected name, id or property")
    type_ = data.get("type")
    return Query(
        name=_name(found.get("name"), place),
        id=found.get("id"),
        types=() if type_ is None else (_type(type_),),
        limit=_limit(data.get("limit"), place),
        conditions=tuple(conditions),
        language=data["lang"] if isinstance(data.get("lang"), str) else None,
    )


def _condition(data: Mapping[str, Any], values: tuple[str, ...], place: str) -> Condition:
    if not isinstance(data.get("propertyId"), str):
        raise Refused(400, f"{place}.propertyId: expected the id of a property")
    if data.get("matchQualifier"):
        raise Refused(400, f"{place}.matchQualifier: no property here has any")
    quantifier = data.get("matchQuantifier", "any")
    if quantifier not in {"any", "all", "none"}:
        raise Refused(400, f"{place}.matchQuantifier: expected any, all or none")
    return Condition(
        property=data["propertyId"],
        values=values,
        required=data.get("required") is True,
        quantifier=quantifier,
    )


def _bound(number: int) -> None:
    if number > BATCH:
        raise Refused(413, f"a batch may have {BATCH} queries here, and this one has {number}")


def _name(name: str | None, place: str) -> str | None:
    if name is not None and len(name) > LENGTH:
        raise Refused(400, f"{place}: a name may have {LENGTH} characters here")
    return " ".join(name.split()) if name and name.strip() else None


def _type(value: object) -> str:
    """The id of a type; some clients send an object that has it."""
    id_ = value.get("id") if isinstance(value, dict) else value
    if not isinstance(id_, str):
        raise Refused(400, "type: expected the id of a type")
    return id_


def _limit(value: object, place: str) -> int:
    if value is None:
        return LIMIT
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 1e9:
        raise Refused(400, f"{place}.limit: expected a number from 1")
    return min(int(value), MOST)


def _values(value: object, place: str) -> tuple[str, ...]:
    """The values of a property as texts; of an entity its id."""
    found = []
    for each in value if isinstance(value, list) else [value]:
        one = each.get("id", each.get("name")) if isinstance(each, dict) else each
        if not isinstance(one, str | int | float):
            raise Refused(400, f"{place}: expected a text, a number, true, false or an entity")
        found.append(str(one)[:LENGTH])
    return tuple(found)


def an_object(value: object, place: str) -> Mapping[str, Any]:
    """What should be an object of JSON; Refused (400) where it is none."""
    if not isinstance(value, dict):
        raise Refused(400, f"{bounded(place, 60)}: expected an object")
    return value


def an_array(value: object, place: str) -> Sequence[Any]:
    """What should be an array of JSON; Refused (400) where it is none."""
    if not isinstance(value, list):
        raise Refused(400, f"{bounded(place, 60)}: expected an array")
    return value

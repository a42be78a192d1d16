"""Items as RDF, in the form in which Wikidata's query service has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.vocab import RDFS, SCHEMA, SKOS, WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PROP = "http://www.wikidata.org/prop/"
_WIKIBASE = "http://wikiba.se/ontology#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_WKT = ox.NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")
_RANKS = {"preferred": "PreferredRank", "normal": "NormalRank", "deprecated": "DeprecatedRank"}


def graph(entities: Iterable[dict[str, Any]]) -> ox.Store:
    """A store of what some items say."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for entity in entities for triple in _triples(entity))
    return store


Triple = tuple[Any, ox.NamedNode, Any]


def _triples(entity: dict[str, Any]) -> Iterator[Triple]:
    item = ox.NamedNode(WIKIDATA + entity["id"])
    for kind, known in (("labels", RDFS.label), ("descriptions", SCHEMA.description)):
        for text in (entity.get(kind) or {}).values():
            yield item, known, ox.Literal(text["value"], language=text["language"])
    for texts in (entity.get("aliases") or {}).values():
        for text in texts:
            yield item, SKOS.altLabel, ox.Literal(text["value"], language=text["language"])
    for known, statements in (entity.get("claims") or {}).items():
        ranks = {statement["rank"] for statement in statements}
        best = "preferred" if "preferred" in ranks else "normal"
        for statement in statements:
            yield from _stated(item, known, statement, best=statement["rank"] == best)


def _stated(
    item: ox.NamedNode, known: str, statement: dict[str, Any], *, best: bool
) -> Iterator[Triple]:
    value, time = _value(statement["mainsnak"])
    if value is None:
        return
    node = ox.NamedNode(f"{WIKIDATA}statement/{statement['id'].replace('$', '-')}")
    yield item, ox.NamedNode(f"{_PROP}{known}"), node
    yield node, ox.NamedNode(f"{_PROP}statement/{known}"), value
    yield (
        node,
        ox.NamedNode(f"{_WIKIBASE}rank"),
        ox.NamedNode(_WIKIBASE + _RANKS[statement["rank"]]),
    )
    yield from _valued(node, "statement", known, time)
    if best:
        yield item, ox.NamedNode(f"{_PROP}direct/{known}"), value
    for qualifier, snaks in statement.get("qualifiers", {}).items():
        for snak in snaks:
            value, time = _value(snak)
            if value is not None:
                yield node, ox.NamedNode(f"{_PROP}qualifier/{qualifier}"), value
                yield from _valued(node, "qualifier", qualifier, time)


def _valued(
    node: ox.NamedNode, kind: str, known: str, time: dict[str, Any] | None
) -> Iterator[Triple]:
    """The node of a time value, which has its precision."""
    if time is None:
        return
    value = ox.BlankNode()
    yield node, ox.NamedNode(f"{_PROP}{kind}/value/{known}"), value
    date = ox.Literal(_date(time["time"]), datatype=ox.NamedNode(f"{_XSD}dateTime"))
    precision = ox.Literal(str(time["precision"]), datatype=ox.NamedNode(f"{_XSD}integer"))
    yield value, ox.NamedNode(f"{_WIKIBASE}timeValue"), date
    yield value, ox.NamedNode(f"{_WIKIBASE}timePrecision"), precision
    model = ox.NamedNode(time["calendarmodel"])
    yield value, ox.NamedNode(f"{_WIKIBASE}timeCalendarModel"), model


def _value(snak: dict[str, Any]) -> tuple[Any, dict[str, Any] | None]:
    """The term of a value, and the value itself where it is a time."""
    if snak["snaktype"] == "somevalue":
        return ox.BlankNode(), None
    value = snak.get("datavalue", {}).get("value")
    match snak.get("datavalue", {}).get("type"):
        case "wikibase-entityid":
            return ox.NamedNode(WIKIDATA + value["id"]), None
        case "time":
            date = ox.NamedNode(f"{_XSD}dateTime")
            return ox.Literal(_date(value["time"]), datatype=date), value
        case "globecoordinate":
            point = f"Point({value['longitude']} {value['latitude']})"
            return ox.Literal(point, datatype=_WKT), None
        case "quantity":
            decimal = ox.NamedNode(f"{_XSD}decimal")
            return ox.Literal(value["amount"], datatype=decimal), None
        case "string":
            return ox.Literal(value), None
        case _:
            return None, None


def _date(time: str) -> str:
    """A time of JSON as XSD has it: with a year 0, and a month and a day where it has none."""
    sign, rest = time[0], time[1:]
    year, month, day = rest.partition("T")[0].split("-")
    number = int(year) if sign == "+" else 1 - int(year)
    written = f"{number:04}" if number >= 0 else f"-{-number:04}"
    return f"{written}-{month.replace('00', '01')}-{day.replace('00', '01')}T00:00:00Z"

"""Items in Wikidata's own form, of the world of examples/newsroom, and those of the recorded answers.

None of these numbers is an item of Wikidata's; the classes and properties are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Entity = dict[str, Any]

HALDRIA, PELLOVIA, BRENNICK, SANT_OREL = (f"Q90000000{i}" for i in range(1, 5))
EDRIN_VASK, EDRIN_VASK_COMPOSER, LUCO_MARADI, ANSGAR_TVELD = (f"Q90000000{i}" for i in range(5, 9))
COUNCIL, LANTERN_WIRE, MERROW_BANK, COAST_GUARD, SINKING, PORTO_LANZA, OPERA = (
    f"Q9000000{i:02}" for i in range(9, 16)
)
MERGED, DELETED = "Q900000016", "Q900000017"
FAMILY_NAME, SEVERAL_HALDRIAS, MINISTER_OF_FISHERIES, MAYOR, FOREIGN_MINISTER = (
    f"Q9000000{i}" for i in range(18, 23)
)
RADIO_LANZA, HARBOUR_TOWN, OLD_KING = (f"Q9000000{i}" for i in range(23, 26))
REDIRECTS = {MERGED: EDRIN_VASK}

_HUMAN, _COUNTRY, _CITY, _NEWS_AGENCY, _RADIO = "Q5", "Q6256", "Q515", "Q192283", "Q14350"
_BODY, _ARMED_FORCE, _EVENT, _REGION, _OPERA = "Q245065", "Q176799", "Q1190554", "Q3455524", "Q1344"
_FAMILY_NAME, _PAGE, _POSITION = "Q101352", "Q4167410", "Q4164871"


def entity(
    id_: str,
    label: str | Mapping[str, str],
    description: str = "",
    *,
    aliases: Iterable[str] = (),
    sites: int = 0,
    **claims: Any,
) -> Entity:
    """An item as a line of a dump has it.

    A label is English, or several by language. Claims are by property: a value or a list of values, each
    an id, a date in EDTF, coordinates as a pair, a number, None for a value that nobody knows, or a `dict`
    with `value` and `rank`, and qualifiers by their property.
    """
    labels = {"en": label} if isinstance(label, str) else label
    stated: dict[str, list[Entity]] = {}
    for known, values in claims.items():
        for i, value in enumerate(values if isinstance(values, list) else [values]):
            stated.setdefault(known, []).append(_statement(f"{id_}$a-{known}-{i}", known, value))
    wikis = [f"{code}wiki" for code in ("en", "ja", "ko", "de", "fr", "it", "es", "sv", "pl", "nl")]
    return {
        "pageid": int(id_[1:]),
        "ns": 0,
        "title": id_,
        "lastrevid": 1,
        "modified": "2031-03-01T00:00:00Z",
        "type": "item",
        "id": id_,
        "labels": {tag: {"language": tag, "value": text} for tag, text in labels.items()},
        "descriptions": {"en": {"language": "en", "value": description}} if description else {},
        "aliases": {"en": [{"language": "en", "value": a} for a in aliases]} if aliases else {},
        "claims": stated,
        "sitelinks": {
            site: {"site": site, "title": next(iter(labels.values())), "badges": []}
            for site in wikis[:sites]
        },
    }


def world() -> list[Entity]:
    """The items of our world."""
    return [
        entity(
            HALDRIA,
            {"en": "Haldria", "ja": "ハルドリア", "ko": "할드리아"},
            "country on the Lantern Sea",
            aliases=["Republic of Haldria"],
            sites=10,
            P31=_COUNTRY,
            P36=BRENNICK,
            P625=(61.5, 4.25),
        ),
        entity(
            PELLOVIA,
            {"en": "Pellovia", "ja": "ペロヴィア"},
            "country on the Lantern Sea",
            sites=9,
            P31=_COUNTRY,
            P36=SANT_OREL,
        ),
        entity(
            BRENNICK,
            "Brennick",
            "capital of Haldria",
            sites=7,
            P31=_CITY,
            P17=HALDRIA,
            P625=(61.25, 4.5),
        ),
        entity(SANT_OREL, "Sant Orel", "capital of Pellovia", sites=6, P31=_CITY, P17=PELLOVIA),
        entity(
            EDRIN_VASK,
            {"en": "Edrin Vask", "ja": "エドリン・ヴァスク"},
            "Haldrian naval officer, spokesman of the coast guard",
            aliases=["Commander Vask", "E. Vask"],
            sites=3,
            P31=_HUMAN,
            P27=HALDRIA,
            P569="1981-04-12",
            P108=COAST_GUARD,
        ),
        entity(
            EDRIN_VASK_COMPOSER,
            "Edrin Vask",
            "Haldrian composer",
            sites=5,
            P31=_HUMAN,
            P27=HALDRIA,
            P569="1790",
            P570="1851-11",
        ),
        entity(
            LUCO_MARADI,
            "Luco Maradi",
            "Pellovian politician",
            aliases=["Maradi"],
            sites=4,
            P31=_HUMAN,
            P27=PELLOVIA,
            P569="1968-01-01",
            P39=[
                {"value": MAYOR, "P580": "2021", "P582": "2027-06-30"},
                {"value": MINISTER_OF_FISHERIES, "rank": "preferred", "P580": "2029-05-02"},
                {"value": FOREIGN_MINISTER, "rank": "deprecated", "P580": "2028"},
            ],
        ),
        entity(
            ANSGAR_TVELD,
            "Ansgar Tveld",
            "foreign minister of Haldria",
            sites=4,
            P31=_HUMAN,
            P27=HALDRIA,
            P569=None,
            P39={"value": FOREIGN_MINISTER, "P580": "2027-10"},
        ),
        entity(
            COUNCIL,
            "Council of Lantern Sea States",
            "intergovernmental organisation",
            aliases=["CLSS", "Lantern Sea Council"],
            sites=6,
            P31=_BODY,
            P571="1974-09-01",
        ),
        entity(LANTERN_WIRE, "Lantern Wire", "news agency", sites=2, P31=_NEWS_AGENCY, P17=HALDRIA),
        entity(
            MERROW_BANK,
            "Merrow Bank",
            "shallow part of the Lantern Sea",
            sites=2,
            P31=_REGION,
            P625=(60.75, 3.5),
        ),
        entity(
            COAST_GUARD,
            "Haldrian Coast Guard",
            "coast guard of Haldria",
            sites=2,
            P31=_ARMED_FORCE,
            P17=HALDRIA,
        ),
        entity(
            SINKING,
            "sinking of the Amaranta",
            "collision of two ships on the Merrow Bank",
            aliases=["Amaranta disaster"],
            sites=3,
            P31=_EVENT,
            P585="2031-03-03",
            P276=MERROW_BANK,
            P1120=3,
        ),
        entity(
            PORTO_LANZA,
            "Porto Lanza",
            "harbour town in Pellovia",
            sites=1,
            P31=HARBOUR_TOWN,
            P17=PELLOVIA,
        ),
        entity(OPERA, "Amaranta", "opera by Edrin Vask", sites=2, P31=_OPERA),
        entity(FAMILY_NAME, "Vask", "family name", P31=_FAMILY_NAME),
        entity(SEVERAL_HALDRIAS, "Haldria", "disambiguation page", sites=1, P31=_PAGE),
        entity(MINISTER_OF_FISHERIES, "Minister of Fisheries of Pellovia", P31=_POSITION),
        entity(MAYOR, "mayor of Sant Orel", P31=_POSITION),
        entity(FOREIGN_MINISTER, "Minister of Foreign Affairs of Haldria", P31=_POSITION),
        entity(RADIO_LANZA, "Radio Lanza", "radio station", sites=1, P31=_RADIO),
        entity(HARBOUR_TOWN, "harbour town", "town that has a harbour", P279=_CITY),
        entity(OLD_KING, "Orsol the Elder", "king of Haldria", P31=_HUMAN, P569="-0043"),
    ]


def recorded(shared: Path) -> list[Entity]:
    """The items of the recorded answers of Wikidata's API that are whole; other answers are labels only."""
    found: dict[str, Entity] = {}
    for file in sorted((shared / "data" / "wikidata-api-cassettes").glob("*claims*.json")):
        entities = json.loads(file.read_text(encoding="utf-8"))["entities"]
        found |= {e["id"]: e for e in entities.values() if e.get("type") == "item"}
    return list(found.values())


def _statement(id_: str, known: str, value: Any) -> Entity:
    given = value if isinstance(value, dict) else {"value": value}
    qualifiers = {key: [_snak(key, given[key])] for key in given if key not in {"value", "rank"}}
    return {
        "mainsnak": _snak(known, given["value"]),
        "type": "statement",
        "id": id_,
        "rank": given.get("rank", "normal"),
        **({"qualifiers": qualifiers, "qualifiers-order": list(qualifiers)} if qualifiers else {}),
    }


def _snak(known: str, value: Any) -> Entity:
    if value is None:
        return {"snaktype": "somevalue", "property": known, "datatype": "time"}
    data: Any
    if isinstance(value, tuple):
        kind, type_ = "globe-coordinate", "globecoordinate"
        data = {
            "latitude": value[0],
            "longitude": value[1],
            "altitude": None,
            "precision": 0.01,
            "globe": "http://www.wikidata.org/entity/Q2",
        }
    elif isinstance(value, int):
        kind, type_, data = "quantity", "quantity", {"amount": f"+{value}", "unit": "1"}
    elif value.startswith("Q"):
        kind, type_ = "wikibase-item", "wikibase-entityid"
        data = {"entity-type": "item", "numeric-id": int(value[1:]), "id": value}
    else:
        kind, type_, data = "time", "time", _time(value)
    return {
        "snaktype": "value",
        "property": known,
        "datavalue": {"value": data, "type": type_},
        "datatype": kind,
    }


def _time(date: str) -> Entity:
    """A year, a month or a day of EDTF; years before 1 have no 0 in JSON."""
    sign, parts = ("-", date[1:]) if date.startswith("-") else ("+", date)
    year, month, day = [*parts.split("-"), "00", "00"][:3]
    number = int(year) + (1 if sign == "-" else 0)
    return {
        "time": f"{sign}{number:04}-{month}-{day}T00:00:00Z",
        "timezone": 0,
        "before": 0,
        "after": 0,
        "precision": 9 + parts.count("-"),
        "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
    }

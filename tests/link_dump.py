"""A small dump of a world that we made up, in the forms that Wikidata's dumps have."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import json
import sqlite3
from typing import TYPE_CHECKING, Any, Final

import zstandard

from kg.link.offline.types import Wish, wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"
DAY: Final = "wikidata-20260105-all.json"
HALDRIA, PELLOVIA, VASK, NAMESAKE, TELLUS, SUMMIT, GAZETTE, SEA = (
    f"Q{number}" for number in range(900000001, 900000009)
)
ISLAND_REPUBLIC, SUMMIT_MEETING, DAILY, ARTICLE, PREMIER, STONE, NAMELESS, MERGED = (
    f"Q{number}" for number in range(900000101, 900000109)
)
LANGUAGES: Final = ("en", "ja", "ru")
WISH: Final = Wish(types=wanted(()), languages=LANGUAGES)


def text(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {language: {"language": language, "value": value} for language, value in values.items()}


def stated(value: object, kind: str) -> dict[str, Any]:
    data = {"value": value, "type": kind}
    return {
        "mainsnak": {"snaktype": "value", "datavalue": data},
        "type": "statement",
        "rank": "normal",
    }


def to_item(name: str) -> dict[str, Any]:
    value = {"entity-type": "item", "numeric-id": int(name[1:]), "id": name}
    return stated(value, "wikibase-entityid")


def on(day: str) -> dict[str, Any]:
    calendar = "http://www.wikidata.org/entity/Q1985727"
    value = {"time": f"+{day}T00:00:00Z", "precision": 11, "calendarmodel": calendar}
    return stated(value, "time")


def entity(
    name: str,
    labels: Mapping[str, str],
    *,
    aliases: Mapping[str, Sequence[str]] | None = None,
    descriptions: Mapping[str, str] | None = None,
    sites: int = 0,
    days: Mapping[str, str] | None = None,
    place: tuple[float, float] | None = None,
    **items: str,
) -> dict[str, Any]:
    """An entity; statements whose value is an item are given by their property."""
    claims: dict[str, list[dict[str, Any]]] = {}
    for property_, values in items.items():
        claims[property_] = [to_item(value) for value in values.split()]
    for property_, day in (days or {}).items():
        claims[property_] = [on(day)]
    if place is not None:
        globe = {"globe": "http://www.wikidata.org/entity/Q2"}
        value = {"latitude": place[0], "longitude": place[1], **globe}
        claims["P625"] = [stated(value, "globecoordinate")]
    return {
        "type": "item",
        "id": name,
        "labels": text(labels) or [],
        "descriptions": text(descriptions or {}) or [],
        "aliases": {
            language: [{"language": language, "value": value} for value in values]
            for language, values in (aliases or {}).items()
        }
        or [],
        "claims": claims or [],
        "sitelinks": {f"x{n}wiki": {"site": f"x{n}wiki", "title": name} for n in range(sites)}
        or [],
        "lastrevid": 1,
    }


def world() -> list[dict[str, Any]]:
    """The entities of the dump; what a class is under stands after what is of that class."""
    return [
        entity(
            HALDRIA,
            {"en": "Haldria", "ja": "ハルドリア", "ru": "Халдрия"},
            aliases={"en": ["Republic of Haldria", "HLD"], "de": ["Haldrien"]},
            descriptions={"en": "island republic in the Tellan Sea"},
            sites=40,
            days={"P571": "1921-03-04"},
            place=(12.5, -30.25),
            P31=ISLAND_REPUBLIC,
            P36=TELLUS,
        ),
        entity(PELLOVIA, {"en": "Pellovia"}, sites=30, P31="Q7275", P17=PELLOVIA),
        entity(
            VASK,
            {"en": "Edrin Vask", "ja": "エドリン・ヴァスク"},
            aliases={"en": ["E. Vask", "Edrin Tal Vask"]},
            descriptions={"en": "premier of Haldria"},
            sites=12,
            days={"P569": "1961-08-09"},
            P31="Q5",
            P27=HALDRIA,
            P39=PREMIER,
        ),
        entity(
            NAMESAKE,
            {"en": "Edrin Vask"},
            descriptions={"en": "Pellovian painter"},
            sites=1,
            days={"P569": "1801-01-02", "P570": "1850-05-06"},
            P31="Q5",
            P27=PELLOVIA,
        ),
        entity(TELLUS, {"mul": "Port Tellan"}, sites=9, place=(12.0, -30.0), P31="Q2221906"),
        entity(
            SUMMIT, {"en": "Port Tellan summit"}, days={"P585": "2018-06-12"}, P31=SUMMIT_MEETING
        ),
        entity(GAZETTE, {"en": "Haldria Gazette"}, sites=2, P31=DAILY, P17=HALDRIA),
        entity(SEA, {"en": "Tellan Sea"}, sites=3, P31="Q2221906"),
        entity(ARTICLE, {"en": "On the stones of Haldria"}, P31="Q13442814"),
        entity(PREMIER, {"en": "Premier of Haldria"}, P31=STONE),
        entity(STONE, {"en": "stone"}, P279="Q35120"),
        entity(NAMELESS, {"de": "Ohne Namen"}, P31="Q5"),
        entity(ISLAND_REPUBLIC, {"en": "island republic"}, P279="Q7275"),
        entity(SUMMIT_MEETING, {"en": "summit meeting"}, P279="Q1190554"),
        entity(DAILY, {"en": "daily newspaper"}, P279="Q732577 Q43229"),
        {"type": "property", "id": "P31", "labels": text({"en": "instance of"}), "claims": {}},
        {"entity": MERGED, "redirect": HALDRIA},
    ]


def array(entities: Iterable[Mapping[str, Any]]) -> bytes:
    """Entities as a dump has them: an array with one on each line."""
    lines = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in entities]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def triples(entities: Iterable[Mapping[str, Any]]) -> bytes:
    """Entities as a truthy dump has them."""
    lines = []
    for each in entities:
        if "redirect" in each:
            lines.append(
                f"{iri(each['entity'])} <http://www.w3.org/2002/07/owl#sameAs> {iri(each['redirect'])} ."
            )
            continue
        about, data = (
            iri(each["id"]),
            f"<https://www.wikidata.org/wiki/Special:EntityData/{each['id']}>",
        )
        lines.append(f"{data} <http://schema.org/about> {about} .")
        lines.append(f'{data} <http://schema.org/version> "1"^^<{INTEGER}> .')
        for part, predicate in (
            ("labels", "http://www.w3.org/2000/01/rdf-schema#label"),
            ("descriptions", "http://schema.org/description"),
        ):
            for language, value in dict(each.get(part) or {}).items():
                lines.append(f"{about} <{predicate}> {literal(value['value'])}@{language} .")
        for language, values in dict(each.get("aliases") or {}).items():
            for value in values:
                alias = "http://www.w3.org/2004/02/skos/core#altLabel"
                lines.append(f"{about} <{alias}> {literal(value['value'])}@{language} .")
        for property_, statements in dict(each.get("claims") or {}).items():
            for value in statements:
                written = direct(value["mainsnak"]["datavalue"]["value"])
                lines.append(
                    f"{about} <http://www.wikidata.org/prop/direct/{property_}> {written} ."
                )
        number = len(each.get("sitelinks") or ())
        lines.append(f'{data} <http://wikiba.se/ontology#sitelinks> "{number}"^^<{INTEGER}> .')
    return ("\n".join(lines) + "\n").encode("ascii")


def iri(name: str) -> str:
    return f"<http://www.wikidata.org/entity/{name}>"


def literal(value: str) -> str:
    return json.dumps(value)  # whose escapes N-Triples shares


def direct(value: Mapping[str, Any]) -> str:
    if "id" in value:
        return iri(value["id"])
    if "time" in value:
        return f'"{value["time"][1:]}"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    return f'"Point({value["longitude"]} {value["latitude"]})"^^<http://www.opengis.net/ont/geosparql#wktLiteral>'


def packed(content: bytes, packing: str) -> bytes:
    """Content as it is compressed: two streams in a row, as pbzip2 and others write them."""
    middle = len(content) // 2
    halves = (content[:middle], content[middle:])
    match packing:
        case "gz":
            return b"".join(gzip.compress(half) for half in halves)
        case "bz2":
            return b"".join(bz2.compress(half) for half in halves)
        case "zst":
            return b"".join(zstandard.compress(half) for half in halves)
    return content


def written(folder: Path, name: str = DAY, content: bytes | None = None) -> Path:
    """A dump in a folder, compressed and in the form that its name tells."""
    if content is None:
        content = triples(world()) if ".nt" in name else array(world())
    packing = name.rpartition(".")[2]
    file = folder / name
    file.write_bytes(packed(content, packing if packing in {"gz", "bz2", "zst"} else ""))
    return file


def content(file: Path) -> dict[str, list[Any]]:
    """All that an index holds, except how large the dump was."""
    with contextlib.closing(sqlite3.connect(file)) as kept:
        tables = {
            name: kept.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()  # noqa: S608
            for name in ("items", "names", "redirects", "meta")
        }
        kept.execute("CREATE VIRTUAL TABLE temp.spelt USING fts5vocab (main, words, instance)")
        tables["words"] = kept.execute("SELECT term, doc FROM spelt ORDER BY 1, 2").fetchall()
    return tables

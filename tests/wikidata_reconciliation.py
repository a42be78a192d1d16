"""Reconciliation services over items in Wikidata's form: version 0.2, the draft of 1.0, another authority."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg.link.entity import item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.link.item import Item

Answer = tuple[int, Any]
BATCH = 5
"""Queries that these services take at once."""


class Reconciler:
    """A service as Wikidata's is in version 0.2."""

    versions: tuple[str, ...] = ("0.1", "0.2")
    space: str | None = "http://www.wikidata.org/entity/"

    def __init__(self, entities: Mapping[str, dict[str, Any]]) -> None:
        self.entities = entities
        self.batches: list[int] = []

    def answer(self, route: str, parameters: Mapping[str, str]) -> Answer:
        """The status and the JSON that answer a request; `json` is the body of one that has no form."""
        if route == "suggest/property":
            return 200, {"result": self.properties(parameters.get("prefix", ""))}
        if "extend" in parameters:
            return 200, self.extended(json.loads(parameters["extend"]))
        if "queries" in parameters:
            queries = json.loads(parameters["queries"])
            self.batches.append(len(queries))
            if len(queries) > BATCH:
                return 413, {"status": "error", "message": "too many queries"}
            return 200, {
                name: {"result": self.matched(query["query"], query.get("limit", 5))}
                for name, query in queries.items()
            }
        return 200, self.manifest()

    def manifest(self) -> dict[str, Any]:
        return {
            "versions": list(self.versions),
            "name": "Wikidata (en)",
            "identifierSpace": self.space,
            "schemaSpace": "http://www.wikidata.org/prop/direct/",
            "view": {"url": "https://www.wikidata.org/wiki/{{id}}"},
            "batchSize": BATCH,
            "defaultTypes": [{"id": "Q35120", "name": "entity"}],
            "suggest": {
                "property": {"service_url": "", "service_path": "/reconcile/suggest/property"}
            },
            "extend": {"property_settings": []},
        }

    def properties(self, prefix: str) -> list[dict[str, str]]:
        known = {"P31": "instance of", "P569": "date of birth"}
        return [{"id": k, "name": v} for k, v in known.items() if v.startswith(prefix)]

    def matched(self, words: str, limit: int) -> list[dict[str, Any]]:
        """The candidates for a name or an id, best first."""
        found = []
        for each in self.items():
            names = {each.label("en"), *each.aliases.get("en", ())}
            exact = words in names or words == self.id(each)
            begins = any(name.casefold().startswith(words.casefold()) for name in names)
            if exact or begins:
                score = (80 if exact else 40) + each.sitelinks
                found.append((-score, self.candidate(each, score)))
        found.sort(key=lambda pair: pair[0])
        return [candidate for _, candidate in found[:limit]]

    def candidate(self, each: Item, score: float) -> dict[str, Any]:
        return {
            "id": self.id(each),
            "name": each.label("en"),
            "score": score,
            "match": False,
            "type": [{"id": id_, "name": id_} for id_ in each.classes],
            "features": [{"id": "sitelinks", "value": each.sitelinks}],
        }

    def extended(self, query: Mapping[str, Any]) -> Any:
        """The values of some properties of some items."""
        known = {self.id(each): each for each in self.items()}
        ids = [each["id"] for each in query["properties"]]
        rows = {
            id_: {p: list(self.values(known[id_], p)) if id_ in known else [] for p in ids}
            for id_ in query["ids"]
        }
        return {"meta": [{"id": p, "name": p} for p in ids], "rows": rows}

    def values(self, each: Item, stated: str) -> Iterator[dict[str, Any]]:
        letter, language = stated[0], stated[1:]
        match letter:
            case "L" if language in each.labels:
                yield {"str": each.labels[language]}
            case "D" if language in each.descriptions:
                yield {"str": each.descriptions[language]}
            case "A":
                yield from ({"str": name} for name in each.aliases.get(language, ()))
        if stated == "P569" and each.born:
            yield _date(each.born)
        if stated == "P570" and each.died:
            yield _date(each.died)

    def items(self) -> Iterator[Item]:
        for entity in self.entities.values():
            if (known := item(entity)) is not None:
                yield known

    def id(self, each: Item) -> str:
        return each.id


class Draft(Reconciler):
    """The same in the draft of 1.0: routes, arrays, conditions."""

    versions = ("1.0-draft",)

    def answer(self, route: str, parameters: Mapping[str, str]) -> Answer:
        if route == "match" and "json" in parameters:
            queries = json.loads(parameters["json"])["queries"]
            self.batches.append(len(queries))
            if len(queries) > BATCH:
                return 413, {}
            return 200, {"results": [{"candidates": self.meant(query)} for query in queries]}
        if route == "extend" and "json" in parameters:
            return 200, self.extended(json.loads(parameters["json"]))
        if route == "suggest/property":
            return 200, {"result": self.properties(parameters.get("prefix", ""))}
        return (200, self.manifest()) if not route else (404, {})

    def meant(self, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        (condition,) = query["conditions"]
        words = condition["propertyValue"]
        found = self.matched(words, query.get("limit", 5))
        if condition["matchType"] == "id":
            found = [each for each in found if each["id"] == words]
        return found

    def manifest(self) -> dict[str, Any]:
        return {
            "versions": list(self.versions),
            "name": "Wikidata (en)",
            "view": {"url": "https://www.wikidata.org/wiki/{id}"},
            "batchSize": BATCH,
            "suggest": {"entity": False, "property": True, "type": False},
            "extend": {"proposeProperties": False},
        }

    def extended(self, query: Mapping[str, Any]) -> Any:
        found = super().extended(query)
        rows = [
            {"id": id_, "properties": [{"id": p, "values": v} for p, v in row.items()]}
            for id_, row in found["rows"].items()
        ]
        return {"meta": found["meta"], "rows": rows}


class Authority(Reconciler):
    """A library's service: ids, properties and dates of its own, and the identifier space of many."""

    versions = ("0.2",)
    known = ("variantName", "biographicalInformation", "dateOfBirth", "note")
    names = ("Variant name", "Definition", "Date of birth", "Note of the cataloguer")

    def id(self, each: Item) -> str:
        return f"n {each.id[1:]}"

    def manifest(self) -> dict[str, Any]:
        return {
            "versions": ["0.2"],
            "name": "Names of the Lantern Sea",
            "identifierSpace": "http://www.w3.org/2004/02/skos/core",
            "schemaSpace": "http://www.w3.org/2004/02/skos/core#Concept",
            "view": {"url": "https://names.example/{{id}}"},
            "suggest": {
                "property": {"service_url": "", "service_path": "/authority/suggest/property"}
            },
            "extend": {},
        }

    def properties(self, prefix: str) -> list[dict[str, str]]:
        pairs = zip(self.known, self.names, strict=True)
        return [{"id": k, "name": n} for k, n in pairs if n.lower().startswith(prefix.lower())]

    def values(self, each: Item, stated: str) -> Iterator[dict[str, Any]]:
        if stated == "variantName":
            yield from ({"str": name} for name in each.aliases.get("en", ()))
        elif stated == "biographicalInformation":
            yield from ({"str": text} for text in each.descriptions.values())
        elif stated == "dateOfBirth" and each.born:
            yield {"str": each.born}
        elif stated == "note":
            yield {"str": "seen on the shelf"}


def _date(date: str) -> dict[str, str]:
    """A date as services give it: to the second, whatever is known."""
    return {"date": f"{(date + '-01-01')[:10] if len(date) < 10 else date}T00:00:00+00:00"}

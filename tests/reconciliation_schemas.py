"""What answers of reconciliation services have to be, as JSON Schema: ours, after what both versions define.

They are stricter than the community group's own: nothing may be there that its specification does
not name. `FINAL` is for version 0.2, `DRAFT` for the draft of 1.0.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ADDRESS: Schema = {"type": "string", "pattern": "^https?://"}
INSTANT: Schema = {
    "type": "string",
    "pattern": r"^-?[0-9]{4,}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](Z|[+-][0-9:]{5})$",
}


def record(needed: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """An object with some properties and no others."""
    return {
        "type": "object",
        "properties": {**needed, **(optional or {})},
        "required": list(needed),
        "additionalProperties": False,
    }


def several(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def keyed(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


NAMED = {"id": TEXT, "name": TEXT}
TYPE = record(
    NAMED, {"description": TEXT, "broader": several(record(NAMED, {"description": TEXT}))}
)
TYPES = several(record(NAMED))
SCORE: Schema = {"type": "number", "minimum": 0, "maximum": 100}
MEASURE: Schema = {"type": ["number", "boolean"]}
CANDIDATE = {**NAMED, "score": SCORE, "match": FLAG, "type": TYPES}
META = several(record(NAMED, {"type": record(NAMED), "service": ADDRESS}))


def values(text: dict[str, Schema]) -> Schema:
    """The values of a property, of which texts may have more than themselves."""
    forms = [
        record({}),
        record(NAMED, {"description": TEXT}),
        record({"str": TEXT}, text),
        record({"float": {"type": "number"}}),
        record({"int": {"type": "integer"}}),
        record({"date": INSTANT}),
    ]
    return several({"oneOf": forms})


def template(variable: str) -> Schema:
    return record({"url": {"type": "string", "pattern": f"^https?://.*{variable}"}})


SUGGEST = record(
    {
        "service_url": ADDRESS,
        "service_path": {"type": "string", "pattern": "^/"},
        "flyout_service_url": ADDRESS,
        "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"},
    }
)
MANIFEST = {
    "name": TEXT,
    "documentation": ADDRESS,
    "serviceVersion": TEXT,
    "defaultTypes": several(TYPE, uniqueItems=True, minItems=1),
    "batchSize": {"type": "integer", "minimum": 1},
    "standardizedScore": {"const": True},
    # The draft has these two no more, but forbids nothing: who keeps links needs the IRIs.
    "identifierSpace": ADDRESS,
    "schemaSpace": ADDRESS,
}
SUGGESTED = {
    "entity": record(NAMED, {"description": TEXT, "notable": TYPES}),
    "property": record(NAMED, {"description": TEXT}),
    "type": TYPE,
}
SHARED = {
    **{f"suggest/{kind}": record({"result": several(item)}) for kind, item in SUGGESTED.items()},
    "extend/propose": record(
        {"type": {"type": "string"}, "properties": several(SUGGESTED["property"])}, {"limit": COUNT}
    ),
}
FINAL = {
    **SHARED,
    "manifest": record(
        {
            **MANIFEST,
            "versions": several(TEXT, contains={"const": "0.2"}),
            "view": template(r"\{\{id\}\}"),
            "preview": record(
                {
                    "url": template(r"\{\{id\}\}")["properties"]["url"],
                    "width": COUNT,
                    "height": COUNT,
                }
            ),
            "suggest": record(dict.fromkeys(("entity", "property", "type"), SUGGEST)),
            "extend": record(
                {
                    "propose_properties": record({"service_url": ADDRESS, "service_path": TEXT}),
                    "property_settings": several({}),
                }
            ),
        }
    ),
    "match": keyed(
        record(
            {
                "result": several(
                    record(
                        {**CANDIDATE, "features": several(record({"id": TEXT, "value": MEASURE}))},
                        {"description": TEXT},
                    )
                )
            }
        )
    ),
    "extend": record({"meta": META, "rows": keyed(keyed(values({})))}),
    "flyout": record({"id": TEXT, "html": TEXT}),
}
DRAFT = {
    **SHARED,
    "manifest": record(
        {
            **MANIFEST,
            "versions": several(TEXT, contains={"const": "1.0-draft"}),
            "lang": TEXT,
            "view": template(r"\{\+id\}"),
            "preview": record({"width": COUNT, "height": COUNT}),
            "suggest": record(dict.fromkeys(("entity", "property", "type"), FLAG)),
            "extend": record({"proposeProperties": FLAG, "propertySettings": several({})}),
        }
    ),
    "match": record(
        {
            "results": several(
                record(
                    {
                        "candidates": several(
                            record(
                                {
                                    **CANDIDATE,
                                    "features": several(record({**NAMED, "value": MEASURE})),
                                },
                                {"description": TEXT},
                            )
                        )
                    }
                )
            )
        }
    ),
    "extend": record(
        {
            "meta": META,
            "rows": several(
                record(
                    {
                        "id": TEXT,
                        "properties": several(
                            record({"id": TEXT, "values": values({"lang": TEXT})})
                        ),
                    }
                )
            ),
        }
    ),
}


def faults(answer: object, schema: Schema) -> list[str]:
    """What is wrong with an answer, with the place of each fault."""
    found = Draft202012Validator(schema).iter_errors(answer)
    return [f"{error.json_path}: {error.message[:200]}" for error in found]

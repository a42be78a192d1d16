"""The reconciliation services as OpenAPI describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kg.web.protocol.formats import PAGE
from kg.web.queries.parts import JSON, STRING, get, of_types, parameter, post, problems

_CONDITION: Final = {
    "type": "object",
    "required": ["matchType", "propertyValue"],
    "properties": {"matchType": {"type": "string", "enum": ["name", "id", "property"]}},
}
_MATCHED: Final = {
    "type": "object",
    "required": ["queries"],
    "properties": {
        "queries": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["conditions"],
                "properties": {"conditions": {"type": "array", "minItems": 1, "items": _CONDITION}},
            },
        }
    },
}
_EXTENDED: Final = {
    "type": "object",
    "required": ["ids", "properties"],
    "properties": {
        "ids": {"type": "array", "items": STRING},
        "properties": {
            "type": "array",
            "items": {"type": "object", "required": ["id"], "properties": {"id": STRING}},
        },
    },
}
_QUERIES: Final = {
    "type": "object",
    "required": ["queries"],
    "properties": {"queries": STRING},
}
_ASKED: Final = {"queries": '{"q0": {"query": "Haldria"}}'}
_KIND: Final = parameter(
    "kind",
    "What is wanted.",
    place="path",
    schema={"type": "string", "enum": ["entity", "property", "type"]},
    example="entity",
)
_ID: Final = parameter(
    "id", "The id, such as actor/haldria.", schema={"type": "string", "maxLength": 500}
) | {"required": True}

OPERATIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "/reconcile": {
        "get": get(
            "reconcile-manifest",
            "What the reconciliation service is and can do",
            "reconciliation",
            of_types((JSON,)),
            description=(
                "Version 0.2 of the Reconciliation API over the register; /reconcile/draft is that of "
                "the draft of 1.0, and /reconcile/items is over the index of items, where there is one."
            ),
            others=problems(400, 503),
        ),
        "post": post(
            "reconcile",
            "The candidates for some names (version 0.2)",
            "reconciliation",
            "application/x-www-form-urlencoded",
            _QUERIES,
            _ASKED,
        ),
    },
    "/reconcile/match": {
        "post": post(
            "match",
            "The candidates for some names (draft of 1.0)",
            "reconciliation",
            JSON,
            _MATCHED,
            {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "Haldria"}]}]},
        )
    },
    "/reconcile/extend": {
        "post": post(
            "extend",
            "What is known of some entities (draft of 1.0)",
            "reconciliation",
            JSON,
            _EXTENDED,
            {"ids": ["actor/haldria"], "properties": [{"id": "alias"}]},
        )
    },
    "/reconcile/draft": {
        "get": get(
            "reconcile-manifest-draft",
            "The same for the draft of 1.0",
            "reconciliation",
            of_types((JSON,)),
            others=problems(400, 503),
        ),
        "post": post(
            "reconcile-draft",
            "The same candidates as at /reconcile",
            "reconciliation",
            "application/x-www-form-urlencoded",
            _QUERIES,
            _ASKED,
        ),
    },
    "/reconcile/preview": {
        "get": get(
            "preview",
            "A small page about an entity, to be shown in those of others",
            "reconciliation",
            of_types((PAGE,)),
            _ID,
            others=problems(400, 404, 503),
        )
    },
    "/reconcile/flyout/{kind}": {
        "get": get(
            "flyout",
            "What is shown beside a suggestion",
            "reconciliation",
            of_types((JSON,)),
            _KIND,
            _ID,
            others=problems(400, 404, 503),
        )
    },
    "/reconcile/items": {
        "get": get(
            "items-manifest",
            "What the service over the index of items is and can do",
            "reconciliation",
            of_types((JSON,)),
            description="All that is below /reconcile is below this as well.",
            others=problems(400, 404, 503),
        ),
        "post": post(
            "reconcile-items",
            "The candidates for some names among the items of the index (version 0.2)",
            "reconciliation",
            "application/x-www-form-urlencoded",
            _QUERIES,
            _ASKED,
        ),
    },
    "/reconcile/suggest/{kind}": {
        "get": get(
            "suggest",
            "Entities, properties or types whose names begin so",
            "reconciliation",
            of_types((JSON,)),
            _KIND,
            parameter(
                "prefix", "What has been typed.", schema={"type": "string", "maxLength": 500}
            ),
            parameter("limit", "So many at most.", schema={"type": "integer", "minimum": 1}),
            parameter(
                "offset", "So many are passed over.", schema={"type": "integer", "minimum": 0}
            ),
            others=problems(400, 404, 503),
        )
    },
}
"""The operations by their paths; those of /reconcile/items are there where there is an index."""

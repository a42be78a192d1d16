"""The parts that descriptions of operations are made of (OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from kg.web.protocol.formats import ROWS
from kg.web.protocol.problems import MEDIA_TYPE as PROBLEM

JSON: Final = ROWS["json"].media_type
STRING: Final = {"type": "string"}


def of_types(
    types: Iterable[str], schemas: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """The content of an answer in some media types; those without a schema are text or any JSON."""
    given = schemas or {}
    plain: dict[str, Any] = {
        name: {"type": ["object", "array"]} if name.endswith("json") else STRING for name in types
    }
    return {name: {"schema": given.get(name, schema)} for name, schema in plain.items()}


def problems(*statuses: int, plain: bool = False) -> dict[str, Any]:
    """Responses that say what went wrong, those of SPARQL in plain words for most clients."""
    content = of_types(
        (PROBLEM, "text/plain") if plain else (PROBLEM,),
        {PROBLEM: {"$ref": "#/components/schemas/Problem"}},
    )
    return {
        str(status): {
            "description": _WORDS.get(status, HTTPStatus(status).phrase),
            "content": content,
        }
        for status in statuses
    }


def answers(*statuses: int) -> dict[str, Any]:
    """Responses without a body that is told of."""
    return {
        str(status): {"description": _WORDS.get(status, HTTPStatus(status).phrase)}
        for status in statuses
    }


_WORDS: Final = {
    303: "Where it is described",
    304: "What the client has still holds",
    400: "A parameter is wrong, missing or unknown",
    404: "Nothing goes by that name",
    406: "There is no answer of an accepted type",
    401: "The token of the server is missing, or another one",
    403: "This server lets nobody write, or a query is an update",
    409: "The graph is made from another file, or nothing of it would conform",
    410: "It was merged into another thing, which is named",
    429: "Too many wrong tokens: Retry-After says when to come again",
    503: "It takes too long, or too many ask: Retry-After says when to come again",
}


def parameter(
    name: str,
    about: str,
    *,
    place: str = "query",
    schema: Mapping[str, Any] = STRING,
    example: object = None,
) -> dict[str, Any]:
    """A parameter; those of paths are required."""
    found = {
        "name": name,
        "in": place,
        "description": about,
        "required": place == "path",
        "schema": dict(schema),
    }
    return found if example is None else found | {"example": example}


def get(
    name: str,
    summary: str,
    tag: str,
    content: Mapping[str, Any],
    *parameters: Mapping[str, Any],
    others: Mapping[str, Any],
    description: str = "",
) -> dict[str, Any]:
    """An operation that reads."""
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        **({"description": description} if description else {}),
        "parameters": list(parameters),
        "responses": {"200": {"description": "The answer", "content": dict(content)}, **others},
    }


def post(
    name: str,
    summary: str,
    tag: str,
    media_type: str,
    schema: Mapping[str, Any],
    example: Mapping[str, Any],
) -> dict[str, Any]:
    """An operation that is sent a form or JSON, and answers with JSON."""
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "parameters": [],
        "requestBody": {
            "required": True,
            "content": {media_type: {"schema": schema, "example": example}},
        },
        "responses": {
            "200": {"description": "The answer", "content": of_types((JSON,))},
            **problems(400, 413, 415, 503),
        },
    }

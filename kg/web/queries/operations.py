"""What the server answers besides stored queries, as OpenAPI describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kg.web.protocol.formats import DATASETS, FORMATS, ONE_GRAPH, PAGE, ROWS
from kg.web.queries import dereferencing, reconciling
from kg.web.queries.parts import JSON, STRING, answers, get, of_types, parameter, problems
from kg.web.search.finding import KINDS

_GRAPHS: Final = tuple(form.media_type for form in FORMATS.values())
_ONE_GRAPH: Final = tuple(form.media_type for form in ONE_GRAPH.values())
_ROWS: Final = tuple(form.media_type for form in ROWS.values() if form.name)
_QUERY: Final = "SELECT ?claim ?text { ?claim a kg:Claim ; schema:text ?text } LIMIT 5"
_IRIS: Final = {"type": "array", "items": STRING}
_DATASET: Final = (
    parameter("default-graph-uri", "Graphs of the default graph; all without.", schema=_IRIS),
    parameter("named-graph-uri", "Graphs that GRAPH can name; all without.", schema=_IRIS),
)
_SPARQL: Final = of_types((*_ROWS, *_GRAPHS, PAGE))
_SPARQL_OTHERS: Final = problems(400, 403, 404, 406, 413, 415, 503, plain=True)
_FORM: Final = {
    "type": "object",
    "required": ["query"],
    "properties": {"query": {"type": "string", "example": _QUERY}},
}
_FOUND: Final = {
    "type": "object",
    "required": ["results"],
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["iri", "id", "name", "kind"],
                "properties": dict.fromkeys(("iri", "id", "name", "kind"), STRING),
            },
        }
    },
}
_FEWER: Final = (
    parameter("kind", "One kind of what is found.", example="actor")
    | {"allowEmptyValue": True, "schema": {"type": "string", "enum": ["", *KINDS, "text"]}},
    parameter("page", "The page.", schema={"type": "integer", "minimum": 1, "maximum": 100_000})
    | {"example": 1},
    parameter("limit", "So many at most.", schema={"type": "integer", "minimum": 1, "maximum": 50}),
)
_LISTED: Final = {
    "type": "object",
    "required": ["queries"],
    "properties": {"queries": {"type": "array", "items": {"$ref": "#/components/schemas/Query"}}},
}

OPERATIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    **reconciling.OPERATIONS,
    **dereferencing.OPERATIONS,
    "/query": {
        "get": get(
            "list-queries",
            "All stored queries with their parameters and columns",
            "about the data",
            of_types((JSON, PAGE), {JSON: _LISTED}),
            others={**answers(304), **problems(406, 503)},
        )
    },
    "/search": {
        "get": get(
            "search",
            "Find anything by its name",
            "linked data",
            of_types((JSON, PAGE), {JSON: _FOUND}),
            parameter("q", "A name, a part of one, an id, an IRI, or words."),
            *_FEWER,
            others={**answers(303, 304), **problems(400, 406, 503)},
        )
    },
    "/sparql": {
        "get": get(
            "sparql",
            "Any SPARQL query, read-only",
            "SPARQL",
            _SPARQL,
            parameter(
                "query", "The query; without it, the description of the service.", example=_QUERY
            ),
            *_DATASET,
            description="The SPARQL 1.1 Protocol. The union of all graphs is the default graph.",
            others=_SPARQL_OTHERS,
        ),
        "post": {
            "operationId": "sparql-post",
            "tags": ["SPARQL"],
            "summary": "The same with the query in the body",
            "parameters": list(_DATASET),
            "requestBody": {
                "required": True,
                "content": {
                    "application/sparql-query": {"schema": STRING, "example": _QUERY},
                    "application/x-www-form-urlencoded": {"schema": _FORM},
                },
            },
            "responses": {
                "200": {"description": "The answer", "content": _SPARQL},
                **_SPARQL_OTHERS,
            },
        },
    },
    "/.well-known/void": {
        "get": get(
            "describe-data",
            "The data in numbers, and where to get them (VoID, DCAT)",
            "about the data",
            of_types(_ONE_GRAPH),
            others={**answers(304), **problems(406, 503)},
        )
    },
    "/.well-known/sparql-examples": {
        "get": get(
            "describe-queries",
            "The stored queries as SHACL executables",
            "about the data",
            of_types(_ONE_GRAPH),
            others={**answers(304), **problems(406, 503)},
        )
    },
    "/dump.{extension}": {
        "get": get(
            "dump",
            "All graphs in one file",
            "about the data",
            of_types(form.media_type for form in DATASETS.values()),
            parameter(
                "extension",
                "The format: TriG or N-Quads.",
                place="path",
                schema={"type": "string", "enum": list(DATASETS)},
                example="trig",
            ),
            others={**answers(304), **problems(404, 503)},
        )
    },
}
"""The operations by their paths; a document has those that the server at hand answers."""

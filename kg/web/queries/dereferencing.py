"""Things, graphs and terms by their IRIs, read and written, as OpenAPI describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kg.web.protocol.formats import FORMATS, PAGE
from kg.web.queries.parts import answers, get, of_types, parameter, problems

TYPES: Final = tuple(form.media_type for form in FORMATS.values())
_DATA: Final = of_types(TYPES)
_BOTH: Final = of_types((*TYPES, PAGE))
_THING: Final = (
    parameter("kind", "Such as actor, event or claim.", place="path"),
    parameter("local", "The id.", place="path"),
)
_GRAPH: Final = parameter(
    "name", "What stands behind graph/ in its IRI.", place="path", example="provenance"
)
_EXTENSION: Final = parameter(
    "extension",
    "The format.",
    place="path",
    schema={"type": "string", "enum": list(FORMATS)},
    example="ttl",
)
_OTHERS: Final = {**answers(304), **problems(400, 404, 406, 503)}
_WATER: Final = "https://example.org/water"
_TOKEN: Final = [{"token": list[str]()}]
_REFUSED: Final = (400, 401, 403, 409, 413, 415, 429, 503)

OPERATIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "/id/{kind}/{local}": {
        "get": {
            "operationId": "dereference",
            "tags": ["linked data"],
            "summary": "Where a thing is described, by the type that is accepted",
            "parameters": list(_THING),
            "responses": {**answers(303), **problems(400, 404, 406, 410, 503)},
        }
    },
    "/data/id/{kind}/{local}.{extension}": {
        "get": get(
            "describe",
            "What is known of a thing",
            "linked data",
            _DATA,
            *_THING,
            _EXTENSION,
            others={**answers(304), **problems(400, 404, 406, 410, 503)},
        )
    },
    "/data/graph/{name}.{extension}": {
        "get": get(
            "describe-graph",
            "The triples of a graph in a format",
            "linked data",
            _DATA,
            _GRAPH,
            _EXTENSION,
            others=_OTHERS,
        )
    },
    "/ontology": {
        "get": get(
            "ontology",
            "The classes and properties that all data use",
            "linked data",
            _BOTH,
            description="An extension, as in /ontology.ttl, goes before the type that is accepted.",
            others=_OTHERS,
        )
    },
    "/scheme/{name}": {
        "get": get(
            "scheme",
            "A list of the values that a property can have",
            "linked data",
            _BOTH,
            parameter("name", "The name of the list.", place="path", example="modality"),
            others=_OTHERS,
        )
    },
    "/shapes": {
        "get": get(
            "shapes",
            "What data have to be like (SHACL)",
            "linked data",
            _BOTH,
            others=_OTHERS,
        )
    },
    "/graph": {
        "get": get(
            "graph",
            "The triples of a named graph, or of all",
            "SPARQL",
            _DATA,
            parameter("graph", "The IRI of the graph."),
            parameter("default", "The union of all graphs (no value).", example=""),
            description="Reading with the SPARQL 1.1 Graph Store Protocol: one of the two is given.",
            others={**answers(303, 304), **problems(400, 404, 406, 503)},
        )
    },
    "/graph/{name}": {
        "get": get(
            "graph-by-name",
            "The page of a graph, or its triples",
            "linked data",
            _BOTH,
            _GRAPH,
            others=_OTHERS,
        )
    },
}
"""The operations that read, by their paths."""


def _writing(
    name: str, summary: str, *parameters: Mapping[str, Any], body: bool, done: tuple[int, ...]
) -> dict[str, Any]:
    """An operation that changes a graph, for who has the token."""
    sent = {
        "requestBody": {
            "required": True,
            "content": {
                media_type: {"schema": {"type": "string"}, **_example(media_type)}
                for media_type in TYPES
            },
        }
    }
    return {
        "operationId": name,
        "tags": ["SPARQL"],
        "summary": summary,
        "description": "What is written lands in the files of the workspace.",
        "security": _TOKEN,
        "parameters": list(parameters),
        **(sent if body else {}),
        "responses": {
            **{str(status): {"description": _DONE[status]} for status in done},
            **problems(*_REFUSED, *([] if body else [404])),
        },
    }


def _example(media_type: str) -> dict[str, str]:
    return (
        {"example": f"<{_WATER}> a <https://schema.org/Thing> ."} if "turtle" in media_type else {}
    )


_DONE: Final = {
    201: "There was no such graph, and now there is",
    204: "The graph is changed",
}


def _written(place: Mapping[str, Any], named: str) -> dict[str, Any]:
    return {
        "put": _writing(
            f"put-{named}", "Put triples in its place", place, body=True, done=(201, 204)
        ),
        "post": _writing(f"add-{named}", "Add triples to it", place, body=True, done=(201, 204)),
        "delete": _writing(f"delete-{named}", "Remove it", place, body=False, done=(204,)),
    }


WRITING: Final[Mapping[str, Mapping[str, Any]]] = {
    "/graph": _written(
        parameter("graph", "The IRI of the graph; POST without one makes a new graph."), "graph"
    ),
    "/graph/{name}": _written(_GRAPH | {"example": "added"}, "graph-by-name"),
}
"""The operations that write, by their paths."""
SCHEMES: Final = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token that the server was started with.",
    }
}
"""What writing asks for, by the names that operations call it."""

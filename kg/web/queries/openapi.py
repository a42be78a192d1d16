"""The description of the query API (OpenAPI 3.1), made from the stored queries.

What stands beside them (SPARQL, graphs, search, linked data) is described in `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode

from kg.datatypes import pattern
from kg.query.why import Support
from kg.web.protocol.formats import CUT, LEFT_OUT, LIMIT
from kg.web.queries.asked import MOST, OPTIONS, expected
from kg.web.queries.dereferencing import SCHEMES, WRITING
from kg.web.queries.documents import FORMS, JSON, form_of
from kg.web.queries.operations import OPERATIONS
from kg.web.queries.parts import answers, of_types, problems

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kg.query.parameters import Parameter, StoredQuery

MEDIA_TYPE: Final = "application/json"
_ABOUT: Final = {
    "limit": "So many rows at most.",
    "offset": "Rows to pass over first.",
    "as_of": "Only what was known from articles published by then.",
    "why": "With 1, the passages that each row rests on: a list of its own in JSON, columns in CSV.",
    "labels": "What things are called: in JSON unless it is 0, in columns of their own in CSV with 1.",
}
_SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "limit": {"type": "integer", "minimum": 0, "maximum": MOST},
    "offset": {"type": "integer", "minimum": 0, "maximum": MOST},
    "as_of": {"type": "string", "format": "edtf"},
    "why": {"type": "string", "enum": ["0", "1", "true", "false"]},
    "labels": {"type": "string", "enum": ["0", "1", "true", "false"]},
}
_TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "edtf"},
}


def document(
    queries: Mapping[str, StoredQuery],
    examples: Mapping[str, Mapping[str, str]],
    *,
    title: str,
    version: str,
    paths: Collection[str],
    sample: Mapping[str, str],
    writing: bool = False,
) -> dict[str, Any]:
    """The description of a server that answers at some of the `paths` of `OPERATIONS`.

    `sample` has examples for the parameters of those; `writing` is whether graphs can be written.
    """
    written = WRITING if writing else {}
    described: dict[str, Any] = {
        f"/query/{name}": {"get": _operation(query, examples.get(name, {}))}
        for name, query in queries.items()
    }
    described |= {
        path: {
            method: _with(operation, sample)
            for method, operation in {**methods, **written.get(path, {})}.items()
        }
        for path, methods in OPERATIONS.items()
        if path in paths
    }
    used = {tag for path in described.values() for each in path.values() for tag in each["tags"]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "summary": "Who said what about whom, how surely, and in which words",
            "description": (
                "Every stored query answers at its own path. Parameters take ids, names, CURIEs, "
                "Wikidata ids and IRIs alike. The type of the answer is that of the Accept header, "
                "or of an extension behind the name of the query (.csv, .tsv, .json, .srj, .srx; "
                ".ttl, .jsonld, .nt, .rdf). Reading needs no key. Errors are problem details."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in sorted(used)],
        "paths": described,
        "components": {
            "parameters": {name: _option(name) for name in OPTIONS},
            "schemas": _schemas(),
            **({"securitySchemes": SCHEMES} if writing else {}),
        },
    }


def _with(operation: Mapping[str, Any], sample: Mapping[str, str]) -> dict[str, Any]:
    """An operation with examples for its parameters."""
    parameters = [
        {**each, "example": sample[each["name"]]}
        if each["name"] in sample and "example" not in each
        else each
        for each in operation["parameters"]
    ]
    return {**operation, "parameters": parameters}


def _operation(query: StoredQuery, examples: Mapping[str, str]) -> dict[str, Any]:
    form = form_of(query)
    rows = form == "SELECT"
    options = list(OPTIONS) if rows else ["as_of"]
    schemas = {JSON: {"$ref": f"#/components/schemas/{'Rows' if rows else 'YesOrNo'}"}}
    content = of_types((*FORMS[form], "text/html"), schemas)
    return {
        "operationId": query.name,
        "tags": list(query.tags[:1]) or ["queries"],
        "summary": query.summary,
        "description": _described(query),
        "parameters": [
            *(_parameter(parameter, examples) for parameter in query.parameters.values()),
            *({"$ref": f"#/components/parameters/{name}"} for name in options),
        ],
        "responses": {
            "200": {
                "description": "The answer",
                "headers": _headers(rows=rows),
                "content": content,
            },
            **answers(304),
            **problems(400, 404, 406, 503),
        },
    }


def _described(query: StoredQuery) -> str:
    lines = [query.description or f"{query.summary}."]
    if query.columns:
        lines.append("")
        lines += [f"- `{name}`: {heading}" for name, heading in query.columns.items()]
    return "\n".join(lines)


def _parameter(parameter: Parameter, examples: Mapping[str, str]) -> dict[str, Any]:
    about = f"{parameter.help}: " if parameter.help else ""
    found: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": f"{about}{expected(parameter)}",
        "required": parameter.required,
        "allowEmptyValue": True,  # what a form leaves empty counts as not given
        "schema": _schema(parameter),
    }
    if parameter.name in examples:
        found["example"] = _native(parameter, examples[parameter.name])
    return found


def _schema(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_TYPES.get(parameter.type, {"type": "string"}))
    if parameter.enumeration:
        schema["enum"] = [_native(parameter, value) for value in parameter.enumeration]
    for variable in parameter.variables:
        form = pattern(NamedNode(variable.datatype)) if variable.datatype else None
        if form and parameter.type not in _TYPES:
            schema["pattern"] = form
    if parameter.default is not None:
        schema["default"] = _native(parameter, parameter.default)
    return schema


def _native(parameter: Parameter, value: str) -> object:
    """A value as JSON has it, where its schema says number or boolean."""
    match parameter.type:
        case "integer":
            return int(value)
        case "decimal":
            return float(value)
        case "boolean":
            return value == "true"
    return value


def _option(name: str) -> dict[str, Any]:
    wanted, example = OPTIONS[name]
    schema = dict(_SCHEMAS[name])
    return {
        "name": name,
        "in": "query",
        "description": f"{_ABOUT[name]} {wanted[0].upper()}{wanted[1:]}.",
        "required": False,
        "allowEmptyValue": True,
        "schema": schema,
        "example": int(example) if schema["type"] == "integer" else example,
    }


def _headers(*, rows: bool) -> dict[str, Any]:
    text = {"type": "string"}
    found = {"ETag": {"description": "The state of the data that it is from.", "schema": text}}
    if rows:
        found |= {
            "Link": {"description": "The first, the previous and the next page.", "schema": text},
            LIMIT: {
                "description": "How many rows it could have.",
                "schema": {"type": "integer"},
            },
            CUT: {
                "description": "There are more rows than the server gives at a time.",
                "schema": {"type": "string", "enum": ["true"]},
            },
            LEFT_OUT: {
                "description": "The articles that are left out as of a date.",
                "schema": {"type": "integer"},
            },
        }
    return found


def _schemas() -> dict[str, Any]:
    text, number = {"type": "string"}, {"type": "integer"}
    page = {"offset": number, "limit": number, "more": {"type": "boolean"}}
    as_of = {"date": text, "later": number, "undated": _list(text)}
    cell = {"$ref": "#/components/schemas/Cell"}
    head = {
        "query": text,
        "summary": text,
        "parameters": {
            "type": "object",
            "description": "The values as they were given, with the things that they stand for.",
            "additionalProperties": _object({"given": text}, {"thing": _reference("Thing")}),
        },
    }
    column = _object({"name": text, "heading": text})
    rows = {
        "columns": _list(column),
        "rows": _list({"type": "object", "additionalProperties": cell}),
        "page": _object(page),
    }
    why = _list(_list(_reference("Passage"))) | {"description": "For each row what it rests on."}
    term = [_reference(name) for name in ("Thing", "Literal", "Blank", "Triple")]
    parts = {"subject": cell, "predicate": cell, "object": cell}
    numbers = {"start", "end"}
    passage = {name: number if name in numbers else text for name in Support.__dataclass_fields__}
    return {
        "Rows": _object(head | rows, {"as_of": _object(as_of), "why": why}),
        "YesOrNo": _object(head | {"answer": {"type": "boolean"}}, {"as_of": _object(as_of)}),
        "Cell": {"oneOf": [*term, {"type": "null"}]},
        "Thing": _object({"iri": text}, {"id": text, "label": text}),
        "Literal": _object(
            {"value": {"type": ["string", "number", "boolean"]}},
            {"language": text, "datatype": text},
        ),
        "Blank": _object({"blank": text}),
        "Triple": _object({"triple": _object(parts)}),
        "Passage": _object(
            {name: passage[name] for name in ("kind", "node")},
            {name: kind for name, kind in passage.items() if name not in {"kind", "node"}},
        ),
        "Query": {
            **_object(
                {
                    "name": text,
                    "href": text,
                    "summary": text,
                    "form": {"type": "string", "enum": list(FORMS)},
                    "types": _list(text),
                },
                {
                    "description": text,
                    "question": text,
                    "tags": _list(text),
                    "parameters": _list({"type": "object"}),
                    "columns": _list(column),
                },
            )
        },
        "Problem": {
            "type": "object",
            "description": "What went wrong (RFC 9457).",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": text,
                "title": text,
                "status": number,
                "detail": text,
                "hint": {"type": "string", "description": "What to do."},
                "parameter": {"type": "string", "description": "The parameter that is wrong."},
                "expected": {"type": "string", "description": "What it expects."},
                "example": {"type": "string", "description": "A value that it takes."},
            },
        },
    }


def _object(
    required: Mapping[str, Any], optional: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(items)}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}

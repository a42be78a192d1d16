"""Parameters in SPARQL: values become checked RDF terms and take the place of tokens, never of text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.edtf import Edtf, bounds
from kg.errors import ConfigError
from kg.sparql import tokens
from kg.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.query.stored import Parameter, StoredQuery


def bind(
    query: StoredQuery,
    values: Mapping[str, str],
    resolve: Callable[[str, str | None], NamedNode],
) -> str:
    """The query with its parameters replaced by what `values` gives, or else by their defaults.

    `resolve` finds a thing by its name and class (a CURIE). A parameter without a value stays a
    variable, which means any. Raises ConfigError where a value is missing, unknown or not of its
    type.
    """
    for name in values:
        if name not in query.parameters:
            known = ", ".join(f"--{known}" for known in query.parameters) or "none"
            raise ConfigError(f"{query.name} has no parameter {name}", hint=f"it has: {known}")
    terms: dict[str, str] = {}
    for name, parameter in query.parameters.items():
        value = values.get(name, parameter.default)
        if value is None:
            if parameter.required:
                raise ConfigError(
                    f"{query.name} needs --{name}: {parameter.help}",
                    hint=_example(query, parameter),
                )
            continue
        term = _term(query, parameter, value, resolve)
        if term is not None:
            terms[parameter.variable] = str(term)
    return "".join(
        terms.get(token.text[1:], token.text) if token.kind == "variable" else token.text
        for token in tokens(query.sparql)
    )


def _term(
    query: StoredQuery,
    parameter: Parameter,
    value: str,
    resolve: Callable[[str, str | None], NamedNode],
) -> NamedNode | Literal | None:
    match parameter.type:
        case "iri":
            return resolve(value, parameter.class_)
        case "integer" if re.fullmatch(r"[+-]?[0-9]{1,18}", value):
            return Literal(str(int(value)), datatype=XSD.integer)
        case "decimal" if re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", value):
            return Literal(value, datatype=XSD.decimal)
        case "lang" if re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", value):
            return Literal(value.lower())
        case "text":
            return Literal(value)
        case "date":
            try:
                earliest, latest = bounds(Edtf(value))
            except ValueError as error:
                raise ConfigError(
                    f"--{parameter.name} {value}: {error}", hint=_example(query, parameter)
                ) from error
            instant = latest if parameter.bound == "latest" else earliest
            # An open end bounds nothing: the parameter stays a variable.
            return Literal(instant, datatype=XSD.dateTime) if instant else None
    raise ConfigError(
        f"--{parameter.name} {value}: not of type {parameter.type}", hint=_example(query, parameter)
    )


def _example(query: StoredQuery, parameter: Parameter) -> str | None:
    if parameter.example is None:
        return None
    example = f"'{parameter.example}'" if " " in parameter.example else parameter.example
    return f"for example: kg query {query.name} --{parameter.name} {example}"

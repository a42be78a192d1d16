"""Parameters in SPARQL: values become checked RDF terms and take the place of tokens, never of text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.datatypes import RANGES, pattern
from kg.errors import ConfigError
from kg.names import UNPAIRED, brief
from kg.sparql import tokens
from kg.sparql.term import written
from kg.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.query.parameters import Parameter, StoredQuery, Variable

_FORMS = {
    "integer": "[+-]?[0-9]{1,18}",  # more do not fit into the 64 bits of engines
    "decimal": r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})",  # as Oxigraph holds them
    "boolean": "true|false",
    "lang": "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*",
}


def bind(
    query: StoredQuery,
    values: Mapping[str, str],
    find: Callable[[str, str | None], NamedNode],
) -> str:
    """The query with its parameters replaced by what `values` gives, or else by their defaults.

    `find` finds a thing by its name and class (a CURIE). A parameter without a value stays a
    variable, which means any. Raises ConfigError where a value is missing, unknown or not of its
    type.
    """
    for name in values:
        if name not in query.parameters:
            known = ", ".join(f"--{known}" for known in query.parameters) or "none"
            raise ConfigError(
                f"{query.name} has no parameter {brief(name)}", hint=f"it has: {known}"
            )
    terms: dict[str, str] = {}
    for name, parameter in query.parameters.items():
        value = values.get(name, parameter.default)
        if value is None:
            if parameter.required:
                about = f": {parameter.help}" if parameter.help else ""
                raise ConfigError(
                    f"{query.name} needs --{name}{about}", hint=_example(query, parameter)
                )
            continue
        wrong = mistaken(parameter, value)
        if wrong:
            raise ConfigError(f"--{name} {brief(value)}: {wrong}", hint=_example(query, parameter))
        for variable in parameter.variables:
            term = _term(parameter, variable, value, find)
            if term is not None:
                terms[variable.name] = written(term)
    return _replaced(query.sparql, terms)


def _replaced(sparql: str, terms: Mapping[str, str]) -> str:
    """A query with terms in the place of some variables.

    Where a term would run into what stands next to it (two strings make the quotes of a long one),
    a blank comes between them.
    """
    pieces: list[str] = []
    after_term = False
    for token in tokens(sparql):
        term = terms.get(token.text[1:]) if token.kind == "variable" else None
        text = token.text if term is None else term
        if (after_term and text[0] not in _APART) or (
            term is not None and pieces and pieces[-1][-1] not in _APART
        ):
            pieces.append(" ")
        pieces.append(text)
        after_term = term is not None
    return "".join(pieces)


_APART = frozenset(" \t\r\n(){}[],;.=!&|*/+")
"""What may stand next to any term and stays what it is."""


def mistaken(parameter: Parameter, value: str) -> str | None:
    """Why a value cannot be one of the parameter's; None where it can, as far as it tells by itself."""
    if UNPAIRED.search(value):
        return "not Unicode"
    if parameter.enumeration and value not in parameter.enumeration:
        return f"expected one of {', '.join(parameter.enumeration)}"
    if parameter.type == "date":
        from kg.edtf import Edtf, bounds

        try:
            bounds(Edtf(value))
        except ValueError as error:
            return str(error)
    elif parameter.type in _FORMS:
        if not re.fullmatch(_FORMS[parameter.type], value):
            return f"not of type {parameter.type}"
    elif ":" in parameter.type:
        for variable in parameter.variables:
            form = pattern(NamedNode(variable.datatype)) if variable.datatype else None
            if form and not re.fullmatch(form.removeprefix("^").removesuffix("$"), value):
                return f"not of type {parameter.type}"
            if variable.datatype and not _in_range(variable.datatype, value):
                return f"not of type {parameter.type}, or beyond what engines compute with"
    return None


def _in_range(datatype: str, value: str) -> bool:
    """Whether a number of a datatype under xsd:integer is one, and fits into 64 bits."""
    if datatype != XSD.integer.value and datatype not in RANGES:
        return True
    low, high = RANGES.get(datatype, (None, None))
    return (
        re.fullmatch(_FORMS["integer"], value) is not None
        and (low is None or low <= int(value))
        and (high is None or int(value) <= high)
    )


def _term(
    parameter: Parameter,
    variable: Variable,
    value: str,
    find: Callable[[str, str | None], NamedNode],
) -> NamedNode | Literal | None:
    match parameter.type:
        case "iri":
            return find(value, parameter.class_)
        case "integer":
            return Literal(str(int(value)), datatype=XSD.integer)
        case "decimal":
            number = _canonical(value)
            whole = variable.name.endswith("_number") and "." not in value
            return Literal(number, datatype=XSD.integer if whole else XSD.decimal)
        case "boolean":
            return Literal(value, datatype=XSD.boolean)
        case "lang":
            return Literal(value.lower())
        case "text":
            return Literal(value, language=variable.language)
        case "date":
            from kg.edtf import Edtf, bounds

            earliest, latest = bounds(Edtf(value))
            instant = latest if variable.bound == "latest" else earliest
            if instant is None:  # an open end bounds nothing: the parameter stays a variable
                return None
            if variable.datatype == XSD.date.value:
                return Literal(instant.partition("T")[0], datatype=XSD.date)
            return Literal(instant, datatype=XSD.dateTime)
    return Literal(value, datatype=NamedNode(variable.datatype)) if variable.datatype else None


def _canonical(decimal: str) -> str:
    """A decimal as Oxigraph keeps it, since the terms of some engines are the same by spelling only.

    >>> _canonical("+0.50"), _canonical("-.0"), _canonical("007")
    ('0.5', '0', '7')
    """
    whole, _, fraction = decimal.lstrip("+-").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    number = f"{whole}.{fraction}" if fraction else whole
    return f"-{number}" if decimal.startswith("-") and number != "0" else number


def _example(query: StoredQuery, parameter: Parameter) -> str | None:
    if parameter.example is None:
        return None
    return f"for example: {query.call({parameter.name: parameter.example})}"

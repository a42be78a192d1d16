"""The parameters of a query file: what its header declares, held against the variables of the query."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from kg.datatypes import pattern
from kg.errors import InputError
from kg.query.bind import mistaken
from kg.query.entries import Entries, closest
from kg.query.parameters import TYPES, Parameter, Variable
from kg.sparql import parameters, tokens
from kg.sparql.structure import read
from kg.vocab import PREFIXES, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PARAMETER_KEYS = (
    *("type", "class", "required", "default", "enumeration", "bound", "help", "example"),
)
RESERVED = (
    *("expression", "format", "output", "help", "why", "labels", "as_of", "limit", "offset"),
    *("page", "store"),
)
"""What flags of the command line are called, so that no parameter can."""

_SUFFIXES = {
    "iri": ("_iri",),
    "integer": ("_integer", "_number", "_xsd_integer"),
    "decimal": ("_decimal", "_number", "_xsd_decimal"),
    "boolean": ("_boolean", "_xsd_boolean"),
    "lang": ("", "_lang"),
    "text": ("", "_literal", "_string"),
}
_KINDS = {suffix[1:]: type_ for type_, all_ in _SUFFIXES.items() for suffix in all_ if suffix}
_DATES = {"_xsd_dateTime": XSD.dateTime.value, "_xsd_date": XSD.date.value, "_date": XSD.date.value}
_ENDS = ("earliest", "latest")
_LANGUAGE = re.compile("[a-z]{2,3}(_[a-z]{2})?")
_NAME = re.compile(r"[A-Za-z]\w*")
_CLASS = re.compile(r"[\w.-]*:[\w.-]+")
_STRINGS = (
    *("string", "normalizedString", "token", "language", "anyURI", "Name", "NCName", "NMTOKEN"),
    *("NMTOKENS", "ID", "IDREF", "IDREFS", "ENTITY", "ENTITIES", "QName", "NOTATION"),
)
"""The datatypes of XML Schema that have strings of any form, or of one that is not checked here."""


class Declared(Entries):
    """Reads the parameters of one file."""

    def _parameters(self, data: dict[str, Any]) -> dict[str, Parameter]:
        used = parameters(self.text)
        if "params" in data:
            declared = self._mapping(data, "params")
            found = {name: self._declared(name, declared, used) for name in declared}
            if used:
                variable, position = min(used.items(), key=lambda item: item[1])
                line, column = self._place(position)
                raise InputError(
                    f"{self.path}:{line}:{column}: ?{variable} looks like a parameter,"
                    " but params does not say so"
                )
        else:
            found = self._by_name(used)
        return self._with_values(found, data)

    def _declared(self, name: str, declared: dict[str, Any], used: dict[str, int]) -> Parameter:
        """A parameter of `params`; its variables are taken out of those `used`."""
        path, entry = ("params", name), declared[name]
        if not _NAME.fullmatch(name):
            self._refuse(path, "a parameter is called by letters, digits and _", key=True)
        if name in RESERVED:
            self._refuse(path, "a flag of kg query is called that", key=True)
        if not isinstance(entry, dict):
            self._refuse(path, "expected type, help and so on")
        self._known(entry, PARAMETER_KEYS, path)
        self._expect(entry, "required", bool, "true or false", path)
        self._expect(entry, "enumeration", list, "a list", path)
        for key in ("type", "class", "bound", "help"):
            self._expect(entry, key, str, "text", path)
        type_ = entry.get("type") or "text"
        if type_ not in TYPES and self._datatype(type_) is None:
            expected = ", ".join((*TYPES, "xsd:…"))
            self._refuse((*path, "type"), f"expected {expected}, found {type_!r}")
        if entry.get("bound") not in {None, *_ENDS}:
            self._refuse((*path, "bound"), f"expected earliest or latest, found {entry['bound']!r}")
        if entry.get("bound") and type_ != "date":
            self._refuse((*path, "bound"), "only dates have bounds", key=True)
        if entry.get("class") and type_ != "iri":
            self._refuse((*path, "class"), "only things (type: iri) have classes", key=True)
        class_ = entry.get("class")
        if class_ and not _CLASS.fullmatch(class_):
            self._refuse((*path, "class"), f"expected a name such as kg:Actor, found {class_!r}")
        candidates = self._candidates(name, type_, entry.get("bound"), used)
        variables = tuple(variable for variable in candidates if variable.name in used)
        if not variables:
            first = next(iter(candidates)).name
            self._refuse(path, f"the query does not use ?{first}", key=True)
        if any(variable.datatype and variable.bound == "?" for variable in variables):
            self._refuse(path, "a date needs bound: earliest or bound: latest")
        if type_ != "date" and len(variables) > 1:
            both = " and ".join(f"?{variable.name}" for variable in variables)
            self._refuse(path, f"the query uses {both}: which is it?", key=True)
        for variable in variables:
            del used[variable.name]
        optional = any(variable.name.startswith("__") for variable in variables)
        if optional and entry.get("required"):
            self._refuse((*path, "required"), f"?__{name} is an optional parameter")
        return Parameter(
            name=name,
            variables=variables,
            type=type_,
            class_=class_,
            required=entry.get("required") or False,
            default=self._value((*path, "default"), entry.get("default")),
            enumeration=self._options((*path, "enumeration"), entry.get("enumeration")),
            help=entry.get("help") or "",
            example=self._value((*path, "example"), entry.get("example")),
        )

    def _candidates(
        self, name: str, type_: str, bound: str | None, used: Mapping[str, int]
    ) -> list[Variable]:
        """How a parameter may be called in the query, and what each name takes of its value."""
        found = []
        for stem in (f"_{name}", f"__{name}"):
            if type_ == "date":
                found += [Variable(name=f"{stem}_{end}", bound=end) for end in _ENDS]
                found += [
                    Variable(name=f"{stem}{suffix}", bound=bound or "?", datatype=datatype)
                    for suffix, datatype in _DATES.items()
                ]
            elif type_ in _SUFFIXES:
                found += [Variable(name=f"{stem}{suffix}") for suffix in _SUFFIXES[type_]]
            else:
                datatype = self._datatype(type_)
                for suffix in (f"_{type_.replace(':', '_')}", ""):
                    found.append(Variable(name=f"{stem}{suffix}", datatype=datatype))
            if type_ == "text":
                found += [
                    Variable(name=variable, language=variable[len(stem) + 1 :].replace("_", "-"))
                    for variable in used
                    if variable.startswith(f"{stem}_")
                    and _LANGUAGE.fullmatch(variable[len(stem) + 1 :])
                ]
        return found

    def _by_name(self, used: Mapping[str, int]) -> dict[str, Parameter]:
        """The parameters of a file without `params`, as grlc reads them off the names."""
        found: dict[str, Parameter] = {}
        for variable, position in used.items():
            optional = variable.startswith("__")
            words = variable.lstrip("_").split("_")
            type_, name, taken = "text", "_".join(words), Variable(name=variable)
            last = words[-1] if len(words) > 1 else ""
            datatype = self._datatype(":".join(words[-2:])) if len(words) > 2 else None
            of_schema = self._datatype(f"xsd:{last}")
            if datatype is not None:
                type_, name = ":".join(words[-2:]), "_".join(words[:-2])
                taken = Variable(name=variable, datatype=datatype)
            elif last in _KINDS:
                type_, name = _KINDS[last], "_".join(words[:-1])
            elif of_schema is not None:
                type_, name = f"xsd:{last}", "_".join(words[:-1])
                taken = Variable(name=variable, datatype=of_schema)
            elif re.fullmatch("[a-z]{2}", last):
                name, taken = "_".join(words[:-1]), Variable(name=variable, language=last)
            line, column = self._place(position)
            where = f"{self.path}:{line}:{column}: ?{variable}"
            if not name:
                raise InputError(f"{where}: a parameter without a name")
            if not _NAME.fullmatch(name):
                raise InputError(f"{where}: a parameter is called by letters, digits and _")
            if name in RESERVED:
                raise InputError(f"{where}: a flag of kg query is called {name}")
            if name in found:
                other = found[name].variables[0].name
                raise InputError(f"{where} and ?{other} are two parameters of one name")
            found[name] = Parameter(
                name=name, variables=(taken,), type=type_, required=not optional
            )
        return found

    def _datatype(self, name: str) -> str | None:
        """The IRI of a datatype by its CURIE, if its prefix is known."""
        prefix, colon, local = name.partition(":")
        iri = (self._declared_prefixes() | dict(PREFIXES)).get(prefix) if colon else None
        if not iri or not re.fullmatch(r"[\w.-]+", local):
            return None
        datatype = f"{iri}{local}"
        known = iri != XSD.base or local in _STRINGS or pattern(NamedNode(datatype))
        return datatype if known else None

    def _declared_prefixes(self) -> dict[str, str]:
        pieces = [token for token in tokens(read(self.text).prologue) if token.kind != "space"]
        return {
            name.text[:-1]: iri.text[1:-1]
            for name, iri in pairwise(pieces)
            if name.text.endswith(":") and iri.kind == "iri"
        }

    def _with_values(
        self, found: dict[str, Parameter], data: dict[str, Any]
    ) -> dict[str, Parameter]:
        """Parameters with grlc's `defaults` and `enumerate`, each checked against its type."""
        places: dict[tuple[str, str], tuple[str | int, ...]] = {}
        for key, change in (("defaults", "default"), ("enumerate", "enumeration")):
            for path, named, value in self._pairs(data, key):
                name = _meant(named, found)
                if name is None:
                    close = closest(named, found, n=1)
                    hint = f"did you mean {close[0]}?" if close else "the query has no such one"
                    self._refuse(path, f"unknown parameter ({hint})", key=True)
                places[name, change] = path
                if change == "default":
                    default = self._value(path, value)
                    found[name] = replace(found[name], default=default, required=False)
                elif value is not None:
                    found[name] = replace(found[name], enumeration=self._options(path, value))
        for name, parameter in found.items():
            if parameter.required and parameter.default is not None:
                self._refuse(("params", name, "required"), "what has a default is not required")
            path = places.get((name, "enumeration"), ("params", name, "enumeration"))
            for number, option in enumerate(parameter.enumeration):
                self._check(replace(parameter, enumeration=()), option, (*path, number))
            for key, given in (("default", parameter.default), ("example", parameter.example)):
                if given is not None:
                    path = places.get((name, key), ("params", name, key))
                    self._check(parameter, given, path)
        return found

    def _check(self, parameter: Parameter, value: str, path: tuple[str | int, ...]) -> None:
        wrong = mistaken(parameter, value)
        if wrong:
            self._refuse(path, wrong)

    def _pairs(
        self, data: dict[str, Any], key: str
    ) -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
        """The entries of a mapping, or of a list of mappings with one key each, as grlc has them."""
        value = data.get(key) or []
        parts = enumerate(value) if isinstance(value, list) else [(None, value)]
        for number, part in parts:
            path: tuple[str | int, ...] = (key,) if number is None else (key, number)
            if isinstance(part, str) and key == "enumerate":
                # grlc asks the endpoint for the values; here any value may be given.
                yield path, part, None
            elif isinstance(part, dict):
                for name, entry in part.items():
                    yield (*path, name), name, entry
            else:
                self._refuse(path, f"expected a parameter with its value, found {part!r}")


def _meant(name: str, found: Mapping[str, Parameter]) -> str | None:
    """The parameter of a name, which may be that of its variable, as older files for grlc have it."""
    if name in found:
        return name
    variables = {
        v.name: parameter.name for parameter in found.values() for v in parameter.variables
    }
    return variables.get(name)

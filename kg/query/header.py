"""The header of a query file, read strictly: what is wrong has a file, a line and a column."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NoReturn

from pyoxigraph import NamedNode

from kg.datatypes import pattern
from kg.errors import AnnotationError, InputError, Problem
from kg.query.bind import mistaken
from kg.query.parameters import TYPES, Case, Parameter, StoredQuery, Variable
from kg.source import Source
from kg.sparql import parameters, tokens
from kg.sparql.structure import Select, clauses, columns, read
from kg.vocab import PREFIXES, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.sparql import Token

KEYS = (
    *("summary", "description", "question", "tags", "params", "columns", "tests", "pagination"),
    *("defaults", "enumerate", "endpoint", "endpoint_in_url", "method", "mime", "transform"),
)
PARAMETER_KEYS = (
    *("type", "class", "required", "default", "enumeration", "bound", "help", "example"),
)
CASE_KEYS = ("params", "rows", "ask", "has")
RESERVED = (
    *("expression", "format", "output", "help", "why", "labels", "as_of", "limit", "offset"),
    *("page", "store"),
)
"""What flags of the command line are called, so that no parameter can."""

_UNUSED = ("method", "mime", "transform")
"""Decorators of grlc about how it asks an endpoint and rewrites what comes back."""

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


class Header:
    """Reads the header of one file and checks it against the query."""

    def __init__(self, path: Path, text: str, endpoints: Sequence[str]) -> None:
        self.path = path
        self.text = text
        self.endpoints = endpoints
        lines = text.split("\n")
        headed = [(n, line) for n, line in enumerate(lines) if line.startswith("#+")]
        if not headed:
            raise InputError(
                f"{path}:1: no header", hint="a stored query starts with #+ summary: …"
            )
        # Blanks in the place of all else keep the lines and columns of messages right.
        numbered = dict(headed)
        yaml = [numbered.get(n, "").replace("#+", "  ", 1) for n in range(headed[-1][0] + 1)]
        if not any(map(str.strip, yaml)):
            raise InputError(f"{path}:1: the header is empty", hint="it says summary: …")
        try:
            self.source = Source("\n".join(yaml).encode(), str(path))
        except AnnotationError as error:
            raise InputError(str(error)) from error

    def query(self) -> StoredQuery:
        """The stored query. Raises InputError where something is wrong with it."""
        data = self.source.data
        if not isinstance(data, dict):
            self._refuse((), "the header must have keys, such as summary")
        self._known(data, KEYS, ())
        if "summary" not in data:
            self._refuse((), "summary is missing")
        for key in ("summary", "description", "question", "endpoint", "mime", "method"):
            self._expect(data, key, str, "text", ())
        if not data["summary"]:
            self._refuse(("summary",), "expected text, found nothing")
        self._expect(data, "tags", list, "a list", ())
        tags = data.get("tags") or []
        select = self._select()
        found = self._parameters(data)
        self._assigned(select)
        return StoredQuery(
            name=self.path.stem,
            sparql=self.text,
            summary=data["summary"],
            description=data.get("description") or "",
            question=data.get("question"),
            tags=tuple(self._word(("tags", number), tag) for number, tag in enumerate(tags)),
            parameters=found,
            columns=self._columns(data, select),
            cases=tuple(self._cases(data, found, select)),
            pagination=self._pagination(data),
            endpoint=self._endpoint(data),
            unused=tuple(key for key in _UNUSED if key in data),
        )

    # The query

    def _select(self) -> Select:
        try:
            select = read(self.text).select
            for part in _selects(select):
                clauses(part.modifiers)
        except InputError as error:
            message = re.sub(r"^SPARQL: line (\d+), column (\d+)", r"\1:\2: SPARQL", str(error))
            where = "" if message[0].isdigit() else " "
            raise InputError(f"{self.path}:{where}{message}", hint=error.hint) from error
        return select

    def _assigned(self, select: Select) -> None:
        """A parameter stands for a term, so that it cannot be where only variables can."""
        for part in _selects(select):
            if part.form == "SELECT":
                names = {column.name for column in columns(part) or () if not column.expression}
                for token in part.head:
                    if _is_parameter(token) and token.text[1:] in names:
                        what = "is a parameter, and cannot be a column: BIND it to another name"
                        self._misplaced(token, what)
            for name, clause in clauses(part.modifiers).items():
                depth = 0
                for token in clause:
                    depth += (token.text in "([{") - (token.text in ")]}")
                    if name in {"GROUP", "ORDER"} and depth == 0 and _is_parameter(token):
                        what = "is a parameter, and the same for all rows: no use in "
                        self._misplaced(token, f"{what}{name} BY")
        pieces = [token for token in tokens(self.text) if token.kind not in {"space", "comment"}]
        names_of_values = False
        for before, last, token in zip(pieces, pieces[1:], pieces[2:], strict=False):
            if last.text.upper() == "VALUES":
                names_of_values = True
            elif last.text == "{":
                names_of_values = False
            if not _is_parameter(token):
                continue
            if last.text.upper() == "AS" or names_of_values:
                self._misplaced(token, "is a parameter, and cannot be given a value by the query")
            if before.text.upper() == "BOUND" and last.text == "(":
                what = "is a parameter, and BOUND takes a variable only: COALESCE(…, default) does"
                self._misplaced(token, what)

    def _misplaced(self, token: Token, what: str) -> NoReturn:
        line, column = self._place(token.start)
        problem = Problem(
            file=str(self.path), line=line, column=column, message=f"{token.text} {what}"
        )
        raise InputError(str(problem))

    def _place(self, position: int) -> tuple[int, int]:
        before = self.text[:position]
        return before.count("\n") + 1, position - before.rfind("\n")

    def _columns(self, data: dict[str, Any], select: Select) -> dict[str, str]:
        found = self._mapping(data, "columns")
        named = columns(select) if select.form == "SELECT" else ()
        if named is not None:
            known = [column.name for column in named]
            for name in found:
                if name not in known:
                    close = _close(name, known, n=1)
                    hint = f" (did you mean {close[0]}?)" if close else ""
                    self._refuse(("columns", name), f"no column of the query{hint}", key=True)
        return {key: self._word(("columns", key), value) for key, value in found.items()}

    # Parameters

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
                    close = _close(named, found, n=1)
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

    # The rest

    def _pagination(self, data: dict[str, Any]) -> int | None:
        value = data.get("pagination")
        if value is not None and (type(value) is not int or value < 1):
            self._refuse(("pagination",), f"expected a number of rows, found {value!r}")
        return value

    def _endpoint(self, data: dict[str, Any]) -> str | None:
        if data.get("endpoint_in_url") not in {None, False, "False", "false"}:
            self._refuse(
                ("endpoint_in_url",), "whoever asks cannot choose whom to ask: name the endpoint"
            )
        endpoint: str | None = data.get("endpoint")
        if endpoint is not None and endpoint not in self.endpoints:
            self._refuse(
                ("endpoint",),
                "the settings do not allow this endpoint (add it to endpoints in kg.toml)",
            )
        return endpoint

    def _cases(
        self, data: dict[str, Any], found: Mapping[str, Parameter], select: Select
    ) -> Iterator[Case]:
        self._expect(data, "tests", list, "a list", ())
        for number, entry in enumerate(data.get("tests") or []):
            path = ("tests", number)
            if not isinstance(entry, dict):
                self._refuse(path, "expected params, rows and so on")
            self._known(entry, CASE_KEYS, path)
            self._expect(entry, "ask", bool, "true or false", path)
            self._expect(entry, "has", list, "a list of rows", path)
            values = self._words(entry, "params", path, "parameters with values")
            for name, value in values.items():
                if name not in found:
                    close = _close(name, found, n=1)
                    hint = f" (did you mean {close[0]}?)" if close else ""
                    self._refuse((*path, "params", name), f"unknown parameter{hint}", key=True)
                self._check(found[name], value, (*path, "params", name))
            for name, parameter in found.items():
                if parameter.required and name not in values:
                    self._refuse((*path, "params"), f"{name} is required", key=True)
            rows = entry.get("rows")
            if rows is not None and (type(rows) is not int or rows < 0):
                self._refuse((*path, "rows"), f"expected a number of rows, found {rows!r}")
            has = entry.get("has") or []
            if not all(isinstance(row, dict) for row in has):
                self._refuse((*path, "has"), "expected rows: columns with values")
            if rows is None and entry.get("ask") is None and not has:
                self._refuse(path, "expects nothing: say rows, has or ask")
            wrong = {"ask"} if select.form != "ASK" else {"rows", "has"}
            for key in sorted(wrong & entry.keys()):
                self._refuse((*path, key), f"no answer of {select.form} has that", key=True)
            named = columns(select) if select.form == "SELECT" else ()
            for row, cells in enumerate(has):
                for name in cells:
                    if named is not None and name not in {column.name for column in named}:
                        self._refuse((*path, "has", row, name), "no column of the query", key=True)
            line = self.source.problem(path, "").line or 1
            yield Case(
                values=values,
                line=line,
                rows=rows,
                ask=entry.get("ask"),
                has=tuple(
                    {
                        name: "" if cell is None else self._word((*path, "has", row, name), cell)
                        for name, cell in cells.items()
                    }
                    for row, cells in enumerate(has)
                ),
            )

    def _words(
        self, data: dict[str, Any], key: str, path: tuple[str | int, ...], what: str
    ) -> dict[str, str]:
        """Keys with values that are words."""
        value = data.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._refuse((*path, key), f"expected {what}")
        return {name: self._word((*path, key, name), word) for name, word in value.items()}

    def _mapping(self, data: dict[str, Any], key: str) -> dict[str, Any]:
        value = {} if data.get(key) is None else data[key]
        if not isinstance(value, dict):
            self._refuse((key,), "expected keys with values")
        return value

    def _options(self, path: tuple[str | int, ...], value: object) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self._refuse(path, f"expected a list, found {value!r}")
        return tuple(self._word((*path, number), option) for number, option in enumerate(value))

    def _value(self, path: tuple[str | int, ...], value: object) -> str | None:
        return None if value is None else self._word(path, value)

    def _word(self, path: tuple[str | int, ...], value: object) -> str:
        """What a place has that takes one word or number, as it was written."""
        if value is None or isinstance(value, (dict, list)):
            shown = "nothing" if value is None else repr(value)
            self._refuse(path, f"expected text, found {shown}")
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _known(
        self, data: dict[str, Any], known: Sequence[str], path: tuple[str | int, ...]
    ) -> None:
        for key in data:
            if key not in known:
                close = _close(key, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
                self._refuse((*path, key), f"unknown key ({hint})", key=True)

    def _expect(
        self, data: dict[str, Any], key: str, type_: type, what: str, path: tuple[str | int, ...]
    ) -> None:
        value = data.get(key)
        if value is not None and not isinstance(value, type_):
            self._refuse((*path, key), f"expected {what}, found {value!r}")

    def _refuse(self, path: tuple[str | int, ...], message: str, *, key: bool = False) -> NoReturn:
        raise InputError(str(self.source.problem(path, message, key=key)))


def _selects(select: Select) -> Iterator[Select]:
    """A SELECT and all those inside it."""
    yield select
    for inner in select.inner:
        yield from _selects(inner)


def _is_parameter(token: Token) -> bool:
    return token.kind == "variable" and token.text[1] == "_"


def _meant(name: str, found: Mapping[str, Parameter]) -> str | None:
    """The parameter of a name, which may be that of its variable, as older files for grlc have it."""
    if name in found:
        return name
    variables = {
        v.name: parameter.name for parameter in found.values() for v in parameter.variables
    }
    return variables.get(name)


def _close(word: str, known: Iterable[str], n: int) -> list[str]:
    """The known words that are most like one."""
    import difflib

    return difflib.get_close_matches(word, list(known), n=n)

"""The header of a query file, read strictly: what is wrong has a file, a line and a column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from kg.errors import InputError, Problem
from kg.query.declared import Declared
from kg.query.entries import closest
from kg.query.parameters import Case, Parameter, StoredQuery
from kg.sparql import tokens
from kg.sparql.structure import Select, clauses, columns, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.sparql import Token

KEYS = (
    *("summary", "description", "question", "tags", "params", "columns", "tests", "pagination"),
    *("defaults", "enumerate", "endpoint", "endpoint_in_url", "method", "mime", "transform"),
)
CASE_KEYS = ("params", "rows", "ask", "has")
_UNUSED = ("method", "mime", "transform")
"""Decorators of grlc about how it asks an endpoint and rewrites what comes back."""


class Header(Declared):
    """Reads the header of one file and checks it against the query."""

    def __init__(self, path: Path, text: str, endpoints: Sequence[str]) -> None:
        super().__init__(path, text)
        self.endpoints = endpoints

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

    def _columns(self, data: dict[str, Any], select: Select) -> dict[str, str]:
        found = self._mapping(data, "columns")
        named = columns(select) if select.form == "SELECT" else ()
        if named is not None:
            known = [column.name for column in named]
            for name in found:
                if name not in known:
                    close = closest(name, known, n=1)
                    hint = f" (did you mean {close[0]}?)" if close else ""
                    self._refuse(("columns", name), f"no column of the query{hint}", key=True)
        return {key: self._word(("columns", key), value) for key, value in found.items()}

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
                    close = closest(name, found, n=1)
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


def _selects(select: Select) -> Iterator[Select]:
    """A SELECT and all those inside it."""
    yield select
    for inner in select.inner:
        yield from _selects(inner)


def _is_parameter(token: Token) -> bool:
    return token.kind == "variable" and token.text[1] == "_"

"""Stored queries: .rq files that are valid SPARQL and say in `#+` lines what they answer.

The header is YAML, a superset of grlc's decorators::

    #+ summary: What an actor claims
    #+ params:
    #+   actor: {type: iri, class: kg:Actor, required: true, help: whose claims, example: japan}
    #+ columns: {text: What is claimed}
    SELECT ?text WHERE { ?claim kg:source ?_actor_iri ; schema:text ?text }
"""

from __future__ import annotations

import difflib
import shlex
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from kg import resources
from kg.annotation.source import Source
from kg.errors import AnnotationError, InputError, NotFoundError
from kg.sparql import parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TYPES = ("iri", "text", "integer", "decimal", "lang", "date")
KEYS = ("summary", "description", "question", "tags", "params", "columns")
PARAMETER_KEYS = ("type", "class", "required", "default", "bound", "help", "example")
_SUFFIXES = {
    "iri": ("_iri",),
    "integer": ("_integer",),
    "decimal": ("_decimal",),
    "date": ("_xsd_dateTime",),
    "lang": ("", "_lang"),
    "text": ("",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter; `variable` is its name in the query, such as `_actor_iri`."""

    name: str
    variable: str
    type: str
    class_: str | None = None
    required: bool = False
    default: str | None = None
    bound: str | None = None
    help: str = ""
    example: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredQuery:
    """A query file; `columns` gives its variables the headings that people see."""

    name: str
    sparql: str
    summary: str
    description: str = ""
    question: str | None = None
    tags: tuple[str, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the parameters that have to be given."""
        return tuple(name for name, parameter in self.parameters.items() if parameter.required)


def load(path: Path) -> StoredQuery:
    """The stored query in a file. Raises InputError with file and line where its header is at fault."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8") from error
    return _Header(path, text).query()


def has_header(text: str) -> bool:
    """Whether a query is a stored one: some line of it starts with `#+`."""
    return any(line.startswith("#+") for line in text.splitlines())


def find(folders: Sequence[Path]) -> dict[str, Path]:
    """The query files by name: those of the user first, then the packaged ones."""
    found: dict[str, Path] = {}
    for folder in (*folders, resources.folder("queries")):
        for path in sorted(folder.glob("[!.]*.rq")):
            found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def named(name: str, folders: Sequence[Path]) -> StoredQuery:
    """The stored query of that name. Raises NotFoundError with the nearest names."""
    known = find(folders)
    if name not in known:
        close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(close)}?" if close else "kg query lists them all"
        raise NotFoundError(f"no stored query is called {name}", hint=hint)
    return load(known[name])


def describe(query: StoredQuery) -> str:
    """What a query answers, with its parameters and columns, for people to read."""
    lines = [f"{query.name}: {query.summary}"]
    if query.description:
        lines += ["", *textwrap.wrap(query.description, 90)]
    call = f"kg query {query.name}"
    if query.parameters:
        lines += ["", "Parameters:"]
        for parameter in query.parameters.values():
            kind = parameter.class_ or parameter.type
            default = "required" if parameter.required else f"default {parameter.default or 'any'}"
            lines.append(f"  --{parameter.name:<12} {parameter.help} ({kind}; {default})")
            if parameter.example is not None and (parameter.required or not query.required):
                value = shlex.quote(parameter.example)
                call += f" --{parameter.name} {value}"
    if query.columns:
        lines += ["", "Columns:"]
        lines += [f"  {name:<14} {heading}" for name, heading in query.columns.items()]
    return "\n".join([*lines, "", f"Example: {call}"])


class _Header:
    """Reads the header of one file and checks it against the query."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        lines = text.split("\n")
        self.lines = [(n, line) for n, line in enumerate(lines) if line.startswith("#+")]
        if not self.lines:
            raise InputError(
                f"{path}:1: no header", hint="a stored query starts with #+ summary: …"
            )
        # Blanks in the place of all else keep the lines and columns of messages right.
        numbered = dict(self.lines)
        yaml = [numbered.get(n, "").replace("#+", "  ", 1) for n in range(self.lines[-1][0] + 1)]
        if not any(map(str.strip, yaml)):
            raise InputError(f"{path}:1: the header is empty", hint="it says summary: …")
        try:
            self.source = Source("\n".join(yaml).encode(), str(path))
        except AnnotationError as error:
            raise InputError(str(error)) from error

    def query(self) -> StoredQuery:
        data = self.source.data
        if not isinstance(data, dict):
            self._refuse((), "the header must have keys, such as summary")
        self._known(data, KEYS, ())
        if "summary" not in data:
            self._refuse((), "summary is missing")
        for key in ("summary", "description", "question"):
            self._expect(data, key, str, "text", ())
        self._expect(data, "tags", list, "a list", ())
        columns = self._mapping(data, "columns")
        declared = self._mapping(data, "params")
        return StoredQuery(
            name=self.path.stem,
            sparql=self.text,
            summary=data["summary"],
            description=data.get("description") or "",
            question=data.get("question"),
            tags=tuple(map(str, data.get("tags") or ())),
            parameters=self._parameters(declared),
            columns={str(key): str(value) for key, value in columns.items()},
        )

    def _parameters(self, declared: dict[str, Any]) -> dict[str, Parameter]:
        used = parameters(self.text)
        found = {}
        for name, entry in declared.items():
            path = ("params", name)
            if not isinstance(entry, dict):
                self._refuse(path, "expected type, help and so on")
            self._known(entry, PARAMETER_KEYS, path)
            self._expect(entry, "required", bool, "true or false", path)
            for key in ("type", "class", "bound", "help"):
                self._expect(entry, key, str, "text", path)
            type_ = entry.get("type") or "text"
            if type_ not in TYPES:
                self._refuse((*path, "type"), f"expected {', '.join(TYPES)}, found {type_!r}")
            if type_ == "date" and entry.get("bound") not in {"earliest", "latest"}:
                self._refuse(path, "a date needs bound: earliest or bound: latest")
            names = [f"_{name}{suffix}" for suffix in _SUFFIXES[type_]]
            variable = next((candidate for candidate in names if candidate in used), None)
            if variable is None:
                self._refuse(path, f"the query does not use ?{names[0]}", key=True)
            del used[variable]
            found[name] = Parameter(
                name=name,
                variable=variable,
                type=type_,
                class_=entry.get("class"),
                required=entry.get("required") or False,
                default=_text(entry.get("default")),
                bound=entry.get("bound"),
                help=entry.get("help") or "",
                example=_text(entry.get("example")),
            )
        if used:
            variable, position = min(used.items(), key=lambda item: item[1])
            line = self.text.count("\n", 0, position) + 1
            raise InputError(
                f"{self.path}:{line}: ?{variable} looks like a parameter, but params does not say so"
            )
        return found

    def _mapping(self, data: dict[str, Any], key: str) -> dict[str, Any]:
        value = data.get(key) or {}
        if not isinstance(value, dict):
            self._refuse((key,), "expected keys with values")
        return value

    def _known(self, data: dict[str, Any], known: Sequence[str], path: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                close = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
                self._refuse((*path, key), f"unknown key ({hint})", key=True)

    def _expect(
        self, data: dict[str, Any], key: str, type_: type, what: str, path: tuple[str, ...]
    ) -> None:
        value = data.get(key)
        if value is not None and not isinstance(value, type_):
            self._refuse((*path, key), f"expected {what}, found {value!r}")

    def _refuse(self, path: tuple[str, ...], message: str, *, key: bool = False) -> NoReturn:
        raise InputError(str(self.source.problem(path, message, key=key)))


def _text(value: object) -> str | None:
    return None if value is None else str(value)

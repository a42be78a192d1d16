"""The annotation format: read and checked, written, and described as JSON Schema.

What `read` returns is complete: every span is located and lies in the text, every reference leads
somewhere, every passage has its proof. Anything less is an AnnotationError that lists all faults
of the file with line and column.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_type_hints

from kg import model
from kg.annotation.check import complete, kind_fault
from kg.annotation.schema import described
from kg.errors import AnnotationError
from kg.source import Path, Source, to_json, to_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import TypeAdapter

    from kg.errors import Problem
    from kg.model import Annotation, Text

SECTIONS = ("parts", "things", "mentions", "events", "claims", "judgements", "passages")


def read(
    content: bytes,
    name: str,
    *,
    text: Callable[[Text], str | None],
    kinds: Mapping[str, str],
) -> Annotation:
    """The complete annotation in a file; `name` ends in .json for JSON, anything else is YAML.

    `text` finds the article's text from what the annotation says of it, or None where it is not at
    hand; `kinds` has the ids of the register with their kind (actor, place, topic, event). Raises
    AnnotationError with every fault of the file.
    """
    source = Source(content, name)
    shape = _shape(source)
    problems = list(shape.problems)
    if shape.annotation is None:
        raise AnnotationError(_in_order(problems))
    annotation, faults = complete(shape.annotation, text, kinds, _ids(source.data))
    for path, message, hint in faults:
        place = shape.original(path)
        if place[:3] not in shape.bad:
            problems.append(source.problem(place, message, hint))
    if problems:
        raise AnnotationError(_in_order(problems))
    return annotation


def write(
    annotation: Annotation,
    name: str = "annotation.yaml",
    *,
    remarks: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """The annotation as YAML, or as JSON where `name` ends in .json; what is usual is left out.

    `remarks` are comments on the entries of sections, for YAML.
    """
    data = _plain(annotation)
    return to_json(data) if name.endswith(".json") else to_yaml(data, remarks)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema (2020-12)."""
    from pydantic import TypeAdapter

    return described(_adapter().json_schema(), lambda kind: TypeAdapter(kind).json_schema())


@cache
def _adapter() -> TypeAdapter[Annotation]:
    from pydantic import TypeAdapter

    return TypeAdapter(model.Annotation)


class _Shape(NamedTuple):
    """The annotation as far as it has the form, and what is wrong with the rest.

    `places` has the numbers that the entries of a section had, where some were left out; `bad` the
    paths of keys that were left out or have a stand-in.
    """

    annotation: Annotation | None
    problems: list[Problem]
    places: dict[str, list[int]]
    bad: set[Path]

    def original(self, path: Path) -> Path:
        """The path in the file of what has a path in `annotation`."""
        if len(path) > 1 and path[0] in self.places and isinstance(path[1], int):
            return (path[0], self.places[str(path[0])][path[1]], *path[2:])
        return path


def _shape(source: Source) -> _Shape:
    """The annotation without its misshapen parts, their problems, and where the rest stood.

    A claim with a misspelt certainty should not hide the wrong offsets of the next one: what is at
    fault is left out, and the rest is checked further.
    """
    from pydantic import ValidationError

    data = source.data
    if not isinstance(data, dict):
        message = "an annotation is a mapping with article, text, made"
        return _Shape(None, [source.problem((), message)], {}, set())
    try:
        return _Shape(_adapter().validate_python(data), [], {}, set())
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems = [_problem(source, detail["loc"], detail) for detail in details]
    paths: list[Path] = [detail["loc"] for detail in details]
    places: dict[str, list[int]] = {}
    if ("things",) in paths or ("claims",) in paths:
        return _Shape(None, problems, {}, set())  # what refers to them cannot be checked
    try:
        annotation = _adapter().validate_python(_sound(data, paths, places))
    except ValidationError:
        annotation = None
    return _Shape(annotation, problems, places, {path[:3] for path in paths})


def _sound(data: dict[str, Any], paths: list[Path], places: dict[str, list[int]]) -> dict[str, Any]:
    """The data without what is at fault; `places` learns where the entries stood that are left.

    A claim or an event loses the keys at fault, with a stand-in for those that it must have; other
    entries are left out whole. Who made the annotation matters to no other part of it.
    """
    rest = {key: value for key, value in data.items() if (key,) not in paths}
    for section in {str(path[0]) for path in paths if len(path) > 1}:
        bad = {path[1:3] for path in paths if path[0] == section}
        if section == "made":
            rest[section] = {"by": "?", "at": "2000-01-01T00:00:00Z"}
        elif section in SECTIONS:
            entries = {i: _mended(section, i, entry, bad) for i, entry in enumerate(data[section])}
            places[section] = [i for i, entry in entries.items() if entry is not None]
            rest[section] = [entries[i] for i in places[section]]
        else:
            keys = {path[0] for path in bad}
            rest[section] = {key: value for key, value in data[section].items() if key not in keys}
    return rest


def _mended(section: str, i: int, entry: Any, bad: set[Path]) -> Any:
    """An entry without the keys at fault, or None where nothing can be made of it."""
    keys = {path[1] if len(path) > 1 else None for path in bad if path[0] == i}
    if not keys:
        return entry
    if section not in _STAND_INS or not isinstance(entry, dict) or keys & {"id"}:
        return None
    return _STAND_INS[section] | {key: value for key, value in entry.items() if key not in keys}


_STAND_INS: dict[str, dict[str, Any]] = {
    "claims": {"source": [], "evidence": [], "text": "?", "certainty": "unspecified"},
    "events": {},
}


def _problem(source: Source, path: Path, detail: Any) -> Problem:
    found = _found(detail["input"])
    hint: str | None = None
    last = str(path[-1])
    match detail["type"]:
        case "missing":
            return source.problem(path[:-1], f"{last} is missing")
        case "unexpected_keyword_argument" | "extra_forbidden":
            keys = _keys(path[:-1])
            hint = _did_you_mean(last, keys, 0.7) or f"known here: {', '.join(keys)}"
            if last.isdecimal():
                hint = "a number is written without commas"
            return source.problem(path, "unknown key", hint, key=True)
        case "literal_error" if path[0] == "things" and last == "kind":
            return source.problem(path, *kind_fault(source.at(path[:-1])))
        case "literal_error":
            expected = detail["ctx"]["expected"].replace("'", "")
            words = expected.replace(" or ", ", ").split(", ")
            hint = _did_you_mean(str(detail["input"]), words) if found != expected else None
            return source.problem(path, f"expected {expected}, found {found}", hint)
        case "value_error":
            return source.problem(path, f"{detail['ctx']['error']}, found {found}", _mend(detail))
        case "string_type":
            quotes = isinstance(detail["input"], (int, Decimal))
            return source.problem(
                path, f"expected text, found {found}", "put it in quotes" if quotes else None
            )
        case "tuple_type":
            hint = "write it in [ ]"
            if detail["input"] is None and last not in {"source", "evidence"}:
                hint = "leave the key out where there is nothing to list"
            return source.problem(path, f"expected a list, found {found}", hint)
        case "dataclass_type":
            keys = _keys(path)
            hint = None if keys != _keys(("article", "published")) else "write {date: …}"
            return source.problem(
                path, f"expected keys with values ({', '.join(keys)}), found {found}", hint
            )
        case _:
            message = detail["msg"].removeprefix("Input should be ")
            return source.problem(path, f"expected {message}, found {found}")


def _mend(detail: Any) -> str | None:
    """How to put right a value of the wrong kind, where that can be told from its look."""
    message, value = str(detail["ctx"]["error"]), detail["input"]
    if "number" in message and isinstance(value, str) and re.fullmatch("-?[0-9.]{1,30}", value):
        return "write it without quotes"
    if (
        "number" in message
        and isinstance(value, str)
        and re.fullmatch("[0-9][0-9,_ ]{1,30}", value)
    ):
        return f"write {re.sub('[^0-9]', '', value)}"
    if message.startswith("expected [start") and type(value) is int:
        return "each span stands in its own brackets: [[start, end], …]"
    return None


def _found(value: object) -> str:
    """What stands in the file, short enough for one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "keys with values" if value else "{}"
    if isinstance(value, list):
        return _clip(f"[{', '.join(map(_found, value[:10]))}]")
    return _clip(repr(value) if isinstance(value, str) else str(value))


def _clip(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:56]} …"


@cache
def _keys(path: Path) -> tuple[str, ...]:
    """The keys of the record that belongs at a place of the annotation."""
    kind: Any = model.Annotation
    for step in (step for step in path if isinstance(step, str)):
        hints = get_type_hints(kind)
        kind = _record(hints[step if step in hints else f"{step}_"])
    return tuple(part.name.rstrip("_") for part in fields(kind))


def _record(hint: Any) -> Any:
    """The record in a type such as `tuple[Claim, ...]` or `When | None`; the last one named."""
    if is_dataclass(hint):
        return hint
    found = [_record(part) for part in get_args(hint)]
    return next((record for record in reversed(found) if record is not None), None)


def _did_you_mean(word: str, words: Sequence[str], cutoff: float = 0.6) -> str | None:
    close = difflib.get_close_matches(word, words, n=1, cutoff=cutoff)
    return f"did you mean {close[0]}?" if close else None


def _ids(data: dict[str, Any]) -> set[str]:
    """The ids of all claims and things of the file, also of those that are left out as misshapen."""
    return {
        entry["id"]
        for section in ("things", "claims")
        for entry in data.get(section) or ()
        if isinstance(entry, dict) and isinstance(entry.get("id"), str)
    }


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))


def _plain(item: Any) -> Any:
    """Dataclasses as mappings without what equals its default."""
    kind: Any = type(item)
    if kind is model.Span:
        return list(item)
    if isinstance(item, str):
        return str(item)
    if isinstance(item, tuple):
        return [_plain(part) for part in item]
    parts = _parts(kind)
    if parts is None:
        return item
    values, keys, defaults = parts
    return {
        key: _plain(value)
        for key, value, default in zip(keys, values(item), defaults, strict=True)
        if value != default or key == "kg"
    }


@cache
def _parts(kind: Any) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[str, ...], list[Any]] | None:
    """What has the values of a record, the keys that they have in a file, what is usual; None for others."""
    if not is_dataclass(kind):
        return None
    found = fields(kind)
    keys = tuple(part.name.rstrip("_") for part in found)
    return attrgetter(*(part.name for part in found)), keys, [part.default for part in found]

"""The annotation format: read and checked, written, and described as JSON Schema.

What `read` returns is complete: every span is located and lies in the text, every reference leads
somewhere, every passage has its proof. Anything less is an AnnotationError that lists all faults
of the file with line and column.
"""

from __future__ import annotations

import difflib
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from kg import model
from kg.annotation.check import complete
from kg.annotation.source import Path, Source, to_json, to_yaml
from kg.errors import AnnotationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import TypeAdapter

    from kg.errors import Problem
    from kg.model import Annotation, Text

SECTIONS = ("things", "mentions", "events", "claims", "judgements", "passages")


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
    partial, problems, places = _shape(source)
    if partial is None:
        raise AnnotationError(_in_order(problems))
    annotation, faults = complete(partial, text, kinds, _ids(source.data))
    for path, message, hint in faults:
        problems.append(source.problem(_original(path, places), message, hint))
    if problems:
        raise AnnotationError(_in_order(problems))
    return annotation


def write(annotation: Annotation, name: str = "annotation.yaml") -> str:
    """The annotation as YAML, or as JSON where `name` ends in .json; what is usual is left out."""
    data = _plain(annotation)
    return to_json(data) if name.endswith(".json") else to_yaml(data)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema (2020-12)."""
    schema = _adapter().json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/newskg/annotation.schema.json",
        "title": "Annotation of one article",
    } | {key: value for key, value in schema.items() if key != "title"}


@cache
def _adapter() -> TypeAdapter[Annotation]:
    from pydantic import TypeAdapter

    return TypeAdapter(model.Annotation)


def _shape(source: Source) -> tuple[Annotation | None, list[Problem], dict[str, list[int]]]:
    """The annotation without its misshapen parts, their problems, and where the rest stood.

    A claim with a misspelt certainty should not hide the wrong offsets of the next one: entries at
    fault are left out, and the others are checked further.
    """
    from pydantic import ValidationError

    data, problems = source.data, []
    places: dict[str, list[int]] = {}
    if not isinstance(data, dict):
        return None, [source.problem((), "an annotation is a mapping with article, text, made")], {}
    try:
        return _adapter().validate_python(data), [], {}
    except ValidationError as error:
        details = error.errors(include_url=False)
    bad: dict[str, set[int]] = {}
    seen: set[Path] = set()
    for detail in details:
        path = detail["loc"]
        union = next((i for i, step in enumerate(path) if step in {"Span", "Quote"}), None)
        path = path if union is None else path[:union]
        if path in seen:
            continue
        seen.add(path)
        problems.append(_problem(source, path, detail, of_place=union is not None))
        if len(path) > 1 and path[0] in SECTIONS and isinstance(path[1], int):
            bad.setdefault(str(path[0]), set()).add(path[1])
    rest = dict(data)
    for section in bad:
        places[section] = [i for i in range(len(data[section])) if i not in bad[section]]
        rest[section] = [data[section][i] for i in places[section]]
    try:
        return _adapter().validate_python(rest), problems, places
    except ValidationError:
        return None, problems, places


def _problem(source: Source, path: Path, detail: Any, *, of_place: bool) -> Problem:
    found = _found(detail["input"])
    if of_place:
        return source.problem(
            path, f'expected [start, end] or quote: "few words", found {_found(_at(source, path))}'
        )
    match detail["type"]:
        case "missing":
            return source.problem(path[:-1], f"{path[-1]} is missing")
        case "unexpected_keyword_argument" | "extra_forbidden":
            return source.problem(path, "unknown key", _did_you_mean(str(path[-1]), _keys()))
        case "literal_error":
            expected = detail["ctx"]["expected"].replace("'", "")
            hint = _did_you_mean(str(detail["input"]), expected.replace(" or ", ", ").split(", "))
            return source.problem(path, f"expected {expected}, found {found}", hint)
        case "value_error":
            return source.problem(path, f"{detail['ctx']['error']}, found {found}")
        case "string_type" if isinstance(detail["input"], (int, Decimal)):
            return source.problem(path, f"expected text, found {found}", "put it in quotes")
        case "string_type":
            return source.problem(path, f"expected text, found {found}")
        case "tuple_type":
            return source.problem(path, f"expected a list, found {found}", "write it in [ ]")
        case "dataclass_type":
            return source.problem(path, f"expected keys with values, found {found}")
        case _:
            message = detail["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
            return source.problem(path, f"expected {message}, found {found}")


def _found(value: object) -> str:
    """What stands in the file, short enough for one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "keys with values" if value else "nothing"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:56]} …"


def _at(source: Source, path: Path) -> object:
    data: Any = source.data
    for step in path:
        data = data[step]
    return data


@cache
def _keys() -> tuple[str, ...]:
    records = [
        record
        for record in vars(model).values()
        if isinstance(record, type) and is_dataclass(record)
    ]
    return tuple(sorted({part.name.rstrip("_") for record in records for part in fields(record)}))


def _did_you_mean(word: str, words: tuple[str, ...] | list[str]) -> str | None:
    close = difflib.get_close_matches(word, words, n=1)
    return f"did you mean {close[0]}?" if close else None


def _ids(data: dict[str, Any]) -> set[str]:
    """The ids of all claims and things of the file, also of those that are left out as misshapen."""
    return {
        entry["id"]
        for section in ("things", "claims")
        for entry in data.get(section) or ()
        if isinstance(entry, dict) and isinstance(entry.get("id"), str)
    }


def _original(path: Path, places: dict[str, list[int]]) -> Path:
    if len(path) > 1 and path[0] in places and isinstance(path[1], int):
        return (path[0], places[str(path[0])][path[1]], *path[2:])
    return path


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))


def _plain(item: Any) -> Any:
    """Dataclasses as mappings without what equals its default."""
    if is_dataclass(item):
        return {
            part.name.rstrip("_"): _plain(value)
            for part in fields(item)
            if (value := getattr(item, part.name)) != part.default or part.name == "kg"
        }
    if isinstance(item, tuple):
        return [_plain(part) for part in item]
    if isinstance(item, str):
        return str(item)
    return item

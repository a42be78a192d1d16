"""YAML and JSON as plain data that knows where each part stands in the file.

The YAML is that of the core schema of YAML 1.2: a date is a string, `no` is a string, and numbers
with a point are exact decimals. Anchors, tags and repeated keys are refused: an annotation has no
use for them, and a repeated key would hide what somebody wrote.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from kg.errors import AnnotationError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPTH = 20
"""Nesting that no annotation needs (it has 5 levels); deeper files are refused before they cost memory."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    """A part of the file: its data, where it starts, and its parts with the places of their keys."""

    data: Any
    line: int
    column: int
    parts: dict[str | int, _Node] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)


class Source:
    """One annotation file: its `data`, and the place of each part of them.

    Raises AnnotationError with file, line and column where the file is no YAML or JSON.
    """

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        try:
            self._text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            self._refuse("not UTF-8", line, hint="save the annotation as UTF-8")
        self._tree: _Node | None = None
        if name.endswith(".json"):
            self.data = self._json()
        else:
            self._tree = self._yaml()
            self.data = self._tree.data

    def problem(self, path: Path, message: str, hint: str | None = None) -> Problem:
        """A fault in the part of the data at `path`; where that part is missing, in what should hold it."""
        line, column = self._place(path)
        spelt = _spell(path)
        message = f"{spelt}: {message}" if spelt else message
        return Problem(file=self.name, line=line, column=column, message=message, hint=hint)

    def _yaml(self) -> _Node:
        try:
            return self._build(yaml.parse(self._text, Loader=_Loader))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            what = " ".join(filter(None, (error.context, error.problem)))
            self._refuse(f"not YAML: {what}", *((mark.line + 1, mark.column + 1) if mark else ()))
        except yaml.YAMLError as error:
            position = getattr(error, "position", None)
            line = self._text[:position].count("\n") + 1 if isinstance(position, int) else None
            self._refuse("not YAML: a character that YAML does not allow", line)

    def _build(self, events: Iterator[yaml.Event]) -> _Node:
        """The tree of the first document, built without recursion: depth is the file's to choose."""
        root: _Node | None = None
        open_: list[
            tuple[_Node, str | None]
        ] = []  # collections not yet ended, each with its waiting key
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._refuse_event(event, "a second document; one file holds one annotation")
            if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                open_.pop()
            if not isinstance(event, yaml.NodeEvent):
                continue
            node = self._node(event)
            if open_:
                holder, key = open_.pop()
                open_.append((holder, self._attach(holder, key, node, event)))
            elif root is None:
                root = node
            if isinstance(event, yaml.CollectionStartEvent):
                if len(open_) >= DEPTH:
                    self._refuse_event(event, "nested too deeply for an annotation")
                open_.append((node, None))
        if root is None:
            self._refuse("the file is empty", 1, 1, "an annotation has article, text and made")
        return root

    def _node(self, event: yaml.NodeEvent) -> _Node:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self._refuse_event(event, "anchors and aliases are not used here", "write it out twice")
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            self._refuse_event(event, f"the tag {tag} is not used here")
        line, column = _position(event)
        data: Any = {}
        if isinstance(event, yaml.SequenceStartEvent):
            data = []
        elif isinstance(event, yaml.ScalarEvent):
            data = _scalar(event.value) if not event.style and not tag else event.value
        return _Node(data, line, column)

    def _attach(
        self, holder: _Node, key: str | None, node: _Node, event: yaml.NodeEvent
    ) -> str | None:
        """Put a node into the list or mapping that is open; the key that now waits for its value."""
        if isinstance(holder.data, list):
            holder.parts[len(holder.data)] = node
            holder.data.append(node.data)
            return None
        if key is None:
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse_event(event, "a key must be a word")
            if event.value in holder.keys:
                self._refuse_event(event, f"the key {event.value!r} stands here twice")
            holder.keys[event.value] = (node.line, node.column)
            return str(event.value)
        holder.parts[key] = node
        holder.data[key] = node.data
        return None

    def _json(self) -> Any:
        def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            data = dict(pairs)
            if len(data) < len(pairs):
                keys = [key for key, _ in pairs]
                key = next(key for key in keys if keys.count(key) > 1)
                self._refuse(f"not an annotation: the key {key!r} stands twice in one object")
            return data

        def constant(word: str) -> NoReturn:
            self._refuse(f"not JSON: {word} is no number")

        try:
            return json.loads(
                self._text, parse_float=Decimal, parse_constant=constant, object_pairs_hook=once
            )
        except json.JSONDecodeError as error:
            self._refuse(f"not JSON: {error.msg}", error.lineno, error.colno)
        except RecursionError:
            self._refuse("nested too deeply for an annotation")
        except ValueError as error:  # a whole number of thousands of digits
            self._refuse(f"not JSON: {error}")

    def _place(self, path: Path) -> tuple[int | None, int | None]:
        if self._tree is None:
            # JSON is YAML too, but for some escapes: read once more, only to find the place.
            try:
                self._tree = self._yaml()
            except AnnotationError:
                return None, None
        node = self._tree
        place = (node.line, node.column)
        for step in path:
            if step in node.parts:
                child = node.parts[step]
                scalar = not isinstance(child.data, (dict, list))
                # The key's place reads better than that of a block which starts on the next line.
                place = (
                    node.keys[step]
                    if step in node.keys and not scalar
                    else (child.line, child.column)
                )
                node = child
            else:
                break
        return place

    def _refuse_event(self, event: yaml.Event, message: str, hint: str | None = None) -> NoReturn:
        self._refuse(message, *_position(event), hint)

    def _refuse(
        self,
        message: str,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> NoReturn:
        problem = Problem(file=self.name, line=line, column=column, message=message, hint=hint)
        raise AnnotationError([problem]) from None


def _position(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _scalar(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def _spell(path: Path) -> str:
    """A path as people write it, counting from 1.

    >>> _spell(("claims", 0, "evidence", 1))
    'claims 1, evidence 2'
    """
    words: list[str] = []
    for step in path:
        if isinstance(step, int) and words:
            words[-1] += f" {step + 1}"
        else:
            words.append(str(step))
    return ", ".join(words)


class _Dumper(yaml.SafeDumper):
    """Writes short mappings and lists on one line, and never an anchor."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _represent_decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    text = format(value, "f")
    tag = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", text)


def _represent_mapping(dumper: yaml.SafeDumper, data: dict[str, Any]) -> yaml.Node:
    flat = "evidence" not in data and "participants" not in data and _length(data) < _LINE
    # With a fixed order of keys: that of the format, not of the alphabet.
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=flat)


def _represent_list(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    flat = not any(isinstance(item, dict) for item in data) and _length(data) < _LINE
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flat)


_LINE = 150
_Dumper.add_representer(Decimal, _represent_decimal)
_Dumper.add_representer(dict, _represent_mapping)
_Dumper.add_representer(list, _represent_list)


def _length(data: Any) -> int:
    return len(json.dumps(data, default=str, ensure_ascii=False))


def to_yaml(data: dict[str, Any]) -> str:
    """Plain data as YAML, section by section, one line for what is short."""
    parts = []
    for key, value in data.items():
        text = yaml.dump(
            {key: value} if not isinstance(value, (dict, list)) else value,
            Dumper=_Dumper,
            allow_unicode=True,
            sort_keys=False,
            width=10_000,
            default_flow_style=None,
        )
        if isinstance(value, list):
            parts.append(f"\n{key}:\n{text}")
        elif isinstance(value, dict):
            indented = "".join(f"  {line}\n" for line in text.rstrip("\n").split("\n"))
            parts.append(f"{key}:\n{indented}")
        else:
            parts.append(text.strip("{}\n") + "\n")
    return "".join(parts)


def to_json(data: dict[str, Any]) -> str:
    """Plain data as JSON."""
    numbers = {Decimal: _number}
    return (
        json.dumps(
            data,
            ensure_ascii=False,
            indent=1,
            default=lambda value: numbers[type(value)](value),
        )
        + "\n"
    )


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)

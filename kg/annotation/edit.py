"""One entry of an annotation file changed in its text: every other byte stays as it was.

What people wrote has comments, an order and a layout that reading and writing would lose.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from kg.errors import InputError
from kg.source import Source, to_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.source import Path

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line in YAML 1.1."""


class _Cut(NamedTuple):
    """A stretch of the file and what takes its place."""

    start: int
    end: int
    new: str


def edited(content: bytes, name: str, path: Path, values: Mapping[str, Any | None]) -> bytes:
    """The file with other values for some keys of the mapping at `path`; None takes a key away.

    A key that is new comes last. Raises AnnotationError where the file is no YAML, InputError where
    it is laid out in a way that cannot be changed.

    >>> edited(b"claims:\\n- id: c1  # the first\\n", "a.yaml", ("claims", 0), {"text": "New."})
    b'claims:\\n- id: c1  # the first\\n  text: New.\\n'
    """
    wanted = Source(content, name).data
    entry = wanted
    for step in path:
        entry = entry[step]
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    text = content.decode("utf-8-sig")
    for key, value in values.items():
        present = key in entry
        if value is None and not present:
            continue
        node = _at(yaml.compose(text, Loader=_Loader), path)
        if value is None:
            cut = _removal(text, node, key)
            del entry[key]
        else:
            cut = (_replacement if present else _addition)(text, node, key, value)
            entry[key] = value
        text = text[: cut.start] + cut.new + text[cut.end :]
    result = mark + text.encode()
    if Source(result, name).data != wanted:
        place = Source(content, name).problem(path, "laid out in a way that kg cannot change")
        raise InputError(str(place), hint="make the change by hand")
    return result


def _at(node: Any, path: Path) -> Any:
    """The node at a path."""
    for step in path:
        if isinstance(step, int):
            node = node.value[step]
        else:
            node = next(value for key, value in node.value if key.value == step)
    return node


def _end(text: str, node: Any) -> int:
    """Where the last character of a node ends: the mark of a block lies after what follows it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end = int(node.end_mark.index)
    return len(text[:end].rstrip()) if _is_block_text(node) else end


def _is_block_text(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}


def _spelt(value: Any) -> str:
    """A text or a number, or a mapping of such, on one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_spelt(part)}" for key, part in value.items()) + "}"
    return to_yaml({"": value}).removeprefix(": ").removesuffix("\n")


def _addition(text: str, node: Any, key: str, value: Any) -> _Cut:
    last_key, last = node.value[-1]
    end = _end(text, last)
    if node.flow_style:
        name = json.dumps(key) if last_key.style == '"' else key
        return _Cut(end, end, f", {name}: {_spelt(value)}")
    margin = " " * node.value[0][0].start_mark.column
    line = f"{key}: {_spelt(value)}"
    if _is_block_text(last):  # its end is a matter of blank lines, so the line goes before it
        start = last_key.start_mark.index
        return _Cut(start, start, f"{line}{_usual_break(text)}{margin}")
    found = _BREAK.search(text, end)
    if found is None:
        return _Cut(len(text), len(text), f"{_usual_break(text)}{margin}{line}")
    return _Cut(found.end(), found.end(), f"{margin}{line}{found[0]}")


def _replacement(text: str, node: Any, key: str, value: Any) -> _Cut:
    key_node, present = next(pair for pair in node.value if pair[0].value == key)
    block = isinstance(present, yaml.CollectionNode) and not present.flow_style
    start = key_node.end_mark.index if block else present.start_mark.index
    return _Cut(start, _end(text, present), f"{': ' if block else ''}{_spelt(value)}")


def _removal(text: str, node: Any, key: str) -> _Cut:
    place, (key_node, present) = next(
        (i, pair) for i, pair in enumerate(node.value) if pair[0].value == key
    )
    start, end = key_node.start_mark.index, _end(text, present)
    if not place:  # what follows takes its place: behind the dash of the entry, or the brace
        return _Cut(start, node.value[1][0].start_mark.index if len(node.value) > 1 else end, "")
    if node.flow_style:
        return _Cut(_end(text, node.value[place - 1][1]), end, "")
    start -= key_node.start_mark.column
    found = _BREAK.search(text, end)
    if found is None:  # the file ends here: the break before goes with the line
        return _Cut(len(text[:start].rstrip("\r\n")), len(text), "")
    return _Cut(start, found.end(), "")


def _usual_break(text: str) -> str:
    found = _BREAK.search(text)
    return found[0] if found else "\n"

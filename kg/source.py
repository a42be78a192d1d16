"""YAML and JSON as plain data that knows where each part stands in the file.

The YAML is that of the core schema of YAML 1.2: a date is a string, `no` is a string, and numbers
with a point are exact decimals. Anchors, tags and repeated keys are refused: an annotation has no
use for them, and a repeated key would hide what somebody wrote.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from kg.errors import AnnotationError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DEPTH = 20
"""Nesting that no annotation needs (it has 5 levels); deeper files are refused before they cost memory."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,99})")  # Python reads 4300 digits, in quadratic time
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")  # no exponents: 80e451234567 is the id of an article
_JSON_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML was built with it

_FORBIDDEN = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML does not allow in a file (1.1, section 5.1)."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|[^\s\[\]{}:,"]+')
"""What can stand in a JSON file, but for colons and commas."""

_SURROGATE = re.compile("[\ud800-\udfff]")

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
            line, column = _count(error.object[: error.start].decode())
            self.refuse("not UTF-8", line, column, "save the annotation as UTF-8")
        self._tree = self._json() if name.endswith(".json") else self._yaml()
        self.data = self._tree.data

    def problem(
        self, path: Path, message: str, hint: str | None = None, *, key: bool = False
    ) -> Problem:
        """A fault in the part of the data at `path`; where that part is missing, in what should hold it.

        With `key`, what is wrong is the key and not its value.
        """
        line, column = self._place(path, key=key)
        spelt = _spell(path)
        message = f"{spelt}: {message}" if spelt else message
        return Problem(file=self.name, line=line, column=column, message=message, hint=hint)

    def at(self, path: Path) -> Any:
        """The part of the data at `path`."""
        data = self.data
        for step in path:
            data = data[step]
        return data

    def _yaml(self) -> _Node:
        found = _FORBIDDEN.search(self._text)
        if found:
            message = f"not YAML: the character U+{ord(found[0]):04X} is not allowed in a file"
            self.refuse(message, *_count(self._text[: found.start()]))
        try:
            return self._build(yaml.parse(self._text, Loader=_Loader))
        except yaml.MarkedYAMLError as error:
            mark, start = error.problem_mark or error.context_mark, error.context_mark
            what = " ".join(filter(None, (error.context, error.problem)))
            line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
            hint = next((hint for part, hint in _YAML_HINTS.items() if part in what), None)
            if mark and start and start.line != mark.line:
                hint = f"what it is part of starts in line {start.line + 1}"
            lines = self._text.split("\n")  # the parser knows further line breaks
            if mark and mark.line < len(lines) and lines[mark.line].lstrip(" ").startswith("\t"):
                hint = "indent with spaces, not with tabs"
            self.refuse(f"not YAML: {what}", line, column, hint)
        except yaml.YAMLError:
            self.refuse("not YAML: a character that YAML does not allow")

    def _build(self, events: Iterator[yaml.Event]) -> _Node:
        """The tree of the first document, built without recursion: depth is the file's to choose."""
        tree = _Tree(self)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and tree.root is not None:
                place = _position(event)
                self.refuse("a second document; one file holds one annotation", *place)
            if isinstance(event, yaml.CollectionEndEvent):
                tree.close()
            if isinstance(event, yaml.NodeEvent):
                opens = isinstance(event, yaml.CollectionStartEvent)
                word = event.value if isinstance(event, yaml.ScalarEvent) else None
                tree.add(self._node(event), word, opens=opens)
        return self._root(tree)

    def _root(self, tree: _Tree) -> _Node:
        if tree.root is None:
            self.refuse("the file is empty", 1, 1, "an annotation has article, text and made")
        return tree.root

    def _node(self, event: yaml.NodeEvent) -> _Node:
        line, column = _position(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            hint = "write it out twice"
            self.refuse("anchors and aliases are not used here", line, column, hint)
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self.refuse(f"the tag {shown} is not used here", line, column, "leave it out")
        data: Any = {}
        if isinstance(event, yaml.SequenceStartEvent):
            data = []
        elif isinstance(event, yaml.ScalarEvent):
            data = _scalar(event.value) if not event.style and not tag else event.value
        return _Node(data, line, column)

    def _json(self) -> _Node:
        """The tree of a JSON file: checked by the standard library, which does not say places."""
        if not self._text.strip():
            self.refuse("the file is empty", 1, 1, "an annotation has article, text and made")
        places = _Places(self._text)
        depth = 0
        for token in _TOKEN.finditer(self._text):
            depth += (token[0] in "[{") - (token[0] in "]}")
            if depth > DEPTH:
                self.refuse("nested too deeply for an annotation", *places.at(token.start()))
        try:
            json.loads(self._text, parse_int=str, parse_constant=str)
        except json.JSONDecodeError as error:
            self.refuse(f"not JSON: {error.msg}", error.lineno, error.colno)
        tree = _Tree(self)
        for token in _TOKEN.finditer(self._text):
            word, line, column = token[0], *places.at(token.start())
            if word in "]}":
                tree.close()
            elif word in "[{":
                tree.add(_Node([] if word == "[" else {}, line, column), None, opens=True)
            elif word[0] == '"':
                value = json.loads(word, strict=False)
                if _SURROGATE.search(value):
                    self.refuse("not JSON: half of a surrogate pair is no character", line, column)
                tree.add(_Node(value, line, column), value, opens=False)
            else:
                if word in {"NaN", "Infinity", "-Infinity"}:
                    self.refuse(f"not JSON: {word} is no number", line, column)
                tree.add(_Node(_scalar(word, _JSON_NUMBER), line, column), None, opens=False)
        return self._root(tree)

    def _place(self, path: Path, *, key: bool) -> tuple[int, int]:
        node = self._tree
        place = (node.line, node.column)
        for number, step in enumerate(path, 1):
            if step not in node.parts:
                break
            child = node.parts[step]
            scalar = not isinstance(child.data, (dict, list))
            # The key's place reads better than that of a block which starts on the next line.
            of_key = step in node.keys and (not scalar or (key and number == len(path)))
            place = node.keys[str(step)] if of_key else (child.line, child.column)
            node = child
        return place

    def refuse(
        self,
        message: str,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> NoReturn:
        """Give up on the file: what is wrong with it keeps everything else from being read."""
        problem = Problem(file=self.name, line=line, column=column, message=message, hint=hint)
        raise AnnotationError([problem]) from None


_YAML_HINTS = {
    "mapping values are not allowed": "text with a colon in it goes in quotation marks",
    "did not find expected ',' or": "text with a colon, a comma or a bracket goes in quotation marks",
}


class _Tree:
    """Puts nodes into the lists and mappings that are open when they come."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root: _Node | None = None
        self._open: list[_Node] = []
        self._keys: list[str | None] = []  # the key of each open mapping that waits for its value

    def add(self, node: _Node, word: str | None, *, opens: bool) -> None:
        """Put a node in its place; `word` is what it says, if it can be a key."""
        if self._open:
            self._attach(self._open[-1], node, word)
        elif self.root is None:
            self.root = node
        if opens:
            if len(self._open) >= DEPTH:
                message = "nested too deeply for an annotation"
                self.source.refuse(message, node.line, node.column)
            self._open.append(node)
            self._keys.append(None)

    def close(self) -> None:
        """End the list or mapping opened last."""
        self._open.pop()
        self._keys.pop()

    def _attach(self, holder: _Node, node: _Node, word: str | None) -> None:
        key = self._keys[-1]
        if isinstance(holder.data, list):
            holder.parts[len(holder.data)] = node
            holder.data.append(node.data)
        elif key is not None:
            holder.parts[key] = node
            holder.data[key] = node.data
            self._keys[-1] = None
        else:
            if word is None:
                self.source.refuse("a key must be a word", node.line, node.column)
            if word in holder.keys:
                message = f"the key {word!r} stands here twice"
                first = f"first in line {holder.keys[word][0]}"
                self.source.refuse(message, node.line, node.column, first)
            holder.keys[word] = (node.line, node.column)
            self._keys[-1] = word


class _Places:
    """Lines and columns of a text, asked for from its start to its end."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def _count(before: str) -> tuple[int, int]:
    """Line and column of what follows a text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _position(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _scalar(text: str, decimal: re.Pattern[str] = _DECIMAL) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if not decimal.fullmatch(text):
        return text
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond all measure
        return text


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


_LINE = 150
"""Characters up to which a mapping or a list is written on one line."""
_PLAIN = re.compile(
    r"[A-Za-z\u00c0-\u024f]"
    r"(?:[\w\u2018-\u201d\u2013\u2014 '\"./;()%$€£+=*@&!<>|~^-]|:(?=[\w/]))*"
    r"|(?![0-9]+(?:e[0-9]+)?$)[0-9a-f]{64}"  # a hash that cannot be taken for a number
)
"""Text that needs no quotation marks, neither in a block nor between brackets.

A question mark needs them: between brackets, PyYAML takes it for the mark of a key.
"""
_WORDS = frozenset("y n yes no on off true false null".split())
"""Words that YAML 1.1 reads as something else than text, in any case."""
_ESCAPED = re.compile(
    "[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Breaks of lines, which readers would turn into line feeds, and what may not stand in a file."""


def to_yaml(
    data: dict[str, Any], remarks: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> str:
    """Plain data as YAML, section by section, one line for what is short.

    The entries of a section of which `remarks` has some get them as comments, where they are on
    one line.

    >>> print(to_yaml({"mentions": [{"span": [0, 5], "of": "japan"}]}, {"mentions": ["Japan"]}))
    <BLANKLINE>
    mentions:
    - {span: [0, 5], of: japan}  # Japan
    <BLANKLINE>
    """
    parts: list[str] = []
    for key, value in data.items():
        if isinstance(value, list) and value:
            comments = remarks.get(key, ())
            parts.append(f"\n{key}:\n")
            for i, item in enumerate(value):
                comment = f"  # {comments[i]}" if i < len(comments) and comments[i] else ""
                flow = None if _is_long(item) else _flow(item)
                short = flow is not None and len(flow) <= _LINE
                parts.append(f"- {flow}{comment}\n" if short else f"- {_block(item, '  ')}")
        elif isinstance(value, dict) and value:
            parts.append(f"{key}:\n  {_block(value, '  ')}")
        else:
            parts.append(f"{key}: {_flow(value)}\n")
    return "".join(parts)


def _is_long(item: Any) -> bool:
    """Whether an entry has a line for each of its keys, however short they are."""
    return isinstance(item, dict) and ("evidence" in item or "participants" in item)


def _block(item: Any, margin: str) -> str:
    """An entry with one line for each of its parts; the first stands where it is put."""
    if isinstance(item, dict) and item:
        lines = []
        for key, value in item.items():
            flow = _flow(value)
            if len(flow) <= _LINE or not isinstance(value, (dict, list)):
                lines.append(f"{key}: {flow}\n")
            else:
                lines.append(f"{key}:\n{margin}  {_block(value, margin + '  ')}")
        return margin.join(lines)
    if isinstance(item, list) and any(isinstance(part, (dict, list)) for part in item):
        lines = []
        for part in item:
            flow = _flow(part)
            lines.append(
                f"- {flow}\n" if len(flow) <= _LINE else f"- {_block(part, margin + '  ')}"
            )
        return margin.join(lines)
    return f"{_flow(item)}\n"


def _flow(item: Any) -> str:
    """Plain data on one line."""
    kind = type(item)
    if kind is str:
        return _spelt_text(item)
    if kind is int:
        return str(item)
    if kind is dict:
        return "{" + ", ".join([f"{key}: {_flow(value)}" for key, value in item.items()]) + "}"
    if kind is list:
        if len(item) == 2 and type(item[0]) is type(item[1]) is int:  # the most are spans
            return f"[{item[0]}, {item[1]}]"
        return "[" + ", ".join(map(_flow, item)) + "]"
    if isinstance(item, Decimal):
        return format(item, "f")
    return _spelt_text(str(item)) if isinstance(item, str) else json.dumps(item)


@lru_cache(maxsize=10_000)  # most of an annotation's words are ids and those of fixed lists
def _spelt_text(text: str) -> str:
    """Text in YAML: plain where that is safe, in single quotation marks, or in double ones with escapes.

    >>> print(_spelt_text("Abe"), _spelt_text("no"), _spelt_text("it's: so"))
    Abe 'no' 'it''s: so'
    """
    if _PLAIN.fullmatch(text) and text[-1] != " " and text.lower() not in _WORDS:
        return text
    if not _ESCAPED.search(text):
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _ESCAPED.sub(_escape, escaped) + '"'


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return {10: "\\n", 13: "\\r", 9: "\\t"}.get(code) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    )


def to_json(data: dict[str, Any]) -> str:
    """Plain data as JSON: numbers with all their digits, short lists on one line."""
    return _spelt(data, "\n") + "\n"


def _spelt(data: Any, margin: str) -> str:
    if isinstance(data, dict) and data:
        parts = [f"{_spelt(key, '')}: {_spelt(data[key], margin + ' ')}" for key in data]
        return "{" + ",".join(f"{margin} {part}" for part in parts) + margin + "}"
    if isinstance(data, list) and any(isinstance(item, dict) for item in data):
        return (
            "[" + ",".join(f"{margin} {_spelt(item, margin + ' ')}" for item in data) + margin + "]"
        )
    if isinstance(data, list):
        return "[" + ", ".join(_spelt(item, "") for item in data) + "]"
    return format(data, "f") if isinstance(data, Decimal) else json.dumps(data, ensure_ascii=False)

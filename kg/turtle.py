"""Turtle as a text that people keep: one statement changed, every other byte as it was.

A parser gives triples and forgets comments, order and lay-out. Here the text is only taken apart
into its statements, by the tokens of Turtle 1.1 (section 6.5), and put together again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME: Final = r"""[^\s<>"'{}|^`\\#;,.\[\]()@]|\\."""
"""A character of a name, or an escaped one; what Turtle allows is narrower, but nothing else stands there."""
_TOKEN: Final = re.compile(
    rf"""
    (?P<comment> \#[^\n\r]* )
  | (?P<space> [\s\ufeff]+ )
  | (?P<iri> <[^<>"{{}}|^`\s]*> )
  | (?P<string>
        \"\"\" (?: "{{0,2}} (?: [^"\\] | \\. ) )* \"\"\"
      | '''    (?: '{{0,2}} (?: [^'\\] | \\. ) )* '''
      | "      (?: [^"\\\n\r] | \\. )* "
      | '      (?: [^'\\\n\r] | \\. )* ' )
  | (?P<number>
        [+-]? (?: [0-9]+ \. [0-9]* (?=[eE][+-]?[0-9]) | [0-9]* \.? [0-9]+ ) (?: [eE][+-]?[0-9]+ )? )
  | (?P<keyword> @[A-Za-z0-9-]+ )
  | (?P<name> (?: {_NAME} ) (?: \.* (?: {_NAME} ) )* )
  | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVE: Final = re.compile(r"@?(prefix|base)", re.IGNORECASE)
_SPECIAL: Final = re.compile(r"[~!$&'()*+,;=/?#@]|(?<![0-9A-Za-z_-])\.|\.(?![0-9A-Za-z_-])|^-")
_RELATIVE: Final = re.compile("[A-Za-z0-9]+(?:/(?![.]{1,2}(?:/|$))[A-Za-z0-9._~%-]+)+")
"""Relative IRIs in which nothing can be taken for a scheme or for a step upward."""
_LOCAL: Final = re.compile(r"(?:[A-Za-z0-9_~.!$&'()*+,;=/?#@-]|%[0-9A-Fa-f]{2})+")


class Statement(NamedTuple):
    """A statement or a directive of a Turtle text, its full stop included.

    `subject` is its first word as written: `actor:japan`, `<id/actor/japan>`, `@prefix`. `line`
    counts from 1.
    """

    start: int
    end: int
    subject: str
    line: int

    @property
    def is_directive(self) -> bool:
        """Whether it declares a prefix or a base."""
        return _DIRECTIVE.fullmatch(self.subject) is not None


def statements(text: str) -> list[Statement]:
    """The statements of a text that is Turtle, in order; what lies between them is space and comments.

    >>> [s.subject for s in statements("@prefix a: <b/> . # c.\\na:x a a:y . a:z a:p '.' .")]
    ['@prefix', 'a:x', 'a:z']
    """
    found: list[Statement] = []
    first: re.Match[str] | None = None
    depth = words = place = 0
    line = 1
    for token in _TOKEN.finditer(text):
        if token.lastgroup in {"comment", "space"}:
            continue
        word = token[0]
        if first is None:
            line += text.count("\n", place, token.start())
            first, words, depth, place = token, 0, 0, token.start()
        words += 1
        depth += (word in {"[", "("}) - (word in {"]", ")"})
        if depth == 0 and (word == "." or _ends(first[0].lower(), words)):
            found.append(Statement(first.start(), token.end(), first[0], line))
            first = None
    if first is not None:
        found.append(Statement(first.start(), len(text), first[0], line))
    return found


def _ends(first: str, words: int) -> bool:
    """Whether a directive of SPARQL, which has no full stop, ends with this word."""
    return (first == "prefix" and words == 3) or (first == "base" and words == 2)


def comments(text: str) -> list[str]:
    """The comments in a text that is Turtle.

    >>> comments("a:x a:p '#' ; # why\\n a:q <#r> .")
    ['# why']
    """
    return [token[0] for token in _TOKEN.finditer(text) if token.lastgroup == "comment"]


class TurtleText:
    """A Turtle text whose statements can be replaced, removed and added; all else stays to the byte.

    Statements go by numbers that stay the same through all changes.
    """

    def __init__(self, text: str) -> None:
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.original = statements(text)
        self._pieces: list[str] = []
        """What lies before the first statement, the statement, what lies behind it, and so on."""
        place = 0
        for statement in self.original:
            self._pieces += [text[place : statement.start], text[statement.start : statement.end]]
            place = statement.end
        self._pieces.append(text[place:])

    def __str__(self) -> str:
        return "".join(self._pieces)

    def __getitem__(self, number: int) -> str:
        return self._pieces[2 * number + 1]

    def __iter__(self) -> Iterator[int]:
        """The numbers of the statements."""
        return iter(range(len(self._pieces) // 2))

    def subjects(self, base: str) -> dict[NamedNode, list[int]]:
        """The numbers of the statements about each node with an IRI, in order.

        A parser says which IRI a subject stands for: it is given the directives, and a triple in the
        place of each statement. Raises SyntaxError where the text is not Turtle.
        """
        lines = [
            self[n] if s.is_directive else f"{s.subject} <urn:n> {n} ."
            for n, s in enumerate(self.original)
            if not s.subject.startswith(("[", "("))
        ]
        found: dict[NamedNode, list[int]] = {}
        for quad in parse("\n".join(lines), format=RdfFormat.TURTLE, base_iri=base):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                found.setdefault(quad.subject, []).append(int(quad.object.value))
        return found

    def after_directives(self, number: int) -> bool:
        """Whether a statement comes after all directives, so that every prefix is known there."""
        return not any(statement.is_directive for statement in self.original[number:])

    def replace(self, number: int, statement: str) -> None:
        """Put another statement in the place of one."""
        self._pieces[2 * number + 1] = self._lines(statement)

    def remove(self, number: int) -> None:
        """Take a statement away, with the rest of its line where nothing else stands on that."""
        self._pieces[2 * number + 1] = ""
        before, behind = self._pieces[2 * number], self._pieces[2 * number + 2]
        alone = not before or before.endswith(("\n", "\r"))
        if alone:
            self._pieces[2 * number + 2] = re.sub(r"\A[^\S\r\n]*(\r\n|\n|\r)", "", behind, count=1)

    def append(self, statement: str) -> int:
        """Add a statement at the end, on lines of its own, and give its number."""
        end = self._pieces[-1]
        if any(self._pieces) and not end.endswith(("\n", "\r")):
            self._pieces[-1] = end + self.newline
        self._pieces += [self._lines(statement), self.newline]
        return len(self._pieces) // 2 - 1

    def declare(self, prefixes: Mapping[str, str]) -> None:
        """Declare prefixes behind the last directive, or behind the comments that the text begins with."""
        if not prefixes:
            return
        lines = self.newline.join(f"@prefix {name}: <{iri}> ." for name, iri in prefixes.items())
        last = max((n for n, s in enumerate(self.original) if s.is_directive), default=None)
        if last is not None:
            self._pieces[2 * last + 1] += self.newline + lines
            return
        head = self._pieces[0]
        between = self.newline if head.strip("\ufeff") and not head.endswith("\n") else ""
        self._pieces[0] = head + between + lines + 2 * self.newline

    def _lines(self, statement: str) -> str:
        return statement.replace("\n", self.newline)


def escaped(local: str) -> str | None:
    """The local part of a prefixed name as Turtle writes it; None where only an IRI in brackets can.

    >>> escaped("newskg%20founders"), escaped("newskg/0.1.0"), escaped("c=3"), escaped("a b")
    ('newskg%20founders', 'newskg\\\\/0.1.0', 'c\\\\=3', None)
    """
    return _SPECIAL.sub(r"\\\g<0>", local) if _LOCAL.fullmatch(local) else None


def spelled(node: NamedNode | Literal, prefixes: Mapping[str, str], base: str = "") -> str:
    """A node as Turtle writes it with some prefixes, the longest one that fits, and with a base.

    >>> spelled(NamedNode("http://www.wikidata.org/entity/Q17"), {"wd": "http://www.wikidata.org/entity/"})
    'wd:Q17'
    """
    if isinstance(node, Literal):
        plain = node.datatype == XSD.decimal and re.fullmatch("-?[0-9]+[.][0-9]+", node.value)
        return node.value if plain else str(node)
    fitting = sorted(
        ((iri, name) for name, iri in prefixes.items() if iri and node.value.startswith(iri)),
        key=lambda pair: (-len(pair[0]), pair[1]),
    )
    for iri, name in fitting:
        local = escaped(node.value.removeprefix(iri))
        if local:
            return f"{name}:{local}"
    relative = node.value.removeprefix(base) if base else ""
    return f"<{relative}>" if _RELATIVE.fullmatch(relative) else str(node)

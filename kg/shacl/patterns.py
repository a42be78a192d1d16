"""The triple patterns of a SPARQL constraint, and what links each of them to `$this`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.sparql import Token

_UNREAD = {"BIND", "GRAPH", "SELECT", "GROUP", "HAVING", "LIMIT", "OFFSET", "[", "]"}
"""Words and signs of queries in which patterns are not linked by their variables alone."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern or path pattern as it is written; `groups` are the groups that it stands in."""

    subject: str
    verb: str
    object: str
    groups: tuple[int, ...]

    @property
    def ends(self) -> set[str]:
        """The variables at its ends."""
        return {end for end in (self.subject, self.object) if end[:1] in "?$"}

    def __str__(self) -> str:
        return f"{self.subject} {self.verb} {self.object} ."


def patterns(body: Sequence[Token]) -> list[Pattern] | None:
    """All patterns of a WHERE group; None where it has something that this does not read.

    `body` are its tokens with both braces, prefixed names spelled out.
    """
    pieces = [piece for piece in body if piece.kind not in {"space", "comment"}]
    reader = _Reader([piece.text for piece in pieces])
    try:
        reader.group(())
    except (_NotReadError, IndexError):
        return None
    return reader.found


class _NotReadError(Exception):
    """The query has something that is not read here."""


class _Reader:
    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.at = 0
        self.groups = 0
        self.found: list[Pattern] = []

    def next(self) -> str:
        """The next token, passed."""
        self.at += 1
        return self.texts[self.at - 1]

    def group(self, around: tuple[int, ...]) -> None:
        """A group, from its opening brace to its closing one."""
        if self.next() != "{":
            raise _NotReadError
        self.groups += 1
        groups = (*around, self.groups)
        while (text := self.texts[self.at]) != "}":
            word = text.upper()
            if word in _UNREAD or text == "(":
                raise _NotReadError
            if text == "{":
                self.group(groups)
            elif word in {".", "UNION", "OPTIONAL"}:
                self.at += 1
            elif word == "FILTER":
                self.at += 1
                self.filter(groups)
            else:
                self.triples(groups)
        self.at += 1

    def filter(self, groups: tuple[int, ...]) -> None:
        """What follows FILTER: a call or a bracket, or EXISTS and its group."""
        if self.texts[self.at].upper() in {"NOT", "EXISTS"}:
            self.exists(groups)
            return
        while self.texts[self.at] != "(":
            self.at += 1
        depth = 0
        while True:
            text = self.texts[self.at]
            if text.upper() == "EXISTS":
                self.exists(groups)
                continue
            if text in {"{", "}"}:
                raise _NotReadError
            depth += (text == "(") - (text == ")")
            self.at += 1
            if depth == 0:
                return

    def exists(self, groups: tuple[int, ...]) -> None:
        while self.texts[self.at] != "{":
            self.at += 1
        self.group(groups)

    def triples(self, groups: tuple[int, ...]) -> None:
        """A subject with its verbs and objects."""
        subject = self.term()
        while True:
            verb = self.verb()
            while True:
                self.found.append(Pattern(subject, verb, self.term(), groups))
                if self.texts[self.at] != ",":
                    break
                self.at += 1
            while self.texts[self.at] == ";":
                self.at += 1
                if self.texts[self.at] in {".", "}"}:
                    return
            if self.texts[self.at - 1] != ";":
                return

    def term(self) -> str:
        """A variable or a term; a literal may have a language or a datatype."""
        text = self.next()
        if text in _UNREAD or text in {"(", ")", "{", "}", ";", ",", "."}:
            raise _NotReadError
        if text[0] in "\"'":
            if self.texts[self.at] == "@":
                text += self.next() + self.next()
                while self.texts[self.at] == "-":
                    text += self.next() + self.next()
            elif self.texts[self.at] == "^":
                text += self.next() + self.next() + self.next()
        else:
            # A number comes in several tokens.
            while (
                text[-1:].isdigit() and text[0] not in "?$<" and self.texts[self.at][:1].isdigit()
            ):
                text += self.next()
        return text

    def verb(self) -> str:
        """A variable, `a`, an IRI or a path, up to the object."""
        parts = [_spelled(self.next())]
        depth = parts[0].count("(")
        while True:
            text = self.texts[self.at]
            last = parts[-1]
            joined = last in {"^", "/", "|", "!", "("} or text in {"/", "|", "*", "+", ")"}
            joined |= text == "?" or depth > 0
            if not joined:
                break
            depth += (text == "(") - (text == ")")
            parts.append(_spelled(self.next()))
        return "".join(parts)


def _spelled(text: str) -> str:
    """A part of a path, with the IRI that `a` stands for."""
    return str(RDF.type) if text == "a" else text


def linked(found: Sequence[Pattern], this: str) -> Iterator[tuple[Pattern, list[Pattern]]]:
    """Each pattern with a chain of others that links one of its ends to a variable.

    All of a chain stand in groups around the pattern, so that they have to match wherever it does.
    A pattern without such a chain comes with one of which the first is itself.
    """
    for pattern in found:
        around = [
            other
            for other in found
            if other is not pattern and pattern.groups[: len(other.groups)] == other.groups
        ]
        chain = _chain(pattern, around, this)
        yield pattern, [pattern] if chain is None else chain


def _chain(pattern: Pattern, around: Sequence[Pattern], this: str) -> list[Pattern] | None:
    """The shortest chain of patterns from the ends of one to a variable."""
    if this in pattern.ends:
        return []
    paths: list[tuple[set[str], list[Pattern]]] = [(pattern.ends, [])]
    seen = set(pattern.ends)
    while paths:
        ends, chain = paths.pop(0)
        for other in around:
            if ends & other.ends and other not in chain:
                fresh = other.ends - seen
                if this in other.ends:
                    return [*chain, other]
                if fresh:
                    seen |= fresh
                    paths.append((other.ends, [*chain, other]))
    return None

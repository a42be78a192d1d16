"""SPARQL as tokens: enough of its grammar to know where a variable or a keyword stands."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<comment>\#[^\n\r]*)
  | (?P<variable>[?$]\w+)
  | (?P<word>(?:[^\W\d]|_)[\w.-]*(?::[\w.:%-]*)?|:[\w.:%-]+)
  | (?P<space>\s+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""The tokens of SPARQL 1.1 (19.8) as far as they decide where a variable or a keyword may stand."""


class Token(NamedTuple):
    """A piece of a query; `kind` is iri, string, comment, variable, word, space or other."""

    kind: str
    text: str
    start: int


def tokens(sparql: str) -> Iterator[Token]:
    """The pieces of a query, which joined are the query.

    >>> [token.text for token in tokens("?a = '?b'") if token.kind == "variable"]
    ['?a']
    """
    for match in _TOKEN.finditer(sparql):
        yield Token(str(match.lastgroup), match[0], match.start())


def parameters(sparql: str) -> dict[str, int]:
    """The variables of a query that are parameters (`?_name`), and where each stands first."""
    found: dict[str, int] = {}
    for token in tokens(sparql):
        if token.kind == "variable" and token.text[1] == "_":
            found.setdefault(token.text[1:], token.start)
    return found


def calls_out(sparql: str) -> bool:
    """Whether a query asks another server, by SERVICE.

    >>> calls_out("SELECT * { SERVICE <http://example.org/> { ?s ?p 'SERVICE' } }")
    True
    >>> calls_out("SELECT ?service { ?service ?p 'SERVICE' }")
    False
    """
    return any(token.kind == "word" and token.text.upper() == "SERVICE" for token in tokens(sparql))


def undeclared(sparql: str) -> set[str]:
    """The prefixes that a query uses and does not declare.

    >>> undeclared("PREFIX a: <http://a/> SELECT ?x { ?x a a:B ; b:c 'd:e' }")
    {'b'}
    """
    words = [token.text for token in tokens(sparql) if token.kind == "word"]
    declared = {
        name.partition(":")[0]
        for keyword, name in itertools.pairwise(words)
        if keyword.upper() == "PREFIX"
    }
    return {
        prefix for word in words if ":" in word and (prefix := word.partition(":")[0])
    } - declared

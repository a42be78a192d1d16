"""SPARQL as tokens: enough of its grammar to know where a variable or a keyword stands."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_TOKEN = re.compile(
    r"""
    (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"\"\"[^"\\]*+(?:(?:\\.|"{1,2}+(?!"))[^"\\]*+)*\"\"\"
      | '''[^'\\]*+(?:(?:\\.|'{1,2}+(?!'))[^'\\]*+)*'''
      | "[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*" | '[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*')
  | (?P<comment>\#[^\n\r]*)
  | (?P<variable>[?$][\w\xb7\u0300-\u036f\u203f\u2040]+)
  | (?P<word>(?:(?:[^\W\d]|_)[\w.-]*)?:(?:[\w.:%-]|\\[-_~.!$&'()*+,;=/?\#@%])* | (?:[^\W\d]|_)[\w.-]*)
  | (?P<digits>[0-9]+)
  | (?P<space>\s+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""The tokens of SPARQL 1.1 (19.8) as far as they decide where a variable or a keyword may stand.

Strings repeat no group possessively: before 3.11.5, Python matches that wrongly (python/cpython#106052).
"""


class Token(NamedTuple):
    """A piece of a query; `kind` is iri, string, comment, variable, word, digits, space or other."""

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


def names_graphs(sparql: str) -> bool:
    """Whether a query says itself which graphs to ask, by FROM.

    >>> names_graphs("SELECT * FROM <http://example.org/g> { ?from ?p 'FROM' }")
    True
    >>> names_graphs("SELECT * { ?from <http://example.org/from> 'FROM' }")
    False
    """
    if not _FROM.search(sparql):  # most queries need no second look
        return False
    return any(token.kind == "word" and token.text.upper() == "FROM" for token in tokens(sparql))


_FROM = re.compile(r"(?<![\w:#?$@])FROM\b", re.IGNORECASE)
"""The keyword, or what may be it: not the end of a name such as kg:from, of an IRI or of a variable."""


def services(sparql: str) -> list[str]:
    """What a query names as other servers to be asked, by SERVICE: IRIs, or whatever else stands there.

    The engine reads keywords that run into others (`true.SERVICE`, `SERVICESILENT`, and even
    `SERVICE:x {` for a name with the empty prefix), so no word that has SERVICE in it is let pass,
    but for prefixed names.

    >>> services("SELECT * { SERVICE SILENT <http://example.org/> { ?s ?p 'SERVICE' } }")
    ['http://example.org/']
    >>> services("SELECT * { SERVICE ?any { ?s ?p ?o } true.SERVICE <http://example.org/> { } }")
    ['?any', 'true.SERVICE']
    >>> services("SELECT ?service { ?service ?p 'SERVICE', ex:SERVICE, service:x }")
    []
    """
    if not _SERVICE.search(sparql):  # most queries need no second look
        return []
    found = []
    pieces = [token for token in tokens(sparql) if token.kind not in {"space", "comment"}]
    for token, *rest in itertools.zip_longest(pieces, pieces[1:], pieces[2:]):
        after, second = (piece.text if piece else "" for piece in rest)
        prefix, colon, _ = token.text.partition(":")
        if token.kind != "word" or "SERVICE" not in prefix.upper() or (colon and after != "{"):
            continue
        endpoint = second if after.upper() == "SILENT" else after
        plain = token.text.upper() == "SERVICE"
        found.append(endpoint.removeprefix("<").removesuffix(">") if plain else token.text)
    return found


def calls_out(sparql: str) -> bool:
    """Whether a query asks another server.

    >>> calls_out("SELECT * { SERVICE <http://example.org/> { ?s ?p 'SERVICE' } }")
    True
    """
    return bool(services(sparql))


_SERVICE = re.compile("SERVICE", re.IGNORECASE)


def first_keyword(sparql: str) -> str:
    """What a query or an update begins with, after its prefixes, in capitals.

    >>> first_keyword("PREFIX a: <http://a/> # all\\n delete where { ?s ?p ?o }")
    'DELETE'
    """
    words = (token.text.upper() for token in tokens(sparql) if token.kind == "word")
    return next((word for word in words if ":" not in word and word not in {"PREFIX", "BASE"}), "")


def stars(sparql: str) -> bool:
    """Whether a query selects `*`.

    >>> stars("SELECT DISTINCT * { ?s ?p ?o }"), stars("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    (True, False)
    """
    return _star(sparql) is not None


def spelled_out(sparql: str, names: Collection[str]) -> str | None:
    """A `SELECT *` query with its columns in the order in which the query names them first.

    `names` are the variables that the star stands for. None where the query has no star.

    >>> spelled_out("SELECT * { ?s ?p ?o }", ["o", "p", "s"])
    'SELECT ?s ?p ?o { ?s ?p ?o }'
    """
    star = _star(sparql)
    if star is None or not names:
        return None
    seen = dict.fromkeys(token.text[1:] for token in tokens(sparql) if token.kind == "variable")
    columns = " ".join(f"?{name}" for name in seen if name in names)
    return f"{sparql[:star]}{columns}{sparql[star + 1 :]}"


def _star(sparql: str) -> int | None:
    """Where the star of a `SELECT *` stands."""
    if "*" not in sparql:
        return None
    pieces = (token for token in tokens(sparql) if token.kind not in {"space", "comment"})
    head = itertools.takewhile(lambda token: token.text not in "{(", pieces)
    return next(
        (
            after.start
            for before, after in itertools.pairwise(head)
            if after.text == "*" and before.text.upper() in {"SELECT", "DISTINCT", "REDUCED"}
        ),
        None,
    )


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
        prefix for word in words if ":" in word and (prefix := word.partition(":")[0]) != "_"
    } - declared

"""A query taken apart: its SELECTs, the groups that they ask, and what stands around these.

All that is done to a query here moves whole tokens (paging, graphs to ask, other columns); whoever
does so gives the result to an engine, which parses it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.sparql import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FORMS = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """A query or a query inside it: its form, its head, its group with the braces, its modifiers.

    `inner` are the SELECTs that stand inside the group, in their order, not those inside them.
    """

    form: str
    head: tuple[Token, ...]
    group: tuple[Token, ...]
    modifiers: tuple[Token, ...]
    inner: tuple[Select, ...] = ()

    @property
    def start(self) -> int:
        """Where it starts in the text."""
        return self.head[0].start

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        last = (self.modifiers or self.group or self.head)[-1]
        return last.start + len(last.text)


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query: what declares prefixes, and what asks."""

    text: str
    prologue: str
    select: Select


def read(sparql: str) -> Query:
    """Take a query apart. Raises InputError with the place where its braces do not fit or it has no form.

    >>> query = read("PREFIX a: <http://a/> SELECT ?x { ?x a a:B } LIMIT 3")
    >>> query.select.form, [token.text for token in query.select.modifiers]
    ('SELECT', ['LIMIT', '3'])
    """
    refuse_deep(sparql)
    pieces = [token for token in tokens(sparql) if token.kind not in {"space", "comment"}]
    first = 0
    while first < len(pieces) and pieces[first].text.upper() in {"PREFIX", "BASE"}:
        first += 3 if pieces[first].text.upper() == "PREFIX" else 2
    if first >= len(pieces) or pieces[first].text.upper() not in FORMS:
        position = pieces[first].start if first < len(pieces) else len(sparql)
        raise InputError(
            f"SPARQL: {_place(sparql, position)}: no query",
            hint=f"a query starts with {', '.join(FORMS)}",
        )
    open_: list[Token] = []
    for token in pieces[first:]:
        if token.text == "{":
            open_.append(token)
        elif token.text == "}" and not (open_ and open_.pop()):
            raise InputError(f"SPARQL: {_place(sparql, token.start)}: a brace closes none")
    if open_:
        place = _place(sparql, open_[-1].start)
        raise InputError(f"SPARQL: {place}: a brace is not closed")
    select = _select(pieces[first:])
    if not select.group and select.form != "DESCRIBE":
        place = _place(sparql, select.start)
        raise InputError(f"SPARQL: {place}: {select.form} needs a group in braces")
    return Query(sparql, sparql[: select.start], select)


def refuse_deep(sparql: str) -> None:
    """Raise InputError where brackets are nested so deeply that engines, and we, run out of stack.

    >>> refuse_deep("ASK " + "{" * 500 + "}" * 500)
    Traceback (most recent call last):
    ...
    kg.errors.InputError: SPARQL: line 1, column 255: brackets are nested more than 250 deep
    """
    if sum(map(sparql.count, _OPEN)) <= DEEPEST:  # most queries need no second look
        return
    depth = 0
    for token in tokens(sparql):
        depth += (token.text in _OPEN) - (token.text in _CLOSE)
        if depth > DEEPEST:
            place = _place(sparql, token.start)
            raise InputError(f"SPARQL: {place}: brackets are nested more than {DEEPEST} deep")


DEEPEST = 250
"""Brackets inside each other: Oxigraph crashes at some ten thousand, Python gives up at five hundred."""


def _place(sparql: str, position: int) -> str:
    before = sparql[:position]
    return f"line {before.count(chr(10)) + 1}, column {position - before.rfind(chr(10))}"


def _select(pieces: Sequence[Token]) -> Select:
    """The parts of a query whose first token is its form and which has no tokens after it."""
    form = pieces[0].text.upper()
    start = _group(pieces, form)
    if start is None:  # DESCRIBE <iri> needs no group
        return Select(form=form, head=tuple(pieces), group=(), modifiers=())
    end = _closing(pieces, start)
    return Select(
        form=form,
        head=tuple(pieces[:start]),
        group=tuple(pieces[start : end + 1]),
        modifiers=tuple(pieces[end + 1 :]),
        inner=tuple(_inner(pieces[start + 1 : end])),
    )


def _group(pieces: Sequence[Token], form: str) -> int | None:
    """Where the group of a query opens; the template of a CONSTRUCT comes before it."""
    depth, template = 0, form == "CONSTRUCT"
    number = 0
    while number < len(pieces):
        text = pieces[number].text
        if text == "{" and depth == 0:
            if not template:
                return number
            number, template = _closing(pieces, number), False
        elif text.upper() == "WHERE":
            template = False
        elif text in _OPEN:
            depth += 1
        elif text in _CLOSE:
            depth -= 1
        number += 1
    return None


def _closing(pieces: Sequence[Token], start: int) -> int:
    """Where the brace closes that opens at `start`."""
    depth = 0
    for number in range(start, len(pieces)):
        text = pieces[number].text
        depth += (text == "{") - (text == "}")
        if depth == 0:
            return number
    raise InputError("SPARQL: a brace is not closed")


def _inner(pieces: Sequence[Token]) -> Iterator[Select]:
    """The SELECTs that stand inside a group."""
    number = 0
    while number < len(pieces) - 1:
        if pieces[number].text == "{" and pieces[number + 1].text.upper() == "SELECT":
            end = _closing(pieces, number)
            yield _select(pieces[number + 1 : end])
            number = end
        number += 1


def clauses(modifiers: Sequence[Token]) -> dict[str, tuple[Token, ...]]:
    """The modifiers of a query by their keywords: GROUP, HAVING, ORDER, LIMIT, OFFSET, VALUES.

    >>> found = clauses(read("SELECT ?x { ?x ?y ?z } ORDER BY ?x LIMIT 3").select.modifiers)
    >>> {name: len(tokens) for name, tokens in found.items()}
    {'ORDER': 3, 'LIMIT': 2}
    """
    found: dict[str, list[Token]] = {}
    name, depth = "", 0
    for token in modifiers:
        word = token.text.upper()
        if depth == 0 and token.kind == "word" and word in _CLAUSES:
            name = word
        elif depth == 0 and token.kind == "word" and _RUN_ON.fullmatch(word):
            # Engines read it, and to pass over it would be to drop what it says.
            raise InputError(f"SPARQL: {token.text} needs a blank after the keyword")
        depth += (token.text in _OPEN) - (token.text in _CLOSE)
        found.setdefault(name, []).append(token)
    return {name: tuple(tokens) for name, tokens in found.items()}


_CLAUSES = {"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}
_RUN_ON = re.compile("(GROUP|ORDER)BY.*|(LIMIT|OFFSET)[0-9].*")


@dataclass(frozen=True, slots=True)
class Column:
    """An entry of a projection: its variable, and the expression that computes it where there is one."""

    name: str
    expression: tuple[Token, ...] = ()


def columns(select: Select) -> list[Column] | None:
    """The projection of a SELECT; None where it is a star.

    >>> [c.name for c in columns(read("SELECT ?a (COUNT(?b) AS ?n) { ?a ?b ?c }").select)]
    ['a', 'n']
    """
    found = []
    parts = iter(select.head[1:])
    for token in parts:
        if token.text == "*":
            return None
        if token.kind == "variable":
            found.append(Column(token.text[1:]))
        elif token.text == "(":
            inside, depth = [], 1
            for part in parts:
                depth += (part.text == "(") - (part.text == ")")
                if depth == 0:
                    break
                inside.append(part)
            if inside and inside[-1].kind == "variable":
                found.append(Column(inside[-1].text[1:], tuple(inside[:-2])))
        elif token.text.upper() in {"WHERE", "FROM"}:
            break
    return found


def aggregates(expression: Sequence[Token]) -> bool:
    """Whether an expression has an aggregate in it."""
    return any(token.kind == "word" and token.text.upper() in _AGGREGATES for token in expression)


_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}


def text_of(query: str, pieces: Sequence[Token]) -> str:
    """What some tokens that follow each other say in the query, with the blanks between them."""
    if not pieces:
        return ""
    return query[pieces[0].start : pieces[-1].start + len(pieces[-1].text)]

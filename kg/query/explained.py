"""Rows with labels and with the passages that they rest on, as people and programs want them."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.names import curie
from kg.query.answer import solutions
from kg.query.results import ROWS, allow, filled, serialized, spell
from kg.query.why import Support
from kg.table import markdown, printable, table, wrap
from kg.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.query.answer import Answer, Row


def write(
    answer: Answer,
    form: str | None,
    *,
    prefixes: Mapping[str, str],
    width: int | None = None,
    with_why: bool = False,
) -> bytes:
    """Rows with the labels of their things and, on request, with what each of them rests on.

    A table has the label before the id. With why, tables become blocks, JSON has a list `why` beside
    the rows, and the other formats have a row for each passage. Raises ConfigError where the format
    is not one of rows.
    """
    allow(form, ("table", "md", *ROWS), "SELECT")
    if form == "json" and with_why:
        document = json.loads(serialized(answer.solutions(), "json"))
        document["why"] = [[_told(support) for support in row.why] for row in answer.rows]
        return (json.dumps(document, ensure_ascii=False) + "\n").encode()
    if form in ROWS:
        return serialized(_with_passages(answer) if with_why else answer.solutions(), form)
    columns = [answer.headings.get(name, name) for name in answer.columns]
    rows = [[_cell(row, name, prefixes) for name in answer.columns] for row in answer.rows]
    if with_why and form != "md":
        return _blocks(answer, columns, rows, prefixes, width or 80).encode()
    if with_why:
        columns, rows = _beside(answer, columns, rows, prefixes)
    if form == "md":
        return markdown(columns, rows).encode()
    return table(*filled(columns, rows), width).encode()


def _cell(row: Row, column: str, prefixes: Mapping[str, str]) -> str:
    """A term with what people call it, if no other cell says it: `North Korea (actor:north-korea)`."""
    spelt = spell(row[column], prefixes)
    label = row.labels.get(column)
    words = {spell(term, prefixes) for name, term in row.items() if name != column}
    return spelt if label is None or label in words else f"{label} ({spelt})"


_PASSAGES = {field.name: f"why{field.name[0].upper()}{field.name[1:]}" for field in fields(Support)}
"""The columns that a row for each passage has: `whyKind`, `whyStart` and so on."""


def _told(support: Support) -> dict[str, str | int]:
    return {name: value for name in _PASSAGES if (value := getattr(support, name)) is not None}


def _with_passages(answer: Answer) -> ox.QuerySolutions:
    """A row for each passage behind each row, in columns of their own; one without any has none."""
    whole = answer.solutions()
    names = [variable.value for variable in whole.variables]
    rows = []
    for solution, row in zip(whole, answer.rows, strict=True):
        terms = {name: solution[name] for name in names if solution[name] is not None}
        for support in row.why or (None,):
            told = {} if support is None else _told(support)
            added = {_PASSAGES[name]: _literal(name, value) for name, value in told.items()}
            rows.append(terms | added)
    return solutions([*names, *_PASSAGES.values()], rows)


def _literal(name: str, value: str | int) -> ox.Literal | ox.NamedNode:
    if name in {"node", "article", "passage"}:
        return ox.NamedNode(str(value))
    if isinstance(value, int):
        return ox.Literal(str(value), datatype=XSD.integer)
    return ox.Literal(value)


def _beside(
    answer: Answer, columns: list[str], rows: list[list[str]], prefixes: Mapping[str, str]
) -> tuple[list[str], list[list[str]]]:
    """A table with a row for each passage, the passage in words in a last column."""
    found = [
        [*cells, " — ".join(_lines(support, cells, prefixes))]
        for cells, row in zip(rows, answer.rows, strict=True)
        for support in row.why or (None,)
    ]
    return [*columns, "Why"], found


def _blocks(
    answer: Answer,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    prefixes: Mapping[str, str],
    width: int,
) -> str:
    """Each row as a block of lines, and under it the passages that it rests on."""
    out: list[str] = []
    label = min(max((len(name) for name in columns), default=0), width // 3)
    for number, (cells, row) in enumerate(zip(rows, answer.rows, strict=True), 1):
        out.append(f"{number}.")
        for name, cell in zip(columns, cells, strict=True):
            if cell:
                text = " ".join(printable(cell).split())
                lines = wrap(text, max(width - label - 4, 20))
                out += [
                    f"  {name if i == 0 else '':<{label}}  {line}" for i, line in enumerate(lines)
                ]
        out.append("  Why")
        before = None
        for support in row.why[:SHOWN]:
            # Of a claim with several passages the words are said once.
            known = [*cells, *([before.says] if before and before.node == support.node else [])]
            before = support
            for i, part in enumerate(_lines(support, known, prefixes)):
                text = " ".join(printable(part).split())
                for j, line in enumerate(wrap(text, max(width - 6, 20))):
                    out.append(f"    {'- ' if i == j == 0 else '  '}{line}")
        if len(row.why) > SHOWN:
            out.append(f"    and {len(row.why) - SHOWN} more (-f json has all)")
        if not row.why:
            nothing = "nothing was found behind this row"
            out += [f"    {line}" for line in wrap(nothing, max(width - 4, 20))]
        out.append("")
    return "\n".join(out) if out else table(columns, [], width)


SHOWN = 10
"""Passages that a block shows for each row; other formats have all."""


def _lines(
    support: Support | None, cells: Sequence[str | None], prefixes: Mapping[str, str]
) -> list[str]:
    """A passage in words: what it says, where it stands, who says so, how it came into the graph.

    What the cells of the row say already is not said again.
    """
    if support is None:
        return []
    quoted = None
    if support.words is not None:
        before, after = support.before or "", support.after or ""
        quoted = f"“{before}[{support.words}]{after}”" if before or after else f"“{support.words}”"
    says = support.says if support.kind != "mention" and support.says not in cells else None
    where = [support.headline or support.article]
    if support.published:
        where.append(f"({support.published})")
    if support.start is not None:
        where.append(f"characters {support.start}-{support.end} of {support.file or 'its text'}")
    source = f"source: {support.source}" if support.source else None
    cue = f"cue: “{support.cue}”" if support.cue else None
    reference = support.reference
    if reference is not None and support.kind == "judgement":
        reference = f"of {curie(ox.NamedNode(reference), prefixes)}"
    how = [support.how] if support.how else []
    if support.by and support.by not in (support.how or ""):
        how.append(support.by)
    if support.at:
        how.append(support.at[:10])
    lines = [
        says,
        quoted,
        " ".join(filter(None, where)),
        "; ".join(filter(None, (source, cue, reference, ", ".join(how)))),
    ]
    return [line for line in lines if line] or [support.node]

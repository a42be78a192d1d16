"""Rows of text as tables: what people read of answers and reports."""

from __future__ import annotations

import re
import shutil
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GAP = "  "
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_PIECE = re.compile(
    r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?/?(?=[0-9T]|$)|T[0-9:]{8}|[^\s:/#_-]*[:/#_-]+|[^\s:/#_-]+"
)
"""What stays together on a line: words, days, and the parts of an IRI with the sign that ends them."""


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table.

    >>> print(markdown(["a"], [["x | y"]]), end="")
    | a |
    | --- |
    | x \\| y |
    """

    def line(cells: Sequence[str]) -> str:
        escaped = (printable(cell).replace("\\", "\\\\").replace("|", "\\|") for cell in cells)
        return "| " + " | ".join(" ".join(cell.split()) for cell in escaped) + " |\n"

    rule = "|" + " --- |" * len(columns) + "\n"
    return line(columns) + rule + "".join(map(line, rows))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None) -> str:
    """Rows as a table for people, wrapped to a width in characters, or to that of the terminal.

    Where the columns do not fit side by side, or would be so narrow that it takes more lines, each
    row is a block with a line for each value.

    >>> print(table(["who", "n"], [["Ann", "9"], ["Bo", "10"]]), end="")
    who   n
    ───  ──
    Ann   9
    Bo   10
    """
    width = width or shutil.get_terminal_size((100, 24)).columns
    columns = [printable(name) for name in columns]
    cells = [[" ".join(printable(cell).split()) for cell in row] for row in rows]
    by_column = [list(column) for column in zip(*cells, strict=True)] or [[] for _ in columns]
    widths = _widths(columns, by_column, width - len(GAP) * (len(columns) - 1))
    if widths is None and cells:
        return _blocks(columns, cells, width)
    widths = widths or [length(name) for name in columns]
    right = [_numeric(column) for column in by_column]
    wrapped = [[wrap(cell, n) for cell, n in zip(row, widths, strict=True)] for row in cells]
    names = [wrap(name, n) for name, n in zip(columns, widths, strict=True)]
    out = [*_side_by_side(names, widths, right), GAP.join("─" * n for n in widths)]
    tall = any(len(lines) > 1 for row in wrapped for lines in row)
    for number, row in enumerate(wrapped):
        if tall and number:
            out.append("")
        out += _side_by_side(row, widths, right)
    beside = "".join(f"{line.rstrip()}\n" for line in out)
    blocks = _blocks(columns, cells, width) if tall else beside
    return min(beside, blocks, key=lambda text: text.count("\n"))


def _widths(columns: Sequence[str], cells: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """The width of each column: room goes where the most text waits. None where words would be cut.

    Words of some length are broken only where there is no other way: dates stay whole if they can.
    """
    named = [[name, *column] for name, column in zip(columns, cells, strict=True)]
    whole = [max(map(length, texts)) for texts in named]
    for kept in (16, 10):
        widths = [
            max(
                (length(piece) for text in texts for word in text.split(" ")
                 for piece in ([word] if length(word) <= kept else _PIECE.findall(word))),
                default=0,
            )
            for texts in named
        ]  # fmt: skip
        if sum(widths) <= room:
            break
    else:
        return None
    amount = [sum(map(length, column)) for column in cells]
    while sum(widths) < min(room, sum(whole)):
        waiting = [i for i in range(len(widths)) if widths[i] < whole[i]]
        widths[max(waiting, key=lambda i: (amount[i] / max(widths[i], 1), -i))] += 1
    return widths


def _side_by_side(
    cells: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[bool]
) -> Iterator[str]:
    for number in range(max(map(len, cells), default=0)):
        parts = []
        for lines, n, numeric in zip(cells, widths, right, strict=True):
            line = lines[number] if number < len(lines) else ""
            space = " " * (n - length(line))
            parts.append(space + line if numeric else line + space)
        yield GAP.join(parts)


def _blocks(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    """Each row as a block of lines, empty values left out."""
    label = min(max(map(length, columns)), width // 3)
    out: list[str] = []
    for row in cells:
        for name, cell in zip(columns, row, strict=True):
            if cell:
                names, lines = wrap(name, label), wrap(cell, max(width - label - len(GAP), 1))
                out += _side_by_side([names, lines], [label, 0], [False, False])
        out.append("")
    return "".join(f"{line.rstrip()}\n" for line in out[:-1])


def wrap(text: str, width: int) -> list[str]:
    """A text in lines of at most that width, broken between words, in long words where an IRI has a joint."""
    lines = [""]
    for word in text.split(" "):
        glue = " " if lines[-1] else ""
        if length(lines[-1] + glue + word) <= width:
            lines[-1] += glue + word
            continue
        if glue:
            lines.append("")
        for piece in _pieces(word, width):
            if length(lines[-1] + piece) > width and lines[-1]:
                lines.append("")
            lines[-1] += piece
    return lines


def _pieces(word: str, width: int) -> Iterator[str]:
    if length(word) <= width:
        yield word
        return
    for piece in _PIECE.findall(word):
        part = ""
        for character in piece:
            if part and length(part + character) > width:
                yield part
                part = ""
            part += character
        yield part


def length(text: str) -> int:
    """The cells that a text takes on a terminal: Han and kana take two each, combining marks none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def printable(text: str) -> str:
    """A text without what would move the cursor or change colours."""
    return "".join(c if unicodedata.category(c) not in {"Cc", "Cf"} else " " for c in text)


def _numeric(column: Sequence[str]) -> bool:
    return any(column) and all(_NUMBER.fullmatch(cell) for cell in column if cell)

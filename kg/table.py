"""Rows of text as tables: what people read of answers and reports."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table.

    >>> print(markdown(["a"], [["x | y"]]), end="")
    | a |
    | --- |
    | x \\| y |
    """

    def line(cells: Sequence[str]) -> str:
        escaped = (cell.replace("\\", "\\\\").replace("|", "\\|") for cell in cells)
        return "| " + " | ".join(" ".join(cell.split()) for cell in escaped) + " |\n"

    rule = "|" + " --- |" * len(columns) + "\n"
    return line(columns) + rule + "".join(map(line, rows))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None) -> str:
    """Rows as a table for people, wrapped to a width in characters, or to that of the terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    numeric = [bool(rows) and all(_is_number(row[i]) for row in rows) for i in range(len(columns))]
    for column, right in zip(columns, numeric, strict=True):
        grid.add_column(Text(column), justify="right" if right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    out = io.StringIO()
    console = Console(file=out, width=width, no_color=True, force_terminal=False)
    console.print(grid)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().rstrip("\n").split("\n"))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True

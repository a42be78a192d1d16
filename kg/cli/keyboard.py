"""A person at a terminal: keys that they press, lines that they type, pages that are opened for them."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from kg.cli.app import width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def is_plain(text: str) -> bool:
    """Whether a text moves no cursor and turns no line around; joiners are letters' business.

    >>> is_plain("می\u200cخواهم"), is_plain("a\x1bb"), is_plain("a\u202eb")
    (True, False, False)
    """
    return all(c.isprintable() or c in _WITHIN_WORDS for c in text)


_WITHIN_WORDS = frozenset("\u200c\u200d\u200e\u200f\u00ad")
"""Signs without width that spelling needs: joiners, marks of direction, and hyphens that may be."""


@dataclass(slots=True)
class Keyboard:
    """The terminal that the program was started from; a dumb one is asked for lines."""

    @property
    def width(self) -> int:
        """Characters that go on a line, and few enough to read."""
        return min(width(), 120)

    def tell(self, lines: Iterable[str]) -> None:
        """Show lines, the words in question in bold letters where there are such."""
        from kg.review.page import CLOSE, OPEN

        bold = not os.environ.get("NO_COLOR") and not self._dumb
        for line in lines:
            if bold and (OPEN in line or CLOSE in line):
                line = line.replace(OPEN, f"\x1b[1m{OPEN}").replace(CLOSE, f"{CLOSE}\x1b[22m")
            typer.echo(line)

    def key(self, prompt: str) -> str:
        """The next key; from a dumb terminal the first letter of a line."""
        if self._dumb:
            typer.echo(f"{prompt} ", nl=False)
            sys.stdout.flush()
            line = sys.stdin.readline()
            return (line.strip() or "?")[0] if line else ""
        with _by_keys(sys.stdin.fileno()) as handle:
            typer.echo(f"{prompt} ", nl=False)
            sys.stdout.flush()
            key = _pressed(handle)
        typer.echo(key if key.isprintable() else "")
        return key

    def line(self, prompt: str) -> str:
        """A line that is typed; bytes that are no text are left out."""
        typer.echo(prompt, nl=False)
        sys.stdout.flush()
        line = sys.stdin.readline()
        return "".join(c for c in line.strip() if is_plain(c))

    def open(self, address: str) -> bool:
        """Open a page in the browser of the system."""
        import webbrowser

        return webbrowser.open(address)

    @property
    def _dumb(self) -> bool:
        return os.environ.get("TERM", "dumb") == "dumb"


@contextlib.contextmanager
def _by_keys(handle: int) -> Iterator[int]:
    """Have a terminal give each key at once; what was typed before is forgotten.

    Whoever typed it had not seen what it would decide on.
    """
    import termios
    import tty

    before = termios.tcgetattr(handle)
    try:
        tty.setcbreak(handle, termios.TCSAFLUSH)
        yield handle
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)


def _pressed(handle: int) -> str:
    """One key; arrows and the like are one key that stands for nothing."""
    import select

    found = os.read(handle, 1)
    if found == b"\x1b" or found > b"\x7f":
        while select.select([handle], [], [], 0.02)[0]:  # the rest of what the key sends
            if not os.read(handle, 16):
                break
        return "\x1b"
    return found.decode("ascii")

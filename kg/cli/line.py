"""One line on the terminal, written over again and again: how far it is, or what it waits for."""

from __future__ import annotations

import sys
import time

from kg.cli.app import say, width
from kg.table import printable

QUIET = 1.0
"""Seconds in which nothing is shown: what is done by then needs no bar."""
OFTEN = 0.1
"""Seconds between two pictures of it."""


class Line:
    """The line of one run; without a terminal only waiting is told, once for each reason."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.done = 0
        self.begun = self.shown = time.monotonic()
        self.told = ""
        self.there = False

    def advance(self, label: str, left: int) -> None:
        """Tell that one thing more is done, and how many are left."""
        self.done += 1
        now = time.monotonic()
        if sys.stderr.isatty() and now - self.begun > QUIET and now - self.shown > OFTEN:
            self.shown = now
            rate = self.done / (now - self.begun)
            remaining = f"{left / rate:.0f} s left" if left else "done"
            self._show(f"{self.done} {self.what}, {rate:.0f} a second, {remaining}: {label}")

    def waiting(self, seconds: float, reason: str) -> None:
        """Tell how long a service makes us wait, and why; 0 is the end of it."""
        line = f"kg: waiting {seconds:.0f} s: {reason}"
        if sys.stderr.isatty():
            self._show(line if seconds > 0 else "")
        elif seconds > 0 and self.told != reason:
            say(line)
        self.told = reason if seconds > 0 else ""

    def clear(self) -> None:
        """Take the line away."""
        if self.there:
            self._show("")

    def _show(self, line: str) -> None:
        sys.stderr.write(f"\r\x1b[K{printable(line)[: width() - 1]}")
        sys.stderr.flush()
        self.there = bool(line)

"""Every error that `kg` raises on purpose, with its exit code.

::

    KgError                 exit
    ├─ ConfigError             2   a setting, a flag or a parameter is wrong
    ├─ InputError              3   a file, a text, RDF or SPARQL cannot be read
    │  ├─ AnnotationError      3   an annotation breaks its rules; carries every problem found
    │  └─ NotFoundError        3   nothing goes by that name
    ├─ StoreError              4   the store is locked, unreachable, or cannot be written
    └─ ServiceError            5   a web server or a language model fails

0 is done, 1 means that it ran and the answer is no (does not conform, ASK is false, some inputs
failed), 70 is a bug, 130 an interruption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class KgError(Exception):
    """Something went wrong that the user can put right."""

    exit_code: ClassVar[int] = 70
    status: ClassVar[int] = 500  # of HTTP, where a server has to tell of it

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class ConfigError(KgError):
    """A setting, a flag or a parameter is wrong."""

    exit_code = 2
    status = 400


class InputError(KgError):
    """A file, a text, RDF or SPARQL cannot be read."""

    exit_code = 3
    status = 400


class NotFoundError(InputError):
    """Nothing goes by that name."""

    status = 404


class StoreError(KgError):
    """The store or the folder of the workspace is locked, unreachable, or cannot be written."""

    exit_code = 4
    status = 503


class ServiceError(KgError):
    """A service on the network failed: a web server, Wikidata, a language model."""

    exit_code = 5
    status = 502


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in a file; `line` and `column` count from 1 and are absent where only the file is known."""

    file: str
    message: str
    line: int | None = None
    column: int | None = None
    hint: str | None = None

    def __str__(self) -> str:
        place = ":".join(
            str(part) for part in (self.file, self.line, self.column) if part is not None
        )
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class AnnotationError(InputError):
    """An annotation breaks its rules; `problems` lists every fault of the file, not just the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def bounded(text: str, limit: int = 300) -> str:
    """One line of something foreign, for a message: no control characters, and not too long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 2 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"

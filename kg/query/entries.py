"""The entries of a header: YAML in the comments of a file, whose faults have a line and a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from kg.errors import AnnotationError, InputError
from kg.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class Entries:
    """Reads entries of the header of one file, and refuses what they cannot be."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        lines = text.split("\n")
        headed = [(n, line) for n, line in enumerate(lines) if line.startswith("#+")]
        if not headed:
            raise InputError(
                f"{path}:1: no header", hint="a stored query starts with #+ summary: …"
            )
        # Blanks in the place of all else keep the lines and columns of messages right.
        numbered = dict(headed)
        yaml = [numbered.get(n, "").replace("#+", "  ", 1) for n in range(headed[-1][0] + 1)]
        if not any(map(str.strip, yaml)):
            raise InputError(f"{path}:1: the header is empty", hint="it says summary: …")
        try:
            self.source = Source("\n".join(yaml).encode(), str(path))
        except AnnotationError as error:
            raise InputError(str(error)) from error

    def _place(self, position: int) -> tuple[int, int]:
        before = self.text[:position]
        return before.count("\n") + 1, position - before.rfind("\n")

    def _words(
        self, data: dict[str, Any], key: str, path: tuple[str | int, ...], what: str
    ) -> dict[str, str]:
        """Keys with values that are words."""
        value = data.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._refuse((*path, key), f"expected {what}")
        return {name: self._word((*path, key, name), word) for name, word in value.items()}

    def _mapping(self, data: dict[str, Any], key: str) -> dict[str, Any]:
        value = {} if data.get(key) is None else data[key]
        if not isinstance(value, dict):
            self._refuse((key,), "expected keys with values")
        return value

    def _options(self, path: tuple[str | int, ...], value: object) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self._refuse(path, f"expected a list, found {value!r}")
        return tuple(self._word((*path, number), option) for number, option in enumerate(value))

    def _value(self, path: tuple[str | int, ...], value: object) -> str | None:
        return None if value is None else self._word(path, value)

    def _word(self, path: tuple[str | int, ...], value: object) -> str:
        """What a place has that takes one word or number, as it was written."""
        if value is None or isinstance(value, (dict, list)):
            shown = "nothing" if value is None else repr(value)
            self._refuse(path, f"expected text, found {shown}")
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _known(
        self, data: dict[str, Any], known: Sequence[str], path: tuple[str | int, ...]
    ) -> None:
        for key in data:
            if key not in known:
                close = closest(key, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
                self._refuse((*path, key), f"unknown key ({hint})", key=True)

    def _expect(
        self, data: dict[str, Any], key: str, type_: type, what: str, path: tuple[str | int, ...]
    ) -> None:
        value = data.get(key)
        if value is not None and not isinstance(value, type_):
            self._refuse((*path, key), f"expected {what}, found {value!r}")

    def _refuse(self, path: tuple[str | int, ...], message: str, *, key: bool = False) -> NoReturn:
        raise InputError(str(self.source.problem(path, message, key=key)))


def closest(word: str, known: Iterable[str], n: int) -> list[str]:
    """The known words that are most like one."""
    import difflib

    return difflib.get_close_matches(word, list(known), n=n)

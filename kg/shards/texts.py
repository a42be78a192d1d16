"""The words of articles that have no file of their own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.mapping.iris import short
from kg.shards import manifest, part

if TYPE_CHECKING:
    from pathlib import Path


class Texts:
    """The texts in a folder of parts, by the digits of their hashes.

    The manifest is read when a text is first asked for; that takes a second for a million articles.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts: dict[str, str] | None = None

    def text(self, digits: str) -> str | None:
        """The text with some digits, or None where no part has it, or has it whole any more."""
        if self._parts is None:
            self._parts = {}
            try:
                for line in manifest.read(self.folder).values():
                    for key in line.keys:
                        self._parts.setdefault(key, line.part)
            except InputError:  # the next build tells
                return None
        name = self._parts.get(digits)
        try:
            found = part.article(self.folder, name, digits) if name is not None else None
        except InputError:
            return None
        if found is None or short(hashlib.sha256(found.text.encode()).hexdigest()) != digits:
            return None
        return found.text

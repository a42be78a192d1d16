"""Finding words as they stand in claims and in the texts at hand."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.names import fold
from kg.store import select
from kg.vocab import KG, SCHEMA
from kg.web.search.finding import LONGEST, folded_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.web.readers.reading import Reading

SHORTEST: Final = 3
"""Characters below which a question stands in nearly everything."""


@dataclass(slots=True)
class Sayings:
    """What all claims say, in one text, so that a word in any of them is found at the speed of memory."""

    iris: list[str]
    _joined: str
    _starts: list[int]

    @classmethod
    def of(cls, reading: Reading) -> Sayings:
        """The sayings of all claims in the store of a reading."""
        rows = select(
            reading.store, f"SELECT ?x ?text WHERE {{ ?x a {KG.Claim} ; {SCHEMA.text} ?text }}"
        )
        pairs = sorted({(row["x"].value, folded_name(row["text"].value)) for row in rows})
        starts, at = [], 0
        for _, text in pairs:
            starts.append(at)
            at += len(text) + 1
        return cls([iri for iri, _ in pairs], "\n".join(text for _, text in pairs), starts)

    def find(self, typed: str) -> list[str]:
        """The IRIs of the claims with these words: in this order first, then with all of them anywhere."""
        folded = fold(typed[:LONGEST])
        if len(folded) < SHORTEST:
            return []
        found = dict.fromkeys(self._holding(folded))
        pieces = re.findall(r"\w+", folded)
        if len(pieces) > 1:
            longest = max(pieces, key=len)
            for at in self._holding(longest):
                text = self._text(at)
                if all(piece in text for piece in pieces):
                    found.setdefault(at)
        return list(dict.fromkeys(self.iris[at] for at in found))

    def named(self, typed: str, base: str) -> list[str]:
        """The IRI of the claim that is called so by its id, a short IRI or an IRI, if there is one.

        `base` is that of the IRIs of the workspace.
        """
        start = f"{base}id/claim/"
        local = typed.strip().strip("<>").removeprefix(start)
        iri = start + re.sub(r"^(id/)?claim[:/]", "", local)
        at = bisect_left(self.iris, iri)
        return self.iris[at : at + 1] if iri in self.iris[at : at + 1] else []

    def _holding(self, words: str) -> Iterator[int]:
        at = self._joined.find(words)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield number
            following = self._starts[number + 1] if number + 1 < len(self._starts) else -1
            at = self._joined.find(words, following) if following >= 0 else -1

    def _text(self, number: int) -> str:
        end = self._starts[number + 1] if number + 1 < len(self._starts) else None
        return self._joined[self._starts[number] : end]


def pattern(typed: str) -> re.Pattern[str]:
    """What finds words in a text as people type them: whatever case, accents, spaces and apostrophes.

    >>> pattern("abe's").search("ABE’S plan").span()
    (0, 5)
    """
    parts = []
    for char in " ".join(fold(typed[:LONGEST]).split()):
        if char == " ":
            parts.append(r"\s+")
        elif char == "'":
            parts.append("['’‘]")
        elif char in _VARIANTS:
            parts.append(f"[{char}{_VARIANTS[char]}][\u0300-\u036f]*")
        else:
            parts.append(re.escape(char))
    return re.compile("".join(parts), re.IGNORECASE)


def _variants() -> dict[str, str]:
    """The letters with accents that each letter stands for: those of Latin script."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        plain = unicodedata.normalize("NFKD", chr(code))[0].casefold()
        if plain != chr(code).casefold() and "a" <= plain <= "z":
            found[plain].append(chr(code))
    return {letter: "".join(variants) for letter, variants in found.items()}


_VARIANTS: Final = _variants()


def in_text(typed: re.Pattern[str], text: str, *, most: int) -> Iterator[tuple[int, int]]:
    """Where words stand in a text: the first places."""
    for number, found in enumerate(typed.finditer(text)):
        if number == most:
            return
        if found.end() > found.start():
            yield found.span()

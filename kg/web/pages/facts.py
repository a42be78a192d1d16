"""The facts of a card in pieces: words, and names of things that have pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.show.card import Card

_NAMED = re.compile(r" \((?P<curie>[a-z][a-z-]*:[^\s()<>\"{}|\\^`]+)\)")


class Piece(NamedTuple):
    """A piece of a fact: words, or the name of a thing that has a page."""

    words: str
    iri: str | None = None


def facts(card: Card, prefixes: Mapping[str, str]) -> list[tuple[str, list[Piece]]]:
    """The facts of a card, by name."""
    return [(name, list(pieces(value, prefixes))) for name, value in card.facts]


def pieces(value: str, prefixes: Mapping[str, str]) -> Iterator[Piece]:
    """The value of a fact, which names things as `Japan (actor:japan)` for those who ask on with that.

    >>> [piece.words for piece in pieces("Kyoto (place:kyoto); and 3 more", {"place": "urn:"})]
    ['Kyoto', '; and 3 more']
    """
    at = 0
    for found in _NAMED.finditer(value):
        prefix, _, local = found["curie"].partition(":")
        if prefix not in prefixes:
            continue
        before, apart, name = value[at : found.start()].rpartition("; ")
        if before or apart:
            yield Piece(before + apart)
        yield Piece(name, prefixes[prefix] + local)
        at = found.end()
    if value[at:]:
        yield Piece(value[at:])

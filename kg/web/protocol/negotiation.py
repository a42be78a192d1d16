"""Content negotiation (RFC 9110, 12.5.1): which of the media types on offer a client likes best."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kg.web.readers.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDEST = 1_000
"""Characters of an Accept header that are read: browsers send some two hundred."""


def chosen(accept: str | None, offered: Sequence[str]) -> str:
    """The media type on offer that is wanted most; among equals the first of the offer.

    Raises Refused (406) where none is wanted.

    >>> chosen("text/turtle;q=0.5, application/ld+json", ["text/turtle", "application/ld+json"])
    'application/ld+json'
    >>> chosen("*/*", ["text/turtle", "application/ld+json"])
    'text/turtle'
    """
    wanted = list(_ranges(accept or "*/*"))
    best = max(offered, key=lambda media_type: _quality(media_type, wanted))
    if _quality(best, wanted) <= 0:
        raise Refused(
            406, f"nothing here is of the type that is accepted; there is: {', '.join(offered)}"
        )
    return best


def ranked(accept: str | None, offered: tuple[str, ...]) -> tuple[str, ...]:
    """The media types on offer that are wanted, the most wanted first.

    Raises Refused (406) where none is.

    >>> ranked("text/csv, */*;q=0.1", ("application/json", "text/csv"))
    ('text/csv', 'application/json')
    """
    return _ranked((accept or "*/*")[:_WIDEST], offered)


@lru_cache(maxsize=1000)
def _ranked(accept: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    left, found = list(offered), list[str]()
    while left:
        try:
            best = chosen(accept, left)
        except Refused:
            if not found:
                raise
            break
        found.append(best)
        left.remove(best)
    return tuple(found)


def _quality(media_type: str, wanted: Sequence[tuple[str, float]]) -> float:
    """How much a type is wanted: what names it most closely says so."""
    type_ = media_type.split("/")[0]
    for range_ in (media_type, f"{type_}/*", "*/*"):
        found = [quality for name, quality in wanted if name == range_]
        if found:
            return max(found)
    return 0.0


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """The media ranges of an Accept header with their qualities."""
    for part in accept[:_WIDEST].split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        if name and 0 <= quality <= 1:  # which NaN is not
            yield name, quality

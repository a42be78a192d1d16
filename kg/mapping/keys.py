"""What articles and claims are called in IRIs, and what that is made of."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from kg.mapping.iris import short
from kg.model import Span

if TYPE_CHECKING:
    from kg.model import Annotation

T = TypeVar("T")


def article_key(annotation: Annotation) -> str:
    """The local name of the article: of its first registered text."""
    return annotation.article.id or short(known(annotation.text.sha256))


def claim_names(annotation: Annotation) -> dict[str, str]:
    """The local names of the claims by their ids: text, main evidence, and a number where claims share it.

    The number is the place among them in the annotation: a claim added below changes no name, nor
    does one that is rejected.
    """
    text = short(known(annotation.text.sha256))
    taken: dict[Span, int] = defaultdict(int)
    names: dict[str, str] = {}
    for claim in annotation.claims:
        start, end = span = located(claim.evidence[0])
        taken[span] += 1
        names[claim.id] = f"{text}-{start}-{end}" + (f"-{taken[span]}" if taken[span] > 1 else "")
    return names


def located(place: object) -> Span:
    """The offsets of a passage; a quotation that nobody located is a bug."""
    if not isinstance(place, Span):
        raise TypeError(f"{place!r} has not been located in the text")
    return place


def digest(words: str) -> str:
    """What proves the words of a passage.

    >>> digest("the quay")[:12]
    '2943f9ee4829'
    """
    return hashlib.sha256(words.encode()).hexdigest()


def known(value: T | None) -> T:
    """A value that every complete annotation has; where it is not there, that is a bug."""
    if value is None:
        raise TypeError("the annotation is not complete")
    return value

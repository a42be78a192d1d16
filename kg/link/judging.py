"""What the judgements of a program are made of: who judges, how sure, about which authority's items."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from kg import __version__
from kg.analysis import Judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.link.item import Item

SELF = Judge(name="newskg", version=__version__)
"""Who judges here."""
AUTHORITY = NamedNode("http://www.wikidata.org/")
"""Whose items these are, if nothing else is said: what has no item is absent from there."""
SEARCHED = 4
"""Names of a thing that are searched: its label and the likeliest others, since each is a request."""


def searched(names: Sequence[str]) -> list[str]:
    """The names of a thing under which an item is looked for: its label, and others that are not words of it.

    >>> searched(["Edrin Vask", "Vask", "Edrin Ole Vask"])
    ['Edrin Vask', 'Edrin Ole Vask']
    """
    label = set(names[0].casefold().split())
    further = [name for name in names[1:] if not set(name.casefold().split()) <= label]
    return [names[0], *further][:SEARCHED]


def described(item: Item, languages: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The labels and descriptions of an item in some languages, or one in any where it has none there."""
    labels = {code: item.labels[code] for code in languages if code in item.labels}
    texts = {code: item.descriptions[code] for code in languages if code in item.descriptions}
    if not labels and item.labels:
        code = min(item.labels)
        labels = {code: item.labels[code]}
    return labels, texts


def confidence(score: float) -> Decimal:
    """A score as it stands in files: three digits say all that it knows.

    >>> confidence(0.96999)
    Decimal('0.97')
    """
    return Decimal(f"{min(max(score, 0.0), 1.0):.3f}").normalize() + Decimal(0)


def authority_of(item: str) -> NamedNode:
    """The address of the authority whose items have IRIs like one: its host.

    >>> authority_of("https://names.example.org/id/7").value
    'https://names.example.org/'
    """
    parts = urlsplit(item)
    return NamedNode(f"{parts.scheme}://{parts.netloc}/")

"""All claims, in the order of their articles: who says what, how surely, and where."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from kg.show.known import Known, moment, natural
from kg.store import select
from kg.vocab import KG, SCHEMA, concept_value
from kg.web.pages.corpus import published
from kg.web.pages.html import page as html
from kg.web.pages.told import Told
from kg.web.readers.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

SIZE: Final = 50
"""Claims on one page."""
WAYS: Final = ("modality", "certainty", "polarity")
"""What claims can be chosen by."""


class Entry(NamedTuple):
    """A claim with what chooses and sorts it; of several values of a kind the first."""

    iri: str
    modality: str
    certainty: str
    polarity: str


def page(reading: Reading, *, chosen: tuple[tuple[str, str], ...], number: int) -> Reply:
    """One page of the claims with the chosen modality, certainty and polarity.

    Raises Refused where there is no such page.
    """
    wanted = {way: value for way, value in dict(chosen).items() if value}
    entries = reading.once(_entries)
    found = [entry for entry in entries if _fits(entry, wanted)]
    last = max(1, -(-len(found) // SIZE))
    if not 1 <= number <= last:
        raise Refused(404, f"the list has {last} pages")
    shown = [NamedNode(entry.iri) for entry in found[(number - 1) * SIZE : number * SIZE]]
    known = Known(reading.store, reading.prefixes)
    known.load(shown)

    def address(changed: Mapping[str, str | int]) -> str:
        values = {key: value for key, value in (wanted | dict(changed)).items() if value}
        return "claims" + (f"?{urlencode(values)}" if values else "")

    choices = {}
    for way in WAYS:
        others = {key: value for key, value in wanted.items() if key != way}
        counts = Counter(getattr(entry, way) for entry in entries if _fits(entry, others))
        choices[way] = [
            (value, count, address({way: value}))
            for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            if value
        ]
    return html(
        reading,
        "claims.html",
        here="claims",
        groups=[
            (article, list(claims))
            for article, claims in groupby(map(known.said, shown), key=lambda said: said.article)
        ],
        told=Told(),
        shown=len(shown),
        total=len(found),
        number=number,
        last=last,
        first=(number - 1) * SIZE + 1,
        wanted=wanted,
        choices=choices,
        without=lambda way: address({way: ""}),
        address=lambda n: address({"page": n if n > 1 else 0}),
    )


def _fits(entry: Entry, wanted: Mapping[str, str]) -> bool:
    return all(getattr(entry, way) == value for way, value in wanted.items())


def _entries(reading: Reading) -> list[Entry]:
    """All claims in their order."""
    dates = reading.once(published)
    found: dict[str, tuple[tuple[object, ...], Entry]] = {}
    predicates = (KG.modality, KG.certainty, KG.polarity)
    parts = " ".join(
        f"OPTIONAL {{ ?x {predicate} ?{way} }}"
        for way, predicate in zip(WAYS, predicates, strict=True)
    )
    for row in select(
        reading.store,
        f"SELECT ?x ?article ?modality ?certainty ?polarity WHERE {{ ?x a {KG.Claim} "
        f"OPTIONAL {{ ?x {SCHEMA.appearance} ?article }} {parts} }}",
    ):
        claim, article = row["x"], row["article"]
        if not isinstance(claim, NamedNode):
            continue
        place = article.value if isinstance(article, NamedNode | Literal) else "~"
        values = (
            concept_value(way, node) if isinstance(node := row[way], NamedNode) else ""
            for way in WAYS
        )
        key = (*moment(dates.get(place, "~")), place, natural(claim))
        entry = (key, Entry(claim.value, *values))
        found[claim.value] = min(found.get(claim.value, entry), entry)
    return [entry for _, entry in sorted(found.values())]

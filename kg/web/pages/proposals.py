"""One thing that waits for review, with its words in context and what speaks for each proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyoxigraph import NamedNode

from kg.analysis import FEATURES, feature_word
from kg.mapping.keys import located
from kg.names import curie, labels
from kg.query.why import context
from kg.review.page import relation_words
from kg.review.queue import Link, Pair, Said
from kg.store import batches, select
from kg.vocab import KG, SCHEMA, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.analysis import Judgement
    from kg.model import Claim
    from kg.review.deciding import Desk
    from kg.review.queue import Item, Place, Thing
    from kg.web.readers.reading import Reading

AROUND: Final = 160
"""Characters of the text that are shown on either side of words."""


class Words(NamedTuple):
    """Words of a text with what stands around them, and the article that they stand in."""

    before: str
    exact: str
    after: str
    article: str | None
    headline: str
    start: int
    end: int


class Side(NamedTuple):
    """A thing of ours as a page shows it, with a few of the places that name it."""

    iri: str
    name: str
    description: str
    mentions: int
    words: Sequence[Words]


class Candidate(NamedTuple):
    """What a thing may be, and what speaks for it: `features` by their names, where it has them."""

    key: str
    iri: str
    name: str
    description: str
    sure: float
    features: dict[str, float]
    status: str
    by: str
    note: str | None
    is_close: bool


def shown(reading: Reading, desk: Desk, found: Item) -> dict[str, Any]:
    """What the page of an item shows, by the names that the template has for it."""
    match found:
        case Link():
            candidates = [_candidate(found, key, j) for key, j in found.choices]
            used = {name for each in candidates for name in each.features}
            return {
                "kind": "link",
                "name": found.thing.name or curie(found.thing.node, reading.prefixes),
                "left": _side(reading, found.thing),
                "candidates": candidates,
                "features": [feature_word(n) for n in FEATURES if feature_word(n) in used],
                "absent": _candidate(found, *found.absent) if found.absent else None,
            }
        case Pair(judgement=judgement, left=left, right=right):
            return {
                "kind": "pair",
                "name": f"{left.name} / {right.name}",
                "left": _side(reading, left),
                "right": _side(reading, right),
                "relation": relation_words(judgement.relation, reading.prefixes),
                "is_merge": found.part == "merges",
                "sure": float(judgement.confidence),
                "given": {feature_word(n): v for n, v in judgement.features.items()},
                "judged": f"{judgement.status} by {judgement.by}, {judgement.when}",
                "note": judgement.note,
                "file": found.file or "",
            }
        case Said():
            claim = desk.claim(found.node)
            return {
                "kind": "claim",
                "name": found.text,
                "said": found,
                "node": found.node.value,
                "words": _evidence(reading, found, claim),
                "facts": _facts(reading, found, claim),
            }


def _candidate(link: Link, key: str, judgement: Judgement) -> Candidate:
    item = link.items.get(judgement.to)
    return Candidate(
        key=key,
        iri=judgement.to.value,
        name=item.name if item is not None else "",
        description=item.description if item is not None else "",
        sure=float(judgement.confidence),
        features={feature_word(name): value for name, value in judgement.features.items()},
        status=judgement.status,
        by=str(judgement.by),
        note=judgement.note,
        is_close=judgement.relation == SKOS.closeMatch,
    )


def _side(reading: Reading, thing: Thing) -> Side:
    return Side(
        iri=thing.node.value,
        name=thing.name,
        description=thing.description,
        mentions=thing.mentions,
        words=_in_context(reading, thing.places),
    )


def _in_context(reading: Reading, places: Iterable[Place]) -> list[Words]:
    """Places with their words, and with what stands around them where the text is at hand."""
    places = list(places)
    articles = _articles(reading, {place.text for place in places})
    found = []
    for place in places:
        whole = reading.text(place.text.value)
        before, exact, after = "", place.exact, ""
        if whole is not None:
            before, exact, after = _cut(whole, place.start, place.end)
        article, headline = articles.get(place.text, (None, ""))
        found.append(Words(before, exact, after, article, headline, place.start, place.end))
    return found


def _cut(text: str, start: int, end: int) -> tuple[str, str, str]:
    """The words of a place, with what stands before and after them."""
    before, after = context(text, start, end, AROUND)
    return before, text[start:end], after


def _articles(reading: Reading, texts: set[NamedNode]) -> dict[NamedNode, tuple[str, str]]:
    """The article of each text, with its headline."""
    found: dict[NamedNode, tuple[str, str]] = {}
    for values in batches(texts):
        asked = (
            f"SELECT ?text ?article ?headline WHERE {{ VALUES ?text {{ {values} }}"
            f" ?article {SCHEMA.encoding} ?text OPTIONAL {{ ?article {SCHEMA.headline} ?headline }} }}"
            " ORDER BY DESC(?article)"
        )
        for row in select(reading.store, asked):
            text, article, headline = row["text"], row["article"], row["headline"]
            if isinstance(text, NamedNode) and isinstance(article, NamedNode):
                found[text] = article.value, "" if headline is None else headline.value
    return found


def _evidence(reading: Reading, said: Said, claim: Claim | None) -> list[Words]:
    if claim is None:
        return []
    whole = reading.text(said.in_text.value)
    article, headline = _articles(reading, {said.in_text}).get(said.in_text, (None, ""))
    spans = [located(place) for place in claim.evidence]
    return [
        Words(
            *(_cut(whole, start, end) if whole is not None else ("", "", "")),
            article,
            headline,
            start,
            end,
        )
        for start, end in spans
    ]


def _facts(reading: Reading, said: Said, claim: Claim | None) -> list[tuple[str, str]]:
    """What the annotation has of a claim besides its words."""
    rows = [("Read by", said.by)]
    if claim is not None:
        called = _called(reading, said.node)

        def name(ref: str) -> str:
            return called.get(ref.rpartition("/")[2], ref)

        text = reading.text(said.in_text.value)
        for label, places in (("Source words", claim.source_span), ("Cue", claim.cue)):
            words = [text[slice(*located(place))] for place in places] if text else []
            rows.append((label, "; ".join(words)))
        how = (claim.polarity, claim.certainty, claim.modality, claim.kind)
        rows.append(("How", ", ".join(filter(None, how))))
        rows.append(("About", ", ".join(map(name, claim.about))))
        rows.append(("Asserts", ", ".join(map(name, claim.asserts))))
        rows += [("Stance", f"{name(s.actor)} {s.stance} {name(s.issue)}") for s in claim.stances]
        for q in claim.quantities:
            numbers = [f"{n:,}" for n in (q.value, q.min, q.max) if n is not None]
            rows.append(
                ("Number", f"{q.quantifier} {' to '.join(numbers)} {q.unit} ({name(q.of)})")
            )
    return [(name, value) for name, value in rows if value]


_NAMED: Final = " | ".join(
    (
        f"{SCHEMA.about}",
        f"{KG.asserts}",
        f"{KG.asserts}/{SCHEMA.about}",
        f"{KG.asserts}/{KG.actor}",
        f"{KG.quantity}/{KG.population}",
    )
)
"""From a claim to what its annotation refers to."""


def _called(reading: Reading, claim: NamedNode) -> dict[str, str]:
    """What the things that a claim refers to are called, by the local names that annotations use."""
    rows = select(reading.store, f"SELECT DISTINCT ?x WHERE {{ {claim} {_NAMED} ?x }}")
    nodes = {node for row in rows if isinstance(node := row["x"], NamedNode)}
    own = (reading.iris.local(claim) or ("", ""))[1].partition("-")[0] + "-"
    return {
        local[1].removeprefix(own): name  # what an article has for itself begins with its key
        for node, name in labels(reading.store, nodes).items()
        if (local := reading.iris.local(node)) is not None
    }

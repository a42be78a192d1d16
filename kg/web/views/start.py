"""The start page: what is in the corpus, what is disputed, what is new and what needs attention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from kg.query import bound, rows
from kg.show.claims import rank
from kg.show.known import Known, moment
from kg.store import select
from kg.vocab import KG, SCHEMA, concept, concept_value
from kg.web.pages.corpus import published
from kg.web.pages.html import page as html
from kg.web.pages.told import told
from kg.web.views import lists

if TYPE_CHECKING:
    from kg.show.card import Article, Dispute, When
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

DISPUTES: Final = 4
"""Disputes that the page shows in full; the stored query has them all."""
NUMBERS: Final = 5
NEW: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """Something for which claims give different numbers: `at least 17`, `exactly 5`."""

    iri: str
    name: str
    claims: int
    readings: tuple[str, ...]


def page(reading: Reading) -> Reply:
    """The start page."""
    disputes, statuses = _disputes(reading)
    return html(
        reading,
        "start.html",
        here="",
        figures=[
            (lists.total(reading, "articles"), "articles", "articles"),
            (_count(reading, f"?x a {KG.Claim}"), "claims", "claims"),
            *((lists.total(reading, w), w, w) for w in ("actors", "events", "topics", "places")),
        ],
        period=_period(reading),
        disputes=disputes,
        told=told(reading, (end.iri for one in disputes for end in (one.left, one.right))),
        statuses=statuses,
        numbers=_numbers(reading),
        latest=_latest(reading),
        attention=_attention(reading),
    )


def _count(reading: Reading, pattern: str) -> int:
    found = select(reading.store, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")
    return next(int(n.value) for row in found if isinstance(n := row["n"], Literal))


def _published(reading: Reading, number: int, *, last: bool) -> list[Article]:
    """The articles that were published first or last, by the first instants of their dates."""
    dates = reading.once(published)
    ordered = sorted(sorted(dates), key=lambda iri: moment(dates[iri]), reverse=last)
    found = [NamedNode(iri) for iri in ordered[:number]]
    known = Known(reading.store, reading.prefixes)
    known.load(found)
    return [known.article(node) for node in found]


def _period(reading: Reading) -> tuple[When, When] | None:
    """The first and the last date on which an article was published, where any has a date."""
    ends = [
        article.published for last in (False, True) for article in _published(reading, 1, last=last)
    ]
    first, last = ends if len(ends) == 2 else (None, None)
    return (first, last) if first and last else None


def _latest(reading: Reading) -> list[tuple[Article, int]]:
    """The articles that were published last, each with the number of its claims."""
    found = _published(reading, NEW, last=True)
    return [
        (article, _count(reading, f"?x {SCHEMA.appearance} {NamedNode(article.iri)}"))
        for article in found
    ]


def _disputes(reading: Reading) -> tuple[list[Dispute], dict[str, int]]:
    """The surest contradictions that nobody rejected, and how many there are of each status."""
    ranked: list[tuple[tuple[int, float], str]] = []
    statuses: dict[str, int] = {}
    for row in select(
        reading.store,
        f"SELECT ?j ?status ?confidence WHERE {{ ?j {KG.relation} {KG.contradicts} ; "
        f"{KG.status} ?status OPTIONAL {{ ?j {KG.confidence} ?confidence }} }}",
    ):
        status, sure = row["status"], row["confidence"]
        word = concept_value("status", status) if isinstance(status, NamedNode) else ""
        statuses[word] = statuses.get(word, 0) + 1
        if word != "rejected":
            key = rank(word, sure.value if isinstance(sure, Literal) else None)
            ranked.append((key, row["j"].value))
    known = Known(reading.store, reading.prefixes)
    chosen = [NamedNode(iri) for _, iri in sorted(ranked)[:DISPUTES]]
    known.load(chosen)
    found = map(known.dispute, chosen)
    return [dispute for dispute in found if dispute is not None], statuses


def _numbers(reading: Reading) -> list[Differing]:
    """What different numbers are given for: the things with the most of them first."""
    query = reading.queries.get("differing-numbers")
    if query is None:
        return []
    answer = rows(
        reading.store,
        bound(reading.store, query, {}, reading.prefixes),
        query.name,
        reading.prefixes,
    )
    found = [
        Differing(
            iri=_text(row["thing"]),
            name=_text(row["population"]),
            claims=int(_text(row["claims"])),
            readings=tuple(_text(row["list"]).split(" | ")),
        )
        for row in answer
    ]
    return sorted(found, key=lambda one: (-len(one.readings), one.name, one.iri))[:NUMBERS]


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _attention(reading: Reading) -> list[tuple[int, str, str, str]]:
    """What a person should look at: how many, what one and several are called, where they are listed."""
    waiting = (
        (
            "judgement that waits for review",
            "judgements that wait for review",
            "query/pending-judgements",
            f"?x {KG.status} {concept('status', 'proposed')}",
        ),
        (
            "event that nobody asserts firmly",
            "events that nobody asserts firmly",
            "query/unconfirmed-events",
            (
                # MINUS is worked out once, FILTER NOT EXISTS for every event: a thousand take seconds.
                f"?x a {KG.Event} MINUS {{ ?c {KG.asserts} ?x ; "
                f"{KG.certainty} {concept('certainty', 'certain')} ; "
                f"{KG.polarity} {concept('polarity', 'positive')} }}"
            ),
        ),
        (
            "source without a name",
            "sources without a name",
            "query/unnamed-sources",
            f"?x {KG.kind} {concept('actor', 'unidentified')} . ?c {KG.source} ?x",
        ),
    )
    counted = [(_count(reading, pattern), one, many, to) for one, many, to, pattern in waiting]
    return [entry for entry in counted if entry[0]]

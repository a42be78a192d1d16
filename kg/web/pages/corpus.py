"""What pictures of the whole corpus are drawn from: when its events and articles were, who speaks of whom.

Both are read once for each state of the data and kept, since each request chooses among all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.show.known import moment
from kg.show.picture import dates
from kg.store import counts, nodes, select
from kg.vocab import KG, SCHEMA, SKOS, concept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.web.readers.reading import Reading


class Entry(NamedTuple):
    """An event or an article: the days that its dates allow, and how many claims tell of it.

    `kind` is the IRI of the kind of an event, or `ARTICLE`. Without a date, `dated` is
    False; an end is None where it is open.
    """

    iri: str
    kind: str
    told: int
    dated: bool
    first: float | None
    last: float | None

    def within(self, start: float | None, end: float | None) -> bool:
        """Whether it may have been in a period; what has no date is in no period."""
        if start is None and end is None:
            return True
        return (
            self.dated
            and (start is None or self.last is None or self.last >= start)
            and (end is None or self.first is None or self.first <= end)
        )


class Speech(NamedTuple):
    """The claims of one actor about another."""

    source: str
    about: str
    claims: int
    negative: int
    unsure: int
    articles: int


def entries(reading: Reading) -> list[Entry]:
    """All events and articles, those told of most first."""
    return reading.once(_entries)


def _entries(reading: Reading) -> list[Entry]:
    told = counts(reading.store, f"?n {KG.asserts} ?x . ?x a {KG.Event}")
    about = counts(reading.store, f"?n {SCHEMA.about} ?x ; a {KG.Claim} . ?x a {KG.Event}")
    for iri, count in about.items():
        told[iri] = told.get(iri, 0) + count
    claims = counts(reading.store, f"?n {SCHEMA.appearance} ?x")
    ends = {
        name: {
            time: day
            for time, instant in _pairs(reading, f"?x {predicate} ?y")
            if (day := dates.day(instant)) is not None
        }
        for name, predicate in (("first", KG.earliest), ("last", KG.latest))
    }
    found: list[Entry] = []
    for class_, tellings in ((KG.Event, told), (KG.Article, claims)):
        kinds = dict(_pairs(reading, f"?x a {class_} ; {KG.kind} ?y"))
        times: dict[str, list[str]] = {}
        for iri, time in _pairs(reading, f"?x a {class_} OPTIONAL {{ ?x {KG.when} ?y }}"):
            times.setdefault(iri, []).extend([time] if time else [])
        for iri, of in times.items():
            firsts, lasts = ([ends[name].get(time) for time in of] for name in ("first", "last"))
            found.append(
                Entry(
                    iri,
                    kinds.get(iri, "") if class_ == KG.Event else ARTICLE,
                    tellings.get(iri, 0),
                    any(day is not None for day in (*firsts, *lasts)),
                    min(_closed(firsts), default=None),
                    max(_closed(lasts), default=None),
                )
            )
    return sorted(found, key=lambda entry: (-entry.told, entry.iri))


def _closed(days: list[float | None]) -> list[float]:
    """The days, or none where one of them is open."""
    known = [day for day in days if day is not None]
    return known if len(known) == len(days) else []


ARTICLE = "article"
"""The kind of articles, beside which those of events are IRIs."""


def published(reading: Reading) -> dict[str, str]:
    """The first instant of each article that has a date, by its IRI."""
    found: dict[str, str] = {}
    for row in select(
        reading.store,
        f"SELECT ?x ?first WHERE {{ ?x a {KG.Article} ; {KG.when} ?time . ?time {KG.earliest} ?first }}",
    ):
        article, first = row["x"].value, row["first"].value
        found[article] = min(found.get(article, first), first, key=moment)
    return found


def involved(reading: Reading, actor: NamedNode | None, topic: NamedNode | None) -> set[str] | None:
    """The events and articles in which an actor takes part and that a topic comes up in; None for all."""
    found: set[str] | None = None
    if actor is not None:
        found = _found(
            reading,
            f"{{ ?x {KG.participation}/{KG.actor} {actor} }} UNION "
            f"{{ ?m {KG.refersTo} {actor} . ?m {KG.inText} ?text . ?x {SCHEMA.encoding} ?text }} "
            f"UNION {{ ?claim {KG.source} {actor} ; {SCHEMA.appearance} ?x }}",
        )
    if topic is not None:
        told = f"{SCHEMA.appearance}|{KG.asserts}|{SCHEMA.about}"
        parts = f"?part ({SKOS.broader}|{SCHEMA.superEvent})* {topic}"
        about = _found(reading, f"{parts} . ?claim {SCHEMA.about} ?part ; {told} ?x")
        about |= _found(reading, f"{parts} BIND(?part AS ?x)")
        found = about if found is None else found & about
    return found


def speech(reading: Reading) -> list[Speech]:
    """Who speaks about whom, those who do most first."""
    return reading.once(_speech)


def _speech(reading: Reading) -> list[Speech]:
    rows = select(
        reading.store,
        "SELECT ?source ?about (COUNT(DISTINCT ?claim) AS ?claims) "
        "(COUNT(DISTINCT ?denial) AS ?negative) (COUNT(DISTINCT ?doubt) AS ?unsure) "
        "(COUNT(DISTINCT ?article) AS ?articles) WHERE { "
        # A sub-SELECT for each pattern: engines join those by hashing, and not row by row.
        f"{{ SELECT DISTINCT ?about WHERE {{ ?about a {KG.Actor} }} }} "
        f"{{ SELECT ?claim ?about WHERE {{ ?claim {SCHEMA.about} ?about }} }} "
        f"{{ SELECT ?claim ?source WHERE {{ ?claim {KG.source} ?source }} }} "
        f"{{ SELECT DISTINCT ?source WHERE {{ ?source a {KG.Actor} }} }} "
        "FILTER(?source != ?about) "
        f"OPTIONAL {{ SELECT ?claim ?article WHERE {{ ?claim {SCHEMA.appearance} ?article }} }} "
        f"OPTIONAL {{ SELECT ?claim ?denial WHERE {{ ?claim {KG.polarity} "
        f"{concept('polarity', 'negative')} BIND(?claim AS ?denial) }} }} "
        f"OPTIONAL {{ SELECT ?claim ?doubt WHERE {{ ?claim {KG.certainty} ?degree "
        f"FILTER(?degree != {concept('certainty', 'certain')}) BIND(?claim AS ?doubt) }} }} "
        "} GROUP BY ?source ?about ORDER BY DESC(?claims) ?source ?about",
    )
    return [
        Speech(
            source.value,
            about.value,
            *(int(row[name].value) for name in ("claims", "negative", "unsure", "articles")),
        )
        for row in rows
        if isinstance(source := row["source"], NamedNode)
        and isinstance(about := row["about"], NamedNode)
    ]


def _pairs(reading: Reading, pattern: str) -> Iterator[tuple[str, str]]:
    """The values of `?x` with those of `?y`, or with nothing."""
    for row in select(reading.store, f"SELECT DISTINCT ?x ?y WHERE {{ {pattern} }}"):
        x, y = row["x"], row["y"]
        if isinstance(x, NamedNode):
            yield x.value, y.value if isinstance(y, NamedNode | Literal) else ""


def _found(reading: Reading, pattern: str) -> set[str]:
    return {node.value for node in nodes(reading.store, pattern)}

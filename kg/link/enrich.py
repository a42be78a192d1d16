"""What a link is for: chosen facts about the items that things are linked to, as wikidata.ttl has them.

The file makes a graph of its own, beside what the articles say. Whoever asks both sees where they differ;
neither is put into the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Protocol

from pyoxigraph import Literal, NamedNode

from kg import __version__, moment
from kg.edtf import bounds
from kg.files import write_file
from kg.link.sparql_service import AT_ONCE, Facts, Statement
from kg.mapping.iris import escape, wikidata
from kg.mapping.literals import decimal, instant, number
from kg.mapping.nodes import written
from kg.store import select
from kg.vocab import (
    DCTERMS,
    KG,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    WIKIDATA,
    concept,
)
from kg.workspace import FACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.link.item import EntityIndex, Item
    from kg.mapping.iris import Iris
    from kg.mapping.nodes import Node, Properties
    from kg.store import GraphStore
    from kg.workspace import Workspace

LICENCE: Final = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")
"""That of Wikidata's facts."""
DEATHS: Final = "deaths"
"""The unit of the number of those who died in an event."""
BY_COUNTRY: Final = {"P27": SCHEMA.nationality, "P17": SCHEMA.addressCountry}
_STATEMENTS: Final = f"{WIKIDATA}statement/"
_HEAD: Final = """\
# What {source} says of the items that things of this workspace are linked to, as of {as_of}.
# kg link --enrich writes this file anew: what is changed here is lost.
"""
_ID: Final = re.compile("Q[1-9][0-9]*")


class FactSource(Protocol):
    """A source of facts about items; `source` and `as_of` as those of an index."""

    source: str

    @property
    def as_of(self) -> str:
        """The EDTF date of what it knows."""

    def facts(self, ids: Iterable[str], languages: Sequence[str], /) -> Mapping[str, Facts]:
        """What is said of some items, each of which is there in the end; see QueryService."""

    def texts(
        self, ids: Sequence[str], languages: Sequence[str], /
    ) -> Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]]:
        """The labels and the descriptions of some items by language."""


class IndexFacts:
    """The facts that the items of an index have: less than the query service tells, and no offices."""

    def __init__(self, index: EntityIndex) -> None:
        self.index = index
        self.source = index.source

    @property
    def as_of(self) -> str:
        """The day of the index."""
        return self.index.as_of

    def facts(self, ids: Iterable[str], languages: Sequence[str], /) -> dict[str, Facts]:
        """What the items say; nothing of those that were merged into others, as with the service."""
        found = self.index.items(list(ids))
        return {
            id_: Facts(item=id_) if item is None or item.id != id_ else _facts(item, languages)
            for id_, item in found.items()
        }

    def texts(
        self, ids: Sequence[str], languages: Sequence[str], /
    ) -> dict[str, tuple[Mapping[str, str], Mapping[str, str]]]:
        """The labels and the descriptions that the items have."""
        told = self.facts(ids, languages)
        return {id_: (facts.labels, facts.descriptions) for id_, facts in told.items()}


def _facts(item: Item, languages: Sequence[str]) -> Facts:
    dates = {"P569": item.born, "P570": item.died, "P580": item.began, "P582": item.ended}
    if item.began and item.began == item.ended:
        dates = dates | {"P580": None, "P582": None, "P585": item.began}
    stated = [Statement(id="", property=p, value=date) for p, date in dates.items() if date]
    if item.coordinates is not None:
        latitude, longitude = item.coordinates
        stated.append(Statement(id="", property="P625", value=f"{latitude},{longitude}"))
    return Facts(
        item=item.id,
        labels={code: item.labels[code] for code in languages if code in item.labels},
        descriptions={
            code: item.descriptions[code] for code in languages if code in item.descriptions
        },
        statements=tuple(stated),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Enriched:
    """What came in: the facts by item, with the labels of the things that are linked to it.

    `unknown` are items of which the source says nothing: they were merged or deleted, or are none.
    """

    source: str
    as_of: str
    facts: Mapping[str, Facts]
    labels: Mapping[str, tuple[str, ...]]
    called: Mapping[str, Mapping[str, str]]
    content: bytes

    @property
    def unknown(self) -> tuple[str, ...]:
        """The items of which nothing is known."""
        return tuple(id_ for id_, facts in self.facts.items() if _is_empty(facts))


def enrich(
    workspace: Workspace,
    store: GraphStore,
    source: FactSource,
    languages: Sequence[str],
    *,
    dry_run: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Enriched:
    """Fetch what a source says of all items that things are linked to, and replace wikidata.ttl.

    Call it while the workspace is locked for writing, or with `dry_run`. Raises what the source raises;
    the file stays as it was then.
    """
    things = linked_items(store)
    told: dict[str, Facts] = {}
    ids = list(things)
    for first in range(0, len(ids), AT_ONCE):
        batch = ids[first : first + AT_ONCE]
        told |= {
            id_: facts for id_, facts in source.facts(batch, languages).items() if id_ in things
        }
        for id_ in batch:
            if progress is not None:
                progress(id_)
    named = sorted({s.value for f in told.values() for s in f.statements
                    if _ID.fullmatch(s.value) and s.value not in told}, key=_number)  # fmt: skip
    called = {id_: labels for id_, (labels, _) in source.texts(named, languages).items()}
    called |= {id_: facts.labels for id_, facts in told.items()}
    ordered = {id_: told.get(id_, Facts(item=id_)) for id_ in ids}
    content = as_turtle(ordered, called, source, languages, workspace.iris)
    if not dry_run:
        write_file(workspace.root / FACTS, content)
    return Enriched(
        source=source.source,
        as_of=source.as_of,
        facts=ordered,
        labels=things,
        called=called,
        content=content,
    )


def linked_items(store: GraphStore) -> dict[str, tuple[str, ...]]:
    """Wikidata's items that things are linked to, with the labels of these things."""
    found: dict[str, set[str]] = {}
    for row in select(
        store,
        f"SELECT DISTINCT ?item ?label WHERE {{ ?thing {SKOS.exactMatch} ?item ;"
        f" {RDFS.label} ?label }}",
    ):
        item, label = row["item"], row["label"]
        if isinstance(item, NamedNode) and isinstance(label, Literal):
            id_ = item.value.removeprefix(WIKIDATA)
            if item.value.startswith(WIKIDATA) and _ID.fullmatch(id_):
                found.setdefault(id_, set()).add(label.value)
    return {id_: tuple(sorted(found[id_])) for id_ in sorted(found, key=_number)}


def span(starts: Iterable[str], ends: Iterable[str]) -> str | None:
    """The EDTF interval from the earliest start to the latest end; an end that nobody states is unknown.

    Where sources contradict each other the longest time is taken: nothing then lies outside of it that
    one of them allows. None without dates, or where it would end before it begins.

    >>> span(["1850"], ["1912-03"]), span(["1984"], []), span(["2031-03-03"], ["2031-03-03"])
    ('1850/1912-03', '1984/', '2031-03-03')
    """
    first = min((d.partition("/")[0] for d in starts), key=lambda d: bounds(d).earliest or "",
                default="")  # fmt: skip
    last = max((d.rpartition("/")[2] for d in ends), key=lambda d: bounds(d).latest or "~",
               default="")  # fmt: skip
    if first == last:
        return first or None
    found = f"{first}/{last}"
    try:
        bounds(found)
    except ValueError:
        return None
    return found


def when(facts: Facts) -> str | None:
    """The time of an item: of a person from birth to death, of all else from its start to its end."""

    def dates(property_: str) -> list[str]:
        return [statement.value for statement in facts.of(property_)]

    points = dates("P585")
    return (
        span(dates("P569"), dates("P570"))
        or span(dates("P580"), dates("P582"))
        or (points[0] if len(points) == 1 else span(points, points))
    )


def as_turtle(
    told: Mapping[str, Facts],
    called: Mapping[str, Mapping[str, str]],
    source: FactSource,
    languages: Sequence[str],
    iris: Iris,
) -> bytes:
    """The file, in an order that depends on nothing but what it says."""
    nodes = list(_graph(source, languages, iris))
    for id_, facts in told.items():
        nodes += _item(id_, facts, iris)
    named = {s.value for facts in told.values() for s in facts.statements}
    for id_ in sorted(named & called.keys() - told.keys(), key=_number):
        nodes.append((wikidata(id_), {RDFS.label: _texts(called[id_])}))
    ours = {name: iri for name, iri in (PREFIXES | iris.prefixes()).items() if name in _USED}
    prefixes = ours | {"wds": _STATEMENTS}
    declared = [
        f"@prefix {name}: <{iri.removeprefix(iris.base)}> ." for name, iri in prefixes.items()
    ]
    head = _HEAD.format(source=" ".join(source.source.split()), as_of=source.as_of)
    statements = [
        written(node, said, prefixes, iris.base)
        for node, properties in nodes
        if (said := {known: values for known, values in properties.items() if values})
    ]
    return (head + "\n".join([*declared, "", *statements]) + "\n").encode()


_USED: Final = frozenset("kg kgs schema prov rdfs dcterms wd activity agent date graph".split())


def _graph(
    source: FactSource, languages: Sequence[str], iris: Iris
) -> Iterator[tuple[NamedNode, Properties]]:
    """What the graph is, who made it, when, and out of what."""
    graph, activity = iris.graph("wikidata"), iris.thing("activity", "enrichment")
    agent = iris.agent("newskg", __version__)
    place = source.source
    origin = NamedNode(place) if "://" in place else iris.thing("source", escape(place))
    yield (
        graph,
        {
            RDF.type: [SCHEMA.Dataset, PROV.Entity],
            DCTERMS.license: [LICENCE],
            PROV.generatedAtTime: [instant(moment.instant())],
            KG.when: [iris.date(source.as_of)],
            KG.basis: [concept("basis", "stated")],
            SCHEMA.inLanguage: [Literal(code) for code in languages],
            PROV.wasDerivedFrom: [origin],
            PROV.wasAttributedTo: [agent],
            PROV.wasGeneratedBy: [activity],
        },
    )
    yield origin, {RDFS.label: [Literal(place)]}
    yield (
        activity,
        {
            RDF.type: [PROV.Activity],
            RDFS.label: [Literal(f"enrichment by newskg {__version__}, with {place}")],
            KG.kind: [concept("method", "import")],
            PROV.wasAssociatedWith: [agent],
            PROV.used: [origin],
        },
    )
    label = Literal(f"newskg {__version__}")
    yield agent, {RDF.type: [PROV.SoftwareAgent], RDFS.label: [label]}


def _item(id_: str, facts: Facts, iris: Iris) -> Iterator[tuple[NamedNode, Properties]]:
    """What is said of an item, then the statements that have more than a value."""
    node = wikidata(id_)
    offices = [each for each in facts.of("P39") if each.id]
    found: Properties = {
        RDFS.label: _texts(facts.labels),
        SCHEMA.description: _texts(facts.descriptions),
        SCHEMA.birthDate: [Literal(each.value) for each in facts.of("P569")],
        SCHEMA.deathDate: [Literal(each.value) for each in facts.of("P570")],
        **_time(when(facts), iris),
    }
    for known, predicate in BY_COUNTRY.items():
        found[predicate] = [wikidata(each.value) for each in facts.of(known)]
    found[SCHEMA.hasOccupation] = [NamedNode(each.id) for each in offices]
    for place in facts.of("P625")[:1]:
        latitude, longitude = place.value.split(",")
        found[SCHEMA.latitude] = [decimal(Decimal(latitude))]
        found[SCHEMA.longitude] = [decimal(Decimal(longitude))]
    yield node, {known: list(dict.fromkeys(values)) for known, values in found.items()}
    for office in offices:
        held = span(filter(None, [office.start]), filter(None, [office.end]))
        yield (
            NamedNode(office.id),
            {
                RDF.type: [SCHEMA.OrganizationRole],
                SCHEMA.hasOccupation: [wikidata(office.value)],
                **_time(held, iris),
            },
        )
    for deaths in facts.of("P1120"):
        if deaths.id:
            yield (
                NamedNode(deaths.id),
                {
                    RDF.type: [KG.Quantity],
                    KG.population: [node],
                    KG.quantifier: [concept("quantifier", "exactly")],
                    SCHEMA.value: [number(Decimal(deaths.value))],
                    SCHEMA.unitText: [Literal(DEATHS)],
                },
            )


def _time(edtf: str | None, iris: Iris) -> Properties:
    if edtf is None:
        return {}
    return {KG.when: [iris.date(edtf)], KG.basis: [concept("basis", "external")]}


def _texts(words: Mapping[str, str]) -> list[Node]:
    """Words by language as literals, in the order of the languages' codes."""
    return [Literal(words[code], language=code) for code in sorted(words)]


def _is_empty(facts: Facts) -> bool:
    return not (facts.labels or facts.descriptions or facts.statements)


def _number(id_: str) -> int:
    return int(id_[1:])

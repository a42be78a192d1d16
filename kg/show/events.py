"""The timeline of a card: events, with every date that they are given and by whose account."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.show.card import Dated, Happening
from kg.show.known import chronological, natural
from kg.show.thing import nodes, text, values
from kg.vocab import KG, PROV, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.show.thing import Row, Thing

ACCOUNT = (
    f"OPTIONAL {{ ?graph {PROV.wasDerivedFrom} ?read "
    f"OPTIONAL {{ ?article {SCHEMA.encoding} ?read OPTIONAL {{ ?article {SCHEMA.headline} ?headline }} }} }}"
)
"""The headline of the article whose account a graph is, looked up row by row.

To be asked what article a graph has, the engine would read all headlines there are.
"""


def timeline(thing: Thing) -> tuple[Happening, ...]:
    """The events that the thing is involved in; where there are too many, those told of most."""
    rows = thing.rows(
        "SELECT ?event ?n WHERE { { SELECT ?event (COUNT(DISTINCT ?x) AS ?n) WHERE { "
        f"{_events(thing)} }} GROUP BY ?event }} "
        f"FILTER EXISTS {{ ?event a {KG.Event} }} }}"
    )
    times = {
        event: int(row["n"].value)
        for row in rows
        if isinstance(event := row.get("event"), NamedNode)
    }
    events = sorted(times, key=lambda event: (event != thing.node, -times[event], natural(event)))
    thing.count("timeline", len(events))
    events = events[: thing.limit]
    if not events:
        return ()
    known = thing.known
    known.load(events)
    dates, participants = _dates(thing, events), _participants(thing, events)
    asserted = _asserted(thing, events)
    happenings = (
        Happening(
            iri=event.value,
            label=known.name(event),
            kind=known.value("event", event, KG.kind),
            dates=dates.get(event, ()),
            participants=participants.get(event, ()),
            factuality=", ".join(sorted(asserted.get(event, ()))) or "not asserted",
        )
        for event in events
    )

    def order(event: Happening) -> tuple[object, ...]:
        first = event.dates[0].when if event.dates else None
        return (*chronological(first), event.label, event.iri)

    return tuple(sorted(happenings, key=order))


def accounts(thing: Thing, rows: Iterable[Row], *names: str) -> dict[tuple[object, ...], list[str]]:
    """By what rows have under names, whose account it is: headlines, or the name of another graph."""
    found: dict[tuple[object, ...], dict[NamedNode, str]] = defaultdict(dict)
    for row in rows:
        graph = row.get("graph")
        if isinstance(graph, NamedNode):
            name = text(row, "headline") or thing.known.short(graph).removeprefix("graph:")
            by_graph = found[tuple(row.get(name) for name in names)]
            by_graph[graph] = min(by_graph.get(graph, name), name)
    return {key: sorted(by_graph.values()) for key, by_graph in found.items()}


def _events(thing: Thing) -> str:
    """The pattern that leads from the thing to events, each with something that counts for it."""
    node, told = thing.node, f"?x {KG.asserts}|{SCHEMA.about} ?event"
    match thing.kind:
        case "actor":
            return f"?x {KG.actor} {node} . ?event {KG.participation} ?x"
        case "place":
            return f"?event {SCHEMA.location} {node} . BIND(?event AS ?x)"
        case "event":
            branches = (
                values("event", thing.parts),
                f"{node} {SCHEMA.superEvent}|{KG.causedBy} ?event",
                f"?event {KG.causedBy} {node}",
            )
            return " UNION ".join(f"{{ {branch} BIND(?event AS ?x) }}" for branch in branches)
        case "claim":
            return f"{values('x', [node])} {told}"
        case "article":
            return f"?x {SCHEMA.appearance} {node} . {told}"
    return f"{thing.among_parts} ?x {SCHEMA.about} ?thing . {told}"


def _dates(thing: Thing, events: Iterable[NamedNode]) -> dict[NamedNode, tuple[Dated, ...]]:
    rows = thing.rows(
        f"SELECT DISTINCT ?event ?time ?basis ?graph ?headline WHERE {{ {values('event', events)} "
        f"GRAPH ?graph {{ ?event {KG.when} ?time }} "
        f"OPTIONAL {{ GRAPH ?graph {{ ?event {KG.basis} ?basis }} }} {ACCOUNT} }}"
    )
    thing.known.load(nodes(rows, "time", "basis"))
    dates: dict[NamedNode, list[Dated]] = defaultdict(list)
    for (event, time, basis), by in accounts(thing, rows, "event", "time", "basis").items():
        if isinstance(event, NamedNode) and isinstance(time, NamedNode):
            how = thing.known.name(basis) if isinstance(basis, NamedNode) else None
            dates[event].append(Dated(when=thing.known.date(time, how), accounts=tuple(by)))
    return {
        event: tuple(sorted(of, key=lambda dated: chronological(dated.when)))
        for event, of in dates.items()
    }


def _participants(
    thing: Thing, events: Iterable[NamedNode]
) -> dict[NamedNode, tuple[tuple[str, str], ...]]:
    rows = thing.rows(
        f"SELECT DISTINCT ?event ?actor ?role WHERE {{ {values('event', events)} "
        f"?event {KG.participation} ?part . ?part {KG.actor} ?actor ; {KG.role} ?role }}"
    )
    found = _words(thing, rows, "role", "actor")
    return {event: tuple(sorted((w[0], w[1]) for w in of)) for event, of in found.items()}


def _asserted(thing: Thing, events: Iterable[NamedNode]) -> dict[NamedNode, set[str]]:
    """How each event is asserted: `positive certain`, `negative probable`."""
    rows = thing.rows(
        f"SELECT DISTINCT ?event ?polarity ?certainty WHERE {{ {values('event', events)} "
        f"?claim {KG.asserts} ?event . ?claim {KG.polarity} ?polarity ; "
        f"{KG.certainty} ?certainty }}"
    )
    found = _words(thing, rows, "polarity", "certainty")
    return {event: {" ".join(words) for words in of} for event, of in found.items()}


def _words(thing: Thing, rows: Iterable[Row], *names: str) -> dict[NamedNode, set[tuple[str, ...]]]:
    """What things that rows have beside an event are called, by event."""
    rows = list(rows)
    thing.known.load(nodes(rows, *names))
    found: dict[NamedNode, set[tuple[str, ...]]] = defaultdict(set)
    for row in rows:
        event = row.get("event")
        of = [node for name in names if isinstance(node := row.get(name), NamedNode)]
        if isinstance(event, NamedNode) and len(of) == len(names):
            found[event].add(tuple(map(thing.known.name, of)))
    return found

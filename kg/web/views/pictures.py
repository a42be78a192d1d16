"""The pages with a picture of the whole corpus: its timeline, and who speaks about whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

from markupsafe import Markup
from pyoxigraph import NamedNode

from kg.names import curie, labels
from kg.show.known import Known, chronological
from kg.vocab import KG, SKOS
from kg.web.pages.corpus import ARTICLE, entries, involved, speech
from kg.web.pages.forms import Choice, things
from kg.web.pages.forms import form as filled
from kg.web.pages.html import link, relative
from kg.web.pages.html import page as html
from kg.web.pages.pictures import network as network_picture
from kg.web.pages.pictures import timeline as timeline_picture
from kg.web.pages.pictures.network import Edge, Node
from kg.web.pages.pictures.timeline import Item
from kg.web.pages.told import Named, events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.show.card import Article
    from kg.web.pages.corpus import Entry, Speech
    from kg.web.pages.forms import Given
    from kg.web.pages.told import Event
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

DRAWN = ("80", "40", "160", "300")
"""Articles and events in one picture; the first is about three screens of them."""
ACTORS = ("40", "20", "60", "100")
"""Actors in one picture: names stay readable up to some forty."""
ROWS = 200
"""Rows of the table behind the network; the stored query has all of them."""


class Spoken(NamedTuple):
    """A row of the table behind the network."""

    source: Named
    about: Named
    speech: Speech
    address: str


# ---- timeline -----------------------------------------------------------------------------------


def timeline(reading: Reading, *, given: Given = ()) -> Reply:
    """The events and articles of the corpus over time: of an actor, on a topic, of a kind, in a period."""
    form = filled(reading, given)
    actor = form.thing("actor", KG.Actor)
    topic = form.thing("topic")
    start, end = form.day("from"), form.day("until", last=True)
    found = entries(reading)
    kinds = _kinds(reading, found)
    kind = form.one_of("kind", ["", "articles", "events", *(choice.value for choice in kinds)])
    most = int(form.one_of("most", DRAWN))
    if start is not None and end is not None and end < start:
        form.errors["until"] = "is before the start"
    if form.errors:
        found = []
    wanted = involved(reading, actor, topic) if found else None
    fitting = [
        entry
        for entry in found
        if (wanted is None or entry.iri in wanted)
        and _of_kind(entry, kind)
        and entry.within(start, end)
    ]
    dated = [entry for entry in fitting if entry.dated]
    undated = [entry for entry in fitting if not entry.dated]
    shown = dated[:most]
    happened = events(reading, (entry.iri for entry in shown if entry.kind != ARTICLE))
    without = events(reading, (e.iri for e in undated[:most] if e.kind != ARTICLE))
    articles = _articles(reading, [entry.iri for entry in shown if entry.kind == ARTICLE])
    here = "timeline"
    items = _items(reading, here, articles, happened)
    return html(
        reading,
        "timeline.html",
        here=here,
        status=form.status,
        form=form,
        actors=things(reading, KG.Actor),
        topics=things(reading, SKOS.Concept),
        kinds=kinds,
        numbers=[(n, n) for n in sorted(DRAWN, key=int)],
        drawing=Markup(timeline_picture.svg(items, (start, end))),  # noqa: S704 - escapes itself
        events=happened,
        articles=articles,
        without=without,
        shown=len(shown),
        total=len(dated),
        undated=len(undated),
    )


def _kinds(reading: Reading, found: Sequence[Entry]) -> list[Choice]:
    """The kinds of events that there are."""
    nodes = {NamedNode(entry.kind) for entry in found if entry.kind not in {"", ARTICLE}}
    called = labels(reading.store, nodes)
    choices = [Choice(_kind(node), called.get(node) or _kind(node)) for node in nodes]
    return sorted(choices, key=lambda choice: choice.words)


def _kind(node: NamedNode) -> str:
    """What an address calls a kind of events: the last part of its IRI."""
    return node.value.rpartition("/")[2].removeprefix("event-")


def _of_kind(entry: Entry, kind: str) -> bool:
    if kind in {"", "articles", "events"}:
        return not kind or (entry.kind == ARTICLE) == (kind == "articles")
    return entry.kind not in {"", ARTICLE} and _kind(NamedNode(entry.kind)) == kind


def _items(
    reading: Reading, here: str, articles: Sequence[Article], happened: Sequence[Event]
) -> list[Item]:
    items = [
        Item(
            address=_address(reading, article.iri, here),
            name=article.headline,
            dates=(article.published,) if article.published else (),
            article=True,
        )
        for article in articles
    ]
    items += [
        Item(
            address=_address(reading, event.iri, here),
            name=event.label,
            dates=tuple({a.when.edtf: a.when for a in event.accounts}.values()),
            note=event.sure,
        )
        for event in happened
    ]
    return items


def _articles(reading: Reading, iris: Sequence[str]) -> list[Article]:
    known = Known(reading.store, reading.prefixes)
    nodes = [NamedNode(iri) for iri in iris]
    known.load(nodes)
    found = map(known.article, nodes)
    return sorted(found, key=lambda article: (*chronological(article.published), article.iri))


def _address(reading: Reading, iri: str, here: str) -> str:
    return link(iri, here, reading.iris.base) or "#"


# ---- network ------------------------------------------------------------------------------------


def network(reading: Reading, *, given: Given = ()) -> Reply:
    """Who speaks about whom: the actors with most claims, or those around one of them."""
    form = filled(reading, given)
    actor = form.thing("actor", KG.Actor)
    most = int(form.one_of("most", ACTORS))
    found = [] if form.errors else speech(reading)
    if actor is not None:
        beside = {one.source for one in found if one.about == actor.value}
        beside |= {one.about for one in found if one.source == actor.value} | {actor.value}
        found = [one for one in found if one.source in beside and one.about in beside]
    chosen = _busiest(found, most, actor)
    drawn = [one for one in found if one.source in chosen and one.about in chosen]
    nodes = sorted({NamedNode(iri) for one in drawn for iri in one[:2]}, key=lambda n: n.value)
    called = labels(reading.store, nodes)
    names = {node.value: called.get(node) or curie(node, reading.prefixes) for node in nodes}
    here = "network"
    rows = [
        Spoken(
            Named(one.source, names[one.source]),
            Named(one.about, names[one.about]),
            one,
            _claims(reading, one),
        )
        for one in drawn
    ]
    return html(
        reading,
        "network.html",
        here=here,
        status=form.status,
        form=form,
        actors=things(reading, KG.Actor),
        numbers=[(n, n) for n in sorted(ACTORS, key=int)],
        drawing=Markup(_network(reading, here, rows, names)),  # noqa: S704 - escapes itself
        rows=rows[:ROWS],
        edges=len(rows),
        shown=len(names),
        total=len({iri for one in found for iri in one[:2]}),
        claims=sum(one.claims for one in drawn),
    )


def _busiest(found: Sequence[Speech], most: int, actor: NamedNode | None) -> set[str]:
    """The actors with most claims of their own or about them; who was asked for is among them."""
    claims: dict[str, int] = {}
    for one in found:
        for iri in one[:2]:
            claims[iri] = claims.get(iri, 0) + one.claims
    first = actor.value if actor is not None else ""
    ranked = sorted(claims, key=lambda iri: (iri != first, -claims[iri], iri))
    return set(ranked[:most])


def _network(reading: Reading, here: str, rows: Sequence[Spoken], names: Mapping[str, str]) -> str:
    own = dict.fromkeys(names, 0)
    for row in rows:
        own[row.source.iri] += row.speech.claims
    # The busiest first: the layout begins with them in the middle.
    order = sorted(names, key=lambda iri: (-own[iri], iri))
    place = {iri: number for number, iri in enumerate(order)}
    nodes = [
        Node(address=_address(reading, iri, here), name=names[iri], claims=own[iri])
        for iri in order
    ]
    edges = [
        Edge(
            source=place[row.source.iri],
            about=place[row.about.iri],
            claims=row.speech.claims,
            negative=row.speech.negative,
            unsure=row.speech.unsure,
            address=relative(row.address, here),
        )
        for row in rows
    ]
    return network_picture.svg(nodes, edges)


def _claims(reading: Reading, one: Speech) -> str:
    """Where the claims of one actor about another are listed."""
    about, source = (curie(NamedNode(iri), reading.prefixes) for iri in (one.about, one.source))
    given = urlencode({"actor": about, "source": source}, quote_via=quote, safe=":/")
    return f"query/said-about-actor?{given}"

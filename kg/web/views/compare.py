"""The page that puts two articles side by side, or what was said on a topic up to a date and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg import query
from kg.errors import KgError
from kg.names import curie
from kg.show.known import Known, chronological, natural, said_order
from kg.show.thing import Found, fair
from kg.vocab import KG, SKOS
from kg.web.pages.compared import articles as side_by_side
from kg.web.pages.compared import by_source
from kg.web.pages.forms import LISTED, Choice, things
from kg.web.pages.forms import form as filled
from kg.web.pages.html import page as html
from kg.web.pages.told import Named, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.show.card import Said
    from kg.web.pages.compared import Articles, Sides
    from kg.web.pages.forms import Form, Given
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

SAID = 100
"""Claims of each time that are compared, of every source some."""
QUERY = "changes-between-dates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """What was said about a topic up to a date and after it, by source; `around` leaves open which."""

    topic: Named
    sources: tuple[Sides, ...]
    around: tuple[Said, ...]
    shown: int
    total: int
    every: str

    @property
    def claims(self) -> Iterator[str]:
        """The claims that are shown."""
        yield from (said.iri for side in self.sources for said in (*side.left, *side.right))
        yield from (said.iri for said in self.around)


def page(reading: Reading, *, given: Given = ()) -> Reply:
    """Two articles side by side, or two times; with neither, the forms to choose them."""
    form = filled(reading, given)
    articles = dates = None
    missing = ""
    if form.words("left") or form.words("right"):
        missing = "" if form.words("left") and form.words("right") else "Choose the other article."
        articles = _of_form(reading, form)
    elif form.words("topic") or form.words("from"):
        missing = _missing(form)
        dates = _between_dates(reading, form)
    return html(
        reading,
        "compare.html",
        here="compare",
        status=form.status,
        form=form,
        missing=missing if not form.errors else "",
        choices=_choices(reading),
        topics=things(reading, SKOS.Concept),
        articles=articles,
        dates=dates,
        told=told(reading, compared.claims if (compared := articles or dates) else ()),
    )


def _choices(reading: Reading) -> list[Choice]:
    """The articles to choose from, in order of time; none where there are too many."""
    found = things(reading, KG.Article)
    nodes = [NamedNode(reading.iris.thing(*choice.value.split(":", 1)).value) for choice in found]
    known = Known(reading.store, reading.prefixes)
    known.load(nodes)
    dated = sorted(
        zip(map(known.article, nodes), found, strict=True),
        key=lambda pair: (*chronological(pair[0].published), pair[1].words),
    )
    return [
        Choice(
            choice.value,
            f"{article.published.edtf[:10]} {choice.words}" if article.published else choice.words,
        )
        for article, choice in dated[:LISTED]
    ]


# ---- two articles -------------------------------------------------------------------------------


def _of_form(reading: Reading, form: Form) -> Articles | None:
    left, right = (form.thing(name, KG.Article) for name in ("left", "right"))
    if left is not None and left == right:
        form.errors["right"] = "choose another article than on the left"
    if left is None or right is None or form.errors:
        return None
    return side_by_side(reading, left, right)


# ---- two times ----------------------------------------------------------------------------------


def _missing(form: Form) -> str:
    """What is still to be filled in, so that a link can give a topic alone."""
    if not form.words("topic"):
        return "Choose a topic."
    return "" if form.words("from") else "Give a date: what was said up to it, and after it."


def _between_dates(reading: Reading, form: Form) -> Dates | None:
    """What was said about a topic up to a date and after it, as the stored query has it."""
    topic = form.thing("topic")
    start, end = form.day("from", last=True), form.day("until", last=True)
    if start is not None and end is not None and end <= start:
        form.errors["until"] = "is not after the date on the left"
    if topic is None or not form.words("from") or form.errors:
        return None
    values = {name: form.words(name) for name in ("from", "until") if form.words(name)}
    stored = reading.queries[QUERY]
    try:
        bound = query.bound(
            reading.store, stored, {"topic": topic.value, **values}, reading.prefixes
        )
        rows = query.rows(reading.store, bound, QUERY, reading.prefixes, with_labels=False)
    except KgError as error:
        form.errors["from"] = str(error)
        return None
    found: dict[tuple[str, NamedNode], Found] = {}
    for row in rows:
        claim, period = row["claim"], row.label("period") or ""
        if isinstance(claim, NamedNode) and (period, claim) not in found:
            where = [row.label(name) or "" for name in ("source", "article", "made")]
            found[period, claim] = Found((claim,), *where)
    chosen = {
        name: {
            one.nodes[0]
            for one in fair((of for (when, _), of in found.items() if when == name), SAID)
        }
        for name in ("before", "around", "after")
    }
    known = Known(reading.store, reading.prefixes)
    known.load({topic}.union(*chosen.values()))
    said = {
        period: sorted((known.said(claim) for claim in sorted(of, key=natural)), key=said_order)
        for period, of in chosen.items()
    }
    given = {"topic": curie(topic, reading.prefixes), **values}
    return Dates(
        topic=Named(topic.value, known.name(topic)),
        sources=tuple(by_source(said["before"], said["after"])),
        around=tuple(said["around"]),
        shown=sum(map(len, chosen.values())),
        total=len(found),
        every=f"query/{QUERY}?{urlencode(given, safe=':/')}",
    )

"""Lists of all articles, actors, topics, events and places: sorted as asked, a page at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg.show.known import Known, chronological
from kg.store import counts, select
from kg.vocab import DCTERMS, KG, SCHEMA, SKOS
from kg.web.pages.html import page as html
from kg.web.readers.reply import Refused
from kg.web.search.finding import folded_name, index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.show.card import When
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

SIZE: Final = 100
"""Rows on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one list has: its class, its columns of numbers with the patterns that count them.

    `sort` is the column by which it is sorted unless another is asked for.
    """

    title: str
    one: str
    kind: str
    class_: NamedNode
    counts: Mapping[str, tuple[str, str]]
    sort: str
    dated: str | None = None
    kinds: bool = False


_ABOUT: Final = f"?n {SCHEMA.about} ?x ; a {KG.Claim}"
_MENTIONS: Final = f"?n {KG.refersTo} ?x"
LISTS: Final = {
    "articles": Listing(
        title="Articles",
        sort="date",
        one="article",
        kind="article",
        class_=KG.Article,
        counts={"claims": ("Claims", f"?n {SCHEMA.appearance} ?x ; a {KG.Claim}")},
        dated="Published",
    ),
    "actors": Listing(
        title="Actors",
        sort="claims",
        one="actor",
        kind="actor",
        class_=KG.Actor,
        counts={
            "claims": ("Claims made", f"?n {KG.source} ?x ; a {KG.Claim}"),
            "about": ("Claims about", _ABOUT),
            "mentions": ("Times named", _MENTIONS),
        },
        kinds=True,
    ),
    "topics": Listing(
        title="Topics",
        sort="about",
        one="topic",
        kind="topic",
        class_=SKOS.Concept,
        counts={"about": ("Claims about", _ABOUT), "mentions": ("Times named", _MENTIONS)},
    ),
    "events": Listing(
        title="Events",
        sort="date",
        one="event",
        kind="event",
        class_=KG.Event,
        counts={
            "claims": ("Claims", f"?n {KG.asserts}|{SCHEMA.about} ?x ; a {KG.Claim}"),
            "mentions": ("Times named", _MENTIONS),
        },
        dated="Date",
        kinds=True,
    ),
    "places": Listing(
        title="Places",
        sort="about",
        one="place",
        kind="place",
        class_=SCHEMA.Place,
        counts={
            "about": ("Claims about", _ABOUT),
            "events": ("Events there", f"?n {SCHEMA.location} ?x ; a {KG.Event}"),
            "mentions": ("Times named", _MENTIONS),
        },
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing of a list."""

    iri: str
    name: str
    what: str
    date: When | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The head of a column: where its link leads, and how the rows are sorted by it, if they are."""

    key: str
    title: str
    address: str
    sorted: str | None
    figure: bool


def page(
    reading: Reading,
    *,
    what: str,
    sort: str | None = None,
    order: str | None = None,
    kind: str | None = None,
    number: int = 1,
) -> Reply:
    """One page of a list. Raises Refused where there is no such column or page."""
    listing = LISTS[what]
    columns = ["name", *(["kind"] if listing.kinds else [])]
    columns += [*(["date"] if listing.dated else []), *listing.counts]
    sort = sort or listing.sort
    if sort not in columns:
        raise Refused(400, f"sort: {sort[:40]!r} is none of {', '.join(columns)}")
    if order not in {None, "up", "down"}:
        raise Refused(400, "order: up or down")
    down = order == "down" if order else _down(what, sort)
    all_rows = reading.once(_rows, what)
    kinds = Counter(row.what for row in all_rows) if listing.kinds else Counter()
    rows = _sorted([row for row in all_rows if kind in {None, row.what}], sort, down)
    last = max(1, -(-len(rows) // SIZE))
    if not 1 <= number <= last:
        raise Refused(404, f"the list has {last} pages")
    shown = rows[(number - 1) * SIZE : number * SIZE]

    def address(*, page: int = 1, sort: str = sort, down: bool = down) -> str:
        chosen: dict[str, object] = {"kind": kind} if kind else {}
        if (sort, down) != (listing.sort, _down(what, listing.sort)):
            chosen |= {"sort": sort, "order": "down" if down else "up"}
        if page > 1:
            chosen["page"] = page
        return what + (f"?{urlencode(chosen)}" if chosen else "")

    titles = {"name": "Headline" if what == "articles" else "Name", "kind": "Kind"}
    titles |= {"date": listing.dated or ""} | {key: of[0] for key, of in listing.counts.items()}
    heads = [
        Column(
            key=key,
            title=titles[key],
            address=address(sort=key, down=not down if key == sort else _down(what, key)),
            sorted=("descending" if down else "ascending") if key == sort else None,
            figure=key in listing.counts,
        )
        for key in columns
    ]
    return html(
        reading,
        "list.html",
        here=what,
        listing=listing,
        columns=heads,
        rows=shown,
        details=_details(reading, what, shown),
        total=len(rows),
        first=(number - 1) * SIZE + 1,
        number=number,
        last=last,
        kind=kind,
        kinds=sorted(kinds.items(), key=lambda item: (-item[1], item[0])),
        address=lambda n: address(page=n),
    )


def _down(what: str, key: str) -> bool:
    """Whether a column is sorted downwards at first: numbers, and the dates of articles."""
    return key not in {"name", "kind"} and (key != "date" or what == "articles")


def _sorted(rows: Sequence[Row], sort: str, down: bool) -> list[Row]:
    """Rows by a column, and those alike by name; what has no date comes last either way."""
    ordered = sorted(rows, key=lambda row: (folded_name(row.name), row.iri))
    match sort:
        case "name":
            return ordered[::-1] if down else ordered
        case "kind":
            return sorted(ordered, key=lambda row: row.what, reverse=down)
        case "date":
            dated = [row for row in ordered if row.date]
            dated.sort(key=lambda row: chronological(row.date), reverse=down)
            return dated + [row for row in ordered if not row.date]
    return sorted(ordered, key=lambda row: row.counts[sort], reverse=down)


def _rows(reading: Reading, what: str) -> list[Row]:
    """All rows of a list, in no order: each thing with its name, its date and what is counted of it."""
    listing = LISTS[what]
    known = {thing.iri: thing for thing in index(reading).things if thing.kind == listing.kind}
    beginning = _beginning(reading, listing)
    numbers = {key: counts(reading.store, of) for key, (_, of) in listing.counts.items()}
    dates = _dates(reading, listing) if listing.dated else {}
    return [
        Row(
            iri=iri,
            name=known[iri].name if iri in known else iri.removeprefix(beginning),
            what=known[iri].what if iri in known else listing.kind,
            date=dates.get(iri),
            counts={key: of.get(iri, 0) for key, of in numbers.items()},
        )
        for iri in _iris(reading, listing)
    ]


def _beginning(reading: Reading, listing: Listing) -> str:
    return f"{reading.iris.base}id/{listing.kind}/"


def _iris(reading: Reading, listing: Listing) -> set[str]:
    """What a list has, without what was merged into something else."""
    beginning = _beginning(reading, listing)
    rows = select(
        reading.store,
        f"SELECT DISTINCT ?x WHERE {{ ?x a {listing.class_} "
        f"FILTER NOT EXISTS {{ ?x {DCTERMS.isReplacedBy} ?kept }} }}",
    )
    return {iri for row in rows if (iri := row["x"].value).startswith(beginning)}


def _dates(reading: Reading, listing: Listing) -> dict[str, When]:
    """The first date of everything in a list that has one."""
    nodes: dict[str, set[tuple[NamedNode, NamedNode | None]]] = defaultdict(set)
    rows = select(
        reading.store,
        f"SELECT ?x ?time ?basis WHERE {{ ?x a {listing.class_} ; {KG.when} ?time "
        f"OPTIONAL {{ ?x {KG.basis} ?basis }} }}",
    )
    for row in rows:
        time, basis = row["time"], row["basis"]
        if isinstance(time, NamedNode):
            nodes[row["x"].value].add((time, basis if isinstance(basis, NamedNode) else None))
    known = Known(reading.store, reading.prefixes)
    known.load(node for pairs in nodes.values() for pair in pairs for node in pair if node)
    words = {basis: known.name(basis) for pairs in nodes.values() for _, basis in pairs if basis}
    return {
        iri: min(
            (known.date(time, words[basis] if basis else None) for time, basis in pairs),
            key=chronological,
        )
        for iri, pairs in nodes.items()
    }


def _details(reading: Reading, what: str, rows: Sequence[Row]) -> dict[str, str]:
    """What stands below the names: the authors and publishers of articles, what topics are part of."""
    if what not in {"articles", "topics"}:
        return {}
    known = Known(reading.store, reading.prefixes)
    nodes = [NamedNode(row.iri) for row in rows]
    known.load(nodes)
    found: dict[str, str] = {}
    predicates = {"articles": (SCHEMA.author, SCHEMA.publisher), "topics": (SKOS.broader,)}[what]
    if what == "topics":
        known.load(broader for node in nodes for broader in known.nodes(node, SKOS.broader))
    for node in nodes:
        names = dict.fromkeys(name for p in predicates for name in known.names(node, p))
        if names:
            found[node.value] = ("part of " if what == "topics" else "") + ", ".join(names)
    return found


def total(reading: Reading, what: str) -> int:
    """How long a list is."""
    return len(_iris(reading, LISTS[what]))

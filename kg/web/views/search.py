"""Search: things by their names, words in claims, words in the texts at hand."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyoxigraph import NamedNode

from kg.query.why import context
from kg.show.known import Known
from kg.store import select
from kg.vocab import SCHEMA
from kg.web.pages.corpus import published
from kg.web.pages.html import page as html
from kg.web.pages.html import page_of
from kg.web.pages.told import Told
from kg.web.readers.reply import Refused, Reply, as_json
from kg.web.search.finding import KINDS, LONGEST, index
from kg.web.search.wording import SHORTEST, Sayings, in_text, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.show.card import Said
    from kg.web.readers.reading import Reading
    from kg.web.search.finding import Found

GROUPS: Final = {
    "actor": "Actors",
    "place": "Places",
    "topic": "Topics",
    "event": "Events",
    "article": "Articles",
    "claim": "Words in claims",
    "text": "Words in articles",
}
"""What search finds, by the value of `kind`, with its heading."""
SIZE: Final = 50
"""Results on one page of one group."""
_FIRST: Final = 8
"""Results of each group where all groups are shown."""
_EACH: Final = 3
"""Places in one text that are shown."""
_AROUND: Final = 60
"""Characters shown before and after the words in a text."""
_PATIENCE: Final = 0.5
"""Seconds that one search looks through texts, some thirty million characters: longer answers count
as long (`pool.QUANTUM`), and end the process that has the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where words stand in a text, with what stands around them."""

    start: int
    end: int
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """An article in whose text words were found, and the first places where."""

    article: str
    headline: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What of one kind was found: how much in all, and what is shown of it."""

    kind: str
    title: str
    total: int
    things: Sequence[Found] = ()
    claims: Sequence[Said] = ()
    passages: Sequence[Passages] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The articles whose texts have the words; `looked` of `texts` were looked through."""

    found: tuple[Passages, ...]
    looked: int
    texts: int


def page(reading: Reading, *, q: str, kind: str | None, number: int) -> Reply:
    """The results as a page: the first of every group, or one page of one group."""
    groups, scan = _groups(reading, q, kind, number, _FIRST if kind is None else SIZE)
    return html(
        reading,
        "search.html",
        here="search",
        q=q[:LONGEST],
        kind=kind,
        number=number,
        size=SIZE,
        groups=groups,
        total=sum(group.total for group in groups),
        scan=scan,
        told=Told(),
        titles=GROUPS,
    )


def data(
    reading: Reading, *, q: str, kind: str | None, number: int, limit: int, names: bool
) -> Reply:
    """The results as JSON: `results` are things by their names; with `names` nothing else is looked for."""
    base = reading.iris.base
    if names:
        kinds = (kind,) if kind in KINDS else tuple(k for k in KINDS if k != "claim")
        found = index(reading).find(q, kinds=kinds, limit=limit)
        return _json({"query": q[:LONGEST], "results": [_thing(base, one) for one in found]})
    groups, scan = _groups(reading, q, kind, number, limit)
    by_kind = {group.kind: group for group in groups}
    content: dict[str, Any] = {
        "query": q[:LONGEST],
        "page": number,
        "total": {group.kind: group.total for group in groups},
        "results": [_thing(base, one) for group in groups for one in group.things],
        "claims": [
            {
                "iri": said.iri,
                "page": page_of(said.iri, base),
                "text": said.text,
                "sources": said.sources,
                "article": said.article.iri if said.article else None,
                "start": said.start,
                "end": said.end,
            }
            for said in (by_kind["claim"].claims if "claim" in by_kind else ())
        ],
        "texts": [
            {
                "article": one.article,
                "page": page_of(one.article, base),
                "headline": one.headline,
                "places": [
                    {
                        "start": place.start,
                        "end": place.end,
                        "before": place.before,
                        "words": place.words,
                        "after": place.after,
                    }
                    for place in one.places
                ],
            }
            for one in (by_kind["text"].passages if "text" in by_kind else ())
        ],
    }
    if scan is not None:
        content["looked"] = {"texts": scan.texts, "through": scan.looked}
    return _json(content)


def _json(content: object) -> Reply:
    return Reply(body=as_json(content), media_type="application/json")


def _thing(base: str, found: Found) -> dict[str, Any]:
    thing = found.thing
    return {
        "iri": thing.iri,
        "id": thing.id,
        "kind": thing.kind,
        "what": thing.what,
        "name": thing.name,
        "matched": found.matched,
        "how": found.how,
        "page": page_of(thing.iri, base),
    }


def _groups(
    reading: Reading, q: str, kind: str | None, number: int, size: int
) -> tuple[list[Group], Scan | None]:
    """What was found, by kind; an empty group is left out."""
    if kind is not None and kind not in GROUPS:
        raise Refused(400, f"kind: {kind[:40]!r} is none of {', '.join(GROUPS)}")
    if not q.strip():
        return [], None
    begin = (number - 1) * size
    groups: list[Group] = []
    kinds = [each for each in KINDS if each != "claim" and kind in {None, each}]
    names = index(reading)
    hits = names.hits(q, kinds) if kinds else []
    for each in kinds:
        of = [hit for hit in hits if names.things[hit.thing].kind == each]
        shown = [names.found(hit, q) for hit in of[begin : begin + size]]
        groups.append(Group(kind=each, title=GROUPS[each], total=len(of), things=shown))
    if kind in {None, "claim"}:
        groups.append(_claims(reading, q, begin, size))
    scan = None
    if kind in {None, "text"}:
        scan = _scan(reading, q)
        groups.append(
            Group(
                kind="text",
                title=GROUPS["text"],
                total=len(scan.found),
                passages=scan.found[begin : begin + size],
            )
        )
    return [group for group in groups if group.total], scan


def _claims(reading: Reading, q: str, begin: int, size: int) -> Group:
    sayings = reading.once(Sayings.of)
    found = list(dict.fromkeys([*sayings.named(q, reading.iris.base), *sayings.find(q)]))
    shown = [NamedNode(iri) for iri in found[begin : begin + size]]
    known = Known(reading.store, reading.prefixes)
    known.load(shown)
    claims = [known.said(node) for node in shown]
    return Group(kind="claim", title=GROUPS["claim"], total=len(found), claims=claims)


def _scan(reading: Reading, q: str) -> Scan:
    """The articles whose texts have words, the latest first."""
    if len(q.strip()) < SHORTEST:
        return Scan(found=(), looked=0, texts=0)
    wanted = pattern(q.strip())
    found: list[Passages] = []
    known = reading.once(_texts)
    looked = 0
    end = time.monotonic() + _PATIENCE
    for iri, text in known.items():
        if time.monotonic() > end:
            break
        looked += 1
        words = reading.text(iri)
        places = tuple(_places(wanted, words)) if words else ()
        if places:
            found.append(Passages(article=text.article, headline=text.headline, places=places))
    return Scan(found=tuple(found), looked=looked, texts=len(known))


def _places(wanted: re.Pattern[str], words: str) -> Iterator[Place]:
    for start, end in in_text(wanted, words, most=_EACH):
        before, after = context(words, start, end, _AROUND)
        yield Place(
            start=start,
            end=end,
            before=before,
            words=words[start:end],
            after=after,
        )


class _Text(NamedTuple):
    """A text with its article, and when that was published."""

    first: str
    article: str
    headline: str


def _texts(reading: Reading) -> dict[str, _Text]:
    """All texts, those of the latest articles first."""
    rows = select(
        reading.store,
        f"SELECT ?text ?article ?headline WHERE {{ ?article {SCHEMA.encoding} ?text . "
        f"OPTIONAL {{ ?article {SCHEMA.headline} ?headline }} }}",
    )
    dates = reading.once(published)
    found: dict[str, _Text] = {}
    for row in rows:
        text, article = row["text"].value, row["article"].value
        headline = row["headline"].value if row["headline"] is not None else ""
        name = " ".join(headline.split()) or article.rpartition("/")[2]
        entry = _Text(dates.get(article, ""), article, name)
        found[text] = max(found.get(text, entry), entry)
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0]), reverse=True))


def description(reading: Reading, *, address: str) -> Reply:
    """The OpenSearch description by which browsers take the search box as one of their own."""
    name, at = escape(reading.workspace.root.name[:16] or "kg"), escape(address, quote=True)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
        f"<ShortName>{name}</ShortName><Description>{name}: claims, and who makes them</Description>"
        f'<Url type="text/html" template="{at}search?q={{searchTerms}}"/>'
        "</OpenSearchDescription>\n"
    )
    return Reply(
        body=text.encode("utf-8", "replace"), media_type="application/opensearchdescription+xml"
    )

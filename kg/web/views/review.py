"""Review for people at a browser: what waits, one thing of it with all that speaks for it, what was decided."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg.errors import KgError, NotFoundError
from kg.names import curie, labels, resolve
from kg.note import Note
from kg.review import log
from kg.review.listing import settled
from kg.review.opening import opened
from kg.review.page import relation_words
from kg.review.queue import PARTS, Link, Pair, Said, things, waiting
from kg.review.session import now
from kg.store import select
from kg.vocab import KG, RDFS, SCHEMA, SKOS
from kg.web.pages.html import page as html
from kg.web.pages.html import percent
from kg.web.pages.proposals import shown
from kg.web.writing.deciding import became, group, group_state, is_decided, sentence, state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.review.annotations import Trouble
    from kg.review.deciding import Desk
    from kg.review.queue import Item, Part, Thing
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply

ROWS: Final = 100
"""Rows of a list."""
NAMES: Final[dict[Part, str]] = {
    "links": "Links",
    "merges": "Merges",
    "judgements": "Relations",
    "claims": "Claims",
}
_PRIVATE: Final = {"Cache-Control": "no-store"}


class Signed(NamedTuple):
    """Who is signed in, the secret of their forms, and what the page has to tell them.

    `undo` takes back what it tells: what was decided on, its file, and the page to go back to.
    """

    name: str
    secret: str
    told: tuple[str, ...] = ()
    undo: tuple[str, str, str] | None = None


class Row(NamedTuple):
    """One thing that waits, as a list shows it."""

    of: str
    what: str
    proposal: str
    notes: str
    sure: str


def sign_in(reading: Reading, *, wrong: str = "", name: str = "", status: int = 200) -> Reply:
    """The form to sign in with."""
    return html(
        reading,
        "review_sign_in.html",
        here="review/sign-in",
        status=status,
        headers=_PRIVATE,
        wrong=wrong,
        name=name,
    )


def overview(
    reading: Reading, *, signed: Signed, part: str = "", about: str = "", at: int = 0
) -> Reply:
    """All that waits, or what of it is of a part or about something."""
    wrong = ""
    _, items, held = _queue(reading)
    counts = {name: sum(item.part == name for item in items) for name in PARTS}
    try:
        items = _chosen(reading, items, part, about)
    except KgError as error:
        wrong = f"{error} ({error.hint})" if error.hint else str(error)
    rows = [_row(reading, item) for item in items[at : at + ROWS]]
    kept = {"part": part, "about": about}
    pages = {}
    if at:
        pages["prev"] = _path("review", **kept, at=max(at - ROWS, 0))
    if at + ROWS < len(items):
        pages["next"] = _path("review", **kept, at=at + ROWS)
    return html(
        reading,
        "review.html",
        here="review",
        status=400 if wrong else 200,
        headers=_PRIVATE,
        signed=signed,
        counts=[(name, NAMES[name], counts[name]) for name in PARTS],
        part=part,
        about=about,
        wrong=wrong,
        held=held,
        rows=[(_path("review/item", of=row.of, **kept), row) for row in rows],
        first=at + 1,
        total=len(items),
        pages=pages,
    )


def item(
    reading: Reading,
    *,
    signed: Signed,
    of: str,
    part: str = "",
    about: str = "",
    because: str = "",
    wrong: tuple[str, str] | None = None,
    status: int = 200,
) -> Reply:
    """One thing that waits, with what can be decided about it.

    `because` and `wrong` are given where a decision could not be made: what was typed is kept.
    """
    desk, waiting_, _ = _queue(reading)
    try:
        items = _chosen(reading, waiting_, part, about)
    except KgError:  # of a name that is gone: then all of them
        items = waiting_
    names = [_of(reading, each) for each in items]
    kept = {"part": part, "about": about}
    place = names.index(of) if of in names else None
    found = items[place] if place is not None else None
    node = _node(reading, of)
    context: dict[str, Any] = {
        "signed": signed,
        "of": of,
        "because": because,
        "wrong": wrong,
        "back": _path("review", **kept),
        "kept": kept,
        "item": found,
        "number": (place or 0) + 1,
        "total": len(items),
        "before": None,
        "after": None,
        "state": state(desk, node) if node is not None else "",
        "file": "",
    }
    if found is None:
        if node is None:
            raise NotFoundError(f"{of[:80]}: nothing goes by that name")
        context |= _gone(reading, desk, node, of)
    else:
        assert place is not None  # noqa: S101 - where it was found
        if place:
            context["before"] = _path("review/item", of=names[place - 1], **kept)
        if place + 1 < len(names):
            context["after"] = names[place + 1]
            context["skip"] = _path("review/item", of=names[place + 1], **kept)
        context |= shown(reading, desk, found)
        context |= _together(reading, desk, found, items[place + 1 :], waiting_)
    context.setdefault("skip", None)
    return html(
        reading,
        "review_item.html",
        here="review/item",
        status=404 if found is None and status == 200 else status,
        headers=_PRIVATE,
        **context,
    )


def decided(reading: Reading, *, signed: Signed, at: int = 0) -> Reply:
    """What was decided, the latest first, to look at and to take back."""
    desk = reading.once(_desk)[0]
    judged = {
        key: judgement
        for key, judgement in desk.analysis.judgements.items()
        if judgement.status != "proposed"
    }
    latest = sorted(judged, key=lambda key: judged[key].when)[::-1]
    shown = {key: judged[key] for key in latest[at : at + ROWS]}
    ends = {node for judgement in shown.values() for node in (judgement.from_, judgement.to)}
    prefixes, iris = reading.prefixes, reading.iris
    rows = list(settled(shown, things(reading.store, ends), prefixes, iris))
    rows.sort(key=lambda row: str(row["when"]), reverse=True)
    pages = {}
    if at:
        pages["prev"] = _path("review/decided", at=max(at - ROWS, 0))
    if at + ROWS < len(judged):
        pages["next"] = _path("review/decided", at=at + ROWS)
    return html(
        reading,
        "review_decided.html",
        here="review/decided",
        headers=_PRIVATE,
        signed=signed,
        rows=[(row["id"].replace(":", "/", 1), row) for row in rows],
        claims=_reviewed(reading, desk),
        total=len(judged),
        first=at + 1,
        pages=pages,
    )


# ---- what waits ---------------------------------------------------------------------------------


def _together(
    reading: Reading, desk: Desk, found: Item, after: Iterable[Item], items: Iterable[Item]
) -> dict[str, Any]:
    """What else would go into the same thing as a merge, and what comes after all of that."""
    if not isinstance(found, Pair) or found.file is not None:
        return {"group": []}
    keys = group(desk, _judgement(reading, found))
    if len(keys) < 2:
        return {"group": []}
    known = {each.key: each for each in items if isinstance(each, Pair)}
    pairs = [known[key] for key in keys if key in known]
    beyond = (each for each in after if not (isinstance(each, Pair) and each.key in keys))
    return {
        "group": [
            (_path("review/item", of=_of(reading, each)), each.left.name, each.key == found.key)
            for each in pairs
        ],
        "number_of_all": len(keys),
        "group_state": group_state(desk, keys),
        "beyond": next((_of(reading, each) for each in beyond), ""),
    }


def _judgement(reading: Reading, pair: Pair) -> NamedNode:
    return reading.iris.thing("judgement", pair.key)


class Held(NamedTuple):
    """So many that wait and cannot be decided, for one reason."""

    number: int
    what: str
    hint: str


def _queue(reading: Reading) -> tuple[Desk, list[Item], list[Held]]:
    """A desk, and what waits: by the store, and as the files are now; and what cannot be decided."""
    desk, items = reading.once(_desk)
    open_: list[Item] = []
    kept: Counter[Trouble] = Counter()
    for each in items:
        found = now(desk, each)
        if found is not None:
            open_.append(found)
        elif (node := _in_file(reading, each)) and (trouble := desk.articles.trouble(node)):
            kept[trouble] += 1
    held = [Held(number, t.what, sentence(t.hint)) for t, number in kept.items()]
    return desk, open_, held


def _in_file(reading: Reading, each: Item) -> NamedNode | None:
    """What an annotation has of something that waits."""
    if isinstance(each, Said):
        return each.node
    if isinstance(each, Pair) and each.file is not None:
        return _judgement(reading, each)
    return None


def _gone(reading: Reading, desk: Desk, node: NamedNode, of: str) -> dict[str, Any]:
    """What a page says of something that does not wait, or cannot be decided."""
    trouble = desk.articles.trouble(node)
    since = "" if trouble or not is_decided(desk, node) else became(desk, node)
    name = labels(reading.store, {node}).get(node, of)
    said = next(
        (
            each.text
            for each in reading.once(_desk)[1]
            if isinstance(each, Said) and each.node == node
        ),
        name,
    )
    return {
        "kind": "gone",
        "name": said,
        "trouble": trouble and (f"{trouble.what}.", sentence(trouble.hint)),
        "since": since,
    }


def _desk(reading: Reading) -> tuple[Desk, list[Item]]:
    """A desk, and what waits by the store."""
    desk = opened(reading.workspace, Note.read(reading.workspace))
    items = waiting(reading.store, desk.analysis, desk.graphs, reading.iris)
    desk.articles.judged = {
        each.key: each.file for each in items if isinstance(each, Pair) and each.file is not None
    }
    return desk, items


def _chosen(reading: Reading, items: list[Item], part: str, about: str) -> list[Item]:
    """Those of a part, and about a thing that goes by a name. Raises KgError where none does."""
    node = resolve(reading.store, reading.prefixes, about) if about.strip() else None
    return [
        each for each in items if part in {"", each.part} and (node is None or node in each.about)
    ]


def _of(reading: Reading, found: Item) -> str:
    """What an address calls it: the kind and the local name of a thing, a judgement or a claim."""
    if isinstance(found, Pair):
        return f"judgement/{found.key}"
    node = found.thing.node if isinstance(found, Link) else found.node
    return "/".join(reading.iris.local(node) or ("", node.value))


def _node(reading: Reading, of: str) -> NamedNode | None:
    kind, _, local = of.partition("/")
    try:
        return reading.iris.thing(kind, local) if local else None
    except ValueError:
        return None


def _row(reading: Reading, found: Item) -> Row:
    of = _of(reading, found)
    match found:
        case Link(thing=thing):
            open_ = [j for _, j in found.choices if j.status == "proposed"]
            best = open_[0] if open_ else None
            proposal = "no item"
            if best is not None:
                item_ = found.items.get(best.to)
                name = item_.name if item_ is not None else ""
                proposal = f"{name} ({curie(best.to, reading.prefixes)})".strip()
            more = f"and {len(open_) - 1} more" if len(open_) > 1 else ""
            sure = best or (found.absent[1] if found.absent else None)
            notes = ", ".join(filter(None, (more, _times(thing))))
            return Row(of, thing.name, proposal, notes, percent(sure.confidence) if sure else "")
        case Pair(judgement=judgement):
            relation = relation_words(judgement.relation, reading.prefixes)
            sure_words = percent(judgement.confidence)
            return Row(of, found.left.name, f"{relation} {found.right.name}", "", sure_words)
        case Said():
            sources = ", ".join(found.sources)
            return Row(of, f"{sources}: {found.text}", "", found.article, "")


def _times(thing: Thing) -> str:
    if not thing.mentions:
        return ""
    return "named once" if thing.mentions == 1 else f"named {thing.mentions} times"


def _reviewed(reading: Reading, desk: Desk) -> list[dict[str, str]]:
    """The claims that were decided on: those that the log tells of first, then all that were accepted.

    What was rejected is in no graph, but in its annotation; so it is the log that knows of it.
    """
    found: dict[str, dict[str, str]] = {}
    for entry in reversed(log.read(reading.workspace)[-ROWS:]):
        node = NamedNode(entry.node)
        kind, _ = reading.iris.local(node) or ("", "")
        claim = desk.claim(node) if kind == "claim" else None
        if claim is not None and claim.review is not None:
            review = claim.review
            found.setdefault(
                node.value,
                {
                    "claim": node.value,
                    "text": claim.text,
                    "status": review.status,
                    "by": review.by,
                    "when": str(review.when),
                    "note": review.because or "",
                },
            )
    for row in select(reading.store, _ACCEPTED):
        words = {name: row[name].value if row[name] is not None else "" for name in _REVIEWED}
        found.setdefault(words["claim"], words | {"status": "accepted", "note": ""})
    return list(found.values())


_REVIEWED: Final = ("claim", "text", "by", "when")
_ACCEPTED: Final = (
    f"SELECT ?claim ?text ?by ?when WHERE {{ ?claim a {KG.Claim} ; {KG.status} ?status ;"
    f" {SCHEMA.text} ?text ; {KG.reviewedBy}/{RDFS.label} ?by"
    f" OPTIONAL {{ ?claim {KG.reviewed}/{SKOS.notation} ?when }} }}"
    f" ORDER BY DESC(?when) ?claim LIMIT {ROWS}"
)


def _path(path: str, **given: object) -> str:
    words = urlencode({name: value for name, value in given.items() if value not in {"", 0}})
    return f"{path}?{words}" if words else path

"""How likely two of our own things are one: by their names, kinds, company, dates and parts.

The odds were set by hand: no corpus at hand says which of its things are the same. They are held to
the cases of tests/test_merging.py, and nothing is accepted by them unless somebody asks for that.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from kg.edtf import bounds
from kg.link.similarity import names_alike, normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.link.thing import Thing

ONE_ITEM = 0.97
"""The score of two things with one accepted item: they are one as surely as the two links are right."""
WHOLE = 0.9
"""Names as alike as this are the same but for spelling and order."""

_ALIKE = 0.55
"""Names less alike have a word in common, and no more (`kg.link.similarity.SURNAME` is above)."""
_FULL_NAME = {"person": 1.1, "state": 3.5, "place": 1.6, "body": 2.2}
"""Of people with one name of several words three in four are one; states and bodies have few namesakes."""
_SAME_WORD = {"person": -0.4, "state": 3.5, "place": 1.0, "body": 0.6}
"""Of people with one name of one word two in five are one: surnames."""
_GENERIC = -0.4
"""Bodies whose name every state has one of: Ministry of Defence, Supreme Court."""
_PART_OF_NAME = -0.9
"""Of things of which the one is called by a part of the other's name, two in seven."""
CURATED = 1.5
"""What it weighs against two entries of one register: somebody has thought of them as two."""
_KIND = 1.0
_COMPANY = 5.0
_STRANGERS = {"person": 1.8, "state": 0.0, "place": 1.0, "body": 1.0}
"""What it weighs against two namesakes that nothing else connects: of people less than even odds are left."""
_USUAL = 0.15
"""The share of company that any two articles of one newspaper have."""
_EVENT = -4.0
"""Two events of one kind are hardly ever one: a label that is the same brings not even odds."""
_LABEL = 3.2
_DATE = {1.0: 1.3, 0.5: 0.2, 0.0: -2.5}
"""What dates weigh that overlap, that lie some days apart, and that lie weeks apart: yearly summits."""
_PARTS = 2.0
_PLACE = 1.0
_NEAR = 3
"""Days by which newspapers differ on the day of an event: by time zone, and by day of print."""
_DAY = 10
"""Characters of a date that names a day."""
_BODIES = frozenset(
    "government-body intergovernmental-body political-party media research-organisation company"
    " civil-society armed-force".split()
)
"""Kinds of organisations, which extractors take for one another."""


Sort = Literal["person", "state", "place", "body"]
"""How easily two of a sort share a name; what is unknown is taken for a person."""


class Account(NamedTuple):
    """What articles say of an event: when and where it was, and who took part."""

    dates: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


_COMMON = frozenset(
    "a an and for in of on the to"
    " academy administration admiralty agency ambassador appeal appeals armed army assembly authority"
    " bank board border branch broadcasting bureau cabinet central chamber chief circuit city civil"
    " coast college command commission committee communist conservative constitutional consulate"
    " corps council county court courts customs defence defense democratic department deputies"
    " directorate district education election electoral embassy emergency federal federation finance"
    " fire first force forces foreign general government governor ground guard guards health high"
    " highest home hospital house immigration inspectorate institute intelligence interior internal"
    " investigation judiciary justice labor labour land law liberal local lower magistrates mayor"
    " media metropolitan military ministry municipal museum national navy news newspaper office"
    " opposition parliament party peoples police postal premier presidency president press prime"
    " minister prison progressive prosecution prosecutor prosecutors protection provincial public"
    " radio railway railways regional representatives republican reserve revenue royal ruling school"
    " second secret secretariat secretary security senate service services social socialist society"
    " special staff state station statistics supreme tax television trade transport treasury"
    " tribunal union united university upper war water weather welfare workers affairs agriculture"
    " air commerce culture economic economy energy environment fisheries industry planning science"
    " sports technology tourism".split()
)
"""Words of the names of public bodies, parties and media that say what they are and not whose."""


class Likeness(NamedTuple):
    """How likely two things are one, and the figures behind it by the names of features."""

    score: float
    features: dict[str, float]


def sort_of(thing: Thing) -> Sort:
    """The sort of a thing."""
    if thing.type == "place":
        return "place"
    if thing.kind == "state":
        return "state"
    return "body" if thing.kind in _BODIES else "person"


def is_generic(name: str) -> bool:
    """Whether all words of a name are such as the bodies of any state have.

    >>> is_generic("Ministry of Foreign Affairs"), is_generic("Ministry of Fisheries of Pellovia")
    (True, False)
    """
    return set(normal(name).split()) <= _COMMON


def kinds_fit(one: Thing, other: Thing) -> float | None:
    """How well the kinds of two things go together; None where nothing can be both."""
    if one.type != other.type or one.node == other.node:
        return None
    if one.type not in {"actor", "event"}:
        return 1.0
    if {one.kind, other.kind} & {None, "other"}:
        return 0.5
    if one.kind == other.kind:
        return 1.0
    if one.kind in _BODIES and other.kind in _BODIES:
        return 0.4
    return None


def named_alike(
    one: Sequence[str],
    other: Sequence[str],
    fit: float,
    company: float | None,
    sort: Sort = "person",
    against: float = 0.0,
) -> Likeness | None:
    """How likely two things with some names are one; None where their names are not alike.

    `company` is the share of what else their articles speak of that they have in common; None where
    that is not known. `against` are log odds that the names know nothing of.
    """
    name = max(names_alike(a, b) for a in one for b in other)
    if name < _ALIKE:
        return None
    whole = any(
        len(normal(a).split()) > 1 and names_alike(a, b) >= WHOLE for a in one for b in other
    )
    base = _PART_OF_NAME
    if name >= WHOLE:
        base = _FULL_NAME[sort] if whole else _SAME_WORD[sort]
        base = _GENERIC if sort == "body" and all(map(is_generic, (*one, *other))) else base
    odds = base + _KIND * (fit - 0.5) - against
    features = {"name": name, "type": fit}
    if company is not None:
        features["context"] = company
        above = max(company - _USUAL, 0.0)
        odds += _COMPANY * above - _STRANGERS[sort] * max(1 - company / _USUAL, 0.0)
    return Likeness(_chance(odds), features)


def events_alike(
    one: Sequence[str],
    other: Sequence[str],
    fit: float,
    accounts: tuple[Account, Account],
    against: float = 0.0,
) -> Likeness:
    """How likely two events with some labels are one, by the accounts that articles give of them."""
    from rapidfuzz import fuzz

    label = max(fuzz.token_sort_ratio(normal(a), normal(b)) for a in one for b in other) / 100
    features = {"name": label, "type": fit}
    odds = _EVENT + _LABEL * label + _KIND * (fit - 0.5) - against
    a, b = accounts
    if a.dates and b.dates:
        features["dates"] = best = max(days_fit(x, y) for x in a.dates for y in b.dates)
        odds += _DATE[best]
    if a.parts and b.parts:
        features["context"] = both = len(a.parts & b.parts) / min(len(a.parts), len(b.parts))
        odds += _PARTS * (both - 0.2)
    if a.places & b.places:
        odds += _PLACE
    return Likeness(_chance(odds), features)


def days_fit(one: str, other: str) -> float:
    """How well two dates go together: 1 where they overlap, 0 where weeks lie between.

    >>> days_fit("2031-03", "2031-03-05"), days_fit("2031-03-05", "2031-03-06")
    (1.0, 0.5)
    >>> days_fit("2030", "2031")
    0.0
    """
    from datetime import datetime

    a, b = bounds(one), bounds(other)
    early = max(filter(None, (a.earliest, b.earliest)), default=None)
    late = min(filter(None, (a.latest, b.latest)), default=None)
    if early is None or late is None or early <= late:
        return 1.0
    try:
        gap = datetime.fromisoformat(early) - datetime.fromisoformat(late)
    except ValueError:  # before the year 1, or after 9999
        return 0.0
    whole = len(one) >= _DAY <= len(other)
    return 0.5 if whole and gap.days < _NEAR else 0.0


def _chance(odds: float) -> float:
    """Log odds as a probability.

    >>> _chance(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-odds))

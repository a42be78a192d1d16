"""What speaks for an item, and what against: one figure from 0 to 1 for each kind of evidence.

    name        how alike the names are (`kg.link.similarity`)
    type        how well the sort of the item fits (`kg.link.kinds`)
    context     what its description and its neighbours have to do with the article
    dates       whether it was there when it is said to have acted
    popularity  how many encyclopaedias have an article about it
    rivals      how many candidates bear the name as well as it does: 1 of one, 1/2 of two

0.5 is neutral, and what is not known is neutral: a source that has no dates is no evidence.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kg.edtf import bounds
from kg.link.fields import fields_read, fields_told, roots
from kg.link.kinds import NEUTRAL, fit, in_words, is_noun
from kg.link.similarity import KNOWN, names_alike, normal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.link.item import Item, Wanted

NAMES = ("name", "type", "context", "dates", "popularity", "rivals")
"""The features, in the order in which a reviewer reads them."""

_ALIAS = 0.99
"""What an alias counts against a label: both are names, but a label is the one it goes by."""
_OTHER_NAME = 0.97
"""What another name of ours counts against the first."""
_SHORTER_NAME = 0.8
"""The same for a name that only leaves words of the first out (Obama beside Barack Obama) or is its
acronym."""


def features(
    wanted: Wanted, items: Sequence[Item], labels: Mapping[str, str] | None = None
) -> list[dict[str, float]]:
    """The features of each of some candidates, in their order; `labels` are those of related items."""
    known = any(item.sitelinks for item in items)
    seen = _Seen.of(wanted)
    named = [name(wanted, item) for item in items]
    told = [_told(wanted, item) for item in items]
    found = [
        {
            "name": named[place],
            "type": fit(wanted, item).degree,
            "context": context(seen, wanted, item, _namesakes(place, named, told), labels or {}),
            "dates": dates(wanted, item),
            "popularity": popularity(item) if known else NEUTRAL,
        }
        for place, item in enumerate(items)
    ]
    for one in found:
        one["rivals"] = 1 / max(1, sum(_rivals(one, other) for other in found))
    return found


def _told(wanted: Wanted, item: Item) -> tuple[str, ...]:
    """The words of an item's description that say something."""
    return _words(in_words(item, wanted.language, "en", "mul"))


def _namesakes(
    place: int, named: Sequence[float], told: Sequence[tuple[str, ...]]
) -> frozenset[str] | None:
    """The roots of what the namesakes of a candidate are described as; None where it has none."""
    others = [
        words
        for other, words in enumerate(told)
        if other != place and named[other] >= named[place] - _SAME_NAME
    ]
    return roots(word for words in others for word in words) if others else None


def _rivals(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether a candidate bears the name about as well as another and may be what is meant (or is it)."""
    return (
        other["name"] >= one["name"] - _SAME_NAME
        and other["type"] >= min(one["type"], NEUTRAL) - _SAME_TYPE
        and (other["dates"] > 0 or one["dates"] == 0)
    )


_SAME_NAME = 0.03
"""Within the difference of a label and an alias."""
_SAME_TYPE = 0.2


def name(wanted: Wanted, item: Item) -> float:
    """How alike the likest names are."""
    best = 0.0
    for ours, counts in _weighed(wanted.names):
        for theirs in item.labels.values():
            best = max(best, counts * names_alike(ours, theirs))
        if best < counts * _ALIAS:
            for aliases in item.aliases.values():
                for theirs in aliases:
                    best = max(best, counts * _ALIAS * names_alike(ours, theirs))
    return best


@lru_cache(maxsize=1024)
def _weighed(names: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """What each name counts: the first most, and least one that only shortens it."""
    first = {*normal(names[0]).split()} if names else set()
    found = []
    for place, one in enumerate(names):
        counts = _OTHER_NAME if place else 1.0
        if place and {*normal(one).split()} < first:
            counts = _SHORTER_NAME
        if _ACRONYM.fullmatch(one) and normal(one) not in KNOWN:
            counts = min(counts, _SHORTER_NAME if place else _ACRONYMS[len(normal(one)) > _SHORT])
        found.append((one, counts))
    return tuple(found)


_ACRONYM = re.compile(r"(?:[A-Z][.&]?\s?){2,6}")
_ACRONYMS = {False: 0.93, True: 0.97}
"""What a thing's only name counts if it is an acronym: many bodies share one of three letters."""
_SHORT = 3


class _Seen(NamedTuple):
    """What an article says around a thing, in the form in which descriptions are held against it."""

    roots: frozenset[str]
    fields: frozenset[str]
    played: bool
    """Whether it is about a match or a race, where the name of a place is mostly that of its team."""

    @classmethod
    def of(cls, wanted: Wanted) -> _Seen:
        named = [word for one in sorted(wanted.others_named) for word in normal(one).split()]
        words = [part for word in wanted.context for part in normal(word).split()]
        read = fields_read(words)
        most = max(read.values(), default=0)
        fields = frozenset(field for field, count in read.items() if count >= _READ)
        return cls(roots([*words, *named]), fields, _PLAYED <= read.get("sport", 0) == most)


_READ = 2
"""Words of a field from which an article is in it."""
_PLAYED = 5
"""The same for sport to be what it is about."""


def context(
    seen: _Seen,
    wanted: Wanted,
    item: Item,
    namesakes: frozenset[str] | None,
    labels: Mapping[str, str],
) -> float:
    """How much what an item is described as and related to has to do with the article.

    Each hit speaks for it, most where its namesakes are not described so; a description of which
    nothing is found speaks against it, the more so where it tells of a field of life that the
    article is not in.
    """
    weight = _RELATED * min(len({*item.related} & wanted.others), _ENOUGH)
    weight += _NEIGHBOUR * min(_neighbours(seen, wanted, item, labels), _ENOUGH)
    fields = fields_told(_told(wanted, item))
    if _told(wanted, item) and seen.roots:
        weight += _heard(seen, wanted, item, fields, namesakes)
    team = fit(wanted, item).sort in _TEAMS or "sport" in fields
    if seen.played and not team and (wanted.type == "place" or wanted.kind == "state"):
        weight -= _TEAM
    return 1 / (1 + math.exp(-weight))


def _neighbours(seen: _Seen, wanted: Wanted, item: Item, labels: Mapping[str, str]) -> int:
    """How many related items an article speaks of by their words, and not only as linked items."""
    own = {part for one in (*wanted.names, item.label("en")) for part in normal(one).split()}
    said = [
        roots(word for word in _words(labels[id_]) if word not in own)
        for id_ in dict.fromkeys(item.related)
        if id_ in labels and id_ not in wanted.others
    ]
    return len({words for words in said if words and words <= seen.roots})


_TEAMS = frozenset({"organisation", "company", "event"})
"""Sorts that clubs, teams and tournaments are of."""


def _heard(
    seen: _Seen,
    wanted: Wanted,
    item: Item,
    fields: frozenset[str],
    namesakes: frozenset[str] | None,
) -> float:
    """What it weighs how much of a description the article speaks of; its own name does not count."""
    own = {part for one in (*wanted.names, item.label("en")) for part in normal(one).split()}
    words = [word for word in _told(wanted, item) if word not in own]
    special = roots(word for word in words if not is_noun(word))
    common = roots(word for word in words if is_noun(word))
    hits = len(special & seen.roots)
    weight = _SPECIAL * min(hits, _ENOUGH) + (_COMMON if common & seen.roots else 0.0)
    if namesakes is not None:
        weight += _SPECIAL * bool((special - namesakes) & seen.roots)
        weight += _COMMON * bool((common - namesakes) & seen.roots)
    spoken = len(seen.roots) >= _SPOKEN
    own_field = fit(wanted, item).sort in IN_A_FIELD
    if fields & seen.fields:
        weight += _FIELD
    elif fields and spoken:
        weight -= _NO_FIELD if own_field else _NO_FIELD_OF_BODY
    if special and not hits and spoken:
        weight -= _NO_HIT if own_field else _NO_HIT_OF_PLACE
    return weight


def called(wanted: Wanted, item: Item) -> bool:
    """Whether an article says of what sort a thing is in the word that heads an item's description."""
    nouns = [word for word in _told(wanted, item) if is_noun(word)]
    return not nouns or bool(
        roots(nouns) & _Seen.of(replace(wanted, others_named=frozenset())).roots
    )


# Log odds, chosen by hand: no list of ours has descriptions on which they could be fitted. One hit
# outweighs a wrong field by little, and field and nationality both wrong leave one in thirteen.
_RELATED = 2.0
_NEIGHBOUR = 0.7
_SPECIAL = 1.5
_COMMON = 0.6
_FIELD = 1.0
_NO_FIELD = 2.0
_NO_HIT = 1.2
_NO_FIELD_OF_BODY = 0.3
_NO_HIT_OF_PLACE = 0.2
"""Less for what is nobody and no work: any article may quote a newspaper or name a bank, and none need
say on which continent a country lies."""
IN_A_FIELD = frozenset({"person", "people", "work", "character", None})
_TEAM = 3.0
UNSPOKEN = 0.37
"""The context of a body or a place of whose description nothing is read is just above this."""
_ENOUGH = 3
"""Hits after which more say no more."""
_SPOKEN = 12
"""Words from which an article has said enough for what it does not say to count."""


_STOP = frozenset(
    "the of and for in on at to by with from a an as or who which that was were is are has have had"
    " been being be his her its their this also known called named since until during between under"
    " over after before former formerly late current currently first second third fourth fifth last"
    " new old one two three several various some best notable main major member type kind part born"
    " died about against near within based located served serving used using not".split()
)


@lru_cache(maxsize=16_384)
def _words(description: str) -> tuple[str, ...]:
    """The words of a description that say something, years and ordinal numbers left out."""
    return tuple(
        word
        for word in normal(description).split()
        if word not in _STOP and not word[0].isdigit() and len(word) > 1
    )


def dates(wanted: Wanted, item: Item) -> float:
    """Whether an item was there at the dates: 1 at all, 0 where a person was unborn or long dead.

    Of all else the bounds are soft, since states and bodies have more than one beginning. News
    speak of the dead as of the living for about a year.
    """
    spans = [span for span in map(_years, wanted.dates) if span]
    born, died = item.born, item.died
    if not (born or died):
        born, died = _told_years(in_words(item, wanted.language, "en", "mul"))
    person = bool(born or died)
    begins, ends = _years(born or item.began), _years(died or item.ended)
    if not spans or not (begins or ends):
        return NEUTRAL
    early = [span for span in spans if begins and span[1] < begins[0]]
    late = [span for span in spans if ends and span[0] > ends[1] + _MOURNED]
    if early and person:
        return 0.0
    good = 1 - (len(early) + len(late)) / len(spans)
    if good == 0:
        return 0.0 if person else _SOFT
    return NEUTRAL + (1 - NEUTRAL) * good


_MOURNED = 1.0
_SOFT = 0.2


@lru_cache(maxsize=16_384)
def _years(edtf: str | None) -> tuple[float, float] | None:
    """The first and the last moment of a date in years; None where it has neither or is no date."""
    try:
        found = bounds(edtf or "")
    except ValueError:
        return None
    first, last = (_year(side) for side in found)
    if first is None and last is None:
        return None
    return (-math.inf if first is None else first, math.inf if last is None else last)


def _year(instant: str | None) -> float | None:
    """An instant in years, to the month."""
    parts = re.match(r"(-?\d+)-(\d\d)", instant or "")
    return int(parts[1]) + (int(parts[2]) - 1) / 12 if parts else None


_LIVED = re.compile(r"\((?:born )?(\d{4})(?:\s?[-–—]\s?(\d{4}))?\)|\bborn (?:in )?(\d{4})\b")


def _told_years(description: str) -> tuple[str | None, str | None]:
    """The years of birth and death that a description has in brackets, or after the word 'born'.

    >>> _told_years("Haldrian poet (1931–1999)"), _told_years("footballer, born 1994")
    (('1931', '1999'), ('1994', None))
    """
    found = _LIVED.search(description)
    if not found or (found[1] and not found[2] and "born" not in found[0]):
        return None, None
    return found[1] or found[3], found[2]


def popularity(item: Item) -> float:
    """How many articles there are about an item, on a scale that ends where the best known things are."""
    return min(1.0, math.log1p(item.sitelinks) / math.log1p(_MOST))


_MOST = 300
"""About as many articles as states and world cities have: what has more is no better known."""

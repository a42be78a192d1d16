"""Which of its candidates a thing is, or that it is none of them, and how sure that is.

A log-linear model: every candidate has a utility, the sum of what its features weigh; the choice
"none of them" has the utility 0; and each has its share of their exponentials. Scores are these shares
calibrated (`kg.link.calibration`): the probability of one candidate against all others and against
none. bench/linking.py shows how far of the links with a score of about t about the share t is right.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import OSA

from kg.link.calibration import calibrated
from kg.link.features import IN_A_FIELD, UNSPOKEN, called, features
from kg.link.item import Candidate, Resolution
from kg.link.kinds import NEUTRAL, fit
from kg.link.similarity import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.link.item import Item, Wanted

DEFAULT_ACCEPT = 0.9
"""The least score at which a link is taken without a person: see the table of bench/linking.py."""
MARGIN = 0.1
"""How far the best must be ahead of the next: what is tied is never accepted, at any threshold."""


class Weights(NamedTuple):
    """What each term of the model weighs, in log odds."""

    base: float
    """The utility of a candidate with the very name and nothing else known."""
    name: float
    """What a name has that is no more than alike, against the very name."""
    fitting: float
    misfit: float
    """What the sort weighs, where it fits and where it does not."""
    spoken: float
    unspoken: float
    """What the context weighs, where it speaks for the candidate and where against it."""
    dates: float
    popularity: float
    lesser: float
    """What it weighs to be less known than another candidate that bears the name as well."""
    rivals: float
    common: float
    """What it weighs that names of that kind are borne by many who have no item."""


# base, name, misfit, rivals: python bench/linking.py --fit (half of the articles of wikinews.jsonl).
# The rest by hand, for want of lists that have descriptions, dates or counts: the context is in log
# odds as it comes, and what is not spoken of tells more than what is, since common words hit by chance.
WEIGHTS = Weights(
    base=3.0,
    name=6.5,
    fitting=0.8,
    misfit=4.2,
    spoken=1.0,
    unspoken=1.3,
    dates=0.4,
    popularity=1.5,
    lesser=8.0,
    rivals=0.8,
    common=0.6,
)

_STEEPNESS = 6
"""The power to which likeness is raised: 0.95 is still most of a name, 0.6 next to nothing of it."""
_NEVER = -60.0
"""The utility of what cannot be: a person who was not born, an item about a name."""


def resolve(
    wanted: Wanted,
    items: Iterable[Item],
    /,
    *,
    accept: float = DEFAULT_ACCEPT,
    labels: Mapping[str, str] | None = None,
    refused: Sequence[str] = (),
) -> Resolution:
    """What a thing is among some candidates: all of them, the best first, and why none is taken.

    `labels` are those of the items that candidates are related to, by id, as far as they are known;
    `refused` the ids of items that a person has refused, which are no candidates.

    `nil` is None where the best one reaches `accept`, is ahead of the next, and nothing speaks
    against it; `nil_score` is the probability of none of them, so a thing may be undecided without
    being absent. The same question has the same answer whatever the order of the candidates.
    """
    distinct = {item.id: item for item in items}
    ordered = [distinct[id_] for id_ in sorted(distinct, key=_by_number)]
    found = features(wanted, ordered, labels)
    scores = calibrated(shares([utility(wanted, one, found) for one in found]))
    candidates = sorted(
        (
            Candidate(item=item, features=one, score=score)
            for item, one, score in zip(ordered, found, scores[1:], strict=True)
        ),
        key=lambda candidate: -candidate.score,
    )
    return Resolution(
        wanted=wanted,
        candidates=tuple(candidates),
        nil=_not_taken(wanted, candidates, accept, refused),
        nil_score=scores[0],
    )


def terms(wanted: Wanted, one: Mapping[str, float], all_: Sequence[Mapping[str, float]]) -> Weights:
    """What each weight is multiplied by for a candidate, `all_` being the features of all of them."""
    alike = one["name"] ** _STEEPNESS
    sort, told = 2 * one["type"] - 1, _odds(one["context"])
    known = max(
        (other["popularity"] for other in all_ if other["name"] >= one["name"] - _AS_WELL),
        default=one["popularity"],
    )
    return Weights(
        base=1.0,
        name=alike - 1,
        fitting=max(sort, 0.0),
        misfit=min(sort, 0.0),
        spoken=max(told, 0.0) * alike,  # no context makes another name the right one
        unspoken=min(told, 0.0),
        dates=2 * one["dates"] - 1,
        popularity=one["popularity"] - NEUTRAL,
        lesser=one["popularity"] - known,
        rivals=one["rivals"] - 1,
        common=-_common(wanted),
    )


_AS_WELL = 0.03


def _odds(share: float) -> float:
    """A probability as log odds, none surer than the surest that evidence of words can make it."""
    share = min(max(share, 1e-6), 1 - 1e-6)
    return min(_SURE, max(-_SURE, math.log(share / (1 - share))))


_SURE = 6.0


def utility(
    wanted: Wanted,
    one: Mapping[str, float],
    all_: Sequence[Mapping[str, float]],
    weights: Weights = WEIGHTS,
) -> float:
    """The log odds of a candidate against none."""
    if not (one["name"] and one["type"] and one["dates"]):
        return _NEVER
    return math.fsum(
        weight * term for weight, term in zip(weights, terms(wanted, one, all_), strict=True)
    )


def shares(utilities: Sequence[float]) -> list[float]:
    """The share of none, then that of each candidate, from what they weigh; not yet calibrated.

    >>> [round(share, 2) for share in shares([2.0, 0.0])]
    [0.11, 0.79, 0.11]
    """
    top = max(0.0, *utilities, 0.0)
    parts = [math.exp(utility - top) for utility in (0.0, *utilities)]
    whole = math.fsum(parts)
    return [part / whole for part in parts]


def _common(wanted: Wanted) -> float:
    """How far a name of that kind is shared by those who have no item: people's most, states' not at all."""
    words = max((len(name.split()) for name in wanted.names), default=1)
    if wanted.type == "actor" and wanted.kind == "person":
        return 1.0 if words == 1 else 0.5
    if wanted.type == "place" or wanted.kind == "state":
        return 0.0
    return 0.4 if words == 1 else 0.0


def _not_taken(
    wanted: Wanted, candidates: Sequence[Candidate], accept: float, refused: Sequence[str]
) -> str | None:
    """Why the best of some candidates, which come first, is not taken; None where it is."""
    best = candidates[0] if candidates else None
    ahead = len(candidates) == 1 or (best and best.score - candidates[1].score >= MARGIN)
    if best is None or best.score < accept or not ahead:
        return reason(wanted, candidates, refused)
    if refused:
        return f"{_was_refused(refused)}, so a person should look at {_shown(best.item)} as well"
    return against(wanted, best.item, best.features)


def against(wanted: Wanted, item: Item, features: Mapping[str, float]) -> str | None:
    """What speaks against an item however high its score is, for a reviewer to read; None if nothing.

    A name of the right sort is enough for a high score where no other item bears it: that the right
    one is missing from the source, nothing but the context can tell.
    """
    sort = fit(wanted, item).sort
    if features["type"] < NEUTRAL:
        return f"{_shown(item)} is a {_plain(sort)}, where a {_plain(wanted.kind or wanted.type)} is meant"
    limit = NEUTRAL if sort in IN_A_FIELD else UNSPOKEN
    if features["context"] < limit:
        return f"the only thing for {_shown(item)} is its name: {_UNTOLD}"
    if wanted.type == "topic" and sort != "concept" and not called(wanted, item):
        return f"no article calls it a {_plain(sort)}, as {_shown(item)} is"
    return None


_UNTOLD = "the articles speak of other matters"


def near(wanted: Wanted, candidate: Candidate) -> bool:
    """Whether a candidate of the right sort has a name that one slip of the pen makes of ours."""
    theirs = {normal(name) for name in candidate.item.labels.values()}
    theirs |= {normal(name) for names in candidate.item.aliases.values() for name in names}
    ours = {normal(name) for name in wanted.names}
    slips = any(
        len(one) >= _LONG and OSA.distance(one, other, score_cutoff=1) <= 1
        for one in ours
        for other in theirs
    )
    told = candidate.features
    return slips and not ours & theirs and told["type"] >= NEUTRAL and told["dates"] > 0


_LONG = 6
"""Letters from which a name with one of them changed is likelier a slip than another name."""


def _by_number(id_: str) -> tuple[int, str]:
    """The order of ids: older items first, which are those with the lower numbers."""
    digits = re.search(r"\d+", id_)
    return (int(digits[0]) if digits else 0, id_)


BORNE = 0.8
"""Likeness from which a candidate is said to have the name."""
_UNFIT = 0.35
"""A feature below this speaks against a candidate."""


def reason(wanted: Wanted, candidates: Sequence[Candidate], refused: Sequence[str] = ()) -> str:
    """Why none of some candidates, the best of which comes first, is taken: for a reviewer to read."""
    if refused:
        return f"{_was_refused(refused)}; {_reason(wanted, candidates, 'no other item')}"
    return _reason(wanted, candidates, "no item")


def _was_refused(ids: Sequence[str]) -> str:
    return f"{' and '.join(ids)} {'were' if ids[1:] else 'was'} refused"


def _reason(wanted: Wanted, candidates: Sequence[Candidate], none: str) -> str:
    bearing = [one for one in candidates if one.features["name"] >= BORNE]
    if not candidates:
        return f"{none} has this name"
    if not bearing:
        likest = max(candidates, key=lambda one: one.features["name"])
        return f"{none} has this name; the nearest is {_shown(likest.item)}"
    best, *others = bearing
    told = best.features
    tied = [one for one in others if best.score - one.score < max(MARGIN, best.score / 2)]
    if tied and told["type"] >= NEUTRAL and told["dates"]:
        named = ", ".join(_shown(one.item) for one in bearing[: len(tied) + 1][:_LISTED])
        return f"{len(tied) + 1} share the name and nothing tells them apart: {named}"
    which = f"the best of {len(bearing)}" if len(bearing) > 1 else "the only one of this name"
    said = f"{which} is {_shown(best.item)}"
    if not told["dates"]:
        return f"{said}: the dates do not fit"
    if told["type"] < _UNFIT:
        sort = fit(wanted, best.item).sort
        return f"{said}: a {_plain(sort)}, where a {_plain(wanted.kind or wanted.type)} is meant"
    if told["context"] < _UNFIT:
        return f"{said}: {_UNTOLD}"
    if told["dates"] < _UNFIT:
        return f"{said}: the dates hardly fit"
    return f"{said}: too little speaks for it"


_LISTED = 3


def _shown(item: Item) -> str:
    """An item as a reviewer knows it: label, id, description."""
    described = item.description("en", "mul")
    return f"{item.label('en', 'mul')} ({item.id}{', ' if described else ''}{described})"


def _plain(sort: str | None) -> str:
    """A sort in words."""
    return (sort or "thing").replace("-", " ")

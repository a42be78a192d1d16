"""What chances come of the shares that candidates have, so that of those with 0.9 nine of ten are right.

Isotonic regression of one question, whether any of the candidates is right, with straight lines between
a few points of it. Which of them it is stays as it was: their chances are to each other as their shares.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOTS: Final = (
    *((0.0, 0.0), (0.04, 0.15), (0.09, 0.15), (0.23, 0.26), (0.51, 0.26)),
    *((0.94, 0.95), (0.95, 0.95), (1.0, 1.0)),
)
"""Shares of all candidates together, and how often one of them is right there.

Found by `python bench/linking.py --calibrate`, on the half of the articles of wikinews.jsonl on which
the weights were fitted too. Beta calibration, with three numbers, was as good by likelihood, but no
curve of its family is as flat as the links from 0.9 on are, of which 95 in 100 are right.
"""


def calibrated(shares: Sequence[float]) -> list[float]:
    """The chance of none, then that of each candidate, from the shares that the weights give them.

    >>> [round(chance, 2) for chance in calibrated([0.6, 0.3, 0.1])], calibrated([1.0])
    ([0.74, 0.19, 0.07], [1.0])
    """
    none, *rest = shares
    some = math.fsum(rest)
    if not 0 < some < 1:
        return [none, *rest]
    chance = _between(some)
    return [1 - chance, *(chance * share / some for share in rest)]


def _between(share: float) -> float:
    """The chance at a share, on the line between the two points that it lies between."""
    lines = [*pairwise(KNOTS)]
    (left, low), (right, high) = lines[bisect_right([start for (start, _), _ in lines], share) - 1]
    return low + (high - low) * (share - left) / (right - left)

"""Scores as chances: what the map of shares keeps, and that it is the one that the data give."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from kg.link.calibration import KNOTS, calibrated
from kg.link.scoring import DEFAULT_ACCEPT, WEIGHTS

if TYPE_CHECKING:
    from pathlib import Path

SHARES = [
    [1.0],
    [0.97, 0.03],
    [0.5, 0.5],
    [0.1, 0.45, 0.45],
    [0.6, 0.3, 0.08, 0.02],
    [1e-9, 1 - 1e-9],
    [0.0, 1.0],
    [1.0, 0.0],
    [0.2, *[0.08] * 10],
]


@pytest.mark.parametrize("shares", SHARES, ids=str)
def test_chances_are_parts_of_one_in_the_order_and_ratio_of_the_shares(shares: list[float]) -> None:
    none, *chances = calibrated(shares)
    assert none + sum(chances) == pytest.approx(1)
    assert all(0 <= chance <= 1 for chance in (none, *chances))
    for (one, a), (other, b) in itertools.pairwise(zip(shares[1:], chances, strict=True)):
        assert a * other == pytest.approx(b * one)


def test_a_candidate_with_a_greater_share_has_no_lesser_chance() -> None:
    chances = [round(calibrated([1 - n / 1000, n / 1000])[1], 9) for n in range(1001)]
    assert chances == sorted(chances)
    assert (chances[0], chances[-1]) == (0.0, 1.0)
    assert max(b - a for a, b in itertools.pairwise(chances)) < 0.02


def test_the_map_rises_from_never_to_always() -> None:
    assert list(KNOTS) == sorted(KNOTS)
    assert [chance for _, chance in KNOTS] == sorted(chance for _, chance in KNOTS)
    assert (KNOTS[0], KNOTS[-1]) == ((0.0, 0.0), (1.0, 1.0))
    for share, chance in KNOTS[1:-1]:
        assert calibrated([1 - share, share])[1] == pytest.approx(chance)


def test_the_map_is_what_the_articles_give_and_links_keep_what_they_promise(shared: Path) -> None:
    if not (shared / "data" / "wikinews").is_dir():
        pytest.skip("the articles are not here")
    from bench import linking
    from bench.calibration import isotonic

    cases = linking.known_cases()
    half = [case for case in cases if case.article % 2 == 0]
    asked = linking.together(linking.questions(half), WEIGHTS)
    assert isotonic(asked) == KNOTS
    for some in (half, [case for case in cases if case.article % 2]):
        row = linking.Row.of(some, WEIGHTS, DEFAULT_ACCEPT)
        assert row.right >= 0.95 * row.taken
        assert row.taken >= 0.6 * row.reached
        assert row.left >= 0.95 * row.mentions
    bins = linking.calibration(cases, WEIGHTS, list(itertools.pairwise(linking.EDGES)))
    assert linking.off(bins) < 0.045

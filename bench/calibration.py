"""A calibration, found by isotonic regression and drawn: whether of what has 0.9 nine of ten are right."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Bin(NamedTuple):
    """The questions whose best candidate has a score between two: how many, their mean, the share right."""

    number: int
    score: float
    right: float


LEAST = 30
"""Questions behind each step of a map: about a tenth of those there are, so that none hangs on a few."""


class _Block(NamedTuple):
    """Questions that are taken together: their shares in order, and how many are right."""

    shares: list[float]
    right: int

    def __add__(self, other: _Block) -> _Block:  # type: ignore[override]  # no tuple of more parts
        return _Block(self.shares + other.shares, self.right + other.right)

    @property
    def level(self) -> float:
        """How often they are right."""
        return self.right / len(self.shares)


def isotonic(asked: Iterable[tuple[float, bool]]) -> tuple[tuple[float, float], ...]:
    """The points of the rising map from shares to how many are right: pool-adjacent-violators.

    Blocks with few questions are joined to the smaller of their neighbours. The map is level in the
    middle half of each, and goes straight from one to the next, so that there are no jumps.

    >>> isotonic((n / 100, n > 50) for n in range(100))
    ((0.0, 0.0), (0.12, 0.0), (0.38, 0.0), (0.63, 1.0), (0.87, 1.0), (1.0, 1.0))
    """
    blocks: list[_Block] = []
    for share, right in sorted(asked):
        blocks.append(_Block([share], int(right)))
        while len(blocks) > 1 and blocks[-2].level >= blocks[-1].level:
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    while len(blocks) > 1:
        sizes = [len(block.shares) for block in blocks]
        place = sizes.index(min(sizes))
        if sizes[place] >= LEAST:
            break
        beside = [other for other in (place - 1, place + 1) if 0 <= other < len(blocks)]
        first = min(place, min(beside, key=lambda other: sizes[other]))
        blocks[first : first + 2] = [blocks[first] + blocks[first + 1]]
    quarters = ((block, len(block.shares) * part // 4) for block in blocks for part in (1, 3))
    points = [(round(block.shares[at], 2), round(block.level, 2)) for block, at in quarters]
    return ((0.0, 0.0), *points, (1.0, 1.0))


SIDE, EDGE = 440, 60
COLOURS = {"fitted on": "#9a6b00", "held out": "#0b5c8a"}


def plot(halves: dict[str, list[Bin]]) -> str:
    """The calibration as a drawing: on the diagonal, a score is the share of right links."""
    size = SIDE + 2 * EDGE
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}"'
            f' height="{size}" role="img" aria-labelledby="title" font-size="13"'
            ' font-family="Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif">'
        ),
        '<title id="title">Share of right links by score</title>',
        f'<rect width="{size}" height="{size}" fill="#fff"/>',
        f'<path d="M{_x(0)} {_y(0)}H{_x(1)}M{_x(0)} {_y(0)}V{_y(1)}" stroke="#333"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999" stroke-dasharray="4 4"/>',
    ]
    for tenth in range(0, 11, 2):
        share = tenth / 10
        out.append(f'<text x="{_x(share)}" y="{_y(0) + 20}" text-anchor="middle">{share}</text>')
        out.append(f'<text x="{_x(0) - 8}" y="{_y(share) + 4}" text-anchor="end">{share}</text>')
    middle = size / 2
    out.append(f'<text x="{middle}" y="{size - 16}" text-anchor="middle">score of the best</text>')
    out.append(
        f'<text x="18" y="{middle}" text-anchor="middle" transform="rotate(-90 18 {middle})">'
        "share of them that is right</text>"
    )
    for row, (name, bins) in enumerate(halves.items()):
        line = " ".join(f"{_x(one.score)},{_y(one.right)}" for one in bins)
        colour = COLOURS[name]
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        for one in bins:
            radius = round(2 + math.sqrt(one.number) / 2, 1)
            out.append(
                f'<circle cx="{_x(one.score)}" cy="{_y(one.right)}" r="{radius}" fill="{colour}"'
                f' fill-opacity="0.6"><title>{one.number} things</title></circle>'
            )
        y = _y(1) + 16 + 20 * row
        out.append(f'<circle cx="{_x(0) + 20}" cy="{y - 4}" r="5" fill="{colour}"/>')
        out.append(f'<text x="{_x(0) + 32}" y="{y}">{ARTICLES[name]}</text>')
    return "\n".join((*out, "</svg>\n"))


ARTICLES = {"fitted on": "articles that weights were fitted on", "held out": "other articles"}


def _x(share: float) -> float:
    return round(EDGE + SIDE * share, 1)


def _y(share: float) -> float:
    return round(EDGE + SIDE * (1 - share), 1)

"""A calibration as a drawing: whether of what is scored 0.9 nine of ten are right."""

from __future__ import annotations

import math
from typing import NamedTuple


class Bin(NamedTuple):
    """The questions whose best candidate has a score between two: how many, their mean, the share right."""

    number: int
    score: float
    right: float


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

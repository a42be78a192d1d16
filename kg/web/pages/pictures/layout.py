"""Places for the nodes of a network, the same each time: near those they are linked with, names apart.

Stress majorisation (Gansner, Koren and North, 2004) moves every node to where its distances to the
others are most like the number of links between them. Then boxes around nodes and names that cover
each other are moved apart, each pair the shorter way.
"""

from __future__ import annotations

from math import cos, hypot, pi, sin, sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_ROUNDS: Final = 80
"""Rounds of majorisation: after some fifty, pictures of a hundred nodes no longer change to the eye."""
_ROW: Final = 30.0
"""Pixels between parts of a network that are not linked."""
_WIDE: Final = 1300.0
"""Pixels that a part may be wide before its links are shortened: about what a page shows."""
_SHORTEST: Final = 0.45
_STILL: Final = 1e-4
_PUSHES: Final = 400


class Box(NamedTuple):
    """Half the width of what is drawn around a place, and how far it reaches up and down."""

    half: float
    up: float
    down: float


Place = tuple[float, float]


def drawing(
    boxes: Sequence[Box], links: Collection[tuple[int, int]], link: Place
) -> tuple[list[Place], float, float]:
    """Places for boxes that are linked, with the width and the height of all of it.

    `link` is how far linked ones are apart, across and along. What is not linked with the largest
    part of the network stands in rows below that.
    """
    at: list[Place] = [(0.0, 0.0)] * len(boxes)
    width = across = down = high = 0.0
    for part in parts(len(boxes), links):
        place = {node: number for number, node in enumerate(part)}
        inner = {(place[a], place[b]) for a, b in links if a in place}
        some = [boxes[node] for node in part]
        unit = places(len(part), inner)
        found, wide, tall = _spread(unit, some, link)
        if wide > _WIDE:  # a chain of many links: shorter ones do as well
            short = max(_WIDE / wide, _SHORTEST)
            found, wide, tall = _spread(unit, some, (link[0] * short, link[1] * short))
        if across and across + wide > width:  # the next row; the first part has one to itself
            across, down, high = 0.0, down + high + _ROW, 0.0
        for node, (x, y) in zip(part, found, strict=True):
            at[node] = (x + across, y + down)
        across += wide + _ROW
        width, high = max(width, wide), max(high, tall)
    return at, width, down + high


def _spread(
    unit: Sequence[Place], boxes: Sequence[Box], link: Place
) -> tuple[list[Place], float, float]:
    """Places at so much from each other with boxes around them, with the room that they take."""
    found = apart([(x * link[0], y * link[1]) for x, y in unit], boxes)
    left = min(x - box.half for (x, _), box in zip(found, boxes, strict=True))
    top = min(y - box.up for (_, y), box in zip(found, boxes, strict=True))
    wide = max(x + box.half for (x, _), box in zip(found, boxes, strict=True)) - left
    tall = max(y + box.down for (_, y), box in zip(found, boxes, strict=True)) - top
    return [(x - left, y - top) for x, y in found], wide, tall


def parts(count: int, links: Collection[tuple[int, int]]) -> list[list[int]]:
    """The nodes that are linked with each other, the largest part first."""
    beside = _beside(count, links)
    left = set(range(count))
    found = []
    while left:
        level = {min(left)}
        part: set[int] = set()
        while level:
            part |= level
            level = {other for node in level for other in beside[node]} - part
        left -= part
        found.append(sorted(part))
    return sorted(found, key=lambda part: (-len(part), part))


def _beside(count: int, links: Collection[tuple[int, int]]) -> list[set[int]]:
    beside: list[set[int]] = [set() for _ in range(count)]
    for one, other in links:
        beside[one].add(other)
        beside[other].add(one)
    return beside


def places(count: int, links: Collection[tuple[int, int]]) -> list[Place]:
    """Places for so many nodes, all linked in the end, about one apart where they are linked directly."""
    if count < 2:
        return [(0.0, 0.0)] * count
    wanted = _distances(count, links)
    # The golden angle spreads any number of nodes evenly, the first in the middle.
    turn = pi * (3 - sqrt(5))
    found = [(sqrt(n) * cos(n * turn), sqrt(n) * sin(n * turn)) for n in range(count)]
    weights = [[1 / (d * d) if d else 0.0 for d in row] for row in wanted]
    totals = [sum(row) for row in weights]
    for _ in range(_ROUNDS):
        moved = 0.0
        for node, (x, y) in enumerate(found):
            sum_x = sum_y = 0.0
            for (at_x, at_y), far, weight in zip(found, wanted[node], weights[node], strict=True):
                if weight:
                    from_x, from_y = x - at_x, y - at_y
                    length = hypot(from_x, from_y) or _STILL
                    sum_x += weight * (at_x + far * from_x / length)
                    sum_y += weight * (at_y + far * from_y / length)
            new = (sum_x / totals[node], sum_y / totals[node])
            moved = max(moved, abs(new[0] - x), abs(new[1] - y))
            found[node] = new
        if moved < _STILL:
            break
    return _lying(found)


def _distances(count: int, links: Collection[tuple[int, int]]) -> list[list[float]]:
    """How many links lead from each node to each other one."""
    beside = _beside(count, links)
    found: list[list[float]] = []
    for start in range(count):
        steps = {start: 0}
        level, far = {start}, 0
        while level:
            far += 1
            level = {other for node in level for other in beside[node]} - steps.keys()
            steps.update(dict.fromkeys(level, far))
        found.append([float(steps[other]) for other in range(count)])
    return found


def _lying(found: Sequence[Place]) -> list[Place]:
    """The places turned so that they are wider than high: pages are, and names most of all."""
    middle_x = sum(x for x, _ in found) / len(found)
    middle_y = sum(y for _, y in found) / len(found)
    moved = [(x - middle_x, y - middle_y) for x, y in found]
    xx, yy = sum(x * x for x, _ in moved), sum(y * y for _, y in moved)
    xy = sum(x * y for x, y in moved)
    # The main axis of the cloud (its first principal component) becomes the horizontal one.
    length = hypot(xx - yy, 2 * xy)
    if length < _STILL:
        return moved
    double_cos, double_sin = (xx - yy) / length, 2 * xy / length
    c = sqrt((1 + double_cos) / 2)
    s = sqrt((1 - double_cos) / 2) * (1 if double_sin >= 0 else -1)
    return [(c * x + s * y, c * y - s * x) for x, y in moved]


def apart(found: Sequence[Place], boxes: Sequence[Box]) -> list[Place]:
    """The places moved so that no box covers another."""
    at = [list(place) for place in found]
    for _ in range(_PUSHES):
        clear = True
        for one, box in enumerate(boxes):
            for other in range(one):
                beside = boxes[other]
                x = at[one][0] - at[other][0]
                y = at[one][1] - at[other][1]
                across = box.half + beside.half - abs(x)
                above = y >= 0
                along = (beside.down + box.up - y) if above else (box.down + beside.up + y)
                if across <= 0 or along <= 0:
                    continue
                clear = False
                # A little more than half the way each, so that the rounds come to an end.
                if across < along:
                    step = (across / 2 + 0.5) * (1 if x >= 0 else -1)
                    at[one][0] += step
                    at[other][0] -= step
                else:
                    step = (along / 2 + 0.5) * (1 if above else -1)
                    at[one][1] += step
                    at[other][1] -= step
        if clear:
            break
    return [(x, y) for x, y in at]

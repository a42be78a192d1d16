"""Who speaks about whom: actors as nodes, and an arrow from who speaks to whom the claims are about."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, log2, sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.show.picture import lettering
from kg.show.picture.lettering import Face, escape, number
from kg.web.pages.pictures.layout import Box, drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.web.pages.pictures.layout import Place

_NAME: Final = Face(size=13)
_WIDEST: Final = 170
_LINK: Final = (190.0, 125.0)
"""Pixels between linked nodes, across and along: names are wider than high."""
_MARGIN: Final = 24
MARKS: Final = ("denied", "unsure")
"""Kinds of arrows that say more than a number, by the classes that they have."""
_LEAST: Final = 1150
"""The least width, so that a small network is not blown up."""
_BEND: Final = 0.14
"""How far an arrow bends aside, as a part of its length: those to and fro do not cover each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An actor, with how many of the claims drawn are its own, and where its page is."""

    address: str
    name: str
    claims: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The claims of one actor about another; `negative` and `unsure` are how many of them are so.

    `address` is where they are listed, if they are.
    """

    source: int
    about: int
    claims: int
    negative: int = 0
    unsure: int = 0
    address: str = ""

    @property
    def denied(self) -> bool:
        """Whether half of the claims or more are negative."""
        return 2 * self.negative >= self.claims

    @property
    def doubtful(self) -> bool:
        """Whether half of the claims or more are not certain."""
        return 2 * self.unsure >= self.claims


class Wording(NamedTuple):
    """What the picture calls itself, an arrow, and what is counted of a node and on an arrow."""

    title: str
    about: str
    own: str
    one: str
    many: str

    def counted(self, claims: int) -> str:
        """A number with its word."""
        return f"{claims:,} {self.one if claims == 1 else self.many}"


SPEECH: Final = Wording(
    "Who speaks about whom", "about", "of its own about the others here", "claim", "claims"
)


class _Arrow(NamedTuple):
    line: str
    head: str


def svg(nodes: Sequence[Node], edges: Sequence[Edge], wording: Wording = SPEECH) -> str:
    """The picture of a network, or nothing where there is none."""
    if not nodes:
        return ""
    links = {(edge.source, edge.about) for edge in edges}
    boxes = [_box(node) for node in nodes]
    at, width, height = drawing(boxes, links, _LINK)
    beside = max(_LEAST - width, 2 * _MARGIN) / 2
    at = [(x + beside, y + _MARGIN) for x, y in at]
    size = f"{round(width + 2 * beside)} {round(height + 2 * _MARGIN)}"
    begin = (
        f'<svg class="network" viewBox="0 0 {size}" role="group" data-zoom="plane" '
        'aria-labelledby="network-title network-desc">'
    )
    about = (
        '<desc id="network-desc">An arrow leads from who speaks to whom the claims are about; it is'
        f" the wider the more {escape(wording.many)} there are. "
        "The table below has the same in numbers.</desc>"
    )
    said = escape(f"{wording.title}: {len(nodes)} actors")
    title = f'<title id="network-title">{said}</title>'
    out = [begin, title, about]
    for edge in sorted(edges, key=lambda edge: edge.claims):
        out.extend(_edge(edge, nodes, at, wording))
    for place, node in enumerate(nodes):
        out.extend(_node(place, node, at[place], wording))
    out.append("</svg>")
    return "\n".join(out)


def _radius(node: Node) -> float:
    return 5 + min(2.2 * sqrt(node.claims), 14)


def _lines(node: Node) -> list[str]:
    return lettering.wrap(lettering.clean(node.name) or "no name", _WIDEST, _NAME, 2)


def _box(node: Node) -> Box:
    lines = _lines(node)
    wide = max(lettering.width(line, _NAME) for line in lines)
    radius = _radius(node)
    return Box(
        half=max(wide / 2, radius) + 7,
        up=radius + 5,
        down=radius + 5 + len(lines) * _NAME.line,
    )


def _node(place: int, node: Node, at: Place, wording: Wording) -> Iterator[str]:
    x, y = at
    radius = _radius(node)
    yield f'<a class="node" href="{escape(node.address)}" data-node="{place}">'
    yield lettering.tooltip(f"{node.name}: {wording.counted(node.claims)} {wording.own}")
    yield f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'
    top = y + radius + 2
    for line in _lines(node):
        top += _NAME.line
        yield (
            f'<text x="{number(x)}" y="{number(top - 4)}" text-anchor="middle">{escape(line)}</text>'
        )
    yield "</a>"


def _edge(
    edge: Edge, nodes: Sequence[Node], at: Sequence[Place], wording: Wording
) -> Iterator[str]:
    wide = 1.2 + min(1.1 * log2(edge.claims), 6)
    arrow = _arrow(
        at[edge.source],
        at[edge.about],
        _radius(nodes[edge.source]),
        _radius(nodes[edge.about]),
        wide,
    )
    if arrow is None:
        return
    style = f"edge{' denied' if edge.denied else ''}{' unsure' if edge.doubtful else ''}"
    said = [wording.counted(edge.claims)]
    said += [f"{edge.negative} negative"] if edge.negative else []
    said += [f"{edge.unsure} not certain"] if edge.unsure else []
    # The table has the same links: reaching nodes by the keyboard should not take hundreds of steps.
    tag, link = (
        ("a", f' href="{escape(edge.address)}" tabindex="-1"') if edge.address else ("g", "")
    )
    yield (f'<{tag} class="{style}"{link} data-source="{edge.source}" data-about="{edge.about}">')
    yield lettering.tooltip(
        f"{nodes[edge.source].name} {wording.about} {nodes[edge.about].name}: {', '.join(said)}"
    )
    yield f'<path class="reach" d="{arrow.line}"/>'
    yield f'<path d="{arrow.line}" stroke-width="{number(wide)}"/>'
    yield f'<path class="head" d="{arrow.head}"/></{tag}>'


def _arrow(start: Place, end: Place, leaving: float, arriving: float, wide: float) -> _Arrow | None:
    """A bent line from the rim of one disc to that of another, with its head; None where they touch."""
    far = hypot(end[0] - start[0], end[1] - start[1])
    head = 6 + 1.6 * wide
    if far < leaving + arriving + head + 4:
        return None
    along = ((end[0] - start[0]) / far, (end[1] - start[1]) / far)
    aside = (-along[1], along[0])
    bend = (
        (start[0] + end[0]) / 2 + aside[0] * far * _BEND,
        (start[1] + end[1]) / 2 + aside[1] * far * _BEND,
    )
    begin, tip = _towards(start, bend, leaving + 1), _towards(end, bend, arriving + 2)
    neck = _towards(tip, bend, head)
    back = ((tip[0] - neck[0]) / head, (tip[1] - neck[1]) / head)
    half = head * 0.45
    wings = (
        (neck[0] - back[1] * half, neck[1] + back[0] * half),
        (neck[0] + back[1] * half, neck[1] - back[0] * half),
    )
    return _Arrow(
        f"M{_point(begin)}Q{_point(bend)} {_point(neck)}",
        f"M{_point(tip)}L{_point(wings[0])}L{_point(wings[1])}Z",
    )


def _towards(start: Place, end: Place, far: float) -> Place:
    """A place so far from one to another."""
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return (
        start[0] + (end[0] - start[0]) * far / length,
        start[1] + (end[1] - start[1]) * far / length,
    )


def _point(place: Place) -> str:
    return f"{number(place[0])} {number(place[1])}"

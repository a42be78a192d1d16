"""A card as one drawing: what happened when, who contradicts whom, and which numbers differ.

`picture` writes a single SVG document that needs nothing else: no script, no style sheet, no font
and no image of its own or from elsewhere. Everything that a line or a shape says, words say too.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from kg.show.picture import disputes, lettering, numbers, page, timeline
from kg.show.picture.lettering import INK, SMALL, Face, escape
from kg.show.picture.page import LEFT, RIGHT, WIDTH

if TYPE_CHECKING:
    from kg.show.card import Card

_FONTS: Final = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"
_NAME: Final = Face(size=32, bold=True)
_WHAT: Final = Face(size=18)
_CURIE: Final = re.compile(" [(][a-z][a-z-]*:[^ ()]+[)]")
"""What a fact names its things by in a terminal, to go on asking with."""


def picture(card: Card) -> str:
    """Draw a card as SVG; the same card gives the same bytes."""
    prefix = f"kg-{hashlib.sha256(card.iri.encode('utf-8', 'replace')).hexdigest()[:8]}"
    out: list[str] = []
    bottom = begin = _title(out, card, LEFT)
    bottom = timeline.draw(out, card, bottom, prefix)
    bottom = disputes.draw(out, card, bottom)
    bottom = numbers.draw(out, card, bottom)
    if bottom == begin:
        page.rule(out, bottom + 30, INK, 1.5)
        bottom = lettering.block(
            out,
            LEFT,
            bottom + 38,
            RIGHT - LEFT,
            "Nothing to draw: no event or article, no contradiction and no number is known here.",
            Face(size=17),
            2,
        )
    height = round(_foot(out, card, bottom) + LEFT)
    name = lettering.clean(card.name) or "no name"
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    role = f'role="graphics-document document" aria-labelledby="{prefix}-title {prefix}-desc"'
    style = f'font-family="{_FONTS}" fill="{INK}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} xml:lang="en" {role} {style}>',
        f'<title id="{prefix}-title">{escape(name)}</title>',
        f'<desc id="{prefix}-desc">{escape(_description(card))}</desc>',
        f"<defs>{timeline.fades(prefix)}</defs>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    )
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', *head, *out, "</svg>\n"))


def _title(out: list[str], card: Card, top: float) -> float:
    """Write the name of the thing, and what it is."""
    room = RIGHT - LEFT
    y = lettering.block(out, LEFT, top, room, lettering.clean(card.name) or "no name", _NAME, 4)
    y = lettering.block(out, LEFT, y + 2, room, lettering.clean(card.what), _WHAT, 2)
    if card.aliases:
        aliases = ", ".join(map(lettering.isolated, card.aliases))
        y = lettering.block(out, LEFT, y + 4, room, f"Also called {aliases}", SMALL, 2)
    if card.subject:
        # The words of a claim are its name.
        worded = lettering.clean(card.subject.text) != lettering.clean(card.name)
        y = disputes.claim(out, LEFT, y + 8, card.subject, room, worded=worded)
    if card.facts:
        facts = " · ".join(
            f"{lettering.isolated(name)}: {lettering.isolated(_CURIE.sub('', value))}"
            for name, value in card.facts
        )
        y = lettering.block(out, LEFT, y + 4, room, facts, SMALL, 4)
    return y


def _foot(out: list[str], card: Card, top: float) -> float:
    """Write what the drawing leaves out, and of what it is."""
    top += 30
    page.rule(out, top)
    left_out = [
        page.count(how_many, one, several)
        for how_many, one, several in (
            (page.total(card, "says", len(card.says)), "claim of its own", "claims of its own"),
            (page.total(card, "about", len(card.about)), "claim about it", "claims about it"),
        )
        if how_many
    ]
    note = f"The card has {' and '.join(left_out)} in words. " if left_out else ""
    note += lettering.clean(card.iri)
    return lettering.block(out, LEFT, top + 8, RIGHT - LEFT, note, SMALL, 3)


def _description(card: Card) -> str:
    """What the drawing shows, for those who do not see it."""
    parts = [
        page.count(page.total(card, part, how_many), one, several)
        for part, how_many, one, several in (
            ("articles", len(page.articles(card)), "article", "articles"),
            ("timeline", len(card.timeline), "event", "events"),
            ("disputes", len(card.disputes), "pair of claims that contradict each other",
             "pairs of claims that contradict each other"),
            ("", sum(of.differ for of in card.numbers), "count on which numbers differ",
             "counts on which numbers differ"),
        )
        if how_many
    ]  # fmt: skip
    what = lettering.clean(card.what)
    return f"{what + ': ' if what else ''}{', '.join(parts) or 'nothing to draw'}."

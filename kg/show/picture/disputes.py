"""Claims that contradict each other, in facing columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.show.picture import lettering, page
from kg.show.picture.lettering import BODY, INK, SMALL, SOFT, Face, number, strong
from kg.show.picture.page import LEFT, RIGHT

if TYPE_CHECKING:
    from kg.show.card import Card, Dispute, Said

DISPUTES: Final = 100

_COLUMN: Final = 425
_PADDING: Final = 14
_MIDDLE: Final = (LEFT + RIGHT) / 2
_BETWEEN: Final = RIGHT - LEFT - 2 * _COLUMN - 40
_STYLES: Final = {"accepted": (2.6, ""), "proposed": (1.6, "9 6"), "rejected": (1.6, "2 5")}
"""How thick the lines of a status are, and how they are broken."""

_ORDER: Final = {"accepted": 0, "proposed": 1, "rejected": 2}
_LABEL: Final = Face(size=12)


def draw(out: list[str], card: Card, top: float) -> float:
    """Draw the disputes of a card, those in force first; return the bottom."""
    if not card.disputes:
        return top
    disputes = sorted(card.disputes, key=lambda dispute: _ORDER.get(dispute.status, 3))
    whole = page.total(card, "disputes", len(disputes))
    statuses = [dispute.status for dispute in disputes]
    counts = [
        f"{statuses.count(status)} {lettering.clean(status)}" for status in dict.fromkeys(statuses)
    ]
    top = page.heading(
        out,
        top,
        "Claims that contradict each other",
        f"{page.count(whole, 'pair', 'pairs')}"
        f"{' of which here' if whole > len(disputes) else ''}: {', '.join(counts)}. "
        "Between the two claims stands what was decided on their contradiction, and how sure that is.",
    )
    for dispute in disputes[:DISPUTES]:
        top = _pair(out, dispute, top) + 18
    if whole > DISPUTES or whole > len(disputes):
        rest = whole - min(len(disputes), DISPUTES)
        top = page.more(
            out, top, f"and {page.count(rest, 'more pair', 'more pairs')}, not drawn here"
        )
    return top


def _pair(out: list[str], dispute: Dispute, top: float) -> float:
    """Draw two claims with the judgement between them; return the bottom."""
    thick, dashes = _STYLES.get(dispute.status, (1.2, "1 3"))
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    judgement: list[str] = []
    sides: list[str] = []
    bottom = max(
        _judgement(judgement, dispute, top + 8),
        *(
            claim(sides, x + _PADDING, top + _PADDING - 4, said, _COLUMN - 2 * _PADDING) + _PADDING
            for x, said in ((LEFT, dispute.left), (RIGHT - _COLUMN, dispute.right))
        ),
    )
    out.append(f'<g class="dispute {dispute.status if dispute.status in _ORDER else "other"}">')
    out.extend(
        f'<rect x="{number(x)}" y="{number(top)}" width="{_COLUMN}" '
        f'height="{number(bottom - top)}" fill="#fff" stroke="{INK}" '
        f'stroke-width="{thick}"{dashed}/>'
        for x in (LEFT, RIGHT - _COLUMN)
    )
    out += sides
    out += judgement
    out.append("</g>")
    return bottom


def claim(
    out: list[str], x: float, top: float, said: Said, room: float, *, worded: bool = True
) -> float:
    """Write who claims what, when and where; return the bottom."""
    y = lettering.block(out, x, top, room, page.sources(said), strong(BODY), 2)
    if worded:
        y = lettering.block(out, x, y + 2, room, lettering.clean(said.text) or "no words", BODY, 12)
    y = _labels(out, x, y + 4, page.unusual(said), room)
    return lettering.block(out, x, y + 2, room, page.appearance(said), SMALL, 3)


def _labels(out: list[str], x: float, top: float, labels: list[str], room: float) -> float:
    """Write words in small frames, side by side."""
    if not labels:
        return top
    at, y = x, top + 3
    for label in labels:
        shown = lettering.wrap(label, room - 16, _LABEL, 1)[0]
        wide = lettering.width(shown, _LABEL) + 14
        if at > x and at + wide > x + room:
            at, y = x, y + 26
        out.append(
            f'<rect x="{number(at)}" y="{number(y)}" width="{number(wide)}" height="20" rx="4" '
            f'fill="#fff" stroke="{SOFT}"/>'
        )
        out.append(lettering.letters(at + 7, y + 14.5, shown, _LABEL))
        at += wide + 8
    return y + 24


def _judgement(out: list[str], dispute: Dispute, top: float) -> float:
    """Write what was decided, above and below the line that joins the claims."""
    thick, dashes = _STYLES.get(dispute.status, (1.2, "1 3"))
    status = lettering.clean(dispute.status) or "no status"
    y = lettering.centred(out, _MIDDLE, top, _BETWEEN, status, strong(BODY)) + 10
    left, right = LEFT + _COLUMN + 5, RIGHT - _COLUMN - 5
    out.append(page.line(left + 2, y, right - 2, y, INK, thick, dashes))
    for x, inward in ((left, 9), (right, -9)):
        out.append(
            f'<path d="M{number(x + inward)} {number(y - 6)}L{number(x)} {number(y)}'
            f'L{number(x + inward)} {number(y + 6)}" fill="none" stroke="{INK}" stroke-width="2"/>'
        )
    if dispute.status == "rejected":
        out.append(
            f'<path d="M{number(_MIDDLE - 7)} {number(y - 7)}l14 14m0 -14l-14 14" fill="none" '
            f'stroke="{INK}" stroke-width="2.4"/>'
        )
    y += 12
    if dispute.confidence:
        words = f"confidence {lettering.clean(dispute.confidence)}"
        y = lettering.centred(out, _MIDDLE, y, _BETWEEN, words, Face(size=13))
        y = _gauge(out, y + 5, dispute.confidence) + 3
    for words, most in (
        (f"by {lettering.isolated(dispute.judge)}" if dispute.judge else "", 2),
        (page.date_words(dispute.judged.edtf) if dispute.judged else "", 1),
    ):
        y = lettering.centred(out, _MIDDLE, y, _BETWEEN, words, SMALL, most)
    note = lettering.clean(dispute.note or "")
    return lettering.centred(out, _MIDDLE, y + 6, _BETWEEN, note, Face(size=13), 6) + 8


def _gauge(out: list[str], y: float, confidence: str) -> float:
    """Draw a confidence of 0 to 1 as the part of a bar that is full."""
    try:
        part = float(confidence)
    except ValueError:
        return y
    if not 0 <= part <= 1:
        return y
    out.append(
        f'<rect x="{number(_MIDDLE - 50)}" y="{number(y)}" width="100" height="6" fill="#fff" '
        f'stroke="{SOFT}"/><rect x="{number(_MIDDLE - 50)}" y="{number(y)}" '
        f'width="{number(100 * part)}" height="6" fill="{SOFT}"/>'
    )
    return y + 10

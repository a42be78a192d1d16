"""Text in a drawing: how wide it is, where its lines break, and how it is written as SVG.

The drawing is made without a font at hand, and is read with whichever one the reader has. Widths
are therefore those of the wider of Liberation Sans (as wide as Arial and Helvetica) and DejaVu
Sans: text may end up narrower than reckoned, and not wider.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INK: Final = "#111"
SOFT: Final = "#444"
RULE: Final = "#ccc"
MOST: Final = 1000
"""The characters that a drawing keeps of one text, tooltips included."""

_LEADING: Final = 1.32
_ASCII: Final = {
    False: (
        *(32, 41, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64),
        *(64, 64, 64, 64, 34, 34, 84, 84, 84, 56, 102, 69, 69, 73, 77, 67, 62, 78, 76, 30, 50, 67),
        *(56, 87, 75, 79, 67, 79, 73, 67, 62, 74, 69, 99, 69, 67, 69, 39, 34, 39, 84, 56, 50, 62),
        *(64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82),
        *(60, 60, 53, 64, 34, 64, 84),
    ),
    True: (
        *(35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70),
        *(70, 70, 70, 70, 40, 40, 84, 84, 84, 62, 100, 78, 77, 74, 83, 69, 69, 83, 84, 38, 56, 78),
        *(64, 100, 84, 85, 74, 85, 77, 72, 69, 82, 78, 111, 78, 73, 73, 46, 37, 46, 84, 56, 50, 68),
        *(72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69, 72, 72, 50, 60, 48, 72, 66, 93),
        *(65, 66, 59, 72, 37, 72, 84),
    ),
}
"""Advance widths of the characters 32 to 126 in hundredths of the size, regular and bold."""

_FIRST_STRONG: Final = {"L": False, "R": True, "AL": True}
_FSI: Final = "\u2068"
_PDI: Final = "\u2069"
# Ends of a bracket or sentence do not start a line of Han or kana.
_CLOSING: Final = frozenset(
    "、。，．：；？！）］｝〕〉》」』】〙〗ー…・々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """How a text is set."""

    size: float = 15
    bold: bool = False
    fill: str = INK

    @property
    def line(self) -> float:
        """The height of a line."""
        return self.size * _LEADING


BODY: Final = Face()
SMALL: Final = Face(size=13, fill=SOFT)


def strong(face: Face) -> Face:
    """The same in bold."""
    return replace(face, bold=True, fill=INK)


def clean(text: str) -> str:
    """A text on one line, without what XML forbids and what would turn the direction of others.

    At most `MOST` characters are kept, and no more than four marks on one letter, since marks
    stack up over the lines above.
    """
    kept: list[str] = []
    marks = 0
    for character in text[: 2 * MOST]:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > 4:
            continue
        if category in {"Cc", "Cs", "Zl", "Zp", "Zs"} or character in "\ufffe\uffff":
            kept.append(" ")
        elif "\ufdf0" <= character <= "\ufdff":  # whole phrases in one sign, of any width
            kept.append(unicodedata.normalize("NFKC", character))
        elif category != "Cf" or character in "\u200c\u200d":
            kept.append(character)
    line = " ".join("".join(kept).split())
    return line if len(line) <= MOST else f"{line[: MOST - 1].rstrip()}…"


def isolated(text: str) -> str:
    """A clean text that leaves the order of what stands beside it alone, for use within a line."""
    line = clean(text)
    turns = any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in line)
    return f"{_FSI}{line}{_PDI}" if turns else line


def width(text: str, face: Face) -> float:
    """How wide a clean text is at most."""
    return sum(_advance(character, face.bold) for character in text) * face.size / 100


def wrap(text: str, room: float, face: Face, most: int) -> list[str]:
    """A clean text in lines no wider than the room; past the last line it ends in an ellipsis."""
    if room >= width(text, face):
        return [text] if text else []
    lines: list[str] = []
    line, used = "", 0.0
    for glue, piece in _fitting(text, room, face):
        gap = glue if line else ""
        more = width(gap + piece, face)
        if not line or used + more <= room:
            line, used = line + gap + piece, used + more
            continue
        if len(lines) + 1 == most:
            return _closed([*lines, _elided(line + gap + piece, room, face)])
        lines.append(line)
        line, used = piece, width(piece, face)
    return _closed([*lines, line] if line else lines)


def block(
    out: list[str], x: float, top: float, room: float, text: str, face: Face, most: int = 1
) -> float:
    """Write a text in lines from a top left corner; return the bottom.

    What does not fit is in the tooltip. A text that runs from right to left is set flush right.
    """
    lines = wrap(text, room, face, most)
    right = leftwards(text)
    at, anchor = (x + room, "end") if right else (x, "start")
    return _lines(out, at, top, lines, text, face, anchor)


def centred(
    out: list[str], middle: float, top: float, room: float, text: str, face: Face, most: int = 1
) -> float:
    """Write a text in lines around a middle; return the bottom."""
    return _lines(out, middle, top, wrap(text, room, face, most), text, face, "middle")


def _lines(
    out: list[str], x: float, top: float, lines: Sequence[str], text: str, face: Face, anchor: str
) -> float:
    shortened = "…" in (lines[-1][-2:] if lines else "") and lines[-1][-2:] != text[-2:]
    right = leftwards(text)
    for line in lines:
        whole = text if shortened and line is lines[-1] else None
        out.append(letters(x, top + face.size, line, face, anchor, whole=whole, right=right))
        top += face.line
    return top


def letters(
    x: float,
    y: float,
    line: str,
    face: Face,
    anchor: str = "start",
    *,
    whole: str | None = None,
    right: bool = False,
) -> str:
    """One line of text as SVG; `right` if it runs from right to left.

    `anchor` says on which side of the text x is: `start` is the left one whatever the script.
    """
    attributes = f'x="{number(x)}" y="{number(y)}" font-size="{number(face.size)}"'
    if face.bold:
        attributes += ' font-weight="bold"'
    if face.fill != INK:
        attributes += f' fill="{face.fill}"'
    if right:
        attributes += ' direction="rtl"'
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    if anchor != "start":
        attributes += f' text-anchor="{anchor}"'
    return f"<text {attributes}>{tooltip(whole) if whole else ''}{escape(line)}</text>"


def tooltip(text: str) -> str:
    """What is shown for an element on pointing at it, and read out."""
    return f"<title>{escape(clean(text))}</title>"


def escape(text: str) -> str:
    """A clean text as XML."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def number(value: float) -> str:
    """A coordinate, to a tenth."""
    return f"{round(value, 1) + 0:.1f}".removesuffix(".0")


def leftwards(text: str) -> bool:
    """Whether a text runs from right to left: by the first letter that has a direction.

    Letters of isolated names count only where there are no others.
    """
    within = None
    depth = 0
    for character in text:
        depth += (character == _FSI) - (character == _PDI)
        side = _FIRST_STRONG.get(unicodedata.bidirectional(character))
        if side is not None and not depth:
            return side
        within = side if within is None else within
    return bool(within)


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> float:
    """The width of a character in hundredths of the size."""
    if " " <= character <= "~":
        return _ASCII[bold][ord(character) - 32]
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 135 if category == "So" else 100  # emoji are wider than Han
    apart = unicodedata.normalize("NFKD", character)
    if apart != character:
        return sum(_advance(part, bold) for part in apart)
    heavier = 1.13 if bold else 1
    if "\u0370" <= character < "\u0530":  # Greek, Cyrillic
        return (92 if character.isupper() else 76) * heavier
    if "\u0590" <= character < "\u0600":  # Hebrew
        return 72 * heavier
    if "\u0600" <= character < "\u0780":  # Arabic
        return 70 * heavier
    if category in {"Pi", "Pf"} or character == "·":
        return 62 * heavier
    return 105 * heavier


def _fitting(text: str, room: float, face: Face) -> Iterator[tuple[str, str]]:
    """What stays together on a line, each with the space before it; what is too wide is broken."""
    for word in text.split(" "):
        glue = " "
        for piece in _pieces(word):
            part = ""
            for cluster in _clusters(piece) if width(piece, face) > room else [piece]:
                if part and width(part + cluster, face) > room:
                    yield glue, part
                    glue, part = "", ""
                part += cluster
            yield glue, part
            glue = ""


def _pieces(word: str) -> Iterator[str]:
    """A word whole; Han, kana and their like one by one, each with the sign that closes it."""
    if word.isascii():
        yield word
        return
    piece = ""
    for cluster in _clusters(word):
        wide = unicodedata.east_asian_width(cluster[0]) in {"W", "F"}
        after_wide = piece and unicodedata.east_asian_width(piece[-1]) in {"W", "F"}
        if piece and (wide or after_wide) and cluster[0] not in _CLOSING:
            yield piece
            piece = ""
        piece += cluster
    yield piece


def _clusters(text: str) -> Iterator[str]:
    """A text in letters with their marks, and pictures joined into one, to some length."""
    cluster = ""
    for character in text:
        joined = unicodedata.category(character) in {"Mn", "Me", "Mc", "Cf", "Sk"}
        if cluster and (len(cluster) > 6 or not (joined or cluster.endswith("\u200d"))):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _closed(lines: Sequence[str]) -> list[str]:
    """Lines in each of which an isolated name ends, to begin again on the next."""
    closed = []
    open_ = ""
    for line in lines:
        whole = open_ + line
        open_ = _FSI if whole.count(_FSI) > whole.count(_PDI) else ""
        closed.append(whole + _PDI if open_ else whole)
    return closed


def _elided(line: str, room: float, face: Face) -> str:
    """A line that goes on where it is not shown."""
    clusters = list(_clusters(line.rstrip("…")))
    while clusters and width("".join(clusters) + "…", face) > room:
        clusters.pop()
    return "".join(clusters).rstrip(" ,;:·") + "…"

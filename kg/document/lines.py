"""The lines of a text as they were printed: what is one line, and what is a paragraph."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from kg.document.noise import ends

PARAGRAPH: Final = 160
_SENTENCE: Final = 12
"""Characters, and words up to a full stop, from which a line is a paragraph and no headline."""
_BREAKS: Final = "\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_LINE: Final = re.compile(f"[^{_BREAKS}]+")

_ENGLISH: Final = frozenset(
    """the of and to in is that for it was on with as by at from are be has have had not but they
    this which said were been his her its their who will would about after more than or an
    he she we you if when there what one two no""".split()
)
_ONLY_ENGLISH: Final = _ENGLISH - set(
    "in is was on as at be are have had not but were an he we you if or one no it".split()
)
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff]")
_SEPARATE: Final = re.compile(r"[a-z]++[^\W\d_]*|[^\W\d_]+")  # the second by itself is slower


class Line(NamedTuple):
    """A line of a text without the white space around it; `fresh` says that an empty line is before it."""

    start: int
    end: int
    text: str
    fresh: bool


def lines(text: str) -> list[Line]:
    """The lines of a text that have words."""
    found = []
    before = 0
    for one in _LINE.finditer(text):
        words = one[0].strip()
        if words:
            start = one.start() + one[0].index(words[0])
            gap = text[before:start].rstrip(" \t\xa0\u3000")
            found.append(Line(start, start + len(words), words, len(gap.splitlines()) > 1))
            before = start + len(words)
    return found


def is_paragraph(line: str) -> bool:
    """Whether a line is running text: long, or a whole sentence of some length."""
    if len(line) >= PARAGRAPH:
        return True
    if not ends(line):
        return False
    return len(line.split()) >= _SENTENCE or (
        len(line) >= 30 and not line.isascii() and "。" in line
    )


def said(words: str | None) -> str | None:
    """Words as an annotation may have them: on one line, without control characters; None for none.

    >>> said(" Talks\x07  resume\x0c"), said(" ")
    ('Talks resume', None)
    """
    return " ".join(_CONTROL.sub("", words or "").split()) or None


def key(line: str) -> str:
    """What is the same of two lines that say the same."""
    return " ".join(line.casefold().split())


def language(text: str) -> str | None:
    """`en` where the small words of a text are those of English, else None: other languages are not told.

    >>> language("The ferry is late, and the mayor said that it was not the fault of the crew.")
    'en'
    """
    # A capital with a dot alone would fall apart: its small form is two characters.
    words = _SEPARATE.findall(text[:4000].replace("\u0130", "\u0131").lower())
    if len(words) < _TOLD:
        return None
    small = [word for word in words if word in _ENGLISH]
    return "en" if len(small) >= len(words) / 5 and len(_ONLY_ENGLISH & set(small)) >= 3 else None


def supposed(text: str, usual: str) -> str | None:
    """The language that a text has which does not tell its own: the usual one, where it may be that.

    It is in the letters of that language. Of English, many words would have told, and some have at
    least one small word, and fewer of other languages.

    >>> supposed("It sank.", "en"), supposed("沈没した", "en"), supposed("Sie sank am Montag.", "de")
    ('en', None, 'de')
    >>> supposed("Minister Brenn resigned on Monday, officials in the capital said.", "en")
    'en'
    """
    words = _SEPARATE.findall(text[:4000])
    latin = sum(word.isascii() for word in words) > len(words) / 2
    main = usual.partition("-")[0]
    if not words or latin == (main in _OTHER_SCRIPTS):
        return None
    if main == "en" and len(words) >= _TOLD:
        small = [word.lower() for word in words[:_SURE]]
        english = sum(word in _ONLY_ENGLISH for word in small)
        others = sum(word in _NEVER_ENGLISH for word in small)
        return usual if len(words) < _SURE and english > others else None
    return usual


_NEVER_ENGLISH: Final = frozenset(
    """der das und ist nicht mit dem ein eine auf sich auch nach bei le la les de des du et est une
    dans pour que qui sur pas el los las una del por para se il di che della um uma da dos em com
    het een van dat niet zijn voor och att det som av ikke og til na nie""".split()
)
"""Small words of other languages in Latin letters."""


_OTHER_SCRIPTS: Final = frozenset(
    "am ar be bg bn el fa gu he hi hy ja ka km kn ko lo mk ml mr my ne pa ps ru si sr ta te th uk ur"
    " yi zh".split()
)
_TOLD: Final = 8
"""Words of the shortest text whose language may show,"""
_SURE: Final = 50
"""and of the shortest where it does."""


def joined(found: list[Line]) -> list[Line]:
    """The lines, with those of a wrapped paragraph as one.

    Within a block without empty lines, a line goes on in the next one if that begins with a small
    letter, or if the block is set to a width: all lines but the last are nearly as long.
    """
    joined: list[Line] = []
    i = 0
    while i < len(found):
        end = i + 1
        while end < len(found) and not found[end].fresh:
            end += 1
        joined += _paragraphs(found[i:end])
        i = end
    return joined


def _paragraphs(block: list[Line]) -> list[Line]:
    if len(block) == 1 or max(len(line.text) for line in block) > 110:
        return block
    full = [len(line.text) > 45 for line in block]
    runs: list[list[Line]] = [[block[0]]]
    for i, line in enumerate(block[1:], 1):
        small = line.text[0].islower() and not ends(block[i - 1].text)
        wide = full[i - 1] and len(block) > 3 and len(runs[-1]) > 1
        if small or wide:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [
        run[0]
        if len(run) == 1
        else Line(run[0].start, run[-1].end, " ".join(line.text for line in run), run[0].fresh)
        for run in runs
    ]

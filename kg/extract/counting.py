"""Figures in a text: digits with separators, number words and magnitudes, read as one number."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from kg.extract.prose import Prose

_SMALL: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

COUNTS: Final[dict[str, int]] = {
    **{word: number for number, word in enumerate(_SMALL)},
    **{word: 10 * tens for tens, word in enumerate(_TENS, 2)},
    **{
        f"{word}-{_SMALL[unit]}": 10 * tens + unit
        for tens, word in enumerate(_TENS, 2)
        for unit in range(1, 10)
    },
    "fourty": 40,
}
"""Number words below a hundred, with a misspelling that is as common as the word."""

_HUNDREDS: Final = {"hundred": 100, "dozen": 12}
_SCALES: Final = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "bn": 10**9, "mn": 10**6, "tn": 10**12, "lakh": 10**5, "crore": 10**7,
}  # fmt: skip
_LETTERS: Final = {
    "m": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "k": 10**3,
    "tn": 10**12, "trn": 10**12,
}  # fmt: skip
MAGNITUDES: Final = _HUNDREDS | _SCALES

_DIGITS: Final = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?")
_LONGEST: Final = 24
"""Characters of a figure; what is longer is an account or a serial number."""

_PHRASE: Final = 12
"""Words of a number in words, such as "two hundred and fifty thousand four hundred and one"."""


class Figure(NamedTuple):
    """A number as it stands: the word behind it, the offset behind it, and letters stuck to it.

    `letters` is the unit or magnitude written without a space ("5km", "3bn"), in small letters;
    one that is surely a magnitude is part of the value and not repeated there.
    """

    end: int
    stop: int
    value: Decimal
    letters: str


def figure(prose: Prose, i: int, limit: int) -> Figure | None:
    """The number that starts with word `i`, ending before word `limit`; None where there is none.

    >>> from kg.extract.prose import Prose
    >>> figure(Prose("two hundred and fifty thousand men"), 0, 6).value
    Decimal('250000')
    """
    if i >= limit:
        return None
    if "0" <= prose.lower[i] < ":":
        return _digits(prose, i, limit)
    return _words(prose, i, limit)


def _digits(prose: Prose, i: int, limit: int) -> Figure | None:
    text, start = prose.text, prose.starts[i]
    found = _DIGITS.match(text, start, start + _LONGEST + 1)
    if not found or found.end() - start > _LONGEST:
        return None
    digits, stop = found[0].replace(",", ""), found.end()
    if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
        return None  # 007 is not a count
    after = stop
    while after < len(text) and after - stop < 8 and text[after].isalnum():
        after += 1
    letters = text[stop:after].lower()
    value = Decimal(digits)
    if letters in {"bn", "mn", "mln", "tn", "trn"}:
        value, letters = value * _LETTERS[letters], ""
    end = prose.word_at(after - 1) + 1
    if letters or end > limit:
        return Figure(min(end, limit), after, value, letters)
    return _scaled(prose, end, limit, after, value)


def _scaled(prose: Prose, end: int, limit: int, stop: int, value: Decimal) -> Figure:
    """The figure with the magnitudes that follow it: "1.5 million", "3 hundred thousand"."""
    for _ in range(2):
        scale = MAGNITUDES.get(prose.lower[end]) if end < limit else None
        if scale is None:
            break
        value, stop, end = value * scale, prose.ends[end], end + 1
    return Figure(end, stop, value, "")


def _words(prose: Prose, i: int, limit: int) -> Figure | None:
    lower = prose.lower
    limit = min(limit, i + _PHRASE)
    word = lower[i]
    if word == "half" and i + 2 < limit and lower[i + 1] in {"a", "of"}:
        if lower[i + 1] == "a" and lower[i + 2] in MAGNITUDES:
            value = Decimal(MAGNITUDES[lower[i + 2]]) / 2
            return Figure(i + 3, prose.ends[i + 2], value, "")
        return None
    if word in {"a", "an"}:
        if i + 1 >= limit or lower[i + 1] not in MAGNITUDES or lower[i + 1] in {"bn", "mn", "tn"}:
            return None
        total, current, i = 0, 1, i + 1
    elif word in COUNTS:
        total, current, i = 0, COUNTS[word], i + 1
    else:
        return None
    small = word in COUNTS
    while i < limit:
        word = lower[i]
        if word in _SCALES:
            total, current, small = total + current * _SCALES[word], 0, False
        elif word in _HUNDREDS and current:
            current, small = current * _HUNDREDS[word], False
        elif word in COUNTS and not small and COUNTS[word]:
            current, small = current + COUNTS[word], True
        elif (
            word == "and"
            and not small
            and i + 1 < limit
            and COUNTS.get(lower[i + 1])
            and lower[i - 1] in {"hundred", "thousand"}
        ):
            pass
        else:
            break
        i += 1
    return Figure(i, prose.ends[i - 1], Decimal(total + current), "")

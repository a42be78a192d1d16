"""Stretches of capitalised words, with the small words that names hold together by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.names.bodies import FOR, HEADS, JOINING, OF
from kg.extract.names.layout import FIRST
from kg.extract.names.people import MEN, PARTICLES, WOMEN
from kg.extract.names.tables import facts, peoples
from kg.extract.names.titles import BRIEF, PORTFOLIOS, TITLES
from kg.extract.names.words import PREFIXES, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.extract.prose import Prose

LONGEST: Final = 14
"""Words of the longest stretch: longer ones are lists of names without commas, or no prose."""

ON: Final = frozenset(
    "commission committee subcommittee council panel conference convention".split()
)
NUMBERED: Final = frozenset(
    "boeing airbus flight apollo group channel windows explorer route highway resolution formula"
    " playstation"
    " xbox iphone galaxy area radio soyuz tu il mig room platform chrome firefox ios android"
    " article"
    " cup olympics games expo euro division unit camp pier terminal gate stalag bbc radio"
    " fm".split()
)
"""Words that a number after them belongs to."""

OWNERS: Final = frozenset(
    "people women men children king queen minister president veteran worker farmer teacher student"
    " writer mother nurse player peasant soldier lawyer journalist physician girl boy master saint"
    " governor mayor speaker prosecutor attorney ombudsman citizen fisherman fishermen pensioner"
    " sheriff coroner bishop miner steelworker driver actor director women's peoples artist"
    " consumer"
    " investor taxpayer voter tenant seafarer".split()
)
"""Common nouns whose possessive may stand within a name: the People's Party, the King's College."""

CLOSED: Final = frozenset({"jr", "sr", "inc", "corp", "co", "ltd", "bros"})
"""Abbreviations at the end of names."""
DOMAINS: Final = frozenset({"com", "org", "net", "tv", "info", "eu", "edu", "gov"})
"""Ends of names that are addresses on the net."""
STOPPED: Final = BRIEF | CLOSED | frozenset({"mt", "ft", "ste", "no", "messrs", "drs", "mme"})
"""Abbreviations in names."""


def capitals(prose: Prose) -> list[int]:
    """The words that may belong to a name by their letters: Abe, al-Amr, iPhone, d'Estaing."""
    lower = prose.lower
    return [
        i
        for i, word in enumerate(prose.words)
        if word != lower[i] and (word[0].isupper() or (not word.islower() and _mixed(word)))
    ]


def _mixed(word: str) -> bool:
    """Whether a word that begins small is a name all the same: not `pro-European`."""
    head, hyphen, tail = word.partition("-")
    return not hyphen or (head not in PREFIXES and len(head) < _ARTICLE and tail[0].isupper())


_ARTICLE: Final = 4
"""More letters than the articles of Arabic names have: al-, ash-."""


def chunks(prose: Prose, caps: list[int], marks: bytearray) -> Iterator[tuple[int, int]]:
    """The stretches, by words, in text order; none overlap."""
    capital = bytearray(len(prose.words) + 4)
    for i in caps:
        capital[i] = 1
    done = 0
    for i in caps:
        if i >= done:
            done = _end(prose, capital, marks, i)
            yield i, done


def _end(prose: Prose, capital: bytearray, marks: bytearray, i: int) -> int:
    """Where the stretch that begins with a word ends."""
    words, lower, starts, ends = prose.words, prose.lower, prose.starts, prose.ends
    count, j = len(words), i + 1
    while j < count and j - i < LONGEST:
        gap = starts[j] - ends[j - 1]
        if gap == 0:
            after = _glued(prose, capital, i, j)
        elif gap == 1 and prose.text[ends[j - 1]] in _SPACES and not _owner(lower[j - 1]):
            if capital[j] and (marks[j] != FIRST or words[j - 1].endswith(".")):
                after = j + 1
            elif words[j] in _QUOTES:
                after = _nickname(prose, capital, j)
            elif words[j][0].isdigit():
                after = j + 1 if lower[j - 1] in NUMBERED and words[j].isdigit() else j
            else:
                after = _through(prose, capital, i, j)
        else:
            break
        if after == j:
            break
        j = min(after, count)
    return j


def _nickname(prose: Prose, capital: bytearray, j: int) -> int:
    """How far a person's name goes on where word `j` opens a quotation: Ann “Nan” Roe."""
    words, starts, ends = prose.words, prose.starts, prose.ends
    inside = (
        (prose.lower[j - 1] in MEN or prose.lower[j - 1] in WOMEN)
        and capital[j + 1]
        and capital[j + 3]
        and words[j + 2] in _CLOSING_QUOTES
        and ends[j] == starts[j + 1]
        and ends[j + 1] == starts[j + 2]
        and starts[j + 3] - ends[j + 2] == 1
    )
    return j + 4 if inside else j


_QUOTES: Final = frozenset({'"', "“", "‘", "'"})
_CLOSING_QUOTES: Final = frozenset({'"', "”", "’", "'"})
_SPACES: Final = frozenset(" \t\u00a0\u2009\u202f")


def _owner(lower: str) -> bool:
    """Whether a word is a possessive behind which another name begins."""
    return lower.endswith("'s") and lower[:-2] not in OWNERS and lower not in _POSSESSIVE_NAMES


_POSSESSIVE_NAMES: Final = frozenset(
    "mcdonald's moody's lloyd's sotheby's christie's macy's levi's kellogg's wendy's sainsbury's"
    " standard's"
    " domino's denny's dunkin's hershey's kohl's lowe's men's".split()
)


def _glued(prose: Prose, capital: bytearray, i: int, j: int) -> int:
    """How far a name goes on where no space is before word `j`."""
    words, lower = prose.words, prose.lower
    word, before = words[j], lower[j - 1]
    if word == "." and lower[j + 1 : j + 2] and lower[j + 1] in DOMAINS:
        return j + 2 if prose.starts[j + 1] == prose.ends[j] else j
    if word == ".":
        short = before in STOPPED or (len(before) == 1 and words[j - 1].isupper())
        if short and capital[j + 1] and prose.starts[j + 1] - prose.ends[j] <= 1:
            return j + 2
        return j + 1 if before in CLOSED and before != "co" else j
    if word == "–" and capital[j + 1] and not HEADS.keys().isdisjoint(lower[i:j]):
        return j + 2 if prose.starts[j + 1] == prose.ends[j] else j  # American–Islamic Relations
    if word == "&" and capital[j + 1]:
        return j + 2
    if word in {"'", "’"} and capital[j + 1] and before.endswith("s") and before[:-1] in OWNERS:
        return j + 2
    return j


def _through(prose: Prose, capital: bytearray, i: int, j: int) -> int:
    """How far a name goes on through the small word `j`: of, and, van der."""
    word, before = prose.lower[j], prose.lower[j - 1]
    following = j + 1
    if word in PARTICLES:
        if following < len(prose.words) and prose.lower[following] in PARTICLES:
            following += 1
        return following + 1 if capital[following] else j
    if word in {"of", "for", "on"}:
        if word == "of":
            joined = before in OF or before in TITLES
        elif word == "for":
            joined = before in FOR or before in TITLES
        else:
            joined = before in ON
        if not joined:
            return j
        if following < len(prose.words) and prose.lower[following] == "the":
            following += 1
        return following + 1 if capital[following] else j
    if word == "&":
        return following + 1 if capital[following] else j
    if word == "at" and "university" in prose.lower[i:j] and "of" in prose.lower[i:j]:
        return following + 1 if capital[following] else j
    return _and(prose, capital, i, j) if word == "and" and following < len(prose.words) else j


def _and(prose: Prose, capital: bytearray, i: int, j: int) -> int:
    """How far a name goes on through `and`: through fields of one office, and to a common head."""
    lower = prose.lower
    end = j + 1
    while (
        end < len(lower) and end - j < _FIELDS and capital[end] and not _broken(prose, j + 1, end)
    ):
        end += 1
    table = facts()
    for k in range(i, j):
        for fact in table.get(prose.words[k], ()):
            length = len(fact.words)
            if length > j - k and tuple(prose.words[k : k + length]) == fact.words:
                return k + length
    if not capital[j + 1]:
        return j
    stretch = lower[i:j]
    following = lower[j + 1]
    if (
        any(word in OF for word in stretch)
        and any(word in {"of", "for", "on"} for word in stretch)
        and (any(word in JOINING for word in stretch) or plain(lower[j - 1]))
        and following not in TITLES
        and following not in peoples()
        and prose.words[j + 1] not in table
        and lower[end - 1] not in HEADS
    ):
        return end
    if (
        j - i <= _LEFT
        and lower[end - 1] in HEADS
        and end - j > _RIGHT
        and (plain(lower[j - 1]) or lower[j - 1] in PORTFOLIOS)
        and not any(word in HEADS or "'" in word for word in stretch)
        and prose.words[i] not in table
    ):
        return end
    return j


_FIELDS: Final = 5
_LEFT: Final = 2
_RIGHT: Final = 2


def _broken(prose: Prose, first: int, i: int) -> bool:
    return i > first and prose.starts[i] - prose.ends[i - 1] != 1

"""How alike two names are: what the forms of one name have in common, and what tells two names apart.

Each law of alikeness has a degree of its own, and the likest law that holds decides. Degrees say
how much of a name two names share, not how probable it is that they name one thing: that is for
`kg.link.scoring`, which has the kinds, the context and the dates as well.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

if TYPE_CHECKING:
    from collections.abc import Sequence

_ACRONYM = re.compile(r"\b([a-z])\.\s*(?=[a-z]\b(?:\.|$))")
_INSIDE = re.compile(r"(?<=[a-z0-9])['`](?=[a-z0-9])")
_BETWEEN = re.compile(r"[^a-z0-9]+")

PLAIN = 0.995
"""The same letters but for accents, script and hyphens: Kōno Tarō, Kono Taro."""
ARTICLE = 0.98
"""The same but for an article in front: The Diplomat, Diplomat."""
ORDER = 0.97
"""The same words in another order, or parted otherwise: Kim Jong Un, Jong-un Kim, Kim Jongun."""
BARE = 0.95
"""The same without titles and legal forms: President Vask, Vask; Ferrol, Ferrol Ltd."""
NATIONAL = 0.98
"""The same but for a state or union written US, UK, UN or EU: US Navy, United States Navy."""
ABBREVIATED = 0.95
"""Another acronym for some of the words, and the others the same."""
WORDING = 0.93
"""The same but for small words and their order: State Department, Department of State."""
QUALIFIED = 0.9
"""The same but for what follows a comma or stands in brackets: Arvena, Arvena (Haldria)."""
MIDDLE = 0.9
"""The same first and last word, where one name has more between: Barack Obama, Barack Hussein Obama."""
INITIALS = 0.85
"""The same surname, and initials for given names: J. Koizumi, Junichiro Koizumi."""
SHORTENED = 0.85
"""An acronym for all the words: KCNA, Korean Central News Agency."""
INITIALLED = 0.75
"""The same of two letters only, which stand for far too much: LA, Los Angeles; LA, Louis Agassiz."""
SPELLING = 0.9
"""Names of several words of which one or more are spelt nearly alike, and at least one is the same."""
NEARLY = 0.75
"""Names spelt nearly alike with no word in common: Austria and Australia are no spellings of one."""
SURNAME = 0.6
"""The one is the end of the other: Koizumi, Junichiro Koizumi."""
PART = 0.45
"""The one is another part of the other: Diplomat, The Diplomatic Courier has none; Google, Google Maps."""
COMMON = 0.3
"""Some words in common, by their share: Kim Jong Il, Kim Jong Un."""

_NEAR = 0.9
"""Jaro-Winkler from which two words may be spellings of one: Koizumi and Koidzumi have 0.95, North
and South 0.73, Iran and Iraq 0.88."""
_SPELT = 5
"""Letters from which a word can be misspelt; shorter ones (Il, Un, Nam) are other words at once."""

_SMALL = frozenset(
    "the of and for in on at to by with from a an"
    " de la le les du des et da do dos das e di del della dei y el los las"
    " der die das und von van zu zum zur af av og och i".split()
)
_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame rev reverend fr father sister brother rabbi imam"
    " sheikh sheik ayatollah mullah hon honorable honourable president premier chancellor chairman"
    " chairwoman chairperson chair prime minister secretary senator sen congressman congresswoman"
    " representative rep governor gov mayor ambassador commissioner delegate speaker deputy vice"
    " acting former ex foreign defence defense finance interior justice lt lieutenant col colonel"
    " gen maj sgt sergeant capt cpl corporal adm admiral cmdr commander lance private detective"
    " inspector constable superintendent attorney counsel spokesman spokeswoman spokesperson"
    " director dictator coach".split()
)
"""What stands before a name in the press; offices of several words are dropped word by word."""
_TITLES_OR_NAMES = frozenset(
    "general major captain king queen prince princess lord lady baron baroness count countess duke"
    " duchess emperor empress pope cardinal archbishop bishop saint st judge justice marshal chief"
    " master mother leader".split()
)
"""Titles that also begin the names of other things (General Motors, Lady Gaga)."""
_LEGAL = frozenset(
    "inc incorporated corp corporation co company ltd limited llc llp lp plc pty pte gmbh ag kg kgaa"
    " se ev sa sas sarl sl srl spa bv nv vof oy oyj ab asa as aps kk kabushiki kaisha gk zrt kft"
    " doo dd sro spol jsc ojsc pjsc cjsc ooo oao zao pao tbk pt bhd sdn group holding holdings".split()
)


@lru_cache(maxsize=65_536)
def normal(name: str, *, bare: bool = False) -> str:
    """A name as look-ups compare it: small letters of ASCII and digits, its words one space apart.

    Other scripts are transliterated, hyphens part words, apostrophes do not, and initials that
    follow each other are one word. A name of marks only comes out empty. `bare` drops articles and
    titles in front and legal forms behind, but never all.

    >>> normal("Kōno  Tarō"), normal("U. S. A."), normal("People’s Kim Jong-un"), normal("Киев")
    ('kono taro', 'usa', 'peoples kim jong un', 'kiev')
    >>> normal("The Ferrol Co., Ltd.", bare=True), normal("Prime Minister Vask", bare=True)
    ('ferrol', 'vask')
    """
    plain = anyascii(name.casefold()).casefold()
    plain = _INSIDE.sub("", _ACRONYM.sub(r"\1", plain.replace("&", " and ")))
    plain = _BETWEEN.sub(" ", plain).strip()
    return " ".join(_bare(plain.split())) if bare else plain


def _bare(words: list[str]) -> list[str]:
    """Some words without articles and titles in front, without legal forms behind."""
    left = 0
    while left < len(words) - 1 and (
        words[left] in {"the", "a", "an"}
        or words[left] in _TITLES
        or (words[left] in {"us", "uk"} and words[left + 1] in _TITLES)
        or (words[left] in _TITLES_OR_NAMES and len(words) - left > _FULL)
    ):
        left += 1
    if left and words[left] in _SMALL:  # an office itself: Secretary of State
        left = int(words[0] in {"the", "a", "an"})
    right = len(words)
    while right - left > 1 and words[right - 1] in _LEGAL:
        right -= 1
    return words[left:right]


_FULL = 2
"""Words of a full name: a title that may be a name is dropped before no fewer."""


class _Forms(NamedTuple):
    """A name in the forms that the laws compare."""

    text: str
    plain: str
    words: tuple[str, ...]
    bare: tuple[str, ...]
    content: tuple[str, ...]
    head: str
    """Without what follows a comma or stands in brackets; the same as `plain` where nothing does."""
    capitals: frozenset[str]
    """The words that the name writes in capitals only, without their dots."""


@lru_cache(maxsize=65_536)
def _forms(name: str) -> _Forms:
    plain = normal(name)
    words = tuple(plain.split())
    head = re.sub(r"\s*\([^()]*\)\s*$", "", name).partition(", ")[0]
    capitals = {
        normal(word)
        for word in re.findall(r"(?:\b[A-Z]\.\s?){2,}|\b[A-Z][A-Z0-9&]+\b", name)
        if name != name.upper() or " " not in name.strip()
    }
    return _Forms(
        " ".join(name.casefold().split()),
        plain,
        words,
        tuple(_bare(list(words))),
        tuple(word for word in words if word not in _SMALL) or words,
        normal(head) or plain,
        frozenset(capitals - {""}),
    )


@lru_cache(maxsize=262_144)
def names_alike(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1: the same both ways, and 1 of a name with itself.

    >>> names_alike("Kim Jong Un", "Jong-un Kim"), names_alike("KCNA", "Korean Central News Agency")
    (0.97, 0.85)
    >>> names_alike("Kim Jong Un", "Kim Jong-il") < 0.2
    True
    """
    a, b = _forms(one), _forms(other)
    if a.text == b.text:
        return SURNAME if _word_for_acronym(one, other) else 1.0
    if not a.plain or not b.plain:
        return 0.0
    if a.plain == b.plain:
        return PLAIN
    return max(_same_words(a, b), _other_words(a, b))


def _word_for_acronym(one: str, other: str) -> bool:
    """Whether of two names that differ by capitals alone one is a word and the other an acronym (us, US)."""
    small, capitals = sorted((one, other), key=str.isupper)
    return small.islower() and capitals.isupper() and len(normal(small)) <= _LONGEST


_LONGEST = 5


def _same_words(a: _Forms, b: _Forms) -> float:
    """What the laws give for which the words of both names are the same."""
    if a.plain.replace(" ", "") == b.plain.replace(" ", "") or _sorted(a.words) == _sorted(b.words):
        return ORDER
    if a.plain.removeprefix("the ") == b.plain.removeprefix("the "):
        return ARTICLE
    if a.bare == b.bare:
        return BARE
    if _sorted(a.content) == _sorted(b.content):
        return WORDING
    qualified = a.head == b.head and a.head in {a.plain, b.plain}
    return QUALIFIED if qualified else 0.0


def _other_words(a: _Forms, b: _Forms) -> float:
    """What the laws give for which the one name has words that the other has not."""
    short, long = sorted((a, b), key=lambda forms: (len(forms.bare), forms.plain))
    words = [*short.bare], [*long.bare]
    if shortened := max(_shortened(a, b), _shortened(b, a)):
        return shortened
    if words[0][-1] == words[1][-1] and _initials(*words):
        return INITIALS
    if len(words[0]) == len(words[1]):
        return _spelt(*words) or _shared(a, b)
    ends = (words[0][0], words[0][-1]) == (words[1][0], words[1][-1])
    if len(words[0]) >= _FULL and ends and _within(*words):
        return MIDDLE
    if words[0] == words[1][-len(words[0]) :]:
        return SURNAME
    return PART if _within(words[0], words[1]) else _shared(a, b)


def _shortened(a: _Forms, b: _Forms) -> float:
    """How alike two names are if the one is an acronym of the other, or has one for some of its words."""
    best = 0.0
    for acronym in a.capitals:
        if any(_stands_for(acronym, a.content, words) for words in (b.content, b.words)):
            long = len(acronym) > _PAIR
            if a.content == (acronym,):
                best = max(best, SHORTENED if long else INITIALLED)
            elif acronym in KNOWN:
                best = max(best, NATIONAL)
            else:
                best = max(best, ABBREVIATED if long else INITIALS)
    return best


def _stands_for(acronym: str, content: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether an acronym has the initials of a run of words, and all else is the same in both names."""
    rest = sorted(word for word in content if word != acronym)
    runs = ((at, at + len(acronym)) for at in range(len(words) - len(acronym) + 1))
    return any(
        _firsts(words[at:end]) == acronym
        and sorted(word for word in words[:at] + words[end:] if word not in _SMALL) == rest
        for at, end in runs
    )


_PAIR = 2
KNOWN = frozenset({"us", "uk", "un", "eu"})
"""Acronyms of two letters that every newspaper uses; others before a name are somebody's initials."""


def _initials(some: list[str], others: list[str]) -> bool:
    """Whether given names agree where the one name has initials, of which there is one at least."""
    given, full = some[:-1], others[:-1]
    if not given or not full:
        return False
    if len(given) == 1 and 1 < len(given[0]) <= len(full) and given[0] == _firsts(full):
        return True  # J.D. Dorrian, John Dean Dorrian
    if len(full) == 1 and 1 < len(full[0]) <= len(given) and full[0] == _firsts(given):
        return True
    pairs = list(zip(given, full, strict=False))
    return any(len(a) == 1 or len(b) == 1 for a, b in pairs) and all(
        a == b or (1 in {len(a), len(b)} and a[0] == b[0]) for a, b in pairs
    )


def _firsts(words: Sequence[str]) -> str:
    """The initials of some words."""
    return "".join(word[0] for word in words)


def _spelt(some: list[str], others: list[str]) -> float:
    """How alike two names of as many words are where some words are spelt nearly alike; 0 if not so."""
    left, degrees = [*others], []
    for word in sorted(some):
        best = max(left, key=lambda other: (_near(word, other), other))
        degrees.append(_near(word, best))
        left.remove(best)
    if not all(degrees):
        return 0.0
    mean = sum(degrees) / len(degrees)
    return mean * (SPELLING if 1.0 in degrees else NEARLY)


def _near(word: str, other: str) -> float:
    """How nearly alike two words are spelt; 0 for what are other words."""
    if word == other:
        return 1.0
    if min(len(word), len(other)) < _SPELT or any(c.isdigit() for c in word + other):
        return 0.0
    degree = JaroWinkler.similarity(min(word, other), max(word, other))
    return degree if degree >= _NEAR else 0.0


def _within(some: list[str], others: list[str]) -> bool:
    """Whether all of some words are among others."""
    return not Counter(some) - Counter(others)


def _shared(a: _Forms, b: _Forms) -> float:
    """The share of the words that two names have in common, as the least of the laws weighs it."""
    some, others = {*a.content}, {*b.content}
    return COMMON * len(some & others) / len(some | others)


def _sorted(words: tuple[str, ...]) -> list[str]:
    """Words in the one order that has nothing to do with the name."""
    return sorted(words)

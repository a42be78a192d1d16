"""States and regions that no table has: told by their adjectives and by what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.gazetteer import bare
from kg.extract.names.look import FIRST_NAMES
from kg.extract.names.places import LOCATIVE
from kg.extract.names.tables import PLACE, STATE, facts, peoples
from kg.extract.names.titles import BRIEF, GRADES, TITLES
from kg.extract.names.usage import VERBS
from kg.extract.names.words import NO_NAMES, plain

if TYPE_CHECKING:
    from kg.extract.names.tables import What
    from kg.extract.prose import Prose

_ENDINGS: Final[dict[str, tuple[str, ...]]] = {
    "ian": ("ia", "", "y", "e", "i", "a"),
    "ean": ("ea", "", "e", "a", "o"),
    "an": ("a",),
    "ese": ("", "a", "o", "e", "y", "ia"),
    "ish": ("", "land", "e", "ia"),
    "lander": ("land",),
    "stani": ("stan",),
}
"""What adjectives and names of peoples end with, and what their lands have instead."""
SURE_ENDINGS: Final = ("ian", "ean", "ese", "ish")
"""Endings of adjectives that need no land in the text where they stand before a noun."""
_STEM: Final = 4
"""Letters of the shortest name of a land that an adjective is made of."""
_LEADING: Final = frozenset(
    "a an the this that these those his her its their our my your of two three four five six seven"
    " eight nine ten some many several both most all few no any former other another young old new"
    " north south east west by with from for to in on at and between against under among".split()
)
"""What stands before an adjective and its noun."""
_CLOSED: Final = frozenset(
    "a an the of in on at by to from with for and or but as than is was are were be who whom whose"
    " which that when while if because not also then there here he she it they his her its their"
    " about after before during since until".split()
)
_RULED: Final = frozenset(
    "government governments minister ministers ministry ministries president prime foreign"
    " parliament army navy military ambassador ambassadors embassy embassies authorities troops"
    " soldiers citizens citizen nationals chancellor king queen senate constitution flag diplomat"
    " diplomats delegation passport passports republic defence defense independence"
    " navy".split()
)
"""What states have: said of an adjective, that it is one of a state."""


class Lands(NamedTuple):
    """The adjectives of unknown lands in a text, and the lands that they are of, in small letters.

    `ruled` are those among the named whose adjective stands before what states have.
    """

    adjectives: frozenset[str]
    named: frozenset[str]
    ruled: frozenset[str]

    def ruling(
        self, words: list[str], lower: list[str], first: int, end: int, *, owns: bool
    ) -> list[tuple[What, int]]:
        """The signs that an unknown name is one of a state, or of some part of the world."""
        low = bare(lower[first])
        before, after, beyond = lower[first - 1], lower[end], lower[end + 1]
        found: list[tuple[What, int]] = []
        if low in self.named:
            found.append((STATE, 4) if low in self.ruled else (PLACE, 3))
        if owns and (
            after in _STATELY
            or (after in {"foreign", "prime"} and beyond in _MINISTERS)
            or (after in {"coast", "armed"} and beyond in _FORCES)
        ):
            found.append((STATE, 3))
        if before == "of" and lower[first - 2] == "minister" and lower[first - 3] in GRADES:
            found.append((STATE, 3))
        if after == "government" or (after in GRADES and beyond in {"minister", "ministry"}):
            found.append((STATE, 2))
        if (lower[first - 2], before) in _TIES:
            found.append((STATE, 1))
        if before == "between" and after == "and":
            found.append((STATE, 2 if (lower[first - 2], "with") in _TIES else 1))
        elif before == "and" and lower[first - 3] == "between":
            found.append((STATE, 1))
        if after in GOVERNING or (after in {"has", "had", "have"} and beyond in GOVERNING):
            found.append((STATE, 1))
        ruler = lower[max(first - _TITLED, 0) : first - 2]
        if before == "of" and words[first - 2][:1].isupper() and not _RULERS.isdisjoint(ruler):
            found.append((STATE, 2))
        if (after == "and" and self._is_land(words, end + 1)) or (
            before == "and" and self._is_land(words, first - 2)
        ):
            found.append((STATE, 2))
        if low.endswith(_SHAPES) and (found or before in LOCATIVE):
            found.append((STATE, 1))
        return found

    def _is_land(self, words: list[str], i: int) -> bool:
        """Whether a word is the name of a state, or one that the text shows to be one of a land."""
        known = facts().get(words[i], ())
        state = any(fact.what == STATE and len(fact.words) == 1 for fact in known)
        return state or bare(words[i].lower()) in self.named


NOWHERE: Final = Lands(frozenset(), frozenset(), frozenset())


def lands(prose: Prose, caps: list[int]) -> Lands:
    """The adjectives such as `Lorian` in a text that has `Loria`, or that stand before nouns.

    >>> from kg.extract.names.chunks import capitals
    >>> from kg.extract.prose import Prose
    >>> prose = Prose("A Lorian ship left Loria. The Lorian navy saw it.")
    >>> lands(prose, capitals(prose))
    Lands(adjectives=frozenset({'lorian'}), named=frozenset({'loria'}), ruled=frozenset({'loria'}))
    """
    lower, words = prose.lower, prose.words
    standing: dict[str, list[int]] = {}
    for i in caps:
        standing.setdefault(bare(lower[i]), []).append(i)
    adjectives: set[str] = set()
    named: set[str] = set()
    ruled: set[str] = set()
    for low, places in standing.items():
        word = low.removesuffix("s")
        if not word.endswith(_ALL) or word in FIRST_NAMES or plain(word) or word in NO_NAMES:
            continue
        if word in peoples() or words[places[0]] in facts():
            continue
        if any(_surname(prose, i) for i in places):
            continue
        land = next((base for base in _bases(word) if base in standing), "")
        if land and land != word:
            adjectives.add(low)
            named.add(land)
            if any(_rules(lower, i + 1) for i in places if i + 1 < len(words)):
                ruled.add(land)
        elif word.endswith(SURE_ENDINGS) and (
            any(_determined(prose, i) for i in places)
            or (
                any(_leads(prose, i) for i in places)
                and any(_before_noun(prose, i) for i in places)
            )
        ):
            adjectives.add(low)
    return Lands(frozenset(adjectives), frozenset(named), frozenset(ruled))


_ALL: Final = tuple(_ENDINGS)


def _bases(word: str) -> list[str]:
    """What the land of an adjective may be called."""
    return [
        word[: -len(ending)] + base
        for ending, endings in _ENDINGS.items()
        if word.endswith(ending) and len(word) - len(ending) >= _STEM - 1
        for base in endings
        if len(word) - len(ending) + len(base) >= _STEM
    ]


def _surname(prose: Prose, i: int) -> bool:
    """Whether a word ends a person's name: behind a title or a given name."""
    before = prose.lower[i - 1] if i else ""
    if before == "." and i > 1:
        return prose.lower[i - 2] in BRIEF or len(prose.words[i - 2]) == 1
    return before in FIRST_NAMES or (before in TITLES and prose.words[i - 1][0].isupper())


def _determined(prose: Prose, i: int) -> bool:
    """Whether a word stands between a determiner and a noun in small letters."""
    return i > 0 and prose.lower[i - 1] in _LEADING and _before_noun(prose, i)


def _leads(prose: Prose, i: int) -> bool:
    """Whether a word begins a longer name: the Lorian Bank."""
    words = prose.words
    alone = not i or not words[i - 1][0].isupper() or prose.lower[i - 1] in _LEADING
    return alone and i + 1 < len(words) and words[i + 1][0].isupper()


def _before_noun(prose: Prose, i: int) -> bool:
    """Whether a noun in small letters follows a word."""
    lower = prose.lower
    if i + 1 >= len(lower):
        return False
    after = lower[i + 1]
    noun = prose.words[i + 1].islower() and after.isalpha()
    return noun and after not in VERBS and after not in _CLOSED and bare(lower[i]) == lower[i]


def _rules(lower: list[str], i: int) -> bool:
    return lower[i] in _RULED or (lower[i] == "coast" and lower[i + 1 : i + 2] == ["guard"])


GOVERNING: Final = frozenset(
    "denied denies accused accuses rejected rejects agreed agrees wants wanted announced"
    " announces refused"
    " refuses condemned condemns vowed vows pledged pledges urged urges demanded demands hopes"
    " hoped"
    " sought seeks backs backed imposed opposes opposed supports supported declared declares"
    " prefers"
    " considers regards blamed blames signalled signaled threatened threatens fears feared"
    " retaliated signed signs ratified ratifies detained detains expelled expels recalled recalls"
    " invaded invades annexed annexes banned bans ceded cedes bordered"
    " mobilised mobilized deployed deploys recognises recognizes recognised recognized"
    " patrols patrolled claims claimed".split()
)
"""What governments do in the news, and cities do not."""

_SHAPES: Final = ("stan", "ovia", "onia", "avia", "eria", "oria", "aria", "istan", "land", "dria")
"""How names of lands end; names of persons do, too."""
_STATELY: Final = frozenset(
    "parliament embassy border borders territory independence neighbour neighbours neighbor"
    " neighbors constitution waters airspace capital currency sovereignty exports imports".split()
)
"""What belongs to states."""
_MINISTERS: Final = frozenset("minister ministry secretary ministers".split())
_FORCES: Final = frozenset({"guard", "forces"})
_RULERS: Final = frozenset(
    "president king queen minister chancellor premier emperor sultan emir".split()
)
_TITLED: Final = 6
"""Words that a ruler's title and name have at most."""
_TIES: Final = frozenset(
    (noun, word)
    for word, nouns in {
        "to": "ambassador envoy exports sanctions visit",
        "with": "border relations treaty war talks ties trade alliance frontier pact truce"
        " ceasefire negotiations",
        "of": "government republic kingdom people parliament invasion occupation annexation"
        " citizens president territory army ports waters",
        "against": "sanctions war embargo",
        "on": "sanctions embargo",
    }.items()
    for noun in nouns.split()
)
"""Words before the names of states."""

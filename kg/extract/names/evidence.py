"""What the words around a name say about it: who says, who is in, whose spokesman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.gazetteer import bare
from kg.extract.names import places, usage
from kg.extract.names.bodies import HEADS
from kg.extract.names.lands import GOVERNING
from kg.extract.names.tables import GROUP, PERSON, PLACE, TOPIC, What, facts
from kg.extract.names.titles import BODIES, GRADES, HIDDEN, PERSONS
from kg.extract.names.words import CALENDAR

if TYPE_CHECKING:
    from kg.extract.names.found import Found
    from kg.extract.names.lands import Lands
    from kg.extract.prose import Prose
    from kg.model import ActorKind

SPEECH: Final = frozenset(
    "said says told tells added adds asked asks argued argues noted notes believes believed"
    " thinks thought"
    " warned warns insisted insists denied denies admitted admits explained explains replied"
    " replies"
    " responded wrote writes commented comments remarked recalled recalls testified joked"
    " tweeted stated"
    " claimed claims concluded observed continued acknowledged conceded complained predicted"
    " suggested"
    " recounted quipped stressed emphasised emphasized reiterated".split()
)
"""Verbs of speech and thought in the forms that stand beside a speaker."""

_STAFF: Final = HIDDEN | frozenset(
    "spokesman spokeswoman spokesperson spokespeople leader leaders chief chiefs members member"
    " employees staff workers executives lawyers lawyer shares director chairman president boss"
    " representatives representative supporters activists founder coach players fans"
    " secretary".split()
)
"""Those who belong to an organisation, right behind its name."""

_AT_WORK: Final = frozenset(
    "analyst analysts economist economists professor lecturer researcher researchers engineer"
    " engineers"
    " scientist scientists strategist editor journalist reporter fellow manager director head"
    " workers employees staff executives partner colleagues bosses shareholders jobs".split()
)
"""Those who are at an organisation, right before its name."""

_LED: Final = frozenset("government administration cabinet regime campaign team family".split())
"""What is called by the name of the person who leads it."""

KINDS: Final[dict[str, ActorKind]] = {
    "group": "group",
    "exchange": "company",
    "state": "state",
    "country": "state",
    "nation": "state",
    "kingdom": "state",
    "republic": "state",
    "government": "government-body",
    "regime": "government-body",
    "agency": "government-body",
    "organisation": "civil-society",
    "camp": "group",
    "television": "media",
    "radio": "media",
    "website": "media",
    "site": "media",
    "newspaper": "media",
    "magazine": "media",
    "broadcaster": "media",
    "channel": "media",
    "firm": "company",
    "company": "company",
    "manufacturer": "company",
    "retailer": "company",
    "charity": "civil-society",
    "party": "political-party",
    "army": "armed-force",
    "militia": "armed-force",
    "university": "research-organisation",
}
"""What the common nouns beside a name say about its kind, where they differ from heads of names."""

_SPREAD: Final = 9
"""Words of an apposition in which an office is looked for."""


class Evidence:
    """Reads the surroundings of names in one text."""

    def __init__(self, prose: Prose, known: Lands) -> None:
        self.lands = known
        self.words = ["", "", *prose.words, "", "", ""]
        self.lower = ["", "", *prose.lower, "", "", ""]
        self.edges = frozenset(first for first, _ in prose.paragraphs)
        self.speakers = _speakers(prose)
        self.facts = facts()

    def of(self, name: Found) -> tuple[bool, list[tuple[What, int]]]:
        """Whether a name is a person's, and the signs with their weights."""
        first, end = name.first + 2, name.end + 2
        lower, words = self.lower, self.words
        before = "" if name.first in self.edges else lower[first - 1]
        after = "" if name.end in self.edges else lower[end]
        beyond = lower[end + 1]
        owns = bare(lower[end - 1]) != lower[end - 1] and lower[end - 1] != name.words[-1].lower()
        acronym = len(name.words) == 1 and words[first].isalpha() and len(words[first]) > 1
        acronym = acronym and words[first].isupper()
        signs: list[tuple[What, int]] = []
        if name.what is not None:
            signs.append((name.what, 4))
        if after in {"who", "whose"} or (after == "," and beyond in {"who", "whose"}):
            signs.append((PERSON, 4))
        if after == "," and beyond.isdigit() and lower[end + 2] == ",":
            signs.append((PERSON, 4))
        if after == "," and beyond in {"a", "an", "the"} and self._is_personal(end + 2):
            signs.append((PERSON, 3))
        if before in PERSONS and before not in BODIES and words[first - 1].islower():
            signs.append((PERSON, 3))
        if not acronym and not name.article and (after in SPEECH or before in SPEECH):
            signs.append((PERSON, 2))
        if name.article and after in SPEECH:
            signs.append((GROUP, 2))
        elif name.article and after in {"have", "has", "had"}:
            signs.append((GROUP, 1))  # a ship has, too
        if before in places.BEFORE and (not owns or after in places.HEADS or after in _INHABITED):
            signs.append((PLACE, 3 if before in places.LOCATIVE else 1))
        if len(name.words) > 1 and name.words[0].lower() in places.FIRST:
            signs.append((PLACE, 2))
        if name.first in self.speakers:
            signs.append((PERSON, 3))
        if before in usage.VESSELS or (before == "the" and lower[first - 2] in usage.ABOARD):
            signs.append((TOPIC, 4))
        elif name.article and (after in usage.SAILING or (owns and after in usage.OF_SHIPS)):
            signs.append((TOPIC, 2))
        if name.article and before == "the" and lower[first - 2] == "of":
            signs += [(TOPIC, 3)] if lower[first - 3] in usage.OF_SHIPS else []
        if after == "," and words[end + 1] in self.facts and beyond not in CALENDAR:
            signs.append((PLACE, 2))
        if before in {"of", "from", "at"} and words[first - 2][:1].isupper():
            signs.append((GROUP, 2))
        if before == "at" and lower[first - 2] in _AT_WORK:
            signs.append((GROUP, 4))
        if before == "capital" or (before in {"is", "was", ","} and lower[first - 2] == "capital"):
            signs.append((PLACE, 3))
        if before == "of" and lower[first - 2] in _INHABITED:
            signs.append((PLACE, 2))
        if "told" in {before, lower[first - 2]} and (name.article or before == "the"):
            signs.append((GROUP, 2))
        if after in _STAFF:
            signs.append((GROUP, 3))
        if after == "and" and lower[end + 2].removesuffix("s") in _LED:
            signs.append((PERSON, 2))  # the Roe and Lee governments
        for noun, written in ((before, words[first - 1]), (after, words[end])):
            if not written.islower():
                continue
            if noun == after and noun.removesuffix("s") in _LED:
                signs.append((PERSON, 2))
            elif (noun in BODIES or noun in KINDS) and KINDS.get(noun) != "state":
                signs.append((What("actor", KINDS.get(noun) or HEADS.get(noun) or "group"), 4))
        if acronym:
            signs.append((GROUP, 1))
        if name.article and not acronym:
            signs.append((TOPIC, 1))
        ruled = not name.article or after == "government"
        if len(name.words) == 1 and not acronym and ruled:
            signs += self.lands.ruling(words, lower, first, end, owns=owns)
        weights: dict[What, int] = {}
        for what, weight in signs:
            weights[what] = weights.get(what, 0) + weight
        rest = max((w for what, w in weights.items() if what != PERSON), default=0)
        return weights.get(PERSON, 0) > rest, signs

    def roles(self, name: Found) -> set[str]:
        """The offices and callings that the words beside a person's name give."""
        if name.what is not None and name.what != PERSON:
            return set()
        lower, words = self.lower, self.words
        first, end = name.first + 2, name.end + 2
        found = {word for word in name.roles if word.isalpha()} - _SMALL
        at = first - len(name.roles) - 1
        if lower[at] == "," and lower[at - 1].removesuffix("'s") in PERSONS:
            at -= 1  # the prime minister, Jane Doe
        while at > 1 and (lower[at] in PERSONS or lower[at] in GRADES):
            found.add(lower[at])
            at -= 1
        if found and words[at][:1].isupper():
            found.add(lower[at].removesuffix("'s"))
        if lower[end] == "," and name.end + 1 not in self.edges:
            found |= self._apposition(end + 1)
        return found

    def _is_personal(self, at: int) -> bool:
        """Whether an apposition calls somebody by an office or calling: a retired teacher."""
        lower = self.lower
        for k in range(at, min(at + _SPREAD, len(lower))):
            if lower[k] in _STOPS or k - 2 in self.edges:
                noun = lower[k - 1]
                return (
                    k > at
                    and noun in PERSONS
                    and noun not in BODIES
                    and self.words[k - 1].islower()
                )
        return False

    def _apposition(self, at: int) -> set[str]:
        """The offices that follow a name and a comma: a spokesman for the ministry."""
        lower = self.lower
        for k in range(at, min(at + _SPREAD, len(lower))):
            low = lower[k]
            if k - 2 in self.edges:
                break
            if low in PERSONS:
                if self.words[k + 1][:1].isupper() and lower[k - 1] not in _SMALL:
                    return set()  # another person with a title
                found = {word.removesuffix("'s") for word in lower[at : k + 1]}
                if lower[k + 1] in {"of", "for"}:
                    found.update(lower[k + 2 : k + 4])
                return {word for word in found - _SMALL if word.isalpha()}
            if low in _STOPS or low in SPEECH:
                break
        return set()


_INHABITED: Final = frozenset(
    ", residents people citizens inhabitants natives city town village region province island"
    " islands streets"
    " outskirts suburb suburbs north south east west northeast northwest southeast southwest"
    " capital port"
    " mayor governor coast bishop archbishop parts area areas district county state shores"
    " centre center"
    " skies mayors population villages towns siege fall battle bombing".split()
)
"""What is of places."""
_SMALL: Final = frozenset("a an the of for and his her its their this that us".split())
_STOPS: Final = frozenset(
    ". , ; : ( ) who which that and but or was were is are has have had will would of for in on"
    " at to".split()
)


def speaks(prose: Prose, name: Found) -> bool:
    """Whether a capital stands for the state: it speaks, or something is between two of them."""
    lower = prose.lower
    before = lower[name.first - 1] if name.first else ""
    after = lower[name.end] if name.end < len(lower) else ""
    if before == "between" or (before == "and" and lower[max(name.first - 3, 0)] == "between"):
        return True
    return (after in SPEECH or after in GOVERNING) and not (
        before in places.BEFORE or before in {"of", "the"}
    )


def _speakers(prose: Prose) -> frozenset[int]:
    """The words that label what somebody says in a transcript: `Roe:` before two paragraphs or more."""
    labels: dict[str, list[int]] = {}
    words, lower = prose.words, prose.lower
    for first, end in prose.paragraphs:
        colon = first + 1
        while (
            colon < end
            and colon - first < _LABEL
            and (words[colon].istitle() or words[colon].isupper() or words[colon] == ".")
        ):
            colon += 1
        if colon < end and words[colon] == ":":
            labels.setdefault(" ".join(lower[first:colon]), []).append(first)
    return frozenset(first for places in labels.values() if len(places) > 1 for first in places)


_LABEL: Final = 5
"""Words of the longest label of a speaker."""

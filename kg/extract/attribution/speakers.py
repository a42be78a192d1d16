"""Whether what stands before a verb of saying or thinking can say or think anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.attribution.words import ROLES

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading
    from kg.extract.lexicon import Sense

_WILLED: Final = frozenset(("commit", "feel", "urge"))
"""Senses of verbs that of things mean no more than that something is near or likely."""
_MINDED: Final = frozenset(("think", "feel", "commit", "judge"))
_NO_ONE: Final = frozenset(
    "no nobody none nothing not anyone anybody whoever whatever whichever".split()
)
_OF_CONTENT: Final = frozenset("say show".split())
_ABSTRACT: Final = (
    "tion", "sion", "ment", "ness", "ity", "ism", "ance", "ence", "ship", "ure", "age", "hood",
    "dom", "cy", "sis",
)  # fmt: skip
"""Endings of nouns for what happens or holds."""
_BODIES: Final = frozenset(
    "administration agency alliance association audience authority business charity city"
    " coalition commission community conference congregation constituency consultancy convention"
    " corporation county defence defense delegation democracy department deputation embassy"
    " faculty federation foundation generation government institution intelligence judiciary"
    " leadership legislature majority management membership minority mission movement municipality"
    " nation opposition organisation organization parliament partnership population presidency"
    " prosecution publication regiment society union university village witness".split()
)
"""Nouns with such an ending that are persons or bodies, or speak for some."""
_DOCUMENTS: Final = frozenset(
    "advertisement agreement analysis announcement assessment audit calculation communication"
    " constitution declaration document enquiry estimation evaluation examination footage image"
    " indictment information inquiry inspection investigation legislation measurement message"
    " observation page picture projection resolution review simulation statement survey testimony".split()
)
"""Nouns with such an ending that hold words or findings."""
_THINGS: Final = frozenset(
    "abuse accident act action affair air approach assault atrocity attack attempt barrier bill"
    " blast bomb boom border bottleneck bridge budget campaign cancer car case cause challenge"
    " change chaos chapter clash climate climb code collapse comet computer conflict container"
    " copper corner corridor cost coup crash crime crisis cut cyclone dam danger deal death debt"
    " decline defeat delay device disaster disorder dispute door drought drug earthquake effect"
    " effort encounter engine epidemic episode error eruption event example fact factor failure"
    " fall fallout ferry feud fever fight filter fire flame flood floor flu focus fog food force"
    " fraud fuel game-changer gap gas goal growth heat heatwave helicopter horror hunger hurricane"
    " ice idea impasse incident increase inflation issue job killing kind lack ladder lava law"
    " layer leak line loss market matter measure meltdown merger method mirror mistake moment"
    " monsoon moon motor move murder number offer oil order outbreak outcome pain pandemic panic"
    " paper path pattern peace phase place plague plan plane plot plume policy position power"
    " practice pressure price problem process programme progress project protest quake raid rain"
    " reactor reason recession reform result rise risk river rock route rubber rule sale sanction"
    " scandal scheme sea sector sensor setback ship shock shortage shower sign silver situation"
    " slump smoke snow spending spill stage stalemate stance stand standoff step storm strike"
    " success summer surge system tactic talk tanker tax technology terror test thing threat"
    " timber time tornado tower toxin tractor trade traffic trailer train tremor trend trouble"
    " tsunami turmoil typhoon uprising vaccine victory virus volcano vote war water wave way"
    " weapon weather wind winter world year".split()
)
"""Nouns for things and for what happens, which neither want nor promise."""
_PERSONAL: Final = (
    "er", "or", "ist", "ian", "man", "woman", "people", "men", "women", "ant", "ent", "ee", "ess",
)  # fmt: skip
_PEOPLE: Final = frozenset(
    "academic academy addict airline architect artist astronaut athlete aunt baby band bank bloc"
    " board body boy brand bride brigade bureau cabinet cadet camp candidate capital captive"
    " carrier caste celebrity chain chamber chef child children choir church civilian clan class"
    " clerk client club college colonel commune congress council country couple court cousin crew"
    " crowd daughter delegate detective district duke elite enthusiast executive expert family"
    " friend gang girl graduate group guest guy heir herd host hostage house household human"
    " husband imam individual infantry institute island jihadi journalist junta jury kid king"
    " kingdom lady league magnate mob monk museum nation native nephew network newspaper niece nun"
    " nurse office outlet panel parish pastor patrol pilgrim pilot pirate pm poet pope priest"
    " prince private public queen rabbi rebel recluse regime region relative representative"
    " republic rival school scribe sect senate sheriff side son spy squad staff state station"
    " studio suspect syndicate team teen thief town tribe tribunal trio troops troupe trust twin"
    " uncle victim villain youth zealot".split()
)
"""Nouns for persons and bodies that no ending tells."""
_DETERMINED: Final = frozenset("this these".split())


def _thing(word: str) -> bool:
    """Whether a noun is one for a thing or for what happens.

    >>> [_thing(word) for word in "crises storms negotiations agencies ministers".split()]
    [True, True, True, False, False]
    """
    forms = [word]
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("es"):
        forms += (word[:-2], word[:-2] + "is")
    if word.endswith("s"):
        forms.append(word[:-1])
    if any(form in _BODIES or form in ROLES or form in _DOCUMENTS for form in forms):
        return False
    return any(form in _THINGS or (len(form) > 5 and form.endswith(_ABSTRACT)) for form in forms)


def _head(reading: Reading, first: int, end: int) -> int:
    """The last word of a noun phrase before what hangs on it."""
    tags = reading.tags
    stop = next(
        (k for k in range(first + 1, end) if tags[k] in "PEWTGU,(-" and tags[k - 1] not in "D("),
        end,
    )
    while stop > first + 1 and tags[stop - 1] in 'RYV,"':
        stop -= 1
    return stop - 1


def personal(reading: Reading, first: int, end: int) -> bool:
    """Whether a noun phrase can want or promise: a name, a pronoun, persons, several of anything."""
    tags, low = reading.tags, reading.low
    if end - first == 1 and tags[first] == "D":
        return low[first] not in _DETERMINED
    of = first + 1 < end and low[first + 1] == "of"
    if of and low[first] in {"one", "some", "many", "most", "all", "both", "few", "several"}:
        return True
    head = _head(reading, first, end)
    if tags[head] in "SO":
        return True
    if (tags[head] != "X" or head == reading.first(head)) and _thing(low[head]):
        return False
    if low[head] in _PEOPLE or low[head] in _BODIES or "who" in low[head + 1 : min(end, head + 3)]:
        return True
    return any(
        tags[k] == "X" or low[k] in ROLES or low[k].endswith(_PERSONAL)
        for k in range(first, head + 1)
    ) or (low[head].endswith("s") and not low[head].endswith("ss"))


def mute(reading: Reading, source: tuple[int, int], lemma: str, sense: Sense) -> bool:
    """Whether a subject is no source: a thing that threatens, nobody who thinks, you as anyone."""
    tags, low = reading.tags, reading.low
    first, end = source
    before = low[first - 1] if first else ""
    if low[first] in _NO_ONE and not (low[first] == "no" and low[first + 1 : first + 2] == ["10"]):
        return sense in _MINDED or low[first] not in {"none", "not"}
    if before in {"whatever", "whichever", "whoever"}:
        return True
    if low[first:end] == ["you"]:
        return before == "if" or (sense in _MINDED and reading.generic(first))
    if (sense in _WILLED or lemma == "deny") and not personal(reading, first, end):
        return True
    if sense != "think" and not (sense in _OF_CONTENT and low[first] in _DETERMINED):
        return False
    head = _head(reading, first, end)
    return tags[head] in "Nf" and _thing(low[head])

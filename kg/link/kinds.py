"""Of what sort an item is, and how well that fits what we know a thing of ours to be.

The sort comes from the item's classes, by the noun that heads their names, where the source gives any
that tell; else from the noun that heads its description ('Haldrian politician', 'city in Pellovia'),
which is weaker. What is
known neither way is neutral: a thing is not unfit because a source says little of it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from kg.model import OrganisationKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.link.item import Item, Wanted

Sort = Literal[
    "person",
    "people",
    "state",
    "place",
    OrganisationKind,
    "organisation",
    "event",
    "work",
    "concept",
    "position",
    "character",
    "name",
    "page",
]
"""What an item may be. A `name` is an item about a family's or a given name, a `page` one about a
page of an encyclopaedia (disambiguation, list, category): neither is ever what an article means."""

NEUTRAL = 0.5
"""How well an item fits of whose sort nothing is known."""

_CLASSES: Mapping[str, tuple[Sort, str]] = {
    "Q5": ("person", "human"),
    "Q154954": ("person", "natural person"),
    "Q151885": ("concept", "concept"),
    "Q16521": ("concept", "taxon"),
}
"""Classes that are known by their ids, with their labels.

Each has its label from a recorded answer of Wikidata's entity service: in the test data, the file of
`wikidata-api-cassettes` that asks for that id. All other classes are known by the names that a source
gives them ('big city', 'daily newspaper'), which say what they are without a list of ids.
"""
_NAMED: Mapping[str, tuple[Sort, ...]] = {
    "human": ("person",),
    "people": ("person",),
    "organization": ("organisation",),
    "organisations": ("organisation",),
    "states": ("state",),
    "country": ("state",),
    "places": ("place",),
    "events": ("event",),
    "publication": ("media", "work"),
    "publications": ("media", "work"),
}
"""Sorts by the words that an index may use for its types; those of `Sort` stand for themselves."""

SORTS: Mapping[str, tuple[Sort, ...]] = {
    **{sort: (sort,) for sort in get_args(Sort)},
    **_NAMED,
    **{id_: (sort,) for id_, (sort, _) in _CLASSES.items()},
}
"""The sorts that a class stands for, by its id or its word."""
_ID = re.compile(r"[A-Z][0-9]+")

_NOUNS: Mapping[Sort, str] = {
    "person": (
        "person man woman boy girl human politician statesman stateswoman minister premier"
        " chancellor senator congressman congresswoman congressperson representative legislator"
        " lawmaker parliamentarian governor mayor councillor councilor alderman diplomat ambassador"
        " envoy consul monarch king queen emperor empress prince princess duke duchess earl baron"
        " count sultan emir shah tsar ruler dictator leader activist revolutionary official"
        " commissioner strategist lobbyist dissident singer musician rapper songwriter composer"
        " conductor producer dj vocalist soprano tenor baritone footballer player coach manager"
        " athlete sportsman sportswoman sportsperson boxer wrestler swimmer runner cyclist skier"
        " skater golfer jockey racer sprinter rower sailor fencer judoka archer weightlifter"
        " goalkeeper striker midfielder quarterback pitcher referee umpire olympian paralympian"
        " actor actress director filmmaker screenwriter comedian presenter host entertainer model"
        " dancer choreographer playwright dramatist writer novelist poet author columnist editor"
        " publisher translator critic biographer historian philosopher reporter newsreader anchor"
        " broadcaster-person painter sculptor artist architect photographer illustrator designer"
        " engraver curator scientist physicist chemist mathematician astronomer engineer inventor"
        " academic professor researcher scholar lecturer teacher educator astronaut cosmonaut"
        " physician doctor surgeon nurse dentist businessman businesswoman businessperson"
        " entrepreneur executive banker investor financier industrialist merchant philanthropist"
        " trader programmer developer hacker blogger youtuber streamer influencer soldier admiral"
        " marshal commander colonel officer general militant guerrilla terrorist spy agent aviator"
        " pilot warlord lawyer judge attorney solicitor barrister prosecutor magistrate criminal"
        " murderer killer gangster mobster outlaw policeman policewoman detective robber pirate"
        " victim hostage abductee student pupil defector refugee bishop archbishop cardinal pope"
        " priest pastor rabbi imam theologian missionary saint nun monk abbot cleric preacher"
        " evangelist chef explorer farmer socialite heir heiress nobleman noblewoman aristocrat"
        " wife husband son daughter brother sister mother father widow founder ceo chairman"
        " chairwoman spokesman spokeswoman spokesperson whistleblower survivor mountaineer"
        " bullfighter magician illusionist chess-player gamer secretary president lawgiver"
        " cartoonist animator general-secretary worker trainer promoter collector"
    ),
    "people": "people ethnicity tribe nation-people nationality clan ethnic-group diaspora caste",
    "state": (
        "country state-sovereign nation republic kingdom empire monarchy sultanate emirate"
        " principality microstate superpower sovereign-state nation-state island-country city-state"
        " federation"
    ),
    "place": (
        "city town village hamlet settlement municipality capital commune borough district suburb"
        " neighbourhood neighborhood quarter locality county province prefecture region state"
        " territory department canton parish oblast governorate voivodeship subdivision township"
        " constituency area island islands archipelago peninsula continent subcontinent river lake"
        " sea ocean bay gulf strait channel mountain mountains range volcano hill valley desert"
        " forest park reserve beach cape coast canal waterfall glacier building skyscraper house"
        " palace castle fortress church cathedral mosque temple shrine monastery abbey museum"
        " theatre theater stadium arena airport station port harbour harbor bridge tunnel dam road"
        " street avenue highway motorway railway square cemetery prison hotel monument memorial"
        " mine resort ghost-town landmark crater location place site venue"
    ),
    "government-body": (
        "ministry department-government agency parliament legislature senate assembly congress"
        " cabinet government embassy court council bureau directorate authority commission police"
        " judiciary chamber administration central-bank government-department government-agency"
        " intelligence-agency police-force office"
    ),
    "intergovernmental-body": (
        "intergovernmental-organization intergovernmental-organisation international-organization"
        " international-organisation alliance supranational-union bloc union-political"
        " military-alliance economic-union"
    ),
    "political-party": "party political-party coalition",
    "media": (
        "newspaper magazine broadcaster tabloid daily weekly periodical channel network"
        " news-agency news-website website-news journal radio-station television-station"
        " tv-station television-channel tv-channel television-network radio-network newswire"
        " news-channel newsmagazine"
    ),
    "research-organisation": (
        "university institute college think-tank laboratory school academy research-institute"
        " research-organization research-organisation research-center research-centre observatory"
    ),
    "company": (
        "company corporation firm bank retailer airline enterprise conglomerate brand chain business"
        " manufacturer subsidiary startup carmaker automaker airline-company label studio publisher-house"
        " record-label publishing-house restaurant-chain holding cooperative"
    ),
    "civil-society": (
        "nonprofit-organization nonprofit-organisation charity foundation ngo non-profit nonprofit"
        " movement union"
        " advocacy-group trade-union pressure-group network-ngo society association"
        " non-governmental-organization non-governmental-organisation"
    ),
    "armed-force": (
        "army navy force forces regiment brigade battalion militia air-force armed-forces division"
        " squadron corps military terrorist-group militant-group paramilitary guerrilla-group unit"
    ),
    "organisation": (
        "organization organisation body committee club team league federation-sports group institution"
        " football-club sports-club sports-team football-team hospital order denomination band"
    ),
    "event": (
        "event war battle conflict election referendum treaty agreement accord pact summit conference"
        " meeting coup revolution rebellion uprising siege attack bombing shooting massacre earthquake"
        " hurricane typhoon cyclone flood tsunami eruption disaster accident crash outbreak epidemic"
        " pandemic protest protests demonstration riot riots strike festival tournament championship"
        " season match final race games olympics competition ceremony trial scandal crisis"
        " assassination kidnapping kidnappings abduction abductions operation campaign mission talks"
        " negotiations incident famine fire census survey declaration exhibition fair holiday"
    ),
    "work": (
        "film movie album song single novel book poem play opera series sitcom show episode painting"
        " sculpture videogame game video-game television-series tv-series short-story comic manga"
        " anime soundtrack symphony musical documentary miniseries franchise software app website"
        " web-browser browser operating-system ep mixtape composition article paper"
    ),
    "character": "character superhero deity god goddess figure-mythical fictional-character"
    " fictional-human",
    "concept": (
        "concept term theory language genre species genus family-taxon disease drug chemical element"
        " compound mineral religion ideology philosophy technology sport award prize currency unit-measure"
        " law act policy doctrine programme program project mythology colour color style plant"
        " bird fish insect mammal breed cuisine dish food drink alphabet word"
    ),
    "position": "position office-held title post head-of-state head-of-government occupation rank",
    "name": "surname forename family-name given-name first-name male-given-name female-given-name",
    "page": "page list disambiguation disambiguation-page category template list-article",
}
_NOUN: Mapping[str, Sort] = {
    noun.replace("-", " "): sort for sort, nouns in _NOUNS.items() for noun in nouns.split()
}
_PERSONAL = re.compile(
    r".{3,}(?:ologist|ographer|ician|smith|maker|player|writer|baller|cricketer|(?<!hu)(?<!ger)(?<!ro)man"
    r"|woman|person|keeper|(?:[aeiou][nlrtdmvgc]|rn|on|am|mn|et)ist)"
)
"""Endings of nouns for people at work (economist, politician, businesswoman), for those not listed."""
_ENDS = re.compile(
    r"[(,;:]| who | whom | whose | that | which | where | born | based | located | founded | known "
    r"| published | built | used | belonging | held | fought "
)
_PREPOSITION = re.compile(
    r" (?:of|in|from|for|by|at|on|to|with|near|between|during|since|under|within|against|about|among) "
)
_PLURAL = re.compile(r"(?<=[a-z]{3})(?:ies|s)$")


class Fit(NamedTuple):
    """How well an item's sort fits, from 0 to 1, and the words for what it is."""

    degree: float
    sort: str | None


def fit(wanted: Wanted, item: Item) -> Fit:
    """How well what an item is fits what a thing of ours is."""
    found = [sort for class_ in item.classes for sort in sorts(class_)]
    if not found and (item.born or item.died):
        found = ["person"]
    told = described(in_words(item, "en", "mul"))
    if found and told and told in _REFINES.get(found[0], ()):
        found.append(told)
    if found:
        best = max(found, key=lambda sort: (_degree(wanted, sort), sort))
        return Fit(_degree(wanted, best), best)
    if told is None:
        return Fit(NEUTRAL, None)
    degree = _degree(wanted, told)
    return Fit(NEUTRAL + (degree - NEUTRAL) * _WEAKER, told)


def sorts(class_: str) -> tuple[Sort, ...]:
    """The sorts that a class stands for: by its id or word if that is known, else by its name.

    >>> sorts("Q5"), sorts("daily newspaper"), sorts("Q900000099")
    (('person',), ('media',), ())
    """
    if class_ in SORTS or _ID.fullmatch(class_):
        return SORTS.get(class_, ())
    told = described(class_)
    return (told,) if told else ()


_WEAKER = 0.9
"""How much of the way from neutral a description goes, where classes go all of it."""

_ORGANISATIONS: tuple[Sort, ...] = get_args(OrganisationKind)
_REFINES: Mapping[Sort, tuple[Sort, ...]] = {
    "organisation": _ORGANISATIONS,
    "place": ("state",),
    "work": ("media",),
    "media": ("work",),
}
"""What a description may add to a class: that of an organisation leaves open of which kind it is."""

_TYPES: Mapping[str, Mapping[Sort, float]] = {
    "place": {"place": 1.0, "state": 0.9, "research-organisation": 0.3, "organisation": 0.2},
    "topic": {
        "concept": 1.0,
        "event": 0.9,
        "work": 0.9,
        "position": 0.8,
        "people": 0.8,
        "organisation": 0.5,
        "person": 0.3,
        "character": 0.5,
        "place": 0.4,
        "state": 0.4,
        **dict.fromkeys(_ORGANISATIONS, 0.5),
    },
    "event": {"event": 1.0, "concept": 0.4, "work": 0.2, "place": 0.1},
    "actor": {
        "person": 1.0,
        "state": 1.0,
        "organisation": 1.0,
        "people": 0.7,
        "place": 0.3,
        "work": 0.2,
        "event": 0.1,
        "position": 0.1,
        **dict.fromkeys(_ORGANISATIONS, 1.0),
    },
}
_BODY: Mapping[Sort, float] = {
    "organisation": 0.9,
    "people": 0.2,
    "place": 0.2,
    "work": 0.2,
    "state": 0.1,
    "event": 0.1,
    **dict.fromkeys(_ORGANISATIONS, 0.7),  # readers and tables often differ in which kind it is
}
_KINDS: Mapping[str, Mapping[Sort, float]] = {
    "person": {"person": 1.0, "people": 0.1, "position": 0.1, "character": 0.1},
    "state": {"state": 1.0, "place": 0.2, "government-body": 0.2, "intergovernmental-body": 0.2},
    "group": {
        "people": 1.0,
        "organisation": 0.8,
        "person": 0.1,
        "concept": 0.5,
        **dict.fromkeys(_ORGANISATIONS, 0.6),
    },
    "unidentified": {"person": 0.5, "organisation": 0.5, **dict.fromkeys(_ORGANISATIONS, 0.5)},
    **{kind: {**_BODY, kind: 1.0} for kind in _ORGANISATIONS},
}


def _degree(wanted: Wanted, sort: Sort) -> float:
    """How well a sort fits a thing, as the tables have it."""
    kinds = _KINDS.get(wanted.kind or "") if wanted.type == "actor" else None
    return (kinds or _TYPES[wanted.type]).get(sort, 0.0)


def in_words(item: Item, *languages: str) -> str:
    """An item's description in the first of some languages that has one: one in others tells nothing."""
    return next((item.descriptions[one] for one in languages if one in item.descriptions), "")


@lru_cache(maxsize=16_384)
def described(description: str) -> Sort | None:
    """The sort that the head noun of an English description tells; None where it tells none.

    >>> described("Haldrian politician (born 1961)"), described("capital and largest city of Pellovia")
    ('person', 'place')
    >>> described("Prime Minister of Haldria since 2029"), described("family name")
    ('person', 'name')
    """
    text = _ENDS.split(f" {description.lower()} ", maxsplit=1)[0].strip()
    text = re.sub(r"^(?:one|member|type|kind|form|series|pair|part) of ", "", text)
    phrase = _PREPOSITION.split(f" {text} ", maxsplit=1)[0]
    if re.match(r" ?head of (?:state|government)\b", f" {text}"):
        return "position"
    for part in re.split(r" and | or |/|–", phrase):
        words = re.findall(r"[^\W\d_]+", part)
        for count in (3, 2, 1):
            sort = _noun(" ".join(words[-count:])) if len(words) >= count else None
            if sort:
                return sort
    return None


def is_noun(word: str) -> bool:
    """Whether a word says of what sort something is (politician, city), rather than which one."""
    return _noun(word) is not None


def _noun(words: str) -> Sort | None:
    """The sort of a noun, in the singular or the plural."""
    sort = _NOUN.get(words) or _NOUN.get(_PLURAL.sub("", words))
    if sort is None and " " not in words and _PERSONAL.fullmatch(words):
        return "person"
    return sort

"""Words for events: verbs in all their forms and nouns, with the parts that people play in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import EventKind, Role


class Trigger(NamedTuple):
    """A word for an event: who does it, whom it is done to, and what must follow.

    `form` is `verb`, `noun` or `either`; `needs` are words of which one has to follow within a
    few: "fired" tells of weapons only where a missile comes. `mutual` events have equals in them.
    """

    kind: EventKind
    subject: Role
    object: Role
    form: str
    participle: bool = False
    needs: frozenset[str] = frozenset()
    mutual: bool = False
    to: bool = False


_IRREGULAR: Final = {
    "meet": ("met", "met"), "shoot": ("shot", "shot"), "slay": ("slew", "slain"),
    "fly": ("flew", "flown"), "withdraw": ("withdrew", "withdrawn"), "win": ("won", "won"),
    "overthrow": ("overthrew", "overthrown"), "freeze": ("froze", "frozen"),
    "drown": ("drowned", "drowned"), "swear": ("swore", "sworn"), "go": ("went", "gone"),
    "sink": ("sank", "sunk"), "shut": ("shut", "shut"),
}  # fmt: skip
_DOUBLED: Final = frozenset({"kidnap", "ban", "expel", "sit", "rob", "stab", "shut"})

_MISSILES: Final = frozenset(
    "missile missiles rocket rockets satellite satellites warhead warheads torpedo icbm icbms device"
    " bomb bombs weapon weapons weapon's artillery shells".split()
)
EXPLODING: Final = frozenset(
    f"{verb}{ending}" for verb in ("explode", "detonate") for ending in ("", "s", "d")
) | {"exploding", "detonating"}
"""Forms of what happens to bombs, whoever laid them."""
FORCES: Final = frozenset(
    "army navy police militia rebels insurgents gunmen forces troops jets warplanes drones".split()
)
"""Who attacks without a name."""
_BLASTS: Final = _MISSILES | frozenset(
    "grenade grenades mine mines shell car cars lorry truck bus tanker ferry boiler gas fireworks"
    " ammunition depot devices charge charges".split()
)
_ASSETS: Final = frozenset("assets funds accounts trade arms".split())
_GATES: Final = frozenset(
    "port ports border borders airport airports airspace crossing crossings embassy embassies consulate"
    " consulates frontier".split()
)
"""What a state closes and opens, and news tells of."""
COURTS: Final = frozenset("court courts tribunal judge judges magistrate magistrates".split())
"""Before whom people appear."""
_LAWS: Final = frozenset(
    "law laws bill bills legislation act budget plan measure measures motion resolution constitution"
    " amendment reform reforms treaty agreement deal pact decree order ordinance tax rules proposal use"
    " sale construction ban package policy programme program exports imports parties group party".split()
)
_SHOT: Final = frozenset({"dead", "was", "were", "been", "killed", "wounded"})
_POSTS: Final = frozenset(
    "minister president ambassador chief judge envoy director chairman secretary governor head general"
    " commander leader as him her".split()
)

_VERBS: Final[tuple[tuple[EventKind, Role, Role, str, frozenset[str]], ...]] = (
    ("visit", "guest", "host", "visit tour", frozenset()),
    ("meeting", "participant", "participant", "meet", frozenset()),
    ("negotiation", "participant", "participant", "negotiate bargain parley", frozenset()),
    ("negotiation", "agent", "participant", "mediate", frozenset()),
    ("agreement", "participant", "participant", "agree ratify", frozenset()),
    ("statement", "speaker", "target", "apologise apologize testify", frozenset()),
    ("policy-decision", "agent", "affected", ("approve adopt enact repeal pass veto endorse amend ban"
     " outlaw abolish legalise introduce"), _LAWS),
    ("policy-decision", "agent", "affected", "nationalise nationalize annex deport expel", frozenset()),
    ("policy-decision", "agent", "affected", "appoint nominate dismiss sack", _POSTS),
    ("policy-decision", "agent", "affected", "withdraw", frozenset({"from", "troops", "forces"})),
    ("sanction", "agent", "target", "sanction blacklist embargo", frozenset()),
    ("sanction", "agent", "target", "freeze", _ASSETS),
    ("abduction", "agent", "victim", "abduct kidnap", frozenset()),
    ("release", "agent", "affected", "release free liberate repatriate rescue pardon", frozenset()),
    ("death", "agent", "victim", "kill murder assassinate execute behead slay massacre", frozenset()),
    ("death", "victim", "victim", "die perish drown", frozenset()),
    ("investigation", "agent", "target", "investigate probe inspect interrogate", frozenset()),
    ("weapons-activity", "agent", "target", "launch fire test", _MISSILES),
    ("weapons-activity", "agent", "target", "detonate explode", _BLASTS),
    ("weapons-activity", "agent", "target", "test-fire", frozenset()),
    ("campaign", "agent", "target", "campaign protest demonstrate boycott", frozenset()),
    ("survey", "organiser", "respondent", "survey poll", frozenset()),
    ("tension", "participant", "participant", "clash quarrel feud", frozenset()),
    ("other", "agent", "target", "attack bomb invade shell raid storm shoot stab overthrow sue", frozenset()),
    ("other", "agent", "affected", ("arrest detain jail imprison sentence convict"
     " indict acquit extradite"), frozenset()),
    ("other", "agent", "affected", "elect inaugurate", frozenset()),
    ("other", "respondent", "respondent", "appear", COURTS),
    ("policy-decision", "agent", "affected", "close reopen shut", _GATES),
    ("other", "participant", "participant", "collide", frozenset()),
    ("other", "affected", "affected", "sink capsize crash derail erupt", frozenset()),
    ("other", "affected", "affected", "expire lapse", frozenset()),
    ("other", "agent", "affected", "resign abdicate", frozenset()),
)  # fmt: skip

_TRAVELS: Final = "travel fly arrive journey"

_NOUNS: Final[tuple[tuple[EventKind, Role, Role, str], ...]] = (
    ("visit", "guest", "host", "visit visits trip trips tour tours"),
    ("meeting", "participant", "participant", "meeting meetings summit summits encounter"),
    ("negotiation", "participant", "participant", "talks negotiation negotiations mediation"),
    ("agreement", "participant", "participant", ("agreement agreements deal deals treaty treaties pact"
     " pacts accord accords ceasefire cease-fire truce armistice memorandum")),
    ("statement", "speaker", "target", ("speech speeches address apology apologies testimony"
     " announcement briefing conference")),
    ("policy-decision", "agent", "affected", ("referendum ban annexation withdrawal nomination"
     " appointment expulsion deportation")),
    ("sanction", "agent", "target", "sanctions embargo embargoes blockade"),
    ("abduction", "agent", "victim", ("abduction abductions kidnapping kidnappings"
     " hostage-taking")),
    ("release", "agent", "affected", "release repatriation rescue liberation"),
    ("death", "victim", "victim", "death deaths suicide suicides"),
    ("death", "agent", "victim", ("killing killings murder murders assassination"
     " assassinations execution executions massacre massacres")),
    ("investigation", "agent", "target", ("investigation investigations inquiry inquiries enquiry probe"
     " probes inspection inspections autopsy")),
    ("weapons-activity", "agent", "target", "test tests test-firing launch launches detonation"),
    ("campaign", "agent", "target", ("campaign campaigns protest protests demonstration demonstrations"
     " rally rallies march boycott")),
    ("survey", "organiser", "respondent", "survey surveys poll polls census"),
    ("tension", "participant", "participant", ("clash clashes tension tensions dispute disputes row"
     " friction standoff stand-off confrontation")),
    ("other", "agent", "target", ("attack attacks bombing bombings invasion raid raids airstrike"
     " airstrikes strike strikes shooting shootings coup offensive ambush")),
    ("other", "participant", "participant", ("war battle election elections explosion explosions blast"
     " blasts earthquake flood floods fire crash collapse stampede wildfire hurricane typhoon cyclone"
     " tsunami riot riots uprising collision collisions derailment eruption")),
    ("other", "agent", "affected", ("arrest arrests trial detention imprisonment resignation"
     " inauguration")),
    ("other", "respondent", "respondent", "hearing hearings"),
)  # fmt: skip

_HEARD: Final = frozenset(
    "a the his her their this that first next second public court bail trial appeal remand custody"
    " preliminary disciplinary parliamentary senate congressional committee".split()
)
NEEDED_BEFORE: Final = {
    "hearing": _HEARD,
    "conference": frozenset({"news", "press"}),
    "test": frozenset({"nuclear", "missile", "weapons", "weapon", "rocket", "ballistic", "atomic"}),
    "tests": frozenset(
        {"nuclear", "missile", "weapons", "weapon", "rocket", "ballistic", "atomic"}
    ),
    "launch": frozenset({"missile", "rocket", "satellite", "ballistic"}),
    "launches": frozenset({"missile", "rocket", "satellite", "ballistic"}),
    "tour": frozenset(
        {"state", "official", "his", "her", "their", "week-long", "asian", "european"}
    ),
}
"""Nouns that are words for events only behind some others."""


def _forms(verb: str) -> Iterator[tuple[str, bool]]:
    """The forms of a verb, and whether each can be the participle of a passive."""
    yield verb, False
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        yield verb + "es", False
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        yield verb[:-1] + "ies", False
    else:
        yield verb + "s", False
    stem = verb + verb[-1] if verb in _DOUBLED else verb
    yield (verb[:-2] + "ying" if verb == "die" else stem.removesuffix("e") + "ing"), False
    if verb in _IRREGULAR:
        past, participle = _IRREGULAR[verb]
        yield past, past == participle
        yield participle, True
    elif verb.endswith("e"):
        yield verb + "d", True
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        yield verb[:-1] + "ied", True
    else:
        yield stem + "ed", True
        if verb in {"travel", "model"}:
            yield verb + "led", True
            yield verb + "ling", False


def _table() -> dict[str, Trigger]:
    table: dict[str, Trigger] = {}
    for kind, subject, object_, verbs, needs in _VERBS:
        mutual = subject == object_ == "participant"
        for verb in verbs.split():
            for form, participle in _forms(verb):
                table.setdefault(
                    form, Trigger(kind, subject, object_, "verb", participle, needs, mutual)
                )
    for verb in _TRAVELS.split():
        for form, _ in _forms(verb):
            table[form] = Trigger("visit", "guest", "host", "verb", to=True)
    for kind, subject, object_, nouns in _NOUNS:
        mutual = subject == object_ == "participant"
        for noun in nouns.split():
            if noun in table:
                table[noun] = table[noun]._replace(form="either")
            else:
                table[noun] = Trigger(kind, subject, object_, "noun", mutual=mutual)
    table["shot"] = table["shot"]._replace(needs=_SHOT)
    del table["storm"], table["storms"], table["shell"], table["shells"], table["execute"]
    del table["fire"], table["fires"], table["pass"], table["passes"], table["frees"]
    return table


TRIGGERS: Final = _table()
"""All words for events, in small letters."""

LIGHT: Final = frozenset(
    "hold holds held holding have has had having make makes made making pay pays paid paying conduct"
    " conducts conducted conducting carry carries carried carrying launch launches launched launching"
    " sign signs signed signing impose imposes imposed imposing reach reaches reached reaching stage"
    " stages staged staging start starts started starting begin begins began begun open opens opened"
    " opening give gives gave given giving deliver delivers delivered delivering attend attends attended"
    " attending join joins joined strike struck conclude concludes concluded concluding lift lifts lifted"
    " lifting resume resumes resumed resuming commission commissions commissioned organise organises"
    " organised organize organizes organized host hosts hosted hosting mount mounts mounted mounting"
    " lead leads led".split()
)
"""Verbs whose subject does what the noun behind them says: hold talks, pay a visit."""

HOSTING: Final = frozenset("host hosts hosted hosting".split())

ARTICLES: Final = frozenset(
    "a an the this that these those his her its their our my your no any some another first second third"
    " last next new recent joint official 's own such".split()
)
"""Words after which a form that could be either is a noun."""

PREPOSITIONS: Final = frozenset(
    "of in on with for to from by at about against after before near over under between among during"
    " into through via across outside inside around since until towards toward as behind beside despite"
    " without within onto than alongside including".split()
)

BREAKS: Final = frozenset(
    "; : — – ( ) that which who whom whose when while because although though if unless whether where"
    ' but said says say saying told added according so whereas until " “ ” …'.split()
)
"""Words and marks at which a clause begins or ends."""

MODIFIED: Final = frozenset(
    "mission missions site sites scene aircraft plane planes helicopter helicopters jet jets drone drones"
    " victim victims suspect suspects survivor survivors result results investigation process team teams"
    " toll squad sentence penalty threat threats warning plan plans planner planners plot plotter attempt"
    " attempts charge charges case cases commission committee campaign observer observers monitor monitors"
    " official officials venue room hall table partner partners market price prices worker workers crew"
    " camp camps zone capital city place certificate row rate rates data bomber bombers vest belt note"
    " group groups leader leaders organiser organisers organizer organizers movement slogan trail"
    " manager funding fund funds relief regime package list report findings question questions respondent"
    " respondents season board date day week year night victory winner winners law laws fraud facility"
    " facilities range ground grounds pad vehicle vehicles flight flights kit kits force forces fighter"
    " fighters terms document text issue issues talks summit effort efforts capability"
    " capabilities allegations".split()
)
"""Nouns that make a mere modifier of the word before them: an attack helicopter, the peace talks."""

NO_RELEASE: Final = frozenset(
    "news press media data album film video record song book product report date general early new"
    " single software software's".split()
)
"""What is before a release that frees nobody."""

CUSTODY: Final = frozenset("custody prison jail captivity detention bail hostage hostages".split())
"""What somebody is released from."""

HABITS: Final = frozenset(
    "regularly often usually always sometimes routinely frequently occasionally rarely seldom".split()
)
"""Adverbs before what happens again and again, and is no event."""

DENIED: Final = frozenset("not never cannot hardly neither nor without".split())
"""Words before what did not happen; `n't` ends others."""

SUPPOSED: Final = frozenset("would could might should may can must".split())
"""Auxiliaries of what need not happen."""

NONE: Final = frozenset("no any possible potential future further more alleged".split())
"""Words before a noun for what may not have happened."""

OTHERS: Final = frozenset(
    "second third fourth fifth another other previous next new latest further last first more"
    " earlier recent".split()
)
"""Words that tell one event from another of its kind."""

INTRANSITIVE: Final = frozenset(("die perish drown resign abdicate apologise apologize testify protest"
    " campaign demonstrate").split())  # fmt: skip
_SUFFERED: Final = ("abduct kidnap kill murder assassinate execute behead arrest detain jail imprison"
    " sentence convict indict acquit extradite elect inaugurate appoint free release rescue"
    " repatriate liberate expel deport")  # fmt: skip
_STRUCK: Final = "attack bomb invade shell raid storm shoot stab clash"

SUFFERED: Final = frozenset(form for verb in _SUFFERED.split() for form, _ in _forms(verb))
"""Verbs whose participle without an object is passive in a headline: "Hill arrested in Oslo"."""

STRUCK: Final = frozenset(form for verb in _STRUCK.split() for form, _ in _forms(verb)) | {"shot"}
"""Verbs of violence, which in the mouth of the press are words: "the paper attacked the plan"."""

BEFALLING: Final = EXPLODING | frozenset(
    form
    for verb in "collide sink capsize crash derail erupt expire lapse".split()
    for form, _ in _forms(verb)
)
"""Verbs of what happens to things, which tell of an event where they say when or where."""

WITHOUT_OBJECT: Final = frozenset(form for verb in INTRANSITIVE for form, _ in _forms(verb))

DONE_TO: Final = frozenset(
    "arrest arrests trial detention imprisonment inauguration nomination appointment expulsion"
    " deportation".split()
)
"""Nouns whose owner is the one that it is done to: "Hill's arrest"."""

OBJECT_OF: Final = frozenset(
    "bombing bombings invasion shooting shootings investigation investigations inquiry probe inspection"
    " inspections ban referendum annexation nomination appointment expulsion deportation arrest arrests"
    " trial detention imprisonment inauguration boycott survey".split()
)
"""Nouns behind which "of" leads to what it is done to."""

ELECTIONS: Final = frozenset("election elections".split())
"""Events in which a text hardly ever says who takes which part."""

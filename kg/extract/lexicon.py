"""English verbs that report, believe, judge or urge: all their forms, and what may follow them.

A frame is a letter for one thing that can stand with a verb, as valency dictionaries have it:

    q  a quotation                        he muttered: "No."
    n  itself set into what it reports    talks will resume, he said
    t  a clause with `that`               she wrote that it rains
    c  a clause without it                she says it rains
    w  a question                         they asked whether it rains
    o  a hearer before the clause         he told them that it rains
    i  an infinitive of its subject       he vowed to return
    u  somebody else and an infinitive    he urged them to return
    a  somebody and a preposition         he accused them of theft
    j  something and a judgement          he called it a farce, he described it as a farce
    g  a gerund                           he denied taking it
    p  a preposition and a noun           he called for calm

Both readers of attributions, by rules and over a parser, take their verbs from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Sense = Literal["say", "ask", "show", "think", "feel", "commit", "urge", "blame", "judge"]
"""What a source does with the words that report it: it says them, or it thinks them, and so on."""


class Verb(NamedTuple):
    """One form of a verb that attributes: `form` has b (base), s, d (past), n (participle), g."""

    lemma: str
    form: str
    sense: Sense
    frames: str


_TABLE: Final[tuple[tuple[Sense, str, str], ...]] = (
    ("say", "qntcw", "say write"),
    (
        "say",
        "qntc",
        (
            "add allege announce argue assert claim complain concede conclude contend declare estimate"
            " explain forecast insist joke lament maintain note predict proclaim quip reckon reiterate"
            " remark report speculate state stress suggest swear testify theorise theorize tweet"
        ),
    ),
    (
        "say",
        "qnt",
        (
            "admonish affirm answer attest aver boast brag caution clarify comment counter emphasise"
            " emphasize enthuse gloat grumble hint hypothesise hypothesize imply interject moan muse"
            " observe opine pontificate posit postulate reaffirm reason recall recount rejoin remember"
            " repeat reply respond retort rue stipulate surmise underline underscore venture volunteer"
            " whinge"
        ),
    ),
    (
        "say",
        "qn",
        (
            "babble bark bellow blog blurt chant chuckle continue croak crow cry deadpan drawl echo"
            " elaborate email exclaim fume gasp giggle groan growl grunt gush hiss holler howl interrupt"
            " intone laugh message mumble murmur mutter persist plead post protest quote rant rave rhapsodise"
            " rhapsodize roar scoff scream shout shriek shrug sigh smile sneer sniff snap snarl sob sputter"
            " squeal stammer stutter text thunder tease vent wail whisper yell"
        ),
    ),
    ("say", "qntg", "acknowledge confirm deny disclose mention protest recollect"),
    ("say", "qntcg", "admit confess"),
    ("say", "qntco", "tell assure warn"),
    ("say", "tco", "inform notify remind brief convince persuade reassure"),
    ("say", "qt", "decree gripe rule"),
    ("say", "q", "read"),
    ("ask", "qnw", "ask inquire enquire wonder query quiz question"),
    (
        "say",
        "w",
        (
            "note observe describe explain tell reveal disclose clarify mention recount recall declare"
            " stress emphasise emphasize underline underscore"
        ),
    ),
    ("ask", "w", "debate"),
    ("show", "ntcw", "show indicate"),
    (
        "show",
        "ntc",
        "confirm demonstrate find reveal prove",
    ),
    ("show", "t", "certify detail document establish evidence illustrate signal verify"),
    ("show", "tc", "learn discover"),
    (
        "think",
        "ntc",
        "believe fear feel guess hope imagine reckon suppose suspect think",
    ),
    (
        "think",
        "tc",
        "assume bet doubt expect know presume realise realize understand worry wish",
    ),
    (
        "think",
        "t",
        (
            "accept agree anticipate appreciate conjecture deem determine disagree dispute fathom"
            " foresee gather infer judge perceive recognise recognize regret rejoice resent sense trust"
            " envisage envision"
        ),
    ),
    ("commit", "qnti", "promise pledge threaten vow"),
    ("think", "t", "decide"),
    ("commit", "ti", "agree offer undertake volunteer consent"),
    ("commit", "i", "decline refuse swear"),
    ("feel", "i", "hope want wish expect intend"),
    ("feel", "u", "expect want"),
    ("urge", "qtu", "advise beg demand instruct order recommend request urge implore beseech"),
    ("urge", "u", "ask encourage exhort invite press warn tell call advise"),
    ("urge", "ti", "demand"),
    ("urge", "tg", "advocate propose recommend suggest"),
    ("urge", "qt", "direct mandate propose"),
    ("blame", "a", "accuse blame suspect charge"),
    ("judge", "j", "recognise recognize"),
    (
        "judge",
        "j",
        (
            "brand call characterise characterize condemn consider decry define denounce deride describe"
            " dismiss dub hail label liken mock portray praise ridicule see slam tout view regard"
        ),
    ),
)
"""What each verb may have after it; a verb in several lines has the sense of its first."""

PHRASES: Final[dict[tuple[str, str], str]] = {
    ("point", "out"): "qntcw",
    ("spell", "out"): "qtw",
    ("make", "clear"): "qntcw",
    ("make", "plain"): "qnt",
    ("go", "on"): "qn",
    ("chime", "in"): "qn",
    ("call", "for"): "p",
    ("call", "on"): "u",
    ("speak", "of"): "p",
    ("warn", "of"): "p",
    ("warn", "against"): "p",
    ("warn", "about"): "p",
    ("complain", "of"): "p",
    ("complain", "about"): "p",
    ("insist", "on"): "p",
    ("object", "to"): "p",
    ("allude", "to"): "p",
    ("hint", "at"): "p",
    ("confess", "to"): "p",
    ("admit", "to"): "p",
    ("argue", "for"): "p",
    ("argue", "against"): "p",
    ("appeal", "for"): "p",
    ("plead", "for"): "p",
    ("press", "for"): "p",
}
"""Verbs with the word behind them that makes them attribute."""

ADJECTIVES: Final = frozenset(
    "adamant afraid alarmed amazed angry annoyed anxious apprehensive ashamed astonished aware certain"
    " cheerful clear concerned confident conscious convinced delighted determined disappointed"
    " dismayed distressed doubtful dubious ecstatic emphatic encouraged excited fearful frustrated"
    " furious glad grateful happy heartened hopeful horrified insistent keen mindful nervous"
    " optimistic outraged persuaded pessimistic pleased positive proud reassured relieved sad"
    " satisfied sceptical shocked skeptical sorry sure surprised suspicious thankful thrilled"
    " unaware uncertain unconvinced uneasy unhappy unsure upset wary worried".split()
)
"""Adjectives of persons that take a clause: the minister is confident that it will pass."""

NOUNS: Final[dict[str, str]] = {
    noun: verb
    for verb, nouns in {
        "accuse": "accusation accusations",
        "acknowledge": "acknowledgement acknowledgment",
        "admit": "admission admissions confession confessions",
        "affirm": "affirmation",
        "allege": "allegation allegations",
        "announce": "announcement announcements",
        "argue": "argument arguments",
        "assert": "assertion assertions contention",
        "assess": "assessment assessments",
        "assume": "assumption assumptions presumption",
        "assure": "assurance assurances guarantee guarantees",
        "believe": "belief beliefs conviction",
        "boast": "boast boasts",
        "charge": "charge charges",
        "claim": "claim claims",
        "comment": "comment comments remark remarks",
        "complain": "complaint complaints",
        "conclude": "conclusion conclusions",
        "confirm": "confirmation",
        "declare": "declaration declarations",
        "demand": "demand demands",
        "deny": "denial denials",
        "doubt": "doubt doubts scepticism skepticism",
        "estimate": "estimate estimates",
        "expect": "expectation expectations",
        "fear": "fear fears worry worries concern concerns",
        "find": "finding findings evidence proof",
        "forecast": "forecast forecasts",
        "hint": "hint hints",
        "hope": "hope hopes confidence optimism",
        "regret": "regret regrets",
        "indicate": "indication indications signal signals",
        "insist": "insistence",
        "opine": "opinion opinions view views",
        "predict": "prediction predictions",
        "promise": "promise promises pledge pledges vow vows",
        "propose": "proposal proposals",
        "recommend": "recommendation recommendations",
        "report": "report reports",
        "rule": "ruling",
        "say": "statement statements",
        "speculate": "speculation",
        "suggest": "suggestion suggestions",
        "suspect": "suspicion suspicions",
        "testify": "testimony",
        "threaten": "threat threats",
        "think": "idea notion perception perceptions impression impressions feeling feelings sensation",
        "rumour": "rumour rumours rumor rumors",
        "warn": "warning warnings",
    }.items()
    for noun in nouns.split()
}
"""Nouns that take a clause with `that`, and the verb that says the same."""

_IRREGULAR: Final = {
    # base: past, participle
    "say": "said said",
    "tell": "told told",
    "write": "wrote written",
    "think": "thought thought",
    "know": "knew known",
    "feel": "felt felt",
    "see": "saw seen",
    "swear": "swore sworn",
    "find": "found found",
    "show": "showed shown",
    "understand": "understood understood",
    "undertake": "undertook undertaken",
    "foresee": "foresaw foreseen",
    "bet": "bet bet",
    "read": "read read",
    "make": "made made",
    "go": "went gone",
    "spell": "spelled spelt",
    "speak": "spoke spoken",
    "overhear": "overheard overheard",
    "forecast": "forecast forecast",
    "plead": "pleaded pled",
}
_DOUBLED: Final = frozenset(
    "admit quip beg brag blog rebut slam dub chat bet signal quiz model cancel".split()
)
"""Verbs that double their last letter."""


def forms(lemma: str) -> Iterator[tuple[str, str]]:
    """The forms of a verb, each with a letter: b, s, d, n or g.

    >>> sorted(forms("deny"))
    [('denied', 'dn'), ('denies', 's'), ('deny', 'b'), ('denying', 'g')]
    """
    stem = lemma + lemma[-1] if lemma in _DOUBLED else lemma
    vowelled = lemma[-2] in "aeiou"
    if lemma.endswith("y") and not vowelled:
        past, third = lemma[:-1] + "ied", lemma[:-1] + "ies"
    else:
        past = lemma + "d" if lemma.endswith("e") else stem + "ed"
        hissing = lemma.endswith(("s", "sh", "ch", "x", "z", "go"))
        third = (stem if lemma.endswith("z") else lemma) + ("es" if hissing else "s")
    drops = lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye"))
    tied = lemma.endswith("ie")  # lying
    yield (lemma[:-2] + "y" if tied else lemma[:-1] if drops else stem) + "ing", "g"
    yield third, "s"
    if lemma in _IRREGULAR:
        past, participle = _IRREGULAR[lemma].split()
        if past != participle:
            yield past, "bd" if past == lemma else "d"
            yield participle, "n"
            past = ""
    if past == lemma:
        yield lemma, "bdn"
    else:
        yield lemma, "b"
        if past:
            yield past, "dn"
        if lemma == "signal":
            yield "signaled", "dn"
            yield "signaling", "g"


def _verbs() -> Mapping[str, Verb]:
    senses: dict[str, Sense] = {}
    frames: dict[str, str] = {}
    for sense, frame, lemmas in _TABLE:
        for lemma in lemmas.split():
            senses.setdefault(lemma, sense)
            known = frames.get(lemma, "")
            frames[lemma] = known + "".join(letter for letter in frame if letter not in known)
    table: dict[str, Verb] = {}
    for lemma, frame in frames.items():
        for form, letter in forms(lemma):
            table.setdefault(form, Verb(lemma, letter, senses[lemma], frame))
    return table


VERBS: Final = _verbs()
"""Every form of every verb that attributes by itself."""

PARTICLES: Final[Mapping[str, Mapping[str, str]]] = {
    form: {particle: lemma for (base, particle), _ in PHRASES.items() if base == lemma}
    for lemma in dict.fromkeys(base for base, _ in PHRASES)
    for form, _ in forms(lemma)
}
"""For a form of a verb, the words behind it that make the two attribute, with the lemma."""

FORMS: Final[Mapping[str, str]] = {
    form: letter
    for lemma in dict.fromkeys(base for base, _ in PHRASES)
    for form, letter in forms(lemma)
}
"""The letter of each form of the verbs in `PHRASES`."""

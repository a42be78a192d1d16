"""What part of speech a word is likely to have, from closed lists, its ending and its capitals.

A guess by form alone, without context: enough to see where a noun phrase begins and whether a
clause has a verb. Each word gets a letter:

    D determiner            S subject pronoun       O object pronoun      P preposition
    T that                  W relative, question    U subordinator        C and, or, but
    B be  H have  Z do      M modal                 E to                  R adverb
    V past or participle    F other finite verb     G -ing                X capitalised
    K number                Y day or time           N any other word, mostly nouns, adjectives
    A not                   , ; : - ( ) . "         marks by themselves
"""

from __future__ import annotations

from typing import Final

from kg.extract.lexicon import VERBS, forms

DETERMINERS: Final = (
    "the a an this these those my his its our your their her some any every each another both either"
    " neither all several many most few much no such half whichever whatever other certain various"
    " numerous countless multiple plenty"
)
MONTHS: Final = frozenset(
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_CLOSED: Final[dict[str, str]] = {
    word: letter
    for letter, words in {
        "D": DETERMINERS,
        "S": "he she it they we i you one there everyone everybody someone somebody nobody anyone"
        " anybody nothing something everything he's she's it's they're we're i'm you're there's"
        " he'd she'd they'd we'd i'd you'd it'd he'll she'll they'll we'll i'll you'll it'll they've"
        " we've i've you've that's here's who's what's none",
        "O": "him them us me himself herself themselves itself ourselves myself yourself hers mine"
        " theirs ours yours",
        "P": "of in on at by for from with about against between into through during under over"
        " above across along alongside amid amidst among amongst around behind below beneath beside"
        " besides beyond despite down inside near off onto opposite outside past per regarding"
        " concerning throughout toward towards underneath unlike up upon via within without aboard"
        " following including versus like out ahead next",
        "T": "that",
        "W": "who whom whose which what how why where when whoever wherever",
        "U": "because although though while whilst if unless whereas since until till whether after"
        " before once lest as than so",
        "C": "and or but nor yet &",
        "B": "is are was were be been being am isn't aren't wasn't weren't ain't",
        "H": "has have had having hasn't haven't hadn't",
        "Z": "do does did done don't doesn't didn't doing",
        "M": "will would can could may might must shall should ought cannot can't won't wouldn't"
        " couldn't mightn't mustn't shan't shouldn't",
        "E": "to",
        "A": "not never n't",
        "R": "also again then later earlier now still just even only already soon too once twice"
        " often always sometimes usually perhaps maybe however meanwhile instead moreover furthermore"
        " nevertheless nonetheless therefore thus hence indeed rather quite very almost nearly"
        " simply ever further far back away together apart elsewhere abroad overseas there here"
        " yesterday today tonight tomorrow previously afterwards afterward subsequently since"
        " likewise otherwise altogether somewhat seldom rarely hardly scarcely first second finally"
        " lastly secondly thirdly firstly well long forward repeatedly likely please",
        "Y": "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays"
        " thursdays fridays saturdays sundays january february march april june july august september"
        " october november december yesterday today tonight tomorrow",
        "K": "one two three four five six seven eight nine ten eleven twelve dozen dozens hundred"
        " hundreds thousand thousands million millions billion billions trillion",
        ",": ", —- ",
        ";": ";",
        ":": ":",
        "-": "- – — ― --",
        "(": "( [",
        ")": ") ]",
        ".": ". ! ? … ...",
        '"': "\" “ ” „ « » ‟ `` ''",
    }.items()
    for word in words.split()
}
_CLOSED.update({"own": "N", "one": "K", "there": "S", "since": "U", "when": "W"})
_CLOSED["march"] = "f"  # the march went on

_IRREGULAR: Final = frozenset(
    "arose ate awoke became began beat began bent bit bled blew bought bound bred broke brought built"
    " burnt burst came caught chose clung cost crept cut dealt drank drew drove dug fed fell felt"
    " fled flew flung forbade forgave forgot fought found froze gave got grew ground held heard hid"
    " hit hung hurt kept knelt knew laid lay leapt learnt led left lent let lit lost made meant met"
    " mistook overcame overthrew paid put quit ran rang read rode rose said sang sank sat saw"
    " sent set shook shot showed shrank shut slept slid sold sought spent split spoke sprang spread"
    " spun stole stood stuck struck stung swam swept swore swung taught thought threw told took tore"
    " understood undertook underwent upheld went wept withdrew withheld won wore wound wrote"
    " hoped".split()
)
_PARTICIPLES: Final = frozenset(
    "arisen awoken beaten become begun bitten blown born borne broken chosen come done drawn driven"
    " drunk eaten fallen flown forbidden forgiven forgotten frozen given gone gotten grown hidden"
    " known lain mistaken overthrown proven ridden risen run rung seen sewn shaken shown shrunk"
    " spoken sprung stolen stricken struck sung sunk sworn swum taken thrown torn undergone"
    " withdrawn woken worn written".split()
)
_COMMON: Final = (
    "abandon absorb abuse accelerate accept access accompany accuse achieve acquire act adapt add"
    " adjust admire adopt advance advise affect afford age agree aid aim allow alter amount"
    " analyse analyze announce annoy apologise apologize appeal appear apply appoint approach"
    " approve arise arm arrange arrest arrive ask assault assemble assess assign assist associate"
    " attach attack attend attract avert avoid await award back backfire ban bar base be bear beat"
    " become begin belong bend benefit bid bind bite block blow boast boil bomb boost border"
    " borrow bother bounce boycott breach break brief bring broadcast brush build burn burst bury"
    " buy calculate call calm camp campaign cancel capture care carry cast catch cause celebrate"
    " chair challenge change charge charm chase cheat check choose cite clash clean clear click"
    " climb cling close collapse collect combat combine come comfort command commence commit"
    " communicate compare compensate compete compile complete comply comprise compromise concern"
    " conduct confess confirm conflict confront confuse connect conquer consider consist"
    " constitute construct consult consume contact contain contest continue contradict contribute"
    " control convert convey convict cook cool cooperate cope correct cost cough count counter"
    " cover crash crawl create criticise criticize cross crush cry curb cure cut damage dance dare"
    " dash date deal decide decline decorate decrease dedicate defeat defend defy delay delete"
    " deliver demolish depart depend deploy derive describe deserve design desire destroy detain"
    " detect deteriorate determine devastate develop devote dictate die differ dig direct disagree"
    " disappear disappoint disclose discourage discover discuss dismiss disperse displace display"
    " dispute disrupt dissolve distinguish distribute disturb divide divorce dominate donate"
    " double doubt draft drag drain draw dream dress drift drink drive drop drown dry dump earn"
    " ease eat edit educate elect eliminate embrace emerge emphasise employ empty enable enact"
    " encounter encourage end endanger endorse endure enforce engage enhance enjoy enlarge enrol"
    " ensue ensure enter entitle equal erode erupt escape establish estimate evacuate evaluate"
    " evolve examine exceed exchange exclude execute exercise exhaust exhibit exist expand expel"
    " experience expire explode explore export express extend extract face fade fail fall favor"
    " favour fear feature feed feel fight file fill finance find finish fire fit fix flag flee"
    " flood flow fly focus fold follow fool forbid force forge forget forgive form found free"
    " freeze fuel fulfil fund gain gather generate get give glance go govern grab grant grasp grip"
    " grow guarantee guard guide hand handle hang happen harass harm hate haunt head heal hear"
    " heat help hide highlight hinder hire hit hold host house hunt hurry hurt identify ignite"
    " ignore illustrate impact implement import impose impress imprison improve include increase"
    " indicate infect inflict influence inform inherit inhibit initiate inject injure insert"
    " inspect inspire install insult integrate intend interest interfere interpret interrupt"
    " intervene introduce invade invent invest investigate invite involve isolate jail jeopardise"
    " join jump justify keep kick kidnap kill kiss knock know lack land last launch lay lead leak"
    " lean leap learn leave lend lessen let level liberate lie lift light like limit link list"
    " listen live load lobby lock look loom loosen lose love lower maintain make manage march mark"
    " marry master match matter mature mean measure meet melt merge migrate mine mirror miss mix"
    " mobilise mobilize modify monitor motivate mount mourn move murder nail narrow need negotiate"
    " nominate normalise notice number obey object oblige observe obtain occupy occur offend offer"
    " open operate oppose oppress order organise organize originate oust outlaw outline outnumber"
    " outweigh overcome overhaul oversee overturn overwhelm owe own pack paint park participate"
    " pass pause pay peak penetrate perform permit persist persuade pick pilot place plague plan"
    " plant play plead plunge point poison pollute portray pose position possess postpone pour"
    " practise praise pray preach precede predict prefer prepare present preserve press prevail"
    " prevent print proceed produce profit progress prohibit promote prompt propose prosecute"
    " prosper protect protest prove provide provoke publish pull punish purchase pursue push put"
    " qualify quit race rage raid raise rally range rank rape rate reach react read realise"
    " reassure rebel rebuild recall receive reckon recommend reconsider record recover recruit"
    " reduce refer reflect reform refrain refuse regain regard register regret regulate rehearse"
    " reinforce reject relate release rely remain remind remove render renew rent repair repay"
    " repeal replace represent require rescue research resemble resent reside resign resist"
    " resolve respect respond rest restore restrict result resume resurface retain retire retreat"
    " return reverse revert review revise revive reward rid ride ring rise rob rock roll ruin run"
    " rush sack sacrifice sail sanction satisfy save scale scan scare schedule score scrap scream"
    " screen search secure seek seem seize select sell send separate serve set settle shape share"
    " shatter shed shelter shift shine ship shoot shore shoulder show shrink shut sign sink sit"
    " slash sleep slide slip slow smash smell smile smoke smuggle soar solve sound span spark"
    " speak specialise spend spill spin split sponsor spot spread squeeze stab stabilise stall"
    " stand stare start starve stay steal steer stem step stick stimulate stir stop store storm"
    " strain strand strengthen strike strip struggle study stumble subject submit substitute"
    " succeed sue suffer suit sum supply support suppose suppress surface surge surprise surrender"
    " surround survive suspend sustain swallow sweep swell swim swing switch tackle take talk"
    " target tear tempt tend terminate terrify test thank think threaten thrive throw tie tighten"
    " tolerate top topple torture total touch tour track trade train transfer transform transmit"
    " transport trap travel treat tremble trigger trip triumph trouble trust try tumble turn twist"
    " uncover undergo undermine understand unite unveil update upgrade uphold upset urge use"
    " vanish vary veto view violate visit volunteer vote wage wait walk wander wane want ward warm"
    " warrant wash waste watch weaken wear welcome widen win wish withdraw witness wonder work"
    " worry worsen wound wrap wreck wrestle write yield"
)
"""Verbs that are frequent in the news, besides those that attribute."""
_NOUNS_TOO: Final = frozenset(
    (
        "abuse access act acts address addresses advance age aid aim aims amount answer answers"
        " appeal approach arm arms assault attack attacks attempt attempts award back ban bar bear"
        " benefit benefits bid bill bills block blocks blog blogs board boards bomb bombs boost border"
        " borders boycott brand brands breach break breaks brief broadcast burn call calls calm camp"
        " campaign campaigns camps care cast cause causes challenge challenges change changes charge"
        " charges charm chase check checks chief claim claims clash clashes clean clear click climb"
        " close combat comfort command comment comments complaint concern concerns conduct conflict"
        " conflicts contact contest control controls convict cook cool cost costs cough count counter"
        " counts cover crash crashes cries cross cry curb cure damage dance date dates deal deals"
        " decline decrease delay delays demand demands design desire detail details direct display"
        " document documents double doubt doubts draft drag drain dream dress drink drive drop drops"
        " ease echo email emails empty end ends equal estimate estimates evidence exchange exercise"
        " exhaust exhibit experience experiences export exports face faces fall falls favor favour"
        " fear fears feature feed fellow fight fights file files finance fire fires fit flag flood"
        " floods flow focus fold fool force forces forecast forecasts form forms found free fuel fund"
        " funds gain gains grant guarantee guard guards guess guesses guide hand handle hands harm"
        " head heads heat help hide highlight hint hints hire hit hits hold hope hopes host hosts"
        " house houses hunt hurt impact import imports increase increases influence insult interest"
        " interests jail joke jokes judge judges jump kick kiss label labels lack land lands laugh lay"
        " lead leads leak leaks lean leap level levels lie lies lift light lights like limit limits"
        " link links list lists live lives load lobby lock look love lower mandate march mark marks"
        " master match matches matter matters mean means measure measures meet message messages mine"
        " mines mirror miss mix monitor motor mount move moves murder nail name names narrow need"
        " needs note notes notice number numbers object objects offer offers order orders outline pack"
        " paint park parks pass pause pay peak permit pick pilot pilots place places plague plan plans"
        " plant plants play plays pledge pledges point points poison position positions post posts"
        " pour practise praise present press print process produce profit profits progress project"
        " projects promise promises prompt proposal protest protests purchase queries query question"
        " questions quote quotes race races rage raid raids raise rally range rank ranks rape rate"
        " rates read reason reasons rebel rebels record records reform reforms regard register release"
        " releases remains remark remarks rent repair repeal repeat replies reply report reports"
        " request requests rescue research respect rest result results retreat return returns reverse"
        " review reviews reward ride ring rise risk risks rock roll ruin rule rules run runs rush sack"
        " sacrifice sail sanction sanctions scale scan scare schedule score scores scrap scream screen"
        " search second secure sense separate set sets shape share shares shed shelter shift shine"
        " ship ships shoot shore shoulder show shows sign signal signals signs sink slam slide slip"
        " slow smell smile smoke sound span spark spill spin split sponsor spot squeeze stab stage"
        " stall stand start state states stay step steps stick stop store storm storms strain strike"
        " strikes strip struggle studies study subject subjects suit sum supplies supply support"
        " surface surge surprise suspect suspects sweep swing switch talk talks target targets tear"
        " tears test tests text texts thank thanks tie ties top torture total touch tour track trade"
        " train trains transfer transport trap treat trigger trip trips triumph trouble troubles trust"
        " try turn tweet tweets twist update upset use uses value values veto view views visit visits"
        " volunteer volunteers vote votes vow vows wage wages wait walk ward warm warrant waste watch"
        " wave waves welcome whisper win wins wish wishes witness witnesses wonder wonders work works"
        " worries worry wound wounds wrap wreck yield yields"
    ).split()
)
"""Forms that are as often nouns: only their neighbours tell."""
_NOT_PAST: Final = frozenset(
    "hundred indeed red need seed speed breed feed bed led wed shed sacred naked rugged wicked hatred"
    " greed weed reed creed deed steed freed aged beloved united limited wretched agreed-upon infrared"
    " kindred".split()
) - {"freed"}
_NOT_ING: Final = frozenset(
    "thing king ring wing spring string nothing something anything everything morning evening"
    " building meeting wedding ceiling during beijing briefing hearing feeling finding ruling warning"
    " offering funding housing opening being sterling viking bring sing swing cling sling sting"
    " filing shooting bombing uprising gathering clothing banking painting recording setting training"
    " spending trading".split()
)
ROLES: Final = frozenset(
    "minister ministers president premier chancellor governor mayor senator lawmaker lawmakers judge"
    " court police officer official officials spokesman spokeswoman spokesperson prosecutor"
    " prosecutors lawyer lawyers analyst analysts expert experts scientist scientists researchers"
    " study report survey poll union unions ministry government army military navy envoy ambassador"
    " chief boss leader leaders director chairman chairwoman secretary general king queen prince pope"
    " bishop archbishop witness witnesses doctor doctors coach manager critics opposition campaigners"
    " rebels company firm bank un eu nato who imf pm mp mps ceo agency watchdog regulator"
    " author predecessor successor widow"
    " wife husband son daughter brother sister father mother colleague friend aide adviser advisor"
    " commander captain sergeant colonel founder editor owner professor teacher"
    " partner deputy head head-teacher member players player manager organiser organizer party"
    " economist economists residents".split()
)
"""Words for persons and bodies that speak in the news."""
_NOT_LY: Final = frozenset(
    "family supply reply assembly rally italy monopoly early daily weekly monthly yearly quarterly"
    " likely unlikely friendly elderly deadly only ugly lovely silly holy lonely costly orderly"
    " homely belly bully jelly fly apply comply rely multiply imply ally anomaly".split()
)


def _finite() -> dict[str, str]:
    table: dict[str, str] = {}
    for lemma in _COMMON.split():
        for form, letter in forms(lemma):
            table.setdefault(form, "G" if letter == "g" else "F" if letter in "bs" else "V")
    for form, verb in VERBS.items():
        letter = "G" if verb.form == "g" else "F" if verb.form in "bs" else "V"
        table.setdefault(form, letter)
    table.update(dict.fromkeys((*sorted(_IRREGULAR), *sorted(_PARTICIPLES)), "V"))
    for noun in _NOUNS_TOO:
        for form in (noun, noun + "s", noun + "es"):
            if table.get(form) == "F":
                table[form] = "f"
    return table


_OPEN: Final = _finite()


class Tagger(dict[str, str]):
    """The letter of each word, kept for the next time; `f` is a finite verb or a noun.

    >>> tags = Tagger()
    >>> [tags[word] for word in "the minister said talks WHO US us".split()]
    ['D', 'N', 'V', 'f', 'X', 'X', 'O']
    """

    __slots__ = ()

    def __missing__(self, word: str) -> str:
        """Guess a word that was not met before."""
        letter = self[word] = _guess(word)
        return letter


def _guess(word: str) -> str:
    lower = word.lower().replace("’", "'")
    if word in {"May", "March"}:
        return "Y"
    closed = _CLOSED.get(lower)
    if closed is not None:
        if len(word) > 1 and word.isupper() and word.isalpha() and closed not in {"Y", "K"}:
            return "X"  # US, IT, WHO
        return closed
    if word[0].isdigit():
        return "K"
    if word[0].isupper():
        return "X"
    return by_ending(lower)


def by_ending(lower: str) -> str:
    """The letter of a word in small letters that is in no closed list."""
    known = _OPEN.get(lower)
    if known is not None:
        return known
    if lower.endswith("ly") and len(lower) > 4 and lower not in _NOT_LY:
        return "R"
    if lower.endswith("ed") and len(lower) > 4 and lower not in _NOT_PAST and "-" not in lower:
        return "V"
    if lower.endswith("ing") and len(lower) > 5 and lower not in _NOT_ING and "-" not in lower:
        return "G"
    return "N"


def by_form(word: str) -> str:
    """The letter of a capitalised word at the head of a sentence: a name unless its form says else.

    >>> by_form("Writing"), by_form("Paris"), by_form("Clearly")
    ('G', 'X', 'R')
    """
    letter = by_ending(word.lower())
    return letter if letter in "VGR" else "X"

"""Words that say how surely and in what sense something is said: negation, hedges, modals, judgement.

Verbs that report stand under their lemma, as `kg.extract.lexicon` has it; everything else as the
word in the text, in small letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from kg.model import Certainty, Modality


class Sense(NamedTuple):
    """What a reporting verb does to what it reports; None leaves it to the words reported."""

    modality: Modality | None = None
    certainty: Certainty | None = None
    negative: bool = False


_CUES: Final[tuple[tuple[Sense, str], ...]] = (
    (
        Sense("question", "unspecified"),
        "ask inquire enquire wonder query quiz question probe gauge",
    ),
    (
        Sense("belief", "probable"),
        (
            "think believe suspect guess reckon assume presume suppose imagine sense infer conjecture"
            " gather surmise hypothesise hypothesize theorise theorize"
        ),
    ),
    (Sense("belief", "possible"), "fear speculate worry"),
    (
        Sense("belief"),
        "feel hold see view regard consider perceive know understand realise realize deem",
    ),
    (Sense("belief", "probable", negative=True), "doubt"),
    (Sense("prediction", "probable"), "expect anticipate envisage envision foresee"),
    (Sense("prediction"), "predict forecast prophesy"),
    (Sense("prediction", "possible"), "hope"),
    (
        Sense("demand"),
        "demand order require instruct command request mandate decree direct bid",
    ),
    (Sense("demand", negative=True), "forbid ban prohibit"),
    (
        Sense("recommendation"),
        (
            "urge recommend advise propose advocate encourage exhort implore beseech beg invite"
            " press plead counsel prompt appeal"
        ),
    ),
    (Sense("recommendation", negative=True), "discourage"),
    (
        Sense("commitment"),
        "promise pledge vow swear commit undertake guarantee agree offer volunteer intend",
    ),
    (Sense("commitment"), "threaten plan consent"),
    (Sense("commitment", negative=True), "refuse decline"),
    (
        Sense("evaluation"),
        (
            "praise criticise criticize condemn denounce decry deplore deride dismiss hail laud applaud slam"
            " blast lambaste ridicule mock welcome lament regret bemoan brand call label dub describe"
            " characterise characterize portray tout defend blame commend salute cheer"
        ),
    ),
    (Sense("evaluation", negative=True), "oppose"),
    (
        Sense(negative=True),
        "deny dispute reject refute rebut disavow disagree contradict disclaim repudiate",
    ),
    (Sense(certainty="probable"), "suggest imply hint indicate appear seem"),
)
CUES: Final[dict[str, Sense]] = {
    lemma: sense for sense, lemmas in _CUES for lemma in lemmas.split()
}
"""Reporting verbs whose sense goes over to what they report."""

PHRASES: Final[dict[tuple[str, str], Sense]] = {
    ("call", "for"): Sense("demand"),
    ("call", "on"): Sense("recommendation"),
    ("call", "upon"): Sense("recommendation"),
    ("ask", "to"): Sense("demand"),
    ("ask", "for"): Sense("demand"),
    ("press", "for"): Sense("demand"),
    ("plead", "for"): Sense("demand"),
    ("appeal", "for"): Sense("demand"),
    ("tell", "to"): Sense("demand"),
    ("insist", "on"): Sense("demand"),
    ("warn", "against"): Sense("recommendation", negative=True),
    ("argue", "against"): Sense("recommendation", negative=True),
    ("argue", "for"): Sense("recommendation"),
    ("rule", "out"): Sense(negative=True),
    ("push", "back"): Sense(negative=True),
}
"""The same for a verb with the word behind it, in the cue or at the head of what is reported."""

BELIEF: Final = frozenset(
    "think believe suspect guess reckon assume presume suppose imagine expect anticipate see feel know"
    " understand consider accept agree recognise recognize support want wish intend plan".split()
)
"""Verbs whose own negation is that of what they report: who does not think so thinks it is not so."""

NEGATIVES: Final = frozenset(
    "not never cannot neither nobody nothing none nowhere no hardly scarcely nor dont".split()
)
"""Words that turn a clause into its opposite; words in n't come beside them."""

HARMLESS: Final = frozenset(
    {
        *(("not", word) for word in ("only", "just", "merely", "simply", "least", "surprisingly")),
        *(
            ("no", word)
            for word in ("doubt", "fewer", "less", "matter", "wonder", "question", "sooner")
        ),
        *(("no", word) for word in ("1", "2", "3", "10", ".", "one's")),
        ("nothing", "but"),
        ("never", "mind"),
        ("none", "other"),
        ("cannot", "but"),
    }
)
"""Negations that deny nothing."""

ADVERSE: Final = frozenset(
    "unable inability unwilling unwillingness impossible impossibility unlikely futility futile refusal"
    " refuse refuses refused refusing fail fails failed failing failure lack lacks lacked lacking"
    " decline declines declined declining"
    " neglect neglects neglected untrue unfounded baseless groundless absent unaware incapable".split()
)
"""Words whose sense denies what depends on them."""

WITH_TO: Final = frozenset(
    "fail fails failed failing failure refusal decline declines declined declining neglect"
    " neglects neglected".split()
)
"""Those of them that do so before an infinitive only: prices may decline."""

BE: Final = frozenset("is are was were be been being am 's 're isn't aren't wasn't weren't".split())
AUXILIARIES: Final = BE | frozenset(
    "has have had do does did will would shall should can could may might must ought cannot won't can't"
    " wouldn't shouldn't couldn't mustn't hasn't haven't hadn't don't doesn't didn't 'll 'd 've it's he's"
    " she's that's there's they're we're you're i'm i've we've they've you've i'll we'll he'll she'll"
    " they'll you'll it'll i'd we'd he'd she'd they'd you'd who's what's remains remain remained became"
    " becomes become".split()
)
"""Words that show that a clause has its verb."""

WILL: Final = frozenset(
    "will shall won't shan't 'll i'll we'll he'll she'll they'll you'll it'll".split()
)
WOULD: Final = frozenset("would wouldn't i'd we'd he'd she'd they'd you'd it'd".split())
MIGHT: Final = frozenset({"may", "might", "could", "can"})
SHOULD: Final = frozenset({"should", "shouldn't", "ought"})
MUST: Final = frozenset({"must", "mustn't"})

POSSIBLY: Final = frozenset("possibly perhaps maybe potentially allegedly conceivably".split())
PROBABLY: Final = frozenset(
    "likely unlikely probably presumably apparently reportedly supposedly seemingly evidently doubtful"
    " ostensibly purportedly".split()
)
APPEAR: Final = frozenset("appear appears appeared seem seems seemed".split())
NOT_SEEMING: Final = frozenset(
    "in on at before as with alongside for and , . ; by during from here there under when after".split()
)
"""Words behind "appear" that make it a coming into sight."""

THINKING: Final = frozenset(
    "think thinks thought believe believes believed suspect suspects suspected guess assume assumes"
    " assumed presumed expect expects expected reckon suppose imagine doubt".split()
)
"""Verbs of thinking, which hedge in the first person and in the passive."""

REPORTING: Final = frozenset(
    "said says told tells claimed claims argued argues insisted insists announced announces denied denies"
    " confirmed confirms warned warns stated states wrote writes believes thinks knows suspects".split()
)
"""Verbs of saying and thinking, behind which it is somebody else's clause that follows."""

FORWARD: Final = frozenset(
    "set due poised bound about scheduled slated expected likely unlikely going".split()
)
"""Words that look ahead before an infinitive: "is set to"."""

FIRST: Final = frozenset({"i", "we"})
PRONOUNS: Final = frozenset({"i", "we", "he", "she", "they", "it"})
QUESTION_WORDS: Final = frozenset("what who whom whose which when where why how whether if".split())
RELATIVES: Final = frozenset(
    "who whom whose which where when whenever while whilst because although though whereas until than"
    " since after before lest wherever once".split()
)
"""Words that open a clause beneath the main one."""

LEADING: Final = frozenset(
    "if unless when whenever while whilst after although though because since before until once given"
    " provided despite as whereas even".split()
)
"""Those that may open a sentence, whose main clause then follows a comma."""

THAT_GOES_ON: Final = frozenset(
    "think believe likely unlikely possible possibility clear true hope sure certain appears seems"
    " appear appeared seemed probable conceivable suspect believed thought fact so such impossible"
    " doubt doubtful expected not".split()
)
"""Words before "that" whose clause is still what the main clause says."""

IF_WORDS: Final = frozenset({"if", "unless"})

SHOULD_BE: Final = frozenset("able ready complete available arrive finished over soon done".split())
"""Words behind "should" with which it expects: it should be ready by May."""

JUDGING: Final = frozenset(
    "good bad better best worse worst great terrible awful dreadful horrible horrific appalling shocking"
    " wonderful excellent brilliant fantastic superb outstanding amazing incredible remarkable impressive"
    " disappointing frustrating embarrassing shameful disgraceful outrageous unacceptable intolerable"
    " inexcusable unforgivable unfair unjust fair wrong mistaken foolish stupid silly absurd ridiculous"
    " ludicrous nonsense dangerous reckless irresponsible cruel brutal barbaric evil cowardly heinous"
    " important crucial vital essential necessary unnecessary critical urgent serious grave"
    " significant major historic unprecedented extraordinary exceptional unique typical tragic"
    " sad unfortunate regrettable alarming worrying troubling disturbing concerning welcome promising"
    " encouraging positive negative constructive productive helpful unhelpful useful useless futile"
    " pointless meaningless ineffective successful unsuccessful weak poor powerful"
    " hard difficult tough easy simple complex complicated problematic controversial hypocritical naive"
    " unrealistic realistic reasonable unreasonable sensible wise unwise smart clever clear obvious"
    " surprising unsurprising interesting boring beautiful ugly perfect flawed misleading cheap"
    " inadequate insufficient proper improper appropriate inappropriate legitimate illegitimate"
    " disaster catastrophe tragedy outrage disgrace shame scandal failure success triumph victory mistake"
    " error blunder problem challenge obstacle threat danger risk crisis nightmare joke farce fiasco"
    " insult betrayal hypocrisy breakthrough stalemate setback milestone blessing burden miracle honour"
    " honor privilege masterpiece genius hero coward deal-breaker"
    " game-changer irony ironically unfortunately fortunately sadly"
    " thankfully regrettably surprisingly hopefully clearly obviously frankly rightly wrongly deserve"
    " deserves deserved triumphs undermines undermined complicate complicates harms"
    " hurts damages worsens improves hinders endangers jeopardises jeopardizes ruins spoils worth worthy"
    " unhelpful inevitable".split()
)
"""Words of judgement: who uses them does not only tell what is the case."""

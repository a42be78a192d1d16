"""Whether a source says that something is so, how surely, and in what sense it says it.

Read off the words of the main clause and off the verb that reports them, by the conventions of
the founding corpus: negation by particle or by sense, certainty as the source puts it, modality
as what kind of speech it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.hedges import (
    ADVERSE,
    APPEAR,
    AUXILIARIES,
    BE,
    BELIEF,
    CUES,
    FIRST,
    FORWARD,
    HARMLESS,
    IF_WORDS,
    JUDGING,
    LEADING,
    MIGHT,
    MUST,
    NEGATIVES,
    NOT_SEEMING,
    PHRASES,
    POSSIBLY,
    PROBABLY,
    PRONOUNS,
    QUESTION_WORDS,
    RELATIVES,
    REPORTING,
    SHOULD,
    SHOULD_BE,
    THAT_GOES_ON,
    THINKING,
    WILL,
    WITH_TO,
    WOULD,
    Sense,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.attribution import Attribution
    from kg.extract.prose import Prose
    from kg.model import Certainty, Modality, Polarity, Span

_REACH: Final = 60
"""Words that are looked at; a main clause that has not come by then is not followed further."""

_PLAIN: Final = Sense()
_PHRASED: Final = frozenset(lemma for lemma, _ in PHRASES)
_ACTS: Final = frozenset({"demand", "recommendation", "commitment"})
_MARKS: Final = frozenset("\"'“”‘’„«»`()[]*") | {"``", "''"}
_OPENERS: Final = frozenset({"that", "and", "but", "yet", "so", ",", "…", "...", "-", "–", "—"})
_STOPS: Final = frozenset({";", ":", "—", "–", "--"})
_ENDS: Final = frozenset({".", "!", "?", "…"})

_TELLING: Final = frozenset().union(
    *(ADVERSE, APPEAR, FORWARD, JUDGING, MIGHT, MUST, NEGATIVES, POSSIBLY, PROBABLY, SHOULD),
    *(THINKING, WILL, WOULD),
    "be can't cannot couldn't going have 've let's need needs possibility possible potential".split(),
    "responsibility so threaten threatening threatens too very".split(),
)
"""Words of which `_mark` makes something, beside those that end in `n't`."""


class Factuality(NamedTuple):
    """What a claim's words make of what they say."""

    polarity: Polarity
    certainty: Certainty
    modality: Modality


@dataclass(slots=True)
class _Clause:
    """What the words of a main clause show."""

    words: list[str]
    negations: int = 0
    possible: bool = False
    probable: bool = False
    conditional: bool = False
    ahead: bool = False
    judging: bool = False
    modals: list[str] = field(default_factory=list)
    subject: str = ""
    bare_be: bool = False


def factuality(
    prose: Prose, attribution: Attribution | None, content: Sequence[Span]
) -> Factuality:
    """The polarity, certainty and modality of a claim; `attribution` is None for the author's own.

    >>> from kg.extract.prose import Prose
    >>> from kg.model import Span
    >>> text = "The ferry may not sail."
    >>> factuality(Prose(text), None, (Span(0, len(text)),))
    Factuality(polarity='negative', certainty='possible', modality='prediction')
    """
    words, asked = _words(prose, content)
    sense = _sense(prose, attribution, words)
    if asked or sense.modality == "question":
        return Factuality("positive", "unspecified", "question")
    clause = _read(words)
    negative = clause.negations % 2 == 1
    unsaid = False
    if attribution is not None and attribution.negated:
        if attribution.verb in BELIEF:
            negative = not negative
        else:
            unsaid = True
    direct = attribution is not None and attribution.kind == "direct"
    if sense.negative and not unsaid and not direct:  # words in quotation marks deny by themselves
        negative = not negative
    if sense.modality is None:
        sense = _performed(words, sense)
    modality = _modality(clause, sense, attribution is not None)
    certainty = "unspecified" if unsaid else _certainty(clause, sense, modality)
    return Factuality("negative" if negative else "positive", certainty, modality)


def _words(prose: Prose, content: Sequence[Span]) -> tuple[list[str], bool]:
    """The words of the content in small letters, as many as are looked at; and whether it asks."""
    lower, words = prose.lower, prose.words
    found: list[str] = []
    asked = False
    for start, end in sorted(content):
        if end <= start:
            continue
        first = prose.word_at(start)
        last = prose.word_at(end - 1)
        part = lower[first : min(last + 1, first + _REACH)]
        if "may" in part[1:]:  # the month is no modal
            months = [word == "May" for word in words[first + 1 : first + len(part)]]
            part[1:] = ["" if m else word for m, word in zip(months, part[1:], strict=True)]
        found += part
        while last > first and lower[min(last, len(lower) - 1)] in _MARKS:
            last -= 1
        asked = asked or (last < len(lower) and lower[last] == "?")
        asked = asked or (
            last + 1 < len(lower) and lower[last + 1] == "?" and end == content[-1][1]
        )
    return [word for word in found if word not in _MARKS][:_REACH], asked


def _sense(prose: Prose, attribution: Attribution | None, words: list[str]) -> Sense:
    if attribution is None:
        return _PLAIN
    lemma, _, particle = attribution.verb.partition(" ")
    head = next((word for word in words if word != "that"), "")
    if lemma in _PHRASED:
        cue = [
            word
            for start, end in attribution.cue[:2]
            if end > start
            for word in prose.lower[prose.word_at(start) : prose.word_at(end - 1) + 1]
        ]
        further = words[1:4] if lemma in {"ask", "tell"} else []  # "asked the board to wait"
        for word in (particle, head, *cue[-3:], *further):
            phrase = PHRASES.get((lemma, word))
            if phrase is not None and not (word == "to" and head in QUESTION_WORDS):
                return phrase
    if lemma == "ask" and head not in QUESTION_WORDS and "to" in words[:8]:
        return PHRASES["ask", "to"]
    return CUES.get(lemma, _PLAIN)


def _performed(words: list[str], sense: Sense) -> Sense:
    """The sense with what a first person does by saying so: "We urge …", "I also demand …"."""
    for i, word in enumerate(words[:4]):
        if word in FIRST:
            for verb in words[i + 1 : i + 3]:
                done = CUES.get(verb, _PLAIN)
                if done.modality in _ACTS:
                    return sense._replace(modality=done.modality)
    return sense


def _read(words: list[str]) -> _Clause:
    """What the main clause shows, word by word up to where another clause begins."""
    clause = _Clause(words)
    at, end = _opening(clause, words)
    if at < end and words[at] == "without":
        clause.negations += 1
    verb = False  # the main clause has shown its verb
    beneath = 0  # 1 inside a relative clause of the subject, 2 when that has shown its verb
    last = -9  # the last auxiliary
    if at < end:
        clause.subject = words[at]
    for i in range(at, end):
        word = words[i]
        if word in _ENDS or word in _STOPS:
            if verb or word in _ENDS:
                break
            continue
        if word == ",":
            beneath = 0
            continue
        condition = word in IF_WORDS or (
            word in {"provided", "providing"} and words[i + 1 : i + 2] == ["that"]
        )
        if i > at and (word in RELATIVES or condition or (word == "that" and not verb)):
            before = words[i - 1]
            if word == "that" and before in THAT_GOES_ON:
                continue
            if condition and (verb or i > at + 3) and before not in {"as", "or", "and"}:
                clause.conditional = True
            if verb:
                break
            beneath = 1
            continue
        if (
            word == "that"
            and i > at
            and words[i - 1] not in THAT_GOES_ON
            and words[i - 1] not in BE
        ):
            break
        auxiliary = word in AUXILIARIES or word.endswith("n't")
        if beneath:
            if auxiliary and i - last > 2:
                beneath += 1
            if auxiliary:
                last = i
            if beneath < 3:
                continue
            beneath = 0
        if word in {"and", "but", "or"} and verb:
            break
        if auxiliary:
            last = i
        verb = verb or auxiliary or (word.endswith("ed") and len(word) > 4 and i > at)
        if word in _TELLING or word.endswith("n't"):
            _mark(clause, words, i, end)
        if word in REPORTING and i > at and words[i - 1] not in BE:
            break
    return clause


def _opening(clause: _Clause, words: list[str]) -> tuple[int, int]:
    """Where the main clause begins, behind a clause that opens the sentence, and where words end."""
    at, end = 0, len(words)
    while at < end and words[at] in _OPENERS:
        at += 1
    if at < end and (words[at] in LEADING or words[at] == "especially"):
        opens = words[at : at + 2]
        if any(word in IF_WORDS for word in opens):
            clause.conditional = True
        comma = next((i for i in range(at, end) if words[i] == ","), end)
        if end - comma > 2:
            at = comma + 1
        elif clause.conditional:
            clause.possible = True
            at += 1 + (opens[0] not in IF_WORDS)
        else:
            at += 1
    if at < end and words[at] in {"had", "were", "should"} and "would" in words:
        clause.conditional = True  # "Had it rained, it would have fallen"
    if (
        at + 1 < end
        and words[at] == "the"
        and words[at + 1] in {"sooner", "more", "longer", "less"}
    ):
        clause.conditional = words[at + 2 :].count("the") > 0 and words[at + 1] in words[at + 3 :]
    return at, end


def _mark(clause: _Clause, words: list[str], i: int, end: int) -> None:
    """Count in what one word of the main clause shows."""
    word = words[i]
    after = words[i + 1] if i + 1 < end else ""
    before = words[i - 1] if i else ""
    if word in NEGATIVES or (word.endswith("n't") and len(word) > 3):
        _negate(clause, words, i, before, after)
    elif word in ADVERSE and (word not in WITH_TO or after == "to"):
        clause.negations += 1
    if word in MIGHT:
        denied = after in {"not", "never"} or clause.negations % 2 == 1  # "nobody can mend it"
        clause.possible |= word in {"may", "might"} or not denied
        state = not {"be", "have"}.isdisjoint(words[i + 1 : i + 3])
        clause.modals.append(f"{word} {'be' if state else ''}")
    elif word in {"can't", "cannot", "couldn't"}:
        pass
    elif word in WILL or word in WOULD or word in SHOULD or word in MUST:
        clause.modals.append(f"{word} {after}")
        if word == "should" and not SHOULD_BE.isdisjoint(words[i + 1 : i + 3]):
            clause.modals[-1] = "will"
            clause.probable = True
        elif word == "must" and after == "have":
            clause.modals.pop()
            clause.probable = True
    elif word in POSSIBLY or (word == "possible" and (before in BE or before in APPEAR)):
        clause.possible = True
    elif word in PROBABLY:
        clause.probable = True
        clause.ahead |= after == "to"
    elif word in APPEAR:
        clause.probable |= after not in NOT_SEEMING and bool(after)
    elif word in THINKING and (before in BE or before in FIRST or words[max(0, i - 2)] in FIRST):
        clause.probable = True
        clause.ahead |= word == "expected" and after == "to"
    elif (word in {"threaten", "threatens", "threatening"} and after == "to") or (
        word == "potential" and after == "to"
    ):
        clause.possible = clause.ahead = True
    elif word == "possibility" and not BE.isdisjoint(words[max(0, i - 3) : i]):
        clause.possible = True
    elif (
        word == "going" and after == "to" and (before in BE or before.endswith(("'re", "'m", "'s")))
    ):
        clause.modals.append("will")
    elif word in FORWARD and after == "to" and before in BE:
        clause.ahead = True
    elif (
        (word in {"need", "needs"} and after == "to" and before not in {"no", "not", "the", "a"})
        or (word in {"have", "'ve"} and after in {"to", "got"} and before == "we")
        or word == "let's"
        or (word == "responsibility" and after == "to")
    ):
        clause.modals.append("should")
    elif (
        word == "be"
        and before not in AUXILIARIES
        and before not in {"to", "not", "also", "n't", "never"}
    ):
        clause.bare_be = True
    if word in JUDGING or (word in {"so", "too", "very"} and before in BE):
        clause.judging = True


def _negate(clause: _Clause, words: list[str], i: int, before: str, after: str) -> None:
    word = words[i]
    if (word, after) in HARMLESS or (word == "no" and before in {"with", "or"}):
        return
    if word == "no" and after in {"more", "other"} and "than" in words[i + 2 : i + 3]:
        return
    if word == "nor" and i > 0:
        return
    clause.negations += 1


def _modality(clause: _Clause, sense: Sense, reported: bool) -> Modality:
    if sense.modality in _ACTS:
        return sense.modality
    if clause.conditional:
        return "conditional"
    will = False
    for modal in clause.modals:
        word = modal.partition(" ")[0]
        if word in MUST:
            return "demand" if reported else "recommendation"
        if word in SHOULD:
            return "recommendation"
        will = will or word in WILL or word in WOULD
    if clause.bare_be and reported and sense.modality is None and not clause.modals:
        return "demand"  # insisted that it be done
    if will:
        own = reported and clause.subject in PRONOUNS and sense.modality is None
        being = any(modal.endswith((" be", " have")) for modal in clause.modals)
        return "commitment" if own and not being else "prediction"
    if clause.ahead:
        return "prediction"
    if any(modal in {"may ", "might ", "could "} for modal in clause.modals):
        return "prediction"
    if sense.modality is not None:
        return sense.modality
    return "evaluation" if clause.judging else "assertion"


def _certainty(clause: _Clause, sense: Sense, modality: Modality) -> Certainty:
    if clause.possible:
        return "possible"
    if sense.certainty is not None:
        return sense.certainty
    if clause.probable and modality not in {"demand", "commitment"}:
        return "probable"
    return "certain"

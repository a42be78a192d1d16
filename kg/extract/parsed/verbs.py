"""Verbs that report, and what each may have after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.lexicon import PARTICLES, PHRASES, VERBS, Verb
from kg.extract.parsed.clauses import Cue, clause, clause_end, complement, set_in, tail
from kg.extract.parsed.frame import Frame, frame
from kg.extract.parsed.phrases import (
    Range,
    agent,
    antecedent,
    beside,
    cue,
    inverted,
    passive,
    phrase,
    subject,
)
from kg.extract.parsed.quoted import quoted

if TYPE_CHECKING:
    from kg.extract.parsed.tree import Tree

_OWN_WISHES: Final = frozenset("expect hope intend want wish".split())
"""Verbs that tell of what somebody would like to do, which is not yet to say so."""
_REFUSALS: Final = frozenset("decline refuse".split())
_SPEAKING: Final = frozenset(
    "answer comment discuss elaborate reply respond say speak specify talk tell".split()
)
"""What one declines to do so that nothing is said; or nothing but what a clause behind it tells."""
_GOING: Final = frozenset("go goes going gone went".split())
_POINTING: Final = frozenset("this that these those it them him her".split())


def verbal(tree: Tree, verb: int, previous: Frame | None) -> Frame | None:
    """What a verb reports; `previous` is the report before it, which it may go on with."""
    entry, words = _entry(tree, verb)
    if entry is None:
        return None
    is_passive, head, own = False, None, True
    if _as_quoted(tree, verb):
        words = (cue(tree, verb - 2)[0], words[1])
        head = tree.child(verb - 2, "nsubj:pass", "nsubj")
    elif passive(tree, verb):
        is_passive, head = True, agent(tree, verb)
        if entry.sense == "ask":
            return None
    else:
        head, own = subject(tree, verb)
    source = phrase(tree, head, words) if head is not None else None
    if head is not None and tree.tags[head] in {"WP", "WDT"}:
        source = _before_relative(tree, verb, head) or source
    if source is None and not is_passive:
        source = beside(tree, verb, words)
    if is_passive and source is not None:
        # was told by doctors | that …, was accused by prosecutors | of …
        stops = (i for i in range(*source) if tree.lower[i] in {"that", "of"} and i > source[0])
        if "a" in entry.frames or "t" in entry.frames:
            source = (source[0], next(stops, source[1]))
    if not is_passive and "n" in entry.frames:
        source = inverted(tree, verb, words) or source
    if not own and previous is not None and _continues(tree, previous, verb, words[0]):
        source = previous.source
    at = Cue(verb, words, entry.frames, source)
    content, pattern = _finite(tree, at, is_passive=is_passive)
    if not content:
        content, pattern = _other(tree, at, entry, is_passive=is_passive)
        if source is None and not is_passive:
            return None
    if source is None and entry.sense == "ask":
        return None
    infinitive = tree.lower[max(verb - 1, 0)] == "to" and words == (verb, verb + 1)
    if content and infinitive and tree.tags[content[0][0]] in {"WRB", "WP", "WDT"}:
        return None  # summoned to explain why
    if not content:
        return None
    return frame(tree, at, content, verb=entry.lemma, pattern=pattern)


def _before_relative(tree: Tree, verb: int, pronoun: int) -> Range | None:
    """Whom a relative pronoun stands for: `a nurse, who said that`."""
    head = antecedent(tree, verb)
    if head is None or head >= pronoun:
        return None
    found = phrase(tree, head, (pronoun, pronoun + 1))
    if found is None or found[1] > pronoun:
        return None
    cleft = max((i + 1 for i in range(found[0], head) if tree.finite(i)), default=found[0])
    return cleft, found[1]  # it was Lee who said


def _entry(tree: Tree, verb: int) -> tuple[Verb | None, Range]:
    """What the lexicon says of a verb, with the particle that belongs to it."""
    words = cue(tree, verb)
    entry = VERBS.get(tree.lower[verb])
    particles = PARTICLES.get(tree.lower[verb])
    if tree.lower[verb] == "put" and tree.lower[verb + 1 : verb + 2] == ["it"]:
        return Verb("put it", "", "say", "qn"), (words[0], verb + 2)
    first = _to_say(tree, words[0])
    if first is not None and entry is not None:
        words = (first, words[1])
    if particles and verb + 1 < len(tree) and tree.lower[verb + 1] in particles:
        particle = tree.lower[verb + 1]
        lemma = particles[particle]
        words = (words[0], max(words[1], verb + 2))
        entry = Verb(f"{lemma} {particle}", "", "say", PHRASES[lemma, particle])
    return entry, words


def _to_say(tree: Tree, first: int) -> int | None:
    """Where a cue of two verbs begins: `went on to say`, `declined to say`."""
    before = first - 2
    if before < 1 or tree.lower[first - 1] != "to":
        return None
    if tree.lower[before] == "on" and tree.lower[before - 1] in _GOING:
        return cue(tree, before - 1)[0]
    entry = VERBS.get(tree.lower[before])
    return cue(tree, before)[0] if entry is not None and entry.lemma in _REFUSALS else None


def _as_quoted(tree: Tree, verb: int) -> bool:
    """Whether a verb is the second of `was quoted as saying`."""
    return (
        tree.tags[verb] == "VBG"
        and verb > 1
        and tree.lower[verb - 1] == "as"
        and tree.lower[verb - 2] in {"quoted", "cited", "reported"}
        and tree.child(verb - 2, "nsubj:pass", "nsubj") is not None
    )


def _continues(tree: Tree, previous: Frame, verb: int, first: int) -> bool:
    """Whether a cue goes on where the content before it ends: `said A, adding B`, `said A and added B`."""
    return (
        previous.at < verb
        and tree.quotes[previous.at] == tree.quotes[verb]
        and previous.content[-1][1] in {first - 1, first - 2}
        and (tree.tags[first - 1] == "CC" or tree.words[first - 1] == ",")
        and previous.source is not None
    )


def _finite(tree: Tree, at: Cue, *, is_passive: bool) -> tuple[list[Range], str]:
    """A quotation or a clause with a finite verb as content."""
    verb, takes = at.verb, set(at.frames)
    head = complement(tree, verb, at.frames)
    if at.source and at.source[0] == at.words[1] and head is not None and head > verb:
        head = None  # set in: what the parser hung behind it is the rest of the clause around it
    if "q" in takes and tree.quotes[verb] < 0:
        content, side = quoted(tree, at, head)
        if content and not (is_passive and at.source is None and tree.relations[verb] == "acl"):
            return content, f"quotation {side}"
    if head is not None and head > verb and takes & set("tcnw"):
        return clause(tree, at, head), "clause"
    content = set_in(tree, at)
    if content:
        return content, "set in"
    if head is not None and takes & set("tcnw"):
        return clause(tree, at, head), "clause"
    if tree.relations[verb] == "parataxis" and "n" in takes and at.source:
        content = _around(tree, at)
        if content:
            return content, "set in"
    if takes & set("tcn") and not (is_passive and tree.relations[verb] == "acl"):
        return tail(tree, at), "tail"
    return [], ""


def _around(tree: Tree, at: Cue) -> list[Range]:
    """The clause that a cue is set into: `the talks, he said, will resume`."""
    begins, limit = tree.sentences[tree.sentence[at.verb]]
    head = tree.heads[at.verb]
    if not begins <= head < limit or tree.quotes[head] != tree.quotes[at.verb]:
        return []
    first, end = min(tree.lefts[at.verb], at.before()), tree.rights[at.verb] + 1
    rest = (end, max(tree.rights[head] + 1, end))
    while rest[0] < rest[1] and not tree.words[rest[0]][0].isalnum():
        rest = (rest[0] + 1, rest[1])
    ahead = (min(tree.lefts[head], first), first)
    if rest[0] < rest[1] and tree.tags[rest[0]] == "VBG":
        return [ahead]  # …, the paper said, citing officials
    return [ahead, rest]


def _other(tree: Tree, at: Cue, entry: Verb, *, is_passive: bool) -> tuple[list[Range], str]:
    """An infinitive, a judgement or a noun as content."""
    verb, takes = at.verb, at.frames
    infinitive = _infinitive(tree, verb)
    if infinitive is not None and not is_passive:
        first, end = tree.lefts[infinitive], _whole(tree, infinitive)
        if entry.lemma in _REFUSALS and tree.lower[infinitive] in _SPEAKING:
            return [], ""
        if "i" in takes and entry.lemma not in _OWN_WISHES:
            return [(max(first, at.behind()), end)], "infinitive"
        whom = tree.child(verb, "obj", "iobj", "obl") or tree.child(infinitive, "nsubj")
        if "u" in takes and whom is not None and verb < whom < infinitive:
            return [(max(min(first, tree.lefts[whom]), at.behind()), end)], "urge"
    if (
        is_passive
        and infinitive is not None
        and entry.sense in {"say", "think", "show"}
        and "o" not in takes
    ):
        content = [(max(tree.lefts[infinitive], at.behind()), tree.rights[infinitive] + 1)]
        return _with_subject(tree, at, content), "passive"
    if "j" in takes:
        content = _judged(tree, at) if is_passive else _judgement(tree, at)
        if content:
            return content, "judgement"
    if "a" in takes:
        content = _accusation(tree, at, is_passive=is_passive)
        if content:
            return content, "accusation"
    if "p" in takes and " " in entry.lemma:
        for child in tree.children[verb]:
            case = tree.child(child, "case")
            if child > verb and (case == verb + 1 or child == verb + 1):
                return [(verb + 2, tree.rights[child] + 1)], "preposition"
    if "g" in takes and not is_passive:
        doing = tree.child(verb, "xcomp", "ccomp", "advcl")
        if doing is not None and doing == verb + 1 and tree.tags[doing] == "VBG":
            return [(doing, tree.rights[doing] + 1)], "gerund"
    if entry.lemma == "deny" and not is_passive:
        thing = tree.child(verb, "obj")
        if thing is not None and thing > verb and _says_what(tree, thing):
            return [(max(tree.lefts[thing], at.behind()), tree.rights[thing] + 1)], "object"
    return [], ""


def _infinitive(tree: Tree, verb: int) -> int | None:
    """The infinitive that a verb takes, whatever the parser calls it."""
    for child in tree.children[verb]:
        if child > verb and tree.relations[child] in {"xcomp", "ccomp", "advcl"}:
            between = tree.lower[verb + 1 : child]
            if (
                "to" in between
                and "order" not in between
                and (tree.tags[child] in {"VB", "VBN"} or tree.child(child, "cop") is not None)
            ):
                return child
    return None


def _whole(tree: Tree, infinitive: int) -> int:
    """Where an infinitive ends, with the condition or the time that follows it."""
    end = tree.rights[infinitive] + 1
    limit = tree.sentences[tree.sentence[infinitive]][1]
    if end < limit and tree.tags[end] in {"IN", "WRB"} and tree.quotes[end] == tree.quotes[end - 1]:
        return clause_end(tree, infinitive, end, limit)
    return end


def _with_subject(tree: Tree, at: Cue, content: list[Range]) -> list[Range]:
    """The content of a passive, with its subject, of which it is said."""
    of_whom = tree.child(at.verb, "nsubj:pass", "nsubj")
    if of_whom is not None and of_whom < at.verb:
        span = phrase(tree, of_whom, at.words)
        if span is not None:
            return [span, *content]
    return content


def _judgement(tree: Tree, at: Cue) -> list[Range]:
    """What is called or described, and as what."""
    thing = tree.child(at.verb, "obj")
    if thing is None or thing < at.verb:
        whole = tree.child(at.verb, "ccomp")
        if whole is not None and whole > at.verb and tree.child(whole, "nsubj") is not None:
            return [(max(tree.lefts[whole], at.behind()), tree.rights[whole] + 1)]
        return []
    quoted_end = max(
        (tree.quotations[q][1] for q in set(tree.quotes[thing : tree.rights[thing] + 2]) if q >= 0),
        default=0,
    )
    if quoted_end and tree.quotes[at.verb] < 0 and tree.quotes[thing] < 0:
        return [(max(tree.lefts[thing], at.behind()), quoted_end)]
    ends = [
        tree.rights[child] + 1
        for child in tree.children[at.verb]
        if child > thing
        and (
            tree.relations[child] in {"xcomp", "ccomp"}
            or tree.lower[child] == "as"
            or any(tree.lower[i] == "as" for i in tree.children[child])
        )
    ]
    return [(max(tree.lefts[thing], at.behind()), max(ends))] if ends else []


def _judged(tree: Tree, at: Cue) -> list[Range]:
    """Who or what is described, and as what."""
    for child in tree.children[at.verb]:
        says_as = tree.lower[child] == "as" or any(
            tree.lower[i] == "as" for i in tree.children[child]
        )
        if child > at.verb and says_as and tree.child(at.verb, "nsubj:pass") is not None:
            return _with_subject(tree, at, [(tree.lefts[child], tree.rights[child] + 1)])
    return []


def _accusation(tree: Tree, at: Cue, *, is_passive: bool) -> list[Range]:
    """Who is blamed, and of what."""
    whom = tree.child(at.verb, "nsubj:pass" if is_passive else "obj")
    limit = tree.sentences[tree.sentence[at.verb]][1]
    if whom is None:
        return []
    for i in range(at.verb + 1, limit):
        if tree.lower[i] in {"of", "for"} and (is_passive or i > whom):
            end = max(tree.rights[k] for k in (tree.heads[i], i) if k > at.verb) + 1
            return (
                _with_subject(tree, at, [(i, end)])
                if is_passive
                else [(max(tree.lefts[whom], at.behind()), end)]
            )
        if tree.finite(i):
            break
    return []


def _says_what(tree: Tree, thing: int) -> bool:
    """Whether a noun phrase has a content of its own, and does not point to one elsewhere."""
    first = tree.lefts[thing]
    return tree.tags[thing] in {"NN", "NNS"} and tree.lower[first] not in _POINTING

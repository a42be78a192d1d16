"""Phrases of a tree: the subject of a verb, the words that name a source, the words of a cue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kg.extract.parsed.tree import Tree

Range = tuple[int, int]
"""Tokens from the first to before the second."""

EDGE: Final = frozenset(", ; : - – — -- . ! ? …".split())
"""Marks that stand beside a phrase and not in it."""
RELATIVE: Final = frozenset("who which that whose whom".split())
DAYS: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june"
    " july august september october november december yesterday today tomorrow".split()
)
_LEADING: Final = frozenset("CC IN RB WRB UH , : `` ''".split())
_CIRCUMSTANCE: Final = frozenset(
    "on in at during after before when while last this yesterday today through via by as late early"
    " speaking writing".split()
)
"""Words that begin what was said when, where and how, behind a comma."""
_SPELLS: Final = frozenset("year week month day night morning evening afternoon time".split())
_REDUCED: Final = 12
"""Words that a participle or adjective behind a subject may have with it."""
NOUN_PHRASE: Final = frozenset("NNP NNPS DT PRP NN NNS JJ CD PRP$ POS HYPH VBN".split())
_MIDWAY: Final = frozenset("when where how so".split())


def trim(tree: Tree, first: int, end: int) -> Range:
    """Leave out the punctuation at both ends."""
    while first < end and tree.lower[first] in EDGE:
        first += 1
    while end > first and tree.lower[end - 1] in EDGE:
        end -= 1
    return first, end


def subject(tree: Tree, verb: int, depth: int = 0) -> tuple[int | None, bool]:
    """The head of a verb's subject, and whether it is the verb's own.

    A verb without one has that of the clause that it is joined to: `said A and added B`, `left,
    saying that C`, `men accused of D`.
    """
    owns = [
        child
        for child in tree.children[verb]
        if tree.relations[child] in {"nsubj", "nsubj:pass"} and not tree.finite(child)
    ]
    if owns:  # the nearest: “the letter, Lee insisted, was real”; but “coach Ana Lee said” is one
        near = min(owns, key=lambda child: (abs(child - verb), child))
        for own in sorted(owns, reverse=True):
            if tree.rights[own] + 1 == tree.lefts[near] and tree.words[tree.rights[own]] != ",":
                near = own
        return near, True
    relation, head = tree.relations[verb], tree.heads[verb]
    if head == verb or depth > 4:
        return None, False
    if relation in {"acl", "acl:relcl"}:
        return (head if tree.nominal(head) else None), False
    if relation == "ccomp" and tree.tags[verb] not in {"VBG", "VB"}:
        return None, False
    joined = relation in {"conj", "advcl", "xcomp", "parataxis", "dep", "ccomp", "attr"}
    if joined and (tree.verbal(head) or tree.tags[head][:2] in {"JJ", "NN"}):
        return subject(tree, head, depth + 1)[0], relation == "attr"
    return None, False


def antecedent(tree: Tree, verb: int) -> int | None:
    """What the relative clause hangs on in which a verb stands."""
    for _ in range(4):
        if tree.relations[verb] == "acl:relcl":
            head = tree.heads[verb]
            return head if tree.nominal(head) and head < verb else None
        verb = tree.heads[verb]
    return None


def passive(tree: Tree, verb: int) -> bool:
    """Whether the subject of a verb is what is said, or whom it is said to."""
    if tree.tags[verb] not in {"VBN", "VBD"}:
        return False
    if tree.child(verb, "aux:pass") is not None:
        return True
    if tree.tags[verb] == "VBD":
        return False
    if tree.child(verb, "nsubj:pass") is not None:
        return True
    if tree.child(verb, "aux", "nsubj") is not None:
        return False
    head = tree.heads[verb]
    if tree.relations[verb] == "conj" and head != verb:
        return tree.child(head, "aux:pass", "nsubj:pass") is not None
    return tree.relations[verb] == "acl"


def agent(tree: Tree, verb: int) -> int | None:
    """Who does what a passive verb says: `was told by his lawyer`."""
    for child in tree.children[verb]:
        if tree.relations[child] == "agent":
            return tree.child(child, "pobj")
        if tree.relations[child] == "obl":
            case = tree.child(child, "case")
            if case is not None and tree.lower[case] == "by":
                return child
    return None


def cue(tree: Tree, verb: int) -> Range:
    """A verb with the auxiliaries, adverbs and negations before it, and its particle."""
    first = verb
    while first:
        before = first - 1
        if tree.quotes[before] != tree.quotes[verb] or tree.tags[before] == "TO":
            break
        helps = tree.relations[before] in {"aux", "aux:pass", "cop"}
        adverb = tree.tags[before] == "RB" and tree.lower[before] not in _MIDWAY
        between = before > 0 and tree.relations[before - 1] in {"aux", "aux:pass"}
        if not (helps and tree.heads[before] in {verb, tree.heads[verb]}) and not (
            adverb and (tree.heads[before] == verb or between)
        ):
            break
        first = before
    end = verb + 1
    if end < len(tree) and tree.relations[end] == "compound:prt" and tree.heads[end] == verb:
        end += 1
    return first, end


def phrase(tree: Tree, head: int, beside: Range) -> Range | None:
    """The noun phrase of a head, with its title and appositions, on its side of a cue."""
    first, end = tree.lefts[head], tree.rights[head] + 1
    if head < beside[0]:
        end = _up_to(tree, min(end, beside[0]), beside[0])
    else:
        first = max(first, beside[1])
    for i in range(head, end):
        if tree.quotes[i] != tree.quotes[head] and tree.speech(tree.quotes[i]):
            end = i
            break
    for i in range(head, first, -1):
        if tree.quotes[i - 1] != tree.quotes[head] and tree.speech(tree.quotes[i - 1]):
            first = i
            break
    while first < head and (tree.tags[first] in _LEADING or tree.lower[first] in EDGE):
        own = tree.tags[first] == "RB" and tree.heads[first] == head
        own = own or tree.lower[first] in {"neither", "both", "either"}
        if own or (tree.tags[first] == "``" and tree.quotes[first] >= 0):
            break
        first += 1
    end = _before_circumstance(tree, head, end, before=head < beside[0])
    if head < beside[0] and end > beside[0] - 3:
        end = _before_day(tree, head, end)
    if head < beside[0]:
        first = _from_title(tree, first)
    first, end = trim(tree, first, end)
    return (first, end) if first < end else None


def _from_title(tree: Tree, first: int) -> int:
    """Stretch a subject back over a title, a possessor or a noun before its preposition."""
    begins = tree.sentences[tree.sentence[first]][0]
    i = first
    while i > begins and tree.tags[i - 1] in {"NNP", "NNPS", "POS", "NN", "DT"}:
        if tree.lower[i - 1] in DAYS or tree.lower[i - 1] in _SPELLS:
            return first
        i -= 1
    if i == begins or (tree.tags[i] == "DT" and tree.tags[i - 1] not in {"IN", "TO"}):
        return i
    if i == first and tree.lower[i - 1] in {"to", "of", "for", "from"}:
        before = range(begins, i)
        if tree.tags[begins] in {"NNS", "NN", "DT", "CD"} and all(
            tree.tags[k] in NOUN_PHRASE or tree.tags[k] in {"IN", "TO"} for k in before
        ):
            return begins  # aides to the mayor
    return first


def _before_day(tree: Tree, head: int, end: int) -> int:
    """Leave out the day at the end of a subject: `the minister on Monday said`."""
    last = end - 1
    if last - 1 > head and tree.lower[last] in DAYS and tree.lower[last - 1] in {"on", "in"}:
        return last - 1
    bare = last > head and tree.lower[last] in DAYS and tree.tags[last - 1] != "IN"
    return last if bare else end


def _up_to(tree: Tree, end: int, cue: int) -> int:
    """Stretch a subject to its verb over an apposition that the parser hung elsewhere."""
    if end >= cue:
        return end
    gap = range(end, cue)
    apart = any(tree.finite(i) or tree.words[i] == "," for i in gap)
    if tree.tags[end] in {"JJ", "VBN"} and len(gap) < _REDUCED and not apart:
        return cue  # sources close to the talks
    if all(tree.lower[i] == "," or tree.tags[i] in {"NNP", "NNPS"} for i in gap):
        return cue
    enclosed = tree.lower[cue - 1] == "," and "," in (tree.lower[end], tree.lower[end - 1])
    if enclosed and cue - end > 2:
        clause = any(tree.finite(i) and tree.relations[i] != "acl:relcl" for i in gap)
        if not clause or tree.lower[end + 1] in RELATIVE:
            return cue
    return end


def _before_circumstance(tree: Tree, head: int, end: int, *, before: bool) -> int:
    """Where time and place begin, which are the verb's: `said X, a lawyer, on Monday`."""
    for i in range(head + 1, end):
        word = tree.lower[i]
        following = tree.lower[i + 1] if i + 1 < end else ""
        if (
            word == ","
            and following in _CIRCUMSTANCE
            and (not before or tree.lower[end - 1] == ",")
        ):
            return i
        if not before and following in DAYS and word in {"on", "in", "at", "during", "after"}:
            return i
        if not before and word in DAYS:
            return i
    return end


def inverted(tree: Tree, verb: int, cue: Range) -> Range | None:
    """The source behind a verb that is set in before it: `the dam, says its owner, is safe`."""
    begins, limit = tree.sentences[tree.sentence[verb]]
    first, end = cue
    if first - 1 <= begins or tree.words[first - 1] != "," or not tree.finite(verb):
        return None
    own = tree.child(verb, "nsubj")
    if own is not None and own < verb and tree.child(own, "appos", "acl", "acl:relcl") is not None:
        return None
    quote = tree.quotes[verb]
    while end < limit and tree.quotes[end] == quote and tree.tags[end] in NOUN_PHRASE:
        end += 1
    if not any(map(tree.nominal, range(cue[1], end))):
        return None
    rest = range(begins, first)
    if end < limit and tree.words[end] not in {",", "."}:
        if tree.lower[end] not in RELATIVE and tree.tags[end] not in {"IN", "TO"}:
            return None
        last = max(tree.rights[i] for i in range(cue[1], end)) + 1
        commas = (i for i in range(end, last) if tree.words[i] == ",")
        end = next(commas, max(end, last))
    elif end < limit and tree.words[end] == ",":
        rest = range(begins, limit)
    return (cue[1], end) if any(tree.finite(i) for i in rest if i != verb) else None


def beside(tree: Tree, verb: int, cue: Range) -> Range | None:
    """Without a subject in the tree: the noun phrase that stands right before the cue, or behind it."""
    first, end = tree.sentences[tree.sentence[verb]]
    quote = tree.quotes[verb]
    i = cue[0]
    if i - 1 > first and tree.words[i - 1] == "," and tree.nominal(first):
        comma = tree.words.index(",", first)
        relative = comma + 1 < i and tree.lower[comma + 1] in RELATIVE
        if (
            comma < i - 1
            and all(tree.tags[k] in NOUN_PHRASE for k in range(first, comma))
            and tree.quotes[first] == quote
            and (relative or not any(map(tree.finite, range(comma, i))))
        ):
            return first, i - 1
    while i > first and tree.quotes[i - 1] == quote and tree.tags[i - 1] in NOUN_PHRASE:
        i -= 1
    if i < cue[0] and (
        i == first
        or tree.lower[i - 1] in EDGE
        or tree.quotes[i - 1] != quote
        or tree.tags[i - 1] in {"CC", "IN"}
    ):
        return i, cue[0]
    i = cue[1]
    while i < end and tree.quotes[i] == quote and tree.tags[i] in NOUN_PHRASE:
        i += 1
    if i == cue[1]:
        return None
    pronoun = tree.tags[cue[1]] == "PRP"
    if pronoun and (
        i > cue[1] + 1 or tree.lower[cue[1]] not in {"he", "she", "they", "it", "we", "i"}
    ):
        return None
    if i < end and tree.lower[i] not in EDGE and tree.quotes[i] == quote and tree.tags[i] != "IN":
        return None
    return cue[1], i

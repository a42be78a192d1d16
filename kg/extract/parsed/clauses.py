"""What is reported in a clause: where it begins, where it ends, what stands around a cue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.lexicon import VERBS
from kg.extract.parsed.phrases import DAYS, EDGE, NOUN_PHRASE, Range, passive

if TYPE_CHECKING:
    from kg.extract.parsed.tree import Tree

_CONTRASTS: Final = frozenset("but and while whereas although though".split())
_CLAUSAL: Final = frozenset("advcl conj parataxis dep xcomp".split())
_CIRCUMSTANTIAL: Final = frozenset("after as because before since unless until while".split())
_LOOSE: Final = frozenset("conj parataxis dep".split())
_SPOKEN: Final = frozenset("say judge blame urge".split())
_STARTS: Final = frozenset("PRP DT NNP NNS EX NN JJ PRP$ CD".split())
"""Tags of words that can begin a clause without `that`."""
_SUBORDINATING: Final = frozenset(
    "although though while whereas when if because since after".split()
)


class Cue(NamedTuple):
    """A cue in its sentence: its verb, its words, what may follow, and the words for the source."""

    verb: int
    words: Range
    frames: str
    source: Range | None

    def behind(self) -> int:
        """The first token behind the cue and a source that follows it."""
        if self.source and self.source[0] >= self.words[1]:
            return self.source[1]
        return self.words[1]

    def before(self) -> int:
        """The first token of the cue, or of a source before it."""
        if self.source and self.source[0] < self.words[0]:
            return self.source[0]
        return self.words[0]


def complement(tree: Tree, verb: int, frames: str) -> int | None:
    """The head of the clause that a verb takes.

    Where a parser saw none, it hung the clause on the verb as something else: with `that`, or with
    a subject of its own and no conjunction, it is taken for what it is.
    """
    fronted = None
    for child in tree.children[verb]:
        if tree.relations[child] != "ccomp" or _is_cue(tree, verb, child):
            continue
        if child > verb and tree.lower[_first_word(tree, child)] in _CIRCUMSTANTIAL:
            continue
        if child < verb:
            fronted = child if fronted is None else fronted
        elif not any(
            tree.tags[i] == "WDT" and tree.words[i - 1] == ","
            for i in range(verb + 1, tree.lefts[child])
        ):
            return child
    for child in tree.children[verb]:
        if child > verb and _is_clause(tree, verb, child, frames):
            return child
    return fronted


def _first_word(tree: Tree, head: int) -> int:
    first = tree.lefts[head]
    while first < head and tree.words[first] in EDGE:
        first += 1
    return first


def _is_cue(tree: Tree, verb: int, child: int) -> bool:
    """Whether what hangs on a cue is the next one: `he said, adding that`."""
    return (
        child > verb
        and tree.tags[child] == "VBG"
        and tree.lower[child] in VERBS
        and tree.words[child - 1] == ","
    )


def _is_clause(tree: Tree, verb: int, child: int, frames: str) -> bool:
    relation = tree.relations[child]
    if relation not in _CLAUSAL and relation not in {"acl", "obj", "obl"}:
        return False
    entry = VERBS.get(tree.lower[child])
    if relation == "parataxis" and entry is not None and "n" in entry.frames:
        return False
    first = _first_word(tree, child)
    if tree.lower[first] == "that" and tree.tags[first] == "IN" and "t" in frames:
        return True
    if "c" not in frames or relation not in _CLAUSAL or passive(tree, verb):
        return False
    has_verb = tree.finite(child) or any(map(tree.finite, tree.children[child]))
    if tree.child(child, "nsubj", "nsubj:pass") is None:
        # Its subject may have been taken for the cue's object.
        thing = tree.child(verb, "obj")
        if relation not in _LOOSE or thing is None or not verb < thing < child:
            return False
        if not has_verb:
            return False
    if relation == "xcomp" and not has_verb:
        return False
    if tree.tags[first] in {"IN", "CC", "WRB", "WP", "WDT"} and (
        tree.child(child, "mark", "cc") is not None
    ):
        return False
    return not any(
        tree.tags[i] == "CC" or tree.words[i] in {":", ";"}
        for i in range(max(first - 2, verb + 1), first)
    )


def clause(tree: Tree, cue: Cue, head: int) -> list[Range]:
    """The words of a clause whose head is known, on both sides of a cue that is set into it."""
    limit = tree.sentences[tree.sentence[cue.verb]][1]
    first, end = tree.lefts[head], tree.rights[head] + 1
    if head < cue.verb:
        behind = cue.behind()
        ranges = [(first, cue.before())]
        if behind < min(limit, end) and tree.words[behind] == ",":
            ranges.append((behind + 1, min(end, limit)))
        return ranges
    first = max(first, cue.behind())
    for i in range(cue.words[1], head):
        if (
            tree.lower[i] == "that"
            and (tree.relations[i] == "mark" or tree.tags[i] == "IN")
            and (i < first or (i <= first + 4 and not any(map(tree.finite, range(first, i)))))
        ):
            first = i
    start = behind_hearer(tree, cue)
    if (
        start < first
        and "c" in cue.frames
        and tree.words[start] not in EDGE
        and "that" not in tree.lower[start : first + 1]
    ):
        first = start  # words that the parser took for the verb's own
    if "o" in cue.frames and first == cue.behind() and tree.lower[first] != "that":
        first = _behind_bare_hearer(tree, first, head) or first
    return [(first, clause_end(tree, cue.verb, head, limit))]


def _behind_bare_hearer(tree: Tree, first: int, end: int) -> int | None:
    """Where a second noun phrase begins: `told the paper | the talks had failed`."""
    for i in range(first + 1, end):
        if tree.tags[i] in {"DT", "PRP", "EX", "PRP$"} and tree.nominal(i - 1):
            return i
        if tree.tags[i] not in NOUN_PHRASE:
            break
    return None


def clause_end(tree: Tree, verb: int, start: int, limit: int) -> int:
    """Where a clause behind its cue ends: with the sentence, or before the next report."""
    tags, words, quotes = tree.tags, tree.words, tree.quotes
    fronted = _is_fronted(tree, verb)
    for i in range(start, limit):
        if quotes[i] != quotes[verb]:
            if quotes[verb] >= 0:
                return i
            continue
        if words[i] == ";":
            return i
        if i + 1 >= limit:
            break
        if fronted and words[i] == "," and (tree.nominal(i + 1) or tags[i + 1] in {"JJ", "PRP$"}):
            return i
        if words[i] in {",", "—", "–", "-"} and _reports_again(tree, verb, i, limit):
            return i
        if tags[i] == "CC" and _goes_on(tree, i, limit):
            return i
    return limit


def _is_fronted(tree: Tree, verb: int) -> bool:
    """Whether a cue is in a clause before the main one: `saying A, she left`, `while he said A, B`."""
    begins = tree.sentences[tree.sentence[verb]][0]
    if tree.tags[verb] == "VBG":
        before = range(begins, verb)
        return tree.relations[verb] != "acl" and not any(
            tree.nominal(i) or tree.finite(i) for i in before
        )
    mark = tree.child(verb, "mark", "advmod")
    return mark is not None and mark <= begins + 1 and tree.lower[mark] in _SUBORDINATING


def _reports_again(tree: Tree, verb: int, i: int, limit: int) -> bool:
    """Whether behind a comma there is another cue, or the clause goes on that the cue is set into."""
    following = tree.lower[i + 1]
    entry = VERBS.get(following)
    if tree.words[i] == "," and _set_in_behind(tree, i, limit):
        return True
    if entry is not None and tree.tags[i + 1] == "VBG" and entry.sense in _SPOKEN:
        return True
    if following == "according":
        return True
    if following == "as" and any(word in VERBS for word in tree.lower[i + 3 : min(i + 6, limit)]):
        return True
    if tree.words[i] != ",":
        return False
    if tree.finite(i + 1) and tree.relations[verb] in {"acl", "acl:relcl"}:
        return True
    if following in _CONTRASTS:
        other = next((k for k in range(i + 2, limit) if tree.finite(k)), i)
        entry = VERBS.get(tree.lower[other])
        return (
            entry is not None
            and tree.quotes[other] == tree.quotes[verb]
            and tree.child(other, "nsubj") is not None
            and complement(tree, other, entry.frames) is not None
        )
    return False


def _set_in_behind(tree: Tree, i: int, limit: int) -> bool:
    """Whether the sentence ends with a cue of its own: `…, Lee said.`"""
    k = i + 1
    while k < limit and tree.tags[k] in NOUN_PHRASE:
        k += 1
    if k == i + 1 or k >= limit or not tree.finite(k):
        return False
    entry = VERBS.get(tree.lower[k])
    return (
        entry is not None
        and "n" in entry.frames
        and not any(tree.words[x][0].isalnum() for x in range(k + 1, limit))
    )


def _goes_on(tree: Tree, i: int, limit: int) -> bool:
    """Whether the cue's own clause goes on with another report: `said A and added that B`."""
    following = i + 1
    while following < limit - 1 and tree.tags[following] == "RB":
        following += 1
    entry = VERBS.get(tree.lower[following])
    if entry is None or not tree.finite(following) or not set("tq") & set(entry.frames):
        return False
    if following + 1 >= limit:
        return False
    return (
        tree.lower[following + 1] == "that"
        or tree.words[following + 1] in {",", ":"}
        or tree.quotes[following + 1] != tree.quotes[following]
        or tree.child(following, "ccomp") is not None
    )


def behind_hearer(tree: Tree, cue: Cue) -> int:
    """Where the content can start behind a cue: after whom it is told, and when and where."""
    start = cue.behind()
    day = start + 1 < len(tree) and tree.lower[start] in DAYS
    if day and (tree.tags[start + 1] in _STARTS or tree.lower[start + 1] == "that"):
        return start + 1  # said Tuesday it would
    hears = "o" in cue.frames or "u" in cue.frames
    for child in tree.children[cue.verb]:
        if child < cue.verb or tree.lefts[child] != start:
            continue
        relation = tree.relations[child]
        adverbial = relation in {"obl", "prep"} and (
            tree.tags[start] in {"IN", "TO", "VBG"} or tree.lower[child] in DAYS
        )
        end = tree.rights[child] + 1
        if (
            (adverbial or (hears and relation in {"obj", "iobj"}))
            and not any(map(tree.finite, range(start, end)))
            and tree.quotes[end - 1] == tree.quotes[cue.verb]
        ):
            start = end
    return start


def tail(tree: Tree, cue: Cue) -> list[Range]:
    """Where the tree has no clause: what reads like one behind the cue, or before it."""
    verb, frames = cue.verb, cue.frames
    begins, limit = tree.sentences[tree.sentence[verb]]
    start = behind_hearer(tree, cue)
    mine = [i for i in range(start, limit) if tree.quotes[i] == tree.quotes[verb]]
    for i in mine if "t" in frames or "c" in frames else ():
        opens = tree.tags[i] == "IN" or (i + 1 < limit and tree.tags[i + 1] in _STARTS)
        if tree.lower[i] == "that" and opens:
            if any(map(tree.finite, range(i, limit))):
                return [(i, clause_end(tree, verb, i + 1, limit))]
            break
        if tree.finite(i) or tree.words[i] in {":", ";", "-", "–", "—"}:
            break
        if tree.lower[i] in VERBS and tree.verbal(i):
            break
    mark = cue.before() - 1
    while mark >= begins and tree.tags[mark] in NOUN_PHRASE:
        mark -= 1
    if mark >= begins and tree.lower[mark] == "as":
        # As he told the paper, the talks had failed; the talks, as he told the paper, had failed.
        comma = next((i for i in range(cue.behind(), limit - 2) if tree.words[i] == ","), limit)
        ahead = [(begins, mark)] if mark > begins + 1 and tree.words[mark - 1] == "," else []
        if ahead or comma < limit:
            return [*ahead, (comma + 1, limit)]
    colon = start + 1 < limit and tree.words[start] == ":" and tree.quotes[start + 1] < 0
    if colon and any(map(tree.finite, range(start + 1, limit))):
        return [(start + 1, limit)]
    around = set_in(tree, cue)
    if around:
        return around
    if "c" in frames and start + 2 < limit and tree.tags[start] in _STARTS:
        found = _bare(tree, cue, start, limit)
        if found is not None:
            return [(found, clause_end(tree, verb, found + 1, limit))]
    return []


def set_in(tree: Tree, cue: Cue) -> list[Range]:
    """What stands around a cue between commas: `the dam, its owner says, is safe`."""
    begins, limit = tree.sentences[tree.sentence[cue.verb]]
    first, behind = min(cue.before(), cue.words[0]), cue.behind()
    quote = tree.quotes[cue.verb]
    if "n" not in cue.frames or cue.source is None or not tree.finite(cue.verb):
        return []
    if tree.relations[cue.verb] == "acl:relcl":
        return []
    thing = tree.child(cue.verb, "obj")
    if thing is not None and thing > behind and "o" not in cue.frames:
        return []
    if first - 1 <= begins or tree.words[first - 1] != "," or tree.quotes[first - 2] != quote:
        return []
    if tree.lower[begins] in _SUBORDINATING or tree.tags[begins] == "WRB":
        return []  # when it was over, the army said in a statement
    # Up to the next comma there may be whom, when and where, but no clause.
    while behind < limit and tree.words[behind] != "," and tree.quotes[behind] == quote:
        if tree.finite(behind) or tree.lower[behind] == "that" or tree.words[behind] == ":":
            return []
        behind += 1
    if behind < limit and tree.quotes[behind] != quote:
        return []
    begins = _behind_dateline(tree, begins, first)
    finite = any(map(tree.finite, range(begins, first)))
    if behind + 1 < limit and tree.words[behind] == ",":
        rest = range(behind + 1, limit) if finite else range(behind + 1, min(behind + 4, limit))
        unfinished = tree.finite(first - 2)  # the law could, he said, fail
        if tree.tags[behind + 1] != "VBG" and (unfinished or any(map(tree.finite, rest))):
            return [
                (begins, first),
                (behind + 1, limit),
            ]  # not: …, the paper said, citing officials
    return [(begins, first)] if finite else []


def _behind_dateline(tree: Tree, begins: int, first: int) -> int:
    """Where a sentence begins behind `LIMA, March 5 (Norte) -`."""
    if not tree.words[begins].isupper() or len(tree.words[begins]) < 3:
        return begins
    for i in range(begins, min(begins + 15, first)):
        if tree.words[i] in {"-", "–", "—", "--"}:
            return i + 1
        if tree.finite(i):
            break
    return begins


def _bare(tree: Tree, cue: Cue, start: int, limit: int) -> int | None:
    """Where a clause without `that` starts behind a cue and its hearer."""
    if tree.quotes[start] != tree.quotes[cue.verb]:
        return None
    finite = next((i for i in range(start + 1, limit) if tree.finite(i)), None)
    if finite is None or tree.tags[finite - 1] == "CC":
        return None
    if any(
        tree.words[i] in EDGE or tree.tags[i] in {"WP", "WDT", "TO"} for i in range(start, finite)
    ):
        return None
    # He told the paper | the talks had failed: the second noun phrase is the clause's. Behind a verb
    # without a hearer it would be that of a relative clause: noted the role | the army plays.
    for i in range(start + 1, finite):
        if tree.tags[i] in {"DT", "PRP", "EX", "PRP$"} and tree.nominal(i - 1):
            return i if "o" in cue.frames else None
    return None if "o" in cue.frames else start

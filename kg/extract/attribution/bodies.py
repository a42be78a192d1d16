"""What is said: the words behind a verb that are a quotation, a clause, an infinitive, an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.attribution import phrases
from kg.extract.attribution.adjuncts import TIMES, adjuncts
from kg.extract.attribution.clauses import clause, end_of_content, end_of_phrase, main_clause
from kg.extract.lexicon import VERBS, Verb

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading, Words

_PLAIN: Final = frozenset(
    "say think believe claim argue insist hope fear allege assert contend maintain suspect tell add"
    " estimate predict suggest warn feel concede admit complain conclude declare suppose guess bet"
    " reckon assume note stress".split()
)
"""Verbs whose clause without `that` may have a verb that looks like a participle."""
TOLD: Final = frozenset("tell inform notify remind convince persuade reassure brief assure".split())
"""Verbs that want their hearer."""
_SPEAKING: Final = frozenset("comment discuss speak talk elaborate engage testify".split())
_SHORTEST: Final = 5
"""Words from which a clause with `that` is believed without a verb that we know."""
_NAMING: Final = frozenset("call brand label dub consider deem".split())
"""Verbs that take what they say of their object without `as`."""
_OWNED: Final = frozenset("his her their its our my your".split())


def content_of(reading: Reading, verb: Verb, end: int, high: int) -> list[Words] | None:
    """What is said behind a verb, by what may follow it."""
    tags = reading.tags
    frames = verb.frames
    if end >= high:
        return None
    near = end
    far = adjuncts(reading, end, high)
    for k in dict.fromkeys((near, far)):
        made = speech_at(reading, frames, k, high)
        if made:
            return made
    if set(frames) & set("oqu") and far < high and tags[far] in "DNXOSKf":
        heard = hearer(reading, far, high)
        after = adjuncts(reading, heard, high)
        if heard > far:
            for k in dict.fromkeys((heard, after)):
                if "o" in frames or verb.sense == "ask":
                    made = speech_at(reading, frames.replace("c", ""), k, high)
                    if made:
                        return made
                if (
                    "o" in frames
                    and k < high
                    and tags[k] in "DSXN"
                    and clause(reading, k, high, weak=False)
                ):
                    return [(k, end_of_content(reading, k, high))]
    marked = mark_behind(reading, end, high)
    if marked > far:
        made = speech_at(reading, frames, marked, high)
        if made:
            return made
    bare = "c" in frames or verb.sense in ("say", "show") or reading.headline(end - 1)
    if bare and set(frames) & set("ct") and verb.lemma not in TOLD:
        for k in dict.fromkeys((far, near)):
            strong = verb.lemma in _PLAIN
            if k >= high:
                continue
            if "c" not in frames and (
                tags[k] not in "DSXNK" or k != near or reading.low[k] in _OWNED
            ):
                continue
            if tags[k] not in 'DSNXKfPRUYGVW"' and not reading.opens(k):
                continue
            if tags[near] == "P" and far == near and not strong:
                continue
            stop = end_of_content(reading, k, high)
            if clause(reading, k, stop, weak=strong):
                return [(k, stop)]
    return phrase(reading, verb, end, high)


def quoted(reading: Reading, mark: int, low: int) -> list[Words] | None:
    """The quotation that ends with word `mark`, or with commas behind it there."""
    while mark > low and reading.tags[mark] == "," and not reading.closes(mark):
        mark -= 1
    if mark < low or not reading.closes(mark):
        return None
    return [(reading.prose.quotations[reading.quote[mark]].first, mark + 1)]


def speech_at(reading: Reading, frames: str, k: int, high: int) -> list[Words] | None:
    """A quotation, a clause with its mark, or a question, at word `k`."""
    tags, words = reading.tags, reading.low
    if k >= high:
        return None
    marked = k + 1 if tags[k] in ",:-" and k + 1 < high else k
    if reading.opens(marked):
        if "q" not in frames:
            return None
        close = reading.beyond(marked)
        stop = end_of_content(reading, marked, high)
        if close >= high or tags[close] in ("." if marked == k else ".CU"):
            stop = close
        return [(marked, max(stop, min(close, high)))]
    if tags[marked] == '"' and "q" in frames and reading.prose.inside[marked] >= 0:
        term = reading.prose.quotations[reading.prose.inside[marked]]
        if term.first == marked and (term.end >= high or tags[term.end] in ".,;PY"):
            return [(marked, term.end)]
    if tags[k] == ":" and "q" in frames and k + 1 < high:
        return [(k + 1, end_of_content(reading, k + 1, high))]
    if tags[k] == "T" and ("t" in frames or "c" in frames) and k + 1 < high:
        if tags[k + 1] in "BHMZV":
            return None  # in a letter that was seen
        stop = end_of_content(reading, k + 1, high)
        if stop - k < _SHORTEST and not clause(reading, k + 1, stop):
            return None  # they show that commitment
        return [(k, stop)]
    if tags[k] == "," and k + 2 < high and "t" in frames:
        close = k + 1
        while close < high and close - k < 14 and tags[close] != ",":
            close += 1
        if close + 1 < high and tags[close] == "," and tags[close + 1] == "T":
            return [(close + 1, end_of_content(reading, close + 2, high))]
    if (words[k] in {"whether", "if"} or tags[k] == "W") and "w" in frames:
        return [(k, end_of_content(reading, k, high))]
    return None


def mark_behind(reading: Reading, first: int, high: int) -> int:
    """The mark of a clause or of speech behind somebody and some place, or the start."""
    tags = reading.tags
    k = first
    while (
        k < min(high, first + 16)
        and not reading.opens(k)
        and (tags[k] in "PDNXKfYRO" or (tags[k] == "E" and k + 1 < high and tags[k + 1] in "XDO"))
    ):
        k += 1
    if k == first or k + 1 >= high:
        return first
    if tags[k] == "T" and (tags[k - 1] in "XYKRO" or reading.low[k - 1] in TIMES):
        return k if tags[k + 1] not in "BHMZVF" else first
    if tags[k] in ",:" and reading.opens(k + 1):
        return k
    while k + 1 < min(high, first + 20) and tags[k] in ",PDNXKfYRO":
        k += 1
    return k if tags[k] == ":" and reading.opens(k + 1) else first


def hearer(reading: Reading, first: int, high: int) -> int:
    """The end of the person spoken to."""
    tags = reading.tags
    k = first
    if tags[k] in "OS":
        return k + 1
    while (
        k < high
        and k - first < 14
        and (
            tags[k] in "NXKf"
            or (tags[k] == "D" and (k == first or tags[k - 1] in "PC"))
            or (tags[k] == "P" and reading.low[k] in {"of", "at", "from", "for"})
            or (tags[k] == "C" and tags[k - 1] in "NX" and k + 1 < high and tags[k + 1] in "NX")
        )
    ):
        k += 1
    return k


def phrase(reading: Reading, verb: Verb, end: int, high: int) -> list[Words] | None:
    """What is said without a clause: an infinitive, a gerund, an object with its judgement."""
    tags, words = reading.tags, reading.low
    frames = verb.frames
    if "i" in frames and tags[end] == "E" and end + 1 < high and tags[end + 1] not in "DKXSOP":
        if (
            words[end - 1] in phrases.REFUSING
            and words[end + 1 : end + 2]
            and (words[end + 1] in VERBS or words[end + 1] in _SPEAKING)
        ):
            return None
        return [(end, end_of_phrase(reading, end, high))]
    if verb.lemma == "plead" and words[end + (words[end] == "not")] in {"guilty", "innocent"}:
        return [(end, end_of_phrase(reading, end, high))]
    if "g" in frames and (tags[end] == "G" or words[end] in {"having", "being", "doing"}):
        return [(end, end_of_phrase(reading, end, high))]
    if frames.startswith("p") and tags[end] in "DNXKfGSO":
        return [(end, main_clause(reading, end, end_of_phrase(reading, end, high)))]
    if not set(frames) & set("uajg"):
        return None
    stop = phrases.right(reading, end, high)
    if tags[end] == "T" and verb.lemma in _NAMING and end + 1 < high and tags[end + 1] in "NXD":
        return [(end, end_of_phrase(reading, end, high))]
    if stop == end or stop >= high:
        if "g" in frames and verb.lemma == "deny" and stop > end:
            return [(end, stop)]
        return None
    if "u" in frames and (tags[stop] == "E" or words[stop : stop + 2] == ["not", "to"]):
        return [(end, end_of_phrase(reading, end, high))]
    if "a" in frames and words[stop] in {"of", "for", "with"}:
        return [(end, end_of_phrase(reading, end, high))]
    if "a" in frames and stop > end:
        cut = next((j for j in range(end + 1, stop) if words[j] == "of"), None)
        if cut and verb.lemma == "accuse":
            return [(end, end_of_phrase(reading, end, high))]
    if "j" in frames and '"' in tags[end + 1 : stop]:
        return [(end, end_of_phrase(reading, end, high))]  # called the plan “mad”
    if "j" in frames and (words[stop] == "as" or reading.opens(stop)):
        return [(end, end_of_phrase(reading, end, high))]
    if verb.lemma in _NAMING and (
        words[stop] in {"a", "an"}
        or (
            words[end] in {"it", "him", "them", "her", "me", "us", "this"} and tags[stop] in "NXDVR"
        )
    ):
        return [(end, end_of_phrase(reading, end, high))]
    if "g" in frames and verb.lemma == "deny":
        return [(end, end_of_phrase(reading, end, high))]
    return None

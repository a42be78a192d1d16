"""Attributions by nouns without `that` behind them: in X's view, X's fear is that, X's call for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.attribution import phrases
from kg.extract.attribution.clauses import clause, end_of_content, end_of_phrase
from kg.extract.attribution.reading import Found
from kg.extract.lexicon import NOUNS

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading, Words

VIEWS: Final = frozenset(
    "view views opinion judgement judgment estimation eyes assessment reckoning telling account"
    " words mind reading belief experience".split()
)
"""Nouns that with `in` or `by` and their owner tell whose view a sentence gives."""
WISHES: Final = {
    noun: verb
    for verb, nouns in {
        "ask": "request requests",
        "call": "call calls",
        "appeal": "appeal appeals",
        "demand": "demand demands",
        "offer": "offer offers",
        "order": "order orders",
        "plead": "plea pleas",
        "promise": "promise promises pledge pledges vow vows",
        "propose": "proposal proposals",
        "refuse": "refusal",
        "threaten": "threat threats",
        "urge": "recommendation recommendations",
    }.items()
    for noun in nouns.split()
}
"""Nouns for what somebody wants, with the verb that says the same."""
_WITH_FOR: Final = frozenset("call appeal demand plead".split())
_OWNED: Final = frozenset("his her their its our my your".split())
_HELD: Final = frozenset(
    "fear fears belief hope hopes expectation claim view argument perception assumption suspicion"
    " worry concern feeling impression conclusion verdict answer message warning".split()
)
"""Nouns that somebody must hold, named or not: the fear is that the dam will burst."""


def owner(reading: Reading, noun: int, low: int) -> Words | None:
    """Whose the noun at a word is, by `X's` or a possessive before it: `her strong view`."""
    tags, words = reading.tags, reading.low
    k = noun - 1
    while k > low and tags[k] in "NR" and noun - k < 4 and not words[k].endswith(("'s", "s'")):
        k -= 1
    if k < low or reading.quote[k] != reading.quote[noun]:
        return None
    if words[k] in _OWNED:
        return (k, k + 1)
    if words[k].endswith("'s") or (words[k] == "'" and k > low and words[k - 1].endswith("s")):
        first = phrases.left(reading, k - (words[k] == "'"), low)
        return (first, k + 1) if first <= k else None
    return None


def by_view(reading: Reading, i: int) -> Found | None:
    """`In X's view, …`, `in the opinion of X, …`: before, within or behind the sentence."""
    tags, words = reading.tags, reading.low
    low, high = reading.bounds(i)
    if words[i + 1 : i + 2] == ["of"]:
        cue = i - 1 if i > low and words[i - 1] == "the" else i
        end = phrases.right(reading, i + 2, high) if i + 2 < high else i + 2
        if end == i + 2 or words[cue - 1] != "in" or words[i] == "words":
            return None
        source, head = (i + 2, end), (cue - 1, i + 2)
    else:
        held = owner(reading, i, low)
        if held is None or held[0] <= low - 1 or words[held[0] - 1] not in {"in", "by"}:
            return None
        source, end = held, i + 1
        head = (held[0] - 1, held[0])
        if words[i] == "experience" and words[head[0]] == "by":
            return None
    cues = [head] if source[1] > i else [head, (source[1], i + 1)]
    if head[0] < low:
        return None
    comma = end < high and tags[end] == ","
    before = tags[head[0] - 1] if head[0] > low else ""
    if not before or before in 'TC"(':
        first = end + comma
        stop = end_of_content(reading, first, high)
        if first >= high or tags[first] == "W" or not clause(reading, first, stop, weak=False):
            return None
        content = [(first, stop)]
    elif before == "," and (comma or end >= high or tags[end] == "."):
        first = low
        while first < head[0] and tags[first] in "C,":
            first += 1
        if reading.longer(first, head[0], 60) or any(
            tags[k] in ";:" for k in range(first, head[0])
        ):
            return None
        content = [(first, head[0] - 1)]
        if comma and end + 1 < high and (tags[end + 1] in "BHMZVF" or tags[head[0] - 2] in "BMA"):
            content.append((end + 1, end_of_content(reading, end + 1, high)))
        elif not clause(reading, first, head[0] - 1, weak=False):
            return None
    else:
        return None
    return Found(source=[source], cue=cues, content=content, verb="according")


def is_that(reading: Reading, i: int) -> Found | None:
    """`The council's view is that …`, `the fear is that …`."""
    tags, words = reading.tags, reading.low
    low, high = reading.bounds(i)
    if i + 3 >= high or words[i + 1] not in {"is", "was", "remains"} or tags[i + 2] != "T":
        return None
    held = owner(reading, i, low)
    if held is None and not (i > low and words[i - 1] == "the" and words[i] in _HELD):
        return None
    stop = end_of_content(reading, i + 3, high)
    if not clause(reading, i + 3, stop):
        return None  # its report is that bad
    return Found(
        source=[held] if held else [],
        cue=[(i, i + 2)],
        content=[(i + 2, stop)],
        verb=NOUNS.get(words[i], "think"),
    )


def wish(reading: Reading, i: int) -> Found | None:
    """`X's request to …`, `a request by X to …`, `her call for …`."""
    tags, words = reading.tags, reading.low
    low, high = reading.bounds(i)
    verb = WISHES[words[i]]
    if tags[i] not in "NfX" or i + 2 >= high:
        return None
    held = owner(reading, i, low)
    after = i + 1
    if held is None:
        if words[after] not in {"by", "from"}:
            return None
        after = phrases.right(reading, i + 2, high)
        if after == i + 2 or after + 1 >= high:
            return None
        held = (i + 2, after)
    stop = _own_verb(reading, after + 1, end_of_phrase(reading, after, high))
    if tags[after] == "E" and tags[after + 1] in "NFfVBHZR":
        content = (after, stop)
    elif words[after] == "for" and verb in _WITH_FOR and tags[after + 1] in "DNXKfG":
        content = (after + 1, phrases.right(reading, after + 1, stop))
    else:
        return None
    return Found(source=[held], cue=[(i, i + 1)], content=[content], verb=verb)


def _own_verb(reading: Reading, first: int, end: int) -> int:
    """Where the verb of the sentence follows its subject: a request to talk | was refused."""
    tags = reading.tags
    for k in range(first + 1, end):
        if tags[k] in ",;" or (tags[k] in "BHMZ" and tags[k - 1] in "NXKfOYVRF"):
            return k
        if tags[k] in "TWU":
            break
    return end

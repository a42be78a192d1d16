"""Attributions without a verb of their own: according to X, X's claim that, is sure that, X: …"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.attribution import phrases, subjects
from kg.extract.attribution.adjuncts import VENUES
from kg.extract.attribution.clauses import LONGEST, clause, end_of_content, first_clause
from kg.extract.attribution.reading import HEADLINE, LABEL, Found
from kg.extract.attribution.views import VIEWS, WISHES, by_view, is_that, wish
from kg.extract.attribution.words import ROLES
from kg.extract.lexicon import ADJECTIVES, NOUNS, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.extract.attribution.reading import Reading, Words

_LINKING: Final = frozenset(
    "feel feels felt remain remains remained seem seems seemed appear appears appeared become becomes"
    " became sound sounds sounded grow grew stay stayed".split()
)
_UTTERING: Final = frozenset(
    "make makes made making express expresses expressed expressing issue issues issued issuing give"
    " gives gave giving voice voices voiced voicing repeat repeats repeated repeating release releases"
    " released have has had having raise raises raised raising hold holds held holding share shares"
    " shared offer offers offered offering reiterate reiterates reiterated renew renewed levelled"
    " leveled level put reach reaches reached reaching draw draws drew"
    " drawn advanced advance harbour harbours harbor harbors harbored harboured publish"
    " published deliver delivered face find finds found see sees saw seen".split()
)
"""Verbs whose subject is the source of the noun behind them: expressed concern that."""
_REJECTING: Final = {
    form: lemma
    for lemma, shapes in {
        "reject": "reject rejects rejected rejecting",
        "deny": "deny denies denied denying",
        "dismiss": "dismiss dismisses dismissed dismissing",
        "dispute": "dispute disputes disputed disputing",
        "refute": "refute refutes refuted refuting",
        "contradict": "contradict contradicts contradicted contradicting",
        "rebut": "rebut rebuts rebutted rebutting",
        "question": "question questions questioned questioning",
    }.items()
    for form in shapes.split()
}
_TELLING: Final = VIEWS | frozenset(WISHES) | frozenset(NOUNS)
_OWNED: Final = frozenset("his her their its our my your".split())
_LABELS: Final = frozenset(
    "analysis opinion video update exclusive factbox profile timeline image images photo photos"
    " photograph picture source sources note notes correction related contact by published updated"
    " tags category group watch live breaking editorial interview review comment letters obituary"
    " caption credit copyright phone tel email address date time location where when what who why"
    " read see references background summary file part chapter section table figure result results"
    " score explainer explained fact facts breaking podcast audio gallery in-depth special day week"
    " key topics posted last written edited reporting".split()
)
"""Words of labels that name no speaker."""

_TRIGGERS: Final = _TELLING | ADJECTIVES | {"according", "words"}


def others(reading: Reading, taken: frozenset[int]) -> Iterator[Found]:
    """All attributions that hang on no verb that reports; words `taken` are such verbs."""
    tags, low = reading.tags, reading.low
    for i in reading.prose.where(_TRIGGERS):
        word = low[i]
        made: Found | None = None
        if word == "according" and low[i + 1 : i + 2] == ["to"]:
            made = _according(reading, i, i + 2)
        elif word == "words" and low[max(0, i - 2) : i + 2] == ["in", "the", "words", "of"]:
            made = _according(reading, i - 2, i + 2)
        elif word in ADJECTIVES:
            made = _adjective(reading, i)
        elif (
            word in NOUNS
            and i + 1 < len(low)
            and i not in taken
            and (tags[i + 1] == "T" or low[i + 1] in {"by", "from", "of", "among"})
        ):
            made = _noun(reading, i)
        if made is None and word in _TELLING and i not in taken and i:
            made = (
                (by_view(reading, i) if word in VIEWS else None)
                or is_that(reading, i)
                or (wish(reading, i) if word in WISHES else None)
            )
        if made is not None:
            own = reading.quote[i]
            made.content = [reading.trim(*part, own=own) for part in made.content]
            made.content = [part for part in made.content if part[1] > part[0]]
            if made.content:
                yield made
    yield from _labelled(reading)


def _according(reading: Reading, i: int, first: int) -> Found | None:
    """`According to X, a spokesman for Y, …`, in front, between or behind."""
    tags = reading.tags
    start, high = reading.bounds(i)
    end = phrases.right(reading, first, high, wide=True)
    if end == first:
        return None
    while end > first + 1 and tags[end - 1] in "PCE":
        end -= 1
    front = i == start or reading.tags[i - 1] in 'TC"(:;'
    if front and end < high and tags[end] in "BHMVF":
        end = _cut(reading, first, end)
    apposed = phrases.inverted(reading, first, high)
    if front and tags[end : end + 1] == [","] and tags[end + 1 : end + 2] == ["X"]:
        apposed = end  # a second name is not what the first is
    if (
        apposed > end
        and tags[end] == ","
        and (
            apposed >= high
            or tags[apposed] != ","
            or clause(reading, apposed + 1, high, weak=False)
        )
    ):
        end = apposed
    before = tags[i - 1] if i > start else ""
    if end < high and tags[end] == "-" and all(tags[k] in "DNXKfPV.-" for k in range(end, high)):
        end = high - (tags[high - 1] == ".")  # a name with a dash
    content: list[Words] = []
    follows = end + 1 if end < high and tags[end] in ",:-" else end
    front = (
        not before
        or before in 'TC"(:;'
        or (before == "," and i - 2 >= start and tags[i - 2] in "WTC")
    )
    if front:
        content = [(follows, end_of_content(reading, follows, high))] if follows < high else []
    else:
        mark = i - 1 if before in ",-" else i
        lead = start
        while lead < mark and tags[lead] in "C,":
            lead += 1
        if reading.longer(lead, mark, LONGEST):
            return None
        content = [(lead, mark)]
        inserted = end < high and tags[end] in ",-" and follows < high and before in ",-"
        told = inserted and tags[follows] == "W" and clause(reading, lead, mark)
        if inserted and tags[follows] != "C" and not told:
            content.append((follows, end_of_content(reading, follows, high)))
    return Found(source=[(first, end)], cue=[(i, first)], content=content, verb="according")


def _cut(reading: Reading, first: int, end: int) -> int:
    """Where a source ends that has no comma behind it: according to police two cars were stolen."""
    tags = reading.tags
    for k in range(first + 1, end):
        if tags[k] in "DKS" and tags[k - 1] in "XNf":
            return k
        if tags[k] == "P" and tags[k - 1] in "XNf" and tags[k + 1] == "K":
            return k
    return end


def _adjective(reading: Reading, i: int) -> Found | None:
    """`X is confident that …`."""
    tags, low = reading.tags, reading.low
    start, high = reading.bounds(i)
    if i <= start or i + 1 >= high:
        return None
    after = tags[i + 1]
    if after not in "TDSXWN" and low[i + 1] not in {"whether", "if"}:
        return None
    cue = phrases.group_left(reading, i, start)
    if cue == i or not any(tags[j] == "B" for j in range(cue, i)):
        if low[i - 1] not in _LINKING:
            return None
        cue = phrases.group_left(reading, i - 1, start)
    if after in "DSXN" and not clause(reading, i + 1, high, weak=False):
        return None
    if after == "W" and low[i + 1] not in {"how", "why", "what", "who", "where"}:
        return None
    source = subjects.subject(reading, cue, start)
    if source is None or low[source[0]] in {"it", "it's", "there", "that", "this", "what"}:
        return None
    negated = any(tags[j] == "A" or low[j].endswith("n't") for j in range(cue, i))
    stop = end_of_content(reading, i + 2, high) if i + 2 < high else high
    return Found(
        source=[source], cue=[(cue, i + 1)], content=[(i + 1, stop)], verb=low[i], negated=negated
    )


def _noun(reading: Reading, i: int) -> Found | None:
    """`X's claim that …`, `a warning by X that …`, `X expressed fears that …`."""
    tags, low = reading.tags, reading.low
    start, high = reading.bounds(i)
    source: list[Words] = []
    that = i + 1
    if tags[that] != "T":
        end = phrases.right(reading, i + 2, high)
        if end == i + 2 or end >= high or tags[end] != "T":
            return None
        source, that = [(i + 2, end)], end
    if that + 2 >= high or tags[that + 1] in "BHMZVFE,." or tags[i] not in "NfXVG":
        return None
    head = i
    while (
        head > start
        and tags[head - 1] in "NXfVG"
        and not low[head - 1].endswith("'s")
        and low[head - 1] != "'"
    ):
        head -= 1
    if tags[i] == "V" and (head == start or tags[head - 1] != "D"):
        return None
    while (
        head < i and low[head] not in _UTTERING and tags[head] in "XVG" and low[head] in _REJECTING
    ):
        head += 1
    if head - 2 >= start and tags[head - 1] == "D" and low[head - 2] == "in" and low[i] in VENUES:
        return None  # said in a statement that
    cue: Words = (i, i + 1)
    negated = False
    verb = NOUNS[low[i]]
    owner = head - 1
    light = next(
        (
            k
            for k in range(i - 1, max(start, i - 6) - 1, -1)
            if tags[k] in "VFHG" or low[k] in _UTTERING
        ),
        -1,
    )
    if (
        not source
        and owner >= start
        and (low[owner] in _OWNED or low[owner].endswith("'s") or low[owner] == "'")
    ):
        first = phrases.left(reading, owner, start) if low[owner] not in _OWNED else owner
        source = [(first, owner + 1)] if first <= owner else []
    elif (
        not source
        and light >= start
        and (
            low[light] in _UTTERING
            or low[light] in _REJECTING
            or (low[light] in {"came", "come", "comes"} and low[light + 1] == "to")
        )
    ):
        group = phrases.group_left(reading, light, start)
        subject = subjects.subject(reading, group, start)
        if subject is not None and tags[light] != "G":
            source, cue = [subject], (group, i + 1)
            verb = _REJECTING.get(low[light], verb)
            negated = "no" in low[light + 1 : i] or any(
                tags[k] == "A" or low[k].endswith("n't") for k in range(group, light)
            )
    stop = end_of_content(reading, that + 1, high)
    opening = (tags[head - 1] == "D" and head - 1 == start) or head == start or light < start
    opening = opening or (bool(source) and source[0][0] == start)
    if cue[0] == i and opening:
        stop = min(stop, first_clause(reading, that + 1, high))
    return Found(source=source, cue=[cue], content=[(that, stop)], verb=verb, negated=negated)


def _labelled(reading: Reading) -> Iterator[Found]:
    """`Minister: talks will resume` over an article, and the speakers of a transcript."""
    prose, tags, low = reading.prose, reading.tags, reading.low
    seen: dict[str, int] = {}
    labels: list[tuple[int, int, int, str]] = []
    for first, end in prose.paragraphs:
        if reading.quote[first] >= 0:
            yield from _signed(reading, first, end)
            continue
        colon = next(
            (k for k in range(first + 1, min(end - 1, first + LABEL + 1)) if low[k] == ":"), -1
        )
        if colon < 0 or prose.starts[colon] != prose.ends[colon - 1]:
            continue
        if any(tags[k] not in "XNDfPC(),Y" for k in range(first, colon)):
            continue
        called = colon - first > 1 and tags[first:colon] == ["X"] * (colon - first)
        if low[first] in _LABELS or (
            any(low[k] in _LABELS for k in range(first + 1, colon))
            and not (called and reading.opens(colon + 1))  # Ann Day: “No.”
        ):
            continue
        if any(low[k] in VERBS and tags[k] != "X" for k in range(first, colon)):
            continue
        name = " ".join(low[first:colon])
        seen[name] = seen.get(name, 0) + 1
        labels.append((first, colon, end, name))
    for first, colon, end, name in labels:
        spoken = reading.opens(colon + 1)
        named = name in {"q", "a"} or (
            tags[first] == "X"
            and all(tags[k] in "X(),CP" or low[k] == "." for k in range(first, colon))
        )
        headline = end - first <= HEADLINE and tags[end - 1] not in '."'
        role = low[colon - 1] in ROLES or any(low[k] in ROLES for k in range(first, colon))
        telling = (seen[name] > 1 and named) or (
            (role or spoken or named)
            and (headline or spoken)
            and clause(reading, colon + 1, end, weak=True)
        )
        if telling:
            content = reading.trim(colon + 1, end)
            if content[1] > content[0]:
                if seen[name] > 1 or not headline:
                    content = (content[0], end)
                yield Found(
                    source=[(first, colon)], cue=[(colon, colon + 1)], content=[content], verb=":"
                )


def _signed(reading: Reading, first: int, end: int) -> Iterator[Found]:
    """`“…” — Ann Lee`, as under a pulled quotation."""
    tags = reading.tags
    close = reading.beyond(first) if reading.opens(first) else end
    if close + 2 < end and end - close < 14 and tags[close] == "-" and tags[close + 1] in "XD":
        name = phrases.inverted(reading, close + 1, end)
        if name > close + 1 and (name >= end or tags[name] in ",(."):
            yield Found(
                source=[(close + 1, name)],
                cue=[(close, close + 1)],
                content=[(first, close)],
                verb="—",
            )

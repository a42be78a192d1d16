"""Where a clause begins and where what somebody says ends, by the letters of the words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.attribution import phrases, subjects
from kg.extract.attribution.adjuncts import adjuncts
from kg.extract.attribution.nounhood import noun
from kg.extract.lexicon import PARTICLES, VERBS

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading

REACH: Final = 60
"""Words within which a clause must show its verb."""
LONGEST: Final = 300
"""Words that what is said may have outside quotation marks: longer is no sentence."""
SUBJECT: Final = 12
"""Words within which the subject behind a conjunction must show its verb."""
_SURE: Final = frozenset("BHZM")
_PAIRED: Final = frozenset(
    (
        "he's she's it's they're we're i'm you're there's he'd she'd they'd we'd i'd"
        " you'd it'd he'll she'll they'll we'll i'll you'll it'll they've we've i've you've that's"
    ).split()
)


def clause(reading: Reading, first: int, high: int, *, weak: bool = True) -> bool:
    """Whether a clause with a verb of its own begins with word `first`.

    `weak` is satisfied with a verb that could be a participle behind its noun.
    """
    tags, words, quote = reading.tags, reading.low, reading.quote
    if first >= high:
        return False
    own = quote[first]
    high = min(high, first + REACH)
    counted = tags[first] == "R" and tags[first + 1 : first + 2] == ["K"]  # only three people
    if tags[first] in "PUGYR" and not counted:
        comma = next((k for k in range(first, min(high, first + 15)) if tags[k] == ","), -1)
        if comma > 0 and comma + 1 < high and quote[comma + 1] == own:
            first = comma + 1
    subject = False
    relative = 0
    k = first
    while k < high:
        if quote[k] != own:
            if reading.opens(k):
                inner = min(reading.beyond(k), high)
                reach = min(inner, k + 4) if subject else inner
                if any(tags[j] in "BHZMVF" for j in range(k, reach)):
                    return True
                subject = True
                k = inner
                continue
            return False
        letter = tags[k]
        if letter in "NXKfSO":
            if letter == "f" and k > first and tags[k - 1] == "S" and not relative:
                return True
            if (
                letter == "f"
                and subject
                and not relative
                and tags[k - 1] in "NXSK"
                and k + 1 < high
                and tags[k + 1] in "DTOSRE"
                and (weak or (words[k - 1].endswith("s") and tags[k + 1] == "D"))
            ):
                return True
            if (
                letter == "S"
                and not weak
                and subject
                and tags[k - 1] in "NXf"
                and tags[first] not in "PU"
            ):
                relative += 1  # the role she plays
            elif (
                letter == "N"
                and subject
                and not relative
                and words[k].endswith("s")
                and tags[k - 1] in "NX"
                and not words[k - 1].endswith("s")
                and k + 1 < high
                and tags[k + 1] in "DO"
            ):
                return True  # coffee lowers the risk
            elif letter == "S" and words[k] in _PAIRED:
                return True
            subject = True
        elif letter in _SURE:
            if relative:
                relative -= 1
                while k + 1 < high and tags[k + 1] in "BHZMVARG":
                    k += 1
            elif subject or letter == "M":
                return True
        elif letter == "V":
            if relative:
                relative -= 1
            elif subject and tags[k - 1] in 'NXKSfRYO)",A':
                after = tags[k + 1] if k + 1 < high else ""
                if weak or after not in "PE":
                    return True
        elif letter == "F":
            if relative:
                relative -= 1
            elif subject and tags[k - 1] in 'NXKSfRYO",':
                return True
        elif letter == "W" or (letter == "T" and k > first and tags[k - 1] in "NXKf"):
            if subject:
                relative += 1
        elif letter == "E":
            k += 1
            if k < high and tags[k] in "BH":
                while k + 1 < high and tags[k + 1] in "BHVRG":
                    k += 1
        elif letter == "D" and not weak and subject and words[k] in {"the", "a", "an"}:
            if tags[k - 1] in "Nf" and tags[first] not in "PU":
                relative += 1  # the role the army plays
        elif letter in ";.":
            return False
        elif letter == "," and subject and not weak:
            return _resumes(reading, k, high)
        k += 1
    return False


def _resumes(reading: Reading, comma: int, high: int) -> bool:
    """Whether the verb of a clause comes behind an insertion between commas."""
    tags = reading.tags
    for k in range(comma + 1, high - 1):
        if tags[k] in ".;":
            return False
        if tags[k] == "," and k > comma:
            verb = k + 1 + (tags[k + 1] == "R")
            if verb < high and tags[verb] in "BHMZVF":
                return True
    return False


def main_clause(reading: Reading, first: int, end: int) -> int:
    """The comma behind which the main clause begins, for words within a clause put before it."""
    for k in range(first, end - 1):
        if (
            reading.tags[k] == ","
            and reading.quote[k] == reading.quote[first]
            and reading.tags[k + 1] in "DNXSKf"
            and clause(reading, k + 1, end, weak=False)
        ):
            return k
    return end


def end_of_content(reading: Reading, first: int, high: int) -> int:
    """The end of what is said from word `first` on: the sentence's, or where another report begins."""
    tags = reading.tags
    if first >= high:
        return high
    own = reading.quote[first]
    if reading.opens(first):
        own = reading.quote[first - 1] if first else -1
    listed = first > 0 and tags[first - 1] == ":"
    bare = depth = 0
    k = first
    while k < high and bare < LONGEST:
        plain = min(reading.joints[k], high, k + LONGEST - bare) - k
        if plain:  # words at which nothing can end
            k += plain
            bare += plain
            continue
        if reading.opens(k) and reading.quote[k] != own:
            k = reading.beyond(k)
            continue
        bare += 1
        letter = tags[k]
        if letter == "(":
            depth += 1
        elif letter == ")" and (depth or reading.bracketed(k)):
            if not depth:
                return k
            depth -= 1
        elif letter == ";" and not listed and severs(reading, k, high):
            return k
        if letter in ",;-" and k + 1 < high and breaks(reading, k, high):
            return k
        if letter == "C" and k > first and k + 1 < high and coordinated(reading, k + 1, high):
            return k
        k += 1
    return min(high, max(k, first))


def severs(reading: Reading, mark: int, high: int) -> bool:
    """Whether a sentence of its own follows a semicolon, not `; that …` nor the next of a list."""
    k = mark + 1
    if k < high and reading.tags[k] == "C":
        k += 1
    while k < high and reading.tags[k] in "R,":
        k += 1
    return k < high and reading.tags[k] not in "TW" and clause(reading, k, high)


def end_of_phrase(reading: Reading, first: int, high: int) -> int:
    """The end of an infinitive, a gerund or an object: a clause joined to it is not part of it."""
    tags = reading.tags
    stop = end_of_content(reading, first, high)
    for k in range(first + 1, stop - 2):
        if (tags[k] in 'TWU"' and reading.low[k] != "as") or reading.quote[k] != reading.quote[
            first
        ]:
            break  # a clause inside it may go on
        if tags[k] != "C" or tags[k + 1] not in "DNXKfS":
            continue
        end = phrases.inverted(reading, k + 1, stop)
        after = tags[end + 1] if end + 1 < stop else "."
        if (
            end > k + 1
            and end < stop
            and (
                tags[end] in "BHMZ"
                or (
                    tags[end] == "V"
                    and (tags[k + 1] == "S" or tags[k - 1] == ",")
                    and after not in "PE"
                )
            )
        ):
            return k - (tags[k - 1] == ",")
    return stop


def breaks(reading: Reading, mark: int, high: int) -> bool:
    """Whether a report of its own begins behind a mark: `, he added`, `, saying that`, `, but Y said`."""
    tags, words, quote = reading.tags, reading.low, reading.quote
    k = mark + 1
    if quote[k] != quote[mark]:
        return False
    word = words[k]
    if word == "according" and k + 1 < high and words[k + 1] == "to":
        return True
    if word == "as":
        k += 1
        if k >= high:
            return False
    joined = tags[k] == "C" or words[k] in {"while", "whereas", "although", "though"}
    if joined:
        k += 1
        if k < high and (coordinated(reading, k, high) or _reporting(reading, k, high)):
            return True
    while k < high and tags[k] == "R":
        k += 1
    if k >= high or quote[k] != quote[mark]:
        return False
    verb = VERBS.get(words[k])
    if verb is not None and verb.form == "g" and tags[k] == "G":
        return "q" in verb.frames or "t" in verb.frames
    if verb is not None and verb.form in ("s", "d", "dn") and "n" in verb.frames and tags[k] != "f":
        stop = phrases.inverted(reading, k + 1, high)
        if stop > k + 1 and (stop >= high or tags[stop] in ",.;YPR"):
            return True  # , said the minister
    end = phrases.inverted(reading, k, high)
    if end == k:
        return False
    while end < high and tags[end] in "RHBMZA":
        end += 1
    if end >= high:
        return False
    if tags[end] == "," and not joined:
        end += 1
        if end >= high:
            return False
    verb = VERBS.get(words[end])
    if joined:
        past = "had" in words[k:end]  # had denied: what is reported goes on
        return tags[end] in "VF" and not past and reports(reading, end, high)
    if verb is None or not ("n" in verb.frames or "q" in verb.frames) or verb.form == "g":
        return False
    if tags[mark] == ";":
        return True
    stop = adjuncts(reading, end + 1, high)
    if stop < high and tags[stop] in "DNXO" and "o" in verb.frames:
        stop = phrases.inverted(reading, stop, high)
    return stop >= high or tags[stop] in ",.;-" or reading.opens(stop)


def _reporting(reading: Reading, first: int, high: int) -> bool:
    """Whether a subject with a verb of its own that reports begins at word `first`."""
    tags, words, quote = reading.tags, reading.low, reading.quote
    if tags[first] not in "DNXKfS":
        return False
    for k in range(first + 1, min(high, first + SUBJECT)):
        if tags[k] in ",;:-T" or quote[k] != quote[first]:
            return False
        if tags[k] not in "VFf" or not (words[k] in VERBS or words[k] in PARTICLES):
            continue
        start = phrases.group_left(reading, k, first)
        if start == first or any(tags[j] in "BME" or words[j] == "had" for j in range(start, k)):
            continue  # had denied: what was reported goes on
        if noun(reading, k, first) or not reports(reading, k, high):
            continue
        pair = subjects.subject(reading, start, first)
        if pair is not None and pair[0] == first:
            return True
    return False


def reports(reading: Reading, i: int, high: int) -> bool:
    """Whether the verb at word `i` has something that it reports behind it.

    >>> from kg.extract.attribution.reading import Reading
    >>> from kg.extract.prose import Prose
    >>> reading = Reading(Prose("police spoke of riots and said so"))
    >>> reports(reading, 1, 7), reports(reading, 5, 7)
    (True, False)
    """
    tags, words = reading.tags, reading.low
    k = i + 1
    if k >= high:
        return False
    verb = VERBS.get(words[i])
    if words[k] in PARTICLES.get(words[i], ()):
        return k + 1 < high and tags[k + 1] in "DNXKfGSO"
    if verb is None or verb.form == "g":
        return False
    frames, after = verb.frames, tags[k]
    if after == "T":
        return "t" in frames
    if reading.opens(k) or (after in ",:" and reading.opens(k + 1)):
        return "q" in frames
    if (after == "W" or words[k] in {"whether", "if"}) and "w" in frames:
        return True
    if after == "E":
        return "i" in frames and verb.sense != "feel"
    if "c" in frames and clause(reading, k, high):
        return True
    if after == "K" and verb.sense == "say":
        return True  # while the organisers claimed 2,000
    if set(frames) & set("oua") and after in "DNXKfSO":
        stop = phrases.right(reading, k, high)
        if stop > k and stop + 1 < high:
            return (
                (tags[stop] == "T" and "o" in frames)
                or (tags[stop] == "E" and "u" in frames)
                or (words[stop] == "of" and "a" in frames)
            )
    return False


def first_clause(reading: Reading, first: int, high: int) -> int:
    """Where the verb of the sentence comes behind a clause that belongs to its subject."""
    tags = reading.tags
    verbs = 0
    high = min(high, first + REACH)
    k = first
    while k < high:
        letter = tags[k]
        if letter in ",;":
            return k
        if letter in "BHMZ" and tags[k - 1] not in "WTCUBHMZE":
            verbs += 1
            if verbs > 1:
                return k
            while k + 1 < high and tags[k + 1] in ("RA" if tags[k] == "V" else "BHMZRAV"):
                k += 1
        elif letter in "VF" and tags[k - 1] in "NXSKfVOY" and tags[k + 1 : k + 2] != ["P"]:
            verbs += 1
            if verbs > 1:
                return k
        k += 1
    return high


def coordinated(reading: Reading, k: int, high: int) -> bool:
    """Whether a verb of saying without a subject stands at word `k`: `and added that`."""
    tags, words = reading.tags, reading.low
    start = k
    while k < high and tags[k] in "RHB":
        k += 1
    if k >= high:
        return False
    verb = VERBS.get(words[k])
    if verb is None or tags[k] not in "VFf" or k + 1 >= high:
        return False
    after = tags[k + 1]
    if (verb.form == "dn" and start == k and verb.sense in ("urge", "blame")) and (
        reports(reading, k, high) or (verb.sense == "blame" and after in "DXO")
    ):
        return True  # and urged them to leave
    if not ("t" in verb.frames or "q" in verb.frames):
        return False
    if after == "T":
        return True
    if reading.opens(k + 1) or (after in ",:" and k + 2 < high and reading.opens(k + 2)):
        return True
    if (
        "c" not in verb.frames
        or verb.sense == "show"
        or (tags[k] == "f" and start == k and after != "S")
    ):
        return False
    return after == "S" or (after in "DX" and clause(reading, k + 1, high, weak=False))

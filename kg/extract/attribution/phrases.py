"""Noun phrases and verb groups around a word, by the letters of the words: where sources stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading

LONGEST: Final = 45
"""Words that a noun phrase with what hangs on it may have; longer ones are misread."""
_NOMINAL: Final = frozenset("NXKfO")
_HEADS: Final = frozenset("NXKfDSO")
TIMES: Final = frozenset("time moment way reason day place thing".split())
"""Nouns behind which a clause begins without a pronoun: each time Lee asked."""
_TO: Final = frozenset(
    "ambassador ambassadors adviser advisers advisor advisors envoy envoys aide aides assistant"
    " secretary minister delegate delegates visitor visitors counsel consultant heir witness"
    " witnesses candidate successor spokesman spokeswoman representative"
    " close next loyal opposed linked related".split()
)
"""Words for persons, and what describes them, that a phrase with `to` may follow."""
_SOMEONE: Final = frozenset(
    "everyone someone somebody everybody anyone anybody nobody none".split()
)
_OF: Final = frozenset("of for from at with".split())
RAISING: Final = frozenset(
    "continue continues continued seem seems seemed appear appears appeared happen happens happened"
    " tend tends tended used began begin begins went goes go came come comes".split()
)
REFUSING: Final = frozenset(
    "refuse refuses refused decline declines declined fail fails failed forgot neglected".split()
)
_GROUP: Final = frozenset("BHZMAR")


def group_left(reading: Reading, i: int, low: int) -> int:
    """The first word of the verb group that ends with word `i`: its auxiliaries and adverbs."""
    tags, words = reading.tags, reading.low
    j = i
    while j > low:
        letter = tags[j - 1]
        if words[j - 1] == "longer" and j - 2 >= low and words[j - 2] == "no":
            j -= 2
        elif letter in _GROUP and reading.quote[j - 1] == reading.quote[i]:
            j -= 1
        elif letter == "E" and j - 2 >= low:
            verb = words[j - 2]
            back = j - 2
            if verb == "on" and j - 3 >= low:
                back, verb = j - 3, words[j - 3]
            if verb in RAISING or verb in REFUSING or (verb == "have" or verb == "has"):
                j = back
            else:
                break
        else:
            break
    while j < i and tags[j] == "R" and (j == low or tags[j - 1] in ',"'):
        j += 1
    return j


def left(reading: Reading, last: int, low: int) -> int:
    """The first word of the noun phrase that ends with word `last`; behind `last` where none does."""
    tags, words, quote = reading.tags, reading.low, reading.quote
    own = quote[last]
    k = last
    low = max(low, last - LONGEST)
    while k >= low:
        letter = tags[k]
        if quote[k] != own:
            break
        if letter in 'NXKDf"':
            k -= 1
            if letter == "D" and k >= low and tags[k] in "NXKfOSY" and words[k + 1] != "such":
                break
            if letter == "X" and k > low and words[k] in TIMES and tags[k - 1] == "D":
                break
            continue
        before = tags[k - 1] if k > low else ""
        if letter == "S":
            if k == last or words[k] in _SOMEONE:
                k -= 1
                if k >= low and tags[k] == "P" and k - 1 >= low and tags[k - 1] in "KDN":
                    continue
            break
        if k == last and letter not in "OGVY":
            break
        after = tags[k + 1] if k < last else ""
        if (
            (letter == "P" and before and before in "NXKfOVGYDS")
            or (letter == "E" and words[k - 1] in _TO and before)
            or (
                letter == "C"
                and words[k] != "but"
                and before
                and before in "NXKf"
                and after in "NXKfDV"
                and not _predicate(reading, k - 1, low)
            )
            or (letter == "O" and words[k - 1] == "of" and before)
            or (letter == "U" and words[k] == "as" and words[k - 1] == "such" and before)
            or (
                letter == "Y"
                and before
                and before in "PD"
                and k - 1 > low
                and tags[k - 2] in "NXKfV"
            )
            or (letter == "Y" and after and after in "NX" and words[k].endswith("'s"))
            or (letter == "G" and (before and before in "NXKfDP"))
            or (letter == "R" and before and before in "DV" and after and after in "VNG")
            or (letter == "R" and after == "P" and before == "V")
            or (letter == "V" and before and before in "DPC" and after and after in "NXfG")
            or (letter == "V" and before and before in "NXKf" and after and after in "PRKY")
            or (letter == "V" and k == last and before == "D")
            or (letter == "V" and before == "R" and k - 2 >= low and tags[k - 2] == "D")
            or (letter == "W" and words[k] in {"who", "which"} and before and before in "NXKf")
            or (letter == "T" and before and before in "NXKf" and after and after not in "DXNS")
        ):
            k -= 1
            continue
        if letter in "VFBHMZ":
            relative = k - 1
            reach = max(low, k - 8)
            while (
                relative > reach and tags[relative] in "RBHMZVNASD" and tags[relative] not in "WT"
            ):
                relative -= 1
            if relative > low and tags[relative] in "WT" and tags[relative - 1] in "NXKf":
                k = relative - 1
                continue
        break
    first = k + 1
    cut = False
    if low < first <= last and tags[first - 1] == "E" and tags[first] in "fF":
        first += 1  # went to meet with X, who
    while first <= last and tags[first] in "PCREUGTVW-,":
        cut = cut or tags[first] == "P"
        first += 1
    if cut:
        for k in range(last, first + 1, -1):
            if (
                tags[k] in "DS"
                and words[k] != "such"
                and tags[k - 1] in "XKNfY"
                and not words[k - 1].endswith("'s")
            ):
                first = k
                break
    if first <= last and tags[first] == '"' and tags[first : last + 1].count('"') % 2:
        first += 1
    if (
        first > low
        and words[first - 1] == "not"
        and tags[first : first + 1] in (["S"], ["D"], ["K"])
    ):
        first -= 1  # not everyone
    if first <= last and not any(tags[k] in _HEADS for k in range(first, last + 1)):
        return last + 1
    return first


def _predicate(reading: Reading, k: int, low: int) -> bool:
    """Whether a word behind `be` says how something is: the dam was old and engineers warned."""
    while k > low and reading.tags[k] in "RA":
        k -= 1
    k -= 1
    while k > low and reading.tags[k] in "RA":
        k -= 1
    return k > low and reading.tags[k] == "B" and reading.tags[k - 1] not in "WC"


def nominal(reading: Reading, first: int, end: int) -> bool:
    """Whether a stretch begins as an apposition does, not as a clause or an adverbial."""
    letter = reading.tags[first]
    return letter in "DNXKf" or (letter == '"' and end - first > 1)


def right(reading: Reading, first: int, high: int, *, wide: bool = False) -> int:
    """The end of the noun phrase that begins with word `first`; `first` where none does.

    `wide` lets any preposition hang on it, as inside an apposition.
    """
    tags, words, quote = reading.tags, reading.low, reading.quote
    if (
        first >= high
        or tags[first] not in 'DNXKfSOV"'
        or (quote[first] >= 0 and reading.opens(first))
    ):
        return first
    own = quote[first]
    if tags[first] in "SO":
        if (
            words[first] in {"one", "everyone", "someone", "none"}
            and first + 1 < high
            and tags[first + 1] == "P"
        ):
            pass
        else:
            return first + 1
    if words[first] == "her" and first + 1 < high and tags[first + 1] in "EP.,":
        return first + 1
    high = min(high, first + LONGEST)
    k = first
    named = False
    while k < high and quote[k] == own:
        letter = tags[k]
        after = tags[k + 1] if k + 1 < high else ""
        if letter in 'NXKf"' or (letter in "DSO" and (k == first or tags[k - 1] in "PCDEG")):
            if letter == "X":
                named = True
            elif letter == "D" and k > first:
                named = False
        elif (
            (letter in "VG" and tags[k - 1] in "DCR" and after and after in "NXfG")
            or (letter == "V" and k == first and after in ("N", "X"))
            or (letter == "R" and tags[k - 1] == "D")
            or (
                letter == "C"
                and words[k] != "but"
                and after
                and after in "NXKfD"
                and _joins(reading, k, high)
            )
            or (letter == "E" and words[k - 1] in _TO)
            or (
                letter == "P"
                and after
                and after in ("DNXKfSOVGRY" if wide else "DNXKfSOVGR")
                and (words[k] in _OF or wide or (words[k] == "by" and not named))
            )
            or (letter == "Y" and (wide or tags[k - 1] == "D" or words[k].endswith("'s")))
            or (wide and letter in "VGE")
            or (wide and letter == "R")
        ):
            pass
        else:
            break
        k += 1
    while k > first and tags[k - 1] in "PCDERVG" and (not wide or tags[k - 1] in "PCE"):
        k -= 1
    return k


def _joins(reading: Reading, k: int, high: int) -> bool:
    """Whether `and` at word `k` joins two noun phrases: no verb follows the second."""
    tags = reading.tags
    j = k + 1
    while j < high and tags[j] in "DNXKf":
        j += 1
    return j >= high or tags[j] not in "BHZMVFS"


def inverted(reading: Reading, first: int, high: int) -> int:
    """The end of a source behind its verb, with its appositions: said X, a spokesman for Y,"""
    tags, quote = reading.tags, reading.quote
    end = right(reading, first, high)
    if end == first or tags[first] in "SO":
        return end
    if end < high and tags[end] == "(":
        k = end
        while k < high and k - end < 12 and tags[k] != ")":
            k += 1
        if k < high and tags[k] == ")":
            end = k + 1
    for _ in range(4):
        if end + 2 >= high or tags[end] != ",":
            break
        if tags[end + 1] == "C" and "," in tags[first:end] and tags[end + 2] == "X":
            stop = right(reading, end + 2, high)
            if reading.low[end + 1] != "but" and (stop >= high or tags[stop] in ",."):
                end = stop  # said Tim Roe, Ann Day, and Bo Lund
            break
        if not nominal(reading, end + 1, high) and not (
            tags[end + 1] == "V" and tags[end + 2] in "PRY"  # , published by X,
        ):
            break
        term = reading.prose.inside[end + 1]
        if tags[end + 1] == '"' and term >= 0:
            stop = reading.prose.quotations[term].end
            if stop >= high or tags[stop] == ".":
                break  # “The mayor,” said Lee, “lied”.
        if quote[end + 1] != quote[first] or reading.low[end + 1] == "according":
            break
        stop = right(reading, end + 1, high, wide=True)
        if stop == end + 1 or (stop < high and tags[stop] in "BHZMFSG"):
            break
        if stop < high and tags[stop] not in ",.;-(WUTY" and not reading.opens(stop):
            break
        end = stop
    return end

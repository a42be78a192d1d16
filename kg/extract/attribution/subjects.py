"""The subject before a verb: a noun phrase with its title, its appositions, its enumeration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.attribution.phrases import LONGEST, left, right
from kg.extract.attribution.words import ROLES
from kg.extract.lexicon import VERBS

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading


def subject(reading: Reading, end: int, low: int) -> tuple[int, int] | None:
    """The noun phrase, with its appositions, that ends before word `end`."""
    tags, quote = reading.tags, reading.quote
    if end <= low:
        return None
    last = end - 1
    if quote[last] != quote[end]:
        return None
    if tags[last] == ")":
        k = last
        while k > low and last - k < 15 and tags[k] != "(":
            k -= 1
        if tags[k] != "(" or k == low:
            return None
        head = subject(reading, k, low) if tags[k - 1] not in ",()" else None
        return (head[0], end) if head else None
    if tags[last] not in ",-":
        if tags[last] in ";:.CTUEW":
            return None
        if tags[last] == "Y" and last - 1 > low:  # the ministry on Monday said
            before = last - 1 - (reading.low[last - 1] in {"on", "in"} and tags[last - 2] != ",")
            if tags[before] in "NXK" and (before < last - 1 or tags[last - 1] in "NXK"):
                end, last = before + 1, before
        first = left(reading, last, low)
        if first >= end:
            return None
        listed = _listed(reading, first, end, low)
        return (listed if listed < first else _titled(reading, first, end, low), end)
    return _apposed(reading, last, low)


def _listed(reading: Reading, first: int, end: int, low: int) -> int:
    """Where the names begin of which the last ones are known: Ann Day, | Lena Fisk and Bo Lund."""
    tags, words = reading.tags, reading.low
    joint = first
    if first - 1 > low and tags[first - 1] == "C" and words[first - 1] != "but":
        joint -= 1  # Tim Roe, Ann Day, and Bo Lund
    elif "C" not in tags[first:end]:
        return first
    if tags[first] != "X":
        return first
    found = first
    start = joint
    while max(low, first - LONGEST) < start - 1 and tags[start - 1] == ",":
        name = left(reading, start - 2, low)
        if tags[start - 2] != "X" or any(letter not in "DNX" for letter in tags[name : start - 1]):
            break
        if name == low or tags[name - 1] in "TCU:" or reading.closes(name - 1):
            return name
        if tags[name - 1] != ",":
            break  # in Oslo, Ann Day and Lena Fisk said
        found = start = name
    if joint < first:
        return found if tags[low] in "PUGYR" else first  # she met Tim Roe, and Bo Lund said
    # In Oslo, Norvia, Ann Day and Lena Fisk said: one word may belong to the place.
    return found if tags[found : found + 2] == ["X", "X"] else first


def _titled(reading: Reading, first: int, end: int, low: int) -> int:
    """Where a name with its title begins that lacks its second comma: the mayor, Ann Lee said."""
    tags = reading.tags
    comma = first - 1
    if comma <= low or tags[comma] != ",":
        return first
    before = left(reading, comma - 1, low)
    if before >= comma or not (before == low or tags[before - 1] in ",TC"):
        return first
    title, name = (first, end), (before, comma)
    if all(tags[k] == "X" for k in range(first, end)):
        title, name = name, title
    if any(tags[k] not in "XN" for k in range(*name)) or tags[name[0]] != "X":
        return first
    if name[0] == before and tags[first] == "D":
        return first  # voters, the senator argues
    return before if any(reading.low[k] in ROLES for k in range(*title)) else first


def _apposed(reading: Reading, comma: int, low: int) -> tuple[int, int] | None:
    """The noun phrase before an apposition that ends with the mark at word `comma`."""
    tags, quote = reading.tags, reading.quote
    if comma <= low:
        return None
    mark = tags[comma]
    low = max(low, comma - LONGEST)
    kept = comma
    for _ in range(4):
        k = comma - 1
        while k > low and tags[k] != mark:
            if quote[k] != quote[comma]:
                return None
            k -= 1
        if k <= low and kept == comma and mark == "," and tags[comma + 1] in "HBM":
            first = left(reading, comma - 1, low)  # a comma too many: the firm, has said
            return (first, comma) if first == low else None
        if k <= low or tags[k] != mark or k + 1 >= comma:
            return None
        letter = tags[k + 1]
        if kept == comma and (letter in "PRGUE" or _inserted(reading, k + 1, comma)):
            kept = k
        elif letter in "SMBHZF" or (letter == "C" and reading.low[k + 1] == "but"):
            return None
        if tags[k - 1] not in "NXKfOV)" and reading.low[k - 1] not in {"one", "me"}:
            return None
        head = left(reading, k - 1, low) if tags[k - 1] != ")" else None
        if head is None:
            pair = subject(reading, k, low)
            head = pair[0] if pair else k
        if head >= k:
            return None
        before = head - 1
        if (
            before > low
            and tags[before] == mark
            and (tags[head] in "DK" or tags[head] == "N")
            and tags[before - 1] in "NXK"
            and _heads(reading, before, low)
        ):
            comma = k
            continue
        return _titled(reading, head, k, low), kept
    return None


def _inserted(reading: Reading, first: int, end: int) -> bool:
    """Whether words between commas are a subject and its verb of saying: X, she said, has Y."""
    verb = end - 1
    return (
        verb > first
        and reading.tags[verb] in "VF"
        and reading.low[verb] in VERBS
        and right(reading, first, end) == verb
    )


def _heads(reading: Reading, comma: int, low: int) -> bool:
    """Whether what stands before a comma, back to the one before it, is a noun phrase alone."""
    first = left(reading, comma - 1, low)
    if first >= comma:
        return False
    return first == low or reading.tags[first - 1] in ",TCU-"

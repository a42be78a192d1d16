"""How far words reach around a report: insertions, what trails behind, clauses on a subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.attribution import phrases
from kg.extract.attribution.clauses import LONGEST, first_clause
from kg.extract.lexicon import VERBS

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading, Words

TRAIL: Final = 16
"""Words that may trail behind a source and its verb."""


def inserted(reading: Reading, source: Words) -> Words:
    """The source of an insertion: the minister, Duarte said, had promised to pay."""
    commas = [k for k in range(*source) if reading.tags[k] == ","]
    listed = source[0] > 0 and reading.tags[source[0] - 1] == ","  # the dam, A, B and C said, is
    return (commas[0] + 1, source[1]) if len(commas) == 1 and not listed else source


def resumed(reading: Reading, behind: int, high: int) -> int:
    """The comma before speech that goes on: “…,” he said as he left, “but …”."""
    for k in range(behind, min(behind + TRAIL, high - 1)):
        if reading.tags[k] == "," and reading.opens(k + 1):
            return k
        if reading.quote[k] != reading.quote[behind - 1] or reading.low[k] in VERBS:
            break
    return behind


def trail(reading: Reading, first: int, high: int) -> int:
    """The word behind the place and the time that trail behind a verb."""
    k = first
    while k < min(high, first + TRAIL):
        if reading.opens(k) and k > first and reading.tags[k - 1] in "PDNX":
            k = reading.beyond(k)  # wrote in “The Harbour Book”
        elif reading.tags[k] in 'PDNXKfYR"':
            k += 1
        else:
            break
    return k


def mixed(reading: Reading, first: int, opening: int) -> int:
    """Where speech begins that may have unquoted words before its quotation."""
    tags = reading.tags
    if first < opening <= first + LONGEST and all(
        letter in 'NXKDfPOSVFBHZMAERT"GC' for letter in tags[first:opening]
    ):
        return first
    return opening


def closed(reading: Reading, first: int, end: int) -> int:
    """Where what is said ends in a clause on the subject: those who want to go | must pay."""
    if reading.tags[first] != "E":
        return first_clause(reading, first + (reading.tags[first] == "T"), end)
    for k in range(first + 2, end):
        if reading.tags[k] in "BHMZ" and reading.tags[k - 1] in "NXKfOYVRF":
            return k
        if reading.tags[k] in "TWU":
            break
    return end


def within(reading: Reading, first: int, end: int) -> int:
    """Where words inside a relative clause end: before the verb of the clause around it."""
    tags = reading.tags
    for k in range(first, end - 1):
        if tags[k] == ",":
            verb = k + 1 + (tags[k + 1] == '"')
            if verb < end and tags[verb] in "BHMZVF":
                return verb if verb > k + 1 else k
    return end


def topic(reading: Reading, before: int, low: int) -> Words | None:
    """The subject of the first clause of a sentence."""
    tags = reading.tags
    first = low
    while first < before and tags[first] in "CR,":
        first += 1
    if first < before and tags[first] in "PUGYE":
        while first < before and tags[first] != ",":
            first += 1
        first += 1
    if first >= before:
        return None
    end = phrases.inverted(reading, first, before)
    return (first, end) if end > first and end < before else None

"""Speech that goes on without a cue of its own: `he said. “And more.”`, and the next paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.extract.attribution.reading import Found

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading


def following(reading: Reading, found: list[Found]) -> list[Found]:
    """Attributions for quotations that nobody has yet, said to who spoke before them.

    What goes on from a quotation left open joins its attribution; other sentences that are
    nothing but quotation, behind an attribution that is direct, make one of their own with the same
    source and cue.
    """
    quotations = reading.prose.quotations
    if not quotations:
        return []
    owner: dict[int, Found] = {}
    marks: list[tuple[int, Found]] = []
    for one in found:
        outside = all(
            reading.quote[i] < 0 for i in (one.cue[0][0], one.content[0][0] - 1) if i >= 0
        )
        if not outside and reading.quote[one.cue[0][0]] >= 0:
            continue
        marks.append((max(end for _, end in (*one.source, *one.cue, *one.content)), one))
        for first, end in one.content:
            k = first
            while k < end:
                if reading.quote[k] >= 0:
                    owner.setdefault(reading.quote[k], one)
                    k = max(quotations[reading.quote[k]].end, k + 1)
                else:
                    k += 1
    _opened(reading, owner, {first for first, _ in reading.prose.paragraphs})
    marks.sort(key=lambda mark: mark[0])
    made: list[Found] = []
    at = 0
    for number, (first, end, follows) in enumerate(quotations):
        if number in owner or reading.quote[first] < 0:
            continue
        if follows and number - 1 in owner:
            before = owner[number] = owner[number - 1]
            last = before.content[-1]
            if last[1] == first:
                before.content[-1] = (last[0], end)
            else:
                before.content.append((first, end))
            continue
        while at < len(marks) and marks[at][0] <= first:
            at += 1
        if not at:
            continue
        speaker = marks[at - 1][1]
        reach = marks[at - 1][0]
        if number - 1 in owner and quotations[number - 1].end > reach:
            speaker, reach = owner[number - 1], quotations[number - 1].end
        if not _alone(reading, first, end) or not _goes_on(reading, speaker, reach, first):
            continue
        one = Found(
            source=speaker.source,
            cue=speaker.cue,
            content=[(first, end)],
            verb=speaker.verb,
            negated=False,
        )
        owner[number] = one
        made.append(one)
    _opened(reading, owner, None)
    return made


def _opened(reading: Reading, owner: dict[int, Found], among: set[int] | None) -> None:
    """Give a quotation left open to whom what goes on from it belongs: `“… ¶ “… ¶ “…,” said Lee`.

    `among` are the words at which such a quotation may begin, None for any: one behind other words
    of its paragraph may belong to who spoke there.
    """
    quotations = reading.prose.quotations
    for number in range(len(quotations) - 1, 0, -1):
        one = owner.get(number)
        first, _, follows = quotations[number]
        before = quotations[number - 1].first
        if one is None or not follows or number - 1 in owner or reading.quote[before] < 0:
            continue
        if one.content[0][0] == first and (among is None or before in among):
            owner[number - 1] = one
            one.content[0] = (before, one.content[0][1])


def _alone(reading: Reading, first: int, end: int) -> bool:
    """Whether a quotation is the whole of its unit, but for a full stop."""
    start, high = reading.units[reading.unit[first]]
    return start == first and all(
        reading.tags[k] in ".),-" or not reading.low[k].isalnum() for k in range(end, high)
    )


def _goes_on(reading: Reading, speaker: Found, reach: int, first: int) -> bool:
    """Whether a quotation stands right behind what somebody said, or behind that sentence."""
    if not any(reading.quote[k] >= 0 for part in speaker.content for k in (part[0], part[1] - 1)):
        colon = first and reading.low[first - 1] == ":"
        if not colon:
            return False
    elif first and reading.unit[speaker.cue[0][0]] == reading.unit[first] - 1:
        return True
    return first - reach <= 4 and all(
        reading.tags[k] in '.,;:-)"' or not reading.low[k][0].isalnum() for k in range(reach, first)
    )

"""Where, when and how something is said: what stands between a verb and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kg.extract.attribution.reading import Reading

VENUES: Final = frozenset(
    "statement statements interview interviews speech speeches letter letters email emails e-mail"
    " report reports post posts tweet tweets message messages article articles conference briefing"
    " hearing call release remarks address blog note memo video broadcast documents document"
    " affidavit testimony court press twitter facebook television tv radio telephone phone reporters"
    " journalists column editorial op-ed essay book paper study filing summary comments response"
    " reply answer condition website site page channel programme program show podcast private public"
    " writing turn addition part person detail parliament advance".split()
)
"""Where and how things are said: phrases with these belong to the saying, not to what is said."""
_WHERE: Final = frozenset("in on at during via through by to after before from over of as".split())
_WHEN: Final = frozenset(
    "today yesterday tonight earlier later again also ago afterwards afterward then here once".split()
)
_DEGREE: Final = frozenset(
    "only nearly hardly barely roughly approximately probably possibly likely really fully mostly"
    " largely partly exactly particularly actually simply merely virtually entirely".split()
)
"""Adverbs that belong to what is said."""
TIMES: Final = frozenset(
    "week month year night morning evening afternoon weekend spring summer autumn winter".split()
)


def adjuncts(reading: Reading, k: int, high: int) -> int:
    """The word behind the time, the place and the manner that follow a verb of saying."""
    tags, words, quote = reading.tags, reading.low, reading.quote
    own = quote[k - 1]
    placed = False
    for _ in range(6):
        if k >= high or quote[k] != own:
            return k
        letter = tags[k]
        if words[k] in {"last", "late", "early", "this"} or letter == "D":
            if k + 1 < high and (words[k + 1] in TIMES or tags[k + 1] == "Y"):
                k += 2
                continue
            return k
        if (
            letter == "Y"
            or words[k] in _WHEN
            or (letter == "R" and words[k].endswith("ly") and words[k] not in _DEGREE)
        ):
            k += 1
            while k < high and tags[k] in "YK":
                k += 1
        elif placed and letter == "V" and k + 1 < high and tags[k + 1] in "PYR":
            k += 1  # in an interview published on Sunday
        elif letter in "PEU" and (placed or words[k] in _WHERE):
            j = k + 1
            venue = placed
            while j < high and j - k < 9 and tags[j] in "DNXKfYV" and quote[j] == own:
                if j - k > 1 and venue and tags[j] in "DV" and tags[j - 1] not in "DPV":
                    break
                venue = venue or tags[j] == "Y" or words[j] in VENUES
                j += 1
            if not venue or j == k + 1:
                return k
            k = j
            placed = True
        else:
            return k
    return k

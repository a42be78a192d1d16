"""A text made ready for the search: letters of words, units of speech, quotations that are speech."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from kg.extract.attribution.words import Tagger, by_ending, by_form
from kg.extract.lexicon import VERBS

if TYPE_CHECKING:
    from kg.extract.prose import Prose

HEADLINE: Final = 20
"""Words that a headline has at most."""
LABEL: Final = 7
"""Words that a speaker's label has at most."""
SCARE: Final = 2
"""Quotation marks around so few words, with no full stop or comma, hold a term, not speech."""
JOINTS: Final = frozenset("(),;-C")
"""Letters of the words at which what is said may end."""
_TAGS: Final = Tagger()
_KEPT: Final = 50_000
"""Words whose letter is kept between texts; English news has about as many forms."""

Words = tuple[int, int]
"""A stretch of words: from the first to before the second."""


@dataclass(slots=True, kw_only=True)
class Found:
    """An attribution in words, while the rest of the text is still being read."""

    source: list[Words]
    cue: list[Words]
    content: list[Words]
    verb: str
    negated: bool = False


class Reading:
    """Parallel lists by the number of the word, beside those of `prose`.

    `tags` has the letters of `kg.extract.attribution.words`, `quote` the number of the quotation
    that is speech or -1, `unit` the number of the unit: a sentence, with all of a quotation that
    begins in it. Many attributions look over the same words, so `joints` leads to the next word at
    which what is said may end; `quoted` and `commas` count what is in quotation marks, and a comma,
    before a word.
    """

    def __init__(self, prose: Prose) -> None:
        if len(_TAGS) > _KEPT:
            _TAGS.clear()
        self.prose = prose
        self.low = prose.lower
        self.tags = list(map(_TAGS.__getitem__, prose.words))
        self.quote = list(prose.inside)
        self._terms()
        self._brackets: set[int] | None = None
        self.units: list[tuple[int, int]] = []
        self.unit = [0] * len(self.tags)
        self.sentence = [0] * len(self.tags)
        self._units()
        self._tidy()
        self.joints = self._joints()
        self.quoted = [0, *accumulate([number >= 0 for number in prose.inside])]
        self.commas = [0, *accumulate([letter == "," for letter in self.tags])]

    def _terms(self) -> None:
        """Take short terms in quotation marks for what they are."""
        openings = {first for first, _ in self.prose.sentences}
        for first, end, follows in self.prose.quotations:
            if follows or end - first > SCARE + 2:
                continue
            marked = not self.low[end - 1][0].isalnum() and self.tags[end - 1] not in ".,"
            last = end - 1 - marked
            if last > first and self.tags[last] in ".,":
                continue
            if first in openings and self._answers(end):
                continue
            self.quote[first:end] = [-1] * (end - first)
            self.tags[first] = '"'

    def _answers(self, end: int) -> bool:
        """Whether a speaker and a verb that takes speech stand behind the comma at word `end`."""
        if self.low[end : end + 1] != [","]:
            return False
        for k in range(end + 1, min(end + LABEL, len(self.low))):
            verb = VERBS.get(self.low[k])
            if verb is not None and "q" in verb.frames and self.tags[k] in "VF":
                after = range(k + 1, min(k + LABEL, len(self.low) - 1))
                comma = next((j for j in after if self.low[j] in {",", "."}), -1)
                return comma < 0 or self.tags[comma + 1] not in "BHMZVF"  # “Hamlet”, he said, is
            if self.tags[k] not in "DNXKSf":
                return False
        return False

    def _units(self) -> None:
        open_from = -1
        reach = 0
        for number, (first, end) in enumerate(self.prose.sentences):
            self.sentence[first:end] = [number] * (end - first)
            if open_from < 0:
                open_from, reach = first, 0
                dash = self._dateline(first, end)
                if dash:
                    self.unit[first:dash] = [len(self.units)] * (dash - first)
                    self.units.append((first, dash))
                    open_from = dash
            last = self.quote[end - 1]
            if last >= 0 and self.prose.quotations[last].end > end:
                reach = max(reach, self.prose.quotations[last].end)
            if reach <= end:
                self.unit[open_from:end] = [len(self.units)] * (end - open_from)
                self.units.append((open_from, end))
                open_from = -1
        if open_from >= 0:
            end = self.prose.sentences[-1][1]
            self.unit[open_from:end] = [len(self.units)] * (end - open_from)
            self.units.append((open_from, end))

    def _dateline(self, first: int, end: int) -> int:
        """The word behind `LIMA, March 5 (Agency) -`, or 0."""
        words, tags = self.prose.words, self.tags
        if not words[first].isupper() or len(words[first]) < 3:
            return 0
        for k in range(first + 1, min(end - 1, first + HEADLINE)):
            if tags[k] == "-":
                return k + 1
            if tags[k] not in "XYK,().N":
                return 0
        return 0

    def _tidy(self) -> None:
        """Full stops that end nothing are letters of a name; a capital that opens proves nothing."""
        tags, words = self.tags, self.prose.words
        starts, ends = self.prose.starts, self.prose.ends
        for i in range(1, len(tags) - 1):
            if (
                tags[i] in ",:-"
                and tags[i - 1] == tags[i + 1] == "K"
                and starts[i + 1] == ends[i]
                and (starts[i] == ends[i - 1])
            ):
                tags[i] = "K"  # 5,000 and 10:30
        for first, end in self.prose.sentences:
            stop = end
            while stop > first and tags[stop - 1] in '."),':
                stop -= 1
            for i in range(first, stop):
                if tags[i] == ".":
                    tags[i] = "N"
            while first < stop and tags[first] in '"(-':
                first += 1
            if first < stop and tags[first] == "X":
                tags[first] = by_form(words[first])
        for first, end in self.prose.paragraphs:
            if end - first <= HEADLINE and self.headline(first):
                letters = [i for i in range(first, end) if words[i][0].isalpha()]
                capitals = sum(words[i][0].isupper() for i in letters)
                if len(letters) > 3 and capitals * 4 > len(letters) * 3:
                    for i in letters[1:]:
                        if tags[i] == "X" and by_ending(self.low[i]) in "VFf":
                            tags[i] = by_ending(self.low[i])

    def _joints(self) -> list[int]:
        found: list[int] = []
        joints = {i for i, letter in enumerate(self.tags) if letter in JOINTS}
        joints.update(first for first, _, _ in self.prose.quotations if self.opens(first))
        for joint in (*sorted(joints), len(self.tags)):
            found += [joint] * (joint + 1 - len(found))
        return found

    def first(self, i: int) -> int:
        """The first word of the sentence of word `i`, its marks left out."""
        first, end = self.prose.sentences[self.sentence[i]]
        while first < end - 1 and self.tags[first] in '"(-':
            first += 1
        return first

    def generic(self, i: int) -> bool:
        """Whether `you` at word `i` may be anyone: not in speech, a question or a transcript."""
        if self.quote[i] >= 0 or self.low[self.prose.sentences[self.sentence[i]][1] - 1] == "?":
            return False
        paragraphs = self.prose.paragraphs
        first, end = paragraphs[bisect_right(paragraphs, (i, len(self.low) + 1)) - 1]
        return ":" not in self.low[first : min(end, first + LABEL + 1)]

    def headline(self, i: int) -> bool:
        """Whether the sentence of word `i` has no full stop, as headlines have none."""
        end = self.prose.sentences[self.sentence[i]][1]
        return self.tags[end - 1] not in '."):' or self.low[end - 1].isalnum()

    def bounds(self, i: int) -> tuple[int, int]:
        """The words among which those that belong to word `i` are to be sought."""
        number = self.quote[i]
        if number < 0:
            return self.units[self.unit[i]]
        quotation = self.prose.quotations[number]
        first, end = self.prose.sentences[self.sentence[i]]
        closed = self.tags[quotation.end - 1] in '"N' and not self.low[quotation.end - 1].isalnum()
        return max(first, quotation.first + 1), min(end, quotation.end - closed)

    def bracketed(self, close: int) -> bool:
        """Whether a closing bracket has its opening one before it in the sentence."""
        if self._brackets is None:
            self._brackets = set()
            stack: list[int] = []
            for first, end in self.prose.sentences:
                for k in range(first, end):
                    if self.tags[k] == "(":
                        stack.append(k)
                    elif self.tags[k] == ")" and stack:
                        stack.pop()
                        self._brackets.add(k)
                stack.clear()
        return close in self._brackets

    def trim(self, first: int, end: int, own: int = -1) -> tuple[int, int]:
        """A stretch without the punctuation around it, unless in a quotation that is not its `own`."""
        tags, quote = self.tags, self.quote
        while first < end and tags[first] in ",;:-." and quote[first] == own:
            first += 1
        while end > first and tags[end - 1] in ",;:-." and quote[end - 1] == own:
            end -= 1
        return first, end

    def longer(self, first: int, end: int, limit: int) -> bool:
        """Whether more words of a stretch than `limit` stand outside quotation marks."""
        while first < end and limit >= 0:
            if self.opens(first):
                first = self.beyond(first)
            else:
                first += 1
                limit -= 1
        return limit < 0

    def opens(self, i: int) -> bool:
        """Whether speech in quotation marks begins with word `i`."""
        number = self.quote[i] if i < len(self.quote) else -1
        return number >= 0 and self.prose.quotations[number].first == i

    def closes(self, i: int) -> bool:
        """Whether speech in quotation marks ends with word `i`."""
        number = self.quote[i] if i >= 0 else -1
        return number >= 0 and self.prose.quotations[number].end == i + 1

    def beyond(self, i: int) -> int:
        """The word behind the quotation that opens with word `i`."""
        return self.prose.quotations[self.quote[i]].end

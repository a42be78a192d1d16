"""What stands around a word for an event: names in rows, what leads to them, dates, clauses."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.almanac import PAST
from kg.extract.happenings import BREAKS, LIGHT, PREPOSITIONS, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.dates import Dated
    from kg.extract.names import Names
    from kg.extract.prose import Prose

REACH: Final = 30
"""Words on either side of a word for an event in which its clause is looked for."""

_GAP: Final = 8
"""Words between two names in a row: "Ada Roe, the foreign minister of long standing, and Jan Poe"."""

_WAY: Final = 4
"""Words between a subject and the infinitive that it wants, agrees, or is able to do."""

BE: Final = frozenset("is are was were be been being".split())
BETWEEN: Final = BE | frozenset(
    "has have had will would could can may might must should shall not also both then already once all"
    " never since later recently , had's reportedly do does did again now still jointly".split()
)
"""Words that may stand between a subject and its verb."""
_PRONOUNS: Final = frozenset(
    "he she it they we i you who what why how as if than after before because since while when".split()
)
"""Words that have or begin a clause with a subject of its own."""
FOLLOWS: Final = (
    PREPOSITIONS
    | BREAKS
    | BE
    | BETWEEN
    | PAST
    | frozenset(
        "hurt cost put cut spread shut set left and or nor to"
        " here there today yesterday tomorrow tonight this next early late again once"
        " twice together himself herself itself themselves over up out off down back away ahead took"
        " even only just".split()
    )
)
"""Words behind a name that is the head of its phrase; any other word in small letters makes it a modifier."""
_PASTS: Final = frozenset("went came said told flew chose sought vowed hopes wants will".split())
_TITLES: Final = frozenset({"the", "both", "prime", "minister", "president", "a", "an"})
PLACES: Final = frozenset({"in", "at", "near", "outside", "inside", "across", "around"})


class Name(NamedTuple):
    """A mention by its words, and what it is a mention of."""

    first: int
    end: int
    entity: int
    acts: bool
    lies: bool  # it can be a place
    kind: str


class Neighbours:
    """Who stands where around a word: names by their words, dates, clauses."""

    def __init__(self, prose: Prose, names: Names, dated: Sequence[Dated]) -> None:
        self.prose = prose
        self.lower = prose.lower
        self.dated = sorted(dated, key=lambda date: date.span)
        self.date_starts = [date.span.start for date in self.dated]
        self.names: list[Name] = []
        end = -1
        for span, number in names.mentions:
            if span.start < end or span.end <= span.start:
                continue  # a name inside a name
            end = span.end
            entity = names.entities[number]
            first, last = prose.word_at(span.start), prose.word_at(span.end - 1)
            if last < len(self.lower):
                lies = entity.type == "place" or entity.kind == "state"
                kind = str(entity.kind or "")
                acts = entity.type == "actor"
                self.names.append(Name(first, last + 1, number, acts, lies, kind))
        self.dated_words = {
            j
            for date in self.dated
            for j in range(prose.word_at(date.span.start), prose.word_at(date.span.end - 1) + 1)
        }
        self.firsts = [name.first for name in self.names]

    def near(self, low: int, high: int) -> list[Name]:
        """The names among some words."""
        found = []
        for k in range(max(0, bisect_left(self.firsts, low) - 1), len(self.names)):
            if self.firsts[k] >= high:
                break
            if self.names[k].first >= low and self.names[k].end <= high:
                found.append(self.names[k])
        return found

    def clause(self, i: int, first: int, end: int) -> tuple[int, int]:
        """The words around a word, up to where another clause begins or ends."""
        low, high = i, i + 1
        lower, least, most = self.lower, max(first, i - REACH), min(end, i + REACH)
        while low > least and (lower[low - 1] not in BREAKS or self._of_clock(low - 1)):
            low -= 1
        while high < most and (lower[high] not in BREAKS or self._of_clock(high)):
            high += 1
        return low, high

    def _of_clock(self, i: int) -> bool:
        """Whether a mark stands between hours and minutes."""
        if self.lower[i] != ":" or not 0 < i < len(self.lower) - 1:
            return False
        return self.lower[i - 1].isdigit() and self.lower[i + 1].isdigit()

    def opens(self, i: int, first: int) -> bool:
        """Whether a verb opens the sentence, as in "After visiting Rome, …"."""
        led = i == first or self.lower[i - 1] not in BE
        return led and self.lower[i].endswith("ing") and i - first <= 2

    def comma(self, i: int) -> int:
        """The next comma; what stands behind it is another clause than that of a verb that opens."""
        high = min(len(self.lower), i + REACH)
        return next((j for j in range(i, high) if self.lower[j] == ","), high)

    def subject_of(self, before: list[Name], i: int, *, mutual: bool) -> list[Name]:
        """The names before a verb that are its subject, by what stands between them and it."""
        row = self.row_before(before, mutual=mutual)
        if not row:
            return []
        begin = row[-1].end
        gap = [
            word for j, word in enumerate(self.lower[begin:i], begin) if j not in self.dated_words
        ]
        if all(word in BETWEEN or word.endswith("ly") for word in gap):
            return row
        if gap[0] == "," and "," in gap[1:]:  # "Hill, 42, of Oslo, died"
            last = len(gap) - 1 - gap[::-1].index(",")
            aside = gap[1] in {"of", "a", "an", "the", "from"} or gap[1].isdigit()
            if aside and all(word in BETWEEN or word.endswith("ly") for word in gap[last:]):
                return row
        if not _PRONOUNS.isdisjoint(gap) or not self._leading(row[0].first, i):
            return []
        verbal = (
            gap[0] in BETWEEN or gap[0].endswith(("ed", "s")) or gap[0] in LIGHT or gap[0] in _PASTS
        )
        if gap[-1] == "to":  # "plans to", "was able to": a longer way to the verb has others in it
            return row if verbal and len(gap) <= _WAY else []
        joined = gap[-1] == "and" or (gap[-1] in BETWEEN and "and" in gap)
        return row if verbal and joined and "to" not in gap else []

    def _leading(self, first: int, i: int) -> bool:
        """Whether a name opens its clause, so that it is no object of an earlier verb."""
        low = first
        while low > max(0, i - REACH) and self.lower[low - 1] not in BREAKS:
            if self.lower[low - 1] in {".", "!", "?"}:
                break
            low -= 1
        return all(
            self._titled(j)
            or self.lower[j] in {",", "and"}
            or j in self.dated_words
            or (self.lower[j] in PREPOSITIONS and j + 1 in self.dated_words)
            for j in range(low, first)
        )

    def row_before(
        self, names: list[Name], *, mutual: bool = False, loose: bool = False
    ) -> list[Name]:
        """The last names in a row that are no object of a preposition and own nothing."""
        k = len(names) - 1
        while k >= 0:
            row = [names[k]]
            listed = False
            while k > 0:
                joint = self.joint(names[k - 1], row[0])
                if not joint or (joint == "," and not listed):
                    break
                listed = True
                k -= 1
                row.insert(0, names[k])
            start = row[0].first
            while start > 0 and row[0].first - start < 5 and self._titled(start - 1):
                start -= 1
            before = self.lower[start - 1] if start else ""
            end = row[-1].end
            owner = self.lower[end : end + 1] == ["'s"] or self.lower[end - 1].endswith("'s")
            free = before not in PREPOSITIONS or (mutual and before in {"of", "from", "between"})
            acting = any(name.acts for name in row)
            if loose or (free and acting and not owner):
                return row
            k -= 1
        return []

    def _titled(self, i: int) -> bool:
        """Whether a word is part of the title or the epithet before a name."""
        word = self.prose.words[i]
        return word[0].isupper() or self.lower[i] in {
            "the",
            "a",
            "an",
            "president",
            "minister",
            "prime",
        }

    def joint(self, left: Name, right: Name) -> str:
        """What joins two names in a row, "and" or a comma, with nothing but titles beside it."""
        gap = range(left.end, right.first)
        found = ""
        if len(gap) > _GAP:
            return ""
        for j in gap:
            word = self.lower[j]
            if word in {"and", "&"}:
                found = "and"
            elif word == ",":
                found = found or ","
            elif not (self.prose.words[j][0].isupper() or word in _TITLES):
                return ""
        return found

    def behind_comma(self, i: int, after: list[Name]) -> list[Name]:
        """The subject of "After visiting Rome, Roe …"."""
        for k, name in enumerate(after):
            start = name.first
            while start > i and name.first - start < 6 and self._titled(start - 1):
                start -= 1
            if self.lower[start - 1] != ",":
                continue
            last = k
            while last + 1 < len(after) and self._leads(after[last], after[last + 1]):
                last += 1
            row = [after[last]]
            if last + 1 < len(after) and self.joint(row[-1], after[last + 1]) == "and":
                row.append(after[last + 1])
            return row
        return []

    def _leads(self, left: Name, right: Name) -> bool:
        """Whether a name only stands in the title of the next: "U.S. Secretary of State Ada Roe"."""
        return all(
            self.prose.words[j][0].isupper() or self.lower[j] == "of"
            for j in range(left.end, right.first)
        )

    def relation(self, first: int, end: int, *, direct: bool) -> tuple[str, bool]:
        """The preposition before a name, "object" where none is needed, and whether it is tied.

        It is empty where something else stands between: only a place may come later in the clause,
        not tied to the words before it.
        """
        if end - first > _GAP:
            return "", False
        at = next((j for j in range(end - 1, first - 1, -1) if self.lower[j] in PREPOSITIONS), -1)
        if at < 0:
            return ("object", True) if direct and self._introduces(first, end) else ("", False)
        if not self._introduces(at + 1, end):
            return "", False
        word, tied = self.lower[at], self._passes(first, at)
        return (word, tied) if tied or word in PLACES else ("", False)

    def _introduces(self, first: int, end: int) -> bool:
        """Whether some words can stand in a noun phrase before its name: "its old ally", "the"."""
        small = 0
        for j in range(first, end):
            word = self.lower[j]
            if word in {"the", "a", "an", "\u200e", "\u200b"} or self.prose.words[j][0].isupper():
                continue
            small += 1
            verbal = word in BREAKS or word in BE or word in TRIGGERS or word in LIGHT
            if not word[0].isalnum() or verbal or word in PREPOSITIONS or word == "and":
                return False
            if word.endswith("ing") or j in self.dated_words:
                return False
        return small <= 2  # "the northern port of": more words are another phrase

    def _passes(self, first: int, end: int) -> bool:
        """Whether some words only say when, so that what is behind them belongs to what is before."""
        return all(
            j in self.dated_words
            or (self.lower[j] in PREPOSITIONS and j + 1 in self.dated_words)
            or self.lower[j].endswith("ly")
            or self.lower[j] in {"again", "together", "also"}
            for j in range(first, end)
        )

    def heads(self, name: Name) -> bool:
        """Whether a name is the head of its phrase: not in "Peru's army", "the Peru desk"."""
        j = name.end
        if self.lower[j - 1].endswith("'s"):
            return False
        if j >= len(self.lower):
            return True
        word = self.lower[j]
        if word in {"'s", "'", "-", "–"}:
            return False
        if not word[0].isalpha() or j in self.dated_words:
            return True
        if self.prose.words[j][0].isupper():
            return word in FOLLOWS
        return self.follows(j)

    def follows(self, i: int) -> bool:
        """Whether a word can stand behind the end of a phrase, rather than go on with it."""
        return self.lower[i] in FOLLOWS or self.lower[i].endswith(("ly", "ed", "ing"))

    def dates_in(self, low: int, high: int) -> list[Dated]:
        """The dates that begin among some words."""
        if high <= low:
            return []
        begin = bisect_left(self.date_starts, self.prose.starts[low])
        stop = bisect_left(self.date_starts, self.prose.ends[high - 1], begin)
        return self.dated[begin:stop]

"""Labels of events, made of words of the text: a noun phrase, or a short clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.counting import COUNTS
from kg.extract.happenings import ARTICLES, BREAKS, LIGHT, PREPOSITIONS
from kg.extract.neighbours import BE, BETWEEN, Name, Neighbours

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL: Final = 60
"""Characters of a label, as of all that a graph quotes (`kg.annotation.check.QUOTE_LIMIT`)."""
_NEAR: Final = 7
"""Words of a label between its subject and its verb."""
_OBJECT: Final = 7
"""Words of an object without a name; of a longer one nothing is kept, rather than a part."""
_DETERMINERS: Final = frozenset(
    "a an the his her their its our my your this that these those".split()
)
_CUTS: Final = frozenset({",", "and", "who", "which", "that"})
_BOUNDING: Final = frozenset("over about around nearly some at under".split())
_LEADING: Final = frozenset("of against between with on into".split())
"""Prepositions behind a noun whose phrase belongs into its label."""
_JOINTS: Final = frozenset(
    "and but or then that yet also since after before as when until once".split()
)
_SUBJECTS: Final = frozenset("i we you he she it they who which that this".split())


class Labels(Neighbours):
    """Reads how much of a clause says what happened."""

    def phrase_start(self, i: int, low: int) -> int:
        """The first word of the noun phrase of a noun, its article left out."""
        head = i
        while head > max(low, i - 4) and self._modifies(head - 1):
            head -= 1
        while head < i and self.lower[head] in _DETERMINERS:
            head += 1
        return head

    def _modifies(self, i: int) -> bool:
        """Whether a word can stand before the noun of a label."""
        word = self.lower[i]
        return (
            word[0].isalnum()
            and i not in self.dated_words
            and word not in ARTICLES
            and word not in PREPOSITIONS
            and word not in LIGHT
            and word not in BREAKS
            and word not in BE
            and word not in {"and", "or", "to", "out", "off", "up", "down"}
            and not word.endswith(("ly", "ed", "'s"))
        )

    def follows_on(self, i: int) -> bool:
        """Whether a word can stand between a date and the noun that it is the date of."""
        return self._modifies(i) or self.lower[i].endswith(("ly", "ed"))

    def modified(self, i: int) -> int:
        """The word behind the noun that a name at its head modifies."""
        end = i
        while end < min(i + 3, len(self.lower)):
            word = self.prose.words[end]
            if not (word[0].isalpha() and word.islower()) or self.follows(end):
                break
            end += 1
        return end

    def group_start(self, i: int, low: int) -> int:
        """The first of the auxiliaries and adverbs before a verb."""
        while i > low and (
            (self.lower[i - 1] in BETWEEN and self.lower[i - 1] != ",")
            or self.lower[i - 1].endswith("ly")
        ):
            i -= 1
        return i

    def leads_to(self, low: int, i: int) -> bool:
        """Whether a relative clause begins with its verb: "who has since visited"."""
        return self.group_start(i, low) == low

    def bare(self, i: int) -> bool:
        """Whether a verb has no object behind it."""
        j = i + 1
        while j < len(self.lower) and self.lower[j].endswith("ly"):
            j += 1
        if j >= len(self.lower) or j in self.dated_words:
            return True
        word = self.lower[j]
        if word in {"with", "more"}:
            return False
        stops = (
            word in PREPOSITIONS or word in BREAKS or word in {"and", "or", "to", "again", "here"}
        )
        return stops or not word[0].isalnum()

    def leads(self, name: Name, following: Sequence[Name]) -> bool:
        """Whether a name only stands in the title of the one behind it: "Peru President Ada Hill"."""
        return any(
            other.first - name.end <= 4
            and all(self.prose.words[j][0].isupper() for j in range(name.end, other.first))
            for other in following
        )

    def verb_label(
        self, i: int, low: int, subject: Sequence[Name], who: str, last: int, *, mutual: bool
    ) -> str:
        """A short clause: subject, verb, object."""
        if last == i + 1:
            last = self._object(i, mutual=mutual)
        group = self.group_start(i, low)
        rest = self.said(i, last)
        verb = self.said(group, i)
        if who:
            return self._fitting(
                [f"{who} {verb} {rest}", f"{who} {rest}", f"{who} {self.lower[i]}"]
            )
        if subject:
            begin, end = subject[0].first, subject[-1].end
            name = self.said(begin, end)
            start = max((j + 1 for j in range(end, i) if self.lower[j] in _CUTS), default=end)
            if end <= i and i - start <= _NEAR:
                verb = self.said(start, i)
            tries = [
                f"{name} {verb} {rest}",
                f"{name} {rest}",
                f"{name} {self.said(i, i + 1)}",
                rest,
            ]
            return self._fitting(tries)
        begin = group
        while begin > low and i - begin < _NEAR and not self._parted(begin - 1):
            begin -= 1
        while begin < i and (self.lower[begin] in _JOINTS or begin in self.dated_words):
            begin += 1
        if begin > low and not self._parted(begin - 1):
            begin = group  # the subject is longer than a label has room for
        if begin < i and self.lower[begin] in _SUBJECTS:
            begin = i
        if last == i + 1 and begin == i:
            return ""
        return self._fitting([f"{self.said(begin, i)} {rest}", rest])

    def _parted(self, i: int) -> bool:
        """Whether a word is none of the subject behind it: a comma, the day of `On Friday the ship`."""
        return self.lower[i] == "," or i in self.dated_words

    def noun_label(self, start: int, head: int, last: int, i: int) -> str:
        """A noun phrase, with whoever holds it where `start` says where they begin."""
        if last == i + 1 and self.lower[last : last + 1] and self.lower[last] in _LEADING:
            end = last + 1
            while end < len(self.lower) and end <= last + _OBJECT:
                word = self.lower[end]
                if not word[0].isalnum() or word in BREAKS or word in PREPOSITIONS or word in BE:
                    break
                if end in self.dated_words or self.follows(end):
                    break
                end += 1
            if last + 1 < end <= last + _OBJECT and self.lower[end : end + 1] != [","]:
                last = end
        tries = [self.said(start, last)] if 0 <= start < head else []
        return self._fitting([*tries, self.said(head, last), self.said(head, i + 1)])

    def _object(self, i: int, *, mutual: bool) -> int:
        """Where the few words end that a verb without a named object has for one."""
        last = i + 1
        if mutual and self.lower[last : last + 1] == ["with"]:
            last += 1
        while last < len(self.lower) and last not in self.dated_words:
            word = self.lower[last]
            than = word == "than" and self.lower[last - 1] in {"more", "less", "fewer"}
            stops = word in PREPOSITIONS or word in BREAKS or word in BE or not word[0].isalnum()
            bound = word in _BOUNDING and self._numeral(last + 1)
            bound = bound and (word != "at" or self.lower[last + 1] == "least")
            if stops and not than and not bound:
                break
            last += 1
            if last > i + _OBJECT:
                return i + 1
        if self.lower[last - 1] in {"and", "or", "to", "with", "the", "a"}:
            return i + 1
        return last

    def _numeral(self, i: int) -> bool:
        word = self.lower[i] if i < len(self.lower) else ""
        return word in COUNTS or word[:1].isdigit() or word == "least"

    def _fitting(self, tries: Sequence[str]) -> str:
        labels = (" ".join(label.split()) for label in tries)
        return next((label for label in labels if label and len(label) <= _LABEL), "")

    def said(self, first: int, end: int) -> str:
        """Some words as the text has them, on one line."""
        if first >= end:
            return ""
        return " ".join(self.prose.text[slice(*self.prose.span(first, end))].split())

"""Events in a text, found by words for them: who takes part, where, and when.

A word for an event counts where its clause names somebody in it or gives a date; what kind it is
and which parts people play is in `kg.extract.happenings`. A role is given by grammar alone: the
subject of the verb itself, "by", the owner of the noun. Whoever merely stands near has none.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Final

from kg.extract.counting import COUNTS
from kg.extract.happenings import (
    ARTICLES,
    BEFALLING,
    CUSTODY,
    DENIED,
    EXPLODING,
    FORCES,
    HABITS,
    LIGHT,
    MODIFIED,
    NEEDED_BEFORE,
    NO_RELEASE,
    NONE,
    OTHERS,
    PREPOSITIONS,
    STRUCK,
    SUPPOSED,
    TRIGGERS,
    Trigger,
)
from kg.extract.measures import PERSONS
from kg.extract.neighbours import BE, Name
from kg.extract.retelling import Happening, Telling, joined
from kg.extract.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.dates import Dated
    from kg.extract.names import Names
    from kg.extract.prose import Prose
    from kg.model import Role

__all__ = ["Happening", "events"]

_MODALS: Final = frozenset("to will would could can may might should must shall not".split())
_DEFINITE: Final = frozenset("the this that these those".split())
_BEGINNING: Final = frozenset("a an the his her its their he she it they we some several".split())
"""Words that begin the clause behind `On 3 June 2014`; no noun that the date is of follows."""
_MUTUAL_VERBS: Final = frozenset({"meeting", "negotiation", "agreement"})
_RELATIVE: Final = frozenset("who whose which whom".split())
"""Words that open a clause whose time is not that of the sentence around it."""
_MEASURED: Final = frozenset("to by below into under out even deeper further".split())
"""Words behind a verb for an accident that make it a figure of speech."""
_NAMELESS: Final = frozenset({"death", "abduction", "release", "other"})
"""Kinds that a clause may tell of without a name: "six nuns were kidnapped in 1978"."""
_TOLD: Final = frozenset("said says say saying told that added according announced".split())
"""Words after which a date at the head of the sentence is that of the telling."""


def events(prose: Prose, names: Names, dated: Sequence[Dated]) -> list[Happening]:
    """The events of a text in its order, each once; `also` has where else it is told."""
    finder = _Finder(prose, names, dated)
    clauses: dict[tuple[int, int], tuple[int, Telling]] = {}
    bare: list[Telling] = []
    sentences = iter(prose.sentences)
    end = first = 0
    for i in prose.where(TRIGGERS.keys()):
        while i >= end:
            first, end = next(sentences)
        telling, clause, rank = finder.telling(i, TRIGGERS[prose.lower[i]], first, end)
        if telling is None:
            continue
        if telling.bare:
            bare.append(telling)
        elif clause not in clauses or rank < clauses[clause][0]:
            clauses[clause] = (rank, telling)
    tellings = [*bare, *(telling for _, telling in clauses.values())]
    return joined(sorted(tellings, key=lambda telling: telling.happening.span))


class _Finder(Roles):
    """Finds who and what stands around a word for an event."""

    def telling(
        self, i: int, trigger: Trigger, first: int, end: int
    ) -> tuple[Telling | None, tuple[int, int], int]:
        """The event at word `i`, the clause it stands in, and how well it stands for the clause."""
        low, high = self.clause(i, first, end)
        clause = (low, self.comma(i) if self.opens(i, first) else high)
        near = self.near(low, high)
        if any(name.first <= i < name.end for name in near) or self.prose.words[i] == "March":
            return None, clause, 9
        verb = self._is_verb(i, trigger, near, first)
        if verb is None or not self._fits(i, trigger, low, high, verb=verb):
            return None, clause, 9
        parts: dict[int, Role] = {}
        at: dict[int, None] = {}
        before = [name for name in near if name.end <= i]
        after = [name for name in near if name.first > i]
        if verb:
            label = self.of_verb(i, trigger, before, after, low, first, parts, at)
            head = i
        else:
            head = self.phrase_start(i, low)
            label = self.of_noun(i, head, trigger, before, after, low, parts, at)
        when = self._when(i, low, high, first, head, verb=verb)
        if verb and not self._holds(i, trigger, parts, at, when, label):
            label = ""
        freed = "affected" in parts.values() or self._people(label)
        if trigger.kind == "release" and not verb and not freed:
            label = ""
        the = self.lower[head - 1] if head > low else ""
        there = bool(at) and the in ARTICLES and not verb
        bare = not verb and not parts and when is None and not there
        if not label or (bare and the not in _DEFINITE):
            return None, clause, 9
        blast = self.lower[i] in EXPLODING and not parts
        happening = Happening(
            span=self.prose.span(i, i + 1),
            kind="other" if blast else trigger.kind,
            label=label,
            when=when,
            participants=tuple(parts.items()),
            at=tuple(number for number in at if number not in parts),
        )
        stem = "" if verb else self.lower[i]
        ordered = verb or not OTHERS.isdisjoint(self.lower[max(low, head - 1) : i])
        telling = Telling(happening, stem, the in _DEFINITE, ordered, bare)
        return telling, clause, 0 if verb else 1

    def _is_verb(self, i: int, trigger: Trigger, near: list[Name], first: int) -> bool | None:
        """Whether the word is a verb here; None where it is neither."""
        before = self.lower[i - 1] if i > first else ""
        if trigger.form == "noun":
            return False
        nominal = before in ARTICLES or before.endswith("'s") or before == "'"
        if trigger.form == "verb":
            if before == "with":
                return None
            if nominal and before not in {"first", "last", "next", "that", "who", "second"}:
                return None if not trigger.participle else before.endswith("'s") or None
            return True
        if self.lower[i].endswith("ing") and before in {",", "after", "before", "while", "by"}:
            return True
        if nominal or (before in PREPOSITIONS and before != "to"):
            return False
        if before in _MODALS:
            return True
        if any(name.end == i for name in near):
            # "Roe visits Japan": a name before and something behind it
            return i + 1 < len(self.lower) and self.lower[i + 1] not in {".", ",", ";"}
        return trigger.participle or (before in {"and", "also", "then", "who"} and first < i - 1)

    def _fits(self, i: int, trigger: Trigger, low: int, high: int, *, verb: bool) -> bool:
        """Whether what the word needs beside it is there, and nothing that says it did not happen."""
        word = self.lower[i]
        behind = self.lower[i + 1] if i + 1 < len(self.lower) else ""
        if verb:
            group = self.lower[max(low, i - 4) : i]
            if any(w in DENIED or w in HABITS or w.endswith("n't") for w in group):
                return False
            opened = self.lower[low - 1] if low else ""
            if opened in {"if", "unless", "whether"} or group[-1:] == ["as"]:
                return False
            if group[-1:] == ["be"] and {"to", "will", "shall"}.isdisjoint(group):
                return False  # "demanded that the crew be released"
            if not SUPPOSED.isdisjoint(group) and not self.dates_in(low, high):
                return False
            if word in STRUCK and not {"for", "over", "as"}.isdisjoint(self.lower[i + 1 : i + 8]):
                return False  # "attacked the minister over the plan": with words
            if word == "close" and group[-1:] != ["to"] and _MODALS.isdisjoint(group):
                return False  # near to something, or to somebody
            if word in BEFALLING and (behind in _MEASURED or behind[:1].isdigit()):
                return False  # "shares crashed 12 percent", "sank to a new low"
            if trigger.kind == "agreement" and behind in {"that", "to", "with"}:
                return False
            return not trigger.needs or not trigger.needs.isdisjoint(
                self.lower[max(0, i - 6) : min(high, i + 8)]
            )
        if behind in MODIFIED or (behind in TRIGGERS and TRIGGERS[behind].form != "verb"):
            return False
        if not NONE.isdisjoint(self.lower[max(low, i - 3) : i]) or behind in {"-", "–"}:
            return False
        if trigger.kind == "release" and word.startswith("release"):
            told = self.lower[max(low, i - 1) : i + 1 : 2]
            near = self.lower[i + 1 : min(high, i + 8)]
            if told and told[0] in NO_RELEASE:
                return False
            owned = i > 0 and self.lower[i - 1].endswith("'s")
            if not owned and not any(w in PERSONS or w in CUSTODY for w in near):
                return behind == "of"
        needed = NEEDED_BEFORE.get(word)
        return needed is None or not needed.isdisjoint(self.lower[max(0, i - 3) : i])

    def _holds(
        self,
        i: int,
        trigger: Trigger,
        parts: dict[int, Role],
        at: dict[int, None],
        when: Dated | None,
        label: str,
    ) -> bool:
        """Whether what a verb tells is an event that somebody or something is known of."""
        if trigger.to:
            return bool(parts and at)
        if self.lower[i] in BEFALLING and (self.lower[i] not in EXPLODING or not parts):
            return (when is not None or bool(at)) and len(label.split()) > 1
        if trigger.object == "respondent":
            return bool(parts) or when is not None
        if trigger.kind in _MUTUAL_VERBS:
            alone = trigger.kind == "agreement" or self.bare(i)
            return len(parts) > alone
        if trigger.kind == "release" and "affected" not in parts.values():
            if not self._people(label):
                return False
        elif parts:
            return True
        passive = trigger.participle and not BE.isdisjoint(self.lower[max(0, i - 3) : i])
        told = trigger.kind in _NAMELESS and (when is not None or bool(at))
        finite = passive or trigger.participle or self.lower[i].endswith("ing")
        return bool(parts) or (told and finite and self._people(label))

    def _people(self, label: str) -> bool:
        """Whether a label speaks of persons, by a noun for them, a force, or a number."""
        words = label.lower().split()
        return any(
            word in PERSONS
            or word in FORCES
            or word in COUNTS
            or word.isdigit()
            or word.endswith("man")
            for word in words
        )

    def _when(
        self, i: int, low: int, high: int, first: int, head: int, *, verb: bool
    ) -> Dated | None:
        """The date in the clause, the nearest of several; failing that, one that opens the sentence.

        The date of a clause is that of its verb: a noun has it only where it is the subject, where
        its verb has no sense of its own ("held talks"), or where the date stands before it.
        """
        free = (
            verb
            or self.lower[max(low, head - 1)] in LIGHT
            or not LIGHT.isdisjoint(self.lower[max(low, head - 3) : head])
            or self._begins_clause(low, head)
        )
        here = [date for date in self.dates_in(low, high) if self._of_clause(date, head)]
        if not free:
            here = [date for date in here if self._belongs(date, i, head)]
        apart = low > first and self.lower[low - 1] in _RELATIVE
        told = bisect_left(self._told, first) < bisect_left(self._told, low)
        if not here and free and low > first and not apart and not told:
            opening = self.dates_in(first, min(first + 4, i))
            led = self.lower[first] in PREPOSITIONS or (
                opening and opening[0].span.start == self.prose.starts[first]
            )
            here = opening if led and len(opening) == 1 else []
            here = [date for date in here if self._of_clause(date, head)]
        place = self.prose.starts[i]
        return min(here, key=lambda date: (abs(date.span.start - place), date.span), default=None)

    def _begins_clause(self, low: int, head: int) -> bool:
        """Whether a noun phrase is the subject of its clause: nothing before it, or ", and"."""
        j = head
        while j > low and (self.lower[j - 1] in ARTICLES or self.lower[j - 1] == ","):
            j -= 1
        joined = self.lower[j - 1] in {"and", "yet"} and self.lower[j - 2 : j - 1] == [","]
        return j == low or joined

    @cached_property
    def _told(self) -> list[int]:
        """The words that tell of somebody's telling."""
        return self.prose.where(_TOLD)

    def _of_clause(self, date: Dated, head: int) -> bool:
        """Whether a date is no bound of the time and no part of another phrase: "before the 2014 vote"."""
        first = self.prose.word_at(date.span.start)
        end = self.prose.word_at(date.span.end - 1) + 1
        before = self.lower[max(0, first - 2) : first]
        if not {"before", "after", "until", "till"}.isdisjoint(before):
            return False
        word = self.prose.words[end] if end < len(self.lower) else ""
        if word in _BEGINNING and self.lower[max(0, first - 1)] in {"on", "in"}:
            return True
        if end == head or not word.islower() or not word[0].isalpha():
            return True
        return end > head or self.follows(end) or TRIGGERS.get(word) is not None

    def _belongs(self, date: Dated, i: int, head: int) -> bool:
        """Whether a date is a noun's own: "the 2016 raid", "the raid in Oslo on 12 June"."""
        first = self.prose.word_at(date.span.start)
        if first < i:
            end = self.prose.word_at(date.span.end - 1) + 1
            return i - end <= 6 and all(
                self.prose.words[j][0].isupper()
                or self.lower[j] in {",", "-", "–"}
                or self.follows_on(j)
                for j in range(end, i)
            )
        places = self.near(i + 1, first)
        free = {"in", "at", "near", "of", "the", ","}
        if places or self.lower[head - 1 : head] in (["the"], ["this"], ["that"]):
            free.add("on")  # else "admitted abductions on Monday" would have them on Monday
        return all(
            any(name.first <= j < name.end for name in places) or self.lower[j] in free
            for j in range(i + 1, first)
        )

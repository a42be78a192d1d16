"""Who plays which part in an event, by grammar alone: the subject of its verb, "by", its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.counting import COUNTS
from kg.extract.happenings import (
    ARTICLES,
    COURTS,
    DONE_TO,
    ELECTIONS,
    HOSTING,
    LIGHT,
    OBJECT_OF,
    STRUCK,
    SUFFERED,
    WITHOUT_OBJECT,
    Trigger,
)
from kg.extract.labels import Labels
from kg.extract.neighbours import BE, PLACES, REACH, Name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.dates import Dated
    from kg.extract.names import Names
    from kg.extract.prose import Prose
    from kg.model import Role

_COURT: Final = 8
"""Words in which the court follows before which somebody appears."""
_NUMBERS: Final = frozenset("more than over about nearly at least out some several many".split())
_BODIES: Final = frozenset({"death", "abduction", "release"})
_TAKING: Final = frozenset(
    "took take takes went occurred happened held begins began opened".split()
)
"""Verbs between a noun for an event and the place of it: "the meeting took place in Oslo"."""
_THERE: Final = frozenset({"other", "death", "abduction", "campaign", "tension"})
"""Kinds of which a land's name before the noun says where: "the Peru earthquake"."""


class Roles(Labels):
    """Gives the names around a word for an event their parts; each returns the label as well."""

    def __init__(self, prose: Prose, names: Names, dated: Sequence[Dated]) -> None:
        super().__init__(prose, names, dated)
        self.cast = names

    def of_verb(
        self,
        i: int,
        trigger: Trigger,
        before: list[Name],
        after: list[Name],
        low: int,
        first: int,
        parts: dict[int, Role],
        at: dict[int, None],
    ) -> str:
        """Give the parts that a verb gives; its label, empty where it tells of no event."""
        word = self.lower[i]
        group = self.lower[max(low, i - 4) : i]
        passive = trigger.participle and (
            not BE.isdisjoint(group[-3:])
            or self.lower[i + 1 : i + 2] == ["by"]
            or (word in SUFFERED and self.bare(i) and {"has", "have", "had"}.isdisjoint(group))
        )
        subject = self._subject(i, trigger, before, after, low, first)
        if self.opens(i, first):
            after = [name for name in after if name.end <= self.comma(i)]
        role: Role | None = trigger.object if passive else trigger.subject
        if not passive and self.bare(i) and trigger.object in {"target", "victim", "affected"}:
            role = role if word in WITHOUT_OBJECT else None  # "Hill attacked": whom, or by whom?
        pronoun = None if subject else self._pronoun(i, low)
        actors = [name.entity for name in subject if name.acts]
        if pronoun is not None:
            actors.append(pronoun)
        if word in STRUCK and not passive and any(name.kind == "media" for name in subject):
            return ""
        for number in actors:
            if role is not None:
                parts.setdefault(number, role)
        opening = before[0] if low == first and self.lower[first] == "in" and before else None
        if opening and opening.lies and opening.first <= first + 2 and self.heads(opening):
            at.setdefault(opening.entity)
        last = self._others(i, trigger, after, parts, at, passive=passive, verb=True)
        if trigger.needs is COURTS and last == i + 1:
            behind = self.lower[i + 1 : i + _COURT]
            last += next((k + 1 for k, w in enumerate(behind) if w in COURTS), 0)
        who = "" if pronoun is None else str(self.cast.entities[pronoun].label)
        return self.verb_label(i, low, subject, who, last, mutual=trigger.mutual)

    def _subject(
        self,
        i: int,
        trigger: Trigger,
        before: list[Name],
        after: list[Name],
        low: int,
        first: int,
    ) -> list[Name]:
        if self.opens(i, first):
            return self.behind_comma(i, after)
        if self.lower[i].endswith("ing") and BE.isdisjoint(self.lower[max(low, i - 3) : i]):
            return []  # "hit Peru, killing 12": who killed is another matter
        subject = self.subject_of(before, i, mutual=trigger.mutual)
        if not subject and low > first and self.lower[low - 1] in {"who", "which", "that"}:
            if not self.leads_to(low, i):
                return []
            near = self.near(max(first, low - 12), low - 1)
            comma = self.lower[low - 2 : low - 1] == [","]
            row = self.row_before(near)
            return row if row and row[-1].end == low - 1 - comma else []
        return subject

    def _pronoun(self, i: int, low: int) -> int | None:
        """Whom "he" or "she" straight before a verb means, where that is known."""
        j = self.group_start(i, low) - 1
        if j < low or self.lower[j] not in {"he", "she"}:
            return None
        holder = self.cast.holder(self.prose, self.prose.span(j, j + 1))
        near = {name.entity for name in self.near(j - REACH, j) if name.kind == "person"}
        return holder.entity if holder.how == "pronoun" and near == {holder.entity} else None

    def of_noun(
        self,
        i: int,
        head: int,
        trigger: Trigger,
        before: list[Name],
        after: list[Name],
        low: int,
        parts: dict[int, Role],
        at: dict[int, None],
    ) -> str:
        """Give the parts that a noun gives to its owner and to those that its preposition leads to."""
        start = -1
        owned: list[Name] = []
        # the phrase may hold names: "Chad's long war", "the Lima blasts"
        near = [name for name in before if i - name.end <= 3 and name.end >= head - 1][-1:]
        named = self.lower[i] in ELECTIONS
        for name in near:
            owner = self.lower[name.end - 1].endswith("'s") or self.lower[
                name.end : name.end + 1
            ] in (["'s"], ["'"])
            if owner:
                owned = self.row_before(before, loose=True) or [name]
            elif name.end == i:
                hyphen = self.lower[name.first - 1 : name.first] in (["-"], ["–"])
                pair = [
                    other
                    for other in self.near(max(0, name.first - 6), name.first - 1)
                    if other.end == name.first - 1
                ]
                if hyphen and pair and trigger.mutual:
                    owned = [pair[-1], name]
                    start = pair[-1].first
                elif trigger.kind in _THERE and self._spelt_out(name) and not hyphen:
                    at.setdefault(name.entity)
        done = trigger.kind in _BODIES or self.lower[i] in DONE_TO
        for name in owned:
            if name.acts and not named:
                parts.setdefault(name.entity, trigger.object if done else trigger.subject)
        if owned:
            start = owned[0].first
        light = self._light(head, low)
        if light >= 0 and not owned and not named and trigger.subject != "victim":
            role: Role = "host" if self.lower[light] in HOSTING else trigger.subject
            doers = [name for name in before if name.end <= light]
            doer = self.subject_of(doers, light, mutual=False)
            for name in doer:
                if name.acts:
                    parts.setdefault(name.entity, role)
            if doer:
                start = doer[0].first
        last = self._others(i, trigger, after, parts, at, passive=False, verb=False)
        return self.noun_label(start, head, last, i)

    def _light(self, head: int, low: int) -> int:
        """The verb before a noun phrase that has no sense of its own: "held", -1 where none is."""
        for j in range(head - 1, max(low, head - 6) - 1, -1):
            word = self.lower[j]
            if word in LIGHT:
                return j
            if not (word in ARTICLES or word in COUNTS or word in _NUMBERS or word.isdigit()):
                break
        return -1

    def _spelt_out(self, name: Name) -> bool:
        """Whether a name of a land is no abbreviation, which serves as its adjective: "U.S. raids"."""
        words = self.prose.words[name.first : name.end]
        return name.lies and not any("." in word or word.isupper() for word in words)

    def _others(
        self,
        i: int,
        trigger: Trigger,
        after: list[Name],
        parts: dict[int, Role],
        at: dict[int, None],
        *,
        passive: bool,
        verb: bool,
    ) -> int:
        """Give their parts to the names behind the word, each by the preposition before it.

        The word behind the last name that got one, or behind the word itself.
        """
        last = previous = i + 1
        held, tied, took, chain = "", True, False, True
        for k, name in enumerate(after):
            joint = self.joint(after[k - 1], name) if k and held else ""
            if joint == "," and not (
                name.lies and after[k - 1].lies and name.first == after[k - 1].end + 1
            ):
                joint = self.joint(name, after[k + 1]) if k + 1 < len(after) else ""
            near = previous == last or bool(joint)  # nothing unread between it and the word
            if not joint:
                held, tied = self.relation(previous, name.first, direct=verb and not k)
                tied = tied and chain  # what hangs on something else takes the rest along
                took = chain and not _TAKING.isdisjoint(self.lower[previous : name.first])
            chain = tied or took
            previous = name.end
            if not self.heads(name):
                previous = self.modified(name.end)  # "ISIL fighters in Syria"
            if not held or not self.heads(name):
                held = held if self.leads(name, after[k + 1 : k + 2]) else ""
                continue
            near = near and tied
            role = self._role(i, held, trigger, passive=passive, verb=verb) if near else None
            place = name.lies and (
                held in PLACES or (trigger.kind == "visit" and near and held in {"to", "object"})
            )
            if place and (verb or tied or took):
                at.setdefault(name.entity)
                last = name.end if near else last
            elif role is not None and name.acts:
                parts.setdefault(name.entity, role)
                last = name.end
        return last

    def _role(
        self, i: int, relation: str, trigger: Trigger, *, passive: bool, verb: bool
    ) -> Role | None:
        word = self.lower[i]
        if trigger.subject == "victim" or word in ELECTIONS:
            return "victim" if relation == "of" and word not in ELECTIONS else None
        if relation == "by":
            return trigger.subject if passive or not verb else None
        if relation == "object":
            return None if passive else trigger.object
        if trigger.mutual:
            return "participant" if relation in {"with", "between", "of", "among"} else None
        if relation in {"against", "on", "into"}:
            return trigger.object if trigger.object in {"target", "respondent"} else None
        if relation == "of" and not verb:
            if trigger.kind in {"visit", "statement"} or word == "resignation":
                return trigger.subject
            return trigger.object if trigger.kind in _BODIES or word in OBJECT_OF else None
        if relation == "from" and trigger.kind == "release":
            return "target"
        if relation == "to" and trigger.kind == "visit":
            return "host"
        return None

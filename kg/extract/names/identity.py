"""Which mentions are of one thing: surnames, initials, short forms, and what the register knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.names import places
from kg.extract.names.draft import SURE, Draft, entity_of, heads_of, plain_words, traits_of
from kg.extract.names.evidence import Evidence, speaks
from kg.extract.names.forms import canonical, owned_by
from kg.extract.names.lands import NOWHERE, Lands
from kg.extract.names.people import AFTER, FAMILY_FIRST, PARTICLES
from kg.extract.names.tables import GROUP, PERSON, PLACE, STATE, TOPIC, What, peoples
from kg.extract.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.gazetteer import Entry, Gazetteer
    from kg.extract.names.entity import Entity, Traits
    from kg.extract.names.found import Found


class Cast:
    """The things of one text."""

    def __init__(self, prose: Prose, known: Gazetteer) -> None:
        self.prose = prose
        self.known = known
        self.drafts: list[Draft] = []
        self.mentions: list[tuple[int, int, int]] = []
        self._by_key: dict[str, int] = {}
        self._full: dict[tuple[str, ...], int] = {}
        self._last: dict[str, list[int]] = {}
        self._given: dict[str, list[int]] = {}
        self._begins: dict[str, list[int]] = {}
        self._initials: dict[str, list[int]] = {}
        self._short: dict[tuple[str, ...], int] = {}
        self._heads: dict[str, list[int]] = {}
        self._tails: dict[tuple[str, ...], list[int]] = {}
        self._adjectives: frozenset[str] = frozenset()

    def enter(
        self,
        found: Sequence[Found],
        entries: Sequence[tuple[int, int, Entry]],
        known: Lands = NOWHERE,
    ) -> None:
        """Take in what was found: full names first, then what may be short for them."""
        self._adjectives = peoples() | known.adjectives
        for start, stop, entry in entries:
            self._mention(start, stop, self._registered(entry))
        evidence = Evidence(self.prose, known)
        later = []
        full = [name for name in found if len(name.words) > 1]
        for name in sorted(full, key=lambda name: (bool(name.key), -len(name.words))):
            self._enter(name, evidence, self._of_full(name))
        self._expansions(found)
        for name in found:
            if len(name.words) > 1:
                continue
            if name.key:
                self._enter(name, evidence, self._of_full(name))
            else:
                later.append(name)
        single: dict[str, bool] = {}
        stately: dict[str, list[int]] = {}
        for name in later:
            if name.weak:
                continue
            person, signs = evidence.of(name)
            word = name.words[0]
            single[word] = single.get(word, False) or person
            weights = stately.setdefault(word, [0, 0])
            for what, weight in signs:
                if what == STATE:
                    weights[0] += weight
                elif what == PERSON and weight > _SPOKE:
                    weights[1] += weight
        for word, (state, person_) in stately.items():
            if state >= SURE and not person_:
                single[word] = False
        formal = {name.words[0] for name in later if _is_formal(name.roles)}
        for name in later:
            number = self._of_short(name.words[0], titled=name.words[0] in formal)
            if number < 0 and name.article and not name.weak:
                number = self._by_head(name)
            if number < 0 and not name.weak:
                number = self._alone(name, person=single[name.words[0]])
            if number >= 0:
                self._enter(name, evidence, number)

    def _enter(self, name: Found, evidence: Evidence, number: int) -> None:
        draft = self.drafts[number]
        draft.likely = draft.likely or name.likely
        draft.roles.update(evidence.roles(name))
        borrowed = bool(name.key) and draft.key not in {
            name.key,
            name.seat,
        }  # Paris, said of Jane Paris
        if draft.what is None and not borrowed:
            draft.what = name.what
        if draft.what is None and not borrowed:
            _, votes = evidence.of(name)
            for what, weight in votes:
                draft.vote(what, weight)
        self._mention(name.start, name.stop, number)

    def _mention(self, start: int, stop: int, number: int) -> None:
        self.mentions.append((start, stop, number))
        text = " ".join(self.prose.text[start:stop].split())
        forms = self.drafts[number].forms
        forms[text] = min(start, forms.get(text, start))

    def _new(self, draft: Draft) -> int:
        self.drafts.append(draft)
        return len(self.drafts) - 1

    def _registered(self, entry: Entry) -> int:
        number = self._by_key.get(f"={entry.ref}")
        if number is None:
            what = What(entry.type, entry.kind)
            number = self._new(Draft(what=what, entry=entry))
            self._by_key[f"={entry.ref}"] = number
            if what == PERSON:
                words = tuple(word.lower() for word in entry.label.split())
                self._person(words, number)
                if len(words) > 1:
                    self._full.setdefault(words, number)
            elif entry.type == "actor":
                self._body(tuple(entry.label.split()), number)
        return number

    def _of_full(self, name: Found) -> int:
        """The thing of a well-known name or one of several words."""
        text = self.prose.text[name.start : name.stop]
        entry = self.known.named(text) or (self.known.named(name.key) if name.key else None)
        if entry:
            return self._registered(entry)
        if name.key:
            if len(name.words) == 1 and (clash := self._surname(name)) is not None:
                return clash
            return self._of_fact(name)
        words = plain_words(name.words)
        if name.what is PERSON or (name.what is None and name.likely):
            number = self._full.get(words, self._short.get(words, -1))
            if number < 0:
                number = self._same_person(words)
            if number < 0:
                number = self._new(Draft(what=name.what, words=words))
                self._person(words, number)
                self._full[words] = number
                self._begins.setdefault(words[0], []).append(number)
            return number
        ordered = canonical(name.words)
        number = self._short.get(ordered, -1)
        if number < 0 and name.what in {None, TOPIC, PLACE}:
            number = self._full.get(words, -1)
        if number < 0 and name.what is not None and name.what.type == "actor":
            number = self._tail(words)
        if number < 0:
            number = self._new(Draft(what=name.what, words=words))
            self._short[ordered] = number
            self._names(name, number)
        return number

    def _of_fact(self, name: Found) -> int:
        """The thing of a well-known name."""
        key, what = name.key, name.what
        if name.seat and speaks(self.prose, name):
            key, what = name.seat, STATE
            if entry := self.known.named(key):
                return self._registered(entry)
        number = self._by_key.get(key, -1)
        if number < 0 and len(name.words) > 1 and name.what not in {STATE, PLACE}:
            number = self._tail(plain_words(name.words))
        if number < 0 and name.words[0].isupper():
            spelt = self._initials.get(name.words[0], ())
            if len(spelt) == 1:
                number = spelt[0]
                self.drafts[number].what = what
        if number < 0:
            number = self._new(Draft(what=what, key=key))
            self._names(name, number)
        self._by_key[key] = number
        return number

    def _names(self, name: Found, number: int) -> None:
        """Note how what has a name may be called for short."""
        if name.what not in {STATE, PLACE}:
            self._body(name.words, number)

    def _body(self, named: tuple[str, ...], number: int) -> None:
        """Note how an organisation may be called for short."""
        words = plain_words(named)
        if len(words) > 1 and self.drafts[number].what not in {STATE, PLACE}:
            _once(self._begins.setdefault(words[0], []), number)
            initials = "".join(word[0] for word in named if word[0].isupper())
            if len(initials) >= _ACRONYM:
                _once(self._initials.setdefault(initials, []), number)
            head = next((word for word in heads_of(words)), "")
            if head:
                _once(self._heads.setdefault(head, []), number)
            owner = owned_by(named, self._adjectives)
            if head and 0 < owner < len(words) - 1:
                _once(self._tails.setdefault(words[owner:], []), number)

    def _tail(self, words: tuple[str, ...]) -> int:
        """The one body of a state or place that is meant without that: the Coast Guard; -1 if none."""
        numbers = dict.fromkeys(self._tails.get(words, ()))
        return next(iter(numbers)) if len(numbers) == 1 else -1

    def _person(self, words: tuple[str, ...], number: int) -> None:
        real = [word for word in words if word not in AFTER and word not in PARTICLES]
        if len(real) < 2:
            return
        surname = real[-1]
        given = real[0]
        if real[0] in FAMILY_FIRST and (real[-1] not in FAMILY_FIRST or "-" in real[-1]):
            surname, given = given, surname
        _once(self._last.setdefault(surname, []), number)
        if surname[:3] in {"al-", "el-", "as-", "ar-", "an-"}:
            _once(self._last.setdefault(surname[3:], []), number)
        _once(self._given.setdefault(given, []), number)

    def _same_person(self, words: tuple[str, ...]) -> int:
        """The person with the same first and last name, one of them with middle names; -1 if none."""
        if words[0] in FAMILY_FIRST:
            return -1
        for number in self._last.get(words[-1], ()):
            other = self.drafts[number].words
            if not other or other[0] != words[0] or other[-1] != words[-1]:
                continue
            if len(other) == 2 or len(words) == 2:
                return number
        return -1

    def _surname(self, name: Found) -> int | None:
        """The person whose surname is well known as another name: Jane Paris, Paris; Ann Ford, Ford."""
        word = name.words[0].lower()
        numbers = self._last.get(word, ())
        if len(numbers) != 1 or name.within:
            return None
        before = self.prose.lower[name.first - 1] if name.first else ""
        after = self.prose.words[name.end] if name.end < len(self.prose.words) else ""
        if name.what in {PLACE, STATE} and (before in places.BEFORE or after == ","):
            return None
        return None if name.what == STATE and before in _OF_STATES else numbers[0]

    def _of_short(self, word: str, *, titled: bool) -> int:
        """The thing that a single word is short for; -1 if none or not one alone."""
        low = word.lower()
        entry = self.known.named(word) or (self.known.named(word.title()) if titled else None)
        if entry:
            return self._registered(entry)
        upper = word.isupper() and len(word) > 1
        if upper and len(numbers := self._initials.get(word, [])) == 1:
            return numbers[0]
        for table in (self._last,) if titled else (self._last, self._given):
            people = table.get(low) or []
            if people:
                return people[0] if len(people) == 1 else -1
        begins = self._begins.get(low, ())
        return begins[0] if len(begins) == 1 and not upper and self._is_short(begins[0]) else -1

    def _by_head(self, name: Found) -> int:
        """The organisation that was named in full before and now is by its head: the Guard; or -1."""
        low = name.words[0].lower()
        number = self.again((low,))
        if number < 0 or low in _COMMON_HEADS or f"-{low}" in self._by_key:
            return -1
        return number if min(self.drafts[number].forms.values()) < name.start else -1

    def _alone(self, name: Found, *, person: bool) -> int:
        """The thing that has a single word for its name."""
        low = name.words[0].lower()
        number = self._by_key.get(f"-{low}", -1)
        if number < 0:
            what = PERSON if person else name.what
            number = self._by_key[f"-{low}"] = self._new(Draft(what=what, words=(low,)))
        return number

    def _is_short(self, number: int) -> bool:
        """Whether the first word alone may stand for an organisation."""
        what = self.drafts[number].what
        return what is not None and what.type == "actor" and what not in {PERSON, STATE}

    def _expansions(self, found: Sequence[Found]) -> None:
        """Join names with their short forms in brackets: the Some Such Agency (SSA), or the other way."""
        words = self.prose.words
        acronyms = {n.first: n for n in found if len(n.words) == 1 and n.words[0].isupper()}
        acronyms |= {-n.end: n for n in acronyms.values()}
        for name in found:
            if name.within or len(name.words) == 1 or name.what in {PERSON, STATE, PLACE}:
                continue
            short = None
            if words[name.end : name.end + 1] == ["("]:
                short = acronyms.get(name.end + 1)
                short = short if short and words[short.end : short.end + 1] == [")"] else None
            elif (
                name.first
                and words[name.first - 1] == "("
                and words[name.end : name.end + 1] == [")"]
            ):
                short = acronyms.get(-(name.first - 1))
            if short:
                number = self._of_full(name)
                self._initials[short.words[0]] = [number]
                if self.drafts[number].what in {None, TOPIC}:
                    self.drafts[number].what = GROUP

    def again(self, words: Sequence[str]) -> int:
        """The organisation that is meant by its head with a capital alone: the Court; -1 if unclear."""
        numbers = dict.fromkeys(self._heads.get(words[0], ()))
        return next(iter(numbers)) if len(numbers) == 1 else -1

    def by_form(self) -> dict[tuple[str, ...], int]:
        """All names in small letters and what they are of; what is unclear is left out."""
        forms: dict[tuple[str, ...], set[int]] = {}
        for number, draft in enumerate(self.drafts):
            for form in draft.forms:
                forms.setdefault(tuple(Prose(form).lower), set()).add(number)
        for surname, numbers in self._last.items():
            forms.setdefault((surname,), set()).update(numbers)
        return {form: min(numbers) for form, numbers in forms.items() if len(numbers) == 1}

    def mention_again(self, start: int, stop: int, number: int) -> None:
        """Note one more mention of a thing that is there."""
        self._mention(start, stop, number)

    def add(self, fact_key: str, what: What, start: int, stop: int) -> None:
        """Note a mention of a well-known thing."""
        entry = self.known.named(fact_key)
        if entry:
            number = self._registered(entry)
        else:
            number = self._by_key.get(fact_key, -1)
            if number < 0:
                number = self._new(Draft(what=what, key=fact_key))
                self._by_key[fact_key] = number
        self._mention(start, stop, number)

    def finished(self) -> tuple[list[tuple[int, int, int]], list[Entity], list[Traits]]:
        """The mentions and the things, numbered in the order of their first mention."""
        placed: dict[tuple[int, int], int] = {}
        for start, stop, number in self.mentions:
            placed.setdefault((start, stop), number)
        order: dict[int, int] = {}
        mentions = []
        for start, stop in sorted(placed, key=lambda span: (span[0], -span[1])):
            number = placed[start, stop]
            mentions.append((start, stop, order.setdefault(number, len(order))))
        drafts = [self.drafts[number] for number in order]
        return (
            mentions,
            [entity_of(draft) for draft in drafts],
            [traits_of(draft) for draft in drafts],
        )


_COMMON_HEADS: Final = frozenset({"coalition", "force", "forces", "group", "alliance"})
"""Heads that bodies have for their whole name, too."""
_ACRONYM: Final = 3
"""Letters of the shortest acronym that needs no brackets: shorter ones are too often something else."""
_SPOKE: Final = 2
"""The weight of a verb of speech beside a name, which states have as well."""
_OF_STATES: Final = frozenset({"of", "with", "by", "between", "against", "on", "and", "for"})
_WITH_GIVEN: Final = frozenset(
    "king queen prince princess pope emperor empress sheikh sheik sir dame lady saint father sister brother"
    " mother uncle aunt duke duchess sultan emir son daughter wife husband".split()
)
"""Titles that stand before given names."""


def _is_formal(roles: tuple[str, ...]) -> bool:
    """Whether titles call for a surname behind them."""
    return bool(roles) and _WITH_GIVEN.isdisjoint(roles)


def _once(numbers: list[int], number: int) -> None:
    if number not in numbers:
        numbers.append(number)

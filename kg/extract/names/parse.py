"""What a stretch of capitalised words names: titles taken off, possessives parted, kinds told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.extract.gazetteer import bare
from kg.extract.names import usage
from kg.extract.names.bodies import EVENTS, HEADS, TOPICS
from kg.extract.names.chunks import DOMAINS, OWNERS
from kg.extract.names.found import Found
from kg.extract.names.layout import FIRST
from kg.extract.names.look import FIRST_NAMES, PERSON_WORDS, Look
from kg.extract.names.tables import PERSON, PLACE, STATE, TOPIC, What
from kg.extract.names.titles import BODIES, GRADES, PERSONS, PORTFOLIOS, TITLES
from kg.extract.names.words import (
    CALENDAR,
    COMMON,
    NO_NAMES,
    PREFIXES,
)

if TYPE_CHECKING:
    from kg.extract.names.tables import Fact
    from kg.extract.prose import Prose


COMPASS: Final = frozenset(
    "north south east west northern southern eastern western central northeast northwest southeast"
    " southwest northeastern northwestern southeastern southwestern upper lower greater".split()
)
"""What may stand before the name of a place as a part of it."""
FAITHS: Final = frozenset(
    "islam christianity judaism hinduism buddhism catholicism protestantism sikhism taoism"
    " shinto wicca"
    " marxism communism fascism nazism zionism satan islamophobia".split()
)


_ACRONYM: Final = 4
"""Letters of the longest acronym that looks like a word for somebody."""
_NATIONS: Final = frozenset({"states", "nations", "countries"})
"""Whose bodies are of several states."""

_SEATED: Final = frozenset(
    "minister premier chancellor president ambassador mayor governor king queen emperor empress sultan"
    " emir prince princess duke duchess earl bishop archbishop patriarch".split()
)
"""Those who are of a land or a town, or of a body: what follows `of` is no name of theirs."""
_PERSON: Final = 2
"""Words of the usual name of a person."""


class Reader(Look):
    """Reads stretches of one text."""

    def __init__(
        self, prose: Prose, marks: bytearray, solid: frozenset[str], adjectives: frozenset[str]
    ) -> None:
        super().__init__(prose, marks, solid, adjectives)
        self.found: list[Found] = []

    def read(self, i: int, j: int) -> None:
        """Note the names in the words from `i` to before `j`."""
        prose, lower = self.prose, self.prose.lower
        while i < j and (end := self._skip(i, j)) > i:
            i = end
        while i < j and self.trails(j - 1, i):
            j -= 1
        if i >= j or (lower[i] == "new" and lower[i + 1] in {"year", "year's"} and j > i + 1):
            return
        known = self.known(i, j)
        if known and len(known.words) == j - i:
            self._note(i, j, known=known)
            return
        rest = self.known(i + 1, j) if lower[i] in COMPASS else None
        if rest and rest.what in {PLACE, STATE} and len(rest.words) == j - i - 1:
            self._note(i, j, what=PLACE)
            return
        if "-" in self.prose.words[i] and self._compound(i, j):
            return
        if self.prose.words[i] in usage.SHIPS and j - i > 1 and not self.labels(i, j):
            self._note(i, j, what=TOPIC)
            return
        head = self.head(i, j)
        titled = i
        while titled < j and lower[titled] in GRADES:
            titled += 1
        graded = titled
        while titled < j and (lower[titled] in TITLES or lower[titled] == "."):
            titled += 1
        if graded < titled < j and self.is_person(titled, j):
            self._titled(i, graded, j)
            return
        if head is not None and not self.is_person(i, j):
            self._organisation(i, j, head)
            return
        title = next((k for k in range(i, j) if self.is_title(k, j)), -1)
        if title >= 0:
            self._titled(i, title, j)
            return
        if known:
            end = i + len(known.words)
            if known.what == PLACE and j - end == 1 and lower[end] in usage.COMPASS:
                self._note(i, j, what=PLACE)
                return
            pair = j - end == 1 and not prose.words[i].isupper() and "." not in prose.words[i]
            whole = len(known.words) == 1 and (known.what != STATE or pair)
            if not whole and not self.is_person(i, j):
                self._note(i, end, known=known)
                self.read(end, j)
                return
        if lower[i] in self.peoples and j - i > 1:
            self.read(i + 1, j)
            return
        self._plain(i, j)

    def _skip(self, i: int, j: int) -> int:
        """Behind the words at the beginning that belong to no name."""
        prose = self.prose
        word, low = prose.words[i], prose.lower[i]
        if not word[0].isalpha() or low in {"of", "and", "for", "on"}:
            return i + 1
        base = low.removesuffix("'s")
        alone = j - i == 1
        if low in {"the", "a", "an"}:
            return i + 1
        if "-" in low:
            front = low.partition("-")[0]
            if front in PREFIXES or (front in self.peoples and word.partition("-")[2].islower()):
                return i + 1
        if base in CALENDAR:
            before = prose.lower[i - 1] if i else ""
            previous = before in FIRST_NAMES or before in TITLES
            following = not alone and base in {"april", "may", "june", "august"}
            named = following and i + 1 < j and self.given(i + 1) and base in FIRST_NAMES
            return i if previous or named else i + 1
        if low == "class" and i and _ordinal(prose.lower[i - 1]):
            return i + 1  # Petty Officer 1st Class
        if alone and word.isupper() and len(word) > _ACRONYM and base in PERSONS:
            return i + 1  # the witness in a transcript
        if alone and (base in NO_NAMES or self.is_people(i, j) or self.is_money(i)):
            return i + 1
        if alone and (base in TITLES or base in GRADES) and base not in self.solid:
            return i + 1
        known = self.known(i, j)
        if known:
            single = len(known.words) == 1
            if single and self.marks[i] == FIRST and alone and low in COMMON:
                return i if word.isupper() and self.among_small(i) else i + 1
            return i
        first = base in COMPASS or base in usage.COMPASS
        if first and not alone and bare(prose.lower[i + 1]) in self.peoples:
            whole = j - i > 2 and self.is_head(j - 1) and not self.has_title(i, j)
            return i if whole else i + 2  # the North Korean Army, but North Korean officials
        if base in NO_NAMES and self.marks[i] == FIRST and not word.isupper():
            return i + 1
        if low in COMPASS and not alone:
            rest = self.known(i + 1, j)
            if rest and rest.what in {PLACE, STATE} and len(rest.words) == j - i - 1:
                return i  # Southern Lebanon
        if (self.marks[i] == FIRST and self.is_common(i, j)) or (alone and base in COMMON):
            if alone and low not in usage.CLOSED:
                self._note(i, j, weak=True)
            return i + 1
        return i

    def _compound(self, i: int, j: int) -> bool:
        """Note the parts of compounds such as US-Japan and London-based; tell whether it was one."""
        prose = self.prose
        word, start = prose.words[i], prose.starts[i]
        parts = word.split("-")
        base = word[: word.rindex("-")]
        known = self.facts.get(base)
        single = known and len(known[-1].words) == 1
        if parts[-1] in usage.BEHIND or (single and parts[-1].islower()):
            if known and single:
                self._letters(i, start, start + len(base), known[-1])
            if i + 1 < j:
                self.read(i + 1, j)
            return True
        offset, hits = start, []
        for k, part in enumerate(parts):
            fact = next((f for f in self.facts.get(part, ()) if len(f.words) == 1), None)
            stop = offset + len(part)
            if part == "U" and prose.text.startswith("U.S", offset):
                fact, stop = next(f for f in self.facts["U.S."] if len(f.words) == 1), offset + 4
            elif k + 1 == len(parts) and i + 1 < j:
                longer = (f for f in self.facts.get(part, ()) if len(f.words) == 2)
                for candidate in longer:
                    if candidate.words[1] == prose.words[i + 1].removesuffix("'s"):
                        fact, stop = candidate, prose.starts[i + 1] + len(candidate.words[1])
                        i += 1
                        break
            if fact:
                hits.append((offset, stop, fact))
            offset += len(part) + 1
        if len(hits) < len(parts) or not hits:
            return False
        for first, stop, fact in hits:
            self._letters(i, first, stop, fact)
        if i + 1 < j:
            self.read(i + 1, j)
        return True

    def _letters(self, i: int, start: int, stop: int, fact: Fact) -> None:
        self.found.append(
            Found(i, i + 1, start, stop, fact.words, fact.what, fact.key, seat=fact.seat)
        )

    def _organisation(self, i: int, j: int, head: int) -> None:
        """Note a stretch that has a head, and the states and places in it."""
        lower = self.prose.lower
        base = lower[head].removesuffix("'s")
        while (
            j - i > 2
            and lower[i] in TITLES
            and lower[i] not in usage.NAMING
            and lower[i] not in GRADES
        ):
            i += 1
        while lower[i] in {"of", "the"} and i < head:
            i += 1
        title = next((k for k in range(i + 1, head) if self.is_title(k, j)), -1)
        if title > 0 and lower[title + 1] in FIRST_NAMES and title + 1 < head:
            self._titled(i, title, j)
            return
        if self.is_form(head):
            what = What("actor", "company")
        elif kind := HEADS.get(base) or usage.INNER.get(base) or usage.FIRST_HEADS.get(base):
            if kind in {"company", "government-body"} and usage.PRESS.intersection(lower[i:j]):
                kind = "media"
            if lower[j - 1] in _NATIONS and kind == "government-body":
                kind = "intergovernmental-body"
            elif base == "group" and lower[head - 1] in usage.GROUPS:
                kind = "group"
            what = What("actor", kind)
            if base == "order" and lower[head - 1] in {"executive", "court"}:
                what = TOPIC
        elif base in TOPICS or base in usage.FIRST_TOPICS:
            what = TOPIC
        elif base in usage.GOVERNED or (base == "district" and "school" in lower[i:j]):
            what = What("actor", "government-body")
        else:
            what = PLACE
        text_first = i
        if (what.kind == "armed-force" or base == "group") and i and _ordinal(lower[i - 1]):
            what = What("actor", "armed-force")
            text_first = i - 1
        elif base in EVENTS and i and _year(lower[i - 1]) and self.near(i):
            text_first = i - 1
        self._note(text_first, j, what=what)
        self._within(i, j, base)

    def _within(self, i: int, j: int, base: str) -> None:
        """Note the states and places in the name of an organisation or a place."""
        lower = self.prose.lower
        k = i
        while k < j:
            known = self.known(k, j)
            if (
                base in usage.SEATED
                and lower[k] == "of"
                and k + 2 == j
                and not self.known(k + 1, j)
            ):
                self._note(k + 1, j, what=PLACE, within=True)
            inner = known and (known.what in {STATE, PLACE} or base in TOPICS)
            if known and inner and lower[k + len(known.words) : j][:1] == ["of"]:
                inner = False  # the Gulf of Oman
            if known and inner and len(known.words) < j - i:
                self._note(k, k + len(known.words), known=known, within=True)
                k += len(known.words)
            else:
                k += 1

    def _titled(self, i: int, title: int, j: int) -> None:
        """Note what stands before a title, and the person behind it."""
        lower, prose = self.prose.lower, self.prose
        left = title
        while left > i and (lower[left - 1] in GRADES or lower[left - 1] in PORTFOLIOS):
            left -= 1
        while left > i and lower[left - 1] in {"and", "of", "for", "the", "&"}:
            left -= 1
        person = title + 1
        while person < j:
            low = lower[person]
            if low == "." or low in TITLES or (low in GRADES and person + 1 < j):
                person += 1
            elif low in {"of", "for"} and person + 1 < j:
                office = self._office(person + 1, j)
                inner = person + 1 + (lower[person + 1] == "the")
                person = office if office > inner else self._seat(person, office, j)
            else:
                break
        roles = tuple(lower[left:person])
        if left > i:
            self.read(i, left)
        if person < j:
            if self.known(person, j) and j - person > 1 and lower[person] not in FIRST_NAMES:
                self.read(person, j)
            else:
                self._note(person, j, what=PERSON, roles=roles)
        elif prose.lower[title] not in TITLES:
            self._note(i, j)

    def _office(self, k: int, j: int) -> int:
        """Behind what an office is of: of State, of Foreign Affairs, of the United Nations."""
        lower = self.prose.lower
        if lower[k] == "the" and k + 1 < j:
            k += 1
        known = self.known(k, j)
        if known:
            self._note(k, k + len(known.words), known=known)
            return k + len(known.words)
        while k < j and lower[k] in PORTFOLIOS:
            k += 1
        return k

    def _seat(self, of: int, k: int, j: int) -> int:
        """Behind the unknown land or body that somebody of an office is of, if no name of a person is there."""
        lower = self.prose.lower
        if lower[of] != "of" or lower[of - 1] not in _SEATED or lower[k] in FIRST_NAMES:
            return k
        end = next((n for n in range(k + 1, j) if lower[n] in FIRST_NAMES), j)
        if end == j and j - k > _PERSON:
            end = k + 1  # of Orlo Jane Doe
        self._note(k, end)
        return end

    def _plain(self, i: int, j: int) -> None:
        """Note a stretch that no word in it gives away."""
        lower, words = self.prose.lower, self.prose.words
        size = j - i
        base = lower[i].removesuffix("'s")
        if size == 1:
            if base in FIRST_NAMES and not words[i].isupper():
                self._note(i, j, what=PERSON)
            elif base in TOPICS or base in FAITHS:
                self._note(i, j, what=TOPIC)
            elif base in PREFIXES or (base in OWNERS and base in self.small):
                return
            elif HEADS.get(base) == "armed-force" and i and _ordinal(lower[i - 1]) and self.near(i):
                self._note(i - 1, j, what=What("actor", "armed-force"))
            elif base in HEADS or base in BODIES:
                if base in self.solid and base not in self.small:
                    kind = "group" if base == "coalition" else HEADS.get(base, "group")
                    self._note(i, j, what=What("actor", kind))
            else:
                self._note(i, j)
            return
        if size == 2 and len(words[i + 1]) == 1 and lower[i] in COMMON:
            return  # Group G
        if size > 2 and lower[i + 1] in FIRST_NAMES and self.adherent(lower[i]):
            self._plain(i + 1, j)
            return
        if lower[j - 1] in DOMAINS and words[j - 2] == ".":
            self._note(i, j, what=What("actor", "media"))
            return
        real = [word for word in lower[i:j] if word not in {".", "'"}]
        article = i > 0 and lower[i - 1] in {"the", "a", "an"}
        if any(word == "&" for word in real):
            self._note(i, j, what=What("actor", "company"))
        elif self.is_person(i, j):
            self._note(i, j, what=PERSON)
        else:
            self._note(
                i,
                j,
                likely=len(real) <= PERSON_WORDS
                and not any(len(fact.words) == 1 for fact in self.facts.get(words[i], ()))
                and not article
                and all(self.personal(k) for k in range(i, j))
                and not any(word in {"of", "for", "and"} for word in real),
            )

    def _note(
        self,
        i: int,
        j: int,
        *,
        what: What | None = None,
        known: Fact | None = None,
        roles: tuple[str, ...] = (),
        within: bool = False,
        likely: bool = False,
        weak: bool = False,
    ) -> None:
        prose = self.prose
        words = prose.words[i:j]
        stop = prose.ends[j - 1]
        if words[-1].endswith(("'s", "’s", "'S", "’S")) and not (
            known and known.words[-1] == words[-1]
        ):
            stop -= 2
            words[-1] = words[-1][:-2]
        start = prose.starts[i]
        if stop - start > usage.LIMIT or not words[-1]:
            return
        before = prose.lower[i - 1] if i else ""
        if before == "the" and prose.words[i - 1] == "The" and not self.marks[i - 1] and not within:
            start = prose.starts[i - 1]
        self.found.append(
            Found(
                i,
                j,
                start,
                stop,
                tuple(words),
                known.what if known else what,
                known.key if known else "",
                roles,
                known.seat if known else "",
                within,
                before == "the",
                likely,
                weak,
            )
        )


def _ordinal(lower: str) -> bool:
    return lower[0].isdigit() and lower.endswith(("st", "nd", "rd", "th"))


def _year(lower: str) -> bool:
    return len(lower) == 4 and lower.isdigit()

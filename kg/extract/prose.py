"""A text as words, sentences, paragraphs and quotations: what every extractor reads from.

All is kept in parallel lists by the number of the word, since a text has thousands of them, and
all is found in one pass: no pattern here takes more than linear time, whatever the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract.lexicon import VERBS
from kg.model import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

_WORD: Final = re.compile(
    r"[^\W_](?:(?:\.[^\W_])+\.?"  # U.S., a.m.
    r"|[^\W_]*(?:['’‑-][^\W_]+)*)"  # words with hyphens and apostrophes
    r"|\.\.\.|``|''|\S"
)
_PARAGRAPH: Final = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_TITLES: Final = frozenset(
    "mr mrs ms messrs mme mlle dr drs prof profs gen col lt capt sgt maj cmdr cmdt cpl pvt pte adm rev"
    " fr hon sen sens rep reps gov govs pres st mt ft supt insp det vs approx est dept univ assn"
    " jan feb mar apr jun jul aug sep sept oct nov dec cf eg ie viz fmr asst dir"
    " spc pfc sfc cpt ssg ssgt tsgt msgt amn ens ltc ltjg cdr radm vadm brig sqn cllr".split()
)
"""Words whose full stop ends no sentence."""
_TAILS: Final = frozenset(
    "jr sr inc ltd co corp bros plc al etc cos esq phd md ave blvd rd".split()
)
"""Words whose full stop ends a sentence where the next word is one that opens sentences."""
_NUMBERED: Final = frozenset("no nos fig figs vol vols p pp art arts sec ch para ext tel".split())
"""Words whose full stop ends no sentence before a number."""
_STARTERS: Final = frozenset(
    "the a an he she it they we i you this that these those there his her its their our my but and"
    " in on at for from with after before when while if as since although though however meanwhile"
    " according asked despite during last earlier later some many most several both another under".split()
)
_ELIDED: Final = frozenset("tis twas em til n cause cos bout round".split())
_OPENING: Final = "“„«‟"
_CLOSING: Final = "”»"
_ENDS: Final = frozenset((".", "!", "?", "…", "..."))
_MARKS: Final = frozenset((*_OPENING, *_CLOSING, '"', "``", "''"))
_CLOSERS: Final = frozenset(('"', "'", "’"))
_INNER: Final = frozenset((",", ";", ":", "-", "–", "—"))


class Quotation(NamedTuple):
    """Words in quotation marks: from the word that is the opening mark to behind the closing one.

    `follows` says that it goes on from the quotation before it, in the next paragraph.
    """

    first: int
    end: int
    follows: bool


class Prose:
    """The words of a text with where they stand; what lies in `skip` is not read.

    `words`, `lower`, `starts` and `ends` go by the number of the word. `paragraphs` and
    `sentences` are ranges of words, half open; `inside` says by word in which of the `quotations`
    it is (their marks included), or -1.

    >>> prose = Prose('Mr. Abe said: “No.” He left.')
    >>> [prose.text[slice(*prose.span(*sentence))] for sentence in prose.sentences]
    ['Mr. Abe said: “No.”', 'He left.']
    """

    def __init__(self, text: str, skip: Sequence[Span] = ()) -> None:
        self.text = text
        self.words: list[str] = []
        self.lower: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.paragraphs: list[tuple[int, int]] = []
        self.sentences: list[tuple[int, int]] = []
        self.quotations: list[Quotation] = []
        self.inside: list[int] = []
        hidden = bytearray(len(text)) if skip else None
        for start, end in skip:
            hidden[start:end] = b"\1" * (end - start)  # type: ignore[index]
        found = [word.span() for word in _WORD.finditer(text)]
        if hidden is not None:
            found = [span for span in found if not hidden[span[0]]]
        self.words = [text[start:end] for start, end in found]
        self.starts = [start for start, _ in found]
        self.ends = [end for _, end in found]
        last = 0
        for line in _PARAGRAPH.finditer(text):  # no word goes beyond one
            first, last = last, bisect_left(self.starts, line.end(), last)
            if last > first:
                self.paragraphs.append((first, last))
        self.lower = [word.lower() for word in self.words]
        if "’" in text:
            self.lower = [word.replace("’", "'") for word in self.lower]
        self.inside = [-1] * len(self.words)
        self._quotations()
        stops = [i for i, word in enumerate(self.words) if word[-1] in ".!?…"]
        for first, end in self.paragraphs:
            self._sentences(first, end, stops[bisect_left(stops, first) : bisect_left(stops, end)])

    def span(self, first: int, end: int) -> Span:
        """The stretch of the text from word `first` to before word `end`."""
        return Span(self.starts[first], self.ends[end - 1])

    def word_at(self, offset: int) -> int:
        """The number of the first word that ends behind an offset."""
        return bisect_right(self.ends, offset)

    @cached_property
    def places(self) -> Mapping[str, Sequence[int]]:
        """The numbers of the words by what they are in small letters: a text has half as many of these."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self.lower):
            places[word].append(i)
        return dict(places)

    def where(self, forms: AbstractSet[str]) -> list[int]:
        """The numbers of the words that are one of some, in small letters.

        >>> Prose("A ferry sank. The ferry was old.").where({"ferry", "ship"})
        [1, 5]
        """
        found = [numbers for word, numbers in self.places.items() if word in forms]
        return sorted(chain.from_iterable(found))

    def _quotations(self) -> None:
        """Pair the quotation marks; an open one ends with its paragraph, or goes on in the next."""
        carried = False
        single = "'" in self.text or "‘" in self.text
        for first, end in self.paragraphs:
            found, carried = self._double(first, end, carried=carried)
            if single:
                found = self._enclosed(found, self._single(first, end))
            for quotation in found:
                number = len(self.quotations)
                self.inside[quotation.first : quotation.end] = [number] * (
                    quotation.end - quotation.first
                )
                self.quotations.append(quotation)

    def _double(self, first: int, end: int, *, carried: bool) -> tuple[list[Quotation], bool]:
        """The quotations of a paragraph in double marks, and whether the last is left open."""
        words = self.words
        found: list[Quotation] = []
        follows = carried and (words[first] == '"' or words[first] in _OPENING)
        opened = -1
        for i in range(first, end):
            word = words[i]
            if word not in _MARKS:
                continue
            role = self._role(i, opened, carried=carried and not found)
            if role > 0:
                if opened >= 0 and i > opened + 1:
                    found.append(Quotation(opened, i, follows and opened == first))
                opened = i
            elif opened >= 0:
                found.append(Quotation(opened, i + 1, follows and opened == first))
                opened = -1
            elif carried and not found and not follows:
                found.append(Quotation(first, i + 1, follows=True))
        if opened >= 0:
            found.append(Quotation(opened, end, follows and opened == first))
        return found, opened >= 0

    def _role(self, i: int, opened: int, *, carried: bool) -> int:
        """Whether a mark opens (1) or closes (-1), by its form, the space around it and the last."""
        word = self.words[i]
        if word == "“" and opened >= 0 and self.words[opened] == "„":
            return -1
        if word in _OPENING or word == "``":
            return 1
        if word != '"':
            return -1
        before = self.text[self.starts[i] - 1 : self.starts[i]]
        after = self.text[self.ends[i] : self.ends[i] + 1]
        free = not before or before.isspace() or before in "([—–-"
        loose = not after or after.isspace() or after in ")],.;:!?—–-"
        if free and not loose:
            return 1
        if loose and not free:
            return 1 if opened < 0 and before in ",:" and not carried else -1
        return -1 if opened >= 0 else 1

    def _single(self, first: int, end: int) -> list[Quotation]:
        """The quotations of a paragraph in single marks that are no apostrophes."""
        words, text = self.words, self.text
        found: list[Quotation] = []
        opened = -1
        for i in range(first, end):
            word = words[i]
            if word not in {"'", "‘", "’"}:
                continue
            before = text[self.starts[i] - 1 : self.starts[i]] if i > first else ""
            after = text[self.ends[i] : self.ends[i] + 1]
            if not before or before.isspace() or before in '([“"—–':
                known = i + 1 < end and self.lower[i + 1] not in _ELIDED
                if word != "’" and after.isalpha() and known:
                    opened = i
            elif opened >= 0 and word != "‘" and not after.isalnum():
                union = self.lower[i - 1].endswith("s") and after.isspace()
                if not union or i + 1 >= end or not words[i + 1][0].isalpha():
                    found.append(Quotation(opened, i + 1, follows=False))
                    opened = -1
        return found

    def _enclosed(self, double: list[Quotation], single: list[Quotation]) -> list[Quotation]:
        """The outermost of the quotations; those that cross a double one are dropped."""
        if not single:
            return double
        kept: list[Quotation] = []
        at = 0
        for quotation in single:
            while at < len(double) and double[at].end <= quotation.first:
                kept.append(double[at])
                at += 1
            inner = at
            while inner < len(double) and double[inner].end <= quotation.end:
                inner += 1
            crossed = inner < len(double) and double[inner].first < quotation.end
            if not crossed and (inner == at or double[at].first > quotation.first):
                kept.append(quotation)
                at = inner
        return kept + double[at:]

    def _sentences(self, first: int, end: int, stops: Sequence[int]) -> None:
        """The sentences of a paragraph, given the words with which one may end."""
        start = first
        for i in stops:
            if i + 1 > start and self._ends(i, end):
                stop = i + 1
                while stop < end and self._closes(stop):
                    stop += 1
                self.sentences.append((start, stop))
                start = stop
        if start < end:
            self.sentences.append((start, end))

    def _closes(self, i: int) -> bool:
        """Whether a word is a closing mark behind the end of a sentence."""
        word = self.words[i]
        if word in _CLOSING or word in {"''", ")", "]"}:
            return True
        return word in _CLOSERS and (
            self.inside[i] >= 0 and self.quotations[self.inside[i]].end == i + 1
        )

    def _ends(self, i: int, end: int) -> bool:
        """Whether a sentence ends with a word, but for closing marks behind it."""
        word = self.words[i]
        following = i + 1
        while following < end and self._closes(following):
            following += 1
        if following >= end:
            return True
        if self.ends[following - 1] == self.starts[following]:
            return False  # 3.5, kg.toml
        head = self.words[following]
        if head[0].islower() or head in _INNER:
            return False
        if word == "." and i and self.ends[i - 1] == self.starts[i]:
            last = self.lower[i - 1]
            if last in _TITLES or (last in _NUMBERED and head[0].isdigit()):
                return False
            if last in _TAILS or (len(last) == 1 and self.words[i - 1].isupper()):
                return self._starts(following)
        elif word not in _ENDS:
            return self._starts(following)  # U.S.
        elif word in "!?…" and self.ends[following - 1] > self.ends[i]:
            return not self._reports(following, end)
        return True

    def _starts(self, i: int) -> bool:
        """Whether a word behind an abbreviation opens a new sentence."""
        return self.lower[i] in _STARTERS or self.words[i] in _MARKS

    def _reports(self, i: int, end: int) -> bool:
        """Whether `Lee asked` stands behind a quotation, and so belongs to its sentence."""
        for k in range(i, min(end, i + 7)):
            verb = VERBS.get(self.lower[k])
            if verb is not None and "q" in verb.frames:
                return k > i
            if not self.words[k][0].isalnum():
                return False
        return False

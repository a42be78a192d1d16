"""Numbers in a text: how many of what, with the bounds that the words put on them.

Dates, ages, scores, ordinals and numbers that are names are left out.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from kg.extract.bounding import Bounded
from kg.extract.counted import DETERMINERS, Noun
from kg.extract.counting import COUNTS, Figure, figure
from kg.extract.dates import time_expressions
from kg.extract.measures import (
    CURRENCIES,
    DURATIONS,
    SCORES,
    SHARES,
    STRIKING,
    TAILS,
    UNITS,
    UNTOLD,
    VAGUE,
)
from kg.extract.sized import MONEY

if TYPE_CHECKING:
    from kg.extract.moments import Reading
    from kg.extract.prose import Prose
    from kg.model import Quantifier, Span

_TRIGGERS: Final = frozenset([*COUNTS, *VAGUE, *SHARES, "a", "an", "many"])


_AGAIN: Final = frozenset(
    f"{before} {word}"
    for word, several in (
        ("of", "speak speaks spoke spoken speaking toll figure"),
        ("were", "there"),
    )
    for before in several.split()
)
_ANEW: Final = frozenset({"counted", "counts"})
"""Words before a number that says anew how many there are."""
_AGAIN_LEAST: Final = 2
"""One is a pronoun more often than a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as the text has it: `value`, or `min` and `max` where it is a bound or a range.

    `span` covers the number with its bound and its unit of measure; `counted` the noun phrase that
    says what there is so many of. `unit` is in plain words and empty where the text does not say.
    """

    span: Span
    quantifier: Quantifier
    value: Decimal | None
    min: Decimal | None
    max: Decimal | None
    unit: str
    counted: Span | None


def numbers(prose: Prose, readings: list[Reading] | None = None) -> list[Number]:
    """The numbers of a text in its order; `readings` are its time expressions, if at hand.

    >>> from kg.extract.prose import Prose
    >>> [found] = numbers(Prose("At least 17 Danish sailors drowned in 2002."))
    >>> found.quantifier, found.min, found.unit
    ('at-least', Decimal('17'), 'persons')
    """
    times = time_expressions(prose) if readings is None else readings
    reader = _Reader(prose)
    found: list[Number] = []
    paragraphs = iter(prose.paragraphs)
    next_times = iter([*((time.first, time.end) for time in times), (len(prose.lower), 0)])
    time = next(next_times)
    begin = limit = done = 0
    triggers = {word for word in prose.places if word in _TRIGGERS or "0" <= word < ":"}
    for i in prose.where(triggers):
        if i < done:
            continue
        while time[0] <= i and time[1] <= i:
            time = next(next_times)
        if time[0] <= i:
            continue
        while i >= limit:
            begin, limit = next(paragraphs)
        reader.start, reader.begin = begin, max(begin, done)
        reader.limit = min(limit, time[0])
        if prose.lower[i] == "many":
            number, end = reader.more(i, found)
        else:
            number, end = reader.number(i)
            if found and (number is None or not number.unit):
                number = reader.again(i, found[-1]) or number
        if number is not None or end > i + 1:
            done = max(done, end)
        if number is not None:
            found.append(number)
    return found


class _Reader(Bounded):
    """Reads one number from a word on.

    `start` is where the paragraph begins, `begin` where what is read already ends, `limit` where
    the paragraph ends or the next date begins.
    """

    def number(self, i: int) -> tuple[Number | None, int]:
        """The number that begins with word `i`, and the word from which to go on."""
        word = self.lower[i]
        if word in VAGUE:
            return self._vague(i)
        share = self._share(i)
        if share is not None:
            return share
        one = figure(self.prose, i, self.limit)
        if one is None:
            return None, i + 1
        if self.stuck(i, one) or self.named(i, one):
            return None, one.end
        return self._measured(i, one)

    def more(self, i: int, found: list[Number]) -> tuple[Number | None, int]:
        """ "Many more": more than the number of the same sentence that stands before."""
        if self.at(i + 1) != "more" or self.at(i + 2) == "than" or not found:
            return None, i + 1
        last = found[-1]
        figure_ = last.value if last.value is not None else last.min
        if figure_ is None or last.span.start < self._sentence(i):
            return None, i + 1
        first = i - (self.at(i - 1) in {"likely", "probably", "possibly", "perhaps", "maybe"})
        return Number(
            span=self.prose.span(first, i + 2),
            quantifier="more-than",
            value=None,
            min=figure_,
            max=None,
            unit=last.unit,
            counted=last.counted,
        ), i + 2

    def again(self, i: int, last: Number) -> Number | None:
        """A bare number beside one of people in the same sentence: "of 12 sailors; there were 15"."""
        if last.unit != "persons" or last.counted is None:
            return None
        j = self.bound(i)[1] - 1
        anew = self.at(j) in _ANEW or f"{self.at(j - 1)} {self.at(j)}" in _AGAIN
        one = figure(self.prose, i, self.limit) if anew else None
        if one is None or one.letters or one.value < _AGAIN_LEAST:
            return None
        if self.at(one.end)[:1].isalnum() or self.stuck(i, one) or self.named(i, one):
            return None
        if last.span.start < self._sentence(i):
            return None
        number, _ = self._bounded(i, one.end, one.value, None, "persons", None)
        return replace(number, counted=last.counted)

    def _sentence(self, i: int) -> int:
        """The offset where the sentence of a word begins."""
        sentences = self.prose.sentences
        number = bisect_right(sentences, (i, len(self.lower) + 1)) - 1
        return self.prose.starts[sentences[max(number, 0)][0]]

    def _measured(self, i: int, one: Figure) -> tuple[Number | None, int]:
        """The number with its unit, its bound and what it counts."""
        first, unit = self.currency_before(i)
        low, high, end = one.value, None, one.end
        letters = one.letters
        if self.dashed(i) and not letters:
            last = Decimal(self.lower[i].replace("‑", "-").partition("-")[2][:18])
            low, high, end = self.scale_range(low, last, i + 1)
        elif not letters:
            joint = self.joint(first, end)
            last_figure = figure(self.prose, end + joint, self.limit) if joint else None
            if last_figure is not None and not self.stuck(end + joint, last_figure):
                high, end = last_figure.value, last_figure.end
                letters = last_figure.letters
                low = self.same_scale(i, one, high)
        if high is not None and low >= high:
            return None, end
        if letters in {"m", "k", "b"}:
            scale = {"k": 10**3, "m": 10**6, "b": 10**9}[letters]
            if unit or self.noun(end) is not None:
                low, high = low * scale, None if high is None else high * scale
            elif letters == "m":
                unit = "metres"
            else:
                return None, end
        elif letters:
            unit = UNITS.get(letters, "grams" if letters == "g" else "")
        if not unit:
            unit, end = self.unit_after(end, low)
        if unit in {"years", "months"} and self.at(end) in {"old", "younger", "older"}:
            return None, end
        noun = self._noun(first, end, unit, one=low == 1 and high is None)
        if high is not None and not unit and (noun is None or self.at(noun.end - 1) in SCORES):
            return None, end
        if not unit and self._hidden(i, end, low, noun):
            return None, end
        negative = (
            self.at(first - 1) in {"-", "−"} and self.tight(first - 1) and not self.tight(first - 2)
        )
        if negative and unit in {"percent", "degrees", "degrees Celsius", "degrees Fahrenheit"}:
            low, first = -low, first - 1
        return self._bounded(first, end, low, high, unit, noun)

    def _noun(self, first: int, end: int, unit: str, *, one: bool) -> Noun | None:
        """What a number counts, if that says anything: no rule in "two decades of rule"."""
        if unit in DURATIONS:
            return None
        start = self.bound(first)[1]
        if not unit:
            noun = self.noun(end, one=one)
        elif unit == "percent":
            noun = self.noun_of(end)
        elif unit in MONEY:
            noun = self.paid(start, end)
        else:
            noun = self.noun_of(end)
            noun = noun if noun is not None and self.words[noun.end - 1].islower() else None
        return noun or (None if unit else self.put_at(start)) or self.subject(start, end, unit)

    def _hidden(self, i: int, end: int, value: Decimal, noun: Noun | None) -> bool:
        """Whether a bare number says nothing worth a quantity: "one", ages, list numbers."""
        digits = "0" <= self.lower[i] < ":"
        if value == 1:
            if noun is None or digits or noun.unit != "persons":
                return noun is None or not digits
            return self.bound(i)[0] == "exactly" and not self.stricken(noun.end)
        if noun is not None:
            return False
        after, before = self.at(end), self.at(i - 1)
        if value == 0 or (
            before in {"was", "is", "turned"} and self.at(i - 2) in {"he", "she", "who"}
        ):
            return True
        if digits and before == "," and after in {",", "", "."}:
            return True  # an age: "Jane Roe, 27, said"
        if after in {"-", "–", "/", "x", "×"} or before in {"-", "–", "x", "×", "("}:
            return True
        if not digits:
            return (before in {"of", "in", "by"} and after in {"", ".", ","}) or before in {
                "no",
                "any",
                "this",
                "that",
            }
        return after in {")", "]"} or (i == self.begin and after in {".", ")", ""})

    def _bounded(
        self,
        first: int,
        end: int,
        low: Decimal,
        high: Decimal | None,
        unit: str,
        noun: Noun | None,
    ) -> tuple[Number, int]:
        quantifier, first = self.bound(first)
        tail = TAILS.get((self.at(end), self.at(end + 1)))
        if quantifier == "exactly" and tail is not None and high is None:
            quantifier, end = tail, end + 2
            noun = noun or self.noun(end)
        elif self.at(end) == "+" and self.tight(end - 1):
            quantifier, end = "at-least", end + 1
            noun = noun or self.noun(end)
        value = low_bound = high_bound = None
        if high is not None:
            quantifier, low_bound, high_bound = "at-least", _plain(low), _plain(high)
            first -= self.at(first - 1) in {"between", "from"}
        elif quantifier in {"exactly", "about"}:
            value = _plain(low)
        elif quantifier in {"at-least", "more-than"}:
            low_bound = _plain(low)
        else:
            high_bound = _plain(low)
        if not unit and noun is not None:
            unit = noun.unit
        if not unit and (self.stricken(end) or self.at(first - 1) in STRIKING):
            unit = "persons"
        return Number(
            span=self.prose.span(first, end),
            quantifier=quantifier,
            value=value,
            min=low_bound,
            max=high_bound,
            unit=unit,
            counted=self._counted(noun),
        ), (end if noun is None else self.next_word(end, noun))

    def _counted(self, noun: Noun | None) -> Span | None:
        if noun is None or self.lower[noun.end - 1] in UNTOLD:
            return None
        return self.prose.span(noun.first, noun.end)

    def _share(self, i: int) -> tuple[Number, int] | None:
        """Fractions of something: "half of voters", "two-thirds of the seats", "one in five women"."""
        word = self.lower[i]
        times, j = 1, i
        if word in COUNTS and self.at(i + 1) in SHARES and 1 <= COUNTS[word] < 10:
            times, j = COUNTS[word], i + 1
        elif word in {"a", "an"} and self.at(i + 1) in SHARES:
            j = i + 1
        elif word not in SHARES:
            return self._in_every(i)
        top, bottom = SHARES[self.lower[j]]
        if times * top > bottom:
            return None
        plain = j == i and word in {"half", "third", "quarter", "fifth", "tenth", "sixth", "eighth"}
        if self.at(j + 1) == "of":
            if plain and word != "half":
                return None  # "the third of May", "a fifth of whisky" without its article
            noun = self.noun_of(j + 1)
        elif word == "half" and self.at(j + 1) in DETERMINERS:
            noun = self.phrase(j + 2)
        else:
            return None
        if noun is None:
            return None
        return self._part(i, j + 1, Decimal(100 * times * top), bottom, noun)

    def _in_every(self, i: int) -> tuple[Number, int] | None:
        """One in five, nine out of ten."""
        top = self._small(i)
        j = i + 1
        if not top or self.at(j) not in {"in", "out"}:
            return None
        j += 1
        if self.at(j - 1) == "out":
            if self.at(j) != "of":
                return None
            j += 1
        j += self.at(j) == "every"
        bottom = self._small(j)
        noun = self.noun(j + 1)
        if not top < bottom or noun is None or self.at(noun.end - 1) in UNITS:
            return None
        if bottom not in {3, 4, 5, 6, 7, 8, 10, 20, 100}:
            return None
        return self._part(i, j + 1, Decimal(100 * top), bottom, noun)

    def _small(self, i: int) -> int:
        word = self.at(i)
        if word.isdigit() and word.isascii() and len(word) < 4:
            return int(word)
        return COUNTS.get(word, 0)

    def _part(
        self, i: int, end: int, hundredfold: Decimal, bottom: int, noun: Noun
    ) -> tuple[Number, int]:
        share = hundredfold / bottom
        number, _ = self._bounded(i, end, round(share, 1), None, "percent", noun)
        if share != round(share, 1) and number.quantifier == "exactly":
            number = _rounded(number)
        return number, self.next_word(end, noun)

    def _vague(self, i: int) -> tuple[Number | None, int]:
        """ "Dozens of", "tens of thousands of": at least one of the magnitude."""
        word, j = self.lower[i], i + 1
        value = Decimal(VAGUE[word])
        while j < i + 5 and self.at(j) == "of" and self.at(j + 1) in VAGUE:
            value, j = value * VAGUE[self.at(j + 1)], j + 2
        noun = self.noun(j) if self.at(j) in {"of", "more"} else None
        if noun is None or self.at(i - 1) == "the":
            return None, i + 1
        money = CURRENCIES.get(self.at(noun.end - 1), "")
        return Number(
            span=self.prose.span(i, j),
            quantifier="at-least",
            value=None,
            min=value,
            max=None,
            unit=money or noun.unit,
            counted=self._counted(self.paid(i, noun.end) if money else noun),
        ), j


def _plain(value: Decimal) -> Decimal:
    """The same number without zeros behind the point: 1.5 million is 1500000, not 1500000.0."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def _rounded(number: Number) -> Number:
    """A third is 33.3 percent only about."""
    return Number(
        span=number.span,
        quantifier="about",
        value=number.value,
        min=None,
        max=None,
        unit=number.unit,
        counted=number.counted,
    )

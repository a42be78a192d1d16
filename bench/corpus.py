"""A corpus of news as large as is wanted, with the sizes and the skew of real ones, as JSON Lines.

    python bench/corpus.py 100000 -o news.jsonl

The paragraphs are those of examples/newsroom and bench/background.txt, in the shares of extract.py,
so that an article has as many quads to a word as real news. What real corpora have besides:

- Lengths are log-normal: half of the articles have fewer than 450 words, a few have 3,000.
- A few names are in very many articles and most in one or two (Zipf), and new ones keep coming
  (Heaps), for people, places, states, ships and publishers. The first ones are those of the register.
- Dates go over eleven years and more, with more articles in later ones and fewer at weekends.
- Of a hundred articles two or three are copies of another one, from an agency: other publisher, other
  headline, the end cut off. One in two hundred comes twice as it is.

Nothing but the seed decides: the first thousand of ten thousand are the thousand.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import sys
from array import array
from collections import deque
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.extract import BACKGROUND, CORPUS, FIRST, PLAIN
from kg.document import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SEED: Final = 11
MEDIAN, SPREAD, SHORTEST, LONGEST = 450, 0.55, 60, 3_000
"""Words of an article: a log-normal distribution and its ends; the mean is 520."""
_HALF: Final = 30
"""Words of half a paragraph: so many too many an article would have else."""
COPIES, REPEATS = 0.025, 0.005
"""The shares of articles that are copies of another one but for some changes, and as they are."""
LEAD: Final = 10
"""How often each name of the register counts as said from the start: they are the well-known ones."""
RECENT: Final = 300
"""Articles back to which a copy may reach: agencies are copied within a day or two."""
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2031, 6, 30)
WEEKEND: Final = 0.45
"""Articles of a Saturday or Sunday, for one of another day."""
SECTIONS: Final = (
    "World World World Politics Politics Politics Business Business Sport Culture".split()
)
PEOPLE: Final = (
    "Edrin Vask|Luco Maradi|Renzo Albarin|Bruno Fennaro|Ansgar Tveld|Davina Corrello|Ilka Tarrock|"
    "Jorun Vell|Petra Mollnau|Halvar Brisk|Aldis Korrin|Odile Brannagh|Yevane Orsolo"
).split("|")
PLACES: Final = "Brennick|Sant Orel|Porto Lanza|Veyle".split("|")
STATES: Final = "Haldria|Pellovia".split("|")
SHIPS: Final = "Amaranta|Steadfast".split("|")
PUBLISHERS: Final = "Lantern Wire|Sant Orel Tribune|Radio Lanza".split("|")
MONTHS: Final = (
    "January February March April May June July August September October November December".split()
)
HEADLINES: Final = (
    "{person0} on talks in {place0}",
    "{state0} and {state1} speak again about the {ship0}",
    "What {last0} has to explain in {place1}",
    "{place0}: {number} wait for an answer",
    "{person1} contradicts {person0}",
)
_FIRST = (
    *FIRST,
    *"Aino Berit Cosmo Doran Elin Farid Gita Henrik Isa Juri Kaya Lars Noor Otto".split(),
)
_BEGIN = "Al Bren Cal Dor El Fal Gor Hal Il Jor Kes Lor Mor Nev Or Pel Quen Ros Sel Tor Ul Ver Wes".split()
_MIDDLE = "a ba da de do ga ka la le li lo ma mi na ne no ra re ri ro sa ta te va ve vi zo".split()
_END = "bek dal dorf gard hall holt kin land lin man mark mere nes rin sen stad ström ton vik wald".split()


def composed(number: int) -> str:
    """A name of three syllables, another one for each number up to 12,420.

    >>> composed(0), composed(1), composed(12_419)
    ('Albek', 'Brendebek', 'Wesvisen')
    """
    # The three bases have no divisor in common, so that neighbours differ in all syllables.
    begin, rest = number % len(_BEGIN), number // len(_BEGIN)
    middle, rest = (begin + rest) % len(_MIDDLE), rest // len(_MIDDLE)
    return _BEGIN[begin] + _MIDDLE[middle] + _END[(begin + middle + rest) % len(_END)]


def _person(number: int) -> str:
    last, first = number % 12_000, number // 12_000
    return f"{_FIRST[(last + first) % len(_FIRST)]} {composed(last)}"


def _publisher(number: int) -> str:
    kinds = "Courier Gazette Herald Post Tribune Echo Chronicle Mail".split()
    return f"{composed(11_000 + number)} {kinds[number % len(kinds)]}"


class Names:
    """Names of one kind, of which some are said often: of `said` ones, `much` * said ** `growth` differ.

    A name that is not new is drawn from all that were said, so that what was said often is said more
    often still (Simon 1955): the frequencies follow Zipf's law. Those that are `known` have a lead.
    """

    def __init__(
        self, known: Sequence[str], make: Callable[[int], str], *, much: float, growth: float
    ) -> None:
        self.names = list(known)
        self._seeds = len(self.names)
        self._make = make
        self._much = much
        self._growth = growth
        self._said = array("L", list(range(len(self.names))) * LEAD)

    def draw(self, rng: random.Random) -> str:
        """A name, new or not."""
        said = self._said
        if len(self.names) <= self._much * len(said) ** self._growth:
            place = len(self.names)
            self.names.append(self._make(place - self._seeds))
        else:
            place = said[int(rng.random() * len(said))]
        said.append(place)
        return self.names[place]


class Cast(dict[str, str]):
    """What stands in the places of one article: a name is the same throughout, a number never."""

    def __init__(self, world: World, day: date) -> None:
        super().__init__()
        self.world = world
        self.day = day

    def __missing__(self, key: str) -> str:
        rng = self.world.rng
        if key == "two":
            return str(11 + int(rng.random() * 89))
        if key == "number":
            return str(11 + int(rng.random() * 890))
        self[key] = made = self._made(key)
        return made

    def _made(self, key: str) -> str:
        rng, kind = self.world.rng, key.rstrip("0123456789")
        number = key.removeprefix(kind)
        if kind == "last":
            return self[f"person{number}"].rpartition(" ")[2]
        if kind == "year":  # the last digits of the year in a text of 2031
            return str(self.day.year - 31 + int(number))
        if kind == "month":
            return MONTHS[int(rng.random() * 12)]
        return self.world.names[kind].draw(rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph with names, numbers and dates left open, and how many words it has."""

    form: str
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as it is before it is written down."""

    day: date
    headline: str
    author: str
    publisher: str
    section: str
    paragraphs: tuple[str, ...]


class World:
    """All there is to write about, and how often it was written about."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311
        self.names = {
            "person": Names(PEOPLE, _person, much=3, growth=0.65),
            "place": Names(PLACES, lambda n: composed(5_000 + n), much=3, growth=0.6),
            "state": Names(STATES, lambda n: f"{composed(10_000 + n)}ia", much=2, growth=0.3),
            "ship": Names(SHIPS, lambda n: composed(8_000 + n), much=2, growth=0.6),
            "publisher": Names(PUBLISHERS, _publisher, much=2, growth=0.5),
            "author": Names((), lambda n: _person(n * 11 + 5), much=2, growth=0.6),
        }
        self.genres = [
            [_paragraph(piece) for piece in re.split(r"\n+", text) if len(piece.split()) > 12]
            for text in (
                read(file).text for file in sorted(CORPUS.iterdir()) if file.suffix in _TEXTS
            )
        ]
        background = BACKGROUND.read_text().strip().split("\n\n")
        self.background = [
            Paragraph(form=_OPEN.sub(r"{\g<1>0}", piece), words=len(piece.split()))
            for piece in background
        ]
        self._days = (LAST_DAY - FIRST_DAY).days

    def article(self) -> Article:
        """One more article."""
        rng = self.rng
        wanted = math.exp(rng.gauss(math.log(MEDIAN), SPREAD))
        wanted = min(max(wanted, SHORTEST), LONGEST)
        day = self.day()
        cast = Cast(self, day)
        decks = [self.background, self.genres[int(rng.random() * len(self.genres))]]
        left: list[list[Paragraph]] = [[], []]
        paragraphs: list[str] = []
        words = 0
        while words < wanted - _HALF:
            which = rng.random() >= PLAIN
            if not left[which]:  # no paragraph comes twice before all have come
                left[which] = rng.sample(decks[which], len(decks[which]))
            paragraph = left[which].pop()
            words += paragraph.words
            paragraphs.append(paragraph.form.format_map(cast))
        return Article(
            day=day,
            headline=HEADLINES[int(rng.random() * len(HEADLINES))].format_map(cast),
            author=self.names["author"].draw(rng),
            publisher=self.names["publisher"].draw(rng),
            section=SECTIONS[int(rng.random() * len(SECTIONS))],
            paragraphs=tuple(paragraphs),
        )

    def day(self) -> date:
        """A day, rather a late one than an early one, and seldom one of a weekend."""
        while True:
            # The square root has a year's articles grow in step with the years since the first.
            day = FIRST_DAY + timedelta(days=int(self._days * math.sqrt(self.rng.random())))
            if day.weekday() < 5 or self.rng.random() < WEEKEND:
                return day

    def copied(self, article: Article) -> Article:
        """An article as another publisher has it from the same agency."""
        rng = self.rng
        head, *rest = article.paragraphs
        if rest and rng.random() < 0.5:
            rest.pop()
        else:
            rest.append(f"Additional reporting by {self.names['author'].draw(rng)}.")
        return replace(
            article,
            day=article.day + timedelta(days=int(rng.random() * 2)),
            headline=f"{article.headline}, agency says",
            publisher=self.names["publisher"].draw(rng),
            paragraphs=(head, *rest),
        )


def records(number: int, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """So many articles as records that `kg add` takes, the same for the same seed."""
    return islice(_records(seed), number)


def _records(seed: int) -> Iterator[dict[str, Any]]:
    world = World(seed)
    rng = world.rng
    recent: deque[tuple[Article, dict[str, Any]]] = deque(maxlen=RECENT)
    count = 0
    while True:
        chance = rng.random()
        if recent and chance < COPIES + REPEATS:
            article, record = recent[int(rng.random() * len(recent))]
            if chance < REPEATS:
                yield record
                continue
            article = world.copied(article)
        else:
            article = world.article()
        record = _record(article, count, int(rng.random() * 86_400))
        recent.append((article, record))
        yield record
        count += 1


def _record(article: Article, count: int, second: int) -> dict[str, Any]:
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    site = article.publisher.lower().replace(" ", "-")
    return {
        "id": f"article-{count:07}",
        "url": f"https://{site}.example/{article.day:%Y/%m}/{count}",
        "headline": article.headline,
        "author": article.author,
        "publisher": article.publisher,
        "published": f"{article.day}T{clock}Z",
        "section": article.section,
        "language": "en",
        "text": "\n\n".join(article.paragraphs),
    }


def write(number: int, place: Path, seed: int = SEED) -> None:
    """Write a corpus to a file, as JSON Lines."""
    with place.open("wb") as out:
        for record in records(number, seed):
            out.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))


def _paragraph(piece: str) -> Paragraph:
    """A paragraph of the newsroom with what changes from article to article left open."""
    form = _NAMES.sub(lambda found: _PLACED[found[0]], piece)
    form = _YEAR.sub(r"{year\1}", form)
    form = _MONTH.sub("{month}", form)
    return Paragraph(form=_TWO.sub("{two}", form), words=len(piece.split()))


_PLACED: Final = {
    **{name: f"{{person{n}}}" for n, name in enumerate(PEOPLE)},
    **{name.split()[-1]: f"{{last{n}}}" for n, name in enumerate(PEOPLE)},
    **{name: f"{{place{n}}}" for n, name in enumerate(PLACES)},
    **{name: f"{{state{n}}}" for n, name in enumerate(STATES)},
    **{f"{name}n": f"{{state{n}}}n" for n, name in enumerate(STATES)},
    **{name: f"{{ship{n}}}" for n, name in enumerate(SHIPS)},
    **{name: f"{{publisher{n}}}" for n, name in enumerate(PUBLISHERS)},
}
_NAMES: Final = re.compile(
    rf"\b(?:{'|'.join(sorted(map(re.escape, _PLACED), key=len, reverse=True))})\b"
)
_YEAR: Final = re.compile(r"\b20(2[89]|3[01])\b")
_MONTH: Final = re.compile(r"\b(?:January|March|April)\b")
_TWO: Final = re.compile(r"(?<![\d:.{])\b\d{2}\b(?![:.]\d)")
_OPEN: Final = re.compile(r"\{(person|place)\}")
_TEXTS: Final = {".txt", ".html"}


def main() -> None:
    """Write the corpus that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    write(arguments.number, arguments.output, arguments.seed)


if __name__ == "__main__":
    main()

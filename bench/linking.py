"""How well names in news are linked, how sure of it the scores are, and how the weights were found.

    python bench/linking.py                the tables, and the calibration as a plot in bench/linking.svg
    python bench/linking.py --fit          the weights of kg/link/scoring.py, fitted anew
    python bench/linking.py --calibrate    the points of kg/link/calibration.py, for these weights

The mentions are those of wikinews.jsonl that its annotators linked to an item; the index is assembled
from the lists in ../shared/data (tests/link_lists.py). A mention is linked as the thing of which the
default extractor takes it to be a mention: it knows its names, its kind and the words around it, and
nothing of the gold. Where the extractor finds no thing there, the mention's own words are looked up.

Every thing is asked for twice: of the index, and of the index without the item that it is, so that
the right answer is none. Half of the answers are then none, more than in news: that is the harder half.

What was fitted: `base`, `name`, `misfit` and `rivals`, on every other article (those of even number in
the order of their ids), drawn towards the weights set by hand; the tables show the other articles too.
What was not, for want of data: the lists have no descriptions but the words in brackets of a title, no
counts of encyclopaedias, few dates, few people of the same name, and types for organisations mostly; so
`fitting`, `spoken`, `unspoken`, `dates`, `popularity`, `lesser`, `common` and the figures that make up
the context are set by hand. No test of kg/link/scoring.py was fitted to. The map that makes chances of
shares was made on the same half, by isotonic regression; of its form, leaving out one article of that
half at a time decided; the other half was looked at when it stood, for a simpler form before, and once
for this one.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.calibration import Bin, isotonic, plot  # noqa: E402
from kg.document import Document  # noqa: E402
from kg.edtf import Edtf  # noqa: E402
from kg.extract import annotate  # noqa: E402
from kg.extract.gazetteer import Gazetteer  # noqa: E402
from kg.extract.rules import Rules  # noqa: E402
from kg.link.calibration import KNOTS, calibrated  # noqa: E402
from kg.link.features import features  # noqa: E402
from kg.link.item import Wanted  # noqa: E402
from kg.link.scoring import (  # noqa: E402
    DEFAULT_ACCEPT,
    MARGIN,
    WEIGHTS,
    Weights,
    against,
    shares,
    terms,
    utility,
)
from kg.mapping.iris import Iris  # noqa: E402
from kg.model import Span, When  # noqa: E402
from kg.register import Register  # noqa: E402
from tests.link_lists import Memory, items  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.link.item import Item
    from kg.model import Annotation, Kind, ThingType

DATA = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared")) / "data"
AROUND = 40
"""Words on each side of a mention that are its context, as `kg link` takes them."""
LIMIT = 10
"""Candidates for each name, as `kg link` asks for."""
BY_HAND = Weights(
    base=2.8,
    name=9.0,
    fitting=0.8,
    misfit=4.0,
    spoken=1.0,
    unspoken=1.3,
    dates=0.4,
    popularity=1.5,
    lesser=8.0,
    rivals=0.6,
    common=0.6,
)
"""Where the fit begins, and what it is drawn to."""
FITTED = ("base", "name", "misfit", "rivals")
HELD = 4.0
"""How strongly a weight is drawn to the one set by hand: that of four things which say otherwise."""

STEPS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A thing of an article as it is looked up, what it is, and how many mentions it has."""

    article: int
    wanted: Wanted
    gold: str
    mentions: int
    candidates: tuple[Item, ...]

    def without(self) -> tuple[Item, ...]:
        """The candidates of an index that lacks what it is."""
        return tuple(item for item in self.candidates if item.id != self.gold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one question: the share of the best candidate, that of none, and the truth."""

    case: Case
    best: str | None
    score: float
    none: float
    ahead: bool
    gold: str | None

    def taken(self, accept: float) -> bool:
        """Whether the best candidate is linked at a threshold."""
        return self.best is not None and self.score >= accept and self.ahead

    @property
    def right(self) -> bool:
        """Whether the best candidate is the thing."""
        return self.best == self.gold


def cases(index: Memory, articles: Sequence[dict[str, Any]]) -> Iterator[Case]:
    """The things of some articles that their annotators linked, as the extractor knows them."""
    for number, article in enumerate(articles):
        annotation = read(article)
        asked: defaultdict[tuple[str, str], int] = defaultdict(int)
        wanted: dict[str, Wanted] = {}
        for entity in article["entities"]:
            if entity["kind"] == "named" and entity.get("qid"):
                thing = want(annotation, article, entity)
                wanted[thing.id] = thing
                asked[thing.id, entity["qid"]] += 1
        for (id_, gold), mentions in asked.items():
            found = index.search(wanted[id_].names, limit=LIMIT)
            distinct = {item.id: item for some in found.values() for item in some}
            ordered = tuple(distinct[one] for one in sorted(distinct))
            yield Case(
                article=number,
                wanted=wanted[id_],
                gold=gold,
                mentions=mentions,
                candidates=ordered,
            )


def known_cases() -> list[Case]:
    """All cases of the articles in ../shared/data, with candidates from the lists beside them."""
    index = Memory(items(DATA).values())
    lines = (DATA / "wikinews" / "wikinews.jsonl").read_text("utf-8").splitlines()
    articles = sorted((json.loads(line) for line in lines), key=lambda article: article["id"])
    return list(cases(index, articles))


def read(article: dict[str, Any]) -> Annotation:
    """An article as the default extractor reads it."""
    document = Document(
        name=article["id"],
        text=article["text"],
        format="text/plain; charset=utf-8",
        headline=article["title"],
        published=When(date=Edtf(article["date"])),
        language="en",
    )
    register = Register((), Iris("https://example.org/kg/"))
    return annotate(document, Rules(), Gazetteer.of(register))


def want(annotation: Annotation, article: dict[str, Any], entity: dict[str, Any]) -> Wanted:
    """The thing that a mention is of, as `kg link` would look it up; else the mention's words alone."""
    text, start, end = article["text"], entity["start"], entity["end"]
    things = {str(thing.id): thing for thing in annotation.things}
    places: defaultdict[str, list[Span]] = defaultdict(list)
    for mention in annotation.mentions:
        if isinstance(mention.span, Span) and mention.of in things:
            places[mention.of].append(mention.span)
    best = max(
        (
            (_overlap(span, text, start, end), id_)
            for id_, spans in places.items()
            for span in spans
        ),
        default=(0.0, ""),
    )
    type_: ThingType = "topic"
    kind: Kind | None = None
    if best[0] >= 0.5:
        thing = things[best[1]]
        names: tuple[str, ...] = (thing.label, *thing.alt)
        type_, kind, spans, id_ = thing.type, thing.kind, places[best[1]], best[1]
    else:
        head = re.split(r"[,(]", text[start:end])[0].strip()
        words = re.sub(r"^(?:the|an?|their|its|his|her)\s+|['’]s?$", "", head, flags=re.IGNORECASE)
        names, spans, id_ = (words,), [Span(start, end)], f"words {words}"
    return Wanted(
        id=f"{article['id']} {id_}",
        names=names,
        type=type_,
        kind=kind,
        context=_around(text, spans),
        others_named=frozenset(thing.label for other, thing in things.items() if other != id_),
        dates=(article["date"],),
        mentions=len(spans),
    )


def _overlap(span: Span, text: str, start: int, end: int) -> float:
    """How far a mention has the words of a gold mention, which may have a title or more behind it.

    What follows a comma, a bracket or a preposition is no head: it says more of what stands before.
    """
    common = min(span.end, end) - max(span.start, start)
    before = text[start : max(start, span.start)]
    if common <= 0 or re.search(r"[,(]|\b(?:of|from|in|at|for|on|to)\b", before):
        return 0.0
    if start <= span.start and span.end == end:
        return 1.0 + common / (end - start)
    return common / (max(span.end, end) - min(span.start, start))


def _around(text: str, spans: Iterable[Span]) -> frozenset[str]:
    """The words around some places of a text."""
    found: set[str] = set()
    for start, end in spans:
        before = re.findall(r"\w+", text[:start].lower())[-AROUND:]
        found.update(before, re.findall(r"\w+", text[end:].lower())[:AROUND])
    return frozenset(found)


Question = tuple[list[Weights], int, float]
"""The terms of all candidates, the place of the right one (0 is none), and how much it counts."""


def questions(some: Iterable[Case]) -> list[Question]:
    """Every case with and without what it is, as the model sees it."""
    found: list[Question] = []
    for case in some:
        for candidates in (case.candidates, case.without()):
            known = features(case.wanted, candidates)
            possible = [one for one in known if one["name"] and one["type"] and one["dates"]]
            ids = [
                item.id
                for item, one in zip(candidates, known, strict=True)
                if one["name"] and one["type"] and one["dates"]
            ]
            right = ids.index(case.gold) + 1 if case.gold in ids else 0
            rows = [terms(case.wanted, one, known) for one in possible]
            found.append((rows, right, 1.0))
    return found


def fit(asked: Sequence[Question], first: Weights) -> Weights:
    """The weights under which the right answers are likeliest, drawn to the first ones.

    Plain descent, with steps that shrink where one would lead upwards: the surface has one bottom.
    """
    chosen = [Weights._fields.index(name) for name in FITTED]
    weights, rate = [*first], 0.01
    loss, slope = _slope(asked, weights, first, chosen)
    for _ in range(STEPS):
        tried = [*weights]
        for place in chosen:
            tried[place] = max(0.0, weights[place] - rate * slope[place])
        lower, steep = _slope(asked, tried, first, chosen)
        if lower > loss:
            rate /= 2
            continue
        weights, loss, slope = tried, lower, steep
        rate *= 1.1
    return Weights(*(round(weight, 2) for weight in weights))


def _slope(
    asked: Sequence[Question], weights: Sequence[float], first: Weights, chosen: Sequence[int]
) -> tuple[float, list[float]]:
    """How unlikely the right answers are under some weights, and how that changes with each."""
    loss, slope = 0.0, [0.0] * len(weights)
    for rows, right, counts in asked:
        parts = shares([weigh(weights, row) for row in rows])
        loss -= counts * math.log(max(parts[right], 1e-12))
        for place in chosen:
            slope[place] += counts * sum(
                share * row[place] for share, row in zip(parts[1:], rows, strict=True)
            )
            slope[place] -= counts * rows[right - 1][place] if right else 0.0
    for place in chosen:
        away = weights[place] - first[place]
        loss += HELD * away * away / 2
        slope[place] += HELD * away
    return loss, slope


def weigh(weights: Sequence[float], row: Sequence[float]) -> float:
    """What a candidate weighs in all."""
    return math.fsum(weight * term for weight, term in zip(weights, row, strict=True))


def together(asked: Iterable[Question], weights: Weights) -> list[tuple[float, bool]]:
    """The share that all candidates of a question have together, and whether one of them is right."""
    return [
        (math.fsum(shares([weigh(weights, row) for row in rows])[1:]), right > 0)
        for rows, right, _ in asked
        if rows
    ]


def answers(some: Iterable[Case], weights: Weights, *, without: bool) -> list[Answer]:
    """What the model answers to some cases, asked with or without what they are."""
    found = []
    for case in some:
        candidates = case.without() if without else case.candidates
        known = features(case.wanted, candidates)
        scored = [utility(case.wanted, one, known, weights) for one in known]
        none, *parts = calibrated(shares(scored))
        order = sorted(range(len(parts)), key=lambda place: -parts[place])
        best = candidates[order[0]].id if order else None
        score = parts[order[0]] if order else 0.0
        ahead = len(order) < 2 or score - parts[order[1]] >= MARGIN
        clear = not order or against(case.wanted, candidates[order[0]], known[order[0]]) is None
        found.append(
            Answer(
                case=case,
                best=best,
                score=score,
                none=none,
                ahead=ahead and clear,
                gold=None if without else case.gold,
            )
        )
    return found


class Row(NamedTuple):
    """What came of all mentions of some articles at a threshold, and of the same without their items."""

    mentions: int
    reached: int
    taken: int
    right: int
    left: int

    @classmethod
    def of(cls, some: Sequence[Case], weights: Weights, accept: float) -> Row:
        """The row of some cases."""
        whole = answers(some, weights, without=False)
        rest = answers(some, weights, without=True)
        return cls(
            sum(case.mentions for case in some),
            sum(case.mentions for case in some if case.without() != case.candidates),
            sum(one.case.mentions for one in whole if one.taken(accept)),
            sum(one.case.mentions for one in whole if one.taken(accept) and one.right),
            sum(one.case.mentions for one in rest if not one.taken(accept)),
        )

    def shown(self) -> str:
        """The row of the table."""
        precision, recall = self.right / max(self.taken, 1), self.right / self.mentions
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        shares_ = (precision, recall, f1, self.taken / self.mentions, self.left / self.mentions)
        figures = " | ".join(f"{100 * share:.1f}" for share in shares_)
        return f"{self.mentions} | {100 * self.reached / self.mentions:.1f} | {figures}"


def calibration(
    some: Sequence[Case], weights: Weights, spans: Iterable[tuple[float, float]]
) -> list[Bin]:
    """How often the best candidate is right, by its score, with and without the items sought."""
    both = [*answers(some, weights, without=False), *answers(some, weights, without=True)]
    found = []
    for low, high in spans:
        inside = [one for one in both if one.best and low <= one.score < high]
        if inside:
            number = len(inside)
            mean = sum(one.score for one in inside) / number
            found.append(Bin(number, mean, sum(one.right for one in inside) / number))
    return found


def off(bins: Sequence[Bin]) -> float:
    """The expected calibration error: how far scores are from what is right, on average."""
    number = sum(one.number for one in bins)
    return sum(one.number * abs(one.score - one.right) for one in bins) / number


EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.01)


def report(all_: Sequence[Case], *, misses: bool) -> None:
    """Print the tables, draw the plot, and on stderr say which links are wrong."""
    halves = {
        "fitted on": [case for case in all_ if case.article % 2 == 0],
        "held out": [case for case in all_ if case.article % 2],
        "all": [*all_],
    }
    heads = "mentions | reached | precision | recall | F1 | accepted | NIL accuracy"
    print(f"At the default threshold, {DEFAULT_ACCEPT}, in percent of mentions:\n")
    print(f"| articles | {heads} |\n|---|{'--:|' * 7}")
    for name, some in halves.items():
        print(f"| {name} | {Row.of(some, WEIGHTS, DEFAULT_ACCEPT).shown()} |")
    print(f"\nAll articles at other thresholds:\n\n| threshold | {heads} |\n|--:|{'--:|' * 7}")
    for accept in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95):
        print(f"| {accept} | {Row.of(all_, WEIGHTS, accept).shown()} |")
    print(
        "\nOf the best candidates with such scores, how many are right (things, with and without)\n"
    )
    print("| articles | things | mean score | right |\n|---|--:|--:|--:|")
    spans = list(itertools.pairwise(EDGES))
    bins = {name: calibration(some, WEIGHTS, spans) for name, some in halves.items()}
    for name in ("held out", "all"):
        for one in bins[name]:
            print(f"| {name} | {one.number} | {one.score:.2f} | {one.right:.2f} |")
    for name in ("held out", "all"):
        print(f"\nExpected calibration error, {name}: {off(bins[name]):.3f}")
    print("\nOf all with such a score or a higher one (things, with and without):\n")
    print("| at least | things | mean score | right |\n|--:|--:|--:|--:|")
    for low in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        for one in calibration(all_, WEIGHTS, [(low, 1.01)]):
            print(f"| {low} | {one.number} | {one.score:.2f} | {one.right:.2f} |")
    PLOT.write_text(plot({name: bins[name] for name in ("fitted on", "held out")}), "utf-8")
    if misses:
        for without in (False, True):
            for answer in answers(all_, WEIGHTS, without=without):
                if answer.taken(DEFAULT_ACCEPT) and not answer.right:
                    asked = answer.case.wanted
                    print(
                        "without" if without else "with", answer.case.mentions, asked.names,
                        asked.type, asked.kind, "->", answer.best, f"{answer.score:.2f}",
                        "not", answer.case.gold, file=sys.stderr,
                    )  # fmt: skip


PLOT = Path(__file__).with_suffix(".svg")


def main() -> None:
    """Print the tables and draw the plot, or fit the weights or the map of shares to chances."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true", help="fit the weights and print them")
    parser.add_argument(
        "--calibrate", action="store_true", help="print the map of shares to chances"
    )
    parser.add_argument("--misses", action="store_true", help="list the wrong links on stderr")
    asked = parser.parse_args()
    all_ = known_cases()
    half = questions(case for case in all_ if case.article % 2 == 0)
    if asked.fit:
        print(fit(half, BY_HAND))
    elif asked.calibrate:
        print(isotonic(together(half, WEIGHTS)), "now", KNOTS, sep="\n")
    else:
        report(all_, misses=asked.misses)


if __name__ == "__main__":
    main()

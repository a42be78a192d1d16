"""`kg score`: how well an extractor reads, measured against annotations that people made."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.extract import annotate
from kg.extract.gazetteer import Gazetteer
from kg.register import Register
from kg.score.gold import of_annotation
from kg.score.measure import Scores, Tally, outermost, score
from kg.table import markdown, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.extract.extraction import Extractor
    from kg.model import Span
    from kg.score.gold import Gold
    from kg.score.measure import Attributed, Pair, Reading


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a standard with the scores of what an extractor found in it."""

    gold: Gold
    scores: Scores


def scored(golds: Iterable[Gold], reader: Extractor, *, blind: bool = False) -> list[Article]:
    """The scores of an extractor on each article; `blind` has it know no name of the register."""
    found = []
    for gold in golds:
        register = Register((), gold.register.iris) if blind else gold.register
        reading = of_annotation(annotate(gold.document, reader, Gazetteer.of(register)), register)
        if gold.outermost:
            reading = replace(
                reading,
                attributions=outermost(reading.attributions),
                mentions=_named(reading, gold.document.text),
            )
        found.append(Article(gold, score(gold.document.text, gold.reading, reading)))
    return found


def _named(reading: Reading, text: str) -> frozenset[tuple[Span, str]]:
    """The mentions by a name: such a standard marks no words for events, and no descriptions.

    A description ends with a noun in small letters, whatever it begins with: "Danish officials".
    """
    return frozenset(
        (span, kind)
        for span, kind in reading.mentions or ()
        if kind != "event" and _is_name(text[slice(*span)])
    )


def _is_name(words: str) -> bool:
    last = words.split()[-1]
    return any(c.isupper() for c in words) and any(c.isupper() or c.isdigit() for c in last)


def total(articles: Sequence[Article]) -> dict[str, Tally]:
    """The tallies of all articles together."""
    sums: dict[str, Tally] = defaultdict(Tally)
    for article in articles:
        for name, tally in article.scores.tallies.items():
            sums[name] += tally
    return dict(sums)


COLUMNS = ("", "precision", "recall", "F1", "hits", "found", "gold")


def as_text(articles: Sequence[Article], form: str, width: int, *, per_article: bool) -> str:
    """The scores in percent as tables: of each article where that is wanted, and of all together."""
    parts = []
    if per_article and len(articles) > 1:
        for article in articles:
            rows = _rows(article.scores.tallies)
            parts.append(f"{article.gold.name}\n\n{_table(rows, form, width)}")
    name = articles[0].gold.name if len(articles) == 1 else f"all {len(articles)} articles"
    parts.append(f"{name}\n\n{_table(_rows(total(articles)), form, width)}")
    return "\n".join(parts)


def as_json(articles: Sequence[Article]) -> str:
    """The tallies of each article and of all together, as JSON."""
    data = {
        "articles": {a.gold.name: _plain(a.scores.tallies) for a in articles},
        "all": _plain(total(articles)),
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _plain(tallies: Mapping[str, Tally]) -> dict[str, dict[str, float]]:
    return {
        name: {
            **tally._asdict(),
            "precision": round(tally.precision, 4),
            "recall": round(tally.recall, 4),
            "f1": round(tally.f1, 4),
        }
        for name, tally in tallies.items()
    }


def _rows(tallies: Mapping[str, Tally]) -> list[list[str]]:
    return [
        [
            name,
            *(f"{100 * value:.1f}" for value in (tally.precision, tally.recall, tally.f1)),
            *map(str, tally),
        ]
        for name, tally in tallies.items()
        if tally.found or tally.gold
    ]


def _table(rows: Sequence[Sequence[str]], form: str, width: int) -> str:
    return markdown(COLUMNS, rows) if form == "md" else table(COLUMNS, rows, width)


def misses(articles: Sequence[Article], most: int) -> list[str]:
    """The worst misses in context, so many at most: the longest claims that were not found, or wrong ones."""
    found = [
        (_weight(pair), article, pair)
        for article in articles
        for pair in article.scores.pairs
        if not pair.hit
    ]
    found.sort(key=lambda item: (-item[0], item[1].gold.name, _place(item[2])))
    return [_shown(article, pair) for _, article, pair in found[:most]]


def _weight(pair: Pair) -> int:
    """How many characters of claims were lost or made up."""
    return sum(
        end - start
        for one in (pair.gold, pair.found)
        if one is not None
        for start, end in one.content
    )


def _place(pair: Pair) -> Sequence[Span]:
    one = pair.gold or pair.found
    return one.content if one is not None else ()


def _shown(article: Article, pair: Pair) -> str:
    text = article.gold.document.text
    fault = "missed" if pair.found is None else "made up" if pair.gold is None else "read otherwise"
    start = min((span.start for span in _place(pair)), default=0)
    lines = [f"{article.gold.name} at {start}: {fault}"]
    lines += [f"  gold:  {_spelt(pair.gold, text)}"] if pair.gold is not None else []
    lines += [f"  found: {_spelt(pair.found, text)}"] if pair.found is not None else []
    return "\n".join(lines)


def _spelt(one: Attributed, text: str) -> str:
    return " | ".join(
        _clipped(" … ".join(" ".join(text[slice(*span)].split()) for span in spans)) or "–"
        for spans in (one.source, one.cue, one.content)
    )


def _clipped(words: str) -> str:
    return words if len(words) <= 160 else f"{words[:100]} … {words[-50:]}"

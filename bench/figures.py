"""The figures of scale.py: kept in a file, and printed as tables."""

from __future__ import annotations

import json
import os
import platform
import statistics
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from kg import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

ORDINARY, ONE, TWO, DASK = "ordinary", "bulk 1", "bulk 2", "dask 2"
SHARDS_ONE, SHARDS_TWO = "shards 1", "shards 2"
ROADS: Final = (ORDINARY, ONE, TWO, DASK, SHARDS_ONE, SHARDS_TWO)
ALONE: Final = {TWO: ONE, DASK: ONE, SHARDS_TWO: SHARDS_ONE}
"""The same with one worker, where there are more."""
LOADED, BUILD = "kg build without joining", "kg build"
FILE, OPTIMIZE, PIPE = "engine, a file", "engine, optimize", "engine, a pipe"
FURTHER: Final = range(5, 12)
"""Powers of ten: the triples that the last table is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one road took for one corpus, or one step; bytes of the store, and of all else but it."""

    when: str
    articles: int
    road: str
    seconds: float
    processor: float
    memory: int
    quads: int
    store: int = 0
    files: int = 0
    cores: int = os.cpu_count() or 1
    version: str = __version__


class Kept:
    """The figures in a file, one to a line."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.figures: list[Figures] = []
        if file.exists():
            lines = file.read_text().splitlines()
            self.figures = [Figures(**json.loads(line)) for line in lines]

    def of(self, articles: int, road: str) -> list[Figures]:
        """What was measured of a road, in order."""
        return [one for one in self.figures if (one.articles, one.road) == (articles, road)]

    def add(self, figures: Figures) -> None:
        """Keep some more."""
        self.figures.append(figures)
        with self.file.open("a") as out:
            out.write(json.dumps(asdict(figures)) + "\n")


def tables(kept: Kept) -> str:
    """All that was measured, as Markdown."""
    cores, version = {one.cores for one in kept.figures}, {one.version for one in kept.figures}
    head = (
        f"{'/'.join(map(str, sorted(cores)))} cores, Python {platform.python_version()},"
        f" kg {'/'.join(sorted(version))}\n"
    )
    sizes = sorted({one.articles for one in kept.figures})
    return "\n".join([head, *_roads(kept, sizes), "", *_load(kept, sizes), *_further(kept, sizes)])


def _roads(kept: Kept, sizes: Iterable[int]) -> list[str]:
    lines = [
        (
            "| articles | road | seconds | articles a second | quads a second"
            " | ms of processor each | memory, MB | store, MB | files, MB | times one worker |"
        ),
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    notes: list[str] = []
    for articles in sizes:
        quads = {one.quads for road in ROADS for one in kept.of(articles, road)}
        if len(quads) > 1:
            notes.append(f"\n{articles:,} articles: not the same quads, {sorted(quads)}!")
        for road in ROADS:
            if not (found := kept.of(articles, road)):
                continue
            one, seconds = found[-1], _seconds(found)
            alone = _seconds(kept.of(articles, ALONE.get(road, "")))
            times = f"{alone / seconds:.2f}" if alone else ""
            lines.append(
                f"| {articles:,} | {road} | {seconds:,.1f} | {articles / seconds:.0f}"
                f" | {one.quads / seconds:,.0f}"
                f" | {1000 * _processor(found) / articles:.1f}"
                f" | {max(o.memory for o in found):,} | {one.store / 1e6:,.0f}"
                f" | {one.files / 1e6:,.0f} | {times} |"
            )
    return lines + notes


def _load(kept: Kept, sizes: Iterable[int]) -> list[str]:
    lines = [
        (
            "| articles | quads | loaded, s | engine, s | of its speed | by processor time"
            " | joined too, s | engine, s | of its speed | through a pipe, s"
            " | memory, MB | engine's, MB |"
        ),
        f"|{'---:|' * 12}",
    ]
    notes: list[str] = []
    for articles in sizes:
        loaded, built, file, optimized, pipe = rounds = [
            kept.of(articles, road) for road in (LOADED, BUILD, FILE, OPTIMIZE, PIPE)
        ]
        if not all(rounds):
            continue
        if len({one.quads for found in rounds for one in found}) > 1:
            notes.append(f"\n{articles:,} articles: the engine has other quads!")
        both = [
            replace(a, seconds=a.seconds + b.seconds) for a, b in zip(file, optimized, strict=True)
        ]
        lines.append(
            f"| {articles:,} | {built[-1].quads:,} | {_seconds(loaded):,.1f} | {_seconds(file):,.1f}"
            f" | {_share(loaded, file, 'seconds')} | {_share(loaded, file, 'processor')}"
            f" | {_seconds(built):,.1f} | {_seconds(both):,.1f} | {_share(built, both, 'seconds')}"
            f" | {_seconds(pipe):,.1f}"
            f" | {max(o.memory for o in built):,} | {max(o.memory for o in file):,} |"
        )
    return lines + notes


def _share(ours: Sequence[Figures], theirs: Sequence[Figures], what: str) -> str:
    """How fast we are beside others: each round has both, so what else went on was the same for both."""
    found = [getattr(b, what) / getattr(a, what) for a, b in zip(ours, theirs, strict=True)]
    return f"{100 * statistics.median(found):.0f} %"


def _further(kept: Kept, sizes: Iterable[int]) -> list[str]:
    """What the largest corpus says of still larger ones, all of it in proportion."""
    needed = (TWO, BUILD, SHARDS_TWO)
    known = [size for size in sizes if all(kept.of(size, road) for road in needed)]
    if not known:
        return []
    articles = max(known)
    two, load, only_read = (kept.of(articles, road) for road in needed)
    quads = two[-1].quads / articles
    reading = _processor(only_read) / articles
    rate = load[-1].quads / _seconds(load)
    shards, store = two[-1].files / articles, two[-1].store / two[-1].quads
    lines = [
        "",
        (
            f"By the figures for {articles:,} articles: {quads:,.0f} quads an article;"
            f" {1000 * reading:.1f} ms of a core to read and check one;"
            f" {rate:,.0f} quads a second loaded;"
            f" {shards / 1000:.1f} KB of shards an article; {store:.0f} bytes of store a quad."
        ),
        "",
        (
            "| triples | articles | reading, core-hours | on 2 cores | on 64 cores"
            " | loading on one machine | shards | Oxigraph's store |"
        ),
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for exponent in FURTHER:
        number = 10**exponent / quads
        seconds = number * reading
        lines.append(
            f"| 10^{exponent} | {number:,.0f} | {_two(seconds / 3600)} | {spelled(seconds / 2)}"
            f" | {spelled(seconds / 64)} | {spelled(10**exponent / rate)}"
            f" | {sized(number * shards)} | {sized(10**exponent * store)} |"
        )
    return lines


def spelled(seconds: float) -> str:
    """A time with two digits that count.

    >>> spelled(42), spelled(600), spelled(20_000), spelled(2_000_000)
    ('42 s', '10 min', '5.6 h', '23 days')
    """
    for unit, most, length in (("s", 90, 1), ("min", 90, 60), ("h", 72, 3_600)):
        if seconds < most * length:
            return f"{_two(seconds / length)} {unit}"
    return f"{_two(seconds / 86_400)} days"


def sized(number: float) -> str:
    """An amount of bytes with two digits that count.

    >>> sized(3_456_000), sized(123_000_000_000), sized(2.7e13)
    ('3.5 MB', '120 GB', '27 TB')
    """
    for unit, length in (("MB", 1e6), ("GB", 1e9)):
        if number < 1_000 * length:
            return f"{_two(number / length)} {unit}"
    return f"{_two(number / 1e12)} TB"


def _two(number: float) -> str:
    if number < 1:
        return f"{number:.2g}"
    return f"{number:.1f}" if number < 10 else f"{float(f'{number:.2g}'):,.0f}"


def _seconds(found: Sequence[Figures]) -> float:
    return statistics.median(one.seconds for one in found) if found else 0.0


def _processor(found: Sequence[Figures]) -> float:
    return statistics.median(one.processor for one in found)

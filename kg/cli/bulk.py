"""`kg add --bulk`: how far it is while it runs, and what it did."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kg.cli.app import needing, say, show_problems, supplied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.bulk import Progress, Taken
    from kg.intake import Fault
    from kg.workspace import Workspace


def add_many(
    workspace: Workspace,
    sources: Sequence[str],
    shards: Path | None,
    *,
    reader: str | None,
    encoding: str | None,
    workers: int,
    scheduler: str | None = None,
) -> None:
    """Take many documents in, and exit with the code that says whether all went well."""
    from kg.bulk import Wishes, add

    if scheduler is not None:
        with needing("cluster", "--scheduler"):
            import kg.bulk.cluster  # noqa: F401
    with _progress() as advance:
        taken = add(
            workspace,
            sources,
            Wishes(
                shards=shards.resolve() if shards is not None else None,
                extractor=reader,
                encoding=encoding,
                workers=workers,
                scheduler=scheduler,
                progress=advance,
                announce=lambda line: say(f"kg: {line}"),
                complain=_complain,
            ),
        )
    if taken.built is not None:
        show_problems(taken.built)
    for line in summary(taken):
        say(line)
    raise typer.Exit(taken.exit_code)


def summary(taken: Taken) -> list[str]:
    """What was done, in a few lines."""
    parts = []
    if taken.articles:
        parts.append(f"{_counted(taken.articles, 'article')} taken in ({taken.quads:,} quads)")
    if taken.known:
        parts.append(f"{taken.known:,} known already")
    if taken.failed:
        parts.append(f"{taken.failed:,} failed")
    lines = [", ".join(parts) or "Nothing to do"]
    if taken.built is not None and (given := supplied(taken.built)):
        lines.append(given)
    if taken.found.get("Violation"):
        number = taken.found["Violation"]
        lines.append(
            f"What was added does not conform: {_counted(number, 'violation')}."
            " kg validate says where"
        )
    if taken.unchecked and taken.articles:
        lines.append("Your own shapes may look at all of the graph: kg validate checks it")
    return lines


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _complain(fault: Fault) -> None:
    say(f"kg: error: {fault}" + (f" ({fault.hint})" if fault.hint else ""))


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[Progress], None] | None]:
    """A line on the terminal that a function moves on; none where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
    begun: dict[str, tuple[float, int]] = {}
    with Bars(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("articles", total=None)

        def advance(now: Progress) -> None:
            at, first = begun.setdefault(now.step, (time.monotonic(), now.done))
            line = pace(now, time.monotonic() - at, now.done - first)
            bar.update(task, description=f"{line}  {now.place}")

        yield advance


def pace(now: Progress, seconds: float, since: int) -> str:
    """How far it is, how fast, and how long it takes yet, where that can be told.

    >>> from kg.bulk import Progress
    >>> pace(Progress("articles", 3_000, 90_000), 20.0, 3_000)
    'articles: 3,000 of 90,000, 150 a second, 10 min left'
    >>> pace(Progress("articles", 256, None), 0.5, 256)
    'articles: 256'
    """
    of = f" of {now.total:,}" if now.total is not None else ""
    line = f"{now.step}: {now.done:,}{of}"
    if seconds < 1 or not since:
        return line
    rate = since / seconds
    line += f", {rate:,.0f} a second" if rate >= 1 else f", {rate * 60:.0f} a minute"
    if now.total is not None and now.total >= now.done:
        line += f", {_spell((now.total - now.done) / rate)} left"
    return line


def _spell(seconds: float) -> str:
    """A time as people say it.

    >>> _spell(45), _spell(600), _spell(9_000)
    ('45 s', '10 min', '2 h 30 min')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"

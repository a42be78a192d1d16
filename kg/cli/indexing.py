"""Making an index of a dump, and looking into one: `kg index`."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.app import say, width, write
from kg.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.link.offline import OfflineIndex
    from kg.link.offline.building import Made, Progress

_STEPS = {
    "read": "1/4 reading the dump, {speed} entities a second",
    "choose": "2/4 choosing items",
    "sort": "3/4 sorting names",
    "spell": "4/4 indexing names",
}


def index(
    dump: Annotated[
        Path,
        typer.Argument(
            help="A dump of Wikidata: .json or truthy .nt, packed as .gz, .bz2 or .zst."
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The index file to make.")
    ] = None,
    types: Annotated[
        str | None,
        typer.Option(
            help="What to take in: people, organisations, states, places, events, publications;"
            " with commas between. All of them by default."
        ),
    ] = None,
    type_root: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=QID",
            help="A class whose items are of a type too, such as people=Q5; repeat it for more.",
        ),
    ] = None,
    languages: Annotated[
        str | None,
        typer.Option(
            help="Languages of the texts, with commas between; those of kg.toml by default."
        ),
    ] = None,
    dated: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="The day that the dump is from, where its name has none."),
    ] = None,
    sample: Annotated[
        int, typer.Option(min=0, help="Print so many of the items, from all over the index.")
    ] = 0,
    info: Annotated[bool, typer.Option("--info", help="Print what an index holds.")] = False,
) -> None:
    """Make an index of items from a dump, for kg link without a network; it can be interrupted.

    Run the same command again after an interruption: it goes on where it was. Given an index in
    place of a dump, --info and --sample tell what is in it.

    Example: kg index wikidata-20260105-all.json.gz -o wikidata.kgi --languages en,ja
    """
    from kg.link.offline import OfflineIndex

    made: Made | None = None
    if output is not None:
        made = _built(dump, output, types, type_root or (), languages, dated)
    elif not (info or sample):
        raise ConfigError(
            "where should the index go?", hint="give -o FILE; --info and --sample look into one"
        )
    with OfflineIndex(output or dump) as found:
        if info or made is not None:
            out = say if made is not None and not info else _print
            for line in _about(found):
                out(line)
        if made is not None:
            _warn_of_none(found)
        if sample:
            _show(found, sample)
    if made is not None and made.broken:
        raise typer.Exit(1)


def _built(
    dump: Path,
    output: Path,
    types: str | None,
    roots: list[str] | tuple[str, ...],
    languages: str | None,
    dated: str | None,
) -> Made:
    """Build an index, and tell of what could not be read."""
    from kg.link.offline.building import build
    from kg.link.offline.types import Wish, wanted

    wish = Wish(
        types=wanted(_listed(types), roots),
        languages=_listed(languages) or _languages(),
        day=_day(dated),
    )
    with _progress() as note:
        made = build(dump, output, wish, progress=note)
    if made.already:
        say(f"kg: {output} is there already, made from this dump with these options")
    for line, reason in made.broken:
        say(f"kg: error: {dump}:{line}: {reason}")
    more = made.counts.get("broken", 0) - len(made.broken)
    if more > 0:
        say(f"kg: error: {dump}: {_many(more, 'more line')} cannot be read")
    return made


def _warn_of_none(index: OfflineIndex) -> None:
    """Say of which types nothing was found: a dump without its classes has no states, but for their ids."""
    counts: dict[str, int] = json.loads(index.facts["counts"])
    empty = [name for name in index.types if not counts[f"of type {name}"]]
    if empty and counts["entities"]:
        say(
            f"kg: warning: no {', no '.join(empty)}: has the dump the classes that its items are of?"
        )
        say("kg: hint: --type-root names classes whose items are of a type, such as places=Q515")


def _listed(text: str | None) -> tuple[str, ...]:
    """The words of an option with commas between them, each once."""
    words = (word.strip() for word in (text or "").split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def _languages() -> tuple[str, ...]:
    """The languages that the settings name, in a workspace or outside of one."""
    from kg import config
    from kg.cli.app import here

    try:
        return here().settings.languages
    except NotFoundError:
        return config.load(None).languages


def _day(text: str | None) -> str | None:
    """A day that an option gives."""
    from kg.edtf import Edtf

    try:
        return None if text is None else Edtf(text)
    except ValueError as error:
        raise ConfigError(f"--dated {text}: {error}") from None


def _about(index: OfflineIndex) -> Iterator[str]:
    """Yield what an index says of itself, line by line."""
    facts = index.facts
    counts: dict[str, int] = json.loads(facts["counts"])
    yield f"{index.path}: {index.path.stat().st_size / 1e6:,.1f} MB"
    yield f"from {facts['dump']} of {facts['day']} (by {facts['day_by']})"
    yield f"languages: {', '.join(json.loads(facts['languages'])) or 'all'}"
    yield f"{_many(counts['items'], 'item')} with {_many(counts['names'], 'name')}:"
    for name in index.types:
        yield f"  {name}: {counts[f'of type {name}']:,}"
    yield f"{counts['referred']:,} more that those refer to, not found by name"
    yield _many(counts["redirects"], "redirect")
    left = counts["entities"] - counts["items"] - counts["referred"] - counts["nameless"]
    yield (
        f"{counts['entities']:,} entities were read: {counts['nameless']:,} without a name in these"
        f" languages and {left:,} of other types were left out"
    )
    if counts["broken"]:
        yield f"{_many(counts['broken'], 'line')} could not be read"


def _many(number: int, word: str) -> str:
    """A number, with its thousands apart, and its word in the plural where it needs it."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _show(index: OfflineIndex, number: int) -> None:
    """Print some items, as a table for people and with tabs for programs."""
    from kg.table import table

    columns = ("id", "label", "description", "types")
    languages = tuple(json.loads(index.facts["languages"]))
    rows = [
        (item.id, item.label(*languages), item.description(*languages), ", ".join(types))
        for item, types in index.sample(number)
    ]
    if sys.stdout.isatty():
        write(table(columns, rows, width()).encode(), None)
        return
    for row in (columns, *rows):
        _print("\t".join(" ".join(cell.split()) for cell in row))


def _print(line: str) -> None:
    """Print a line of data on stdout."""
    write(f"{line}\n".encode(), None)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    """A bar on the terminal with how fast it goes and how long it will take; none elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    import time

    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns: tuple[Any, ...] = (
        *(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()),
        *(TextColumn("left:"), TimeRemainingColumn()),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}
        started: dict[str, tuple[float, int]] = {}

        def note(now: Progress) -> None:
            if now.step not in tasks:
                for task in tasks.values():
                    bars.update(task, visible=False)
                started[now.step] = (time.monotonic(), now.items)
                tasks[now.step] = bars.add_task("", total=now.of)
                bars.update(tasks[now.step], completed=now.done)
            since, items = started[now.step]
            speed = (now.items - items) / max(time.monotonic() - since, 0.001)
            text = _STEPS[now.step].format(speed=f"{speed:,.0f}")
            bars.update(tasks[now.step], completed=now.done, total=now.of, description=text)

        yield note

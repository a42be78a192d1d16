"""The program itself: errors become a line on stderr and an exit code, data go to stdout.

Nothing heavy is imported before a command needs it: `kg --help` answers at once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from kg.errors import AnnotationError, ConfigError, KgError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import IO

    from kg.build import Report
    from kg.store import GraphStore
    from kg.workspace import Workspace

BUG = 70
INTERRUPTED = 130


class _Group(TyperGroup):
    """The one place where errors become a line on stderr and an exit code."""

    def make_context(self, *arguments: Any, **settings: Any) -> Any:
        """Typer prints the help here, before there is anything to invoke."""
        try:
            return super().make_context(*arguments, **settings)
        except OSError as error:
            raise SystemExit(_output_failed(error)) from error

    def invoke(self, ctx: Any) -> Any:
        sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")  # may be closed
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort):
            raise
        except KgError as error:
            complain(error)
            raise typer.Exit(error.exit_code) from error
        except OSError as error:
            raise typer.Exit(_output_failed(error)) from error
        except KeyboardInterrupt:
            typer.echo("kg: interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            if type(error).__module__.startswith("typer"):
                raise  # Typer shows its own usage errors
            traceback.print_exc()
            typer.echo("kg: this is a bug in kg: please report it with the lines above", err=True)
            raise typer.Exit(BUG) from error


app = typer.Typer(
    cls=_Group,
    name="kg",
    help="A knowledge graph of news: who said what about whom, how surely, and in which words.",
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _output_failed(error: OSError) -> int:
    """The exit code where standard output cannot be written; whoever closed a pipe has seen enough."""
    with contextlib.suppress(OSError, ValueError):  # Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return 0
    place = error.filename or "standard output"
    complain(StoreError(f"{place}: {(error.strerror or str(error)).lower()}"))
    return StoreError.exit_code


def complain(error: KgError) -> None:
    """Print what went wrong, and what to do about it, on stderr."""
    if os.environ.get("KG_DEBUG"):
        traceback.print_exc()
    lines = str(error).splitlines() if isinstance(error, AnnotationError) else [str(error)]
    for line in lines:
        typer.echo(f"kg: error: {line}", err=True)
    if error.hint:
        typer.echo(f"kg: hint: {error.hint}", err=True)


def say(line: str) -> None:
    """Print a line of talk on stderr."""
    typer.echo(line, err=True)


def here() -> Workspace:
    """The workspace that this folder is in."""
    from kg.workspace import Workspace

    return Workspace.open()


@contextlib.contextmanager
def opened(workspace: Workspace, *, quiet: bool = False) -> Iterator[GraphStore]:
    """The store of a workspace, to read from, with a hint where files have changed since the build."""
    if workspace.in_memory:
        from kg.build import build
        from kg.store import open_store

        with open_store("memory:") as store:
            show_problems(build(workspace, store))
            yield store
        return
    from kg.note import changes, holds

    with workspace.reading() as store:
        changed = [] if quiet else changes(workspace)
        if changed:
            from kg.status import counted

            number = counted(len(changed), "file")
            say(f"kg: {number} changed since the last build; kg build takes them in")
        elif not quiet and not holds(workspace, store):
            say("kg: the store is not as the last build left it; kg build makes it so again")
        yield store


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Have Ctrl-C end the program at once: the engine does not listen while it computes.

    For what leaves nothing behind but a part of its answer.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # someone else listens, or nobody is to
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def progress(what: str) -> Iterator[Callable[[str], None] | None]:
    """A bar on the terminal that a function moves on; none where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
    begun = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        done = 0

        def advance(place: str) -> None:
            nonlocal done
            done += 1
            bar.update(task, description=f"{pace(done, time.monotonic() - begun, what)}  {place}")

        yield advance


def pace(done: int, seconds: float, what: str) -> str:
    """How much is done and how fast, once there is enough to tell; what is slow by the minute.

    >>> pace(24, 2.0, "articles"), pace(1, 0.1, "articles"), pace(3, 12.0, "articles")
    ('articles: 24, 12 a second', 'articles: 1', 'articles: 3, 15 a minute')
    """
    if seconds < 1:
        return f"{what}: {done:,}"
    rate = done / seconds
    speed = f"{rate:,.0f} a second" if rate >= 1 else f"{rate * 60:.0f} a minute"
    return f"{what}: {done:,}, {speed}"


@contextlib.contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Name the extra to install where a package is missing that something needs."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"{what} needs {error.name}, which is not installed",
            hint=f"pip install 'newskg[{extra}]'",
        ) from error


def format_of(output: Path | None, known: Sequence[str]) -> str | None:
    """The format that the extension of an output file tells."""
    if output is None or str(output) == "-":
        return None
    names = {"rdf": "rdfxml", "owl": "rdfxml", "yml": "yaml", "srx": "xml", "srj": "json"}
    extension = output.suffix.lower().removeprefix(".")
    form = names.get(extension, extension)
    if form not in known:
        hint = f"give -f with one of {', '.join(known)}"
        raise ConfigError(f"{output}: the extension tells no format", hint=hint)
    return form


def to_terminal(output: Path | None) -> bool:
    """Whether data go to a terminal, and so to a person."""
    return (output is None or str(output) == "-") and sys.stdout.isatty()


def width() -> int:
    """The characters that a line on this terminal takes; a page where there is no terminal."""
    return shutil.get_terminal_size((120, 24)).columns


def write(content: bytes, output: Path | None) -> None:
    """Data go to stdout, or whole to a file: never half a file."""
    with output_file(output) as out:
        out.write(content)


@contextlib.contextmanager
def output_file(output: Path | None) -> Iterator[IO[bytes]]:
    """Where data go: stdout, or a file that takes the place of the old one when it is whole."""
    if output is None or str(output) == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    from kg.files import writing_file

    if not output.parent.is_dir():
        raise StoreError(f"{output}: there is no such folder")
    if output.is_dir():
        raise StoreError(f"{output}: is a folder")
    with writing_file(output) as out:
        yield out


def show_problems(report: Report) -> None:
    """Print what was wrong with files."""
    for problem in report.problems:
        say(f"kg: error: {problem}")


def supplied(report: Report) -> str:
    """What the store was given that came by the bulk road; empty where that is nothing."""
    articles, quads = report.supplied
    if not articles:
        return ""
    word = "article" if articles == 1 else "articles"
    return f"The store was given {articles:,} {word} ({quads:,} quads)"


def finish(report: Report) -> None:
    """What was done, on stderr, and the exit code that says whether all went well."""
    from kg.status import counted

    show_problems(report)
    parts = [
        f"{counted(len(names), 'file')} {word}"
        for word, names in (
            ("taken in", report.made),
            ("unchanged", report.unchanged),
            ("removed", report.removed),
        )
        if names
    ]
    if report.problems:
        parts.append(f"{counted(len({p.file for p in report.problems}), 'file')} failed")
    lines = [", ".join(parts), supplied(report)]
    for line in [line for line in lines if line] or ["Nothing to do"]:
        say(line)
    if report.checked.get("Violation"):
        found = ", ".join(
            counted(number, severity.lower())
            for severity, number in report.checked.items()
            if number and severity != "Info"
        )
        what = "The graph" if report.checked_all else "What changed"
        say(f"{what} does not conform: {found}. kg validate says where")
    if report.without_text:
        names = ", ".join(name.removeprefix("articles/") for name in report.without_text)
        say(f"Texts not at hand, spans taken on the proof in the annotation: {names}")
    raise typer.Exit(report.exit_code)

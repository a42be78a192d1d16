"""Asking: `kg query`, and its completion in the shell."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from kg.cli.app import (
    complain,
    format_of,
    here,
    interruptible,
    opened,
    output_file,
    say,
    to_terminal,
    width,
    write,
)
from kg.errors import ConfigError, InputError, KgError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.query.answer import Answer
    from kg.query.page import Page
    from kg.query.parameters import StoredQuery
    from kg.store import GraphStore, Results
    from kg.workspace import Workspace

EXAMPLE_ROWS = 3
"""Rows of the example that the help of a query shows."""


class Query(TyperCommand):
    """`kg query`, whose parameters are those of the query that is named."""

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """The flags of the command, and the parameters of the query with what they can be."""
        flags = super().shell_complete(ctx, incomplete)
        item = type(super().shell_complete(ctx, "--")[0])
        return flags + [item(value, help=about) for value, about in _values_for(ctx, incomplete)]


class Thing(TyperCommand):
    """A command about a thing, which is completed whatever its case and its blanks."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        for parameter in self.params:
            if parameter.name == "thing":
                # Typer's own way leaves out what does not start the very same.
                setattr(parameter, "shell_complete", self._things)  # noqa: B010

    def _things(self, ctx: Any, incomplete: str) -> list[Any]:
        item = type(self.shell_complete(ctx, "--")[0])
        return [item(value, help=about) for value, about in complete_thing(incomplete)]


def complete_name(incomplete: str) -> list[tuple[str, str]]:
    """The stored queries whose names start so, each with its summary."""
    from kg.query import stored

    found = []
    with contextlib.suppress(KgError):  # broken settings
        for name, path in stored.find(query_folders()).items():
            if name.startswith(incomplete):
                with contextlib.suppress(KgError):  # a broken query
                    found.append((name, stored.load(path, endpoints()).summary))
    return found


def _values_for(ctx: Any, incomplete: str) -> list[tuple[str, str]]:
    """The parameters of the query that is named, or what the last one of them can be."""
    given = ctx.args
    with contextlib.suppress(KgError):
        question, _ = _question(ctx.params.get("name") or "")
        parameters = question.parameters if question is not None else {}
        if incomplete.startswith("-"):
            return [
                (flag, parameter.help)
                for name, parameter in parameters.items()
                if (flag := f"--{name}").startswith(incomplete) and flag not in given
            ]
        parameter = parameters.get(given[-1][2:].replace("-", "_")) if given else None
        if parameter is not None and parameter.type == "iri":
            return _things(incomplete, parameter.class_)
        if parameter is not None:
            options = parameter.enumeration or filter(None, [parameter.example])
            return [(option, "") for option in options if option.startswith(incomplete)]
    return []


def complete_thing(incomplete: str) -> list[tuple[str, str]]:
    """The things whose id or name starts so."""
    with contextlib.suppress(KgError):
        return _things(incomplete, None)
    return []


def _things(incomplete: str, class_: str | None) -> list[tuple[str, str]]:
    """The things of a class whose id or name starts so; for a shell that needs them with quotes."""
    from kg.names import starting
    from kg.query import class_of

    workspace = here()
    if workspace.in_memory:
        return []
    with workspace.reading() as store:
        wanted = class_of(class_, workspace.prefixes)
        found = starting(store, workspace.prefixes, incomplete, wanted)
    bash = "bash" in os.environ.get("_KG_COMPLETE", "")
    return [
        (re.sub(r"([^\w@%+=:,./-])", r"\\\1", name) if bash else name, about)
        for name, about in found
    ]


def query(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            help="A stored query, a .rq file, or - for standard input.",
            autocompletion=complete_name,
        ),
    ] = None,
    expression: Annotated[
        str | None, typer.Option("-e", "--expression", help="SPARQL to run.")
    ] = None,
    with_why: Annotated[
        bool,
        typer.Option("--why", help="Show with each row the passages that it rests on."),
    ] = False,
    with_labels: Annotated[
        bool, typer.Option("--labels", help="Show what things are called beside their ids.")
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(help="Only what was known from articles published by a day, month or year."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="So many rows at most.")] = None,
    offset: Annotated[int, typer.Option(min=0, help="Rows to pass over first.")] = 0,
    page: Annotated[
        int | None,
        typer.Option(min=1, help="A page of --limit rows, or of as many as the query says."),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "-f", "--format", help="table, md, csv, tsv, json, xml; ttl, nt, rdfxml, jsonld."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file for the answer.")
    ] = None,
    wants_help: Annotated[
        bool, typer.Option("-h", "--help", help="Show this, or what a query answers.")
    ] = False,
) -> None:
    """Ask: a stored query with its parameters, a file, or SPARQL. Without a name: list the queries.

    \b
    Examples: kg query claims-by-actor --actor japan --why
              kg query -e 'SELECT ?s WHERE { ?s a kg:Claim }'
    """
    from kg import query as asking
    from kg.query import results

    if name is None and expression is None:
        if wants_help:
            typer.echo(ctx.get_help())
            return
        raise typer.Exit(_list())
    if expression is not None and ctx.args:
        raise ConfigError(
            "only stored queries have parameters", hint="put the value into the query"
        )
    if name is not None and expression is not None:
        raise ConfigError("give a query or -e, not both")
    question, sparql = (None, expression) if name is None else _question(name)
    if wants_help:
        typer.echo(ctx.get_help() if question is None else _help(question, str(name)))
        return
    given = _values(ctx.args)
    if question is None and given:
        raise ConfigError(
            "only stored queries have parameters", hint="put the value into the query"
        )
    form = form or format_of(output, results.FORMATS)
    part = _page(question, limit, offset, page)
    workspace = here()
    ends = interruptible() if output is None or str(output) == "-" else contextlib.nullcontext()
    with ends, _asked(workspace, question) as whole, _known(whole, as_of) as store:
        called = name or "query"
        if question is not None:
            sparql, called = asking.bound(store, question, given, workspace.prefixes), question.name
        if with_why or with_labels:
            found = asking.rows(
                store,
                sparql or "",
                called,
                workspace.prefixes,
                page=part,
                headings=question.columns if question else {},
                with_labels=with_labels,
                with_why=with_why,
                text=workspace.text_of(),
            )
            _write_explained(found, workspace, form, output, with_why=with_why)
            return
        answer = asking.ask(store, sparql or "", called, workspace.prefixes, page=part)
        yes = _write_plain(answer, question, workspace, form, output)
    if yes is False:
        raise typer.Exit(1)


def _write_plain(
    answer: Results,
    question: StoredQuery | None,
    workspace: Workspace,
    form: str | None,
    output: Path | None,
) -> bool | None:
    """Write an answer as it is; what it says where it is yes or no."""
    import pyoxigraph as ox

    from kg.query import results

    if form is None and isinstance(answer, ox.QuerySolutions) and not to_terminal(output):
        form = "csv"
    if isinstance(answer, ox.QuerySolutions) and form in results.ROWS:
        with output_file(output) as out:
            results.stream(answer, form, out)
        return None
    content = results.write(
        answer,
        form,
        prefixes=workspace.prefixes,
        headings=question.columns if question else {},
        base=workspace.settings.base,
        width=width(),
    )
    write(content, output)
    return bool(answer) if isinstance(answer, ox.QueryBoolean) else None


def _write_explained(
    answer: Answer, workspace: Workspace, form: str | None, output: Path | None, *, with_why: bool
) -> None:
    from kg.query import explained

    form = form or ("table" if to_terminal(output) else "csv")
    content = explained.write(
        answer, form, prefixes=workspace.prefixes, width=width(), with_why=with_why
    )
    write(content, output)


def _list() -> int:
    """List the stored queries; the exit code says whether all of them can be read."""
    from kg.query import stored

    code = 0
    for known, path in stored.find(query_folders()).items():
        try:
            typer.echo(f"{known:<22} {stored.load(path, endpoints()).summary}")
        except InputError as error:
            code = InputError.exit_code
            complain(error)
    return code


@contextlib.contextmanager
def _asked(workspace: Workspace, question: StoredQuery | None) -> Iterator[GraphStore]:
    """The store that a query is asked of: the workspace's, or the endpoint that its header names."""
    if question is None or question.endpoint is None:
        with opened(workspace) as store:
            yield store
        return
    from kg.store import open_store

    say(f"kg: asking {question.endpoint}")
    with open_store(question.endpoint, read_only=True) as store:
        yield store


@contextlib.contextmanager
def _known(store: GraphStore, date: str | None) -> Iterator[GraphStore]:
    """The store as of a date, with a word about what is left out."""
    if date is None:
        yield store
        return
    from kg.query.dataset import known
    from kg.status import counted

    with known(store, date) as (limited, found):
        if found is not None and found.later:
            say(f"kg: as of {date}: without {counted(found.later, 'article')} published later")
        if found is not None and found.undated:
            number = counted(len(found.undated), "article")
            names = "; ".join(found.undated[:5]) + (" …" if found.undated[5:] else "")
            say(f"kg: as of {date}: without {number} that may have been published later: {names}")
        yield limited


def _page(
    question: StoredQuery | None, limit: int | None, offset: int, page: int | None
) -> Page | None:
    """The rows that are wanted; None for all of them."""
    if page is None:
        if limit is None and not offset:
            return None
        from kg.query.page import Page

        return Page(limit=limit, offset=offset)
    from kg.query.page import Page

    size = limit or (question.pagination if question is not None else None)
    if offset:
        raise ConfigError("--page and --offset: one of them says where to start")
    if size is None:
        raise ConfigError("--page needs to know how many rows a page has", hint="add --limit 50")
    return Page(limit=size, offset=(page - 1) * size)


def _question(name: str) -> tuple[StoredQuery | None, str]:
    """What a name stands for: standard input, a file with or without a header, a stored query."""
    from kg.query import stored

    if name == "-":
        return None, sys.stdin.read()
    if not _is_file(name):
        return stored.named(name, query_folders(), endpoints()), ""
    text = stored.text(Path(name))
    return (stored.load(Path(name), endpoints()) if stored.has_header(text) else None), text


def _is_file(name: str) -> bool:
    return name.endswith(".rq") or "/" in name


def query_folders() -> list[Path]:
    """Where the user keeps queries: nowhere outside a workspace."""
    try:
        return [here().root / "queries"]
    except NotFoundError:
        return []


def endpoints() -> tuple[str, ...]:
    """The endpoints that stored queries may name."""
    try:
        return here().settings.endpoints
    except NotFoundError:
        return ()


def _help(question: StoredQuery, name: str) -> str:
    """What a query answers, and what its example gives: on the sample, or for a query of the user's here."""
    from kg import resources
    from kg.query import run, stored

    text = stored.describe(question)
    packaged = resources.folder("queries") / f"{name}.rq"
    own = _is_file(name) or not packaged.is_file() or stored.text(packaged) != question.sparql
    with contextlib.suppress(KgError), contextlib.ExitStack() as stack:
        if own:
            workspace = here()
            store = stack.enter_context(opened(workspace, quiet=True))
        else:
            workspace, store = stack.enter_context(_sample())
        answer = run(store, question, question.example, workspace.prefixes)
        where = "here" if own else "on the sample"
        text += f"\n\nWhat it gives {where}:\n\n{_example(question, answer, workspace)}"
    return text.rstrip("\n")


def _example(question: StoredQuery, answer: Results, workspace: Workspace) -> str:
    """The first rows of an answer, indented under the words that introduce them."""
    import textwrap

    import pyoxigraph as ox

    from kg.query import results
    from kg.query.answer import solutions
    from kg.status import counted

    room = min(width(), 100) - 2
    more = ""
    if isinstance(answer, ox.QuerySolutions):
        names = [variable.value for variable in answer.variables]
        rows = [{name: row[name] for name in names if row[name] is not None} for row in answer]
        answer = solutions(names, rows[:EXAMPLE_ROWS])
        if rows[EXAMPLE_ROWS:]:
            more = f"\n… and {counted(len(rows) - EXAMPLE_ROWS, 'row')} more\n"
        elif not rows:
            return "  no rows"
    shown = results.write(
        answer,
        None,
        prefixes=workspace.prefixes,
        headings=question.columns,
        base=workspace.settings.base,
        width=room,
    )
    return textwrap.indent(shown.decode() + more, "  ")


@contextlib.contextmanager
def _sample() -> Iterator[tuple[Workspace, GraphStore]]:
    """The founding corpus, built in memory."""
    import tempfile
    from dataclasses import replace

    from kg import resources
    from kg.build import build
    from kg.store import open_store
    from kg.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder, open_store("memory:") as store:
        made = Workspace.create(Path(folder))
        for file in (resources.folder("examples") / "abductions").iterdir():
            if file.suffix in {".yaml", ".ttl"}:
                place = made.articles if file.suffix == ".yaml" else made.root
                shutil.copy(file, place)
        workspace = replace(made, settings=replace(made.settings, store="memory:", gate="off"))
        build(workspace, store)
        yield workspace, store


def _values(words: Sequence[str]) -> dict[str, str]:
    """`--name value` and `--name=value` as a mapping."""
    values: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if not word.startswith("--") or word == "--":
            raise ConfigError(f"unexpected {word!r}", hint="parameters are given as --name value")
        name, equals, value = word[2:].partition("=")
        if not equals:
            found = next(rest, None)
            if found is None:
                raise ConfigError(f"--{name} needs a value")
            value = found
        name = name.replace("-", "_")
        if name in values:
            raise ConfigError(f"--{name} is given twice", hint="a parameter has one value")
        values[name] = value
    return values

"""Making a workspace and keeping it: `kg`, `kg init`, `kg add`, `kg build`."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.app import finish, here, opened, progress, say
from kg.config import DEFAULT_BASE


def _version(wanted: bool) -> None:
    if wanted:
        from kg import __version__

        typer.echo(f"kg {__version__}")
        raise typer.Exit


def _set_back(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def main(
    ctx: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="A SPARQL endpoint in the place of the workspace's store."
        ),
    ] = None,
) -> None:
    """A knowledge graph of news: who said what about whom, how surely, and in which words.

    Without a command: what is in the workspace here, and what to do next.
    """
    if store is not None:
        before = os.environ.get("KG_STORE")
        os.environ["KG_STORE"] = store  # the setting is read in several places, and by processes
        ctx.call_on_close(lambda: _set_back("KG_STORE", before))
    if ctx.invoked_subcommand is None:
        _status()


def _status() -> None:
    from kg.errors import NotFoundError
    from kg.status import attention, contents

    try:
        workspace = here()
    except NotFoundError:
        typer.echo("Not in a workspace.\n")
        typer.echo("  kg init FOLDER   make one\n  kg --help        all commands")
        return
    typer.echo(f"Workspace {workspace.root.name}, base {workspace.settings.base}\n")
    built = not isinstance(workspace.location, Path) or workspace.location.exists()
    if built:
        with opened(workspace, quiet=True) as store:
            typer.echo("Holds " + ", ".join(contents(store)) + ".")
            lines = attention(workspace, store)
    else:
        lines = attention(workspace, None)
    if lines:
        typer.echo("\nNeeds attention:")
        for line in lines:
            typer.echo(f"  {line}")
    typer.echo("\nNext:")
    if not built or any(line.startswith("not yet") for line in lines):
        typer.echo("  kg build             bring the store up to date with the files")
    if not any(workspace.articles.glob("[!.]*.yaml")):
        typer.echo("  kg add FILE…         take in articles and annotations")
    else:
        typer.echo("  kg link              find the Wikidata items of people, places and bodies")
        typer.echo("  kg review            decide on what programs proposed")
        typer.echo("  kg validate          check the graph")
        typer.echo("  kg query             list the questions that it answers")
        typer.echo("  kg export -o FILE    write it as Turtle, TriG, JSON-LD …")
        typer.echo("  kg serve --open      read it in a browser")


def init(
    folder: Annotated[Path, typer.Argument(help="Where; made if it is missing.")] = Path(),
    base: Annotated[
        str, typer.Option(help="What every IRI starts with; an address that you control.")
    ] = DEFAULT_BASE,
    sample: Annotated[
        bool, typer.Option("--sample", help="Take in the two founding articles as a first corpus.")
    ] = False,
) -> None:
    """Make a workspace.

    Example: kg init abductions --base https://data.example.org/news/
    """
    from kg.workspace import Workspace

    workspace = Workspace.create(folder, base)
    say(f"Made the workspace {workspace.root.name}, base {workspace.settings.base}")
    if base == DEFAULT_BASE:
        say("The base is an example. Before others use your graph, set one you control in kg.toml.")
    if sample:
        from kg import resources
        from kg.add import add as add_sources

        with workspace.writing() as store:
            report = add_sources(workspace, store, [resources.folder("examples") / "abductions"])
        finish(report)


def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Texts, pages, feeds, JSON Lines, WARC, e-mail, annotations, RDF; folders of them,"
            " addresses, - for standard input."
        ),
    ],
    reader: Annotated[
        str | None, typer.Option("--with", help="What reads texts: rules, spacy, llm …")
    ] = None,
    texts: Annotated[
        list[Path] | None, typer.Option(help="A folder in which annotations find their texts.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of plain texts, where it cannot be told from the bytes.")
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Take the place of what the workspace has of the same."),
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Fetch the pages that feeds link to.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that read, and threads that load.")
    ] = None,
    bulk: Annotated[
        bool,
        typer.Option("--bulk", help="For very many: with no file for each article."),
    ] = False,
    shards: Annotated[
        Path | None,
        typer.Option(help="With --bulk: leave N-Quads there for another engine."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="With --bulk: of a Dask cluster; tcp://HOST:PORT, or local."),
    ] = None,
) -> None:
    """Take articles and files into the workspace: read, link to the register, check, store.

    Example: kg add article.txt https://example.org/feed.xml
    """
    from kg.add import add as add_sources

    workspace = here()
    if workers is not None:
        settings = dataclasses.replace(workspace.settings, workers=workers)
        workspace = dataclasses.replace(workspace, settings=settings)
    if bulk or shards is not None or scheduler is not None:
        from kg.cli.bulk import add_many
        from kg.errors import ConfigError

        if not bulk:
            raise ConfigError(f"{'--scheduler' if shards is None else '--shards'} goes with --bulk")
        for flag, given in (("--texts", texts), ("--replace", replace), ("--follow", follow)):
            if given:
                raise ConfigError(f"{flag} does not go with --bulk")
        if workers is not None and scheduler not in {None, "local"}:
            raise ConfigError(
                "--workers does not go with the address of a scheduler",
                hint="a cluster has as many workers as were started for it",
            )
        add_many(
            workspace,
            sources,
            shards,
            reader=reader,
            encoding=encoding,
            workers=workspace.settings.processes,
            scheduler=scheduler,
        )
    with workspace.writing() as store, progress("articles") as advance:
        report = add_sources(
            workspace,
            store,
            sources,
            texts=texts or (),
            encoding=encoding,
            replace=replace,
            extractor=reader,
            workers=workspace.settings.processes,
            follow=follow,
            progress=advance,
            announce=lambda line: say(f"kg: {line}"),
        )
    finish(report)


def build() -> None:
    """Bring the store up to date with the files of the workspace, as far as they changed.

    Texts in articles/ that have no annotation are read.

    Example: kg build
    """
    from kg.add import take_up

    workspace = here()
    with workspace.writing() as store, progress("articles") as advance:
        report = take_up(
            workspace,
            store,
            workers=workspace.settings.processes,
            progress=advance,
            announce=lambda line: say(f"kg: {line}"),
        )
    finish(report)

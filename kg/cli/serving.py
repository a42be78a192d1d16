"""Serving: `kg serve`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kg.cli.app import here, needing, say
from kg.errors import ConfigError


def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for a free one.")] = 8010,
    open_: Annotated[bool, typer.Option("--open", help="Open the pages in a browser.")] = False,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds that one answer may take.")
    ] = 30.0,
    get: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Print what one address answers, and end: /query/sides."),
    ] = None,
    accept: Annotated[str, typer.Option(help="The media type that --get asks for.")] = "*/*",
    store: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="A SPARQL endpoint to read in the place of the workspace's store."
        ),
    ] = None,
    write: Annotated[
        bool,
        typer.Option("--write", help="Let those write who send the token of KG_TOKEN."),
    ] = False,
    cors: Annotated[
        bool,
        typer.Option(
            "--cors", help="Let pages of other sites read, not those of this machine alone."
        ),
    ] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A further name that the server is asked for by."),
    ] = None,
) -> None:
    """Serve pages, SPARQL and the stored queries over HTTP.

    Nothing is fetched from elsewhere. Articles can be added meanwhile: what is built is served.

    Example: kg serve --open
    """
    with needing("web", "kg serve"):
        from kg.web import server

    workspace = here()
    if get is not None:
        if not get.startswith("/"):
            raise ConfigError(f"--get {get}: a path starts with /")
        with server.running(workspace, seconds=timeout, write=write, store=store) as address:
            status, body = server.got(address, get, accept)
        sys.stdout.buffer.write(body)
        raise typer.Exit(0 if status < 400 else 1)

    def ready(address: str) -> None:
        say(f"Serving {workspace.root} at {address}; Ctrl-C ends it.")
        if open_:
            import webbrowser

            webbrowser.open(address)

    server.serve(
        workspace,
        host=host,
        port=port,
        seconds=timeout,
        write=write,
        hosts=tuple(allow_host or ()),
        store=store,
        every_origin=cors,
        ready=ready,
    )

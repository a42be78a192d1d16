"""Telling: `kg show` and `kg export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.app import format_of, here, needing, opened, progress, say, width, write
from kg.cli.asking import endpoints, query_folders
from kg.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Triple

    from kg.store import GraphStore
    from kg.workspace import Workspace

CARDS = ("text", "md", "json")
LISTED = 20
"""Claims, events and so on that a card shows of each kind if nothing else is said."""


def show(
    thing: Annotated[
        str,
        typer.Argument(
            help="An actor, place, topic, event, claim or article: an id, a label, an IRI.",
        ),
    ],
    form: Annotated[str | None, typer.Option("-f", "--format", help="text, md or json.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file for the card.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw it as well: an SVG file of its own.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=0, help="So many of each kind at most, 0 for all, as JSON has anyway."),
    ] = None,
) -> None:
    """Show a thing on a card: what it is, who says what about it, what is disputed, and when.

    Example: kg show north-korea --picture north-korea.svg
    """
    from kg.names import resolve
    from kg.show import gather
    from kg.show import text as cards

    form = form or (format_of(output, CARDS) if output is not None else None) or "text"
    if picture is not None and picture.suffix.lower() != ".svg" and str(picture) != "-":
        raise ConfigError(f"--picture {picture}: is drawn as SVG", hint="name it something.svg")
    if form not in CARDS:
        raise ConfigError(f"--format {form}: expected {', '.join(CARDS)}")
    workspace = here()
    with opened(workspace) as store:
        node = resolve(store, workspace.prefixes, thing)
        listed = (LISTED if form != "json" else 0) if limit is None else limit
        card = gather.card(store, node, workspace.prefixes, listed or None)
    match form:
        case "md":
            content = cards.as_markdown(card, workspace.prefixes)
        case "json":
            content = cards.as_json(card)
        case _:
            content = cards.as_text(card, workspace.prefixes, min(width(), 100))
    if picture is not None:
        from kg.show.picture import picture as drawn

        write(drawn(card).encode(), picture)
        if str(picture) != "-":
            say(f"Wrote {picture}")
    if picture is None or str(picture) != "-":
        write(content.encode(), output)


def export(
    thing: Annotated[
        str | None,
        typer.Argument(
            help="One thing with its surroundings: an id, a label, an IRI.",
        ),
    ] = None,
    graph: Annotated[
        str | None, typer.Option(help="One graph: entities, analysis, provenance, or an article.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "-f",
            "--format",
            help="ttl, trig, nt, nq, rdfxml, jsonld; yaml for an article; quickstatements for"
            " what Wikidata lacks; site for pages.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file; its extension tells the format.")
    ] = None,
    ontology: Annotated[
        bool, typer.Option("--ontology", help="Put the ontology in as well.")
    ] = False,
    queries: Annotated[
        bool,
        typer.Option("--queries", help="The stored queries instead, as SHACL's executables."),
    ] = False,
    void: Annotated[
        bool,
        typer.Option("--void", help="A description of the dataset instead, in VoID and DCAT."),
    ] = False,
) -> None:
    """Write the graph, one of its graphs, or one thing as RDF; texts are never exported.

    With -f quickstatements: names and dates that linked items lack, for a person to submit.

    Example: kg export -o news.trig
    """
    from kg import export as exporting

    form = form or format_of(output, exporting.FORMATS) or "ttl"
    if form not in exporting.FORMATS:
        raise ConfigError(f"--format {form}: expected {', '.join(exporting.FORMATS)}")
    what = {"a thing": thing, "--graph": graph, "--queries": queries, "--void": void}
    given = [name for name, value in what.items() if value]
    if len(given) > 1:
        raise ConfigError(f"give {' or '.join(given)}, not {'both' if len(given) == 2 else 'all'}")
    if form in {"quickstatements", "site"} and (given or ontology):
        about = "is about all that is linked" if form == "quickstatements" else "has everything"
        raise ConfigError(f"{form} {about}", hint="give nothing but -f and -o")
    workspace = here()
    if form == "site":
        _site(workspace, output)
        return
    with opened(workspace) as store:
        if form == "quickstatements":
            content = _commands(workspace, store)
        elif queries or void:
            content = _described(workspace, store, form, queries=queries)
        else:
            content = _exported(workspace, store, form, thing, graph, ontology=ontology)
    write(content, output)
    if output is not None and str(output) != "-":
        say(f"Wrote {output}")


def _site(workspace: Workspace, folder: Path | None) -> None:
    """Write the pages to a folder."""
    if folder is None or str(folder) == "-":
        raise ConfigError("-f site writes a folder", hint="name it with -o")
    with needing("web", "-f site"):
        from kg.web import site as pages
    with progress("pages") as advance:
        site = pages.export(workspace, folder, advance)
    for path, status in sorted(site.refused.items()):
        say(f"/{path}: {status}")
    say(f"Wrote {len(site.files):,} pages to {folder}; open {folder / 'index.html'}")


def _commands(workspace: Workspace, store: GraphStore) -> bytes:
    """The commands of QuickStatements, and on stderr what was left out of them."""
    from kg.link.quickstatements import commands
    from kg.status import counted

    found = commands(store, workspace.iris)
    say(f"{counted(len(found.lines), 'command')}, for a person to look at and submit")
    for reason, number in found.left_out.items():
        say(f"{number} left out: {reason}")
    return found.content


def _exported(
    workspace: Workspace,
    store: GraphStore,
    form: str,
    thing: str | None,
    graph: str | None,
    *,
    ontology: bool,
) -> bytes:
    """The graph, one graph or one thing in a format."""
    from kg import export as exporting
    from kg.names import resolve

    iris, prefixes = workspace.iris, workspace.prefixes
    if form in {"yaml", "json"}:
        if thing is None and graph is None:
            raise ConfigError(f"{form} is for one article", hint="kg export ARTICLE -f yaml")
        name = exporting.graph_of(store, iris, prefixes, graph or str(thing))
        return exporting.article(store, name, iris, form)
    if thing is not None:
        quads = exporting.surroundings(store, resolve(store, prefixes, thing))
    elif graph is not None:
        quads = exporting.one_graph(store, exporting.graph_of(store, iris, prefixes, graph))
    else:
        quads = exporting.dataset(store, ontology=ontology)
    return exporting.write(quads, form, prefixes, iris)


def _described(workspace: Workspace, store: GraphStore, form: str, *, queries: bool) -> bytes:
    """The library of queries, or the dataset as a whole, described for others."""
    from kg import jsonld, rdf
    from kg.catalogue import dataset, library, terms
    from kg.query import stored

    base = workspace.settings.base
    triples: Sequence[Triple]
    if queries:
        known = [stored.load(path, endpoints()) for path in stored.find(query_folders()).values()]
        triples = list(library.queries(store, known, base, workspace.prefixes))
    else:
        triples = list(dataset.void(store, base, workspace.root.name))
    if form == "jsonld":
        return jsonld.write(triples, base)
    if form not in rdf.GRAPHS:
        raise ConfigError(f"{form}: expected {', '.join((*rdf.GRAPHS, 'jsonld'))}")
    return rdf.write(triples, rdf.GRAPHS[form], workspace.prefixes | terms.prefixes(base))

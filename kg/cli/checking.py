"""Checking: `kg validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.app import complain, here, opened, say, write
from kg.config import DEFAULT_BASE
from kg.errors import ConfigError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.validate import ValidationReport

LISTED = 1000
"""Results that a validation lists for each shape if nothing else is said; the others are counted."""


def validate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="RDF files to check instead of the store.")
    ] = None,
    fail_on: Annotated[
        str, typer.Option(help="The mildest severity that fails: violation, warning or info.")
    ] = "violation",
    form: Annotated[
        str, typer.Option("-f", "--format", help="text, table, json or ttl (the SHACL report).")
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file for the report.")
    ] = None,
    shapes: Annotated[
        list[Path] | None,
        typer.Option(help="A file of shapes to check against, in the place of kg's own."),
    ] = None,
    location: Annotated[
        str | None,
        typer.Option("--store", help="A SPARQL endpoint to check, in the place of the store."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Results to list for each shape; the others are counted."),
    ] = None,
    measure: Annotated[
        bool,
        typer.Option("--measure", help="Measure which checks grow faster than the data."),
    ] = False,
    queries: Annotated[
        bool,
        typer.Option("--queries", help="Try the tests of the workspace's own queries instead."),
    ] = False,
) -> None:
    """Check the graph against the SHACL shapes; exit 1 if it does not conform.

    Example: kg validate --fail-on warning
    """
    if queries:
        if files or shapes or location or measure or output:
            raise ConfigError("--queries tries queries and checks no data: leave the rest out")
        raise typer.Exit(_try_queries())

    from kg import validate as checking
    from kg.status import counted
    from kg.validate import views

    levels: Mapping[str, checking.Severity] = {
        severity.lower(): severity for severity in checking.SEVERITIES
    }
    if fail_on.lower() not in levels:
        raise ConfigError(f"--fail-on {fail_on}: expected {', '.join(levels)}")
    if form not in {"text", "table", "json", "ttl"}:
        raise ConfigError(f"--format {form}: expected text, table, json or ttl")
    if files and location:
        raise ConfigError("--store and files: one of them can be checked")
    settings: dict[str, Any] = {"limit": limit or LISTED, "measure": measure}
    report, prefixes = _validated(files or [], shapes or [], location, settings)
    match form:
        case "json":
            content = views.as_json(report, levels[fail_on.lower()]).encode()
        case "ttl":
            content = views.as_turtle(report)
        case "table":
            content = views.as_table(report, prefixes).encode()
        case _:
            content = views.as_text(report, prefixes, limit or views.SHOWN).encode()
    write(content, output)
    for line in (*report.shacl.notes, *report.warnings):
        say(f"kg: warning: {line}")
    conforms = report.conforms(levels[fail_on.lower()])
    counts = ", ".join(
        counted(number, severity.lower().replace("info", "note"))
        for severity, number in report.counts().items()
    )
    say(f"{'Conforms' if conforms else 'Does not conform'}: {counts}")
    raise typer.Exit(0 if conforms else 1)


def _validated(
    files: list[Path], shape_files: list[Path], location: str | None, settings: dict[str, Any]
) -> tuple[ValidationReport, Mapping[str, str]]:
    """The report on files, an endpoint or the workspace, and the prefixes to show it with."""
    from kg import resources
    from kg import validate as checking
    from kg.errors import NotFoundError
    from kg.store import open_store
    from kg.vocab import PREFIXES

    workspace = None
    try:
        workspace = here()
    except NotFoundError:
        if not files and location is None:
            raise
    prefixes = workspace.prefixes if workspace is not None else PREFIXES
    given = checking.read_shapes(shape_files) if shape_files else None
    shapes = given if given is not None else checking.shapes_of(workspace)
    if files:
        base = workspace.settings.base if workspace is not None else DEFAULT_BASE
        ontology = [resources.folder("ontology") / "newskg.ttl"] if given is None else []
        report = checking.validate_files([*ontology, *files], base, shapes, **settings)
        return report, prefixes
    if location is not None:
        from kg import config

        settings_ = workspace.settings if workspace is not None else config.load(None)
        with open_store(location, settings=settings_) as store:
            return checking.validate_store(store, shapes, **settings), prefixes
    found = workspace or here()
    with opened(found) as store:
        return checking.validate_store(store, shapes, found.texts(), **settings), prefixes


def _try_queries() -> int:
    """Try the tests that the queries of the workspace carry; the exit code says whether all passed."""
    from kg.query import stored
    from kg.query.trial import failure
    from kg.status import counted

    workspace = here()
    folder = workspace.root / "queries"
    tried = failed = 0
    with opened(workspace) as store:
        for path in sorted(folder.glob("[!.]*.rq")):
            name = path.relative_to(workspace.root)
            try:
                query = stored.load(path, workspace.settings.endpoints)
            except InputError as error:
                complain(error)
                tried, failed = tried + 1, failed + 1
                continue
            try:
                store.query(query.sparql)
            except InputError as error:
                complain(InputError(f"{name}: {error}"))
                tried, failed = tried + 1, failed + 1
                continue
            for case in query.cases:
                tried += 1
                wrong = failure(store, query, case, workspace.prefixes)
                if wrong is not None:
                    failed += 1
                    typer.echo(f"{name}:{case.line}: {query.call(case.values)}: {wrong}")
    say(f"{counted(tried, 'test')} of queries, {failed or 'none'} failed")
    return 1 if failed else 0

"""The command line: read flags, call one function, print what it returned.

Nothing heavy is imported before a command needs it: `kg --help` answers at once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from kg.config import DEFAULT_BASE
from kg.errors import AnnotationError, ConfigError, InputError, KgError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.build import Report
    from kg.store import GraphStore
    from kg.validate import ValidationReport
    from kg.workspace import Workspace

BUG = 70
INTERRUPTED = 130
LISTED = 1000
"""Results that a validation lists for each shape if nothing else is said; the others are counted."""


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
            _complain(error)
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
    _complain(StoreError(f"{place}: {(error.strerror or str(error)).lower()}"))
    return StoreError.exit_code


def _complain(error: KgError) -> None:
    if os.environ.get("KG_DEBUG"):
        traceback.print_exc()
    lines = str(error).splitlines() if isinstance(error, AnnotationError) else [str(error)]
    for line in lines:
        typer.echo(f"kg: error: {line}", err=True)
    if error.hint:
        typer.echo(f"kg: hint: {error.hint}", err=True)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _workspace() -> Workspace:
    from kg.workspace import Workspace

    return Workspace.open()


def _version(wanted: bool) -> None:
    if wanted:
        from kg import __version__

        typer.echo(f"kg {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def main(
    ctx: typer.Context,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A knowledge graph of news: who said what about whom, how surely, and in which words.

    Without a command: what is in the workspace here, and what to do next.
    """
    if ctx.invoked_subcommand is None:
        _status()


def _status() -> None:
    from kg.errors import NotFoundError
    from kg.status import attention, contents

    try:
        workspace = _workspace()
    except NotFoundError:
        typer.echo("Not in a workspace.\n")
        typer.echo("  kg init FOLDER   make one\n  kg --help        all commands")
        return
    typer.echo(f"Workspace {workspace.root.name}, base {workspace.settings.base}\n")
    built = workspace.in_memory or (workspace.root / workspace.settings.store).exists()
    if built:
        with _store(workspace, quiet=True) as store:
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
        typer.echo("  kg validate          check the graph")
        typer.echo("  kg query             list the questions that it answers")
        typer.echo("  kg export -o FILE    write it as Turtle, TriG, JSON-LD …")


@contextlib.contextmanager
def _store(workspace: Workspace, *, quiet: bool = False) -> Iterator[GraphStore]:
    """The store of a workspace, to read from, with a hint where files have changed since the build."""
    from kg.build import build, changes
    from kg.status import counted
    from kg.store import open_store

    if workspace.in_memory:
        with open_store("memory:") as store:
            _show_problems(build(workspace, store))
            yield store
        return
    with workspace.reading() as store:
        changed = [] if quiet else changes(workspace)
        if changed:
            number = counted(len(changed), "file")
            _say(f"kg: {number} changed since the last build; kg build takes them in")
        yield store


@app.command()
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
    _say(f"Made the workspace {workspace.root.name}, base {workspace.settings.base}")
    if base == DEFAULT_BASE:
        _say(
            "The base is an example. Before others use your graph, set one you control in kg.toml."
        )
    if sample:
        from kg import resources
        from kg.add import add as add_sources

        with workspace.writing() as store:
            report = add_sources(workspace, store, [resources.folder("examples") / "abductions"])
        _finish(report)


@app.command()
def add(
    sources: Annotated[
        list[Path],
        typer.Argument(help="Annotations (YAML, JSON), texts, HTML, RDF, folders of them."),
    ],
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
) -> None:
    """Take files into the workspace: check, store.

    Example: kg add article.txt article.yaml
    """
    from kg.add import add as add_sources

    workspace = _workspace()
    with workspace.writing() as store:
        report = add_sources(
            workspace, store, sources, texts=texts or (), encoding=encoding, replace=replace
        )
    _finish(report)


@app.command()
def build() -> None:
    """Bring the store up to date with the files of the workspace, as far as they changed.

    Example: kg build
    """
    from kg.build import build as build_store

    workspace = _workspace()
    with workspace.writing() as store:
        report = build_store(workspace, store)
    _finish(report)


@app.command()
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
) -> None:
    """Check the graph against the SHACL shapes; exit 1 if it does not conform.

    Example: kg validate --fail-on warning
    """
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
    _write(content, output)
    for line in (*report.shacl.notes, *report.warnings):
        _say(f"kg: warning: {line}")
    conforms = report.conforms(levels[fail_on.lower()])
    counts = ", ".join(
        counted(number, severity.lower().replace("info", "note"))
        for severity, number in report.counts().items()
    )
    _say(f"{'Conforms' if conforms else 'Does not conform'}: {counts}")
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
        workspace = _workspace()
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
        with open_store(location) as store:
            return checking.validate_store(store, shapes, **settings), prefixes
    opened = workspace or _workspace()
    with _store(opened) as store:
        return checking.validate_store(store, shapes, opened.texts(), **settings), prefixes


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def query(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="A stored query, a .rq file, or - for standard input.")
    ] = None,
    expression: Annotated[
        str | None, typer.Option("-e", "--expression", help="SPARQL to run.")
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

    Examples: kg query claims-by-actor --actor japan
              kg query -e 'SELECT ?s WHERE { ?s a kg:Claim }'
    """
    import pyoxigraph as ox

    from kg import query as asking
    from kg.query import results, stored

    if wants_help and name is None:
        typer.echo(ctx.get_help())
        return
    folders = _query_folders()
    if name is None and expression is None:
        broken = False
        for known, path in stored.find(folders).items():
            try:
                typer.echo(f"{known:<22} {stored.load(path).summary}")
            except InputError as error:
                broken = True
                _complain(error)
        raise typer.Exit(InputError.exit_code if broken else 0)
    if expression is not None and ctx.args:
        raise ConfigError(
            "only stored queries have parameters", hint="put the value into the query"
        )
    if name is not None and expression is not None:
        raise ConfigError("give a query or -e, not both")
    question, sparql = None, expression
    if name is not None:
        if name == "-":
            sparql = sys.stdin.read()
        elif name.endswith(".rq") or "/" in name:
            question, sparql = _query_file(Path(name))
        else:
            question = stored.named(name, folders)
    if wants_help and question is not None:
        typer.echo(stored.describe(question))
        return
    values = _values(ctx.args)
    if question is None and values:
        raise ConfigError(
            "only stored queries have parameters", hint="put the value into the query"
        )
    form = form or _format_of(output, results.FORMATS)
    workspace = _workspace()
    with _store(workspace) as store:
        if question is not None:
            answer = asking.run(store, question, values, workspace.prefixes)
        else:
            answer = asking.ask(store, sparql or "", prefixes=workspace.prefixes)
        yes = bool(answer) if isinstance(answer, ox.QueryBoolean) else None
        if form is None and isinstance(answer, ox.QuerySolutions) and not _to_terminal(output):
            form = "csv"
        content = results.write(
            answer,
            form,
            prefixes=workspace.prefixes,
            headings=question.columns if question else {},
            base=workspace.settings.base,
            width=shutil.get_terminal_size((120, 24)).columns,
        )
        del answer
    _write(content, output)
    if yes is False:
        raise typer.Exit(1)


@app.command()
def export(
    thing: Annotated[
        str | None, typer.Argument(help="One thing with its surroundings: an id, a label, an IRI.")
    ] = None,
    graph: Annotated[
        str | None, typer.Option(help="One graph: entities, analysis, provenance, or an article.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "-f", "--format", help="ttl, trig, nt, nq, rdfxml, jsonld; yaml for an article."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file; its extension tells the format.")
    ] = None,
    ontology: Annotated[
        bool, typer.Option("--ontology", help="Put the ontology in as well.")
    ] = False,
) -> None:
    """Write the graph, one of its graphs, or one thing as RDF; texts are never exported.

    Example: kg export -o news.trig
    """
    from kg import export as exporting
    from kg.names import resolve

    form = form or _format_of(output, exporting.FORMATS) or "ttl"
    if form not in exporting.FORMATS:
        raise ConfigError(f"--format {form}: expected {', '.join(exporting.FORMATS)}")
    if thing is not None and graph is not None:
        raise ConfigError("give a thing or --graph, not both")
    workspace = _workspace()
    with _store(workspace) as store:
        if form in {"yaml", "json"}:
            if thing is None and graph is None:
                raise ConfigError(f"{form} is for one article", hint="kg export ARTICLE -f yaml")
            name = exporting.graph_of(
                store, workspace.iris, workspace.prefixes, graph or str(thing)
            )
            content = exporting.article(store, name, workspace.iris, form)
        else:
            if thing is not None:
                node = resolve(store, workspace.prefixes, thing)
                quads = exporting.surroundings(store, node)
            elif graph is not None:
                quads = exporting.one_graph(
                    store, exporting.graph_of(store, workspace.iris, workspace.prefixes, graph)
                )
            else:
                quads = exporting.dataset(store, ontology=ontology)
            content = exporting.write(quads, form, workspace.prefixes, workspace.iris)
    _write(content, output)
    if output is not None and str(output) != "-":
        _say(f"Wrote {output}")


def _query_folders() -> list[Path]:
    from kg.errors import NotFoundError

    try:
        return [_workspace().root / "queries"]
    except NotFoundError:
        return []


def _query_file(path: Path) -> tuple[Any, str]:
    """A query file: a stored query where it has a header, plain SPARQL otherwise."""
    from kg.query import stored

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8") from error
    return (stored.load(path) if stored.has_header(text) else None), text


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
        values[name.replace("-", "_") if "-" in name else name] = value
    return values


def _format_of(output: Path | None, known: Sequence[str]) -> str | None:
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


def _to_terminal(output: Path | None) -> bool:
    return (output is None or str(output) == "-") and sys.stdout.isatty()


def _write(content: bytes, output: Path | None) -> None:
    """Data go to stdout, or whole to a file: never half a file."""
    if output is None or str(output) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    from kg.workspace import write_file

    if not output.parent.is_dir():
        raise StoreError(f"{output}: there is no such folder")
    if output.is_dir():
        raise StoreError(f"{output}: is a folder")
    write_file(output, content)


def _show_problems(report: Report) -> None:
    for problem in report.problems:
        _say(f"kg: error: {problem}")


def _finish(report: Report) -> None:
    """What was done, on stderr, and the exit code that says whether all went well."""
    from kg.status import counted

    _show_problems(report)
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
    _say(", ".join(parts) or "Nothing to do")
    if report.checked.get("Violation"):
        found = ", ".join(
            counted(number, severity.lower())
            for severity, number in report.checked.items()
            if number and severity != "Info"
        )
        what = "The graph" if report.checked_all else "What changed"
        _say(f"{what} does not conform: {found}. kg validate says where")
    if report.without_text:
        names = ", ".join(name.removeprefix("articles/") for name in report.without_text)
        _say(f"Texts not at hand, spans taken on the proof in the annotation: {names}")
    raise typer.Exit(report.exit_code)

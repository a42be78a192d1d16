"""Reading texts: `kg extract` and `kg score`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.app import complain, format_of, here, say, width, write
from kg.errors import ConfigError, InputError, NotFoundError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.annotate import Reader
    from kg.config import Settings
    from kg.document import Document
    from kg.intake import Fault, Raw
    from kg.model import Annotation
    from kg.workspace import Workspace

FORMS = ("yaml", "json", "brat", "conll")
SCORES = ("table", "md", "json")
WITH = typer.Option("--with", help="The extractor: rules, spacy, llm or one of your own.")
REPLAY = typer.Option("--replay", help="Have llm use the exchanges that were kept, and no network.")


def extract(
    source: Annotated[
        str, typer.Argument(help="A text, a page, an address; - for standard input.")
    ],
    reader: Annotated[str | None, WITH] = None,
    form: Annotated[
        str | None, typer.Option("-f", "--format", help="yaml, json, brat or conll.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file for the annotation.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of plain texts, where it cannot be told from the bytes.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Fetch the pages that feeds link to.")
    ] = False,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="How it differs from the annotation that the workspace has."),
    ] = False,
    replay: Annotated[bool, REPLAY] = False,
) -> None:
    """Read a text and print its annotation; nothing is stored.

    A source with several articles, such as a feed, gives one YAML document or JSON line for each.

    Example: kg extract article.txt --with rules
    """
    from kg.extract.extraction import shortcomings
    from kg.intake import Fault, Options, sources

    form = form or (format_of(output, FORMS) if output is not None else None) or "yaml"
    if form not in FORMS:
        raise ConfigError(f"--format {form}: expected {', '.join(FORMS)}")
    workspace, settings = _surroundings(reader)
    made = _reader(workspace, settings, encoding, replay=replay)
    options = Options(limit=settings.text_limit, contact=settings.contact, follow=follow)
    made.extractor  # noqa: B018  # where there is none, nothing needs to be read
    pieces: list[str] = []
    faults = differing = 0
    remote = False  # whether some server was to blame
    raws: Iterable[Raw | Fault] = sources(source, options=options)
    if hasattr(made.extractor, "estimate"):  # what costs is known before it is spent
        raws = list(raws)
        if estimate := made.estimate(raws):
            say(f"kg: {estimate}")
    for raw in raws:
        fault = raw if isinstance(raw, Fault) else None
        if not isinstance(raw, Fault):
            try:
                document = made.document(raw)
                annotation = made.annotation(document)
                if diff:
                    piece = _difference(_needed(workspace), made, annotation, raw.place)
                    differing += bool(piece)
                else:
                    piece = _written(annotation, document, made, form)
                pieces.append(piece)
                for line in shortcomings(made.extractor):
                    say(f"kg: {line}")
            except InputError as error:
                complain(error)
                faults += 1
        if fault is not None:
            complain(InputError(str(fault), hint=fault.hint))
            faults += 1
            remote = remote or fault.remote
    if not pieces and faults:
        raise typer.Exit((ServiceError if remote else InputError).exit_code)
    if len(pieces) > 1 and form == "brat":
        raise InputError(
            f"{source}: has {len(pieces)} articles, and a file of brat is on one",
            hint="give them one by one, or choose another format",
        )
    if len(pieces) > 1 and form == "json" and not diff:
        pieces = ["".join(line.lstrip(" ") for line in p.split("\n")) + "\n" for p in pieces]
    write(("---\n" if form == "yaml" and not diff else "").join(pieces).encode(), output)
    if faults or differing:
        raise typer.Exit(1)


def _surroundings(extractor: str | None) -> tuple[Workspace | None, Settings]:
    """The workspace that this folder is in, if it is in one, and the settings with another extractor."""
    from kg import config

    try:
        workspace = here()
        settings = workspace.settings
    except NotFoundError:
        workspace, settings = None, config.load(None)
    if extractor is not None:
        settings = dataclasses.replace(settings, extractor=extractor)
    return workspace, settings


def _reader(
    workspace: Workspace | None, settings: Settings, encoding: str | None, *, replay: bool
) -> Reader:
    from kg.annotate import Reader
    from kg.mapping.iris import Iris
    from kg.register import Register

    iris = workspace.iris if workspace is not None else Iris(settings.base)
    register = workspace.register() if workspace is not None else Register((), iris)
    return Reader(
        settings,
        register,
        iris,
        encoding=encoding,
        exchanges=workspace.exchanges if workspace is not None else Path("exchanges"),
        replay=replay,
    )


def _needed(workspace: Workspace | None) -> Workspace:
    return workspace if workspace is not None else here()


def _written(annotation: Annotation, document: Document, reader: Reader, form: str) -> str:
    """The annotation in a format."""
    from kg.annotation import write as to_text
    from kg.annotation.seal import sealed
    from kg.extract import standoff

    if form == "yaml":
        return sealed(annotation, document.text).decode()
    if form == "json":
        return to_text(annotation, "annotation.json")
    write_as = standoff.to_brat if form == "brat" else standoff.to_conll
    return write_as(annotation, document.text, reader.known.kinds)


def _difference(workspace: Workspace, reader: Reader, annotation: Annotation, place: str) -> str:
    """What would be different in the workspace's annotation of the same text, line by line."""
    import difflib

    from kg.annotation import write as to_text
    from kg.build import read_annotation
    from kg.note import annotation_of

    try:
        name, file = annotation_of(workspace, str(annotation.text.sha256))
    except NotFoundError as error:
        raise NotFoundError(f"{place}: {error}", hint=error.hint) from error
    present = read_annotation(file, name, workspace.text(file), workspace.register())
    # What a person has decided on a claim is no difference between readings.
    claims = tuple(dataclasses.replace(claim, review=None) for claim in present.claims)
    present = dataclasses.replace(present, claims=claims, passages=())
    proposed = dataclasses.replace(annotation, made=present.made, text=present.text, passages=())
    lines = difflib.unified_diff(
        to_text(present).splitlines(keepends=True),
        to_text(proposed).splitlines(keepends=True),
        name,
        f"{name} by {reader.extractor.name} {reader.extractor.version}",
    )
    return "".join(lines)


def score(
    gold: Annotated[
        list[Path],
        typer.Argument(help="Annotations made by people, folders of them, or JSON Lines."),
    ],
    reader: Annotated[str | None, WITH] = None,
    texts: Annotated[
        list[Path] | None, typer.Option(help="A folder in which annotations find their texts.")
    ] = None,
    misses: Annotated[
        int, typer.Option(min=0, help="So many of the worst misses are shown in context.")
    ] = 10,
    articles: Annotated[
        bool, typer.Option("--articles", help="The scores of each article as well.")
    ] = False,
    blind: Annotated[
        bool, typer.Option("--blind", help="Do not let the extractor know the register's names.")
    ] = False,
    form: Annotated[str, typer.Option("-f", "--format", help="table, md or json.")] = "table",
    replay: Annotated[bool, REPLAY] = False,
) -> None:
    """Measure an extractor against annotations that people made.

    Example: kg score examples/newsroom --with rules --misses 20
    """
    from kg import score as scoring
    from kg.score.gold import read

    if form not in SCORES:
        raise ConfigError(f"--format {form}: expected {', '.join(SCORES)}")
    workspace, settings = _surroundings(reader)
    made = _reader(workspace, settings, None, replay=replay)
    found = scoring.scored(read(gold, texts or (), made.iris), made.extractor, blind=blind)
    if form == "json":
        write(scoring.as_json(found).encode(), None)
        return
    write(scoring.as_text(found, form, width(), per_article=articles).encode(), None)
    for miss in scoring.misses(found, misses):
        say(f"\n{miss}")

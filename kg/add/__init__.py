"""`kg add`: take articles and files into the workspace, then build.

A source is checked as a whole before anything of it is written, the text is written before the
annotation that needs it, and the store comes last: whatever is cut off in between, the files are
whole, and `kg build` goes on from them.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kg.add.finding import expand
from kg.add.taking import Adding, Wishes
from kg.build import Report, build
from kg.document import read as read_document
from kg.errors import InputError
from kg.loading import Loading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.extract.extraction import Extractor
    from kg.store import GraphStore
    from kg.workspace import Workspace


def add(
    workspace: Workspace,
    store: GraphStore,
    sources: Sequence[Path | str],
    *,
    texts: Sequence[Path] = (),
    encoding: str | None = None,
    replace: bool = False,
    extractor: str | None = None,
    workers: int = 1,
    follow: bool = False,
    progress: Callable[[str], None] | None = None,
    announce: Callable[[str], None] | None = None,
) -> Report:
    """Take files, folders, addresses and streams into the workspace and build.

    Annotations look for their texts beside themselves and in `texts`; `encoding` is that of plain
    texts, found out where it is not given. With `replace`, an annotation takes the place of one
    that the workspace has of the same article, unless a machine's would take that of a person's;
    otherwise a different one is refused, unless what is there is as a machine left it. `extractor`
    reads the texts, that of the settings where none is named, in so many `workers`; `follow`
    fetches the pages that feeds link to. `progress` is called with the place of each article that
    has been read, `announce` with lines on what that may cost and on what could not be read.

    A source that fails does not stop the others. What the strict gate refuses leaves no file behind.
    """
    wishes = Wishes(
        texts=texts,
        encoding=encoding,
        replace=replace,
        extractor=extractor,
        workers=workers,
        follow=follow,
        progress=progress,
        announce=announce,
    )
    failures = Report()
    before = build(workspace, store)
    adding = Adding(workspace, before.graphs, wishes)
    found = list(expand(sources, failures))
    rest = [source for source in found if isinstance(source, str)]
    made = adding.extractor() if rest else None  # where there is none, nothing is written
    touched: set[frozenset[Path]] = set()  # by each source that could be taken in
    for source in found:
        if isinstance(source, str):
            continue
        adding.touched.clear()
        try:
            adding.source(source)
            touched.add(frozenset(adding.touched))
        except InputError as error:
            failures.fail(str(source), error)
    report = _read(adding, store, rest, made, failures, touched)
    _with_before(report, before)
    return report


def take_up(
    workspace: Workspace,
    store: GraphStore,
    *,
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
    announce: Callable[[str], None] | None = None,
) -> Report:
    """Have the texts in articles/ that nobody has annotated read, then build: what `kg build` does."""
    texts = [
        str(file)
        for file in sorted(workspace.articles.glob("[!.]*.txt"))
        if file.is_file() and not file.with_suffix(".yaml").exists()
    ]
    before = build(workspace, store)
    if not texts:
        return before
    failures = Report()
    plain = [text for text in texts if _is_plain(Path(text), workspace, failures)]
    wishes = Wishes(workers=workers, progress=progress, announce=announce)
    adding = Adding(workspace, before.graphs, wishes)
    report = _read(adding, store, plain, adding.extractor(), failures, set())
    report.all_failed = False  # the files that were there already are built
    _with_before(report, before)
    return report


def _is_plain(file: Path, workspace: Workspace, failures: Report) -> bool:
    """Whether a file in articles/ is a text as they are kept there: what is read from it is what it is."""
    name = f"articles/{file.name}"
    try:
        found = read_document(file, limit=workspace.settings.text_limit)
        if found.text.encode() == file.read_bytes():
            return True
        hint = "kg add takes it in from somewhere else"
        failures.fail(name, InputError("is a page, or not in UTF-8", hint=hint))
    except InputError as error:
        failures.fail(name, InputError(str(error).removeprefix(f"{file}: "), hint=error.hint))
    return False


def _read(
    adding: Adding,
    store: GraphStore,
    sources: Sequence[str],
    made: Extractor | None,
    failures: Report,
    touched: set[frozenset[Path]],
) -> Report:
    """Have the articles in some sources read, and build; `failures` and `touched` are of other sources."""
    workspace = adding.workspace
    # What the gate refuses is taken back one by one.
    loading = None if adding.refusable else Loading(workspace, store)
    with loading or contextlib.nullcontext():
        for outcome in adding.read(sources, made, loading):
            adding.touched.clear()
            try:
                adding.article(outcome, loading)
                touched.add(frozenset(adding.touched))
            except InputError as error:
                place = outcome.place if outcome is not None else ""
                failures.fail(place.removeprefix(f"{workspace.root}{os.sep}"), error)
        report = build(workspace, store, loading)
    refused = adding.take_back(report.refused)
    report.problems[:0] = failures.problems
    report.all_failed = all(files & refused for files in touched)
    report.remote = adding.remote
    return report


def _with_before(report: Report, before: Report) -> None:
    """Have the report on a build also tell what the build before it did, of the same command."""
    report.made = sorted({*before.made, *report.made})
    report.removed = sorted({*before.removed, *report.removed} - {*report.made})
    report.unchanged = [name for name in report.unchanged if name not in before.made]
    if not report.checked:
        report.checked, report.checked_all = before.checked, before.checked_all

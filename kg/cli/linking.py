"""Linking: `kg link`."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from kg.cli import enriching, linked
from kg.cli.app import complain, here, opened, say, show_problems, write
from kg.cli.line import Line
from kg.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pyoxigraph import NamedNode

    from kg.build import Report as Built
    from kg.link.enrich import FactSource
    from kg.link.item import EntityIndex
    from kg.link.outcome import Report
    from kg.link.service import Client
    from kg.store import GraphStore
    from kg.workspace import Workspace

FORMS = ("table", "json")
LIVE = "live"
REGISTER = "register"


def link(
    thing: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[THING]...",
            help="Actors, places, topics or events: ids, labels, IRIs. All that are not linked yet"
            " if none is given.",
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            help="Where to look: live (Wikidata), an index file, the address of a reconciliation"
            " service, or register for the workspace's own."
        ),
    ] = None,
    accept: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="How sure a link must be to need nobody's decision."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("-n", "--dry-run", help="Show what would be proposed; write nothing.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Look again at what was found by a program before.")
    ] = False,
    merge_suggestions: Annotated[
        bool,
        typer.Option("--merge-suggestions", help="Propose instead which things are the same."),
    ] = False,
    shards: Annotated[
        Path | None,
        typer.Option(help="With --merge-suggestions: things of shards that the store has not."),
    ] = None,
    enrich: Annotated[
        bool,
        typer.Option("--enrich", help="Bring instead facts about the items that are linked to."),
    ] = False,
    languages: Annotated[
        str | None,
        typer.Option(metavar="CODES", help="Languages of their names, such as en,ja,ko."),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody: only answers that were kept count.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask anew: answers that were kept do not count.")
    ] = False,
    form: Annotated[str, typer.Option("-f", "--format", help="table or json.")] = "table",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file for what was found.")
    ] = None,
) -> None:
    """Find the Wikidata items of things; sure links are accepted, the others wait for kg review.

    Example: kg link --source wikidata.kgi --dry-run
    """
    if form not in FORMS:
        raise ConfigError(f"--format {form}: expected {', '.join(FORMS)}")
    if accept is not None and not math.isfinite(accept):
        raise ConfigError(f"--accept {accept}: expected a number from 0 to 1")
    if merge_suggestions and source is not None:
        raise ConfigError(
            "--merge-suggestions compares the workspace's own things, and goes with no --source",
            hint="--source register alone holds the things of articles against the register",
        )
    if shards is not None and not merge_suggestions:
        raise ConfigError("--shards goes with --merge-suggestions")
    if offline and refresh:
        raise ConfigError("--offline asks nobody and --refresh asks anew: leave one out")
    if enrich and (thing or merge_suggestions or again or accept is not None):
        raise ConfigError("--enrich brings facts about all items, and goes with no THING or score")
    if languages is not None and not enrich:
        raise ConfigError("--languages goes with --enrich", hint="else set languages in kg.toml")
    workspace = here()
    with _session(workspace, dry_run=dry_run) as (store, finished):
        named = _named(workspace, store, thing or []) if thing else None
        run = _Run(
            workspace=workspace, store=store, only=named, accept=accept, dry_run=dry_run, form=form
        )
        if enrich:
            codes = enriching.languages_of(languages, workspace.settings.languages)
            with _facts(workspace, source, offline=offline, refresh=refresh) as facts:
                code, content = enriching.enrich(
                    workspace, store, facts, codes, dry_run=dry_run, form=form
                )
        elif merge_suggestions or (source or workspace.settings.link_source) == REGISTER:
            code, content = run.merges(suggest=merge_suggestions, shards=shards)
        else:
            with _index(workspace, source, offline=offline, refresh=refresh) as found:
                code, content = run.links(found, again=again)
        write(content.encode(), output)
        code = finished() or code
    raise typer.Exit(code)


@contextlib.contextmanager
def _session(
    workspace: Workspace, *, dry_run: bool
) -> Iterator[tuple[GraphStore, Callable[[], int]]]:
    """The store, up to date with the files, and what brings it up to date again with what was decided."""
    if dry_run:
        with opened(workspace) as store:
            yield store, lambda: 0
        return
    from kg.build import build

    with workspace.writing() as store:
        failed = _problems(build(workspace, store))
        before = _written(workspace)

        def finished() -> int:
            if _written(workspace) == before:
                return failed
            return _problems(build(workspace, store)) or failed

        yield store, finished


def _written(workspace: Workspace) -> tuple[bytes, bytes]:
    """What this command may write: judgements, and facts."""
    from kg.workspace import FACTS

    file = workspace.root / FACTS
    return workspace.analysis().content, file.read_bytes() if file.exists() else b""


def _problems(report: Built) -> int:
    """Say what was wrong with files, and give the exit code for it."""
    show_problems(report)
    return 1 if report.problems else 0


def _named(workspace: Workspace, store: GraphStore, names: Sequence[str]) -> list[NamedNode]:
    """The things that go by some names."""
    from kg.names import resolve
    from kg.vocab import KG

    found = []
    for name in names:
        node = resolve(store, workspace.prefixes, name)
        kind = (workspace.iris.local(node) or ("",))[0]
        if kind not in {"actor", "place", "topic", "event"}:
            raise ConfigError(
                f"{name}: is no actor, place, topic or event", hint=f"{KG.base}Actor and so on"
            )
        found.append(node)
    return list(dict.fromkeys(found))


class _Source(NamedTuple):
    """A source of items: whose items these are, whether it has all of them, and where waiting is told."""

    items: EntityIndex
    authority: NamedNode
    whole: bool
    line: Line


@contextlib.contextmanager
def _index(
    workspace: Workspace, given: str | None, *, offline: bool, refresh: bool
) -> Iterator[_Source]:
    """The source of items that a flag or the settings name."""
    from kg.link.judging import AUTHORITY, authority_of

    settings = workspace.settings
    name = given or settings.link_source
    line = Line("things")
    if name != LIVE and "://" not in name:
        from kg.link.offline import OfflineIndex

        file = Path(name) if given else workspace.root / name
        if not file.is_file():
            raise ConfigError(
                f"{name}: no such index file",
                hint="live, a file that kg index made, the address of a service, or register",
            )
        with contextlib.closing(OfflineIndex(file)) as index:
            yield _Source(index, AUTHORITY, False, line)
        return
    asking = _asking(workspace, offline=offline, refresh=refresh, line=line)
    if name == LIVE:
        from kg.link.wikidata import WikidataIndex

        live = WikidataIndex(asking, settings.languages, settings.wikidata_url)
        yield _Source(live, AUTHORITY, True, line)
        return
    if not name.startswith(("http://", "https://")):
        raise ConfigError(f"{name}: expected an http or https address")
    from kg.link.reconciliation import ReconciliationIndex

    service = ReconciliationIndex(asking, name, settings.languages)
    yield _Source(service, authority_of(service.manifest.iri), False, line)


@contextlib.contextmanager
def _facts(
    workspace: Workspace, given: str | None, *, offline: bool, refresh: bool
) -> Iterator[FactSource]:
    """The source of facts that a flag or the settings name."""
    settings = workspace.settings
    name = given or settings.link_source
    if name == LIVE:
        from kg.link.sparql_service import QueryService

        asking = _asking(workspace, offline=offline, refresh=refresh)
        yield QueryService(asking, settings.wikidata_sparql_url)
        return
    if name == REGISTER or "://" in name:
        raise ConfigError(f"{name}: tells no facts", hint="--source live, or an index file")
    from kg.link.enrich import IndexFacts

    with _index(workspace, given, offline=offline, refresh=refresh) as found:
        yield IndexFacts(found.items)


def _asking(
    workspace: Workspace, *, offline: bool, refresh: bool, line: Line | None = None
) -> Client:
    """The client for services, with its answers beside the store."""
    from kg.link.service import client

    return client(
        workspace.settings,
        workspace.derived / "cache",
        offline=offline,
        refresh=refresh,
        waiting=(line or Line("facts")).waiting,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One run of the command over some things, or all: how it is done, and how it is told."""

    workspace: Workspace
    store: GraphStore
    only: list[NamedNode] | None
    accept: float | None
    dry_run: bool
    form: str

    def links(self, source: _Source, *, again: bool) -> tuple[int, str]:
        """Look up items of a source."""
        from kg.link.linking import link as linking

        settings, prefixes = self.workspace.settings, self.workspace.prefixes
        report = linking(
            self.workspace,
            self.store,
            source.items,
            only=self.only,
            accept=settings.link_accept if self.accept is None else self.accept,
            authority=source.authority,
            whole=source.whole,
            again=again,
            dry_run=self.dry_run,
            progress=source.line.advance,
        )
        source.line.clear()
        _say_moved(report, source, prefixes)
        _say_counts(report, source)
        waits = report.count("proposed") or report.count("open")
        self._say_next("links" if waits else None)
        shown = linked.as_json if self.form == "json" else linked.as_table
        return _code(report, source, named=self.only is not None), shown(report, prefixes)

    def merges(self, *, suggest: bool, shards: Path | None) -> tuple[int, str]:
        """Propose which things are one: all with each other, or those of articles with the register's."""
        from kg.link import merging
        from kg.status import counted

        line = Line("things")
        look = merging.suggest if suggest else merging.match
        if shards is not None:
            from kg.bulk.identity import proposed

            parts = proposed(
                self.workspace,
                shards.resolve(),
                store=self.store,
                workers=self.workspace.settings.processes,
            )
            look = partial(merging.suggest, parts=parts)
        found = look(
            self.workspace,
            self.store,
            only=self.only,
            accept=self.accept,
            dry_run=self.dry_run,
            progress=line.advance,
        )
        line.clear()
        accepted = sum(p.accepted for p in found.proposals)
        waiting = len(found.proposals) - accepted
        say(
            f"{counted(waiting, 'merge')} proposed" + (f", {accepted} accepted" if accepted else "")
        )
        self._say_next("merges" if waiting else None)
        shown = linked.merges_as_json if self.form == "json" else linked.merges_as_table
        content = shown(found, self.workspace.prefixes)
        return (1 if self.only is not None and not found.proposals else 0), content

    def _say_next(self, waiting: str | None) -> None:
        """Say that nothing was written, or where what waits is shown."""
        if self.dry_run:
            say("Nothing was written")
        elif waiting is not None:
            say(f"kg review {waiting} shows what waits for a decision")


def _code(report: Report, source: _Source, *, named: bool) -> int:
    """The exit code for what came of links."""
    if report.failure is not None:
        complain(report.failure)
        return report.failure.exit_code
    without = report.count("absent") + report.count("open")
    return 1 if (source.whole and report.gone) or (named and without) else 0


def _say_moved(report: Report, source: _Source, prefixes: Mapping[str, str]) -> None:
    """Say which items of earlier links were merged or are gone."""
    from kg.link.links import id_of
    from kg.status import counted
    from kg.table import printable

    name = source.items.source
    for thing, old, new in report.moved:
        label = printable(thing.label)
        say(f"{label}: {id_of(old)} was merged into {id_of(new)}; the link follows")
    for thing, old, new, why in report.redirected:
        label, into = printable(thing.label), id_of(new)
        say(f"kg: warning: {label}: {id_of(old)} was merged into {into}, but {printable(why)}")
        say(f"kg: hint: kg review --accept {linked.short(thing.node, prefixes)}={into} follows it")
    if source.whole:
        for thing, item in report.gone:
            label, gone = printable(thing.label), linked.short(item, prefixes)
            say(f"kg: warning: {label}: {name} no longer has {gone}")
    elif report.gone:
        say(f"{counted(len(report.gone), 'item')} of earlier links not in {name}")


def _say_counts(report: Report, source: _Source) -> None:
    """Say how many things were looked up, and what came of them."""
    from kg.status import counted

    parts = [
        f"{number} {word}"
        for number, word in (
            (report.count("accepted"), "accepted"),
            (report.count("proposed"), "proposed"),
            (report.count("absent") + report.count("open"), "without an item"),
            (report.count("kept"), "kept as they were"),
        )
        if number
    ]
    looked = len(report.outcomes) - report.count("decided")
    if looked or report.failure is None:  # a source that nobody asked is as of no day
        told = f"{source.items.source} as of {source.items.as_of}"
        line = f"{counted(looked, 'thing')} looked up in {told}"
        say(f"{line}: {', '.join(parts)}" if parts else line)
    if report.merged:
        into = counted(len({stays.node for _, stays in report.merged}), "thing")
        say(f"{len(report.merged)} of the same items in several articles merged into {into}")
    if report.parted:
        say(f"{counted(report.parted, 'merge')} taken back: the links behind them are gone")
    if report.by_person:
        say(f"{counted(report.by_person, 'thing')} decided by people, left as they are")
    if report.before:
        say(f"{counted(report.before, 'thing')} looked up before; --again looks again")

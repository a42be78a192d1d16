"""Deciding on what programs proposed: `kg review`."""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli import grouped
from kg.cli.app import complain, here, say, show_problems, to_terminal, width, write
from kg.cli.keyboard import is_plain
from kg.cli.targets import Target, in_file, named, refuse_both
from kg.errors import ConfigError, InputError, KgError, NotFoundError, StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pyoxigraph import NamedNode

    from kg.build import Report
    from kg.review.deciding import Desk, Verdict
    from kg.review.log import Deed
    from kg.review.page import Texts
    from kg.review.queue import Item
    from kg.store import GraphStore
    from kg.workspace import Workspace

LISTS = ("table", "json")


def review(
    what: Annotated[
        str | None,
        typer.Argument(help="links, merges, judgements or claims; or a thing or an article."),
    ] = None,
    about: Annotated[
        str | None, typer.Argument(help="A thing or an article: an id, a label, an IRI.")
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Print what waits, and ask nothing.")
    ] = False,
    decided: Annotated[
        bool, typer.Option("--decided", help="Print what was decided last, by whom and why.")
    ] = False,
    form: Annotated[str | None, typer.Option("-f", "--format", help="table or json.")] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            help="Accept a claim or a judgement by its id; THING=ITEM, THING=none; all that wait"
            " to go into a thing: kg review merges THING --accept all."
        ),
    ] = None,
    reject: Annotated[
        list[str] | None, typer.Option(help="Reject one by its id; THING=ITEM; all, as above.")
    ] = None,
    withdraw: Annotated[
        list[str] | None, typer.Option(help="Take back what was decided: it waits again.")
    ] = None,
    because: Annotated[str | None, typer.Option(help="Why; goes with each of them.")] = None,
    by: Annotated[
        str | None, typer.Option(envvar="KG_REVIEWER", help="The person who decides.")
    ] = None,
) -> None:
    """Decide on what programs proposed: links to Wikidata, merges, relations, and claims they read.

    Shows one thing at a time with the words it rests on. What is decided is in the text files at once.

    Example: kg review links --by "Ann Example"
    """
    if form is not None and form not in LISTS:
        raise ConfigError(f"--format {form}: expected {', '.join(LISTS)}")
    if by is not None:
        by = _name(by)
    if because is not None:
        because = " ".join(because.split())
        if not because or not is_plain(because):
            raise ConfigError("--because: expected words", hint="on one line, as people read them")
    workspace = here()
    decisions = [("accepted", accept or ()), ("rejected", reject or ()), ("", withdraw or ())]
    given = [(verdict, name) for verdict, names in decisions for name in names]
    asking = not listed and not decided and form is None and not given
    if asking and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError(
            "there is no terminal to ask at",
            hint="kg review --list has what waits; --accept ID and --reject ID decide",
        )
    all_ = grouped.meant(given)
    if given and by is None:
        raise _nobody()
    if not asking and not given:
        with _listing(workspace) as (store, desk, changed):
            if decided:
                found = _settled(store, desk, what, about)
            else:
                items = _wanted(store, desk, workspace, what, about)
                found = list(_rows(desk, items, changed))
        _print(found, form or "table", "decided" if decided else "to make")
        return
    shown: set[str] = set()
    try:
        with _prepared(workspace, shown) as (store, desk):
            items = _wanted(store, desk, workspace, what, about)
            whole = grouped.into(store, items, workspace, what, about) if all_ else []
            targets = (
                []
                if all_
                else [(verdict, name, named(store, workspace, name)) for verdict, name in given]
            )
            texts = _texts(store, desk, items if asking else ())
    except InputError as error:  # such as a circle, which these decisions may open
        desk, whole = _desk(workspace, {}), []
        found_in_file = in_file(desk, given) if what is None else None
        if found_in_file is None or isinstance(error, NotFoundError):
            raise
        targets = found_in_file
    if given:
        desk.by = by or ""
        refuse_both(desk, targets)
        if all_:
            _decide_all(desk, given[0][0], whole, because, shown)
        else:
            _decide(desk, targets, because, shown)
    elif not items:
        say("Nothing waits for review.")
    else:
        _ask(desk, items, texts, by, shown)


def _nobody() -> ConfigError:
    return ConfigError("it is not said who decides", hint="give --by NAME, or set KG_REVIEWER")


def _name(by: str) -> str:
    """A name that can be written down. Raises ConfigError."""
    name = " ".join(by.split())
    if not name or not is_plain(name):
        raise ConfigError("--by: expected a name", hint='such as --by "Ann Example"')
    return name


@contextlib.contextmanager
def _prepared(workspace: Workspace, shown: set[str]) -> Iterator[tuple[GraphStore, Desk]]:
    """The store, brought up to date with the files, and a desk at which nobody sits yet."""
    from kg.build import build

    with workspace.writing() as store:
        report = build(workspace, store)
        _show(report, shown)
        yield store, _desk(workspace, report.graphs)


@contextlib.contextmanager
def _listing(workspace: Workspace) -> Iterator[tuple[GraphStore, Desk, set[str]]]:
    """The store as it is, a desk to look at, and the files that were changed since it was made."""
    from kg.build import build
    from kg.note import Note, changes
    from kg.status import counted
    from kg.store import open_store
    from kg.workspace import ANALYSIS

    with contextlib.ExitStack() as stack:
        store = None
        if not workspace.in_memory:
            try:
                store = stack.enter_context(workspace.reading())
            except StoreError as error:  # another process writes, or nothing has been built yet
                say(f"kg: {error}; read from the files instead")
        if store is None:
            store = stack.enter_context(open_store("memory:"))
            settings = replace(workspace.settings, store="memory:")
            report = build(replace(workspace, settings=settings), store)
            show_problems(report)
            yield store, _desk(workspace, report.graphs), set()
            return
        changed = set(changes(workspace)) - {ANALYSIS}  # which is read anew in any case
        if changed:
            number = counted(len(changed), "file")
            say(f"kg: {number} changed since the last build; kg build takes them in")
        yield store, _desk(workspace, Note.read(workspace)), changed


def _desk(workspace: Workspace, graphs: Mapping[str, Mapping[str, Any]]) -> Desk:
    from kg.review.opening import opened

    return opened(workspace, graphs)


def _show(report: Report, shown: set[str]) -> None:
    """Print what was wrong with files, each once however often it was built."""
    for problem in map(str, report.problems):
        if problem not in shown:
            say(f"kg: error: {problem}")
            shown.add(problem)


def _wanted(
    store: GraphStore, desk: Desk, workspace: Workspace, what: str | None, about: str | None
) -> list[Item]:
    """What waits, of the kind and about the thing that were asked for."""
    from kg.names import resolve
    from kg.review.queue import PARTS, Pair, waiting

    items = waiting(store, desk.analysis, desk.graphs, workspace.iris)
    desk.articles.judged = {
        item.key: item.file for item in items if isinstance(item, Pair) and item.file is not None
    }
    if what is not None and what not in PARTS:
        if about is not None:
            raise ConfigError(f"{what}: expected {', '.join(PARTS)}")
        what, about = None, what
    node = resolve(store, workspace.prefixes, about) if about is not None else None
    return [
        item
        for item in items
        if (what is None or item.part == what) and (node is None or node in item.about)
    ]


def _decide(
    desk: Desk,
    targets: Sequence[tuple[str, str, Target]],
    because: str | None,
    shown: set[str],
) -> None:
    """Decide on all that was named; what fails keeps nothing else from being decided."""
    from kg.review.session import told

    failed: list[KgError] = []
    for verdict, _, target in targets:
        try:
            deeds = _decided(desk, verdict, target, because)
        except KgError as error:
            complain(error)
            failed.append(error)
            continue
        for line in told(desk, deeds):
            typer.echo(line)
    if len(failed) == len(targets):
        raise typer.Exit(failed[-1].exit_code)
    whole = _rebuild(desk.workspace, shown)
    if failed or not whole:
        raise typer.Exit(1)


def _decide_all(
    desk: Desk, verdict: str, keys: Sequence[str], because: str | None, shown: set[str]
) -> None:
    """Decide on all merges into one thing."""
    from kg.review.session import told

    if not keys:
        raise NotFoundError("nothing waits to go into it", hint="kg review merges --list")
    deeds = desk.decide_all(keys, "accepted" if verdict == "accepted" else "rejected", because)
    for line in told(desk, deeds):
        typer.echo(line)
    if not _rebuild(desk.workspace, shown):
        raise typer.Exit(1)


def _decided(desk: Desk, verdict: str, target: Target, because: str | None) -> list[Deed]:
    iris, node = desk.workspace.iris, target.node
    final: Verdict = "accepted" if verdict == "accepted" else "rejected"
    if target.relation is None:
        return desk.decide(node, final, because) if verdict else desk.withdraw(node, because)
    if target.to is None and verdict == "accepted":
        return desk.none(node, because)
    if target.to is None and (absent := desk.absent(node)) is not None:
        judgement = iris.thing("judgement", absent)
        return (
            desk.decide(judgement, final, because) if verdict else desk.withdraw(judgement, because)
        )
    if target.to is None:
        raise InputError(
            f"{iris.relative(node)}=none: can be rejected or withdrawn once somebody has said so",
            hint="kg review --list has what waits",
        )
    if verdict:
        return desk.relate(node, target.relation, target.to, final, because)
    key = desk.find(node, target.relation, target.to, either_way=True)
    key = key or iris.judgement_key(node, target.relation, target.to)
    return desk.withdraw(iris.thing("judgement", key), because)


def _rebuild(workspace: Workspace, shown: set[str]) -> bool:
    """Bring the store up to date with what was decided; whether that went well."""
    from kg.build import build

    if workspace.in_memory:
        return True
    try:
        with workspace.writing() as store:
            report = build(workspace, store)
    except KgError as error:
        complain(error)
        say("What was decided is in the files; the graph is not up to date")
        return False
    _show(report, shown)
    if report.checked.get("Violation"):
        say("What changed does not conform; kg validate says where")
    if report.problems:
        say("What was decided is in the files; not all of them are in the graph")
    return not report.problems


def _rows(desk: Desk, items: Iterable[Item], changed: Collection[str]) -> Iterator[dict[str, Any]]:
    """A row for each decision that waits; what was decided in a file since the build does not."""
    from kg.review.listing import rows
    from kg.review.session import now

    open_ = (
        item for item in items if getattr(item, "file", None) not in changed or now(desk, item)
    )
    return rows(open_, desk.workspace.prefixes, desk.workspace.iris)


def _settled(
    store: GraphStore, desk: Desk, what: str | None, about: str | None
) -> list[dict[str, Any]]:
    """A row for each link, merge and relation that was decided, the latest first."""
    from kg.names import resolve
    from kg.review.listing import settled
    from kg.review.queue import PARTS, things

    workspace = desk.workspace
    if what is not None and what not in PARTS:
        if about is not None:
            raise ConfigError(f"{what}: expected {', '.join(PARTS)}")
        what, about = None, what
    nodes = {
        resolve(store, workspace.prefixes, about, follow=follow)
        for follow in (False, True)
        if about is not None
    }
    judged = {
        key: judgement
        for key, judgement in desk.analysis.judgements.items()
        if judgement.status != "proposed" and (not nodes or nodes & {judgement.from_, judgement.to})
    }
    ends = {node for judgement in judged.values() for node in (judgement.from_, judgement.to)}
    found = settled(judged, things(store, ends), workspace.prefixes, workspace.iris)
    return [row for row in found if what is None or row["part"] == what]


def _print(found: Sequence[Mapping[str, Any]], form: str, what: str) -> None:
    """What waits or was decided, as rows on stdout."""
    from kg.review.listing import as_text
    from kg.status import counted

    if form == "json":
        write((json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode(), None)
        return
    lines = as_text(found, width() if to_terminal(None) else 100)
    write("".join(f"{line}\n" for line in lines).encode(), None)
    nothing = "Nothing was decided." if what == "decided" else "Nothing waits for review."
    said = counted(len(found), "decision") + (" to make" if what == "to make" else "")
    say(said if found else nothing)


def _texts(store: GraphStore, desk: Desk, items: Iterable[Item]) -> Texts:
    """Where the words of pages come from: the files of the texts, and headlines from the store."""
    from pyoxigraph import NamedNode

    from kg.names import labels
    from kg.review.page import Texts
    from kg.review.queue import Link, Pair
    from kg.store import batches, select
    from kg.vocab import SCHEMA

    things = [item.thing for item in items if isinstance(item, Link)]
    things += [one for item in items if isinstance(item, Pair) for one in (item.left, item.right)]
    places = {place.text for thing in things for place in thing.places}
    articles: dict[NamedNode, NamedNode] = {}
    for values in batches(places):
        asked = (
            f"SELECT ?text ?x WHERE {{ VALUES ?text {{ {values} }} ?x {SCHEMA.encoding} ?text }}"
        )
        for row in select(store, asked):
            if isinstance(text := row["text"], NamedNode) and isinstance(x := row["x"], NamedNode):
                articles[text] = x
    called = labels(store, set(articles.values()))

    def words(text: NamedNode) -> str | None:
        name = desk.articles.files.get(text.value.rpartition("/")[2])
        if name is None:
            return None
        file = desk.workspace.text(desk.workspace.root / name)
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return file.read_bytes().decode()
        return None

    return Texts(words, lambda text: called.get(articles.get(text, text), ""))


def _ask(desk: Desk, items: Sequence[Item], texts: Texts, by: str | None, shown: set[str]) -> None:
    """Go through the queue with the person at the terminal."""
    from kg.cli.keyboard import Keyboard
    from kg.review.session import Session
    from kg.status import counted

    terminal = Keyboard()
    desk.by = _name(by if by is not None else terminal.line("Who decides? Your name: "))
    session = Session(desk, terminal, texts, items)
    whole = True
    try:
        session.run()
    finally:  # Ctrl-C as well: what was decided is in the files, and now in the store
        if session.decided or session.undone:
            whole = _rebuild(desk.workspace, shown)
            undone = f", {session.undone} undone" if session.undone else ""
            end = "; the graph is up to date" if whole else ""
            say(f"{counted(session.decided, 'decision')}{undone}{end}")
    if not whole:
        raise typer.Exit(1)

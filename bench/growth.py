"""How the stored queries grow with the corpus, on the embedded store on disk and on Virtuoso beside it.

Articles are made as extract.py makes them and taken in by `kg add --bulk`; those of a smaller corpus
are the first ones of a larger. What people and language models would add to them is put in beside
(judged.py). Each query is asked in up to four ways, with the same values at every
size: with nothing but what it needs, of a thing of which much is said, with all its parameters, and
of a thing of which little is said, so that the answer does not grow, or hardly.

The exponents are those of time, rows and data between the smallest corpus and the largest: 0 is no
growth, 1 is in step with the data, 2 their square. A query that reads what it answers with and no more
grows as its answer does. One that counts or compares everything grows as the data do, however
short its answer: COUNTING has those, which are marked only where they grow faster than the data.

With --folder, the corpora are kept for the next time, and so is what Virtuoso has made of them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import extract
import judged
import timing
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat
from timing import Data, Timed, line, ms, rows

from kg.names import curie
from kg.query import class_of, run, stored
from kg.store import select
from kg.store.embedded import EmbeddedStore
from kg.workspace import Workspace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.process import COMPILED
from tests import engines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.query.parameters import Parameter, StoredQuery
    from kg.store import GraphStore

ARTICLES = (500, 2_000, 8_000)
BOUND = 60
MARGIN = 0.35
"""By how much the exponent of the time may be above that of the rows. What is looked up row by row costs
more where less of the data is in the engine's cache: 0.3 from 500 articles to 8,000."""
COUNTING = set(
    """
certainty-by-actor checks differing-numbers disputed-dates gaps most-discussed-actors one-sided-topics
shared-actors sides topics unconfirmed-events who-cites-whom who-speaks-about-whom wikidata-links
""".split()
)
"""Those that read all that there is of a kind to count it, or to find what is missing or differs."""
FLOOR = 0.01
"""Seconds below which a time says nothing of its growth: planning takes as long."""
PAGE = 200
"""Of how many quads a page of Virtuoso's has a part at most: with so many pages it has all in memory."""
MUCH, LITTLE, FEW = 24, 40, 5
"""Things that are tried for one of which much is said, and for one with so few rows."""
PREFIXES = """PREFIX kg: <https://w3id.org/newskg/ontology#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
Ways = dict[str, timing.Call]


# ----- corpora


def made(articles: int, folder: Path) -> Data:
    """So many articles in a workspace with the register of the newsroom."""
    whole = folder / f"articles-{articles}"
    if found := timing.kept(whole, articles):
        return found
    root = whole.with_suffix(".new")
    shutil.rmtree(root, ignore_errors=True)
    lines = folder / f"articles-{articles}.jsonl"
    with lines.open("w") as file:
        for name, text in extract.articles(articles):
            file.write(json.dumps({"id": name, "text": text}) + "\n")
    kg(["init", root], folder)
    kg(["add", extract.CORPUS / "entities.ttl"], root)
    kg(["add", "--bulk", lines.absolute()], root)
    lines.unlink()
    taken = timing.kept(root, articles) or sys.exit(f"{root} has no store")
    judged.add(taken.store, Workspace.open(root).iris)
    root.replace(whole)  # what is kept for the next time has all of it
    return timing.kept(whole, articles) or sys.exit(f"{whole} has no store")


def kg(arguments: Sequence[str | Path], cwd: Path) -> None:
    command = [str(part) for part in (extract.KG, *arguments)]
    done = subprocess.run(command, cwd=cwd, env=COMPILED, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr.decode()}")


# ----- what is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query, and whom it is asked."""

    store: GraphStore
    workspace: Workspace
    query: StoredQuery

    def rows(self, values: timing.Call) -> int:
        """How many rows the answer has."""
        found = run(self.store, self.query, values, self.workspace.prefixes)
        return sum(1 for _ in found) if isinstance(found, QuerySolutions) else 0

    def things(self, parameter: Parameter) -> list[str]:
        """The things that a parameter may stand for, first that of which most is said."""
        base = f"{self.workspace.iris.base}id/"
        kind, said = "", "schema:about|kg:population"
        if parameter.class_ is not None:
            class_, said = class_of(parameter.class_, self.workspace.prefixes), "?p"
            kind = (
                f"{{ SELECT DISTINCT ?x {{ ?x a {class_} FILTER(STRSTARTS(STR(?x), '{base}')) }} }}"
            )
        found = select(
            self.store,
            f"{PREFIXES} SELECT ?x (COUNT(*) AS ?n) {{ {kind} ?s {said} ?x }}"
            " GROUP BY ?x ORDER BY DESC(?n) ?x",
        )
        return [
            curie(thing, self.workspace.prefixes)
            for row in found
            if isinstance(thing := row["x"], NamedNode)
        ]


def chosen(data: Data, library: Sequence[StoredQuery]) -> dict[str, Ways]:
    """How each query is asked, with things of a corpus; kept beside it, as long as the parameters are those."""
    file = data.root / "values.json"
    calls: dict[str, Ways] = json.loads(file.read_text()) if file.exists() else {}
    new = [query for query in library if not fits(query, calls.get(query.name, {}))]
    if new:
        workspace = Workspace.open(data.root)
        with workspace.reading() as store:
            days = months(store)
            for query in new:
                calls[query.name] = ways(Asked(store=store, workspace=workspace, query=query), days)
        file.write_text(json.dumps(calls, indent=1))
    return calls


def fits(query: StoredQuery, calls: Ways) -> bool:
    """Whether a query can be asked so."""
    known = query.parameters.keys()
    return bool(calls) and all(values.keys() <= known for values in calls.values())


def ways(asked: Asked, days: timing.Call) -> Ways:
    """The ways to ask a query that differ."""
    parameters = asked.query.parameters
    needed: timing.Call = {}
    things: dict[str, list[str]] = {}
    for name, parameter in parameters.items():
        if parameter.type == "iri":
            things[name] = asked.things(parameter)
        if parameter.required:
            # Two parameters of one class are two things: from one article to another.
            left = (thing for thing in things.get(name, [days.get(name, "")]))
            needed[name] = next(thing for thing in left if thing not in needed.values())
    most = dict(needed)
    for name in parameters:
        if name in things:  # with those before it, or nothing would be said of all of them
            tried = {thing: asked.rows(most | {name: thing}) for thing in things[name][:MUCH]}
            most[name] = max(tried, key=lambda thing: tried[thing])
        else:
            most[name] = days[name]
    needed = {name: most[name] for name in needed}
    found = {"needed" if needed else "nothing": needed}
    for name in list(parameters)[:1]:
        found["much"] = needed | {name: most[name]}
    found["all"] = most
    for name in list(things)[:1]:
        for thing in things[name][-1 : -LITTLE - 1 : -1]:
            if 0 < asked.rows(needed | {name: thing}) <= FEW:
                found["little"] = needed | {name: thing}
                break
    return {
        way: values
        for way, values in found.items()
        if values not in [found[other] for other in list(found)[: list(found).index(way)]]
    }


def months(store: GraphStore) -> timing.Call:
    """The months that a quarter and a half of the articles are older than."""
    found = select(
        store,
        f"{PREFIXES} SELECT ?day {{ ?x a kg:Article ; kg:when/skos:notation ?day }} ORDER BY ?day",
    )
    days = [row["day"].value[:7] for row in found]
    return {"from": days[len(days) // 4], "until": days[len(days) // 2]}


# ----- Virtuoso


@contextlib.contextmanager
def virtuoso(data: Data) -> Iterator[str]:
    """The URL of Virtuoso with the quads of a corpus, loaded by its own bulk loader the first time."""
    folder = (data.root / "virtuoso").absolute()
    buffers = max(engines.BUFFERS, data.quads // PAGE)
    if not folder.exists():
        folder.mkdir()
        server = engines.virtuoso(folder, buffers=buffers)
        try:
            filled(data, folder)
        finally:
            server.stop()  # one that has just loaded finds no subclasses before it is started again
    server = engines.virtuoso(folder, buffers=buffers)
    try:
        yield server.url
    finally:
        server.stop()


def filled(data: Data, folder: Path) -> None:
    quads = folder / "all.nq"
    with EmbeddedStore(data.store, read_only=True) as store:
        store.engine.dump(quads, format=RdfFormat.N_QUADS)
    port = re.findall(r"ServerPort = (\S+)", (folder / "virtuoso.ini").read_text())[0]
    command = [engines.installed("isql-vt"), port, engines.USER, engines.PASSWORD, "ERRORS=STDOUT"]
    lines = [
        f"ld_dir('{folder}', 'all.nq', 'urn:none');",
        "rdf_loader_run();",
        "checkpoint;",
        "SELECT ll_state, ll_error FROM DB.DBA.load_list;",
    ]
    told = subprocess.run(
        command, input="\n".join(lines).encode(), stdout=subprocess.PIPE, check=True
    )
    quads.unlink()
    state = re.search(rb"^(\d+) +(\S+)", told.stdout, re.MULTILINE)
    if state is None or state.groups() != (b"2", b"NULL"):
        shutil.rmtree(folder)
        sys.exit(f"Virtuoso: {told.stdout.decode()}")


# ----- the table


def measured(
    sizes: Sequence[Data], calls: dict[str, Ways], arguments: argparse.Namespace
) -> Iterator[tuple[str, str, dict[str, list[Timed | None]]]]:
    """Each query and way with what was measured at each size: on disk, beside it, on Virtuoso."""
    with contextlib.ExitStack() as stack:
        places = {"disk": [timing.DISK] * len(sizes)}
        if arguments.before:
            places["before"] = places["disk"]
        if arguments.virtuoso:
            places["virtuoso"] = [stack.enter_context(virtuoso(data)) for data in sizes]
        for name in arguments.names:
            print(name, file=sys.stderr)
            asked = list(calls[name].values())
            found = {
                place: [
                    timing.timed(
                        data,
                        name,
                        asked,
                        where=where,
                        bound=arguments.bound,
                        queries=str(arguments.before) if place == "before" else "",
                    )
                    for data, where in zip(sizes, wheres, strict=True)
                ]
                for place, wheres in places.items()
            }
            for at, way in enumerate(calls[name]):
                yield name, way, {place: [each[at] for each in of] for place, of in found.items()}


def table(
    sizes: Sequence[Data], calls: dict[str, Ways], arguments: argparse.Namespace
) -> Iterator[str]:
    """A line for each query and way."""
    head = ["query", "with"]
    for data in sizes:
        head += [f"{data.articles:,}: rows", "ms"]
        head += ["before: ms"] * bool(arguments.before) + ["Virtuoso: ms"] * arguments.virtuoso
    yield line([*head, "rows ~", "time ~", ""])
    yield line(["---", "---", *["--:"] * (len(head) - 1), "--:", "---"])
    for name, way, found in measured(sizes, calls, arguments):
        cells = [f"`{name}`", way]
        for at, run_ in enumerate(found["disk"]):
            cells += [rows(run_), *(ms(found[place][at]) for place in found)]
        yield line([*cells, *grown(sizes, name, found["disk"])])


def grown(sizes: Sequence[Data], name: str, runs: Sequence[Timed | None]) -> tuple[str, str, str]:
    """How the answer grows with the data, how the time does, and what that means."""
    small, large = runs[0], runs[-1]
    if len(runs) == 1:
        return "", "", ""
    if small is None or large is None:
        return "", "", "stopped"
    of = sizes[-1].quads / sizes[0].quads
    more = timing.exponent(max(large.rows, 1) / max(small.rows, 1), of)
    slower = timing.exponent(large.seconds / small.seconds, of)
    bound = max(more, 1.0) if name in COUNTING else more
    kind = "counts all" if name in COUNTING else ""
    if large.seconds > FLOOR and slower > bound + MARGIN:
        kind = "**faster than its answer**"
    return f"{more:.1f}", f"{slower:.1f}", kind


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    known = list(stored.find([]))
    add("--articles", type=int, nargs="+", default=ARTICLES)
    add("--names", nargs="+", choices=known, default=known, metavar="NAME", help="which queries")
    add("--folder", type=Path, help="where to keep the corpora, for the next time too")
    add("--virtuoso", action="store_true", help="beside Virtuoso, over HTTP")
    add("--before", type=Path, metavar="FOLDER", help="beside the queries of another folder")
    add("--bound", type=int, default=BOUND, help="seconds after which a query is stopped")
    return parser.parse_args()


def main() -> None:
    """Print where this ran and the table."""
    chosen_ = options()
    library = [stored.load(path) for path in stored.find([]).values()]
    with tempfile.TemporaryDirectory() as temporary:
        folder: Path = (chosen_.folder or Path(temporary)).absolute()
        folder.mkdir(exist_ok=True)
        sizes = [made(articles, folder) for articles in sorted(chosen_.articles)]
        print(f"Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')},")
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f};", end=" ")
        print(", ".join(f"{size.articles:,} articles: {size.quads:,} quads" for size in sizes))
        print()
        for text in table(sizes, chosen(sizes[0], library), chosen_):
            print(text, flush=True)


if __name__ == "__main__":
    main()

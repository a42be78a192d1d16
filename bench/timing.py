"""Stored queries and how long they take, each in a process of its own; shared by queries.py and growth.py."""

from __future__ import annotations

import json
import math
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import QuerySolutions, RdfFormat

from kg.errors import KgError
from kg.query import run, stored
from kg.store import open_store
from kg.store.embedded import EmbeddedStore
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store import GraphStore

BOUND = 120
"""The seconds after which a query is stopped."""
RUNS = {0.5: 7, 5: 3}
"""How often what takes less than so many seconds is measured."""
MEMORY, DISK = "memory", "disk"
Call = dict[str, str]


@dataclass(frozen=True, slots=True)
class Data:
    """A workspace whose store holds so much."""

    articles: int
    quads: int
    root: Path

    @property
    def store(self) -> Path:
        return self.root / ".kg" / "store"


def kept(root: Path, articles: int) -> Data | None:
    """What an earlier run left there."""
    data = Data(articles, 0, root)
    if not data.store.exists():
        return None
    with EmbeddedStore(data.store, read_only=True) as store:
        return Data(articles, len(store.engine), root)


@dataclass(frozen=True, slots=True)
class Timed:
    """One query with one set of values: the median of all runs, the first by the clock, and the rows."""

    seconds: float
    first: float
    rows: int


def timed(
    data: Data,
    name: str,
    calls: Sequence[Call],
    *,
    where: str = DISK,
    bound: int = BOUND,
    queries: str = "",
) -> list[Timed | None]:
    """The calls of a query in a process of its own; None where one came to no end, or an engine refused it.

    `where` is the memory, the disk, or the URL of an engine that holds the same data. `queries` is
    a folder with another version of the query.
    """
    command = [sys.executable, __file__, str(data.root), name, where, str(bound), queries]
    asked = json.dumps(list(calls)).encode()
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=False)
    found: list[Timed | None] = [Timed(*json.loads(line)) for line in done.stdout.splitlines()]
    if done.returncode == -signal.SIGALRM:
        found.append(None)
        left = calls[len(found) :]
        again = timed(data, name, left, where=where, bound=bound, queries=queries) if left else []
        return [*found, *again]
    if done.returncode:
        sys.exit(f"{name} failed")
    return found


def work(root: Path, name: str, where: str, bound: int, queries: str) -> None:
    """Measure the calls of one query in this process, and print what was measured as JSON."""
    query = stored.named(name, [Path(queries)] if queries else [])
    prefixes = Workspace.open(root).prefixes
    # Of this process, the time of the processor: other work on the machine moves it less.
    clock = time.process_time if where in {MEMORY, DISK} else time.perf_counter
    with opened(root, where) as store:
        for values in json.load(sys.stdin):
            runs: list[float] = []
            first = 0.0
            while not runs or len(runs) < turns(runs[-1]):
                signal.alarm(bound)  # nobody handles it: it ends the process, whatever that is in
                begin, start = time.perf_counter(), clock()
                try:
                    answer = run(store, query, values, prefixes)
                    rows = sum(1 for _ in answer) if isinstance(answer, QuerySolutions) else 0
                except KgError as error:
                    if where in {MEMORY, DISK}:
                        raise
                    print(error, file=sys.stderr)
                    signal.raise_signal(signal.SIGALRM)
                runs.append(clock() - start)
                first = first or time.perf_counter() - begin
            print(json.dumps([statistics.median(runs), first, rows]), flush=True)


def opened(root: Path, where: str) -> GraphStore:
    if where not in {MEMORY, DISK}:
        return open_store(where)
    disk = EmbeddedStore(root / ".kg" / "store", read_only=True)
    if where == DISK:
        return disk
    with disk:
        store = EmbeddedStore()
        store.engine.bulk_load(disk.engine.dump(format=RdfFormat.N_QUADS), RdfFormat.N_QUADS)
        return store


def turns(taken: float) -> int:
    return next((number for bound, number in RUNS.items() if taken < bound), 1)


def exponent(times: float, of: float) -> float:
    """How something grows with something else: 1 is in step with it, 2 as its square.

    >>> exponent(16, of=4)
    2.0
    """
    return math.log(times) / math.log(of)


def ms(run: Timed | None) -> str:
    if run is None:
        return "stopped"
    return f"{run.seconds * 1000:.1f}" if run.seconds < 0.1 else f"{run.seconds * 1000:,.0f}"


def rows(run: Timed | None) -> str:
    return "" if run is None else f"{run.rows:,}"


def line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])

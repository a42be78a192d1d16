"""How long the stored queries take, on the founding corpus and on up to 1,000 articles' worth of data.

The founding corpus is multiplied: the texts of a copy and all that is said in them are its own, while
the register (actors, places, topics, events) is that of all, so that an event has hundreds of
accounts. Numbers, dates and wordings differ from copy to copy, as they do between real articles. The
quads have the form in which `kg add` stores them, but are loaded in bulk.

Three sections: `queries`, each stored query with its examples and with no more than it needs, in time
of the processor, which other work on the machine moves less (after the first run the data is in
memory); `start`, a whole process that asks one of them, beside one that only imports what it needs;
`rows`, 100,000 rows to CSV, beside Oxigraph's own command line. Prints tables in Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from commands import CORPUS, measured, other_hash
from pyoxigraph import NamedNode, RdfFormat
from timing import MEMORY, Data, Timed, exponent, kept, line, ms, rows, timed

from kg.mapping.times import date_triples
from kg.query import stored
from kg.store.embedded import EmbeddedStore
from kg.vocab import KG, SCHEMA
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from kg.mapping.iris import Iris

SECTIONS = ("queries", "start", "rows")
ARTICLES = (10, 100, 1000)
ARTICLES_PER_COPY = 2
"""How many articles the founding corpus has."""
FOUNDING = 0.05
LARGE = 2.0
"""The most seconds that a query may take: on the founding corpus, and on any more."""
START_RUNS = 21
ROWS_RUNS = 7
ROWS = 100_000
QUESTION = ["query", "claims-by-actor", "--actor", "japan"]
SELECTION = f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {ROWS}"
SEED = 11

DAY = re.compile(r"\d{4}-\d\d-\d\d")
YEAR = re.compile(r"\d{4}")
QUAD = re.compile(rb"(\S+) (\S+) (.*) (\S+) \.\n", re.DOTALL)
QUANTITY = re.compile(rb"(<[^>]*/quantity/[^>]*\.)(\d+)(\.[^.>]*>)")
MARK = re.compile(rb"\0(\d+)\0")
NUMBERS = {str(term).encode() for term in (SCHEMA.value, SCHEMA.minValue, SCHEMA.maxValue)}
TEXTS = {str(term).encode() for term in (SCHEMA.text, SCHEMA.headline)}
WHEN = str(KG.when).encode()
ENDS = {str(KG.from_).encode(): 0, str(KG.relation).encode(): 1, str(KG.to).encode(): 2}


# ----- data


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: its number, the hashes of its texts, and chance."""

    number: int
    hashes: dict[str, str]
    chance: random.Random


class Copies:
    """The founding corpus as a template, whose every copy is one join of bytes.

    What a copy has of its own are texts with their passages, claims, stances, quantities,
    participations and unidentified actors, and the judgements of its claims.
    """

    def __init__(self, quads: bytes, iris: Iris) -> None:
        self.iris = iris
        self.hashes = {}
        for short in set(re.findall(rb"/graph/article-([0-9a-f]{12})>", quads)):
            whole = re.search(rb'"(%b[0-9a-f]{52})"' % short, quads)
            if whole is None:
                sys.exit(f"the text {short.decode()} has no hash")
            self.hashes[short.decode()] = whole[1].decode()
        lines = [QUAD.fullmatch(line) for line in sorted(quads.splitlines(keepends=True))]
        quads_ = [line for line in lines if line is not None]
        self.own = re.compile("|".join(sorted(self.hashes)).encode())
        ends: dict[bytes, list[bytes]] = {}
        for quad in quads_:
            if quad[2] in ENDS:
                ends.setdefault(quad[1], [b""] * len(ENDS))[ENDS[quad[2]]] = quad[3]
        self.judgements = {
            node: parts for node, parts in ends.items() if any(map(self.own.search, parts))
        }
        own = [line for line in quads_ if self.own.search(line[0]) or line[1] in self.judgements]
        self.shared = b"".join(line[0] for line in quads_ if line not in own)
        self.values: list[Callable[[Copy], str]] = []
        self.marks: dict[bytes, bytes] = {}
        self.pieces = MARK.split(b"".join(map(self._marked, own)))
        self.dates: set[str] = set()

    def write(self, file: IO[bytes], number: int) -> None:
        """So many copies; the first is the founding corpus itself."""
        file.write(self.shared)
        for at in range(number):
            hashes = {
                short: other_hash(whole, at) if at else whole
                for short, whole in self.hashes.items()
            }
            copy = Copy(at, hashes, random.Random(f"{SEED} {at}"))  # noqa: S311
            values = [value(copy).encode() for value in self.values]
            file.writelines(
                values[int(piece)] if place % 2 else piece
                for place, piece in enumerate(self.pieces)
            )
        for edtf in sorted(self.dates):  # a quad that is there already is stored once
            for triple in date_triples(edtf, self.iris):
                file.write(f"{triple} {self.iris.dates} .\n".encode())

    def _mark(self, key: bytes, value: Callable[[Copy], str]) -> bytes:
        """What holds the place of a value in the template; a key has one value in a copy."""
        if key not in self.marks:
            self.marks[key] = b"\0%d\0" % len(self.values)
            self.values.append(value)
        return self.marks[key]

    def _marked(self, line: re.Match[bytes]) -> bytes:
        subject, predicate, value, graph = line.groups()
        if predicate == WHEN and b"/article/" in subject:
            value = self._mark(subject, self._date(value, published))
        elif predicate == WHEN and b"/event/" in subject:
            value = self._mark(subject + graph, self._date(value, happened))
        elif predicate in NUMBERS and (name := QUANTITY.fullmatch(subject)):
            value = value.replace(b'"%b"' % name[2], b'"%b"' % self._number(name))
        elif predicate in TEXTS:
            words, end = value[: value.rindex(b'"')], value[value.rindex(b'"') :]
            value = words + self._mark(b"words", _number_of_copy) + end
        quad = b" ".join((subject, predicate, value, graph, b".\n"))
        quad = QUANTITY.sub(lambda name: name[1] + self._number(name) + name[3], quad)
        for node in self.judgements:
            if node in quad:
                quad = quad.replace(node, self._judgement(node))
        for short, whole in self.hashes.items():
            for digits in (whole, short):
                quad = quad.replace(digits.encode(), self._hash(short, len(digits)))
        return quad

    def _hash(self, short: str, digits: int) -> bytes:
        return self._mark(f"{short} {digits}".encode(), lambda copy: copy.hashes[short][:digits])

    def _number(self, name: re.Match[bytes]) -> bytes:
        return self._mark(name[0], lambda copy: str(int(name[2]) + _choice(copy)))

    def _judgement(self, node: bytes) -> bytes:
        parts = [part.decode().strip("<>") for part in self.judgements[node]]

        def value(copy: Copy) -> str:
            of_copy = [
                self.own.sub(
                    lambda found: copy.hashes[found[0].decode()][:12].encode(), part.encode()
                )
                for part in parts
            ]
            key = self.iris.judgement_key(*(NamedNode(part.decode()) for part in of_copy))
            return str(self.iris.thing("judgement", key))

        return self._mark(node, value)

    def _date(self, node: bytes, other: Callable[[str, Copy], str]) -> Callable[[Copy], str]:
        edtf = self.iris.edtf(NamedNode(node.decode().strip("<>"))) or ""

        def value(copy: Copy) -> str:
            date_ = other(edtf, copy) if copy.number else edtf
            self.dates.add(date_)
            return str(self.iris.date(date_))

        return value


def _choice(copy: Copy) -> int:
    """By how much a copy differs from the corpus; the first does not."""
    return copy.chance.randrange(4) if copy.number else 0


def _number_of_copy(copy: Copy) -> str:
    return f" ({copy.number})" if copy.number else ""


def published(edtf: str, copy: Copy) -> str:
    """A day of its own for every copy, from the first day of a date on."""
    return moved(DAY.findall(edtf)[0], copy.number)


def happened(edtf: str, copy: Copy) -> str:
    """One of a few days, or of a few years where the date is no day."""
    if all(map(DAY.match, edtf.split("/"))):
        return moved(edtf, _choice(copy))
    years = _choice(copy)
    return YEAR.sub(lambda year: str(int(year[0]) + years), edtf)


def moved(edtf: str, days: int) -> str:
    """A date so many days later.

    >>> moved("2002-09-30", 2)
    '2002-10-02'
    """
    return DAY.sub(lambda day: str(date.fromisoformat(day[0]) + timedelta(days=days)), edtf)


def founding(folder: Path) -> Data:
    """The founding corpus in a workspace, as `kg add` takes it in."""
    Workspace.create(folder)
    measured(["-m", "kg", "add", CORPUS], folder)
    data = Data(ARTICLES_PER_COPY, 0, folder)
    with EmbeddedStore(data.store, read_only=True) as store:
        return Data(ARTICLES_PER_COPY, len(store.engine), folder)


def multiplied(articles: int, source: Data, folder: Path) -> Data:
    """So many articles in a workspace that has no files but the store."""
    workspace = Workspace.create(folder)
    with EmbeddedStore(source.store, read_only=True) as store:
        copies = Copies(store.engine.dump(format=RdfFormat.N_QUADS) or b"", workspace.iris)
    file = folder / "quads.nq"
    with file.open("wb") as quads:
        copies.write(quads, articles // ARTICLES_PER_COPY)
    data = Data(articles, 0, folder)
    data.store.parent.mkdir(exist_ok=True)
    start = time.perf_counter()
    with EmbeddedStore(data.store) as store:
        store.engine.bulk_load(path=file, format=RdfFormat.N_QUADS)
        store.engine.optimize()
        store.flush()
        data = Data(articles, len(store.engine), folder)
    file.unlink()
    seconds = time.perf_counter() - start
    print(
        f"{articles:,} articles, {data.quads:,} quads: loaded in {seconds:.0f} s", file=sys.stderr
    )
    return data


# ----- the queries


def calls(query: stored.StoredQuery) -> list[dict[str, str]]:
    """With the examples of all parameters, and with only those that the query needs."""
    given = {name: str(parameter.example) for name, parameter in query.parameters.items()}
    required = {name: given[name] for name in query.required}
    return [given] if given == required else [given, required]


def queries_section(source: Data, sizes: Sequence[Data], names: Sequence[str]) -> Iterator[str]:
    """The table of all queries, and what is over the bounds."""
    head = ["query", "with", "memory: ms", "disk: ms", "rows"]
    for data in sizes:
        head += [f"{data.articles:,}: ms", "rows"]
    head += ["first, by the clock: ms", "growth"]
    yield f"### The stored queries: {source.quads:,} quads of the founding corpus, then more\n"
    yield line(head)
    yield line(["---", "---", *["--:"] * (len(head) - 2)])
    slow: list[str] = []
    for name in names:
        print(name, file=sys.stderr)
        query = stored.load(stored.find([])[name])
        asked = calls(query)
        where = [timed(source, name, asked, where=MEMORY), timed(source, name, asked)]
        where += [timed(data, name, asked) for data in sizes]
        for at, values in enumerate(asked):
            runs = [each[at] for each in where]
            given = " ".join(f"--{key}" for key in values) or "nothing"
            cells = [f"`{name}`", given, ms(runs[0]), ms(runs[1]), rows(runs[1])]
            for each in runs[2:]:
                cells += [ms(each), rows(each)]
            cells += [first(runs[-1]), growth(sizes, runs[2:])]
            yield line(cells)
            bounds = [FOUNDING] * 2 + [LARGE] * len(sizes)
            places = ["in memory", "on disk", *(f"of {data.articles:,}" for data in sizes)]
            for each, bound_, place in zip(runs, bounds, places, strict=True):
                if each is None or each.seconds > bound_:
                    slow.append(f"- `{name}` with {given}, {place}: {ms(each)} ms")
    yield f"\nOver {FOUNDING * 1000:.0f} ms on the founding corpus, or {LARGE:.0f} s on more:\n"
    yield from slow or ["none."]


def first(run: Timed | None) -> str:
    return "" if run is None else f"{run.first * 1000:,.0f}"


def growth(sizes: Sequence[Data], runs: Sequence[Timed | None]) -> str:
    """The exponent between neighbouring sizes: 1 is in step with the data, 2 its square."""
    found = []
    for (small, before), (large, after) in pairwise(zip(sizes, runs, strict=True)):
        if before is not None and after is not None:
            times = exponent(after.seconds / before.seconds, of=large.quads / small.quads)
            found.append(f"{times:.1f}")
    return ", ".join(found)


# ----- whole processes


def alternating(commands: dict[str, list[str | Path]], cwd: Path, times: int) -> dict[str, float]:
    """The median of each; they take turns, so that they share what else the machine does."""
    runs: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            runs[name].append(measured(command[1:], cwd, command[0])[0])
    return {name: statistics.median(found) for name, found in runs.items()}


def start_section(source: Data) -> Iterator[str]:
    """What a whole process takes that asks one stored query."""
    asking = f"kg {' '.join(QUESTION)}"
    importing = "python -c 'import pyoxigraph, typer'"
    found = alternating(
        {
            asking: [sys.executable, "-m", "kg", *QUESTION],
            importing: [sys.executable, "-c", "import pyoxigraph, typer"],
        },
        source.root,
        START_RUNS,
    )
    yield f"\n### Start: whole processes, median of {START_RUNS} runs that take turns\n"
    yield from pair(found)


def rows_section(data: Data) -> Iterator[str]:
    """What many rows take to CSV, by `kg` and by the engine's own command line."""
    question = data.root / "rows.rq"
    question.write_text(SELECTION)
    ours, theirs = data.root / "ours.csv", data.root / "theirs.csv"
    program = Path(sys.executable).with_name("oxigraph")
    engine: list[str | Path] = [program, "query", "--location", data.store]
    engine += ["--query-file", question, "--results-file", theirs]
    engine += ["--results-format", "csv", "--union-default-graph"]
    asking: list[str | Path] = [sys.executable, "-m", "kg", "query", "-e", SELECTION]
    found = alternating(
        {
            "kg query -f csv": [*asking, "-f", "csv", "-o", ours],
            "oxigraph query": engine,
        },
        data.root,
        ROWS_RUNS,
    )
    yield f"\n### Rows: {ROWS:,} to CSV out of {data.quads:,} quads, median of {ROWS_RUNS} runs\n"
    yield from pair(found)
    written = [file.read_bytes().count(b"\n") - 1 for file in (ours, theirs)]
    if written != [ROWS, ROWS]:
        sys.exit(f"{written} rows were written")


def pair(found: dict[str, float]) -> Iterator[str]:
    (one, seconds), (other, least) = found.items()
    yield line([f"`{one}`: s", f"`{other}`: s", "times"])
    yield line(["--:"] * 3)
    yield line([f"{seconds:.3f}", f"{least:.3f}", f"{seconds / least:.2f}"])


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    known = list(stored.find([]))
    add("--only", nargs="+", choices=SECTIONS, default=SECTIONS)
    add("--articles", type=int, nargs="+", default=ARTICLES, help="how many, even numbers")
    add("--names", nargs="+", choices=known, default=known, metavar="NAME", help="which queries")
    add("--folder", type=Path, help="where to keep the data, for the next time too")
    return parser.parse_args()


def main() -> None:
    """Print where this ran and the tables."""
    chosen = options()
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "typer"))
    print(f"Python {platform.python_version()}, {packages}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        source = kept(folder / "founding", ARTICLES_PER_COPY) or founding(folder / "founding")
        sizes = []
        if {"queries", "rows"} & set(chosen.only):
            for articles in sorted(chosen.articles):
                root = folder / f"articles-{articles}"
                sizes.append(kept(root, articles) or multiplied(articles, source, root))
        tables: list[Iterator[str]] = []
        if "queries" in chosen.only:
            tables.append(queries_section(source, sizes, chosen.names))
        if "start" in chosen.only:
            tables.append(start_section(source))
        if "rows" in chosen.only:
            tables.append(rows_section(sizes[-1]))
        for table in tables:
            for text in table:
                print(text, flush=True)


if __name__ == "__main__":
    main()

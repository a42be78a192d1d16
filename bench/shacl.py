"""How long validation takes, and how much memory: pySHACL, pyrudof and ours, at growing sizes.

The founding corpus is multiplied as text, every copy with nodes of its own; with `--hubs` the copies
are articles that share one register, so that a few actors and events are named by all of them. One
data set conforms as far as the corpus does, the other has a share of its nodes damaged. Each
measurement is a process of its own. What is timed is validation alone: data and shapes are loaded
before, and ours compiles the shapes within the time. Prints tables in Markdown.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "examples" / "abductions"
SHAPES = ROOT / "shapes" / "newskg.ttl"
ONTOLOGY = ROOT / "ontology" / "newskg.ttl"
SIZES = (5_000, 50_000, 500_000)
LARGEST = 5_000_000
SHARE = 0.01
SHARES = (0.0, 0.01, 0.2)
LIMIT = 100
DAMAGED = 500_000
TURNS = {1: 7, 20: 3}
"""How often what takes less than so many seconds is measured."""
BOUNDS = {"pyshacl": 120, "pyrudof": 200, "memory": 300, "disk": 300}
NAMES = {"pyshacl": "pySHACL", "pyrudof": "pyrudof", "memory": "ours", "disk": "ours, on disk"}
MOST = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
"""The memory that a peer may have, in bytes: pyrudof needs more than 10,000 for each triple."""
NO_MEMORY = 9
SEED = 7

TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
OBJECT = re.compile(
    rb"""(<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?)(.*)""", re.DOTALL
)
SPARQL = "http://www.w3.org/ns/shacl#sparql"

# What is renewed in every copy; the first group is what articles share in a knowledge graph.
REGISTER = ("actor", "date", "event", "place", "topic")
OWN = ("activity", "article", "claim", "judgement", "participation", "quantity", "stance", "text")


# ----- data


class Copies:
    """The corpus as a template in N-Quads, or N-Triples, whose every copy is one join of bytes."""

    def __init__(self, quads: bytes, *, hubs: bool, triples: bool) -> None:
        kinds = "|".join(OWN if hubs else (*REGISTER, *OWN))
        self._own = re.compile(rf"(/kg/(?:id/(?:{kinds})/|graph/article-))(?=[^>]*>)".encode())
        blocks: dict[bytes, list[bytes]] = defaultdict(list)
        self.shared = b""
        for line in quads.splitlines(keepends=True):
            if triples:
                line = line[: line.rindex(b" <")] + b" .\n"
            if self._own.search(line):
                blocks[line[: line.index(b" ")]].append(line)
            else:
                self.shared += line
        self._nodes = [lines for _, lines in sorted(blocks.items())]
        self.size = sum(map(len, self._nodes))
        self._types = sorted(
            {line.split(b" ", 3)[2] for line in quads.splitlines() if TYPE in line}
        )
        self._pieces = [self._split(b"".join(lines)) for lines in self._nodes]
        self._whole = self._split(b"".join(b"".join(lines) for lines in self._nodes))

    def _split(self, text: bytes) -> list[bytes]:
        return self._own.sub(rb"\1\0", text).split(b"\0")

    def write(self, file: IO[bytes], number: int, share: float) -> None:
        """So many copies; of each, this share of the nodes is damaged, always the same ones."""
        file.write(self.shared)
        for copy in range(number):
            name = b"%dx" % copy
            if not share:
                file.write(name.join(self._whole))
                continue
            chance = random.Random(f"{SEED} {copy}")  # noqa: S311
            for lines, pieces in zip(self._nodes, self._pieces, strict=True):
                if chance.random() < share:
                    pieces = self._split(b"".join(self._damaged(lines, chance)))
                file.write(name.join(pieces))

    def _damaged(self, lines: list[bytes], chance: random.Random) -> Iterator[bytes]:
        """A node with a triple less, another value or another type."""
        at = chance.randrange(len(lines))
        how = chance.choice(("drop", "change", "retype"))
        for number, line in enumerate(lines):
            subject, predicate, rest = line.split(b" ", 2)
            value, end = OBJECT.match(rest).groups()  # type: ignore[union-attr]
            if how == "retype" and TYPE in line:
                value = chance.choice(self._types)
            elif how == "change" and number == at:
                value = b'"-1"' if value.startswith(b'"') else b"<https://example.org/nothing>"
            elif how == "drop" and number == at:
                continue
            yield b" ".join((subject, predicate, value)) + end


def founding(folder: Path) -> bytes:
    """The founding corpus and the ontology as N-Quads."""
    import pyoxigraph as ox

    from kg.workspace import Workspace

    Workspace.create(folder)
    for arguments in (["add", CORPUS], ["export", "-o", "corpus.nq"]):
        command = [sys.executable, "-m", "kg", *map(str, arguments)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{arguments} failed:\n{done.stdout}{done.stderr}")
    graph = ox.NamedNode("https://w3id.org/newskg/ontology")
    terms = [ox.Quad(t.subject, t.predicate, t.object, graph) for t in ox.parse(path=ONTOLOGY)]
    ontology = ox.serialize(terms, format=ox.RdfFormat.N_QUADS) or b""
    return (folder / "corpus.nq").read_bytes() + ontology


def without_sparql(source: Path, target: Path) -> None:
    """The shapes without those that are there for a constraint in SPARQL."""
    import pyoxigraph as ox

    quads = list(ox.parse(path=source))
    gone: set[object] = set()
    for quad in quads:
        if quad.predicate.value == SPARQL:
            gone |= {quad.subject, quad.object}
    left = (quad.triple for quad in quads if not {quad.subject, quad.object} & gone)
    ox.serialize(left, str(target), format=ox.RdfFormat.TURTLE)


# ----- one measurement, in a process of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds of validation, megabytes when loaded and at most, and the number of results."""

    seconds: float
    loaded: float
    peak: float
    results: int
    kinds: dict[str, int]


def pyshacl_worker(arguments: argparse.Namespace, clock: Clock) -> Iterable[str]:
    import logging

    import pyshacl
    import rdflib

    logging.disable(logging.CRITICAL)  # rdflib warns of each literal that is not well-formed
    data, shapes = rdflib.Graph(), rdflib.Graph()
    data.parse(arguments.data, format="nt")
    shapes.parse(arguments.shapes, format="turtle")
    pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, inference="none")  # what comes but once
    clock.start()
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    clock.stop()
    names = rdflib.SH
    for result in report.objects(None, names.result):
        shape = report.value(result, names.sourceShape)
        yield f"{shape} {report.value(result, names.sourceConstraintComponent)}"


def pyrudof_worker(arguments: argparse.Namespace, clock: Clock) -> Iterable[str]:
    import pyrudof

    session = pyrudof.Rudof()
    session.read_data(str(arguments.data), pyrudof.RDFFormat.NTriples)
    session.read_shacl(str(arguments.shapes), pyrudof.ShaclFormat.Turtle)
    clock.start()
    report = session.validate_shacl()
    clock.stop()
    for entry in report:
        yield f"{entry.source_shape} {entry.constraint_component}"


def ours_worker(arguments: argparse.Namespace, clock: Clock) -> Iterable[str]:
    import pyoxigraph as ox

    from kg import shacl
    from kg.store.embedded import EmbeddedStore

    shapes = [quad.triple for quad in ox.parse(path=arguments.shapes)]
    with EmbeddedStore(arguments.store, read_only=bool(arguments.store)) as store:
        if arguments.store is None:
            store.engine.bulk_load(path=arguments.data, format=ox.RdfFormat.N_QUADS)
        with EmbeddedStore() as empty:
            shacl.validate(empty, shapes)  # what comes but once
        clock.start()
        report = shacl.validate(store, shapes, limit=arguments.limit)
        clock.stop()
    for result in report.results:
        yield f"{result.shape.value} {result.component.value}"
    for (shape, _), number in report.omitted.items():
        yield from [f"{shape.value} "] * number
    for note in report.notes:
        print(note, file=sys.stderr)


def load_worker(arguments: argparse.Namespace, clock: Clock) -> Iterable[str]:
    import pyoxigraph as ox

    clock.start()
    store = ox.Store(str(arguments.store))
    store.bulk_load(path=arguments.data, format=ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    clock.stop()
    return ()


def floor_worker(arguments: argparse.Namespace, clock: Clock) -> Iterable[str]:
    """Counts what all shapes look at: each class of focus nodes once, each with each path once."""
    import pyoxigraph as ox

    from kg.store.embedded import EmbeddedStore

    queries = floor(arguments.shapes, paths=arguments.paths)
    with EmbeddedStore(arguments.store, read_only=bool(arguments.store)) as store:
        if arguments.store is None:
            store.engine.bulk_load(path=arguments.data, format=ox.RdfFormat.N_QUADS)
        clock.start()
        for query in queries:
            list(store.query(query))  # type: ignore[arg-type]
        clock.stop()
    return queries


def floor(shapes: Path, *, paths: bool) -> list[str]:
    from rdflib import SH, Graph

    graph = Graph().parse(shapes)
    patterns: set[str] = set()
    for shape, target in graph.subject_objects(SH.targetClass):
        patterns.add(f"?this a {target.n3()}")
        if paths:
            for property_ in graph.objects(shape, SH.property):
                path = _path(graph, graph.value(property_, SH.path))
                patterns.add(f"?this a {target.n3()} ; {path} ?value")
    return [f"SELECT (COUNT(*) AS ?number) {{ {pattern} }}" for pattern in sorted(patterns)]


def _path(graph: Any, node: Any) -> str:
    from rdflib import RDF, SH, URIRef
    from rdflib.collection import Collection

    if isinstance(node, URIRef):
        return node.n3()
    if (inverse := graph.value(node, SH.inversePath)) is not None:
        return f"^{_path(graph, inverse)}"
    if (choice := graph.value(node, SH.alternativePath)) is not None:
        return "(" + "|".join(_path(graph, each) for each in Collection(graph, choice)) + ")"
    if (node, RDF.first, None) not in graph:
        sys.exit("the shapes have a path that the floor does not know")
    return "(" + "/".join(_path(graph, each) for each in Collection(graph, node)) + ")"


class Clock:
    """What is timed, and may take so long, is what happens between start and stop."""

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.seconds = 0.0
        self.loaded = 0.0

    def start(self) -> None:
        signal.alarm(self.bound)  # nobody handles it: it ends the process, whatever that is in
        self.loaded = peak()
        self.seconds = -time.perf_counter()

    def stop(self) -> None:
        self.seconds += time.perf_counter()
        signal.alarm(0)


def peak() -> float:
    """The most memory of this process so far, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss begins with what the process that started this one had
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


WORKERS = {
    "pyshacl": pyshacl_worker,
    "pyrudof": pyrudof_worker,
    "memory": ours_worker,
    "disk": ours_worker,
    "load": load_worker,
    "floor": floor_worker,
}


def work(arguments: argparse.Namespace) -> None:
    """Measure one tool, and print what was measured as JSON."""
    clock = Clock(arguments.bound)
    if arguments.worker in {"pyshacl", "pyrudof"}:
        resource.setrlimit(resource.RLIMIT_AS, (MOST, MOST))
    try:
        kinds = Counter(WORKERS[arguments.worker](arguments, clock))
    except MemoryError:
        sys.exit(NO_MEMORY)
    print(
        json.dumps(
            {
                "seconds": clock.seconds,
                "loaded": clock.loaded,
                "peak": peak(),
                "results": kinds.total(),
                "kinds": kinds,
            }
        )
    )


# ----- all measurements


@dataclass(frozen=True, slots=True)
class Data:
    """A data set: as files, and as a store in a folder."""

    size: int
    share: float
    count: int
    quads: Path
    triples: Path
    store: Path

    def remove(self) -> None:
        self.quads.unlink()
        self.triples.unlink()
        shutil.rmtree(self.store)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A measurement that came to no end in time, or in the memory that it may have."""

    bound: int
    peak: float
    memory: bool = False


class Bench:
    """Measures, in a folder that is there for the time."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder = folder
        self.options = options
        self.quads = founding(folder / "founding")
        self.core = folder / "core.ttl"
        without_sparql(SHAPES, self.core)
        self.stopped: set[tuple[str, Path]] = set()

    def data(self, size: int, share: float) -> Data:
        """Data of about this size, as N-Quads for ours and as N-Triples for the others."""
        names = {}
        for triples in (False, True):
            copies = Copies(self.quads, hubs=self.options.hubs, triples=triples)
            number = max(1, round((size - copies.shared.count(b"\n")) / copies.size))
            path = self.folder / f"{size}-{share}.{'nt' if triples else 'nq'}"
            with path.open("wb") as file:
                copies.write(file, number, share)
            names[triples] = path
        with names[False].open("rb") as file:
            count = sum(1 for _ in file)
        data = Data(size, share, count, names[False], names[True], self.folder / f"{size}-{share}")
        loaded = self.run("load", data, SHAPES, bound=3600)
        if isinstance(loaded, Measured):
            print(f"{count:,} quads loaded on disk in {loaded.seconds:.1f} s", file=sys.stderr)
        return data

    def run(
        self,
        tool: str,
        data: Data,
        shapes: Path,
        *,
        bound: int | None = None,
        limit: int | None = None,
        worker: str | None = None,
        paths: bool = False,
    ) -> Measured | Stopped | None:
        """One measurement; None where the tool was stopped with less data than this."""
        if (tool, shapes) in self.stopped:
            return None
        bound = bound or self.options.bounds[tool]
        python = self.options.rudof if tool == "pyrudof" else sys.executable
        file = data.triples if tool in {"pyshacl", "pyrudof"} else data.quads
        command = [python, __file__, "--worker", worker or tool, "--data", file, "--shapes", shapes]
        command += ["--bound", bound]
        if tool in {"disk", "load"}:
            command += ["--store", data.store]
        if limit is not None:
            command += ["--limit", limit]
        if paths:
            command += ["--paths"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            list(map(str, command)), stdout=subprocess.PIPE, env=environment
        ) as process:
            output = process.stdout.read()  # type: ignore[union-attr]
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode in {-signal.SIGALRM, -signal.SIGABRT, NO_MEMORY}:
            self.stopped.add((tool, shapes))
            memory = process.returncode != -signal.SIGALRM
            return Stopped(bound, usage.ru_maxrss / 1024, memory)
        if process.returncode:
            sys.exit(f"{tool} failed with {data.count:,} triples")
        return Measured(**json.loads(output))

    def compared(self, data: Data, shapes: Path) -> dict[str, Measured | Stopped | None]:
        """Each tool's median; they take turns, so that they share what else the machine does."""
        runs: dict[str, list[Measured]] = defaultdict(list)
        found: dict[str, Measured | Stopped | None] = {}
        for turn in range(max(TURNS.values())):
            for tool in self.options.tools:
                last = found.get(tool)
                if turn and not (isinstance(last, Measured) and turn < turns(last.seconds)):
                    continue
                found[tool] = last = self.run(tool, data, shapes)
                if isinstance(last, Measured):
                    runs[tool].append(last)
        for tool, done in runs.items():
            found[tool] = sorted(done, key=lambda run: run.seconds)[len(done) // 2]
        what = ", ".join(f"{NAMES[tool]}: {seconds(run)}" for tool, run in found.items())
        print(f"{shapes.stem}, {data.share:.0%} of {data.count:,}: {what}", file=sys.stderr)
        return found

    def tables(self) -> Iterator[str]:
        """All tables, with what there is to say about them."""
        shapes = {"newskg": SHAPES, "core": self.core}
        rows: dict[tuple[str, float], list[tuple[Data, dict[str, Any]]]] = defaultdict(list)
        floors: list[tuple[Data, dict[str, Any]]] = []
        for size in self.options.sizes:
            for share in (0.0, self.options.share):
                data = self.data(size, share)
                for name, path in shapes.items():
                    rows[name, share].append((data, self.compared(data, path)))
                if not share:
                    floors.append((data, self.floors(data)))
                data.remove()
        for name, title in (("newskg", "Our shapes"), ("core", "Our shapes, SHACL Core alone")):
            for share in (0.0, self.options.share):
                yield f"\n### {title}; {f'{share:.0%} of the nodes damaged' if share else 'as it is'}\n"
                yield from self.table(rows[name, share])
        yield "\n### The floor: what counting the focus nodes costs, and what following each path once\n"
        yield from self.floor_table(
            floors, dict(zip(self.options.sizes, rows["newskg", 0.0], strict=True))
        )
        yield "\n### Memory and the number of findings\n"
        yield from self.damage_table()

    def table(self, rows: list[tuple[Data, dict[str, Any]]]) -> Iterator[str]:
        tools = [tool for tool in NAMES if tool in self.options.tools]
        head = ["triples", "results", *(f"{NAMES[tool]}: s" for tool in tools)]
        head += [f"{NAMES[tool]}: MB" for tool in tools]
        head += ["pySHACL / ours: s", "pyrudof / ours: s", "pyrudof / ours: MB"]
        head += ["growth", "growth on disk"]
        yield line(head)
        yield line(["--:"] * len(head))
        before: tuple[Data, dict[str, Any]] | None = None
        differences: list[str] = []
        for data, runs in rows:
            cells = [f"{data.count:,}", self.agreed(data, runs, differences)]
            cells += [seconds(runs[tool]) for tool in tools]
            cells += [memory(runs[tool]) for tool in tools]
            ours = runs.get("memory")
            cells += [ratio(runs.get(tool), ours) for tool in ("pyshacl", "pyrudof")]
            cells.append(ratio(runs.get("pyrudof"), ours, "peak"))
            for tool in ("memory", "disk"):
                was = before and before[1].get(tool)
                now = runs.get(tool)
                if before and isinstance(was, Measured) and isinstance(now, Measured):
                    growth = now.seconds / was.seconds / (data.count / before[0].count)
                    cells.append(f"{growth:.2f}")
                else:
                    cells.append("")
            before = data, runs
            yield line(cells)
        if differences:
            yield "\nWhere the numbers of results differ:\n"
            yield from differences

    def agreed(self, data: Data, runs: dict[str, Any], differences: list[str]) -> str:
        """The number of results; those that tools differ in are put among the differences."""
        found = {tool: run for tool, run in runs.items() if isinstance(run, Measured)}
        reference = found.get("memory") or next(iter(found.values()), None)
        if reference is None:
            return ""
        for tool, run in found.items():
            for kind in sorted(reference.kinds.keys() | run.kinds.keys()):
                mine, other = reference.kinds.get(kind, 0), run.kinds.get(kind, 0)
                if mine != other:
                    shape, component = (part.rpartition("#")[2] for part in kind.split(" "))
                    component = component.removesuffix("ConstraintComponent")
                    differences.append(
                        f"- {data.count:,} triples, `{shape}`, {component}: "
                        f"{NAMES[tool]} {other}, ours {mine}"
                    )
        same = {run.results for run in found.values()} == {reference.results}
        return f"{reference.results:,}" if same else f"{reference.results:,} (differ)"

    def floors(self, data: Data) -> dict[str, Any]:
        return {
            f"{tool} {name}": self.run(tool, data, SHAPES, worker="floor", paths=name == "paths")
            for tool in ("memory", "disk")
            if tool in self.options.tools
            for name in ("targets", "paths")
        }

    def floor_table(
        self,
        floors: list[tuple[Data, dict[str, Any]]],
        ours: dict[int, tuple[Data, dict[str, Any]]],
    ) -> Iterator[str]:
        head = ["triples"]
        for where in ("", ", on disk"):
            head += [f"targets{where}: s", f"with paths{where}: s", f"ours / with paths{where}"]
        yield line(head)
        yield line(["--:"] * len(head))
        for data, runs in floors:
            cells = [f"{data.count:,}"]
            for tool in ("memory", "disk"):
                least = runs.get(f"{tool} paths")
                cells += [seconds(runs.get(f"{tool} targets")), seconds(least)]
                cells.append(ratio(ours[data.size][1].get(tool), least))
            yield line(cells)

    def damage_table(self) -> Iterator[str]:
        head = ["triples", "damaged", "limit", "results", "s", "MB when loaded", "MB at most"]
        head += ["s, on disk", "MB at most, on disk"]
        yield line(head)
        yield line(["--:"] * len(head))
        for share in SHARES:
            data = self.data(min(DAMAGED, max(self.options.sizes)), share)
            for limit in (LIMIT, None):
                kept = self.run("memory", data, SHAPES, limit=limit)
                stored = self.run("disk", data, SHAPES, limit=limit)
                if not isinstance(kept, Measured) or not isinstance(stored, Measured):
                    continue
                cells = [f"{data.count:,}", f"{share:.0%}", str(limit or "none")]
                cells += [f"{kept.results:,}", seconds(kept), f"{kept.loaded:.0f}", memory(kept)]
                yield line([*cells, seconds(stored), memory(stored)])
            data.remove()


def turns(taken: float) -> int:
    return next((number for bound, number in TURNS.items() if taken < bound), 1)


def line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def seconds(run: Measured | Stopped | None) -> str:
    if isinstance(run, Stopped):
        return "out of memory" if run.memory else f"stopped at {run.bound}"
    if run is None:
        return "not run"
    return f"{run.seconds:.3g}" if run.seconds < 100 else f"{run.seconds:.0f}"


def memory(run: Measured | Stopped | None) -> str:
    if isinstance(run, Stopped):
        return f"{run.peak:,.0f} when stopped"
    return "" if run is None else f"{run.peak:,.0f}"


def ratio(one: object, other: object, what: str = "seconds") -> str:
    """How many times one is the other; of what was stopped it is known to be more."""
    if not isinstance(other, Measured):
        return ""
    if isinstance(one, Stopped) and one.memory and what == "seconds":
        return ""
    if isinstance(one, Stopped):
        least = one.bound if what == "seconds" else one.peak
        return f"> {least / getattr(other, what):.1f}"
    return f"{getattr(one, what) / getattr(other, what):.1f}" if isinstance(one, Measured) else ""


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--sizes", type=int, nargs="+", default=SIZES, metavar="TRIPLES")
    add("--largest", action="store_true", help=f"{LARGEST:,} triples as well")
    add("--tools", nargs="+", choices=NAMES, default=list(NAMES))
    add("--bound", action="append", default=[], metavar="TOOL=SECONDS", help="per measurement")
    add("--share", type=float, default=SHARE, help="the share of nodes to damage")
    add("--hubs", action="store_true", help="all copies share one register")
    add("--rudof", default=sys.executable, metavar="PYTHON", help="the Python that has pyrudof")
    for name in ("worker", "data", "shapes", "store"):
        add(f"--{name}", help=argparse.SUPPRESS)
    add("--limit", type=int, help=argparse.SUPPRESS)
    add("--paths", action="store_true", help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    if parsed.worker:
        parsed.bound = int(parsed.bound[0])
        return parsed
    parsed.bounds = dict(BOUNDS)
    for given in parsed.bound:
        tool, _, bound = given.partition("=")
        if tool not in BOUNDS or not bound.isdigit():
            parser.error(f"--bound {given}: write one of {', '.join(BOUNDS)}, then = and seconds")
        parsed.bounds[tool] = int(bound)
    parsed.sizes = sorted({*parsed.sizes, *([LARGEST] if parsed.largest else [])})
    own = parsed.rudof == sys.executable
    if "pyrudof" in parsed.tools and own and importlib.util.find_spec("pyrudof") is None:
        print("pyrudof is not installed, and left out", file=sys.stderr)
        parsed.tools.remove("pyrudof")
    return parsed


def main() -> None:
    """Print where this ran and the tables."""
    chosen = options()
    if chosen.worker:
        work(chosen)
        return
    names = ("pyoxigraph", "rdflib", "pyshacl", "pyrudof")
    packages = ", ".join(f"{name} {version(name)}" for name in names if installed(name))
    print(f"Python {platform.python_version()}, {packages}, {os.cpu_count()} cores")
    bounds = ", ".join(f"{NAMES[tool]} {chosen.bounds[tool]} s" for tool in chosen.tools)
    print(f"Seconds of validation alone; peak memory of the whole process. Bounds: {bounds}.")
    with tempfile.TemporaryDirectory() as folder:
        for text in Bench(Path(folder), chosen).tables():
            print(text, flush=True)


def installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


if __name__ == "__main__":
    main()

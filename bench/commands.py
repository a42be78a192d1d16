"""Whole-process times of add, query, export and validate at three sizes, each beside a peer.

    make bench

Prints a Markdown table. Times are medians of whole processes, start-up included; a peer runs in
turn with the command, on the same data, so that the ratio holds where the machine is busy.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from corpus import multiply

PYTHON = sys.executable
KG = str(Path(PYTHON).with_name("kg"))
SIZES = (1, 4, 16)
RUNS = 5
CHECKED = (1, 2, 4)  # pySHACL takes about 3 ms a triple: larger sizes wait for the compiled engine

START = "import pyoxigraph, typer"
LOAD = "import rdflib, sys; rdflib.Graph().parse(sys.argv[1], format='nt')"
WRITE = (
    "import rdflib, sys; "
    "rdflib.Graph().parse(sys.argv[1], format='nt').serialize(sys.argv[2], format='turtle')"
)


class Cost(NamedTuple):
    """What one process took."""

    seconds: float
    megabytes: float


def main() -> None:
    print("| command | articles | triples | seconds | MB | peer | seconds | ratio |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for copies in sorted({*SIZES, *CHECKED}):
            measure(folder / str(copies), copies)


def measure(folder: Path, copies: int) -> None:
    """Print the rows of one size."""
    corpus, workspace, export = folder / "corpus", folder / "workspace", folder / "out.nt"
    multiply(corpus, copies)

    def fresh() -> None:
        shutil.rmtree(workspace, ignore_errors=True)
        run([KG, "init", str(workspace)], folder)

    fresh()
    run([KG, "add", str(corpus)], workspace)
    run([KG, "export", "-o", str(export)], workspace)
    with export.open(encoding="utf-8") as lines:
        triples = sum(1 for _ in lines)

    def row(command: str, own: list[Cost], peer: str, other: list[Cost]) -> None:
        seconds = statistics.median(cost.seconds for cost in own)
        memory = max(cost.megabytes for cost in own)
        pairs = zip(own, other, strict=True)
        ratio = statistics.median(ours.seconds / theirs.seconds for ours, theirs in pairs)
        against = statistics.median(cost.seconds for cost in other)
        print(
            f"| `{command}` | {2 * copies} | {triples} | {seconds:.2f} | {memory:.0f} "
            f"| {peer} | {against:.2f} | {ratio:.2f} |",
            flush=True,
        )

    if copies in SIZES:
        own, other = [], []
        for _ in range(RUNS):
            fresh()
            own.append(run([KG, "add", str(corpus)], workspace))
            other.append(run([PYTHON, "-c", LOAD, str(export)], folder))
        row("kg add", own, "rdflib reads the graph", other)
        own, other = [], []
        for _ in range(RUNS):
            own.append(run([KG, "query", "timeline", "-f", "csv"], workspace))
            other.append(run([PYTHON, "-c", START], folder))
        row("kg query timeline", own, "start-up alone", other)
        own, other = [], []
        for _ in range(RUNS):
            own.append(run([KG, "export", "-o", str(folder / "ours.ttl")], workspace))
            other.append(run([PYTHON, "-c", WRITE, str(export), str(folder / "o.ttl")], folder))
        row("kg export -o x.ttl", own, "rdflib reads and writes it", other)
    if copies in CHECKED:
        cost = [run([KG, "validate"], workspace)]
        row(
            "kg validate",
            cost,
            "rdflib reads the graph",
            [run([PYTHON, "-c", LOAD, str(export)], folder)],
        )


def run(command: list[str], folder: Path) -> Cost:
    """Run a process to its end; its wall-clock time and peak memory."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KG_")}
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            out.seek(0)
            sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{out.read().decode()}")
    return Cost(seconds, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()

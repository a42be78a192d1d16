"""How long the commands take as whole processes, and how much memory, at three sizes.

The founding corpus is multiplied: every copy has texts, actors, claims and judgements of its own,
so that nothing is said twice. Each figure is the median of several runs; beside it stands what a
plain library needs for the least that the command must do, measured in the same minutes on the same
data. Prints a table in Markdown.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import annotation
from kg.model import Annotation, Hash, Ref
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).resolve().parents[1] / "examples" / "abductions"
SIZES = (1, 4, 16)
RUNS = {"add": 3, "query": 7, "export": 5, "validate": 3}
KINDS = re.compile(r"\b(actor|place|topic|event):([a-z0-9]+(?:-[a-z0-9]+)*)")
HASH = re.compile(r"\b(claim|article|text):([0-9a-f]{12})")
JUDGEMENT = re.compile(r"\bjudgement:([0-9a-f]{16})")

START = "import pyoxigraph"
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Modules are compiled once and kept, as those of an installed program are."""
PARSE = """
import sys, rdflib
dataset = rdflib.Dataset()
dataset.parse(sys.argv[1], format="nquads")
"""
PARSE_AND_WRITE = PARSE + "dataset.serialize(sys.argv[2], format='trig')"


def multiplied(copies: int, folder: Path) -> None:
    """So many copies of the corpus in a folder, each with fresh IRIs."""
    folder.mkdir()
    entities, analysis = ((CORPUS / name).read_text() for name in ("entities.ttl", "analysis.ttl"))
    workspace = Workspace.create(folder.parent / f"register-{copies}")
    shutil.copy(CORPUS / "entities.ttl", workspace.root)
    kinds = workspace.register().kinds
    articles = {
        path.stem: annotation.read(path.read_bytes(), path.name, text=lambda _: None, kinds=kinds)
        for path in CORPUS.glob("*.yaml")
    }
    parts: dict[str, list[str]] = {"entities.ttl": [], "analysis.ttl": []}
    for copy in range(copies):
        if copy == 0:
            parts["entities.ttl"].append(entities)
            parts["analysis.ttl"].append(analysis)
            for path in CORPUS.glob("*.yaml"):
                shutil.copy(path, folder)
            continue
        parts["entities.ttl"].append(renamed(entities, copy))
        parts["analysis.ttl"].append(renamed(analysis, copy))
        for stem, article in articles.items():
            fresh = rewritten(article, copy, set(kinds))
            (folder / f"{stem}-{copy}.yaml").write_text(annotation.write(fresh))
    for name, texts in parts.items():
        (folder / name).write_text("\n".join(texts))


def other_hash(value: str, copy: int) -> str:
    return hashlib.sha256(f"{value} {copy}".encode()).hexdigest()


def renamed(turtle: str, copy: int) -> str:
    """Turtle with the ids of the register, the texts and the judgements of a copy."""
    turtle = KINDS.sub(lambda found: f"{found[1]}:{found[2]}-copy-{copy}", turtle)
    turtle = HASH.sub(lambda found: f"{found[1]}:{other_hash(found[2], copy)[:12]}", turtle)
    return JUDGEMENT.sub(lambda found: f"judgement:{other_hash(found[1], copy)[:16]}", turtle)


def rewritten(article: Annotation, copy: int, ids: set[str]) -> Annotation:
    """An annotation of another text, which names the register entries of a copy."""
    old = str(article.text.sha256)
    # The short hash must follow from the old short one, as it does in the Turtle files.
    sha256 = other_hash(old[:12], copy)

    def walk(part: Any) -> Any:
        if isinstance(part, Ref):
            return Ref(f"{part}-copy-{copy}") if part in ids else part
        if dataclasses.is_dataclass(part) and not isinstance(part, type):
            values = {
                field.name: walk(getattr(part, field.name)) for field in dataclasses.fields(part)
            }
            return dataclasses.replace(part, **values)
        if type(part) is tuple:
            return tuple(walk(item) for item in part)
        return part

    fresh: Annotation = walk(article)
    return dataclasses.replace(fresh, text=dataclasses.replace(fresh.text, sha256=Hash(sha256)))


def measured(
    arguments: list[str | Path], cwd: Path, program: str | Path = sys.executable
) -> tuple[float, float]:
    """Seconds and megabytes of one run of a process: of Python, where no other is given."""
    start = time.perf_counter()
    with (cwd / "output.log").open("wb") as log:
        words = [program, *map(str, arguments)]
        process = subprocess.Popen(words, cwd=cwd, stdout=log, stderr=log, env=COMPILED)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{arguments} failed:\n{(cwd / 'output.log').read_text()}")
    return seconds, usage.ru_maxrss / 1024


def median(runs: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(run[0] for run in runs), max(run[1] for run in runs)


def repeated(times: int, arguments: list[str | Path], cwd: Path) -> tuple[float, float]:
    return median([measured(arguments, cwd) for _ in range(times)])


def row(
    command: str, copies: int, triples: int, own: tuple[float, float], floor: tuple[str, float]
) -> tuple[str, int, str]:
    """A line of the table, with what it is sorted by."""
    seconds, memory = own
    name, least = floor
    print(f"{command} of {copies}: {seconds:.2f} s", file=sys.stderr)
    return (
        command,
        copies,
        (
            f"| `kg {command}` | {copies} | {triples:,} | {seconds:.2f} | {memory:.0f} "
            f"| {name}: {least:.2f} | {seconds / least:.1f} |"
        ),
    )


def bench(folder: Path) -> Iterator[tuple[str, int, str]]:
    """The lines of the table as they are measured."""
    kg: list[str | Path] = ["-m", "kg"]
    for copies in SIZES:
        source = folder / f"source-{copies}"
        multiplied(copies, source)
        adding = []
        for run in range(RUNS["add"]):
            root = folder / f"news-{copies}-{run}"
            Workspace.create(root)
            adding.append(measured([*kg, "add", source], root))
        export = folder / f"{copies}.nq"
        measured([*kg, "export", "-o", export], root)
        triples = export.read_bytes().count(b"\n")
        parse, _ = repeated(3, ["-c", PARSE, export], folder)
        start, _ = repeated(RUNS["query"], ["-c", START], folder)
        question: list[str | Path] = ["query", "claims-by-actor", "--actor", "japan"]
        query = repeated(RUNS["query"], [*kg, *question], root)
        trig = repeated(RUNS["export"], [*kg, "export", "-o", folder / "kg.trig"], root)
        write, _ = repeated(3, ["-c", PARSE_AND_WRITE, export, folder / "rdflib.trig"], folder)
        checked = repeated(RUNS["validate"], [*kg, "validate"], root)
        yield row("add", copies, triples, median(adding), ("rdflib reads it", parse))
        yield row("query", copies, triples, query, ("import pyoxigraph", start))
        yield row("export", copies, triples, trig, ("rdflib reads and writes it", write))
        yield row("validate", copies, triples, checked, ("rdflib reads it", parse))


def main() -> None:
    """Print where this ran and the table."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "rdflib"))
    print(f"Python {platform.python_version()}, {packages}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as folder:
        rows = sorted(bench(Path(folder)), key=lambda row: (list(RUNS).index(row[0]), row[1]))
    print("| command | copies | quads | s | MB | floor: s | times the floor |")
    print("|---|--:|--:|--:|--:|---|--:|")
    print("\n".join(line for _, _, line in rows))
    print("\nValidation alone, beside pySHACL and pyrudof: `bench/shacl.py`.")


if __name__ == "__main__":
    main()

"""How many articles a second `kg add` reads, what each stage takes of that, and how it grows.

The articles are made of paragraphs of examples/newsroom, some five hundred words each, with other
names, numbers and days in every one. The register of that corpus is taken in first, so that names
are linked; the gate is the default; the store is on the disk. The figures are those of the whole
process with as many workers as there are cores, its memory that of all its processes together. The
peer, in the same run: the same articles read for names alone by a process that stores nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.document import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CORPUS = Path(__file__).resolve().parents[1] / "examples" / "newsroom"
WORDS = 500
KG = Path(sys.executable).with_name("kg")
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
FIRST = (
    "Ada Bruno Clara Dario Edda Felix Greta Hugo Ines Jonas Karla Leon Mira Nils Olga Pavel".split()
)
LAST = "Brenn Castell Dorval Estrin Falk Gorrin Halvar Ilvane Jorden Kestrel Lorne Morav".split()
MONTHS = "January February March April May June July August September October".split()


def articles(number: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Names and texts of so many articles, the same for the same seed."""
    texts = [
        read(file).text for file in sorted(CORPUS.iterdir()) if file.suffix in {".txt", ".html"}
    ]
    samples = [
        [piece for piece in re.split(r"\n+", text) if len(piece.split()) > 12] for text in texts
    ]
    rng = random.Random(seed)  # noqa: S311
    for count in range(number):
        person = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        pieces = rng.choice(samples)  # one genre to an article
        parts: list[str] = []
        while sum(len(part.split()) for part in parts) < WORDS:
            parts.append(_varied(rng.choice(pieces), person, rng))
        head = f"{person} on talks, day {count}"
        date = f"{rng.randint(1, 28)} {rng.choice(MONTHS)} {rng.randint(2029, 2032)}"
        yield f"article-{count:06}", "\n\n".join([head, date, *parts]) + "\n"


def _varied(piece: str, person: str, rng: random.Random) -> str:
    """A paragraph with other numbers, and with the person of the article in the place of one."""
    piece = re.sub(r"\b\d{2}\b", lambda _: str(rng.randint(11, 99)), piece)
    return re.sub(
        r"\b(Edrin Vask|Luco Maradi|Renzo Albarin|Bruno Fennaro)\b", person, piece, count=1
    )


def folder(number: int, place: Path) -> Path:
    """A folder with so many articles, one file each."""
    place.mkdir()
    for name, text in articles(number):
        (place / f"{name}.txt").write_text(text)
    return place


def run(command: list[str], cwd: Path) -> tuple[float, int]:
    """How many seconds a command takes as a whole, and the peak of memory of it and its children, in MB."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=COMPILED, stderr=subprocess.PIPE)
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.2):
            peak = max(peak, _memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, said = process.communicate()
    done.set()
    watcher.join()
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{said.decode()[-2000:]}")
    return time.perf_counter() - begin, peak


def _memory(pid: int) -> int:
    """The memory of a process and its children, in MB."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except (OSError, ValueError):
            continue
        if pid in {int(fields["Pid"]), int(fields["PPid"])} and "VmRSS" in fields:
            total += int(fields["VmRSS"].split()[0])
    return total // 1024


def add(number: int, scratch: Path) -> dict[str, Any]:
    """The figures of adding so many articles to a workspace with the register."""
    source = folder(number, scratch / f"articles-{number}")
    workspace = scratch / f"workspace-{number}"
    subprocess.run([KG, "init", str(workspace)], check=True, capture_output=True, env=COMPILED)
    register = [str(KG), "add", str(CORPUS / "entities.ttl")]
    subprocess.run(register, check=True, capture_output=True, cwd=workspace, env=COMPILED)
    seconds, memory = run([str(KG), "add", str(source)], workspace)
    characters = sum(len(file.read_text()) for file in source.iterdir())
    shutil.rmtree(source)
    return {
        "articles": number,
        "seconds": seconds,
        "memory": memory,
        "characters": characters,
        "workspace": workspace,
    }


class Stages:
    """The processor time of functions, taken out of that of those that call them."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._open: list[float] = []

    def watch(self, module: Any, name: str, stage: str) -> None:
        """Have the time of a function count for a stage."""
        function: Callable[..., Any] = getattr(module, name)

        def watched(*args: Any, **keywords: Any) -> Any:
            self._open.append(0.0)
            begin = time.process_time()
            try:
                return function(*args, **keywords)
            finally:
                whole = time.process_time() - begin
                self.spent[stage] += whole - self._open.pop()
                if self._open:
                    self._open[-1] += whole

        setattr(module, name, watched)


class _AtOnce(ThreadPoolExecutor):
    """Does what it is given at once, so that its time is told from that of others."""

    def submit(self, function: Any, /, *args: Any, **keywords: Any) -> Future[Any]:
        """The future of what has been done."""
        future: Future[Any] = Future()
        future.set_result(function(*args, **keywords))
        return future


def stages(number: int, scratch: Path) -> dict[str, float]:
    """The share of each stage, in one process without workers."""
    import kg.add
    import kg.annotate
    import kg.extract
    import kg.extract.compose
    import kg.extract.rules
    import kg.gate
    import kg.loading
    from kg.store.embedded import EmbeddedStore
    from kg.workspace import Workspace

    watch = Stages()
    watch.watch(kg.annotate, "document", "read: text, headline, date, noise")
    watch.watch(kg.extract.rules, "prose_of", "words, sentences, quotations")
    watch.watch(kg.extract.rules, "attributions", "who says what")
    for name in ("names", "dates", "numbers", "events"):
        watch.watch(kg.extract.compose, name, name)
    watch.watch(kg.extract.rules, "compose", "claims from all that")
    watch.watch(kg.extract, "complete", "check of offsets and references")
    watch.watch(kg.annotate, "sealed", "annotation as YAML")
    watch.watch(kg.annotate, "article_quads", "quads")
    watch.watch(kg.add.taking, "write_file", "files on the disk")
    watch.watch(kg.loading.Loading, "add", "note of what was made")
    watch.watch(kg.loading.Screen, "checked", "gate: SHACL")
    watch.watch(EmbeddedStore, "load", "store")
    kg.loading.ThreadPoolExecutor = _AtOnce  # type: ignore[attr-defined]
    watch.watch(kg.gate.Gate, "check", "gate: what is shared")
    watch.watch(kg.add, "add", "all the rest")
    source = folder(number, scratch / "articles-stages")
    workspace = Workspace.create(scratch / "workspace-stages")
    with workspace.writing() as store:
        kg.add.add(workspace, store, [CORPUS / "entities.ttl"])
        watch.spent.clear()
        report = kg.add.add(workspace, store, [source])
    if report.problems:
        sys.exit("\n".join(map(str, report.problems[:5])))
    return dict(watch.spent)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="*", default=[1_000, 2_000, 5_000])
    parser.add_argument(
        "--stages", type=int, default=500, help="articles for the share of each stage"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder_:
        scratch = Path(folder_)
        print(f"{os.cpu_count()} cores; articles of some {WORDS} words\n")
        print("| articles | seconds | articles a second | ms an article | memory, MB |")
        print("|---:|---:|---:|---:|---:|")
        for number in arguments.articles:
            found = add(number, scratch)
            rate = number / found["seconds"]
            print(
                f"| {number:,} | {found['seconds']:.1f} | {rate:.0f} | {1000 / rate:.1f}"
                f" | {found['memory']:,} |",
                flush=True,
            )
            shutil.rmtree(found["workspace"])
        if arguments.stages:
            spent = stages(arguments.stages, scratch)
            whole = sum(spent.values())
            print(
                f"\nOne process, {arguments.stages} articles, {1000 * whole / arguments.stages:.1f} ms each\n"
            )
            print("| stage | share | ms an article |")
            print("|---|---:|---:|")
            for stage, seconds in sorted(spent.items(), key=lambda item: -item[1]):
                each = 1000 * seconds / arguments.stages
                print(f"| {stage} | {100 * seconds / whole:.0f} % | {each:.2f} |")


if __name__ == "__main__":
    main()

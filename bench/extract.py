"""How many articles a second `kg add` reads, what each stage takes of that, and how it grows.

The articles are made of paragraphs of examples/newsroom, some five hundred words each, with other
names, numbers and days in every one. Those texts have half as many claims again as real news: their
paragraphs stand among plain ones, so that an article has the 1.3 quads to a word that the sixteen
Wikinews articles of the development data have. `--dense` leaves the plain ones out.

The register of that corpus is taken in first, so that names are linked; the gate is the default; the
store is on the disk. The figures are those of the whole process with as many workers as there are
cores, its memory that of all its processes together. The floor, in the same run: the engine's own
program loading the same quads, which reads nothing, checks nothing and writes no file of an article.

All files stay until the end: ext4 passes over inodes that were deleted within the last minutes, so
that after thousands of deletions a new file takes a millisecond or two.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import RdfFormat

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.process import COMPILED, run
from kg.document import read
from kg.store.embedded import EmbeddedStore
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CORPUS = Path(__file__).resolve().parents[1] / "examples" / "newsroom"
BACKGROUND = Path(__file__).with_name("background.txt")
PLAIN = 0.38
"""The share of plain paragraphs with which articles have as many quads to a word as real news."""
WORDS = 500
KG = Path(sys.executable).with_name("kg")
FIRST = (
    "Ada Bruno Clara Dario Edda Felix Greta Hugo Ines Jonas Karla Leon Mira Nils Olga Pavel".split()
)
LAST = "Brenn Castell Dorval Estrin Falk Gorrin Halvar Ilvane Jorden Kestrel Lorne Morav".split()
PLACES = "Aldwater|Brennick|Port Calder|Dunmere|Porto Lanza|Sant Orel|Tollan|Veyle".split("|")
MONTHS = "January February March April May June July August September October".split()


def articles(number: int, plain: float = PLAIN, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Names and texts of so many articles, the same for the same seed."""
    texts = [
        read(file).text for file in sorted(CORPUS.iterdir()) if file.suffix in {".txt", ".html"}
    ]
    samples = [
        [piece for piece in re.split(r"\n+", text) if len(piece.split()) > 12] for text in texts
    ]
    background = BACKGROUND.read_text().strip().split("\n\n")
    rng = random.Random(seed)  # noqa: S311
    for count in range(number):
        person = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        pieces = rng.choice(samples)  # one genre to an article
        parts: list[str] = []
        while sum(len(part.split()) for part in parts) < WORDS:
            if rng.random() < plain:
                parts.append(_filled(rng.choice(background), person, rng))
            else:
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


def _filled(piece: str, person: str, rng: random.Random) -> str:
    """A plain paragraph with the person of the article, a place and a number."""
    return piece.format(person=person, place=rng.choice(PLACES), number=rng.randint(11, 900))


def folder(number: int, place: Path, plain: float = PLAIN) -> Path:
    """A folder with so many articles, one file each."""
    place.mkdir()
    for name, text in articles(number, plain):
        (place / f"{name}.txt").write_text(text)
    return place


def add(number: int, plain: float, scratch: Path) -> dict[str, Any]:
    """The figures of adding so many articles to a workspace with the register."""
    source = folder(number, scratch / f"articles-{number}", plain)
    workspace = scratch / f"workspace-{number}"
    subprocess.run([KG, "init", str(workspace)], check=True, capture_output=True, env=COMPILED)
    register = [str(KG), "add", str(CORPUS / "entities.ttl")]
    subprocess.run(register, check=True, capture_output=True, cwd=workspace, env=COMPILED)
    seconds, processor, memory = run([str(KG), "add", str(source)], workspace)
    floor, quads = load(workspace, scratch)
    return {
        "articles": number,
        "seconds": seconds,
        "processor": processor,
        "memory": memory,
        "quads": quads,
        "floor": floor,
    }


def load(workspace: Path, scratch: Path) -> tuple[float, int]:
    """The seconds that the engine's own program takes for the quads of a workspace, and how many they are."""
    quads = scratch / f"{workspace.name}.nq"
    with Workspace.open(workspace).reading() as store, quads.open("wb") as out:
        assert isinstance(store, EmbeddedStore)  # noqa: S101
        store.engine.dump(out, format=RdfFormat.N_QUADS)
        number = len(store.engine)
    folder_ = scratch / f"{workspace.name}-loaded"
    engine = KG.with_name("oxigraph")
    seconds, _, _ = run([str(engine), "load", "-l", str(folder_), "-f", str(quads)], scratch)
    return seconds, number


class Stages:
    """The processor time of functions, taken out of that of those that call them.

    It is that of the thread: what the engine does beside it, in threads of its own, is told apart.
    """

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._open: list[float] = []

    def watch(self, module: Any, name: str, stage: str) -> None:
        """Have the time of a function count for a stage."""
        function: Callable[..., Any] = getattr(module, name)

        def watched(*args: Any, **keywords: Any) -> Any:
            self._open.append(0.0)
            begin = time.thread_time()
            try:
                return function(*args, **keywords)
            finally:
                whole = time.thread_time() - begin
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


def stages(number: int, plain: float, scratch: Path) -> dict[str, float]:
    """The share of each stage, in one process without workers."""
    import kg.add
    import kg.annotate
    import kg.extract
    import kg.extract.compose
    import kg.extract.rules
    import kg.files
    import kg.gate
    import kg.loading

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
    for name in ("write", "settle"):
        watch.watch(kg.files.Together, name, "files on the disk")
    watch.watch(kg.loading.Loading, "add", "note of what was made")
    watch.watch(kg.loading.Screen, "checked", "gate: SHACL")
    watch.watch(EmbeddedStore, "load", "store")
    kg.loading.ThreadPoolExecutor = _AtOnce  # type: ignore[attr-defined]
    watch.watch(kg.gate.Gate, "check", "gate: what is shared")
    watch.watch(kg.add, "add", "all the rest")
    source = folder(number, scratch / "articles-stages", plain)
    workspace = Workspace.create(scratch / "workspace-stages")
    with workspace.writing() as store:
        kg.add.add(workspace, store, [CORPUS / "entities.ttl"])
        watch.spent.clear()
        begin = time.process_time()
        report = kg.add.add(workspace, store, [source])
        store.flush()
        watch.spent["store"] += time.process_time() - begin - sum(watch.spent.values())
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
    parser.add_argument("--dense", action="store_true", help="articles without plain paragraphs")
    arguments = parser.parse_args()
    plain = 0.0 if arguments.dense else PLAIN
    with tempfile.TemporaryDirectory() as folder_:
        scratch = Path(folder_)
        print(f"{os.cpu_count()} cores; articles of some {WORDS} words\n")
        print(
            "| articles | quads each | seconds | articles a second | ms of processor each"
            " | memory, MB | times the floor |"
        )
        print("|---:|---:|---:|---:|---:|---:|---:|")
        for number in arguments.articles:
            found = add(number, plain, scratch)
            print(
                f"| {number:,} | {found['quads'] / number:,.0f} | {found['seconds']:.1f}"
                f" | {number / found['seconds']:.0f}"
                f" | {1000 * found['processor'] / number:.1f}"
                f" | {found['memory']:,} | {found['seconds'] / found['floor']:.1f} |",
                flush=True,
            )
        if arguments.stages:
            spent = stages(arguments.stages, plain, scratch)
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

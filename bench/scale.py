"""How `kg add` and its bulk road grow with the corpus, and how its load step stands beside the engine's.

    python bench/scale.py --sizes 1000 10000 100000 --folder /data/scale

Each road takes in the same corpus (corpus.py), in a workspace of its own with the register of the
newsroom, the default gate, and the store on the disk: the ordinary road, with as many processes as
there are cores; the bulk road with one and with two; Dask with two of its workers on this machine.
Time, processors and memory are those of the whole command with all processes that it starts. The
memory is PSS: a page that several share counts once.

The load step is `kg build` where the shards are there and .kg is not: what the bulk road does when
all articles are read, and the start of a process besides; once without the joining of what was
loaded, and once with it. Beside it the engine's own program loads the same quads, where the disk has
room for it as one file, which it then optimizes, and as an operator does it, out of the shards through a pipe;
`--lenient` is what makes it fastest. It reads no manifest, knows no graph and describes no date.

Every figure goes to a file as soon as it is there: what that has is not measured again, and the
tables are printed from it. --table only prints. A corpus of 100,000 takes 25 GB in the folder.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from shlex import join, quote
from typing import TYPE_CHECKING, Final

import zstandard
from pyoxigraph import Quad, RdfFormat, serialize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import corpus
from bench.extract import CORPUS, KG
from bench.figures import (
    BUILD,
    DASK,
    FILE,
    LOADED,
    ONE,
    OPTIMIZE,
    ORDINARY,
    PIPE,
    ROADS,
    SHARDS_ONE,
    SHARDS_TWO,
    TWO,
    Figures,
    Kept,
    tables,
)
from bench.process import FailedError, Spent, disk, run
from kg.shards import manifest, part
from kg.store import named_graphs
from kg.store.embedded import EmbeddedStore
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOAD = "load"
OPTIONS: Final[dict[str, Sequence[str]]] = {
    ORDINARY: (),
    ONE: ("--bulk", "--workers", "1"),
    TWO: ("--bulk", "--workers", "2"),
    DASK: ("--bulk", "--workers", "2", "--scheduler", "local"),
    SHARDS_ONE: ("--bulk", "--workers", "1", "--shards", "shards"),
    SHARDS_TWO: ("--bulk", "--workers", "2", "--shards", "shards"),
}
ROUNDS: Final = {2_000: 3}
"""How often the load step is measured up to so many articles, each time beside the engine's program."""
ROOM: Final = 250_000
"""Bytes of disk an article takes while the engine's program loads a file: the file and both stores."""


# ----- measuring


def made(articles: int, folder: Path) -> Path:
    """The corpus, made where it is not there."""
    file = folder / f"corpus-{articles}.jsonl"
    if not file.exists():
        new = file.with_suffix(".new")
        corpus.write(articles, new)
        new.replace(file)
    return file


def workspace(root: Path) -> Path:
    """A new workspace with the register."""
    shutil.rmtree(root, ignore_errors=True)
    for command in (["init", str(root)], ["add", str(CORPUS / "entities.ttl")]):
        cwd = root if root.exists() else root.parent
        run([KG, *command], cwd)
    return root


def place(articles: int, road: str, folder: Path) -> Path:
    """Where the workspace of a road is."""
    return folder / f"workspace-{articles}-{road.replace(' ', '-')}"


def add(articles: int, road: str, folder: Path, kept: Kept) -> Path:
    """Measure a road; the workspace that it made."""
    root = workspace(place(articles, road, folder))
    spent = run([KG, "add", *OPTIONS[road], made(articles, folder)], root)
    files = sum(disk(root / name) for name in ("articles", "bulk", "shards"))
    if "--shards" in OPTIONS[road]:
        kept.add(figures(articles, road, spent, in_shards(root / "shards"), 0, files))
    else:
        store = root / ".kg" / "store"
        kept.add(figures(articles, road, spent, counted(store), disk(store), files))
    return root


def figures(
    articles: int, road: str, spent: Spent, quads: int, store: int = 0, files: int = 0
) -> Figures:
    return Figures(
        when=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        articles=articles,
        road=road,
        seconds=round(spent.seconds, 2),
        processor=round(spent.processor, 2),
        memory=spent.memory,
        quads=quads,
        store=store,
        files=files,
    )


def counted(store: Path) -> int:
    """How many quads a store has."""
    with EmbeddedStore(store, read_only=True) as opened:
        return len(opened.engine)


def in_shards(folder: Path) -> int:
    """How many quads shards have: what is not in the graphs of articles may be said in several."""
    number = 0
    others: set[bytes] = set()
    for shard in folder.glob("*.nq.zst"):
        with shard.open("rb") as packed:
            raw = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
            for line in io.BufferedReader(raw):
                if b"/graph/article-" in line.rsplit(b" ", 2)[1]:
                    number += 1
                else:
                    others.add(line)
    return number + len(others)


_UNJOINED: Final = """
from kg.store.embedded import EmbeddedStore
EmbeddedStore.optimize = lambda store: None
from kg.cli import app
app()
"""


def load(articles: int, root: Path, folder: Path, kept: Kept) -> None:
    """Measure the load step of a workspace with shards, and the engine's own program beside it."""
    rounds = next((times for most, times in ROUNDS.items() if articles <= most), 1)
    packed, quads, loaded = (folder / name for name in ("quads.nq.zst", "quads.nq", "loaded"))
    write_quads(root, packed)
    shutil.rmtree(root / ".kg")
    roomy = shutil.disk_usage(folder).free > ROOM * articles
    if roomy:
        subprocess.run(["/usr/bin/env", "zstd", "-qdf", packed, "-o", quads], check=True)

    def ours() -> int:
        return counted(root / ".kg" / "store")

    def theirs() -> int:
        return counted(loaded)

    program = str(KG.with_name("oxigraph"))
    engine = [program, "load", "--lenient", "-l", str(loaded)]
    ways: dict[str, tuple[list[str], Callable[[], int]]] = {
        LOADED: ([sys.executable, "-c", _UNJOINED, "build"], ours),
        BUILD: ([str(KG), "build"], ours),
    }
    if roomy:
        ways[FILE] = ([*engine, "-f", str(quads)], theirs)
        ways[OPTIMIZE] = ([program, "optimize", "-l", str(loaded)], theirs)
    piped = f"zstd -dc {quote(str(packed))} | {join(engine)} --format nq"
    ways[PIPE] = (["bash", "-o", "pipefail", "-c", piped], theirs)
    for _ in range(rounds):
        for road, (command, count) in ways.items():
            spent = run(command, root)
            kept.add(figures(articles, road, spent, count()))
            if road != FILE:  # which comes to be optimized
                for left in (root / ".kg", loaded):
                    shutil.rmtree(left, ignore_errors=True)
    for file in (packed, quads):
        file.unlink(missing_ok=True)


def write_quads(root: Path, place: Path) -> None:
    """Write the quads of a store in the order in which it was given them, those of files last."""
    opened = Workspace.open(root)
    article = opened.iris.graph("article-").value
    shards = root / manifest.FOLDER
    with place.open("wb") as out, zstandard.ZstdCompressor().stream_writer(out) as packed:
        seen: set[str] = set()
        for line in manifest.read(shards).values():
            items = [item for item in part.index(shards, line.part) if item.key not in seen]
            seen.update(line.keys)
            for piece in part.quads(shards, line.part, items):
                packed.write(piece)
        with opened.reading() as store:
            for graph in named_graphs(store):
                if not graph.value.startswith(article):
                    found = (
                        Quad(t.subject, t.predicate, t.object, graph) for t in store.get(graph)
                    )
                    while some := list(islice(found, 10_000)):
                        packed.write(serialize(some, format=RdfFormat.N_QUADS) or b"")


def measure(sizes: Sequence[int], roads: Sequence[str], folder: Path, kept: Kept) -> None:
    """Measure what was not measured yet."""
    for articles in sizes:
        missing = [road for road in ROADS if road in roads and not kept.of(articles, road)]
        to_load = LOAD in roads and not kept.of(articles, BUILD)
        if to_load and TWO not in missing:
            missing.append(TWO)  # for its shards; the figures of it are two runs' then
        for road in missing:
            root = place(articles, road, folder)
            try:
                add(articles, road, folder, kept)
                if road == TWO and to_load:
                    load(articles, root, folder, kept)
            except FailedError as error:  # the others may do
                print(f"{articles} articles, {road}: {error}", file=sys.stderr)
            # A file for each article: where many have just been deleted, ext4 takes long for a new one.
            if road != ORDINARY:
                shutil.rmtree(root, ignore_errors=True)
    for articles in sizes:
        shutil.rmtree(place(articles, ORDINARY, folder), ignore_errors=True)


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--roads", nargs="+", choices=[*ROADS, LOAD], default=[*ROADS, LOAD])
    parser.add_argument("--folder", type=Path, help="where corpora and workspaces are made")
    parser.add_argument(
        "--results", type=Path, help="the file of figures; scale.jsonl in the folder"
    )
    parser.add_argument("--table", action="store_true", help="print what there is")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.folder or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        kept = Kept(arguments.results or folder / "scale.jsonl")
        if not arguments.table:
            measure(sorted(arguments.sizes), arguments.roads, folder, kept)
        print(tables(kept))


if __name__ == "__main__":
    main()

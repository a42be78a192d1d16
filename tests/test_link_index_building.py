"""Making an index: what goes wrong in a dump, and how what was interrupted goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.errors import ConfigError, InputError
from kg.link.offline import OfflineIndex
from kg.link.offline import building as building_module
from kg.link.offline import pieces as pieces_module
from kg.link.offline.building import build
from kg.link.offline.types import Wish, wanted
from tests.link_dump import LANGUAGES, WISH, array, content, triples, world, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Run


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfflineIndex]:
    """An index of our world."""
    folder = tmp_path_factory.mktemp("index")
    build(written(folder), folder / "world.kgi", WISH)
    with OfflineIndex(folder / "world.kgi") as found:
        yield found


def test_lines_that_are_broken_are_passed_over_and_told(tmp_path: Path) -> None:
    lines = array(world()).split(b"\n")
    lines[2] = b'{"type":"item","id":"Q9",'
    lines[4] = b'{"type":"item","id":"Qx","labels":{"en":{"value":"no"}}},'
    lines[5] = b'{"type":"item","id":"Q12","claims":{"P31":[17]}},'
    lines[6] = b"[1, 2],"
    made = build(written(tmp_path, content=b"\n".join(lines)), tmp_path / "rest.kgi", WISH)
    assert made.broken == (
        (3, "the line is cut off"),
        (5, "Qx is no id of an item"),
        (6, "this is not of the form of an entity"),
        (7, "this is no entity"),
    )
    assert made.counts["broken"] == 4
    assert made.counts["items"] == 4


def test_broken_triples_are_passed_over_and_told(tmp_path: Path) -> None:
    lines = triples(world()).split(b"\n")
    lines[3] = lines[3][:-9]
    lines.insert(5, b"nothing of the kind")
    made = build(written(tmp_path, "a.nt", b"\n".join(lines)), tmp_path / "rest.kgi", WISH)
    assert [line for line, _ in made.broken] == [4, 6]
    assert made.counts["items"] == 8


def test_a_dump_without_a_line_that_can_be_read_is_refused(tmp_path: Path, run: Run) -> None:
    dump = written(tmp_path, content=b"[\nnonsense\n]\n")
    answer = run("index", dump, "-o", tmp_path / "none.kgi")
    assert answer.code == 3
    assert "has no entity that can be read: line 2: " in answer.err
    assert not (tmp_path / "none.kgi").exists()
    written(tmp_path)  # mended
    assert run("index", dump, "-o", tmp_path / "none.kgi").code == 0


CUT: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "within a line": ("a.json", lambda content: content[:-40]),
    "between lines": ("a.json", lambda content: content[: content.rindex(b"\n", 0, -3) + 1]),
    "gzip": ("a.json.gz", lambda content: content[:-40]),
    "bzip2": ("a.json.bz2", lambda content: content[:-40]),
    "zstandard": ("a.json.zst", lambda content: content[:-40]),
    "triples in gzip": ("a.nt.gz", lambda content: content[:-9]),
    "triples": ("a.nt", lambda content: content[:-9]),
    "no gzip": ("a.json.gz", lambda content: b"no gzip at all" + content),
}


@pytest.mark.parametrize("way", CUT)
def test_a_dump_that_is_cut_off_is_refused_and_goes_on_when_it_is_whole(
    way: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, index: OfflineIndex
) -> None:
    monkeypatch.setattr(building_module, "START", 64)
    monkeypatch.setattr(pieces_module, "PIECE", 1000)
    name, cut = CUT[way]
    dump = written(tmp_path, name)
    whole = dump.read_bytes()
    dump.write_bytes(cut(whole))
    with pytest.raises(InputError, match=r"too soon|damaged"):
        build(dump, tmp_path / "cut.kgi", WISH)
    assert not (tmp_path / "cut.kgi").exists()
    dump.write_bytes(whole)
    build(dump, tmp_path / "cut.kgi", WISH)
    mine, other = content(tmp_path / "cut.kgi"), content(index.path)
    assert [mine[name] for name in ("items", "names", "words")] == [
        other[name] for name in ("items", "names", "words")
    ]


def test_the_ways_of_cutting_are_all_there() -> None:
    assert len(CUT) == 8


def test_lines_on_one_entity_stay_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = written(tmp_path, "a.nt")
    build(whole, tmp_path / "whole.kgi", WISH)
    for size in (64, 200, 1000):
        monkeypatch.setattr(pieces_module, "PIECE", size)
        build(whole, tmp_path / f"{size}.kgi", WISH)
        assert content(tmp_path / f"{size}.kgi") == content(tmp_path / "whole.kgi")


@pytest.mark.parametrize("name", ["b.json", "b.json.gz", "b.nt.bz2"])
def test_pieces_by_several_processes_are_as_one_by_one(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dump = written(tmp_path, name)
    build(dump, tmp_path / "one.kgi", WISH)
    monkeypatch.setattr(pieces_module, "PIECE", 500)
    monkeypatch.setattr(building_module, "_workers", lambda *_: 2)
    build(dump, tmp_path / "two.kgi", WISH)
    assert content(tmp_path / "two.kgi") == content(tmp_path / "one.kgi")


def test_names_are_indexed_in_batches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dump = written(tmp_path)
    build(dump, tmp_path / "one.kgi", WISH)
    monkeypatch.setattr(building_module, "BATCH", 2)
    build(dump, tmp_path / "two.kgi", WISH)
    assert content(tmp_path / "two.kgi") == content(tmp_path / "one.kgi")


class StoppedError(Exception):
    """What a test interrupts with."""


@pytest.mark.parametrize("step", ["read", "choose", "sort", "spell"])
def test_building_goes_on_from_any_step(
    step: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dump = written(tmp_path, "c.json.gz")
    monkeypatch.setattr(pieces_module, "PIECE", 700)
    monkeypatch.setattr(building_module, "BATCH", 4)
    build(dump, tmp_path / "whole.kgi", WISH)
    stops = 0
    seen: set[int] = set()
    while True:

        def stop(now: Any) -> None:
            if now.step == step and now.done not in seen:
                seen.add(now.done)
                raise StoppedError

        try:
            build(dump, tmp_path / "parts.kgi", WISH, progress=stop)
            break
        except StoppedError:
            stops += 1
    assert stops >= (1 if step in {"read", "sort"} else 2)
    assert content(tmp_path / "parts.kgi") == content(tmp_path / "whole.kgi")
    assert [file.name for file in tmp_path.glob("parts.kgi?*")] == []


KILLED = """
import multiprocessing, os, random, signal, sys, threading, time
from pathlib import Path
from kg.link.offline import building, pieces
from kg.link.offline.types import Wish, wanted

dump, output, seed, workers, delay = sys.argv[1:]
pieces.PIECE = 4000
building.BATCH = 50
building._workers = lambda *_: int(workers)


def end():
    time.sleep(random.Random(int(seed)).uniform(0, float(delay)))
    pids = [str(child.pid) for child in multiprocessing.active_children()]
    Path(output + ".pids").write_text(" ".join(pids))
    os.kill(os.getpid(), signal.SIGKILL)


def note(_):
    if float(delay) and threading.active_count() == 1:
        threading.Thread(target=end, daemon=True).start()
    time.sleep(0.001)  # so that all of it takes longer than all the delays together


if __name__ == "__main__":
    wish = Wish(types=wanted(()), languages=("en", "ja", "ru"))
    building.build(Path(dump), Path(output), wish, progress=note)
"""


@pytest.mark.parametrize("workers", [0, 2])
def test_a_kill_at_any_moment_loses_nothing(workers: int, tmp_path: Path) -> None:
    entities = [
        {**each, "id": f"Q{900100000 + number}"}
        for number, each in enumerate([each for each in world() if "id" in each] * 150)
    ]
    dump = written(tmp_path, "d.json", array([*world(), *entities]))
    build(dump, tmp_path / "whole.kgi", WISH)
    script, output = tmp_path / "go.py", tmp_path / "killed.kgi"
    script.write_text(KILLED)
    pids: list[str] = []
    kills = 6 if not workers else 2
    for seed in range(kills + 1):
        delay = 0.1 if seed < kills else 0
        arguments = map(str, (script, dump, output, seed, workers, delay))
        ended = subprocess.run(
            [sys.executable, *arguments], cwd=Path.cwd(), timeout=120, check=False
        )
        assert ended.returncode == (-signal.SIGKILL if delay else 0)
        if delay:
            pids += Path(f"{output}.pids").read_text().split()
    assert content(output) == content(tmp_path / "whole.kgi")
    assert [file.name for file in tmp_path.glob("killed.kgi?*")] == ["killed.kgi.pids"]
    assert bool(pids) == bool(workers)
    for _ in range(200):  # they end with the one who started them
        if all(map(_dead, pids)):
            return
        time.sleep(0.05)
    pytest.fail("a worker outlives the one who started it")


def _dead(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_other_wishes_do_not_mix_with_what_was_begun(tmp_path: Path) -> None:
    dump = written(tmp_path)

    def stop(_: Any) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        build(dump, tmp_path / "a.kgi", WISH, progress=stop)
    other = Wish(types=wanted(["people"]), languages=LANGUAGES)
    with pytest.raises(ConfigError, match="was begun from another dump or with other options"):
        build(dump, tmp_path / "a.kgi", other)
    assert not build(dump, tmp_path / "a.kgi", WISH).already
    (tmp_path / "a.kgi.spool").write_bytes(b"left behind by a kill at the very end")
    assert build(dump, tmp_path / "a.kgi", WISH).already
    assert not (tmp_path / "a.kgi.spool").exists()
    assert not build(dump, tmp_path / "a.kgi", other).already  # a finished one is replaced

"""Killed at any moment: the files are whole, and `kg build` goes on from them to the same store."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.add import add, take_up
from kg.workspace import Workspace
from tests import deadly
from tests.deadly import THEN

if TYPE_CHECKING:
    from collections.abc import Callable

    Export = Callable[[Workspace], bytes]
    Files = Callable[[Workspace], dict[str, bytes]]

pytestmark = pytest.mark.xdist_group("crash")  # one process makes the workspaces for all

ADD = """
import kg.add, kg.annotate, kg.build, kg.cli, kg.export, kg.loading, kg.workspace

deadly(EmbeddedStore, "load")
kg.loading.AT_ONCE = 10_000  # bytes: a few articles at a time
sys.argv = ["kg", *arguments]
at_every_moment(kg.cli.app)
"""


def at_every_moment(start: Path, folder: Path, *arguments: str | Path) -> tuple[list[Path], Path]:
    """The copies of a workspace in which a command was killed, and the one where it came through."""
    return deadly.at_every_moment(ADD, start, folder, *arguments, least=10)


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in THEN.items():
        monkeypatch.setenv(name, value)


def build_all(workspace: Workspace) -> None:
    with workspace.writing() as store:
        assert take_up(workspace, store).exit_code == 0


def add_all(workspace: Workspace, source: Path, *, replace: bool = False) -> None:
    with workspace.writing() as store:
        assert add(workspace, store, [source], replace=replace).exit_code == 0


def leftovers(root: Path) -> list[Path]:
    return list(root.rglob(".kg-*"))


def test_a_killed_add_leaves_files_that_build_to_the_same_store(
    tmp_path: Path, sample: Path, files_of: Files, export_of: Export, rebuilt: Export
) -> None:
    start = Workspace.create(tmp_path / "start")
    killed, done = at_every_moment(start.root, tmp_path / "killed", "add", sample)
    expected, exported = files_of(Workspace.open(done)), export_of(Workspace.open(done))
    assert len(killed) >= 20
    for root in killed:
        workspace = Workspace.open(root)
        for name, content in files_of(workspace).items():
            if ".kg-" not in name:  # each file is whole: the old one, the new one, or none
                assert content in (expected[name], files_of(start).get(name)), (root, name)
        build_all(workspace)
        assert leftovers(root) == []
        assert export_of(workspace) == rebuilt(workspace), root
        add_all(workspace, sample)
        assert files_of(workspace) == expected, root
        assert export_of(workspace) == exported, root


ARTICLES = 4
"""Small texts, of which each is written, and a few at a time are loaded."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """Workspaces in which the reading of some texts was killed, each at another moment."""

    start: Workspace
    texts: Path
    killed: list[Path]
    done: Workspace


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> CutOff:
    folder = tmp_path_factory.mktemp("cut-off")
    start, texts = Workspace.create(folder / "start"), folder / "texts"
    (start.root / "kg.toml").write_text('gate = "off"\n')  # other tests are about gates
    texts.mkdir()
    for n in range(ARTICLES):
        (texts / f"pier-{n}.txt").write_text(
            f"Pier {n} reopens\n\nPORT ELLERY, May {n + 1}, 2031 — “Pier {n} is safe again,” said"
            f" Mayor Ines Calder. About {n + 3} boats will return by June, according to Tam Orrin.\n"
        )
    start = Workspace.open(start.root)
    killed, done = at_every_moment(start.root, folder / "killed", "add", texts)
    assert len(killed) >= 4 * ARTICLES + 6
    return CutOff(start, texts, killed, Workspace.open(done))


def test_a_killed_reading_of_texts_is_finished_by_the_next_build(
    cut_off: CutOff, tmp_path: Path, files_of: Files, export_of: Export, rebuilt: Export
) -> None:
    expected, exported = files_of(cut_off.done), export_of(cut_off.done)
    before = files_of(cut_off.start)
    assert sum("/pier-" in name for name in expected) == 2 * ARTICLES
    for root in cut_off.killed:
        workspace = Workspace.open(Path(shutil.copytree(root, tmp_path / root.name)))
        half_way = files_of(workspace)
        for name, content in half_way.items():
            if ".kg-" not in name:  # each file is whole: the old one, the new one, or none
                assert content in (expected[name], before.get(name)), (root, name)
        build_all(workspace)
        assert leftovers(workspace.root) == []
        assert not (workspace.derived / "loading").exists()
        assert export_of(workspace) == rebuilt(workspace), root
        # A text that was written, and its annotation not, has been read by the build.
        pairs = {name.rpartition(".")[0] for name in half_way if "/pier-" in name}
        assert {name for name in files_of(workspace) if "/pier-" in name} == {
            f"{pair}{suffix}" for pair in pairs for suffix in (".txt", ".yaml")
        }
        add_all(workspace, cut_off.texts)
        assert (files_of(workspace), export_of(workspace)) == (expected, exported), root


def test_articles_that_are_taken_away_after_a_kill_leave_nothing_behind(
    cut_off: CutOff, tmp_path: Path, export_of: Export
) -> None:
    start = Workspace.open(Path(shutil.copytree(cut_off.start.root, tmp_path / "start")))
    build_all(start)
    loading = [root for root in cut_off.killed if (root / ".kg" / "loading").exists()]
    assert len(loading) >= 4  # before a load, within it, and at what follows
    for root in loading:
        workspace = Workspace.open(Path(shutil.copytree(root, tmp_path / root.name)))
        for file in workspace.articles.iterdir():
            file.unlink()
        build_all(workspace)
        assert export_of(workspace) == export_of(start), root


def test_a_killed_replacement_is_the_old_or_the_new_and_can_be_repeated(
    built_sample: Workspace,
    tmp_path: Path,
    sample: Path,
    files_of: Files,
    export_of: Export,
    rebuilt: Export,
) -> None:
    source = Path(shutil.copytree(sample, tmp_path / "source"))
    harbour = (source / "harbour.yaml").read_text()
    (source / "harbour.yaml").write_text(
        harbour.replace("min: 2", "min: 3").replace("A. Tester", "C. Tester")
    )
    killed, done = at_every_moment(
        built_sample.root, tmp_path / "killed", "add", "--replace", source
    )
    old, new = files_of(built_sample), files_of(Workspace.open(done))
    before, after = export_of(built_sample), export_of(Workspace.open(done))
    assert before != after
    for root in killed:
        workspace = Workspace.open(root)
        assert export_of(workspace) in (before, after), root  # never something in between
        build_all(workspace)
        assert files_of(workspace) in (old, new), root
        assert export_of(workspace) == rebuilt(workspace), root
        add_all(workspace, source, replace=True)
        assert (files_of(workspace), export_of(workspace)) == (new, after), root


def test_a_killed_build_is_finished_by_the_next(
    built_sample: Workspace, tmp_path: Path, export_of: Export
) -> None:
    """Something to add, to change and to remove at once."""
    start = Workspace.open(Path(shutil.copytree(built_sample.root, tmp_path / "start")))
    build_all(start)
    (start.graphs / "new.ttl").write_text("<x> a <y> .")
    (start.articles / "ferry.yaml").unlink()
    harbour = start.articles / "harbour.yaml"
    harbour.write_text(harbour.read_text().replace("min: 2", "min: 3"))
    killed, done = at_every_moment(start.root, tmp_path / "killed", "build")
    expected = export_of(Workspace.open(done))
    assert expected != export_of(start)
    for root in killed:
        build_all(Workspace.open(root))
        assert leftovers(root) == []
        assert export_of(Workspace.open(root)) == expected, root


def test_a_killed_build_of_a_whole_store_is_finished_by_the_next(
    built_sample: Workspace, tmp_path: Path, export_of: Export
) -> None:
    start = Path(shutil.copytree(built_sample.root, tmp_path / "start"))
    shutil.rmtree(start / ".kg")
    killed, _ = at_every_moment(start, tmp_path / "killed", "build")
    for root in killed:
        build_all(Workspace.open(root))
        assert export_of(Workspace.open(root)) == export_of(built_sample), root


def test_a_killed_init_can_be_repeated(tmp_path: Path) -> None:
    (tmp_path / "start").mkdir()
    killed, done = at_every_moment(tmp_path / "start", tmp_path / "killed", "init", "news")
    expected = {path.name: path.is_dir() or path.read_bytes() for path in (done / "news").iterdir()}
    for root in killed:
        if not (root / "news" / "kg.toml").exists():
            Workspace.create(root / "news")
        with Workspace.open(root / "news").writing():
            pass
        shutil.rmtree(root / "news" / ".kg")
        found = {
            path.name: path.is_dir() or path.read_bytes() for path in (root / "news").iterdir()
        }
        assert found == expected


@pytest.mark.parametrize("seed", range(4))
def test_a_real_kill_at_any_time_loses_nothing(
    fresh: Workspace, corpus: Path, export_of: Export, seed: int
) -> None:
    """With the founding corpus, the whole store made anew, and no word from inside the process."""
    expected = export_of(fresh)
    shutil.rmtree(fresh.derived)
    rng = random.Random(seed)  # noqa: S311
    command = [sys.executable, "-m", "kg", *(["build"] if seed % 2 else ["add", str(corpus)])]
    for _ in range(3):
        with subprocess.Popen(command, cwd=fresh.root, stderr=subprocess.DEVNULL) as process:
            # The whole takes about half a second: most of these kills come before its end.
            time.sleep(0.15 + 0.5 * rng.random())
            process.send_signal(signal.SIGKILL)
    build_all(fresh)
    assert export_of(fresh) == expected
    assert leftovers(fresh.root) == []


def test_a_kill_takes_the_processes_that_read_along(tmp_path: Path) -> None:
    workspace, texts = Workspace.create(tmp_path / "news"), tmp_path / "texts"
    texts.mkdir()
    for n in range(2_000):
        (texts / f"pier-{n}.txt").write_text(f"Pier {n}\n\nIt is safe, Mayor Ines Calder said.\n")
    command = [sys.executable, "-m", "kg", "add", "--workers", "2", str(texts)]
    with subprocess.Popen(command, cwd=workspace.root, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while len(workers := children(process.pid)) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(1)  # they are at work by now, or at least on their way
        process.send_signal(signal.SIGKILL)
    assert len(workers) >= 2
    while any(map(runs, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(runs, workers))


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    if not found.parent.parent.exists():
        pytest.skip("only Linux tells the children of a process")
    return [int(child) for child in found.read_text().split()]


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # nobody may be there to hear that it has ended


def test_two_builds_at_once_do_not_meet(fresh: Workspace, export_of: Export) -> None:
    expected = export_of(fresh)
    shutil.rmtree(fresh.derived)
    command = [sys.executable, "-m", "kg", "build"]
    several = [
        subprocess.Popen(command, cwd=fresh.root, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = [(process.communicate()[1], process.returncode) for process in several]
    assert {code for _, code in answers} <= {0, 4}
    assert 0 in {code for _, code in answers}
    for error, code in answers:
        if code == 4:
            assert re.search(r"in use by (process \d+ \(kg build, since|another process)", error)
    assert export_of(fresh) == expected
    assert os.listdir(fresh.articles)  # noqa: PTH208

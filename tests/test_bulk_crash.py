"""The bulk road, killed at any moment: the same command goes on, to the dataset of an undisturbed run.

In the first test the process ends, as with kill -9, where it would make the n-th call that changes
something on the disk or in the store, for every n. In the second, processes are killed in the middle
of their work: the one that the user started, or one that reads for it.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg import bulk
from kg.build import build
from kg.shards import manifest, part
from kg.workspace import Workspace
from tests.conftest import SLOW, plain_environment
from tests.deadly import THEN, at_every_moment
from tests.test_bulk import dataset, lines, loaded, ordinary, record

if TYPE_CHECKING:
    from tests.conftest import NewWorkspace

KILLS = 10 if SLOW else 2
MOMENTS = 25
"""Calls at least at which a run ends; fewer would mean that nobody makes those calls any more."""

ADD = """
import kg.bulk, kg.build, kg.shards.manifest, kg.supply
from kg.workspace import Workspace

def torn(folder, part):
    # A line of which half is on the disk.
    dying = dies()
    append(folder, part)
    if dying:
        place = folder / "manifest.jsonl"
        os.truncate(place, place.stat().st_size - 100)
        os._exit(9)

append, kg.shards.manifest.append = kg.shards.manifest.append, torn
kg.supply.AT_ONCE = 10_000  # bytes: a part at a time
kg.supply._PAUSE = 0

def add():
    wishes = kg.bulk.Wishes(documents=2)
    os._exit(kg.bulk.add(Workspace.open("."), arguments, wishes).exit_code)

at_every_moment(add)
"""

REMAKE = """
import kg.build
from kg.workspace import Workspace

def remake():
    workspace = Workspace.open(".")
    with workspace.writing() as store:
        code = kg.build.build(workspace, store).exit_code
    os._exit(code)

at_every_moment(remake)
"""

SHARDS = """
import kg.bulk
from kg.workspace import Workspace

def last(*given):
    # What comes before is killed elsewhere.
    global left
    left = moment
    return finish(*given)

finish, kg.bulk.operator.finish = kg.bulk.operator.finish, last

def add():
    global left, moment
    moment, left = left, 0
    wishes = kg.bulk.Wishes(documents=2, shards=Path("shards").resolve())
    os._exit(kg.bulk.add(Workspace.open("."), arguments, wishes).exit_code)

at_every_moment(add)
"""

RUN = """
import sys
from kg import bulk
from kg.workspace import Workspace
if __name__ == "__main__":
    wishes = bulk.Wishes(documents=3, workers=2)
    sys.exit(bulk.add(Workspace.open(sys.argv[1]), sys.argv[2:], wishes).exit_code)
"""


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in THEN.items():
        monkeypatch.setenv(name, value)


def finished(workspace: Workspace, *sources: Path) -> None:
    taken = bulk.add(workspace, [str(one) for one in sources], bulk.Wishes(documents=2))
    assert taken.exit_code == 0
    folder = workspace.root / manifest.FOLDER
    named = {
        f"{line.part}.{kind}.zst" for line in manifest.read(folder).values() for kind in line.sha256
    }
    assert {file.name for file in folder.iterdir()} == named | {manifest.NAME, ".lock"}
    keys = [key for line in manifest.read(folder).values() for key in line.keys]
    assert len(keys) == len({*keys})


def test_killed_at_any_call_it_goes_on(new: NewWorkspace, tmp_path: Path) -> None:
    source = lines(tmp_path / "news.jsonl", [record(n) for n in range(5)])
    expected = ordinary(new("ordinary"), source)
    start = new("start")
    killed, done = at_every_moment(ADD, start.root, tmp_path / "killed", source, least=MOMENTS)
    assert dataset(Workspace.open(done)) == expected
    for place in killed:
        workspace = Workspace.open(place)
        finished(workspace, source)
        assert dataset(workspace) == expected, place.name


def test_killed_while_shards_are_made_again_it_goes_on(new: NewWorkspace, tmp_path: Path) -> None:
    """Between the writing of a shard and that of its line, too, when they do not go together."""
    source = lines(tmp_path / "news.jsonl", [record(n) for n in range(3)])
    start, plain = new("start"), new("ordinary")
    finished(start, source)
    ordinary(plain, source)
    for workspace in (start, plain):
        file = workspace.root / "entities.ttl"
        iri = workspace.iris.thing("actor", "mayor")
        person = 'a kg:Actor ; kg:kind kgs:actor-person ; rdfs:label "Ada B."@en'
        file.write_text(f"{file.read_text()}{iri} {person} .\n")
        found = (
            item.entry
            for line in manifest.read(start.root / manifest.FOLDER).values()
            for item in part.index(start.root / manifest.FOLDER, line.part)
        )
        key = next(entry["text"] for entry in found if "ada-brenn" in entry["own"])
        gone = workspace.iris.thing("actor", f"{key}-ada-brenn")
        file = workspace.root / "analysis.ttl"
        judgement = workspace.iris.thing("judgement", "one")
        file.write_text(
            f"{file.read_text()}{judgement} a kg:Judgement ; kg:from {gone} ; kg:to {iri} ;"
            " kg:relation <http://purl.org/dc/terms/isReplacedBy> ;"
            " kg:status kgs:status-accepted .\n"
        )
    with plain.writing() as store:
        assert not build(plain, store).problems
    expected = dataset(plain)
    killed, done = at_every_moment(REMAKE, start.root, tmp_path / "killed", least=10)
    for place in (*killed, done):
        workspace = Workspace.open(place)
        with workspace.writing() as store:
            assert not build(workspace, store).problems, place.name
        assert dataset(workspace) == expected, place.name


def test_killed_while_copies_are_taken_out_of_shards_it_goes_on(
    new: NewWorkspace, tmp_path: Path
) -> None:
    some = [record(n, title=f"Headline {n}") for n in (0, 1, 1, 2)]
    source = lines(tmp_path / "copies.jsonl", some)
    expected = ordinary(new("ordinary"), source)
    start = new("start")
    killed, done = at_every_moment(SHARDS, start.root, tmp_path / "killed", source, least=7)
    for place in (*killed, done):
        workspace, folder = Workspace.open(place), place / "shards"
        wishes = bulk.Wishes(documents=2, shards=folder)
        assert bulk.add(workspace, [str(source)], wishes).exit_code == 0, place.name
        assert loaded(folder) == expected, place.name


@pytest.mark.parametrize("whom", ["run", "reader"])
def test_killed_in_the_middle_of_its_work_it_goes_on(
    whom: str, new: NewWorkspace, tmp_path: Path
) -> None:
    source = lines(tmp_path / "news.jsonl", [record(n) for n in range(24)])
    expected = ordinary(new("ordinary"), source)
    script = tmp_path / "run.py"
    script.write_text(RUN)
    rng = random.Random(8)  # noqa: S311
    killed = number = 0
    while killed < KILLS:
        number += 1
        workspace = new(f"bulk-{number}")
        code = None
        while code != 0:
            process = subprocess.Popen(
                [sys.executable, script, workspace.root, source], env=plain_environment(THEN)
            )
            victims = [process.pid]
            if whom == "reader":  # on a slow machine they come up when they come up
                while not (victims := children(process.pid)) and process.poll() is None:
                    time.sleep(0.05)
            time.sleep(rng.uniform(0.0 if whom == "reader" else 0.5, 2.5))
            if victims and process.poll() is None and killed < KILLS:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(rng.choice(victims), signal.SIGKILL)
                    killed += 1
            code = process.wait(timeout=100)
            assert code in {0, -signal.SIGKILL}
        assert dataset(workspace) == expected
    finished(workspace, source)
    for line in manifest.read(workspace.root / manifest.FOLDER).values():
        assert not line.faults, json.dumps(line.faults)


def children(pid: int) -> list[int]:
    """The processes that read for another."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text().rpartition(") ")[2].split()
            command = status.with_name("cmdline").read_bytes()
            if int(fields[1]) == pid and b"spawn_main" in command:
                found.append(int(status.parent.name))
    return found

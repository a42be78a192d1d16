"""What was loaded at different times is joined when that is worth it, and stays the same dataset."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from kg import add, bulk
from kg.errors import StoreError
from kg.store import embedded
from kg.store.embedded import EmbeddedStore
from tests.conftest import SLOW, plain_environment
from tests.test_bulk import lines, record

if TYPE_CHECKING:
    from pathlib import Path

    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace

TIMES = 3
"""Less often than has the engine join files by itself."""
KILLS = 10 if SLOW else 3


def quads(time_: int, number: int = 200) -> bytes:
    return "".join(
        f'<https://example.org/{time_}/{n}> <https://example.org/p> "{n}" <https://example.org/g> .\n'
        for n in range(number)
    ).encode()


def loaded(folder: Path, number: int = 200) -> EmbeddedStore:
    store = EmbeddedStore(folder)
    for time_ in range(TIMES):
        store.load(quads(time_, number))
    return store


def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have whatever was loaded joined, however little it is."""
    monkeypatch.setattr(embedded, "_MUCH", 1)
    monkeypatch.setattr(embedded, "_PART", 1 << 40)
    monkeypatch.setattr(embedded, "_FEW", 0)


def files(folder: Path) -> int:
    """The tables of a store; each load makes new ones."""
    return len([*folder.glob("*.sst")])


def test_what_was_loaded_often_is_as_if_loaded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch)
    with EmbeddedStore(tmp_path / "once") as once:
        once.load(b"".join(map(quads, range(TIMES))))
        expected = {*once.engine}
    least = files(tmp_path / "once")
    with loaded(tmp_path / "often") as often:
        assert files(tmp_path / "often") > 2 * least
        often.optimize()
        assert {*often.engine} == expected
    assert files(tmp_path / "often") <= least
    with EmbeddedStore(tmp_path / "often") as again:
        assert {*again.engine} == expected


def test_little_is_left_as_it_is(tmp_path: Path) -> None:
    with loaded(tmp_path / "store") as store:
        store.optimize()
        assert store._loaded  # what was joined counts no longer


def test_what_lies_in_good_order_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch)
    monkeypatch.setattr(embedded, "_tables", lambda _: [embedded._TABLE] * 3 + [1])
    with loaded(tmp_path) as store:
        monkeypatch.setattr(embedded, "_FEW", 1)
        store.optimize()
        assert store._loaded
        monkeypatch.setattr(embedded, "_FEW", 0)
        store.optimize()
        assert not store._loaded


def test_what_is_little_beside_all_there_is_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_MUCH", 1)
    monkeypatch.setattr(embedded, "_FEW", 0)
    folder = tmp_path / "store"
    with loaded(folder, 20_000) as store:
        store.optimize()
        joined = files(folder)
        store.optimize()  # nothing was loaded since
        store.load(quads(TIMES, 10))
        store.optimize()
        assert files(folder) > joined


def test_what_came_in_a_stream_is_joined_however_few_its_tables_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch)
    monkeypatch.setattr(embedded, "_FEW", 1 << 40)
    pieces = [quads(time_) for time_ in range(TIMES)]
    with EmbeddedStore(tmp_path) as store:
        store.load(quads(TIMES))
        store.optimize()
        assert store._loaded
        store.stream(map(memoryview, pieces))
        assert store._loaded == sum(map(len, [*pieces, quads(TIMES)]))
        store.optimize()
        assert not store._loaded
        store.load(quads(TIMES))
        store.optimize()
        assert store._loaded
        assert len(store.engine) == 200 * (TIMES + 1)


def test_a_store_in_memory_has_no_files_to_join() -> None:
    with EmbeddedStore() as store:
        store.load(quads(0))
        store._loaded = 1 << 40
        store.optimize()


def test_an_engine_that_cannot_is_told(tmp_path: Path) -> None:
    loaded(tmp_path / "store").close()
    with EmbeddedStore(tmp_path / "store", read_only=True) as store:
        store._loaded = 1 << 40
        with pytest.raises(StoreError, match="store: "):
            store.optimize()


@pytest.mark.parametrize("road", ["ordinary", "bulk"])
def test_what_is_added_is_joined(
    new: NewWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, road: str
) -> None:
    always(monkeypatch)
    joined: list[int] = []
    optimize = EmbeddedStore.optimize

    def counted(store: EmbeddedStore) -> None:
        optimize(store)
        joined.append(store._loaded)

    monkeypatch.setattr(EmbeddedStore, "optimize", counted)
    taken_in(road, new(road), tmp_path)
    assert 0 in joined


@pytest.mark.parametrize("road", ["ordinary", "bulk"])
def test_that_it_could_not_be_joined_is_told(
    new: NewWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, road: str
) -> None:
    def full(_: EmbeddedStore) -> None:
        raise StoreError("no space left on the disk")

    monkeypatch.setattr(EmbeddedStore, "optimize", full)
    with pytest.raises(StoreError, match="no space left"):
        taken_in(road, new(road), tmp_path)


def taken_in(road: str, workspace: Workspace, folder: Path) -> None:
    source = lines(folder / "news.jsonl", [record(n) for n in range(3)])
    if road == "bulk":
        assert bulk.add(workspace, [str(source)], bulk.Wishes()).exit_code == 0
    else:
        with workspace.writing() as store:
            assert not add.add(workspace, store, [source]).problems


JOIN = """
import sys
from kg.store import embedded
embedded._FEW = 0
store = embedded.EmbeddedStore(sys.argv[1])
store._loaded = 1 << 40
print("going", flush=True)
store.optimize()
print("done", flush=True)
"""


def test_killed_while_it_joins_a_store_is_what_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with loaded(folder, 30_000) as store:
        expected = {*store.engine}
    rng = random.Random(1)  # noqa: S311
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", JOIN, folder],
            stdout=subprocess.PIPE,
            env=plain_environment({}),
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"going\n"
        time.sleep(rng.uniform(0, 0.2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with EmbeddedStore(folder, read_only=True) as found:
            assert {*found.engine} == expected

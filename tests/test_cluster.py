"""The bulk road on a Dask cluster: the same bytes as here, whoever makes them, and whoever dies."""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import Future
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

pytest.importorskip("distributed")

from distributed import Client
from distributed.client import ClosedClientError

from kg import bulk
from kg.annotate import Reader
from kg.annotate.pool import Pool
from kg.bulk import Progress, Wishes, carrying, cluster
from kg.bulk.making import Task, parted
from kg.bulk.workers import Given, _made, parts
from kg.errors import ServiceError
from kg.intake import Options, sources
from kg.moment import today
from kg.note import maker
from kg.shards import manifest
from tests.conftest import SLOW, make, plain_environment
from tests.dask_cluster import PATIENCE, Cluster
from tests.deadly import THEN
from tests.test_bulk import dataset, lines, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.intake import Fault, Raw
    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace, Run

pytestmark = pytest.mark.xdist_group("cluster")

RECORDS = 12
DOCUMENTS = 2
PARTS = 6
KILLS = 30
"""Deaths at random moments in the long run."""

RUN = """
import os
import signal
import sys
from kg import bulk
from kg.errors import ServiceError
from kg.intake import Fault
from kg.workspace import Workspace
if __name__ == "__main__":
    workspace, source, scheduler, left = sys.argv[1:]
    left = int(left)

    def advance(now):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    wishes = bulk.Wishes(documents=2, scheduler=scheduler, progress=advance)
    try:
        sys.exit(bulk.add(Workspace.open(workspace), [source], wishes).exit_code)
    except ServiceError as error:
        sys.exit(error.exit_code)
"""


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in THEN.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of one worker, to which a test adds another one."""
    with Cluster(tmp_path_factory.mktemp("cluster") / "dask") as started:
        started.worker()
        yield started


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    return lines(folder / "news.jsonl", [record(n) for n in range(RECORDS)])


@pytest.fixture(scope="module")
def expected(source: Path) -> tuple[dict[str, bytes], list[str]]:
    """What one process makes."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in THEN.items():
            patch.setenv(name, value)
        workspace = make(source.with_name("expected"))
        add(workspace, source)
    return bytes_of(workspace), dataset(workspace)


def add(workspace: Workspace, source: Path, **wishes: Any) -> bulk.Taken:
    taken = bulk.add(workspace, [str(source)], Wishes(documents=DOCUMENTS, **wishes))
    assert taken.exit_code == 0
    return taken


def bytes_of(workspace: Workspace) -> dict[str, bytes]:
    folder = workspace.root / manifest.FOLDER
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def when(step: int, act: Callable[[], None]) -> Callable[[Progress], None]:
    """Something to do once so many parts are there."""
    done = 0

    def advance(now: Progress) -> None:
        nonlocal done
        done += now.step == "articles"
        if now.step == "articles" and done == step:
            act()

    return advance


def test_what_a_cluster_makes_is_the_same_to_the_byte(
    new: NewWorkspace, running: Cluster, source: Path, expected: tuple[dict[str, bytes], list[str]]
) -> None:
    assert len(expected[0]) == 3 * PARTS + 2  # and the manifest, and the lock
    one = new("one")
    taken = add(one, source, scheduler=running.address)
    assert taken.articles == RECORDS
    assert (bytes_of(one), dataset(one)) == expected
    assert len(running.given()) == 1  # though it made six parts

    def join() -> None:
        running.slow(len(running.given()) + 1)
        running.worker()
        running.wait(2)

    two = new("two")
    add(two, source, scheduler=running.address, progress=when(2, join))
    assert (bytes_of(two), dataset(two)) == expected
    first, *both = running.given()
    assert len(both) == 2
    assert first in both
    assert len({*both}) == 2


@pytest.mark.skipif(not SLOW, reason="starts another cluster: KG_SLOW=1 runs it")
def test_a_local_cluster_makes_the_same_and_leaves_nothing(
    new: NewWorkspace,
    source: Path,
    expected: tuple[dict[str, bytes], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    workspace = new()
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    add(workspace, source, scheduler="local", workers=1)
    assert (bytes_of(workspace), dataset(workspace)) == expected
    assert not multiprocessing.active_children()
    assert not [*scratch.iterdir()]
    assert not [*here.iterdir()]


def test_shards_of_a_cluster_are_those_of_one_process(
    new: NewWorkspace, running: Cluster, source: Path, tmp_path: Path
) -> None:
    found = []
    for name, scheduler in (("here", None), ("there", running.address)):
        folder = tmp_path / name
        add(new(f"news-{name}"), source, shards=folder, scheduler=scheduler)
        found.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert found[0] == found[1]
    assert "rest.nq.zst" in found[0]


def test_a_worker_that_is_killed_costs_nothing_but_time(
    new: NewWorkspace, running: Cluster, source: Path, expected: tuple[dict[str, bytes], list[str]]
) -> None:
    workspace = new()
    given = len(running.given())

    killed: set[int] = set()

    def kill() -> None:
        killed.update(running.given()[given:])
        for pid in killed:
            running.kill(pid)

    add(workspace, source, scheduler=running.address, progress=when(2, kill))
    assert (bytes_of(workspace), dataset(workspace)) == expected
    assert killed
    assert {*running.given()[given:]} - killed  # the nannies have started others


def test_a_client_that_is_killed_goes_on(
    new: NewWorkspace, running: Cluster, source: Path, expected: tuple[dict[str, bytes], list[str]]
) -> None:
    workspace = new()
    assert client(workspace, source, running.address, "2").wait(PATIENCE) == -signal.SIGKILL
    assert len(manifest.read(workspace.root / manifest.FOLDER)) == 2
    taken = add(workspace, source, scheduler=running.address)
    assert taken.known == 2 * DOCUMENTS
    assert (bytes_of(workspace), dataset(workspace)) == expected


def client(
    workspace: Workspace, source: Path, address: str, last: str = "0"
) -> subprocess.Popen[bytes]:
    """A command of its own, which kills itself after so many parts, if any."""
    script = source.with_name("client.py")
    script.write_text(RUN)
    return subprocess.Popen(
        [sys.executable, script, workspace.root, source, address, last], env=plain_environment(THEN)
    )


@pytest.mark.skipif(not SLOW, reason="starts another cluster: KG_SLOW=1 runs it")
def test_a_scheduler_that_is_killed_is_told_and_another_one_goes_on(
    new: NewWorkspace,
    running: Cluster,
    source: Path,
    expected: tuple[dict[str, bytes], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace = new()
    with Cluster(tmp_path / "short") as short:
        with monkeypatch.context() as patch:
            patch.setattr(cluster, "_PATIENCE", 0.1)
            with pytest.raises(ServiceError, match="there has been no worker for"):
                add(workspace, source, scheduler=short.address)
        short.worker("--no-nanny")
        kill = when(2, short.processes[0].kill)
        with pytest.raises(ServiceError, match="the scheduler is gone") as told:
            add(workspace, source, scheduler=short.address, progress=kill)
        assert (
            told.value.hint == "what was made is kept: start it again, then give the same command"
        )
    assert 2 <= len(manifest.read(workspace.root / manifest.FOLDER)) < PARTS
    add(workspace, source, scheduler=running.address)
    assert (bytes_of(workspace), dataset(workspace)) == expected


def test_workers_with_another_kg_are_told_before_anything_is_made(
    new: NewWorkspace, running: Cluster, run: Run, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = new()
    monkeypatch.setattr(
        carrying, "version", lambda name: "0.0.1" if name == "newskg" else version(name)
    )
    found = run("add", "--bulk", source, "--scheduler", running.address, cwd=workspace.root)
    assert found.code == 5
    complaint, hint = found.err.splitlines()[-2:]
    pattern = r"kg: error: tcp://\S+ \(the scheduler\): has newskg \S+, where here it is 0\.0\.1"
    assert re.fullmatch(pattern, complaint), complaint
    assert hint == "kg: hint: install the same everywhere, the scheduler's machine too"
    assert not manifest.read(workspace.root / manifest.FOLDER)


def test_a_worker_that_joins_late_is_looked_at_by_itself() -> None:
    ours = {"python": "3.13", "newskg": "1.0"}
    carrying.compare("tcp://127.0.0.1:1", ours, {**ours, "dask": "2026.1"})
    for theirs in ({**ours, "python": "3.12"}, {"python": "3.13"}):
        with pytest.raises(ServiceError, match=r"^tcp://127\.0\.0\.1:1: has (python 3|newskg not)"):
            carrying.compare("tcp://127.0.0.1:1", ours, theirs)


WRONG = (
    ("tcp://127.0.0.1:9", 5, "no scheduler answers"),
    ("127.0.0.1:9", 2, "is no address of a scheduler"),
    ("carrier://127.0.0.1:9", 2, "is no address of a scheduler"),
    ("http://127.0.0.1:9", 2, "is no address of a scheduler"),
    ("tcp://127.0.0.1", 2, "is no address of a scheduler"),
    ("tcp://", 2, "is no address of a scheduler"),
    ("tcp://127.0.0.1:nine", 2, "is no address of a scheduler"),
    ("tcp://127.0.0.1:9/here", 2, "is no address of a scheduler"),
    ("tls://127.0.0.1:9", 2, "Dask's settings name no certificates"),
)


@pytest.mark.parametrize(("address", "code", "words"), WRONG)
def test_what_is_no_scheduler_is_told_in_a_line(
    address: str,
    code: int,
    words: str,
    new: NewWorkspace,
    run: Run,
    source: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT", 0.5)
    found = run("add", "--bulk", source, "--scheduler", address, cwd=new().root)
    assert found.code == code
    complaint, hint = found.err.splitlines()
    assert complaint.startswith(f"kg: error: {address}: {words}")
    assert hint.startswith("kg: hint: ")


def test_what_listens_and_says_nothing_is_told_in_a_line(
    new: NewWorkspace, run: Run, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_CONNECT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        found = run("add", "--bulk", source, "--scheduler", address, cwd=new().root)
    assert found.code == 5
    assert found.err.startswith(f"kg: error: {address}: no scheduler answers: nothing was said")


def test_a_worker_is_no_scheduler(
    new: NewWorkspace, running: Cluster, run: Run, source: Path
) -> None:
    running.wait(1)
    with Client(running.address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        address = min(client.nthreads())
    found = run("add", "--bulk", source, "--scheduler", address, cwd=new().root)
    assert found.code == 5
    assert found.err.startswith(f"kg: error: {address}: no scheduler answers: it is a Worker")


def test_processes_that_do_not_come_up_are_told_in_a_line(
    new: NewWorkspace, run: Run, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(**_: object) -> object:
        raise RuntimeError("Cluster failed to start")

    monkeypatch.setattr(cluster, "LocalCluster", failing)
    found = run("add", "--bulk", source, "--scheduler", "local", cwd=new().root)
    assert found.code == 5
    assert found.err.startswith("kg: error: local: the workers do not come up: Cluster failed")


class Answer:
    """What a cluster has not answered, or what its worker raised."""

    def __init__(self, raised: Exception | None = None) -> None:
        self.raised = raised

    def done(self) -> bool:
        return self.raised is not None

    def result(self, timeout: float | None = None) -> object:  # noqa: ARG002
        raise self.raised or TimeoutError


class Answering:
    """A client of Dask's that answers each call with what it is given."""

    status = "running"

    def __init__(self, raised: Exception | None = None, answers: object = None) -> None:
        self.raised, self.answers = raised, answers

    def __getattr__(self, _: str) -> Callable[..., Any]:
        def call(*_: object, **__: object) -> Any:
            if self.raised is not None:
                raise self.raised
            return self.answers

        return call


class Closed(Answering):
    status = "closed"


def reached(client: object, workspace: Workspace) -> cluster.Cluster:
    reader = Reader(workspace.settings, workspace.register(), workspace.iris)
    given = Given(reader, maker(workspace))
    return cluster.Cluster(client, "tcp://head:1", given, workspace.root, lambda _: None)


@pytest.mark.parametrize("error", [ClosedClientError(), AttributeError("scheduler"), OSError()])
def test_a_client_that_dask_has_closed_is_told_in_a_line(
    error: Exception, new: NewWorkspace
) -> None:
    found = reached(Closed(error), new())
    for call in (lambda: found.submit(print), lambda: found.ahead):
        with pytest.raises(ServiceError, match="tcp://head:1: the scheduler is gone"):
            call()
    if isinstance(error, AttributeError):  # a bug of ours stays one
        with pytest.raises(AttributeError):
            reached(Answering(error), new("other")).submit(print)


def test_what_a_worker_raises_is_not_waited_for(new: NewWorkspace) -> None:
    found = reached(Answering(answers={"tcp://1": 1}), new())
    with pytest.raises(ServiceError, match="too slow"):
        found.result(Answer(TimeoutError("too slow")))  # type: ignore[arg-type]


def test_an_answer_that_takes_longer_than_the_look_for_workers_arrives(
    new: NewWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, large = new(), 1_000_000
    reader = Reader(workspace.settings, workspace.register(), workspace.iris)
    given = Given(reader, maker(workspace))
    with cluster.cluster(cluster.LOCAL, given, workspace.root, workers=1) as found:
        lengths: list[int] = []
        for number in range(250):
            monkeypatch.setattr(cluster, "_PAUSE", 0.001 + number % 8 * 0.0004)
            lengths.append(len(found.result(found._client.submit(bytes, large + number))))
    assert lengths == [large + number for number in range(250)]


def test_a_worker_that_dies_while_others_get_ready_ends_nothing(
    new: NewWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = new()
    monkeypatch.setattr(cluster.Cluster, "_alike", lambda *_: None)
    ready = Answering(answers={"tcp://1": OSError("gone")})
    ready.nthreads = lambda: {"tcp://2": 1}  # type: ignore[attr-defined]
    reached(ready, workspace).prepare()
    ready.answers = {"tcp://1": ValueError("another kg")}
    with pytest.raises(ServiceError, match="tcp://1: a worker is not fit: another kg"):
        reached(ready, workspace).prepare()


class Place(NamedTuple):
    """What is asked of a worker's process, without the process."""

    plugins: dict[str, carrying.Carrier]
    local_directory: str
    address: str = "tcp://1"


def carrier(workspace: Workspace, *about: str) -> carrying.Carrier:
    reader = Reader(workspace.settings, workspace.register(), workspace.iris)
    given = Given(reader, maker(workspace))
    one, other = about or carrying.about_of(given)
    return carrying.Carrier(carrying.pack(given), "mark", (one, other))


def test_a_moment_that_one_run_has_set_is_not_that_of_the_next(
    new: NewWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = new()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    first = carrier(workspace)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    place: Any = Place({"first": first, "next": carrier(workspace)}, str(tmp_path))
    assert carrying._answer(place, "first", "mark", day, ()) == "2001-09-09"
    assert "SOURCE_DATE_EPOCH" not in os.environ
    assert carrying._answer(place, "next", "mark", day, ()) > "2001-09-09"


def day(_: Given) -> str:
    return today()


def test_a_worker_with_another_extractor_is_told_before_its_first_part(
    new: NewWorkspace, tmp_path: Path
) -> None:
    workspace = new()
    place: Any = Place({"kg": carrier(workspace, "rules", "0")}, str(tmp_path))
    with pytest.raises(
        ServiceError, match=r"tcp://1: reads with rules \S+, where here it is rules 0"
    ):
        carrying._answer(place, "kg", "mark", print, ())


def test_a_part_is_made_where_the_worker_has_its_own_folder(
    new: NewWorkspace, tmp_path: Path, source: Path
) -> None:
    (task,) = parted("news", sources(str(source), options=Options()), salt="")
    place: Any = Place({"kg": carrier(new())}, str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError, match="none"):
        carrying._answer(place, "kg", "mark", _made, (task,))
    (tmp_path / "none").mkdir()
    done = carrying._answer(place, "kg", "mark", _made, (task,))
    assert len(done.line.keys) == RECORDS
    assert not [*(tmp_path / "none").iterdir()]


class Dying(Pool):
    """Workers that blame what they were at, and die of some documents; no part is made in this process."""

    blames = True
    deadly: frozenset[int] = frozenset()
    alive: frozenset[int] = frozenset()

    def submit(self, call: Callable[..., Any], *asked: Any) -> Future[Any]:
        answer: Future[Any] = Future()
        (one,) = asked
        places = {*range(len(one.raws))} - one.dead if isinstance(one, Task) else {number(one)}
        if len(places) > 1 and self.deadly - self.alive <= places:
            self.parts = getattr(self, "parts", 0) + 1
        if places & self.deadly and not (len(places) == 1 and places & self.alive):
            answer.set_exception(self.death())
        else:
            answer.set_result(call(self.given, *asked))
        return answer

    def works(self) -> bool:
        return True


def number(raw: Raw) -> int:
    return int(str(raw.name).rpartition("-")[2])


@pytest.mark.parametrize(("alone", "lost"), [(True, 1), (False, RECORDS)])
def test_what_workers_die_of_is_never_read_in_this_process(
    alone: bool, lost: int, new: NewWorkspace, source: Path, tmp_path: Path
) -> None:
    """Where single documents are survived and all of them are not, the part is given up."""
    workspace = new()
    reader = Reader(workspace.settings, workspace.register(), workspace.iris)
    given = Given(reader, maker(workspace), tmp_path)
    (task,) = parted("news", sources(str(source), options=Options()), salt="")
    assert isinstance(task, Task)
    workers = Dying(given, 2)
    workers.deadly = frozenset({5})
    workers.alive = frozenset() if alone else frozenset({5})
    ((_, done),) = parts(workers, [task], tmp_path, given)
    assert len(done.faults) == lost
    assert len(done.line.keys) == RECORDS - lost
    assert workers.parts == (1 if alone else 1 + 3)  # it is not given again as it was


class Lying(Pool):
    """Workers between whom and us something changes a byte."""

    def result(self, answer: Future[Any]) -> Any:
        done = answer.result()
        return replace(done, files={kind: data[:-1] + b"!" for kind, data in done.files.items()})


def test_what_changed_on_its_way_is_refused(
    new: NewWorkspace, source: Path, tmp_path: Path
) -> None:
    workspace = new()
    reader = Reader(workspace.settings, workspace.register(), workspace.iris)
    given = Given(reader, maker(workspace))
    (task,) = parted("news", sources(str(source), options=Options()), salt="")
    assert isinstance(task, Task)
    with pytest.raises(ServiceError, match="news: a part came back as what it was not made as"):
        [*parts(Lying(given, 1), [task], tmp_path, given)]
    assert not [*tmp_path.glob("*.zst")]
    ((_, done),) = parts(Pool(given, 1), [task], tmp_path, given)
    assert len(done.line.keys) == RECORDS
    assert len([*tmp_path.glob("*.zst")]) == 3


def test_a_cluster_has_the_workers_that_it_has(new: NewWorkspace, run: Run, source: Path) -> None:
    address = ("--scheduler", "tcp://127.0.0.1:9", "--workers", "2")
    found = run("add", "--bulk", source, *address, cwd=new().root)
    assert found.code == 2
    assert found.err.startswith("kg: error: --workers does not go with the address of a scheduler")


def test_what_is_missing_elsewhere_is_not_taken_for_dask(
    new: NewWorkspace, run: Run, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> object:
        raise ModuleNotFoundError("No module named 'spacy'", name="spacy")

    monkeypatch.setattr(bulk, "add", failing)
    found = run("add", "--bulk", source, "--scheduler", "local", cwd=new().root)
    assert "newskg[cluster]" not in found.err


def test_it_goes_with_bulk_alone(new: NewWorkspace, run: Run, source: Path) -> None:
    found = run("add", source, "--scheduler", "local", cwd=new().root)
    assert (found.code, found.err) == (2, "kg: error: --scheduler goes with --bulk\n")


def test_the_cases_are_counted() -> None:
    assert (PARTS, len(WRONG)) == (RECORDS / DOCUMENTS, 9)


@pytest.mark.skipif(not SLOW, reason="waits for workers to come up anew: KG_SLOW=1 runs it")
def test_a_document_that_no_worker_survives_is_told(new: NewWorkspace, tmp_path: Path) -> None:
    records = [record(n) for n in range(RECORDS)]
    records[5]["text"] = f"{records[5]['text']}\nDEADLY\n"
    source = lines(tmp_path / "deadly.jsonl", records)
    workspace = new()
    told: list[Fault] = []
    environment = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with Cluster(tmp_path / "dask", environment) as its:
        its.worker()
        wishes = Wishes(documents=8, scheduler=its.address, complain=told.append)
        taken = bulk.add(workspace, [str(source)], wishes)
    assert [str(fault) for fault in told] == [f"{source}:6: the process that read it has died"]
    assert (taken.exit_code, taken.articles, taken.failed) == (1, RECORDS - 1, 1)


@pytest.mark.skipif(not SLOW, reason="takes minutes: KG_SLOW=1 runs it")
def test_killed_at_random_moments_it_goes_on(
    new: NewWorkspace, source: Path, expected: tuple[dict[str, bytes], list[str]], tmp_path: Path
) -> None:
    rng = random.Random(8)  # noqa: S311
    killed = Counter[str]()
    number = 0
    while killed.total() < KILLS:
        number += 1
        workspace = new(f"bulk-{number}")
        code = None
        with Cluster(tmp_path / f"dask-{number}") as its:
            for _ in range(2):
                its.worker()
            its.wait(2)
            while code != 0:
                process = client(workspace, source, its.address)
                time.sleep(rng.uniform(1.0, 5.0))
                victims = {"client": process.pid, "scheduler": its.processes[0].pid}
                victims |= {"worker": rng.choice(its.given())} if its.given() else {}
                whom = rng.choice(sorted(victims))
                if process.poll() is None and killed.total() < KILLS:
                    its.kill(victims[whom])
                    killed[whom] += 1
                code = process.wait(timeout=200)
                assert code in {0, 5, -signal.SIGKILL}
                if whom == "scheduler":
                    break
        add(workspace, source)
        assert (bytes_of(workspace), dataset(workspace)) == expected
    assert {*killed} == {"client", "scheduler", "worker"}

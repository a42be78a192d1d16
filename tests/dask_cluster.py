"""A Dask cluster of real processes on loopback, for tests: any of them can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.conftest import ROOT, plain_environment
from tests.deadly import THEN

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE = 60
"""Seconds for a process to come up on a machine that is busy."""

NOTING = """
import os, pathlib, time
from kg.annotate import Reader

given, slow = pathlib.Path(os.environ["GIVEN"]), pathlib.Path(os.environ["SLOW"])

def unpacked(reader, state):
    # A line for each time that a worker is given a reader.
    reader.__dict__.update(state)
    with given.open("a") as out:
        out.write(f"{os.getpid()}\\n")

def deadly(reader, raw):
    # What a text does that takes more memory than there is.
    if b"DEADLY" in raw.content:
        os._exit(9)
    for _ in range(20):
        if not slow.exists() or len(given.read_text().split()) >= int(slow.read_text()):
            break
        time.sleep(0.1)  # that others take a part, who are there by then
    return read(reader, raw)

if Reader.read.__name__ != "deadly":  # Dask may run this twice in one process
    read, Reader.read = Reader.read, deadly
    Reader.__setstate__ = unpacked
"""
"""What each worker runs before all else: it notes who is given a reader, and dies of some texts, or is slow."""


@dataclass(slots=True)
class Cluster:
    """A scheduler, and workers that are started again when they die."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    address: str = ""

    def __enter__(self) -> Self:
        self.folder.mkdir()
        (self.folder / "noting.py").write_text(NOTING)
        file = self.folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                    "--no-show", "--scheduler-file", file)  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not self.address:
            assert time.monotonic() < until, self.told()
            time.sleep(0.05)
            with contextlib.suppress(OSError, ValueError):
                self.address = json.loads(file.read_text())["address"]
        return self

    def __exit__(self, *_: object) -> None:
        """End all processes, and those that they have started."""
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        """A new worker, which may not have come up yet."""
        return self._start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--preload",
                           self.folder / "noting.py", "--local-directory", self.folder / "scratch",
                           *options)  # fmt: skip

    def wait(self, workers: int) -> None:
        """Wait until so many workers have come up."""
        from distributed import Client

        client: Any = Client(self.address, set_as_default=False)  # type: ignore[no-untyped-call]
        try:
            until = time.monotonic() + PATIENCE
            while len(client.nthreads()) < workers:
                assert time.monotonic() < until, self.told()
                time.sleep(0.05)
        finally:
            client.close()

    def given(self) -> list[int]:
        """The processes that were given a reader, as often as they were."""
        file = self.folder / "given"
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def slow(self, readers: int) -> None:
        """Have whoever reads take two seconds for it until readers were given so many times."""
        (self.folder / "slow").write_text(str(readers))

    def kill(self, pid: int) -> None:
        """End a process that was given a reader, as the system ends one that needs too much memory."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def told(self) -> str:
        """What the processes have told, for a test that fails."""
        return "\n".join(file.read_text() for file in self.folder.glob("*.log"))

    def _start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        more = {name.upper(): str(self.folder / name) for name in ("given", "slow")}
        more["PYTHONPATH"] = str(ROOT)
        log = self.folder / f"{len(self.processes)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [Path(sys.executable).with_name("dask"), *arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                env=plain_environment(THEN | more | dict(self.environment)),
                cwd=self.folder,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

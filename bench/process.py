"""What a command takes, with all processes that it starts: time, processors, memory, disk."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
PAUSE = 0.25
"""Seconds between two looks at the memory, at least;"""
TIMES = 50
"""and so many times what the look took: the kernel walks through all pages, which is 25 ms for a GB."""


class FailedError(Exception):
    """A command ended with another code than 0."""


class Spent(NamedTuple):
    """Seconds by the clock, those of processors, and the peak of memory in MB.

    The memory is what all processes have together, a page that several share divided among them
    (PSS); on a system that does not tell, it counts for each of them (RSS).
    """

    seconds: float
    processor: float
    memory: int


def run(command: Sequence[str | Path], cwd: Path) -> Spent:
    """What a command takes. Raises FailedError with the end of what it said."""
    begin, before = time.perf_counter(), processor()
    process = subprocess.Popen(
        command, cwd=cwd, env=COMPILED, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        pause = PAUSE
        while not done.wait(pause):
            looked = time.perf_counter()
            peak = max(peak, memory(process.pid))
            pause = max(PAUSE, TIMES * (time.perf_counter() - looked))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        _, said = process.communicate()
        seconds = time.perf_counter() - begin
    finally:
        done.set()
        watcher.join()
    if process.returncode != 0:
        line = " ".join(map(str, command))
        raise FailedError(f"{line}: exit {process.returncode}\n{said.decode()[-2000:]}")
    return Spent(seconds, processor() - before, peak)


def processor() -> float:
    """The seconds that the processes which have ended spent on processors."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def memory(pid: int) -> int:
    """The memory of a process and all that it started, in MB."""
    return sum(map(_memory, [pid, *_descendants(pid)])) // 1024


def _memory(pid: int) -> int:
    """The memory of one process, in KB; nothing where it has ended."""
    for name, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            lines = Path(f"/proc/{pid}/{name}").read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            if line.startswith(field):
                return int(line.split()[1])
    return 0


def _descendants(pid: int) -> list[int]:
    started: dict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in brackets may have anything in it.
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        started[parent].append(int(stat.parent.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = started[waiting.pop()]
        found += below
        waiting += below
    return found


def disk(place: Path) -> int:
    """The bytes that a folder takes on the disk; nothing where there is none."""
    return sum(file.lstat().st_blocks * 512 for file in place.rglob("*") if not file.is_dir())

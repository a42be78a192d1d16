"""Commands killed at any moment: a driver runs them in many copies of a folder.

In the n-th copy the process ends, as with kill -9, where it would make the n-th call that changes
something on the disk; so on until the command comes through.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.conftest import plain_environment

if TYPE_CHECKING:
    from pathlib import Path

THEN = {"SOURCE_DATE_EPOCH": "1900000000"}
"""What is read from a text says when, and the second run is to say the same as the first."""

DRIVER = """
import os, shutil, sys, tempfile
from pathlib import Path
import yaml
from kg.annotation import _adapter
from kg.shards import manifest
from kg.store.embedded import EmbeddedStore

_adapter()  # whatever takes its time is done once, before the copies of this process are made
start, folder, *arguments = sys.argv[1:]
left = 0

def dies():
    # Whether this is the moment.
    global left
    left -= 1
    return left == 0

def deadly(owner, name):
    real = getattr(owner, name)
    def call(*given, **named):
        if dies():
            os._exit(9)
        return real(*given, **named)
    setattr(owner, name, call)

def half(store, quads):
    # What an engine that is killed while it loads may have taken in: any part.
    if dies():
        load(store, b"".join(quads.splitlines(keepends=True)[::2]))
        os._exit(9)
    load(store, quads)

load, EmbeddedStore.load = EmbeddedStore.load, half
for owner, name in [(EmbeddedStore, "update"), (EmbeddedStore, "flush"), (tempfile, "mkstemp"),
                    (Path, "replace"), (Path, "mkdir"), (manifest, "append")]:
    deadly(owner, name)

def at_every_moment(run):
    global left
    for n in range(1, 1000):
        shutil.copytree(start, f"{folder}/{n}")
        child = os.fork()
        if child == 0:
            os.chdir(f"{folder}/{n}")
            left = n
            run()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code != 9:
            sys.exit(code)
"""


def at_every_moment(
    run: str, start: Path, folder: Path, *arguments: str | Path, least: int
) -> tuple[list[Path], Path]:
    """Copies of a folder in which a command was killed, one for each moment; and one where it came through.

    `run` is what the driver goes on with: it names further deadly calls, and what is run. Fewer
    moments than `least` would mean that it replaces calls which nobody makes any more.
    """
    folder.mkdir()
    answer = subprocess.run(
        [sys.executable, "-c", DRIVER + run, start, folder, *arguments],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        env=plain_environment(THEN),
    )
    assert answer.returncode == 0, answer.stderr
    *killed, done = sorted(folder.iterdir(), key=lambda path: int(path.name))
    assert len(killed) >= least
    return killed, done

"""A file of RDF of three gigabytes, wherever one may be given: refused with the limit, nothing half done.

The limit is lowered here; with KG_SLOW=1 the file is as large as that, of which only the end is on the
disk, and memory is looked at.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kg import rdf
from tests.conftest import SLOW, files, plain_environment

if TYPE_CHECKING:
    from tests.conftest import NewWorkspace, Run

QUAD = (
    "<https://a.example/%d> <https://a.example/p> <https://a.example/o> <https://a.example/g> .\n"
)
GIVEN: dict[str, tuple[list[str], str, int]] = {
    "add": (["add", "FILE"], "big.nq", 3),
    "validate": (["validate", "FILE"], "big.nq", 3),
    "shapes": (["validate", "--shapes", "FILE"], "big.ttl", 3),
    "graphs": (["build"], "graphs/big.nq", 1),
    "register": (["build"], "entities.ttl", 3),
    "judgements": (["build"], "analysis.ttl", 3),
}


def test_there_are_as_many_places_as_there_were() -> None:
    assert len(GIVEN) == 6


@pytest.mark.parametrize("place", GIVEN)
def test_a_file_beyond_the_limit_is_refused_and_what_was_there_stays(
    place: str, new: NewWorkspace, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, name, code = GIVEN[place]
    workspace = new("news")
    root = workspace.root
    assert run("build", cwd=root).code == 0
    held = run("export", cwd=root)
    big = root / name
    big.write_text("".join(QUAD % n for n in range(1_000)))
    before = files(workspace)
    monkeypatch.setattr(rdf, "LIMIT", 80_000)
    line = [str(big) if word == "FILE" else word for word in words]
    answer = run(*line, cwd=root)
    assert answer.code == code, answer
    size = big.stat().st_size
    said = f"{big.name}: has {size:,} bytes; the limit is 80,000"
    assert said in answer.err.splitlines()[0]
    assert ("split -C 80000" if name.endswith(".nq") else "several files") in answer.err
    assert "each a graph of its own" in answer.err
    assert files(workspace) == before
    assert run("export", cwd=root).data == held.data


@pytest.mark.skipif(not SLOW, reason="three gigabytes: KG_SLOW=1 runs it")
@pytest.mark.parametrize("place", GIVEN)
def test_three_gigabytes_are_refused_in_little_memory(place: str, new: NewWorkspace) -> None:
    words, name, code = GIVEN[place]
    root = new("news").root
    with (root / name).open("wb") as file:
        file.truncate(3_000_000_000)
    line = [sys.executable, "-m", "kg", *(name if word == "FILE" else word for word in words)]
    with (root / "err").open("w+b") as err:
        child = subprocess.Popen(
            line, cwd=root, env=plain_environment(None), stdout=subprocess.DEVNULL, stderr=err
        )
        _, status, spent = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        told = err.read().decode()
    assert child.returncode == code
    assert "has 3,000,000,000 bytes; the limit is 100,000,000" in told
    assert spent.ru_maxrss < 200_000  # kB

"""Neither road takes more memory for more articles, but for what is noted of each."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import plain_environment
from tests.test_bulk import lines, record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import NewWorkspace

FEW, MANY = 500, 2_000
MORE = 20
"""MB that it may be more for four times as many; all that is made of them is some 200 MB."""

BULK = """
import resource, sys
from kg import bulk, supply
from kg.workspace import Workspace
supply.AT_ONCE = 4_000_000
taken = bulk.add(Workspace.open(sys.argv[1]), sys.argv[2:], bulk.Wishes(documents=32))
assert taken.exit_code == 0, taken
print(taken.articles, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
ORDINARY = """
import resource, sys
from kg import add, loading
from kg.workspace import Workspace
loading.AT_ONCE = 4_000_000
workspace = Workspace.open(sys.argv[1])
with workspace.writing() as store:
    report = add.add(workspace, store, sys.argv[2:])
assert report.exit_code == 0, report.problems
print(len(report.made), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak(program: str, workspace: Path, source: Path) -> tuple[int, int]:
    """The articles taken in, and the most memory that it took, in MB."""
    found = subprocess.run(
        [sys.executable, "-c", program, workspace, source],
        capture_output=True,
        text=True,
        check=True,
        env=plain_environment(None),
    )
    articles, memory = map(int, found.stdout.split())
    return articles, memory


@pytest.mark.parametrize("program", [BULK, ORDINARY], ids=["bulk", "ordinary"])
def test_four_times_as_many_articles_take_no_more_memory(
    new: NewWorkspace, tmp_path: Path, program: str
) -> None:
    found = {}
    for number in (FEW, MANY):
        source = lines(tmp_path / f"{number}.jsonl", [record(n) for n in range(number)])
        articles, found[number] = peak(program, new(str(number)).root, source)
        assert articles == number
    assert found[MANY] < found[FEW] + MORE, found

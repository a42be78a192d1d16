"""What nobody foresaw: every operation of the API asked with thousands of values, right and wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import SLOW

if TYPE_CHECKING:
    from tests.web import Site

DRAWN = 100 if SLOW else 5
"""Values that are drawn for each operation."""
EVERY = 1 if SLOW else 5
"""One of so many queries is tried at the bounds of all its parameters, most of which all of them have."""
HOOKS = """
import schemathesis

@schemathesis.serializer("application/sparql-query")
def sparql(ctx, value):
    return {"data": value.encode() if isinstance(value, str) else value}
"""
"""How to send a query as it is, which the tool does not know."""


@pytest.mark.parametrize(
    ("phases", "every", "operations", "requests"),
    [("examples,fuzzing", 1, 70, 330), ("coverage", EVERY, 70 if SLOW else 34, 1000)],
    ids=["drawn", "bounds"],
)
def test_no_request_finds_a_fault(
    phases: str, every: int, operations: int, requests: int, site: Site, tmp_path: Path
) -> None:
    (tmp_path / "hooks.py").write_text(HOOKS)
    document = site.get("/openapi.json").json
    ids = [
        operation["operationId"]
        for number, (path, methods) in enumerate(document["paths"].items())
        for operation in methods.values()
        if number % every == 0 or not path.startswith("/query/")
    ]
    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            *("run", f"{site.address}openapi.json", "--checks", "all", "--phases", phases),
            # A name may be well-formed and that of nothing; and to write graphs is known, but forbidden.
            *("--exclude-checks", "positive_data_acceptance,unsupported_method"),
            *("--max-examples", str(DRAWN), "--generation-deterministic", "--workers", "2"),
            *("--request-timeout", "60", "--no-color"),
            *(word for name in ids for word in ("--include-operation-id", name)),
        ],
        cwd=tmp_path,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=3600 if SLOW else 300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    tested = re.search(r"Tested: (\d+)", done.stdout)
    generated = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert tested is not None
    assert generated is not None
    assert int(tested[1]) == operations
    assert int(generated[1]) == int(generated[2]) > requests

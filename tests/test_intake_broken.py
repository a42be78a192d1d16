"""Files of many documents, some of them broken: what is good is taken in, the rest told with its place.

By the ordinary road and by the bulk road, with one process and with two; given again, nothing is added.
"""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from kg.store import select
from kg.vocab import KG
from kg.workspace import Workspace
from tests.conftest import SLOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import NewWorkspace, Run

GOOD = 5
ROADS: dict[str, list[str]] = {
    "add": ["add"],
    "bulk": ["add", "--bulk"],
    "two workers": ["add", "--bulk", "--workers", "2"],
}


def article(number: int) -> str:
    return (
        f"PORT ELLERY, {number + 1} March 2031 — Quay {number} is closed. “It is not safe,” said"
        f" Mayor Ines Calder about quay {number}. Some {number + 20} boats will leave."
    )


def record(number: int, *, length: int = 0, kind: str = "response", quoting: str = "") -> bytes:
    body = f"<body>{quoting}<p>{article(number)}</p></body>"
    page = f"<html><head><title>Quay {number}</title></head>{body}</html>"
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://news.example/{number}\r\n"
        "WARC-Date: 2031-03-09T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block) + length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def among(bad: bytes) -> bytes:
    """Something bad after the second of good records."""
    good = [record(n) for n in range(GOOD)]
    return b"".join((*good[:2], bad, *good[2:]))


def packed(bad: bytes) -> bytes:
    """The same, each record a member of a gzip file; the bad is as it is."""
    good = [gzip.compress(record(n), mtime=0) for n in range(GOOD)]
    return b"".join((*good[:2], bad, *good[2:]))


def line(number: int) -> bytes:
    one = {"id": f"quay-{number}", "title": f"Quay {number}", "text": article(number)}
    return json.dumps(one).encode() + b"\n"


def lines(bad: bytes) -> bytes:
    good = [line(n) for n in range(GOOD)]
    return b"".join((*good[:2], bad, b"\n", *good[2:]))


class Case(NamedTuple):
    """A file, and what is told of it."""

    name: str
    make: Callable[[], bytes]
    told: str


BAD = 7
CASES: dict[str, Case] = {
    "too long by its own account": Case(
        "c.warc", lambda: among(record(BAD, length=300)), "record 3: a record that is not as long"
    ),
    "a request too long by its own account": Case(
        "c.warc",
        lambda: among(record(BAD, length=300, kind="request")),
        "record 3: a record that is not as long",
    ),
    "too long by less than a header": Case(
        "c.warc", lambda: among(record(BAD, length=60)), "record 3: a record that is not as long"
    ),
    "too long, and quotes a record": Case(
        "c.warc",
        lambda: among(record(BAD, length=300, quoting="\nWARC/1.0\nis how each begins\n\n")),
        "record 3: a record that is not as long",
    ),
    "too short, and quotes a record": Case(
        "c.warc",
        lambda: among(record(BAD, length=-100, quoting="\nWARC/1.0\nis how each begins\n\n")),
        "record 3: a record that is not as long",
    ),
    "too short by its own account": Case(
        "c.warc", lambda: among(record(BAD, length=-100)), "record 3: a record that is not as long"
    ),
    "longer than the file": Case(
        "c.warc", lambda: among(record(BAD, length=90_000)), "record 3: the file is cut off"
    ),
    "of no length": Case(
        "c.warc",
        lambda: among(record(BAD).replace(b"Content-Length", b"X-Length")),
        "record 3: a record that does not say how long it is",
    ),
    "garbage between": Case(
        "c.warc", lambda: among(b"\x00\xffgarbage\r\n\r\n"), "record 3: something that is no record"
    ),
    "garbage between members": Case(
        "c.warc.gz", lambda: packed(b"garbage" * 99), "something that is not gzip"
    ),
    "half a member": Case(
        "c.warc.gz",
        lambda: packed(gzip.compress(record(BAD), mtime=0)[:-90]),
        "record 3: its gzip is damaged",
    ),
    "a damaged member": Case(
        "c.warc.gz",
        lambda: packed(gzip.compress(record(BAD), mtime=0)[:100] + b"\xff" * 100),
        "record 3: its gzip is damaged",
    ),
    "a cut end": Case(
        "c.warc", lambda: among(b"") + record(BAD)[:-200], "record 6: the file is cut off"
    ),
    "a cut member at the end": Case(
        "c.warc.gz",
        lambda: packed(b"") + gzip.compress(record(BAD), mtime=0)[:-90],
        "record 6: the file is cut off",
    ),
    "no JSON": Case("n.jsonl", lambda: lines(b'{"text": "cut'), ":3: not JSON"),
    "no object": Case("n.jsonl", lambda: lines(b"[1, 2]"), ":3: not an object"),
    "no UTF-8": Case("n.jsonl", lambda: lines(b'{"text": "\xff\xfe"}'), ":3: not UTF-8"),
    "nothing but NUL": Case("n.jsonl", lambda: lines(b"\0" * 5000), ":3: not JSON"),
    "half a pair": Case("n.jsonl", lambda: lines(b'{"text": "\\ud800"}'), ":3: character 0"),
    "an endless line": Case(
        "n.jsonl", lambda: lines(b'{"text": "' + b"x" * 1_500_000), ":3: a line of more than"
    ),
    "a cut last line": Case("n.jsonl", lambda: lines(line(BAD)[:80])[:-1], ":3: not JSON"),
}


def test_there_are_as_many_cases_as_there_were() -> None:
    assert (len(CASES), len(ROADS)) == (21, 3)


CHOSEN = [
    (name, road)
    for place, name in enumerate(CASES)
    for turn, road in enumerate(ROADS)
    if SLOW
    or (road == "add" and place % 2)
    or (turn and place % 2 == 0 and place % 4 == turn * 2 - 2)
]


@pytest.mark.parametrize(("name", "road"), CHOSEN)
def test_what_is_good_is_taken_in_and_what_is_bad_is_told(
    name: str, road: str, new: NewWorkspace, tmp_path: Path, run: Run
) -> None:
    case = CASES[name]
    root = new("there").root
    with (root / "kg.toml").open("a") as file:
        file.write('gate = "off"\ntext_limit = 200000\n')  # a line may have six times as many
    source = tmp_path / case.name
    source.write_bytes(case.make())
    answer = run(*ROADS[road], source, cwd=root)
    assert answer.code == 1, answer
    told = re.findall(r"^kg: error: (.*)$", answer.err, re.MULTILINE)
    assert len(told) == 1
    assert told[0].startswith(str(source))
    assert case.told in told[0]
    assert len(told[0]) < 300
    held = articles(root)
    assert held == GOOD
    again = run(*ROADS[road], source, cwd=root)
    assert again.code == 1
    assert articles(root) == held
    assert case.told in again.err


def articles(root: Path) -> int:
    with Workspace.open(root).reading() as store:
        rows = select(store, f"SELECT DISTINCT ?x {{ ?x a {KG.Article} }}")
        return len(list(rows))

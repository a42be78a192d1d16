"""Endpoints that mean no good, by command: one line about it, the exit code of a store, nothing lost.

What each of them does to a request is in `test_remote_hostile.py`. Here each command meets some of them,
and with KG_SLOW=1 all.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from kg.store import answer as bodies
from kg.store import sending
from tests.conftest import SLOW, copied, files
from tests.test_remote_hostile import ROWS, endless, reply, reset, saying

if TYPE_CHECKING:
    from pathlib import Path

    from kg.workspace import Workspace
    from tests.conftest import Run

HTML = b"<!doctype html><title>Log in</title><p>Please log in"
XML = "application/sparql-results+xml"
SAID: dict[str, tuple[object, str]] = {
    "drops the connection": (reset, "the connection broke off"),
    "breaks off": (reply(ROWS[:20], length=len(ROWS)), "the connection broke off"),
    "busy": (reply(b"", "503 Busy", Retry_After="1"), "503 Busy"),
    "busy for long": (reply(b"", "503 Busy", Retry_After="7200"), "asks to wait 7,200 s"),
    "a page": (reply(HTML, media_type="text/html"), "answers with text/html"),
    "a page as JSON": (reply(HTML), "cut short or damaged"),
    "JSON as XML": (reply(ROWS, media_type=XML), "cut short or damaged"),
    "half of the JSON": (reply(ROWS[:-4]), "damaged|yes or no"),
    "rows of another query": (reply(ROWS), "rows of another query|yes or no|text/turtle|results.json"),
    "no login": (reply(b"", "401 Who", WWW_Authenticate="Basic"), "401 Who"),
    "not allowed": (reply(b"", "403 Forbidden"), "403 Forbidden"),
    "a proxy's login": (reply(b"", "407 Proxy Authentication Required"), "407 Proxy"),
    "a login page": (reply(b"", "302 Found", Location="https://login.example/"), "login.example"),
    "packed": (reply(b"\x1f\x8b\x08none", Content_Encoding="gzip"), "the answer is compressed"),
    "no end": (endless, "more than 1,000,000 bytes"),
    "silence": (lambda _: time.sleep(0.6), "no answer in 0.3 s"),
}  # fmt: skip
COMMANDS: dict[str, list[str]] = {
    "query": ["query", "articles"],
    "build": ["build"],
    "add": ["add", "TEXT"],
    "add --bulk": ["add", "--bulk", "TEXT"],
    "validate": ["validate"],
    "link": ["link"],
    "export": ["export"],
    "serve": ["serve", "--get", "/"],
    "show": ["show", "haldria"],
    "review": ["review", "--list"],
    "": [],
}
EACH = len(COMMANDS) if SLOW else 2
"""Commands that meet each kind; over all kinds every command has its turn."""
MET = [
    (kind, list(COMMANDS)[(place * EACH + n) % len(COMMANDS)])
    for place, kind in enumerate(SAID)
    for n in range(EACH)
]


def test_every_command_meets_some_of_them() -> None:
    assert (len(SAID), len(COMMANDS)) == (16, 11)
    assert {command for _, command in MET} == COMMANDS.keys()


@pytest.mark.parametrize(("kind", "command"), MET)
def test_a_command_that_its_store_fails_says_so_in_a_line_and_changes_nothing(
    kind: str,
    command: str,
    built_newsroom: Workspace,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending.Clock, "sleep", lambda *_: None)
    monkeypatch.setattr(bodies, "_LIMIT", 1_000_000)
    text = tmp_path / "quay.txt"
    text.write_text("Quay\n\nPORT ELLERY, 3 March 2031 — “It is safe,” said Mayor Ines Calder.\n")
    workspace = copied(built_newsroom, tmp_path / "there")
    before = files(workspace)
    said, expected = SAID[kind]
    line = [str(text) if word == "TEXT" else word for word in COMMANDS[command]]
    with saying(said) as server:
        # With so little for all, a busy machine would be silence.
        patience = {"KG_STORE_TIMEOUT": "0.3" if kind == "silence" else "10"}
        answer = run("--store", server.url, *line, cwd=workspace.root, env=patience)
    assert answer.code == 4, answer
    told = re.findall(r"^kg: error: (.*)$", answer.err, re.MULTILINE)
    assert len(told) == 1
    assert told[0].startswith(f"{server.url}: ")
    assert re.search(expected, told[0])
    hints = re.findall(r"^kg: hint: (.*)$", answer.err, re.MULTILINE)
    notes = re.findall(
        r"^kg: \d+ files changed since the last build; .*$", answer.err, re.MULTILINE
    )
    assert len(answer.err.splitlines()) == 1 + len(hints) + len(notes)
    assert not answer.out or command == ""
    assert files(workspace) == before

"""`kg review` at a terminal and in scripts."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import termios
import time
from dataclasses import dataclass, field
from fcntl import ioctl
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from kg.review.annotations import Annotations
from kg.store import select as ask
from kg.vocab import DCTERMS, KG, RDFS, SKOS
from kg.workspace import Workspace
from tests.conftest import files, plain_environment
from tests.test_review import (
    OFFICER,
    SINGER,
    STATE,
    TRAWLER,
    Proposals,
    claims,
    own,
    proposals,
    proposed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.conftest import Run

__all__ = ["proposals", "proposed"]

ASKED = re.compile(rb"(q quit  \? help|q \?|u undo  q quit) $")
"""How a prompt ends that waits for a key."""


@dataclass(slots=True)
class Screen:
    """The program at a terminal of its own."""

    process: int
    handle: int
    shown: bytes = b""
    seen: int = 0
    status: int | None = None
    patience: float = field(default=60)

    def until(self, mark: re.Pattern[bytes]) -> str:
        """What is shown until it ends with a mark, or until the program ends."""
        end = time.monotonic() + self.patience
        while not mark.search(self.shown, self.seen):
            assert time.monotonic() < end, self.shown[self.seen :].decode()
            if select.select([self.handle], [], [], 0.2)[0]:
                try:
                    found = os.read(self.handle, 65536)
                except OSError:  # the other side is closed
                    found = b""
                if not found:
                    break
                self.shown += found
        start, self.seen = self.seen, len(self.shown)
        return self.shown[start:].decode()

    def press(self, keys: str) -> str:
        """Press some keys, each when it is asked for; what is shown before the next one is asked for."""
        shown = ""
        for key in keys:
            os.write(self.handle, key.encode())
            shown = self.until(ASKED)
        return shown

    def type(self, line: str) -> str:
        """Type a line; what is shown then."""
        os.write(self.handle, f"{line}\n".encode())
        return self.until(ASKED)

    def end(self) -> int:
        """Wait until the program has ended; its exit code, or minus the signal."""
        if self.status is None:
            self.until(re.compile(rb"\0never"))
            _, status = os.waitpid(self.process, 0)
            self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def kill(self, number: int) -> int:
        os.kill(self.process, number)
        return self.end()


@pytest.fixture
def screen() -> Iterator[Callable[..., Screen]]:
    """Start `kg review` at a terminal of so many columns."""
    started: list[Screen] = []

    def screen(
        workspace: Workspace, *arguments: str, width: int = 80, env: Mapping[str, str] | None = None
    ) -> Screen:
        environment = plain_environment({"TERM": "xterm", **(env or {})})
        environment.pop("COLUMNS")
        process, handle = pty.fork()
        if process == 0:
            os.chdir(workspace.root)
            # Whoever runs these tests in the background has it ignored.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execve(  # noqa: S606
                sys.executable, [sys.executable, "-m", "kg", "review", *arguments], environment
            )
        ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
        started.append(Screen(process, handle))
        return started[-1]

    yield screen
    for one in started:
        if one.status is None:
            os.kill(one.process, signal.SIGKILL)
            os.waitpid(one.process, 0)
        os.close(one.handle)


def judged(workspace: Workspace) -> dict[str, str]:
    found = workspace.analysis().judgements
    return {key: judgement.status for key, judgement in found.items()}


def test_a_session_asks_for_the_name_and_decides_by_keys(
    proposals: Proposals, screen: Callable[..., Screen]
) -> None:
    workspace = proposals.workspace
    at = screen(workspace)
    assert at.until(re.compile(rb"name: $")) == "Who decides? Your name: "
    shown = at.type("Mira Vonn")
    assert "── Link 1 of 2 ──" in shown
    assert "\x1b[1m⟦Haldria⟧\x1b[22m" in shown
    shown = at.press("sa")
    assert "Accepted: actor:edrin-vask is wd:Q900000001" in shown
    assert "Rejected: actor:edrin-vask is wd:Q900000002: wd:Q900000001 was accepted" in shown
    os.write(at.handle, b"b")
    at.until(re.compile(rb"Because: $"))
    at.type("They are two states.")
    shown = at.press("r")
    assert "Rejected: actor:haldria goes into actor:pellovia: They are two states." in shown
    os.write(at.handle, b"q")
    assert at.end() == 0
    assert at.shown.endswith(b"2 decisions; the graph is up to date\r\n")
    got = judged(workspace)
    assert got[proposals.keys["officer"]] == "accepted"
    assert got[proposals.keys["merge"]] == "rejected"
    with workspace.reading() as store:
        answer = store.query(
            "ASK { ?x <http://www.w3.org/2004/02/skos/core#exactMatch>"
            " <http://www.wikidata.org/entity/Q900000001> }"
        )
        assert bool(answer)


def test_a_killed_session_loses_no_decision(
    proposals: Proposals, screen: Callable[..., Screen], run: Run
) -> None:
    workspace = proposals.workspace
    at = screen(workspace, env={"KG_REVIEWER": "Mira Vonn"})
    at.until(ASKED)
    at.press("aa")
    assert at.kill(signal.SIGKILL) == -signal.SIGKILL
    got = judged(workspace)
    assert got[proposals.keys["state"]] == got[proposals.keys["officer"]] == "accepted"
    at = screen(workspace, "claims", env={"KG_REVIEWER": "Mira Vonn"})
    at.until(ASKED)
    at.press("ra")
    assert at.kill(signal.SIGKILL) == -signal.SIGKILL
    reviews = re.findall(rb"review: {status: (\w+)", files(workspace)[TRAWLER])
    assert reviews == [b"rejected", b"accepted"]
    listed = json.loads(run("review", "-f", "json", cwd=workspace.root).out)
    parts = [row["part"] for row in listed]
    assert "links" not in parts
    one, other = claims(workspace)[:2]
    assert not {row["id"].replace(":", "/") for row in listed} & {one, other}
    assert [path.name for path in workspace.root.glob(".kg-*")] == []


@pytest.mark.parametrize("pause", [0, 0.005, 0.02, 0.1])
def test_whenever_it_is_killed_what_was_shown_as_decided_is_in_the_file(
    proposals: Proposals, screen: Callable[..., Screen], run: Run, pause: float
) -> None:
    workspace = proposals.workspace
    at = screen(workspace, "claims", "--by", "Mira Vonn")
    at.until(ASKED)
    at.press("ara")
    os.write(at.handle, b"a")
    time.sleep(pause)
    at.kill(signal.SIGKILL)
    shown = re.findall(rb"(?:Accepted|Rejected): (claim:\S+)\r\n", at.shown)
    assert len(shown) in {3, 4}
    reviewed = Annotations(workspace).read(TRAWLER).claims
    assert len([claim for claim in reviewed if claim.review]) - len(shown) in {0, 1}
    listed = json.loads(run("review", "-f", "json", cwd=workspace.root).out)
    assert not {row["id"] for row in listed} & {found.decode() for found in shown}
    assert run("validate", cwd=workspace.root).code == 0


def test_ctrl_c_ends_the_session_and_keeps_what_was_decided(
    proposals: Proposals, screen: Callable[..., Screen]
) -> None:
    at = screen(proposals.workspace, "--by", "Mira Vonn")
    at.until(ASKED)
    at.press("a")
    os.write(at.handle, b"\x03")
    assert at.end() == 130
    assert b"1 decision; the graph is up to date" in at.shown
    assert judged(proposals.workspace)[proposals.keys["state"]] == "accepted"


def test_undo_at_the_end_and_after_it(proposals: Proposals, screen: Callable[..., Screen]) -> None:
    before = files(proposals.workspace)[TRAWLER]
    claim = claims(proposals.workspace)[0].replace("/", ":")
    at = screen(proposals.workspace, claim, "--by", "Mira Vonn")
    at.until(ASKED)
    shown = at.press("a")
    assert "Merge" not in shown
    at.press("a")
    assert files(proposals.workspace)[TRAWLER] != before
    shown = at.press("u")
    assert f"Undone: {claim}" in shown
    assert files(proposals.workspace)[TRAWLER] == before
    os.write(at.handle, b"q")
    assert at.end() == 0


def test_arrows_and_other_keys_decide_nothing(
    proposals: Proposals, screen: Callable[..., Screen]
) -> None:
    at = screen(proposals.workspace, "links", "--by", "Mira Vonn")
    at.until(ASKED)
    before = files(proposals.workspace)
    for key in (b"\x1b[A", b"\x1b[15~", "é".encode(), b"\n", b"\x1b"):
        os.write(at.handle, key)
        assert "choose a candidate" in at.until(ASKED)
    os.write(at.handle, b"\x04")
    assert at.end() == 0
    assert files(proposals.workspace) == before


def test_keys_typed_ahead_decide_nothing_that_was_not_seen(
    proposals: Proposals, screen: Callable[..., Screen]
) -> None:
    at = screen(proposals.workspace, "links", "--by", "Mira Vonn")
    at.until(ASKED)
    os.write(at.handle, b"arrr")
    at.until(ASKED)
    assert judged(proposals.workspace)[proposals.keys["state"]] == "accepted"
    assert judged(proposals.workspace)[proposals.keys["officer"]] == "proposed"


@pytest.mark.parametrize("width", [30, 80])
def test_nothing_hostile_reaches_the_terminal(
    proposals: Proposals, screen: Callable[..., Screen], width: int
) -> None:
    at = screen(proposals.workspace, "--by", "Mira Vonn", width=width)
    at.until(ASKED)
    at.press("sss")
    os.write(at.handle, b"q")
    assert at.end() == 0
    shown = at.shown.decode()
    assert "␛[31m" in shown.replace("\r\n", "")
    assert set(re.findall(r"\x1b\[[^m]*m?", shown)) == {"\x1b[1m", "\x1b[22m"}
    assert not re.search("[\u202e\x07\x9b]", shown)


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"NO_COLOR": "1"}], ids=["dumb", "no colour"])
def test_a_terminal_without_colours_gets_none(
    proposals: Proposals, screen: Callable[..., Screen], env: dict[str, str]
) -> None:
    at = screen(proposals.workspace, "links", "--by", "Mira Vonn", env=env)
    at.until(ASKED)
    enter = "\n" if env.get("TERM") == "dumb" else ""
    os.write(at.handle, f"s{enter}".encode())
    at.until(ASKED)
    os.write(at.handle, f"accept{enter}".encode() if enter else b"a")
    at.until(ASKED)
    os.write(at.handle, f"q{enter}".encode())
    assert at.end() == 0
    assert b"\x1b" not in at.shown
    assert judged(proposals.workspace)[proposals.keys["officer"]] == "accepted"


def test_without_a_terminal_there_is_a_hint(proposals: Proposals, run: Run) -> None:
    answer = run("review", cwd=proposals.workspace.root)
    assert answer.code == 2
    assert answer.err == (
        "kg: error: there is no terminal to ask at\n"
        "kg: hint: kg review --list has what waits; --accept ID and --reject ID decide\n"
    )


def test_where_nothing_waits_nothing_is_asked(
    fresh_sample: Workspace, run: Run, screen: Callable[..., Screen]
) -> None:
    at = screen(fresh_sample)
    assert at.end() == 0
    assert at.shown == b"Nothing waits for review.\r\n"
    answer = run("review", "--list", cwd=fresh_sample.root)
    assert (answer.code, answer.out, answer.err) == (0, "", "Nothing waits for review.\n")
    assert run("review", "-f", "json", cwd=fresh_sample.root).out == "[]\n"


def test_the_list_is_a_table_or_json_of_what_was_asked_for(proposals: Proposals, run: Run) -> None:
    root = proposals.workspace.root
    everything = json.loads(run("review", "--list", "-f", "json", cwd=root).out)
    assert {row["part"] for row in everything} == {"links", "merges", "judgements", "claims"}
    links = json.loads(run("review", "links", "-f", "json", cwd=root).out)
    assert links == [row for row in everything if row["part"] == "links"]
    vask = json.loads(run("review", "links", "Edrin Vask", "-f", "json", cwd=root).out)
    assert [row["to"] for row in vask] == ["wd:Q900000001", "wd:Q900000002"]
    about = json.loads(run("review", "edrin-vask", "-f", "json", cwd=root).out)
    assert {row["part"] for row in about} == {"links", "claims"}
    shown = run("review", "merges", "--list", cwd=root)
    assert shown.out == (
        f"Merges\n  judgement:{proposals.keys['merge']}  0.30  newskg 0.1.0\n"
        "    Haldria (actor:haldria) → goes into Pellovia (actor:pellovia)\n"
    )
    assert shown.err == "1 decision to make\n"


def test_a_script_decides_several_things_and_gives_one_reason(
    proposals: Proposals, run: Run
) -> None:
    root, keys = proposals.workspace.root, proposals.keys
    claim = claims(proposals.workspace)[0]
    answer = run(
        *("review", "--by", "Mira  Vonn", "--because", " Seen\n it. "),
        *("--accept", keys["officer"], "--accept", claim.replace("/", ":")),
        *("--reject", f"judgement:{keys['merge']}", "--accept", "brennick=wd:Q900000009"),
        *("--accept", "haldria=none", "--reject", "pellovia=Q900000009"),
        cwd=root,
    )
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        "Accepted: actor:edrin-vask is wd:Q900000001: Seen it.",
        "Rejected: actor:edrin-vask is wd:Q900000002: wd:Q900000001 was accepted instead",
        f"Accepted: {claim.replace('/', ':')}: Seen it.",
        "Accepted: place:brennick is wd:Q900000009: Seen it.",
        "Accepted: actor:haldria has no item in Wikidata: Seen it.",
        "Rejected: actor:haldria is wd:Q900000003: that Wikidata has no item was accepted instead",
        "Rejected: actor:haldria goes into actor:pellovia: Seen it.",
        "Rejected: actor:pellovia is wd:Q900000009: Seen it.",
    ]
    found = proposals.workspace.analysis().judgements[keys["officer"]]
    assert (found.by.name, found.note) == ("Mira Vonn", "Seen it.")
    answer = run("review", "--by", "Bo", "--withdraw", "edrin-vask=Q900000001", cwd=root)
    assert answer.out == (
        "Waits: actor:edrin-vask is wd:Q900000001\nWaits: actor:edrin-vask is wd:Q900000002\n"
    )
    assert judged(proposals.workspace)[keys["officer"]] == "proposed"


FAULTS: dict[str, tuple[list[str], int, str]] = {
    "nobody decides": (["--accept", "haldria=Q17"], 2, "it is not said who decides"),
    "an empty name": (["--by", " ", "--accept", "haldria=Q17"], 2, "--by: expected a name"),
    "a name that moves the cursor": (["--by", "a\x1bb", "--list"], 2, "--by: expected a name"),
    "an empty reason": (["--by", "B", "--because", " ", "--list"], 2, "--because: expected words"),
    "a reason that moves the cursor": (
        ["--by", "B", "--because", "a\x1bb", "--list"],
        2,
        "--because: expected words",
    ),
    "a format": (["-f", "xml"], 2, "--format xml: expected table, json"),
    "a thing alone": (["--by", "B", "--accept", "haldria"], 2, "haldria: expected the id of a"),
    "no such thing": (["--by", "B", "--accept", "nobody=Q1"], 3, "no thing goes by the name"),
    "no such judgement": (
        ["--by", "B", "--accept", "0123456789abcdef"],
        3,
        "judgement:0123456789abcdef: no claim or judgement goes by that name",
    ),
    "no such claim": (["--by", "B", "--reject", "claim:0123"], 3, "claim:0123: no claim or"),
    "two kinds": (
        ["--by", "B", "--accept", "haldria=brennick"],
        2,
        "brennick: expected an item such as wd:Q17, another actor, or none",
    ),
    "itself": (["--by", "B", "--accept", "haldria=haldria"], 2, "haldria: expected an item"),
    "no IRI": (["--by", "B", "--accept", "haldria=http://a b"], 2, "http://a b: is no IRI"),
    "none rejected": (
        ["--by", "B", "--reject", "haldria=none"],
        3,
        "haldria=none: can be rejected",
    ),
    "a part and a thing the wrong way round": (["haldria", "links"], 2, "haldria: expected links"),
    "an unknown thing": (["--list", "links", "Nobody"], 3, "no thing goes by the name 'Nobody'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_said_and_nothing_is_decided(
    proposed: Proposals, run: Run, fault: str
) -> None:
    assert len(FAULTS) == 16
    arguments, code, message = FAULTS[fault]
    before = files(proposed.workspace)
    answer = run(
        "review",
        *arguments,
        "--list" if fault[:6] == "a part" else "--",
        cwd=proposed.workspace.root,
    )
    assert answer.code == code
    assert message in answer.err
    assert answer.out == ""
    assert files(proposed.workspace) == before


def test_what_is_merged_is_one_in_the_graph_until_that_is_withdrawn(
    proposals: Proposals, run: Run
) -> None:
    workspace = proposals.workspace
    gone = own(workspace, "articles/2031-03-06-correction.yaml", "crew members")
    kept = own(workspace, TRAWLER, "crew members")
    asked = f"SELECT DISTINCT ?x WHERE {{ ?x a {KG.Actor} ; {RDFS.label} 'crew members'@en }}"

    def called_so() -> list[str]:
        with workspace.reading() as store:
            return sorted(str(row["x"]) for row in ask(store, asked))

    run("build", cwd=workspace.root)
    assert called_so() == sorted(str(proposals.node(name)) for name in (gone, kept))
    pair = f"{gone}={kept}"
    answer = run("review", "--by", "Mira", "--accept", pair, cwd=workspace.root)
    assert (answer.code, answer.err) == (0, "")
    assert called_so() == [str(proposals.node("actor/crew-members-2"))]
    assert run("validate", cwd=workspace.root).code == 0
    answer = run("review", "--by", "Mira", "-f", "json", "merges", cwd=workspace.root)
    assert [row["id"] for row in json.loads(answer.out)] == [f"judgement:{proposals.keys['merge']}"]
    key = workspace.iris.judgement_key(
        proposals.node(gone), DCTERMS.isReplacedBy, proposals.node(kept)
    )
    answer = run("review", "--by", "Mira", "--reject", key, cwd=workspace.root)
    assert (answer.code, answer.err) == (0, "")
    assert str(proposals.node(gone)) in called_so()


def test_what_fails_keeps_nothing_else_from_being_decided(proposals: Proposals, run: Run) -> None:
    key = proposals.keys["state"]
    answer = run(
        *("review", "--by", "Mira", "--accept", "0123456789abcdef", "--accept", key),
        cwd=proposals.workspace.root,
    )
    assert answer.code == 1
    assert answer.out == "Accepted: actor:haldria is wd:Q900000003\n"
    assert judged(proposals.workspace)[key] == "accepted"


def test_a_workspace_in_use_is_left_alone_and_can_be_listed(proposals: Proposals, run: Run) -> None:
    root, key = proposals.workspace.root, proposals.keys["state"]
    quiet = run("review", "-f", "json", cwd=root)
    before = files(proposals.workspace)
    with proposals.workspace.writing():
        answer = run("review", "--by", "Mira", "--accept", key, cwd=root)
        listed = run("review", "-f", "json", cwd=root)
    assert answer.code == 4
    assert "in use by" in answer.err
    assert (listed.code, "in use by" in listed.err) == (0, True)
    assert {row["id"] for row in json.loads(listed.out)} == {
        row["id"] for row in json.loads(quiet.out)
    }
    assert files(proposals.workspace) == before


def test_listing_writes_nothing_not_even_the_store(proposals: Proposals, run: Run) -> None:
    root = proposals.workspace.root
    stamps = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    answer = run("review", "--list", cwd=root)
    assert (answer.code, "Merges" in answer.out) == (0, True)
    after = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    changed = {path.name for path in after if after[path] != stamps.get(path)}
    assert changed <= {"lock"}  # which says in the meantime that somebody reads


def test_a_workspace_without_a_store_can_be_reviewed(
    proposals: Proposals, run: Run, tmp_path: Path
) -> None:
    root = tmp_path / "memory"
    shutil.copytree(proposals.workspace.root, root)
    with (root / "kg.toml").open("a") as settings:
        settings.write('store = "memory:"\n')
    key, claim = proposals.keys["state"], claims(proposals.workspace)[0].replace("/", ":")
    answer = run("review", "--by", "Mira", "--accept", key, "--reject", claim, cwd=root)
    assert (answer.code, answer.err) == (0, "")
    assert judged(Workspace.open(root))[key] == "accepted"
    listed = json.loads(run("review", "-f", "json", cwd=root).out)
    assert claim not in {row["id"] for row in listed}


def test_a_state_does_not_go_into_a_person(proposals: Proposals, run: Run) -> None:
    root = proposals.workspace.root
    answer = run("review", "--by", "Mira", "--accept", "haldria=edrin-vask", cwd=root)
    assert (answer.code, answer.out) == (3, "")
    assert (
        "actor:haldria is a state, and actor:edrin-vask is a person: they cannot be one"
        in answer.err
    )
    assert run("review", "--by", "M", "--accept", "haldria=pellovia", cwd=root).code == 0
    answer = run("review", "--by", "Mira", "--accept", "pellovia=edrin-vask", cwd=root)
    assert (answer.code, "they cannot be one" in answer.err) == (3, True)
    assert (
        "they cannot be one"
        not in run("review", "--by", "Mira", "--reject", "pellovia=edrin-vask", cwd=root).err
    )


def test_a_merge_by_hand_of_a_state_and_a_person_is_reported(
    proposals: Proposals, run: Run
) -> None:
    proposals.propose(
        "wrong", "actor/haldria", DCTERMS.isReplacedBy, "actor/edrin-vask", "0.5", status="accepted"
    )
    answer = run("build", cwd=proposals.workspace.root)
    assert answer.code == 1
    assert "actor:haldria, a state, is replaced by actor:edrin-vask, a person" in answer.err


@pytest.mark.parametrize("name", ["haldria=pellovia", "pellovia=haldria", "actor:haldria=pellovia"])
@pytest.mark.parametrize("verdict", ["--reject", "--withdraw"])
def test_a_merge_is_taken_back_by_the_names_of_the_two(
    proposals: Proposals, run: Run, verdict: str, name: str
) -> None:
    root, key = proposals.workspace.root, proposals.keys["merge"]
    assert run("review", "--by", "Ann", "--accept", "haldria=pellovia", cwd=root).code == 0
    shown = run("show", "pellovia", cwd=root)
    assert f"actor:haldria (merged, judgement:{key})" in " ".join(shown.out.split())
    answer = run("review", "--by", "Mira", verdict, name, cwd=root)
    assert (answer.code, answer.err) == (0, "")
    assert judged(proposals.workspace)[key] == ("rejected" if verdict == "--reject" else "proposed")
    assert len(proposals.workspace.analysis().judgements) == len(proposals.keys)
    assert "merged" not in run("show", "pellovia", cwd=root).out


def test_what_is_decided_of_a_merged_thing_is_written_of_that_thing(
    proposals: Proposals, run: Run
) -> None:
    root = proposals.workspace.root
    run("review", "--by", "Ann", "--accept", "haldria=pellovia", cwd=root)
    run("review", "--by", "Ann", "--accept", proposals.keys["state"], cwd=root)
    shown = " ".join(run("show", "pellovia", cwd=root).out.split())
    assert "Same as wd:Q900000003 Haldria, Haldria, as described (accepted, 1, Ann)" in shown
    table = run("query", "wikidata-links", "-f", "csv", cwd=root).out
    assert [row.split(",")[2:4] for row in table.splitlines() if "Q900000003" in row] == [
        ["same as", "http://www.wikidata.org/entity/Q900000003"]
    ]
    answer = run("review", "--by", "Ann", "--accept", "haldria=none", "--because", "x", cwd=root)
    assert answer.out.startswith("Accepted: actor:haldria has no item in Wikidata: x\n")
    shown = " ".join(run("show", "pellovia", cwd=root).out.split())
    assert "No item in Wikidata (accepted, 1, Ann): x" in shown
    table = run("query", "wikidata-links", "-f", "csv", cwd=root).out
    assert [row.split(",")[2] for row in table.splitlines() if "www.wikidata.org/," in row] == [
        "no item"
    ]


@pytest.mark.parametrize("named", ["id", "things"])
def test_a_circle_by_hand_is_opened_by_rejecting_one_of_its_judgements(
    proposals: Proposals, run: Run, named: str
) -> None:
    workspace, root = proposals.workspace, proposals.workspace.root
    for gone, kept in (("haldria", "pellovia"), ("pellovia", "edrin-vask")):
        proposals.propose(
            gone, f"actor/{gone}", DCTERMS.isReplacedBy, f"actor/{kept}", "0.5", status="accepted"
        )
    file = root / "analysis.ttl"
    turned = re.sub(r"(kg:to\s+)<?actor[:/]edrin-vask>?", r"\1actor:haldria", file.read_text())
    assert turned != file.read_text()
    file.write_text(turned)
    assert run("build", cwd=root).code == 3
    name = f"judgement:{proposals.keys['pellovia']}" if named == "id" else "pellovia=haldria"
    answer = run("review", "--by", "Mira", "--reject", name, cwd=root)
    assert (answer.code, answer.err) == (0, "")
    assert workspace.merges() == {
        proposals.node("actor/haldria").value: proposals.node("actor/pellovia").value
    }


@pytest.mark.parametrize("log", ["there", "lost"])
def test_withdrawing_gives_back_what_that_had_rejected(
    proposals: Proposals, run: Run, log: str
) -> None:
    workspace, keys = proposals.workspace, proposals.keys
    before = judged(workspace)
    run("review", "--by", "Ann", "--accept", keys["officer"], cwd=workspace.root)
    run("review", "--by", "Ann", "--accept", "haldria=none", cwd=workspace.root)
    if log == "lost":
        (workspace.derived / "review.jsonl").unlink()
    answer = run(
        *("review", "--by", "Ann", "--withdraw", keys["officer"], "--withdraw", "haldria=none"),
        cwd=workspace.root,
    )
    assert answer.out.splitlines() == [
        "Waits: actor:edrin-vask is wd:Q900000001",
        "Waits: actor:edrin-vask is wd:Q900000002",
        "Waits: actor:haldria has no item in Wikidata",
        "Waits: actor:haldria is wd:Q900000003",
    ]
    after = judged(workspace)
    assert {key: after[key] for key in before} == before


def test_what_a_program_had_accepted_is_accepted_again_after_a_withdrawal(
    proposals: Proposals, run: Run
) -> None:
    workspace, keys = proposals.workspace, proposals.keys
    proposals.propose("state", "actor/haldria", SKOS.exactMatch, STATE, "0.97", status="accepted")
    run("review", "--by", "Ann", "--accept", "haldria=Q900000009", cwd=workspace.root)
    assert judged(workspace)[keys["state"]] == "rejected"
    answer = run("review", "--by", "Ann", "--withdraw", "haldria=Q900000009", cwd=workspace.root)
    assert "Accepted: actor:haldria is wd:Q900000003" in answer.out
    found = workspace.analysis().judgements[keys["state"]]
    assert (found.status, str(found.by)) == ("accepted", "newskg 0.1.0")


UNFIT: dict[str, tuple[str, str]] = {
    "a claim": ("{claim}=Q900000005", "only actors, places, topics and events have items"),
    "an article": ("article:{article}=Q900000005", "only actors, places, topics and events"),
    "no such number": ("haldria=Q99999999999999999999", "is no item of Wikidata"),
    "no number": ("haldria=Q0", "is no item of Wikidata"),
    "another page": ("haldria=https://www.wikidata.org/wiki/Property:P31", "is no item of"),
}


@pytest.mark.parametrize("case", UNFIT)
def test_only_things_have_items_and_only_items_are_had(
    proposals: Proposals, run: Run, case: str
) -> None:
    assert len(UNFIT) == 5
    name, message = UNFIT[case]
    claim = claims(proposals.workspace)[0].replace("/", ":")
    article = Annotations(proposals.workspace).read(TRAWLER).article.id or ""
    name = name.format(claim=claim, article=article)
    before = files(proposals.workspace)
    answer = run("review", "--by", "Ann", "--accept", name, cwd=proposals.workspace.root)
    assert answer.code in {2, 3}
    assert message in answer.err or case == "an article"
    assert files(proposals.workspace) == before


def test_the_address_of_a_page_stands_for_its_item(proposals: Proposals, run: Run) -> None:
    name = "haldria=https://www.wikidata.org/wiki/Q900000003"
    run("review", "--by", "Ann", "--accept", name, cwd=proposals.workspace.root)
    assert judged(proposals.workspace)[proposals.keys["state"]] == "accepted"


@pytest.mark.parametrize("other", ["{key}", "judgement:{key}", "haldria=Q900000003"])
def test_nothing_is_decided_in_two_ways_at_once(proposals: Proposals, run: Run, other: str) -> None:
    key, before = proposals.keys["state"], files(proposals.workspace)
    answer = run(
        *("review", "--by", "Ann", "--accept", key, "--reject", other.format(key=key)),
        cwd=proposals.workspace.root,
    )
    assert (answer.code, answer.out) == (2, "")
    assert "is to be decided in two ways" in answer.err
    assert files(proposals.workspace) == before


def test_a_fault_of_a_file_is_told_once_and_the_decision_is_kept(
    proposals: Proposals, run: Run
) -> None:
    root = proposals.workspace.root
    with (root / "analysis.ttl").open("a") as file:
        file.write("<id/claim/x> kg:when <id/date/nonsense> .\n")
    answer = run("review", "--by", "Ann", "--accept", proposals.keys["state"], cwd=root)
    assert answer.code == 1
    assert answer.err.count("nonsense") == 1
    assert "What was decided is in the files" in answer.err
    assert judged(proposals.workspace)[proposals.keys["state"]] == "accepted"


def test_a_name_and_a_reason_may_have_joiners(proposals: Proposals, run: Run) -> None:
    claim = claims(proposals.workspace)[0].replace("/", ":")
    name, reason = "مهسا می\u200cنویسد", "می\u200cدانم"
    answer = run(
        *("review", "--by", name, "--because", reason),
        *("--accept", proposals.keys["state"], "--accept", claim),
        cwd=proposals.workspace.root,
    )
    assert answer.code == 0
    found = proposals.workspace.analysis().judgements[proposals.keys["state"]]
    assert (found.by.name, found.note) == (name, reason)
    review = Annotations(proposals.workspace).read(TRAWLER).claims
    assert {(c.review.by, c.review.because) for c in review if c.review} == {(name, reason)}


def test_what_was_decided_is_listed_with_its_id_its_judge_and_the_reason(
    proposals: Proposals, run: Run
) -> None:
    root, key = proposals.workspace.root, proposals.keys["merge"]
    assert run("review", "--decided", cwd=root).err.endswith("Nothing was decided.\n")
    run("review", "--by", "Ann", "--because", "Seen.", "--accept", "haldria=pellovia", cwd=root)
    run("review", "--by", "Ann", "--accept", proposals.keys["officer"], cwd=root)
    shown = run("review", "merges", "--decided", cwd=root)
    assert re.sub(r"\d{4}-\d\d-\d\d", "DAY", shown.out) == (
        f"Merges\n  judgement:{key}  accepted by Ann, DAY  Seen.\n"
        "    (actor:haldria) → goes into Pellovia (actor:pellovia)\n"
    )
    everything = json.loads(run("review", "--decided", "-f", "json", cwd=root).out)
    assert [row["status"] for row in everything] == ["rejected", "accepted", "accepted"]
    for name in ("haldria", "pellovia"):
        rows = json.loads(run("review", name, "--decided", "-f", "json", cwd=root).out)
        assert [row["id"] for row in rows] == [f"judgement:{key}"]


def test_that_there_is_no_item_leaves_no_unlikely_one_waiting(
    proposals: Proposals, run: Run
) -> None:
    site = NamedNode("http://www.wikidata.org/")
    root = proposals.workspace.root
    proposals.propose("absent", "actor/pellovia", KG.absentFrom, site, "0.95", status="accepted")
    proposals.propose("unlikely", "actor/pellovia", SKOS.exactMatch, SINGER, "0.05")
    assert json.loads(run("review", "links", "pellovia", "-f", "json", cwd=root).out) == []
    proposals.propose("likely", "actor/pellovia", SKOS.exactMatch, OFFICER, "0.6")
    rows = json.loads(run("review", "links", "pellovia", "-f", "json", cwd=root).out)
    assert [row["confidence"] for row in rows] == [0.6, 0.05]


def test_the_margin_goes_by_one_name(proposals: Proposals, run: Run) -> None:
    rows = json.loads(run("review", "edrin-vask", "-f", "json", cwd=proposals.workspace.root).out)
    assert "margin" in rows[0]["features"]
    assert "rivals" not in rows[0]["features"]


def test_where_a_file_is_at_fault_its_name_is_said_once(proposals: Proposals, run: Run) -> None:
    with (proposals.workspace.root / "entities.ttl").open("a"):
        pass
    (proposals.workspace.root / "analysis.ttl").write_text("@prefix x: <y:> .\nx:a x:b ;;; .. \n")
    answer = run("build", cwd=proposals.workspace.root)
    assert answer.code == 1
    assert answer.err.count("analysis.ttl") == 1
    assert "analysis.ttl:2:" in answer.err


def test_what_does_not_wait_is_not_counted_as_waiting(proposals: Proposals, run: Run) -> None:
    site, root = NamedNode("http://www.wikidata.org/"), proposals.workspace.root
    run("build", cwd=root)
    assert "5 judgements to review" in run(cwd=root).out
    proposals.propose("absent", "actor/pellovia", KG.absentFrom, site, "0.95", status="accepted")
    proposals.propose("unlikely", "actor/pellovia", SKOS.exactMatch, SINGER, "0.05")
    run("build", cwd=root)
    assert "5 judgements to review" in run(cwd=root).out


def test_a_judgement_of_nobody_and_no_day_says_so(proposals: Proposals) -> None:
    file = proposals.workspace.root / "analysis.ttl"
    file.write_text(
        f"<id/judgement/x> a {KG.Judgement} ; {KG.from_} <id/actor/haldria> ;"
        f" {KG.relation} {SKOS.exactMatch} ; {KG.to} {STATE} ;"
        f" {KG.status} <https://w3id.org/newskg/scheme/status-accepted> .\n"
    )
    found = proposals.workspace.analysis().judgements
    assert [str(judgement) for judgement in found.values()] == ["accepted by somebody"]

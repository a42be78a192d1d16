"""The server of a store is killed, put back, or another one in its place: kg says so, and mends it.

Whatever is killed at whatever moment, the server or kg itself: the same command, given again, ends with
the dataset of an undisturbed run. A few moments are tried on Oxigraph's server; KG_SLOW=1 tries all of
them there, and random ones again and again on both engines: Virtuoso takes seconds to start.
"""

from __future__ import annotations

import contextlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest

from kg.note import MARK
from kg.store import MARKS, named_graphs, open_store, select, sending
from kg.store.sending import Sender
from kg.workspace import Workspace
from tests.conftest import SLOW, plain_environment
from tests.deadly import THEN
from tests.engines import MissingError, Server, oxigraph, ready, virtuoso

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Answer, Run

ARTICLES = 4
AT_MOST = 100 if SLOW else 2
"""Moments at which each command is disturbed, if it makes as many changes."""
DISTURBED = {"oxigraph": 12, "virtuoso": 6}
"""Commands that are disturbed at a random moment, for each engine and victim."""


@dataclass
class Engine:
    """A server with a database that outlasts it, always at the same port."""

    name: str
    folder: Path
    at: int = 0
    server: Server = field(init=False)

    def start(self) -> None:
        if self.name == "oxigraph":
            log = self.folder / "output.log"
            self.server = oxigraph(self.folder / "data", log=log, at=self.at)
        else:
            self.server = virtuoso(self.folder, at=self.at)
        self.at = urlsplit(self.server.url).port or 0

    def wipe(self) -> None:
        """Have it as a new one: without the mark, too."""
        with open_store(self.server.url) as store:
            graphs = {row["g"] for row in select(store, f"SELECT DISTINCT ?g {MARKED}")}
            for graph in named_graphs(store) | graphs:
                store.delete(graph)

    def dump(self) -> list[str]:
        with open_store(self.server.url) as store:
            return sorted(f"{t} {graph}" for graph in named_graphs(store) for t in store.get(graph))


MARKED = f'WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{MARKS}")) }}'


@contextlib.contextmanager
def serving(name: str, folder: Path) -> Iterator[Engine]:
    engine = Engine(name, folder)
    try:
        engine.start()
    except MissingError as error:
        pytest.skip(str(error))
    try:
        yield engine
    finally:
        engine.server.stop()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with serving("oxigraph", tmp_path_factory.mktemp("killed")) as engine:
        yield engine


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return written(tmp_path / "texts", ARTICLES)


def written(folder: Path, number: int) -> Path:
    folder.mkdir()
    for n in range(number):
        (folder / f"quay-{n}.txt").write_text(
            f"Quay {n} is closed\n\nPORT ELLERY, {n % 28 + 1} March 2031 — “Quay {n} is not safe,” said"
            f" Mayor Ines Calder. About {n + 2} boats will leave by June, according to Tam Orrin.\n"
        )
    return folder


COMMANDS = {"add": ["add"], "add --bulk": ["add", "--bulk"], "build": ["build"]}


def prepared(command: str, root: Path, texts: Path, url: str) -> list[str]:
    """A workspace in which a command has everything yet to do, and that command.

    The gate would only take its time.
    """
    Workspace.create(root)
    (root / "kg.toml").write_text(f'store = "{url}"\ngate = "off"\n')
    if command != "build":
        return [*COMMANDS[command], str(texts)]
    for text in texts.iterdir():
        shutil.copy(text, root / "articles" / text.name)
    return ["build"]


def told(answer: Answer) -> None:
    """It has failed because of the store, and says so in a line and a hint."""
    assert answer.code == 4, answer
    assert re.fullmatch(r"kg: error: http://\S+: .+\n(kg: hint: .+\n)?", answer.err), answer.err


class Deadly:
    """Counts the changes that are asked for; the server dies at one, in one of three ways.

    That is before it is asked, a little later, or as soon as it has answered.
    """

    def __init__(self, engine: Engine, at: int = 0, way: int = 0) -> None:
        self.changes = 0
        self.engine, self.at, self.way = engine, at, way
        self._send: Any = Sender.send

    def __enter__(self) -> Deadly:
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(Sender, "send", lambda *given, **named: self.send(*given, **named))
        self._patch.setattr(sending, "_PAUSE", 0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.undo()

    def send(self, *given: Any, **named: Any) -> object:
        self.changes += named["change"]
        way = self.way if named["change"] and self.changes == self.at else None
        if way == 0:
            self.engine.server.stop()
        if way == 1:
            threading.Timer(random.random() / 100, self.engine.server.process.kill).start()  # noqa: S311
        answer = self._send(*given, **named)
        if way == 2:
            self.engine.server.stop()
        return answer


def undisturbed(
    command: str, engine: Engine, texts: Path, tmp_path: Path, run: Run
) -> tuple[int, list[str]]:
    """How often a command changes an empty store, and what it has then."""
    engine.wipe()
    line = prepared(command, tmp_path / "whole", texts, engine.server.url)
    with Deadly(engine) as whole:
        assert run(*line, cwd=tmp_path / "whole", env=THEN).code == 0
    return whole.changes, engine.dump()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_server_dies_and_the_same_command_ends_as_if_nothing_had_been(
    command: str, engine: Engine, texts: Path, tmp_path: Path, run: Run
) -> None:
    changes, expected = undisturbed(command, engine, texts, tmp_path, run)
    assert len(expected) > 1_000
    assert changes >= 5
    rng = random.Random(command)  # noqa: S311
    moments = range(1, changes + 1)
    chosen = moments if SLOW else rng.sample(moments, AT_MOST)
    for at in list(chosen)[:AT_MOST]:
        engine.wipe()
        root = tmp_path / f"at-{at}"
        line = prepared(command, root, texts, engine.server.url)
        with Deadly(engine, at, way := rng.randrange(3)):
            answer = run(*line, cwd=root, env=THEN)
        engine.server.stop()
        if answer.code or way == 0:
            told(answer)
        engine.start()
        again = run(*line, cwd=root, env=THEN)
        assert again.code == 0, again
        assert engine.dump() == expected, (at, way)


DYING = """
import os, sys

if __name__ == "__main__":  # and not in the processes that read for it
    from kg.cli import app
    from kg.store.sending import Sender

    left, send = int(sys.argv.pop(1)), Sender.send

    def dying(*given, **named):
        global left
        answer = send(*given, **named)
        left -= named["change"]
        if left == 0 and named["change"]:
            os._exit(9)
        return answer

    Sender.send = dying
    sys.argv[0] = "kg"
    app()
"""


@pytest.mark.parametrize("command", COMMANDS)
def test_kg_dies_between_two_changes_and_the_same_command_goes_on(
    command: str, engine: Engine, texts: Path, tmp_path: Path, run: Run
) -> None:
    changes, expected = undisturbed(command, engine, texts, tmp_path, run)
    script = tmp_path / "dying.py"
    script.write_text(DYING)
    # The last change is a mark that no note has yet.
    moments = range(1, changes + 1) if SLOW else [changes]
    for at in moments:
        engine.wipe()
        root = tmp_path / f"at-{at}"
        line = prepared(command, root, texts, engine.server.url)
        died = subprocess.run(
            [sys.executable, script, str(at), *line],
            cwd=root,
            env=plain_environment(THEN),
            timeout=100,
            check=False,
        )
        assert died.returncode == 9
        assert run(*line, cwd=root, env=THEN).code == 0
        assert engine.dump() == expected, at


def test_a_store_that_was_put_back_or_emptied_is_noticed_and_mended(
    engine: Engine, texts: Path, tmp_path: Path, run: Run
) -> None:
    """Even where each graph that should be there is there."""
    engine.wipe()
    root, kept = tmp_path / "news", tmp_path / "backup"
    for line in (prepared("build", root, texts, engine.server.url), ["add", "--bulk", str(texts)]):
        assert run(*line, cwd=root, env=THEN).code == 0
    more = written(tmp_path / "more", 6)
    assert run("add", "--bulk", more, cwd=root, env=THEN).code == 0
    engine.server.stop()
    shutil.copytree(engine.folder / "data", kept)
    engine.start()
    register = (
        "@prefix kg: <https://w3id.org/newskg/ontology#> . @prefix s: <http://schema.org/> .\n"
        "<https://example.org/kg/id/actor/calder> a s:Person ; s:name %s .\n"
    )
    (root / "graphs" / "people.ttl").write_text(register % '"Ines Calder"')
    assert run("build", cwd=root, env=THEN).code == 0
    older = engine.dump()
    engine.server.stop()
    shutil.rmtree(kept)
    shutil.copytree(engine.folder / "data", kept)
    engine.start()
    (root / "graphs" / "people.ttl").write_text(register % '"Mayor Calder"')
    assert run("build", cwd=root, env=THEN).code == 0
    expected = engine.dump()
    assert len(expected) == len(older)
    assert expected != older
    quiet = run("query", "articles", cwd=root)
    assert (quiet.code, quiet.err) == (0, "")

    engine.server.stop()
    shutil.rmtree(engine.folder / "data")
    shutil.copytree(kept, engine.folder / "data")
    engine.start()
    assert engine.dump() == older
    warned = run("query", "articles", cwd=root)
    assert warned.code == 0
    assert warned.err == (
        "kg: the store is not as the last build left it; kg build makes it so again\n"
    )
    assert run("build", cwd=root, env=THEN).code == 0
    assert engine.dump() == expected

    engine.wipe()
    assert "not as the last build left it" in run("query", "articles", cwd=root).err
    assert run("build", cwd=root, env=THEN).code == 0
    assert engine.dump() == expected
    (root / ".kg" / MARK).unlink()  # nobody knows what the notes are about
    assert run("build", cwd=root, env=THEN).code == 0
    assert engine.dump() == expected
    assert "unchanged" in run("build", cwd=root, env=THEN).err


@pytest.mark.skipif(not SLOW, reason="takes minutes for each engine: KG_SLOW=1 runs it")
@pytest.mark.parametrize("victim", ["server", "kg"])
@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_something_dies_at_any_moment(name: str, victim: str, tmp_path: Path) -> None:
    """Real processes, killed in the middle of their work."""
    texts = written(tmp_path / "texts", 60)
    rng = random.Random(name + victim)  # noqa: S311
    (tmp_path / "engine").mkdir()
    disturbed = 0
    with serving(name, tmp_path / "engine") as engine:
        expected: dict[str, list[str]] = {}
        lasted: dict[str, float] = {}
        for command in COMMANDS:
            engine.wipe()
            root = tmp_path / command
            begun = time.monotonic()
            assert process(prepared(command, root, texts, engine.server.url), root).wait(100) == 0
            lasted[command], expected[command] = time.monotonic() - begun, engine.dump()
        for number in range(DISTURBED[name]):
            command = list(COMMANDS)[number % 3]
            engine.wipe()
            root = tmp_path / f"{number}"
            line = prepared(command, root, texts, engine.server.url)
            code = None
            for _ in range(2):
                running = process(line, root)
                time.sleep(rng.uniform(0.3, lasted[command]))
                if victim == "server":
                    engine.server.stop()
                elif running.poll() is None:
                    running.send_signal(signal.SIGKILL)
                code = running.wait(100)
                assert code in ({0, 4} if victim == "server" else {0, -9})
                assert "Traceback" not in (root / "err").read_text()
                disturbed += code != 0
                if victim == "server":
                    engine.start()
            assert process(line, root).wait(100) == 0, (root / "err").read_text()
            assert engine.dump() == expected[command], (number, command)
    assert disturbed >= DISTURBED[name]


class Ending:
    """A process that ends as soon as somebody has asked."""

    ended: int | None = None

    def poll(self) -> int | None:
        before, self.ended = self.ended, 1
        return before


def test_a_server_is_not_ready_where_another_has_taken_its_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert not ready(Server("", cast("Any", Ending())), other.getsockname()[1])


def process(line: list[str], root: Path) -> subprocess.Popen[bytes]:
    """The command as a process of its own."""
    with (root / "err").open("wb") as err:
        return subprocess.Popen(
            [sys.executable, "-m", "kg", *line], cwd=root, env=plain_environment(THEN), stderr=err
        )

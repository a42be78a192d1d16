"""`kg serve` as a program: what it says, how it ends, and what it refuses."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from urllib3.exceptions import HTTPError

import kg.web
from kg.store import named_graphs, open_store
from kg.web.readers.snapshot import FOLDER
from kg.web.server import got, running
from tests.conftest import plain_environment
from tests.web import Got, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.workspace import Workspace
    from tests.conftest import Run
    from tests.engines import Server


@dataclass(frozen=True, slots=True)
class Served:
    site: Site
    process: subprocess.Popen[str]

    def end(self, how: int) -> tuple[int, str]:
        """The exit code, and what was said on stderr after the first line."""
        self.process.send_signal(how)
        _, said = self.process.communicate(timeout=30)
        return self.process.returncode, said


@contextlib.contextmanager
def served(root: Path, *flags: str, env: dict[str, str] | None = None) -> Iterator[Served]:
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", "--port", "0", *flags],
        cwd=root,
        env=plain_environment(env),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.fullmatch(r"Serving .+ at (http://\S+/); Ctrl-C ends it\.\n", line)
        assert found, line + (process.stderr.read() if process.poll() is not None else "")
        yield Served(Site(found[1]), process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, and those that they have."""
    found: set[int] = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
            if int(fields["PPid"]) == pid:
                found |= {int(fields["Pid"])} | descendants(int(fields["Pid"]))
    return found


def all_ended(pids: set[int]) -> bool:
    """Whether processes end within some seconds."""
    for _ in range(100):
        if not [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end_and_leaves_nothing_behind(
    fresh: Workspace, how: int
) -> None:
    with served(fresh.root) as server:
        assert server.site.get("/").status == 200
        readers = descendants(server.process.pid)
        assert len(readers) >= 5
        code, said = server.end(how)
    assert (code, said.count("\n")) == (0, 1), said  # the line of the log
    assert all_ended(readers)
    assert not list((fresh.derived / FOLDER).glob("*"))


def test_readers_end_with_a_server_that_is_killed(fresh: Workspace) -> None:
    with served(fresh.root) as server:
        readers = descendants(server.process.pid)
        server.end(signal.SIGKILL)
    assert all_ended(readers)


def test_a_reader_at_an_endless_query_ends_with_a_server_that_is_killed(fresh: Workspace) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with served(fresh.root, "--timeout", "2") as server:
        readers = descendants(server.process.pid)
        with ThreadPoolExecutor(1) as thread:
            asked = thread.submit(server.site.get, f"/sparql?query={quote(endless)}")
            time.sleep(0.5)
            server.end(signal.SIGKILL)
            with pytest.raises(HTTPError):
                asked.result()
    assert all_ended(readers)


def test_other_commands_go_on_beside(fresh: Workspace, program: Run, sample: Path) -> None:
    with served(fresh.root) as server:
        answer = program("add", sample, cwd=fresh.root)
        assert answer.code in {0, 1}, answer.err
        assert "in use" not in answer.err
        assert server.site.get("/").status == 200


def test_the_log_has_a_line_for_each_request_and_nothing_secret(fresh: Workspace) -> None:
    with served(fresh.root) as server:
        server.site.get("/?q=%0A%1b[31mred", Authorization="Bearer not-to-be-seen")
        server.site.get("/\N{LATIN SMALL LETTER E WITH ACUTE}")
        _, said = server.end(signal.SIGINT)
    lines = said.splitlines()
    assert len(lines) == 2
    assert re.fullmatch(r"127\.0\.0\.1 GET /\?q=%0A%1B%5B31mred 200 \d+ \d+ms", lines[0])
    assert "not-to-be-seen" not in said


def test_one_address_is_printed_without_a_server_that_stays(built: Workspace, run: Run) -> None:
    answer = run("serve", "--get", "/", cwd=built.root)
    assert (answer.code, answer.out[:15]) == (0, "<!doctype html>")


def test_an_address_may_take_as_long_as_the_server_lets_it() -> None:
    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(3.3)  # urllib3 would give up after 3 s, and ask three times more
            self.send_response(200)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"late")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        assert got(address, "/x", "*/*") == (200, b"late")


def test_one_address_that_is_not_there_is_no(built: Workspace, run: Run) -> None:
    answer = run("serve", "--get", "/nothing", cwd=built.root)
    assert answer.code == 1
    assert json.loads(answer.out)["status"] == 404


@pytest.mark.parametrize(
    ("flags", "env", "code", "words"),
    [
        (["--get", "query"], {}, 2, "a path starts with /"),
        (["--host", "256.1.1.1"], {}, 2, "256.1.1.1: "),
        (["--write"], {}, 2, "KG_TOKEN is not set"),
        (["--write"], {"KG_TOKEN": "short"}, 2, "KG_TOKEN is too short"),
        (["--port", "99999"], {}, 2, "99999"),
        (["--store", "http://127.0.0.1:9/", "--write"], {"KG_TOKEN": "x" * 16}, 2, "--store shows"),
        (["--store", "nowhere"], {}, 2, "nowhere"),
        (["--timeout", "0"], {}, 2, "0"),
    ],
)
def test_wrong_use_is_said_in_a_line(
    built: Workspace, run: Run, flags: list[str], env: dict[str, str], code: int, words: str
) -> None:
    answer = run("serve", *flags, cwd=built.root, env=env)
    assert answer.code == code
    assert words in answer.err
    assert "Traceback" not in answer.err


def test_a_port_that_is_taken_is_named(built: Workspace, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("serve", "--port", str(port), cwd=built.root)
    assert answer.code == 2
    assert f"127.0.0.1:{port}: address already in use" in answer.err
    assert "choose one with --port" in answer.err


def test_without_a_store_kg_build_is_named(fresh: Workspace, run: Run) -> None:
    import shutil

    shutil.rmtree(fresh.derived)
    answer = run("serve", "--port", "0", cwd=fresh.root)
    assert answer.code == 4
    assert "kg build" in answer.err


def test_what_has_to_be_installed_is_named(
    built: Workspace, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("kg.web.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(kg.web, "server")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    answer = run("serve", cwd=built.root)
    assert answer.code == 2
    assert "kg serve needs uvicorn" in answer.err
    assert "pip install 'newskg[web]'" in answer.err


def content(answer: Got) -> str:
    """What an answer says; at the foot of a page stands the state of the data, which is not known."""
    return answer.text.partition("</main>")[0]


def test_a_store_elsewhere_is_served_the_same(
    built_newsroom: Workspace, new_server: Callable[[], Server]
) -> None:
    url = new_server().url
    with built_newsroom.reading() as store, open_store(url) as other:
        for graph in named_graphs(store):
            other.put(graph, store.get(graph))
    paths = ["/", "/page/id/actor/edrin-vask", "/query/topics", "/data/id/actor/edrin-vask.ttl"]
    with running(built_newsroom) as here, running(built_newsroom, store=url) as elsewhere:
        for path in paths:
            ours, theirs = Site(here).get(path), Site(elsewhere).get(path)
            assert theirs.status == ours.status == 200, path
            assert content(theirs) == content(ours), path
            assert "etag" not in theirs.headers  # nobody would tell when it changes


def test_a_store_elsewhere_that_does_not_answer_is_named(built: Workspace, run: Run) -> None:
    answer = run("serve", "--store", "http://127.0.0.1:9/", "--get", "/", cwd=built.root)
    assert answer.code == 4
    assert "127.0.0.1:9" in answer.err
    assert "Traceback" not in answer.err

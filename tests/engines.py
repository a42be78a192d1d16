"""Engines that people operate, started for real on free ports of loopback: Oxigraph's server and Virtuoso.

    python -m tests.engines virtuoso [FOLDER]

starts one by hand, says its URL and ends it with Ctrl-C. Without a folder the data are gone then.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.store import MARKS, named_graphs, open_store, select

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from kg.store import GraphStore

NEEDED = os.environ.get("KG_ENGINES") == "all"
"""Whether an engine that is not installed is a failure: where all are meant to be tested."""
USER, PASSWORD = "dba", "of the tests"
PATIENCE = 60
"""Seconds for a server to be ready: on a busy machine Virtuoso takes ten for a new database."""

INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
TransactionFile = {folder}/virtuoso.trx
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
xa_persistent_file = {folder}/virtuoso.pxa
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
DirsAllowed = {folder}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
MaxSortedTopRows = 1000000
CheckpointInterval = 0

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
Charset = UTF-8

[SPARQL]
ResultSetMaxRows = 100000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 0
"""
"""Small, on loopback only, and without the limits that would cut answers short (10,000 rows in Debian's).

The database is gone after the tests: no checkpoints.
"""
BUFFERS = 20_000
"""Pages of 8 KB that Virtuoso keeps in memory: 160 MB."""
VIRTRDF = "http://www.openlinksw.com/schemas/virtrdf#"
RIGHTS = f"""
user_set_password('{USER}', '{PASSWORD}');
GRANT SPARQL_UPDATE TO "SPARQL";
DB.DBA.RDF_DEFAULT_USER_PERMS_SET ('nobody', 0, 1);
DB.DBA.RDF_GRAPH_GROUP_CREATE ('{VIRTRDF}PrivateGraphs', 1);
DB.DBA.RDF_GRAPH_GROUP_INS ('{VIRTRDF}PrivateGraphs', '{VIRTRDF}');
SPARQL CLEAR GRAPH <http://www.w3.org/ns/ldp#>;
SPARQL CLEAR GRAPH <http://localuriqaserver/sparql>;
"""
"""Anybody may write, without a login, by `/sparql`; `/sparql-auth` wants the user's name and password.

The graphs of the system are private: queries that ask for everything would have them in the union.
"""


class MissingError(Exception):
    """The program of an engine is not installed."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server of our own, with an empty store in which the default graph is the union of all."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it as if it had crashed."""
        self.process.kill()
        self.process.wait()


def oxigraph(folder: Path | None = None, *, log: Path | None = None, at: int = 0) -> Server:
    """Oxigraph's server, with its data in memory unless a folder is given; `at` a port, or a free one."""
    for _ in range(5):  # another process may take the port before the server does
        port = at or free_port()
        place = f"127.0.0.1:{port}"
        where: list[str | Path] = ["--location", folder] if folder else []
        line: list[str | Path] = [
            installed("oxigraph"),
            "serve",
            *where,
            "--bind",
            place,
            "--union-default-graph",
        ]
        server = Server(f"http://{place}/", launched(line, log))
        if ready(server, port):
            return server
    raise AssertionError(f"Oxigraph's server does not start; see {log}")


def virtuoso(folder: Path, *, at: int = 0, buffers: int = BUFFERS) -> Server:
    """Virtuoso, with its database in a folder; where that has none yet, one is made in some seconds.

    It answers at a port, or a free one. What a killed one has left is taken up.
    """
    program, client = installed("virtuoso-t"), installed("isql-vt")
    for _ in range(5):
        sql, http = free_port(), at or free_port()
        ini = folder / "virtuoso.ini"
        settings = INI.format(
            folder=folder, sql=sql, http=http, buffers=buffers, dirty=buffers * 3 // 4
        )
        ini.write_text(settings, encoding="utf-8")
        new = not (folder / "virtuoso.db").exists()
        line: list[str | Path] = [program, "+foreground", "+configfile", ini]
        server = Server(f"http://127.0.0.1:{http}/sparql", launched(line, folder / "output.log"))
        if not (ready(server, http) and ready(server, sql)):
            continue
        if new:
            told = subprocess.run(
                [client, f"127.0.0.1:{sql}", USER, USER, "VERBOSE=OFF", "ERRORS=STDOUT"],
                input=RIGHTS.encode(),
                stdout=subprocess.PIPE,
                timeout=PATIENCE,
                check=True,
            )
            assert b"Error" not in told.stdout, told.stdout.decode()
        return server
    raise AssertionError(f"Virtuoso does not start; see {folder}/output.log")


def installed(program: str) -> str:
    """Where a program is: beside this Python, or on the path."""
    beside = Path(sys.executable).with_name(program)
    found = str(beside) if beside.exists() else shutil.which(program)
    if not found:
        raise MissingError(f"{program} is not installed: see docs/engines.md")
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def launched(line: list[str | Path], log: Path | None) -> subprocess.Popen[bytes]:
    with Path(log or os.devnull).open("ab") as output:
        return subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=output, stderr=output)


def ready(server: Server, port: int) -> bool:
    """Wait until something listens; False where the server ended instead. It is ended if it takes too long."""
    until = time.monotonic() + PATIENCE
    while server.process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
            # It may be another one that listens there, and ours has ended because of that.
            return server.process.poll() is None
        if time.monotonic() > until:
            server.stop()
        time.sleep(0.02)
    return False


def started(start: Callable[[], Server]) -> Generator[str]:
    """The URL of a server for as long as it is wanted; the test is skipped where there is no program."""
    try:
        server = start()
    except MissingError as error:
        if NEEDED:
            raise
        pytest.skip(str(error))
    try:
        yield server.url
    finally:
        server.stop()


def emptied(url: str) -> GraphStore:
    """The store behind a URL, without what tests before left in it, marks of builds included."""
    store = open_store(url)
    marks = (
        f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{MARKS}')) }}"
    )
    left = [row["g"] for row in select(store, marks)]
    for graph in {*named_graphs(store), *left}:
        store.delete(graph)
    return store


def filled(url: str, source: GraphStore) -> GraphStore:
    """The store behind a URL with the graphs of another and no others."""
    store = emptied(url)
    for graph in named_graphs(source):
        store.put(graph, source.get(graph))
    return store


@pytest.fixture(scope="session")
def oxigraph_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Oxigraph's server, on disk, for all tests: empty it before use."""
    folder = tmp_path_factory.mktemp("oxigraph")
    yield from started(lambda: oxigraph(folder / "data", log=folder / "output.log"))


@pytest.fixture(scope="session")
def virtuoso_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Virtuoso for all tests: empty it before use."""
    folder = tmp_path_factory.mktemp("virtuoso")
    yield from started(lambda: virtuoso(folder))


def main(name: str, folder: str = "") -> None:
    """Start an engine by hand and wait."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with contextlib.ExitStack() as stack:
        place = Path(folder or stack.enter_context(tempfile.TemporaryDirectory())).absolute()
        place.mkdir(parents=True, exist_ok=True)
        starts: dict[str, Callable[[Path], Server]] = {"oxigraph": oxigraph, "virtuoso": virtuoso}
        server = starts[name](place)
        stack.callback(server.stop)
        sys.stdout.write(f"kg … --store {server.url}\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            server.process.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])

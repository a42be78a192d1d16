"""What many tests share: the founding corpus built once, a small sample, and the program itself.

`sample/` holds two reports that we made up, their annotations and their register. Fixtures that
make something return functions, so that a test says what it makes.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from typer.testing import CliRunner

from kg.add import add
from kg.build import build
from kg.export import dataset, write
from kg.store import open_store
from kg.web.readers.reading import Reading
from kg.web.readers.snapshot import FOLDER
from kg.web.server import running
from kg.workspace import Workspace
from tests.browser import chromium
from tests.engines import Server, oxigraph, oxigraph_url, virtuoso_url  # noqa: F401 - fixtures
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from playwright.sync_api import Browser

    from kg.store import GraphStore

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared"))
SLOW = os.environ.get("KG_SLOW") == "1"
timed = pytest.mark.skipif(not SLOW, reason="hangs on the clock: KG_SLOW=1 runs it")


def pytest_configure() -> None:
    """No property asks how long an example takes. Only pytest needs hypothesis: servers import tests, too."""
    from hypothesis import settings

    settings.register_profile("kg", deadline=None)
    settings.load_profile("kg")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run of the program gave back."""

    code: int
    out: str
    err: str
    data: bytes  # of stdout, exactly


class Run(Protocol):
    """Run `kg` with some arguments, in a folder."""

    def __call__(
        self,
        *arguments: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
    ) -> Answer: ...


class NewWorkspace(Protocol):
    """Make a workspace of your own: a name for its folder, what to take in, where texts are."""

    def __call__(self, name: str = ..., *sources: Path, texts: Path | None = ...) -> Workspace: ...


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Have long values named by a digest: an id goes between processes with each of its tests."""
    content = val.encode("utf-8", "surrogatepass") if isinstance(val, str) else val
    if not isinstance(content, bytes) or len(content) <= _LONG:
        return None
    return f"{argname}-{zlib.crc32(content):08x}"


_LONG = 100
"""Bytes of a value above which it is too long for the id of a test."""


@pytest.fixture(scope="session")
def new_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Server]]:
    """Start a server of your own on a free port; it ends with the session."""
    logs, numbers = tmp_path_factory.mktemp("servers"), itertools.count()
    with contextlib.ExitStack() as stack:

        def new_server() -> Server:
            started = oxigraph(log=logs / f"{next(numbers)}.log")
            stack.callback(started.stop)
            return started

        yield new_server


@pytest.fixture(scope="session")
def server(new_server: Callable[[], Server]) -> str:
    """The URL of a server for all tests: empty it before use."""
    return new_server().url


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of material that is not part of the repository: the seeds, the suites."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here; KG_SHARED names it")
    return SHARED


@pytest.fixture(scope="session")
def seeds(shared: Path) -> Path:
    """The folder with the texts of the two founding articles."""
    if not (shared / "seeds").is_dir():
        pytest.skip("the texts of the founding corpus are not here")
    return shared / "seeds"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The annotations of the founding corpus, without its texts."""
    return ROOT / "examples" / "abductions"


@pytest.fixture(scope="session")
def sample() -> Path:
    """Two small reports, with texts, annotations and register. Not to be changed: copy it."""
    return Path(__file__).with_name("sample")


def make(root: Path, *sources: Path, texts: Path | None = None) -> Workspace:
    workspace = Workspace.create(root)
    if sources:
        with workspace.writing() as store:
            report = add(workspace, store, sources, texts=[texts] if texts else [])
        assert not report.problems, report.problems
    return workspace


@pytest.fixture
def new(tmp_path: Path) -> NewWorkspace:
    """Make a new workspace in the test's own folder and take sources into it."""

    def new(name: str = "news", *sources: Path, texts: Path | None = None) -> Workspace:
        return make(tmp_path / name, *sources, texts=texts)

    return new


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Workspace:
    """A workspace of the founding corpus, without texts, for all tests: read only."""
    return make(tmp_path_factory.mktemp("built") / "abductions", corpus)


@pytest.fixture(scope="session")
def built_sample(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Workspace:
    """A workspace of the sample, with texts, for all tests: read only."""
    return make(tmp_path_factory.mktemp("built") / "sample", sample)


@pytest.fixture(scope="session")
def newsroom() -> Path:
    """Six texts of an invented world with their annotations and register."""
    return ROOT / "examples" / "newsroom"


@pytest.fixture(scope="session")
def built_newsroom(tmp_path_factory: pytest.TempPathFactory, newsroom: Path) -> Workspace:
    """A workspace of the newsroom, with texts, for all tests: read only."""
    return make(tmp_path_factory.mktemp("built") / "newsroom", newsroom)


@pytest.fixture(scope="session")
def ungated_newsroom(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The same with the gate off, which would take most of the time where links are written: read only."""
    root = tmp_path_factory.mktemp("ungated") / "newsroom"
    make(root, ROOT / "examples" / "newsroom")
    with (root / "kg.toml").open("a") as file:
        file.write('gate = "off"\n')
    return Workspace.open(root)


@pytest.fixture(scope="session")
def site(built: Workspace) -> Iterator[Site]:
    """A server of the founding corpus, without texts, for all tests; others know it by a name."""
    with running(built, hosts=("data.example.org",)) as address:
        yield Site(address)


@pytest.fixture(scope="session")
def newsroom_site(built_newsroom: Workspace) -> Iterator[Site]:
    """A server of the newsroom, with texts, for all tests."""
    with running(built_newsroom) as address:
        yield Site(address)


@pytest.fixture(scope="module")
def reading(built: Workspace) -> Iterator[Reading]:
    """What a reader of the founding corpus has."""
    with built.reading() as store:
        yield Reading(workspace=built, store=store, generation="0" * 12)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of a module; those that run a loop of asyncio are in others."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def fresh(built: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the workspace of the founding corpus, to change at will."""
    return copied(built, tmp_path / "fresh")


@pytest.fixture
def fresh_sample(built_sample: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the workspace of the sample, to change at will."""
    return copied(built_sample, tmp_path / "fresh-sample")


def copied(workspace: Workspace, to: Path) -> Workspace:
    shutil.copytree(workspace.root, to, ignore=shutil.ignore_patterns(FOLDER))
    return Workspace.open(to)


def export(workspace: Workspace) -> bytes:
    """All that the store holds, the ontology too, as TriG."""
    with workspace.reading() as store:
        return contents(workspace, store)


def contents(workspace: Workspace, store: GraphStore) -> bytes:
    return write(dataset(store, ontology=True), "trig", workspace.prefixes, workspace.iris)


def files(workspace: Workspace) -> dict[str, bytes]:
    """What is in the files of a workspace; what is derived is left out."""
    return {
        str(path.relative_to(workspace.root)): path.read_bytes()
        for path in sorted(workspace.root.rglob("*"))
        if path.is_file() and workspace.derived not in path.parents
    }


@pytest.fixture
def export_of() -> Callable[[Workspace], bytes]:
    """All that the store of a workspace holds, in bytes that can be compared."""
    return export


@pytest.fixture
def files_of() -> Callable[[Workspace], dict[str, bytes]]:
    """The files of a workspace with what is in them."""
    return files


@pytest.fixture
def rebuilt() -> Callable[[Workspace], bytes]:
    """What a workspace would hold if it were built from nothing but its files."""

    def rebuilt(workspace: Workspace) -> bytes:
        with open_store("memory:") as store:
            build(replace(workspace, settings=replace(workspace.settings, store="memory:")), store)
            return contents(workspace, store)

    return rebuilt


def plain_environment(env: Mapping[str, str] | None) -> dict[str, str]:
    """The environment without settings of ours, as wide as a page."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    return ours | {"COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1"} | dict(env or {})


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `kg` in this process: quick, and its logic can be stepped into."""
    from kg.cli import app

    def run(
        *arguments: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
    ) -> Answer:
        with monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("KG_")]:
                patch.delenv(name)
            if cwd is not None:
                patch.chdir(cwd)
            words = [str(argument) for argument in arguments]
            found: Any = CliRunner().invoke(
                app, words, input=stdin, env={"COLUMNS": "100"} | dict(env or {}), prog_name="kg"
            )
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        data = found.stdout_bytes  # found.stdout has other line ends than what was written
        return Answer(found.exit_code, data.decode(errors="replace"), found.stderr, data)

    return run


@pytest.fixture
def program() -> Run:
    """Run `kg` as a process of its own: for signals, pipes, and what happens at exit."""

    def program(
        *arguments: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
    ) -> Answer:
        found = subprocess.run(
            [sys.executable, "-m", "kg", *map(str, arguments)],
            cwd=cwd,
            env=plain_environment(env),
            input=stdin if stdin is not None else b"",
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Answer(
            found.returncode,
            found.stdout.decode(errors="replace"),
            found.stderr.decode(),
            found.stdout,
        )

    return program

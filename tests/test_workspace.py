"""The folder: made whole or not at all, written whole or not at all, locked, and readable by many."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import re
import stat
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, URIRef

from kg import files
from kg.errors import ConfigError, InputError, KgError, NotFoundError, StoreError
from kg.files import Together, read_file, reporting, write_file
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import NewWorkspace, Run

BASE = "https://example.org/kg/"


# ---------------------------------------------------------------------- making one


def test_a_new_workspace_has_its_files_and_opens(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "a" / "news", "https://data.example.org/x/")
    assert sorted(path.name for path in made.root.iterdir()) == [
        ".gitignore",
        "analysis.ttl",
        "articles",
        "entities.ttl",
        "graphs",
        "kg.toml",
    ]
    assert (made.root / ".gitignore").read_text() == ".kg/\n"
    assert Workspace.open(made.root) == made
    assert made.settings.base == "https://data.example.org/x/"


def test_a_workspace_is_found_from_the_folders_below(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "news")
    assert Workspace.open(made.articles).root == made.root


def test_where_there_is_none_the_message_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=re.escape(f"{tmp_path}: not in a workspace")):
        Workspace.open(tmp_path)


def test_a_second_workspace_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    Workspace.create(tmp_path)
    (tmp_path / "entities.ttl").write_text("# mine")
    with pytest.raises(InputError, match="there is a workspace already"):
        Workspace.create(tmp_path)
    assert (tmp_path / "entities.ttl").read_text() == "# mine"


def test_what_is_in_the_folder_already_stays(tmp_path: Path) -> None:
    (tmp_path / "entities.ttl").write_text("# mine")
    (tmp_path / ".gitignore").write_text("*.bak\n")
    Workspace.create(tmp_path)
    assert (tmp_path / "entities.ttl").read_text() == "# mine"
    assert (tmp_path / ".gitignore").read_text() == "*.bak\n"


@pytest.mark.parametrize(
    "base",
    [
        "",
        "nonsense",
        "ftp://example.org/",
        "https://example.org/kg",
        "https://example.org/kg#",
        'https://example.org/"#',
        'https://example.org/"\nstore = "x/',
        "https://example.org/a b/",
    ],
)
def test_a_base_that_is_no_base_makes_nothing(tmp_path: Path, base: str) -> None:
    with pytest.raises(ConfigError, match=r"^--base: .* is no base IRI$"):
        Workspace.create(tmp_path / "news", base)
    assert not (tmp_path / "news").exists()


def test_prefixes_of_ours_cannot_be_given_another_meaning(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path)
    toml = tmp_path / "kg.toml"
    toml.write_text(f'base = "{BASE}"\n[prefixes]\nex = "http://e.org/"\nkg = "http://e.org/kg#"\n')
    with pytest.raises(ConfigError, match="the prefix kg stands for https:"):
        Workspace.open(tmp_path)
    toml.write_text(f'base = "{BASE}"\n[prefixes]\nex = "http://e.org/"\n')
    assert Workspace.open(tmp_path).prefixes["ex"] == "http://e.org/"
    assert Workspace.open(tmp_path).prefixes.items() >= made.prefixes.items()


# ------------------------------------------------------------------------- writing


def test_a_file_is_replaced_as_a_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    write_file(file, b"one")
    write_file(file, b"two")
    assert file.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_is_as_open_as_the_umask_says_and_an_old_one_stays_as_it_was(
    tmp_path: Path,
) -> None:
    old = os.umask(0o027)
    try:
        write_file(tmp_path / "new", b"")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    (tmp_path / "new").chmod(0o600)
    write_file(tmp_path / "new", b"x")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x").write_text("old")
    (tmp_path / "link").symlink_to("real/x")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "x").read_text() == "new"


CALLS = ("mkstemp", "fsync", "chmod", "replace", "write")


def refuse(monkeypatch: pytest.MonkeyPatch, call: str, folder: Path) -> None:
    """Have a disk that is full by the time of a call."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder / ".kg-x.tmp"))

    class Full:
        def __init__(self, handle: int, mode: str) -> None:
            assert mode == "wb"
            self.handle = handle

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            os.close(self.handle)

        write = full

    match call:
        case "mkstemp":
            monkeypatch.setattr(tempfile, "mkstemp", full)
        case "fsync":
            monkeypatch.setattr(os, "fsync", full)
        case "write":
            monkeypatch.setattr(os, "fdopen", Full)
        case _:
            monkeypatch.setattr(Path, call, full)


@pytest.mark.parametrize("call", CALLS)
def test_what_the_file_system_refuses_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    file = tmp_path / "x.txt"
    file.write_text("old")
    refuse(monkeypatch, call, tmp_path)
    with pytest.raises(StoreError, match=r"x\.txt: no space left on device") as caught:
        write_file(file, b"new")
    monkeypatch.undo()
    assert caught.value.hint == "nothing was half written; make room, then run the command again"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"x.txt": "old"}


def test_files_written_together_have_their_names_when_all_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    together = Together()
    names = [tmp_path / f"{number}.txt" for number in range(40)]
    for file in names:
        together.write(file, file.name.encode())
    assert not any(file.exists() for file in names)
    assert names[3] in together
    together.settle()
    assert [file.read_bytes() for file in names] == [file.name.encode() for file in names]
    assert {file.stat().st_ino for file in [*names, tmp_path]} == set(synced)
    assert sorted(tmp_path.iterdir()) == sorted(names)
    assert names[3] not in together
    (tmp_path / "plain").touch()
    assert {file.stat().st_mode for file in names} == {(tmp_path / "plain").stat().st_mode}


def test_nobody_waits_long_for_files_written_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SOON", 0)
    together = Together()
    together.write(tmp_path / "x.txt", b"x")
    assert (tmp_path / "x.txt").read_bytes() == b"x"
    assert (tmp_path / "x.txt") not in together


@pytest.mark.parametrize("call", CALLS)
def test_what_the_file_system_refuses_leaves_nothing_of_files_written_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    together = Together()

    def write() -> None:
        for name in ("x.txt", "y.txt"):
            together.write(tmp_path / name, b"new")
        together.settle()

    refuse(monkeypatch, call, tmp_path)
    with pytest.raises(StoreError, match=r"x\.txt: no space left on device"):
        write()
    together.settle()
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def test_the_next_write_sweeps_up_what_a_killed_process_left(fresh_sample: Workspace) -> None:
    left = [
        folder / ".kg-abc.tmp"
        for folder in (
            fresh_sample.root,
            fresh_sample.articles,
            fresh_sample.graphs,
            fresh_sample.derived,
        )
    ]
    mine = fresh_sample.root / ".kg-notes"
    for file in [*left, mine]:
        file.write_text("half")
    with fresh_sample.writing():
        pass
    assert not any(file.exists() for file in left)
    assert mine.read_text() == "half"


# ------------------------------------------------------------------------- reading


def test_only_regular_files_of_a_fair_size_are_read(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "big").write_bytes(b"12345")
    (tmp_path / "loop").symlink_to("loop")
    wrong = {
        "missing": "no such file",
        "folder": "is a folder",
        "pipe": "is not a regular file",
        "big": "has 5 bytes; the limit is 4",
        "loop": "too many levels of symbolic links",
        "nul\0": "embedded null byte",
        "n" * 300: "file name too long",
    }
    for name, message in wrong.items():
        with pytest.raises(InputError) as caught:
            read_file(tmp_path / name, "it", limit=4)
        assert str(caught.value) == f"it: {message}"
    assert read_file(tmp_path / "big", limit=5) == b"12345"


def test_an_error_of_the_file_system_names_the_place(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"here: input/output error"), reporting(Path("here")):
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    missing = tmp_path / "missing"
    with pytest.raises(StoreError, match=r"missing: no such file"), reporting(Path("here")):
        missing.read_bytes()


# -------------------------------------------------------------------------- locking


@contextlib.contextmanager
def held(root: Path, how: str) -> Iterator[int]:
    """Another process that holds the workspace, and its number."""
    code = f"""
        from kg.workspace import Workspace
        with Workspace.open({str(root)!r}).{how}():
            print("held", flush=True)
            input()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process.pid
        process.stdin.write("\n")


@pytest.mark.parametrize(
    ("theirs", "ours", "allowed"),
    [
        ("writing", "writing", False),
        ("writing", "reading", False),
        ("writing", "dataset", False),
        ("reading", "writing", False),
        ("reading", "reading", True),
        ("reading", "dataset", True),
    ],
)
def test_there_are_many_readers_or_one_writer(
    fresh_sample: Workspace, theirs: str, ours: str, allowed: bool
) -> None:
    def open_ours() -> None:
        if ours == "dataset":
            fresh_sample.dataset()
        else:
            with getattr(fresh_sample, ours)():
                pass

    with held(fresh_sample.root, theirs) as pid:
        if allowed:
            open_ours()
            return
        with pytest.raises(StoreError) as caught:
            open_ours()
        assert re.fullmatch(
            rf"{re.escape(str(fresh_sample.root))}: in use by process {pid} "
            r"\(-c, since \d\d:\d\d:\d\d UTC\)",
            str(caught.value),
        )
        assert caught.value.hint == "wait until it has ended, then try again"
    open_ours()


def test_a_holder_that_has_ended_is_not_named(fresh_sample: Workspace) -> None:
    lock = fresh_sample.derived / "lock"
    with fresh_sample.reading():
        # The first reader has ended; the second one came while it was there.
        lock.write_text("process 999999999 (kg query, since 00:00:00 UTC)\n")
        with pytest.raises(StoreError, match=r"in use by another process$"), fresh_sample.writing():
            pass
        with fresh_sample.reading():
            assert lock.read_text().startswith(f"process {os.getpid()} (")


def test_the_program_says_who_holds_the_lock_and_what_to_do(
    fresh_sample: Workspace, program: Run
) -> None:
    with held(fresh_sample.root, "writing") as pid:
        for command in (["build"], ["query", "articles"], ["export"], []):
            answer = program(*command, cwd=fresh_sample.root)
            assert answer.code == 4
            first, second = answer.err.splitlines()
            assert first.startswith(f"kg: error: {fresh_sample.root}: in use by process {pid} (")
            assert second == "kg: hint: wait until it has ended, then try again"


# --------------------------------------------------------------------- in a notebook


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib warns of itself
def test_two_lines_give_an_rdflib_dataset_over_the_same_store(built_sample: Workspace) -> None:
    dataset = Workspace.open(built_sample.root).dataset()
    claim = URIRef("https://w3id.org/newskg/ontology#Claim")
    assert len(set(dataset.subjects(RDF.type, claim))) == 3
    assert len(list(dataset.query("SELECT ?c WHERE { ?c a kg:Claim }"))) == 3


def test_writers_wait_until_the_dataset_is_gone(fresh_sample: Workspace) -> None:
    dataset = fresh_sample.dataset()
    with pytest.raises(StoreError, match="in use"), fresh_sample.writing():
        pass
    del dataset
    gc.collect()
    with fresh_sample.writing():
        pass


def test_a_workspace_that_keeps_no_store_gives_no_dataset(tmp_path: Path) -> None:
    Workspace.create(tmp_path)
    (tmp_path / "kg.toml").write_text('store = "memory:"\n')
    with pytest.raises(StoreError, match="keeps no store"):
        Workspace.open(tmp_path).dataset()


# ------------------------------------------------------------------ a store at fault


def test_without_a_store_reading_says_what_makes_one(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path)
    with pytest.raises(StoreError, match="there is no store yet") as caught, made.reading():
        pass
    assert caught.value.hint == "kg build makes it"


def largest(folder: Path) -> Path:
    return max(folder.glob("*.sst"), key=lambda path: path.stat().st_size)


def garbage(path: Path) -> None:
    path.write_bytes(b"garbage\n" * 10)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 50] = bytes(255 - byte for byte in data[middle : middle + 50])
    path.write_bytes(data)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "the index of the store": lambda store: garbage(store / "CURRENT"),
    "the list of its files": lambda store: garbage(next(store.glob("MANIFEST-*"))),
    "a table cut short": lambda store: garbage(largest(store)),
    "bytes inside its tables": lambda store: list(map(flip, store.glob("*.sst"))),
    "a table that is gone": lambda store: largest(store).unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_store_is_said_to_be_and_can_be_made_again(
    fresh_sample: Workspace,
    run: Run,
    export_of: Callable[[Workspace], bytes],
    damage: str,
) -> None:
    before = export_of(fresh_sample)
    DAMAGE[damage](fresh_sample.derived / "store")
    for command in ("export", "build"):
        answer = run(command, cwd=fresh_sample.root)
        assert answer.code == 4
        assert answer.data == b""
        first, second = answer.err.splitlines()
        assert first.startswith(f"kg: error: {fresh_sample.derived / 'store'}: ")
        assert second == f"kg: hint: delete {fresh_sample.derived}, then kg build makes it again"
    subprocess.run(["rm", "-r", fresh_sample.derived], check=True)
    assert run("build", cwd=fresh_sample.root).code == 0
    assert export_of(fresh_sample) == before


def test_damage_that_shows_only_while_an_answer_is_read_is_an_error_of_the_store(
    fresh_sample: Workspace,
) -> None:
    with pytest.raises(StoreError, match="Corruption: x") as caught, fresh_sample.reading():
        raise RuntimeError("Corruption: x")
    assert "kg build makes it again" in str(caught.value.hint)
    with pytest.raises(RuntimeError, match="a bug of ours"), fresh_sample.reading():
        raise RuntimeError("a bug of ours")


@pytest.mark.parametrize("place", [".kg", ".kg/store"])
def test_a_file_in_the_place_of_a_folder_is_said_to_be(
    new: NewWorkspace, run: Run, place: str
) -> None:
    workspace = new()
    (workspace.root / place).parent.mkdir(exist_ok=True)
    (workspace.root / place).write_text("x")
    for command in ("export", "build"):
        answer = run(command, cwd=workspace.root)
        assert answer.code == 4
        assert answer.err.startswith(f"kg: error: {workspace.root / place}")


def test_errors_are_one_tree_with_exit_codes() -> None:
    codes = {error.__name__: error.exit_code for error in (ConfigError, InputError, StoreError)}
    assert codes == {"ConfigError": 2, "InputError": 3, "StoreError": 4}
    assert NotFoundError.exit_code == 3
    assert issubclass(NotFoundError, InputError)
    assert KgError.exit_code == 70

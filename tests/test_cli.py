"""Manners: data on stdout, talk on stderr, one line for every error, and the right exit code."""

from __future__ import annotations

import errno
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg import __version__
from kg.add import add
from kg.errors import StoreError
from kg.query import stored
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Answer, NewWorkspace, Run

    Export = Callable[[Workspace], bytes]
    Files = Callable[[Workspace], dict[str, bytes]]

COMMANDS = [
    *("init", "add", "build", "extract", "score", "link", "review", "index"),
    *("validate", "query", "show", "export", "serve"),
]


def error(answer: Answer, code: int) -> str:
    """The one error of an answer that failed in good manners."""
    assert answer.code == code, answer
    assert answer.data == b""
    assert "Traceback" not in answer.err
    errors = [line for line in answer.err.splitlines() if line.startswith("kg: error: ")]
    assert len(errors) == 1, answer.err
    return errors[0].removeprefix("kg: error: ")


# ------------------------------------------------------------------------------ start


HEAVY = [
    "SPARQLWrapper",
    "fastapi",
    "oxrdflib",
    "pydantic",
    "pyoxigraph",
    "pyshacl",
    "rdflib",
    "rich",
    "starlette",
    "trafilatura",
    "uvicorn",
    "yaml",
]


@pytest.mark.parametrize("statement", ["import kg.cli", "import kg.cli; kg.cli.app(['--help'])"])
def test_the_command_line_starts_without_anything_heavy(statement: str) -> None:
    report = f"import atexit, sys; atexit.register(lambda: print(*sys.modules)); {statement}"
    found = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True
    )
    modules = {name.partition(".")[0] for name in found.stdout.splitlines()[-1].split()}
    assert "typer" in modules
    assert modules.isdisjoint(HEAVY)


def test_the_entry_point_is_the_program() -> None:
    (entry,) = [entry for entry in entry_points(group="console_scripts") if entry.name == "kg"]
    assert callable(entry.load())


# ------------------------------------------------------------------------------- help


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_data_and_names_every_command(run: Run, command: str, flag: str) -> None:
    answer = run(*command.split(), flag)
    assert answer.code == 0
    assert answer.err == ""
    assert answer.out.startswith("Usage: kg")
    if command:
        assert re.search(r"Examples?: kg ", answer.out)
    else:
        assert [line.split()[0] for line in answer.out.split("Commands:\n")[1].splitlines()] == (
            COMMANDS
        )


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").out == f"kg {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["buidl"],
        ["--nope"],
        ["add"],
        ["add", "--nope", "x"],
        ["build", "surplus"],
        ["init", "a", "b"],
        ["validate", "--limit", "many"],
    ],
)
def test_wrong_usage_exits_with_2_and_says_where_help_is(run: Run, words: list[str]) -> None:
    answer = run(*words)
    assert answer.code == 2
    assert answer.data == b""
    assert "Try 'kg" in answer.err
    assert "-h' for help" in answer.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["export", "-f", "nonsense"], "--format nonsense: expected"),
        (["export", "-o", "x.nonsense"], "x.nonsense: the extension tells no format"),
        (["export", "-f", "yaml"], "yaml is for one article"),
        (["export", "japan", "--graph", "entities"], "give a thing or --graph, not both"),
        (["validate", "--fail-on", "x"], "--fail-on x: expected"),
        (["validate", "-f", "x"], "--format x: expected"),
        (["query", "articles", "-e", "ASK {}"], "give a query or -e, not both"),
        (["query", "-e", "ASK {}", "--actor", "x"], "only stored queries have parameters"),
        (["query", "articles", "surplus"], "unexpected 'surplus'"),
        (["query", "articles", "--actor"], "--actor needs a value"),
    ],
)
def test_flags_that_do_not_fit_are_one_line(
    run: Run, built_sample: Workspace, words: list[str], message: str
) -> None:
    assert message in error(run(*words, cwd=built_sample.root), 2)


# ---------------------------------------------------------------------- outside, inside


def test_bare_kg_outside_a_workspace_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    answer = run(cwd=tmp_path)
    assert answer.code == 0
    assert "Not in a workspace" in answer.out
    assert "kg init FOLDER" in answer.out


@pytest.mark.parametrize("command", [["add", "x"], ["build"], ["validate"], ["export"]])
def test_commands_outside_a_workspace_say_so(run: Run, tmp_path: Path, command: list[str]) -> None:
    answer = run(*command, cwd=tmp_path)
    assert error(answer, 3) == f"{tmp_path}: not in a workspace"
    assert "kg: hint: kg init makes one here" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_bare_kg_says_what_is_there_what_needs_attention_and_what_to_do(
    run: Run, new: NewWorkspace, sample: Path
) -> None:
    workspace = new()
    first = run(cwd=workspace.root).out
    assert "kg build" in first
    assert "kg add FILE…" in first
    with workspace.writing() as store:
        add(workspace, store, [sample])
    second = run(cwd=workspace.root).out
    assert "Holds 2 articles, 3 claims, 1 event, 7 actors, 2 topics, 0 judgements." in second
    assert "Needs attention" not in second
    assert "kg validate" in second
    (workspace.articles / "harbour.txt").unlink()
    with (workspace.articles / "ferry.yaml").open("a") as file:
        file.write("# seen")
    (workspace.articles / "stray.txt").write_text("x")
    (workspace.articles / "stray.yml").write_text("x")
    third = run(cwd=workspace.root).out
    assert "not yet in the store: articles/ferry.yaml, articles/harbour.yaml\n" in third
    assert "1 text not at hand: harbour.yaml" in third
    assert (
        "in articles/ and not read (kg build reads texts, kg add all else): stray.txt, stray.yml"
        in third
    )
    assert "kg build" in third


def test_bare_kg_on_the_founding_corpus(run: Run, built: Workspace) -> None:
    answer = run(cwd=built.root)
    assert answer.err == ""
    assert re.search(r"Holds 2 articles, \d+ claims, \d+ events, \d+ actors", answer.out)
    assert "2 texts not at hand" in answer.out
    assert "judgements to review" in answer.out


def test_a_workspace_that_keeps_no_store_answers_all_the_same(
    run: Run, fresh_sample: Workspace
) -> None:
    expected = run("export", cwd=fresh_sample.root)
    memory = {"KG_STORE": "memory:"}
    shutil.rmtree(fresh_sample.derived)
    assert run("export", cwd=fresh_sample.root, env=memory) == expected
    status = run(cwd=fresh_sample.root, env=memory)
    assert "Holds 2 articles" in status.out
    assert "not yet in the store" not in status.out
    assert not fresh_sample.derived.exists()


# ---------------------------------------------------------------------- stdout, stderr


def test_talk_goes_to_stderr_and_data_to_stdout(run: Run, tmp_path: Path, sample: Path) -> None:
    for words in (["init", "news"], ["add", sample], ["build"]):
        answer = run(*words, cwd=tmp_path / "news" if words[0] != "init" else tmp_path)
        assert (answer.code, answer.data) == (0, b""), answer
        assert answer.err
    answer = run("export", "-f", "nt", cwd=tmp_path / "news")
    assert answer.err == ""
    assert all(line.endswith(" .") for line in answer.out.splitlines())


def test_add_says_what_it_did(run: Run, tmp_path: Path, sample: Path) -> None:
    run("init", "news", cwd=tmp_path)
    news = tmp_path / "news"
    assert run("add", sample, cwd=news).err == "3 files taken in\n"
    assert run("add", sample, cwd=news).err == "3 files unchanged\n"
    (news / "articles" / "ferry.yaml").unlink()
    (news / "articles" / "ferry.txt").unlink()
    (news / "articles" / "harbour.yaml").touch()
    assert run("build", cwd=news).err == "2 files unchanged, 1 file removed\n"
    (news / "articles" / "harbour.yaml").unlink()
    (news / "graphs" / "quay.ttl").write_text("<x> a <y> .")
    answer = run("build", cwd=news)  # what is left is a text that nobody has read
    assert answer.err.startswith("2 files taken in, 1 file unchanged\n")
    (news / "articles" / "pier.txt").write_bytes((sample / "ferry.txt").read_bytes())
    (news / "graphs" / "quay.ttl").unlink()
    answer = run("build", cwd=news)
    assert answer.err.startswith("1 file taken in, 2 files unchanged, 1 file removed\n")


def test_a_store_older_than_the_files_is_mentioned(run: Run, fresh_sample: Workspace) -> None:
    assert run("query", "articles", cwd=fresh_sample.root).err == ""
    (fresh_sample.articles / "harbour.yaml").unlink()
    answer = run("query", "articles", cwd=fresh_sample.root)
    assert answer.code == 0
    assert answer.err == "kg: 1 file changed since the last build; kg build takes them in\n"


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "CLICOLOR_FORCE", "TERM"])
def test_nothing_is_ever_coloured(program: Run, built_sample: Workspace, variable: str) -> None:
    env = {variable: "xterm-256color" if variable == "TERM" else "1"}
    for words in ([], ["--help"], ["query"], ["query", "articles", "-f", "table"], ["nonsense"]):
        answer = program(*words, cwd=built_sample.root, env=env)
        assert "\x1b" not in answer.out + answer.err, words


def test_a_terminal_gets_a_table_without_colour(built_sample: Workspace) -> None:
    try:
        main, other = pty.openpty()
    except OSError as error:
        pytest.skip(f"no terminal can be had here: {error}")
    with subprocess.Popen(
        [sys.executable, "-m", "kg", "query", "articles"],
        cwd=built_sample.root,
        env=os.environ | {"COLUMNS": "140"},
        stdout=other,
        stderr=other,
    ) as process:
        os.close(other)
        seen = b""
        while True:
            try:
                seen += os.read(main, 10_000)
            except OSError:  # the other end is closed
                break
    os.close(main)
    assert process.returncode == 0
    assert b"Ferries to stop" in seen
    assert b"https://example.org" not in seen  # CURIEs are for people, IRIs for machines
    assert b"\x1b" not in seen


# -------------------------------------------------------------------------- exit codes


def test_exit_codes_say_what_happened(
    run: Run, fresh_sample: Workspace, sample: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("kg: 1")
    table: list[tuple[int, list[str | Path]]] = [
        (0, ["build"]),
        (0, ["query", "-e", "ASK { ?s ?p ?o }"]),
        (1, ["query", "-e", "ASK { ?s <urn:no> ?o }"]),
        (1, ["validate", "--fail-on", "info"]),
        (0, ["validate"]),
        (1, ["add", broken, sample]),
        (3, ["add", broken]),
        (3, ["add", tmp_path / "missing"]),
        (3, ["query", "nonsense-query"]),
        (3, ["query", "missing.rq"]),
        (3, ["query", "-e", "SELEKT"]),
        (3, ["export", "nobody-of-that-name"]),
        (3, ["export", "--graph", "nothing"]),
        (3, ["init"]),
        (2, ["init", "x", "--base", "y"]),
    ]
    found = [(run(*words, cwd=fresh_sample.root).code, words) for _, words in table]
    assert found == table


def test_a_bug_is_70_and_asks_to_be_reported(
    run: Run, built_sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("kg.status.contents", bug)
    answer = run(cwd=built_sample.root)
    assert answer.code == 70
    assert "ZeroDivisionError" in answer.err
    assert answer.err.endswith("this is a bug in kg: please report it with the lines above\n")


def test_a_traceback_comes_only_when_asked_for(run: Run, tmp_path: Path) -> None:
    assert "Traceback" not in run("build", cwd=tmp_path).err
    assert "Traceback" in run("build", cwd=tmp_path, env={"KG_DEBUG": "1"}).err


def test_control_c_is_130_and_one_line(
    run: Run, built_sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.status.contents", interrupt)
    answer = run(cwd=built_sample.root)
    assert (answer.code, answer.err) == (130, "kg: interrupted\n")


def test_a_process_that_is_interrupted_says_so_and_leaves_nothing_half_written(
    fresh: Workspace, export_of: Export
) -> None:
    before = export_of(fresh)
    shutil.rmtree(fresh.derived)
    with subprocess.Popen(
        [sys.executable, "-m", "kg", "build"],
        cwd=fresh.root,
        stderr=subprocess.PIPE,
        text=True,
        # What runs the tests in the background may have it ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        lock = fresh.derived / "lock"
        while not lock.exists():
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == 130
    assert said == "kg: interrupted\n"
    assert Workspace.open(fresh.root).in_memory is False
    with fresh.writing() as store:
        add(fresh, store, [])
    assert export_of(fresh) == before


# ------------------------------------------------------------------- output that fails


@pytest.mark.parametrize("words", [["export"], [], ["--help"], ["query"], ["query", "articles"]])
def test_a_closed_pipe_is_no_error(built: Workspace, words: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "kg", *words],
        cwd=built.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, "")


@pytest.mark.parametrize("words", [["export"], [], ["--help"], ["query"], ["query", "articles"]])
def test_a_full_disk_behind_stdout_is_one_line(built: Workspace, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        found = subprocess.run(
            [sys.executable, "-m", "kg", *words],
            cwd=built.root,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert found.returncode == 4
    assert found.stderr == "kg: error: standard output: no space left on device\n"


def test_output_goes_whole_to_a_file_or_not_at_all(
    run: Run, fresh_sample: Workspace, tmp_path: Path, files_of: Files
) -> None:
    expected = run("export", "-f", "ttl", cwd=fresh_sample.root).data
    before = files_of(fresh_sample)
    good = tmp_path / "out.ttl"
    answer = run("export", "-o", good, cwd=fresh_sample.root)
    assert (answer.code, answer.data, answer.err) == (0, b"", f"Wrote {good}\n")
    assert good.read_bytes() == expected
    assert run("export", "-o", "-", cwd=fresh_sample.root).data == expected
    (tmp_path / "folder.ttl").mkdir()
    for output, message in {
        tmp_path / "missing" / "out.ttl": "there is no such folder",
        tmp_path / "folder.ttl": "is a folder",
        Path("/dev/full"): "no space left on device",
    }.items():
        answer = run("export", "-f", "ttl", "-o", output, cwd=fresh_sample.root)
        assert error(answer, 4) == f"{output}: {message}"
    assert run("export", "-f", "ttl", "-o", "/dev/null", cwd=fresh_sample.root).code == 0
    assert Path("/dev/null").is_char_device()
    assert files_of(fresh_sample) == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix) == [
        "folder.ttl",
        "out.ttl",
    ]


def test_a_failure_leaves_the_old_output_alone(
    run: Run, built_sample: Workspace, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    answer = run("query", "-e", "SELEKT", "-o", out, cwd=built_sample.root)
    assert answer.code == 3
    assert out.read_text() == "old"


# ----------------------------------------------------- full disks and read-only folders


def mounts(script: str, folder: Path) -> Answer | None:
    """Run a script that mounts things where nobody else sees it; None where that is not allowed."""
    from tests.conftest import Answer

    allowed = (
        subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
        if shutil.which("unshare")
        else None
    )
    if allowed is None or allowed.returncode:
        return None
    kg = f"{sys.executable} -m kg"
    found = subprocess.run(
        ["unshare", "-m", "sh", "-c", f'kg() {{ {kg} "$@"; }}; {script}'],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return Answer(found.returncode, found.stdout, found.stderr, b"")


@pytest.mark.parametrize("size", ["60k", "300k", "1m", "2m"])
def test_a_full_disk_loses_nothing(
    tmp_path: Path, built: Workspace, corpus: Path, export_of: Export, size: str
) -> None:
    """A small disk is filled, then made larger: the next build goes on from there."""
    disk = tmp_path / "disk"
    disk.mkdir()
    answer = mounts(
        f"mount -t tmpfs -o size={size} none {disk} && cd {disk} && kg init 2>/dev/null\n"
        f"kg add {corpus}; echo code $?\n"
        "find . -name '.kg-*' | grep . && echo left over\n"
        f"mount -o remount,size=50m {disk}; kg build; kg add {corpus}; echo code $?\n"
        f"kg export --ontology -f trig -o {tmp_path}/all.trig",
        tmp_path,
    )
    if answer is None:
        pytest.skip("mounting needs rights that we do not have here")
    assert answer.out == "code 4\ncode 0\n"
    first, second, *_ = answer.err.splitlines()
    assert re.fullmatch(rf"kg: error: {re.escape(str(disk))}/.*: no space left on .*", first)
    assert re.fullmatch("kg: hint: .*make room.*", second)
    assert "Traceback" not in answer.err
    assert (tmp_path / "all.trig").read_bytes() == export_of(built)


def test_a_limit_on_the_size_of_files_loses_nothing(
    new: NewWorkspace, built: Workspace, corpus: Path, export_of: Export
) -> None:
    """The same without rights to mount: what the system refuses to write is a full disk to us."""
    workspace = new()
    for blocks in (1, 40, 100, 200):
        found = subprocess.run(
            [
                "sh",
                "-c",
                f'ulimit -f {blocks}; exec "$@"',
                "sh",
                sys.executable,
                "-m",
                "kg",
                "add",
                corpus,
            ],
            cwd=workspace.root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 4, found.stderr
        assert found.stderr.startswith(f"kg: error: {workspace.root}")
        assert "too large" in found.stderr
        assert "Traceback" not in found.stderr
        assert not list(workspace.root.rglob(".kg-*"))
    with workspace.writing() as store:
        assert add(workspace, store, [corpus]).exit_code == 0
    assert export_of(workspace) == export_of(built)


READING = [["query", "articles"], ["query"], ["export"], []]


@pytest.mark.parametrize("with_lock", [True, False])
def test_a_read_only_workspace_answers_and_refuses_to_change(
    fresh_sample: Workspace, run: Run, sample: Path, tmp_path: Path, with_lock: bool
) -> None:
    expected = "".join(run(*words, cwd=fresh_sample.root).out for words in READING)
    if not with_lock:
        (fresh_sample.derived / "lock").unlink()
    root = fresh_sample.root
    reading = "\n".join("kg " + " ".join(words) for words in READING)
    script = f"mount --bind {root} {root} && mount -o remount,ro,bind {root} && cd {root}\n"
    answer = mounts(script + reading, tmp_path)
    if answer is None:
        pytest.skip("mounting needs rights that we do not have here")
    assert answer.err == ""
    assert answer.out == expected.replace("\r\n", "\n")
    for words in (["build"], ["add", str(sample)], ["export", "-o", "x.ttl"]):
        refused = mounts(script + f"kg {' '.join(words)}", tmp_path)
        assert refused is not None
        assert refused.code == 4
        first, second = refused.err.splitlines()
        assert re.fullmatch(r"kg: error: .*: read-only file system", first)
        assert second == "kg: hint: a folder that can be written to is needed"


def test_a_workspace_of_somebody_else_answers_and_refuses_to_change(
    fresh_sample: Workspace, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a user without rights meets, acted out, since root may do everything."""
    expected = run("export", cwd=fresh_sample.root)
    real = os.open

    def refused(path: str, flags: int, *more: int) -> int:
        if str(path).startswith(str(fresh_sample.root)) and flags & (os.O_WRONLY | os.O_RDWR):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, flags, *more)

    monkeypatch.setattr(os, "open", refused)
    assert run("export", cwd=fresh_sample.root) == expected
    answer = run("build", cwd=fresh_sample.root)
    assert error(answer, 4) == f"{fresh_sample.derived / 'lock'}: permission denied"
    assert "kg: hint: a folder that you may write to is needed" in answer.err


def test_a_user_without_rights_meets_just_that(fresh_sample: Workspace) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere; the test before acts it out")
    fresh_sample.derived.chmod(0o555)
    (fresh_sample.derived / "lock").chmod(0o444)
    with pytest.raises(StoreError, match="permission denied"), fresh_sample.writing():
        pass
    with fresh_sample.reading():
        pass
    fresh_sample.derived.chmod(0o755)


def test_an_article_is_exported_by_its_headline(run: Run, built_sample: Workspace) -> None:
    answer = run(
        "export", "Harbour wall to rise before winter", "-f", "yaml", cwd=built_sample.root
    )
    assert answer.code == 0
    assert "headline: Harbour wall to rise before winter" in answer.out
    nothing = run("export", "No such headline", "-f", "yaml", cwd=built_sample.root)
    assert nothing.code == 3
    assert "No such headline" in nothing.err


def test_a_broken_query_file_does_not_hide_the_others(run: Run, fresh_sample: Workspace) -> None:
    folder = fresh_sample.root / "queries"
    folder.mkdir(exist_ok=True)
    (folder / "bad.rq").write_text("SELECT * { ?s ?p ?o }")
    answer = run("query", cwd=fresh_sample.root)
    assert answer.code == 3
    assert len(answer.out.splitlines()) == len(stored.find([]))
    assert "bad.rq:1: no header" in answer.err


def test_a_query_file_with_a_strange_comment_is_plain_sparql(
    run: Run, built_sample: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "plain.rq"
    file.write_text("SELECT (1 AS ?one) {} # not a header: #+ summary")
    assert run("query", str(file), "-f", "csv", cwd=built_sample.root).out.split() == ["one", "1"]

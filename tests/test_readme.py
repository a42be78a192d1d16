"""The README says what is true: its examples run, its tables are those of the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import annotation, config, errors
from kg.cli import app
from kg.mapping.iris import Iris
from kg.query import stored
from kg.query.trial import failure
from kg.register import Register
from kg.register import read as read_register

if TYPE_CHECKING:
    import pytest

    from kg.workspace import Workspace

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    """What stands between the marks of a section, without the fences."""
    found = re.search(rf"<!-- {name} -->\n(.*?)(?:<!-- /{name} -->|\n```\n)", README, re.DOTALL)
    assert found, name
    return re.sub(r"^```\w*\n|```\n$", "", found[1], flags=re.MULTILINE).strip("\n")


def test_it_opens_with_the_two_commands() -> None:
    opening = README.split("##")[0]
    assert opening.index("make demo") < opening.index("make test")


def test_make_demo_prints_what_the_readme_shows(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("kg")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KG_")}
    run = subprocess.run(
        ["sh", str(ROOT / "examples" / "demo.sh")],
        env=environment
        | {"KG": str(program), "DEMO": str(tmp_path / "demo"), "COLUMNS": "120"}
        | {"SOURCE_DATE_EPOCH": "1795305600"},  # the day that the README was printed on
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert section("demo") == run.stdout.strip("\n")


def test_the_annotation_is_one_and_its_offsets_fit_the_text() -> None:
    text = section("text") + "\n"
    kinds = {
        "ada-quill": "actor",
        "mayor": "actor",
        "council": "actor",
        "voters": "actor",
        "harbour-vote": "event",
    }
    entry = annotation.read(
        section("annotation").encode(), "README.yaml", text=lambda _: text, kinds=kinds
    )
    assert len(entry.claims) == 2
    assert entry.text.length == len(text)


def test_the_register_in_the_readme_is_one() -> None:
    iris = Iris("https://example.org/kg/")
    triples = read_register(section("register").encode(), "README.ttl", iris)
    assert Register(triples, iris).kinds == {"ada-quill": "actor"}


def test_the_query_in_the_readme_is_one(tmp_path: Path, built: Workspace) -> None:
    found = re.search(r"```sparql\n(.*?)```", README, re.DOTALL)
    assert found
    file = tmp_path / "certain.rq"
    file.write_text(found[1], encoding="utf-8")
    query = stored.load(file)
    assert query.required == ("actor",)
    (case,) = query.cases
    with built.reading() as store:
        assert failure(store, query, case, built.prefixes) is None


def test_the_lines_of_python_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.add import add
    from kg.workspace import Workspace

    workspace = Workspace.create(tmp_path / "demo")
    with workspace.writing() as store:
        add(workspace, store, [ROOT / "examples" / "abductions"])
    monkeypatch.chdir(tmp_path)
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found
    names: dict[str, Any] = {}
    exec(found[1], names)  # noqa: S102 - what a reader would type
    assert len(names["dataset"]) > 5000
    assert len(names["answer"]) == 1
    assert names["row"].why[0].start == 4667


def test_every_query_is_listed() -> None:
    rows = [f"| `{name}` | {stored.load(path).summary} |" for name, path in stored.find([]).items()]
    assert len(rows) == 46
    assert section("queries") == "\n".join(["| query | what it answers |", "|---|---|", *rows])


def test_every_setting_is_listed() -> None:
    rows = []
    for setting in fields(config.Settings):
        default = "" if setting.default is MISSING else f"`{setting.default}`"
        rows.append(f"| `{setting.name}` | {default} | {setting.metadata['help']} |")
    assert section("settings") == "\n".join(
        ["| key | default | what it is |", "|---|---|---|", *rows]
    )


def test_every_exit_code_is_listed() -> None:
    codes = {
        0: "done",
        1: "it ran, and the answer is no: does not conform, ASK is false, some files failed",
    }
    for error in (errors.ConfigError, errors.InputError, errors.StoreError, errors.ServiceError):
        codes[error.exit_code] = str(error.__doc__).splitlines()[0].rstrip(".").lower()
    codes |= {70: "a bug", 130: "interrupted"}
    rows = [f"| {code} | {meaning} |" for code, meaning in codes.items()]
    assert section("exits") == "\n".join(["| code | meaning |", "|---|---|", *rows])


def test_every_command_is_listed() -> None:
    names = {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    }
    assert names
    assert {name for name in names if f"| `kg {name}" not in README} == set()

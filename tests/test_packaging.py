"""What is shipped: a wheel with everything in it, and a lock that pins every distribution by hash."""

from __future__ import annotations

import configparser
import email
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from kg import __version__

ROOT = Path(__file__).resolve().parents[1]
DATA = {
    "ontology": "ontology",
    "shapes": "shapes",
    "queries": "queries",
    "examples/abductions": "examples/abductions",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
        env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"},
    )
    (made,) = folder.glob("*.whl")
    assert made.name == f"newskg-{__version__}-py3-none-any.whl"
    return made


@pytest.fixture(scope="module")
def unpacked(wheel: Path) -> Path:
    folder = wheel.parent / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("folder", DATA)
def test_what_is_in_the_wheel_is_what_is_in_the_folders(unpacked: Path, folder: str) -> None:
    expected = contents(ROOT / folder)
    assert len(expected) >= 1
    assert contents(unpacked / "kg" / "data" / DATA[folder]) == expected


def test_the_wheel_has_the_package_and_nothing_else(unpacked: Path) -> None:
    packed = contents(unpacked / "kg")
    assert {name: packed[name] for name in packed if not name.startswith("data/")} == contents(
        ROOT / "kg"
    )
    assert "py.typed" in packed
    top = sorted(path.name for path in unpacked.iterdir())
    assert top == ["kg", f"newskg-{__version__}.dist-info"]


def test_the_wheel_says_what_it_is(unpacked: Path) -> None:
    information = unpacked / f"newskg-{__version__}.dist-info"
    about = email.message_from_string((information / "METADATA").read_text())
    assert about["Name"] == "newskg"
    assert about["License-Expression"] == "Apache-2.0"
    assert about["Requires-Python"] == ">=3.11"
    assert (information / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    entry_points = configparser.ConfigParser()
    entry_points.read_string((information / "entry_points.txt").read_text())
    assert dict(entry_points["console_scripts"]) == {"kg": "kg.cli:app"}


def test_the_unpacked_wheel_answers_by_itself(unpacked: Path, tmp_path: Path) -> None:
    """With the dependencies of this environment, but nothing of this folder."""

    def python(*arguments: str, cwd: Path) -> str:
        environment = os.environ | {"PYTHONPATH": str(unpacked), "PYTHONSAFEPATH": "1"}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    resources = "from kg import resources; print(resources.folder('examples'))"
    assert python("-c", resources, cwd=tmp_path) == f"{unpacked}/kg/data/examples\n"
    python("-m", "kg", "init", "news", "--sample", cwd=tmp_path)
    answer = python("-m", "kg", "query", "articles", cwd=tmp_path / "news")
    assert len(answer.splitlines()) == 3
    assert "Malcolm Cook" in answer


# ------------------------------------------------------------------------------ lock


def requirements() -> dict[str, str]:
    """The pinned distributions with all that belongs to them."""
    text = (ROOT / "requirements.txt").read_text()
    lines = "".join(
        line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("#")
    ).replace("\\\n", " ")
    return {re.split("[ =;\\[]", line)[0]: line for line in lines.splitlines() if line.strip()}


def test_the_lock_names_no_address() -> None:
    text = (ROOT / "requirements.txt").read_text()
    for word in ("://", "--index", "--extra-index", "--find-links", "-f ", "-i ", "-e ", " @ "):
        assert word not in text


def test_every_distribution_is_pinned_to_one_version_with_hashes() -> None:
    found = requirements()
    assert len(found) > 50
    for name, line in found.items():
        assert re.match(rf"{re.escape(name)}==[0-9][^ ;]*( |$)", line), line[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), name


def test_the_lock_has_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[><=\[ ;]", line)[0].lower() for line in declared}
    assert len(names) > 20
    assert names <= requirements().keys()
    # What is below 1.0 may change in any release.
    for line in project["project"]["dependencies"]:
        assert not re.search(r">=0\.", line) or "<" in line, line

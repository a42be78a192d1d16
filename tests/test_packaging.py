"""What a user installs: the wheel carries the folders, runs anywhere, and the lock pins it all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {
    "ontology": "kg/data/ontology",
    "shapes": "kg/data/shapes",
    "queries": "kg/data/queries",
    "examples/abductions": "kg/data/examples/abductions",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as pip would build it but with the build backend that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("newskg-*.whl")
    return found


def test_the_wheel_carries_the_folders_as_they_are(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    for folder, place in FOLDERS.items():
        files = [file for file in (ROOT / folder).rglob("*") if file.is_file()]
        assert files
        inside = {name for name in packed if name.startswith(f"{place}/")}
        assert inside == {f"{place}/{file.relative_to(ROOT / folder)}" for file in files}
        for file in files:
            assert packed[f"{place}/{file.relative_to(ROOT / folder)}"] == file.read_bytes()
    assert "kg/annotation.schema.json" in packed
    assert "kg/py.typed" in packed


def test_the_wheel_runs_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    place, work = tmp_path / "site", tmp_path / "work"
    work.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KG_")}

    def kg(*arguments: str, cwd: Path) -> str:
        # -P: neither the checkout nor the folder we are in is searched for modules.
        command = [sys.executable, "-P", "-m", "kg", *arguments]
        done = subprocess.run(
            command,
            cwd=cwd,
            env=kept | {"PYTHONPATH": str(place)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    source = "import kg; print(kg.__file__)"
    where = subprocess.run(
        [sys.executable, "-P", "-c", source],
        env=kept | {"PYTHONPATH": str(place)},
        cwd=work,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(place) in where.stdout
    kg("init", "sample", "--sample", cwd=work)
    rows = kg("query", "articles", "-f", "csv", cwd=work / "sample").splitlines()
    assert len(rows) == 3
    assert "a kg:Claim" in kg("export", "-f", "ttl", cwd=work / "sample")


def test_every_entry_point_loads() -> None:
    mine = [
        point for point in entry_points(group="console_scripts") if point.value.startswith("kg.")
    ]
    assert [point.name for point in mine] == ["kg"]
    for point in mine:
        assert callable(point.load())


def test_the_lock_pins_by_hash_and_names_no_place() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--find-links|--extra|file:", lock)
    entries = re.split(r"\n(?=[a-z0-9])", "\n" + lock)[1:]
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def test_the_lock_has_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8").lower()
    names = {re.split(r"[<>=\[ ;]", entry)[0].lower().replace("_", "-") for entry in wanted}
    assert {name for name in names if f"\n{name}==" not in f"\n{lock}"} == set()

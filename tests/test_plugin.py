"""The example of an extractor in the documentation, as a package that somebody has installed."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from kg import annotation
from kg.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).resolve().parents[1] / "docs" / "extractors.md"
TEXT = "Press briefing\n\nMS. ORR: We will not sign. \nQUESTION: Why?\nMS. ORR: Ask them.\n"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with the example, registered as the page says."""
    blocks = dict(re.findall(r"```(python|toml)\n(.*?)```", PAGE.read_text(), re.DOTALL))
    place = tmp_path / "site"
    package = place / "newsroom_tools"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "transcript.py").write_text(blocks["python"])
    group, line = re.fullmatch(
        r'\[project\.entry-points\."(.*)"\]\n(.*)\n', blocks["toml"]
    ).groups()  # type: ignore[union-attr]
    info = place / "newsroom_tools-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: newsroom-tools\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n{line.replace(chr(34), '')}\n")
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.chdir(tmp_path)
    yield place
    for name in [name for name in sys.modules if name.startswith("newsroom_tools")]:
        del sys.modules[name]


def test_the_example_has_some_thirty_lines(plugin: Path) -> None:
    lines = (plugin / "newsroom_tools" / "transcript.py").read_text().splitlines()
    assert 25 <= len(lines) <= 40


def test_the_example_reads_a_transcript(plugin: Path, tmp_path: Path) -> None:  # noqa: ARG001
    (tmp_path / "briefing.txt").write_text(TEXT)
    result = CliRunner().invoke(app, ["extract", "briefing.txt", "--with", "transcript"])
    assert result.exit_code == 0, result.output
    found = annotation.read(result.stdout.encode(), "a.yaml", text=lambda _: TEXT, kinds={})
    assert (found.made.by, found.made.version, found.made.method) == ("transcript", "1.0", "rule")
    assert [
        (claim.source[0], TEXT[slice(*claim.evidence[0])])  # type: ignore[misc]
        for claim in found.claims
    ] == [("ms-orr", "We will not sign."), ("question", "Why?"), ("ms-orr", "Ask them.")]


def test_an_extractor_with_a_fault_leaves_nothing_behind(plugin: Path, tmp_path: Path) -> None:
    module = plugin / "newsroom_tools" / "transcript.py"
    module.write_text(module.read_text().replace("Span(*turn.span(2))", "Span(0, 10_000)"))
    (tmp_path / "briefing.txt").write_text(TEXT)
    result = CliRunner().invoke(app, ["extract", "briefing.txt", "--with", "transcript"])
    assert result.exit_code == 3
    assert "transcript: claims 1 evidence 1: [0, 10000] goes beyond the text" in result.stderr
    assert result.stdout == ""


def test_an_unknown_extractor_is_named_with_those_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    result = CliRunner().invoke(app, ["extract", str(tmp_path / "a.txt"), "--with", "ruels"])
    assert result.exit_code == 2
    assert "there is no extractor 'ruels'" in result.stderr
    assert "did you mean rules?" in result.stderr

"""From raw texts to the store: `kg add` and `kg build` with an extractor at work, and with bad ones."""

from __future__ import annotations

import re
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from kg.annotate import FEW
from kg.annotation.seal import untouched
from kg.cli import app as program_of
from kg.cli.app import progress
from kg.note import changes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace, Run

    Export = Callable[[Workspace], bytes]
    Files = Callable[[Workspace], dict[str, bytes]]

THEN = {"SOURCE_DATE_EPOCH": "1900000000"}
STRICT = {"KG_GATE": "strict"}
PLUGIN = """
import os

from kg.errors import ServiceError
from kg.extract.extraction import Extraction
from kg.model import Claim, Mention, Ref, Slug, Span, Thing


class Wayward:
    name, version, method = "wayward", "1", "rule"

    def __init__(self):
        self.unsendable = lambda: None

    def extract(self, document, known):
        text = document.text
        if "DIE" in text:
            os._exit(9)
        if "RAISE" in text:
            raise ValueError("lost\\nits way")
        if "SERVICE" in text:
            raise ServiceError("the model does not answer", hint="is it running?")
        length = len(text)
        span = Span(length - 3, length + 1) if "OUTSIDE" in text else Span(0, 5)
        span = Span(5, 5) if "HOLLOW" in text else span
        of = Ref("nobody") if "UNKNOWN" in text else Ref("port")
        port = Thing(id=Slug("port"), type="place", label="Port Ellery")
        claim = Claim(
            id=Slug("c1"), source=(Ref("the-author"),), evidence=(Span(0, 5),), text="It is so.",
            certainty="certain",
        )
        return Extraction(
            things=(port,),
            mentions=(Mention(span=span, of=of),),
            claims=(claim, claim) if "TWICE" in text else (claim,),
        )


def make(settings):
    return Wayward()
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An extractor that somebody has installed, and that goes astray where a text tells it to."""
    place = tmp_path / "site"
    info = place / "wayward-1.dist-info"
    info.mkdir(parents=True)
    (place / "wayward.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: wayward\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[kg.extractors]\nwayward = wayward:make\n")
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.delitem(sys.modules, "wayward", raising=False)


def report(number: int, also: str = "") -> str:
    """A small article, unlike any other by its number."""
    return (
        f"Pier {number} reopens\n\nPORT ELLERY, May {number % 28 + 1}, 2031 — “Pier {number} is safe"
        f" again,” said Mayor Ines Calder. About {number + 3} boats will return by June, according"
        f" to Tam Orrin, the harbour master. {also}\n"
    )


def folder(place: Path, number: int, special: dict[int, str] | None = None) -> Path:
    """A folder of so many small articles."""
    place.mkdir()
    for n in range(number):
        (place / f"pier-{n:02}.txt").write_text(report(n, (special or {}).get(n, "")))
    return place


def errors(err: str) -> list[str]:
    """The complaints of a run: a line each, with the file first, and nothing else."""
    assert "Traceback" not in err
    return [line for line in err.splitlines() if line.startswith("kg: error: ")]


# ------------------------------------------------------------------------- the same bytes


def test_any_number_of_processes_makes_the_same_bytes(
    new: NewWorkspace, run: Run, tmp_path: Path, files_of: Files, export_of: Export, rebuilt: Export
) -> None:
    texts = folder(tmp_path / "texts", FEW + 10)
    workspaces = []
    for workers in (1, 2):
        workspace = new(f"with-{workers}")
        found = run("add", texts, "--workers", str(workers), cwd=workspace.root, env=THEN)
        assert errors(found.err) == []
        assert found.err.startswith(f"{FEW + 10} files taken in\n")
        workspaces.append(workspace)
    one, two = workspaces
    assert files_of(one) == files_of(two)
    assert len(list(one.articles.glob("*.yaml"))) == FEW + 10
    quads = [run("export", "-f", "nq", cwd=workspace.root).data for workspace in workspaces]
    assert quads[0] == quads[1]
    assert b"2030-03-17T17:46:40Z" in quads[0]  # the time that the environment says
    assert export_of(one) == rebuilt(one)
    assert changes(one) == []
    again = run("add", texts, "--workers", "2", cwd=one.root)
    assert (again.code, again.err.splitlines()[0]) == (0, f"{FEW + 10} files unchanged")
    assert files_of(one) == files_of(two)
    assert run("export", "-f", "nq", cwd=one.root).data == quads[0]


def test_what_a_run_makes_is_what_a_build_makes_of_its_files(
    new: NewWorkspace, tmp_path: Path, sample: Path, export_of: Export, rebuilt: Export
) -> None:
    """With a register, annotations and raw texts together: each text of an annotation once."""
    source = folder(tmp_path / "source", 5)
    for file in sample.iterdir():
        (source / file.name).write_bytes(file.read_bytes())
    workspace = new("news", source)
    assert len(list(workspace.articles.glob("*.yaml"))) == 7
    assert export_of(workspace) == rebuilt(workspace)
    # The register knows the mayor: the articles that the extractor read speak of her, too.
    read = (workspace.articles / "pier-00.yaml").read_text()
    assert "of: ines-calder" in read
    assert "id: ines-calder" not in read


def test_the_text_of_an_annotation_among_the_sources_is_not_read_with_replace_either(
    fresh_sample: Workspace, run: Run, sample: Path, files_of: Files
) -> None:
    before = files_of(fresh_sample)
    found = run("add", "--replace", sample, cwd=fresh_sample.root)
    assert (found.code, errors(found.err)) == (0, [])
    texts = {name for name in before if name.endswith(".txt")}
    assert len(texts) == 2
    after = files_of(fresh_sample)
    assert after.keys() == before.keys()
    assert all(b"Tester" in after[name.replace(".txt", ".yaml")] for name in texts)


# ------------------------------------------------------------- a person's work is kept


def changed_comment(content: str) -> str:
    return content.replace("\nthings:", "\n# Checked by hand.\nthings:", 1)


def changed_offset(content: str) -> str:
    return re.sub(r"span: \[(\d+), ", lambda m: f"span: [{int(m[1]) + 1}, ", content, count=1)


def changed_layout(content: str) -> str:
    return content.replace("mentions:\n- ", "mentions:\n-  ", 1)


@pytest.mark.parametrize("change", [changed_comment, changed_offset, changed_layout])
def test_what_a_person_has_touched_is_never_overwritten(
    new: NewWorkspace, run: Run, tmp_path: Path, files_of: Files, change: Callable[[str], str]
) -> None:
    text = tmp_path / "pier.txt"
    text.write_text(report(7))
    workspace = new("news", text)
    file = workspace.articles / "pier.yaml"
    made = file.read_text()
    assert untouched(file.read_bytes())
    assert change(made) != made
    file.write_text(change(made))
    assert not untouched(file.read_bytes())
    before = files_of(workspace)
    assert run("add", text, cwd=workspace.root).code == 0  # known: it is not even read
    assert files_of(workspace) == before
    found = run("add", "--replace", text, cwd=workspace.root)
    assert found.code == 3
    assert errors(found.err) == [
        (
            f"kg: error: {text}: articles/pier.yaml is the work of a person, and stays"
            " (kg extract --diff shows what would be different)"
        )
    ]
    assert files_of(workspace) == before
    assert run("build", cwd=workspace.root).code == 0
    assert files_of(workspace) == before
    file.write_text(made)  # taken back, it is the machine's again
    assert run("add", "--replace", text, cwd=workspace.root).code == 0


@pytest.mark.usefixtures("plugin")
def test_an_annotation_that_nobody_touched_gives_way_to_another_reading(
    new: NewWorkspace, run: Run, tmp_path: Path, export_of: Export, rebuilt: Export
) -> None:
    text = tmp_path / "pier.txt"
    text.write_text(report(7))
    workspace = new("news", text)
    first = export_of(workspace)
    assert run("add", "--with", "wayward", text, cwd=workspace.root).code == 0
    assert export_of(workspace) == first
    assert run("add", "--with", "wayward", "--replace", text, cwd=workspace.root).code == 0
    read = (workspace.articles / "pier.yaml").read_bytes()
    assert b"by: wayward" in read
    assert untouched(read)
    assert sorted(path.name for path in workspace.articles.iterdir()) == ["pier.txt", "pier.yaml"]
    assert export_of(workspace) == rebuilt(workspace) != first
    assert b"agent:rules" not in export_of(workspace)


# ------------------------------------------------------------------- texts in articles/


def test_a_build_reads_the_texts_that_nobody_has_annotated(
    new: NewWorkspace, run: Run, tmp_path: Path, export_of: Export, rebuilt: Export
) -> None:
    workspace = new("news", folder(tmp_path / "texts", 2))
    (workspace.articles / "quay.txt").write_text(report(40))
    (workspace.articles / "copy.txt").write_text(report(1))
    found = run("build", cwd=workspace.root)
    assert found.code == 0
    assert found.err.startswith("1 file taken in, 2 files unchanged\n")
    assert untouched((workspace.articles / "quay.yaml").read_bytes())
    assert export_of(workspace) == rebuilt(workspace)
    assert run("build", cwd=workspace.root).err == "3 files unchanged\n"
    assert "copies of texts that articles/ has already: copy.txt\n" in run(cwd=workspace.root).out


def test_a_build_says_which_text_it_cannot_read_and_goes_on(new: NewWorkspace, run: Run) -> None:
    workspace = new()
    (workspace.articles / "good.txt").write_text(report(1))
    (workspace.articles / "noise.txt").write_bytes(bytes(range(256)) * 4)
    for _ in range(2):
        found = run("build", cwd=workspace.root)
        assert found.code == 1
        assert len(errors(found.err)) == 1
        assert found.err.startswith("kg: error: articles/noise.txt: is binary, not text (")
    assert {path.name for path in workspace.articles.iterdir()} == {
        *("good.txt", "good.yaml", "noise.txt")
    }


@pytest.mark.usefixtures("plugin")
def test_a_build_uses_the_extractor_of_the_settings(new: NewWorkspace, run: Run) -> None:
    workspace = new()
    (workspace.root / "kg.toml").write_text('extractor = "wayward"\n')
    (workspace.articles / "quay.txt").write_text(report(40))
    assert run("build", cwd=workspace.root).code == 0
    assert "by: wayward" in (workspace.articles / "quay.yaml").read_text()


# ----------------------------------------------------------------------- bad ones among good


def test_bad_articles_are_told_and_passed_over(
    new: NewWorkspace, run: Run, tmp_path: Path, export_of: Export, rebuilt: Export
) -> None:
    texts = folder(tmp_path / "texts", 3)
    (texts / "empty.txt").touch()
    (texts / "noise.txt").write_bytes(bytes(range(256)) * 4)
    (texts / "page.html").write_text("<!doctype html><html><head></head><body></body></html>")
    workspace = new()
    found = run("add", texts, cwd=workspace.root)
    assert found.code == 1
    assert [line.removeprefix(f"kg: error: {texts}/") for line in errors(found.err)] == [
        "empty.txt: is empty",
        (
            "noise.txt: is binary, not text (if it is text in UTF-16 without a mark, say"
            " --encoding utf-16-le or utf-16-be)"
        ),
        "page.html: no article found in the page (save its text as a .txt file)",
    ]
    assert "3 files taken in, 3 files failed\n" in found.err
    assert len(list(workspace.articles.iterdir())) == 6
    assert export_of(workspace) == rebuilt(workspace)
    for good in texts.glob("pier-*"):
        good.unlink()
    assert run("add", texts, cwd=workspace.root).code == 3


def test_a_server_that_fails_has_an_exit_code_of_its_own(
    new: NewWorkspace, run: Run, tmp_path: Path
) -> None:
    workspace = new()
    nobody = "http://127.0.0.1:9/feed.xml"
    found = run("add", nobody, cwd=workspace.root)
    assert found.code == 5
    (line,) = errors(found.err)
    assert line.startswith(f"kg: error: {nobody}: nothing listens there (")
    assert run("add", nobody, folder(tmp_path / "texts", 1), cwd=workspace.root).code == 1
    found = run("extract", nobody, cwd=workspace.root)
    assert (found.code, found.data) == (5, b"")


FAULTS = {
    "OUTSIDE": r"wayward: mentions 1 .*: .*",
    "HOLLOW": r"wayward: mentions 1 .*: .*",
    "UNKNOWN": r"wayward: mentions 1 .*nobody.*",
    "TWICE": r"wayward: claims 2 .*c1.*",
    "RAISE": r"the extractor wayward failed: ValueError: lost \(that is a fault of the extractor; .*\)",
    "SERVICE": r"the model does not answer \(is it running\?\)",
}


@pytest.mark.usefixtures("plugin")
@pytest.mark.parametrize("workers", [1, 2])
def test_what_an_extractor_gets_wrong_leaves_nothing_behind(
    new: NewWorkspace, run: Run, tmp_path: Path, export_of: Export, rebuilt: Export, workers: int
) -> None:
    special = dict(enumerate(FAULTS, 3))
    texts = folder(tmp_path / "texts", FEW + 8, special)
    workspace = new()
    found = run("add", texts, "--with", "wayward", "--workers", str(workers), cwd=workspace.root)
    assert found.code == 1
    complaints = errors(found.err)
    assert len(complaints) == len(special) == 6
    for line, (n, word) in zip(complaints, special.items(), strict=True):
        expected = rf"kg: error: {re.escape(str(texts))}/pier-{n:02}\.txt: {FAULTS[word]}"
        assert re.fullmatch(expected, line), line
    kept = {path.stem for path in workspace.articles.iterdir()}
    assert kept == {f"pier-{n:02}" for n in range(FEW + 8) if n not in special}
    assert export_of(workspace) == rebuilt(workspace)


@pytest.mark.usefixtures("plugin")
@pytest.mark.parametrize("deadly", [(0,), (9, 20, 21), (31,)])
def test_a_process_that_dies_takes_only_its_article_along(
    new: NewWorkspace, run: Run, tmp_path: Path, deadly: tuple[int, ...]
) -> None:
    texts = folder(tmp_path / "texts", FEW + 8, dict.fromkeys(deadly, "DIE"))
    workspace = new()
    found = run("add", texts, "--with", "wayward", "--workers", "2", cwd=workspace.root)
    assert found.code == 1
    assert errors(found.err) == [
        f"kg: error: {texts}/pier-{n:02}.txt: the process that read it has died"
        " (it may need too much memory)"
        for n in deadly
    ]
    kept = {path.stem for path in workspace.articles.glob("*.yaml")}
    assert kept == {f"pier-{n:02}" for n in range(FEW + 8) if n not in deadly}
    for thread in threading.enumerate():  # a pool that waits for ever keeps the program from ending
        if type(thread).__name__ == "_ExecutorManagerThread":
            thread.join(20)
            assert not thread.is_alive()


def test_an_extractor_that_is_not_there_stops_all_before_anything_is_written(
    new: NewWorkspace, run: Run, tmp_path: Path, sample: Path, files_of: Files
) -> None:
    workspace = new()
    before = files_of(workspace)
    texts = folder(tmp_path / "texts", 2)
    found = run("add", "--with", "ruls", sample, texts, cwd=workspace.root)
    assert found.code == 2
    assert found.err == ("kg: error: there is no extractor 'ruls'\nkg: hint: did you mean rules?\n")
    assert files_of(workspace) == before
    assert run("add", "--with", "ruls", sample / "entities.ttl", cwd=workspace.root).code == 0


# --------------------------------------------------------------------------- the strict gate


SHAPE = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <http://schema.org/> .
@prefix kg: <https://w3id.org/newskg/ontology#> .
<https://example.org/own/short> a sh:NodeShape ; sh:targetClass kg:Article ; sh:property [
    sh:path schema:headline ; sh:pattern "^Pier [0-9] " ;
    sh:message "The headline names a pier with one digit." ] .
"""


def test_the_strict_gate_refuses_articles_one_by_one(
    new: NewWorkspace, run: Run, tmp_path: Path, export_of: Export, rebuilt: Export
) -> None:
    texts = folder(tmp_path / "texts", 13)
    workspace = new()
    (workspace.root / "shapes").mkdir()
    (workspace.root / "shapes" / "own.ttl").write_text(SHAPE)
    found = run("add", texts, cwd=workspace.root, env=STRICT)
    assert found.code == 1, found.err
    complaints = errors(found.err)
    assert len(complaints) == 3
    for n, line in zip((10, 11, 12), complaints, strict=True):
        start = f"kg: error: articles/pier-{n}.yaml: refused: The headline names a pier with one"
        assert line.startswith(start)
        assert line.endswith("(mend it, or have the gate lenient in kg.toml)")
    kept = {path.stem for path in workspace.articles.iterdir()}
    assert kept == {f"pier-{n:02}" for n in range(10)}
    assert export_of(workspace) == rebuilt(workspace)
    assert changes(workspace) == []
    for n in range(10):
        (texts / f"pier-{n:02}.txt").unlink()
    assert run("add", texts, cwd=workspace.root, env=STRICT).code == 3


def test_the_lenient_gate_counts_what_the_articles_of_a_run_break(
    new: NewWorkspace, run: Run, tmp_path: Path
) -> None:
    workspace = new()
    (workspace.root / "shapes").mkdir()
    (workspace.root / "shapes" / "own.ttl").write_text(SHAPE)
    found = run("add", folder(tmp_path / "texts", 13), cwd=workspace.root)
    assert found.code == 0
    assert re.search(r"does not conform: 3 violations", found.err), found.err
    assert run("validate", cwd=workspace.root).code == 1


# ------------------------------------------------------------------------ where texts come from


def test_standard_input_is_read_beside_an_annotation_at_fault(
    new: NewWorkspace, run: Run, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("kg: [ - \n")
    workspace = new()
    found = run("add", bad, "-", cwd=workspace.root, stdin=report(5).encode())
    assert found.code == 1
    assert len(errors(found.err)) == 1
    assert {path.name for path in workspace.articles.iterdir()} == {"stdin.txt", "stdin.yaml"}
    assert run("add", "-", cwd=workspace.root, stdin=b"").code == 3


def test_json_lines_are_articles_and_a_bad_line_is_told_by_its_number(
    new: NewWorkspace, run: Run, tmp_path: Path, files_of: Files
) -> None:
    lines = tmp_path / "news.jsonl"
    lines.write_text(
        '{"headline": "Pier shuts", "text": "The pier is closed, Mayor Ines Calder said."}\n'
        '{"headline": "Pier \n'
        '{"headline": "Pier opens", "text": "The pier is open, Mayor Ines Calder said.",'
        ' "published": "2031-05-04"}\n'
    )
    workspace = new()
    found = run("add", lines, cwd=workspace.root)
    assert found.code == 1
    (line,) = errors(found.err)
    assert line.startswith(f"kg: error: {lines}:2: not JSON")
    names = {path.name for path in workspace.articles.glob("*.yaml")}
    assert names == {"pier-opens.yaml", "pier-shuts.yaml"}
    assert "2031-05-04" in (workspace.articles / "pier-opens.yaml").read_text()
    before = files_of(workspace)
    assert run("add", lines, cwd=workspace.root).code == 1
    assert files_of(workspace) == before


def test_the_entries_of_a_feed_are_articles(new: NewWorkspace, run: Run, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    items = "".join(
        f"<item><title>Pier {n} reopens</title><link>https://news.example/pier-{n}</link>"
        f"<description>&lt;p&gt;Pier {n} is safe, Mayor Ines Calder said on Monday.&lt;/p&gt;"
        "</description></item>"
        for n in range(3)
    )
    feed.write_text(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Ellery News</title>{items}'
        "</channel></rss>"
    )
    workspace = new()
    found = run("add", feed, cwd=workspace.root)
    assert (found.code, errors(found.err)) == (0, [])
    files = sorted(workspace.articles.glob("*.yaml"))
    assert len(files) == 3
    assert "url: https://news.example/pier-0" in files[0].read_text().replace("'", "")


def test_a_text_that_comes_twice_in_a_run_is_one_article(
    new: NewWorkspace, run: Run, tmp_path: Path
) -> None:
    texts = folder(tmp_path / "texts", 2)
    (texts / "zz-copy.txt").write_text(report(1))
    workspace = new()
    found = run("add", texts, cwd=workspace.root)
    assert (found.code, found.err.splitlines()[0]) == (0, "2 files taken in")
    assert len(list(workspace.articles.iterdir())) == 4


def test_a_store_in_memory_takes_texts_as_well(new: NewWorkspace, run: Run, tmp_path: Path) -> None:
    workspace = new()
    texts = folder(tmp_path / "texts", 2)
    found = run("add", texts, cwd=workspace.root, env={"KG_STORE": "memory:"})
    assert (found.code, errors(found.err)) == (0, [])
    answer = run("query", "articles", cwd=workspace.root, env={"KG_STORE": "memory:"})
    assert "Pier 1 reopens" in answer.out


# ------------------------------------------------------------------------------- progress


def test_there_is_a_bar_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress("articles") as advance:
        assert advance is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress("articles") as advance:
        assert advance is not None
        advance("[bold]/a/[/b].txt")  # a name is no markup
    assert capsys.readouterr().out == ""
    assert program_of is not None


def test_a_page_laid_into_articles_is_told_and_not_doubled(new: NewWorkspace, run: Run) -> None:
    workspace = new()
    page = "<!doctype html><html><body><article><p>The pier is safe, the mayor said.</p></article>"
    (workspace.articles / "page.txt").write_text(page)
    (workspace.articles / "latin.txt").write_bytes("Café closed, its owner said.".encode("latin-1"))
    result = run("build", cwd=workspace.root)
    assert result.code == 1
    for name in ("page.txt", "latin.txt"):
        assert f"articles/{name}: is a page, or not in UTF-8" in result.err
    assert sorted(file.name for file in workspace.articles.iterdir()) == ["latin.txt", "page.txt"]


def test_a_number_is_no_text_of_a_record(new: NewWorkspace, run: Run) -> None:
    workspace = new()
    (workspace.root / "news.jsonl").write_text('{"text": 5}\n')
    result = run("add", "news.jsonl", cwd=workspace.root)
    assert result.code == 3
    assert "news.jsonl:1" in result.err


def test_what_a_machine_left_is_no_standard_to_measure_it_by(new: NewWorkspace, run: Run) -> None:
    workspace = new()
    (workspace.root / "pier.txt").write_text("Pier closed\n\nThe pier is safe, Ada Calder said.\n")
    assert run("add", "pier.txt", cwd=workspace.root).code == 0
    result = run("score", "articles", cwd=workspace.root)
    assert result.code == 3
    assert "no annotation by a person in this folder" in result.err
    file = workspace.articles / "pier.yaml"
    result = run("score", str(file))
    assert result.code == 3
    assert "as a machine left it" in result.err
    file.write_text(file.read_text() + "# read by me\n")
    assert run("score", "articles", cwd=workspace.root).code == 0

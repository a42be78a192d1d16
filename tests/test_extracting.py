"""`kg extract` prints annotations and stores nothing; `kg score` says how good they are."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg import annotation
from kg.annotation.seal import untouched

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.workspace import Workspace
    from tests.conftest import Answer, NewWorkspace, Run

    Files = Callable[[Workspace], dict[str, bytes]]

THEN = {"SOURCE_DATE_EPOCH": "1900000000"}
TEXT = "Pier reopens\n\n“The pier is safe,” said Ines Calder, the mayor of Port Ellery.\n"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "pier.txt"
    file.write_text(TEXT)
    return file


@pytest.fixture
def two(tmp_path: Path) -> Path:
    file = tmp_path / "two.jsonl"
    other = TEXT.replace("Pier", "Quay").replace("pier", "quay")
    file.write_text(f"{json.dumps({'text': TEXT})}\n{json.dumps({'text': other})}\n")
    return file


def complaint(found: Answer, code: int) -> str:
    """What a run that failed says: one line, and perhaps a hint."""
    assert found.code == code, found
    assert found.data == b""
    assert "Traceback" not in found.err
    lines = found.err.splitlines()
    assert lines[0].startswith("kg: error: ")
    assert all(line.startswith("kg: hint: ") for line in lines[1:])
    assert len(lines) <= 2
    return found.err


# ------------------------------------------------------------------------------- kg extract


def test_an_annotation_is_printed_and_nothing_stored(
    new: NewWorkspace, run: Run, text: Path, files_of: Files
) -> None:
    workspace = new()
    before = files_of(workspace)
    found = run("extract", text, cwd=workspace.root, env=THEN)
    assert (found.code, found.err) == (0, "")
    assert untouched(found.data)
    made = annotation.read(found.data, "a.yaml", text=lambda _: TEXT, kinds={})
    assert [TEXT[slice(*claim.evidence[0])] for claim in made.claims] == ["“The pier is safe,”"]  # type: ignore[misc]
    assert made.made.at == "2030-03-17T17:46:40Z"
    assert files_of(workspace) == before
    assert run("extract", text, cwd=workspace.root, env=THEN).data == found.data


@pytest.mark.parametrize(
    ("said", "usual", "language"),
    [
        ("Boat\n\nIt sank.", ["en"], "en"),
        ("Boot\n\nEs sank.", ["de", "en"], "de"),
        ("Boat\n\nIt sank.", ["ja"], None),  # these are not its letters
        ("Das Boot sank am Montag, wie die Küstenwache mitteilte.", ["en"], None),  # no English
        ("Boat sinks off Brennick on Monday, said officials of the coast guard.", ["en"], "en"),
        ("De boot zonk op maandag, zei de kustwacht, of misschien op dinsdag.", ["en"], None),
        ("The boat sank on Monday, and the guard said that it was late.", ["ja"], "en"),
    ],
)
def test_a_text_that_does_not_tell_its_language_has_the_usual_one(
    said: str, usual: list[str], language: str | None, new: NewWorkspace, run: Run, tmp_path: Path
) -> None:
    workspace = new()
    with (workspace.root / "kg.toml").open("a") as settings:
        settings.write(f"languages = {json.dumps(usual)}\n")
    file = tmp_path / "boat.txt"
    file.write_text(said)
    printed = run("extract", file, cwd=workspace.root, env=THEN).data
    made = annotation.read(printed, "a.yaml", text=lambda _: said, kinds={})
    assert made.article.language == language


def test_what_is_printed_is_what_an_addition_keeps(
    new: NewWorkspace, run: Run, text: Path, tmp_path: Path
) -> None:
    workspace = new()
    printed = run("extract", text, cwd=workspace.root, env=THEN).data
    assert run("add", text, cwd=workspace.root, env=THEN).code == 0
    assert (workspace.articles / "pier.yaml").read_bytes() == printed
    file = tmp_path / "again.yaml"
    assert run("extract", text, "-o", file, cwd=workspace.root, env=THEN).data == b""
    assert file.read_bytes() == printed
    other = new("other")
    assert run("add", file, cwd=other.root).code == 0
    assert (other.articles / "again.yaml").read_bytes() == printed


def test_an_article_of_json_lines_is_called_the_same_before_and_after_an_addition(
    new: NewWorkspace, run: Run, tmp_path: Path
) -> None:
    workspace = new()
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps({"text": "The pier is safe, Ines Calder said."}))
    printed = run("extract", file, cwd=workspace.root, env=THEN).data
    assert b"file: article.txt\n" in printed
    assert b"unnamed author of article.txt}" in printed
    assert run("add", file, cwd=workspace.root, env=THEN).code == 0
    assert (workspace.articles / "article.yaml").read_bytes() == printed
    kept = workspace.articles / "article.txt"
    assert run("extract", kept, cwd=workspace.root, env=THEN).data == printed
    found = run("extract", "--diff", kept, cwd=workspace.root, env=THEN)
    assert (found.code, found.data) == (0, b"")


def test_no_workspace_is_needed(run: Run, text: Path, tmp_path: Path) -> None:
    found = run("extract", text, cwd=tmp_path)
    assert (found.code, found.err) == (0, "")
    assert list(tmp_path.iterdir()) == [text]
    assert "headline: Pier reopens" in run("extract", "-", cwd=tmp_path, stdin=TEXT.encode()).out


def test_every_format_reads_as_what_it_is(run: Run, text: Path, tmp_path: Path) -> None:
    found = run("extract", text, "-f", "json", cwd=tmp_path)
    made = annotation.read(found.data, "a.json", text=lambda _: TEXT, kinds={})
    assert len(made.claims) == 1
    assert made.made.sha256 is None  # the seal is that of a file in YAML
    brat = run("extract", text, "-f", "brat", cwd=tmp_path).out
    assert re.search(r"^E1\tClaim:T\d+ Source:T\d+ Content:T\d+$", brat, re.MULTILINE)
    conll = run("extract", text, "-f", "conll", cwd=tmp_path).out
    assert re.search(r"^\d+\tsaid\t34\t38\tO\tO\tB-c1\tO$", conll, re.MULTILINE)
    assert run("extract", text, "-o", "out.json", cwd=tmp_path).data == b""
    assert (tmp_path / "out.json").read_bytes().startswith(b"{")


def test_several_articles_are_several_documents_or_lines(
    run: Run, two: Path, tmp_path: Path
) -> None:
    found = run("extract", two, cwd=tmp_path).out
    first, second = found.split("---\n")
    assert all(untouched(part.encode()) for part in (first, second))
    lines = run("extract", two, "-f", "json", cwd=tmp_path).out.splitlines()
    assert len(lines) == 2
    assert [json.loads(line)["article"]["headline"] for line in lines] == [
        *("Pier reopens", "Quay reopens")
    ]
    whole = run("extract", two, "-f", "conll", cwd=tmp_path).out
    assert whole.count("# newskg columns") == 2
    error = complaint(run("extract", two, "-f", "brat", cwd=tmp_path), 3)
    assert error.startswith(f"kg: error: {two}: has 2 articles, and a file of brat is on one\n")


def test_one_that_cannot_be_read_does_not_stop_the_others(
    run: Run, two: Path, tmp_path: Path
) -> None:
    two.write_text("{}\n" + two.read_text())
    found = run("extract", two, cwd=tmp_path)
    assert found.code == 1
    assert found.err.startswith(f"kg: error: {two}:1: ")
    assert found.err.count("kg: error: ") == 1
    assert found.out.count("headline:") == 2


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["none.txt"], 3, "none.txt: no such file or folder"),
        (["empty.txt"], 3, "empty.txt: is empty"),
        (["pier.txt", "-f", "pdf"], 2, "--format pdf: expected yaml, json, brat, conll"),
        (["pier.txt", "-o", "x.pdf"], 2, "x.pdf: the extension tells no format"),
        (["pier.txt", "-o", "no/x.yaml"], 4, "no/x.yaml: there is no such folder"),
        (["pier.txt", "--with", "rulse"], 2, "there is no extractor 'rulse'"),
        (["pier.txt", "--replay"], 2, "the extractor rules asks nobody, so there is nothing to"),
        (["pier.txt", "--with", "llm"], 2, "llm_url: is not set, so there is no model to ask"),
        (["pier.txt", "--encoding", "klingon"], 3, ""),
    ],
)
@pytest.mark.usefixtures("text")
def test_what_goes_wrong_is_said_in_a_line(
    run: Run, tmp_path: Path, words: list[str], code: int, message: str
) -> None:
    (tmp_path / "empty.txt").touch()
    found = run("extract", *words, cwd=tmp_path)
    assert complaint(found, found.code if not message else code).startswith(f"kg: error: {message}")
    assert found.code in {2, 3, 4}


# --------------------------------------------------------------------------------- --diff


def test_the_same_has_no_difference(new: NewWorkspace, run: Run, text: Path) -> None:
    workspace = new("news", text)
    found = run("extract", text, "--diff", cwd=workspace.root)
    assert (found.code, found.out, found.err) == (0, "", "")
    file = workspace.articles / "pier.yaml"
    file.write_text(file.read_text().replace("\nthings:", "\n# Checked.\nthings:"))
    assert run("build", cwd=workspace.root).code == 0
    assert run("extract", text, "--diff", cwd=workspace.root).code == 0  # it says the same


def test_a_difference_is_shown_as_of_diff_and_nothing_changed(
    new: NewWorkspace, run: Run, text: Path, files_of: Files
) -> None:
    workspace = new("news", text)
    file = workspace.articles / "pier.yaml"
    file.write_text(file.read_text().replace("Pier reopens", "The pier opens"))
    assert run("build", cwd=workspace.root).code == 0
    before = files_of(workspace)
    found = run("extract", text, "--diff", cwd=workspace.root)
    assert found.code == 1
    lines = found.out.splitlines()
    assert lines[0] == "--- articles/pier.yaml"
    assert re.fullmatch(r"\+\+\+ articles/pier\.yaml by rules \S+", lines[1])
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        *("-  headline: The pier opens", "+  headline: Pier reopens")
    ]
    assert files_of(workspace) == before


def test_what_was_decided_on_claims_is_no_difference(
    new: NewWorkspace, run: Run, text: Path
) -> None:
    workspace = new()
    assert run("add", text, cwd=workspace.root).code == 0
    listed = json.loads(run("review", "claims", "--list", "-f", "json", cwd=workspace.root).out)
    ids = re.findall(r'"(claim:[^"]+)"', json.dumps(listed))
    assert ids
    for number, id_ in enumerate(dict.fromkeys(ids)):
        decision = "--accept" if number else "--reject"
        found = run("review", decision, id_, "--by", "Ines Calder", cwd=workspace.root)
        assert found.code == 0, found.err
        assert run("extract", text, "--diff", cwd=workspace.root).code == 0
        scored = run("score", "articles", cwd=workspace.root)
        waiting = len(dict.fromkeys(ids)) - number - 1
        assert scored.code == (3 if waiting else 0), scored.err


def test_there_is_nothing_to_differ_from(
    new: NewWorkspace, run: Run, text: Path, tmp_path: Path
) -> None:
    error = complaint(run("extract", text, "--diff", cwd=new().root), 3)
    assert error == (
        f"kg: error: {text}: the workspace has no annotation of this text\n"
        "kg: hint: kg add takes it in\n"
    )
    error = complaint(run("extract", text, "--diff", cwd=tmp_path), 3)
    assert "not in a workspace" in error


# ------------------------------------------------------------------------------- kg score


@pytest.fixture
def gold(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample, tmp_path / "gold"))


def test_an_extractor_that_agrees_with_the_standard_has_full_scores(
    new: NewWorkspace, run: Run, text: Path
) -> None:
    workspace = new("news", text)
    file = workspace.articles / "pier.yaml"
    file.write_text(file.read_text() + "# read and found right\n")  # now it is a person's
    found = run("score", workspace.articles, "-f", "json", cwd=workspace.root)
    assert found.code == 0
    scores = json.loads(found.out)
    assert scores["articles"].keys() == {"pier"}
    for name in ("relation", "source", "cue", "content", "content, characters", "metadata"):
        assert scores["all"][name]["f1"] == 1.0, name


def test_the_register_beside_a_standard_is_known_unless_blind(run: Run, gold: Path) -> None:
    found = [
        json.loads(run("score", gold, "-f", "json", *flags, cwd=gold).out)["all"]["mentions"]
        for flags in ([], ["--blind"])
    ]
    assert found[0]["gold"] == found[1]["gold"] == 6
    assert found[0]["hits"] > found[1]["hits"]


def test_a_standard_of_names_is_asked_for_no_descriptions(run: Run, tmp_path: Path) -> None:
    text = "Norvian officials said that it is over. Ada Hill left."
    names = [{"start": text.index("Ada"), "end": text.index(" left"), "type": "person"}]
    line = {"id": "a", "text": text, "attributions": [], "entities": names}
    (tmp_path / "names.jsonl").write_text(json.dumps(line) + "\n")
    scores = json.loads(run("score", "names.jsonl", "-f", "json", cwd=tmp_path).out)["all"]
    assert (scores["mentions"]["hits"], scores["mentions"]["found"]) == (1, 1)


def test_scores_are_tables_and_misses_go_beside_them(run: Run, gold: Path) -> None:
    found = run("score", gold, "--articles", "--misses", "1", cwd=gold)
    assert found.code == 0
    assert [line for line in found.out.splitlines() if re.match("[a-z]+$|all ", line)][:1] == [
        "ferry"
    ]
    assert "all 2 articles\n" in found.out
    assert len(re.findall(r"^(?:ferry|harbour) at \d+: ", found.err, re.MULTILINE)) == 1
    assert re.search(r"^  gold:  ", found.err, re.MULTILINE)
    assert run("score", gold, "--misses", "0", cwd=gold).err == ""


def test_what_cannot_be_scored_is_said_in_a_line(run: Run, gold: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "none.jsonl").touch()
    (tmp_path / "bad.jsonl").write_text('{"text": "x", "attributions": []}\n{"text": "y"}\n')
    (tmp_path / "latin.jsonl").write_bytes(b'{"text": "\xff"}\n')
    (gold / "harbour.txt").rename(tmp_path / "harbour.txt")
    messages = {
        "empty": "empty: no annotation by a person in this folder",
        "missing.yaml": "missing.yaml: no such file",
        "none.jsonl": "none.jsonl: no article in this file",
        "bad.jsonl": "bad.jsonl:2: not an article with attributions: attributions is missing\n",
        "latin.jsonl": "latin.jsonl:1: not an article with attributions: not UTF-8\n",
        "gold": "gold/harbour.yaml: its text 'harbour.txt' is not at hand\n"
        "kg: hint: put it beside the annotation, or name its folder with --texts",
    }
    for name, message in messages.items():
        error = complaint(run("score", name, cwd=tmp_path), 3)
        assert error.startswith(f"kg: error: {message}"), error
    assert run("score", "gold", "--texts", tmp_path, cwd=tmp_path).code == 0
    error = complaint(run("score", "gold", "-f", "xml", cwd=tmp_path), 2)
    assert error == "kg: error: --format xml: expected table, md, json\n"
    error = complaint(run("score", "gold", "--texts", tmp_path, "--replay", cwd=tmp_path), 2)
    assert "the extractor rules asks nobody, so there is nothing to replay" in error
    found = run("score", "gold", "--texts", tmp_path, "--with", "rulse", cwd=tmp_path)
    assert "did you mean rules?" in complaint(found, 2)

"""Taking files in: each as a whole or not at all, and twice is once."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg import annotation
from kg.add import add
from kg.note import NOTE
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.build import Report
    from tests.conftest import NewWorkspace, Run

    Export = Callable[[Workspace], bytes]
    Files = Callable[[Workspace], dict[str, bytes]]

ARTICLE = """\
Ferries run again

The two ferries of “Northline” sail again since Tuesday – at last, and for good.
"""


def added(
    workspace: Workspace,
    *sources: Path,
    texts: tuple[Path, ...] = (),
    encoding: str | None = None,
    replace: bool = False,
) -> Report:
    with workspace.writing() as store:
        return add(workspace, store, sources, texts=texts, encoding=encoding, replace=replace)


def messages(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


@pytest.fixture
def own(sample: Path, tmp_path: Path) -> Path:
    """A copy of the sample, to change at will."""
    return Path(shutil.copytree(sample, tmp_path / "own"))


# ------------------------------------------------------------------------ twice is once


@pytest.mark.parametrize("way", ["the folder", "file by file", "backwards"])
def test_adding_the_same_twice_changes_nothing(
    new: NewWorkspace, own: Path, files_of: Files, export_of: Export, way: str
) -> None:
    workspace = new("news", own)
    before, exported = files_of(workspace), export_of(workspace)
    noted = (workspace.derived / NOTE).read_bytes()
    names = sorted(own.iterdir())
    runs: dict[str, list[tuple[Path, ...]]] = {
        "the folder": [(own,)],
        "file by file": [(x,) for x in names],
        "backwards": [tuple(names[::-1])],
    }
    for sources in runs[way]:
        report = added(workspace, *sources)
        assert (report.made, report.removed, report.problems) == ([], [], [])
    assert files_of(workspace) == before
    assert export_of(workspace) == exported
    assert (workspace.derived / NOTE).read_bytes() == noted


def test_the_order_of_adding_makes_no_difference_to_the_store(
    new: NewWorkspace, own: Path, export_of: Export
) -> None:
    shared = [own / "entities.ttl"]
    first = new("a", *shared, own / "harbour.yaml", own / "ferry.yaml")
    second = new("b", *shared, own / "ferry.yaml")
    assert added(second, own / "harbour.yaml").exit_code == 0
    assert export_of(first) == export_of(second) == export_of(new("c", own))


def test_the_founding_corpus_is_taken_in_once(
    fresh: Workspace, corpus: Path, files_of: Files, export_of: Export
) -> None:
    before, exported = files_of(fresh), export_of(fresh)
    report = added(fresh, corpus)
    assert len(report.unchanged) == 4
    assert report.made == []
    assert (files_of(fresh), export_of(fresh)) == (before, exported)


def test_adding_what_lies_in_the_workspace_already_changes_nothing(
    fresh_sample: Workspace, files_of: Files
) -> None:
    before = files_of(fresh_sample)
    assert added(fresh_sample, fresh_sample.root).problems == []
    assert files_of(fresh_sample) == before


# ------------------------------------------------------------------ annotations and texts


def test_the_annotation_is_kept_as_written_and_says_of_which_text_it_is(
    fresh_sample: Workspace, sample: Path
) -> None:
    kept = (fresh_sample.articles / "harbour.yaml").read_text().splitlines()
    given = (sample / "harbour.yaml").read_text().splitlines()
    differing = [(new, old) for new, old in zip(kept, given, strict=True) if new != old]
    sha256 = "996e80636243b84577395168b668bfbe905c4132dc22490c353561e2300a4b5e"
    assert differing == [
        (f"text: {{sha256: {sha256}, file: harbour.txt}}", "text: {file: harbour.txt}")
    ]


@pytest.mark.parametrize(
    "written",
    [
        "text:\n  file: harbour.txt  # as it came\n  format: text/plain",
        "text:\n    # as it came\n    file: harbour.txt",
        "text: {file: 'harbour.txt'}",
        '"text": {"format": "text/plain", "file": "harbour.txt"}',
        "text: {\n  file: harbour.txt}",
    ],
)
def test_the_hash_finds_its_place_however_the_annotation_is_written(
    new: NewWorkspace, own: Path, written: str
) -> None:
    source = own / "harbour.yaml"
    source.write_text(source.read_text().replace("text: {file: harbour.txt}", written))
    workspace = new("news", own)
    kept = (workspace.articles / "harbour.yaml").read_text()
    assert "  - id: wall" in kept
    assert "made up" in kept  # a comment
    assert kept.count("sha256: 996e80636243") == 1
    before, after = kept.split("sha256: 996e80636243")
    assert (before + after[52:].lstrip(", \n")).split() == source.read_text().split()
    assert added(workspace, own).made == []


def test_a_json_annotation_is_kept_as_yaml(new: NewWorkspace, own: Path, export_of: Export) -> None:
    expected = export_of(new("yaml", own))
    for name in ("harbour", "ferry"):
        file = own / f"{name}.yaml"
        found = annotation.read(
            file.read_bytes(),
            file.name,
            text=lambda text: (own / text.file).read_text(),
            kinds=Workspace.register(Workspace.open(own.parent / "yaml")).kinds,
        )
        content = annotation.write(found, "x.json")
        assert json.loads(content)["kg"] == 1
        file.unlink()
        (own / f"{name}.{'json' if name == 'ferry' else 'JSON'}").write_text(content)
    workspace = new("json", own)
    assert {path.name for path in workspace.articles.iterdir()} == {
        "ferry.txt",
        "ferry.yaml",
        "harbour.txt",
        "harbour.yaml",
    }
    assert export_of(workspace) == expected


def test_texts_are_found_in_the_folders_named(new: NewWorkspace, own: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for file in own.glob("*.txt"):
        file.rename(texts / file.name)
    workspace = new()
    report = added(workspace, own)
    assert report.exit_code == 1
    assert {problem.file for problem in report.problems} == {
        str(own / "ferry.yaml"),
        str(own / "harbour.yaml"),
    }
    assert "put the text beside the annotation, or name its folder with --texts" in str(
        report.problems[0]
    )
    assert not list(workspace.articles.iterdir())
    report = added(workspace, own, texts=(texts,))
    assert report.exit_code == 0
    assert report.without_text == []
    assert len(list(workspace.articles.iterdir())) == 4


def test_the_right_copy_of_a_text_is_taken_where_there_are_several(
    new: NewWorkspace, own: Path, tmp_path: Path
) -> None:
    workspace = new("news", own)
    hashed = tmp_path / "hashed"
    shutil.copytree(workspace.articles, hashed)
    (hashed / "harbour.txt").write_text("another copy")
    other = new("other", own / "entities.ttl")
    report = added(other, hashed / "harbour.yaml")
    assert "the text has the SHA-256" in messages(report)[0]
    assert added(other, hashed / "harbour.yaml", texts=(own,)).exit_code == 0
    assert (other.articles / "harbour.txt").read_bytes() == (own / "harbour.txt").read_bytes()


def test_an_annotation_with_its_proofs_needs_no_text(fresh: Workspace, corpus: Path) -> None:
    report = added(fresh, corpus)
    assert report.without_text == [
        "articles/2007-north-korea-abducting-the-alliance.yaml",
        "articles/2018-pompeo-visits-japan.yaml",
    ]


def test_texts_that_come_later_are_taken_in(
    fresh: Workspace, corpus: Path, seeds: Path, export_of: Export
) -> None:
    before = export_of(fresh)
    report = added(fresh, corpus, texts=(seeds,))
    assert report.without_text == []
    assert report.exit_code == 0
    assert len(list(fresh.articles.glob("*.txt"))) == 2
    assert export_of(fresh) == before  # the texts prove what was there, and add nothing


def test_a_text_that_was_edited_afterwards_is_noticed_until_the_original_is_back(
    fresh_sample: Workspace, sample: Path, files_of: Files, export_of: Export
) -> None:
    before, exported = files_of(fresh_sample), export_of(fresh_sample)
    text = fresh_sample.articles / "harbour.txt"
    text.write_text(text.read_text() + "PS\n")
    report = added(fresh_sample, sample / "ferry.yaml")
    assert len(report.problems) == 1
    assert "annotation was made for another copy of the text" in messages(report)[0]
    assert export_of(fresh_sample) == exported
    assert added(fresh_sample, sample / "harbour.yaml").problems == []
    assert (files_of(fresh_sample), export_of(fresh_sample)) == (before, exported)


def test_a_different_annotation_of_the_same_article_is_refused_until_told_to_replace(
    fresh_sample: Workspace, own: Path, files_of: Files, export_of: Export, rebuilt: Export
) -> None:
    before, exported = files_of(fresh_sample), export_of(fresh_sample)
    file = own / "harbour.yaml"
    file.write_text(file.read_text().replace("min: 2", "min: 3"))
    renamed = file.rename(own / "other-name.yaml")
    report = added(fresh_sample, renamed)
    assert report.exit_code == 3
    assert messages(report) == [
        (
            f"{renamed}: articles/harbour.yaml annotates the same article and differs"
            " (--replace puts this one in its place)"
        )
    ]
    assert (files_of(fresh_sample), export_of(fresh_sample)) == (before, exported)
    assert added(fresh_sample, renamed, replace=True).made == ["articles/harbour.yaml"]
    assert b"min: 3" in files_of(fresh_sample)["articles/harbour.yaml"]
    assert files_of(fresh_sample).keys() == before.keys()
    assert export_of(fresh_sample) == rebuilt(fresh_sample) != exported


def test_a_new_annotation_may_bring_another_copy_of_the_text(
    new: NewWorkspace, own: Path, export_of: Export, rebuilt: Export
) -> None:
    """The article keeps its name, given in `id`; text and annotation are replaced together."""
    file = own / "ferry.yaml"
    file.write_text(
        file.read_text().replace("  language: en", "  language: en\n  id: 0123456789ab")
    )
    workspace = new("news", own)
    (own / "ferry.txt").write_text((own / "ferry.txt").read_text() + "(Corrected.)\n")
    assert added(workspace, own).exit_code == 1
    assert added(workspace, own, replace=True).made == ["articles/ferry.yaml"]
    assert "(Corrected.)" in (workspace.articles / "ferry.txt").read_text()
    assert export_of(workspace) == rebuilt(workspace)


# ------------------------------------------------------------------------- plain texts


@pytest.mark.parametrize(
    ("encoding", "label", "codec"),
    [
        ("utf-8", "utf-8", None),
        ("utf-8-sig", "utf-8", None),
        ("utf-16", "utf-16-le", None),
        ("cp1252", "windows-1252", None),
        ("cp1252", "windows-1252", "cp1252"),
        ("utf-16-be", "utf-16-be", "utf-16-be"),
    ],
)
def test_a_text_in_any_encoding_is_kept_in_utf8_and_never_mojibake(
    new: NewWorkspace, tmp_path: Path, encoding: str, label: str, codec: str | None
) -> None:
    source = tmp_path / "again.txt"
    source.write_bytes(ARTICLE.encode(encoding))
    workspace = new()
    report = added(workspace, source, encoding=codec)
    assert report.made == ["articles/again.yaml"]
    assert (workspace.articles / "again.txt").read_bytes() == ARTICLE.encode()
    assert f"format: text/plain; charset={label}" in (workspace.articles / "again.yaml").read_text()
    assert added(workspace, source, encoding=codec).made == []


def test_line_ends_are_part_of_the_text(new: NewWorkspace, tmp_path: Path) -> None:
    source = tmp_path / "again.txt"
    source.write_bytes(ARTICLE.replace("\n", "\r\n").encode())
    workspace = new("news", source)
    assert (workspace.articles / "again.txt").read_bytes() == source.read_bytes()
    assert f"length: {len(ARTICLE) + 3}" in (workspace.articles / "again.yaml").read_text()


def test_a_page_is_kept_as_its_article(new: NewWorkspace, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    paragraphs = "".join(
        f"<p>Sentence number {n} of the report says that the ferries sail again.</p>"
        for n in range(8)
    )
    page.write_text(
        '<!doctype html><html lang="en"><head><title>Ferries run again</title>'
        '<meta name="author" content="Ada Quill"><meta property="article:published_time"'
        f' content="2024-05-07"></head><body><article>{paragraphs}</article></body></html>'
    )
    workspace = new("news", page)
    text = (workspace.articles / "page.txt").read_text()
    assert "Sentence number 7" in text
    assert "<p>" not in text
    outline = (workspace.articles / "page.yaml").read_text()
    assert "headline: Ferries run again" in outline
    assert "label: Ada Quill" in outline
    assert "2024-05-07" in outline


def test_what_nobody_has_read_yet_has_an_outline_that_a_person_can_go_on_from(
    new: NewWorkspace, tmp_path: Path, export_of: Export, rebuilt: Export
) -> None:
    source = tmp_path / "again.txt"
    source.write_text(ARTICLE)
    workspace = new("news", source)
    outline = (workspace.articles / "again.yaml").read_text()
    assert "by: rules" in outline
    assert outline.count("kind: unidentified") == 2
    assert export_of(workspace) == rebuilt(workspace)


NAMES = [
    "two words.txt",
    "Überfahrt – ‘neu’.txt",
    "渡船.txt",
    "-rf.txt",
    ".hidden.txt",
    "a.b.c.txt",
    "#%?&.txt",
    "x" * 240 + ".txt",
    "船" * 80 + ".txt",
    "line\nbreak.txt",
    b"latin-\xe9.txt",
]


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_files_may_have_any_name(
    new: NewWorkspace, tmp_path: Path, export_of: Export, rebuilt: Export, name: str | bytes
) -> None:
    source = tmp_path / os.fsdecode(name)
    source.write_text(ARTICLE)
    workspace = new("news", source)
    kept = [path.name for path in workspace.articles.iterdir()]
    assert len(kept) == 2
    assert all(path[0] not in ".-" and "\n" not in path and path.isprintable() for path in kept)
    assert export_of(workspace) == rebuilt(workspace)
    assert added(workspace, source).made == []


def test_texts_of_the_same_name_stand_side_by_side(new: NewWorkspace, tmp_path: Path) -> None:
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "news.txt").write_text(f"{ARTICLE}From {folder}.\n")
    workspace = new("news", tmp_path / "a", tmp_path / "b")
    assert added(workspace, tmp_path / "c" / "news.txt").made == ["articles/news-3.yaml"]
    assert sorted(path.name for path in workspace.articles.glob("*.txt")) == [
        "news-2.txt",
        "news-3.txt",
        "news.txt",
    ]
    assert added(workspace, *(tmp_path / folder for folder in "abc")).made == []


def test_a_text_that_lies_in_the_workspace_without_annotation_gets_one(
    new: NewWorkspace,
) -> None:
    workspace = new()
    (workspace.articles / "again.txt").write_text(ARTICLE)
    assert added(workspace, workspace.articles / "again.txt").made == ["articles/again.yaml"]
    assert sorted(path.name for path in workspace.articles.iterdir()) == ["again.txt", "again.yaml"]


# ------------------------------------------------------------------------------ folders


def test_hidden_folders_and_other_files_in_a_folder_are_passed_over(
    new: NewWorkspace, own: Path
) -> None:
    (own / ".git" / "objects").mkdir(parents=True)
    (own / ".git" / "description.txt").write_text("x")
    (own / ".draft.yaml").write_text("x")
    (own / "README.md").write_text("# Sample")
    (own / "picture.png").write_bytes(b"\x89PNG\r\n")
    os.mkfifo(own / "pipe.yaml")
    workspace = new("news", own)
    assert len(list(workspace.articles.iterdir())) == 4
    assert list(workspace.graphs.iterdir()) == []


def test_an_empty_folder_is_an_error(new: NewWorkspace, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = added(new(), tmp_path / "empty")
    assert messages(report) == [f"{tmp_path / 'empty'}: nothing in this folder can be added"]
    assert report.exit_code == 3


def test_a_note_named_by_itself_is_taken_for_a_text(new: NewWorkspace, tmp_path: Path) -> None:
    note = tmp_path / "again.md"
    note.write_text(ARTICLE)
    assert added(new(), note).made == ["articles/again.yaml"]


# ------------------------------------------------------------------------ shared files


def test_registers_are_put_together_and_what_is_there_stays_as_it_stands(
    fresh_sample: Workspace, tmp_path: Path, export_of: Export, rebuilt: Export
) -> None:
    more = tmp_path / "entities.ttl"
    more.write_text(
        "@prefix kg: <https://w3id.org/newskg/ontology#> ."
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<id/actor/northline> rdfs:label "Northline"@en .\n'
        '<id/actor/mayors-office> a kg:Actor ; rdfs:label "mayor’s office"@en ;'
        " kg:kind <https://w3id.org/newskg/scheme/actor-government-body> ."
    )
    before = (fresh_sample.root / "entities.ttl").read_text()
    assert added(fresh_sample, more).made == ["entities.ttl"]
    after = (fresh_sample.root / "entities.ttl").read_text()
    assert after.startswith(before.rstrip())
    assert after.count("Northline") == before.count("Northline")
    assert fresh_sample.register().kinds["mayors-office"] == "actor"
    assert added(fresh_sample, more).made == []
    assert (fresh_sample.root / "entities.ttl").read_text() == after
    assert export_of(fresh_sample) == rebuilt(fresh_sample)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<x", "not Turtle"),
        ("@base <http://other.example/> . <x> a <y> .", "written for the base"),
        (
            "<id/topic/northline> a <http://www.w3.org/2004/02/skos/core#Concept> .",
            "share an id",
        ),
        (
            "<id/actor/northline> <http://purl.org/dc/terms/isReplacedBy> <id/actor/northline> .",
            "is merged into itself",
        ),
    ],
)
def test_a_register_that_does_not_fit_is_refused_and_nothing_written(
    fresh_sample: Workspace, tmp_path: Path, files_of: Files, content: str, message: str
) -> None:
    before = files_of(fresh_sample)
    file = tmp_path / "entities.ttl"
    file.write_text(content)
    report = added(fresh_sample, file)
    assert message in messages(report)[0]
    assert report.exit_code == 3
    assert files_of(fresh_sample) == before


def test_a_graph_is_copied_and_a_different_one_of_that_name_is_refused(
    fresh_sample: Workspace, tmp_path: Path
) -> None:
    graph = tmp_path / "extra.ttl"
    graph.write_text("<x> a <y> .")
    assert added(fresh_sample, graph).made == ["graphs/extra.ttl"]
    assert added(fresh_sample, graph).made == []
    graph.write_text("<x> a <z> .")
    assert "is there already and differs (--replace" in messages(added(fresh_sample, graph))[0]
    assert (fresh_sample.graphs / "extra.ttl").read_text() == "<x> a <y> ."
    assert added(fresh_sample, graph, replace=True).made == ["graphs/extra.ttl"]
    assert (fresh_sample.graphs / "extra.ttl").read_text() == "<x> a <z> ."


# ---------------------------------------------------------------------- what is refused


def hostile(folder: Path) -> dict[str, str]:
    """Files that cannot be taken in, made in a folder, each with what is said of it."""
    folder.mkdir()
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_bytes(b" \n\n")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 4)
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100)
    for name in ("big.txt", "big.yaml", "big.json"):
        (folder / name).write_bytes(b"")
        os.truncate(folder / name, 50_000_000)
    (folder / "empty.yaml").write_bytes(b"")
    (folder / "syntax.yaml").write_bytes(b"kg: [\n")
    (folder / "list.json").write_bytes(b"[]")
    (folder / "binary.yaml").write_bytes(bytes(range(256)))
    (folder / "broken.ttl").write_bytes(b"<x> <y>")
    (folder / "remote.jsonld").write_bytes(b'{"@context": "http://e.org/c", "x": "y"}')
    for name in ("pipe.txt", "pipe.yaml", "pipe.ttl"):
        os.mkfifo(folder / name)
    (folder / "nothing").mkdir()
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "dangling.yaml").symlink_to("nowhere")
    return {
        "empty.txt": "is empty",
        "blank.txt": "has only white space",
        "binary.txt": "is binary, not text",
        "picture.txt": "a PNG image, not text",
        "big.txt": "has more than 10,000,000 bytes",
        "big.yaml": "has 50,000,000 bytes; the limit is 10,000,000",
        "big.json": "has 50,000,000 bytes; the limit is 10,000,000",
        "empty.yaml": "the file is empty",
        "syntax.yaml": "not YAML",
        "list.json": "an annotation is a mapping",
        "binary.yaml": "not UTF-8",
        "broken.ttl": "not Turtle",
        "remote.jsonld": "nothing is fetched",
        "pipe.txt": "is not a regular file",
        "pipe.yaml": "is not a regular file",
        "pipe.ttl": "is not a regular file",
        "nothing": "nothing in this folder can be added",
        "loop.txt": "too many levels of symbolic links",
        "dangling.yaml": "no such file or folder",
        "missing.txt": "no such file or folder",
        "n" * 300: "file name too long",
    }


def test_what_cannot_be_taken_in_is_said_and_nothing_is_written(
    fresh_sample: Workspace, tmp_path: Path, files_of: Files, export_of: Export
) -> None:
    before, exported = files_of(fresh_sample), export_of(fresh_sample)
    expected = hostile(tmp_path / "hostile")
    assert len(expected) == 21
    for name, message in expected.items():
        path = tmp_path / "hostile" / name
        report = added(fresh_sample, path)
        assert report.exit_code == 3, name
        assert len(report.problems) == 1, name
        assert messages(report)[0].startswith(f"{path}:"), name
        assert message in messages(report)[0], name
    assert (files_of(fresh_sample), export_of(fresh_sample)) == (before, exported)


def test_a_source_at_fault_does_not_stop_the_others(
    new: NewWorkspace, own: Path, tmp_path: Path
) -> None:
    workspace = new()
    (own / "empty.txt").write_bytes(b"")
    report = added(workspace, tmp_path / "missing", own)
    assert report.exit_code == 1
    assert [problem.file for problem in report.problems] == [
        str(tmp_path / "missing"),
        str(own / "empty.txt"),
    ]
    assert len(report.made) == 3


def test_the_text_of_an_annotation_at_fault_waits_for_it(new: NewWorkspace, own: Path) -> None:
    """Otherwise it would be taken for an article that nobody has annotated yet."""
    good = (own / "harbour.yaml").read_text()
    (own / "harbour.yaml").write_text(good.replace("certainty: certain", "certainty: sure"))
    (own / "ferry.yaml").rename(own / "of-the-ferry.yaml")
    with (own / "of-the-ferry.yaml").open("a") as file:
        file.write("more: keys\n")
    workspace = new()
    report = added(workspace, own)
    assert list(workspace.articles.iterdir()) == []
    assert messages(report)[-2:] == [
        f"{own / 'ferry.txt'}: not taken in, since of-the-ferry.yaml was not",
        f"{own / 'harbour.txt'}: not taken in, since harbour.yaml was not",
    ]
    (own / "harbour.yaml").write_text(good)
    assert "articles/harbour.yaml" in added(workspace, own).made
    assert not list(workspace.articles.glob("ferry*"))


def test_every_fault_of_an_annotation_is_said(new: NewWorkspace, own: Path) -> None:
    file = own / "harbour.yaml"
    file.write_text(
        file.read_text()
        .replace("certainty: certain", "certainty: sure")
        .replace("quote: promised", "quote: vowed")
        .replace("of: port-ellery", "of: port-elery")
    )
    report = added(new(), own)
    faults = [problem for problem in report.problems if problem.file == str(file)]
    assert [problem.line for problem in faults] == [17, 26, 33, 36]
    assert all(problem.column for problem in faults)


# --------------------------------------------------------------- register and RDF, once more


def test_an_entry_that_differs_is_refused_and_replaced_only_on_request(
    run: Run, fresh_sample: Workspace, tmp_path: Path
) -> None:
    other = tmp_path / "entities.ttl"
    text = (fresh_sample.root / "entities.ttl").read_text()
    assert text.count('"Ines Calder"@en') == 1
    other.write_text(text.replace('"Ines Calder"@en', '"Ines Calder-Vane"@en'))
    before = (fresh_sample.root / "entities.ttl").read_bytes()
    refused = run("add", other, cwd=fresh_sample.root)
    assert refused.code == 3
    assert "says something else of actor:ines-calder" in refused.err
    assert (fresh_sample.root / "entities.ttl").read_bytes() == before
    assert run("add", "--replace", other, cwd=fresh_sample.root).code == 0
    labels = "SELECT ?l { actor:ines-calder rdfs:label ?l }"
    rows = run("query", "-e", labels, "-f", "csv", cwd=fresh_sample.root).out.split()
    assert rows == ["l", "Ines", "Calder-Vane"]


def test_a_merged_entry_is_not_brought_back_by_its_old_register(
    run: Run, fresh_sample: Workspace, sample: Path
) -> None:
    file = fresh_sample.root / "entities.ttl"
    register = fresh_sample.register().merge("i-calder", "ines-calder")
    file.write_bytes(register.to_turtle())
    assert run("build", cwd=fresh_sample.root).code == 0
    run("add", "--replace", sample / "entities.ttl", cwd=fresh_sample.root)
    assert fresh_sample.register().iri("i-calder") == register.iri("ines-calder")
    assert b"isReplacedBy" in file.read_bytes()


@pytest.mark.parametrize("name", ["entities.ttl", "analysis.ttl"])
def test_a_node_without_a_name_is_refused(
    run: Run, fresh_sample: Workspace, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    file.write_text("<id/actor/x> <http://schema.org/about> [ <http://schema.org/name> 'y' ] .")
    answer = run("add", file, cwd=fresh_sample.root)
    assert "a node without a name" in answer.err
    assert answer.code == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<urn:a> <https://w3id.org/newskg/ontology#when> <id/date/2002-13> .", "the time node"),
        ("<urn:a> <urn:b> <<( <urn:c> <urn:d> <urn:e> )>> .", "RDF 1.2"),
        ('<urn:a> <urn:b> "x"@en--ltr .', "RDF 1.2"),
    ],
)
def test_rdf_that_could_not_be_built_is_not_taken_in(
    run: Run, fresh_sample: Workspace, tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "more.ttl"
    file.write_text(content)
    answer = run("add", file, cwd=fresh_sample.root)
    assert said in answer.err
    assert answer.code == 3
    assert not (fresh_sample.graphs / "more.ttl").exists()


def test_an_empty_hash_is_filled_in_and_not_given_twice(
    run: Run, new: NewWorkspace, sample: Path, tmp_path: Path
) -> None:
    workspace = new("news", sample / "entities.ttl")
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "ferry.txt").write_bytes((sample / "ferry.txt").read_bytes())
    text = (sample / "ferry.yaml").read_text()
    assert "text: {file: ferry.txt}" in text
    (folder / "ferry.yaml").write_text(
        text.replace("text: {file: ferry.txt}", "text:\n  file: ferry.txt\n  sha256:")
    )
    assert run("add", folder, cwd=workspace.root).code == 0
    kept = (workspace.articles / "ferry.yaml").read_text()
    assert kept.count("sha256") == 1
    assert run("build", cwd=workspace.root).code == 0


# ------------------------------------------------------------------- many at a time


def test_who_is_interrupted_keeps_what_was_read(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    (tmp_path / "texts").mkdir()
    for number in range(6):
        (tmp_path / "texts" / f"{number}.txt").write_text(f"{ARTICLE}\nNumber {number}.\n")
    seen: list[str] = []

    def progress(place: str) -> None:
        seen.append(place)
        if len(seen) == 4:
            raise KeyboardInterrupt

    with workspace.writing() as store, pytest.raises(KeyboardInterrupt):
        add(workspace, store, [tmp_path / "texts"], progress=progress)
    assert sorted(file.name for file in workspace.articles.glob("*.yaml")) == [
        "0.yaml",
        "1.yaml",
        "2.yaml",
        "3.yaml",
    ]
    assert not list(workspace.root.rglob(".kg-*"))
    assert len(added(workspace, tmp_path / "texts").made) == 6


def test_of_a_text_that_comes_twice_one_is_kept_though_it_is_to_be_replaced(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "ferries.txt").write_text(ARTICLE)
    report = added(workspace, tmp_path / "first", tmp_path / "second", replace=True)
    assert report.problems == []
    assert [file.name for file in workspace.articles.glob("*.yaml")] == ["ferries.yaml"]
    assert added(workspace, tmp_path / "first").made == []

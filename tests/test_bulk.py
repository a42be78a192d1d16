"""The bulk road: the same dataset as where articles are taken in one by one, however they are parted."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import zstandard
from pyoxigraph import RdfFormat, Store

from kg import bulk
from kg.add import add
from kg.annotate import Reader
from kg.annotate.pool import hand_over
from kg.build import build
from kg.bulk import Taken, Wishes
from kg.bulk.making import Task, made, parted
from kg.errors import ConfigError, StoreError
from kg.intake import Fault, Options, sources
from kg.loading import screen_of
from kg.note import maker
from kg.shards import manifest, part
from kg.store.embedded import EmbeddedStore
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import NewWorkspace, Run

PEOPLE = ("Ada Brenn", "Bruno Falk", "Clara Dorval", "Hugo Lorne", "Mira Estrin")
PLACES = ("Aldwater", "Port Calder", "Dunmere", "Veyle")


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")


def article(number: int) -> str:
    """A small report, another one for each number."""
    person, place = PEOPLE[number % len(PEOPLE)], PLACES[number % len(PLACES)]
    return (
        f"Bridge {number} closed\n\n{number % 27 + 1} March 2031\n\n"
        f"The bridge at {place} will be closed for {number + 2} weeks, {person}, the mayor, said on"
        f" Tuesday. “It has carried {number + 300} lorries a day,” {person} said.\n\n"
        f"The harbour office denied that anyone had been hurt.\n"
    )


def record(number: int, **more: object) -> dict[str, object]:
    return {"id": f"bridge-{number}", "title": f"Bridge {number}", "text": article(number)} | more


def lines(file: Path, records: list[Any]) -> Path:
    file.write_text("".join(f"{json.dumps(one)}\n" for one in records))
    return file


def warc(file: Path, bodies: list[str]) -> Path:
    """A web archive, each record a member of its own, as crawlers write them."""
    members = []
    for number, body in enumerate(bodies):
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/{number}\r\n"
            "WARC-Date: 2031-03-04T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        members.append(gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0))
    file.write_bytes(b"".join(members))
    return file


def page(number: int) -> str:
    paragraphs = "".join(f"<p>{piece}</p>" for piece in article(number).split("\n\n"))
    head = f"<head><title>Page {number}</title></head>"
    return f"<html>{head}<body><article>{paragraphs}</article></body></html>"


def of_lines(folder: Path) -> Path:
    return lines(folder / "news.jsonl", [record(n) for n in range(11)])


def of_copies(folder: Path) -> Path:
    """The same text again and again, with other things stated beside it each time."""
    some = [record(n % 4, title=f"Headline {n}", date=f"2031-03-{n + 1:02}") for n in range(12)]
    return lines(folder / "copies.jsonl", some)


def of_archive(folder: Path) -> Path:
    return warc(folder / "crawl.warc.gz", [page(n) for n in range(9)])


def of_folder(folder: Path) -> Path:
    place = folder / "many"
    (place / "b").mkdir(parents=True)
    for n in range(9):
        (place / ("b" if n % 2 else "") / f"report-{n % 7}-{n}.txt").write_text(article(n % 7))
    (place / "c.html").write_text(page(20))
    lines(place / "more.jsonl", [record(30), record(1)])
    return place


def of_columns(folder: Path) -> Path:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.Table.from_pylist([record(n) for n in range(9)])
    parquet.write_table(table, folder / "news.parquet", row_group_size=4)
    return folder / "news.parquet"


SOURCES = (of_lines, of_copies, of_archive, of_folder, of_columns)


def dataset(workspace: Workspace) -> list[str]:
    with workspace.reading() as store:
        assert isinstance(store, EmbeddedStore)
        return sorted(map(str, store.engine))


def ordinary(workspace: Workspace, *given: Path) -> list[str]:
    with workspace.writing() as store:
        report = add(workspace, store, [str(one) if one.is_file() else one for one in given])
        assert not report.problems, report.problems
    return dataset(workspace)


def run_bulk(workspace: Workspace, *given: Path, **wishes: Any) -> Taken:
    return bulk.add(workspace, [str(one) for one in given], Wishes(**wishes))


@pytest.fixture
def register(newsroom: Path) -> Path:
    return newsroom / "entities.ttl"


class Way(NamedTuple):
    workers: int
    documents: int


WAYS = (Way(1, 256), Way(1, 3), Way(1, 1), Way(2, 2))


def test_there_are_as_many_cases_as_there_were() -> None:
    assert (len(SOURCES), len(WAYS), len(FAULTY)) == (5, 4, 4)


@pytest.mark.parametrize("source", SOURCES)
def test_the_dataset_is_that_of_the_ordinary_road(
    source: Callable[[Path], Path], new: NewWorkspace, register: Path, tmp_path: Path
) -> None:
    place = source(tmp_path)
    expected = ordinary(new("ordinary", register), place)
    assert len(expected) > 2_000
    for way in WAYS:
        workspace = new(f"bulk-{way.workers}-{way.documents}", register)
        taken = run_bulk(workspace, place, workers=way.workers, documents=way.documents)
        assert taken.exit_code == 0
        assert dataset(workspace) == expected
        assert not [*workspace.articles.iterdir()]


def test_a_part_has_the_same_bytes_whoever_makes_it(new: NewWorkspace, tmp_path: Path) -> None:
    place = of_lines(tmp_path)
    found = []
    for name, workers in (("one", 1), ("two", 2)):
        workspace = new(name)
        run_bulk(workspace, place, workers=workers, documents=3)
        folder = workspace.root / manifest.FOLDER
        found.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert found[0] == found[1]
    assert len(found[0]) == 4 * 3 + 2  # the files of four parts, the manifest, the lock


def test_a_second_run_reads_nothing_again(
    new: NewWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, place = new(), of_lines(tmp_path)
    assert run_bulk(workspace, place, documents=4).articles == 11
    before = dataset(workspace)
    monkeypatch.setattr(Reader, "read", None)
    moved = shutil.copy(place, tmp_path / "elsewhere.jsonl")
    taken = run_bulk(workspace, Path(moved), documents=4)
    assert (taken.articles, taken.known, taken.exit_code) == (0, 11, 0)
    assert dataset(workspace) == before


def test_what_was_added_to_the_end_of_a_file_is_all_that_is_read(
    new: NewWorkspace, tmp_path: Path
) -> None:
    workspace = new()
    run_bulk(workspace, lines(tmp_path / "a.jsonl", [record(n) for n in range(6)]), documents=3)
    longer = lines(tmp_path / "a.jsonl", [record(n) for n in range(8)])
    taken = run_bulk(workspace, longer, documents=3)
    assert (taken.articles, taken.known) == (2, 6)
    assert dataset(workspace) == ordinary(new("ordinary"), longer)


def test_both_roads_know_what_the_other_has_taken_in(new: NewWorkspace, tmp_path: Path) -> None:
    first = lines(tmp_path / "a.jsonl", [record(n) for n in range(4)])
    second = lines(tmp_path / "b.jsonl", [record(n, title="Other") for n in range(2, 7)])
    third = lines(tmp_path / "c.jsonl", [record(n, title="Third") for n in range(5, 9)])
    expected = ordinary(new("ordinary"), first, second, third)
    workspace = new()
    ordinary(workspace, first)
    taken = run_bulk(workspace, second)
    assert (taken.articles, taken.known) == (3, 2)
    assert ordinary(workspace, third) == expected
    assert len([*workspace.articles.glob("*.yaml")]) == 4 + 2


def test_a_build_keeps_what_has_no_file_and_makes_it_again_without_the_store(
    new: NewWorkspace, register: Path, tmp_path: Path
) -> None:
    workspace = new("bulk", register)
    run_bulk(workspace, of_lines(tmp_path), documents=4)
    before = dataset(workspace)
    for _ in range(2):
        with workspace.writing() as store:
            assert build(workspace, store).supplied == (0, 0)
        assert dataset(workspace) == before
    for lost in (workspace.derived, workspace.derived / "store", workspace.derived / "bulk.json"):
        shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
        with workspace.writing() as store:
            assert build(workspace, store).supplied[0] == 11
        assert dataset(workspace) == before


def test_an_article_with_a_file_goes_before_the_same_one_without(
    new: NewWorkspace, tmp_path: Path
) -> None:
    workspace = new()
    place = of_lines(tmp_path)
    run_bulk(workspace, place, documents=4)
    before = dataset(workspace)
    one = lines(tmp_path / "one.jsonl", [record(5, title="Quite another headline")])
    with workspace.writing() as store:
        assert not add(workspace, store, [str(one)], replace=True).problems
    after = dataset(workspace)
    assert [line for line in after if "Quite another headline" in line]
    assert not [line for line in after if '"Bridge 5"' in line]
    assert after == ordinary(new("ordinary"), one, place)
    for file in workspace.articles.iterdir():
        file.unlink()
    with workspace.writing() as store:
        assert build(workspace, store).supplied[0] == 1
    assert dataset(workspace) == before


def test_what_is_taken_out_of_the_manifest_is_gone(new: NewWorkspace, tmp_path: Path) -> None:
    workspace = new()
    place = of_lines(tmp_path)
    run_bulk(workspace, place, documents=4)
    file = workspace.root / manifest.FOLDER / manifest.NAME
    _, *rest = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(rest))
    with workspace.writing() as store:
        build(workspace, store)
    left = lines(tmp_path / "left.jsonl", [record(n) for n in range(4, 11)])
    assert dataset(workspace) == ordinary(new("ordinary"), left)


def test_of_two_copies_the_second_counts_when_the_first_is_gone(
    new: NewWorkspace, tmp_path: Path
) -> None:
    workspace = new()
    run_bulk(workspace, of_copies(tmp_path), documents=2)
    file = workspace.root / manifest.FOLDER / manifest.NAME
    everything = file.read_bytes().splitlines(keepends=True)
    assert [len(json.loads(line)["keys"]) for line in everything] == [2] * 6
    file.write_bytes(b"".join(everything[2:]))
    with workspace.writing() as store:
        build(workspace, store)
    some = [record(n % 4, title=f"Headline {n}", date=f"2031-03-{n + 1:02}") for n in range(4, 12)]
    rest = lines(tmp_path / "rest.jsonl", some)
    assert dataset(workspace) == ordinary(new("ordinary"), rest)


def test_a_merge_makes_other_graphs_of_the_articles_that_it_concerns(
    new: NewWorkspace, tmp_path: Path
) -> None:
    """An entry that articles name is replaced by another, and so is somebody whom one article brings."""
    place = of_lines(tmp_path)
    entries = new("start").root / "entities.ttl"
    base = f"@base <{Workspace.open(entries.parent).settings.base}> .\n"
    person = "a kg:Actor ; kg:kind kgs:actor-person ; rdfs:label"
    entries.write_text(
        f'{base}{entries.read_text()}\n<id/actor/ada-brenn> {person} "Ada Brenn"@en .\n'
        f'<id/actor/mayor> {person} "Ada B."@en .\n'
    )
    many, plain = new("bulk", entries), new("ordinary", entries)
    run_bulk(many, place, documents=4)
    ordinary(plain, place)
    found = [json.loads(line) for line in _entries(many)]
    assert [entry["ids"] for entry in found if "ada-brenn" in entry["ids"]]
    key = next(entry["text"] for entry in found if "bruno-falk" in entry["own"])
    judgement = (
        "<id/judgement/{}> a kg:Judgement ; kg:from <id/actor/{}> ; kg:to <id/actor/mayor> ;"
        " kg:relation <http://purl.org/dc/terms/isReplacedBy> ; kg:status kgs:status-accepted .\n"
    )
    for gone, number in (("ada-brenn", 3), (f"{key}-bruno-falk", 1)):
        for workspace in (many, plain):
            file = workspace.root / "analysis.ttl"
            head = file.read_text() if "@base" in file.read_text() else base + file.read_text()
            file.write_text(head + judgement.format(gone, gone))
            with workspace.writing() as store:
                report = build(workspace, store)
            assert not report.problems
            assert report.supplied[0] == (number if workspace is many else 0)
        assert dataset(many) == dataset(plain)
    shutil.rmtree(many.derived)
    with many.writing() as store:
        assert build(many, store).supplied[0] == 11
    assert dataset(many) == dataset(plain)


def test_an_id_that_comes_into_the_register_is_told_by_both_roads(
    new: NewWorkspace, tmp_path: Path
) -> None:
    place = of_lines(tmp_path)
    many, plain = new("bulk"), new("ordinary")
    run_bulk(many, place, documents=4)
    ordinary(plain, place)
    before = dataset(many)
    told = []
    for workspace in (many, plain):
        file = workspace.root / "entities.ttl"
        iri = workspace.iris.thing("actor", "ada-brenn")
        person = 'a kg:Actor ; kg:kind kgs:actor-person ; rdfs:label "Somebody"@en'
        file.write_text(f"{file.read_text()}{iri} {person} .\n")
        for _ in range(2):
            with workspace.writing() as store:
                report = build(workspace, store)
        told.append(sorted(problem.message for problem in report.problems))
    assert told[0] == told[1]
    assert len(told[0]) == 3
    assert dataset(many) == dataset(plain) != before


def _entries(workspace: Workspace) -> Iterator[str]:
    folder = workspace.root / manifest.FOLDER
    for line in manifest.read(folder).values():
        for item in part.index(folder, line.part):
            yield json.dumps(dict(item.entry))


def test_another_base_makes_all_graphs_again(new: NewWorkspace, tmp_path: Path) -> None:
    place = of_lines(tmp_path)
    workspace = new("bulk")
    run_bulk(workspace, place, documents=4)
    moved = replace(workspace, settings=replace(workspace.settings, base="https://other.example/"))
    shutil.rmtree(workspace.derived)
    with moved.writing() as store:
        assert build(moved, store).supplied[0] == 11
    plain = new("ordinary")
    plain = replace(plain, settings=replace(plain.settings, base="https://other.example/"))
    assert dataset(moved) == ordinary(plain, place)


@pytest.mark.parametrize("kind", part.KINDS)
def test_a_damaged_file_is_told_or_made_again(kind: str, new: NewWorkspace, tmp_path: Path) -> None:
    workspace = new()
    run_bulk(workspace, of_lines(tmp_path))
    before = dataset(workspace)
    (line,) = manifest.read(workspace.root / manifest.FOLDER).values()
    file = part.file(workspace.root / manifest.FOLDER, line.part, kind)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    shutil.rmtree(workspace.derived)
    with workspace.writing() as store:
        report = build(workspace, store)
    # Nobody asked for the words; and the others follow from them.
    assert not report.problems
    assert dataset(workspace) == before
    with workspace.writing() as store:
        assert build(workspace, store).supplied == (0, 0)


def test_the_words_of_articles_are_found(new: NewWorkspace, tmp_path: Path) -> None:
    workspace = new()
    run_bulk(workspace, of_lines(tmp_path), documents=4)
    text = workspace.text_of()
    found = [
        text(workspace.iris.text(key).value)
        for line in manifest.read(workspace.root / manifest.FOLDER).values()
        for key in line.keys
    ]
    assert sorted(filter(None, found)) == sorted(article(n) for n in range(11))
    assert text(workspace.iris.text("0" * 12).value) is None


def test_shards_alone_are_the_dataset(new: NewWorkspace, register: Path, tmp_path: Path) -> None:
    place = of_copies(tmp_path)
    more = of_lines(tmp_path)
    expected = ordinary(new("ordinary", register), place, more)
    workspace = new("bulk", register)
    before = dataset(workspace)
    for _ in range(2):  # a second run changes nothing
        taken = run_bulk(workspace, place, more, documents=2, shards=tmp_path / "shards")
        assert taken.exit_code == 0
        assert loaded(tmp_path / "shards") == expected
    assert dataset(workspace) == before
    assert not (workspace.root / manifest.FOLDER).exists()


def loaded(folder: Path) -> list[str]:
    """What an engine has that is given all shards of a folder."""
    engine = Store()
    for file in sorted(folder.glob("*.nq.zst")):
        unpacker = zstandard.ZstdDecompressor()
        reader = unpacker.stream_reader(file.read_bytes(), read_across_frames=True)
        engine.bulk_load(reader.read(), format=RdfFormat.N_QUADS)
    return sorted(map(str, engine))


def test_an_article_that_is_corrected_meanwhile_is_in_no_shard(
    new: NewWorkspace, tmp_path: Path
) -> None:
    """It would be there in two versions: the rest of the dataset has that of the file."""
    place, folder = of_lines(tmp_path), tmp_path / "shards"
    workspace = new()
    run_bulk(workspace, place, documents=4, shards=folder)
    one = lines(tmp_path / "one.jsonl", [record(5, title="Quite another headline")])
    expected = ordinary(new("ordinary"), one, place)
    ordinary(workspace, one)
    assert run_bulk(workspace, place, documents=4, shards=folder).articles == 0
    assert loaded(folder) == expected
    assert not [line for line in expected if '"Bridge 5"' in line]


def test_shards_follow_a_merge_when_the_command_is_given_again(
    new: NewWorkspace, tmp_path: Path
) -> None:
    place, folder = of_lines(tmp_path), tmp_path / "shards"
    entries = new("start").root / "entities.ttl"
    base = f"@base <{Workspace.open(entries.parent).settings.base}> .\n"
    person = 'a kg:Actor ; kg:kind kgs:actor-person ; rdfs:label "Ada B."@en'
    entries.write_text(f"{base}{entries.read_text()}\n<id/actor/mayor> {person} .\n")
    many, plain = new("bulk", entries), new("ordinary", entries)
    run_bulk(many, place, documents=4, shards=folder)
    ordinary(plain, place)
    before = loaded(folder)
    assert before == dataset(plain)
    found = (
        i.entry for line in manifest.read(folder).values() for i in part.index(folder, line.part)
    )
    key = next(entry["text"] for entry in found if "bruno-falk" in entry["own"])
    for workspace in (many, plain):
        file = workspace.root / "analysis.ttl"
        file.write_text(
            f"{base}{file.read_text()}<id/judgement/one> a kg:Judgement ;"
            f" kg:from <id/actor/{key}-bruno-falk> ; kg:to <id/actor/mayor> ;"
            " kg:relation <http://purl.org/dc/terms/isReplacedBy> ;"
            " kg:status kgs:status-accepted .\n"
        )
    assert run_bulk(many, place, documents=4, shards=folder).articles == 0
    with plain.writing() as store:
        build(plain, store)
    assert loaded(folder) == dataset(plain) != before


class Faulty(NamedTuple):
    name: str
    make: Callable[[Path], Path]
    said: tuple[str, ...]
    good: int


def bad_line(folder: Path) -> Path:
    file = lines(folder / "news.jsonl", [record(n) for n in range(6)])
    content = file.read_bytes().splitlines(keepends=True)
    content[2:2] = [
        b'{"text": "cut off\n',
        b'{"text": "caf\xe9 in Latin-1"}\n',
        b'{"title": "no text"}\n',
    ]
    file.write_bytes(b"".join(content))
    return file


def bad_record(folder: Path) -> Path:
    file = warc(folder / "crawl.warc.gz", [page(n) for n in range(6)])
    content = bytearray(file.read_bytes())
    starts = [at for at in range(len(content)) if content[at : at + 3] == b"\x1f\x8b\x08"]
    middle = (starts[2] + starts[3]) // 2
    content[middle : middle + 8] = b"\0" * 8
    file.write_bytes(content)
    return file


def bad_columns(folder: Path) -> Path:
    file = of_columns(folder)
    file.write_bytes(b"PAR1 but cut off")
    return file


def nothing_there(folder: Path) -> Path:
    return folder / "missing.jsonl"


FAULTY = (
    Faulty(
        "line",
        bad_line,
        ("news.jsonl:3: not JSON", "news.jsonl:4: not UTF-8", ":5: has no text"),
        6,
    ),
    Faulty("record", bad_record, ("crawl.warc.gz: record",), 5),
    Faulty("columns", bad_columns, ("news.parquet: Parquet that cannot be read",), 0),
    Faulty("missing", nothing_there, ("missing.jsonl: no such file or folder",), 0),
)


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.name)
def test_what_cannot_be_read_is_told_with_its_place_and_passed_over(
    case: Faulty, new: NewWorkspace, tmp_path: Path, run: Run
) -> None:
    place = case.make(tmp_path)
    workspace = new()
    for again in (False, True):
        answer = run("add", "--bulk", place, "--workers", "1", cwd=workspace.root)
        for said in case.said:
            assert said in answer.err, answer.err
        assert "Traceback" not in answer.err
        assert answer.code == (1 if case.good else 3)
        if case.good:
            word = "known already" if again else "articles taken in"
            assert f"{case.good} {word}" in answer.err
    assert len(manifest.read(workspace.root / manifest.FOLDER)) == (1 if case.good else 0)


REFUSED = (
    (("https://news.example/feed",), "the bulk road reads files and folders"),
    (("-",), "the bulk road reads files and folders"),
    (("x.jsonl", "--replace"), "--replace does not go with --bulk"),
    (("x.jsonl", "--follow"), "--follow does not go with --bulk"),
)


@pytest.mark.parametrize(("given", "said"), REFUSED)
def test_what_does_not_go_with_it_is_refused(
    given: tuple[str, ...], said: str, new: NewWorkspace, run: Run
) -> None:
    answer = run("add", "--bulk", *given, cwd=new().root)
    assert answer.code == ConfigError.exit_code
    assert said in answer.err


def test_the_strict_gate_does_not_go_with_it(new: NewWorkspace, tmp_path: Path) -> None:
    workspace = new()
    strict = replace(workspace, settings=replace(workspace.settings, gate="strict"))
    with pytest.raises(ConfigError, match="strict gate"):
        run_bulk(strict, of_lines(tmp_path))


def test_what_a_killed_run_has_handed_over_is_swept_up(new: NewWorkspace, tmp_path: Path) -> None:
    workspace = new()
    folder = workspace.root / manifest.FOLDER
    folder.mkdir()
    left = hand_over("what readers are given", folder)
    assert left.parent == folder
    run_bulk(workspace, of_lines(tmp_path), documents=4, workers=2)
    assert not left.exists()
    assert len([*folder.iterdir()]) == 3 * 3 + 2


def test_two_runs_do_not_write_to_one_folder(new: NewWorkspace, tmp_path: Path) -> None:
    workspace = new()
    folder = tmp_path / "shards"
    folder.mkdir()
    with bulk._alone(folder), pytest.raises(StoreError, match="another kg add --bulk"):
        run_bulk(workspace, of_lines(tmp_path), shards=folder)


def test_a_document_that_no_process_survives_is_told(new: NewWorkspace, tmp_path: Path) -> None:
    workspace = new()
    with workspace.writing() as store:
        build(workspace, store)
        reader = Reader(
            workspace.settings,
            workspace.register(),
            workspace.iris,
            screen=screen_of(workspace, store),
        )
    options = Options()
    place = str(of_lines(tmp_path))
    (task,) = parted("x", sources(place, options=options), salt="")
    assert isinstance(task, Task)
    done = made(reader, tmp_path, maker(workspace), replace(task, dead=frozenset({3})))
    assert [fault.message for fault in done.faults] == ["the process that read it has died"]
    assert len(done.line.keys) == 10
    assert done.line.faults[0][0] == 3


def test_long_documents_make_short_parts() -> None:
    from kg.intake import Raw

    raws = [Raw(name="a", place=str(n), content=b"x" * 9_000_000) for n in range(5)]
    parts = [task for task in parted("a", raws, salt="") if not isinstance(task, Fault)]
    assert [len(task.raws) for task in parts] == [2, 2, 1]


def test_a_build_says_what_it_gave_to_the_store(
    new: NewWorkspace, tmp_path: Path, run: Run
) -> None:
    source = lines(tmp_path / "news.jsonl", [record(n) for n in range(3)])
    workspace = new()
    told = run("add", "--bulk", source, cwd=workspace.root).err.splitlines()[1]
    assert re.fullmatch(r"The store was given 3 articles \([\d,]+ quads\)", told)
    shutil.rmtree(workspace.derived)
    assert run("build", cwd=workspace.root).err.splitlines()[0] == told
    assert run("build", cwd=workspace.root).err.splitlines()[0] == "Nothing to do"

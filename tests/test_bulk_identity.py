"""Which things of shards are one: the same proposals as of a store that has all, however it is parted."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import pytest

from kg import bulk
from kg.analysis import Judge, Judgement
from kg.build import build
from kg.bulk import Wishes
from kg.bulk.identity import proposed
from kg.errors import InputError
from kg.link import gathered
from kg.link.gathered import gathered_whole
from kg.link.merging import Merging, Proposal, suggest
from kg.shards import manifest, part
from kg.vocab import DCTERMS
from kg.workspace import Workspace
from tests.deadly import THEN
from tests.test_bulk import lines, ordinary, record

if TYPE_CHECKING:
    from pathlib import Path

    from kg.link.gathered import Gathered
    from tests.conftest import NewWorkspace, Run

RECORDS = 12
WAYS = ((12, 1), (7, 1), (3, 2))
"""Documents in a part, and processes that look at the parts."""


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in THEN.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return lines(tmp_path / "news.jsonl", [record(n) for n in range(RECORDS)])


@pytest.fixture
def register(newsroom: Path) -> Path:
    return newsroom / "entities.ttl"


def add(workspace: Workspace, source: Path, **wishes: Any) -> Workspace:
    assert bulk.add(workspace, [str(source)], Wishes(**wishes)).exit_code == 0
    return workspace


def suggested(workspace: Workspace, shards: Path | None = None, workers: int = 1) -> Merging:
    with workspace.writing() as store:
        if shards is None:
            return suggest(workspace, store)
        parts = proposed(workspace, shards, store=store, workers=workers)
        return suggest(workspace, store, parts=parts)


def told(found: Merging) -> list[tuple[str, str, float, str]]:
    return [
        (each.gone.node.value, each.kept.node.value, each.score, each.reason)
        for each in found.proposals
    ]


def decide(workspace: Workspace, merge: Proposal, status: Literal["accepted", "rejected"]) -> None:
    analysis = workspace.analysis()
    analysis.decide(
        Judgement(
            from_=merge.gone.node,
            relation=DCTERMS.isReplacedBy,
            to=merge.kept.node,
            confidence=Decimal("0.99"),
            status=status,
            by=Judge(name="Mira"),
            method="manual",
            when="2031-05-01",
        )
    )
    workspace.keep(analysis)


def put_together(workspace: Workspace, folder: Path) -> Gathered:
    """What a store says of things, and the parts of a folder besides."""
    with workspace.reading() as store:
        found = gathered_whole(store, workspace.iris)
    for each in proposed(workspace, folder):
        found.add(each)
    return found


def test_shards_propose_what_a_store_that_has_them_would(
    new: NewWorkspace, register: Path, source: Path, tmp_path: Path
) -> None:
    whole = add(new("whole", register), source)
    expected = suggested(whole)
    assert len(expected.proposals) > RECORDS / 2
    for documents, workers in WAYS:
        folder = tmp_path / f"shards-{documents}"
        workspace = add(
            new(f"news-{documents}", register), source, shards=folder, documents=documents
        )
        found = suggested(workspace, folder, workers)
        assert told(found) == told(expected)
        assert workspace.analysis().content == whole.analysis().content
    # As long as the store does not have them, it knows nothing of it.
    assert not suggested(new("other", register)).proposals


def test_parts_come_together_in_any_order(
    new: NewWorkspace, register: Path, source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shards"
    workspace = add(new("news", register), source, shards=folder, documents=2)
    with workspace.reading() as store:
        parts = [*proposed(workspace, folder)]
        assert len(parts) == RECORDS / 2
        expected = suggest(workspace, store, parts=parts, dry_run=True)
        for seed in range(5):
            random.Random(seed).shuffle(parts)  # noqa: S311
            found = suggest(workspace, store, parts=parts, dry_run=True)
            assert told(found) == told(expected)


def test_what_is_put_together_is_what_the_whole_says(
    new: NewWorkspace, register: Path, source: Path, tmp_path: Path
) -> None:
    whole = add(new("whole", register), source)
    with whole.reading() as store:
        expected = gathered_whole(store, whole.iris)
    folder = tmp_path / "shards"
    workspace = add(new("news", register), source, shards=folder, documents=3)
    found = put_together(workspace, folder)
    assert found.labels == expected.labels
    assert found == expected


def test_a_part_that_has_what_an_earlier_one_has_counts_once(
    new: NewWorkspace, source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shards"
    workspace = add(new("news"), source, shards=folder, documents=4)
    expected = [*proposed(workspace, folder)]
    # The same articles again, in parts that overlap: as a run leaves them that was cut off.
    copies = lines(tmp_path / "copies.jsonl", [record(n, date="2031-04-01") for n in (0, 1, 9)])
    other = tmp_path / "other"
    add(new("copies"), copies, shards=other)
    for line in manifest.read(other).values():
        for file in other.glob(f"{line.part}.*"):
            (folder / file.name).write_bytes(file.read_bytes())
        manifest.append(folder, line)
    assert [*proposed(workspace, folder)] == expected


def test_of_many_articles_parts_keep_the_same_sample_as_the_whole(
    new: NewWorkspace, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathered, "SAMPLED", 2)
    entries = new("start").root / "entities.ttl"
    iri = Workspace.open(entries.parent).iris.thing("actor", "mayor")
    person = 'a kg:Actor ; kg:kind kgs:actor-person ; rdfs:label "Ada Brenn"@en'
    entries.write_text(f"{entries.read_text()}{iri} {person} .\n")
    whole = add(new("whole", entries), source)
    with whole.reading() as store:
        expected = gathered_whole(store, whole.iris)
    with monkeypatch.context() as patched:
        patched.setattr(gathered, "SAMPLED", RECORDS)
        with whole.reading() as store:
            assert len(gathered_whole(store, whole.iris).articles[iri.value]) > 2
    assert len(expected.articles[iri.value]) == 2
    folder = tmp_path / "shards"
    workspace = add(new("news", entries), source, shards=folder, documents=3)
    found = put_together(workspace, folder)
    assert found == expected


def test_what_the_store_has_too_counts_once(
    new: NewWorkspace, source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shards"
    workspace = add(new("news"), source, shards=folder, documents=4)
    expected = suggested(add(new("whole"), source))
    ordinary(workspace, lines(tmp_path / "some.jsonl", [record(n) for n in (0, 1, 9)]))
    assert told(suggested(workspace, folder)) == told(expected)
    with workspace.reading() as store:
        parts = [*proposed(workspace, folder, store=store)]
    assert sum(len(each.within) for each in parts) == RECORDS - 3


def test_what_was_merged_is_merged_in_shards_when_they_are_brought_up_to_date(
    new: NewWorkspace, source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shards"
    workspace, whole = add(new("news"), source, shards=folder), add(new("whole"), source)
    before = suggested(whole)
    assert told(suggested(workspace, folder)) == told(before)
    for each in (workspace, whole):
        decide(each, before.proposals[0], "accepted")
        with each.writing() as store:
            assert not build(each, store).problems
    add(workspace, source, shards=folder)
    after = suggested(whole)
    assert told(suggested(workspace, folder)) == told(after) != told(before)


def test_a_shard_that_is_not_what_was_written_is_told(
    new: NewWorkspace, source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shards"
    workspace = add(new("news"), source, shards=folder, documents=8)
    one, other = (part.file(folder, name, part.SHARD) for name in manifest.read(folder))
    one.write_bytes(other.read_bytes())
    with pytest.raises(InputError, match="is not what was written"):
        [*proposed(workspace, folder)]


def test_what_a_person_has_refused_is_not_proposed_of_shards(
    new: NewWorkspace, source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shards"
    workspace = add(new("news"), source, shards=folder)
    first, *rest = suggested(workspace, folder).proposals
    decide(workspace, first, "rejected")
    again = {(each.gone.node, each.kept.node) for each in suggested(workspace, folder).proposals}
    assert (first.gone.node, first.kept.node) not in again
    assert {(each.gone.node, each.kept.node) for each in rest} <= again


def test_the_command_proposes_what_shards_say(
    new: NewWorkspace, run: Run, source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "shards"
    workspace = add(new("news"), source, shards=folder, documents=8)
    arguments = ("link", "--merge-suggestions", "--shards", folder, "-f", "json")
    found = run(*arguments, cwd=workspace.root)
    assert found.code == 0
    assert f"{len(json.loads(found.data))} merges proposed" in found.err
    assert workspace.analysis().judgements
    listed = run("review", "merges", "--list", cwd=workspace.root)
    assert listed.code == 0
    assert listed.out.count("goes into") == len(json.loads(found.data))

    found = run("link", "--merge-suggestions", "--shards", tmp_path, cwd=workspace.root)
    assert found.code == 3
    assert found.err.splitlines() == [
        f"kg: error: {tmp_path}: has no shards",
        "kg: hint: kg add --bulk SOURCE… --shards DIR makes them",
    ]
    found = run("link", "--shards", folder, cwd=workspace.root)
    assert (found.code, found.err) == (2, "kg: error: --shards goes with --merge-suggestions\n")


def test_the_cases_are_counted() -> None:
    assert len(WAYS) == 3

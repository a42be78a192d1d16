"""The corpora of bench/scale.py are what they say, and its tables what was measured."""

from __future__ import annotations

import hashlib
import json
import re
import statistics
import sys
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import zstandard

from bench import corpus, figures, process, scale
from kg.intake import Options, Raw, sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NUMBER = 3_000


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return list(corpus.records(NUMBER))


def names(records: Sequence[dict[str, Any]]) -> Counter[str]:
    """The names of people in headlines, of which each article has one."""
    found: Counter[str] = Counter()
    for record in records:
        found.update(re.findall(r"^(\S+ \S+) (?:on talks|contradicts)", record["headline"]))
    return found


def test_a_seed_decides_on_every_byte(tmp_path: Path) -> None:
    digests = set()
    for name, seed in (("one", 1), ("other", 1), ("two", 2)):
        corpus.write(100, tmp_path / name, seed)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 2


def test_a_larger_corpus_begins_with_the_smaller_one(records: Sequence[dict[str, Any]]) -> None:
    assert list(corpus.records(200)) == records[:200]
    assert len(records) == NUMBER


def test_lengths_are_those_of_news(records: Sequence[dict[str, Any]]) -> None:
    words = sorted(len(record["text"].split()) for record in records)
    assert 430 <= statistics.median(words) <= 470
    assert 1.08 <= statistics.mean(words) / statistics.median(words) <= 1.22  # a long tail
    assert 2_000 <= words[-1] <= corpus.LONGEST + 150  # the last paragraph may go beyond it
    assert words[0] >= 20


def test_few_names_are_in_many_articles_and_new_ones_keep_coming(
    records: Sequence[dict[str, Any]],
) -> None:
    said = names(records)
    assert said.total() > NUMBER / 3
    ranked = [number for _, number in said.most_common()]
    assert ranked[0] > 20 * statistics.median(ranked)
    assert statistics.median(ranked) <= 2
    half, whole = len(names(records[: NUMBER // 2])), len(said)
    assert 1.3 * half < whole < 1.8 * half
    publishers = Counter(record["publisher"] for record in records)
    assert publishers.most_common(1)[0][1] > NUMBER / 10
    assert 50 < len(publishers) < 300


def test_dates_go_over_many_years_with_more_in_late_ones(
    records: Sequence[dict[str, Any]],
) -> None:
    days = [date.fromisoformat(record["published"][:10]) for record in records]
    years = Counter(day.year for day in days)
    assert len(years) == 12
    assert years[2030] > 1.5 * years[2025] > 2 * years[2021]
    # Of seven days two are of a weekend; they would be 0.29 of all.
    assert 0.1 < sum(day.weekday() >= 5 for day in days) / NUMBER < 0.2


def test_some_articles_come_twice_and_some_are_copies(records: Sequence[dict[str, Any]]) -> None:
    twice = NUMBER - len({json.dumps(record) for record in records})
    assert 0.002 <= twice / NUMBER <= 0.01
    by_agency = [record for record in records if record["headline"].endswith("agency says")]
    assert 0.015 <= len(by_agency) / NUMBER <= 0.035
    headlines = {record["headline"] for record in records}
    assert {record["headline"].removesuffix(", agency says") for record in by_agency} <= headlines
    # Nothing but a whole record comes twice: copies are other texts.
    assert len({record["text"] for record in records}) == NUMBER - twice


def test_kg_reads_all_that_a_record_states(tmp_path: Path) -> None:
    corpus.write(60, tmp_path / "news.jsonl")
    found = list(sources(str(tmp_path / "news.jsonl"), options=Options()))
    raws = [one for one in found if isinstance(one, Raw)]
    assert len(raws) == len(found) == 60
    for raw in raws:
        stated = (raw.headline, raw.publisher, raw.author, raw.section, raw.url, raw.published)
        assert all(stated)
        assert raw.language == "en"
    assert not any(re.search(r"[{}]", raw.content.decode()) for raw in raws)


def test_names_of_syllables_do_not_come_twice() -> None:
    assert len({corpus.composed(number) for number in range(12_420)}) == 12_420


# ----- measuring


def test_memory_is_that_of_all_processes_together(tmp_path: Path) -> None:
    child = "import time; held = b'x' * 60_000_000; time.sleep(1)"
    parent = (
        "import subprocess, sys; held = b'x' * 60_000_000;"
        f"subprocess.run([sys.executable, '-c', {child!r}])"
    )
    spent = process.run([sys.executable, "-c", parent], tmp_path)
    assert 120 <= spent.memory <= 300
    assert spent.processor > 0
    assert spent.seconds >= 1


def test_a_command_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(process.FailedError, match=r"exit 3\nno room$"):
        process.run(["/bin/sh", "-c", "printf 'no room' >&2; exit 3"], tmp_path)


def measured(articles: int, road: str, seconds: float, quads: int = 1_000_000) -> figures.Figures:
    spent = process.Spent(seconds, 2 * seconds, 500)
    return scale.figures(articles, road, spent, quads, 400_000_000, 9_000_000)


def test_the_tables_say_what_was_measured(tmp_path: Path) -> None:
    kept = figures.Kept(tmp_path / "scale.jsonl")
    for road, seconds in zip(figures.ROADS, (25.0, 20.0, 10.0, 12.5, 15.0, 5.0), strict=True):
        kept.add(measured(1_000, road, seconds))
    for seconds in (4.0, 8.0, 5.0):  # the machine was slow in the second round, for both
        kept.add(measured(1_000, figures.LOADED, seconds))
        kept.add(measured(1_000, figures.BUILD, seconds * 1.25))
        kept.add(measured(1_000, figures.FILE, seconds * 0.9))
        kept.add(measured(1_000, figures.OPTIMIZE, seconds * 0.1))
        kept.add(measured(1_000, figures.PIPE, seconds))
    found = figures.tables(figures.Kept(tmp_path / "scale.jsonl")).splitlines()
    rows = [line for line in found if re.match(r"\| \d", line)]
    assert rows[:7] == [
        "| 1,000 | ordinary | 25.0 | 40 | 40,000 | 50.0 | 500 | 400 | 9 |  |",
        "| 1,000 | bulk 1 | 20.0 | 50 | 50,000 | 40.0 | 500 | 400 | 9 |  |",
        "| 1,000 | bulk 2 | 10.0 | 100 | 100,000 | 20.0 | 500 | 400 | 9 | 2.00 |",
        "| 1,000 | dask 2 | 12.5 | 80 | 80,000 | 25.0 | 500 | 400 | 9 | 1.60 |",
        "| 1,000 | shards 1 | 15.0 | 67 | 66,667 | 30.0 | 500 | 400 | 9 |  |",
        "| 1,000 | shards 2 | 5.0 | 200 | 200,000 | 10.0 | 500 | 400 | 9 | 3.00 |",
        "| 1,000 | 1,000,000 | 5.0 | 4.5 | 90 % | 90 % | 6.2 | 5.0 | 80 % | 5.0 | 500 | 500 |",
    ]
    assert not any("same quads" in line for line in found)
    # Two workers that load nothing take 10 s of processors; 6.25 s of the clock load and join a million quads.
    (line,) = (line for line in found if line.startswith("By the figures for 1,000 articles"))
    assert "10.0 ms of a core to read and check one; 160,000 quads a second loaded" in line
    assert rows[9] == "| 10^7 | 10,000 | 0.028 | 50 s | 1.6 s | 62 s | 90 MB | 4.0 GB |"
    assert len(rows[7:]) == 7


NUMBERS = (
    (0.25, "0.25 s", "2.5e-07 MB"),
    (91, "1.5 min", "9.1e-05 MB"),
    (20_000, "5.6 h", "0.02 MB"),
    (3_456_000, "40 days", "3.5 MB"),
    (123_000_000_000, "1,400,000 days", "120 GB"),
)


def test_times_and_sizes_have_two_digits() -> None:
    for number, seconds, size in NUMBERS:
        assert (figures.spelled(number), figures.sized(number)) == (seconds, size)
    assert len(NUMBERS) == 5


def test_what_several_shards_say_counts_once(tmp_path: Path) -> None:
    own, shared = (
        b"<a:s> <a:p> <a:o> <a:/graph/%s> .\n",
        b'<a:s> <a:p> "x /graph/article-" <a:g> .\n',
    )
    for name in (b"article-1", b"article-2"):
        content = zstandard.compress(own % name) + zstandard.compress(shared)
        (tmp_path / f"{name.decode()}.nq.zst").write_bytes(content)
    assert scale.in_shards(tmp_path) == 3


def test_roads_that_differ_in_quads_are_told(tmp_path: Path) -> None:
    kept = figures.Kept(tmp_path / "scale.jsonl")
    kept.add(measured(1_000, figures.ONE, 20))
    kept.add(measured(1_000, figures.TWO, 10, quads=999_999))
    assert "1,000 articles: not the same quads, [999999, 1000000]!" in figures.tables(kept)


def test_what_was_measured_is_not_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[tuple[int, str]] = []

    def add(articles: int, road: str, folder: Path, kept: figures.Kept) -> Path:
        if road == figures.DASK:
            raise process.FailedError("kg add: exit 5")
        done.append((articles, road))
        kept.add(measured(articles, road, 1))
        return folder

    def load(articles: int, _root: Path, _folder: Path, kept: figures.Kept) -> None:
        done.append((articles, scale.LOAD))
        kept.add(measured(articles, figures.BUILD, 1))

    monkeypatch.setattr(scale, "add", add)
    monkeypatch.setattr(scale, "load", load)
    file = tmp_path / "scale.jsonl"
    figures.Kept(file).add(measured(10, figures.ONE, 1))
    everything = [*figures.ROADS, scale.LOAD]
    scale.measure([10], everything, tmp_path, figures.Kept(file))
    assert done == [
        (10, figures.ORDINARY),
        (10, figures.TWO),
        (10, scale.LOAD),
        (10, figures.SHARDS_ONE),
        (10, figures.SHARDS_TWO),
    ]
    assert capsys.readouterr().err == "10 articles, dask 2: kg add: exit 5\n"
    scale.measure([10], [figures.ONE, figures.TWO, scale.LOAD], tmp_path, figures.Kept(file))
    assert len(done) == 5

"""Parquet: a row is a record, whatever types its columns have."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from kg.intake import Fault, Options, Raw, sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

TEXT = "The quay at Port Ellery is open again, the harbour office said."


def read(folder: Path, rows: Sequence[dict[str, Any]], schema: Any = None) -> list[Raw | Fault]:
    file = folder / "news.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema=schema), file, row_group_size=2)
    return [*sources(str(file), options=Options(limit=1_000))]


class Case(NamedTuple):
    row: dict[str, Any]
    field: str
    value: object


CASES = (
    Case({"text": TEXT, "Date_Published": date(2031, 3, 4)}, "published", "2031-03-04"),
    Case(
        {"text": TEXT, "published": datetime(2031, 3, 4, 9, 30, tzinfo=UTC)},
        "published",
        "2031-03-04T09:30:00Z",
    ),
    Case({"text": TEXT, "authors": ["Ada Byron", "Jane Roe"]}, "author", ("Ada Byron", "Jane Roe")),
    Case({"text": TEXT, "publisher": {"name": "The Gull"}}, "publisher", "The Gull"),
    Case({"body": TEXT.encode(), "lang": "en"}, "content", TEXT.encode()),
    Case({"text": TEXT, "title": "Quay", "score": Decimal("1.5")}, "headline", "Quay"),
    Case({"text": TEXT, "url": "https://news.example/quay"}, "name", "quay"),
)
FAULTY = (
    Case({"text": None, "title": "Quay"}, "message", "has no text under any of the keys known"),
    Case({"text": "x" * 1_001}, "message", "has more than 1,000 bytes"),
    Case({"text": b"caf\xe9"}, "message", "cannot be read: 'utf-8' codec can't decode byte"),
    Case({"size": 3}, "message", "has no columns of articles"),
)


def test_there_are_as_many_cases_as_there_were() -> None:
    assert (len(CASES), len(FAULTY)) == (7, 4)


@pytest.mark.parametrize("case", CASES)
def test_a_row_is_a_record(case: Case, tmp_path: Path) -> None:
    (found,) = read(tmp_path, [case.row])
    assert isinstance(found, Raw), found
    value = getattr(found, case.field)
    assert (str(value) if case.field == "published" else value) == case.value


@pytest.mark.parametrize("case", FAULTY)
def test_a_row_that_is_none_is_told_with_its_number(case: Case, tmp_path: Path) -> None:
    (found,) = read(tmp_path, [case.row])
    assert isinstance(found, Fault)
    assert found.message.startswith(str(case.value))
    assert found.place.endswith(": row 1" if "size" not in case.row else "news.parquet")


def test_rows_are_counted_over_groups(tmp_path: Path) -> None:
    rows = [{"text": f"{TEXT} {number}" if number != 3 else ""} for number in range(5)]
    found = read(tmp_path, rows)
    assert [one.place.rpartition(" ")[2] for one in found] == ["1", "2", "3", "4", "5"]
    assert [isinstance(one, Fault) for one in found] == [False, False, False, True, False]


def test_what_is_cut_off_is_told(tmp_path: Path) -> None:
    read(tmp_path, [{"text": TEXT}])
    file = tmp_path / "news.parquet"
    file.write_bytes(file.read_bytes()[:-20])
    (found,) = sources(str(file), options=Options())
    assert isinstance(found, Fault)
    assert "Parquet that cannot be read on from here" in found.message

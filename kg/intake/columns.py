"""Records in Parquet: a row is a record, with the keys that `kg.intake.lines` knows.

Only the columns that are of use are read, some rows at a time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, Final

from kg.errors import bounded
from kg.intake.lines import KEYS, record
from kg.intake.raw import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.intake.raw import Raw

_ROWS: Final = 64
_KEYS: Final = {*chain.from_iterable(KEYS.values()), "summary"}


def rows(stream: IO[bytes], *, place: str, limit: int) -> Iterator[Raw | Fault]:
    """The articles of a Parquet file, which can be sought in; none may have more than `limit` bytes."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError:
        hint = "pip install 'newskg[parquet]'"
        yield Fault(
            place=place, message="Parquet is read by pyarrow, which is not there", hint=hint
        )
        return
    number = 0
    try:
        file = parquet.ParquetFile(stream, pre_buffer=False)
        wanted = [name for name in file.schema_arrow.names if _plain(name) in _KEYS]
        if not wanted:
            hint = f"a column is called {', '.join(KEYS['text'][:3])} or {KEYS['html'][0]}"
            yield Fault(place=place, message="has no columns of articles", hint=hint)
            return
        for batch in file.iter_batches(_ROWS, columns=wanted, use_threads=False):
            columns = {name: batch.column(name) for name in wanted}
            for row in range(batch.num_rows):
                number += 1
                yield _record(columns, row, f"{place}: row {number}", limit)
    except (pyarrow.ArrowException, OSError) as error:
        where = f"{place}: row {number + 1}" if number else place
        reason = bounded(str(error).partition("\n")[0])
        yield Fault(place=where, message=f"Parquet that cannot be read on from here: {reason}")


def _record(columns: dict[str, Any], row: int, where: str, limit: int) -> Raw | Fault:
    try:
        value = {name: _value(column[row].as_py()) for name, column in columns.items()}
    except (
        ValueError,
        OverflowError,
    ) as error:  # text that is not UTF-8, days beyond those of Python
        return Fault(place=where, message=f"cannot be read: {bounded(str(error))}")
    found = record({name: one for name, one in value.items() if one is not None}, place=where)
    if not isinstance(found, Fault) and len(found.content) > limit:
        return Fault(place=where, message=f"has more than {limit:,} bytes")
    return found


def _value(value: Any) -> Any:
    """A value as JSON would have it."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [_value(one) for one in value]
    if isinstance(value, dict):
        return {key: _value(one) for key, one in value.items()}
    return value


def _plain(name: str) -> str:
    return re.sub("[_-]", "", name).lower()

"""Building an index from a dump: in steps, each of which goes on where it was interrupted.

Which items are wanted is known when the whole dump has been read, as its classes stand anywhere in
it. So one pass over the dump keeps what every item with a name may need, some 300 bytes of it, in a
file of its own (`.spool`); the items wanted are then chosen from that. A dump is never unpacked
twice. All that is done is committed with the place up to which it is done.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.config import cores
from kg.errors import ConfigError, InputError, StoreError
from kg.link.dump import recognised
from kg.link.offline.about import described
from kg.link.offline.choosing import Choice, Numbers, choose, refer
from kg.link.offline.form import APPLICATION, INDEXES, TABLES, VERSION, WORDS
from kg.link.offline.pieces import PIECE, CutOffError, pieces
from kg.link.offline.reading import Found, Source, read
from kg.link.offline.types import NEVER, PASSED_OVER, Wish
from kg.link.offline.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kg.link.dump import Dump

START: Final = 1 << 16  # bytes that tell one dump from another
BATCH: Final = 20_000  # names at a time, a second of work
LISTED: Final = 20  # broken lines whose reasons are kept; all are counted

_SPOOL: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pieces (number INTEGER PRIMARY KEY, items BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS subclasses
  (above INTEGER, class INTEGER, PRIMARY KEY (above, class)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS redirects (id INTEGER PRIMARY KEY, target INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS broken (line INTEGER PRIMARY KEY, reason TEXT NOT NULL);
"""
_CLOSURE: Final = """
WITH RECURSIVE below (mask, class) AS (
  SELECT value ->> 0, value ->> 1 FROM json_each(?)
  UNION
  SELECT below.mask, subclasses.class FROM below JOIN subclasses ON subclasses.above = below.class
)
SELECT class, sum(mask) FROM below GROUP BY class ORDER BY class
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a step is: `done` of `of`, in bytes of the dump or in what the step counts."""

    step: str
    done: int
    of: int
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of building: counts, and the first of the lines that could not be read."""

    counts: Mapping[str, int] = field(default_factory=dict)
    broken: tuple[tuple[int, str], ...] = ()
    already: bool = False


def build(
    path: Path,
    output: Path,
    wish: Wish,
    *,
    workers: int | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Made:
    """Build an index from a dump, or go on with one that was interrupted; the file appears when it is whole.

    `workers` are the processes that parse, by default one for each core. Raises InputError where the
    dump cannot be read or is cut off, ConfigError where one was begun with other wishes, StoreError
    where the file cannot be written.
    """
    dump = recognised(path)
    spool, part = (output.with_name(output.name + end) for end in (".spool", ".part"))
    if not output.parent.is_dir():
        raise StoreError(f"{output.parent}: there is no such folder")
    of_dump = _identity(dump, wish)
    size = dump.path.stat().st_size
    if _finished(output) == (of_dump, size):
        _sweep(spool)
        return Made(already=True)
    number = _workers(workers, dump)
    if _finished(part) != (of_dump, size):
        with (
            _sorting(output.parent),
            _sqlite(spool),
            contextlib.closing(_opened(spool, _SPOOL)) as kept,
        ):
            _begun(kept, of_dump, spool)
            if not _meta(kept).get("read"):
                _read(dump, wish, kept, number, progress)
            with _sqlite(part), contextlib.closing(_opened(part, TABLES)) as made:
                made.execute(f"PRAGMA application_id = {APPLICATION}")
                made.execute(f"PRAGMA user_version = {VERSION}")
                _begun(made, of_dump, part)
                _choose(kept, made, wish, number, progress)
                _spell(made, progress)
                with _together(made):
                    _note(made, described(dump, wish, kept, made) | {"finished": "1"})
                    made.execute("DELETE FROM meta WHERE key IN ('chosen', 'spelt', 'spelt_names')")
    with _sqlite(part):
        with contextlib.closing(sqlite3.connect(part)) as made:
            made.execute("PRAGMA journal_mode = DELETE")  # all of it is in the one file then
            counts: dict[str, int] = json.loads(_meta(made)["counts"])
            broken = tuple(map(tuple, json.loads(_meta(made)["broken"])))
        part.replace(output)
        _sweep(spool)
    return Made(counts=counts, broken=broken)


def _sweep(spool: Path) -> None:
    """Remove what was kept of the dump, with the files that SQLite has beside it."""
    for end in ("", "-wal", "-shm"):
        spool.with_name(spool.name + end).unlink(missing_ok=True)


def _identity(dump: Dump, wish: Wish) -> str:
    """Return what tells one building from another: the name and the start of the dump, and the wish."""
    with dump.path.open("rb") as file:
        start = hashlib.sha256(file.read(START)).hexdigest()
    return json.dumps(
        [dump.path.name, start, {name: list(roots) for name, roots in wish.types.items()},
         list(wish.languages), wish.day, VERSION]
    )  # fmt: skip


def _workers(workers: int | None, dump: Dump) -> int:
    """Return how many processes are worth their start: none for what one piece holds."""
    if dump.path.stat().st_size < PIECE // (1 if not dump.packing else 16):
        return 0
    return cores() if workers is None else workers


def _finished(file: Path) -> tuple[str, int] | None:
    """Return what an index was built from, and how large that was; None for what is not finished."""
    if not file.is_file():
        return None
    try:
        with contextlib.closing(
            sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        ) as made:
            found = _meta(made)
    except sqlite3.Error:
        return None
    return (found["identity"], int(found["bytes"])) if "finished" in found else None


@contextlib.contextmanager
def _sqlite(file: Path) -> Iterator[None]:
    """Turn what SQLite refuses into one clear error."""
    try:
        yield
    except sqlite3.Error as error:
        full = isinstance(error, sqlite3.OperationalError) and "full" in str(error)
        hint = (
            "make room and run the command again: it goes on" if full else "delete it to begin anew"
        )
        raise StoreError(f"{file}: {error}", hint=hint) from error
    except OSError as error:
        raise StoreError(f"{file}: {(error.strerror or str(error)).lower()}") from error


@contextlib.contextmanager
def _sorting(folder: Path) -> Iterator[None]:
    """Have SQLite sort in files in a folder: where there is room for an index there is for a third of it."""
    before = os.environ.get("SQLITE_TMPDIR")
    os.environ["SQLITE_TMPDIR"] = before or str(folder.resolve())
    try:
        yield
    finally:
        if before is None:
            del os.environ["SQLITE_TMPDIR"]


def _opened(file: Path, tables: str) -> sqlite3.Connection:
    """Open a file that is being built. A crash of the machine may cost the last seconds, no more."""
    found = sqlite3.connect(file, isolation_level=None)
    found.execute("PRAGMA journal_mode = WAL")
    found.execute("PRAGMA synchronous = NORMAL")
    found.execute("PRAGMA cache_size = -65536")
    found.execute("PRAGMA temp_store = FILE")
    found.executescript(tables)
    return found


def _begun(kept: sqlite3.Connection, identity: str, file: Path) -> None:
    """Check that what was begun is what is wanted now."""
    found = _meta(kept).get("identity")
    if found is None:
        _note(kept, {"identity": identity})
    elif found != identity:
        raise ConfigError(
            f"{file}: was begun from another dump or with other options",
            hint="repeat the command as it was, or delete the file to begin anew",
        )


def _meta(kept: sqlite3.Connection) -> dict[str, str]:
    return dict(kept.execute("SELECT key, value FROM meta"))


def _note(kept: sqlite3.Connection, facts: Mapping[str, object]) -> None:
    kept.executemany(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)", [(k, str(v)) for k, v in facts.items()]
    )


@contextlib.contextmanager
def _together(kept: sqlite3.Connection) -> Iterator[None]:
    """What is done in the block counts as a whole or not at all."""
    kept.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        kept.execute("ROLLBACK")
        raise
    kept.execute("COMMIT")


def _read(
    dump: Dump,
    wish: Wish,
    kept: sqlite3.Connection,
    number: int,
    progress: Callable[[Progress], None],
) -> None:
    """Read the dump from where it was left."""
    meta = _meta(kept)
    totals = {
        name: int(meta.get(name, 0))
        for name in ("end", "lines", "entities", "kept", "nameless", "broken", "pieces")
    }
    size = dump.path.stat().st_size
    source = Source(dump.path, dump.triples, wish.languages)
    with dump.path.open("rb") as raw, Workers(number, read, source) as crew:
        done = raw.tell if dump.packing else lambda: totals["end"]
        try:
            for found in crew.run(pieces(dump, raw, totals["end"])):
                with _together(kept):
                    _keep(kept, found, totals)
                progress(Progress(step="read", done=done(), of=size, items=totals["entities"]))
        except CutOffError as error:
            lines = totals["lines"]
            if not lines:
                _forget(kept)
            raise InputError(
                f"{dump.path}: {error}"
                + (f", after {lines:,} lines that are kept" if lines else ""),
                hint="complete the file and run the same command again"
                + (": it goes on from there" if lines else ""),
            ) from error
    if not totals["entities"]:
        reasons = kept.execute("SELECT line, reason FROM broken ORDER BY line").fetchone()
        first = f": line {reasons[0]}: {reasons[1]}" if reasons else ""
        _forget(kept)
        raise InputError(f"{dump.path}: has no entity that can be read{first}")
    _note(kept, {"read": "1"})


def _forget(kept: sqlite3.Connection) -> None:
    """Drop what is known of a dump that gave nothing, so that another or a mended one begins anew."""
    with _together(kept):
        for table in ("meta", "pieces", "subclasses", "redirects", "broken"):
            kept.execute(f"DELETE FROM {table}")  # noqa: S608  # names of our own


def _keep(kept: sqlite3.Connection, found: Found, totals: dict[str, int]) -> None:
    """Put away what was found in a piece."""
    room = LISTED - totals["broken"]
    if found.broken and room > 0:
        kept.executemany(
            "INSERT OR IGNORE INTO broken VALUES (?, ?)",
            [(totals["lines"] + line, reason) for line, reason in found.broken[:room]],
        )
    kept.execute("INSERT INTO pieces VALUES (?, ?)", (totals["pieces"], found.items))
    kept.executemany(
        "INSERT OR IGNORE INTO subclasses VALUES (?, ?)",
        [(above, name) for name, above in found.subclasses],
    )
    kept.executemany("INSERT OR IGNORE INTO redirects VALUES (?, ?)", found.redirects)
    totals["end"] = found.end
    totals["pieces"] += 1
    totals["broken"] += len(found.broken)
    for name in ("lines", "entities", "kept", "nameless"):
        totals[name] += getattr(found, name)
    _note(kept, totals)


def _choose(
    kept: sqlite3.Connection,
    made: sqlite3.Connection,
    wish: Wish,
    number: int,
    progress: Callable[[Progress], None],
) -> None:
    """Take over the items of the types wanted, and those that they refer to."""
    meta = _meta(made)
    (total,) = kept.execute("SELECT count(*) FROM pieces").fetchone()
    done = int(meta.get("chosen", 0))
    if done == total:
        return
    with _together(made):
        redirects = kept.execute("SELECT id, target FROM redirects")
        made.executemany("INSERT OR IGNORE INTO redirects VALUES (?, ?)", redirects)
    choice = _classes(kept, wish)
    (most,) = kept.execute("SELECT coalesce(max(length(items)), 0) FROM pieces").fetchone()
    number = number if most * total > 1 << 20 else 0
    with Workers(number, refer, choice) as crew:
        for count, numbers in enumerate(crew.run(_packed(kept, 0)), 1):
            choice.referred.add(numbers)
            progress(Progress(step="choose", done=count, of=2 * total, items=0))
    items = 0
    with Workers(number, choose, choice) as crew:
        for rows, names in crew.run(_packed(kept, done)):
            done += 1
            with _together(made):
                made.executemany("INSERT OR IGNORE INTO items VALUES (?, ?, ?)", rows)
                made.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)", names)
                _note(made, {"chosen": done})
            items += len(rows)
            progress(Progress(step="choose", done=total + done, of=2 * total, items=items))


def _packed(kept: sqlite3.Connection, start: int) -> Iterator[bytes]:
    """Yield the pieces from some number on."""
    for (items,) in kept.execute(
        "SELECT items FROM pieces WHERE number >= ? ORDER BY number", (start,)
    ):
        yield items


def _classes(kept: sqlite3.Connection, wish: Wish) -> Choice:
    """Return which classes are of which types: those under a root, with the root itself."""
    roots = [
        [1 << place, int(root[1:])]
        for place, names in enumerate(wish.types.values())
        for root in names
    ] + [[NEVER, int(name[1:])] for name in PASSED_OVER]
    classes, masks = array("I"), array("I")
    for name, mask in kept.execute(_CLOSURE, (json.dumps(roots),)):
        classes.append(name)
        masks.append(mask)
    return Choice(classes, masks, Numbers())


def _spell(made: sqlite3.Connection, progress: Callable[[Progress], None]) -> None:
    """Index the names: as they are, as they sound, by their outlines, and by their words."""
    (names,) = made.execute("SELECT count(*) FROM names").fetchone()
    for done, index in enumerate(INDEXES.values()):
        progress(Progress(step="sort", done=done, of=len(INDEXES), items=0))
        made.execute(index)
    made.execute(WORDS)
    meta = _meta(made)
    last, done = int(meta.get("spelt", -1)), int(meta.get("spelt_names", 0))
    while True:
        (until, number) = made.execute(
            "SELECT max(rank), count(*) FROM (SELECT rank FROM names WHERE rank > ? ORDER BY rank LIMIT ?)",
            (last, BATCH),
        ).fetchone()
        if not number:
            return
        with _together(made):
            made.execute(
                "INSERT INTO words (rowid, name) SELECT rank, name FROM names"
                " WHERE rank > ? AND rank <= ? ORDER BY rank",
                (last, until),
            )
            last, done = until, done + number
            _note(made, {"spelt": last, "spelt_names": done})
        progress(Progress(step="spell", done=done, of=names, items=done))

"""What an index says of itself: the dump, its day, what is in it, and what could not be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kg.link.dump import Dated, dated

if TYPE_CHECKING:
    import sqlite3

    from kg.link.dump import Dump
    from kg.link.offline.types import Wish


def described(
    dump: Dump, wish: Wish, kept: sqlite3.Connection, made: sqlite3.Connection
) -> dict[str, str]:
    """Return what an index says of itself."""
    meta = dict(kept.execute("SELECT key, value FROM meta"))
    day = Dated(wish.day, "the option --dated") if wish.day else dated(dump.path)
    counts = {name: int(meta[name]) for name in ("lines", "entities", "nameless", "broken")}
    for name, query in (
        ("items", "SELECT count(*) FROM items WHERE types"),
        ("referred", "SELECT count(*) FROM items WHERE NOT types"),
        ("names", "SELECT count(*) FROM names"),
        ("redirects", "SELECT count(*) FROM redirects"),
    ):
        (counts[name],) = made.execute(query).fetchone()
    for place, name in enumerate(wish.types):
        (counts[f"of type {name}"],) = made.execute(
            "SELECT count(*) FROM items WHERE types & ?", (1 << place,)
        ).fetchone()
    return {
        "dump": dump.path.name,
        "bytes": str(dump.path.stat().st_size),
        "day": day.day,
        "day_by": day.how,
        "languages": json.dumps(wish.languages),
        "types": json.dumps({name: list(roots) for name, roots in wish.types.items()}),
        "counts": json.dumps(counts),
        "broken": json.dumps(
            kept.execute("SELECT line, reason FROM broken ORDER BY line").fetchall()
        ),
    }

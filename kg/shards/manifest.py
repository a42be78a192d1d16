"""The manifest: which parts there are, in the order that decides which of two copies counts.

A line is added when the files of its part are on the disk, and is there itself before anything else
happens. A later line on a part takes the place of the earlier one and keeps its rank. What was cut
off while it was written is no line.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from kg.errors import InputError
from kg.files import TEMPORARY, read_file, reporting, settle
from kg.shards.part import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FOLDER: Final = "bulk"
NAME: Final = "manifest.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A line of the manifest.

    `part` is made of the hash of its documents, `keys` are those of its articles. `faults` are the
    documents that could not be read, each with its place among them, message and hint. `found`
    counts what was found in the articles' own nodes, by severity; None where nobody has looked.
    `made_by` says for which base, and by which version, the shard was made.
    """

    part: str
    source: str
    documents: int
    quads: int
    keys: Sequence[str]
    dates: Sequence[str]
    made_by: Sequence[Any]
    sha256: Mapping[str, str]
    faults: Sequence[tuple[int, str, str | None]] = ()
    found: Mapping[str, int] | None = field(default=None)


def read(folder: Path) -> dict[str, Part]:
    """The parts of a folder by their names, in order; none where there is no manifest.

    Raises InputError where a line of it is none.
    """
    place = folder / NAME
    if not place.exists():
        return {}
    parts: dict[str, Part] = {}
    *lines, _ = read_file(place, f"{folder.name}/{NAME}").split(b"\n")
    for number, line in enumerate(lines, 1):
        try:
            value = orjson.loads(line)
            # Many parts have the same dates: 70 MB for a million articles.
            made = Part(**value | {"dates": [*map(sys.intern, value["dates"])]})
        except (ValueError, TypeError, KeyError) as error:
            name = f"{folder.name}/{NAME}:{number}"
            hint = "take the line out, then add the source of its part once more"
            raise InputError(f"{name}: not a line of a manifest", hint=hint) from error
        parts[made.part] = made
    return parts


def append(folder: Path, part: Part) -> None:
    """Add a line, and come back when it is on the disk, and the files of the part before it."""
    settle(folder)
    place = folder / NAME
    new = not place.exists()
    with reporting(place), place.open("ab") as out:
        out.write(orjson.dumps(asdict(part), option=orjson.OPT_APPEND_NEWLINE))
        out.flush()
        os.fsync(out.fileno())
    if new:
        settle(folder)


def sweep(folder: Path) -> None:
    """Take away what a run that was cut off has left: half a line, and files that no line names.

    Only for who writes to the folder alone.
    """
    place = folder / NAME
    with reporting(place):
        if place.exists():
            content = place.read_bytes()
            whole = content.rfind(b"\n") + 1
            if whole < len(content):
                os.truncate(place, whole)
    known = read(folder).keys()
    prefix, suffix = TEMPORARY
    for left in folder.iterdir():
        name, _, rest = left.name.partition(".")
        orphan = rest in {f"{kind}.zst" for kind in KINDS} and name not in known
        if orphan or (left.name.startswith(prefix) and left.name.endswith(suffix)):
            with contextlib.suppress(OSError):
                shutil.rmtree(left) if left.is_dir() else left.unlink()

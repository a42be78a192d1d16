"""Documents to the files of a part: what each process of the bulk road does.

What is made hangs on nothing but the documents, the register, the settings and the clock, so it does
not matter which process makes a part, when, or how often.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import orjson

from kg.annotate import DIED, MEMORY
from kg.intake import Fault, Raw
from kg.shards import manifest, part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kg.annotate import Annotated, Reader

DOCUMENTS: Final = 256
"""Documents in a part: a cut costs what two parts for each process take, some seconds."""
BYTES: Final = 16_000_000
"""Bytes of the documents of a part, from which on no further one is added: long pages take memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Documents that are read together; `dead` are the places of those that no process survives."""

    part: str
    source: str
    raws: Sequence[Raw]
    dead: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The line that the manifest gets, what was wrong, and what extractors remarked.

    `files` are those of the part by their kinds, as long as they are not in the folder.
    """

    line: manifest.Part
    faults: Sequence[Fault]
    remarks: Sequence[str]
    files: Mapping[str, bytes] = field(default_factory=dict)


def parted(
    source: str, found: Iterable[Raw | Fault], *, salt: str, documents: int = DOCUMENTS
) -> Iterator[Task | Fault]:
    """The documents of a source in parts, and what could not be read of it before these.

    A part is named by what is in it, so that it is known again wherever the source lies by then, and
    whatever was added to its end. `salt` is what else makes another text of the same bytes.
    """
    raws: list[Raw] = []
    size = 0
    for one in found:
        if isinstance(one, Fault):
            yield one
            continue
        raws.append(one)
        size += len(one.content)
        if len(raws) == documents or size >= BYTES:
            yield Task(part=_name(raws, salt), source=source, raws=tuple(raws))
            raws, size = [], 0
    if raws:
        yield Task(part=_name(raws, salt), source=source, raws=tuple(raws))


def made(reader: Reader, folder: Path, maker: Sequence[Any], task: Task) -> Done:
    """Read the documents of a part and write its files."""
    outcomes = reader.checked([_read(reader, task, place) for place in range(len(task.raws))])
    items: dict[str, part.Item] = {}
    faults: list[tuple[int, Fault]] = []
    remarks: list[str] = []
    for place, outcome in enumerate(outcomes):
        if isinstance(outcome, Fault):
            faults.append((place, outcome))
        elif outcome is not None:
            remarks += [f"{outcome.place}: {remark}" for remark in outcome.remarks]
            items.setdefault(outcome.made.entry["article"], _item(outcome))
    kept = [*items.values()]
    found: Counter[str] = Counter()
    for item in kept:
        found.update(item.found or {})
    line = manifest.Part(
        part=task.part,
        source=task.source,
        documents=len(task.raws),
        quads=sum(item.entry["quads"] for item in kept),
        keys=[*items],
        dates=sorted(set(chain.from_iterable(item.entry["dates"] for item in kept))),
        made_by=maker,
        sha256=part.write(folder, task.part, kept) if kept else {},
        faults=[(place, fault.message, fault.hint) for place, fault in faults],
        found=dict(found) if reader.screen is not None else None,
    )
    return Done(line=line, faults=[fault for _, fault in faults], remarks=remarks)


def told(task: Task, line: manifest.Part) -> list[Fault]:
    """What was wrong with documents of a part that was made before, with their places of today."""
    return [
        Fault(place=task.raws[place].place, message=message, hint=hint)
        for place, message, hint in line.faults
        if place < len(task.raws)
    ]


def _read(reader: Reader, task: Task, place: int) -> Annotated | Fault | None:
    raw = task.raws[place]
    if place in task.dead:
        return Fault(place=raw.place, message=DIED, hint=MEMORY)
    return reader.read(raw)


def _item(outcome: Annotated) -> part.Item:
    return part.Item(
        name=outcome.name,
        text=outcome.text,
        annotation=outcome.content,
        quads=outcome.made.quads,
        entry=outcome.made.entry | {"quads": outcome.made.quads.count(b"\n")},
        found=outcome.made.found,
    )


def _name(raws: Sequence[Raw], salt: str) -> str:
    """A name for some documents, by all that is known of them but where they lie."""
    content = hashlib.sha256(salt.encode())
    for raw in raws:
        stated = {f.name: getattr(raw, f.name) for f in fields(Raw) if f.name not in _APART}
        head = orjson.dumps(stated, default=str, option=orjson.OPT_SORT_KEYS)
        content.update(b"%d %d " % (len(head), len(raw.content)) + head)
        content.update(raw.content)
    return content.hexdigest()[:24]


_APART: Final = {"place", "content"}

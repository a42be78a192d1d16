"""Parts made by workers: processes of this machine, or those of a cluster; a death costs only time."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.annotate.pool import in_order
from kg.bulk.making import Done, Task, made
from kg.errors import ServiceError
from kg.files import write_file
from kg.shards import part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.annotate import Reader
    from kg.annotate.pool import Workers
    from kg.intake import Raw


class Given(NamedTuple):
    """What a worker has from the start: who reads, and the folder, where it is on a disk of ours.

    Else a part is made in `scratch`, or in the system's temporary folder, and sent.
    """

    reader: Reader
    maker: Sequence[Any]
    folder: Path | None = None
    scratch: Path | None = None


def parts(
    workers: Workers, tasks: Iterable[Task], folder: Path, given: Given
) -> Iterator[tuple[Task, Done]]:
    """What becomes of each task, in their order; the files of the part are in the folder by then.

    Raises ServiceError where what came over the network is not what was made.
    """

    def alone(task: Task) -> Done:
        return _alone(workers, given, task)

    for task, done in in_order(workers, _made, tasks, alone):
        for kind, content in done.files.items():
            if hashlib.sha256(content).hexdigest() != done.line.sha256[kind]:
                raise ServiceError(f"{task.source}: a part came back as what it was not made as")
            write_file(part.file(folder, task.part, kind), content, settled=False)
        yield task, replace(done, files={})


def _alone(workers: Workers, given: Given, task: Task) -> Done:
    """A part in whose time a worker died: with the documents told that none survives."""
    if workers.blames:
        task = _tested(workers, task)
    for _ in range(_TRIES):
        if not workers.works():  # they do not come up here: it was no document
            return _made(given, task)
        try:
            done: Done = workers.result(workers.submit(_made, task))
        except workers.death:
            task = _tested(workers, task)
        else:
            return done
    # Whatever it is that they die of, this process is not to die of it, too.
    return _made(given, replace(task, dead=frozenset(range(len(task.raws)))))


def _tested(workers: Workers, task: Task) -> Task:
    """A task with those of its documents as dead that no worker survives."""
    dead = {*task.dead}
    for place, raw in enumerate(task.raws):
        if place not in dead and not _survives(workers, raw):
            dead.add(place)
    return replace(task, dead=frozenset(dead))


def _survives(workers: Workers, raw: Raw) -> bool:
    try:
        workers.result(workers.submit(_tried, raw))
    except workers.death:
        return False
    return True


_TRIES: Final = 3


def _made(given: Given, task: Task) -> Done:
    """Make a part; with its files in what comes back, where the worker's disk is not ours."""
    if given.folder is not None:
        return made(given.reader, given.folder, given.maker, task)
    with tempfile.TemporaryDirectory(prefix="kg-", dir=given.scratch) as name:
        folder = Path(name)
        done = made(given.reader, folder, given.maker, task)
        files = {kind: part.file(folder, task.part, kind).read_bytes() for kind in done.line.sha256}
    return replace(done, files=files)


def _tried(given: Given, raw: Raw) -> None:
    """Read one document, for nothing but to see whether this process survives it."""
    given.reader.read(raw)

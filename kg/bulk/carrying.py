"""What a cluster's workers are given, and how they answer: all that runs there.

It goes to each of them once, as a plugin that the scheduler has for those, too, which join later.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import zstandard
from distributed import WorkerPlugin, get_worker

from kg.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from distributed import Worker

    from kg.bulk.workers import Given

SAME: Final = ("newskg", "dask", "distributed", "orjson", "pyoxigraph", "pyyaml", "zstandard")
"""What must be the same everywhere: who makes a part, writes its bytes, and carries them."""


class Carrier(WorkerPlugin):
    """What carries to a worker what it is given; unpacked where it is first needed."""

    def __init__(self, packed: bytes, mark: str, about: tuple[str, str]) -> None:
        self.packed = packed
        self.mark = mark
        self.about = about
        self.versions = versions()
        self.epoch = os.environ.get(_EPOCH)
        self.given: Given | None = None

    def unpacked(self, worker: Worker) -> Given:
        """What is given. Raises ServiceError where this process is not as that which sent it."""
        if self.given is None:
            compare(worker.address, self.versions, versions())
            given: Given = unpack(self.packed)
            theirs = about_of(given)
            if theirs != self.about:
                raise ServiceError(
                    f"{worker.address}: reads with {' '.join(theirs)},"
                    f" where here it is {' '.join(self.about)}",
                    hint="install the same extractor everywhere",
                )
            # Dask clears away what a worker that was killed has left there.
            self.given = given._replace(scratch=Path(worker.local_directory))
        return self.given


_EPOCH: Final = "SOURCE_DATE_EPOCH"
_one: Final = threading.Lock()


def answered(name: str, mark: str, asked: bytes) -> Any:
    """Answer what a worker is asked."""
    return _answer(get_worker(), name, mark, *unpack(asked))


def readied(name: str, mark: str, dask_worker: Worker) -> Any:
    """Say who reads at a worker, which is then there."""
    return _answer(dask_worker, name, mark, about_of, ())


def _answer(
    worker: Worker, name: str, mark: str, call: Callable[..., Any], asked: Sequence[Any]
) -> Any:
    carrier = worker.plugins.get(name)
    if not isinstance(carrier, Carrier) or carrier.mark != mark:
        raise ServiceError(f"{worker.address}: has not been given what it takes to read")
    with _one, _then(carrier.epoch):  # a reader has a state of its own
        return call(carrier.unpacked(worker), *asked)


@contextlib.contextmanager
def _then(epoch: str | None) -> Iterator[None]:
    """The moment that the user wants it to be, for as long as something is answered."""
    before = os.environ.get(_EPOCH)
    try:
        _set(epoch)
        yield
    finally:
        _set(before)


def _set(epoch: str | None) -> None:
    if epoch is None:
        os.environ.pop(_EPOCH, None)
    else:
        os.environ[_EPOCH] = epoch


def pack(what: object) -> bytes:
    """Something as it goes over the wire."""
    return zstandard.compress(pickle.dumps(what, pickle.HIGHEST_PROTOCOL), 3)


def unpack(packed: bytes) -> Any:
    """What came over the wire."""
    return pickle.loads(zstandard.decompress(packed))  # noqa: S301  # from who may run anything here


def about_of(given: Given) -> tuple[str, str]:
    """Who reads: made here, and so there before the first part."""
    made = given.reader.extractor
    return made.name, made.version


def versions() -> dict[str, str | None]:
    """What of SAME this process has, and its Python."""
    found: dict[str, str | None] = {"python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    for name in SAME:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def compare(where: str, ours: Mapping[str, str | None], theirs: Mapping[str, str | None]) -> None:
    """Raise ServiceError where another process has not what is here."""
    for name, own in ours.items():
        if theirs.get(name) != own:
            raise ServiceError(
                f"{where}: has {name} {theirs.get(name) or 'not at all'}, where here it is {own}",
                hint="install the same everywhere, the scheduler's machine too",
            )

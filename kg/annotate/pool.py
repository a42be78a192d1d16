"""Processes that are given something once and asked many things; one that dies is started anew.

What they are asked is a function of a module, which gets what they were given, and then its own
arguments.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import tempfile
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeVar

from kg.files import TEMPORARY, reporting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from multiprocessing.process import BaseProcess

Item = TypeVar("Item")
Found = TypeVar("Found")

AHEAD: Final = 2
"""What is on its way for each worker: one thing in work, and one that waits for it."""


class Workers(Protocol):
    """Whoever works: processes of this machine, or those of a cluster."""

    @property
    def death(self) -> type[Exception]:
        """What `result` raises where a worker died of what it was asked, or of something else."""
        ...

    @property
    def blames(self) -> bool:
        """Whether a death is told of nothing but the work in whose time workers died, again and again."""
        ...

    @property
    def ahead(self) -> int:
        """How many things they are asked at a time."""
        ...

    def submit(self, call: Callable[..., Found], *asked: Any) -> Any:
        """Ask something; the answer is had by `result`."""
        ...

    def result(self, answer: Any) -> Any:
        """Wait for an answer."""
        ...

    def lost(self, answer: Any, /) -> bool:
        """Whether an answer will never come, once some worker has died."""
        ...

    def works(self) -> bool:
        """Whether workers come up at all, so that it may have been the work that had one die."""
        ...


def in_order(
    workers: Workers,
    call: Callable[[Any, Item], Found],
    items: Iterable[Item],
    alone: Callable[[Item], Found],
) -> Iterator[tuple[Item, Found]]:
    """What workers answer to each of some items; `alone` answers where one died in its time."""
    source = iter(items)
    going: deque[tuple[Item, Any]] = deque()
    while True:
        for item in islice(source, max(workers.ahead - len(going), 0)):
            going.append((item, workers.submit(call, item)))
        if not going:
            return
        item, answer = going.popleft()
        try:
            found: Found = workers.result(answer)
        except workers.death:
            found = alone(item)
            going = deque(
                (left, workers.submit(call, left) if workers.lost(answer) else answer)
                for left, answer in going
            )
        yield item, found


class Pool:
    """Processes of this machine; where there is only one, or none comes up, this one does the work."""

    death = BrokenProcessPool
    blames = False
    """All processes end where one dies, whatever they were at."""

    def __init__(self, given: object, workers: int, folder: Path | None = None) -> None:
        self.given = given
        self.workers = workers
        self._folder = folder  # for what is handed over: where somebody sweeps it up after a kill
        self._pool: ProcessPoolExecutor | None = None
        self._others = {*multiprocessing.active_children()}
        self._file: Path | None = None  # what is given, for the processes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    @property
    def ahead(self) -> int:
        """How many things are asked at a time."""
        return self.workers * AHEAD if self.workers > 1 else 1

    def submit(self, call: Callable[..., Found], *asked: Any) -> Future[Found]:
        """Ask the processes something, which are started where they are not there."""
        future: Future[Found] = Future()
        if self.workers < 2:
            future.set_result(call(self.given, *asked))
            return future
        for _ in range(_TRIES):
            try:
                return (self._pool or self._start()).submit(_called, call, *asked)
            except BrokenProcessPool as error:
                self._stop()
                broken = error
        future.set_exception(broken)
        return future

    def result(self, answer: Future[Found]) -> Found:
        """Wait for an answer."""
        return answer.result()

    def lost(self, answer: Future[Any]) -> bool:
        """Whether there is no answer yet: all processes end where one dies."""
        return not answer.done() or answer.cancelled() or answer.exception() is not None

    def works(self) -> bool:
        """Whether processes come up at all; where they do not, this one does the work from now on."""
        self._stop()
        try:
            self.submit(_nothing).result()
        except BrokenProcessPool:
            self.workers = 1
            return False
        return True

    def _stop(self) -> None:
        """End the processes, all of them.

        One that comes up while another dies is not ended with the rest (CPython 3.11), and this
        process could not end before it does.
        """
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            for process in {*multiprocessing.active_children()} - self._others:
                process.kill()
            self._pool = None

    def _start(self) -> ProcessPoolExecutor:
        """New processes, which have come up before there is work for them."""
        self._file = self._file or hand_over(self.given, self._folder)
        for _ in range(_TRIES):
            self._stop()
            self._pool = pool = ProcessPoolExecutor(
                self.workers,
                # A fork would take threads and locks along, those of the store among them.
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(self._file,),
            )
            with contextlib.suppress(BrokenProcessPool):
                if self._are_up([pool.submit(_called, _nothing) for _ in range(self.workers)]):
                    break
        return pool

    def _are_up(self, futures: Sequence[Future[None]]) -> bool:
        """Whether all processes have come up.

        Where one dies while another is started, the pool may never tell (CPython 3.11).
        """
        while True:
            done, waiting = wait(futures, timeout=_LOOK)
            if not waiting:
                return all(future.exception() is None for future in done)
            if len({*multiprocessing.active_children()} - self._others) < self.workers:
                return False


_TRIES: Final = 3
_LOOK: Final = 1.0
"""Seconds between two looks at processes that do not come up."""
_given: Any = None


def hand_over(what: object, folder: Path | None = None) -> Path:
    """A file with what processes are to have from the start, for `take_over`.

    It is a temporary one of the `folder`, or of the system where none is given.

    Through the pipe to one that dies before it has read all, it would have who starts it wait for
    ever (CPython 3.11).
    """
    folder = folder or Path(tempfile.gettempdir())
    prefix, suffix = TEMPORARY
    with reporting(folder):
        handle, name = tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=folder)
        with os.fdopen(handle, "wb") as out:
            pickle.dump(what, out, pickle.HIGHEST_PROTOCOL)
    return Path(name)


def take_over(file: Path) -> Any:
    """What was handed over to this process, which from now on ends with the one that started it."""
    try:
        what = pickle.loads(file.read_bytes())  # noqa: S301
    except FileNotFoundError:  # all is done already
        os._exit(0)
    # What is there by now stays, and need not be looked through again and again.
    gc.freeze()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    return what


def _begin(file: Path) -> None:
    """Have this process know what it was given."""
    global _given  # a process has no other place to keep it
    _given = take_over(file)


def _end_after(parent: BaseProcess) -> None:
    """End with the process that wants the work: one that is killed tells nobody."""
    parent.join()
    os._exit(1)


def _called(call: Callable[..., Found], *asked: Any) -> Found:
    return call(_given, *asked)


def _nothing(_: object) -> None:
    """What a process does that has come up."""

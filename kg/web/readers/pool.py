"""The processes that read: who is asked next, how long it may take, and what ends it.

No engine can be told to stop, a process can. Each answer is made in a process of its own choosing,
which is killed when the time is over, and replaced. So that nobody starves the others, those who ask
take turns, whatever each of them asks; no more answers are made abreast than there are
cores for; what runs for longer than `QUANTUM` needs one of the places for long answers, of which
there are half as many as processes, and where others ask as well it gets what they leave of the
processor.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from kg.config import cores
from kg.errors import KgError, StoreError
from kg.web.readers.process import LENGTH, Call, Failed, Opening
from kg.web.readers.reply import Refused, Reply
from kg.web.readers.snapshot import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.web.readers.snapshot import Snapshot
    from kg.workspace import Workspace

PROCESSES: Final = max(4, cores())
"""Readers: one for each core, and on small machines so many that two long answers leave two."""
ABREAST: Final = max(2, cores())
"""Answers made at a time, but for those that take longer than `QUANTUM`.

With twice as many as cores they push each other's data out of the caches: each costs a sixth more.
"""
QUANTUM: Final = 1.0
"""Seconds of the processor after which an answer counts as long: pages and stored queries take hundredths."""
_SHORTEST: Final = 0.05
"""Seconds between two looks at how much an answer has taken, or whether a process has ended."""
WAITING: Final = 1_000
"""Requests that may wait in all; the next is told to come again."""
WAITING_EACH: Final = 200
"""Requests of one client that may wait."""
AGAIN: Final = 2
"""Seconds after which who was turned away may come again."""
LOOK: Final = 0.5
"""Seconds between two looks whether the store has been built anew."""
_RAREST: Final = 8.0
"""Seconds between two tries at something that has failed again and again."""
NICER: Final = 10
"""What the niceness of a process is raised by for a long answer: a tenth of the processor beside others."""


class Source(Protocol):
    """Where snapshots come from."""

    def take(self) -> Snapshot:
        """The data as they are."""

    def changed(self, latest: Snapshot) -> bool:
        """Whether they are no longer as in the latest snapshot."""

    def drop(self, snapshot: Snapshot) -> None:
        """Let go of one that nobody reads any more."""


@dataclass(kw_only=True, eq=False)
class _Process:
    """A reader, with the connection to it."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    snapshot: Snapshot
    abreast: bool = False  # it makes an answer that has not taken long yet
    long: bool = False
    nicer: bool = False

    async def ask(self, what: Opening | Call) -> object:
        message = pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL)
        self.writer.write(LENGTH.pack(len(message)) + message)
        await self.writer.drain()
        (length,) = LENGTH.unpack(await self.reader.readexactly(LENGTH.size))
        return pickle.loads(await self.reader.readexactly(length))  # noqa: S301

    def end(self) -> None:
        self.writer.close()
        if self.reader.at_eof():  # it has ended already, and another may have its number
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class _Origin(NamedTuple):
    """The process that readers are split off from, and the socket that their sockets are sent over."""

    process: subprocess.Popen[bytes]
    control: socket.socket

    @classmethod
    def started(cls, processes: int, load: Callable[[], object]) -> _Origin:
        ours, theirs = socket.socketpair()
        with theirs:
            # Not -m: what the module sends has to come from it by its own name.
            program = (
                f"from {load.__module__} import {load.__qualname__} as load; "
                "from kg.web.readers.process import main; main(load)"
            )
            command = [sys.executable, "-c", program, str(theirs.fileno()), str(processes)]
            return cls(subprocess.Popen(command, pass_fds=[theirs.fileno()]), ours)  # noqa: S603

    def end(self) -> None:
        self.control.close()
        self.process.kill()
        self.process.wait()


@dataclass(kw_only=True, eq=False)
class Readers:
    """So many reader processes over the latest snapshot of a workspace; make them with `start`.

    `load`, a function of a module, is called once, before the first of them is split off: it imports
    what all of them need.
    """

    workspace: Workspace
    source: Source
    load: Callable[[], object]
    processes: int = PROCESSES
    seconds: float = 30.0
    writing: bool = False
    snapshot: Snapshot = field(init=False)
    _idle: list[_Process] = field(default_factory=list, init=False)
    _all: set[_Process] = field(default_factory=set, init=False)
    _turns: OrderedDict[str, deque[asyncio.Future[_Process]]] = field(
        default_factory=OrderedDict, init=False
    )
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _closed: bool = field(default=False, init=False)
    _origin: _Origin | None = field(default=None, init=False)
    _refreshing: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def spools(self) -> Path:
        """The folder for large bodies on their way, swept with the snapshots."""
        return self.workspace.derived / FOLDER / f"{os.getpid()}-{id(self):x}-spools"

    async def start(self) -> None:
        """Take a snapshot and start the processes. Raises StoreError where there is no store."""
        self.snapshot = await asyncio.to_thread(self.source.take)
        self.spools.mkdir(parents=True, exist_ok=True)
        first = (self._started(self.snapshot) for _ in range(self.processes))
        for process in await asyncio.gather(*first):
            self._free(process)
        self._spawn(self._watch())

    async def stop(self) -> None:
        """End the processes, whatever they are at."""
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for process in list(self._all):
            process.end()
        self._all.clear()
        if self._origin is not None:
            self._origin.end()
        self.source.drop(self.snapshot)
        shutil.rmtree(self.spools, ignore_errors=True)

    async def ask(
        self,
        view: Callable[..., Reply],
        arguments: dict[str, Any],
        *,
        client: str,
        seconds: float | None = None,
    ) -> Reply:
        """The reply of a view; `client` is whose turn it takes.

        Raises what the view raises, and Refused with 503 where it takes too long or too many ask.
        """
        process = await self._turn(client)
        try:
            seconds = seconds or self.seconds
            answer = await self._bounded(process, Call(view, arguments, seconds))
        except BaseException:
            self._lose(process)
            for left in self.spools.glob(f"{process.pid}-*"):
                left.unlink(missing_ok=True)
            raise
        process.long = process.abreast = False
        if process.nicer:  # which cannot be taken back
            self._lose(process)
        else:
            self._free(process)
        if isinstance(answer, Reply):
            return answer
        if isinstance(answer, (KgError, Refused)):
            raise answer
        raise RuntimeError(answer.trace if isinstance(answer, Failed) else repr(answer))

    async def refresh(self) -> None:
        """Have all that is asked from now on see the store as it is, where it has changed."""
        async with self._refreshing:
            if not self.source.changed(self.snapshot):
                return
            latest = await asyncio.to_thread(self.source.take)
            starting = (self._started(latest) for _ in range(self.processes))
            found = await asyncio.gather(*starting, return_exceptions=True)
            fresh = [process for process in found if isinstance(process, _Process)]
            failed = [error for error in found if isinstance(error, BaseException)]
            if failed:
                for process in fresh:
                    self._forget(process)
                self.source.drop(latest)
                raise failed[0]
            # Only now, so that nothing of the earlier data passes for the latest.
            before, self.snapshot = self.snapshot, latest
            for process in list(self._idle):
                self._forget(process)
            for process in fresh:
                self._free(process)
            self._unread(before)  # who is at an answer still finishes it: `_free` lets it go then

    # ---- one answer -----------------------------------------------------------------------------

    async def _bounded(self, process: _Process, call: Call) -> object:
        seconds = call.seconds
        answer = asyncio.ensure_future(process.ask(call))
        begin, spent = time.monotonic(), _processor(process.pid)
        try:
            done, _ = await asyncio.wait({answer}, timeout=min(QUANTUM, seconds))
            if not done:  # it may wait for another server, which is no reason for others to wait
                process.abreast = False
                self._hand_on()
            while not done and (left := seconds - (time.monotonic() - begin)) > 0:
                short = QUANTUM - (_processor(process.pid) - spent)
                if short <= 0 and not process.long:
                    self._lengthen(process)
                wait = left if process.long else min(left, max(short, _SHORTEST))
                done, _ = await asyncio.wait({answer}, timeout=wait)
            if not done:
                raise Refused(
                    503,
                    f"took longer than {seconds:g} seconds, and was ended",
                    hint="ask for less: fewer patterns, a LIMIT, a smaller page",
                )
            return answer.result()
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise StoreError(
                "the process that read has died", hint="try again; or the query is too much for it"
            ) from error
        finally:
            answer.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await answer

    def _lengthen(self, process: _Process) -> None:
        """Give an answer one of the places for long ones."""
        if sum(other.long for other in self._all) >= max(1, self.processes // 2):
            raise Refused(
                503,
                f"too many long queries are running already, and this one took over {QUANTUM:g} s",
                hint="try again in a while, or ask for less",
                headers={"Retry-After": str(AGAIN)},
            )
        process.long = True
        if self._turns or len(self._idle) < self.processes - 1:
            process.nicer = True
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, NICER)

    # ---- whose turn it is -----------------------------------------------------------------------

    async def _turn(self, client: str) -> _Process:
        """A process that is free, when it is the client's turn."""
        if (process := self._next()) is not None:
            return process
        queue = self._turns.setdefault(client, deque())
        if len(queue) >= WAITING_EACH or sum(map(len, self._turns.values())) >= WAITING:
            raise Refused(503, "too many requests are waiting", headers={"Retry-After": str(AGAIN)})
        place: asyncio.Future[_Process] = asyncio.get_running_loop().create_future()
        queue.append(place)
        try:
            await asyncio.wait({place}, timeout=self.seconds)
        except asyncio.CancelledError:
            if place.done() and not place.exception():
                self._free(place.result())
            place.cancel()
            raise
        if not place.done():
            place.cancel()
            raise Refused(
                503,
                f"nobody was free to answer for {self.seconds:g} seconds",
                headers={"Retry-After": str(AGAIN)},
            )
        return place.result()

    def _next(self) -> _Process | None:
        """A process for the next answer, where one is free and not too many are made already."""
        if not self._idle or sum(process.abreast for process in self._all) >= ABREAST:
            return None
        process = self._idle.pop()  # who has just answered has what it needs at hand
        process.abreast = True
        return process

    def _free(self, process: _Process) -> None:
        """Have a process make other answers, where it may still be asked."""
        if self._closed or process.snapshot is not self.snapshot or process not in self._all:
            self._forget(process)
        else:
            process.abreast = False
            self._idle.append(process)
        self._hand_on()

    def _hand_on(self) -> None:
        """Have those who wait go on as far as they can; clients take turns."""
        while self._turns and (process := self._next()) is not None:
            client, queue = next(iter(self._turns.items()))
            place = queue.popleft()
            if queue:
                self._turns.move_to_end(client)
            else:
                del self._turns[client]
            if place.done():  # who waited has gone
                process.abreast = False
                self._idle.append(process)
            else:
                place.set_result(process)

    # ---- processes ------------------------------------------------------------------------------

    async def _started(self, snapshot: Snapshot) -> _Process:
        try:
            return await self._split_off(snapshot)
        except (StoreError, OSError):  # the origin may have died without that being known already
            await asyncio.sleep(_SHORTEST)
            return await self._split_off(snapshot)

    async def _split_off(self, snapshot: Snapshot) -> _Process:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._send(theirs)
        except OSError:
            ours.close()
            raise
        reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 20)
        started = _Process(pid=0, reader=reader, writer=writer, snapshot=snapshot)
        opening = Opening(
            self.workspace.root, snapshot.location, snapshot.generation, self.writing, self.spools
        )
        with contextlib.ExitStack() as otherwise:
            otherwise.callback(writer.close)
            try:
                answer = await started.ask(opening)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                raise StoreError(f"{snapshot.location}: cannot be opened for reading") from error
            if isinstance(answer, KgError):
                raise answer
            otherwise.pop_all()
        assert isinstance(answer, int)  # noqa: S101 - the number of the process
        started.pid = answer
        self._all.add(started)
        return started

    def _send(self, connection: socket.socket) -> None:
        """Have a new process read from a socket, split off from one that has all loaded."""
        if self._origin is not None and self._origin.process.poll() is not None:
            self._origin.end()
            self._origin = None
        self._origin = self._origin or _Origin.started(self.processes, self.load)
        socket.send_fds(self._origin.control, [b"1"], [connection.fileno()])

    def _forget(self, process: _Process) -> None:
        """End a process that is not needed any more."""
        if process in self._all:
            self._all.discard(process)
            process.end()
            self._unread(process.snapshot)
        with contextlib.suppress(ValueError):
            self._idle.remove(process)

    def _unread(self, snapshot: Snapshot) -> None:
        """Let go of an earlier snapshot when the last who reads it has gone."""
        if snapshot is not self.snapshot and all(p.snapshot is not snapshot for p in self._all):
            self.source.drop(snapshot)

    def _lose(self, process: _Process) -> None:
        """End a process, and start another in its place where it was one of the latest."""
        current = process.snapshot is self.snapshot
        self._forget(process)
        if not self._closed:
            self._hand_on()
            if current:
                self._spawn(self._replace())

    async def _replace(self) -> None:
        """Start a process in the place of one that was lost, sooner or later."""
        wait = LOOK
        while not self._closed and len(self._all) < self.processes:
            try:
                self._free(await self._started(self.snapshot))
            except (KgError, OSError) as error:
                if not self._all:
                    self._turn_away(StoreError(f"nobody can read: {error}", hint="try again later"))
                await asyncio.sleep(wait)
                wait = min(2 * wait, _RAREST)

    def _turn_away(self, error: StoreError) -> None:
        """Tell all who wait that there is nobody to answer."""
        for queue in self._turns.values():
            for place in queue:
                if not place.done():
                    place.set_exception(error)
        self._turns.clear()

    async def _watch(self) -> None:
        wait = LOOK
        while True:
            await asyncio.sleep(wait)
            try:
                if self.source.changed(self.snapshot):
                    await self.refresh()
                wait = LOOK
            except (KgError, OSError) as error:  # it is being written, or is not whole: later
                wait = min(2 * wait, _RAREST)
                if wait == _RAREST:
                    sys.stderr.write(f"kg: what has changed cannot be served yet: {error}\n")

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _processor(pid: int) -> float:
    """The seconds that a process has had of the processor; where that is not told, those of the clock."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / _TICKS


_TICKS: Final = os.sysconf("SC_CLK_TCK")

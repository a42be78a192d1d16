"""Work shared out to processes, its results in the order of the tasks.

A worker ends when the process that started it ends, however that ends: nobody else holds the other
end of its pipe. It has one task at a time, so that neither side ever waits for the other to read.
"""

from __future__ import annotations

import gc
import multiprocessing
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from types import TracebackType

State = TypeVar("State")
Task = TypeVar("Task")
Result = TypeVar("Result")


class Workers(Generic[State, Task, Result]):
    """Processes that apply a function to a state, which each has from the start, and a task.

    With none of them the work is done here. It is a context manager: its end is theirs.
    """

    def __init__(
        self, number: int, function: Callable[[State, Task], Result], state: State
    ) -> None:
        self._function = function
        self._state = state
        self._processes = []
        self._connections: list[Connection] = []
        context = multiprocessing.get_context(
            "spawn"
        )  # the same on every system, and no forked locks
        for _ in range(number):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, function, state), daemon=True)
            process.start()
            theirs.close()
            self._processes.append(process)
            self._connections.append(ours)

    def __enter__(self) -> Workers[State, Task, Result]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for connection in self._connections:
            connection.close()
        for process in self._processes:
            if error is not None:
                process.terminate()
            process.join()

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield the result of each task in turn."""
        if not self._connections:
            for task in tasks:
                yield self._function(self._state, task)
            return
        idle = list(self._connections)
        results: dict[int, Result] = {}
        following = 0
        for number, task in enumerate(tasks):
            if not idle:
                self._receive(idle, results)
            idle.pop().send((number, task))
            while following in results:
                yield results.pop(following)
                following += 1
        while len(idle) < len(self._connections):
            self._receive(idle, results)
        while following in results:
            yield results.pop(following)
            following += 1

    def _receive(self, idle: list[Connection], results: dict[int, Result]) -> None:
        """Take in what the workers have done that are ready, one at least."""
        busy = {connection for connection in self._connections if connection not in idle}
        for connection in busy.intersection(wait(busy)):
            number, result = connection.recv()
            if isinstance(result, BaseException):
                raise result
            results[number] = result
            idle.append(connection)


def _work(connection: Connection, function: Callable[[State, Task], Result], state: State) -> None:
    """Do tasks until nobody is there to give any more."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started us decides what Ctrl-C means
    gc.disable()  # looking for cycles in what JSON is made of takes five times as long as parsing
    while True:
        try:
            number, task = connection.recv()
        except EOFError:
            return
        try:
            result: Result | BaseException = function(state, task)
        except Exception as error:  # noqa: BLE001  # it is raised again where it can be reported
            result = error
        try:
            connection.send((number, result))
        except BrokenPipeError:
            return

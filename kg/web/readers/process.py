"""A reader: a process that has the store open and makes one answer after the other.

`pool` starts one process, which loads what all of them need; for each socket that it is sent it
splits off a reader, which takes a hundredth of a second. Over that socket come pickled calls, and go
pickled answers, each behind its length. All ends are this program, so pickling is safe.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.errors import AnnotationError, InputError, KgError
from kg.store import open_store
from kg.web.readers.reading import Reading
from kg.web.readers.reply import Refused, Reply
from kg.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LENGTH = struct.Struct("!Q")
_GRACE: Final = 5.0
"""Seconds that the server has to end a reader before the system does."""
_LEAST_MEMORY: Final = 1 << 30
"""Bytes that a reader may take on a small machine; elsewhere they share half of all."""


class Call(NamedTuple):
    """A view, what it is called with besides the reading, and the seconds after which nobody waits."""

    view: Callable[..., Reply]
    arguments: Mapping[str, Any]
    seconds: float


class Opening(NamedTuple):
    """What a reader opens before anything else."""

    root: Path
    location: str
    generation: str
    writing: bool
    spools: Path


class Failed(NamedTuple):
    """An error that nobody foresaw, as its traceback."""

    trace: str


def serve(connection: socket.socket) -> None:
    """Answer calls until the other end closes the connection.

    The first answer, to what is to be opened, is the number of the process, or why it cannot be.
    """
    opening: Opening = pickle.loads(_receive(connection))  # noqa: S301
    with contextlib.ExitStack() as stack:
        try:
            workspace = Workspace.open(opening.root)
            store = stack.enter_context(
                open_store(opening.location, read_only=True, settings=workspace.settings)
            )
        except KgError as error:
            _send(connection, error)
            return
        reading = Reading(
            workspace=workspace,
            store=store,
            generation=opening.generation,
            writing=opening.writing,
            spools=opening.spools,
        )
        _send(connection, os.getpid())
        while message := _receive(connection):
            _send(connection, _answer(reading, message))


def _answer(reading: Reading, message: bytes) -> object:
    try:
        call: Call = pickle.loads(message)  # noqa: S301 - this imports the module of the view
        # The server ends what takes too long. Should it be gone, the system does.
        signal.setitimer(signal.ITIMER_REAL, call.seconds + _GRACE)
        return call.view(reading, **call.arguments)
    except AnnotationError as error:
        return InputError(str(error), hint=error.hint)
    except (KgError, Refused) as error:
        return error
    except Exception:  # noqa: BLE001 - a bug in one answer is no reason to lose the reader
        import traceback

        return Failed(traceback.format_exc())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _send(connection: socket.socket, answer: object) -> None:
    content = pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)
    connection.sendall(LENGTH.pack(len(content)))
    connection.sendall(content)


def _receive(connection: socket.socket) -> bytes:
    """The next message; empty at the end."""
    head = _exactly(connection, LENGTH.size)
    return _exactly(connection, LENGTH.unpack(head)[0]) if head else b""


def _exactly(connection: socket.socket, number: int) -> bytes:
    parts = bytearray()
    while len(parts) < number:
        part = connection.recv(min(number - len(parts), 1 << 20))
        if not part:
            return b""
        parts += part
    return bytes(parts)


def main(load: Callable[[], object]) -> None:
    """Split off a reader for each socket that comes over the one whose number is the first argument.

    The second argument is how many readers there are at a time, and share the memory. What `load`
    imports, all of them have.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends its readers itself
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    _bound_memory(int(sys.argv[2]))
    load()
    with socket.socket(fileno=int(sys.argv[1])) as control:
        while descriptors := socket.recv_fds(control, 1, 1)[1]:
            if os.fork() == 0:
                control.close()
                _split_off(descriptors[0])
            os.close(descriptors[0])


def _split_off(descriptor: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        serve(socket.socket(fileno=descriptor))
    os._exit(0)  # nothing is left to tidy up, and the engine takes its time to


def _bound_memory(readers: int) -> None:
    """Have a query that wants too much memory end its own process, and not the machine."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    bound = max(whole // (2 * readers), _LEAST_MEMORY)
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or bound < most:
        resource.setrlimit(resource.RLIMIT_DATA, (bound, most))
    with contextlib.suppress(OSError):  # where the machine has none left, a reader goes first
        Path("/proc/self/oom_score_adj").write_text("1000")

"""The workers of a Dask cluster: one that runs already, or one of processes of this machine.

What they need to read goes to each once, as a plugin that the scheduler has for those, too, which
join later. A part goes out packed, and comes back as the contents of its files: nothing is needed
but the network.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import gc
import hashlib
import logging
import os
import pickle
import socket
import tempfile
import threading
import time
import warnings
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import dask
from distributed import Client, LocalCluster, Security
from distributed.client import ClosedClientError
from distributed.core import rpc
from distributed.scheduler import KilledWorker

from kg.annotate.pool import AHEAD
from kg.bulk.carrying import SAME, Carrier, about_of, answered, compare, pack, readied, versions
from kg.errors import ConfigError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from distributed import Future

    from kg.bulk.workers import Given

LOCAL: Final = "local"
"""Stands for a cluster of processes of this machine, in the place of a scheduler's address."""


@contextlib.contextmanager
def cluster(
    scheduler: str,
    given: Given,
    folder: Path,
    *,
    workers: int,
    announce: Callable[[str], None] | None = None,
) -> Iterator[Cluster]:
    """The workers behind a scheduler; so many processes of this machine where it is LOCAL.

    `folder` is where the parts go to: of the runs that write there, of which there is one at a time,
    each takes the place of the last. Raises ConfigError where an address is none, ServiceError where
    there is no scheduler, or where a worker is not fit.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_quiet())
        # What the engine's queries left in cycles would be let go of in a thread of Dask's.
        gc.collect()
        address = scheduler
        if scheduler == LOCAL:
            address = stack.enter_context(_processes(workers))
        else:
            check(address)
        client = stack.enter_context(_client(address))
        found = Cluster(client, address, given, folder, announce or (lambda _: None))
        try:
            found.prepare()
            yield found
        finally:
            found.forget()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own lines off the terminal: what they are about is told by errors."""
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    its = [each for each in loggers if each.name.partition(".")[0] in _TALKING]
    levels = [(each, each.level) for each in its]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="distributed")
        for each in its:
            each.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            for each, level in levels:
                each.setLevel(level)


_TALKING: Final = frozenset({"distributed", "tornado", "asyncio"})


def check(address: str) -> None:
    """Raise ConfigError where an address is none that a scheduler can be reached by from here."""
    try:
        parts = urlsplit(address)
        whole = parts.scheme in _PROTOCOLS and bool(parts.hostname and parts.port)
    except ValueError:  # no number, or none of a port
        whole = False
    if not whole or address != f"{parts.scheme}://{parts.netloc}":
        raise ConfigError(
            f"{address}: is no address of a scheduler",
            hint=f"give one as in tcp://host:8786, or {LOCAL}",
        )
    if parts.scheme == "tls" and not _connection():
        raise ConfigError(
            f"{address}: Dask's settings name no certificates",
            hint="distributed.comm.tls says which, in ~/.config/dask or DASK_DISTRIBUTED__COMM__TLS__…",
        )


_PROTOCOLS: Final = frozenset({"tcp", "tls"})


@contextlib.contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        # A client would wait for ever where something listens and says nothing.
        with ThreadPoolExecutor(1) as thread:  # the caller's may have a loop of its own
            kind = thread.submit(asyncio.run, _asked(address)).result()
        if kind != "Scheduler":
            raise OSError(f"it is a {kind}")
        client: Any = Client(address, timeout=_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (TimeoutError, OSError, ValueError, TypeError, RuntimeError) as error:
        why = " ".join(str(error).split()) or f"nothing was said in {_CONNECT} s"
        raise ServiceError(
            f"{address}: no scheduler answers: {why}", hint="dask scheduler starts one"
        ) from error
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):  # it has gone before
            client.close(timeout=_CONNECT)


async def _asked(address: str) -> str:
    """What there is at an address, in the words of Dask. Raises TimeoutError where nothing is said."""
    there: Any = rpc(address, timeout=_CONNECT, connection_args=_connection())  # type: ignore[no-untyped-call]
    try:
        about = await asyncio.wait_for(there.identity(), _CONNECT)
    finally:
        await there.close_rpc()
    return str(about["type"])


def _connection() -> dict[str, Any]:
    """What it takes to reach a scheduler by TLS; nothing where Dask's settings name no certificates."""
    security: Any = Security()  # type: ignore[no-untyped-call]
    found: dict[str, Any] = security.get_connection_args("client")
    return found if found.get("ssl_context") else {}


@contextlib.contextmanager
def _processes(workers: int) -> Iterator[str]:
    """A cluster of processes of this machine, which no other one can reach."""
    with (
        tempfile.TemporaryDirectory(prefix="kg-", ignore_cleanup_errors=True) as scratch,
        dask.config.set({"temporary-directory": scratch, **_ALONE}),
    ):
        try:
            made: Any = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                # Dask listens for HTTP in any case: here at any port, with no page behind it.
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                silence_logs=logging.CRITICAL,
                local_directory=scratch,
            )
        except (OSError, RuntimeError, ValueError) as error:
            raise ServiceError(
                f"{LOCAL}: the workers do not come up: {' '.join(str(error).split())}",
                hint="leave --scheduler out: --workers alone does the same",
            ) from error
        try:
            yield made.scheduler_address
        finally:
            made.close(timeout=_CONNECT)


_ALONE: Final = {
    "distributed.scheduler.allowed-failures": 1,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
_CONNECT: Final = 10
"""Seconds for a scheduler to answer."""


class Cluster:
    """The workers of a cluster; it is made by `cluster`."""

    blames = True
    """Dask raises `death` when several workers, one after the other, died in the time of one thing."""

    def __init__(
        self,
        client: Any,
        address: str,
        given: Given,
        folder: Path,
        announce: Callable[[str], None],
    ) -> None:
        self.death: type[Exception] = KilledWorker
        self._client = client
        self._address = address
        self._announce = announce
        self._given = given
        self._mark = ""
        self._name = f"kg-{hashlib.sha256(_place(folder).encode()).hexdigest()}"
        self._number = 0
        self._looked = 0.0  # when workers were last counted,
        self._there = 0.0  # and when there were some

    def prepare(self) -> None:
        """Wait for workers, see that they are fit, and give them what they need."""
        self._there = time.monotonic()
        if not self._workers():
            self._announce(f"waiting for workers at {self._address}")
        while not self._workers():
            self._look()
            time.sleep(_PAUSE)
        packed = pack(self._given)
        self._mark = hashlib.sha256(packed).hexdigest()
        carrier = Carrier(packed, self._mark, about_of(self._given))
        with self._reached():
            self._alike(self._client.get_versions(packages=[*SAME]))
            self._client.register_plugin(carrier, name=self._name)
            answers = self._client.run(readied, self._name, self._mark, on_error="return")
            threads = self._client.nthreads()
        for where, answer in sorted(answers.items()):
            # One that has just gone tells nothing; those that come are looked at before their first part.
            if isinstance(answer, BaseException) and not isinstance(answer, OSError):
                raise _unfit(where, answer)
        if any(number > 1 for number in threads.values()):
            self._announce(
                "a worker makes one part at a time: dask worker --nworkers N --nthreads 1 keeps N"
                " cores busy"
            )

    def forget(self) -> None:
        """Have workers forget what they were given."""
        with contextlib.suppress(Exception):  # nobody is there any more
            if self._client.status == "running":
                self._client.unregister_worker_plugin(self._name)

    @property
    def ahead(self) -> int:
        """How many parts are asked for at a time."""
        return max(self._workers(), 1) * AHEAD

    def submit(self, call: Callable[..., Any], *asked: Any) -> Future[Any]:
        """Ask for something."""
        with self._reached():
            answer: Future[Any] = self._client.submit(
                answered, self._name, self._mark, pack((call, asked)), pure=False
            )
        return answer

    def result(self, answer: Future[Any]) -> Any:
        """Wait for an answer. Raises ServiceError where nobody is left to give it."""
        with self._reached():
            waiting = _waiting(answer)
            while True:
                try:
                    return waiting.result(timeout=_PAUSE)
                except TimeoutError:
                    if waiting.done():  # it was the worker's, if it is raised again
                        return waiting.result()
                    self._look()

    def lost(self, _: Future[Any]) -> bool:
        """Whether an answer will never come: the scheduler has others make what one did not."""
        return False

    def works(self) -> bool:
        """Whether there are workers."""
        while not self._workers():
            self._look()
            time.sleep(_PAUSE)
        return True

    def _workers(self) -> int:
        """How many workers there are, counted now and then."""
        now = time.monotonic()
        if not self._number or now - self._looked > _PAUSE:
            with self._reached():
                self._number = len(self._client.nthreads())
            self._looked = now
            if self._number:
                self._there = now
        return self._number

    def _look(self) -> None:
        """Raise ServiceError where there have been no workers for long."""
        if not self._workers() and time.monotonic() - self._there > _PATIENCE:
            raise ServiceError(
                f"{self._address}: there has been no worker for {_PATIENCE:.0f} s",
                hint=f"start some: dask worker {self._address} --nthreads 1; then the same command",
            )

    def _alike(self, found: Mapping[str, Any]) -> None:
        """Raise ServiceError where something is not installed everywhere as it is here."""
        ours = versions()
        places = {f"{self._address} (the scheduler)": found["scheduler"], **found["workers"]}
        for where, those in places.items():
            packages = those["packages"]
            theirs = {name: packages.get(name) for name in SAME} | {
                "python": ".".join(packages["python"].split(".")[:2])
            }
            compare(where, ours, theirs)

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        """Tell in a line what became of the scheduler, or of what it was sent."""
        try:
            yield
        except (ModuleNotFoundError, pickle.UnpicklingError) as error:
            raise _unfit(self._address, error) from error
        except (OSError, CancelledError, ClosedClientError, AttributeError) as error:
            gone = self._client.status != "running"
            if gone or isinstance(error, CancelledError):
                raise ServiceError(
                    f"{self._address}: the scheduler is gone",
                    hint="what was made is kept: start it again, then give the same command",
                ) from error
            if isinstance(error, OSError):
                raise ServiceError(f"{self._address}: {error}") from error
            raise


def _waiting(answer: Future[Any]) -> concurrent.futures.Future[Any]:
    """An answer that a thread waits for, which may be left alone with it.

    Dask's own waiting for so many seconds calls off the transfer of an answer that is under way, and
    all that come after it fail: https://github.com/dask/distributed/issues/8514
    """
    found: concurrent.futures.Future[Any] = concurrent.futures.Future()

    def wait() -> None:
        try:
            found.set_result(answer.result())
        except BaseException as error:  # noqa: BLE001  # it is for the one who asked
            found.set_exception(error)

    threading.Thread(target=wait, daemon=True).start()
    return found


_PAUSE: Final = 1.0
"""Seconds between two looks at which workers there are."""
_PATIENCE: Final = 60.0
"""Seconds without any worker after which nobody waits: a nanny has a new one up in some two."""


def _place(folder: Path) -> str:
    """What names a folder among those of all machines, whatever run it is.

    Containers may have the name, the id and the paths of each other, but no file twice.
    """
    id_ = ""
    with contextlib.suppress(OSError):
        id_ = Path("/etc/machine-id").read_text().strip()
    status = folder.stat()
    return f"{socket.gethostname()} {id_} {os.getuid()} {folder} {status.st_dev} {status.st_ino}"


def _unfit(where: str, error: BaseException) -> ServiceError:
    if isinstance(error, ServiceError):
        return error
    return ServiceError(
        f"{where}: a worker is not fit: {error}", hint="install the same newskg[cluster] everywhere"
    )

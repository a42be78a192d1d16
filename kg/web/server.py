"""Running the application: on a port until somebody ends it, or for one request."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from kg.errors import ConfigError
from kg.web import views
from kg.web.app import application, guarded
from kg.web.connection import Connection
from kg.web.guard import LOCAL
from kg.web.protocol.tokens import Token
from kg.web.readers.pool import PROCESSES, Readers
from kg.web.readers.snapshot import Elsewhere, Snapshots
from kg.web.service import Options, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.workspace import Workspace

TOKEN = "KG_TOKEN"  # noqa: S105 - the name of a variable


def serve(
    workspace: Workspace,
    *,
    host: str,
    port: int,
    seconds: float,
    write: bool = False,
    hosts: tuple[str, ...] = (),
    store: str | None = None,
    every_origin: bool = False,
    ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve a workspace until the process is told to end; `ready` gets the address.

    `store` is the URL of a store elsewhere that is read in the place of the workspace's own;
    `every_origin` lets the pages of all sites read, as they may where the server has a name. Raises
    ConfigError where writing is wanted without a token or the port is taken, StoreError where there
    is no store.
    """
    names = (_bracketed(host), *hosts)
    service = _service(workspace, seconds, write, names, store=store, every_origin=every_origin)
    with _listening(host, port) as listener, _ending():
        address = f"http://{_bracketed(host)}:{listener.getsockname()[1]}/"
        _Server(service, lambda: ready(address)).run([listener])


@contextlib.contextmanager
def running(
    workspace: Workspace,
    *,
    seconds: float = 30.0,
    write: bool = False,
    store: str | None = None,
    processes: int = PROCESSES,
    hosts: tuple[str, ...] = (),
) -> Iterator[str]:
    """A server on a free port of this machine for as long as the block lasts, without a log; its address.

    Raises what `serve` does.
    """
    started = threading.Event()
    with _listening("127.0.0.1", 0) as listener, ThreadPoolExecutor(1) as thread:
        server = _Server(
            _service(workspace, seconds, write, hosts, store=store, log=False, processes=processes),
            started.set,
        )
        ended = thread.submit(server.run, [listener])
        ended.add_done_callback(lambda _: started.set())
        started.wait()
        if ended.done():
            ended.result()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True


def got(address: str, path: str, accept: str) -> tuple[int, bytes]:
    """The status and the body that a path of a server answers with; redirections are followed."""
    import urllib3

    # How long an answer may take is for the server to say: urllib3 by itself would ask again after 3 s.
    answer = urllib3.request(
        "GET", address.rstrip("/") + path, headers={"Accept": accept}, timeout=None
    )
    return answer.status, answer.data


def _service(
    workspace: Workspace,
    seconds: float,
    write: bool,
    hosts: tuple[str, ...] = (),
    *,
    store: str | None = None,
    every_origin: bool = False,
    log: bool = True,
    processes: int = PROCESSES,
) -> Service:
    if store is not None and write:
        raise ConfigError(
            "--write writes to the files of this workspace, and --store shows another store"
        )
    elsewhere = store or (workspace.settings.store if workspace.remote else None)
    source = Snapshots(workspace) if elsewhere is None else Elsewhere(elsewhere, workspace.settings)
    options = Options(
        write=write,
        token=_token(write),
        hosts=(*LOCAL, *hosts),
        # A server that others know by a name is there for others to read.
        every_origin=every_origin or not set(hosts) <= set(LOCAL),
        log=log,
    )
    readers = Readers(
        workspace=workspace,
        source=source,
        load=views.load,
        processes=processes,
        seconds=seconds,
        writing=write,
    )
    return Service(workspace=workspace, readers=readers, options=options)


class _Server(uvicorn.Server):
    """Says when it is ready, and why it could not start."""

    def __init__(self, service: Service, ready: Callable[[], None]) -> None:
        self._app = application(service)
        self._ready = ready
        super().__init__(
            uvicorn.Config(
                guarded(self._app, service),
                http=Connection,
                limit_concurrency=_connections(),
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="on",
                timeout_graceful_shutdown=5,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to end. Raises KgError where it could not start."""
        try:
            super().run(sockets)
        except SystemExit:
            raise self._app.state.failure from None


def _connections() -> int:
    """How many connections there may be at a time: those that the system lets a process have."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(most - _FILES, _FILES) if most != resource.RLIM_INFINITY else 10_000


_FILES: Final = 128
"""Files that a server has open besides."""


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    """Being told to end is how a server ends: uvicorn would raise the signal again afterwards."""
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: None) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _token(write: bool) -> Token | None:
    token = os.environ.get(TOKEN) or None
    if write and (token is None or len(token) < _TOKEN_LENGTH):
        raise ConfigError(
            f"--write: {TOKEN} is {'not set' if token is None else 'too short'}",
            hint=f"export {TOKEN}=… with {_TOKEN_LENGTH} characters or more: who writes has to send it",
        )
    return Token(token) if write and token is not None else None


_TOKEN_LENGTH = 16


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens; port 0 is any that is free."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM
        )[0]
    except OSError as error:
        raise ConfigError(f"{host}: {(error.strerror or str(error)).lower()}") from error
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(listener, address, f"{host}:{port}")
        yield listener


def _bind(listener: socket.socket, address: Any, name: str) -> None:
    try:
        listener.bind(address)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        hint = "another program has it: choose one with --port" if taken else None
        raise ConfigError(f"{name}: {(error.strerror or str(error)).lower()}", hint=hint) from error


def _bracketed(host: str) -> str:
    """A host as it stands in addresses.

    >>> _bracketed("::1")
    '[::1]'
    """
    return f"[{host}]" if ":" in host and not host.startswith("[") else host

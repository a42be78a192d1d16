"""A server on loopback that plays the web: each path answers as a test says, well or badly."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `length` is what it says of its size, and None is the truth."""

    body: bytes = b""
    media: str | None = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    drip: float = 0  # seconds between bytes


@dataclass(frozen=True, slots=True)
class Wire:
    """Bytes that are sent as they are, whether they are an answer of HTTP or not."""

    data: bytes
    drip: float = 0


Answer = Reply | Wire


class LoopbackServer:
    """The server: `routes` are its paths, `asked` the requests that it had, with their headers.

    With a certificate (a file with its key) it speaks TLS.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self.routes: dict[str, Answer | Callable[[int], Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.asked.append((self.path, dict(self.headers)))
                times = sum(path == self.path for path, _ in server.asked)
                answer = server.routes.get(self.path, Reply(b"nothing here", status=404))
                if callable(answer):
                    answer = answer(times)
                with contextlib.suppress(OSError):  # they hang up, which is what we test
                    self._send(answer)
                self.close_connection = True

            def _send(self, answer: Answer) -> None:
                if isinstance(answer, Wire):
                    self._drip(answer.data, answer.drip)
                    return
                self.send_response(answer.status)
                if answer.media is not None:
                    self.send_header("Content-Type", answer.media)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.length != -1:
                    length = len(answer.body) if answer.length is None else answer.length
                    self.send_header("Content-Length", str(length))
                self.end_headers()
                self._drip(answer.body, answer.drip)

            def _drip(self, data: bytes, pause: float) -> None:
                size = 1 if pause else len(data) or 1
                for start in range(0, len(data), size):
                    self.wfile.write(data[start : start + size])
                    time.sleep(pause)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """Say nothing: a client that hangs up is what we test."""

        self.server = Server(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self.server.server_address[1]
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def paths(self) -> list[str]:
        """What was asked for, in order, without the robots.txt that comes first."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

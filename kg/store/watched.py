"""Lines to a server that are cut at a deadline, whatever drips in until then."""

from __future__ import annotations

import http.client
import socket
import threading
from typing import TYPE_CHECKING, Any, Self, cast
from urllib import request as urllib

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable


class Watch:
    """Cuts the line at the deadline, whatever drips in until then."""

    def __init__(self, seconds: float) -> None:
        self.late = False
        self._line: socket.socket | None = None
        self._timer = threading.Timer(max(seconds, 0.0), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._line is not None:
            self._line.close()

    def connected(self, *arguments: Any) -> socket.socket:
        """A connection as http.client makes them."""
        opened = socket.create_connection(*arguments)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line = opened.dup()  # a copy: TLS takes the socket over and leaves the object empty
        if self.late:
            self._cut()
        return opened

    def _cut(self) -> None:
        self.late = True
        if self._line is not None:
            try:
                self._line.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


class Plain(urllib.HTTPHandler):
    """HTTP over a watched line."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def http_open(self, req: urllib.Request) -> http.client.HTTPResponse:
        """The answer to a request."""

        def line(host: str, **settings: Any) -> http.client.HTTPConnection:
            made = http.client.HTTPConnection(host, **settings)
            made._create_connection = self._watch.connected  # type: ignore[attr-defined]
            return made

        return self.do_open(cast("Any", line), req)


class Secure(urllib.HTTPSHandler):
    """HTTPS over a watched line."""

    def __init__(self, watch: Watch, certificates: Callable[[], ssl.SSLContext]) -> None:
        super().__init__()
        self._watch = watch
        self._certificates = certificates

    def https_open(self, req: urllib.Request) -> http.client.HTTPResponse:
        """The answer to a request."""
        context = self._certificates()

        def line(host: str, **settings: Any) -> http.client.HTTPConnection:
            made = http.client.HTTPSConnection(host, context=context, **settings)
            made._create_connection = self._watch.connected  # type: ignore[attr-defined]
            return made

        return self.do_open(cast("Any", line), req)

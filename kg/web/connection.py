"""A connection that waits neither for ever nor for everything until a request has begun.

uvicorn bounds neither the length of the headers nor the time that they take; both are what a client
can hold a server up with before anything of it is looked at.
"""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD: Final = 64_000
"""Bytes of the first line and the headers; a query in an address may be long."""
SECONDS: Final = 10.0
"""Seconds in which they have to come."""


class Connection(HttpToolsProtocol):
    """A connection whose requests begin within bounds."""

    _head: int | None = 0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._head_complete()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come, unless the headers have grown too long."""
        super().data_received(data)
        if self._head is not None and not self.transport.is_closing():
            self._head += len(data)
            if self._head > HEAD:
                self.send_400_response("The headers are too long.")

    def on_message_begin(self) -> None:
        """A request begins, perhaps on a connection that has had others."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """The request can be answered."""
        self._head_complete()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._head_complete()
        self._head = 0
        self._deadline = self.loop.call_later(SECONDS, self._too_late)

    def _head_complete(self) -> None:
        self._head = None
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

"""What every request passes: who is asked for, how much is sent, what browsers may do, what is noted."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request

from kg.errors import bounded
from kg.web.protocol.problems import problem
from kg.web.protocol.requests import client
from kg.web.protocol.tokens import bearer
from kg.web.readers.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kg.web.protocol.tokens import Token

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
"""Nothing from elsewhere, and no script or style that stands in the page itself."""
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+):\d+")
LOCAL: Final = ("localhost", "127.0.0.1", "[::1]")
GRAPHS: Final = "/graph"
"""The path of the graphs, which are written at it and below it."""
WRITING: Final = ("PUT", "POST", "DELETE")
"""The methods by which graphs are written."""


class Guard:
    """Refuses requests for other hosts and those that are too large; adds headers; writes the log.

    The Host header is looked at because a page from anywhere can have a browser ask this machine
    under a name of its own (DNS rebinding). `hosts` are names without ports, `*` any. Who has the
    `token` and writes graphs may send `writing_body` bytes, all others `body`: how much is taken says
    whether a token is right, so it is here that tokens for graphs are counted. `base` tells clients
    apart that come by way of a proxy.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Collection[str],
        body: int,
        writing_body: int,
        token: Token | None,
        base: str,
        log: bool,
    ) -> None:
        self.app = app
        self.hosts = {host.lower() for host in hosts}
        self.body = body
        self.writing_body = writing_body
        self.token = token
        self.base = base
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = {**scope, "headers": _joined(scope["headers"])}
        log = _Log(scope, send, written=self.log)
        headers = Headers(scope=scope)
        refusal = self._not_here(headers)
        if refusal is None:
            try:
                may_write = self._may_write(scope, headers)
            except Refused as refused:
                refusal = problem(refused.status, refused.detail, headers=refused.headers)
        if refusal is None:
            scope = {**scope, "state": {**scope.get("state", {}), _MAY_WRITE: may_write}}
            limit = self.writing_body if may_write else self.body
            refusal = _too_large(headers, limit)
        if refusal is not None:
            await refusal(scope, receive, log.send)
            return
        if scope["method"] == "HEAD":  # what GET answers, without the body: nobody need think of it
            scope = {**scope, "method": "GET"}
        await self.app(scope, _limited(receive, limit), log.send)

    def _may_write(self, scope: Scope, headers: Headers) -> bool:
        """Whether a request writes graphs and has the token. Raises Refused (429)."""
        path: str = scope["path"]
        if self.token is None or scope["method"] not in WRITING:
            return False
        given = bearer(headers.get("authorization", ""))
        if not given or not (path == GRAPHS or path.startswith(f"{GRAPHS}/")):
            return False
        return self.token.check(given, client(Request(scope), self.base))

    def _not_here(self, headers: Headers) -> ASGIApp | None:
        if len(headers.getlist("host")) > 1:
            return problem(400, "a request names one host; this one names several")
        host = _without_port(headers.get("host", "")).lower()
        if "*" in self.hosts or host in self.hosts:
            return None
        return problem(
            421,
            f"this server does not answer for the host {bounded(host, 100) or 'without name'}",
            hint="kg serve --allow-host NAME lets it",
        )


_LISTS: Final = {b"accept", b"accept-language", b"if-none-match"}
"""The headers with lists that are read here, which may come in several lines (RFC 9110, 5.3)."""


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Headers with each list on one line.

    >>> _joined([(b"accept", b"text/csv"), (b"host", b"a"), (b"accept", b"*/*")])
    [(b'host', b'a'), (b'accept', b'text/csv, */*')]
    """
    found = list(headers)
    lists: dict[bytes, list[bytes]] = {}
    for name, value in found:
        if name in _LISTS:
            lists.setdefault(name, []).append(value)
    others = [header for header in found if header[0] not in _LISTS]
    return others + [(name, b", ".join(values)) for name, values in lists.items()]


_MAY_WRITE: Final = "may_write"


def may_write(request: Request) -> bool:
    """Whether a request to write graphs came with the token, as the guard has found."""
    return bool(getattr(request.state, _MAY_WRITE, False))


def _too_large(headers: Headers, limit: int) -> ASGIApp | None:
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > limit:
        return problem(413, f"a request may have {limit:,} bytes here")
    return None


def _without_port(host: str) -> str:
    """The name in a Host header.

    >>> _without_port("[::1]:8010"), _without_port("localhost:8010")
    ('[::1]', 'localhost')
    """
    found = _HOST.fullmatch(host)
    return found[1] if found else host


class TooLarge(Exception):  # noqa: N818 - a refusal, not a failure
    """A body without Content-Length turned out larger than allowed."""


def _limited(receive: Receive, limit: int) -> Receive:
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise TooLarge(f"a request may have {limit:,} bytes here")
        return message

    return limited


class _Log:
    """Adds the headers to a response, leaves out the body for HEAD, and writes a line on stderr."""

    def __init__(self, scope: Scope, send: Send, *, written: bool) -> None:
        self.scope = scope
        self._send = send
        self._written = written
        self._begin = time.perf_counter()
        self._status = 0
        self._bytes = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        else:
            if self.scope["method"] == "HEAD":
                message["body"] = b""
            self._bytes += len(message.get("body", b""))
        await self._send(message)
        ended = message["type"] == "http.response.body" and not message.get("more_body")
        if ended and self._written:
            self._write()

    def _write(self) -> None:
        scope = self.scope
        client = scope["client"][0] if scope.get("client") else "-"
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        took = 1000 * (time.perf_counter() - self._begin)
        # What clients send is never written as it is: no header at all, and of the address one line.
        line = f"{client} {scope['method']} {bounded(target, 200)} {self._status} {self._bytes} {took:.0f}ms"
        sys.stderr.write(line + "\n")

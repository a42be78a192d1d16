"""One request and its answer: a deadline in all, a limit of its size, and what went wrong in our own words.

Proxies that the environment names are not used.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urljoin

from kg.errors import bounded
from kg.http.connection import Guard, InsideError, manager
from kg.http.packed import unpacked
from kg.http.url import FetchError, checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from urllib3 import PoolManager
    from urllib3.response import BaseHTTPResponse

REDIRECTS: Final = 5
_BLOCK: Final = 1 << 16
_STATUS: Final = {
    400: "the server did not understand the request",
    401: "asks for a password",
    402: "asks for payment",
    403: "may not be read: the server refuses",
    404: "not there",
    406: "not there in a form that can be read",
    408: "the server gave up waiting",
    410: "not there any more",
    413: "the request is too long for the server",
    414: "the request is too long for the server",
    429: "too many requests",
    451: "withheld for legal reasons",
    500: "the server failed",
    502: "the server behind it failed",
    503: "the server is busy or down",
    504: "the server behind it did not answer",
}


class Lines:
    """The connections of one run, for one thread."""

    def __init__(self) -> None:
        self.guard = Guard()
        self.plain = manager(self.guard)

    @functools.cached_property
    def secure(self) -> PoolManager:
        """Connections with TLS; to load the certificates takes longer than to fetch a page."""
        import certifi

        context = ssl.create_default_context()
        # Some Pythons come without any certificates, and companies add their own to the system's.
        context.load_verify_locations(certifi.where())
        return manager(self.guard, context)

    def to(self, address: str) -> PoolManager:
        """Those that lead to an address."""
        return self.secure if address.startswith("https:") else self.plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent. It has to be answered before the moment `until` of the monotonic clock.

    `deadline` is for messages: how many seconds it had in all. `patience` is how many seconds the server
    may be silent.
    """

    address: str
    until: float
    deadline: float
    patience: float
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Exchange:
    """A request and its answer. A watch cuts the line at the deadline, whatever drips in until then."""

    response: BaseHTTPResponse

    def __init__(self, lines: Lines, request: Request) -> None:
        self.guard = lines.guard
        self.pools = lines.to(request.address)
        self.request = request
        self.line: socket.socket | None = None
        self.late = False
        self.watch = threading.Timer(max(request.until - time.monotonic(), 0), self._cut)
        self.watch.daemon = True

    def __enter__(self) -> Self:
        from urllib3 import Timeout

        request = self.request
        self.guard.opened, self.guard.until = self._opened, request.until
        self.watch.start()
        try:
            with self._telling():
                self.response = self.pools.request(
                    request.method,
                    request.address,
                    body=request.body,
                    headers={
                        "Accept-Encoding": "gzip, deflate",
                        "Connection": "close",
                        **request.headers,
                    },
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    timeout=Timeout(connect=request.patience, read=request.patience),
                )
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self._close()

    def body(self, limit: int, *, cut: bool = False) -> bytes:
        """The body, decompressed; one that is longer than the limit is refused, or cut off."""
        parts: list[bytes] = []
        size = 0
        with self._telling():
            # urllib3 would unpack as it goes, and take what was cut off for the whole.
            while part := self.response.read1(_BLOCK, decode_content=False):
                parts.append(part)
                size += len(part)
                if size > limit:
                    break
        if self.late:  # a line that was cut looks like the end of the body
            raise self._too_late()
        body = b"".join(parts)
        if size <= limit:
            try:
                body = unpacked(body, self.response.headers.get("Content-Encoding", ""), limit)
            except ValueError as error:
                raise FetchError(str(error), remote=True) from None
        if len(body) > limit and not cut:
            raise FetchError(f"has more than {limit:,} bytes")
        return body[:limit]

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """Say what went wrong on the way in our own words."""
        from urllib3.exceptions import HTTPError

        try:
            yield
        except InsideError as error:
            raise FetchError(
                f"leads into the network here: {error}", hint="name it yourself, if it is meant"
            ) from error
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            if self.late or time.monotonic() >= self.request.until:
                raise self._too_late() from error
            raise _trouble(error, self.request.patience) from error

    def _opened(self, opened: socket.socket) -> None:
        # A copy: TLS takes the socket over and leaves the object empty.
        self.line = opened.dup()
        if self.late:  # the watch found nothing to cut yet
            self._cut()

    def _cut(self) -> None:
        self.late = True
        if line := self.line:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        self.watch.cancel()
        self.watch.join()
        if self.line:
            self.line.close()
        # No connection is used twice: where it leads to is judged when it is made.
        self.pools.clear()

    def _too_late(self) -> FetchError:
        return FetchError(
            f"took longer than {self.request.deadline:g} s", hint="try again later", remote=True
        )


_LOOK: Final = "is the address right, and is this machine on the network?"
_LATER: Final = "try again later"


def _trouble(error: Exception, patience: float) -> FetchError:
    """What kept an answer from coming, and what to do about it."""
    from urllib3 import exceptions as known

    def fault(what: str, hint: str, *, absent: bool = False) -> FetchError:
        return FetchError(what, hint=hint, remote=True, absent=absent)

    cause = error.__cause__ or error.__context__
    if isinstance(error, known.NameResolutionError):
        return fault("there is no host of that name", _LOOK, absent=True)
    if isinstance(error, known.NewConnectionError):
        if isinstance(cause, ConnectionRefusedError):
            return fault("nothing listens there", _LOOK, absent=True)
        if not isinstance(cause, TimeoutError):
            what = bounded(getattr(cause, "strerror", None) or "out of reach").lower()
            return fault(what, _LOOK, absent=True)
    if isinstance(error, (known.TimeoutError, known.NewConnectionError)):
        return fault(f"no answer in {patience:g} s", _LATER)
    if isinstance(error, known.SSLError):
        reason = getattr(cause, "verify_message", None) or getattr(cause, "reason", None) or error
        what = f"no safe connection: {bounded(str(reason), 100)}"
        return fault(what, "is its certificate good, and does it speak TLS?", absent=True)
    if isinstance(cause, (http.client.IncompleteRead, ConnectionError, known.IncompleteRead)):
        return fault("the connection broke off", _LATER)
    if isinstance(error, (known.ProtocolError, known.HTTPError)):
        return fault("what answers there does not speak HTTP, or breaks off", _LOOK)
    return fault(f"cannot be had: {bounded(str(error), 100)}", _LOOK)


def redirect(response: BaseHTTPResponse) -> str | None:
    """Where an answer says that the thing is instead, as it says it."""
    location = response.get_redirect_location()
    if not location:
        return None
    # A header is read as Latin-1, and servers put UTF-8 into it.
    with contextlib.suppress(UnicodeError):
        return location.encode("latin-1").decode()
    return location


def hop(address: str, location: str, seen: set[str]) -> str:
    """Where a redirect leads, if it may; raises FetchError where it goes round or too far."""
    try:
        target = checked(urljoin(address, location))
    except (FetchError, ValueError) as error:
        raise FetchError(f"redirects to {bounded(location, 100)}: {error}") from None
    if target in seen:
        raise FetchError("redirects in a circle")
    if len(seen) > REDIRECTS:
        raise FetchError(f"redirects more than {REDIRECTS} times")
    seen.add(target)
    return target


def retry_after(said: str, now: float) -> float | None:
    """In how many seconds a header Retry-After asks to come again, in either of its forms.

    `now` is the time as seconds since 1970.

    >>> retry_after("7", 0), retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 10), retry_after("soon", 0)
    (7.0, 50.0, None)
    """
    said = said.strip()
    if re.fullmatch(r"[0-9]{1,9}", said):
        return float(said)
    try:
        then = parsedate_to_datetime(said)
        return max(then.replace(tzinfo=then.tzinfo or UTC).timestamp() - now, 0.0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def meaning(status: int) -> str:
    """What a status that is no success says.

    >>> meaning(404), meaning(599)
    ('not there (status 404)', 'the server failed (status 599)')
    """
    what = _STATUS.get(status) or ("the server failed" if status >= 500 else "nothing came of it")
    return f"{what} (status {status})"

"""Pages and feeds from the web, by the rules of guests.

Only what somebody named is fetched, or what a feed or a redirect leads to. robots.txt is honoured
(RFC 9309), redirects are bounded and every hop is judged anew, a request has a deadline and an answer a
size, both measured as it comes in. What the public web leads to cannot be a machine of the network here.

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
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urljoin

from kg import __version__
from kg.intake.moment import now
from kg.intake.packed import unpacked
from kg.intake.raw import CONTAINER_LIMIT, bounded
from kg.intake.url import FetchError, checked, site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protego import Protego
    from urllib3 import PoolManager
    from urllib3.response import BaseHTTPResponse

    from kg.edtf import Edtf
    from kg.intake.raw import Options

AGENT: Final = "kg"
"""The name under which robots.txt may speak of us."""
REDIRECTS: Final = 5
ROBOTS_LIMIT: Final = 512_000
"""Bytes of a robots.txt that are read; RFC 9309 asks for 500 KiB at least."""
_LONGEST_PAUSE: Final = 30
"""Seconds that a robots.txt can make us wait between requests."""
_BLOCK: Final = 1 << 16
_ACCEPT: Final = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml,"
    " application/feed+json, application/json;q=0.9, application/xml;q=0.9, text/plain;q=0.8, text/*;q=0.5"
)
_STATUS: Final = {
    400: "the server did not understand the request",
    401: "asks for a password",
    402: "asks for payment",
    403: "may not be read: the server refuses",
    404: "not there",
    406: "not there in a form that can be read",
    408: "the server gave up waiting",
    410: "not there any more",
    429: "too many requests",
    451: "withheld for legal reasons",
    500: "the server failed",
    502: "the server behind it failed",
    503: "the server is busy or down",
    504: "the server behind it did not answer",
}
_PASSING: Final = {429, 503}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What came from an address: `url` is where it was found in the end; `public` is of its server."""

    url: str
    content: bytes
    media: str | None
    retrieved: Edtf
    public: bool


class Web:
    """The web for one run: what each robots.txt says, and when a server was last asked.

    For one thread, which asks for one thing after the other.
    """

    def __init__(self, options: Options) -> None:
        from kg.intake.address import Guard, manager

        self.options = options
        self.guard = Guard()
        self.plain = manager(self.guard)
        self.rules: dict[str, Protego | FetchError] = {}
        self.asked: dict[str, float] = {}

    @functools.cached_property
    def secure(self) -> PoolManager:
        """Connections with TLS; to load the certificates takes longer than to fetch a page."""
        import certifi

        from kg.intake.address import manager

        context = ssl.create_default_context()
        # Some Pythons come without any certificates, and companies add their own to the system's.
        context.load_verify_locations(certifi.where())
        return manager(self.guard, context)

    def fetch(self, url: str, *, from_public: bool = False) -> Page:
        """What is at an address. One that was found in something public may not lead inside.

        Raises FetchError with the reason.
        """
        until = time.monotonic() + self.options.deadline
        address = checked(url)
        seen = {address}
        self.guard.public_only = from_public
        waited = False
        while True:
            self._ask_robots(address, until)
            until += self._pause(address)
            with _Request(self, address, until) as request:
                response = request.response
                # What a public address leads to is public, or it is a trap.
                self.guard.public_only |= self.guard.public
                if location := _redirect(response):
                    address = _hop(address, location, seen)
                    continue
                wait = None if waited else _retry_after(response)
                if wait is None or time.monotonic() + wait >= until:
                    if response.status != 200:
                        raise _refused(response)
                    media, limit = self._media(response)
                    return Page(
                        url=address,
                        content=request.body(limit),
                        media=media,
                        retrieved=now(),
                        public=self.guard.public,
                    )
            waited = True
            time.sleep(wait)

    def _media(self, response: BaseHTTPResponse) -> tuple[str | None, int]:
        """The media type, with the charset, and how long such a thing may be."""
        media = bounded(response.headers.get("Content-Type", ""), 200)
        type_ = media.partition(";")[0].strip().lower()
        if not type_:
            return None, self.options.limit
        if type_.endswith(("/xml", "+xml", "json", "jsonl", "ndjson")) and "xhtml" not in type_:
            return media, CONTAINER_LIMIT
        if type_.startswith("text/") or "xhtml" in type_:
            return media, self.options.limit
        raise FetchError(
            f"is {type_}, not a page, a text or a feed",
            hint="save it and name the file, if it is something that can be read",
        )

    def _ask_robots(self, address: str, until: float) -> None:
        """Raise FetchError where the server does not want programs at an address."""
        where = site(address)
        if where not in self.rules:
            before = self.guard.public_only
            try:
                self.rules[where] = self._robots(where, until)
            except FetchError as error:
                if error.remote:  # a feed may have a hundred links to a server that is down
                    self.rules[where] = error
                raise
            finally:
                self.guard.public_only = before
        rules = self.rules[where]
        if isinstance(rules, FetchError):
            raise FetchError(str(rules), hint=rules.hint, remote=rules.remote)
        if not rules.can_fetch(address, AGENT):
            raise FetchError(
                "its robots.txt asks programs to stay away",
                hint="open it in a browser and save the page, if you may",
            )

    def _robots(self, where: str, until: float) -> Protego | FetchError:
        """The rules of a site; all is allowed where it has none, and nothing where it cannot say."""
        from protego import Protego

        address = f"{where}/robots.txt"
        seen = {address}
        while True:
            with _Request(self, address, until) as request:
                response = request.response
                self.guard.public_only |= self.guard.public
                if location := _redirect(response):
                    try:
                        address = _hop(address, location, seen)
                    except FetchError:  # too many: as if there were none, says the standard
                        return Protego.parse("")
                    continue
                if response.status >= 500 or response.status == 429:
                    return FetchError(
                        f"its robots.txt cannot be had (status {response.status}), so nothing may be",
                        hint="try again later",
                        remote=True,
                    )
                if response.status != 200:
                    return Protego.parse("")
                content = request.body(ROBOTS_LIMIT, cut=True)
                return Protego.parse(content.decode(errors="replace"))

    def _pause(self, address: str) -> float:
        """Wait until the server may be asked again; returns for how many seconds that was."""
        where = site(address)
        rules = self.rules[where]
        delay = None if isinstance(rules, FetchError) else rules.crawl_delay(AGENT)
        pause = max(self.options.pause, min(delay or 0, _LONGEST_PAUSE))
        wait = 0.0
        if where in self.asked:
            wait = max(self.asked[where] + pause - time.monotonic(), 0)
            time.sleep(wait)
        self.asked[where] = time.monotonic()
        return wait


class _Request:
    """One request and its answer. A watch cuts the line at the deadline, whatever drips in until then."""

    response: BaseHTTPResponse

    def __init__(self, web: Web, address: str, until: float) -> None:
        self.web = web
        self.address = address
        self.pools = web.secure if address.startswith("https:") else web.plain
        self.until = until
        self.line: socket.socket | None = None
        self.late = False
        self.watch = threading.Timer(max(until - time.monotonic(), 0), self._cut)
        self.watch.daemon = True

    def __enter__(self) -> Self:
        from urllib3 import Timeout

        options = self.web.options
        agent = f"{AGENT}/{__version__}" + (f" (+{options.contact})" if options.contact else "")
        self.web.guard.opened, self.web.guard.until = self._opened, self.until
        self.watch.start()
        try:
            with self._telling():
                self.response = self.pools.request(
                    "GET",
                    self.address,
                    headers={
                        "User-Agent": agent,
                        "Accept": _ACCEPT,
                        "Accept-Encoding": "gzip, deflate",
                        "Connection": "close",
                    },
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    timeout=Timeout(connect=options.patience, read=options.patience),
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

        from kg.intake.address import InsideError

        try:
            yield
        except InsideError as error:
            raise FetchError(
                f"leads into the network here: {error}", hint="name it yourself, if it is meant"
            ) from error
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            if self.late or time.monotonic() >= self.until:
                raise self._too_late() from error
            what, hint = _trouble(error, self.web.options.patience)
            raise FetchError(what, hint=hint, remote=True) from error

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
            f"took longer than {self.web.options.deadline:g} s", hint="try again later", remote=True
        )


_LOOK: Final = "is the address right, and is this machine on the network?"
_LATER: Final = "try again later"


def _trouble(error: Exception, patience: float) -> tuple[str, str]:
    """What kept an answer from coming, and what to do about it."""
    from urllib3 import exceptions as known

    cause = error.__cause__ or error.__context__
    if isinstance(error, known.NameResolutionError):
        return "there is no host of that name", _LOOK
    if isinstance(error, known.NewConnectionError):
        if isinstance(cause, ConnectionRefusedError):
            return "nothing listens there", _LOOK
        if not isinstance(cause, TimeoutError):
            return bounded(getattr(cause, "strerror", None) or "out of reach").lower(), _LOOK
    if isinstance(error, (known.TimeoutError, known.NewConnectionError)):
        return f"no answer in {patience:g} s", _LATER
    if isinstance(error, known.SSLError):
        reason = getattr(cause, "verify_message", None) or getattr(cause, "reason", None) or error
        what = bounded(str(reason), 100)
        return f"no safe connection: {what}", "is its certificate good, and does it speak TLS?"
    if isinstance(cause, (http.client.IncompleteRead, ConnectionError, known.IncompleteRead)):
        return "the connection broke off", _LATER
    if isinstance(error, (known.ProtocolError, known.HTTPError)):
        return "what answers there does not speak HTTP, or breaks off", _LOOK
    return f"cannot be had: {bounded(str(error), 100)}", _LOOK


def _redirect(response: BaseHTTPResponse) -> str | None:
    location = response.get_redirect_location()
    if not location:
        return None
    # A header is read as Latin-1, and servers put UTF-8 into it.
    with contextlib.suppress(UnicodeError):
        return location.encode("latin-1").decode()
    return location


def _hop(address: str, location: str, seen: set[str]) -> str:
    """Where a redirect leads, if it may."""
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


def _retry_after(response: BaseHTTPResponse) -> float | None:
    """In how many seconds a server that is busy wants to be asked again, if it says so."""
    said = response.headers.get("Retry-After", "").strip()
    if response.status not in _PASSING or not said:
        return None
    if re.fullmatch(r"\d{1,9}", said):
        return int(said)
    try:
        return max(parsedate_to_datetime(said).timestamp() - time.time(), 0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _refused(response: BaseHTTPResponse) -> FetchError:
    status = response.status
    what = _STATUS.get(status) or ("the server failed" if status >= 500 else "no page came of it")
    seconds = _retry_after(response)
    return FetchError(
        f"{what} (status {status})",
        hint=f"it asks to be left alone for {seconds:.0f} s" if seconds is not None else None,
        remote=status >= 500 or status == 429,
    )

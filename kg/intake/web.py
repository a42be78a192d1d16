"""Pages and feeds from the web, by the rules of guests.

Only what somebody named is fetched, or what a feed or a redirect leads to. robots.txt is honoured
(RFC 9309), redirects are bounded and every hop is judged anew, a request has a deadline and an answer a
size, both measured as it comes in. What the public web leads to cannot be a machine of the network here.

Proxies that the environment names are not used.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg import __version__
from kg.errors import bounded
from kg.http.exchange import Exchange, Lines, Request, hop, meaning, redirect, retry_after
from kg.http.url import FetchError, checked, site
from kg.intake.moment import now
from kg.intake.raw import CONTAINER_LIMIT

if TYPE_CHECKING:
    from protego import Protego
    from urllib3.response import BaseHTTPResponse

    from kg.edtf import Edtf
    from kg.intake.raw import Options

AGENT: Final = "kg"
"""The name under which robots.txt may speak of us."""
ROBOTS_LIMIT: Final = 512_000
"""Bytes of a robots.txt that are read; RFC 9309 asks for 500 KiB at least."""
_LONGEST_PAUSE: Final = 30
"""Seconds that a robots.txt can make us wait between requests."""
_ACCEPT: Final = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml,"
    " application/feed+json, application/json;q=0.9, application/xml;q=0.9, text/plain;q=0.8, text/*;q=0.5"
)
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
        self.options = options
        self.lines = Lines()
        self.guard = self.lines.guard
        self.rules: dict[str, Protego | FetchError] = {}
        self.asked: dict[str, float] = {}

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
            with self._request(address, until) as exchange:
                response = exchange.response
                # What a public address leads to is public, or it is a trap.
                self.guard.public_only |= self.guard.public
                if location := redirect(response):
                    address = hop(address, location, seen)
                    continue
                wait = None if waited else _wait(response)
                if wait is None or time.monotonic() + wait >= until:
                    if response.status != 200:
                        raise _refused(response)
                    media, limit = self._media(response)
                    return Page(
                        url=address,
                        content=exchange.body(limit),
                        media=media,
                        retrieved=now(),
                        public=self.guard.public,
                    )
            waited = True
            time.sleep(wait)

    def _request(self, address: str, until: float) -> Exchange:
        options = self.options
        agent = f"{AGENT}/{__version__}" + (f" (+{options.contact})" if options.contact else "")
        request = Request(
            address=address,
            until=until,
            deadline=options.deadline,
            patience=options.patience,
            headers={"User-Agent": agent, "Accept": _ACCEPT},
        )
        return Exchange(self.lines, request)

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
            with self._request(address, until) as exchange:
                response = exchange.response
                self.guard.public_only |= self.guard.public
                if location := redirect(response):
                    try:
                        address = hop(address, location, seen)
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
                content = exchange.body(ROBOTS_LIMIT, cut=True)
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


def _wait(response: BaseHTTPResponse) -> float | None:
    """In how many seconds a server that is busy wants to be asked again, if it says so."""
    if response.status not in _PASSING:
        return None
    return retry_after(response.headers.get("Retry-After", ""), time.time())


def _refused(response: BaseHTTPResponse) -> FetchError:
    seconds = _wait(response)
    return FetchError(
        meaning(response.status),
        hint=f"it asks to be left alone for {seconds:.0f} s" if seconds is not None else None,
        remote=response.status >= 500 or response.status == 429,
    )

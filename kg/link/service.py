"""Asking services on the network, with the manners that their operators ask for.

Nobody is asked before `contact` says how to reach whoever asks; a server has one request of ours at a time;
what it asks for in Retry-After is kept to; pauses grow from try to try, and all of it has a deadline. What
was answered is kept, with its age.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

import orjson

from kg import __version__
from kg.errors import ConfigError, ServiceError, bounded
from kg.http.clock import Clock
from kg.http.exchange import Exchange, Lines, Request, hop, meaning, redirect, retry_after
from kg.http.url import FetchError, checked
from kg.link.cache import Cache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from urllib3.response import BaseHTTPResponse

    from kg.config import Settings

ANSWER_LIMIT: Final = 64_000_000
"""Bytes of an answer: 50 of the largest items have half as many, and most have a hundredth."""
DEADLINE: Final = 120.0
"""Seconds that a request may take with all its retries: two of Wikidata's minutes of penalty."""
PATIENCE: Final = 60.0
"""Seconds that one try may take: what Wikidata's query service gives a query."""
ENTITIES_AGE: Final = timedelta(days=30)
SEARCHES_AGE: Final = timedelta(days=1)
_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that pass, says the HTTP standard."""
_TOO_LONG: Final = frozenset({413, 414})
_KEEPING_METHOD: Final = frozenset({307, 308})


class Passing(Exception):  # noqa: N818  # it is no error yet
    """A fault that may pass; `after` is in how many seconds the server asks to be asked again."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class NeverAskedError(ServiceError):
    """Offline, an answer is missing."""


class TooLongError(ServiceError):
    """A request is longer than the service takes; a shorter one may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request to a service, which answers in JSON.

    `parameters` go into the address, `form` or `body` with its media type into a POST. `about` says in a
    few words what is sought. `manners` are parameters by which the answer does not change.
    """

    url: str
    about: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    manners: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    body: tuple[str, bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What an answer is kept by: all of it that the answer depends on.

        >>> Question(url="https://example.org/", about="it", parameters={"b": "2", "a": "1"}).key
        'https://example.org/?a=1&b=2'
        """
        parts = [f"{self.url}?{urlencode(sorted(self.parameters.items()))}"]
        parts += [f"{name}: {value}" for name, value in sorted(self.headers.items())]
        if self.form is not None:
            parts.append(urlencode(sorted(self.form.items())))
        if self.body is not None:
            parts.append(self.body[1].decode(errors="replace"))
        return "\n".join(parts)

    def sent(self) -> tuple[str, str, bytes | None, dict[str, str]]:
        """As a request has it: method, address, body and headers."""
        given = urlencode({**self.parameters, **self.manners})
        joined = "&" if "?" in self.url else "?"
        address = f"{self.url}{joined}{given}" if given else self.url
        headers = {"Accept": "application/json", **self.headers}
        if self.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            return "POST", address, urlencode(self.form).encode(), headers
        if self.body is not None:
            headers["Content-Type"] = self.body[0]
            return "POST", address, self.body[1], headers
        return "GET", address, None, headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service answered; `after` is its Retry-After, which some send with a status of success."""

    data: Any
    after: float | None = None


class Client:
    """All that one run asks of services.

    `waiting` is told every second of a pause how many are left and for which reason, and at its end of 0.
    With `offline` nobody is asked, and answers count however old they are; with `refresh` only those count
    that came since the client was made.
    """

    def __init__(
        self,
        contact: str,
        *,
        cache: Path | None = None,
        offline: bool = False,
        refresh: bool = False,
        deadline: float = DEADLINE,
        patience: float = PATIENCE,
        limit: int = ANSWER_LIMIT,
        waiting: Callable[[float, str], None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.contact = contact
        self.cache = Cache(cache) if cache is not None else None
        self.offline = offline
        self.deadline = deadline
        self.patience = patience
        self.limit = limit
        self.waiting = waiting or (lambda _seconds, _reason: None)
        self.clock = clock or Clock()
        self.requests = 0
        self._since = self._now() if refresh else datetime.min.replace(tzinfo=UTC)
        self._oldest = self._now()
        self._reached: set[str] = set()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        # Who has the turn of a server uses its lines; to make new ones means to load the certificates.
        self._lines: defaultdict[str, Lines] = defaultdict(Lines)

    @property
    def as_of(self) -> str:
        """The date of the oldest answer that was given: today, unless one was kept."""
        return f"{self._oldest:%Y-%m-%d}"

    def ask(
        self,
        question: Question,
        *,
        age: timedelta | None,
        judge: Callable[[Answer], None] = lambda _: None,
    ) -> Any:
        """The JSON that answers a question: one that was kept and is not older than `age`, or a new one.

        `judge` raises Passing or ServiceError where JSON that came is no answer. Without an age nothing is
        kept. Raises ServiceError where no answer comes, ConfigError where nobody may be asked yet.
        """
        known = self.known(question.key, age) if age is not None else None
        if known is not None:
            return known
        answer = self.fetch(question, judge)
        if age is not None:
            self.keep(question.key, answer.data)
        return answer.data

    def known(self, key: str, age: timedelta) -> Any | None:
        """What was kept under a key and may still be given as an answer."""
        kept = self.cache.get(key) if self.cache else None
        if kept is None or kept.at < self._since:
            return None
        if not self.offline and self._now() - kept.at > age:
            return None
        self._oldest = min(self._oldest, kept.at)
        return kept.data

    def keep(self, key: str, data: Any) -> None:
        """Keep an answer under a key."""
        if self.cache:
            self.cache.put(key, data, self._now())

    def fetch(self, question: Question, judge: Callable[[Answer], None]) -> Answer:
        """A new answer, asked for again while that may help and there is time."""
        place = urlsplit(question.url).netloc.rpartition("@")[2]
        if self.offline:
            raise NeverAskedError(
                f"{place}: {question.about} was never asked for, and offline nobody is asked",
                hint="without --offline it is asked for, and kept",
            )
        agent = self._agent()
        with self._turns[place]:
            end = self.clock.elapsed() + self.deadline
            tries = 0
            while True:
                tries += 1
                try:
                    answer = self._once(question, place, agent, end - self.clock.elapsed())
                    judge(answer)
                except Passing as fault:
                    pause = self._pause(tries, fault.after)
                    if self.clock.elapsed() + pause >= end:
                        raise self._given_up(place, question, fault, tries) from None
                    self._wait(pause, f"{place}: {fault}")
                except FetchError as fault:
                    raise ServiceError(f"{place}: {fault}", hint=fault.hint) from None
                else:
                    return answer

    def _given_up(self, place: str, question: Question, fault: Passing, tries: int) -> ServiceError:
        times = f"{tries} tries" if tries > 1 else "1 try"
        wait = f", and asks to wait {fault.after:,.0f} s" if fault.after is not None else ""
        return ServiceError(
            f"{place}: no answer to {question.about} in {self.deadline:g} s and {times}:"
            f" {fault}{wait}",
            hint="try again later; what was answered until now is kept",
        )

    def _pause(self, tries: int, after: float | None) -> float:
        """How long to wait before the next try: what the server asks for, or twice as long each time."""
        chance = self.clock.chance()
        pause = min(_LONGEST_PAUSE, _PAUSE * 2 ** min(tries - 1, 10)) * (1 + chance / 2)
        # A server that says 0 or 1 again and again is not to be asked every second.
        return pause if after is None else max(after + chance, pause if tries > 1 else 0.0)

    def _wait(self, seconds: float, reason: str) -> None:
        """Wait, and tell of it."""
        left = seconds
        while left > 0:
            self.waiting(left, reason)
            self.clock.sleep(min(left, 1.0))
            left -= 1.0
        self.waiting(0, reason)

    def _once(self, question: Question, place: str, agent: str, seconds: float) -> Answer:
        """One try, redirects included."""
        method, address, body, headers = question.sent()
        address = checked(address)
        limit = min(self.patience, seconds)
        until = time.monotonic() + limit
        seen = {address}
        lines = self._lines[place]
        lines.guard.public_only = False
        while True:
            request = Request(
                address=address,
                until=until,
                deadline=round(limit, 1),
                patience=limit,
                method=method,
                headers={"User-Agent": agent, **headers},
                body=body,
            )
            self.requests += 1
            with self._telling(place), Exchange(lines, request) as exchange:
                self._reached.add(place)
                response = exchange.response
                # What a public address leads to is public, or it is a trap.
                lines.guard.public_only |= lines.guard.public
                location = redirect(response)
                if location is None:
                    return self._read(exchange)
                if body is not None and response.status not in _KEEPING_METHOD:
                    raise FetchError(f"has moved to {bounded(location, 100)}", hint="use that URL")
                target = hop(address, location, seen)
                if urlsplit(target).scheme != urlsplit(address).scheme:
                    raise FetchError(
                        f"redirects to {bounded(target, 100)}", hint="use that URL, if it is meant"
                    )
                address = target

    @contextlib.contextmanager
    def _telling(self, place: str) -> Iterator[None]:
        """Tell faults that may pass from those that will not."""
        try:
            yield
        except FetchError as fault:
            if fault.remote and not (fault.absent and place not in self._reached):
                raise Passing(str(fault)) from None
            raise

    def _read(self, exchange: Exchange) -> Answer:
        response = exchange.response
        after = retry_after(response.headers.get("Retry-After", ""), self._now().timestamp())
        media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status in _PASSING:
            raise Passing(meaning(response.status), after=after)
        if response.status in _TOO_LONG:
            place = urlsplit(exchange.request.address).netloc
            raise TooLongError(f"{place}: {meaning(response.status)}")
        if response.status != 200:
            raise _refused(response, exchange, media)
        if not media.endswith("json"):
            raise FetchError(
                f"answers with {bounded(media, 60) or 'no media type'}, not with JSON",
                hint="is the URL that of the service, and is no login page of a network in between?",
            )
        try:
            return Answer(data=orjson.loads(exchange.body(self.limit)), after=after)
        except orjson.JSONDecodeError:
            raise Passing("answers with damaged JSON") from None

    def _agent(self) -> str:
        contact = self.contact.strip()
        if not contact:
            raise ConfigError(
                "contact: not set, and services on the network are not asked by strangers",
                hint='put contact = "you@example.org", or a page about you, into kg.toml: it is sent'
                " with each request, so that they can write to you instead of locking you out",
            )
        if not contact.isascii() or not contact.isprintable():
            raise ConfigError(
                f"contact: {bounded(contact, 60)!r} cannot be sent",
                hint="an address or a page in ASCII letters",
            )
        return f"newskg/{__version__} ({contact})"

    def _now(self) -> datetime:
        return datetime.fromisoformat(self.clock.now())


def listed(names: Sequence[str]) -> str:
    """The first of some names, for what a question is about.

    >>> listed(["Q1", "Q2", "Q3", "Q4", "Q5"]), listed(["Q1"])
    ('Q1, Q2, Q3 and 2 more', 'Q1')
    """
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def client(
    settings: Settings,
    cache: Path | None,
    *,
    offline: bool = False,
    refresh: bool = False,
    waiting: Callable[[float, str], None] | None = None,
) -> Client:
    """The client that the settings describe, which keeps its answers in a folder."""
    return Client(
        settings.contact,
        cache=cache,
        offline=offline,
        refresh=refresh,
        deadline=settings.service_deadline,
        waiting=waiting,
    )


_HINTS: Final = {
    401: "the service wants a name and a password, which kg cannot give",
    403: "it may not accept the contact in kg.toml, or have locked you out for a while",
    404: "is the URL that of the service?",
    405: "is the URL that of the service?",
}


def _refused(response: BaseHTTPResponse, exchange: Exchange, media: str) -> FetchError:
    """What a status that will not pass means, with the words of the server where they are plain."""
    said = ""
    if media == "text/plain" or media.endswith("json"):
        said = bounded(exchange.body(2000, cut=True).decode(errors="replace"), 150)
    return FetchError(
        meaning(response.status) + (f": {said}" if said else ""),
        hint=_HINTS.get(response.status),
    )

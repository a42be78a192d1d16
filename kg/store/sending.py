"""Requests to one store: who asks, over which line, how long, and how often.

SPARQLWrapper writes the requests; it would send them with a login that urllib takes along to wherever
a redirection leads, and set the digest for the whole process. Here a redirection is an error that names
the new place, a deadline cuts what drips, and what may be repeated is.
"""

from __future__ import annotations

import base64
import http.client
import random
import ssl
import threading
import time
from typing import TYPE_CHECKING, Final, Self, cast
from urllib import request as urllib
from urllib.error import HTTPError, URLError

from kg.errors import ConfigError, InputError, KgError, StoreError
from kg.http.exchange import retry_after
from kg.store.answer import Answer, DamagedError, TooLongError
from kg.store.messages import broken_off, refused, shown, unreached
from kg.store.watched import Plain, Secure, Watch

if TYPE_CHECKING:
    from kg.store.access import Access
    from kg.store.answer import Check

_PASSING: Final = frozenset((429, 502, 503, 504))
_TRIES: Final = 4
_PAUSE: Final = 0.5
"""Seconds before the second try; each further pause is twice as long."""
_LONGEST_PAUSE: Final = 60.0
"""Seconds that a server may have us wait: one that asks for more is down for those who sit before it."""


class Clock:
    """The clock of the machine; tests have another."""

    def elapsed(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def chance(self) -> float:
        """A number from 0 to 1, so that clients that fail together do not come back together."""
        return random.random()  # noqa: S311 - nothing is kept secret by it


class _PassingError(Exception):
    """What another try may mend."""

    def __init__(self, error: KgError, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


class Sender:
    """What asks one store. Its login goes to no other place than requests are made for."""

    def __init__(self, access: Access, clock: Clock | None = None) -> None:
        self.access = access
        self.clock = clock or Clock()
        self.scheme = access.scheme or ("bearer" if access.bearer else "basic")
        self.server: str | None = None  # what the last answer said, if any has come
        self.repairs: tuple[tuple[bytes, bytes], ...] = ()
        self._context: ssl.SSLContext | None = None
        self._digest: _Digest | None = None

    def send(
        self,
        request: urllib.Request,
        url: str,
        *,
        repeat: bool,
        change: bool,
        check: Check | None = None,
    ) -> Answer:
        """The answer to a request for `url`; where nothing but success will do.

        With `repeat` it is asked again while that may help. `change` says that what became of it
        matters where no answer comes. Raises StoreError, InputError where the request is wrong,
        DamagedError where the answer does not pass the check.
        """
        end = self.clock.elapsed() + self.access.deadline
        tries = 0
        while True:
            tries += 1
            try:
                return self._once(request, url, end - self.clock.elapsed(), change, check)
            except _PassingError as fault:
                pause = fault.after
                if pause is None or (tries > 1 and pause < _PAUSE):
                    pause = _PAUSE * 2 ** (tries - 1) * (1 + self.clock.chance() / 2)
                fits = pause <= _LONGEST_PAUSE and self.clock.elapsed() + pause < end
                if not repeat or tries == _TRIES or not fits:
                    if fault.after is not None and not fits:
                        said = f"{fault.error}, and asks to wait {fault.after:,.0f} s"
                        raise StoreError(said, hint=fault.error.hint) from fault.__cause__
                    raise fault.error from fault.__cause__
            self.clock.sleep(pause)

    def _once(
        self,
        request: urllib.Request,
        url: str,
        seconds: float,
        change: bool,
        check: Check | None,
    ) -> Answer:
        known = self._digest
        self._log_in(request)
        try:
            return self._asked(request, url, seconds, change, check)
        except _ChallengedError as challenge:
            # A nonce may have run out: then the server gives another, and asks once more.
            if self._digest is None or self._digest is known:
                raise challenge.error from challenge.__cause__
            self._log_in(request)
            try:
                return self._asked(request, url, seconds, change, check)
            except _ChallengedError as again:
                raise again.error from again.__cause__

    def _asked(
        self,
        request: urllib.Request,
        url: str,
        seconds: float,
        change: bool,
        check: Check | None,
    ) -> Answer:
        timeout = max(min(self.access.timeout, seconds), 0.001)
        with Watch(seconds) as watch:
            try:
                try:
                    opened = self._opener(watch).open(request, timeout=timeout)
                except HTTPError as error:
                    with error:
                        raise self._fault(url, error) from error
                with opened:
                    response = cast("http.client.HTTPResponse", opened)
                    self.server = response.headers.get("Server", "")
                    packed = response.headers.get("Content-Encoding", "identity").strip().lower()
                    if packed not in {"", "identity"}:
                        raise StoreError(
                            f"{shown(url)}: the answer is compressed, which nobody asked for",
                            hint="a proxy before the server may do it",
                        )
                    answer = Answer(response, self.repairs, check)
                if watch.late:  # a line that was cut looks like the end of the body
                    raise self._too_late(url)
                return answer
            except DamagedError:
                if watch.late:
                    raise self._too_late(url) from None
                raise
            except (KgError, _PassingError, _ChallengedError):
                raise
            except UnicodeEncodeError as error:
                raise InputError("SPARQL: half a surrogate pair is no text") from error
            except TooLongError as error:
                raise StoreError(
                    f"{shown(url)}: the answer has more than {error.args[0]:,} bytes",
                    hint="ask for less at a time",
                ) from error
            except (OSError, http.client.HTTPException, ValueError) as error:
                if watch.late:
                    raise self._too_late(url) from error
                fault = unreached(url, error, timeout, change=change)
                reason = error.reason if isinstance(error, URLError) else error
                if broken_off(reason):
                    raise _PassingError(fault) from error
                raise fault from error

    def _too_late(self, url: str) -> StoreError:
        return StoreError(
            f"{shown(url)}: took longer than {self.access.deadline:g} s",
            hint="store_deadline says how long it may take",
        )

    def _fault(self, url: str, error: HTTPError) -> Exception:
        """What an error status means, and whether another try may mend it."""
        self.server = error.headers.get("Server", "")
        body = error.read(10_000)
        fault = refused(url, error, body, self.access)
        if error.code == 401 and self.access.user and self.access.scheme in {"", "digest"}:
            offered = error.headers.get_all("WWW-Authenticate") or []
            digest = next((one for one in offered if one.lower().startswith("digest ")), None)
            if digest is not None:
                made = _Digest.of(digest, self.access)
                if made is not None:
                    self.scheme, self._digest = "digest", made
                    return _ChallengedError(fault)
        if error.code in _PASSING:
            return _PassingError(
                fault, retry_after(error.headers.get("Retry-After", ""), time.time())
            )
        return fault

    def _log_in(self, request: urllib.Request) -> None:
        """Put the login into a request: not among the headers that a redirection would take along."""
        access = self.access
        if not access.secret:
            return
        value: str | None = None
        if access.bearer:
            value = f"Bearer {access.token}"
        elif self.scheme == "digest":
            value = self._digest.answer(request) if self._digest is not None else None
        else:
            pair = f"{access.user}:{access.password}".encode()
            value = f"Basic {base64.b64encode(pair).decode()}"
        if value is not None:
            request.add_unredirected_header("Authorization", value)

    def _opener(self, watch: Watch) -> urllib.OpenerDirector:
        """What opens a request, and follows no redirection."""
        opener = urllib.OpenerDirector()
        for handler in (
            urllib.ProxyHandler(),
            Plain(watch),
            Secure(watch, self._certificates),
            urllib.HTTPDefaultErrorHandler(),
            urllib.HTTPErrorProcessor(),
            urllib.UnknownHandler(),
        ):
            opener.add_handler(handler)
        return opener

    def _certificates(self) -> ssl.SSLContext:
        """What certificates have to rest on."""
        if self._context is None:
            import certifi

            context = ssl.create_default_context()
            context.load_verify_locations(certifi.where())
            if self.access.ca:
                try:
                    context.load_verify_locations(self.access.ca)
                except OSError as error:
                    why = (getattr(error, "strerror", None) or "holds no certificates").lower()
                    raise ConfigError(f"store_ca: {self.access.ca}: {why}") from error
            self._context = context
        return self._context


class _ChallengedError(Exception):
    """The server wants to see the login in another way, which is known now."""

    def __init__(self, error: KgError) -> None:
        super().__init__(str(error))
        self.error = error


class _Digest:
    """The answers to one challenge (RFC 7616), as urllib works them out."""

    def __init__(self, challenge: dict[str, str], access: Access) -> None:
        self.challenge = challenge
        self._handler = urllib.AbstractDigestAuthHandler(_Login(access))
        self._lock = threading.Lock()  # it counts how often a nonce is used

    @classmethod
    def of(cls, header: str, access: Access) -> Self | None:
        """What answers a challenge; None where it asks for what is not known here."""
        try:
            challenge = urllib.parse_keqv_list(urllib.parse_http_list(header.partition(" ")[2]))
        except (ValueError, IndexError):
            return None
        made = cls(challenge, access)
        return made if made.answer(urllib.Request("http://localhost/")) is not None else None

    def answer(self, request: urllib.Request) -> str | None:
        try:
            with self._lock:
                found = self._handler.get_authorization(request, self.challenge)
        except (ValueError, KeyError, TypeError, URLError):
            return None
        return f"Digest {found}" if found else None


class _Login(urllib.HTTPPasswordMgr):
    """Name and password for any realm: what asks for them is one store."""

    def __init__(self, access: Access) -> None:
        super().__init__()
        self._access = access

    def find_user_password(self, realm: str, authuri: str) -> tuple[str, str]:  # noqa: ARG002
        """Whose answer a challenge gets."""
        return self._access.user, self._access.password

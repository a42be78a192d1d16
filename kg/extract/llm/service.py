"""Asking an endpoint over HTTP: in bounds of time and size, with retries, and with nothing trusted.

No redirect is followed, for the key goes to the address in the settings and to no other. An answer
is read up to a limit, whatever it says of its length, and a request ends at its time limit even if
the server goes on sending a byte now and then.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import re
import socket
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self
from urllib.parse import urlsplit

from kg import __version__
from kg.errors import ConfigError, ServiceError
from kg.extract.llm.prompt import canonical
from kg.extract.llm.settings import KEY
from kg.http.clock import Clock
from kg.http.exchange import retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from kg.extract.llm.settings import Endpoint

ANSWER_LIMIT: Final = 4_000_000
"""Bytes of an answer: a reply has a few thousand tokens, so this is a hundred times what is needed."""
TRIES: Final = 5
"""With pauses of 1, 2, 4 and 8 seconds and more, these outlast a restart and most rate limits."""
_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
_CONNECTING: Final = 10.0
"""Seconds for a connection to be made; then nobody is there."""
_PASSING: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""Statuses that pass, says the HTTP standard, or say the operators of large services."""
_UNUSABLE: Final = frozenset({301, 302, 303, 307, 308, 401, 402, 403, 404, 405})
"""Statuses that any further request will get as well."""
_SECRET: Final = 8
"""Characters from which on a key is looked for in answers: servers without keys are given `x`."""
_EXHAUSTED: Final = "insufficient_quota"
_SHOWN: Final = 200


class EndpointError(ServiceError):
    """The endpoint is unreachable, too slow, refuses, or answers what is no answer.

    With `final`, asking it about something else is no use either.
    """

    def __init__(self, message: str, *, hint: str | None = None, final: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.final = final


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an endpoint answered: a reply, or the refusal of a request that is not as it wants it.

    `refused` names the parameter that it does not take, where it says so.
    """

    status: int
    model: str | None = None
    reply: str | None = None
    finish: str | None = None
    error: str | None = None
    refused: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None


class _Retry(Exception):  # noqa: N818  # it is no error yet
    """A fault that may pass; `after` is how long the server asks to wait."""

    def __init__(self, message: str, *, after: float | None = None, sent: bool = False) -> None:
        super().__init__(message)
        self.after = after
        self.sent = sent


class _Got(NamedTuple):
    """An answer as it came."""

    status: int
    headers: httpx.Headers
    body: bytes


class Service:
    """The endpoint, as one client of it: knows when it asked, to keep to the rate limit.

    `unanswered` counts the requests of the last call that were sent and never answered, which may
    have to be paid for.
    """

    def __init__(self, endpoint: Endpoint, clock: Clock | None = None) -> None:
        self.endpoint = endpoint
        self.clock = clock or Clock()
        self.url = f"{endpoint.url.rstrip('/')}/chat/completions"
        self.place = urlsplit(endpoint.url).netloc
        self.reached = False
        self.unanswered = 0
        self.sent = 0
        self._asked: deque[float] = deque()

    def ask(self, request: Mapping[str, Any]) -> Answer:
        """The answer to a request, asked for again while that may help and there is time.

        Raises EndpointError, which never shows the key.
        """
        self.unanswered = self.sent = 0
        body = canonical(request).encode(errors="replace")
        end = self.clock.elapsed() + self.endpoint.deadline
        for attempt in range(1, TRIES + 1):
            self._keep_rate()
            try:
                return self._try(body)
            except _Retry as fault:
                self.unanswered += fault.sent
                pause = self._pause(attempt, fault.after)
                late = self.clock.elapsed() + pause >= end
                if late or attempt == TRIES:
                    raise self._given_up(fault, attempt, pause if late else None) from None
                self.clock.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _given_up(self, fault: _Retry, attempt: int, pause: float | None) -> EndpointError:
        tries = f" after {attempt} tries" if attempt > 1 else ""
        asked = pause is not None and fault.after is not None
        wait = f"; it asks to wait {pause:,.0f} seconds" if asked else ""
        hint = "llm_deadline says how long is waited" if asked else None
        return EndpointError(f"{self.place}: {fault}{tries}{wait}", hint=hint)

    def _pause(self, attempt: int, after: float | None) -> float:
        """How long to wait before the next try: what the server asks for, or twice as long each time."""
        if after is not None:
            return after + self.clock.chance() * _PAUSE
        pause: float = min(_LONGEST_PAUSE, _PAUSE * 2 ** (attempt - 1))
        return pause * (1 + self.clock.chance() / 2)

    def _keep_rate(self) -> None:
        """Wait until a minute has no more requests than it may have."""
        most = self.endpoint.requests_per_minute
        if not most:
            return
        now = self.clock.elapsed()
        while len(self._asked) >= most:
            oldest = self._asked.popleft()
            if now - oldest < 60:
                self.clock.sleep(60 - (now - oldest))
                now = self.clock.elapsed()
        self._asked.append(now)

    def _try(self, body: bytes) -> Answer:
        self.sent += 1
        got = self._send(body)
        self.reached = True
        if 200 <= got.status < 300:
            return self._reply(got)
        message, code, param = self._said(got)
        said = f"answers {got.status}" + (f": {message}" if message else "")
        if got.status in _UNUSABLE or code == _EXHAUSTED:
            raise EndpointError(f"{self.place}: {said}", hint=_HINTS.get(got.status), final=True)
        if got.status in _PASSING:
            raise _Retry(said, after=self._after(got.headers.get("retry-after")))
        if 400 <= got.status < 500:
            return Answer(status=got.status, error=said, refused=param)
        raise EndpointError(f"{self.place}: {said}")

    def _send(self, body: bytes) -> _Got:
        """One request and its answer, or what went wrong with it."""
        import httpx

        with _Watch(self.endpoint.timeout) as watch:
            try:
                with self._client.stream(
                    "POST",
                    self.url,
                    content=body,
                    headers=self._headers(),
                    extensions={"trace": watch.trace},
                ) as response:
                    return _Got(response.status_code, response.headers, self._read(response))
            except httpx.InvalidURL as error:
                raise ConfigError(f"llm_url: {error}") from None
            except httpx.ConnectError as error:
                if not self.reached:  # nothing was ever there: waiting would not bring it
                    raise EndpointError(
                        f"{self.place}: cannot be reached: {self._clean(str(error))}",
                        hint="is the server running, and is llm_url right?",
                        final=True,
                    ) from None
                raise _Retry("cannot be reached") from None
            except (httpx.HTTPError, OSError, ValueError) as error:
                if watch.over or isinstance(error, httpx.TimeoutException):
                    seconds = f"{self.endpoint.timeout:g} seconds"
                    raise _Retry(f"has not answered within {seconds}", sent=True) from None
                reason = self._clean(str(error)) or type(error).__name__
                raise _Retry(f"does not answer as HTTP has it: {reason}", sent=True) from None

    @cached_property
    def _client(self) -> httpx.Client:
        """The HTTP client, which keeps no connection."""
        import httpx

        connecting = min(_CONNECTING, self.endpoint.timeout)
        return httpx.Client(
            timeout=httpx.Timeout(self.endpoint.timeout, connect=connecting),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            # A proxy of the environment is for the world, not for this machine.
            trust_env=not _is_here(self.endpoint.url),
        )

    def _headers(self) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # what is small when packed may be huge
            "User-Agent": f"newskg/{__version__}",
            "Connection": "close",
        }
        if self.endpoint.key:
            headers["Authorization"] = f"Bearer {self.endpoint.key}"
        return headers

    def _read(self, response: httpx.Response) -> bytes:
        """The body, unless it is too long or packed."""
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise EndpointError(f"{self.place}: packs its answer, which was not asked for")
        body = bytearray()
        for part in response.iter_raw():
            body += part
            if len(body) > ANSWER_LIMIT:
                raise EndpointError(f"{self.place}: answers with more than {ANSWER_LIMIT:,} bytes")
        return bytes(body)

    def _reply(self, got: _Got) -> Answer:
        """The reply in an answer that says that all is well."""
        kind = got.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise EndpointError(
                f"{self.place}: answers with {self._clean(kind) or 'no content type'}, not with"
                " application/json",
                hint="llm_url is the base URL of the API: for many servers it ends in /v1",
                final=True,
            )
        try:
            data = _object(json.loads(got.body))
        except (ValueError, RecursionError):
            raise _Retry("answers with what is not JSON", sent=True) from None
        choices = data.get("choices")
        if not choices and data.get("error"):  # some servers tell of an error with the status 200
            raise EndpointError(f"{self.place}: answers {got.status}: {self._said(got)[0]}")
        choice = _object(choices[0]) if isinstance(choices, list) and choices else {}
        message = _object(choice.get("message"))
        if "content" not in message and "refusal" not in message:
            raise EndpointError(
                f"{self.place}: answers with JSON that is no chat completion",
                hint="llm_url is the base URL of an endpoint that speaks the OpenAI chat API",
            )
        usage = _object(data.get("usage"))
        refusal = message.get("refusal")
        content = message.get("content")
        reply = self._clean(content, 0) if isinstance(content, str) else None
        error = None if reply else "the model wrote nothing"
        if isinstance(refusal, str) and refusal:
            reply, error = None, f"the model refuses: {self._clean(refusal)}"
        elif reply and self._smuggles(reply):
            reply, error = None, "the reply has the key in it, in disguise"
        return Answer(
            status=got.status,
            model=self._clean(str(data.get("model") or "")) or None,
            reply=reply or None,
            finish=self._clean(str(choice.get("finish_reason") or "")) or None,
            error=error,
            tokens_in=_count(usage.get("prompt_tokens")),
            tokens_out=_count(usage.get("completion_tokens")),
        )

    def _said(self, got: _Got) -> tuple[str, str, str | None]:
        """What an answer that is no reply says: its message, its code, the parameter at fault."""
        if got.status in range(300, 400):
            place = self._clean(got.headers.get("location", ""))
            return f"a redirect to {place or 'nowhere'}, which is not followed", "", None
        try:
            data = _object(json.loads(got.body))
        except (ValueError, RecursionError):
            return self._clean(got.body[:1000].decode(errors="replace")), "", None
        error = data.get("error", data)
        if isinstance(error, str):
            return self._clean(error), "", None
        error = _object(error)
        message = error.get("message") or error.get("detail") or ""
        param = error.get("param")
        return (
            self._clean(message if isinstance(message, str) else canonical({"detail": message})),
            str(error.get("code") or error.get("type") or ""),
            self._clean(param) if isinstance(param, str) else None,
        )

    def _after(self, value: str | None) -> float | None:
        """How many seconds a Retry-After header asks to wait, if it says so in either of its forms."""
        if value is None:
            return None
        return retry_after(value, datetime.fromisoformat(self.clock.now()).timestamp())

    def _clean(self, text: str, limit: int = _SHOWN) -> str:
        """Text of the server's without the key, should it send that back; cut to a line for messages."""
        key = self.endpoint.key
        if len(key) >= _SECRET:
            text = text.replace(key, "[key]")
        if limit:
            text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
            text = text if len(text) <= limit else f"{text[:limit]} …"
        return text.encode(errors="replace").decode()

    def _smuggles(self, reply: str) -> bool:
        """Whether a reply that is JSON has the key in it, written with escapes."""
        key = self.endpoint.key
        if len(key) < _SECRET:
            return False
        plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), reply).replace("\\/", "/")
        return key in plain


_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})")
_HINTS: Final = {
    401: f"{KEY} holds the key, in the environment",
    403: f"{KEY} holds the key, in the environment",
    404: "is llm_url right, and does the server have the model that llm_model names?",
    405: "llm_url is the base URL of the API: for many servers it ends in /v1",
}


def _object(value: object) -> dict[str, Any]:
    """What should be an object of JSON; empty where it is none."""
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int | None:
    """A number of tokens, if it can be one."""
    return value if type(value) is int and 0 <= value < 1_000_000_000 else None


def _is_here(url: str) -> bool:
    """Whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


class _Watch:
    """Ends a connection when its time is over: the limits of the HTTP library start anew with each byte."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Learn of the connection that was made: the library tells of each of its steps."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._socket = info["return_value"].get_extra_info("socket")
            if self.over:
                self._end()

    def _end(self) -> None:
        self.over = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                # Not the method of an encrypted socket, which would take its state from the reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

"""The token that writing asks for, and how long those wait who were wrong about it too often.

Whoever may try one at full speed finds it sooner or later, so all places that take the token ask here:
what was tried at one of them counts at the others.
"""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.web.readers.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

FREE: Final = 5
"""Wrong tokens in a row before a client has to wait."""
WAIT: Final = 30.0
"""Seconds to wait after one more, twice as long each time, up to `LONGEST`."""
LONGEST: Final = 3600.0
CLIENTS: Final = 1000
"""Clients whose failures are remembered."""


@dataclass(slots=True)
class _Failures:
    count: int = 0
    until: float = 0.0


class Token:
    """The secret of a server, for one thread; each client is slowed by itself."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._secret = secret.encode()
        self._clock = clock
        self._failed: OrderedDict[str, _Failures] = OrderedDict()

    def check(self, given: str, client: str) -> bool:
        """Whether a client has the token; who has it starts anew.

        Raises Refused (429) where that client was wrong too often, and has to wait first.
        """
        now = self._clock()
        failures = self._failed.get(client, _Failures())
        if now < failures.until:
            left = int(failures.until - now) + 1
            raise Refused(
                429,
                f"too many wrong tokens: try again in {left} s",
                headers={"Retry-After": str(left)},
            )
        if hmac.compare_digest(given.encode(), self._secret):
            self._failed.pop(client, None)
            return True
        failures.count += 1
        if failures.count >= FREE:
            doubled = min(failures.count - FREE, 10)  # more is no float some day
            failures.until = now + min(WAIT * 2**doubled, LONGEST)
        self._failed[client] = failures
        self._failed.move_to_end(client)
        while len(self._failed) > CLIENTS:
            self._failed.popitem(last=False)
        return False


def bearer(authorization: str) -> str:
    """The token of an Authorization header (RFC 6750); empty where it has none.

    >>> bearer("bearer  abc"), bearer("Basic abc")
    ('abc', '')
    """
    scheme, _, given = authorization.partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""

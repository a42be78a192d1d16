"""Who is signed in to review: sessions in the memory of this process, none of them on disk.

A session begins with the token of the server and a name, and is known by a random cookie. Each form
carries a second secret of its session, since a cookie alone may be sent by pages of others.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.web.readers.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.web.protocol.tokens import Token

IDLE: Final = 12 * 3600.0
"""Seconds after which a session that nobody used is over: a working day."""
MOST: Final = 100
"""Sessions at a time; the one that was not used for longest gives way."""
NAME: Final = 100
"""Characters that a name may have."""


@dataclass(slots=True, kw_only=True)
class Session:
    """Somebody who is signed in; `told` is what the next page says, with what `undo` takes back.

    That is what was decided on, the annotation that has it, and the page to go back to.
    """

    name: str
    secret: str
    used: float
    told: list[str] = field(default_factory=list)
    undo: tuple[str, str, str] | None = None

    def check(self, secret: str) -> None:
        """Refuse a form that does not come from a page of this session (403)."""
        if not hmac.compare_digest(secret.encode(), self.secret.encode()):
            raise Refused(
                403,
                "this form is not from your session",
                hint="open the page again, then send it again",
            )


class Sessions:
    """The sessions of one server, whose cookie has the name `cookie`."""

    def __init__(
        self, token: Token, root: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._token = token
        self._clock = clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        # Ports do not tell cookies apart: two servers on one machine would sign each other out.
        self.cookie = f"kg-review-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"

    def begin(self, token: str, name: str, client: str) -> str:
        """The id of a new session. Raises Refused where the token is wrong, or was too often (429)."""
        if not self._token.check(token, client):
            raise Refused(403, "the token is wrong")
        name = " ".join(name.split())
        if not name or len(name) > NAME or not name.isprintable():
            raise Refused(400, f"your name is needed, in at most {NAME} characters")
        id_ = secrets.token_urlsafe(32)
        self._sessions[id_] = Session(
            name=name, secret=secrets.token_urlsafe(32), used=self._clock()
        )
        while len(self._sessions) > MOST:
            self._sessions.popitem(last=False)
        return id_

    def find(self, id_: str | None) -> Session | None:
        """The session of a cookie; None where there is none, or it is over."""
        session = self._sessions.get(id_ or "")
        if id_ is None or session is None:
            return None
        now = self._clock()
        if now - session.used > IDLE:
            del self._sessions[id_]
            return None
        session.used = now
        self._sessions.move_to_end(id_)
        return session

    def end(self, id_: str | None) -> None:
        """Forget a session."""
        self._sessions.pop(id_ or "", None)

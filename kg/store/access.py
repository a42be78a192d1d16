"""How a store on the network is reached: its addresses, who asks, how long that may take.

Passwords and tokens come from the environment alone, so that no file that is shared has them, and
nothing here shows them: not the representation of an object, not a message.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from kg.errors import ConfigError
from kg.http.url import bare

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSWORD: Final = "KG_STORE_PASSWORD"  # noqa: S105 - the name of a variable
TOKEN: Final = "KG_STORE_TOKEN"  # noqa: S105 - the name of a variable
TIMEOUT: Final = 300.0
"""Seconds that a server may be silent: a query over millions of triples takes its time."""
DEADLINE: Final = 3600.0
"""Seconds that a request may take with its answer and all tries: some gigabytes over a slow line."""


class Stated(Protocol):
    """What settings say of a store: those of a workspace, or of whoever uses stores without one."""

    @property
    def store(self) -> str:
        """The address of the store that is meant, if it has one."""

    @property
    def processes(self) -> int:
        """How much may be done at once."""

    @property
    def store_update(self) -> str:
        """Where updates go."""

    @property
    def store_graphs(self) -> str:
        """Where the Graph Store Protocol is."""

    @property
    def store_dialect(self) -> str:
        """What engine it is."""

    @property
    def store_user(self) -> str:
        """Who asks."""

    @property
    def store_auth(self) -> str:
        """In which way."""

    @property
    def store_ca(self) -> str:
        """A file of certificates."""

    @property
    def store_timeout(self) -> float:
        """How long the server may be silent."""

    @property
    def store_deadline(self) -> float:
        """How long all may take."""

    @property
    def store_insecure(self) -> bool:
        """Whether a login may go over http."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What is needed of the settings to ask one store.

    `update` and `graphs` are the addresses for updates and for the Graph Store Protocol, where they
    are not told by that of the store; `scheme` is `basic`, `digest`, `bearer`, or empty where that is
    to be found out. `ca` is a file of further certificates.
    """

    update: str = ""
    graphs: str = ""
    dialect: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    scheme: str = ""
    ca: str = ""
    timeout: float = TIMEOUT
    deadline: float = DEADLINE
    insecure: bool = False

    @classmethod
    def of(
        cls, url: str, settings: Stated | None, environment: Mapping[str, str] = os.environ
    ) -> Access:
        """What the settings say of the store at a URL; of a store that they do not mean, only limits.

        Without settings nobody vouches for the URL: an endpoint that a query names gets no password.
        Raises ConfigError where a login is set by halves, or would cross the network for all to read.
        """
        if settings is None:
            return cls()
        limits = cls(
            ca=settings.store_ca,
            timeout=settings.store_timeout or TIMEOUT,
            deadline=settings.store_deadline or DEADLINE,
            insecure=settings.store_insecure,
        )
        meant = settings.store.lower().startswith(("http://", "https://"))
        if meant and _origin(settings.store) != _origin(url):
            return limits
        same = not meant or settings.store == url
        access = cls(
            update=settings.store_update if same else "",
            graphs=settings.store_graphs if same else "",
            dialect=settings.store_dialect if same else "",
            user=settings.store_user,
            password=environment.get(PASSWORD, "") if settings.store_user else "",
            token=environment.get(TOKEN, ""),
            scheme=settings.store_auth,
            ca=limits.ca,
            timeout=limits.timeout,
            deadline=limits.deadline,
            insecure=limits.insecure,
        )
        access.check()
        for address in (url, access.update, access.graphs):
            access.check_way(address)
        return access

    @property
    def bearer(self) -> bool:
        """Whether a token is sent."""
        return self.scheme == "bearer" or (not self.scheme and bool(self.token) and not self.user)

    @property
    def secret(self) -> bool:
        """Whether there is anything to log in with."""
        return self.bearer or bool(self.user)

    def check(self) -> None:
        """Raise ConfigError where a login is set by halves, or cannot be sent."""
        if self.bearer:
            if not self.token:
                raise ConfigError(
                    f"store_auth: bearer, and no {TOKEN}", hint=f"set {TOKEN} in the environment"
                )
            if not (self.token.isascii() and self.token.isprintable() and " " not in self.token):
                raise ConfigError(f"{TOKEN}: no token", hint="is there a line break in it?")
        elif self.user:
            if not self.password:
                raise ConfigError(
                    f"store_user: {self.user}, and no {PASSWORD}",
                    hint=f"set {PASSWORD} in the environment; kg.toml has no passwords",
                )
            if ":" in self.user or not (self.user + self.password).isprintable():
                raise ConfigError("store_user: neither : nor control characters can be sent")
        elif self.scheme:
            raise ConfigError(
                f"store_auth: {self.scheme}, and no store_user", hint="set store_user, too"
            )

    def check_way(self, address: str) -> None:
        """Raise ConfigError where a password would go to another machine without TLS."""
        if not self.secret or self.insecure or not address.lower().startswith("http://"):
            return
        if not is_loopback(urlsplit(address).hostname or ""):
            raise ConfigError(
                f"{bare(address)}: over http anybody on the way can read the password",
                hint="use https, or set store_insecure where the network is your own",
            )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("db")
    (True, True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    try:
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:  # refused elsewhere, with words of its own
        port = None
    return parts.scheme, parts.hostname or "", port

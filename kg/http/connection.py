"""Connections that say where they lead: what the public names must not lead inside, nor last for ever.

An address is judged when the connection is made and not before, so that a name which changes its mind
between the look-up and the request gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from urllib3 import PoolManager
    from urllib3.connection import HTTPConnection

_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 within IPv6, by NAT64 (RFC 6052)."""


class InsideError(Exception):
    """A name leads to this machine or the network around it, where it may not."""


class Guard:
    """What is known and allowed of connections, while one article is fetched.

    `public_only` refuses addresses that are not public. `public` says of the last connection whether its
    address was. `opened` is told of each socket, and none is opened after `until`.
    """

    def __init__(self) -> None:
        self.public_only = False
        self.public = True
        self.until = 0.0
        self.opened: Callable[[socket.socket], None] = lambda _: None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet.

    >>> is_public("93.184.215.14"), is_public("169.254.169.254"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def manager(guard: Guard, context: ssl.SSLContext | None = None) -> PoolManager:
    """Connections by urllib3, each of them made through the guard."""
    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
    from urllib3.connection import HTTPConnection, HTTPSConnection

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, guard)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, guard)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    found = PoolManager(num_pools=8, maxsize=1, retries=False, ssl_context=context)
    found.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return found


def _connected(connection: HTTPConnection, guard: Guard) -> socket.socket:
    """A socket to the first address of a name that answers."""
    from urllib3.exceptions import NameResolutionError, NewConnectionError

    host = connection.host.strip("[]")
    port = connection.port or connection.default_port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        reason = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
        raise NameResolutionError(host, connection, reason) from error
    failed: OSError = TimeoutError()
    for *_, place in found:
        address = str(place[0])
        public = is_public(address)
        if guard.public_only and not public:
            raise InsideError(f"{host} is at {address}")
        patience = connection.timeout if isinstance(connection.timeout, (int, float)) else 60
        left = guard.until - time.monotonic()
        if left <= 0:
            break
        try:
            opened = socket.create_connection((address, port), min(patience, left))
        except OSError as error:
            failed = error
            continue
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        guard.public = public
        guard.opened(opened)
        return opened
    raise NewConnectionError(connection, str(failed)) from failed

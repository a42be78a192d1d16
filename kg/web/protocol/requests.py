"""What routes read of a request besides its parameters: where it went, who sent it, and its body."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from kg.web.readers.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request

FORM: Final = "application/x-www-form-urlencoded"


def path_of(request: Request) -> str:
    """The path that was asked for without its first slash, percent-encoded as it came."""
    raw: bytes = request.scope["raw_path"]
    return raw.decode("latin-1").removeprefix("/")


def site_of(request: Request, base: str) -> str:
    """The address of the server as clients know it, with a slash at its end.

    Who asks for the host of the base comes by way of a proxy, which may speak https and have it at
    a path that is not seen here; anyone else asked this server itself.
    """
    return base if _is_proxied(request, base) else str(request.base_url)


def client(request: Request, base: str) -> str:
    """Who asks, by the address that they have.

    A proxy on this machine, which asks for the host of the base, adds that at the end of
    X-Forwarded-For. What others say there is not believed.
    """
    peer = request.client.host if request.client else ""
    if _is_loopback(peer) and _is_proxied(request, base):
        named = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
        return named[:_ADDRESS] or peer
    return peer


_ADDRESS: Final = 64
"""Characters of an address of a client that count: those of IPv6 have at most 45, and a zone."""


def _is_proxied(request: Request, base: str) -> bool:
    return request.headers.get("host", "").lower() == urlsplit(base).netloc.lower()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a socket that is a file
        return False


def sent_as(content_type: str, allowed: Collection[str]) -> str:
    """The media type of a body. Raises Refused (415) for one that is not allowed, or not in UTF-8.

    >>> sent_as("application/json; charset=UTF-8", ["application/json"])
    'application/json'
    """
    media_type, *parameters = content_type.lower().split(";")
    if media_type.strip() not in allowed:
        raise Refused(
            415, f"expected {' or '.join(allowed)}", headers={"Accept-Post": ", ".join(allowed)}
        )
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(' "') not in {"utf-8", "utf8"}:
            raise Refused(415, "expected UTF-8")
    return media_type.strip()


def fields(raw: bytes, most: int) -> list[tuple[str, str]]:
    """The fields of a form or of a query string.

    Raises Refused where they are not UTF-8, or more than `most`.

    >>> fields(b"graph=a&graph=&default", 5)
    [('graph', 'a'), ('graph', ''), ('default', '')]
    """
    try:
        return parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=most)
    except UnicodeDecodeError as error:
        raise Refused(400, "the request is not in UTF-8") from error
    except ValueError as error:
        raise Refused(400, f"a request has {most:,} fields at most") from error

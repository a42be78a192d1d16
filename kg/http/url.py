"""Addresses that can be asked for, and those that cannot."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from kg.errors import bounded


class FetchError(Exception):
    """Why something could not be fetched.

    `remote` where its server did not do its part, `absent` where none was reached at all.
    """

    def __init__(
        self, message: str, *, hint: str | None = None, remote: bool = False, absent: bool = False
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.remote = remote
        self.absent = absent


def shown(url: str) -> str:
    """An address for messages, without a password.

    >>> shown("https://me:secret@example.org/feed")
    'https://example.org/feed'
    """
    return bounded(re.sub(r"(?<=://)[^/?#]*@", "", url))


def bare(url: str) -> str:
    """An address without what may be secret in it: name, password and parameters.

    >>> bare("https://me:secret@example.org:1/query?token=t#x")
    'https://example.org:1/query'
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=place, query="", fragment="").geturl()


def checked(url: str) -> str:
    """An address that can be asked for, in ASCII and without its fragment.

    >>> checked("https://Müller.example/Straße?q=a b#end")
    'https://xn--mller-kva.example/Stra%C3%9Fe?q=a%20b'
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (
            (parts.hostname or "").encode("idna").decode()
            if ":" not in (parts.hostname or "")
            else f"[{parts.hostname}]"
        )
    except (ValueError, UnicodeError) as error:
        raise FetchError(f"not an address: {bounded(str(error), 100)}") from None
    if parts.scheme not in {"http", "https"}:
        raise FetchError(
            f"an address of {bounded(parts.scheme, 20) or 'no kind'}",
            hint="http and https are fetched",
        )
    if not re.fullmatch(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.%]+\]", host) or port == 0:
        raise FetchError("not an address: it names no host")
    if "@" in parts.netloc:
        raise FetchError("an address cannot carry a name and a password")
    place = host if port is None else f"{host}:{port}"
    safe = "!#$%&'()*+,/:;=?@[]~"
    return parts._replace(
        netloc=place,
        path=quote(parts.path or "/", safe=safe),
        query=quote(parts.query, safe=safe),
        fragment="",
    ).geturl()


def site(address: str) -> str:
    """The server of an address, with its scheme."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"

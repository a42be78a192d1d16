"""What servers say that do not do their part, in one line each, and without what may be secret."""

from __future__ import annotations

import html
import re
import ssl
from http.client import HTTPException, IncompleteRead
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin

from kg.errors import InputError, KgError, StoreError
from kg.http.url import bare as shown
from kg.store.access import PASSWORD, TOKEN
from kg.store.embedded import brief

if TYPE_CHECKING:
    from kg.store.access import Access

__all__ = ["NO_ENDPOINT", "broken_off", "line", "refused", "shown", "unreached"]

NO_ENDPOINT: Final = (
    "is this the URL of a SPARQL endpoint? One that ends in / has query and update below it"
)
_UNKNOWN_OUTCOME: Final = "whether it was carried out is not known; kg build puts it right"


def refused(url: str, error: HTTPError, body: bytes, access: Access) -> KgError:
    """What an error status means: 400 is about the SPARQL, the rest about the store."""
    place = error.headers.get("Location", "") if error.code < 400 else error.geturl()
    try:
        to = urljoin(url, place)
        if shown(to) != shown(url) and error.code < 400:
            return StoreError(f"{shown(url)}: has moved to {line(shown(to))}", hint="use that URL")
    except ValueError:
        return StoreError(f"{shown(url)}: has moved, and does not say where to")
    said = body.decode(errors="replace")
    if said.startswith("error at "):  # Oxigraph's parser, as in the embedded store
        return InputError(f"SPARQL: {brief(SyntaxError(said))}")
    if error.code in {400, 500} and said.startswith("Virtuoso "):
        # Its codes of SQL; those of its own trouble are 08, 40 and 4x001 for time and memory.
        said = said.partition("\n\nSPARQL query:")[0]
        if not re.match(r"Virtuoso (08|40|S1T00|42000 Error .*(time|memory))", said):
            return InputError(f"SPARQL: {line(said)}")
    said = line(said).removeprefix("SPARQL: ")  # as our own server has it
    if error.code == 500 and said.startswith(("The custom ", "The graph ", "The service ")):
        return InputError(f"SPARQL: {said[0].lower()}{said[1:]}")  # Oxigraph's status for these
    status = f"{error.code} {line(str(error.reason))}".strip()
    if error.code == 400:
        return InputError(f"SPARQL: {said or status}")
    if error.code == 401:
        hint = _login(error, access)
    else:
        hint = {
            403: "the store does not allow this" + (", or not this user" if access.secret else ""),
            404: NO_ENDPOINT,
            405: NO_ENDPOINT,
            407: "a proxy on the way wants a login: http_proxy in the environment has it, or no_proxy",
            413: "the server limits the size of requests",
            429: "the server is busy: try again later",
            503: "the server is busy: try again later",
            504: "the query may ask for too much",
        }.get(error.code, "the server's log may say more")
    return StoreError(f"{shown(url)}: {status}" + (f": {said}" if said else ""), hint=hint)


def _login(error: HTTPError, access: Access) -> str:
    """What to do about a login that the server does not take."""
    offered = {
        header.split(" ")[0].lower() for header in error.headers.get_all("WWW-Authenticate") or []
    }
    known = sorted(offered & {"basic", "digest", "bearer"})
    if not access.secret:
        if known == ["bearer"]:
            return f"the store wants a token: {TOKEN}"
        return f"the store wants a name and a password: store_user in kg.toml, and {PASSWORD}"
    if access.bearer:
        if known and "bearer" not in known:
            return f"the store wants {' or '.join(known)}: set store_auth and store_user"
        return f"is {TOKEN} right?"
    if access.scheme and known and access.scheme not in known:
        return f"the store wants {' or '.join(known)}: set store_auth"
    if known == ["bearer"]:
        return f"the store wants a token: {TOKEN}, and no store_user"
    return f"are store_user and {PASSWORD} right?"


def broken_off(reason: object) -> bool:
    """Whether a line broke off that had been there."""
    refused_it = isinstance(reason, ConnectionRefusedError)
    return isinstance(reason, ConnectionError | IncompleteRead) and not refused_it


def unreached(url: str, error: Exception, timeout: float, *, change: bool) -> StoreError:
    """No answer, or half of one."""
    reason = error.reason if isinstance(error, URLError) else error
    hint = "is the server running, and is the URL right?"
    if isinstance(reason, TimeoutError):
        what = f"no answer in {timeout:g} s"
        hint = "the server is busy or out of reach, or the query asks for too much"
        hint = _UNKNOWN_OUTCOME if change else hint
    elif isinstance(reason, ConnectionRefusedError):
        what = "nothing listens there"
    elif broken_off(reason):
        what = "the connection broke off"
        hint = _UNKNOWN_OUTCOME if change else "the server's log may say why"
    elif isinstance(reason, ssl.SSLError):
        why = getattr(reason, "verify_message", None) or getattr(reason, "reason", None) or reason
        what = f"no safe connection: {line(str(why))}"
        hint = "is its certificate good? store_ca names a file with what it rests on"
    elif isinstance(reason, HTTPException):
        what = "what answers there does not speak HTTP"
    elif getattr(reason, "errno", None) == 28:
        what, hint = "no room on the disk for the answer", "make room, or set TMPDIR elsewhere"
    else:
        what = line(getattr(reason, "strerror", None) or str(reason)) or "out of reach"
    return StoreError(f"{shown(url)}: {what}", hint=hint)


def line(text: str) -> str:
    """A text from elsewhere as one line for the terminal, cut where it is long; a web page as its words.

    >>> line("<html><head><title>500</title></head><body><h1>Out of\\nmemory</h1></body></html>")
    'Out of memory'
    """
    text = text[:10_000]
    if re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        text = re.sub(
            r"<(head|script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.IGNORECASE | re.DOTALL
        )
        text = html.unescape(text)
    found = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return found if len(found) <= 150 else f"{found[:149]}…"

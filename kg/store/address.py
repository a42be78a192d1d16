"""The addresses of a store: whether a URL is one, and where its engine answers what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kg.errors import ConfigError
from kg.store.messages import line, shown

if TYPE_CHECKING:
    from kg.store.dialects import Dialect


def address(url: str) -> str:
    """A URL that requests can go to: one that is not, or that has a password in it, is refused."""
    try:
        parts = urlsplit(url)
        good = re.fullmatch(r"https?://[!-~]+", url, re.IGNORECASE) and parts.hostname
        port = parts.port  # raises ValueError
    except ValueError:
        good = port = None
    if not good or port == 0:
        raise ConfigError(
            f"{line(url.rpartition('@')[2])}: not the URL of a store",
            hint="such as http://127.0.0.1:7878/",
        )
    if "@" in parts.netloc:
        raise ConfigError(f"{shown(url)}: a URL cannot carry a name and a password")
    return parts._replace(path=parts.path or "/", fragment="").geturl()


_REPOSITORY: Final = re.compile(r".*/repositories/[^/]+")


def places(url: str, dialect: Dialect, *, login: bool) -> tuple[str, str, str | None]:
    """Where queries, updates and the Graph Store Protocol are at an address; None where there is none.

    The address has no query: what follows `?` is put behind by who asks.

    >>> from kg.store.dialects import DIALECTS
    >>> places("http://h/", DIALECTS["virtuoso"], login=True)[1:]
    ('http://h/sparql-auth', 'http://h/sparql-graph-crud-auth')
    >>> places("https://h/repositories/kg", DIALECTS["graphdb"], login=False)[1]
    'https://h/repositories/kg/statements'
    """
    suffix = dialect.with_login if login else ""
    if url.endswith("/"):
        query, update, graphs = dialect.below
        query, update = url + query, url + update
        graphs = None if graphs is None else url + graphs
    elif suffix and url.endswith(suffix):  # the address has been given with it
        query = update = url
        graphs = _followed(url.removesuffix(suffix), dialect.beside[1])
    elif dialect.name == "graphdb" and not _REPOSITORY.fullmatch(url):
        return url, url, None
    else:
        query, update = url, url + dialect.beside[0]
        graphs = _followed(url, dialect.beside[1])
    if not update.endswith(suffix):
        update += suffix
    return query, update, None if graphs is None else graphs + suffix


def _followed(url: str, suffix: str | None) -> str | None:
    return None if suffix is None else url + suffix

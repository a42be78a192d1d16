"""What a reconciliation service says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urljoin, urlsplit

from kg.errors import ServiceError, bounded
from kg.http.url import bare
from kg.vocab import WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Mapping

BATCH: Final = 10
"""Queries of one request where a service does not say how many it takes: OpenRefine sends as many."""
MOST: Final = 50
"""Queries of one request whatever it says: more would only make the wait for the first answer longer."""
FINAL: Final = frozenset({"0.1", "0.2"})
DRAFT: Final = "1.0-draft"
_VIEW: Final = re.compile(r"https?://www\.wikidata\.org/(wiki|entity)/\{\{?id\}?\}")
_SPACE: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+[/#=:]")
_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a service says of itself.

    `draft` is whether it is spoken to as in 1.0. `iri` has `{id}` where an id goes. `suggest` is where
    properties are looked for by their names, `extends` whether it tells their values.
    """

    name: str
    draft: bool
    batch: int
    iri: str
    suggest: str | None
    extends: bool


def read(data: Any, url: str) -> Manifest:
    """The manifest that a service at an address has answered with.

    Raises ServiceError where it is none, or says nothing of which IRIs its items have.
    """
    if not isinstance(data, dict) or not isinstance(data.get("name"), str):
        raise ServiceError(
            f"{bare(url)}: answers with JSON that is no manifest of a reconciliation service",
            hint="the URL is the one that OpenRefine is given too",
        )
    versions = data.get("versions", ["0.1"])
    known = set(versions) if as_texts(versions) else set()
    if not known & (FINAL | {DRAFT}):
        raise ServiceError(
            f"{bare(url)}: speaks version {bounded(', '.join(map(str, as_array(versions))), 60) or '?'} of the"
            " Reconciliation API",
            hint=f"versions that are understood: 0.1, 0.2, {DRAFT}",
        )
    draft = not known & FINAL  # who speaks both is spoken to in what does not change any more
    size = data.get("batchSize")
    batch = size if type(size) is int and size > 0 else BATCH
    return Manifest(
        name=bounded(data["name"], 100),
        draft=draft,
        batch=min(batch, MOST),
        iri=_template(data, url),
        suggest=_suggesting(data, url, draft=draft),
        extends=isinstance(data.get("extend"), dict),
    )


def _template(data: Mapping[str, Any], url: str) -> str:
    """The IRI of an item with `{id}` in the place of its id.

    An identifier space counts where ids can be put behind it; many services state that of Freebase.
    """
    view = as_object(data.get("view")).get("url")
    view = view if isinstance(view, str) else ""
    space = data.get("identifierSpace")
    if isinstance(space, str) and _SPACE.fullmatch(space):
        return f"{space}{{id}}"
    if _VIEW.fullmatch(view):
        return f"{WIKIDATA}{{id}}"
    for variable in ("{{id}}", "{+id}", "{id}"):
        if variable in view:
            return view.replace(variable, "{id}")
    raise ServiceError(
        f"{bare(url)}: its manifest does not say which IRIs its items have",
        hint="a manifest has an identifierSpace that ends in / or #, or a view with a url",
    )


def iri_of(template: str, id_: str) -> str | None:
    """The IRI of an item; an id that is an IRI is its own. None where none comes of it.

    >>> iri_of("https://example.org/thing/{id}", "a b"), iri_of("https://example.org/{id}", "https://x.org/1")
    ('https://example.org/thing/a%20b', 'https://x.org/1')
    """
    iri = id_ if _IRI.fullmatch(id_) else template.replace("{id}", quote(id_, safe="~:@!$'()*,;=/"))
    return iri if _IRI.fullmatch(iri) and id_ else None


def _suggesting(data: Mapping[str, Any], url: str, *, draft: bool) -> str | None:
    """Where properties are looked for by their names: below the service, and nowhere else."""
    stated = as_object(data.get("suggest")).get("property")
    if draft:
        return below(url, "suggest/property") if stated is True else None
    parts = [as_object(stated).get(key, "") for key in ("service_url", "service_path")]
    if not as_texts(parts) or not any(parts):
        return None
    found = urljoin(url, "".join(parts))
    # A manifest could otherwise have us ask around in the network here.
    return found if urlsplit(found)[:2] == urlsplit(url)[:2] else None


def below(url: str, route: str) -> str:
    """A route below an address, whose parameters stay.

    >>> below("https://example.org/api?key=1", "match")
    'https://example.org/api/match?key=1'
    """
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/{route}").geturl()


def as_object(value: object) -> dict[str, Any]:
    """What should be an object of JSON; empty where it is none."""
    return value if isinstance(value, dict) else {}


def as_array(value: object) -> list[Any]:
    """What should be an array of JSON; empty where it is none."""
    return value if isinstance(value, list) else []


def as_texts(value: object) -> bool:
    """Whether something is an array of texts."""
    return isinstance(value, list) and all(isinstance(each, str) for each in value)

"""What a page says of its article in JSON-LD: the vocabulary of schema.org as newspapers use it."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARTICLE: Final = re.compile(r"(?:Article|Posting|Report|LiveBlogPosting)$")
_WRAPPED: Final = re.compile(r"^(?:// *)?<!\[CDATA\[|(?:// *)?\]\]>$|^<!--|-->$")
_NODES: Final = 10_000
"""Nodes that are looked at; a page with more of them has no article among the first, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The article of a page as its JSON-LD has it; what is not stated is absent."""

    headline: str | None = None
    author: tuple[str, ...] = ()
    publisher: str | None = None
    published: tuple[str, ...] = ()
    section: str | None = None
    language: str | None = None
    url: str | None = None


def linked(scripts: list[str], address: str | None) -> Linked:
    """The article that a page's JSON-LD describes: the one at the page's address, or the first.

    An author that is an organisation is no author but says who publishes, where nothing else does.
    """
    nodes = [*_nodes(scripts)]
    articles = [node for node in nodes if _is_article(node)]
    if not articles:
        return Linked()
    own = next((node for node in articles if address and _address(node) == address), articles[0])
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}

    def resolved(value: Any) -> Iterator[Any]:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and "name" not in one and isinstance(one.get("@id"), str):
                yield by_id.get(one["@id"], one)
            else:
                yield one

    people: list[str] = []
    bodies: list[str] = []
    for one in resolved(own.get("author") or own.get("creator")):
        found = bodies if isinstance(one, dict) and _is_body(one) else people
        found += _names(one)
    publishers = [name for one in resolved(own.get("publisher")) for name in _names(one)]
    dates = [
        value for node in (own, *articles) if isinstance(value := node.get("datePublished"), str)
    ]
    return Linked(
        headline=_text(own.get("headline")) or _text(own.get("name")),
        author=tuple(dict.fromkeys(people)),
        publisher=next(iter([*publishers, *bodies]), None),
        published=tuple(dict.fromkeys(dates)),
        section=_first(own.get("articleSection")),
        language=_language(own.get("inLanguage")),
        url=_address(own),
    )


def _nodes(scripts: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a page's JSON-LD that stand for themselves: not those of lists of links."""
    count = 0
    for script in scripts:
        try:
            queue: deque[Any] = deque([json.loads(_WRAPPED.sub("", script.strip()), strict=False)])
        except (ValueError, RecursionError):
            continue
        while queue and count < _NODES:
            node = queue.popleft()
            count += 1
            if isinstance(node, list):
                queue.extend(node[: _NODES - count])
            elif isinstance(node, dict):
                yield node
                queue.extend(node[key] for key in ("@graph", "mainEntity") if key in node)


def _is_article(node: dict[str, Any]) -> bool:
    types = node.get("@type")
    return any(
        isinstance(one, str) and _ARTICLE.search(one)
        for one in (types if isinstance(types, list) else [types])
    )


def _is_body(node: dict[str, Any]) -> bool:
    return "Organization" in str(node.get("@type"))


def _names(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = value.get("name")
    names = value if isinstance(value, list) else [value]
    return [name for one in names if (name := _text(one)) and "://" not in name]


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(value).split()) or None


def _first(value: Any) -> str | None:
    return next(
        (text for one in (value if isinstance(value, list) else [value]) if (text := _text(one))),
        None,
    )


def _language(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name")
    return _first(value)


def _address(node: dict[str, Any]) -> str | None:
    for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id")):
        address = value.get("@id") if isinstance(value, dict) else value
        if isinstance(address, str) and re.match("https?://", address):
            return address.strip()
    return None

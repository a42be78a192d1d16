"""RDF as JSON-LD, compact with our context, which stands inline: nobody needs to fetch it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from pyoxigraph import RdfFormat

from kg import rdf, resources
from kg.errors import InputError
from kg.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Iterable


def context(base: str) -> dict[str, Any]:
    """Our JSON-LD context, with prefixes for the things and the graphs under a base IRI."""
    text = (resources.folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    terms: dict[str, Any] = json.loads(text)["@context"]
    return terms | {"id": f"{base}id/", "graph": f"{base}graph/"}


def write(items: Iterable[rdf.S], base: str) -> bytes:
    """Triples or quads as JSON-LD, the same bytes for the same graph."""
    from pyld import jsonld

    expanded = _typed(json.loads(rdf.write(items, RdfFormat.JSON_LD, {})))
    tree = jsonld.compact(expanded, context(base), {"documentLoader": _fetch_nothing})
    return (json.dumps(tree, ensure_ascii=False, indent=1) + "\n").encode()


def _typed(tree: Any) -> Any:
    """An expanded tree with @type where the engine writes rdf:type like any other property."""
    if isinstance(tree, list):
        return [_typed(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    node = {key: _typed(value) for key, value in tree.items()}
    classes = node.pop(RDF.type.value, [])
    types = [item["@id"] for item in classes if "@id" in item]
    others = [item for item in classes if "@id" not in item]
    return node | ({"@type": types} if types else {}) | ({RDF.type.value: others} if others else {})


def _fetch_nothing(url: str, _options: object) -> NoReturn:
    raise InputError(f"{url}: a JSON-LD context on the web, and nothing is fetched")

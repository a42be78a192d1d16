"""What there is to ask: the description of the API, of the dataset and of the stored queries; and all of it."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox

from kg import __version__
from kg.catalogue import dataset, library, terms
from kg.errors import KgError
from kg.names import labels
from kg.store import named_graphs
from kg.vocab import ONTOLOGY
from kg.web.pages.html import page as html
from kg.web.protocol import results
from kg.web.protocol.formats import DATASETS, FORMATS
from kg.web.queries import openapi
from kg.web.queries.asked import library as known
from kg.web.queries.documents import FORMS, form_of
from kg.web.queries.examples import examples, most_linked, to_try
from kg.web.queries.operations import OPERATIONS
from kg.web.readers.reply import Reply, as_json
from kg.web.views.reconcile import entities

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyoxigraph import Triple

    from kg.query.parameters import StoredQuery
    from kg.web.readers.reading import Reading


def document(reading: Reading, *, paths: tuple[str, ...]) -> Reply:
    """The description of the API (OpenAPI 3.1); `paths` are those of `OPERATIONS` that are answered."""
    return Reply(body=as_json(described(reading, paths)), media_type=openapi.MEDIA_TYPE)


def described(reading: Reading, paths: Iterable[str]) -> dict[str, Any]:
    """What the API can do with the stored queries and the data at hand, before it is written as JSON."""
    queries = known(reading)
    with_items = _has_items(reading)
    return openapi.document(
        queries,
        examples(reading, queries.values()),
        title=reading.workspace.root.name or "kg",
        version=__version__,
        paths={path for path in paths if with_items or not path.startswith(_ITEMS)},
        sample=_sample(reading),
        writing=reading.writing,
    )


_ITEMS: Final = "/reconcile/items"


def _has_items(reading: Reading) -> bool:
    """Whether there is an index of items to reconcile with."""
    try:
        entities(reading, "items")
    except KgError:
        return False
    return True


def _sample(reading: Reading) -> dict[str, str]:
    """A thing of ours to look at: its kind, its id and its name."""
    found = most_linked(reading, "kg:Actor")
    if not found:
        return {}
    kind, _, local = found[0].partition(":")
    node = reading.iris.thing(kind, local)
    return {
        "kind": kind,
        "local": local,
        "q": labels(reading.store, {node}).get(node, local),
        "id": f"{kind}/{local}",
    }


class Shown(NamedTuple):
    """An operation as the page of the API shows it."""

    name: str
    method: str
    path: str
    operation: Mapping[str, Any]
    parameters: tuple[Mapping[str, Any], ...]
    types: tuple[str, ...]
    curl: tuple[str, ...]
    link: str | None


def docs(reading: Reading, *, paths: tuple[str, ...], address: str) -> Reply:
    """The page of the API; `address` is that of the server, for commands to copy."""
    described_ = described(reading, paths)
    queries = known(reading)
    values = examples(reading, queries.values())
    common = described_["components"]["parameters"]
    groups: dict[str, list[Shown]] = {}
    for path, methods in described_["paths"].items():
        for method, operation in methods.items():
            query = queries.get(path.removeprefix("/query/"))
            shown = _shown(path, method, operation, query, values, address)
            groups.setdefault(operation["tags"][0], []).append(shown)
    own = {tag for path in OPERATIONS.values() for each in path.values() for tag in each["tags"]}
    return html(
        reading,
        "docs.html",
        here="docs",
        groups=sorted(groups.items(), key=lambda group: (group[0] in own, group[0])),
        options=list(common.values()),
        about=described_["info"]["description"],
        count=len(queries),
        wrong=_curl(f"{address}query/articles?limt=1"),
    )


def _shown(
    path: str,
    method: str,
    operation: Mapping[str, Any],
    query: StoredQuery | None,
    values: Mapping[str, Mapping[str, str]],
    address: str,
) -> Shown:
    own = tuple(each for each in operation["parameters"] if "name" in each)
    types = tuple(operation["responses"].get("200", {}).get("content", ()))
    if query is not None:
        tried = urlencode(to_try(query, values.get(query.name, {})))
        inside = f"query/{query.name}" + (f"?{tried}" if tried else "")
        wanted = [name for name in ("text/csv", "text/turtle") if name in FORMS[form_of(query)]]
        curl = [_curl(address + inside), *(_curl(address + inside, accept=name) for name in wanted)]
        return Shown(query.name, method, path, operation, own, types, tuple(curl), inside)
    given = {each["name"]: str(each["example"]) for each in own if "example" in each}
    inside = path.removeprefix("/")
    for each in own:
        if each["in"] == "path":
            inside = inside.replace(f"{{{each['name']}}}", given.pop(each["name"], ""))
    tried = urlencode(given)
    if method != "get":
        sent = _sent(operation["requestBody"]["content"]) if "requestBody" in operation else []
        if "security" in operation:
            sent = ["-X", method.upper(), "-H", "Authorization: Bearer TOKEN", *sent]
            inside += f"?{tried}" if tried else ""
        name = operation["operationId"]
        return Shown(
            name, method, path, operation, own, types, (_curl(address + inside, *sent),), None
        )
    inside += f"?{tried}" if tried else ""
    accept = {"list-queries": "application/json", "search": "application/json"}
    name = operation["operationId"]
    curl = [_curl(address + inside, accept=accept.get(name))]
    return Shown(name, method, path, operation, own, types, tuple(curl), inside)


def _sent(content: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """How a command sends the example of a body."""
    media_type, example = next((name, each["example"]) for name, each in content.items())
    if media_type == "application/x-www-form-urlencoded":
        return [word for field in example.items() for word in ("--data-urlencode", "=".join(field))]
    body = example if isinstance(example, str) else as_json(example).decode().strip()
    return ["-H", f"Content-Type: {media_type}", "--data-binary", body]


def _curl(address: str, *words: str, accept: str | None = None) -> str:
    """A command that asks an address."""
    headers = ["-H", f"Accept: {accept}"] if accept else []
    return shlex.join(["curl", *headers, *words, address])


def void(reading: Reading, *, extension: str, address: str, plain: bool = False) -> Reply:
    """The dataset in VoID and DCAT, with the addresses at which it is served; `plain` as any text."""
    triples = dataset.void(
        reading.store,
        reading.iris.base,
        reading.workspace.root.name or "kg",
        endpoint=f"{address}sparql",
        dumps=[f"{address}dump.{name}" for name in DATASETS],
    )
    return _triples(reading, triples, extension, plain=plain)


def executables(reading: Reading, *, extension: str, address: str, plain: bool = False) -> Reply:
    """The stored queries as executables of SHACL, to be asked of the endpoint here."""
    triples = library.queries(
        reading.store,
        known(reading).values(),
        reading.iris.base,
        reading.prefixes,
        endpoint=f"{address}sparql",
    )
    return _triples(reading, triples, extension, plain=plain)


def _triples(reading: Reading, triples: Iterable[Triple], extension: str, *, plain: bool) -> Reply:
    prefixes = {**reading.prefixes, **terms.prefixes(reading.iris.base)}
    media_type = FORMATS[extension].media_type
    reply = results.graph(triples, reading, media_type, {"Vary": "Accept"}, prefixes)
    return replace(reply, media_type="text/plain") if plain else reply


def dump(reading: Reading, *, extension: str) -> Reply:
    """All graphs but that of the ontology, which is published by itself, as they are stored."""
    media_type = DATASETS[extension].media_type
    form = ox.RdfFormat.from_media_type(media_type)
    assert form is not None  # noqa: S101 - the engine has both
    graphs = sorted(named_graphs(reading.store) - {ONTOLOGY}, key=str)
    file = reading.spool()
    quads = (
        ox.Quad(triple.subject, triple.predicate, triple.object, graph)
        for graph in graphs
        for triple in reading.store.get(graph)
    )
    prefixes = dict(reading.prefixes) if form == ox.RdfFormat.TRIG else None
    ox.serialize(quads, file, format=form, prefixes=prefixes)
    name = reading.workspace.root.name or "kg"
    return Reply(
        body=file,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{_escaped(name)}.{extension}"
        },
    )


def _escaped(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")

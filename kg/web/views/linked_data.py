"""Linked data: which document an IRI of ours leads to, and the documents as data."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from pyoxigraph import NamedNode, QueryBoolean

from kg import export
from kg.errors import NotFoundError
from kg.names import brief, labels, resolve
from kg.store import select
from kg.vocab import DCTERMS, KG, PROV
from kg.web.pages.html import links, relative
from kg.web.pages.html import page as html
from kg.web.protocol.formats import FORMATS, PAGE, alternates, sent, spellings, split
from kg.web.readers.reply import Reply
from kg.web.search import finding
from kg.web.views import graphstore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Quad

    from kg.web.readers.reading import Reading

REPLACED: Final = DCTERMS.isReplacedBy.value
SORTED: Final = 50_000
"""Triples up to which a graph is sent sorted, as `kg export` writes it: a second, and 100 MB."""


def directed(reading: Reading, *, path: str, wanted: str) -> Reply:
    """Where a thing is described: 303 to its page or to a document of data, `wanted` by its extension."""
    node = found(reading, path)
    if node is None:
        path, extension = split(path)
        wanted = extension or wanted
        node = _known(reading, path)
    kept = resolve(reading.store, reading.prefixes, f"<{node.value}>")
    if kept != node:
        return _gone(reading, node, kept, here=path, wanted=wanted)
    inside = sent(reading.iris.relative(node))
    others = alternates(inside)
    form = FORMATS.get(wanted)
    target = f"data/{inside}.{wanted}" if form else f"page/{inside}"
    told = [*others, (PAGE, f"page/{inside}", "page")]
    location = relative(target, path)
    described = f'<{location}>; rel="describedby"; type="{form.media_type if form else PAGE}"'
    return Reply(
        body=f"{location}\n".encode(),
        media_type="text/plain",
        status=303,
        headers={
            "Location": location,
            "Link": f"{described}, {links(told, path)}",
            "Vary": "Accept",
        },
    )


def document(reading: Reading, *, path: str, extension: str, here: str) -> Reply:
    """The data about a thing, or the triples of a graph, in a format: what `kg export` writes.

    `here` is the path that was asked for, which links count from.
    """
    if path.startswith("graph/"):
        return _triples(reading, _graph(reading, path), extension, here)
    node = _known(reading, path)
    kept = resolve(reading.store, reading.prefixes, f"<{node.value}>")
    if kept != node:
        return _gone(reading, node, kept, here=here, wanted=extension)
    return _data(reading, node, export.surroundings(reading.store, node), extension, here)


def graph(reading: Reading, *, here: str, wanted: str) -> Reply:
    """The page of a graph, or its triples, as is `wanted` or an extension says."""
    path, extension = split(here)
    if extension is None or _graph_at(reading, here) is not None:
        path, extension = here, wanted
    node = _graph(reading, path)
    return (
        _page(reading, node, here)
        if extension == "html"
        else _triples(reading, node, extension, here)
    )


def _triples(reading: Reading, node: NamedNode, extension: str, here: str) -> Reply:
    """The triples of a graph: sorted as `kg export` sorts them, but for graphs that are too large for that."""
    if extension != "trig" and _size(reading, node) > SORTED:
        reply = graphstore.graph(reading, iri=node.value, media_type=FORMATS[extension].media_type)
        return replace(reply, headers=_headers(reading, node, extension, here))
    return _data(reading, node, export.one_graph(reading.store, node), extension, here)


def _size(reading: Reading, node: NamedNode) -> int:
    sparql = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }}"
    (row,) = select(reading.store, sparql)
    return int(row["n"].value)


def _data(
    reading: Reading, node: NamedNode, quads: Iterable[Quad], extension: str, here: str
) -> Reply:
    form = FORMATS[extension]
    return Reply(
        body=export.write(quads, form.form, reading.prefixes, reading.iris),
        media_type=form.media_type,
        headers=_headers(reading, node, extension, here),
    )


def _headers(reading: Reading, node: NamedNode, extension: str, here: str) -> dict[str, str]:
    """The links from data to what they describe, and to its other forms."""
    inside = sent(reading.iris.relative(node))
    page = inside if inside.startswith("graph/") else f"page/{inside}"
    others = links(
        [*alternates(inside), (PAGE, page, "page")], here, but=f"data/{inside}.{extension}"
    )
    return {"Link": f'<{relative(inside, here)}>; rel="describes", {others}', "Vary": "Accept"}


def _page(reading: Reading, node: NamedNode, here: str) -> Reply:
    """What a graph holds, and who made it when from what."""
    store = reading.store
    within = f"GRAPH {node}"
    classes = _counted(reading, f"{within} {{ ?s a ?x }}", "COUNT(DISTINCT ?s)")
    properties = _counted(reading, f"{within} {{ ?s ?x ?o }}", "COUNT(*)")
    articles = {
        row["x"]
        for row in select(store, f"SELECT ?x WHERE {{ {within} {{ ?x a {KG.Article} }} }} LIMIT 10")
    }
    told = _provenance(reading, node)
    shown = {term for _, values in told for term in values} | articles
    shown |= {NamedNode(iri) for iri, _ in (*classes, *properties)}
    inside = sent(reading.iris.relative(node))
    return html(
        reading,
        "graph.html",
        here=here,
        graph=node.value,
        name=reading.iris.relative(node).removeprefix("graph/"),
        about=_ABOUT.get(node.value.removeprefix(reading.iris.graph("").value)),
        triples=_size(reading, node),
        articles=sorted(each.value for each in articles if isinstance(each, NamedNode)),
        classes=classes,
        properties=properties,
        told=[(label, [each.value for each in values]) for label, values in told],
        names={
            each.value: name
            for each, name in labels(store, [x for x in shown if isinstance(x, NamedNode)]).items()
        },
        alternates=alternates(inside),
        headers={"Vary": "Accept"},
    )


_ABOUT: Mapping[str, str] = {
    "entities": "The register: what is known of actors, places, topics and events whoever speaks of them.",
    "analysis": "Judgements of people and programs: what contradicts what, what is the same as what.",
    "provenance": "Who made each graph, when, and from what.",
    "dates": "All times that anything has, with the first and the last instant that each allows.",
}
_TOLD = (
    ("Made by", PROV.wasAttributedTo),
    ("Made in", PROV.wasGeneratedBy),
    ("Made from", PROV.wasDerivedFrom),
    ("Made on", PROV.generatedAtTime),
    ("Licence", DCTERMS.license),
)


def _provenance(reading: Reading, node: NamedNode) -> list[tuple[str, list[NamedNode]]]:
    """What the graph of provenance says of another, under the words for it."""
    rows = select(
        reading.store,
        f"SELECT ?p ?o WHERE {{ GRAPH {reading.iris.provenance} {{ {node} ?p ?o }} }} ORDER BY ?o",
    )
    stated = [(row["p"], row["o"]) for row in rows]
    found = [(label, [o for p, o in stated if p == property_]) for label, property_ in _TOLD]
    return [(label, values) for label, values in found if values]


def _counted(reading: Reading, pattern: str, counting: str) -> list[tuple[str, int]]:
    """The IRIs that `?x` of a pattern stands for, the most frequent first."""
    rows = select(
        reading.store,
        f"SELECT ?x ({counting} AS ?n) WHERE {{ {pattern} FILTER(ISIRI(?x)) }} "
        "GROUP BY ?x ORDER BY DESC(?n) ?x",
    )
    return [(row["x"].value, int(row["n"].value)) for row in rows]


# ---- what is there ------------------------------------------------------------------------------


def found(reading: Reading, path: str) -> NamedNode | None:
    """The thing at a path such as `id/actor/japan`, where anything is known of it."""
    for node in _nodes(reading, path):
        if reading.iris.local(node) is None:
            continue
        answer = reading.store.query(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }} }}")
        if isinstance(answer, QueryBoolean) and bool(answer):
            return node
    return None


def _known(reading: Reading, path: str) -> NamedNode:
    node = found(reading, path)
    if node is None:
        raise missing(reading, path)
    return node


def thing(reading: Reading, path: str, here: str) -> NamedNode | Reply:
    """The thing at a path such as `id/actor/japan`, for its page, or 410 where it was merged.

    `here` is the path that was asked for. Raises NotFoundError with the nearest names where nothing
    is known of it.
    """
    node = _known(reading, path)
    kept = resolve(reading.store, reading.prefixes, f"<{node.value}>")
    return node if kept == node else _gone(reading, node, kept, here=here, wanted="html")


def missing(reading: Reading, path: str) -> NotFoundError:
    """The error for a path at which there is nothing, with the names that are most like its last part."""
    said = unquote(path.removeprefix("id/"))
    words = said.rpartition("/")[2].replace("-", " ").replace("_", " ")
    kind = said.partition("/")[0]
    kinds = [kind] if kind in finding.KINDS else finding.KINDS
    near = finding.index(reading).find(words, kinds=kinds, limit=3) if words.strip() else []
    named = [f"{brief(each.thing.name)} ({each.thing.kind}:{each.thing.id})" for each in near]
    hint = f"did you mean {' or '.join(named)}?" if named else None
    return NotFoundError(f"nothing is known of {brief(said)}", hint=hint)


def _graph(reading: Reading, path: str) -> NamedNode:
    """The graph at a path such as `graph/entities`; NotFoundError where there is none."""
    node = _graph_at(reading, path)
    if node is None:
        raise NotFoundError(f"there is no graph {brief(unquote(path.removeprefix('graph/')))}")
    return node


def _graph_at(reading: Reading, path: str) -> NamedNode | None:
    for node in _nodes(reading, path):
        answer = reading.store.query(f"ASK {{ GRAPH {node} {{ ?s ?p ?o }} }}")
        if isinstance(answer, QueryBoolean) and bool(answer):
            return node
    return None


def _nodes(reading: Reading, path: str) -> Iterator[NamedNode]:
    """The IRIs that a path may stand for."""
    for spelling in spellings(path):
        with contextlib.suppress(ValueError):  # not every path makes an IRI
            yield NamedNode(f"{reading.iris.base}{spelling}")


# ---- what was merged ----------------------------------------------------------------------------


def _gone(reading: Reading, node: NamedNode, kept: NamedNode, *, here: str, wanted: str) -> Reply:
    """410 for what was merged into something else, with the judgement that says so; data in a format."""
    headers = {"Link": _replacement(reading, kept, here), "Vary": "Accept"}
    form = FORMATS.get(wanted)
    if form is not None:
        quads = export.surroundings(reading.store, node)
        body = export.write(quads, form.form, reading.prefixes, reading.iris)
        return Reply(body=body, media_type=form.media_type, status=410, headers=headers)
    return html(
        reading,
        "gone.html",
        here=here,
        status=410,
        headers=headers,
        gone=node.value,
        kept=kept.value,
        name=labels(reading.store, {kept}).get(kept),
    )


def _replacement(reading: Reading, kept: NamedNode, here: str) -> str:
    """The link from what is gone to what stays."""
    return f'<{relative(sent(reading.iris.relative(kept)), here)}>; rel="{REPLACED}"'

"""`kg export`: the graphs in the formats of RDF, and articles as annotations.

The same graph gives the same bytes, in whatever order it was loaded. Texts are never exported:
the graphs do not have them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from pyoxigraph import NamedNode, Quad, RdfFormat

from kg import annotation, rdf, resources
from kg.errors import ConfigError, InputError
from kg.mapping.read import from_graph
from kg.store import named_graphs
from kg.vocab import KG, OA, ONTOLOGY, RDF, RDFS, SCHEMA, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.mapping.iris import Iris
    from kg.store import GraphStore

DATASETS: dict[str, RdfFormat] = {"trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS}
GRAPHS: dict[str, RdfFormat] = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
}
FORMATS = (*GRAPHS, *DATASETS, "jsonld", "yaml", "json")
"""The formats by the names that `-f` takes; yaml and json are the annotation of one article."""

_PARTS = (KG.Passage, KG.Participation, KG.Quantity, KG.Stance, KG.Judgement, KG.SourceText)
_NAMES = (RDF.type, RDFS.label, SCHEMA.headline, SCHEMA.text, OA.exact, SKOS.notation)


def dataset(store: GraphStore, *, ontology: bool = False) -> set[Quad]:
    """All quads of the store; those of the ontology only on request: it is published by itself."""
    graphs = named_graphs(store) - (set() if ontology else {ONTOLOGY})
    return {quad for graph in graphs for quad in _quads(store, graph)}


def one_graph(store: GraphStore, graph: NamedNode) -> set[Quad]:
    """The quads of one named graph. Raises InputError where there is no such graph."""
    quads = set(_quads(store, graph))
    if not quads:
        raise InputError(f"{graph.value}: no such graph, or an empty one")
    return quads


def surroundings(store: GraphStore, thing: NamedNode) -> set[Quad]:
    """The quads of one thing with what belongs to it: its parts in full, its neighbours by name.

    Parts are what has no life of its own: passages, participations, quantities, stances,
    judgements, times.
    """
    quads = dataset(store)
    index: dict[NamedNode, list[Quad]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            index.setdefault(quad.subject, []).append(quad)
    found = set(index.get(thing, ())) | {quad for quad in quads if quad.object == thing}
    if not found:
        raise InputError(f"{thing.value}: nothing is known of it")
    for _ in range(2):  # a quantity of a claim, and the time of a stance of a claim
        nodes = {node for quad in found for node in (quad.subject, quad.object)}
        for node in nodes:
            if isinstance(node, NamedNode) and any(
                quad.predicate == RDF.type and quad.object in (*_PARTS, _TIME)
                for quad in index.get(node, ())
            ):
                found.update(index[node])
    for node in {node for quad in found for node in (quad.subject, quad.object)}:
        if isinstance(node, NamedNode) and node != thing:
            found.update(quad for quad in index.get(node, ()) if quad.predicate in _NAMES)
    return found


def _quads(store: GraphStore, graph: NamedNode) -> Iterator[Quad]:
    for triple in store.get(graph):
        yield Quad(triple.subject, triple.predicate, triple.object, graph)


_TIME = NamedNode("http://www.w3.org/2006/time#TemporalEntity")


def write(quads: Iterable[Quad], form: str, prefixes: Mapping[str, str], iris: Iris) -> bytes:
    """Quads in one of the RDF formats; those without named graphs get the union.

    Raises ConfigError where the format is not one of RDF's.
    """
    if form in DATASETS:
        return rdf.write(quads, DATASETS[form], prefixes)
    if form in GRAPHS:
        return rdf.write((quad.triple for quad in quads), GRAPHS[form], prefixes)
    if form == "jsonld":
        return json_ld(quads, iris)
    raise ConfigError(
        f"{form} is no RDF format", hint=f"known: {', '.join((*GRAPHS, *DATASETS))}, jsonld"
    )


def article(store: GraphStore, graph: NamedNode, iris: Iris, form: str) -> bytes:
    """The annotation that an article graph was made from, as yaml or json."""
    try:
        entry = from_graph(store.get(graph), store.get(iris.provenance), iris)
    except ValueError as error:
        raise InputError(f"{graph.value}: not the graph of an article: {error}") from error
    return annotation.write(entry, f"annotation.{form}").encode()


def context(iris: Iris) -> dict[str, Any]:
    """Our JSON-LD context, with prefixes for the workspace's things and graphs."""
    text = (resources.folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    terms: dict[str, Any] = json.loads(text)["@context"]
    return terms | {"id": f"{iris.base}id/", "graph": f"{iris.base}graph/"}


def json_ld(quads: Iterable[Quad], iris: Iris) -> bytes:
    """Quads as JSON-LD, compacted with our context, which stands inline: nobody needs to fetch it."""
    from pyld import jsonld

    expanded = json.loads(rdf.write(quads, RdfFormat.JSON_LD, {}))
    tree = jsonld.compact(expanded, context(iris), {"documentLoader": _fetch_nothing})
    return (json.dumps(_sorted(tree), ensure_ascii=False, indent=1) + "\n").encode()


def _fetch_nothing(url: str, _options: object) -> NoReturn:
    raise InputError(f"{url}: a JSON-LD context on the web, and nothing is fetched")


def _sorted(tree: Any, key: str = "") -> Any:
    """A JSON-LD tree in a fixed order: what is a set in RDF is sorted, keywords come first."""
    if isinstance(tree, dict) and key != "@context":
        first = ("@context", "@id", "@type", "@graph")
        rank = {name: number for number, name in enumerate(first)}
        keys = sorted(tree, key=lambda name: (rank.get(name, len(first)), name))
        return {name: _sorted(tree[name], name) for name in keys}
    if isinstance(tree, list):
        items = [_sorted(item) for item in tree]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True, ensure_ascii=False))
    return tree

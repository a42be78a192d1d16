"""`kg export`: the graphs in the formats of RDF, and articles as annotations.

The same graph gives the same bytes, in whatever order it was loaded. Texts are never exported:
the graphs do not have them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat

from kg import annotation, jsonld, rdf
from kg.errors import ConfigError, InputError
from kg.mapping.read import from_graph
from kg.names import resolve
from kg.store import named_graphs, select
from kg.vocab import KG, OA, ONTOLOGY, RDF, RDFS, SCHEMA, SKOS, TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.mapping.iris import Iris
    from kg.store import GraphStore

DATASETS: dict[str, RdfFormat] = {"trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS}
FORMATS = (*rdf.GRAPHS, *DATASETS, "jsonld", "yaml", "json", "quickstatements", "site")
"""The formats by the names that `-f` takes; yaml and json are the annotation of one article,
`kg.link.quickstatements` makes the commands of quickstatements, `kg.web.site` the files of a site.
"""

_PARTS = (
    KG.Passage,
    KG.Mention,
    KG.Participation,
    KG.Quantity,
    KG.Stance,
    KG.Judgement,
    KG.SourceText,
    TIME.TemporalEntity,
)
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


def graph_of(store: GraphStore, iris: Iris, prefixes: Mapping[str, str], name: str) -> NamedNode:
    """The named graph that is meant: by its name, its IRI, or the article that it is about."""
    known = {graph.value: graph for graph in named_graphs(store)}
    for candidate in (name, f"{iris.base}graph/{name.removeprefix('graph:')}"):
        if candidate in known:
            return known[candidate]
    node = resolve(store, prefixes, name, KG.Article)
    local = iris.local(node)
    return iris.graph(f"article-{local[1]}") if local else node


def surroundings(store: GraphStore, thing: NamedNode) -> set[Quad]:
    """The quads of one thing with what belongs to it: its parts in full, its neighbours by name.

    Parts are what has no life of its own: passages, participations, quantities, stances,
    judgements, times.
    """
    found = _matching(store, "?s", {thing}) | _matching(store, "?o", {thing})
    if not found:
        raise InputError(f"{thing.value}: nothing is known of it")
    for _ in range(2):  # a quantity of a claim, and the time of a stance of a claim
        found |= _matching(store, "?s", _nodes(found), f"?s a ?class . {_values('?class', _PARTS)}")
    neighbours = _nodes(found) - {thing}
    return found | _matching(store, "?s", neighbours, _values("?p", _NAMES))


def _quads(store: GraphStore, graph: NamedNode) -> Iterator[Quad]:
    for triple in store.get(graph):
        yield Quad(triple.subject, triple.predicate, triple.object, graph)


def _matching(
    store: GraphStore, variable: str, nodes: Iterable[NamedNode], further: str = ""
) -> set[Quad]:
    """The quads with one of the nodes in the place of `?s` or `?o`; those of the ontology are not ours."""
    sparql = (
        f"SELECT ?g ?s ?p ?o WHERE {{ {_values(variable, nodes)} {further}"
        f" GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != {ONTOLOGY}) }}"
    )
    return {Quad(row["s"], row["p"], row["o"], row["g"]) for row in select(store, sparql)}


def _values(variable: str, nodes: Iterable[NamedNode]) -> str:
    return f"VALUES {variable} {{ {' '.join(sorted(map(str, nodes)))} }}"


def _nodes(quads: Iterable[Quad]) -> set[NamedNode]:
    terms = {term for quad in quads for term in (quad.subject, quad.object)}
    return {term for term in terms if isinstance(term, NamedNode)}


def write(quads: Iterable[Quad], form: str, prefixes: Mapping[str, str], iris: Iris) -> bytes:
    """Quads in one of the RDF formats; those without named graphs get the union.

    Raises ConfigError where the format is not one of RDF's.
    """
    if form in DATASETS:
        return rdf.write(quads, DATASETS[form], prefixes)
    if form in rdf.GRAPHS:
        return rdf.write((quad.triple for quad in quads), rdf.GRAPHS[form], prefixes)
    if form == "jsonld":
        return jsonld.write(quads, iris.base)
    raise ConfigError(
        f"{form} is no RDF format", hint=f"known: {', '.join((*rdf.GRAPHS, *DATASETS))}, jsonld"
    )


def article(store: GraphStore, graph: NamedNode, iris: Iris, form: str) -> bytes:
    """The annotation that an article graph was made from, as yaml or json."""
    try:
        entry = from_graph(store.get(graph), store.get(iris.provenance), iris)
    except ValueError as error:
        raise InputError(f"{graph.value}: not the graph of an article: {error}") from error
    return annotation.write(entry, f"annotation.{form}").encode()

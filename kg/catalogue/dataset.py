"""The dataset in numbers: graphs, classes, properties and links, and where it can be had."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from kg.catalogue.terms import DATASET, DC, DCAT, FOAF, LANGUAGE, VOID
from kg.mapping.iris import Iris, escape
from kg.names import curie
from kg.rdf import FORMATS
from kg.store import MARKED, is_mark, select
from kg.vocab import KG, ONTOLOGY, PREFIXES, PROV, RDF, SKOS, WIKIDATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.store import GraphStore

_WORDS = {KG.Article: "article", KG.Claim: "claim", KG.Event: "event", KG.Actor: "actor"}
"""The classes that the description counts in words, and gives an example of."""

_LISTED = 10_000
"""So many graphs are listed; of more, those of articles would drown all else, and are left out."""

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def void(
    store: GraphStore,
    base: str,
    title: str = "Knowledge graph of news",
    endpoint: str | None = None,
    dumps: Iterable[str] = (),
) -> Iterator[Triple]:
    """The dataset in VoID and DCAT: what `kg export` writes, what it links to, where it can be had.

    All graphs but that of the ontology count, and a triple that several of them have counts once.
    The dataset has a licence where all articles and all graphs that the user brought state the same
    one. It was modified when the youngest graph was made.

    `endpoint` is the address of a SPARQL endpoint, `dumps` are those of files that hold all of it.
    """
    described = _Described(store, base)
    yield from described.head(title)
    yield from described.numbers()
    yield from described.graphs()
    yield from described.links()
    yield from described.places(endpoint, dumps)


class _Described:
    """Describes what a store holds; IRIs of its parts are the document's with a fragment."""

    def __init__(self, store: GraphStore, base: str) -> None:
        self.store = store
        self.iris = Iris(base)
        self.document = NamedNode(f"{base}{DATASET}")
        self.dataset = self._part("dataset")

    def head(self, title: str) -> Iterator[Triple]:
        yield Triple(self.document, RDF.type, VOID.DatasetDescription)
        yield Triple(self.document, FOAF.primaryTopic, self.dataset)
        yield Triple(self.dataset, RDF.type, VOID.Dataset)
        yield Triple(self.dataset, RDF.type, DCAT.Dataset)
        yield Triple(self.dataset, DC.title, Literal(title, language=LANGUAGE))
        yield Triple(self.dataset, VOID.uriSpace, Literal(self.iris.base))

    def numbers(self) -> Iterator[Triple]:
        classes, properties = self._classes(), self._properties()
        # A triple has one property, so that those of all properties are all.
        triples = sum(part[VOID.triples] for part in properties.values())
        counts = {VOID.triples: triples, VOID.classes: len(classes)}
        counts |= {VOID.properties: len(properties)} | self._nodes()
        for property_, number in counts.items():
            yield Triple(self.dataset, property_, Literal(number))
        for class_, (number, first) in classes.items():
            part = self._part(f"class-{_short(class_)}")
            yield Triple(self.dataset, VOID.classPartition, part)
            yield Triple(part, VOID.class_, class_)
            yield Triple(part, VOID.entities, Literal(number))
            if class_ in _WORDS and first is not None:
                yield Triple(self.dataset, VOID.exampleResource, first)
        for node, partition in properties.items():
            part = self._part(f"property-{_short(node)}")
            yield Triple(self.dataset, VOID.propertyPartition, part)
            yield Triple(part, VOID.property, node)
            for property_, number in partition.items():
                yield Triple(part, property_, Literal(number))
        for vocabulary in {_vocabulary(node) for node in (*classes, *properties)}:
            yield Triple(self.dataset, VOID.vocabulary, vocabulary)
        words = [
            f"{classes[class_][0]:,} {word}{'' if classes[class_][0] == 1 else 's'}"
            for class_, word in _WORDS.items()
            if class_ in classes
        ]
        if words:
            about = Literal(f"It holds {', '.join(words)}.", language=LANGUAGE)
            yield Triple(self.dataset, DC.description, about)

    def _classes(self) -> dict[NamedNode, tuple[int, NamedNode | None]]:
        """Each class with the number of its things and the first of them, where all have IRIs."""
        rows = select(
            self.store,
            "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) (MIN(STR(?s)) AS ?first) "
            f"WHERE {{ {_quad('?s', str(RDF.type), '?class')} }} GROUP BY ?class",
        )
        found: dict[NamedNode, tuple[int, NamedNode | None]] = {}
        for row in rows:
            class_, first = row["class"], row["first"]
            if isinstance(class_, NamedNode):
                node = NamedNode(first.value) if isinstance(first, Literal) else None
                found[class_] = (int(row["n"].value), node)
        return found

    def _properties(self) -> dict[NamedNode, dict[NamedNode, int]]:
        """Each property with how many triples have it, how many subjects, and how many objects.

        They are counted one by one. To tell which triples come twice, an engine keeps all that it
        has seen: of three million quads together 1.1 GB for 5 s, property by property 0.2 GB for 3.
        """
        found = {}
        rows = select(self.store, f"SELECT DISTINCT ?p WHERE {{ {_quad('?s', '?p', '?o')} }}")
        for node in [node for row in rows if isinstance(node := row["p"], NamedNode)]:
            found[node] = self._counts(
                f"{{ SELECT DISTINCT ?s ?o WHERE {{ {_quad('?s', str(node), '?o')} }} }}",
                {
                    VOID.triples: "COUNT(*)",
                    VOID.distinctSubjects: "COUNT(DISTINCT ?s)",
                    VOID.distinctObjects: "COUNT(DISTINCT ?o)",
                },
            )
        return found

    def _nodes(self) -> dict[NamedNode, int]:
        """How many nodes are subjects, how many of those have IRIs of ours, and how many are objects."""
        anything = _quad("?s", "?p", "?o")
        ours = f"ISIRI(?s) && STRSTARTS(STR(?s), {Literal(self.iris.base)})"
        return self._counts(
            f"{{ SELECT DISTINCT ?s WHERE {{ {anything} }} }} BIND(IF({ours}, 1, 0) AS ?one)",
            {VOID.distinctSubjects: "COUNT(*)", VOID.entities: "SUM(?one)"},
        ) | self._counts(anything, {VOID.distinctObjects: "COUNT(DISTINCT ?o)"})

    def graphs(self) -> Iterator[Triple]:
        """The graphs as subsets, with their licences and dates, and what follows for the dataset."""
        rows = select(
            self.store, "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
        )
        sizes = {
            g: int(row["n"].value)
            for row in rows
            if isinstance(g := row["g"], NamedNode) and g != ONTOLOGY and not is_mark(g)
        }
        licences: dict[object, set[NamedNode]] = {}
        for graph, licence in self._stated(DC.license):
            if isinstance(licence, NamedNode):
                licences.setdefault(graph, set()).add(licence)
        times = [
            (graph, time) for graph, time in self._stated(PROV.generatedAtTime) if graph in sizes
        ]
        last = dict(times)  # they come in order, so that a later one takes the place of an earlier
        many = len(sizes) > _LISTED
        for graph, number in sizes.items():
            if many and graph.value.startswith(self.iris.graph("article-").value):
                continue
            yield Triple(self.dataset, VOID.subset, graph)
            yield Triple(graph, RDF.type, VOID.Dataset)
            yield Triple(graph, VOID.triples, Literal(number))
            for licence in licences.get(graph, ()):
                yield Triple(graph, DC.license, licence)
            if graph in last:
                yield Triple(graph, DC.modified, last[graph])
        if times:
            yield Triple(self.dataset, DC.modified, times[-1][1])
        own = {self.iris.entities, self.iris.analysis, self.iris.provenance, self.iris.dates}
        stated = {frozenset(licences.get(graph, ())) for graph in sizes.keys() - own}
        if len(stated) == 1:
            (common,) = stated
            if len(common) == 1:
                yield Triple(self.dataset, DC.license, *common)

    def _stated(self, property_: NamedNode) -> list[tuple[object, NamedNode | Literal]]:
        """What the graph of provenance states of graphs, in the order of the values."""
        rows = select(
            self.store,
            f"SELECT ?g ?o WHERE {{ GRAPH {self.iris.provenance} {{ ?g {property_} ?o }} }} "
            "ORDER BY ?o",
        )
        return [(row["g"], o) for row in rows if isinstance(o := row["o"], (NamedNode, Literal))]

    def links(self) -> Iterator[Triple]:
        """The links to Wikidata, by what they say."""
        for predicate in (SKOS.exactMatch, SKOS.closeMatch):
            there = f"FILTER(STRSTARTS(STR(?o), {Literal(WIKIDATA)}))"
            pairs = f"{_quad('?s', str(predicate), '?o')} {there}"
            counts = self._counts(
                f"{{ SELECT DISTINCT ?s ?o WHERE {{ {pairs} }} }}", {VOID.triples: "COUNT(*)"}
            )
            if not counts[VOID.triples]:
                continue
            links, wikidata = self._part(f"links-{_short(predicate)}"), self._part("wikidata")
            yield Triple(self.dataset, VOID.subset, links)
            yield Triple(links, RDF.type, VOID.Linkset)
            yield Triple(links, VOID.linkPredicate, predicate)
            yield Triple(links, VOID.subjectsTarget, self.dataset)
            yield Triple(links, VOID.objectsTarget, wikidata)
            yield Triple(links, VOID.triples, Literal(counts[VOID.triples]))
            yield Triple(wikidata, RDF.type, VOID.Dataset)
            yield Triple(wikidata, DC.title, Literal("Wikidata", language=LANGUAGE))
            yield Triple(wikidata, VOID.uriSpace, Literal(WIKIDATA))

    def places(self, endpoint: str | None, dumps: Iterable[str]) -> Iterator[Triple]:
        """Where it can be asked, and where it can be fetched."""
        if endpoint is not None:
            service, address = self._part("endpoint"), NamedNode(endpoint)
            yield Triple(self.dataset, VOID.sparqlEndpoint, address)
            yield Triple(service, RDF.type, DCAT.DataService)
            yield Triple(service, DCAT.endpointURL, address)
            yield Triple(service, DCAT.servesDataset, self.dataset)
        for dump in dumps:
            own, file = self._part(f"dump-{escape(dump)}"), NamedNode(dump)
            yield Triple(self.dataset, VOID.dataDump, file)
            yield Triple(self.dataset, DCAT.distribution, own)
            yield Triple(own, RDF.type, DCAT.Distribution)
            yield Triple(own, DCAT.downloadURL, file)
            form = FORMATS.get(PurePosixPath(urlsplit(dump).path).suffix.lower())
            if form is not None:
                yield Triple(self.dataset, VOID.feature, NamedNode(form.iri))
                yield Triple(own, DC.format, NamedNode(form.iri))
                yield Triple(own, DCAT.mediaType, NamedNode(f"{_MEDIA_TYPES}{form.media_type}"))

    def _counts(self, where: str, wanted: Mapping[NamedNode, str]) -> dict[NamedNode, int]:
        """Aggregates over all that a pattern matches."""
        head = " ".join(f"({wanted[node]} AS ?n{n})" for n, node in enumerate(wanted))
        (row,) = select(self.store, f"SELECT {head} WHERE {{ {where} }}")
        return {node: int(row[f"n{n}"].value) for n, node in enumerate(wanted)}

    def _part(self, name: str) -> NamedNode:
        return NamedNode(f"{self.document.value}#{name}")


def _quad(subject: str, predicate: str, object_: str) -> str:
    """A pattern over all graphs but that of the ontology and those of marks."""
    # Marks are told by their predicate: to look at the name of each quad's graph takes four times as long.
    others = f" && {predicate} != {MARKED}" if predicate.startswith("?") else ""
    return f"GRAPH ?g {{ {subject} {predicate} {object_} }} FILTER(?g != {ONTOLOGY}{others})"


def _short(node: NamedNode) -> str:
    """A name for a term that no other term has: its short form where its vocabulary is one of ours.

    >>> _short(KG.Claim), _short(NamedNode("http://example.org/a?b"))
    ('kg:Claim', 'http%3A%2F%2Fexample.org%2Fa%3Fb')
    """
    short = curie(node, PREFIXES)
    prefix, _, local = short.partition(":")
    return f"{prefix}:{escape(local)}" if prefix in PREFIXES else escape(node.value)


def _vocabulary(node: NamedNode) -> NamedNode:
    """The namespace of a term.

    >>> _vocabulary(KG.Claim).value
    'https://w3id.org/newskg/ontology#'
    """
    return NamedNode(re.sub(r"[^#/]+$", "", node.value) or node.value)

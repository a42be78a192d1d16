"""The mark of a store behind a URL is found by who looks for it, and is in nothing that tells of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import note, rdf
from kg.build import build
from kg.catalogue import dataset
from kg.errors import NotFoundError
from kg.mapping.graphs import file_of_graph
from kg.store import MARKED, MARKS, named_graphs, nodes
from kg.vocab import DCTERMS, KG, RDF
from kg.web.readers.reading import Reading
from kg.web.views import description, graphstore, vocabulary
from kg.workspace import Workspace
from tests.conftest import contents
from tests.engines import emptied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import NewWorkspace

ARTICLE = NamedNode("https://example.org/kg/article/1")
GRAPH = NamedNode("https://example.org/kg/graph/article-1")
NT = "application/n-triples"
DOCUMENTS: dict[str, Callable[[Reading], object]] = {
    "graphs": lambda reading: named_graphs(reading.store),
    "export": lambda reading: contents(reading.workspace, reading.store),
    "description of the dataset": lambda reading: list(
        dataset.void(reading.store, reading.workspace.iris.base)
    ),
    "description of the service": lambda reading: description.service(
        reading, address="http://localhost/sparql", media_type=NT
    ),
    "default graph": lambda reading: graphstore.default(reading, media_type=NT),
    "vocabulary": vocabulary.ontology,
}


@pytest.fixture
def reading(server: str, new: NewWorkspace) -> Iterator[Reading]:
    """A store without a mark that holds an article."""
    root = new("marked").root
    with (root / "kg.toml").open("a") as file:
        file.write(f'store = "{server}"\n')
    (root / ".kg").mkdir(exist_ok=True)
    with emptied(server) as store:
        for graph in nodes(store, f"GRAPH ?x {{ ?s {MARKED} ?o }}"):
            store.delete(graph)
        article = Triple(ARTICLE, RDF.type, KG.Article)
        store.put(GRAPH, [article, Triple(ARTICLE, DCTERMS.identifier, Literal("1"))])
        yield Reading(workspace=Workspace.open(root), store=store, generation="1")


def test_no_document_has_the_mark(reading: Reading) -> None:
    before = {name: make(reading) for name, make in DOCUMENTS.items()}
    assert not note.holds(reading.workspace, reading.store)
    note.mark(reading.workspace, reading.store)
    assert note.holds(reading.workspace, reading.store)
    after = {name: make(reading) for name, make in DOCUMENTS.items()}
    assert len(after) == 6
    for name, document in after.items():
        assert document == before[name], name
        assert MARKS.removesuffix(":") not in str(document), name
    (mark,) = nodes(reading.store, f"GRAPH ?x {{ ?s {MARKED} ?o }}")
    with pytest.raises(NotFoundError, match="there is no such graph"):
        graphstore.graph(reading, iri=mark.value, media_type=NT)
    assert graphstore.graph(reading, iri=GRAPH.value, media_type=NT).status == 200


def test_nothing_is_said_of_the_mark_that_is_said_of_data(reading: Reading) -> None:
    """Shapes that people bring may be about whatever has a property."""
    note.mark(reading.workspace, reading.store)
    (mark,) = nodes(reading.store, f"GRAPH ?x {{ ?s {MARKED} ?o }}")
    assert [triple.predicate for triple in reading.store.get(mark)] == [MARKED]
    assert nodes(reading.store, f"?x {DCTERMS.identifier} ?id") == {ARTICLE}


def test_a_file_that_would_make_the_graph_of_a_mark_is_refused(new: NewWorkspace) -> None:
    workspace = new()
    mark = NamedNode(f"{MARKS}0123456789abcdef")
    name = file_of_graph(mark, workspace.iris, rdf.FORMATS)
    quads = [Quad(ARTICLE, RDF.type, KG.Article, mark)]
    (workspace.graphs / name).write_bytes(rdf.write(quads, rdf.FORMATS[".trig"], {}))
    with workspace.writing() as store:
        report = build(workspace, store)
        assert mark not in named_graphs(store)
    assert [problem.message for problem in report.problems] == [
        f"{mark.value} is made by kg itself"
    ]

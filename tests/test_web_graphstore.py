"""Writing graphs: which file each has, what lands in it, and what may not be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg import rdf
from kg.build import build
from kg.errors import InputError, StoreError
from kg.mapping.graphs import file_of_graph, graph_of_file
from kg.mapping.iris import Iris
from kg.web.readers.reply import Refused
from kg.web.writing import graphstore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.workspace import Workspace
    from tests.conftest import NewWorkspace

BASE = "https://example.org/kg/"
ENTITIES, ANALYSIS = f"{BASE}graph/entities", f"{BASE}graph/analysis"
NT, TURTLE = "application/n-triples", "text/turtle"
OWN = "https://other.example/people/1"


# Names of files


@pytest.mark.parametrize(
    ("graph", "name"),
    [
        (f"{BASE}graph/file-notes.ttl", "notes.ttl"),
        (f"{BASE}graph/file-Notes.NT", "Notes.NT"),
        (f"{BASE}graph/file-caf%C3%A9.jsonld", "café.jsonld"),
        (f"{BASE}graph/file-notes.txt", "example-org-kg-graph-file-notes-txt-387f71d451f8.trig"),
        (f"{BASE}graph/file-..%2Fkg.ttl", None),
        (f"{BASE}graph/file-..%2f..%2fetc.ttl", None),
        (f"{BASE}graph/file-%2Fetc%2Fpasswd.ttl", None),
        (f"{BASE}graph/file-.kg.ttl", None),
        (f"{BASE}graph/file-a%00.ttl", None),
        (f"{BASE}graph/file-a%0Ab.ttl", None),
        (f"{BASE}graph/file-a/b.ttl", None),
        (f"{BASE}graph/file-{'a' * 400}.ttl", None),
        (OWN, "other-example-people-1-b416590e88de.trig"),
        ("urn:x:" + "long/" * 200, None),
        ("urn:x:..", None),
        ("http://a.example/../../etc/passwd", None),
        ("x:日本", None),
    ],
)
def test_every_graph_has_a_file_that_lies_where_files_of_graphs_do(
    graph: str, name: str | None, tmp_path: Path
) -> None:
    iris, node = Iris(BASE), ox.NamedNode(graph)
    found = file_of_graph(node, iris, rdf.FORMATS)
    assert (tmp_path / found).parent == tmp_path
    assert (tmp_path / found).resolve() == tmp_path / found
    assert len(found.encode()) < 200
    assert found[0].isalnum()
    assert found.isprintable()
    if name is None:
        assert found.endswith(".trig")
    else:
        assert found == name
    quads = [ox.Quad(node, node, node, node)] if found.endswith(".trig") else []
    assert graph_of_file(found, quads, iris) == node


def test_a_file_of_others_is_named_after_the_file() -> None:
    iris, node = Iris(BASE), ox.NamedNode(OWN)
    name = file_of_graph(node, iris, rdf.FORMATS)
    quad = ox.Quad(node, node, node, node)
    other = ox.Quad(node, node, node, ox.NamedNode("urn:x:other"))
    for file, quads in ((name, []), (name, [other]), (name, [quad, other]), ("mine.trig", [quad])):
        assert graph_of_file(file, quads, iris) == iris.graph(f"file-{file}")


# Writing, without a server

ONE, TWO = b"<urn:x:a> <urn:x:p> 1 .", b"<urn:x:a> <urn:x:p> 2 ; <urn:x:q> [ <urn:x:r> 'x' ] ."


def sent(workspace: Workspace, graph: str, content: bytes = ONE) -> list[ox.Triple]:
    return graphstore.triples_of(content, TURTLE, ox.NamedNode(graph), workspace)


def held(workspace: Workspace, graph: str) -> set[ox.Triple]:
    with workspace.reading() as store:
        return set(store.get(ox.NamedNode(graph)))


@pytest.mark.parametrize(
    "graph", [OWN, *(f"{BASE}graph/file-x{extension}" for extension in rdf.FORMATS)]
)
def test_what_is_written_is_a_file_from_which_the_store_is_built(
    fresh_sample: Workspace,
    graph: str,
    export_of: Callable[[Workspace], bytes],
    files_of: Callable[[Workspace], dict[str, bytes]],
    rebuilt: Callable[[Workspace], bytes],
) -> None:
    workspace, node = fresh_sample, ox.NamedNode(graph)
    before, exported = files_of(workspace), export_of(workspace)
    assert not graphstore.put(workspace, node, sent(workspace, graph, TWO))
    two = held(workspace, graph)
    assert len(two) == 3
    assert not any(isinstance(term, ox.BlankNode) for triple in two for term in triple)
    assert rebuilt(workspace) == export_of(workspace) != exported
    assert graphstore.put(workspace, node, sent(workspace, graph))
    assert len(held(workspace, graph)) == 1
    assert graphstore.add(workspace, node, sent(workspace, graph, TWO))
    assert held(workspace, graph) > two
    assert len(held(workspace, graph)) == 4
    changed = files_of(workspace)
    assert graphstore.add(workspace, node, sent(workspace, graph, TWO)), "nothing new"
    assert files_of(workspace) == changed
    (file,) = changed.keys() - before.keys()
    assert file.startswith("graphs/")
    assert {name: content for name, content in changed.items() if name != file} == before
    assert rebuilt(workspace) == export_of(workspace)
    graphstore.delete(workspace, node)
    assert files_of(workspace) == before
    assert export_of(workspace) == exported
    with pytest.raises(Refused, match="no such graph"):
        graphstore.delete(workspace, node)


@pytest.mark.parametrize("name", ["notes.ttl", "notes.nt", "notes.nq", "notes.trig"])
def test_what_people_wrote_into_a_file_stays_when_something_is_added(
    fresh_sample: Workspace, name: str, run: Callable[..., object]
) -> None:
    file = fresh_sample.graphs / name
    words = b"# What I found\n<urn:x:b> <urn:x:p> _:somebody .  # no end of line"
    file.write_bytes(words)
    run("build", cwd=fresh_sample.root)
    graph = f"{BASE}graph/file-{name}"
    assert graphstore.add(fresh_sample, ox.NamedNode(graph), sent(fresh_sample, graph, TWO))
    assert file.read_bytes().startswith(words + b"\n")
    assert len(held(fresh_sample, graph)) == 4


MADE = [
    (ENTITIES, "is made from entities.ttl"),
    (ANALYSIS, "is made from analysis.ttl"),
    (f"{BASE}graph/wikidata", "is made from wikidata.ttl"),
    (f"{BASE}graph/provenance", "is made by kg itself"),
    (f"{BASE}graph/dates", "is made by kg itself"),
    ("https://w3id.org/newskg/ontology", "is made by kg itself"),
    ("urn:x-newskg:state:0123456789abcdef", "is made by kg itself"),
    (f"{BASE}graph/article-0123456789ab", "is a name for articles"),
]


@pytest.mark.parametrize(("graph", "words"), MADE)
def test_what_is_made_from_other_files_is_to_be_edited_there(
    fresh_sample: Workspace,
    graph: str,
    words: str,
    files_of: Callable[[Workspace], dict[str, bytes]],
) -> None:
    before, node = files_of(fresh_sample), ox.NamedNode(graph)
    for change in (
        lambda: graphstore.put(fresh_sample, node, sent(fresh_sample, graph)),
        lambda: graphstore.add(fresh_sample, node, sent(fresh_sample, graph)),
        lambda: graphstore.delete(fresh_sample, node),
    ):
        with pytest.raises(Refused, match=words) as refused:
            change()
        assert refused.value.status == 409
    assert files_of(fresh_sample) == before


def test_an_article_is_to_be_edited_where_its_annotation_is(fresh_sample: Workspace) -> None:
    with fresh_sample.reading() as store:
        query = f"SELECT ?g {{ GRAPH ?g {{ ?a a <https://w3id.org/newskg/ontology#Article> }} }}"  # noqa: F541
        found = store.query(query)
        assert isinstance(found, ox.QuerySolutions)
        graphs = {str(row["g"]).strip("<>") for row in found}
    assert len(graphs) == 2
    for graph in graphs:
        with pytest.raises(Refused, match=r"is made from articles/[\w-]+\.yaml"):
            graphstore.put(fresh_sample, ox.NamedNode(graph), sent(fresh_sample, graph))


def test_what_cannot_be_built_is_not_kept(
    fresh_sample: Workspace,
    files_of: Callable[[Workspace], dict[str, bytes]],
    export_of: Callable[[Workspace], bytes],
) -> None:
    file = fresh_sample.root / "kg.toml"
    file.write_text(file.read_text() + 'gate = "strict"\n')
    workspace = type(fresh_sample).open(fresh_sample.root)
    before, exported = files_of(workspace), export_of(workspace)
    wrong = b"<urn:x:claim> a <https://w3id.org/newskg/ontology#Claim> ."
    with pytest.raises(Refused, match="nothing was changed") as refused:
        graphstore.put(workspace, ox.NamedNode(OWN), sent(workspace, OWN, wrong))
    assert refused.value.status == 409
    assert files_of(workspace) == before
    assert export_of(workspace) == exported


def test_nothing_is_written_while_another_process_writes(
    fresh_sample: Workspace, files_of: Callable[[Workspace], dict[str, bytes]]
) -> None:
    before = files_of(fresh_sample)
    with fresh_sample.writing(), pytest.raises(StoreError):
        graphstore.put(fresh_sample, ox.NamedNode(OWN), sent(fresh_sample, OWN))
    assert files_of(fresh_sample) == before


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (TURTLE, b"<urn:x:a> <urn:x:b> <c> ."),
        (NT, b"<urn:x:a> <urn:x:b> <https://other.example/people/c> ."),
        (
            "application/rdf+xml",
            (
                b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x:">'
                b'<rdf:Description rdf:about="urn:x:a"><x:b rdf:resource="c"/></rdf:Description></rdf:RDF>'
            ),
        ),
        ("application/ld+json", b'{"@id": "urn:x:a", "urn:x:b": {"@id": "c"}}'),
        ("application/trig", b"GRAPH <https://other.example/people/1> { <urn:x:a> <urn:x:b> <c> }"),
        (
            "application/n-quads",
            b"<urn:x:a> <urn:x:b> <https://other.example/people/c> <https://other.example/people/1> .",
        ),
    ],
)
def test_a_graph_may_be_sent_in_any_format(
    built_sample: Workspace, media_type: str, content: bytes
) -> None:
    found = graphstore.triples_of(content, media_type, ox.NamedNode(OWN), built_sample)
    assert [str(triple) for triple in found] == [
        "<urn:x:a> <urn:x:b> <https://other.example/people/c>"
    ]


@pytest.mark.parametrize(
    ("media_type", "content", "words"),
    [
        (TURTLE, b"<urn:x:a>\n  <urn:x:b> .", r"body\.ttl:2:\d+: not Turtle"),
        (TURTLE, b"\xff", "not Turtle"),
        ("application/ld+json", b'{"@context": "http://127.0.0.1:9/"}', "nothing is fetched"),
        ("application/trig", b"GRAPH <urn:x:g> { <urn:x:a> <urn:x:b> 1 }", "names other graphs"),
    ],
)
def test_what_is_no_graph_is_refused_with_its_place(
    built_sample: Workspace, media_type: str, content: bytes, words: str
) -> None:
    with pytest.raises((InputError, Refused), match=words):
        graphstore.triples_of(content, media_type, ox.NamedNode(OWN), built_sample)


def test_two_files_of_one_graph_are_told_apart(new: NewWorkspace) -> None:
    workspace = new()
    node = ox.NamedNode(OWN)
    graphstore.put(workspace, node, sent(workspace, OWN))
    (file,) = workspace.graphs.iterdir()
    (workspace.graphs / f"copy-{file.name}").write_bytes(file.read_bytes())
    with workspace.writing() as store:
        report = build(workspace, store)
    assert [problem.message for problem in report.problems] == [
        f"makes the same graph as graphs/copy-{file.name}"
    ]


def test_so_many_cases_are_tried() -> None:
    assert len(MADE) == 8

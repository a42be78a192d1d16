"""What every store has to do, asked of each engine: Oxigraph in three forms, Virtuoso, rdflib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError, KgError, StoreError
from kg.store import AT_ONCE, insertion, named_graphs, open_store, removals, select
from tests.engines import emptied
from tests.rdflib_store import RdflibStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from kg.store import GraphStore

pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own

G, H = ox.NamedNode("https://example.org/g"), ox.NamedNode("https://example.org/h")
S, P = ox.NamedNode("https://example.org/s"), ox.NamedNode("https://example.org/p")
XSD = "http://www.w3.org/2001/XMLSchema#"


def quad(triple: ox.Triple, graph: ox.NamedNode | None = None) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


ENGINES: dict[str, Callable[[pytest.FixtureRequest], GraphStore]] = {
    "memory": lambda _: open_store("memory:"),
    "disk": lambda request: open_store(request.getfixturevalue("tmp_path") / "store"),
    "server": lambda request: emptied(request.getfixturevalue("server")),
    "virtuoso": lambda request: emptied(request.getfixturevalue("virtuoso_url")),
    "rdflib": lambda _: RdflibStore(),
}
PARAMETERS = [
    pytest.param(name, marks=pytest.mark.xdist_group("virtuoso")) if name == "virtuoso" else name
    for name in ENGINES
]


@pytest.fixture(params=PARAMETERS)
def store(request: pytest.FixtureRequest) -> Iterator[GraphStore]:
    with ENGINES[request.param](request) as opened:
        yield opened


def fact(value: object, subject: ox.NamedNode = S) -> ox.Triple:
    return ox.Triple(subject, P, value if isinstance(value, ox.Literal) else ox.Literal(str(value)))


def everything(store: GraphStore) -> set[ox.Quad]:
    rows = select(store, "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }")
    return {ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows}


def test_what_is_put_can_be_got_back(store: GraphStore) -> None:
    facts = {fact("a"), fact("b"), ox.Triple(S, P, H)}
    store.put(G, facts)
    assert set(store.get(G)) == facts
    assert set(store.get(H)) == set()
    assert named_graphs(store) == {G}


def test_put_replaces_the_whole_graph_and_no_other(store: GraphStore) -> None:
    store.put(G, {fact(1), fact(2)})
    store.put(H, {fact(1), fact(3)})
    store.put(G, {fact(2), fact(4)})
    assert set(store.get(G)) == {fact(2), fact(4)}
    assert set(store.get(H)) == {fact(1), fact(3)}


def test_put_of_nothing_removes_the_graph(store: GraphStore) -> None:
    store.put(G, {fact(1)})
    store.put(G, [])
    store.put(H, [])
    assert set(store.get(G)) == set()
    assert named_graphs(store) == set()


def test_put_takes_what_get_gives(store: GraphStore) -> None:
    store.put(G, {fact(1), fact(2)})
    store.put(H, store.get(G))
    store.put(G, store.get(G))
    assert set(store.get(G)) == set(store.get(H)) == {fact(1), fact(2)}


def test_a_put_that_fails_leaves_all_as_it_was(store: GraphStore) -> None:
    def broken() -> Iterator[ox.Triple]:
        yield fact(2)
        raise RuntimeError("the source ran dry")

    store.put(G, {fact(1)})
    with pytest.raises(RuntimeError, match="ran dry"):
        store.put(G, broken())
    assert everything(store) == {quad(fact(1), G)}


def nquads(quads: Iterable[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def test_what_is_loaded_comes_beside_what_is_there(store: GraphStore) -> None:
    store.put(G, {fact(1)})
    new = {quad(fact(1), G), quad(fact('’\n"\\ 東京'), G), quad(fact(2), H)}
    store.load(nquads(new))
    assert everything(store) == new
    store.load(nquads(new))  # twice is once
    store.load(b"")
    assert everything(store) == new
    store.put(G, {fact(3)})
    store.delete(H)
    assert everything(store) == {quad(fact(3), G)}


def test_many_quads_in_many_graphs_are_loaded(store: GraphStore) -> None:
    graphs = [ox.NamedNode(f"https://example.org/graph/{n}") for n in range(3)]
    quads = {quad(fact(n), graphs[n % 3]) for n in range(6_000)}
    quads |= {quad(fact(n), G) for n in range(5_001)}  # more than one update may add
    store.load(nquads(quads))
    assert everything(store) == quads


def test_an_update_that_fails_leaves_all_as_it_was(store: GraphStore) -> None:
    store.put(G, {fact(1)})
    no_such_graph = "DROP GRAPH <https://example.org/none>"
    for end in ("nonsense", no_such_graph):
        if isinstance(store, RdflibStore) and end == no_such_graph:
            continue  # no failure to rdflib, which SPARQL allows
        with pytest.raises(InputError, match=r"^SPARQL: "):
            store.update(f"DROP GRAPH {G} ; INSERT DATA {{ GRAPH {H} {{ {S} {P} 2 }} }} ; {end}")
        assert everything(store) == {quad(fact(1), G)}


def test_what_an_update_did_before_it_fails_is_undone(
    store: GraphStore, request: pytest.FixtureRequest
) -> None:
    if isinstance(store, RdflibStore):
        pytest.skip("to rdflib it is no failure to drop a graph that is not there")
    if request.node.callspec.params["store"] == "virtuoso":
        reason = "Virtuoso carries out the operations of one request one by one"
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    store.put(G, [fact(1)])
    with pytest.raises(InputError):
        store.update(f"DROP SILENT GRAPH {G} ; DROP GRAPH <https://example.org/none>")
    assert everything(store) == {quad(fact(1), G)}


def test_updates_are_carried_out_in_order(store: GraphStore) -> None:
    store.update(
        f"INSERT DATA {{ GRAPH {G} {{ {S} {P} 'a' , 'b' }} }} ;\n{insertion(H, [fact(1)])}"
    )
    store.update(
        f"DELETE {{ GRAPH {G} {{ ?s ?p ?o }} }} INSERT {{ GRAPH {H} {{ ?s ?p ?o }} }}"
        f" WHERE {{ GRAPH {G} {{ ?s ?p ?o FILTER(?o = 'a') }} }}"
    )
    assert everything(store) == {
        quad(fact("b"), G), quad(fact("a"), H), quad(fact(1), H)
    }  # fmt: skip


def test_delete_removes_one_graph_and_minds_no_missing_one(store: GraphStore) -> None:
    store.put(G, {fact(1)})
    store.put(H, {fact(2)})
    store.delete(G)
    store.delete(G)
    assert everything(store) == {quad(fact(2), H)}


def test_what_a_graph_says_of_some_nodes_is_removed(store: GraphStore) -> None:
    nodes = [ox.NamedNode(f"{S.value}/{n}") for n in range(AT_ONCE + 2)]
    store.put(G, [fact(value, node) for node in nodes for value in ("a", "b")])
    store.put(H, [fact("a", nodes[0])])
    gone = [*nodes[1:], ox.NamedNode(f"{S.value}/not-there")]
    updates = list(removals(G, gone))
    assert len(updates) == 2
    for update in updates:
        store.update(update)
    assert everything(store) == {
        quad(fact("a", nodes[0]), G),
        quad(fact("b", nodes[0]), G),
        quad(fact("a", nodes[0]), H),
    }
    assert list(removals(G, [])) == []


def test_queries_see_the_union_of_all_graphs(store: GraphStore) -> None:
    store.put(G, {fact(1), fact("both")})
    store.put(H, {fact(2), fact("both")})
    rows = select(store, f"SELECT ?o WHERE {{ {S} {P} ?o }}")
    # What two graphs say may be found once for each: queries that count have to say DISTINCT.
    assert {str(row["o"].value) for row in rows} == {"1", "2", "both"}
    (row,) = select(store, f"SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE {{ {S} {P} ?o }}")
    assert row["n"].value == "3"
    (row,) = select(store, "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p 'both' } }")
    assert row["n"].value == "2"


def test_select_ask_construct_and_describe_are_answered(store: GraphStore) -> None:
    store.put(G, {fact(1)})
    rows = select(store, "SELECT ?none ?o WHERE { ?s ?p ?o }")
    assert [variable.value for variable in rows.variables] == ["none", "o"]
    assert [(row["none"], row["o"]) for row in rows] == [(None, ox.Literal("1"))]
    for pattern, answer in ((f"{S} ?p ?o", True), (f"{H} ?p ?o", False)):
        asked = store.query(f"ASK {{ {pattern} }}")
        assert isinstance(asked, ox.QueryBoolean)
        assert bool(asked) is answer
    for sparql in ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", f"DESCRIBE {S}"):
        graph = store.query(sparql)
        assert isinstance(graph, ox.QueryTriples)
        assert set(graph) == {fact(1)}


def test_an_empty_store_answers(store: GraphStore) -> None:
    assert list(select(store, "SELECT ?s WHERE { ?s ?p ?o }")) == []
    assert named_graphs(store) == set()
    assert list(store.get(G)) == []


@pytest.mark.parametrize(
    "sparql",
    [
        "",
        "SELECT ?s WHERE { ?s ?p",
        "SELECT ?s WHERE { ?s a zz:Claim }",
        "INSERT DATA { <https://example.org/a> <https://example.org/b> 1 }",
    ],
)
def test_bad_queries_are_input_errors_and_harm_nothing(store: GraphStore, sparql: str) -> None:
    store.put(G, {fact(1)})
    with pytest.raises(InputError, match=r"^SPARQL: ") as caught:
        store.query(sparql)
    assert "expected one of" not in str(caught.value)
    assert everything(store) == {quad(fact(1), G)}


LITERALS = [
    ox.Literal(""),
    ox.Literal("’“Łódź 東京 👩‍👩‍👧 \u202eabc\u202c \u2028 \u0085"),
    ox.Literal("'''\"\"\"\\ \t\r\n } ; DROP ALL # --"),
    ox.Literal("color", language="en"),
    ox.Literal("-17", datatype=ox.NamedNode(f"{XSD}integer")),
    ox.Literal("0.05", datatype=ox.NamedNode(f"{XSD}decimal")),
    ox.Literal("2002-09-17T00:00:00Z", datatype=ox.NamedNode(f"{XSD}dateTime")),
    ox.Literal("-0044-03-15T12:00:00Z", datatype=ox.NamedNode(f"{XSD}dateTime")),
    ox.Literal("17000-01-01T00:00:00Z", datatype=ox.NamedNode(f"{XSD}dateTime")),
    ox.Literal("true", datatype=ox.NamedNode(f"{XSD}boolean")),
    ox.Literal("no number", datatype=ox.NamedNode(f"{XSD}integer")),
    ox.Literal("x", datatype=ox.NamedNode("https://example.org/own")),
]


LACKING = {
    ("virtuoso", "-0044-03-15T12:00:00Z"): "Virtuoso 7.2 writes years before Christ without a zero",
    ("virtuoso", "no number"): "Virtuoso refuses an integer that is none",
}
"""What an engine cannot keep: docs/engines.md has it too."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("literal", LITERALS, ids=lambda literal: ascii(literal.value)[:20])
def test_literals_come_back_as_they_were(
    store: GraphStore, literal: ox.Literal, request: pytest.FixtureRequest
) -> None:
    lacking = LACKING.get((request.node.callspec.params["store"], literal.value))
    if lacking:
        request.applymarker(pytest.mark.xfail(reason=lacking, strict=True))
    store.put(G, {fact(literal)})
    assert set(store.get(G)) == {fact(literal)}
    (row,) = select(store, f"SELECT ?o WHERE {{ {S} {P} ?o }}")
    assert row["o"] == literal


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    with open_store("memory:") as store:
        store.put(G, {fact(text)})
        assert set(store.get(G)) == {fact(text)}


def test_names_beyond_ascii_are_kept(store: GraphStore) -> None:
    node = ox.NamedNode("https://example.org/Łódź/東京#char=0,3")
    store.put(node, {fact("x", node)})
    assert named_graphs(store) == {node}
    assert set(store.get(node)) == {fact("x", node)}


def test_a_graph_of_many_triples_is_put_at_once(store: GraphStore) -> None:
    facts = {fact(n, ox.NamedNode(f"https://example.org/{n % 97}")) for n in range(10_000)}
    store.put(G, facts)
    assert set(store.get(G)) == facts


def test_an_unknown_function_is_the_fault_of_the_query_and_not_of_the_store() -> None:
    with open_store("memory:") as store, pytest.raises(InputError, match="not supported"):
        store.query("SELECT (<https://example.org/no-function>(1) AS ?x) WHERE { }")


# What only the store in a folder can show


def test_a_folder_keeps_what_was_put(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        store.put(G, {fact(1)})
    for read_only in (True, False):
        with open_store(tmp_path / "store", read_only=read_only) as store:
            assert everything(store) == {quad(fact(1), G)}


def test_a_folder_that_is_missing_cannot_be_read_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store yet") as caught:
        open_store(tmp_path / "none", read_only=True)
    assert caught.value.hint == "kg build makes it"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_a_store_error(tmp_path: Path) -> None:
    with open_store(tmp_path / "store"), pytest.raises(StoreError, match="in use") as caught:
        open_store(tmp_path / "store")
    assert caught.value.hint


def test_a_store_opened_to_read_takes_no_update(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        store.put(G, {fact(1)})
    with open_store(tmp_path / "store", read_only=True) as store:
        with pytest.raises(KgError):
            store.put(G, {fact(2)})
        assert everything(store) == {quad(fact(1), G)}


def test_a_file_in_the_place_of_the_folder_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("not a store")
    with pytest.raises(StoreError):
        open_store(tmp_path / "store")


def test_a_folder_keeps_what_was_loaded(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        store.load(nquads([quad(fact(1), G)]))
        store.flush()
    with open_store(tmp_path / "store", read_only=True) as store:
        assert everything(store) == {quad(fact(1), G)}


def test_a_store_opened_to_read_loads_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        store.put(G, {fact(1)})
    with open_store(tmp_path / "store", read_only=True) as store:
        with pytest.raises(KgError):
            store.load(nquads([quad(fact(2), G)]))
        assert everything(store) == {quad(fact(1), G)}


def test_closing_twice_does_no_harm(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    store.close()
    store.close()
    open_store(tmp_path / "store").close()


def test_a_query_that_names_its_graphs_sees_those_and_no_others(store: GraphStore) -> None:
    if isinstance(store, RdflibStore):
        pytest.skip("rdflib takes what FROM names for a document on the web")
    one, two = ox.NamedNode("http://example.org/one"), ox.NamedNode("http://example.org/two")
    node = ox.NamedNode("http://example.org/x")
    store.put(one, [ox.Triple(node, node, ox.Literal("1"))])
    store.put(two, [ox.Triple(node, node, ox.Literal("2"))])
    rows = select(store, f"SELECT ?o FROM {one} WHERE {{ ?s ?p ?o }}")  # noqa: S608
    assert [str(row["o"]) for row in rows] == ['"1"']
    rows = select(store, "SELECT ?o FROM <http://example.org/none> WHERE { ?s ?p ?o }")
    assert list(rows) == []
    both = "BASE <http://example.org/> PREFIX : <t#> PREFIX e: <> SELECT ?o FROM e:one FROM <two> FROM :x"
    assert len(list(select(store, f"{both} {{ ?s ?p ?o }}"))) == 2
    named = f"SELECT ?g ?o FROM NAMED {two}"  # noqa: S608
    (row,) = select(store, f"{named} {{ GRAPH ?g {{ ?s ?p ?o }} }}")
    assert row["g"] == two
    assert list(select(store, f"{named} {{ ?s ?p ?o }}")) == []
    graph = store.query(f"CONSTRUCT {{ ?s ?p ?o }} FROM {one} {{ ?s ?p ?o }}")
    assert isinstance(graph, ox.QueryTriples)
    assert [str(triple.object) for triple in graph] == ['"1"']


def test_blank_nodes_stay_apart_and_keep_their_names(store: GraphStore) -> None:
    if isinstance(store, RdflibStore):
        pytest.skip("what stands in for a store here knows no blank nodes")
    for graph in (G, H):
        store.put(graph, [ox.Triple(ox.BlankNode("x"), P, ox.Literal(str(graph)))])
    nodes = {triple.subject for graph in (G, H) for triple in store.get(graph)}
    assert len(nodes) == 2
    assert {row["s"] for row in select(store, "SELECT ?s { ?s ?p ?o }")} == nodes

"""Updates taken apart: nothing is lost, and what is sent is as short as the server wants it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store import insertion, replacement
from kg.store.updates import Block, blocks, cut, pieces, repeatable, requests, spread

G, H = ox.NamedNode("https://example.org/g"), ox.NamedNode("https://example.org/h#x")
S = ox.NamedNode("https://example.org/s")
TEXTS = [
    "",
    "} }",
    "} } ;\nDROP ALL",
    "\n} }\nINSERT DATA { GRAPH <a:b> {\n<a:b> <a:b> <a:b> .\n} }",
    " .\n",
    "_:b",
    ' _:b "',
    "東京 ’“ \u2028 \u0085 \x1f",
    "?x { [ ] } INSERT",
]
LABEL = st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
TRIPLES = st.lists(st.builds(lambda text: ox.Triple(S, S, ox.Literal(text)), LABEL), max_size=12)


def quad(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def outcome(*updates: str) -> set[ox.Quad]:
    store = ox.Store()
    for update in updates:
        store.update(update)
    return set(store)


@given(TRIPLES, TRIPLES)
def test_the_pieces_of_an_update_are_the_update(one: list[ox.Triple], two: list[ox.Triple]) -> None:
    update = f"{replacement(G, one)} ;\nDELETE WHERE {{ GRAPH {H} {{ ?s ?p ?o }} }} ;\n{insertion(H, two)}"
    found = list(pieces(update))
    assert "".join(map(str, found)) == update
    lines = [len(piece.lines) for piece in found if isinstance(piece, Block)]
    assert lines == [len(triples) for triples in (one, two) if triples]


@given(TRIPLES, st.integers(1, 5))
def test_what_is_spread_over_operations_has_the_same_outcome(
    triples: list[ox.Triple], most: int
) -> None:
    update = replacement(G, triples)
    wide = spread(update, most)
    assert outcome(wide) == outcome(update)
    sizes = [len(piece.lines) for piece in pieces(wide) if isinstance(piece, Block)]
    plain = [triple for triple in triples if "_:" not in str(triple.object)]
    if len(plain) == len(triples):
        assert max(sizes, default=0) <= most


@given(TRIPLES, st.integers(1, 3), st.integers(1, 400))
def test_quads_go_into_requests_that_add_them_all(
    triples: list[ox.Triple], most: int, size: int
) -> None:
    quads = {quad(triple, graph) for triple in triples for graph in (G, H)}
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    sent = list(requests(blocks(data), most, size))
    assert outcome(*sent) == quads
    assert all(repeatable(update) or "_:" in update for update in sent)


def test_requests_are_full_and_not_longer_than_they_may_be() -> None:
    triples = [ox.Triple(S, S, ox.Literal(f"{n:040}")) for n in range(1_000)]
    data = ox.serialize((quad(triple, G) for triple in triples), format=ox.RdfFormat.N_QUADS) or b""
    sent = list(requests(blocks(data), 10_000, 20_000))
    assert all(len(update) <= 20_100 for update in sent)
    assert len(sent) <= len(data) // 20_000 + 2
    assert len(list(requests(blocks(data), 50, 1_000_000))) == 4  # 50 to an operation, 5 of these


def test_blank_nodes_are_not_torn_apart() -> None:
    node = ox.BlankNode("x")
    triples = [ox.Triple(S, S, ox.Literal(n)) for n in range(6)]
    triples[1:1] = [ox.Triple(node, S, S), ox.Triple(S, S, node)]
    (block,) = (piece for piece in pieces(insertion(G, triples)) if isinstance(piece, Block))
    first, *others = cut(block, 2, 10_000)
    assert sum("_:x" in line for line in first.lines) == 2
    assert [len(part.lines) for part in others] == [2, 2, 2]


REPEATABLE = {
    "": True,
    "DROP SILENT GRAPH <a:g>": True,
    "PREFIX a: <a:> INSERT DATA { a:s a:p 'DELETE WHERE { ?x }' }": True,
    "# DELETE WHERE\nCLEAR DEFAULT ; DROP NAMED": True,
    replacement(G, [ox.Triple(S, S, ox.Literal("} } _ [ ?x"))]): True,
    replacement(G, [ox.Triple(S, S, ox.BlankNode("b"))]): False,
    "INSERT DATA { <a:s> <a:p> ( 1 ) }": False,
    "INSERT DATA { <a:s> <a:p> [] }": False,
    "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }": False,
    "CREATE GRAPH <a:g>": False,
    "COPY <a:g> TO <a:h>": False,
    "ADD <a:g> TO <a:h>": False,
    "LOAD <a:g>": False,
}


@pytest.mark.parametrize("update", REPEATABLE, ids=range(len(REPEATABLE)))
def test_which_updates_are_the_same_done_twice(update: str) -> None:
    assert repeatable(update) is REPEATABLE[update]


def test_so_many_updates_were_tried() -> None:
    assert (len(REPEATABLE), len(TEXTS)) == (13, 9)

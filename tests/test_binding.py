"""Binding: whatever the value, a bound query is the query with one term in the place of the parameter.

`KG_EXAMPLES` multiplies the number of hostile values.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg.edtf import Edtf, bounds
from kg.errors import ConfigError, KgError, NotFoundError
from kg.names import fold, resolve
from kg.query import ask, bound, stored
from kg.query.bind import bind
from kg.query.page import Page, paged
from kg.query.parameters import Parameter, StoredQuery, Variable
from kg.sparql import tokens
from kg.store import open_store, select
from kg.vocab import KG, PREFIXES, RDF, RDFS, SKOS, XSD
from tests.rdflib_store import RdflibStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kg.sparql import Token
    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import Run
    from tests.engines import Server

pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own

TIMES = int(os.environ.get("KG_EXAMPLES", "1"))
QUERIES = {name: stored.load(path) for name, path in stored.find([]).items()}
PLACES = [(name, key) for name, query in QUERIES.items() for key in query.parameters]
BASE = "https://example.org/kg/id/"
NAMES = {**PREFIXES, **{kind: f"{BASE}{kind}/" for kind in ("actor", "event", "topic")}}
G = ox.NamedNode("https://example.org/g")

HOSTILE = [
    "", " ", "'", '"', "'''", '"""', '""', "\\", "\\\\", "\\'", '\\"', "\\n", "\\u0022", "\\\\u0022",
    "\\\\\\u0041", "\\U0001F600", "\\U00000022", "\\uZZZZ", "\\u", "\n", "\r\n", "\t", "a\\\nb", "\x00",
    "\x001234", "\x07beef", "\x1b[31m", "\x7f\x80\x9f", '" . ?s ?p ?o } #', '"@en . } #', '"^^<urn:x> } #',
    "> } UNION {", "> } UNION { ?s ?p ?o } #", "} } } } #", "{", "}", "'; DROP ALL; --", "') . { SELECT * {",
    "?_x", "$_x", "?_actor_iri $_actor_iri", "?_value", "# comment", "#", "\n#+ summary: x", "<", ">",
    "<urn:x>",
    "<https://example.org/>", "<<( <a:a> <a:b> <a:c> )>>", "_:b", "SERVICE <http://127.0.0.1/> { }",
    "BASE <x>",
    "PREFIX kg: <urn:x>", "@prefix", "a:b", "kg:Claim", "wd:Q", "Q0", "actor/", "actor:", "actor:%zz", "%00",
    "https://example.org/ x", "https://[", "https://example.org/x> } UNION { ?s ?p ?o } #", "mailto:a@b.c",
    "\u202eabc\u202c", "\u200f\u200e", "\u2028\u2029\u0085", "\ufeff", "\ufffe\uffff", "e\u0301\u0301", "ﬁ Ⅷ ①",
    "東京 Łódź العربية हिन्दी", "👩‍👩‍👧", "\U0010ffff", "İıſß", "ABE’S", "x" * 2000, "'" * 500, "\\" * 501,
    '"' * 500, "NaN", "INF", "1e3", "0x10", "١٢", "1; 2", "true or 1=1", "en_US", "../..", "~/x", "$(id)",
    "`id`",
]  # fmt: skip
PIECES = [
    *("'", '"', '"""', "'''", "\\", "\\u0022", "\\U00000027", "\n", "\r", "\t", "\x00", "\x1f"),
    *("{", "}", "<", ">", "(", ")", "#", ";", ".", ",", "?_x", "$_x", "?s ?p ?o", "UNION", "SELECT *"),
    *("@en", "^^", "<urn:x>", "a:b", "_:b", " ", "0041", "u", "U", "\u202e", "\u2028"),
    *("é", "e\u0301", "東", "👩"),
]  # fmt: skip
HALVES = ["\ud800", "a\udcffb", "\udfff\ud800", "caf\udce9"]


def drawn(seed: object, number: int) -> list[str]:
    """Hostile values put together from pieces, the same in each run."""
    draw = random.Random(str(seed))  # noqa: S311
    return ["".join(draw.choices(PIECES, k=draw.randint(1, 8))) for _ in range(number)]


def as_text(query: StoredQuery, key: str) -> StoredQuery:
    """The query with one of its parameters taken as text, and nothing else required."""
    parameter = query.parameters[key]
    variables = tuple(Variable(name=variable.name) for variable in parameter.variables)
    text = Parameter(name=key, variables=variables, type="text", required=True)
    return replace(query, parameters={key: text})


def words(sparql: str) -> list[Token]:
    return [token for token in tokens(sparql) if token.kind not in {"space", "comment"}]


def nowhere(name: str, class_: str | None) -> ox.NamedNode:
    raise AssertionError((name, class_))


def value_of(literal: str) -> ox.Literal:
    """What an engine makes of a string of a query, read as N-Triples."""
    (quad,) = ox.parse(f"<a:a> <a:a> {literal} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    return quad.object


@pytest.fixture(scope="module")
def empty() -> Iterator[GraphStore]:
    with open_store("memory:") as store:
        yield store


def test_there_are_places_and_values_enough() -> None:
    assert len(PLACES) >= 35
    assert len(HOSTILE) == len(set(HOSTILE)) == 95
    assert len(PLACES) * (len(HOSTILE) + 30) >= 5000
    assert sum(1 for name, key in PLACES if name in {"timeline", "events-between"}) == 5


def check(query: StoredQuery, key: str, value: str, plain: Sequence[Token]) -> str:
    """Bind a text: the tokens are those of the query, but for strings that say the value."""
    sparql = bind(query, {key: value}, nowhere)
    names = {variable.name for variable in query.parameters[key].variables}
    found = words(sparql)
    assert len(found) == len(plain)
    strings = set()
    for before, after in zip(plain, found, strict=True):
        if before.kind == "variable" and before.text[1:] in names:
            assert after.kind == "string"
            strings.add(after.text)
        else:
            assert (after.kind, after.text) == (before.kind, before.text)
    (string,) = strings
    assert value_of(string) == ox.Literal(value)
    return sparql


@pytest.mark.parametrize(("name", "key"), PLACES, ids=str)
def test_no_text_changes_a_stored_query(name: str, key: str, empty: GraphStore) -> None:
    """Through each parameter of each query: one string in its place, which says the value exactly."""
    query = as_text(QUERIES[name], key)
    plain = words(query.sparql)
    values = HOSTILE + drawn((name, key), 30 * TIMES)
    fits = parses(empty, bind(query, {key: "v"}, nowhere))
    for value in values:
        sparql = check(query, key, value, plain)
        assert parses(empty, sparql) == fits


def parses(store: GraphStore, sparql: str) -> bool:
    try:
        store.query(sparql)
    except KgError:
        return False
    return True


def test_most_places_take_a_text(empty: GraphStore) -> None:
    """So that the engine has parsed what the test above gave it."""
    taken = [
        (name, key)
        for name, key in PLACES
        if parses(empty, bind(as_text(QUERIES[name], key), {key: "v"}, nowhere))
    ]
    assert len(taken) >= 0.8 * len(PLACES)


@pytest.mark.parametrize("name", sorted({name for name, _ in PLACES}))
def test_a_megabyte_is_a_text_like_any_other(name: str) -> None:
    key = next(iter(QUERIES[name].parameters))
    query = as_text(QUERIES[name], key)
    check(query, key, "é" * 1_000_000, words(query.sparql))


@pytest.mark.parametrize("piece", ['"', "\\", "\\u0022", "\n\x00", "?_x }"], ids=ascii)
def test_a_megabyte_of_anything_is_a_text(piece: str, empty: GraphStore) -> None:
    query = as_text(QUERIES["claims-by-actor"], "actor")
    value = (piece * 1_000_000)[:1_000_000]
    assert parses(empty, check(query, "actor", value, words(query.sparql)))


@pytest.mark.parametrize("half", HALVES, ids=ascii)
@pytest.mark.parametrize("type_", ["text", "iri", "integer", "date", "lang", "xsd:string"])
def test_half_of_a_surrogate_pair_is_refused(type_: str, half: str) -> None:
    variable = Variable(name="_v", datatype=XSD.string.value if ":" in type_ else None)
    parameter = Parameter(name="v", variables=(variable,), type=type_)
    query = StoredQuery(name="q", sparql="{ ?_v }", summary="q", parameters={"v": parameter})
    with pytest.raises(ConfigError, match="not Unicode") as caught:
        bind(query, {"v": half}, nowhere)
    assert caught.value.exit_code == 2
    assert str(caught.value).isascii()
    with pytest.raises(ConfigError, match="has no parameter"):
        bind(query, {half: "v"}, nowhere)


def test_half_of_a_surrogate_pair_is_no_name_of_a_thing(empty: GraphStore) -> None:
    for half in HALVES:
        with pytest.raises(ConfigError, match="not Unicode") as caught:
            resolve(empty, NAMES, half)
        assert caught.value.exit_code == 2


def test_bytes_that_are_no_text_are_a_fault_of_the_call(built: Workspace, run: Run) -> None:
    """The command line makes halves of surrogate pairs of them."""
    for words_ in (["query", "claims-by-actor", "--actor", "caf\udce9"], ["query", "caf\udce9"]):
        answer = run(*words_, cwd=built.root)
        assert (answer.code, answer.out) == (2 if "--actor" in words_ else 3, "")
        assert "caf\\udce9" in answer.err


# The parse tree, which rdflib shows


def shape(node: Any, term: str) -> Any:
    """A parse tree or an algebra as plain data, with a mark in the place of the parameter's term."""
    if isinstance(node, CompValue):
        if node.name == "literal" and str(node.string) == term:
            return "?_"
        return node.name, {key: shape(node[key], term) for key in sorted(node)}
    if isinstance(node, (rdflib.Literal, rdflib.Variable)):
        return "?_" if str(node) == term else node.n3()
    if isinstance(node, rdflib.URIRef):
        return node.n3()
    if isinstance(node, dict):
        return {str(key): shape(value, term) for key, value in sorted(node.items())}
    if isinstance(node, (set, frozenset)):
        return sorted(str(shape(part, term)) for part in node)
    if isinstance(node, str) or not hasattr(node, "__iter__"):
        return "?_" if str(node) == term else str(node)
    return [shape(part, term) for part in node]


SAMPLED = [
    (name, next(iter(query.parameters))) for name, query in QUERIES.items() if query.parameters
]


@pytest.mark.parametrize(("name", "key"), SAMPLED, ids=str)
def test_the_parse_tree_differs_in_the_term_alone(name: str, key: str) -> None:
    """Against the query as it stands, and the algebra against that of a harmless value."""
    query = as_text(QUERIES[name], key)
    names = [variable.name for variable in query.parameters[key].variables]
    value = random.Random(name).choice([v for v in HOSTILE if 3 < len(v) < 100])  # noqa: S311
    trees = {term: parseQuery(bind(query, {key: term}, nowhere)) for term in (value, "harmless")}
    if len(names) == 1:
        assert shape(parseQuery(query.sparql), names[0]) == shape(trees[value], value)
    algebras = {term: shape(translateQuery(tree).algebra, term) for term, tree in trees.items()}
    assert algebras[value] == algebras["harmless"]


def test_the_shape_of_another_query_is_another() -> None:
    """What the comparison above rests on."""
    one = shape(parseQuery("SELECT ?x { ?x ?y ?_v FILTER(?y = ?_v) }"), "_v")
    assert one == shape(parseQuery('SELECT ?x { ?x ?y "a" FILTER(?y = "a") }'), "a")
    for other in (
        'SELECT ?x { ?x ?y "a" FILTER(?y = "b") }',
        'SELECT ?x { ?x ?y "a" FILTER(?y != "a") }',
        'SELECT ?x { { ?x ?y "a" } UNION { ?x ?y ?z } FILTER(?y = "a") }',
    ):
        assert one != shape(parseQuery(other), "a")


# Names of things, and the other types


@pytest.fixture(scope="module")
def called() -> Iterator[tuple[GraphStore, dict[str, dict[ox.NamedNode, str]]]]:
    """Things of each class that go by every other hostile name."""
    classes = sorted(
        {p.class_ or "kg:Actor" for q in QUERIES.values() for p in q.parameters.values()}
    )
    things: dict[str, dict[ox.NamedNode, str]] = {}
    triples = []
    for number, class_ in enumerate(classes):
        found = things[class_] = {}
        type_ = ox.NamedNode(KG.base + class_.removeprefix("kg:"))
        for item, label in enumerate(HOSTILE[::2]):
            node = ox.NamedNode(f"https://example.org/thing/{number}-{item}")
            found[node] = label
            triples += [
                ox.Triple(node, RDF.type, type_),
                ox.Triple(node, RDFS.label, ox.Literal(label)),
            ]
    with open_store("memory:") as store:
        store.put(G, triples)
        yield store, things


def test_a_thing_is_found_by_a_hostile_name_and_no_other_is(
    called: tuple[GraphStore, dict[str, dict[ox.NamedNode, str]]],
) -> None:
    store, things = called
    assert len(things) >= 4
    outcomes: Counter[str] = Counter()
    for class_, labels in things.items():
        type_ = ox.NamedNode(KG.base + class_.removeprefix("kg:"))
        for name in HOSTILE:
            exact = {node for node, label in labels.items() if label == name}
            alike = {node for node, label in labels.items() if fold(label) == fold(name)}
            error: KgError | None = None
            try:
                node = resolve(store, NAMES, name, type_)
            except KgError as refusal:
                error = refusal
            else:
                assert node in alike
                assert not exact or node in exact
                outcomes["found"] += 1
            if isinstance(error, NotFoundError):
                assert not alike, name
                assert len(str(error)) < 300
                outcomes["unknown"] += 1
            elif error is not None:
                assert isinstance(error, ConfigError)
                assert len(alike) > 1
                assert all(node.value in str(error) for node in exact)
                outcomes["several"] += 1
    assert outcomes["found"] >= 40 * len(things)
    assert outcomes["unknown"] >= 40 * len(things)


@pytest.mark.parametrize(("name", "key"), PLACES, ids=str)
def test_a_hostile_value_is_refused_by_its_type_or_is_of_it(
    name: str,
    key: str,
    called: tuple[GraphStore, dict[str, dict[ox.NamedNode, str]]],
    cache: dict[tuple[str, str | None], ox.NamedNode | KgError],
) -> None:
    """Never an answer to another question, and no failure but those that are meant for it."""
    store, _ = called
    query = QUERIES[name]
    parameter = query.parameters[key]
    alone = replace(query, parameters={key: parameter})

    def find(value: str, class_: str | None) -> ox.NamedNode:
        if (value, class_) not in cache:
            try:
                type_ = ox.NamedNode(KG.base + class_.removeprefix("kg:")) if class_ else None
                cache[value, class_] = resolve(store, NAMES, value, type_)
            except KgError as error:
                cache[value, class_] = error
        found = cache[value, class_]
        if isinstance(found, KgError):
            raise found
        return found

    refusals: list[KgError] = []
    values = HOSTILE + drawn("names", 20 * TIMES)
    for value in values:
        try:
            sparql = bind(alone, {key: value}, find)
        except KgError as error:
            refusals.append(error)
            continue
        assert parses(store, sparql)
        variables = {f"?{variable.name}" for variable in parameter.variables}
        for before, after in zip(words(query.sparql), words(sparql), strict=True):
            if before.text not in variables:
                assert after == (before.kind, before.text, after.start)
            elif parameter.type == "iri":
                assert after.text == str(find(value, parameter.class_))
            else:
                assert parameter.type in {"lang", "text"}
                assert after.kind == "string"
    least = len(HOSTILE) // 3 if parameter.type in {"iri", "lang"} else len(HOSTILE) - 1
    assert {error.exit_code for error in refusals} <= {2, 3}
    assert all(str(error).isprintable() for error in refusals)
    assert len(refusals) >= least or parameter.type == "text"


@pytest.fixture(scope="module")
def cache() -> dict[tuple[str, str | None], ox.NamedNode | KgError]:
    """What each name stands for, so that it is looked up once."""
    return {}


# Where a parameter can stand, on each engine

P = "<https://example.org/p>"
TEMPLATES = {
    "triple": f"SELECT ?x {{ ?x {P} ?_v }}",
    "two spellings": f"SELECT ?x {{ ?x {P} ?_v FILTER($_v = ?_v) }}",
    "strings and comments": f"SELECT ?x ?y {{ ?x {P} ?_v BIND('?_v' AS ?y) # ?_v\n}}",
    "sub-SELECT": f"SELECT ?x {{ {{ SELECT ?x {{ ?x {P} ?_v }} }} }}",
    "sub-SELECT that counts": f"SELECT ?n {{ {{ SELECT (COUNT(?x) AS ?n) {{ ?x {P} ?_v }} }} }}",
    "FILTER": f"SELECT ?x {{ ?x {P} ?o FILTER(?o = ?_v) }}",
    "FILTER without blanks": f"SELECT ?x {{ ?x {P} ?o FILTER(?o=?_v&&?_v=?o) }}",
    "FILTER IN": f"SELECT ?x {{ ?x {P} ?o FILTER(?o IN ('none', ?_v)) }}",
    "FILTER NOT IN": f"SELECT ?o {{ ?x {P} ?o FILTER(?o NOT IN (?_v)) }}",
    "FILTER EXISTS": f"SELECT ?x {{ ?x a ?t FILTER EXISTS {{ ?x {P} ?_v }} }}",
    "FILTER NOT EXISTS": f"SELECT ?x {{ ?x a ?t FILTER NOT EXISTS {{ ?x {P} ?_v }} }}",
    "VALUES": f"SELECT ?x {{ VALUES ?o {{ ?_v }} ?x {P} ?o }}",
    "VALUES without blanks": f"SELECT ?x ?k {{ VALUES(?o ?k){{(?_v\"x\")(\"x\"?_v)}} ?x {P} ?o }}",
    "VALUES next to each other": f"SELECT ?x ?k {{ VALUES(?o ?k){{(?_v?_v)}} ?x {P} ?o }}",
    "VALUES at the end": f"SELECT ?x {{ ?x {P} ?o }} VALUES ?o {{ ?_v }}",
    "end of a path": f"SELECT ?x {{ ?x <https://example.org/q>/{P} ?_v }}",
    "end of a longer path": f"SELECT DISTINCT ?x {{ ?x (<https://example.org/q>|{P})+ ?_v }} ORDER BY ?x",
    "GRAPH": f"SELECT ?x {{ GRAPH ?g {{ ?x {P} ?_v }} }}",
    "BIND": "SELECT ?y ?n { BIND(CONCAT('<', ?_v, '>') AS ?y) BIND(STRLEN(?_v) AS ?n) }",
    "IF and COALESCE": "SELECT ?y { BIND(IF(true, COALESCE(?none, ?_v), 'x') AS ?y) }",
    "aggregate": f"SELECT (SUM(IF(?o = ?_v, 1, 0)) AS ?n) {{ ?x {P} ?o }}",
    "GROUP BY": f"SELECT ?same (COUNT(*) AS ?n) {{ ?x {P} ?o }} GROUP BY (?o = ?_v AS ?same) ORDER BY ?same",
    "HAVING": f"SELECT ?x (COUNT(*) AS ?n) {{ ?x {P} ?o }} GROUP BY ?x HAVING(SUM(IF(?o = ?_v, 1, 0)) > 0)",
    "ORDER BY": f"SELECT ?x {{ ?x {P} ?o }} ORDER BY DESC(?o = ?_v) ?x",
    "MINUS": f"SELECT ?o {{ ?x {P} ?o MINUS {{ ?x {P} ?_v }} }}",
    "OPTIONAL": f"SELECT ?x ?y {{ ?x a ?t OPTIONAL {{ ?x {P} ?_v BIND(?_v AS ?y) }} }} ORDER BY ?x",
    "UNION": f"SELECT ?x {{ {{ ?x {P} ?_v }} UNION {{ ?x {P} ?o FILTER(?o = ?_v) }} }}",
    "LIMIT and OFFSET": f"SELECT ?x {{ ?x {P} ?o }} ORDER BY (?o = ?_v) ?x LIMIT 2 OFFSET 1",
    "CONSTRUCT": f"CONSTRUCT {{ ?x <https://example.org/r> ?_v }} WHERE {{ ?x {P} ?_v }}",
    "CONSTRUCT WHERE": f"CONSTRUCT WHERE {{ ?x {P} ?_v }}",
    "ASK": f"ASK {{ ?x {P} ?_v }}",
    "language": "SELECT ?x { ?x <https://example.org/l> ?_v_en }",
    "datatype": "SELECT ?x { ?x <https://example.org/d> ?_v_ex_Own }",
}  # fmt: skip
VALUES = [*[value for value in HOSTILE if len(value) < 100][:70], "'" * 99, "\\" * 100_000]


def template(sparql: str, tmp_path: Path) -> StoredQuery:
    file = tmp_path / "q.rq"
    file.write_text(f"#+ summary: A template\nPREFIX ex: <https://example.org/>\n{sparql}\n")
    return stored.load(file)


def around(value: str) -> list[ox.Triple]:
    """Data in which a value stands among others."""
    node = {n: ox.NamedNode(f"https://example.org/{n}") for n in "abcpqldt"}
    a, b, c = node["a"], node["b"], node["c"]
    own = ox.NamedNode("https://example.org/Own")
    return [
        *(ox.Triple(thing, RDF.type, node["t"]) for thing in (a, b, c)),
        ox.Triple(a, node["p"], ox.Literal(value)),
        ox.Triple(b, node["p"], ox.Literal("other than all")),
        ox.Triple(c, node["p"], ox.Literal(value, language="en")),
        ox.Triple(b, node["q"], a),
        ox.Triple(a, node["l"], ox.Literal(value)),
        ox.Triple(b, node["l"], ox.Literal(value, language="en")),
        ox.Triple(c, node["d"], ox.Literal(value, datatype=own)),
    ]


def plainly(store: GraphStore, sparql: str, value: str) -> Any:
    """An answer as data, with a mark in the place of the value."""
    answer: Any = ask(store, sparql)
    ordered = "ORDER BY" in sparql
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)

    def cell(term: Any) -> str:
        if not isinstance(term, ox.Literal):
            return str(term)
        shown = {value: "…", f"<{value}>": "<…>"}.get(term.value, term.value)
        return f"{shown}@{term.language}^^{term.datatype.value}"

    if isinstance(answer, ox.QueryTriples):
        return sorted([cell(part) for part in triple] for triple in answer)
    names = [variable.value for variable in answer.variables]
    rows = [[cell(row[name]) for name in names] for row in answer]
    return rows if ordered else sorted(rows)


@pytest.fixture(scope="module")
def three(new_server: Callable[[], Server]) -> Iterator[dict[str, GraphStore]]:
    with (
        open_store("memory:") as memory,
        RdflibStore() as other,
        open_store(new_server().url) as http,
    ):
        yield {"memory": memory, "rdflib": other, "http": http}


def test_the_number_of_places_in_a_query_is_known() -> None:
    assert len(TEMPLATES) == 33
    assert len(VALUES) == 72


@pytest.mark.parametrize("engine", ["memory", "rdflib", "http"])
def test_a_parameter_means_the_same_wherever_it_stands(
    engine: str, three: dict[str, GraphStore], tmp_path: Path
) -> None:
    """What comes back for a hostile value is what comes back for a harmless one, but for the value."""
    store = three[engine]
    queries = {place: template(sparql, tmp_path) for place, sparql in TEMPLATES.items()}
    three["memory"].put(G, around("harmless"))
    expected = {
        place: plainly(three["memory"], bind(query, {"v": "harmless"}, nowhere), "harmless")
        for place, query in queries.items()
    }
    assert all(expected.values())
    for value in VALUES if engine == "memory" else VALUES[::5]:
        store.put(G, around(value))
        expected["BIND"][0][1] = f"{len(value)}@None^^{XSD.integer.value}"
        for place, query in queries.items():
            if (engine, place, value) == ("rdflib", "end of a longer path", ""):
                continue  # rdflib takes an empty literal for none there
            found = plainly(store, bind(query, {"v": value}, nowhere), value)
            assert found == expected[place], (place, value)


IRIS = {
    "subject": "SELECT ?o { ?_v_iri ?p ?o } ORDER BY STR(?o)",
    "predicate": "SELECT ?o { ex:a ?_v_iri ?o }",
    "object": "SELECT ?x { ?x ?p ?_v_iri }",
    "path": "SELECT DISTINCT ?o { ex:b (ex:q|(?_v_iri))+ ?o } ORDER BY STR(?o)",
    "path without blanks": "SELECT DISTINCT ?o { ex:b ex:q/?_v_iri|^?_v_iri ?o } ORDER BY STR(?o)",
    "start of a path": "SELECT DISTINCT ?o { ?_v_iri ^ex:q/ex:q* ?o } ORDER BY STR(?o)",
    "graph": "SELECT ?x { GRAPH ?_v_iri { ?x ex:q ?o } }",
    "comparison": "SELECT ?x { ?x ex:q ?o FILTER(?o=?_v_iri) }",
    "order": "SELECT ?x { ?x a ?t } ORDER BY (?x!=?_v_iri) STR(?x)",
    "count": "SELECT (COUNT(?_v_iri) AS ?n) { ?x a ?t }",
    "template": "CONSTRUCT { ?_v_iri ex:r ?o } WHERE { ?_v_iri ex:p ?o }",
    "described": "DESCRIBE ?_v_iri",
    "asked": "ASK { ?_v_iri ?p ?o }",
    "optional": "SELECT ?x ?y { ?x a ?t OPTIONAL { ?x ?y ?_v_iri } } ORDER BY ?x",
}


@pytest.mark.parametrize("place", IRIS)
def test_a_thing_means_the_same_on_each_engine(
    place: str, three: dict[str, GraphStore], tmp_path: Path
) -> None:
    query = template(IRIS[place], tmp_path)
    prefixes = {"ex": "https://example.org/"}
    found = []
    for store in three.values():
        store.put(G, around("x"))
        answers = []
        for name in ("ex:a", "ex:p", "ex:q", "ex:g"):
            try:
                sparql = bound(store, query, {"v": name}, prefixes)
            except NotFoundError:  # nothing is said of the name of a graph
                assert name == "ex:g"
                sparql = bind(query, {"v": name}, lambda *_: G)
            answers.append(plainly(store, sparql, "no value"))
        found.append(answers)
    assert found[0] == found[1] == found[2]
    assert any(found[0])


# Dates

DATES = [
    *("2002", "2002-09", "2002-09-17", "197X", "19XX", "2002~", "2002?", "2002-09%", "2014/2016", "../2016"),
    *("2016/..", "2002-09/2003", "/2002", "2002/", "2002-21", "2002-24", "2002-09-XX", "2002-XX", "2002-XX-XX"),
    *("2002-09-17T10:00:00", "2002-09-17T10:00:00Z", "2002-09-17T23:30:00-11:00", "2002-09-18T00:30:00+14:00"),
    *("2000-02-29", "1999-12-31", "2000-01-01", "1999-12-31/2000-01-01", "0001", "9999", "1977/2007"),
]  # fmt: skip


def random_dates(seed: int, number: int) -> list[str]:
    draw = random.Random(seed)  # noqa: S311

    def date() -> str:
        year = draw.choice(["1999", "2000", "2001", "2002", "200X", "199X", "20XX"])
        if "X" in year:
            return year
        month, day = f"{draw.randint(1, 12):02}", f"{draw.randint(1, 28):02}"
        return draw.choice(
            [
                year,
                f"{year}~",
                f"{year}-{month}",
                f"{year}-{month}-{day}",
                f"{year}-{draw.randint(21, 24)}",
            ]
        )

    found: list[str] = []
    while len(found) < number:
        edtf = draw.choice(["{}", "{}", "{}", "{}/{}", "../{}", "{}/.."]).format(date(), date())
        moment = f"{edtf}T{draw.randint(0, 23):02}:30:00" + draw.choice(
            ["", "Z", "+09:00", "-10:00"]
        )
        try:
            found.append(Edtf(draw.choice([edtf, edtf, moment])))
        except ValueError:
            continue
    return found


def overlap(one: str, other: str) -> bool:
    """Whether two dates allow the same moment. Years have four digits, so that text sorts as time."""
    low, high = bounds(one), bounds(other)
    return (low.earliest or "") <= (high.latest or "~") and (high.earliest or "") <= (
        low.latest or "~"
    )


@pytest.fixture(scope="module")
def events() -> dict[str, str]:
    """Events by their ids, with their dates."""
    return {f"e{n}": date for n, date in enumerate([*DATES, *random_dates(1, 150 * TIMES)])}


def dated(events: dict[str, str]) -> list[ox.Triple]:
    """Events in the shape of the model: a node for each date, with its bounds."""
    triples = []
    for name, date in events.items():
        event, time = ox.NamedNode(f"{BASE}event/{name}"), ox.NamedNode(f"{BASE}date/{name}")
        earliest, latest = bounds(date)
        triples += [
            ox.Triple(event, RDF.type, KG.Event),
            ox.Triple(event, RDFS.label, ox.Literal(name)),
            ox.Triple(event, KG.basis, ox.NamedNode("https://example.org/stated")),
            ox.Triple(event, KG.participation, ox.NamedNode(f"{BASE}part/{name}")),
            ox.Triple(ox.NamedNode(f"{BASE}part/{name}"), KG.actor, ox.NamedNode(f"{BASE}actor/a")),
            ox.Triple(event, KG.when, time),
            ox.Triple(time, SKOS.notation, ox.Literal(date)),
        ]
        if earliest:
            triples.append(
                ox.Triple(time, KG.earliest, ox.Literal(earliest, datatype=XSD.dateTime))
            )
        if latest:
            triples.append(ox.Triple(time, KG.latest, ox.Literal(latest, datatype=XSD.dateTime)))
    return triples


def names(store: GraphStore, sparql: str) -> set[str]:
    return {str(row["event"]).strip("<>").rpartition("/")[2] for row in select(store, sparql)}


@pytest.mark.parametrize("name", ["events-between", "timeline"])
def test_no_event_is_dropped_whose_date_may_fall_into_the_time_asked_for(
    name: str, events: dict[str, str]
) -> None:
    """And none comes that cannot: at any precision, open or fuzzy, with a zone or without."""
    asked = [*DATES, *random_dates(2, 40 * TIMES)]
    query, kept = QUERIES[name], 0
    with open_store("memory:") as store:
        store.put(G, dated(events))
        for date in asked:
            sparql = bind(query, {"from": date, "until": date}, nowhere)
            expected = {event for event, when in events.items() if overlap(when, date)}
            assert names(store, sparql) == expected, date
            kept += len(expected)
        for date in DATES:
            after = (
                {e for e, when in events.items() if overlap(when, f"{date}/..")}
                if "/" not in date and "T" not in date
                else None
            )
            if after is not None:
                assert names(store, bind(query, {"from": date}, nowhere)) == after, date
    assert len(asked) >= 70
    assert 0.1 < kept / (len(asked) * len(events)) < 0.9


def test_rdflib_keeps_the_same_events(events: dict[str, str]) -> None:
    few = {name: date for name, date in events.items() if not date.startswith("0001")}
    few = dict(list(few.items())[:40])
    with RdflibStore() as store:
        store.put(G, dated(few))
        for date in ("2002", "2002-09-17", "197X", "../2000", "2002-09-17T10:00:00"):
            sparql = bind(QUERIES["events-between"], {"from": date, "until": date}, nowhere)
            assert names(store, sparql) == {e for e, when in few.items() if overlap(when, date)}


def test_one_date_can_be_both_bounds(tmp_path: Path, events: dict[str, str]) -> None:
    """`?_x_earliest` and `?_x_latest` are the two ends of one value."""
    (tmp_path / "q.rq").write_text(
        "#+ summary: In a time\n#+ params: {when: {type: date, required: true}}\n"
        f"SELECT ?event {{ ?event {KG.when} ?t"
        f" OPTIONAL {{ ?t {KG.earliest} ?a }} OPTIONAL {{ ?t {KG.latest} ?z }}"
        " FILTER(COALESCE(?z >= ?_when_earliest, true) && COALESCE(?a <= ?_when_latest, true)) }"
    )
    query = stored.load(tmp_path / "q.rq")
    assert [v.bound for v in query.parameters["when"].variables] == ["earliest", "latest"]
    with open_store("memory:") as store:
        store.put(G, dated(events))
        for date in DATES:
            found = names(store, bind(query, {"when": date}, nowhere))
            assert found == {e for e, when in events.items() if overlap(when, date)}, date


def test_a_date_may_be_asked_of_data_that_has_days(tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(
        "#+ summary: Since a day\n#+ params:\n#+   since: {type: date, bound: earliest}\n"
        "#+   to: {type: date, bound: latest}\n"
        "SELECT ?event { ?event <urn:day> ?day"
        " FILTER(COALESCE(?day >= ?_since_xsd_date, true) && COALESCE(?day <= ?_to_date, true)) }"
    )
    query = stored.load(tmp_path / "q.rq")
    days = ["2001-12-31", "2002-01-01", "2002-09-17", "2002-12-31", "2003-01-01"]
    triples = [
        ox.Triple(
            ox.NamedNode(f"urn:/{day}"), ox.NamedNode("urn:day"), ox.Literal(day, datatype=XSD.date)
        )
        for day in days
    ]
    for engine in ("memory:", ""):
        with open_store(engine) if engine else RdflibStore() as store:
            store.put(G, triples)
            for value, expected in {
                "2002": days[1:4], "2002-09": days[2:3], "2002-09-17": days[2:3], "200X": days,
                "2002~/..": days[1:],
                "../2002": days[:4],
            }.items():  # fmt: skip
                assert names(store, bind(query, {"since": value, "to": value}, nowhere)) == set(
                    expected
                )
            assert names(store, bind(query, {}, nowhere)) == set(days)


# Pages


def rows_of(store: GraphStore, sparql: str) -> list[tuple[Any, ...]]:
    answer = select(store, sparql)
    columns = [variable.value for variable in answer.variables]
    return [tuple(row[column] for column in columns) for row in answer]


def pages_of(store: GraphStore, sparql: str, size: int) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for offset in range(0, 1000, size):
        page = rows_of(store, paged(sparql, Page(limit=size, offset=offset)))
        found += page
        assert len(page) <= size
        if not page:
            return found
    raise AssertionError(sparql)


@pytest.mark.parametrize("name", sorted(QUERIES.keys() - {"checks"}))  # has no rows here
def test_the_pages_of_a_stored_query_are_its_rows(name: str, built: Workspace) -> None:
    query = QUERIES[name]
    with built.reading() as store:
        sparql = bound(store, query, query.example, built.prefixes)
        whole = rows_of(store, sparql)
        assert whole
        assert rows_of(store, paged(sparql, Page())) == whole
        for size in {1 + len(whole) // 3, len(whole), len(whole) + 1}:
            assert pages_of(store, sparql, size) == whole
        assert rows_of(store, paged(sparql, Page(limit=0))) == []
        assert rows_of(store, paged(sparql, Page(offset=1))) == whole[1:]


def mixed(engine: str) -> list[ox.Triple]:
    """Terms of many kinds, some of them equal in value; rdflib has no order for datatypes of others."""
    terms: list[Any] = [ox.NamedNode(f"https://example.org/{n}") for n in "ab"]
    terms += [ox.Literal(text) for text in ("", "a", "b", "1", "é", "A")]
    terms += [ox.Literal("a", language=tag) for tag in ("en", "de", "en-gb")]
    terms += [ox.Literal(n, datatype=XSD.integer) for n in ("1", "2", "10")]
    terms += [ox.Literal(n, datatype=XSD.decimal) for n in ("1", "1.5")]
    terms += [ox.Literal(n, datatype=ox.NamedNode(f"{XSD.base}double")) for n in ("1.0E0", "2.0E0")]
    terms += [ox.Literal(f"2002-0{n}-01T00:00:00Z", datatype=XSD.dateTime) for n in (1, 2)]
    if engine != "rdflib":
        year = ox.NamedNode(f"{XSD.base}gYear")
        terms += [ox.Literal("2002", datatype=year), ox.Literal("x", datatype=G)]
    draw = random.Random(5)  # noqa: S311
    subjects = [ox.NamedNode(f"https://example.org/s{n}") for n in range(5)]
    properties = [ox.NamedNode(f"https://example.org/p{n}") for n in range(3)]
    return [
        ox.Triple(subjects[n % 5], properties[n % 3], term)
        for n, term in enumerate(draw.sample(terms, len(terms)))
    ]


def random_select(draw: random.Random) -> str:
    """A query with modifiers of its own."""
    pattern = draw.choice([
        "{ ?s ?p ?o }", "WHERE { ?s ?p ?o OPTIONAL { ?o ?p ?q } }",
        "{ { SELECT ?s ?o { ?s ?p ?o } LIMIT 50 } }",
        "{ ?s ?p ?o FILTER(ISLITERAL(?o) && STR(?o) != '}') } # }\n", "{ { ?s ?p ?o } UNION { ?s ?q ?o } }",
    ])  # fmt: skip
    if draw.random() < 0.25:
        having = draw.choice(["", " HAVING (COUNT(?o) > 2)"])
        head = f"SELECT ?s (COUNT(?o) AS ?n) {pattern} GROUP BY ?s{having}"
        order = draw.choice(["", " ORDER BY ?n", " ORDER BY DESC(?n) ?s", " ORDER BY COUNT(?o)"])
    else:
        columns = draw.choice(["?s ?o", "?o", "?s", "?o ?p", "?o (STR(?o) AS ?t)"])
        head = f"SELECT {draw.choice(['', 'DISTINCT ', 'REDUCED '])}{columns} {pattern}"
        keys = (
            ["?o", "DESC(?o)", "ASC(STR(?o))"]
            if "DISTINCT" not in head or "?o" in columns
            else ["?s"]
        )
        keys = ["?s"] if columns == "?s" else keys
        order = (
            ""
            if draw.random() < 0.4
            else f"\nORDER BY {' '.join(draw.sample(keys, draw.randint(1, len(keys))))}"
        )
    limits = [f" LIMIT {draw.randint(0, 30)}", f" OFFSET {draw.randint(0, 10)}"]
    own = "".join(draw.sample(limits, draw.choice([0, 0, 1, 2])))
    values = " VALUES ?s { <https://example.org/s1> <https://example.org/s2> UNDEF }"
    return f"{head}{order}{own}{draw.choice(['', '', values])}"


@pytest.mark.parametrize("engine", ["memory", "rdflib"])
def test_the_pages_of_any_query_are_its_rows(engine: str) -> None:
    """No row twice, none left out, its own LIMIT and OFFSET kept, and the same again the next time."""
    draw = random.Random(7)  # noqa: S311
    seen: Counter[str] = Counter()
    with open_store("memory:") if engine == "memory" else RdflibStore() as store:
        store.put(G, mixed(engine))
        for _ in range((300 if engine == "memory" else 25) * TIMES):
            sparql = random_select(draw)
            plain, whole = rows_of(store, sparql), rows_of(store, paged(sparql, Page()))
            assert whole == rows_of(store, paged(sparql, Page()))
            if "REDUCED" not in sparql:
                assert len(plain) == len(whole), sparql
                if " LIMIT " not in sparql and " OFFSET " not in sparql:
                    assert Counter(plain) == Counter(whole), sparql
            size = draw.choice([1, 2, 3, 7, 100] if engine == "memory" else [5, 9, 100])
            assert pages_of(store, sparql, size) == whole, (size, sparql)
            seen.update(
                word
                for word in ("LIMIT", "OFFSET", "ORDER", "GROUP", "VALUES", "HAVING")
                if word in sparql
            )
            seen["rows"] += len(whole)
    assert len(seen) == 7
    assert min(seen.values()) >= 2


@pytest.mark.parametrize(
    "sparql",
    [
        "ASK { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "DESCRIBE <urn:x>",
        "SELECT * { ?s ?p ?o }",
    ],
)
def test_only_the_rows_of_a_select_have_pages(sparql: str) -> None:
    with pytest.raises(ConfigError, match="only the rows of a SELECT have pages"):
        paged(sparql, Page(limit=1))


def test_what_cannot_be_read_is_not_passed_over_in_a_page(empty: GraphStore) -> None:
    """Engines read `LIMIT5`; a page of such a query must not forget it."""
    for end in ("LIMIT5", "ORDERBY ?s", "LIMIT 5 OFFSET3", "GROUPBY ?s"):
        sparql = f"SELECT ?s {{ ?s ?p ?o }} {end}"
        ask(empty, sparql)
        with pytest.raises(KgError, match="needs a blank after the keyword"):
            ask(empty, sparql, page=Page(limit=1))

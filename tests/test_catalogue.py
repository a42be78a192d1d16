"""Descriptions of the library and of the dataset: complete, right, and of use to who has only them."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from kg import export, rdf, resources
from kg.catalogue import dataset, library, terms
from kg.mapping.iris import Iris
from kg.query import ask, run, stored
from kg.query.parameters import TYPES, Parameter, StoredQuery, Variable
from kg.store import named_graphs, open_store
from kg.vocab import KG, ONTOLOGY, PREFIXES, PROV, SKOS, WIKIDATA, XSD
from kg.vocab import RDF as RDF_TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store import GraphStore
    from kg.workspace import Workspace

BASE = "https://example.org/kg/"
ENDPOINT = "https://example.org/sparql"
OURS = Iris(BASE)
LIBRARY = {name: stored.load(path) for name, path in stored.find([]).items()}
RDF, RDFS, SH = rdflib.RDF, rdflib.RDFS, rdflib.SH
SDO, CSVW, VOID = rdflib.SDO, rdflib.CSVW, rdflib.VOID
SPEX = rdflib.Namespace("https://purl.expasy.org/sparql-examples/ontology#")
TEXTS = (SH.select, SH.ask, SH.construct, SPEX.describe)


@pytest.fixture(scope="module")
def store(built: Workspace) -> Iterator[GraphStore]:
    with built.reading() as opened:
        yield opened


@pytest.fixture(scope="module")
def empty() -> Iterator[GraphStore]:
    with open_store("memory:") as opened:
        yield opened


def turtle(triples: Iterable[ox.Triple]) -> bytes:
    return rdf.write(triples, rdf.GRAPHS["ttl"], PREFIXES | terms.prefixes(BASE))


def graph_of(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """What another program reads: the Turtle, without anything of ours."""
    return rdflib.Graph(bind_namespaces="none").parse(data=turtle(triples), format="turtle")


@pytest.fixture(scope="module")
def described(store: GraphStore, built: Workspace) -> rdflib.Graph:
    found = library.queries(store, LIBRARY.values(), BASE, built.prefixes, ENDPOINT)
    return graph_of(found)


def node(name: str, part: str = "") -> rdflib.URIRef:
    return rdflib.URIRef(f"{BASE}.well-known/sparql-examples/{name}{part}")


def text_of(graph: rdflib.Graph, executable: rdflib.term.Node) -> str:
    (text,) = [text for property_ in TEXTS for text in graph.objects(executable, property_)]
    return str(text)


def declared(graph: rdflib.Graph, executable: rdflib.term.Node) -> dict[str, str]:
    return {
        str(graph.value(found, SH.prefix)): str(graph.value(found, SH.namespace))
        for group in graph.objects(executable, SH.prefixes)
        for found in graph.objects(group, SH.declare)
    }


def rows(answer: Any) -> list[str]:
    return [str([str(row[name.value]) for name in answer.variables]) for row in answer]


def rows_or_answer(answer: Any) -> Any:
    return bool(answer) if isinstance(answer, ox.QueryBoolean) else rows(answer)


def instant(written: str) -> rdflib.Literal:
    return rdflib.Literal(written, datatype=rdflib.XSD.dateTime)


# The vocabularies


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (terms.SH, rdflib.SH),
        (terms.SDO, rdflib.SDO),
        (terms.CSVW, rdflib.CSVW),
        (terms.VOID, rdflib.VOID),
        (terms.DCAT, rdflib.DCAT),
        (terms.FOAF, rdflib.FOAF),
        (terms.DC, rdflib.DCTERMS),
        (terms.LIST, rdflib.RDF),
        (terms.DOC, rdflib.RDFS),
        (terms.OWL, rdflib.OWL),
    ],
    ids=str,
)
def test_every_term_is_one_that_its_vocabulary_has(ours: Any, theirs: Any) -> None:
    found = [value for value in vars(ours).values() if isinstance(value, ox.NamedNode)]
    assert found
    for term in found:
        assert rdflib.URIRef(term.value) in theirs


# The library


def test_every_stored_query_is_described_and_nothing_else(described: rdflib.Graph) -> None:
    files = {path.stem for path in resources.folder("queries").glob("*.rq")}
    assert files == LIBRARY.keys()
    assert len(files) >= 26
    executables = set(described.subjects(RDF.type, SH.SPARQLExecutable))
    to_try = {node(name, "#example") for name, query in LIBRARY.items() if query.example}
    assert len(to_try) >= 15
    assert executables == {node(name) for name in files} | to_try
    assert {(s, o) for s, o in described.subject_objects(SDO.workExample)} == {
        (node(name), node(name, "#example")) for name, query in LIBRARY.items() if query.example
    }


def test_no_node_is_blank(described: rdflib.Graph) -> None:
    assert not [term for triple in described for term in triple if isinstance(term, rdflib.BNode)]


@pytest.mark.parametrize("name", LIBRARY)
def test_the_form_is_that_of_the_sibs_examples(name: str, described: rdflib.Graph) -> None:
    """What the SIB's own shape and its tester demand of each executable."""
    query = LIBRARY[name]
    for executable in (node(name), *described.objects(node(name), SDO.workExample)):
        assert set(described.objects(executable, RDF.type)) == {
            SH.SPARQLExecutable,
            SH.SPARQLSelectExecutable,
        }
        assert [len(list(described.objects(executable, text))) for text in TEXTS] == [1, 0, 0, 0]
        (comment,) = described.objects(executable, RDFS.comment)
        (label,) = described.objects(executable, RDFS.label)
        assert isinstance(comment, rdflib.Literal)
        assert comment.language == "en"
        assert str(comment).startswith(query.summary)
        assert str(comment).endswith(query.description)
        assert str(comment).startswith(str(label))
        assert [str(target) for target in described.objects(executable, SDO.target)] == [ENDPOINT]
        keywords = sorted(str(word) for word in described.objects(executable, SDO.keywords))
        assert keywords == sorted(query.tags)
        assert all(re.search(r"^[^\s].*[^\s]$", word) for word in keywords)
        assert "#+" not in text_of(described, executable)


@pytest.mark.parametrize("name", LIBRARY)
def test_the_text_is_whole_and_goes_with_its_prefixes_too(
    name: str, described: rdflib.Graph, empty: GraphStore
) -> None:
    """Some clients send the text alone, some put all prefixes before it; engines must take both."""
    for executable in (node(name), *described.objects(node(name), SDO.workExample)):
        text = text_of(described, executable)
        head = "".join(f"PREFIX {p}: <{n}>\n" for p, n in declared(described, executable).items())
        for sparql in (text, head + text):
            assert isinstance(empty.query(sparql), ox.QuerySolutions)
            prepareQuery(sparql)
        if "LIMIT" not in text.rpartition("}")[2]:  # the SIB's tester asks for one row
            empty.query(f"{text} LIMIT 1")


@pytest.mark.parametrize("name", LIBRARY)
def test_the_prefixes_are_those_that_the_query_uses_and_no_others(
    name: str, described: rdflib.Graph, empty: GraphStore
) -> None:
    prefixes = declared(described, node(name))
    assert prefixes
    text = re.sub(r"(?m)^PREFIX .*\n", "", text_of(described, node(name)))
    assert not re.search(r"(?i)\bprefix\b", text)
    head = {p: f"PREFIX {p}: <{namespace}>\n" for p, namespace in prefixes.items()}
    empty.query("".join(head.values()) + text)
    for left_out in head:
        with pytest.raises(Exception, match=r"[Pp]refix"):
            empty.query("".join(line for p, line in head.items() if p != left_out) + text)


@pytest.mark.parametrize("name", LIBRARY)
def test_who_has_only_the_description_gets_the_same_rows(
    name: str, described: rdflib.Graph, store: GraphStore, built: Workspace
) -> None:
    query = LIBRARY[name]
    whole = rows(ask(store, query.sparql))
    assert rows(store.query(text_of(described, node(name)))) == whole
    if name == "checks":  # compares with facts that this corpus does not have
        assert not whole
        return
    assert whole, "the SIB's tester expects an answer of every executable"
    if query.example:
        text = text_of(described, node(name, "#example"))
        found = rows(store.query(text))
        assert found == rows(run(store, query, query.example, built.prefixes))
        assert found


@pytest.mark.parametrize("name", LIBRARY)
def test_the_columns_are_those_of_the_answer_in_their_order(
    name: str, described: rdflib.Graph, store: GraphStore
) -> None:
    (schema,) = described.objects(node(name), CSVW.tableSchema)
    (first,) = described.objects(schema, CSVW.column)
    columns = list(described.items(first))
    answer: Any = store.query(text_of(described, node(name)))
    assert [str(described.value(column, CSVW.name)) for column in columns] == [
        variable.value for variable in answer.variables
    ]
    assert [str(described.value(column, CSVW.title)) for column in columns] == list(
        LIBRARY[name].columns.values()
    )


@pytest.mark.parametrize("name", LIBRARY)
def test_the_parameters_are_the_variables_that_may_be_given(
    name: str, described: rdflib.Graph
) -> None:
    query = LIBRARY[name]
    parameters = sorted(
        described.objects(node(name), SH.parameter),
        key=lambda found: int(str(described.value(found, SH.order))),
    )
    wanted = [(p, variable) for p in query.parameters.values() for variable in p.variables]
    assert len(parameters) == len(wanted)
    text = text_of(described, node(name))
    for found, (parameter, variable) in zip(parameters, wanted, strict=True):
        assert (found, RDF.type, SH.Parameter) in described
        local = str(described.value(found, SH.path)).rpartition("#")[2]
        assert local == variable.name
        assert re.search(rf"[?$]{local}\b", text)
        assert str(described.value(found, SH.name)) == parameter.name
        assert parameter.help in str(described.value(found, SH.description))
        assert (described.value(found, SH.optional) is None) == parameter.required
        kinds = (described.value(found, SH.nodeKind), described.value(found, SH.datatype))
        assert [kind is None for kind in kinds].count(True) == 1
        class_ = described.value(found, SH["class"])
        assert (class_ is not None) == (parameter.class_ is not None)


def test_the_same_library_gives_the_same_bytes(store: GraphStore, built: Workspace) -> None:
    names = list(LIBRARY)
    found = set()
    for seed in range(3):
        order = random.Random(seed).sample(names, len(names))  # noqa: S311
        triples = library.queries(
            store, [LIBRARY[name] for name in order], BASE, built.prefixes, ENDPOINT
        )
        found.add(turtle(triples))
    assert len(found) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize("form", ["ttl", "nt", "rdfxml", "jsonld"])
def test_descriptions_go_through_every_format(
    form: str, store: GraphStore, built: Workspace
) -> None:
    both = {
        *library.queries(store, LIBRARY.values(), BASE, built.prefixes, ENDPOINT),
        *dataset.void(store, BASE, "“News” <&>", ENDPOINT, [f"{BASE}all.nq"]),
    }
    quads = [ox.Quad(*triple) for triple in both]
    prefixes = built.prefixes | terms.prefixes(BASE)
    name = {"rdfxml": "rdf"}.get(form, form)
    written = export.write(quads, form, prefixes, built.iris)
    assert {quad.triple for quad in rdf.read(written, f"about.{name}", base=BASE)} == both
    foreign = {"ttl": "turtle", "rdfxml": "xml", "jsonld": "json-ld"}.get(form, form)
    assert len(rdflib.Graph().parse(data=written, format=foreign)) == len(both)


def test_a_query_needs_no_endpoint_and_no_data(empty: GraphStore) -> None:
    """Where no example names anything, there is nothing to try, and all else stands."""
    graph = graph_of(library.queries(empty, LIBRARY.values(), BASE, PREFIXES))
    assert not list(graph.subject_objects(SDO.target))
    executables = set(graph.subjects(RDF.type, SH.SPARQLExecutable))
    named = {name for name, q in LIBRARY.items() if any(_is_name(q, n) for n in q.example)}
    assert named
    assert executables == {node(name) for name in LIBRARY} | {
        node(name, "#example") for name in LIBRARY.keys() - named if LIBRARY[name].example
    }


def _is_name(query: StoredQuery, name: str) -> bool:
    return query.parameters[name].type == "iri"


def one(sparql: str, name: str = "test", *parameters: Parameter, **more: Any) -> StoredQuery:
    found = {parameter.name: parameter for parameter in parameters}
    return StoredQuery(name=name, summary="A test", sparql=sparql, parameters=found, **more)


def parameter(name: str, type_: str, *variables: Variable, **more: Any) -> Parameter:
    found = variables or (Variable(name=f"_{name}"),)
    return Parameter(name=name, type=type_, variables=found, **more)


def about(query: StoredQuery, store: GraphStore) -> rdflib.Graph:
    return graph_of(library.queries(store, [query], BASE, PREFIXES | OURS.prefixes()))


@pytest.mark.parametrize(
    ("sparql", "class_", "text"),
    [
        ("SELECT * { ?s ?p ?o }", SH.SPARQLSelectExecutable, SH.select),
        ("ASK { ?s ?p ?o }", SH.SPARQLAskExecutable, SH.ask),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", SH.SPARQLConstructExecutable, SH.construct),
        ("DESCRIBE <http://example.org/>", SPEX.SPARQLDescribeExecutable, SPEX.describe),
    ],
    ids=["select", "ask", "construct", "describe"],
)
def test_each_form_has_its_class(
    sparql: str, class_: rdflib.URIRef, text: rdflib.URIRef, empty: GraphStore
) -> None:
    graph = about(one(sparql), empty)
    assert set(graph.objects(node("test"), RDF.type)) == {SH.SPARQLExecutable, class_}
    assert [str(found) for found in graph.objects(node("test"), text)] == [sparql]


@pytest.mark.parametrize(
    ("sparql", "text", "prefixes"),
    [
        (
            "#+ summary: A test\n#+ tags: []\n\nSELECT ?s { ?s a kg:Claim }\n\n",
            f"PREFIX kg: <{KG.base}>\nSELECT ?s {{ ?s a kg:Claim }}",
            {"kg": KG.base},
        ),
        (
            "# ours\nPREFIX a: <http://a/> PREFIX b: <http://b/>\nASK { ?s a 'b:' , a:x } # b:",
            "# ours\nPREFIX a: <http://a/> PREFIX b: <http://b/>\nASK { ?s a 'b:' , a:x } # b:\n",
            {"a": "http://a/"},
        ),
        (
            "BASE <http://a/> PREFIX : <b#> PREFIX c: <http://c/> ASK { :x c:y _:z }",
            "BASE <http://a/> PREFIX : <b#> PREFIX c: <http://c/> ASK { :x c:y _:z }",
            {"c": "http://c/"},
        ),
        ("ASK { ?s ?p '''\n#+ words\n''' }", "ASK { ?s ?p '''\n#+ words\n''' }", {}),
    ],
    ids=["lacks-prefix", "comment", "base", "string"],
)
def test_the_text_needs_nothing_around_it(
    sparql: str, text: str, prefixes: dict[str, str], empty: GraphStore
) -> None:
    graph = about(one(sparql), empty)
    assert text_of(graph, node("test")) == text
    assert declared(graph, node("test")) == prefixes
    assert rows_or_answer(empty.query(text)) == rows_or_answer(
        ask(empty, sparql, prefixes=PREFIXES)
    )


def test_one_prefix_may_mean_two_things_in_two_queries(empty: GraphStore) -> None:
    two = [
        one(f"PREFIX kg: <{iri}> PREFIX x: <{iri}> ASK {{ ?s a kg:A , x:B }}", name)
        for name, iri in (("ours", KG.base), ("theirs", "http://example.org/kg#"))
    ]
    graph = graph_of(library.queries(empty, two, BASE, {}))
    assert declared(graph, node("ours")) == {"kg": KG.base, "x": KG.base}
    assert declared(graph, node("theirs")) == dict.fromkeys(("kg", "x"), "http://example.org/kg#")
    assert len(set(graph.subjects(RDF.type, SH.PrefixDeclaration))) == 4


@pytest.mark.parametrize("name", ["two words", "日本", "a/b?c#d%20", '"<>&'])
def test_any_file_name_makes_an_iri(name: str, empty: GraphStore) -> None:
    graph = about(one("ASK { ?s ?p ?_x }", name, parameter("x", "text", example="“1”")), empty)
    (found,) = graph.objects(None, SDO.workExample)
    assert str(found).startswith(f"{BASE}.well-known/sparql-examples/")
    assert text_of(graph, found) == 'ASK { ?s ?p "“1”" }'


TYPED = {
    "text": (Variable(name="_x"), "a", SH.datatype, XSD.string, ox.Literal("a")),
    "lang": (Variable(name="_x"), "EN", SH.datatype, XSD.string, ox.Literal("en")),
    "integer": (Variable(name="_x_integer"), "7", SH.datatype, XSD.integer, ox.Literal(7)),
    "decimal": (
        *(Variable(name="_x_decimal"), "0.5", SH.datatype, XSD.decimal),
        ox.Literal("0.5", datatype=XSD.decimal),
    ),
    "boolean": (
        *(Variable(name="_x_boolean"), "true", SH.datatype),
        *(ox.NamedNode(f"{XSD.base}boolean"), ox.Literal(True)),
    ),
    "date": (
        *(Variable(name="_x_earliest", bound="earliest"), "2002-09", SH.datatype, XSD.dateTime),
        ox.Literal("2002-09-01T00:00:00Z", datatype=XSD.dateTime),
    ),
    "iri": (
        *(Variable(name="_x_iri"), f"{BASE}id/actor/japan", SH.nodeKind),
        *(ox.NamedNode(SH.IRI), ox.NamedNode(f"{BASE}id/actor/japan")),
    ),
    "xsd:gYear": (
        *(Variable(name="_x", datatype=f"{XSD.base}gYear"), "2002", SH.datatype),
        *(ox.NamedNode(f"{XSD.base}gYear"), None),
    ),
}


@pytest.mark.parametrize("type_", TYPED)
def test_each_type_is_described_with_its_default_and_its_values(
    type_: str, store: GraphStore
) -> None:
    variable, value, property_, kind, term = TYPED[type_]
    term = term or ox.Literal(value, datatype=kind)
    asked = one(
        f"ASK {{ ?s ?p ?{variable.name} }}",
        "test",
        parameter("x", type_, variable, default=value, enumeration=(value,)),
    )
    graph = about(asked, store)
    found = node("test", f"#parameter-{variable.name}")
    assert [str(each) for each in graph.objects(found, property_)] == [kind.value]
    (default,) = graph.objects(found, SH.defaultValue)
    assert default.n3() == rdflib.util.from_n3(str(term)).n3()  # type: ignore[union-attr]
    (values,) = graph.objects(found, SH["in"])
    assert list(graph.items(values)) == [default]


def test_the_types_are_all_of_those_that_queries_have() -> None:
    assert TYPED.keys() - {"xsd:gYear"} == set(TYPES)
    assert len(TYPED) == 8


def test_both_ends_of_a_date_and_a_language_are_told(empty: GraphStore) -> None:
    ends = [Variable(name=f"_when_{end}", bound=end) for end in ("earliest", "latest")]
    word = Variable(name="_word_en", language="en")
    asked = one(
        "ASK { ?s ?p ?_when_earliest , ?_when_latest , ?_word_en }",
        "test",
        parameter("when", "date", *ends, default="2002/..", help="the time"),
        parameter("word", "text", word, default="news", required=False),
    )
    graph = about(asked, empty)
    first, last, english = (
        node("test", f"#parameter-{name}")
        for name in ("_when_earliest", "_when_latest", "_word_en")
    )
    assert str(graph.value(first, SH.description)) == "the time; the first instant of a date"
    assert str(graph.value(last, SH.description)) == "the time; the last instant of a date"
    assert graph.value(first, SH.defaultValue) == instant("2002-01-01T00:00:00Z")
    assert graph.value(last, SH.defaultValue) is None, "an open end bounds nothing"
    assert [str(x) for x in graph.objects(english, SH.datatype)] == [str(RDF.langString)]
    (languages,) = graph.objects(english, SH.languageIn)
    assert [str(language) for language in graph.items(languages)] == ["en"]
    assert graph.value(english, SH.defaultValue) == rdflib.Literal("news", lang="en")


def test_a_query_for_another_endpoint_is_sent_there(store: GraphStore) -> None:
    there = "https://example.net/sparql"
    asked = one("ASK { ?s ?p ?_x }", "test", parameter("x", "text", example="a"), endpoint=there)
    graph = graph_of(library.queries(store, [asked], BASE, PREFIXES, ENDPOINT))
    assert [str(target) for target in graph.objects(node("test"), SDO.target)] == [there]
    assert not list(graph.subject_objects(SDO.workExample)), "its data are not here"


# The dataset


def counted(quads: Iterable[ox.Quad]) -> dict[str, Any]:
    """What a description has to say of some quads, counted by hand."""
    quads = {quad for quad in quads if quad.graph_name != ONTOLOGY}
    triples = {quad.triple for quad in quads}
    classes, properties = defaultdict(set), defaultdict(set)
    for triple in triples:
        properties[triple.predicate.value].add(triple)
        if triple.predicate == RDF_TERMS.type and isinstance(triple.object, ox.NamedNode):
            classes[triple.object.value].add(triple.subject)
    subjects = {triple.subject for triple in triples}
    graphs: dict[str, int] = defaultdict(int)
    for quad in quads:
        assert isinstance(quad.graph_name, ox.NamedNode)
        graphs[quad.graph_name.value] += 1
    return {
        "triples": len(triples),
        "distinctSubjects": len(subjects),
        "distinctObjects": len({triple.object for triple in triples}),
        "entities": sum(isinstance(s, ox.NamedNode) and s.value.startswith(BASE) for s in subjects),
        "classes": {class_: len(things) for class_, things in classes.items()},
        "properties": {
            property_: (
                len(found),
                len({triple.subject for triple in found}),
                len({triple.object for triple in found}),
            )
            for property_, found in properties.items()
        },
        "graphs": dict(graphs),
        "links": len(
            {
                (t.subject, t.object)
                for t in properties.get(SKOS.exactMatch.value, ())
                if isinstance(t.object, ox.NamedNode) and t.object.value.startswith(WIKIDATA)
            }
        ),
    }


def told(graph: rdflib.Graph) -> dict[str, Any]:
    """What a description says."""
    (whole,) = graph.subjects(RDF.type, rdflib.DCAT.Dataset)

    def number(about: rdflib.term.Node, property_: rdflib.URIRef) -> int:
        (value,) = graph.objects(about, property_)
        assert isinstance(value, rdflib.Literal)
        assert value.datatype == rdflib.XSD.integer
        return int(value)

    parts = list(graph.objects(whole, VOID.propertyPartition))
    kinds = list(graph.objects(whole, VOID.classPartition))
    links = set(graph.subjects(RDF.type, VOID.Linkset))
    exact = [link for link in links if (link, VOID.linkPredicate, rdflib.SKOS.exactMatch) in graph]
    found: dict[str, Any] = {
        "classes": {
            str(graph.value(kind, VOID["class"])): number(kind, VOID.entities) for kind in kinds
        },
        "properties": {
            str(graph.value(part, VOID.property)): (
                number(part, VOID.triples),
                number(part, VOID.distinctSubjects),
                number(part, VOID.distinctObjects),
            )
            for part in parts
        },
        "graphs": {
            str(part): number(part, VOID.triples)
            for part in graph.objects(whole, VOID.subset)
            if part not in links
        },
        "links": sum(number(link, VOID.triples) for link in exact),
    }
    assert number(whole, VOID.classes) == len(kinds) == len(found["classes"])
    assert number(whole, VOID.properties) == len(parts) == len(found["properties"])
    names = ("triples", "distinctSubjects", "distinctObjects", "entities")
    return {name: number(whole, VOID[name]) for name in names} | found


def loaded(quads: Iterable[ox.Quad]) -> GraphStore:
    graphs: dict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
    for quad in quads:
        assert isinstance(quad.graph_name, ox.NamedNode)
        graphs[quad.graph_name].append(quad.triple)
    store = open_store("memory:")
    for graph, triples in graphs.items():
        store.put(graph, triples)
    return store


def all_of(store: GraphStore) -> set[ox.Quad]:
    return {
        ox.Quad(triple.subject, triple.predicate, triple.object, graph)
        for graph in named_graphs(store)
        for triple in store.get(graph)
    }


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own
def test_the_numbers_are_those_of_the_corpus(store: GraphStore, built: Workspace) -> None:
    numbers = told(graph_of(dataset.void(store, BASE)))
    assert numbers == counted(all_of(store))
    # And once more by another program, from what is exported.
    exported = export.write(export.dataset(store), "nq", built.prefixes, built.iris)
    there = rdflib.Dataset()
    there.parse(data=exported, format="nquads")
    union = {(s, p, o) for s, p, o, _ in there.quads()}
    assert numbers["triples"] == len(union) == 6049
    assert numbers["distinctSubjects"] == len({s for s, _, _ in union})
    assert numbers["distinctObjects"] == len({o for _, _, o in union})
    assert numbers["links"] == 15
    assert numbers["graphs"][f"{BASE}graph/entities"] == len(there.graph(f"{BASE}graph/entities"))
    assert len(numbers["graphs"]) == 6


def test_the_corpus_is_described_in_words_and_by_examples(store: GraphStore) -> None:
    graph = graph_of(dataset.void(store, BASE))
    (whole,) = graph.subjects(RDF.type, rdflib.DCAT.Dataset)
    assert str(graph.value(whole, rdflib.DCTERMS.description)) == (
        "It holds 2 articles, 140 claims, 36 events, 47 actors."
    )
    examples = [str(found) for found in graph.objects(whole, VOID.exampleResource)]
    assert len(examples) == 4
    for found in examples:
        assert store.query(f"ASK {{ <{found}> ?p ?o }}")
    vocabularies = {str(found) for found in graph.objects(whole, VOID.vocabulary)}
    assert KG.base in vocabularies
    assert "http://schema.org/" in vocabularies
    assert len(vocabularies) == 9
    assert str(graph.value(whole, rdflib.DCTERMS.license)).endswith("/zero/1.0/")
    assert graph.value(whole, rdflib.DCTERMS.modified) == instant("2026-11-21T12:00:00Z")
    assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]


NODES = [ox.NamedNode(f"{BASE}id/actor/{n}") for n in "abc"]
NODES += [ox.NamedNode("http://example.org/x"), ox.NamedNode(f"{WIKIDATA}Q17")]
VALUES = [*NODES, ox.Literal("a"), ox.Literal("a", language="en"), ox.Literal(1), ox.BlankNode("b")]
PROPERTIES = [RDF_TERMS.type, SKOS.exactMatch, KG.source, ox.NamedNode("urn:p:1")]
GRAPHS = [OURS.entities, OURS.analysis, OURS.graph("article-1"), OURS.graph("x"), ONTOLOGY]
"""Few enough of each that triples come in several graphs."""

QUADS = st.builds(
    ox.Quad,
    st.sampled_from([*NODES, ox.BlankNode("b")]),
    st.sampled_from(PROPERTIES),
    st.sampled_from(VALUES),
    st.sampled_from(GRAPHS),
)


@given(st.lists(QUADS, max_size=60))
@example([])
@example([ox.Quad(NODES[0], RDF_TERMS.type, KG.Actor, graph) for graph in GRAPHS])
def test_the_numbers_are_right_for_any_data(quads: list[ox.Quad]) -> None:
    with loaded(quads) as store:
        assert told(graph_of(dataset.void(store, BASE))) == counted(all_of(store))


def test_the_same_data_give_the_same_bytes_in_whatever_order_they_come(store: GraphStore) -> None:
    quads = sorted(all_of(store), key=str)
    found = {turtle(dataset.void(store, BASE))}
    for seed in range(3):
        with loaded(random.Random(seed).sample(quads, len(quads))) as other:  # noqa: S311
            found.add(turtle(dataset.void(other, BASE)))
    assert len(found) == 1


CC0, CC_BY = (ox.NamedNode(f"https://creativecommons.org/{name}/") for name in ("zero", "by"))
ONE, TWO, BROUGHT = OURS.graph("article-1"), OURS.graph("article-2"), OURS.graph("theirs")


def made(*stated: tuple[ox.NamedNode, ox.NamedNode, Any], graphs: Any = ()) -> list[ox.Quad]:
    quads = [ox.Quad(*triple, OURS.provenance) for triple in stated]
    there = {ONE, TWO, OURS.entities, OURS.analysis, OURS.dates, *graphs}
    return quads + [ox.Quad(NODES[0], KG.source, NODES[1], graph) for graph in there]


@pytest.mark.parametrize(
    ("stated", "graphs", "licence"),
    [
        ([(ONE, CC0), (TWO, CC0)], [], CC0),
        ([(ONE, CC0), (TWO, CC_BY)], [], None),
        ([(ONE, CC0)], [], None),
        ([(ONE, CC0), (TWO, CC0)], [BROUGHT], None),
        ([(ONE, CC0), (TWO, CC0), (BROUGHT, CC0)], [BROUGHT], CC0),
        ([(ONE, CC0), (ONE, CC_BY), (TWO, CC0)], [], None),
        ([(graph, each) for graph in (ONE, TWO) for each in (CC0, CC_BY)], [], None),
        ([], [], None),
    ],
    ids=[
        "same",
        "different",
        "one-lacks",
        "brought-lacks",
        "brought-same",
        "two",
        "both-two",
        "none",
    ],
)
def test_a_licence_is_that_of_the_dataset_where_all_have_it(
    stated: list[tuple[ox.NamedNode, ox.NamedNode]],
    graphs: list[ox.NamedNode],
    licence: ox.NamedNode | None,
) -> None:
    quads = made(*((graph, terms.DC.license, l_) for graph, l_ in stated), graphs=graphs)
    with loaded(quads) as store:
        graph = graph_of(dataset.void(store, BASE))
    (whole,) = graph.subjects(RDF.type, rdflib.DCAT.Dataset)
    found = [str(each) for each in graph.objects(whole, rdflib.DCTERMS.license)]
    assert found == ([] if licence is None else [licence.value])
    for subset, each in stated:
        assert (
            *(rdflib.URIRef(subset.value), rdflib.DCTERMS.license),
            rdflib.URIRef(each.value),
        ) in graph


def test_it_was_modified_when_the_youngest_graph_was_made() -> None:
    def at(time: str) -> ox.Literal:
        return ox.Literal(time, datatype=XSD.dateTime)

    quads = made(
        (ONE, PROV.generatedAtTime, at("2018-06-12T10:30:00.5Z")),
        (ONE, PROV.generatedAtTime, at("2018-06-12T10:30:00Z")),
        (TWO, PROV.generatedAtTime, at("2007-12-11T00:00:00Z")),
        (OURS.graph("gone"), PROV.generatedAtTime, at("2030-01-01T00:00:00Z")),
    )
    # What others say of time is no business of ours.
    quads.append(ox.Quad(ONE, PROV.generatedAtTime, at("2040-01-01T00:00:00Z"), BROUGHT))
    with loaded(quads) as store:
        graph = graph_of(dataset.void(store, BASE))
    (whole,) = graph.subjects(RDF.type, rdflib.DCAT.Dataset)
    modified = {str(s): o for s, o in graph.subject_objects(rdflib.DCTERMS.modified)}
    assert modified == {
        str(whole): instant("2018-06-12T10:30:00.5Z"),
        ONE.value: instant("2018-06-12T10:30:00.5Z"),
        TWO.value: instant("2007-12-11T00:00:00Z"),
    }


def test_of_very_many_graphs_those_of_articles_are_not_listed(
    store: GraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = told(graph_of(dataset.void(store, BASE)))
    monkeypatch.setattr(dataset, "_LISTED", 5)
    fewer = told(graph_of(dataset.void(store, BASE)))
    assert len(numbers["graphs"]) == 6
    assert {graph.rpartition("/")[2] for graph in fewer.pop("graphs")} == {
        *("analysis", "dates", "entities", "provenance")
    }
    assert fewer == {name: value for name, value in numbers.items() if name != "graphs"}


@pytest.mark.parametrize(
    ("file", "form", "media"),
    [
        ("all.nq", "N-Quads", "application/n-quads"),
        ("all.trig?version=2", "TriG", "application/trig"),
        ("all.ttl", "Turtle", "text/turtle"),
        ("all.jsonld", "JSON-LD", "application/ld+json"),
        ("all.zip", None, None),
    ],
)
def test_where_it_can_be_had_is_told(
    file: str, form: str | None, media: str | None, empty: GraphStore
) -> None:
    graph = graph_of(dataset.void(empty, BASE, "Ours", ENDPOINT, [f"{BASE}{file}"]))
    (whole,) = graph.subjects(RDF.type, rdflib.DCAT.Dataset)
    assert str(graph.value(whole, rdflib.DCTERMS.title)) == "Ours"
    assert [str(x) for x in graph.objects(whole, VOID.sparqlEndpoint)] == [ENDPOINT]
    (service,) = graph.subjects(rdflib.DCAT.endpointURL, rdflib.URIRef(ENDPOINT))
    assert (service, rdflib.DCAT.servesDataset, whole) in graph
    assert [str(x) for x in graph.objects(whole, VOID.dataDump)] == [f"{BASE}{file}"]
    (way,) = graph.objects(whole, rdflib.DCAT.distribution)
    assert graph.value(way, rdflib.DCAT.downloadURL) == rdflib.URIRef(f"{BASE}{file}")
    formats = [str(found).rpartition("/")[2] for found in graph.objects(whole, VOID.feature)]
    assert formats == ([form] if form else [])
    types = [str(found) for found in graph.objects(way, rdflib.DCAT.mediaType)]
    place = "https://www.iana.org/assignments/media-types/"
    assert types == ([f"{place}{media}"] if media else [])


def test_a_plain_description_names_no_place(store: GraphStore) -> None:
    graph = graph_of(dataset.void(store, BASE))
    for property_ in (VOID.sparqlEndpoint, VOID.dataDump, rdflib.DCAT.distribution):
        assert not list(graph.subject_objects(property_))

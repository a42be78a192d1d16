"""Asking: parameters become terms and never text, headers are checked, nothing leaves the machine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import ConfigError, InputError, KgError, NotFoundError
from kg.query import ask, bound, stored
from kg.query.bind import bind
from kg.query.parameters import Parameter, Variable
from kg.sparql import calls_out, first_keyword, parameters, spelled_out, tokens, undeclared
from kg.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import GraphStore
    from kg.workspace import Workspace

XSD = "http://www.w3.org/2001/XMLSchema#"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
HOSTILE = [
    "",
    "'",
    '"',
    '"""',
    "'''",
    "\\",
    "\\'",
    "\\u0022",
    "a\nb\r\nc\td",
    "\x00\x07\x1b[31m",
    '" . ?s ?p ?o } #',
    "} UNION { ?s ?p ?o }",
    "> } UNION { ?s ?p ?o } #",
    "'; DROP ALL; --",
    "?_value $_value",
    "# comment",
    "<https://example.org/>",
    "\u202eabc\u202c \u2028 \u0085 \ufeff",
    "東京 Łódź 👩‍👩‍👧",
    "x" * 1_000_000,
]


def query(sparql: str, **entries: str) -> stored.StoredQuery:
    """A stored query whose parameters are given as `name="type"`."""
    found = {}
    for name, type_ in entries.items():
        suffix = {"iri": "_iri", "integer": "_integer", "decimal": "_decimal"}.get(type_, "")
        variable = Variable(name=f"_{name}{suffix}")
        if type_ in {"earliest", "latest"}:
            variable = Variable(name=f"_{name}_{type_}", bound=type_)
            type_ = "date"
        found[name] = Parameter(
            name=name,
            variables=(variable,),
            type=type_,
            example="2002" if type_ == "date" else None,
        )
    return stored.StoredQuery(name="test", sparql=sparql, summary="A test", parameters=found)


def nowhere(name: str, class_: str | None) -> ox.NamedNode:
    raise AssertionError((name, class_))


@pytest.fixture
def empty() -> Iterator[GraphStore]:
    with open_store("memory:") as store:
        yield store


@pytest.fixture(scope="module")
def news(built_sample: Workspace) -> Iterator[GraphStore]:
    with built_sample.reading() as store:
        yield store


# Tokens


@given(TEXT)
@example("SELECT ?x { ?x a <a#b?c> , '''?y ' ''' , \"\\\"?z\" } # ?w\n")
@example("'open")
@example('"""open " "" ')
@example("<open")
def test_tokens_joined_are_the_query(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text
    starts = [token.start for token in tokens(text)]
    assert starts == sorted(set(starts))


@pytest.mark.parametrize(
    ("sparql", "found"),
    [
        ("SELECT ?x { ?x ?y ?_a }", ["_a"]),
        ("{ $_a $_b ?_a }", ["_a", "_b"]),
        ("{ ?x ?y '?_a' }", []),
        ('{ ?x ?y "?_a", \'\'\'it\'s ?_a\'\'\', """a "?_a" b""" }', []),
        ("{ ?x ?y 'it\\'s ?_a' , ?_b }", ["_b"]),
        ("{ ?x ?y <https://example.org/?_a> } # ?_b\n{ ?_c ?d ?e }", ["_c"]),
        ("{ ?x ?y ?z FILTER(?z <?_a) } # ?_b", ["_a"]),
        ("{ ?x ?y ?z FILTER(?z<?_a&&?z > 1) }", ["_a"]),
        ("{ ?x ?y 'broken ?_a\n ?_b }", ["_a", "_b"]),
        ("{ ?x ?y ?a_b }", []),
    ],
)
def test_parameters_are_found_where_variables_may_stand(sparql: str, found: list[str]) -> None:
    assert list(parameters(sparql)) == found


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }",
        "select * { service silent ?x { ?s ?p ?o } }",
        "SELECT * { {}SERVICE<https://example.org/>{ ?s ?p ?o } }",
        "SELECT * { ?s ?p true.SERVICE <https://example.org/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE <https://example.org/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 'x'@en.SERVICE <https://example.org/> { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<https://example.org/> { ?s ?p ?o } }",
        "PREFIX : <https://example.org/> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "PREFIX : <https://example.org/> SELECT * { SERVICE:x # {\n { ?s ?p ?o } }",
        "ASK { FILTER EXISTS { SERVICE <https://example.org/> { ?s ?p ?o } } }",
        "ASK { ?s ?p ''' ' ''' SERVICE <https://example.org/> { ?s ?p ?o } }",
        r"PREFIX e: <urn:> ASK { ?s e:a\'b ?o . SERVICE <urn:x> { ?s ?p ?o } ?s e:c 'd' }",
        r"PREFIX e: <urn:> ASK { ?s e:a\#b ?o . SERVICE <https://example.org/> { ?s ?p ?o } }",
    ],
)
def test_service_is_refused_in_every_spelling(sparql: str, empty: GraphStore) -> None:
    assert calls_out(sparql)
    with pytest.raises(InputError, match="nothing leaves this machine"):
        ask(empty, sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?SERVICE $service { ?service ?p $SERVICE }",
        "SELECT * { ?s ?p 'SERVICE <https://example.org/> {}' } # SERVICE",
        "PREFIX ex: <https://example.org/> SELECT * { ?s ex:SERVICE ex:a.SERVICE }",
        "PREFIX service: <https://example.org/SERVICE/> SELECT * { service:x ?p service:y }",
        "SELECT * { ?s <https://example.org/SERVICE> _:service }",
    ],
)
def test_service_as_a_name_is_nothing_to_refuse(sparql: str, empty: GraphStore) -> None:
    assert not calls_out(sparql)
    ask(empty, sparql)


@pytest.mark.parametrize(
    ("sparql", "prefixes"),
    [
        ("SELECT ?x { ?x a kg:Claim }", {"kg"}),
        ("PREFIX kg: <https://example.org/> SELECT ?x { ?x a kg:Claim }", set()),
        ("prefix : <https://example.org/> SELECT ?x { ?x a :Claim ; ex:p 'no:no' }", {"ex"}),
        ("SELECT ?x { ?x a :Claim . _:b ?p <urn:x:y> } # no:no", {""}),
    ],
)
def test_prefixes_in_use_and_not_declared_are_found(sparql: str, prefixes: set[str]) -> None:
    assert undeclared(sparql) == prefixes


# Binding


@given(TEXT)
def test_any_text_comes_back_as_it_went_in(text: str) -> None:
    asked = query(
        "SELECT ?x ?same { BIND(?_value AS ?x) BIND(STRLEN(?_value) AS ?same) }", value="text"
    )
    sparql = bind(asked, {"value": text}, nowhere)
    with open_store("memory:") as store:
        answer = ask(store, sparql)
        assert isinstance(answer, ox.QuerySolutions)
        assert [(row["x"], row["same"].value) for row in answer] == [
            (ox.Literal(text), str(len(text)))
        ]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
@pytest.mark.parametrize(
    "pattern",
    [
        "BIND(?_value AS ?x)",
        "VALUES ?x { ?_value }",
        "{ SELECT ?x { BIND(CONCAT(?_value, '') AS ?x) } }",
        "BIND(?_value AS ?x) FILTER(?x = $_value)",
        "GRAPH ?g { ?s ?p ?x } FILTER(?x = ?_value) # ?_value",
        "?s ?p ?_value . BIND(?_value AS ?x)",
    ],
)
def test_hostile_text_stays_in_its_place(pattern: str, text: str, empty: GraphStore) -> None:
    s, g = ox.NamedNode("https://example.org/s"), ox.NamedNode("https://example.org/g")
    empty.put(g, [ox.Triple(s, s, ox.Literal(text)), ox.Triple(s, s, ox.Literal("other than all"))])
    sparql = bind(query(f"SELECT ?x {{ {pattern}\n }}", value="text"), {"value": text}, nowhere)
    answer = ask(empty, sparql)
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["x"] for row in answer] == [ox.Literal(text)]


def test_values_do_not_enter_strings_comments_or_iris() -> None:
    sparql = (
        "SELECT ?x { ?x ?_value '?_value', \"?_value\" , '''\n'?_value''' ;"
        " <urn:?_value> ?_values } # ?_value"
    )
    out = bind(query(sparql, value="text"), {"value": "v"}, nowhere)
    assert out == sparql.replace("?x ?_value ", '?x "v" ', 1)


def test_values_that_look_like_parameters_are_not_replaced_again() -> None:
    asked = query("{ ?_a ?_b }", a="text", b="text")
    assert bind(asked, {"a": "?_b", "b": "?_a"}, nowhere) == '{ "?_b" "?_a" }'


@settings(max_examples=300)
@given(st.sampled_from(["", "actor:", "actor/", "https://example.org/", "wd:", "Q", "<"]), TEXT)
@example("https://example.org/", "x> } UNION { ?s ?p ?o } #")
@example("actor:", "x> } UNION {")
@example("https://", "[")
@example("actor:", "%zz")
@example("", "\\")
def test_no_name_of_a_thing_breaks_out(news: GraphStore, prefix: str, text: str) -> None:
    """It is found, or it is refused as a name: never as bad SPARQL."""
    prefixes = {
        "kg": "https://w3id.org/newskg/ontology#",
        "actor": "https://example.org/kg/id/actor/",
        "wd": "http://www.wikidata.org/entity/",
    }
    asked = query("SELECT ?x { ?x ?y ?_thing_iri }", thing="iri")
    try:
        sparql = bound(news, asked, {"thing": prefix + text}, prefixes)
    except (NotFoundError, ConfigError):
        return
    assert sparql.startswith("SELECT ?x { ?x ?y <")
    assert sparql.count(">") == 1


@pytest.mark.parametrize(
    ("type_", "value", "term"),
    [
        ("integer", "17", ox.Literal("17", datatype=ox.NamedNode(f"{XSD}integer"))),
        ("integer", "-007", ox.Literal("-7", datatype=ox.NamedNode(f"{XSD}integer"))),
        ("integer", "+3", ox.Literal("3", datatype=ox.NamedNode(f"{XSD}integer"))),
        ("integer", "1.0", None),
        ("integer", "seventeen", None),
        ("integer", "", None),
        ("integer", "٣", None),
        ("integer", "1" * 19, None),
        ("integer", "1) || (1=1", None),
        ("decimal", "0.95", ox.Literal("0.95", datatype=ox.NamedNode(f"{XSD}decimal"))),
        ("decimal", ".5", ox.Literal("0.5", datatype=ox.NamedNode(f"{XSD}decimal"))),
        ("decimal", "1e3", None),
        ("decimal", "NaN", None),
        ("decimal", ".", None),
        ("lang", "de", ox.Literal("de")),
        ("lang", "pt-BR", ox.Literal("pt-br")),
        ("lang", "german language", None),
        ("lang", "de_DE", None),
        ("earliest", "2002", ox.Literal("2002-01-01T00:00:00Z", datatype=ox.NamedNode(f"{XSD}dateTime"))),
        ("latest", "2002", ox.Literal("2002-12-31T23:59:59Z", datatype=ox.NamedNode(f"{XSD}dateTime"))),
        ("latest", "2002-02", ox.Literal("2002-02-28T23:59:59Z", datatype=ox.NamedNode(f"{XSD}dateTime"))),
        ("earliest", "197X", ox.Literal("1970-01-01T00:00:00Z", datatype=ox.NamedNode(f"{XSD}dateTime"))),
        ("latest", "2014/2016", ox.Literal("2016-12-31T23:59:59Z", datatype=ox.NamedNode(f"{XSD}dateTime"))),
        ("earliest", "yesterday", None),
        ("earliest", "2002-13", None),
        ("latest", "2002-02-30", None),
        ("latest", "", None),
        ("latest", "17.9.2002", None),
    ],
)  # fmt: skip
def test_a_value_is_of_its_type_or_refused(type_: str, value: str, term: ox.Literal | None) -> None:
    asked = query("{ ?_v ?_v_integer ?_v_decimal ?_v_earliest ?_v_latest }", v=type_)
    if term is not None:
        assert str(term) in bind(asked, {"v": value}, nowhere)
        return
    with pytest.raises(ConfigError, match=r"^--v ") as caught:
        bind(asked, {"v": value}, nowhere)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(("bound_", "value"), [("earliest", "../2016"), ("latest", "2016/..")])
def test_an_open_end_bounds_nothing(bound_: str, value: str) -> None:
    asked = query(f"{{ FILTER(?x >= ?_v_{bound_}) }}", v=bound_)
    assert bind(asked, {"v": value}, nowhere) == asked.sparql


def test_a_wrong_value_is_refused_with_an_example() -> None:
    asked = stored.named("timeline", [])
    with pytest.raises(ConfigError, match="--from soon") as caught:
        bind(asked, {"from": "soon"}, nowhere)
    assert caught.value.hint == "for example: kg query timeline --from 2002"


def test_a_missing_value_is_asked_for_with_an_example() -> None:
    asked = stored.named("claims-by-actor", [])
    with pytest.raises(ConfigError, match="needs --actor: whose claims") as caught:
        bind(asked, {}, nowhere)
    assert caught.value.hint == "for example: kg query claims-by-actor --actor north-korea"


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="timeline has no parameter form") as caught:
        bind(stored.named("timeline", []), {"form": "2002"}, nowhere)
    assert caught.value.hint == "it has: --actor, --from, --until"
    with pytest.raises(ConfigError) as caught:
        bind(query("SELECT * {}"), {"x": "1"}, nowhere)
    assert caught.value.hint == "it has: none"


def test_a_default_takes_the_place_of_a_value_left_out() -> None:
    asked = query("{ ?_n_integer }", n="integer")
    asked = replace(asked, parameters={"n": replace(asked.parameters["n"], default="5")})
    assert '"5"' in bind(asked, {}, nowhere)
    assert '"7"' in bind(asked, {"n": "7"}, nowhere)


# Asking


PREFIXES = {"ex": "https://example.org/", "kg": "https://w3id.org/newskg/ontology#"}


UPDATES = "updates are not possible here: edit the files of the workspace, then kg build"
MISTAKES = [
    ("", "1, column 1: not expected here", None),
    ("SELECT ?s {\n  ?s ex:p )\n}", "2, column 11: not expected here", None),
    (
        "SELECT ?s {\n ?s kg:a ex:b , zz:Claim\n}",
        "2, column 25: prefix not found",
        "declare it: PREFIX zz: <…>",
    ),
    (
        "SELECT ?s { ?s ?p ?o } GROUP BY ?p",
        "1, column 35: the SELECT contains a variable that is unbound",
        None,
    ),
    ("SELECT ?s { ?s ?p <rel> }", "1, column 24: IRI parsing failed", None),
    ("INSERT DATA { ex:a ex:b 1 }", "1, column 10: not expected here", UPDATES),
    ("PREFIX a: <urn:a>\n# all\nDELETE WHERE { ?s ex:a ?o }", "3, column 10: ", UPDATES),
    ("base <urn:a> drop all", "1, column 22: not expected here", UPDATES),
]


@pytest.mark.parametrize(("sparql", "message", "hint"), MISTAKES, ids=lambda value: str(value)[:30])
def test_a_syntax_error_has_the_place_in_what_the_user_wrote(
    sparql: str, message: str, hint: str | None, empty: GraphStore
) -> None:
    """Whether prefixes were declared for the user, in lines of their own, or not."""
    with pytest.raises(InputError) as caught:
        ask(empty, sparql, "mine", PREFIXES)
    assert str(caught.value).startswith(f"mine: SPARQL: line {message}")
    assert caught.value.hint == hint


def test_known_prefixes_need_no_declaration_and_declared_ones_win(empty: GraphStore) -> None:
    for sparql, iri in (
        ("SELECT (ex:a AS ?x) {}", "https://example.org/a"),
        ("PREFIX ex: <urn:other:> SELECT (ex:a AS ?x) {}", "urn:other:a"),
    ):
        answer = ask(empty, sparql, prefixes=PREFIXES)
        assert isinstance(answer, ox.QuerySolutions)
        assert [row["x"] for row in answer] == [ox.NamedNode(iri)]


def test_an_update_is_refused_and_changes_nothing(news: GraphStore) -> None:
    (before,) = ask(news, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")  # type: ignore[misc]
    for update in ("DROP ALL", "DELETE WHERE { ?s ?p ?o }", "SELECT ?x {} ; DROP ALL"):
        with pytest.raises(KgError):
            ask(news, update)
    (after,) = ask(news, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")  # type: ignore[misc]
    assert before == after


@pytest.mark.parametrize(
    ("sparql", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", "s p o"),
        ("select distinct * where { ?z ?a $k . FILTER(?z = ?z) { SELECT * { ?k2 ?b ?c } } }", "z a k k2 b c"),
        ("# *\nSELECT # ?n\n* FROM <urn:g> { ?s ?p ?o MINUS { ?q ?w ?o } }", "s p o"),
        ("SELECT * { ?s ?p ?o } VALUES ?aa { 1 }", "s p o aa"),
        ("SELECT * { ?s ex:p '?a' . BIND(1 AS ?b) }", "s b"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "n"),
        ("SELECT ?n { { SELECT * { ?n ?m ?o } } }", "n"),
        ("SELECT * { }", ""),
    ],
)  # fmt: skip
def test_the_columns_of_a_star_come_in_order_of_appearance(
    sparql: str, columns: str, empty: GraphStore
) -> None:
    answer = ask(empty, sparql, prefixes=PREFIXES)
    assert isinstance(answer, ox.QuerySolutions)
    assert [variable.value for variable in answer.variables] == columns.split()


def test_a_query_without_a_star_is_left_as_it_is() -> None:
    assert spelled_out("SELECT ?a { { SELECT * { ?a ?b ?c } } }", ["a"]) is None
    assert spelled_out("SELECT (COUNT(*) AS ?n) { }", ["n"]) is None


@pytest.mark.parametrize(
    ("sparql", "word"),
    [
        ("select ?x {}", "SELECT"),
        ("PREFIX a: <https://a/> BASE <https://b/> # ASK\n construct where {}", "CONSTRUCT"),
        ("", ""),
        ("# nothing", ""),
    ],
)
def test_the_first_keyword_comes_after_the_prefixes(sparql: str, word: str) -> None:
    assert first_keyword(sparql) == word

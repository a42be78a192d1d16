"""Headers of stored queries: every fault has its place; files made for grlc mean what they mean there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import typer

from kg.errors import ConfigError, InputError, NotFoundError
from kg.query import bound, run, stored
from kg.query.declared import PARAMETER_KEYS, RESERVED
from kg.query.header import CASE_KEYS, KEYS
from kg.store import open_store, select

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kg.store import GraphStore

IRI = "SELECT ?x { ?x ?y ?_a_iri }"
TEXT = "SELECT ?x { ?x ?y ?_a }"
NUMBER = "SELECT ?x { ?x ?y ?_a_integer }"
NONE = "SELECT ?x { ?x ?y ?z }"
XSD = "http://www.w3.org/2001/XMLSchema#"


def load(
    tmp_path: Path, header: str, sparql: str = IRI, endpoints: Sequence[str] = ()
) -> stored.StoredQuery:
    file = tmp_path / "q.rq"
    lines = "".join(f"#+ {line}\n" if line else "#+\n" for line in header.split("\n"))
    file.write_text(f"{lines}{sparql}\n", encoding="utf-8")
    return stored.load(file, endpoints)


def text(entry: str) -> str:
    """A header with one parameter `a`, whose entry starts in line 2, column 16."""
    return f"summary: x\nparams: {{a: {{{entry}}}}}"


NOT_A_TYPE = "expected iri, text, integer, decimal, boolean, lang, date, xsd:…, found"
EDTF = (
    "expected a date in EDTF form, such as 2007-12-11, 2007-12, 2007, 197X, 2002~, "
    "2014/2016 or ../2016"
)

FAULTS: list[tuple[str, str, str]] = [
    # The header as a whole
    (":1: the header is empty", "", IRI),
    (":1:4: the header must have keys, such as summary", "- summary", IRI),
    (":1:4: the header must have keys, such as summary", "summary", IRI),
    (":1:4: summary is missing", "description: x", IRI),
    (":1:12: summary: expected text, found nothing", "summary:", IRI),
    (":1:13: summary: expected text, found nothing", "summary: ''", IRI),
    (":1:13: summary: expected text, found 5", "summary: 5", IRI),
    (":1:4: summary: expected text, found ['x']", "summary: [x]", IRI),
    (":2:17: description: expected text, found 5", "summary: x\ndescription: 5", IRI),
    (":2:14: question: expected text, found 5", "summary: x\nquestion: 5", IRI),
    (":2:12: method: expected text, found 5", "summary: x\nmethod: 5", IRI),
    (":2:10: mime: expected text, found 5", "summary: x\nmime: 5", IRI),
    (":1:4: summry: unknown key (did you mean summary?)", "summry: x", IRI),
    (":2:4: parms: unknown key (did you mean params?)", "summary: x\nparms: {}", IRI),
    (":2:4: default: unknown key (did you mean defaults?)", "summary: x\ndefault: {}", IRI),
    (f":2:4: zzz: unknown key (known: {', '.join(KEYS)})", "summary: x\nzzz: {}", IRI),
    (":2:4: the key 'summary' stands here twice (first in line 1)", "summary: x\nsummary: y", IRI),
    (
        ":2:12: anchors and aliases are not used here (write it out twice)",
        "summary: x\nparams: &a {}",
        IRI,
    ),
    (":2:10: tags: expected a list, found 'x'", "summary: x\ntags: x", IRI),
    (":2:14: tags 2: expected text, found {'b': 'c'}", "summary: x\ntags: [a, {b: c}]", IRI),
    (":2:11: tags 1: expected text, found nothing", "summary: x\ntags: [~]", IRI),
    # Pages and places
    (":2:16: pagination: expected a number of rows, found 0", "summary: x\npagination: 0", IRI),
    (":2:16: pagination: expected a number of rows, found -5", "summary: x\npagination: -5", IRI),
    (
        ":2:16: pagination: expected a number of rows, found 'many'",
        "summary: x\npagination: many",
        IRI,
    ),
    (
        ":2:16: pagination: expected a number of rows, found True",
        "summary: x\npagination: true",
        IRI,
    ),
    (
        ":2:16: pagination: expected a number of rows, found Decimal('1.5')",
        "summary: x\npagination: 1.5",
        IRI,
    ),
    (":2:4: pagination: expected a number of rows, found [5]", "summary: x\npagination: [5]", IRI),
    (":2:14: endpoint: expected text, found 5", "summary: x\nendpoint: 5", IRI),
    (
        ":2:14: endpoint: the settings do not allow this endpoint (add it to endpoints in kg.toml)",
        "summary: x\nendpoint: https://example.org/other",
        IRI,
    ),
    (
        ":2:21: endpoint_in_url: whoever asks cannot choose whom to ask: name the endpoint",
        "summary: x\nendpoint_in_url: True",
        IRI,
    ),
    (
        ":2:21: endpoint_in_url: whoever asks cannot choose whom to ask: name the endpoint",
        "summary: x\nendpoint_in_url: 'yes'",
        IRI,
    ),
    # Parameters
    (":2:4: params: expected keys with values", "summary: x\nparams: [a]", IRI),
    (":2:12: params: expected keys with values", "summary: x\nparams: a", IRI),
    (":2:4: params: expected keys with values", "summary: x\nparams: []", NONE),
    (":2:16: params, a: expected type, help and so on", "summary: x\nparams: {a: 5}", IRI),
    (":2:16: params, a: expected type, help and so on", "summary: x\nparams: {a: }", IRI),
    (":2:17: params, a, tpye: unknown key (did you mean type?)", text("tpye: iri"), IRI),
    (
        f":2:17: params, a, zz: unknown key (known: {', '.join(PARAMETER_KEYS)})",
        text("zz: iri"),
        IRI,
    ),
    (f":2:23: params, a, type: {NOT_A_TYPE} 'uri'", text("type: uri"), IRI),
    (f":2:23: params, a, type: {NOT_A_TYPE} 'zz:Year'", text("type: 'zz:Year'"), IRI),
    (f":2:23: params, a, type: {NOT_A_TYPE} 'xsd:datetime'", text("type: 'xsd:datetime'"), IRI),
    (":2:23: params, a, type: expected text, found 5", text("type: 5"), IRI),
    (
        ":2:38: params, a, required: expected true or false, found 'no'",
        text("type: iri, required: no"),
        IRI,
    ),
    (
        ":2:38: params, a, required: expected true or false, found 1",
        text("type: iri, required: 1"),
        IRI,
    ),
    (":2:35: params, a, class: expected text, found 5", text("type: iri, class: 5"), IRI),
    (
        ":2:35: params, a, class: expected a name such as kg:Actor, found 'Actor'",
        text("type: iri, class: Actor"),
        IRI,
    ),
    (
        ":2:35: params, a, class: expected a name such as kg:Actor, found 'kg:A> } UNION {'",
        text("type: iri, class: 'kg:A> } UNION {'"),
        IRI,
    ),
    (
        ":2:29: params, a, class: only things (type: iri) have classes",
        text("type: text, class: 'kg:Actor'"),
        TEXT,
    ),
    (":2:24: params, a, help: expected text, found 5", text("help:  5"), TEXT),
    (":2:17: params, a, bound: only dates have bounds", text("bound: latest"), TEXT),
    (
        ":2:36: params, a, bound: expected earliest or latest, found 'last'",
        text("type: date, bound: last"),
        "SELECT ?x { ?x ?y ?_a_date }",
    ),
    (
        ":2:13: params, a: a date needs bound: earliest or bound: latest",
        text("type: date"),
        "SELECT ?x { ?x ?y ?_a_xsd_date }",
    ),
    (
        ":2:13: params, a-b: a parameter is called by letters, digits and _",
        "summary: x\nparams: {a-b: {}}",
        TEXT,
    ),
    (
        ":2:13: params, 5: a parameter is called by letters, digits and _",
        "summary: x\nparams: {5: {}}",
        TEXT,
    ),
    (
        ":2:13: params, _a: a parameter is called by letters, digits and _",
        "summary: x\nparams: {_a: {}}",
        TEXT,
    ),
    # Parameters and the query
    (":2:13: params, a: the query does not use ?_a_earliest", text("type: date"), IRI),
    (":2:13: params, a: the query does not use ?_a_integer", text("type: integer"), IRI),
    (":2:13: params, a: the query does not use ?_a_xsd_gYear", text("type: 'xsd:gYear'"), IRI),
    (":2:13: params, a: the query does not use ?_a", text(""), "SELECT ?x { ?x ?y '?_a' } # ?_a"),
    (
        ":3:6: params, b: the query does not use ?_b",
        "summary: x\nparams:\n  b: {help: y}\n  a: {type: iri}",
        IRI,
    ),
    (
        ":3:19: ?_a_iri looks like a parameter, but params does not say so",
        "summary: x\nparams: {}",
        IRI,
    ),
    (
        ":3:19: ?_b looks like a parameter, but params does not say so",
        text(""),
        "SELECT ?x { ?x ?y ?_b , ?_a }",
    ),
    (
        ":4:8: ?__b looks like a parameter, but params does not say so",
        text(""),
        "SELECT ?x {\n ?x ?y $__b , ?_a }",
    ),
    (
        ":2:13: params, a: the query uses ?_a and ?__a: which is it?",
        text(""),
        "SELECT ?x { ?x ?_a ?__a }",
    ),
    (
        ":2:13: params, a: the query uses ?_a and ?_a_en: which is it?",
        text(""),
        "SELECT ?x { ?x ?_a ?_a_en }",
    ),
    (
        ":2:27: params, a, required: ?__a is an optional parameter",
        text("required: true"),
        "SELECT ?x { ?x ?y ?__a }",
    ),
    (
        ":2:27: params, a, required: what has a default is not required",
        text("required: true, default: x"),
        TEXT,
    ),
    # Values of parameters
    (":2:41: params, a, default: not of type integer", text("type: integer, default: x"), NUMBER),
    (":2:41: params, a, example: not of type integer", text("type: integer, example: 1.5"), NUMBER),
    (
        ":2:44: params, a, default: not of type xsd:byte, or beyond what engines compute with",
        text("type: 'xsd:byte', default: 300"),
        "SELECT ?x { ?x ?y ?_a }",
    ),
    (
        f":2:38: params, a, default: {EDTF}",
        text("type: date, default: soon"),
        "SELECT ?x { ?x ?y ?_a_latest }",
    ),
    (":2:17: params, a, default: expected text, found ['b']", text("default: [b]"), TEXT),
    (":2:17: params, a, example: expected text, found {'b': 'c'}", text("example: {b: c}"), TEXT),
    (":2:30: params, a, enumeration: expected a list, found 'b'", text("enumeration: b"), TEXT),
    (
        ":2:34: params, a, enumeration 2: expected text, found ['c']",
        text("enumeration: [b, [c]]"),
        TEXT,
    ),
    (
        ":2:49: params, a, enumeration 2: not of type integer",
        text("type: integer, enumeration: [1, x]"),
        NUMBER,
    ),
    (
        ":2:47: params, a, default: expected one of b, c",
        text("enumeration: [b, c], default: d"),
        TEXT,
    ),
    (
        ":2:47: params, a, example: expected one of b, c",
        text("enumeration: [b, c], example: d"),
        TEXT,
    ),
    # Values as grlc has them
    (
        ":3:8: defaults 1, b: unknown parameter (the query has no such one)",
        "summary: x\ndefaults:\n  - b: 5",
        NUMBER,
    ),
    (
        ":2:15: defaults, aa: unknown parameter (did you mean a?)",
        "summary: x\ndefaults: {aa: 5}",
        NUMBER,
    ),
    (":3:11: defaults 1, a: not of type integer", "summary: x\ndefaults:\n  - a: x", NUMBER),
    (":2:15: defaults, a: expected text, found [1]", "summary: x\ndefaults: {a: [1]}", NUMBER),
    (
        ":2:15: defaults 1: expected a parameter with its value, found 5",
        "summary: x\ndefaults: [5]",
        NUMBER,
    ),
    (
        ":2:14: defaults: expected a parameter with its value, found 5",
        "summary: x\ndefaults: 5",
        NUMBER,
    ),
    (
        ":3:8: enumerate 1: unknown parameter (the query has no such one)",
        "summary: x\nenumerate:\n  - b",
        NUMBER,
    ),
    (":3:11: enumerate 1, a: expected a list, found 5", "summary: x\nenumerate:\n  - a: 5", NUMBER),
    (
        ":5:10: enumerate 1, a 2: not of type integer",
        "summary: x\nenumerate:\n  - a:\n    - 1\n    - x",
        NUMBER,
    ),
    # Names that the variables give
    (":2:13: ?_: a parameter without a name", "summary: x", "SELECT ?x { ?_ ?y ?x }"),
    (
        ":2:13: ?_5: a parameter is called by letters, digits and _",
        "summary: x",
        "SELECT ?x { ?_5 ?y ?x }",
    ),
    (
        ":2:21: ?__a and ?_a_iri are two parameters of one name",
        "summary: x",
        "SELECT ?x { ?_a_iri $__a ?x }",
    ),
    # Where a parameter cannot stand
    (
        ":2:8: ?_a is a parameter, and cannot be a column: BIND it to another name",
        "summary: x",
        "SELECT ?_a { ?x ?y ?_a }",
    ),
    (
        ":2:22: ?_a is a parameter, and cannot be a column: BIND it to another name",
        "summary: x",
        "SELECT ?x { { SELECT ?_a { ?x ?y ?_a } } }",
    ),
    (
        ":2:14: ?_a is a parameter, and cannot be given a value by the query",
        "summary: x",
        "SELECT (1 AS ?_a) { ?x ?y ?_a }",
    ),
    (
        ":2:23: $_a is a parameter, and cannot be given a value by the query",
        "summary: x",
        "SELECT ?x { BIND(1 as $_a) }",
    ),
    (
        ":2:20: ?_a is a parameter, and cannot be given a value by the query",
        "summary: x",
        "SELECT ?x { VALUES ?_a { 1 } }",
    ),
    (
        ":2:24: ?_a is a parameter, and cannot be given a value by the query",
        "summary: x",
        "SELECT ?x { VALUES (?x ?_a) { (1 2) } }",
    ),
    (
        ":2:36: ?_a is a parameter, and the same for all rows: no use in ORDER BY",
        "summary: x",
        "SELECT ?x { ?x ?y ?z } ORDER BY ?x ?_a",
    ),
    (
        ":2:36: ?_a is a parameter, and the same for all rows: no use in GROUP BY",
        "summary: x",
        "SELECT ?x { ?x ?y ?z } GROUP BY ?x ?_a",
    ),
    (
        ":2:26: ?_a is a parameter, and BOUND takes a variable only: COALESCE(…, default) does",
        "summary: x",
        "SELECT ?x { FILTER(BOUND(?_a)) }",
    ),
    # Queries that are none
    (":2:11: SPARQL: a brace is not closed", "summary: x", "SELECT ?x { ?x ?y ?_a"),
    (":2:24: SPARQL: a brace closes none", "summary: x", "SELECT ?x { ?x ?y ?z } }"),
    (":2:1: SPARQL: SELECT needs a group in braces", "summary: x", "SELECT ?x"),
    (":2:1: SPARQL: no query", "summary: x", "INSERT DATA { <a:a> <a:a> <a:a> }"),
    (":3:1: SPARQL: no query", "summary: x", "PREFIX a: <urn:a> # SELECT ?x {}"),
    (
        ": SPARQL: LIMIT5 needs a blank after the keyword",
        "summary: x",
        "SELECT ?x { ?x ?y ?z } LIMIT5",
    ),
    # Columns
    (":2:4: columns: expected keys with values", "summary: x\ncolumns: [x]", IRI),
    (":2:14: columns, z: no column of the query", "summary: x\ncolumns: {z: Z}", IRI),
    (
        ":2:14: columns, lable: no column of the query (did you mean label?)",
        "summary: x\ncolumns: {lable: Name}",
        "SELECT ?label { ?x ?y ?label }",
    ),
    (
        ":2:14: columns, x: no column of the query",
        "summary: x\ncolumns: {x: X}",
        "ASK { ?x ?y ?z }",
    ),
    (":2:17: columns, x: expected text, found nothing", "summary: x\ncolumns: {x: }", IRI),
    (":2:14: columns, x: expected text, found ['X']", "summary: x\ncolumns: {x: [X]}", IRI),
    # Tests
    (":2:4: tests: expected a list, found {'rows': 1}", "summary: x\ntests: {rows: 1}", NONE),
    (":2:12: tests 1: expected params, rows and so on", "summary: x\ntests: [5]", NONE),
    (
        ":2:13: tests 1, row: unknown key (did you mean rows?)",
        "summary: x\ntests: [{row: 1}]",
        NONE,
    ),
    (
        f":2:13: tests 1, zzz: unknown key (known: {', '.join(CASE_KEYS)})",
        "summary: x\ntests: [{zzz: 1}]",
        NONE,
    ),
    (":2:12: tests 1: expects nothing: say rows, has or ask", "summary: x\ntests: [{}]", NONE),
    (
        ":2:19: tests 1, rows: expected a number of rows, found 'x'",
        "summary: x\ntests: [{rows: x}]",
        NONE,
    ),
    (
        ":2:19: tests 1, rows: expected a number of rows, found -1",
        "summary: x\ntests: [{rows: -1}]",
        NONE,
    ),
    (
        ":2:19: tests 1, rows: expected a number of rows, found True",
        "summary: x\ntests: [{rows: true}]",
        NONE,
    ),
    (
        ":2:18: tests 1, ask: expected true or false, found 'no'",
        "summary: x\ntests: [{ask: no}]",
        "ASK { ?x ?y ?z }",
    ),
    (":2:13: tests 1, ask: no answer of SELECT has that", "summary: x\ntests: [{ask: true}]", NONE),
    (
        ":2:13: tests 1, rows: no answer of ASK has that",
        "summary: x\ntests: [{rows: 1}]",
        "ASK { ?x ?y ?z }",
    ),
    (
        ":2:18: tests 1, has: expected a list of rows, found 'x'",
        "summary: x\ntests: [{has: x}]",
        NONE,
    ),
    (
        ":2:13: tests 1, has: expected rows: columns with values",
        "summary: x\ntests: [{has: [x]}]",
        NONE,
    ),
    (
        ":2:20: tests 1, has 1, z: no column of the query",
        "summary: x\ntests: [{has: [{z: 1}]}]",
        NONE,
    ),
    (
        ":2:13: tests 1, params: expected parameters with values",
        "summary: x\ntests: [{params: [a], rows: 1}]",
        NONE,
    ),
    (
        ":2:22: tests 1, params, b: unknown parameter",
        "summary: x\ntests: [{params: {b: 1}, rows: 1}]",
        NUMBER,
    ),
    (
        ":2:22: tests 1, params, aa: unknown parameter (did you mean a?)",
        "summary: x\ntests: [{params: {aa: 1}, rows: 1}]",
        NUMBER,
    ),
    (
        ":2:25: tests 1, params, a: not of type integer",
        "summary: x\ntests: [{params: {a: x}, rows: 1}]",
        NUMBER,
    ),
    (
        ":2:25: tests 1, params, a: expected text, found nothing",
        "summary: x\ntests: [{params: {a: }, rows: 1}]",
        NUMBER,
    ),
    (":3:8: tests 1, params: a is required", "summary: x\ntests:\n  - {rows: 1}", NUMBER),
]


def test_the_number_of_faults_is_known() -> None:
    assert len(FAULTS) == 131
    assert len({(header, sparql) for _, header, sparql in FAULTS}) == 131


@pytest.mark.parametrize(("message", "header", "sparql"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_in_a_header_is_named_with_its_place(
    message: str, header: str, sparql: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, header, sparql)
    assert str(caught.value) == f"{tmp_path / 'q.rq'}{message}"
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("name", RESERVED)
def test_no_parameter_is_called_as_a_flag_is(name: str, tmp_path: Path) -> None:
    sparql = f"SELECT ?x {{ ?x ?y ?_{name}_iri }}"
    with pytest.raises(InputError) as caught:
        load(tmp_path, f"summary: x\nparams: {{{name}: {{type: iri}}}}", sparql)
    place = f"{tmp_path / 'q.rq'}:2:13"
    assert str(caught.value) == f"{place}: params, {name}: a flag of kg query is called that"
    with pytest.raises(InputError) as caught:
        load(tmp_path, "summary: x", sparql)
    place = f"{tmp_path / 'q.rq'}:2:19"
    assert str(caught.value) == f"{place}: ?_{name}_iri: a flag of kg query is called {name}"


def test_the_names_that_are_reserved_are_those_of_the_flags() -> None:
    from kg.cli import app

    commands: Any = typer.main.get_command(app)
    flags = {
        option[2:].replace("-", "_")
        for command in (commands, commands.commands["query"])
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--")
    }
    wanted = {"expression", "format", "output", "help", "why", "labels", "as_of", "limit", "page"}
    assert wanted < flags
    own = {
        option[2:].replace("-", "_")
        for parameter in commands.commands["query"].params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert own <= set(RESERVED)
    assert set(RESERVED) <= flags | {"store"}


@pytest.mark.parametrize(
    ("header", "place"), [("summary: [x", "2:1"), ("summary: x\n\tparams: y", "2:4")]
)
def test_a_header_that_is_no_yaml_is_named_with_its_place(
    header: str, place: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=rf"q\.rq:{place}: not YAML: "):
        load(tmp_path, header, NONE)


def test_a_file_without_a_header_is_no_stored_query(tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(NONE)
    with pytest.raises(InputError, match="no header") as caught:
        stored.load(file)
    assert caught.value.hint == "a stored query starts with #+ summary: …"
    assert not stored.has_header(NONE)
    assert stored.has_header(f"{NONE}\n#+ summary: x")
    assert not stored.has_header("SELECT ?x { ?x ?y 'a\u2028#+ b' }")


def test_a_query_of_no_form_is_met_with_the_forms(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, "summary: x", "DROP ALL")
    assert caught.value.hint == "a query starts with SELECT, CONSTRUCT, ASK, DESCRIBE"


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.rq: no such file"):
        stored.load(tmp_path / "none.rq")
    (tmp_path / "latin.rq").write_bytes("#+ summary: café\n".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        stored.load(tmp_path / "latin.rq")


def test_a_header_may_stand_among_the_lines_of_the_query(tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(
        "\ufeff# ours\n#+ summary: What there is\n#+ params:\n"
        "PREFIX ex: <https://example.org/>\n#+   a: {type: iri, required: true, example: ex:b}\n"
        "SELECT ?x { ?x ?y ?_a_iri }",
        encoding="utf-8",
    )
    found = stored.load(file)
    assert found.summary == "What there is"
    assert found.required == ("a",)
    assert [v.name for v in found.parameters["a"].variables] == ["_a_iri"]
    assert "Example: kg query q --a ex:b" in stored.describe(found)


def test_lines_may_end_as_windows_ends_them(tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_bytes(b"#+ summary: x\r\n#+ tags: [a]\r\n#+ zzz: 1\r\nSELECT ?x { ?x ?y ?z }\r\n")
    with pytest.raises(InputError, match=r"q\.rq:3:4: zzz: unknown key"):
        stored.load(file)
    file.write_bytes(b"#+ summary: x\r\n#+ tags: [a]\r\nSELECT ?x { ?x ?y ?_a }\r\n")
    found = stored.load(file)
    assert (found.summary, found.tags, list(found.parameters)) == ("x", ("a",), ["a"])


def test_values_are_the_words_of_the_file(tmp_path: Path) -> None:
    """Not Python's: `true` is no `True`, a year no number, and `no` is a word."""
    found = load(
        tmp_path,
        "summary: x\nparams:\n  a: {type: boolean, default: true, example: false}\n"
        "  b: {default: 2002-09-17, example: 007, enumeration: [2002-09-17, 007, no, true, 1.50]}\n"
        "tests: [{params: {a: false, b: 1.50}, rows: 0}, {has: [{x: true, y: }]}]",
        "SELECT ?x ?y { ?x ?y ?_a_boolean , ?_b }",
    )
    a, b = found.parameters["a"], found.parameters["b"]
    assert (a.default, a.example) == ("true", "false")
    assert b.enumeration == ("2002-09-17", "007", "no", "true", "1.50")
    assert (b.default, b.example) == ("2002-09-17", "007")
    assert found.cases[0].values == {"a": "false", "b": "1.50"}
    assert found.cases[1].has == ({"x": "true", "y": ""},)


def test_an_endpoint_is_taken_where_the_settings_allow_it(tmp_path: Path) -> None:
    place = "https://example.org/sparql"
    header = f"summary: x\nendpoint: {place}\nendpoint_in_url: False"
    assert load(tmp_path, header, NONE, [place]).endpoint == place
    for allowed in ([], ["https://example.org/sparq"], [f"{place}/"]):
        with pytest.raises(InputError, match="do not allow this endpoint"):
            load(tmp_path, header, NONE, allowed)


def test_a_parameter_stands_in_construct_and_describe(tmp_path: Path) -> None:
    for sparql in (
        "CONSTRUCT { ?_a_iri ?p ?o } WHERE { ?_a_iri ?p ?o }",
        "CONSTRUCT WHERE { ?_a_iri ?p ?o }",
        "DESCRIBE ?_a_iri",
        "DESCRIBE ?_a_iri ?x { ?_a_iri ?p ?x }",
        "ASK { ?_a_iri ?p ?o }",
    ):
        assert list(load(tmp_path, "summary: x", sparql).parameters) == ["a"]


def test_an_unknown_query_is_met_with_the_nearest_names() -> None:
    with pytest.raises(NotFoundError, match="no stored query is called timelin") as caught:
        stored.named("timelin", [])
    assert str(caught.value.hint).startswith("did you mean timeline")
    with pytest.raises(NotFoundError) as caught:
        stored.named("zzzzzz", [])
    assert caught.value.hint == "kg query lists them all"


@pytest.mark.parametrize("name", ["x" * 300, "a\x00b", "../gaps", ".gaps", "\udcff", "a\nb", ""])
def test_no_name_of_a_query_breaks_anything(name: str) -> None:
    with pytest.raises(NotFoundError, match="no stored query is called") as caught:
        stored.named(name, [])
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 120


# Files made for grlc


class Of:
    """What a file for grlc has to turn into."""

    def __init__(self, file: str, calls: list[tuple[dict[str, str], Any]], **parameters: Any):
        self.file, self.calls, self.parameters = file, calls, parameters


PREFIXES = "PREFIX ex: <https://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
GRLC = {
    "all-decorators": Of(
        """#+ summary: Books of an author
#+ description: Those that the library has.
#+ method: GET
#+ mime: application/json
#+ pagination: 2
#+ tags:
#+   - books
#+   - authors
#+ endpoint_in_url: False
#+ defaults:
#+   - author: Abe Kobo
#+ enumerate:
#+   - author:
#+     - Abe Kobo
#+     - Oe
#+ transform: {
#+     "key": "?book",
#+     "$anchor": "key"
#+   }
SELECT ?book WHERE { ?book ex:author ?_author } ORDER BY ?book""",
        [({}, ["b1", "b2"]), ({"author": "Oe"}, ["b3"]), ({"author": "Someone"}, ConfigError)],
        author=("text", False, "Abe Kobo", ("Abe Kobo", "Oe"), "_author", None, None),
    ),
    "plain": Of(
        "#+ summary: A plain literal\nSELECT ?book WHERE { ?book ex:title ?_title }",
        [({"title": "Snow"}, ["b3"]), ({"title": "snow"}, []), ({}, ConfigError)],
        title=("text", True, None, (), "_title", None, None),
    ),
    "optional": Of(
        "#+ summary: An optional one\n"
        "SELECT ?book WHERE { ?book ex:author ?__author } ORDER BY ?book",
        [({}, ["b1", "b2", "b3"]), ({"author": "Oe"}, ["b3"])],
        author=("text", False, None, (), "__author", None, None),
    ),
    "iri": Of(
        "#+ summary: A thing\nSELECT ?book WHERE { ?book ?_property_iri 'Oe' }",
        [
            ({"property": "https://example.org/author"}, ["b3"]),
            ({"property": "ex:author"}, ["b3"]),
            ({"property": "https://example.org/nothing"}, NotFoundError),
        ],
        property=("iri", True, None, (), "_property_iri", None, None),
    ),
    "language": Of(
        "#+ summary: With a language\nSELECT ?book WHERE { ?book ex:label ?_label_en }",
        [({"label": "Box man"}, ["b1"]), ({"label": "Hakootoko"}, [])],
        label=("text", True, None, (), "_label_en", None, "en"),
    ),
    "integer": Of(
        "#+ summary: With a number\n"
        "SELECT ?book WHERE { ?book ex:pages ?n FILTER(?n > ?_least_integer) } ORDER BY ?book",
        [({"least": "150"}, ["b2", "b3"]), ({"least": "many"}, ConfigError)],
        least=("integer", True, None, (), "_least_integer", None, None),
    ),
    "number": Of(
        "#+ summary: A number without a datatype\n"
        "SELECT ?book WHERE { ?book ex:pages ?_pages_number }",
        [({"pages": "200"}, ["b2"]), ({"pages": "200.5"}, []), ({"pages": "1e3"}, ConfigError)],
        pages=("decimal", True, None, (), "_pages_number", None, None),
    ),
    "date": Of(
        "#+ summary: With a datatype by prefix\nSELECT ?book WHERE { ?book ex:out ?_day_xsd_date }",
        [({"day": "1973-03-30"}, ["b1"]), ({"day": "1973"}, ConfigError)],
        day=("xsd:date", True, None, (), "_day_xsd_date", f"{XSD}date", None),
    ),
    "date-alone": Of(
        "#+ summary: With a datatype of XML Schema alone\n"
        "SELECT ?book WHERE { ?book ex:out ?_day_date }",
        [({"day": "1973-03-30"}, ["b1"]), ({"day": "spring"}, ConfigError)],
        day=("xsd:date", True, None, (), "_day_date", f"{XSD}date", None),
    ),
    "year": Of(
        "#+ summary: A year\nSELECT ?book WHERE { ?book ex:year ?__year_xsd_gYear } ORDER BY ?book",
        [({"year": "1973"}, ["b1"]), ({}, ["b1", "b2"]), ({"year": "73"}, ConfigError)],
        year=("xsd:gYear", False, None, (), "__year_xsd_gYear", f"{XSD}gYear", None),
    ),
    "own-datatype": Of(
        "#+ summary: A datatype of the file\n"
        "SELECT ?book WHERE { ?book ex:shelf ?_shelf_ex_Shelf }",
        [({"shelf": "A 5"}, ["b1"])],
        shelf=("ex:Shelf", True, None, (), "_shelf_ex_Shelf", "https://example.org/Shelf", None),
    ),
    "literal-and-string": Of(
        "#+ summary: By their kinds\n"
        "SELECT ?book WHERE { ?book ex:author ?_who_literal ; ex:title ?_title_string }",
        [({"who": "Oe", "title": "Snow"}, ["b3"])],
        who=("text", True, None, (), "_who_literal", None, None),
        title=("text", True, None, (), "_title_string", None, None),
    ),
    "enumerate-by-the-endpoint": Of(
        "#+ summary: Values from the data\n"
        "#+ enumerate:\n"
        "#+   - author\n"
        "SELECT ?book WHERE { ?book ex:author ?_author }",
        [({"author": "Oe"}, ["b3"])],
        author=("text", True, None, (), "_author", None, None),
    ),
    "enumerate-by-the-variable": Of(
        "#+ summary: Values of a variable\n"
        "#+ enumerate:\n"
        "#+   - _author:\n"
        "#+     - Oe\n"
        "SELECT ?book WHERE { ?book ex:author ?_author }",
        [({"author": "Oe"}, ["b3"]), ({"author": "Abe Kobo"}, ConfigError)],
        author=("text", True, None, ("Oe",), "_author", None, None),
    ),
    "underscores": Of(
        "#+ summary: A name with an underscore\n"
        "SELECT ?book WHERE { ?book ex:author ?_family_name }",
        [({"family_name": "Oe"}, ["b3"]), ({"family": "Oe"}, ConfigError)],
        family_name=("text", True, None, (), "_family_name", None, None),
    ),
    "construct": Of(
        "#+ summary: A graph\n"
        "CONSTRUCT { ?book ex:by ?_author } WHERE { ?book ex:author ?_author }",
        [({"author": "Oe"}, ["b3"])],
        author=("text", True, None, (), "_author", None, None),
    ),
}
DATA = """
PREFIX ex: <https://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT DATA { GRAPH ex:g {
  ex:b1 ex:author 'Abe Kobo' ; ex:label 'Box man'@en , 'Hakootoko'@ja ; ex:pages 100 ;
    ex:shelf 'A 5'^^ex:Shelf ;
    ex:out '1973-03-30'^^xsd:date ; ex:year '1973'^^xsd:gYear .
  ex:b2 ex:author 'Abe Kobo' ; ex:pages 200 ; ex:year '1962'^^xsd:gYear .
  ex:b3 ex:author 'Oe' ; ex:title 'Snow' ; ex:pages 300 .
} }"""


@pytest.fixture(scope="module")
def books() -> Iterator[GraphStore]:
    with open_store("memory:") as store:
        store.update(DATA)
        yield store


def grlc(name: str, tmp_path: Path) -> stored.StoredQuery:
    header, _, sparql = GRLC[name].file.rpartition("\n")
    file = tmp_path / f"{name}.rq"
    file.write_text(f"{header}\n{PREFIXES}{sparql}\n", encoding="utf-8")
    return stored.load(file)


def test_the_number_of_files_for_grlc_is_known() -> None:
    assert len(GRLC) == 16
    assert sum(len(file.calls) for file in GRLC.values()) == 33


@pytest.mark.parametrize("name", GRLC)
def test_a_file_for_grlc_has_the_parameters_that_grlc_reads_off_it(
    name: str, tmp_path: Path
) -> None:
    found = {
        key: (p.type, p.required, p.default, p.enumeration, v.name, v.datatype, v.language)
        for key, p in grlc(name, tmp_path).parameters.items()
        for v in p.variables
    }
    assert found == GRLC[name].parameters


@pytest.mark.parametrize("name", GRLC)
def test_a_file_for_grlc_runs_as_it_does_there(
    name: str, tmp_path: Path, books: GraphStore
) -> None:
    query = grlc(name, tmp_path)
    prefixes = {"ex": "https://example.org/"}
    for values, expected in GRLC[name].calls:
        if isinstance(expected, type):
            with pytest.raises(expected):
                run(books, query, values, prefixes)
            continue
        answer = run(books, query, values, prefixes)
        assert not isinstance(answer, ox.QueryBoolean)
        found = [item.subject if isinstance(item, ox.Triple) else item["book"] for item in answer]
        ids = [str(node).strip("<>").rpartition("/")[2] for node in found]
        assert ids == expected, values


def test_the_decorators_of_grlc_are_kept(tmp_path: Path) -> None:
    found = grlc("all-decorators", tmp_path)
    assert found.summary == "Books of an author"
    assert found.description == "Those that the library has."
    assert found.tags == ("books", "authors")
    assert found.pagination == 2


def test_what_grlc_does_for_an_endpoint_has_no_effect_and_is_said(tmp_path: Path) -> None:
    """How to ask and to reshape: here the store is asked, and `-f` says what comes out."""
    found = grlc("all-decorators", tmp_path)
    assert found.unused == ("method", "mime", "transform")
    assert "Without effect here: method, mime, transform" in stored.describe(found)


def test_a_caller_cannot_choose_whom_to_ask_as_with_grlc(tmp_path: Path) -> None:
    for line in ("endpoint: https://example.org/sparql", "endpoint_in_url: True"):
        with pytest.raises(InputError, match="endpoint"):
            load(tmp_path, f"summary: x\n{line}", NONE)
    assert load(tmp_path, "summary: x\nendpoint_in_url: False", NONE).endpoint is None


def test_a_file_for_grlc_needs_a_summary_here(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="summary is missing"):
        load(tmp_path, "tags: [a]", NONE)


def test_a_value_cannot_leave_its_place_as_it_can_with_grlc(
    tmp_path: Path, books: GraphStore
) -> None:
    query = grlc("plain", tmp_path)
    hostile = 'x" } UNION { ?book ?p ?o } #'
    assert list(select(books, bound(books, query, {"title": hostile}, {}))) == []
    assert "UNION" in bound(books, query, {"title": hostile}, {})

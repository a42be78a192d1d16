"""RDF files in and out."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import rdf
from kg.errors import InputError
from tests import strategies

if TYPE_CHECKING:
    import random

LAW = settings(strategies.LAW, max_examples=150)
BASE = "https://example.org/kg/"
PREFIXES = {"ex": "http://example.com/", "a": f"{BASE}id/a/", "unused": "http://unused.example/"}
EXTENSIONS = sorted({form: extension for extension, form in rdf.FORMATS.items()}.values())
RDFLIB = {
    ".jsonld": "json-ld",
    ".nq": "nquads",
    ".nt": "nt",
    ".owl": "xml",
    ".trig": "trig",
    ".ttl": "turtle",
}

nodes = st.sampled_from(
    [
        *(f"{BASE}id/a/x", f"{BASE}id/a/x.y", f"{BASE}id/a/x#char=1,2", f"{BASE}id/a/%E6%97%A5"),
        *(
            "http://example.com/p",
            "http://example.com/日本",
            "http://a.example/../b?q=1",
            "urn:x:y",
        ),
    ]
).map(ox.NamedNode)
predicates = st.sampled_from(["p", "q", "type", "été"]).map(
    lambda name: ox.NamedNode(f"http://example.com/{name}")
)
words = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))
tricky = st.sampled_from(
    [
        '"',
        "'",
        '"""',
        "\\",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\u2028",
        "\x85",
        "<&]]>",
        " a ",
        "",
        "\\u0041",
    ]
)
numbers = st.integers().map(
    lambda n: ox.Literal(str(n), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
)
literals = (
    (words | tricky).map(ox.Literal)
    | numbers
    | st.builds(
        lambda w, tag: ox.Literal(w, language=tag), words, st.sampled_from(["en", "zh-hant"])
    )
)
triples = st.frozensets(st.builds(ox.Triple, nodes, predicates, nodes | literals), max_size=12)
quads = st.frozensets(st.builds(ox.Quad, nodes, predicates, nodes | literals, nodes), max_size=12)


def test_all_formats_are_tried() -> None:
    assert sorted(RDFLIB) == EXTENSIONS


@LAW
@given(triples)
def test_every_format_gives_back_what_was_written(found: frozenset[ox.Triple]) -> None:
    for extension in EXTENSIONS:
        content = rdf.write(found, rdf.FORMATS[extension], PREFIXES)
        assert {quad.triple for quad in rdf.read(content, f"a{extension}", base=BASE)} == found


@LAW
@given(quads)
def test_formats_of_datasets_keep_the_graphs(found: frozenset[ox.Quad]) -> None:
    for extension in (".trig", ".nq", ".jsonld"):
        content = rdf.write(found, rdf.FORMATS[extension], PREFIXES)
        assert set(rdf.read(content, f"a{extension}", base=BASE)) == found


LITERALS = [
    '"',
    "'''",
    '"""',
    "\\n",
    "a\nb",
    "a\rb",
    "a\r\nb",
    "\t",
    "\u2028x\u2029",
    "\x85",
    "<&]]>",
    " a ",
]


@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")  # in rdflib itself
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("extension", EXTENSIONS)
def test_rdflib_reads_the_same_words(extension: str) -> None:
    node = ox.NamedNode("http://example.com/s")
    found = [
        ox.Triple(node, ox.NamedNode(f"http://example.com/p{n}"), ox.Literal(word))
        for n, word in enumerate(LITERALS)
    ]
    content = rdf.write(found, rdf.FORMATS[extension], PREFIXES)
    graph = rdflib.Dataset(default_union=True).parse(data=content, format=RDFLIB[extension])
    assert {(str(p), str(o)) for _, p, o in graph.triples((None, None, None))} == {
        (f"http://example.com/p{n}", word) for n, word in enumerate(LITERALS)
    }


@LAW
@given(quads, st.randoms(use_true_random=False))
def test_the_same_graph_is_the_same_bytes(found: frozenset[ox.Quad], chance: random.Random) -> None:
    shuffled = [*found, *found]
    chance.shuffle(shuffled)
    prefixes = list(PREFIXES.items())
    chance.shuffle(prefixes)
    for extension in EXTENSIONS:
        form = rdf.FORMATS[extension]
        if extension in {".trig", ".nq", ".jsonld"}:
            assert rdf.write(shuffled, form, dict(prefixes)) == rdf.write(found, form, PREFIXES)
        else:
            only = [quad.triple for quad in shuffled]
            again = rdf.write(sorted(only, key=str), form, PREFIXES)
            assert rdf.write(only, form, dict(prefixes)) == again


def test_the_same_graph_is_the_same_bytes_in_another_process() -> None:
    program = """
import sys, pyoxigraph as ox
from kg import rdf
node = lambda n: ox.NamedNode(f"http://example.com/{n}")
prefixes = {f"p{n}": f"http://example.com/{n}" for n in range(9)}
found = {ox.Quad(node(n % 7), node(n % 3), ox.Literal(str(n)), node(n % 2)) for n in range(60)}
for form in (ox.RdfFormat.TRIG, ox.RdfFormat.N_QUADS, ox.RdfFormat.JSON_LD):
    sys.stdout.buffer.write(rdf.write(found, form, prefixes))
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 5000


def test_turtle_has_the_prefixes_in_use_in_a_fixed_order() -> None:
    found = [
        ox.Triple(
            ox.NamedNode(f"{BASE}id/a/x"), ox.NamedNode("http://example.com/p"), ox.Literal("“x”")
        ),
        ox.Triple(
            ox.NamedNode(f"{BASE}id/a/x"),
            ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            ox.NamedNode("http://example.com/C"),
        ),
        ox.Triple(
            ox.NamedNode("urn:b"), ox.NamedNode("http://example.com/p"), ox.Literal("@prefix x")
        ),
    ]
    assert rdf.write(found, ox.RdfFormat.TURTLE, PREFIXES).decode() == (
        "@prefix a: <https://example.org/kg/id/a/> .\n"
        "@prefix ex: <http://example.com/> .\n"
        "\n"
        "a:x a ex:C ;\n"
        '\tex:p "“x”" .\n'
        "\n"
        '<urn:b> ex:p "@prefix x" .\n'
    )


@pytest.mark.parametrize("word", ["\x00", "a\x07", "\x0b", "\x1f", "\ufffe"])
def test_what_xml_cannot_hold_is_refused_there_and_kept_elsewhere(word: str) -> None:
    found = [ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p/q"), ox.Literal(word))]
    with pytest.raises(
        InputError, match=f"RDF/XML cannot hold the character U.{ord(word[-1]):04X}"
    ):
        rdf.write(found, ox.RdfFormat.RDF_XML, {})
    for extension in (".ttl", ".nt", ".jsonld"):
        content = rdf.write(found, rdf.FORMATS[extension], {})
        assert [q.triple for q in rdf.read(content, f"a{extension}", base=BASE)] == found


def test_relative_iris_count_from_the_base() -> None:
    content = b"<id/a/x> <#p> <../y> ."
    assert rdf.read(content, "A.TTL", base=BASE) == [
        ox.Quad(
            ox.NamedNode(f"{BASE}id/a/x"),
            ox.NamedNode(f"{BASE}#p"),
            ox.NamedNode("https://example.org/y"),
        )
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ttl", "<a> <b> <c> .\n<a> <b> c .", r"a.ttl:2:9: not Turtle: "),
        ("a.trig", "<a> {\n <b> <c>\n}", r"a.trig:3:\d+: not TriG: "),
        ("a.nt", "<urn:a> <urn:b> <c> .", r"a.nt:1:\d+: not N-Triples: "),
        ("a.nq", "<urn:a> .", r"a.nq:1:\d+: not N-Quads: "),
        ("a.rdf", "<rdf:RDF>", r"a.rdf:?\S*: not RDF/XML: "),
        ("a.jsonld", '{"@id": ', r"a.jsonld:?\S*: not JSON-LD: "),
        ("a.ttl", '<a> <b> "x"@en-12 .', r"a.ttl:1:\d+: not Turtle: "),
        ("a.ttl", "x:a x:b x:c .", r"a.ttl:1:\d+: not Turtle: .*prefix"),
    ],
)
def test_errors_name_file_line_and_column(name: str, content: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}") as error:
        rdf.read(content.encode(), name, base=BASE)
    assert "\n" not in str(error.value)
    assert "Parser error" not in str(error.value)


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(InputError, match=r"^a\.ttl"):
        rdf.read("<a> <b> 'é' .".encode("latin-1"), "a.ttl", base=BASE)


@pytest.mark.parametrize(
    "context",
    [
        '"https://schema.org/"',
        '["http://example.invalid/c"]',
        '{"@import": "http://example.invalid/c"}',
    ],
)
def test_nothing_is_fetched(context: str) -> None:
    content = f'{{"@context": {context}, "@id": "urn:a", "http://example.com/p": "x"}}'
    with pytest.raises(InputError, match=r"^a.jsonld.*: not JSON-LD: ") as error:
        rdf.read(content.encode(), "a.jsonld", base=BASE)
    assert "nothing is fetched" in str(error.value)
    assert error.value.hint == "write the context into the file"


BLANK = """
@prefix ex: <http://example.com/> .
ex:a ex:p [ ex:q "1" ; ex:r [ ex:q "2" ] ] , [ ex:q "1" ] , _:{} .
_:{} ex:q "3" .
"""


def test_blank_nodes_get_the_same_names_every_time() -> None:
    prefix = f"{BASE}.well-known/genid/a/"
    first, again = (
        rdf.skolemize(rdf.read(BLANK.replace("{}", label).encode(), "a.ttl", base=BASE), prefix)
        for label in ("x", "other")
    )
    assert set(first) == set(again)
    assert len({*first}) == 8
    named = {str(t.subject.value) for t in first if isinstance(t.subject, ox.NamedNode)}
    assert (
        len([name for name in named if re.fullmatch(re.escape(prefix) + "c14n[0-9]+", name)]) == 4
    )
    assert not [t for t in first for term in t if isinstance(term, ox.BlankNode)]


def test_without_blank_nodes_nothing_is_renamed() -> None:
    found = rdf.read(b"<a> <b> <c> .", "a.ttl", base=BASE)
    assert rdf.skolemize(found, "urn:") == [found[0].triple]

"""Exports: what goes out can be read back, is the same every time, and has no text in it."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib

from kg import annotation, export, jsonld
from kg.errors import ConfigError, InputError
from kg.model import ordered
from kg.store import named_graphs, open_store
from kg.vocab import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import Run

FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
}
WITH_GRAPHS = {"trig", "nq", "jsonld"}
RDFLIB = {
    "ttl": "turtle",
    "nt": "nt",
    "rdfxml": "xml",
    "trig": "trig",
    "nq": "nquads",
    "jsonld": "json-ld",
}


@pytest.fixture(scope="module")
def store(built: Workspace) -> Iterator[GraphStore]:
    with built.reading() as opened:
        yield opened


@pytest.fixture(scope="module")
def quads(store: GraphStore) -> set[ox.Quad]:
    return export.dataset(store)


@pytest.fixture(scope="module")
def exports(quads: set[ox.Quad], built: Workspace) -> dict[str, bytes]:
    """The founding corpus in every format."""
    return {form: export.write(quads, form, built.prefixes, built.iris) for form in FORMATS}


def unnamed(quads: set[ox.Quad]) -> set[ox.Quad]:
    return {ox.Quad(q.subject, q.predicate, q.object) for q in quads}


def test_the_corpus_has_what_it_should_have(quads: set[ox.Quad]) -> None:
    graphs = {quad.graph_name for quad in quads}
    names = {str(graph).rpartition("/")[2].rstrip(">") for graph in graphs}
    assert names == {
        "analysis",
        "article-cc212dc1fd1e",
        "article-f3ba54f74531",
        "dates",
        "entities",
        "provenance",
    }
    assert ONTOLOGY not in graphs
    assert len(quads) > 5000


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_reads_back_as_the_same_quads(
    form: str, exports: dict[str, bytes], quads: set[ox.Quad]
) -> None:
    found = set(ox.parse(exports[form], format=FORMATS[form]))
    assert found == (quads if form in WITH_GRAPHS else unnamed(quads))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize("form", FORMATS)
def test_another_library_reads_the_same(
    form: str, exports: dict[str, bytes], quads: set[ox.Quad], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    data = rdflib.Dataset()
    data.parse(data=exports[form], format=RDFLIB[form])
    found = {
        (s.n3(), p.n3(), o.n3(), str(getattr(g, "identifier", g) or ""))
        for s, p, o, g in data.quads()
    }
    wanted = {
        (
            rdflib_form(q.subject),
            rdflib_form(q.predicate),
            rdflib_form(q.object),
            q.graph_name.value if form in WITH_GRAPHS and isinstance(q.graph_name, ox.NamedNode) else "",
        )
        for q in quads
    }  # fmt: skip
    if form not in WITH_GRAPHS:
        found = {(s, p, o, "") for s, p, o, _ in found}
    assert found == wanted


def rdflib_form(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value).n3()
    assert isinstance(term, ox.Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language).n3()
    datatype = rdflib.URIRef(term.datatype.value)
    if datatype == rdflib.XSD.string:
        return rdflib.Literal(term.value).n3()
    return rdflib.Literal(term.value, datatype=datatype, normalize=False).n3()


def test_there_are_no_blank_nodes(exports: dict[str, bytes]) -> None:
    assert b"_:" not in exports["nq"]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_loading_does_not_show(
    seed: int, exports: dict[str, bytes], store: GraphStore, built: Workspace
) -> None:
    order = random.Random(seed)  # noqa: S311
    graphs = sorted(named_graphs(store), key=str)
    with open_store("memory:") as other:
        for graph in order.sample(graphs, len(graphs)):
            triples = sorted(store.get(graph), key=str)
            other.put(graph, order.sample(triples, len(triples)))
        again = export.dataset(other)
    for form, content in exports.items():
        assert export.write(again, form, built.prefixes, built.iris) == content, form


SCRIPT = """
import hashlib, sys
from kg import export
from kg.workspace import Workspace
workspace = Workspace.open(sys.argv[1])
with workspace.reading() as store:
    quads = export.dataset(store)
    for form in ("ttl", "nt", "rdfxml", "trig", "nq", "jsonld"):
        content = export.write(quads, form, workspace.prefixes, workspace.iris)
        print(form, hashlib.sha256(content).hexdigest())
"""


def test_every_process_writes_the_same_bytes(exports: dict[str, bytes], built: Workspace) -> None:
    wanted = "".join(
        f"{form} {hashlib.sha256(content).hexdigest()}\n" for form, content in exports.items()
    )
    for seed in ("0", "4242"):
        found = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(built.root)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert found.stdout == wanted


@pytest.mark.parametrize("form", ["ttl", "trig"])
def test_prefixes_are_as_declared_and_needed(
    form: str, exports: dict[str, bytes], built: Workspace
) -> None:
    text = exports[form].decode()
    found = dict(re.findall(r"^@prefix ([a-z]*): <([^>]*)> \.$", text, re.MULTILINE))
    assert found.items() <= built.prefixes.items()
    assert list(found) == sorted(found)
    for prefix, iri in found.items():
        assert f"{prefix}:" in text.replace(f"@prefix {prefix}:", "") or iri in text
    assert {"kg", "actor", "claim", "schema"} <= found.keys()
    assert {"owl"} & found.keys() == set()
    assert "ns1:" not in text


def test_prefixes_of_the_settings_are_used(built_sample: Workspace) -> None:
    with built_sample.reading() as store:
        quads = export.dataset(store)
    mine = built_sample.prefixes | {"mine": f"{built_sample.settings.base}id/actor/"}
    del mine["actor"]
    text = export.write(quads, "ttl", mine, built_sample.iris).decode()
    assert f"@prefix mine: <{built_sample.settings.base}id/actor/> ." in text
    assert re.search(r"[ \t]mine:[a-z]", text)


def test_schema_org_is_written_in_one_way(exports: dict[str, bytes]) -> None:
    for form, content in exports.items():
        assert b"https://schema.org" not in content, form
    assert b"<http://schema.org/headline>" in exports["nt"]


def test_no_stretch_of_a_text_is_exported(exports: dict[str, bytes], seeds: Path) -> None:
    """More than 60 characters on end: names and headlines are shorter than that, or are metadata."""
    size = 61
    texts = [file.read_bytes().decode() for file in sorted(seeds.glob("*.txt"))]
    assert len(texts) == 2
    stretches = {text[i : i + size] for text in texts for i in range(len(text) - size + 1)}
    headline = "After North Korea, Pompeo Visits Japan to Meet With US Allies"
    assert len(headline) == size
    assert any(headline in content.decode() for content in exports.values())
    for form, content in exports.items():
        text = content.decode().replace(headline, "")
        found = {text[i : i + size] for i in range(len(text) - size + 1)} & stretches
        assert found == set(), form


def test_without_named_graphs_a_fact_of_two_graphs_is_written_once(
    exports: dict[str, bytes], quads: set[ox.Quad]
) -> None:
    lines = exports["nt"].decode().splitlines()
    assert len(lines) == len(set(lines)) == len(unnamed(quads)) < len(quads)


def test_the_ontology_comes_on_request(store: GraphStore, quads: set[ox.Quad]) -> None:
    more = export.dataset(store, ontology=True)
    assert more > quads
    assert {quad.graph_name for quad in more - quads} == {ONTOLOGY}


def test_one_graph_is_that_graph(store: GraphStore, quads: set[ox.Quad], built: Workspace) -> None:
    for graph in named_graphs(store) - {ONTOLOGY}:
        assert export.one_graph(store, graph) == {q for q in quads if q.graph_name == graph}
    with pytest.raises(InputError, match="no such graph"):
        export.one_graph(store, built.iris.graph("none"))


def test_a_claim_comes_with_what_belongs_to_it(store: GraphStore, built: Workspace) -> None:
    claim = built.iris.thing("claim", "f3ba54f74531-369-398")
    found = export.surroundings(store, claim)
    subjects = {str(q.subject) for q in found}
    assert {q for q in export.dataset(store) if q.subject == claim} <= found
    kinds = {
        str(q.object).rpartition("#")[2].rstrip(">")
        for q in found
        if str(q.predicate).endswith("#type>")
    }
    assert {"Claim", "Passage", "Quantity", "Actor"} <= kinds  # fmt: skip
    # Parts come in full, and so do their parts.
    for part, predicate in (
        (
            f"{built.settings.base}id/text/f3ba54f74531#char=369,398",
            "http://www.w3.org/ns/oa#start",
        ),
        (quantity(found), "http://schema.org/minValue"),
    ):
        assert [
            q.object
            for q in found
            if str(q.subject) == f"<{part}>" and q.predicate.value == predicate
        ]
    # Neighbours have a name and a class, and nothing else.
    japan = built.iris.thing("actor", "japan")
    predicates = {
        str(q.predicate).rpartition("#")[2].rstrip(">") for q in found if q.subject == japan
    }
    assert predicates == {"type", "label"}  # fmt: skip
    assert len(subjects) < 60
    with pytest.raises(InputError, match="nothing is known of it"):
        export.surroundings(store, built.iris.thing("claim", "none"))


def quantity(quads: set[ox.Quad]) -> str:
    (node,) = (q.object for q in quads if str(q.predicate).endswith("#quantity>"))
    assert isinstance(node, ox.NamedNode)
    return node.value


def test_a_stance_comes_with_its_date(store: GraphStore) -> None:
    stances = [
        q.subject
        for q in export.dataset(store)
        if str(q.predicate).endswith("ontology#when>") and "/id/stance/" in str(q.subject)
    ]
    assert stances
    stance = min(stances, key=str)
    assert isinstance(stance, ox.NamedNode)
    claim = min((q.subject for q in export.dataset(store) if q.object == stance), key=str)
    assert isinstance(claim, ox.NamedNode)
    found = export.surroundings(store, claim)
    times = {q.object for q in found if q.subject == stance and str(q.predicate).endswith("#when>")}
    assert times
    for time in times:
        assert {"earliest", "latest"} & {
            str(q.predicate).rpartition("#")[2].rstrip(">") for q in found if q.subject == time
        }


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_an_article_reads_back_as_its_annotation(
    form: str, store: GraphStore, built: Workspace
) -> None:
    with_text = sorted(built.articles.glob("*.yaml"))
    assert len(with_text) == 2
    for file in with_text:
        straight = annotation.read(
            file.read_bytes(), file.name, text=lambda _: None, kinds=built.register().kinds
        )
        name = built.iris.graph(f"article-{str(straight.text.sha256)[:12]}")
        content = export.article(store, name, built.iris, form)
        found = annotation.read(
            content, f"x.{form}", text=lambda _: None, kinds=built.register().kinds
        )
        assert ordered(found) == ordered(straight)
        assert export.article(store, name, built.iris, form) == content


def test_what_is_no_article_has_no_annotation(store: GraphStore, built: Workspace) -> None:
    with pytest.raises(InputError, match="not the graph of an article"):
        export.article(store, built.iris.graph("entities"), built.iris, "yaml")


def test_other_formats_are_refused(built: Workspace) -> None:
    with pytest.raises(ConfigError, match="xls is no RDF format"):
        export.write([], "xls", built.prefixes, built.iris)


def test_json_ld_is_compact_and_stands_alone(
    exports: dict[str, bytes], built: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket, "create_connection", no_network)
    monkeypatch.setattr(socket.socket, "connect", no_network)
    tree = json.loads(exports["jsonld"])
    assert next(iter(tree)) == "@context"
    assert isinstance(tree["@context"], dict)
    assert tree["@context"]["id"] == f"{built.settings.base}id/"
    assert tree["@context"]["schema"] == "http://schema.org/"
    (claim,) = (
        node
        for graph in tree["@graph"]
        for node in graph["@graph"]
        if node["@id"] == "id:claim/f3ba54f74531-369-398" and "@type" in node
    )
    assert claim["@type"] == "Claim"
    assert claim["source"] == "id:actor/japan"
    body = json.dumps(tree["@graph"])
    assert built.settings.base not in body
    assert "rdf:type" not in body
    assert '"@id": "http' not in body
    quads = set(ox.parse(exports["jsonld"], format=ox.RdfFormat.JSON_LD))
    assert jsonld.write(quads, built.settings.base) == exports["jsonld"]


def test_a_json_ld_list_of_one_fact_reads_back() -> None:
    node = ox.NamedNode("https://example.org/kg/id/actor/a")
    for value in (ox.Literal("x"), ox.Literal("x", language="de"), ox.Literal("-1"), node):
        quad = ox.Quad(node, ox.NamedNode("urn:unknown:p"), value)
        content = jsonld.write([quad], "https://example.org/kg/")
        assert set(ox.parse(content, format=ox.RdfFormat.JSON_LD)) == {quad}


# The command


@pytest.mark.parametrize(
    ("arguments", "holds"),
    [
        (["-f", "nq"], "graph/article-"),
        (["--graph", "entities"], "actor:"),
        (["--graph", "graph:provenance"], "prov:wasGeneratedBy"),
        (
            ["--ontology", "-f", "nt"],
            "ontology#Claim> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
        ),
    ],
)
def test_the_command_exports_all_or_a_part(
    arguments: list[str], holds: str, run: Run, built_sample: Workspace
) -> None:
    found = run("export", *arguments, cwd=built_sample.root)
    assert found.code == 0
    assert re.search(holds, found.out)
    assert found.err == ""


def test_the_extension_tells_the_format(run: Run, built_sample: Workspace, tmp_path: Path) -> None:
    names = {"a.ttl": "ttl", "a.TRIG": "trig", "a.rdf": "rdfxml", "a.jsonld": "jsonld"}
    for name, form in names.items():
        assert run("export", "-o", tmp_path / name, cwd=built_sample.root).code == 0
        straight = run("export", "-f", form, cwd=built_sample.root)
        assert (tmp_path / name).read_bytes() == straight.data
    for wrong in (
        ["-o", tmp_path / "a.docx"],
        ["-f", "docx"],
        ["x", "--graph", "y"],
        ["-f", "yaml"],
    ):
        assert run("export", *wrong, cwd=built_sample.root).code == 2
    assert not (tmp_path / "a.docx").exists()

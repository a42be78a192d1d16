"""The shapes: every check fires where it should, and nowhere else.

`negatives/_base.ttl` is a small clean data set. Every other file there is added to it and must fire
exactly the checks that its first line names. A result is named after the shape that it comes from;
the checks of the whole graph share one shape and are named one by one.
"""

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF, SH

from kg.store.embedded import EmbeddedStore
from kg.validate import check, shapes_of
from kg.validate.views import shorten

ROOT = Path(__file__).parents[1]
KGSH = rdflib.Namespace("https://w3id.org/newskg/shapes#")
NEGATIVES = sorted(
    path for path in Path(__file__).with_name("negatives").glob("*.ttl") if path.stem != "_base"
)


@cache
def read(path: Path) -> rdflib.Graph:
    return rdflib.Graph(bind_namespaces="none").parse(path)


def shapes() -> rdflib.Graph:
    return read(ROOT / "shapes" / "newskg.ttl")


def fired(*paths: Path) -> set[str]:
    """Which checks fire on the union of these files, the base and the ontology."""
    files = (ROOT / "ontology" / "newskg.ttl", NEGATIVES[0].with_name("_base.ttl"), *paths)
    names = set()
    with EmbeddedStore() as store:
        for path in files:
            store.engine.load(path=path, format=ox.RdfFormat.TURTLE)
        report = check(store, shapes_of(None))
    for finding in report.findings:
        whole_graph = finding.shape == str(KGSH["whole-graph"])
        names.add(shorten(str(finding.constraint) if whole_graph else finding.shape))
    return names


def expected(path: Path) -> set[str]:
    head, _, names = path.read_text(encoding="utf-8").partition("\n")[0].partition(": ")
    assert head == "# expects"
    return set(names.split())


def test_the_base_fires_no_check() -> None:
    assert fired() == set()


@pytest.mark.parametrize("path", NEGATIVES, ids=lambda path: path.stem)
def test_a_negative_example_fires_exactly_what_it_names(path: Path) -> None:
    assert fired(path) == expected(path)


def test_the_number_of_negative_examples_is_known() -> None:
    assert len(NEGATIVES) == 111


def test_every_check_has_a_negative_example() -> None:
    graph = shapes()
    reporting = {
        *graph.subjects(RDF.type, SH.PropertyShape),
        *graph.subjects(SH.sparql),
        *graph.objects(KGSH["whole-graph"], SH.sparql),
        KGSH["no-blank-nodes"],
    } - {KGSH["whole-graph"]}
    checks = {str(shape).replace(str(KGSH), "kgsh:") for shape in reporting}
    assert len(checks) == 108
    assert checks == set[str]().union(*map(expected, NEGATIVES))


def test_an_example_is_named_after_the_check_it_fires() -> None:
    for path in NEGATIVES:
        names = {name.removeprefix("kgsh:") for name in expected(path)}
        if path.stem in names:
            continue
        assert path.stem in {
            "article-date-is-crawl-date-clock",
            "claim-source-span-text",
            "judgement-not-accepted",
        }

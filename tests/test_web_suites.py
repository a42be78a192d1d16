"""The W3C's suites for the SPARQL 1.1 Protocol, the Graph Store Protocol and the Service Description.

Each request of a manifest goes to a running server, with our paths in the place of /sparql/ and
/gsp. The suites are not part of the repository: `KG_SUITES` names the folder that holds `sparql11`.
Names that blank nodes got (RDF 1.1, 3.5) are taken back before graphs are compared.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from kg.web.server import running
from kg.web.writing import graphstore
from tests.test_sparql_suite import SUITES, canonical, needs_suite
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.web import Got

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
GENID = "https://example.org/kg/.well-known/genid/"
MANIFESTS = {
    "protocol": "protocol/manifest.ttl",
    "direct": "graph-store-protocol/manifest-direct.ttl",
    "indirect": "graph-store-protocol/manifest-indirect.ttl",
}
COUNTS = {"protocol": 34, "direct": 4, "indirect": 9}
PATHS = {"/sparql/": "/sparql", "/gsp": "/graph"}
TOKEN = "a token for the suites"  # noqa: S105

_READ_ONLY = (
    "The files of a workspace are what is true, and the store is made from them: an update of the"
    " store would be lost with the next build. It is refused with 403"
)
DEVIATIONS: Mapping[str, str] = {
    "protocol/update_dataset_default_graph": _READ_ONLY,
    "protocol/update_dataset_default_graphs": _READ_ONLY,
    "protocol/update_dataset_named_graphs": _READ_ONLY,
    "protocol/update_dataset_full": _READ_ONLY,
    "protocol/update_post_form": _READ_ONLY,
    "protocol/update_post_direct": _READ_ONLY,
    "protocol/update_base_uri": _READ_ONLY,
    "indirect/put_get_default": (
        "The default graph is the union of all named graphs, so that nothing can be put into it"
        " (409); the test puts a graph there and wants no other triples back"
    ),
}
"""Tests that are missed on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What must come back; none of several statuses where there are none."""

    statuses: frozenset[str]
    boolean: bool | None = None
    form: str | None = None
    location: str | None = None
    media_type: str | None = None
    graph: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request of a test."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test: requests one after the other, and the graphs that are there before."""

    requests: tuple[Request, ...]
    graphs: Mapping[str, str] = field(default_factory=dict)


class Manifest:
    """A manifest as RDF, with what it takes to walk through it."""

    def __init__(self, path: str) -> None:
        self.store = ox.Store()
        self.store.load(
            (SUITES / path).read_bytes(),
            format=ox.RdfFormat.TURTLE,
            base_iri="http://suite.example/",
        )

    def all(self, node: Any, property_: str) -> list[Any]:
        found = self.store.quads_for_pattern(node, ox.NamedNode(property_), None)
        return [quad.object for quad in found]

    def one(self, node: Any, property_: str) -> Any:
        return next(iter(self.all(node, property_)), None)

    def value(self, node: Any, property_: str) -> str | None:
        found = self.one(node, property_)
        return None if found is None else str(found.value)

    def list(self, node: Any) -> Iterator[Any]:
        while node is not None and node != ox.NamedNode(f"{RDF}nil"):
            yield self.one(node, f"{RDF}first")
            node = self.one(node, f"{RDF}rest")

    def headers(self, node: Any) -> dict[str, str]:
        found = self.list(self.one(node, f"{HT}headers"))
        return {
            str(self.value(each, f"{HT}fieldName")).lower(): str(
                self.value(each, f"{HT}fieldValue")
            )
            for each in found
        }

    def body(self, node: Any) -> bytes | None:
        content = self.one(node, f"{HT}body")
        if content is None:
            return None
        encoding = self.value(content, f"{CNT}characterEncoding")
        return str(self.value(content, f"{CNT}chars")).encode(encoding or "utf-8")

    def request(self, node: Any) -> Request:
        answer = self.one(node, f"{HT}resp")
        boolean = self.value(answer, f"{MF}expectedBoolean")
        body = self.body(answer)
        return Request(
            method=str(self.value(node, f"{HT}methodName")),
            path=str(self.value(node, f"{HT}absolutePath")),
            headers=self.headers(node),
            body=self.body(node),
            response=Response(
                statuses=frozenset(
                    each.value.rpartition("#")[2]
                    for each in self.all(answer, f"{MF}expectedStatus")
                ),
                boolean=None if boolean is None else boolean == "true",
                form=self.value(answer, f"{MF}expectedFormat"),
                location=self.value(answer, f"{MF}expectedLocation"),
                media_type=self.headers(answer).get("content-type"),
                graph=None if body is None else body.decode(),
            ),
        )

    def cases(self) -> Iterator[tuple[str, Case]]:
        (manifest,) = (
            quad.subject
            for quad in self.store.quads_for_pattern(None, None, ox.NamedNode(f"{MF}Manifest"))
        )
        for test in self.list(self.one(manifest, f"{MF}entries")):
            action = self.one(test, f"{MF}action")
            data = self.all(test, f"{UT}graphData")
            yield (
                test.value.rpartition("#")[2],
                Case(
                    requests=tuple(map(self.request, self.list(self.one(action, f"{HT}requests")))),
                    graphs={
                        str(self.value(each, LABEL)): str(
                            self.value(each, f"{UT}graph")
                        ).rpartition("/")[2]
                        for each in data
                    },
                ),
            )


@cache
def suite() -> dict[str, Case]:
    if not SUITES.is_dir():
        return {}
    return {
        f"{name}/{test.removesuffix(f'_{name}')}": case
        for name, path in MANIFESTS.items()
        for test, case in Manifest(path).cases()
    }


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of a workspace that has the data of the suites, and may be written to."""
    from tests.conftest import make

    workspace = make(tmp_path_factory.mktemp("suites") / "suite")
    graphs = {iri: file for case in suite().values() for iri, file in case.graphs.items()}
    for iri, file in graphs.items():
        content = (SUITES / "protocol" / file).read_bytes()
        node = ox.NamedNode(iri)
        triples = graphstore.triples_of(content, "application/n-triples", node, workspace)
        graphstore.put(workspace, node, triples)
    assert len(graphs) == 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TOKEN", TOKEN)
        with running(workspace, write=True) as address:
            yield Site(address)


def here(path: str) -> str:
    """A path of the suite as we have it."""
    return next(
        ours + path.removeprefix(theirs)
        for theirs, ours in PATHS.items()
        if path.startswith(theirs)
    )


def write_headers(request: Request) -> dict[str, str]:
    return dict(request.headers) | {"authorization": f"Bearer {TOKEN}"}


@needs_suite
def test_the_number_of_tests_is_known() -> None:
    assert Counter(name.partition("/")[0] for name in suite()) == COUNTS
    assert sum(len(case.requests) for case in suite().values()) == 78
    assert DEVIATIONS.keys() <= suite().keys()
    assert len(DEVIATIONS) == 8
    assert all(request.response.statuses for case in suite().values() for request in case.requests)


def parameters() -> list[Any]:
    return [
        pytest.param(
            name,
            marks=[pytest.mark.xfail(strict=True, reason=DEVIATIONS[name])]
            if name in DEVIATIONS
            else [],
        )
        for name in suite()
    ] or [pytest.param("", marks=needs_suite)]


@pytest.mark.parametrize("name", parameters())
def test_the_server_answers_as_the_suite_expects(name: str, served: Site) -> None:
    location = ""
    paths: set[str] = set()
    try:
        for request in suite()[name].requests:
            path = here(request.path).replace("$LOCATION$", location)
            paths.add(path)
            found = served.ask(
                request.method, path, headers=write_headers(request), body=request.body
            )
            check(found, request)
            location = found.headers.get("location", location)
    finally:
        if not name.startswith("protocol/"):
            for path in {*paths, urlsplit(location).path} - {"/graph", "", "/graph?default"}:
                served.ask("DELETE", path, headers={"Authorization": f"Bearer {TOKEN}"})


STATUSES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}


def check(found: Got, request: Request) -> None:
    """Whether an answer is what a test wants."""
    expected = request.response
    wanted = [
        str(STATUSES.get(status, status.removeprefix("StatusCode"))).replace("x", ".")
        for status in expected.statuses
    ]
    matching = [re.fullmatch(status, str(found.status)) for status in wanted]
    assert any(matching), (found.status, found.text[:200])
    if expected.boolean is not None:
        form = ox.QueryResultsFormat.from_media_type(found.type)
        assert form is not None
        parsed = ox.parse_query_results(found.body, format=form)
        assert isinstance(parsed, ox.QueryBoolean)
        assert bool(parsed) == expected.boolean
    if expected.form is not None:
        assert found.type in FORMS[expected.form]
    if expected.location is not None:
        assert found.headers["location"]
    if expected.media_type is not None:
        assert found.headers["content-type"] == expected.media_type
    if expected.graph is not None and request.method == "GET":
        graph = ox.parse(expected.graph, format=ox.RdfFormat.TURTLE)
        got = ox.parse(found.body, format=ox.RdfFormat.TURTLE)
        assert canonical(map(unnamed, got)) == canonical(graph)


_RESULTS = "application/sparql-results"
FORMS = {
    "boolean": {f"{_RESULTS}+json", f"{_RESULTS}+xml"},
    "tabular": {f"{_RESULTS}+json", f"{_RESULTS}+xml", "text/csv", "text/tab-separated-values"},
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml", "application/xhtml+xml"},
}


def unnamed(quad: ox.Quad) -> ox.Quad:
    """A quad with blank nodes in the place of the names that they got."""

    def node(term: Any) -> Any:
        if isinstance(term, ox.NamedNode) and term.value.startswith(GENID):
            return ox.BlankNode(re.sub("[^A-Za-z0-9]", "x", term.value))
        return term

    return ox.Quad(node(quad.subject), quad.predicate, node(quad.object))


# The Service Description has three tests in words


SD = "http://www.w3.org/ns/sparql-service-description#"
SCHEMA = {
    # property: the class of its subject, and of its object where it has one of these
    "endpoint": ("Service", None),
    "supportedLanguage": ("Service", None),
    "feature": ("Service", None),
    "resultFormat": ("Service", None),
    "defaultDataset": ("Service", "Dataset"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("Dataset", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
"""The properties of the vocabulary that we use, as it declares them."""


@needs_suite
def test_the_service_description_is_as_the_suite_wants_it(served: Site) -> None:
    text = (SUITES / "service-description" / "manifest.ttl").read_text()
    tests = set(re.findall(r"^:([\w-]+) rdf:type mf:ServiceDescriptionTest", text, re.MULTILINE))
    assert tests == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}
    found = served.get("/sparql", "text/turtle")
    assert (found.status, found.type) == (200, "text/turtle")
    store = ox.Store()
    store.load(found.body, format=ox.RdfFormat.TURTLE)
    (endpoint,) = store.quads_for_pattern(None, ox.NamedNode(f"{SD}endpoint"), None)
    assert endpoint.object == ox.NamedNode(f"{served.address}sparql")
    classes = {
        (quad.subject, quad.object.value.removeprefix(SD))
        for quad in store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), None)
        if isinstance(quad.object, ox.NamedNode)
    }
    used = [quad for quad in store if quad.predicate.value.startswith(SD)]
    assert {quad.predicate.value.removeprefix(SD) for quad in used} == SCHEMA.keys()
    for quad in used:
        domain, range_ = SCHEMA[quad.predicate.value.removeprefix(SD)]
        assert (quad.subject, domain) in classes
        if range_ is None:
            assert isinstance(quad.object, ox.NamedNode)
        else:
            assert (quad.object, range_) in classes

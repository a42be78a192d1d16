"""What engines do differently behind the same protocols.

Of what an engine is said to do, `documented` has the page of its own documentation that says so, and
`tried` the fields that were tried on the engine itself (`tests/test_engines*.py`). What is neither is
left as the standard has it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

AT_ONCE: Final = 5_000
"""Triples that one operation adds, where an engine is not known to want fewer."""
REQUEST: Final = 4_000_000
"""Bytes of one update, where an engine is not known to take more: servers refuse many megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """An engine.

    `server` is what its header Server begins with. `below` are the places of queries, updates and the
    Graph Store Protocol below an address that ends in `/`; `beside`, what another address is followed
    by for updates and for the Graph Store Protocol (None where there is none, empty where it is the
    same); `with_login` follows the last two where there is a login.

    `union` says how a query sees all named graphs as its default graph: `always`; a parameter of
    requests; the IRI of a special graph, with `:`; empty where that has to be found out. `describing`
    begins queries of DESCRIBE. `system` are graphs that are not data.

    `forms` sends queries as forms, `triples` and `size` bound one operation and one request, `whole`
    says that a request of several operations is carried out wholly or not at all, `blank_nodes` that
    INSERT DATA may have some, `quads` that the Graph Store Protocol takes N-Quads for all graphs at
    once, `hasty` the parameter with which it is quicker about that, and may do half of it,
    `empty_graphs` that `GRAPH ?g { }` tells the names of graphs. `scheme` is the login it asks,
    `repairs` what is wrong in its results, as bytes, with what is right. `checks` says that it answers
    compiled shapes as the standard has it; where it does not, `kg.shacl` asks them of a copy.
    """

    name: str
    title: str
    server: str = ""
    below: tuple[str, str, str | None] = ("query", "update", None)
    beside: tuple[str, str | None] = ("", None)
    with_login: str = ""
    union: str = ""
    describing: str = ""
    system: tuple[str, ...] = ()
    forms: bool = False
    triples: int = AT_ONCE
    size: int = REQUEST
    whole: bool = True
    blank_nodes: bool = True
    quads: bool = False
    hasty: str = ""
    empty_graphs: bool = True
    scheme: str = "basic"
    repairs: tuple[tuple[bytes, bytes], ...] = ()
    checks: bool = True
    documented: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tried: frozenset[str] = frozenset()

    def is_data(self, graph: str) -> bool:
        """Whether a graph is not one of the system's."""
        return graph not in self.system


_VIRTUOSO_GRAPHS: Final = (
    "http://www.openlinksw.com/schemas/virtrdf#",
    "http://www.w3.org/ns/ldp#",
    "http://localuriqaserver/sparql",
    "http://localhost:8890/DAV/",
    "http://localhost:8890/sparql",
    "http://www.w3.org/2002/07/owl#",
    "urn:activitystreams-owl:map",
    "urn:core:services:sparql",
    "urn:virtuoso:val:acl:schema",
)
"""What a new database has by itself, and what its optional packages add.

They are taken from the names of graphs here, and from the union at the server (docs/engines.md): pragmas
that leave them out of a query keep Virtuoso 7 from finding rows of paths and MINUS.
"""
_BOOLEAN: Final = b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "'
_VIRTUOSO_REPAIRS: Final = (
    (_BOOLEAN + b'1"', _BOOLEAN + b'true"'),
    (_BOOLEAN + b'0"', _BOOLEAN + b'false"'),
    (b'"type": "bnode", "value": "nodeID://', b'"type": "bnode", "value": "'),
)
"""Quotes inside of values are escaped, so that these bytes are nothing else. In N-Triples, blank nodes
have no such scheme, and one node is to have one name."""
_VIRTUOSO_GSP: Final = "https://vos.openlinksw.com/owiki/wiki/VOS/VirtGraphUpdateProtocol"
_FUSEKI: Final = "https://jena.apache.org/documentation/fuseki2/fuseki-configuration.html"
_QLEVER: Final = "https://docs.qlever.dev/update/"
_NEPTUNE: Final = "https://docs.aws.amazon.com/neptune/latest/userguide/"
_STARDOG: Final = "https://docs.stardog.com/"
_GRAPHDB: Final = "https://graphdb.ontotext.com/documentation/8.2/free/query-behaviour.html"
_BLAZEGRAPH: Final = "https://github.com/blazegraph/database/wiki/REST_API"

DIALECTS: Final[Mapping[str, Dialect]] = {
    dialect.name: dialect
    for dialect in (
        Dialect(
            name="virtuoso",
            title="Virtuoso",
            server="Virtuoso/",
            below=("sparql", "sparql", "sparql-graph-crud"),
            beside=("", "-graph-crud"),
            with_login="-auth",
            union="always",
            describing='DEFINE sql:describe-mode "CBD"\n',
            system=_VIRTUOSO_GRAPHS,
            forms=True,
            triples=1_000,
            size=1_000_000,
            whole=False,
            blank_nodes=False,
            empty_graphs=False,
            scheme="digest",
            repairs=_VIRTUOSO_REPAIRS,
            checks=False,
            documented={
                "below": _VIRTUOSO_GSP,
                "with_login": _VIRTUOSO_GSP,
                "scheme": "https://vos.openlinksw.com/dataspace/owiki/wiki/VOS/VirtTipsAndTricksGuideSPARQLEndpoints",
            },
            tried=frozenset(
                "server below beside union describing system forms triples size whole"
                " blank_nodes empty_graphs repairs scheme with_login checks".split()
            ),
        ),
        Dialect(
            name="oxigraph",
            title="Oxigraph's server",
            server="Oxigraph/",
            below=("query", "update", "store"),
            union="union-default-graph",
            size=32_000_000,
            triples=200_000,
            quads=True,
            hasty="no_transaction",
            documented={
                "union": "https://manpages.ubuntu.com/manpages/resolute/en/man1/oxigraph-serve.1.html",
                "below": "https://docs.rs/crate/oxigraph-cli/0.5.0-beta.4/source/README.md",
            },
            tried=frozenset({"server", "below", "union", "size", "triples", "quads", "hasty"}),
        ),
        Dialect(
            name="fuseki",
            title="Apache Jena Fuseki",
            below=("query", "update", "data"),
            beside=("", ""),
            union="urn:x-arq:UnionGraph",
            documented={
                "below": _FUSEKI,
                "beside": _FUSEKI,
                "union": "https://jena.apache.org/documentation/tdb/datasets.html",
            },
        ),
        Dialect(
            name="graphdb",
            title="Ontotext GraphDB",
            beside=("/statements", "/rdf-graphs/service"),
            union="always",
            documented={
                "union": _GRAPHDB,
                "beside": "https://rdf4j.org/documentation/reference/rest-api/",
            },
        ),
        Dialect(
            name="qlever",
            title="QLever",
            below=("", "", ""),
            beside=("", ""),
            scheme="bearer",
            documented={"below": _QLEVER, "beside": _QLEVER, "scheme": _QLEVER},
        ),
        Dialect(
            name="blazegraph",
            title="Blazegraph",
            below=("sparql", "sparql", None),
            documented={"below": _BLAZEGRAPH},
        ),
        Dialect(
            name="neptune",
            title="Amazon Neptune",
            below=("sparql", "sparql", "sparql/gsp/"),
            beside=("", "/gsp/"),
            union="always",
            documented={
                "below": f"{_NEPTUNE}sparql-graph-store-protocol.html",
                "beside": f"{_NEPTUNE}sparql-graph-store-protocol.html",
                "union": f"{_NEPTUNE}sparql-default-graph.html",
            },
        ),
        Dialect(
            name="stardog",
            title="Stardog",
            below=("query", "update", ""),
            union="tag:stardog:api:context:all",
            documented={
                "below": f"{_STARDOG}developing/http-api",
                "union": f"{_STARDOG}query-stardog/",
            },
        ),
        Dialect(name="standard", title="any other", union="always"),
    )
}
UNKNOWN: Final = Dialect(name="unknown", title="not known")
"""An endpoint that does not say what it is: whether its default graph is the union is found out."""


def recognised(server: str) -> Dialect:
    """The engine with a header Server; UNKNOWN where it is nobody's that is known.

    >>> recognised("Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu").name, recognised("nginx").name
    ('virtuoso', 'unknown')
    """
    found = (one for one in DIALECTS.values() if one.server and server.startswith(one.server))
    return next(found, UNKNOWN)

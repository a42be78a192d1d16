"""Any SPARQL 1.1 endpoint: queries and updates by the SPARQL Protocol, what is long by the Graph Store's.

The server decides what a query without FROM sees. `kg` counts on the union of all graphs: where an
engine has another default, each query asks for the union (`kg.store.dialects`). Graphs of others in the
same store belong to it, those of the system do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self, cast
from urllib.parse import parse_qsl, quote, urlsplit
from urllib.request import Request

import pyoxigraph as ox

from kg import __version__
from kg.errors import InputError, KgError, StoreError
from kg.sparql import first_keyword, names_graphs
from kg.store import is_mark, replacement
from kg.store.access import Access
from kg.store.address import address, places
from kg.store.answer import DamagedError
from kg.store.dataset import columns, dataset, names_graph
from kg.store.dialects import DIALECTS, UNKNOWN, recognised
from kg.store.embedded import brief
from kg.store.messages import NO_ENDPOINT, line, shown
from kg.store.reading import (
    ACCEPT_GRAPH,
    ACCEPT_ROWS,
    GRAPH_FORMATS,
    GRAPHS,
    NO,
    ROW_FORMATS,
    ROWS,
    WITH_END,
    YES,
    check_graph,
    check_rows,
)
from kg.store.sending import Sender
from kg.store.updates import OPERATIONS, Block, blocks, pieces, repeatable, requests, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import QuerySolutions as Rows
    from SPARQLWrapper import SPARQLWrapper

    from kg.store import Results
    from kg.store.answer import Answer, Check
    from kg.store.dialects import Dialect
    from kg.store.sending import Clock

_MOST_NAMED: Final = 2_000
"""Graphs that a query names where there is no other way to the union: 200 kB of a form."""


class RemoteStore:
    """A store behind a URL.

    A URL that ends in `/` has the endpoints of its engine below it (`query` and `update`, as Oxigraph's
    server does, unless it is known to be another); any other is an endpoint that takes queries, and
    updates too unless `access` or the engine says where those go. What engine it is is asked once, at
    the first request. Raises ConfigError where a URL is none.

    An answer is received whole before it is given out, on the disk where it is long. So it is known to
    be complete, a slow reader does not keep the server waiting, updates may follow before it is read to
    its end, and it may be asked for again where the line broke off.
    """

    def __init__(
        self,
        url: str,
        *,
        access: Access | None = None,
        read_only: bool = False,
        clock: Clock | None = None,
    ) -> None:
        self.access = access or Access()
        self.read_only = read_only
        self._url = address(url)
        self._given = {
            name: address(given)
            for name in ("update", "graphs")
            if (given := getattr(self.access, name))
        }
        self._sender = Sender(self.access, clock)
        self._dialect = DIALECTS.get(self.access.dialect)
        self._union: bool | None = None
        self._settle(self._dialect or UNKNOWN)

    def _settle(self, dialect: Dialect) -> None:
        """Take the addresses and manners of an engine."""
        parts = urlsplit(self._url)
        found = places(parts._replace(query="").geturl(), dialect, login=self.access.secret)
        query, update, graphs = (
            f"{one}?{parts.query}" if one and parts.query else one for one in found
        )
        self.query_url = query or self._url
        self.update_url = self._given.get("update") or update or self._url
        self.graphs_url = self._given.get("graphs") or graphs
        self._sender.repairs = dialect.repairs
        if not self.access.scheme and not self.access.bearer and self.access.user:
            self._sender.scheme = dialect.scheme if dialect.scheme == "digest" else "basic"

    @property
    def dialect(self) -> Dialect:
        """The engine: the one that is set, or the one that the server says it is.

        It is asked by GET, and not as all else is: Virtuoso 7 does not answer a query that is posted as
        it is, and never comes back.
        """
        if self._dialect is None:
            joined = "&" if "?" in self.query_url else "?"
            request = Request(  # noqa: S310 - its scheme has been looked at
                f"{self.query_url}{joined}query={quote('ASK { }')}",
                headers={"Accept": ACCEPT_ROWS, "User-Agent": _AGENT},
            )
            try:
                self._sender.send(request, self.query_url, repeat=True, change=False)
            except KgError:
                if self._sender.server is None:  # nobody was there
                    raise
            self._dialect = recognised(self._sender.server or "")
            self._settle(self._dialect)
        return self._dialect

    def query(self, sparql: str, /) -> Results:
        """The answer to a SPARQL query over the union of all graphs, or over the graphs that it names.

        The graph of a CONSTRUCT is held in memory; `get` has no such limit.
        """
        form = first_keyword(sparql)
        if form in GRAPHS:
            graph = ox.Store()
            graph.extend(self._graph(sparql))
            found = graph.query("CONSTRUCT WHERE { ?s ?p ?o }")
            return cast("ox.QueryTriples", found)
        if form not in ROWS:  # some endpoints would carry out an update that came as a query
            raise InputError("SPARQL: a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE")
        answer = self._ask(sparql, ACCEPT_ROWS, check_rows if form == "SELECT" else None)
        kind = ox.QueryResultsFormat.from_media_type(answer.type)
        if kind not in ROW_FORMATS:
            raise self._no_endpoint(answer.type)
        try:
            results = ox.parse_query_results(answer, format=kind)
            if form == "ASK" and isinstance(results, ox.QuerySolutions):
                # Virtuoso says no, and in XML yes, as rows of a column of its own.
                if [variable.value for variable in results.variables] != ["__ASK_RETVAL"]:
                    raise TypeError("rows in place of a yes or no")
                said = [row[0].value for row in results]
                return ox.parse_query_results(
                    YES if said in (["1"], ["true"]) else NO, format=ox.QueryResultsFormat.JSON
                )
            if isinstance(results, ox.QuerySolutions):
                asked = columns(sparql)
                if asked and asked.isdisjoint(variable.value for variable in results.variables):
                    raise ValueError("rows of another query")
            elif form == "SELECT":
                raise TypeError("a yes or no in place of rows")
            return results
        except (SyntaxError, ValueError, TypeError) as error:
            raise self._unreadable(error) from error

    def named_graphs(self) -> set[ox.NamedNode]:
        """The names of all graphs but those of the system."""
        pattern = "GRAPH ?g { }" if self.dialect.empty_graphs else "GRAPH ?g { ?s ?p ?o }"
        answer = self._ask(f"SELECT DISTINCT ?g WHERE {{ {pattern} }}", ACCEPT_ROWS, union=False)
        kind = ox.QueryResultsFormat.from_media_type(answer.type)
        if kind is None:
            raise self._no_endpoint(answer.type)
        try:
            rows = cast("Rows", ox.parse_query_results(answer, format=kind))
            if [variable.value for variable in rows.variables] != ["g"]:
                raise ValueError("rows of another query")
            found = {graph for row in rows if isinstance(graph := row["g"], ox.NamedNode)}
        except (SyntaxError, ValueError, TypeError, AttributeError) as error:
            raise self._unreadable(error) from error
        return {
            graph for graph in found if self.dialect.is_data(graph.value) and not is_mark(graph)
        }

    def update(self, sparql: str, /) -> None:
        """Carry out a SPARQL update, wholly or not at all as far as the engine keeps to that.

        What adds more triples than one request may have is made ready in graphs beside, and takes its
        place by one request that is short. What is cut off before leaves those behind: their names
        begin like that of the graph, so that the next build removes them.
        """
        self._refuse_change()
        dialect = self.dialect
        big = [
            piece
            for piece in pieces(sparql)
            if isinstance(piece, Block) and len(piece.lines) > dialect.triples
        ]
        number = sum(len(piece.lines) for piece in big)
        # Four bytes at most for a character.
        long = len(sparql) * 4 > dialect.size and len(sparql.encode()) > dialect.size
        if long or number > dialect.triples * OPERATIONS:
            self._update_in_parts(sparql)
        else:
            self._update(spread(sparql, dialect.triples) if big else sparql)

    def _update_in_parts(self, sparql: str) -> None:
        text = ""
        beside: list[str] = []
        for piece in pieces(sparql):
            if not isinstance(piece, Block) or len(str(piece)) < SMALL:
                text += str(piece)
                continue
            place = _beside(piece.graph, len(beside))
            beside.append(place)
            self._make_ready(Block(place, piece.lines))
            text += (
                f"INSERT {{ GRAPH {piece.graph} {{ ?s ?p ?o }} }}"
                f" WHERE {{ GRAPH {place} {{ ?s ?p ?o }} }}"
            )
        if not beside:  # long by itself: the server will say what it makes of it
            self._update(sparql)
            return
        self._update(" ;\n".join((text, *(f"DROP SILENT GRAPH {place}" for place in beside))))

    def _make_ready(self, block: Block) -> None:
        """Put triples into a graph that nobody asks for yet."""
        if self.graphs_url is not None:
            self._put(block)
            return
        dialect = self.dialect
        self._update(f"DROP SILENT GRAPH {block.graph}")
        for sparql in requests([block], dialect.triples, dialect.size):
            self._update(sparql)

    def _update(self, sparql: str) -> None:
        client = self._client(self.update_url)
        client.queryType, client.queryString = "INSERT", sparql  # any update, to SPARQLWrapper
        again = repeatable(sparql)
        self._sender.send(_written(client), self.update_url, repeat=again, change=True)

    def get(self, graph: ox.NamedNode, /) -> Iterator[ox.Triple]:
        """The triples of a named graph."""
        sparql = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
        return (quad.triple for quad in self._graph(sparql))

    def put(self, graph: ox.NamedNode, triples: Iterable[ox.Triple], /) -> None:
        """Replace a named graph as a whole, in one step where the engine can."""
        self._refuse_change()
        sparql = replacement(graph, triples)
        block = next((piece for piece in pieces(sparql) if isinstance(piece, Block)), None)
        dialect = self.dialect
        if block is not None and self.graphs_url is not None:
            many = len(block.lines) > dialect.triples or len(sparql) > dialect.size
            nameless = not dialect.blank_nodes and "_:" in sparql
            if many or nameless:
                self._put(block)  # whole, by one request
                return
        self.update(sparql)

    def _put(self, block: Block) -> None:
        """Replace a graph by the Graph Store Protocol; done twice it is the same but for blank nodes."""
        data = "".join(f"{line}\n" for line in block.lines).encode()
        request = self._graph_store("PUT", block.graph[1:-1], data, "application/n-triples")
        again = not any(line.startswith("_:") or " _:" in line for line in block.lines)
        self._sender.send(request, self.graphs_url or "", repeat=again, change=True)

    def _graph_store(self, method: str, graph: str | None, data: bytes, media_type: str) -> Request:
        url = self.graphs_url or ""
        if graph is not None:
            url += f"{'&' if '?' in url else '?'}graph={quote(graph, safe='')}"
        elif self.dialect.hasty:
            url += f"{'&' if '?' in url else '?'}{self.dialect.hasty}"
        return Request(  # noqa: S310 - its scheme has been looked at
            url,
            data=data,
            headers={"Content-Type": media_type, "User-Agent": _AGENT},
            method=method,
        )

    def delete(self, graph: ox.NamedNode, /) -> None:
        """Remove a named graph."""
        self.update(f"DROP SILENT GRAPH {graph}")

    def load(self, quads: bytes, /) -> None:
        """Add quads (N-Quads), some at a time; what is cut off may have been added in part."""
        self._refuse_change()
        dialect = self.dialect
        if not quads.strip():
            return
        if dialect.quads and self.graphs_url is not None:
            request = self._graph_store("POST", None, quads, "application/n-quads")
            again = b"_:" not in quads
            self._sender.send(request, self.graphs_url, repeat=again, change=True)
            return
        try:
            found = list(blocks(quads))
        except SyntaxError as error:
            raise InputError(f"N-Quads: {brief(error)}") from error
        for sparql in requests(found, dialect.triples, dialect.size):
            self._update(sparql)

    def optimize(self) -> None:
        """Nothing to do: a server puts in order what it has by itself."""

    def flush(self) -> None:
        """Nothing to do: when an update outlasts a power cut is for the server to say."""

    def close(self) -> None:
        """Nothing to let go of: each request has a connection of its own."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refuse_change(self) -> None:
        if self.read_only:
            raise StoreError(f"{shown(self.update_url)}: opened to read, not to write")

    def _graph(self, sparql: str) -> Iterator[ox.Quad]:
        """The graph that answers a CONSTRUCT or DESCRIBE, known to be readable to its end."""
        answer = self._ask(sparql, ACCEPT_GRAPH, check_graph)
        if not answer.framed and not answer.type.startswith(WITH_END):
            # What ends with the line may have been cut at the end of a triple: RDF/XML shows its end.
            answer = self._ask(sparql, WITH_END, check_graph)
        kind = ox.RdfFormat.from_media_type(answer.type)
        if kind not in GRAPH_FORMATS:
            raise self._no_endpoint(answer.type)
        if not answer.framed and kind != ox.RdfFormat.RDF_XML:
            raise StoreError(
                f"{shown(self.query_url)}: does not tell where its answer ends",
                hint="a proxy before the server may leave it out",
            )
        # Turtle has _:b0 in every answer: kept, such labels would make one node of several.
        foreign = kind != ox.RdfFormat.N_TRIPLES
        return ox.parse(answer, format=kind, rename_blank_nodes=foreign)

    def _client(self, url: str, *, form: bool = False) -> SPARQLWrapper:
        """SPARQLWrapper as all our requests need it.

        Requests carry SPARQL as their body: forms would be longer, and servers limit their size.
        """
        from SPARQLWrapper import POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper

        place, _, parameters = url.partition("?")
        client = SPARQLWrapper(place, agent=_AGENT)
        for name, value in parse_qsl(parameters, keep_blank_values=True):
            client.addParameter(name, value)  # left in the URL they would get a second "?"
        client.setMethod(POST)
        client.setRequestMethod(URLENCODED if form else POSTDIRECTLY)
        client.setOnlyConneg(True)
        return client

    def _ask(
        self, sparql: str, accept: str, check: Check | None = None, *, union: bool = True
    ) -> Answer:
        dialect = self.dialect
        named = self._dataset_of(sparql, dialect, union=union)
        form = dialect.forms or len(named) > FEW
        client = self._client(self.query_url, form=form)
        client.addCustomHttpHeader("Accept", accept)
        for name, iri in named:
            client.addParameter(name, iri)
        if dialect.describing and first_keyword(sparql) == "DESCRIBE":
            sparql = dialect.describing + sparql
        # setQuery would guess the form by regular expressions that comments and names mislead.
        client.queryType, client.queryString = "SELECT", sparql
        try:
            return self._sender.send(
                _written(client), self.query_url, repeat=True, change=False, check=check
            )
        except DamagedError as error:
            raise self._unreadable(error) from error

    def _dataset_of(self, sparql: str, dialect: Dialect, *, union: bool) -> list[tuple[str, str]]:
        """Parameters by which a query has as its default graph what it names, or the union of all graphs."""
        if names_graphs(sparql):
            return dataset(sparql) if dialect.name in {"oxigraph", "unknown"} else []
        if not union or dialect.union == "always":
            return []
        if dialect.union and ":" not in dialect.union:
            return [(dialect.union, "")]
        if self._union is None:
            self._union = self._has_union()
        if self._union is not False:
            return []
        whole = [dialect.union] if dialect.union else []
        if whole and not names_graph(sparql):
            return [("default-graph-uri", whole[0])]
        graphs = sorted(graph.value for graph in self.named_graphs())
        if len(graphs) > _MOST_NAMED:
            raise StoreError(
                f"{shown(self.query_url)}: its default graph is not the union of its"
                f" {len(graphs):,} graphs",
                hint="set the server up so, or name its engine as store_dialect",
            )
        found = [("default-graph-uri", graph) for graph in whole or graphs]
        return [*found, *(("named-graph-uri", graph) for graph in graphs)]

    def _has_union(self) -> bool | None:
        """Whether the default graph has what a named graph has; None where there is nothing to see."""
        sparql = "SELECT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) } } LIMIT 1"
        answer = self._ask(sparql, ACCEPT_ROWS, union=False)
        kind = ox.QueryResultsFormat.from_media_type(answer.type)
        try:
            rows = list(cast("Rows", ox.parse_query_results(answer, format=kind))) if kind else []
            if not rows:
                return None
            triple = " ".join(str(term) for term in rows[0])
            asked = self._ask(f"ASK {{ {triple} }}", ACCEPT_ROWS, union=False)
            kind = ox.QueryResultsFormat.from_media_type(asked.type)
            found = ox.parse_query_results(asked, format=kind) if kind else None
        except (SyntaxError, ValueError, TypeError):
            return None
        return bool(found) if isinstance(found, ox.QueryBoolean) else None

    def _no_endpoint(self, media_type: str) -> StoreError:
        what = line(media_type) or "something without a media type"
        return StoreError(
            f"{shown(self.query_url)}: answers with {what}, not with SPARQL results",
            hint=NO_ENDPOINT,
        )

    def _unreadable(self, error: Exception) -> StoreError:
        return StoreError(
            f"{shown(self.query_url)}: the answer is cut short or damaged: {line(str(error))}",
            hint="the server's log may say why: often it ran out of time",
        )


_AGENT: Final = f"kg/{__version__}"
FEW: Final = 20
"""Graphs that a query names in its address; more go into a form."""
SMALL: Final = 100_000
"""Characters of an operation that is no longer than to be sent as it is."""


def _written(client: SPARQLWrapper) -> Request:
    """A request as SPARQLWrapper writes it. Raises InputError where the text is none."""
    try:
        return client._createRequest()
    except UnicodeEncodeError as error:
        raise InputError("SPARQL: half a surrogate pair is no text") from error


def _beside(graph: str, number: int) -> str:
    """The name of a graph in which the triples of another are made ready.

    >>> _beside("<https://example.org/kg/graph/x>", 0), _beside("<urn:o#>", 1)
    ('<https://example.org/kg/graph/x#incoming-0>', '<urn:o#incoming-1>')
    """
    iri = graph[1:-1]
    joined = "" if iri.endswith("#") else "-" if "#" in iri else "#"
    return f"<{iri}{joined}incoming-{number}>"

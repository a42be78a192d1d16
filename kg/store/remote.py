"""Any SPARQL 1.1 endpoint: queries and updates by the SPARQL Protocol, and by nothing else.

Named graphs are read and written as SPARQL too, not by the Graph Store Protocol: many endpoints have
none, and an update is one request, which an engine carries out wholly or not at all.

The server decides what a query without FROM sees. `kg` counts on the union of all graphs: that is
`oxigraph serve --union-default-graph`, in Fuseki `tdb2:unionDefaultGraph true`; GraphDB, Virtuoso and
QLever do so anyway.
"""

from __future__ import annotations

import ast
import html
import re
import shutil
import tempfile
from collections import defaultdict, deque
from http.client import HTTPException, IncompleteRead
from typing import TYPE_CHECKING, Self, cast
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

import pyoxigraph as ox

from kg import __version__
from kg.errors import ConfigError, InputError, KgError, StoreError
from kg.sparql import first_keyword, names_graphs, tokens
from kg.store import insertion, replacement
from kg.store.embedded import brief

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from http.client import HTTPResponse

    from pyoxigraph import QuerySolutions as Rows
    from SPARQLWrapper import SPARQLWrapper

    from kg.store import Results

TIMEOUT = 300
"""How many seconds an endpoint may be silent: a query over millions of triples takes its time."""
AT_ONCE = 5_000
"""Triples that one update adds: engines refuse requests of many megabytes."""
_GRAPHS = {"CONSTRUCT", "DESCRIBE"}
_ROWS = {"ASK", "SELECT"}
_ACCEPT_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
# In N-Triples engines write the labels that they keep, so a blank node has one name in all answers.
_ACCEPT_GRAPH = "application/n-triples, text/turtle;q=0.7, application/rdf+xml;q=0.3"
_IN_MEMORY = 1 << 24  # bytes of an answer; what is longer waits on the disk
_NO_ENDPOINT = (
    "is this the URL of a SPARQL endpoint? One that ends in / has query and update below it"
)


class RemoteStore:
    """A store behind a URL.

    A URL that ends in `/` has the endpoints `query` and `update` below it, as Oxigraph's server does;
    any other is an endpoint that takes queries, and updates too unless `update_url` says where those
    go. Raises ConfigError where a URL is none.

    An answer is received whole before it is given out, on the disk where it is long. So it is known to
    be complete, a slow reader does not keep the server waiting, and updates may follow before it is
    read to its end.
    """

    def __init__(
        self,
        url: str,
        *,
        update_url: str | None = None,
        timeout: int = TIMEOUT,
        read_only: bool = False,
    ) -> None:
        address = urlsplit(_address(url))
        query = update = address.geturl()
        if address.path.endswith("/"):
            query = address._replace(path=f"{address.path}query").geturl()
            update = address._replace(path=f"{address.path}update").geturl()
        self.query_url = query
        self.update_url = _address(update_url) if update_url else update
        self.timeout = timeout
        self.read_only = read_only

    def query(self, sparql: str, /) -> Results:
        """The answer to a SPARQL query over what the server shows, or over the graphs that it names.

        The graph of a CONSTRUCT is held in memory; `get` has no such limit.
        """
        form = first_keyword(sparql)
        if form in _GRAPHS:
            graph = ox.Store()
            graph.extend(self._graph(sparql))
            found = graph.query("CONSTRUCT WHERE { ?s ?p ?o }")
            return cast("ox.QueryTriples", found)
        if form not in _ROWS:  # some endpoints would carry out an update that came as a query
            raise InputError("SPARQL: a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE")
        answer = self._ask(sparql, _ACCEPT_ROWS)
        kind = ox.QueryResultsFormat.from_media_type(answer.type)
        if kind not in {ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML}:
            raise self._no_endpoint(answer.type)
        try:
            if form == "SELECT":
                # Whether all of it can be read: pyoxigraph says so late, and in its own errors. Without
                # a name, as a traceback that held the rows might be dropped by another thread.
                deque(cast("Rows", ox.parse_query_results(answer, format=kind)), maxlen=0)
            return ox.parse_query_results(answer.again(), format=kind)
        except (SyntaxError, ValueError, TypeError) as error:  # TypeError: a yes in place of rows
            raise self._unreadable(error) from error

    def update(self, sparql: str, /) -> None:
        """Carry out a SPARQL update, wholly or not at all as far as the engine keeps to that."""
        if self.read_only:
            raise StoreError(f"{_shown(self.update_url)}: opened to read, not to write")
        client = self._client(self.update_url)
        client.queryType, client.queryString = "INSERT", sparql  # any update, to SPARQLWrapper
        self._send(client, self.update_url)

    def get(self, graph: ox.NamedNode, /) -> Iterator[ox.Triple]:
        """The triples of a named graph."""
        sparql = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
        return (quad.triple for quad in self._graph(sparql))

    def put(self, graph: ox.NamedNode, triples: Iterable[ox.Triple], /) -> None:
        """Replace a named graph as a whole, in one request."""
        self.update(replacement(graph, triples))

    def delete(self, graph: ox.NamedNode, /) -> None:
        """Remove a named graph."""
        self.update(f"DROP SILENT GRAPH {graph}")

    def load(self, quads: bytes, /) -> None:
        """Add quads (N-Quads), some at a time; what is cut off may have been added in part."""
        graphs: dict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
        for quad in ox.parse(quads, format=ox.RdfFormat.N_QUADS):
            if isinstance(quad.graph_name, ox.NamedNode):
                graphs[quad.graph_name].append(quad.triple)
        for graph, triples in graphs.items():
            for first in range(0, len(triples), AT_ONCE):
                self.update(insertion(graph, triples[first : first + AT_ONCE]))

    def flush(self) -> None:
        """Nothing to do: when an update outlasts a power cut is for the server to say."""

    def close(self) -> None:
        """Nothing to let go of: each request has a connection of its own."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _graph(self, sparql: str) -> Iterator[ox.Quad]:
        """The graph that answers a CONSTRUCT or DESCRIBE, known to be readable to its end."""
        answer = self._ask(sparql, _ACCEPT_GRAPH)
        kind = ox.RdfFormat.from_media_type(answer.type)
        if kind not in {ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML}:
            raise self._no_endpoint(answer.type)
        try:
            deque(ox.parse(answer, format=kind), maxlen=0)
        except (SyntaxError, ValueError) as error:
            raise self._unreadable(error) from error
        # Turtle has _:b0 in every answer: kept, such labels would make one node of several.
        foreign = kind != ox.RdfFormat.N_TRIPLES
        return ox.parse(answer.again(), format=kind, rename_blank_nodes=foreign)

    def _client(self, url: str) -> SPARQLWrapper:
        """SPARQLWrapper as all our requests need it.

        Requests carry SPARQL as their body: forms would be longer, and servers limit their size.
        """
        from SPARQLWrapper import POST, POSTDIRECTLY, SPARQLWrapper

        place, _, parameters = url.partition("?")
        client = SPARQLWrapper(place, agent=f"kg/{__version__}")
        for name, value in parse_qsl(parameters, keep_blank_values=True):
            client.addParameter(name, value)  # left in the URL they would get a second "?"
        client.setMethod(POST)
        client.setRequestMethod(POSTDIRECTLY)
        client.setOnlyConneg(True)
        client.setTimeout(self.timeout)
        return client

    def _ask(self, sparql: str, accept: str) -> _Answer:
        client = self._client(self.query_url)
        client.addCustomHttpHeader("Accept", accept)
        for name, iri in _dataset(sparql):
            client.addParameter(name, iri)
        # setQuery would guess the form by regular expressions that comments and names mislead.
        client.queryType, client.queryString = "SELECT", sparql
        return self._send(client, self.query_url)

    def _send(self, client: SPARQLWrapper, url: str) -> _Answer:
        """Make a request and receive the answer. All that can go wrong on the way is told here."""
        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

        try:
            try:
                response: HTTPResponse = client.query().response
            except SPARQLWrapperException as error:
                # It has read the body and keeps it in its message only.
                said = str(error).partition("Response:\n")[2] or "b''"
                with cast("HTTPError", error.__context__) as status:
                    raise _refused(url, status, ast.literal_eval(said)) from error
            except HTTPError as error:
                with error:
                    raise _refused(url, error, error.read(10_000)) from error
            with response:
                # Redirected, a POST becomes a GET without its body: nothing was asked or carried out.
                came_from = response.geturl()
                asked = parse_qs(urlsplit(came_from).query, keep_blank_values=True)
                if _shown(came_from) != _shown(url) or asked != client.parameters:
                    raise _moved(url, came_from)
                return _Answer(response)
        except UnicodeEncodeError as error:
            raise InputError("SPARQL: half a surrogate pair is no text") from error
        except (OSError, HTTPException, ValueError) as error:  # ValueError: where it redirects to
            raise self._failed(url, error) from error

    def _failed(self, url: str, error: Exception) -> StoreError:
        """No answer, or half of one."""
        reason = error.reason if isinstance(error, URLError) else error
        hint = "is the server running, and is the URL right?"
        if isinstance(reason, TimeoutError):
            what = f"no answer in {self.timeout} s"
            hint = "the server is busy or out of reach, or the query asks for too much"
        elif isinstance(reason, ConnectionRefusedError):
            what = "nothing listens there"
        elif isinstance(reason, ConnectionError | IncompleteRead):
            what, hint = "the connection broke off", "the server's log may say why"
        elif isinstance(reason, HTTPException):
            what = "what answers there does not speak HTTP"
        else:
            what = _line(getattr(reason, "strerror", None) or str(reason)) or "out of reach"
        return StoreError(f"{_shown(url)}: {what}", hint=hint)

    def _no_endpoint(self, media_type: str) -> StoreError:
        what = _line(media_type) or "something without a media type"
        return StoreError(
            f"{_shown(self.query_url)}: answers with {what}, not with SPARQL results",
            hint=_NO_ENDPOINT,
        )

    def _unreadable(self, error: Exception) -> StoreError:
        return StoreError(
            f"{_shown(self.query_url)}: the answer is cut short or damaged: {_line(str(error))}",
            hint="the server's log may say why: often it ran out of time",
        )


class _Answer(tempfile.SpooledTemporaryFile[bytes]):
    """A body received whole, to be read by a parser; on the disk where it is long."""

    def __init__(self, response: HTTPResponse) -> None:
        super().__init__(_IN_MEMORY)
        self.type = response.headers.get("Content-Type", "")
        shutil.copyfileobj(response, self)
        if response.length:  # a body shorter than announced is no error to http.client
            raise IncompleteRead(b"", response.length)
        self.seek(0)

    def again(self) -> Self:
        """From the beginning."""
        self.seek(0)
        return self

    def __del__(self) -> None:
        self.close()  # pyoxigraph lets go of what it reads without closing it


def _address(url: str) -> str:
    """A URL that requests can go to: one that is not, or that has a password in it, is refused."""
    try:
        parts = urlsplit(url)
        good = re.fullmatch(r"https?://[!-~]+", url, re.IGNORECASE) and parts.hostname
        port = parts.port  # raises ValueError
    except ValueError:
        good = port = None
    if not good or port == 0:
        raise ConfigError(
            f"{_line(url.rpartition('@')[2])}: not the URL of a store",
            hint="such as http://127.0.0.1:7878/",
        )
    if "@" in parts.netloc:
        raise ConfigError(f"{_shown(url)}: a URL cannot carry a name and a password")
    return parts._replace(path=parts.path or "/", fragment="").geturl()


def _shown(url: str) -> str:
    """A URL without what may be secret.

    >>> _shown("https://me:secret@example.org:1/query?token=t")
    'https://example.org:1/query'
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=place, query="", fragment="").geturl()


def _dataset(sparql: str) -> list[tuple[str, str]]:
    """The graphs that a query names, as parameters of the SPARQL Protocol.

    They say the same as its FROM clauses, which Oxigraph's server passes over when its default graph
    is the union. None where a name cannot be made out; the server then reads the query by itself.

    >>> _dataset("PREFIX g: <http://example.org/g/> ASK FROM g:1 FROM NAMED <http://example.org/h> { }")
    [('default-graph-uri', 'http://example.org/g/1'), ('named-graph-uri', 'http://example.org/h')]
    >>> _dataset("SELECT * { ?s ?from 'FROM' }")
    []
    """
    if not names_graphs(sparql):
        return []
    words = [token for token in tokens(sparql) if token.kind not in {"space", "comment"}]
    keywords = [
        (i, token.text.upper())
        for i, token in enumerate(words)
        if token.kind == "word" and ":" not in token.text
    ]
    head = next((words[i].start for i, text in keywords if text not in {"BASE", "PREFIX"}), 0)
    lines = []
    for i, text in keywords:
        if text == "FROM" and words[i - 1].text != "@":  # "de"@from
            named = [word.text.upper() for word in words[i + 1 : i + 2]] == ["NAMED"]
            start = next((word.start for word in words[i + 1 + named :]), len(sparql))
            name = re.split(r"(?<=>)|[\s{]", sparql[start:], maxsplit=1)[0]
            lines.append(f"{name} <a:{'named' if named else 'default'}-graph-uri> 0 .\n")
    try:  # what a name stands for is the same in Turtle, and prefixes are declared the same way
        found = list(ox.parse(sparql[:head] + "".join(lines), format=ox.RdfFormat.TURTLE))
    except SyntaxError:
        return []
    return [(quad.predicate.value.removeprefix("a:"), quad.subject.value) for quad in found]


def _refused(url: str, error: HTTPError, body: bytes) -> KgError:
    """What an error status means: 400 is about the SPARQL, the rest about the store."""
    place = error.headers.get("Location", "") if error.code < 400 else error.geturl()
    if _shown(urljoin(url, place)) != _shown(url):
        return _moved(url, urljoin(url, place))
    said = body.decode(errors="replace")
    if said.startswith("error at "):  # Oxigraph's parser, as in the embedded store
        return InputError(f"SPARQL: {brief(SyntaxError(said))}")
    said = _line(said)
    if error.code == 500 and said.startswith(("The custom ", "The graph ", "The service ")):
        return InputError(f"SPARQL: {said[0].lower()}{said[1:]}")  # Oxigraph's status for these
    status = f"{error.code} {_line(str(error.reason))}".strip()
    if error.code == 400:
        return InputError(f"SPARQL: {said or status}")
    hint = {
        401: "the store wants a name and a password, which kg cannot give yet",
        403: "the store does not allow this",
        404: _NO_ENDPOINT,
        405: _NO_ENDPOINT,
        413: "the server limits the size of requests",
        429: "the server is busy: try again later",
        503: "the server is busy: try again later",
        504: "the query may ask for too much",
    }.get(error.code, "the server's log may say more")
    return StoreError(f"{_shown(url)}: {status}" + (f": {said}" if said else ""), hint=hint)


def _moved(url: str, to: str) -> StoreError:
    return StoreError(f"{_shown(url)}: has moved to {_shown(to)}", hint="use that URL")


def _line(text: str) -> str:
    """A text from elsewhere as one line for the terminal, cut where it is long; a web page as its words.

    >>> _line("<html><head><title>500</title></head><body><h1>Out of\\nmemory</h1></body></html>")
    'Out of memory'
    """
    text = text[:10_000]
    if re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        text = re.sub(
            r"<(head|script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.IGNORECASE | re.DOTALL
        )
        text = html.unescape(text)
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= 150 else f"{line[:149]}…"

"""What is asked for and how it is read: media types, and whether an answer can be read to its end."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final, cast

import pyoxigraph as ox

if TYPE_CHECKING:
    from pyoxigraph import QuerySolutions as Rows

GRAPHS = {"CONSTRUCT", "DESCRIBE"}
ROWS = {"ASK", "SELECT"}
ACCEPT_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
# In N-Triples engines write the labels that they keep, so a blank node has one name in all answers.
ACCEPT_GRAPH = "application/n-triples, text/turtle;q=0.7, application/rdf+xml;q=0.3"
ROW_FORMATS: Final = {ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML}
GRAPH_FORMATS: Final = {ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML}
WITH_END: Final = "application/rdf+xml"
YES: Final = b'{"head":{},"boolean":true}'
NO: Final = b'{"head":{},"boolean":false}'


def check_rows(file: Any, media_type: str) -> None:
    """Whether all rows can be read: pyoxigraph says so late, and in its own errors."""
    kind = ox.QueryResultsFormat.from_media_type(media_type)
    if kind in ROW_FORMATS:
        # Without a name, as a traceback that held the rows might be dropped by another thread.
        deque(cast("Rows", ox.parse_query_results(file, format=kind)), maxlen=0)


def check_graph(file: Any, media_type: str) -> None:
    """Whether all triples can be read."""
    kind = ox.RdfFormat.from_media_type(media_type)
    if kind in GRAPH_FORMATS:
        deque(ox.parse(file, format=kind), maxlen=0)

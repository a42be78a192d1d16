"""What tests of the SPARQL endpoint share: asking it over HTTP, and asking its view."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kg.web.views.sparql import answer

if TYPE_CHECKING:
    from kg.web.readers.reading import Reading
    from kg.web.readers.reply import Reply
    from tests.web import Got, Site

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
SELECT = "SELECT ?claim ?text { ?claim a kg:Claim ; schema:text ?text } ORDER BY ?claim LIMIT 7"
ASK = "ASK { ?claim a kg:Claim }"


def asked(site: Site, query: str, accept: str | None = None, **fields: str) -> Got:
    return site.get(f"/sparql?{urlencode({'query': query, **fields})}", accept)


def view(reading: Reading, query: str, accept: str | None = None, rows: int = 5) -> Reply:
    return answer(
        reading, sparql=query, accept=accept, rows=rows, base="http://here.example/sparql"
    )


def body(reply: Reply) -> bytes:
    if isinstance(reply.body, bytes):
        return reply.body
    content = reply.body.read_bytes()
    reply.body.unlink()
    return content

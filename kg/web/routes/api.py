"""The query API: every stored query at /query/NAME, and what describes them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from starlette.routing import Match

from kg.web.protocol.formats import DATASETS, of_graph
from kg.web.protocol.negotiation import chosen, ranked
from kg.web.protocol.requests import site_of
from kg.web.queries.documents import JSON, ROWS, TRIPLES
from kg.web.queries.operations import OPERATIONS
from kg.web.readers.reply import Refused
from kg.web.views import catalogue, queries, querypages

if TYPE_CHECKING:
    from kg.web.service import Service

HTML = "text/html"
TYPES = (JSON, HTML, *list(ROWS)[1:], *TRIPLES)
"""What a stored query may answer with: among equals the first is given, JSON to who takes anything."""
EXTENSIONS = {
    **{extension: media_type for media_type, extension in (ROWS | TRIPLES).items()},
    "xml": "application/sparql-results+xml",
    "html": HTML,
}


DATA = TRIPLES
"""The formats of descriptions, which are one graph."""


def routes(service: Service) -> APIRouter:
    """The stored queries, the list of them, their description, and that of the data."""
    router = APIRouter(include_in_schema=False)

    @router.get("/query")
    async def listing(request: Request) -> Response:
        if chosen(request.headers.get("accept"), (JSON, HTML)) == HTML:
            return await service.lasting(request, querypages.listing)
        return await service.lasting(request, queries.listing)

    @router.get("/query/{name}")
    async def query(request: Request, name: str) -> Response:
        stem, dot, extension = name.rpartition(".")
        accept = request.headers.get("accept")
        if dot and extension in EXTENSIONS:
            name, accept = stem, EXTENSIONS[extension]
        types = ranked(accept, TYPES)
        given = tuple(request.query_params.multi_items())
        if types[0] == HTML:
            first = dict(reversed(given))
            page = await service.ask(request, querypages.result, name=name, given=first)
            page.headers["Vary"] = "Accept"
            return page
        return await service.lasting(
            request,
            queries.result,
            name=name,
            given=given,
            types=types,
            most=service.options.rows,
        )

    @router.get("/openapi.json")
    async def document(request: Request) -> Response:
        return await service.lasting(request, catalogue.document, paths=answered(request))

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        return await service.lasting(
            request, catalogue.docs, paths=answered(request), address=site_of(request, service.base)
        )

    @router.get("/.well-known/void")
    @router.get("/.well-known/void.{extension}")
    async def void(request: Request) -> Response:
        form, plain = _format(request)
        address = site_of(request, service.base)
        return await service.lasting(
            request, catalogue.void, extension=form, address=address, plain=plain
        )

    @router.get("/.well-known/sparql-examples")
    @router.get("/.well-known/sparql-examples.{extension}")
    async def executables(request: Request) -> Response:
        form, plain = _format(request)
        address = site_of(request, service.base)
        return await service.lasting(
            request, catalogue.executables, extension=form, address=address, plain=plain
        )

    @router.get("/dump.{extension}")
    async def dump(request: Request, extension: str) -> Response:
        if extension not in DATASETS:
            known = " and ".join(f"/dump.{name}" for name in DATASETS)
            raise Refused(404, f"the whole has named graphs: {known} have them")
        return await service.lasting(request, catalogue.dump, extension=extension)

    return router


def answered(request: Request) -> tuple[str, ...]:
    """The paths of `OPERATIONS` that this server answers."""
    found = []
    for path in OPERATIONS:
        scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        if any(route.matches(scope)[0] is not Match.NONE for route in request.app.routes):
            found.append(path)
    return tuple(found)


def _format(request: Request) -> tuple[str, bool]:
    """The format that a path ends in, or else that of the Accept header; and whether to show it as text.

    There is no page: browsers, which ask for one, show Turtle as it stands.
    """
    extension: str | None = request.path_params.get("extension")
    if extension is None:
        media_type = of_graph(request.headers.get("accept"), [*DATA, HTML])
        return DATA.get(media_type, "ttl"), media_type == HTML
    if extension not in DATA.values():
        raise Refused(404, f"no such form of it; there is: {', '.join(DATA.values())}")
    return extension, False

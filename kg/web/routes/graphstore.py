"""The SPARQL 1.1 Graph Store Protocol at /graph: graphs by their IRIs, and writing with the token."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from kg.web.guard import GRAPHS as PATH
from kg.web.guard import WRITING, may_write
from kg.web.protocol.formats import of_graph
from kg.web.protocol.requests import fields, path_of, sent_as, site_of
from kg.web.protocol.results import GRAPH
from kg.web.readers.reply import Refused
from kg.web.views import graphstore as views
from kg.web.writing import graphstore

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Triple

    from kg.web.service import Service

FORM: Final = "multipart/form-data"
FIELDS: Final = 100
"""Fields that the query string may have; it needs one."""
PARTS: Final = 100
"""Parts that a form may have: each is a file with some of the triples."""


def routes(service: Service) -> APIRouter:
    """The graph store; to read graphs by their own addresses is what `linked_data` has."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def reading(request: Request) -> Response:
        iri = _named(service, request)
        media_type = of_graph(request.headers.get("accept"), list(GRAPH))
        if iri is None:
            return await service.lasting(request, views.default, media_type=media_type)
        return await service.lasting(request, views.graph, iri=iri, media_type=media_type)

    @router.api_route(PATH, methods=[*WRITING])
    @router.api_route(f"{PATH}/{{path:path}}", methods=[*WRITING])
    async def writing(request: Request) -> Response:
        _authorise(service, request)
        new = request.method == "POST" and not request.scope["query_string"]
        if request.url.path == PATH and new:
            name = f"graph/added-{secrets.token_hex(6)}"
            graph = views.node(f"{service.base}{name}")
            await _change(service, request, graph)
            location = f"{site_of(request, service.base)}{name}"
            return Response(status_code=201, headers={"Location": location})
        iri = _named(service, request)
        if iri is None:
            raise Refused(
                409,
                "the default graph is the union of all others",
                hint="put the triples into a graph of their own: ?graph=IRI",
            )
        there = await _change(service, request, views.node(iri))
        return Response(status_code=204 if there else 201)

    return router


def _named(service: Service, request: Request) -> str | None:
    """The IRI of the graph that a request is about; None for the default graph (GSP, 4).

    The address of a graph at this server stands for its IRI.
    """
    base = service.base
    path = path_of(request)
    if path != PATH[1:]:
        return f"{base}{path}"
    found = fields(request.scope["query_string"], FIELDS)
    names = [value for name, value in found if name == "graph"]
    if len(names) + sum(name == "default" for name, _ in found) != 1:
        raise Refused(
            400, "which graph is meant?", hint=f"{PATH}?graph=IRI or {PATH}?default, once"
        )
    if not names:
        return None
    here = f"{site_of(request, base)}graph/"
    return f"{base}graph/{names[0][len(here) :]}" if names[0].startswith(here) else names[0]


def _authorise(service: Service, request: Request) -> None:
    """Let those pass who have the token, if anybody may write at all."""
    options = service.options
    if not options.write or options.token is None:
        raise Refused(403, "this server only reads", hint="kg serve --write lets graphs be written")
    if not may_write(request):
        raise Refused(
            401,
            "to write takes the token of this server",
            hint="send it as Authorization: Bearer …",
            headers={"WWW-Authenticate": 'Bearer realm="kg"'},
        )


async def _change(service: Service, request: Request, graph: NamedNode) -> bool:
    """Do to a graph what a request says, and have the readers see it. Whether there was one before."""
    workspace = service.workspace
    triples = await _sent(service, request, graph) if request.method != "DELETE" else []
    there = not triples
    async with service.writing:
        if request.method == "DELETE":
            await asyncio.to_thread(graphstore.delete, workspace, graph)
        elif request.method == "PUT":
            there |= await asyncio.to_thread(graphstore.put, workspace, graph, triples)
        else:
            there |= await asyncio.to_thread(graphstore.add, workspace, graph, triples)
        await service.readers.refresh()
    return there


async def _sent(service: Service, request: Request, graph: NamedNode) -> list[Triple]:
    """The triples of a body, or of the files of a form (GSP, 5.5)."""
    known = [*graphstore.EXTENSIONS, *([FORM] if request.method == "POST" else [])]
    media_type = sent_as(request.headers.get("content-type", ""), known)
    if media_type != FORM:
        return await _read(service, await request.body(), media_type, graph)
    found: list[Triple] = []
    try:
        form = await request.form(max_files=PARTS, max_fields=PARTS)
    except HTTPException as error:
        raise Refused(400, str(error.detail)) from error
    try:
        for _, part in form.multi_items():
            if not isinstance(part, UploadFile):
                raise Refused(400, "each part of a form is a file with triples")
            kind = sent_as(part.content_type or "", graphstore.EXTENSIONS)
            found += await _read(service, await part.read(), kind, graph)
    finally:
        await form.close()
    return found


async def _read(
    service: Service, content: bytes, media_type: str, graph: NamedNode
) -> list[Triple]:
    return await asyncio.to_thread(
        graphstore.triples_of, content, media_type, graph, service.workspace
    )

"""Linked data: IRIs of ours lead to pages and data, and graphs are had by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from kg.web.protocol.formats import asked, split
from kg.web.protocol.requests import path_of
from kg.web.readers.reply import Refused
from kg.web.views import linked_data

if TYPE_CHECKING:
    from kg.web.service import Service


def routes(service: Service) -> APIRouter:
    """The IRIs of things, and the documents of data about things and graphs."""
    router = APIRouter(include_in_schema=False)

    @router.get("/id/{path:path}")
    async def thing(request: Request) -> Response:
        here = path_of(request)
        accepted = asked(here, request.headers.get("accept"))
        return await service.ask(request, linked_data.directed, path=here, wanted=accepted)

    @router.get("/data/{path:path}")
    async def document(request: Request) -> Response:
        here = path_of(request)
        path, extension = split(here.removeprefix("data/"))
        if extension in {None, "html"} or not path.startswith(("id/", "graph/")):
            raise Refused(404, "data are at data/id/KIND/NAME.ttl and data/graph/NAME.ttl")
        return await service.lasting(
            request, linked_data.document, path=path, extension=extension, here=here
        )

    @router.get("/graph/{path:path}")
    async def graph(request: Request) -> Response:
        here = path_of(request)
        accepted = asked(here, request.headers.get("accept"))
        return await service.lasting(request, linked_data.graph, here=here, wanted=accepted)

    return router

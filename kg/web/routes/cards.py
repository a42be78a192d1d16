"""The pages of things, and what compares and draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from kg.web.protocol.requests import path_of
from kg.web.views import cards, compare, pictures

if TYPE_CHECKING:
    from kg.web.pages.forms import Given
    from kg.web.service import Service

TIMELINE = ("actor", "topic", "kind", "from", "until", "most")
COMPARED = ("left", "right", "topic", "from", "until")
"""The fields of the forms; others do not make another page."""


def routes(service: Service) -> APIRouter:
    """The page of each thing, and its card as a drawing."""
    router = APIRouter(include_in_schema=False)

    @router.get("/page/id/{path:path}")
    async def page(request: Request) -> Response:
        path = path_of(request).removeprefix("page/")
        return await service.lasting(request, cards.page, path=path)

    @router.get("/picture/id/{path:path}.svg")
    async def picture(request: Request) -> Response:
        path = path_of(request).removeprefix("picture/").removesuffix(".svg")
        return await service.lasting(request, cards.picture, path=path)

    @router.get("/timeline")
    async def timeline(request: Request) -> Response:
        return await service.lasting(request, pictures.timeline, given=_given(request, *TIMELINE))

    @router.get("/network")
    async def network(request: Request) -> Response:
        return await service.lasting(
            request, pictures.network, given=_given(request, "actor", "most")
        )

    @router.get("/compare")
    async def comparison(request: Request) -> Response:
        return await service.lasting(request, compare.page, given=_given(request, *COMPARED))

    return router


def _given(request: Request, *fields: str) -> Given:
    """What a form sent in its fields, without those left empty; the last where one came twice."""
    sent = request.query_params
    return tuple((name, sent[name]) for name in fields if sent.get(name, "").strip())

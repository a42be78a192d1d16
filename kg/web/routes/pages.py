"""The pages for people: start, search, lists, articles; and the files that all pages need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.staticfiles import StaticFiles

from kg.web.pages.html import STATIC
from kg.web.protocol.negotiation import chosen
from kg.web.protocol.requests import path_of, site_of
from kg.web.readers.reply import Refused
from kg.web.service import has, unchanged
from kg.web.views import article, claims, lists, search, start

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kg.web.service import Service

_PAGES = 100_000
"""Pages of a list or of results: more than anybody turns."""
Number = Annotated[int, Query(ge=1, le=_PAGES)]


def routes(service: Service) -> APIRouter:
    """The start page, the lists, search, the pages of articles, and static files."""
    router = APIRouter(include_in_schema=False)
    router.mount("/static", _Files(directory=STATIC), name="static")

    @router.get("/")
    async def start_page(request: Request) -> Response:
        return await service.lasting(request, start.page)

    for what in lists.LISTS:
        router.get(f"/{what}")(_list(service, what))

    @router.get("/claims")
    async def claims_page(
        request: Request,
        modality: str = "",
        certainty: str = "",
        polarity: str = "",
        page: Number = 1,
    ) -> Response:
        chosen = (("modality", modality), ("certainty", certainty), ("polarity", polarity))
        return await service.lasting(request, claims.page, chosen=chosen, number=page)

    @router.get("/search")
    async def search_page(
        request: Request,
        q: str = "",
        kind: str | None = None,
        page: Number = 1,
        limit: Annotated[int, Query(ge=1, le=search.SIZE)] = search.SIZE,
        names: bool = False,
    ) -> Response:
        wanted = chosen(request.headers.get("accept"), ["text/html", "application/json"])
        if wanted == "text/html":
            answer = await service.ask(request, search.page, q=q, kind=kind or None, number=page)
        else:
            answer = await service.ask(
                request, search.data, q=q, kind=kind or None, number=page, limit=limit, names=names
            )
        answer.headers["Vary"] = "Accept"
        return answer

    @router.get("/page/id/article/{key:path}")
    async def article_page(request: Request, text: str | None = None) -> Response:
        # Not `lasting`: whether a text is as it was read is looked at each time.
        key = path_of(request).removeprefix("page/id/article/")
        if "/" in key:
            raise Refused(404, "there is nothing here")
        answer = await service.ask(request, article.page, key=key, text=text)
        tag = answer.headers["ETag"]
        if has(request.headers.get("if-none-match"), tag):
            return Response(status_code=304, headers=unchanged(tag, answer.headers))
        return answer

    @router.get("/opensearch.xml")
    async def description(request: Request) -> Response:
        return await service.ask(
            request, search.description, address=site_of(request, service.base)
        )

    return router


class _Files(StaticFiles):
    """Files that clients keep, and ask each time whether they still hold."""

    def file_response(self, *arguments: Any, **more: Any) -> Response:
        response = super().file_response(*arguments, **more)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _list(service: Service, what: str) -> Callable[..., Awaitable[Response]]:
    async def page(
        request: Request,
        sort: str | None = None,
        order: str | None = None,
        kind: str | None = None,
        page: Number = 1,
    ) -> Response:
        chosen = {"sort": sort, "order": order, "kind": kind or None, "number": page}
        return await service.lasting(request, lists.page, what=what, **chosen)

    return page

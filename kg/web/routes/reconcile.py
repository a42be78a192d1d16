"""The reconciliation services, version 0.2 and the draft of 1.0, over the register and over an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from kg.web.protocol.requests import FORM, fields, sent_as, site_of
from kg.web.readers.reply import Refused
from kg.web.views import reconcile

if TYPE_CHECKING:
    from kg.web.service import Service

Kind = Literal["entity", "property", "type"]
Text = Annotated[str, Query(max_length=500)]
Id = Annotated[str, Query(alias="id", max_length=500)]
Type = Annotated[str, Query(alias="type", max_length=500)]
JSON = "application/json"
FIELDS = 50
"""Fields that a request may have; it needs one or two."""
ROOTS = {
    "/reconcile": ("register", False),
    "/reconcile/draft": ("register", True),
    "/reconcile/items": ("items", False),
    "/reconcile/items/draft": ("items", True),
}
"""The services: what each is over, and whether its manifest is that of the draft of 1.0."""


def routes(service: Service) -> APIRouter:
    """All routes below each root; what the draft adds to 0.2 is below the roots of 0.2 as well."""
    router = APIRouter()
    for root, (source, draft) in ROOTS.items():
        router.include_router(_service(service, source, root, draft=draft), prefix=root)
    return router


def _service(service: Service, source: str, path: str, *, draft: bool) -> APIRouter:
    router = APIRouter()

    async def final(request: Request, raw: bytes) -> Response:
        """What 0.2 has at the root: the manifest, matching and data extension."""
        given = dict(reversed(fields(raw, FIELDS)))
        if "queries" in given:
            languages = _languages(request)
            queries = given["queries"]
            return await service.ask(
                request, reconcile.queried, source=source, queries=queries, languages=languages
            )
        if "extend" in given:
            query = given["extend"]
            return await service.ask(
                request, reconcile.extended, source=source, query=query, draft=False
            )
        if request.method == "POST":
            raise Refused(400, "expected queries or extend in the form")
        site = site_of(request, service.base)
        root = f"{site.rstrip('/')}{path}"
        return await service.ask(
            request, reconcile.manifest, source=source, draft=draft, site=site, root=root
        )

    @router.get("")
    async def manifest(request: Request) -> Response:
        return await final(request, request.scope["query_string"])

    @router.post("")
    async def batch(request: Request) -> Response:
        sent_as(request.headers.get("content-type", FORM), [FORM])
        return await final(request, await request.body())

    @router.post("/match")
    async def match(request: Request) -> Response:
        sent_as(request.headers.get("content-type", JSON), [JSON])
        body, languages = await request.body(), _languages(request)
        return await service.ask(
            request, reconcile.matched, source=source, body=body, languages=languages
        )

    @router.post("/extend")
    async def extend(request: Request) -> Response:
        sent_as(request.headers.get("content-type", JSON), [JSON])
        query = await request.body()
        return await service.ask(
            request, reconcile.extended, source=source, query=query, draft=True
        )

    @router.get("/extend/propose")
    async def propose(
        request: Request,
        type_: Type = "",
        limit: Annotated[int | None, Query(ge=1)] = None,
    ) -> Response:
        return await service.ask(
            request, reconcile.proposed, source=source, type_=type_, limit=limit
        )

    @router.get("/suggest/{kind}")
    async def suggest(
        request: Request,
        kind: Kind,
        prefix: Text = "",
        limit: Annotated[int | None, Query(ge=1)] = None,
        offset: Annotated[int, Query(ge=0)] = 0,
        cursor: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        return await service.ask(
            request,
            reconcile.suggested,
            source=source,
            kind=kind,
            prefix=prefix,
            limit=limit,
            offset=offset or cursor,
            languages=_languages(request),
        )

    @router.get("/flyout/{kind}")
    async def flyout(request: Request, kind: Kind, id_: Id) -> Response:
        languages = _languages(request)
        return await service.ask(
            request, reconcile.flyout, source=source, kind=kind, id_=id_, languages=languages
        )

    @router.get("/preview")
    async def preview(request: Request, id_: Id) -> Response:
        return await service.ask(
            request,
            reconcile.preview,
            source=source,
            id_=id_,
            here=f"{path}/preview".removeprefix("/"),
            site=site_of(request, service.base),
            languages=_languages(request),
        )

    return router


def _languages(request: Request) -> tuple[str, ...]:
    """The languages that a client prefers, the first first; what they weigh is left out.

    Browsers send them in order.
    """
    stated = request.headers.get("accept-language", "")[:200].split(",")
    codes = (each.partition(";")[0].strip().lower() for each in stated)
    return tuple(code for code in codes if code and code != "*")[:10]

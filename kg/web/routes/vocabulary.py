"""The ontology, its schemes and the shapes: what https://w3id.org/newskg/ leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from kg.web.protocol.formats import FORMATS, split, wanted
from kg.web.protocol.requests import path_of
from kg.web.readers.reply import Refused
from kg.web.terms import FILES
from kg.web.views import shapes, vocabulary

if TYPE_CHECKING:
    from kg.web.service import Service


def routes(service: Service) -> APIRouter:
    """Each at its path for pages and data by Accept, and with an extension."""
    router = APIRouter(include_in_schema=False)

    @router.get("/ontology")
    @router.get("/ontology.{extension}")
    @router.get("/shapes")
    @router.get("/shapes.{extension}")
    @router.get("/scheme/{name}")
    async def term(request: Request) -> Response:
        here = path_of(request)
        path, extension = split(here)
        if path not in FILES and not path.startswith("scheme/"):
            raise Refused(404, f"there is none of that kind; there are {', '.join(FORMATS)}")
        extension = extension or wanted(request.headers.get("accept"))
        if extension != "html":
            return await service.lasting(
                request, vocabulary.document, path=path, extension=extension, here=here
            )
        match path.partition("/"):
            case "ontology", _, _:
                return await service.lasting(request, vocabulary.ontology)
            case "shapes", _, _:
                return await service.lasting(request, shapes.page)
            case _, _, name:
                return await service.lasting(request, vocabulary.scheme, name=name)

    @router.get("/scheme")
    @router.get("/scheme/")
    async def schemes(request: Request) -> Response:
        up = "../" if path_of(request).endswith("/") else ""
        return Response(status_code=303, headers={"Location": f"{up}ontology#schemes"})

    return router

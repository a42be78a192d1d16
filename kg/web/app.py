"""The application: which routes there are, what they share, and how errors are said."""

from __future__ import annotations

import contextlib
import sys
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match, Mount

from kg import __version__
from kg.errors import KgError, bounded
from kg.web.guard import GRAPHS, Guard, TooLarge
from kg.web.pages.html import problem as problem_page
from kg.web.protocol.formats import CUT, LEFT_OUT, LIMIT
from kg.web.protocol.negotiation import chosen
from kg.web.protocol.problems import MEDIA_TYPE, problem
from kg.web.protocol.requests import path_of
from kg.web.readers.reply import Refused
from kg.web.routes import ROUTES
from kg.web.service import response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from starlette.requests import Request

    from kg.web.service import Service

HERE = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"
READING = ("GET", "HEAD", "POST", "OPTIONS")
METHODS = ("GET", "POST", "PUT", "DELETE")


def application(service: Service) -> FastAPI:
    """The application that serves a workspace; its readers start and stop with it."""

    @contextlib.asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        try:
            await service.readers.start()
        except KgError as error:
            app.state.failure = error
            raise
        try:
            yield
        finally:
            await service.readers.stop()

    app = FastAPI(
        title="kg",
        version=__version__,
        lifespan=running,
        docs_url=None,  # those of FastAPI come from a CDN
        redoc_url=None,
        openapi_url=None,  # `routes.api` has it, with the stored queries
    )
    app.state.service = service
    for routes in ROUTES:
        app.include_router(routes(service))
    # What is only on this machine is for pages of this machine: any page on the web could read it out
    # otherwise. Never with what a browser knows of its user; and writing asks for a header that no
    # page of another origin may send.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"] if service.options.every_origin else [],
        allow_origin_regex=HERE,
        allow_methods=READING,
        allow_headers=["Accept", "Accept-Language", "Content-Type", "If-None-Match"],
        expose_headers=[
            "ETag",
            "Link",
            "Location",
            LIMIT,
            CUT,
            LEFT_OUT,
            "Retry-After",
        ],
    )
    app.add_exception_handler(KgError, _kg_error)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(TooLarge, lambda request, error: _said(request, 413, str(error)))
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _bug)
    app.add_exception_handler(ClientDisconnect, _gone)
    return app


def guarded(app: FastAPI, service: Service) -> Guard:
    """The application behind what every request passes, errors of its own among the answers."""
    options = service.options
    return Guard(
        app,
        hosts=options.hosts,
        body=options.body,
        writing_body=options.writing_body,
        token=options.token if options.write else None,
        base=service.base,
        log=options.log,
    )


def _kg_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, KgError)  # noqa: S101 - how Starlette types handlers
    return _said(request, error.status, str(error), hint=error.hint)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101
    return _said(request, error.status, error.detail, hint=error.hint, headers=error.headers)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    headers, detail, hint = error.headers, str(error.detail), None
    unknown = error.status_code == 404 and detail == HTTPStatus.NOT_FOUND.phrase
    if unknown and not _for_people(request.headers.get("accept")):  # their page has its own words
        detail = f"nothing here has the address /{bounded(path_of(request), 200)}"
        hint = "/search?q= finds things by their names, /docs says what else can be asked"
    if error.status_code == 405:  # Starlette names the methods of the first route that has the path
        allowed = ", ".join(_allowed(request))
        headers = {**(headers or {}), "Allow": allowed}
        detail = f"{bounded(request.method, 20)} is not possible at this address"
        hint = f"it answers {allowed}" if allowed else None
    return _said(request, error.status_code, detail, hint=hint, headers=headers)


def _allowed(request: Request) -> list[str]:
    """The methods that some route answers at the path that was asked for; graphs may be only read."""
    service: Service = request.app.state.service
    path = request.url.path
    only_read = path.startswith(f"{GRAPHS}/") or path == GRAPHS
    found = []
    for method in ("GET",) if only_read and not service.options.write else METHODS:
        asked = {"type": "http", "method": method, "path": path, "headers": []}
        routes = request.app.routes
        if method != "GET":  # a folder of files matches whatever the method
            routes = [route for route in routes if not isinstance(route, Mount)]
        if any(route.matches(asked)[0] is Match.FULL for route in routes):
            found += [method, "HEAD"] if method == "GET" else [method]
    return found


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"][1:]))
    return _said(request, 400, f"{place}: {first['msg']}")


def _gone(_: Request, __: Exception) -> Response:
    """Whoever asked has hung up in the middle of it: nobody reads this."""
    return Response(status_code=400)


def _bug(request: Request, error: Exception) -> Response:
    """A bug: the trace is for whoever runs the server, not for whoever asked."""
    sys.stderr.write("".join(traceback.format_exception(error)))
    return _said(request, 500, "something went wrong here; the log of the server says more")


def _said(
    request: Request,
    status: int,
    detail: str,
    *,
    hint: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as those who ask read it: browsers as a page, programs as problem details."""
    headers = {"Vary": "Accept", **(headers or {})}
    if not _for_people(request.headers.get("accept")):
        return problem(status, detail, hint=hint, headers=headers)
    service: Service = request.app.state.service
    page = problem_page(
        service.workspace,
        service.readers.snapshot.generation,
        here=path_of(request),
        status=status,
        detail=detail,
        hint=hint,
        headers=headers,
    )
    return response(page)


def _for_people(accept: str | None) -> bool:
    try:
        return chosen(accept, [MEDIA_TYPE, "text/html"]) == "text/html"
    except Refused:
        return False

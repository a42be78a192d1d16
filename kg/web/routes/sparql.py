"""The SPARQL 1.1 Protocol at /sparql: queries, the description of the service, the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi import APIRouter, Request, Response

from kg.errors import KgError
from kg.web.protocol.formats import of_graph
from kg.web.protocol.negotiation import chosen
from kg.web.protocol.problems import MEDIA_TYPE as PROBLEM
from kg.web.protocol.requests import FORM, fields, sent_as, site_of
from kg.web.protocol.results import GRAPH, ROWS
from kg.web.readers.reply import Refused
from kg.web.views import description, querypages, sparql

if TYPE_CHECKING:
    from kg.web.service import Service

PATH: Final = "/sparql"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
PAGE: Final = "text/html"
FIELDS: Final = 2_000
"""Fields of a request at most: some may name each graph that they ask."""
READ_ONLY: Final = "updates are not possible here: the files of the workspace are what is true"


class Operation(NamedTuple):
    """What a request asks, of which graphs; without a query it asks about the service.

    `edit` and `name` are what links to the editor say: not to run the query yet, and a stored one.
    """

    query: str | None
    default: list[str] | None
    named: list[str] | None
    edit: bool = False
    name: str = ""


def routes(service: Service) -> APIRouter:
    """The endpoint for queries."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    @router.post(PATH)
    async def endpoint(request: Request) -> Response:
        accept = request.headers.get("accept")
        try:
            response = await _answered(service, request, await _asked(request))
        except (KgError, Refused) as error:
            if PROBLEM in (accept or "") or (request.method != "POST" and wants_page(accept)):
                raise
            response = told(error)
        response.headers.setdefault("Vary", "Accept")
        return response

    return router


async def _answered(service: Service, request: Request, asked: Operation) -> Response:
    accept = request.headers.get("accept")
    if request.method != "POST" and wants_page(accept):
        return await _page(service, request, asked)
    if asked.query is None:
        return await _described(service, request, accept)
    return await service.ask(
        request,
        sparql.answer,
        sparql=asked.query,
        accept=accept,
        rows=service.options.rows,
        base=_address(service, request),
        default=asked.default,
        named=asked.named,
    )


def wants_page(accept: str | None) -> bool:
    """Whether whoever asks wants a page: a browser.

    >>> wants_page("text/html,application/xml;q=0.9,*/*;q=0.8"), wants_page("*/*")
    (True, False)
    """
    # Most clients of SPARQL do not name pages at all, and need no closer look.
    try:
        return accept is not None and PAGE in accept and chosen(accept, _OFFERED) == PAGE
    except Refused:  # which is said by whoever looks for the type of the answer
        return False


_OFFERED: Final = [*ROWS, *GRAPH, PAGE]


async def _page(service: Service, request: Request, asked: Operation) -> Response:
    """The editor, with the answer where there is a query that is not only to be edited."""
    if asked.query is None and not asked.name:
        return await service.lasting(request, querypages.editor)
    query, name = asked.query or "", asked.name
    run = asked.query is not None and not asked.edit
    try:
        return await service.ask(request, querypages.editor, query=query, name=name, run=run)
    except Refused as refused:
        if not run or refused.status != 503:
            raise
        refusal = (refused.status, refused.detail, refused.hint)
        page = await service.ask(request, querypages.editor, query=query, refusal=refusal)
        page.headers.update(refused.headers)
        return page


async def _described(service: Service, request: Request, accept: str | None) -> Response:
    media_type = of_graph(accept, list(GRAPH))
    return await service.lasting(
        request,
        description.service,
        address=_address(service, request),
        media_type=media_type,
    )


def _address(service: Service, request: Request) -> str:
    """The address of the endpoint."""
    return f"{site_of(request, service.base)}{PATH[1:]}"


def told(error: KgError | Refused) -> Response:
    """An error in plain words: what clients of SPARQL show to people is the body as it is."""
    if isinstance(error, Refused):
        status, words, headers = error.status, error.detail, error.headers
    else:
        status, words, headers = error.status, str(error), {}
    lines = [words, *([error.hint] if error.hint else [])]
    body = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
    return Response(body, status_code=status, media_type="text/plain", headers=headers)


async def _asked(request: Request) -> Operation:
    """What a request asks (SPARQL 1.1 Protocol, 2.1). Raises Refused where it breaks the protocol."""
    found = fields(request.scope["query_string"], FIELDS)
    if request.method == "POST":
        media_type = sent_as(request.headers.get("content-type", ""), (FORM, QUERY, UPDATE))
        body = await request.body()
        if media_type == FORM:
            found += fields(body, FIELDS)
        elif media_type == QUERY:
            found.append(("query", _text(body)))
        else:
            found.append(("update", ""))
    if any(name == "update" for name, _ in found):
        raise Refused(403, READ_ONLY, hint="edit them, then kg build")
    queries = [value for name, value in found if name == "query"]
    if len(queries) > 1:
        raise Refused(400, "a request has one query; this one has several")
    if not queries and request.method == "POST":
        raise Refused(400, "there is no query in the request", hint="send it as query=…")
    graphs = {
        name: [value for field, value in found if field == f"{name}-graph-uri"]
        for name in ("default", "named")
    }
    dataset = any(graphs.values())
    return Operation(
        query=queries[0] if queries else None,
        default=graphs["default"] if dataset else None,
        named=graphs["named"] if dataset else None,
        edit=any(name == "edit" for name, _ in found),
        name=next((value for name, value in found if name == "name"), ""),
    )


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, "the query is not in UTF-8") from error

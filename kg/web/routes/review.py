"""Review over HTTP, where `kg serve --write` lets it: signing in, what waits, decisions and taking back.

All of it is for people at a browser; programs have `kg review`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from kg.errors import KgError, StoreError
from kg.web.protocol.requests import FORM, client, fields, sent_as, site_of
from kg.web.readers.reply import Refused
from kg.web.views import review as views
from kg.web.views.review import Signed
from kg.web.writing.deciding import ALL, BECAUSE, VERBS, Decider, Decision, Meanwhile
from kg.web.writing.following import Following
from kg.web.writing.sessions import Session, Sessions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from kg.web.service import Service
    from kg.web.writing.deciding import Made

    _Handler = Callable[[Request], Awaitable[Response]]

AGAIN = "10"
"""Seconds after which it is worth to try again where another process has the workspace."""

FIELDS = 20
"""Fields that a form may have; the largest of ours has twelve."""


def routes(service: Service) -> APIRouter:
    """The pages of review; without --write each of them says how to get them."""
    router = APIRouter(prefix="/review", include_in_schema=False)
    token = service.options.token
    if not service.options.write or token is None:

        @router.api_route("", methods=["GET", "POST"])
        @router.api_route("/{_:path}", methods=["GET", "POST"])
        async def closed() -> Response:
            raise Refused(403, "nothing can be written here", hint="kg serve --write lets you")

        return router
    _Review(service, Sessions(token, service.workspace.root)).add_to(router)
    return router


class _Review:
    def __init__(self, service: Service, sessions: Sessions) -> None:
        self.service = service
        self.sessions = sessions
        self._decider = Decider(service.workspace)
        self._following = Following(service, self._decider.rebuild)

    def add_to(self, router: APIRouter) -> None:
        """Say what answers where."""
        for path, method, answer in (
            ("", "GET", self._page(self.overview)),
            ("/item", "GET", self._page(self.item)),
            ("/decided", "GET", self._page(self.decided)),
            ("/sign-in", "GET", self.form),
            ("/sign-in", "POST", self.sign_in),
            ("/sign-out", "POST", self.sign_out),
            ("/decide", "POST", self._form(self.decide)),
            ("/take-back", "POST", self._form(self.take_back)),
        ):
            router.add_api_route(path, answer, methods=[method])

    async def overview(self, request: Request, session: Session) -> Response:
        given = request.query_params
        return await self.service.ask(
            request,
            views.overview,
            signed=_signed(session),
            part=given.get("part", ""),
            about=given.get("about", ""),
            at=_number(given.get("at", "0")),
        )

    async def item(self, request: Request, session: Session) -> Response:
        given = request.query_params
        return await self.service.ask(
            request,
            views.item,
            signed=_signed(session),
            of=given.get("of", ""),
            part=given.get("part", ""),
            about=given.get("about", ""),
        )

    async def decided(self, request: Request, session: Session) -> Response:
        at = _number(request.query_params.get("at", "0"))
        return await self.service.ask(request, views.decided, signed=_signed(session), at=at)

    async def form(self, request: Request) -> Response:
        if self._find(request) is not None:
            return _to("../review")
        return await self.service.ask(request, views.sign_in)

    async def sign_in(self, request: Request) -> Response:
        sent, base = await _fields(request), self.service.base
        name = sent.get("name", "")
        try:
            id_ = self.sessions.begin(sent.get("token", ""), name, client(request, base))
        except Refused as refusal:
            answer = await self.service.ask(
                request, views.sign_in, wrong=refusal.detail, name=name, status=refusal.status
            )
            answer.headers.update(refusal.headers)
            return answer
        answer = _to("../review")
        answer.set_cookie(
            self.sessions.cookie,
            id_,
            path="/",
            httponly=True,
            samesite="strict",
            secure=urlsplit(site_of(request, base)).scheme == "https",
        )
        return answer

    async def sign_out(self, request: Request) -> Response:
        session = self._find(request)
        if session is not None:
            session.check((await _fields(request)).get("secret", ""))
            self.sessions.end(request.cookies.get(self.sessions.cookie))
        answer = _to("sign-in")
        answer.delete_cookie(self.sessions.cookie, path="/", httponly=True, samesite="strict")
        return answer

    async def decide(
        self, request: Request, session: Session, fields: Mapping[str, str]
    ) -> Response:
        verb, _, key = fields.get("verdict", "").partition(" ")
        because = " ".join(fields.get("because", "").split())
        of, kept = fields.get("of", ""), _kept(fields)
        wrong, status, made = None, 200, None
        if verb not in VERBS:
            wrong, status = ("It is not said what is decided.", ""), 400
        elif len(because) > BECAUSE or not because.isprintable():
            wrong, status = (f"A reason is words, at most {BECAUSE:,} characters.", ""), 400
        else:
            decision = Decision(
                by=session.name,
                of=of,
                state=fields.get("state", ""),
                verb=verb,
                key=key,
                file=fields.get("file", ""),
                group=fields.get("group", ""),
                because=because or None,
            )
            try:
                made = await self._write(lambda: self._decider.decide(decision))
            except Meanwhile as error:
                wrong, status = (error.what, error.more), 409
            except StoreError as error:
                wrong, status = _busy(error), 503
            except KgError as error:
                wrong, status = (str(error), error.hint or ""), 400
        if made is None:
            answer = await self.service.ask(
                request,
                views.item,
                signed=_signed(session),
                of=of,
                part=kept["part"],
                about=kept["about"],
                because=because[:BECAUSE],
                wrong=wrong,
                status=status,
            )
            if status == 503:
                answer.headers["Retry-After"] = AGAIN
            return answer
        session.told += made.lines
        session.undo = (made.on, fields.get("file", ""), of)
        next_ = of if made.waits else fields.get("beyond" if verb in ALL else "next", "")
        if not next_:
            return _to(_with("../review", kept))
        return _to(_with("item", {"of": next_, **kept}))

    async def take_back(self, _: Request, session: Session, fields: Mapping[str, str]) -> Response:
        of, file, whole = fields.get("of", ""), fields.get("file", ""), "back" in fields
        try:
            made = await self._write(
                lambda: self._decider.take_back(of, session.name, file, whole=whole)
            )
        except StoreError as error:
            session.told += _busy(error)
        except KgError as error:
            session.told.append(str(error))
        else:
            session.told += made.lines
        back = fields.get("back", "")
        return _to(_with("item", {"of": back}) if back else "decided")

    async def _write(self, work: Callable[[], Made]) -> Made:
        """Do what writes, one after the other, and have the pages show what came of it."""
        async with self.service.writing:
            made = await asyncio.to_thread(work)
        made.lines.extend(await self._following.follow())
        return made

    def _find(self, request: Request) -> Session | None:
        return self.sessions.find(request.cookies.get(self.sessions.cookie))

    def _page(self, page: Callable[[Request, Session], Awaitable[Response]]) -> _Handler:
        """A page for those who are signed in; others are led to the form."""

        async def answer(request: Request) -> Response:
            session = self._find(request)
            if session is None:
                is_first = request.url.path.endswith("/review")
                return _to("review/sign-in" if is_first else "sign-in")
            return await page(request, session)

        return answer

    def _form(
        self, action: Callable[[Request, Session, Mapping[str, str]], Awaitable[Response]]
    ) -> _Handler:
        """What a form may change, with its fields, where it comes from a page of a session."""

        async def answer(request: Request) -> Response:
            session = self._find(request)
            if session is None:
                raise Refused(403, "you are not signed in any more", hint="sign in at /review")
            fields = await _fields(request)
            session.check(fields.get("secret", ""))
            return await action(request, session, fields)

        return answer


def _signed(session: Session) -> Signed:
    """What a page needs of a session; what it tells is told once."""
    signed = Signed(session.name, session.secret, tuple(session.told), session.undo)
    session.told.clear()
    session.undo = None
    return signed


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form that comes from a page of this server."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused(403, "this form comes from a page of another site")
    sent_as(request.headers.get("content-type", ""), [FORM])
    return dict(fields(await request.body(), FIELDS))


def _kept(fields: Mapping[str, str]) -> dict[str, str]:
    """Which part of the queue somebody goes through."""
    return {name: fields.get(name, "") for name in ("part", "about")}


def _with(path: str, given: Mapping[str, str]) -> str:
    words = urlencode({name: value for name, value in given.items() if value})
    return f"{path}?{words}" if words else path


def _to(path: str) -> RedirectResponse:
    """Go on to a page, by an address that is relative to that of the request."""
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})


def _busy(error: StoreError) -> tuple[str, str]:
    return "Nothing was written: the workspace is in use. Try again.", str(error)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0

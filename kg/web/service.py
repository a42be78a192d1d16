"""What the routes share: the readers, the options, and the way from a view to a response."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from starlette.responses import Response, StreamingResponse

from kg import __version__
from kg.web.protocol.requests import client

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from starlette.requests import Request

    from kg.web.protocol.tokens import Token
    from kg.web.readers.pool import Readers
    from kg.web.readers.reply import Reply
    from kg.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a server serves. `token` is what writing asks for; without one nobody writes.

    `every_origin` lets pages of other sites read. `rows` caps the rows of an answer, `body` the
    bytes of a request; `log` has a line written on stderr for each.
    """

    write: bool = False
    token: Token | None = None
    hosts: tuple[str, ...] = ()
    every_origin: bool = False
    rows: int = 100_000
    body: int = 1_000_000
    writing_body: int = 100_000_000
    log: bool = True


@dataclass(frozen=True, kw_only=True)
class Service:
    """The workspace behind a server, and who reads it; `writing` lets one writer in at a time."""

    workspace: Workspace
    readers: Readers
    options: Options
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    made: Made = field(default_factory=lambda: Made())

    @property
    def base(self) -> str:
        """The base of the workspace's IRIs, at which it is published."""
        return self.workspace.settings.base

    async def ask(
        self, request: Request, view: Callable[..., Reply], /, **arguments: Any
    ) -> Response:
        """The response that a view makes of its arguments, in one of the readers."""
        return response(await self._reply(request, view, arguments))

    async def lasting(
        self,
        request: Request,
        view: Callable[..., Reply],
        /,
        **arguments: Any,
    ) -> Response:
        """The response of a view whose reply holds until the data change: with ETag, or 304 to who has it.

        The reply is kept as long as there is room. Arguments have to be hashable, and to have a
        `repr` that tells all of them.
        """
        generation = self.readers.snapshot.generation
        if not generation:
            return await self.ask(request, view, **arguments)
        key = (generation, view, tuple(sorted(arguments.items())))
        # Hashed, since it has in it what somebody asked by, which no header could carry.
        asked = repr((__version__, view.__module__, view.__qualname__, key[2]))
        tag = (
            f'W/"{generation}-{hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:16]}"'
        )
        reply = self.made.get(key)
        if reply is None:
            reply = await self._reply(request, view, arguments)
            headers = {"ETag": tag, "Cache-Control": "no-cache"}  # ask each time whether it holds
            if reply.status == 200 and "Cache-Control" not in reply.headers:  # it may say no-store
                reply = replace(reply, headers=headers | dict(reply.headers))
                self.made.keep(key, reply)
        if reply.status == 200 and has(request.headers.get("if-none-match"), tag):
            return Response(status_code=304, headers=unchanged(tag, reply.headers))
        return response(reply)

    async def _reply(
        self, request: Request, view: Callable[..., Reply], arguments: dict[str, Any]
    ) -> Reply:
        who = client(request, self.base)
        return await self.readers.ask(view, arguments, client=who)


class Made:
    """The latest replies, so many bytes of them; their keys name the state of the data."""

    def __init__(self, limit: int = 64_000_000) -> None:
        self.limit = limit
        self._replies: OrderedDict[Hashable, Reply] = OrderedDict()
        self._size = 0

    def get(self, key: Hashable) -> Reply | None:
        """The reply that was kept, if it still is."""
        if key in self._replies:
            self._replies.move_to_end(key)
        return self._replies.get(key)

    def keep(self, key: Hashable, reply: Reply) -> None:
        """Keep a reply, and let go of those that nobody has asked for the longest."""
        size = _size(key, reply)
        if isinstance(reply.body, Path) or size > self.limit // 10:
            return
        self._size += size
        if key in self._replies:
            self._size -= _size(key, self._replies.pop(key))
        self._replies[key] = reply
        while self._size > self.limit:
            self._size -= _size(*self._replies.popitem(last=False))


def _size(key: Hashable, reply: Reply) -> int:
    """The bytes of a reply and of what it was asked by, which a client may make as long as an address."""
    return (len(reply.body) if isinstance(reply.body, bytes) else 0) + len(repr(key))


def unchanged(tag: str, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a 304, by those that its 200 would have (RFC 9110, 15.4.5)."""
    return {"ETag": tag} | {
        name: headers[name] for name in ("Vary", "Cache-Control") if name in headers
    }


def has(header: str | None, tag: str) -> bool:
    """Whether an If-None-Match names a tag; weakly, as RFC 9110 has it for GET."""
    if header is None:
        return False
    tags = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in tags or tag.removeprefix("W/") in tags


def response(reply: Reply) -> Response:
    """A reply as it is sent."""
    if isinstance(reply.body, bytes):
        return Response(
            reply.body,
            status_code=reply.status,
            media_type=reply.media_type,
            headers=dict(reply.headers),
        )
    file = reply.body.open("rb")
    length = os.fstat(file.fileno()).st_size
    reply.body.unlink()  # what is open can be read to its end, and nothing is left behind
    return StreamingResponse(
        _parts(file),
        status_code=reply.status,
        media_type=reply.media_type,
        headers={"Content-Length": str(length)} | dict(reply.headers),
    )


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(1 << 18):
            yield part

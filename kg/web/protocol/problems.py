"""What went wrong, as problem details (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from kg.web.readers.reply import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    detail: str,
    *,
    hint: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as a response."""
    return Response(
        content(status, detail, hint=hint),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def content(status: int, detail: str, **members: str | None) -> bytes:
    """A problem as it is written; `members` are what else it says, where they say anything.

    >>> content(404, "no such thing", hint="look there").decode().partition(",")[2]
    '"title":"Not Found","status":404,"detail":"no such thing","hint":"look there"}\\n'
    """
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **{name: value for name, value in members.items() if value},
    }
    return as_json(told)

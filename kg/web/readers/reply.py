"""What answers a request: made by a view, sent by a route."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The body with its media type; a path is a file that is deleted when it is sent."""

    body: bytes | Path
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(content: object) -> bytes:
    """The bytes of JSON; a half of a character, which JSON from elsewhere can have, becomes a `?`.

    >>> as_json({"name": "Zoë", "half": "\\ud800"}).decode()
    '{"name":"Zoë","half":"?"}\\n'
    """
    try:
        return orjson.dumps(content) + b"\n"
    except TypeError:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return f"{text}\n".encode("utf-8", "replace")


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """An answer that is a refusal, with its HTTP status; sent as problem details (RFC 9457)."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, hint, headers)
        self.status = status
        self.detail = detail
        self.hint = hint
        self.headers = dict(headers or {})

    def __reduce__(self) -> tuple[object, ...]:
        return _refused, (self.status, self.detail, self.hint, self.headers)


def _refused(status: int, detail: str, hint: str | None, headers: dict[str, str]) -> Refused:
    return Refused(status, detail, hint=hint, headers=headers)

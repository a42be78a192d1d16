"""What tests of the web share: servers over the founding corpus, the newsroom and the sample, and asking."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import urllib3

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """An answer: header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Site:
    """A server to ask; `address` ends in a slash, paths start with one. Redirections are not followed."""

    address: str

    def get(self, path: str, accept: str | None = None, **headers: str) -> Got:
        return self.ask("GET", path, accept=accept, headers=headers)

    def ask(
        self,
        method: str,
        path: str,
        *,
        accept: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> Got:
        """`fields` are sent as a form (application/x-www-form-urlencoded)."""
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if accept is not None:
            sent["Accept"] = accept
        more: dict[str, Any] = {"body": body} if body is not None else {}
        if fields is not None:
            more = {"body": urlencode(fields)}
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        answer = urllib3.request(
            method,
            self.address.rstrip("/") + path,
            headers=sent,
            redirect=False,
            retries=False,
            timeout=60,
            **more,
        )
        found = {name.lower(): value for name, value in answer.headers.items()}
        return Got(status=answer.status, headers=found, body=answer.data)

"""Every request with what came of it, kept in a file, so that a run can be repeated without a network.

A file is named by the SHA-256 of its request and holds no key. `status` is that of the last answer
(0 where there was none); `reply` is what the model wrote; `error` says why there is none, `hint`
what to do about it, and `final` that no other request would fare better. Half a reply has `finish`
length. `rejected` lists what of the reply was not taken over, and why.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from kg.edtf import Instant  # noqa: TC001  # pydantic reads the annotations at run time
from kg.errors import InputError
from kg.extract.llm.prompt import digest
from kg.files import read_file, reporting, write_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import TypeAdapter

_LIMIT: Final = 50_000_000
"""Bytes of a file of an exchange: more than the largest request and the largest reply together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Something in a reply that was not taken over; `where` is the window that it was about."""

    what: str
    why: str
    where: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why} ({self.where})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and what came of it."""

    request: dict[str, Any]
    date: Instant
    status: int
    model: str | None = None
    reply: str | None = None
    finish: str | None = None
    error: str | None = None
    refused: str | None = None
    hint: str | None = None
    final: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None
    rejected: tuple[Rejection, ...] = ()


class Exchanges:
    """The exchanges in a folder; with no folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def keep(self, exchange: Exchange) -> None:
        """Write an exchange down; a reply is never given up for the lack of one.

        Raises StoreError where the file system refuses.
        """
        if self.folder is None:
            return
        file = self.folder / f"{digest(exchange.request)}.json"
        if exchange.reply is None and self._has_reply(file):
            return
        with reporting(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        content = json.dumps(asdict(exchange), ensure_ascii=False, indent=1, sort_keys=True)
        write_file(file, f"{content}\n".encode(errors="replace"))

    def find(self, request: Mapping[str, Any]) -> Exchange | None:
        """What came of a request, if that was kept.

        Raises InputError where a file was changed so that it does not hold what its name says.
        """
        if self.folder is None:
            return None
        file = self.folder / f"{digest(request)}.json"
        return _read(file) if file.exists() else None

    @staticmethod
    def _has_reply(file: Path) -> bool:
        try:
            return file.exists() and _read(file).reply is not None
        except InputError:  # it is of no use, so that it can be replaced
            return False


def _read(file: Path) -> Exchange:
    from pydantic import ValidationError

    hint = "put the file back as it was, or delete it and ask again"
    try:
        exchange = _adapter().validate_json(read_file(file, limit=_LIMIT))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in fault["loc"])
        raise InputError(
            f"{file}: is no exchange with a model: {place}: {fault['msg']}", hint=hint
        ) from None
    if f"{digest(exchange.request)}.json" != file.name:
        raise InputError(f"{file}: its request is not the one that it is named by", hint=hint)
    return exchange


@cache
def _adapter() -> TypeAdapter[Exchange]:
    from pydantic import TypeAdapter

    return TypeAdapter(Exchange)

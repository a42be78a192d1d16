"""Answers of services, kept on the disk with the day on which they came. It can be deleted at any time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from kg.files import TEMPORARY

if TYPE_CHECKING:
    from pathlib import Path

_LEVEL: Final = 3
"""Of zlib: entities shrink to a fifth, and higher levels gain little for three times the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer that was kept, and when it came."""

    data: Any
    at: datetime


class Cache:
    """A folder of answers by their keys.

    One that is damaged counts as none, and one that cannot be written is asked for again another time.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Kept | None:
        """What was kept under a key, if it is whole and no other key's."""
        try:
            head, _, body = self._file(key).read_bytes().partition(b"\n")
            about = orjson.loads(head)
            if about["key"] != key or about["sha256"] != hashlib.sha256(body).hexdigest():
                return None
            at = datetime.fromisoformat(about["at"]).astimezone(UTC)
            return Kept(data=orjson.loads(zlib.decompress(body)), at=at)
        except (OSError, ValueError, KeyError, TypeError, zlib.error):
            return None

    def put(self, key: str, data: Any, at: datetime) -> None:
        """Keep an answer in place of an earlier one, wholly or not at all."""
        body = zlib.compress(orjson.dumps(data), _LEVEL)
        digest = hashlib.sha256(body).hexdigest()
        head = orjson.dumps({"key": key, "at": at.isoformat(), "sha256": digest})
        file = self._file(key)
        prefix, suffix = TEMPORARY
        new = file.with_name(f"{prefix}{file.name}-{os.getpid()}{suffix}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            # Not by kg.files: what a power cut leaves of it has another sum, and is asked for again.
            new.write_bytes(head + b"\n" + body)
            new.replace(file)
        except OSError:
            with contextlib.suppress(OSError):
                new.unlink()

    def _file(self, key: str) -> Path:
        name = hashlib.sha256(key.encode(errors="replace")).hexdigest()
        return self.folder / name[:2] / name[2:]

"""The seal of an annotation that a machine made: it tells whether a person has been at it since.

The seal is the SHA-256 of the file without the line that has it, so any other byte breaks it, a
comment as well as an offset. It lies in the file itself and goes where that goes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg import annotation as format_

if TYPE_CHECKING:
    from kg.model import Annotation, Mention

_SEAL: Final = re.compile(rb"^  sha256: ([0-9a-f]{64})\n", re.MULTILINE)
_MADE: Final = re.compile(rb"^made:\n((?:  .*\n)+)", re.MULTILINE)


def sealed(annotation: Annotation, text: str) -> bytes:
    """The annotation as a file, with the words of its mentions beside their offsets, and the seal."""
    remarks = {"mentions": [_words(mention, text) for mention in annotation.mentions]}
    bare = replace(annotation, passages=())  # the text is at hand to prove every span
    content = format_.write(bare, remarks=remarks).encode()
    made = _MADE.search(content)
    if made is None:
        raise TypeError("an annotation says who made it")
    digest = hashlib.sha256(content).hexdigest().encode()
    return content[: made.end()] + b"  sha256: " + digest + b"\n" + content[made.end() :]


def seal_of(content: bytes) -> str | None:
    """The seal that a file has, broken or not."""
    seal = _seal(content)
    return seal[1].decode() if seal else None


def untouched(content: bytes) -> bool:
    """Whether a file is an annotation as a machine left it."""
    seal = _seal(content)
    if seal is None:
        return False
    rest = content[: seal.start()] + content[seal.end() :]
    return hashlib.sha256(rest).hexdigest().encode() == seal[1]


def _seal(content: bytes) -> re.Match[bytes] | None:
    made = _MADE.search(content)
    return _SEAL.search(content, made.start(), made.end()) if made else None


def _words(mention: Mention, text: str) -> str:
    start, end = mention.span  # type: ignore[misc]  # a machine's places are offsets
    return " ".join(text[start:end].split())

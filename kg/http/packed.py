"""Bodies of HTTP out of their compression, never longer than allowed."""

from __future__ import annotations

import zlib
from typing import Final

_MEMBERS: Final = 1000
"""How many parts a gzip file can have; each costs a copy of the rest."""


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """A body as it was before it was compressed; what says so and is not compressed, as it is.

    Of one that would be longer than the limit there is one byte too many. Raises ValueError where it is
    damaged, cut off, or compressed in a way that no request of ours allows.

    >>> unpacked(zlib.compress(b"A report."), "deflate", 100)
    b'A report.'
    """
    encoding = encoding.strip().lower()
    if encoding in {"gzip", "x-gzip"} and body.startswith(b"\x1f\x8b"):
        return _inflated(body, 16 + zlib.MAX_WBITS, limit)
    if encoding == "deflate" and not body.lstrip().startswith(b"<"):
        # The standard says zlib, and some servers leave out its header.
        zipped = len(body) > 1 and body[0] & 15 == 8 and not int.from_bytes(body[:2]) % 31
        return _inflated(body, zlib.MAX_WBITS if zipped else -zlib.MAX_WBITS, limit)
    known = encoding in {"", "identity", "gzip", "x-gzip", "deflate"}
    if not known and not body.lstrip().startswith(b"<"):
        raise ValueError(f"is compressed with {encoding[:40]!r}, which is not read")
    return body


def _inflated(body: bytes, bits: int, limit: int) -> bytes:
    parts: list[bytes] = []
    room = limit + 1
    while body and room > 0 and len(parts) < _MEMBERS:
        inflater = zlib.decompressobj(bits)
        try:
            parts.append(inflater.decompress(body, room))
        except zlib.error as error:
            raise ValueError(f"its compression is damaged: {error}") from None
        room -= len(parts[-1])
        if not inflater.eof and room > 0:
            raise ValueError("its compression is cut off")
        body = inflater.unused_data
        if bits < 16:  # only gzip goes on with a further member
            break
    return b"".join(parts)

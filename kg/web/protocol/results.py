"""What the engine answers as bodies of responses: the SPARQL 1.1 result formats and RDF.

The engine writes them itself, into memory or into a file where they are large; rows pass through
Python only where the engine's own form is not good enough.
"""

from __future__ import annotations

import io
import itertools
from typing import IO, TYPE_CHECKING, Final, cast

import pyoxigraph as ox

from kg import rdf
from kg.files import reporting
from kg.query.results import ROWS as ENGINE
from kg.query.results import stream
from kg.web.protocol import formats
from kg.web.readers.reply import Refused, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from kg.web.readers.reading import Reading

_OURS, *_OTHERS = formats.TRUTH.values()
BOOLEAN: Final[Mapping[str, str]] = {each.media_type: each.form for each in (*_OTHERS, _OURS)}
"""The formats of a yes or no by media types, the first for those who take anything; CSV and TSV have none."""
ROWS: Final[Mapping[str, str]] = {
    **BOOLEAN,
    **{each.media_type: each.form for each in formats.ROWS.values()},
}
"""The formats of rows."""
GRAPH: Final[Mapping[str, ox.RdfFormat]] = {
    each.media_type: engine
    for each in formats.FORMATS.values()
    if (engine := ox.RdfFormat.from_media_type(each.media_type))
}
"""The formats of a graph."""
SMALL: Final = 1_000
"""Triples up to which a graph is sorted and has only the prefixes it needs, which takes 4 ms."""
LARGE: Final = 4_000_000
"""Bytes from which a body is kept on the disk: it exists three times on its way from a reader."""
MOST: Final = 1_000_000_000
"""Bytes of a body: more would fill disks. Dumps are what `kg export` is for."""

_BETWEEN: Final = {"json": b"},{", "xml": b"<result>", "tsv": b"\n", "csv": b"\n"}
"""What stands between rows, and seldom inside of them."""


class Body:
    """A file for the engine to write to, of which can be said how often something has been written."""

    def __init__(self, reading: Reading, counted: bytes = b"") -> None:
        self._reading = reading
        self._counted = counted
        self._seen = 0
        self._last = b""
        self._size = 0
        self._memory = io.BytesIO()
        self._path: Path | None = None
        self._out: IO[bytes] = self._memory

    def write(self, content: bytes) -> int:
        """Add to the body. Raises Refused where it is getting too large."""
        self._size += len(content)
        if self._size > LARGE:
            self._to_disk(content)
        return self._out.write(content)

    def _to_disk(self, content: bytes) -> None:
        """Go on in a file, or check that there may be more in it."""
        if self._size > MOST:
            raise Refused(503, f"the answer has more than {MOST:,} bytes", hint="ask for less")
        if self._path is None:
            self._path = self._reading.spool()
            with reporting(self._path):
                self._out = self._path.open("wb")
                self._out.write(self._memory.getvalue())
            self._count(self._memory.getvalue())
            self._memory = io.BytesIO()
        self._count(content)

    def _count(self, content: bytes) -> None:
        if self._counted:
            # What is cut in two counts as well; no longer rest is kept, or it would count twice.
            content = self._last + content
            self._seen += content.count(self._counted)
            self._last = content[1 - len(self._counted) or len(content) :]

    @property
    def seen(self) -> int:
        """How often what is counted has been written; at once, since to do so by pieces takes longer."""
        return self._seen if self._path else self._memory.getvalue().count(self._counted)

    def flush(self) -> None:
        """Nothing waits here to be written."""

    def drop(self) -> None:
        """Delete what is on the disk: nobody will send it."""
        if self._path is not None:
            self._out.close()
            self._path.unlink(missing_ok=True)

    def reply(self, media_type: str, headers: Mapping[str, str]) -> Reply:
        """The body as a reply."""
        self._out.flush()
        if self._path is None:
            return Reply(body=self._memory.getvalue(), media_type=media_type, headers=headers)
        self._out.close()
        return Reply(body=self._path, media_type=media_type, headers=headers)


def _writing(body: Body, write: Callable[[IO[bytes]], object]) -> None:
    """Have something written into a body, which is dropped where that fails."""
    try:
        write(cast("IO[bytes]", body))
    except BaseException:
        body.drop()
        raise


def rows(results: ox.QuerySolutions, reading: Reading, form: str) -> tuple[Body, int]:
    """Rows in a format of `ROWS`, and how many they are at most: never fewer than there are."""
    body = Body(reading, _BETWEEN[form])
    _writing(body, lambda out: stream(results, form, out))
    return body, body.seen + 1


def graph(
    triples: Iterable[ox.Triple],
    reading: Reading,
    media_type: str,
    headers: Mapping[str, str],
    prefixes: Mapping[str, str] | None = None,
) -> Reply:
    """A graph in a format of `GRAPH`; without `prefixes` with those of the workspace.

    Raises InputError where RDF/XML cannot hold a character.
    """
    prefixes = prefixes or reading.prefixes
    form = GRAPH[media_type]
    left = iter(triples)
    first = list(itertools.islice(left, SMALL + 1))
    if len(first) <= SMALL and form == ox.RdfFormat.JSON_LD:
        from kg import jsonld

        content = jsonld.write(first, reading.iris.base)
        return Reply(body=content, media_type=media_type, headers=headers)
    found = itertools.chain(first, left)
    if len(first) <= SMALL or form == ox.RdfFormat.RDF_XML:  # whose characters have to be looked at
        content = rdf.write(found, form, prefixes)
        return Reply(body=content, media_type=media_type, headers=headers)
    body = Body(reading)
    _writing(body, lambda out: ox.serialize(found, out, format=form, prefixes=dict(prefixes)))
    return body.reply(media_type, headers)


def boolean(results: ox.QueryBoolean, form: str) -> bytes:
    """A yes or no in a format of `BOOLEAN`."""
    return results.serialize(format=ENGINE[form]) or b""

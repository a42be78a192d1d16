"""Oxigraph in this process: in a folder, or in memory."""

from __future__ import annotations

import contextlib
import functools
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import pyoxigraph as ox

from kg.errors import InputError, KgError, StoreError
from kg.sparql import names_graphs
from kg.store import replacement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.store import Results


class EmbeddedStore:
    """A store in a folder, or in memory where none is given.

    One process may write to a folder and none may read meanwhile: `kg.workspace` sees to that. It
    loads quads in so many threads as it has `workers`.
    """

    def __init__(
        self, folder: str | Path | None = None, *, read_only: bool = False, workers: int = 1
    ) -> None:
        self.folder = str(folder) if folder is not None else None
        self._workers = workers
        self._loaded = 0  # bytes since the engine was last told to put them in order,
        self._streamed = False  # and whether they came in a stream
        try:
            if self.folder is None:
                self._store = ox.Store()
            elif read_only:
                self._store = ox.Store.read_only(self.folder)
            else:
                self._store = ox.Store(self.folder)
        except FileNotFoundError as error:
            raise StoreError(
                f"{self.folder}: there is no store yet", hint="kg build makes it"
            ) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise self._failed(error) from error

    @property
    def engine(self) -> ox.Store:
        """The pyoxigraph store itself, for what needs it: rdflib over the same data."""
        return self._store

    def query(
        self,
        sparql: str,
        /,
        *,
        default: Sequence[ox.NamedNode] | None = None,
        named: Sequence[ox.NamedNode] | None = None,
        base: str | None = None,
    ) -> Results:
        """The answer to a SPARQL query over the union of all graphs, or over those that it names.

        The graphs of `default` and `named`, where one of them is given, take the place of those that
        it names (SPARQL 1.1 Protocol, 2.1.4). Relative IRIs count from `base`.
        """
        try:
            if default is not None or named is not None:
                return self._store.query(
                    sparql,
                    base_iri=base,
                    default_graph=list(default or ()),
                    named_graphs=list(named or ()),
                )
            # With the flag the engine would pass over the graphs that a FROM names.
            union = not names_graphs(sparql)
            return self._store.query(sparql, base_iri=base, use_default_graph_as_union=union)
        except (SyntaxError, RuntimeError, OSError) as error:
            raise self._refused(error) from error

    def update(self, sparql: str, /) -> None:
        """Carry out a SPARQL update, wholly or not at all."""
        try:
            self._store.update(sparql)
        except (SyntaxError, RuntimeError, OSError) as error:
            raise self._refused(error) from error

    def get(self, graph: ox.NamedNode, /) -> Iterator[ox.Triple]:
        """The triples of a named graph."""
        for quad in self._store.quads_for_pattern(None, None, None, graph):
            yield quad.triple

    def put(self, graph: ox.NamedNode, triples: Iterable[ox.Triple], /) -> None:
        """Replace a named graph as a whole, in one step."""
        self.update(replacement(graph, triples))

    def delete(self, graph: ox.NamedNode, /) -> None:
        """Remove a named graph."""
        self.update(f"DROP SILENT GRAPH {graph}")

    def load(self, quads: bytes, /) -> None:
        """Add quads (N-Quads), as fast as the engine can; what is cut off may have been added in part."""
        _return_large_blocks()
        self._loaded += len(quads)
        first, *others = _pieces(quads, self._workers)
        try:
            if not others:
                self._load(first)
                return
            # Up to a million quads the engine keeps to the thread that gives them.
            with ThreadPoolExecutor(1 + len(others)) as threads:
                for _ in threads.map(self._load, (first, *others)):
                    pass
        except (SyntaxError, RuntimeError, OSError) as error:
            raise self._refused(error) from error

    def _load(self, quads: bytes) -> None:
        self._store.bulk_load(quads, format=ox.RdfFormat.N_QUADS, lenient=True)

    def stream(self, pieces: Iterable[memoryview], /) -> None:
        """Add very many quads (N-Quads), wholly or not at all, in one piece for the engine.

        It does not join what it was given before all is there. In return it has a million quads or two
        in memory, some 2 GB. `pieces` may change the store while they are asked for.
        """
        _return_large_blocks()
        stream = _Stream(pieces)
        try:
            self._store.bulk_load(stream, format=ox.RdfFormat.N_QUADS, lenient=True)  # type: ignore[arg-type]
        except (SyntaxError, RuntimeError, OSError) as error:
            raise self._refused(error) from error
        self._loaded += stream.size
        self._streamed = True

    def optimize(self) -> None:
        """Have the engine join what was loaded, where that is much of what there is, and lies scattered.

        What was loaded at different times is in different tables, and a query looks into all of them:
        after seven million quads it takes up to seven times as long as when they are joined. That
        takes 2 µs a quad of the whole store, and up to twice its room on the disk meanwhile. Where
        loading leaves it the time, the engine joins most of them by itself.
        """
        if self.folder is None or self._loaded < _MUCH:
            return
        tables = _tables(self.folder)
        # A stream leaves few tables, all of which a query looks into.
        scattered = self._streamed or len(tables) > _FEW + sum(tables) // _TABLE
        if not scattered or self._loaded < sum(tables) // _PART:
            return
        try:
            self._store.optimize()
        except (OSError, RuntimeError) as error:
            raise self._failed(error) from error
        self._loaded, self._streamed = 0, False

    def flush(self) -> None:
        """Have the operating system write all changes to the disk: updates alone do not wait for it."""
        try:
            self._store.flush()
        except (OSError, RuntimeError) as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Let go of the folder; the engine holds it as long as anything refers to it."""
        if hasattr(self, "_store"):
            del self._store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refused(self, error: Exception) -> KgError:
        """Bad SPARQL told from a store that fails: the engine has RuntimeError for both."""
        if isinstance(error, SyntaxError):
            return InputError(f"SPARQL: {brief(error)}")
        if str(error).startswith(("The custom ", "The graph ", "The service ")):
            return InputError(f"SPARQL: {str(error)[0].lower()}{str(error)[1:]}")
        return self._failed(error)

    def _failed(self, error: Exception) -> StoreError:
        reason = str(error).removeprefix("IO error: ")
        hint = None
        if re.search(r"lock hold by|While lock file", reason):  # not "block checksum mismatch"
            reason = "in use by another process"
            hint = "wait until it has ended"
        elif "No space left" in reason:
            reason, hint = "no space left on the disk", "make room, then kg build"
        # The engine chains its reasons; the first and the last say it.
        parts = " ".join(reason.split()).split(": ")
        reason = ": ".join(dict.fromkeys((parts[0], parts[-1])))[:150]
        return StoreError(f"{self.folder or 'store in memory'}: {reason}", hint=hint)


_PIECE: Final = 16_000_000
"""Bytes that a thread is given at least: the engine joins what it was given, the more often the smaller."""


def _pieces(quads: bytes, most: int) -> list[bytes]:
    """N-Quads cut at ends of lines, for so many threads at most.

    Blank nodes have their names within what is loaded at once, so that with these nothing is cut.

    >>> _pieces(b"<a:s> <a:p> <a:o> .\\n", 2)
    [b'<a:s> <a:p> <a:o> .\\n']
    """
    number = min(most, len(quads) // _PIECE)
    if number < 2 or b"_:" in quads:
        return [quads]
    ends = [quads.find(b"\n", len(quads) * n // number) + 1 or len(quads) for n in range(1, number)]
    return [quads[a:b] for a, b in pairwise((0, *ends, len(quads))) if a < b]


class _Stream:
    """What the engine reads pieces from, one after the other; `size` is what it has read, in bytes."""

    def __init__(self, pieces: Iterable[memoryview]) -> None:
        self.size = 0
        self._pieces = (piece for piece in pieces if len(piece))
        self._left = memoryview(b"")

    def read(self, size: int) -> bytes:
        """The next so many bytes or fewer; none at the end."""
        self._left = self._left or next(self._pieces, self._left)
        found, self._left = self._left[:size], self._left[size:]
        self.size += len(found)
        return bytes(found)


_MUCH: Final = 50_000_000
"""Bytes of N-Quads that must have been loaded for a store to be joined,"""
_PART: Final = 4
"""and the part of it that they must be: its growth pays for what that takes."""
_FEW: Final = 20
"""The tables of a store in good order are no more than these: one or two for each of its indexes;"""
_TABLE: Final = 23_000_000
"""and one more for so many bytes. With half as many again, queries take two to three times as long."""


def _tables(folder: str) -> list[int]:
    """The bytes that each table of a store takes on the disk."""
    sizes: list[int] = []
    for file in Path(folder).glob("*.sst"):
        with contextlib.suppress(FileNotFoundError):  # the engine has just joined it with others
            sizes.append(file.stat().st_size)
    return sizes


def brief(error: SyntaxError) -> str:
    """What is wrong with a piece of SPARQL or RDF and where, without the list of all that could have come.

    >>> brief(SyntaxError("error at 1:25: expected one of LATERAL, SERVICE, [_]"))
    'line 1, column 25: not expected here'
    >>> brief(SyntaxError("error at 2:8: expected one of Prefix not found, ['%'], ['.']"))
    'line 2, column 8: prefix not found'
    """
    message = str(error)
    found = re.search(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not found:
        return message.splitlines()[0]
    line, column, what = found.groups()
    if what.startswith("expected"):
        # Among the tokens that it would have taken, the parser names a broken rule in words.
        rule = re.search(r"(?:expected |of |, )([A-Z][A-Za-z]*(?: [a-z]\w*| SELECT)+)(?:,|$)", what)
        what = rule[1] if rule else "not expected here"
        what = what if what[:2].isupper() else f"{what[0].lower()}{what[1:]}"
    return f"line {line}, column {column}: {what.splitlines()[0]}"


_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 2 << 20


@functools.cache
def _return_large_blocks() -> None:
    """Have the memory of large blocks go back to the system when they are freed.

    glibc raises the sizes from which it does so with the largest block freed so far, unless they are
    set (mallopt(3)): after one load the next leave holes among small things, and the process grows
    with each. Other C libraries have no such function, nor the habit.
    """
    import ctypes

    with contextlib.suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_M_TRIM_THRESHOLD, _LARGE)

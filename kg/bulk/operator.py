"""Shards for who loads them into an engine of their own, with nothing left for kg to decide.

When all parts are there, what an earlier part has is taken out of the later ones, and the rest of
the dataset is written beside them: the ontology, the register, what files make, the dates. All
`*.nq.zst` of the folder together are the dataset, in any order.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, Quad, RdfFormat, serialize

from kg import note
from kg.files import writing_file
from kg.intake import Fault
from kg.mapping.times import date_triples
from kg.shards import manifest, part
from kg.store import named_graphs
from kg.supply.remaking import Maker, Standing, remade
from kg.vocab import SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import NamedNode, Triple

    from kg.mapping.iris import Iris
    from kg.store import GraphStore
    from kg.workspace import Workspace

REST: Final = "rest.nq.zst"
_TOGETHER: Final = 10_000


def finish(workspace: Workspace, store: GraphStore, folder: Path) -> list[Fault]:
    """Take what came twice out of the shards, and write the rest of the dataset.

    What the store has is among the rest, and goes before. Shards that a run which was cut off has left
    otherwise than the manifest tells are made again, as are graphs where the register or a merge has
    changed; what comes back are those that cannot be.
    """
    seen = keys_in(store, workspace.iris)
    dates: set[str] = set()
    faults: list[Fault] = []
    maker, now = Maker(folder, workspace.iris, note.maker(workspace)), Standing.of(workspace)
    for line in manifest.read(folder).values():
        if not line.keys:
            continue
        found = remade(line, maker, now)
        faults += [Fault(place=n, message=str(e), hint=e.hint) for n, e in found.failed]
        twice = seen.intersection(line.keys)
        seen.update(line.keys)
        line = _without(folder, found.line, twice) if twice else found.line
        dates.update(line.dates)
    _write_rest(workspace, store, folder / REST, dates)
    return faults


def keys_in(store: GraphStore, iris: Iris) -> set[str]:
    """The keys of the articles whose graphs a store has."""
    mark = iris.graph("article-").value
    graphs = (graph.value for graph in named_graphs(store))
    return {graph.removeprefix(mark) for graph in graphs if graph.startswith(mark)}


def _without(folder: Path, line: manifest.Part, twice: set[str]) -> manifest.Part:
    """A part without some of its articles."""
    index, shard = line.sha256[part.INDEX], line.sha256[part.SHARD]
    items = [item for item in part.index(folder, line.part, index) if item.key not in twice]
    quads = [bytes(piece) for piece in part.quads(folder, line.part, items, shard)]
    hashes = part.write_shard(folder, line.part, items, quads)
    line = replace(
        line,
        keys=[item.key for item in items],
        quads=sum(item.entry["quads"] for item in items),
        dates=sorted({day for item in items for day in item.entry["dates"]}),
        sha256={**line.sha256, **hashes},
    )
    manifest.append(folder, line)
    return line


def _write_rest(workspace: Workspace, store: GraphStore, place: Path, dates: set[str]) -> None:
    import zstandard

    iris = workspace.iris
    for triple in store.get(iris.dates):
        if triple.predicate == SKOS.notation and isinstance(triple.object, Literal):
            dates.add(triple.object.value)
    with writing_file(place) as out:
        packer = zstandard.ZstdCompressor(level=part.LEVEL, write_checksum=True)
        with packer.stream_writer(out, closefd=False) as packed:
            for graph in sorted(named_graphs(store) - {iris.dates}, key=str):
                for piece in _serialized(graph, store.get(graph)):
                    packed.write(piece)
            described = (t for edtf in sorted(dates) for t in date_triples(edtf, iris))
            for piece in _serialized(iris.dates, described):
                packed.write(piece)


def _serialized(graph: NamedNode, triples: Iterable[Triple]) -> Iterator[bytes]:
    quads: list[Quad] = []
    for triple in triples:
        quads.append(Quad(triple.subject, triple.predicate, triple.object, graph))
        if len(quads) == _TOGETHER:
            yield serialize(quads, format=RdfFormat.N_QUADS) or b""
            quads = []
    yield serialize(quads, format=RdfFormat.N_QUADS) or b""

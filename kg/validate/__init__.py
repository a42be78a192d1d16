"""`kg validate`: SHACL, and a report that says where to look and how to mend it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import rdf, resources, shacl
from kg.errors import InputError
from kg.shacl.terms import SH
from kg.store.embedded import EmbeddedStore
from kg.validate.finding import (
    SEVERITIES,
    Finding,
    Severity,
    ValidationReport,
    finding,
    located,
    order,
)
from kg.vocab import KGSH, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from kg.shacl import lint
    from kg.shacl.graph import Graph
    from kg.shacl.terms import Node, Term
    from kg.store import GraphStore
    from kg.workspace import Workspace

__all__ = [
    "SEVERITIES",
    "Finding",
    "Severity",
    "ValidationReport",
    "check",
    "read_shapes",
    "shapes_of",
    "validate_files",
    "validate_store",
]


def validate_store(
    store: GraphStore,
    shapes: Sequence[ox.Triple],
    texts: Mapping[str, Path] | None = None,
    *,
    limit: int | None = None,
    measure: bool = False,
) -> ValidationReport:
    """Check the union of all graphs of a store against shapes, and what is doubtful in the shapes.

    `texts` has the files of the texts that are at hand, by the IRI of the text. At most `limit`
    results are listed for each shape. With `measure`, it is measured which checks grow too fast.
    """
    report = check(store, shapes, limit=limit)
    findings = tuple(located(report.findings, store, texts or {}))
    return replace(
        report, findings=findings, warnings=tuple(warnings(store, shapes, measure=measure))
    )


def validate_files(
    files: Sequence[Path],
    base: str,
    shapes: Sequence[ox.Triple],
    *,
    limit: int | None = None,
    measure: bool = False,
) -> ValidationReport:
    """Check RDF files as one graph, as `validate_store` does. Raises InputError where one is not RDF."""
    with EmbeddedStore() as store:
        for number, file in enumerate(files):
            quads = rdf.read(_content(file), str(file), base=base)
            graph = ox.NamedNode(f"urn:x-file:{number}")
            store.engine.bulk_extend(
                ox.Quad(quad.subject, quad.predicate, quad.object, graph)
                for quad in rdf.apart(quads, f"data{number}_")
            )
        report = check(store, shapes, limit=limit)
        return replace(report, warnings=tuple(warnings(store, shapes, measure=measure)))


def check(
    store: GraphStore,
    shapes: Iterable[ox.Triple],
    *,
    limit: int | None = None,
    focus: Mapping[Node, Iterable[Term] | None] | None = None,
) -> ValidationReport:
    """Check the data of a store against shapes, or some focus nodes as `kg.shacl.affected` gives them.

    The findings do not say where in the texts to look.
    """
    graph = list(shapes)
    report = shacl.validate(store, graph, limit=limit, focus=focus, prefixes=PREFIXES)
    mend = {
        triple.subject: triple.object.value
        for triple in graph
        if triple.predicate == SH.description and isinstance(triple.object, ox.Literal)
    }
    names = _Names(graph)
    findings = (finding(r, names.of(r.shape), mend.get(r.shape)) for r in report.results)
    omitted: dict[str, int] = defaultdict(int)
    for (shape, _), number in sorted(report.omitted.items(), key=str):
        omitted[names.of(shape)] += number
    return ValidationReport(tuple(sorted(findings, key=order)), report, omitted)


class _Names:
    """What shapes go by: their IRI, or where they have none what they are part of and their path."""

    def __init__(self, shapes: Sequence[ox.Triple]) -> None:
        self._shapes = shapes
        self._of_unnamed = cache(self._unnamed)

    def of(self, shape: Node) -> str:
        """The name of a shape."""
        return shape.value if isinstance(shape, ox.NamedNode) else self._of_unnamed(shape)

    def _unnamed(self, shape: Node) -> str:
        from kg.shacl import paths

        graph, names = self._graph
        path = graph.value(shape, SH.path)
        along = f" along {paths.read(graph, path)}" if path is not None else ""
        return f"{names.of(shape)}{along}"

    @cached_property
    def _graph(self) -> tuple[Graph, lint.Names]:
        from kg.shacl import lint
        from kg.shacl.graph import Graph

        graph = Graph(self._shapes)
        return graph, lint.Names(graph, PREFIXES)


def shapes_of(workspace: Workspace | None) -> list[ox.Triple]:
    """The shapes that come with kg, and those in the folder `shapes` of a workspace.

    Raises InputError where one of the workspace's is at fault.
    """
    own = sorted((workspace.root / "shapes").glob("[!.]*.ttl")) if workspace is not None else []
    return read_shapes(own, [*sorted(resources.folder("shapes").glob("*.ttl"))])


def read_shapes(files: Sequence[Path], known: Sequence[Path] = ()) -> list[ox.Triple]:
    """The shapes of some files as one graph, together with those of files that are known to be good.

    Raises InputError where a file is no RDF, or its shapes are not well-formed.
    """
    graphs: dict[Path, list[ox.Triple]] = {}
    for number, file in enumerate([*known, *files]):
        quads = rdf.read(_content(file), str(file), base=file.resolve().as_uri())
        graphs[file] = [quad.triple for quad in rdf.apart(quads, f"shapes{number}_")]
    whole = [triple for graph in graphs.values() for triple in graph]
    if not files:
        return whole
    from kg.shacl import lint

    for fault in lint.ill_formed(whole, PREFIXES):
        for file in files:
            if any(triple.subject == fault.node for triple in graphs[file]):
                raise InputError(f"{file}: not well-formed SHACL: {fault}")
    return whole


def warnings(store: GraphStore, shapes: Sequence[ox.Triple], *, measure: bool = False) -> list[str]:
    """What is doubtful in shapes, with the data of a store in view; with `measure`, what grows too fast.

    Shapes that come with kg may have nothing to check yet.
    """
    from kg.shacl import growth, lint

    nodes = (triple.subject for triple in shapes)
    ours = {
        node for node in nodes if isinstance(node, ox.NamedNode) and node.value.startswith(KGSH)
    }
    found = lint.warnings(store, shapes, PREFIXES | {"kgsh": KGSH}, settled=ours)
    if measure:
        sample = growth.sample(store)
        found += map(str, growth.growth(sample, shapes, PREFIXES | {"kgsh": KGSH}))
    return found


def _content(file: Path) -> bytes:
    if file.suffix.lower() not in rdf.FORMATS:
        known = ", ".join(rdf.FORMATS)
        raise InputError(f"{file}: not known as RDF", hint=f"known extensions: {known}")
    return rdf.content_of(file)

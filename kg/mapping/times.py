"""Time nodes: which of them something points to, and how each is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from kg.edtf import bounds
from kg.mapping.literals import instant
from kg.vocab import KG, RDF, SKOS, TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.mapping.iris import Iris


def dates(triples: Iterable[Triple], iris: Iris) -> set[str]:
    """The EDTF strings of all time nodes that something points to by kg:when or kg:reviewed.

    Raises ValueError where the name of a time node is no EDTF date.
    """
    found = set()
    for node in {triple.object for triple in triples if triple.predicate in _DATED}:
        edtf = iris.edtf(node) if isinstance(node, NamedNode) else None
        if edtf:
            try:
                bounds(edtf)
            except ValueError as error:
                raise ValueError(f"the time node {iris.date(edtf).value}: {error}") from error
            found.add(edtf)
    return found


def date_triples(edtf: str, iris: Iris) -> Iterator[Triple]:
    """The description of a time node: its notation and the bounds that follow from it.

    Article graphs only point to time nodes. They are described in one graph of their own: a union
    of graphs counts a triple as often as graphs have it (in Oxigraph), and joins multiply that.
    Raises ValueError where the string is no EDTF.
    """
    node = iris.date(edtf)
    earliest, latest = bounds(edtf)
    yield Triple(node, RDF.type, TIME.TemporalEntity)
    yield Triple(node, SKOS.notation, Literal(edtf))
    if earliest:
        yield Triple(node, KG.earliest, instant(earliest))
    if latest:
        yield Triple(node, KG.latest, instant(latest))


_DATED = {KG.when, KG.reviewed}

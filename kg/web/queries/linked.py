"""Links of names in an answer that come without the things they name: of sources and of judges."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from kg.store import select
from kg.vocab import KG, PROV, RDFS

if TYPE_CHECKING:
    from collections.abc import Collection

    from kg.store import GraphStore
    from kg.web.queries.tables import Cell, Column, Table

_CLASSES: Final = (("source", KG.Actor), ("judge", PROV.Agent))
"""What the last word of a column's name says that its words name."""


def linked(store: GraphStore, table: Table) -> Table:
    """A table with its names of sources and judges as links, where one thing alone is called so."""
    found = {place: class_ for place, c in enumerate(table.columns) if (class_ := _class(c))}
    things = {
        class_: _things(
            store,
            class_,
            {row[p] for row in table.rows for p, of in found.items() if of == class_},
        )
        for class_ in set(found.values())
    }
    rows = tuple(
        tuple(
            cell._replace(iri=things[found[place]].get(cell.text))
            if place in found and cell.iri is None
            else cell
            for place, cell in enumerate(row)
        )
        for row in table.rows
    )
    return replace(table, rows=rows)


def _class(column: Column) -> NamedNode | None:
    if column.kind not in {"plain", "words"} or column.things is not None:
        return None
    name = column.name.casefold()
    return next((class_ for word, class_ in _CLASSES if name.endswith(word)), None)


def _things(store: GraphStore, class_: NamedNode, cells: Collection[Cell]) -> dict[str, str]:
    """The things of a class by their labels, without labels that several have."""
    names = {Literal(cell.text) for cell in cells if cell.text}
    names |= {
        Literal(cell.text, language=language)
        for cell in cells
        for language in {"en", cell.language or "en"}
        if cell.text
    }
    found: dict[str, set[str]] = defaultdict(set)
    values = " ".join(sorted(map(str, names)))  # of one page of rows
    rows = select(
        store,
        f"SELECT DISTINCT ?x ?name WHERE {{ VALUES ?name {{ {values} }} "
        f"?x {RDFS.label} ?name ; a {class_} }}",
    )
    for row in rows:
        node, label = row["x"], row["name"]
        if isinstance(node, NamedNode) and isinstance(label, Literal):
            found[label.value].add(node.value)
    return {name: min(iris) for name, iris in found.items() if len(iris) == 1}

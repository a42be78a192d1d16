"""Answers as people and programs want them: tables, the SPARQL 1.1 result formats, RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import config, jsonld, rdf
from kg.errors import ConfigError
from kg.names import curie
from kg.table import markdown, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.store import Results

ROWS: dict[str, ox.QueryResultsFormat] = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
FORMATS = ("table", "md", *ROWS, *rdf.GRAPHS, "jsonld")


def write(
    results: Results,
    form: str | None,
    *,
    prefixes: Mapping[str, str],
    headings: Mapping[str, str],
    base: str = config.DEFAULT_BASE,
    width: int | None = None,
) -> bytes:
    """An answer in a format; without one, rows come as a table and graphs as Turtle.

    Rows can be table, md, csv, tsv, json or xml, a yes or no can be table, json or xml, a graph
    can be ttl, nt, rdfxml or jsonld (with short names for what is under `base`). Raises ConfigError
    where the format is not for this kind of answer.
    """
    if isinstance(results, ox.QueryTriples):
        _allow(form, (*rdf.GRAPHS, "jsonld"), "CONSTRUCT and DESCRIBE")
        if form == "jsonld":
            return jsonld.write(results, base)
        return rdf.write(results, rdf.GRAPHS[form or "ttl"], prefixes)
    if isinstance(results, ox.QueryBoolean):
        _allow(form, ("table", "json", "xml"), "ASK")
        if form in ROWS:
            return results.serialize(format=ROWS[form]) or b""
        return b"yes\n" if results else b"no\n"
    _allow(form, ("table", "md", *ROWS), "SELECT")
    if form in ROWS:
        return results.serialize(format=ROWS[form]) or b""
    names = [variable.value for variable in results.variables]
    rows = [[spell(solution[name], prefixes) for name in names] for solution in results]
    columns = [headings.get(name, name) for name in names]
    if form == "md":
        return markdown(columns, rows).encode()
    # A column that no row fills would only take room from the others.
    filled = [i for i in range(len(names)) if not rows or any(row[i] for row in rows)]
    shown = [[row[i] for i in filled] for row in rows]
    return table([columns[i] for i in filled], shown, width).encode()


def spell(term: object, prefixes: Mapping[str, str]) -> str:
    """A term as a person reads it: a short IRI, or the words of a literal; nothing where unbound."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return curie(term, prefixes)
    return str(term.value) if isinstance(term, ox.Literal) else str(term)


def _allow(form: str | None, allowed: Iterable[str], kind: str) -> None:
    allowed = tuple(allowed)
    if form is not None and form not in allowed:
        hint = f"it can be {', '.join(allowed)}"
        raise ConfigError(f"{form} is no format for the answer of {kind}", hint=hint)

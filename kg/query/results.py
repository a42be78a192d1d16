"""Answers as people and programs want them: tables, the SPARQL 1.1 result formats, RDF."""

from __future__ import annotations

import csv
import io
import itertools
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kg import config, rdf
from kg.errors import ConfigError
from kg.names import curie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
        allow(form, (*rdf.GRAPHS, "jsonld"), "CONSTRUCT and DESCRIBE")
        if form == "jsonld":
            from kg import jsonld

            return jsonld.write(results, base)
        return rdf.write(results, rdf.GRAPHS[form or "ttl"], prefixes)
    if isinstance(results, ox.QueryBoolean):
        allow(form, ("table", "json", "xml"), "ASK")
        if form in ROWS:
            return results.serialize(format=ROWS[form]) or b""
        return b"yes\n" if results else b"no\n"
    allow(form, ("table", "md", *ROWS), "SELECT")
    if form in ROWS:
        return serialized(results, form)
    from kg.table import markdown, table

    names = [variable.value for variable in results.variables]
    rows = [[spell(solution[name], prefixes) for name in names] for solution in results]
    columns = [headings.get(name, name) for name in names]
    if form == "md":
        return markdown(columns, rows).encode()
    return table(*filled(columns, rows), width).encode()


def stream(results: ox.QuerySolutions, form: str, out: IO[bytes]) -> None:
    """Rows one after the other into a file: one of the SPARQL 1.1 result formats."""
    if form != "csv":
        results.serialize(out, format=ROWS[form])
        return
    # Not the engine's own CSV: it leaves IRIs without quotes, and those of passages have a comma.
    names = [variable.value for variable in results.variables]
    rows = (
        [term.value if type(term) in _PLAIN else _word(term) for term in row] for row in results
    )
    batch: list[list[str]] = [names]
    while batch:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(batch)
        out.write(text.getvalue().encode())
        batch = list(itertools.islice(rows, AT_ONCE))


AT_ONCE = 1000
"""Rows that are written at a time."""


def serialized(results: ox.QuerySolutions, form: str) -> bytes:
    """Rows in one of the SPARQL 1.1 result formats, as a whole."""
    out = io.BytesIO()
    stream(results, form, out)
    return out.getvalue()


_PLAIN = frozenset({ox.NamedNode, ox.Literal})


def _word(term: object) -> str:
    """A blank node, a triple or nothing, as CSV has it."""
    return "" if term is None else str(term)


def filled(
    columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    """A table without the columns that no row fills: they would only take room from the others."""
    kept = [i for i in range(len(columns)) if not rows or any(row[i] for row in rows)]
    return [columns[i] for i in kept], [[row[i] for i in kept] for row in rows]


def spell(term: object, prefixes: Mapping[str, str]) -> str:
    """A term as a person reads it: a short IRI, or the words of a literal; nothing where unbound."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return curie(term, prefixes)
    return str(term.value) if isinstance(term, ox.Literal) else str(term)


def allow(form: str | None, allowed: Iterable[str], kind: str) -> None:
    """Refuse a format that an answer of some kind cannot have."""
    allowed = tuple(allowed)
    if form is not None and form not in allowed:
        hint = f"it can be {', '.join(allowed)}"
        raise ConfigError(f"{form} is no format for the answer of {kind}", hint=hint)

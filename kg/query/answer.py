"""An answer for Python: rows of terms, what these are called, and the passages behind each row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import ConfigError
from kg.names import labels
from kg.query.why import why as explained
from kg.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from kg.query.why import Support
    from kg.store import GraphStore

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
LABEL = "Label"
"""What is put behind the name of a column for that of its labels, as Wikidata's query service does."""


@dataclass(frozen=True, slots=True)
class Row(Mapping[str, Term | None]):
    """A row: a mapping from column to term, None where it has none.

    `label` gives what people call it, `why` what the row rests on, if that was asked for.
    """

    terms: Mapping[str, Term | None]
    labels: Mapping[str, str] = field(default_factory=dict)
    why: tuple[Support, ...] = ()

    def __getitem__(self, column: str) -> Term | None:
        return self.terms[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def label(self, column: str) -> str | None:
        """What the thing in a column is called, or the words of its literal; None where it has none."""
        if column in self.labels:
            return self.labels[column]
        term = self.terms[column]
        return None if term is None else term.value if isinstance(term, _NAMED) else str(term)


_NAMED = (ox.NamedNode, ox.Literal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rows of a SELECT; `headings` are what people see above the columns."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    headings: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, number: int) -> Row:
        return self.rows[number]

    @property
    def labelled(self) -> tuple[str, ...]:
        """The columns in which something has a label, but for those that have a column of labels."""
        return tuple(
            column
            for column in self.columns
            if f"{column}{LABEL}" not in self.columns
            and any(column in row.labels for row in self.rows)
        )

    def solutions(self, *, with_labels: bool = True) -> ox.QuerySolutions:
        """The rows as an engine would give them, with a column of labels behind each that has some."""
        labelled = set(self.labelled) if with_labels else set()
        columns = [
            name
            for column in self.columns
            for name in ((column, f"{column}{LABEL}") if column in labelled else (column,))
        ]
        rows = []
        for row in self.rows:
            terms = {name: term for name, term in row.items() if term is not None}
            for column in labelled & row.labels.keys():
                terms[f"{column}{LABEL}"] = ox.Literal(row.labels[column])
            rows.append(terms)
        return solutions(columns, rows)

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a DataFrame: IRIs and dates as text, numbers as numbers, labels beside.

        Dates stay as they are given: a month or a year is no day. Raises ConfigError where pandas
        is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ConfigError(
                "pandas is not installed", hint="pip install 'newskg[pandas]'"
            ) from error
        labelled = self.labelled
        data: dict[str, list[Any]] = {}
        for column in self.columns:
            data[column] = [_plain(row[column]) for row in self.rows]
            if column in labelled:
                data[f"{column}{LABEL}"] = [row.labels.get(column) for row in self.rows]
        return pd.DataFrame(data)


def answer(
    store: GraphStore,
    results: ox.QuerySolutions,
    sparql: str,
    *,
    headings: Mapping[str, str] | None = None,
    with_labels: bool = True,
    with_why: bool = False,
    text: Callable[[str], str | None] = lambda _: None,
) -> Answer:
    """The rows of some results with labels, and with what they rest on.

    `sparql` is the query without its page.
    """
    names = [variable.value for variable in results.variables]
    rows: list[tuple[Any, ...]] = [tuple(solution) for solution in results]
    called: Mapping[ox.NamedNode, str] = {}
    if with_labels:
        nodes = {term for row in rows for term in row if isinstance(term, ox.NamedNode)}
        called = labels(store, nodes)
    reasons: Sequence[tuple[Support, ...]] = [()] * len(rows)
    if with_why:
        reasons = explained(store, sparql, names, rows, text)
    return Answer(
        columns=tuple(names),
        headings=headings or {},
        rows=tuple(
            Row(
                dict(zip(names, row, strict=True)),
                {
                    name: called[term]
                    for name, term in zip(names, row, strict=True)
                    if isinstance(term, ox.NamedNode) and term in called
                },
                reason,
            )
            for row, reason in zip(rows, reasons, strict=True)
        ),
    )


def solutions(columns: Sequence[str], rows: Sequence[Mapping[str, Term]]) -> ox.QuerySolutions:
    """Rows that did not come from an engine, in the form of those that do (SPARQL 1.1 JSON results)."""
    bindings = [{name: _json(term) for name, term in row.items()} for row in rows]
    document = {"head": {"vars": list(columns)}, "results": {"bindings": bindings}}
    parsed = ox.parse_query_results(
        json.dumps(document, ensure_ascii=False), format=ox.QueryResultsFormat.JSON
    )
    if not isinstance(parsed, ox.QuerySolutions):
        raise TypeError("no rows")
    return parsed


def _json(term: Term) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = ("subject", "predicate", "object")
        return {"type": "triple", "value": {part: _json(getattr(term, part)) for part in parts}}
    found: dict[str, Any] = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype != XSD.string:
        found["datatype"] = term.datatype.value
    return found


def _plain(term: Term | None) -> object:
    """A term as a value of Python."""
    if not isinstance(term, ox.Literal):
        return None if term is None else str(term.value) if hasattr(term, "value") else str(term)
    kind = term.datatype.value.removeprefix(XSD.base)
    try:
        match kind:
            case "integer":
                return int(term.value)
            case "decimal" | "double" | "float":
                return float(term.value)
            case "boolean":
                return term.value in {"true", "1"}
    except ValueError:
        return term.value
    return term.value

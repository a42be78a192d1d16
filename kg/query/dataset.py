"""Which graphs a query asks: FROM and FROM NAMED put into it by tokens, or a store of those alone."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pyoxigraph import Literal, NamedNode

from kg.edtf import Edtf, bounds
from kg.errors import ConfigError, InputError, StoreError
from kg.sparql.structure import read, text_of
from kg.store import named_graphs, open_store, select
from kg.store.embedded import EmbeddedStore
from kg.vocab import KG, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import Triple

    from kg.sparql import Token
    from kg.sparql.structure import Query
    from kg.store import GraphStore, Results

FEW = 40
"""Graphs that Oxigraph is asked by name: it looks into one after the other for every triple (500 of
them took 6 s where the union took 0.03 s), so that more are sooner copied into a store of their own."""
_NOWHERE = NamedNode("urn:x-kg:nowhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The graphs whose union is the default graph, and those that GRAPH can name (SPARQL 1.1, 13.2)."""

    default: tuple[NamedNode, ...]
    named: tuple[NamedNode, ...]


def within(sparql: str, dataset: Dataset) -> str:
    """The query over a dataset; one that says itself which graphs it asks has of those what is there.

    Raises InputError where it cannot be told what follows its FROM.

    >>> graph = NamedNode("http://g/")
    >>> within("ASK { ?s ?p ?o }", Dataset(default=(graph,), named=()))
    'ASK FROM <http://g/> { ?s ?p ?o }'
    >>> within("ASK FROM <http://h/> { ?s ?p ?o }", Dataset(default=(graph,), named=()))
    'ASK FROM <urn:x-kg:nowhere> { ?s ?p ?o }'
    """
    query = read(sparql)
    select = query.select
    head = [token for token in select.head if token.text.upper() != "WHERE"]
    own = [place for place, token in enumerate(head) if token.text.upper() == "FROM"]
    _refuse_run_on(select.head)
    if own:
        dataset = _common(query, head[own[0] :], dataset)
        head = head[: own[0]]
    # No graph at all cannot be said: an IRI that names none stands for it.
    clauses = [f"FROM {graph}" for graph in dataset.default]
    clauses += [f"FROM NAMED {graph}" for graph in dataset.named]
    start = f"{query.prologue}{text_of(sparql, head)} {' '.join(clauses or [f'FROM {_NOWHERE}'])}"
    rest = sparql[select.group[0].start :] if select.group else ""
    word = (
        "WHERE " if len(head) < len(select.head) and select.head[-1].text.upper() == "WHERE" else ""
    )
    return f"{start} {word}{rest}".rstrip()


def _common(query: Query, clauses: Sequence[Token], dataset: Dataset) -> Dataset:
    """What a dataset has of the graphs that the FROM clauses of a query name."""
    named: list[list[str]] = []
    for token in clauses:
        if token.text.upper() == "FROM":
            named.append([])
        else:
            named[-1].append(token.text)
    default = [" ".join(words) for words in named if words and words[0].upper() != "NAMED"]
    graphs = [" ".join(words[1:]) for words in named if words and words[0].upper() == "NAMED"]
    known = {*dataset.default, *dataset.named}
    with open_store("memory:") as empty:

        def found(names: Sequence[str]) -> tuple[NamedNode, ...]:
            values = f"{query.prologue} SELECT ?g {{ VALUES ?g {{ {' '.join(names)} }} }}"
            return tuple(graph for row in select(empty, values) if (graph := row["g"]) in known)

        return Dataset(default=found(default), named=found(graphs))


def _refuse_run_on(head: Sequence[Token]) -> None:
    """Refuse FROM and NAMED that run into what follows: engines read them, and we would not."""
    depth = 0
    for token in head:
        depth += (token.text in "({") - (token.text in ")}")
        if depth == 0 and token.kind == "word" and _RUN_ON.fullmatch(token.text):
            raise InputError(f"SPARQL: {token.text} needs a blank after the keyword")


_RUN_ON = re.compile("(FROM|NAMED).+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """What was known by a date: the graphs, and the articles of which it is not known (`undated`).

    `later` counts the articles that were certainly published later.
    """

    dataset: Dataset
    undated: tuple[str, ...]
    later: int


def as_of(store: GraphStore, date: str) -> AsOf:
    """The graphs without those of articles that are not known to be published by a date (EDTF).

    An article counts when the last instant that its date allows is not after that of the date
    given. The register, judgements and graphs that are of no article stay. Raises ConfigError
    where the date is none.
    """
    try:
        limit = bounds(Edtf(date)).latest
    except ValueError as error:
        raise ConfigError(
            f"--as-of {date}: {error}", hint="for example: --as-of 2007-12"
        ) from error
    if limit is None:
        raise ConfigError(f"--as-of {date}: has no end", hint="for example: --as-of 2007-12")
    out: set[NamedNode] = set()
    undated: set[str] = set()
    later = 0
    for row in select(store, _PUBLISHED.replace("LIMIT", f'"{limit}"^^{_INSTANT}')):
        graph, known = row["graph"], row["known"]
        if not isinstance(graph, NamedNode) or (
            isinstance(known, Literal) and known.value == "true"
        ):
            continue
        out.add(graph)
        if isinstance(row["later"], Literal) and row["later"].value == "true":
            later += 1
        else:
            undated.add(str(row["name"].value))
    kept = tuple(sorted(named_graphs(store) - out, key=str))
    return AsOf(
        dataset=Dataset(default=kept, named=kept), undated=tuple(sorted(undated)), later=later
    )


_INSTANT = "<http://www.w3.org/2001/XMLSchema#dateTime>"
_PUBLISHED = f"""
SELECT ?graph (SAMPLE(?called) AS ?name) (MIN(?by) AS ?known) (MIN(?after) AS ?later) WHERE {{
  GRAPH ?graph {{ ?article a {KG.Article} }}
  OPTIONAL {{ ?article {SCHEMA.headline} ?headline }}
  OPTIONAL {{
    ?article {KG.when} ?time .
    OPTIONAL {{ ?time {KG.earliest} ?first }}
    OPTIONAL {{ ?time {KG.latest} ?last }}
  }}
  BIND(COALESCE(STR(?headline), STR(?article)) AS ?called)
  BIND(COALESCE(?last <= LIMIT, false) AS ?by)
  BIND(COALESCE(?first > LIMIT, false) AS ?after)
}} GROUP BY ?graph ORDER BY ?graph
"""


class View:
    """A store seen as nothing but a dataset: every query is asked of its graphs alone. Read-only."""

    def __init__(self, store: GraphStore, dataset: Dataset) -> None:
        self._store = store
        self._dataset = dataset

    def query(self, sparql: str, /) -> Results:
        """The answer to a query over the dataset; `ask` has errors in the words of whoever asks."""
        return self._store.query(within(sparql, self._dataset))

    def update(self, _: str, /) -> None:
        """Refuse: a view cannot be changed."""
        raise StoreError("a view of a store cannot be changed")

    def get(self, graph: NamedNode, /) -> Iterator[Triple]:
        """The triples of a graph of the dataset."""
        return self._store.get(graph) if graph in self._dataset.named else iter(())

    def put(self, _graph: NamedNode, _triples: Iterable[Triple], /) -> None:
        """Refuse: a view cannot be changed."""
        self.update("")

    def delete(self, _: NamedNode, /) -> None:
        """Refuse: a view cannot be changed."""
        self.update("")

    def load(self, _quads: bytes, /) -> None:
        """Refuse: a view cannot be changed."""
        self.update("")

    def optimize(self) -> None:
        """Nothing was loaded."""

    def flush(self) -> None:
        """Nothing has changed."""

    def close(self) -> None:
        """Leave the store open: it is not the view's."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def known(store: GraphStore, date: str | None) -> Iterator[tuple[GraphStore, AsOf | None]]:
    """A store that has what was known by a date, and what that leaves out; all of it without a date."""
    if date is None:
        yield store, None
        return
    found = as_of(store, date)
    with only(store, found.dataset) as limited:
        yield limited, found


@contextlib.contextmanager
def only(store: GraphStore, dataset: Dataset) -> Iterator[GraphStore]:
    """A store that has nothing but a dataset.

    Few graphs are named in each query, and so are those of a server. Many of an embedded store are
    copied into one in memory: some seconds for a million triples.
    """
    if not isinstance(store, EmbeddedStore) or len(dataset.default) <= FEW:
        yield View(store, dataset)
        return
    with open_store("memory:") as copy:
        assert isinstance(copy, EmbeddedStore)  # noqa: S101 -- what memory: is
        copy.engine.bulk_extend(
            quad
            for graph in dataset.default
            for quad in store.engine.quads_for_pattern(None, None, None, graph)
        )
        yield copy

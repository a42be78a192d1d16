"""Values to try the stored queries with, which are names of something in the data at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from kg.errors import ConfigError
from kg.names import curie
from kg.query import class_of
from kg.sparql.term import written
from kg.store import select
from kg.vocab import RDFS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.query.parameters import StoredQuery
    from kg.web.readers.reading import Reading

AMONG: Final = 500
"""Things of a class that are looked at for the one that most is said of."""
SOME: Final = 4
"""Things of a class to choose from: no query has more parameters of one."""


def examples(reading: Reading, library: Iterable[StoredQuery]) -> dict[str, dict[str, str]]:
    """A value for each parameter of each query, as far as there is any.

    Of things, the example of the query where the data know it by that id, or else one of its class
    of which much is said.
    """
    queries = list(library)
    wanted = {
        parameter.example
        for query in queries
        for parameter in query.parameters.values()
        if parameter.type == "iri" and parameter.example is not None
    }
    known = _known(reading, wanted)
    others: dict[str, list[str]] = {}
    found: dict[str, dict[str, str]] = {}
    for query in queries:
        values = found[query.name] = dict[str, str]()
        for name, parameter in query.parameters.items():
            value = parameter.example
            if parameter.type == "iri" and value not in known:
                key = parameter.class_ or name
                if key not in others:
                    others[key] = most_linked(reading, parameter.class_, name)
                # From one article to another: two parameters of a query are two things.
                left = [each for each in others[key] if each not in values.values()]
                value = next(iter(left or others[key]), None)
            if value is not None:
                values[name] = value
    return found


def tried(reading: Reading, query: StoredQuery) -> dict[str, str]:
    """Values to try one query with: names of something in the data at hand, no more than are needed."""
    known = reading.once(_tried)
    if query.name not in known:
        known[query.name] = to_try(query, examples(reading, [query])[query.name])
    return dict(known[query.name])


def _tried(_: Reading) -> dict[str, dict[str, str]]:
    """The values that queries of a reading are tried with, as far as somebody has asked for them."""
    return {}


def to_try(query: StoredQuery, values: Mapping[str, str]) -> dict[str, str]:
    """Those of some values that are needed to ask a query; where none is, the first of them."""
    if query.required:
        return {name: values[name] for name in query.required if name in values}
    return dict(list(values.items())[:1])


def _known(reading: Reading, values: Iterable[str]) -> set[str]:
    """The ids among some values that are those of things here."""
    kinds = [name for name in reading.iris.prefixes() if name != "graph"]
    nodes: dict[NamedNode, str] = {}
    for value in values:
        for kind in kinds:
            local = value.removeprefix(f"{kind}:").removeprefix(f"{kind}/")
            try:
                nodes[reading.iris.thing(kind, local)] = value
            except ValueError:  # a label with blanks
                continue
    found = " ".join(sorted(map(str, nodes)))
    rows = select(reading.store, f"SELECT DISTINCT ?x {{ VALUES ?x {{ {found} }} ?x a ?class }}")
    return {nodes[node] for row in rows if isinstance(node := row["x"], NamedNode)}


def most_linked(reading: Reading, class_: str | None, kind: str = "topic") -> list[str]:
    """The ids of some things of a class, first that of which most is said.

    Without a class, of a kind that claims are about; what is the name of no kind is that of topics.
    """
    prefixes = reading.iris.prefixes()
    start, things, property_ = prefixes.get(kind, prefixes["topic"]), "", str(SCHEMA.about)
    if class_ is not None:
        try:
            node = class_of(class_, reading.prefixes)
        except ConfigError:
            return []
        start = f"{reading.iris.base}id/"
        things = f"?class {RDFS.subClassOf}* {node} . ?x a ?class ."
        things = f"{{ SELECT DISTINCT ?x {{ {things} {_starting(start)} }} LIMIT {AMONG} }}"
        property_ = "?p"
    rows = select(
        reading.store,
        f"SELECT ?x (COUNT(*) AS ?n) {{ {things} ?s {property_} ?x {_starting(start)} }}"
        f" GROUP BY ?x ORDER BY DESC(?n) ?x LIMIT {SOME}",
    )
    return [
        curie(thing, reading.prefixes) for row in rows if isinstance(thing := row["x"], NamedNode)
    ]


def _starting(start: str) -> str:
    return f"FILTER(STRSTARTS(STR(?x), {written(Literal(start))}))"

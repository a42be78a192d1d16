"""Stored queries where a graph repeats what another says, or a claim stands in two articles.

The shapes allow both, and the corpora have neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox
import pytest

from kg.mapping.iris import Iris
from kg.query import run, stored
from kg.store.embedded import EmbeddedStore
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store import GraphStore

IRIS = Iris("https://example.org/kg/")
TERMS = PREFIXES | {"": IRIS.base}
HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in TERMS.items())
DATA = """
GRAPH :names {
  :calder a kg:Actor ; rdfs:label "Calder" . :orrin a kg:Actor ; rdfs:label "Orrin" .
  :author a kg:Actor ; kg:kind kgs:actor-unidentified ; rdfs:label "an author" .
  :closing a kg:Event ; rdfs:label "The quay is closed" .
  :positive skos:inScheme kgs:polarity ; rdfs:label "positive" .
  :certain skos:inScheme kgs:certainty ; rdfs:label "certain" .
  :assertion skos:inScheme kgs:modality ; rdfs:label "assertion" .
  :may skos:notation "2031-05" . :june skos:notation "2031-06" . :july skos:notation "2031-07" .
}
GRAPH :first {
  :one a kg:Article ; schema:headline "One" ; schema:author :author ; schema:encoding :text .
  :closing kg:when :june .
  :told a kg:Claim ; kg:asserts :closing ; kg:source :author ; schema:appearance :one ;
    schema:text "It closes." ; kg:polarity :positive ; kg:certainty :certain ; kg:modality :assertion .
}
GRAPH :second {
  :two a kg:Article ; schema:headline "Two" ; schema:author :calder .
  :told schema:appearance :two .
}
GRAPH :third {
  :three a kg:Article ; schema:headline "Three" ; schema:author :orrin ; schema:encoding :scan .
  :closing kg:when :july .
}
GRAPH :keywords { :one a kg:Article ; schema:keywords "quays" . :told kg:asserts :closing . }
GRAPH :notes { :two a kg:Article . :closing kg:when :may . }
GRAPH :provenance { :first prov:wasDerivedFrom :text . :third prov:wasDerivedFrom :scan . }
GRAPH :untyped { :said a kg:Claim ; kg:asserts :closing ; schema:appearance :four . }
"""


class Case(NamedTuple):
    """The columns of a query that are looked at, and the rows that they have."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[str | None, ...]]


CASES = [
    # The notes date the event too, and name the second article; nothing names the fourth one's graph.
    Case(
        "events-in-article",
        ("article", "when", "claims"),
        [("one", "2031-06", "1"), ("two", "2031-05", "1"), ("four", "", "1")],
    ),
    Case(
        "disputed-dates",
        ("date1", "by1", "date2", "by2"),
        [
            ("2031-05", "notes", "2031-06", "One"),
            ("2031-05", "notes", "2031-07", "Three"),
            ("2031-06", "One", "2031-07", "Three"),
        ],
    ),
    Case(
        "accounts-of-event",
        ("claim", "article", "date"),
        [("told", "one", "2031-06"), ("told", "two", "2031-06")],
    ),
    # The author is the source in one of both articles.
    Case("unnamed-sources", ("claim", "source", "article"), [("said", None, "four")]),
    Case(
        "who-cites-whom",
        ("reporter", "source", "claims", "articles"),
        [("calder", "author", "1", "1")],
    ),
]


@pytest.fixture(scope="module")
def store() -> Iterator[GraphStore]:
    with EmbeddedStore() as opened:
        opened.update(f"{HEAD} INSERT DATA {{ {DATA} }}")
        yield opened


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_repeated_elsewhere_changes_nothing(case: Case, store: GraphStore) -> None:
    query = stored.load(stored.find([])[case.name])
    found = run(store, query, {}, PREFIXES | IRIS.prefixes())
    assert isinstance(found, ox.QuerySolutions)
    rows = [tuple(short(row[column]) for column in case.columns) for row in found]
    assert sorted(rows, key=str) == sorted(case.rows, key=str)


def short(term: object) -> str | None:
    return None if term is None else str(getattr(term, "value", "")).removeprefix(IRIS.base)


def test_there_are_as_many_cases_as_there_were() -> None:
    assert len(CASES) == 5

"""What stored queries are asked of one thing costs the same, however much is said of others.

Counted, and not timed: Oxigraph's own program tells how many rows each step of its plan gave.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.link.enrich import as_turtle
from kg.mapping.iris import wikidata
from kg.query import bound
from kg.store.embedded import EmbeddedStore
from kg.vocab import SKOS
from tests.engines import NEEDED, MissingError, installed
from tests.test_checks import CALLED, FACTS, Told
from tests.test_stored_engines import QUERIES
from tests.wikidata_items import LUCO_MARADI

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.mapping.iris import Iris
    from kg.workspace import Workspace

ITEM = LUCO_MARADI.encode()
COPIES = 3
"""So many corpora in one store, each about things of its own."""
READING_ALL = {
    "checks": "who brought facts, and when, is read of all graphs of facts, of which there is one",
    "contradictions": "all judgements are read, which are few",
    "outside-claims": "all claims from outside are read, which are few",
    "pending-judgements": "all judgements are read, which are few",
    "replaced-claims": "all claims that took another one's place are read, which are few",
    "timeline": "all events are read and left out again, which costs next to nothing",
    "topics": "all topics are read to find those that are narrower than one",
}
"""Those whose steps grow with what is said of others, and why."""
WITH_THINGS = {
    name: query
    for name, query in QUERIES.items()
    if any(parameter.type == "iri" for parameter in query.parameters.values())
}


@pytest.fixture(scope="module")
def program() -> str:
    try:
        return installed("oxigraph")
    except MissingError as error:
        if NEEDED:
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def folders(built: Workspace, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The founding corpus, and the same with copies of it beside."""
    with built.reading() as store:
        assert isinstance(store, EmbeddedStore)
        quads = store.engine.dump(format=ox.RdfFormat.N_QUADS) or b""
    quads += facts(built.iris)
    made = {}
    base = built.settings.base.encode()
    for number in (1, COPIES):
        made[number] = tmp_path_factory.mktemp(f"copies-{number}")
        engine = ox.Store(str(made[number]))
        for copy in range(number):
            others = quads.replace(base, base + b"%d/" % copy) if copy else quads
            others = others.replace(ITEM, ITEM + b"%d" % copy)
            engine.bulk_load(others, format=ox.RdfFormat.N_QUADS)
        engine.flush()
    return made


def facts(iris: Iris) -> bytes:
    """A link from the thing whose checks are asked for, and what is told of its item."""
    item = wikidata(LUCO_MARADI)
    thing = iris.thing("actor", of_one_thing("checks")["thing"])
    called = {office: {"en": name} for office, name in CALLED.items()}
    content = as_turtle({LUCO_MARADI: FACTS[LUCO_MARADI]}, called, Told(), ["en"], iris)
    told = ox.parse(content, ox.RdfFormat.TURTLE, base_iri=iris.base)
    found = [ox.Quad(t.subject, t.predicate, t.object, iris.graph("wikidata")) for t in told]
    found.append(ox.Quad(thing, SKOS.exactMatch, item, iris.analysis))
    return ox.serialize(found, format=ox.RdfFormat.N_QUADS) or b""


def of_one_thing(name: str) -> dict[str, str]:
    """What a query needs, or else the first thing that it takes."""
    query = WITH_THINGS[name]
    given = {key: str(parameter.example) for key, parameter in query.parameters.items()}
    needed = {key: given[key] for key in query.required}
    first = next(key for key, parameter in query.parameters.items() if parameter.type == "iri")
    return needed or {first: given[first]}


def steps(program: str, store: Path, sparql: str, scratch: Path) -> int:
    """How many rows all steps of the plan gave, by which a query is answered."""
    asked, plan = scratch / "asked.rq", scratch / "plan.json"
    asked.write_text(sparql, encoding="utf-8")
    line: list[str | Path] = [program, "query", "--location", store, "--query-file", asked]
    line += ["--results-file", scratch / "rows.csv", "--union-default-graph"]
    subprocess.run([*line, "--explain-file", plan, "--stats"], check=True, timeout=60)
    return sum(_rows(json.loads(plan.read_bytes())["plan"]))


def _rows(step: Mapping[str, object]) -> Iterator[int]:
    yield int(str(step["number of results"]))
    children = step["children"]
    assert isinstance(children, list)
    for child in children:
        yield from _rows(child)


def test_most_queries_can_be_asked_of_one_thing() -> None:
    assert len(WITH_THINGS) == 36
    assert READING_ALL.keys() < WITH_THINGS.keys()


@pytest.mark.parametrize("name", WITH_THINGS)
def test_what_is_said_of_others_costs_nothing(
    name: str, program: str, folders: dict[int, Path], built: Workspace, tmp_path: Path
) -> None:
    with built.reading() as store:
        sparql = bound(store, WITH_THINGS[name], of_one_thing(name), built.prefixes)
    alone, among = (steps(program, folder, sparql, tmp_path) for folder in folders.values())
    assert alone > 0
    assert (among > alone) == (name in READING_ALL)

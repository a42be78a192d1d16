"""`kg query checks`: what it proposes to look at, and what it leaves alone, on each engine.

Each case is an article of its own, in Turtle, that speaks of things of the newsroom which are linked to
items that we made up.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pyoxigraph import NamedNode

from kg.analysis import Judge, Judgement
from kg.build import build
from kg.link.enrich import enrich
from kg.link.sparql_service import Facts, Statement
from kg.query import bound, stored
from kg.store import named_graphs, select
from kg.vocab import SKOS, WIKIDATA
from kg.workspace import Workspace
from tests.conftest import ROOT, make
from tests.engines import filled
from tests.rdflib_store import RdflibStore
from tests.wikidata_items import (
    EDRIN_VASK_COMPOSER,
    LUCO_MARADI,
    MAYOR,
    MINISTER_OF_FISHERIES,
    SINKING,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.store import GraphStore

pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning"),  # rdflib's own
    pytest.mark.xdist_group("virtuoso"),
]

SOURCE = "https://facts.example/sparql"
LINKED = {
    "actor/edrin-vask": EDRIN_VASK_COMPOSER,
    "actor/luco-maradi": LUCO_MARADI,
    "event/amaranta-collision": SINKING,
}
"""The first of these is wrong: the checks are to show that."""
PREFIXES = """\
@prefix kg: <https://w3id.org/newskg/ontology#> .
@prefix kgs: <https://w3id.org/newskg/scheme/> .
@prefix schema: <http://schema.org/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix actor: <id/actor/> .
@prefix event: <id/event/> .
@prefix date: <id/date/> .
"""


def statement(
    property_: str, value: str, start: str | None = None, end: str | None = None
) -> Statement:
    id_ = f"{WIKIDATA}statement/{property_}-{value}"
    return Statement(id=id_, property=property_, value=value, start=start, end=end)


FACTS = {
    EDRIN_VASK_COMPOSER: Facts(
        item=EDRIN_VASK_COMPOSER,
        labels={"en": "Edrin Vask"},
        statements=(statement("P569", "1790"), statement("P570", "1851-11")),
    ),
    LUCO_MARADI: Facts(
        item=LUCO_MARADI,
        labels={"en": "Luco Maradi"},
        statements=(
            statement("P569", "1968-01-01"),
            statement("P39", MAYOR, "2021", "2027-06-30"),
            statement("P39", MINISTER_OF_FISHERIES, "2029-05-02"),
        ),
    ),
    SINKING: Facts(
        item=SINKING,
        labels={"en": "sinking of the Amaranta"},
        statements=(statement("P585", "2031-03-03"), statement("P1120", "3")),
    ),
}
CALLED = {MAYOR: "mayor of Sant Orel", MINISTER_OF_FISHERIES: "Minister of Fisheries of Pellovia"}


class Told:
    """A source of the facts above."""

    source = SOURCE
    as_of = "2031-04-01"

    def facts(self, ids: Iterable[str], _languages: Sequence[str], /) -> Mapping[str, Facts]:
        return {id_: FACTS[id_] for id_ in ids}

    def texts(
        self, ids: Sequence[str], _languages: Sequence[str], /
    ) -> Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]]:
        return {id_: ({"en": CALLED[id_]}, {}) for id_ in ids}


class Case(NamedTuple):
    """An article of a day with what it says in Turtle, and what of that is proposed to be looked at."""

    published: str | None
    says: str
    found: tuple[tuple[str, str, str], ...] = ()


def mention(words: str, of: str = "luco-maradi") -> str:
    return f'<#m> a kg:Mention ; kg:refersTo actor:{of} ; oa:exact "{words}" .'


def deaths(quantifier: str, number: str, *, unit: str = "deaths", polarity: str = "positive",
           of: str = "event:amaranta-collision") -> str:  # fmt: skip
    kind = {"at-least": "min", "more-than": "min", "at-most": "max", "less-than": "max"}.get(
        quantifier
    )
    predicate = f"schema:{kind}Value" if kind else "schema:value"
    return (
        f"<#c> a kg:Claim ; kg:polarity kgs:polarity-{polarity} ; kg:quantity <#q> ."
        f" <#q> a kg:Quantity ; kg:population {of} ; kg:quantifier kgs:quantifier-{quantifier} ;"
        f' schema:unitText "{unit}" ; {predicate} {number} .'
    )


VICTIMS = (
    "event:amaranta-collision kg:participation <#p> ."
    " <#p> a kg:Participation ; kg:actor actor:dead-fishermen ; kg:role kgs:role-victim ."
)
MORE_VICTIMS = (
    "event:amaranta-collision kg:participation <#p2> ."
    " <#p2> a kg:Participation ; kg:actor actor:missing-fishermen ; kg:role kgs:role-victim ."
)
LIVED = "when it lived or was there"
DAY = "date of an event"
DEATHS = "number of deaths"
ROLE = (
    "<#e> kg:participation <#p> ; kg:when date:{day} ; rdfs:label 'ball' ."
    " <#p> a kg:Participation ; kg:actor actor:edrin-vask ; kg:role kgs:role-{role} ."
)


CASES = {
    "another day": Case("2031", "event:amaranta-collision kg:when date:2031-03-04 .",
                        ((DAY, "2031-03-04", "2031-03-03"),)),
    "another month": Case("2031", "event:amaranta-collision kg:when date:2031-02 .",
                          ((DAY, "2031-02", "2031-03-03"),)),
    "the same month": Case("2031", "event:amaranta-collision kg:when date:2031-03 ."),
    "the same year, roughly": Case("2031", "event:amaranta-collision kg:when <id/date/2031~> ."),
    "days around it": Case("2031", "event:amaranta-collision kg:when date:2031-03-02%2F2031-03-05 ."),
    "until some day": Case("2031", "event:amaranta-collision kg:when <id/date/..%2F2031-03-02> .",
                           ((DAY, "../2031-03-02", "2031-03-03"),)),
    "since some day": Case("2031", "event:amaranta-collision kg:when <id/date/2031-03-01%2F..> ."),
    "another event": Case("2031", "event:veyle-talks kg:when date:2031-03-24 ."),
    "speaks after death": Case("2031-03-05", "<#c> a kg:Claim ; kg:source actor:edrin-vask .",
                               ((LIVED, "speaks, 2031-03-05", "1790/1851-11"),)),
    "spoke in lifetime": Case("2031-03-05", "<#c> a kg:Claim ; kg:source actor:edrin-vask ;"
                              " kg:when date:1850 ."),
    "spoke before birth": Case("1851", "<#c> a kg:Claim ; kg:source actor:edrin-vask ;"
                               " kg:when date:1789 .", ((LIVED, "speaks, 1789", "1790/1851-11"),)),
    "spoke in the year of death": Case(None, "<#c> a kg:Claim ; kg:source actor:edrin-vask ;"
                                       " kg:when date:1851 ."),
    "speaks at no known time": Case(None, "<#c> a kg:Claim ; kg:source actor:edrin-vask ."),
    "acts after death": Case("2031", ROLE.format(day="1851-12", role="agent"),
                             ((LIVED, "ball, 1851-12", "1790/1851-11"),)),
    "is honoured after death": Case("2031", ROLE.format(day="1951", role="affected")),
    "is spoken of after death": Case("2031", "<#c> a kg:Claim ; schema:about actor:edrin-vask ."),
    "lives on": Case("2031", "<#c> a kg:Claim ; kg:source actor:luco-maradi ."),
    "called minister too early": Case("2028-06-01", mention("Fisheries Minister Luco Maradi"),
        (("office", "Fisheries Minister Luco Maradi, 2028-06-01",
          "Minister of Fisheries of Pellovia 2029-05-02/"),)),
    "called minister in time": Case("2031-03-05", mention("Fisheries Minister Luco Maradi")),
    "called minister on the way there": Case("2029-05", mention("Minister Maradi")),
    "called mayor too late": Case("2031-03-05", mention("Mayor Maradi"),
        (("office", "Mayor Maradi, 2031-03-05", "mayor of Sant Orel 2021/2027-06-30"),)),
    "called mayor by its source": Case("2031-03-05", "<#c> a kg:Claim ; kg:source actor:luco-maradi ;"
        ' kg:sourceSpan <#s> . <#s> a kg:Passage ; oa:exact "the mayor, Luco Maradi" .',
        (("office", "the mayor, Luco Maradi, 2031-03-05", "mayor of Sant Orel 2021/2027-06-30"),)),
    "called mayor in a claim of then": Case("2031-03-05", mention("Mayor Maradi")
        + "<#c> a kg:Claim ; kg:source actor:luco-maradi ; kg:when date:2025 ."),
    "called mayor in a later claim": Case("2031-03-05", mention("Mayor Maradi")
        + "<#c> a kg:Claim ; kg:source actor:luco-maradi ; kg:when date:2030 .",
        (("office", "Mayor Maradi, 2030 | 2031-03-05", "mayor of Sant Orel 2021/2027-06-30"),)),
    "a former mayor": Case("2031-03-05", mention("former Mayor Maradi")),
    "an ex-mayor": Case("2031-03-05", mention("ex-mayor Luco Maradi")),
    "a deputy mayor": Case("2031-03-05", mention("deputy mayor Luco Maradi")),
    "a word that has the title in it": Case("2031-03-05", mention("Mayoral Maradi")),
    "called something that nobody knows of": Case("2031-03-05", mention("Commodore Maradi")),
    "an article without a date": Case(None, mention("Mayor Maradi")),
    "more deaths": Case("2031", deaths("exactly", "5"), ((DEATHS, "exactly 5 deaths", "3 deaths"),)),
    "as many deaths": Case("2031", deaths("exactly", "3")),
    "at least fewer": Case("2031", deaths("at-least", "1")),
    "at least more": Case("2031", deaths("at-least", "4"), ((DEATHS, "at least 4 deaths", "3 deaths"),)),
    "more than that": Case("2031", deaths("more-than", "3"), ((DEATHS, "more than 3 deaths", "3 deaths"),)),
    "at most as many": Case("2031", deaths("at-most", "3")),
    "fewer than that": Case("2031", deaths("less-than", "3"),
                            ((DEATHS, "less than 3 deaths", "3 deaths"),)),
    "about as many": Case("2031", deaths("about", "3")),
    "denied": Case("2031", deaths("exactly", "5", polarity="negative")),
    "people who are not dead": Case("2031", deaths("exactly", "15", unit="persons")),
    "the dead of something else": Case("2031", deaths("exactly", "5", of="event:veyle-talks")),
    "its only victims": Case("2031", VICTIMS + deaths("exactly", "1", of="actor:dead-fishermen",
        unit="persons"), ((DEATHS, "exactly 1 persons", "3 deaths"),)),
    "some of its victims": Case("2031", VICTIMS + MORE_VICTIMS + deaths("exactly", "1",
        of="actor:dead-fishermen", unit="persons")),
    "people who were no victims": Case("2031", deaths("exactly", "1", of="actor:dead-fishermen",
        unit="persons")),
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The newsroom's register and links, facts about the items, and the cases as graphs."""
    root = tmp_path_factory.mktemp("checks") / "desk"
    workspace = make(root, ROOT / "examples" / "newsroom" / "entities.ttl")
    with (root / "kg.toml").open("a") as file:
        file.write('gate = "off"\n')
    workspace = Workspace.open(root)
    analysis = workspace.analysis()
    for thing, item in LINKED.items():
        analysis.decide(
            Judgement(from_=workspace.iris.thing(*thing.split("/")), relation=SKOS.exactMatch,
                      to=NamedNode(WIKIDATA + item), confidence=Decimal(1), status="accepted",
                      by=Judge(name="Mira"), method="review", when="2031-04-02")
        )  # fmt: skip
    for number, case in enumerate(CASES.values()):
        when = f" ; kg:when date:{case.published}" if case.published else ""
        says = case.says.replace("<#", f"<id/x/{number}-")
        article = f"<id/article/case-{number}> a kg:Article{when} ."
        (workspace.graphs / f"case-{number}.ttl").write_text(f"{PREFIXES}{article}\n{says}\n")
    with workspace.writing() as store:
        workspace.keep(analysis)
        assert build(workspace, store).problems == []
        enrich(workspace, store, Told(), ["en"])
        assert build(workspace, store).problems == []
    return workspace


Row = tuple[str, str, str]


def asked(store: GraphStore, workspace: Workspace, **values: str) -> dict[str, set[Row]]:
    """What is found, by the article."""
    query = stored.named("checks", [])
    found: dict[str, set[Row]] = {}
    for row in select(store, bound(store, query, values, workspace.prefixes)):
        assert row["source"].value == SOURCE
        assert row["asOf"].value == "2031-04-01"
        article = row["article"].value.rpartition("/")[2]
        told = (row["check"].value, row["says"].value, row["itemSays"].value)
        assert told not in found.setdefault(article, set())
        found[article].add(told)
    return found


@pytest.fixture(scope="module", params=["oxigraph", "rdflib", "virtuoso"])
def answers(workspace: Workspace, request: pytest.FixtureRequest) -> Iterator[dict[str, set[Row]]]:
    """What is found by an engine."""
    with workspace.reading() as disk:
        if request.param == "virtuoso":
            with filled(request.getfixturevalue("virtuoso_url"), disk) as virtuoso:
                yield asked(virtuoso, workspace)
        elif request.param == "rdflib":
            with RdflibStore() as rdflib:
                for graph in named_graphs(disk):
                    rdflib.put(graph, disk.get(graph))
                yield asked(rdflib, workspace)
        else:
            yield asked(disk, workspace)


@pytest.mark.parametrize("name", CASES)
def test_what_differs_is_proposed_and_nothing_else(name: str, answers: dict[str, set[Row]]) -> None:
    number = list(CASES).index(name)
    assert answers.get(f"case-{number}", set()) == set(CASES[name].found)


def test_the_cases_are_counted() -> None:
    assert len(CASES) == 44
    assert sum(len(case.found) for case in CASES.values()) == 15
    assert {found[0] for case in CASES.values() for found in case.found} == {
        LIVED, DAY, DEATHS, "office"
    }  # fmt: skip


def test_an_actor_an_event_or_an_article_can_be_asked_for(workspace: Workspace) -> None:
    with workspace.reading() as store:
        everything = asked(store, workspace)
        of_maradi = asked(store, workspace, thing="luco-maradi")
        of_event = asked(store, workspace, thing="amaranta-collision")
        of_article = asked(store, workspace, article="article/case-0")
        of_both = asked(store, workspace, thing="amaranta-collision", article="article/case-0")
        of_other = asked(store, workspace, thing="luco-maradi", article="article/case-0")
        nothing = asked(store, workspace, thing="haldria")
    assert {row[0] for rows in of_maradi.values() for row in rows} == {"office"}
    assert {row[0] for rows in of_event.values() for row in rows} == {DAY, DEATHS}
    assert of_article == of_both == {"case-0": everything["case-0"]}
    assert len(everything) > len(of_maradi) + len(of_event)
    assert nothing == of_other == {}

"""Wikidata over the network, played on loopback; with the mark `network`, the real one."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kg.errors import ServiceError
from kg.link.entity import item
from kg.link.service import Client
from kg.link.sparql_service import FACTS, QueryService, Statement
from kg.link.wikidata import AT_ONCE, ApiError, WikidataIndex
from tests.test_link_service import ME, Slow
from tests.wikidata_items import (
    ANSGAR_TVELD,
    BRENNICK,
    COUNCIL,
    DELETED,
    EDRIN_VASK,
    EDRIN_VASK_COMPOSER,
    HALDRIA,
    HARBOUR_TOWN,
    LUCO_MARADI,
    MAYOR,
    MERGED,
    MINISTER_OF_FISHERIES,
    OLD_KING,
    OPERA,
    PELLOVIA,
    PORTO_LANZA,
    SEVERAL_HALDRIAS,
    SINKING,
    entity,
    recorded,
)
from tests.wikidata_server import (
    Fault,
    busy,
    garbled,
    lagging,
    page,
    plain,
    refusing,
    wikidata,
)

if TYPE_CHECKING:
    from pathlib import Path

    from kg.link.item import EntityIndex
    from tests.wikidata_server import Wikidata


def index(
    server: Wikidata, *languages: str, client: Client | None = None, interactive: bool = False
) -> WikidataIndex:
    client = client or Client(ME, clock=Slow())
    return WikidataIndex(client, languages or ("en",), server.api, interactive=interactive)


def found(known: EntityIndex, name: str, limit: int = 10) -> list[str]:
    return [each.id for each in known.search([name], limit=limit)[name]]


# Searching

NAMES = {
    "Haldria": [HALDRIA, SEVERAL_HALDRIAS],
    "Edrin Vask": [EDRIN_VASK_COMPOSER, EDRIN_VASK],
    "CLSS": [COUNCIL],
    "commander vask": [EDRIN_VASK],
    "  Luco \n Maradi ": [LUCO_MARADI],
    "Amaranta": [OPERA],
    "Amaranta collision": [SINKING],
    "spokesman naval Vask": [EDRIN_VASK],
    "naval -Haldrian: Vask": [EDRIN_VASK],
    "Nobody Atall": [],
    "": [],
    "x" * 300: [],
}


def test_a_name_finds_those_who_bear_it_and_words_find_those_they_describe() -> None:
    with wikidata() as server:
        answers = index(server).search(list(NAMES))
    for name, ids in NAMES.items():
        assert [each.id for each in answers[name]][: len(ids) or None] == ids, name
    assert len(NAMES) == 12


def test_a_name_in_another_language_is_found_where_the_first_has_none() -> None:
    with wikidata() as server:
        assert found(index(server, "en", "ja"), "ハルドリア") == [HALDRIA]
        languages = [each.parameters.get("language") for each in server.asked]
    assert languages[:2] == ["en", "ja"]


def test_a_search_gives_no_more_than_is_wanted() -> None:
    with wikidata() as server:
        assert len(found(index(server), "Haldria", limit=1)) == 1


def test_items_are_described_in_the_languages_that_are_wanted() -> None:
    with wikidata() as server:
        known = index(server, "en", "ja").items([HALDRIA])[HALDRIA]
    assert known is not None
    assert known.iri == f"http://www.wikidata.org/entity/{HALDRIA}"
    assert known.labels == {"en": "Haldria", "ja": "ハルドリア"}
    assert known.descriptions == {"en": "country on the Lantern Sea"}
    assert known.aliases == {"en": ("Republic of Haldria",)}
    assert known.classes == ("Q6256",)
    assert BRENNICK in known.related
    assert known.coordinates == (61.5, 4.25)
    assert known.sitelinks == 10


def test_items_are_described_in_english_too_since_sorts_are_known_by_english_words() -> None:
    with wikidata() as server:
        known = index(server, "ja").items([HALDRIA])[HALDRIA]
        assert known is not None
        assert known.labels == {"ja": "ハルドリア", "en": "Haldria"}
        assert known.descriptions == {"en": "country on the Lantern Sea"}
        assert server.asked[-1].parameters["languages"] == "ja|en|mul"


def test_the_dates_of_people_and_events_are_told() -> None:
    with wikidata() as server:
        items = index(server).items([EDRIN_VASK_COMPOSER, SINKING])
    composer, sinking = items.values()
    assert composer is not None
    assert sinking is not None
    assert (composer.born, composer.died) == ("1790", "1851-11")
    assert sinking.began == "2031-03-03"


def test_a_search_asks_for_all_the_candidates_of_all_names_in_one_request() -> None:
    with wikidata() as server:
        index(server).search(["Haldria", "Pellovia", "Edrin Vask"])
        assert server.counted()["wbgetentities"] == 1


# Items by their ids


def test_an_item_that_was_merged_is_the_one_that_it_was_merged_into() -> None:
    with wikidata() as server:
        items = index(server).items([MERGED, EDRIN_VASK])
    merged = items[MERGED]
    assert merged is not None
    assert merged.id == EDRIN_VASK
    assert merged == items[EDRIN_VASK]


@pytest.mark.parametrize("id_", [DELETED, "Q0", "Q99999999999", "P31", "", "Q1|Q2", "q5"])
def test_what_is_gone_or_never_was_is_none(id_: str) -> None:
    with wikidata() as server:
        assert list(index(server).items([id_, HALDRIA])) == [id_, HALDRIA]
        items = index(server).items([id_, HALDRIA])
    assert items[id_] is None
    assert items[HALDRIA] is not None


def test_an_item_that_the_api_refuses_does_not_take_its_batch_with_it() -> None:
    error = {"code": "no-such-entity", "info": "Could not find it.", "id": DELETED}
    with wikidata(faults=[Fault(reply=plain({"error": error}))]) as server:
        items = index(server).items([HALDRIA, DELETED, PELLOVIA])
        assert [each is None for each in items.values()] == [False, True, False]
        assert server.asked[1].parameters["ids"] == f"{HALDRIA}|{PELLOVIA}"


def test_fifty_items_go_into_one_request_and_no_more() -> None:
    many = [entity(f"Q9001{i:05}", f"Buoy {i}") for i in range(1, 121)]
    with wikidata(many) as server:
        items = index(server).items(each["id"] for each in many)
        sizes = [len(each.parameters["ids"].split("|")) for each in server.asked]
    assert sizes == [50, 50, 20] == [AT_ONCE, AT_ONCE, 20]
    assert all(items.values())
    assert list(items) == [each["id"] for each in many]


def test_the_server_refuses_fifty_one_as_the_real_one_does() -> None:
    many = [f"Q9001{i:05}" for i in range(51)]
    with wikidata() as server, pytest.raises(ApiError, match="toomanyvalues"):
        index(server)._fetch(many)


def test_an_item_is_kept_by_itself_whatever_it_was_asked_for_with(tmp_path: Path) -> None:
    with wikidata() as server:
        index(server, client=Client(ME, cache=tmp_path)).items([HALDRIA, PELLOVIA, DELETED])
        again = index(server, client=Client(ME, cache=tmp_path))
        again.items([PELLOVIA, BRENNICK])
        again.items([DELETED])
        assert [each.parameters["ids"] for each in server.asked[1:]] == [BRENNICK]


def test_offline_an_index_knows_what_it_was_asked_before(tmp_path: Path) -> None:
    clock = Slow()
    with wikidata() as server:
        before = index(server, client=Client(ME, cache=tmp_path, clock=clock))
        expected = before.search(["Edrin Vask"])
        asked = len(server.asked)
        clock.time += timedelta(days=90).total_seconds()
        offline = Client("", cache=tmp_path, clock=clock, offline=True)
        known = index(server, client=offline)
        assert known.search(["Edrin Vask"]) == expected
        assert known.as_of == "2031-03-05"
        with pytest.raises(ServiceError, match="the search for 'Porto Lanza' was never asked for"):
            known.search(["Porto Lanza"])
        with pytest.raises(ServiceError, match=f"what {PORTO_LANZA} is was never asked for"):
            known.items([PORTO_LANZA])
        assert len(server.asked) == asked


# Manners


def test_work_that_nobody_waits_for_stands_back_while_the_servers_lag() -> None:
    clock = Slow()
    with wikidata(faults=[lagging("5"), lagging(None, lag=6.2)]) as server:
        known = index(server, client=Client(ME, clock=clock))
        assert found(known, "CLSS") == [COUNCIL]
        assert all(each.parameters["maxlag"] == "5" for each in server.asked)
        assert len(server.asked) == 4
    assert clock.time == 5 + 6.2


def test_a_look_up_that_somebody_waits_for_does_not() -> None:
    with wikidata(faults=[lagging(times=9)]) as server:
        assert found(index(server, interactive=True), "CLSS") == [COUNCIL]
        assert all("maxlag" not in each.parameters for each in server.asked)


@pytest.mark.parametrize("code", ["ratelimited", "readonly", "internal_api_error_DBQueryError"])
def test_errors_of_the_api_that_pass_are_waited_for(code: str) -> None:
    clock = Slow()
    with wikidata(faults=[refusing(code, "Not now.")]) as server:
        assert found(index(server, client=Client(ME, clock=clock)), "CLSS") == [COUNCIL]
    assert clock.time == 1


def test_other_errors_of_the_api_are_told() -> None:
    with (
        wikidata(faults=[refusing("badvalue", "No such language.")]) as server,
        pytest.raises(ApiError, match=r"/w/api\.php: refuses: badvalue: No such language\."),
    ):
        found(index(server), "CLSS")


@pytest.mark.parametrize(
    "answer", [[], "no", {"entities": {}}, {"entities": []}, {"success": 1}, None, 5]
)
def test_json_that_is_no_answer_is_a_clear_error(answer: object) -> None:
    with (
        wikidata(faults=[Fault(reply=plain(answer))]) as server,
        pytest.raises(ServiceError, match=r"without the items|refuses: unknown: no object of JSON"),
    ):
        index(server).items([HALDRIA])


@pytest.mark.parametrize(
    "strange",
    [
        5,
        {"type": "item", "id": 5},
        {"type": "item", "id": HALDRIA, "claims": {"P31": 5}},
        {"type": "item", "id": HALDRIA, "claims": {"P31": [{}]}},
        {"type": "item", "id": HALDRIA, "labels": {"en": "Haldria"}},
        {"type": "item", "id": HALDRIA, "aliases": {"en": [5]}},
    ],
)
def test_an_item_in_a_form_of_its_own_is_a_clear_error(strange: object, tmp_path: Path) -> None:
    with wikidata(faults=[Fault(reply=plain({"entities": {HALDRIA: strange}}))]) as server:
        known = index(server, client=Client(ME, cache=tmp_path))
        with pytest.raises(ServiceError, match=r"without the items|a form of its own"):
            known.items([HALDRIA])
        assert known.items([HALDRIA])[HALDRIA] is not None


@pytest.mark.parametrize(
    "answer", [{"search": None}, {"search": ["Q1", {"id": 5}, {"id": "L1"}]}, {"search": {}}]
)
def test_a_strange_search_finds_nothing(answer: object) -> None:
    faults = [Fault(reply=plain(answer)), Fault(reply=plain({"query": []}))]
    with wikidata(faults=faults) as server:
        assert found(index(server), "Haldria") == []


# The query service


def service(server: Wikidata, client: Client | None = None) -> QueryService:
    return QueryService(client or Client(ME, clock=Slow()), server.sparql)


def told(statements: tuple[Statement, ...]) -> list[tuple[str, str | None, str | None]]:
    return [(each.value, each.start, each.end) for each in statements]


def test_the_offices_of_a_person_come_with_when_they_were_held() -> None:
    with wikidata() as server:
        facts = service(server).facts([LUCO_MARADI], ["en"])[LUCO_MARADI]
    assert told(facts.of("P39")) == [
        (MAYOR, "2021", "2027-06-30"),
        (MINISTER_OF_FISHERIES, "2029-05-02", None),
    ]
    assert [each.preferred for each in facts.of("P39")] == [False, True]
    assert told(facts.of("P27")) == [(PELLOVIA, None, None)]
    assert facts.labels == {"en": "Luco Maradi"}
    assert facts.descriptions == {"en": "Pellovian politician"}


def test_dates_numbers_and_coordinates_come_as_precise_as_they_are() -> None:
    with wikidata() as server:
        facts = service(server).facts([SINKING, OLD_KING, EDRIN_VASK_COMPOSER, HALDRIA], ["en"])
    assert told(facts[SINKING].of("P585")) == [("2031-03-03", None, None)]
    assert told(facts[SINKING].of("P1120")) == [("3", None, None)]
    assert told(facts[OLD_KING].of("P569")) == [("-0043", None, None)]
    assert told(facts[EDRIN_VASK_COMPOSER].of("P569")) == [("1790", None, None)]
    assert told(facts[EDRIN_VASK_COMPOSER].of("P570")) == [("1851-11", None, None)]
    assert told(facts[HALDRIA].of("P625")) == [("61.5,4.25", None, None)]


def test_a_value_that_nobody_knows_is_no_fact() -> None:
    with wikidata() as server:
        facts = service(server).facts([ANSGAR_TVELD], ["en"])[ANSGAR_TVELD]
    assert facts.of("P569") == ()
    assert [each.start for each in facts.of("P39")] == ["2027-10"]


def test_of_a_birthday_the_best_rank_counts() -> None:
    rivals = [{"value": "1901", "rank": "normal"}, {"value": "1902", "rank": "preferred"}]
    with wikidata([entity("Q900200001", "Somebody", P569=rivals)]) as server:
        facts = service(server).facts(["Q900200001"], ["en"])["Q900200001"]
    assert told(facts.of("P569")) == [("1902", None, None)]


def test_an_item_that_the_service_does_not_have_has_no_facts() -> None:
    with wikidata() as server:
        facts = service(server).facts([DELETED, "nonsense } #"], ["en", 'x") .'])
    assert list(facts) == [DELETED]
    assert facts[DELETED].statements == ()
    assert facts[DELETED].labels == {}


def test_labels_come_in_all_languages_that_are_wanted() -> None:
    with wikidata() as server:
        texts = service(server).texts([HALDRIA, MAYOR], ["en", "ko"])
    assert texts[HALDRIA][0] == {"en": "Haldria", "ko": "할드리아"}
    assert texts[MAYOR][0] == {"en": "mayor of Sant Orel"}


def test_the_classes_above_a_class_are_told() -> None:
    with wikidata() as server:
        above = service(server).superclasses([HARBOUR_TOWN, "Q5"])
    assert above == {HARBOUR_TOWN: frozenset({HARBOUR_TOWN, "Q515"}), "Q5": frozenset({"Q5"})}


def test_long_queries_are_posted_and_short_ones_can_be_cached_on_the_way() -> None:
    many = [f"Q9003{i:05}" for i in range(1, 151)]
    with wikidata() as server:
        known = service(server)
        known.superclasses([HARBOUR_TOWN])
        known.statements(many)
        methods = [each.method for each in server.asked]
        assert {each.headers["Accept"].partition(",")[0] for each in server.asked} == {
            "application/sparql-results+json"
        }
        assert all(each.headers["User-Agent"].endswith(f"({ME})") for each in server.asked)
    assert methods == ["GET", "POST", "POST", "POST"]


def test_parameters_of_the_address_are_sent_along_and_not_shown() -> None:
    many = [f"Q9003{i:05}" for i in range(1, 51)]
    with wikidata() as server:
        known = QueryService(Client(ME), f"{server.sparql}?token=secret")
        assert known.superclasses([HARBOUR_TOWN])[HARBOUR_TOWN] == {HARBOUR_TOWN, "Q515"}
        known.statements(many)
        assert [each.method for each in server.asked] == ["GET", "POST"]
        assert {each.parameters["token"] for each in server.asked} == {"secret"}
        with pytest.raises(ServiceError) as caught:
            known.select("SELECT nonsense", "nonsense")
    assert "secret" not in known.source + str(caught.value)


def test_the_query_service_is_waited_for_and_its_answers_are_kept(tmp_path: Path) -> None:
    clock = Slow()
    with wikidata(faults=[busy("30"), garbled()]) as server:
        for _ in range(2):
            client = Client(ME, cache=tmp_path, clock=clock)
            facts = service(server, client).facts([SINKING], ["en"])
            assert told(facts[SINKING].of("P1120")) == [("3", None, None)]
        assert len(server.asked) == 4
    assert clock.time == 30 + 2


def test_what_is_wrong_with_a_query_is_told_in_the_words_of_the_service() -> None:
    with wikidata() as server, pytest.raises(ServiceError, match=r"status 400.*Parse error"):
        service(server).select("SELECT nonsense", "nonsense")


ROWS: list[object] = [
    {"head": {}},
    {"results": {"bindings": 5}},
    {"results": {"bindings": [5]}},
    {"results": {"bindings": [{"class": 5}]}},
    {"results": {"bindings": [{"above": {"value": "http://www.wikidata.org/entity/Q5"}}]}},
    [],
]


@pytest.mark.parametrize("fault", [page(), *(Fault(reply=plain(rows)) for rows in ROWS)])
def test_an_answer_that_is_no_result_is_a_clear_error(fault: Fault) -> None:
    with (
        wikidata(faults=[fault]) as server,
        pytest.raises(ServiceError, match=r"not with JSON|no result of a query"),
    ):
        service(server).superclasses(["Q5"])


# The recorded answers


def test_the_recorded_items_are_found_and_told_as_they_were_recorded(shared: Path) -> None:
    entities = recorded(shared)
    assert len(entities) == 66
    with wikidata(entities) as server:
        known = index(server)
        items = known.items(each["id"] for each in entities)
        expected = {each["id"]: item(each, ["en"]) for each in entities}
        assert items == expected
        labelled = [each for each in items.values() if each and "en" in each.labels]
        names = [each.labels["en"] for each in labelled]
        answers = known.search(names, limit=50)
        missed = [each.id for each in labelled if each not in answers[each.labels["en"]]]
        assert missed == []
        facts = service(server).facts(expected, ["en"])
    assert len(labelled) >= 60
    humans = [each for each in labelled if each.born]
    assert humans
    for each in humans:
        assert [fact.value for fact in facts[each.id].of("P569")] == [each.born]


# The real Wikidata


@pytest.mark.network
def test_the_real_services_answer_in_the_same_form(tmp_path: Path) -> None:
    contact = os.environ.get("KG_CONTACT")
    if not contact:
        pytest.skip("KG_CONTACT is not set, and strangers do not ask Wikidata")
    client = Client(contact, cache=tmp_path)
    known = WikidataIndex(client, ["en", "ja"], interactive=True)
    human = known.items(["Q5"])["Q5"]
    assert human is not None
    assert human.label("en") == "human"
    assert "Q5" in found(known, "human")
    with pytest.raises(ApiError, match="toomanyvalues"):
        known._fetch([f"Q{i}" for i in range(1, 52)])
    query = QueryService(client)
    assert "Q5" in query.superclasses(["Q5"])["Q5"]
    assert query.texts(["Q5"], ["en"])["Q5"][0] == {"en": "human"}
    assert set(FACTS) >= {each.property for each in query.statements(["Q5"]).get("Q5", ())}

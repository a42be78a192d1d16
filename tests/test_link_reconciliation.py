"""Reconciliation services: both versions, whatever they say of themselves, and other authorities."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from kg.errors import ConfigError, ServiceError
from kg.link.item import Item
from kg.link.manifest import MOST, Manifest, read
from kg.link.reconciliation import ReconciliationIndex
from kg.link.service import Client
from tests.test_link_service import ME, Slow
from tests.wikidata_items import (
    COUNCIL,
    EDRIN_VASK,
    EDRIN_VASK_COMPOSER,
    HALDRIA,
    LUCO_MARADI,
    PELLOVIA,
    SEVERAL_HALDRIAS,
)
from tests.wikidata_reconciliation import BATCH
from tests.wikidata_server import Fault, busy, page, plain, wikidata

if TYPE_CHECKING:
    from pathlib import Path

    from kg.link.item import EntityIndex
    from tests.wikidata_server import Wikidata

BOTH = ["reconcile", "draft"]
URL = "https://names.example/api"


def index(
    server: Wikidata, service: str = "reconcile", client: Client | None = None, *languages: str
) -> ReconciliationIndex:
    client = client or Client(ME, clock=Slow())
    return ReconciliationIndex(client, f"{server.url}/{service}", languages or ("en",))


def ids(known: EntityIndex, name: str, limit: int = 10) -> list[str]:
    return [each.id for each in known.search([name], limit=limit)[name]]


@pytest.mark.parametrize("service", BOTH)
def test_a_name_finds_the_candidates_in_the_order_of_the_service(service: str) -> None:
    with wikidata() as server:
        known = index(server, service)
        assert ids(known, "Haldria", 2) == [HALDRIA, SEVERAL_HALDRIAS]
        assert ids(known, "Edrin Vask") == [EDRIN_VASK_COMPOSER, EDRIN_VASK]
        assert ids(known, "CLSS") == [COUNCIL]
        assert ids(known, "Nobody Atall") == []
        assert known.search(["", "  "]) == {"": [], "  ": []}


@pytest.mark.parametrize("service", BOTH)
def test_a_candidate_is_described_by_data_extension(service: str) -> None:
    with wikidata() as server:
        known = index(server, service, None, "en", "ja")
        (found,) = known.search(["Luco Maradi"])["Luco Maradi"]
        vask = known.items([EDRIN_VASK])[EDRIN_VASK]
    assert found == Item(
        id=LUCO_MARADI,
        iri=f"http://www.wikidata.org/entity/{LUCO_MARADI}",
        labels={"en": "Luco Maradi"},
        aliases={"en": ("Maradi",)},
        descriptions={"en": "Pellovian politician"},
        classes=("Q5",),
        born="1968",
    )
    assert vask is not None
    assert vask.labels == {"en": "Edrin Vask", "ja": "エドリン・ヴァスク"}
    assert vask.born == "1981-04-12"


def test_both_versions_tell_the_same() -> None:
    names = ["Haldria", "Edrin Vask", "CLSS", "Radio", "Amaranta", "Vask"]
    with wikidata() as server:
        old, new = (index(server, service).search(names) for service in BOTH)
    assert old == new
    assert all(old.values())


@pytest.mark.parametrize("service", BOTH)
def test_an_id_finds_its_item_or_nothing(service: str) -> None:
    with wikidata() as server:
        items = index(server, service).items([HALDRIA, "Q900999999", PELLOVIA])
    assert [each.id if each else None for each in items.values()] == [HALDRIA, None, PELLOVIA]


@pytest.mark.parametrize("service", BOTH)
def test_a_batch_is_no_longer_than_the_service_takes(service: str) -> None:
    names = [f"Buoy {i}" for i in range(12)]
    with wikidata() as server:
        index(server, service).search(names)
        assert server.reconcilers[service].batches == [BATCH, BATCH, 2]


def test_a_service_that_says_nothing_of_its_limit_is_asked_for_less() -> None:
    names = [f"Buoy {i}" for i in range(12)]
    with wikidata() as server:
        index(server, "authority").search(names)
        assert server.reconcilers["authority"].batches == [10, 5, 5, 2]


def test_one_query_that_is_too_long_is_an_error() -> None:
    with wikidata() as server:
        known = index(server)
        assert known.manifest.batch == BATCH
        server.fail(busy(status=413, times=9))
        with pytest.raises(ServiceError, match="status 413"):
            known.search(["Haldria"])


def test_a_draft_is_asked_by_post_and_in_the_language_of_the_texts() -> None:
    with wikidata() as server:
        index(server, "draft", None, "ko", "en").search(["Haldria"])
        asked = next(each for each in server.asked if each.path == "/draft/match")
    assert asked.method == "POST"
    assert asked.headers["Accept-Language"] == "ko, en"
    assert json.loads(asked.body) == {
        "queries": [
            {
                "conditions": [{"matchType": "name", "propertyValue": "Haldria"}],
                "limit": 10,
            }
        ]
    }


def test_another_authority_has_ids_properties_and_dates_of_its_own() -> None:
    with wikidata() as server:
        known = index(server, "authority")
        _, found = known.search(["Edrin Vask"])["Edrin Vask"]
        assert known.items([found.id]) == {found.id: found}
    assert found == Item(
        id="n 900000005",
        iri="https://names.example/n%20900000005",
        labels={"en": "Edrin Vask"},
        aliases={"en": ("Commander Vask", "E. Vask")},
        descriptions={"en": "Haldrian naval officer, spokesman of the coast guard"},
        classes=("Q5",),
        born="1981-04-12",
    )


def test_what_was_answered_is_kept_query_by_query(tmp_path: Path) -> None:
    with wikidata() as server:
        first = index(server, client=Client(ME, cache=tmp_path)).search(["Haldria", "CLSS"])
        known = index(server, client=Client(ME, cache=tmp_path))
        assert known.search(["CLSS", "Pellovia"])["CLSS"] == first["CLSS"]
        assert server.reconcilers["reconcile"].batches == [2, 1]
        offline = index(server, client=Client("", cache=tmp_path, offline=True))
        assert offline.search(["Haldria"])["Haldria"] == first["Haldria"]
        with pytest.raises(ServiceError, match="the search for 'Brennick' was never asked"):
            offline.search(["Brennick"])


def test_strangers_do_not_ask() -> None:
    with wikidata() as server:
        with pytest.raises(ConfigError, match="contact"):
            index(server, client=Client("")).search(["Haldria"])
        assert server.asked == []


def test_a_token_in_the_address_is_sent_and_not_shown() -> None:
    with wikidata(faults=[Fault(reply=plain({"name": 5}))]) as server:
        client = Client(ME, clock=Slow())
        known = ReconciliationIndex(client, f"{server.draft}?token=secret")
        assert "secret" not in known.source
        with pytest.raises(ServiceError) as caught:
            known.search(["Haldria"])
        assert "secret" not in str(caught.value)
        assert [each.id for each in known.search(["CLSS"])["CLSS"]] == [COUNCIL]
        assert {each.parameters["token"] for each in server.asked} == {"secret"}


# Manifests

GOOD: dict[str, Any] = {
    "versions": ["0.2"],
    "name": "Names",
    "identifierSpace": "https://names.example/id/",
    "schemaSpace": "https://names.example/type/",
}
FOUND = Manifest(
    name="Names",
    draft=False,
    batch=10,
    iri="https://names.example/id/{id}",
    suggest=None,
    extends=False,
)
MANIFESTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "0.2": ({}, {}),
    "0.1, which has no versions": ({"versions": None}, {}),
    "the draft": (
        {
            "versions": ["1.0-draft"],
            "identifierSpace": None,
            "view": {"url": "https://n.example/{id}"},
        },
        {"draft": True, "iri": "https://n.example/{id}"},
    ),
    "both": ({"versions": ["0.1", "0.2", "1.0-draft"]}, {"draft": False}),
    "a template that keeps slashes": (
        {"identifierSpace": None, "view": {"url": "https://n.example/{+id}"}},
        {"iri": "https://n.example/{id}"},
    ),
    "the page of an item of Wikidata": (
        {"identifierSpace": None, "view": {"url": "https://www.wikidata.org/wiki/{id}"}},
        {"iri": "http://www.wikidata.org/entity/{id}"},
    ),
    "a space that nothing can be put behind": (
        {
            "identifierSpace": "http://rdf.freebase.com/ns/type.object.id",
            "view": {"url": "https://n.example/{{id}}"},
        },
        {"iri": "https://n.example/{id}"},
    ),
    "a small batch": ({"batchSize": 3}, {"batch": 3}),
    "a huge batch": ({"batchSize": 100_000}, {"batch": MOST}),
    "a batch of nothing": ({"batchSize": 0}, {}),
    "a batch in words": ({"batchSize": "many"}, {}),
    "properties that can be looked for": (
        {"suggest": {"property": {"service_url": "https://names.example", "service_path": "/s"}}},
        {"suggest": "https://names.example/s"},
    ),
    "properties elsewhere": (
        {"suggest": {"property": {"service_url": "http://10.0.0.1", "service_path": "/s"}}},
        {},
    ),
    "properties of the wrong kind": ({"suggest": {"property": {"service_url": 5}}}, {}),
    "suggest of the wrong kind": ({"suggest": True}, {}),
    "extension": ({"extend": {}}, {"extends": True}),
}


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_manifest_is_read_as_it_is_meant(case: str) -> None:
    change, expected = MANIFESTS[case]
    data = {key: value for key, value in (GOOD | change).items() if value is not None}
    found = read(data, URL)
    assert {key: getattr(found, key) for key in FOUND.__slots__} == {
        key: expected.get(key, getattr(FOUND, key)) for key in FOUND.__slots__
    }
    assert len(MANIFESTS) == 16


BAD: dict[str, tuple[Any, str]] = {
    "an array": ([], "no manifest of a reconciliation service"),
    "nothing": (None, "no manifest of a reconciliation service"),
    "another API": ({"openapi": "3.1"}, "no manifest of a reconciliation service"),
    "a name that is none": (GOOD | {"name": ["x"]}, "no manifest of a reconciliation service"),
    "a version to come": (GOOD | {"versions": ["2.0"]}, r"speaks version 2\.0 of"),
    "no version at all": (GOOD | {"versions": []}, r"speaks version \? of"),
    "versions of the wrong kind": (GOOD | {"versions": "0.2"}, r"speaks version \? of"),
    "no IRIs": ({"versions": ["0.2"], "name": "x"}, "does not say which IRIs its items have"),
    "a view without an id": (
        {"versions": ["0.2"], "name": "x", "view": {"url": "https://n.example/"}},
        "does not say which IRIs its items have",
    ),
    "a view of the wrong kind": (
        {"versions": ["0.2"], "name": "x", "view": ["{id}"]},
        "does not say which IRIs its items have",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_manifest_is_a_clear_error(case: str) -> None:
    data, words = BAD[case]
    with pytest.raises(ServiceError, match=words) as caught:
        read(data, URL)
    assert str(caught.value).startswith(f"{URL}: ")
    assert len(BAD) == 10


# Answers that are none


STRANGE: dict[str, tuple[str, Any, str]] = {
    "an array": ("reconcile", [], "fewer results than there were queries"),
    "a missing query": ("reconcile", {"q1": {"result": []}}, "fewer results"),
    "no result": ("reconcile", {"q0": {}}, "what are no candidates"),
    "a refusal": ("reconcile", {"status": "error", "message": "no quota"}, "refuses: no quota"),
    "too many results": ("draft", {"results": [{}, {}]}, "fewer results"),
    "no results": ("draft", {"q0": {"result": []}}, "fewer results"),
    "no candidates": ("draft", {"results": [{"candidates": {}}]}, "what are no candidates"),
}


@pytest.mark.parametrize("case", STRANGE)
def test_an_answer_that_is_none_is_a_clear_error(case: str) -> None:
    service, answer, words = STRANGE[case]
    with wikidata() as server:
        known = index(server, service)
        assert known.manifest.name == "Wikidata (en)"
        server.fail(Fault(reply=plain(answer)))
        with pytest.raises(ServiceError, match=words):
            known.search(["Haldria"])
    assert len(STRANGE) == 7


def test_candidates_without_an_id_or_a_name_are_passed_over_and_classes_are_named() -> None:
    told = [
        {"id": "Q5", "name": "human"},
        {"id": "Q900000071", "name": "country"},
        {"name": "no id"},
        5,
    ]
    candidates = [
        {"id": HALDRIA, "name": "Haldria", "type": ["Q6256", *told]},
        {"id": HALDRIA, "name": "Haldria again"},
        {"name": "nobody"},
        {"id": PELLOVIA},
        {"id": "", "name": "nothing"},
        {"id": 5, "name": "a number"},
        "text",
    ]
    with wikidata() as server:
        known = index(server)
        assert known.manifest.extends
        server.fail(Fault(reply=plain({"q0": {"result": candidates}})))
        (found,) = known.search(["Haldria"])["Haldria"]
    assert found.classes == ("Q6256", "Q5", "country", "no id")
    assert found.label("en") == "Haldria"


@pytest.mark.parametrize("fault", [page(), Fault(reply=plain({"rows": 5}))])
def test_an_extension_that_fails_is_not_passed_over(fault: Fault) -> None:
    with wikidata() as server:
        known = index(server)
        answer = {"q0": {"result": [{"id": HALDRIA, "name": "Haldria"}]}}
        assert known.manifest.extends
        server.fail(Fault(reply=plain(answer)), fault)
        with pytest.raises(ServiceError, match=r"not with JSON|what are no rows"):
            known.search(["Haldria"])


def test_a_service_is_waited_for() -> None:
    clock = Slow()
    with wikidata(faults=[busy("4"), busy("6", status=503)]) as server:
        assert ids(index(server, client=Client(ME, clock=clock)), "CLSS") == [COUNCIL]
    assert clock.time == 10

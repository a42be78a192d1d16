"""The reconciliation services: both versions, over the register and over an index, for real clients."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import quote, urlencode

import pytest

from kg.build import build
from kg.link.offline.building import build as build_index
from kg.link.reconciliation import ReconciliationIndex
from kg.link.service import Client
from kg.link.things import Things
from kg.model import EventKind
from kg.web.reconcile.batch import BATCH
from kg.web.server import running
from kg.workspace import Workspace
from tests.conftest import copied
from tests.link_dump import HALDRIA, NAMESAKE, VASK, WISH, written
from tests.reconciliation_schemas import DRAFT, FINAL, faults
from tests.test_link_service import ME, Slow
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web import Got

FACTS = """
@prefix actor: <https://example.org/kg/id/actor/> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
actor:haldria skos:exactMatch wd:Q900000001 .
actor:edrin-vask skos:exactMatch wd:Q900000005 .
wd:Q900000005 schema:birthDate "1961-08-09" ; schema:nationality wd:Q900000001 .
"""
ROOTS = {
    "/reconcile": FINAL,
    "/reconcile/draft": DRAFT,
    "/reconcile/items": FINAL,
    "/reconcile/items/draft": DRAFT,
}
REGISTER = ["/reconcile", "/reconcile/draft"]
ITEMS = ["/reconcile/items", "/reconcile/items/draft"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, built_newsroom: Workspace) -> Iterator[Site]:
    """A server of the newsroom with some facts, and with an index of a made-up dump."""
    folder = tmp_path_factory.mktemp("desk")
    workspace = copied(built_newsroom, folder / "desk")
    build_index(written(folder), workspace.root / "world.kgi", WISH)
    (workspace.graphs / "facts.ttl").write_text(FACTS, encoding="utf-8")
    with (workspace.root / "kg.toml").open("a", encoding="utf-8") as file:
        file.write('link_source = "world.kgi"\ngate = "off"\n')
    workspace = Workspace.open(workspace.root)
    with workspace.writing() as store:
        build(workspace, store)
    with running(workspace) as address:
        yield Site(address)


def posted(site: Site, path: str, data: object, **headers: str) -> Got:
    sent = {"Content-Type": "application/json", **headers}
    return site.ask("POST", path, headers=sent, body=json.dumps(data).encode())


def fits(answer: Got, schema: Any) -> Any:
    """What an answer says, which has to be as the version wants it."""
    assert (answer.status, answer.type) == (200, "application/json")
    assert faults(answer.json, schema) == []
    return answer.json


def asked(site: Site, root: str, *queries: dict[str, Any], **headers: str) -> list[list[Any]]:
    """The candidates of some queries in the terms of 0.2, asked in the version of a root."""
    if "draft" not in root:
        batch = json.dumps({f"q{n}": query for n, query in enumerate(queries)})
        answer = site.ask("POST", root, fields={"queries": batch}, headers=headers)
        found = fits(answer, FINAL["match"])
        return [found[f"q{n}"]["result"] for n in range(len(queries))]
    batch_ = [translated(**query) for query in queries]
    answer = posted(site, f"{root}/match", {"queries": batch_}, **headers)
    return [each["candidates"] for each in fits(answer, DRAFT["match"])["results"]]


def translated(query: str | None = None, properties: Any = (), **rest: Any) -> dict[str, Any]:
    conditions = [{"matchType": "name", "propertyValue": query}] if query else []
    conditions += [
        {"matchType": "property", "propertyId": each["pid"], "propertyValue": each["v"]}
        for each in properties
    ]
    return {"conditions": conditions, **rest}


def ids(candidates: list[Any]) -> list[str]:
    return [each["id"] for each in candidates]


# ---- the manifest -------------------------------------------------------------------------------


@pytest.mark.parametrize("root", ROOTS)
def test_each_service_says_what_it_is(desk: Site, root: str) -> None:
    told = fits(desk.get(root), ROOTS[root]["manifest"])
    assert told["batchSize"] == BATCH
    assert told["documentation"].startswith(desk.address)
    assert "1.0-draft" in told["versions"]
    space = "http://www.wikidata.org/entity/" if "items" in root else "https://example.org/kg/id/"
    assert told["identifierSpace"] == space


def test_addresses_in_the_manifest_lead_where_they_say(desk: Site) -> None:
    told = desk.get("/reconcile").json
    base = desk.address.rstrip("/")

    def path(address: str, id_: str) -> str:
        address = address.replace("{{id}}", quote(id_, safe="")).replace(
            "${id}", quote(id_, safe="")
        )
        assert address.startswith(base)
        return address.removeprefix(base)

    assert desk.get(path(told["view"]["url"], "actor/haldria"), "text/html").status == 303
    assert desk.get(path(told["preview"]["url"], "actor/haldria")).type == "text/html"
    for kind, id_ in (("entity", "actor/haldria"), ("property", "born"), ("type", "person")):
        stated = told["suggest"][kind]
        found = desk.get(path(stated["service_url"] + stated["service_path"], "") + "?prefix=")
        fits(found, FINAL[f"suggest/{kind}"])
        flyout = stated["flyout_service_url"] + stated["flyout_service_path"]
        assert fits(desk.get(path(flyout, id_)), FINAL["flyout"])["id"] == id_
    proposing = told["extend"]["propose_properties"]
    address = path(proposing["service_url"] + proposing["service_path"], "")
    fits(desk.get(f"{address}?type=actor"), FINAL["extend/propose"])


def test_a_workspace_without_an_index_has_no_service_of_items(site: Site) -> None:
    answer = site.get("/reconcile/items")
    assert (answer.status, answer.type) == (404, "application/problem+json")
    assert "link_source" in answer.json["hint"]
    assert site.get("/reconcile").status == 200


# ---- matching -----------------------------------------------------------------------------------


@pytest.mark.parametrize("root", REGISTER)
def test_a_name_finds_its_entry_and_says_how_sure_that_is(desk: Site, root: str) -> None:
    (found,) = asked(desk, root, {"query": "Edrin Vask"})
    best = found[0]
    assert (best["id"], best["name"], best["match"]) == ("actor/edrin-vask", "Edrin Vask", True)
    assert best["score"] > 90
    assert best["type"] == [{"id": "person", "name": "person"}]
    assert {each["id"] for each in best["features"]} >= {"name", "type", "dates", "margin"}
    scores = [each["score"] for each in found]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("root", REGISTER)
def test_queries_are_answered_in_their_order_and_apart(desk: Site, root: str) -> None:
    names = ["Haldria", "Nobody Atall", "Pellovia", "Haldria"]
    found = asked(desk, root, *({"query": name} for name in names))
    assert [ids(each)[:1] for each in found] == [
        ["actor/haldria"],
        [],
        ["actor/pellovia"],
        ["actor/haldria"],
    ]
    assert found[0] == found[3] == asked(desk, root, {"query": "Haldria"})[0]


@pytest.mark.parametrize("root", REGISTER)
@pytest.mark.parametrize(
    ("type_", "found"),
    [
        ("actor", True),
        ("state", True),
        ("person", False),
        ("event", False),
        ("meeting", False),
        ("place", False),
        ("topic", False),
        ("unheard-of", True),
    ],
)
def test_a_type_leaves_out_what_is_of_another(
    desk: Site, root: str, type_: str, found: bool
) -> None:
    (some,) = asked(desk, root, {"query": "Haldria", "type": type_})
    assert ("actor/haldria" in ids(some)) == found


WRITTEN = {
    "EDRIN  vask": "actor/edrin-vask",
    "Vask, Edrin": "actor/edrin-vask",
    "E. Vask": "actor/edrin-vask",
    "Nerea Vidosi": "actor/nerea-vidossi",
    "Premier Edrin Vask": "actor/edrin-vask",
    "CLSS": "actor/lantern-sea-council",
    "Council of the Lantern Sea States": "actor/lantern-sea-council",
    "Foreign Ministry of Haldria": "actor/haldria-foreign-ministry",
    "Haldrian Coastguard": "actor/haldrian-coast-guard",
}


@pytest.mark.parametrize(("name", "found"), WRITTEN.items())
def test_names_are_found_however_they_are_written(desk: Site, name: str, found: str) -> None:
    (some,) = asked(desk, "/reconcile", {"query": name})
    assert ids(some)[:1] == [found]


def test_every_name_of_the_register_finds_its_entry(desk: Site, built_newsroom: Workspace) -> None:
    with built_newsroom.reading() as store:
        things = Things(store, built_newsroom.iris).all.values()
    names = {
        (name, thing.node.value.removeprefix(f"{built_newsroom.iris.base}id/"))
        for thing in things
        if not thing.own
        for name in thing.names
    }
    assert len(names) > 100
    ordered = sorted(names)
    for first in range(0, len(ordered), BATCH):
        part = ordered[first : first + BATCH]
        found = asked(desk, "/reconcile", *({"query": name} for name, _ in part))
        for (name, id_), some in zip(part, found, strict=True):
            assert id_ in ids(some)[:2], name


def test_what_only_its_article_knows_is_no_entry(desk: Site, built_newsroom: Workspace) -> None:
    with built_newsroom.reading() as store:
        own = [thing for thing in Things(store, built_newsroom.iris).all.values() if thing.own]
    assert len(own) > 3
    for thing in own:
        id_ = thing.node.value.removeprefix(f"{built_newsroom.iris.base}id/")
        plain, exact = asked(desk, "/reconcile", {"query": thing.label}, {"query": id_})
        assert id_ not in ids(plain) + ids(exact)


def test_the_kind_of_an_event_counts(desk: Site) -> None:
    everything = desk.get("/reconcile/suggest/entity?prefix=&limit=100").json["result"]
    event = next(each for each in everything if each["id"].startswith("event/"))
    (kind, whole) = (each["id"] for each in event["notable"])
    assert (kind in get_args(EventKind), whole) == (True, "event")
    other = "visit" if kind != "visit" else "meeting"
    right, wrong = asked(
        desk,
        "/reconcile",
        {"query": event["name"], "type": [kind]},
        {"query": event["name"], "type": [other]},
    )
    assert event["id"] in ids(right)
    assert event["id"] not in ids(wrong)


@pytest.mark.parametrize("root", REGISTER)
@pytest.mark.parametrize("id_", ["actor/haldria", "https://example.org/kg/id/actor/haldria"])
def test_an_id_as_a_name_finds_what_has_it(desk: Site, root: str, id_: str) -> None:
    (found,) = asked(desk, root, {"query": id_})
    assert [(each["id"], each["score"], each["match"]) for each in found] == [
        ("actor/haldria", 100, True)
    ]


@pytest.mark.parametrize("id_", ["Q900000001", "wd:Q900000001"])
def test_an_entry_is_found_by_the_item_that_it_is_linked_to(desk: Site, id_: str) -> None:
    (found,) = asked(desk, "/reconcile", {"query": id_})
    assert ids(found) == ["actor/haldria"]
    (found,) = asked(desk, "/reconcile", {"properties": [{"pid": "item", "v": id_}]})
    assert [(each["id"], each["match"]) for each in found] == [("actor/haldria", id_[0] == "Q")]


def test_the_draft_finds_by_id_alone(desk: Site) -> None:
    queries = [
        {"conditions": [{"matchType": "id", "propertyValue": id_}]}
        for id_ in ("actor/pellovia", "actor/nobody")
    ]
    found = fits(posted(desk, "/reconcile/draft/match", {"queries": queries}), DRAFT["match"])
    assert [ids(each["candidates"]) for each in found["results"]] == [["actor/pellovia"], []]


@pytest.mark.parametrize("root", REGISTER)
def test_no_more_candidates_come_than_are_wanted(desk: Site, root: str) -> None:
    (many,) = asked(desk, root, {"query": "Haldria", "limit": 50})
    (few,) = asked(desk, root, {"query": "Haldria", "limit": 1})
    assert len(many) > len(few) == 1
    assert few[0]["id"] == many[0]["id"]


PROPERTIES: dict[str, tuple[Any, str]] = {
    "born": ("1961-08-09", "1970-01-01"),
    "country": ("actor/haldria", "actor/pellovia"),
    "kind": ("person", "state"),
    "item": ("Q900000005", "Q900000006"),
}


@pytest.mark.parametrize("root", REGISTER)
@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_makes_a_candidate_likelier_or_less_likely(
    desk: Site, root: str, name: str
) -> None:
    right, wrong = PROPERTIES[name]
    query = {"query": "Edrin Vask"}
    plain, agreed, differs, unknown = (
        each[0]
        for each in asked(
            desk,
            root,
            query,
            {**query, "properties": [{"pid": name, "v": right}]},
            {**query, "properties": [{"pid": name, "v": wrong}]},
            {**query, "properties": [{"pid": "shoe size", "v": 43}]},
        )
    )
    assert differs["score"] < plain["score"] == unknown["score"] < agreed["score"]
    assert (agreed["match"], differs["match"], unknown["match"]) == (True, False, True)
    told = {each["id"]: each["value"] for each in agreed["features"]}
    assert told[f"property:{name}"] is True


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"propertyValue": "1961", "required": True}, True),
        ({"propertyValue": "1962", "required": True}, False),
        ({"propertyValue": ["1962", "1961"], "required": True}, True),
        ({"propertyValue": ["1962", "1961"], "required": True, "matchQuantifier": "all"}, False),
        ({"propertyValue": ["1962"], "required": True, "matchQuantifier": "none"}, True),
        ({"propertyValue": "1962"}, True),
    ],
)
def test_a_condition_of_the_draft_filters_where_it_is_required(
    desk: Site, condition: dict[str, Any], found: bool
) -> None:
    named = {"matchType": "name", "propertyValue": "Edrin Vask"}
    stated = {"matchType": "property", "propertyId": "born", **condition}
    answer = posted(desk, "/reconcile/match", {"queries": [{"conditions": [named, stated]}]})
    (result,) = fits(answer, DRAFT["match"])["results"]
    assert ("actor/edrin-vask" in ids(result["candidates"])) == found


@pytest.mark.parametrize("root", ITEMS)
def test_items_of_the_index_are_found_and_told_apart(desk: Site, root: str) -> None:
    plain, painter, person, id_ = asked(
        desk,
        root,
        {"query": "Edrin Vask"},
        {"query": "Edrin Vask", "properties": [{"pid": "P569", "v": "1801"}]},
        {"query": "Haldria", "type": "person"},
        {"query": VASK},
    )
    assert set(ids(plain)) == {VASK, NAMESAKE}
    assert not any(each["match"] for each in plain)
    assert ids(painter)[0] == NAMESAKE
    assert HALDRIA not in ids(person)
    assert ids(id_) == [VASK]
    assert plain[0]["type"] == [{"id": "Q5", "name": "Q5"}]


def test_names_come_in_the_language_that_is_asked_for(desk: Site) -> None:
    for languages, name in (("ja, en;q=0.5", "ハルドリア"), ("en", "Haldria"), ("xx", "Haldria")):
        (found,) = asked(
            desk, "/reconcile/items", {"query": "Haldria"}, **{"Accept-Language": languages}
        )
        assert found[0]["name"] == name


def test_queries_can_be_asked_by_address(desk: Site) -> None:
    query = urlencode({"queries": json.dumps({"a": {"query": "Haldria"}})})
    found = fits(desk.get(f"/reconcile?{query}"), FINAL["match"])
    assert ids(found["a"]["result"])[0] == "actor/haldria"


# ---- what is wrong ------------------------------------------------------------------------------

WRONG_QUERIES: dict[str, int] = {
    "": 400,
    "nothing": 400,
    "[]": 400,
    '{"q": 1}': 400,
    '{"q": {}}': 400,
    '{"q": {"query": ""}}': 400,
    '{"q": {"query": 1}}': 400,
    '{"q": {"query": "a", "limit": 0}}': 400,
    '{"q": {"query": "a", "limit": "many"}}': 400,
    '{"q": {"query": "a", "limit": NaN}}': 400,
    '{"q": {"query": "a", "type": [1]}}': 400,
    '{"q": {"query": "a", "properties": [{"pid": "born"}]}}': 400,
    '{"q": {"query": "a", "properties": {"pid": "born"}}}': 400,
    '{"q": {"query": "\\ud800"}}': 400,
    '{"q": {"query": "' + "a" * 501 + '"}}': 400,
    "[" * 100_000: 400,
    json.dumps({f"q{n}": {"query": "a"} for n in range(BATCH + 1)}): 413,
}
WRONG_BODIES: dict[str, int] = {
    "": 400,
    "[]": 400,
    "{}": 400,
    '{"queries": {}}': 400,
    '{"queries": [1]}': 400,
    '{"queries": [{}]}': 400,
    '{"queries": [{"conditions": []}]}': 400,
    '{"queries": [{"conditions": [{"propertyValue": "a"}]}]}': 400,
    '{"queries": [{"conditions": [{"matchType": "sound", "propertyValue": "a"}]}]}': 400,
    '{"queries": [{"conditions": [{"matchType": "property", "propertyValue": "a"}]}]}': 400,
    '{"queries": [{"conditions": [{"matchType": "name", "propertyValue": null}]}]}': 400,
    json.dumps({"queries": [translated("a")] * (BATCH + 1)}): 413,
}


@pytest.mark.parametrize(
    ("queries", "status"), WRONG_QUERIES.items(), ids=map(str, range(len(WRONG_QUERIES)))
)
def test_wrong_queries_are_refused_with_the_reason(desk: Site, queries: str, status: int) -> None:
    answer = desk.ask("POST", "/reconcile", fields={"queries": queries})
    assert (answer.status, answer.type) == (status, "application/problem+json")
    assert answer.json["detail"]


@pytest.mark.parametrize(
    ("body", "status"), WRONG_BODIES.items(), ids=map(str, range(len(WRONG_BODIES)))
)
def test_wrong_bodies_are_refused_with_the_reason(desk: Site, body: str, status: int) -> None:
    sent = {"Content-Type": "application/json"}
    answer = desk.ask("POST", "/reconcile/match", headers=sent, body=body.encode())
    assert (answer.status, answer.type) == (status, "application/problem+json")


WRONG_REQUESTS = {
    ("POST", "/reconcile", "application/x-www-form-urlencoded"): 400,
    ("POST", "/reconcile", "text/plain"): 415,
    ("POST", "/reconcile/match", "text/xml"): 415,
    ("GET", "/reconcile/match", ""): 405,
    ("PUT", "/reconcile", ""): 405,
    ("GET", "/reconcile/suggest/anything?prefix=a", ""): 400,
    ("GET", "/reconcile/suggest/entity?prefix=a&limit=0", ""): 400,
    ("GET", "/reconcile/suggest/entity?prefix=a&offset=-1", ""): 400,
    ("GET", "/reconcile/suggest/entity?prefix=a&limit=99999999999999999999", ""): 200,
    ("GET", "/reconcile/flyout/entity?id=actor/nobody", ""): 404,
    ("GET", "/reconcile/flyout/entity", ""): 400,
    ("GET", "/reconcile/preview?id=actor/nobody", ""): 404,
    ("GET", "/reconcile/extend/propose?limit=x", ""): 400,
    ("POST", "/reconcile/extend", "application/json"): 400,
}


@pytest.mark.parametrize(("request_", "status"), WRONG_REQUESTS.items())
def test_wrong_requests_are_refused(
    desk: Site, request_: tuple[str, str, str], status: int
) -> None:
    method, path, type_ = request_
    headers = {"Content-Type": type_} if type_ else {}
    assert desk.ask(method, path, headers=headers, body=b"").status == status


# ---- suggesting, showing, extending -------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("Hald", "actor/haldria"),
        ("hald", "actor/haldria"),
        ("Haldria", "actor/haldria"),
        ("actor/hald", "actor/haldria"),
        ("actor/pellovia", "actor/pellovia"),
        ("edrin", "actor/edrin-vask"),
        ("zzz", None),
    ],
)
def test_entries_are_suggested_by_how_they_begin(
    desk: Site, prefix: str, first: str | None
) -> None:
    answer = desk.get(f"/reconcile/suggest/entity?{urlencode({'prefix': prefix})}")
    found = ids(fits(answer, FINAL["suggest/entity"])["result"])
    assert found[:1] == ([first] if first else [])


def test_suggestions_can_be_gone_through(desk: Site) -> None:
    path = "/reconcile/suggest/entity?prefix="
    whole = ids(desk.get(f"{path}&limit=20").json["result"])
    pages = [ids(desk.get(f"{path}&limit=5&offset={n}").json["result"]) for n in range(0, 20, 5)]
    assert [id_ for page in pages for id_ in page] == whole
    assert len(set(whole)) == 20


def test_types_and_properties_are_suggested(desk: Site) -> None:
    types = fits(desk.get("/reconcile/suggest/type?prefix=pers"), FINAL["suggest/type"])["result"]
    assert ids(types) == ["person"]
    assert ids(types[0]["broader"]) == ["actor"]
    path = "/reconcile/suggest/property?prefix=birth"
    assert ids(fits(desk.get(path), FINAL["suggest/property"])["result"]) == ["born"]
    assert (
        ids(desk.get("/reconcile/items/suggest/entity?prefix=Haldria").json["result"])[0] == HALDRIA
    )


@pytest.mark.parametrize("root", ROOTS)
def test_values_of_properties_are_told(desk: Site, root: str) -> None:
    register = "items" not in root
    known = "actor/edrin-vask" if register else VASK
    asked_for = (
        ["born", "country", "item", "shoes"] if register else ["P569", "Len", "Aen", "shoes"]
    )
    data = {"ids": [known, "nobody"], "properties": [{"id": each} for each in asked_for]}
    if "draft" in root:
        told = fits(posted(desk, f"{root}/extend", data), DRAFT["extend"])
        rows = {
            row["id"]: {each["id"]: each["values"] for each in row["properties"]}
            for row in told["rows"]
        }
    else:
        answer = desk.ask("POST", root, fields={"extend": json.dumps(data)})
        told = fits(answer, FINAL["extend"])
        rows = told["rows"]
    assert ids(told["meta"]) == asked_for
    assert rows["nobody"] == {name: [] for name in asked_for}
    date = {"date": "1961-08-09T00:00:00Z"}
    if register:
        country = {"id": "actor/haldria", "name": "Haldria"}
        assert rows[known] == {
            "born": [date], "country": [country], "item": [{"str": "Q900000005"}], "shoes": []
        }  # fmt: skip
    else:
        assert rows[known]["P569"] == [date]
        assert [each["str"] for each in rows[known]["Aen"]] == ["E. Vask", "Edrin Tal Vask"]


@pytest.mark.parametrize("root", ROOTS)
def test_properties_are_proposed(desk: Site, root: str) -> None:
    answer = desk.get(f"{root}/extend/propose?type=actor&limit=3")
    told = fits(answer, ROOTS[root]["extend/propose"])
    assert (told["type"], told["limit"], len(told["properties"])) == ("actor", 3, 3)


def test_a_preview_may_stand_in_pages_of_others_and_does_nothing(desk: Site) -> None:
    answer = desk.get("/reconcile/preview?id=actor/edrin-vask")
    assert (answer.status, answer.type) == (200, "text/html")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script" not in answer.text
    for words in ("Edrin Vask", "1961-08-09", "Haldria", f"{desk.address}id/actor/edrin-vask"):
        assert words in answer.text
    assert desk.get(f"/reconcile/items/preview?id={HALDRIA}").status == 200
    assert desk.get("/static/preview.css").status == 200


def test_what_is_shown_is_escaped(built_sample: Workspace, tmp_path_factory: Any) -> None:
    workspace = copied(built_sample, tmp_path_factory.mktemp("hostile") / "hostile")
    (workspace.graphs / "hostile.ttl").write_text(
        "<https://example.org/kg/id/actor/northline> <http://www.w3.org/2004/02/skos/core#altLabel>"
        ' "<script>alert(1)</script>" ; <http://www.w3.org/2004/02/skos/core#scopeNote>'
        ' "<img src=x onerror=alert(1)>" .',
        encoding="utf-8",
    )
    with workspace.writing() as store:
        build(workspace, store)
    with running(workspace) as address:
        site = Site(address)
        text = site.get("/reconcile/preview?id=actor/northline").text
        assert "&lt;script&gt;alert(1)" in text
        assert "<script" not in text
        flyout = site.get("/reconcile/flyout/entity?id=actor/northline").json["html"]
        assert "&lt;img" in flyout
        assert "<img" not in flyout


def test_pages_of_others_may_ask(desk: Site) -> None:
    headers = {"Origin": "http://127.0.0.1:3333"}
    found = desk.get("/reconcile", None, **headers)
    assert found.headers["access-control-allow-origin"] == headers["Origin"]
    asking = {
        **headers,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = desk.ask("OPTIONS", "/reconcile/match", headers=asking)
    assert answer.status == 200
    assert "POST" in answer.headers["access-control-allow-methods"]


# ---- our own client -----------------------------------------------------------------------------


@pytest.mark.parametrize("root", REGISTER)
def test_our_client_finds_what_the_register_has(desk: Site, root: str) -> None:
    client = ReconciliationIndex(Client(ME, clock=Slow()), f"{desk.address}{root[1:]}")
    assert client.manifest.draft == ("draft" in root)
    (found, *_) = client.search(["Edrin Vask"])["Edrin Vask"]
    assert found.iri == "https://example.org/kg/id/actor/edrin-vask"
    assert (found.label("en"), found.born, found.classes) == (
        "Edrin Vask",
        "1961-08-09",
        ("person",),
    )
    items = client.items(["actor/haldria", "actor/nobody"])
    assert [item and item.iri for item in items.values()] == [
        "https://example.org/kg/id/actor/haldria",
        None,
    ]


@pytest.mark.parametrize("root", ITEMS)
def test_our_client_finds_what_the_index_has(desk: Site, root: str) -> None:
    client = ReconciliationIndex(Client(ME, clock=Slow()), f"{desk.address}{root[1:]}")
    found = {item.id: item for item in client.search(["Edrin Vask"])["Edrin Vask"]}
    assert set(found) == {VASK, NAMESAKE}
    vask = found[VASK]
    assert vask.iri == f"http://www.wikidata.org/entity/{VASK}"
    assert (vask.born, vask.classes) == ("1961-08-09", ("Q5",))
    assert vask.description("en") == "premier of Haldria"
    assert set(vask.aliases["en"]) == {"E. Vask", "Edrin Tal Vask"}


def test_so_many_cases_are_tried() -> None:
    assert len(ROOTS) == 4
    assert len(WRITTEN) == 9
    assert len(PROPERTIES) == 4
    assert len(WRONG_QUERIES) == 17
    assert len(WRONG_BODIES) == 12
    assert len(WRONG_REQUESTS) == 14

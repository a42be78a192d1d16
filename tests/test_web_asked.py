"""What is wrong with a request to a stored query is said with the parameter and with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from kg.web.server import running
from tests.own_queries import HOSTILE, OWN, path, with_queries
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.workspace import Workspace


@pytest.fixture(scope="module")
def own_site(built_sample: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of the sample with queries of the user's own."""
    with running(with_queries(built_sample, tmp_path_factory.mktemp("own"))) as address:
        yield Site(address)


WRONG = [
    ("claims-by-actor", "", 400, "actor", "claims-by-actor needs actor: whose claims", None),
    ("claims-by-actor", "actor=", 400, "actor", "claims-by-actor needs actor: whose claims", None),
    ("claims-by-actor", "actr=japan", 400, "actr", "has no parameter actr", "did you mean actor?"),
    (
        "claims-by-actor",
        "actor=japan&limt=1",
        400,
        "limt",
        "no parameter limt",
        "did you mean limit?",
    ),
    ("claims-by-actor", "actor=japan&actor=x", 400, "actor", "actor is given twice", None),
    (
        "claims-by-actor",
        "actor=Japn",
        404,
        "actor",
        "goes by the name 'Japn'",
        "did you mean Japan?",
    ),
    ("claims-by-actor", "actor=abduction-issue", 404, "actor", "is no kg:Actor", None),
    ("claims-by-actor", "actor=japan&limit=-1", 400, "limit", "limit -1: expected a whole", None),
    ("claims-by-actor", "actor=japan&limit=1e3", 400, "limit", "expected a whole number", None),
    ("claims-by-actor", "actor=japan&offset=٣", 400, "offset", "expected a whole number", None),
    ("claims-by-actor", f"actor=japan&limit={2**53}", 400, "limit", "a whole number", None),
    ("claims-by-actor", "actor=japan&why=perhaps", 400, "why", "expected 1 or 0", None),
    ("claims-by-actor", "actor=japan&labels=2", 400, "labels", "expected 1 or 0", None),
    ("claims-by-actor", "actor=japan&as_of=last+year", 400, "as_of", "expected a day", None),
    ("claims-by-actor", "actor=japan&as_of=2007/..", 400, "as_of", "expected a day", None),
    ("events-between", "from=2002-13&until=2003", 400, "from", "from 2002-13", None),
    ("numbers", "actor=%00", 404, "actor", "goes by the name", None),
    ("numbers", "actor=%FF%FE", 404, "actor", "goes by the name", None),
    ("claims-by-acto", "", 404, None, "no stored query is called", "claims-by-actor"),
    ("..%2F..%2Fkg", "", 404, None, "", None),
]


def test_every_fault_is_told() -> None:
    assert len(WRONG) == 20


@pytest.mark.parametrize(("name", "words", "status", "parameter", "detail", "hint"), WRONG)
def test_what_is_wrong_is_said_with_the_parameter_and_what_to_do(
    name: str,
    words: str,
    status: int,
    parameter: str | None,
    detail: str,
    hint: str | None,
    site: Site,
) -> None:
    got = site.get(f"/query/{name}?{quote(words, safe='=&%+')}")
    assert (got.status, got.type) == (status, "application/problem+json"), got.text
    problem = got.json
    assert problem["status"] == status
    assert detail in problem["detail"]
    assert problem.get("parameter") == parameter
    assert hint is None or hint in problem["hint"]


OWN_WRONG = [
    ("typed?words=x&whole=1.5", "whole", "a whole number", None),
    ("typed?words=x&part=one", "part", "a number", None),
    ("typed?words=x&sure=yes", "sure", "true or false", None),
    ("typed?words=x&tongue=e_n", "tongue", "the tag of a language, such as en", None),
    ("typed?words=x&colour=blue", "colour", "one of red, green", None),
    ("typed?words=x&year=soon", "year", "a value of type xsd:gYear", None),
    ("typed?colour=red", "words", "text", "hello"),
    ("drawn?limit=1", "limit", None, None),
    ("drawn?offset=1", "offset", None, None),
    ("any-named?name=x&why=1", "why", None, None),
]


@pytest.mark.parametrize(("address", "parameter", "wanted", "example"), OWN_WRONG)
def test_what_is_expected_is_said_with_an_example(
    address: str, parameter: str, wanted: str | None, example: str | None, own_site: Site
) -> None:
    got = own_site.get(f"/query/{address}")
    assert got.status == 400
    assert got.json["parameter"] == parameter
    assert got.json.get("expected") == wanted
    assert got.json.get("example") == example


def test_a_broken_query_takes_no_other_away_and_says_what_is_wrong(own_site: Site) -> None:
    names = [each["name"] for each in own_site.get("/query").json["queries"]]
    assert set(names) >= OWN.keys() - {"broken", "elsewhere"}
    assert not set(names) & {"broken", "elsewhere"}
    assert len(names) == 46 + len(OWN) - 2
    broken = own_site.get("/query/broken")
    assert broken.status == 400
    assert "broken.rq:" in broken.json["detail"]


def test_a_query_of_another_server_is_not_asked(own_site: Site) -> None:
    got = own_site.get("/query/elsewhere")
    assert (got.status, got.type) == (400, "application/problem+json")
    assert "nothing leaves this machine" in got.json["detail"]


def test_nothing_of_a_value_gets_into_headers_or_pages(own_site: Site) -> None:
    for given in (HOSTILE, "a\r\nSet-Cookie: b=c"):
        for name in ("typed", "typed.csv", "typed.srx"):
            got = own_site.get(path(name, {"words": given}, limit="1", offset="0"))
            assert got.status == 200
            assert not {"x-evil", "set-cookie"} & got.headers.keys()
        wrong = own_site.get(path("typed", {"words": "x", "whole": given}))
        assert wrong.status == 400
        assert "\r" not in wrong.json["detail"]
    rows = own_site.get("/query/hostile").json["rows"]
    assert rows == [{"words": {"value": HOSTILE}}]
    paged = own_site.get(path("names", {}, limit="1") + "&offset=0")
    assert "\n" not in paged.headers["link"]

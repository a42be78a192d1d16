"""The description of the API: valid, true of every answer, and readable without anything from elsewhere."""

from __future__ import annotations

import html
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import schemathesis
from jsonschema import Draft202012Validator

from kg.query import stored
from kg.web.queries.operations import OPERATIONS
from kg.web.server import running
from tests.web import Site

if TYPE_CHECKING:
    from kg.workspace import Workspace

QUERIES = stored.find([])
ANSWERED = [(path, method) for path, methods in OPERATIONS.items() for method in methods]


@pytest.fixture(scope="module")
def document(site: Site) -> Any:
    """The description of a server of the founding corpus."""
    return site.get("/openapi.json").json


@pytest.fixture(scope="module")
def newsroom_document(newsroom_site: Site) -> Any:
    return newsroom_site.get("/openapi.json").json


def test_the_description_is_valid(document: Any, newsroom_document: Any) -> None:
    for each in (document, newsroom_document):
        schemathesis.openapi.from_dict(each).validate()  # by the schema of OpenAPI 3.1
        for schema in each["components"]["schemas"].values():
            Draft202012Validator.check_schema(schema)


def test_every_query_and_everything_beside_is_described(document: Any) -> None:
    found = {
        operation["operationId"]: path
        for path, methods in document["paths"].items()
        for operation in methods.values()
    }
    assert len(found) == sum(map(len, document["paths"].values()))  # no name comes twice
    queries = {name: path for name, path in found.items() if path.startswith("/query/")}
    assert queries == {name: f"/query/{name}" for name in QUERIES}
    assert len(queries) == 46
    beside = {path for path in found.values() if not path.startswith("/query/")}
    assert OPERATIONS.keys() - beside == {"/reconcile/items"}  # there is no index
    assert not beside - OPERATIONS.keys()
    assert len(beside) == 21


def test_nothing_is_described_that_is_not_there(document: Any, site: Site) -> None:
    for path, methods in document["paths"].items():
        for method in methods:
            got = site.ask(method.upper(), path.replace("{", "").replace("}", ""))
            assert got.status != 405, path
            assert (
                got.type != "application/problem+json"
                or "has the address" not in got.json["detail"]
            ), path


def test_what_writing_takes_is_described_where_it_is_possible(
    document: Any, fresh: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_TOKEN", "secret-of-a-test")
    with running(fresh, write=True) as address:
        written = Site(address)
        described = written.get("/openapi.json").json
        page = written.get("/docs")
    schemathesis.openapi.from_dict(described).validate()
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    count = 0
    for path in ("/graph", "/graph/{name}"):
        assert document["paths"][path].keys() == {"get"}
        for method in ("put", "post", "delete"):
            operation = described["paths"][path][method]
            assert operation["security"] == [{"token": []}]
            assert {"401", "409", "429"} <= operation["responses"].keys()
            count += 1
    assert count == 6
    assert "securitySchemes" not in document["components"]
    assert "Authorization: Bearer TOKEN" in page.text


def examples(document: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """The operations that read, with their paths, and with all their examples as values."""
    common = document["components"]["parameters"]
    found = []
    for path, methods in document["paths"].items():
        operation = methods.get("get")
        if operation is None:
            continue
        words = []
        for parameter in operation["parameters"]:
            if "$ref" in parameter:
                parameter = common[parameter["$ref"].rpartition("/")[2]]
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
            elif parameter["required"]:
                words.append((parameter["name"], parameter["example"]))
        found.append((f"{path}?{urlencode(words)}", path, operation))
    return found


@pytest.mark.parametrize("which", ["founding corpus", "newsroom"])
def test_every_example_works_on_the_data_at_hand(
    which: str,
    document: Any,
    newsroom_document: Any,
    site: Site,
    newsroom_site: Site,
) -> None:
    described, server = {
        "founding corpus": (document, site),
        "newsroom": (newsroom_document, newsroom_site),
    }[which]
    asked = examples(described)
    queries = [each for each in asked if each[1].startswith("/query/")]
    assert len(queries) == 46
    rows = 0
    for number, (address, path, operation) in enumerate(asked):
        types = list(operation["responses"].get("200", {}).get("content", {}))
        if path.startswith(("/data/", "/dump")):  # the address says the type
            types = types[:1]
        for media_type in {*types[:1], *types[number % max(1, len(types)) :][:1]}:
            if path in {"/graph", "/sparql"}:  # what they need hangs on more than one parameter
                continue
            got = server.get(address, media_type)
            assert (got.status, got.type) == (200, media_type), (address, got.text[:300])
            if path.startswith("/query/") and media_type == "application/json":
                rows += bool(got.json["rows"])
    assert rows >= (44 if which == "founding corpus" else 30)


def test_the_example_of_sparql_works(document: Any, site: Site) -> None:
    (query,) = (
        parameter["example"]
        for parameter in document["paths"]["/sparql"]["get"]["parameters"]
        if parameter["name"] == "query"
    )
    got = site.get(f"/sparql?{urlencode({'query': query})}", "application/sparql-results+json")
    assert (got.status, len(got.json["results"]["bindings"])) == (200, 5)


@pytest.mark.parametrize("options", ["", "why=1", "as_of=2019", "labels=0&limit=2"])
def test_json_is_as_its_schema_says(options: str, document: Any, site: Site) -> None:
    schema = {
        "$ref": "#/components/schemas/Rows",
        "components": {"schemas": document["components"]["schemas"]},
    }
    validator = Draft202012Validator(schema)
    count = 0
    for address, path, _ in examples(document):
        if path.startswith("/query/"):
            separator = "" if address.endswith("?") else "&"
            validator.validate(site.get(f"{address}{separator}{options}").json)
            count += 1
    assert count == 46
    problem = Draft202012Validator(document["components"]["schemas"]["Problem"])
    problem.validate(site.get("/query/claims-by-actor?actr=1").json)
    assert not validator.is_valid({"rows": []})


def test_the_list_of_queries_is_as_its_schema_says(document: Any, site: Site) -> None:
    listed = document["paths"]["/query"]["get"]["responses"]["200"]["content"]["application/json"]
    schema = listed["schema"] | {"components": {"schemas": document["components"]["schemas"]}}
    Draft202012Validator(schema).validate(site.get("/query").json)


def test_parameters_are_described_with_their_types(document: Any) -> None:
    parameters = document["paths"]["/query/changes-between-dates"]["get"]["parameters"]
    found = {each["name"]: each for each in parameters if "name" in each}
    assert found["topic"]["required"] is True
    assert found["topic"]["example"] == "us-japan-alliance"
    assert found["from"]["schema"] == {"type": "string", "format": "edtf"}
    assert found["until"]["required"] is False
    assert found["until"]["description"].startswith("no claim that was made after: a day, a month")


# ---- the page -----------------------------------------------------------------------------------


def test_the_page_shows_every_operation_and_nothing_from_elsewhere(
    document: Any, site: Site
) -> None:
    got = site.get("/docs")
    assert (got.status, got.type) == (200, "text/html")
    ids = set(re.findall(r'<details class="operation" id="([^"]*)"', got.text))
    wanted = {
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    }
    assert ids == wanted
    fetched = re.findall(r'(?:src|<link[^>]*href)="([^"]*)"', got.text)
    assert fetched
    assert not [address for address in fetched if "//" in address]


def test_the_links_of_the_page_lead_somewhere(newsroom_site: Site) -> None:
    text = newsroom_site.get("/docs").text
    links = [html.unescape(found) for found in re.findall(r'<a href="([^"#]*)">Try it', text)]
    assert len(links) > 46
    for link in links:
        got = newsroom_site.get(f"/{link}")
        assert got.status in {200, 303}, (link, got.text[:200])


def test_the_commands_of_the_page_work(newsroom_site: Site) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    text = newsroom_site.get("/docs").text
    found = re.findall(r'<pre class="operation__command"[^>]*><code>([^<]*)</code>', text)
    commands = [shlex.split(html.unescape(command)) for command in found]
    assert len(commands) > 92
    for program, *words in commands[:: max(1, len(commands) // 30)]:
        assert program == "curl"
        done = subprocess.run(
            ["curl", "--silent", "--fail", "--max-time", "30", *words],
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, words
        assert done.stdout, words

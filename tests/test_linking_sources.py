"""`kg link` against each of its sources: a Wikidata on loopback, reconciliation services, an index file."""

from __future__ import annotations

import json
import re
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import NamedNode

from kg.analysis import Judge, Judgement
from kg.vocab import SKOS, WIKIDATA
from kg.workspace import Workspace
from tests.conftest import copied, files
from tests.wikidata_items import (
    BRENNICK,
    COAST_GUARD,
    COUNCIL,
    DELETED,
    EDRIN_VASK,
    HALDRIA,
    LANTERN_WIRE,
    LUCO_MARADI,
    MERGED,
    PELLOVIA,
    world,
)
from tests.wikidata_server import Wikidata, busy, page, wikidata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Answer, Run

LINKED = {
    "actor:haldria": HALDRIA,
    "actor:pellovia": PELLOVIA,
    "place:brennick": BRENNICK,
    "actor:edrin-vask": EDRIN_VASK,
    "actor:luco-maradi": LUCO_MARADI,
    "actor:lantern-sea-council": COUNCIL,
    "actor:lantern-wire": LANTERN_WIRE,
    "actor:haldrian-coast-guard": COAST_GUARD,
}
"""What is linked to what, whichever source is asked."""


@pytest.fixture
def server() -> Iterator[Wikidata]:
    with wikidata() as server:
        yield server


@pytest.fixture
def newsroom(ungated_newsroom: Workspace, tmp_path: Path, server: Wikidata) -> Workspace:
    workspace = copied(ungated_newsroom, tmp_path / "newsroom")
    with (workspace.root / "kg.toml").open("a") as file:
        file.write(f'contact = "desk@newsroom.example"\nwikidata_url = "{server.api}"\n')
    return Workspace.open(workspace.root)


def rows(answer: Answer) -> dict[str, Any]:
    found = json.loads(answer.out)
    assert isinstance(found, list)
    return {row["thing"]: row for row in found}


def right(found: dict[str, Any]) -> set[str]:
    """The things of LINKED whose best candidate is their item."""
    return {
        thing
        for thing, id_ in LINKED.items()
        if found[thing]["candidates"] and found[thing]["candidates"][0]["item"].endswith(id_)
    }


def accepted(found: dict[str, Any]) -> set[str]:
    return {thing for thing, row in found.items() if row["outcome"] == "accepted"}


def test_wikidata_is_asked_and_what_it_answers_is_kept(
    newsroom: Workspace, server: Wikidata, run: Run
) -> None:
    found = rows(run("link", "-f", "json", "--dry-run", cwd=newsroom.root))
    assert right(found) == set(LINKED)
    assert accepted(found) >= set(LINKED) - {"actor:edrin-vask"}
    opera = found["topic:amaranta"]  # ours is a trawler
    assert opera["candidates"][0]["label"] == "Amaranta"
    assert opera["outcome"] != "accepted"
    assert "no article calls it a work" in opera["reason"]
    asked = len(server.asked)
    assert asked > 0
    assert all("desk@newsroom.example" in each.headers["User-Agent"] for each in server.asked)
    again = run("link", "-f", "json", "--offline", cwd=newsroom.root)
    assert again.code == 0
    assert rows(again) == found
    assert len(server.asked) == asked
    time.sleep(1.1)  # the age of answers is known to the second
    assert run("link", "-n", "--refresh", "haldria", cwd=newsroom.root).code == 0
    assert len(server.asked) > asked


def test_offline_refuses_what_was_never_asked(newsroom: Workspace, run: Run) -> None:
    answer = run("link", "--offline", cwd=newsroom.root)
    assert answer.code == 5
    assert "offline" in answer.err
    assert newsroom.analysis().content == newsroom.analysis().original


def test_nobody_is_asked_before_there_is_a_contact(
    newsroom: Workspace, server: Wikidata, run: Run
) -> None:
    settings = newsroom.root / "kg.toml"
    settings.write_text(settings.read_text().replace("contact", "# contact"))
    before = files(newsroom)
    answer = run("link", cwd=newsroom.root)
    assert answer.code == 2
    assert "contact" in answer.err
    assert server.asked == []
    assert files(newsroom) == before


def test_a_server_that_asks_to_wait_is_waited_for_and_that_is_told(
    newsroom: Workspace, server: Wikidata, run: Run
) -> None:
    server.fail(busy(after="1"))
    answer = run("link", "haldria", "-f", "json", cwd=newsroom.root)
    assert answer.code == 0
    assert re.match(r"kg: waiting [1-9] s: 127\.0\.0\.1", answer.err)
    assert rows(answer)["actor:haldria"]["outcome"] == "accepted"


def test_a_service_that_fails_ends_the_command_and_keeps_what_there_was(
    newsroom: Workspace, server: Wikidata, run: Run
) -> None:
    assert run("link", "haldria", cwd=newsroom.root).code == 0
    before = files(newsroom)
    server.fail(page(times=50))
    begun = time.monotonic()
    answer = run("link", "pellovia", cwd=newsroom.root, env={"KG_SERVICE_DEADLINE": "2"})
    assert answer.code == 5
    assert time.monotonic() - begun < 20
    assert "127.0.0.1" in answer.err
    assert files(newsroom) == before


@pytest.mark.parametrize("person", [False, True], ids=["a program's", "a person's"])
def test_items_that_wikidata_merged_are_followed_and_deleted_ones_reported(
    newsroom: Workspace, run: Run, person: bool
) -> None:
    analysis = newsroom.analysis()
    ours = Judge(name="newskg", version="0.0.1")
    judges = {
        "tilda-rosk": Judge(name="Mira"),
        "edrin-vask": Judge(name="Mira") if person else ours,
    }
    for id_, item in (("edrin-vask", MERGED), ("tilda-rosk", DELETED)):
        analysis.decide(
            Judgement(from_=newsroom.iris.thing("actor", id_), relation=SKOS.exactMatch,
                      to=NamedNode(WIKIDATA + item), confidence=Decimal(1), status="accepted",
                      by=judges[id_], method="review", when="2031-04-02")
        )  # fmt: skip
    with newsroom.writing():
        newsroom.keep(analysis)
    answer = run("link", cwd=newsroom.root)
    assert answer.code == 1
    assert f"Edrin Vask: {MERGED} was merged into {EDRIN_VASK}" in answer.err
    assert f"Tilda Rosk: {newsroom.settings.wikidata_url} no longer has wd:{DELETED}" in answer.err
    found = newsroom.analysis().decided(newsroom.iris.thing("actor", "edrin-vask"), SKOS.exactMatch)
    assert found is not None
    item = MERGED if person else EDRIN_VASK
    assert (found.to.value, found.by.name) == (WIKIDATA + item, "Mira" if person else "newskg")
    hint = f"kg review --accept actor:edrin-vask={EDRIN_VASK} follows it"
    assert (hint in answer.err) == person
    shown = run("query", "-e", f"ASK {{ actor:edrin-vask skos:exactMatch wd:{item} }}",
                cwd=newsroom.root)  # fmt: skip
    assert shown.code == 0


@pytest.mark.parametrize("version", ["reconcile", "draft", "authority"])
def test_a_reconciliation_service_is_asked(
    newsroom: Workspace, server: Wikidata, run: Run, version: str
) -> None:
    address = getattr(server, version)
    answer = run("link", "--source", address, "-f", "json", cwd=newsroom.root)
    assert answer.code == 0
    found = rows(answer)
    linked = {thing for thing in LINKED if found[thing]["outcome"] == "accepted"}
    assert {"actor:haldria", "actor:pellovia"} <= linked
    items = {row["item"] for row in found.values() if row["item"]}
    of_wikidata = {item.startswith(WIKIDATA) for item in items}
    assert of_wikidata == {version != "authority"}
    assert found["actor:ilka-tarrock"]["outcome"] == "open"
    assert "not in " + address in found["actor:ilka-tarrock"]["reason"]
    before = files(newsroom)
    assert run("link", "--source", address, cwd=newsroom.root).code == 0
    assert files(newsroom) == before


def test_an_index_file_gives_the_links_that_wikidata_gives(
    newsroom: Workspace, run: Run, tmp_path: Path
) -> None:
    dump = tmp_path / "wikidata-20310301-all.json"
    lines = ",\n".join(json.dumps(entity) for entity in world())
    dump.write_text(f"[\n{lines}\n]\n")
    index = tmp_path / "items.kgi"
    # The dump lacks the classes above those of its items: so we name them.
    classes = {"states": "Q6256", "places": "Q515", "organisations": "Q245065"}
    roots = [f"{type_}={class_}" for type_, class_ in classes.items()]
    roots += ["organisations=Q176799", "publications=Q192283", "events=Q1190554"]
    flags = [word for root in roots for word in ("--type-root", root)]
    assert run("index", dump, "-o", index, *flags, cwd=newsroom.root).code == 0
    live = rows(run("link", "-n", "-f", "json", cwd=newsroom.root))
    answer = run("link", "--source", index, "-f", "json", cwd=newsroom.root)
    assert answer.code == 0
    found = rows(answer)
    assert right(found) == set(LINKED)
    assert {t for t in LINKED if found[t]["outcome"] == "accepted"} == {
        t for t in LINKED if live[t]["outcome"] == "accepted"
    }
    for thing in LINKED:
        assert found[thing]["score"] == pytest.approx(live[thing]["score"], abs=0.05)
    settings = newsroom.root / "kg.toml"
    settings.write_text(f'{settings.read_text()}link_source = "../items.kgi"\n')
    again = run("link", cwd=newsroom.root)
    assert again.code == 0
    assert "looked up before" in again.err
    assert "as of 2031-03-01" in again.err


def test_the_cases_are_counted() -> None:
    assert len(LINKED) == 8

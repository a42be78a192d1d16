"""Commands do the same on Virtuoso and Oxigraph's server as with a store of their own."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING

import pytest

from kg.store import named_graphs, open_store
from kg.vocab import PROV, SCHEMA
from tests.conftest import copied
from tests.engines import emptied
from tests.wikidata_items import world
from tests.wikidata_server import wikidata

if TYPE_CHECKING:
    from pathlib import Path

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import Answer, NewWorkspace, Run

pytestmark = pytest.mark.xdist_group("virtuoso")
UNGATED = {"KG_GATE": "off"}
"""What the gate says of engines is shown by the first of these tests, and by those of validation."""
ENGINES = ("virtuoso", "oxigraph")


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> str:
    url = str(request.getfixturevalue(f"{request.param}_url"))
    emptied(url).close()
    return url


def nquads(store: GraphStore) -> list[str]:
    """All that a store holds, in an order that can be compared."""
    return sorted(f"{t} {graph}" for graph in named_graphs(store) for t in store.get(graph))


def held(workspace: Workspace) -> list[str]:
    with workspace.reading() as store:
        return nquads(store)


def there(url: str) -> list[str]:
    with open_store(url) as store:
        return nquads(store)


def timeless(quads: list[str]) -> list[str]:
    """Without what tells when something was made, and what rests on that."""
    times = (PROV.generatedAtTime, SCHEMA.sha256)
    return [quad for quad in quads if not any(f" {time} " in quad for time in times)]


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.err
    return answer


def test_add_and_build_store_the_same(
    url: str, new: NewWorkspace, newsroom: Path, built_newsroom: Workspace, run: Run
) -> None:
    """Added, added again, and lost and built anew."""
    root, wanted = new("there").root, held(built_newsroom)
    assert len(wanted) > 4_000
    done(run("--store", url, "add", newsroom, cwd=root))
    assert there(url) == wanted
    done(run("--store", url, "add", newsroom, cwd=root, env=UNGATED))
    assert there(url) == wanted
    emptied(url).close()
    done(run("--store", url, "build", cwd=root, env=UNGATED))
    assert there(url) == wanted


def test_link_accepts_and_stores_the_same(
    url: str, ungated_newsroom: Workspace, tmp_path: Path, run: Run
) -> None:
    """And what is taken away afterwards is gone: the store is as the files are."""
    here, elsewhere = (copied(ungated_newsroom, tmp_path / name) for name in ("here", "there"))
    stores: tuple[tuple[Workspace, list[str]], ...] = ((here, []), (elsewhere, ["--store", url]))
    done(run("--store", url, "build", cwd=elsewhere.root))
    with wikidata(world()) as server:
        for workspace, _ in stores:
            with (workspace.root / "kg.toml").open("a") as file:
                file.write(f'contact = "desk@newsroom.example"\nwikidata_url = "{server.api}"\n')
        own, other = (
            done(run(*store, "link", "-f", "json", cwd=workspace.root))
            for workspace, store in stores
        )
    # Things that are named equally often come in the order of the engine.
    found, also = (sorted(json.loads(a.out), key=itemgetter("thing")) for a in (own, other))
    assert also == found
    assert sum(row["outcome"] == "accepted" for row in found) >= 7
    assert timeless(there(url)) == timeless(held(here))
    for workspace, store in stores:
        (paper,) = workspace.root.rglob("*trawler-sinks*.yaml")
        paper.unlink()
        done(run(*store, "build", cwd=workspace.root))
    assert timeless(there(url)) == timeless(held(here))


def test_export_serve_and_query_give_the_same_bytes(
    url: str, built_newsroom: Workspace, tmp_path: Path, run: Run, program: Run
) -> None:
    elsewhere = copied(built_newsroom, tmp_path / "there")
    done(run("--store", url, "build", cwd=elsewhere.root, env=UNGATED))
    for arguments, runs in (
        (["export", "-f", "nq"], run),
        (["query", "articles", "-f", "csv"], run),
        (["query", "contradictions", "-f", "json"], run),
        (["show", "haldria"], run),
        (["serve", "--get", "/data/id/actor/haldria.ttl"], program),
    ):
        own = done(runs(*arguments, cwd=built_newsroom.root))
        other = done(runs("--store", url, *arguments, cwd=elsewhere.root))
        assert other.data == own.data, arguments
        assert len(own.data) > 100


def test_a_page_of_rows_is_served_the_same(
    url: str, built_newsroom: Workspace, tmp_path: Path, program: Run
) -> None:
    elsewhere = copied(built_newsroom, tmp_path / "there")
    done(program("--store", url, "build", cwd=elsewhere.root, env=UNGATED))
    for asked in ("articles.csv", "numbers-over-time.csv?limit=5&offset=5"):
        asking = ["serve", "--get", f"/query/{asked}"]
        own = done(program(*asking, cwd=built_newsroom.root))
        assert len(own.data) > 100
        assert done(program("--store", url, *asking, cwd=elsewhere.root)).data == own.data, asked

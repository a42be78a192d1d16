"""A workspace whose store is somebody's server, which holds graphs of others: these are left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.build import build
from kg.errors import StoreError
from kg.loading import Loading
from kg.note import NOTE
from kg.store import named_graphs, open_store, select
from kg.store.access import PASSWORD
from kg.store.remote import RemoteStore
from tests.conftest import copied
from tests.test_remote_hostile import reply, saying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg.store import GraphStore
    from kg.workspace import Workspace
    from tests.conftest import Run
    from tests.engines import Server

THEIRS = ox.NamedNode("https://others.example/data")
NEAR = ox.NamedNode("https://example.org/kg-of-others/graph/x")
BESIDE = ox.NamedNode("https://example.org/kg/other/graph/x")
FACT = ox.Triple(THEIRS, ox.NamedNode("https://others.example/p"), ox.Literal("untouched"))


@pytest.fixture
def shared_store(built: Workspace, tmp_path: Path, new_server: Callable[[], Server]) -> Workspace:
    """The founding corpus, to be kept on a server that has three graphs of others."""
    workspace = copied(built, tmp_path / "shared")
    for file in workspace.derived.iterdir():
        if file.is_file():
            file.unlink()
    url = new_server().url
    with open_store(url) as store:
        for graph in (THEIRS, NEAR, BESIDE):
            store.put(graph, [FACT])
    return replace(workspace, settings=replace(workspace.settings, store=url, gate="off"))


def kept(store: GraphStore) -> bool:
    return all(set(store.get(graph)) == {FACT} for graph in (THEIRS, NEAR, BESIDE))


def test_graphs_of_others_outlast_building_adding_and_removing(
    shared_store: Workspace, built: Workspace
) -> None:
    with shared_store.writing() as store:
        build(shared_store, store)
        assert kept(store)
        ours = named_graphs(store) - {THEIRS, NEAR, BESIDE}
    with built.reading() as local:
        assert ours == named_graphs(local)
    gone = min(shared_store.articles.glob("*.yaml"))
    gone.unlink()
    with shared_store.writing() as store:
        report = build(shared_store, store)
        assert report.removed == [f"articles/{gone.name}"]
        assert kept(store)
        assert len(named_graphs(store)) == len(ours) + 2
    # Without the note nobody remembers, and what is ours is told by its name.
    (shared_store.derived / NOTE).unlink()
    stale = ox.NamedNode("https://example.org/kg/graph/article-000000000000")
    torn = ox.NamedNode("https://example.org/kg/graph/entities#incoming-0")
    with shared_store.writing() as store:
        store.put(stale, [FACT])
        store.put(torn, [FACT])
        build(shared_store, store)
        assert kept(store)
        assert len(named_graphs(store)) == len(ours) + 2


def test_what_others_say_is_part_of_the_union(shared_store: Workspace) -> None:
    with shared_store.writing() as store:
        build(shared_store, store)
    with shared_store.reading() as store:
        found = select(store, f"SELECT DISTINCT ?o WHERE {{ {THEIRS} ?p ?o }}")
        assert [row["o"].value for row in found] == ["untouched"]
        with pytest.raises(StoreError, match="opened to read"):
            store.put(THEIRS, [])


def test_the_note_of_one_server_is_not_that_of_another(
    shared_store: Workspace, new_server: Callable[[], Server]
) -> None:
    with shared_store.writing() as store:
        made = build(shared_store, store).made
    with shared_store.writing() as store:
        assert build(shared_store, store).made == []
    settings = replace(shared_store.settings, store=new_server().url)
    moved = replace(shared_store, settings=settings)
    with moved.writing() as store:
        assert build(moved, store).made == made


def test_rdflib_gets_no_dataset_of_a_server(shared_store: Workspace) -> None:
    with pytest.raises(StoreError, match="no store of this process"):
        shared_store.dataset()


def test_every_command_works_on_a_server_by_the_setting_and_by_the_option(
    shared_store: Workspace, built: Workspace, run: Run, new_server: Callable[[], Server]
) -> None:
    folder, url = shared_store.root, shared_store.settings.store
    with (folder / "kg.toml").open("a") as file:
        file.write(f'store = "{url}"\n')
    other = new_server().url
    for options, place in (((), url), (("--store", other), other)):
        assert run(*options, "build", cwd=folder).code == 0
        again = run(*options, "build", cwd=folder)
        assert (again.code, again.out) == (0, "")
        assert "unchanged" in again.err
        status = run(*options, cwd=folder)
        assert "Holds 2 articles" in status.out
        here = run("query", "sides", "-f", "csv", cwd=built.root)
        assert run(*options, "query", "sides", "-f", "csv", cwd=folder).data == here.data
        assert run(*options, "validate", cwd=folder).err == run("validate", cwd=built.root).err
        with open_store(place) as store:
            assert len(named_graphs(store)) > 4
    assert run("validate", "--store", other, cwd=folder.parent).code == 0
    listed = run("export", "-f", "nq", cwd=folder).out.splitlines()
    mine = run("export", "-f", "nq", cwd=built.root).out.splitlines()
    assert {line for line in listed if "others.example" not in line} == set(mine)
    assert sum("others.example" in line for line in listed) == 3


SECRET = "s3cr3t-Passwort"  # noqa: S105 - of no store


def test_what_a_bad_server_does_is_one_line_and_the_exit_code_of_the_store(
    shared_store: Workspace, run: Run
) -> None:
    folder = shared_store.root
    config = (folder / "kg.toml").read_text()
    refused = reply(b"", "401 Unauthorized", WWW_Authenticate='Basic realm="x"')
    env = {PASSWORD: SECRET}
    for answer, message in (
        (refused, "401 Unauthorized"),
        (
            reply(b"<html>", media_type="text/html"),
            "answers with text/html, not with SPARQL results",
        ),
        (
            reply(b"", "302 Found", Location="https://evil.example/"),
            "has moved to https://evil.example/",
        ),
        (reply(b"", "503 Busy", Retry_After="3600"), "503 Busy, and asks to wait 3,600 s"),
    ):
        with saying(answer) as server:
            login = f'store = "{server.url}"\nstore_user = "me"\n'
            (folder / "kg.toml").write_text(f"{config}{login}")
            for words in (["build"], ["query", "sides"], ["validate"], ["export", "-f", "nq"]):
                found = run(*words, cwd=folder, env=env)
                lines = [line for line in found.err.splitlines() if "changed since" not in line]
                assert found.code == 4
                assert lines[0] == f"kg: error: {server.url}: {message}"
                assert [line[:9] for line in lines[1:]] == ["kg: hint:"]
                assert SECRET not in found.err + found.out
                assert found.out == ""
    found = run("build", cwd=folder)
    assert found.code == 2
    assert found.err.startswith("kg: error: store_user: me, and no KG_STORE_PASSWORD\n")


def test_adding_does_not_fetch_the_graphs_of_others(
    shared_store: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shared_store.writing() as store:
        build(shared_store, store)
        fetched: list[ox.NamedNode] = []
        get = RemoteStore.get

        def noted(self: RemoteStore, graph: ox.NamedNode) -> Iterator[ox.Triple]:
            fetched.append(graph)
            return get(self, graph)

        monkeypatch.setattr(RemoteStore, "get", noted)
        with Loading(shared_store, store):
            pass
    assert fetched == [shared_store.iris.graph("analysis")]

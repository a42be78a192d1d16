"""The servers of the tests: they end when they are told to, and say what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.errors import StoreError
from kg.store import open_store, select
from tests import engines
from tests.engines import MissingError, installed, oxigraph, started

if TYPE_CHECKING:
    from pathlib import Path

ALL = "SELECT ?s WHERE { ?s ?p ?o }"


def test_a_server_answers_until_it_is_stopped(tmp_path: Path) -> None:
    server = oxigraph(tmp_path / "data")
    with open_store(server.url) as store:
        assert list(select(store, ALL)) == []
        server.stop()
        assert server.process.poll() is not None
        with pytest.raises(StoreError):
            select(store, ALL)


def test_a_server_ends_with_a_test_that_fails() -> None:
    running = started(oxigraph)
    url = next(running)
    with pytest.raises(ZeroDivisionError):
        running.throw(ZeroDivisionError())
    with open_store(url) as store, pytest.raises(StoreError):
        select(store, ALL)


def test_what_is_not_installed_is_skipped_or_where_all_are_wanted_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent() -> engines.Server:
        installed("no-such-engine")
        raise AssertionError

    monkeypatch.setattr(engines, "NEEDED", False)
    with pytest.raises(pytest.skip.Exception, match="is not installed"):
        next(started(absent))
    monkeypatch.setattr(engines, "NEEDED", True)
    with pytest.raises(MissingError):
        next(started(absent))

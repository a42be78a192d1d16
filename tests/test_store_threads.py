"""Quads that several threads load are those that one would have loaded."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.config import Settings
from kg.errors import InputError
from kg.store import embedded, open_store
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from pathlib import Path

G = ox.NamedNode("https://example.org/g")
LINES = [
    f'<https://example.org/{n}> <https://example.org/p> "{n} {"x" * (n % 90)}" {G} .\n'
    for n in range(4_000)
]
QUADS = "".join(LINES).encode()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The threads in which something was loaded; little is enough for several."""
    seen: set[int] = set()
    load = EmbeddedStore._load
    both = threading.Barrier(2, timeout=10)

    def counted(store: EmbeddedStore, quads: bytes) -> None:
        if threading.current_thread() is not threading.main_thread():
            both.wait()  # one thread could have done the work of two
        seen.add(threading.get_ident())
        load(store, quads)

    monkeypatch.setattr(EmbeddedStore, "_load", counted)
    monkeypatch.setattr(embedded, "_PIECE", 1_000)
    return seen


@given(
    lines=st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=60),
    end=st.sampled_from((b"", b"\n")),
    most=st.integers(1, 9),
    piece=st.integers(1, 200),
)
def test_pieces_are_all_lines_in_order(
    lines: list[bytes], end: bytes, most: int, piece: int
) -> None:
    quads = b"\n".join(lines) + end
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(embedded, "_PIECE", piece)
        found = embedded._pieces(quads, most)
    assert b"".join(found) == quads
    assert 1 <= len(found) <= most
    assert all(one.endswith(b"\n") for one in found[:-1])
    if b"_:" in quads:
        assert found == [quads]


@pytest.mark.parametrize(("workers", "used"), [(1, 1), (2, 2)])
def test_as_many_threads_load_as_there_are_workers(
    tmp_path: Path, threads: set[int], workers: int, used: int
) -> None:
    with open_store(tmp_path / "store", settings=Settings(workers=workers)) as store:
        store.load(QUADS)
        found = {triple.subject.value for triple in store.get(G)}  # type: ignore[union-attr]
    assert len(found) == len(LINES)
    assert len(threads) == used
    assert (threading.get_ident() in threads) == (used == 1)


def test_blank_nodes_are_not_torn_in_two(tmp_path: Path, threads: set[int]) -> None:
    about = "".join(
        f"_:one <https://example.org/p> <https://example.org/{n}> {G} .\n" for n in range(500)
    )
    with EmbeddedStore(tmp_path / "store", workers=2) as store:
        store.load(about.encode())
        assert len({str(triple.subject) for triple in store.get(G)}) == 1
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("place", [0, len(LINES) - 1])
def test_a_fault_in_any_piece_is_told(tmp_path: Path, threads: set[int], place: int) -> None:
    broken = [*LINES]
    broken[place] = "no quad\n"
    with (
        EmbeddedStore(tmp_path / "store", workers=2) as store,
        pytest.raises(InputError, match=r"^SPARQL: |line \d+"),
    ):
        store.load("".join(broken).encode())
    assert len(threads) == 2

"""The processes that read: time limits that end, turns that are fair, and data that change meanwhile."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.responses import StreamingResponse

from kg.build import build
from kg.errors import ConfigError, InputError, StoreError
from kg.web.readers import pool
from kg.web.readers.pool import Readers
from kg.web.readers.reply import Refused, Reply
from kg.web.readers.snapshot import FOLDER, Snapshots
from kg.web.service import response
from kg.web.views import load

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from kg.web.readers.reading import Reading
    from kg.workspace import Workspace


def said(words: str) -> Reply:
    return Reply(body=words.encode(), media_type="text/plain")


def process(_: Reading) -> Reply:
    return said(str(os.getpid()))


def asleep(_: Reading, *, seconds: float, words: str = "") -> Reply:
    time.sleep(seconds)
    return said(words)


def from_to(_: Reading) -> Reply:
    """When it began and ended, on the clock that all processes share."""
    begin = time.monotonic()
    time.sleep(0.05)
    return said(f"{begin} {time.monotonic()}")


def at_work(_: Reading, *, seconds: float, words: str = "") -> Reply:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return said(words)


def busy(_: Reading) -> Reply:
    """Never ends, and never lets go of the interpreter's lock for long."""
    while True:
        pass


def triples(reading: Reading) -> Reply:
    from kg.store import select

    (row,) = select(reading.store, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    return said(f"{row['n'].value} in {reading.generation}")


def fails(_: Reading, *, how: str) -> Reply:
    if how == "input":
        raise InputError("line 3: no", hint="yes")
    if how == "refused":
        raise Refused(413, "too much", headers={"Kg": "1"})
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    raise ZeroDivisionError(how)


async def ended(pid: int) -> bool:
    """Whether a process ends within some seconds."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        await asyncio.sleep(0.1)
    return False


class Asked:
    """Readers in a loop of their own, for the length of a test."""

    def __init__(self, readers: Readers) -> None:
        self.readers = readers

    async def text(self, view: Callable[..., Reply], client: str = "a", **more: Any) -> str:
        seconds = more.pop("limit", None)
        reply = await self.readers.ask(view, more, client=client, seconds=seconds)
        assert isinstance(reply.body, bytes)
        return reply.body.decode()


def during(
    workspace: Workspace,
    test: Callable[[Asked], Coroutine[Any, Any, None]],
    *,
    processes: int = 2,
    seconds: float = 20,
) -> None:
    async def run() -> None:
        readers = Readers(
            workspace=workspace,
            source=Snapshots(workspace),
            load=load,
            processes=processes,
            seconds=seconds,
        )
        await readers.start()
        try:
            await test(Asked(readers))
        finally:
            await readers.stop()

    def snapshots() -> set[Path]:
        return set((workspace.derived / FOLDER).glob("*"))

    before = snapshots()  # those of other servers
    asyncio.run(run())
    assert snapshots() <= before, "a snapshot was left behind"


def test_a_view_that_never_ends_is_ended_and_its_process_replaced(built: Workspace) -> None:
    async def test(asked: Asked) -> None:
        before = int(await asked.text(process))
        begin = time.monotonic()
        with pytest.raises(Refused, match=r"longer than 0\.4 seconds") as refused:
            await asked.text(busy, limit=0.4)
        assert refused.value.status == 503
        assert time.monotonic() - begin < 10
        after = {int(await asked.text(process)) for _ in range(3)}
        assert before not in after
        assert await ended(before)

    during(built, test, processes=1)


def test_long_answers_get_half_of_the_processes_and_the_next_is_told_to_come_again(
    built: Workspace,
) -> None:
    async def test(asked: Asked) -> None:
        long = [asyncio.ensure_future(asked.text(at_work, seconds=3, words="done")) for _ in "ab"]
        refused, done = sorted(
            await asyncio.gather(*long, return_exceptions=True), key=lambda one: one == "done"
        )
        assert done == "done"
        assert isinstance(refused, Refused)
        assert (refused.status, "too many long queries" in refused.detail) == (503, True)
        assert refused.headers["Retry-After"]
        # The place is free again.
        assert await asked.text(at_work, seconds=1.5, words="again") == "again"

    during(built, test, seconds=60)


def test_who_only_waits_is_not_long(built: Workspace) -> None:
    async def test(asked: Asked) -> None:
        waiting = [asyncio.ensure_future(asked.text(asleep, seconds=2)) for _ in range(2)]
        assert await asyncio.gather(*waiting) == ["", ""]

    during(built, test)


def test_no_more_answers_are_made_at_a_time_than_there_are_cores_for(
    built: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "ABREAST", 2)

    async def test(asked: Asked) -> None:
        answers = (asked.text(from_to, str(number)) for number in range(8))
        spans = [tuple(map(float, answer.split())) for answer in await asyncio.gather(*answers)]
        abreast = [sum(begin <= moment < end for begin, end in spans) for moment, _ in spans]
        assert max(abreast) == 2

    during(built, test, processes=4)


def test_what_waits_for_something_else_leaves_its_place_to_others(
    built: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "ABREAST", 2)
    monkeypatch.setattr(pool, "QUANTUM", 0.2)

    async def test(asked: Asked) -> None:
        waiting = [asyncio.ensure_future(asked.text(asleep, seconds=4)) for _ in range(2)]
        await asyncio.sleep(0)
        assert await asyncio.wait_for(asked.text(process, "b"), 3)
        assert not any(task.done() for task in waiting)
        await asyncio.gather(*waiting)

    during(built, test, processes=4)


def test_clients_take_turns_whatever_each_of_them_asks(built: Workspace) -> None:
    async def test(asked: Asked) -> None:
        ended: list[str] = []

        async def ask(client: str) -> None:
            await asked.text(asleep, client=client, seconds=0.05)
            ended.append(client)

        greedy = [asyncio.ensure_future(ask("greedy")) for _ in range(30)]
        await asyncio.sleep(0.01)
        await asyncio.gather(*(ask("modest") for _ in range(3)))
        assert ended.count("greedy") <= 6
        await asyncio.gather(*greedy)

    during(built, test, processes=1)


def test_who_has_too_many_waiting_is_told_to_come_again(built: Workspace) -> None:
    async def test(asked: Asked) -> None:
        tasks = [asyncio.ensure_future(asked.text(asleep, seconds=0.3)) for _ in range(1)]
        await asyncio.sleep(0.05)
        waiting = [asyncio.ensure_future(asked.text(process)) for _ in range(230)]
        found = await asyncio.gather(*waiting, return_exceptions=True)
        refused = [answer for answer in found if isinstance(answer, Refused)]
        assert len(refused) == 30
        assert {error.status for error in refused} == {503}
        await asyncio.gather(*tasks)

    during(built, test, processes=1)


@pytest.mark.parametrize(
    ("how", "error", "words"),
    [
        ("input", InputError, "line 3: no"),
        ("refused", Refused, "too much"),
        ("killed", StoreError, "has died"),
        ("bug", RuntimeError, "ZeroDivisionError"),
    ],
)
def test_errors_of_a_view_reach_who_asked_and_the_next_is_answered(
    built: Workspace, how: str, error: type[Exception], words: str
) -> None:
    async def test(asked: Asked) -> None:
        with pytest.raises(error, match=words) as found:
            await asked.text(fails, how=how)
        if isinstance(found.value, InputError):
            assert found.value.hint == "yes"
        assert int(await asked.text(process)) > 0

    during(built, test, processes=1)


def test_who_gives_up_costs_the_others_nothing(built: Workspace) -> None:
    async def test(asked: Asked) -> None:
        running = asyncio.ensure_future(asked.text(busy))
        waiting = asyncio.ensure_future(asked.text(process, client="b"))
        await asyncio.sleep(0.1)
        waiting.cancel()
        running.cancel()
        assert int(await asked.text(process)) > 0

    during(built, test, processes=1)


def test_what_is_built_meanwhile_is_read_from_then_on(fresh: Workspace) -> None:
    async def test(asked: Asked) -> None:
        before = await asked.text(triples)
        long = asyncio.ensure_future(asked.text(asleep, seconds=0.9, words="old"))
        await asyncio.sleep(0.1)
        (fresh.graphs / "more.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n")
        with fresh.writing() as store:  # no reader holds the workspace
            build(fresh, store)
        await asked.readers.refresh()
        after = await asked.text(triples)
        assert after != before
        assert int(after.split()[0]) > int(before.split()[0])
        assert await long == "old"
        assert len(list((fresh.derived / FOLDER).glob("*[!s]"))) == 1  # but for that of the spools

    during(fresh, test)


def test_the_server_notices_by_itself_what_another_process_builds(fresh: Workspace) -> None:
    async def test(asked: Asked) -> None:
        before = await asked.text(triples)
        (fresh.graphs / "more.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n")
        with fresh.writing() as store:
            build(fresh, store)
        for _ in range(100):
            await asyncio.sleep(0.1)
            if await asked.text(triples) != before:
                return
        raise AssertionError("never noticed")

    during(fresh, test)


def spooled(reading: Reading, *, endless: bool) -> Reply:
    file = reading.spool()
    file.write_bytes(b"x" * 100_000)
    while endless:
        pass
    return Reply(body=file, media_type="text/plain")


def greedy(_: Reading) -> Reply:
    """Wants more memory than there is."""
    parts = []
    while True:
        parts.append(bytearray(1 << 28))


def test_who_wants_too_much_memory_loses_only_its_own_answer(built: Workspace) -> None:
    async def test(asked: Asked) -> None:
        with pytest.raises((RuntimeError, StoreError), match=r"MemoryError|has died"):
            await asked.text(greedy)
        assert int(await asked.text(process)) > 0

    during(built, test, processes=8)  # which share the memory


def test_the_process_that_readers_are_split_off_from_is_replaced_as_well(built: Workspace) -> None:
    async def test(asked: Asked) -> None:
        reader = int(await asked.text(process))
        origin = int(Path(f"/proc/{reader}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(origin, signal.SIGKILL)
        assert int(await asked.text(process)) == reader  # it reads on
        for _ in range(2):
            with pytest.raises(StoreError, match="has died"):
                await asked.text(fails, how="killed")
        assert int(await asked.text(process)) > 0

    during(built, test, processes=1)


def test_the_end_of_that_process_may_be_known_late(
    built: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(asked: Asked) -> None:
        origin = asked.readers._origin
        assert origin is not None
        origin.process.kill()
        end, looks = origin.process.wait(), iter([None])
        monkeypatch.setattr(origin.process, "poll", lambda: next(looks, end))
        with pytest.raises(StoreError, match="has died"):
            await asked.text(fails, how="killed")
        assert int(await asked.text(process)) > 0

    during(built, test, processes=1)


def test_a_reader_that_waits_for_the_next_call_is_not_ended(
    built: Workspace,
) -> None:
    async def test(asked: Asked) -> None:
        reader = await asked.text(process, limit=1.5)
        await asyncio.sleep(7)  # longer than the system would wait if the server were gone
        assert await asked.text(process) == reader

    during(built, test, processes=1)


def test_who_waits_too_long_for_a_turn_is_told_so(built: Workspace) -> None:
    async def test(asked: Asked) -> None:
        first = asyncio.ensure_future(asked.text(asleep, seconds=3, limit=10))
        await asyncio.sleep(0.1)
        with pytest.raises(Refused, match="nobody was free"):
            await asked.text(process)
        await first
        assert int(await asked.text(process)) > 0

    during(built, test, processes=1, seconds=1)


def test_a_store_that_was_deleted_is_served_again_when_it_is_built(fresh: Workspace) -> None:
    async def test(asked: Asked) -> None:
        shutil.rmtree(fresh.derived)
        for _ in range(2):
            with pytest.raises(StoreError, match=r"has died|nobody can read"):
                await asked.text(fails, how="killed")
        with fresh.writing() as store:
            build(fresh, store)
        for _ in range(150):
            try:
                assert "in" in await asked.text(triples)
            except StoreError:
                await asyncio.sleep(0.1)
            else:
                return
        raise AssertionError("never served again")

    during(fresh, test, processes=1)


def test_the_server_may_end_while_a_reader_starts(
    built: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    """The connection to it is closed, and nobody is told that its snapshot has gone."""

    async def test(asked: Asked) -> None:
        with pytest.raises(StoreError, match="has died"):
            await asked.text(fails, how="killed")
        for _ in range(100):
            await asyncio.sleep(0.001)
            if any("_replace" in str(task.get_coro()) for task in asyncio.all_tasks()):
                return
        raise AssertionError("no other was started")

    for _ in range(5):
        during(built, test, processes=1)
        gc.collect()  # a connection that was left open is told of now
    time.sleep(1)
    assert capfd.readouterr().err == ""


def test_why_a_store_cannot_be_opened_is_told_without_a_traceback(
    fresh: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    async def test(asked: Asked) -> None:
        shutil.rmtree(fresh.derived)
        with pytest.raises(StoreError, match="has died"):
            await asked.text(fails, how="killed")
        with pytest.raises(StoreError, match=r"nobody can read: .*serving"):
            await asked.text(triples)

    during(fresh, test, processes=1)
    assert "Traceback" not in capfd.readouterr().err


def test_settings_that_are_broken_meanwhile_leave_no_snapshots_behind(fresh: Workspace) -> None:
    async def test(asked: Asked) -> None:
        before = await asked.text(triples)
        settings = fresh.root / "kg.toml"
        whole = settings.read_text()
        settings.write_text("base = ")
        await asyncio.sleep(3)
        assert await asked.text(triples) == before
        assert len(list((fresh.derived / FOLDER).glob("*[!s]"))) == 1
        settings.write_text(whole + "\n# mended\n")
        for _ in range(150):
            await asyncio.sleep(0.1)
            if await asked.text(triples) != before:
                return
        raise AssertionError("never served again")

    during(fresh, test, processes=2)


def test_large_bodies_are_left_nowhere(built: Workspace) -> None:
    async def test(asked: Asked) -> None:
        reply = await asked.readers.ask(spooled, {"endless": False}, client="a")
        assert list(asked.readers.spools.iterdir()) == [reply.body]
        sent = response(reply)
        assert sent.headers["content-length"] == "100000"
        assert isinstance(sent, StreamingResponse)
        assert not list(asked.readers.spools.iterdir())
        parts = [part async for part in sent.body_iterator if isinstance(part, bytes)]
        assert b"".join(parts) == b"x" * 100_000
        with pytest.raises(Refused):
            await asked.text(spooled, endless=True, limit=0.5)
        assert not list(asked.readers.spools.iterdir())

    during(built, test, processes=1)


def test_what_a_server_has_left_behind_is_swept_away(fresh: Workspace) -> None:
    left = fresh.derived / FOLDER / "999999999-0"
    left.mkdir(parents=True)
    (left / "file").write_text("left")
    Snapshots(fresh)
    assert not left.exists()


def test_without_a_store_there_is_nothing_to_read(fresh: Workspace) -> None:
    shutil.rmtree(fresh.derived)
    with pytest.raises((StoreError, ConfigError), match="no store yet"):
        Snapshots(fresh).take()

"""Asking services: who asks, how often, how long, and what is kept of the answers."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from kg.config import Settings
from kg.edtf import Instant
from kg.errors import ConfigError, ServiceError
from kg.http.clock import Clock
from kg.link.cache import Cache
from kg.link.service import Client, Passing, Question, TooLongError, client
from tests.wikidata_items import HALDRIA
from tests.wikidata_server import (
    Fault,
    Reply,
    busy,
    dripping,
    dropped,
    forbidden,
    garbled,
    half,
    huge,
    moved,
    page,
    plain,
    silent,
    wikidata,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.link.service import Answer
    from tests.wikidata_server import Wikidata

ME = "me@example.org"
DAY = timedelta(days=1)
PARAMETERS = {"action": "wbgetentities", "ids": HALDRIA, "languages": "en", "format": "json"}


class Slow(Clock):
    """A clock on which time passes by sleeping only."""

    def __init__(self, chance: float = 0.0) -> None:
        self.time = 0.0
        self.slept: list[float] = []
        self.drawn = chance

    def now(self) -> Instant:
        moment = datetime(2031, 3, 5, 12, tzinfo=UTC) + timedelta(seconds=self.time)
        return Instant(f"{moment:%Y-%m-%dT%H:%M:%SZ}")

    def elapsed(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.slept.append(seconds)

    def chance(self) -> float:
        return self.drawn


def question(server: Wikidata, **more: Any) -> Question:
    about = "what Haldria is"
    return Question(**({"url": server.api, "about": about, "parameters": PARAMETERS} | more))


def label(data: Any) -> str:
    return str(data["entities"][HALDRIA]["labels"]["en"]["value"])


# Who asks


@pytest.mark.parametrize("contact", ["", "  "])
def test_nobody_is_asked_before_there_is_a_contact(contact: str) -> None:
    with wikidata() as server:
        with pytest.raises(ConfigError) as caught:
            Client(contact).ask(question(server), age=None)
        assert server.asked == []
    assert caught.value.exit_code == 2
    assert "contact" in str(caught.value)
    assert 'contact = "you@example.org"' in (caught.value.hint or "")


@pytest.mark.parametrize("contact", ["me@example.org\r\nX-Evil: 1", "mé@example.org"])
def test_a_contact_that_no_header_can_carry_is_refused(contact: str) -> None:
    with wikidata() as server:
        with pytest.raises(ConfigError, match="cannot be sent"):
            Client(contact).ask(question(server), age=None)
        assert server.asked == []


def test_a_request_says_which_program_asks_and_for_whom() -> None:
    with wikidata() as server:
        assert label(Client(ME).ask(question(server), age=None)) == "Haldria"
        (asked,) = server.asked
    assert asked.headers["User-Agent"].startswith("newskg/")
    assert asked.headers["User-Agent"].endswith(f" ({ME})")
    assert asked.headers["Accept"] == "application/json"


def test_the_settings_make_a_client(tmp_path: Path) -> None:
    made = client(Settings(contact=ME, service_deadline=7), tmp_path, offline=True)
    assert (made.contact, made.deadline, made.offline) == (ME, 7, True)


# Faults that pass


PASSING: dict[str, tuple[Fault, list[float]]] = {
    "429 with seconds": (busy("7"), [7]),
    "429 with a date": (
        busy(format_datetime(datetime(2031, 3, 5, 12, 0, 30, tzinfo=UTC), usegmt=True)),
        [30],
    ),
    "429 with a date that is over": (
        busy(format_datetime(datetime(2031, 3, 5, 11, tzinfo=UTC), usegmt=True)),
        [0],
    ),
    "429 with nonsense": (busy("in a while"), [1]),
    "429 without a word, three times": (busy(times=3), [1, 2, 4]),
    "Retry-After of 0 again and again": (busy("0", times=3), [0, 2, 4]),
    "503": (busy("2", status=503), [2]),
    "500": (busy(status=500), [1]),
    "502": (busy(status=502), [1]),
    "504": (busy(status=504), [1]),
    "half an answer": (half(), [1]),
    "half of the JSON": (garbled(), [1]),
    "a connection that is dropped": (dropped(), [1]),
}


@pytest.mark.parametrize("case", PASSING)
def test_a_fault_that_may_pass_is_waited_for(case: str) -> None:
    fault, pauses = PASSING[case]
    clock, told = Slow(), list[tuple[float, str]]()
    with wikidata(faults=[fault]) as server:
        asking = Client(ME, clock=clock, waiting=lambda left, why: told.append((left, why)))
        assert label(asking.ask(question(server), age=None)) == "Haldria"
        assert asking.requests == len(server.asked) == len(pauses) + 1
    assert clock.time == sum(pauses)
    assert sum(left == 0 for left, _ in told) == len(pauses)
    assert all(server.url.removeprefix("http://") in why for _, why in told)


def test_the_cases_of_passing_faults_are_all_there() -> None:
    assert len(PASSING) == 13


def test_a_pause_is_counted_down_second_by_second() -> None:
    told: list[float] = []
    with wikidata(faults=[busy("3")]) as server:
        asking = Client(ME, clock=Slow(), waiting=lambda left, _: told.append(left))
        asking.ask(question(server), age=None)
    assert told == [3, 2, 1, 0]


def test_clients_that_fail_together_do_not_come_back_together() -> None:
    clock = Slow(chance=0.5)
    with wikidata(faults=[busy(), busy("4")]) as server:
        Client(ME, clock=clock).ask(question(server), age=None)
    assert clock.time == 1.25 + 4.5


def test_after_the_deadline_it_says_what_was_tried() -> None:
    clock = Slow()
    with wikidata(faults=[busy(times=99)]) as server:
        with pytest.raises(ServiceError) as caught:
            Client(ME, clock=clock, deadline=20).ask(question(server), age=None)
        assert len(server.asked) == 5
    assert clock.time == 1 + 2 + 4 + 8
    assert caught.value.exit_code == 5
    assert "no answer to what Haldria is in 20 s and 5 tries" in str(caught.value)
    assert "too many requests (status 429)" in str(caught.value)


def test_a_wait_that_is_longer_than_the_deadline_is_not_begun() -> None:
    clock = Slow()
    with wikidata(faults=[busy("3600", times=99)]) as server:
        with pytest.raises(ServiceError, match="and asks to wait 3,600 s"):
            Client(ME, clock=clock).ask(question(server), age=None)
        assert len(server.asked) == 1
    assert clock.slept == []


@pytest.mark.parametrize("fault", [silent(times=99), dripping(0.05, times=99)])
def test_a_server_that_is_silent_or_drips_ends_at_the_deadline(fault: Fault) -> None:
    with wikidata(faults=[fault]) as server:
        asking = Client(ME, deadline=0.8, patience=0.4)
        with pytest.raises(ServiceError, match=r"in 0\.8 s and 1 try"):
            asking.ask(question(server), age=None)


def test_a_judge_can_have_an_answer_asked_for_again() -> None:
    seen = []

    def judge(answer: Answer) -> None:
        seen.append(answer.after)
        if len(seen) == 1:
            raise Passing("not yet", after=answer.after)

    fault = Fault(reply=plain({"later": True}, headers={"Retry-After": "9"}))
    clock = Slow()
    with wikidata(faults=[fault]) as server:
        data = Client(ME, clock=clock).ask(question(server), age=None, judge=judge)
    assert label(data) == "Haldria"
    assert seen == [9, None]
    assert clock.time == 9


# Faults that do not pass


LASTING: dict[str, tuple[Callable[[str], Fault], str]] = {
    "403": (lambda _: forbidden(), r"the server refuses \(status 403\): Go away\."),
    "a page": (lambda _: page(), "answers with text/html, not with JSON"),
    "a page with 400": (
        lambda _: page(status=400),
        r"did not understand the request \(status 400\)",
    ),
    "no media type": (
        lambda _: Fault(reply=Reply(media=None, body=b"{}")),
        "answers with no media type, not with JSON",
    ),
    "too big": (lambda _: huge(2000), "has more than 1,000 bytes"),
    "in a circle": (lambda url: moved(f"{url}/w/api.php"), "redirects in a circle"),
    "to another scheme": (lambda _: moved("ftp://example.org/"), "redirects to ftp"),
    "to TLS": (lambda _: moved("https://127.0.0.1:1/"), "redirects to https"),
    "nowhere": (lambda _: moved("/w/nowhere"), r"not there \(status 404\)"),
}


@pytest.mark.parametrize("case", LASTING)
def test_a_fault_that_will_not_pass_is_told_at_once(case: str) -> None:
    fault, words = LASTING[case]
    clock = Slow()
    with wikidata() as server:
        server.fail(fault(server.url))
        if case == "in a circle":
            server.fail(moved(f"{server.url}/w/api.php", times=9))
        with pytest.raises(ServiceError, match=words):
            Client(ME, clock=clock, limit=1000).ask(question(server), age=None)
    assert clock.slept == []
    assert len(LASTING) == 9


def test_redirects_are_bounded() -> None:
    faults = [moved(f"/w/api.php?step={i}") for i in range(20)]
    with wikidata(faults=faults) as server:
        with pytest.raises(ServiceError, match="redirects more than 5 times"):
            Client(ME).ask(question(server), age=None)
        assert len(server.asked) == 6


def test_a_redirect_to_the_same_thing_elsewhere_is_followed() -> None:
    with wikidata() as server:
        address = f"{server.api}?action=wbgetentities&ids={HALDRIA}&languages=en"
        server.fail(moved(address, status=301))
        assert label(Client(ME).ask(question(server), age=None)) == "Haldria"


def test_what_is_posted_is_not_sent_on_as_a_get() -> None:
    with wikidata() as server:
        server.fail(moved("/w/api.php", status=302))
        with pytest.raises(ServiceError, match="has moved to"):
            Client(ME).ask(question(server, parameters={}, form=PARAMETERS), age=None)
        server.fail(moved("/w/api.php?again", status=307))
        found = Client(ME).ask(question(server, parameters={}, form=PARAMETERS), age=None)
        assert label(found) == "Haldria"
        assert [each.method for each in server.asked] == ["POST"] * 3


def test_a_request_that_is_too_long_is_told_apart() -> None:
    with (
        wikidata(faults=[busy(status=413)]) as server,
        pytest.raises(TooLongError, match="status 413"),
    ):
        Client(ME).ask(question(server), age=None)


def test_where_nobody_is_nobody_is_waited_for() -> None:
    clock = Slow()
    with wikidata() as server:
        there = question(server)
    with pytest.raises(ServiceError, match="nothing listens there"):
        Client(ME, clock=clock).ask(there, age=None)
    assert clock.slept == []


def test_what_is_public_does_not_lead_into_the_network_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = {"public.example": "93.184.215.14", "inside.example": "10.0.0.7"}
    connect = socket.create_connection

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (places.get(host, host), port))]

    with wikidata(faults=[moved("http://inside.example/w/api.php")]) as server:
        here = ("127.0.0.1", int(server.url.rpartition(":")[2]))
        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(
            socket, "create_connection", lambda _, *arguments: connect(here, *arguments)
        )
        asking = Client(ME)
        public = question(server, url="http://public.example/w/api.php")
        with pytest.raises(ServiceError, match="leads into the network here"):
            asking.ask(public, age=None)
        assert len(server.asked) == 1
        # What somebody named may be inside, also after another question led there.
        inside = question(server, url="http://inside.example/w/api.php")
        assert label(asking.ask(inside, age=None)) == "Haldria"
        assert label(asking.ask(public, age=None)) == "Haldria"


def test_a_password_in_an_address_is_neither_sent_nor_shown() -> None:
    asked = Question(url="http://me:secret@127.0.0.1:1/", about="it")
    with pytest.raises(ServiceError) as caught:
        Client(ME).ask(asked, age=None)
    assert "secret" not in str(caught.value)


# One at a time


def test_a_server_has_one_request_of_ours_at_a_time() -> None:
    with wikidata() as server:
        server.takes = 0.01
        asking = Client(ME)
        threads = [
            threading.Thread(target=asking.ask, args=[question(server)], kwargs={"age": None})
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.asked) == 8
        assert server.most_at_once == 1


# What is kept


def test_an_answer_is_kept_for_as_long_as_it_may_be(tmp_path: Path) -> None:
    clock = Slow()
    with wikidata() as server:
        asking = Client(ME, cache=tmp_path, clock=clock)
        for _ in range(3):
            assert label(asking.ask(question(server), age=DAY)) == "Haldria"
        assert len(server.asked) == 1
        clock.time += DAY.total_seconds() + 1
        assert label(asking.ask(question(server), age=DAY)) == "Haldria"
        assert len(server.asked) == 2


def test_what_a_question_depends_on_is_what_its_answer_is_kept_by(tmp_path: Path) -> None:
    with wikidata() as server:
        asking = Client(ME, cache=tmp_path)
        asking.ask(question(server), age=DAY)
        asking.ask(question(server, manners={"maxlag": "5"}), age=DAY)
        assert len(server.asked) == 1
        others = [
            question(server, parameters={**PARAMETERS, "languages": "ja"}),
            question(server, headers={"Accept-Language": "ja"}),
            question(server, form={"a": "1"}),
            question(server, form={"a": "2"}),
            question(server, body=("application/json", b"{}")),
        ]
        for other in others:
            asking.ask(other, age=DAY)
        assert len(server.asked) == 1 + len(others)


def test_what_was_refused_is_not_kept(tmp_path: Path) -> None:
    def judge(_: Answer) -> None:
        raise ServiceError("no")

    with wikidata() as server:
        with pytest.raises(ServiceError):
            Client(ME, cache=tmp_path).ask(question(server), age=DAY, judge=judge)
        assert label(Client(ME, cache=tmp_path).ask(question(server), age=DAY)) == "Haldria"
        assert len(server.asked) == 2


def test_refreshing_asks_again_but_once(tmp_path: Path) -> None:
    clock = Slow()
    with wikidata() as server:
        Client(ME, cache=tmp_path, clock=clock).ask(question(server), age=DAY)
        clock.time += 60
        asking = Client(ME, cache=tmp_path, clock=clock, refresh=True)
        for _ in range(2):
            asking.ask(question(server), age=DAY)
        assert len(server.asked) == 2


def test_offline_answers_come_from_what_was_kept_however_old(tmp_path: Path) -> None:
    clock = Slow()
    with wikidata() as server:
        asked = question(server)
        Client(ME, cache=tmp_path, clock=clock).ask(asked, age=DAY)
        clock.time += 40 * DAY.total_seconds()
        offline = Client("", cache=tmp_path, clock=clock, offline=True)
        assert offline.as_of == "2031-04-14"
        assert label(offline.ask(asked, age=DAY)) == "Haldria"
        assert offline.as_of == "2031-03-05"
        assert len(server.asked) == 1


def test_offline_refuses_loudly_what_was_never_asked_for(tmp_path: Path) -> None:
    with wikidata() as server:
        offline = Client(ME, cache=tmp_path, offline=True)
        with pytest.raises(ServiceError) as caught:
            offline.ask(question(server), age=DAY)
        assert server.asked == []
    assert "what Haldria is was never asked for, and offline nobody is asked" in str(caught.value)
    assert caught.value.exit_code == 5


@pytest.mark.parametrize("damage", [b"", b"{", b"\n", b"\xff\xfe", b'{"key": 1}\nx', b"[]\n"])
def test_what_is_damaged_on_the_disk_is_asked_for_again(tmp_path: Path, damage: bytes) -> None:
    with wikidata() as server:
        Client(ME, cache=tmp_path).ask(question(server), age=DAY)
        (file,) = (each for each in tmp_path.rglob("*") if each.is_file())
        file.write_bytes(damage)
        assert label(Client(ME, cache=tmp_path).ask(question(server), age=DAY)) == "Haldria"
        assert len(server.asked) == 2
        assert Cache(tmp_path).get(question(server).key) is not None


def test_a_flipped_bit_is_damage(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("k", {"a": 1}, datetime(2031, 3, 5, tzinfo=UTC))
    (file,) = (each for each in tmp_path.rglob("*") if each.is_file())
    content = file.read_bytes()
    found = cache.get("k")
    assert found is not None
    assert found.data == {"a": 1}
    for i in range(content.index(b"\n") + 1, len(content)):
        file.write_bytes(content[:i] + bytes([content[i] ^ 1]) + content[i + 1 :])
        assert cache.get("k") is None


def test_a_folder_that_cannot_be_written_loses_no_answer(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.write_text("a file where a folder should be")
    with wikidata() as server:
        assert label(Client(ME, cache=folder).ask(question(server), age=DAY)) == "Haldria"
    assert list(tmp_path.iterdir()) == [folder]

"""Who may review over HTTP: signing in and out, forms from elsewhere, and sessions by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.web.protocol.tokens import CLIENTS, FREE, LONGEST, WAIT, Token
from kg.web.readers.reply import Refused
from kg.web.writing.sessions import IDLE, MOST, Session, Sessions
from tests.pages import HTML, find, page, tree, words
from tests.reviewer import ANN, BEN, SECRET, Reviewer, open_site, shown, site_of, status
from tests.test_review import Proposals, proposals, proposed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web import Got, Site

__all__ = ["open_site", "proposals", "proposed", "shown", "site_of"]


# ---- who may ------------------------------------------------------------------------------------


def test_without_write_nothing_can_be_reviewed(site: Site) -> None:
    for method, path in (("GET", "/review"), ("GET", "/review/item"), ("POST", "/review/decide")):
        answer = site.ask(method, path, fields={} if method == "POST" else None)
        assert answer.status == 403
        assert "kg serve --write" in answer.text


def test_who_is_not_signed_in_is_led_to_the_form(open_site: Site) -> None:
    for path, to in (
        ("/review", "review/sign-in"),
        ("/review/item?of=actor/haldria", "sign-in"),
        ("/review/decided", "sign-in"),
    ):
        answer = open_site.get(path, accept=HTML)
        assert (answer.status, answer.headers["location"]) == (303, to)
    assert find(page(open_site, "/review/sign-in"), "input[name=token][type=password]")


def test_the_cookie_is_for_this_server_only_and_no_script_reads_it(open_site: Site) -> None:
    answer = open_site.ask("POST", "/review/sign-in", fields={"name": ANN, "token": SECRET})
    parts = answer.headers["set-cookie"].lower().split("; ")[1:]
    assert sorted(parts) == ["httponly", "path=/", "samesite=strict"]
    assert SECRET not in answer.headers["set-cookie"]


def test_a_wrong_token_and_no_name_are_told(open_site: Site) -> None:
    for fields, code, message in (
        ({"name": ANN, "token": "wrong"}, 403, "The token is wrong"),
        ({"name": " ", "token": SECRET}, 400, "Your name is needed"),
        ({"name": "A\nB\x07", "token": SECRET}, 400, "Your name is needed"),
        ({"name": "<b>" * 40, "token": SECRET}, 400, "Your name is needed"),
        ({}, 403, "The token is wrong"),
    ):
        answer = open_site.ask("POST", "/review/sign-in", fields=fields, accept=HTML)
        assert answer.status == code
        assert message in words(tree(open_site, "/review/sign-in", answer))
        assert "set-cookie" not in answer.headers
        assert "<b>" not in answer.text


def test_who_tries_tokens_has_to_wait(site_of: Site) -> None:
    codes = [
        site_of.ask("POST", "/review/sign-in", fields={"name": ANN, "token": f"{i}"}).status
        for i in range(FREE + 1)
    ]
    assert codes == [403] * FREE + [429]
    late = site_of.ask("POST", "/review/sign-in", fields={"name": ANN, "token": SECRET})
    assert late.status == 429
    assert 0 < int(late.headers["retry-after"]) <= WAIT


def test_tokens_are_counted_together_wherever_they_are_tried(site_of: Site) -> None:
    def put(token: str, body: bytes = b"") -> Got:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/turtle"}
        return site_of.ask("PUT", "/graph/file-x.ttl", headers=headers, body=body)

    def sign_in(token: str) -> Got:
        fields = {"name": ANN, "token": token}
        return site_of.ask("POST", "/review/sign-in", fields=fields)

    assert FREE == 5
    # How much may be sent tells a right token from a wrong one too: it is no way around.
    large = b" " * 1_000_001
    tried = [put("a"), sign_in("b"), put("c", large), put("d"), sign_in("e")]
    assert [answer.status for answer in tried] == [401, 403, 413, 401, 403]
    for late in (put("f"), put(SECRET), put("g", large), put(SECRET, large), sign_in(SECRET)):
        assert late.status == 429
        assert 0 < int(late.headers["retry-after"]) <= WAIT
    nothing = site_of.ask("PUT", "/graph/file-x.ttl", headers={"Content-Type": "text/turtle"})
    assert nothing.status == 401  # who sends no token tries none
    assert site_of.get("/graph?default", Authorization="Bearer h").status == 200


FORGED = [
    ("a form without the secret of the session", {"secret": ""}, {}, 403),
    ("a form with the secret of another session", {"secret": "x" * 43}, {}, 403),
    ("a page of another site", {}, {"Origin": "http://evil.example"}, 403),
    ("a page of another port", {}, {"Origin": "http://127.0.0.1:1"}, 403),
    ("nobody's session", {}, {"Cookie": "kg-review-0=x"}, 403),
    ("a form of another kind", {}, {"Content-Type": "text/plain"}, 415),
]


@pytest.mark.parametrize(("what", "fields", "headers", "code"), FORGED)
def test_a_form_from_elsewhere_decides_nothing(
    shown: tuple[Proposals, Site],
    what: str,
    fields: dict[str, str],
    headers: dict[str, str],
    code: int,
) -> None:
    proposals, site = shown
    ann = Reviewer(site, ANN)
    key = proposals.keys["merge"]
    sent = ann.form(f"judgement/{key}") | {"verdict": "accept"} | fields
    if "Content-Type" in headers:
        answer = site.ask(
            "POST",
            "/review/decide",
            headers={"Cookie": ann.cookie} | headers,
            body=b"verdict=accept",
        )
    else:
        answer = ann.post("/review/decide", sent, **headers)
    assert answer.status == code, what
    assert status(proposals.workspace, key)[0] == "proposed"


def test_signing_out_ends_the_session(open_site: Site) -> None:
    ann = Reviewer(open_site, ANN)
    assert ann.post("/review/sign-out", {"secret": "wrong"}).status == 403
    assert ann.post("/review/sign-out", {"secret": ann.secret()}).status == 303
    assert open_site.get("/review", accept=HTML, Cookie=ann.cookie).status == 303


# ---- sessions by themselves ---------------------------------------------------------------------


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock, tmp_path: Path) -> Sessions:
    return Sessions(Token(SECRET, clock), tmp_path, clock)


def failed(sessions: Sessions, client: str, token: str = "no") -> int:  # noqa: S107
    with pytest.raises(Refused) as refused:
        sessions.begin(token, ANN, client)
    return refused.value.status


def test_each_further_failure_doubles_the_wait_and_success_forgets_them(
    sessions: Sessions, clock: Clock
) -> None:
    assert [failed(sessions, "a") for _ in range(FREE)] == [403] * FREE
    for wait in (WAIT, 2 * WAIT, 4 * WAIT):
        clock.now += wait - 1
        assert failed(sessions, "a", SECRET) == 429
        clock.now += 1
        assert failed(sessions, "a") == 403
    assert sessions.find(sessions.begin(SECRET, BEN, "another")) is not None
    clock.now += 8 * WAIT
    assert sessions.begin(SECRET, ANN, "a")
    assert failed(sessions, "a") == 403


def test_nobody_waits_longer_than_the_longest_nor_is_the_memory_of_it_filled(clock: Clock) -> None:
    token = Token(SECRET, clock)
    for _ in range(2000):  # the last of them by doubling alone would be for ever
        assert not token.check("no", "a")
        clock.now += LONGEST
    clock.now -= 1
    with pytest.raises(Refused) as refused:
        token.check(SECRET, "a")
    assert refused.value.headers == {"Retry-After": "2"}
    assert token.check(SECRET, "b")
    for number in range(CLIENTS):
        assert not token.check("no", f"c{number}")
    assert token.check(SECRET, "a")  # forgotten, as the one whose failures are oldest


def test_a_session_that_nobody_uses_is_over(sessions: Sessions, clock: Clock) -> None:
    id_ = sessions.begin(SECRET, ANN, "a")
    clock.now += IDLE
    assert sessions.find(id_) is not None
    clock.now += IDLE + 1
    assert sessions.find(id_) is None
    assert sessions.find(None) is sessions.find("x") is None


def test_there_are_only_so_many_sessions(sessions: Sessions) -> None:
    first, second, *_ = [sessions.begin(SECRET, ANN, "a") for _ in range(2)]
    assert sessions.find(first) is not None  # so the second is the one not used for longest
    for _ in range(MOST - 1):
        sessions.begin(SECRET, ANN, "a")
    assert sessions.find(first) is not None
    assert sessions.find(second) is None


def test_servers_on_one_machine_have_cookies_of_their_own(tmp_path: Path) -> None:
    names = {Sessions(Token(SECRET), tmp_path / name).cookie for name in ("a", "b")}
    assert len(names) == 2


def test_a_secret_of_other_signs_is_only_wrong() -> None:
    session = Session(name=ANN, secret="s" * 43, used=0)
    session.check("s" * 43)
    for wrong in ("", "é", "\udcff".encode("utf-8", "replace").decode()):
        with pytest.raises(Refused):
            session.check(wrong)


def test_so_many_cases_are_tried() -> None:
    assert len(FORGED) == 6

"""Endpoints that mean no good, or only work badly: what a store behind a URL makes of them.

A server on loopback says byte for byte what it is told to. Whatever it does, there is one line about it,
the exit code of a store that fails, nothing taken for whole that is not, and no secret shown.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import re
import socket
import ssl
import subprocess
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from kg.config import Settings
from kg.errors import ConfigError, InputError, KgError, StoreError
from kg.store import answer as bodies
from kg.store import open_store, select, sending
from kg.store.access import PASSWORD, TOKEN, Access
from kg.store.remote import RemoteStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECRET = "s3cr3t-Passwort"  # noqa: S105 - of no store
G, S = ox.NamedNode("https://example.org/g"), ox.NamedNode("https://example.org/s")
TRIPLE = ox.Triple(S, S, S)
ALL = "SELECT ?s WHERE { ?s ?p ?o }"
JSON, NT = "application/sparql-results+json", "application/n-triples"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"a:b"}}]}}'


def reply(
    body: bytes = ROWS,
    status: str = "200 OK",
    media_type: str = JSON,
    length: int = -1,
    **more: str,
) -> bytes:
    """A response as bytes, with headers beside (`Retry_After` is `Retry-After`)."""
    headers = {
        "Content-Type": media_type,
        "Content-Length": str(len(body) if length < 0 else length),
    }
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


@dataclass
class Server:
    """What was asked, and where."""

    port: int
    scheme: str = "http"
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/sparql"

    @property
    def heads(self) -> list[str]:
        return [request.partition(b"\r\n\r\n")[0].decode() for request in self.requests]


@contextlib.contextmanager
def saying(*answers: object, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Say these answers, one to a connection each; the last one again and again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        server = Server(listener.getsockname()[1], "https" if context else "http")
        ended = threading.Event()

        def answer(connection: socket.socket, number: int) -> None:
            with contextlib.suppress(OSError), connection:
                connection.settimeout(2)
                if context is not None:
                    connection = context.wrap_socket(connection, server_side=True)
                server.requests.append(received(connection))
                said = answers[min(number, len(answers) - 1)]
                if callable(said):
                    said(connection)
                else:
                    assert isinstance(said, bytes)
                    connection.sendall(said)
                connection.close()

        def serve() -> None:
            threads: list[threading.Thread] = []
            while not ended.is_set():
                with contextlib.suppress(TimeoutError):
                    thread = threading.Thread(
                        target=answer, args=(listener.accept()[0], len(threads))
                    )
                    thread.start()
                    threads.append(thread)
            for thread in threads:
                thread.join()

        serving = threading.Thread(target=serve)
        serving.start()
        try:
            yield server
        finally:
            ended.set()
            serving.join()


def received(connection: socket.socket) -> bytes:
    """A request, whole."""
    data = b""
    while b"\r\n\r\n" not in data:
        block = connection.recv(1 << 16)
        if not block:
            return data
        data += block
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line[15:])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(1 << 16)
    return head + b"\r\n\r\n" + body


def reset(connection: socket.socket) -> None:
    """Drop the line without a word."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def endless(connection: socket.socket) -> None:
    connection.sendall(
        reply(b"", length=0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    )
    while True:
        connection.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def dripping(connection: socket.socket) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Drip: y\r\n" * 1000:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def dripping_body(connection: socket.socket) -> None:
    connection.sendall(reply(b"", length=100_000))
    for _ in range(1000):
        connection.sendall(b" ")
        time.sleep(0.02)


@dataclass
class Still(sending.Clock):
    """A clock that waits for nothing, and notes how long it would have."""

    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


def store_at(server: Server, clock: Still | None = None, **access: Any) -> RemoteStore:
    given: dict[str, Any] = {"dialect": "standard", "timeout": 5.0, "deadline": 20.0} | access
    return RemoteStore(server.url, access=Access(**given), clock=clock or Still())


def failing(action: Callable[[], object]) -> KgError:
    with pytest.raises(KgError) as caught:
        action()
    error = caught.value
    for text in (str(error), error.hint or ""):
        assert "\n" not in text
        assert text.isprintable()
        assert len(text) < 300
        assert SECRET not in text
    return error


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
BROKEN: dict[str, object] = {
    "nothing": b"",
    "reset": reset,
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "half a body": reply(ROWS[:20], length=len(ROWS)),
    "half a chunk": CHUNKED % JSON.encode() + b"20\r\n" + ROWS[:0x10],
    "no last chunk": CHUNKED % JSON.encode() + b"%x\r\n" % len(ROWS) + ROWS + b"\r\n",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_line_that_breaks_off_is_tried_again_by_who_reads_and_told_when_it_always_does(
    broken: str,
) -> None:
    with saying(BROKEN[broken]) as server:
        error = failing(lambda: store_at(server).query(ALL))
        assert isinstance(error, StoreError)
        # A head that is cut off between its lines is a head to http.client, only without a type.
        assert len(server.requests) == (1 if broken == "half a head" else 4)
    if broken == "half a head":
        return
    with saying(BROKEN[broken], BROKEN[broken], reply()) as server:
        assert len(list(select(store_at(server), ALL))) == 1
        assert len(server.requests) == 3


UPDATES = {
    f"INSERT DATA {{ GRAPH {G} {{ {S} {S} 1 }} }}": True,
    f"DELETE DATA {{ GRAPH {G} {{ {S} {S} 1 }} }} ; DROP SILENT GRAPH {G}": True,
    "CLEAR ALL": True,
    f"INSERT DATA {{ GRAPH {G} {{ _:b {S} 1 }} }}": False,
    f"INSERT DATA {{ GRAPH {G} {{ {S} {S} [ ] }} }}": False,
    "DELETE WHERE { ?s ?p ?o }": False,
    "DELETE { ?s ?p ?o } INSERT { ?o ?p ?s } WHERE { ?s ?p ?o }": False,
    "LOAD <http://example.org/> INTO GRAPH <http://example.org/g>": False,
    f"MOVE {G} TO {S}": False,
    f"DROP GRAPH {G} ; INSERT {{ GRAPH {G} {{ ?s ?p 1 }} }} WHERE {{ ?s ?p 0 }}": False,
}


@pytest.mark.parametrize("update", UPDATES)
def test_an_update_is_tried_again_only_where_twice_is_once(update: str) -> None:
    done = reply(b"", "204 No Content")
    for answer in (reset, reply(b"", "503 Busy", Retry_After="1"), BROKEN["half a body"]):
        with saying(answer, done) as server:
            store = store_at(server)
            if UPDATES[update]:
                store.update(update)
                assert len(server.requests) == 2
                assert server.requests[0] == server.requests[1]
            else:
                error = failing(lambda: store.update(update))  # noqa: B023
                assert isinstance(error, StoreError)
                assert len(server.requests) == 1
                if answer is reset:
                    assert "not known" in (error.hint or "")


def test_a_put_is_tried_again_but_for_blank_nodes() -> None:
    node = ox.Triple(ox.BlankNode("x"), S, S)
    with saying(reset, reply(b"", "204 No Content")) as server:
        store = store_at(server)
        store.put(G, [TRIPLE])
        assert len(server.requests) == 2
    with saying(reset, reply(b"", "204 No Content")) as server:
        failing(lambda: store_at(server).put(G, [node]))
        assert len(server.requests) == 1


WAITS = {
    "1": [1.0],
    "7": [7.0],
    formatdate(time.time() + 1e8, usegmt=True): [],  # in three years
    formatdate(0, usegmt=True): [0.0],
    "3600": [],
    "99999999999999999999": [0.5],
    "soon": [0.5],
    "-1": [0.5],
    "": [0.5],
}


@pytest.mark.parametrize("after", WAITS, ids=lambda after: after[:12] or "none")
@pytest.mark.parametrize("status", ["429 Too Many", "503 Busy", "502 Bad", "504 Late"])
def test_a_server_that_asks_for_patience_gets_some(after: str, status: str) -> None:
    clock = Still()
    with saying(reply(b"", status, Retry_After=after), reply()) as server:
        store = store_at(server, clock)
        if WAITS[after]:
            assert len(list(select(store, ALL))) == 1
            (pause,) = clock.pauses
            assert WAITS[after][0] <= pause <= WAITS[after][0] * 1.5 + 0.01
        else:
            error = failing(lambda: store.query(ALL))
            assert isinstance(error, StoreError)
            assert "asks to wait" in str(error)
            assert len(server.requests) == 1
            assert clock.pauses == []


def test_tries_end_and_each_pause_is_longer() -> None:
    clock = Still()
    with saying(reply(b"down for tea", "503 Busy")) as server:
        error = failing(lambda: store_at(server, clock).query(ALL))
        assert str(error) == f"{server.url}: 503 Busy: down for tea"
        assert len(server.requests) == 4
    assert len(clock.pauses) == 3
    assert clock.pauses == sorted(clock.pauses)
    assert sum(clock.pauses) < 6


def test_other_statuses_are_told_at_once() -> None:
    for status in ("400 No", "401 Who", "403 No", "404 None", "500 Oh", "501 No"):
        with saying(reply(b"", status)) as server:
            failing(lambda server=server: store_at(server).query(ALL))  # type: ignore[misc]
            assert len(server.requests) == 1


LIES = {
    "HTML as JSON": reply(b"<!doctype html><p>Welcome"),
    "HTML as N-Triples": reply(b"<!doctype html><p>Welcome", media_type=NT),
    "CSV as XML": reply(b"s\r\na:b\r\n", media_type="application/sparql-results+xml"),
    "JSON as XML": reply(ROWS, media_type="application/sparql-results+xml"),
    "XML as JSON": reply(b"<?xml version='1.0'?><sparql/>"),
    "half as whole": reply(ROWS[:-3]),
    "Turtle as JSON": reply(b"<a:b> <a:b> <a:b> ."),
    "rows as a graph": reply(ROWS, media_type=NT),
    "nothing as JSON": reply(b""),
    "UTF-16": reply(ROWS.decode().encode("utf-16")),
    "a picture": reply(b"\x89PNG", media_type="image/png"),
    "no type": reply(ROWS, media_type=""),
    "a type of many lines": reply(ROWS, media_type="text/\x1b[31mred"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_an_answer_says_it_is_is_not_taken_on_trust(lie: str) -> None:
    with saying(LIES[lie]) as server:
        store = store_at(server)
        for action in (
            lambda: store.query(ALL),
            lambda: store.query("ASK { ?s ?p ?o }"),
            lambda: store.query("CONSTRUCT WHERE { ?s ?p ?o }"),
            lambda: store.get(G),
        ):
            assert isinstance(failing(action), StoreError)


def test_a_graph_without_an_end_is_asked_for_in_a_form_that_has_one() -> None:
    head = b"HTTP/1.0 200 OK\r\nContent-Type: %s\r\n\r\n"
    lines = f"{S} {S} {S} .\n".encode() * 3
    rdf = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'
        b'<rdf:Description rdf:about="https://example.org/s"><e:s rdf:resource="https://example.org/s"/>'
        b"</rdf:Description></rdf:RDF>"
    )
    whole = head % b"application/rdf+xml" + rdf
    with saying(head % NT.encode() + lines, whole) as server:
        assert list(store_at(server).get(G)) == [TRIPLE]
        assert "Accept: application/rdf+xml" in server.heads[1]
    with saying(head % NT.encode() + lines, whole[:-5]) as server:
        assert "cut short" in str(failing(lambda: store_at(server).get(G)))
    with saying(head % NT.encode() + lines) as server:
        assert "where its answer ends" in str(failing(lambda: store_at(server).get(G)))


@pytest.mark.parametrize("drip", [dripping, dripping_body])
def test_what_drips_is_cut_at_the_deadline(drip: Callable[[socket.socket], None]) -> None:
    with saying(drip) as server:
        begun = time.monotonic()
        error = failing(lambda: store_at(server, deadline=0.5).query(ALL))
        assert time.monotonic() - begun < 5
    assert str(error) == f"{server.url}: took longer than 0.5 s"
    assert error.hint == "store_deadline says how long it may take"


def test_silence_is_given_up_and_not_waited_for_again() -> None:
    with saying(lambda _: time.sleep(3)) as server:
        error = failing(lambda: store_at(server, timeout=0.3).query(ALL))
        assert str(error) == f"{server.url}: no answer in 0.3 s"
        assert len(server.requests) == 1


def test_what_has_no_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_LIMIT", 1_000_000)
    with saying(endless) as server:
        error = failing(lambda: store_at(server).query(ALL))
    assert "more than 1,000,000 bytes" in str(error)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    for status in ("200 OK", "400 No", "503 Busy"):
        with saying(reply(bomb, status, Content_Encoding="gzip")) as server:
            error = failing(lambda server=server: store_at(server).query(ALL))  # type: ignore[misc]
            assert "Accept-Encoding: identity" in server.heads[0]
        if status == "200 OK":
            assert str(error) == f"{server.url}: the answer is compressed, which nobody asked for"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 There", "308 There"])
def test_no_redirection_is_followed_round_and_round_or_with_a_login(status: str) -> None:
    with saying(reply()) as other:
        for place in (other.url, "https://evil.example/?q=1", "/sparql/", "//evil.example/"):
            with saying(reply(b"", status, Location=place)) as server:
                store = store_at(server, user="me", password=SECRET)
                for action in (
                    lambda: store.query(ALL),  # noqa: B023
                    lambda: store.update("DROP ALL"),  # noqa: B023
                ):
                    error = failing(action)
                    assert isinstance(error, StoreError)
                    assert "has moved to" in str(error)
                    assert error.hint == "use that URL"
                assert len(server.requests) == 2
        assert other.requests == []


# Logins


def test_a_login_is_sent_at_once_and_nowhere_shown() -> None:
    with saying(reply()) as server:
        store_at(server, user="me", password=SECRET).query(ALL)
        store_at(server, token=SECRET).query(ALL)
        assert "Authorization: Basic bWU6czNjcjN0LVBhc3N3b3J0" in server.heads[0]
        assert f"Authorization: Bearer {SECRET}" in server.heads[1]
    access = Access(user="me", password=SECRET, token=SECRET)
    assert SECRET not in repr(access)


DIGEST = 'Digest realm="SPARQL", nonce="%s", qop="auth", algorithm=%s, opaque="x"'


def answered(head: str, algorithm: str = "md5") -> bool:
    """Whether a request has the right answer to a challenge."""
    found = re.search(r"^Authorization: Digest (.*)$", head, re.MULTILINE)
    if found is None:
        return False
    values = {
        key: quoted or bare
        for key, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]*))', found[1])
    }

    def hashed(text: str) -> str:
        return hashlib.new(algorithm, text.encode()).hexdigest()

    one = hashed(f"me:SPARQL:{SECRET}")
    two = hashed(f"{head.split()[0]}:{values['uri']}")
    expected = hashed(f"{one}:{values['nonce']}:{values['nc']}:{values['cnonce']}:auth:{two}")
    return bool(values["response"] == expected)


def test_a_digest_is_answered_and_kept_for_what_comes_next() -> None:
    asks = reply(b"", "401 Who", WWW_Authenticate=DIGEST % ("n1", "MD5"))
    stale = reply(b"", "401 Who", WWW_Authenticate=DIGEST % ("n2", "MD5") + ", stale=true")
    with saying(asks, reply(), reply(), stale, reply()) as server:
        store = store_at(server, user="me", password=SECRET, scheme="digest")
        for _ in range(3):
            assert len(list(select(store, ALL))) == 1
        assert [answered(head) for head in server.heads] == [False, True, True, True, True]
        assert "Basic" not in "".join(server.heads)
        assert SECRET not in "".join(server.heads)
        assert 'nonce="n2"' in server.heads[4]


ME: dict[str, Any] = {"user": "me", "password": SECRET}
WANTS = "the store wants a name and a password: store_user in kg.toml, and KG_STORE_PASSWORD"
RIGHT = "are store_user and KG_STORE_PASSWORD right?"
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "nobody": ({}, 'Basic realm="x"', WANTS),
    "nobody, digest": ({}, DIGEST % ("n", "MD5"), WANTS),
    "no token": ({}, 'Bearer realm="x"', "the store wants a token: KG_STORE_TOKEN"),
    "wrong password": (ME, 'Basic realm="x"', RIGHT),
    "wrong digest": (ME | {"scheme": "digest"}, DIGEST % ("n", "MD5"), RIGHT),
    "wrong token": ({"token": SECRET}, "Bearer", "is KG_STORE_TOKEN right?"),
    "no digest known": (ME | {"scheme": "digest"}, DIGEST % ("n", "SHA-512-256"), RIGHT),
    "another way": (ME | {"scheme": "basic"}, DIGEST % ("n", "MD5"), "the store wants digest: set store_auth"),
    "not a token": ({"token": SECRET}, 'Basic realm="x"', "the store wants basic: set store_auth and store_user"),  # noqa: E501
    "a token": (ME, "Bearer", "the store wants a token: KG_STORE_TOKEN, and no store_user"),
    "no challenge": (ME, "", RIGHT),
    "broken": (ME, "Digest ,,=\"", RIGHT),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_login_that_is_not_taken_says_which_setting_it_is_about(case: str) -> None:
    access, challenge, hint = WRONG[case]
    with saying(reply(b"", "401 Unauthorized", WWW_Authenticate=challenge)) as server:
        for action in (
            lambda: store_at(server, **access).query(ALL),
            lambda: store_at(server, **access).update("DROP ALL"),
        ):
            error = failing(action)
            assert isinstance(error, StoreError)
            assert error.exit_code == 4
            assert str(error) == f"{server.url}: 401 Unauthorized"
            assert error.hint == hint
        assert len(server.requests) <= 4


def settings(**given: object) -> Settings:
    return Settings(**given)  # type: ignore[arg-type]


ENVIRONMENT = {PASSWORD: SECRET, TOKEN: ""}
HALVES: dict[str, tuple[dict[str, object], dict[str, str], str]] = {
    "no password": ({"store_user": "me"}, {}, "store_user: me, and no KG_STORE_PASSWORD"),
    "no token": ({"store_auth": "bearer"}, {}, "store_auth: bearer, and no KG_STORE_TOKEN"),
    "no user": ({"store_auth": "digest"}, {PASSWORD: SECRET}, "store_auth: digest, and no store_user"),
    "two lines": ({}, {TOKEN: f"{SECRET}\n"}, "KG_STORE_TOKEN: no token"),
    "a colon": ({"store_user": "a:b"}, {PASSWORD: SECRET}, "store_user: neither : nor control"),
    "in clear": ({"store_user": "me"}, {PASSWORD: SECRET}, "http://db.example/sparql: over http"),
}  # fmt: skip


@pytest.mark.parametrize("case", HALVES)
def test_a_login_by_halves_or_in_clear_is_refused_before_anything_is_sent(case: str) -> None:
    given, environment, message = HALVES[case]
    url = "http://db.example/sparql" if case == "in clear" else "https://db.example/sparql"
    error = failing(lambda: Access.of(url, settings(store=url, **given), environment))
    assert isinstance(error, ConfigError)
    assert str(error).startswith(message)
    assert error.hint or case == "a colon"


def test_a_password_goes_to_the_store_that_is_meant_and_to_no_other() -> None:
    mine = settings(
        store="https://db.example/sparql",
        store_user="me",
        store_update="https://db.example/update",
        store_timeout=7.0,
    )
    same = Access.of("https://db.example/sparql", mine, ENVIRONMENT)
    assert (same.password, same.update) == (SECRET, "https://db.example/update")
    beside = Access.of("https://db.example/other", mine, ENVIRONMENT)
    assert (beside.password, beside.update) == (SECRET, "")
    for other in (
        "https://other.example/sparql",
        "http://db.example/sparql",
        "https://db.example:8/",
    ):
        access = Access.of(other, mine, ENVIRONMENT)
        assert (access.secret, access.password, access.update) == (False, "", "")
        assert access.timeout == 7.0
    assert not Access.of("https://db.example/sparql", None, ENVIRONMENT).secret
    local = Access.of("http://127.0.0.1:1/", settings(store_user="me"), ENVIRONMENT)
    assert local.password == SECRET
    open_ = Access.of(
        "http://db/",
        settings(store="http://db/", store_user="me", store_insecure=True),
        ENVIRONMENT,
    )
    assert open_.password == SECRET


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody vouches for, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    line = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=x",
    ]
    line += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made)]
    subprocess.run(line, check=True, capture_output=True, timeout=60)
    return made, key


def test_a_certificate_that_nobody_vouches_for_is_refused_unless_it_is_known(
    certificate: tuple[Path, Path],
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with saying(reply(), context=context) as server:
        error = failing(lambda: store_at(server, user="me", password=SECRET).query(ALL))
        assert isinstance(error, StoreError)
        assert str(error).startswith(f"{server.url}: no safe connection: ")
        assert "store_ca" in (error.hint or "")
        store = store_at(server, ca=str(certificate[0]), user="me", password=SECRET)
        assert len(list(select(store, ALL))) == 1
        assert "Authorization: Basic" in server.heads[-1]
    for wrong in (certificate[1], certificate[0].with_name("none")):
        error = failing(lambda wrong=wrong: store_at(server, ca=str(wrong)).query(ALL))  # type: ignore[misc]
        assert isinstance(error, ConfigError)
        assert str(error).startswith(f"store_ca: {wrong}: ")


def test_https_where_http_is_spoken_is_a_store_error() -> None:
    with saying(b"HTTP/1.1 400 No\r\n\r\n") as server:
        url = server.url.replace("http:", "https:")
        error = failing(lambda: RemoteStore(url, access=Access(dialect="standard")).query(ALL))
    assert isinstance(error, StoreError)
    assert "no safe connection" in str(error)


# Nothing half-written


def test_what_is_made_ready_beside_takes_its_place_in_one_request() -> None:
    triples = [ox.Triple(S, S, ox.Literal(f"{n} {'x' * 100}")) for n in range(30_000)]
    done = reply(b"", "204 No Content")
    with saying(done) as server:
        store_at(server).put(G, triples)
        bodies = [request.partition(b"\r\n\r\n")[2].decode() for request in server.requests]
    assert len(bodies) > 3
    assert max(map(len, bodies)) < 4_100_000
    assert bodies[0] == f"DROP SILENT GRAPH <{G.value}#incoming-0>"
    assert all(f"GRAPH <{G.value}#incoming-0>" in body for body in bodies[1:-1])
    assert not any(f"GRAPH {G}" in body for body in bodies[:-1])
    assert bodies[-1].startswith(f"DROP SILENT GRAPH {G};\nINSERT {{ GRAPH {G} {{ ?s ?p ?o }} }}")
    assert bodies[-1].endswith(f"DROP SILENT GRAPH <{G.value}#incoming-0>")
    # Cut off anywhere before the last request, the graph is as it was.
    for cut in range(len(bodies) - 1):
        with saying(*([done] * cut), reply(b"", "500 Oh")) as server:
            failing(lambda server=server: store_at(server).put(G, triples))  # type: ignore[misc]
            assert not any(f"GRAPH {G} ".encode() in request for request in server.requests)


def test_where_there_is_a_graph_store_a_large_graph_is_put_whole() -> None:
    triples = [ox.Triple(S, S, ox.Literal(n)) for n in range(6_000)]
    with saying(reply(b"", "204 No Content")) as server:
        store_at(server, graphs=server.url.replace("sparql", "data")).put(G, triples)
        (request,) = server.requests
    assert request.startswith(b"PUT /data?graph=https%3A%2F%2Fexample.org%2Fg HTTP/1.1\r\n")
    assert b"Content-Type: application/n-triples" in request
    assert request.count(b" .\n") == 6_000


def test_broken_quads_are_not_sent() -> None:
    with saying(reply(b"", "204 No Content")) as server:
        data = b"<a:b> <a:b> <a:b> <a:g> .\n<a:b> <a"
        assert isinstance(failing(lambda: store_at(server).load(data)), InputError)
        assert server.requests == []


def test_one_secret_is_not_in_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    import traceback

    monkeypatch.setenv(PASSWORD, SECRET)
    with saying(reply(b"", "401 Who", WWW_Authenticate="Basic")) as server:
        mine = settings(store=server.url, store_user="me", store_dialect="standard")
        with open_store(server.url, settings=mine) as store, pytest.raises(StoreError) as caught:
            store.query(ALL)
        assert "Basic " in server.heads[0]
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_so_many_cases_were_tried() -> None:
    assert (len(BROKEN), len(UPDATES), len(WAITS), len(LIES)) == (6, 10, 9, 13)
    assert (len(WRONG), len(HALVES)) == (12, 6)

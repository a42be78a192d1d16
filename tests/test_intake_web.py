"""Pages and feeds from a real server on loopback, which behaves well, badly, or not at all."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from kg import __version__
from kg.http.connection import is_public
from kg.http.url import FetchError, checked
from kg.intake import Fault, Options, Raw, document, sources
from kg.intake.web import Web
from tests.intake_cases import PAGE, P, atom, item, rss
from tests.intake_server import LoopbackServer, Reply, Wire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPTIONS = Options(
    limit=100_000, deadline=5, patience=2, pause=0, contact="https://desk.example/bot"
)
HURRIED = replace(OPTIONS, deadline=0.6, patience=5)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as server:
        yield server


def to(place: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": place})


def packed(body: bytes, encoding: str = "gzip") -> Reply:
    return Reply(body, headers={"Content-Encoding": encoding})


@dataclass(frozen=True)
class Case:
    """An answer, and what is to come of it: a text, or a fault with its part of the blame."""

    what: str
    answer: Reply | Wire
    found: bytes | None = None
    fault: str | None = None
    remote: bool = False
    options: Options = OPTIONS
    more: dict[str, Reply | Wire] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.what


DRIP = Wire(OK + b"\r\n" + b"x" * 1000, drip=0.05)
CASES = [
    Case("a page", Reply(P), P),
    Case("a text", Reply(b"The ferry sails.", "text/plain"), b"The ferry sails."),
    Case("no media type", Reply(b"The ferry sails.", None), b"The ferry sails."),
    Case("no length", Reply(P, length=-1), P),
    Case("chunks", Wire(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), b"abc"),
    Case("compression", packed(gzip.compress(P)), P),
    Case("compression in members", packed(gzip.compress(P[:5]) + gzip.compress(P[5:])), P),
    Case("compression that is none", packed(P), P),
    Case("a redirect", to("/b", 301), P, more={"/b": Reply(P)}),
    Case("a redirect that keeps the method", to("/b", 308), P, more={"/b": Reply(P)}),
    Case("a redirect in UTF-8", to("/b\u00c3\u00a9"), P, more={"/b%C3%A9": Reply(P)}),
    Case(
        "five redirects",
        to("/1"),
        P,
        more={**{f"/{i}": to(f"/{i + 1}") for i in range(1, 5)}, "/5": Reply(P)},
    ),
    Case(
        "six redirects",
        to("/1"),
        fault="more than 5 times",
        more={f"/{i}": to(f"/{i + 1}") for i in range(1, 9)},
    ),
    Case("a circle", to("/b"), fault="in a circle", more={"/b": to("/a")}),
    Case("a redirect to itself", to("/a"), fault="in a circle"),
    Case(
        "a redirect to a file",
        to("file:///etc/passwd"),
        fault="redirects to file:///etc/passwd: an address of file",
    ),
    Case("a redirect with a password", to("http://a:b@127.0.0.1/"), fault="a name and a password"),
    Case("a redirect to nowhere", Reply(status=302), fault="status 302"),
    Case("a redirect to nonsense", to("http://[::/"), fault="redirects to"),
    Case("404", Reply(status=404), fault="not there (status 404)"),
    Case("410", Reply(status=410), fault="not there any more (status 410)"),
    Case("403", Reply(status=403), fault="the server refuses (status 403)"),
    Case("401", Reply(status=401), fault="a password (status 401)"),
    Case("418", Reply(status=418), fault="status 418"),
    Case("204", Reply(status=204, length=-1), fault="status 204"),
    Case("500", Reply(status=500), fault="the server failed (status 500)", remote=True),
    Case(
        "503 for long",
        Reply(status=503, headers={"Retry-After": "3600"}),
        fault="status 503",
        remote=True,
    ),
    Case("429 with no time", Reply(status=429), fault="too many requests", remote=True),
    Case("a PDF", Reply(b"%PDF-1.7", "application/pdf"), fault="is application/pdf, not a page"),
    Case("a picture", Reply(b"\x89PNG", "image/png; x=y"), fault="is image/png"),
    Case("too long", Reply(b"x" * 100_001), fault="has more than 100,000 bytes"),
    Case(
        "too long, and it says it is short",
        Wire(OK + b"\r\n" + b"x" * 5_000_000),
        fault="has more than 100,000",
    ),
    Case(
        "long for ever",
        Wire(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"8000\r\n%s\r\n" % (b"x" * 0x8000) * 99),
        fault="has more than 100,000",
    ),
    Case("a bomb", packed(gzip.compress(b"x" * 50_000_000)), fault="has more than 100,000 bytes"),
    Case(
        "a bomb in a bomb",
        packed(gzip.compress(gzip.compress(b"x" * 9_000_000)), "gzip, gzip"),
        fault="is compressed with",
        remote=True,
    ),
    Case(
        "compression that was not asked for",
        packed(b"\x1b\x10", "br"),
        fault="compressed with 'br'",
        remote=True,
    ),
    Case(
        "compression that is cut off",
        packed(gzip.compress(os.urandom(500))[:200]),
        fault="cut off",
        remote=True,
    ),
    Case(
        "compression that is damaged",
        packed(gzip.compress(P)[:-8] + b"\1" * 8),
        fault="damaged",
        remote=True,
    ),
    Case(
        "shorter than it says",
        Reply(b"x" * 10, length=100),
        fault="the connection broke off",
        remote=True,
    ),
    Case(
        "chunks that are cut off",
        Wire(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc"),
        fault="broke off",
        remote=True,
    ),
    Case("no HTTP", Wire(b"SSH-2.0-OpenSSH\r\n"), fault="does not speak HTTP", remote=True),
    Case("nothing at all", Wire(b""), fault="", remote=True),
    Case(
        "endless fields",
        Wire(OK + b"A: b\r\n" * 500 + b"\r\n"),
        fault="does not speak HTTP",
        remote=True,
    ),
    Case(
        "a field without an end",
        Wire(OK + b"A: " + b"b" * 200_000),
        fault="does not speak HTTP",
        remote=True,
    ),
    Case("a slow body", DRIP, fault="took longer than 0.6 s", remote=True, options=HURRIED),
    Case(
        "a slow body of a length",
        Reply(b"x" * 1000, drip=0.05),
        fault="took longer",
        remote=True,
        options=HURRIED,
    ),
    Case(
        "slow chunks",
        Wire(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 300, drip=0.02),
        fault="took longer",
        remote=True,
        options=HURRIED,
    ),
    Case(
        "a slow header",
        Wire(OK + b"A: " + b"b" * 1000, drip=0.03),
        fault="took longer",
        remote=True,
        options=HURRIED,
    ),
    Case(
        "a slow redirect",
        to("/b"),
        fault="took longer",
        remote=True,
        options=HURRIED,
        more={"/b": DRIP},
    ),
    Case(
        "silence",
        Wire(OK + b"\r\n", drip=1),
        fault="no answer in 0.3 s",
        remote=True,
        options=replace(OPTIONS, patience=0.3),
    ),
]


def test_there_are_as_many_cases_as_we_think() -> None:
    assert len(CASES) == 50
    assert len({case.what for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_answer_is_a_text_or_a_fault(case: Case, server: LoopbackServer) -> None:
    server.routes |= {"/a": case.answer, **case.more}
    start = time.monotonic()
    (found,) = sources(f"{server.url}/a", options=case.options)
    assert time.monotonic() - start < 5
    if case.fault is None:
        assert isinstance(found, Raw), found
        assert found.content == case.found
    else:
        assert isinstance(found, Fault)
        assert case.fault in found.message
        assert found.place == f"{server.url}/a"
        assert found.remote == case.remote


def test_a_page_comes_with_its_charset_its_address_and_the_time(server: LoopbackServer) -> None:
    body = "<p>Die Fähre fährt wieder, sagte sie.</p>".encode("latin-1")
    server.routes |= {
        "/old": to("/news/ferry.html?x=1#top"),
        "/news/ferry.html?x=1": Reply(body, "text/html; charset=ISO-8859-1"),
    }
    (found,) = sources(f"{server.url}/old#part", options=OPTIONS)
    assert isinstance(found, Raw)
    assert found.url == f"{server.url}/news/ferry.html?x=1"
    assert (found.name, found.media) == ("ferry", "text/html; charset=ISO-8859-1")
    read = document(found, limit=1000)
    assert read.text == "Die Fähre fährt wieder, sagte sie."
    assert read.url == found.url
    assert read.retrieved is not None
    assert read.retrieved.date == found.retrieved


def test_a_page_that_is_called_xml_is_a_page(server: LoopbackServer) -> None:
    page = b"<?xml version='1.0'?>" + PAGE.encode()
    server.routes["/a"] = Reply(page, "application/xml; charset=utf-8")
    (found,) = sources(f"{server.url}/a", options=OPTIONS)
    assert isinstance(found, Raw)
    assert document(found, limit=10_000).headline == "Ferry sails again"


def test_we_say_who_we_are(server: LoopbackServer) -> None:
    list(sources(f"{server.url}/a", options=OPTIONS))
    assert [path for path, _ in server.asked] == ["/robots.txt", "/a"]
    for _, fields in server.asked:
        assert fields["User-Agent"] == f"kg/{__version__} (+https://desk.example/bot)"


# -------------------------------------------------------------------------------- robots.txt


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (Reply(b"User-agent: *\nDisallow: /", "text/plain"), False),
        (
            Reply(
                b"User-agent: *\nDisallow: /\n\nUser-agent: kg\nDisallow: /private", "text/plain"
            ),
            True,
        ),
        (Reply(b"User-agent: KG\nDisallow: /*.html$", "text/plain"), False),
        (Reply(b"User-agent: *\nDisallow: /n\nAllow: /news/", "text/plain"), True),
        (Reply(b"\xff\xfe nonsense \0", "text/plain"), True),
        (Reply(b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /", "text/plain"), True),
        (Reply(status=404), True),
        (Reply(status=403), True),
        (Reply(status=500), False),
        (Reply(status=503), False),
        (Reply(status=429), False),
        (to("/robots.txt"), True),
        (to("/elsewhere"), False),
    ],
)
def test_robots_are_honoured(robots: Reply, allowed: bool, server: LoopbackServer) -> None:
    server.routes |= {
        "/robots.txt": robots,
        "/elsewhere": Reply(b"User-agent: *\nDisallow: /", "text/plain"),
        "/news/a.html": Reply(P),
    }
    (found,) = sources(f"{server.url}/news/a.html", options=OPTIONS)
    assert isinstance(found, Raw) == allowed
    assert ("/news/a.html" in server.paths()) == allowed
    if isinstance(found, Fault):
        assert "robots.txt" in found.message
        assert found.hint


def test_a_redirect_is_judged_by_robots_as_well(server: LoopbackServer) -> None:
    server.routes |= {
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /private", "text/plain"),
        "/a": to("/private"),
        "/private": Reply(P),
    }
    (found,) = sources(f"{server.url}/a", options=OPTIONS)
    assert "stay away" in str(found)
    assert server.paths() == ["/a"]


def test_robots_are_asked_for_once_in_a_run(server: LoopbackServer) -> None:
    server.routes["/a"] = Reply(P)
    web = Web(OPTIONS)
    for _ in range(3):
        (found,) = sources(f"{server.url}/a", options=OPTIONS, web=web)
        assert isinstance(found, Raw)
    assert [path for path, _ in server.asked] == ["/robots.txt", "/a", "/a", "/a"]


def test_a_server_that_is_down_is_not_asked_for_every_page(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [item(name, f"<link>http://127.0.0.1:1/{name}</link>") for name in "abc"]
    server.routes["/f"] = Reply(rss(*entries), "text/xml")
    connect = socket.create_connection
    ports = []

    def create_connection(place: Any, *arguments: Any) -> socket.socket:
        ports.append(place[1])
        return connect(place, *arguments)

    monkeypatch.setattr(socket, "create_connection", create_connection)
    found = list(sources(f"{server.url}/f", options=replace(OPTIONS, follow=True)))
    assert [one.message for one in found if isinstance(one, Fault)] == ["nothing listens there"] * 3
    assert ports.count(1) == 1


def test_a_server_is_not_asked_too_often(server: LoopbackServer) -> None:
    server.routes |= {
        "/robots.txt": Reply(b"User-agent: *\nCrawl-delay: 0.4", "text/plain"),
        "/a": Reply(P),
    }
    web = Web(replace(OPTIONS, pause=0.1, deadline=0.3))
    start = time.monotonic()
    for _ in range(3):
        web.fetch(f"{server.url}/a")
    assert time.monotonic() - start >= 0.8


# ---------------------------------------------------------------------------------- patience


def test_a_busy_server_is_asked_once_more(server: LoopbackServer) -> None:
    server.routes["/a"] = lambda times: (
        Reply(status=503, headers={"Retry-After": "0"}) if times == 1 else Reply(P)
    )
    (found,) = sources(f"{server.url}/a", options=OPTIONS)
    assert isinstance(found, Raw)


def test_a_busy_server_is_not_asked_twice_more(server: LoopbackServer) -> None:
    server.routes["/a"] = Reply(
        status=429, headers={"Retry-After": "Fri, 20 Nov 2020 09:00:00 GMT"}
    )
    (found,) = sources(f"{server.url}/a", options=OPTIONS)
    assert isinstance(found, Fault)
    assert server.paths() == ["/a", "/a"]


def test_nothing_is_waited_for_beyond_the_deadline(server: LoopbackServer) -> None:
    server.routes["/a"] = Reply(status=429, headers={"Retry-After": "90"})
    start = time.monotonic()
    (found,) = sources(f"{server.url}/a", options=OPTIONS)
    assert time.monotonic() - start < 2
    assert isinstance(found, Fault)
    assert found.hint == "it asks to be left alone for 90 s"
    assert server.paths() == ["/a"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:1/", "nothing listens there"),
        ("http://nowhere.invalid/", "there is no host of that name"),
        ("http://user:secret@127.0.0.1/", "a name and a password"),
        ("http:///path", "names no host"),
        ("http://127.0.0.1:99999/", "not an address"),
        ("http://a b/", "names no host"),
        (f"http://{'a' * 70}.example/", "not an address"),
    ],
)
def test_what_cannot_be_asked_is_a_fault(address: str, expected: str) -> None:
    (found,) = sources(address, options=OPTIONS)
    assert isinstance(found, Fault)
    assert expected in found.message
    assert "secret" not in str(found)


def test_a_server_that_speaks_no_tls_is_told(server: LoopbackServer) -> None:
    (found,) = sources(f"https://127.0.0.1:{server.port}/", options=OPTIONS)
    assert isinstance(found, Fault)
    assert found.message.startswith("no safe connection: ")
    assert found.remote


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of our own for loopback, with its key, in one file."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("openssl is not here, which makes the certificate")
    folder = tmp_path_factory.mktemp("certificate")
    command = "req -x509 -newkey rsa:2048 -nodes -keyout key -out it -days 2 -subj /CN=loopback"
    subprocess.run(
        [openssl, *command.split(), "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    whole = folder / "whole.pem"
    whole.write_bytes((folder / "key").read_bytes() + (folder / "it").read_bytes())
    return whole


def test_a_certificate_has_to_be_known(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LoopbackServer(certificate) as server:
        server.routes["/a"] = Reply(P)
        (found,) = sources(f"{server.url}/a", options=OPTIONS)
        assert isinstance(found, Fault)
        assert found.message == "no safe connection: self-signed certificate"
        assert not server.asked
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        (found,) = sources(f"{server.url}/a", options=OPTIONS)
        assert isinstance(found, Raw)
        assert found.content == P


def test_a_slow_body_is_cut_under_tls_as_well(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with LoopbackServer(certificate) as server:
        server.routes["/a"] = DRIP
        web = Web(HURRIED)
        assert web.lines.secure  # to load the certificates is no part of the request
        start = time.monotonic()
        (found,) = sources(f"{server.url}/a", options=HURRIED, web=web)
        assert "took longer than 0.6 s" in str(found)
        assert time.monotonic() - start < 2


# ------------------------------------------------------------------------------ feeds, records


def test_a_feed_at_an_address_gives_its_entries(server: LoopbackServer) -> None:
    link = item("Ferry", "<link>/ferry</link><description>It sails.</description>")
    server.routes["/f"] = Reply(rss(link), "application/rss+xml")
    (found,) = sources(f"{server.url}/f", options=OPTIONS)
    assert isinstance(found, Raw)
    assert (found.headline, found.url) == ("Ferry", f"{server.url}/ferry")
    assert found.place == f"{server.url}/f: entry 1"
    assert found.retrieved is not None
    assert server.paths() == ["/f"]


def test_a_feed_that_is_called_a_page_is_still_a_feed(server: LoopbackServer) -> None:
    body = atom("<entry><title>Fähre</title><summary>Sie fährt.</summary></entry>").decode()
    server.routes["/f"] = Reply(body.encode("latin-1"), "text/html; charset=latin-1")
    (found,) = sources(f"{server.url}/f", options=OPTIONS)
    assert isinstance(found, Raw)
    assert (found.headline, found.content.decode()) == ("Fähre", "Sie fährt.")


def test_records_at_an_address_are_read(server: LoopbackServer) -> None:
    server.routes |= {
        "/n.jsonl": Reply(
            b'{"title": "A", "text": "x"}\n{"title": "B", "text": "y"}', "text/plain"
        ),
        "/api": Reply(b'[{"title": "A", "text": "x"}]', "application/json"),
    }
    for path, count in (("/n.jsonl", 2), ("/api", 1)):
        found = list(sources(f"{server.url}{path}", options=OPTIONS))
        assert len([one for one in found if isinstance(one, Raw)]) == len(found) == count


def test_followed_links_give_pages_and_one_that_fails_does_not_stop_the_rest(
    server: LoopbackServer,
) -> None:
    entries = [
        item(name, f"<link>/{name}</link><dc:creator>Ada Roe</dc:creator>")
        for name in ("ferry", "gone", "f.xml", "bridge")
    ]
    server.routes |= {
        "/f.xml": Reply(rss(*entries), "application/xml"),
        "/ferry": Reply(PAGE.encode()),
        "/bridge": Reply(PAGE.encode()),
    }
    options = replace(OPTIONS, follow=True)
    found = list(sources(f"{server.url}/f.xml", options=options))
    assert [type(one) for one in found] == [Raw, Fault, Fault, Raw]
    first, gone, feed, last = found
    assert isinstance(first, Raw)
    read = document(first, limit=10_000)
    assert (read.headline, read.author) == ("Ferry sails again", ("Ada Roe",))
    assert read.url == f"{server.url}/ferry"
    assert str(gone) == f"{server.url}/f.xml: entry 2 {server.url}/gone: not there (status 404)"
    assert "something else" in str(feed)
    assert isinstance(last, Raw)
    assert last.url == f"{server.url}/bridge"


# --------------------------------------------------------------------- what is inside, and outside


@pytest.fixture
def elsewhere(server: LoopbackServer, monkeypatch: pytest.MonkeyPatch) -> LoopbackServer:
    """The server as `public.example`, an address of the Internet, and as `inside.example`, one of ours."""
    places = {
        "public.example": "93.184.215.14",
        "inside.example": "10.0.0.7",
        "127.0.0.1": "127.0.0.1",
    }
    connect = socket.create_connection

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> Any:
        if host not in places:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (places[host], port))]

    def create_connection(_: Any, *arguments: Any) -> socket.socket:
        return connect(("127.0.0.1", server.port), *arguments)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    return server


@pytest.mark.parametrize("inside", ["http://inside.example/x", "http://127.0.0.1/x"])
def test_a_public_page_does_not_lead_inside(inside: str, elsewhere: LoopbackServer) -> None:
    elsewhere.routes |= {"/a": to(inside), "/x": Reply(P)}
    (found,) = sources("http://public.example/a", options=OPTIONS)
    assert isinstance(found, Fault)
    assert "leads into the network here" in found.message
    assert "/x" not in elsewhere.paths()


def test_a_public_feed_does_not_lead_inside(elsewhere: LoopbackServer) -> None:
    entries = [item(h, f"<link>http://{h}.example/x</link>") for h in ("inside", "public")]
    elsewhere.routes |= {"/f": Reply(rss(*entries), "text/xml"), "/x": Reply(PAGE.encode())}
    options = replace(OPTIONS, follow=True)
    first, second = sources("http://public.example/f", options=options)
    assert "leads into the network here" in str(first)
    assert isinstance(second, Raw)


def test_a_feed_in_a_file_does_not_lead_inside(elsewhere: LoopbackServer, tmp_path: Any) -> None:
    elsewhere.routes["/x"] = Reply(PAGE.encode())
    (tmp_path / "f.xml").write_bytes(rss(item("x", "<link>http://inside.example/x</link>")))
    (found,) = sources(str(tmp_path / "f.xml"), options=replace(OPTIONS, follow=True))
    assert "leads into the network here" in str(found)


def test_the_robots_of_a_public_site_do_not_lead_inside(elsewhere: LoopbackServer) -> None:
    elsewhere.routes |= {
        "/robots.txt": to("http://inside.example/r"),
        "/a": Reply(P),
        "/r": Reply(P),
    }
    (found,) = sources("http://public.example/a", options=OPTIONS)
    assert "leads into the network here" in str(found)
    assert "/r" not in elsewhere.paths()


def test_what_is_inside_can_be_named_and_leads_anywhere(elsewhere: LoopbackServer) -> None:
    elsewhere.routes |= {
        "/a": to("http://127.0.0.1/b"),
        "/b": to("http://public.example/c"),
        "/c": Reply(P),
    }
    (found,) = sources("http://inside.example/a", options=OPTIONS)
    assert isinstance(found, Raw)
    assert found.url == "http://public.example/c"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  # what we refuse
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("2002:7f00:1::", False),
    ],
)
def test_addresses_inside_are_known_in_every_disguise(address: str, public: bool) -> None:
    assert is_public(address) == public


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("http://example.org:8080/a?b=c#d", "http://example.org:8080/a?b=c"),
        ("http://example.org/a%20b c", "http://example.org/a%20b%20c"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("http://bücher.example/ü?ü", "http://xn--bcher-kva.example/%C3%BC?%C3%BC"),
        ("http://example.org\\@127.0.0.1/", None),
        ("http://example.org:0/", None),
        ("javascript:alert(1)", None),
        ("http://", None),
    ],
)
def test_addresses_are_put_into_one_form(given: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(FetchError):
            checked(given)
    else:
        assert checked(given) == expected

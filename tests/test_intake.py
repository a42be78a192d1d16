"""Files, feeds, records, archives and messages into articles, with what is stated beside them."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import pickle
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from kg.errors import InputError
from kg.intake import Fault, Options, Raw, document, sources
from kg.intake.moment import edtf
from kg.intake.reading import files
from kg.intake.sniff import kind_of
from tests.intake_cases import (
    CASES,
    GOOD,
    HEADER,
    PAGE,
    STORY,
    Case,
    P,
    chunked,
    item,
    mail,
    record,
    rss,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OPTIONS = Options(limit=100_000, pause=0)


def read(name: str, content: bytes, folder: Path, options: Options = OPTIONS) -> list[Raw | Fault]:
    (folder / name).write_bytes(content)
    here = os.fspath(folder) + os.sep
    found = list(sources(os.fspath(folder / name), options=options))
    return [replaced(one, place=one.place.removeprefix(here)) for one in found]


def replaced(one: Any, **changes: Any) -> Any:
    from dataclasses import replace

    return replace(one, **changes)


def test_there_are_as_many_cases_as_we_think() -> None:
    assert len(CASES) == 71
    assert len({case.what for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_file_gives_its_articles_and_its_faults(case: Case, tmp_path: Path) -> None:
    start = time.monotonic()
    found = read(case.name, case.content, tmp_path)
    articles = [one for one in found if isinstance(one, Raw)]
    faults = [one for one in found if isinstance(one, Fault)]
    assert len(faults) == len(case.faults), faults
    for fault, expected in zip(faults, case.faults, strict=True):
        assert expected in str(fault)
        assert str(fault).startswith(case.name)
    for article, expected in zip(articles, case.found, strict=False):
        of_text = article.content.decode(errors="replace").startswith(expected)
        assert expected in {article.headline, article.url} or of_text, article
    assert len(articles) == len(case.found) or (case.name == "n.jsonl.gz" and articles)
    for name, value in case.stated.items():
        assert getattr(articles[0], name) == value
    assert time.monotonic() - start < 10


# ---------------------------------------------------------------------------- the document


def stated(**more: Any) -> Raw:
    return Raw(
        name="ferry",
        place="f.xml: entry 1",
        content=more.pop("content", P),
        media=more.pop("media", "text/html; charset=utf-8"),
        headline="Ferry sails",
        author=("Ada Roe",),
        publisher="The Buoy",
        published=edtf("2026-11-20"),
        retrieved=edtf("2026-11-22T00:00:00Z"),
        section="Local",
        language="en-GB",
        url="http://b.example/f",
        **more,
    )


def test_what_is_stated_beside_a_part_of_a_page_is_in_its_document() -> None:
    found = document(stated(), limit=1000)
    assert found.text == "The ferry sails."
    assert (found.name, found.headline, found.author) == ("ferry.txt", "Ferry sails", ("Ada Roe",))
    assert (found.publisher, found.section, found.language) == ("The Buoy", "Local", "en-GB")
    assert found.published is not None
    assert (found.published.date, found.published.basis) == ("2026-11-20", "stated")
    assert found.retrieved is not None
    assert found.retrieved.date == "2026-11-22T00:00:00Z"
    assert found.url == "http://b.example/f"


def test_a_page_speaks_for_itself_and_the_feed_fills_the_gaps() -> None:
    found = document(stated(content=PAGE.encode()), limit=10_000)
    assert found.headline == "Ferry sails again"
    assert found.language == "en"
    assert (found.author, found.section) == (("Ada Roe",), "Local")


def test_a_heading_in_a_part_of_a_page_is_not_its_headline() -> None:
    content = b"<h2>Background</h2><p>The ferry had been in dock for a week.</p>"
    assert document(stated(content=content), limit=1000).headline == "Ferry sails"


def test_a_plain_text_keeps_every_character() -> None:
    text = "  The caf\u00e9 is\tshut.\r\n\r\n\u201cYes.\u201d \n"
    raw = stated(content=text.encode(), media="text/plain; charset=utf-8")
    assert document(raw, limit=1000).text == text


def test_an_encoding_is_for_what_states_none() -> None:
    raw = Raw(name="a", place="a.txt", content="Die F\u00e4hre f\u00e4hrt.".encode("latin-1"))
    assert document(raw, limit=1000, encoding="latin-1").text == "Die F\u00e4hre f\u00e4hrt."
    content = "Die F\u00e4hre f\u00e4hrt.".encode()
    certain = stated(content=content, media="text/plain; charset=utf-8")
    assert document(certain, limit=1000, encoding="latin-1").text == "Die F\u00e4hre f\u00e4hrt."


def test_a_document_can_be_made_in_another_process() -> None:
    raw = pickle.loads(pickle.dumps(stated()))  # noqa: S301
    assert document(raw, limit=1000) == document(stated(), limit=1000)
    assert pickle.loads(pickle.dumps(OPTIONS)) == OPTIONS  # noqa: S301


@pytest.mark.parametrize(
    ("content", "media", "expected"),
    [
        (b"a\0b", "text/plain", "is binary"),
        (b"%PDF-1.7 ", None, "a PDF"),
        (b" \n ", "text/plain; charset=utf-8", "white space"),
        (b"<p> </p>", "text/html", "no article found"),
        (b"x" * 1001, None, "limit is 1,000"),
    ],
)
def test_what_is_no_text_is_an_error_that_names_its_place(
    content: bytes, media: str | None, expected: str
) -> None:
    with pytest.raises(InputError, match=expected) as caught:
        document(stated(content=content, media=media), limit=1000)
    assert str(caught.value).startswith("f.xml: entry 1: ")


# ----------------------------------------------------------------------- folders, standard input


def test_a_folder_is_read_in_order_without_what_is_hidden_or_no_article(tmp_path: Path) -> None:
    names = ["b/1.txt", "b/.hidden.txt", "a.html", "c.txt", ".git/x.txt", "README.md", "d.yaml"]
    names += ["e.jsonl", "f.txt.gz", "g.png", "h.json", "i.xml", "j.ttl", "k.json", "l.xml"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"{}")
    (tmp_path / "k.json").write_bytes(b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1"}')
    (tmp_path / "l.xml").write_bytes(rss(item("Ferry")))
    (tmp_path / "b" / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "z.txt").symlink_to(tmp_path / "z.txt")
    found = [file for file in files(tmp_path) if not isinstance(file, Fault)]
    assert [file.relative_to(tmp_path).as_posix() for file in found] == [
        *("a.html", "b/1.txt", "c.txt", "e.jsonl", "f.txt.gz", "k.json", "l.xml"),
    ]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert [str(one) for one in sources(str(tmp_path), options=OPTIONS)] == [
        f"{tmp_path}: nothing in this folder can be read"
    ]


def test_a_bad_file_does_not_stop_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(b"\x1f\x8bno")
    (tmp_path / "b.txt").write_bytes(STORY.encode())
    first, second = sources(str(tmp_path), options=OPTIONS)
    assert isinstance(first, Fault)
    assert isinstance(second, Raw)


def refusing(*names: str) -> Callable[..., Any]:
    """Open files, but not those of some names: a test may run as root, who may read everything."""
    from pathlib import Path

    honest: Callable[..., Any] = Path.open

    def opened(path: Path, *arguments: Any, **more: Any) -> Any:
        if path.name in names:
            raise PermissionError(13, "Permission denied")
        return honest(path, *arguments, **more)

    return opened


def test_files_that_may_not_be_read_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(STORY.encode())
    monkeypatch.setattr("pathlib.Path.open", refusing("a.txt"))
    first, second = sources(str(tmp_path), options=OPTIONS)
    assert isinstance(first, Fault)
    assert (first.message, first.hint) == (
        "cannot be read: permission denied",
        "look at its permissions",
    )
    assert isinstance(second, Raw)


def test_folders_that_may_not_be_read_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "z.txt").write_bytes(STORY.encode())
    honest = os.scandir

    def scandir(path: Any) -> Any:
        if os.fspath(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return honest(path)

    monkeypatch.setattr("os.scandir", scandir)
    first, second = sources(str(tmp_path), options=OPTIONS)
    assert isinstance(first, Fault)
    assert first.message == "cannot be read: permission denied"
    assert isinstance(second, Raw)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("nowhere.txt", "nowhere.txt: no such file or folder"),
        ("a\0b", "embedded null byte"),
        ("/dev/null", "is not a regular file"),
        ("file:///etc/passwd", "an address of file"),
        ("ftp://b.example/x", "an address of ftp"),
    ],
)
def test_what_is_no_source_is_a_fault(source: str, expected: str) -> None:
    (fault,) = sources(source, options=OPTIONS)
    assert isinstance(fault, Fault)
    assert expected in str(fault)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (STORY.encode(), [None]),
        (b'{"title": "A", "text": "x"}\n{"title": "B", "text": "y"}\n', ["A", "B"]),
        (b'{"title": "A", "text": "x"}', ["A"]),
        (rss(item("Ferry")), ["Ferry"]),
        (gzip.compress(rss(item("Ferry")), mtime=0), ["Ferry"]),
        (GOOD * 2, [None, None]),
        (mail(HEADER, "The ferry sails."), ["Ferry"]),
        (b"From: the harbour\n\nSubject: to change.", [None]),
    ],
)
def test_standard_input_is_told_by_its_first_bytes(
    content: bytes, expected: list[str | None]
) -> None:
    found = list(sources("-", options=OPTIONS, stdin=io.BytesIO(content)))
    assert [one.headline for one in found if isinstance(one, Raw)] == expected
    assert len(found) == len(expected)


def test_standard_input_without_an_end_is_given_up() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    (fault,) = sources("-", options=OPTIONS, stdin=io.BufferedReader(Endless()))
    assert str(fault) == "standard input: has more than 100,000 bytes"


# ------------------------------------------------------------------------------ small things


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-20T14:05:00.123456+09:00", "2026-11-20T14:05:00+09:00"),
        ("2026-11-20 14:05:00 +0900", "2026-11-20T14:05:00+09:00"),
        ("2026-11-20T14:05Z", "2026-11-20T14:05:00Z"),
        ("2026-11-20 14:05:00 UTC", "2026-11-20T14:05:00Z"),
        ("2026-11", "2026-11"),
        ("2026/11/20", "2026-11-20"),
        ("20261120", "2026-11-20"),
        ("20261120140500", "2026-11-20T14:05:00"),
        (1795151100000, "2026-11-20T05:05:00Z"),
        (1795151100.5, "2026-11-20T05:05:00Z"),
        ("Fri, 20 Nov 26 14:05:00 GMT", "2026-11-20T14:05:00Z"),
        ("Friday, November 20, 2026", "2026-11-20"),
        ("20th November 2026", "2026-11-20"),
        ("202611", None),
        ("03/04/2026", None),
        ("2026-02-30", None),
        ("Friday", None),
        ("20 November", None),
        ("Fri, 99 Nov 2026 14:05:00 GMT", None),
        (True, None),
        (float("nan"), None),
        (10**400, None),
        (["2026"], None),
        ("2" * 1000, None),
    ],
)
def test_dates_are_as_precise_as_they_were_stated(value: object, expected: str | None) -> None:
    assert edtf(value) == expected


PAGE_NAMES = {
    ("/ferry.html", b"<title>Harbour opens</title><p>It opened.</p>"): "ferry",
    ("/2026/11/20", b"<TITLE lang=en>\nHarbour &amp; quay open | The Gull</TITLE><p>x</p>"):
        "harbour-quay-open",
    ("/1", "<title>Æsir på havn</title><p>x</p>".encode("latin-1")): "b-example",
    ("/1", b"<p>The harbour opened.</p>"): "b-example",
    ("/1", b"<title></title><p>x</p>"): "b-example",
}  # fmt: skip


@pytest.mark.parametrize("case", PAGE_NAMES)
def test_a_page_is_called_by_its_address_or_else_by_its_title(
    case: tuple[str, bytes], tmp_path: Path
) -> None:
    path, page = case
    (tmp_path / "w.warc").write_bytes(record(page, url=f"http://b.example{path}"))
    (found,) = sources(str(tmp_path / "w.warc"), options=OPTIONS)
    assert isinstance(found, Raw)
    assert found.name == PAGE_NAMES[case]


def test_the_names_of_pages_are_counted() -> None:
    assert len(PAGE_NAMES) == 5


def test_an_article_may_begin_with_a_brace() -> None:
    assert kind_of(b'{ "Yes", he said. }', "a.txt") == "article"
    assert kind_of(b"{Reuters} - The ferry sails.", "-") == "article"


def test_records_come_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    """Neither a crawl nor a long list of records is ever in memory as a whole."""
    import tracemalloc

    archive = tmp_path / "w.warc.gz"
    with archive.open("wb") as file:
        for _ in range(40):
            file.write(gzip.compress(record(os.urandom(1_000_000), media="image/png"), 1))
            file.write(gzip.compress(GOOD))
    table = tmp_path / "n.jsonl"
    table.write_bytes(b'{"title": "A", "text": "%s"}\n' % (b"x" * 50_000) * 800)
    for path, count in ((archive, 40), (table, 800)):
        assert path.stat().st_size > 39_000_000
        tracemalloc.start()
        assert sum(isinstance(one, Raw) for one in sources(str(path), options=OPTIONS)) == count
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 6_000_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.xml", b"<rss><channel>" + b"<" * 2_000_000),
        ("f.xml", b"<rss><channel>" + b"&" * 500_000),
        ("f.xml", b"<rss><channel>" + b"<item>" * 300_000),
        ("f.xml", b"<rss><channel><item><title>" + b"&nbsp;" * 200_000),
        ("f.xml", b"\n" * 2_000_000 + b"<rss><channel/></rss>"),
        ("f.xml", b"<!--" * 1_000_000),
        ("f.xml", b"<!DOCTYPE " * 300_000),
        ("n.jsonl", b'{"a":' * 500_000),
        ("n.jsonl", b"\n" * 1_000_000),
        ("n.jsonl", b'{"text": "' + b"<p" * 40_000 + b'"}'),
        ("m.eml", b"Subject: " + b"=?utf-8?q?a?= " * 200_000 + b"\n\nx"),
        ("m.eml", b"From: " + b'"(' * 500_000 + b"\n\nx"),
        ("m.eml", b"A: b\n" * 200_000 + b"\nx"),
        ("w.warc", b"WARC/1.0\r\n" * 100_000),
        ("w.warc", b"WARC/1.0 " * 300_000),
        ("w.warc.gz", b"\x1f\x8b\x08" * 500_000),
        ("w.warc.gz", gzip.compress(b"WARC/1.0\r\n", mtime=0) * 20_000),
        ("w.warc", record(chunked(P)[:-5] * 50_000, more=b"Transfer-Encoding: chunked\r\n")),
        ("a.html", b"<!--" * 20_000),
    ],
)
def test_hostile_files_cost_no_more_than_others(name: str, content: bytes, tmp_path: Path) -> None:
    start = time.monotonic()
    assert list(read(name, content, tmp_path)) or content.isspace()
    assert time.monotonic() - start < 8


def test_no_damage_to_a_file_is_more_than_a_fault(tmp_path: Path) -> None:
    """Bytes changed, cut out, doubled and cut off, in files of every kind."""
    chance = random.Random(5)  # noqa: S311  # the same damage every time
    small = [case for case in CASES if len(case.content) < 20_000]
    articles = faults = 0
    for number in range(700):
        case = small[number % len(small)]
        data = bytearray(case.content)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data) + 1)
            way = chance.randrange(4)
            if way == 0:
                data[at : at + 1] = chance.randbytes(1)
            elif way == 1:
                del data[at : at + chance.randint(1, 30)]
            elif way == 2:
                data[at:at] = chance.choice(small).content[: chance.randint(1, 60)]
            else:
                data[at:at] = chance.choice((b"<", b"&", b"\0", b"\xff", b"]]>", b"9" * 12))
        for one in read(case.name, bytes(data[: chance.choice((at, None))]), tmp_path):
            if isinstance(one, Fault):
                faults += 1
                continue
            articles += 1
            if number % 10 == 0:
                with contextlib.suppress(InputError):
                    document(one, limit=OPTIONS.limit)
    assert articles > 140
    assert faults > 240

"""What may come in: files of every kind, whole and broken, with what is to come of them."""

from __future__ import annotations

import base64
import gzip
import json
import os
import zlib
from dataclasses import dataclass, field

STORY = "The ferry sails again.\n\n“It is safe,” said Ada Roe, the harbour master."
PAGE = (
    "<!doctype html><html lang='en'><head><title>Ferry sails again</title></head><body><article>"
    "<h1>Ferry sails again</h1><p>The ferry sails again from Monday, the harbour master said.</p>"
    "<p>“It is safe,” said Ada Roe.</p></article></body></html>"
)


@dataclass(frozen=True)
class Case:
    """A file of some name and content, and what is to come of it: headlines or texts, and faults."""

    what: str
    name: str
    content: bytes
    found: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    stated: dict[str, object] = field(default_factory=dict)
    """What is stated beside the first article."""

    def __str__(self) -> str:
        return self.what


def rss(*items: str, head: str = "", version: str = "2.0") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="{version}"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>The Buoy</title><link>http://b.example/</link>{head}{''.join(items)}</channel></rss>"
    ).encode()


def item(title: str, rest: str = "<description>The ferry sails.</description>") -> str:
    return f"<item><title>{title}</title>{rest}</item>"


def atom(*entries: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB" xml:base="http://b.example/news/">'
        f"<title>The Buoy</title>{''.join(entries)}</feed>"
    ).encode()


def record(
    body: bytes,
    *,
    kind: str = "response",
    url: str = "http://b.example/ferry.html",
    media: str = "text/html; charset=utf-8",
    status: str = "200 OK",
    more: bytes = b"",
    fields: str = "",
    length: int | None = None,
) -> bytes:
    block = body
    if kind == "response":
        block = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n".encode() + more + b"\r\n" + body
        media = "application/http; msgtype=response"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2026-11-20T10:00:00Z\r\nContent-Type: {media}\r\n{fields}"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def mail(header: str, body: str | bytes) -> bytes:
    return (
        header.replace("\n", "\r\n").encode()
        + b"\r\n\r\n"
        + (body if isinstance(body, bytes) else body.encode())
    )


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


P = b"<p>The ferry sails.</p>"
GOOD = record(P)
HEADER = (
    "From: Ada Roe <ada@b.example>\nSubject: Ferry\n"
    "Date: Fri, 20 Nov 2026 09:00:00 +0000\nMIME-Version: 1.0\n"
)
LOL = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))

CASES = [
    # ---- files
    Case("a text", "a.txt", STORY.encode(), (STORY,)),
    Case("a page", "a.html", PAGE.encode(), (PAGE,), stated={"media": "text/html"}),
    Case(
        "a packed text",
        "a.txt.gz",
        gzip.compress(STORY.encode()),
        (STORY,),
        stated={"name": "a.txt"},
    ),
    Case("a packed page", "a.html.gz", gzip.compress(PAGE.encode()), (PAGE,)),
    Case(
        "a text that is too long", "a.txt", b"x" * 100_001, faults=("has more than 100,000 bytes",)
    ),
    Case(
        "a text that is too long once unpacked",
        "a.txt.gz",
        gzip.compress(b"x" * 50_000_000),
        faults=("has more than 100,000 bytes",),
    ),
    Case(
        "a packed text that is cut off",
        "a.txt.gz",
        gzip.compress(os.urandom(900))[:-99],
        faults=("cut off",),
    ),
    Case(
        "a packed text that is damaged",
        "a.txt.gz",
        gzip.compress(STORY.encode())[:-8] + b"\1" * 8,
        faults=("damaged",),
    ),
    Case(
        "an archive in an archive",
        "a.gz",
        gzip.compress(gzip.compress(b"x")),
        faults=("gzip archive in a gzip",),
    ),
    Case(
        "a tar archive",
        "a.tar.gz",
        gzip.compress(b"a.txt".ljust(257, b"\0") + b"ustar\0" + b"\0" * 300),
        faults=("tar archive",),
    ),
    Case(
        "XML of another kind",
        "a.xml",
        b"<?xml version='1.0'?><menu/>",
        faults=("neither a feed nor a page",),
    ),
    Case(
        "XHTML",
        "a.xml",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>",
        ("<?xml",),
    ),
    # ---- RSS and Atom
    Case(
        "RSS 2.0",
        "f.xml",
        rss(
            item(
                "Ferry &amp;amp; bridge",
                "<link>http://b.example/ferry</link><dc:creator>Ada Roe</dc:creator><category>Local</category>"
                "<pubDate>Fri, 20 Nov 2026 14:05:00 +0900</pubDate><description>Short.</description>"
                "<content:encoded><![CDATA[<p>The ferry sails.</p>]]></content:encoded>",
            ),
            head="<language>en-gb</language>",
        ),
        ("Ferry & bridge",),
        stated={
            "content": P,
            "media": "text/html; charset=utf-8",
            "url": "http://b.example/ferry",
            "author": ("Ada Roe",),
            "published": "2026-11-20T14:05:00+09:00",
            "publisher": "The Buoy",
            "section": "Local",
            "language": "en-gb",
            "name": "ferry-bridge",
        },
    ),
    Case(
        "RSS 0.91 with its document type",
        "f.rss",
        b'<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
        b' "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
        + rss(item("Ferry"), version="0.91").split(b"\n", 1)[1],
        ("Ferry",),
        stated={"content": b"The ferry sails.", "media": "text/plain; charset=utf-8"},
    ),
    Case(
        "RSS 1.0",
        "f.rdf",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        b' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Buoy</title></channel>'
        b"<item><title>Ferry</title><link>http://b.example/f</link><dc:date>2026-11-20</dc:date>"
        b"<description>It sails.</description></item></rdf:RDF>",
        ("Ferry",),
        stated={"published": "2026-11-20", "publisher": "The Buoy", "url": "http://b.example/f"},
    ),
    Case(
        "Atom with XHTML, a relative link and its base",
        "f.atom",
        atom(
            '<entry><title>Ferry</title><link href="ferry.html"/><link rel="edit" href="/edit"/>'
            "<author><name>Ada Roe</name></author><author><name>Bo Li</name></author>"
            "<published>2026-11-20T05:05:00Z</published><updated>2026-11-21T00:00:00Z</updated>"
            '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It <em>sails</em>.</p>'
            "</div></content></entry>"
        ),
        ("Ferry",),
        stated={
            "url": "http://b.example/news/ferry.html",
            "author": ("Ada Roe", "Bo Li"),
            "published": "2026-11-20T05:05:00Z",
            "language": "en-GB",
        },
    ),
    Case(
        "Atom in which only the last change is dated",
        "f.atom",
        atom(
            "<entry><title>a &lt; b</title><updated>2026-11-21</updated>"
            "<content>It sails &amp; so on</content></entry>"
        ),
        ("a < b",),
        stated={
            "published": None,
            "content": b"It sails & so on",
            "media": "text/plain; charset=utf-8",
        },
    ),
    Case(
        "an Atom entry from another feed",
        "f.atom",
        atom(
            "<entry><title>Ferry</title><summary>It sails.</summary><source><title>The Oar</title>"
            "<author><name>Nobody</name></author></source></entry>"
        ),
        ("Ferry",),
        stated={"publisher": "The Oar", "author": ()},
    ),
    Case(
        "a feed in UTF-16",
        "f.xml",
        rss(item("Fähre")).decode().replace("utf-8", "utf-16").encode("utf-16"),
        ("Fähre",),
    ),
    Case(
        "a feed in Latin-1",
        "f.xml",
        rss(item("Fähre")).decode().replace("utf-8", "iso-8859-1").encode("latin-1"),
        ("Fähre",),
    ),
    Case(
        "a media title is not the title",
        "f.xml",
        rss(
            item(
                "Ferry", "<media:title>A picture</media:title><description>It sails.</description>"
            )
        ),
        ("Ferry",),
    ),
    Case("names of HTML's characters", "f.xml", rss(item("Caf&eacute;&nbsp;shut")), ("Café shut",)),
    Case(
        "an address in place of a name",
        "f.xml",
        rss(
            item(
                "Ferry",
                "<author>ada@b.example (Ada Roe)</author><description>It sails.</description>",
            )
        ),
        ("Ferry",),
        stated={"author": ("Ada Roe",)},
    ),
    Case(
        "an entry without a text",
        "f.xml",
        rss(item("Ferry", "<link>http://b.example/f</link>"), item("Bridge")),
        ("Bridge",),
        ("entry 1 http://b.example/f: has no text",),
    ),
    Case(
        "a feed that is cut off",
        "f.xml",
        rss(item("Ferry"), item("Bridge"))[:-50],
        ("Ferry",),
        ("not well-formed",),
    ),
    Case(
        "a feed with a stray ampersand",
        "f.xml",
        rss(item("Ferry"), item("R & B")),
        ("Ferry", "R & B"),
    ),
    Case(
        "a feed that is not in its encoding",
        "f.xml",
        rss(item("Ferry")) + b"\xff",
        faults=("f.xml: not in utf-8: byte 0xFF",),
    ),
    Case(
        "ampersands that XML leaves alone",
        "f.xml",
        rss(
            item(
                "A&#38;B&amp;C",
                "<link><![CDATA[http://b.example/?a=1&b=2]]></link><description>x</description>",
            )
        ),
        ("A&B&C",),
        stated={"url": "http://b.example/?a=1&b=2"},
    ),
    Case("a feed without entries", "f.xml", rss(), faults=("without entries",)),
    Case("a feed that is none", "f.rss", b"not a feed at all", faults=("f.rss: not a feed",)),
    Case(
        "an external entity",
        "f.xml",
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + rss(item("&x;")).split(b"\n", 1)[1],
        faults=("declares entities",),
    ),
    Case(
        "a billion laughs",
        "f.xml",
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LOL}]>'.encode() + rss(item("&l9;")).split(b"\n", 1)[1],
        faults=("declares entities",),
    ),
    # ---- JSON
    Case(
        "JSON Lines with many spellings",
        "n.jsonl",
        b'{"Title": "Ferry", "article_body": "It sails.", "date-published": "20 November 2026",'
        b' "authors": ["Ada Roe", "Bo Li"],'
        b' "source": {"id": null, "name": "The Buoy"}, "link": "http://b.example/f",'
        b' "lang": "en_GB", "category": ["Local"],'
        b' "date_download": "2026-11-21 10:00:00"}\n'
        b'{"headline": "Bridge", "html": "<p>It holds.</p>", "byline": "By Ada Roe and Bo Li"}\n',
        ("Ferry", "Bridge"),
        stated={
            "content": b"It sails.",
            "published": "2026-11-20",
            "retrieved": "2026-11-21T10:00:00",
            "author": ("Ada Roe", "Bo Li"),
            "publisher": "The Buoy",
            "url": "http://b.example/f",
            "language": "en-GB",
            "section": "Local",
            "place": "n.jsonl:1",
        },
    ),
    Case(
        "packed JSON Lines",
        "n.jsonl.gz",
        gzip.compress(b'{"title": "A", "text": "It sails."}\n\n{"title": "B", "text": "x"}'),
        ("A", "B"),
    ),
    Case(
        "JSON Lines with bad lines",
        "n.ndjson",
        b'{"title": "A", "text": "x"}\n{"title": \n[1]\n{"title": "no text"}\n\xff{}\n{"text": "\\ud800"}\n'
        b'{"n": ' + b"9" * 5000 + b"}\n" + b"[" * 100_000 + b'\n\x00\n{"title": "B", "text": "y"}',
        ("A", "B"),
        (
            "n.ndjson:2: not JSON",
            ":3: not an object",
            ":4: has no text",
            ":5: not UTF-8",
            ":6: character 0",
            ":7: ",
            ":8: ",
            ":9: not JSON",
        ),
    ),
    Case(
        "a line of 50 MB",
        "n.jsonl",
        b'{"text": "' + b"x" * 50_000_000 + b'"}\n{"title": "B", "text": "y"}\n',
        ("B",),
        ("n.jsonl:1: a line of more than",),
    ),
    Case(
        "JSON Lines that are cut off",
        "n.jsonl.gz",
        gzip.compress(
            b"".join(
                b'{"title": "%d", "text": "%s"}\n' % (i, os.urandom(4000).hex().encode())
                for i in range(9)
            )
        )[:-4000],
        ("0",),
        ("cut off",),
    ),
    Case(
        "a JSON Feed",
        "f.json",
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "The Buoy",
                "language": "en-GB",
                "items": [
                    {
                        "id": "1",
                        "url": "http://b.example/f",
                        "title": "Ferry",
                        "content_html": "<p>The ferry sails.</p>",
                        "date_published": "2026-11-20T05:05:00Z",
                        "authors": [{"name": "Ada Roe"}],
                    },
                    {"id": "2", "title": "Bridge", "summary": "It holds."},
                ],
            }
        ).encode(),
        ("Ferry", "Bridge"),
        stated={
            "content": P,
            "publisher": "The Buoy",
            "language": "en-GB",
            "author": ("Ada Roe",),
            "place": "f.json: item 1",
        },
    ),
    Case(
        "one record in a file",
        "r.json",
        b'{\n "title": "Ferry",\n "text": ["It sails.", "It is safe."]\n}',
        ("Ferry",),
        stated={"content": b"It sails.\n\nIt is safe."},
    ),
    Case(
        "a record of WordPress",
        "r.json",
        b'[{"title": {"rendered": "Ferry &#038; bridge"}, "content": {"rendered": "<p>The ferry sails.</p>"},'
        b' "date": "2026-11-20T09:00:00"}]',
        ("Ferry & bridge",),
        stated={"media": "text/html; charset=utf-8", "published": "2026-11-20T09:00:00"},
    ),
    Case("a list of nothing", "r.json", b"[]", faults=("a list without articles",)),
    Case("a configuration", "r.json", b'{"a": 1}', faults=("has no text",)),
    Case("a number for a text", "n.jsonl", b'{"text": 5}', faults=("has no text",)),
    Case("numbers for a text", "n.jsonl", b'{"text": [5, 6]}', faults=("has no text",)),
    Case("half a line", "n.jsonl", b'{"text": "x"\n', faults=("delimiter, column 13",)),
    # ---- WARC
    Case(
        "a web archive",
        "w.warc",
        record(b"x", kind="warcinfo", media="application/warc-fields")
        + GOOD
        + record(b"x", kind="request", media="application/http")
        + GOOD,
        ("http://b.example/ferry.html",) * 2,
        stated={
            "retrieved": "2026-11-20T10:00:00Z",
            "media": "text/html; charset=utf-8",
            "name": "ferry",
            "content": P,
            "place": "w.warc: record 2 http://b.example/ferry.html",
        },
    ),
    Case(
        "a packed web archive",
        "w.warc.gz",
        gzip.compress(GOOD) * 3,
        ("http://b.example/ferry.html",) * 3,
    ),
    Case(
        "a web archive packed as one",
        "w.warc.gz",
        gzip.compress(GOOD * 3),
        ("http://b.example/ferry.html",) * 3,
    ),
    Case(
        "chunks and compression",
        "w.warc",
        record(
            chunked(gzip.compress(P)),
            more=b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
        ),
        ("http://b.example/ferry.html",),
        stated={"content": P},
    ),
    Case(
        "chunks and compression undone by the crawler",
        "w.warc",
        record(P, more=b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"),
        ("http://b.example/ferry.html",),
        stated={"content": P},
    ),
    Case(
        "deflate without a header",
        "w.warc",
        record(zlib.compress(P)[2:-4], more=b"Content-Encoding: deflate\r\n"),
        ("http://b.example/ferry.html",),
        stated={"content": P},
    ),
    Case(
        "texts of a crawl",
        "w.warc.wet",
        record("Die Fähre fährt.".encode(), kind="conversion", media="text/plain"),
        ("http://b.example/ferry.html",),
    ),
    Case(
        "what is no page is passed over",
        "w.warc",
        record(b"{}", media="application/json")
        + record(P, status="404 Not Found")
        + record(b"User-agent: *", url="http://b.example/robots.txt", media="text/plain"),
        faults=("without pages",),
    ),
    Case(
        "garbage between records",
        "w.warc",
        GOOD + b"\x00garbage\r\n" * 99 + GOOD,
        ("http://b.example/ferry.html",) * 2,
        ("something that is no record",),
    ),
    Case(
        "garbage between packed records",
        "w.warc.gz",
        gzip.compress(GOOD) + b"garbage" * 99 + gzip.compress(GOOD),
        ("http://b.example/ferry.html",) * 2,
        ("not gzip",),
    ),
    Case(
        "a damaged member",
        "w.warc.gz",
        gzip.compress(GOOD) + gzip.compress(GOOD)[:40] + b"\xff" * 60 + gzip.compress(GOOD) * 2,
        ("http://b.example/ferry.html",) * 3,
        ("its gzip is damaged",),
    ),
    Case(
        "a damaged first member",
        "w.warc.gz",
        gzip.compress(GOOD)[:12] + b"\xff" * 60 + gzip.compress(GOOD),
        ("http://b.example/ferry.html",),
        ("its gzip is damaged",),
    ),
    Case(
        "a record that is longer than it says",
        "w.warc",
        record(P, length=10) + GOOD,
        ("http://b.example/ferry.html",),
        ("not as long as it says",),
    ),
    Case(
        "a record without a length",
        "w.warc",
        b"WARC/1.0\r\nWARC-Type: response\r\n\r\n" + GOOD,
        ("http://b.example/ferry.html",),
        ("does not say how long",),
    ),
    Case(
        "an archive that is cut off",
        "w.warc",
        GOOD + GOOD[:-60],
        ("http://b.example/ferry.html",),
        ("cut off",),
    ),
    Case(
        "a packed archive that is cut off",
        "w.warc.gz",
        (gzip.compress(GOOD) * 2)[:-20],
        ("http://b.example/ferry.html",),
        ("cut off",),
    ),
    Case(
        "a page that the crawler cut off",
        "w.warc",
        record(P, fields="WARC-Truncated: length\r\n"),
        faults=("the crawler cut it off (length)",),
    ),
    Case(
        "a page that is too long",
        "w.warc",
        record(b"x" * 5_000_000) + GOOD,
        ("http://b.example/ferry.html",),
        ("has more than 100,000 bytes",),
    ),
    Case(
        "a bomb in an archive",
        "w.warc",
        record(gzip.compress(b"x" * 30_000_000), more=b"Content-Encoding: gzip\r\n"),
        faults=("has more than 100,000 bytes",),
    ),
    Case(
        "compression that nobody asked for",
        "w.warc",
        record(b"\x1b\x10\x00", more=b"Content-Encoding: br\r\n"),
        faults=("is compressed with 'br'",),
    ),
    # ---- messages
    Case(
        "quoted-printable",
        "m.eml",
        mail(
            HEADER
            + "Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: quoted-printable",
            "The caf=E9 is =\r\nshut.",
        ),
        ("Ferry",),
        stated={
            "content": b"The caf\xe9 is shut.",
            "media": "text/plain; charset=windows-1252",
            "author": ("Ada Roe",),
            "published": "2026-11-20T09:00:00Z",
            "name": "m.eml",
        },
    ),
    Case(
        "base64 and encoded words",
        "m.eml",
        mail(
            "From: =?utf-8?q?Zo=C3=AB_Roe?= <z@b.example>\n"
            "Subject: =?utf-8?b?RsOkaHJl?=\n =?iso-8859-1?q?_f=E4hrt?="
            "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8"
            "\nContent-Transfer-Encoding: base64",
            base64.encodebytes(STORY.encode()),
        ),
        ("Fähre fährt",),
        stated={"content": STORY.encode(), "author": ("Zoë Roe",)},
    ),
    Case(
        "both kinds of text",
        "m.eml",
        mail(
            HEADER + "Content-Type: multipart/alternative; boundary=B",
            "--B\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n"
            "--B\r\nContent-Type: text/plain\r\n\r\nThe text.\r\n--B--\r\n",
        ),
        ("Ferry",),
        stated={"content": b"The text."},
    ),
    Case(
        "a saved page",
        "m.mhtml",
        mail(
            "From: <Saved by Browser>\nSnapshot-Content-Location: http://b.example/f\nSubject: Ferry"
            "\nDate: Fri, 20 Nov 2026 09:00:00 -0000\nMIME-Version: 1.0"
            "\nContent-Type: multipart/related; boundary=B",
            "--B\r\nContent-Type: text/html\r\nContent-Location: http://b.example/f\r\n\r\n<p>x</p>\r\n--B--\r\n",
        ),
        ("Ferry",),
        stated={
            "url": "http://b.example/f",
            "published": None,
            "retrieved": "2026-11-20T09:00:00",
            "author": (),
        },
    ),
    Case(
        "a message without text",
        "m.eml",
        mail(HEADER + "Content-Type: text/plain\nContent-Disposition: attachment", "x"),
        faults=("without text",),
    ),
    Case(
        "parts in parts in parts",
        "m.eml",
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i)
            for i in range(3000)
        ),
        faults=("m.eml: a message",),
    ),
]

"""What a text says about itself, and which of its lines are no running text: our own heads and pages."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.document import Document, parse, read, stated
from kg.document.heading import heading
from kg.document.noise import joints
from kg.document.noise import kind as kind_of
from kg.errors import InputError
from kg.model import NOISE, Part, PartKind, Span, When
from tests.conftest import SHARED, timed


def plain_yaml(path: Path) -> Any:
    """A YAML file in which everything is text: no dates, no numbers."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506


HEADINGS: dict[str, Any] = plain_yaml(Path(__file__).with_name("headings.yaml"))


def said(when: When | None, basis: str = "stated") -> str | None:
    """The date of something that is known on a basis."""
    assert when is None or when.basis == basis
    return None if when is None else str(when.date)


def words(text: str, part: Part) -> str:
    assert isinstance(part.span, Span)
    return text[slice(*part.span)]


def parts(document: Document) -> list[dict[str, str]]:
    return [{part.kind: words(document.text, part)} for part in document.parts]


def test_there_are_as_many_heads_as_there_were() -> None:
    assert len(HEADINGS) == 59


@pytest.mark.parametrize("case", HEADINGS)
def test_a_text_says_about_itself_what_it_states_and_no_more(case: str) -> None:
    expected = HEADINGS[case]
    found = parse(expected["text"].encode(), "article.txt")
    assert found.text == expected["text"]
    retrieved = said(found.retrieved, expected.get("retrieved_basis", "stated"))
    assert {
        "headline": found.headline,
        "author": list(found.author),
        "publisher": found.publisher,
        "published": said(found.published),
        "retrieved": retrieved,
        "section": found.section,
        "url": found.url,
        "language": found.language,
        "parts": parts(found),
    } == {
        "headline": None,
        "author": [],
        "publisher": None,
        "published": None,
        "retrieved": None,
        "section": None,
        "url": None,
        "parts": [],
    } | {
        key: value for key, value in expected.items() if key not in {"text", "retrieved_basis"}
    } | {"language": expected.get("language", "en") or None}


# --------------------------------------------------------------------------------- single lines

LINES: dict[PartKind | None, tuple[str, ...]] = {
    "navigation": (
        "Read more", "READ MORE »", "Share this article", "Home | World | Politics | Sport",
        "Home > World > Asia", "Follow us on Facebook", "12 comments", "3 hours ago", "5 min read",
        "Sign up for our newsletter", "We use cookies to keep the site running.", "Skip to content",
        "Story continues below", "Related: The crane that nobody wants", "More on this story",
        "Click here to listen to the interview", "Most read", "Editor’s picks", "Advertisement",
        "By continuing to use the site you agree to our use of cookies", "Download our app",
        "Please enable JavaScript", "Continued on page 4", "Support our journalism",
    ),
    "credit": (
        "Credit: Ministry of Fisheries", "Photo: Ada Lind / Pier Post", "(Photo: Ada Lind)",
        "Photo by Ada Lind", "Image: Getty", "Image credit: Ada Lind", "Getty Images",
        "Courtesy of the ministry", "Ada Lind/AFP", "Photographer: Bo Ek", "With agencies",
        "With files from Bo Ek", "Translated by Bo Ek", "(AP Photo/Ada Lind)", "Photos: AP",
        "Ada Lind in Bergen contributed to this report.", "Image source, Getty Images",
    ),
    "caption": (
        "Photo: The old crane leans over the quay.", "Caption: The quay at dawn on Tuesday morning.",
        "Image: The ferry at the pier",
        "The ferry at the pier in May. Photo: Ada Lind",
        "Pictured: the crew of the Svana, who came home on Monday.",
        "A man walks past the fish market in Bergen on Monday. Ada Lind/AFP",
        "FILE PHOTO: The trawler Svana leaves port in heavy seas last year. REUTERS/Bo Ek/File Photo",
    ),
    "boilerplate": (
        "© 2014 The Pier Post", "Copyright 2014 The Pier Post. All rights reserved.",
        "All rights reserved.", "Tags: herring, quotas", "Filed under: Fisheries", "(c) 2014 Pier Post",
        "This material may not be published, broadcast, rewritten or redistributed.",
        "The views expressed in this article are those of the author.",
        "This article first appeared in The Pier Post.", "About the author", "ENDS", "###",
        "Reprinted with permission.", "Opinions expressed here are solely the author's.",
    ),
    "correction": (
        "Correction: the ferry has 40 seats, not 14.", "Editor’s note: names have been changed.",
        "An earlier version of this article misspelt the name of the ship.",
        "This story has been updated to add a comment of the ministry.",
        "(Corrects the number of ships in the second paragraph.)", "Clarification, June 3:",
    ),
    None: (
        "", "Talks resume", "Copyright law is a mess, the minister said.", "Photo shows nothing new.",
        "More than 40 people were on board.", "Home rule was debated on Monday.",
        "Support for the minister fell, a poll found.", "Watch Japan closely, said the analyst.",
        "Photographers were not allowed in.", "Share prices fell on Monday.",
        "Correction of the figures took a week.", "Related firms were not named.",
        "This report was published by the agency on Monday and read by many.",
        "The opinions expressed by the minister were not those of the cabinet.",
        "Image is everything, he said.", "Search teams went home.", "Register offices will close.",
        "Next week they meet again.", "He said he would: “Follow us on foot.”", "End of the road",
        "Play resumed after an hour.", "AP photo editors went on strike on Monday.",
        "The ministry contributed to this fund.", "Contact with the ship was lost.", "Log books were burnt.",
    ),
}  # fmt: skip


def test_there_are_as_many_lines_as_there_were() -> None:
    assert sum(len(lines) for lines in LINES.values()) == 93
    assert NOISE & {kind for kind in LINES if kind} == {"navigation", "credit", "boilerplate"}


@pytest.mark.parametrize(
    ("line", "kind"), [(line, kind) for kind, lines in LINES.items() for line in lines]
)
def test_a_line_is_noise_by_its_wording_or_is_left(line: str, kind: PartKind | None) -> None:
    assert kind_of(line) == kind


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("to their leadersWords came later", ["leadersWords"]),
        ("will it last?Nobody knows", ["last?Nobody"]),
        ("“It is over.”The minister left", ["over.”The"]),
        ("PlayStation, YouTube, iPhone, McDonald, OpenSea, DreamWorks", []),
        ("see www.PierPost.Example and pier@Post.example or @adaLind", []),
        ("the U.S.Army and kg.Document", []),
        ("a3dollarsWords", []),
        ("x" * 200 + "Words", []),
    ],
)
def test_words_run_together_are_told_from_names(text: str, joined: list[str]) -> None:
    assert [text[slice(*span)] for span in joints(text)] == joined


# --------------------------------------------------------------------------------------- pages

BODY = (
    "<p>The council put off its vote on Thursday, and the old crane stays where it is for now.</p>"
    "<p>Fishermen had asked for a delay for the third time this year, in a letter to the mayor.</p>"
    "<p>Nobody on the pier had expected anything else, said a clerk who gave no name at all.</p>"
)


def page(head: str = "", body: str = f"<article><h1>Vote put off</h1>{BODY}</article>") -> bytes:
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>{body}</body></html>".encode()


def ld(content: str) -> str:
    return f'<script type="application/ld+json">{content}</script>'


LINKED: dict[str, tuple[str, dict[str, object]]] = {
    "a news article": (
        ld(
            '{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Vote put off",'
            ' "author": {"@type": "Person", "name": "Ada Lind"}, "articleSection": ["Harbour", "News"],'
            ' "publisher": {"@type": "Organization", "name": "The Pier Post"}, "inLanguage": "en-GB",'
            ' "datePublished": "2026-11-19T21:30:00+09:00", "isAccessibleForFree": true,'
            ' "mainEntityOfPage": {"@id": "https://pier.example/vote"}}'
        ),
        {
            "headline": "Vote put off", "author": ("Ada Lind",), "publisher": "The Pier Post",
            "published": "2026-11-19T21:30:00+09:00", "section": "Harbour", "language": "en-GB",
            "url": "https://pier.example/vote",
        },
    ),
    "a graph with references": (
        ld(
            '{"@graph": [{"@type": "WebPage", "@id": "#page"}, {"@type": "Organization", "@id": "#us",'
            ' "name": "The Pier Post"}, {"@type": "Person", "@id": "#ada", "name": "Ada Lind"},'
            ' {"@type": ["Article", "ReportageNewsArticle"], "author": [{"@id": "#ada"}],'
            ' "publisher": {"@id": "#us"}, "datePublished": "2026-11-19"}]}'
        ),
        {"author": ("Ada Lind",), "publisher": "The Pier Post", "published": "2026-11-19"},
    ),
    "authors as words": (
        ld('[{"@type": "Article", "author": ["Ada Lind", "By Bo Ek"]}]'),
        {"author": ("Ada Lind", "Bo Ek")},
    ),
    "authors in one word": (
        ld('{"@type": "BlogPosting", "author": {"name": "Ada Lind and Bo Ek"}}'),
        {"author": ("Ada Lind", "Bo Ek")},
    ),
    "an organisation as author": (
        ld('{"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Pier Wire"}}'),
        {"author": (), "publisher": "Pier Wire"},
    ),
    "letters as entities": (
        ld('{"@type": "NewsArticle", "headline": "Vote &amp; crane &#8220;put off&#8221;"}'),
        {"headline": "Vote & crane “put off”"},
    ),
    "the article at the page's own address": (
        '<link rel="canonical" href="https://pier.example/b">'
        + ld('{"@type": "NewsArticle", "url": "https://pier.example/a", "headline": "Other"}')
        + ld('{"@type": "NewsArticle", "url": "https://pier.example/b", "headline": "Vote put off"}'),
        {"headline": "Vote put off", "url": "https://pier.example/b"},
    ),
    "a list of other articles": (
        ld(
            '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Other",'
            ' "datePublished": "2020-01-01"}]}'
        ),
        {"headline": "Vote put off", "published": None},
    ),
    "a wrapping of comments": (
        ld('\n//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "2026-11-19"}\n//]]>\n'),
        {"published": "2026-11-19"},
    ),
    "linked data before metadata": (
        '<meta property="article:published_time" content="2026-01-01"><meta name="author" content="Bo Ek">'
        + ld('{"@type": "NewsArticle", "datePublished": "2026-11-19", "author": "Ada Lind"}'),
        {"published": "2026-11-19", "author": ("Ada Lind",)},
    ),
    "dates and names of no use": (
        ld(
            '{"@type": "NewsArticle", "datePublished": 5, "author": [null, 3, {"name": ["Ada Lind"]},'
            ' "https://pier.example/ada"], "publisher": [[]], "headline": {"a": 1}, "articleSection": 1}'
        ),
        {"headline": "Vote put off", "author": ("Ada Lind",), "published": None, "section": None},
    ),
}  # fmt: skip
METAS: dict[str, tuple[str, dict[str, object]]] = {
    "open graph": (
        ('<meta property="og:site_name" content="The Pier Post">'
            '<meta property="article:section" content="Harbour">'
        '<meta property="article:author" content="https://face.example/ada">'
            '<meta name="byl" content="By ADA LIND">'),
        {"publisher": "The Pier Post", "section": "Harbour", "author": ("Ada Lind",)},
    ),
    "dublin core": (
        ('<meta name="DC.creator" content="Ada Lind"><meta name="DC.publisher" content="The Pier Post">'
        '<meta name="DC.date.issued" content="2026-11-19">'),
        {"author": ("Ada Lind",), "publisher": "The Pier Post", "published": "2026-11-19"},
    ),
    "citation": (
        ('<meta name="citation_title" content="Vote put off"><meta name="citation_author" content="Ada Lind">'
        '<meta name="citation_author" content="Bo Ek">'
            '<meta name="citation_publication_date" content="2026/11/19">'),
        {"headline": "Vote put off", "author": ("Ada Lind", "Bo Ek"), "published": "2026-11-19"},
    ),
    "parsely": (
        ('<meta name="parsely-author" content="Ada Lind"><meta name="parsely-section" content="Harbour">'
        '<meta name="parsely-pub-date" content="2026-11-19T12:00:00Z">'),
        {"author": ("Ada Lind",), "section": "Harbour", "published": "2026-11-19T12:00:00Z"},
    ),
    "sailthru": (
        ('<meta name="sailthru.author" content="Ada Lind, Bo Ek">'
            '<meta name="sailthru.date" content="2026-11-19">'),
        {"author": ("Ada Lind", "Bo Ek"), "published": "2026-11-19"},
    ),
    "a handle is no author": ('<meta name="twitter:creator" content="@adalind">', {"author": ()}),
    "a date in words": ('<meta name="date" content="19 November 2026">', {"published": "2026-11-19"}),
    "nothing": ("", {"headline": "Vote put off", "author": (), "publisher": None, "published": None}),
}  # fmt: skip
BODIES: dict[str, tuple[str, dict[str, object]]] = {
    "microdata": (
        ('<article><h1 itemprop="headline">Vote put off</h1><p><span itemprop="author"><span itemprop="name">'
        'Ada Lind</span></span> <time itemprop="datePublished" datetime="2026-11-19T12:00:00Z">then</time></p>'
        f"{BODY}</article>"),
        {"author": ("Ada Lind",), "published": "2026-11-19T12:00:00Z"},
    ),
    "a link to the author": (
        f'<article><h1>Vote put off</h1><p><a rel="author" href="/ada">Ada Lind</a></p>{BODY}</article>',
        {"author": ("Ada Lind",)},
    ),
    "one time": (
        f'<article><h1>Vote put off</h1><time datetime="2026-11-19">Thursday</time>{BODY}</article>',
        {"published": "2026-11-19"},
    ),
    "a time of publication and one of change": (
        ('<article><h1>Vote put off</h1><time class="updated" datetime="2026-11-21">x</time>'
        f'<time class="entry-date published" datetime="2026-11-19">x</time>{BODY}</article>'),
        {"published": "2026-11-19"},
    ),
    "times of no known use": (
        ('<article><h1>Vote put off</h1><time datetime="2026-11-19">x</time>'
        f'<time datetime="2026-11-18">x</time>{BODY}</article>'),
        {"published": None},
    ),
    "the head of the text": (
        f"<article><h1>Vote put off</h1><p>By Ada Lind</p><p>19 November 2026</p>{BODY}</article>",
        {"author": ("Ada Lind",), "published": "2026-11-19", "headline": "Vote put off"},
    ),
}  # fmt: skip
PAGES = {
    **{f"linked: {name}": (page(head), expected) for name, (head, expected) in LINKED.items()},
    **{f"meta: {name}": (page(head), expected) for name, (head, expected) in METAS.items()},
    **{f"body: {name}": (page(body=body), expected) for name, (body, expected) in BODIES.items()},
}


@pytest.mark.parametrize("case", PAGES)
def test_a_page_says_of_its_article_what_its_elements_state(case: str) -> None:
    content, expected = PAGES[case]
    found = parse(content, "page.html", media="text/html")
    given = {key: getattr(found, key) for key in expected}
    if "published" in given:
        given["published"] = said(found.published)
    assert given == expected
    assert "old crane" in found.text
    for part in found.parts:
        assert words(found.text, part).strip()


def test_there_are_as_many_pages_as_there_were() -> None:
    assert len(PAGES) == 25


def test_the_parts_of_a_page_count_in_its_text() -> None:
    body = (
        f"<article><h1>Vote put off</h1><p>By Ada Lind</p><p>19 November 2026</p>{BODY}</article>"
    )
    assert parts(parse(page(body=body), "a.html")) == [
        {"headline": "Vote put off"},
        {"byline": "By Ada Lind"},
        {"date": "19 November 2026"},
    ]


# ------------------------------------------------------------------------------ bytes from elsewhere

TEXT = (
    "Vote put off\n\nThe café on the pier was closed, and “nobody” said when it would open again.\n"
)


@pytest.mark.parametrize(
    ("content", "media", "format_"),
    [
        (TEXT.encode(), None, "text/plain; charset=utf-8"),
        (TEXT.encode(), "text/plain", "text/plain; charset=utf-8"),
        (TEXT.encode("cp1252"), "text/plain; charset=windows-1252", "text/plain; charset=windows-1252"),
        (TEXT.encode("cp1252"), 'text/plain;charset="ISO-8859-1"', "text/plain; charset=windows-1252"),
        (TEXT.encode(), "text/plain; charset=iso-8859-1", "text/plain; charset=utf-8"),  # servers err
        (TEXT.encode("utf-16"), "text/plain; charset=utf-8", "text/plain; charset=utf-16-le"),
        (TEXT.encode(), "text/plain; charset=nonsense", "text/plain; charset=utf-8"),
        (TEXT.encode(), "application/octet-stream", "text/plain; charset=utf-8"),
        (page(), "text/html; charset=utf-8", "text/html; charset=utf-8"),
        (page(), "text/plain", "text/html; charset=utf-8"),
        (f"<article>{BODY}</article>".encode(), "text/html", "text/html; charset=utf-8"),
        (page(), "application/xhtml+xml", "text/html; charset=utf-8"),
    ],
)  # fmt: skip
def test_a_media_type_is_believed_where_the_bytes_agree(
    content: bytes, media: str | None, format_: str
) -> None:
    found = parse(content, "https://pier.example/news/vote?a=b", media=media)
    assert found.format == format_
    assert found.name == "vote"
    if format_.startswith("text/plain"):
        assert found.text == TEXT


@pytest.mark.parametrize(
    ("content", "media", "message"),
    [
        (b"x", "application/pdf", "is application/pdf, not text"),
        (b"x", "image/png", "is image/png, not text"),
        (b"", "text/plain", "is empty"),
        (b"\0\1\2", None, "is binary"),
        (b"%PDF-1.7", "text/plain", "a PDF, not text"),
        (b"x" * 11, None, "has 11 bytes; the limit is 10"),
        (page(body="<script>var a = 1</script>")[:10], "text/html", "no article found"),
    ],
)
def test_what_is_no_text_is_refused_by_its_name(
    content: bytes, media: str | None, message: str
) -> None:
    with pytest.raises(InputError, match=message) as error:
        parse(content, "https://pier.example/x", media=media, limit=10)
    assert str(error.value).startswith("https://pier.example/x: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "body",
    [
        "<nav><a href='/'>Home</a> <a href='/harbour'>Harbour and ferry pages</a></nav>",
        "<div> <nav><ul><li>Home</ul></nav>\n</div><nav>More</nav><script>var a = 1</script>",
    ],
)
def test_a_page_of_menus_alone_has_no_article(body: str) -> None:
    with pytest.raises(InputError, match="no article found"):
        parse(f"<html><title>Pier</title><body>{body}</body></html>".encode(), "pier.html")
    with_words = f"<html><body>{body} The council put off its vote on the ferry.</body></html>"
    assert "ferry" in parse(with_words.encode(), "pier.html").text


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("https://pier.example/", "pier.example"),
        ("https://pier.example/a/b/?q=1/2#c/d", "b"),
        ("news.xml#3", "news.xml#3"),
        ("folder/a.txt", "a.txt"),
        ("-", "-"),
    ],
)
def test_a_document_is_named_after_the_last_part_of_its_address(name: str, short: str) -> None:
    assert parse(TEXT.encode(), name).name == short


def test_a_file_and_its_bytes_say_the_same(tmp_path: Path) -> None:
    for name, content in (("a.txt", TEXT.encode()), ("a.html", page())):
        (tmp_path / name).write_bytes(content)
        assert read(tmp_path / name) == parse(content, name)


# ---------------------------------------------------------------------------- hostile and large


def seconds(content: str | bytes) -> float:
    data = content.encode() if isinstance(content, str) else content
    start = time.process_time()
    try:
        parse(data, "a.txt")
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017
    return time.process_time() - start


HOSTILE = {
    "one line": "the council put off its vote and " * 60_000,
    "one word": "a" * 2_000_000,
    "lines of one letter": "a\n" * 500_000,
    "lines of marks": "| " * 50_000 + "\n" + "- | " * 20 + "\n" + ("|" * 150 + "\n") * 5_000,
    "lines that repeat": "Vote put off\n" * 60_000,
    "lines almost alike": "".join(f"Vote put off {i}\n" for i in range(60_000)),
    "labels": "Published: 2014 Published: Updated: \n" * 30_000,
    "figures": "11 12 13 14 15 16 17 18 19 20 Jan Feb Mar\n" * 30_000,
    "one long run of figures": "1" * 1_000_000,
    "dates without end": "June 3, 2014 " * 80_000,
    "names": ("By " + "Ada and " * 15 + "\n") * 10_000,
    "places": ("Aa and Bb, Cc and Dd / " * 6 + "\n") * 10_000,
    "brackets": "(" * 500_000 + "[" * 500_000,
    "joints": "abcDefGhiJkl" * 80_000,
    "spaces": " " * 1_000_000 + "x" + "\t" * 1_000_000,
    "empty lines": "\r\n" * 500_000 + "x",
    "colons": "Aa: bb\n" * 100_000,
    "copyrights": ("© 2014 " * 40 + "\n") * 5_000,
    "quotes": "“" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_time_that_a_hostile_text_takes_grows_with_its_length(name: str) -> None:
    text = HOSTILE[name]
    assert seconds(text) < 0.5 + len(text) / 200_000


PAGES_TO_FEAR = {
    "nested tables": "<html><body>"
    + "<table><tr><td>" * 3_000
    + "text"
    + "</td></tr></table>" * 3_000,
    "linked data without end": "<html><script type='application/ld+json'>["
    + '{"@type": "NewsArticle", "@id": "a"},' * 50_000
    + "1]</script><body><p>text</p>",
    "linked data that is deep": f"<html><script type='application/ld+json'>{'[' * 100_000}</script>",
    "scripts alone": "<html>" + "<script>var a = 1;</script>" * 20_000,
    "metas": "<html><head>" + "<meta name='author' content='Ada Lind'>" * 10_000 + "<p>text",
    "a long author": f"<html><head><meta name=author content='{'A - ' * 250_000}'><p>text",
    "long values": "<html><head>"
    + "".join(
        f"<meta {key} content='Ada{' -' * 250_000}x'>"
        for key in ("name=author", "name=title", "name=description", "property=og:title")
    )
    + f"<script type='application/ld+json'>"
    f'{{"@type": "NewsArticle", "author": "Ada{" -" * 250_000}"}}</script><p>text',
    "tags in linked data": "<html><script type='application/ld+json'>"
    '{"@type": "NewsArticle", "author": ["'
    + '", "'.join(["Ada" + "<a" * 200] * 1_000)
    + '"]}</script><body><p>text',
    "times": "<html><body>" + "<time datetime='2014-06-03'>x</time>" * 10_000,
    "comments": "<!-- " * 100_000 + "<html>",
    "a declaration": "<?xml " * 100_000 + "<html>",
}


@pytest.mark.parametrize("name", PAGES_TO_FEAR)
def test_the_time_that_a_hostile_page_takes_is_bounded(name: str) -> None:
    assert seconds(PAGES_TO_FEAR[name]) < 15


@pytest.mark.parametrize(
    ("value", "headline"), [("Ferry late", "Ferry late"), ("Ferry late" * 51, "Pier")]
)
@pytest.mark.parametrize(
    "head",
    [
        '<meta name="headline" content="{}">',
        '<script type="application/ld+json">{{"@type": "NewsArticle", "headline" : "{}"}}</script>',
    ],
)
def test_what_is_too_long_for_a_headline_is_none(head: str, value: str, headline: str) -> None:
    body = "<p>The council put off its vote on the ferry until the spring of next year.</p>" * 3
    page = f"<html><head><title>Pier</title>{head.format(value)}</head><body><h1>Pier</h1>{body}"
    assert parse(page.encode(), "pier.html").headline == headline


@pytest.mark.parametrize("unit", [" ", "on ", " -", ", at", "\t:", "date"])
def test_what_stands_before_a_date_is_found_in_linear_time(unit: str) -> None:
    begun = time.process_time()
    assert stated._unlabelled(f"Oslo {unit * 200_000}x").endswith("x")
    assert stated._unlabelled(f"Oslo{unit * 200_000}").startswith("Oslo")
    assert time.process_time() - begun < 1


@timed
def test_articles_are_read_faster_than_anything_else_is_done_with_them() -> None:
    text = "".join(case["text"] for case in HEADINGS.values()) * 20
    heading(text)
    start = time.process_time()
    heading(text)
    assert len(text) / (time.process_time() - start) > 1_000_000


@given(
    st.lists(
        st.sampled_from(
            (
                *(
                    "By Ada Lind",
                    "3 June 2014",
                    "Vote put off",
                    "Opinion",
                    "Read more",
                    "Most read",
                ),
                *(
                    "Tue 3 Jun 2014 | 10:15 | TOKYO",
                    "Published:",
                    "Updated: 3 June 2014",
                    "|",
                    "Q: Why?",
                ),
                *(
                    "BERGEN, June 3 (Kyodo) —",
                    "The council put off its vote. " * 8,
                    "© 2014",
                    "\u2028",
                ),
                *(
                    "“",
                    "\ufeff",
                    "e\u0301 \U0001f600",
                    "مرحبا",
                    "日本語。" * 12,
                    "\x0c",
                    "\t",
                    "",
                    " ",
                    "A.",
                ),
                *(
                    "leadersWords",
                    "Photo: x",
                    "https://pier.example/a",
                    "Headline: x",
                    "A: No.",
                    "\x85",
                ),
            )
        ),
        max_size=12,
    ),
    st.sampled_from(("\n", "\r\n", "\r", "\n\n", " ")),
)
def test_every_part_of_any_text_lies_in_it_and_has_words(lines: list[str], apart: str) -> None:
    text = apart.join(lines)
    found = heading(text)
    assert found == heading(text)
    assert list(found.parts) == sorted(found.parts, key=lambda part: (part.span, part.kind))
    for part in found.parts:
        assert words(text, part) == words(text, part).strip() != ""
    assert found.headline is None or found.headline.strip()
    assert all(name.strip() for name in found.author)


# ------------------------------------------------------------------------------- texts of others

SEEDS = SHARED / "seeds"
WIKINEWS = SHARED / "data" / "wikinews" / "wikinews.jsonl"


@pytest.mark.skipif(not SEEDS.exists(), reason="the founding texts are not at hand")
@pytest.mark.parametrize(
    "name", ["2007-north-korea-abducting-the-alliance", "2018-pompeo-visits-japan"]
)
def test_the_founding_texts_say_what_was_read_in_them_by_hand(name: str) -> None:
    root = Path(__file__).parents[1] / "examples" / "abductions"
    by_hand = plain_yaml(root / f"{name}.yaml")
    article, text = by_hand["article"], by_hand["text"]
    found = read(SEEDS / text["file"])
    assert found.headline == article["headline"]
    assert (found.language, found.section) == (article["language"], article.get("section"))
    stated = article["published"] if article["published"]["basis"] == "stated" else {}
    assert said(found.published) == stated.get("date")
    assert said(found.retrieved, "inferred") == text.get("retrieved", {}).get("date")
    assert found.publisher is None
    assert list(found.author) == (["Malcolm Cook"] if name.startswith("2007") else [])
    assert {part.kind for part in found.parts} == (
        {"clock", "headline", "byline", "date"}
        if name.startswith("2007")
        else {"section", "headline", "navigation", "repeated", "standfirst", "credit"}
    )


@pytest.mark.skipif(not WIKINEWS.exists(), reason="the corpus is not at hand")
def test_the_head_of_every_text_of_a_news_corpus_is_found() -> None:
    import json

    articles = [json.loads(line) for line in WIKINEWS.read_text(encoding="utf-8").splitlines()]
    assert len(articles) == 16
    for article in articles:
        found = parse(article["text"].encode(), "a.txt")
        assert found.headline == article["title"]
        day = said(found.published) or ""
        assert (
            article["text"]
            .split("\n\n")[1]
            .startswith(time.strftime("%A, %B ", time.strptime(day, "%Y-%m-%d")))
        )
        assert (found.language, found.retrieved, found.author) == ("en", None, ())

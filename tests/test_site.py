"""`kg export -f site`: every page as a file, every link to a file that is there, nothing from elsewhere."""

from __future__ import annotations

import contextlib
import functools
import http.server
import re
import threading
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ConfigError
from kg.web.site import MARKER, _Page, export, file_of
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from kg.workspace import Workspace
    from tests.conftest import Run

pytestmark = pytest.mark.xdist_group("site")  # one process makes it for all


@pytest.fixture(scope="module")
def written(built_newsroom: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "public"
    export(built_newsroom, folder)
    return folder


@contextlib.contextmanager
def plain_server(folder: Path) -> Iterator[Site]:
    """The plainest web server there is."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Site(f"http://127.0.0.1:{server.server_port}/")
        finally:
            server.shutdown()
            thread.join()


def links(page: str) -> set[str]:
    return {unescape(link) for link in re.findall(r'\s(?:href|src)="([^"]*)"', page)}


def test_every_link_leads_to_a_file_that_is_there(written: Path) -> None:
    pages = sorted(written.rglob("*.html"))
    assert len(pages) > 100
    broken = set()
    with plain_server(written.parent) as site:  # in a folder of the server, not at its root
        for page in pages:
            here = f"{site.address}public/{page.relative_to(written)}"
            for link in links(page.read_text()):
                parts = urlsplit(urljoin(here, link))
                if not parts.geturl().startswith(site.address):
                    continue  # an authority's address
                assert not parts.query, (page, link)
                assert parts.path.startswith("/public/"), (page, link)
                file = written.parent / unquote(parts.path)[1:]
                if not file.is_file():
                    broken.add((str(page.relative_to(written)), link))
        assert not broken, sorted(broken)[:20]
        assert site.get("/public/index.html").status == 200


def test_links_to_a_place_in_a_page_lead_to_one_that_is_there(written: Path) -> None:
    asked = 0
    for page in written.rglob("*.html"):
        text = page.read_text()
        for link in links(text):
            path, _, fragment = link.partition("#")
            if not fragment or ":" in path or fragment.startswith("char="):
                continue  # passages are found by a script: RFC 5147
            target = page if not path else Path(page.parent, unquote(path)).resolve()
            asked += 1
            assert f'id="{unquote(fragment)}"' in target.read_text(), (page, link)
    assert asked > 100


def test_nothing_is_fetched_from_elsewhere(written: Path) -> None:
    fetched = re.compile(
        r'<(?:script|link|img|iframe|source|video|audio)\b[^>]*\s(?:src|href)="(https?:)?//'
    )
    for page in written.rglob("*.html"):
        for tag in fetched.finditer(page.read_text()):
            # An address of the same thing elsewhere may be named, not fetched.
            assert 'rel="alternate"' in tag[0] or 'rel="canonical"' in tag[0], (page, tag[0])
    for sheet in written.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", sheet.read_text())


def test_what_needs_a_server_is_left_out(written: Path) -> None:
    for page in written.rglob("*.html"):
        text = page.read_text()
        assert "<form" not in text, page
        assert "data-live" not in text, page


def test_scripts_run_from_a_disk_too_and_none_is_for_what_is_not_there(written: Path) -> None:
    tags = {
        tag
        for page in written.rglob("*.html")
        for tag in re.findall(r"<script[^>]*>", page.read_text())
    }
    scripts = {re.sub(r".*/static/|^.*static/|\".*", "", tag.split('src="')[1]) for tag in tags}
    assert scripts == {"article.js", "text.js", "zoom.js"}
    assert not {tag for tag in tags if "module" in tag or "defer" not in tag}
    for script in scripts:
        assert not re.search(
            r"^(?:import|export)\b", (written / "static" / script).read_text(), re.MULTILINE
        )


def test_a_page_that_is_opened_as_a_file_marks_the_words_of_an_address(
    browser: Browser, written: Path
) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    file = written / "page/id/article/2f03bc0f5780.html"
    page.goto(f"{file.as_uri()}#char=417,463")
    marked = "".join(page.locator(".target").all_inner_texts())
    assert marked == "the number of people aboard the Amaranta at 15"
    assert not complaints
    page.close()


def test_the_same_workspace_gives_the_same_site(fresh_sample: Workspace, tmp_path: Path) -> None:
    for name in ("once", "again"):
        export(fresh_sample, tmp_path / name)

    def contents(folder: Path) -> dict[str, bytes]:
        files = (file for file in folder.rglob("*") if file.is_file())
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}

    assert contents(tmp_path / "again") == contents(tmp_path / "once")


def test_a_folder_with_something_else_is_left_alone(
    built: Workspace, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "precious").write_text("mine")
    with pytest.raises(ConfigError, match="is not empty"):
        export(built, tmp_path)
    answer = run("export", "-f", "site", "-o", tmp_path, cwd=built.root)
    assert (answer.code, [file.name for file in tmp_path.iterdir()]) == (2, ["precious"])
    assert run("export", "-f", "site", cwd=built.root).code == 2


def test_an_earlier_site_is_replaced_as_a_whole(fresh_sample: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / MARKER).touch()
    (folder / "old.html").write_text("old")
    export(fresh_sample, folder)
    assert (folder / "index.html").is_file()
    assert not (folder / "old.html").exists()
    assert [file.name for file in tmp_path.iterdir()] == ["site"] or {
        file.name for file in tmp_path.iterdir()
    } == {"site", "fresh-sample"}


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("", "index.html"),
        ("articles", "articles.html"),
        ("articles?page=2", "articles-page-2.html"),
        ("page/id/actor/japan", "page/id/actor/japan.html"),
        ("page/id/date/2014%2F2016", "page/id/date/2014~2F2016.html"),
        ("page/id/agent/newskg%2f0.1.0", "page/id/agent/newskg~2F0.1.0.html"),
        ("page/id/actor/%C3%A9", "page/id/actor/é.html"),
        ("data/id/actor/japan.ttl", "data/id/actor/japan.ttl"),
        ("graph/%2E%2E/%2e%2e/pwned", "graph/~2E~2E/~2E~2E/pwned.html"),
        ("page/id/actor/..%5C..%2Fa", "page/id/actor/..~5C..~2Fa.html"),
        ("page/id/actor/a%00%0Ab", "page/id/actor/a~00~0Ab.html"),
        ("page/id/actor/long.html/under", "page/id/actor/long~2Ehtml/under.html"),
        ("data/id/actor/a:b.ttl", "data/id/actor/a~3Ab.ttl"),
    ],
)
def test_paths_become_files(path: str, file: str) -> None:
    assert file_of(path) == file


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400))
def test_no_name_leads_out_of_the_site_or_is_too_long(local: str) -> None:
    file = file_of(f"page/id/actor/{quote(local, safe='/')}")
    parts = file.split("/")
    assert parts[:3] == ["page", "id", "actor"]
    assert not {"..", "."} & set(parts)
    assert max(len(part.encode()) for part in parts) <= 255
    assert "\0" not in file


def rewritten(page: str, path: str = "page/id/actor/a") -> tuple[str, list[str]]:
    parser = _Page(path)
    parser.feed(page)
    parser.close()
    return "".join(parser.out), parser.links


@pytest.mark.parametrize(
    ("page", "after", "found"),
    [
        ('<a href="../event/b">b</a>', '<a href="../event/b.html">b</a>', ["page/id/event/b"]),
        ('<a href="../../../">start</a>', '<a href="../../../index.html">start</a>', [""]),
        ('<a href="#x">x</a>', '<a href="#x">x</a>', []),
        ('<a href="b#x&amp;y">x</a>', '<a href="b.html#x&amp;y">x</a>', ["page/id/actor/b"]),
        ('<a href="https://a.example/?a=b">x</a>', '<a href="https://a.example/?a=b">x</a>', []),
        ('<a href="../../../sparql">x</a>', "<a>x</a>", []),
        ('<a href="../../../articles?sort=date">x</a>', "<a>x</a>", []),
        ("<p data-live>a<b>c</b></p>d", "d", []),
        ("<input data-live><p>a<br data-live>b", "<p>ab", []),
        ("<svg><g data-live><path/></g><path d='M0'/></svg>", "<svg><path d='M0'/></svg>", []),
        ("&lt;b&#62; &amp;&nbsp;", "&lt;b&#62; &amp;&nbsp;", []),
    ],
)
def test_links_are_rewritten_and_the_rest_stays(page: str, after: str, found: list[str]) -> None:
    assert rewritten(page) == (after, found)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<&\r")))
def test_words_stay_as_they_are(words: str) -> None:
    assert rewritten(f"<p>{words}</p>")[0] == f"<p>{words}</p>"

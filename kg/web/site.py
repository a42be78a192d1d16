"""`kg export -f site`: the reading part of the pages as files, which any web server or none can show.

The pages are those of a server that runs for as long as it takes: whatever can be reached from the
start page without a query is taken, and its links lead from file to file. What needs a server is
left out: forms, and what the templates mark `data-live`.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urljoin, urlsplit

from kg.errors import ConfigError, StoreError
from kg.files import reporting
from kg.web import server
from kg.web.pages.html import STATIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from urllib3 import PoolManager

    from kg.workspace import Workspace

MARKER: Final = ".kg-site"
"""The file that says that a folder was made here, and may be replaced."""
LIVE: Final = "data-live"
"""The attribute of elements that need a server."""
AT_ONCE: Final = 4
_READING: Final = re.compile(
    r"(?:|articles|actors|places|topics|events|claims|timeline|network|ontology|shapes"
    r"|scheme/[^/]+|(?:page|data|picture|graph)/.+)"
)
"""The paths that are taken; each address once, but for the pages of lists."""
_APART: Final = frozenset('~/\\:*?"<>|')
"""Characters that no name of a file may have, on one system or another."""
_LONGEST: Final = 180
"""Bytes of a name that every file system takes, with room for an extension."""
_PAGE: Final = re.compile(r"page=\d{1,6}")
_VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass(kw_only=True)
class Site:
    """What was written: the files by their addresses, and what the server refused with its status."""

    files: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


def export(
    workspace: Workspace, folder: Path, advance: Callable[[str], None] | None = None
) -> Site:
    """Write the site of a workspace to a folder, which is replaced as a whole or not at all.

    `advance` gets each path that has been taken. Raises ConfigError where the folder has something
    else in it, StoreError where the disk refuses or a page cannot be made.
    """
    folder = folder.absolute()
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder}: is no folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise ConfigError(f"{folder}: is not empty", hint="give a folder of its own")
    with reporting(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".kg-site-", dir=folder.parent) as scratch:
            made = Path(scratch) / "site"
            shutil.copytree(STATIC, made / "static", ignore=shutil.ignore_patterns("vendor"))
            (made / MARKER).touch()
            with server.running(workspace, seconds=300) as address:
                site = _Crawl(address, made, advance or (lambda _: None)).run()
            if folder.exists():
                folder.rename(Path(scratch) / "before")
            made.rename(folder)
            os.chmod(folder, 0o755)  # noqa: PTH101, S103 - a web server has to read it
    return site


class _Crawl:
    """Takes page after page, each with the links that lead on."""

    def __init__(self, address: str, folder: Path, advance: Callable[[str], None]) -> None:
        import urllib3
        from urllib3.util import Retry

        self.address = address
        self.folder = folder
        self.advance = advance
        self.site = Site()
        busy = Retry(total=20, redirect=0, status_forcelist=[503], raise_on_status=False)
        self.pool: PoolManager = urllib3.PoolManager(
            maxsize=AT_ONCE, block=True, retries=busy, headers={"Accept": "text/html, */*;q=0.5"}
        )

    def run(self) -> Site:
        """Take all that can be reached."""
        known = {""}
        waiting = [""]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while waiting:
                found: list[str] = []
                for path, links in zip(waiting, threads.map(self._take, waiting), strict=True):
                    self.advance(path)
                    for link in links:
                        if link not in known:
                            known.add(link)
                            found.append(link)
                waiting = found
        return self.site

    def _take(self, path: str) -> Iterable[str]:
        """Write the file of a path; the paths that its links lead to."""
        answer = self.pool.request("GET", self.address + path, redirect=False)
        if answer.status != 200:
            if answer.status >= 500:
                raise StoreError(f"/{path}: {answer.status} {answer.data[:200].decode()}")
            self.site.refused[path] = answer.status
            return []
        name = file_of(path)
        file = self.folder / name
        if not file.resolve().is_relative_to(self.folder.resolve()):
            raise StoreError(f"/{path}: would be written outside of the site")
        file.parent.mkdir(parents=True, exist_ok=True)
        self.site.files[path] = name
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            page = _Page(path)
            page.feed(answer.data.decode())
            page.close()
            file.write_text("".join(page.out), encoding="utf-8")
            return page.links
        file.write_bytes(answer.data)
        return []


def file_of(path: str) -> str:
    """The file that stands for a path of the server; an encoded slash is no folder.

    >>> file_of(""), file_of("page/id/date/2014%2F2016"), file_of("data/id/actor/japan.ttl")
    ('index.html', 'page/id/date/2014~2F2016.html', 'data/id/actor/japan.ttl')
    """
    path, _, query = path.partition("?")
    fixed = path.startswith(("data/", "picture/"))
    name = "/".join(_segment(part) for part in path.split("/"))
    if fixed:
        return name
    if query:
        name += "-" + _segment(query.replace("=", "-"))
    return f"{name or 'index'}.html"


def _segment(part: str) -> str:
    """A part of a path as the name of a folder or file: one that leads nowhere else, on any disk.

    >>> _segment("2014%2F2016"), _segment("%2e%2E"), _segment("a.html")
    ('2014~2F2016', '~2E~2E', 'a~2Ehtml')
    """
    name = "".join(
        f"~{ord(char):02X}" if char in _APART or not char.isprintable() else char
        for char in unquote(part)
    )
    if set(name) == {"."} or name.endswith(".html"):
        name = name.replace(".", "~2E")
    if len(name.encode()) > _LONGEST:
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        name = f"{name[: _LONGEST // 8]}~{digest}{PurePath(name).suffix[:9]}"
    return name


class _Page(HTMLParser):
    """A page as it is, but for its links, and for what needs a server."""

    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=False)
        self.path = path
        self.out: list[str] = []
        self.links: list[str] = []
        self._left_out: list[str] = []  # the open elements from the first that is left out

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._left_out or tag == "form" or any(name == LIVE for name, _ in attrs):
            self._left_out.append(tag)
            if tag in _VOID:
                self._left_out.pop()
        else:
            self.out.append(self._rewritten(self.get_starttag_text() or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._left_out and tag not in _VOID:
            self._left_out.pop()

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            if tag in self._left_out:
                while self._left_out.pop() != tag:
                    pass
            return
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._keep(f"<!{decl}>")

    def _keep(self, words: str) -> None:
        if not self._left_out:
            self.out.append(words)

    def _rewritten(self, tag: str) -> str:
        return re.sub(r'(\s(?:href|src|xlink:href))="([^"]*)"', self._attribute, tag)

    def _attribute(self, found: re.Match[str]) -> str:
        """An attribute whose address leads to a file; without its address where that is not taken."""
        target = self._target(unescape(found[2]))
        return f'{found[1]}="{escape(target)}"' if target is not None else ""

    def _target(self, link: str) -> str | None:
        root = "http://site/"
        whole = urljoin(root + self.path, link)
        if not whole.startswith(root):
            return link
        parts = urlsplit(whole)
        path = parts.path[1:]
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        if path.startswith("static/"):
            return self._relative(path)
        if not _READING.fullmatch(path):
            return None
        if parts.query and not _PAGE.fullmatch(parts.query):
            return None
        address = f"{path}?{parts.query}" if parts.query else path
        if address == self.path and fragment:
            return fragment
        self.links.append(address)
        return self._relative(quote(file_of(address), safe="/~#=,:@!$&'()*+;")) + fragment

    def _relative(self, file: str) -> str:
        return posixpath.relpath(file, posixpath.dirname(file_of(self.path)) or ".")

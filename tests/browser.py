"""A real browser for tests of pages: Debian's Chromium, with no network but this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # the cable is pulled
)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for some tests of one module: while it runs, no other loop of asyncio can."""
    program = os.environ.get("KG_CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium: apt-get install chromium, or KG_CHROMIUM=…")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """A page in a browser, with what it complained of and what it asked of other hosts."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._request)

    def go(self, path: str, status: int = 200) -> None:
        """Go to a path of the site; the browser complains of another status than 200 itself."""
        answer = self.page.goto(self.address.rstrip("/") + path, wait_until="load")
        assert answer is not None
        assert answer.status == status, path
        if status != 200:
            assert len(self.complaints) == 1
            assert f"status of {status}" in self.complaints.pop()

    def over(self) -> None:
        """Assert that nothing was complained of, and nobody else asked, since the last time."""
        complaints, self.complaints = self.complaints, []
        elsewhere, self.elsewhere = self.elsewhere, []
        assert not complaints
        assert not elsewhere

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.elsewhere.append(request.url)


@contextlib.contextmanager
def visit(
    browser: Browser, address: str, *, width: int = 1280, scripts: bool = True
) -> Iterator[Visit]:
    """A page of one's own, of a width; it may have complained of nothing, and asked nobody else."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )
    context.set_default_timeout(15_000)
    try:
        found = Visit(context.new_page(), address)
        yield found
        found.over()
    finally:
        context.close()

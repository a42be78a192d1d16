"""Reviewing over HTTP in tests: a server that may be decided on, and somebody at a browser without scripts."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from kg.build import build
from kg.web.server import TOKEN, running
from kg.web.writing import following
from tests.conftest import copied
from tests.pages import HTML, find, tree
from tests.test_review import Proposals
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml.html import HtmlElement

    from kg.workspace import Workspace
    from tests.web import Got

SECRET = "correct-horse-battery-staple"  # noqa: S105 - of these tests only
ANN, BEN = "Ann Example", "Ben Example"


def sent_by(found: HtmlElement) -> dict[str, str]:
    """What the form of a page to decide on something sends, without a decision."""
    (form,) = (each for each in find(found, "form") if each.get("action").endswith("/decide"))
    return {name: value or "" for name, value in form.form_values()}


def until(seen: Callable[[], bool]) -> None:
    """Wait until something is seen: on a busy machine the graph follows the files with a delay."""
    end = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.2)


@dataclass
class Reviewer:
    """Somebody at a browser without scripts: keeps the cookie, sends the forms of pages."""

    site: Site
    name: str
    cookie: str = field(init=False)

    def __post_init__(self) -> None:
        fields = {"name": self.name, "token": SECRET}
        answer = self.site.ask("POST", "/review/sign-in", fields=fields)
        assert (answer.status, answer.headers["location"]) == (303, "../review")
        self.cookie = answer.headers["set-cookie"].split(";")[0]

    def get(self, path: str, status: int = 200) -> HtmlElement:
        answer = self.site.get(path, accept=HTML, Cookie=self.cookie)
        assert (answer.status, answer.type) == (status, HTML), answer.text[:500]
        assert answer.headers["cache-control"] == "no-store"
        return tree(self.site, path, answer)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Got:
        sent = {"Cookie": self.cookie, "Accept": HTML} | headers
        return self.site.ask("POST", path, headers=sent, fields=fields)

    def form(self, of: str) -> dict[str, str]:
        """What the form about something sends, without a decision."""
        return sent_by(self.get(f"/review/item?of={of}"))

    def decide(self, of: str, verdict: str, because: str = "", code: int = 303) -> Got:
        """Open the page about something, decide, and send it."""
        fields = self.form(of) | {"verdict": verdict, "because": because}
        answer = self.post("/review/decide", fields)
        assert answer.status == code, answer.text
        return answer

    def secret(self) -> str:
        return str(dict(find(self.get("/review"), "form")[1].form_values())["secret"])


def writing(workspace: Workspace) -> contextlib.AbstractContextManager[Site]:
    """A server of a workspace, as its files are, that may be decided on."""

    @contextlib.contextmanager
    def started() -> Iterator[Site]:
        with workspace.writing() as store:
            assert not build(workspace, store).problems
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(TOKEN, SECRET)
            # On a busy machine a build takes longer, and pages would follow when nobody decides.
            patch.setattr(following, "QUICK", 30.0)
            with running(workspace, write=True) as address:
                yield Site(address)

    return started()


@pytest.fixture
def site_of(proposals: Proposals) -> Iterator[Site]:
    """A server of a copy of the proposals, to decide on."""
    with writing(proposals.workspace) as site:
        yield site


@pytest.fixture(scope="module")
def shown(
    proposed: Proposals, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Proposals, Site]]:
    """A server of another copy, with which nothing may be decided: it is for several tests."""
    workspace = copied(proposed.workspace, tmp_path_factory.mktemp("shown") / "news")
    with writing(workspace) as site:
        yield Proposals(workspace, dict(proposed.keys)), site


@pytest.fixture(scope="module")
def open_site(shown: tuple[Proposals, Site]) -> Site:
    return shown[1]


def status(workspace: Workspace, key: str) -> tuple[str, str, str | None]:
    judgement = workspace.analysis().judgements[key]
    return judgement.status, str(judgement.by), judgement.note

"""Texts that people edit or delete while a server shows them: no page has words that are not theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.web.server import running
from tests.conftest import copied
from tests.pages import HTML, find, tree, words
from tests.reviewer import ANN, Reviewer, writing
from tests.test_review import TRAWLER, Proposals, claims, proposals, proposed
from tests.web import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kg.workspace import Workspace

__all__ = ["proposals", "proposed"]

WHY = "/query/attributed-claims.json?why=1&limit=100"


def edit(file: Path) -> None:
    file.write_bytes(b"A line that was not there. " + file.read_bytes())


def spoil(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")


def delete(file: Path) -> None:
    file.unlink()


def make_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


CHANGES = [edit, spoil, delete, make_a_folder]
NOT_AT_HAND = "the text is not at hand"


@pytest.mark.parametrize("change", CHANGES)
def test_a_claim_has_no_words_of_a_text_that_is_another(
    built_newsroom: Workspace, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    workspace = copied(built_newsroom, tmp_path / "news")
    with running(workspace, processes=1) as address:
        site = Site(address)
        before = supports(site)
        assert all(support["before"] or support["after"] for support in before)
        first, other = sorted({support["node"] for support in before})[:2]
        around = surroundings(site, first)
        assert around
        for file in workspace.articles.glob("*.txt"):
            change(file)
        assert not any(surroundings(site, other))
        after = supports(site, again=True)
    assert len(after) == len(before) > 50
    for support in after:
        assert not support.get("before")
        assert not support.get("after")
    said = {(each["node"], each["passage"]): each.get("words") for each in before}
    assert all(each.get("words") in (None, said[each["node"], each["passage"]]) for each in after)


def supports(site: Site, *, again: bool = False) -> Sequence[dict[str, str]]:
    """The passages that claims rest on; `again` has them worked out anew."""
    answer = site.get(WHY + ("&offset=0" if again else ""))
    assert answer.status == 200, answer.text
    return [w for row in answer.json["why"] for w in row]


def surroundings(site: Site, claim: str) -> list[str]:
    """The passages of a text that the page of a claim shows."""
    path = "/page/" + claim.removeprefix("https://example.org/kg/")
    answer = site.get(path, HTML)
    assert answer.status == 200
    return [words(each) for each in find(tree(site, path, answer), "blockquote")]


@pytest.mark.parametrize("change", CHANGES)
def test_what_waits_is_shown_without_the_words_of_another_text(
    proposals: Proposals, change: Callable[[Path], None]
) -> None:
    workspace = proposals.workspace
    claim = claims(workspace)[0]
    of_it = f"#char={','.join(claim.split('-')[1:])}"
    pair = f"/review/item?of=judgement/{proposals.keys['against']}"
    file = (workspace.root / TRAWLER).with_suffix(".txt")
    with writing(workspace) as site:
        ann = Reviewer(site, ANN)
        for path in (f"/review/item?of={claim}", pair):
            page = ann.get(path)
            assert find(page, "blockquote mark")
            assert NOT_AT_HAND not in words(page)
            assert any(of_it in link.get("href") for link in find(page, "p.where a"))
        change(file)
        # A claim that has no text any more is not for review, until the text is back or built anew.
        assert not find(ann.get(f"/review/item?of={claim}", 404), "blockquote")
        page = ann.get(pair)
        assert not find(page, "blockquote")
        assert NOT_AT_HAND in words(page)
        named = ann.get("/review/item?of=actor/edrin-vask")
        assert NOT_AT_HAND not in words(named)  # the mentions have their words in the graph
        assert "A line that was not there" not in words(named)


def test_so_many_cases_are_tried() -> None:
    assert len(CHANGES) == 4

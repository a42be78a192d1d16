"""Annotations changed in their text: the value is there, and no other byte is another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import annotation
from kg.annotation.edit import edited
from kg.errors import AnnotationError, InputError
from kg.source import Source
from tests.conftest import ROOT
from tests.strategies import LAW, Case, cases

REVIEW = {"status": "accepted", "by": "Ines Calder", "when": "2031-05-06"}
LINE = "review: {status: accepted, by: Ines Calder, when: '2031-05-06'}"

LAYOUTS: dict[str, tuple[str, str]] = {
    "a line for each key": (
        "claims:\n- id: c1\n  text: It is safe.\n- id: c2\n",
        f"claims:\n- id: c1\n  text: It is safe.\n  {LINE}\n- id: c2\n",
    ),
    "further in, with comments and blank lines": (
        "claims:\n    - # the first\n      id: c1  # kept\n\n      text: Safe.  # so they say\n\n    # next\n",
        (
            "claims:\n    - # the first\n      id: c1  # kept\n\n      text: Safe.  # so they say\n"
            f"      {LINE}\n\n    # next\n"
        ),
    ),
    "on one line": (
        "claims: [{id: c1, text: Safe.}, {id: c2}]",
        f"claims: [{{id: c1, text: Safe., {LINE}}}, {{id: c2}}]",
    ),
    "on one line, with a comma at the end": (
        "claims:\n- {id: c1, text: 'It''s so', }  # odd\n",
        f"claims:\n- {{id: c1, text: 'It''s so', {LINE}, }}  # odd\n",
    ),
    "brackets over several lines": (
        "claims:\n- {id: c1,\n   about: [a,  # one\n     b]  # two\n  }\n",
        f"claims:\n- {{id: c1,\n   about: [a,  # one\n     b], {LINE}  # two\n  }}\n",
    ),
    "as JSON": (
        '{"claims": [{"id": "c1", "text": "Safe."}]}',
        (
            '{"claims": [{"id": "c1", "text": "Safe.", "review": {status: accepted, '
            "by: Ines Calder, when: '2031-05-06'}}]}"
        ),
    ),
    "no line break at the end": (
        "claims:\n- id: c1\n  text: Safe.",
        f"claims:\n- id: c1\n  text: Safe.\n  {LINE}",
    ),
    "a comment and no line break at the end": (
        "claims:\n- id: c1\n  text: Safe.  # it is",
        f"claims:\n- id: c1\n  text: Safe.  # it is\n  {LINE}",
    ),
    "line breaks of Windows": (
        "claims:\r\n- id: c1\r\n  text: Safe.\r\n\r\n- id: c2\r\n",
        f"claims:\r\n- id: c1\r\n  text: Safe.\r\n  {LINE}\r\n\r\n- id: c2\r\n",
    ),
    "a block of text before others": (
        "claims:\n- id: c1\n  text: |-\n    It is\n    safe.\n\n\n- id: c2\n",
        f"claims:\n- id: c1\n  {LINE}\n  text: |-\n    It is\n    safe.\n\n\n- id: c2\n",
    ),
    "a block of text at the end": (
        "claims:\n- id: c1\n  text: >\n    It is\n    safe.",
        f"claims:\n- id: c1\n  {LINE}\n  text: >\n    It is\n    safe.",
    ),
    "a quoted text over two lines": (
        'claims:\n- id: c1\n  text: "It is\n    safe."\nkg: 1\n',
        f'claims:\n- id: c1\n  text: "It is\n    safe."\n  {LINE}\nkg: 1\n',
    ),
    "lists in blocks": (
        "claims:\n- id: c1\n  about:\n  - a\n  - b\n# the end\n",
        f"claims:\n- id: c1\n  about:\n  - a\n  - b\n  {LINE}\n# the end\n",
    ),
    "letters beyond the first plane": (
        "claims:\n- id: c1\n  text: 日本 \U0001f5fe e\u0301\n  about: [a]\n",
        f"claims:\n- id: c1\n  text: 日本 \U0001f5fe e\u0301\n  about: [a]\n  {LINE}\n",
    ),
    "an earlier review on one line": (
        "claims:\n- id: c1\n  review: {status: rejected}  # hm\n  text: Safe.\n",
        f"claims:\n- id: c1\n  {LINE}  # hm\n  text: Safe.\n",
    ),
    "an earlier review with a line for each key": (
        "claims:\n- id: c1\n  review:\n    status: rejected\n    because: no\n\n  text: Safe.\n",
        f"claims:\n- id: c1\n  {LINE}\n\n  text: Safe.\n",
    ),
    "an earlier review with a block of text": (
        "claims:\n- id: c1\n  review:\n    status: rejected\n    because: |\n      no\n\n- id: c2\n",
        f"claims:\n- id: c1\n  {LINE}\n\n- id: c2\n",
    ),
}

REMOVED: dict[str, tuple[str, str]] = {
    "the last line": (
        "claims:\n- id: c1\n  review: {status: rejected}\n",
        "claims:\n- id: c1\n",
    ),
    "a line in the middle, with its comment": (
        "claims:\n- id: c1\n  review: {status: rejected}  # hm\n  text: Safe.\n",
        "claims:\n- id: c1\n  text: Safe.\n",
    ),
    "several lines": (
        "claims:\n- id: c1\n  review:\n    status: rejected\n\n  # the words\n  text: Safe.\n",
        "claims:\n- id: c1\n\n  # the words\n  text: Safe.\n",
    ),
    "the first key": (
        "claims:\n- review: {status: rejected}\n  id: c1\n",
        "claims:\n- id: c1\n",
    ),
    "on one line": (
        "claims: [{id: c1, review: {status: rejected}, text: Safe.}]",
        "claims: [{id: c1, text: Safe.}]",
    ),
    "first on one line": (
        "claims: [{review: {status: rejected}, text: Safe.}]",
        "claims: [{text: Safe.}]",
    ),
    "no line break at the end": (
        "claims:\n- id: c1\n  review: {status: rejected}",
        "claims:\n- id: c1",
    ),
    "nothing": ("claims:\n- id: c1\n", "claims:\n- id: c1\n"),
}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a mark"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_key_is_added_or_replaced_in_the_style_of_the_file(layout: str, mark: bytes) -> None:
    before, after = LAYOUTS[layout]
    found = edited(mark + before.encode(), "a.yaml", ("claims", 0), {"review": REVIEW})
    assert found == mark + after.encode()


@pytest.mark.parametrize("layout", REMOVED)
def test_a_key_is_taken_away_with_its_line(layout: str) -> None:
    before, after = REMOVED[layout]
    found = edited(before.encode(), "a.yaml", ("claims", 0), {"review": None})
    assert found == after.encode()


def test_there_are_so_many_layouts() -> None:
    assert len(LAYOUTS) == 17
    assert len(REMOVED) == 8


def test_several_keys_are_changed_at_once() -> None:
    before = b"judgements:\n- {from: a, status: proposed, by: x, note: old}\n"
    values = {"status": "rejected", "by": "Ann: B", "confidence": 0, "note": None}
    after = b"judgements:\n- {from: a, status: rejected, by: 'Ann: B', confidence: 0}\n"
    assert edited(before, "a.yaml", ("judgements", 0), values) == after


def test_what_is_no_yaml_is_an_error() -> None:
    with pytest.raises(AnnotationError, match="not YAML"):
        edited(b"claims: [", "a.yaml", ("claims", 0), {"review": REVIEW})


def test_an_entry_that_would_have_nothing_left_is_left_alone() -> None:
    content = b"claims:\n- id: c1\n"
    with pytest.raises(InputError, match=r"a\.yaml:2:3: claims 1: laid out in a way") as error:
        edited(content, "a.yaml", ("claims", 0), {"id": None})
    assert error.value.hint == "make the change by hand"


def reasons() -> st.SearchStrategy[str]:
    return st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), min_size=1)


@LAW
@given(cases(), reasons(), st.integers(0, 3))
def test_what_is_added_is_there_and_is_taken_away_without_a_trace(
    case: Case, reason: str, i: int
) -> None:
    if i < len(case.written.claims):
        there_and_back(annotation.write(case.written).encode(), i, reason)


def test_the_same_holds_in_files_that_people_wrote() -> None:
    folders = [ROOT / "examples" / "newsroom", ROOT / "tests" / "sample"]
    found = [file.read_bytes() for folder in folders for file in sorted(folder.glob("*.yaml"))]
    assert len(found) == 8
    for content in found:
        there_and_back(content, 0, "it: isn't so")
        there_and_back(content, len(Source(content, "a.yaml").data["claims"]) - 1, "")


def there_and_back(content: bytes, i: int, reason: str) -> None:
    value = REVIEW | ({"because": reason} if reason else {})
    path = ("claims", i)
    changed = edited(content, "a.yaml", path, {"review": value})
    assert Source(changed, "a.yaml").at((*path, "review")) == value
    again = edited(changed, "a.yaml", path, {"review": REVIEW | {"by": "Bo"}})
    assert Source(again, "a.yaml").at((*path, "review", "by")) == "Bo"
    assert edited(again, "a.yaml", path, {"review": None}) == content

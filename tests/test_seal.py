"""The seal of an annotation that a machine made: any byte that a person changes breaks it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg import annotation
from kg.annotation.seal import seal_of, sealed, untouched
from kg.source import Source, to_yaml
from tests.strategies import LAW, REGISTER, Case, cases

TEXT = "Pier reopens\n\nThe pier is safe, said Ines\nCalder on Monday.\n"
FILE = f"""\
kg: 1
article: {{author: [desk], publisher: [desk]}}
text: {{file: pier.txt, length: {len(TEXT)}}}
made: {{by: rules, version: 0.1.0, method: rule, at: "2031-05-04T00:00:00Z"}}
things:
  - {{id: desk, type: actor, kind: unidentified, label: the desk}}
  - {{id: calder, type: actor, kind: person, label: Ines Calder}}
mentions:
  - {{span: [37, 48], of: calder}}
claims:
  - {{id: c1, source: [calder], evidence: [[14, 30]], text: The pier is safe., certainty: certain}}
"""


def made(text: str = TEXT) -> bytes:
    return sealed(annotation.read(FILE.encode(), "a.yaml", text=lambda _: text, kinds={}), text)


def test_the_seal_stands_in_the_file_and_holds() -> None:
    content = made()
    assert untouched(content)
    assert content.decode().count(f"\n  sha256: {seal_of(content)}\n") == 1
    assert made() == content
    found = annotation.read(content, "a.yaml", text=lambda _: TEXT, kinds={})
    assert found.made.sha256 == seal_of(content)


def test_the_words_of_mentions_stand_beside_them_on_their_line() -> None:
    assert "- {span: [37, 48], of: calder}  # Ines Calder\n" in made().decode()


@LAW
@given(st.data())
def test_any_change_breaks_the_seal(data: st.DataObject) -> None:
    content = made()
    at = data.draw(st.integers(0, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != content[at]))
    assert not untouched(content[:at] + bytes([byte]) + content[at + 1 :])
    assert not untouched(content[:at] + content[at + 1 :])
    assert not untouched(content[:at] + bytes([byte]) + content[at:])


CHANGES: dict[str, tuple[bytes, bytes]] = {
    "a comment": (b"\nclaims:", b"\n# checked\nclaims:"),
    "line ends": (b"\n", b"\r\n"),
    "a byte-order mark": (b"kg: 1\n", b"\xef\xbb\xbfkg: 1\n"),
    "a space": (b"[37, 48]", b"[37,48]"),
    "an offset": (b"[37, 48]", b"[37, 47]"),
    "a space in the seal's line": (b"  sha256: ", b"  sha256:  "),
    "the seal taken out": (b"  sha256: ", b"  # "),
    "a word beside a mention": (b"# Ines Calder", b"# I. Calder"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_change_is_too_small(change: str) -> None:
    changed = made().replace(*CHANGES[change])
    assert changed != made()
    assert not untouched(changed)


@pytest.mark.parametrize("content", [b"", b"made:\n", b"kg: 1\nmade: {by: A. Tester}\n", b"\xff"])
def test_what_has_no_seal_is_a_persons(content: bytes) -> None:
    assert not untouched(content)
    assert seal_of(content) is None


def test_the_seal_of_another_file_does_not_hold() -> None:
    other = made(TEXT.replace("Ines", "Anna"))
    one, two = ((seal_of(content) or "").encode() for content in (made(), other))
    assert one != two
    assert not untouched(made().replace(one, two))


@LAW
@given(cases())
def test_any_annotation_can_be_sealed_and_reads_back_the_same(case: Case) -> None:
    content = sealed(case.complete, case.text)
    assert untouched(content)
    found = annotation.read(content, "a.yaml", text=lambda _: case.text, kinds=REGISTER)
    assert replace(found, made=replace(found.made, sha256=None)) == replace(
        case.complete, made=replace(case.complete.made, sha256=None)
    )


# --------------------------------------------------------------- how the file is written

_DATA = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
    | st.sampled_from(["no", "Yes", "NULL", "~", "1e5", "0x1F", "1_000", "12:30:45", ".5", "+1"])
    | st.sampled_from(["2031-05-04", "- a", "a: b", "a #b", "#a", "'a'", '"', "|", "a:", "=", "<<"])
    | st.sampled_from(
        ["\x85a", "a\u2028b", "\ufeffa", "a\r\nb", "\ta", " a ", "\x00", "\x7f", "%a"]
    )
    | st.integers(-(10**20), 10**20)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-1e6, max_value=1e6)
    | st.booleans()
    | st.none(),
    lambda parts: (
        st.lists(parts, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True), parts, max_size=4)
    ),
    max_leaves=12,
)
_KEYS = st.from_regex(r"(?!y$|n$|no$|on$)[a-z][a-z_]{0,8}", fullmatch=True)


@LAW
@given(st.dictionaries(_KEYS, _DATA, min_size=1, max_size=4))
def test_any_plain_data_reads_back_the_same(data: dict[str, object]) -> None:
    written = to_yaml(data)
    assert Source(written.encode(), "a.yaml").data == data


@LAW
@given(st.dictionaries(_KEYS, st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_any_text_reads_back_the_same_by_any_reader_of_yaml(data: dict[str, str]) -> None:
    assert yaml.safe_load(to_yaml({"things": [data]})) == {"things": [data]}


def test_a_file_looks_as_people_expect() -> None:
    data = {
        "kg": 1,
        "article": {"headline": "Pier: open again", "language": "en", "author": ["desk"]},
        "things": [{"id": "desk", "label": "no"}],
        "mentions": [{"span": [0, 4], "of": "pier"}, {"span": [5, 9], "of": "it's"}],
        "claims": [
            {"id": "c1", "evidence": [[0, 4], [5, 9]], "text": "x " * 90 + "x", "quantities": []}
        ],
    }
    remarks = {"mentions": ["Pier", ""]}
    assert to_yaml(data, remarks) == (
        "kg: 1\n"
        "article:\n"
        "  headline: 'Pier: open again'\n"
        "  language: en\n"
        "  author: [desk]\n"
        "\n"
        "things:\n"
        "- {id: desk, label: 'no'}\n"
        "\n"
        "mentions:\n"
        "- {span: [0, 4], of: pier}  # Pier\n"
        "- {span: [5, 9], of: it's}\n"
        "\n"
        "claims:\n"
        "- id: c1\n"
        "  evidence: [[0, 4], [5, 9]]\n"
        f"  text: {'x ' * 90}x\n"
        "  quantities: []\n"
    )

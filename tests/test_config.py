"""Settings: defaults, then kg.toml, then the environment; what is wrong is said with its place."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from kg.config import DEFAULT_BASE, Settings, load
from kg.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def file(folder: Path, content: str | bytes) -> Path:
    path = folder / "kg.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_without_anything_there_are_defaults(tmp_path: Path) -> None:
    assert load(file(tmp_path, ""), {}) == Settings()
    assert Settings().base == DEFAULT_BASE
    assert Settings().store == ".kg/store"


def test_every_setting_says_what_it_is_for() -> None:
    assert all(part.metadata["help"] for part in fields(Settings))
    assert [part.name for part in fields(Settings)] == [
        *("base", "store", "gate", "text_limit", "endpoints", "prefixes")
    ]


def test_the_environment_comes_after_the_file_and_the_file_after_the_defaults(
    tmp_path: Path,
) -> None:
    path = file(tmp_path, 'base = "http://a.example/"\ntext_limit = 5\n[prefixes]\nex = "urn:x"')
    expected = Settings(base="http://a.example/", text_limit=5, prefixes={"ex": "urn:x"})
    assert load(path, {}) == expected
    environment = {"KG_BASE": "http://b.example/x/", "KG_TEXT_LIMIT": "7", "KG_STORE": "memory:"}
    assert load(path, environment) == Settings(
        base="http://b.example/x/", text_limit=7, store="memory:", prefixes={"ex": "urn:x"}
    )


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load(file(tmp_path, b'\xef\xbb\xbfstore = "s"\r\n'), {}).store == "s"


WRONG: dict[str | bytes, tuple[str, str | None]] = {
    "x = 1": ("unknown key x", "known keys: base, store, gate, text_limit, endpoints, prefixes"),
    'bsae = "http://x/"': ("unknown key bsae", "did you mean base?"),
    "x": ("not TOML: Expected '=' after a key in a key/value pair (at end of document)", None),
    b"\xff": ("not UTF-8", "save it as UTF-8"),
    "base = 3": (
        "base: 3 is no base IRI",
        f"an http or https address that ends in a slash, such as {DEFAULT_BASE}",
    ),
    "endpoints = 5": (
        'endpoints: expected a list of addresses, such as ["https://…/sparql"]',
        None,
    ),
    'endpoints = ["sparql"]': (
        'endpoints: expected a list of addresses, such as ["https://…/sparql"]',
        None,
    ),
    "text_limit = true": ("text_limit: expected a number of bytes, found True", None),
    "text_limit = 0": ("text_limit: expected a number of bytes, found 0", None),
    'text_limit = "5"': ("text_limit: expected a number of bytes, found '5'", None),
    "store = 5": ("store: expected text, found 5", None),
    'store = ""': ("store: expected text, found ''", None),
    "prefixes = 3": ('prefixes: expected a table of prefixes, such as ex = "http://…/"', None),
    '[prefixes]\nex = "a b"': (
        'prefixes: expected a table of prefixes, such as ex = "http://…/"',
        None,
    ),
    '[prefixes]\n"a b" = "http://e.org/"': (
        'prefixes: expected a table of prefixes, such as ex = "http://…/"',
        None,
    ),
}


@pytest.mark.parametrize("content", WRONG)
def test_what_is_wrong_in_the_file_is_said_with_its_place(
    tmp_path: Path, content: str | bytes
) -> None:
    path = file(tmp_path, content)
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    message, hint = WRONG[content]
    assert (str(caught.value), caught.value.hint) == (f"{path}: {message}", hint)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("KG_BASE", "x", "KG_BASE: 'x' is no base IRI"),
        ("KG_STORE", "", "KG_STORE: expected text, found ''"),
        ("KG_TEXT_LIMIT", "many", "KG_TEXT_LIMIT: expected a number of bytes, found 'many'"),
        ("KG_TEXT_LIMIT", "-1", "KG_TEXT_LIMIT: expected a number of bytes, found '-1'"),
        ("KG_TEXT_LIMIT", "²", "KG_TEXT_LIMIT: expected a number of bytes, found '²'"),
    ],
)
def test_what_is_wrong_in_the_environment_is_said_with_its_name(
    tmp_path: Path, name: str, value: str, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(file(tmp_path, ""), {name: value})
    assert str(caught.value) == message


def test_other_variables_are_left_alone(tmp_path: Path) -> None:
    others: dict[str, Any] = {"KG_DEBUG": "1", "KG_SHARED": "/x", "BASE": "x", "KG_PREFIXES": "x"}
    assert load(file(tmp_path, ""), others) == Settings()


def test_a_file_that_cannot_be_read_is_an_error_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"kg\.toml: no such file"):
        load(tmp_path / "kg.toml", {})

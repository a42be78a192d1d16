"""Settings: defaults, then kg.toml, then the environment; what is wrong is said with its place."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from kg.config import DEFAULT_BASE, ENGINES, Settings, load
from kg.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


KEYS = [
    *("base", "store", "store_update", "store_graphs", "store_dialect", "store_user", "store_auth"),
    *("store_ca", "store_timeout", "store_deadline", "store_insecure"),
    *("gate", "extractor", "own_assertions", "spacy_pipeline"),
    *("llm_url", "llm_model", "llm_timeout", "llm_deadline", "llm_requests_per_minute"),
    *("llm_window", "llm_reply_tokens", "llm_price_in", "llm_price_out", "llm_budget"),
    *("workers", "contact", "link_source", "link_accept"),
    *("languages", "wikidata_url", "wikidata_sparql_url"),
    *("service_deadline", "text_limit", "endpoints", "prefixes"),
]


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
    assert [part.name for part in fields(Settings)] == KEYS


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
    "x = 1": ("unknown key x", f"known keys: {', '.join(KEYS)}"),
    'extracter = "rules"': ("unknown key extracter", "did you mean extractor?"),
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
    'store_dialect = "oracle"': (
        f"store_dialect: expected {', '.join(ENGINES)}, found 'oracle'",
        None,
    ),
    "store_dialect = 1": (f"store_dialect: expected {', '.join(ENGINES)}, found 1", None),
    'store_auth = "ntlm"': ("store_auth: expected basic, digest, bearer, found 'ntlm'", None),
    'store_update = "update"': (
        "store_update: expected an address, such as https://…/update",
        None,
    ),
    'store_graphs = "https://me:x@h/"': (
        "store_graphs: expected an address, such as https://…/update",
        None,
    ),
    "store_timeout = -1": ("store_timeout: expected a number from 0 on, found -1", None),
    "store_insecure = 1": ("store_insecure: expected true or false, found 1", None),
    'store_password = "x"': (
        "store_password: secrets are not kept in files",
        "set KG_STORE_PASSWORD in the environment, and take the key out",
    ),
    'store_token = "x"': (
        "store_token: secrets are not kept in files",
        "set KG_STORE_TOKEN in the environment, and take the key out",
    ),
    "store = 5": ("store: expected text, found 5", None),
    'store = ""': ("store: expected text, found ''", None),
    "extractor = 5": ("extractor: expected text, found 5", None),
    'extractor = ""': ("extractor: expected text, found ''", None),
    "contact = 5": ("contact: expected text, found 5", None),
    "llm_url = false": ("llm_url: expected text, found False", None),
    "own_assertions = 1": ("own_assertions: expected true or false, found 1", None),
    'own_assertions = "true"': ("own_assertions: expected true or false, found 'true'", None),
    "workers = -1": ("workers: expected a whole number from 0 on, found -1", None),
    "workers = 1.5": ("workers: expected a whole number from 0 on, found 1.5", None),
    "workers = true": ("workers: expected a whole number from 0 on, found True", None),
    "llm_budget = -0.5": ("llm_budget: expected a number from 0 on, found -0.5", None),
    "llm_budget = nan": ("llm_budget: expected a number from 0 on, found nan", None),
    "llm_timeout = inf": ("llm_timeout: expected a number from 0 on, found inf", None),
    "languages = []": ('languages: expected a list of languages, such as ["en", "ja"]', None),
    'languages = "en"': ('languages: expected a list of languages, such as ["en", "ja"]', None),
    'languages = ["English"]': (
        'languages: expected a list of languages, such as ["en", "ja"]',
        None,
    ),
    'wikidata_url = "wikidata"': (
        "wikidata_url: expected an address, such as https://www.wikidata.org/w/api.php",
        None,
    ),
    "service_deadline = -1": ("service_deadline: expected a number from 0 on, found -1", None),
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
        ("KG_EXTRACTOR", "", "KG_EXTRACTOR: expected text, found ''"),
        ("KG_WORKERS", "two", "KG_WORKERS: expected a whole number from 0 on, found 'two'"),
        ("KG_WORKERS", "0.5", "KG_WORKERS: expected a whole number from 0 on, found 0.5"),
        ("KG_OWN_ASSERTIONS", "yes", "KG_OWN_ASSERTIONS: expected true or false, found 'yes'"),
        ("KG_LLM_PRICE_IN", "cheap", "KG_LLM_PRICE_IN: expected a number from 0 on, found 'cheap'"),
        ("KG_LLM_PRICE_IN", "1e9", "KG_LLM_PRICE_IN: expected a number from 0 on, found '1e9'"),
        ("KG_TEXT_LIMIT", "²", "KG_TEXT_LIMIT: expected a number of bytes, found '²'"),
    ],
)
def test_what_is_wrong_in_the_environment_is_said_with_its_name(
    tmp_path: Path, name: str, value: str, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(file(tmp_path, ""), {name: value})
    assert str(caught.value) == message


def test_settings_of_every_type_are_read_from_the_file_and_from_variables(tmp_path: Path) -> None:
    written = (
        'extractor = "mine"\nown_assertions = true\nworkers = 3\nllm_price_in = 0.5\nllm_budget = 2'
    )
    expected = Settings(
        extractor="mine", own_assertions=True, workers=3, llm_price_in=0.5, llm_budget=2
    )
    assert load(file(tmp_path, written), {}) == expected
    variables = {
        "KG_EXTRACTOR": "mine",
        "KG_OWN_ASSERTIONS": "True",
        "KG_WORKERS": "3",
        "KG_LLM_PRICE_IN": "0.5",
        "KG_LLM_BUDGET": "2",
    }
    assert load(file(tmp_path, ""), variables) == expected
    # Where there is no kg.toml, as for kg extract outside of a workspace, the environment counts.
    assert load(None, variables) == expected
    assert load(file(tmp_path, written), {"KG_OWN_ASSERTIONS": "0"}).own_assertions is False


def test_other_variables_are_left_alone(tmp_path: Path) -> None:
    others: dict[str, Any] = {"KG_DEBUG": "1", "KG_SHARED": "/x", "BASE": "x", "KG_PREFIXES": "x"}
    assert load(file(tmp_path, ""), others) == Settings()


def test_a_file_that_cannot_be_read_is_an_error_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"kg\.toml: no such file"):
        load(tmp_path / "kg.toml", {})

"""Settings: defaults, then kg.toml, then the environment.

A field is a key of kg.toml is a variable: `text_limit`, `text_limit = …`, `KG_TEXT_LIMIT`; only the
table of prefixes has no variable. The README's table of settings is made from the fields here.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from kg.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "kg.toml"
DEFAULT_BASE = "https://example.org/kg/"
GATES = ("strict", "lenient", "off")
_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+/")
_ENDPOINT = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set; `help` in each field's metadata says what it is for."""

    base: str = field(
        default=DEFAULT_BASE, metadata={"help": "what every IRI of the workspace starts with"}
    )
    store: str = field(
        default=".kg/store",
        metadata={"help": "folder of the store, from the workspace; memory: keeps none"},
    )
    gate: str = field(
        default="lenient",
        metadata={
            "help": "what happens to a change that does not conform: strict refuses it, lenient"
            " stores and reports it, off does not look"
        },
    )
    text_limit: int = field(
        default=10_000_000, metadata={"help": "bytes that a text to be added may have at most"}
    )
    endpoints: tuple[str, ...] = field(
        default=(), metadata={"help": "SPARQL endpoints that stored queries may name"}
    )
    prefixes: Mapping[str, str] = field(
        default_factory=dict, metadata={"help": "further prefixes for queries and exports"}
    )


def load(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the workspace whose kg.toml is `file`.

    Raises ConfigError where a key is unknown or a value is not of its type.
    """
    try:
        data = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{file}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8", hint="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not TOML: {error}") from error
    known = {part.name: part for part in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            import difflib

            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known keys: {', '.join(known)}"
            raise ConfigError(f"{file}: unknown key {key}", hint=hint)
        values[key] = checked(key, value, f"{file}: {key}")
    for key in known:
        name = f"KG_{key.upper()}"
        if name in environment and key != "prefixes":
            raw = environment[name]
            found: Any = raw
            if key == "text_limit" and raw.isdecimal():
                found = int(raw)
            elif key == "endpoints":
                found = raw.split()
            values[key] = checked(key, found, name)
    return Settings(**values)


def checked(key: str, value: Any, where: str) -> Any:
    """The value, if it is one that the key can have; `where` is for the message of the ConfigError."""
    match key:
        case "base":
            if not isinstance(value, str) or not _BASE.fullmatch(value):
                raise ConfigError(
                    f"{where}: {value!r} is no base IRI",
                    hint=f"an http or https address that ends in a slash, such as {DEFAULT_BASE}",
                )
        case "gate":
            if value not in GATES:
                raise ConfigError(f"{where}: expected {', '.join(GATES)}, found {value!r}")
        case "text_limit":
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ConfigError(f"{where}: expected a number of bytes, found {value!r}")
        case "endpoints":
            good = isinstance(value, (list, tuple)) and all(
                isinstance(iri, str) and _ENDPOINT.fullmatch(iri) for iri in value
            )
            if not good:
                raise ConfigError(
                    f'{where}: expected a list of addresses, such as ["https://…/sparql"]'
                )
            return tuple(value)
        case "prefixes":
            good = isinstance(value, dict) and all(
                isinstance(iri, str) and _PREFIX.fullmatch(name) and _IRI.fullmatch(iri)
                for name, iri in value.items()
            )
            if not good:
                raise ConfigError(
                    f'{where}: expected a table of prefixes, such as ex = "http://…/"'
                )
        case _:
            if not isinstance(value, str) or not value:
                raise ConfigError(f"{where}: expected text, found {value!r}")
    return value

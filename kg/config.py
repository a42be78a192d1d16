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
from urllib.parse import urlsplit

from kg.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "kg.toml"
DEFAULT_BASE = "https://example.org/kg/"
GATES = ("strict", "lenient", "off")
ENGINES = (
    *("virtuoso", "oxigraph", "fuseki", "graphdb", "qlever", "blazegraph", "neptune", "stardog"),
    "standard",
)
"""What `store_dialect` can name: `kg.store.dialects` knows what is different in each."""
SCHEMES = ("basic", "digest", "bearer")
_SECRETS = {"store_password": "KG_STORE_PASSWORD", "store_token": "KG_STORE_TOKEN"}
_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+/")
_ENDPOINT = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")
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
        metadata={
            "help": "folder of the store, from the workspace, or the address of a SPARQL endpoint;"
            " memory: keeps none"
        },
    )
    store_update: str = field(
        default="", metadata={"help": "where updates go, if the address of the store does not tell"}
    )
    store_graphs: str = field(
        default="", metadata={"help": "where its Graph Store Protocol is, if it does not tell"}
    )
    store_dialect: str = field(
        default="",
        metadata={
            "help": "the engine of the store: virtuoso, oxigraph, fuseki, graphdb, qlever, blazegraph,"
            " neptune, stardog or standard; empty finds out"
        },
    )
    store_user: str = field(
        default="",
        metadata={"help": "who asks the store; the password is KG_STORE_PASSWORD's"},
    )
    store_auth: str = field(
        default="",
        metadata={
            "help": "how: basic, digest, or bearer with the token of KG_STORE_TOKEN; empty finds out"
        },
    )
    store_ca: str = field(
        default="", metadata={"help": "a file of certificates that the store's may rest on"}
    )
    store_timeout: float = field(
        default=300.0, metadata={"help": "seconds that the store may be silent"}
    )
    store_deadline: float = field(
        default=3600.0,
        metadata={"help": "seconds that a request to it may take with all its tries"},
    )
    store_insecure: bool = field(
        default=False,
        metadata={"help": "whether a password may go to another machine over http"},
    )
    gate: str = field(
        default="lenient",
        metadata={
            "help": "what happens to a change that does not conform: strict refuses it, lenient"
            " stores and reports it, off does not look"
        },
    )
    extractor: str = field(
        default="rules",
        metadata={"help": "what reads texts for claims: rules, spacy, llm or one of your own"},
    )
    own_assertions: bool = field(
        default=False,
        metadata={"help": "whether what an article's author asserts is noted as well"},
    )
    spacy_pipeline: str = field(
        default="en_core_web_sm",
        metadata={"help": "the spaCy pipeline, by its name or folder"},
    )
    llm_url: str = field(
        default="",
        metadata={"help": "base URL of an endpoint that speaks the OpenAI chat API"},
    )
    llm_model: str = field(default="", metadata={"help": "the model to ask there"})
    llm_timeout: float = field(
        default=120.0, metadata={"help": "seconds that one request to the model may take in all"}
    )
    llm_deadline: float = field(
        default=600.0, metadata={"help": "seconds that it may take with all its retries"}
    )
    llm_requests_per_minute: int = field(
        default=60, metadata={"help": "requests to the model in a minute at most; 0 for no limit"}
    )
    llm_window: int = field(
        default=12_000, metadata={"help": "characters that the model reads at a time"}
    )
    llm_reply_tokens: int = field(
        default=0, metadata={"help": "tokens that a reply may have; 0 works it out"}
    )
    llm_price_in: float = field(
        default=0.0, metadata={"help": "price of a million tokens that the model reads"}
    )
    llm_price_out: float = field(
        default=0.0, metadata={"help": "price of a million tokens that it writes"}
    )
    llm_budget: float = field(
        default=0.0, metadata={"help": "what one run may cost by these prices; 0 for no limit"}
    )
    workers: int = field(
        default=0,
        metadata={
            "help": "processes that read texts, and threads that load; 0 for as many as there are cores"
        },
    )
    contact: str = field(
        default="",
        metadata={"help": "an address or page that requests name, so that servers can reach you"},
    )
    link_source: str = field(
        default="live",
        metadata={
            "help": "where items are looked up: live (Wikidata), an index file, the address of a"
            " reconciliation service, or register"
        },
    )
    link_accept: float = field(
        default=0.9,
        metadata={"help": "how sure a link must be to need nobody's decision, from 0 to 1"},
    )
    languages: tuple[str, ...] = field(
        default=("en",),
        metadata={
            "help": "languages of the items that are linked to; the first is that of short texts that"
            " do not tell theirs"
        },
    )
    wikidata_url: str = field(
        default="https://www.wikidata.org/w/api.php",
        metadata={"help": "the API that items are looked up in"},
    )
    wikidata_sparql_url: str = field(
        default="https://query.wikidata.org/sparql",
        metadata={"help": "the query service that tells facts about them"},
    )
    service_deadline: float = field(
        default=120.0,
        metadata={"help": "seconds that a request to these may take with all its retries"},
    )
    text_limit: int = field(
        default=10_000_000, metadata={"help": "bytes that a text to be added may have at most"}
    )
    endpoints: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "SPARQL endpoints that stored queries may name, and queries to kg serve ask by SERVICE"
        },
    )
    prefixes: Mapping[str, str] = field(
        default_factory=dict, metadata={"help": "further prefixes for queries and exports"}
    )

    @property
    def processes(self) -> int:
        """How many processes or threads are worth it: `workers`, or as many as there are cores."""
        return self.workers or cores()


def cores() -> int:
    """How many cores this process may use: in a container fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS


def load(file: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the workspace whose kg.toml is `file`; without one, those of the environment.

    Raises ConfigError where a key is unknown or a value is not of its type.
    """
    try:
        data = tomllib.loads(file.read_bytes().decode("utf-8-sig")) if file is not None else {}
    except OSError as error:
        raise ConfigError(f"{file}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8", hint="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not TOML: {error}") from error
    known = {part.name: part for part in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key in _SECRETS:
            raise ConfigError(
                f"{file}: {key}: secrets are not kept in files",
                hint=f"set {_SECRETS[key]} in the environment, and take the key out",
            )
        if key not in known:
            import difflib

            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known keys: {', '.join(known)}"
            raise ConfigError(f"{file}: unknown key {key}", hint=hint)
        values[key] = checked(key, value, f"{file}: {key}")
    for key in known:
        name = f"KG_{key.upper()}"
        if name in environment and key != "prefixes":
            values[key] = checked(key, _read(environment[name], known[key].default), name)
    return Settings(**values)


def _read(raw: str, like: object) -> Any:
    """The value of a variable as a value of kg.toml, if it can be one of the type of another."""
    if isinstance(like, bool):
        return {"true": True, "1": True, "false": False, "0": False}.get(raw.lower(), raw)
    if isinstance(like, (int, float)) and re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})?", raw):
        return int(raw) if raw.isdecimal() else float(raw)
    return raw.split() if isinstance(like, tuple) else raw


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
        case "store_dialect" | "store_auth":
            allowed = ENGINES if key == "store_dialect" else SCHEMES
            if value != "" and value not in allowed:
                raise ConfigError(f"{where}: expected {', '.join(allowed)}, found {value!r}")
        case "store_update" | "store_graphs":
            good = isinstance(value, str) and (not value or _ENDPOINT.fullmatch(value))
            if not good or "@" in urlsplit(value).netloc:
                raise ConfigError(f"{where}: expected an address, such as https://…/update")
        case "contact" | "llm_url" | "llm_model" | "store_user" | "store_ca":
            if not isinstance(value, str):
                raise ConfigError(f"{where}: expected text, found {value!r}")
        case "endpoints":
            good = isinstance(value, (list, tuple)) and all(
                isinstance(iri, str) and _ENDPOINT.fullmatch(iri) for iri in value
            )
            if not good:
                raise ConfigError(
                    f'{where}: expected a list of addresses, such as ["https://…/sparql"]'
                )
            return tuple(value)
        case "link_accept":
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not number or not 0 <= value <= 1:
                raise ConfigError(f"{where}: expected a number from 0 to 1, found {value!r}")
        case "languages":
            good = isinstance(value, (list, tuple)) and all(
                isinstance(code, str) and _LANGUAGE.fullmatch(code) for code in value
            )
            if not good or not value:
                raise ConfigError(f'{where}: expected a list of languages, such as ["en", "ja"]')
            return tuple(value)
        case "wikidata_url" | "wikidata_sparql_url":
            if not isinstance(value, str) or not _ENDPOINT.fullmatch(value):
                raise ConfigError(f"{where}: expected an address, such as {_DEFAULTS[key]}")
        case "prefixes":
            good = isinstance(value, dict) and all(
                isinstance(iri, str) and _PREFIX.fullmatch(name) and _IRI.fullmatch(iri)
                for name, iri in value.items()
            )
            if not good:
                raise ConfigError(
                    f'{where}: expected a table of prefixes, such as ex = "http://…/"'
                )
        case _ if isinstance(_DEFAULTS[key], bool):
            if not isinstance(value, bool):
                raise ConfigError(f"{where}: expected true or false, found {value!r}")
        case _ if isinstance(_DEFAULTS[key], (int, float)):
            kinds = (int,) if isinstance(_DEFAULTS[key], int) else (int, float)
            if not isinstance(value, kinds) or isinstance(value, bool) or not 0 <= value < 1e18:
                what = "a whole number" if kinds == (int,) else "a number"
                raise ConfigError(f"{where}: expected {what} from 0 on, found {value!r}")
        case _:
            if not isinstance(value, str) or not value:
                raise ConfigError(f"{where}: expected text, found {value!r}")
    return value


_DEFAULTS = {part.name: part.default for part in fields(Settings)}

"""Where the model is, and what asking it may take in time and money."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kg.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.config import Settings

KEY: Final = "KG_LLM_KEY"
"""The variable with the key: there is no other place for it, so that no file and no history has it."""
_URL: Final = re.compile(r"https?://[^\s<>\"{}|\\^`?#@]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint that speaks the OpenAI chat API, and what is asked of it.

    Each field with a `help` is the setting `llm_…`; what is 0 of the limits and prices is not set.
    With `own_assertions` the model lists what the author says in their own voice, too.
    """

    url: str = field(
        default="",
        metadata={
            "help": "base URL of an endpoint that speaks the OpenAI chat API, such as"
            " http://127.0.0.1:11434/v1; nothing is asked before it is set"
        },
    )
    model: str = field(default="", metadata={"help": "the model to ask there, by its name"})
    timeout: float = field(
        default=120.0, metadata={"help": "seconds that one request to the model may take in all"}
    )
    deadline: float = field(
        default=600.0,
        metadata={"help": "seconds that a request to the model may take with all its retries"},
    )
    requests_per_minute: int = field(
        default=60, metadata={"help": "requests to the model in a minute at most; 0 for no limit"}
    )
    window: int = field(
        default=12_000,
        metadata={"help": "characters of an article that the model reads at a time"},
    )
    reply_tokens: int = field(
        default=0,
        metadata={"help": "tokens that a reply may have; 0 works it out from what is to be read"},
    )
    price_in: float = field(
        default=0.0, metadata={"help": "price of a million tokens that the model reads"}
    )
    price_out: float = field(
        default=0.0, metadata={"help": "price of a million tokens that the model writes"}
    )
    budget: float = field(
        default=0.0,
        metadata={"help": "what one run may cost at most, by these prices; 0 for no limit"},
    )
    own_assertions: bool = False
    key: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: Settings, environment: Mapping[str, str] = os.environ) -> Endpoint:
        """The endpoint that the settings name, with the key of the environment.

        Raises ConfigError where a value cannot be used, but not where `url` or `model` is missing.
        """
        names = [part.name for part in fields(cls) if "help" in part.metadata]
        endpoint = cls(
            **{name: getattr(settings, f"llm_{name}") for name in names},
            own_assertions=settings.own_assertions,
            key=environment.get(KEY, "").strip(),
        )
        endpoint.check()
        return endpoint

    def check(self) -> None:
        """Raise ConfigError where a value cannot be used; the key is never shown."""
        if self.url and not _is_url(self.url):
            raise ConfigError(
                "llm_url: expected an http or https address without user name, query and fragment",
                hint=f"such as http://127.0.0.1:11434/v1; a key goes into {KEY}",
            )
        if not self.key.isascii() or not self.key.isprintable() or " " in self.key:
            raise ConfigError(f"{KEY}: has characters that no key has")
        if not self.model.isprintable():
            raise ConfigError("llm_model: has characters that no name has")
        for name in ("timeout", "deadline"):
            if not 0 < getattr(self, name) < math.inf:
                raise ConfigError(f"llm_{name}: expected a number of seconds above 0")
        for name in ("requests_per_minute", "reply_tokens", "price_in", "price_out", "budget"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ConfigError(f"llm_{name}: expected a number that is not below 0")
        if self.window < LEAST_WINDOW:
            raise ConfigError(f"llm_window: expected at least {LEAST_WINDOW} characters")
        if self.budget and not (self.price_in or self.price_out):
            raise ConfigError(
                "llm_budget: cannot be kept without prices",
                hint="set llm_price_in and llm_price_out",
            )

    def ready(self, *, asking: bool = True) -> None:
        """Raise ConfigError unless `model` is set and, where there is asking, `url` as well."""
        if asking and not self.url:
            raise ConfigError(
                "llm_url: is not set, so there is no model to ask",
                hint="the base URL of an endpoint that speaks the OpenAI chat API, such as"
                " http://127.0.0.1:11434/v1",
            )
        if not self.model:
            raise ConfigError(
                "llm_model: is not set", hint="the name of a model that the endpoint at llm_url has"
            )

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """What reading and writing so many tokens costs."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1_000_000


LEAST_WINDOW: Final = 500
"""A paragraph of a news text has about so many characters: less would tear claims apart."""


def _is_url(url: str) -> bool:
    try:
        return bool(_URL.fullmatch(url) and urlsplit(url).hostname and urlsplit(url).port != 0)
    except ValueError:  # half an IPv6 address, a port that is no number
        return False

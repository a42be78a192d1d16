"""What asking costs: estimated before, counted along the way, and stopped in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.errors import ConfigError
from kg.extract.compose import prose_of
from kg.extract.llm.prompt import Form, canonical, messages, request
from kg.extract.llm.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.document import Document
    from kg.extract.llm.settings import Endpoint
    from kg.extract.llm.windows import Window
    from kg.extract.prose import Prose

_LEAST_REPLY: Final = 1_000
"""Tokens for the frame of a reply and for what a short notice says."""


def price(cost: float) -> str:
    """A price for people: of small ones, the digits that say something.

    >>> price(1234.5), price(0.00481)
    ('1,234.50', '0.0048')
    """
    return f"{cost:,.2f}" if cost >= 0.01 or not cost else f"{cost:.2g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What asking about some documents may take.

    Tokens are reckoned at four characters each (one for a character outside ASCII), which is a
    rule of thumb; for those of the replies the most is taken that a reply may have. Only a reply
    that has to be asked for again comes on top.
    """

    documents: int
    requests: int
    tokens_in: int
    tokens_out: int
    cost: float

    def __str__(self) -> str:
        """One line for people.

        >>> print(Estimate(documents=2, requests=3, tokens_in=9000, tokens_out=12000, cost=0.5))
        2 articles, 3 requests, about 9,000 tokens to read and at most 12,000 to write, cost 0.50
        """
        cost = f", cost {price(self.cost)}" if self.cost else ""
        return (
            f"{self.documents:,} article{'s'[: self.documents != 1]},"
            f" {self.requests:,} request{'s'[: self.requests != 1]}, about {self.tokens_in:,}"
            f" tokens to read and at most {self.tokens_out:,} to write{cost}"
        )


def estimate(documents: Iterable[Document], endpoint: Endpoint) -> Estimate:
    """What asking about documents may take; nothing is asked."""
    count = requests = tokens_in = tokens_out = 0
    for document in documents:
        count += 1
        prose = prose_of(document)
        for window in windows(prose, endpoint.window):
            asked = first_request(endpoint, prose, window)
            requests += 1
            tokens_in += read_tokens(asked)
            tokens_out += reply_tokens(endpoint, window)
    return Estimate(
        documents=count,
        requests=requests,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost=endpoint.cost(tokens_in, tokens_out),
    )


def article(prose: Prose, window: Window) -> str:
    """What the model gets to read of a window: its paragraphs, as they stand in the text."""
    return "\n\n".join(prose.text[start:end] for start, end in window.paragraphs)


def first_request(endpoint: Endpoint, prose: Prose, window: Window) -> dict[str, Any]:
    """The request about a window, if nothing is refused."""
    asked = messages(article(prose, window), own_assertions=endpoint.own_assertions)
    return request(endpoint, asked, reply_tokens(endpoint, window), Form())


def tokens(text: str) -> int:
    """About how many tokens a text has: by a rule of thumb, since each model counts in its own way.

    >>> tokens("Ministers met."), tokens("会談")
    (4, 2)
    """
    plain = len(text.encode("ascii", "ignore"))
    return -(-plain // 4) + len(text) - plain


def read_tokens(asked: Mapping[str, Any]) -> int:
    """About how many tokens a request has, its schema included."""
    return tokens(canonical(asked))


def reply_tokens(endpoint: Endpoint, window: Window) -> int:
    """How many tokens a reply may have: about four times those of what is to be read.

    Every claim has its words once from the article and once in a paraphrase, in a frame of JSON.
    """
    return endpoint.reply_tokens or _LEAST_REPLY + sum(
        end - start for start, end in window.paragraphs
    )


class Purse:
    """What was used up so far, and whether there is enough for more."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.requests = 0
        self.tokens_in = 0
        self.tokens_out = 0

    @property
    def cost(self) -> float:
        """What the tokens cost."""
        return self.endpoint.cost(self.tokens_in, self.tokens_out)

    def afford(self, tokens_in: int, tokens_out: int) -> None:
        """Raise ConfigError where so many tokens more would go beyond the budget."""
        budget = self.endpoint.budget
        needed = self.endpoint.cost(tokens_in, tokens_out)
        if budget and self.cost + needed > budget:
            raise ConfigError(
                f"llm_budget: {needed:,.4f} more is needed at most, {self.cost:,.4f} of"
                f" {budget:,.4f} is spent",
                hint="raise the budget, or add fewer articles",
            )

    def spend(self, tokens_in: int, tokens_out: int) -> None:
        """Count what a request took."""
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out

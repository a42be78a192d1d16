"""The extractor that asks a language model, window by window, and believes only what stands in the text."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import __version__
from kg.errors import ConfigError, KgError, NotFoundError, ServiceError
from kg.extract.compose import prose_of
from kg.extract.extraction import Extraction
from kg.extract.llm.cost import (
    Estimate,
    Purse,
    article,
    estimate,
    first_request,
    price,
    read_tokens,
    reply_tokens,
)
from kg.extract.llm.exchange import Exchange, Exchanges, Rejection
from kg.extract.llm.prompt import OPTIONAL, Form, again, messages, request
from kg.extract.llm.reading import Reading
from kg.extract.llm.reply import WrongReplyError, read
from kg.extract.llm.service import EndpointError, Service
from kg.extract.llm.taking import take
from kg.extract.llm.windows import windows
from kg.http.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.document import Document
    from kg.edtf import Instant
    from kg.extract.gazetteer import Gazetteer
    from kg.extract.llm.prompt import Message
    from kg.extract.llm.reply import Reply
    from kg.extract.llm.settings import Endpoint
    from kg.extract.llm.windows import Window
    from kg.extract.prose import Prose
    from kg.model import MethodKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What reading one document gave.

    `rejected` lists what of the replies was not taken over, and the windows that failed; `notes`
    what the server does not take. `at` is when the last reply came, also where it was kept and is
    read again. Requests, tokens and cost are of this document alone.
    """

    extraction: Extraction
    rejected: tuple[Rejection, ...] = ()
    notes: tuple[str, ...] = ()
    at: Instant | None = None
    windows: int = 0
    failed: int = 0
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0


class _Failed(NamedTuple):
    """Why a window could not be read; with `final`, no other can be either."""

    why: str
    hint: str | None = None
    final: bool = False


class LanguageModel:
    """Reads with a model behind an endpoint that speaks the OpenAI chat API.

    Every exchange is kept in the folder `exchanges`. With `replay` only those are read and nothing
    is asked: the same exchanges give the same extraction. `result` is what the last document gave,
    `purse` what all of them used up.
    """

    name = "llm"
    method: MethodKind = "model"
    in_turn = True  # several processes would keep neither the rate nor the budget

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        exchanges: Path | None = None,
        replay: bool = False,
        clock: Clock | None = None,
    ) -> None:
        endpoint.ready(asking=not replay)
        self.version = f"{__version__} ({endpoint.model})"
        self.endpoint = endpoint
        self.exchanges = Exchanges(exchanges)
        self.replay = replay
        self.clock = clock or Clock()
        self.service = Service(endpoint, self.clock)
        self.purse = Purse(endpoint)
        self.result = Result(extraction=Extraction())

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        """What of the replies about the last document was not taken over, and why."""
        return self.result.rejected

    def estimate(self, documents: Sequence[Document]) -> Estimate:
        """What asking about some documents may take. Raises ConfigError where it goes beyond the budget."""
        found, budget = estimate(documents, self.endpoint), self.endpoint.budget
        if budget and found.cost > budget:
            raise ConfigError(
                f"llm_budget: {price(budget)} is not enough: {found}",
                hint="read fewer articles at a time, or raise llm_budget",
            )
        return found

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """What there is to say about reading the last document: what was rejected, what failed."""
        failed = self.result.failed
        part = f"{failed} of {self.result.windows} parts of the article could not be read"
        return (
            *([part] if failed else []),
            *self.result.notes,
            *(f"not believed: {rejected}" for rejected in self.result.rejected),
        )

    @property
    def at(self) -> Instant | None:
        """When the last reply about the last document came: that is when its annotation was made."""
        return self.result.at

    def extract(self, document: Document, known: Gazetteer, /) -> Extraction:
        """What the document says, as far as the model's replies stand in its text.

        Raises ServiceError where not one window could be read, NotFoundError where an exchange that
        is to be replayed was not kept, and ConfigError before the budget is exceeded.
        """
        self.result = Result(extraction=Extraction())
        self.result = _Conversation(self, document, known).result()
        return self.result.extraction


class _Conversation:
    """The exchanges about one document."""

    def __init__(self, model: LanguageModel, document: Document, known: Gazetteer) -> None:
        self.model = model
        self.endpoint = model.endpoint
        self.document = document
        self.prose: Prose = prose_of(document)
        self.reading = Reading(document, self.prose, known)
        self.windows = windows(self.prose, self.endpoint.window)
        self.form = Form()
        self.notes: list[str] = []
        self.rejected: list[Rejection] = []
        self.dates: list[Instant] = []
        self.purse = Purse(self.endpoint)

    def result(self) -> Result:
        """Ask about one window after the other. Raises ServiceError where every one failed."""
        self._afford_all()
        failures: list[_Failed] = []
        for window in self.windows:
            failed = failures[-1] if failures and failures[-1].final else self._window(window)
            if failed is not None:
                failures.append(failed)
                self.rejected.append(Rejection(what="all", why=failed.why, where=str(window)))
        if failures and len(failures) == len(self.windows):
            windows_ = "" if len(failures) == 1 else f" (and {len(failures) - 1} more windows)"
            raise ServiceError(
                f"{self.document.name}: {failures[0].why}{windows_}", hint=failures[0].hint
            )
        return Result(
            extraction=self.reading.extraction(),
            rejected=tuple(self.rejected),
            notes=tuple(self.notes),
            at=max(self.dates, default=None),
            windows=len(self.windows),
            failed=len(failures),
            requests=self.purse.requests,
            tokens_in=self.purse.tokens_in,
            tokens_out=self.purse.tokens_out,
            cost=self.purse.cost,
        )

    def _afford_all(self) -> None:
        """Raise ConfigError unless the whole document can be paid for: half of it would be of no use."""
        if self.model.replay or not self.endpoint.budget:
            return
        self.model.purse.afford(
            sum(read_tokens(first_request(self.endpoint, self.prose, w)) for w in self.windows),
            sum(reply_tokens(self.endpoint, window) for window in self.windows),
        )

    def _window(self, window: Window) -> _Failed | None:
        """Read a window; why it cannot be read, if it cannot.

        A reply that is not of the form is asked for once more, with what is wrong with it.
        """
        asked = messages(article(self.prose, window), own_assertions=self.endpoint.own_assertions)
        for attempt in (1, 2):
            exchange = self._exchange(asked, window)
            if exchange.reply is None:
                return _Failed(exchange.error or "no reply", exchange.hint, exchange.final)
            try:
                reply = _read(exchange)
            except WrongReplyError as error:
                self._keep(exchange, [Rejection(what="all", why=str(error), where=str(window))])
                if attempt == 2:
                    return _Failed(str(error))
                asked = again(asked, exchange.reply, str(error))
                continue
            rejected = take(
                self.reading, window, reply, own_assertions=self.endpoint.own_assertions
            )
            self._keep(exchange, rejected)
            self.rejected += rejected
            self.dates.append(exchange.date)
            return None
        raise AssertionError("the second attempt returns")

    def _exchange(self, asked: Sequence[Message], window: Window) -> Exchange:
        """The exchange about some messages, in the form that the server takes."""
        while True:
            tokens = reply_tokens(self.endpoint, window)
            wanted = request(self.endpoint, asked, tokens, self.form)
            exchange = self._replayed(wanted, window)
            if exchange is None:
                exchange = self._asked(wanted, tokens)
            if exchange.reply is not None or not 400 <= exchange.status < 500:
                return exchange
            form = self._other_form(exchange)
            if form is None:
                return exchange
            self.form = form

    def _other_form(self, exchange: Exchange) -> Form | None:
        """The form to try after a request was refused; None where that was not for its form."""
        if exchange.status not in {400, 422}:
            return None
        parameter = (exchange.refused or "").partition(".")[0]
        if parameter in OPTIONAL and parameter not in self.form.without:
            self.notes.append(f"the server does not take {parameter}: it is left out")
            return self.form._replace(without=(*self.form.without, parameter))
        if self.form.strict:
            self.notes.append("the server does not take a JSON Schema: it is told in words")
            return self.form._replace(strict=False)
        return None

    def _replayed(self, wanted: dict[str, Any], window: Window) -> Exchange | None:
        if not self.model.replay:
            return None
        exchange = self.model.exchanges.find(wanted)
        if exchange is None:
            raise NotFoundError(
                f"{self.document.name}: there is no exchange about {window} to replay",
                hint="the model, its prompt, the window or the text was another then; ask again",
            )
        return exchange

    def _asked(self, wanted: dict[str, Any], tokens: int) -> Exchange:
        """Ask the endpoint, and keep what comes of it."""
        service = self.model.service
        exchange: Exchange
        try:
            self.model.purse.afford(read_tokens(wanted), tokens)
            answer = service.ask(wanted)
            exchange = Exchange(request=wanted, date=self.model.clock.now(), **asdict(answer))
        except KgError as error:
            exchange = Exchange(
                request=wanted,
                date=self.model.clock.now(),
                status=0,
                error=str(error),
                hint=error.hint,
                final=isinstance(error, EndpointError) and error.final,
            )
        else:
            self._spend(exchange, wanted, tokens)
        for purse in (self.purse, self.model.purse):
            purse.requests += service.sent
            # What was sent and not answered may have to be paid for all the same.
            purse.spend(service.unanswered * read_tokens(wanted), service.unanswered * tokens)
        service.sent = service.unanswered = 0
        self.model.exchanges.keep(exchange)
        return exchange

    def _spend(self, exchange: Exchange, wanted: dict[str, Any], tokens: int) -> None:
        """Count the tokens of an answer, by its own account if it gives one."""
        if exchange.status >= 400:
            return
        tokens_in, tokens_out = exchange.tokens_in, exchange.tokens_out
        for purse in (self.purse, self.model.purse):
            purse.spend(
                read_tokens(wanted) if tokens_in is None else tokens_in,
                tokens if tokens_out is None else tokens_out,
            )

    def _keep(self, exchange: Exchange, rejected: Sequence[Rejection]) -> None:
        """Keep an exchange with what was rejected of it."""
        if not self.model.replay:
            self.model.exchanges.keep(replace(exchange, rejected=tuple(rejected)))


def _read(exchange: Exchange) -> Reply:
    """The reply of an exchange. Raises WrongReplyError where it is half a reply, or not of the form."""
    if exchange.finish == "length":
        raise WrongReplyError(
            "the reply is cut off: it has more tokens than it may have, so list what matters most"
        )
    return read(exchange.reply or "")

"""The extractor `llm`: any endpoint that speaks the OpenAI chat API, hosted or on this machine.

The model points, the text decides: a quote, a name or the words of a date count only where they
stand in the text, and what does not is rejected and listed. There are no offsets and no ids in what
a model replies, so it can invent none. The dates, the numbers and the way in which words are
reported are read off the text by the rules that all extractors share.

Every exchange can be kept, and a run be repeated from what was kept. Nothing is sent before
`llm_url` and `llm_model` are set; a key is taken from the environment and written nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import ConfigError
from kg.extract.llm.cost import Estimate
from kg.extract.llm.cost import estimate as estimated
from kg.extract.llm.reader import LanguageModel
from kg.extract.llm.settings import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.config import Settings
    from kg.document import Document


def make(
    settings: Settings, *, exchanges: Path | None = None, replay: bool = False
) -> LanguageModel:
    """The extractor as the settings want it; `exchanges` is the folder to keep exchanges in.

    With `replay` nothing is asked: the replies are those of the folder. Raises ConfigError where a
    setting is missing or wrong.
    """
    from importlib.util import find_spec

    if not replay and find_spec("httpx") is None:
        raise ConfigError(
            "the extractor llm needs an HTTP client", hint="pip install 'newskg[llm]'"
        )
    return LanguageModel(Endpoint.of(settings), exchanges=exchanges, replay=replay)


def estimate(settings: Settings, documents: Iterable[Document]) -> Estimate:
    """What asking about documents may take, before anything is asked."""
    return estimated(documents, Endpoint.of(settings))

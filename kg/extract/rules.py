"""The extractor that needs nothing: no model, no download, no network; the same text, the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import __version__
from kg.extract.attribution import attributions
from kg.extract.compose import compose, prose_of

if TYPE_CHECKING:
    from kg.config import Settings
    from kg.document import Document
    from kg.extract.extraction import Extraction
    from kg.extract.gazetteer import Gazetteer
    from kg.model import MethodKind


class Rules:
    """Reads English by its grammar and the usage of newspapers."""

    name = "rules"
    version = __version__
    method: MethodKind = "rule"

    def __init__(self, *, own: bool = False) -> None:
        self.own = own

    def extract(self, document: Document, known: Gazetteer, /) -> Extraction:
        """What the document says, as far as rules can tell; with `own`, also what its author asserts."""
        prose = prose_of(document)
        return compose(document, prose, attributions(prose), known, own=self.own)


def make(settings: Settings) -> Rules:
    """The extractor as the settings want it."""
    return Rules(own=settings.own_assertions)
